//! Code and its grammar → HTML in which each run of one kind is a `<span>` of one of sixteen
//! classes. Spans end at line ends, neighbours of one class are one span, and what has no class has
//! no span: the HTML of real notes is about twice the size of the code.
//!
//! Must not know: Markdown, what the classes look like.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use ahash::AHashMap;
use syntect::parsing::{ClearAmount, Scope, ScopeStackOp, SyntaxReference};

use super::grammar_parser::GrammarParser;
use super::line_pattern::{HighlightFailure, Steps};
use super::scope_changes::Changes;
use crate::escape::escape_into;
use crate::phrase::{Phrase, phrase};

/// Larger blocks would take too long: the slowest grammars manage about a megabyte a second.
const LARGEST: usize = 64 << 10;
/// Longer lines are slow out of proportion, for patterns look ahead as far as the line goes.
const LONGEST_LINE: usize = 4 << 10;
/// Steps that a block may cost. Blocks of [`LARGEST`] bytes of real code take up to four million, a
/// tenth of a second; made-up ones of any kind end within ten times that.
const MOST_STEPS: u64 = 8_000_000;

/// One letter a class; `NONE` for text without one.
type Class = u8;
const NONE: Class = b' ';
/// The key of a mapping; scopes inside it do not change its class.
const KEY: Class = b'p';

/// Scopes by their beginning, the first that fits winning: comment, string, regular expression,
/// escape, number and constant, keyword, type, function, tag, attribute, variable, heading,
/// inserted, deleted, annotation, key.
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
    /// Classes found so far: there are some hundreds of scopes, met again and again.
    static KNOWN: RefCell<AHashMap<Scope, Option<Class>>> = RefCell::default();
}

/// The class of a scope on its own; `None` if it has that of the scope around it.
fn class_of(scope: Scope) -> Option<Class> {
    KNOWN.with_borrow_mut(|known| {
        *known.entry(scope).or_insert_with(|| {
            TABLE.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|&(_, class)| class)
        })
    })
}

/// The HTML, or why there is none.
pub(super) fn coloured(syntax: &SyntaxReference, code: &str) -> Result<String, Phrase> {
    if code.len() > LARGEST {
        return Err(phrase!("it is {size} kB large", size = code.len() >> 10));
    }
    if let Some(line) = code.lines().find(|line| line.len() > LONGEST_LINE) {
        return Err(phrase!("a line is {size} kB long", size = line.len() >> 10));
    }
    // Grammars are unpacked when they are first used, and a damaged one panics.
    let run = AssertUnwindSafe(|| {
        let mut painter = Painter::new(syntax, MOST_STEPS)?;
        painter.paint(code)?;
        Ok(painter.html)
    });
    let html = catch_unwind(run).unwrap_or(Err(HighlightFailure::BadGrammar));
    html.map_err(|failure| match failure {
        HighlightFailure::TooMuchWork => phrase!("it is too complex"),
        HighlightFailure::BadGrammar => phrase!("its grammar failed"),
    })
}

struct Painter {
    parser: GrammarParser,
    classes: Vec<Class>,
    /// Classes that `Clear` removed, for `Restore`.
    cleared: Vec<Vec<Class>>,
    html: String,
    /// The class of the span that is open.
    open: Class,
    /// Blanks that are written inside the open span if it goes on after them, else behind it.
    blanks: String,
}

impl Painter {
    fn new(syntax: &SyntaxReference, most_steps: u64) -> Result<Self, HighlightFailure> {
        Ok(Self {
            parser: GrammarParser::new(syntax, Steps::new(most_steps))?,
            classes: Vec::new(),
            cleared: Vec::new(),
            html: String::new(),
            open: NONE,
            blanks: String::new(),
        })
    }

    fn paint(&mut self, code: &str) -> Result<(), HighlightFailure> {
        self.html.reserve(code.len() * 2);
        let mut changes = Changes::new();
        for line in code.split_inclusive('\n') {
            // Grammars expect every line to end.
            let ended;
            let whole = if line.ends_with('\n') {
                line
            } else {
                ended = format!("{line}\n");
                &ended
            };
            changes.clear();
            self.parser.parse_line(whole, &mut changes)?;
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
        }
        Ok(())
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
                self.classes.truncate(self.classes.len().saturating_sub(*count));
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

    /// The outcome of a block that may cost so many steps, and those that it took.
    fn steps_of(language: &str, code: &str, most: u64) -> (Result<(), HighlightFailure>, u64) {
        let mut painter = Painter::new(syntax_of(language).unwrap(), most).unwrap();
        let outcome = painter.paint(code);
        (outcome, most - painter.parser.steps_left())
    }

    fn steps(language: &str, code: &str) -> (Result<(), HighlightFailure>, u64) {
        steps_of(language, code, MOST_STEPS)
    }

    #[test]
    fn hard_lines_are_given_up_after_a_bounded_number_of_steps() {
        for (language, code) in [
            ("md", "[a](".repeat(1_000)),
            ("sh", "<<".repeat(2_000)),
            ("ini", " ".repeat(4_000)),
            ("tf", "a-".repeat(2_000)),
        ] {
            // More than real code of twenty times the length takes.
            let most = 200_000;
            assert_eq!(
                steps_of(language, &code, most),
                (Err(HighlightFailure::TooMuchWork), most),
                "{language}"
            );
        }
    }

    #[test]
    fn the_outcome_does_not_depend_on_what_else_the_machine_does() {
        let code =
            format!("{}\n{}", "let a = b ? c : d; ".repeat(100), "`${`${x}`}`;\n".repeat(50));
        let alone = steps("js", &code);
        assert_eq!(alone.0, Ok(()));
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| steps("js", &code))).collect();
            for thread in threads {
                assert_eq!(thread.join().unwrap(), alone);
            }
        });
    }

    #[test]
    fn blocks_of_the_largest_size_keep_their_colours() {
        let lines = [
            (
                "java",
                "    private final Map<String, List<Integer>> names = new HashMap<>(16); // 名\n",
            ),
            (
                "sh",
                "if [ \"$1\" = \"${name:-x}\" ]; then echo \"$(cat /etc/hosts | grep -v '^#')\"; fi\n",
            ),
            ("json", "    {\"name\": \"value\", \"list\": [1, 2.5e3, true, null]},\n"),
            ("html", "<p class=\"a\" id='b'>text &amp; <b>more</b> <!-- 名 --></p>\n"),
            (
                "js",
                "const f = async ({ a, b = 1 }, ...rest) => { await g(`x ${a} y`, /b[c]/g); };\n",
            ),
        ];
        for (language, line) in lines {
            let code = line.repeat(LARGEST / line.len());
            assert_eq!(steps(language, &code).0, Ok(()), "{language}");
        }
        for language in ["scss", "less", "systemverilog", "sql"] {
            for words in ["Привет, это слова. ", "これはテストです。", "déjà vu à l'été ", "안녕 "]
            {
                let line = words.repeat(6) + "\n";
                let code = line.repeat(LARGEST / line.len());
                assert_eq!(steps(language, &code).0, Ok(()), "{language} {words}");
            }
        }
    }

    #[test]
    fn a_rule_that_goes_on_where_a_match_ended_is_tried_after_each() {
        let html = html("todo.txt", "WAIT+x\n");
        assert_eq!(html, "<span class=\"k\">WAIT</span><span class=\"s\">+x</span>\n");
    }

    #[test]
    fn a_line_of_minified_code_keeps_its_colours() {
        let unit = "function a(b,c){var d=b[c]||{};return d.e?d.e(\"f\",1):null}";
        let line = unit.repeat(LONGEST_LINE / unit.len());
        assert_eq!(steps("js", &line).0, Ok(()));
    }
}
