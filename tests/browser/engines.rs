//! The same journeys of a reader in Chromium, Firefox and WebKit, through what their drivers have
//! in common: search, keys, drawer, branches, preferences, copying, images, sections, history,
//! files opened from disk, pages without scripts, and the live preview.
//!
//! WebKit's driver has neither a switch for scripts nor printing, so those two journeys are made in
//! the other two (`without_scripts.rs` has more of the first).

use std::fs;

use serde_json::{Value, json};

use crate::comfort::{becomes, click, value};
use crate::driver::{Driver, Engine};
use crate::server::Server;
use crate::serving::Serving;
use crate::site::Site;
use crate::window::Window;

const LONG: &str = "系统/很长的笔记.html";
const SECTION: &str = "系统/index.html";
/// Keys as WebDriver names them (W3C WebDriver, keyboard actions).
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const DOWN: &str = "\u{E015}";

impl Window<'_> {
    /// Sets the size of the window.
    fn resize(&self, width: u32) {
        self.ask("window/rect", &json!({"x": 0, "y": 0, "width": width, "height": 900}));
    }

    /// Presses keys one after the other.
    fn keys(&self, keys: &[&str]) {
        let press =
            |key: &&str| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key}));
        let actions: Vec<Value> = keys.iter().flat_map(press).collect();
        let actions = json!([{"type": "key", "id": "keyboard", "actions": actions}]);
        self.ask("actions", &json!({"actions": actions}));
    }

    fn go(&self, direction: &str) {
        self.ask(direction, &json!({}));
    }
}

/// The journeys of an engine on a site at some address.
struct Journeys<'a> {
    window: &'a Window<'a>,
    url: &'a str,
}

impl Journeys<'_> {
    fn open(&self, route: &str, width: u32) {
        self.window.resize(width);
        self.window.open(&format!("{}{route}", self.url));
        becomes(
            self.window,
            "Boolean(document.querySelector('.preferences > button'))",
            &json!(true),
        );
    }

    fn all(&self) {
        self.search();
        self.composition();
        self.page_keys();
        self.drawer();
        self.branches();
        self.preferences();
        self.copying();
        self.images();
        self.sections();
        self.measure();
    }

    /// From the key for the search to a marked word on the page of a result.
    fn search(&self) {
        self.open(SECTION, 1280);
        self.window.keys(&["/"]);
        becomes(self.window, "document.activeElement.name", &json!("q"));
        self.window.keys(&["笔", "记"]);
        let results = "document.querySelectorAll('form.search [role=option]').length > 0";
        becomes(self.window, results, &json!(true));
        self.window.keys(&[DOWN]);
        let chosen = "Boolean(document.querySelector('form.search [aria-selected=true]'))";
        becomes(self.window, chosen, &json!(true));
        self.window.keys(&[ENTER]);
        becomes(
            self.window,
            "document.querySelectorAll('article mark.found').length > 0",
            &json!(true),
        );
        self.window.keys(&[ESCAPE]);
        becomes(self.window, "document.querySelectorAll('article mark.found').length", &json!(0));
    }

    /// Nothing is searched while an input method composes a word, and the key that ends it opens
    /// nothing. Safari sends that key with the number 229 after the composition.
    fn composition(&self) {
        self.open(SECTION, 1280);
        let compose = "const field = document.querySelector('.top .search input'); field.focus();\
            field.dispatchEvent(new CompositionEvent('compositionstart'));\
            field.value = 'bi'; field.dispatchEvent(new InputEvent('input', {isComposing: true}));";
        self.window.run(compose, &json!([]));
        let end = "const field = document.querySelector('.top .search input'); field.value = '笔记';\
            field.dispatchEvent(new CompositionEvent('compositionend'));\
            field.dispatchEvent(new InputEvent('input'));\
            const key = new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true, \
            cancelable: true}); field.dispatchEvent(key); return location.href";
        let address = self.window.run(end, &json!([]));
        let results = "document.querySelectorAll('form.search [role=option]').length > 0";
        becomes(self.window, results, &json!(true));
        assert_eq!(value(self.window, "location.href"), address);
    }

    /// Keys turn pages, and the browser's history goes on as it would without them.
    fn page_keys(&self) {
        self.open(SECTION, 1280);
        let first = value(self.window, "location.href");
        let next = value(self.window, "document.querySelector('[rel=next]').href");
        self.window.keys(&["n"]);
        becomes(self.window, "location.href", &next);
        self.window.go("back");
        becomes(self.window, "location.href", &first);
        self.window.go("forward");
        becomes(self.window, "location.href", &next);
    }

    fn drawer(&self) {
        self.open(SECTION, 1280);
        self.open(LONG, 500);
        let address = value(self.window, "location.href");
        let is_open = "document.querySelector('nav.navigation').getBoundingClientRect().left >= 0 \
            && getComputedStyle(document.querySelector('nav.navigation')).visibility === 'visible'";
        assert_eq!(value(self.window, is_open), json!(false));
        click(self.window, ".menu");
        becomes(self.window, is_open, &json!(true));
        assert_eq!(value(self.window, "document.querySelector('main').inert"), json!(true));
        self.window.keys(&[ESCAPE]);
        becomes(self.window, is_open, &json!(false));
        assert_eq!(value(self.window, "location.href"), address);
        assert_eq!(value(self.window, "document.querySelector('main').inert"), json!(false));
        // The link at its top closes it too.
        click(self.window, ".menu");
        becomes(self.window, is_open, &json!(true));
        click(self.window, "nav.navigation > .close");
        becomes(self.window, is_open, &json!(false));
        assert_eq!(value(self.window, "location.href"), address);
        // A page that is left with its drawer open comes back without it.
        click(self.window, ".menu");
        becomes(self.window, is_open, &json!(true));
        self.window.run("document.querySelector('nav.navigation li > a').click()", &json!([]));
        becomes(self.window, &format!("location.href !== {address}"), &json!(true));
        self.window.go("back");
        becomes(self.window, "location.href", &address);
        becomes(self.window, is_open, &json!(false));
        assert_eq!(
            value(self.window, "document.documentElement.scrollWidth <= innerWidth"),
            json!(true)
        );
    }

    fn branches(&self) {
        self.open("网络/index.html", 1280);
        let branch = "document.querySelector('nav.navigation > ul > li.branch:not(:has(> ul))')";
        let label = value(self.window, &format!("{branch}.firstElementChild.textContent"));
        self.window.run(&format!("{branch}.querySelector('button').click()"), &json!([]));
        let opened = format!(
            "[...document.querySelectorAll('nav.navigation > ul > li.branch')].find((item) => \
             item.firstElementChild.textContent === {label}).querySelectorAll('ul a').length > 0"
        );
        becomes(self.window, &opened, &json!(true));
    }

    fn preferences(&self) {
        self.open(SECTION, 1280);
        let background = "getComputedStyle(document.body).backgroundColor";
        click(self.window, ".preferences > button");
        click(self.window, "input[value=dark]");
        click(self.window, "input[value=largest]");
        let dark = value(self.window, background);
        let size = "getComputedStyle(document.documentElement).fontSize";
        let largest = value(self.window, size);
        self.open(LONG, 1280);
        assert_eq!(value(self.window, background), dark);
        assert_eq!(value(self.window, size), largest);
        click(self.window, ".preferences > button");
        click(self.window, "input[value=light]");
        click(self.window, "input[value=medium]");
        assert_ne!(value(self.window, background), dark);
    }

    fn copying(&self) {
        self.open("系统/很宽的笔记.html", 1280);
        let tools = "document.querySelectorAll('figure.code > .code-tools > button').length > 0";
        becomes(self.window, tools, &json!(true));
        click(self.window, "figure.code > .code-tools > button:last-child");
        becomes(self.window, "document.querySelector('.status').textContent", &json!("已复制"));
    }

    fn images(&self) {
        self.open(SECTION, 1280);
        becomes(
            self.window,
            "Boolean(document.querySelector('article img.enlarges'))",
            &json!(true),
        );
        self.window.run("document.querySelector('article img.enlarges').focus()", &json!([]));
        self.window.keys(&[ENTER]);
        becomes(self.window, "document.querySelector('dialog.image').open", &json!(true));
        self.window.keys(&[ESCAPE]);
        becomes(self.window, "document.querySelector('dialog.image').open", &json!(false));
    }

    /// A section that the outline leads to is below the bar, and is the one that it marks.
    fn sections(&self) {
        self.open(LONG, 1280);
        let entry = "document.querySelectorAll('details.outline a')[3]";
        self.window.run(&format!("{entry}.click()"), &json!([]));
        let top = format!(
            "Math.round(document.getElementById(decodeURIComponent({entry}.hash.slice(1)))\
             .getBoundingClientRect().top)"
        );
        let bar = "document.querySelector('.top').getBoundingClientRect().bottom";
        becomes(self.window, &format!("{top} >= {bar} && {top} < {bar} + 60"), &json!(true));
        becomes(self.window, &format!("{entry}.getAttribute('aria-current')"), &json!("true"));
        assert_eq!(value(self.window, "location.hash.length > 1"), json!(true));
    }

    /// Lines of Chinese text fill the measure: their unused space is less than two characters in
    /// the mean, which `text-wrap: pretty` in WebKit makes four of.
    fn measure(&self) {
        self.open(LONG, 1280);
        let unused = "(() => { const lines = []; for (const p of \
            document.querySelectorAll('article > p')) { const range = document.createRange(); \
            range.selectNodeContents(p); const right = p.getBoundingClientRect().right; \
            const ends = new Map(); for (const box of range.getClientRects()) { const y = \
            Math.round(box.bottom); ends.set(y, Math.max(ends.get(y) || 0, box.right)); } \
            const all = [...ends.values()].slice(0, -1); lines.push(...all.map((end) => right - \
            end)); } return lines.length ? lines.reduce((sum, one) => sum + one, 0) / lines.length \
            : 0 })() < 34";
        assert_eq!(value(self.window, unused), json!(true));
    }
}

fn journeys(engine: Engine) {
    let driver = Driver::of(engine);
    let window = driver.window();
    let on_disk = Site::on_disk();
    Journeys { window: &window, url: &on_disk.url }.all();
    let mut server = Server::bind();
    let served = Site::at(&server.url);
    server.serve(&served.folder);
    Journeys { window: &window, url: &server.url }.all();
    drop(window);
    live(&driver);
}

/// An edit is on the open page without loading it again.
fn live(driver: &Driver) {
    let notes = tempfile::tempdir().unwrap();
    fs::write(notes.path().join("README.md"), "# 首页\n\n文。\n").unwrap();
    let serving = Serving::start(notes.path(), &[]);
    let window = driver.window();
    window.open(&serving.url);
    becomes(
        &window,
        "document.querySelector('article > p:not([class])').textContent",
        &json!("文。"),
    );
    window.run("window.isSame = true", &json!([]));
    fs::write(notes.path().join("README.md"), "# 首页\n\n另一段文。\n").unwrap();
    becomes(
        &window,
        "document.querySelector('article > p:not([class])').textContent",
        &json!("另一段文。"),
    );
    assert_eq!(value(&window, "window.isSame"), json!(true));
}

#[test]
fn a_reader_of_chromium() {
    journeys(Engine::Chromium);
}

#[test]
fn a_reader_of_firefox() {
    journeys(Engine::Firefox);
}

#[test]
fn a_reader_of_webkit() {
    journeys(Engine::WebKit);
}

#[test]
fn firefox_without_scripts() {
    let driver = Driver::of(Engine::Firefox);
    let window = driver.window_with(&json!({"javascript.enabled": false}));
    let site = Site::on_disk();
    window.resize(500);
    window.open(&format!("{}{LONG}", site.url));
    assert_eq!(value(&window, "document.querySelectorAll('.preferences').length"), json!(0));
    // The drawer is opened by its address alone.
    window.open(&format!("{}{LONG}#page:navigation", site.url));
    let is_open = "getComputedStyle(document.querySelector('nav.navigation')).visibility";
    assert_eq!(value(&window, is_open), json!("visible"));
    window.open(&format!("{}{SECTION}", site.url));
    assert_eq!(value(&window, "document.documentElement.scrollWidth <= innerWidth"), json!(true));
}

#[test]
fn paper_has_the_text_alone() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let driver = Driver::of(engine);
        let window = driver.window();
        let site = Site::on_disk();
        window.open(&format!("{}{SECTION}", site.url));
        let printed = window.ask("print", &json!({}));
        let pdf = printed.as_str().unwrap_or_default();
        // `%PDF-` in base64.
        assert!(pdf.starts_with("JVBERi0"), "{engine:?}");
    }
}
