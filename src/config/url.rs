//! A text → an http or https [`Url`] in normal form.
//!
//! Must not know: the purpose of the URL, or the network.

use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::mistake::{Mistake, shortened};
use crate::phrase::{Argument, ToArgument, phrase};

/// Characters that are percent-encoded after the host: those that a URL cannot contain (RFC 3986
/// §2). `%` stays, so that an encoded URL is not encoded twice.
const REST: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'|');

/// An absolute http or https URL, scheme and host in lower case, percent-encoded after the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url(Arc<str>);

impl Url {
    /// The URL as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path, from the host's root: `/` or `/notes/`.
    #[must_use]
    pub fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("/", |at| &rest[at..])
    }

    /// Reads any http or https URL.
    pub(super) fn parse(text: &str) -> Result<Self, Mistake> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or_else(|| no_scheme(text))?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(no_scheme(rest));
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        check_host(host)?;
        let path = utf8_percent_encode(path, REST);
        Ok(Self(Arc::from(format!("{scheme}://{}{path}", host.to_lowercase()))))
    }

    /// Reads the URL of a folder, such as a site's root: no query, no fragment, `/` at the end.
    pub(super) fn parse_folder(text: &str) -> Result<Self, Mistake> {
        let url = Self::parse(text)?;
        if url.0.contains(['?', '#']) {
            return Err(Mistake::new(
                phrase!("cannot have `?` or `#`"),
                phrase!("write only the address of the site's folder"),
            ));
        }
        Ok(Self(Arc::from(format!("{}/", url.0.trim_end_matches('/')))))
    }

    /// The same in the form that browsers give it (URL Standard).
    pub(super) fn in_browsers(&self) -> Result<Self, Mistake> {
        let normal = ::url::Url::parse(&self.0).map_err(|error| {
            Mistake::new(
                phrase!("is no address: {error}", error = error.to_string()),
                phrase!("write it as a browser shows it"),
            )
        })?;
        Self::parse_folder(normal.as_str())
    }

    /// Reads the URL of a repository: as a browser shows it, without `.git` or `/` at the end.
    pub(super) fn parse_repository(text: &str) -> Result<Self, Mistake> {
        let folder = Self::parse_folder(text)?;
        let plain = folder.0.trim_end_matches('/');
        Ok(Self(Arc::from(plain.strip_suffix(".git").unwrap_or(plain))))
    }

    /// The host, with its port if it has one.
    pub(super) fn host(&self) -> &str {
        self.0.split('/').nth(2).unwrap_or_default()
    }

    /// True if it is an address of this machine, at which browsers trust pages over http
    /// (W3C Secure Contexts, 3.1).
    pub(super) fn is_of_this_machine(&self) -> bool {
        let host = self.host();
        let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => return address == "::1",
            None => host.split(':').next().unwrap_or_default(),
        };
        let is_loopback = name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
        is_loopback || name == "localhost" || name.ends_with(".localhost")
    }

    /// The segments of the path.
    pub(super) fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').skip(3).filter(|segment| !segment.is_empty())
    }
}

impl ToArgument for Url {
    fn to_argument(&self) -> Argument {
        self.to_string().to_argument()
    }
}

impl fmt::Display for Url {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// True if a text that may be a path or a URL is meant as a URL.
pub(super) fn looks_like_url(text: &str) -> bool {
    text.contains("://")
}

fn no_scheme(text: &str) -> Mistake {
    let example = match text.strip_prefix("git@").and_then(|rest| rest.split_once(':')) {
        Some((host, path)) => format!("{host}/{path}"),
        None => text.trim_start_matches('/').to_owned(),
    };
    let shown = if example.contains('.') { &example } else { "example.org/" };
    Mistake::new(
        phrase!("must begin with https:// or http://"),
        phrase!("write https://{value}", value = shortened(shown)),
    )
}

/// Checks a host: a name or address and perhaps a port. A user name or password is refused, for it
/// would be published on every page.
fn check_host(host: &str) -> Result<(), Mistake> {
    if host.contains('@') {
        return Err(Mistake::new(
            phrase!("contains a user name"),
            phrase!("remove everything up to the @"),
        ));
    }
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    if host.is_empty() || host.starts_with(['.', ':']) || !host.chars().all(allowed) {
        return Err(Mistake::new(
            phrase!("has no valid host: “{host}”", host = shortened(host)),
            phrase!("write a URL such as https://example.org/"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(result: Result<Url, Mistake>) -> String {
        result.map_or_else(
            |mistake| format!("{}; {}", mistake.message, mistake.help),
            |url| url.to_string(),
        )
    }

    #[test]
    fn any_url() {
        for (text, expected) in [
            ("https://example.org", "https://example.org"),
            (" HTTPS://Example.ORG/A?q#f ", "https://example.org/A?q#f"),
            ("http://localhost:8000/a b/笔记", "http://localhost:8000/a%20b/%E7%AC%94%E8%AE%B0"),
            ("https://x.org/%20", "https://x.org/%20"),
            ("example.org/a", "must begin with https:// or http://; write https://example.org/a"),
            ("//example.org/a", "must begin with https:// or http://; write https://example.org/a"),
            (
                "ftp://example.org/a",
                "must begin with https:// or http://; write https://example.org/a",
            ),
            (
                "git@github.com:o/r.git",
                "must begin with https:// or http://; write https://github.com/o/r.git",
            ),
            ("notes", "must begin with https:// or http://; write https://example.org/"),
            ("https://", "has no valid host: “”; write a URL such as https://example.org/"),
            ("https://a b/", "has no valid host: “a b”; write a URL such as https://example.org/"),
            ("https://me:secret@x.org/", "contains a user name; remove everything up to the @"),
        ] {
            assert_eq!(read(Url::parse(text)), expected, "{text}");
        }
    }

    #[test]
    fn folders_and_repositories() {
        for (text, expected) in [
            ("https://x.org", "https://x.org/"),
            ("https://x.org/a//", "https://x.org/a/"),
            (
                "https://x.org/?a",
                "cannot have `?` or `#`; write only the address of the site's folder",
            ),
        ] {
            assert_eq!(read(Url::parse_folder(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("https://github.com/o/r.git", "https://github.com/o/r"),
            ("https://github.com/o/r/", "https://github.com/o/r"),
        ] {
            assert_eq!(read(Url::parse_repository(text)), expected, "{text}");
        }
    }
}
