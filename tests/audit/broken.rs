//! A small good site by hand, and each way to break it: the audit finds just that.

use std::collections::BTreeMap;

use super::check::check;
use super::finding::{Finding, Part};
use super::page::Page;
use super::site::Site;

/// The notes of the good site.
const NOTES: [&str; 4] = ["README.md", "a.md", "部 分/部 分.md", "部 分/b.md"];

/// A site in memory: files with what they hold.
type Files = BTreeMap<String, Vec<u8>>;

/// A page with a `<main>` that holds this.
fn page(text: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><title>t</title><link rel=\"canonical\" \
         href=\"https://e.org/\"></head>\
         <body><nav></nav><main><h1>t</h1>{text}</main></body></html>"
    )
}

/// Pages in a chain, with a style sheet, an image of another host, an anchor, a page for lost
/// readers.
fn good() -> Files {
    let style = "<link rel=stylesheet href=../page.css>";
    let part = page("<a rel=prev href=../a.html>a</a> <a rel=next href=b.html>b</a>");
    [
        (
            "index.html",
            page(
                "<a rel=next href=a.html>a</a> <a href=https://e.org/>e</a> <a \
             href=#top>t</a>",
            ),
        ),
        (
            "a.html",
            page(
                "<a rel=prev href=./>h</a> <a rel=next href=\"%E9%83%A8%20%E5%88%86/\">p</a> <p \
                 id=x></p><img alt='' src=https://e.org/i.png>",
            ),
        ),
        ("部 分/index.html", part.replace("</head>", &format!("{style}</head>"))),
        (
            "部 分/b.html",
            page(
                "<a rel=prev href=./>p</a> <a href=../a.html#x>x</a> <img alt=i \
             src=i.svg>",
            ),
        ),
        ("部 分/i.svg", "<svg/>".to_owned()),
        ("page.css", String::new()),
        ("404.html", page("<a href=/>h</a>").replace("<nav></nav>", "")),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .collect()
}

fn findings(files: Files) -> Vec<Finding> {
    let mut site = Site::default();
    for (path, bytes) in files {
        site.add(path, &bytes);
    }
    let found = check(&NOTES.map(str::to_owned), &site);
    // Most of what is broken here on purpose is an error to a parser too.
    found.into_iter().filter(|finding| !matches!(finding, Finding::ParseError { .. })).collect()
}

/// The findings after a text of one page of the good site is replaced.
fn after(path: &str, old: &str, new: &str) -> Vec<Finding> {
    let mut files = good();
    let html = String::from_utf8(files[path].clone()).expect("a page");
    assert_ne!(html.replacen(old, new, 1), html, "{path} has no {old}");
    files.insert(path.to_owned(), html.replacen(old, new, 1).into_bytes());
    findings(files)
}

/// The findings with one more file.
fn with(path: &str, bytes: &[u8]) -> Vec<Finding> {
    let mut files = good();
    files.insert(path.to_owned(), bytes.to_owned());
    findings(files)
}

/// The findings with one file less.
fn without(path: &str) -> Vec<Finding> {
    let mut files = good();
    files.remove(path).expect("a file of the good site");
    findings(files)
}

const A: &str = "a.html";

fn a() -> String {
    A.to_owned()
}

#[test]
fn a_good_site_breaks_nothing() {
    assert_eq!(findings(good()), []);
    // Another note was there first, so this one's page has a number.
    let mut beside = good();
    let page = beside.remove("部 分/b.html").unwrap();
    beside.insert("部 分/b-2.html".to_owned(), page);
    let part = String::from_utf8(beside["部 分/index.html"].clone()).unwrap();
    beside.insert("部 分/index.html".to_owned(), part.replace("b.html", "b-2.html").into_bytes());
    assert_eq!(findings(beside), []);
}

#[test]
fn links() {
    for (link, finding) in [
        (
            "<a href=no.html>",
            Finding::DeadLink { page: a(), href: "no.html".into(), part: Part::Text },
        ),
        (
            "<a href=../a.html>",
            Finding::DeadLink { page: a(), href: "../a.html".into(), part: Part::Text },
        ),
        (
            "<a href=a%252Ehtml>",
            Finding::DeadLink { page: a(), href: "a%252Ehtml".into(), part: Part::Text },
        ),
        ("<a href=#y>", Finding::DeadAnchor { page: a(), href: "#y".into(), part: Part::Text }),
        (
            "</main><a href=./#x>",
            Finding::DeadAnchor { page: a(), href: "./#x".into(), part: Part::Frame },
        ),
        ("<a href=' '>", Finding::EmptyLink { page: a(), part: Part::Text }),
        ("<a href=/a.html>", Finding::FromRoot { page: a(), address: "/a.html".into() }),
    ] {
        assert_eq!(after(A, "</main>", link), [finding], "{link}");
    }
    let dead = Finding::DeadLink { page: a(), href: "no.html".into(), part: Part::Frame };
    assert_eq!(after(A, "</nav>", "<a href=no.html></nav>"), [dead]);
}

#[test]
fn assets() {
    let missing = |address: &str| Finding::MissingAsset { page: a(), address: address.into() };
    let elsewhere = |address: &str| Finding::FromElsewhere { page: a(), address: address.into() };
    for (element, finding) in [
        ("<link rel=stylesheet href=no.css>", missing("no.css")),
        ("<script src=no.js></script>", missing("no.js")),
        ("<img alt='' src=no.png>", missing("no.png")),
        ("<link rel=stylesheet href=https://e.org/a.css>", elsewhere("https://e.org/a.css")),
        ("<script src=//e.org/a.js></script>", elsewhere("//e.org/a.js")),
        ("<img alt='' src=/i.png>", Finding::FromRoot { page: a(), address: "/i.png".into() }),
    ] {
        assert_eq!(after(A, "<h1>", &format!("{element}<h1>")), [finding], "{element}");
    }
    let image = Finding::MissingAsset { page: "部 分/b.html".into(), address: "i.svg".into() };
    assert_eq!(without("部 分/i.svg"), [image]);
    assert_eq!(after(A, "<h1>", "<img alt='' src='data:image/gif;base64,x'><h1>"), []);
}

#[test]
fn form() {
    let script = |what: &str| Finding::InlineScript { page: a(), what: what.into() };
    for (old, new, finding) in [
        ("<title>t", "<title> ", Finding::NoTitle { page: a() }),
        ("<title>t</title>", "", Finding::NoTitle { page: a() }),
        (" lang=\"zh-CN\"", "", Finding::NoLanguage { page: a() }),
        ("zh-CN", "", Finding::NoLanguage { page: a() }),
        ("<h1>t</h1>", "", Finding::Headings { page: a(), count: 0 }),
        ("</main>", "<h1>u</h1></main>", Finding::Headings { page: a(), count: 2 }),
        ("<main>", "", Finding::Mains { page: a(), count: 0 }),
        ("</main>", "</main><main>", Finding::Mains { page: a(), count: 2 }),
        ("<nav></nav>", "", Finding::NoNavigation { page: a() }),
        ("<p", "<script>x()</script><p", script("script")),
        ("<p", "<p onclick=x()", script("onclick")),
        ("<p", "<a href=' JavaScript:x()'>y</a><p", script(" JavaScript:x()")),
        ("alt='' ", "", Finding::NoAlternative { page: a(), count: 1 }),
        ("<p", "<p id=''></p><p", Finding::UnusableId { page: a(), id: String::new() }),
        ("<p", "<p id='y z'></p><p", Finding::UnusableId { page: a(), id: "y z".into() }),
        ("<p", "<p id=x></p><p", Finding::RepeatedId { page: a(), id: "x".into() }),
        ("<p", "\u{8}<p", Finding::ControlCharacter { page: a() }),
    ] {
        assert_eq!(after(A, old, new), [finding], "{new}");
    }
    assert_eq!(after(A, "<p", "<script type=application/json>{}</script><p"), []);
}

#[test]
fn notes_and_names() {
    let lost = |note: &str, wanted: &str| Finding::NoteWithoutPage {
        note: note.into(),
        wanted: wanted.into(),
    };
    assert!(without(A).contains(&lost("a.md", A)));
    assert!(without("index.html").contains(&lost("README.md", "index.html")));
    assert!(without("部 分/index.html").contains(&lost("部 分/部 分.md", "部 分/部 分.html")));
    assert!(without("部 分/b.html").contains(&lost("部 分/b.md", "部 分/b.html")));
    let name = "a\u{8}.css";
    assert_eq!(with(name, b""), [Finding::ControlCharacterInName { file: name.into() }]);
    assert_eq!(with(&"x".repeat(255), b""), []);
    let long = format!("x/{}/y.css", "x".repeat(256));
    assert_eq!(with(&long, b""), [Finding::NameTooLong { file: long.clone() }]);
    assert_eq!(with("bad.html", b"\xff"), [Finding::NotUtf8 { page: "bad.html".into() }]);
}

#[test]
fn reach_and_reading_order() {
    assert!(without("index.html").contains(&Finding::NoHomePage));
    let lost = page("<a href=index.html>h</a>");
    assert_eq!(with("c.html", lost.as_bytes()), [Finding::Unreachable { page: "c.html".into() }]);
    let b = "部 分/b.html";
    for (path, old, new, finding) in [
        ("index.html", "rel=next", "", Finding::Starts { pages: vec![] }),
        (b, "rel=prev", "rel=next", Finding::Starts { pages: vec!["index.html".into(), b.into()] }),
        (
            b,
            "href=./>p",
            "href=../>p",
            Finding::NotInverse { page: "部 分/index.html".into(), next: b.into() },
        ),
    ] {
        let found = after(path, old, new);
        assert!(found.contains(&finding), "{path}: {new}: {found:?}");
    }
    // A ring of its own has no start, and the chain does not come by.
    let mut ring = good();
    for (path, other) in [("c.html", "d.html"), ("d.html", "c.html")] {
        let links = format!("<a rel=prev href={other}>p</a> <a rel=next href={other}>n</a>");
        ring.insert(path.to_owned(), page(&links).into_bytes());
    }
    let home = String::from_utf8(ring["index.html"].clone()).unwrap();
    ring.insert(
        "index.html".to_owned(),
        home.replace("</main>", "<a href=c.html>c</a></main>").into_bytes(),
    );
    let outside = |page: &str| Finding::OutsideReadingOrder { page: page.into() };
    assert_eq!(findings(ring), [outside("c.html"), outside("d.html")]);
    // A page may lead to two neighbours that do not lead to it, and to the first or the last alone.
    for (links, stands_beside) in [
        ("<a rel=prev href=index.html>p</a> <a rel=next href=a.html>n</a>", true),
        ("<a rel=next href=index.html>n</a>", true),
        ("<a rel=prev href='部 分/b.html'>p</a>", true),
        ("<a rel=prev href=index.html>p</a> <a rel=next href='部 分/b.html'>n</a>", false),
        ("<a rel=prev href=a.html>p</a> <a rel=next href=index.html>n</a>", false),
        ("<a rel=prev href=a.html>p</a>", false),
    ] {
        let mut beside = good();
        beside.insert("c.html".to_owned(), page(links).into_bytes());
        beside.insert(
            "index.html".to_owned(),
            home.replace("</main>", "<a href=c.html>c</a></main>").into_bytes(),
        );
        let expected = if stands_beside { vec![] } else { vec![outside("c.html")] };
        assert_eq!(findings(beside), expected, "{links}");
    }
    // A chain that runs back into itself ends the audit all the same.
    let next = "<a rel=next href=../a.html>a</a></main>";
    let again = Finding::NotInverse { page: b.into(), next: a() };
    assert_eq!(after(b, "</main>", next), [again]);
}

#[test]
fn parse_errors() {
    for (html, is_wrong) in [
        (
            "<!DOCTYPE html><html \
             lang=en><head><title>a</title></head><body><p>a</p></body></html>",
            false,
        ),
        (
            "<!DOCTYPE html><html \
             lang=en><head><title>a</title></head><body><p>a<div>b</div></p></body></html>",
            true,
        ),
        (
            "<!DOCTYPE html><html lang=en><head><title>a</title></head><body><b>a</body></html>",
            true,
        ),
    ] {
        assert_eq!(!Page::read(html).errors.is_empty(), is_wrong, "{html}");
    }
}
