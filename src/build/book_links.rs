//! The links of a site into the books of its library → the places there, and diagnostics about
//! those that lead nowhere.
//!
//! Must not know: how an address is recognised as that of a book, how a link is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::linked_site::LinkedSite;
use crate::books::{BookLink, BookLinkForm};
use crate::diagnostic::{Diagnostic, Kind};
use crate::links::{AnchorFit, LinkResolver, PageAnchors, Target};
use crate::nav::PageId;
use crate::page::{BookTarget, BookTargets};
use crate::path::{SourcePath, encode_destination};
use crate::site::Site;

/// Finds the places in books that links of other sites mean.
pub(super) struct BookFinder<'s> {
    books: &'s [LinkedSite],
    /// Of the books that were asked for.
    resolvers: HashMap<usize, LinkResolver<'s>>,
}

impl<'s> BookFinder<'s> {
    /// A finder in these books.
    pub fn new(books: &'s [LinkedSite]) -> Self {
        Self { books, resolvers: HashMap::new() }
    }

    /// The targets of the links of a site into books, and the problems with them.
    pub fn targets(&mut self, site: &LinkedSite) -> (BookTargets, Vec<Diagnostic>) {
        let mut known: BTreeMap<&BookLink, Option<(BookTarget, AnchorFit)>> = BTreeMap::new();
        let mut problems = Vec::new();
        let books = &site.sources().books;
        let mut unknown: BTreeSet<usize> = BTreeSet::new();
        for note in 0..site.note_count() {
            for (number, target) in site.site().targets(note).iter().enumerate() {
                if let Target::External(url) = target
                    && let Some(book) = books.maybe_at(url)
                    && site.sources().book != Some(book)
                    && unknown.insert(book)
                {
                    let problem = unknown_repository(url, &self.books[book]);
                    problems.push(site.about_link(note, number, problem));
                }
                let Target::Book(link, elsewhere) = target else { continue };
                let found = known.entry(link).or_insert_with(|| self.find(link));
                let fit = found.as_ref().map(|(_, fit)| *fit);
                let wrong = wrong_link(link, elsewhere.as_deref(), fit, self.books);
                problems.extend(wrong.map(|problem| site.about_link(note, number, problem)));
            }
        }
        let rows = site.site().matrix.iter().flat_map(|row| &row.cells);
        let of_rows = rows.flat_map(|cell| cell.article.iter().chain(&cell.code));
        for target in of_rows {
            let Target::Book(link, _) = target else { continue };
            known.entry(link).or_insert_with(|| self.find(link));
        }
        let found = known.into_iter().filter_map(|(link, found)| Some((link.clone(), found?.0)));
        (BookTargets(found.collect()), site.told(problems))
    }

    /// The place that a link means; of an address in a repository only an exact one, for there are
    /// other files than notes.
    fn find(&mut self, link: &BookLink) -> Option<(BookTarget, AnchorFit)> {
        let book = self.books.get(link.book)?;
        let resolver = self.resolvers.entry(link.book).or_insert_with(|| {
            let ids = |page: PageId| PageAnchors::of(book.note(page.0));
            LinkResolver::new(book.site().page_index().into(), book.note_count(), ids)
        });
        let anchor = link.anchor.as_deref().map(encode_destination);
        let anchor = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
        let is_exact = matches!(link.form, BookLinkForm::File | BookLinkForm::Repository);
        let find = |path: &SourcePath| {
            let destination = format!("/{}{anchor}", encode_destination(path.as_str()));
            let found = resolver.resolve(&SourcePath::root(), None, &destination);
            let Target::Page(page, id) = found.target else { return None };
            let is_meant = !is_exact || !found.repaired && has_path(book.site(), page, path);
            is_meant.then_some((page, id, found.anchor))
        };
        let (page, id, fit) = link.paths.iter().find_map(find)?;
        let site = book.site();
        let node = site.nav.of_page(page);
        let is_home = page == site.home;
        let target = BookTarget {
            route: site.page(page).route.clone(),
            id,
            is_stub: node.map_or(site.page(page).is_stub, |node| site.is_stub(node)),
            count: if is_home {
                Some(site.reading_order().len())
            } else {
                node.map(|node| site.count(node))
            },
        };
        Some((target, fit))
    }
}

/// True if a page is that of the file or folder at a path.
fn has_path(site: &Site, page: PageId, path: &SourcePath) -> bool {
    site.paths_of(page).any(|own| own == path)
}

/// The hint about the address of a repository that may be that of a book; one for each book and
/// site.
fn unknown_repository(url: &str, book: &LinkedSite) -> Diagnostic {
    let title = &book.site().title;
    let message = format!("`{url}` may be the repository of the book `{title}`");
    Diagnostic::new(Kind::BookLink, message)
        .help("set `repository` of the book, and links to its notes lead into the library")
}

/// The problem with a link into a book: that it leads nowhere there.
fn wrong_link(
    link: &BookLink,
    elsewhere: Option<&str>,
    found: Option<AnchorFit>,
    books: &[LinkedSite],
) -> Option<Diagnostic> {
    let path = link.paths.first().map(SourcePath::shown).unwrap_or_default();
    let book = books.get(link.book).map(|book| &*book.site().title).unwrap_or_default();
    match (found, elsewhere) {
        (Some(AnchorFit::Lost), _) => {
            let anchor = link.anchor.as_deref().unwrap_or_default();
            let message = format!("`{path}` in the book `{book}` has no heading `{anchor}`");
            let problem = Diagnostic::new(Kind::DeadAnchor, message);
            Some(problem.help("the link leads to the top of the page"))
        }
        (Some(_), _) => None,
        (None, None) => {
            let message = format!("the book `{book}` has no note `{path}`");
            let help = "correct the path; other files of a book are linked by their addresses";
            Some(Diagnostic::new(Kind::DeadLink, message).help(help))
        }
        (None, Some(url)) => {
            let is_note = link.paths.iter().any(SourcePath::is_markdown);
            if link.form == BookLinkForm::File && !is_note {
                return None;
            }
            let message = format!("`{url}`: the book `{book}` has no such page");
            let help = "correct the address; the link leads there, and not into the library";
            Some(Diagnostic::new(Kind::DeadLink, message).help(help))
        }
    }
}
