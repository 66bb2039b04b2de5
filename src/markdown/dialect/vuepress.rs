//! Containers of `VuePress` and `VitePress` → boxes and tabs.
//!
//! ```text
//! ::: tip title
//! text
//! :::
//! ```
//! Docusaurus and Starlight write a title as `:::tip[title]` and `:::tip{title="title"}`.
//! A container within another has fewer colons or is closed first. Code blocks in a `code-group`
//! are tabs, and in `tabs` and `code-tabs` lines such as `@tab Title` begin one.
//!
//! Must not know: the HTML of a box.

use super::boxes::BoxLine;
use super::shortcode;
use crate::markdown::callout::{BoxKind, MarkedBlock};
use crate::markdown::document::{TabPlace, TabState};

/// Begins each line that opens or closes a container.
pub(super) const MARK: &str = ":::";
/// Begins a line between tabs.
const TAB: &str = "@tab";
/// Behind the name or title of the tab that is shown first.
const ACTIVE: &str = ":active";

/// `::: tip title`, `:::tip[title]`, `:::`. A container with a name that is no kind of box only
/// groups its content.
pub(super) fn box_line(line: &str) -> Option<BoxLine<'_>> {
    if !line.starts_with(MARK) {
        return tab_line(line);
    }
    let rest = line.trim_start_matches(':');
    let colons = line.len() - rest.len();
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(BoxLine::Close { colons, name: "" });
    }
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let word_end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
    let (word, rest) = rest.split_at(word_end);
    let block = match word {
        // An id for all tabs that change together follows.
        "tabs" | "code-tabs" | "code-group" => {
            return Some(BoxLine::Open { colons, name: "", block: MarkedBlock::Tabs, title: None });
        }
        "tab" | "code-group-item" => {
            let (rest, state) = without_active(rest);
            let block = MarkedBlock::Tab(TabPlace::Next, state);
            return Some(BoxLine::Open { colons, name: "", block, title: title(rest)? });
        }
        word => BoxKind::of(word).map_or(MarkedBlock::Group, MarkedBlock::Box),
    };
    Some(BoxLine::Open { colons, name: "", block, title: title(rest)? })
}

/// `@tab Title`, `@tab:active Title#id`.
fn tab_line(line: &str) -> Option<BoxLine<'_>> {
    let rest = line.strip_prefix(TAB)?;
    let (rest, state) = match rest.strip_prefix(ACTIVE) {
        Some(rest) => (rest, TabState::Chosen),
        None => (rest, TabState::Usual),
    };
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    // `C#` is no title with an id.
    let identified = rest.rsplit_once('#').filter(|(_, id)| !id.trim().is_empty());
    let title = identified.map_or(rest, |(title, _)| title);
    Some(BoxLine::NextTab { of: "", title: title.trim().to_owned(), state })
}

/// The text behind `tab` or `code-group-item` without `:active` at its end.
fn without_active(rest: &str) -> (&str, TabState) {
    match rest.strip_suffix(ACTIVE) {
        Some(rest) => (rest, TabState::Chosen),
        None => (rest, TabState::Usual),
    }
}

/// The title behind the name of a container: ` Title`, `[Title]`, `{title="Title"}`, each with
/// attributes behind it; `Some(None)` if there is none, `None` if the text is something else.
#[expect(clippy::option_option, reason = "a line without a title and no such line")]
fn title(rest: &str) -> Option<Option<String>> {
    let (rest, attributes) = without_attributes(rest);
    let title = match rest.strip_prefix('[') {
        Some(label) => &label[..closing_bracket(label).filter(|&end| end + 1 == label.len())?],
        None if rest.is_empty() || rest.starts_with(char::is_whitespace) => rest.trim(),
        None => return None,
    };
    let title = if title.trim().is_empty() {
        attributes.and_then(|attributes| shortcode::argument(attributes, "title"))
    } else {
        Some(title.trim())
    };
    Some(title.filter(|title| !title.is_empty()).map(str::to_owned))
}

/// A text without the attributes at its end, `{.class title="a"}`, and those.
fn without_attributes(text: &str) -> (&str, Option<&str>) {
    let found = text.strip_suffix('}').and_then(|text| text.rsplit_once('{'));
    match found {
        Some((before, attributes)) if before.is_empty() || before.ends_with([' ', '\t', ']']) => {
            (before.trim_end(), Some(attributes))
        }
        _ => (text, None),
    }
}

/// The place of the bracket that ends a label, which may hold pairs of brackets.
fn closing_bracket(label: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in label.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn containers() {
        for (text, expected) in [
            (
                "::: tip 标题\n*a*\n:::",
                "<aside class=\"box box-tip\">\n\
                 <p class=\"box-title\">标题</p>\n\
                 <p><em>a</em></p>\n\
                 </aside>",
            ),
            (
                "::: warning\n- a\n:::\nb",
                "<aside class=\"box box-warning\">\n\
                 <p class=\"box-title\">warning</p>\n\
                 <ul>\n\
                 <li>a</li>\n\
                 </ul>\n\
                 </aside>\n\
                 <p>b</p>",
            ),
            (
                "::: details 更多\na\n:::",
                "<details class=\"box box-details\">\n<summary>更多</summary>\n<p>a</p>\n</details>",
            ),
            (
                ":::: note\n::: tip\na\n:::\n::::",
                "<aside class=\"box box-note\">\n\
                 <p class=\"box-title\">note</p>\n\
                 <aside class=\"box box-tip\">\n\
                 <p class=\"box-title\">tip</p>\n\
                 <p>a</p>\n\
                 </aside>\n\
                 </aside>",
            ),
            (
                "::: tip [a] [b][c] [d][^e]\nf\n:::\n\n[a]: x.md\n[C]: y.md \"z\"\n[^e]: g",
                "<aside class=\"box box-tip\">\n\
                 <p class=\"box-title\"><a href=\"x.md\">a</a> <a href=\"y.md\" title=\"z\">b</a> \
                 [d]<sup class=\"footnote-reference\"><a id=\"fnref-1\" href=\"#fn-1\">1</a></sup></p>\n\
                 <p>f</p>\n\
                 </aside>\n\
                 <section class=\"footnotes\">\n<ol>\n<li id=\"fn-1\">\n<p>g <a class=\"footnote-back\" \
                 href=\"#fnref-1\" aria-label=\"↩ 1\">↩</a></p>\n</li>\n</ol>\n</section>",
            ),
            ("::: center\na\n:::", "<div>\n<p>a</p>\n</div>"),
            (
                "::: theorem <甲>\na\n:::",
                "<div>\n<p><strong>&lt;甲&gt;</strong></p>\n<p>a</p>\n</div>",
            ),
            ("```\n::: tip\n:::\n```", "<pre><code>::: tip\n:::\n</code></pre>"),
            ("::: tip\na", "<p>::: tip\na</p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }

    #[test]
    fn containers_stay_in_the_element_they_begin_in_and_out_of_code() {
        for (text, expected) in [
            (
                "- a\n\n  ::: center\n\nb\n\n:::",
                "<ul>\n<li>\n<p>a</p>\n<div>\n</div>\n</li>\n</ul>\n<p>b</p>",
            ),
            (
                "    ::: tip\n    a\n    :::",
                "<pre class=\"wrap\"><code>::: tip\na\n:::</code></pre>",
            ),
            ("<!--\n::: tip\na\n:::\n-->", ""),
            (
                "```x```\n\n::: note\na\n:::",
                "<p><code>x</code></p>\n\
                 <aside class=\"box box-note\">\n\
                 <p class=\"box-title\">note</p>\n\
                 <p>a</p>\n\
                 </aside>",
            ),
            (
                "> ```\n> ::: tip\n> :::\n> ```",
                "<blockquote>\n<pre><code>::: tip\n:::\n</code></pre>\n</blockquote>",
            ),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
