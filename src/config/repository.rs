//! A repository's URL and branch → the addresses at which notes are edited and their source is
//! shown, as [`LinkPattern`]s.
//!
//! Must not know: git, the file system, the network.

use std::sync::Arc;

use super::mistake::Mistake;
use super::url::Url;
use crate::path::{SourcePath, encode_path};
use crate::phrase::phrase;

/// The placeholder of the note's path in a pattern.
const PATH: &str = "{path}";

/// A URL for each note: text around the note's path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LinkPattern {
    before: Arc<str>,
    after: Arc<str>,
}

impl LinkPattern {
    /// The URL for a note; `note` is its path below the notes' root.
    #[must_use]
    pub fn url(&self, note: &SourcePath) -> String {
        format!("{}{}{}", self.before, encode_path(note.as_str()), self.after)
    }

    /// Reads a URL with `{path}` in it, or one to which the path is appended.
    pub(super) fn parse(text: &str) -> Result<Self, Mistake> {
        let text = text.trim();
        let (before, after) = text.split_once(PATH).unwrap_or((text, ""));
        if before.contains(['{', '}']) || after.contains(['{', '}']) {
            return Err(Mistake::new(
                phrase!("may contain {{path}} once and no other braces"),
                phrase!("write {{path}} where the note's path belongs"),
            ));
        }
        let slash = if text.contains(PATH) || before.ends_with(['/', '=']) { "" } else { "/" };
        let before = format!("{}{slash}", Url::parse(before)?);
        Ok(Self { before: Arc::from(before), after: Arc::from(after) })
    }
}

/// Sites that host repositories, by the form of their URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forge {
    /// `/owner/name/edit/branch/path`
    GitHub,
    /// `/group/…/name/-/edit/branch/path`, on gitlab.com and hosts called `gitlab.…`
    GitLab,
    /// As GitHub.
    Gitee,
}

impl Forge {
    pub(super) fn of(repository: &Url) -> Option<Self> {
        match repository.host().trim_start_matches("www.") {
            "github.com" => Some(Self::GitHub),
            "gitee.com" => Some(Self::Gitee),
            host if host.starts_with("gitlab.") => Some(Self::GitLab),
            _ => None,
        }
    }

    /// The path of the repository, also if the URL is that of a page in it.
    pub(super) fn repository(self, url: &Url) -> Option<String> {
        let segments: Vec<&str> = match self {
            Self::GitHub | Self::Gitee => url.segments().take(2).collect(),
            Self::GitLab => url.segments().take_while(|segment| *segment != "-").collect(),
        };
        (segments.len() >= 2).then(|| segments.join("/"))
    }

    /// The part of the path between the repository and the branch.
    fn verb(self, action: &str) -> String {
        match self {
            Self::GitHub | Self::Gitee => action.to_owned(),
            Self::GitLab => format!("-/{action}"),
        }
    }
}

/// The two patterns of a repository, to edit a note and to see its source; `None` if its site is
/// unknown.
pub(super) fn patterns(
    repository: &Url,
    branch: &str,
    content: &SourcePath,
) -> Option<[LinkPattern; 2]> {
    let forge = Forge::of(repository)?;
    let path = forge.repository(repository)?;
    let scheme = repository.as_str().split_once(':')?.0;
    let folder = if content.is_root() {
        String::new()
    } else {
        format!("{}/", encode_path(content.as_str()))
    };
    Some(["edit", "blob"].map(|action| {
        let action = format!("{scheme}://{}/{path}/{}", repository.host(), forge.verb(action));
        let before = format!("{action}/{}/{folder}", encode_path(branch));
        LinkPattern { before: Arc::from(before), after: Arc::from("") }
    }))
}

/// Reads the name of a branch: the rules of git-check-ref-format, as far as they matter in a URL.
pub(super) fn branch(text: &str) -> Result<String, Mistake> {
    let name = text.trim();
    let wrong = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    if name.is_empty()
        || name.starts_with('/')
        || name.ends_with('/')
        || name.contains("..")
        || name.contains(wrong)
    {
        return Err(Mistake::new(
            phrase!("is not a valid branch name"),
            phrase!("write the name of a branch, such as main"),
        ));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> SourcePath {
        SourcePath::new("01~共识/a b.md").unwrap()
    }

    #[test]
    fn repositories_of_known_sites() {
        let path = "01~%E5%85%B1%E8%AF%86/a%20b.md";
        for (repository, content, edit, source) in [
            (
                "https://github.com/o/r.git",
                "",
                "https://github.com/o/r/edit/main/",
                "https://github.com/o/r/blob/main/",
            ),
            (
                "https://github.com/o/r/tree/main/x",
                "docs",
                "https://github.com/o/r/edit/main/docs/",
                "https://github.com/o/r/blob/main/docs/",
            ),
            (
                "https://gitlab.com/g/s/r",
                "a b",
                "https://gitlab.com/g/s/r/-/edit/main/a%20b/",
                "https://gitlab.com/g/s/r/-/blob/main/a%20b/",
            ),
            (
                "http://gitlab.example.org:8080/g/r/-/tree/x",
                "",
                "http://gitlab.example.org:8080/g/r/-/edit/main/",
                "http://gitlab.example.org:8080/g/r/-/blob/main/",
            ),
            (
                "https://gitee.com/o/r",
                "",
                "https://gitee.com/o/r/edit/main/",
                "https://gitee.com/o/r/blob/main/",
            ),
        ] {
            let url = Url::parse_repository(repository).unwrap();
            let found = patterns(&url, "main", &SourcePath::new(content).unwrap()).unwrap();
            let urls = found.map(|pattern| pattern.url(&note()));
            assert_eq!(urls, [format!("{edit}{path}"), format!("{source}{path}")], "{repository}");
        }
    }

    #[test]
    fn other_sites_have_no_patterns() {
        for repository in
            ["https://example.org/o/r", "https://github.com/o", "https://notgithub.com/o/r"]
        {
            let url = Url::parse_repository(repository).unwrap();
            assert_eq!(patterns(&url, "main", &SourcePath::root()), None, "{repository}");
        }
    }

    #[test]
    fn typed_patterns() {
        let note = SourcePath::new("a/b c.md").unwrap();
        for (text, expected) in [
            ("https://x.org/edit", Ok("https://x.org/edit/a/b%20c.md")),
            ("https://x.org/edit/", Ok("https://x.org/edit/a/b%20c.md")),
            ("https://x.org/e?file=", Ok("https://x.org/e?file=a/b%20c.md")),
            ("https://x.org/e?file={path}&m=1", Ok("https://x.org/e?file=a/b%20c.md&m=1")),
            ("x.org/edit", Err("must begin with https:// or http://")),
            ("https://x.org/{branch}/", Err("may contain {path} once and no other braces")),
            ("https://x.org/{path}/{path}", Err("may contain {path} once and no other braces")),
        ] {
            let found = LinkPattern::parse(text)
                .map(|pattern| pattern.url(&note))
                .map_err(|said| said.message.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn branches() {
        for (text, expected) in
            [("main", true), ("feature/x", true), ("a b", false), ("", false), ("a..b", false)]
        {
            assert_eq!(branch(text).is_ok(), expected, "{text}");
        }
    }
}
