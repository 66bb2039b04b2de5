//! The attributes of an element of HTML → those that a book has: language, direction, class, style,
//! and what belongs to tables, lists and pictures.
//!
//! Must not know: trees, addresses.

use html5ever::Attribute;

/// Properties and values of styles that are kept are made of these characters.
const IN_STYLE: &str = " -.,%#()!/'";

/// The attributes that are kept, apart from ids and addresses.
pub(super) fn kept(element: &str, attributes: &[Attribute]) -> Vec<(&'static str, String)> {
    let value = |wanted: &str| {
        let found = attributes.iter().find(|attribute| *attribute.name.local == *wanted);
        found.map(|attribute| attribute.value.trim()).filter(|value| !value.is_empty())
    };
    let mut kept = Vec::new();
    let mut keep = |name, value: Option<&str>| {
        kept.extend(value.map(|value| (name, value.to_owned())));
    };
    keep("class", value("class"));
    keep("dir", value("dir").filter(|dir| matches!(*dir, "ltr" | "rtl" | "auto")));
    let language = value("lang").filter(|tag| is_language(tag));
    keep("xml:lang", language);
    keep("lang", language);
    // The program's words about a dead link are for pages.
    keep("title", value("title").filter(|_| value("class") != Some("dead")));
    match element {
        "td" | "th" => {
            keep("colspan", value("colspan").filter(|count| is_count(count)));
            keep("rowspan", value("rowspan").filter(|count| is_count(count)));
            if element == "th" {
                let scopes = ["row", "col", "rowgroup", "colgroup"];
                keep("scope", value("scope").filter(|scope| scopes.contains(scope)));
            }
        }
        "ol" => {
            keep("start", value("start").filter(|start| start.parse::<i32>().is_ok()));
            let kinds = ["1", "a", "A", "i", "I"];
            keep("type", value("type").filter(|kind| kinds.contains(kind)));
            let is_reversed = attributes.iter().any(|a| *a.name.local == *"reversed");
            keep("reversed", is_reversed.then_some("reversed"));
        }
        "li" => keep("value", value("value").filter(|number| number.parse::<i32>().is_ok())),
        "col" | "colgroup" => keep("span", value("span").filter(|count| is_count(count))),
        "img" => {
            keep("width", value("width").filter(|width| is_count(width)));
            keep("height", value("height").filter(|height| is_count(height)));
        }
        _ => {}
    }
    let style = style(element, value);
    if !style.is_empty() {
        kept.push(("style", style));
    }
    kept
}

/// The style of an element, with that of attributes that HTML had before there were styles.
fn style<'v>(element: &str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let mut style = Vec::new();
    let sides = ["left", "center", "right", "justify"];
    let side = value("align").map(str::to_lowercase).filter(|side| sides.contains(&&**side));
    if element != "img" {
        style.extend(side.map(|side| format!("text-align: {side}")));
    }
    let width = value("width").filter(|_| matches!(element, "img" | "td" | "th" | "table"));
    let percent = width.and_then(|width| width.strip_suffix('%'));
    let percent = percent.filter(|number| number.parse::<f32>().is_ok_and(|n| n > 0.0));
    style.extend(percent.map(|number| format!("width: {number}%")));
    let colour = value("color").filter(|colour| {
        colour.strip_prefix('#').unwrap_or(colour).bytes().all(|b| b.is_ascii_alphanumeric())
    });
    style.extend(colour.map(|colour| format!("color: {colour}")));
    let declarations = value("style").unwrap_or_default().split(';').map(str::trim);
    style.extend(declarations.filter(|declaration| is_sound(declaration)).map(str::to_owned));
    style.join("; ")
}

/// True for a declaration that every reader reads, whatever its value means.
fn is_sound(declaration: &str) -> bool {
    let Some((property, value)) = declaration.split_once(':') else { return false };
    let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
    let property = property.trim();
    let known = !property.is_empty() && property.chars().all(is_name) && property != "zoom";
    let value = value.trim();
    let count = |sign| value.matches(sign).count();
    known
        && !value.is_empty()
        && value.chars().all(|c| c.is_ascii_alphanumeric() || IN_STYLE.contains(c))
        && count('(') == count(')')
        && count('\'') % 2 == 0
        && !value.contains("url")
}

fn is_count(value: &str) -> bool {
    value.parse::<u16>().is_ok_and(|count| count > 0)
}

/// True for what can be the tag of a language (BCP 47): letters and digits in pieces of at most
/// eight.
pub(super) fn is_language(tag: &str) -> bool {
    let mut pieces = tag.split('-');
    let first = pieces.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && pieces.all(|piece| {
            (1..=8).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use html5ever::{LocalName, QualName, ns};

    use super::*;

    fn written(element: &str, attributes: &[(&str, &str)]) -> String {
        let attribute = |(name, value): &(&str, &str)| Attribute {
            name: QualName::new(None, ns!(), LocalName::from(*name)),
            value: (*value).into(),
        };
        let attributes: Vec<Attribute> = attributes.iter().map(attribute).collect();
        let kept = kept(element, &attributes).into_iter();
        kept.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn attributes_are_kept_in_the_form_of_today() {
        for (element, attributes, expected) in [
            ("td", &[("align", "CENTER"), ("bgcolor", "red")][..], "style=text-align: center"),
            ("td", &[("colspan", "0"), ("rowspan", "2")], "rowspan=2"),
            ("img", &[("width", "50%"), ("height", "20")], "height=20 style=width: 50%"),
            ("img", &[("width", "300px"), ("align", "left")], ""),
            ("span", &[("color", "#f00"), ("size", "7")], "style=color: #f00"),
            ("p", &[("style", "color: red; x; a:url(b); zoom: 2")], "style=color: red"),
            ("p", &[("style", "width: calc(1px")], ""),
            ("p", &[("lang", "zh-Hans"), ("role", "x")], "xml:lang=zh-Hans lang=zh-Hans"),
            ("p", &[("lang", "not a tag"), ("data-x", "1"), ("aria-label", "y")], ""),
            (
                "ol",
                &[("start", "-2"), ("reversed", ""), ("type", "x")],
                "start=-2 reversed=reversed",
            ),
            ("span", &[("class", "dead"), ("title", "where it led")], "class=dead"),
        ] {
            assert_eq!(written(element, attributes), expected, "{element} {attributes:?}");
        }
    }
}
