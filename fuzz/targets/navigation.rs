//! Any text as `SUMMARY.md` and as `_sidebar.md`: entries are on lines of the file, in order, none
//! of them empty, and none deeper than those above it allow. A line may hold several.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notes::summary::{Style, parse};

fuzz_target!(|text: &str| {
    let lines = text.lines().count();
    for style in [Style::Summary, Style::Sidebar] {
        let (mut last, mut depth) = (1, 0);
        for (index, item) in parse(text, style).into_iter().enumerate() {
            assert!(
                item.line >= last && item.line as usize <= lines,
                "line {} of {lines}",
                item.line
            );
            assert!(!item.label.is_empty() || item.destination.is_some());
            assert!(
                item.depth <= depth + 1 && (index > 0 || item.depth <= 1),
                "depth {}",
                item.depth
            );
            (last, depth) = (item.line, item.depth);
        }
    }
});
