//! Texts that were once slow out of all proportion → pages, in a time that is no benchmark but far
//! from what they took.

use std::time::{Duration, Instant};

use notes::markdown::{Options, to_html};

/// Even without optimisation and on a busy machine; each of these took minutes so.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn time_grows_linearly_with_the_text() {
    for (name, text) in [
        ("parentheses after an address", format!("http://a{}", ")".repeat(100_000))),
        ("addresses within a word", "xhttp://".repeat(12_500)),
        (
            "elements that are never closed",
            format!("{}{}", "<b>".repeat(25_000), "</i>".repeat(25_000)),
        ),
        (
            "boxes that are never closed",
            format!("{}{}", "::: a\n".repeat(50_000), "::::\n".repeat(50_000)),
        ),
        ("destinations that never come", "](".repeat(200_000)),
        ("tables and headings", "| [a](b) |\n|---|\n\n# x\n\n".repeat(4_000)),
        ("brackets", "[".repeat(200_000)),
        ("declarations without an end", "<!a ".repeat(50_000)),
        ("attributes", format!("<b {}>x</b>", "a=1 b=2 ".repeat(20_000))),
        (
            "references of characters without an end",
            format!("<a href=\"{}\">x</a>", "&a".repeat(100_000)),
        ),
    ] {
        let started = Instant::now();
        let html = to_html(&text, Options::default());
        assert!(!html.is_empty());
        assert!(started.elapsed() < PATIENCE, "{name}: {:?}", started.elapsed());
    }
}
