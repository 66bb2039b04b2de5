//! Sites that readers can keep in the browser: the worker, the lists of what it keeps, and what
//! pages say of them. `tests/browser/offline.rs` reads such a site without a network.

use std::collections::BTreeSet;

use serde_json::Value;

use notes::path::percent_decode;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder};
use crate::request::get;
use crate::serving::Serving;

const NOTES: &str = r"
    -- README.md
    # 首页

    [甲](a/甲.md)
    -- a/README.md
    # 部分

    文
    -- a/甲.md
    # 甲

    ![图](图.png) [文件](附.pdf) ![[乙]]
    -- a/图.png
    picture
    -- a/附.pdf
    file
    -- b/README.md
    # 另一部分

    文
    -- b/乙.md
    ---
    tags: [x]
    ---
    # 乙

    ![图](乙.png)
    -- b/乙.png
    another
    -- b/又.md
    # 又

    文
    -- c.md
    # 丙

    文
";

fn folder(settings: &str) -> Folder {
    let folder = Folder::new(NOTES);
    folder.write("notes.yaml", settings.as_bytes());
    folder
}

fn list(built: &Built, route: &str) -> Value {
    serde_json::from_str(&built.file(route)).unwrap()
}

/// The routes of the files of a list, those of the lists that it names left out.
fn own_files(list: &Value) -> BTreeSet<String> {
    list["files"].as_array().unwrap().iter().map(route_of).collect()
}

/// The route of the file that an entry of a list names.
fn route_of(entry: &Value) -> String {
    let path = percent_decode(entry[0].as_str().unwrap());
    if path.is_empty() || path.ends_with('/') { path + "index.html" } else { path }
}

/// The digest of a file as browsers compare it.
fn checksum(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let head = digest.as_ref()[..8].try_into().unwrap();
    format!("{:016x}", u64::from_be_bytes(head))
}

fn lists_of(list: &Value) -> Vec<String> {
    let lists = list["lists"].as_array().unwrap().iter();
    lists.map(|list| percent_decode(list.as_str().unwrap())).collect()
}

/// The routes of all files of a list.
fn all_files(built: &Built, route: &str) -> BTreeSet<String> {
    let list = list(built, route);
    let below = lists_of(&list);
    let below = below.iter().flat_map(|other| all_files(built, other));
    below.chain(own_files(&list)).collect()
}

fn texts(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_site_has_a_worker_and_lists_if_the_settings_say_so() {
    let (without, with) = (folder("").build(&[]), folder("offline: true").build(&[]));
    let names = |built: &Built| built.files().into_keys().collect::<BTreeSet<String>>();
    let new: BTreeSet<String> = names(&with).difference(&names(&without)).cloned().collect();
    let expected = ["offline.js", "offline/a.json", "offline/b.json", "static/offline.json"];
    assert_eq!(new, texts(&expected));
    for route in ["index.html", "a/甲.html", "contents.html", "404.html", "search.html"] {
        let (plain, page) = (without.file(route), with.file(route));
        assert!(!plain.contains("offline.js") && !plain.contains(".js?"), "{route}: {plain}");
        let depth = "../".repeat(route.matches('/').count());
        assert!(page.contains(&format!(" data-worker=\"{depth}offline.js\" ")), "{page}");
        assert!(page.contains(&format!(" data-site=\"{depth}static/offline.json\"")), "{page}");
        assert_eq!(page.contains(" data-part=\"../offline/a.json\""), route == "a/甲.html");
    }
}

#[test]
fn the_list_of_a_part_has_its_pages_and_what_they_show() {
    let site = folder("title: 书\noffline: true\ncover: 封面.png\n");
    site.write("封面.png", b"cover");
    let built = site.build(&[]);
    let part = list(&built, "offline/a.json");
    assert_eq!((part["title"].as_str(), lists_of(&part)), (Some("部分"), Vec::new()));
    let shared = ["index.html", "封面.png", "static/icon.svg", "static/words.js"];
    // With the picture of the note that is embedded.
    let own = ["a/index.html", "a/甲.html", "a/图.png", "a/附.pdf", "b/乙.png"];
    assert_eq!(own_files(&part), texts(&[&shared[..], &own].concat()));

    // Sizes and digests are those of the files.
    let files = built.files();
    for file in part["files"].as_array().unwrap() {
        let path = route_of(file);
        assert_eq!(file[1].as_u64(), Some(files[&path].len() as u64), "{path}");
        assert_eq!(file[2].as_str(), Some(&*checksum(&files[&path])), "{path}");
    }
    let sizes: usize = own_files(&part).iter().map(|path| files[path].len()).sum();
    assert_eq!(part["size"].as_u64(), Some(sizes as u64));
    // printf 'picture\n' | sha256sum
    assert_eq!(checksum(&files["a/图.png"]), "cf2a6b9dc684296c");
}

#[test]
fn the_worker_has_the_digests_of_the_lists_and_of_what_draws_the_pages() {
    let site = folder("");
    site.write("static/own.css", b"p { color: red }\n");
    // Many files are there already, and no digest of them.
    site.build(&[]);
    site.write("notes.yaml", b"offline: true\n");
    for _ in 0..2 {
        let built = site.build(&[]);
        let files = built.files();
        let worker = built.file("offline.js");
        let (_, values) = worker.split_once("const site = ").unwrap();
        let values: Value =
            serde_json::from_str(values.lines().next().unwrap().trim_end_matches(';')).unwrap();
        let mut named = BTreeSet::new();
        for kind in ["first", "others", "lists"] {
            for entry in values[kind].as_array().unwrap() {
                let path = route_of(entry);
                assert_eq!(entry[1].as_str(), Some(&*checksum(&files[&path])), "{path}");
                named.insert(path);
            }
        }
        for path in ["static/style.css", "static/own.css", "static/search.js", "offline/a.json"] {
            assert!(named.contains(path), "{path}: {named:?}");
        }
        site.write("b/又.md", "# 又\n\n新的文字\n".as_bytes());
    }
}

#[test]
fn the_list_of_the_site_has_everything_that_readers_see() {
    let settings =
        "title: 书\noffline: true\nmachines: true\nepub: true\nbase_url: https://e.org/n/\n";
    let site = folder(settings);
    site.write("b/又.md", "---\naliases: [旧.html]\n---\n# 又\n\n文\n".as_bytes());
    let built = site.build(&[]);
    let whole = list(&built, "static/offline.json");
    assert_eq!(lists_of(&whole), ["offline/a.json", "offline/b.json"]);
    let files = built.files();
    let is_kept = |name: &&String| {
        // Neither e-books, pages for paper nor old addresses.
        let is_read = name.ends_with(".html")
            && !name.starts_with("print/")
            && !["404.html", "b/旧.html"].contains(&name.as_str());
        let is_beside = name.ends_with(".png") || name.ends_with(".pdf");
        let of_site = ["tree.js", "words.js", "icon.svg", "manifest.webmanifest"];
        is_read
            || is_beside
            || name.starts_with("static/search/")
            || of_site.iter().any(|end| name.ends_with(end))
    };
    let expected: BTreeSet<String> = files.keys().filter(is_kept).cloned().collect();
    let all = all_files(&built, "static/offline.json");
    assert_eq!(all, expected);
    let sizes: usize = all.iter().map(|path| files[path].len()).sum();
    assert_eq!(whole["size"].as_u64(), Some(sizes as u64));
    // A file of a part is not listed once more.
    assert!(!own_files(&whole).contains("a/甲.html"));
}

#[test]
fn the_site_may_be_anywhere() {
    let settings = "offline: true\nbase_url: https://e.org/";
    let [one, other] = ["a/b/", "c/"].map(|path| folder(&format!("{settings}{path}")).build(&[]));
    for route in ["offline.js", "static/offline.json", "offline/a.json"] {
        // The values of the site, without the script that uses them.
        let text = one.file(route).lines().take(2).collect::<String>();
        assert!(!text.contains("e.org") && !text.contains("\"/"), "{text}");
    }
    assert_eq!(one.file("offline/b.json").len(), other.file("offline/b.json").len());
}

#[test]
fn an_incremental_build_has_the_lists_of_a_clean_one() {
    let settings = "offline: true\n";
    let edits: [(&str, &str); 8] = [
        ("b/乙.md", "# 乙\n\n新的文字\n"),
        // Of the same size.
        ("a/图.png", "PICTURE\n"),
        ("b/更.md", "# 更\n"),
        ("offline/x.md", "# X\n"),
        ("static/own.css", "p{}\n"),
        ("static/own.css", "a{}\n"),
        ("notes.yaml", "offline: true\ntheme: {accent: \"#6d28d9\"}\n"),
        ("notes.yaml", "offline: false\n"),
    ];
    let site = folder(settings);
    let mut before = site.build(&[]).file("offline.js");
    for (path, text) in edits {
        site.write(path, text.as_bytes());
        let built = site.build(&[]);
        let clean = site.build(&[
            "--no-cache",
            "-o",
            site.path().with_extension("clean").to_str().unwrap(),
        ]);
        let clean = clean.at(site.path().with_extension("clean"));
        assert_same_files(&built.files(), &clean.files(), path);
        let worker = built.files().remove("offline.js");
        let worker = worker.map(|bytes| String::from_utf8(bytes).unwrap()).unwrap_or_default();
        assert_ne!(worker, before, "{path}");
        before = worker;
    }
    assert_eq!(before, "");
}

#[test]
fn an_edit_changes_no_page_but_those_of_its_note() {
    let site = folder("offline: true\n");
    let before = site.build(&[]).files();
    site.write("b/又.md", "# 又\n\n新的文字\n".as_bytes());
    let after = site.build(&[]).files();
    let is_changed = |name: &&String| {
        before.get(*name) != after.get(*name) && !name.starts_with("static/search/")
    };
    let changed: BTreeSet<String> = after.keys().filter(is_changed).cloned().collect();
    let lists = ["offline.js", "offline/b.json", "static/offline.json"];
    assert_eq!(changed, texts(&[&lists[..], &["b/又.html", "print/b.html"]].concat()));
}

#[test]
fn the_theme_is_asked_for_with_its_digest() {
    let site = folder("offline: true\n");
    let query = |built: &Built| {
        let page = built.file("a/甲.html");
        let (_, rest) = page.split_once("../static/site.js?").unwrap();
        let query = rest[..16].to_owned();
        for file in ["style.css", "preferences.js", "offline.js"] {
            assert!(page.contains(&format!("../static/{file}?{query}\"")), "{page}");
        }
        assert!(built.file("offline.js").contains(&format!("\"frame\":\"{query}\"")));
        query
    };
    let first = query(&site.build(&[]));
    site.write("a/甲.md", "# 甲\n\n新\n".as_bytes());
    assert_eq!(query(&site.build(&[])), first);
    site.write("static/own.css", b"p { color: red }\n");
    let second = query(&site.build(&[]));
    assert_ne!(second, first);
    site.write("static/own.css", b"p { color: tan }\n");
    assert_ne!(query(&site.build(&[])), second);
}

#[test]
fn a_library_has_one_worker_and_lists_of_its_books() {
    let files = "
        -- notes.yaml
        title: 书库
        offline: true
        books: [one, two]
        -- README.md
        # 书库
        -- one/README.md
        # 一
        -- one/a/x.md
        # X

        ![图](../../two/b/p.png)
        -- two/README.md
        # 二
        -- two/b/y.md
        # Y
        -- two/b/p.png
        picture
        -- two/notes.yaml
        assets: [offline.js]
        -- two/offline.js
        mine
    ";
    let built = Folder::new(files).build(&[]);
    let workers = built.files().into_keys().filter(|name| name.ends_with("offline.js"));
    assert_eq!(workers.collect::<Vec<_>>(), ["offline.js", "static/offline.js", "two/offline.js"]);
    assert!(!built.printed.contains("is taken"), "{}", built.printed);
    let page = built.file("one/a/x.html");
    for part in [
        "worker=\"../../offline.js\"",
        "site=\"../static/offline.json\"",
        "part=\"../offline/a.json\"",
    ] {
        assert!(page.contains(&format!(" data-{part}")), "{part}: {page}");
    }
    let whole = list(&built, "static/offline.json");
    assert_eq!(lists_of(&whole), ["one/static/offline.json", "two/static/offline.json"]);
    assert_eq!(lists_of(&list(&built, "one/static/offline.json")), ["one/offline/a.json"]);
    let part = own_files(&list(&built, "one/offline/a.json"));
    assert!(part.contains("one/a/x.html") && part.contains("two/b/p.png"), "{part:?}");
    let all = all_files(&built, "static/offline.json");
    for file in
        ["index.html", "one/index.html", "two/b/y.html", "two/b/p.png", "one/static/tree.js"]
    {
        assert!(all.contains(file), "{file}: {all:?}");
    }
}

#[test]
fn a_file_of_the_writer_in_the_place_of_the_worker_is_told() {
    let site = folder("offline: true\nassets: [offline.js]\n");
    site.write("offline.js", b"mine");
    let built = site.build(&[]);
    let message = "pages are not kept for readers without a network: offline.js is taken";
    assert!(built.printed.contains(message), "{}", built.printed);
    assert_eq!(built.file("offline.js"), "mine");
    assert!(!built.file("index.html").contains("data-worker"));
    assert!(!built.files().contains_key("static/offline.json"));
}

#[test]
fn no_browser_keeps_a_preview() {
    let site = folder("offline: true\n");
    let serving = Serving::start(&site.path(), &[]);
    let page = get(&serving, "/a/%E7%94%B2.html").page();
    assert!(page.contains("static/site.js\"") && !page.contains("data-worker"), "{page}");
    for path in ["/offline.js", "/static/offline.json", "/offline/a.json"] {
        assert_eq!(get(&serving, path).status, 404, "{path}");
    }
}
