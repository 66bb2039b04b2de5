//! Links to other sites, asked of a server of the tests' own: what it says, how often it is asked,
//! what is kept.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use notes::check::external::{Answers, AskedPages, Manner, State, ask};
use notes::phrase::Phrase;
use notes::web::Reach;

use crate::fixture::{Folder, outdented, program};
use crate::host::Host;

/// A server that answers by the path it is asked for, and remembers methods and paths.
struct Server {
    host: Host,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    fn new() -> Self {
        let (now, most_at_once): (AtomicUsize, Arc<AtomicUsize>) = Default::default();
        let most = most_at_once.clone();
        Self {
            host: Host::new(move |stream, asked| answer(stream, asked, &most, &now)),
            most_at_once,
        }
    }

    fn url(&self, path: &str) -> String {
        self.host.url(path)
    }

    fn asked(&self) -> Vec<String> {
        self.host.asked()
    }
}

fn answer(stream: &TcpStream, asked: &Mutex<Vec<String>>, most: &AtomicUsize, now: &AtomicUsize) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
    let mut words = head.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
    assert!(head.to_lowercase().contains("user-agent: notes/"), "{head}");
    let is_counted = path.starts_with("/many");
    if is_counted {
        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    }
    let times = {
        let mut asked = asked.lock().unwrap();
        asked.push(format!("{method} {path}"));
        asked.iter().filter(|earlier| earlier.ends_with(&format!(" {path}"))).count()
    };
    let port = stream.local_addr().unwrap().port();
    let elsewhere = path
        .strip_prefix("/to-")
        .map(|rest| format!("302 AskedPages\r\nLocation: //127.0.0.1:{port}/{rest}"));
    let status = match (path, method) {
        _ if elsewhere.is_some() => elsewhere.as_deref().unwrap(),
        ("/meet", _) => {
            // Until the same page of another host is asked for.
            let met =
                || asked.lock().unwrap().iter().filter(|asked| asked.ends_with("/meet")).count();
            let begun = Instant::now();
            while met() < 2 && begun.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(5));
            }
            "200 OK"
        }
        ("/there", _) | ("/only-get", "GET") => "200 OK",
        ("/only-get", _) => "405 Method Not Allowed",
        ("/gone", _) => "410 Gone",
        ("/moved", _) => "301 Moved Permanently\r\nLocation: /there",
        ("/for-now", _) => "302 AskedPages\r\nLocation: /there",
        ("/moved-away", _) => "308 Permanent Redirect\r\nLocation: /none",
        ("/away-to-a-file", _) => "302 AskedPages\r\nLocation: file:///etc/passwd",
        ("/round", _) => "302 AskedPages\r\nLocation: /round",
        ("/secret", _) => "403 Forbidden",
        ("/tired", _) if times < 3 => "503 Service Unavailable",
        ("/broken", _) => "500 Internal Server Error",
        _ if path.ends_with("-cut") => return,
        ("/slow", _) => {
            std::thread::sleep(Duration::from_secs(20));
            "200 OK"
        }
        ("/tired", _) => "200 OK",
        _ if path.starts_with("/many") => {
            std::thread::sleep(Duration::from_millis(20));
            "200 OK"
        }
        _ => "404 Not Found",
    };
    if is_counted {
        now.fetch_sub(1, Ordering::SeqCst);
    }
    let _ = write!(&*stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

fn manner() -> Manner {
    Manner {
        pause: Duration::from_millis(5),
        time_limit: Duration::from_secs(2),
        again: vec![Duration::from_millis(5); 2],
        reach: Reach { local: true, exclude: Vec::new() },
        ..Manner::default()
    }
}

fn answers(urls: &[String], known: &Answers, now: u64) -> Answers {
    found(urls, known, now).answers
}

/// The same state with its reason in English.
fn in_english(state: &State) -> State {
    match state {
        State::Gone(why) => State::Gone(Phrase::verbatim(why.to_string())),
        State::Silent(why) => State::Silent(Phrase::verbatim(why.to_string())),
        other => other.clone(),
    }
}

fn gone(why: &str) -> State {
    State::Gone(Phrase::verbatim(why))
}

fn silent(why: &str) -> State {
    State::Silent(Phrase::verbatim(why))
}

fn found(urls: &[String], known: &Answers, now: u64) -> AskedPages {
    ask(&urls.iter().cloned().collect::<BTreeSet<_>>(), known, &manner(), now, &|| ())
}

#[test]
fn pages_are_there_moved_gone_or_silent() {
    let server = Server::new();
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
        ("/away-to-a-file", silent("a redirect leads to something other than a page")),
    ];
    let urls: Vec<String> = expected.iter().map(|(path, _)| server.url(path)).collect();
    let found = answers(&urls, &Answers::new(), 1000);
    for ((path, expected), url) in expected.iter().zip(&urls) {
        assert_eq!(in_english(&found[url].state), *expected, "{path}");
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
fn hosts_are_asked_side_by_side() {
    let server = Server::new();
    let urls = [server.url("/meet"), server.url("/meet").replace("127.0.0.1", "localhost")];
    let manner = Manner { time_limit: Duration::from_secs(20), ..manner() };
    let found = ask(&urls.iter().cloned().collect(), &Answers::new(), &manner, 0, &|| ()).answers;
    assert_eq!((&found[&urls[0]].state, &found[&urls[1]].state), (&State::There, &State::There));
    assert_eq!(server.asked(), ["HEAD /meet", "HEAD /meet"]);
}

#[test]
fn a_host_to_which_others_redirect_gets_one_request_at_a_time_too() {
    let server = Server::new();
    let own = (0..10).map(|number| server.url(&format!("/many{number}")));
    let redirects = (0..10).map(|number| server.url(&format!("/to-many-{number}")));
    let redirects = redirects.map(|url| url.replace("127.0.0.1", "localhost"));
    let urls: Vec<String> = own.chain(redirects).collect();
    let found = answers(&urls, &Answers::new(), 0);
    assert!(found.values().all(|answer| answer.state == State::There), "{found:?}");
    assert_eq!(server.most_at_once.load(Ordering::SeqCst), 1);
}

#[test]
fn a_silent_origin_is_not_asked_for_all_its_pages() {
    let (server, other) = (Server::new(), Server::new());
    let paths = ["/a-cut", "/b/there", "/c-cut", "/d-cut", "/e-cut", "/f/there"];
    let mut urls: Vec<String> = paths.map(|path| server.url(path)).to_vec();
    urls.push(other.url("/there"));
    let found = found(&urls, &Answers::new(), 0);
    let states: Vec<State> = urls.iter().map(|url| in_english(found.state(url).unwrap())).collect();
    let silent = &states[0];
    assert!(matches!(silent, State::Silent(_)), "{states:?}");
    let missing = gone("the server answers 404 Not Found");
    assert_eq!(
        states.iter().collect::<Vec<_>>(),
        [silent, &missing, silent, silent, silent, silent, &State::There]
    );
    // An answer ends the row; one silence is made sure of, another follows it at once.
    let asked = server.asked();
    let times = |path: &str| asked.iter().filter(|asked| asked.ends_with(path)).count();
    assert_eq!(paths.map(times), [3, 2, 3, 1, 0, 0], "{asked:?}");
    // The others are asked for in the next run, with what is kept of this one.
    assert_eq!(found.assumed.keys().collect::<Vec<_>>(), [&urls[4], &urls[5]]);
    assert_eq!(found.answers.len(), urls.len() - 2);
}

#[test]
fn pages_that_exist_are_not_asked_for_again_within_a_week() {
    const DAY: u64 = 24 * 60 * 60;
    let server = Server::new();
    let urls = ["/there", "/moved", "/gone", "/secret"].map(|path| server.url(path));
    let times = |now| {
        let known = answers(&urls, &Answers::new(), 30 * DAY);
        let before = server.asked().len();
        answers(&urls, &known, now);
        let later = server.asked();
        let is_asked = |path: &str| later[before..].iter().any(|asked| asked == path);
        ["HEAD /moved", "HEAD /gone", "HEAD /secret"].map(is_asked)
    };
    assert_eq!(times(30 * DAY + 59 * 60), [false, false, false]);
    assert_eq!(times(30 * DAY + 61 * 60), [false, false, true]);
    assert_eq!(times(32 * DAY), [false, true, true]);
    assert_eq!(times(37 * DAY - 1), [false, true, true]);
    assert_eq!(times(37 * DAY), [true, true, true]);
}

#[test]
fn a_redirect_to_an_excluded_address_is_not_followed() {
    let server = Server::new();
    let reach = Reach { local: true, exclude: vec![server.url("/there")] };
    let manner = Manner { reach, ..manner() };
    let urls = ["/moved", "/for-now"].map(|path| server.url(path));
    let found = ask(&urls.iter().cloned().collect(), &Answers::new(), &manner, 0, &|| ()).answers;
    assert_eq!(found[&urls[0]].state, State::Moved(server.url("/there")));
    assert_eq!(found[&urls[1]].state, State::There);
    assert_eq!(server.asked(), ["HEAD /for-now", "HEAD /moved"]);
}

#[test]
fn a_refused_connection_is_a_dead_link() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}/x");
    assert_eq!(
        in_english(&answers(std::slice::from_ref(&url), &Answers::new(), 0)[&url].state),
        gone("connection refused")
    );
}

#[test]
fn local_addresses_are_asked_only_when_allowed() {
    let server = Server::new();
    let url = server.url("/there");
    let guarded = Manner { reach: Reach::default(), ..manner() };
    let found = ask(&BTreeSet::from([url.clone()]), &Answers::new(), &guarded, 0, &|| ()).answers;
    let refused = silent("the host is on this machine or its local network");
    assert_eq!((in_english(&found[&url].state), server.asked().len()), (refused, 0));
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
        let mut command = program();
        command.current_dir(folder.path()).args(["check", "--format", "github"]).args(arguments);
        folder.ran(command.output().unwrap()).printed
    };
    assert_eq!((check(&[]), server.asked().len()), (String::new(), 0));
    let address = &server.host.address;
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
    let built = folder.build(&[]);
    assert_eq!(built.code, 0, "{}", built.printed);
    assert_eq!((check(&["--external"]), server.asked()), (expected.concat(), asked.clone()));
    assert_eq!(check(&["--external", "--refresh"]), expected.concat());
    assert_eq!(server.asked().len(), 2 * asked.len(), "{:?}", server.asked());
}

/// Answers as a proxy in whose network every host answers, but for one that redirects to another.
fn tunnel(stream: &TcpStream, asked: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut read_head = || {
        let mut head = String::new();
        while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
        head
    };
    asked.lock().unwrap().push(read_head().lines().next().unwrap_or_default().to_owned());
    let _ = (&*stream).write_all(b"HTTP/1.1 200 OK\r\n\r\n");
    let status = if read_head().contains(" /start ") {
        "301 Moved Permanently\r\nLocation: http://169.254.169.254/latest/meta-data/?secret=1"
    } else {
        "200 OK"
    };
    let _ = write!(&*stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

#[test]
fn a_proxy_is_asked_for_no_local_address() {
    let proxy = Host::new(tunnel);
    let folder = Folder::new(&format!(
        "\
-- a.md
# 甲

[x](http://93.184.216.34/start) [x](http://93.184.216.35/there) [x](http://localhost.localdomain/)
[x](http://ip6-localhost/) [x](http://router/) [x](http://[::127.0.0.1]/) [x]({}/)
[x](http://[64:ff9b::7f00:1]/) [x](http://[2002:7f00:1::]/) [x](http://[fec0::1]/)
[x](http://198.18.0.1/) [x](http://169.254.169.254/)",
        proxy.address
    ));
    let check = || {
        let mut command = program();
        command.current_dir(folder.path()).args(["check", "--external", "--format", "json"]);
        for name in ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"]
        {
            command.env_remove(name);
        }
        folder.ran(command.env("HTTP_PROXY", &proxy.address).output().unwrap()).printed
    };
    let printed = check();
    let asked = || {
        let mut asked = proxy.asked();
        asked.sort();
        asked
    };
    let public = ["CONNECT 93.184.216.34:80 HTTP/1.1", "CONNECT 93.184.216.35:80 HTTP/1.1"];
    assert_eq!(asked(), public);
    assert!(printed.contains("a redirect leads to this machine or its local network"), "{printed}");
    assert_eq!(printed.matches("silent-external").count(), 1, "{printed}");
    // A refusal is not kept as an answer: the settings may allow it now.
    folder.write("notes.yaml", b"check: {external: {local: true}}\n");
    assert!(check().contains("has moved for good"));
    assert!(asked().iter().any(|asked| asked.contains("169.254.169.254")), "{:?}", asked());
}
