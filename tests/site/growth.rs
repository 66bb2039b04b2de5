//! Texts of which parsers are known to take a time that grows with their square → a time that grows
//! with them. Counted in the thread's own time, so that a busy machine changes little.

use cpu_time::ThreadTime;

use notes::markdown::Options;
use notes::note::{Note, Source};
use notes::path::SourcePath;
use notes::phrase::Phrase;

/// The short size, in units of each text's own; the long one is eight times larger.
const UNITS: usize = 2_000;
/// Runs of which the shortest counts.
const RUNS: usize = 3;
/// From the short size to the long one time may grow so much: linear is 8, quadratic 64.
const MOST: f64 = 22.0;
/// A shorter time is lost in the clock; in milliseconds.
const SHORTEST: f64 = 2.0;

/// The first of the Han characters.
const HAN: u32 = 0x4E00;

/// Texts of so many units.
#[expect(clippy::too_many_lines, reason = "a table of texts")]
fn texts(units: usize) -> Vec<(&'static str, String)> {
    let each = |unit: &str| unit.repeat(units);
    vec![
        // pulldown-cmark#1076 and the pathological inputs of cmark's own tests.
        ("closing fences of footnotes", each("[^a]: x\n")),
        ("brackets", each("[[[[[[[[[[[[[[[[[[[[[[[[[")),
        ("images", each("![![![![![")),
        ("pairs of brackets", each("[]()[]([")),
        ("stars", each("*a **b *c ")),
        ("stars that never match", each("a**b c* ")),
        ("underscores", each("_a __b ")),
        ("tildes", each("a~~b ~c ")),
        (
            "code spans of growing length",
            (0..units / 10).map(|length| "`".repeat(length % 200 + 1) + "x").collect(),
        ),
        ("quotes", each("> ")),
        ("lists", each("- ")),
        ("quotes and lists", each("> - ")),
        (
            "lists line by line",
            (0..units).map(|line| format!("{}- x\n", " ".repeat(line % 200))).collect(),
        ),
        ("a table of many rows", format!("| a | b |\n|---|---|\n{}", each("| 一 | [b](c) |\n"))),
        (
            "a table of many columns",
            format!("|{}\n|{}\n|{}\n", each(" a |"), each("---|"), each(" b |")),
        ),
        ("tables without an end", each("| a |\n|---|\n")),
        ("tables of links", each("| [a](b) | [c](d) |\n|---|---|\n\n![](e)\n\n")),
        ("tables of links below bullets", each("- a\n\n| [a](b) | [c](d) |\n|---|---|\n\n")),
        ("tables above HTML", each("| a |\n|---|\n<br>\n\n")),
        ("reference definitions", each("[a]: b\n")),
        ("references to one definition", format!("[a]: b\n\n{}", each("[a] [b] "))),
        ("entities", each("&amp;&x;&#1;")),
        ("autolinks", each("<http://a.b> http://a.b www.a.b a@b.c ")),
        ("tags", each("<b></i><b x=y>")),
        ("headings of HTML left open", each("<h2>") + "\n\n" + &each("# a\n")),
        ("names in brackets with blanks", each("[[ a.md ]] ")),
        ("tags without an end", each("<a <b ")),
        ("comments", each("<!-- x --><!-- ")),
        ("comments that silence", each("<!-- notes: ignore stub -->\n")),
        ("comments over blank lines", each("a <!-- b\n\nc --> d\n\n")),
        ("comments over blank lines without an end", each("a <!-- b\n\nc\n\n")),
        ("anchors that end nowhere", each("<a id=\"x\"/>")),
        ("declarations", each("<!x <?y <![CDATA[")),
        ("blocks of HTML", each("<div>\n\n*x*\n\n")),
        ("details in details", each("<details>\n\n")),
        ("headings of one name", each("# x\n\n")),
        ("headings of levels", each("# x\n\n###### y\n\n")),
        ("footnotes", each("a[^b] [^b]: c\n\n")),
        ("boxes", each("::: tip\nx\n")),
        ("alerts", each("> [!NOTE]\n> x\n\n")),
        ("shortcodes", each("{{< x >}}{% y %}")),
        ("includes", each("{{#include x}} {{#include {{#include y")),
        ("destinations with blanks", each("[a](b c.md) ")),
        ("destinations without an end", each("[a](b c.md ")),
        ("lone backticks", format!("{}[a](b c.md)", each("` `` "))),
        ("code spans over lines", each("`a\n::: tip\n")),
        ("escaped backticks", each("\\`")),
        ("values without an end", each("<a b=\"c <d e='f ")),
        ("comments in paragraphs", each("a <!-- b\n")),
        ("blank lines in deep lists", format!("{}{}", "- ".repeat(1_000), each("\n\n"))),
        ("tables in paragraphs", each("a\n| b |\n| - |\n")),
        ("attributes behind links", each("[a](b){.c ")),
        ("boxes in titles", each("- [a](b \"\n      ::: tip\n      :::\n")),
        ("parentheses", each("[a](((((b ")),
        ("backslashes", each("\\\\\\*\\[")),
        ("signs of formulas", each("$ a` ")),
        ("formulas", each("$a_b$ ")),
        ("formulas in links", each("[$a](b$c) [[$](($ ")),
        ("double signs of formulas", each("$$ a\n")),
        ("titles of boxes", each("::: tip [a] **b** [c](d)\ne\n:::\n\n[a]: b\n\n")),
        ("sentences behind marks", each("> [!tip] a, b `c` d.\n> e\n\n")),
        ("candidates of images", each("<img srcset=\"a 1x, b 2x\">")),
        ("pictures with sizes", each("![a|3](b.png \":size=3\") ![[c.png|3]]\n\n")),
        ("sizes of pictures", each("![a](b.png =3x){.c} ")),
        ("references", each("[a]({{< ref b ")),
        ("boxes by indentation", each("!!! note\n    a\n\n")),
        ("boxes of quotes", each("> [!x]- a\n\n")),
        ("tabs", each("{% tab title=\"a\" %}\nb\n")),
        ("emphasis next to Chinese", each("**一：**二*三。*")),
        (
            "emphasis next to all characters",
            (0..units)
                .filter_map(|unit| char::from_u32(HAN + u32::try_from(unit % 20_000).ok()?))
                .map(|c| format!("{c}**(a)**"))
                .collect(),
        ),
        ("one long word", each("字")),
        ("line breaks", each("一\n二  \n三\\\n")),
        ("code", format!("```rust\n{}```\n", each("fn x() {}\n"))),
        ("fences", each("```\n~~~\n")),
        ("links on one line", each("[一](二.md) ")),
        ("images in links", each("[![a](b)](c) ")),
        (
            "tags and a term",
            format!(
                "---\nterm: x\ntags: [{}]\n---\n",
                each("a, ").get(..60_000).unwrap_or(&each("a, "))
            ),
        ),
        ("definitions", each("a\n: b\n\n")),
        (
            "front matter",
            format!(
                "---\ntitle: x\nkeywords: [{}]\n---\n",
                each("a, ").get(..60_000).unwrap_or(&each("a, "))
            ),
        ),
    ]
}

/// The least time of so many runs over a text, in milliseconds.
fn time(text: &str, runs: usize) -> f64 {
    let path = SourcePath::new("a.md").unwrap();
    let source = Source {
        path: &path,
        shown: "a.md",
        text,
        is_home: true,
        names: None,
        macros: None,
        drawings: None,
    };
    let run = || {
        let started = ThreadTime::now();
        let note = Note::parse(source, Options::default(), |_, _| {
            Err(Phrase::verbatim("it is not there"))
        });
        let took = started.elapsed().as_secs_f64() * 1e3;
        assert!(
            note.problems.iter().all(|problem| problem.kind != notes::diagnostic::Kind::Parser)
        );
        took
    };
    (0..runs).map(|_| run()).fold(f64::INFINITY, f64::min)
}

#[test]
#[expect(clippy::print_stdout, reason = "with `--nocapture` the test shows its table")]
fn time_doubles_with_the_text() {
    let mut table = String::new();
    let mut slow = Vec::new();
    for ((name, short), (_, long)) in texts(UNITS).into_iter().zip(texts(8 * UNITS)) {
        let least = time(&short, RUNS).max(SHORTEST / 8.0);
        let mut most = time(&long, 1);
        // More runs can only make the long time shorter, so they are for those that seem slow.
        if is_slow(least, most) {
            most = most.min(time(&long, RUNS));
        }
        let (length, growth) = (long.len(), most / least);
        table += &format!("{name:32} {length:9} B {least:8.2} {most:8.2} ms {growth:6.1}x\n");
        if is_slow(least, most) {
            slow.push(name);
        }
    }
    println!("{table}");
    assert!(slow.is_empty(), "these grow faster than the text: {slow:?}\n{table}");
}

/// True if the time of the long text is out of proportion to that of the short one.
fn is_slow(short: f64, long: f64) -> bool {
    long > MOST * short && long > SHORTEST
}
