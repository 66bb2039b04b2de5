//! The values that a site is made from, beside the notes.
//!
//! Must not know: how any of them is used.

use std::collections::BTreeMap;

use crate::books::{Books, LibraryBook};
use crate::config::Config;
use crate::path::SourcePath;
use crate::source::Tree;

use super::{Categories, NavigationFile};

/// The values that a site is made from, beside the notes.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The files on disk.
    pub tree: &'a Tree,
    /// The settings.
    pub config: &'a Config,
    /// The navigation file, if one is used.
    pub navigation: Option<&'a NavigationFile>,
    /// The names of the theme's own files.
    pub static_files: &'a [&'a str],
    /// Earlier paths of notes, and their paths now; empty if old addresses are not kept.
    pub renamed: &'a BTreeMap<SourcePath, SourcePath>,
    /// The descriptions of folders.
    pub categories: &'a Categories,
    /// The books of the library.
    pub books: &'a Books,
    /// The number of the book that the notes are, if they are one of those.
    pub book: Option<usize>,
}

impl<'a> Given<'a> {
    /// The book that the notes are, if they are one of a library.
    pub(super) fn own_book(self) -> Option<&'a LibraryBook> {
        self.books.list.get(self.book?)
    }
}
