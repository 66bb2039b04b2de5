//! A destination as written → [`Target`].
//!
//! Tried in turn: an address of another site; a path, as written, then percent-decoded, each exactly, then with
//! `.md`, as a folder, `.html` for a sibling `.md`; then by the loose key in the same folder; then by a name that
//! is unique in the tree; then as other systems and generators mean it. An anchor is looked up in the note that is found.
//!
//! Must not know: the disk, navigation, HTML.

mod anchors;
mod external;
mod fallback;
mod suggest;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::diagnostic::nearest;
use crate::nav::PageId;
use crate::path::{SourcePath, encode_destination, loose_key, percent_decode};

use self::anchors::Anchors;
pub use self::external::external_target;
use self::fallback::FilesIgnoringCase;
use self::suggest::Suggestions;

/// The target of a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Target {
    /// A page of the site, and an id in it.
    Page(PageId, Option<String>),
    /// A file beside the notes, which is published because of this link.
    File(SourcePath),
    /// Another site.
    External(String),
    /// Something that is there and not published.
    Unpublished(SourcePath, Unpublished),
    /// Nothing.
    Dead,
}

/// Reason why something is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unpublished {
    /// It is hidden or excluded.
    Hidden,
    /// It is a folder without notes.
    Folder,
    /// It is a git-LFS pointer.
    LfsPointer,
    /// It is the file that holds the navigation.
    Navigation,
    /// It is a note that is not to be published yet.
    Draft,
}

/// A resolved link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The target.
    pub target: Target,
    /// True if only loose matching found it.
    pub repaired: bool,
    /// True if it names an id that its page does not have.
    pub lost_anchor: bool,
}

/// An entry of a [`PathIndex`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathEntry {
    /// A note or a folder with a page.
    Page(PageId),
    /// A file that can be published.
    File,
    /// Something that is not published.
    Unpublished(Unpublished),
}

/// All paths that links can lead to.
#[derive(Debug, Clone, Default)]
pub struct PathIndex {
    by_path: BTreeMap<SourcePath, PathEntry>,
    /// Pages by folder and loose key; `None` when several share it.
    in_folder: HashMap<(SourcePath, String), Option<PageId>>,
    /// Pages by loose key in the whole tree; `None` when several share it.
    by_name: HashMap<String, Option<PageId>>,
    /// The file or, without one, the folder of each page.
    of_page: HashMap<PageId, SourcePath>,
    /// Suggestions for dead links, made when first asked for: most sites have none.
    suggestions: OnceLock<Suggestions>,
    /// Files by names in lower case, made when first asked for.
    folded: OnceLock<FilesIgnoringCase>,
}

/// The page that an entry of a navigation file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundPage {
    /// The page.
    pub page: PageId,
    /// True if only loose matching found it.
    pub is_repaired: bool,
}

/// The target that a path was found to name.
struct FoundTarget {
    target: Target,
    is_repaired: bool,
}

/// A destination in its two parts.
struct SplitDestination<'d> {
    path: &'d str,
    anchor: Option<&'d str>,
}

/// Finds what destinations lead to.
pub struct LinkResolver<'n> {
    paths: Arc<PathIndex>,
    /// Gives the ids of a page.
    ids: Box<dyn Fn(PageId) -> Vec<String> + Send + Sync + 'n>,
    /// The ids of the pages that have some, looked for when a link first names one: most are never asked.
    anchors: Vec<OnceLock<Anchors>>,
}

impl PathIndex {
    /// Adds a path.
    pub fn insert(&mut self, path: SourcePath, place: PathEntry) {
        if let PathEntry::Page(page) = place
            && !path.is_root()
        {
            let key = loose_key(path.stem());
            let once = |slot: &mut Option<PageId>| {
                if *slot != Some(page) {
                    *slot = None;
                }
            };
            self.in_folder
                .entry((path.parent(), key.clone()))
                .and_modify(once)
                .or_insert(Some(page));
            self.by_name.entry(key).and_modify(once).or_insert(Some(page));
        }
        if let PathEntry::Page(page) = place {
            self.of_page.entry(page).or_insert_with(|| path.clone());
        }
        self.by_path.insert(path, place);
    }

    /// The page that an entry of a navigation file names.
    #[must_use]
    pub fn page(&self, folder: &SourcePath, destination: &str) -> Option<FoundPage> {
        let path = self.split(folder, destination.trim()).path;
        let FoundTarget { target, is_repaired } = self.find(folder, path)?;
        let Target::Page(page, _) = target else { return None };
        Some(FoundPage { page, is_repaired })
    }

    /// True if a destination leads to a note that is not to be published yet.
    #[must_use]
    pub fn is_draft(&self, folder: &SourcePath, destination: &str) -> bool {
        let path = self.split(folder, destination.trim()).path;
        let found = self.find(folder, path).map(|found| found.target);
        matches!(found, Some(Target::Unpublished(_, Unpublished::Draft)))
    }

    /// The destination that leads from a folder to a page, written as this one is that was found by its loose key.
    #[must_use]
    pub fn written_for(
        &self,
        folder: &SourcePath,
        page: PageId,
        destination: &str,
    ) -> Option<String> {
        let target = self.of_page.get(&page)?;
        let SplitDestination { path, .. } = self.split(folder, destination);
        let (before, named) = if path.starts_with('/') {
            ("/", target.to_string())
        } else {
            (if path.starts_with("./") { "./" } else { "" }, target.relative_to(folder))
        };
        let before = if named.starts_with("..") && before == "./" { "" } else { before };
        let folder_mark = if target.is_markdown() || named.ends_with('.') { "" } else { "/" };
        Some(format!(
            "{before}{}{folder_mark}{}",
            encode_destination(&named),
            &destination[path.len()..]
        ))
    }

    /// The destination that may have been meant by one that leads nowhere.
    #[must_use]
    pub fn meant_by(&self, folder: &SourcePath, destination: &str) -> Option<String> {
        let path = self.split(folder, destination.trim()).path;
        let wanted = folder.join(&percent_decode(path))?;
        let suggestions = self.suggestions.get_or_init(|| Suggestions::new(self.public_paths()));
        let found = suggestions.find(&wanted)?;
        Some(encode_destination(&found.relative_to(folder)))
    }

    fn public_paths(&self) -> impl Iterator<Item = &SourcePath> {
        self.by_path.iter().filter_map(|(path, entry)| match entry {
            PathEntry::Unpublished(_) => None,
            PathEntry::Page(_) | PathEntry::File => Some(path),
        })
    }

    fn find(&self, folder: &SourcePath, path: &str) -> Option<FoundTarget> {
        let without_query = path.split('?').next().unwrap_or(path);
        let decoded = percent_decode(path);
        let plain = percent_decode(without_query);
        // A name may hold `%` and `?`, so the destination as written comes first.
        let mut spellings = vec![path];
        for spelling in [decoded.as_str(), without_query, plain.as_str()] {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        let exact = spellings.iter().find_map(|spelling| self.exact(&folder.join(spelling)?));
        if let Some(target) = exact {
            return Some(FoundTarget { target, is_repaired: false });
        }
        let public = fallback::public(folder, &plain);
        if let Some(target) = public.iter().find_map(|path| self.at(path)) {
            return Some(FoundTarget { target, is_repaired: false });
        }
        let target = self
            .loose(folder, &plain)
            .or_else(|| self.exact(&fallback::with_slashes(folder, &plain)?))
            .or_else(|| self.ignoring_case(folder, &plain))
            .or_else(|| self.below_hidden(&folder.join(&plain)?))?;
        Some(FoundTarget { target, is_repaired: true })
    }

    /// A file whose path differs in case alone, as Windows and macOS find it.
    fn ignoring_case(&self, folder: &SourcePath, path: &str) -> Option<Target> {
        let path = folder.join(&path.replace('\\', "/"))?;
        self.at(self.folded().at(&path)?)
    }

    fn folded(&self) -> &FilesIgnoringCase {
        self.folded.get_or_init(|| {
            let files = self.by_path.iter().filter(|(_, place)| matches!(place, PathEntry::File));
            FilesIgnoringCase::new(files.map(|(path, _)| path))
        })
    }

    /// The only file of a name, wherever it is.
    #[must_use]
    pub fn file_named(&self, name: &str) -> Option<Target> {
        self.folded().named(&percent_decode(name.trim())).map(|path| Target::File(path.clone()))
    }

    /// The path itself, with `.md`, or as the page that it will be.
    fn exact(&self, path: &SourcePath) -> Option<Target> {
        let stem = path.as_str();
        if let Some(target) = self.at(path) {
            return Some(target);
        }
        if let Some(target) = self.at(&SourcePath::new(&format!("{stem}.md"))?) {
            return Some(target);
        }
        let name = path.name();
        if name.eq_ignore_ascii_case("index.html") || is_index_note(name) {
            return self.at(&path.parent()).filter(|target| matches!(target, Target::Page(..)));
        }
        let stem = stem.strip_suffix(".html").or_else(|| stem.strip_suffix(".htm"))?;
        self.at(&SourcePath::new(&format!("{stem}.md"))?)
    }

    fn at(&self, path: &SourcePath) -> Option<Target> {
        Some(match self.by_path.get(path)? {
            PathEntry::Page(page) => Target::Page(*page, None),
            PathEntry::File => Target::File(path.clone()),
            PathEntry::Unpublished(why) => Target::Unpublished(path.clone(), *why),
        })
    }

    /// By the loose key in the folder that the path names, then by a name that is unique in the tree. Only what
    /// could be a note is looked for this way, never an image or another file.
    fn loose(&self, folder: &SourcePath, path: &str) -> Option<Target> {
        let mut path = path.trim_end_matches('/');
        let mut stem = stem_of(path)?;
        // A folder's own note is found by the folder's name.
        while is_index_note(&format!("{stem}.md")) {
            path = path.rsplit_once('/').map(|(above, _)| above.trim_end_matches('/'))?;
            stem = stem_of(path)?;
        }
        let key = loose_key(stem);
        if key.is_empty() {
            return None;
        }
        let named = path
            .rsplit_once('/')
            .map_or_else(|| Some(folder.clone()), |(above, _)| folder.join(above));
        let in_folder =
            named.and_then(|named| self.in_folder.get(&(named, key.clone())).copied().flatten());
        let page = in_folder.or_else(|| self.by_name.get(&key).copied().flatten())?;
        Some(Target::Page(page, None))
    }

    /// Something below a hidden folder, which was not looked into.
    fn below_hidden(&self, path: &SourcePath) -> Option<Target> {
        let hidden = |above: &SourcePath| {
            matches!(self.by_path.get(above), Some(PathEntry::Unpublished(Unpublished::Hidden)))
        };
        path.ancestors()
            .find(hidden)
            .map(|_| Target::Unpublished(path.clone(), Unpublished::Hidden))
    }

    /// Splits a destination. A name may hold `#` too, so the longest path that exists wins.
    fn split<'d>(&self, folder: &SourcePath, destination: &'d str) -> SplitDestination<'d> {
        if self.exists(folder, destination) {
            return SplitDestination { path: destination, anchor: None };
        }
        if !destination.contains('#') {
            // docsify's way to name a heading.
            return match destination.split_once("?id=") {
                Some((path, "")) => SplitDestination { path, anchor: None },
                Some((path, anchor)) => SplitDestination { path, anchor: Some(anchor) },
                None => SplitDestination { path: destination, anchor: None },
            };
        }
        if let Some((path, anchor)) = destination.rsplit_once('#')
            && path.contains('#')
            && self.exists(folder, path)
        {
            return SplitDestination { path, anchor: Some(anchor) };
        }
        let (path, anchor) = destination.split_once('#').unwrap_or((destination, ""));
        SplitDestination { path, anchor: Some(anchor) }
    }

    fn exists(&self, folder: &SourcePath, path: &str) -> bool {
        let is_known =
            |path: &str| folder.join(path).is_some_and(|path| self.by_path.contains_key(&path));
        is_known(path) || is_known(&percent_decode(path))
    }
}

impl<'n> LinkResolver<'n> {
    /// A resolver for these paths; the first `pages` pages have the ids that `ids` gives, the others none.
    pub fn new(
        paths: Arc<PathIndex>,
        pages: usize,
        ids: impl Fn(PageId) -> Vec<String> + Send + Sync + 'n,
    ) -> Self {
        Self { paths, ids: Box::new(ids), anchors: vec![OnceLock::new(); pages] }
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
            return Resolved { target, repaired: false, lost_anchor: false };
        }
        let SplitDestination { path, anchor } = self.paths.split(folder, destination);
        let found = if !path.is_empty() {
            self.paths.find(folder, path)
        } else if destination.is_empty() {
            None
        } else {
            here.map(|page| FoundTarget { target: Target::Page(page, None), is_repaired: false })
        };
        let Some(FoundTarget { target, is_repaired }) = found else {
            return Resolved { target: Target::Dead, repaired: false, lost_anchor: false };
        };
        let Target::Page(page, _) = target else {
            return Resolved { target, repaired: is_repaired, lost_anchor: false };
        };
        let wanted = anchor.filter(|anchor| !anchor.is_empty());
        let id = wanted.and_then(|anchor| self.anchor(page, anchor));
        let lost_anchor = wanted.is_some() && id.is_none();
        Resolved { target: Target::Page(page, id), repaired: is_repaired, lost_anchor }
    }

    /// The id of a page that may have been meant by the anchor of a destination, which it does not have.
    #[must_use]
    pub fn anchor_meant_by(
        &self,
        folder: &SourcePath,
        page: PageId,
        destination: &str,
    ) -> Option<String> {
        let SplitDestination { anchor, .. } = self.paths.split(folder, destination.trim());
        let anchors = self.anchors.get(page.0)?.get()?;
        nearest(&percent_decode(anchor?), anchors.sorted().into_iter()).map(str::to_owned)
    }

    /// The paths that it knows.
    #[must_use]
    pub fn paths(&self) -> &PathIndex {
        &self.paths
    }

    /// The id that an anchor means.
    fn anchor(&self, page: PageId, anchor: &str) -> Option<String> {
        self.anchors.get(page.0)?.get_or_init(|| Anchors::of((self.ids)(page))).meant_by(anchor)
    }
}

/// A name without the ending of a note; `None` for the name of another file.
fn stem_of(path: &str) -> Option<&str> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let stem = [".md", ".markdown", ".html", ".htm"].iter().find_map(|end| strip_suffix(name, end));
    let has_extension = name
        .rsplit_once('.')
        .is_some_and(|(_, end)| (1..=4).contains(&end.len()) && end.is_ascii());
    stem.or((!has_extension).then_some(name))
}

fn is_index_note(name: &str) -> bool {
    ["readme.md", "index.md", "_index.md"].iter().any(|index| name.eq_ignore_ascii_case(index))
}

fn strip_suffix<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(suffix.len()).filter(|&at| name.is_char_boundary(at))?;
    name[at..].eq_ignore_ascii_case(suffix).then_some(&name[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    fn resolver() -> LinkResolver<'static> {
        let mut places = PathIndex::default();
        for (text, place) in [
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
            places.insert(path(text), place);
        }
        let ids = |page| {
            if page == PageId(6) {
                ["选举", "nav--导航", "search-1"].map(str::to_owned).into()
            } else {
                Vec::new()
            }
        };
        LinkResolver::new(places.into(), 10, ids)
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
        for (destination, id, lost) in [
            ("../01~共识/Raft.md#选举", Some("选举"), false),
            ("../01~共识/Raft.md#%E9%80%89%E4%B8%BE", Some("选举"), false),
            ("../01~共识/Raft.md#Nav-导航", None, true),
            ("../01~共识/Raft.md#Nav--导航", Some("nav--导航"), false),
            ("../01~共识/Raft.md#没有", None, true),
            ("../01~共识/Raft.md#", None, false),
            ("../01~共识/Raft?id=选举", Some("选举"), false),
        ] {
            let resolved = resolver().resolve(&path("a"), None, destination);
            let lost = lost && id.is_none();
            match resolved.target {
                Target::Page(PageId(6), found)
                    if destination.contains("Nav-导航") && !destination.contains("--") =>
                {
                    assert_eq!(found.as_deref(), Some("nav--导航"), "{destination}");
                }
                Target::Page(PageId(6), found) => {
                    assert_eq!(
                        (found.as_deref(), resolved.lost_anchor),
                        (id, lost),
                        "{destination}"
                    );
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn names_may_hold_the_sign_of_an_anchor() {
        let mut places = PathIndex::default();
        for (text, page) in [("C.md", 1), ("C#", 2), ("C#/README.md", 2), ("C#/a.md", 3)] {
            places.insert(path(text), PathEntry::Page(PageId(page)));
        }
        let ids = |page| if page == PageId(3) { vec!["节".to_owned()] } else { Vec::new() };
        let resolver = LinkResolver::new(places.into(), 4, ids);
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
    fn a_path_of_very_many_index_notes_is_only_dead() {
        let destination = format!("gone/{}README.md", "README.md/".repeat(50_000));
        assert_eq!(resolver().resolve(&path(""), None, &destination).target, Target::Dead);
    }
}
