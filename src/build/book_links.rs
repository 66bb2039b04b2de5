//! The links of a site into the books of its library → the places there, the files of books that
//! are published because of them, and diagnostics about those that lead nowhere or were found
//! loosely.
//!
//! Must not know: how an address is recognised as that of a book, the HTML of links.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::linked_site::LinkedSite;
use crate::books::{BookLink, BookLinkForm};
use crate::diagnostic::{Diagnostic, Kind};
use crate::links::{
    AnchorFit, LinkResolver, PageAnchors, PathEntry, Resolved, Target, Unpublished,
};
use crate::markdown::Link;
use crate::nav::PageId;
use crate::page::{BookPage, BookTarget, BookTargets};
use crate::path::{Route, SourcePath, anchor_key, encode_destination, percent_decode};
use crate::phrase::phrase;
use crate::site::{FurtherFiles, Site, linked_entry, loose_link, unpublished};
use crate::source::{Entry, Tree};

/// Finds the places in books that links of other sites mean.
pub(super) struct BookFinder<'s> {
    books: &'s [LinkedSite],
    /// Of the books that were asked for.
    resolvers: HashMap<usize, LinkResolver<'s>>,
    /// The files of books that no note of their own links to.
    further: BTreeMap<usize, FurtherFiles>,
}

/// The meaning of a link into a book.
enum Meant {
    /// A page, and the way in which it was found.
    Page(BookPage, Resolved),
    File(Route),
    /// A file or folder that is not published, and its address in the book's repository.
    Unpublished(SourcePath, Unpublished, Option<String>),
    Nothing,
}

impl<'s> BookFinder<'s> {
    /// A finder in these books.
    pub fn new(books: &'s [LinkedSite]) -> Self {
        Self { books, resolvers: HashMap::new(), further: BTreeMap::new() }
    }

    /// The files that books publish because other books link to them, by the number of the book.
    pub fn further_files(self) -> BTreeMap<usize, BTreeMap<SourcePath, Route>> {
        self.further.into_iter().map(|(book, files)| (book, files.all())).collect()
    }

    /// The targets of the links of a site into books, and the problems with them.
    pub fn targets(&mut self, site: &LinkedSite) -> (BookTargets, Vec<Diagnostic>) {
        let mut known: BTreeMap<&BookLink, Meant> = BTreeMap::new();
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
                let meant = known.entry(link).or_insert_with(|| self.find(link));
                let written = &site.note(note).parsed.links[number];
                let wrong = wrong_link(link, written, elsewhere.as_deref(), meant, self.books);
                let loose = self.loose(written, link, meant);
                let told = wrong.into_iter().chain(loose);
                problems.extend(told.map(|problem| site.about_link(note, number, problem)));
            }
        }
        let rows = site.site().matrix.iter().flat_map(|row| &row.cells);
        let of_rows = rows.flat_map(|cell| cell.article.iter().chain(&cell.code));
        for target in of_rows {
            let Target::Book(link, _) = target else { continue };
            known.entry(link).or_insert_with(|| self.find(link));
        }
        let target = |(link, meant): (&BookLink, Meant)| {
            let target = match meant {
                Meant::Page(page, _) => BookTarget::Page(page),
                Meant::File(route) => BookTarget::File(route),
                Meant::Unpublished(_, why, url)
                    if why != Unpublished::Draft && link.form == BookLinkForm::Path =>
                {
                    BookTarget::Repository(url?)
                }
                Meant::Unpublished(..) | Meant::Nothing => return None,
            };
            Some((link.clone(), target))
        };
        (BookTargets(known.into_iter().filter_map(target).collect()), site.told(problems))
    }

    /// The meaning of a link. One to the address of a file in a repository leads there, unless that
    /// is a note, as in the notes' own repository.
    fn find(&mut self, link: &BookLink) -> Meant {
        if link.form != BookLinkForm::Picture
            && let Some((page, resolved)) = self.find_page(link)
        {
            return Meant::Page(page, resolved);
        }
        if !matches!(link.form, BookLinkForm::Path | BookLinkForm::Picture) {
            return Meant::Nothing;
        }
        let mut meant = link.paths.iter().filter_map(|path| self.find_file(link.book, path));
        meant.next().unwrap_or(Meant::Nothing)
    }

    /// The meaning of a link to a file or folder that is no page.
    fn find_file(&mut self, book: usize, path: &SourcePath) -> Option<Meant> {
        let linked = self.books.get(book)?;
        let (tree, config) = (linked.published(), &linked.sources().config);
        let entry = match tree.entries.get(path) {
            Some(entry) => linked_entry(path, entry, config)?,
            None if is_in_hidden(tree, path) => PathEntry::Unpublished(Unpublished::Hidden),
            None => return None,
        };
        Some(match entry {
            PathEntry::Page(_) => return None,
            PathEntry::File => Meant::File(self.file(book, linked, path)),
            PathEntry::Unpublished(why) => {
                let url = config.source.as_ref().map(|pattern| pattern.url(path));
                Meant::Unpublished(path.clone(), why, url)
            }
        })
    }

    /// The route of a file of a book, which is published because of this.
    fn file(&mut self, book: usize, linked: &LinkedSite, path: &SourcePath) -> Route {
        if let Some(route) = linked.site().files.get(path) {
            return route.clone();
        }
        let place = || linked.sources().place().cloned().unwrap_or_default();
        let further = self.further.entry(book);
        further.or_insert_with(|| FurtherFiles::new(linked.site(), place())).route(path)
    }

    /// The page that a link means; of an address in a repository only an exact one, for there are
    /// other files than notes.
    fn find_page(&mut self, link: &BookLink) -> Option<(BookPage, Resolved)> {
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
            let Target::Page(page, id) = &found.target else { return None };
            let (page, id) = (*page, id.clone());
            // A draft or a folder of code at the very path is meant, not a note of a similar name.
            let is_meant = if is_exact {
                !found.repaired && has_path(book.site(), page, path)
            } else {
                !found.repaired || !has_entry(book, path)
            };
            is_meant.then_some((page, id, found))
        };
        let (page, id, resolved) = link.paths.iter().find_map(find)?;
        let site = book.site();
        let node = site.nav.of_page(page);
        let is_home = page == site.home;
        let page = BookPage {
            route: site.page(page).route.clone(),
            id,
            is_stub: node.map_or(site.page(page).is_stub, |node| site.is_stub(node)),
            count: if is_home {
                Some(site.reading_order().len())
            } else {
                node.map(|node| site.count(node))
            },
        };
        Some((page, resolved))
    }

    /// The diagnostic about a link that was found loosely and has one destination that leads there
    /// exactly.
    fn loose(&self, written: &Link, link: &BookLink, meant: &Meant) -> Option<Diagnostic> {
        let Meant::Page(_, resolved) = meant else { return None };
        if !resolved.is_loose() || written.is_wiki || !written.kind.leads() {
            return None;
        }
        let new = self.written_for(link, resolved, &written.destination)?;
        Some(loose_link(&written.destination, new, resolved.repaired))
    }

    /// The destination of a link that was found loosely, as it leads there exactly: a path, or an
    /// address on GitHub, whose ids are those of the pages here. Other hosts and former sites have
    /// rules of their own, by which the address as written may be right there.
    fn written_for(
        &self,
        link: &BookLink,
        resolved: &Resolved,
        destination: &str,
    ) -> Option<String> {
        let path = destination.split('#').next()?;
        let anchor = percent_decode(destination[path.len()..].trim_start_matches('#'));
        // A name with `#` in it, or docsify's `?id=`.
        if anchor != link.anchor.as_deref().unwrap_or_default() {
            return None;
        }
        match (link.form, &resolved.target) {
            (BookLinkForm::Path, _) => {
                let before = before_names(path, link.paths.first()?)?;
                let below = &destination[before.len()..];
                let resolver = self.resolvers.get(&link.book)?;
                let new = resolver.written_for(&SourcePath::root(), resolved, below)?;
                Some(format!("{before}{new}"))
            }
            // The words of a heading with an id of its own are its id on GitHub.
            (BookLinkForm::File, Target::Page(_, Some(id)))
                if is_on_github(path) && anchor_key(id) == anchor_key(&anchor) =>
            {
                Some(format!("{path}#{}", encode_destination(id)))
            }
            _ => None,
        }
    }
}

/// True if the folder of a book has something at a path, with `.md` or without, or may have: hidden
/// and excluded folders are not read.
fn has_entry(book: &LinkedSite, path: &SourcePath) -> bool {
    let entries = &book.sources().tree.entries;
    let with_ending = SourcePath::new(&format!("{path}.md"));
    entries.contains_key(path)
        || with_ending.is_some_and(|path| entries.contains_key(&path))
        || is_in_hidden(&book.sources().tree, path)
}

/// True if a path is in a folder that is hidden or excluded.
fn is_in_hidden(tree: &Tree, path: &SourcePath) -> bool {
    path.ancestors().any(|above| matches!(tree.entries.get(&above), Some(Entry::Hidden)))
}

/// The part of a path before its last names, if they are those of another path.
fn before_names<'t>(text: &'t str, names: &SourcePath) -> Option<&'t str> {
    let mut rest = text;
    let names: Vec<&str> = names.segments().collect();
    for name in names.iter().rev() {
        rest = rest.trim_end_matches('/');
        let last = rest.rsplit('/').next()?;
        if percent_decode(last) != *name {
            return None;
        }
        rest = &rest[..rest.len() - last.len()];
    }
    Some(rest)
}

/// True for the address of a page on GitHub.
fn is_on_github(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    let rest = url.split_once("://").map_or(&*url, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest).starts_with("github.com/")
}

/// True if a page is that of the file or folder at a path.
fn has_path(site: &Site, page: PageId, path: &SourcePath) -> bool {
    site.paths_of(page).any(|own| own == path)
}

/// The hint about the address of a repository that may be that of a book; one for each book and
/// site.
fn unknown_repository(url: &str, book: &LinkedSite) -> Diagnostic {
    let title = &book.site().title;
    let message = phrase!("`{url}` may be the repository of the book `{title}`", url, title);
    Diagnostic::new(Kind::BookLink, message)
        .help(phrase!("set `repository` of the book, and links to its notes lead into the library"))
}

/// The problem with a link into a book: that it leads nowhere there.
fn wrong_link(
    link: &BookLink,
    written: &Link,
    elsewhere: Option<&str>,
    meant: &Meant,
    books: &[LinkedSite],
) -> Option<Diagnostic> {
    let path = link.paths.first().map(SourcePath::shown).unwrap_or_default();
    let book = books.get(link.book).map(|book| &*book.site().title).unwrap_or_default();
    match (meant, elsewhere) {
        (Meant::Page(_, Resolved { anchor: AnchorFit::Lost, .. }), _) => {
            let anchor = link.anchor.as_deref().unwrap_or_default();
            let message = phrase!(
                "`{path}` in the book `{book}` has no heading `{anchor}`",
                path,
                book,
                anchor
            );
            let problem = Diagnostic::new(Kind::DeadAnchor, message);
            Some(problem.help(phrase!("the link leads to the top of the page")))
        }
        (Meant::Page(..) | Meant::File(_), _) => None,
        // As a link in the notes' own repository.
        (Meant::Unpublished(_, Unpublished::Hidden | Unpublished::Folder, Some(_)), None)
            if link.form == BookLinkForm::Path =>
        {
            None
        }
        (Meant::Unpublished(path, why, _), None) => unpublished(&written.destination, path, *why),
        (Meant::Nothing, None) if link.form == BookLinkForm::Picture => {
            let message = phrase!("the book `{book}` has no file `{path}`", book, path);
            let help =
                phrase!("add the file or correct the path; the page shows the alternative text");
            Some(Diagnostic::new(Kind::MissingImage, message).help(help))
        }
        (Meant::Nothing, None) => {
            let message = phrase!("the book `{book}` has no note or file `{path}`", book, path);
            let help = phrase!("correct the path; the page shows the words without a link");
            Some(Diagnostic::new(Kind::DeadLink, message).help(help))
        }
        (Meant::Unpublished(..) | Meant::Nothing, Some(url)) => {
            let is_note = link.paths.iter().any(SourcePath::is_markdown);
            if link.form == BookLinkForm::Picture || link.form == BookLinkForm::File && !is_note {
                return None;
            }
            let message = phrase!("`{url}`: the book `{book}` has no such page", url, book);
            let help =
                phrase!("correct the address; the link leads there, and not into the library");
            Some(Diagnostic::new(Kind::DeadLink, message).help(help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_at_the_end_of_a_path_are_those_below_the_root_of_a_book() {
        for (text, names, expected) in [
            ("../B/a/b.md", "a/b.md", Some("../B/")),
            ("../B/docs/a//b/", "a/b", Some("../B/docs/")),
            ("../B/%E4%B8%80/b.md", "一/b.md", Some("../B/")),
            ("../B/x/../a/b.md", "a/b.md", Some("../B/x/../")),
            ("../B/a/x/../b.md", "a/b.md", None),
            ("../B/a/./b.md", "a/b.md", None),
            ("../B/a%2Fb.md", "a/b.md", None),
            ("../B/", "", Some("../B/")),
        ] {
            let names = SourcePath::new(names).unwrap();
            assert_eq!(before_names(text, &names), expected, "{text}");
        }
    }

    #[test]
    fn addresses_on_github() {
        for (url, expected) in [
            ("https://github.com/me/B/blob/main/a.md", true),
            ("http://www.GitHub.com/me/B", true),
            ("https://github.com.e.org/me/B", false),
            ("https://gitlab.com/github.com/B", false),
            ("https://raw.githubusercontent.com/me/B/main/a.md", false),
        ] {
            assert_eq!(is_on_github(url), expected, "{url}");
        }
    }
}
