//! Any text with raw HTML: read as a browser reads it, its page has no script, no handler and no
//! address that runs, and what stands below the text stays below it.

#![no_main]

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use libfuzzer_sys::fuzz_target;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use notes::markdown::{Options, to_html};

fuzz_target!(|text: &str| {
    for safe_html in [false, true] {
        look_at(text, Options { safe_html, ..Options::default() });
    }
});

fn look_at(text: &str, options: Options) {
    let page =
        format!("<!doctype html><body><main>{}</main><footer></footer>", to_html(text, options));
    let dom: RcDom = parse_document(RcDom::default(), ParseOpts::default()).one(page.as_str());
    let body = child(&child(&dom.document, "html").expect("html"), "body").expect("body");
    assert!(child(&body, "footer").is_some(), "the footer is no longer beside the text: {page}");
    look(&body, &page, options.safe_html);
}

fn child(of: &Handle, wanted: &str) -> Option<Handle> {
    of.children.borrow().iter().find(|node| name(node) == wanted).cloned()
}

fn name(node: &Handle) -> String {
    match &node.data {
        NodeData::Element { name, .. } => name.local.to_string(),
        _ => String::new(),
    }
}

fn look(top: &Handle, page: &str, is_safe: bool) {
    let mut todo = vec![top.clone()];
    while let Some(node) = todo.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let refused = [
                "script", "style", "iframe", "object", "embed", "base", "meta", "link", "template",
            ];
            assert!(!refused.contains(&&*name.local), "<{}> in {page}", name.local);
            // The box of a task is the program's own.
            let is_form = ["form", "button", "select", "svg", "math"].contains(&&*name.local);
            assert!(!(is_safe && is_form), "<{}> in {page}", name.local);
            for attribute in attrs.borrow().iter() {
                let name = attribute.name.local.to_string();
                assert!(!name.starts_with("on") && name != "srcdoc", "{name} in {page}");
            }
        }
        todo.extend(node.children.borrow().iter().cloned());
    }
}
