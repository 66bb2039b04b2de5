//! Values that the browser keeps, and addresses, as others leave them → pages that work all the
//! same. Sites on one host, as all sites on disk, share what the browser keeps.

use serde_json::json;

use crate::comfort::{becomes, click, open, value};
use crate::driver::Driver;
use crate::site::Site;
use crate::window::ESCAPE;

const PAGE: &str = "a/b.html";
/// The colours that a reader has chosen.
const SCHEME: &str = "document.documentElement.dataset.scheme || ''";
/// The number of branches that can be opened or closed.
const BRANCHES: &str = "document.querySelectorAll('.navigation .branch > button').length";

fn notes() -> Site {
    let notes = [
        ("README.md", "# Home\n"),
        ("a/README.md", "# A\n"),
        ("a/b.md", "# B\n\n## 100%\n\nA word here\n\n## Second\n\nAnother word\n"),
        ("c/README.md", "# C\n"),
        ("c/d.md", "# D\n\nText\n"),
    ];
    let notes: Vec<_> = notes.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    Site::of_notes(&notes)
}

#[test]
fn preferences_and_branches_belong_to_one_site() {
    let (one, other, driver) = (notes(), notes(), Driver::start());
    let window = open(&driver, &one, PAGE, 1440);
    let closed = "[...document.querySelectorAll('.navigation .branch > button')].filter(button => \
         button.ariaExpanded === 'false').length";
    click(&window, ".preferences > button");
    click(&window, "input[value=dark]");
    click(&window, ".navigation .branch:not(:first-child) > button");
    assert_eq!(value(&window, closed), json!(0));
    window.open(&format!("{}{PAGE}", other.url));
    assert_eq!((value(&window, SCHEME), value(&window, closed)), (json!(""), json!(1)));
    window.open(&format!("{}{PAGE}", one.url));
    assert_eq!((value(&window, SCHEME), value(&window, closed)), (json!("dark"), json!(0)));
}

#[test]
fn preferences_of_earlier_versions_hold_until_others_are_chosen() {
    let (site, driver) = (notes(), Driver::start());
    let window = open(&driver, &site, PAGE, 1440);
    window.run(r#"localStorage.setItem("notes-preferences", '{"scheme":"sepia"}')"#, &json!([]));
    window.open(&format!("{}{PAGE}", site.url));
    assert_eq!(value(&window, SCHEME), json!("sepia"));
    click(&window, ".preferences > button");
    click(&window, "input[value=dark]");
    window.open(&format!("{}{PAGE}", site.url));
    assert_eq!(value(&window, SCHEME), json!("dark"));
}

#[test]
fn a_page_works_with_any_value_that_others_left() {
    let (site, driver) = (notes(), Driver::start());
    let window = open(&driver, &site, PAGE, 1440);
    let expected = value(&window, BRANCHES);
    assert_eq!(expected, json!(2));
    for kept in [
        r#"{"opened":5}"#,
        r#"{"opened":{"a":1},"folded":true,"top":"x"}"#,
        r#"{"opened":[5,null,{}],"folded":"C","scheme":{},"size":7}"#,
        "5",
        "[]",
        "\"x\"",
        "null",
        "{",
    ] {
        // A page keeps its own state when it is left, so the values are set in one that has none.
        window.open(&format!("{}static/words.js", site.url));
        let path = "location.pathname.replace(/static.words.js$/, '')";
        let script = format!(
            "sessionStorage.setItem('notes-sidebar:' + {path}, arguments[0]);\
             localStorage.setItem('notes-preferences:' + {path}, arguments[0]);"
        );
        window.run(&script, &json!([kept]));
        let _ = window.console();
        window.open(&format!("{}{PAGE}", site.url));
        assert_eq!(value(&window, BRANCHES), expected, "{kept}");
        assert_eq!(window.console(), [""; 0], "{kept}");
    }
}

#[test]
fn words_are_marked_whatever_the_fragment() {
    let (site, driver) = (notes(), Driver::start());
    let window = open(&driver, &site, PAGE, 1440);
    for fragment in ["100%", "%E0%A4%A", "%", "second"] {
        let _ = window.console();
        window.open(&format!("{}{PAGE}?q=word#{fragment}", site.url));
        becomes(&window, "document.querySelectorAll('mark.found').length", &json!(2));
        window.press(ESCAPE);
        becomes(&window, "document.querySelectorAll('mark.found').length", &json!(0));
        assert_eq!(window.console(), [""; 0], "{fragment}");
    }
}

#[test]
fn branches_below_a_gap_can_be_opened() {
    let mut notes = vec![("README.md".to_owned(), "# Home\n".to_owned())];
    for level in 1..=15 {
        let folder = "d/".repeat(level);
        notes.push((format!("{folder}README.md"), format!("# Level {level}\n")));
        notes.push((format!("{folder}e/note.md"), format!("# Note {level}\n\nText\n")));
    }
    let (site, driver) = (Site::of_notes(&notes), Driver::start());
    let window = open(&driver, &site, &format!("{}index.html", "d/".repeat(14)), 1440);
    let branch = "[...document.querySelectorAll('.navigation .gap .branch')].find(branch => \
         /site.(d.){10}e.index.html$/.test(branch.querySelector('a').pathname))";
    window.run(&format!("{branch}.querySelector('button').click()"), &json!([]));
    let below = format!("({branch}.querySelector('ul') || {{textContent: ''}}).textContent");
    becomes(&window, &below, &json!("Note 10"));
}
