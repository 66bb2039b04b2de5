//! Anything typed into the search, looked for in any text: what is found holds every word, and what
//! is marked lies within the text that is shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use notes::search::Query;
use notes::search::fold::fold;

fuzz_target!(|input: (&str, &str)| {
    let (typed, text) = input;
    let query = Query::parse(typed);
    let folded = fold(text);
    for (number, word) in query.words.iter().enumerate() {
        assert!(!word.text.is_empty() && !query.words[..number].contains(word));
        assert_eq!(fold(&word.text), word.text, "folded twice");
        for (from, to, _) in word.places(&folded) {
            // A phrase is found with hyphens between its words too.
            let found = folded.get(from..to).map(|found| found.replace('-', " "));
            assert!(from < to && found == Some(word.text.replace('-', " ")));
        }
    }
    // A query and its normalized form have the same results.
    let shown: Vec<&str> = query.words.iter().map(|word| word.text.as_str()).collect();
    let again = Query::parse(&shown.join(" "));
    let is_found = |text: &str| again.words.iter().any(|other| text.contains(&other.text));
    assert!(
        query
            .words
            .iter()
            .all(|word| word.is_whole || word.text.contains(' ') || is_found(&word.text))
    );
});
