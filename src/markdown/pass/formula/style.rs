//! The inline styles of `math-core` → classes of `math.css` and attributes of `MathML`, for sites
//! whose Content Security Policy forbids `style`.
//!
//! Must not know: formulas.

use crate::escape::write_attribute;

/// Declarations without blanks, and their classes; none where another declaration says enough.
const CLASSES: [(&str, &str); 30] = [
    ("text-align:left", "m-left"),
    ("justify-items:start", ""),
    ("text-align:right", "m-right"),
    ("justify-items:end", ""),
    ("padding-left:0", "m-pl0"),
    ("padding-right:0", "m-pr0"),
    ("padding-left:0.1667em", "m-pl3"),
    ("padding-right:0.1667em", "m-pr3"),
    ("padding-left:0.2222em", "m-pl4"),
    ("padding-right:0.2222em", "m-pr4"),
    ("padding-left:0.2778em", "m-pl5"),
    ("padding-right:0.2778em", "m-pr5"),
    ("padding-left:1em", "m-gap"),
    ("padding-left:0.1em", "m-line"),
    ("padding-right:0.1em", ""),
    ("padding-top:0", "m-flat"),
    ("padding-bottom:0", ""),
    ("padding-top:0.1667em", "m-room"),
    ("border-left:0.05emsolidcurrentcolor", "m-bl"),
    ("border-right:0.05emsolidcurrentcolor", "m-br"),
    ("border-top:0.05emsolidcurrentcolor", "m-bt"),
    ("border-left:0.05emdashedcurrentcolor", "m-dl"),
    ("border-right:0.05emdashedcurrentcolor", "m-dr"),
    ("border-top:0.05emdashedcurrentcolor", "m-dt"),
    ("width:100%", "m-wide"),
    ("width:50%", "m-half"),
    ("width:7.5%", "m-narrow"),
    ("math-shift:compact", "m-compact"),
    ("font-variant-caps:small-caps", "m-caps"),
    ("", ""),
];

/// Widths of negative spaces that have a class, in eighteenths of an em.
const NEGATIVE: [u32; 10] = [1, 2, 3, 4, 5, 6, 9, 12, 18, 36];

/// The same markup without inline styles, and with `mrow` in place of `menclose`, which is not in
/// `MathML` Core.
pub(super) fn without_styles(mathml: String) -> String {
    const STYLE: &str = " style=\"";
    if !mathml.contains(STYLE) && !mathml.contains("<menclose") {
        return mathml;
    }
    let mut out = String::with_capacity(mathml.len());
    // Text before each open table.
    let mut outer: Vec<String> = Vec::new();
    for (index, part) in mathml.split('<').enumerate() {
        if index == 0 {
            out.push_str(part);
            continue;
        }
        let Some((tag, text)) = part.split_once('>') else { continue };
        if tag.starts_with("mtable") {
            outer.push(std::mem::take(&mut out));
        }
        // A helper of `menclose`, without content.
        if tag.starts_with("mrow class=\"menclose-") {
            out.push_str("<mrow>");
        } else if let Some(notation) = tag.strip_prefix("menclose notation=\"") {
            out.push_str("<mrow");
            write_attribute(&mut out, "class", &enclosing(notation.trim_end_matches('"')));
            out.push('>');
        } else if tag == "/menclose" {
            out.push_str("</mrow>");
        } else if tag.contains(STYLE) {
            write_tag(tag, &mut out);
        } else {
            out.extend(["<", tag, ">"]);
        }
        if tag == "/mtable" {
            let table = with_last_line(out);
            out = outer.pop().unwrap_or_default();
            out.push_str(&table);
        }
        out.push_str(text);
    }
    out
}

/// A table whose last line is its own: the library makes a row of one empty cell of it.
fn with_last_line(mut table: String) -> String {
    const ROW: &str = "<mtr><mtd class=\"";
    let found = table.rfind(ROW).and_then(|at| {
        let rest = table[at + ROW.len()..].strip_suffix("\"></mtd></mtr></mtable>")?;
        let is_solid = rest.split(' ').any(|class| class == "m-bt");
        let is_dashed = rest.split(' ').any(|class| class == "m-dt");
        Some((at, if is_solid { "m-bb" } else { "m-db" })).filter(|_| is_solid || is_dashed)
    });
    let Some((at, class)) = found else { return table };
    table.truncate(at);
    table.push_str("</mtable>");
    let tag = table.find('>').unwrap_or(0);
    match table[..tag].find(" class=\"") {
        Some(classes) => table.insert_str(classes + " class=\"".len(), &format!("{class} ")),
        None => table.insert_str(tag, &format!(" class=\"{class}\"")),
    }
    table
}

/// The classes for the notations of `menclose` (`MathML` 3 §3.3.9.2).
pub(super) fn enclosing(notations: &str) -> String {
    let classes = notations.split_ascii_whitespace().filter_map(|notation| match notation {
        "updiagonalstrike" => Some("m-up"),
        "downdiagonalstrike" => Some("m-down"),
        "horizontalstrike" => Some("m-struck"),
        "box" | "roundedbox" => Some("m-box"),
        "left" => Some("m-bl"),
        "right" => Some("m-br"),
        "top" => Some("m-bt"),
        "bottom" | "phasorangle" => Some("m-bb"),
        "actuarial" => Some("m-bt m-br"),
        _ => None,
    });
    classes.collect::<Vec<_>>().join(" ")
}

/// Writes a tag with classes in place of its styles.
fn write_tag(tag: &str, out: &mut String) {
    out.push('<');
    let mut classes: Vec<String> = Vec::new();
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    for (index, part) in tag.split(" style=\"").enumerate() {
        let Some((style, rest)) = part.split_once('"').filter(|_| index > 0) else {
            out.push_str(part.trim_end_matches('/').trim_end());
            continue;
        };
        for declaration in style.split(';') {
            let (name, value) = declaration.split_once(':').unwrap_or_default();
            match name.trim() {
                "color" => attributes.push(("mathcolor", value.trim())),
                "font-size" => attributes.push(("mathsize", value.trim())),
                "margin-left" => classes.extend(negative_space(value)),
                _ => classes.extend(class_of(declaration)),
            }
        }
        out.push_str(rest.trim_end_matches('/').trim_end());
    }
    if !classes.is_empty() {
        write_attribute(out, "class", &classes.join(" "));
    }
    for (name, value) in attributes {
        write_attribute(out, name, value);
    }
    out.push_str(if tag.ends_with('/') { "/>" } else { ">" });
}

fn class_of(declaration: &str) -> Option<String> {
    let declaration = declaration.replace(' ', "");
    let found = CLASSES.iter().find(|(known, _)| *known == declaration)?;
    Some(found.1.to_owned()).filter(|class| !class.is_empty())
}

/// The class of the nearest negative space.
pub(super) fn negative_space(length: &str) -> Option<String> {
    let length = length.trim().strip_prefix('-')?;
    let digits = length.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(length.len());
    let (number, unit) = length.split_at(digits);
    let em = match unit {
        "ex" => 0.45,
        "pt" => 0.1,
        "px" => 0.0625,
        _ => 1.0,
    };
    let eighteenths = number.parse::<f64>().ok()? * em * 18.0;
    let distance = |width: &u32| (f64::from(*width) - eighteenths).abs();
    let nearest = NEGATIVE.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    Some(format!("m-n{nearest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_classes_and_attributes() {
        for (mathml, expected) in [
            ("<mi>x</mi>", "<mi>x</mi>"),
            (
                "<mtd style=\"text-align: right;justify-items: end;padding-right: 0;\"><mi>a</mi></mtd>",
                "<mtd class=\"m-right m-pr0\"><mi>a</mi></mtd>",
            ),
            (
                "<mtd style=\"width: 50%;text-align: right;justify-items: end;\" id=\"x\">",
                "<mtd id=\"x\" class=\"m-half m-right\">",
            ),
            ("<mrow style=\"color:#ff0000;\"><mi>x</mi>", "<mrow mathcolor=\"#ff0000\"><mi>x</mi>"),
            ("<mspace style=\"margin-left:-0.16666667em;\"/>", "<mspace class=\"m-n3\"/>"),
            ("<mspace width=\"2rem\" style=\"width:2rem\"/>", "<mspace width=\"2rem\"/>"),
            ("<mtext style=\"font-size:70%\">a", "<mtext mathsize=\"70%\">a"),
            (
                "<mtable style=\"border-top: 0.05em solid currentcolor;\" displaystyle=\"true\" \
                    style=\"padding-top: 0.1667em\">",
                "<mtable displaystyle=\"true\" class=\"m-bt m-room\">",
            ),
            (
                "<mtable style=\"border-top: 0.05em solid currentcolor;\"><mtr><mtd><mi>a</mi></mtd>\
                    </mtr><mtr><mtd style=\"border-top: 0.05em solid currentcolor;border-right: \
                    0.05em solid currentcolor;\"></mtd></mtr></mtable>",
                "<mtable class=\"m-bb m-bt\"><mtr><mtd><mi>a</mi></mtd></mtr></mtable>",
            ),
            (
                "<mtable><mtr><mtd><mtable><mtr><mtd style=\"border-top: 0.05em dashed \
                    currentcolor\"></mtd></mtr></mtable></mtd></mtr></mtable>",
                "<mtable><mtr><mtd><mtable class=\"m-db\"></mtable></mtd></mtr></mtable>",
            ),
            (
                "<menclose notation=\"updiagonalstrike\"><mi>a</mi>\
                    <mrow class=\"menclose-updiagonalstrike\"></mrow></menclose>",
                "<mrow class=\"m-up\"><mi>a</mi><mrow></mrow></mrow>",
            ),
        ] {
            assert_eq!(without_styles(mathml.to_owned()), expected, "{mathml}");
        }
    }
}
