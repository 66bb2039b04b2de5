//! Commands to one window of the browser → what its page shows, logs and loads.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Driver;

/// A window, closed with its browser when the value goes.
pub struct Window<'a> {
    driver: &'a Driver,
    path: String,
}

/// A width and a colour scheme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Of the window, in pixels.
    pub width: u32,
    /// The colours that the reader prefers.
    pub scheme: &'static str,
}

/// The widths of a large screen, a tablet, a telephone and a small one, which is also a large one
/// at 400 %.
pub const WIDTHS: [u32; 4] = [1440, 768, 360, 320];
/// The colours that a reader can prefer.
pub const SCHEMES: [&str; 3] = ["light", "dark", SEPIA];
/// The scheme that is no system's: the page sets it when the reader has chosen it.
const SEPIA: &str = "sepia";
/// The widths at which the navigation is a drawer.
pub const WITH_DRAWER: [u32; 3] = [768, 360, 320];
const HEIGHT: u32 = 800;

/// A key: its name, its number, and the text that it types.
pub const TAB: (&str, u32, &str) = ("Tab", 9, "");
/// See [`TAB`].
pub const ENTER: (&str, u32, &str) = ("Enter", 13, "\r");
/// See [`TAB`].
pub const ESCAPE: (&str, u32, &str) = ("Escape", 27, "");
/// See [`TAB`].
pub const DOWN: (&str, u32, &str) = ("ArrowDown", 40, "");
/// See [`TAB`].
pub const UP: (&str, u32, &str) = ("ArrowUp", 38, "");

impl<'a> Window<'a> {
    pub(crate) fn new(driver: &'a Driver, session: &str) -> Self {
        Self { driver, path: format!("/session/{session}") }
    }

    pub(crate) fn ask(&self, command: &str, body: &Value) -> Value {
        self.driver
            .ask("POST", &format!("{}/{command}", self.path), body)
            .unwrap_or_else(|why| panic!("{why}"))
    }

    /// Waits until the page is drawn, which a picture of it has to: before, keys and clicks may
    /// come to nothing.
    pub fn wait_until_drawn(&self) {
        self.own("Page.captureScreenshot", &json!({"format": "jpeg", "quality": 1}));
    }

    /// Sends a command of the browser's own protocol.
    fn own(&self, command: &str, parameters: &Value) -> Value {
        self.ask("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Opens a page and waits until it is loaded. A fragment alone would load nothing.
    pub fn open(&self, url: &str) {
        self.ask("url", &json!({"url": "about:blank"}));
        self.ask("url", &json!({"url": url}));
        // ChromeDriver 148 may answer while the page is still the empty one.
        let is_loaded =
            "return document.readyState === 'complete' && location.protocol !== 'about:'";
        let ask = || {
            let body = json!({"script": is_loaded, "args": []});
            self.driver.ask("POST", &format!("{}/execute/sync", self.path), &body)
        };
        for _ in 0..3_000 {
            if ask() == Ok(json!(true)) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("{url} is not loaded");
    }

    /// Runs the body of a function, which finds the arguments in `arguments`.
    pub fn run(&self, script: &str, arguments: &Value) -> Value {
        self.ask("execute/sync", &json!({"script": script, "args": arguments}))
    }

    /// Runs the body of a function that calls its last argument with the result.
    pub fn run_and_wait(&self, script: &str, arguments: &Value) -> Value {
        self.ask("execute/async", &json!({"script": script, "args": arguments}))
    }

    /// The strings of the list that a script returns.
    pub fn list(&self, script: &str, arguments: &Value) -> Vec<String> {
        let found = self.run(script, arguments);
        let list = found.as_array().unwrap_or_else(|| panic!("no list: {found}"));
        list.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
    }

    /// Sets the size and the colours, and keeps the drawer from moving slowly.
    pub fn look(&self, look: Look) {
        let size =
            json!({"width": look.width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false});
        self.own("Emulation.setDeviceMetricsOverride", &size);
        let chosen = (look.scheme == SEPIA).then_some(SEPIA);
        let choose = "const all = document.documentElement.dataset;\
            if (arguments[0]) all.scheme = arguments[0]; else delete all.scheme;";
        self.run(choose, &json!([chosen]));
        let system = if look.scheme == "dark" { "dark" } else { "light" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": system},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.own("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Sets the room for what a site keeps in the browser, in bytes.
    pub fn limit_storage(&self, site: &str, bytes: u32) {
        let limit = json!({"origin": site, "quotaSize": bytes});
        self.own("Storage.overrideQuotaForOrigin", &limit);
    }

    /// Loads the page anew past everything that the browser keeps.
    pub fn reload_past_caches(&self) {
        self.own("Page.reload", &json!({"ignoreCache": true}));
    }

    /// Lets the pages' own scripts run or not.
    pub fn set_scripts(&self, is_on: bool) {
        self.own("Emulation.setScriptExecutionDisabled", &json!({"value": !is_on}));
    }

    /// Presses a key and lets it go.
    pub fn press(&self, (name, number, text): (&str, u32, &str)) {
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [down, "keyUp"] {
            let mut key =
                json!({"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": number});
            if kind == "keyDown" {
                key["text"] = json!(text);
            }
            self.own("Input.dispatchKeyEvent", &key);
        }
    }

    /// Types a text where the focus is.
    pub fn type_text(&self, text: &str) {
        self.own("Input.insertText", &json!({"text": text}));
    }

    /// Clicks at a place of the window.
    pub fn click(&self, (x, y): (f64, f64)) {
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.own("Input.dispatchMouseEvent", &click);
        }
    }

    /// Moves the pointer to a place of the window.
    pub fn point(&self, (x, y): (f64, f64)) {
        let to = json!({"type": "mouseMoved", "x": x, "y": y});
        self.own("Input.dispatchMouseEvent", &to);
    }

    /// Log entries since the last call, `browser` or `performance`.
    fn log(&self, kind: &str) -> Vec<Value> {
        self.ask("se/log", &json!({"type": kind})).as_array().unwrap().clone()
    }

    /// Console messages since the last call.
    pub fn console(&self) -> Vec<String> {
        let entries = self.log("browser");
        entries.iter().map(|entry| format!("{}: {}", entry["level"], entry["message"])).collect()
    }

    /// Requests of the page since the last call.
    pub fn requests(&self) -> Vec<Request> {
        let mut requests = Vec::new();
        for entry in self.log("performance") {
            let message: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            note(&mut requests, &message["message"]);
        }
        requests
            .retain(|request| !request.url.starts_with("data:") && request.url != "about:blank");
        requests
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        // The driver is killed next, whatever it answers.
        let _ = self.driver.ask("DELETE", &self.path, &Value::Null);
    }
}

/// A request of a page.
#[derive(Debug)]
pub struct Request {
    number: String,
    /// The requested address.
    pub url: String,
    /// Why it did not come, if it did not.
    pub failure: Option<String>,
}

/// Notes what an event of the network says of a request.
fn note(requests: &mut Vec<Request>, event: &Value) {
    let about = &event["params"];
    let number = about["requestId"].as_str().unwrap_or_default();
    let failure = match event["method"].as_str() {
        Some("Network.requestWillBeSent") => {
            let url = about["request"]["url"].as_str().unwrap().to_owned();
            requests.push(Request { number: number.to_owned(), url, failure: None });
            return;
        }
        Some("Network.responseReceived") => {
            let status = about["response"]["status"].as_u64().unwrap_or(0);
            (status >= 400).then(|| format!("status {status}"))
        }
        Some("Network.loadingFailed") => Some(about["errorText"].to_string()),
        _ => return,
    };
    let of_number = requests.iter_mut().rfind(|request| request.number == number);
    if let (Some(request), Some(failure)) = (of_number, failure) {
        request.failure = Some(failure);
    }
}
