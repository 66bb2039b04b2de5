//! The books of a library → an address or path of one of them, as a place in it. An address may be
//! that of the book's repository or of a site on which it was published before; a path may lead out
//! of one book's folder into that of another.
//!
//! Must not know: which notes a book has, Markdown.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::config::{OwnRepository, RepositoryAddress, Url};
use crate::path::{SourcePath, percent_decode};

/// Most segments of a branch's name that are tried.
const LONGEST_BRANCH: usize = 8;
/// Branches whose names are no beginning of a longer one.
const USUAL_BRANCHES: [&str; 3] = ["main", "master", "HEAD"];
/// Names in the path of a repository: projects of GitLab are in groups of groups.
const DEEPEST_REPOSITORY: usize = 6;
/// Hosts of repositories, at which a path begins with an owner and a name.
const FORGES: [&str; 5] =
    ["github.com", "gitlab.com", "gitee.com", "bitbucket.org", "codeberg.org"];

/// The books of a library in their order; empty for a folder of notes alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Books {
    /// The folder of the library's own notes on disk, with `/` between names.
    pub notes: SourcePath,
    /// The books.
    pub list: Vec<LibraryBook>,
    /// Their numbers by the names of their repositories.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Their numbers by the hosts of their former sites, each with the first name of its path.
    by_site: BTreeMap<String, Vec<usize>>,
}

/// A book of a library, as others link to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LibraryBook {
    /// The folder of its pages, below the site's root.
    pub place: SourcePath,
    /// Its folder on disk, with `/` between names.
    pub folder: SourcePath,
    /// The root of its notes in that folder.
    pub content: SourcePath,
    /// Its repository.
    pub repository: Option<OwnRepository>,
    /// Addresses of sites on which it was published before; each ends in `/`.
    pub was: Vec<Url>,
}

/// A link into another book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BookLink {
    /// The number of the book.
    pub book: usize,
    /// Paths below the root of its notes that it may mean, the likeliest first; the root itself is
    /// the book's home page.
    pub paths: Vec<SourcePath>,
    /// The part behind `#`.
    pub anchor: Option<String>,
    /// The form of the link.
    pub form: BookLinkForm,
}

/// The form of a link into another book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BookLinkForm {
    /// The address of a file or folder in its repository, where there are others than notes.
    File,
    /// The address of its repository as a whole.
    Repository,
    /// An address on a site on which it was published before.
    Site,
    /// A path from folder to folder.
    Path,
    /// The address or path of an image, audio or video.
    Picture,
}

impl Books {
    /// These books of a library with its own notes in a folder.
    #[must_use]
    pub fn new(notes: SourcePath, list: Vec<LibraryBook>) -> Self {
        let (mut by_name, mut by_site) = (BTreeMap::new(), BTreeMap::new());
        let add = |map: &mut BTreeMap<String, Vec<usize>>, key: String, number| {
            map.entry(key).or_default().push(number);
        };
        for (number, book) in list.iter().enumerate() {
            if let Some(repository) = &book.repository {
                add(&mut by_name, repository.name().to_lowercase(), number);
            }
            for was in &book.was {
                let [host, folder] = site_keys(was.as_str());
                let is_root = was.path() == "/";
                add(&mut by_site, if is_root { host } else { folder }, number);
            }
        }
        Self { notes, list, by_name, by_site }
    }

    /// The numbers of the books that may be at an address, in their order.
    fn candidates(&self, url: &str) -> BTreeSet<usize> {
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let names = path.split('/').skip(1).take(DEEPEST_REPOSITORY);
        let name = |name: &str| name.strip_suffix(".git").unwrap_or(name).to_lowercase();
        let by_name = names.filter_map(|text| self.by_name.get(&name(text)));
        let keys = site_keys(url);
        let by_site = keys.iter().filter_map(|key| self.by_site.get(key));
        by_name.chain(by_site).flatten().copied().collect()
    }

    /// The place in a book that an address means; `here` is the book of the link, if it is in one.
    #[must_use]
    pub fn by_address(&self, here: Option<usize>, url: &str) -> Option<BookLink> {
        let candidates = self.candidates(url).into_iter();
        let candidates = candidates.filter_map(|number| Some((number, self.list.get(number)?)));
        // Of two sites of which one is in a folder of the other, the longer address counts.
        let mut best: Option<(usize, BookLink)> = None;
        for (book, other) in candidates {
            let is_own = Some(book) == here;
            // Addresses in the book's own repository are known already.
            if !is_own
                && let Some((paths, anchor, form)) = other.in_repository(url)
                && !(form == BookLinkForm::Repository && self.share_repository(here, book))
            {
                return Some(BookLink { book, paths, anchor, form });
            }
            let site = other
                .was
                .iter()
                .filter_map(|was| Some((was.as_str().len(), below_site(was, url)?)));
            for (length, (paths, anchor)) in site {
                // The address of the site itself is meant to lead there.
                if is_own && paths.iter().all(SourcePath::is_root) {
                    continue;
                }
                if best.as_ref().is_none_or(|(longest, _)| length > *longest) {
                    let form = BookLinkForm::Site;
                    best = Some((length, BookLink { book, paths, anchor, form }));
                }
            }
        }
        best.map(|(_, link)| link)
    }

    /// True if two books are in one repository, whose address is that of neither.
    fn share_repository(&self, here: Option<usize>, other: usize) -> bool {
        let repository = |number: usize| self.list.get(number)?.repository.as_ref();
        let own = here.and_then(repository);
        own.zip(repository(other)).is_some_and(|(own, other)| own.is_same(other))
    }

    /// The number of a book whose repository is not known, and that may be the one at an address:
    /// it has the name of the book's folder.
    #[must_use]
    pub fn maybe_at(&self, url: &str) -> Option<usize> {
        let (_, rest) = url.split_once("://")?;
        if !FORGES.iter().any(|forge| forge.eq_ignore_ascii_case(host(rest))) {
            return None;
        }
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        let mut names = path.split('/').skip(1);
        let (_, name) = (names.next().filter(|owner| !owner.is_empty())?, names.next()?);
        let name = name.strip_suffix(".git").unwrap_or(name);
        let is_meant = |book: &LibraryBook| {
            book.repository.is_none() && book.folder.name().eq_ignore_ascii_case(name)
        };
        self.list.iter().position(is_meant)
    }

    /// The place in another book to which a path leads from a folder of the notes of the book
    /// `here`, or of the library's own.
    #[must_use]
    pub fn by_path(
        &self,
        here: Option<usize>,
        folder: &SourcePath,
        path: &str,
        anchor: Option<&str>,
    ) -> Option<BookLink> {
        let path = percent_decode(path);
        let found = self.on_disk(here, folder, &path);
        let (book, below) = found.or_else(|| self.by_name(here, folder, &path))?;
        let path = below_folder(&self.list[book].content, &below)?;
        let anchor = anchor.map(percent_decode);
        Some(BookLink { book, paths: vec![path], anchor, form: BookLinkForm::Path })
    }

    /// The book in whose folder a path leads, and the rest of the path.
    fn on_disk(
        &self,
        here: Option<usize>,
        folder: &SourcePath,
        path: &str,
    ) -> Option<(usize, SourcePath)> {
        let notes = match here {
            Some(number) => self.list.get(number)?.notes()?,
            None => self.notes.clone(),
        };
        let target = match path.strip_prefix('/') {
            Some(path) => notes.join(&format!("./{path}"))?,
            None => notes.join(folder.as_str())?.join(&format!("./{path}"))?,
        };
        let below = |(number, book): (usize, &LibraryBook)| {
            let below = below_folder(&book.folder, &target)?;
            (Some(number) != here).then_some((number, below))
        };
        self.list.iter().enumerate().find_map(below)
    }

    /// The same for a path from one repository to another beside it, where the folders have other
    /// names here.
    fn by_name(
        &self,
        here: Option<usize>,
        folder: &SourcePath,
        path: &str,
    ) -> Option<(usize, SourcePath)> {
        let content = here.and_then(|here| self.list.get(here)).map(|book| &book.content);
        let above = content.map_or(0, |content| content.segments().count()) + 1;
        let mut ups = folder.segments().count() + above;
        let mut segments = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
        let name = loop {
            match segments.next()? {
                ".." => ups = ups.checked_sub(1)?,
                name if ups == 0 => break name,
                _ => return None,
            }
        };
        let is_meant = |&(number, book): &(usize, &LibraryBook)| {
            let repository = book.repository.as_ref().map(OwnRepository::name);
            Some(number) != here
                && repository.is_some_and(|repository| repository.eq_ignore_ascii_case(name))
        };
        let (number, _) = self.list.iter().enumerate().find(is_meant)?;
        Some((number, SourcePath::new(&segments.collect::<Vec<_>>().join("/"))?))
    }
}

impl LibraryBook {
    /// The folder of its notes on disk.
    fn notes(&self) -> Option<SourcePath> {
        self.folder.join(self.content.as_str())
    }

    /// The paths that an address in the repository may mean: the name of the branch may contain
    /// `/`.
    fn in_repository(&self, url: &str) -> Option<(Vec<SourcePath>, Option<String>, BookLinkForm)> {
        let repository = self.repository.as_ref()?;
        // Of a repository that holds more than the book, the address is not that of the book.
        let is_whole = repository.folder == self.content;
        if is_whole && repository.is_root_at(url) {
            return Some((vec![SourcePath::root()], None, BookLinkForm::Repository));
        }
        let RepositoryAddress { branch_and_path, anchor } = repository.address(url)?;
        let mut paths = Vec::new();
        let branch = branch_and_path.split('/').next().unwrap_or_default();
        let longest = if USUAL_BRANCHES.contains(&branch) { 1 } else { LONGEST_BRANCH };
        for (at, _) in branch_and_path.match_indices('/').take(longest) {
            let path = SourcePath::new(&percent_decode(&branch_and_path[at + 1..]));
            paths.extend(path.and_then(|path| below_folder(&repository.folder, &path)));
        }
        let is_branch = !branch_and_path.trim_end_matches('/').contains('/');
        if is_branch && is_whole {
            return Some((vec![SourcePath::root()], None, BookLinkForm::Repository));
        }
        if paths.is_empty() {
            return None;
        }
        let anchor = anchor.filter(|anchor| !anchor.eq_ignore_ascii_case("readme"));
        Some((paths, anchor.map(percent_decode), BookLinkForm::File))
    }
}

/// The host of an address, and the same with the first name of its path.
fn site_keys(url: &str) -> [String; 2] {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = percent_decode(rest).to_lowercase();
    let rest = rest.strip_prefix("www.").unwrap_or(&rest);
    let mut names = rest.split(['/', '?', '#']);
    let host = names.next().unwrap_or_default().to_owned();
    let folder = format!("{host}/{}", names.next().unwrap_or_default());
    [host, folder]
}

/// The host at the beginning of an address without its scheme.
fn host(rest: &str) -> &str {
    let host = rest.split('/').next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// The path below a folder of one beside or below it; `None` outside the folder.
fn below_folder(folder: &SourcePath, path: &SourcePath) -> Option<SourcePath> {
    if folder.is_root() {
        return Some(path.clone());
    }
    let rest = path.as_str().strip_prefix(folder.as_str())?;
    if rest.is_empty() {
        return Some(SourcePath::root());
    }
    SourcePath::new(rest.strip_prefix('/')?)
}

/// The path that an address on a site has below it, and its anchor. Sites of docsify have their
/// paths behind `#/`.
fn below_site(site: &Url, url: &str) -> Option<(Vec<SourcePath>, Option<String>)> {
    let plain = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        percent_decode(rest.strip_prefix("www.").unwrap_or(rest))
    };
    let (site, url) = (plain(site.as_str()), plain(url));
    let site = site.trim_end_matches('/');
    let head = url.get(..site.len())?;
    if !head.eq_ignore_ascii_case(site) {
        return None;
    }
    let rest = &url[site.len()..];
    if !rest.is_empty() && !rest.starts_with(['/', '?', '#']) {
        return None;
    }
    let rest = rest.trim_start_matches('/');
    let rest = rest.strip_prefix("#/").unwrap_or(rest);
    let (rest, anchor) = match rest.split_once('#') {
        Some((rest, anchor)) => (rest, Some(anchor)),
        None => (rest, None),
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let anchor = anchor.or_else(|| query.strip_prefix("id="));
    let path = SourcePath::new(percent_decode(path).trim_end_matches('/'))?;
    Some((vec![path], anchor.filter(|anchor| !anchor.is_empty()).map(percent_decode)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::base_url;

    fn books() -> Books {
        let book = |name: &str, folder: &str, content: &str, was: &[&str]| LibraryBook {
            place: SourcePath::new(name).unwrap(),
            folder: SourcePath::new(&format!("home/{folder}")).unwrap(),
            content: SourcePath::new(content).unwrap(),
            repository: OwnRepository::at(
                &format!("https://github.com/me/{name}"),
                &SourcePath::new(content).unwrap(),
            ),
            was: was.iter().map(|url| base_url(url).unwrap()).collect(),
        };
        Books::new(
            SourcePath::new("home/library").unwrap(),
            vec![
                book(
                    "One-Notes",
                    "One-Notes",
                    "",
                    &["https://me.gitbook.io/i/", "https://e.org/books/One"],
                ),
                book("Two-Notes", "2", "docs", &["https://me.gitbook.io/i/two"]),
            ],
        )
    }

    fn shown(link: Option<BookLink>) -> Option<(usize, String, Option<String>, BookLinkForm)> {
        let BookLink { book, paths, anchor, form } = link?;
        let paths: Vec<&str> = paths.iter().map(SourcePath::as_str).collect();
        Some((book, paths.join("|"), anchor, form))
    }

    #[test]
    fn addresses_of_repositories_and_of_former_sites() {
        use BookLinkForm::{File, Repository, Site};
        for (url, expected) in [
            ("https://github.com/me/One-Notes", Some((0, "", None, Repository))),
            ("https://github.com/Me/one-notes/", Some((0, "", None, Repository))),
            ("https://github.com/me/One-Notes.git", Some((0, "", None, Repository))),
            ("https://github.com/me/One-Notes/tree/master", Some((0, "", None, Repository))),
            ("https://github.com/me/One-Notes/issues", None),
            ("https://github.com/me/One-Notes2", None),
            (
                "https://github.com/me/One-Notes/blob/main/a%20b/c.md#%E4%B8%80",
                Some((0, "a b/c.md", Some("一"), File)),
            ),
            ("https://github.com/me/One-Notes/blob/f/x/c.md", Some((0, "x/c.md|c.md", None, File))),
            (
                "https://raw.githubusercontent.com/me/Two-Notes/main/docs/c.md",
                Some((1, "c.md", None, File)),
            ),
            ("https://github.com/me/Two-Notes/tree/main/docs", Some((1, "", None, File))),
            ("https://github.com/me/Two-Notes/blob/main/src/x.rs", None),
            ("https://me.gitbook.io/i/", Some((0, "", None, Site))),
            ("http://me.gitbook.io/i", Some((0, "", None, Site))),
            ("https://me.gitbook.io/index", None),
            ("https://me.gitbook.io/i/go/go", Some((0, "go/go", None, Site))),
            ("https://me.gitbook.io/i/two/a?x=1#b", Some((1, "a", Some("b"), Site))),
            ("https://www.e.org/books/One/#/x/y?id=z", Some((0, "x/y", Some("z"), Site))),
        ] {
            let found = shown(books().by_address(None, url));
            let expected =
                expected.map(|(book, path, anchor, form): (_, &str, Option<&str>, _)| {
                    (book, path.to_owned(), anchor.map(str::to_owned), form)
                });
            assert_eq!(found, expected, "{url}");
        }
        let own = "https://github.com/me/One-Notes/blob/main/a.md";
        assert_eq!(books().by_address(Some(0), own), None);
        assert_eq!(books().by_address(Some(0), "https://e.org/books/One/"), None);
        let former = shown(books().by_address(Some(0), "https://e.org/books/One/a"));
        assert_eq!(former, Some((0, "a".to_owned(), None, Site)));
    }

    #[test]
    fn paths_that_lead_from_one_folder_into_another() {
        for (here, folder, path, expected) in [
            (Some(0), "a/b", "../../../2/docs/c.md", Some((1, "c.md"))),
            (Some(0), "a/b", "../../../Two-Notes/docs/c.md", Some((1, "c.md"))),
            (Some(0), "a/b", "../../../two-notes/docs/", Some((1, ""))),
            (Some(0), "a/b", "../../Two-Notes/docs/c.md", None),
            (Some(0), "", "../2/c.md", None),
            (Some(0), "", "../One-Notes/c.md", None),
            (Some(0), "", "../../Two-Notes/docs/c.md", None),
            (Some(1), "x", "../../../One-Notes/%E4%B8%80.md", Some((0, "一.md"))),
            (None, "", "../One-Notes/c.md", Some((0, "c.md"))),
            (None, "x", "../../2/docs", Some((1, ""))),
            (None, "", "c.md", None),
        ] {
            let folder = SourcePath::new(folder).unwrap();
            let found = shown(books().by_path(here, &folder, path, None));
            let found = found.map(|(book, path, ..)| (book, path));
            assert_eq!(found, expected.map(|(book, path)| (book, path.to_owned())), "{path}");
        }
    }
}
