//! The dates of notes → those that were changed last, for the home page and on a page of their own.
//!
//! Must not know: where dates come from.

use super::view::{ChangedDayView, ChangedNoteView, PageKind, RecentView};
use super::{PageInputs, Renderer};
use crate::history::NoteHistory;
use crate::nav::PageId;
use crate::path::Route;
use crate::site::{Own, Page};

/// Pages that are listed on the home page, and on the page of changes.
const MOST: usize = 6;
const MOST_CHANGES: usize = 200;

/// A note's page with the days of its last and of its first change.
struct DatedPage<'p> {
    day: &'p str,
    first_day: Option<&'p str>,
    page: &'p Page,
}

impl Renderer<'_> {
    /// The pages whose days are known; none if all were changed on one day, for then the dates say
    /// nothing: the notes came into the repository together.
    fn dated_pages(&self) -> Vec<DatedPage<'_>> {
        let mut dated: Vec<DatedPage<'_>> = Vec::new();
        for dated_site in self.sites() {
            let site = dated_site.site;
            let pages = site.pages.iter().enumerate().filter(|(index, page)| {
                *index != site.home.0
                    && !page.is_stub
                    && page.subject.note().is_some()
                    && !site.translations.is_translation(PageId(*index))
            });
            dated.extend(pages.filter_map(|(_, page)| {
                let day = dated_site.changed(page)?;
                let past = dated_site.past(page);
                Some(DatedPage { day, first_day: past.map(NoteHistory::first_day), page })
            }));
        }
        let first = dated.first().map(|first| first.day);
        if dated.iter().all(|dated| Some(dated.day) == first) { Vec::new() } else { dated }
    }

    /// Those that were changed last, the latest first.
    fn changed_last(&self, most: usize) -> Vec<DatedPage<'_>> {
        let mut dated = self.dated_pages();
        // The order is stable: pages of one day in that of the notes.
        dated.sort_by(|one, other| other.day.cmp(one.day));
        dated.truncate(most);
        dated
    }

    /// The first of them, for the home page.
    pub(super) fn recent(&self, route: &Route) -> Vec<RecentView> {
        let view = |DatedPage { day, page, .. }: DatedPage<'_>| RecentView {
            title: page.title.to_string(),
            href: route.href_to(&page.route),
            day: self.labels.day(day),
        };
        self.changed_last(MOST).into_iter().map(view).collect()
    }

    /// True if there is a page of changes.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        !self.dated_pages().is_empty()
    }

    /// The page with the notes that were changed last, by day.
    #[must_use]
    pub fn changes<'r>(&'r self, route: &'r Route) -> PageInputs<'r> {
        let mut view = self.frame(route, None, self.labels.get("recent"));
        view.page.kind = PageKind::Changes;
        let mut last = None;
        for DatedPage { day, first_day, page } in self.changed_last(MOST_CHANGES) {
            if last != Some(day) {
                last = Some(day);
                view.changes.push(ChangedDayView { day: self.labels.day(day), notes: Vec::new() });
            }
            let note = ChangedNoteView {
                title: page.title.to_string(),
                href: route.href_to(&page.route),
                is_new: first_day == Some(day),
            };
            if let Some(of_day) = view.changes.last_mut() {
                of_day.notes.push(note);
            }
        }
        Self::plain("changes.html", view)
    }

    /// From a page to the page of changes, if there is one.
    pub(super) fn href_of_changes(&self, route: &Route) -> Option<String> {
        let page = self.site.own.first(Own::Changes).filter(|_| self.has_changes())?;
        Some(route.href_to(page))
    }
}
