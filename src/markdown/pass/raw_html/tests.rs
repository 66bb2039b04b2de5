//! Rules of raw HTML that hold for whole texts.

use crate::markdown::{Context, Options, parse, to_html};

#[test]
fn raw_html_stays_inside_the_text() {
    for (text, expected) in [
        ("TC 先将<prepare>消息写到", "<p>TC 先将&lt;prepare&gt;消息写到</p>\n"),
        ("`x` Array<T> 与 <port>", "<p><code>x</code> Array&lt;T&gt; 与 &lt;port&gt;</p>\n"),
        ("表单 <form> 提交", "<p>表单 &lt;form&gt; 提交</p>\n"),
        ("a <b>c</b> d</div>", "<p>a <b>c</b> d</p>\n"),
        ("<font color=red>红", "<p><font color=\"red\">红</font></p>\n"),
        ("*<b>x*</b>", "<p><em>&lt;b&gt;x</em>&lt;/b&gt;</p>\n"),
        ("H<sub>2</sub>O<br>x<kbd>Esc</kbd>", "<p>H<sub>2</sub>O<br />x<kbd>Esc</kbd></p>\n"),
        ("<div>\n\n*a*\n\n</div>\n\nb", "<div>\n<p><em>a</em></p>\n</div>\n<p>b</p>\n"),
        ("</div></main></body>\n\na", "\n<p>a</p>\n"),
        ("<main>a</main>", "&lt;main&gt;a&lt;/main&gt;"),
        ("> <div>\n\na", "<blockquote>\n<div>\n</div>\n</blockquote>\n<p>a</p>\n"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (
            "<font color=red>\n\n*a*\n</font>\n\nb",
            "<font color=\"red\">\n<p><em>a</em>\n</p>\n</font>\n<p>b</p>",
        ),
        ("<b>*a</b>*", "<p><b><em>a</em></b></p>"),
        ("<img src=a>\n<img src=b>", "<img src=\"a\" alt=\"\" />\n<img src=\"b\" alt=\"\" />"),
        ("<a href=\" &ouml;\n.md \">a</a>", "<p><a href=\"%C3%B6.md\">a</a></p>"),
        ("a<![CDATA[>&<]]>", "<p>a&lt;![CDATA[&gt;&amp;&lt;]]&gt;</p>"),
        ("<p onclick=\"x()\" align='center'>a</p>", "<p align=\"center\">a</p>"),
        // The page shows its title above the text; an image beside it stays, and so do further
        // titles.
        ("<h1>a</h1>", "<div id=\"a\"></div>"),
        ("# b\n\n<h1>a</h1>", "<h2 id=\"b\">b</h2>\n<h2 id=\"a\">a</h2>"),
        (
            "<h1><img src=a>b</h1>\n\n<h1>c</h1>\n\n## d",
            "<div id=\"b\"><img src=\"a\" alt=\"\" /></div>\n<h2 id=\"c\">c</h2>\n<h2 id=\"d\">d</h2>",
        ),
        (
            "a <iframe src=\"https://x.org\"></iframe> b</iframe>",
            "<p>a <a href=\"https://x.org\">https://x.org</a> b</p>",
        ),
        (
            "<p align=center>\n\n**a**\n\n<p>b</p>\n</p>\n\nc",
            "<div align=\"center\">\n<p><strong>a</strong></p>\n<p>b</p>\n</div>\n<p>c</p>",
        ),
        ("a <div align=x>b</div> c<hr>d", "<p>a <span align=\"x\">b</span> c<br />d</p>"),
        ("<!-- a -->b", "b"),
        ("a<!-- a -->b", "<p>ab</p>\n"),
        ("<?php x ?>", "&lt;?php x ?&gt;"),
        (
            "<iframe src=\"https://e.com/a\"></iframe>",
            "<a href=\"https://e.com/a\">https://e.com/a</a>",
        ),
        ("<a name=x></a>\n\n## x", "<p><a id=\"x-1\"></a></p>\n"),
    ] {
        let html = to_html(text, Options::default());
        if text.contains("name=x") {
            assert!(html.contains("<h2 id=\"x\">") && !html.contains("<a id=\"x\""), "{html}");
            continue;
        }
        assert_eq!(html.trim_end(), expected.trim_end(), "{text}");
    }
}

#[test]
fn a_list_in_a_cell_stays_a_list() {
    let html = to_html("| a |\n|---|\n| <ul><li>b</li></ul> |", Options::default());
    assert!(html.contains("<td><ul><li>b</li></ul></td>"), "{html}");
}

#[test]
fn what_acts_on_the_whole_page_is_reported() {
    let parsed = parse("a\n\n<style>\nb {}\n</style>\n", &Context::default());
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.problems[0].location.span.line, 3);
}

#[test]
fn ids_are_unique_and_known() {
    let parsed = parse("## a\n\n<p id=\"a\">x</p><p id=b>y</p>", &Context::default());
    assert_eq!(parsed.anchors, ["b"]);
    assert_eq!(parsed.to_html().matches("id=\"a\"").count(), 1);
}

#[test]
fn words_in_brackets_are_text() {
    for text in ["List<object> x", "cp <source> <target>", "a <frame> b", "a <col> b </col> c"] {
        let expected = format!("<p>{}</p>\n", text.replace('<', "&lt;").replace('>', "&gt;"));
        assert_eq!(to_html(text, Options::default()), expected);
    }
    assert_eq!(to_html("a<br>b", Options::default()), "<p>a<br />b</p>\n");
}

#[test]
fn a_title_in_raw_html_needs_an_end() {
    let parsed = parse("<h1>Title\n\npara\n\n<div>one</div>\n\n<p>two</p>", &Context::default());
    assert_eq!(parsed.opening, crate::markdown::Opening::Text);
    let html = parsed.to_html();
    assert!(html.contains("<div>one</div>") && html.contains("<p>two</p>"), "{html}");
}

#[test]
fn the_address_of_an_embed_is_shown_and_no_prose() {
    let text = "中文\n\n<iframe src=\"https://example.org/a&amp;b\"></iframe>";
    let parsed = parse(text, &Context::default());
    assert_eq!((parsed.length.han, parsed.length.words), (2, 0));
    assert!(parsed.to_html().contains(">https://example.org/a&amp;b</a>"), "{}", parsed.to_html());
}

#[test]
fn end_tags_that_end_nothing_are_not_shown() {
    for (text, expected) in [
        ("一</br>二", "<p>一<br />二</p>"),
        ("一 </BR > 二", "<p>一 <br /> 二</p>"),
        ("- a</br>b", "<ul>\n<li>a<br />b</li>\n</ul>"),
        ("<div>a</br>b</div>", "<div>a<br />b</div>"),
        ("a</p>b</div>c</span>d</td>", "<p>abcd</p>"),
        ("<img src=a> b</img> c", "<p><img src=\"a\" alt=\"\" /> b c</p>"),
        ("a</body>b</html>", "<p>ab</p>"),
        ("a</svg></script>b", "<p>ab</p>"),
        ("a <main>b</main>", "<p>a &lt;main&gt;b&lt;/main&gt;</p>"),
        // The start tag is text and so is the end tag.
        ("a <source>b</source> c</source>", "<p>a &lt;source&gt;b&lt;/source&gt; c</p>"),
        ("a <port>b</port> c</端>", "<p>a &lt;port&gt;b&lt;/port&gt; c&lt;/端&gt;</p>"),
    ] {
        assert_eq!(to_html(text, Options::default()).trim_end(), expected, "{text}");
    }
    let cell = to_html("| a |\n|---|\n| 1</br>2</p> |", Options::default());
    assert!(cell.contains("<td>1<br />2</td>"), "{cell}");
    let parsed = parse("一</br>二</div>三</port></img>", &Context::default());
    let problems: Vec<_> = parsed.problems.iter().map(|problem| problem.location.span).collect();
    assert_eq!(problems.len(), 1, "{:?}", parsed.problems);
    assert_eq!((problems[0].line, problems[0].column, problems[0].width), (1, 8, 6));
}

#[test]
fn a_slash_does_not_end_a_link() {
    let link = "<a href=\"https://x.org/\">";
    for (text, expected) in [
        ("<a href=\"https://x.org/\"/>b</a> c", format!("<p>{link}b</a> c</p>")),
        ("<div><a href=\"https://x.org/\" />b</a> c</div>", format!("<div>{link}b</a> c</div>")),
        // Without an end it is an anchor.
        ("<a id=\"x\"/>b\n\nc", "<p><a id=\"x\"></a>b</p>\n<p>c</p>".to_owned()),
        ("<a id=\"x\"/>b *c*</a> d", "<p><a id=\"x\">b <em>c</em></a> d</p>".to_owned()),
        // An anchor without an end is not around the links behind it.
        (
            "<a name=\"x\">\n\n[b](c.md)",
            "<a id=\"x\"></a>\n<p><a href=\"c.md\">b</a></p>".to_owned(),
        ),
        ("<a id=x>b [c](d.md)", "<p><a id=\"x\"></a>b <a href=\"d.md\">c</a></p>".to_owned()),
        ("<a id=x>b</a> c", "<p><a id=\"x\">b</a> c</p>".to_owned()),
        (
            "<a name=\"x\"/> [b](c.md) <a href=\"d.md\">e</a>",
            "<p><a id=\"x\"></a> <a href=\"c.md\">b</a> <a href=\"d.md\">e</a></p>".to_owned(),
        ),
        ("<a id=\"x\"/>\n\n# b\n\n<p>c</p>", "<a id=\"x\"></a>\n<h2 id=\"b\">b</h2>".to_owned()),
    ] {
        let html = to_html(text, Options::default());
        assert!(html.starts_with(&expected), "{text}: {html}");
        assert!(parse(text, &Context::default()).problems.is_empty(), "{text}");
    }
}

#[test]
fn what_is_about_the_document_is_not_shown() {
    for (text, expected) in [
        ("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\na", "<p>a</p>"),
        ("<!DOCTYPE html>\n\na", "<p>a</p>"),
        ("a <!doctype html> b <?xml-stylesheet href=\"x\"?> c", "<p>a  b  c</p>"),
        ("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0//EN\"\n \"x.dtd\">\n<p>a</p>", "<p>a</p>"),
        // Code that is meant to be read.
        ("a <?php echo 1 ?> b", "<p>a &lt;?php echo 1 ?&gt; b</p>"),
        ("a <!ENTITY x \"y\"> b", "<p>a &lt;!ENTITY x &quot;y&quot;&gt; b</p>"),
        ("a<!-->b<!---> c", "<p>ab c</p>"),
        ("<!-->\n\na", "<p>a</p>"),
        ("<div><!-->a</div>", "<div>a</div>"),
    ] {
        let parsed = parse(text, &Context::default());
        assert_eq!(parsed.to_html().trim(), expected, "{text}");
        assert!(parsed.problems.is_empty(), "{text}: {:?}", parsed.problems);
    }
}
