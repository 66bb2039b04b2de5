//! A page as it is looked at → which rules of WCAG axe-core finds broken in it.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::driver::Driver;
use crate::report::Report;
use crate::site::{Page, Site, for_every_look};
use crate::window::{Look, WITH_DRAWER, Window};

/// The rules that count: WCAG 2.0 to 2.2, levels A and AA. There are none tagged `wcag22a`.
const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// The rules as a script.
pub fn axe() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe/axe.min.js");
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run tests/fetch-axe.sh", path.display()))
}

/// Violations of the rules in the open page.
pub fn broken_rules(window: &Window, axe: &str) -> Vec<String> {
    if window.run("return typeof axe === 'undefined'", &json!([])) == json!(true) {
        window.run(axe, &json!([]));
    }
    let found = window.run_and_wait(include_str!("axe.js"), &json!([TAGS]));
    found.as_array().unwrap().iter().map(|wrong| wrong.as_str().unwrap().to_owned()).collect()
}

#[test]
fn pages_break_no_rule_of_wcag() {
    let (site, driver, axe) = (Site::on_disk(), Driver::start(), axe());
    let window = driver.window();
    let mut report = Report::default();
    for_every_look(&window, &site.pages(), |place| report.add(place, broken_rules(&window, &axe)));
    report.assert_empty();
}

/// Narrows the text; gives the blocks that scroll once that is drawn, and those of them that cannot
/// be focused.
const NARROWED: &str = "const done = arguments[arguments.length - 1];\
    document.querySelector('article').style.width = '9rem';\
    requestAnimationFrame(() => setTimeout(() => {\
      const scrolls = (one) => one.scrollWidth > one.clientWidth;\
      const all = [...document.querySelectorAll('article :is(pre, .table)')].filter(scrolls);\
      done([all.length, all.filter((one) => one.tabIndex < 0).length]);\
    }));";

#[test]
fn blocks_that_begin_to_scroll_can_be_focused_as_soon_as_that_is_drawn() {
    let driver = Driver::start();
    let text = "# A\n\n```rust\nfn a_name() { another_name() }\n```\n\n\
         ```\nwords words words words\n```\n\n| a long head | another one |\n| --- | --- |\n";
    let site = Site::of_notes(&[("README.md".to_owned(), text.to_owned())]);
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{}index.html", site.url));
    assert_eq!(window.run_and_wait(NARROWED, &json!([])), json!([3, 0]));
}

#[test]
fn open_drawers_break_no_rule_of_wcag() {
    let (site, driver, axe) = (Site::on_disk(), Driver::start(), axe());
    let window = driver.window();
    let mut report = Report::default();
    let open: Vec<_> = site.pages_with_sidebar().iter().map(Page::with_drawer).collect();
    for_every_look(&window, &open, |place| {
        if WITH_DRAWER.contains(&place.1.width) {
            report.add(place, broken_rules(&window, &axe));
        }
    });
    report.assert_empty();
}
