//! What a writer is told: a [`Diagnostic`] is a value with a kind, a place and a way out; a [`Report`] is all
//! of a build's, in a fixed order.
//!
//! Must not know: terminals, colours, or how a message is printed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The program mended it; good to know.
    Advice,
    /// Something is missing from the site or looks other than the writer meant.
    Warning,
    /// A file could not be used at all.
    Error,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident, $severity:ident, $title:literal;)*) => {
        /// What happened; messages are grouped by it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind { $($(#[doc = $doc])+ $name,)* }

        impl Kind {
            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// The heading of its group, in the plural.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

kinds! {
    /// The configuration cannot be read.
    Configuration, Error, "configuration";
    /// Part of another generator's configuration that is left out.
    ForeignConfiguration, Warning, "other generators' configuration not understood";
    /// A template does not parse or cannot be rendered.
    Template, Error, "templates with a mistake";
    /// A file or folder cannot be read.
    Unreadable, Error, "files and folders that cannot be read";
    /// A file cannot be written or removed.
    Unwritable, Error, "files that cannot be written";
    /// The Markdown parser failed on a note.
    Parser, Error, "notes the parser failed on";
    /// A symbolic link is dangling, loops, or leaves the notes.
    Symlink, Warning, "symbolic links not followed";
    /// A file name or text is not UTF-8.
    Encoding, Warning, "texts that are not UTF-8";
    /// Text with characters that do not belong into text.
    ControlCharacter, Warning, "control characters";
    /// A note or line so large that its page will be slow to read.
    Size, Warning, "very large notes";
    /// Lists or quotes nested deeper than a browser shows.
    Nesting, Warning, "nesting too deep to show";
    /// Front matter that does not parse.
    FrontMatter, Warning, "front matter that does not parse";
    /// An include that leads nowhere or out of the notes.
    Include, Warning, "includes not followed";
    /// Raw HTML that cannot stand in a page.
    Html, Warning, "HTML shown as text";
    /// A code block too slow to highlight.
    Code, Warning, "code left without colours";
    /// Several files that want one page.
    Collision, Warning, "notes that want one page";
    /// A link whose target is not there.
    DeadLink, Warning, "dead links";
    /// A link whose page is there, its anchor not.
    DeadAnchor, Warning, "dead anchors";
    /// An image whose file is not there.
    MissingImage, Warning, "missing images";
    /// A link to a file that is there and is not published.
    NotPublished, Warning, "links to files that are not published";
    /// A git-LFS pointer in place of a file.
    LfsPointer, Warning, "git-LFS pointers in place of files";
    /// A navigation file most of whose entries lead nowhere.
    StaleNavigation, Warning, "stale navigation files";
    /// A navigation entry whose file is not there.
    DeadEntry, Warning, "navigation entries without a file";
    /// A note that no navigation entry names.
    Unlisted, Warning, "notes in no navigation entry";
    /// An entry that was found by its loose key or stands for a folder.
    RepairedEntry, Advice, "navigation entries repaired";
    /// A link that was found by its loose key.
    RepairedLink, Advice, "links repaired";
    /// A folder that was not looked into.
    Skipped, Advice, "folders left out";
    /// A file in the output folder that is not ours.
    ForeignFile, Warning, "files in the output folder left alone";
}

/// Where in which file; the file as a person would name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Place {
    /// Path for display, relative to the folder that is built.
    pub file: Option<Arc<str>>,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Column in characters, from 1; 0 when the whole line is meant.
    pub column: u32,
}

/// One message to the writer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What happened.
    pub kind: Kind,
    /// Where.
    pub place: Place,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The way out, in one sentence without a full stop.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A message about no place in particular.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, place: Place::default(), message: message.into(), hint: None }
    }

    /// The same message about a file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<Arc<str>>) -> Self {
        self.place.file = Some(file.into());
        self
    }

    /// The same message about a line, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: u32) -> Self {
        self.place.line = line;
        self
    }

    /// The same message about a column, counted in characters from 1.
    #[must_use]
    pub fn at_column(mut self, column: u32) -> Self {
        self.place.column = column;
        self
    }

    /// The same message with a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The messages of a build, ordered by kind, then place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    messages: Vec<Diagnostic>,
}

impl Report {
    /// Orders the messages, so that the same notes always give the same report.
    #[must_use]
    pub fn new(mut messages: Vec<Diagnostic>) -> Self {
        messages.sort_by(|a, b| {
            (a.kind, &a.place, &a.message, &a.hint).cmp(&(b.kind, &b.place, &b.message, &b.hint))
        });
        messages.dedup();
        Self { messages }
    }

    /// All messages in order.
    #[must_use]
    pub fn messages(&self) -> &[Diagnostic] {
        &self.messages
    }

    /// The messages kind by kind.
    pub fn groups(&self) -> impl Iterator<Item = &[Diagnostic]> {
        self.messages.chunk_by(|a, b| a.kind == b.kind)
    }

    /// How many messages are of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.messages.iter().filter(|message| message.kind.severity() == severity).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_ordered_by_kind_and_place_and_says_nothing_twice() {
        let dead = |file: &str, line| Diagnostic::new(Kind::DeadLink, "gone").in_file(file).at_line(line);
        let template = Diagnostic::new(Kind::Template, "broken");
        let report =
            Report::new(vec![dead("b", 1), dead("a", 2), template.clone(), dead("a", 1), dead("b", 1)]);
        assert_eq!(report.messages(), [template, dead("a", 1), dead("a", 2), dead("b", 1)]);
        assert_eq!(report.groups().map(<[_]>::len).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((report.count(Severity::Error), report.count(Severity::Warning)), (1, 3));
    }
}
