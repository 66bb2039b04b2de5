//! The kinds of diagnostics: each [`Kind`] with its code, its severity unless the settings change
//! it, and why it matters and how to mend it, as `notes explain` tells.
//!
//! Must not know: how any of it is found.

use serde::{Deserialize, Serialize};

use super::Severity;

macro_rules! kinds {
    ($($name:ident $severity:ident $code:literal $title:literal $why:literal $how:literal;)*) => {
        /// The kind of a diagnostic; diagnostics are grouped by it, in this order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind { $(#[doc = $why] $name,)* }

        impl Kind {
            /// All kinds, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its severity, unless the settings change it.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Its code, in settings, in comments and on the command line.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The heading of its group, in the plural.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Why it matters.
            #[must_use]
            pub fn why(self) -> &'static str {
                match self { $(Self::$name => $why,)* }
            }

            /// The way to fix it.
            #[must_use]
            pub fn how(self) -> &'static str {
                match self { $(Self::$name => $how,)* }
            }
        }
    };
}

kinds! {
    Configuration Error "configuration" "settings that cannot be used"
        "The settings cannot be read, so it is not clear what the site should be; nothing is built."
        "Correct notes.yaml at the place that the message names.";
    ForeignConfiguration Warning "foreign-configuration" "other generators' configuration not understood"
        "Part of another generator's configuration (`book.toml`, `.gitbook.yaml`, `book.json`) does not parse or names something that is not there; that setting is left out."
        "Correct the file, or write the setting into notes.yaml, which goes first.";
    Template Error "template" "templates with a mistake"
        "A template of your own does not parse or cannot be rendered; the built-in one of the same name is used in its place."
        "Correct the template at the place that the message names.";
    Unreadable Error "unreadable" "files and folders that cannot be read"
        "A file or folder cannot be read, so what it holds is missing from the site. Pages that stand in the output folder are kept."
        "Check the permissions and the disk.";
    Unwritable Error "unwritable" "files that cannot be written"
        "A file of the site cannot be written or removed, so the site on disk is not what the notes say."
        "Check the permissions of the output folder and how much room the disk has, then build again.";
    Parser Error "parser" "notes the parser failed on"
        "The Markdown parser failed on a note, which is shown as plain text."
        "It is a mistake of this program. Please report it with the note.";
    Symlink Warning "symlink" "symbolic links not followed"
        "A symbolic link leads nowhere, back to itself, or out of the notes. A note must not publish other files of the machine, so the link is not followed."
        "Remove the link, or copy the file into the notes.";
    Encoding Warning "encoding" "texts that are not UTF-8"
        "A text or file name is not UTF-8. A text is read as well as it can be guessed; a file with such a name can have no address and is left out."
        "Save the file as UTF-8, or rename it.";
    ControlCharacter Warning "control-character" "control characters"
        "The text holds a control character, which no page can show; it is left out. A file with many of them may be no text at all."
        "Remove it. Editors show such characters when asked to show what is invisible.";
    Size Warning "size" "very large notes"
        "A note or a line is so large that its page is slow to load or to lay out."
        "Split the note into several, or break the line up.";
    Nesting Warning "nesting" "nesting too deep to show"
        "Lists or quotes are nested deeper than browsers show. The text is kept without its deeper levels."
        "Fold the list up: give the inner part a heading of its own.";
    FrontMatter Warning "front-matter" "front matter that does not parse"
        "The front matter of the note is not valid YAML or TOML, so its title, description and dates are not used."
        "Put values that hold signs such as `:` or `{` in quotes.";
    Include Warning "include" "includes not followed"
        "An include names a file that is not there, is not text, or lies outside the notes; the line is shown as it is written."
        "Correct the path, which goes on from the note's folder. To show the line itself, write `\\{{#include …}}`.";
    Embed Warning "embed" "embedded notes not shown"
        "A note that another embeds, `![[Note]]`, is not shown there, because it leads back to a text around it, is nested too deep, or would make the page too large; the page shows a link."
        "Write a link, `[[Note]]`, or embed a section: `![[Note#Section]]`.";
    Html Warning "html" "HTML shown as text"
        "Raw HTML that would act on the whole page (`<script>`, `<style>`, `<body>` …) is shown as text, so that no note can break the page around it."
        "Remove it, or put it in a code block if it is meant to be read.";
    UnclosedComment Warning "unclosed-comment" "comments without an end"
        "A comment begins with `<!--` and has no `-->`: everything after it is hidden."
        "Write `-->` where the comment ends.";
    UnclosedFence Warning "unclosed-fence" "code blocks without an end"
        "A code block begins with a fence and no line ends it: everything after it is shown as code."
        "End it with a line of as many backticks or tildes as it began with.";
    UnclosedHtml Hint "unclosed-html" "HTML tags without a partner"
        "An element of raw HTML is begun and not ended, or an end tag ends nothing. The first is ended where the block around it ends, which may be earlier or later than meant; the second is not shown."
        "Write the tag that is missing, or remove the other; tags that are meant as text go in backticks.";
    LiteralEmphasis Warning "literal-emphasis" "emphasis that stayed literal"
        "Two asterisks or tildes on either side look like bold or struck text, and readers see them as signs: a blank stands inside them."
        "Remove the blank between the signs and the words, or write `\\*\\*` if the signs are meant.";
    HeadingSkip Hint "heading-skip" "headings that skip a level"
        "A heading is more than one level below the one before it. The outline then shows a gap, and screen readers announce a section that is not there."
        "Raise the heading by a level, or write the one that is missing.";
    EmptyHeading Hint "empty-heading" "headings without a text"
        "A heading has no text, so the outline cannot show it and no link can name it."
        "Write its text or remove the signs.";
    UnknownLanguage Hint "unknown-language" "languages of code that are not known"
        "The language after the opening fence is unknown, so the code is not highlighted."
        "Correct the name; write `text` for what has no language.";
    Code Warning "slow-code" "code left without colours"
        "A code block is so large, or its lines are so long, that highlighting it would take too long; it is shown without colours."
        "Shorten the block or break up its lines.";
    MissingAlt Hint "missing-alt" "images without a description"
        "An image has no alternative text, so who cannot see it does not know what it shows, and nothing stands in its place when it does not load."
        "Write between the brackets what the image shows: `![…](…)`.";
    InsecureImage Hint "insecure-image" "images asked for over http:"
        "An image is asked for over `http:`. Browsers do not load it on a page that came over `https:`, or anyone on the way may read and change it."
        "Write `https:`. With `images: {https: true}` in notes.yaml pages do, and `notes check --fix` changes the notes.";
    Ignore Warning "ignore" "comments that silence nothing"
        "A comment `<!-- notes: ignore … -->` names no code that there is, so it silences nothing."
        "Name codes that `notes explain` lists, with blanks or commas between them.";
    Collision Warning "collision" "notes that want one page"
        "Two files would have one page, on this disk or on one that ignores case. The later one gets a number."
        "Rename one of them.";
    Stub Hint "stub" "notes with nothing to read"
        "A note is empty or holds a title alone. It keeps its place in the navigation, marked, and stays out of search and of previous and next."
        "Write it, or delete it until there is something to say.";
    Draft Hint "draft" "drafts, which are not published"
        "The front matter of a note says `draft: true`, or `published: false`, so it is not part of the site, and links to it are plain text."
        "Remove the key once it is to be read. `notes serve --drafts` shows it before, and `drafts: true` in notes.yaml publishes all.";
    EmptyFolder Hint "empty-folder" "folders with nothing in them"
        "A folder holds no file, so it is not on the site. Git does not keep it either."
        "Write a note in it or remove it.";
    DuplicateTitle Hint "duplicate-title" "notes of one folder with one title"
        "Two notes of a folder have one title, so readers cannot tell their entries in the navigation and in the search apart."
        "Change the heading or the front matter of one of them.";
    DeadLink Warning "dead-link" "dead links"
        "A link leads to nothing. The page shows its words without a link."
        "Correct the path, or write the note that it names.";
    DeadAnchor Warning "dead-anchor" "dead anchors"
        "The page that a link names is there, its heading is not; the link leads to the top of the page."
        "Correct what stands after `#`; it is the heading in lower case with `-` for blanks.";
    MissingImage Warning "missing-image" "missing images"
        "An image or other file that the page shows is not there."
        "Add the file or correct the path.";
    NotPublished Warning "not-published" "links to files that are not published"
        "What a link names is there and is no part of the site: it is hidden, excluded, or a folder without notes."
        "Set `repository` in notes.yaml, so that readers are led to it there, or move it.";
    LfsPointer Warning "lfs-pointer" "git-LFS pointers in place of files"
        "In place of a file there is the few lines that git-LFS leaves for it. Publishing them would be a broken image or download."
        "Run `git lfs pull` before the site is built; on GitHub, `lfs: true` of actions/checkout does it.";
    LooseLink Hint "loose-link" "links repaired"
        "What a link names is not there, and one note has nearly that name; the link leads to that one. Other programs do not guess."
        "`notes check --fix` writes the path that is there.";
    DeadExternal Warning "dead-external" "links to other sites that are dead"
        "Another site was asked and does not have the page any more, or is no longer there."
        "Find where the page has gone, or remove the link.";
    MovedExternal Hint "moved-external" "links to other sites that have moved"
        "Another site says that the page has moved for good. Such signposts are taken down one day."
        "Write the new address.";
    SilentExternal Hint "silent-external" "links to other sites that gave no answer"
        "Another site did not answer, refused the question or failed, so it is not known whether the page is there."
        "Look at it in a browser. Addresses that only people may see go under `check: {external: {exclude: […]}}` in notes.yaml.";
    StaleNavigation Warning "stale-navigation" "stale navigation files"
        "Most entries of the navigation file lead nowhere, so it is about other notes than these. The folders are used instead."
        "Update the file or delete it.";
    DeadEntry Warning "dead-entry" "navigation entries without a file"
        "An entry of the navigation names a file that is not there. It is left out, unless others stand below it."
        "Correct its path or remove it.";
    Unlisted Warning "unlisted" "notes in no navigation entry"
        "A note is in no entry of the navigation file. The site shows it after the other notes of its folder."
        "Add an entry for it; `notes check --fix` inserts it after the entries of its folder.";
    LooseEntry Hint "loose-entry" "navigation entries repaired"
        "An entry of the navigation names a file that is not there; a note of nearly that name, or the folder it stands for, is used."
        "`notes check --fix` writes the path that is there.";
    MatrixGap Hint "matrix-gap" "chapters that the navigation matrix lacks"
        "The matrix on the home page leads to some of the top folders and not to this one, so readers who start there do not see it."
        "Add a cell for it to the matrix.";
    ShallowHistory Hint "shallow-history" "dates that are not known"
        "The clone of the repository is shallow, so its last commit seems to have made everything. No dates are shown, for they would be wrong."
        "Fetch the whole history: `git fetch --unshallow`; in GitHub's workflows, `fetch-depth: 0` of actions/checkout.";
    UnknownHistory Hint "unknown-history" "histories that cannot be read"
        "The notes are in a repository, and git does not read its history: git is not installed, does not trust the folder because it belongs to another user, or something is broken or missing. No note has a date, then."
        "Ask `git log` in that folder what is wrong. If it is the trust: `git config --global --add safe.directory FOLDER`.";
    Skipped Hint "skipped" "folders left out"
        "A folder is the output of an earlier build or a cache by the mark in it, so it was not looked into."
        "If it holds notes, remove the mark.";
    ForeignFile Warning "foreign-file" "files in the output folder left alone"
        "A file in the output folder was not written by this program, or was changed since. It is left alone."
        "Move it out of the output folder; files beside the notes are published from there.";
}

impl Kind {
    /// The kind that has this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// True if the writer may say how bad it is. What keeps the site from being whole stays an
    /// error.
    #[must_use]
    pub fn is_adjustable(self) -> bool {
        self.severity() != Severity::Error
    }

    /// The code that is most like a word, if one is like it.
    #[must_use]
    pub fn nearest_code(word: &str) -> Option<&'static str> {
        super::nearest(word, Self::ALL.iter().map(|kind| kind.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_words_and_lead_back() {
        for kind in Kind::ALL {
            let code = kind.code();
            assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
            assert_eq!(Kind::of_code(code), Some(*kind));
            for text in [kind.why(), kind.how()] {
                assert!(text.ends_with('.') && !text.contains("  "), "{code}: {text}");
            }
        }
        assert_eq!(Kind::of_code("none"), None);
        assert_eq!(Kind::nearest_code("dead_links"), Some("dead-link"));
        assert_eq!(Kind::nearest_code("xyz"), None);
    }

    #[test]
    fn the_fix_of_an_unlisted_note_is_described_as_it_works() {
        // The entry goes beside its siblings, which `site::insertion` holds.
        let how = Kind::Unlisted.how();
        assert!(how.contains("inserts it after") && !how.contains("appends"), "{how}");
    }
}
