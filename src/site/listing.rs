//! A navigation file → the entries of the navigation, resolved and repaired; or a reason to set it
//! aside.
//!
//! Must not know: how the navigation is put together from entries.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Fix, Kind, Span};
use crate::links::{PathIndex, Target, external_target};
use crate::nav::{NavEntry, NavTarget, PageId};
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};
use crate::summary::{self, Style, SummaryItem};

use super::Subject;
use super::insertion::ListedItem;
use super::nav_section::{NavSection, NavSections};
use super::reference;

/// A navigation file with its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NavigationFile {
    /// Its path; entries are relative to its folder.
    pub path: SourcePath,
    /// The path in messages.
    pub shown: String,
    /// Its text.
    pub text: Arc<str>,
    /// True if the text was made from another file, so that its lines are not those of the file.
    pub is_derived: bool,
}

/// Numbers of entries of a navigation file; every entry is in exactly one of them and in `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EntryCounts {
    /// All entries.
    pub total: usize,
    /// Those that name a page exactly.
    pub exact: usize,
    /// Those found by their loose key.
    pub repaired: usize,
    /// Those that name a folder without a note of its own.
    pub folders: usize,
    /// Those that lead to another site.
    pub external: usize,
    /// Labels without a link.
    pub labels: usize,
    /// Those that name a note that is not published yet.
    pub drafts: usize,
    /// Those that lead nowhere.
    pub dead: usize,
}

/// A navigation file as it was understood.
#[derive(Debug)]
pub(super) struct Listing {
    pub entries: Vec<NavEntry>,
    /// The headings that entries name.
    pub sections: NavSections,
    /// The lines of the file that list something; missing entries are inserted among them.
    pub items: Vec<SummaryItem>,
    pub counts: EntryCounts,
    pub problems: Vec<Diagnostic>,
    /// True if fewer than half of the entries are alive.
    pub is_stale: bool,
}

impl Listing {
    /// The items with their targets.
    pub fn listed(&self) -> Vec<ListedItem> {
        let pairs = self.items.iter().zip(&self.entries);
        pairs
            .map(|(item, entry)| ListedItem { item: item.clone(), target: entry.target.clone() })
            .collect()
    }
}

/// Resolves every entry.
pub(super) fn resolve(file: &NavigationFile, paths: &PathIndex, subjects: &[Subject]) -> Listing {
    let is_sidebar = file.path.name().eq_ignore_ascii_case("_sidebar.md");
    let style = if is_sidebar { Style::Sidebar } else { Style::Summary };
    let mut items = summary::parse(&file.text, style);
    if file.is_derived {
        for item in &mut items {
            item.place = Span::default();
        }
    }
    let mut resolver = EntryResolver {
        file,
        folder: file.path.parent(),
        paths,
        subjects,
        counts: EntryCounts { total: items.len(), ..EntryCounts::default() },
        sections: Vec::new(),
        problems: Vec::new(),
    };
    let mut entries = Vec::with_capacity(items.len());
    for item in &items {
        let target = resolver.target(item);
        let (depth, label, is_further) = (item.depth, item.label.clone(), item.is_further);
        entries.push(NavEntry { depth, label, target, is_further });
    }
    let EntryResolver { folder, counts, sections, mut problems, .. } = resolver;
    let sections = NavSections { file: file.shown.clone(), folder, list: sections };
    let alive = counts.exact + counts.repaired + counts.folders;
    let is_stale = counts.dead > alive;
    if is_stale {
        // One message instead of hundreds: such a file describes another state of the notes.
        problems = vec![stale(file, counts.dead, alive)];
    }
    Listing { entries, sections, items, counts, problems, is_stale }
}

fn stale(file: &NavigationFile, dead: usize, alive: usize) -> Diagnostic {
    let message = phrase!(
        "{dead} of {all:entry} lead nowhere; the file is not used",
        dead,
        all = dead + alive
    );
    Diagnostic::new(Kind::StaleNavigation, message)
        .in_file(file.shown.clone())
        .help(phrase!("the folders are used instead; update the file or delete it"))
}

/// Resolves the entries of a file one by one.
struct EntryResolver<'r> {
    file: &'r NavigationFile,
    folder: SourcePath,
    paths: &'r PathIndex,
    subjects: &'r [Subject],
    counts: EntryCounts,
    sections: Vec<NavSection>,
    problems: Vec<Diagnostic>,
}

impl EntryResolver<'_> {
    fn target(&mut self, item: &SummaryItem) -> NavTarget {
        let Some(destination) = &item.destination else {
            self.counts.labels += 1;
            return NavTarget::Nothing;
        };
        if let Some(Target::External(url)) = external_target(destination.trim()) {
            self.counts.external += 1;
            return NavTarget::External(url);
        }
        let Some(found) = self.paths.page(&self.folder, destination) else {
            self.without_page(item, destination);
            return NavTarget::Nothing;
        };
        if found.is_repaired {
            self.counts.repaired += 1;
            self.report_repaired(item, destination, found.page);
        } else if matches!(self.subjects[found.page.0], Subject::Folder(_)) {
            self.counts.folders += 1;
            let message = phrase!(
                "`{destination}` does not exist; using its folder, which has no note of its own",
                destination
            );
            self.problems.push(self.problem(Kind::LooseEntry, message, item));
        } else {
            self.counts.exact += 1;
        }
        if found.has_anchor {
            let (destination, place) = (destination.clone(), item.place);
            self.sections.push(NavSection { destination, place });
            return NavTarget::Section(found.page, self.sections.len() - 1);
        }
        NavTarget::Page(found.page)
    }

    /// Counts an entry that names no page, and reports it unless it names a draft.
    fn without_page(&mut self, item: &SummaryItem, destination: &str) {
        if self.paths.is_draft(&self.folder, destination) {
            self.counts.drafts += 1;
            return;
        }
        self.counts.dead += 1;
        let message =
            phrase!("`{label}` leads nowhere: `{destination}`", label = item.label, destination);
        let mut problem = self.problem(Kind::DeadEntry, message, item);
        problem = problem.help(phrase!("correct the path or remove the entry"));
        if self.counts.dead <= reference::MOST_SUGGESTED
            && let Some(meant) = self.paths.meant_by(&self.folder, destination)
        {
            problem = problem.help(reference::did_you_mean(&meant));
        }
        self.problems.push(problem);
    }

    /// Reports an entry whose page was found by the loose key of its name.
    fn report_repaired(&mut self, item: &SummaryItem, destination: &str, page: PageId) {
        let Some(new) = self.paths.written_for(&self.folder, page, destination, None) else {
            return;
        };
        let message = phrase!(
            "`{destination}` does not exist; using `{new}`, which has a similar name",
            destination,
            new
        );
        let problem = self.problem(Kind::LooseEntry, message, item);
        if self.file.is_derived {
            self.problems.push(problem.help(phrase!("correct the path")));
            return;
        }
        let fix = Fix::Replace { old: destination.to_owned(), new };
        let help = phrase!("`notes check --fix` writes the path that exists");
        self.problems.push(problem.help(help).fix(fix));
    }

    fn problem(&self, kind: Kind, message: Phrase, item: &SummaryItem) -> Diagnostic {
        Diagnostic::new(kind, message).in_file(self.file.shown.clone()).at(item.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::{PathEntry, Unpublished};

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    fn listing(text: &str) -> Listing {
        let mut paths = PathIndex::default();
        let subjects = [
            Subject::Note { index: 0, folder: None },
            Subject::Note { index: 1, folder: None },
            Subject::Folder(path("b")),
        ];
        for (at, page) in [("a.md", 0), ("b/Raft.md", 1), ("b", 2)] {
            paths.insert(path(at), PathEntry::Page(PageId(page)));
        }
        paths.insert(path("d.md"), PathEntry::Unpublished(Unpublished::Draft));
        let shown = "SUMMARY.md".to_owned();
        let text = Arc::from(text);
        let file = NavigationFile { path: path("SUMMARY.md"), shown, text, is_derived: false };
        resolve(&file, &paths, &subjects)
    }

    #[test]
    fn each_entry_is_counted_once() {
        let page = |id| NavTarget::Page(PageId(id));
        let none = EntryCounts { total: 1, ..EntryCounts::default() };
        for (line, target, counts, message) in [
            ("[A](a.md)", page(0), EntryCounts { exact: 1, ..none }, None),
            (
                "[R](raft.md)",
                page(1),
                EntryCounts { repaired: 1, ..none },
                Some("`raft.md` does not exist; using `b/Raft.md`, which has a similar name"),
            ),
            (
                "[B](b/README.md)",
                page(2),
                EntryCounts { folders: 1, ..none },
                Some(
                    "`b/README.md` does not exist; using its folder, which has no note of its own",
                ),
            ),
            (
                "[E](https://e.org)",
                NavTarget::External("https://e.org".to_owned()),
                EntryCounts { external: 1, ..none },
                None,
            ),
            ("label", NavTarget::Nothing, EntryCounts { labels: 1, ..none }, None),
            ("[D](d.md)", NavTarget::Nothing, EntryCounts { drafts: 1, ..none }, None),
        ] {
            let found = listing(&format!("- {line}\n"));
            assert_eq!(found.entries[0].target, target, "{line}");
            assert_eq!(found.counts, counts, "{line}");
            let messages: Vec<_> = found.problems.iter().map(|it| it.message.to_string()).collect();
            assert_eq!(messages, message.into_iter().collect::<Vec<_>>(), "{line}");
        }
    }

    #[test]
    fn a_file_of_mostly_dead_entries_is_stale() {
        let dead = listing("- [A](a.md)\n- [X](x/y.md)\n");
        assert!(!dead.is_stale);
        assert_eq!(dead.problems[0].message, "`X` leads nowhere: `x/y.md`");
        let stale = listing("- [A](a.md)\n- [X](x/y.md)\n- [Z](x/z.md)\n");
        assert!(stale.is_stale);
        let messages: Vec<_> = stale.problems.iter().map(|it| it.message.to_string()).collect();
        assert_eq!(messages, ["2 of 3 entries lead nowhere; the file is not used"]);
    }

    #[test]
    fn what_a_repair_writes() {
        let found = listing("- [R](./raft.md#x)\n");
        let fix = found.problems[0].fix.as_deref();
        let (old, new) = ("./raft.md#x".to_owned(), "./b/Raft.md#x".to_owned());
        assert_eq!(fix, Some(&Fix::Replace { old, new }));
    }
}
