//! Front matter that YAML refuses → the fault, its place, and the way out.
//!
//! Must not know: the keys that are of use.

use crate::phrase::{Phrase, phrase};

/// A fault in front matter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line within the front matter, from 1.
    pub line: usize,
    /// Column in characters, from 1; 0 if the whole line is meant.
    pub column: usize,
    pub reason: Phrase,
    pub help: Phrase,
}

impl Fault {
    pub fn new((line, column): (usize, usize), reason: Phrase, help: Phrase) -> Self {
        Self { line, column, reason, help }
    }

    /// The fault that an error of the parser is about.
    pub fn of_yaml(head: &str, error: &serde_yaml::Error) -> Self {
        let whole = error.to_string();
        let message = whole.split(" at line ").next().unwrap_or_default();
        if let Some(key) = message.split("duplicate entry with key ").nth(1) {
            return twice(head, key.trim().trim_matches('"'));
        }
        if let Some(fault) = tab(head).or_else(|| full_width_colon(head)).or_else(|| joined(head)) {
            return fault;
        }
        let line = error.location().map_or(1, |place| place.line()).max(1);
        let text = head.lines().nth(line - 1).unwrap_or_default();
        let column = |place: Option<usize>| {
            place.map_or(0, |at| text.get(..at).map_or(0, |before| before.chars().count()) + 1)
        };
        if whole.contains("mapping values are not allowed") {
            let second = text.match_indices(": ").nth(1).map(|(at, _)| at);
            return Self::new(
                (line, column(second)),
                phrase!("a value holds a colon and a blank"),
                phrase!("put the value in quotes"),
            );
        }
        if let Some(place) = place_behind(&whole, "while scanning a quoted scalar") {
            let help =
                phrase!("write the second quote, or put the value in quotes of the other kind");
            return Self::new(place, phrase!("a quote has no partner"), help);
        }
        if let Some(place) = place_behind(&whole, "while parsing a flow") {
            let help = phrase!("write the second bracket, or put the value in quotes");
            return Self::new(place, phrase!("a bracket has no partner"), help);
        }
        if whole.contains("cannot start any token") || whole.contains("anchor") {
            let value = text.split_once(": ").map(|(key, _)| key.len() + 2);
            return Self::new(
                (line, column(value)),
                phrase!("a value begins with a sign of YAML"),
                phrase!("put the value in quotes"),
            );
        }
        Self::new((line, 0), Phrase::verbatim(message), phrase!("put the value in quotes"))
    }

    /// The fault of a text that is no mapping, only because its colons are full-width.
    pub fn of_text(head: &str) -> Option<Self> {
        let mut lines = head.lines().filter(|line| !line.trim().is_empty()).peekable();
        lines.peek()?;
        let is_key = |line: &str| {
            line.split_once(['：', ':']).is_some_and(|(key, _)| {
                !key.is_empty()
                    && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            })
        };
        if lines.all(is_key) { full_width_colon(head) } else { None }
    }
}

/// The second line with a key.
fn twice(head: &str, key: &str) -> Fault {
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches(['"', '\'']);
        line.strip_prefix(key)
            .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
    };
    let second = head.lines().enumerate().filter(|(_, line)| is_key(line)).nth(1);
    let line = second.map_or(1, |(index, _)| index + 1);
    Fault::new((line, 1), phrase!("`{key}` is written twice", key), phrase!("keep one of the two"))
}

/// A line that a tab indents.
fn tab(head: &str) -> Option<Fault> {
    let place = head.lines().enumerate().find_map(|(index, line)| {
        let blanks = line.len() - line.trim_start().len();
        Some((index + 1, line[..blanks].find('\t')? + 1))
    })?;
    Some(Fault::new(
        place,
        phrase!("a tab indents the line"),
        phrase!("a tab is no indentation; use spaces"),
    ))
}

/// A key with a full-width colon behind it.
fn full_width_colon(head: &str) -> Option<Fault> {
    let place = head.lines().enumerate().find_map(|(index, line)| {
        let at = line.find(['：', ':'])?;
        let key = &line[..at];
        let is_key = !key.is_empty() && !key.contains(char::is_whitespace);
        (is_key && line[at..].starts_with('：')).then(|| (index + 1, key.chars().count() + 1))
    })?;
    let help = phrase!("write a plain colon and a blank: `: `");
    Some(Fault::new(place, phrase!("a full-width colon `：` ends no key"), help))
}

/// A key whose colon has no blank behind it.
fn joined(head: &str) -> Option<Fault> {
    let place = head.lines().enumerate().find_map(|(index, line)| {
        let (key, value) = line.split_once(':')?;
        let is_key = !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let is_joined = value.starts_with(|c: char| !c.is_whitespace() && c != '/' && c != ':');
        (is_key && is_joined).then(|| (index + 1, key.len() + 1))
    })?;
    Some(Fault::new(
        place,
        phrase!("there is no blank behind the colon"),
        phrase!("write a blank behind the colon"),
    ))
}

/// The place that an error names behind some words: `… at line 2 column 8`.
fn place_behind(error: &str, words: &str) -> Option<(usize, usize)> {
    let (_, behind) = error.split_once(words)?;
    let (_, place) = behind.split_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let digits = column.bytes().take_while(u8::is_ascii_digit).count();
    Some((line.parse().ok()?, column[..digits].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_place_and_its_help() {
        for (head, place, reason, help) in [
            ("title: Primer: deploying", (1, 14), "colon", "in quotes"),
            ("title: One\ntitle: Two", (2, 1), "`title` is written twice", "keep one"),
            ("title: T\nlist:\n\t- a", (3, 1), "tab", "use spaces"),
            ("标题: x\ntitle： 全角", (2, 6), "full-width colon", "plain colon"),
            ("tags: [a]\ntitle:甲\n", (2, 6), "no blank", "write a blank"),
            ("a: b\ntitle: \"x\n", (2, 8), "quote", "second quote"),
            ("title: @x", (1, 8), "begins with a sign", "in quotes"),
            ("title: *x", (1, 8), "begins with a sign", "in quotes"),
            ("tags: [a, b\ntitle: x", (1, 7), "bracket", "second bracket"),
        ] {
            let error = serde_yaml::from_str::<serde_yaml::Value>(head).unwrap_err();
            let fault = Fault::of_yaml(head, &error);
            assert_eq!((fault.line, fault.column), place, "{head}: {error}");
            assert!(
                fault.reason.to_string().contains(reason) && fault.help.to_string().contains(help),
                "{fault:?}"
            );
        }
    }

    #[test]
    fn full_width_colons_alone_are_no_mapping() {
        for (head, expected) in [
            ("title：甲\ntags：乙", Some((1, 6))),
            ("\n\ntags: a\ntitle：甲", Some((4, 6))),
            ("注意：文字", None),
            ("title：甲\n文字", None),
            ("", None),
        ] {
            let fault = Fault::of_text(head);
            assert_eq!(fault.map(|fault| (fault.line, fault.column)), expected, "{head}");
        }
    }
}
