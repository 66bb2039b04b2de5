//! Any bytes as a file of XMind, and any text as its content: drawn or refused, twice in the same
//! way.

#![no_main]

use std::io::Write as _;

use libfuzzer_sys::fuzz_target;
use notes::diagram::of_xmind;
use rawzip::{CompressionMethod, ZipArchiveWriter};

fuzz_target!(|input: (u8, &[u8])| {
    let (form, bytes) = input;
    let file = match form % 3 {
        0 => Some(bytes.to_vec()),
        1 => zip("content.json", bytes),
        _ => zip("content.xml", bytes),
    };
    let Some(file) = file else { return };
    let drawn = of_xmind(&file);
    assert_eq!(drawn, of_xmind(&file));
    for map in drawn.iter().flatten() {
        let topics = map.outline.lines().count();
        assert!(map.diagram.words.lines().count() <= topics, "{}", map.outline);
    }
});

/// A zip of one file, as it is.
fn zip(name: &str, content: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    let file = archive.new_file(name).compression_method(CompressionMethod::STORE);
    let (mut entry, config) = file.start().ok()?;
    let mut writer = config.wrap(&mut entry);
    writer.write_all(content).ok()?;
    let (_, descriptor) = writer.finish().ok()?;
    entry.finish(descriptor).ok()?;
    archive.finish().ok()?;
    Some(bytes)
}
