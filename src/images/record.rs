//! The file beside the pictures that has the addresses they had in the notes: a line of YAML for
//! each, in the order of the pictures, so that the lines of two branches merge.
//!
//! Must not know: the disk, notes, how a picture is fetched.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;

use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};

/// The name of the file.
pub const RECORD: &str = "remote-images.yaml";
/// The first lines of the file.
const HEAD: &str = "\
# Written by `notes images --fetch`: the addresses that these images had in the notes.
# `notes images --undo --write` writes them back. Commit this file with the images.
";

/// The addresses of the pictures in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PictureRecord {
    /// For each picture, by the name of its file, its addresses as they were written; with each the
    /// notes that had it, if they had another one than most.
    pictures: BTreeMap<String, BTreeMap<String, AddressNotes>>,
}

/// The notes that had an address; with each the places of the picture in the note that had it,
/// counted from 1, if not all of them did. Empty for the address that notes have usually.
type AddressNotes = BTreeMap<SourcePath, BTreeSet<usize>>;

/// A line of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordLine {
    image: String,
    address: String,
    #[serde(default)]
    notes: AddressNotes,
}

impl PictureRecord {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// The reason why it is no such file.
    pub fn parse(text: &str) -> Result<Self, Phrase> {
        let lines: Option<Vec<RecordLine>> =
            serde_yaml::from_str(text).map_err(|error| Phrase::verbatim(error.to_string()))?;
        let mut record = Self::default();
        for RecordLine { image, address, notes } in lines.unwrap_or_default() {
            if super::format::is_own_name(&image) {
                record.pictures.entry(image).or_default().entry(address).or_default().extend(notes);
            } else {
                return Err(phrase!("`{image}` is not the name of an image", image));
            }
        }
        Ok(record)
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (image, addresses) in &self.pictures {
            let mut lines: Vec<_> = addresses.iter().collect();
            // That of most notes first.
            lines.sort_by_key(|(_, notes)| !notes.is_empty());
            for (address, notes) in lines {
                // JSON is YAML, and texts can always be written as JSON.
                let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
                let _ = write!(text, "- {{image: {image}, address: {}", quoted(address));
                if !notes.is_empty() {
                    let note = |(note, places): (&SourcePath, &BTreeSet<usize>)| {
                        let places: Vec<_> = places.iter().map(ToString::to_string).collect();
                        format!("{}: [{}]", quoted(note.as_str()), places.join(", "))
                    };
                    let notes: Vec<_> = notes.iter().map(note).collect();
                    let _ = write!(text, ", notes: {{{}}}", notes.join(", "));
                }
                text.push_str("}\n");
            }
        }
        text
    }

    /// True if there is no picture.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// The names of the pictures.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pictures.keys().map(String::as_str)
    }

    /// All pictures with all their addresses.
    pub fn addresses(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pictures.iter().flat_map(|(image, addresses)| {
            addresses.keys().map(move |address| (image.as_str(), address.as_str()))
        })
    }

    /// Adds the addresses that a note has for a picture, in the order of their places. With one
    /// that is not the usual one the note is kept.
    pub fn add(&mut self, image: &str, written: &[&str], note: &SourcePath) {
        let mut by_address: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (address, place) in written.iter().zip(1..) {
            by_address.entry(address).or_default().insert(place);
        }
        let is_only = by_address.len() == 1;
        let addresses = self.pictures.entry(image.to_owned()).or_default();
        for (address, places) in by_address {
            let is_first = addresses.is_empty();
            let is_usual = addresses.get(address).is_some_and(AddressNotes::is_empty);
            let notes = addresses.entry(address.to_owned()).or_default();
            if !is_first && !is_usual {
                notes.insert(note.clone(), if is_only { BTreeSet::new() } else { places });
            }
        }
    }

    /// The address of a picture at one of its places in a note, counted from 1: the note's own,
    /// else that of most.
    #[must_use]
    pub fn address(&self, image: &str, note: &SourcePath, place: usize) -> Option<&str> {
        let addresses = self.pictures.get(image)?;
        let is_own = |notes: &AddressNotes| {
            notes.get(note).is_some_and(|places| places.is_empty() || places.contains(&place))
        };
        let own = addresses.iter().find(|(_, notes)| is_own(notes));
        let usual = || addresses.iter().find(|(_, notes)| notes.is_empty());
        let found = own.or_else(usual).or_else(|| addresses.iter().next());
        found.map(|(address, _)| address.as_str())
    }

    /// Forgets a picture.
    pub fn remove(&mut self, image: &str) {
        self.pictures.remove(image);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    const A: &str = "0123456789abcdef0123456789abcdef.png";
    const B: &str = "abcdef0123456789abcdef0123456789.svg";

    #[test]
    fn a_line_for_each_address_in_the_order_of_the_pictures() {
        let mut record = PictureRecord::default();
        record.add(B, &["//e.org/b?x=1&amp;y='2\" #z"], &path("b.md"));
        record.add(A, &["https://e.org/a"], &path("a/甲 & 乙.md"));
        record.add(A, &["https://e.org/a"; 3], &path("c.md"));
        record.add(A, &["http://e.org/a"], &path("d, e].md"));
        record.add(A, &["http://e.org/a", "https://e.org/a", "http://e.org/a"], &path("f.md"));
        let text = record.text();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                format!("- {{image: {A}, address: \"https://e.org/a\"}}"),
                format!(
                    "- {{image: {A}, address: \"http://e.org/a\", notes: {{\"d, e].md\": [], \"f.md\": [1, 3]}}}}"
                ),
                format!("- {{image: {B}, address: \"//e.org/b?x=1&amp;y='2\\\" #z\"}}"),
            ]
        );
        assert_eq!(PictureRecord::parse(&text).unwrap(), record);
        let merged = format!("{text}- {{image: {B}, address: \"https://e.org/other\"}}\n");
        assert_eq!(PictureRecord::parse(&merged).unwrap().addresses().count(), 4);
    }

    #[test]
    fn each_place_gets_its_own_address_back() {
        let mut record = PictureRecord::default();
        let [one, two, three] = ["https://e.org/1", "https://e.org/2", "https://e.org/3"];
        record.add(A, &[one], &path("1.md"));
        record.add(A, &[two, two], &path("2.md"));
        record.add(A, &[two, one, three], &path("all.md"));
        let record = PictureRecord::parse(&record.text()).unwrap();
        for (note, place, expected) in [
            ("1.md", 1, one),
            ("2.md", 1, two),
            ("2.md", 2, two),
            ("all.md", 1, two),
            ("all.md", 2, one),
            ("all.md", 3, three),
            ("all.md", 4, one),
            ("new.md", 1, one),
        ] {
            assert_eq!(record.address(A, &path(note), place), Some(expected), "{note} {place}");
        }
        assert_eq!(record.address(B, &path("1.md"), 1), None);
        let mut record = record;
        record.remove(A);
        assert!(record.is_empty());
    }

    #[test]
    fn texts_that_are_no_record_are_refused() {
        for text in [
            "a: b",
            "- {image: ../../x.png, address: y}",
            "- {image: a.md, address: y}",
            "<<<<<<< HEAD\n- {image: a}\n=======\n",
            "- {image: 0123456789abcdef0123456789abcdef.png}",
        ] {
            assert!(PictureRecord::parse(text).is_err(), "{text}");
        }
        assert!(PictureRecord::parse("# nothing\n").unwrap().is_empty());
    }
}
