//! The last commit of a repository → the objects of its files, and which a file's bytes would be.
//!
//! `git status` may run programs that the repository's settings name, as filters of contents; an
//! object's name is a digest, which needs no program (gitformat-pack(5), git-hash-object(1)).
//!
//! Must not know: when a file was changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use super::{ask, tree};
use crate::path::SourcePath;

/// Length of a name of SHA-1, in hexadecimal digits; newer repositories may have SHA-256.
const SHA1_LENGTH: usize = 40;

/// The objects of the files below a folder in the last commit, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommittedFiles(BTreeMap<SourcePath, String>);

impl CommittedFiles {
    /// Asks git; `None` for a folder in no repository, or in one without commits.
    #[must_use]
    pub fn below(folder: &Path) -> Option<Self> {
        if !super::is_in_repository(folder) {
            return None;
        }
        let prefix = ask(folder, &["rev-parse", "--show-prefix"]).ok()?;
        let prefix = prefix.strip_suffix(b"\n").unwrap_or(&prefix);
        let tree = ask(folder, &["ls-tree", "-r", "-z", "--full-name", "HEAD", "."]).ok()?;
        let file = |(name, object): (&[u8], &[u8])| {
            Some((tree::below(name, prefix)?, String::from_utf8_lossy(object).into_owned()))
        };
        Some(Self(tree::listed(&tree).filter_map(file).collect()))
    }

    /// True if a file has these bytes in the last commit, line ends apart: git may change those.
    #[must_use]
    pub fn has(&self, path: &SourcePath, bytes: &[u8]) -> bool {
        let Some(object) = self.0.get(path) else { return false };
        if name_of(bytes, object.len()) == *object {
            return true;
        }
        let has_carriage_returns = memchr::memmem::find(bytes, b"\r\n").is_some();
        has_carriage_returns && name_of(&with_line_feeds(bytes), object.len()) == *object
    }
}

/// The name of an object with some content, of as many digits.
fn name_of(bytes: &[u8], length: usize) -> String {
    let algorithm = if length == SHA1_LENGTH { &SHA1_FOR_LEGACY_USE_ONLY } else { &SHA256 };
    let mut context = Context::new(algorithm);
    context.update(format!("blob {}\0", bytes.len()).as_bytes());
    context.update(bytes);
    let mut name = String::with_capacity(length);
    for byte in context.finish().as_ref() {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

fn with_line_feeds(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(bytes, b"\r\n") {
        lines.extend_from_slice(&bytes[from..at]);
        from = at + 1;
    }
    lines.extend_from_slice(&bytes[from..]);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_have_the_names_that_git_gives_them() {
        // git hash-object --stdin, and the same in a repository with SHA-256.
        let sha1 = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
        assert_eq!(name_of(b"", 40), sha1);
        let sha256 = "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813";
        assert_eq!(name_of(b"", 64), sha256);
        assert_eq!(name_of(b"a\n", 40), "78981922613b2afb6025042ff6bd878ac1994e85");
        let files = CommittedFiles(BTreeMap::from([(
            SourcePath::new("a.md").unwrap(),
            "78981922613b2afb6025042ff6bd878ac1994e85".to_owned(),
        )]));
        for (path, bytes, expected) in [
            ("a.md", "a\n", true),
            ("a.md", "a\r\n", true),
            ("a.md", "a", false),
            ("b.md", "a\n", false),
        ] {
            let path = SourcePath::new(path).unwrap();
            assert_eq!(files.has(&path, bytes.as_bytes()), expected, "{path} {bytes:?}");
        }
    }
}
