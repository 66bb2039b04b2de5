//! A request, byte by byte → the answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::serving::{PATIENCE, Serving};

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The body as text, without the script that keeps a page as the notes are.
    pub fn page(&self) -> String {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        let Some((before, rest)) = text.split_once("<script src=\"/.notes/live.js\"") else {
            return text;
        };
        let (_, after) = rest.split_once("</script>\n").unwrap();
        format!("{before}{after}")
    }
}

/// Opens a connection.
pub fn connect(serving: &Serving) -> TcpStream {
    let address = serving.url.trim_start_matches("http://").trim_end_matches('/');
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends such a text and reads the answer to its end.
pub fn send(serving: &Serving, text: &str) -> Answer {
    let mut stream = connect(serving);
    stream.write_all(text.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    // Whoever refuses may close before everything is read.
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head, body: bytes.get(end + 4..).unwrap_or_default().to_vec() }
}

/// Asks for a path with further headers, each with its line end.
pub fn ask(serving: &Serving, method: &str, path: &str, headers: &str) -> Answer {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    );
    send(serving, &head)
}

/// The answer to a browser.
pub fn get(serving: &Serving, path: &str) -> Answer {
    ask(serving, "GET", path, "")
}

/// Asks for a page until it is as wanted; gives it.
pub fn becomes(serving: &Serving, path: &str, is_wanted: impl Fn(&Answer) -> bool) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = get(serving, path);
        if is_wanted(&answer) {
            return answer;
        }
        let printed = || format!("{} {}\n{:#?}", answer.status, answer.page(), serving.printed());
        assert!(begun.elapsed() < PATIENCE, "{path} never became so: {}", printed());
        thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until a page holds a text.
pub fn holds(serving: &Serving, path: &str, text: &str) -> Answer {
    becomes(serving, path, |answer| answer.status == 200 && answer.page().contains(text))
}
