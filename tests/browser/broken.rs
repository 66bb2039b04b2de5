//! Pages that are broken on purpose → whether each check finds what is broken, for a check that
//! cannot fail is worse than none.

use std::collections::BTreeSet;

use crate::accessible::{axe, broken_rules};
use crate::addresses::dead_references;
use crate::driver::Driver;
use crate::keyboard::{wrong_drawer, wrong_stops};
use crate::narrow::too_wide;
use crate::quiet::noise;
use crate::site::{Page, Site};
use crate::window::{Look, Window};
use crate::without_scripts::{assert_scripts_are_off, reached, unreadable, wrong_clicks};

/// A page with which nothing is wrong, around some HTML.
const BEFORE: &str = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>A page</title>
<main><h1>A title</h1><p>Some text.</p>\n";
/// A drawer of which every part works.
const DRAWER: &str = "<style>
.navigation { position: fixed; top: 0; left: 0; width: 200px; height: 100%; background: #fff; \
     visibility: hidden; z-index: 2; }
.navigation:target { visibility: visible; }
.navigation:target + .backdrop { position: fixed; inset: 0; z-index: 1; }
.closed { position: fixed; top: 0; }
</style><a class=menu href=#page:navigation>Menu</a><i class=closed id=page:closed></i>
<nav class=navigation id=page:navigation><a class=close href=#page:closed>Close</a></nav><a class=backdrop tabindex=-1 \
     href=#page:closed></a>";
const PHONE: Look = Look { width: 360, scheme: "light" };

/// Opens HTML as a page and checks that what is found wrong is of this kind, and nothing if nothing
/// is meant to be.
fn assert_found(
    window: &Window,
    html: &str,
    meant: &str,
    check: impl Fn(&Site, &Page) -> Vec<String>,
) {
    let site = Site::written(&[("index.html", &format!("{BEFORE}{html}"))]);
    let page = Page { route: "index.html".to_owned(), url: format!("{}index.html", site.url) };
    window.look(PHONE);
    window.open(&page.url);
    let found = check(&site, &page);
    let is_right = if meant.is_empty() {
        found.is_empty()
    } else {
        found.iter().any(|wrong| wrong.contains(meant))
    };
    assert!(is_right, "{html}\nshould be found: {meant:?}\nis found: {found:#?}");
}

#[test]
fn broken_rules_are_found() {
    let (driver, axe) = (Driver::start(), axe());
    let window = driver.window();
    for (html, meant) in [
        ("", ""),
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color: #aaa; background: #fff'>Pale</p>", "color-contrast"),
        (
            "<style>p::after { content: 'Word'; position: absolute; right: 0; background: #ddd \
             }</style>
            <p style='color: #aaa; position: relative'>Pale</p>",
            "color-contrast",
        ),
        (
            "<p style='width: 9em; height: 3em; overflow: auto; white-space: pre'>\n\n\n\n\nWide\n\
             </p>",
            "scrollable-region-focusable",
        ),
        (
            "<button style='width: 9px; height: 9px'>a</button><button style='width: 9px; height: \
             9px'>b</button>",
            "target-size",
        ),
        (
            "<p>Some text <a href=# style='text-decoration: none; color: #111'>link</a> more</p>",
            "link-in-text-block",
        ),
    ] {
        assert_found(&window, html, meant, |_, _| broken_rules(&window, &axe));
    }
}

#[test]
fn wide_things_are_found() {
    let driver = Driver::start();
    let window = driver.window();
    for (html, meant) in [
        ("", ""),
        ("<p style='width: 900px'>Wide</p>", "scrolls sideways"),
        ("<style>html { overflow-x: hidden }</style><p style='width: 900px'>Wide</p>", "p ends at"),
        ("<div style='overflow-x: auto'><p style='width: 900px'>Wide</p></div>", ""),
    ] {
        assert_found(&window, html, meant, |_, _| too_wide(&window, PHONE.width));
    }
    assert_found(&window, "", "the window is 360 wide", |_, _| too_wide(&window, 320));
}

#[test]
fn errors_and_requests_of_a_page_are_found() {
    let driver = Driver::start();
    let window = driver.window();
    for (html, meant) in [
        ("", ""),
        ("<script>console.error('loud')</script>", "loud"),
        ("<script>nowhere()</script>", "nowhere is not defined"),
        ("<link rel=stylesheet href=missing.css>", "missing.css: \"net::ERR_FILE_NOT_FOUND\""),
        ("<img alt='' src=http://127.0.0.1:9/x.png>", "asks for http://127.0.0.1:9/x.png"),
    ] {
        assert_found(&window, html, meant, |site, page| noise(&window, &site.url, page));
    }
}

#[test]
fn dead_references_are_found() {
    let driver = Driver::start();
    let window = driver.window();
    for (html, meant) in [
        (
            "<a href=index.html>a</a> <a href='#x' id=\"x\">b</a> <a \
             href=https://example.org>c</a>",
            "",
        ),
        ("<a href=missing.html>a</a>", "missing.html is not there"),
        ("<a href=.>a</a>", "/ is not there"),
        ("<a href=index.html#missing>a</a>", "#missing has no such place"),
        ("<img alt='' src=/a.png>", "a.png is outside of the site"),
    ] {
        assert_found(&window, html, meant, |site, _| dead_references(&window, site));
    }
}

#[test]
fn wrong_stops_are_found() {
    let driver = Driver::start();
    let window = driver.window();
    let links = "<a href=#a>a</a> <a href=#b>b</a>";
    for (before, meant) in [
        ("", ""),
        ("<style>a { outline: none }</style>", "the focus does not show"),
        ("<style>a { outline: 0 solid }</style>", "the focus does not show"),
        ("<style>a { position: absolute; left: -999px }</style>", "is out of sight"),
        (
            "<p class=lid style='position: fixed; inset: 0; background: #fff'></p>",
            "is covered by p.lid",
        ),
        ("<a href=#c tabindex=2>c</a> <a href=#d tabindex=1>d</a>", "\"c\" comes after a \"d\""),
        ("<a href=#c onfocus='this.blur()'>c</a>", "gets no focus"),
        ("<a href=#c onkeydown='event.preventDefault()'>c</a>", "traps the focus"),
    ] {
        assert_found(&window, &format!("{before}{links}"), meant, |_, _| wrong_stops(&window));
    }
}

#[test]
fn wrong_drawers_are_found() {
    let driver = Driver::start();
    let window = driver.window();
    let keys = |html: &str, meant: &str| {
        assert_found(&window, html, meant, |_, _| {
            wrong_drawer(&window).err().into_iter().collect()
        });
    };
    keys(DRAWER, "");
    keys(
        &DRAWER.replace("class=menu href=#page:navigation", "class=menu"),
        "Tab does not come to .menu",
    );
    keys(
        &DRAWER.replace("visibility: visible", "color: red"),
        "the focus does not go into the drawer",
    );
    keys(
        &DRAWER.replace("class=close href=#page:closed", "class=close href=#page:navigation"),
        "does not close it",
    );
    assert_scripts_are_off(&window);
    let clicks = |html: &str, meant: &str| {
        let html = format!("{html}<p style='height: 3000px'>");
        let html = html
            .replace("<a class=menu", "<a style='position: fixed; top: 0; right: 0' class=menu");
        assert_found(&window, &html, meant, |_, _| wrong_clicks(&window, PHONE.width));
    };
    clicks(DRAWER, "");
    clicks(
        &DRAWER.replace(
            "href=#page:navigation",
            "href=#x onclick=\"location.hash='page:navigation'\"",
        ),
        "click 1",
    );
    clicks(&DRAWER.replace("top: 0; left: 0;", "top: 50px; left: 0;"), "click 1");
    clicks(&DRAWER.replace("class=close href=#page:closed", "class=close href=#x"), "");
    clicks(
        &DRAWER.replace("class=close href=#page:closed", "class=close href=#page:navigation"),
        "click 2",
    );
    clicks(
        &DRAWER.replace(".closed { position: fixed; top: 0; }", ""),
        "click 2: a click moves the page",
    );
    clicks(
        &DRAWER.replace("class=backdrop tabindex=-1 href=#page:closed", "class=backdrop"),
        "click 4",
    );
}

#[test]
fn pages_that_need_scripts_are_found() {
    let driver = Driver::start();
    let window = driver.window();
    assert_scripts_are_off(&window);
    for (html, meant) in [
        ("", ""),
        ("<style>h1 { visibility: hidden }</style>", "the title is not seen"),
        ("<p style='position: fixed; inset: 0; background: #fff'>Lid</p>", "the title is not seen"),
        ("<style>p { display: none }</style>", "there is no text"),
    ] {
        assert_found(&window, html, meant, |_, _| unreadable(&window));
    }
    let index = "<a href=a.html>a</a><a href=b.html hidden>b</a><i></i>
<script>document.querySelector('i').innerHTML='<a href=c.html>c</a>'</script>";
    let site = Site::written(&[
        ("index.html", index),
        ("a.html", "<a href=d.html>d</a>"),
        ("d.html", "d"),
    ]);
    let meant = ["a.html", "d.html", "index.html"].map(str::to_owned);
    assert_eq!(reached(&window, &site), BTreeSet::from(meant));
}
