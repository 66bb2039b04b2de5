//! Sites that are built apart and read together: the `book.json` that each publishes, and the home
//! page of a site that names others, asked of a server of the tests' own.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::fixture::{Built, Folder, outdented};
use crate::host::Host;

/// A server of texts by path, which may change; any other path is not found.
struct Server {
    host: Host,
    url: String,
    texts: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Server {
    fn new() -> Self {
        let texts: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
        let served = texts.clone();
        let host = Host::new(move |stream, asked| {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
            let path = head.split_whitespace().nth(1).unwrap_or_default();
            let text = served.lock().unwrap().get(path).cloned();
            asked.lock().unwrap().push(path.to_owned());
            let (status, body) = match &text {
                Some(text) if text.starts_with("301 ") => (text.as_str(), ""),
                Some(text) => ("200 OK", text.as_str()),
                None => ("404 Not Found", ""),
            };
            let length = body.len();
            let _ = write!(
                &*stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        });
        let url = host.url("/");
        Self { host, url, texts }
    }

    fn put(&self, path: &str, text: &str) {
        self.texts.lock().unwrap().insert(path.to_owned(), text.to_owned());
    }

    /// Serves what was built, and nothing else.
    fn publish(&self, built: &Built) {
        self.clear();
        for route in built.files().keys() {
            if route == "book.json" || route.starts_with("static/search/") {
                self.put(&format!("/{route}"), &built.file(route));
            }
        }
    }

    /// The number of pieces of an index that were asked for since the last call.
    fn asked_pieces(&self) -> usize {
        let asked = self.host.take_asked();
        let pieces = asked.iter().filter(|path| path.starts_with("/static/search/"));
        pieces.filter(|path| !path.ends_with("/index.js")).count()
    }

    fn clear(&self) {
        self.texts.lock().unwrap().clear();
    }
}

/// A `book.json` with two parts.
const BOOK: &str = r#"{"format":1,"title":"数据库","description":null,"language":"zh-CN","notes":5,"search":"static/search/","parts":[{"title":"存储 & <引擎>","url":"a/","notes":3},{"title":"待写","url":null,"notes":0}]}"#;

fn library(urls: &[&str]) -> Folder {
    let folder = Folder::new(&outdented(
        r"
        -- README.md
        # 书库
        文。
        -- 部分/a.md
        # 甲
        文。
        ",
    ));
    settle(&folder, urls);
    folder
}

fn settle(folder: &Folder, urls: &[&str]) {
    folder.write("notes.yaml", format!("federation: [{}]\n", urls.join(", ")).as_bytes());
}

#[test]
fn a_site_publishes_its_title_and_parts() {
    let folder = Folder::new(&outdented(
        r"
        -- notes.yaml
        title: 我的书
        description: 一句话。
        books: [书]
        -- README.md
        # 首页
        文。
        -- 部分/README.md
        # 第一部分
        文。
        -- 部分/a.md
        # 甲
        文。
        -- 待写.md
        # 待写
        -- 书/README.md
        # 另一本
        文。
        -- 书/b.md
        # 乙
        文。
        ",
    ));
    let built = folder.build(&[]);
    assert_eq!(built.code, 0, "{}", built.printed);
    let found: Value = serde_json::from_str(&built.file("book.json")).unwrap();
    let expected = json!({
        "format": 1,
        "title": "我的书",
        "description": "一句话。",
        "language": "zh-CN",
        "notes": 5,
        "search": "static/search/",
        "parts": [
            {"title": "待写", "url": null, "notes": 1},
            {"title": "第一部分", "url": "%E9%83%A8%E5%88%86/index.html", "notes": 2},
            {"title": "另一本", "url": "%E4%B9%A6/", "notes": 2},
        ],
    });
    assert_eq!(found, expected);
    assert!(built.file("static/search/index.js").starts_with("notes.index({\"format\":1,"));
    assert!(!built.files().contains_key("书/book.json"));
}

#[test]
fn the_home_page_shows_what_other_sites_published() {
    let server = Server::new();
    server.put("/db/book.json", BOOK);
    let folder = library(&[&format!("{}db", server.url)]);
    let built = folder.build(&[]);
    assert!(built.printed.contains(" 0 warnings, 0 errors"), "{}", built.printed);
    let home = built.file("index.html");
    let url = format!("{}db/", server.url);
    for part in [
        format!("<a href=\"{url}\" rel=\"external\">数据库</a>"),
        format!("<a href=\"{url}a/\" rel=\"external\">存储 &amp; &lt;引擎&gt;"),
    ] {
        assert!(home.contains(&part), "{part}\n{home}");
    }
    let in_sidebar = format!("<li><a href=\"{url}\" rel=\"external\">数据库</a></li>");
    assert!(home.contains(&in_sidebar), "{home}");
    // A part with nothing to read.
    assert!(!home.contains("待写"));
    let directory = built.file("static/search/index.js");
    let searched = format!("\"federation\":[[\"数据库\",\"{url}\",\"{url}static/search/\"]]");
    assert!(directory.contains(&searched), "{directory}");
    // The other pages show nothing of it.
    assert!(!built.file("部分/a.html").contains(&url));
}

#[test]
fn a_row_has_a_dozen_parts_and_counts_those_that_can_be_read() {
    let server = Server::new();
    for (count, expected) in [(12, None), (13, Some("全部 (13)"))] {
        let part = |number| format!(r#"{{"title":"Part {number}","url":"{number}/","notes":1}}"#);
        let mut parts: Vec<String> = (0..count).map(part).collect();
        parts.push(r#"{"title":"待写","url":null,"notes":0}"#.to_owned());
        let head = BOOK.split("\"parts\"").next().unwrap();
        server.put("/book.json", &format!("{head}\"parts\":[{}]}}", parts.join(",")));
        let home = library(&[&server.url]).build(&[]).file("index.html");
        assert_eq!(home.matches(">Part ").count(), 12, "{home}");
        assert!(!home.contains("待写"), "{home}");
        assert_eq!(home.contains("全部 ("), expected.is_some(), "{home}");
        assert!(expected.is_none_or(|expected| home.contains(expected)), "{home}");
    }
}

#[test]
fn the_writers_own_matrix_is_completed_with_the_sites_that_it_lacks() {
    let server = Server::new();
    for name in ["one", "two"] {
        server.put(&format!("/{name}/book.json"), &BOOK.replace("数据库", name));
    }
    let urls = ["one", "two"].map(|name| format!("{}{name}/", server.url));
    let folder = library(&[&urls[0], &urls[1]]);
    let home = format!("# 书库\n\n| [甲](部分/a.md) | [一]({}x/) |\n| --- | --- |\n", urls[0]);
    folder.write("README.md", home.as_bytes());
    let home = folder.build(&[]).file("index.html");
    let home = home.split_once("<article").unwrap().1;
    assert!(!home.contains(&format!("<a href=\"{}\" rel=\"external\">one</a>", urls[0])), "{home}");
    assert!(home.contains(&format!("<a href=\"{}\" rel=\"external\">two</a>", urls[1])), "{home}");
}

#[test]
fn a_site_that_is_away_is_shown_as_it_was() {
    let server = Server::new();
    server.put("/book.json", BOOK);
    let folder = library(&[&server.url]);
    let first = folder.build(&[]).files();
    server.clear();
    let away = folder.build(&[]);
    assert_eq!(away.code, 0, "{}", away.printed);
    assert_eq!(away.files(), first);
    for part in [
        "book.json cannot be loaded: the server answers 404 Not Found",
        "the home page shows what it published before",
        "notes.yaml:1:14",
        "federation",
    ] {
        assert!(away.printed.contains(part), "{part}\n{}", away.printed);
    }
    let offline = folder.build(&["--offline"]);
    assert_eq!(offline.files(), first);
    assert!(offline.printed.contains(" 0 warnings"), "{}", offline.printed);
    // A site that was never seen has its address.
    let unknown = folder.build(&["--no-cache"]);
    assert!(
        unknown.printed.contains("the home page shows its address alone"),
        "{}",
        unknown.printed
    );
    let shown = server.url.trim_start_matches("http://").trim_end_matches('/');
    let link = format!("<a href=\"{}\" rel=\"external\">{shown}</a>", server.url);
    assert!(unknown.file("index.html").contains(&link));
}

#[test]
fn what_another_site_published_anew_is_shown_and_nothing_else_is_made_anew() {
    let server = Server::new();
    server.put("/book.json", BOOK);
    let folder = library(&[&server.url]);
    let first = folder.build(&[]).files();
    server.put("/book.json", &BOOK.replace("数据库", "数据库与存储"));
    let second = folder.build(&[]).files();
    let changed: Vec<&String> = second
        .iter()
        .filter(|(name, bytes)| first.get(*name) != Some(bytes))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(changed, ["index.html", "static/search/index.js"]);
    assert_eq!(folder.build(&["--no-cache"]).files(), second);
}

#[test]
fn something_else_at_the_address_of_a_site_is_told() {
    for (text, expected) in [
        ("301 Moved Permanently\r\nLocation: /new/book.json", "has moved to http"),
        ("<!DOCTYPE html><title>404</title>", "book.json is not a file of this program"),
        (r#"{"title": "Notes", "gitbook": "3.2.0"}"#, "book.json is not a file of this program"),
        (r#"{"format": 2, "title": "Notes"}"#, "was built by another version of the program"),
        ("", "book.json is not a file of this program"),
    ] {
        let server = Server::new();
        server.put("/book.json", text);
        let folder = library(&[&server.url]);
        let built = folder.build(&[]);
        assert!(built.code == 0 && built.printed.contains(expected), "{text}\n{}", built.printed);
        let strict = folder.build(&["--strict"]);
        assert_eq!(strict.code, 1, "{}", strict.printed);
    }
}

#[test]
fn several_sites_may_have_one_list() {
    let server = Server::new();
    server.put("/book.json", &BOOK.replacen('{', r#"{"federation":["http://127.0.0.1:9/"],"#, 1));
    let folder = library(&[&server.url, "http://127.0.0.1:9"]);
    let built = folder.build(&["--base-url", "http://127.0.0.1:9/"]);
    assert!(built.printed.contains(" 0 warnings, 0 errors"), "{}", built.printed);
    let directory = built.file("static/search/index.js");
    assert!(directory.contains(&server.url) && !directory.contains("127.0.0.1:9/"), "{directory}");
    settle(&folder, &["http://e.example/"]);
    let mixed = folder.build(&["--offline", "--base-url", "https://me.example/"]);
    let expected = "http://e.example/ cannot be searched from a site over https:";
    assert!(mixed.printed.contains(expected), "{}", mixed.printed);
}

/// The notes of a site with several pieces of postings.
fn notes_of_a_site() -> Folder {
    let folder = Folder::new("-- README.md\n# 数据库\n文。\n");
    for number in 0..40 {
        let words =
            (0..300).map(|word| format!("w{} 词{} ", number * 300 + word, word * number % 97));
        let text = format!("# 第 {number} 篇\n\n{}\n", words.collect::<String>());
        folder.write(&format!("a{number}.md"), text.as_bytes());
    }
    folder
}

/// The merged index in the directory of a built site.
fn merged(built: &Built) -> Value {
    let script = built.file("static/search/index.js");
    let directory = script.strip_prefix("notes.index(").unwrap().strip_suffix(");\n").unwrap();
    serde_json::from_str::<Value>(directory).unwrap()["merged"].clone()
}

#[test]
fn the_postings_of_other_sites_are_merged_and_only_new_ones_loaded() {
    let (server, notes) = (Server::new(), notes_of_a_site());
    server.publish(&notes.build(&[]));
    let folder = library(&["http://127.0.0.1:9", &server.url]);
    let first = folder.build(&[]);
    let all = server.asked_pieces();
    let index = merged(&first);
    // The second of the list.
    assert_eq!(index["sites"][0][0], json!(1), "{index}");
    let names = index["postings"].as_str().unwrap().len() / 12;
    assert!(all > 5 && names > 5, "{all} {names}");
    let pages: u64 =
        index["sites"][0][2].as_array().unwrap().iter().filter_map(Value::as_u64).sum();
    assert_eq!(pages, 41);
    // Nothing new is loaded, and every build gives the same.
    let again = folder.build(&[]);
    assert_eq!((server.asked_pieces(), again.files()), (0, first.files()));
    assert_eq!(folder.build(&["--offline"]).files(), first.files());
    notes.write("a7.md", "# 第 7 篇\n\n全新的句子。\n".as_bytes());
    server.publish(&notes.build(&[]));
    let changed = folder.build(&[]);
    let loaded = server.asked_pieces();
    assert!((1..all).contains(&loaded), "{loaded} of {all}");
    assert_ne!(merged(&changed), index);
    assert_eq!(folder.build(&["--no-cache"]).files(), changed.files());
    // A change of the site's own notes leaves it as it is.
    folder.write("部分/a.md", "# 甲\n\n别的。\n".as_bytes());
    assert_eq!(merged(&folder.build(&[])), merged(&changed));
    settle(&folder, &[]);
    assert_eq!(merged(&folder.build(&[])), Value::Null);
}

#[test]
fn a_site_with_another_index_is_not_merged() {
    let (server, notes) = (Server::new(), notes_of_a_site());
    let built = notes.build(&[]);
    server.publish(&built);
    let is_piece = |route: &&String| {
        route.starts_with("static/search/")
            && !route.ends_with("index.js")
            // Postings are a text, texts a list.
            && built.file(route).contains("\",\"")
            && !built.file(route).contains("\",[")
    };
    let route = format!("/{}", built.files().keys().find(is_piece).unwrap());
    let piece = built.file(&route[1..]);
    let index = built.file("static/search/index.js");
    for (path, text) in [
        (&*route, piece.replacen(",\"", ",\"0", 1)),
        (&*route, piece.replacen("notes.piece(", "alert(", 1)),
        (&*route, "<!DOCTYPE html>".to_owned()),
        (&*route, "301 Moved Permanently\r\nLocation: /a.js".to_owned()),
        ("/static/search/index.js", index.replacen("\"format\":1", "\"format\":2", 1)),
        ("/static/search/index.js", "document.title = 'run';\n".to_owned()),
    ] {
        server.publish(&built);
        server.put(path, &text);
        let folder = library(&[&server.url]);
        let found = folder.build(&[]);
        assert_eq!((found.code, merged(&found)), (0, Value::Null), "{path}");
        // It is, once it is right.
        server.publish(&built);
        assert_ne!(merged(&folder.build(&[])), Value::Null);
    }
}
