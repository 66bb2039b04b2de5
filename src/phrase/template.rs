//! A template → its pieces: text, and places such as `{file}` and `{count:note}`, a number with its
//! noun. `{{` and `}}` are braces.
//!
//! Must not know: languages.

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemplatePiece<'t> {
    /// Text.
    Literal(&'t str),
    /// The place of an argument.
    Place {
        /// Its name.
        name: &'t str,
        /// The noun in the singular that a number is shown with.
        noun: Option<&'t str>,
    },
}

/// The pieces of a template in order.
pub(super) fn pieces(template: &str) -> impl Iterator<Item = TemplatePiece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (piece, after) = first_piece(rest)?;
        rest = after;
        Some(piece)
    })
}

fn first_piece(text: &str) -> Option<(TemplatePiece<'_>, &str)> {
    if text.is_empty() {
        return None;
    }
    let brace = text.find(['{', '}']).unwrap_or(text.len());
    if brace > 0 {
        return Some((TemplatePiece::Literal(&text[..brace]), &text[brace..]));
    }
    if text.starts_with("{{") || text.starts_with("}}") {
        return Some((TemplatePiece::Literal(&text[..1]), &text[2..]));
    }
    let Some((place, after)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return Some((TemplatePiece::Literal(text), ""));
    };
    let (name, noun) = match place.split_once(':') {
        Some((name, noun)) => (name, Some(noun)),
        None => (place, None),
    };
    Some((TemplatePiece::Place { name, noun }, after))
}

/// The names of the places in a template, each once, in alphabetical order.
#[must_use]
pub fn places(template: &str) -> Vec<&str> {
    let named = pieces(template).filter_map(|piece| match piece {
        TemplatePiece::Place { name, .. } => Some(name),
        TemplatePiece::Literal(_) => None,
    });
    let mut names: Vec<&str> = named.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// True if each place of a template has one of these names, and each name has a place. It is asked
/// when the program is compiled, where neither iterators nor slices of texts can be used.
#[must_use]
pub const fn fits(template: &str, names: &[&str]) -> bool {
    let text = template.as_bytes();
    let (mut at, mut found) = (0, 0_u64);
    while at < text.len() {
        let is_double = at + 1 < text.len() && text[at] == text[at + 1];
        if matches!(text[at], b'{' | b'}') && is_double {
            at += 2;
            continue;
        }
        if text[at] == b'}' {
            return false;
        }
        if text[at] == b'{' {
            let Some(index) = index_of_name(text, at + 1, names) else { return false };
            found |= 1 << index;
            while at < text.len() && text[at] != b'}' {
                at += 1;
            }
        }
        at += 1;
    }
    found.count_ones() as usize == names.len()
}

/// The index of the name that is at this place of a template.
const fn index_of_name(text: &[u8], at: usize, names: &[&str]) -> Option<usize> {
    let mut index = 0;
    while index < names.len() {
        let name = names[index].as_bytes();
        let mut length = 0;
        while length < name.len() && at + length < text.len() && text[at + length] == name[length] {
            length += 1;
        }
        let end = at + length;
        if length == name.len() && end < text.len() && matches!(text[end], b'}' | b':') {
            return Some(index);
        }
        index += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_cut_at_places() {
        let place = |name, noun| TemplatePiece::Place { name, noun };
        for (template, expected) in [
            ("", vec![]),
            (
                "a {b}{c:d e} f",
                vec![
                    TemplatePiece::Literal("a "),
                    place("b", None),
                    place("c", Some("d e")),
                    TemplatePiece::Literal(" f"),
                ],
            ),
            (
                "{{a}}",
                vec![
                    TemplatePiece::Literal("{"),
                    TemplatePiece::Literal("a"),
                    TemplatePiece::Literal("}"),
                ],
            ),
            (
                "{{{a}}}",
                vec![TemplatePiece::Literal("{"), place("a", None), TemplatePiece::Literal("}")],
            ),
        ] {
            assert_eq!(pieces(template).collect::<Vec<_>>(), expected, "{template}");
        }
        assert_eq!(places("{b} {a:note} {b} {{c}}"), ["a", "b"]);
    }

    #[test]
    fn places_fit_names() {
        for (template, names, expected) in [
            ("", &[][..], true),
            ("a", &["a"], false),
            ("{a}", &["a"], true),
            ("{a} {a:b}", &["a"], true),
            ("{a} {b}", &["b", "a"], true),
            ("{ab}", &["a"], false),
            ("{a}", &[], false),
            ("{{a}}", &[], true),
            ("{{a}}", &["a"], false),
            ("{{{a}}}", &["a"], true),
            ("a}", &[], false),
            ("{a", &["a"], false),
            ("{}", &[], false),
        ] {
            assert_eq!(fits(template, names), expected, "{template} {names:?}");
        }
    }
}
