//! The files that a commit changed, in a form that is kept: a byte string for each commit.
//!
//! Must not know: the call of git, the files that are followed.

use serde::{Deserialize, Serialize};

/// Bytes of an object's name that are looked at.
const LENGTH: usize = 16;

/// The first bytes of an object's name: enough to tell two files of one repository apart, in
/// repositories with SHA-1 and with SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct ObjectName([u8; LENGTH]);

impl ObjectName {
    /// The object with a name in hexadecimal digits; `None` for the zeros that stand for no file.
    pub fn read(digits: &[u8]) -> Option<Self> {
        let mut name = [0; LENGTH];
        for (byte, pair) in name.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        (digits.len() >= 2 * LENGTH && name != [0; LENGTH]).then_some(Self(name))
    }
}

/// Endings of files that no note was before: pages of a generator, which are made anew by the
/// hundred, and files without text. Their texts are not compared.
pub(super) const NEVER_NOTES: [&str; 24] = [
    "css", "eot", "gif", "gz", "htm", "html", "ico", "jpeg", "jpg", "js", "map", "mp3", "mp4",
    "pdf", "png", "svg", "ttf", "webm", "webp", "woff", "woff2", "xlsx", "xml", "zip",
];

/// The part of a file's name after its last dot, in lower case.
pub(super) fn ending(name: &[u8]) -> Vec<u8> {
    let base = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let dot = base.iter().rposition(|byte| *byte == b'.');
    dot.map_or(Vec::new(), |dot| base[dot + 1..].to_ascii_lowercase())
}

/// A file's name, from the root of the repository, and its content.
pub(super) type NamedObject<'a> = (&'a [u8], ObjectName);

/// A file that a commit changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileChange<'a> {
    pub after: NamedObject<'a>,
    /// Its state in each parent that had it, under any name.
    pub before: Vec<NamedObject<'a>>,
    /// True if a parent may have had it under a name that only a comparison of texts tells.
    pub is_open: bool,
}

/// A change as it is kept; a file mostly had the same name before.
#[derive(Serialize, Deserialize)]
struct KeptChange<'a> {
    #[serde(borrow)]
    name: &'a [u8],
    object: ObjectName,
    is_open: bool,
    #[serde(borrow)]
    before: Vec<(Option<&'a [u8]>, ObjectName)>,
}

/// Changes as they are kept.
pub(super) fn pack(changes: &[FileChange<'_>]) -> Vec<u8> {
    let kept = |change: &FileChange<'_>| {
        let (name, object) = change.after;
        let before = change.before.iter().map(|before| {
            let (former, object) = *before;
            ((former != name).then_some(former), object)
        });
        let before = before.collect();
        postcard::to_allocvec(&KeptChange { name, object, is_open: change.is_open, before })
    };
    // A value in memory can always be written down.
    changes.iter().filter_map(|change| kept(change).ok()).flatten().collect()
}

/// The changes that were kept; those after a damaged one are left out.
pub(super) fn unpack(mut packed: &[u8]) -> Vec<FileChange<'_>> {
    let mut changes = Vec::new();
    while let Ok((kept, rest)) = postcard::take_from_bytes::<KeptChange<'_>>(packed)
        && rest.len() < packed.len()
    {
        let KeptChange { name, object, is_open, before } = kept;
        let before = before.into_iter().map(|(former, object)| (former.unwrap_or(name), object));
        changes.push(FileChange { after: (name, object), before: before.collect(), is_open });
        packed = rest;
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(digit: &str) -> ObjectName {
        ObjectName::read(digit.repeat(40).as_bytes()).unwrap()
    }

    #[test]
    fn names_of_objects_are_read_in_both_lengths() {
        assert_ne!(object("a"), object("b"));
        for (digits, is_object) in [
            ("a".repeat(40), true),
            ("a".repeat(64), true),
            ("0".repeat(40), false),
            ("0".repeat(64), false),
            ("a".repeat(7), false),
            ("x".repeat(40), false),
        ] {
            assert_eq!(ObjectName::read(digits.as_bytes()).is_some(), is_object, "{digits}");
        }
    }

    #[test]
    fn changes_are_kept_as_they_are() {
        let name = b"\xff \n.md";
        let changes = [
            FileChange { after: (name, object("a")), before: vec![], is_open: true },
            FileChange {
                after: (b"b.md", object("b")),
                before: vec![(b"b.md", object("c")), (name, object("b"))],
                is_open: false,
            },
        ];
        let packed = pack(&changes);
        assert_eq!(unpack(&packed), changes);
        assert_eq!(unpack(&packed[..packed.len() - 1]), changes[..1]);
        assert_eq!(unpack(b""), []);
    }
}
