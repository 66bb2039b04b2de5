//! `LaTeX` that `math-core` does not read → `MathML` Core, with the library `katex-rs`. Its own
//! `MathML` is for screen readers; what browsers ignore of it is written as they show it.
//!
//! Must not know: where a formula is.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use katex::dom_tree::HtmlDomNode;
use katex::macros::builtins::BUILTIN_MACROS;
use katex::mathml_tree::{MathDomNode, MathNode, MathNodeType};
use katex::types::ParseErrorKind;
use katex::{KatexContext, OutputFormat, Settings, render_to_dom_tree};

use super::style::{enclosing, negative_space};
use super::variant::letter;
use crate::escape::{escape_into, write_attribute};

/// Attributes that browsers know, in the order in which they are written: the library keeps them in
/// none.
const ATTRIBUTES: [&str; 26] = [
    "accent",
    "accentunder",
    "depth",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathbackground",
    "mathcolor",
    "mathsize",
    "maxsize",
    "minsize",
    "movablelimits",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
    "columnspan",
    "rowspan",
    "dir",
];

/// The colour of commands that a note may not use, such as `\href`: no writer has it.
const NOT_ALLOWED: &str = "not-allowed";

static CONTEXT: LazyLock<KatexContext> = LazyLock::new(KatexContext::default);

/// Commands that one may mean, without their backslashes, in order.
static COMMANDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let functions = CONTEXT.functions.keys().map(String::as_str);
    let macros = BUILTIN_MACROS.keys().copied();
    let names = functions.chain(macros).filter_map(|name| name.strip_prefix('\\'));
    let words = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic()));
    words.chain(SYMBOLS.split_ascii_whitespace()).collect()
});

/// Names of symbols, which the library does not list.
const SYMBOLS: &str = "\
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu \
    xi pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta \
    Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega leq geq neq approx equiv cong sim simeq \
    propto subset supset subseteq supseteq notin forall exists nexists emptyset varnothing \
    infty partial nabla cdot cdots ldots vdots ddots times div oplus otimes cup cap setminus \
    wedge vee neg to rightarrow leftarrow Rightarrow Leftarrow leftrightarrow Leftrightarrow \
    mapsto longrightarrow Longrightarrow iff implies sum prod int iint oint lim sup inf max \
    min log ln exp sin cos tan arcsin arccos arctan det gcd Pr langle rangle lfloor rfloor \
    lceil rceil lVert rVert perp parallel mid angle triangle star circ bullet dagger prime ell \
    hbar Re Im aleph quad qquad mathrm boldsymbol overbrace underbrace overline underline \
    widehat label ref eqref tag";

/// The reason why a formula is not read.
#[derive(Debug)]
pub(super) struct KatexError {
    /// The place, in bytes.
    pub at: Option<usize>,
    pub reason: String,
    /// The command that there is not, without its backslash.
    pub unknown: Option<String>,
}

/// Draws a formula.
///
/// # Errors
/// It is no `LaTeX`, or uses commands that a note may not use.
pub(super) fn draw(tex: &str, is_display: bool) -> Result<String, KatexError> {
    let settings = Settings::builder()
        .display_mode(is_display)
        .output(OutputFormat::Mathml)
        .error_color(NOT_ALLOWED.to_owned())
        .max_size(100.0)
        .build();
    let tree = render_to_dom_tree(&CONTEXT, tex, &settings).map_err(|error| {
        let unknown = match &*error.kind {
            ParseErrorKind::UndefinedControlSequence { name } => {
                Some(name.trim_start_matches('\\').to_owned())
            }
            _ => None,
        };
        KatexError { at: error.position(), reason: error.kind.to_string(), unknown }
    })?;
    let mut writer = MathmlWriter { out: String::new(), refused: None };
    writer.out.push_str(if is_display { "<math display=\"block\">" } else { "<math>" });
    if let Some(HtmlDomNode::MathML(math)) = tree.children.first() {
        writer.children(&math.children);
    }
    writer.out.push_str("</math>");
    match writer.refused {
        Some(command) => {
            let reason = format!("`{command}` is not allowed in notes");
            Err(KatexError { at: tex.find(&command), reason, unknown: None })
        }
        None => Ok(writer.out),
    }
}

/// The most similar command, without its backslash.
pub(super) fn similar(command: &str) -> Option<&'static str> {
    crate::diagnostic::nearest(command, COMMANDS.iter().copied())
}

struct MathmlWriter {
    out: String,
    /// A command that a note may not use.
    refused: Option<String>,
}

impl MathmlWriter {
    fn children(&mut self, children: &[MathDomNode]) {
        for child in children {
            match child {
                MathDomNode::Math(node) => self.node(node),
                MathDomNode::Text(text) => escape_into(&mut self.out, &text.text),
                MathDomNode::Space(space) => self.space(space.width),
                MathDomNode::Fragment(fragment) => self.children(&fragment.children),
            }
        }
    }

    fn space(&mut self, width: f64) {
        self.out.push_str("<mspace");
        if width < 0.0 {
            let class = negative_space(&format!("{width}em")).unwrap_or_default();
            write_attribute(&mut self.out, "class", &class);
        } else {
            write_attribute(&mut self.out, "width", &format!("{width}em"));
        }
        self.out.push_str("></mspace>");
    }

    fn node(&mut self, node: &MathNode) {
        match node.node_type {
            MathNodeType::Annotation | MathNodeType::Mglyph => {}
            MathNodeType::Semantics => self.children(&node.children),
            MathNodeType::Mi | MathNodeType::Mn | MathNodeType::Mtext => self.token(node),
            // An operator that is an element, as that of `\overset`.
            MathNodeType::Mo if has_elements(node) => self.row(&node.children),
            MathNodeType::Mstyle if attribute(node, "mathcolor") == Some(NOT_ALLOWED) => {
                let command: String = node.children.iter().map(MathDomNode::to_text).collect();
                self.refused.get_or_insert(command);
            }
            MathNodeType::Menclose => {
                let notation = attribute(node, "notation").unwrap_or_default();
                self.element("mrow", node, &enclosing(notation));
            }
            MathNodeType::Mtable => self.table(node),
            MathNodeType::Mlabeledtr => self.element("mtr", node, ""),
            MathNodeType::Mspace => {
                let width = attribute(node, "width").filter(|width| width.starts_with('-'));
                let negative = width.and_then(negative_space);
                let is_rule = attribute(node, "mathbackground") == Some("black");
                let class = if is_rule { Some("m-rule".to_owned()) } else { negative };
                self.element("mspace", node, &class.unwrap_or_default());
            }
            MathNodeType::Mpadded => self.padded(node),
            _ => self.element(node.node_type.as_ref(), node, ""),
        }
    }

    /// Several elements as one.
    fn row(&mut self, children: &[MathDomNode]) {
        if let [MathDomNode::Math(only)] = children {
            self.node(only);
            return;
        }
        self.out.push_str("<mrow>");
        self.children(children);
        self.out.push_str("</mrow>");
    }

    fn element(&mut self, name: &str, node: &MathNode, class: &str) {
        self.start(name, node, class);
        self.children(&node.children);
        self.out.extend(["</", name, ">"]);
    }

    fn start(&mut self, name: &str, node: &MathNode, class: &str) {
        self.out.extend(["<", name]);
        for known in ATTRIBUTES {
            let value = attribute(node, known).filter(|value| is_of_core(known, value));
            // The rules of `\rule` have the colour of the text.
            let value = value.filter(|value| class != "m-rule" || *value != "black");
            if let Some(value) = value {
                write_attribute(&mut self.out, known, value);
            }
        }
        if !class.is_empty() {
            write_attribute(&mut self.out, "class", class);
        }
        self.out.push('>');
    }

    /// Letters, in their variant.
    fn token(&mut self, node: &MathNode) {
        let text: String = node.children.iter().map(MathDomNode::to_text).collect();
        let variant = attribute(node, "mathvariant").unwrap_or_default();
        let name = node.node_type.as_ref();
        if node.node_type == MathNodeType::Mtext {
            let (open, close) = text_style(variant);
            self.start(name, node, "");
            self.out.push_str(open);
            escape_into(&mut self.out, &text);
            self.out.extend([close, "</", name, ">"]);
            return;
        }
        if variant == "normal" && name == "mi" && text.chars().count() == 1 {
            self.out.push_str("<mi mathvariant=\"normal\">");
        } else {
            self.start(name, node, "");
        }
        let letters: String = text.chars().map(|c| letter(c, variant)).collect();
        escape_into(&mut self.out, &letters);
        self.out.extend(["</", name, ">"]);
    }

    /// A box with space at its sides: lengths that are added to its own are not in `MathML` Core.
    fn padded(&mut self, node: &MathNode) {
        let is_wider = attribute(node, "width").is_some_and(|width| width.starts_with('+'));
        let Some(side) = attribute(node, "lspace").filter(|_| is_wider) else {
            self.element("mpadded", node, "");
            return;
        };
        let mut space = String::from("<mspace");
        write_attribute(&mut space, "width", side);
        space.push_str("></mspace>");
        self.out.push_str("<mrow>");
        self.out.push_str(&space);
        self.children(&node.children);
        self.out.push_str(&space);
        self.out.push_str("</mrow>");
    }

    /// A table: alignment and lines are classes of its cells.
    fn table(&mut self, table: &MathNode) {
        let look = TableLook::of(table);
        let is_wide = attribute(table, "width") == Some("100%");
        self.start("mtable", table, if is_wide { "m-wide" } else { "" });
        for (row, child) in table.children.iter().enumerate() {
            let MathDomNode::Math(line) = child else { continue };
            // The library ends tables of arrows with an empty one.
            if line.children.is_empty() {
                continue;
            }
            self.out.push_str("<mtr>");
            for (column, cell) in line.children.iter().enumerate() {
                let MathDomNode::Math(cell) = cell else { continue };
                let class = look.classes(row, column, cell);
                self.element("mtd", cell, &class);
            }
            self.out.push_str("</mtr>");
        }
        self.out.push_str("</mtable>");
    }
}

/// The look of a table's cells, in attributes of `MathML` 3.
struct TableLook<'t> {
    alignments: Vec<&'t str>,
    column_lines: Vec<&'t str>,
    row_lines: Vec<&'t str>,
    /// True for the columns of `align`, which touch.
    is_tight: bool,
    /// True for lines that are close to each other.
    is_flat: bool,
}

impl<'t> TableLook<'t> {
    fn of(table: &'t MathNode) -> Self {
        let words = |name: &str| -> Vec<&'t str> {
            attribute(table, name).unwrap_or_default().split_ascii_whitespace().collect()
        };
        Self {
            alignments: words("columnalign"),
            column_lines: words("columnlines"),
            row_lines: words("rowlines"),
            is_tight: words("columnspacing").first() == Some(&"0em"),
            is_flat: words("rowspacing").first() == Some(&"0.1em"),
        }
    }

    fn classes(&self, row: usize, column: usize, cell: &MathNode) -> String {
        let mut classes: Vec<&str> = Vec::new();
        match self.alignments.get(column).or(self.alignments.last()).copied() {
            Some("left") => classes.extend(["m-left"].into_iter().chain(self.tight("m-pl0"))),
            Some("right") => classes.extend(["m-right"].into_iter().chain(self.tight("m-pr0"))),
            _ => {}
        }
        classes.extend(line_class(&self.column_lines, column, "m-br", "m-dr"));
        if let Some(above) = row.checked_sub(1) {
            classes.extend(line_class(&self.row_lines, above, "m-bt", "m-dt"));
        }
        if self.is_flat {
            classes.push("m-flat");
        }
        if attribute(cell, "width") == Some("50%") {
            classes.push("m-half");
        }
        classes.join(" ")
    }

    fn tight(&self, class: &'static str) -> Option<&'static str> {
        self.is_tight.then_some(class)
    }
}

fn line_class(
    lines: &[&str],
    index: usize,
    solid: &'static str,
    dashed: &'static str,
) -> Option<&'static str> {
    match lines.get(index).copied() {
        Some("solid") => Some(solid),
        Some("dashed") => Some(dashed),
        _ => None,
    }
}

fn attribute<'n>(node: &'n MathNode, name: &str) -> Option<&'n str> {
    node.attributes.get(name).map(String::as_str)
}

fn has_elements(node: &MathNode) -> bool {
    node.children.iter().any(|child| matches!(child, MathDomNode::Math(_)))
}

/// True if browsers know a value of an attribute; lengths have no sign `+` and are not in parts of
/// the box itself.
fn is_of_core(name: &str, value: &str) -> bool {
    match name {
        "width" | "height" | "depth" | "lspace" | "voffset" | "rspace" => {
            let is_relative = value.starts_with('+') || value.ends_with(['h', 't']);
            let is_negative = value.starts_with('-') && name != "voffset";
            (value.ends_with("pt") || !is_relative) && !is_negative && !value.ends_with('%')
        }
        _ => true,
    }
}

/// The elements of HTML for the variant of a text.
fn text_style(variant: &str) -> (&'static str, &'static str) {
    match variant {
        "bold" => ("<b>", "</b>"),
        "italic" => ("<i>", "</i>"),
        "bold-italic" => ("<b><i>", "</i></b>"),
        "monospace" => ("<code>", "</code>"),
        "sans-serif" => ("<span class=\"m-sans\">", "</span>"),
        _ => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_ignore_is_written_otherwise() {
        for (tex, expected) in [
            (r"\mathbb{R}", "<mi>ℝ</mi>"),
            (r"\mathrm{x}", "<mi mathvariant=\"normal\">x</mi>"),
            (r"\overset{d}{=}", "<mover><mo>=</mo><mi>d</mi></mover>"),
            (r"\cancel{x}", "<mrow class=\"m-up\"><mi>x</mi></mrow>"),
            (r"\text{\textbf{a}}", "<mtext><b>a</b></mtext>"),
            (r"\textcolor{red}{x}", "<mstyle mathcolor=\"red\"><mi>x</mi></mstyle>"),
            (r"\rule{1em}{2em}", "<mspace height=\"2em\" width=\"1em\" class=\"m-rule\">"),
            (r"\begin{alignedat}{1} a &= b \end{alignedat}", "<mtd class=\"m-right m-pr0\">"),
            (r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}", "<mtd class=\"m-br m-bt\">"),
            (r"\xleftrightarrow{a}", "<mspace width=\"0.3em\"></mspace><mi>a</mi>"),
            (r"a \mkern-3mu b", "<mspace class=\"m-n3\"></mspace>"),
        ] {
            let found = draw(tex, true).unwrap();
            assert!(found.contains(expected), "{tex}: {found}");
            assert!(!found.contains("style=") || found.contains("displaystyle="), "{found}");
            assert_eq!(found, draw(tex, true).unwrap(), "{tex}");
        }
    }

    #[test]
    fn commands_that_are_refused() {
        for (tex, reason) in [
            (r"\href{javascript:alert(1)}{x}", r"`\href` is not allowed"),
            (r"x + \includegraphics{a.png}", r"`\includegraphics` is not allowed"),
            (r"\htmlStyle{color:red}{x}", r"`\htmlStyle` is not allowed"),
            (r"\url{http://e.org}", r"`\url` is not allowed"),
        ] {
            let error = draw(tex, true).unwrap_err();
            assert!(error.reason.contains(reason), "{tex}: {error:?}");
        }
        assert_eq!(draw(r"x \foo", false).unwrap_err().unknown.as_deref(), Some("foo"));
        assert_eq!(similar("frca"), Some("frac"));
    }
}
