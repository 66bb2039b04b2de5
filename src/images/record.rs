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
    /// notes that had it, if the picture has several.
    pictures: BTreeMap<String, BTreeMap<String, AddressNotes>>,
}

/// The notes that had an address; with each the places of the picture in the note that had it,
/// counted from 1, if not all of them did. Empty for the only address of a picture, and after a
/// merge of two branches also for one of several.
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

    /// Adds the addresses that notes have for a picture, in the order of its places; `None` at
    /// those that showed the kept picture before. All other notes that show it are `showing`, and
    /// `is_there` is true of the notes that exist.
    pub fn add(
        &mut self,
        image: &str,
        notes: &BTreeMap<&SourcePath, Vec<Option<&str>>>,
        showing: &BTreeSet<SourcePath>,
        is_there: impl Fn(&SourcePath) -> bool,
    ) {
        let by_note = notes.iter().map(|(note, written)| {
            let mut earlier = 1..;
            let place = |address: Option<&str>| match address {
                Some(address) => Some(address.to_owned()),
                None => self.address(image, note, earlier.next()?, &is_there).map(str::to_owned),
            };
            (*note, written.iter().copied().map(place).collect::<Vec<_>>())
        });
        let by_note: Vec<_> = by_note.collect();
        let addresses = self.pictures.entry(image.to_owned()).or_default();
        let usual = only(addresses.iter().filter(|(_, notes)| notes.is_empty()));
        let usual = usual.map(|(address, _)| address.clone());
        for (note, places) in &by_note {
            addresses.retain(|_, notes| notes.remove(*note).is_none() || !notes.is_empty());
            for address in places.iter().flatten() {
                addresses.entry(address.clone()).or_default();
            }
        }
        if addresses.len() == 1 {
            addresses.values_mut().for_each(AddressNotes::clear);
            return;
        }
        let listed: BTreeSet<_> = addresses.values().flat_map(BTreeMap::keys).cloned().collect();
        if let Some(notes_of_usual) = usual.and_then(|usual| addresses.get_mut(&usual)) {
            let is_new = |note: &&SourcePath| !listed.contains(note) && !notes.contains_key(note);
            let earlier = showing.iter().filter(is_new);
            notes_of_usual.extend(earlier.map(|note| (note.clone(), BTreeSet::new())));
        }
        for (note, places) in &by_note {
            let is_only = places.iter().all(|address| address.is_some() && *address == places[0]);
            for (address, place) in places.iter().zip(1..) {
                if let Some(notes) = address.as_ref().and_then(|it| addresses.get_mut(it)) {
                    let listed = notes.entry((*note).clone()).or_default();
                    listed.extend((!is_only).then_some(place));
                }
            }
        }
    }

    /// The address of a picture at one of its places in a note, counted from 1; `None` if it may be
    /// one of several. A note that has no address and the only one with an address that does not
    /// exist are one that was renamed; `is_there` is true of the notes that exist.
    #[must_use]
    pub fn address(
        &self,
        image: &str,
        note: &SourcePath,
        place: usize,
        is_there: impl Fn(&SourcePath) -> bool,
    ) -> Option<&str> {
        let addresses = self.pictures.get(image)?;
        if addresses.len() == 1 {
            return addresses.keys().next().map(String::as_str);
        }
        let of = |note: &SourcePath| {
            let is_own = |notes: &AddressNotes| {
                notes.get(note).is_some_and(|places| places.is_empty() || places.contains(&place))
            };
            addresses.iter().find(|(_, notes)| is_own(notes))
        };
        let listed: BTreeSet<&SourcePath> = addresses.values().flat_map(BTreeMap::keys).collect();
        let found = if listed.contains(note) {
            of(note)
        } else {
            let missing: Vec<_> = listed.into_iter().filter(|note| !is_there(note)).collect();
            let usual = only(addresses.iter().filter(|(_, notes)| notes.is_empty()));
            match (missing.as_slice(), usual) {
                ([], usual) => usual,
                ([renamed], None) => of(renamed),
                _ => None,
            }
        };
        found.map(|(address, _)| address.as_str())
    }

    /// Forgets a picture.
    pub fn remove(&mut self, image: &str) {
        self.pictures.remove(image);
    }
}

/// The only one of several things; `None` if there is another.
fn only<T>(mut things: impl Iterator<Item = T>) -> Option<T> {
    things.next().filter(|_| things.next().is_none())
}

/// A text as JSON, which is YAML too; characters that YAML cannot have (YAML 1.2 §5.1), and line
/// breaks that only some programs know, as `\uXXXX`.
fn quoted(text: &str) -> String {
    let is_bare = |sign: char| match sign {
        '\u{FEFF}' | '\u{2028}' | '\u{2029}' => false,
        _ => !sign.is_control() && u32::from(sign) & 0xFFFE != 0xFFFE,
    };
    let mut result = String::with_capacity(text.len() + 2);
    for sign in serde_json::to_string(text).unwrap_or_default().chars() {
        if is_bare(sign) {
            result.push(sign);
        } else if u32::from(sign) <= 0xFFFF {
            let _ = write!(result, "\\u{:04X}", u32::from(sign));
        } else {
            let _ = write!(result, "\\U{:08X}", u32::from(sign));
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn path(text: &str) -> SourcePath {
        SourcePath::new(text).unwrap()
    }

    const A: &str = "0123456789abcdef0123456789abcdef.png";
    const B: &str = "abcdef0123456789abcdef0123456789.svg";

    /// Adds the addresses of a picture in notes that exist, as all others do.
    fn add(record: &mut PictureRecord, image: &str, note: &str, written: &[Option<&str>]) {
        add_beside(record, image, note, written, &[]);
    }

    /// Adds the addresses of a picture in a note, when other notes show it already.
    fn add_beside(
        record: &mut PictureRecord,
        image: &str,
        note: &str,
        written: &[Option<&str>],
        showing: &[&str],
    ) {
        let note = path(note);
        let notes = BTreeMap::from([(&note, written.to_vec())]);
        record.add(image, &notes, &showing.iter().map(|note| path(note)).collect(), |_| true);
    }

    #[test]
    fn a_line_for_each_address_in_the_order_of_the_pictures() {
        let mut record = PictureRecord::default();
        let (http, https) = (Some("http://e.org/a"), Some("https://e.org/a"));
        add(&mut record, B, "b.md", &[Some("//e.org/b?x=1&amp;y='2\" #z")]);
        add(&mut record, A, "a/甲 & 乙.md", &[https]);
        add(&mut record, A, "c.md", &[https; 3]);
        assert_eq!(record.text().matches("notes:").count(), 0);
        add_beside(&mut record, A, "d, e].md", &[http], &["a/甲 & 乙.md", "c.md", "d, e].md"]);
        add(&mut record, A, "f.md", &[http, https, http]);
        let text = record.text();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                format!(
                    "- {{image: {A}, address: \"http://e.org/a\", notes: {{\"d, e].md\": [], \"f.md\": [1, 3]}}}}"
                ),
                format!(
                    "- {{image: {A}, address: \"https://e.org/a\", notes: {{\"a/甲 & 乙.md\": [], \"c.md\": [], \"f.md\": [2]}}}}"
                ),
                format!("- {{image: {B}, address: \"//e.org/b?x=1&amp;y='2\\\" #z\"}}"),
            ]
        );
        assert_eq!(PictureRecord::parse(&text).unwrap(), record);
        let merged = format!("{text}- {{image: {B}, address: \"https://e.org/other\"}}\n");
        assert_eq!(PictureRecord::parse(&merged).unwrap().addresses().count(), 4);
    }

    const ONE: &str = "https://e.org/1";
    const TWO: &str = "https://e.org/2";
    const THREE: &str = "https://e.org/3";

    #[test]
    fn each_place_gets_its_own_address_back() {
        let mut record = PictureRecord::default();
        add(&mut record, A, "1.md", &[Some(ONE)]);
        add_beside(&mut record, A, "2.md", &[Some(TWO), Some(TWO)], &["1.md"]);
        add(&mut record, A, "all.md", &[Some(TWO), Some(ONE), Some(THREE)]);
        let mut record = PictureRecord::parse(&record.text()).unwrap();
        for (note, place, expected) in [
            ("1.md", 1, Some(ONE)),
            ("2.md", 1, Some(TWO)),
            ("2.md", 2, Some(TWO)),
            ("all.md", 1, Some(TWO)),
            ("all.md", 2, Some(ONE)),
            ("all.md", 3, Some(THREE)),
            ("all.md", 4, None),
            ("new.md", 1, None),
        ] {
            let found = record.address(A, &path(note), place, |_| true);
            assert_eq!(found, expected, "{note} {place}");
        }
        assert_eq!(record.address(B, &path("1.md"), 1, |_| true), None);
        record.remove(A);
        assert!(record.is_empty());
    }

    #[test]
    fn places_that_showed_the_picture_before_keep_their_addresses() {
        let mut record = PictureRecord::default();
        add(&mut record, A, "a.md", &[Some(ONE)]);
        add(&mut record, A, "a.md", &[Some(TWO), None, Some(ONE)]);
        add(&mut record, A, "a.md", &[None, Some(THREE), None, None]);
        for (place, expected) in (1..).zip([TWO, THREE, ONE, ONE]) {
            assert_eq!(record.address(A, &path("a.md"), place, |_| true), Some(expected));
        }
        // All places had another address since.
        add(&mut record, A, "a.md", &[Some(TWO)]);
        assert_eq!(record.addresses().collect::<Vec<_>>(), [(A, TWO)]);
    }

    #[test]
    fn the_address_of_a_renamed_note_is_found_if_it_is_the_only_one() {
        let mut record = PictureRecord::default();
        add(&mut record, A, "1.md", &[Some(ONE)]);
        add_beside(&mut record, A, "2.md", &[Some(TWO)], &["1.md"]);
        let address = |missing: &[&str]| {
            let is_there = |note: &SourcePath| !missing.contains(&note.as_str());
            record.address(A, &path("new.md"), 1, is_there)
        };
        assert_eq!(address(&["1.md"]), Some(ONE));
        assert_eq!(address(&["2.md"]), Some(TWO));
        assert_eq!(address(&["1.md", "2.md"]), None);
        assert_eq!(address(&[]), None);
        // Two branches that were merged.
        let merged = format!(
            "- {{image: {A}, address: a}}\n- {{image: {A}, address: b, notes: {{2.md: []}}}}\n"
        );
        let merged = PictureRecord::parse(&merged).unwrap();
        assert_eq!(merged.address(A, &path("1.md"), 1, |_| true), Some("a"));
        assert_eq!(merged.address(A, &path("1.md"), 1, |_| false), None);
    }

    proptest! {
        #[test]
        fn every_record_can_be_read_again(
            addresses in proptest::collection::vec(
                prop_oneof![".*", "[\u{7F}-\u{A0}\u{2028}\u{2029}\u{FEFF}\u{FFF0}-\u{FFFF}\u{1FFFE}]*"],
                1..4,
            ),
            notes in proptest::collection::vec("[^/\\\\\u{0}]{1,9}", 1..4),
        ) {
            let mut record = PictureRecord::default();
            let written: Vec<_> = addresses.iter().map(|address| Some(address.as_str())).collect();
            for note in notes.iter().filter(|note| SourcePath::new(note).is_some()) {
                add(&mut record, A, note, &written);
            }
            let read = PictureRecord::parse(&record.text());
            prop_assert_eq!(read, Ok(record));
        }
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
