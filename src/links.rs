//! A destination as written → [`Target`].
//!
//! Tried in turn: an address of the notes' own repository or of another site; a path as written,
//! then percent-decoded: exactly, with `.md`, as a folder, with `.md` for `.html`; by its loose key
//! in the same folder; by a name that is unique in the tree; by the rules of other systems and
//! generators. An anchor is looked up in the note that is found.
//!
//! Must not know: the disk, navigation, HTML.

mod anchors;
mod external;
mod fallback;
mod own;
mod path_index;
mod suggest;
mod wiki;

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::books::{BookLink, BookLinkForm, Books};
use crate::config::OwnRepository;
use crate::diagnostic::nearest;
use crate::nav::PageId;
use crate::path::{SourcePath, encode_destination, percent_decode};

pub use self::anchors::PageAnchors;
use self::anchors::{Anchors, FoundAnchor};
pub use self::external::{external_target, picture_url};
use self::own::OwnFile;
use self::path_index::{FoundTarget, SplitDestination};
pub use self::path_index::{PathEntry, PathIndex, ResolvedPage};

/// The target of a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Target {
    /// A page of the site, and an id in it.
    Page(PageId, Option<String>),
    /// A file beside the notes, which is published because of this link.
    File(SourcePath),
    /// Another site.
    External(String),
    /// A place in another book of the library, which may not exist there; and the address that the
    /// link has elsewhere, if it has one.
    Book(BookLink, Option<String>),
    /// A file or folder that exists but is not published.
    Unpublished(SourcePath, Unpublished),
    /// A target that does not exist, or must not be followed.
    Dead,
}

impl Target {
    /// The number of the book that a link leads into, if that is another one.
    #[must_use]
    pub fn book(&self) -> Option<usize> {
        match self {
            Self::Book(link, _) if link.form != BookLinkForm::Picture => Some(link.book),
            _ => None,
        }
    }
}

/// The reason why a file or folder is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unpublished {
    /// It is hidden or excluded.
    Hidden,
    /// It is a folder without notes.
    Folder,
    /// It is a git-LFS pointer.
    LfsPointer,
    /// It is the navigation file.
    Navigation,
    /// It is a draft.
    Draft,
    /// Browsers or servers may run it, and the notes are not trusted.
    Active,
}

/// A resolved link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The target.
    pub target: Target,
    /// True if only loose matching found it.
    pub repaired: bool,
    /// The fit of its anchor.
    pub anchor: AnchorFit,
}

/// The way in which the anchor of a link was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnchorFit {
    /// It is an id of the page, or there is none.
    Exact,
    /// It has the letters and digits of a heading alone.
    Loose,
    /// The page has no such id.
    Lost,
}

impl Resolved {
    /// True if its path or its anchor was found loosely.
    #[must_use]
    pub fn is_loose(&self) -> bool {
        self.repaired || self.anchor == AnchorFit::Loose
    }

    fn without_anchor(target: Target, repaired: bool) -> Self {
        Self { target, repaired, anchor: AnchorFit::Exact }
    }
}

/// Resolves destinations to targets.
pub struct LinkResolver<'n> {
    paths: Arc<PathIndex>,
    /// The repository that holds the notes.
    own: Option<&'n OwnRepository>,
    has_sources: bool,
    /// The books of the library, and the number of the one that the notes are in.
    books: Option<(&'n Books, Option<usize>)>,
    /// Gives the ids of a page.
    ids: Box<dyn Fn(PageId) -> PageAnchors<'n> + Send + Sync + 'n>,
    /// The ids of the pages that have some, looked for when a link first names one: most are never
    /// asked.
    anchors: Vec<OnceLock<Anchors>>,
}

impl<'n> LinkResolver<'n> {
    /// A resolver for these paths. `ids` gives the ids of a page; pages from number `pages` on have
    /// none.
    pub fn new(
        paths: Arc<PathIndex>,
        pages: usize,
        ids: impl Fn(PageId) -> PageAnchors<'n> + Send + Sync + 'n,
    ) -> Self {
        Self {
            paths,
            own: None,
            has_sources: false,
            books: None,
            ids: Box::new(ids),
            anchors: vec![OnceLock::new(); pages],
        }
    }

    /// The target of `destination` in a note in `folder`, whose page is `here`.
    #[must_use]
    pub fn resolve(
        &self,
        folder: &SourcePath,
        here: Option<PageId>,
        destination: &str,
    ) -> Resolved {
        let destination = destination.trim();
        if let Some(target) = external_target(destination) {
            return match self.own_file(here, destination) {
                Some(OwnFile { found, anchor }) => self.with_anchor(found, anchor),
                None => Resolved::without_anchor(self.in_book_or_elsewhere(target), false),
            };
        }
        let SplitDestination { path, anchor, .. } = self.paths.split(folder, destination);
        let found = if !path.is_empty() {
            self.paths.find(folder, path).or_else(|| self.paths.below_page(here?, path))
        } else if destination.is_empty() {
            None
        } else {
            here.map(|page| FoundTarget { target: Target::Page(page, None), is_repaired: false })
        };
        let Some(found) = found else {
            let link =
                self.books.and_then(|(books, here)| books.by_path(here, folder, path, anchor));
            let target = link.map_or(Target::Dead, |link| Target::Book(link, None));
            return Resolved::without_anchor(target, false);
        };
        self.in_nested_book(folder, path, found, anchor)
    }

    /// The same resolver, for which addresses of other books of the library lead into them.
    #[must_use]
    pub fn with_books(self, books: &'n Books, here: Option<usize>) -> Self {
        Self { books: (!books.list.is_empty()).then_some((books, here)), ..self }
    }

    /// The place in a book whose folder is among the notes, where a path leads to that; else the
    /// target with its anchor.
    fn in_nested_book(
        &self,
        folder: &SourcePath,
        path: &str,
        found: FoundTarget,
        anchor: Option<&str>,
    ) -> Resolved {
        if let Target::Unpublished(_, Unpublished::Hidden) = &found.target
            && let Some((books, here)) = self.books
            && let Some(link) = books.by_path(here, folder, path, anchor)
        {
            return Resolved::without_anchor(Target::Book(link, None), false);
        }
        self.with_anchor(found, anchor)
    }

    /// The place in another book that the address of another site means, else that site.
    fn in_book_or_elsewhere(&self, target: Target) -> Target {
        let Target::External(url) = &target else { return target };
        let link = self.books.and_then(|(books, here)| books.by_address(here, url));
        match link {
            Some(link) => Target::Book(link, Some(url.clone())),
            None => target,
        }
    }

    /// A target with the id that an anchor means, if it is a page.
    fn with_anchor(&self, found: FoundTarget, anchor: Option<&str>) -> Resolved {
        let FoundTarget { target, is_repaired } = found;
        let Target::Page(page, _) = target else {
            return Resolved::without_anchor(target, is_repaired);
        };
        let wanted = anchor.filter(|anchor| !anchor.is_empty());
        let found = wanted.and_then(|anchor| self.id_for_anchor(page, anchor));
        let anchor = match &found {
            Some(found) if found.is_loose => AnchorFit::Loose,
            None if wanted.is_some() => AnchorFit::Lost,
            _ => AnchorFit::Exact,
        };
        let target = Target::Page(page, found.map(|found| found.id));
        Resolved { target, repaired: is_repaired, anchor }
    }

    /// The destination that leads to the target of one that was found loosely, in its style.
    #[must_use]
    pub fn written_for(
        &self,
        folder: &SourcePath,
        resolved: &Resolved,
        destination: &str,
    ) -> Option<String> {
        let Target::Page(page, id) = &resolved.target else { return None };
        if resolved.repaired {
            let id = id.as_deref().filter(|_| resolved.anchor == AnchorFit::Loose);
            return self.paths.written_for(folder, *page, destination, id);
        }
        let path = self.paths.split(folder, destination).path;
        // The route of a single-page site is no path that leads to a file.
        if !destination.starts_with(path) {
            return self.paths.written_for(folder, *page, destination, id.as_deref());
        }
        Some(format!("{path}#{}", encode_destination(id.as_deref()?)))
    }

    /// The most similar id of a page for an anchor that it does not have, as a suggestion.
    #[must_use]
    pub fn suggest_anchor(
        &self,
        folder: &SourcePath,
        page: PageId,
        destination: &str,
    ) -> Option<String> {
        let anchor = self.paths.split(folder, destination.trim()).anchor;
        let anchors = self.anchors_of(page)?;
        let anchor = percent_decode(anchor?);
        nearest(&anchor, anchors.near(&anchor).iter().map(String::as_str)).map(str::to_owned)
    }

    /// The known paths.
    #[must_use]
    pub fn paths(&self) -> &PathIndex {
        &self.paths
    }

    /// The id that an anchor means.
    fn id_for_anchor(&self, page: PageId, anchor: &str) -> Option<FoundAnchor> {
        self.anchors_of(page)?.meant_by(anchor)
    }

    fn anchors_of(&self, page: PageId) -> Option<&Anchors> {
        Some(self.anchors.get(page.0)?.get_or_init(|| Anchors::of((self.ids)(page))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    fn resolver() -> LinkResolver<'static> {
        let mut paths = PathIndex::default();
        for (text, entry) in [
            ("", PathEntry::Page(PageId(0))),
            ("a", PathEntry::Page(PageId(1))),
            ("a/README.md", PathEntry::Page(PageId(1))),
            ("a/generation_clock.md", PathEntry::Page(PageId(2))),
            ("a/b c.md", PathEntry::Page(PageId(3))),
            ("a/100%25.md", PathEntry::Page(PageId(4))),
            ("01~共识", PathEntry::Page(PageId(5))),
            ("01~共识/Raft.md", PathEntry::Page(PageId(6))),
            ("a/01_x.md", PathEntry::Page(PageId(7))),
            ("a/01~x.md", PathEntry::Page(PageId(8))),
            ("a/what?.md", PathEntry::Page(PageId(9))),
            ("a/i.png", PathEntry::File),
            ("a/public/q.png", PathEntry::File),
            ("static/p.png", PathEntry::File),
            ("a/big.xmind", PathEntry::Unpublished(Unpublished::LfsPointer)),
            (".mindmap", PathEntry::Unpublished(Unpublished::Hidden)),
        ] {
            paths.insert(path(text), entry);
        }
        let others: &'static [String] = ["选举", "nav--导航"].map(str::to_owned).to_vec().leak();
        let ids = move |page| {
            let others = if page == PageId(6) { others } else { &[] };
            PageAnchors { others, headings: &[] }
        };
        LinkResolver::new(paths.into(), 10, ids)
    }

    #[test]
    fn destinations() {
        let page = |id| Target::Page(PageId(id), None);
        for (destination, expected, repaired) in [
            ("generation_clock.md", page(2), false),
            ("./generation-clock.md", page(2), true),
            ("generation_clock", page(2), false),
            ("generation_clock.html", page(2), false),
            ("b%20c.md", page(3), false),
            ("b c.md", page(3), false),
            ("100%25.md", page(4), false),
            ("what?.md", page(9), false),
            ("generation_clock.md?x=1", page(2), false),
            ("/a/", page(1), false),
            ("..", page(0), false),
            ("../共识/Raft.md", page(6), true),
            ("../01~共识/README.md", page(5), false),
            ("../共识/README.md", page(5), true),
            ("raft.md", page(6), true),
            ("x.md", Target::Dead, false),
            ("i.png", Target::File(path("a/i.png")), false),
            ("j.png", Target::Dead, false),
            ("I.PNG", Target::File(path("a/i.png")), true),
            (".\\b c.md", page(3), true),
            ("..\\a\\i.png", Target::File(path("a/i.png")), true),
            ("/p.png", Target::File(path("static/p.png")), false),
            ("/q.png", Target::File(path("a/public/q.png")), false),
            ("p.png", Target::Dead, false),
            ("big.xmind", Target::Unpublished(path("a/big.xmind"), Unpublished::LfsPointer), false),
            (
                "../.mindmap/x.xmind",
                Target::Unpublished(path(".mindmap/x.xmind"), Unpublished::Hidden),
                true,
            ),
            ("../../out.md", Target::Dead, false),
            ("", Target::Dead, false),
            ("#", page(1), false),
            ("HTTP://E.org/a b", Target::External("http://E.org/a b".to_owned()), false),
            ("www.example.com/x", Target::External("http://www.example.com/x".to_owned()), false),
            ("//e.org", Target::External("https://e.org".to_owned()), false),
            ("JavaScript:alert(1)", Target::Dead, false),
            ("data:text/html,x", Target::Dead, false),
            ("C++:基础.md", Target::Dead, false),
        ] {
            let resolved = resolver().resolve(&path("a"), Some(PageId(1)), destination);
            assert_eq!((resolved.target, resolved.repaired), (expected, repaired), "{destination}");
        }
    }

    #[test]
    fn anchors() {
        for (destination, id, fit) in [
            ("../01~共识/Raft.md#选举", Some("选举"), AnchorFit::Exact),
            ("../01~共识/Raft.md#%E9%80%89%E4%B8%BE", Some("选举"), AnchorFit::Exact),
            ("../01~共识/Raft.md#Nav-导航", Some("nav--导航"), AnchorFit::Loose),
            ("../01~共识/Raft.md#Nav--导航", Some("nav--导航"), AnchorFit::Exact),
            ("../01~共识/Raft.md#没有", None, AnchorFit::Lost),
            ("../01~共识/Raft.md#", None, AnchorFit::Exact),
            ("../01~共识/Raft?id=选举", Some("选举"), AnchorFit::Exact),
            ("../01~共识/Raft?id=_选举", Some("选举"), AnchorFit::Loose),
            ("#/01~共识/Raft?id=选举", Some("选举"), AnchorFit::Exact),
            ("/#/01~共识/Raft.md?id=Nav_导航", Some("nav--导航"), AnchorFit::Loose),
            ("index.html#/01~共识/Raft", None, AnchorFit::Exact),
        ] {
            let resolved = resolver().resolve(&path("a"), None, destination);
            let target = Target::Page(PageId(6), id.map(str::to_owned));
            assert_eq!((resolved.target, resolved.anchor), (target, fit), "{destination}");
        }
    }

    #[test]
    fn routes_in_wiki_links_are_no_names() {
        let resolved = resolver().resolve_wiki(&path("a"), None, "#/01~共识/Raft");
        assert_eq!(resolved.target, Target::Page(PageId(6), None));
    }

    #[test]
    fn what_was_found_loosely_is_written_as_it_is() {
        for (destination, expected) in [
            ("../01~共识/Raft.md#Nav-导航", Some("../01~共识/Raft.md#nav--导航")),
            ("../01~共识/Raft?id=_选举", Some("../01~共识/Raft#选举")),
            ("../共识/raft.md#选举", Some("../01~共识/Raft.md#选举")),
            ("../共识/raft.md#_选举", Some("../01~共识/Raft.md#选举")),
            ("/#/01~共识/Raft?id=_选举", Some("../01~共识/Raft.md#选举")),
            ("#/共识/raft?id=选举", Some("../01~共识/Raft.md#选举")),
            ("#/共识/raft", Some("../01~共识/Raft.md")),
            ("没有.md#x", None),
        ] {
            let (resolver, folder) = (resolver(), path("a"));
            let resolved = resolver.resolve(&folder, None, destination);
            let written = resolver.written_for(&folder, &resolved, destination);
            assert_eq!(written.as_deref(), expected, "{destination}");
        }
    }

    #[test]
    fn names_may_contain_a_number_sign() {
        let mut paths = PathIndex::default();
        for (text, page) in [("C.md", 1), ("C#", 2), ("C#/README.md", 2), ("C#/a.md", 3)] {
            paths.insert(path(text), PathEntry::Page(PageId(page)));
        }
        let section = ["节".to_owned()];
        let ids = |page| {
            let others = if page == PageId(3) { &section[..] } else { &[] };
            PageAnchors { others, headings: &[] }
        };
        let resolver = LinkResolver::new(paths.into(), 4, ids);
        for (destination, expected, anchor) in [
            ("C#/README.md", 2, None),
            ("./C#/a.md", 3, None),
            ("C%23/a.md#节", 3, Some("节")),
            ("C#/a.md#节", 3, Some("节")),
            ("C.md#x", 1, None),
        ] {
            let found = resolver.resolve(&path(""), None, destination).target;
            assert_eq!(
                found,
                Target::Page(PageId(expected), anchor.map(str::to_owned)),
                "{destination}"
            );
        }
    }

    #[test]
    fn a_path_of_very_many_index_notes_is_dead() {
        let destination = format!("gone/{}README.md", "README.md/".repeat(50_000));
        assert_eq!(resolver().resolve(&path(""), None, &destination).target, Target::Dead);
    }
}
