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

use super::boxed::space_of;
use super::library_error::of_library;
use super::operator::{accent, delimiter, is_brace, is_close_in_scripts};
use super::style::{enclosing, negative_space};
use super::table::TableLook;
use super::variant::{letter, text_style};
use crate::escape::{escape_into, write_attribute};
use crate::phrase::{Phrase, phrase};

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

/// The end of a label of an arrow: the least width of one.
const ARROW: &str = "<mspace width=\"3.5em\"></mspace></mover>";

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
    pub reason: Phrase,
    /// The command that there is not, without its backslash.
    pub unknown: Option<String>,
}

impl KatexError {
    fn refused(command: &str, tex: &str) -> Self {
        let reason = phrase!("`{command}` is not allowed in notes", command);
        Self { at: tex.find(command), reason, unknown: None }
    }
}

/// Commands with which the library prints something.
const PRINTING: [&str; 3] = [r"\message", r"\errmessage", r"\show"];

/// Draws a formula.
///
/// # Errors
/// It is no `LaTeX`, or uses commands that a note may not use.
pub(super) fn draw(tex: &str, is_display: bool) -> Result<String, KatexError> {
    if let Some(command) = PRINTING.iter().find(|command| tex.contains(**command)) {
        return Err(KatexError::refused(command, tex));
    }
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
        KatexError { at: error.position(), reason: of_library(&error.kind.to_string()), unknown }
    })?;
    let mut writer =
        MathmlWriter { out: String::new(), refused: None, is_script: false, function: None };
    writer.out.push_str(if is_display { "<math display=\"block\">" } else { "<math>" });
    if let Some(HtmlDomNode::MathML(math)) = tree.children.first() {
        writer.children(&math.children);
    }
    writer.out.push_str("</math>");
    match writer.refused {
        Some(command) => Err(KatexError::refused(&command, tex)),
        None => Ok(writer.out),
    }
}

/// The most similar command, without its backslash.
pub(super) fn similar(command: &str) -> Option<&'static str> {
    crate::diagnostic::nearest(command, COMMANDS.iter().copied())
}

pub(super) struct MathmlWriter {
    pub out: String,
    /// A command that a note may not use.
    refused: Option<String>,
    /// True within scripts, where operators have no space.
    is_script: bool,
    function: Option<FunctionEnd>,
}

/// The place of the operator behind the name of a function, in bytes.
struct FunctionEnd {
    attributes: usize,
    end: usize,
}

impl MathmlWriter {
    pub fn children(&mut self, children: &[MathDomNode]) {
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
        self.space_behind_function(node);
        match node.node_type {
            MathNodeType::Annotation | MathNodeType::Mglyph => {}
            MathNodeType::Semantics => self.children(&node.children),
            // A letter or operator that is an element, as that of `\overset` or `\varlimsup`.
            MathNodeType::Mi | MathNodeType::Mo | MathNodeType::Mtext if has_elements(node) => {
                self.row(node);
            }
            MathNodeType::Mi | MathNodeType::Mn | MathNodeType::Mtext => self.token(node),
            MathNodeType::Mo => self.operator(node),
            MathNodeType::Mover | MathNodeType::Munder if is_circle(node) => self.circle(node),
            MathNodeType::Mover
            | MathNodeType::Munder
            | MathNodeType::Munderover
            | MathNodeType::Msup
            | MathNodeType::Msub
            | MathNodeType::Msubsup => self.scripted(node),
            MathNodeType::Mstyle if attribute(node, "mathcolor") == Some(NOT_ALLOWED) => {
                let command: String = node.children.iter().map(MathDomNode::to_text).collect();
                self.refused.get_or_insert(command);
            }
            MathNodeType::Menclose => {
                let notation = attribute(node, "notation").unwrap_or_default();
                self.element("mrow", node, &enclosing(notation));
            }
            MathNodeType::Mstyle => self.style(node),
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

    /// Several elements as one, with the space around it.
    fn row(&mut self, node: &MathNode) {
        let spaces = ["lspace", "rspace"].map(|name| attribute(node, name));
        if let ([MathDomNode::Math(only)], [None, None]) = (&*node.children, spaces) {
            self.node(only);
            return;
        }
        let [before, behind] = spaces.map(|space| space.map_or_else(String::new, space_of));
        self.out.extend(["<mrow>", &before]);
        self.children(&node.children);
        self.out.extend([&behind, "</mrow>"]);
    }

    /// Adds the space behind the name of a function, whose invisible operator is the last that was
    /// written. There is none before parentheses.
    fn space_behind_function(&mut self, next: &MathNode) {
        let Some(FunctionEnd { attributes, end }) = self.function.take() else { return };
        let text: String = next.children.iter().map(MathDomNode::to_text).collect();
        let is_sign = next.node_type == MathNodeType::Mo;
        let is_close = is_sign && "([{⌊⌈|‖∣∥,.;)]}".contains(&*text);
        if end == self.out.len() && !is_close && !self.is_script {
            self.out.insert_str(attributes, " rspace=\"0.1667em\"");
        }
    }

    fn operator(&mut self, node: &MathNode) {
        let text: String = node.children.iter().map(MathDomNode::to_text).collect();
        let is_fence = attribute(node, "fence") == Some("true");
        let is_stretchy = attribute(node, "stretchy") == Some("true");
        let sign = if is_fence || is_stretchy { delimiter(&text) } else { &text };
        let is_bold = attribute(node, "mathvariant").is_some_and(|name| name.starts_with("bold"));
        self.start("mo", node, if is_bold { "m-bold" } else { "" });
        self.out.pop();
        // A bar between others is no delimiter by itself.
        if is_fence && matches!(sign, "|" | "‖") {
            let stretched = if is_stretchy { "" } else { " stretchy=\"true\"" };
            self.out.extend([stretched, " symmetric=\"true\""]);
        }
        let has_space = attribute(node, "lspace").or(attribute(node, "rspace")).is_some();
        if self.is_script && !has_space && is_close_in_scripts(sign) {
            self.out.push_str(" lspace=\"0\" rspace=\"0\"");
        }
        let attributes = self.out.len();
        self.out.push('>');
        escape_into(&mut self.out, sign);
        self.out.push_str("</mo>");
        if sign == "\u{2061}" {
            self.function = Some(FunctionEnd { attributes, end: self.out.len() });
        }
    }

    /// An element whose children, but the first, are scripts or accents.
    fn scripted(&mut self, node: &MathNode) {
        let name = node.node_type.as_ref();
        let sign = node.children.get(1).and_then(sign_of);
        let names = if name == "munder" { ["accentunder"; 2] } else { ["accent", "accentunder"] };
        let is_accent = names.iter().any(|name| attribute(node, name) == Some("true"));
        let is_arrow = matches!(node.children.first(), Some(MathDomNode::Math(base))
            if attribute(base, "minsize").is_some() && name != "msup" && name != "msub");
        self.start(name, node, "");
        if !is_accent && matches!(name, "mover" | "munder") && sign.as_deref().is_some_and(is_brace)
        {
            self.out.pop();
            write_attribute(&mut self.out, names[0], "true");
            self.out.push('>');
        }
        for (index, child) in node.children.iter().enumerate() {
            match (&sign, child) {
                _ if index == 0 => self.children(std::slice::from_ref(child)),
                (Some(sign), MathDomNode::Math(operator)) if is_accent => {
                    let is_stretchy = attribute(operator, "stretchy") == Some("true");
                    let stretchy = if is_stretchy { "true" } else { "false" };
                    self.out.extend(["<mo stretchy=\"", stretchy, "\">"]);
                    escape_into(&mut self.out, accent(sign, is_stretchy));
                    self.out.push_str("</mo>");
                }
                _ => {
                    let is_script = std::mem::replace(&mut self.is_script, true);
                    // Browsers ignore `minsize` of arrows that lie.
                    self.out.push_str(if is_arrow { "<mover>" } else { "" });
                    self.children(std::slice::from_ref(child));
                    self.out.push_str(if is_arrow { ARROW } else { "" });
                    self.is_script = is_script;
                }
            }
        }
        self.out.extend(["</", name, ">"]);
    }

    /// Another size, colour or style.
    fn style(&mut self, node: &MathNode) {
        let is_script = self.is_script;
        if let Some(level) = attribute(node, "scriptlevel") {
            self.is_script = level != "0";
        }
        // That of `\pmb`.
        let is_bold = node.attributes.get("style").is_some_and(|style| style.contains("shadow"));
        self.element("mstyle", node, if is_bold { "m-bold" } else { "" });
        self.is_script = is_script;
    }

    pub fn element(&mut self, name: &str, node: &MathNode, class: &str) {
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
                // WebKit paints nothing of boxes without any width or height.
                let is_nothing = name == "mpadded" && matches!(value, "0" | "0px");
                write_attribute(&mut self.out, known, if is_nothing { "0.1px" } else { value });
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

pub(super) fn attribute<'n>(node: &'n MathNode, name: &str) -> Option<&'n str> {
    node.attributes.get(name).map(String::as_str)
}

/// The sign of an operator.
fn sign_of(node: &MathDomNode) -> Option<String> {
    let MathDomNode::Math(operator) = node else { return None };
    let is_sign = operator.node_type == MathNodeType::Mo && !has_elements(operator);
    is_sign.then(|| node.to_text())
}

/// True for the circle of `\textcircled`.
fn is_circle(node: &MathNode) -> bool {
    node.children.get(1).and_then(sign_of).as_deref() == Some("◯")
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
            (r"\begin{alignedat}{1} a &= b \end{alignedat}", "<mtd class=\"m-right m-packed\">"),
            (r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}", "<mtd class=\"m-br m-bt\">"),
            (r"\xleftrightarrow{a}", "<mspace width=\"0.3em\"></mspace><mi>a</mi>"),
            (r"\overline{ab}", "<mo stretchy=\"true\">\u{332}</mo></mover>"),
            (r"\widetilde{ab}", "<mo stretchy=\"true\">˜</mo></mover>"),
            (r"\acute{e}", "<mo stretchy=\"false\">´</mo></mover>"),
            (r"\overbrace{ab}", "<mover accent=\"true\"><mrow>"),
            (r"\left\|a\right\|", "<mo fence=\"true\" stretchy=\"true\" symmetric=\"true\">‖</mo>"),
            (r"a \mid b", "<mo>∣</mo>"),
            (r"x_{i=1}", "<mo lspace=\"0\" rspace=\"0\">=</mo>"),
            (r"x_{\displaystyle i=1}", "<mo>=</mo>"),
            (r"x_i = 1", "<mo>=</mo>"),
            (r"a \bmod b", "<mrow><mspace width=\"0.22em\"></mspace><mrow><mi"),
            (r"\varlimsup_n", "<munder><mrow><mover accent=\"true\"><mrow><mi"),
            (r"\textcircled{7}", "<mtext>⑦</mtext>"),
            (r"\textcircled{甲}", "<mrow class=\"m-circle\"><mtext>甲</mtext></mrow>"),
            (r"2\sin x", "<mi>sin</mi><mo rspace=\"0.1667em\">\u{2061}</mo><mi>x</mi>"),
            (r"\sin(x)", "<mi>sin</mi><mo>\u{2061}</mo><mo stretchy=\"false\">("),
            (
                r"\begin{CD} A @>a>> B \end{CD}",
                "<mi>a</mi><mspace width=\"0.3em\"></mspace></mrow><mspace width=\"3.5em\">",
            ),
            (r"\pmb{x}", "<mstyle class=\"m-bold\"><mi>x</mi></mstyle>"),
            (r"\boldsymbol{+}", "class=\"m-bold\">+</mo>"),
            (r"\colorbox{aqua}{x}", "<mrow class=\"m-color\" mathbackground=\"aqua\">"),
            (
                r"\fcolorbox{red}{aqua}{x}",
                "<mrow class=\"m-frame\" mathbackground=\"red\"><mrow class=",
            ),
            (r"\mathllap{ab}", "<mpadded width=\"0.1px\" dir=\"rtl\"><mrow dir=\"ltr\">"),
            (r"\smash{x}", "<mpadded depth=\"0.1px\" height=\"0.1px\">"),
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
            (r"\message{a}", r"`\message` is not allowed"),
            (r"\show\frac", r"`\show` is not allowed"),
            (r"\url{http://e.org}", r"`\url` is not allowed"),
        ] {
            let error = draw(tex, true).unwrap_err();
            assert!(error.reason.to_string().contains(reason), "{tex}: {error:?}");
        }
        assert_eq!(draw(r"x \foo", false).unwrap_err().unknown.as_deref(), Some("foo"));
        assert_eq!(similar("frca"), Some("frac"));
    }
}
