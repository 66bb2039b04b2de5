//! The text of a note of strangers → the same text with nothing in it but what shapes a text: read as a browser reads it
//! and written anew. What stands in the note was tamed before; this looks at what came of it, by rules of its own.
//!
//! Must not know: Markdown, where links lead.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// Elements that shape a text, and those that pages are made with.
const ELEMENTS: [&str; 78] = [
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
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
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
    "track",
    "u",
    "ul",
    "video",
];

/// Attributes that load nothing but what their address names, and act on nothing.
const ATTRIBUTES: [&str; 46] = [
    "abbr",
    "align",
    "alt",
    "border",
    "checked",
    "cite",
    "class",
    "color",
    "colspan",
    "controls",
    "data-language",
    "datetime",
    "decoding",
    "default",
    "dir",
    "disabled",
    "height",
    "href",
    "id",
    "kind",
    "label",
    "lang",
    "loading",
    "loop",
    "muted",
    "open",
    "preload",
    "referrerpolicy",
    "rel",
    "reversed",
    "role",
    "rowspan",
    "scope",
    "size",
    "span",
    "src",
    "srclang",
    "start",
    "style",
    "tabindex",
    "title",
    "translate",
    "type",
    "valign",
    "value",
    "width",
];

/// Properties of style that change how words look and not where they stand.
const PROPERTIES: [&str; 9] = [
    "background-color",
    "color",
    "font-style",
    "font-weight",
    "list-style-type",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
];

/// Addresses that lead somewhere; `data:` is for images alone.
const SCHEMES: [&str; 14] = [
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "ssh", "git", "irc", "magnet",
    "geo", "data",
];

static RULES: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut rules = Builder::empty();
    rules
        .tags(HashSet::from(ELEMENTS))
        .generic_attributes(HashSet::from(ATTRIBUTES))
        .generic_attribute_prefixes(HashSet::from(["aria-"]))
        .tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([("type", HashSet::from(["checkbox"]))]),
        )]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .filter_style_properties(HashSet::from(PROPERTIES))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .link_rel(None)
        .attribute_filter(|element, attribute, value| {
            let is_data = value
                .trim_start()
                .get(..5)
                .is_some_and(|start| start.eq_ignore_ascii_case("data:"));
            let is_image = element == "img" && attribute == "src";
            (!is_data || is_image || !matches!(attribute, "href" | "src" | "cite"))
                .then_some(Cow::Borrowed(value))
        });
    rules
});

/// The text with nothing else in it.
pub(super) fn cleaned(html: &str) -> String {
    RULES.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shapes_a_text_stays_and_the_rest_goes() {
        for (html, expected) in [
            ("<p>a <strong>b</strong></p>\n", "<p>a <strong>b</strong></p>\n"),
            ("<p>a<script>x()</script></p>", "<p>a</p>"),
            ("<p onclick=\"x()\" id=\"a\">b</p>", "<p id=\"a\">b</p>"),
            ("<a href=\"javascript:x()\">a</a>", "<a>a</a>"),
            ("<a href=\"data:text/html,x\">a</a>", "<a>a</a>"),
            (
                "<img src=\"data:image/png;base64,x\" alt=\"\">",
                "<img src=\"data:image/png;base64,x\" alt=\"\">",
            ),
            (
                "<span style=\"color: red; position: fixed\">a</span>",
                "<span style=\"color:red\">a</span>",
            ),
            ("<form><button>a</button></form>", "a"),
            (
                "<pre><code><span class=\"k\">a</span>\n</code></pre>",
                "<pre><code><span class=\"k\">a</span>\n</code></pre>",
            ),
            (
                "<figure class=\"code\" data-language=\"rust\"></figure>",
                "<figure class=\"code\" data-language=\"rust\"></figure>",
            ),
            ("</main></body><p>a", "<p>a</p>"),
        ] {
            assert_eq!(cleaned(html), expected);
        }
    }
}
