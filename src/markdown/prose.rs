//! Lines of Markdown before it is parsed → which of them are prose: no code, no comment.
//!
//! Must not know: what prose is looked for in them. This is a guess by lines; the parser has the last word.

/// What the lines so far were.
#[derive(Debug, Default)]
pub(super) struct Prose {
    /// The mark that the open fence began with.
    fence: Option<String>,
    in_comment: bool,
    /// Whether a list may go on, in which indented lines are no code.
    in_list: bool,
}

impl Prose {
    /// What follows is the text of a list item, as far as it is indented.
    pub fn enter_list(&mut self) {
        self.in_list = true;
    }

    /// Takes the next line; says whether it is prose.
    pub fn admits(&mut self, line: &str) -> bool {
        let trimmed = line.trim();
        if let Some(mark) = &self.fence {
            let closes = trimmed.starts_with(mark.as_str())
                && trimmed.trim_start_matches(&mark[..1]).is_empty();
            if closes {
                self.fence = None;
            }
            return false;
        }
        if self.in_comment {
            self.in_comment = !trimmed.contains("-->");
            return false;
        }
        if let Some(mark) = fence_mark(trimmed) {
            self.fence = Some(mark.to_owned());
            return false;
        }
        let is_item = is_list_item(trimmed);
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        if is_item {
            self.in_list = true;
        } else if !trimmed.is_empty() && !line.starts_with([' ', '\t']) {
            self.in_list = false;
        }
        if is_indented && !self.in_list {
            return false;
        }
        let comment = trimmed.rfind("<!--").map(|at| &trimmed[at..]);
        self.in_comment = comment.is_some_and(|comment| !comment.contains("-->"));
        true
    }
}

/// The mark that opens a code block; a backtick after it makes it a code span.
fn fence_mark(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = line.trim_start_matches(mark);
    let length = line.len() - info.len();
    (length >= 3 && !(mark == '`' && info.contains('`'))).then(|| &line[..length])
}

fn is_list_item(line: &str) -> bool {
    let rest = line.strip_prefix(['-', '*', '+']).or_else(|| {
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        line[digits..].strip_prefix(['.', ')']).filter(|_| (1..=9).contains(&digits))
    });
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_comments_are_no_prose() {
        for (text, expected) in [
            ("a\n```\nb\n```\nc", vec!["a", "c"]),
            ("```md\n```js\na\n```\nb", vec!["b"]),
            ("```x```\na", vec!["```x```", "a"]),
            ("~~~\n```\n~~~\na", vec!["a"]),
            ("````\n```\n````\na", vec!["a"]),
            ("a\n\n    code\nb", vec!["a", "", "b"]),
            ("- a\n\n    b\n\t- c", vec!["- a", "", "    b", "\t- c"]),
            ("- a\nb\n\n    code", vec!["- a", "b", ""]),
            ("<!-- a\nb\n-->\nc", vec!["<!-- a", "c"]),
            ("<!-- a --> b\nc", vec!["<!-- a --> b", "c"]),
        ] {
            let mut prose = Prose::default();
            let found: Vec<_> = text.lines().filter(|line| prose.admits(line)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
