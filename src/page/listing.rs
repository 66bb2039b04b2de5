//! The site as programs read it: `sitemap.xml`, `robots.txt` and `llms.txt`.
//!
//! Must not know: templates.

use std::fmt::Write as _;

use crate::config::Url;
use crate::escape::escape_into;
use crate::nav::NodeId;
use crate::site::{Own, Site, Subject};

use super::{DatedSite, Renderer};

/// Writes an element with a text in it.
pub(super) fn element(xml: &mut String, name: &str, text: &str) {
    let _ = write!(xml, "<{name}>");
    escape_into(xml, &text.replace(is_no_xml, ""));
    let _ = write!(xml, "</{name}>");
}

/// True for characters that no XML document may hold (XML 1.0 §2.2).
pub(super) fn is_no_xml(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}') || c < ' ' && !matches!(c, '\t' | '\n' | '\r')
}

/// A text on one line that is no Markdown.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace(['[', ']'], "")
}

impl Renderer<'_> {
    /// The address of the site, if it is known.
    pub(super) fn base(&self) -> Option<&str> {
        self.config.base_url.as_ref().map(Url::as_str)
    }

    /// True if the site's address is known; a sitemap needs it.
    #[must_use]
    pub fn has_sitemap(&self) -> bool {
        self.base().is_some()
    }

    /// `sitemap.xml`: the address of every page with something to read, and when it was changed
    /// (sitemaps.org, 0.9).
    #[must_use]
    pub fn sitemap(&self) -> Vec<u8> {
        let base = self.base().unwrap_or_default();
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        let mut urls: Vec<(String, Option<&str>)> = Vec::new();
        for of in self.sites() {
            let readable = of.site.pages.iter().filter(|page| !page.is_stub);
            urls.extend(readable.map(|page| (page.route.url_path(), of.changed(page))));
        }
        urls.sort();
        for (url, changed) in urls {
            xml.push_str("<url>");
            element(&mut xml, "loc", &format!("{base}{url}"));
            if let Some(day) = changed {
                element(&mut xml, "lastmod", day);
            }
            xml.push_str("</url>\n");
        }
        xml.push_str("</urlset>\n");
        xml.into_bytes()
    }

    /// `robots.txt`: everything may be read, and where the sitemap is (RFC 9309).
    #[must_use]
    pub fn robots(&self) -> Vec<u8> {
        let sitemap = self.base().zip(self.site.own.first(Own::Sitemap));
        let sitemap =
            sitemap.map(|(base, route)| format!("\nSitemap: {base}{}\n", route.url_path()));
        format!("User-agent: *\nAllow: /\n{}", sitemap.unwrap_or_default()).into_bytes()
    }

    /// `llms.txt`: the site as a list of links in Markdown, part by part (llmstxt.org).
    #[must_use]
    pub fn llms(&self) -> Vec<u8> {
        let mut text = format!("# {}\n", plain(&self.site.title));
        if let Some(description) = &self.config.description {
            let _ = write!(text, "\n> {}\n", plain(description));
        }
        for &part in &self.site.nav.roots {
            let _ = write!(text, "\n## {}\n\n", plain(self.site.label(part)));
            self.list(&mut text, self.site, part);
        }
        for DatedSite { site, .. } in self.sites().skip(1) {
            let _ = write!(text, "\n## {}\n\n", plain(&site.title));
            for &part in &site.nav.roots {
                self.list(&mut text, site, part);
            }
        }
        text.into_bytes()
    }

    /// The notes at an entry and below.
    fn list(&self, text: &mut String, site: &Site, top: NodeId) {
        let base = self.base().unwrap_or_default();
        let mut todo = vec![top];
        while let Some(node) = todo.pop() {
            let entry = site.nav.node(node);
            todo.extend(entry.children.iter().rev());
            let Some(page) = site.nav.page_at(node) else { continue };
            let page = site.page(page);
            if page.is_stub || matches!(page.subject, Subject::Folder(_)) {
                continue;
            }
            // In a destination of Markdown brackets have to be pairs.
            let path = page.route.url_path().replace('(', "%28").replace(')', "%29");
            let _ = write!(text, "- [{}]({base}{path})", plain(&page.title));
            if !page.summary.is_empty() {
                let _ = write!(text, ": {}", plain(&page.summary));
            }
            text.push('\n');
        }
    }
}
