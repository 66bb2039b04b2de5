//! Rules of the rendering as HTML that hold for whole texts.

use super::*;
use crate::markdown::{Context, parse};

/// Answers as short as can be.
struct Short;

impl Resolver for Short {
    fn link_start(&self, out: &mut String, link: usize) {
        let _ = write!(out, "<a {link}>");
    }

    fn link_end(&self, out: &mut String, _: usize) {
        out.push_str("</a>");
    }

    fn image(&self, out: &mut String, link: usize) {
        let _ = write!(out, "<img {link}>");
    }

    fn media(&self, out: &mut String, link: usize) {
        let _ = write!(out, " src=\"{link}\"");
    }

    fn code(&self, out: &mut String, code: usize) {
        let _ = write!(out, "{code}");
    }

    fn diagram_link(&self, _: &mut String, _: usize) {}

    fn diagram_source(&self, _: &str) -> &'static str {
        "source"
    }

    fn box_title(&self, kind: BoxKind) -> &str {
        kind.name()
    }

    fn task(&self, is_done: bool) -> &str {
        if is_done { "1" } else { "0" }
    }
}

fn rendered(text: &str, options: HtmlOptions<'_>) -> RenderedHtml {
    render(&parse(text, &Context::default()), &Short, options)
}

#[test]
fn the_title_is_left_out_and_sections_below_it_move_up() {
    let options = HtmlOptions { takes_title: true, ..HtmlOptions::default() };
    for (text, title, html) in [
        ("# A `b`\n\nc", "A <code>b</code>", "<p>c</p>\n"),
        ("c\n\n# A", "A", "<p>c</p>\n"),
        (
            "# A\n\n## B\n\n### C\n\n# D\n\n## E",
            "A",
            "<h2 id=\"b\">B</h2>\n<h3 id=\"c\">C</h3>\n<h2 id=\"d\">D</h2>\n<h3 id=\"e\">E</h3>\n",
        ),
        (
            "# A\n\n<h2>B</h2>\n\n# C\n\n<h2 title=\"a > b\">D</h2>",
            "A",
            "<h2 id=\"b\">B</h2>\n<h2 id=\"c\">C</h2>\n<h3 id=\"d\" title=\"a > b\">D</h3>",
        ),
    ] {
        let found = rendered(text, options);
        assert_eq!((found.title.as_deref(), &*found.html), (Some(title), html), "{text}");
    }
    assert_eq!(rendered("a", options).title, None);
}

#[test]
fn a_title_within_something_is_left_out_and_the_rest_stays_whole() {
    let options = HtmlOptions { takes_title: true, ..HtmlOptions::default() };
    for (text, html) in [
        ("> # A\n>\n> b\n\nc", "<blockquote>\n<p>b</p>\n</blockquote>\n<p>c</p>\n"),
        ("- # A\n\nc", "<ul>\n<li></li>\n</ul>\n<p>c</p>\n"),
        (
            "<div align=\"center\">\n\n# A\n\nb\n\n</div>\n\nc",
            "<div align=\"center\">\n<p>b</p>\n</div>\n<p>c</p>\n",
        ),
        (
            "<details>\n<summary>s</summary>\n\n# A\n\nb\n\n</details>\n\nc",
            "<details>\n<summary>s</summary>\n<p>b</p>\n</details>\n<p>c</p>\n",
        ),
        (
            "::: tip\n# A\n\nb\n:::\n\nc",
            "<aside class=\"box box-tip\">\n<p class=\"box-title\">tip</p>\n<p>b</p>\n</aside>\n<p>c</p>\n",
        ),
        ("<article>\n\n# A\n\n</article>\n\nc", "<article>\n</article>\n<p>c</p>\n"),
        (
            "b[^1]\n\n[^1]: # A",
            "<p>b<sup class=\"footnote-reference\"><a id=\"fnref-1\" href=\"#fn-1\">1</a></sup></p>\n\
             <section class=\"footnotes\">\n<ol>\n<li id=\"fn-1\">\n \
             <a class=\"footnote-back\" href=\"#fnref-1\" aria-label=\"↩ 1\">↩</a></li>\n</ol>\n</section>\n",
        ),
    ] {
        let found = rendered(text, options);
        assert_eq!((found.title.as_deref(), &*found.html), (Some("A"), html), "{text}");
    }
}

#[test]
fn chapters_have_lower_headings_and_ids_of_their_own() {
    let options = HtmlOptions { is_chapter: true, id_prefix: "c1-", ..HtmlOptions::default() };
    for (text, expected) in [
        ("## A", "<h3 id=\"c1-a\">A</h3>\n"),
        ("###### A", "<h6 id=\"c1-a\">A</h6>\n"),
        ("<p title=\"<h2 id=x>\">a</p>", "<p title=\"&lt;h2 id=x>\">a</p>"),
        (
            "a[^1]\n\n[^1]: b",
            "<p>a<sup class=\"footnote-reference\"><a id=\"c1-fnref-1\" href=\"#c1-fn-1\">1</a></sup></p>\n\
             <section class=\"footnotes\">\n<ol>\n<li id=\"c1-fn-1\">\n<p>b \
             <a class=\"footnote-back\" href=\"#c1-fnref-1\" aria-label=\"↩ 1\">↩</a></p>\n</li>\n</ol>\n</section>\n",
        ),
        (
            "<label for=\"q\">x</label> <p id=\"q\" aria-labelledby=\"q  r\">y</p>",
            "<p><label for=\"c1-q\">x</label> <span id=\"c1-q\" aria-labelledby=\"c1-q c1-r\">y</span></p>\n",
        ),
        (
            "<svg><lineargradient id=\"g\"></lineargradient><rect fill=\"url(#g)\"/></svg>",
            "<p><svg><lineargradient id=\"c1-g\"></lineargradient><rect fill=\"url(#c1-g)\"></rect></svg></p>",
        ),
    ] {
        let found = rendered(text, options).html;
        assert_eq!(found.trim_end(), expected.trim_end(), "{text}");
    }
}

#[test]
fn parts_that_the_document_does_not_hold_are_asked_for() {
    for (text, expected) in [
        ("[a](b) ![c](d)", "<p><a 0>a</a> <img 1></p>\n"),
        (
            "```rust\nx\n```",
            "<figure class=\"code\" data-language=\"rust\"><pre><code>0</code></pre></figure>\n",
        ),
        (
            "> [!TIP]\n> a",
            "<aside class=\"box box-tip\">\n<p class=\"box-title\">tip</p>\n<p>a</p>\n</aside>\n",
        ),
        ("<video src=a controls></video>", "<p><video controls=\"\" src=\"0\"></video></p>\n"),
        (
            "- [x] a",
            "<ul>\n<li><input checked=\"\" disabled=\"\" type=\"checkbox\" aria-label=\"1\"> a</li>\n</ul>\n",
        ),
    ] {
        assert_eq!(rendered(text, HtmlOptions::default()).html, expected, "{text}");
    }
}
