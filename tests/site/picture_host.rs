//! A server of pictures that lies, stalls and redirects; and folders of notes that show them.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use notes::images::{FetchManner, ImagesOptions};
use notes::web::{Reach, WebManner};

use crate::fixture::{Built, Folder, outdented, program};
use crate::host::Host;

/// A server of pictures, which is its own proxy and remembers methods and paths.
pub fn picture_host() -> Host {
    Host::new(answer)
}

/// A PNG of 2 × 3 pixels, which differs with the number.
pub fn png(number: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0".to_vec();
    bytes.extend([number; 8]);
    bytes
}

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg'><rect width='1' height='1'/></svg>";
pub const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0;";

fn answer(stream: &TcpStream, asked: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut read_head = || {
        let mut head = String::new();
        while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
        head
    };
    let mut head = read_head();
    if head.starts_with("CONNECT") {
        asked.lock().unwrap().push(head.lines().next().unwrap().to_owned());
        let _ = (&*stream).write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        head = read_head();
    }
    let lower = head.to_lowercase();
    assert!(lower.contains("user-agent: notes/"), "{head}");
    assert!(!lower.contains("referer:") && !lower.contains("cookie:"), "{head}");
    let mut words = head.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
    let times = {
        let mut asked = asked.lock().unwrap();
        asked.push(format!("{method} {path}"));
        asked.iter().filter(|earlier| earlier.ends_with(path)).count()
    };
    let ok = |body: &[u8]| ("200 OK".to_owned(), "image/png".to_owned(), body.to_vec());
    let status = |status: &str| (status.to_owned(), "text/plain".to_owned(), b"no".to_vec());
    let (status, kind, body) = match path {
        "/a.png" | "/same.png" | "/a%20b(1).png?x=1&y=2" => ok(&png(1)),
        "/b.png" => ok(&png(2)),
        "/gif-as-text" => ("200 OK".to_owned(), "text/plain".to_owned(), GIF.to_vec()),
        "/a.svg" => ok(SVG.as_bytes()),
        "/bad.svg" => ok(SVG.replace("<rect", "<script>x</script><rect").as_bytes()),
        "/page.png" => ok(b"<!DOCTYPE html><html><body>404</body></html>"),
        "/moved.png" => status("302 Found\r\nLocation: /a.png"),
        "/round.png" => status("302 Found\r\nLocation: /round.png"),
        "/private.png" => status("302 Found\r\nLocation: http://169.254.169.254/a.png"),
        "/mapped.png" => status("302 Found\r\nLocation: http://[::ffff:10.0.0.1]/a.png"),
        "/file.png" => status("302 Found\r\nLocation: file:///etc/passwd"),
        "/gone.png" => status("404 Not Found"),
        "/tired.png" if times == 1 => status("429 Too Many Requests\r\nRetry-After: 0"),
        "/tired.png" => ok(&png(3)),
        "/angry.png" => status("429 Too Many Requests\r\nRetry-After: 3600"),
        "/large.png" => {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 20971521\r\nConnection: close\r\n\r\n";
            let _ = (&*stream).write_all(head.as_bytes());
            return;
        }
        "/endless.png" => {
            let _ = (&*stream).write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            let _ = (&*stream).write_all(&png(1));
            while (&*stream).write_all(&[0; 1 << 12]).is_ok() {}
            return;
        }
        "/cut.png" => {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n";
            let _ = (&*stream).write_all(head.as_bytes());
            let _ = (&*stream).write_all(&png(1));
            return;
        }
        "/stalled.png" => {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
            let _ = (&*stream).write_all(head.as_bytes());
            let _ = (&*stream).write_all(&png(1));
            // Until the other side hangs up.
            let _ = read_head();
            return;
        }
        _ if path.starts_with("/many/") => ok(&png(path.as_bytes()[6])),
        _ => status("404 Not Found"),
    };
    let length = body.len();
    let _ = write!(
        &*stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nSet-Cookie: a=b\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    if method != "HEAD" {
        let _ = (&*stream).write_all(&body);
    }
}

/// A folder of notes in which `HOST` is the address of a server.
pub fn folder(host: &Host, files: &str) -> Folder {
    let settings = "-- notes.yaml\ncheck: {external: {local: true}}\n";
    let files = outdented(files);
    Folder::new(&format!("{settings}{}", files.replace("HOST", &host.address)))
}

pub fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = program();
    for name in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]
    {
        command.env_remove(name);
    }
    command.current_dir(folder.path()).arg("images").args(arguments);
    command
}

pub fn images(folder: &Folder, arguments: &[&str]) -> Built {
    folder.ran(command(folder, arguments).output().unwrap())
}

pub fn text(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

/// The names of the pictures that are kept.
pub fn pictures(folder: &Folder) -> Vec<String> {
    let found = fs::read_dir(folder.path().join("assets")).into_iter().flatten().flatten();
    let mut names: Vec<_> = found.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "remote-images.yaml");
    names.sort();
    names
}

/// The options of fetching for a folder, with short times.
pub fn options(folder: &Folder) -> ImagesOptions {
    ImagesOptions {
        folder: folder.path(),
        hosts: Vec::new(),
        cache: true,
        fetch: FetchManner {
            pace: WebManner {
                pause: Duration::ZERO,
                time_limit: Duration::from_mins(1),
                idle_limit: Some(Duration::from_millis(300)),
            },
            again: Vec::new(),
            reach: Reach { local: true, exclude: Vec::new() },
            ..FetchManner::default()
        },
        now: SystemTime::now(),
    }
}
