//! The elements of HTML that books have, and what becomes of the others (EPUB 3.3 §6.1; content
//! models: WHATWG HTML §4).
//!
//! Must not know: trees, addresses.

/// The treatment of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It becomes the element of this name.
    As(&'static str),
    /// Its content alone is shown.
    Content,
    /// Nothing of it is shown.
    Nothing,
}

/// Elements that hold blocks, by their names in HTML and in books.
const BLOCKS: [(&str, &str); 38] = [
    ("address", "div"),
    ("article", "article"),
    ("aside", "aside"),
    ("blockquote", "blockquote"),
    ("caption", "caption"),
    ("center", "div"),
    ("col", "col"),
    ("colgroup", "colgroup"),
    ("dd", "dd"),
    ("details", "div"),
    ("dir", "ul"),
    ("div", "div"),
    ("dl", "dl"),
    ("dt", "dt"),
    ("fieldset", "div"),
    ("figcaption", "figcaption"),
    ("figure", "figure"),
    ("footer", "div"),
    ("form", "div"),
    ("header", "div"),
    ("hgroup", "div"),
    ("hr", "hr"),
    ("legend", "div"),
    ("li", "li"),
    ("menu", "ul"),
    ("ol", "ol"),
    ("section", "section"),
    ("summary", "div"),
    ("table", "table"),
    ("tbody", "tbody"),
    ("td", "td"),
    ("tfoot", "tfoot"),
    ("th", "th"),
    ("thead", "thead"),
    ("tr", "tr"),
    ("ul", "ul"),
    ("main", "div"),
    ("nav", "div"),
];

/// Blocks that hold nothing but text and what is in lines of text.
const TEXT_BLOCKS: [(&str, &str); 8] = [
    ("h1", "h1"),
    ("h2", "h2"),
    ("h3", "h3"),
    ("h4", "h4"),
    ("h5", "h5"),
    ("h6", "h6"),
    ("p", "p"),
    ("pre", "pre"),
];

/// Elements in lines of text.
const INLINE: [(&str, &str); 41] = [
    ("a", "a"),
    ("abbr", "abbr"),
    ("acronym", "abbr"),
    ("b", "b"),
    ("bdi", "bdi"),
    ("bdo", "bdo"),
    ("big", "span"),
    ("br", "br"),
    ("cite", "cite"),
    ("code", "code"),
    ("data", "span"),
    ("del", "del"),
    ("dfn", "dfn"),
    ("em", "em"),
    ("font", "span"),
    ("i", "i"),
    ("img", "img"),
    ("ins", "ins"),
    ("kbd", "kbd"),
    ("label", "span"),
    ("mark", "mark"),
    ("nobr", "span"),
    ("output", "span"),
    ("q", "q"),
    ("rp", "rp"),
    ("rt", "rt"),
    ("ruby", "ruby"),
    ("s", "s"),
    ("samp", "samp"),
    ("small", "small"),
    ("span", "span"),
    ("strike", "s"),
    ("strong", "strong"),
    ("sub", "sub"),
    ("sup", "sup"),
    ("time", "span"),
    ("tt", "code"),
    ("u", "u"),
    ("var", "var"),
    ("wbr", "wbr"),
    ("meter", "span"),
];

/// Elements of which nothing is shown: choices without a form, files of players.
const NOTHING: [&str; 13] = [
    "area", "datalist", "iframe", "input", "object", "script", "select", "source", "style",
    "template", "textarea", "title", "track",
];

/// Elements without content (WHATWG HTML §13.1.2).
const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

fn within(list: &'static [(&str, &str)], name: &str) -> Option<&'static str> {
    list.iter().find(|(html, _)| *html == name).map(|(_, book)| *book)
}

/// The treatment of an element of HTML.
pub(super) fn treatment(name: &str) -> Treatment {
    let kept = [&BLOCKS[..], &TEXT_BLOCKS, &INLINE].into_iter().find_map(|list| within(list, name));
    match kept {
        Some(name) => Treatment::As(name),
        None if NOTHING.contains(&name) => Treatment::Nothing,
        None => Treatment::Content,
    }
}

/// True if an element ends a line of text.
pub(super) fn is_block(name: &str) -> bool {
    within(&BLOCKS, name).is_some() || within(&TEXT_BLOCKS, name).is_some()
}

/// True if an element holds nothing but text and what is in lines of text.
pub(super) fn holds_text(name: &str) -> bool {
    within(&TEXT_BLOCKS, name).is_some() || within(&INLINE, name).is_some()
}

/// True if an element has no content.
pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// True for headings, which cells and terms do not hold.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h', b'1'..=b'6'])
}

/// The place of an element among the children of a table, which have an order.
pub(super) fn rank_in_table(name: &str) -> usize {
    match name {
        "caption" => 0,
        "colgroup" => 1,
        "thead" => 2,
        _ => 3,
    }
}

/// Attributes of formulas (`MathML` 3 §2.1.6, §3). Books know no others.
const OF_FORMULAS: [&str; 51] = [
    "accent",
    "accentunder",
    "align",
    "alttext",
    "class",
    "close",
    "columnalign",
    "columnlines",
    "columnspacing",
    "columnspan",
    "denomalign",
    "depth",
    "display",
    "encoding",
    "fence",
    "form",
    "frame",
    "framespacing",
    "height",
    "href",
    "largeop",
    "linebreak",
    "linethickness",
    "lspace",
    "mathbackground",
    "mathcolor",
    "mathsize",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "notation",
    "numalign",
    "open",
    "rowalign",
    "rowlines",
    "rowspacing",
    "rowspan",
    "rspace",
    "separator",
    "separators",
    "side",
    "stretchy",
    "style",
    "subscriptshift",
    "superscriptshift",
    "symmetric",
    "voffset",
    "width",
    "equalcolumns",
    "equalrows",
];

/// True for an attribute that an element of a formula has.
pub(super) fn is_of_formula(element: &str, attribute: &str) -> bool {
    let has_style = matches!(element, "math" | "mstyle" | "mtable");
    OF_FORMULAS.contains(&attribute)
        || (has_style && attribute == "displaystyle")
        || (element == "mstyle" && attribute == "scriptlevel")
}

/// True for an attribute that says how large a formula is set. In `MathML` Core every element has
/// it, in `MathML` 3, which books follow, few.
pub(super) fn is_style(attribute: &str) -> bool {
    matches!(attribute, "displaystyle" | "scriptlevel")
}

/// True for an element that such attributes are not part of, but can be around.
pub(super) fn needs_style(element: &str) -> bool {
    !matches!(element, "math" | "mstyle" | "mtable" | "mtr" | "mtd" | "annotation")
}

/// Elements of formulas (`MathML` Core §2.1).
const FORMULAS: [&str; 31] = [
    "annotation",
    "annotation-xml",
    "maction",
    "math",
    "menclose",
    "merror",
    "mfenced",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
];

/// Elements of drawings (SVG 2, appendix F) that load nothing and hold no other language.
const DRAWINGS: [&str; 32] = [
    "a",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feDropShadow",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feOffset",
    "filter",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
];

/// True for an element that a formula or a drawing may have.
pub(super) fn is_foreign(name: &str, is_math: bool) -> bool {
    if is_math { FORMULAS.contains(&name) } else { DRAWINGS.contains(&name) }
}
