//! Files in memory → sites, for unit tests.
//!
//! Must not know: the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::books::Books;
use crate::config::Config;
use crate::markdown::Options;
use crate::note::{Note, Source};
use crate::path::SourcePath;
use crate::source::{Entry, Text, Tree};

use super::{Given, NavigationFile, Site};

/// Notes and the tree that holds them.
pub(crate) struct NotesFixture {
    pub notes: Vec<Arc<Note>>,
    pub tree: Tree,
}

impl NotesFixture {
    /// A tree of these files. A path that ends in `/` is an empty folder, one that does not end in
    /// `.md` a file.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let mut tree = Tree::default();
        for (name, text) in files {
            let path = path(name.trim_end_matches('/'));
            for above in path.ancestors() {
                tree.entries.insert(above, Entry::Folder);
            }
            let entry = if name.ends_with('/') {
                Entry::Folder
            } else if path.is_markdown() {
                Entry::Note(Text::from((*text).to_owned()))
            } else {
                Entry::File { size: 0, stamp: None }
            };
            tree.entries.insert(path, entry);
        }
        let texts: BTreeMap<SourcePath, &str> =
            files.iter().map(|(name, text)| (path(name.trim_end_matches('/')), *text)).collect();
        let notes = tree.notes().map(|(path, _)| note(path, texts[path])).collect();
        Self { notes, tree }
    }

    pub fn site(&self, config: &Config, summary: Option<&str>) -> Site {
        let summary = summary.map(|text| NavigationFile {
            path: path("SUMMARY.md"),
            shown: "SUMMARY.md".to_owned(),
            text: Arc::from(text),
            is_derived: false,
        });
        let given = Given {
            tree: &self.tree,
            config,
            navigation: summary.as_ref(),
            static_files: &[],
            renamed: &BTreeMap::new(),
            categories: &BTreeMap::new(),
            books: &Books::default(),
            book: None,
        };
        Site::new(&self.notes, given)
    }
}

/// A site of these files in the order of their folders.
pub(crate) fn site(files: &[(&str, &str)]) -> Site {
    NotesFixture::new(files).site(&Config::default(), None)
}

pub(crate) fn path(text: &str) -> SourcePath {
    SourcePath::new(text).unwrap()
}

fn note(path: &SourcePath, text: &str) -> Arc<Note> {
    let is_home = path.as_str() == "README.md";
    let source = Source {
        path,
        shown: path.as_str(),
        text,
        is_home,
        names: None,
        macros: None,
        drawings: None,
    };
    Arc::new(Note::parse(source, Options::default(), |_, _| {
        Err(crate::phrase::Phrase::verbatim(""))
    }))
}
