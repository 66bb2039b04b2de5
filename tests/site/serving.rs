//! A folder of notes → the binary that serves it, and what it prints.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A running `notes serve`, ended when the value goes.
pub struct Serving {
    /// The address, with a slash at the end.
    pub url: String,
    process: Child,
    printed: Arc<Mutex<Vec<String>>>,
}

impl Serving {
    /// Serves a folder at a port that is free.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
        command.env("LC_ALL", "C");
        command.arg("serve").arg(folder).args(["--port", "0"]).args(arguments);
        Self::run(command)
    }

    /// Runs a command that serves, until it has said where.
    pub fn run(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = Arc::new(Mutex::new(Vec::new()));
        collect(process.stdout.take().unwrap(), printed.clone());
        collect(process.stderr.take().unwrap(), printed.clone());
        let mut serving = Self { url: String::new(), process, printed };
        let line = serving.says(|line| line.starts_with("http://"));
        line.split(' ').next().unwrap().clone_into(&mut serving.url);
        serving
    }

    /// Waits until it has printed such a line; gives the line.
    pub fn says(&self, is_wanted: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(line) = self.printed().into_iter().find(|line| is_wanted(line)) {
                return line;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("it never said that, but: {:#?}", self.printed());
    }

    /// The number of the process.
    #[allow(dead_code, reason = "the tests in the browser do not need it")]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The lines printed so far.
    pub fn printed(&self) -> Vec<String> {
        self.printed.lock().unwrap().clone()
    }
}

fn collect(stream: impl std::io::Read + Send + 'static, printed: Arc<Mutex<Vec<String>>>) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            printed.lock().unwrap().push(line);
        }
    });
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Nothing more can be done for a process that has gone by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
