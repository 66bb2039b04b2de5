//! An address as the writer has it → [`WebAddress`]: written one way, with a key by which it is
//! known again.
//!
//! Must not know: the content of the address.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::path::{percent_decode, without_control};

/// Characters that are percent-encoded after the host, beside everything that is not ASCII (RFC
/// 3986 §2); `%` stays.
const REST: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// Hosts of repositories.
const REPOSITORIES: [&str; 4] = ["github.com", "gitlab.com", "gitee.com", "bitbucket.org"];
/// Ends of addresses that show a picture.
const PICTURES: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif"];
/// Names in the place of an owner that are none.
const NO_OWNERS: [&str; 16] = [
    "about",
    "apps",
    "blog",
    "collections",
    "enterprise",
    "explore",
    "features",
    "login",
    "marketplace",
    "orgs",
    "search",
    "settings",
    "sponsors",
    "stars",
    "topics",
    "trending",
];
/// Most characters of an address that is shown as a title.
const LONGEST: usize = 80;

/// An http or https address of another machine.
pub(super) struct WebAddress {
    /// As it is written in a page.
    pub url: String,
    /// The same for addresses that differ in scheme or a trailing slash only.
    pub key: String,
    /// The host without `www.`.
    pub host: String,
    /// The rest after the host, as written.
    rest: String,
}

impl WebAddress {
    /// Reads an address; `None` when it is none of another machine.
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, after) = url.trim().split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let (authority, rest) =
            after.split_at(after.find(['/', '?', '#', '\\']).unwrap_or(after.len()));
        let authority = authority.to_lowercase();
        let machine = authority.rsplit_once('@').map_or(&*authority, |(_, machine)| machine);
        let host = if machine.starts_with('[') {
            machine
        } else {
            machine.split(':').next().unwrap_or_default()
        };
        let is_web = matches!(&*scheme, "http" | "https");
        if !is_web
            || is_here(host)
            || authority.contains(|c: char| c.is_whitespace() || c.is_control())
        {
            return None;
        }
        let encoded = utf8_percent_encode(rest, REST).to_string();
        let path_end = encoded.find(['?', '#']).unwrap_or(encoded.len());
        let (path, query) = encoded.split_at(path_end);
        Some(Self {
            key: format!("{authority}{}{query}", path.trim_end_matches('/')),
            host: host.strip_prefix("www.").unwrap_or(host).to_owned(),
            url: format!("{scheme}://{authority}{encoded}"),
            rest: rest.to_owned(),
        })
    }

    /// Host and path, for a reader.
    pub fn shown(&self) -> String {
        let rest = without_control(&percent_decode(&self.rest));
        let shown = format!("{}{}", self.host, rest.trim_end_matches('/'));
        match shown.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown,
        }
    }

    /// The names in the path between two slashes.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.path().rsplit_once('/').map_or("", |(folders, _)| folders).split('/')
    }

    fn path(&self) -> &str {
        self.rest.split(['?', '#']).next().unwrap_or_default()
    }

    /// True if it is a picture: notes link pictures to their large form.
    pub fn is_picture(&self) -> bool {
        is_picture(self.path())
    }

    /// True if it is the address of a repository.
    pub fn is_repository(&self) -> bool {
        let mut names = self.path().split('/').filter(|name| !name.is_empty());
        let owner =
            names.next().filter(|owner| !NO_OWNERS.contains(&owner.to_ascii_lowercase().as_str()));
        REPOSITORIES.contains(&self.host.as_str())
            && owner.is_some()
            && names.next().is_some()
            && names.next().is_none()
    }
}

/// True if the name of a file is that of a picture.
pub(super) fn is_picture(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    PICTURES.iter().any(|end| name.ends_with(end))
}

/// True if a host is the reader's own machine, or none.
fn is_here(host: &str) -> bool {
    host.is_empty()
        || matches!(host, "localhost" | "0.0.0.0" | "[::1]" | "[::]")
        || (host.starts_with("127.") && host.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_one_way() {
        for (text, url, key, host, shown) in [
            ("HTTP://WWW.E.org", "http://www.e.org", "www.e.org", "e.org", "e.org"),
            ("https://e.org/a/", "https://e.org/a/", "e.org/a", "e.org", "e.org/a"),
            (
                "https://e.org/a/?b=c/#d/",
                "https://e.org/a/?b=c/#d/",
                "e.org/a?b=c/#d/",
                "e.org",
                "e.org/a/?b=c/#d",
            ),
            (
                "https://e.org:80/数据",
                "https://e.org:80/%E6%95%B0%E6%8D%AE",
                "e.org:80/%E6%95%B0%E6%8D%AE",
                "e.org",
                "e.org/数据",
            ),
            (
                "https://e.org/a\"<b>",
                "https://e.org/a%22%3Cb%3E",
                "e.org/a%22%3Cb%3E",
                "e.org",
                "e.org/a\"<b>",
            ),
        ] {
            let address = WebAddress::parse(text).unwrap();
            let found = (&*address.url, &*address.key, &*address.host, &*address.shown());
            assert_eq!(found, (url, key, host, shown), "{text}");
        }
        for text in [
            "javascript://e.org/%0aalert(1)",
            "http:///x",
            "http://127.0.0.1:8080",
            "e.org",
            "http://a b/",
        ] {
            assert!(WebAddress::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn repositories_have_an_owner_and_a_name() {
        for (text, expected) in [
            ("https://github.com/o/r", true),
            ("https://github.com/o/r/?tab=x#readme", true),
            ("https://gitee.com/o/r/", true),
            ("https://github.com/o", false),
            ("https://github.com/topics/x", false),
            ("https://github.com/o/r/issues/1", false),
            ("https://e.org/o/r", false),
        ] {
            assert_eq!(WebAddress::parse(text).unwrap().is_repository(), expected, "{text}");
        }
    }
}
