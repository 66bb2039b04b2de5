//! The navigation as one page shows it: the parts, and of its own part the end of the way down to
//! it with the entries beside that and below the page. Bounded in width and depth, whatever the
//! size of the site.
//!
//! Must not know: templates.

use std::ops::Range;

use crate::escape::escape_into;
use crate::escape::write_attribute;
use crate::matrix::Href;
use crate::nav::{NavTarget, NodeId, PageId};
use crate::path::{Route, encode_path};
use crate::site::Site;

use super::label::Labels;
use super::trail::{GAP, ShownTrail};

/// Entries of one list that a page shows; of a longer one, those around the page and a link to all.
const MOST_ENTRIES: usize = 80;

/// Writes entries for one page.
pub(super) struct Sidebar<'a> {
    pub site: &'a Site,
    pub labels: &'a Labels,
    /// Address of the page that shows them.
    pub here: &'a Route,
    /// The page itself, if the navigation has it.
    pub page: Option<PageId>,
}

impl Sidebar<'_> {
    /// The sidebar.
    pub fn html(&self) -> String {
        let node = self.page.and_then(|page| self.site.nav.of_page(page));
        let nav = &self.site.nav;
        let open = match node {
            Some(node) => ShownTrail::down_to(nav, node),
            None => ShownTrail { first: Vec::new(), hidden: None, last: Vec::new() },
        };
        let mut html = String::with_capacity(4096);
        self.branch(&mut html, &nav.roots, &open.first, &open);
        html
    }

    /// The whole navigation, for its own page.
    pub fn whole(&self) -> String {
        let mut html = String::new();
        self.list(&mut html, &self.site.nav.roots);
        html
    }

    fn list(&self, html: &mut String, nodes: &[NodeId]) {
        if nodes.is_empty() {
            return;
        }
        html.push_str("<ul>\n");
        for &node in nodes {
            html.push_str("<li>");
            self.entry(html, node, false);
            self.list(html, &self.site.nav.node(node).children);
            html.push_str("</li>\n");
        }
        html.push_str("</ul>\n");
    }

    /// A list whose entry in `trail`, a part of the whole way `open`, is open.
    fn branch(&self, html: &mut String, nodes: &[NodeId], trail: &[NodeId], open: &ShownTrail) {
        if nodes.is_empty() {
            return;
        }
        let first = trail.first().copied();
        // Entries of a list are numbered in their order.
        let at = first.and_then(|first| nodes.binary_search(&first).ok());
        let shown = window(nodes.len(), at.unwrap_or(0));
        // The one part that there is says nothing while it is closed.
        let nav = &self.site.nav;
        let sole = nav.sole_part.filter(|_| nodes.first() == nav.roots.first());
        html.push_str("<ul>\n");
        for &node in &nodes[shown.clone()] {
            let is_open = Some(node) == first;
            let is_branch = !self.site.nav.node(node).children.is_empty();
            html.push_str(if is_branch { "<li class=\"branch\">" } else { "<li>" });
            self.entry(html, node, is_open && trail.len() == 1 && open.ends_in(node));
            if is_open {
                self.below(html, node, &trail[1..], open);
            } else if Some(node) == sole {
                self.branch(html, &nav.node(node).children, &[], open);
            }
            html.push_str("</li>\n");
        }
        if shown.len() < nodes.len() {
            self.more(html, nodes);
        }
        html.push_str("</ul>\n");
    }

    /// The entries below an open one; instead of some levels, a link to the lowest of them.
    fn below(&self, html: &mut String, node: NodeId, trail: &[NodeId], open: &ShownTrail) {
        let nav = &self.site.nav;
        let Some(hidden) = open.hidden.filter(|_| trail.is_empty() && !open.ends_in(node)) else {
            self.branch(html, &nav.node(node).children, trail, open);
            return;
        };
        html.push_str("<ul>\n<li class=\"gap\"><a class=\"more\"");
        write_attribute(html, "href", &self.href(hidden).unwrap_or_default().href);
        html.push('>');
        escape_into(html, GAP);
        html.push_str("</a>");
        self.branch(html, &nav.node(hidden).children, &open.last, open);
        html.push_str("</li>\n</ul>\n");
    }

    /// The entry that leads to all of a list too long to show.
    fn more(&self, html: &mut String, nodes: &[NodeId]) {
        let parent = nodes.first().and_then(|&node| self.site.nav.node(node).parent);
        let page = parent.and_then(|parent| match self.site.nav.node(parent).target {
            NavTarget::Page(page) => Some(&self.site.page(page).route),
            _ => None,
        });
        html.push_str("<li><a class=\"more\"");
        write_attribute(html, "href", &self.here.href_to(page.unwrap_or(self.site.own.contents())));
        html.push('>');
        escape_into(html, &format!("{} ({})", self.labels.get("more"), nodes.len()));
        html.push_str("</a></li>\n");
    }

    /// One entry. A label without a page of its own leads to the first page below it.
    pub fn entry(&self, html: &mut String, node: NodeId, is_here: bool) {
        let (label, short) = (self.site.label(node), self.site.short_label(node));
        let Some(Href { href, is_external }) = self.href(node) else {
            html.push_str("<span");
            Self::whole_label(html, label, short);
            html.push('>');
            escape_into(html, short);
            html.push_str("</span>");
            return;
        };
        html.push_str("<a");
        write_attribute(html, "href", &href);
        if is_external {
            write_attribute(html, "rel", "external");
        }
        if is_here {
            write_attribute(html, "aria-current", "page");
        }
        if self.site.is_stub(node) {
            write_attribute(html, "class", "stub");
        }
        Self::whole_label(html, label, short);
        html.push('>');
        escape_into(html, short);
        html.push_str("</a>");
    }

    /// The whole of a label that is shown in short.
    fn whole_label(html: &mut String, label: &str, short: &str) {
        if short.len() < label.len() {
            write_attribute(html, "title", label);
        }
    }

    /// The address of an entry as seen from here: its own, else that of the first entry below it
    /// that has one.
    pub fn href(&self, node: NodeId) -> Option<Href> {
        let mut node = node;
        loop {
            match &self.site.nav.node(node).target {
                NavTarget::Page(page) => {
                    let href = self.here.href_to(&self.site.page(*page).route);
                    return Some(Href { href, is_external: false });
                }
                NavTarget::Section(page, number) => {
                    let id = self.site.section_id(*number);
                    let anchor = id.map_or_else(String::new, |id| format!("#{}", encode_path(id)));
                    let href = self.here.href_to(&self.site.page(*page).route) + &anchor;
                    return Some(Href { href, is_external: false });
                }
                NavTarget::External(url) => {
                    return Some(Href { href: url.clone(), is_external: true });
                }
                NavTarget::Nothing => node = *self.site.nav.node(node).children.first()?,
            }
        }
    }
}

/// The entries of a long list that are shown, around the one at `at`.
fn window(length: usize, at: usize) -> Range<usize> {
    if length <= MOST_ENTRIES {
        return 0..length;
    }
    let from = at.saturating_sub(MOST_ENTRIES / 2).min(length - MOST_ENTRIES);
    from..from + MOST_ENTRIES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::fixture::site;

    #[test]
    fn long_lists_show_what_is_around_the_page() {
        for (length, at, expected) in [
            (3, 1, 0..3),
            (80, 79, 0..80),
            (1000, 0, 0..80),
            (1000, 500, 460..540),
            (1000, 999, 920..1000),
        ] {
            assert_eq!(window(length, at), expected);
        }
    }

    #[test]
    fn only_the_way_to_the_page_is_open() {
        let site = site(&[
            ("README.md", "# 首页\n\n文"),
            ("a/README.md", "# 甲\n\n文"),
            ("a/b.md", "# 乙\n"),
            ("c/README.md", "# 丙\n\n文"),
            ("c/d.md", "# 丁\n\n文"),
        ]);
        let labels = Labels::new("zh-CN", &std::collections::BTreeMap::new());
        let page = site.pages.iter().position(|page| &*page.title == "乙").map(PageId);
        let here = &site.page(page.unwrap()).route;
        let sidebar = Sidebar { site: &site, labels: &labels, here, page };
        let expected = r#"<ul>
<li class="branch"><a href="index.html">甲</a><ul>
<li><a href="b.html" aria-current="page" class="stub">乙</a></li>
</ul>
</li>
<li class="branch"><a href="../c/index.html">丙</a></li>
</ul>
"#;
        assert_eq!(sidebar.html(), expected);
    }
}
