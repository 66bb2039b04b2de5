//! A page's HTML → what the audit asks about it.

use html5ever::tendril::TendrilSink as _;
use html5ever::{Attribute, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A page as a browser would understand it.
#[derive(Debug, Default)]
pub struct Page {
    /// `lang` of `<html>`.
    pub language: String,
    /// The text of `<title>`.
    pub title: String,
    /// How many `<h1>`, `<main>` and `<nav>` there are.
    pub headings: usize,
    pub mains: usize,
    pub navs: usize,
    /// Every `<a href>`.
    pub links: Vec<Link>,
    /// Every id.
    pub ids: Vec<String>,
    /// Every file that the page loads.
    pub assets: Vec<Asset>,
    /// Where `rel="prev"` and `rel="next"` lead.
    pub previous: Option<String>,
    pub next: Option<String>,
    /// Scripts without a source, and event handlers.
    pub inline_scripts: usize,
    /// Images without `alt`.
    pub images_without_alt: usize,
}

/// A link.
#[derive(Debug)]
pub struct Link {
    pub href: String,
    /// Whether it stands in `<main>`.
    pub in_text: bool,
}

/// A file that a page loads.
#[derive(Debug)]
pub struct Asset {
    pub url: String,
    /// Whether it is the writer's own image, which may come from elsewhere.
    pub is_image: bool,
}

/// Relations of `<link>` that name something without loading it.
const NAMING: [&str; 5] = ["canonical", "alternate", "license", "author", "me"];

impl Page {
    /// Reads a page.
    pub fn read(html: &str) -> Self {
        let document = parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html).document;
        let mut page = Self::default();
        // The nodes to visit, with what they stand in; a stack of our own, for notes may be nested deep.
        let mut waiting = vec![(document.clone(), Around::default())];
        while let Some((node, mut around)) = waiting.pop() {
            match &node.data {
                NodeData::Element { name, attrs, .. } => {
                    page.element(&name.local, &attrs.borrow(), around);
                    around.title = &*name.local == "title" && !around.drawing;
                    around.text |= &*name.local == "main";
                    around.drawing |= &*name.local == "svg";
                }
                NodeData::Text { contents } if around.title => page.title.push_str(&contents.borrow()),
                _ => {}
            }
            waiting.extend(children(&node).into_iter().rev().map(|child| (child, around)));
        }
        // Only now: a node that goes takes all below it along.
        drop(document);
        page
    }

    fn element(&mut self, name: &str, attributes: &[Attribute], around: Around) {
        let attribute =
            |name: &str| attributes.iter().find(|a| &*a.name.local == name).map(|a| a.value.to_string());
        self.ids.extend(attribute("id"));
        self.inline_scripts += attributes.iter().filter(|a| a.name.local.starts_with("on")).count();
        match name {
            "html" => self.language = attribute("lang").unwrap_or_default(),
            "h1" => self.headings += 1,
            "main" => self.mains += 1,
            "nav" => self.navs += 1,
            "a" => self.link(attribute("href"), &attribute("rel").unwrap_or_default(), around.text),
            "link" => {
                let names = attribute("rel")
                    .unwrap_or_default()
                    .split(' ')
                    .any(|relation| NAMING.contains(&relation));
                let url = attribute("href").filter(|_| !names);
                self.assets.extend(url.map(|url| Asset { url, is_image: false }));
            }
            "script" => match attribute("src") {
                Some(url) => self.assets.push(Asset { url, is_image: false }),
                None => self.inline_scripts += 1,
            },
            "img" => {
                self.images_without_alt += usize::from(attribute("alt").is_none());
                self.assets.extend(attribute("src").map(|url| Asset { url, is_image: true }));
            }
            _ => {}
        }
    }

    fn link(&mut self, href: Option<String>, relations: &str, in_text: bool) {
        let Some(href) = href else { return };
        for relation in relations.split(' ') {
            match relation {
                "prev" => self.previous = Some(href.clone()),
                "next" => self.next = Some(href.clone()),
                _ => {}
            }
        }
        self.links.push(Link { href, in_text });
    }
}

/// What a node stands in.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    /// `<title>` of the page.
    title: bool,
    /// `<main>`.
    text: bool,
    /// `<svg>`.
    drawing: bool,
}

fn children(node: &Handle) -> Vec<Handle> {
    node.children.borrow().clone()
}
