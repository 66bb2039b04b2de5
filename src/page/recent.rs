//! The dates of notes → those that were changed last, for the home page.
//!
//! Must not know: where dates come from.

use super::Renderer;
use super::view::RecentView;
use crate::nav::PageId;
use crate::path::Route;
use crate::site::Page;

/// Pages that are listed.
const MOST: usize = 6;

impl Renderer<'_> {
    /// The pages that were changed last, the latest first; none if all were changed on one day,
    /// for then the dates say nothing: the notes came into the repository together.
    pub(super) fn recent(&self, route: &Route) -> Vec<RecentView> {
        let mut dated: Vec<(&str, &Page)> = Vec::new();
        for dated_site in self.sites() {
            let site = dated_site.site;
            let pages = site.pages.iter().enumerate().filter(|(index, page)| {
                *index != site.home.0
                    && !page.is_stub
                    && page.subject.note().is_some()
                    && !site.translations.is_translation(PageId(*index))
            });
            dated.extend(pages.filter_map(|(_, page)| Some((dated_site.changed(page)?, page))));
        }
        let days = || dated.iter().map(|(day, _)| *day);
        if days().min() == days().max() {
            return Vec::new();
        }
        // The order is stable: pages of one day in that of the notes.
        dated.sort_by(|(day, _), (other, _)| other.cmp(day));
        dated.truncate(MOST);
        let view = |(day, page): (&str, &Page)| RecentView {
            title: page.title.to_string(),
            href: route.href_to(&page.route),
            day: self.labels.day(day),
        };
        dated.into_iter().map(view).collect()
    }
}
