//! The head of a file → [`Meta`]: YAML between `---` lines or TOML between `+++` lines.
//!
//! Text that merely looks like front matter, such as a paragraph between two rules, stays text.
//! Of front matter that does not parse the simple lines are read, with a warning.
//!
//! Must not know: Markdown.

mod alias;
mod fault;
mod key_lines;

use serde::{Deserialize, Serialize};

use crate::config::FrontMatterRules;
use crate::diagnostic::{Diagnostic, Kind, Span};
use crate::markdown::clean_tag;
use crate::phrase::{Phrase, phrase};

use self::alias::{aliases, other_names};
use self::fault::Fault;
use self::key_lines::KeyLines;

/// Front matter larger than this is not parsed; in bytes.
const LARGEST: usize = 64 << 10;

/// Keys for the day of the last change, the first that holds one winning.
const CHANGED: [&str; 6] =
    ["updated", "lastmod", "last_modified_at", "lastUpdated", "modified", "date"];

/// Keys for the words that a note is to be found by, alone, in a list or with commas between them.
const TAGS: &str = "tags";
const KEYWORDS: &str = "keywords";

/// Keys for the addresses at which a note was before, alone or in a list. The first holds other
/// names of the note, too, where Obsidian wrote it: an address has a slash or an ending of a page.
const ALIASES: &str = "aliases";
const REDIRECTS: &str = "redirect_from";

/// Keys for the language that a note is in.
const LANGUAGE: [&str; 2] = ["lang", "language"];

/// The key for the direction that it is written in, as the attribute of HTML.
const DIRECTION: &str = "dir";

/// The key that keeps a note from being published when it is true (Hugo, Zola, Docusaurus), and
/// those that do so when they are false (Jekyll, Obsidian).
const DRAFT: &str = "draft";
const PUBLISHED: [&str; 2] = ["published", "publish"];

/// The key for the study cards of a note, the one of a note that explains terms, and the one for
/// links to terms.
const CARDS: &str = "cards";
const TERM: &str = "term";
const TERMS: &str = "terms";

/// The front matter of a note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Meta {
    /// The page's title.
    pub title: Option<String>,
    /// Description of the page in a sentence.
    pub description: Option<String>,
    /// The day on which it was last changed, as `2024-05-03`.
    pub changed: Option<String>,
    /// Words that it is to be found by, tags among them.
    pub keywords: Vec<String>,
    /// The subjects that it shares with other notes.
    pub tags: Vec<String>,
    /// Its other names, by which other notes may call it.
    pub other_names: Vec<String>,
    /// Addresses at which it was before, as they are written there.
    pub aliases: Vec<String>,
    /// The tag of the language that it is in (BCP 47).
    pub language: Option<String>,
    /// True if it is written from right to left, false if from left to right.
    pub is_right_to_left: Option<bool>,
    /// True if it is not to be published yet.
    pub is_draft: bool,
    /// True if its lines `question :: answer` are study cards, false if it gives no cards at all.
    pub cards: Option<bool>,
    /// True if it explains terms.
    pub is_glossary: bool,
    /// The names of the term that it explains, if they are others than its title.
    pub term_names: Vec<String>,
    /// True if its text links to no terms.
    pub is_without_terms: bool,
    /// Its place among the notes of its folder, in thousandths.
    pub order: Option<i64>,
}

/// A text in two parts.
pub(super) struct Split<'t> {
    pub meta: Meta,
    /// The text below the front matter.
    pub body: &'t str,
    /// Number of lines above it.
    pub lines: u32,
    pub problem: Option<Diagnostic>,
}

/// Splits a text with `\n` line ends.
pub(super) fn split(text: &str, rules: FrontMatterRules) -> Split<'_> {
    let whole = Split { meta: Meta::default(), body: text, lines: 0, problem: None };
    let Some((mark, head, body)) = head(text) else {
        return if rules.has_key_lines { without_marks(text, rules) } else { whole };
    };
    let lines = line_count(&text[..text.len() - body.len()]);
    if head.len() > LARGEST && !looks_like_keys(head) {
        return whole;
    }
    if head.len() > LARGEST {
        let message = phrase!("front matter of {size} kB is not read", size = head.len() >> 10);
        let hint = phrase!("front matter holds a few keys; move the text below it");
        let problem = Diagnostic::new(Kind::FrontMatter, message).at_line(1).help(hint);
        return Split { body, lines, problem: Some(problem), ..whole };
    }
    let parsed = if mark == "---" { yaml(head, rules) } else { toml(head, rules) };
    let fault = match parsed {
        Ok(Some(meta)) => return Split { meta, body, lines, problem: None },
        // A mapping it is not; the marks were rules around text.
        Ok(None) => match Fault::of_text(head) {
            Some(fault) => fault,
            None => return whole,
        },
        Err(_) if !looks_like_keys(head) => return whole,
        Err(fault) => fault,
    };
    // Simple lines say what they mean, whatever the parser makes of the others; above all that a
    // note is a draft.
    let simple = KeyLines::read(head);
    let meta = meta(|key| simple.of(key), rules);
    Split { meta, body, lines, problem: Some(problem(&fault)) }
}

/// A text of `MkDocs` that may begin with keys.
fn without_marks(text: &str, rules: FrontMatterRules) -> Split<'_> {
    let Some((found, length)) = KeyLines::at_top(text) else {
        return Split { meta: Meta::default(), body: text, lines: 0, problem: None };
    };
    let meta = meta(|key| found.of(key), rules);
    Split { meta, body: &text[length..], lines: line_count(&text[..length]), problem: None }
}

fn problem(fault: &Fault) -> Diagnostic {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let span = Span { line: count(fault.line + 1), column: count(fault.column), width: 0 };
    let message = phrase!("front matter does not parse: {reason}", reason = fault.reason);
    Diagnostic::new(Kind::FrontMatter, message).at(span).help(fault.help.clone())
}

fn line_count(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// The mark, the text between the marks, and the text below.
fn head(text: &str) -> Option<(&'static str, &str, &str)> {
    let mark = ["---", "+++"].into_iter().find(|mark| text.starts_with(mark))?;
    let (first, rest) = text.split_once('\n')?;
    if first.trim_end() != mark {
        return None;
    }
    let mut offset = 0;
    for line in rest.split_inclusive('\n') {
        let end = line.trim_end();
        if end == mark || (mark == "---" && end == "...") {
            return Some((mark, &rest[..offset], &rest[offset + line.len()..]));
        }
        offset += line.len();
    }
    None
}

/// True if the first line with content reads `key: …` or `key = …`.
fn looks_like_keys(head: &str) -> bool {
    let line = head.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    line.and_then(|line| line.split_once([':', '='])).is_some_and(|(key, _)| {
        let key = key.trim();
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    })
}

fn yaml(head: &str, rules: FrontMatterRules) -> Result<Option<Meta>, Fault> {
    let value: serde_yaml::Value =
        serde_yaml::from_str(head).map_err(|error| Fault::of_yaml(head, &error))?;
    if value.is_null() {
        return Ok(Some(Meta::default()));
    }
    // `title: {{ title }}` is YAML: a mapping that has a mapping for its key.
    if value.get("title").is_some_and(|title| title.is_mapping() || title.is_sequence()) {
        let line = head.lines().position(|line| line.starts_with("title")).unwrap_or(0) + 1;
        return Err(Fault::new(
            (line, 0),
            phrase!("`title` must be a string"),
            phrase!("put the value in quotes"),
        ));
    }
    let text = |value: &serde_yaml::Value| match value {
        serde_yaml::Value::String(text) => Some(text.clone()),
        serde_yaml::Value::Number(number) => Some(number.to_string()),
        serde_yaml::Value::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    let texts = |key: &str| match value.get(key) {
        Some(serde_yaml::Value::Sequence(values)) => values.iter().filter_map(text).collect(),
        value => value.and_then(text).into_iter().collect(),
    };
    Ok(value.is_mapping().then(|| meta(texts, rules)))
}

fn toml(head: &str, rules: FrontMatterRules) -> Result<Option<Meta>, Fault> {
    let table: toml::Table = head.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| head[..span.start].matches('\n').count());
        let is_twice = error.message().contains("duplicate key");
        let help = if is_twice {
            phrase!("keep one of the two")
        } else {
            phrase!("put the value in quotes")
        };
        Fault::new((line + 1, 0), Phrase::verbatim(error.message()), help)
    })?;
    let text = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(value) => Some(value.to_string()),
        toml::Value::Datetime(time) => Some(time.to_string()),
        _ => None,
    };
    let texts = |key: &str| match table.get(key) {
        Some(toml::Value::Array(values)) => values.iter().filter_map(text).collect(),
        value => value.and_then(text).into_iter().collect(),
    };
    Ok(Some(meta(texts, rules)))
}

/// `texts` gives the values of a key: one text, or those of a list.
fn meta(texts: impl Fn(&str) -> Vec<String>, rules: FrontMatterRules) -> Meta {
    // A list is no title, date or language.
    let line = |key: &str| match &texts(key)[..] {
        [text] => on_one_line(text),
        _ => None,
    };
    let is = |key: &str, word: &str| line(key).is_some_and(|text| text.eq_ignore_ascii_case(word));
    let tags: Vec<String> = words(&texts(TAGS)).iter().filter_map(|tag| clean_tag(tag)).collect();
    let keywords = words(&texts(KEYWORDS)).into_iter().chain(tags.iter().cloned()).collect();
    let term = words(&texts(TERM));
    // Alone such a word is a switch; in a list it is a name like others.
    let switch = if let [word] = &term[..] { boolean(word) } else { None };
    let is_glossary = switch.unwrap_or(!term.is_empty());
    let term_names = if switch.is_none() { term } else { Vec::new() };
    Meta {
        is_right_to_left: line(DIRECTION).and_then(|text| is_right_to_left(&text)),
        is_draft: is(DRAFT, "true") || PUBLISHED.iter().any(|key| is(key, "false")),
        title: line("title"),
        description: line("description").or_else(|| line("summary")),
        changed: CHANGED.iter().filter_map(|key| line(key)).find_map(|text| day(&text)),
        keywords,
        tags,
        other_names: other_names(&texts(ALIASES)),
        aliases: aliases(texts(ALIASES), texts(REDIRECTS)),
        cards: line(CARDS).and_then(|text| text.to_ascii_lowercase().parse().ok()),
        is_glossary,
        term_names,
        is_without_terms: is(TERMS, "false"),
        order: rules.order_key.and_then(&line).and_then(|text| order(&text)),
        language: LANGUAGE.iter().filter_map(|key| line(key)).find(|tag| is_tag(tag)),
    }
}

/// A place among others, which may have a fraction: `2`, `1.5`.
fn order(text: &str) -> Option<i64> {
    let number: f64 = text.trim().parse().ok()?;
    let is_sensible = number.abs() < 1e12;
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    is_sensible.then(|| (number * 1000.0).round() as i64)
}

/// True for the attribute `dir` of texts from right to left; `None` if the text has to show it.
fn is_right_to_left(dir: &str) -> Option<bool> {
    match dir.to_ascii_lowercase().as_str() {
        "rtl" => Some(true),
        "ltr" => Some(false),
        _ => None,
    }
}

fn on_one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { None } else { Some(line) }
}

/// A word that is true or false in some version of YAML.
fn boolean(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// The words of a list, or of a text with commas between them.
fn words(texts: &[String]) -> Vec<String> {
    let words = texts.iter().flat_map(|text| text.split([',', '，', '、']));
    words.filter_map(on_one_line).collect()
}

/// True if a text can be a language tag: letters and digits with hyphens between.
fn is_tag(text: &str) -> bool {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    text.split('-').all(is_part)
}

/// The day that a date or a time begins with: `2024-05-03T10:00:00`, `2024/5/3`; `None` when there
/// is no such day.
fn day(text: &str) -> Option<String> {
    let end =
        text.find(|c: char| !c.is_ascii_digit() && c != '-' && c != '/').unwrap_or(text.len());
    let mut parts = text[..end].split(['-', '/']).map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    let is_day =
        (1000..=9999).contains(&year) && (1..=days).contains(&day) && parts.next().is_none();
    is_day.then(|| format!("{year}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Split<'_> {
        super::split(text, FrontMatterRules::default())
    }

    #[test]
    fn front_matter_and_what_only_looks_like_it() {
        for (text, title, body, problem_line) in [
            ("---\ntitle: 甲\n---\n文", Some("甲"), "文", None),
            ("---\ntitle: 2024\n...\n文", Some("2024"), "文", None),
            ("+++\ntitle = \"甲\"\n+++\n文", Some("甲"), "文", None),
            ("---\n\n---\n文", None, "文", None),
            ("---\ntags: [a]\ntitle: {{ title }}\n---\n文", None, "文", Some(3)),
            ("+++\na = 1\ntitle = x\n+++\n文", Some("x"), "文", Some(3)),
            ("---\n\n一段文字\n\n---\n文", None, "---\n\n一段文字\n\n---\n文", None),
            ("---\n- a\n---\n", None, "---\n- a\n---\n", None),
            ("---\ntitle: x", None, "---\ntitle: x", None),
            ("----\na: b\n----\n", None, "----\na: b\n----\n", None),
        ] {
            let split = split(text);
            assert_eq!(split.meta.title.as_deref(), title, "{text}");
            assert_eq!(split.body, body, "{text}");
            assert_eq!(
                split.problem.map(|problem| problem.location.span.line),
                problem_line,
                "{text}"
            );
        }
    }

    #[test]
    fn simple_lines_are_read_where_yaml_cannot_be() {
        for (head, title, place) in [
            ("title: Primer: deploying things\ntags: [a]", "Primer: deploying things", (2, 14)),
            ("title: One\ntitle: Two", "One", (3, 1)),
            ("title: T\nlist:\n\t- a", "T", (4, 1)),
            ("标题: x\ntitle： 全角冒号", "全角冒号", (3, 6)),
            ("title：全角冒号", "全角冒号", (2, 6)),
        ] {
            let text = format!("---\n{head}\n---\n\n文");
            let split = split(&text);
            assert_eq!(split.meta.title.as_deref(), Some(title), "{head}");
            let span = split.problem.unwrap().location.span;
            assert_eq!((span.line, span.column), place, "{head}");
            assert_eq!(split.body, "\n文");
        }
    }

    #[test]
    fn keys_without_marks_are_those_of_mkdocs() {
        let text = "title: 甲\ndate: 2024-05-03\n\n文";
        let rules = FrontMatterRules { has_key_lines: true, order_key: None };
        let found = super::split(text, rules);
        assert_eq!((found.meta.title.as_deref(), found.body), (Some("甲"), "\n文"));
        assert_eq!((found.meta.changed.as_deref(), found.lines), (Some("2024-05-03"), 2));
        assert_eq!(split(text).body, text);
    }

    #[test]
    fn the_place_among_others() {
        for (head, expected) in [
            ("weight: 3", Some(3000)),
            ("weight: -1.5", Some(-1500)),
            ("weight: first", None),
            ("weight: nan", None),
            ("nav_order: 1", None),
        ] {
            let rules = FrontMatterRules { has_key_lines: false, order_key: Some("weight") };
            let text = format!("---\n{head}\n---\n");
            assert_eq!(super::split(&text, rules).meta.order, expected, "{head}");
        }
    }

    #[test]
    fn the_day_of_the_last_change() {
        for (head, day) in [
            ("date: 2024-05-03", Some("2024-05-03")),
            ("date: 2024-05-03\nupdated: 2025/1/2", Some("2025-01-02")),
            ("date: \"2024-02-29T08:00:00+08:00\"", Some("2024-02-29")),
            ("date: 2023-02-29", None),
            ("date: soon", None),
            ("date: 2024-5", None),
            ("lastmod: tomorrow\ndate: 2024-05-03 10:00", Some("2024-05-03")),
        ] {
            assert_eq!(
                split(&format!("---\n{head}\n---\n文")).meta.changed.as_deref(),
                day,
                "{head}"
            );
        }
        assert_eq!(
            split("+++\ndate = 2024-05-03\n+++\n").meta.changed.as_deref(),
            Some("2024-05-03")
        );
    }

    #[test]
    fn keywords() {
        for head in [
            "keywords: [甲, 乙 丙]",
            "keywords: 甲，乙 丙",
            "keywords:\n- 甲\ntags: 乙  丙,",
            "tags: [甲, [x], 乙 丙]",
        ] {
            assert_eq!(
                split(&format!("---\n{head}\n---\n")).meta.keywords,
                ["甲", "乙 丙"],
                "{head}"
            );
        }
        assert_eq!(split("+++\ntags = ['甲', '乙 丙']\n+++\n").meta.keywords, ["甲", "乙 丙"]);
    }

    #[test]
    fn addresses_of_before() {
        // Obsidian's aliases are other names.
        let names = "aliases: [/a/, AI, 'C#', N/A, 'b c.md', ../d, '#ai', '']";
        for (head, expected) in [
            (names, &["/a/", "b c.md", "../d"][..]),
            ("aliases:\n- /a/\n- ''\nredirect_from: b c", &["/a/", "b c"]),
            ("aliases: old/", &["old/"]),
        ] {
            assert_eq!(split(&format!("---\n{head}\n---\n")).meta.aliases, expected, "{head}");
        }
    }

    #[test]
    fn other_names() {
        let head = "aliases: [/a/, AI, 'C#', 'N/A  b', 'b c.md', ../d, '']";
        let names = split(&format!("---\n{head}\n---\n")).meta.other_names;
        assert_eq!(names, ["AI", "C#", "N/A b"]);
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut bomb = String::from("---\na0: &a0 x\n");
        for level in 1..40 {
            let below = format!("*a{}", level - 1);
            bomb += format!("a{level}: &a{level} [{below}, {below}, {below}, {below}]\n").as_str();
        }
        bomb.push_str("title: *a39\n---\n文");
        assert_eq!(split(&bomb).body, "文");
        let deep = format!("---\na: {}\n---\n文", "[".repeat(LARGEST / 2));
        assert_eq!(split(&deep).problem.map(|problem| problem.kind), Some(Kind::FrontMatter));
        let large = format!("---\na: {}\n---\n文", "x".repeat(LARGEST));
        assert_eq!(split(&large).problem.map(|problem| problem.kind), Some(Kind::FrontMatter));
    }

    #[test]
    fn much_prose_between_rules_stays() {
        let text = format!("---\n\n{}\n---\n\n末尾", "一段文字。".repeat(20_000));
        assert_eq!(split(&text).body, text);
    }
}
