//! Pages whose scripts must not run → whether they can be reached and read, and whether the drawer
//! opens and closes.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::Driver;
use crate::report::Report;
use crate::site::{Page, Site, for_every_look};
use crate::window::{Look, WITH_DRAWER, Window};

/// Addresses of the links that can be seen; the drawer's count, for it opens by a link.
const LINKS: &str = "\
    return [...document.querySelectorAll('a[href]')]\
      .filter((link) => link.getClientRects().length)\
      .filter((link) => link.checkVisibility({visibilityProperty: true}) || \
     link.closest('nav.navigation'))\
      .map((link) => link.href);";

/// Problems with seeing the title without scrolling, and the text.
const TEXT: &str = "\
    const title = document.querySelector('main h1'), box = title.getBoundingClientRect();\
    const top = document.elementFromPoint(box.left + 5, box.top + box.height / 2);\
    return {isSeen: title.contains(top), text: document.querySelector('main').innerText.trim()};";

/// Problems of the drawer in its present state, open or closed.
const DRAWER: &str = "\
    const drawer = document.querySelector('nav.navigation'), box = drawer.getBoundingClientRect();\
    const isIn = (x) => drawer.contains(document.elementFromPoint(x, innerHeight / 2));\
    const isOpen = isIn(box.width / 2) && drawer.checkVisibility({visibilityProperty: true});\
    return {isOpen, isWhole: box.left === 0 && box.top === 0 && box.bottom === innerHeight, at: \
     scrollY};";

/// The middle of an element.
const MIDDLE: &str = "\
    const box = document.querySelector(arguments[0]).getBoundingClientRect();\
    return [box.left + box.width / 2, box.top + box.height / 2];";

/// Makes sure that scripts do not run, for nothing below would fail if they did.
pub fn assert_scripts_are_off(window: &Window) {
    window.set_scripts(false);
    window.open("data:text/html,<title>off</title><script>document.title = 'on'</script>");
    assert_eq!(window.run("return document.title", &json!([])), json!("off"));
}

/// The routes that visible links lead to, page after page from home.
pub fn reached(window: &Window, site: &Site) -> BTreeSet<String> {
    let mut reached = BTreeSet::from(["index.html".to_owned()]);
    let mut ahead = vec!["index.html".to_owned()];
    while let Some(route) = ahead.pop() {
        window.open(&format!("{}{route}", site.url));
        for url in window.list(LINKS, &json!([])) {
            let Some((route, _)) = site.target(&url) else { continue };
            let is_page = Path::new(&route).extension().is_some_and(|end| end == "html");
            if is_page && reached.insert(route.clone()) {
                ahead.push(route);
            }
        }
    }
    reached
}

#[test]
fn links_lead_from_home_to_every_page() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    assert_scripts_are_off(&window);
    for width in [1440, 360] {
        window.look(Look { width, scheme: "light" });
        let mut all: BTreeSet<_> = site.pages().into_iter().map(|page| page.route).collect();
        // A server shows it for what is not there; nothing leads to it.
        assert!(all.remove("404.html"));
        assert_eq!(reached(&window, &site), all);
    }
}

/// Problems with the text of the open page.
pub fn unreadable(window: &Window) -> Vec<String> {
    let found = window.run(TEXT, &json!([]));
    let mut wrongs = Vec::new();
    if found["isSeen"] != json!(true) {
        wrongs.push("the title is not seen".to_owned());
    }
    if found["text"].as_str().unwrap().lines().count() < 2 {
        wrongs.push(format!("there is no text: {}", found["text"]));
    }
    wrongs
}

#[test]
fn text_is_readable_without_scripts() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    assert_scripts_are_off(&window);
    let mut report = Report::default();
    for_every_look(&window, &site.pages(), |place| report.add(place, unreadable(&window)));
    report.assert_empty();
}

/// Clicks and tells where the drawer then is not as it should be.
fn click(window: &Window, at: (f64, f64), is_open: bool, scrolled: &Value) -> Option<String> {
    window.click(at);
    let found = window.run(DRAWER, &json!([]));
    let is_right =
        found["isOpen"] == json!(is_open) && (!is_open || found["isWhole"] == json!(true));
    if !is_right {
        return Some(format!("after a click the drawer should be open: {is_open}, but is {found}"));
    }
    (found["at"] != *scrolled)
        .then(|| format!("a click moves the page from {scrolled} to {}", found["at"]))
}

/// Problems when the drawer is opened, closed by its link, opened, and closed by a click beside it.
pub fn wrong_clicks(window: &Window, width: u32) -> Vec<String> {
    window.wait_until_drawn();
    let middle = |selector: &str| {
        let found = window.run(MIDDLE, &json!([selector]));
        (found[0].as_f64().unwrap(), found[1].as_f64().unwrap())
    };
    // As far down as a long page goes.
    let scrolled = window.run("scrollTo(0, 500); return scrollY", &json!([]));
    let beside = (f64::from(width) - 10.0, 400.0);
    let wrongs = [
        click(window, middle(".menu"), true, &scrolled),
        click(window, middle("nav.navigation .close"), false, &scrolled),
        click(window, middle(".menu"), true, &scrolled),
        click(window, beside, false, &scrolled),
    ];
    wrongs
        .into_iter()
        .zip(1..)
        .filter_map(|(wrong, step)| Some(format!("click {step}: {}", wrong?)))
        .collect()
}

#[test]
fn the_drawer_opens_and_closes() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    assert_scripts_are_off(&window);
    let mut report = Report::default();
    for_every_look(&window, &site.pages_with_sidebar(), |place| {
        if WITH_DRAWER.contains(&place.1.width) {
            window.open(&place.0.url);
            report.add(place, wrong_clicks(&window, place.1.width));
        }
    });
    report.assert_empty();
}

#[test]
fn wide_windows_need_no_drawer() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    assert_scripts_are_off(&window);
    window.look(Look { width: 1440, scheme: "light" });
    for Page { route, url } in site.pages_with_sidebar() {
        window.open(&url);
        let found = window
            .run("return document.querySelector('nav.navigation').checkVisibility()", &json!([]));
        // The matrix of the home page leads to everything that the sidebar would.
        assert_eq!(found, json!(route != "index.html"), "{route}");
    }
}
