//! Books: what is in one, how notes become chapters, which pictures it holds, where it is written.
//! That readers and libraries accept it, `tests/check-books.sh` tries.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use rbook::Epub;

use crate::fixture::{Built, Folder, program};

/// A picture of one pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn run(folder: &Folder, arguments: &[&str]) -> Built {
    let output = program()
        .arg("epub")
        .arg(folder.path())
        .arg("-o")
        .arg(folder.path().join("book.epub"))
        .args(arguments)
        .output()
        .unwrap();
    folder.ran(output)
}

/// A book that was made, by the names of its files.
struct Book {
    epub: Epub,
    files: BTreeMap<String, String>,
}

impl Book {
    fn of(folder: &Folder, arguments: &[&str]) -> Self {
        let built = run(folder, arguments);
        assert!(built.code == 0, "{}", built.printed);
        Self::in_file(&folder.path().join("book.epub"))
    }

    fn in_file(path: &std::path::Path) -> Self {
        let epub = Epub::open(path).unwrap();
        let mut files = BTreeMap::new();
        for entry in epub.manifest() {
            let name = entry.href().as_str().rsplit('/').next().unwrap_or_default().to_owned();
            let bytes = entry.read_bytes().unwrap();
            files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
        Self { epub, files }
    }

    /// The inside of a chapter, by its number from 1.
    fn chapter(&self, number: usize) -> String {
        let text = &self.files[&format!("n{number}.xhtml")];
        // It is XML.
        roxmltree::Document::parse_with_options(
            text,
            roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() },
        )
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
        let (_, body) = text.split_once("<body>\n").unwrap();
        body.trim_end().trim_end_matches("</body>\n</html>").to_owned()
    }

    /// The titles of the table of contents, with their levels and addresses.
    fn contents(&self) -> Vec<String> {
        let toc = self.epub.toc();
        let contents = toc.contents().unwrap();
        let line = |entry: rbook::epub::toc::EpubTocEntry<'_>| {
            let href = entry.href_raw().map(|href| href.as_str().to_owned()).unwrap_or_default();
            format!("{} {} {href}", "#".repeat(entry.depth()), entry.label())
        };
        contents.flatten().map(line).collect()
    }
}

/// The chapter of a folder with one note.
fn chapter(text: &str) -> String {
    let folder = Folder::new(&format!("-- README.md\n# T\n\n{text}"));
    folder.write("p.png", GIF);
    Book::of(&folder, &[]).chapter(1)
}

const PARTS: &str = "-- notes.yaml\ntitle: 我的笔记\nauthor: 王\nlicense: CC-BY-4.0\n\
    -- README.md\n# Home\n\n[Lock](a/lock.md#how) [Part](b/README.md)\n\
    -- a/README.md\n# A & B\n\nFirst\n\
    -- a/lock.md\n# Lock\n\n## How\n\n[Home](../README.md) [C](../b/c.md) [gone](../x.md) [#](#how)\n\
    -- b/README.md\n# B\n\nText\n\
    -- b/c.md\n# C\n\nText\n\
    -- b/empty.md\n# Empty\n\
    -- b/draft.md\n---\ndraft: true\n---\n\n# Draft\n\nText\n";

#[test]
fn a_book_has_all_notes_in_their_order_and_links_between_them() {
    let folder = Folder::new(PARTS);
    let book = Book::of(&folder, &[]);
    assert_eq!(
        book.contents(),
        [
            "# Home n1.xhtml",
            "# A & B n2.xhtml",
            "## Lock n3.xhtml",
            "# B n4.xhtml",
            "## C n5.xhtml"
        ]
        .map(str::to_owned)
    );
    assert_eq!(
        book.chapter(1),
        "<h1 id=\"home\">Home</h1>\n<p><a href=\"n3.xhtml#how\">Lock</a> <a href=\"n4.xhtml\">Part\
         </a></p>\n"
    );
    assert_eq!(
        book.chapter(3),
        "<h1 id=\"lock\">Lock</h1>\n<h2 id=\"how\">How</h2>\n<p><a href=\"n1.xhtml\">Home</a> \
         <a href=\"n5.xhtml\">C</a> <span class=\"dead\">gone</span> <a href=\"n3.xhtml#how\">#</a></p>\n"
    );
    let metadata = book.epub.metadata();
    assert_eq!(metadata.title().unwrap().value(), "我的笔记");
    assert_eq!(metadata.creators().next().unwrap().value(), "王");
    assert_eq!(metadata.language().unwrap().value(), "en");
    assert!(book.files["title.xhtml"].contains("CC-BY-4.0"), "{}", book.files["title.xhtml"]);
    assert!(book.files["cover.svg"].contains("我的笔记"), "{}", book.files["cover.svg"]);
}

#[test]
fn a_book_of_a_part_leads_to_the_site_for_the_others() {
    let folder = Folder::new(PARTS);
    let book = Book::of(&folder, &["--part", "a"]);
    assert_eq!(book.contents(), ["# A & B n1.xhtml", "## Lock n2.xhtml"].map(str::to_owned));
    assert!(book.chapter(2).contains("<span class=\"dead\">C</span>"), "{}", book.chapter(2));
    let book = Book::of(&folder, &["--part", "A & B", "--base-url", "https://e.org/n"]);
    assert!(
        book.chapter(2).contains("<a href=\"https://e.org/n/b/c.html\">C</a>"),
        "{}",
        book.chapter(2)
    );
    let refused = run(&folder, &["--part", "x"]);
    assert_eq!(refused.code, 2);
    assert!(refused.printed.contains("there are: A & B, B"), "{}", refused.printed);
}

#[test]
fn books_of_a_library_are_asked_for_by_their_place() {
    let folder = Folder::new(
        "-- notes.yaml\nbooks: [one, two]\n-- README.md\n# L\n\nText\n-- one/README.md\n# One\n\n\
         Text [two](../two/a/x.md)\n-- two/README.md\n# Two\n\nText\n-- two/a/README.md\n# A\n\nT\n\
         -- two/a/x.md\n# X\n\nT\n",
    );
    let book = Book::of(&folder, &["--part", "one", "--base-url", "https://e.org/"]);
    assert!(
        book.chapter(1).contains("<a href=\"https://e.org/two/a/x.html\">two</a>"),
        "{}",
        book.chapter(1)
    );
    let book = Book::of(&folder, &["--part", "two/A"]);
    assert_eq!(book.contents(), ["# A n1.xhtml", "## X n2.xhtml"].map(str::to_owned));
}

#[test]
fn a_book_holds_the_pictures_that_it_shows() {
    let folder = Folder::new(
        "-- README.md\n# T\n\n![a & b](p.png) ![far](https://e.org/a|b.png) \
         [![in](https://e.org/c.png)](https://e.org/) ![no](no.png) ![text](text.png) [p](p.png)\n\
         -- text.png\nThis is no picture.\n",
    );
    folder.write("p.png", GIF);
    let book = Book::of(&folder, &["--base-url", "https://e.org/n/"]);
    // Its name says PNG, its bytes say GIF.
    let shown: Vec<&str> = book
        .files
        .keys()
        .map(String::as_str)
        .filter(|name| name.starts_with('p') && name.ends_with(".gif"))
        .collect();
    assert_eq!(shown.len(), 1, "{:?}", book.files.keys());
    let expected = format!(
        "<p><img src=\"{}\" alt=\"a &amp; b\" /> \
         <a class=\"picture\" href=\"https://e.org/a%7Cb.png\">far</a> \
         <a href=\"https://e.org/\">in</a> \
         <span class=\"missing\">no <code>no.png</code></span> \
         <a class=\"picture\" href=\"https://e.org/n/text.png\">text</a> \
         <a href=\"https://e.org/n/p.png\">p</a></p>\n",
        shown[0]
    );
    assert_eq!(book.chapter(1).split_once("</h1>\n").unwrap().1, expected);
}

#[test]
fn footnotes_boxes_and_code_have_the_form_of_books() {
    let text = chapter("Word[^1] more[^1]\n\n[^1]: The *note*.\n");
    assert!(text.contains("epub:type=\"noteref\">1</a></sup>"), "{text}");
    assert!(
        text.contains("<aside epub:type=\"footnote\" class=\"footnote\" id=\"fn-1\"><div><span class=\"number\">1</span>"),
        "{text}"
    );
    let text = chapter("> [!question]- Why?\n> Because.\n");
    assert!(text.contains("<div class=\"box-title\">Why?</div>"), "{text}");
    assert!(!text.contains("details>"), "{text}");
    let text = chapter("```rust\nfn main() {} // <&>\n```\n");
    assert!(text.contains("<span class=\"k\">fn</span>"), "{text}");
    assert!(text.contains("// &lt;&amp;&gt;"), "{text}");
    let text = chapter("- [x] done\n- [ ] open\n");
    assert!(text.contains("☑ done") && text.contains("☐ open"), "{text}");
}

#[test]
fn formulas_and_drawings_are_declared() {
    let folder = Folder::new(
        "-- README.md\n# T\n\n$\\dfrac{a}{b}$\n\n```mermaid\ngraph TD; A-->B\n```\n-- a.md\n# A\n\nText\n",
    );
    let book = Book::of(&folder, &[]);
    let properties = |name: &str| {
        let entry = book.epub.manifest().into_iter().find(|entry| entry.id() == name).unwrap();
        entry.properties().as_str().to_owned()
    };
    assert_eq!(properties("n1"), "mathml svg");
    assert_eq!(properties("n2"), "");
    let text = book.chapter(1);
    assert!(text.contains("<math xmlns=\"http://www.w3.org/1998/Math/MathML\""), "{text}");
    // In MathML 3 a fraction has no style of its own.
    assert!(text.contains("<mstyle displaystyle=\"true\"><mfrac>"), "{text}");
    assert!(text.contains("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{text}");
    assert!(!text.contains("var("), "{text}");
    // Its source is behind a button on pages.
    assert!(!text.contains("graph TD"), "{text}");
}

#[test]
fn html_of_writers_becomes_that_of_books() {
    for (html, expected) in [
        ("<center>a<br>b</center>", "<div class=\"center\">a<br />b</div>"),
        (
            "<a href=\"https://e.org/\">a <a href=\"https://e.org/b\">b</a></a>",
            "<p><a href=\"https://e.org/\">a </a><a href=\"https://e.org/b\">b</a></p>",
        ),
        ("<ul><b>x</b><li>y</ul>", "<ul><li><b>x</b></li><li>y</li></ul>"),
        (
            "<table><tr><td width=\"20%\">a<tfoot><tr><td>b</table>",
            "<table><tbody><tr><td style=\"width: 20%\">a</td></tr></tbody><tbody><tr><td>b</td></tr></tbody></table>",
        ),
        ("<p><span><div>a</div></span></p>", "<div><div><div>a</div></div></div>"),
        ("<dl><dd>a<dt>b</dl>", "<div><div>a</div><div>b</div></div>"),
        ("<ruby>汉<rt>hàn</rt></ruby>", "<p><ruby>汉<rt>hàn</rt></ruby></p>"),
        ("<ruby><rt>x</rt></ruby>", "<p><span><span>x</span></span></p>"),
        ("<video src=\"https://e.org/v.mp4\">words</video>", "<p>words</p>"),
        ("a&nbsp;b &copy; \u{c}", "<p>a\u{a0}b ©</p>"),
    ] {
        let found = chapter(html);
        let found: String = found.split_once("</h1>\n").unwrap().1.lines().collect();
        assert_eq!(found.trim(), expected, "{html}");
    }
}

#[test]
fn the_same_notes_give_the_same_bytes() {
    let folder = Folder::new(PARTS);
    folder.write("b/p.gif", GIF);
    run(&folder, &[]);
    let bytes = || fs::read(folder.path().join("book.epub")).unwrap();
    let first = bytes();
    assert!(run(&folder, &[]).code == 0);
    assert!(bytes() == first, "the same notes");
    let other = Folder::new(PARTS);
    run(&other, &[]);
    assert!(fs::read(other.path().join("book.epub")).unwrap() == first);
}

#[test]
fn a_file_of_another_program_stays() {
    let folder = Folder::new("-- README.md\n# T\n\nText\n-- book.epub\nNot a book.\n");
    let refused = run(&folder, &[]);
    assert_eq!(refused.code, 1);
    assert!(refused.printed.contains("this program did not write the file"), "{}", refused.printed);
    assert_eq!(fs::read(folder.path().join("book.epub")).unwrap(), b"Not a book.\n");
    assert!(run(&folder, &["--force"]).code == 0);
    // Its own it replaces, that of another program it does not.
    assert!(run(&folder, &[]).code == 0);
    let other = Epub::builder().title("T").generator("another").build().write().to_vec().unwrap();
    folder.write("book.epub", &other);
    assert_eq!(run(&folder, &[]).code, 1);
}

#[test]
fn a_site_offers_its_books() {
    let folder = Folder::new(&PARTS.replace("title:", "epub: true\ntitle:"));
    let built = folder.build(&[]);
    let books: Vec<String> =
        built.files().into_keys().filter(|name| name.ends_with(".epub")).collect();
    assert_eq!(books, ["epub/a.epub", "epub/b.epub", "epub/我的笔记.epub"]);
    let whole = format!("href=\"epub/{}.epub\"", notes::path::encode_path("我的笔记"));
    assert!(built.file("index.html").contains(&whole), "{}", built.file("index.html"));
    assert!(built.file("a/index.html").contains("href=\"../epub/a.epub\""));
    assert!(!built.file("a/lock.html").contains(".epub"));
    run(&folder, &[]);
    let same =
        built.files()["epub/我的笔记.epub"] == fs::read(folder.path().join("book.epub")).unwrap();
    assert!(same, "the command and the site make the same book");
    let without = Folder::new(PARTS).build(&[]);
    assert!(!without.file("index.html").contains(".epub"));
}

/// Waits until no file of a folder was written so recently that a change could go unnoticed.
fn settle(folder: &Folder, file: &str) {
    let changed = || fs::metadata(folder.path().join(file)).unwrap().modified().unwrap();
    while changed().elapsed().is_ok_and(|age| age.as_millis() < 120) {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[test]
fn a_change_of_anything_in_a_book_changes_it() {
    const FILES: &str = "-- notes.yaml\nepub: true\nbase_url: https://e.org/\n-- README.md\n# T\n\n\
        ![p](p.gif) ![q](http://e.org/q.png) [a](a.md)\n\n> [!note]\n> Text\n-- a.md\n# A\n\nText\n";
    let mut other = GIF.to_vec();
    other[13] = 9;
    let setting =
        |line: &str| format!("epub: true\nbase_url: https://e.org/\n{line}\n").into_bytes();
    for (file, bytes) in [
        ("p.gif", other),
        ("a.md", b"# Another\n\nText\n".to_vec()),
        ("b.md", b"# B\n\nText\n".to_vec()),
        ("notes.yaml", setting("title: Another")),
        ("notes.yaml", setting("author: Somebody")),
        ("notes.yaml", setting("license: CC0-1.0")),
        ("notes.yaml", setting("description: Words")),
        ("notes.yaml", setting("cover: p.gif")),
        ("notes.yaml", setting("images: {https: true}")),
        ("notes.yaml", setting("labels: {note: Attention}")),
        ("notes.yaml", setting("markdown: {cjk: false}")),
        ("notes.yaml", b"epub: true\nbase_url: https://e.org/other/\n".to_vec()),
    ] {
        let folder = Folder::new(FILES);
        folder.write("p.gif", GIF);
        settle(&folder, "p.gif");
        let first = folder.build(&[]);
        settle(&folder, "p.gif");
        folder.write(file, &bytes);
        let edited = folder.build(&[]);
        let books = |built: &Built| -> BTreeMap<String, Vec<u8>> {
            built.files().into_iter().filter(|(name, _)| name.ends_with(".epub")).collect()
        };
        let after = books(&edited);
        let clean = folder.build(&["--no-cache"]);
        assert!(after == books(&clean), "{file}: {}", String::from_utf8_lossy(&bytes));
        drop(first);
    }
}

/// A piece of HTML as people write it.
fn fragment() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "a",
        "b",
        "bdo",
        "center",
        "dd",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "font",
        "form",
        "h3",
        "li",
        "math",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "section",
        "span",
        "summary",
        "svg",
        "table",
        "td",
        "th",
        "tr",
        "u",
        "ul",
        "video",
    ]);
    let attribute = prop::sample::select(vec![
        "",
        " id=\"x\"",
        " class=\"y\"",
        " href=\"#x\"",
        " href=\"https://e.org/|\"",
        " align=\"left\"",
        " dir=\"no\"",
        " lang=\"zh\"",
        " style=\"color:red;x\"",
        " colspan=\"0\"",
        " hidden",
        " xml:lang=\"en\"",
        " onclick=\"x\"",
    ]);
    let leaf = prop::sample::select(vec![
        "text",
        "文字 & <b",
        "<br>",
        "<img src=\"p.png\">",
        "<input type=\"checkbox\">",
        "\u{1}",
        "`c`",
        "$x$",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 4, move |inner| {
        (name.clone(), attribute.clone(), prop::collection::vec(inner, 0..4), any::<bool>())
            .prop_map(|(name, attribute, inner, ends)| {
                let end = if ends { format!("</{name}>") } else { String::new() };
                format!("<{name}{attribute}>{}{end}", inner.concat())
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Each chapter is XML with links within no links, blocks within no lines of text, and each id
    /// once.
    #[test]
    fn any_html_becomes_a_chapter(pieces in prop::collection::vec(fragment(), 1..20)) {
        let text = chapter(&pieces.join("\n\n"));
        let whole = format!("<body xmlns:epub=\"e\" xmlns:xlink=\"x\">{text}</body>");
        let document = roxmltree::Document::parse(&whole).unwrap();
        let mut ids = std::collections::HashSet::new();
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            let name = |node: roxmltree::Node<'_, '_>| node.tag_name().name().to_owned();
            let inside = |wanted: &str| node.ancestors().skip(1).any(|around| name(around) == wanted);
            prop_assert!(name(node) != "a" || !inside("a"), "{}", text);
            let is_block = matches!(&*name(node), "div" | "p" | "ul" | "table" | "section" | "li");
            for around in ["p", "span", "b", "q", "h3"] {
                prop_assert!(!is_block || !inside(around), "{} in {}: {}", name(node), around, text);
            }
            if let Some(id) = node.attribute("id") {
                prop_assert!(ids.insert(id.to_owned()), "{id}: {text}");
            }
        }
    }
}
