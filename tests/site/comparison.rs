//! Two sets of files → a failure that names the first file that differs and shows the line.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

/// Fails unless both sets hold the same files with the same bytes; `context` says which case it is.
#[track_caller]
pub fn assert_same_files<K: Ord + AsRef<Path>>(
    found: &BTreeMap<K, Vec<u8>>,
    expected: &BTreeMap<K, Vec<u8>>,
    context: impl Display,
) {
    if let Some(difference) = difference(found, expected) {
        panic!("{difference}\n{context}");
    }
}

/// The first difference between two sets of files, in the order of their names.
pub fn difference<K: Ord + AsRef<Path>>(
    found: &BTreeMap<K, Vec<u8>>,
    expected: &BTreeMap<K, Vec<u8>>,
) -> Option<String> {
    for (name, bytes) in expected {
        let path = name.as_ref().display();
        let Some(other) = found.get(name) else { return Some(format!("{path} is missing")) };
        if other != bytes {
            return Some(format!("{path} differs, {}", first_line(other, bytes)));
        }
    }
    let more = found.keys().find(|name| !expected.contains_key(name))?;
    Some(format!("{} should not be there", more.as_ref().display()))
}

/// The first line in which two texts differ.
fn first_line(found: &[u8], expected: &[u8]) -> String {
    let (found, expected) = (String::from_utf8_lossy(found), String::from_utf8_lossy(expected));
    let (mut found, mut expected) = (found.split('\n'), expected.split('\n'));
    for number in 1.. {
        let (left, right) = (found.next(), expected.next());
        if left.is_none() && right.is_none() {
            break;
        }
        if left != right {
            return format!("line {number}:\n   found {left:?}\nexpected {right:?}");
        }
    }
    "in bytes that are no text".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn the_first_difference_names_its_file_and_line() {
        let expected = files(&[("a.html", "1\n2\n"), ("b.html", "3\n")]);
        assert_eq!(difference(&expected, &expected), None);
        for (found, message) in [
            (
                &[("a.html", "1\nx\n"), ("b.html", "y\n")][..],
                "a.html differs, line 2:\n   found Some(\"x\")\nexpected Some(\"2\")",
            ),
            (
                &[("a.html", "1\n2"), ("b.html", "3\n")],
                "a.html differs, line 3:\n   found None\nexpected Some(\"\")",
            ),
            (&[("b.html", "3\n")], "a.html is missing"),
            (
                &[("a.html", "1\n2\n"), ("b.html", "3\n"), ("c.html", "")],
                "c.html should not be there",
            ),
        ] {
            assert_eq!(difference(&files(found), &expected).as_deref(), Some(message));
        }
    }

    #[test]
    #[should_panic(expected = "b.html differs, line 1")]
    fn a_failure_names_the_file() {
        assert_same_files(&files(&[("b.html", "1")]), &files(&[("b.html", "2")]), "the case");
    }
}
