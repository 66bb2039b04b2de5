//! Sites with `offline: true` on a host that is changing, refuses or is left → what readers keep of
//! them: never the bytes of another publication, and all or nothing of what they asked for.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::changing_host::Host;
use crate::comfort::{becomes, value};
use crate::driver::Driver;
use crate::offline::{
    CONTROLS, KEEP, KEPT_PART, NOTES, PICTURE, SETTINGS, TEXT, TITLE, WORKERS, kept, notes,
    open_controls, press, read, served, wait_for, window,
};
use crate::server::Manner;
use crate::site::Site;
use crate::window::Window;

const STATUS: &str = "document.querySelector('.status').textContent";
const HAS_MENU: &str = "Boolean(document.querySelector('.preferences'))";
const STOPPED: &str = "Stop";

/// The notes with other texts.
fn notes_with(texts: &[(&str, &str)]) -> Site {
    let others = NOTES.iter().filter(|(path, _)| texts.iter().all(|(other, _)| other != path));
    let all: Vec<(String, String)> =
        others.chain(texts).map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Site::of_notes(&all)
}

const WITH_LIONS: [(&str, &str); 1] = [("a/two.md", "# Two\n\nTwo has lions.\n")];

/// Keeps the list of the control that begins so, in a window that shows `a/`.
fn keep(window: &Window, host: &Host, control: &str) {
    read(window, host.url(), "a/", &["a/"]);
    open_controls(window, &KEEP);
    press(window, control);
}

fn has(window: &Window, host: &Host, file: &str) -> bool {
    kept(window, host.url()).iter().any(|one| one == file)
}

/// The text of what is kept at an address.
fn text_kept(window: &Window, host: &Host, file: &str) -> String {
    let script = "const done = arguments[arguments.length - 1];\
         caches.match(arguments[0]).then((found) => found ? found.text() : '').then(done);";
    let address = format!("{}{file}", host.url());
    window.run_and_wait(script, &json!([address])).as_str().unwrap().to_owned()
}

#[test]
fn styles_of_another_publication_are_not_kept() {
    let (old, driver) = (notes(), Driver::start());
    let settings = format!("{SETTINGS}theme: {{accent: \"#6d28d9\"}}\n");
    let new = notes_with(&[("notes.yaml", &settings)]);
    let page = std::fs::read_to_string(new.folder.join("a/one.html")).unwrap();
    let (_, style) = page.split_once("static/style.css?").unwrap();
    let style = format!("static/style.css?{}", &style[..16]);
    let (host, window) = (Host::of(&old), window(&driver));
    read(&window, host.url(), "a/one.html", &["a/one.html"]);
    let new_folder = new.folder.clone();
    host.answer(move |path| {
        let is_new = path.ends_with("/offline.js");
        if is_new { Manner::Of(new_folder.clone()) } else { Manner::Plain }
    });
    window.open(&format!("{}a/two.html", host.url()));
    wait_for("the new worker", || host.is_asked(&style));
    // It is there, and has asked once more.
    host.asked.lock().unwrap().clear();
    window.open(&format!("{}a/one.html", host.url()));
    wait_for("another try", || host.is_asked(&style));
    assert!(!has(&window, &host, &style));

    let new_folder = new.folder.clone();
    host.answer(move |_| Manner::Of(new_folder.clone()));
    read(&window, host.url(), "a/one.html", &[&style]);
    assert!(text_kept(&window, &host, &style).contains("6d28d9"));
    window.open(&format!("{}a/one.html", host.url()));
    let accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')";
    assert_eq!(value(&window, accent), json!("#6d28d9"));
}

#[test]
fn lists_and_files_of_another_publication_are_not_taken_for_this_one() {
    for begun in [&["/offline.js"][..], &["/offline.js", "/static/offline.json"]] {
        let (old, new, driver) = (notes(), notes_with(&WITH_LIONS), Driver::start());
        let (host, window) = (Host::of(&old), window(&driver));
        keep(&window, &host, "Keep all");
        becomes(&window, &format!("{CONTROLS}[0]"), &json!("Remove “Notes” (SIZE)"));
        // The worker is uploaded first; the lists of the parts are gone for a moment.
        let new_folder = new.folder.clone();
        host.answer(move |path| {
            if begun.iter().any(|end| path.ends_with(end)) {
                Manner::Of(new_folder.clone())
            } else if path.contains("/offline/") {
                Manner::Refusal("404 Not Found")
            } else {
                Manner::Plain
            }
        });
        let is_begun = |host: &Host| begun.iter().all(|end| host.is_asked(end));
        for _ in 0..2 {
            window.open(&format!("{}a/one.html", host.url()));
            wait_for("the new worker", || is_begun(&host));
        }
        let new_folder = new.folder.clone();
        host.answer(move |_| Manner::Of(new_folder.clone()));
        assert!(has(&window, &host, "b/three.html"), "{begun:?}");
        window.open(&format!("{}a/one.html", host.url()));
        wait_for("the new text", || text_kept(&window, &host, "a/two.html").contains("lions"));
        assert!(has(&window, &host, "b/three.html"), "{begun:?}");
    }
}

#[test]
fn readers_are_told_that_a_part_is_gone() {
    let (mut site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    site.url = host.url().to_owned();
    read(&window, host.url(), "b/", &["b/"]);
    open_controls(&window, &KEEP);
    press(&window, "Keep this part");
    becomes(&window, CONTROLS, &json!(KEPT_PART));
    site.publish_anew("notes.yaml", &format!("{SETTINGS}exclude: [b]\n"));
    window.open(&format!("{}a/", host.url()));
    becomes(
        &window,
        STATUS,
        &json!("“Second part” is not on this site any more; what was kept of it is removed"),
    );
    assert!(!has(&window, &host, "b/three.html"));
}

#[test]
fn what_the_host_refuses_is_not_taken_for_kept() {
    for (refusal, told) in [
        ("429 Too Many Requests", "Interrupted; it goes on at your next visit"),
        ("503 Service Unavailable", "Interrupted; it goes on at your next visit"),
        (
            "404 Not Found",
            "Not complete: the host lacks some files; they are asked for again at your next visit",
        ),
    ] {
        let (site, driver) = (notes(), Driver::start());
        let (host, window) = (Host::of(&site), window(&driver));
        host.refuse("/a/two.svg", refusal);
        keep(&window, &host, "Keep this part");
        becomes(&window, STATUS, &json!(told));
        assert_eq!(value(&window, &format!("{CONTROLS}[0]")), json!(STOPPED));
        assert!(!has(&window, &host, "a/two.svg"));
        host.answer(|_| Manner::Plain);
        read(&window, host.url(), "b/", &["a/two.svg"]);
        window.open(&format!("{}a/", host.url()));
        open_controls(&window, &KEPT_PART);
    }
}

#[test]
fn a_worker_that_goes_leaves_nothing_behind() {
    let (mut site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    site.url = host.url().to_owned();
    read(&window, host.url(), "a/", &["a/"]);
    // Another page stays open, and the worker is keeping.
    window.run("window.open(arguments[0], 'other')", &json!([format!("{}b/", host.url())]));
    wait_for("another page", || has(&window, &host, "b/"));
    open_controls(&window, &KEEP);
    host.hold("/a/two.svg");
    press(&window, "Keep all");
    wait_for("keeping", || host.is_asked("/a/two.svg"));
    site.publish_anew("notes.yaml", "title: Notes\n");
    window.open(&format!("{}a/one.html", host.url()));
    wait_for("no worker", || window.run_and_wait(WORKERS, &json!([])) == json!(0));
    host.let_go();
    // The worker answers for the page that is still open.
    let ask = "const done = arguments[arguments.length - 1];\
         window.open('', 'other').fetch(arguments[0]).then((found) => found.text()).then(done);";
    let picture = format!("{}a/one.svg", host.url());
    window.run_and_wait(ask, &json!([picture]));
    let mark = "localStorage.getItem('notes-worker:/a/b/offline.js')";
    assert_eq!(value(&window, mark), json!("1"));
    window.run("window.open('', 'other').close()", &json!([]));
    wait_for("nothing", || {
        window.open(&format!("{}a/two.html", host.url()));
        becomes(&window, HAS_MENU, &json!(true));
        value(&window, mark) == Value::Null
    });
    assert_eq!(kept(&window, host.url()), [""; 0]);
    let caches = "const done = arguments[arguments.length - 1]; caches.keys().then(done);";
    assert_eq!(window.run_and_wait(caches, &json!([])), json!([]));
}

#[test]
fn what_was_kept_stays_if_its_update_is_stopped() {
    let (mut site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    site.url = host.url().to_owned();
    keep(&window, &host, "Keep this part");
    becomes(&window, CONTROLS, &json!(KEPT_PART));
    site.publish_anew(WITH_LIONS[0].0, WITH_LIONS[0].1);
    host.hold("/a/two.html");
    window.open(&format!("{}b/", host.url()));
    wait_for("an update", || host.is_asked("/a/two.html"));
    window.open(&format!("{}a/", host.url()));
    open_controls(&window, &[STOPPED, KEEP[1], KEEP[2]]);
    press(&window, STOPPED);
    becomes(&window, CONTROLS, &json!(KEPT_PART));
    becomes(&window, STATUS, &json!("Stopped; what was kept before stays"));
    assert!(text_kept(&window, &host, "a/two.html").contains("zebras"));
    host.let_go();
    // It stays so until the next publication.
    host.answer(|_| Manner::Plain);
    window.open(&format!("{}b/three.html", host.url()));
    site.publish_anew("a/two.md", "# Two\n\nTwo has tigers.\n");
    window.open(&format!("{}b/", host.url()));
    wait_for("the next text", || text_kept(&window, &host, "a/two.html").contains("tigers"));
}

#[test]
fn the_last_wish_counts() {
    let (site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    host.hold("/a/two.svg");
    keep(&window, &host, "Keep this part");
    wait_for("keeping", || host.is_asked("/a/two.svg"));
    press(&window, STOPPED);
    becomes(&window, CONTROLS, &json!(KEEP));
    press(&window, "Keep this part");
    host.let_go();
    becomes(&window, CONTROLS, &json!(KEPT_PART));
    assert!(has(&window, &host, "a/two.svg"));
}

/// A list that is removed leaves the files that another one wants meanwhile.
#[test]
fn lists_share_their_files() {
    let (site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    host.hold("/b/three.html");
    keep(&window, &host, "Keep all");
    wait_for("keeping", || host.is_asked("/b/three.html") && has(&window, &host, "a/two.svg"));
    press(&window, STOPPED);
    press(&window, "Keep this part");
    host.let_go();
    becomes(&window, &format!("{CONTROLS}[0]"), &json!(KEPT_PART[0]));
    assert!(has(&window, &host, "a/two.svg") && has(&window, &host, "a/two.html"));
    assert!(!has(&window, &host, "b/three.html"));
}

#[test]
fn styles_that_nobody_may_keep_are_missing() {
    let (site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    host.answer(|path| {
        let is_style = path.contains("/static/style.css");
        if is_style { Manner::With("Cache-Control: no-store\r\n") } else { Manner::Plain }
    });
    keep(&window, &host, "Keep this part");
    let told =
        "Not complete: the host lacks some files; they are asked for again at your next visit";
    becomes(&window, STATUS, &json!(told));
    assert!(has(&window, &host, "a/two.html"), "the others are there");
    assert_eq!(value(&window, &format!("{CONTROLS}[0]")), json!(STOPPED));
}

/// A page that the host changes is missing; the others are kept.
#[test]
fn a_changed_page_does_not_keep_the_others_back() {
    let (site, new, driver) = (notes(), notes_with(&WITH_LIONS), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    let changed = new.folder.clone();
    host.answer(move |path| {
        let is_changed = path.ends_with("/a/two.html");
        if is_changed { Manner::Of(changed.clone()) } else { Manner::Plain }
    });
    keep(&window, &host, "Keep all");
    let told =
        "Not complete: the host lacks some files; they are asked for again at your next visit";
    becomes(&window, STATUS, &json!(told));
    assert!(has(&window, &host, "b/three.html"));
    assert!(!has(&window, &host, "a/two.html"));
}

/// The first page came without the worker, its styles too.
#[test]
fn the_first_page_is_kept_with_its_styles() {
    let (site, driver) = (notes_with(&[("a/one.md", "# One\n\n$x^2$\n")]), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    window.open(&format!("{}a/one.html", host.url()));
    wait_for("the sheet of formulas", || {
        kept(&window, host.url()).iter().any(|file| file.starts_with("static/math.css?"))
    });
}

#[test]
fn a_full_browser_is_told_of_and_takes_the_next_worker() {
    let (mut site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    site.url = host.url().to_owned();
    // It was never complete.
    host.refuse("/a/two.svg", "503 Service Unavailable");
    keep(&window, &host, "Keep this part");
    becomes(&window, STATUS, &json!("Interrupted; it goes on at your next visit"));
    host.answer(|_| Manner::Plain);
    window.limit_storage(host.url(), 1);
    window.open(&format!("{}a/", host.url()));
    open_controls(&window, &KEEP);

    let active = "const done = arguments[arguments.length - 1];\
         navigator.serviceWorker.ready.then(({ active, installing, waiting }) =>\
           done(active.state + Boolean(installing || waiting)));";
    site.publish_anew("notes.yaml", &format!("{SETTINGS}theme: {{accent: \"#6d28d9\"}}\n"));
    host.answer(|_| Manner::Plain);
    window.open(&format!("{}b/", host.url()));
    wait_for("the frame", || host.asked.lock().unwrap().iter().any(|one| one.contains(".css?")));
    wait_for("a worker", || window.run_and_wait(active, &json!([])) == json!("activatedfalse"));
}

#[test]
fn what_was_kept_stays_if_there_is_no_room_for_its_update() {
    let (mut site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    site.url = host.url().to_owned();
    keep(&window, &host, "Keep this part");
    becomes(&window, CONTROLS, &json!(KEPT_PART));
    let used = "const done = arguments[arguments.length - 1];\
         navigator.storage.estimate().then(({ usage }) => done(usage));";
    let used = window.run_and_wait(used, &json!([])).as_u64().unwrap();
    window.limit_storage(host.url(), u32::try_from(used).unwrap() + 1_000_000);
    site.publish_anew("a/two.svg", &format!("{PICTURE}{}", " ".repeat(4_000_000)));
    host.answer(|_| Manner::Plain);
    window.open(&format!("{}b/", host.url()));
    wait_for("an update", || host.is_asked("/a/two.svg"));
    window.open(&format!("{}a/", host.url()));
    open_controls(&window, &KEPT_PART);
    assert_eq!(text_kept(&window, &host, "a/two.svg"), PICTURE);
}

#[test]
fn kept_pages_have_the_headers_of_their_host() {
    let (site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    host.answer(|path| {
        if path.contains("/b/three") {
            return Manner::With("Cache-Control: no-store\r\n");
        }
        Manner::With(
            "Content-Security-Policy: frame-ancestors 'none'\r\n\
             X-Content-Type-Options: nosniff\r\nVary: *\r\nSet-Cookie: a=b\r\n",
        )
    });
    read(&window, host.url(), "b/", &["b/"]);
    window.open(&format!("{}b/three.html", host.url()));
    read(&window, host.url(), "a/one.html", &["a/one.html", "a/one.svg"]);
    assert!(!has(&window, &host, "b/three.html"));
    open_controls(&window, &KEEP);
    press(&window, "Keep all");
    becomes(
        &window,
        STATUS,
        &json!(
            "Not complete: the host lacks some files; they are asked for again at your next visit"
        ),
    );
    assert!(!has(&window, &host, "b/three.html") && has(&window, &host, "a/two.html"));
    let folder = host.url().to_owned();
    drop(host);
    let headers = "const done = arguments[arguments.length - 1];\
         fetch(arguments[0]).then(({ headers }) => done(['content-security-policy',\
           'x-content-type-options', 'content-type'].map((name) => headers.get(name))));";
    for (address, kind) in [
        ("a/one.html", "text/html; charset=utf-8"),
        ("a/two.html", "text/html; charset=utf-8"),
        ("a/one.svg", "image/svg+xml"),
    ] {
        let found = window.run_and_wait(headers, &json!([format!("{folder}{address}")]));
        assert_eq!(found, json!(["frame-ancestors 'none'", "nosniff", kind]), "{address}");
    }
}

#[test]
fn what_is_kept_by_reading_has_a_bound() {
    let (site, driver) = (notes(), Driver::start());
    let small: Vec<PathBuf> = (0..500).map(|n| site.folder.join(format!("{n}.txt"))).collect();
    for path in &small {
        std::fs::write(path, "x").unwrap();
    }
    for (name, size) in [("large.txt", 5_000_001), ("last.txt", 5_000_000)] {
        std::fs::write(site.folder.join(name), "x".repeat(size)).unwrap();
    }
    let (host, window) = (Host::of(&site), window(&driver));
    host.answer(|_| Manner::Unmeasured);
    read(&window, host.url(), "a/one.html", &["a/one.html", "a/one.svg"]);
    let ask = "const done = arguments[arguments.length - 1];\
         (async () => {\
           for (const name of [...Array(500).keys(), 'large', 'last']) {\
             await (await fetch(`${arguments[0]}${name}.txt`)).text();\
           }\
         })().then(() => done(), (error) => done(String(error)));";
    assert_eq!(window.run_and_wait(ask, &json!([host.url()])), Value::Null);
    let read = "const done = arguments[arguments.length - 1];\
         caches.open('notes:/a/b/:read').then((all) => all.keys()).then((all) =>\
           done(all.map(({ url }) => url.replace(/.*[/]/, ''))));";
    wait_for("the bound", || {
        let names = window.run_and_wait(read, &json!([]));
        let names = names.as_array().unwrap();
        names.len() == 500 && names.contains(&json!("last.txt"))
    });
    let names = window.run_and_wait(read, &json!([]));
    let names = names.as_array().unwrap();
    assert!(!names.contains(&json!("one.html")) && !names.contains(&json!("large.txt")));
}

#[test]
fn a_page_without_its_worker_hears_of_it() {
    let (site, driver) = (notes(), Driver::start());
    let (host, window) = (Host::of(&site), window(&driver));
    read(&window, host.url(), "a/", &["a/"]);
    window.run("window.isBefore = true", &json!([]));
    window.reload_past_caches();
    let state = "[Boolean(window.isBefore), Boolean(navigator.serviceWorker.controller)]";
    becomes(&window, state, &json!([false, false]));
    becomes(&window, HAS_MENU, &json!(true));
    open_controls(&window, &KEEP);
    press(&window, "Keep this part");
    becomes(&window, CONTROLS, &json!(KEPT_PART));
}

#[test]
fn a_book_is_kept_with_its_library() {
    let settings = "title: Library\noffline: true\nbooks: [one, two]\n";
    let files = [
        ("notes.yaml", settings),
        ("README.md", "# Library\n"),
        ("one/README.md", "# One\n"),
        ("one/a/x.md", "# X\n\nText of x.\n"),
        ("two/README.md", "# Two\n"),
        ("two/b/y.md", "# Y\n"),
    ];
    let site = Site::of_notes(&files.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let (driver, host) = (Driver::start(), Host::of(&site));
    let window = window(&driver);
    read(&window, host.url(), "", &[""]);
    open_controls(&window, &["Keep all of “Library” offline (SIZE)", KEEP[2]]);
    press(&window, "Keep all");
    becomes(&window, CONTROLS, &json!(["Remove “Library” (SIZE)", KEEP[2]]));
    window.open(&format!("{}one/a/x.html", host.url()));
    open_controls(&window, &[KEEP[2]]);
}

#[test]
fn a_site_below_another_has_its_own_worker() {
    let (site, driver) = (notes(), Driver::start());
    let below = notes();
    std::fs::rename(&below.folder, site.folder.join("below")).unwrap();
    let (server, window) = (served(&site.folder), window(&driver));
    read(&window, &server.url, "a/one.html", &["a/one.html"]);
    window.open(&format!("{}below/a/two.html", server.url));
    let names = "const done = arguments[arguments.length - 1];\
         caches.open('notes:/a/b/below/:read').then((all) => all.match(arguments[0]))\
           .then((found) => done(Boolean(found)));";
    let two = json!([format!("{}below/a/two.html", server.url)]);
    wait_for("the first page", || window.run_and_wait(names, &two) == json!(true));
    open_controls(&window, &KEEP);
    press(&window, "Keep this part");
    becomes(&window, CONTROLS, &json!(KEPT_PART));
    drop(server);
    window.open(&two[0].as_str().unwrap().replace("two", "one"));
    assert_eq!(value(&window, TITLE), json!("One"));
    assert_eq!(value(&window, TEXT), json!("One is read."));
}
