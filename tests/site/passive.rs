//! Notes that are not trusted, beside files that browsers or servers run → a site without those.

use std::collections::BTreeSet;

use crate::fixture::Folder;

const NOTES: &str = "\
-- notes.yaml
html: safe
-- README.md
# 首页

[甲](slides.html) [乙](d.svg) [丙](x.js) [丁](a.xhtml) [戊](feed.xml) [己](main.rs) [庚](LICENSE)
<a href=\"b.html\">辛</a> ![图](d.svg) <img src=\"e.svg\" alt=\"图\"> [图](p.png) [文](t.pdf)

<audio src=\"s.svg\"></audio> <img srcset=\"f.svg 2x\" src=\"p.png\" alt=\"图\">

[r]: r.html

[壬][r] [癸](P.HTML) [子](/slides.html?x=1#y)
-- slides.html
<script src=\"x.js\"></script>
-- b.html
<p>
-- P.html
<p>
-- r.html
<p>
-- d.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>
-- e.svg
<svg/>
-- f.svg
<svg/>
-- s.svg
<svg/>
-- x.js
alert(1)
-- a.xhtml
<html/>
-- feed.xml
<x/>
-- main.rs
fn main() {}
-- LICENSE
MIT
-- p.png
png
-- t.pdf
pdf
";

const ACTIVE: [&str; 13] = [
    "slides.html",
    "b.html",
    "P.html",
    "r.html",
    "d.svg",
    "e.svg",
    "f.svg",
    "s.svg",
    "x.js",
    "a.xhtml",
    "feed.xml",
    "main.rs",
    "LICENSE",
];

/// The files beside the notes that a site has.
fn published(folder: &Folder) -> BTreeSet<&'static str> {
    let files = folder.build(&[]).files();
    let all = ACTIVE.into_iter().chain(["p.png", "t.pdf"]);
    all.filter(|name| files.contains_key(*name)).collect()
}

#[test]
fn no_file_that_runs_is_published_where_the_notes_are_not_trusted() {
    let folder = Folder::new(NOTES);
    // The same with what an earlier, trusted build left, and the other way round.
    folder.write("notes.yaml", b"html: trusted\n");
    assert_eq!(published(&folder).len(), ACTIVE.len() + 2);
    folder.write("notes.yaml", b"html: safe\n");
    assert_eq!(published(&folder), BTreeSet::from(["p.png", "t.pdf"]));
    let checked = folder.check(&["--verbose"]);
    for name in ACTIVE {
        let name = if name == "P.html" { "P.HTML" } else { name };
        let message = format!("`{name}`");
        assert!(checked.printed.contains(&message), "{name}: {}", checked.printed);
    }
    assert_eq!(checked.printed.matches("warning[active-file]: ").count(), ACTIVE.len() + 2);
    let page = folder.build(&[]).file("index.html");
    for name in ACTIVE {
        for attribute in ["href", "src", "srcset"] {
            assert!(!page.contains(&format!("{attribute}=\"{name}")), "{name}: {page}");
        }
    }
    folder.write("notes.yaml", b"html: trusted\n");
    assert_eq!(published(&folder).len(), ACTIVE.len() + 2);
}

#[test]
fn files_that_the_settings_name_are_published_and_patterns_are_not_enough() {
    let folder = Folder::new(NOTES);
    let published_with = |settings: &str| {
        folder.write("notes.yaml", settings.as_bytes());
        published(&folder)
    };
    let with = |more: &[&'static str]| {
        let always = ["p.png", "t.pdf"].into_iter();
        always.chain(more.iter().copied()).collect::<BTreeSet<_>>()
    };
    let named = published_with("html: safe\nassets: [d.svg, ./x.js]\nicon: e.svg\n");
    assert_eq!(named, with(&["d.svg", "x.js", "e.svg"]));
    assert_eq!(published_with("html: safe\nassets: ['*.svg', '**/x.js', '[a]*']\n"), with(&[]));
    let printed = folder.check(&["--verbose"]).printed;
    assert!(printed.contains("s.svg"), "{printed}");
    let matrix = "html: safe\nmatrix: {rows: [{cells: [{title: x, link: slides.html}]}]}\n";
    assert_eq!(published_with(matrix), with(&[]));
    let printed = folder.check(&["--verbose"]).printed;
    assert!(printed.contains(" --> notes.yaml:2:"), "{printed}");
    let repository = published_with("html: safe\nrepository: https://github.com/me/notes\n");
    assert_eq!(repository, with(&[]));
    let page = folder.build(&[]).file("index.html");
    assert!(page.contains("https://github.com/me/notes/blob/"), "{page}");
    // The domain of the site is a setting in a file of its own.
    folder.write("CNAME", b"e.org\n");
    assert!(folder.build(&[]).files().contains_key("CNAME"));
}
