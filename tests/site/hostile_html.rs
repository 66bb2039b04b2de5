//! The ways around filters for raw HTML that are known (OWASP, "XSS Filter Evasion Cheat Sheet",
//! and of later years), each as a note: read as a browser reads it, its page runs nothing, loads
//! nothing and sends nothing, and the frame around the text is that of any page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::fixture::{Built, Folder};

/// One to a line.
const WAYS: &str = include_str!("filter-evasion.txt");
/// Elements that no note brings into a page.
const REFUSED: [&str; 22] = [
    "animate",
    "applet",
    "base",
    "bgsound",
    "embed",
    "foreignobject",
    "frame",
    "frameset",
    "iframe",
    "isindex",
    "keygen",
    "link",
    "marquee",
    "meta",
    "noscript",
    "object",
    "script",
    "set",
    "style",
    "template",
    "textarea",
    "use",
];
/// Elements that no note of strangers brings into a page.
const REFUSED_OF_STRANGERS: [&str; 6] = ["button", "form", "math", "option", "select", "svg"];
/// Attributes that hold an address.
const ADDRESSES: [&str; 10] = [
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "ping",
    "poster",
    "src",
    "srcset",
];
/// Properties that a note of strangers may set.
const PROPERTIES: [&str; 5] =
    ["background-color", "color", "font-style", "font-weight", "text-align"];

/// A site of a note for each way, as one line of a text and as a block.
fn site(config: &str) -> Built {
    let mut files = format!(
        r"-- notes.yaml
{config}
-- README.md
# 首页
-- control.md
# 对照

暗号 尾声
"
    );
    for (number, way) in WAYS.lines().enumerate() {
        let _ = write!(
            files,
            r"-- line{number}.md
# 题

暗号 {way} 其后

尾声
-- block{number}.md
# 题

暗号

{way}
其后

尾声
"
        );
    }
    Folder::new(&files).build(&["--quiet"])
}

/// An element and the attributes that it has.
type Element = (String, BTreeMap<String, String>);

/// The elements below a node, those of the text apart: (frame, text).
fn elements(page: &str) -> (Vec<Element>, Vec<Element>) {
    let dom: RcDom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    let (mut frame, mut text) = (Vec::new(), Vec::new());
    let mut todo: Vec<(Handle, bool)> = vec![(dom.document.clone(), false)];
    while let Some((node, is_text)) = todo.pop() {
        let mut is_text = is_text;
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let attributes = attrs.borrow();
            let attributes =
                attributes.iter().map(|a| (a.name.local.to_string(), a.value.to_string()));
            let element = (name.local.to_lowercase(), attributes.collect());
            if is_text {
                text.push(element);
            } else {
                frame.push(element);
            }
            is_text |= &*name.local == "article";
        }
        todo.extend(node.children.borrow().iter().map(|child| (child.clone(), is_text)));
    }
    (frame, text)
}

/// Dangerous effects of an element.
fn harm((name, attributes): &Element, is_safe: bool) -> Option<String> {
    if REFUSED.contains(&name.as_str())
        || (is_safe && REFUSED_OF_STRANGERS.contains(&name.as_str()))
    {
        return Some(format!("<{name}>"));
    }
    attributes.iter().find_map(|(key, value)| {
        let address: String =
            value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let address = address.to_lowercase();
        let is_image = name == "img" && key == "src" && address.starts_with("data:image/");
        let runs = ["javascript:", "vbscript:", "livescript:", "data:", "blob:", "file:"];
        let leads = ADDRESSES.contains(&key.as_str())
            && runs.iter().any(|begin| address.starts_with(begin))
            && !is_image;
        let moves = key == "style"
            && value.split(';').filter(|part| !part.trim().is_empty()).any(|declaration| {
                let property =
                    declaration.split(':').next().unwrap_or_default().trim().to_lowercase();
                let is_known = if is_safe {
                    PROPERTIES.contains(&property.as_str())
                } else {
                    !["position", "behavior", "margin-left", "transform", "background-image"]
                        .contains(&property.as_str())
                };
                !is_known
                    || declaration.to_lowercase().contains("url")
                    || declaration.contains("expression")
            });
        let names = is_safe
            && (key == "class"
                && !["dead", "missing", "wrap", "code", "table"].contains(&value.as_str())
                && !value.starts_with("box"));
        (key.starts_with("on") || key == "srcdoc" || key == "autofocus" || leads || moves || names)
            .then(|| format!("{name} {key}={value}"))
    })
}

/// Attributes that differ between any two pages: addresses, titles and descriptions.
fn comparable(frame: &[Element]) -> Vec<(String, Vec<String>)> {
    let own = |attributes: &BTreeMap<String, String>| {
        let kept = attributes
            .iter()
            .filter(|(key, _)| matches!(key.as_str(), "id" | "class" | "rel" | "type" | "name"));
        kept.map(|(key, value)| format!("{key}={value}")).collect()
    };
    // The outline, neighbours and description differ from note to note.
    let stays = [
        "script", "style", "link", "form", "input", "button", "iframe", "base", "nav", "main",
        "header", "footer", "body", "html", "dialog",
    ];
    let kept = frame.iter().filter(|(name, attributes)| {
        stays.contains(&name.as_str()) && !attributes.contains_key("rel")
    });
    kept.map(|(name, attributes)| (name.clone(), own(attributes))).collect()
}

#[test]
fn known_script_injections_are_harmless() {
    for (config, is_safe) in [("title: 笔记", false), ("html: safe", true)] {
        let built = site(config);
        assert_eq!(built.code, 0, "{}", built.printed);
        let (frame, _) = elements(&built.file("control.html"));
        let expected = comparable(&frame);
        assert!(expected.iter().filter(|(name, _)| name == "script").count() > 0);
        for (number, way) in WAYS.lines().enumerate() {
            for page in [format!("line{number}.html"), format!("block{number}.html")] {
                let html = built.file(&page);
                let (frame, text) = elements(&html);
                assert_eq!(comparable(&frame), expected, "{config}: {page}: {way}");
                let found: Vec<String> =
                    text.iter().filter_map(|element| harm(element, is_safe)).collect();
                assert_eq!(
                    found,
                    Vec::<String>::new(),
                    "{config}: {page}: {way}\n{}",
                    built.text(&page)
                );
                let is_comment =
                    way.starts_with("<!--") && !way.contains("-->") || way.starts_with("```");
                assert!(is_comment || html.contains("尾声"), "{config}: {page}: {way}");
            }
        }
    }
}

#[test]
fn safe_html_keeps_formatting_and_drops_the_rest() {
    let note = r#"
        -- notes.yaml
        html: safe
        -- a.md
        # 甲

        <div align="center" class="panel" style="color: red; width: 100vw"><b>粗</b> H<sub>2</sub>O</div>

        - [x] 做

        > [!TIP]
        > 注

        ```rust
        fn main() {}
        ```

        | a |
        |---|
        | **b** |

        <details><summary>s</summary>t</details>

        <form action="/x"><input name=q></form>

        ![图](https://e.org/a.png) [链](https://e.org)
    "#;
    let built = Folder::new(note).build(&[]);
    let text = built.text("a.html");
    for expected in [
        "<div align=\"center\" style=\"color:red\"><b>粗</b> H<sub>2</sub>O</div>",
        "type=\"checkbox\"",
        "class=\"box box-tip\"",
        "<figure class=\"code\" data-language=\"rust\"><pre><code><span class=",
        "<strong>b</strong>",
        "<details><summary>s</summary>t</details>",
        "&lt;form action=",
        "<img src=\"https://e.org/a.png\" alt=\"图\" loading=\"lazy\" decoding=\"async\" \
         referrerpolicy=\"no-referrer\" />",
        "<a href=\"https://e.org\" rel=\"external\">链</a>",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(built.printed.contains("`<form>` is shown as text"), "{}", built.printed);
}
