//! The site as programs read it: `sitemap.xml`, a feed of what changed last, `robots.txt` and
//! `llms.txt`.
//!
//! Must not know: templates.

use std::fmt::Write as _;

use crate::config::Url;
use crate::escape::{escape_into, write_attribute};
use crate::nav::{NodeId, PageId};
use crate::site::{Own, Page, Site, Subject};

use super::{DatedSite, Renderer};

/// Most entries of the feed.
const NEWS: usize = 20;

/// Writes an element with a text in it.
fn element(xml: &mut String, name: &str, text: &str) {
    let _ = write!(xml, "<{name}>");
    escape_into(xml, &text.replace(is_no_xml, ""));
    let _ = write!(xml, "</{name}>");
}

/// True for characters that no XML document may hold (XML 1.0 §2.2).
fn is_no_xml(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}') || c < ' ' && !matches!(c, '\t' | '\n' | '\r')
}

/// When a moment (RFC 3339) was, as seconds of one clock; `None` for what is none.
fn instant(moment: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| moment.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let zone = moment.get(19..)?;
    let ahead = match zone.chars().next()? {
        'Z' => 0,
        sign => {
            let away = number(20..22)? * 60 + number(23..25)?;
            if sign == '-' { -away } else { away }
        }
    };
    // Days since a first of March, after which leap days come last in their years (Hinnant,
    // days_from_civil).
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    Some(((days * 24 + hour) * 60 + minute - ahead) * 60 + second)
}

/// A text on one line that is no Markdown.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace(['[', ']'], "")
}

/// The moment of the last change of a note (RFC 3339): a day of front matter begins at midnight in
/// UTC.
fn moment(of: DatedSite<'_>, page: &Page) -> Option<String> {
    let told = page.changed.as_ref().map(|day| format!("{day}T00:00:00Z"));
    told.or_else(|| of.past(page).map(|past| past.changed.clone()))
}

/// A note in the feed.
struct NewsEntry<'s> {
    /// The moment of its last change, as a number of seconds and as text.
    instant: i64,
    moment: String,
    page: &'s Page,
    id: PageId,
    site: &'s Site,
}

impl Renderer<'_> {
    /// The address of the site, if it is known.
    fn base(&self) -> Option<&str> {
        self.config.base_url.as_ref().map(Url::as_str)
    }

    /// True if the site's address is known; a sitemap needs it.
    #[must_use]
    pub fn has_sitemap(&self) -> bool {
        self.base().is_some()
    }

    /// True if there are entries for a feed, and an address for them.
    pub(super) fn has_news(&self) -> bool {
        let is_news = |of: DatedSite<'_>, page: &Page| {
            !page.is_stub && moment(of, page).is_some_and(|moment| instant(&moment).is_some())
        };
        self.has_sitemap()
            && self.sites().any(|of| of.site.pages.iter().any(|page| is_news(of, page)))
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

    /// The notes with something to read of which it is known when they changed, the newest first.
    fn news(&self) -> Vec<NewsEntry<'_>> {
        let mut news: Vec<NewsEntry<'_>> = Vec::new();
        for of in self.sites() {
            let pages = of.site.pages.iter().enumerate().filter(|(_, page)| !page.is_stub);
            news.extend(pages.filter_map(|(number, page)| {
                let moment = moment(of, page)?;
                let instant = instant(&moment)?;
                Some(NewsEntry { instant, moment, page, id: PageId(number), site: of.site })
            }));
        }
        news.sort_by(|a, b| (b.instant, &a.page.route).cmp(&(a.instant, &b.page.route)));
        news
    }

    /// `feed.xml`: the notes that changed last, the newest first (RFC 4287).
    #[must_use]
    pub fn feed(&self) -> Vec<u8> {
        let base = self.base().unwrap_or_default();
        let mut news = self.news();
        news.truncate(NEWS);
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
        element(&mut xml, "title", &self.site.title);
        element(&mut xml, "id", base);
        element(&mut xml, "updated", news.first().map_or("", |first| &first.moment));
        let _ = write!(xml, "\n<link href=\"");
        escape_into(&mut xml, base);
        xml.push_str("\"/>\n");
        let author = self.config.author.as_deref().unwrap_or(&self.site.title);
        xml.push_str("<author>");
        element(&mut xml, "name", author);
        xml.push_str("</author>\n");
        for NewsEntry { moment, page, id, site, .. } in news {
            let url = format!("{base}{}", page.route.url_path());
            xml.push_str("<entry>");
            element(&mut xml, "title", &page.title);
            element(&mut xml, "id", &url);
            element(&mut xml, "updated", &moment);
            xml.push_str("<link href=\"");
            escape_into(&mut xml, &url);
            xml.push_str("\"/>");
            if !page.summary.is_empty() {
                element(&mut xml, "summary", &page.summary);
            }
            for tag in site.tags.of_page(id) {
                xml.push_str("<category");
                write_attribute(&mut xml, "term", &tag.name.replace(is_no_xml, ""));
                xml.push_str("/>");
            }
            xml.push_str("</entry>\n");
        }
        xml.push_str("</feed>\n");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_ordered_across_zones_months_and_leap_days() {
        let ordered = [
            "1999-12-31T23:59:59Z",
            "2000-02-28T00:00:00Z",
            "2000-02-29T23:00:00+00:00",
            "2000-02-29T23:00:00-02:00",
            "2024-05-04T01:00:00+08:00",
            "2024-05-03T23:30:00-08:00",
        ];
        let instants: Vec<_> = ordered.iter().map(|moment| instant(moment).unwrap()).collect();
        assert!(instants.is_sorted_by(|a, b| a < b), "{instants:?}");
        assert_eq!(instants[2] - instants[1], 47 * 3600);
        assert_eq!(instants[5] - instants[4], 14 * 3600 + 1800);
        for none in ["", "%cI", "2024-05-03", "2024-05-03T00:00:00", "二〇二四年五月三日零时零分"]
        {
            assert_eq!(instant(none), None, "{none}");
        }
    }
}
