//! The installed Chromium → windows of it, opened through a `chromedriver` that lives as long as
//! the value and is asked over HTTP.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use crate::window::Window;

/// Advice for a missing browser.
const MISSING: &str = "these tests need Chromium and its driver; run tests/all.sh, or: apt-get \
     install chromium chromium-driver";
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

/// A running `chromedriver`.
pub struct Driver {
    process: Child,
    agent: Agent,
    address: String,
    /// The profile of the browser, removed with the value.
    _leavings: tempfile::TempDir,
}

impl Driver {
    /// Starts one at a port that is free.
    pub fn start() -> Self {
        let leavings = tempfile::tempdir().unwrap();
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", leavings.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromedriver: {error}; {MISSING}"));
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        let port = printed.by_ref().lines().map_while(Result::ok).find_map(|line| port(&line));
        // Later output has to be read, or the driver blocks.
        std::thread::spawn(move || std::io::copy(&mut printed, &mut std::io::sink()));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .proxy(None)
            .build()
            .new_agent();
        let mut driver = Self { process, agent, address: String::new(), _leavings: leavings };
        let port = port.unwrap_or_else(|| panic!("chromedriver names no port; {MISSING}"));
        driver.address = format!("http://127.0.0.1:{port}");
        driver
    }

    /// Opens a window of a browser of its own.
    pub fn window(&self) -> Window<'_> {
        let options = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": ARGUMENTS},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "timeouts": {"script": 60_000},
        }}});
        let session =
            self.ask("POST", "/session", &options).unwrap_or_else(|why| panic!("{why}; {MISSING}"));
        Window::new(self, session["sessionId"].as_str().unwrap())
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
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port in `ChromeDriver was started successfully on port 38223.`
fn port(line: &str) -> Option<u16> {
    line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
}
