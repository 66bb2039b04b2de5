//! A navigation file → the entries of the navigation, resolved and repaired; or a reason to set it aside.
//!
//! Must not know: how the navigation is put together from entries.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Fix, Kind};
use crate::links::{LinkResolver, PathIndex, Target};
use crate::nav::{NavEntry, NavTarget, PageId};
use crate::path::SourcePath;
use crate::summary::{self, Style, SummaryItem};

use super::Subject;

/// A navigation file with its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NavigationFile {
    /// Where it is; entries are relative to its folder.
    pub path: SourcePath,
    /// How a person would name it.
    pub shown: String,
    /// What it holds.
    pub text: Arc<str>,
}

/// How the entries of a navigation file came out; every entry is in exactly one count but `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EntryCounts {
    /// All entries.
    pub total: usize,
    /// Those that name a page exactly.
    pub exact: usize,
    /// Those found by their loose key.
    pub repaired: usize,
    /// Those that stand for a folder without a note of its own.
    pub folders: usize,
    /// Those that lead to another site.
    pub away: usize,
    /// Labels without a link.
    pub labels: usize,
    /// Those that name a note that is not published yet.
    pub drafts: usize,
    /// Those that lead nowhere.
    pub dead: usize,
}

/// What a navigation file comes to.
pub(super) struct Listing {
    pub entries: Vec<NavEntry>,
    /// What the file lists, for whoever adds to it.
    pub items: Vec<SummaryItem>,
    pub counts: EntryCounts,
    pub problems: Vec<Diagnostic>,
    /// Whether fewer than half of its entries are alive.
    pub is_stale: bool,
}

/// Resolves every entry.
pub(super) fn resolve(
    file: &NavigationFile,
    places: &Arc<PathIndex>,
    subjects: &[Subject],
) -> Listing {
    let is_sidebar = file.path.name().eq_ignore_ascii_case("_sidebar.md");
    let items =
        summary::parse(&file.text, if is_sidebar { Style::Sidebar } else { Style::Summary });
    let mut listing = Listing {
        entries: Vec::with_capacity(items.len()),
        items: Vec::new(),
        counts: EntryCounts { total: items.len(), ..EntryCounts::default() },
        problems: Vec::new(),
        is_stale: false,
    };
    let (folder, resolver) =
        (file.path.parent(), LinkResolver::new(places.clone(), 0, |_| Vec::new()));
    for item in &items {
        let leads = listing.leads(item, file, &folder, (places, &resolver), subjects);
        listing.entries.push(NavEntry {
            depth: item.depth,
            label: item.label.clone(),
            target: leads,
        });
    }
    listing.items = items;
    let local = listing.counts.exact + listing.counts.repaired + listing.counts.folders;
    listing.is_stale = listing.counts.dead > local;
    if listing.is_stale {
        let message = format!(
            "{} of {} entries lead nowhere; the file is set aside",
            listing.counts.dead,
            listing.counts.dead + local
        );
        let problem = Diagnostic::new(Kind::StaleNavigation, message).in_file(file.shown.clone());
        listing.problems =
            vec![problem.help("the folders are used instead; update the file or delete it")];
    }
    listing
}

impl Listing {
    fn leads(
        &mut self,
        item: &SummaryItem,
        file: &NavigationFile,
        folder: &SourcePath,
        (places, resolver): (&PathIndex, &LinkResolver<'_>),
        subjects: &[Subject],
    ) -> NavTarget {
        let Some(destination) = &item.destination else {
            self.counts.labels += 1;
            return NavTarget::Nothing;
        };
        if let Target::External(url) = resolver.resolve(folder, None, destination).target {
            self.counts.away += 1;
            return NavTarget::External(url);
        }
        let Some((page, repaired)) = places.page(folder, destination) else {
            if places.is_draft(folder, destination) {
                self.counts.drafts += 1;
                return NavTarget::Nothing;
            }
            self.counts.dead += 1;
            let message = format!("`{}` leads nowhere: `{destination}`", item.label);
            let problem = Diagnostic::new(Kind::DeadEntry, message)
                .in_file(file.shown.clone())
                .at(item.place);
            let help = match places.meant_by(folder, destination) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "correct the path or remove the entry".to_owned(),
            };
            self.problems.push(problem.help(help));
            return NavTarget::Nothing;
        };
        let written = places.written_for(folder, page, destination).filter(|_| repaired);
        self.count(page, repaired, (item, destination, written), file, subjects);
        NavTarget::Page(page)
    }

    fn count(
        &mut self,
        page: PageId,
        repaired: bool,
        (item, destination, written): (&SummaryItem, &str, Option<String>),
        file: &NavigationFile,
        subjects: &[Subject],
    ) {
        let names_folder = matches!(&subjects[page.0], Subject::Folder(_));
        let how = match (repaired, names_folder) {
            (true, _) => {
                self.counts.repaired += 1;
                "was found by its name"
            }
            (false, true) => {
                self.counts.folders += 1;
                "stands for its folder, which has no note of its own"
            }
            (false, false) => {
                self.counts.exact += 1;
                return;
            }
        };
        let message = format!("`{destination}` is not there; the entry {how}");
        let problem = Diagnostic::new(Kind::LooseEntry, message).in_file(file.shown.clone());
        let problem = problem.at(item.place);
        let fix = written.map(|new| Box::new(Fix::Replace { old: destination.to_owned(), new }));
        let help =
            fix.as_ref().map(|_| "`notes check --fix` writes the path that is there".to_owned());
        self.problems.push(Diagnostic { help, fix, ..problem });
    }
}
