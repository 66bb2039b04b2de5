//! The dates of notes → the feed of the site, and those of the parts of the navigation (RFC 4287).
//!
//! Must not know: templates, where dates come from.

use std::fmt::Write as _;

use crate::escape::{escape_into, write_attribute};
use crate::nav::PageId;
use crate::path::Route;
use crate::site::{Own, Page, Site};

use super::listing::{element, is_no_xml};
use super::view::FeedView;
use super::{DatedSite, Renderer};

/// Most entries of a feed.
const NEWS: usize = 20;

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

/// A feed without its entries.
struct FeedHead<'f> {
    title: &'f str,
    id: &'f str,
    /// The addresses of what it is about and of itself.
    about: &'f str,
    own: &'f str,
}

impl Renderer<'_> {
    /// True if there are entries for a feed, and an address for them.
    pub(super) fn has_news(&self) -> bool {
        let is_news = |of: DatedSite<'_>, page: &Page| {
            !page.is_stub && moment(of, page).is_some_and(|moment| instant(&moment).is_some())
        };
        self.has_sitemap()
            && self.sites().any(|of| of.site.pages.iter().any(|page| is_news(of, page)))
    }

    /// `feed.xml`: the notes that changed last, the newest first.
    #[must_use]
    pub fn feed(&self) -> Vec<u8> {
        let pages = self
            .sites()
            .flat_map(|of| (0..of.site.pages.len()).map(move |page| (of, PageId(page))));
        let id = self.base().unwrap_or_default();
        let own = self.address_of(self.site.own.first(Own::Feed));
        let head = FeedHead { title: &self.site.title, id, about: id, own: &own };
        self.atom(&head, news(pages))
    }

    /// True for each part with a feed if it has entries.
    fn parts_with_news(&self) -> &[bool] {
        self.parts_with_news.get_or_init(|| {
            let has_news =
                |number: usize| self.pages_of_part(number).any(|page| news_entry(page).is_some());
            (0..self.site.own.fed.len()).map(has_news).collect()
        })
    }

    /// True if the feed of a part, by its number, has entries.
    #[must_use]
    pub fn has_part_news(&self, number: usize) -> bool {
        self.parts_with_news().get(number).copied().unwrap_or(false)
    }

    /// The feed of a part of the navigation, by its number.
    #[must_use]
    pub fn part_feed(&self, number: usize) -> Vec<u8> {
        let title = self.title_of_part_feed(number);
        let own = self.address_of(self.site.own.all(Own::PartFeed).get(number));
        let first = self.pages_of_part(number).next();
        let about = self.address_of(first.map(|(of, page)| &of.site.page(page).route));
        let head = FeedHead { title: &title, id: &own, about: &about, own: &own };
        self.atom(&head, news(self.pages_of_part(number)))
    }

    /// The whole address of a route; that of the site, if there is none.
    fn address_of(&self, route: Option<&Route>) -> String {
        let path = route.map(Route::url_path).unwrap_or_default();
        format!("{}{path}", self.base().unwrap_or_default())
    }

    /// The feed of the part that a page is in, as seen from the page.
    pub(super) fn feed_of_part(&self, page: PageId, route: &Route) -> Option<FeedView> {
        let nav = &self.site.nav;
        let part = *nav.trail(nav.of_page(page)?).first()?;
        let number = self.site.own.feed_of(part)?;
        let feed = self.site.own.all(Own::PartFeed).get(number)?;
        let is_there = self.has_feed() && self.has_part_news(number);
        is_there
            .then(|| FeedView { title: self.title_of_part_feed(number), href: route.href_to(feed) })
    }

    fn title_of_part_feed(&self, number: usize) -> String {
        format!("{} · {}", self.site.label(self.site.own.fed[number]), self.site.title)
    }

    fn pages_of_part(&self, number: usize) -> impl Iterator<Item = (DatedSite<'_>, PageId)> {
        let of = self.dated();
        self.site.nav.pages_from(self.site.own.fed[number]).into_iter().map(move |page| (of, page))
    }

    fn atom(&self, head: &FeedHead<'_>, news: Vec<NewsEntry<'_>>) -> Vec<u8> {
        let base = self.base().unwrap_or_default();
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
        element(&mut xml, "title", head.title);
        element(&mut xml, "id", head.id);
        element(&mut xml, "updated", news.first().map_or("", |first| &first.moment));
        let _ = write!(xml, "\n<link");
        write_attribute(&mut xml, "href", head.about);
        xml.push_str("/>\n<link rel=\"self\"");
        write_attribute(&mut xml, "href", head.own);
        xml.push_str("/>\n");
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
}

/// The notes of some pages with something to read of which it is known when they changed, the
/// newest first.
fn news<'s>(pages: impl Iterator<Item = (DatedSite<'s>, PageId)>) -> Vec<NewsEntry<'s>> {
    let mut news: Vec<NewsEntry<'_>> = pages.filter_map(news_entry).collect();
    news.sort_by(|a, b| (b.instant, &a.page.route).cmp(&(a.instant, &b.page.route)));
    news.truncate(NEWS);
    news
}

/// The entry of a page; `None` if it has nothing to read, or it is not known when it changed.
fn news_entry((of, id): (DatedSite<'_>, PageId)) -> Option<NewsEntry<'_>> {
    let page = of.site.page(id);
    let moment = moment(of, page).filter(|_| !page.is_stub)?;
    Some(NewsEntry { instant: instant(&moment)?, moment, page, id, site: of.site })
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
