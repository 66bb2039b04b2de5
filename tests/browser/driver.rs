//! An installed browser → windows of it, opened through a driver that lives as long as the value
//! and is asked over HTTP (W3C WebDriver).

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use crate::window::Window;

/// Advice for a missing browser.
const MISSING: &str = "these tests need Chromium, Firefox and WebKit with their drivers; tests/all.sh \
     installs them";
/// Arguments of the browser: without a screen, also as the superuser, and without extensions.
const ARGUMENTS: [&str; 7] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--window-size=1440,900",
];
/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A browser's engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// A running driver.
pub struct Driver {
    /// The engine that it drives.
    pub engine: Engine,
    process: Child,
    /// The screen of a browser that has to have one.
    screen: Option<Child>,
    agent: Agent,
    address: String,
    /// The profile of the browser, removed with the value.
    _leavings: tempfile::TempDir,
}

impl Driver {
    /// Starts one for Chromium at a port that is free.
    pub fn start() -> Self {
        Self::of(Engine::Chromium)
    }

    /// Starts one for an engine at a port that is free.
    pub fn of(engine: Engine) -> Self {
        let leavings = tempfile::tempdir().unwrap();
        let (mut screen, mut named) = (None, None);
        let mut command = match engine {
            Engine::Chromium => driver("chromedriver", "--port=0"),
            Engine::Firefox => driver("geckodriver", "--port=0"),
            Engine::WebKit => {
                let (process, display) = start_screen();
                screen = Some(process);
                let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
                named = Some(free);
                let mut command = driver("WebKitWebDriver", &format!("--port={free}"));
                command.env("DISPLAY", format!(":{display}"));
                // A superuser's browser has no sandbox to begin with.
                command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
                command
            }
        };
        command.env("TMPDIR", leavings.path());
        // Chromium's driver wants the same port of both kinds of addresses, and ends if another
        // process has one of them.
        let started = (0..5).find_map(|_| {
            let mut process =
                command.spawn().unwrap_or_else(|error| panic!("{engine:?}: {error}; {MISSING}"));
            let mut printed = BufReader::new(process.stdout.take().unwrap());
            let port = named.or_else(|| {
                printed.by_ref().lines().map_while(Result::ok).find_map(|line| port(&line))
            });
            Some((process, printed, port?))
        });
        let (process, mut printed, port) =
            started.unwrap_or_else(|| panic!("{engine:?}'s driver names no port; {MISSING}"));
        // Later output has to be read, or the driver blocks.
        thread::spawn(move || std::io::copy(&mut printed, &mut std::io::sink()));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .proxy(None)
            .build()
            .new_agent();
        let address = String::new();
        let mut driver = Self { engine, process, screen, agent, address, _leavings: leavings };
        driver.address = format!("http://127.0.0.1:{port}");
        driver.wait_until_ready();
        driver
    }

    /// Opens a window of a browser of its own.
    pub fn window(&self) -> Window<'_> {
        self.window_with(&json!({}))
    }

    /// Opens one with preferences of Firefox, which other browsers do not have.
    pub fn window_with(&self, preferences: &Value) -> Window<'_> {
        let mut options = json!({"timeouts": {"script": 60_000}});
        match self.engine {
            Engine::Chromium => {
                options["goog:chromeOptions"] = json!({"args": ARGUMENTS});
                options["goog:loggingPrefs"] = json!({"browser": "ALL", "performance": "ALL"});
            }
            Engine::Firefox => {
                options["moz:firefoxOptions"] =
                    json!({"args": ["-headless"], "prefs": preferences});
            }
            Engine::WebKit => {}
        }
        let options = json!({"capabilities": {"alwaysMatch": options}});
        let session =
            self.ask("POST", "/session", &options).unwrap_or_else(|why| panic!("{why}; {MISSING}"));
        Window::new(self, session["sessionId"].as_str().unwrap())
    }

    /// Waits for a driver that does not say when it listens.
    fn wait_until_ready(&self) {
        let url = format!("{}/status", self.address);
        for _ in 0..600 {
            if self.agent.get(&url).call().is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("{:?}'s driver does not answer; {MISSING}", self.engine);
    }

    /// Sends a command; the answer's value, or what went wrong.
    pub fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("{}{path}", self.address);
        let answer = match method {
            "POST" => {
                self.agent.post(&url).content_type("application/json").send(&body.to_string())
            }
            _ => self.agent.delete(&url).call(),
        };
        let text = answer
            .and_then(|mut answer| answer.body_mut().with_config().limit(1 << 28).read_to_string());
        let text = text.map_err(|error| format!("{path}: {error}"))?;
        let answer: Value =
            serde_json::from_str(&text).map_err(|error| format!("{path}: {error}: {text}"))?;
        match answer["value"]["error"].as_str() {
            Some(error) => Err(format!("{path}: {error}: {}", answer["value"]["message"])),
            None => Ok(answer["value"].clone()),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing more can be done for a process that has gone by itself.
        for process in std::iter::once(&mut self.process).chain(&mut self.screen) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// The command that starts a driver.
fn driver(program: &str, port: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(port).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Starts a screen that nobody sees, and its number.
fn start_screen() -> (Child, u32) {
    let mut screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1600x1200x24"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("Xvfb: {error}; {MISSING}"));
    let mut number = String::new();
    BufReader::new(screen.stdout.take().unwrap()).read_line(&mut number).unwrap();
    let number = number.trim().parse().unwrap_or_else(|_| panic!("Xvfb names no screen"));
    (screen, number)
}

/// The port in `ChromeDriver was started successfully on port 38223.` and in
/// `geckodriver INFO Listening on 127.0.0.1:38223`.
fn port(line: &str) -> Option<u16> {
    let (_, port) = line
        .split_once("successfully on port ")
        .or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    port.trim_end_matches('.').parse().ok()
}
