//! Tabs of notes → one at a time with scripts, all of them without, on paper and for a search.

use serde_json::json;

use crate::comfort::{becomes, click, value};
use crate::driver::Driver;
use crate::site::Site;
use crate::window::{Look, Window};

const RIGHT: (&str, u32, &str) = ("ArrowRight", 39, "");
const END: (&str, u32, &str) = ("End", 35, "");

const NOTE: &str = r#"# Installing

=== "Linux"

    Take a package.

    ## From source

    Run `make`.

=== "macOS"

    Take a bottle.

    ### In the cellar

    A casket of amontillado.

Then:

=== "Windows"

    Take an installer.

=== "macOS"

    Open it.

    === "Arm"

        As it is.

    === "Intel"

        With a zephyr.
"#;

/// The titles that are chosen, and the first words of the tabs that are shown.
const SHOWN: &str = "[[...document.querySelectorAll('[role=tab][aria-selected=true]')].map((tab) => \
    tab.textContent), [...document.querySelectorAll('article .tab > .tab-title + p')].filter((words) => \
    words.checkVisibility()).map((words) => words.textContent)]";

/// The page of the note above, opened behind its address.
fn open<'d>(driver: &'d Driver, site: &Site, behind: &str) -> Window<'d> {
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{}index.html{behind}", site.url));
    window.wait_until_drawn();
    window
}

fn site() -> Site {
    Site::of_notes(&[("README.md".to_owned(), NOTE.to_owned())])
}

#[test]
fn one_tab_is_shown_and_those_of_its_title_change_together() {
    let (site, driver) = (site(), Driver::start());
    let window = open(&driver, &site, "");
    let first = json!([["Linux", "Windows", "Arm"], ["Take a package.", "Take an installer."]]);
    becomes(&window, SHOWN, &first);
    click(&window, ".tabs [role=tab]:nth-child(2)");
    let second = json!([["macOS", "macOS", "Arm"], ["Take a bottle.", "Open it.", "As it is."]]);
    becomes(&window, SHOWN, &second);
    window.run("document.querySelector('[role=tab]').focus()", &json!([]));
    window.press(RIGHT);
    becomes(&window, SHOWN, &second);
    window.press(RIGHT);
    becomes(&window, "document.activeElement.textContent", &json!("Linux"));
    window.press(END);
    becomes(&window, "document.activeElement.textContent", &json!("macOS"));
    becomes(&window, SHOWN, &second);
    // One of the titles of a group is a stop, and its text is the next one.
    let stops = "[...document.querySelectorAll('.tab-bar')].map((bar) => \
        [...bar.children].filter((tab) => tab.tabIndex === 0).length)";
    assert_eq!(value(&window, stops), json!([1, 1, 1]));
}

#[test]
fn the_tab_that_the_writer_chose_is_shown_first() {
    let note = "=== \"Linux\"\n\n    Take a package.\n\n===+ \"macOS\"\n\n    Take a bottle.\n";
    let site = Site::of_notes(&[("README.md".to_owned(), note.to_owned())]);
    let driver = Driver::start();
    let window = open(&driver, &site, "");
    becomes(&window, SHOWN, &json!([["macOS"], ["Take a bottle."]]));
    click(&window, "[role=tab]");
    becomes(&window, SHOWN, &json!([["Linux"], ["Take a package."]]));
}

#[test]
fn what_a_link_or_a_search_leads_to_is_shown() {
    let (site, driver) = (site(), Driver::start());
    for behind in ["#in-the-cellar", "?q=amontillado", "?q=amontillado#in-the-cellar"] {
        let window = open(&driver, &site, behind);
        let chosen = "(document.querySelector('[aria-selected=true]') || {}).textContent";
        becomes(&window, chosen, &json!("macOS"));
    }
    let window = open(&driver, &site, "?q=zephyr");
    let found =
        "[...document.querySelectorAll('mark.found')].map((mark) => mark.checkVisibility())";
    becomes(&window, found, &json!([true]));
    let window = open(&driver, &site, "");
    becomes(&window, "document.querySelectorAll('.tab-bar').length", &json!(3));
    window.run("location.hash = 'in-the-cellar'", &json!([]));
    let heading = "document.getElementById('in-the-cellar').checkVisibility()";
    becomes(&window, heading, &json!(true));
}

#[test]
fn all_tabs_are_shown_with_their_titles_without_scripts() {
    let (site, driver) = (site(), Driver::start());
    let window = driver.window();
    window.set_scripts(false);
    window.look(Look { width: 360, scheme: "light" });
    window.open(&format!("{}index.html", site.url));
    let titles = "[...document.querySelectorAll('.tab-title')].filter((title) => \
        title.checkVisibility()).map((title) => title.textContent)";
    let expected = json!(["Linux", "macOS", "Windows", "macOS", "Arm", "Intel"]);
    assert_eq!(value(&window, titles), expected);
}
