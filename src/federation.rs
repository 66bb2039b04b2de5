//! Sites that are built apart and read together: `book.json`, which each publishes about itself,
//! and the sites elsewhere that this one names, with what they published.
//!
//! Must not know: the network, pages.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::config::{FederatedSettings, Url};
use crate::search::PublishedIndex;

/// The version of `book.json`. It grows with every change after which the old one would be read
/// wrongly.
pub const FORMAT: u32 = 1;
/// Most parts of a site that are read.
const MOST_PARTS: usize = 1_000;

/// The description of a site for others: `book.json` at its root.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PublishedSite {
    /// The version of this file: [`FORMAT`].
    pub format: u32,
    /// The title.
    pub title: String,
    /// One or two sentences about it.
    #[serde(default)]
    pub description: Option<String>,
    /// The language, a BCP 47 tag.
    #[serde(default)]
    pub language: String,
    /// Number of notes.
    pub notes: usize,
    /// The folder of the search index: an address relative to this file, `/` at its end.
    pub search: String,
    /// The parts of its navigation; for a library its books too.
    pub parts: Vec<PublishedPart>,
}

/// A part of a site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PublishedPart {
    /// The title.
    pub title: String,
    /// The address relative to the site's root; `None` if there is nothing to read.
    #[serde(default)]
    pub url: Option<String>,
    /// Number of notes there and below.
    #[serde(default)]
    pub notes: usize,
}

/// The reason why a text is not read as a `book.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotPublished {
    /// It is another file.
    Other,
    /// It is one of another version.
    Format(u32),
}

impl PublishedSite {
    /// Reads the file of the site at an address.
    pub fn read(bytes: &[u8], url: &Url) -> Result<Self, NotPublished> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let version: Version = serde_json::from_slice(bytes).map_err(|_| NotPublished::Other)?;
        if version.format != FORMAT {
            return Err(NotPublished::Format(version.format));
        }
        let mut read: Self = serde_json::from_slice(bytes).map_err(|_| NotPublished::Other)?;
        let is_below = |address: &str| below(url, address).is_some();
        if !is_below(&read.search) || !read.search.ends_with('/') {
            return Err(NotPublished::Other);
        }
        read.parts.truncate(MOST_PARTS);
        for part in &mut read.parts {
            part.url = part.url.take().filter(|address| is_below(address));
        }
        Ok(read)
    }

    /// The file.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        // Texts and numbers can always be written as JSON.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// An address that a site gives relative to its root as an absolute one; `None` if it leads out of
/// the site.
fn below(site: &Url, address: &str) -> Option<String> {
    let root = url::Url::parse(site.as_str()).ok()?;
    let joined = root.join(address).ok()?;
    let is_inside = joined.origin() == root.origin() && joined.path().starts_with(root.path());
    is_inside.then(|| joined.into())
}

/// A site elsewhere that this one names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederatedSite {
    /// Its address; ends in `/`.
    pub url: Url,
    /// Its origin, in ASCII: scheme, host and port.
    pub origin: String,
    /// The title in the settings of this site.
    title: Option<String>,
    /// The file that it published, as far as it is known.
    pub published: Option<PublishedSite>,
    /// The search index that it published, if all postings are known.
    pub index: Option<Arc<PublishedIndex>>,
}

impl Hash for FederatedSite {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The names of postings are digests of them.
        let directory = self.index.as_ref().map(|index| index.directory());
        (&self.url, &self.title, &self.published, directory).hash(state);
    }
}

impl FederatedSite {
    /// A site of the settings.
    #[must_use]
    pub fn new(settings: &FederatedSettings, published: Option<PublishedSite>) -> Self {
        let (url, title) = (settings.url.clone(), settings.title.clone());
        let parsed = url::Url::parse(url.as_str());
        let origin = parsed.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        Self { url, origin, title, published, index: None }
    }

    /// The same site with the search index that it published.
    #[must_use]
    pub fn with_index(self, index: Option<Arc<PublishedIndex>>) -> Self {
        Self { index: index.filter(|index| index.missing().is_empty()), ..self }
    }

    /// Its title: that of the settings, else its own, else its address without the scheme.
    #[must_use]
    pub fn title(&self) -> &str {
        let own = self.published.as_ref().map(|published| published.title.trim());
        let named = self.title.as_deref().or(own).filter(|title| !title.is_empty());
        named.unwrap_or_else(|| {
            let url = self.url.as_str();
            url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
        })
    }

    /// The folder of its search index: that which it published, else the usual one.
    #[must_use]
    pub fn search(&self) -> String {
        let named = self.published.as_ref().map_or("static/search/", |file| file.search.as_str());
        below(&self.url, named).unwrap_or_default()
    }

    /// The address of a part.
    #[must_use]
    pub fn address_of(&self, part: &PublishedPart) -> Option<String> {
        below(&self.url, part.url.as_ref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::base_url;

    fn site() -> PublishedSite {
        let part = |title: &str, url: Option<&str>| PublishedPart {
            title: title.to_owned(),
            url: url.map(str::to_owned),
            notes: 3,
        };
        PublishedSite {
            format: FORMAT,
            title: "数据库".to_owned(),
            description: None,
            language: "zh-CN".to_owned(),
            notes: 7,
            search: "static/search/".to_owned(),
            parts: vec![part("存储", Some("a/%E4%B8%80.html#x")), part("空", None)],
        }
    }

    fn url() -> Url {
        base_url("https://me.example/db/").unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(PublishedSite::read(&site().write(), &url()), Ok(site()));
    }

    #[test]
    fn addresses_lead_nowhere_else() {
        for (address, expected) in [
            ("a.html", Some("https://me.example/db/a.html")),
            ("../db/a.html", Some("https://me.example/db/a.html")),
            ("", Some("https://me.example/db/")),
            ("../a.html", None),
            ("/a.html", None),
            ("//evil.example/db/", None),
            ("https://evil.example/db/", None),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("%2e%2e/a.html", None),
            ("\\\\evil.example\\x", None),
        ] {
            assert_eq!(below(&url(), address).as_deref(), expected, "{address}");
            let mut wrong = site();
            wrong.parts[0].url = Some(address.to_owned());
            let read = PublishedSite::read(&wrong.write(), &url()).unwrap();
            assert_eq!(read.parts[0].url.is_some(), expected.is_some(), "{address}");
            wrong.search = format!("{address}/");
            let is_read = PublishedSite::read(&wrong.write(), &url()).is_ok();
            assert_eq!(is_read, below(&url(), &wrong.search).is_some(), "{address}");
        }
    }

    #[test]
    fn other_files_and_versions_are_not_read() {
        let written = String::from_utf8(site().write()).unwrap();
        for (text, expected) in [
            ("", NotPublished::Other),
            ("<!DOCTYPE html>", NotPublished::Other),
            ("{}", NotPublished::Other),
            ("[1]", NotPublished::Other),
            // The settings of GitBook have the same name.
            (r#"{"title": "Notes", "plugins": ["theme"]}"#, NotPublished::Other),
            (r#"{"format": 1}"#, NotPublished::Other),
            (r#"{"format": 99, "books": []}"#, NotPublished::Format(99)),
            (&written.replace("static/search/", "static/search"), NotPublished::Other),
            (&written.replace("\"notes\":7", "\"notes\":-7"), NotPublished::Other),
        ] {
            assert_eq!(PublishedSite::read(text.as_bytes(), &url()), Err(expected), "{text}");
        }
        let more = written.replacen('{', r#"{"later": [1],"#, 1);
        assert!(PublishedSite::read(more.as_bytes(), &url()).is_ok());
    }

    #[test]
    fn a_site_has_a_title_in_any_case() {
        let settings = |title: Option<&str>| FederatedSettings {
            number: 0,
            url: url(),
            title: title.map(str::to_owned),
        };
        let untitled = PublishedSite { title: " ".to_owned(), ..site() };
        for (title, published, expected) in [
            (Some("库"), Some(site()), "库"),
            (None, Some(site()), "数据库"),
            (None, Some(untitled), "me.example/db"),
            (None, None, "me.example/db"),
        ] {
            assert_eq!(FederatedSite::new(&settings(title), published).title(), expected);
        }
    }
}
