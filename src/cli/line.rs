//! Lines with names and texts of notes in them → lines that mean nothing else where they are read:
//! no character turns a line of the terminal around, and none is a command for the machine that
//! keeps a log.
//!
//! Must not know: the messages, the stream that they go to.

use std::fmt::Write as _;

/// `text` with escapes for the characters that change the direction of what follows, so that a
/// line reads as it is (Unicode Technical Report #36, §2.1.2).
pub(super) fn with_one_direction(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if turns(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// True if the character changes the direction of what follows, or begins a line of its own where
/// others do not expect one.
pub(super) fn turns(c: char) -> bool {
    matches!(
        c,
        '\u{61C}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
    )
}

/// `text` as it may be in the log of a hosted build: a blank breaks whatever begins a command.
///
/// GitHub's runner takes a line for one if it begins with `::` after blanks, or holds `##[`
/// anywhere; Azure's if it holds `##vso[`, and `TeamCity`'s `##teamcity[`. The first two compare as
/// people do, so that invisible characters in between do not count (`ActionCommand.cs` and
/// `Command.cs` there).
pub(super) fn without_commands(text: &str) -> String {
    text.split_inclusive(['\n', '\r']).map(line_without_commands).collect()
}

/// The same for the name of a file in a command of GitHub's. Its runner looks for `##[` only in
/// lines that are no command of the other kind (`ActionCommandManager.cs` there), and a name must
/// stay the same. A name such as `##vso[` is that of a command and of no file.
pub(super) fn without_commands_of_others(name: &str) -> String {
    let commands = hash_commands(&signs(name));
    let named = commands.iter().filter(|command| command.has_word);
    broken(name, &named.map(|command| command.at).collect::<Vec<_>>())
}

/// JSON with the same content, in which `##` is spelt with an escape, and so are characters that
/// are invisible or change the direction.
pub(super) fn json_without_commands(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    // Only in strings does JSON have these characters.
    for c in json.chars() {
        if turns(c) || is_invisible(c) || c == '#' && text.ends_with('#') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

fn line_without_commands(line: &str) -> String {
    if !line.contains('#') && !line.contains(':') {
        return line.to_owned();
    }
    let signs = signs(line);
    let mut breaks = Vec::new();
    let mut begin = signs.iter().skip_while(|(_, c)| c.is_whitespace());
    if let (Some((_, ':')), Some((at, ':'))) = (begin.next(), begin.next()) {
        breaks.push(*at);
    }
    breaks.extend(hash_commands(&signs).iter().map(|command| command.at));
    broken(line, &breaks)
}

/// The beginning of a command: `##[`, or with a word before the bracket.
struct HashCommand {
    /// The place of the second `#`.
    at: usize,
    has_word: bool,
}

fn hash_commands(signs: &[(usize, char)]) -> Vec<HashCommand> {
    let mut commands = Vec::new();
    for (index, pair) in signs.windows(2).enumerate() {
        let [(_, '#'), (at, '#')] = pair else { continue };
        // At most up to the next `#`, so all of these together read the line once.
        let mut rest = signs[index + 2..].iter().map(|(_, c)| *c);
        let word = rest.position(|c| !c.is_ascii_alphabetic());
        let Some(length) = word else { continue };
        if signs[index + 2 + length].1 == '[' {
            commands.push(HashCommand { at: *at, has_word: length > 0 });
        }
    }
    commands
}

/// `text` with a blank at each of these places.
fn broken(text: &str, breaks: &[usize]) -> String {
    let mut whole = String::with_capacity(text.len() + breaks.len());
    let mut from = 0;
    for at in breaks {
        whole.push_str(&text[from..*at]);
        whole.push(' ');
        from = *at;
    }
    whole + &text[from..]
}

/// The characters that a comparison sees, each with its place: not those of colours, nor invisible
/// ones.
fn signs(line: &str) -> Vec<(usize, char)> {
    let mut signs = Vec::with_capacity(line.len());
    let mut all = line.char_indices();
    while let Some((at, c)) = all.next() {
        if c == '\u{1b}' {
            // A colour is `ESC [ … m` (ECMA-48 §8.3.117).
            let _ = all.find(|(_, c)| c.is_ascii_alphabetic());
        } else if !is_invisible(c) {
            signs.push((at, c));
        }
    }
    signs
}

/// True for the property `Default_Ignorable_Code_Point` (Unicode Character Database) and control
/// characters that are no blanks.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    ) || c.is_control() && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_breaks_commands_and_nothing_else() {
        for (text, expected) in [
            ("a::b ## c [d] #[e] ##f g[h]\n", None),
            ("error: x\n  help: ::y\n", None),
            ("##Title, `##` and `#`", None),
            ("", None),
            ("::add-mask::x\n", Some(": :add-mask::x\n")),
            ("a\n \t::stop-commands::x.md:1\n", Some("a\n \t: :stop-commands::x.md:1\n")),
            ("a\r::error::x", Some("a\r: :error::x")),
            ("\u{3000}::error::x", Some("\u{3000}: :error::x")),
            ("\u{200B}:\u{FEFF}:error::x", Some("\u{200B}:\u{FEFF} :error::x")),
            ("\u{1b}[1m::error::x\u{1b}[0m", Some("\u{1b}[1m: :error::x\u{1b}[0m")),
            (":::note", Some(": ::note")),
            ("a ##[add-mask]x ##[b]", Some("a # #[add-mask]x # #[b]")),
            ("###[group]", Some("## #[group]")),
            ("#\u{AD}#[group]", Some("#\u{AD} #[group]")),
            ("##\u{1b}[1m[group]", Some("# #\u{1b}[1m[group]")),
            (
                "x ##vso[task.setvariable variable=a]b",
                Some("x # #vso[task.setvariable variable=a]b"),
            ),
            ("##TeamCity[x]", Some("# #TeamCity[x]")),
        ] {
            assert_eq!(without_commands(text), expected.unwrap_or(text), "{text:?}");
        }
    }

    #[test]
    fn turned_text_is_shown_as_escapes() {
        let turning = "\u{61C}\u{200E}\u{200F}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}";
        for c in turning.chars() {
            let expected = format!("a{}b", c.escape_unicode());
            assert_eq!(with_one_direction(&format!("a{c}b")), expected);
        }
        let text = "עברית العربية 中文 e\u{301} 👩\u{200D}🚀";
        assert_eq!(with_one_direction(text), text);
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "a": "###[b] ##vso[c] # \u{202E}\u{2028} #\u{AD}#[d] #\u{E0001}#[e]" });
        let text = json_without_commands(&value.to_string());
        assert!(!text.contains("##") && !text.chars().any(turns), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
