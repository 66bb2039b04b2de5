//! Any text as a note: it is parsed without a fault of the parser, its tree can be walked and
//! written, and its places are within the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notes::config::FrontMatterRules;
use notes::diagnostic::Kind;
use notes::markdown::{Options, Rules, WikiNames};
use notes::note::{Note, Source};
use notes::path::SourcePath;
use notes::phrase::Phrase;

fuzz_target!(|input: (u16, &str)| {
    let (switches, text) = input;
    let is_on = |bit: u16| switches & (1 << bit) != 0;
    let options = Options {
        rules: Rules::Notes,
        definition_lists: is_on(0),
        subscript: is_on(1),
        superscript: is_on(2),
        wiki_links: is_on(3),
        formulas: is_on(8),
        diagrams: is_on(11),
        highlight: is_on(9),
        insert: is_on(10),
        smart_punctuation: is_on(4),
        safe_html: is_on(6),
        front_matter: FrontMatterRules { has_key_lines: is_on(7), order_key: Some("weight") },
    };
    let path = SourcePath::new("一/二 三.md").expect("a path");
    let mut names = WikiNames::default();
    names.add_note(&path);
    let names = Some(&names).filter(|_| !is_on(3));
    let source = Source {
        path: &path,
        shown: "一/二 三.md",
        text,
        is_home: is_on(5),
        names,
        macros: None,
        drawings: None,
    };
    let note = Note::parse(source, options, |_, wanted| match wanted.len() % 3 {
        0 => Err(Phrase::verbatim("it is not there")),
        _ => Ok(format!("{wanted}\n```\n{wanted}\n").into()),
    });
    assert!(note.problems.iter().all(|problem| problem.kind != Kind::Parser));
    let passages = notes::markdown::passages(&note.parsed);
    assert!(passages.len() <= note.parsed.outline.len() + 1, "more passages than headings");
    let _ = note.parsed.to_html();
    let lines = u32::try_from(text.split(['\n', '\r']).count()).expect("a small text");
    let outline = note.parsed.heading_lines.iter();
    for line in outline.chain(note.parsed.links.iter().map(|link| &link.place.line)) {
        assert!((1..=lines).contains(line), "line {line} of {lines}");
    }
    for problem in &note.problems {
        let span = problem.location.span;
        assert!(span.line <= lines && (span.line > 0 || span.column == 0), "{problem:?}");
    }
    assert_eq!(note.parsed.outline.len(), note.parsed.heading_lines.len());
    let _ = (note.title("二 三", Some(text)), note.facts());
});
