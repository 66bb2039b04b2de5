//! `books`: the folders of a library, and every mistake in the list.

use super::*;

/// The places of the books in these settings.
fn places(text: &str) -> Vec<String> {
    let found = config(&[("notes.yaml", text)]).books;
    found.iter().map(|book| book.place.to_string()).collect()
}

#[test]
fn books_are_folders_or_maps() {
    let text = "
books:
  - ../DistributedSystem-Notes
  - {path: /srv/笔记/数据库/, title: 库, was: ['https://me.gitbook.io/db', 'http://e.org/x/']}
  - {path: ., at: 系列/一, repository: 'https://github.com/o/r.git'}
";
    let found = config(&[("notes.yaml", text)]).books;
    assert_eq!(places(text), ["DistributedSystem-Notes", "数据库", "系列/一"]);
    let [first, second, third] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((first.number, &*first.folder), (0, "../DistributedSystem-Notes"));
    assert_eq!(second.title.as_deref(), Some("库"));
    let was: Vec<&str> = second.was.iter().map(Url::as_str).collect();
    assert_eq!(was, ["https://me.gitbook.io/db/", "http://e.org/x/"]);
    assert_eq!(third.repository.as_ref().map(Url::as_str), Some("https://github.com/o/r"));
    assert_eq!(places("books: []"), [""; 0]);
}

#[test]
fn mistakes_in_books_have_their_lines() {
    for (text, expected) in [
        ("books: a", "1:8: `books` must be a list"),
        ("books: [[a]]", "1:9: `books[0]` must be the path of a folder or a map with `path`"),
        ("books: [{at: a}]", "1:9: `books[0]` names no folder"),
        ("books: ['']", "1:9: `books[0]` names no folder"),
        ("books: ['a\\b']", "1:9: `books[0]` contains a backslash"),
        ("books: [..]", "1:9: `books[0]` has no name of its own"),
        ("books: [{path: a, at: ../b}]", "1:23: `books[0].at` has no place at “../b”"),
        ("books: [{path: a, at: /}]", "1:23: `books[0].at` has no place at “/”"),
        ("books: [.hidden]", "1:9: `books[0]` has a hidden place: “.hidden”"),
        ("books: [x/Static]", "1:9: `books[0]` cannot be at `Static`, where the site has files"),
        ("books: [x/Index.HTML]", "1:9: `books[0]` cannot be at `Index.HTML`, where the site has"),
        ("books: [{path: a, at: sitemap.xml/b}]", "1:23: `books[0].at` cannot be at `sitemap.xml`"),
        ("books: [{path: a, at: \"b\\tc\"}]", "1:23: `books[0].at` has a place that is no address"),
        ("books: [a, x/A]", "1:12: `books[1]` has its pages at `A`, as `books[0]`"),
        (
            "books: [a, {path: b, at: a/b}]",
            "1:12: `books[1]` has its pages at `a/b`, as `books[0]`",
        ),
        ("books: [{path: b, at: a/b}, a]", "1:29: `books[1]` has its pages at `a`, as `books[0]`"),
        ("books: [{path: a, was: [x]}]", "1:25: `books[0].was[0]`"),
        ("books: [{path: a, repository: x}]", "1:31: `books[0].repository`"),
        ("books: [{path: a, pfad: x}]", "1:19: unknown key `pfad` in `books[0]`"),
    ] {
        let found = errors(&[("notes.yaml", text)]);
        assert_eq!(found.len(), 1, "{text}\n{found:#?}");
        let expected = format!("notes.yaml:{expected}");
        assert!(found[0].starts_with(&expected), "{text}\n{found:#?}");
    }
}

#[test]
fn a_library_has_at_most_a_thousand_books() {
    let text = |count: usize| {
        (0..count).fold("books:\n".to_owned(), |text, number| format!("{text}  - b/{number}\n"))
    };
    assert_eq!(places(&text(1_000)).len(), 1_000);
    let found = errors(&[("notes.yaml", &text(10_000))]);
    assert!(
        found[0].contains("`books` lists 10000 books; a library has at most 1000"),
        "{found:#?}"
    );
}
