//! The kinds of diagnostics: each [`Kind`] with its code, its default severity, and the explanation
//! that `notes explain` prints: why it matters and how to fix it.
//!
//! Must not know: the checks that find problems.

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

            /// Its default severity.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Its code in settings, in comments and on the command line.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The heading of its group, in the plural.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The reason why it matters.
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
        "Correct notes.yaml at the line that the message names.";
    NoNotes Error "no-notes" "folders without notes"
        "There is no Markdown file in the folder, so there is no site to build."
        "Name the folder of your notes, or let `notes init FOLDER` write a few notes to start with.";
    Book Error "book" "books that are left out"
        "A book of the library cannot be built: its folder is missing or empty, its settings have a mistake, or its pages have no place of their own. The other books are built, and pages of it that are in the output folder stay."
        "Correct the entry in `books` of notes.yaml, or what is in the folder of the book, as the message says.";
    Federation Warning "federation" "sites of the federation that give no answer"
        "A site in `federation` of notes.yaml could not be asked for its `book.json`, or sent something else. The home page shows what it published before, or its address; a reader's search asks it nevertheless."
        "Correct the address, or publish that site with this version of the program.";
    ForeignConfiguration Warning "foreign-configuration" "invalid settings of other generators"
        "A file of another generator (`book.toml`, `.gitbook.yaml`, `book.json`, `mkdocs.yml`) cannot be parsed, or a setting in it is invalid, for example the path of a file that does not exist. It is ignored."
        "Correct the file, or move the setting to notes.yaml, which has priority.";
    Template Error "template" "templates with a mistake"
        "A template of your own cannot be parsed or rendered; the built-in one of the same name is used instead."
        "Correct the template at the line that the message names.";
    Unreadable Error "unreadable" "files and folders that cannot be read"
        "A file or folder cannot be read, so its content is missing from the site. Pages that are already in the output folder are kept."
        "Check the permissions and the disk.";
    OutputFolder Error "output-folder" "output folders that are not used"
        "The site would be written where files or notes of yours are. Nothing was built, and nothing in that folder was changed."
        "Name another folder with `-o`. If the folder is for the site and its files may stay beside it, use `--force`.";
    Unwritable Error "unwritable" "files that cannot be written"
        "A file of the site cannot be written or deleted, so the site on disk is not up to date."
        "Check the permissions of the output folder and the free space of the disk, then build again.";
    Parser Error "parser" "notes on which the parser failed"
        "The Markdown parser failed on a note, which is shown as plain text."
        "This is a bug in this program. Please report it with the note.";
    Symlink Warning "symlink" "symbolic links not followed"
        "The target of a symbolic link does not exist, is a folder, is hidden or excluded, is outside the notes, or is the link itself. Notes must not publish other files of the machine, so such a link is not followed."
        "Remove the link, or copy the file into the notes.";
    Encoding Warning "encoding" "texts that are not UTF-8"
        "A text or file name is not UTF-8. The encoding of a text is guessed; a file with such a name has no valid address and is not published."
        "Save the file as UTF-8, or rename it.";
    ControlCharacter Warning "control-character" "control characters"
        "The text contains a control character, which no page can show; it is omitted. A file with many of them is probably not a text file."
        "Remove it. Many editors can show invisible characters.";
    Size Warning "size" "very large notes"
        "A note or a line is so large that its page is slow to load or to lay out."
        "Split the note into several, or break the line up.";
    Nesting Warning "nesting" "nesting too deep to show"
        "Lists or quotes are nested deeper than browsers show. The text is kept without its deeper levels."
        "Fold the list up: give the inner part a heading of its own.";
    FrontMatter Warning "front-matter" "front matter that does not parse"
        "The front matter of the note is not valid YAML or TOML. Of YAML, only simple lines such as `title: …` are used; of TOML, nothing."
        "Correct the line that the message names. Values that contain characters such as `:` or `{` need quotes; a key is written once, with a plain colon and a blank; spaces indent, tabs do not.";
    Include Warning "include" "includes not followed"
        "An include names a file that does not exist, is not text, or is outside the notes; the line is shown as it is written."
        "Correct the path, which is relative to the note's folder. To show the line itself, write `\\{{#include …}}`.";
    Embed Warning "embed" "embedded notes not shown"
        "A note that another embeds, `![[Note]]`, is not shown there, because it leads back to a text around it, is nested too deep, or would make the page too large; the page shows a link."
        "Write a link, `[[Note]]`, or embed a section: `![[Note#Section]]`.";
    Html Warning "html" "HTML shown as text"
        "Raw HTML that would affect the whole page (`<script>`, `<style>`, `<body>` …) is shown as text, so that no note can break its page."
        "Remove it, or put it in a code block if readers should see it.";
    UnclosedComment Warning "unclosed-comment" "comments without an end"
        "A comment begins with `<!--` and has no `-->`: the text after it is hidden."
        "Write `-->` at the end of the comment.";
    UnclosedFence Warning "unclosed-fence" "code blocks without an end"
        "A code block begins with a fence and has no closing fence: the text after it is shown as code."
        "Close it with a line of the same number of backticks or tildes.";
    UnclosedHtml Hint "unclosed-html" "HTML tags without a partner"
        "An element of raw HTML has no end tag, or an end tag has no element. Such an element ends with the block around it, which may be earlier or later than intended; such an end tag is not shown."
        "Add the missing tag, or remove the other one. Tags that readers should see need backticks.";
    LiteralEmphasis Warning "literal-emphasis" "emphasis that stayed literal"
        "Text between two pairs of asterisks or tildes looks like bold or struck text, but a blank next to them prevents that, and readers see the characters."
        "Remove the blank between the characters and the words, or write `\\*\\*` to show the characters.";
    LiteralMarkup Warning "literal-markup" "markup shown as text"
        "Text looks like a heading, link, footnote, table or list item, but a blank is missing, a character is full-width, or raw HTML goes on to the next blank line; readers see the characters."
        "Write it as the message says. If the characters are intended, put a backslash before the first one.";
    Formula Warning "formula" "formulas that cannot be drawn"
        "A formula is not LaTeX that this program can draw, so it is shown as it is written."
        "Correct it as the message says. If it is no formula, write `\\$` for a dollar sign; `markdown: {math: false}` turns all formulas off.";
    Diagram Warning "diagram" "diagrams that cannot be drawn"
        "A block of mermaid or another language of diagrams has a mistake, is too large to draw, or needs a command that failed or was not run, so it is shown as code; or a file of XMind cannot be drawn, and is shown as a link."
        "Correct it as the message says. `--allow-commands` runs the commands of `blocks` in notes.yaml; `markdown: {diagrams: false}` shows all diagrams as code.";
    LostCell Warning "lost-cell" "table cells that are not shown"
        "A row of a table has more cells than the head; the ones after those of the head are not shown, as on GitHub. Often a `|` in the text ended a cell too early."
        "Write `\\|` for a `|` within a cell, in code too, or add a column to the head.";
    Footnote Warning "footnote" "footnotes that are undefined or defined twice"
        "A reference to a footnote has no definition, so readers see its characters; or a footnote is defined twice, and only the first text is shown."
        "Add the definition, `[^name]: text`, or give the second one another name.";
    UnusedFootnote Hint "unused-footnote" "footnotes without a reference"
        "A footnote is defined, but no text refers to it. It is shown after the others, and nothing leads to it."
        "Add a reference, `[^name]`, or remove the footnote.";
    HeadingSkip Hint "heading-skip" "headings that skip a level"
        "A heading is more than one level below the one before it. The outline then has a gap, and screen readers announce a section that does not exist."
        "Raise the heading by a level, or add the missing one.";
    EmptyHeading Hint "empty-heading" "headings without a text"
        "A heading has no text, so the outline cannot show it and no link can point to it."
        "Write its text, or remove the `#` signs.";
    UnknownLanguage Hint "unknown-language" "unknown languages of code"
        "The language after the opening fence is unknown, so the code is not highlighted."
        "Correct the name, or write `text` for text without a language.";
    Code Warning "slow-code" "code without highlighting"
        "A code block is so large, or its lines are so long, that highlighting it would take too long; it is shown without colours."
        "Shorten the block or its lines.";
    MissingAlt Hint "missing-alt" "images without a description"
        "An image has no alternative text, so readers who cannot see it, or whose browser does not load it, do not know its content."
        "Describe the image between the brackets: `![…](…)`.";
    InsecureImage Hint "insecure-image" "images loaded over http:"
        "An image is loaded over `http:`. Browsers block it on a page that came over `https:`, and anyone on the way can read and change it."
        "Write `https:`. With `images: {https: true}` in notes.yaml, pages use `https:`, and `notes check --fix` changes the notes.";
    Ignore Warning "ignore" "comments that silence nothing"
        "A comment `<!-- notes: ignore … -->` names no known diagnostic code, so it has no effect."
        "Name codes that `notes explain` lists, with blanks or commas between them.";
    Collision Warning "collision" "notes with the same page"
        "Two files would have the same page, on this disk or on one that ignores case. The later one gets a number."
        "Rename one of them.";
    Stub Hint "stub" "notes with nothing to read"
        "A note is empty or has only a title. It keeps its place in the navigation, marked, but is left out of the search and of the links to the previous and next page."
        "Write it or delete the file.";
    Draft Hint "draft" "drafts, which are not published"
        "The front matter of a note says `draft: true` or `published: false`, so it is not part of the site, and links to it are plain text."
        "Remove the key to publish it. `notes serve --drafts` shows drafts, and `drafts: true` in notes.yaml publishes all of them.";
    EmptyFolder Hint "empty-folder" "empty folders"
        "A folder contains no file, so it is not on the site. Git does not keep it either."
        "Write a note in it or remove it.";
    DuplicateTitle Hint "duplicate-title" "notes of one folder with the same title"
        "Two notes of a folder have the same title, so readers cannot distinguish them in the navigation and in the search."
        "Change the heading or the front matter of one of them.";
    DeadLink Warning "dead-link" "dead links"
        "The target of a link does not exist. The page shows its words without a link."
        "Correct the path, or write the note.";
    DeadAnchor Warning "dead-anchor" "dead anchors"
        "The page of a link exists, but does not have the heading; the link leads to the top of the page."
        "Correct the text after `#`: it is the heading in lower case with `-` for blanks.";
    MissingImage Warning "missing-image" "missing images"
        "An image or other file that the page shows does not exist."
        "Add the file or correct the path.";
    NotPublished Warning "not-published" "links to files that are not published"
        "The target of a link exists, but is not part of the site: it is hidden, excluded, or a folder without notes."
        "Set `repository` in notes.yaml, so that the link leads there, or move the file.";
    ActiveFile Warning "active-file" "files that browsers may run"
        "With `html: safe`, the notes and the files beside them are not trusted. HTML, SVG, XML, scripts and files of unknown types are not published then: opened by their address, they would run as part of the site."
        "Convert the file, for example SVG to PNG, or pack it into a .zip. If you have looked at it, add its path to `assets` in notes.yaml; patterns and folders do not count. With `repository` in notes.yaml, links lead to the file there.";
    LfsPointer Warning "lfs-pointer" "git-LFS pointers instead of files"
        "Instead of a file there is the pointer that git-LFS leaves for it. Published, it would be a broken image or download."
        "Run `git lfs pull` before the build; on GitHub, set `lfs: true` of actions/checkout.";
    EbookImage Warning "ebook-image" "images left out of e-books"
        "An image beside the notes is not part of an e-book or PDF: it is damaged, of a type that readers do not show, larger than 20 MB, or an SVG with scripts or references to other files. In its place is a link to it on the site, or its description."
        "Save the image as PNG or JPEG.";
    LooseLink Hint "loose-link" "links repaired"
        "The target of a link does not exist, but one note has a similar name, or one heading has the same letters and digits; the link leads to that one. Other programs do not guess."
        "`notes check --fix` writes the correct path or id.";
    BookLink Hint "book-link" "links that could lead to a book of the library"
        "A link names a repository that has the name of a book's folder, but the address of the book's repository is not known, so the link leads to another site."
        "Set `repository` in the `books` of notes.yaml, or in the notes.yaml of the book.";
    DeadExternal Warning "dead-external" "dead links to other sites"
        "Another site does not have the page any more, or does not exist any more."
        "Find the new address of the page, or remove the link.";
    MovedExternal Hint "moved-external" "links to other sites that have moved"
        "Another site says that the page has moved permanently. Such redirects do not stay for ever."
        "Write the new address.";
    SilentExternal Hint "silent-external" "links to other sites without an answer"
        "Another site did not answer, refused the request or failed, so it is unknown whether the page exists."
        "Look at it in a browser. Add addresses that refuse programs to `check: {external: {exclude: […]}}` in notes.yaml.";
    StaleNavigation Warning "stale-navigation" "stale navigation files"
        "Most entries of the navigation file name files that do not exist, so it is out of date. The folders are used instead."
        "Update the file or delete it.";
    DeadEntry Warning "dead-entry" "navigation entries without a file"
        "An entry of the navigation names a file that does not exist. It is left out, unless it has other entries below it."
        "Correct its path or remove it.";
    Unlisted Warning "unlisted" "notes in no navigation entry"
        "A note is in no entry of the navigation file. The site shows it after the other notes of its folder."
        "Add an entry for it; `notes check --fix` inserts it after the entries of its folder.";
    LooseEntry Hint "loose-entry" "navigation entries repaired"
        "An entry of the navigation names a file that does not exist; a note with a similar name, or the page of its folder, is used."
        "`notes check --fix` writes the correct path.";
    MatrixGap Hint "matrix-gap" "chapters missing in the navigation matrix"
        "The matrix on the home page has links to some of the top folders, but not to this one, so readers who start there do not see it."
        "Add a cell for it to the matrix.";
    ShallowHistory Hint "shallow-history" "unknown dates in a shallow clone"
        "The clone of the repository is shallow, so all files seem to come from its last commit. No dates are shown, because they would be wrong."
        "Fetch the whole history: `git fetch --unshallow`; in GitHub's workflows, set `fetch-depth: 0` of actions/checkout.";
    UnknownHistory Hint "unknown-history" "histories that cannot be read"
        "The notes are in a repository, but git cannot read its history: git is not installed, does not trust the folder because it belongs to another user, or the repository lacks objects. Notes whose history cannot be read then have no dates."
        "Run `git log` in the folder to see the problem. If git does not trust the folder: `git config --global --add safe.directory FOLDER`.";
    Skipped Hint "skipped" "files and folders that are not read"
        "A folder is marked as the output of an earlier build, as a cache or as a virtual environment, or a file is written in MDX."
        "If such a folder contains notes, remove the file with the mark; rename an .mdx file without components to .md.";
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

    /// True if the settings may change its severity. Errors cannot be changed: they mean that part
    /// of the site is missing.
    #[must_use]
    pub fn is_adjustable(self) -> bool {
        self.severity() != Severity::Error
    }

    /// The most similar code for a word, if one is similar.
    #[must_use]
    pub fn nearest_code(word: &str) -> Option<&'static str> {
        super::nearest(word, Self::ALL.iter().map(|kind| kind.code()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_words_and_are_found() {
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
