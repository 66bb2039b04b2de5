//! Names and places: a note's path below the notes' root, the route of a page below the site's
//! root, what a file name says (order prefix, label, loose key), and the ids of headings. Text in,
//! text out.
//!
//! Must not know: the disk, Markdown, the pages of the site.

mod anchor;
mod numeral;
mod order;
mod serde_text;
mod text;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::phrase::{Argument, ToArgument};

pub use self::anchor::{anchor_key, slug};
pub use self::order::{OrderPrefix, label_of, name_order, natural_order};
pub use self::text::{encode_destination, encode_path, percent_decode, without_control};

/// Longest name of a path segment on common file systems, in bytes.
const LONGEST_NAME: usize = 255;

/// A path below the notes' root: `/` between segments, no empty, `.` or `..` segment, so it cannot
/// escape. The empty path is the root itself. Names are kept exactly as on disk, control characters
/// included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// The notes' root.
    #[must_use]
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// Normalises `text` (`a/./b/../c` is `a/c`); `None` if it is outside the root.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        Self::root().join(text)
    }

    /// Resolves `relative` against this path taken as a folder; a leading `/` starts at the root.
    /// `None` if it is outside the root.
    #[must_use]
    pub fn join(&self, relative: &str) -> Option<Self> {
        let from_root = relative.starts_with('/');
        let mut segments: Vec<&str> =
            if from_root { Vec::new() } else { self.segments().collect() };
        for segment in relative.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop()?;
                }
                name => segments.push(name),
            }
        }
        Some(Self(Arc::from(segments.join("/"))))
    }

    /// The path of the file or folder of this name in this folder. A name is one segment, as the
    /// listing of a folder has it.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.is_root() {
            return Self(Arc::from(name));
        }
        Self(Arc::from(format!("{}/{name}", self.0)))
    }

    /// The path as text, relative to the notes' root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if this is the notes' root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The folder that contains this path; for the root, the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(Arc::from(self.0.rsplit_once('/').map_or("", |(folder, _)| folder)))
    }

    /// The last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The last segment without its Markdown extension, if it has one.
    #[must_use]
    pub fn stem(&self) -> &str {
        strip_markdown_extension(self.name()).unwrap_or(self.name())
    }

    /// The segments from the root down.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// True if the name has a Markdown extension.
    #[must_use]
    pub fn is_markdown(&self) -> bool {
        strip_markdown_extension(self.name()).is_some()
    }

    /// True if any segment is hidden; see [`is_hidden_name`].
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.segments().any(is_hidden_name)
    }

    /// True if it is a hidden folder in which other generators keep the pictures of notes, or one
    /// above or below it, and no other segment is hidden.
    #[must_use]
    pub fn is_public(&self) -> bool {
        let mut segments = self.segments().skip_while(|name| !is_hidden_name(name));
        let Some((first, second)) = segments.next().map(|first| (first, segments.next())) else {
            return false;
        };
        let is_one = PUBLIC_FOLDERS
            .iter()
            .any(|(folder, below)| *folder == first && second.is_none_or(|name| name == *below));
        is_one && !segments.any(is_hidden_name)
    }

    /// The relative path from a folder to this path: `../b/c.md`.
    #[must_use]
    pub fn relative_to(&self, folder: &Self) -> String {
        let (from, to): (Vec<&str>, Vec<&str>) =
            (folder.segments().collect(), self.segments().collect());
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        let up = std::iter::repeat_n("..", from.len() - shared);
        let path = up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/");
        if path.is_empty() { ".".to_owned() } else { path }
    }

    /// Every folder above this path, nearest first, the root last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        let start = (!self.is_root()).then(|| self.parent());
        std::iter::successors(start, |folder| (!folder.is_root()).then(|| folder.parent()))
    }

    /// The path for display, without control characters.
    #[must_use]
    pub fn shown(&self) -> String {
        without_control(&self.0)
    }
}

/// The name of the file that marks a folder as a cache, which contains no notes (Cache Directory
/// Tagging Specification, <https://bford.info/cachedir/>).
pub const CACHE_TAG: &str = "CACHEDIR.TAG";

/// Hidden folders with the pictures of notes: of GitBook, of `VuePress`.
const PUBLIC_FOLDERS: [(&str, &str); 2] = [(".gitbook", "assets"), (".vuepress", "public")];

/// True if a file or folder of this name is hidden: it begins with a dot, or is a folder of
/// installed packages.
#[must_use]
pub fn is_hidden_name(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}

impl ToArgument for SourcePath {
    fn to_argument(&self) -> Argument {
        self.to_string().to_argument()
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown())
    }
}

/// The URL path of a file of the site below the site's root, decoded, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Route(Arc<str>);

impl Route {
    /// The route of a file that keeps its name: an asset, or a file of the program.
    #[must_use]
    pub fn file(path: &str) -> Self {
        // As most are, those of a state that is read back above all.
        if path.split('/').all(is_safe_name) {
            return Self(Arc::from(path));
        }
        let names = path.split('/').filter(|name| !name.is_empty());
        Self(Arc::from(names.map(safe_name).collect::<Vec<_>>().join("/")))
    }

    /// The route of a note's page: `X.md` → `X.html` in the same folder.
    #[must_use]
    pub fn note(path: &SourcePath) -> Self {
        let folder = path.parent();
        Self::file(&format!("{}/{}.html", folder.as_str(), path.stem()))
    }

    /// The route of a file that is called after some words, with an ending such as `.html`. Their
    /// signs are those that every disk takes, and no name of a device of Windows or of a hidden
    /// file comes of them.
    #[must_use]
    pub fn called(folder: &str, words: &str, ending: &str) -> Self {
        let is_sign = |c: char| c.is_control() || r#"\/:*?"<>|"#.contains(c);
        let name: String = words.chars().map(|c| if is_sign(c) { '-' } else { c }).collect();
        let name = name.trim_matches(['.', ' ']);
        let name = match name {
            "" => "-".to_owned(),
            name if is_device(name) => format!("{name}-"),
            name => name.to_owned(),
        };
        Self::file(&format!("{folder}/{name}{ending}"))
    }

    /// The route of a folder's page: `index.html` in it.
    #[must_use]
    pub fn folder(path: &SourcePath) -> Self {
        Self::file(&format!("{}/index.html", path.as_str()))
    }

    /// The route of a page's Markdown: beside it, under its name.
    #[must_use]
    pub fn markdown(&self) -> Self {
        Self::file(&format!("{}.md", self.0.strip_suffix(".html").unwrap_or(&self.0)))
    }

    /// The same route with `-number` before its extension, for the later one of two equal routes.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        let (folder, name) = self.0.rsplit_once('/').unwrap_or(("", &self.0));
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let dot = if extension.is_empty() { "" } else { "." };
        Self::file(&format!("{folder}/{stem}-{number}{dot}{extension}"))
    }

    /// The same route in a folder.
    #[must_use]
    pub fn below(&self, folder: &SourcePath) -> Self {
        Self::file(&format!("{}/{}", folder.as_str(), self.0))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of this route: two routes with the same key would be one file on a disk that ignores
    /// case or Unicode normalization.
    #[must_use]
    pub fn disk_key(&self) -> String {
        disk_key(&self.0)
    }

    /// The keys of the folders above this file, nearest first; see [`Route::disk_key`].
    #[must_use]
    pub fn folder_keys(&self) -> Vec<String> {
        let key = self.disk_key();
        key.match_indices('/').rev().map(|(at, _)| key[..at].to_owned()).collect()
    }

    /// The percent-encoded path from the site's root, as in a sitemap; `index.html` is its folder.
    #[must_use]
    pub fn url_path(&self) -> String {
        let path = match self.0.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => &self.0,
        };
        encode_path(path)
    }

    /// The percent-encoded relative reference from this page to `target`.
    #[must_use]
    pub fn href_to(&self, target: &Self) -> String {
        let (from, to) = (self.0.as_bytes(), target.0.as_bytes());
        let same = from.iter().zip(to).take_while(|(one, other)| one == other).count();
        // The folders that both are in, each with its slash.
        let shared = from[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        let mut href = String::with_capacity(2 * to.len());
        for _ in self.0[shared..].matches('/') {
            href.push_str("../");
        }
        text::encode_path_into(&mut href, &target.0[shared..]);
        href
    }

    /// The relative reference from this page to the site's root: `../` for each folder.
    #[must_use]
    pub fn up_to_root(&self) -> String {
        "../".repeat(self.0.matches('/').count())
    }
}

impl ToArgument for Route {
    fn to_argument(&self) -> Argument {
        self.to_string().to_argument()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A name without number prefix, `-_~.`, blanks and case: the key by which stale links and
/// navigation entries are repaired.
#[must_use]
pub fn loose_key(name: &str) -> String {
    let label = OrderPrefix::of(name.trim()).label;
    let significant = label.chars().filter(|c| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '-' | '_' | '~' | '.' | '\u{3000}')
    });
    disk_key(&significant.collect::<String>())
}

/// The same key for names that are one file on a disk that ignores case or Unicode normalization.
#[must_use]
pub fn disk_key(path: &str) -> String {
    // Nearly all names: to link 10,000 notes takes a third longer without this.
    if path.chars().all(has_one_form) {
        return path.to_ascii_lowercase();
    }
    path.nfc().flat_map(char::to_lowercase).collect()
}

/// True for characters that Unicode normalization leaves alone, between such characters, and that
/// have no case unless they are ASCII: ASCII, ideographs and the punctuation between them.
fn has_one_form(c: char) -> bool {
    let is_punctuation = matches!(c, '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}'
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}');
    c.is_ascii() || is_punctuation || matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// The part before `.md` or `.markdown`, in any case; `None` for other files.
fn strip_markdown_extension(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    let known = extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown");
    known.then_some(stem)
}

/// True for the names of devices, which are no files on Windows, with any ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = |kind: &str| stem.strip_prefix(kind).is_some_and(|end| end.chars().count() == 1);
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// A name that is valid on every disk: without control characters, at most 255 bytes (the end of a
/// long stem is replaced by a digest of the whole name).
fn safe_name(name: &str) -> String {
    let clean = without_control(name);
    // Without its control characters a name may be empty, or mean another folder.
    if matches!(clean.as_str(), "" | "." | "..") {
        return "_".to_owned();
    }
    if is_safe_name(&clean) {
        return clean;
    }
    let (stem, extension) =
        clean.rsplit_once('.').filter(|(_, end)| end.len() < 16).unwrap_or((&clean, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    let digest = blake3::hash(clean.as_bytes()).to_hex();
    let mut keep = LONGEST_NAME - dot.len() - extension.len() - 9;
    while !stem.is_char_boundary(keep) {
        keep -= 1;
    }
    format!("{}-{}{dot}{extension}", &stem[..keep], &digest[..8])
}

/// True for a name that is valid on every disk as it is.
fn is_safe_name(name: &str) -> bool {
    let is_folder = matches!(name, "" | "." | "..");
    !is_folder && name.len() <= LONGEST_NAME && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_names_that_every_disk_takes() {
        for (words, expected) in [
            ("数据库/MySQL", "t/数据库-MySQL.html"),
            ("C++", "t/C++.html"),
            (r"..\..\x", "t/-..-x.html"),
            ("a?b:c\"d", "t/a-b-c-d.html"),
            (".NET", "t/NET.html"),
            ("con", "t/con-.html"),
            ("Com1.x", "t/Com1.x-.html"),
            ("common", "t/common.html"),
            ("a. ", "t/a.html"),
            (". .x", "t/x.html"),
            ("con .x", "t/con .x-.html"),
            ("..", "t/-.html"),
            ("", "t/-.html"),
        ] {
            assert_eq!(Route::called("t", words, ".html").as_str(), expected, "{words}");
        }
    }

    #[test]
    fn source_paths_normalise_and_cannot_escape() {
        for (text, expected) in [
            ("a/b.md", Some("a/b.md")),
            ("./a//b/../c.md", Some("a/c.md")),
            ("/a", Some("a")),
            ("", Some("")),
            ("..", None),
            ("a/../../b", None),
        ] {
            assert_eq!(SourcePath::new(text).as_ref().map(SourcePath::as_str), expected, "{text}");
        }
        let note = SourcePath::new("数据库/SQL/视图.md").unwrap();
        assert_eq!(note.stem(), "视图");
        assert_eq!(note.parent().join("../README.md").unwrap().as_str(), "数据库/README.md");
        let above: Vec<_> = note.ancestors().map(|path| path.as_str().to_owned()).collect();
        assert_eq!(above, ["数据库/SQL", "数据库", ""]);
    }

    #[test]
    fn hidden_paths_and_public_ones_among_them() {
        for (text, hidden, public) in [
            ("a/b.png", false, false),
            (".gitbook", true, true),
            ("docs/.gitbook/assets", true, true),
            ("docs/.gitbook/assets/a/b.png", true, true),
            (".vuepress/public/b.png", true, true),
            (".gitbook/vars.yaml", true, false),
            (".gitbook/assets/.env", true, false),
            (".vuepress/assets/b.png", true, false),
            (".git/.gitbook/assets/b.png", true, false),
            (".gitbook/assets/node_modules/b", true, false),
        ] {
            let path = SourcePath::new(text).unwrap();
            assert_eq!((path.is_hidden(), path.is_public()), (hidden, public), "{text}");
        }
    }

    #[test]
    fn characters_with_one_form_are_no_others_under_any_rule() {
        let all: String = ('\0'..=char::MAX).filter(|c| has_one_form(*c)).collect();
        for text in [all.chars().rev().collect(), all.to_uppercase(), all] {
            let by_the_rules: String = text.nfc().flat_map(char::to_lowercase).collect();
            assert_eq!(disk_key(&text), by_the_rules);
        }
        assert_eq!(disk_key("Ｃａfe\u{301}"), "ｃａf\u{E9}");
    }

    #[test]
    fn loose_keys_ignore_prefix_separators_and_case() {
        for (a, b) in [
            ("generation-clock", "generation_clock"),
            ("01~共识算法", "共识算法"),
            ("Multiple-Paxos", "Multiple_Paxos"),
            ("RESTful 分布式锁", "restful分布式锁"),
        ] {
            assert_eq!(loose_key(a), loose_key(b));
        }
        assert_ne!(loose_key("Raft"), loose_key("Rafts"));
    }

    #[test]
    fn routes_keep_names_and_encode_once() {
        let route = |path: &str| Route::note(&SourcePath::new(path).unwrap());
        assert_eq!(route("1.10_x.md").as_str(), "1.10_x.html");
        assert_eq!(route("分库分表.old.md").as_str(), "分库分表.old.html");
        assert_eq!(route("a\u{8}b.MD").as_str(), "ab.html");
        let (from, to) = (route("Linux 与/a.md"), route("100%? #1+2:3.md"));
        assert_eq!(from.href_to(&to), "../100%25%3F%20%231%2B2%3A3.html");
        assert_eq!(from.href_to(&from), "a.html");
        assert_eq!(route("x.md").href_to(&from), "Linux%20%E4%B8%8E/a.html");
        assert_eq!(from.url_path(), "Linux%20%E4%B8%8E/a.html");
        assert_eq!(Route::folder(&SourcePath::new("a b").unwrap()).url_path(), "a%20b/");
        assert_eq!(route("myindex.md").url_path(), "myindex.html");
        assert_eq!(route("a/b.md").numbered(2).as_str(), "a/b-2.html");
    }

    #[test]
    fn names_too_long_for_a_disk_are_cut_at_a_character() {
        let long = format!("{}.md", "长".repeat(84));
        let route = Route::note(&SourcePath::new(&long).unwrap());
        assert!(route.as_str().len() <= LONGEST_NAME, "{}", route.as_str().len());
        let other = format!("{}短.md", "长".repeat(83));
        assert_ne!(route, Route::note(&SourcePath::new(&other).unwrap()));
    }
}
