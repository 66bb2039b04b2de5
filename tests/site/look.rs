//! Style sheets → the contrast of every colour of text with every colour it stands on, in both schemes.
//! At least 4.5 : 1, level AA of WCAG 2.2, success criterion 1.4.3.

use std::collections::BTreeMap;

const SHEETS: [&str; 2] = [include_str!("../../static/page.css"), include_str!("../../static/code.css")];
const DARK: &str = "@media (prefers-color-scheme: dark) {";

/// The custom properties of the first `:root` rule in a text.
fn properties(text: &str) -> BTreeMap<String, u32> {
    let rule =
        text.split_once(":root {").and_then(|(_, rest)| rest.split_once('}')).map_or("", |(rule, _)| rule);
    let lines =
        rule.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"));
    lines.map(|(name, colour)| (name.to_owned(), number(colour))).collect()
}

fn number(colour: &str) -> u32 {
    let long = if colour.len() == 3 {
        colour.chars().flat_map(|digit| [digit, digit]).collect()
    } else {
        colour.to_owned()
    };
    u32::from_str_radix(&long, 16).unwrap_or_else(|_| panic!("#{colour} is no colour"))
}

/// Light and dark.
fn schemes() -> [BTreeMap<String, u32>; 2] {
    let mut schemes = [BTreeMap::new(), BTreeMap::new()];
    for sheet in SHEETS {
        let (light, dark) = sheet.split_once(DARK).expect("a dark scheme");
        schemes[0].extend(properties(light));
        schemes[1].extend(properties(dark));
    }
    schemes
}

/// Relative luminance (WCAG 2.2).
fn luminance(colour: u32) -> f64 {
    let channel = |shift: u32| {
        let value = f64::from((colour >> shift) & 0xff) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}

fn contrast(a: u32, b: u32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_can_be_read_on_what_it_stands_on() {
    assert!((contrast(0x00_00_00, 0xff_ff_ff) - 21.0).abs() < 1e-9);
    for (scheme, colours) in ["light", "dark"].into_iter().zip(schemes()) {
        let check = |text: &str, back: &str| {
            let found = contrast(colours[text], colours[back]);
            assert!(found >= 4.5, "{scheme}: {text} on {back} is {found:.2}");
        };
        for text in ["text", "muted", "accent", "warning", "danger"] {
            for back in ["background", "panel"] {
                check(text, back);
            }
        }
        check("accent", "accent-soft");
        check("text", "mark");
        for text in colours.keys().filter(|name| name.starts_with("code-") && !name.ends_with("-back")) {
            for back in ["panel", "mark"] {
                check(text, back);
            }
        }
        check("code-string", "code-inserted-back");
        check("code-deleted", "code-deleted-back");
    }
}

#[test]
fn nothing_takes_contrast_away_again() {
    let text = include_str!("../../static/text.css");
    assert!(SHEETS.iter().chain([&text]).all(|sheet| !sheet.contains("opacity")));
}

#[test]
fn both_schemes_have_every_colour() {
    let [light, dark] = schemes();
    assert!(light.len() > 15, "{light:?}");
    assert_eq!(light.keys().collect::<Vec<_>>(), dark.keys().collect::<Vec<_>>());
}
