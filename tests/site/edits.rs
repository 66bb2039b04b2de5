//! Properties of builds after random edits: whatever was kept from before, the site and the report are those of a build
//! from nothing, in every byte and every name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use notes::build::{Build, Unwatched, build};
use notes::cache::Cache;
use notes::config::{self, Config};
use notes::path::SourcePath;
use notes::source::{Entry, Tree};
use notes::theme::Theme;
use proptest::prelude::*;

/// How many series of edits are tried; `NOTES_EDITS` asks for another number.
fn cases() -> u32 {
    std::env::var("NOTES_EDITS").ok().and_then(|number| number.parse().ok()).unwrap_or(300)
}

/// Notes by path.
type Notes = BTreeMap<&'static str, String>;

/// Places for notes: sections, files that want one page, navigation, a file that others include.
const PATHS: [&str; 12] = [
    "README.md",
    "SUMMARY.md",
    "_sidebar.md",
    "a.md",
    "A.md",
    "b/README.md",
    "b/c.md",
    "b/01~d.md",
    "b/e/f.md",
    "g/g.md",
    "g/part.md",
    "index.md",
];

/// Texts whose titles, anchors, links, code and includes concern other notes.
const TEXTS: [&str; 15] = [
    "",
    "# 甲\n",
    "# 乙\n\n## 节\n文字，\n下一行\n",
    "# 丙\n# 丁\n",
    "---\ntitle: 戊\n---\n见 [甲](a.md#节) 与 [没有](none.md#x)\n",
    "[a](/a.md) [b](b/) [c](c.md) [节](#节) [d](../b/d.md)\n",
    "```rust\nfn a() {}\n```\n",
    "```rust {1}\nfn a() {}\n```\n\n```sh\nls\n```\n",
    "{{#include part.md}}\n\n{{#include ../a.md:1}}\n",
    "- [甲](a.md)\n- [乙](b/README.md)\n  - [丙](b/c.md)\n",
    "- [己](b/e/f.md)\n- [没有](none.md)\n",
    "- 行：[《甲》](a.md)、[《乙》](b/)\n- 列：[《甲》](a.md)、[《丙》](b/c.md)\n- 页：[《甲》](a.md)、[《庚》](g/)\n",
    "| [甲](a.md) | [乙](b/README.md) |\n|---|---|\n\n文字 `code` \u{8}\n",
    "H~2~O [[a]] \"x\"\n",
    "> [!NOTE]\n> 提示\n\n脚注[^1]\n\n[^1]: 注\n",
];

const SETTINGS: [&str; 5] = [
    "",
    "title: 另一个\nlicense: MIT\n",
    "markdown: {subscript: true, wiki_links: true}\n",
    "language: en\nlabels: {home: Start}\nnavigation: tree\n",
    "base_url: https://e.org/n\nrepository: https://github.com/o/r\nmatrix: {rows: [{label: x, cells: [{link: a.md}]}]}\n",
];

#[derive(Debug, Clone)]
enum Edit {
    Write(usize, usize),
    Append(usize, usize),
    Truncate(usize),
    Delete(usize),
    Rename(usize, usize),
    MoveFolder,
    Settings(usize),
    Template(bool),
}

fn edit() -> impl Strategy<Value = Edit> {
    let (path, text) = (0..PATHS.len(), 0..TEXTS.len());
    prop_oneof![
        6 => (path.clone(), text.clone()).prop_map(|(path, text)| Edit::Write(path, text)),
        3 => (path.clone(), text).prop_map(|(path, text)| Edit::Append(path, text)),
        1 => path.clone().prop_map(Edit::Truncate),
        2 => path.clone().prop_map(Edit::Delete),
        2 => (path.clone(), path).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => Just(Edit::MoveFolder),
        1 => (0..SETTINGS.len()).prop_map(Edit::Settings),
        1 => any::<bool>().prop_map(Edit::Template),
    ]
}

fn apply(edit: &Edit, notes: &mut Notes, folder: &Path) {
    match *edit {
        Edit::Write(path, text) => drop(notes.insert(PATHS[path], TEXTS[text].to_owned())),
        Edit::Append(path, text) => notes.entry(PATHS[path]).or_default().push_str(TEXTS[text]),
        Edit::Truncate(path) => {
            if let Some(text) = notes.get_mut(PATHS[path]) {
                text.truncate(text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at));
            }
        }
        Edit::Delete(path) => drop(notes.remove(PATHS[path])),
        Edit::Rename(from, to) => {
            if let Some(text) = notes.remove(PATHS[from]) {
                notes.insert(PATHS[to], text);
            }
        }
        Edit::MoveFolder => {
            for (from, to) in [("b/README.md", "g/g.md"), ("b/c.md", "g/part.md")] {
                let (one, other) = (notes.remove(from), notes.remove(to));
                notes.extend(one.map(|text| (to, text)));
                notes.extend(other.map(|text| (from, text)));
            }
        }
        Edit::Settings(settings) => fs::write(folder.join("notes.yaml"), SETTINGS[settings]).unwrap(),
        Edit::Template(own) => {
            let path = folder.join("templates/foot.html");
            fs::create_dir_all(folder.join("templates")).unwrap();
            if own {
                fs::write(path, "<p>{{ page.title }}</p>").unwrap();
            } else {
                drop(fs::remove_file(path));
            }
        }
    }
}

fn tree(notes: &Notes) -> Tree {
    let mut entries: BTreeMap<SourcePath, Entry> = BTreeMap::new();
    for (path, text) in notes {
        let path = SourcePath::new(path).unwrap();
        for above in path.ancestors().filter(|above| !above.is_root()) {
            entries.insert(above, Entry::Folder);
        }
        entries.insert(path, Entry::Note(text.as_str().into()));
    }
    Tree { entries, ..Tree::default() }
}

fn built(notes: &Notes, folder: &Path, cache: &Cache) -> Build {
    let config: Config = config::load(folder).unwrap().config;
    build(&tree(notes), &config, &Theme::load(folder, true), cache, &Unwatched)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_kept_changes_nothing(edits in prop::collection::vec(edit(), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let mut notes = Notes::from([("README.md", TEXTS[11].to_owned()), ("a.md", TEXTS[2].to_owned())]);
        for edit in &edits {
            apply(edit, &mut notes, folder.path());
            let cache = Cache::open(folder.path());
            let again = built(&notes, folder.path(), &cache);
            cache.save().unwrap();
            let fresh = built(&notes, folder.path(), &Cache::none());
            prop_assert!(again.output == fresh.output, "{:?}: another site", edit);
            prop_assert_eq!(again.report, fresh.report, "{:?}", edit);
            prop_assert!(again.counts.parsed <= fresh.counts.parsed);
        }
    }
}
