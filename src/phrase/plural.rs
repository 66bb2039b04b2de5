//! Numbers of things in messages: `1 note`, `2 notes`, `3 entries`.
//!
//! Must not know: the things, other languages than English.

/// A number with its noun, which is given in the singular.
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 {
        return format!("1 {noun}");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        for (count, noun, expected) in [
            (0, "note", "0 notes"),
            (1, "note", "1 note"),
            (2, "note", "2 notes"),
            (2, "entry", "2 entries"),
            (1, "entry", "1 entry"),
            (2, "key", "2 keys"),
        ] {
            assert_eq!(counted(count, noun), expected);
        }
    }
}
