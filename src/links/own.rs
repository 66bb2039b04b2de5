//! An address of the notes' own repository → the page or file here that it shows there.
//!
//! Must not know: sites that host repositories, Markdown.

use crate::config::{OwnRepository, RepositoryAddress};
use crate::nav::PageId;
use crate::path::{SourcePath, percent_decode};

use super::path_index::FoundTarget;
use super::{LinkResolver, Target};

/// Most segments of a branch's name that are tried.
const LONGEST_BRANCH: usize = 8;

/// A page or file of the repository, and the anchor of its address.
pub(super) struct OwnFile<'d> {
    pub found: FoundTarget,
    pub anchor: Option<&'d str>,
}

impl<'n> LinkResolver<'n> {
    /// The same resolver, for which addresses of this repository are paths.
    #[must_use]
    pub fn with_repository(self, own: Option<&'n OwnRepository>) -> Self {
        Self { own, ..self }
    }

    /// The same resolver for notes whose other files are read at an address of their own, if that
    /// is so.
    #[must_use]
    pub fn with_sources(self, are_elsewhere: bool) -> Self {
        Self { has_sources: are_elsewhere, ..self }
    }

    /// True if a file or folder that is not published is read at an address of its own.
    #[must_use]
    pub fn has_sources(&self) -> bool {
        self.has_sources
    }

    /// The page or file that an address shows, if it exists here. The branch may be any, and its
    /// name may contain `/`: the first end of it counts behind which there is an existing path. A
    /// page's own address is meant to lead readers there.
    pub(super) fn own_file<'d>(&self, here: Option<PageId>, url: &'d str) -> Option<OwnFile<'d>> {
        let own = self.own?;
        let RepositoryAddress { branch_and_path, anchor } = own.address(url)?;
        if branch_and_path.split('/').any(|segment| segment == "..") {
            return None;
        }
        // On the page of a folder, which shows its README.
        let anchor = anchor.filter(|anchor| !anchor.eq_ignore_ascii_case("readme"));
        for (at, _) in branch_and_path.match_indices('/').take(LONGEST_BRANCH) {
            let Some(path) = below(&own.folder, &percent_decode(&branch_and_path[at + 1..])) else {
                continue;
            };
            if let Some(target @ (Target::Page(..) | Target::File(_))) = self.paths().at(&path) {
                let is_here = matches!(target, Target::Page(page, _) if Some(page) == here);
                if is_here && anchor.is_none() {
                    return None;
                }
                return Some(OwnFile { found: FoundTarget { target, is_repaired: false }, anchor });
            }
        }
        None
    }
}

/// The path below the notes' root of one in the repository. The address of the whole repository is
/// not a path.
fn below(folder: &SourcePath, path: &str) -> Option<SourcePath> {
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return None;
    }
    let path = if folder.is_root() {
        path
    } else {
        let rest = path.strip_prefix(folder.as_str())?;
        if rest.is_empty() { rest } else { rest.strip_prefix('/')? }
    };
    SourcePath::new(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::{AnchorFit, PageAnchors, PathEntry, PathIndex};

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    #[test]
    fn addresses_of_the_own_repository_are_paths() {
        let own = |folder| OwnRepository::at("https://github.com/me/notes", &path(folder)).unwrap();
        let (root, docs) = (own(""), own("docs/a b"));
        let mut paths = PathIndex::default();
        for (text, entry) in [
            ("", PathEntry::Page(PageId(0))),
            ("README.md", PathEntry::Page(PageId(0))),
            ("dir", PathEntry::Page(PageId(1))),
            ("dir/My Note.md", PathEntry::Page(PageId(2))),
            ("x/dir", PathEntry::Page(PageId(3))),
            ("p.png", PathEntry::File),
        ] {
            paths.insert(path(text), entry);
        }
        let part = ["part".to_owned()];
        let ids = |page| {
            let others = if page == PageId(2) { &part[..] } else { &[] };
            PageAnchors { others, headings: &[] }
        };
        let resolver = LinkResolver::new(paths.into(), 4, ids);
        let page = |id, anchor: Option<&str>| Target::Page(PageId(id), anchor.map(str::to_owned));
        let at_root = resolver.with_repository(Some(&root));
        let base = "https://github.com/me/notes";
        for (address, expected, fit) in [
            ("/blob/main/dir/My%20Note.md", Some(page(2, None)), AnchorFit::Exact),
            ("/blob/main/dir/My%20Note.md#part", Some(page(2, Some("part"))), AnchorFit::Exact),
            ("/blob/main/dir/My%20Note.md#_Part", Some(page(2, Some("part"))), AnchorFit::Loose),
            ("/blob/main/dir/My%20Note.md#gone", Some(page(2, None)), AnchorFit::Lost),
            ("/tree/master/dir/", Some(page(1, None)), AnchorFit::Exact),
            ("/tree/feature/dir", Some(page(1, None)), AnchorFit::Exact),
            ("/tree/a/b/c/dir", Some(page(1, None)), AnchorFit::Exact),
            ("/blob/main/README.md", Some(page(0, None)), AnchorFit::Exact),
            ("/raw/main/p.png", Some(Target::File(path("p.png"))), AnchorFit::Exact),
            ("/blob/main/dir/Gone.md", None, AnchorFit::Exact),
            ("/blob/main/my note.md", None, AnchorFit::Exact),
            ("/tree/main/dir#readme", Some(page(1, None)), AnchorFit::Exact),
            ("/tree/main/x/dir", None, AnchorFit::Exact),
            ("/tree/main/x/dir#x", Some(page(3, None)), AnchorFit::Lost),
            ("/tree/main", None, AnchorFit::Exact),
            ("/tree/main/", None, AnchorFit::Exact),
            ("/blob/main/../../x/dir", None, AnchorFit::Exact),
        ] {
            let url = format!("{base}{address}");
            let resolved = at_root.resolve(&path("x"), Some(PageId(3)), &url);
            let expected = expected.unwrap_or_else(|| Target::External(url.clone()));
            assert_eq!((resolved.target, resolved.anchor), (expected, fit), "{url}");
        }
        let below = at_root.with_repository(Some(&docs));
        for (address, expected) in [
            ("/blob/main/docs/a%20b/dir/My%20Note.md", Some(page(2, None))),
            ("/tree/main/docs/a%20b", Some(page(0, None))),
            ("/blob/main/dir/My%20Note.md", None),
            ("/blob/main/docs/a%20bc/dir", None),
        ] {
            let url = format!("{base}{address}");
            let expected = expected.unwrap_or_else(|| Target::External(url.clone()));
            assert_eq!(below.resolve(&path("x"), None, &url).target, expected, "{url}");
        }
        let none = below.with_repository(None);
        let url = format!("{base}/tree/main/dir");
        assert_eq!(none.resolve(&path(""), None, &url).target, Target::External(url.clone()));
    }
}
