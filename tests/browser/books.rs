//! A library of several books → its pages as readers use them: the menu of books, with and without
//! scripts, one search from any book, all links, and the rules for accessibility.

use serde_json::json;

use crate::accessible::{axe, broken_rules};
use crate::comfort::{becomes, value};
use crate::driver::Driver;
use crate::narrow::too_wide;
use crate::report::Report;
use crate::site::{Site, for_every_look};
use crate::window::Look;

const FIELD: &str = "document.querySelector('form.search input')";

fn library() -> Site {
    let notes = [
        (
            "notes.yaml",
            "title: 书库\nlanguage: zh-CN\nbooks: [甲书, {path: 乙书, at: two, title: Second book}]\n",
        ),
        ("README.md", "# 书库\n\n两本书。[外面](https://e.org/home)\n"),
        ("甲书/README.md", "# 甲书\n\n文。[乙](../乙书/b.md)\n"),
        ("甲书/部分/README.md", "# 部分\n\n文。\n"),
        ("甲书/部分/a.md", "# 一致性\n\n强一致性。[外面](https://e.org/a)\n"),
        ("乙书/README.md", "# Second book\n\nText.\n"),
        ("乙书/b.md", "# B\n\n也有强一致性。[外面](https://e.org/a)\n"),
        ("乙书/deep/c.md", "# C\n\nText.\n"),
    ];
    Site::of_notes(&notes.map(|(path, text)| (path.to_owned(), text.to_owned())))
}

#[test]
fn pages_of_a_library_break_no_rule_and_fit_the_window() {
    let (site, driver, axe) = (library(), Driver::start(), axe());
    let window = driver.window();
    let mut report = Report::default();
    for_every_look(&window, &site.pages(), |place| {
        // With the menu open.
        window.run(
            "for (const menu of document.querySelectorAll('details.books')) menu.open = true",
            &json!([]),
        );
        report.add(place, broken_rules(&window, &axe));
        report.add(place, too_wide(&window, place.1.width));
    });
    report.assert_empty();
}

#[test]
fn the_search_of_a_book_finds_in_all_and_asks_for_its_own_first() {
    let (site, driver) = (library(), Driver::start());
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{}two/b.html", site.url));
    window.run(&format!("{FIELD}.focus()"), &json!([]));
    window.type_text("强一致性");
    becomes(
        &window,
        "(document.querySelector('form.search .count') || {}).textContent",
        &json!("找到 2 页"),
    );
    let books = "[...document.querySelectorAll('form.search .part:not([hidden]) option')].map((one) => one.value)";
    assert_eq!(value(&window, books), json!(["", "Second book", "甲书"]));
    let choose = "const list = document.querySelector('form.search .part select');\
        list.value = 'Second book'; list.dispatchEvent(new Event('change'))";
    window.run(choose, &json!([]));
    becomes(
        &window,
        "(document.querySelector('form.search .count') || {}).textContent",
        &json!("找到 1 页"),
    );
    let addresses = "[...document.querySelectorAll('[role=listbox] [role=option]')].map((one) => one.href.split('/').slice(-2).join('/').split(/[?#]/)[0])";
    assert_eq!(value(&window, addresses), json!(["two/b.html"]));
}

#[test]
fn branches_of_a_book_open_and_links_of_all_books_are_filtered() {
    let (site, driver) = (library(), Driver::start());
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{}two/b.html", site.url));
    // The navigation of the book, not that of the library, is loaded.
    window.run("document.querySelector('.navigation li.branch > button').click()", &json!([]));
    becomes(
        &window,
        "(document.querySelector('.navigation li.branch li > a') || {}).textContent",
        &json!("C"),
    );
    window.open(&format!("{}links.html", site.url));
    becomes(&window, "document.querySelectorAll('form.narrow select').length > 0", &json!(true));
    let books = "[...document.querySelector('form.narrow select').options].map((one) => one.value)";
    let found = value(&window, books);
    for book in ["甲书", "Second book"] {
        assert!(found.as_array().unwrap().contains(&json!(book)), "{found}");
    }
}

#[test]
fn the_menu_of_books_needs_no_scripts() {
    let (site, driver) = (library(), Driver::start());
    let window = driver.window();
    window.set_scripts(false);
    window.open(&format!("{}two/b.html", site.url));
    window.set_scripts(true);
    let addresses =
        "[...document.querySelectorAll('details.books a')].map((one) => one.getAttribute('href'))";
    assert_eq!(
        value(&window, addresses),
        json!(["../index.html", "../%E7%94%B2%E4%B9%A6/index.html", "index.html"])
    );
}
