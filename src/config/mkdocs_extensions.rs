//! `markdown_extensions` of `mkdocs.yml` → those extensions of Markdown that this program has too.
//!
//! Must not know: the rest of the settings.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Markdown;

/// The extensions that are named there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MkdocsExtensions(pub Markdown);

impl MkdocsExtensions {
    /// Turns on what an extension of Python-Markdown or `PyMdown` brings.
    fn add(&mut self, name: &str) {
        let on = &mut self.0;
        match name.strip_prefix("markdown.extensions.").unwrap_or(name) {
            "pymdownx.mark" => on.highlight = true,
            "pymdownx.caret" => on.superscript = true,
            "pymdownx.tilde" => on.subscript = true,
            "def_list" | "extra" | "pymdownx.extra" => on.definition_lists = true,
            "smarty" => on.smart_punctuation = true,
            _ => {}
        }
    }
}

/// Written by hand, because the options of an extension may contain tags (`!!python/name`) that
/// only `MkDocs` understands.
impl<'de> Deserialize<'de> for MkdocsExtensions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExtensionsVisitor)
    }
}

struct ExtensionsVisitor;

impl<'de> Visitor<'de> for ExtensionsVisitor {
    type Value = MkdocsExtensions;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of extensions")
    }

    fn visit_unit<E: Error>(self) -> Result<MkdocsExtensions, E> {
        Ok(MkdocsExtensions::default())
    }

    /// A tag, such as `!ENV`, on the whole value.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<MkdocsExtensions, A::Error> {
        IgnoredAny.visit_enum(tagged)?;
        Ok(MkdocsExtensions::default())
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<MkdocsExtensions, E> {
        let mut extensions = MkdocsExtensions::default();
        extensions.add(name);
        Ok(extensions)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<MkdocsExtensions, A::Error> {
        let mut extensions = MkdocsExtensions::default();
        while let Some(ExtensionNames(names)) = list.next_element()? {
            for name in names {
                extensions.add(&name);
            }
        }
        Ok(extensions)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<MkdocsExtensions, A::Error> {
        let mut extensions = MkdocsExtensions::default();
        for name in keys(map)? {
            extensions.add(&name);
        }
        Ok(extensions)
    }
}

/// An entry of the list: a name, or a map of names to options.
struct ExtensionNames(Vec<String>);

impl<'de> Deserialize<'de> for ExtensionNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = ExtensionNames;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of an extension, or a map with its options")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<ExtensionNames, E> {
        Ok(ExtensionNames(vec![name.to_owned()]))
    }

    fn visit_unit<E: Error>(self) -> Result<ExtensionNames, E> {
        Ok(ExtensionNames(Vec::new()))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<ExtensionNames, E> {
        Ok(ExtensionNames(Vec::new()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<ExtensionNames, E> {
        Ok(ExtensionNames(Vec::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExtensionNames, A::Error> {
        keys(map).map(ExtensionNames)
    }

    /// A tag, such as `!ENV`.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<ExtensionNames, A::Error> {
        IgnoredAny.visit_enum(tagged)?;
        Ok(ExtensionNames(Vec::new()))
    }
}

/// The keys of a map.
fn keys<'de, A: MapAccess<'de>>(mut map: A) -> Result<Vec<String>, A::Error> {
    let mut keys = Vec::new();
    while let Some((key, IgnoredAny)) = map.next_entry::<String, IgnoredAny>()? {
        keys.push(key);
    }
    Ok(keys)
}
