//! The navigation below a page → a mind map of it, as a drawing and as a list.
//!
//! Must not know: how a mind map is laid out.

use super::sidebar::Sidebar;
use super::{DatedSite, Renderer};
use crate::diagram::{self, Topic};
use crate::escape::{escape_into, write_attribute, write_url};
use crate::matrix::Href;
use crate::nav::{NodeId, PageId};
use crate::path::Route;

/// A map with more topics shows fewer levels: it would be larger than a wall.
const MOST_TOPICS: usize = 80;
/// The most levels.
const DEEPEST: usize = 4;

impl Renderer<'_> {
    /// The map of the part whose first page this is: where its note asks for one, and on the pages
    /// of parts where the settings do.
    pub(super) fn map_of(&self, id: PageId) -> Option<String> {
        let page = self.site.page(id);
        let nav = &self.site.nav;
        let is_home = id == self.site.home;
        let node = nav.of_page(id).filter(|_| !is_home);
        let is_part = || node.is_some_and(|node| nav.roots.contains(&node));
        let is_wanted = page.has_map || self.config.maps && is_part();
        if !is_wanted {
            return None;
        }
        let below = match node {
            Some(node) => nav.node(node).children.clone(),
            None if is_home => nav.roots.clone(),
            None => Vec::new(),
        };
        if below.is_empty() {
            return if is_home { self.map_of_books(&page.route, &page.title) } else { None };
        }
        let outline = OutlineMap { renderer: self, route: &page.route };
        outline.html(&page.title, &below)
    }
}

impl Renderer<'_> {
    /// The map of a library whose own folder has no notes: its books.
    fn map_of_books(&self, route: &Route, title: &str) -> Option<String> {
        let (mut hrefs, mut topics, mut list) = (Vec::new(), Vec::new(), String::from("<ul>\n"));
        for DatedSite { site, .. } in self.sites().skip(1) {
            let href =
                Href { href: route.href_to(&site.page(site.home).route), is_external: false };
            list.push_str("<li><a");
            write_href(&mut list, &href);
            list.push('>');
            escape_into(&mut list, &site.title);
            list.push_str("</a></li>\n");
            let link = Some(href.href.clone());
            topics.push(Topic { label: site.title.clone(), link, below: Vec::new() });
            hrefs.push(href);
        }
        list.push_str("</ul>\n");
        if topics.is_empty() { None } else { self.figure(title, topics, &hrefs, &list) }
    }

    /// The drawing of some topics, with the same as a list; the links have the order of the topics.
    fn figure(
        &self,
        title: &str,
        topics: Vec<Topic>,
        hrefs: &[Href],
        list: &str,
    ) -> Option<String> {
        let root = Topic { label: title.to_owned(), link: None, below: topics };
        let drawing = diagram::draw_topics(&root).ok()?;
        let mut html =
            String::from("<figure class=\"diagram map\"><svg role=\"graphics-document\"");
        write_attribute(&mut html, "aria-label", title);
        drawing.write(&mut html, "page:map:", |out, link| {
            if let Some(href) = hrefs.get(link) {
                write_href(out, href);
            }
        });
        html.push_str("<details><summary>");
        escape_into(&mut html, self.labels.get("mind_map_topics"));
        html.push_str("</summary>\n");
        html.push_str(list);
        html.push_str("</details></figure>\n");
        Some(html)
    }
}

/// The outline below a page.
struct OutlineMap<'m> {
    renderer: &'m Renderer<'m>,
    route: &'m Route,
}

impl OutlineMap<'_> {
    fn html(&self, title: &str, below: &[NodeId]) -> Option<String> {
        let depth = (1..=DEEPEST).rev().find(|&depth| self.count(below, depth) <= MOST_TOPICS);
        let depth = depth.unwrap_or(1);
        let mut hrefs = Vec::new();
        let topics = below.iter().map(|&node| self.topic(node, depth, &mut hrefs)).collect();
        let mut list = String::new();
        self.list(&mut list, below);
        self.renderer.figure(title, topics, &hrefs, &list)
    }

    /// Number of entries on so many levels.
    fn count(&self, nodes: &[NodeId], depth: usize) -> usize {
        let nav = &self.renderer.site.nav;
        let mut count = 0;
        let mut level: Vec<NodeId> = nodes.to_vec();
        for _ in 0..depth {
            count += level.len();
            if count > MOST_TOPICS {
                break;
            }
            level = level.iter().flat_map(|&node| nav.node(node).children.clone()).collect();
        }
        count
    }

    /// An entry with those below it on so many levels; adds the addresses of its links in the order
    /// in which they are drawn.
    fn topic(&self, node: NodeId, depth: usize, hrefs: &mut Vec<Href>) -> Topic {
        let site = self.renderer.site;
        let href = self.href(node);
        let link = href.as_ref().map(|href| href.href.clone());
        hrefs.extend(href);
        let children = &site.nav.node(node).children;
        let mut label = site.short_label(node).to_owned();
        if depth == 1 && !children.is_empty() {
            label = format!("{label} ({})", site.count(node));
        }
        let below = if depth > 1 { &children[..] } else { &[] };
        Topic {
            label,
            link,
            below: below.iter().map(|&child| self.topic(child, depth - 1, hrefs)).collect(),
        }
    }

    fn href(&self, node: NodeId) -> Option<Href> {
        let Self { renderer, route } = self;
        Sidebar { site: renderer.site, labels: &renderer.labels, here: route, page: None }
            .href(node)
    }

    /// The whole outline as a list; what has entries below folds.
    fn list(&self, html: &mut String, nodes: &[NodeId]) {
        let site = self.renderer.site;
        html.push_str("<ul>\n");
        // Deep outlines must not exhaust the stack.
        let mut open: Vec<std::slice::Iter<'_, NodeId>> = vec![nodes.iter()];
        while let Some(level) = open.last_mut() {
            let Some(&node) = level.next() else {
                open.pop();
                html.push_str(if open.is_empty() { "</ul>\n" } else { "</ul></details></li>\n" });
                continue;
            };
            let children = &site.nav.node(node).children;
            html.push_str(if children.is_empty() { "<li>" } else { "<li><details><summary>" });
            self.entry(html, node);
            if children.is_empty() {
                html.push_str("</li>\n");
            } else {
                html.push_str("</summary>\n<ul>\n");
                open.push(children.iter());
            }
        }
    }

    fn entry(&self, html: &mut String, node: NodeId) {
        let label = self.renderer.site.label(node);
        match self.href(node) {
            Some(href) => {
                html.push_str("<a");
                write_href(html, &href);
                html.push('>');
                escape_into(html, label);
                html.push_str("</a>");
            }
            None => escape_into(html, label),
        }
    }
}

fn write_href(out: &mut String, Href { href, is_external }: &Href) {
    if *is_external {
        write_url(out, "href", href);
        write_attribute(out, "rel", "external");
    } else {
        write_attribute(out, "href", href);
    }
}
