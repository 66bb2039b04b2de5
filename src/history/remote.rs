//! A repository of git → where it is published: the address of `origin` for people, the branch, and the repository's own
//! folder.
//!
//! Must not know: what is in the repository.

use std::path::{Path, PathBuf};

use super::git;

/// A repository with an `origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its address as a browser opens it, without `.git`; `None` when the origin is a folder or the like.
    pub url: Option<String>,
    /// The branch that is published: that of the origin's `HEAD`, else the one that is checked out.
    pub branch: String,
    /// The repository's own folder.
    pub top: PathBuf,
    /// What leads from there to the folder that was asked about, ending in `/` if not empty.
    pub prefix: String,
}

impl Remote {
    /// The repository that holds a folder; `None` when there is none, or no git. One without a commit counts.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        let line = |arguments: &[&str]| {
            let said = String::from_utf8(git(folder, arguments)?).ok()?;
            Some(said.trim_end_matches('\n').to_owned())
        };
        let top = PathBuf::from(line(&["rev-parse", "--show-toplevel"])?);
        let prefix = line(&["rev-parse", "--show-prefix"])?;
        let head = line(&["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
        let branch = head.and_then(|head| head.strip_prefix("origin/").map(str::to_owned));
        let branch = branch.or_else(|| line(&["symbolic-ref", "--short", "HEAD"]));
        let url = line(&["config", "--get", "remote.origin.url"]).and_then(|url| for_people(&url));
        Some(Self { url, branch: branch.unwrap_or_else(|| "main".to_owned()), top, prefix })
    }
}

/// `git@host:owner/name.git`, `ssh://git@host/owner/name` and `https://user@host/owner/name.git` as `https://host/owner/name`.
fn for_people(url: &str) -> Option<String> {
    let web = ["https://", "http://", "ssh://", "git://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let (host, path) = match web {
        Some(rest) => rest.split_once('/')?,
        // A drive's letter is no host.
        None => url
            .split_once(':')
            .filter(|(host, path)| host.len() > 1 && !host.contains('/') && !path.starts_with('/'))?,
    };
    let host = host.rsplit('@').next()?;
    let host = if web.is_some() && url.starts_with("ssh") { host.split(':').next()? } else { host };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!host.is_empty() && !path.is_empty()).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_for_people() {
        for (url, expected) in [
            ("git@github.com:o/n.git", Some("https://github.com/o/n")),
            ("https://token@github.com/o/n.git/", Some("https://github.com/o/n")),
            ("ssh://git@gitlab.example:2222/a/b/c.git", Some("https://gitlab.example/a/b/c")),
            ("https://gitee.com/o/n", Some("https://gitee.com/o/n")),
            ("/srv/git/n.git", None),
            ("../n", None),
            ("C:\\n", None),
            ("file:///srv/n", None),
        ] {
            assert_eq!(for_people(url).as_deref(), expected, "{url}");
        }
    }
}
