//! Style sheets → the contrast of every colour of text with every colour it stands on, in each
//! scheme. At least 4.5 : 1, level AA of WCAG 2.2, success criterion 1.4.3.

use std::collections::BTreeMap;

const SCHEMES: &str = include_str!("../../static/scheme.css");
const SHEETS: [&str; 6] = [
    SCHEMES,
    include_str!("../../static/page.css"),
    include_str!("../../static/home.css"),
    include_str!("../../static/text.css"),
    include_str!("../../static/code.css"),
    include_str!("../../static/links.css"),
];

/// The colours that the rule of a selector sets.
fn properties(selector: &str) -> BTreeMap<String, u32> {
    let rule = SCHEMES.split_once(&format!("{selector} {{")).expect("a rule").1;
    let rule = rule.split_once('}').map_or("", |(rule, _)| rule);
    let lines = rule
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"));
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

/// The schemes by name.
fn schemes() -> [(&'static str, BTreeMap<String, u32>); 4] {
    [
        ("light", properties("\n:root")),
        ("sepia", properties(":root[data-scheme=\"sepia\"]")),
        ("dark", properties(":root[data-scheme=\"dark\"]")),
        ("dark of the system", properties("  :root:not([data-scheme])")),
    ]
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
fn text_has_contrast_on_its_background() {
    assert!((contrast(0x00_00_00, 0xff_ff_ff) - 21.0).abs() < 1e-9);
    for (scheme, colours) in schemes() {
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
        for text in
            colours.keys().filter(|name| name.starts_with("code-") && !name.ends_with("-back"))
        {
            for back in ["panel", "mark"] {
                check(text, back);
            }
        }
        check("code-string", "code-inserted-back");
        check("code-deleted", "code-deleted-back");
        // Grounds that are mixed in the style sheets: of boxes, of code in a line, below the mouse.
        let mixed = |text: &str, part: f64| mixed(colours[text], colours["background"], part);
        for (text, ground) in [
            ("accent", mixed("accent", 0.08)),
            ("warning", mixed("warning", 0.08)),
            ("danger", mixed("danger", 0.08)),
            ("text", mixed("text", 0.07)),
            ("accent", mixed("text", 0.07)),
            ("muted", mixed("text", 0.07)),
        ] {
            let found = contrast(colours[text], ground);
            assert!(found >= 4.5, "{scheme}: {text} on {ground:06x} is {found:.2}");
        }
        for ground in ["accent", "warning", "danger"] {
            let found = contrast(colours["muted"], mixed(ground, 0.08));
            assert!(found >= 4.5, "{scheme}: muted in a box of {ground} is {found:.2}");
        }
    }
}

/// A colour of which a part is `colour` and the rest `ground`.
fn mixed(colour: u32, ground: u32, part: f64) -> u32 {
    let channel = |shift: u32| {
        let [colour, ground] = [colour, ground].map(|value| f64::from((value >> shift) & 0xff));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a byte")]
        let mixed = (ground + (colour - ground) * part).round() as u32;
        mixed << shift
    };
    channel(16) | channel(8) | channel(0)
}

#[test]
fn no_style_lowers_the_contrast() {
    assert!(SHEETS.iter().all(|sheet| !sheet.contains("opacity")));
}

#[test]
fn all_schemes_have_every_colour() {
    let [(_, light), (_, sepia), (_, dark), (_, system)] = schemes();
    assert!(light.len() > 15, "{light:?}");
    assert!(light.keys().eq(sepia.keys()));
    assert!(light.keys().eq(dark.keys()));
    assert_eq!(dark, system, "the dark colours stand there twice");
}

#[test]
fn scripts_and_styles_stay_small() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    // In bytes, compressed as static hosts do it.
    // The search comes when somebody is about to search, that of other sites where there are,
    // previews when somebody points at a link, and offline reading where the settings say so.
    let group = |name: &str| match name {
        "federation.js" => "federation",
        "offline.js" => "offline",
        "preview.js" => "preview",
        name if name.starts_with("search") => "search",
        _ => "page",
    };
    for (end, of, most) in [
        ("css", "page", 20_000),
        ("js", "page", 13_700),
        ("js", "search", 14_200),
        ("js", "preview", 3_000),
        ("js", "federation", 4_600),
        ("js", "offline", 3_000),
    ] {
        let mut gzip = Command::new("gzip")
            .arg("-6")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = gzip.stdin.take().unwrap();
        for entry in
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/static")).unwrap().flatten()
        {
            let is_meant = end == "css" || group(&entry.file_name().to_string_lossy()) == of;
            if is_meant && entry.path().extension().is_some_and(|found| found == end) {
                input.write_all(&std::fs::read(entry.path()).unwrap()).unwrap();
            }
        }
        drop(input);
        let size = gzip.wait_with_output().unwrap().stdout.len();
        assert!((1..most).contains(&size), "{end} of {of}: {size} bytes");
    }
}
