//! A tree → the files of mind maps in it, which notes show, by their paths and names.
//!
//! Must not know: what is in such a file.

use std::collections::{BTreeMap, HashMap};

use crate::digest::Digest;
use crate::markdown;
use crate::path::{SourcePath, percent_decode};
use crate::phrase::{Phrase, phrase};
use crate::source::{Entry, Tree};
use crate::stamp::Stamp;

/// Larger files are not read, in bytes.
pub(super) const LARGEST: u64 = 32 << 20;

/// The files of mind maps of a tree.
#[derive(Debug)]
pub(super) struct MindMapFiles {
    files: BTreeMap<SourcePath, FileState>,
    /// The files by their paths and by their names in lower case; `None` if several share one.
    by_path: HashMap<String, Option<SourcePath>>,
    by_name: HashMap<String, Option<SourcePath>>,
    /// The digest of all of them.
    pub digest: Digest,
}

/// The content of a file, as far as it can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum FileState {
    Unchanged(Stamp),
    /// It was written too recently for a stamp.
    Read(Digest),
    /// It is not read.
    TooLarge,
}

/// The bytes of a file.
pub(super) struct MindMapBytes {
    pub bytes: Vec<u8>,
    /// True if they are those that the digest of all files is made from.
    pub is_as_listed: bool,
}

impl MindMapFiles {
    /// The files of a tree.
    pub fn of_tree(tree: &Tree) -> Self {
        let mut files = BTreeMap::new();
        let (mut by_path, mut by_name) = (HashMap::new(), HashMap::new());
        for (path, entry) in &tree.entries {
            let Entry::File { size, stamp } = entry else { continue };
            if !markdown::may_show_mind_maps(path.name()) {
                continue;
            }
            let state = match stamp {
                _ if *size > LARGEST => FileState::TooLarge,
                Some(stamp) => FileState::Unchanged(*stamp),
                None => FileState::Read(digest_of_file(tree, path)),
            };
            files.insert(path.clone(), state);
            insert_unless_shared(&mut by_path, path.as_str(), path);
            insert_unless_shared(&mut by_name, path.name(), path);
        }
        let digest = Digest::of_value(&files);
        Self { files, by_path, by_name, digest }
    }

    /// The file at a destination in a note in `folder`, as links find it; one that is named in
    /// double brackets may be in any folder.
    pub fn find(
        &self,
        folder: &SourcePath,
        destination: &str,
        is_wiki: bool,
    ) -> Option<&SourcePath> {
        let path = destination.split(['?', '#']).next().unwrap_or_default().trim();
        let decoded = percent_decode(path);
        let spellings = [path, &*decoded].into_iter();
        let mut paths = spellings.filter_map(|spelling| folder.join(spelling));
        let at_path = paths.find_map(|path| self.files.get_key_value(&path));
        if let Some((path, _)) = at_path {
            return Some(path);
        }
        let of_other_case = folder.join(&decoded).map(|path| path.as_str().to_lowercase());
        let by_path = of_other_case.and_then(|path| self.by_path.get(&path)?.as_ref());
        if by_path.is_some() || !is_wiki {
            return by_path;
        }
        self.by_name.get(&decoded.to_lowercase())?.as_ref()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The reason in words.
    pub fn read(&self, tree: &Tree, path: &SourcePath) -> Result<MindMapBytes, Phrase> {
        let state = self.files.get(path);
        if state == Some(&FileState::TooLarge) {
            return Err(phrase!("it is larger than {limit} MB", limit = LARGEST >> 20));
        }
        let file = tree.bytes_of(path, LARGEST)?;
        let is_as_listed = match state {
            Some(FileState::Unchanged(stamp)) => stamp.is_of(&file.metadata),
            Some(FileState::Read(digest)) => *digest == Digest::of(&file.bytes),
            _ => false,
        };
        Ok(MindMapBytes { bytes: file.bytes, is_as_listed })
    }
}

/// Adds a file under a key in lower case; a key of several files has none.
fn insert_unless_shared(
    files: &mut HashMap<String, Option<SourcePath>>,
    key: &str,
    file: &SourcePath,
) {
    files
        .entry(key.to_lowercase())
        .and_modify(|slot| *slot = None)
        .or_insert_with(|| Some(file.clone()));
}

/// The digest of a file's bytes; one that cannot be read is as an empty one.
fn digest_of_file(tree: &Tree, path: &SourcePath) -> Digest {
    let bytes = tree.bytes_of(path, LARGEST).map(|file| file.bytes).unwrap_or_default();
    Digest::of(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_as_links_find_them() {
        let path = |text: &str| SourcePath::new(text).unwrap();
        let entry = || Entry::File { size: LARGEST + 1, stamp: None };
        let files = ["a/图 1.xmind", "a/b.XMIND", "c/d.xmind", "e/d.xmind", "c/f.xmind", "g.png"];
        let entries = files.into_iter().map(|file| (path(file), entry()));
        let tree = Tree { entries: entries.collect(), ..Tree::default() };
        let found = MindMapFiles::of_tree(&tree);
        for (destination, is_wiki, expected) in [
            ("图 1.xmind", false, Some("a/图 1.xmind")),
            ("%E5%9B%BE%201.xmind?raw=true#x", false, Some("a/图 1.xmind")),
            ("../c/f.xmind", false, Some("c/f.xmind")),
            ("/c/f.xmind", false, Some("c/f.xmind")),
            ("b.XMIND", false, Some("a/b.XMIND")),
            ("../C/F.XMind", false, Some("c/f.xmind")),
            ("f.xmind", false, None),
            ("f.xmind", true, Some("c/f.xmind")),
            ("F.xmind", true, Some("c/f.xmind")),
            ("d.xmind", true, None),
            ("c/d.xmind", true, None),
            ("../../x.xmind", false, None),
            ("g.png", true, None),
            ("", true, None),
        ] {
            let at = found.find(&path("a"), destination, is_wiki).map(SourcePath::as_str);
            assert_eq!(at, expected, "{destination}");
        }
    }
}
