//! The examples of CommonMark 0.31.2 and GFM 0.29 → whether the program agrees: with the notes' own
//! rules off on all of them, with them on on all but those that `tests/standards/difference.rs`
//! lists with the reason.
//!
//! `tests/fetch-standards.sh` brings the examples.

mod difference;
mod example;

use std::collections::BTreeSet;

use notes::markdown::{Options, Rules, to_html};

use difference::DIFFERENCES;
use example::{Example, examples};

/// GFM's filter for tags that act on the whole page: the notes' own rules do more than that, so it
/// is not there twice.
const NOT_ON: [&str; 1] = ["tagfilter"];

fn html(example: &Example, rules: Rules) -> String {
    to_html(&example.markdown, Options { rules, ..Options::default() })
}

/// Fails with the first example that comes out otherwise.
fn check<'a>(examples: impl Iterator<Item = &'a Example>, rules: Rules) {
    for example in examples {
        assert_eq!(
            html(example, rules),
            example.html,
            "{} {}:\n{}",
            example.section,
            example.number,
            example.markdown
        );
    }
}

#[test]
fn commonmark_passes_with_the_notes_rules_off() {
    let examples = examples("commonmark.txt");
    assert_eq!(examples.len(), 652);
    check(examples.iter(), Rules::CommonMark);
}

#[test]
fn gfm_passes_for_what_is_on() {
    let examples = examples("gfm.txt");
    assert_eq!(examples.len(), 673);
    let extensions = examples.iter().filter(|example| !example.extension.is_empty());
    let (off, on): (Vec<_>, Vec<_>) =
        extensions.partition(|example| NOT_ON.contains(&example.extension.as_str()));
    assert_eq!((on.len(), off.len()), (23, 1));
    check(on.into_iter(), Rules::Gfm);
}

#[test]
fn the_notes_rules_differ_where_they_are_meant_to() {
    let examples = examples("commonmark.txt");
    let ours: Vec<String> = examples.iter().map(|example| html(example, Rules::Notes)).collect();
    let differs = |example: &&Example| ours[example.number - 1] != example.html;
    let found: BTreeSet<usize> =
        examples.iter().filter(differs).map(|example| example.number).collect();
    let listed = DIFFERENCES.iter().flat_map(|difference| difference.examples);
    assert_eq!(found, listed.copied().collect(), "the list is not that of what differs");
    for difference in DIFFERENCES {
        for &number in difference.examples {
            let html = &ours[number - 1];
            assert!(
                (difference.shows)(html),
                "{number} does not differ by this: {}\n{html}",
                difference.reason
            );
        }
    }
}
