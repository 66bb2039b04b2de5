//! Tags in braces, `{{< name key="value" >}}` and `{% name key="value" %}`: their text and
//! arguments.
//!
//! Must not know: the meaning of a tag.

use std::borrow::Cow;
use std::ops::Range;

use crate::markdown::source_text::{Edits, SourceText};

/// Text of a shortcode of Hugo that is a line of its own, with its place in that line.
pub(super) fn hugo(line: &str) -> Option<(usize, &str)> {
    let inner = [("{{<", ">}}"), ("{{%", "%}}")]
        .into_iter()
        .find_map(|(open, close)| line.strip_prefix(open)?.strip_suffix(close))?;
    // Two shortcodes on a line are left alone, for there may be text between them.
    if ["{{<", "{{%", ">}}", "%}}"].iter().any(|sign| inner.contains(sign)) {
        return None;
    }
    let blanks = inner.len() - inner.trim_start().len();
    Some(("{{<".len() + blanks, inner.trim().trim_end_matches('/').trim_end()))
}

/// Text of a tag of Liquid that is a line of its own, with its place in that line.
pub(super) fn liquid(line: &str) -> Option<(usize, &str)> {
    let inner = line.strip_prefix("{%")?.strip_suffix("%}")?;
    if inner.contains("%}") || inner.contains("{%") {
        return None;
    }
    let blanks = inner.len() - inner.trim_start().len();
    Some(("{%".len() + blanks, inner.trim()))
}

/// Place of the value of `key="value"` in a text.
pub(super) fn argument_range(arguments: &str, key: &str) -> Option<Range<usize>> {
    let start = arguments.match_indices(key).find_map(|(at, _)| {
        let begins = at == 0 || arguments.as_bytes()[at - 1].is_ascii_whitespace();
        let value = at + key.len() + 1;
        (begins && arguments[at + key.len()..].starts_with('=')).then_some(value)
    })?;
    let value = &arguments[start..];
    if let Some(quote @ ('"' | '\'')) = value.chars().next() {
        let length = value[1..].find(quote)?;
        return Some(start + 1..start + 1 + length);
    }
    let word = value.split_whitespace().next()?;
    let blanks = value.len() - value.trim_start().len();
    Some(start + blanks..start + blanks + word.len())
}

/// The value of `key="value"`.
pub(super) fn argument<'a>(arguments: &'a str, key: &str) -> Option<&'a str> {
    argument_range(arguments, key).map(|range| &arguments[range])
}

/// True if a text can be between the brackets of a destination, `<…>`.
pub(super) fn is_path(text: &str) -> bool {
    !text.is_empty() && !text.contains(['<', '>', '\\'])
}

/// Markdown in place of a line: text before and behind a part of the line that stays, if one does.
/// That part keeps its place in the writer's file, so a problem with a link is reported where its
/// destination is.
pub(super) struct NewLine {
    pub before: String,
    pub kept: Range<usize>,
    pub after: Cow<'static, str>,
}

impl NewLine {
    /// No text at all.
    pub fn empty() -> Self {
        Self { before: String::new(), kept: 0..0, after: Cow::default() }
    }
}

/// Rewrites the lines of which `read` says so; it is given each without the blanks around it.
pub(super) fn edit_lines(source: &SourceText<'_>, read: impl Fn(&str) -> Option<NewLine>) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    for line in source.scan().dialect_lines(text) {
        let content = text[line.clone()].trim();
        let Some(new) = read(content) else { continue };
        let start = line.start + (line.len() - text[line.clone()].trim_start().len());
        let kept = start + new.kept.start..start + new.kept.end;
        edits.replace(start..kept.start, new.before);
        edits.replace(kept.end..line.end, new.after);
    }
    edits
}

/// Makes fenced code of the lines between one that `begins` it, which gives the language, and one
/// that `ends` it. Code that nothing ends is none.
pub(super) fn code_blocks(
    source: &SourceText<'_>,
    begins: fn(&str) -> Option<&str>,
    ends: fn(&str) -> bool,
) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    let mut behind = 0;
    for line in source.scan().dialect_lines(text) {
        if line.start < behind {
            continue;
        }
        let first = trimmed(text, line.clone());
        let Some(language) = begins(&text[first.clone()]) else { continue };
        let Some(last) = lines_from(text, line.end).find(|last| ends(text[last.clone()].trim()))
        else {
            break;
        };
        edits.replace(first, format!("```{language}"));
        edits.replace(trimmed(text, last.clone()), "```");
        behind = last.end;
    }
    edits
}

/// The lines behind the one that ends at a place.
fn lines_from(text: &str, end: usize) -> impl Iterator<Item = Range<usize>> {
    let mut start = (end + 1).min(text.len());
    text[start..].split('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    })
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let line = &text[range.clone()];
    let start = range.start + (line.len() - line.trim_start().len());
    start..start + line.trim().len()
}
