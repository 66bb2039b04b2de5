//! A path → the page or file that it names, exactly, by a similar name, or by the rules of other
//! systems and generators.
//!
//! Must not know: addresses of other sites, headings.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::OnceLock;

use crate::nav::PageId;
use crate::path::{SourcePath, encode_destination, loose_key, percent_decode};

use super::fallback::{self, FilesIgnoringCase};
use super::suggest::Suggestions;
use super::wiki::NotesByName;
use super::{Target, Unpublished};

/// An entry of a [`PathIndex`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathEntry {
    /// A note or a folder with a page.
    Page(PageId),
    /// A file that can be published.
    File,
    /// A file or folder that is not published.
    Unpublished(Unpublished),
}

/// All paths that can be the target of a link.
#[derive(Debug, Clone, Default)]
pub struct PathIndex {
    by_path: BTreeMap<SourcePath, PathEntry>,
    /// Pages by folder and loose key; `None` if several share it.
    in_folder: HashMap<(SourcePath, String), Option<PageId>>,
    /// Pages by loose key in the whole tree; `None` if several share it.
    by_name: HashMap<String, Option<PageId>>,
    /// The file or, without one, the folder of each page.
    of_page: HashMap<PageId, SourcePath>,
    /// Suggestions for dead links, made on first use: most sites have no dead links.
    suggestions: OnceLock<Suggestions>,
    /// Files by names in lower case, made on first use.
    folded: OnceLock<FilesIgnoringCase>,
    /// Notes by names, made when first asked for.
    named: OnceLock<NotesByName>,
}

/// The page that an entry of a navigation file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedPage {
    /// The page.
    pub page: PageId,
    /// True if only loose matching found it.
    pub is_repaired: bool,
    /// True if the entry names a heading of it.
    pub has_anchor: bool,
}

/// The target of a path.
pub(super) struct FoundTarget {
    pub target: Target,
    /// True if only loose matching found it.
    pub is_repaired: bool,
}

/// A destination in its two parts.
pub(super) struct SplitDestination<'d> {
    pub path: &'d str,
    pub anchor: Option<&'d str>,
}

impl<'d> SplitDestination<'d> {
    fn without_anchor(path: &'d str) -> Self {
        Self { path, anchor: None }
    }

    /// A path and docsify's way to name a heading.
    fn with_query(path: &'d str) -> Self {
        match path.split_once("?id=") {
            Some((path, "")) => Self::without_anchor(path),
            Some((path, anchor)) => Self { path, anchor: Some(anchor) },
            None => Self::without_anchor(path),
        }
    }
}

impl PathIndex {
    /// Adds a path.
    pub fn insert(&mut self, path: SourcePath, entry: PathEntry) {
        if let PathEntry::Page(page) = entry {
            if !path.is_root() {
                let key = loose_key(path.stem());
                insert_unless_shared(&mut self.in_folder, (path.parent(), key.clone()), page);
                insert_unless_shared(&mut self.by_name, key, page);
            }
            self.of_page.entry(page).or_insert_with(|| path.clone());
        }
        self.by_path.insert(path, entry);
    }

    /// The page that an entry of a navigation file names.
    #[must_use]
    pub fn page(&self, folder: &SourcePath, destination: &str) -> Option<ResolvedPage> {
        let SplitDestination { path, anchor } = self.split(folder, destination.trim());
        let FoundTarget { target, is_repaired } = self.find(folder, path)?;
        let Target::Page(page, _) = target else { return None };
        let has_anchor = anchor.is_some_and(|anchor| !anchor.is_empty());
        Some(ResolvedPage { page, is_repaired, has_anchor })
    }

    /// True if a destination leads to a draft.
    #[must_use]
    pub fn is_draft(&self, folder: &SourcePath, destination: &str) -> bool {
        let path = self.split(folder, destination.trim()).path;
        let found = self.find(folder, path).map(|found| found.target);
        matches!(found, Some(Target::Unpublished(_, Unpublished::Draft)))
    }

    /// The destination that leads from a folder to a page, in the style of `destination`, which was
    /// found loosely: with or without `./` or `/`, and with its anchor, or with another id in its
    /// place.
    #[must_use]
    pub fn written_for(
        &self,
        folder: &SourcePath,
        page: PageId,
        destination: &str,
        id: Option<&str>,
    ) -> Option<String> {
        let target = self.of_page.get(&page)?;
        let SplitDestination { path, anchor } = self.split(folder, destination);
        let rest = match (id, destination.strip_prefix(path)) {
            (Some(id), _) => format!("#{}", encode_destination(id)),
            (None, Some(rest)) => rest.to_owned(),
            // The route of a single-page site.
            (None, None) => anchor.map_or_else(String::new, |anchor| format!("#{anchor}")),
        };
        let from_root = path.starts_with('/') && destination.starts_with(path);
        let named = if from_root { target.to_string() } else { target.relative_to(folder) };
        let before = if from_root {
            "/"
        } else if path.starts_with("./") && !named.starts_with("..") {
            "./"
        } else {
            ""
        };
        let slash = if target.is_markdown() || named.ends_with('.') { "" } else { "/" };
        Some(format!("{before}{}{slash}{rest}", encode_destination(&named)))
    }

    /// The most similar destination for one that does not exist, as a suggestion.
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

    /// The target of a path without an anchor.
    pub(super) fn find(&self, folder: &SourcePath, path: &str) -> Option<FoundTarget> {
        let without_query = path.split('?').next().unwrap_or(path);
        let decoded = percent_decode(path);
        let plain = percent_decode(without_query);
        // A name may contain `%` and `?`, so the destination as written comes first.
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

    /// The target of a path relative to the address that a page has in Hugo and other generators:
    /// there each note is a folder, so `../a.png` in `b/c.md` is `b/a.png`.
    pub(super) fn below_page(&self, page: PageId, path: &str) -> Option<FoundTarget> {
        let note = self.of_page.get(&page)?;
        let is_folder = !note.is_markdown() || is_index_note(note.name());
        if is_folder || !path.starts_with("../") {
            return None;
        }
        let address = note.parent().join(note.stem())?;
        let path = percent_decode(path.split('?').next()?);
        Some(FoundTarget { target: self.exact(&address.join(&path)?)?, is_repaired: false })
    }

    /// A file whose path differs in case only, as Windows and macOS find it.
    fn ignoring_case(&self, folder: &SourcePath, path: &str) -> Option<Target> {
        let path = folder.join(&path.replace('\\', "/"))?;
        self.at(self.folded().at(&path)?)
    }

    fn folded(&self) -> &FilesIgnoringCase {
        self.folded.get_or_init(|| {
            let files = self.by_path.iter().filter(|(_, entry)| {
                matches!(entry, PathEntry::File | PathEntry::Unpublished(Unpublished::Active))
            });
            FilesIgnoringCase::new(files.map(|(path, _)| path))
        })
    }

    /// The notes by their names.
    pub(super) fn notes_by_name(&self) -> &NotesByName {
        self.named.get_or_init(|| {
            let is_note = |(path, entry): &(&SourcePath, &PathEntry)| {
                path.is_markdown() && matches!(entry, PathEntry::Page(_))
            };
            NotesByName::new(self.by_path.iter().filter(is_note).map(|(path, _)| path))
        })
    }

    /// The file of a name in any folder, if it is the only one.
    #[must_use]
    pub fn file_named(&self, name: &str) -> Option<Target> {
        self.at(self.folded().named(&percent_decode(name.trim()))?)
    }

    /// The path itself, with `.md`, or with `.md` for the `.html` that its page will have.
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

    pub(super) fn at(&self, path: &SourcePath) -> Option<Target> {
        Some(match self.by_path.get(path)? {
            PathEntry::Page(page) => Target::Page(*page, None),
            PathEntry::File => Target::File(path.clone()),
            PathEntry::Unpublished(reason) => Target::Unpublished(path.clone(), *reason),
        })
    }

    /// The note with the loose key of the path in its folder, else the one whose name is unique in
    /// the tree. Images and other files are never found this way.
    fn loose(&self, folder: &SourcePath, path: &str) -> Option<Target> {
        let mut path = path.trim_end_matches('/');
        let mut stem = stem_of(path)?;
        // A folder's own note has the folder's name.
        while is_index_note(&format!("{stem}.md")) {
            path = path.rsplit_once('/').map(|(above, _)| above.trim_end_matches('/'))?;
            stem = stem_of(path)?;
        }
        let key = loose_key(stem);
        if key.is_empty() {
            return None;
        }
        let named = match path.rsplit_once('/') {
            Some((above, _)) => folder.join(above),
            None => Some(folder.clone()),
        };
        if let Some(named) = named
            && let Some(Some(page)) = self.in_folder.get(&(named, key.clone()))
        {
            return Some(Target::Page(*page, None));
        }
        let page = (*self.by_name.get(&key)?)?;
        Some(Target::Page(page, None))
    }

    /// A path below a hidden folder. Such folders are not read, so it is unknown if it exists.
    fn below_hidden(&self, path: &SourcePath) -> Option<Target> {
        let hidden = PathEntry::Unpublished(Unpublished::Hidden);
        if !path.ancestors().any(|above| self.by_path.get(&above) == Some(&hidden)) {
            return None;
        }
        Some(Target::Unpublished(path.clone(), Unpublished::Hidden))
    }

    /// Splits a destination. A name may contain `#`, so the longest path that exists wins.
    pub(super) fn split<'d>(
        &self,
        folder: &SourcePath,
        destination: &'d str,
    ) -> SplitDestination<'d> {
        if self.exists(folder, destination) {
            return SplitDestination::without_anchor(destination);
        }
        if !destination.contains('#') {
            return SplitDestination::with_query(destination);
        }
        if let Some(route) = route(destination) {
            let split = SplitDestination::with_query(route);
            if self.find(folder, split.path).is_some() {
                return split;
            }
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

/// The path from the root that an address of docsify names: it has all pages on one, behind `#/`.
fn route(destination: &str) -> Option<&str> {
    let (page, _) = destination.split_once("#/")?;
    let is_single_page = matches!(page, "" | "/" | "./" | "index.html" | "/index.html");
    is_single_page.then(|| &destination[page.len() + 1..])
}

/// Adds a page under a key. A folder and its own note are one page; a key of several pages is of
/// none.
fn insert_unless_shared<K: Eq + Hash>(
    pages: &mut HashMap<K, Option<PageId>>,
    key: K,
    page: PageId,
) {
    let slot = pages.entry(key).or_insert(Some(page));
    if *slot != Some(page) {
        *slot = None;
    }
}

/// A name without the ending of a note; `None` for the name of another file.
fn stem_of(path: &str) -> Option<&str> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let stem = [".md", ".markdown", ".html", ".htm"].iter().find_map(|end| strip_suffix(name, end));
    if stem.is_some() {
        return stem;
    }
    // A longer or Chinese ending is part of the name: `01.配置部署`, `v1.2 notes`.
    match name.rsplit_once('.') {
        Some((_, end)) if (1..=4).contains(&end.len()) && end.is_ascii() => None,
        _ => Some(name),
    }
}

/// True for the name of a folder's own note.
fn is_index_note(name: &str) -> bool {
    ["readme.md", "index.md", "_index.md"].iter().any(|index| name.eq_ignore_ascii_case(index))
}

/// A name without a suffix, ignoring case.
fn strip_suffix<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(suffix.len()).filter(|&at| name.is_char_boundary(at))?;
    name[at..].eq_ignore_ascii_case(suffix).then_some(&name[..at])
}
