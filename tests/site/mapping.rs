//! Properties of the way from paths to pages, for any tree of names.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use notes::build::{NoPreviousOutput, NoProgress, Sources, build};
use notes::cache::Cache;
use notes::config::Config;
use notes::path::{Route, SourcePath};
use notes::source::{Entry, Tree};
use notes::theme::Theme;
use proptest::prelude::*;

/// Names that have caused trouble, and any others.
fn name() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "README",
        "readme",
        "index",
        "_index",
        "Index",
        "a",
        "A",
        "a.html",
        "a-2",
        "01~a",
        "01_a",
        "404",
        "contents",
        "static",
        "page.css",
        "é",
        "e\u{301}",
        "Linux 与操作系统",
        "100%",
        "a?b#c",
        "x\u{8}y",
        "长长长",
        "con",
        "a:b",
        "'\"<>&",
    ]);
    prop_oneof![4 => odd.prop_map(str::to_owned), 1 => "[^/\u{0}]{1,90}".prop_filter("a name", |name| !matches!(name.trim(), "" | "." | "..") && !name.starts_with('.'))]
}

fn tree() -> impl Strategy<Value = Vec<String>> {
    let path = (
        prop::collection::vec(name(), 0..3),
        name(),
        prop::sample::select(vec!["md", "MD", "markdown"]),
    );
    let path = path.prop_map(|(folders, stem, end)| {
        let folders: String = folders.iter().map(|folder| format!("{folder}/")).collect();
        format!("{folders}{stem}.{end}")
    });
    prop::collection::vec(path, 1..25)
}

/// A tree as it would be read; a path that runs through another note cannot be on a disk and is
/// left out.
fn as_read(paths: &[String]) -> Tree {
    let mut entries: BTreeMap<SourcePath, Entry> = BTreeMap::new();
    for path in paths.iter().filter_map(|path| SourcePath::new(path)) {
        let through_note =
            path.ancestors().any(|above| matches!(entries.get(&above), Some(Entry::Note(_))));
        if through_note || entries.contains_key(&path) {
            continue;
        }
        for above in path.ancestors().filter(|above| !above.is_root()) {
            entries.insert(above, Entry::Folder);
        }
        entries.insert(path.clone(), Entry::Note(format!("# {path}\n文\n").into()));
    }
    Tree { entries, ..Tree::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_note_has_a_page_of_its_own_inside_the_site(paths in tree()) {
        let tree = as_read(&paths);
        let notes = tree.notes().count();
        let theme = Theme::load(Path::new("/nowhere"), false, "");
        let sources = Sources::new(tree, Config::default(), theme, Cache::none());
        let built = build(&sources, &NoPreviousOutput, &NoProgress);
        prop_assert_eq!(built.counts.notes, notes);
        let mut keys: Vec<String> = Vec::new();
        for (route, _) in built.output.iter() {
            let path = Path::new(route.as_str());
            prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))), "{}", route);
            prop_assert!(route.as_str().split('/').all(|name| name.len() <= 255), "{}", route);
            prop_assert!(!route.as_str().chars().any(char::is_control), "{}", route);
            keys.push(route.disk_key());
        }
        // No two files are one on a disk that ignores case and Unicode form, and no file is
        // another's folder.
        keys.sort();
        for pair in keys.windows(2) {
            prop_assert!(pair[0] != pair[1] && !pair[1].starts_with(&format!("{}/", pair[0])), "{:?}", pair);
        }
        let pages = built.output.iter().filter(|(route, _)| route.as_str().ends_with(".html")).count();
        prop_assert!(pages >= notes);
    }

    #[test]
    fn a_path_never_leaves_its_root(text in "[a-z./ ]{0,40}") {
        if let Some(path) = SourcePath::new(&text) {
            prop_assert!(path.segments().all(|segment| segment != ".." && segment != "."));
            prop_assert!(!Route::note(&path).as_str().split('/').any(|name| matches!(name, "" | "." | "..")) || path.is_root());
        }
    }

    #[test]
    fn a_relative_address_leads_back(from in name(), to in prop::collection::vec(name(), 1..4)) {
        let from = Route::file(&format!("x/{from}.html"));
        let to = Route::file(&format!("{}.html", to.join("/")));
        let href = from.href_to(&to);
        prop_assert!(!href.contains([' ', '"', '<', '#', '?']), "{}", href);
        let folder = SourcePath::new("x").unwrap();
        let resolved = folder.join(&notes::path::percent_decode(&href)).unwrap();
        prop_assert_eq!(resolved.as_str(), to.as_str());
    }
}
