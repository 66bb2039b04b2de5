//! Any text as a diagram: it is drawn or refused, twice in the same way; a drawing holds shapes and
//! text, and nothing that runs, loads or styles.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notes::diagram::{Diagram, draw};

/// Beginnings that the kinds of mermaid have.
const KINDS: [&str; 16] = [
    "",
    "flowchart LR\n",
    "sequenceDiagram\n",
    "classDiagram\n",
    "stateDiagram-v2\n",
    "erDiagram\n",
    "gantt\n",
    "pie\n",
    "mindmap\n",
    "journey\n",
    "timeline\n",
    "gitGraph\n",
    "quadrantChart\n",
    "xychart-beta\n",
    "block-beta\n",
    "C4Context\n",
];

fuzz_target!(|input: (u8, &str)| {
    let (kind, text) = input;
    let text = format!("{}{text}", KINDS[usize::from(kind) % KINDS.len()]);
    for language in ["mermaid", "markmap"] {
        let drawn = draw(language, &text);
        if let Ok(diagram) = &drawn {
            look_at(diagram);
        }
        assert_eq!(drawn, draw(language, &text));
    }
});

fn look_at(diagram: &Diagram) {
    let svg = format!("<svg{}", diagram.svg);
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let Some((tag, _)) = part.split_once('>') else { panic!("a tag without an end: {svg}") };
        let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{svg}");
            continue;
        }
        if !tag.ends_with('/') {
            open.push(name);
        }
        let refused = ["script", "style", "foreignObject", "image", "filter", "animate", "set"];
        assert!(!refused.contains(&name), "{svg}");
        for attribute in tag.split('"').step_by(2).skip(1) {
            let attribute = attribute.trim().trim_end_matches('=');
            assert!(!attribute.starts_with("on") && attribute != "style", "{attribute}: {svg}");
        }
        assert!(!tag.contains("url(h") && !tag.contains("href=\"h"), "{svg}");
    }
    assert!(open.is_empty(), "{open:?} are left open: {svg}");
    for hole in &diagram.holes {
        assert!(diagram.svg.is_char_boundary(hole.at as usize), "{hole:?}");
    }
}
