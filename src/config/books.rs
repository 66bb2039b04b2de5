//! `books` → the books of a library: the folder of each, the place of its pages, and the addresses
//! that it has or had elsewhere.
//!
//! Must not know: the folders on disk, notes.

use std::collections::BTreeMap;

use super::foreign::non_empty;
use super::mistake::{Mistake, shortened};
use super::problems::Problems;
use super::typed::{BookMap, TypedBook};
use super::url::Url;
use super::yaml::YamlStep::{self, Index, Key};
use crate::path::{Route, SourcePath, disk_key, is_hidden_name};
use crate::phrase::phrase;

/// Names at the root of the site that the program uses for files of its own; pages are others.
const OWN_NAMES: [&str; 8] = [
    "static",
    "print",
    "sitemap.xml",
    "feed.xml",
    "robots.txt",
    "llms.txt",
    "book.json",
    "manifest.webmanifest",
];

/// Most books of a library: each page costs a little for each of them.
const MOST: usize = 1_000;

/// A book as the settings of its library name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BookSettings {
    /// Its number in the list.
    pub number: usize,
    /// The path of its folder as it is written: absolute, or relative to the folder of the library.
    pub folder: String,
    /// The folder of its pages, below the site's root.
    pub place: SourcePath,
    /// Its title, if it is another than that of its own settings or notes.
    pub title: Option<String>,
    /// The address of its repository, if it is another than that of its own settings or git.
    pub repository: Option<Url>,
    /// Addresses of sites on which it was published before; each ends in `/`.
    pub was: Vec<Url>,
}

/// Reads the list.
pub(super) fn resolve(typed: Vec<TypedBook>, problems: &mut Problems<'_>) -> Vec<BookSettings> {
    if typed.len() > MOST {
        let message = phrase!(
            "lists {typed} books; a library has at most {most}",
            typed = typed.len(),
            most = MOST
        );
        let help = phrase!("make several libraries of them");
        problems.error(&[Key("books")], &Mistake::new(message, help));
        return Vec::new();
    }
    let mut books: Vec<BookSettings> = Vec::with_capacity(typed.len());
    for (number, typed) in typed.into_iter().enumerate() {
        books.extend(book(number, typed, problems));
    }
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for book in &books {
        let key = disk_key(book.place.as_str());
        let above = key.match_indices('/').find_map(|(at, _)| places.get(&key[..at]));
        let below = places.range(format!("{key}/")..).next();
        let below = below.filter(|(place, _)| place.starts_with(&format!("{key}/")));
        let other = places.get(&key).or(above).or(below.map(|(_, number)| number)).copied();
        if let Some(other) = other {
            let message = phrase!(
                "has its pages at `{place}`, as `books[{other}]`",
                place = book.place,
                other
            );
            let help = phrase!("give one of the two another place: `{{path: …, at: …}}`");
            problems.error(&[Key("books"), Index(book.number)], &Mistake::new(message, help));
        }
        places.entry(key).or_insert(book.number);
    }
    books
}

fn book(number: usize, typed: TypedBook, problems: &mut Problems<'_>) -> Option<BookSettings> {
    let steps = [Key("books"), Index(number)];
    let map = match typed {
        TypedBook::Path(path) => BookMap { path: Some(path), ..BookMap::default() },
        TypedBook::Map(map) => map,
    };
    let step = |key| [Key("books"), Index(number), Key(key)];
    let folder = problems.take(&steps, folder(map.path))?;
    let place = match non_empty(map.at) {
        Some(at) => problems.take(&step("at"), place(&at))?,
        None => problems.take(&steps, place_of(&folder))?,
    };
    let repository = non_empty(map.repository)
        .and_then(|text| problems.take(&step("repository"), Url::parse_repository(&text)));
    let mut was = Vec::new();
    for (at, text) in map.was.unwrap_or_default().into_iter().enumerate() {
        let steps: [YamlStep<'_>; 4] = [Key("books"), Index(number), Key("was"), Index(at)];
        was.extend(problems.take(&steps, Url::parse_folder(text.trim())));
    }
    Some(BookSettings { number, folder, place, title: non_empty(map.title), repository, was })
}

fn folder(path: Option<String>) -> Result<String, Mistake> {
    let Some(path) = non_empty(path) else {
        return Err(Mistake::new(
            phrase!("names no folder"),
            phrase!("write the path of the book's folder"),
        ));
    };
    if path.contains('\0') {
        return Err(Mistake::new(phrase!("contains the character NUL"), phrase!("delete it")));
    }
    if path.contains('\\') {
        let help = phrase!("write {path}", path = shortened(&path.replace('\\', "/")));
        return Err(Mistake::new(phrase!("contains a backslash"), help));
    }
    Ok(path)
}

/// The place of a book for which the settings name none: the name of its folder.
fn place_of(folder: &str) -> Result<SourcePath, Mistake> {
    let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if matches!(name, "" | "." | "..") {
        let help = phrase!("name the folder of its pages: `{{path: …, at: …}}`");
        return Err(Mistake::new(phrase!("has no name of its own"), help));
    }
    place(name)
}

fn place(text: &str) -> Result<SourcePath, Mistake> {
    let help = phrase!("write the name of a folder for the pages of the book, such as `database`");
    let place = SourcePath::new(text).filter(|place| !place.is_root() && !text.starts_with('/'));
    let Some(place) = place else {
        return Err(Mistake::new(
            phrase!("has no place at “{text}”", text = shortened(text)),
            help,
        ));
    };
    // Control characters and long names are left out or cut in addresses.
    if Route::file(place.as_str()).as_str() != place.as_str() {
        let message = phrase!("has a place that is no address: “{text}”", text = shortened(text));
        return Err(Mistake::new(message, help));
    }
    if place.segments().any(is_hidden_name) {
        return Err(Mistake::new(
            phrase!("has a hidden place: “{text}”", text = shortened(text)),
            help,
        ));
    }
    let first = place.segments().next().unwrap_or_default();
    let is_page = first.to_lowercase().ends_with(".html");
    if is_page || OWN_NAMES.iter().any(|own| own.eq_ignore_ascii_case(first)) {
        let message = phrase!("cannot be at `{first}`, where the site has files of its own", first);
        return Err(Mistake::new(message, phrase!("give it another place: `{{path: …, at: …}}`")));
    }
    Ok(place)
}
