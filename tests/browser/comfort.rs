//! Scripts of a page → what they do for a reader: preferences, branches, the outline, code, images,
//! keys.

use serde_json::{Value, json};

use crate::driver::Driver;
use crate::site::Site;
use crate::window::{ENTER, ESCAPE, Look, Window};

const LONG: &str = "系统/很长的笔记.html";
const SECTION: &str = "系统/index.html";

/// A page at a width, opened.
pub fn open<'d>(driver: &'d Driver, site: &Site, route: &str, width: u32) -> Window<'d> {
    let window = driver.window();
    window.look(Look { width, scheme: "light" });
    window.open(&format!("{}{route}", site.url));
    window.wait_until_drawn();
    window
}

/// The value of an expression.
pub fn value(window: &Window, script: &str) -> Value {
    window.run(&format!("return {script}"), &json!([]))
}

/// Asks again until a script gives what it should, for five seconds.
pub fn becomes(window: &Window, script: &str, expected: &Value) {
    let mut found = Value::Null;
    for _ in 0..250 {
        found = value(window, script);
        if found == *expected {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(found, *expected, "{script}");
}

/// Clicks at the first element that a selector finds.
pub fn click(window: &Window, selector: &str) {
    window.run("document.querySelector(arguments[0]).click()", &json!([selector]));
}

#[test]
fn preferences_hold_from_page_to_page_before_anything_is_painted() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, LONG, 1440);
    let background = "getComputedStyle(document.body).backgroundColor";
    let light = value(&window, background);
    click(&window, ".preferences > button");
    assert_eq!(value(&window, "document.activeElement.value"), json!("system"));
    click(&window, "input[value=dark]");
    click(&window, "input[value=largest]");
    click(&window, "input[value=serif]");
    assert_ne!(value(&window, background), light);
    window.press(ESCAPE);
    assert_eq!(value(&window, "document.querySelector('.preferences > form').hidden"), json!(true));
    assert_eq!(value(&window, "document.activeElement.textContent"), json!("Aa"));
    window.open(&format!("{}{SECTION}", site.url));
    let chosen = "({...document.documentElement.dataset})";
    assert_eq!(
        value(&window, chosen),
        json!({"scheme": "dark", "size": "largest", "font": "serif"})
    );
    // The script stands before the style sheets, so nothing is painted in other colours.
    let order = "[...document.head.querySelectorAll('script, \
         link[rel=stylesheet]')][0].src.endsWith('preferences.js')";
    assert_eq!(value(&window, order), json!(true));
    for usual in ["system", "medium", "sans"] {
        click(&window, &format!("input[value={usual}]"));
    }
    assert_eq!(value(&window, chosen), json!({}));
    assert_eq!(value(&window, background), light);
}

#[test]
fn branches_open_by_key_and_stay_open() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, "网络/index.html", 1440);
    let items = "[...document.querySelectorAll('nav.navigation > ul > li')]";
    let labels = format!("{items}.map((item) => item.querySelectorAll(':scope > ul a').length)");
    let closed = value(&window, &labels);
    let script =
        format!("{items}.find((item) => item.matches('.branch')).querySelector('button').focus()");
    window.run(&script, &json!([]));
    window.press(ENTER);
    let opened = format!(
        "{items}.find((item) => item.matches('.branch')).querySelectorAll(':scope > ul a').length \
         > 0"
    );
    becomes(&window, &opened, &json!(true));
    assert_ne!(value(&window, &labels), closed);
    assert_eq!(
        value(&window, "document.activeElement.getAttribute('aria-expanded')"),
        json!("true")
    );
    // All entries lead to pages of the site.
    let target = format!(
        "{items}.find((item) => item.matches('.branch')).querySelector(':scope > ul a').href"
    );
    let target = value(&window, &target);
    let (path, _) = site.target(target.as_str().unwrap()).unwrap();
    assert!(site.folder.join(&path).is_file(), "{path}");
    window.open(&format!("{}index.html", site.url));
    becomes(&window, &opened, &json!(true));
    click(&window, "nav.navigation li.branch > button");
    window.open(&format!("{}index.html", site.url));
    assert_eq!(value(&window, &opened), json!(false));
}

#[test]
fn the_outline_marks_what_is_read_and_folds_where_there_is_no_room() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, LONG, 1440);
    let marked = "document.querySelector('details.outline [aria-current]').textContent";
    let first = value(&window, marked);
    window.run("scrollTo(0, document.body.scrollHeight)", &json!([]));
    let is_another = format!("{marked} !== {first}");
    becomes(&window, &is_another, &json!(true));
    assert_eq!(value(&window, "document.getElementById('page:outline').open"), json!(true));
    let window = open(&driver, &site, LONG, 768);
    assert_eq!(value(&window, "document.getElementById('page:outline').open"), json!(false));
    let order = "document.getElementById('page:outline').getBoundingClientRect().bottom <= \
        document.querySelector('main h1').getBoundingClientRect().top";
    assert_eq!(value(&window, order), json!(true));
}

#[test]
fn code_is_copied_and_wrapped() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, "系统/很宽的笔记.html", 1440);
    let taken = "navigator.clipboard.writeText = (text) => { window.taken = text; return \
         Promise.resolve(); }";
    window.run(taken, &json!([]));
    let script = "const tools = document.querySelector('figure.code .code-tools');\
        tools.lastElementChild.click(); tools.firstElementChild.click();\
        const code = tools.parentElement.querySelector('pre');\
        return [code.scrollWidth <= code.clientWidth, code.textContent.trim()]";
    let found = window.run(script, &json!([]));
    assert_eq!(found[0], json!(true));
    assert_eq!(value(&window, "window.taken.trim()"), found[1]);
    becomes(&window, "document.querySelector('.status').textContent.length > 0", &json!(true));
}

#[test]
fn images_are_enlarged_and_say_what_is_missing() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, SECTION, 360);
    becomes(&window, "Boolean(document.querySelector('article img.enlarges'))", &json!(true));
    window.run("document.querySelector('article img').focus()", &json!([]));
    window.press(ENTER);
    assert_eq!(value(&window, "document.querySelector('dialog.image').open"), json!(true));
    window.press(ESCAPE);
    assert_eq!(value(&window, "document.querySelector('dialog.image').open"), json!(false));
    window.run("document.querySelector('article img').src = 'no.png'", &json!([]));
    let missing = "(document.querySelector('article .missing') || {textContent: \
         ''}).textContent.includes('no.png')";
    becomes(&window, missing, &json!(true));
}

#[test]
fn keys_turn_pages_and_are_listed() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, SECTION, 1440);
    let press = "document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, \
         cancelable: true, ...arguments[0]}))";
    window.run(press, &json!([{"key": "?"}]));
    assert_eq!(value(&window, "document.querySelector('dialog.keys').open"), json!(true));
    window.press(ESCAPE);
    assert_eq!(value(&window, "document.querySelector('dialog.keys').open"), json!(false));
    let next = value(&window, "document.querySelector('[rel=next]').href");
    // Arrows belong to the browser: with Alt they lead back and forth in its history.
    for key in [json!({"key": "ArrowRight", "altKey": true}), json!({"key": "n", "ctrlKey": true})]
    {
        let goes_on = window.run(&format!("return {press}"), &json!([key]));
        assert_eq!(goes_on, json!(true), "{key}");
    }
    // Single keys can be turned off (WCAG 2.2, success criterion 2.1.4); Ctrl K stays.
    click(&window, "input[value=keys_off]");
    window.run(press, &json!([{"key": "n"}]));
    window.run(press, &json!([{"key": "?"}]));
    assert_eq!(value(&window, "document.querySelector('dialog.keys').open"), json!(false));
    window.run(press, &json!([{"key": "k", "ctrlKey": true}]));
    assert_eq!(value(&window, "document.activeElement.name"), json!("q"));
    window.run("document.activeElement.blur()", &json!([]));
    click(&window, "input[value=keys_on]");
    window.run(press, &json!([{"key": "n"}]));
    becomes(&window, "location.href", &next);
}

#[test]
fn escape_closes_the_drawer_and_gives_the_focus_back() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, LONG, 360);
    click(&window, ".menu");
    becomes(&window, "document.querySelector('main').inert", &json!(true));
    assert_eq!(
        value(&window, "document.querySelector('.menu').getAttribute('aria-expanded')"),
        json!("true")
    );
    window.press(ESCAPE);
    becomes(&window, "document.activeElement.className", &json!("menu"));
    assert_eq!(value(&window, "document.querySelector('main').inert"), json!(false));
    // Neither is a step in the browser's history, so Back leads to the page before.
    assert_eq!(value(&window, "location.hash"), json!(""));
}

#[test]
fn the_outline_keeps_what_is_read_in_view() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, LONG, 1440);
    window.run("scrollTo(0, document.body.scrollHeight)", &json!([]));
    let is_in_view = "(() => { const outline = document.getElementById('page:outline');\
        const now = outline.querySelector('[aria-current]');\
        const [box, entry] = [outline.getBoundingClientRect(), now.getBoundingClientRect()];\
        return outline.scrollHeight > outline.clientHeight && entry.top >= box.top\
        && entry.bottom <= box.bottom })()";
    becomes(&window, is_in_view, &json!(true));
    assert_eq!(value(&window, "scrollY > 1000"), json!(true));
}

#[test]
fn the_home_page_leads_back_to_what_was_read() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, "index.html", 1440);
    assert_eq!(value(&window, "document.querySelectorAll('.begin > a > small').length"), json!(0));
    window.open(&format!("{}{LONG}", site.url));
    let (title, address) = ("document.querySelector('main h1').textContent", "location.href");
    let (title, address) = (value(&window, title), value(&window, address));
    window.open(&format!("{}index.html", site.url));
    let link = "document.querySelector('.begin > a:has(> small)')";
    assert_eq!(value(&window, &format!("{link}.href")), address);
    assert_eq!(value(&window, &format!("{link}.title")), title);
    // Other programs at this host may have written anything.
    let key = "Object.keys(localStorage).find((name) => name.startsWith('notes-read:'))";
    for kept in [
        "'no JSON'",
        "'null'",
        "JSON.stringify({title: 'x', to: 'https://e.org/'})",
        "JSON.stringify({title: 'x', to: '../../up.html'})",
        "JSON.stringify({to: 'a.html'})",
    ] {
        window.run(&format!("localStorage.setItem({key}, {kept})"), &json!([]));
        window.open(&format!("{}index.html", site.url));
        assert_eq!(value(&window, &format!("Boolean({link})")), json!(false), "{kept}");
    }
}

#[test]
fn links_to_sections_are_copied() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, LONG, 1440);
    let taken = "navigator.clipboard.writeText = (text) => { window.taken = text; return \
         Promise.resolve(); }";
    window.run(taken, &json!([]));
    click(&window, "article h2 > .anchor");
    becomes(&window, "window.taken === location.href && location.hash.length > 1", &json!(true));
}

#[test]
fn links_are_narrowed_by_what_is_known_of_them() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, "links.html", 360);
    let shown = "[...document.querySelectorAll('main > .library li > a')]\
        .filter((link) => link.getClientRects().length).length";
    let all = value(&window, shown);
    assert!(all.as_u64() > Some(1), "{all}");
    becomes(&window, "document.querySelectorAll('.narrow select').length > 0", &json!(true));
    let said = value(&window, "document.querySelector('main > [role=status]').textContent");
    let choose = "const select = document.querySelector('.narrow select');\
        select.selectedIndex = arguments[0];\
        select.dispatchEvent(new Event('change', {bubbles: true}));";
    window.run(choose, &json!([1]));
    let left = value(&window, shown);
    assert!(left.as_u64() < all.as_u64() && left.as_u64() > Some(0), "{left} of {all}");
    let status = value(&window, "document.querySelector('main > [role=status]').textContent");
    assert_eq!(status, json!(format!("{all} 个链接中的 {left} 个")));
    // Every link and every place of what is left leads where the plain list leads.
    let addresses = |list: &str| {
        let script =
            format!("[...document.querySelectorAll('{list} li a')].map((link) => link.href)");
        value(&window, &script).as_array().cloned().unwrap()
    };
    let plain = addresses("main > .library[hidden]");
    assert!(
        addresses("main > .library:not([hidden])").iter().all(|address| plain.contains(address))
    );
    window.run(choose, &json!([0]));
    assert_eq!(value(&window, shown), all);
    assert_eq!(value(&window, "document.querySelector('main > [role=status]').textContent"), said);
}
