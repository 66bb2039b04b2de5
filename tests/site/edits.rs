//! Properties of builds after random edits: whatever was kept from before, the site and the report
//! are those of a build from nothing, in every byte and every name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use notes::build::NoProgress;
use notes::diagnostic::Diagnostic;
use notes::path::encode_path;
use notes::publish::{BuildOptions, publish};
use proptest::prelude::*;

use crate::comparison::difference;
use crate::request::get;
use crate::serving::{PATIENCE, Serving};

/// Longer than a tick of the file system's clock.
const TICK: Duration = Duration::from_millis(11);

/// The number of series of edits; `NOTES_EDITS` asks for another number.
fn cases() -> u32 {
    std::env::var("NOTES_EDITS").ok().and_then(|number| number.parse().ok()).unwrap_or(300)
}

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
const TEXTS: [&str; 22] = [
    "",
    "---\ndraft: true\n---\n# 草\n\n见 [甲](a.md) 与 [节](c.md#节)\n",
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
    "---\nsidebar_position: 2\ntitle: 序: 二\n---\n# 序\n",
    "---\nsidebar_position: 1\n---\n文字\n",
    "见 [[c|丙]] 与 [[README]] ![[a#节]] 后 ^b1\n\n![[c]]\n",
    "![[b/c]]\n\n- 项 ![[d#^b1]] ^37066d\n\n| 表 |\n|---|\n| ![[g\\|庚]] |\n",
    "## 节\n\n![[picture.png|20]] ![[a]] [[#节]] ![[part#^37066d]]\n",
    "> [原文](https://e.org/a)\n\n## 书籍\n\n- 2018-[甲](http://e.org/a/) #Book#\n- https://e.org/b\n",
    "> [!NOTE]\n> 提示\n\n脚注[^1]\n\n[^1]: 注\n",
];

const SETTINGS: [&str; 6] = [
    "",
    "drafts: true\n",
    "title: 另一个\nlicense: MIT\n",
    "markdown: {subscript: true, wiki_links: true}\n",
    "language: en\nlabels: {home: Start}\nnavigation: tree\n",
    "base_url: https://e.org/n\nrepository: https://github.com/o/r\nmatrix: {rows: [{label: x, \
     cells: [{link: a.md}]}]}\n",
];

/// Templates of the writer's own: one of a kind, one with a mistake, one that cannot be rendered.
const TEMPLATES: [&str; 3] = ["<p>{{ page.title }}</p>", "{% if %}", "{{ nothing.there }}"];

/// Files beside the notes.
const FILES: [&str; 6] = [
    "b/picture.png",
    "static/page.css",
    "static/own.js",
    "b/e/README.link",
    "docusaurus.config.js",
    "b/_category_.json",
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
    Template(Option<usize>),
    File(usize, u8),
    DeleteFile(usize),
    /// Somebody changes what was published, to other bytes of the same number.
    Tamper(usize),
    /// Somebody deletes what was published.
    DeletePage(usize),
    /// The cache is deleted, whole or in part.
    Forget(usize),
    Nothing,
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
        1 => prop::option::of(0..TEMPLATES.len()).prop_map(Edit::Template),
        2 => (0..FILES.len(), b'a'..b'c').prop_map(|(file, byte)| Edit::File(file, byte)),
        1 => (0..FILES.len()).prop_map(Edit::DeleteFile),
        1 => (0..9_usize).prop_map(Edit::Tamper),
        1 => (0..9_usize).prop_map(Edit::DeletePage),
        1 => (0..5_usize).prop_map(Edit::Forget),
        1 => Just(Edit::Nothing),
    ]
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// All files below a folder, in the order of their paths.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            (entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// The output folder of a folder of notes, beside it.
fn site(folder: &Path) -> PathBuf {
    folder.with_file_name("site")
}

/// A page of the site.
fn page(folder: &Path, number: usize) -> Option<PathBuf> {
    let pages: Vec<PathBuf> = files(&site(folder)).into_keys().collect();
    let pages: Vec<_> =
        pages.iter().filter(|path| path.extension().is_some_and(|end| end == "html")).collect();
    Some(site(folder).join(pages.get(number % pages.len().max(1))?))
}

fn apply(edit: &Edit, folder: &Path) {
    let text_of = |path: usize| fs::read_to_string(folder.join(PATHS[path])).ok();
    let put = |path: usize, text: &str| write(&folder.join(PATHS[path]), text.as_bytes());
    match *edit {
        Edit::Write(path, text) => put(path, TEXTS[text]),
        Edit::Append(path, text) => put(path, &(text_of(path).unwrap_or_default() + TEXTS[text])),
        Edit::Truncate(path) => {
            if let Some(text) = text_of(path) {
                let half =
                    text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
                put(path, &text[..half]);
            }
        }
        Edit::Delete(path) => drop(fs::remove_file(folder.join(PATHS[path]))),
        Edit::Rename(from, to) => {
            let to = folder.join(PATHS[to]);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            drop(fs::rename(folder.join(PATHS[from]), to));
        }
        Edit::MoveFolder => {
            drop(fs::rename(folder.join("b"), folder.join("h")));
            drop(fs::rename(folder.join("g"), folder.join("b")));
            drop(fs::rename(folder.join("h"), folder.join("g")));
        }
        Edit::Settings(settings) => {
            write(&folder.join("notes.yaml"), SETTINGS[settings].as_bytes());
        }
        Edit::Template(Some(template)) => {
            write(&folder.join("templates/foot.html"), TEMPLATES[template].as_bytes());
        }
        Edit::Template(None) => drop(fs::remove_file(folder.join("templates/foot.html"))),
        Edit::File(file, byte) => {
            let text = match FILES[file] {
                "b/_category_.json" => {
                    format!("{{\"label\": \"{}\", \"position\": 0}}", byte as char)
                }
                _ => format!("https://e.org/{}", byte as char),
            };
            write(&folder.join(FILES[file]), text.as_bytes());
        }
        Edit::DeleteFile(file) => drop(fs::remove_file(folder.join(FILES[file]))),
        Edit::Tamper(number) => {
            if let Some(page) = page(folder, number) {
                let bytes = fs::read(&page).unwrap();
                fs::write(page, vec![b'x'; bytes.len()]).unwrap();
            }
        }
        Edit::DeletePage(number) => drop(page(folder, number).map(fs::remove_file)),
        Edit::Forget(number) => {
            let kept = fs::read_dir(folder.join(".notes")).into_iter().flatten().flatten();
            let mut kept: Vec<PathBuf> = kept.map(|entry| entry.path()).collect();
            kept.sort();
            match kept.get(number) {
                Some(file) => fs::remove_file(file).unwrap(),
                None => drop(fs::remove_dir_all(folder.join(".notes"))),
            }
        }
        Edit::Nothing => {}
    }
}

/// The published files, and the diagnostics.
#[derive(Debug, PartialEq)]
struct Outcome {
    files: BTreeMap<PathBuf, Vec<u8>>,
    told: Vec<Diagnostic>,
    parsed: usize,
    rendered: usize,
}

fn published(folder: &Path, output: &Path, cache: bool) -> Outcome {
    // Every file has rested: more than a tick has passed since the edit before the last build.
    let now = SystemTime::now() + Duration::from_secs(10);
    let options = BuildOptions {
        folder: folder.to_owned(),
        output: Some(output.to_owned()),
        base_url: None,
        drafts: false,
        force: false,
        cache,
        now,
    };
    match publish(&options, &NoProgress) {
        Ok(published) => {
            let counts = published.build.counts;
            let told = published.build.report.messages().to_vec();
            Outcome { files: files(output), told, parsed: counts.parsed, rendered: counts.rendered }
        }
        Err(told) => Outcome { files: BTreeMap::new(), told, parsed: 0, rendered: 0 },
    }
}

/// The first file of a site that is not served as it was written, or is served and was not.
fn served_otherwise(
    serving: &Serving,
    site: &BTreeMap<PathBuf, Vec<u8>>,
    gone: &[PathBuf],
) -> Option<String> {
    let ask = |path: &Path| get(serving, &format!("/{}", encode_path(path.to_str().unwrap())));
    for (path, bytes) in site {
        if matches!(path.to_str(), Some(".notes-manifest" | "CACHEDIR.TAG")) {
            continue;
        }
        let answer = ask(path);
        let is_page = path.extension().is_some_and(|end| end == "html");
        let body = if is_page { answer.page().into_bytes() } else { answer.body };
        if answer.status != 200 || body != *bytes {
            return Some(format!("{} is {}", path.display(), answer.status));
        }
    }
    gone.iter()
        .find(|path| ask(path).status == 200)
        .map(|path| format!("{} is there", path.display()))
}

/// Serves a folder through these edits; the first file that stays other than a build writes it.
fn served_through(edits: &[Edit]) -> Result<(), String> {
    let all = tempfile::tempdir().unwrap();
    let folder = all.path().join("notes");
    begin(&folder);
    let serving = Serving::start(&folder, &["--quiet"]);
    let mut before: Vec<PathBuf> = Vec::new();
    for (number, edit) in edits.iter().enumerate() {
        // A template with a mistake is not used while it is served; nothing was published that
        // could be changed.
        match edit {
            Edit::Template(Some(1..)) | Edit::Tamper(_) | Edit::DeletePage(_) | Edit::Forget(_) => {
                continue;
            }
            _ => apply(edit, &folder),
        }
        let fresh = published(&folder, &all.path().join(number.to_string()), false).files;
        if fresh.is_empty() {
            continue;
        }
        let is_gone = |path: &&PathBuf| !fresh.contains_key(*path);
        let gone: Vec<PathBuf> = before.iter().filter(is_gone).cloned().collect();
        let begun = Instant::now();
        while let Some(what) = served_otherwise(&serving, &fresh, &gone) {
            if begun.elapsed() > PATIENCE {
                return Err(format!("{edit:?}: {what}\n{:#?}", serving.printed()));
            }
            sleep(TICK);
        }
        before = fresh.into_keys().collect();
    }
    Ok(())
}

/// The notes before the first edit.
fn begin(folder: &Path) {
    write(&folder.join("README.md"), TEXTS[11].as_bytes());
    write(&folder.join("a.md"), TEXTS[2].as_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 12, ..ProptestConfig::default() })]

    #[test]
    fn served_files_equal_built_files(edits in prop::collection::vec(edit(), 1..16)) {
        let served = served_through(&edits);
        prop_assert!(served.is_ok(), "{}", served.unwrap_err());
    }
}

/// A series that once failed on a busy machine.
#[test]
fn edits_in_new_folders_are_served() {
    let edits = [
        Edit::File(0, 97),
        Edit::Write(8, 16),
        Edit::Template(Some(2)),
        Edit::Write(2, 4),
        Edit::Forget(4),
        Edit::Append(10, 6),
        Edit::Truncate(5),
    ];
    assert_eq!(served_through(&edits), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn incremental_builds_equal_clean_builds(edits in prop::collection::vec(edit(), 1..12)) {
        let all = tempfile::tempdir().unwrap();
        let folder = all.path().join("notes");
        begin(&folder);
        for (number, edit) in edits.iter().enumerate() {
            apply(edit, &folder);
            let again = published(&folder, &site(&folder), true);
            let fresh = published(&folder, &all.path().join(number.to_string()), false);
            if fresh.files.is_empty() {
                // Without notes the old site stays.
                prop_assert_eq!(again.told, fresh.told, "{:?}", edit);
                continue;
            }
            prop_assert!(again.parsed <= fresh.parsed && again.rendered <= fresh.rendered);
            prop_assert_eq!(again.told, fresh.told, "{:?}", edit);
            let difference = difference(&again.files, &fresh.files);
            prop_assert!(difference.is_none(), "{edit:?}: {}", difference.unwrap_or_default());
            sleep(TICK);
        }
    }
}
