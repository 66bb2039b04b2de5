//! YAML text → a value of some type, or the first mistake and its location; and a path of keys →
//! its line and column.
//!
//! Must not know: the keys of a settings file, or the file system.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};

use super::mistake;
use super::source::{SettingsFile, small};
use crate::diagnostic::{Diagnostic, Kind, Location, Span};

/// Largest size of a file with its aliases expanded, roughly in bytes.
const HEAVIEST: usize = 8 << 20;

/// Most unclosed brackets in a text that is parsed: the YAML parser's time grows with the square of
/// their number.
const DEEPEST: usize = 500;

/// Parses the whole text. `None`-like texts (empty, only comments, `~`) give the default.
pub(super) fn parse<T: DeserializeOwned + Default>(
    source: &SettingsFile,
    kind: Kind,
) -> Result<T, Diagnostic> {
    if let Some(offset) = too_deep(&source.text) {
        return Err(mistake::too_deep(source, offset, kind));
    }
    let explain = |error| mistake::explain(&error, source, kind);
    let budget = Cell::new(HEAVIEST);
    // Other generators use tags, but in settings that are not read here.
    let weigh = Weigh { budget: &budget, takes_tags: kind == Kind::ForeignConfiguration };
    weigh.deserialize(serde_yaml::Deserializer::from_str(&source.text)).map_err(explain)?;
    let value: Option<T> = serde_yaml::from_str(&source.text).map_err(explain)?;
    Ok(value.unwrap_or_default())
}

/// The offset at which more than [`DEEPEST`] brackets are open.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > DEEPEST
    })
}

/// Walks a whole document and follows its aliases: fails if it expands to too much, at a duplicate
/// key, and, in the program's own settings, at a tag. It bounds the work of the typed parse that
/// follows.
#[derive(Clone, Copy)]
struct Weigh<'a> {
    budget: &'a Cell<usize>,
    takes_tags: bool,
}

impl Weigh<'_> {
    fn take<E: Error>(self, weight: usize) -> Result<(), E> {
        let left = self.budget.get().checked_sub(weight + 16);
        self.budget.set(left.ok_or_else(|| E::custom(mistake::REPETITION))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Weigh<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Weigh<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string, a number, true or false, a list or a map")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.take(0)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.take(0)
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<(), E> {
        self.take(0)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.take(0)
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<(), E> {
        self.take(0)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.take(0)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.take(0)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.take(0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.take(text.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.take(0)?;
        while list.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<(), A::Error> {
        if !self.takes_tags {
            return Err(A::Error::invalid_type(Unexpected::Enum, &self));
        }
        let (tag, value) = tagged.variant::<String>()?;
        self.take(tag.len())?;
        value.newtype_variant_seed(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.take(0)?;
        let mut seen = HashSet::new();
        while let Some(name) = map.next_key_seed(NewKey(&seen))? {
            self.take(name.len())?;
            seen.insert(name);
            map.next_value_seed(self)?;
        }
        Ok(())
    }
}

/// Accepts a key that its map does not have yet. The check is made here so that the error points at
/// the key.
struct NewKey<'a>(&'a HashSet<String>);

impl<'de> DeserializeSeed<'de> for NewKey<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NewKey<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(mistake::A_KEY)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<String, E> {
        if self.0.contains(name) {
            return Err(E::custom(format!("duplicate field `{name}`")));
        }
        Ok(name.to_owned())
    }
}

/// One step down into a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YamlStep<'a> {
    /// Into a map.
    Key(&'a str),
    /// Into a list, from 0.
    Index(usize),
}

/// The part of an entry that a location points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// The last step's key.
    Key,
    /// Its value.
    Value,
}

/// The location of the key or value at the end of the steps; the whole file if there is none.
pub(super) fn location(source: &SettingsFile, steps: &[YamlStep<'_>], aim: Aim) -> Location {
    let document = serde_yaml::Deserializer::from_str(&source.text);
    let found = Seek { steps, aim }.deserialize(document).err().and_then(|error| error.location());
    let (line, column) = found.map_or((0, 0), |at| (small(at.line()), small(at.column())));
    Location { file: Some(source.file.clone()), span: Span { line, column, width: 0 } }
}

/// Follows the steps and fails where they end: serde gives a position with an error only.
#[derive(Clone, Copy)]
struct Seek<'a> {
    steps: &'a [YamlStep<'a>],
    aim: Aim,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.steps.first() {
            Some(YamlStep::Key(_)) => deserializer.deserialize_map(self),
            Some(YamlStep::Index(_)) => deserializer.deserialize_seq(self),
            None => deserializer.deserialize_any(Here),
        }
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the rest of the steps")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((YamlStep::Key(wanted), steps)) = self.steps.split_first() else { return Ok(()) };
        let at_key = (steps.is_empty() && self.aim == Aim::Key).then_some(*wanted);
        while let Some(name) = map.next_key_seed(UnlessKey(at_key))? {
            if name == *wanted {
                map.next_value_seed(Seek { steps, ..self })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((YamlStep::Index(index), steps)) = self.steps.split_first() else { return Ok(()) };
        for _ in 0..*index {
            list.next_element::<IgnoredAny>()?;
        }
        list.next_element_seed(Seek { steps, ..self })?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// Accepts no value, so that the error points at the value.
struct Here;

impl Visitor<'_> for Here {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("nothing")
    }
}

/// Accepts any key but this one.
struct UnlessKey<'a>(Option<&'a str>);

impl<'de> DeserializeSeed<'de> for UnlessKey<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for UnlessKey<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("another key")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<String, E> {
        if self.0 == Some(name) { Err(E::custom("here")) } else { Ok(name.to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::YamlStep::{Index, Key};
    use super::*;

    #[test]
    fn locations_of_keys_and_values() {
        let text = "标题: x\nrows:\n  - label: a\n  - label: b\n    cells: [{link: a.md}, {link: ../b}]\nempty:\n";
        let source = SettingsFile { file: Arc::from("notes.yaml"), text: text.to_owned() };
        let link = [Key("rows"), Index(1), Key("cells"), Index(1), Key("link")];
        for (steps, aim, expected) in [
            (&[Key("标题")][..], Aim::Value, (1, 5)),
            (&[Key("rows")], Aim::Key, (2, 1)),
            (&[Key("rows"), Index(1), Key("label")], Aim::Key, (4, 5)),
            (&link, Aim::Value, (5, 34)),
            (&link, Aim::Key, (5, 28)),
            (&[Key("gone")], Aim::Value, (0, 0)),
            (&[Key("rows"), Index(7)], Aim::Value, (0, 0)),
        ] {
            let found = location(&source, steps, aim);
            assert_eq!((found.span.line, found.span.column), expected, "{steps:?}");
        }
    }
}
