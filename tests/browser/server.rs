//! A folder → a server of its files under a sub-path, as GitHub Pages serves a project: a page is
//! found without its `.html`, a folder gets its slash, what is hidden is not there, and everything
//! else is the folder's `404.html`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use notes::path::percent_decode;

/// The sub-path at which the folder is served.
pub const SUB_PATH: &str = "/a/b/";

/// A server, stopped when the value goes.
pub struct Server {
    /// The address of the folder, with a slash at the end.
    pub url: String,
    listener: TcpListener,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Takes a free port, so that the address is known before there is anything to serve.
    pub fn bind() -> Self {
        Self::bind_at("127.0.0.1:0")
    }

    /// Takes the port that another one had, by the address of its folder.
    pub fn bind_again(url: &str) -> Self {
        Self::bind_at(url.trim_start_matches("http://").trim_end_matches(SUB_PATH))
    }

    fn bind_at(address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let url = format!("http://{}{SUB_PATH}", listener.local_addr().unwrap());
        Self { url, listener, is_over: Arc::default(), thread: None }
    }

    /// Begins to serve a folder.
    pub fn serve(&mut self, folder: &Path) {
        let folder = folder.to_owned();
        self.answer_with(move |stream| {
            answer(stream, &folder);
        });
    }

    /// Begins to serve a folder; gives the paths that will have been asked for.
    pub fn serve_and_note(&mut self, folder: &Path) -> Arc<Mutex<Vec<String>>> {
        let (folder, asked) = (folder.to_owned(), Arc::new(Mutex::new(Vec::new())));
        let paths = Arc::clone(&asked);
        self.answer_with(move |stream| {
            let path = answer(stream, &folder);
            paths.lock().unwrap().extend(path);
        });
        asked
    }

    /// Begins to serve a folder as a function of the path asked for says, which may take its time.
    pub fn serve_as(
        &mut self,
        folder: &Path,
        manner: impl Fn(&str) -> Manner + Clone + Send + 'static,
    ) {
        let folder = folder.to_owned();
        self.answer_with(move |stream| {
            let Some(path) = path_asked_for(&stream) else { return };
            let manner = manner(&path);
            respond(stream, &folder, &path, &manner);
        });
    }

    /// Begins to serve a folder, each answer after a while.
    pub fn serve_slowly(&mut self, folder: &Path, delay: Duration) {
        let folder = folder.to_owned();
        self.answer_with(move |stream| {
            thread::sleep(delay);
            answer(stream, &folder);
        });
    }

    /// Answers every request with this text.
    pub fn serve_text(&mut self, text: &'static str) {
        self.answer_with(move |stream| {
            // The request is read, for a browser takes an answer before it for an error.
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let _ = lines.take_while(|line| !line.is_empty()).count();
            write(stream, "200 OK", "Content-Type: text/html\r\n", text.as_bytes());
        });
    }

    /// Accepts every connection, and answers none as long as the server is there.
    pub fn stay_silent(&mut self) {
        let is_over = Arc::clone(&self.is_over);
        self.answer_with(move |stream| {
            while !is_over.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(50));
            }
            drop(stream);
        });
    }

    fn answer_with(&mut self, answer: impl Fn(TcpStream) + Clone + Send + 'static) {
        let listener = self.listener.try_clone().unwrap();
        let is_over = Arc::clone(&self.is_over);
        self.thread = Some(thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                let answer = answer.clone();
                // A browser that opens a connection and says nothing keeps nobody waiting.
                thread::spawn(move || answer(stream));
            }
        }));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread up.
        let _ = TcpStream::connect(self.listener.local_addr().unwrap());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Answers one request, and gives its path; a browser that has gone needs no answer.
fn answer(stream: TcpStream, folder: &Path) -> Option<String> {
    let path = path_asked_for(&stream)?;
    respond(stream, folder, &path, &Manner::Plain);
    Some(path)
}

fn path_asked_for(stream: &TcpStream) -> Option<String> {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    head.first().and_then(|line| line.split(' ').nth(1)).map(ToOwned::to_owned)
}

fn respond(stream: TcpStream, folder: &Path, path: &str, manner: &Manner) {
    if let Manner::Held(is_held) = manner {
        while is_held.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(20));
        }
    }
    let folder = if let Manner::Of(other) = manner { other } else { folder };
    let (status, place, file) = match find(folder, path) {
        Found::File(file) => ("200 OK", String::new(), file),
        Found::Folder(place) => {
            ("301 Moved Permanently", format!("Location: {place}\r\n"), folder.join("nothing"))
        }
        Found::Nothing => ("404 Not Found", String::new(), folder.join("404.html")),
    };
    let body = fs::read(&file).unwrap_or_default();
    let head = format!("{place}Content-Type: {}\r\n", kind(&file));
    match manner {
        Manner::Plain | Manner::Of(_) | Manner::Held(_) => write(stream, status, &head, &body),
        Manner::With(lines) => write(stream, status, &format!("{head}{lines}"), &body),
        Manner::Unmeasured => write_unmeasured(stream, status, &head, &body),
        Manner::Refusal(status) => write(stream, status, "", b"refused"),
    }
}

/// Writes an answer that pages of other sites may read, as GitHub Pages does.
fn write(stream: TcpStream, status: &str, more: &str, body: &[u8]) {
    let more = format!("{more}Content-Length: {}\r\n", body.len());
    write_unmeasured(stream, status, &more, body);
}

/// Writes one that ends with its connection.
fn write_unmeasured(mut stream: TcpStream, status: &str, more: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status}\r\n{more}Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

/// A server's ways to answer a request.
pub enum Manner {
    Plain,
    /// As if another folder were served.
    Of(PathBuf),
    /// With these lines in the head.
    With(&'static str),
    /// Without the length of the answer.
    Unmeasured,
    /// Plainly, but only when this is not so any more.
    Held(Arc<AtomicBool>),
    /// With a status, and no file.
    Refusal(&'static str),
}

/// The answer for a path.
enum Found {
    File(PathBuf),
    /// A folder that was asked for without its slash: where it is.
    Folder(String),
    Nothing,
}

fn find(folder: &Path, path: &str) -> Found {
    let (path, query) = path.split_once('?').map_or((path, ""), |(path, query)| (path, query));
    let Some(route) = path.strip_prefix(SUB_PATH) else {
        let is_root = format!("{path}/") == SUB_PATH;
        return if is_root { Found::Folder(SUB_PATH.to_owned()) } else { Found::Nothing };
    };
    let route = percent_decode(route);
    if route.split('/').any(|name| name.starts_with('.')) {
        return Found::Nothing;
    }
    let file = folder.join(&route);
    if route.is_empty() || route.ends_with('/') {
        let index = file.join("index.html");
        return if index.is_file() { Found::File(index) } else { Found::Nothing };
    }
    if file.is_file() {
        return Found::File(file);
    }
    let page = folder.join(format!("{route}.html"));
    if page.is_file() {
        return Found::File(page);
    }
    if file.is_dir() {
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        return Found::Folder(format!("{path}/{query}"));
    }
    Found::Nothing
}

/// The media type of a file.
fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|end| end.to_str()) {
        Some("html" | "htm") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("js") => "text/javascript",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}
