//! An address on a page → where a browser goes, when the site is a folder of files.

use percent_encoding::percent_decode_str;

/// The target of an address.
#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// To a file below the site's folder; `path` may still leave it by `..`, and then names no
    /// file.
    Local { path: String, anchor: String },
    /// To the root of the host, wherever the site stands.
    FromRoot,
    /// To another host, or to this one by name.
    Host,
    /// To no file at all: `mailto:`, `data:` and their like.
    Other,
}

impl Address {
    /// Resolves an address that stands on a page.
    pub fn resolve(page: &str, address: &str) -> Self {
        let address = address.trim();
        match scheme(address) {
            Some("http" | "https") => return Self::Host,
            Some(_) => return Self::Other,
            None if address.starts_with("//") => return Self::Host,
            None if address.starts_with('/') => return Self::FromRoot,
            None => {}
        }
        let (address, anchor) = address.split_once('#').unwrap_or((address, ""));
        let path = decoded(address.split('?').next().unwrap_or_default());
        let path = if path.is_empty() { page.to_owned() } else { joined(page, &path) };
        Self::Local { path, anchor: decoded(anchor) }
    }

    /// The file of this site that it leads to.
    pub fn into_path(self) -> Option<String> {
        match self {
            Self::Local { path, .. } => Some(path),
            Self::FromRoot | Self::Host | Self::Other => None,
        }
    }
}

/// The scheme of an absolute address, lower case in all that matters here (RFC 3986 §3.1).
fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let web = ["http", "https"].into_iter().find(|web| scheme.eq_ignore_ascii_case(web));
    is_scheme.then_some(web.unwrap_or(scheme))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A path from the folder of a page, with `index.html` for a folder. A `..` that leaves the site
/// stays.
fn joined(page: &str, path: &str) -> String {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut names: Vec<&str> = Vec::new();
    for name in folder.split('/').chain(path.split('/')) {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => drop(names.pop()),
            name => names.push(name),
        }
    }
    if matches!(path.rsplit('/').next(), Some("" | "." | "..")) {
        names.push("index.html");
    }
    names.join("/")
}

#[test]
fn an_address_leads_where_a_browser_goes() {
    for (address, path, anchor) in [
        ("c.html", "a/c.html", ""),
        ("../c.html#x%20y", "c.html", "x y"),
        (" c.html?q=1#x ", "a/c.html", "x"),
        ("", "a/b.html", ""),
        ("#x", "a/b.html", "x"),
        ("./", "a/index.html", ""),
        (".", "a/index.html", ""),
        ("..", "index.html", ""),
        ("../", "index.html", ""),
        ("%E4%B8%80/", "a/一/index.html", ""),
        ("100%25.html", "a/100%.html", ""),
        ("一:二.html", "a/一:二.html", ""),
        ("../../c.html", "../c.html", ""),
        ("../../../", "../../index.html", ""),
    ] {
        let expected = Address::Local { path: path.to_owned(), anchor: anchor.to_owned() };
        assert_eq!(Address::resolve("a/b.html", address), expected, "{address}");
    }
    for (address, expected) in [
        ("https://e.org/a.html", Address::Host),
        ("HTTP://e.org", Address::Host),
        ("//e.org/a.html", Address::Host),
        ("/c.html", Address::FromRoot),
        ("mailto:a@e.org", Address::Other),
        ("data:image/png;base64,xx", Address::Other),
    ] {
        assert_eq!(Address::resolve("a/b.html", address), expected, "{address}");
    }
}
