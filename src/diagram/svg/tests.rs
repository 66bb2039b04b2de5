//! Tests of the cleaner: SVG as it is given, and as it is kept.

use super::*;

/// The inside of the cleaned SVG with these elements, ids and links marked.
fn cleaned(inside: &str) -> String {
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{inside}</svg>"#
    );
    let diagram = clean(&svg).unwrap_or_default();
    let mut marked = String::new();
    let mut from = 0;
    for hole in &diagram.holes {
        marked.push_str(&diagram.svg[from..hole.at as usize]);
        marked.push_str(match hole.kind {
            HoleKind::IdPrefix => "p-",
            HoleKind::Link(_) => " LINK",
        });
        from = hole.at as usize;
    }
    marked.push_str(&diagram.svg[from..]);
    let start = " viewBox=\"0 0 9 9\" width=\"9\" height=\"9\" fill=\"var(--diagram-text)\">";
    let inside = marked.strip_prefix(start).and_then(|rest| rest.strip_suffix("</svg>"));
    inside.unwrap_or(&marked).to_owned()
}

#[test]
fn only_shapes_and_text_are_kept() {
    for (svg, expected) in [
        ("<rect width='1.23456' height='2'/>", "<rect height=\"2\" width=\"1.23\"/>"),
        ("<script>alert(1)</script><g><g><style>*{}</style></g></g>", ""),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", ""),
        ("<image href='http://x/a.png'/><animate/><set/><iframe/><filter id='a'/>", ""),
        ("<path d='M0 0' onload='alert(1)' class='x' data-x='y'/>", "<path d=\"M0 0\"/>"),
        ("<path d='M0 0&quot;&gt;'/>", "<path/>"),
        (
            "<path d='M0 0' fill='url(http://x/)' stroke='url(#none) red'/>",
            "<path d=\"M0 0\" stroke=\"url(#p-0)\"/>",
        ),
        ("<rect/><rect width='0' height='2'/><rect width='2' height='NaN'/>", ""),
        ("<line x1='NaN' x2='' y1='1'/><polygon points=''/>", "<line y1=\"1\"/><polygon/>"),
        ("<path style='; ;stroke-width: 2'/>", "<path stroke-width=\"2\"/>"),
        (
            "<style>.a,[id$=\"-end\"]{fill:none}</style><path id='b-end'/><path/>",
            "<path fill=\"none\"/><path/>",
        ),
        ("<text>a &lt;b&gt; &amp;</text>", "<text>a &lt;b&gt; &amp;</text>"),
        (
            "<g><title>a<path/><title>&lt;/svg></title></title><path/></g>",
            "<title>a&lt;/svg&gt;</title><path/>",
        ),
        ("<text>a<path/><text>b</text></text>", "<text>a</text>"),
        ("<a href='a.md'><g/></a>", ""),
        (
            "<g id='a'><use href='#a'/><path/></g><use href='#a'/>",
            "<g id=\"p-0\"><path/></g><use href=\"#p-0\"/>",
        ),
        (
            "<text><tspan>a</tspan><tspan x='1'>b</tspan></text>",
            "<text>a<tspan x=\"1\">b</tspan></text>",
        ),
        ("<g display='none'><path/></g>", ""),
        ("<a xlink:href='javascript:alert(1)'><path/></a>", "<a LINK><path/></a>"),
        (
            "<use xlink:href='#a'/><symbol id='a'><path/></symbol>",
            "<use href=\"#p-0\"/><symbol id=\"p-0\"><path/></symbol>",
        ),
        ("<use href='http://x/#a'/>", "<use/>"),
        ("<marker id='a'><path/></marker>", ""),
        (
            "<marker id='a'><path/></marker><path marker-end='url(#a)'/>",
            "<marker id=\"p-0\"><path/></marker><path marker-end=\"url(#p-0)\"/>",
        ),
    ] {
        assert_eq!(cleaned(svg), expected, "{svg}");
    }
}

#[test]
fn styles_become_properties() {
    for (svg, expected) in [
        (
            "<style>.a{fill:#f00}#b.a{fill:#0f0}</style><path class='a' id='b'/>",
            "<path fill=\"#00ff00\"/>",
        ),
        (
            "<style>path{fill:#f00!important}</style><path style='fill:#00f'/>",
            "<path fill=\"#ff0000\"/>",
        ),
        (
            "<style>g .a>path{stroke-width:2px}</style><g><g class='a'><path/></g></g>",
            "<path stroke-width=\"2\"/>",
        ),
        ("<style>path{fill:expression(alert(1));stroke:url(http://x)}</style><path/>", "<path/>"),
        (
            "<style>@import url(http://x);</style><path style='background:url(http://x)'/>",
            "<path/>",
        ),
        (
            "<g fill='#f00'><path fill='red'/><path fill='blue'/></g>",
            "<g fill=\"#ff0000\"><path/><path fill=\"#0000ff\"/></g>",
        ),
        (
            "<path stroke-dasharray='1, 0'/><path stroke-dasharray='3'/>",
            "<path/><path stroke-dasharray=\"3\"/>",
        ),
    ] {
        assert_eq!(cleaned(svg), expected, "{svg}");
    }
}

#[test]
fn black_and_white_follow_the_scheme() {
    for (svg, expected) in [
        (
            "<path fill='white' stroke='#000'/>",
            "<path fill=\"var(--diagram-ground)\" stroke=\"var(--diagram-text)\"/>",
        ),
        (
            "<path fill='rgba(255,255,255,.5)'/>",
            "<path fill=\"color-mix(in srgb, var(--diagram-ground) 50%, transparent)\"/>",
        ),
        ("<path fill='none' stroke='transparent'/>", "<path fill=\"none\"/>"),
    ] {
        assert_eq!(cleaned(svg), expected, "{svg}");
    }
}

#[test]
fn text_on_a_chosen_colour_can_be_read() {
    for (fill, expected) in [("#fe9", "#000"), ("#123", "#fff"), ("#000", "var(--diagram-ground)")]
    {
        let svg = format!(
            "<g transform='translate(100)'><rect fill='{fill}' x='-9' y='-9' width='18' height='18'/>\
             <g transform='scale(2)'><text>a</text></g></g><text>b</text>"
        );
        let cleaned = cleaned(&svg);
        assert!(cleaned.contains(&format!("<text fill=\"{expected}\">a</text>")), "{cleaned}");
        assert!(cleaned.ends_with("<text>b</text>"), "{cleaned}");
    }
    // A hole in a tag is beside its label, not below it.
    let tag = "<g><rect fill='#fff' width='20' height='9'/><circle cx='2' cy='4' r='1' fill='#000'/>\
               <text x='5' y='4'>v1</text></g>";
    assert!(cleaned(tag).contains("<text x=\"5\" y=\"4\">v1"), "{}", cleaned(tag));
    let own = "<rect fill='#123' width='9' height='9'/><text x='1' y='1' fill='#f00'>a</text>";
    assert!(cleaned(own).contains("#ff0000"));
}

#[test]
fn labels_are_words() {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg"><title>题</title><desc>说明</desc>
        <text><tspan>两阶段</tspan><tspan>提交 two</tspan><tspan>phase</tspan></text><text> </text><text>b</text></svg>"#;
    let diagram = clean(svg).unwrap_or_default();
    assert_eq!(diagram.words, "两阶段提交 two phase\nb\n");
    assert_eq!(
        (diagram.title.as_deref(), diagram.description.as_deref()),
        (Some("题"), Some("说明"))
    );
}

#[test]
fn what_is_no_drawing_or_too_large_is_refused() {
    let (open, close) = ("<g transform='scale(1)'>".repeat(5_000), "</g>".repeat(5_000));
    let deep = clean(&format!("<svg>{open}<path/>{close}<path/></svg>")).unwrap_or_default();
    assert_eq!(deep.svg.matches("<path").count(), 1, "only the one that is not too deep");
    let wide = format!("<svg>{}</svg>", "<path/>".repeat(250_000));
    let entities =
        r#"<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg><text>&b;</text></svg>"#;
    for svg in ["", "<svg", "<html/>", "text", &wide, entities] {
        assert!(clean(svg).is_err(), "{}", &svg[..svg.len().min(60)]);
    }
}
