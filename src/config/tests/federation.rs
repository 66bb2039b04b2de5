//! `federation`: the sites elsewhere, and every mistake in the list.

use super::*;

#[test]
fn sites_are_addresses_or_maps() {
    let text = "
base_url: https://me.example/
federation:
  - https://Me.Example/db
  - {url: 'http://localhost:8000/x/', title: 系统}
";
    let found = config(&[("notes.yaml", text)]).federation;
    let [one, two] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((one.number, one.url.as_str(), &one.title), (0, "https://me.example/db/", &None));
    assert_eq!((two.number, two.url.as_str()), (1, "http://localhost:8000/x/"));
    assert_eq!(two.title.as_deref(), Some("系统"));
    let text = "federation: ['https://例子.中国:443/a/../b{}/']";
    let found = config(&[("notes.yaml", text)]).federation;
    assert_eq!(found[0].url.as_str(), "https://xn--fsqu00a.xn--fiqs8s/b%7B%7D/");
}

#[test]
fn a_site_is_compared_with_the_address_of_this_one() {
    let site = |url: &str| {
        let found = config(&[("notes.yaml", &format!("federation: ['{url}']"))]);
        found.federation[0].clone()
    };
    let here = base_url("https://例子.中国:443/b{}").unwrap();
    for (url, is_here, is_mixed) in [
        ("https://xn--fsqu00a.xn--fiqs8s/b%7B%7D/", true, false),
        ("https://例子.中国/", false, false),
        ("http://e.org/", false, true),
        ("http://localhost.e.org/", false, true),
        ("http://localhost:8000/", false, false),
        ("http://127.0.0.1/", false, false),
        ("http://[::1]:80/", false, false),
    ] {
        let site = site(url);
        assert_eq!((site.is_at(&here), site.is_mixed_content(&here)), (is_here, is_mixed), "{url}");
    }
}

#[test]
fn mistakes_in_sites_have_their_lines() {
    for (text, expected) in [
        ("federation: a", "1:13: `federation` must be a list"),
        ("federation: [[a]]", "1:14: `federation[0]` must be the address of a site or a map"),
        ("federation: [{title: a}]", "1:14: `federation[0]` names no site"),
        ("federation: ['']", "1:14: `federation[0]` names no site"),
        ("federation: [e.org]", "1:14: `federation[0]` must begin with https:// or http://"),
        ("federation: ['https://e.org/?x']", "1:14: `federation[0]` cannot have `?` or `#`"),
        (
            "federation: [{url: 'https://e.org', at: x}]",
            "1:37: unknown key `at` in `federation[0]`",
        ),
        (
            "federation: ['https://e.org', 'https://E.org/']",
            "1:31: `federation[1]` is the same site as `federation[0]`",
        ),
        ("federation: ['https://[::1/']", "1:14: `federation[0]` is no address"),
    ] {
        let found = errors(&[("notes.yaml", text)]);
        assert_eq!(found.len(), 1, "{text}\n{found:#?}");
        let expected = format!("notes.yaml:{expected}");
        assert!(found[0].starts_with(&expected), "{text}\n{found:#?}");
    }
}

#[test]
fn a_search_asks_at_most_a_hundred_sites() {
    let text = |count: usize| {
        (0..count).fold("federation:\n".to_owned(), |text, number| {
            format!("{text}  - https://e.org/{number}\n")
        })
    };
    assert_eq!(config(&[("notes.yaml", &text(100))]).federation.len(), 100);
    let found = errors(&[("notes.yaml", &text(10_000))]);
    assert!(found[0].contains("`federation` lists 10000 sites"), "{found:#?}");
}
