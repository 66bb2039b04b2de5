//! Code and its grammar → HTML in which each run of one kind is a `<span>` of one of sixteen classes. Spans end at
//! line ends, neighbours of one class are one span, and what has no class has no span: the HTML of real notes is
//! about twice the size of the code.
//!
//! Must not know: Markdown, what the classes look like.

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::time::Duration;

use cpu_time::ThreadTime;
use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp, SyntaxReference};

use super::language::GRAMMARS;
use crate::escape::escape_into;

/// Larger blocks would take too long: the slowest grammars manage about half a megabyte a second.
const LARGEST: usize = 64 << 10;
/// Longer lines are slow out of proportion, for patterns look ahead as far as the line goes.
const LONGEST_LINE: usize = 4 << 10;
/// A grammar that meets its worst case is given up after this. It is processor time of the thread, and more than a block of
/// the largest size needs, so that a busy machine does not change the outcome.
const PATIENCE: Duration = Duration::from_millis(200);

/// One letter a class; `NONE` for text without one.
type Class = u8;
const NONE: Class = b' ';
/// The key of a mapping, which stays one whatever stands in it.
const KEY: Class = b'p';

/// Scopes by their beginning, the first that fits winning: comment, string, regular expression, escape, number
/// and constant, keyword, type, function, tag, attribute, variable, heading, inserted, deleted, annotation, key.
const SCOPES: [(&str, Class); 48] = [
    ("meta.mapping.key", KEY),
    ("support.type.property-name", KEY),
    ("entity.name.tag.yaml", KEY),
    ("meta.interpolation", NONE),
    ("meta.embedded", NONE),
    ("source", NONE),
    ("comment", b'c'),
    ("string.regexp", b'r'),
    ("string.unquoted.argument", NONE),
    ("meta.string", NONE),
    ("string", b's'),
    ("constant.character.escape", b'e'),
    ("constant.other.placeholder", b'e'),
    ("constant", b'n'),
    ("support.constant", b'n'),
    ("keyword.operator.word", b'k'),
    ("keyword.operator.logical.python", b'k'),
    ("keyword.operator", NONE),
    ("keyword", b'k'),
    ("storage.type.annotation", b'm'),
    ("storage.type.primitive", b't'),
    ("storage.type.c", b't'),
    ("storage", b'k'),
    ("variable.language", b'k'),
    ("entity.name.function", b'f'),
    ("variable.function", b'f'),
    ("support.function", b'f'),
    ("entity.name.class", b't'),
    ("entity.name.type", b't'),
    ("entity.name.struct", b't'),
    ("entity.name.enum", b't'),
    ("entity.name.trait", b't'),
    ("entity.name.interface", b't'),
    ("entity.name.namespace", b't'),
    ("entity.other.inherited-class", b't'),
    ("support.type", b't'),
    ("support.class", b't'),
    ("entity.name.tag", b'g'),
    ("entity.other.attribute-name", b'a'),
    ("variable.parameter", b'v'),
    ("variable.other.readwrite.shell", b'v'),
    ("variable.annotation", b'm'),
    ("meta.annotation", b'm'),
    ("markup.heading", b'h'),
    ("entity.name.section", b'h'),
    ("markup.inserted", b'i'),
    ("markup.deleted", b'd'),
    ("entity.name.label", b'a'),
];

static TABLE: LazyLock<Vec<(Scope, Class)>> = LazyLock::new(|| {
    // All of them are well formed, as the tests show.
    SCOPES.iter().filter_map(|&(name, class)| Some((Scope::new(name).ok()?, class))).collect()
});

thread_local! {
    /// What was found for each scope before: there are some hundreds, met again and again.
    static KNOWN: RefCell<HashMap<Scope, Option<Class>>> = RefCell::default();
}

/// The class of a scope on its own; `None` when it is that of what it stands in.
fn class_of(scope: Scope) -> Option<Class> {
    KNOWN.with_borrow_mut(|known| {
        *known.entry(scope).or_insert_with(|| {
            TABLE.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|&(_, class)| class)
        })
    })
}

/// The HTML, or why there is none.
pub(super) fn coloured(syntax: &SyntaxReference, code: &str) -> Result<String, String> {
    if code.len() > LARGEST {
        return Err(format!("it is {} kB large", code.len() >> 10));
    }
    if let Some(line) = code.lines().find(|line| line.len() > LONGEST_LINE) {
        return Err(format!("a line is {} kB long", line.len() >> 10));
    }
    let run = AssertUnwindSafe(|| Painter::new(syntax).paint(code));
    catch_unwind(run).unwrap_or_else(|_| Err("its grammar failed".to_owned()))
}

struct Painter {
    state: ParseState,
    classes: Vec<Class>,
    /// What `Clear` took away, for `Restore`.
    cleared: Vec<Vec<Class>>,
    html: String,
    /// The class of the span that is open.
    open: Class,
    /// Blanks that stand inside the open span if it goes on after them, else behind it.
    blanks: String,
}

impl Painter {
    fn new(syntax: &SyntaxReference) -> Self {
        let state = ParseState::new(syntax);
        Self {
            state,
            classes: Vec::new(),
            cleared: Vec::new(),
            html: String::new(),
            open: NONE,
            blanks: String::new(),
        }
    }

    fn paint(mut self, code: &str) -> Result<String, String> {
        self.html.reserve(code.len() * 2);
        let started = ThreadTime::now();
        for line in code.split_inclusive('\n') {
            // Grammars expect every line to end.
            let whole = if line.ends_with('\n') { line.to_owned() } else { format!("{line}\n") };
            let changes =
                self.state.parse_line(&whole, &GRAMMARS).map_err(|error| error.to_string())?;
            let content = line.trim_end_matches('\n');
            let mut from = 0;
            for (at, change) in &changes {
                let to = (*at).min(content.len());
                self.write(&content[from..to]);
                from = to;
                self.apply(change);
            }
            self.write(&content[from..]);
            self.close();
            self.html.push_str(&line[content.len()..]);
            if started.elapsed() > PATIENCE {
                return Err("it takes too long".to_owned());
            }
        }
        Ok(self.html)
    }

    fn write(&mut self, text: &str) {
        let black = text.trim_end_matches([' ', '\t']);
        let class = self.classes.last().copied().unwrap_or(NONE);
        if !black.is_empty() {
            if class == self.open {
                self.html.push_str(&self.blanks);
                self.blanks.clear();
            } else {
                self.close();
                self.open(class);
            }
            escape_into(&mut self.html, black);
        }
        self.blanks.push_str(&text[black.len()..]);
    }

    fn open(&mut self, class: Class) {
        if class != NONE {
            self.html.push_str("<span class=\"");
            self.html.push(char::from(class));
            self.html.push_str("\">");
        }
        self.open = class;
    }

    /// Ends the span that is open and writes the blanks behind it.
    fn close(&mut self) {
        if self.open != NONE {
            self.html.push_str("</span>");
            self.open = NONE;
        }
        self.html.push_str(&self.blanks);
        self.blanks.clear();
    }

    fn apply(&mut self, change: &ScopeStackOp) {
        match change {
            ScopeStackOp::Push(scope) => {
                let around = self.classes.last().copied().unwrap_or(NONE);
                let class = if around == KEY { KEY } else { class_of(*scope).unwrap_or(around) };
                self.classes.push(class);
            }
            ScopeStackOp::Pop(count) => {
                self.classes.truncate(self.classes.len().saturating_sub(*count))
            }
            ScopeStackOp::Clear(amount) => {
                let keep = match amount {
                    ClearAmount::TopN(count) => self.classes.len().saturating_sub(*count),
                    ClearAmount::All => 0,
                };
                self.cleared.push(self.classes.split_off(keep));
            }
            ScopeStackOp::Restore => self.classes.extend(self.cleared.pop().unwrap_or_default()),
            ScopeStackOp::Noop => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::code::language::syntax_of;

    fn html(language: &str, code: &str) -> String {
        coloured(syntax_of(language).unwrap(), code).unwrap()
    }

    #[test]
    fn all_scopes_are_well_formed() {
        assert_eq!(TABLE.len(), SCOPES.len());
    }

    #[test]
    fn classes() {
        for (language, code, expected) in [
            (
                "rust",
                "// 注\nfn main() {}",
                "<span class=\"c\">// 注</span>\n<span class=\"k\">fn</span> <span class=\"f\">main</span>() {}",
            ),
            (
                "sql",
                "SELECT 'a' -- b",
                "<span class=\"k\">SELECT</span> <span class=\"s\">'a'</span> <span class=\"c\">-- b</span>",
            ),
            (
                "python",
                "x = \"a\\n\" + 1",
                "x = <span class=\"s\">\"a</span><span class=\"e\">\\n</span><span class=\"s\">\"</span> + <span class=\"n\">1</span>",
            ),
            (
                "json",
                "{\"a\": true}",
                "{<span class=\"p\">\"a\"</span>: <span class=\"n\">true</span>}",
            ),
            ("yaml", "a: b", "<span class=\"p\">a</span>: <span class=\"s\">b</span>"),
            (
                "c",
                "/* a\nb */ int x;",
                "<span class=\"c\">/* a</span>\n<span class=\"c\">b */</span> <span class=\"t\">int</span> x;",
            ),
        ] {
            assert_eq!(html(language, code).replace("&quot;", "\""), expected, "{language}");
        }
    }

    #[test]
    fn the_text_is_what_it_was() {
        let hostile = [
            "",
            "\n\n",
            "a\r\nb",
            "\u{2028}x\u{0}y",
            "{{{{[[[[((((",
            "\"unclosed",
            "/* unclosed\n\n",
            "<<EOF\n$(((",
            "`${`${`",
        ];
        for language in [
            "rust", "sh", "c", "cpp", "java", "js", "ts", "tsx", "python", "go", "sql", "yaml",
            "json", "html", "css", "md", "tex", "php", "ruby", "perl", "toml", "xml", "diff",
        ] {
            let Some(syntax) = syntax_of(language) else { panic!("{language}") };
            for code in hostile {
                let html = coloured(syntax, code).unwrap();
                let mut text = String::new();
                for (index, part) in html.split('<').enumerate() {
                    text.push_str(if index == 0 { part } else { part.split_once('>').unwrap().1 });
                }
                let text = text
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&");
                assert_eq!(text, code, "{language}");
            }
        }
    }

    #[test]
    fn the_worst_case_of_a_grammar_is_given_up_or_quick() {
        for (language, code) in [
            ("js", "a = b ? c : ".repeat(1_000)),
            ("ts", "f<".repeat(5_000)),
            ("html", "<a ".repeat(4_000)),
            ("md", "[![".repeat(5_000)),
            ("sql", "((".repeat(5_000)),
            ("yaml", "- ".repeat(5_000)),
        ] {
            let started = ThreadTime::now();
            let _ = coloured(syntax_of(language).unwrap(), &code);
            assert!(started.elapsed() < Duration::from_secs(60), "{language}");
        }
    }
}
