//! A page's HTML → what the audit asks about it. Reads tags one by one, as they stand: an element
//! that a note opens and never closes has to harm a page as little here as in a browser.

use html5ever::ParseOpts;
use html5ever::tendril::TendrilSink;
use html5ever::tokenizer::TokenizerOpts;
use html5ever::tree_builder::TreeBuilderOpts;
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, StartTag, Token, Tokenizer};
use markup5ever_rcdom::RcDom;

use super::finding::Part;

/// The contents of a page.
#[derive(Debug, Default)]
pub struct Page {
    /// The text of the `<title>` in the head.
    pub title: String,
    /// `lang` of `<html>`.
    pub language: Option<String>,
    /// The number of `<h1>`.
    pub headings: usize,
    /// The number of `<main>`.
    pub mains: usize,
    /// The number of `<nav>`.
    pub navigations: usize,
    /// Every id in its order.
    pub ids: Vec<String>,
    /// Every `<a href>`.
    pub links: Vec<Link>,
    /// Every file that the page loads.
    pub assets: Vec<Asset>,
    /// The target of `rel="prev"`.
    pub previous: Option<String>,
    /// The target of `rel="next"`.
    pub next: Option<String>,
    /// Parse errors.
    pub errors: Vec<String>,
    /// Scripts without a source, event handlers, and addresses that are scripts.
    pub inline_scripts: Vec<String>,
    /// The number of images without `alt`, not even an empty one.
    pub images_without_alt: usize,
}

/// A link.
#[derive(Debug)]
pub struct Link {
    pub href: String,
    pub part: Part,
}

/// A file that a page loads.
#[derive(Debug)]
pub struct Asset {
    pub address: String,
    /// An image may be the writer's own, on another host.
    pub is_image: bool,
}

/// Relations of `<link>` that name an address without loading it.
const NAMING: [&str; 5] = ["canonical", "alternate", "license", "author", "me"];
/// Types of `<script>` that hold data.
const DATA: [&str; 2] = ["application/json", "application/ld+json"];

/// The elements around the place between two tags.
#[derive(Default)]
struct Around {
    /// The number of open `<main>`.
    mains: usize,
    is_title: bool,
    is_body: bool,
}

/// The parse errors that html5ever finds in a page.
fn parse_errors(html: &str) -> Vec<String> {
    let options = ParseOpts {
        tokenizer: TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() },
        tree_builder: TreeBuilderOpts { exact_errors: true, ..TreeBuilderOpts::default() },
    };
    let dom = html5ever::parse_document(RcDom::default(), options).one(html);
    dom.errors.take().into_iter().map(std::borrow::Cow::into_owned).collect()
}

impl Page {
    /// Reads a page.
    pub fn read(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        // The content of `<script>`, `<title>` and the like is text.
        emitter.naively_switch_states(true);
        let mut page = Self { errors: parse_errors(html), ..Self::default() };
        let mut around = Around::default();
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => page.start(&tag, &mut around),
                Token::EndTag(tag) => end(&tag.name, &mut around),
                Token::String(text) if around.is_title => page.title.push_str(&text_of(&text)),
                Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        page
    }

    fn start(&mut self, tag: &StartTag<()>, around: &mut Around) {
        let attribute =
            |name: &str| tag.attributes.get(name.as_bytes()).map(|value| text_of(value));
        self.ids.extend(attribute("id"));
        let handlers = tag.attributes.keys().filter(|name| name.starts_with(b"on"));
        self.inline_scripts.extend(handlers.map(text_of));
        match text_of(&tag.name).as_str() {
            "html" => self.language = attribute("lang"),
            "body" => around.is_body = true,
            "title" => around.is_title = !around.is_body,
            "h1" => self.headings += 1,
            "nav" => self.navigations += 1,
            "main" => {
                self.mains += 1;
                around.mains += 1;
            }
            "a" => {
                let part = if around.mains > 0 { Part::Text } else { Part::Frame };
                self.anchor(attribute("href"), attribute("rel"), part);
            }
            "link" => self.relation(attribute("href"), attribute("rel")),
            "script" => match attribute("src") {
                Some(address) => self.assets.push(Asset { address, is_image: false }),
                None if attribute("type").is_some_and(|kind| DATA.contains(&kind.as_str())) => {}
                None => self.inline_scripts.push("script".to_owned()),
            },
            "img" => {
                self.images_without_alt += usize::from(attribute("alt").is_none());
                self.assets
                    .extend(attribute("src").map(|address| Asset { address, is_image: true }));
            }
            _ => {}
        }
        if tag.self_closing {
            end(&tag.name, around);
        }
    }

    fn anchor(&mut self, href: Option<String>, rel: Option<String>, part: Part) {
        let Some(href) = href else { return };
        match order(&rel.unwrap_or_default()) {
            Some(Order::Previous) => self.previous = Some(href.clone()),
            Some(Order::Next) => self.next = Some(href.clone()),
            None => {}
        }
        let is_script = |start: &str| start.eq_ignore_ascii_case("javascript:");
        if href.trim_start().get(.."javascript:".len()).is_some_and(is_script) {
            self.inline_scripts.push(href.clone());
        }
        self.links.push(Link { href, part });
    }

    /// A `<link>`. What the text says of the order of pages comes before what the head says.
    fn relation(&mut self, href: Option<String>, rel: Option<String>) {
        let (Some(address), rel) = (href, rel.unwrap_or_default()) else { return };
        match order(&rel) {
            Some(Order::Previous) => drop(self.previous.get_or_insert(address)),
            Some(Order::Next) => drop(self.next.get_or_insert(address)),
            None if rel.split_whitespace().any(|name| NAMING.contains(&name)) => {}
            None => self.assets.push(Asset { address, is_image: false }),
        }
    }
}

/// A step in the order of pages.
enum Order {
    Previous,
    Next,
}

fn order(rel: &str) -> Option<Order> {
    rel.split_whitespace().find_map(|name| match name {
        "prev" => Some(Order::Previous),
        "next" => Some(Order::Next),
        _ => None,
    })
}

fn end(name: &HtmlString, around: &mut Around) {
    match name.as_slice() {
        b"main" => around.mains = around.mains.saturating_sub(1),
        b"title" => around.is_title = false,
        _ => {}
    }
}

fn text_of(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[test]
fn pages_are_parsed_as_html() {
    let page = Page::read(
        "<!DOCTYPE html><html lang=en><title>a &amp; <b></title><link rel=next href=x.html><link \
         rel=icon href=i.svg>\
         <body><NAV><a href=f.html>f</a></NAV><svg><title>s</title></svg><!-- <h1> \
         --><script>'<h1>'</script>\
         <main id=m><form><h1 id>1</h1><a href='t.html' rel='external next'>t</a><a \
         name=n></a><img></main><a href=g.html>",
    );
    assert_eq!((page.title.as_str(), page.language.as_deref()), ("a & <b>", Some("en")));
    assert_eq!(
        (page.headings, page.mains, page.navigations, page.images_without_alt),
        (1, 1, 1, 1)
    );
    assert_eq!(page.ids, ["m", ""]);
    let links: Vec<_> = page.links.iter().map(|link| (link.href.as_str(), link.part)).collect();
    assert_eq!(links, [("f.html", Part::Frame), ("t.html", Part::Text), ("g.html", Part::Frame)]);
    assert_eq!((page.previous, page.next.as_deref()), (None, Some("t.html")));
    assert_eq!(
        page.assets.iter().map(|asset| asset.address.as_str()).collect::<Vec<_>>(),
        ["i.svg"]
    );
    assert_eq!(page.inline_scripts, ["script"]);
}
