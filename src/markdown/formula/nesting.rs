//! `LaTeX` → the depth of its groups, so that the converters, which call themselves for each, do
//! not run out of stack.
//!
//! Must not know: what a command draws.

use super::token::command_name;

/// Deepest nesting that is drawn, of groups and of commands that change all that follows.
const DEEPEST: usize = 80;
/// Most commands in a row, each of which may be the argument of the one before it.
const LONGEST_CHAIN: usize = 400;

/// Commands that open a group.
const OPENING: [&str; 3] = ["begin", "left", "bgroup"];
/// Commands that close one.
const CLOSING: [&str; 3] = ["end", "right", "egroup"];
/// Commands that change the rest of their group.
const SWITCHES: [&str; 28] = [
    "Huge",
    "LARGE",
    "Large",
    "above",
    "abovewithdelims",
    "atop",
    "bf",
    "brace",
    "brack",
    "cal",
    "choose",
    "color",
    "displaystyle",
    "footnotesize",
    "frak",
    "huge",
    "it",
    "large",
    "middle",
    "normalsize",
    "over",
    "rm",
    "scriptscriptstyle",
    "scriptsize",
    "scriptstyle",
    "sf",
    "textstyle",
    "tt",
];

/// The place where a formula becomes too deep; `None` if it does not.
pub(in crate::markdown) fn too_deep(tex: &str) -> Option<usize> {
    // The depth around each open group.
    let mut around: Vec<usize> = Vec::new();
    let (mut depth, mut chain, mut at) = (0_usize, 0_usize, 0_usize);
    let bytes = tex.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' => {
                around.push(depth);
                depth += 1;
            }
            b'}' => depth = around.pop().unwrap_or(0),
            b'\\' => {
                let name = command_name(&tex[at..]);
                at += name.len();
                chain += 1;
                if OPENING.contains(&name) {
                    around.push(depth);
                    depth += 1;
                } else if CLOSING.contains(&name) {
                    depth = around.pop().unwrap_or(0);
                } else if SWITCHES.contains(&name) {
                    depth += 1;
                }
            }
            b'^' | b'_' => chain += 1,
            byte if byte.is_ascii_whitespace() => {}
            _ => chain = 0,
        }
        if depth > DEEPEST || chain > LONGEST_CHAIN {
            return Some(start);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_formulas() {
        let many = DEEPEST + 1;
        for (tex, is_deep) in [
            ("{".repeat(many), true),
            ("{x}".repeat(many), false),
            (r"\left(".repeat(many), true),
            (r"\left(x\right)".repeat(many), false),
            (r"\begin{matrix}".repeat(many), true),
            (r"\rm a".repeat(many), true),
            (format!("{{{}}}", r"{\rm a}".repeat(many)), false),
            (r"\sqrt ".repeat(LONGEST_CHAIN + 1), true),
            (r"\alpha x ".repeat(LONGEST_CHAIN + 1), false),
            ("x^".repeat(many), false),
            ("}".repeat(many), false),
        ] {
            assert_eq!(too_deep(&tex).is_some(), is_deep, "{tex}");
        }
    }
}
