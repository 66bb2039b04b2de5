//! A listing of the files of a commit → their names and contents, and the paths of notes.
//!
//! Must not know: the call of git, other commits.

use crate::path::SourcePath;

/// A file's name and the hash of its content.
pub(super) type ListedFile<'a> = (&'a [u8], &'a [u8]);

/// The names and contents in a listing of `git ls-tree`.
pub(super) fn listed(tree: &[u8]) -> impl Iterator<Item = ListedFile<'_>> {
    tree.split(|byte| *byte == 0).filter_map(|line| {
        let at = line.iter().position(|byte| *byte == b'\t')?;
        Some((&line[at + 1..], line[..at].rsplit(|byte| *byte == b' ').next()?))
    })
}

/// A name in the repository as a path of the notes; `None` if it is outside of them.
pub(super) fn below(name: &[u8], prefix: &[u8]) -> Option<SourcePath> {
    SourcePath::new(std::str::from_utf8(name.strip_prefix(prefix)?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_read() {
        let tree = "100644 blob abc\t一\t\n b.md\x00120000 blob d\tc\0";
        let listed: Vec<_> = listed(tree.as_bytes()).collect();
        assert_eq!(listed, [("一\t\n b.md".as_bytes(), &b"abc"[..]), (b"c", b"d")]);
    }
}
