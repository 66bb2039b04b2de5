//! `MathML` → the same without what browsers assume anyway: rows that group nothing, and attributes
//! with the value that the element, the letter or the operator has without them.
//!
//! Must not know: `LaTeX`.

use std::borrow::Cow;

use super::variant::has_italic;

/// The same element, shorter. One that is not understood stays.
pub(super) fn concise(mathml: String) -> String {
    let Some(mut tree) = MathTree::parse(&mathml) else { return mathml };
    tree.drop_rows();
    tree.drop_attributes();
    let mut out = String::with_capacity(mathml.len());
    tree.write(0, &mut out);
    out
}

/// The elements of a formula, each before those within it.
struct MathTree<'m>(Vec<MathElement<'m>>);

struct MathElement<'m> {
    name: &'m str,
    attributes: Vec<(&'m str, &'m str)>,
    /// The markup within a token, such as `mi`.
    text: &'m str,
    children: Vec<usize>,
}

impl<'m> MathTree<'m> {
    /// Reads an element as the libraries write one; `None` if it is another.
    fn parse(mathml: &'m str) -> Option<Self> {
        let mut elements: Vec<MathElement<'m>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut rest = mathml;
        while let Some(inside) = rest.strip_prefix('<') {
            let (tag, behind) = inside.split_once('>')?;
            rest = behind;
            if let Some(name) = tag.strip_prefix('/') {
                (elements[open.pop()?].name == name).then_some(())?;
                continue;
            }
            // Only the first one is in no other.
            (elements.is_empty() || !open.is_empty()).then_some(())?;
            let (tag, is_closed) = match tag.strip_suffix('/') {
                Some(tag) => (tag.trim_end(), true),
                None => (tag, false),
            };
            let mut element = MathElement::of_tag(tag)?;
            if is_token(element.name) && !is_closed {
                let (text, behind) = rest.split_once(&*format!("</{}>", element.name))?;
                (!text.contains(&*format!("<{}", element.name))).then_some(())?;
                element.text = text;
                rest = behind;
            }
            let index = elements.len();
            if let Some(parent) = open.last() {
                elements[*parent].children.push(index);
            }
            if !is_closed && !is_token(element.name) {
                open.push(index);
            }
            elements.push(element);
        }
        let is_whole = rest.is_empty() && open.is_empty() && !elements.is_empty();
        is_whole.then_some(Self(elements))
    }

    /// Takes out the rows that group nothing, those of one element. Rows that are all that is in an
    /// element which is a row itself stay: in Firefox nothing stretches in `math` alone.
    fn drop_rows(&mut self) {
        // From the inside out.
        for index in (0..self.0.len()).rev() {
            for place in 0..self.0[index].children.len() {
                let child = &self.0[self.0[index].children[place]];
                if let [only] = child.children[..]
                    && child.is_plain_row()
                {
                    self.0[index].children[place] = only;
                }
            }
        }
    }

    /// Takes out the attributes that say what holds without them.
    fn drop_attributes(&mut self) {
        for element in &mut self.0 {
            let mut attributes = std::mem::take(&mut element.attributes);
            attributes.retain(|(name, value)| !element.has_anyway(name, value));
            element.attributes = attributes;
        }
    }

    fn write(&self, index: usize, out: &mut String) {
        let element = &self.0[index];
        out.extend(["<", element.name]);
        for (name, value) in &element.attributes {
            out.extend([" ", name, "=\"", value, "\""]);
        }
        if element.text.is_empty() && element.children.is_empty() && element.name != "math" {
            out.push_str("/>");
            return;
        }
        out.push('>');
        out.push_str(&element.written_text());
        for child in &element.children {
            self.write(*child, out);
        }
        out.extend(["</", element.name, ">"]);
    }
}

impl<'m> MathElement<'m> {
    fn of_tag(tag: &'m str) -> Option<Self> {
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        while !rest.trim_start().is_empty() {
            let (name, behind) = rest.trim_start().split_once("=\"")?;
            let (value, behind) = behind.split_once('"')?;
            attributes.push((name, value));
            rest = behind;
        }
        Some(Self { name, attributes, text: "", children: Vec::new() })
    }

    /// True for a row that only groups.
    fn is_plain_row(&self) -> bool {
        self.name == "mrow" && self.attributes.is_empty()
    }

    /// The markup within a token: quotes need no character references outside of tags.
    fn written_text(&self) -> Cow<'m, str> {
        if self.text.contains('<') || !self.text.contains("&quot;") {
            return self.text.into();
        }
        self.text.replace("&quot;", "\"").into()
    }

    /// True for an attribute that changes nothing.
    fn has_anyway(&self, name: &str, value: &str) -> bool {
        let mut chars = self.text.chars();
        let only = chars.next().filter(|_| chars.next().is_none());
        match (self.name, name, value) {
            // A style sheet of the browser has it (`MathML` Core, appendix A).
            ("mtable", "displaystyle", "false") => true,
            // The libraries write no letter as a character reference.
            ("mi", "mathvariant", "normal") => {
                self.text.starts_with('&') || only.is_some_and(|letter| !has_italic(letter))
            }
            ("mo", "separator", "true") => matches!(only, Some(',' | ';')),
            ("mo", "stretchy", "false") => only.is_some_and(|sign| SMALL_ACCENTS.contains(sign)),
            _ => false,
        }
    }
}

/// Accents that never stretch (`MathML` Core, appendix B, category E).
const SMALL_ACCENTS: &str = "˘˙˚¨´`";

/// True for elements whose inside is text, perhaps with marks of HTML.
fn is_token(name: &str) -> bool {
    matches!(name, "mi" | "mn" | "mo" | "ms" | "mtext")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_nothing_is_left_out() {
        for (mathml, expected) in [
            // Rows.
            (
                "<math><mrow><mi>a</mi><mo>+</mo></mrow></math>",
                "<math><mrow><mi>a</mi><mo>+</mo></mrow></math>",
            ),
            ("<msup><mrow><mi>a</mi></mrow><mn>2</mn></msup>", "<msup><mi>a</mi><mn>2</mn></msup>"),
            (
                "<math><mstyle displaystyle=\"true\"><mrow><mrow><mi>a</mi></mrow></mrow></mstyle></math>",
                "<math><mstyle displaystyle=\"true\"><mi>a</mi></mstyle></math>",
            ),
            (
                "<math><mi>a</mi><mrow><mo>+</mo><mi>b</mi></mrow></math>",
                "<math><mi>a</mi><mrow><mo>+</mo><mi>b</mi></mrow></math>",
            ),
            (
                "<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>",
                "<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>",
            ),
            (
                "<math><mrow class=\"m-up\"><mi>a</mi></mrow></math>",
                "<math><mrow class=\"m-up\"><mi>a</mi></mrow></math>",
            ),
            ("<msup><mrow></mrow><mn>2</mn></msup>", "<msup><mrow/><mn>2</mn></msup>"),
            (
                "<math><mspace width=\"1em\"></mspace></math>",
                "<math><mspace width=\"1em\"/></math>",
            ),
            // Letters.
            (
                "<math><mi mathvariant=\"normal\">.</mi><mi mathvariant=\"normal\">Γ</mi></math>",
                "<math><mi>.</mi><mi mathvariant=\"normal\">Γ</mi></math>",
            ),
            (
                "<math><mi mathvariant=\"normal\">&quot;</mi><mi mathvariant=\"normal\">d</mi></math>",
                "<math><mi>\"</mi><mi mathvariant=\"normal\">d</mi></math>",
            ),
            // Operators.
            (
                "<msup><mo lspace=\"0\">−</mo><mi>a</mi></msup>",
                "<msup><mo lspace=\"0\">−</mo><mi>a</mi></msup>",
            ),
            (
                "<math><mi>a</mi><mo separator=\"true\">,</mo><mo separator=\"true\">.</mo><mi>b</mi></math>",
                "<math><mi>a</mi><mo>,</mo><mo separator=\"true\">.</mo><mi>b</mi></math>",
            ),
            (
                "<mover accent=\"true\"><mi>a</mi><mo stretchy=\"false\">˘</mo></mover>",
                "<mover accent=\"true\"><mi>a</mi><mo>˘</mo></mover>",
            ),
            (
                "<math><mtable displaystyle=\"false\"><mtr></mtr></mtable></math>",
                "<math><mtable><mtr/></mtable></math>",
            ),
            // Others stay as they are.
            (
                "<math><mtext><span class=\"m-sans\">a</span> &lt;</mtext></math>",
                "<math><mtext><span class=\"m-sans\">a</span> &lt;</mtext></math>",
            ),
        ] {
            assert_eq!(concise(mathml.to_owned()), expected, "{mathml}");
        }
    }

    #[test]
    fn what_is_not_understood_stays() {
        for mathml in [
            "",
            "<math></math>",
            "<math><mi>a</math>",
            "<math>a<mi mathvariant=\"normal\">.</mi></math>",
            "<math></math><math></math>",
            "<math><mtext><mtext>a</mtext></mtext><mrow><mi>a</mi></mrow></math>",
            "<math class=a></math>",
            "<math></mrow>",
        ] {
            assert_eq!(concise(mathml.to_owned()), mathml);
        }
    }
}
