//! Any text between the marks of front matter: it is read or reported, and what stands below it
//! stays.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notes::markdown::Options;
use notes::note::{Note, Source};
use notes::path::SourcePath;

fuzz_target!(|input: (bool, &str)| {
    let (is_toml, head) = input;
    let mark = if is_toml { "+++" } else { "---" };
    let text = format!("{mark}\n{head}\n{mark}\n\n尾声\n");
    let path = SourcePath::new("a.md").expect("a path");
    let source = Source {
        path: &path,
        shown: "a.md",
        text: &text,
        is_home: false,
        names: None,
        macros: None,
        drawings: None,
    };
    let note = Note::parse(source, Options::default(), |_, _| {
        Err(notes::phrase::Phrase::verbatim("it is not there"))
    });
    // Unless the text itself opens code or a comment that never ends.
    assert!(note.parsed.to_html().contains("尾声") || note.meta == notes::note::Meta::default());
    for text in [&note.meta.title, &note.meta.description].into_iter().flatten() {
        assert!(!text.contains('\n'), "a title of two lines");
    }
});
