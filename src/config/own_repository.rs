//! The address of the notes' own repository, and an address → the path of a file in it.
//!
//! Must not know: git, which files there are.

use std::sync::Arc;

use super::repository::Forge;
use super::url::Url;
use crate::path::SourcePath;

/// Parts of an address between a repository and the branch, on sites that host repositories: those
/// of GitLab and Gitea before the shorter ones.
const VERBS: [&str; 9] = [
    "-/blob/",
    "-/tree/",
    "-/raw/",
    "src/branch/",
    "raw/branch/",
    "blob/",
    "tree/",
    "raw/",
    "src/",
];
/// Digits of a commit's whole name.
const FULL_COMMIT: usize = 40;
/// The host of GitHub that gives files as they are, without a part before the branch.
const RAW_HOST: &str = "raw.githubusercontent.com";

/// The repository that holds the notes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OwnRepository {
    host: Arc<str>,
    path: Arc<str>,
    /// The notes' root in it.
    pub folder: SourcePath,
}

/// An address of a file or folder in the repository, percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepositoryAddress<'u> {
    /// The branch, which may contain `/`, and the path.
    pub branch_and_path: &'u str,
    /// The part behind `#`.
    pub anchor: Option<&'u str>,
}

impl OwnRepository {
    /// The repository at an address as a browser shows it.
    #[must_use]
    pub fn at(url: &str, folder: &SourcePath) -> Option<Self> {
        Self::new(&Url::parse_repository(url).ok()?, folder)
    }

    pub(super) fn new(url: &Url, folder: &SourcePath) -> Option<Self> {
        let path = match Forge::of(url) {
            Some(forge) => forge.repository(url)?,
            None => url.segments().collect::<Vec<_>>().join("/"),
        };
        let host = Arc::from(url.host().trim_start_matches("www."));
        let has_owner = path.contains('/');
        has_owner.then(|| Self { host, path: Arc::from(path), folder: folder.clone() })
    }

    /// True if this is the same repository, whatever the notes' root in it.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.host == other.host && self.path.eq_ignore_ascii_case(&other.path)
    }

    /// The last part of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// True if an address is that of the repository as a whole.
    #[must_use]
    pub fn is_root_at(&self, url: &str) -> bool {
        let Some((scheme, rest)) = url.split_once("://") else { return false };
        let rest = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        let Some((host, path)) = rest.split_once('/') else { return false };
        let path = path.strip_suffix(".git").unwrap_or(path);
        scheme.starts_with("http")
            && host.eq_ignore_ascii_case(&self.host)
            && path.eq_ignore_ascii_case(&self.path)
    }

    /// The file that an address names; `None` for addresses elsewhere, and for those of lines or of
    /// the source text, which readers want to see there.
    #[must_use]
    pub fn address<'u>(&self, url: &'u str) -> Option<RepositoryAddress<'u>> {
        let (_, rest) = url.split_once("://").filter(|(scheme, _)| scheme.starts_with("http"))?;
        let (rest, anchor) = match rest.split_once('#') {
            Some((rest, anchor)) => (rest, Some(anchor)),
            None => (rest, None),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_once('/')?;
        let host = host.strip_prefix("www.").unwrap_or(host);
        let is_raw = host.eq_ignore_ascii_case(RAW_HOST) && &*self.host == "github.com";
        if query.contains("plain=1")
            || anchor.is_some_and(is_of_lines)
            || !(is_raw || host.eq_ignore_ascii_case(&self.host))
        {
            return None;
        }
        let (own, below) = path.split_at_checked(self.path.len())?;
        let below = below.strip_prefix('/').filter(|_| own.eq_ignore_ascii_case(&self.path))?;
        let branch_and_path = if is_raw {
            below.strip_prefix("refs/heads/").unwrap_or(below)
        } else {
            VERBS.iter().find_map(|verb| below.strip_prefix(verb))?
        };
        // A permanent link shows the file as it was.
        let branch = branch_and_path.split('/').next().unwrap_or_default();
        if branch.len() == FULL_COMMIT && branch.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        Some(RepositoryAddress { branch_and_path, anchor })
    }
}

/// True for `L10`, `L10-L20` and `lines-3`.
fn is_of_lines(anchor: &str) -> bool {
    let rest = anchor.strip_prefix("lines-").or_else(|| anchor.strip_prefix('L'));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_the_repository() {
        for (repository, url, expected) in [
            (
                "https://github.com/me/notes",
                "https://github.com/me/notes/blob/main/a%20b.md#x",
                Some(("main/a%20b.md", Some("x"))),
            ),
            (
                "https://github.com/me/notes.git",
                "https://www.github.com/Me/Notes/tree/main/dir/",
                Some(("main/dir/", None)),
            ),
            (
                "https://github.com/me/notes",
                "https://github.com/me/notes/blob/f/x/a.png?raw=true",
                Some(("f/x/a.png", None)),
            ),
            (
                "https://github.com/me/notes",
                "https://github.com/me/notes/raw/main/a.png",
                Some(("main/a.png", None)),
            ),
            (
                "https://github.com/me/notes",
                "https://raw.githubusercontent.com/me/notes/main/a.png",
                Some(("main/a.png", None)),
            ),
            (
                "https://github.com/me/notes",
                "https://raw.githubusercontent.com/me/notes/refs/heads/main/a.png",
                Some(("main/a.png", None)),
            ),
            (
                "https://gitlab.com/g/s/r",
                "https://gitlab.com/g/s/r/-/blob/main/a.md",
                Some(("main/a.md", None)),
            ),
            (
                "https://gitee.com/o/r",
                "http://gitee.com/o/r/blob/master/a.md",
                Some(("master/a.md", None)),
            ),
            (
                "https://bitbucket.org/o/r",
                "https://bitbucket.org/o/r/src/master/a.md",
                Some(("master/a.md", None)),
            ),
            (
                "https://git.example:3000/o/r",
                "https://git.example:3000/o/r/src/branch/main/a.md",
                Some(("main/a.md", None)),
            ),
            // Other repositories, and pages that are no files.
            ("https://github.com/me/notes", "https://github.com/me/notes2/blob/main/a.md", None),
            ("https://github.com/me/notes", "https://github.com/you/notes/blob/main/a.md", None),
            ("https://github.com/me/notes", "https://gitee.com/me/notes/blob/main/a.md", None),
            ("https://github.com/me/notes", "https://github.com/me/notes/issues/1", None),
            ("https://github.com/me/notes", "https://github.com/me/notes", None),
            ("https://github.com/me/notes", "https://github.com/me/notes/edit/main/a.md", None),
            ("https://github.com/me/notes", "mailto:a@github.com/me/notes/blob/main/a.md", None),
            // The file as it was.
            (
                "https://github.com/me/notes",
                "https://github.com/me/notes/blob/0123456789abcdef0123456789abcdef01234567/a.md",
                None,
            ),
            // The source text itself.
            (
                "https://github.com/me/notes",
                "https://github.com/me/notes/blob/main/a.md?plain=1",
                None,
            ),
            (
                "https://github.com/me/notes",
                "https://github.com/me/notes/blob/main/a.md#L10-L20",
                None,
            ),
            ("https://github.com/me/笔记", "https://github.com/me/笔/blob/main/a.md", None),
        ] {
            let own = OwnRepository::at(repository, &SourcePath::root()).unwrap();
            let found = own.address(url).map(|found| (found.branch_and_path, found.anchor));
            assert_eq!(found, expected, "{url}");
        }
        assert_eq!(OwnRepository::at("https://github.com", &SourcePath::root()), None);
    }
}
