//! The `style` of an element → the same as far as it changes how a text looks, and neither leaves
//! it nor loads anything.
//!
//! Must not know: elements.

use std::borrow::Cow;

/// Properties that stay where they are and load nothing.
const HARMLESS: [&str; 17] = [
    "color",
    "background-color",
    "text-align",
    "text-decoration",
    "text-indent",
    "vertical-align",
    "white-space",
    "width",
    "height",
    "max-width",
    "max-height",
    "min-width",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "list-style-type",
];

/// The same with those derived from them: `border-left-color`, `padding-top`.
const HARMLESS_FAMILIES: [&str; 2] = ["border", "padding"];

/// Properties in notes of strangers: they change how words look and not where they are.
const SAFE: [&str; 9] = [
    "background-color",
    "color",
    "font-style",
    "font-weight",
    "list-style-type",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
];

/// Functions that give a colour.
const COLOURS: [&str; 4] = ["rgb", "rgba", "hsl", "hsla"];

/// The style that is kept, if any is. `is_safe`: the notes are strangers'.
pub(super) fn kept(value: &str, is_safe: bool) -> Option<Cow<'_, str>> {
    if !is_harmless(value) {
        return None;
    }
    if !is_safe {
        return Some(Cow::Borrowed(value));
    }
    let safe: Vec<String> = value.split(';').filter_map(safe_declaration).collect();
    if safe.is_empty() { None } else { Some(Cow::Owned(safe.join(";"))) }
}

/// Escapes, entities and functions could hide a property or an address.
fn is_harmless(value: &str) -> bool {
    let mut functions = value.match_indices('(').map(|(at, _)| &value[..at]);
    !value.contains(['\\', '&', '/'])
        && functions.all(|before| COLOURS.iter().any(|name| before.ends_with(name)))
        && value.split(';').all(is_harmless_declaration)
}

fn is_harmless_declaration(declaration: &str) -> bool {
    let Some((name, _)) = declaration.split_once(':') else {
        return declaration.trim().is_empty();
    };
    let name = name.trim().to_ascii_lowercase();
    let family = name.split('-').next().unwrap_or_default();
    HARMLESS.contains(&name.as_str()) || HARMLESS_FAMILIES.contains(&family)
}

fn safe_declaration(declaration: &str) -> Option<String> {
    let (name, value) = declaration.split_once(':')?;
    let name = name.trim().to_ascii_lowercase();
    SAFE.contains(&name.as_str()).then(|| format!("{name}:{}", value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_are_kept() {
        for (value, trusted, safe) in [
            ("color: red", true, Some("color:red")),
            ("color: red; width: 100vw", true, Some("color:red")),
            ("COLOR: rgb(1, 2, 3); border-left-color: #fff;", true, Some("color:rgb(1, 2, 3)")),
            ("width: 100vw", true, None),
            ("transform: translate(-500px, -900px)", false, None),
            ("margin: -999px", false, None),
            ("position:fixed", false, None),
            ("color: red; position:fixed", false, None),
            ("background:url(//x)", false, None),
            ("p\\6fsition:fixed", false, None),
            ("color: expression(x())", false, None),
        ] {
            let expected = trusted.then_some(value);
            assert_eq!(kept(value, false).as_deref(), expected, "{value}");
            assert_eq!(kept(value, true).as_deref(), safe, "{value}");
        }
    }
}
