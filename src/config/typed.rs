//! `notes.yaml` as it was typed: the known keys, and the YAML type of each. Values are not checked
//! beyond that; `resolve` turns them into a `Config`.
//!
//! Must not know: the meaning of a value, or the file system.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct Typed {
    pub title: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub author: Option<String>,
    pub authors: Option<String>,
    pub license: Option<TypedLicense>,
    pub base_url: Option<String>,
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub edit: Option<String>,
    pub source: Option<String>,
    pub theme: Option<TypedTheme>,
    pub logo: Option<String>,
    pub links: Option<Vec<TypedLink>>,
    pub footer: Option<String>,
    pub cover: Option<String>,
    pub icon: Option<String>,
    pub content: Option<String>,
    pub navigation: Option<String>,
    pub readme: Option<String>,
    pub exclude: Option<Vec<String>>,
    pub assets: Option<Vec<String>>,
    pub drafts: Option<bool>,
    pub markdown: Option<TypedMarkdown>,
    pub blocks: Option<BTreeMap<String, Option<TypedCommand>>>,
    pub print: Option<bool>,
    pub mentions: Option<bool>,
    pub terms: Option<bool>,
    pub maps: Option<bool>,
    pub cards: Option<bool>,
    pub machines: Option<bool>,
    pub epub: Option<bool>,
    pub offline: Option<bool>,
    pub redirects: Option<String>,
    pub images: Option<Images>,
    pub matrix: Option<TypedMatrix>,
    pub labels: Option<BTreeMap<String, Option<String>>>,
    pub html: Option<String>,
    pub check: Option<Check>,
    pub books: Option<Vec<TypedBook>>,
    pub federation: Option<Vec<TypedSite>>,
}

/// `theme`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map such as `{accent: \"#0f766e\"}`")]
pub(super) struct TypedTheme {
    pub accent: Option<String>,
}

/// `links[…]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map with `title` and `link`")]
pub(super) struct TypedLink {
    pub title: Option<String>,
    pub link: Option<String>,
}

/// `check`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct Check {
    pub severity: Option<BTreeMap<String, Option<String>>>,
    pub external: Option<TypedExternal>,
}

/// `check.external`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct TypedExternal {
    pub exclude: Option<Vec<String>>,
    pub local: Option<bool>,
}

/// `license`: a name, or a name and the address of its text.
#[derive(Debug)]
pub(super) enum TypedLicense {
    Name(String),
    Named(NamedLicense),
}

/// `license` as a map.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a map")]
pub(super) struct NamedLicense {
    pub name: String,
    pub url: Option<String>,
}

/// `markdown`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct TypedMarkdown {
    pub definition_lists: Option<bool>,
    pub subscript: Option<bool>,
    pub superscript: Option<bool>,
    pub math: Option<TypedMath>,
    pub diagrams: Option<bool>,
    pub highlight: Option<bool>,
    pub insert: Option<bool>,
    pub wiki_links: Option<bool>,
    pub smart_punctuation: Option<bool>,
}

/// `markdown.math`: a switch, or a map, which is on.
#[derive(Debug)]
pub(super) enum TypedMath {
    Switch(bool),
    Named(MathOptions),
}

/// `markdown.math` as a map.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct MathOptions {
    pub macros: Option<BTreeMap<String, Option<String>>>,
}

/// A command of `blocks`: a line, or its words.
#[derive(Debug)]
pub(super) enum TypedCommand {
    Line(String),
    Words(Vec<String>),
}

/// An entry of `books`: the path of a folder, or a map.
#[derive(Debug)]
pub(super) enum TypedBook {
    Path(String),
    Map(BookMap),
}

/// `books[…]` as a map.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct BookMap {
    pub path: Option<String>,
    pub at: Option<String>,
    pub title: Option<String>,
    pub repository: Option<String>,
    pub was: Option<Vec<String>>,
}

/// An entry of `federation`: the address of a site, or a map.
#[derive(Debug)]
pub(super) enum TypedSite {
    Address(String),
    Map(SiteMap),
}

/// `federation[…]` as a map.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct SiteMap {
    pub url: Option<String>,
    pub title: Option<String>,
}

/// `images`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct Images {
    pub https: Option<bool>,
    pub folder: Option<String>,
}

/// `matrix`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct TypedMatrix {
    pub replace: Option<bool>,
    pub rows: Option<Vec<TypedRow>>,
}

/// `matrix.rows[…]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a map")]
pub(super) struct TypedRow {
    pub label: String,
    #[serde(default)]
    pub cells: Option<Vec<TypedCell>>,
}

/// `matrix.rows[…].cells[…]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a map")]
pub(super) struct TypedCell {
    pub title: Option<String>,
    pub link: Option<String>,
    pub code: Option<String>,
}

/// Written by hand, because an untagged enum would lose the location of a mistake inside the map.
impl<'de> Deserialize<'de> for TypedLicense {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LicenseVisitor)
    }
}

struct LicenseVisitor;

impl<'de> Visitor<'de> for LicenseVisitor {
    type Value = TypedLicense;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or a map with `name` and `url`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<TypedLicense, E> {
        Ok(TypedLicense::Name(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TypedLicense, A::Error> {
        NamedLicense::deserialize(MapAccessDeserializer::new(map)).map(TypedLicense::Named)
    }
}

/// As that of [`TypedLicense`], by hand.
impl<'de> Deserialize<'de> for TypedMath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MathVisitor)
    }
}

struct MathVisitor;

impl<'de> Visitor<'de> for MathVisitor {
    type Value = TypedMath;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("true, false or a map with `macros`")
    }

    fn visit_bool<E: Error>(self, is_on: bool) -> Result<TypedMath, E> {
        Ok(TypedMath::Switch(is_on))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TypedMath, A::Error> {
        MathOptions::deserialize(MapAccessDeserializer::new(map)).map(TypedMath::Named)
    }
}

/// As that of [`TypedLicense`], by hand.
impl<'de> Deserialize<'de> for TypedCommand {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CommandVisitor)
    }
}

struct CommandVisitor;

impl<'de> Visitor<'de> for CommandVisitor {
    type Value = TypedCommand;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string or a list of strings")
    }

    fn visit_str<E: Error>(self, line: &str) -> Result<TypedCommand, E> {
        Ok(TypedCommand::Line(line.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<TypedCommand, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(TypedCommand::Words)
    }
}

/// As that of [`TypedLicense`], by hand.
impl<'de> Deserialize<'de> for TypedBook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BookVisitor)
    }
}

struct BookVisitor;

impl<'de> Visitor<'de> for BookVisitor {
    type Value = TypedBook;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the path of a folder or a map with `path`")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<TypedBook, E> {
        Ok(TypedBook::Path(path.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TypedBook, A::Error> {
        BookMap::deserialize(MapAccessDeserializer::new(map)).map(TypedBook::Map)
    }
}

/// As that of [`TypedLicense`], by hand.
impl<'de> Deserialize<'de> for TypedSite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SiteVisitor)
    }
}

struct SiteVisitor;

impl<'de> Visitor<'de> for SiteVisitor {
    type Value = TypedSite;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the address of a site or a map with `url`")
    }

    fn visit_str<E: Error>(self, url: &str) -> Result<TypedSite, E> {
        Ok(TypedSite::Address(url.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TypedSite, A::Error> {
        SiteMap::deserialize(MapAccessDeserializer::new(map)).map(TypedSite::Map)
    }
}
