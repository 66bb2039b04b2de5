//! Sites that are built apart, each on a server of its own → the search of a site that names them:
//! the results and the order of one library, and what a reader sees when a site is away.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use notes::search::{Directory, Piece, Postings, SearchPage, Section, Texts};
use serde_json::{Value, json};

use crate::comfort::{becomes, value};
use crate::driver::Driver;
use crate::server::Server;
use crate::site::build;
use crate::window::{Look, Window};

/// Number of sites.
const SITES: usize = 15;
/// A home page without a text that a query finds.
const HOME: &str = "# 〇\n";
/// Queries in both languages: words, beginnings of words, phrases, several words.
const QUERIES: [&str; 16] = [
    "一致性",
    "raft",
    "notes",
    "re",
    "\"notes build\"",
    "search index",
    "搜索 索引",
    "的",
    "日志",
    "page c",
    "github",
    "GitHub Pages",
    "\"git",
    "事务 隔离",
    "linux",
    "没有这样的词",
];

/// The texts of the project's own notes, in the order of their paths.
fn own_texts() -> Vec<String> {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let files = walkdir::WalkDir::new(content).sort_by_file_name().into_iter();
    let files = files.map(|entry| entry.unwrap().into_path());
    let notes = files.filter(|path| path.extension().is_some_and(|end| end == "md"));
    notes.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Writes the notes of one site: every so many-th of the project's own.
fn write_notes(folder: &Path, number: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("notes.yaml"), format!("title: Site {number}\nlanguage: zh-CN\n"))?;
    fs::write(folder.join("README.md"), HOME)?;
    for (place, text) in own_texts().into_iter().enumerate() {
        if place % SITES == number {
            fs::write(folder.join(format!("note{place:03}.md")), text)?;
        }
    }
    Ok(())
}

/// The site with the notes of a folder, built and served.
fn serve(notes: &Path) -> Server {
    let mut server = Server::bind();
    let site = notes.join("site");
    build(notes, &site, &["--base-url", &server.url]);
    server.serve(&site);
    server
}

/// Sites, and the folder with their notes.
struct Sites {
    folder: tempfile::TempDir,
    servers: Vec<Server>,
}

impl Sites {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let serve = |number| {
            let notes = folder.path().join(format!("{number:02}"));
            write_notes(&notes, number).unwrap();
            serve(&notes)
        };
        let servers = (0..SITES).map(serve).collect();
        Self { folder, servers }
    }

    /// Another site with these settings, built and served.
    fn with(&self, name: &str, settings: &str) -> Server {
        let notes = self.folder.path().join(name);
        fs::create_dir_all(&notes).unwrap();
        fs::write(notes.join("notes.yaml"), format!("language: zh-CN\n{settings}")).unwrap();
        fs::write(notes.join("README.md"), HOME).unwrap();
        serve(&notes)
    }
}

/// The results of a query: the title of each page and the anchors of its sections, in order.
fn found(window: &Window<'_>, query: &str) -> Value {
    let ask = "const [query, done] = arguments; notes.search(query)\
        .then((pages) => done(pages.map((page) => [page.title, ...page.sections.map((one) => one.anchor)])),\
              (error) => done(String(error)));";
    window.run_and_wait(ask, &json!([query]))
}

/// The same on the page of a site that has searched nothing yet, as a reader gets them first, and
/// the number of directories of other sites that were read for it.
fn found_first(window: &Window<'_>, site: &str, query: &str) -> Value {
    let ask = "const [query, done] = arguments;\
        const directories = () => performance.getEntriesByType('resource')\
            .filter(({ name }) => /search\\/index.js/.test(name) && !name.startsWith(notes.finder.root)).length;\
        const shown = (page) => [page.title, ...page.sections.map((one) => one.anchor)];\
        notes.finder.begin(query).then(async (search) => {\
            const pages = await search.more(Infinity);\
            done(search.absent().length ? null : [directories(), pages.map(shown)]);\
        }).catch((error) => done(String(error)));";
    loop {
        window.open(&format!("{site}search.html"));
        let found = window.run_and_wait(ask, &json!([query]));
        // On a busy machine a site may be too slow for a reader.
        if !found.is_null() {
            return found;
        }
    }
}

/// The addresses of the files of other sites that a page has loaded.
fn loaded_elsewhere(window: &Window<'_>, own: &str) -> Vec<String> {
    let loaded = "performance.getEntriesByType('resource').map((one) => one.name)";
    let loaded = value(window, loaded);
    let names = loaded.as_array().unwrap().iter().filter_map(Value::as_str);
    names.filter(|name| !name.starts_with(own)).map(str::to_owned).collect()
}

#[test]
fn sites_built_apart_are_searched_as_one_library() {
    let (sites, driver) = (Sites::new(), Driver::start());
    let urls: Vec<&str> = sites.servers.iter().map(|server| server.url.as_str()).collect();
    let apart = sites.with("apart", &format!("federation: [{}]\n", urls.join(", ")));
    let books: Vec<String> = (0..SITES).map(|number| format!("'../{number:02}'")).collect();
    let together = sites.with("together", &format!("books: [{}]\n", books.join(", ")));
    let (one, other) = (driver.window(), driver.window());
    one.open(&format!("{}search.html", apart.url));
    other.open(&format!("{}search.html", together.url));
    let mut pages = 0;
    for query in QUERIES {
        let expected = found(&other, query);
        assert_eq!(found(&one, query), expected, "{query}");
        pages += expected.as_array().unwrap().len();
    }
    assert!(pages > 100, "{pages}");
    for query in ["一致性", "github"] {
        assert_eq!(found_first(&one, &apart.url, query), json!([0, found(&other, query)]));
    }
}

/// A query typed into the page of results of a site.
fn type_query<'d>(driver: &'d Driver, url: &str, query: &str) -> Window<'d> {
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{url}search.html"));
    window.run("document.querySelector('main input').focus()", &json!([]));
    window.type_text(query);
    window
}

const MISSING: &str = "(document.querySelector('main > .missing') || {}).textContent";
const COUNT: &str = "document.querySelector('main > .count').textContent";
const RESULTS: &str = "[...document.querySelectorAll('.results a')].map((one) => one.href)";

#[test]
fn a_site_that_is_away_or_has_something_else_is_named_and_the_others_are_searched() {
    let folder = tempfile::tempdir().unwrap();
    let sites = Sites { folder, servers: Vec::new() };
    let there = sites.with("there", "title: There\n");
    let note = sites.folder.path().join("there/a.md");
    fs::write(note, "# 强一致性\n\n文。\n").unwrap();
    build(&sites.folder.path().join("there"), &sites.folder.path().join("there/site"), &[]);
    let (mut silent, mut old, mut other) = (Server::bind(), Server::bind(), Server::bind());
    silent.stay_silent();
    old.serve_text("notes.index({\"parts\":[],\"terms\":\"\",\"postings\":\"\",\"counts\":[],\"texts\":\"\"});\n");
    other.serve_text("document.title = 'run';\n");
    let closed = Server::bind().url.clone();
    let entries = [
        (&silent.url, "Silent"),
        (&old.url, "Old"),
        (&closed, "Closed"),
        (&there.url, "There"),
        (&other.url, "Other"),
    ];
    let list = entries.map(|(url, title)| format!("{{url: '{url}', title: {title}}}"));
    let site = sites.with("library", &format!("federation: [{}]\n", list.join(", ")));
    let driver = Driver::start();
    let window = type_query(&driver, &site.url, "强一致性");
    becomes(&window, COUNT, &json!("找到 1 页"));
    let results = value(&window, RESULTS);
    let address = results[0].as_str().unwrap().split('?').next().unwrap().to_owned();
    assert_eq!(address, format!("{}a.html", there.url));
    assert_ne!(value(&window, "document.title"), json!("run"));
    // A request is given up after ten seconds.
    let missing = "没有回应，结果里缺少：Silent、Closed。由其他版本的程序构建，没有搜索：Old。\
        返回的不是搜索索引，没有搜索：Other。";
    for _ in 0..12 {
        if value(&window, MISSING) == json!(missing) {
            break;
        }
        std::thread::sleep(Duration::from_secs(5));
    }
    assert_eq!(value(&window, MISSING), json!(missing));
    assert_eq!(value(&window, COUNT), json!("找到 1 页"));
}

#[test]
fn one_site_of_several_is_searched_alone() {
    let sites = Sites { folder: tempfile::tempdir().unwrap(), servers: Vec::new() };
    let (one, other) = (sites.with("one", "title: One\n"), sites.with("other", "title: Other\n"));
    for name in ["one", "other"] {
        let notes = sites.folder.path().join(name);
        fs::write(notes.join("a.md"), "# 强一致性\n\n文。\n").unwrap();
        build(&notes, &notes.join("site"), &[]);
    }
    let settings = format!("federation: ['{}', '{}']\n", one.url, other.url);
    let site = sites.with("library", &settings);
    let driver = Driver::start();
    let window = type_query(&driver, &site.url, "强一致性");
    becomes(&window, COUNT, &json!("找到 2 页"));
    let options = "[...document.querySelectorAll('main .part:not([hidden]) option')].map((one) => one.textContent)";
    assert_eq!(value(&window, options), json!(["全部", "本站", "One", "Other"]));
    let choose = format!(
        "const list = document.querySelector('main .part select');\
         list.value = '{}'; list.dispatchEvent(new Event('change'))",
        other.url
    );
    window.run(&choose, &json!([]));
    becomes(&window, COUNT, &json!("找到 1 页"));
    let results = value(&window, RESULTS);
    assert!(results[0].as_str().unwrap().starts_with(&other.url), "{results}");
}

#[test]
fn nothing_elsewhere_is_loaded_before_the_first_search() {
    let sites = Sites { folder: tempfile::tempdir().unwrap(), servers: Vec::new() };
    let one = sites.with("one", "title: One\n");
    let site = sites.with("library", &format!("federation: ['{}']\n", one.url));
    let driver = Driver::start();
    let window = driver.window();
    window.open(&site.url);
    window.run("document.querySelector('form.search input').focus()", &json!([]));
    becomes(&window, "Boolean(notes.finder)", &json!(true));
    assert!(loaded_elsewhere(&window, &site.url).is_empty());
    window.type_text("一致性");
    becomes(
        &window,
        "(document.querySelector('form.search .count') || {}).textContent",
        &json!("没有找到"),
    );
    let elsewhere = format!(
        "performance.getEntriesByType('resource').some((one) => one.name.startsWith('{}'))",
        one.url
    );
    becomes(&window, &elsewhere, &json!(true));
}

/// Serves a folder with the index of one page, as a site that wants to do harm writes it.
fn serve_page(folder: &Path, page: &SearchPage, rename: impl Fn(&str) -> String) -> Server {
    let search = folder.join("static/search");
    fs::create_dir_all(&search).unwrap();
    let postings = Postings::of(0, [page]);
    let pieces = postings.cut(1 << 20).into_iter().map(|range| postings.piece(range));
    let pieces: Vec<Piece> = pieces.collect();
    let texts = Texts::piece(&[&Texts::of(page)]);
    let name = rename(&texts.name);
    let directory = Directory {
        parts: &[],
        tags: Vec::new(),
        postings: pieces.iter().map(|piece| (&*piece.first, &*piece.name)).collect(),
        texts: vec![(1, &name)],
        federation: Vec::new(),
        merged: None,
    };
    fs::write(search.join("index.js"), directory.script()).unwrap();
    let text = String::from_utf8(texts.script.clone()).unwrap().replace(&texts.name, &name);
    fs::write(search.join(format!("{name}.js")), text).unwrap();
    for piece in pieces {
        fs::write(search.join(format!("{}.js", piece.name)), piece.script).unwrap();
    }
    let mut server = Server::bind();
    server.serve(folder);
    server
}

#[test]
fn a_hostile_site_gives_text_and_leads_nowhere_else() {
    let sites = Sites { folder: tempfile::tempdir().unwrap(), servers: Vec::new() };
    let markup = "<img src=x onerror=\"document.title='run'\"> $& {names}";
    let page = |address: &str| SearchPage {
        title: format!("恶意 {markup}"),
        address: address.to_owned(),
        trail: vec![markup.to_owned()],
        tags: Vec::new(),
        sections: vec![Section { text: format!("恶意 {markup}"), ..Section::default() }],
    };
    let same = |name: &str| name.to_owned();
    let other = |name: &str| name.chars().rev().collect::<String>();
    let folder = |name: &str| sites.folder.path().join(name);
    let servers = [
        serve_page(&folder("text"), &page("a.html"), same),
        serve_page(&folder("script"), &page("javascript:document.title='run'"), same),
        serve_page(&folder("away"), &page("../../x.html"), same),
        serve_page(&folder("host"), &page("//evil.example/a.html"), same),
        serve_page(&folder("digest"), &page("a.html"), other),
    ];
    let names = ["Text", "Script", "Away", "Host", "Digest"];
    let entry =
        |(server, name): (&Server, &str)| format!("{{url: '{}', title: {name}}}", server.url);
    let list: Vec<String> = servers.iter().zip(names).map(entry).collect();
    let site = sites.with("library", &format!("federation: [{}]\n", list.join(", ")));
    let driver = Driver::start();
    let window = type_query(&driver, &site.url, "恶意");
    let missing = "返回的不是搜索索引，没有搜索：Script、Away、Host、Digest。";
    becomes(&window, MISSING, &json!(missing));
    let results = window.list(&format!("return {RESULTS}"), &json!([]));
    let all_are_below = results.iter().all(|address| address.starts_with(&servers[0].url));
    assert!(results.len() == 1 && all_are_below, "{results:?}");
    assert_eq!(value(&window, "document.querySelectorAll('.results img').length"), json!(0));
    assert_eq!(value(&window, "document.title === 'run'"), json!(false));
}

#[test]
fn a_site_that_is_published_again_is_searched_as_it_is_now() {
    let sites = Sites { folder: tempfile::tempdir().unwrap(), servers: Vec::new() };
    let one = sites.with("one", "title: One\n");
    let notes = sites.folder.path().join("one");
    let publish = |text: &str| {
        fs::write(notes.join("a.md"), format!("# 甲\n\n{text}\n")).unwrap();
        build(&notes, &notes.join("site"), &["--base-url", &one.url]);
    };
    publish("强一致性，最终一致性");
    let site = sites.with("library", &format!("federation: ['{}']\n", one.url));
    let driver = Driver::start();
    let window = type_query(&driver, &site.url, "不存在");
    becomes(&window, COUNT, &json!("没有找到"));
    // The texts that the directory names are gone now.
    publish("强一致性，线性一致性");
    let select = "document.querySelector('main input').select()";
    window.run(select, &json!([]));
    window.type_text("一致性");
    becomes(&window, COUNT, &json!("找到 1 页"));
    let text = "document.querySelector('.results').textContent.includes('线性一致性')";
    becomes(&window, text, &json!(true));
    assert_eq!(value(&window, MISSING), json!(""));
}

#[test]
fn sites_that_changed_since_this_one_was_built_are_searched_as_they_are_now() {
    let sites = Sites { folder: tempfile::tempdir().unwrap(), servers: Vec::new() };
    let (one, other) = (sites.with("one", "title: One\n"), sites.with("other", "title: Other\n"));
    let gone = sites.with("gone", "title: Gone\n");
    let publish = |name: &str, file: &str, text: &str| {
        let notes = sites.folder.path().join(name);
        fs::write(notes.join(file), text).unwrap();
        build(&notes, &notes.join("site"), &[]);
    };
    publish("one", "a.md", "# 另一个一致性的更长的标题\n\n文。\n");
    publish("other", "a.md", "# 读取强一致性的更长的标题\n\n文。\n");
    publish("gone", "a.md", "# 别的\n\n文。\n");
    let settings = format!("federation: ['{}', '{}', '{}']\n", one.url, other.url, gone.url);
    let site = sites.with("library", &settings);
    // A page more, which no postings of before have; and a site that is away by now.
    publish("other", "b.md", "# 一致性\n\n文。\n");
    drop(gone);
    let driver = Driver::start();
    let window = type_query(&driver, &site.url, "一致性");
    becomes(&window, COUNT, &json!("找到 3 页"));
    let results = window.list(&format!("return {RESULTS}"), &json!([]));
    assert!(results[0].starts_with(&format!("{}b.html", other.url)), "{results:?}");
    becomes(&window, MISSING, &json!("没有回应，结果里缺少：Gone。"));
}

#[test]
fn the_pages_of_a_slow_site_are_added_when_it_answers() {
    let sites = Sites { folder: tempfile::tempdir().unwrap(), servers: Vec::new() };
    let fast = sites.with("fast", "title: Fast\n");
    let mut slow = Server::bind();
    let notes = |name: &str| sites.folder.path().join(name);
    fs::create_dir_all(notes("slow")).unwrap();
    for (name, title) in [("fast", "读取一致性的更长的标题"), ("slow", "一致性")] {
        fs::write(notes(name).join("README.md"), HOME).unwrap();
        fs::write(notes(name).join("a.md"), format!("# {title}\n\n文。\n")).unwrap();
        build(&notes(name), &notes(name).join("site"), &[]);
    }
    // Longer than results wait.
    slow.serve_slowly(&notes("slow/site"), Duration::from_millis(1_500));
    let settings = format!("federation: ['{}', {{url: '{}', title: Slow}}]\n", fast.url, slow.url);
    let site = sites.with("library", &settings);
    let driver = Driver::start();
    let window = type_query(&driver, &site.url, "一致性");
    for _ in 0..60 {
        if value(&window, COUNT) == json!("找到 2 页") {
            break;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    // In the order of one library, the better title first.
    let results = window.list(&format!("return {RESULTS}"), &json!([]));
    let hosts: Vec<bool> = results.iter().map(|address| address.starts_with(&slow.url)).collect();
    assert_eq!(hosts, [true, false], "{results:?}");
    becomes(&window, MISSING, &json!(""));
}
