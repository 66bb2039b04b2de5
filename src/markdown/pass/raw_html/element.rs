//! The HTML elements and attributes that a note may use (names: WHATWG HTML §4 and §16.2, SVG 2).
//! The only such list.
//!
//! Must not know: tokens, Markdown.

use std::borrow::Cow;

use super::style;

/// The treatment of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Kept; it has content and an end tag.
    Kept,
    /// Kept; it has no content.
    Void,
    /// Loads another page into this one: becomes a link.
    Embed,
    /// Known to HTML, but it would act on the whole page or swallow what follows: shown as text.
    Refused,
    /// No element of HTML: meant as text.
    Unknown,
}

/// Kept elements with content.
const KEPT: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "button",
    "caption",
    "center",
    "cite",
    "code",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "i",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "map",
    "mark",
    "math",
    "menu",
    "meter",
    "nobr",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "picture",
    "pre",
    "progress",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "section",
    "select",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "defs",
    "marker",
    "lineargradient",
    "radialgradient",
    "stop",
    "clippath",
    "desc",
    "symbol",
];

const VOID: &[&str] = &["area", "br", "col", "hr", "img", "input", "source", "track", "wbr"];

const EMBED: &[&str] = &["iframe", "embed", "object", "frame"];

const REFUSED: &[&str] = &[
    "applet",
    "base",
    "basefont",
    "bgsound",
    "body",
    "canvas",
    "dialog",
    "frameset",
    "head",
    "html",
    "link",
    "main",
    "marquee",
    "meta",
    "nav",
    "noembed",
    "noframes",
    "noscript",
    "param",
    "plaintext",
    "portal",
    "script",
    "search",
    "slot",
    "style",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Attributes that load, send or act, or that could reach out of the text; the URLs that are kept
/// (`href` of a link, `src` of what is shown) are handled as links.
const DROPPED: &[&str] = &[
    "accesskey",
    "action",
    "attributionsrc",
    "autofocus",
    "autoplay",
    "background",
    "command",
    "commandfor",
    "contenteditable",
    "data",
    "dynsrc",
    "form",
    "formaction",
    "href",
    "http-equiv",
    "id",
    "interestfor",
    "is",
    "longdesc",
    "lowsrc",
    "manifest",
    "name",
    "ping",
    "popover",
    "popovertarget",
    "popovertargetaction",
    "poster",
    "slot",
    "src",
    "srcdoc",
    "srcset",
    "tabindex",
    "usemap",
    "xlink:href",
    "xmlns:xlink",
];

/// Elements that end a paragraph which is open where they begin (WHATWG HTML §13.2.6.4.7).
const ENDS_PARAGRAPH: [&str; 41] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dd",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
    "xmp",
];

/// True if an element ends a paragraph that is open where it begins.
pub(super) fn ends_paragraph(name: &str) -> bool {
    ENDS_PARAGRAPH.contains(&name)
}

/// Elements whose end tag may be left out (WHATWG HTML §13.1.2.4).
const END_MAY_LACK: [&str; 17] = [
    "caption", "colgroup", "dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc",
    "tbody", "td", "tfoot", "th", "tr",
];

/// True if an element lasts until its end tag.
pub(super) fn needs_end(name: &str) -> bool {
    name != "thead" && !END_MAY_LACK.contains(&name)
}

/// Elements that take what readers type, and drawings, which can hold any other: refused where
/// notes are strangers'.
const STRANGE: [&str; 35] = [
    "button",
    "circle",
    "clippath",
    "datalist",
    "defs",
    "desc",
    "ellipse",
    "fieldset",
    "form",
    "g",
    "input",
    "label",
    "legend",
    "line",
    "lineargradient",
    "map",
    "area",
    "marker",
    "math",
    "meter",
    "optgroup",
    "option",
    "output",
    "path",
    "polygon",
    "polyline",
    "progress",
    "radialgradient",
    "rect",
    "select",
    "stop",
    "svg",
    "symbol",
    "text",
    "tspan",
];

/// The treatment of an element, by its name in lower case. `is_safe`: the notes are strangers'.
pub(super) fn role(name: &str, is_safe: bool) -> Role {
    if is_safe && STRANGE.contains(&name) {
        return Role::Refused;
    }
    let roles =
        [(KEPT, Role::Kept), (VOID, Role::Void), (EMBED, Role::Embed), (REFUSED, Role::Refused)];
    roles
        .into_iter()
        .find(|(names, _)| names.contains(&name))
        .map_or(Role::Unknown, |(_, role)| role)
}

/// Attributes of notes of strangers: they say what a text is or how it is laid out, load nothing
/// and act on nothing.
const SAFE_ATTRIBUTES: [&str; 33] = [
    "abbr",
    "align",
    "alt",
    "border",
    "color",
    "colspan",
    "controls",
    "datetime",
    "default",
    "dir",
    "height",
    "kind",
    "label",
    "lang",
    "loop",
    "media",
    "muted",
    "open",
    "preload",
    "reversed",
    "rowspan",
    "scope",
    "size",
    "sizes",
    "span",
    "srclang",
    "start",
    "style",
    "title",
    "translate",
    "type",
    "valign",
    "width",
];

/// The value with which an attribute is kept, if it is. `is_safe`: the notes are strangers', who
/// could make their text look like the page around it.
pub(super) fn kept_value<'v>(name: &str, value: &'v str, is_safe: bool) -> Option<Cow<'v, str>> {
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_name || name.starts_with("on") || DROPPED.contains(&name) {
        return None;
    }
    if is_safe && !SAFE_ATTRIBUTES.contains(&name) && !name.starts_with("aria-") {
        return None;
    }
    match name {
        "style" => style::kept(value, is_safe),
        _ => Some(Cow::Borrowed(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_attributes() {
        for (name, expected) in [
            ("div", Role::Kept),
            ("br", Role::Void),
            ("iframe", Role::Embed),
            ("script", Role::Refused),
            ("prepare", Role::Unknown),
            ("t", Role::Unknown),
        ] {
            assert_eq!(role(name, false), expected, "{name}");
        }
        for (name, value, kept) in [
            ("width", "10", true),
            ("align", "center", true),
            ("onclick", "x()", false),
            ("a\"b", "", false),
            ("id", "x", false),
            ("attributionsrc", "https://x.org", false),
            ("popovertarget", "theme", false),
            ("commandfor", "theme", false),
        ] {
            assert_eq!(kept_value(name, value, false).is_some(), kept, "{name}={value}");
        }
        for (name, kept) in [
            ("title", true),
            ("aria-label", true),
            ("class", false),
            ("data-x", false),
            ("role", false),
            ("hidden", false),
            ("cite", false),
            ("onclick", false),
        ] {
            assert_eq!(kept_value(name, "x", true).is_some(), kept, "{name}");
        }
    }
}
