//! `[a](../b c.md)` → `[a](<../b c.md>)`: where a destination holds blanks, CommonMark (0.31 §6.3)
//! sees no link without these brackets.
//!
//! Must not know: where a link leads.

use super::source_text::{Edits, SourceText};

/// Puts brackets around destinations with blanks.
pub(super) fn wrap(source: &SourceText<'_>) -> Edits {
    let text = source.text();
    let mut edits = Edits::default();
    let mut behind = 0;
    for destination in source.scan().destinations(text) {
        let inner = &text[destination.clone()];
        if destination.start < behind || !is_spaced_path(inner) {
            continue;
        }
        let start = destination.start + (inner.len() - inner.trim_start().len());
        edits.replace(destination.start..start, "<");
        edits.replace(start + inner.trim().len()..destination.end, ">");
        behind = destination.end;
    }
    edits
}

/// True for a path with a blank in it that is no path with a title.
fn is_spaced_path(destination: &str) -> bool {
    let destination = destination.trim();
    let path = destination.split('#').next().unwrap_or_default();
    let is_file = path.rsplit_once('.').is_some_and(|(_, end)| {
        (2..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphanumeric())
    });
    destination.contains(' ')
        && !destination.contains(['<', '>', '"', '\'', '(', '`'])
        && (is_file || path.ends_with('/') || path.starts_with("./") || path.starts_with("../"))
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn destinations_with_blanks() {
        for (text, expected) in [
            ("[a](./b c.md)", "<a href=\"./b%20c.md\">a</a>"),
            ("[a]( ./b c.md )", "<a href=\"./b%20c.md\">a</a>"),
            ("[a](../b c/d.md#e f)", "<a href=\"../b%20c/d.md#e%20f\">a</a>"),
            ("[a](b.md \"c d\")", "<a href=\"b.md\" title=\"c d\">a</a>"),
            ("[a](see below)", "[a](see below)"),
            ("- x\n    - [a](../b c.md)", "<a href=\"../b%20c.md\">a</a>"),
            ("`x` [a](./b c.md) `y`", "<a href=\"./b%20c.md\">a</a>"),
            // An address in angle brackets is no tag, which would begin a block of raw HTML.
            ("<https://e.org/>\n[a](x y.md)", "<a href=\"x%20y.md\">a</a>"),
            // Lone backticks and runs of several are no code before them.
            ("一个 ` 号，见 [z](c d.md)", "一个 ` 号，见 <a href=\"c%20d.md\">z</a>"),
            ("``a ` b`` 见 [x](c d.md)", "<code>a ` b</code> 见 <a href=\"c%20d.md\">x</a>"),
            ("`` ` [x](c d.md)", "`` ` <a href=\"c%20d.md\">x</a>"),
            ("\\` [x](c d.md) `", "` <a href=\"c%20d.md\">x</a> `"),
            ("` [x](c d.md)\n\n` y", "` <a href=\"c%20d.md\">x</a>"),
            ("# ` a\n[x](c d.md) `", "<a href=\"c%20d.md\">x</a> `"),
            ("- ` a\n- [x](c d.md) `", "<a href=\"c%20d.md\">x</a> `"),
            ("> ` a\n\n[x](c d.md) `", "<a href=\"c%20d.md\">x</a> `"),
            ("<a title=\"`\">[x](c d.md)</a> `", "<a href=\"c%20d.md\">x</a>"),
            ("a <!-- ` --> [x](c d.md) `", "a  <a href=\"c%20d.md\">x</a> `"),
            ("| ` | [x](c d.md) |\n|---|---|\n| ` | ` |", "<a href=\"c%20d.md\">x</a>"),
        ] {
            let html = to_html(text, Options::default());
            assert!(html.contains(expected), "{text}: {html}");
        }
    }

    #[test]
    fn destinations_in_code_stay_as_they_are() {
        for text in [
            "```\n[a](../b c.md)\n```",
            "~~~\n[a](../b c.md)\n~~~",
            "    [a](../b c.md)",
            "`[a](../b c.md)`",
            "`` ` [a](../b c.md) ``",
            "``` a ` b `` [a](../b c.md) ```",
            "`a\n[a](../b c.md)\nb`",
            "> `a\n> [a](../b c.md)\n> b`",
            "- ```\n  [a](../b c.md)\n  ```",
            "\\`` [a](../b c.md) `",
            "<pre>\n[a](../b c.md)\n</pre>",
            "<div>\n[a](../b c.md)\n</div>",
            "$x[a](../b c.md)$",
        ] {
            let html = to_html(text, Options::default());
            assert!(html.contains("[a](../b c.md)"), "{text}: {html}");
        }
    }
}
