//! A tree → the names of its notes, files and folders: those that `[[…]]` may mean, and the labels
//! that files of Docusaurus give; and a text → what it asks of other
//! files.
//!
//! Must not know: which note a name leads to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::config::{Config, SIDEBAR_POSITION};
use crate::markdown::{self, Options, WikiNames, wiki_names};
use crate::note;
use crate::path::SourcePath;
use crate::site::{CATEGORY_FILE, Categories, Category};
use crate::source::{Entry, Tree};

/// The names of the notes and files of a tree.
pub(super) fn of_tree(tree: &Tree) -> WikiNames {
    let mut names = WikiNames::default();
    for (path, entry) in &tree.entries {
        match entry {
            Entry::Note(_) | Entry::Draft => names.add_note(path),
            Entry::File { .. } | Entry::LfsPointer => names.add_file(path),
            Entry::Elsewhere(_) | Entry::Folder | Entry::Hidden => {}
        }
    }
    names
}

/// True if the notes and files of two trees have the same names.
pub(super) fn are_the_same(tree: &Tree, other: &Tree) -> bool {
    let is_note = |entry: &Entry| match entry {
        Entry::Note(_) | Entry::Draft => Some(true),
        Entry::File { .. } | Entry::LfsPointer => Some(false),
        Entry::Elsewhere(_) | Entry::Folder | Entry::Hidden => None,
    };
    let named = |(path, entry)| Some((path, is_note(entry)?));
    tree.entries.iter().filter_map(named).eq(other.entries.iter().filter_map(named))
}

/// The facts about other files that a text may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Asked {
    /// The names in double brackets that may be those of other notes.
    pub names: Vec<String>,
    /// True if it may show files of mind maps.
    pub mind_maps: bool,
}

impl Asked {
    /// The facts that a text asks for.
    pub fn of(text: &str, options: Options) -> Self {
        let names = if options.wiki_links { Vec::new() } else { asked_in(text) };
        let mind_maps = options.diagrams && markdown::may_show_mind_maps(text);
        Self { names, mind_maps }
    }
}

/// The names in the double brackets of a text, which may be those of other notes.
fn asked_in(text: &str) -> Vec<String> {
    if !text.contains("[[") {
        return Vec::new();
    }
    let text = note::plain(text);
    let names: BTreeSet<&str> = wiki_names::names_in(&text).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// The descriptions of folders of Docusaurus.
pub(super) fn categories(tree: &Tree, config: &Config) -> Categories {
    if config.front_matter.order_key != Some(SIDEBAR_POSITION) {
        return Categories::new();
    }
    let is_category = |entry: &Entry| matches!(entry, Entry::File { .. });
    let files = tree
        .entries
        .iter()
        .filter(|(path, entry)| path.name() == CATEGORY_FILE && is_category(entry));
    let read =
        |path| Some((SourcePath::parent(path), Category::parse(&tree.included(path).ok()?)?));
    files.filter_map(|(path, _)| read(path)).collect()
}
