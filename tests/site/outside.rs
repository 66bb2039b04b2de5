//! Links to other sites, asked of a server of the tests' own: what it says, how often it is asked,
//! what is kept.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use notes::check::external::{Answers, Manner, State, ask};

use crate::fixture::{Folder, outdented};

/// A server that answers by the path it is asked for, and remembers what it was asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (asked, most_at_once): (Arc<Mutex<Vec<String>>>, Arc<AtomicUsize>) = Default::default();
        let now = Arc::new(AtomicUsize::new(0));
        let (remembered, most) = (asked.clone(), most_at_once.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (remembered, most, now) = (remembered.clone(), most.clone(), now.clone());
                std::thread::spawn(move || answer(&stream, &remembered, &most, &now));
            }
        });
        Self { address, asked, most_at_once }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Its requests: methods and paths, in order.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(stream: &TcpStream, asked: &Mutex<Vec<String>>, most: &AtomicUsize, now: &AtomicUsize) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
    let mut words = head.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
    assert!(head.to_lowercase().contains("user-agent: notes/"), "{head}");
    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    let times = {
        let mut asked = asked.lock().unwrap();
        asked.push(format!("{method} {path}"));
        asked.iter().filter(|earlier| earlier.ends_with(&format!(" {path}"))).count()
    };
    let status = match (path, method) {
        ("/there", _) | ("/only-get", "GET") => "200 OK",
        ("/only-get", _) => "405 Method Not Allowed",
        ("/gone", _) => "410 Gone",
        ("/moved", _) => "301 Moved Permanently\r\nLocation: /there",
        ("/for-now", _) => "302 Found\r\nLocation: /there",
        ("/moved-away", _) => "308 Permanent Redirect\r\nLocation: /none",
        ("/round", _) => "302 Found\r\nLocation: /round",
        ("/secret", _) => "403 Forbidden",
        ("/tired", _) if times < 3 => "503 Service Unavailable",
        ("/broken", _) => "500 Internal Server Error",
        ("/slow", _) => {
            std::thread::sleep(Duration::from_secs(5));
            "200 OK"
        }
        ("/tired", _) => "200 OK",
        _ if path.starts_with("/many") => {
            std::thread::sleep(Duration::from_millis(20));
            "200 OK"
        }
        _ => "404 Not Found",
    };
    now.fetch_sub(1, Ordering::SeqCst);
    let _ = write!(&*stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

fn manner() -> Manner {
    Manner {
        pause: Duration::from_millis(5),
        patience: Duration::from_millis(500),
        again: vec![Duration::from_millis(5); 2],
        local: true,
        ..Manner::default()
    }
}

fn answers(urls: &[String], known: &Answers, now: u64) -> Answers {
    ask(&urls.iter().cloned().collect::<BTreeSet<_>>(), known, &manner(), now, &|| ())
}

#[test]
fn pages_are_there_moved_gone_or_silent() {
    let server = Server::new();
    let silent = |why: &str| State::Silent(why.to_owned());
    let gone = |why: &str| State::Gone(why.to_owned());
    let expected = [
        ("/there", State::There),
        ("/only-get", State::There),
        ("/for-now", State::There),
        ("/tired", State::There),
        ("/moved", State::Moved(server.url("/there"))),
        ("/gone", gone("the server answers 410 Gone")),
        ("/none", gone("the server answers 404 Not Found")),
        ("/moved-away", gone("the server answers 404 Not Found")),
        ("/secret", silent("the server answers 403 Forbidden")),
        ("/broken", silent("the server answers 500 Internal Server Error")),
        ("/slow", silent("no answer in time")),
        ("/round", silent("more than 8 redirects")),
    ];
    let urls: Vec<String> = expected.iter().map(|(path, _)| server.url(path)).collect();
    let found = answers(&urls, &Answers::new(), 1000);
    for ((path, expected), url) in expected.iter().zip(&urls) {
        assert_eq!(&found[url].state, expected, "{path}");
    }
    let asked = server.asked();
    let times = |question: &str| asked.iter().filter(|asked| *asked == question).count();
    // Without the page where that will do, and again only where that could help.
    assert_eq!((times("HEAD /there"), times("GET /there")), (4 - 1, 0), "{asked:?}");
    assert_eq!((times("HEAD /only-get"), times("GET /only-get")), (1, 1));
    assert_eq!((times("HEAD /tired"), times("HEAD /broken"), times("HEAD /secret")), (3, 3, 1));
}

#[test]
fn hosts_get_one_request_at_a_time() {
    let server = Server::new();
    let urls: Vec<String> = (0..20).map(|number| server.url(&format!("/many{number}"))).collect();
    let begun = Instant::now();
    let found = answers(&urls, &Answers::new(), 0);
    assert_eq!(found.len(), 20);
    assert_eq!(server.most_at_once.load(Ordering::SeqCst), 1);
    assert!(begun.elapsed() >= Duration::from_millis(19 * 5));
}

#[test]
fn a_refused_connection_is_a_dead_link() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}/x");
    assert_eq!(
        answers(std::slice::from_ref(&url), &Answers::new(), 0)[&url].state,
        State::Gone("connection refused".to_owned())
    );
}

#[test]
fn local_addresses_are_asked_only_when_allowed() {
    let server = Server::new();
    let url = server.url("/there");
    let guarded = Manner { local: false, ..manner() };
    let found = ask(&BTreeSet::from([url.clone()]), &Answers::new(), &guarded, 0, &|| ());
    let refused = State::Silent("the host is on this machine or its local network".to_owned());
    assert_eq!((&found[&url].state, server.asked().len()), (&refused, 0));
}

#[test]
fn external_answers_are_cached_and_reported_at_the_link() {
    let server = Server::new();
    let mut notes = outdented(
        r"
        -- notes.yaml
        check: {external: {local: true, exclude: ['http://127.0.0.1:1/']}}
        -- a.md
        # 甲
    ",
    );
    notes.push('\n');
    for path in ["/there#a", "/there#b", "/gone", "/moved", "/secret"] {
        let _ = writeln!(notes, "[x]({})\n", server.url(path));
    }
    notes.push_str(
        "[x](http://127.0.0.1:1/y)\n\n[z](mailto:a@b.c) <!-- notes: ignore dead-external -->\n",
    );
    let folder = Folder::new(&notes);
    let check = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_notes"));
        command.current_dir(folder.path()).args(["check", "--format", "github"]).args(arguments);
        folder.ran(command.output().unwrap()).printed
    };
    assert_eq!((check(&[]), server.asked().len()), (String::new(), 0));
    let address = &server.address;
    let expected = [
        format!(
            "::warning title=dead-external,file=a.md,line=7,col=5,endColumn={}::`{address}/gone` \
             is not there: the server answers 410 Gone%0Afind where it has gone, or remove the link\n",
            10 + address.len()
        ),
        format!(
            "::notice title=moved-external,file=a.md,line=9,col=5,endColumn={}::`{address}/moved` \
             has moved for good%0Awrite `{address}/there`\n",
            11 + address.len()
        ),
        format!(
            "::notice \
             title=silent-external,file=a.md,line=11,col=5,endColumn={}::`{address}/secret`: the \
             server answers 403 Forbidden%0Alook at it in a browser\n",
            12 + address.len()
        ),
    ];
    assert_eq!(check(&["--external"]), expected.concat());
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|asked| *asked == "HEAD /there").count(), 2, "{asked:?}");
    assert_eq!((check(&["--external"]), server.asked()), (expected.concat(), asked));
}
