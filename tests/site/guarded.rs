//! Requests of every kind, byte by byte → answers that give away nothing but the site, to nobody
//! but its pages.

use std::fs;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::fixture::Folder;
use crate::request::{Answer, ask, becomes, connect, get, send};
use crate::serving::Serving;

const SECRET: &str = "nobody may read this";

/// Notes beside which something stands that is not theirs.
fn served(arguments: &[&str]) -> (Folder, Serving) {
    let folder = Folder::new(
        "\
-- README.md
# 首页

[甲](a/甲.md) ![图](a/图.png)
-- a/甲.md
# 甲
-- a/图.png
0123456789
-- .hidden/file.txt
nobody may read this
-- other.txt
nobody may read this",
    );
    fs::write(folder.path().parent().unwrap().join("secret.txt"), SECRET).unwrap();
    fs::write(folder.path().parent().unwrap().join("secret.html"), SECRET).unwrap();
    let serving = Serving::start(&folder.path(), arguments);
    (folder, serving)
}

fn is_ruled(answer: &Answer, what: &str) {
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}: {answer:?}");
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'self';") || policy.starts_with("sandbox;"), "{what}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{what}");
    assert!(!String::from_utf8_lossy(&answer.body).contains(SECRET), "{what}");
}

#[test]
fn no_path_leads_out_of_the_site() {
    let (folder, serving) = served(&[]);
    for path in [
        "/../secret.txt",
        "/../secret",
        "/%2e%2e/secret.txt",
        "/.%2e/secret.html",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/a/%2e%2e/%2e%2e/secret.txt",
        "/a/../../secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/a%2f..%2f..%2fsecret.txt",
        "//secret.txt",
        "//etc/passwd",
        "/etc/passwd",
        "/%2fetc/passwd",
        "/secret.txt%00",
        "/index.html%00.png",
        "/%00",
        "/%ff%fe",
        "/c:/windows",
        "/README.md",
        "/a/%E7%94%B2.md",
        "/other.txt",
        "/.hidden/file.txt",
        "/.notes/",
        "/.notes/state",
        "/.notes/.gitignore",
        "/.git/config",
        "/a%2f%E7%94%B2.html",
        "/./index.html",
        "/a//%E7%94%B2.html",
    ] {
        let answer = get(&serving, path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        is_ruled(&answer, path);
    }
    let path = folder.path();
    let whole = get(&serving, &format!("{}/a/%E7%94%B2.html", path.display()));
    assert_eq!(whole.status, 404);
    // Not an address at all.
    for line in [
        "GET secret.txt HTTP/1.1",
        "GET ../secret.txt HTTP/1.1",
        "GET /a\u{1} HTTP/1.1",
        "GET",
        "x",
    ] {
        let answer =
            send(&serving, &format!("{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assert!(matches!(answer.status, 0 | 400 | 404 | 421), "{line}: {}", answer.status);
        assert!(!String::from_utf8_lossy(&answer.body).contains(SECRET), "{line}");
    }
    assert_eq!(get(&serving, "/a/%E7%94%B2.html").status, 200);
    assert_eq!(get(&serving, "/a/%E7%94%B2").status, 200);
    let folder_page = get(&serving, "/a?x=1");
    assert_eq!((folder_page.status, folder_page.header("location")), (302, Some("/a/?x=1")));
}

#[test]
fn files_beside_the_notes_run_no_script() {
    let folder = Folder::new(
        r"
        -- README.md
        # 首页

        [s](a/slides.html) [x](a/x.js) [m](a/x.MJS) [d](a/d.svg) [t](a/t.xml) [p](a/p.pdf) ![](a/p.png)
        -- a/slides.html
        <script src='x.js'></script>
        -- a/x.js
        document.title = 'ran'
        -- a/x.MJS
        document.title = 'ran'
        -- a/d.svg
        <svg xmlns='http://www.w3.org/2000/svg'/>
        -- a/t.xml
        <t/>
        -- a/p.pdf
        %PDF-
        -- a/p.png
        png
        -- static/own.js
        1
        -- static/page.css
        body {}
    ",
    );
    let serving = Serving::start(&folder.path(), &[]);
    for (path, kind) in [
        ("/a/slides.html", "text/html; charset=utf-8"),
        ("/a/x.js", "text/plain; charset=utf-8"),
        ("/a/x.MJS", "text/plain; charset=utf-8"),
        ("/a/d.svg", "image/svg+xml"),
        ("/a/t.xml", "text/xml; charset=utf-8"),
        ("/a/p.png", "image/png"),
        ("/a/p.pdf", "application/pdf"),
    ] {
        let answers = [
            get(&serving, path),
            ask(&serving, "HEAD", path, ""),
            ask(&serving, "GET", path, "Range: bytes=0-1\r\n"),
        ];
        for answer in answers {
            is_ruled(&answer, path);
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.starts_with("sandbox;") && !policy.contains("allow"), "{path}");
            assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        }
    }
    // The theme is the writer's own.
    let own = get(&serving, "/static/page.css");
    assert!(!own.header("content-security-policy").unwrap().contains("sandbox"));
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_site() {
    let (folder, serving) = served(&[]);
    let picture = folder.path().join("a/图.png");
    assert_eq!(get(&serving, "/a/%E5%9B%BE.png").body, b"0123456789\n");
    let secret = folder.path().parent().unwrap().join("secret.txt");
    for _ in 0..20 {
        fs::remove_file(&picture).unwrap();
        std::os::unix::fs::symlink(&secret, &picture).unwrap();
        // Before anything was noticed, and after.
        for _ in 0..5 {
            is_ruled(&get(&serving, "/a/%E5%9B%BE.png"), "a link");
        }
        becomes(&serving, "/a/%E5%9B%BE.png", |answer| answer.status == 404);
        fs::remove_file(&picture).unwrap();
        fs::write(&picture, "0123456789\n").unwrap();
        becomes(&serving, "/a/%E5%9B%BE.png", |answer| answer.status == 200);
    }
}

#[test]
fn only_get_and_head_are_answered() {
    let (_folder, serving) = served(&[]);
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
        for path in ["/", "/.notes/events?page=/", "/.notes/live.js"] {
            let answer = ask(&serving, method, path, "");
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, Some("GET, HEAD")),
                "{method} {path}"
            );
            is_ruled(&answer, method);
        }
    }
    let (head, whole) = (ask(&serving, "HEAD", "/", ""), get(&serving, "/"));
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), whole.header("content-length"));
    let tag = whole.header("etag").unwrap();
    assert_eq!(ask(&serving, "GET", "/", &format!("If-None-Match: {tag}\r\n")).status, 304);
    let part = ask(&serving, "GET", "/a/%E5%9B%BE.png", "Range: bytes=2-4\r\n");
    assert_eq!((part.status, &part.body[..]), (206, &b"234"[..]));
    assert_eq!(part.header("content-range"), Some("bytes 2-4/11"));
}

#[test]
fn a_part_is_of_the_file_that_the_browser_has() {
    let (folder, serving) = served(&[]);
    let picture = "/a/%E5%9B%BE.png";
    // A file that was just written has no tag, for it may change again unnoticed.
    let tagged = becomes(&serving, picture, |answer| answer.header("etag").is_some());
    let tag = tagged.header("etag").unwrap();
    let part = |headers: &str| {
        let answer = ask(&serving, "GET", picture, &format!("Range: bytes=2-4\r\n{headers}"));
        (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
    };
    assert_eq!(part(&format!("If-Range: {tag}\r\n")), (206, "234".to_owned()));
    assert_eq!(ask(&serving, "GET", picture, &format!("If-None-Match: {tag}\r\n")).status, 304);
    assert_eq!(part("If-Range: \"other\"\r\n"), (200, "0123456789\n".to_owned()));
    folder.write("a/图.png", b"abcdefghij\n");
    assert_eq!(part(&format!("If-Range: {tag}\r\n")), (200, "abcdefghij\n".to_owned()));
    assert_eq!(ask(&serving, "GET", picture, &format!("If-None-Match: {tag}\r\n")).status, 200);
}

#[test]
fn only_its_own_host_names_are_answered() {
    let (_folder, serving) = served(&[]);
    let host = |lines: &str| {
        send(&serving, &format!("GET / HTTP/1.1\r\n{lines}Connection: close\r\n\r\n")).status
    };
    let port = serving.url.trim_end_matches('/').rsplit(':').next().unwrap();
    for (lines, expected) in [
        (format!("Host: localhost:{port}\r\n"), 200),
        (format!("Host: 127.0.0.1:{port}\r\n"), 200),
        ("Host: [::1]\r\n".to_owned(), 200),
        (format!("Host: evil.example:{port}\r\n"), 421),
        ("Host: 93.184.216.34\r\n".to_owned(), 421),
        ("Host: localhost.evil.example\r\n".to_owned(), 421),
        ("Host: \r\n".to_owned(), 421),
        (String::new(), 400),
        ("Host: localhost\r\nHost: evil.example\r\n".to_owned(), 400),
    ] {
        assert_eq!(host(&lines), expected, "{lines}");
    }
    let target = |target: &str| {
        send(
            &serving,
            &format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        )
        .status
    };
    assert_eq!(target("http://evil.example/"), 421);
    assert_eq!(target("http://localhost/"), 200);
}

#[test]
fn change_events_go_to_own_pages_only() {
    let (_folder, serving) = served(&[]);
    for headers in [
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost:1\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        let answer = ask(&serving, "GET", "/.notes/events?page=/", headers);
        assert_eq!(answer.status, 403, "{headers}");
        is_ruled(&answer, headers);
    }
    assert_eq!(get(&serving, "/.notes/events").status, 400);
    let mut stream = connect(&serving);
    let request =
        "GET /.notes/events?page=/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut told = String::new();
    while !told.contains("\"is_there\":true") {
        let mut bytes = [0; 1024];
        let length = stream.read(&mut bytes).unwrap();
        assert!(length > 0, "{told}");
        told += &String::from_utf8_lossy(&bytes[..length]);
    }
    assert!(
        told.starts_with("HTTP/1.1 200") && told.contains("content-type: text/event-stream"),
        "{told}"
    );
}

#[test]
fn idle_connections_block_no_others() {
    let (_folder, serving) = served(&[]);
    // As many as this process may open.
    let mut idle: Vec<_> =
        (0..1_000).map_while(|_| std::panic::catch_unwind(|| connect(&serving)).ok()).collect();
    assert!(idle.len() > 500, "{}", idle.len());
    let answered_soon = |what: &str| {
        let begun = Instant::now();
        assert_eq!(get(&serving, "/").status, 200, "{what}");
        // The server itself ends idle connections, after ten seconds.
        assert!(begun.elapsed() < Duration::from_secs(9), "{what}: {:?}", begun.elapsed());
    };
    answered_soon("beside idle ones");
    // Half a request each, and a little more again and again.
    for stream in &mut idle {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: loc");
    }
    answered_soon("beside slow ones");
    for round in 0..5 {
        for stream in &mut idle {
            let _ = stream.write_all(b"a");
        }
        answered_soon(&format!("in round {round}"));
    }
    drop(idle);
    // Requests that nobody reads the answers to.
    let greedy: Vec<_> = (0..300)
        .map_while(|_| std::panic::catch_unwind(|| connect(&serving)).ok())
        .map(|mut stream| {
            for _ in 0..20 {
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            stream
        })
        .collect();
    answered_soon("beside greedy ones");
    drop(greedy);
    // A head that never ends.
    let mut stream = connect(&serving);
    let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n");
    for number in 0..20_000 {
        if stream.write_all(format!("X-{number}: {}\r\n", "x".repeat(100)).as_bytes()).is_err() {
            break;
        }
    }
    answered_soon("beside a long head");
}

/// The memory of a process, in bytes.
#[cfg(target_os = "linux")]
fn memory(serving: &Serving) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", serving.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[cfg(target_os = "linux")]
#[test]
fn slow_readers_share_the_bytes_of_a_page() {
    const READERS: u64 = 100;
    let (folder, serving) = served(&[]);
    folder.write("big.md", format!("# Big\n\n{}", "Some words.\n\n".repeat(100_000)).as_bytes());
    becomes(&serving, "/big.html", |answer| answer.status == 200);
    let (page, before) = (get(&serving, "/big.html"), memory(&serving));
    let size = page.body.len() as u64;
    assert!(size > 1_500_000, "{size}");
    let mut readers: Vec<_> = (0..READERS).map(|_| connect(&serving)).collect();
    for reader in &mut readers {
        let request = "GET /big.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        reader.write_all(request.as_bytes()).unwrap();
    }
    // The first bytes of the answer are here: the answer was made.
    for reader in &mut readers {
        reader.read_exact(&mut [0; 12]).unwrap();
    }
    let more = memory(&serving).saturating_sub(before);
    assert!(more < READERS * size / 4, "{more} bytes for {READERS} readers of {size}");
    // Each gets the whole page.
    let mut rest = Vec::new();
    readers.pop().unwrap().read_to_end(&mut rest).unwrap();
    assert!(rest.ends_with(&page.body));
}

#[test]
fn serving_on_all_interfaces_prints_a_warning() {
    let (_folder, serving) = served(&["--host", "0.0.0.0"]);
    serving.says(|line| line.contains("everyone on the network can read these notes"));
    assert!(serving.url.starts_with("http://localhost:"), "{}", serving.url);
    assert_eq!(get(&serving, "/").status, 200);
}
