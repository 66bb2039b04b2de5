//! The `style` of an element → the same as far as it changes how a text looks, and neither leaves
//! it nor loads anything.
//!
//! Must not know: elements.

use std::borrow::Cow;

/// Properties that stay where they are and load nothing.
const HARMLESS: [&str; 20] = [
    "background",
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
    "min-height",
    // Typora's size of a picture.
    "zoom",
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

/// The style that is kept, if any is: each declaration for itself. `is_safe`: the notes are
/// strangers'.
pub(super) fn kept(value: &str, is_safe: bool) -> Option<Cow<'_, str>> {
    let declarations = || value.split(';').filter(|part| !part.trim().is_empty());
    if !is_safe && declarations().all(is_harmless) {
        return (!value.trim().is_empty()).then_some(Cow::Borrowed(value));
    }
    let kept = declarations().filter(|declaration| is_harmless(declaration));
    let kept: Vec<String> = if is_safe {
        kept.filter_map(safe_declaration).collect()
    } else {
        kept.map(|declaration| declaration.trim().to_owned()).collect()
    };
    if kept.is_empty() { None } else { Some(Cow::Owned(kept.join("; "))) }
}

/// True for a declaration of a harmless property. Escapes, entities, comments, strings, blocks and
/// functions could hide a property or an address, or reach beyond the declaration.
fn is_harmless(declaration: &str) -> bool {
    let Some((name, value)) = declaration.split_once(':') else { return false };
    let mut functions = value.match_indices('(').map(|(at, _)| &value[..at]);
    let name = name.trim().to_ascii_lowercase();
    let family = name.split('-').next().unwrap_or_default();
    (HARMLESS.contains(&name.as_str()) || HARMLESS_FAMILIES.contains(&family))
        && !value.contains(['\\', '&', '/', '"', '\'', '{', '}', '[', ']', '@', ':'])
        && functions.all(|before| COLOURS.iter().any(|name| before.ends_with(name)))
        && value.matches('(').count() == value.matches(')').count()
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
            ("background:url(//x)", false, None),
            ("p\\6fsition:fixed", false, None),
            ("color: expression(x())", false, None),
        ] {
            let expected = trusted.then_some(value);
            assert_eq!(kept(value, false).as_deref(), expected, "{value}");
            assert_eq!(kept(value, true).as_deref(), safe, "{value}");
        }
    }

    #[test]
    fn one_bad_declaration_drops_no_other() {
        for (value, trusted, safe) in [
            ("zoom:50%;", Some("zoom:50%;"), None),
            ("background:#eee", Some("background:#eee"), None),
            ("color: red; position:fixed", Some("color: red"), Some("color:red")),
            ("position:fixed;zoom: 33%;margin:0 auto", Some("zoom: 33%"), None),
            ("background:url(data:x;base64,y); width:2px", Some("width:2px"), None),
            ("color:red&#59;position:fixed;width:2px", Some("width:2px"), None),
            ("width:1px/*;*/position:fixed/*;*/;color:red", Some("color:red"), Some("color:red")),
            ("color:'red;width:2px;x'", Some("width:2px"), None),
            ("color:{;width:2px;position:fixed}", Some("width:2px"), None),
            ("color:rgb(1;width:2px)", None, None),
            ("", None, None),
        ] {
            assert_eq!(kept(value, false).as_deref(), trusted, "{value}");
            assert_eq!(kept(value, true).as_deref(), safe, "{value}");
        }
    }
}
