//! A file of XMind → its mind maps, one for each sheet.
//!
//! The file is a zip. XMind 2020 and later, and XMind Zen, write `content.json`, beside which
//! `content.xml` only says that the program is too old; XMind 8 and earlier write `content.xml`.
//!
//! Must not know: the file's place, how a mind map is laid out.

mod json;
mod sheet;
mod xml;

use std::io::Read as _;
use std::panic::catch_unwind;

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};
use serde::{Deserialize, Serialize};

use self::sheet::{Sheet, SheetReader};
use super::{Diagram, DiagramMistake, mindmap};
use crate::phrase::phrase;

/// Larger contents are not read, in bytes once they are unpacked.
const LARGEST: u64 = 16 << 20;
/// A file with more sheets is refused.
const MOST_SHEETS: usize = 50;

/// The name of a content in XMind's newer form.
const JSON: &str = "content.json";
/// The name of a content in XMind's older form.
const XML: &str = "content.xml";
/// Lists of the files in the zip, which say whether these are encrypted.
const MANIFESTS: [&str; 2] = ["manifest.json", "META-INF/manifest.xml"];
/// The part of such a list that encrypted files have.
const ENCRYPTION: &[u8] = b"encryption-data";

/// A sheet, drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MindMap {
    /// The words above it, if its sheet has a title that says something.
    pub title: Option<String>,
    /// Its topics as an indented list.
    pub outline: String,
    /// The drawing.
    pub diagram: Diagram,
}

/// Draws the sheets of a file.
///
/// # Errors
/// The file cannot be read, or exceeds a limit.
pub fn of_xmind(file: &[u8]) -> Result<Vec<MindMap>, DiagramMistake> {
    // A mistake in the libraries must not cost the note.
    catch_unwind(|| drawn(file))
        .unwrap_or_else(|_| Err(DiagramMistake::new(phrase!("the program that draws it failed"))))
}

fn drawn(file: &[u8]) -> Result<Vec<MindMap>, DiagramMistake> {
    let sheets = sheets(file)?;
    if sheets.is_empty() {
        return Err(DiagramMistake::new(phrase!("it has no topics")));
    }
    if sheets.len() > MOST_SHEETS {
        return Err(DiagramMistake::new(phrase!(
            "it has more than {most_sheets} sheets",
            most_sheets = MOST_SHEETS
        )));
    }
    let is_one_of_several = sheets.len() > 1;
    sheets.into_iter().map(|sheet| map_of(sheet, is_one_of_several)).collect()
}

fn map_of(sheet: Sheet, is_one_of_several: bool) -> Result<MindMap, DiagramMistake> {
    let says_something = !sheet.title.is_empty()
        && (is_one_of_several || !is_given(&sheet.title) && sheet.title != sheet.root.label);
    let outline = sheet.outline();
    let mut diagram = mindmap::draw(&sheet.root)?;
    let title = says_something.then_some(sheet.title);
    let name = title.clone().unwrap_or(sheet.root.label);
    diagram.title = Some(name).filter(|name| !name.is_empty());
    Ok(MindMap { title, outline, diagram })
}

/// True for the titles that XMind gives new sheets.
fn is_given(title: &str) -> bool {
    let word = title.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    matches!(word.to_lowercase().as_str(), "" | "canvas" | "map" | "sheet" | "画布" | "畫布")
}

fn sheets(file: &[u8]) -> Result<Vec<Sheet>, DiagramMistake> {
    let broken = || DiagramMistake::new(phrase!("it is no whole zip file"));
    let archive = ZipArchive::from_slice(file).map_err(|_| broken())?;
    let found = ZippedFiles::in_archive(&archive).ok_or_else(broken)?;
    let Some(content) = found.content() else {
        return Err(DiagramMistake::new(phrase!(
            "it holds neither `{json}` nor `{xml}`",
            json = JSON,
            xml = XML
        )));
    };
    if content.is_encrypted || found.has_encryption(&archive) {
        return Err(DiagramMistake::new(phrase!("it has a password")));
    }
    let bytes = unpacked(&archive, content)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        DiagramMistake::new(phrase!("its `{name}` is not UTF-8", name = content.name))
    })?;
    let text = text.trim_start_matches('\u{FEFF}');
    let mut reader = SheetReader::default();
    if content.name == JSON {
        json::read(text, &mut reader)?;
    } else {
        xml::read(text, &mut reader)?;
    }
    Ok(reader.sheets)
}

/// A file in the zip.
struct ZippedFile {
    name: &'static str,
    place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    is_encrypted: bool,
}

/// The files in the zip that matter.
struct ZippedFiles(Vec<ZippedFile>);

impl ZippedFiles {
    /// Looks through the list of the zip's files; `None` if it is broken.
    fn in_archive(archive: &ZipSliceArchive<&[u8]>) -> Option<Self> {
        let mut found = Vec::new();
        let mut entries = archive.entries();
        while let Some(entry) = entries.next_entry().ok()? {
            let path = entry.file_path();
            let names = [JSON, XML].into_iter().chain(MANIFESTS);
            let Some(name) = names.into_iter().find(|name| path.as_bytes() == name.as_bytes())
            else {
                continue;
            };
            // Of several of one name the first counts, so that none is unpacked twice.
            if found.iter().any(|known: &ZippedFile| known.name == name) {
                continue;
            }
            found.push(ZippedFile {
                name,
                place: entry.wayfinder(),
                method: entry.compression_method(),
                is_encrypted: entry.flags().is_encrypted(),
            });
        }
        Some(Self(found))
    }

    fn named(&self, name: &str) -> Option<&ZippedFile> {
        self.0.iter().find(|file| file.name == name)
    }

    /// The file that holds the topics.
    fn content(&self) -> Option<&ZippedFile> {
        self.named(JSON).or_else(|| self.named(XML))
    }

    /// True if a list of files says that some are encrypted, which the zip itself does not.
    fn has_encryption(&self, archive: &ZipSliceArchive<&[u8]>) -> bool {
        let manifests = MANIFESTS.iter().filter_map(|name| self.named(name));
        let mut texts = manifests.filter_map(|file| unpacked(archive, file).ok());
        texts.any(|text| memchr::memmem::find(&text, ENCRYPTION).is_some())
    }
}

/// The bytes of a file in the zip, counted while they are unpacked: what the zip says about their
/// number may be wrong.
fn unpacked(
    archive: &ZipSliceArchive<&[u8]>,
    file: &ZippedFile,
) -> Result<Vec<u8>, DiagramMistake> {
    let broken =
        || DiagramMistake::new(phrase!("its `{name}` cannot be unpacked", name = file.name));
    let entry = archive.get_entry(file.place).map_err(|_| broken())?;
    let mut bytes = Vec::new();
    // Sizes and checksums are compared at the end.
    let read = if file.method == CompressionMethod::STORE {
        entry.verifying_reader(entry.data()).take(LARGEST + 1).read_to_end(&mut bytes)
    } else if file.method == CompressionMethod::DEFLATE {
        let unpacked = DeflateDecoder::new(entry.data());
        entry.verifying_reader(unpacked).take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        return Err(broken());
    };
    read.map_err(|_| broken())?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        let message = phrase!(
            "its `{name}` is larger than {value} MB",
            name = file.name,
            value = LARGEST >> 20
        );
        return Err(DiagramMistake::new(message));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
