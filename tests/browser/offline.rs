//! Sites with `offline: true` on a server that stops → what readers still read, and what they
//! cannot.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::accessible::{axe, broken_rules};
use crate::comfort::{becomes, click, value};
use crate::driver::Driver;
use crate::server::Server;
use crate::site::Site;
use crate::window::{Look, SCHEMES, WIDTHS, Window};

pub const SETTINGS: &str = "title: Notes\noffline: true\n";
pub const PICTURE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"7\" height=\"9\"/>\n";
pub const NOTES: [(&str, &str); 10] = [
    ("notes.yaml", SETTINGS),
    ("README.md", "# Home\n\nWelcome.\n"),
    ("a/README.md", "# First part\n\nIts text. [demo](demo.htm)\n"),
    ("a/demo.htm", "<p>demo</p>\n"),
    ("a/one.md", "# One\n\nOne is read.\n\n![](one.svg)\n"),
    ("a/one.svg", PICTURE),
    ("a/two.md", "# Two\n\nTwo has zebras.\n\n![](two.svg)\n"),
    ("a/two.svg", PICTURE),
    ("b/README.md", "# Second part\n\nIts text.\n"),
    ("b/three.md", "# Three\n\nThree has $x^2$.\n"),
];

pub const TITLE: &str = "(document.querySelector('h1') || {}).textContent";
pub const TEXT: &str = "(document.querySelector('article > p') || {}).textContent";
/// The height of the picture in the text.
const DRAWN: &str = "(document.querySelector('article img') || {}).naturalHeight";
/// A width that only the style sheet gives.
const STYLED: &str = "getComputedStyle(document.querySelector('.columns')).display";
const LINK: &str = "getComputedStyle(document.querySelector('.navigation a')).color";
const NOT_KEPT: &str = "This page was not kept";
/// The texts of the controls that are shown.
pub const CONTROLS: &str = "[...document.querySelectorAll('.offline:not([hidden]) > button:not([hidden])')]\
     .map((one) => one.textContent.replace(/[0-9.]+ [kM]B/, 'SIZE'))";
const KEPT: &str = "const done = arguments[arguments.length - 1];\
     (async () => {\
       const all = [];\
       for (const name of await caches.keys()) {\
         for (const { url } of await (await caches.open(name)).keys()) all.push(url);\
       }\
       return all;\
     })().then(done, (error) => done([String(error)]));";
pub const WORKERS: &str = "const done = arguments[arguments.length - 1];\
     navigator.serviceWorker.getRegistrations().then((all) => done(all.length), () => done(0));";

pub fn notes() -> Site {
    Site::of_notes(&NOTES.map(|(path, text)| (path.to_owned(), text.to_owned())))
}

pub fn served(folder: &Path) -> Server {
    let mut server = Server::bind();
    server.serve(folder);
    server
}

pub fn window(driver: &Driver) -> Window<'_> {
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window
}

/// The addresses below the site of everything that is kept.
pub fn kept(window: &Window, url: &str) -> Vec<String> {
    let all = window.run_and_wait(KEPT, &json!([]));
    let all = all.as_array().unwrap().iter().map(|one| one.as_str().unwrap().replace(url, ""));
    all.collect()
}

/// Waits for a minute at most: other programs may keep the machine busy.
pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if is_so() {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("{what} never comes true");
}

/// Opens a page and waits until the browser keeps it with these files.
pub fn read(window: &Window, url: &str, route: &str, files: &[&str]) {
    window.open(&format!("{url}{route}"));
    wait_for(&format!("{files:?} of {route} kept"), || {
        let kept = kept(window, url);
        files.iter().all(|file| kept.iter().any(|one| one == file))
    });
}

/// Opens the preferences, and waits for these controls.
pub fn open_controls(window: &Window, expected: &[&str]) {
    click(window, ".preferences > button");
    becomes(window, CONTROLS, &json!(expected));
}

/// Presses the control with a text.
pub fn press(window: &Window, text: &str) {
    let press = "[...document.querySelectorAll('.offline > button')].find((one) => \
         one.textContent.startsWith(arguments[0])).click()";
    window.run(press, &json!([text]));
}

pub const KEEP: [&str; 3] = [
    "Keep this part offline (SIZE)",
    "Keep all of “Notes” offline (SIZE)",
    "Remove everything kept of this site",
];
pub const KEPT_PART: [&str; 3] = [
    "Remove this part (SIZE)",
    "Keep all of “Notes” offline (SIZE)",
    "Remove everything kept of this site",
];
pub const KEPT_SITE: [&str; 2] = ["Remove “Notes” (SIZE)", "Remove everything kept of this site"];

#[test]
fn pages_that_were_read_open_without_a_network() {
    let (site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    // The first page comes before there is a worker.
    read(&window, &url, "a/one.html", &["a/one.html", "a/one.svg", "static/words.js"]);
    let look = [value(&window, STYLED), value(&window, LINK)];
    read(&window, &url, "", &[""]);
    // Under the address without an ending, which the host answers too.
    read(&window, &url, "a/two", &["a/two.html"]);
    drop(server);
    for address in ["a/one.html", "a/one", "a/one.html?q=read#page:text"] {
        window.open(&format!("{url}{address}"));
        assert_eq!(value(&window, TEXT), json!("One is read."), "{address}");
        becomes(&window, DRAWN, &json!(9));
        assert_eq!([value(&window, STYLED), value(&window, LINK)], look);
        becomes(&window, "Boolean(document.querySelector('.preferences'))", &json!(true));
    }
    for address in ["", "index.html"] {
        window.open(&format!("{url}{address}"));
        assert_eq!(value(&window, TITLE), json!("Home"));
    }
    window.open(&format!("{url}b/three.html"));
    assert_eq!(value(&window, TITLE), json!(NOT_KEPT));
    let home = value(&window, "document.querySelector('main a').href");
    assert_eq!(home, json!(format!("{url}index.html")));
}

#[test]
fn a_part_is_kept_on_demand_and_removed() {
    let (site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    read(&window, &url, "a/", &["a/"]);
    open_controls(&window, &KEEP);
    press(&window, "Keep this part");
    becomes(&window, CONTROLS, &json!(KEPT_PART));
    becomes(&window, "document.querySelector('.status').textContent !== ''", &json!(true));
    drop(server);
    window.open(&format!("{url}a/two.html"));
    assert_eq!(value(&window, TITLE), json!("Two"));
    becomes(&window, DRAWN, &json!(9));
    window.open(&format!("{url}b/three.html"));
    assert_eq!(value(&window, TITLE), json!(NOT_KEPT));

    window.open(&format!("{url}a/two.html"));
    open_controls(&window, &KEPT_PART);
    press(&window, "Remove this part");
    wait_for("removal", || !kept(&window, &url).iter().any(|one| one.starts_with("a/")));
    becomes(&window, CONTROLS, &json!(KEEP));
    press(&window, "Remove everything");
    wait_for("emptiness", || kept(&window, &url).is_empty());
}

#[test]
fn keeping_that_is_interrupted_goes_on_at_the_next_visit() {
    let (site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    read(&window, &url, "a/", &["a/"]);
    open_controls(&window, &KEEP);
    drop(server);
    press(&window, "Keep this part");
    let status = "document.querySelector('.status').textContent";
    becomes(&window, status, &json!("Interrupted; it goes on at your next visit"));
    assert_eq!(value(&window, &format!("{CONTROLS}[0]")), json!("Stop"));
    let mut server = Server::bind_again(&url);
    server.serve(&site.folder);
    read(&window, &url, "b/", &["a/two.html", "a/two.svg"]);
    window.open(&format!("{url}a/"));
    open_controls(&window, &KEPT_PART);
}

#[test]
fn readers_are_told_that_there_is_no_room() {
    let (site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    read(&window, &url, "a/", &["a/"]);
    open_controls(&window, &KEEP);
    window.limit_storage(&url, 1);
    press(&window, "Keep this part");
    let status = "document.querySelector('.status').textContent";
    becomes(&window, status, &json!("Not kept: the browser has no room for it"));
    becomes(&window, CONTROLS, &json!(KEEP));
}

#[test]
fn a_network_that_gives_no_answer_is_not_waited_for() {
    let (site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    read(&window, &url, "a/one.html", &["a/one.html", "a/one.svg", "static/words.js"]);
    drop(server);
    let mut server = Server::bind_again(&url);
    server.stay_silent();
    window.open(&format!("{url}a/one.html"));
    assert_eq!(value(&window, TEXT), json!("One is read."));
    // Nor once more for what the page loads.
    let waited = "(() => { const one = performance.getEntriesByType('navigation')[0];\
         const words = performance.getEntriesByType('resource').find(({ name }) => /words/.test(name));\
         return words && words.responseEnd > 0 && words.duration < one.responseStart / 2; })()";
    becomes(&window, waited, &json!(true));
}

#[test]
fn large_files_are_kept_on_demand_only() {
    let notes = [
        ("notes.yaml", SETTINGS.to_owned()),
        ("a/README.md", "# A\n\n[large](large.txt) [small](small.txt)\n".to_owned()),
        ("a/b.md", "# B\n\nText\n".to_owned()),
        ("a/large.txt", "x".repeat(5_000_001)),
        ("a/small.txt", "x".repeat(5_000_000)),
    ];
    let site = Site::of_notes(&notes.map(|(path, text)| (path.to_owned(), text)));
    let driver = Driver::start();
    let (server, window) = (served(&site.folder), window(&driver));
    let url = &server.url;
    read(&window, url, "a/", &["a/"]);
    let ask = "const done = arguments[arguments.length - 1];\
         fetch(arguments[0]).then((answer) => answer.text()).then((text) => done(text.length));";
    for (file, size) in [("a/large.txt", 5_000_001), ("a/small.txt", 5_000_000)] {
        let found = window.run_and_wait(ask, &json!([format!("{url}{file}")]));
        assert_eq!(found, json!(size));
    }
    let is_kept = |file: &str| kept(&window, url).iter().any(|one| one == file);
    wait_for("the small file", || is_kept("a/small.txt"));
    assert!(!is_kept("a/large.txt"));
    open_controls(&window, &KEEP);
    press(&window, "Keep this part");
    wait_for("the large file", || is_kept("a/large.txt"));
}

#[test]
fn a_part_of_a_file_that_is_kept_is_answered() {
    let (site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    read(&window, &url, "a/one.html", &["a/one.html", "a/one.svg"]);
    let ask = "const done = arguments[arguments.length - 1];\
         fetch(arguments[0], { headers: { range: arguments[1] } }).then(async (answer) =>\
           done([answer.status, answer.headers.get('content-range'), await answer.text()]));";
    let picture = format!("{url}a/one.svg");
    // A network has the file of today, and this host sends all of it.
    fs::write(site.folder.join("a/one.svg"), "today").unwrap();
    let found = window.run_and_wait(ask, &json!([picture, "bytes=0-3"]));
    assert_eq!(found, json!([200, null, "today"]));
    drop(server);
    let size = PICTURE.len();
    for (range, status, shown, text) in [
        ("bytes=0-3", 206, format!("bytes 0-3/{size}"), "<svg"),
        ("bytes=60-", 206, format!("bytes 60-{}/{size}", size - 1), &PICTURE[60..]),
        ("bytes=-3", 206, format!("bytes {}-{}/{size}", size - 3, size - 1), "/>\n"),
        ("bytes=900-", 416, format!("bytes */{size}"), ""),
    ] {
        let found = window.run_and_wait(ask, &json!([picture, range]));
        assert_eq!(found, json!([status, shown, text]), "{range}");
    }
}

#[test]
fn all_is_kept_with_the_search_and_follows_a_new_publication() {
    let (mut site, driver) = (notes(), Driver::start());
    let (mut server, window) = (Server::bind(), window(&driver));
    let asked = server.serve_and_note(&site.folder);
    let url = server.url.clone();
    site.url.clone_from(&url);
    // For this address, as later.
    site.publish_anew("notes.yaml", SETTINGS);
    read(&window, &url, "b/", &["b/"]);
    open_controls(&window, &KEEP);
    press(&window, "Keep all");
    becomes(&window, CONTROLS, &json!(KEPT_SITE));

    let is_asked = |path: &str| asked.lock().unwrap().iter().any(|one| one.ends_with(path));
    assert!(is_asked("a/one.html") && is_asked("static/tree.js"));
    // It is the page that is kept already.
    window.open(&format!("{url}a/one.html"));
    becomes(&window, "Boolean(document.querySelector('.preferences'))", &json!(true));
    asked.lock().unwrap().clear();
    site.publish_anew("a/two.md", "# Two\n\nTwo has lions.\n");
    let lions = "const done = arguments[arguments.length - 1];\
         caches.match(arguments[0]).then((page) => page ? page.text() : '')\
           .then((text) => done(text.includes('lions')));";
    // An open page keeps the worker of before until the browser looks for another.
    window.open(&format!("{url}b/three.html"));
    let two = json!([format!("{url}a/two.html")]);
    wait_for("an update", || window.run_and_wait(lions, &two) == json!(true));
    wait_for("removal", || !kept(&window, &url).iter().any(|one| one == "a/two.svg"));
    assert!(is_asked("a/two.html") && !is_asked("a/one.html") && !is_asked("a/one.svg"));
    // Nor is it kept once more.
    assert_eq!(kept(&window, &url).iter().filter(|one| *one == "a/one.html").count(), 1);

    drop(server);
    window.open(&format!("{url}a/two.html"));
    assert_eq!(value(&window, TEXT), json!("Two has lions."));
    window.open(&format!("{url}search.html?q=lions"));
    becomes(
        &window,
        "document.querySelector('main .results a')?.pathname",
        &json!("/a/b/a/two.html"),
    );
    window.open(&format!("{url}b/three.html"));
    let font = "[...document.fonts].some((font) => font.status === 'loaded')";
    becomes(&window, font, &json!(true));
}

#[test]
fn readers_with_a_network_get_the_text_of_today_and_kept_pages_their_own_styles() {
    let (mut site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    site.url.clone_from(&url);
    read(&window, &url, "a/two.html", &["a/two.html"]);
    read(&window, &url, "a/one.html", &["a/one.html"]);
    let accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')";
    let before = value(&window, accent);
    site.publish_anew("a/one.md", "# One\n\nOne is new.\n");
    window.open(&format!("{url}a/one.html"));
    assert_eq!(value(&window, TEXT), json!("One is new."));

    site.publish_anew("notes.yaml", &format!("{SETTINGS}theme: {{accent: \"#6d28d9\"}}\n"));
    window.open(&format!("{url}a/one.html"));
    let after = value(&window, accent);
    assert_ne!(after, before);
    let style =
        value(&window, "document.querySelector('link[href*=style]').href.replace(/.*\\?/, '')");
    let style = format!("static/style.css?{}", style.as_str().unwrap());
    wait_for("the new styles", || kept(&window, &url).contains(&style));
    let is_new = "const done = arguments[arguments.length - 1];\
         caches.match(arguments[0]).then((page) => page.text())\
           .then((text) => done(text.includes(arguments[1])));";
    let one = json!([format!("{url}a/one.html"), style]);
    wait_for("the new page", || window.run_and_wait(is_new, &one) == json!(true));
    drop(server);
    for (address, expected) in [("a/two.html", &before), ("a/one.html", &after)] {
        window.open(&format!("{url}{address}"));
        assert_eq!(value(&window, accent), *expected, "{address}");
    }
}

#[test]
fn a_site_without_the_setting_removes_what_it_left() {
    let (mut site, driver) = (notes(), Driver::start());
    let (server, window) = (served(&site.folder), window(&driver));
    let url = server.url.clone();
    site.url.clone_from(&url);
    read(&window, &url, "a/one.html", &["a/one.html"]);
    assert_eq!(window.run_and_wait(WORKERS, &json!([])), json!(1));
    site.publish_anew("notes.yaml", "title: Notes\n");
    window.open(&format!("{url}a/one.html"));
    wait_for("no worker", || window.run_and_wait(WORKERS, &json!([])) == json!(0));
    wait_for("emptiness", || kept(&window, &url).is_empty());
    assert_eq!(value(&window, CONTROLS), json!([]));
}

#[test]
fn nothing_is_kept_without_the_setting_and_from_disk() {
    let driver = Driver::start();
    let window = window(&driver);
    let on_disk = notes();
    window.open(&format!("{}a/one.html", on_disk.url));
    click(&window, ".preferences > button");
    assert_eq!(value(&window, "document.querySelector('.offline')"), Value::Null);
    assert_eq!(window.console(), [""; 0]);
    assert_eq!(value(&window, STYLED), json!("grid"));

    let without = Site::of_notes(&[("README.md".to_owned(), "# Home\n".to_owned())]);
    let server = served(&without.folder);
    window.open(&server.url);
    click(&window, ".preferences > button");
    assert_eq!(value(&window, "document.querySelector('.offline')"), Value::Null);
    assert_eq!(window.run_and_wait(WORKERS, &json!([])), json!(0));
}

#[test]
fn controls_break_no_rule_of_wcag() {
    let (site, driver, axe) = (notes(), Driver::start(), axe());
    let (server, window) = (served(&site.folder), window(&driver));
    for width in WIDTHS {
        for scheme in SCHEMES {
            window.look(Look { width, scheme });
            window.open(&format!("{}a/one.html", server.url));
            window.look(Look { width, scheme });
            open_controls(&window, &KEEP);
            assert_eq!(broken_rules(&window, &axe), [""; 0], "{width} {scheme}");
            let is_wide = "document.documentElement.scrollWidth > innerWidth";
            assert_eq!(value(&window, is_wide), json!(false), "{width}");
        }
    }
}
