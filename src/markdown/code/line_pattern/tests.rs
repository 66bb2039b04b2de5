//! Expressions against Oniguruma: those of all grammars, a table, and some put together by chance.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::markdown::code::language::GRAMMARS;
use crate::markdown::code::pattern::matcher::symbol_at;
use crate::markdown::code::rules::{ContextRules, start_rules};

/// Steps for a match; some take exponentially many.
const MOST: u64 = 10_000;

/// Lines in which most rules of most grammars match something.
const LINES: &str = include_str!("lines.txt");

/// All contexts that a text of any language can come to.
fn contexts() -> Vec<&'static ContextRules> {
    let mut left: Vec<&ContextRules> =
        GRAMMARS.syntaxes().iter().map(|syntax| start_rules(syntax).unwrap()).collect();
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    while let Some(context) = left.pop() {
        if !seen.insert(std::ptr::from_ref(context).addr()) {
            continue;
        }
        all.push(context);
        for of in &context.rules {
            let targets = of.rule.targets().unwrap();
            left.extend(targets.contexts.iter().copied().chain(targets.with_prototype));
        }
    }
    all
}

/// The ranges of the groups of a match, the whole match first.
type Ranges = Vec<Option<(usize, usize)>>;

/// The first match from a position on, by Oniguruma.
fn searched(onig: &Regex, line: &str, from: usize) -> Result<Option<Ranges>, onig::Error> {
    let mut limit = MatchParam::default();
    limit.set_retry_limit_in_match(10_000);
    let mut region = Region::new();
    let options = SearchOptions::SEARCH_OPTION_NONE;
    let found =
        onig.search_with_param(line, from, line.len(), options, Some(&mut region), limit)?;
    Ok(found.map(|_| (0..region.len()).map(|index| region.pos(index)).collect()))
}

/// The first match from a position on.
fn first_match(
    read: &LinePattern,
    line: &str,
    from: usize,
    work: &mut Workspace,
) -> Result<Option<Ranges>, HighlightFailure> {
    for at in (from..=line.len()).filter(|at| line.is_char_boundary(*at)) {
        let before = line[..at].bytes().next_back().map_or(Before::Start, Before::of);
        if !read.may_begin(before, symbol_at(line, at)) {
            continue;
        }
        if let Some(groups) = read.match_at(line, from, at, work)? {
            let count = groups.ranges.as_ref().map_or(0, |ranges| ranges.len());
            return Ok(Some((0..=count).map(|number| groups.get(number)).collect()));
        }
    }
    Ok(None)
}

#[test]
fn every_expression_of_every_grammar_matches_as_in_oniguruma() {
    let mut seen = HashSet::new();
    let (mut matches, mut given_up, mut unread) = (0, 0, Vec::new());
    for of in contexts().iter().flat_map(|context| &context.rules) {
        let rule = of.rule;
        let source = rule.pattern.regex.regex_str();
        if rule.pattern.has_captures || !seen.insert(source) {
            continue;
        }
        let read = LinePattern::new(source, true);
        let options = RegexOptions::REGEX_OPTION_CAPTURE_GROUP;
        let onig = Regex::with_options(source, options, Syntax::default()).unwrap();
        let mut work = Workspace::new(Steps::new(0));
        for line in LINES.split_inclusive('\n') {
            let mut from = 0;
            while from <= line.len() {
                work.steps = Steps::new(MOST);
                let (Ok(expected), Ok(found)) =
                    (searched(&onig, line, from), first_match(&read, line, from, &mut work))
                else {
                    given_up += 1;
                    break;
                };
                assert_eq!(found, expected, "{source}\n{line}{from}");
                let Some((start, end)) = expected.and_then(|groups| groups[0]) else { break };
                matches += 1;
                from = end.max(start + 1);
                while from < line.len() && !line.is_char_boundary(from) {
                    from += 1;
                }
            }
        }
        if read.program.get().is_some_and(Option::is_none) {
            unread.push(source);
        }
    }
    // The others are too rare to be worth it.
    assert!(unread.len() * 100 < seen.len(), "{}", unread.join("\n"));
    assert!(matches > 200_000 && given_up < 100, "{matches}, {given_up}");
}

/// Holds an expression against Oniguruma in a text; `false` if it is not read, or takes too long.
fn compare(source: &str, text: &str) -> bool {
    let options = RegexOptions::REGEX_OPTION_CAPTURE_GROUP;
    let Ok(onig) = Regex::with_options(source, options, Syntax::default()) else { return false };
    let mut is_read = true;
    for has_groups in [true, false] {
        let read = LinePattern::new(source, has_groups);
        let mut work = Workspace::new(Steps::new(MOST));
        let (Ok(mut expected), Ok(found)) =
            (searched(&onig, text, 0), first_match(&read, text, 0, &mut work))
        else {
            return false;
        };
        if let Some(ranges) = expected.as_mut().filter(|_| !has_groups) {
            ranges.truncate(1);
        }
        assert_eq!(found, expected, "{source:?} in {text:?}, groups {has_groups}");
        is_read &= read.program.get().is_none_or(Option::is_some);
    }
    is_read
}

/// Texts for [`SOURCES`].
const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "aa",
    "aaa",
    "aaaaa",
    "ab",
    "ba",
    "aba",
    "b a",
    "xay",
    "a1_",
    "ß",
    "SS",
    "ſ",
    "k",
    "\u{212A}",
    "汉a",
    "а",
    "(a(b)c)",
    "((((((((((((((((((((((a))))))))))))))))))))))",
    "a#b",
    "a b",
    "é",
    "aé",
    "#)",
    "a\n",
    "\n",
];

/// Expressions with every construct, and with those that few grammars have.
const SOURCES: &[&str] = &[
    "a{2}?",
    "a{2,3}+",
    "a{1,1}?",
    "a{,2}",
    "a{2,}",
    "a{,}",
    "a{x}",
    "a{5,2}",
    "a++b",
    "a?+a",
    "(a|ab)(c|bcd|b)?",
    "(a*)*",
    "(a*)+",
    "(?:a?)*?b",
    "(a|b)*a",
    "(?>a|ab)b",
    "(?>a*)a",
    "a(?=b)",
    "a(?!b)",
    "(?<=a)b",
    "(?<!a)b",
    "(?<=^|b)a",
    "(?<=a|ba)b",
    "(?<!ab|b)a",
    r"(a)\1",
    r"(?i)(a)\1",
    "(?i)[[:upper:]]",
    r"(?i)\p{Lu}",
    "(?i)[x[^a]]",
    r"(?i)[\w&&[^a]]",
    "(?i)[[a]&&[A]]",
    "(?i)[^a]",
    "(?i)ß",
    "(?i)ſ",
    "(?i)k",
    "(?i)ss",
    "(?i)\u{212A}",
    "(?i)а",
    "(?i)é",
    "[^a]",
    "[^\\w]",
    "[a-c&&b-d]",
    "[]a]",
    "[a-]",
    "[-a]",
    "[[a]b]",
    r"[\]a]",
    "[[:^alpha:]]",
    r"\p{^L}",
    r"\P{L}",
    r"\bа",
    r"\Ba",
    "^a",
    "a$",
    r"\Aa",
    r"a\z",
    r"a\Z",
    "(?m).",
    ".",
    "(?x) a # b\n b",
    "(?x)a b+",
    "a(?#c)b",
    r"(?#\))a",
    "a(?i)B|c",
    "(?i:a)b",
    "(?-i:a)",
    "(?<n>a)b",
    r"(\((?>[^()]+|\g<-1>)*\))",
    r"(\((?>(?>[^()]+)|\g<1>)*\))a?",
    r"\x61",
    r"\x{62}",
    r"\u0061",
    r"\t",
    r"\h",
    r"\H",
    r"\s",
    r"\S",
    "a|",
    "|a",
    "()a",
    "(|a)+b",
];

#[test]
fn expressions_of_every_kind_match_as_in_oniguruma() {
    for source in SOURCES {
        for text in TEXTS {
            compare(source, text);
        }
    }
}

fn expression() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "a", "b", "_", "汉", "é", " ", "[ab]", "[^a]", "[a-z]", r"\w", r"\W", r"\s", r"\S", r"\d",
        ".", r"\b", r"\B", "^", "$", r"\p{L}", r"\p{Lu}", "aa", "ab", "ba",
    ]);
    atom.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        let times = prop::sample::select(vec![
            "", "?", "*", "+", "??", "*?", "+?", "?+", "*+", "++", "{2}", "{1,2}", "{0,1}?",
        ]);
        let around = prop::sample::select(vec![
            ("(", ")"),
            ("(?:", ")"),
            ("(?>", ")"),
            ("(?=", ")"),
            ("(?!", ")"),
            ("(?<=", ")"),
            ("(?<!", ")"),
            ("(?i:", ")"),
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("(?:{})", parts.join("|"))),
            (inner.clone(), times).prop_map(|(what, times)| format!("(?:{what}){times}")),
            (inner, around).prop_map(|(what, (begin, end))| format!("{begin}{what}{end}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn expressions_put_together_by_chance_match_as_in_oniguruma(
        source in expression(),
        text in "[abAB_ 1汉éЖ，]{0,8}\n?"
    ) {
        compare(&source, &text);
    }
}
