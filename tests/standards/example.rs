//! A specification's text → its examples.

use std::fs;
use std::path::Path;

/// A text of Markdown and the HTML that it must become.
pub struct Example {
    /// Counted from 1 through the whole specification.
    pub number: usize,
    /// The heading it stands under.
    pub section: String,
    /// The extension of GFM it is about; empty for CommonMark.
    pub extension: String,
    /// The Markdown.
    pub markdown: String,
    /// The HTML.
    pub html: String,
}

/// Reads the examples of a specification that was fetched.
///
/// An example is a fence of 32 backticks and `example`, the Markdown, a line `.`, the HTML, and the
/// fence again; `→` stands for a tab.
pub fn examples(name: &str) -> Vec<Example> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/standards").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; run tests/fetch-standards.sh", path.display())
    });
    let fence = "`".repeat(32);
    let mut examples: Vec<Example> = Vec::new();
    let mut section = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(extension) =
            line.strip_prefix(&fence).and_then(|rest| rest.trim().strip_prefix("example"))
        {
            let mut until = |end: &str| {
                let part = lines.by_ref().take_while(|line| *line != end);
                part.map(|line| line.replace('→', "\t") + "\n").collect::<String>()
            };
            examples.push(Example {
                number: examples.len() + 1,
                section: section.to_owned(),
                extension: extension.trim().to_owned(),
                markdown: until("."),
                html: until(&fence),
            });
        } else if line.starts_with('#') {
            section = line.trim_start_matches('#').trim();
        }
    }
    examples
}
