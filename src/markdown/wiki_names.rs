//! The names of notes and files, and a text → the names in its double brackets that are among them.
//!
//! Must not know: which file a name leads to.

use std::collections::HashSet;

use crate::path::{SourcePath, loose_key};

/// No name in double brackets is longer, in bytes.
const LONGEST: usize = 512;
/// A number of fewer digits in double brackets refers to a source, whatever notes are called.
const FEWEST_DIGITS: usize = 4;

/// The names of notes, of folders with notes, and of files.
#[derive(Debug, Clone, Default)]
pub struct WikiNames {
    /// Loose keys of notes and folders.
    notes: HashSet<String>,
    /// Names of files in lower case.
    files: HashSet<String>,
}

impl WikiNames {
    /// Adds a note, and the folders that it is in.
    pub fn add_note(&mut self, path: &SourcePath) {
        self.notes.insert(loose_key(path.stem()));
        for folder in path.ancestors().filter(|folder| !folder.is_root()) {
            self.notes.insert(loose_key(folder.name()));
        }
    }

    /// Adds another file.
    pub fn add_file(&mut self, path: &SourcePath) {
        self.files.insert(path.name().to_lowercase());
    }

    /// The names in the double brackets of a text that name a note or file, or a heading of the
    /// text itself.
    #[must_use]
    pub fn named_in(&self, text: &str) -> HashSet<String> {
        let mut own: Option<OwnNames<'_>> = None;
        let mut named = HashSet::new();
        for name in names_in(text) {
            let is_named = match name.strip_prefix('#') {
                Some(name) => own.get_or_insert_with(|| OwnNames::of(text)).has(name),
                None => self.has(name),
            };
            if is_named {
                named.insert(name.to_owned());
            }
        }
        named
    }

    /// Those of some names that name a note or file.
    #[must_use]
    pub fn among<'n>(&self, names: &'n [String]) -> Vec<&'n str> {
        names.iter().map(String::as_str).filter(|name| self.has(name)).collect()
    }

    /// True if a destination names a note or file.
    fn has(&self, destination: &str) -> bool {
        let path = destination.split('#').next().unwrap_or_default().trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or_default().trim();
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        if name.is_empty() || (is_number && name.len() < FEWEST_DIGITS && !path.contains('/')) {
            return false;
        }
        let stem = match name.rsplit_once('.') {
            Some((stem, end)) if end.eq_ignore_ascii_case("md") => stem,
            _ => name,
        };
        self.notes.contains(&loose_key(stem)) || self.files.contains(&name.to_lowercase())
    }
}

/// The names in the double brackets of a text, in code too.
pub fn names_in(text: &str) -> impl Iterator<Item = &str> {
    openings(text).filter_map(|at| {
        let rest = &text.as_bytes()[at + 2..];
        let rest = &rest[..rest.len().min(LONGEST)];
        let end = memchr::memchr3(b'|', b']', b'\n', rest).filter(|&end| rest[end] != b'\n')?;
        let name = text.get(at + 2..at + 2 + end)?;
        // The bar is written `\|` in tables.
        let name = name.strip_suffix('\\').unwrap_or(name).trim();
        (!name.is_empty() && !name.contains('[')).then_some(name)
    })
}

/// The places of double brackets; of several brackets in a row the last two count.
pub(super) fn openings(text: &str) -> impl Iterator<Item = usize> {
    let is_bracket = |at: usize| text.as_bytes().get(at) == Some(&b'[');
    memchr::memmem::find_iter(text.as_bytes(), b"[[").filter_map(move |at| {
        match (is_bracket(at + 2), is_bracket(at + 3)) {
            (false, _) => Some(at),
            (true, false) => Some(at + 1),
            (true, true) => None,
        }
    })
}

/// The names within a text that its own links may give.
struct OwnNames<'t> {
    /// The loose keys of the headings that begin with number signs.
    headings: HashSet<String>,
    /// The block ids at the ends of lines.
    blocks: HashSet<&'t str>,
}

impl<'t> OwnNames<'t> {
    fn of(text: &'t str) -> Self {
        let headings = text.lines().filter(|line| line.trim_start().starts_with('#'));
        let block = |line: &'t str| Some(line.trim_end().rsplit_once('^')?.1);
        Self {
            headings: headings.map(|line| loose_key(line.trim_matches(['#', ' ', '\t']))).collect(),
            blocks: text.lines().filter_map(block).collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.headings.contains(&loose_key(name))
            || name.strip_prefix('^').is_some_and(|id| self.blocks.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_notes_folders_and_files() {
        let path = |text: &str| SourcePath::new(text).unwrap();
        let mut names = WikiNames::default();
        names.add_note(&path("a/01~Deep Note.md"));
        names.add_note(&path("1.md"));
        names.add_note(&path("20240506.md"));
        names.add_file(&path("b/Picture.PNG"));
        for (name, expected) in [
            ("Deep Note", true),
            ("deep-note.md#x", true),
            ("x/Deep Note|words", true),
            ("a", true),
            ("a/", true),
            ("picture.png|200", true),
            ("b", false),
            ("nodiscard", false),
            (" -f x ", false),
            ("1", false),
            ("20240506", true),
            ("#Own", true),
            ("#Other", false),
            ("#^x1", true),
            ("#^x2", false),
            ("^1", false),
            ("a\nb", false),
        ] {
            let text = format!("[[{name}]] ^x1\n\n## Own\n");
            let text = text.replace("]] ^x1", "]] a ^x1");
            assert_eq!(names.named_in(&text).len(), usize::from(expected), "{name}");
        }
    }
}
