//! The site as programs read it: `sitemap.xml` and `robots.txt`.
//!
//! Must not know: templates.

use std::fmt::Write as _;

use crate::config::Url;
use crate::escape::escape_into;
use crate::site::Own;

use super::Renderer;

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
}
