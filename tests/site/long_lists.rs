//! A folder of thousands of notes: its list and its page for paper are parted, so that no page of
//! it grows with their number.

use std::collections::BTreeSet;
use std::fs;

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder};

/// A folder `f` of so many notes, beside which there is another.
fn folder(notes: usize) -> Folder {
    let folder = Folder::new(
        r"
        -- README.md
        # Home
        -- g/a.md
        # Other
        Text
    ",
    );
    for number in 0..notes {
        let text = format!("# Note {number}\n\nText\n");
        folder.write(&format!("f/n{number:04}.md"), text.as_bytes());
    }
    folder
}

/// The addresses in the list of entries of a page.
fn listed(built: &Built, route: &str) -> Vec<String> {
    let page = built.file(route);
    let list = page.split_once("<section class=\"children\">").unwrap().1;
    let list = list.split_once("</ul>").unwrap().0;
    let links = list.split("<li><a href=\"").skip(1);
    links.map(|rest| rest.split_once('"').unwrap().0.to_owned()).collect()
}

/// The addresses of the pages among which a list is parted; that of the page itself is in brackets.
fn pages_of_list(built: &Built, route: &str) -> Vec<String> {
    let page = built.file(route);
    let Some((_, list)) = page.split_once("<nav class=\"list-pages\"") else { return Vec::new() };
    let links = list.split_once("</nav>").unwrap().0.split("<a href=\"").skip(1);
    links
        .map(|rest| {
            let (href, rest) = rest.split_once('"').unwrap();
            if rest.starts_with(" aria-current=\"page\"") {
                format!("({href})")
            } else {
                href.to_owned()
            }
        })
        .collect()
}

#[test]
fn a_long_list_is_parted() {
    let notes = folder(2_001);
    // A note has the name that the second page of the list would have.
    notes.write("f/index-2.md", b"# Own\n\nText\n");
    let built = notes.build(&["--base-url", "https://example.org/"]);
    assert_eq!(built.title("f/index-2.html"), "Own");
    let pages = ["f/index.html", "f/index-3.html", "f/index-4.html"];
    let parted = ["(index.html)", "index-3.html", "index-4.html"];
    assert_eq!(pages_of_list(&built, pages[0]), parted);
    assert_eq!(pages_of_list(&built, pages[1]), ["index.html", "(index-3.html)", "index-4.html"]);
    let lists = pages.map(|page| listed(&built, page));
    assert_eq!(lists.each_ref().map(Vec::len), [1_000, 1_000, 2]);
    assert_eq!(lists.concat().into_iter().collect::<BTreeSet<_>>().len(), 2_002);

    // They lead up to the folder, and are no part of the reading order.
    let page = built.file(pages[1]);
    assert_eq!(built.title(pages[1]), "f 2");
    assert!(page.contains("<li><a href=\"index.html\">f</a></li>"), "{page}");
    assert!(!page.contains("rel=\"next\"") && !page.contains("BreadcrumbList"), "{page}");
    assert!(!built.file("sitemap.xml").contains("f/index-3"));
    let first = built.file("f/n1000.html");
    assert!(first.contains("rel=\"prev\" href=\"n0999.html\""), "{first}");
    assert_eq!(pages_of_list(&built, "g/index.html"), [""; 0]);

    // Each note begins on a sheet of its own, and a page for paper has 500 of them.
    let papers = ["print/f.html", "print/f-2.html", "print/f-4.html", "print/f-5.html"];
    let chapters = papers.map(|paper| built.file(paper).matches("class=\"chapter\"").count());
    assert_eq!(chapters, [500, 500, 500, 2]);
    let pages_of_print = ["(f.html)", "f-2.html", "f-3.html", "f-4.html", "f-5.html"];
    assert_eq!(pages_of_list(&built, papers[0]), pages_of_print);
    assert!(built.file(pages[0]).contains("href=\"../print/f.html\""));
    let most = built.files().into_iter().filter(|(route, _)| route.ends_with(".html"));
    for (route, bytes) in most.filter(|(route, _)| route != "contents.html") {
        assert!(bytes.len() < 260_000, "{route}: {} bytes", bytes.len());
    }
}

#[test]
fn lists_that_grow_and_shrink_are_parted_as_in_a_clean_build() {
    let notes = folder(1_000);
    let check = |pages: usize| {
        let built = notes.build(&[]);
        assert_eq!(pages_of_list(&built, "f/index.html").len(), pages, "{}", built.printed);
        let clean = notes.path().parent().unwrap().join(format!("clean-{pages}"));
        let arguments = ["--no-cache", "-o", clean.to_str().unwrap()];
        let expected = notes.build(&arguments).at(clean.clone()).files();
        assert_same_files(&built.files(), &expected, pages);
        fs::remove_dir_all(clean).unwrap();
    };
    notes.build(&[]);
    notes.write("f/z.md", b"# Z\n\nText\n");
    notes.write("f/n0500.md", b"# Another title\n\nText\n");
    check(2);
    fs::remove_file(notes.path().join("f/n0001.md")).unwrap();
    check(0);
}

#[test]
fn a_page_for_paper_ends_before_it_is_a_book_too_thick() {
    // A line of code is a line on paper; a sheet has 30.
    let code = |lines: usize| format!("# 甲\n\n```\n{}```\n", "a\n".repeat(lines));
    let notes = Folder::new("-- p/README.md\n# 部\n\n文\n");
    for (name, sheets) in [("1", 200), ("2", 298), ("3", 1), ("4", 600), ("5", 1)] {
        notes.write(&format!("p/{name}.md"), code(sheets * 30).as_bytes());
    }
    let papers = |built: &Built| {
        let papers = built.files().into_keys().filter(|file| file.starts_with("print/"));
        let chapters = |paper: String| built.file(&paper).matches("class=\"chapter\"").count();
        papers.map(chapters).collect::<Vec<_>>()
    };
    // In the order of names: `f-2`, `f-3`, `f-4`, `f`.
    let built = notes.build(&[]);
    assert_eq!(papers(&built), [1, 1, 4], "{}", built.printed);
    // A note that grows is on the next page, as in a clean build; one that shrinks comes back.
    notes.write("p/3.md", code(100).as_bytes());
    assert_eq!(papers(&notes.build(&[])), [1, 1, 1, 3]);
    notes.write("p/3.md", code(10).as_bytes());
    assert_eq!(papers(&notes.build(&[])), [1, 1, 4]);
}
