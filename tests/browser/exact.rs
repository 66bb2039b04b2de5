//! Queries sampled from notes → what the site's own search and `notes search` find, against a plain
//! scan of the notes' text: nothing missed, nothing too much, in one order.
//!
//! The scan shares no code with the search but the text of the sections: it knows of each query
//! what kind it is, because it made it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use notes::lookup::SearchedNotes;
use notes::search::Section;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::driver::Driver;
use crate::report::Report;
use crate::server::Server;

/// The number of queries for the notes of others; a few for the project's own.
const QUERIES: usize = 2_100;
const OF_OWN: usize = 300;
/// So many queries are asked at once.
const BATCH: usize = 50;

/// Numbers that look random and are the same each time (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// A word of a query, and by which rule it occurs.
#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    /// Anywhere.
    Anywhere(String),
    /// At the beginning of a word.
    Begins(String),
    /// As it stands, no letter before or behind.
    Whole(String),
}

struct Text {
    page: String,
    anchor: String,
    /// Title, heading, text and code, folded.
    fields: Vec<String>,
}

fn folded(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect();
    let plain = plain.nfc().collect::<String>().to_lowercase().replace('ς', "σ");
    // Keyboards type one apostrophe or another, and writers one dash or another.
    let plain = plain.replace(['‘', '’', '‛', 'ʼ', '′'], "'");
    plain.replace(['‐', '‑', '‒', '–', '—', '―', '−'], "-")
}

/// A folded text as a phrase sees it: with blanks for hyphens between letters.
fn as_phrases(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let is_letter_at =
        |at: Option<usize>| at.and_then(|at| signs.get(at)).copied().is_some_and(is_letter);
    let sign = |(at, &c): (usize, &char)| {
        let is_between = is_letter_at(at.checked_sub(1)) && is_letter_at(Some(at + 1));
        if c == '-' && is_between { ' ' } else { c }
    };
    signs.iter().enumerate().map(sign).collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309A}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}' | '\u{3400}'..='\u{9FFF}' | '々' | '〇')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

impl Wanted {
    fn occurs_in(&self, field: &str) -> bool {
        let (text, field, is_whole) = match self {
            Self::Anywhere(text) => return field.contains(text.as_str()),
            Self::Begins(text) => (text, field.to_owned(), false),
            Self::Whole(text) => (&as_phrases(text), as_phrases(field), true),
        };
        let is_letter = |c: Option<char>| c.is_some_and(is_letter);
        let (first, last) = (text.chars().next(), text.chars().next_back());
        let mut from = 0;
        while let Some(at) = field[from..].find(text.as_str()).map(|at| from + at) {
            let (before, behind) = (&field[..at], &field[at + text.len()..]);
            let begins = !(is_letter(first) && is_letter(before.chars().next_back()));
            let ends = !(is_whole && is_letter(last) && is_letter(behind.chars().next()));
            if begins && ends {
                return true;
            }
            from = at + first.map_or(1, char::len_utf8);
        }
        false
    }
}

/// Parts of a text whose characters are all of a kind.
fn runs(text: &str, is_of_kind: impl Fn(char) -> bool) -> Vec<Vec<char>> {
    let runs = text.split(|c| !is_of_kind(c)).map(|run| run.chars().collect::<Vec<_>>());
    runs.filter(|run| !run.is_empty()).collect()
}

fn part(dice: &mut Dice, run: &[char], most: usize) -> String {
    let length = 1 + dice.below(run.len().min(most));
    let at = dice.below(run.len() - length + 1);
    run[at..at + length].iter().collect()
}

/// A query made of a section's text: as it is typed, and what it asks for.
fn query(
    dice: &mut Dice,
    section: &Section,
    title: &str,
    source: &str,
) -> Option<(String, Vec<Wanted>)> {
    let fields =
        [title, &section.heading, &section.text, &section.text, &section.text, &section.code];
    let field = fields[dice.below(fields.len())];
    let one = |dice: &mut Dice, runs: Vec<Vec<char>>| {
        (!runs.is_empty()).then(|| runs[dice.below(runs.len())].clone())
    };
    let han = |dice: &mut Dice| {
        let run = one(dice, runs(field, is_han))?;
        let text = part(dice, &run, 8);
        Some((text.clone(), Wanted::Anywhere(folded(&text))))
    };
    let word = |dice: &mut Dice| {
        let mut word: String =
            one(dice, runs(field, |c| c.is_ascii_alphanumeric()))?.into_iter().collect();
        let before = field.find(&word)?;
        // A letter after one that is not ASCII does not begin a word.
        if field[..before].chars().next_back().is_some_and(is_letter) {
            return None;
        }
        if dice.below(2) == 0 {
            word.truncate(1 + dice.below(word.len()));
        }
        let typed = if dice.below(4) == 0 { word.to_uppercase() } else { word.clone() };
        Some((typed, Wanted::Begins(folded(&word))))
    };
    let both = |one: (String, Wanted), other: (String, Wanted), between: &str| {
        (format!("{}{between}{}", one.0, other.0), vec![one.1, other.1])
    };
    Some(match dice.below(12) {
        0..=3 => {
            let (typed, wanted) = han(dice)?;
            (typed, vec![wanted])
        }
        4 | 5 => {
            let (typed, wanted) = word(dice)?;
            (typed, vec![wanted])
        }
        // Both with and without a blank between.
        6 => both(word(dice)?, han(dice)?, ["", " "][dice.below(2)]),
        7 => both(han(dice)?, han(dice)?, " "),
        // Any run without blanks.
        8 => {
            let pieces: Vec<&str> =
                field.split_whitespace().filter(|piece| piece.chars().count() < 30).collect();
            let piece = pieces.get(dice.below(pieces.len()))?;
            let whole = folded(piece);
            if whole.contains(['"', '“', '”', ' ', '\n'])
                || whole.is_empty()
                || whole.chars().any(is_han)
            {
                return None;
            }
            ((*piece).to_owned(), vec![Wanted::Begins(whole)])
        }
        // A line, or some of it, in quotes.
        9 => {
            let lines: Vec<&str> = field.lines().collect();
            let line = lines.get(dice.below(lines.len()))?;
            let words: Vec<&str> = line.split_whitespace().take(4).collect();
            let phrase = words.join(" ");
            if phrase.is_empty() || phrase.contains(['"', '“', '”']) {
                return None;
            }
            (format!("\"{phrase}\""), vec![Wanted::Whole(folded(&phrase))])
        }
        // Not in one piece in the source: markup or a line end is in it.
        10 => {
            let run = runs(field, is_han).into_iter().find_map(|run| {
                let pairs = run.windows(4).map(|window| window.iter().collect::<String>());
                pairs.into_iter().find(|pair| !source.contains(pair.as_str()))
            })?;
            (run.clone(), vec![Wanted::Anywhere(folded(&run))])
        }
        // Hardly in any text: a run backwards.
        _ => {
            let run = one(dice, runs(field, is_han))?;
            let text: String = part(dice, &run, 5).chars().rev().collect();
            (text.clone(), vec![Wanted::Anywhere(folded(&text))])
        }
    })
}

fn texts(books: &SearchedNotes) -> Vec<Text> {
    let of_page = |searchable: &notes::build::Searchable| {
        let page = &searchable.page;
        let text = |(number, section): (usize, &Section)| Text {
            page: page.address.clone(),
            anchor: section.anchor.clone(),
            fields: [
                if number == 0 { &page.title } else { "" },
                &section.heading,
                &section.text,
                &section.code,
            ]
            .map(folded)
            .to_vec(),
        };
        page.sections.iter().enumerate().map(text).collect::<Vec<_>>()
    };
    books.pages().flat_map(of_page).collect()
}

fn scan<'t>(texts: &'t [Text], wanted: &[Wanted]) -> BTreeSet<(&'t str, &'t str)> {
    let holds = |text: &&Text| {
        wanted.iter().all(|word| text.fields.iter().any(|field| word.occurs_in(field)))
    };
    texts.iter().filter(holds).map(|text| (text.page.as_str(), text.anchor.as_str())).collect()
}

/// The results of the site's script for each query: pages with the anchors of their sections, in
/// order.
const ASK: &str = "\
    const [queries, done] = arguments; \
    const found = async (query) => (await notes.search(query)) \
        .map((page) => [page.page, ...page.sections.map((section) => section.anchor)]); \
    (async () => { const all = []; for (const query of queries) all.push(await found(query)); \
     return all; })() \
        .then(done, (error) => done(String(error)));";

/// So many queries for the notes of a folder, each with the words that it must find, and hostile
/// ones, which need not find anything.
fn queries(folder: &Path, books: &SearchedNotes, count: usize) -> Vec<(String, Vec<Wanted>)> {
    let pages: Vec<_> = books.pages().collect();
    let mut dice = Dice(count as u64);
    let mut queries: Vec<(String, Vec<Wanted>)> = Vec::new();
    while queries.len() < count {
        let searchable = pages[dice.below(pages.len())];
        let page = &searchable.page;
        let number = dice.below(page.sections.len());
        let title = if number == 0 { page.title.as_str() } else { "" };
        let source =
            std::fs::read_to_string(folder.join(searchable.path.as_str())).unwrap_or_default();
        queries.extend(query(&mut dice, &page.sections[number], title, &source));
    }
    for hostile in [
        "<script>alert(1)</script>",
        "&amp;",
        "\\",
        "a\u{0}b",
        "𠮷",
        "\u{202E}",
        "'\"",
        "%",
        "(((",
        "*",
    ] {
        queries.push((hostile.to_owned(), Vec::new()));
    }
    queries
}

fn assert_exact(folder: &Path, count: usize) {
    let books = SearchedNotes::open(folder).unwrap();
    let texts = texts(&books);
    let queries = queries(folder, &books, count);
    let site = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
    command.env("LC_ALL", "C");
    let built = command
        .args(["build", "--no-cache", "--quiet", "-o"])
        .arg(site.path())
        .arg(folder)
        .status();
    assert!(built.unwrap().success());
    let (mut server, driver) = (Server::bind(), Driver::start());
    server.serve(site.path());
    let window = driver.window();
    window.open(&format!("{}search.html", server.url));

    let mut report = Report::default();
    let mut found_any = 0;
    for batch in queries.chunks(BATCH) {
        let typed: Vec<&str> = batch.iter().map(|(typed, _)| typed.as_str()).collect();
        let answers = window.run_and_wait(ASK, &json!([typed]));
        let answers = answers.as_array().unwrap_or_else(|| panic!("{answers}"));
        for ((typed, wanted), answer) in batch.iter().zip(answers) {
            let of_script: Vec<Vec<&str>> =
                answer.as_array().unwrap().iter().map(strings).collect();
            let of_shelf = books.look_up(typed, None);
            let of_shelf: Vec<Vec<&str>> = of_shelf
                .iter()
                .map(|found| {
                    let anchors = found.sections.iter().map(|section| section.anchor.as_str());
                    std::iter::once(found.page.as_str()).chain(anchors).collect()
                })
                .collect();
            let mut wrong = String::new();
            if of_script != of_shelf {
                let _ = write!(wrong, "the browser {of_script:?}, the terminal {of_shelf:?}");
            }
            if !wanted.is_empty() {
                let flat = of_shelf
                    .iter()
                    .flat_map(|page| page[1..].iter().map(|anchor| (page[0], *anchor)));
                let (found, expected) = (flat.collect::<BTreeSet<_>>(), scan(&texts, wanted));
                found_any += usize::from(!expected.is_empty());
                if found != expected {
                    let missed: Vec<_> = expected.difference(&found).collect();
                    let _ = write!(
                        wrong,
                        "missed {missed:?}, too much {:?}",
                        found.difference(&expected).collect::<Vec<_>>()
                    );
                }
            }
            let wrong = Some(wrong).filter(|wrong| !wrong.is_empty());
            let wrong = wrong.map(|wrong| wrong.chars().take(400).collect::<String>());
            report.add(typed, wrong.into_iter().collect());
        }
    }
    report.assert_empty();
    assert!(
        found_any * 10 > queries.len() * 7,
        "{found_any} of {} queries find anything",
        queries.len()
    );
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

#[test]
fn the_search_finds_what_a_plain_scan_finds() {
    assert_exact(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), OF_OWN);
    let others = std::env::var("NOTES_AUDIT").unwrap_or_default();
    for folder in others.split(':').filter(|folder| !folder.is_empty()) {
        assert_exact(&PathBuf::from(folder), QUERIES);
    }
}

#[test]
fn the_search_of_a_library_finds_what_a_plain_scan_of_its_books_finds() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let books = ["Guide", "使用手册", "分布式系统", "数据库"];
    let books = books.map(|name| format!("'{}'", content.join(name).display()));
    let library = tempfile::tempdir().unwrap();
    let settings = format!("books: [{}]\n", books.join(", "));
    std::fs::write(library.path().join("notes.yaml"), settings).unwrap();
    assert_exact(library.path(), OF_OWN);
}
