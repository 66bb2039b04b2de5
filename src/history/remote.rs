//! A repository of git → the place where it is published: the address of `origin` in a browser, the
//! branch, and the repository's own folder.
//!
//! Must not know: the content of the repository.

use std::path::{Path, PathBuf};

use super::git::ask;
use super::is_in_repository;

/// A repository with an `origin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its address in a browser, without `.git`; `None` if the origin is not on a known kind of
    /// host, for example a folder.
    pub url: Option<String>,
    /// The branch that is published: that of the origin's `HEAD`, else the one that is checked out.
    pub branch: String,
    /// The repository's own folder.
    pub top: PathBuf,
    /// The path from there to the folder in question, ending in `/` if not empty.
    pub prefix: String,
}

impl Remote {
    /// The repository of a folder; `None` if there is none, or git is not installed. One without a
    /// commit counts.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        let line = |arguments: &[&str]| line(folder, arguments);
        let top = PathBuf::from(line(&["rev-parse", "--show-toplevel"])?);
        let prefix = line(&["rev-parse", "--show-prefix"])?;
        let head = line(&["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
        let branch = head.and_then(|head| head.strip_prefix("origin/").map(str::to_owned));
        let branch = branch.or_else(|| line(&["symbolic-ref", "--short", "HEAD"]));
        let url = line(&["remote", "get-url", "origin"]).and_then(|url| browser_url(&url));
        Some(Self { url, branch: branch.unwrap_or_else(|| "main".to_owned()), top, prefix })
    }
}

/// The address of a repository's `origin` in a browser, and the path from the repository's own
/// folder to one in it, ending in `/` if not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginAddress {
    /// The address, without `.git`.
    pub url: String,
    /// The path.
    pub prefix: String,
}

impl OriginAddress {
    /// The origin of the repository that a folder is in; `None` if it has none.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        if !is_in_repository(folder) {
            return None;
        }
        let url = browser_url(&line(folder, &["remote", "get-url", "origin"])?)?;
        Some(Self { url, prefix: line(folder, &["rev-parse", "--show-prefix"])? })
    }
}

/// The answer of git, on a line.
fn line(folder: &Path, arguments: &[&str]) -> Option<String> {
    let said = String::from_utf8(ask(folder, arguments).ok()?).ok()?;
    Some(said.trim_end_matches('\n').to_owned())
}

/// Hosts for SSH over the HTTPS port, for firewalls that block SSH, and the hosts of their sites.
const SSH_HOSTS: [(&str, &str); 3] = [
    ("ssh.github.com", "github.com"),
    ("altssh.gitlab.com", "gitlab.com"),
    ("altssh.bitbucket.org", "bitbucket.org"),
];

/// `git@host:owner/name.git`, `ssh://git@host/owner/name` and `https://user@host/owner/name.git` as
/// `https://host/owner/name`.
fn browser_url(url: &str) -> Option<String> {
    let (host, path) = match url.split_once("://") {
        Some(("https" | "http", rest)) => {
            let (host, path) = rest.split_once('/')?;
            (host.rsplit('@').next()?.to_owned(), path)
        }
        Some(("ssh" | "git", rest)) => {
            let (host, path) = rest.split_once('/')?;
            (site(host.rsplit('@').next()?.split(':').next()?)?, path)
        }
        Some(_) => return None,
        None => {
            let (host, path) = url.split_once(':').filter(|(host, _)| !host.contains('/'))?;
            let (user, host) = host.split_once('@').unwrap_or(("", host));
            // An absolute path is a repository on a private machine, which has no site.
            let is_on_disk =
                path.starts_with('/') && (user != "git" || path.matches('/').count() > 2);
            (site(host).filter(|_| !is_on_disk)?, path)
        }
    };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    // The setting `repository` accepts only such values.
    let is_host = host.chars().all(|c| c.is_alphanumeric() || ".-_:[]".contains(c))
        && !host.starts_with(['.', ':']);
    let is_path = !path.contains(|c: char| c.is_control() || c == '?' || c == '#');
    (is_host && is_path && !host.is_empty() && !path.is_empty())
        .then(|| format!("https://{host}/{path}"))
}

/// The site of a host that is reached by SSH. A name without a dot, such as a drive's letter, is an
/// alias in `~/.ssh/config`, and so is the end after `-` in `git@github.com-work:owner/name`.
fn site(host: &str) -> Option<String> {
    let (rest, last) = host.rsplit_once('.')?;
    let is_international = last.starts_with("xn--");
    let last = if is_international { last } else { last.split('-').next()? };
    let host = format!("{rest}.{last}");
    let known = SSH_HOSTS.iter().find(|(ssh, _)| *ssh == host);
    Some(known.map_or(host, |(_, known)| (*known).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_browser() {
        for (url, expected) in [
            ("git@github.com:o/n.git", Some("https://github.com/o/n")),
            ("https://token@github.com/o/n.git/", Some("https://github.com/o/n")),
            ("ssh://git@gitlab.example:2222/a/b/c.git", Some("https://gitlab.example/a/b/c")),
            ("https://gitee.com/o/n", Some("https://gitee.com/o/n")),
            ("git@ssh.github.com:o/n.git", Some("https://github.com/o/n")),
            ("ssh://git@ssh.github.com:443/o/n.git", Some("https://github.com/o/n")),
            ("ssh://git@altssh.gitlab.com:443/o/n.git", Some("https://gitlab.com/o/n")),
            ("git@github.com-work:o/n.git", Some("https://github.com/o/n")),
            ("git@git.example.xn--p1ai:o/n.git", Some("https://git.example.xn--p1ai/o/n")),
            ("git@github.com:/o/n.git", Some("https://github.com/o/n")),
            ("git://git.example:9418/o/n", Some("https://git.example/o/n")),
            ("https://git.local:3000/o/n", Some("https://git.local:3000/o/n")),
            // Aliases of hosts, and paths on private machines.
            ("gh:o/n", None),
            ("ssh://gh/o/n", None),
            ("me@git.example:/srv/n.git", None),
            ("git@git.example:/srv/git/n.git", None),
            ("ssh://git@[::1]:22/o/n", None),
            ("https://git.example/?p=n.git", None),
            ("https://git.example/n.git#x", None),
            ("https://git example/n.git", None),
            ("ext::sh -c x", None),
            ("/srv/git/n.git", None),
            ("../n", None),
            ("C:\\n", None),
            ("file:///srv/n", None),
        ] {
            assert_eq!(browser_url(url).as_deref(), expected, "{url}");
        }
    }
}
