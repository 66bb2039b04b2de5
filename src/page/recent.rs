//! The dates of notes → those that were changed last, for the home page and on a page of their own.
//!
//! Must not know: where dates come from.

use super::view::{ChangedDayView, ChangedNoteView, PageKind, RecentView};
use super::{PageInputs, Renderer};
use crate::history::NoteHistory;
use crate::nav::PageId;
use crate::path::{Route, SourcePath};
use crate::site::{Own, Page};

/// Pages that are listed on the home page, and on the page of changes.
const MOST: usize = 6;
const MOST_CHANGES: usize = 200;
/// Renames of a day that are listed: more come of a new order of a folder, and are counted alone.
const MOST_RENAMES: usize = 8;

/// A note's page with the day of its last change, and its history if git has one.
struct DatedPage<'p> {
    day: &'p str,
    past: Option<&'p NoteHistory>,
    page: &'p Page,
}

/// A change of a note, or a rename.
struct NoteChange<'p> {
    day: &'p str,
    page: &'p Page,
    is_new: bool,
    /// The path before, if it was renamed on that day.
    former: Option<&'p SourcePath>,
    /// True if it was renamed and not changed.
    is_rename: bool,
}

impl<'p> DatedPage<'p> {
    /// The change of the page, and its rename if that was later.
    fn changes(&self) -> impl Iterator<Item = NoteChange<'p>> + use<'p> {
        let Self { day, past, page } = *self;
        let renamed = past.and_then(|past| past.renamed.as_ref());
        let renamed_on = |wanted: &str| renamed.filter(|rename| rename.day() == wanted);
        let change = NoteChange {
            day,
            page,
            is_new: past.is_some_and(|past| past.first_day() == day),
            former: renamed_on(day).map(|rename| &rename.from),
            is_rename: false,
        };
        let later = renamed.filter(|rename| rename.day() > day).map(|rename| NoteChange {
            day: rename.day(),
            page,
            is_new: false,
            former: Some(&rename.from),
            is_rename: true,
        });
        std::iter::once(change).chain(later)
    }
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
                Some(DatedPage { day, past: dated_site.past(page), page })
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
        let mut changes: Vec<NoteChange<'_>> =
            self.dated_pages().iter().flat_map(DatedPage::changes).collect();
        // The order is stable: changes of one day in that of the notes.
        changes.sort_by(|one, other| other.day.cmp(one.day));
        let mut left = MOST_CHANGES;
        for of_day in changes.chunk_by(|one, other| one.day == other.day) {
            if left == 0 {
                break;
            }
            let renames = of_day.iter().filter(|change| change.is_rename).count();
            let lists_renames = renames <= MOST_RENAMES;
            let listed = of_day.iter().filter(|change| lists_renames || !change.is_rename);
            let notes: Vec<ChangedNoteView> =
                listed.take(left).map(|change| changed_note(change, route)).collect();
            left -= notes.len();
            let more = (!lists_renames).then(|| self.labels.renamed_notes(renames));
            view.changes.push(ChangedDayView { day: self.labels.day(of_day[0].day), notes, more });
        }
        Self::plain("changes.html", view)
    }

    /// From a page to the page of changes, if there is one.
    pub(super) fn href_of_changes(&self, route: &Route) -> Option<String> {
        let page = self.site.own.first(Own::Changes).filter(|_| self.has_changes())?;
        Some(route.href_to(page))
    }
}

fn changed_note(change: &NoteChange<'_>, route: &Route) -> ChangedNoteView {
    ChangedNoteView {
        title: change.page.title.to_string(),
        href: route.href_to(&change.page.route),
        is_new: change.is_new,
        former: change.former.map(ToString::to_string),
    }
}
