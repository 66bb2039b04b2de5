//! Random edits of a folder of notes: of its texts, names, settings, templates and repository.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use proptest::prelude::*;

use crate::edits::files;
use crate::mind_maps::mind_map;
use crate::repository;

/// Places for notes: sections, files that want one page, navigation, a file that others include, a
/// glossary.
const PATHS: [&str; 13] = [
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
    "术语.md",
];

/// Texts whose titles, anchors, links, code and includes concern other notes.
pub const TEXTS: [&str; 33] = [
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
    "{{#include b/c.md}}\n\n{{#include ../b/c.md}}\n\n{{#include c.md}}\n",
    "# 引\n\n{{#include ../g/part.md}}\n\n{{#include g/part.md}}\n\n尾\n",
    "![[e/f]] {{#include e/f.md}} {{#include ../b/e/f.md}}\n\n![](picture.png) ![](../b/picture.png)\n",
    "# [链](../b/C.md) [接](../G/g.md) [引](c.md#节)\n\n{{#include ../README.md}}\n",
    "![[m.xmind]]\n\n[图](b/m.xmind)\n\n[图](m.xmind)\n",
    "> [!NOTE]\n> 提示\n\n脚注[^1]\n\n[^1]: 注\n",
    "---\ntags: [甲标, 乙标]\n---\n# 辛\n\n多数派与租约\n",
    "---\ntags: [乙标, 丙/丁]\n---\n# 壬\n\n说到租约和提示\n",
    "---\nterm: 租约\naliases: [lease]\n---\n# 租约\n\n租约有期限。多数派见 [甲](a.md)。\n",
    "多数派\n: 超过一半。见租约。\n\n提示\n: 字\n",
    "---\nterms: false\n---\n多数派\n\n## 提示\n",
    "```mindmap\n```\n\n文字\n",
];

const SETTINGS: [&str; 6] = [
    "",
    "drafts: true\n",
    "title: 另一个\nlicense: MIT\n",
    "markdown: {subscript: true, wiki_links: true}\n",
    "language: en\nlabels: {home: Start}\nnavigation: tree\n",
    "base_url: https://e.org/n\nmachines: true\nrepository: https://github.com/o/r\nmatrix: {rows: [{label: x, \
     cells: [{link: a.md}]}]}\n",
];

/// Lines of the settings that come and go, each by itself.
const KEYS: [&str; 12] = [
    "drafts: true",
    "title: 开关",
    "license: MIT",
    "language: en",
    "navigation: tree",
    "exclude: [b/e, index.md]",
    "html: safe",
    "base_url: https://e.org/n",
    "redirects: git",
    "machines: true",
    "maps: true",
    "terms: false",
];

/// Templates that come and go.
const OWN_TEMPLATES: [&str; 4] = ["foot.html", "bottom.html", "children.html", "outline.html"];

/// Templates of the writer's own: one of a kind, one with a mistake, one that cannot be rendered.
const TEMPLATES: [&str; 3] = ["<p>{{ page.title }}</p>", "{% if %}", "{{ nothing.there }}"];

/// Files beside the notes.
const FILES: [&str; 7] = [
    "b/picture.png",
    "static/page.css",
    "static/own.js",
    "b/e/README.link",
    "docusaurus.config.js",
    "b/_category_.json",
    "b/m.xmind",
];

/// A change of a folder of notes, or of the site beside it.
#[derive(Debug, Clone)]
pub enum Edit {
    Write(usize, usize),
    Append(usize, usize),
    Truncate(usize),
    Delete(usize),
    Rename(usize, usize),
    MoveFolder,
    Settings(usize),
    Template(Option<usize>),
    OwnTemplate(usize, Option<u8>),
    /// A key of the settings comes or goes.
    Key(usize),
    /// Two files take each other's name.
    Swap(usize, usize),
    /// A name in other letters: the last one of a path.
    Case(usize),
    CaseOfFolder,
    /// Another text of the same time, as `cp -p` and `rsync` leave it.
    OldTime(usize, usize),
    /// A text that comes in pieces.
    Slowly(usize, usize),
    Commit(u8),
    Amend(u8),
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

/// Any edit, the usual ones more often.
pub fn edit() -> impl Strategy<Value = Edit> {
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
        2 => (0..OWN_TEMPLATES.len(), prop::option::of(b'a'..b'c'))
            .prop_map(|(name, byte)| Edit::OwnTemplate(name, byte)),
        2 => (0..KEYS.len()).prop_map(Edit::Key),
        2 => (0..PATHS.len(), 0..PATHS.len()).prop_map(|(one, other)| Edit::Swap(one, other)),
        1 => (0..PATHS.len()).prop_map(Edit::Case),
        1 => Just(Edit::CaseOfFolder),
        2 => (0..PATHS.len(), 0..TEXTS.len()).prop_map(|(path, text)| Edit::OldTime(path, text)),
        1 => (0..PATHS.len(), 0..TEXTS.len()).prop_map(|(path, text)| Edit::Slowly(path, text)),
        1 => (1..9_u8).prop_map(Edit::Commit),
        1 => (1..9_u8).prop_map(Edit::Amend),
        1 => Just(Edit::Nothing),
    ]
}

/// Writes a file, and the folders that it is in.
pub fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The output folder of a folder of notes, beside it.
pub fn site(folder: &Path) -> PathBuf {
    folder.with_file_name("site")
}

/// A page of the site.
fn page(folder: &Path, number: usize) -> Option<PathBuf> {
    let pages: Vec<PathBuf> = files(&site(folder)).into_keys().collect();
    let pages: Vec<_> =
        pages.iter().filter(|path| path.extension().is_some_and(|end| end == "html")).collect();
    Some(site(folder).join(pages.get(number % pages.len().max(1))?))
}

/// Makes an edit in a folder of notes.
pub fn apply(edit: &Edit, folder: &Path) {
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
            let letter = byte as char;
            let bytes = match FILES[file] {
                "b/_category_.json" => {
                    format!("{{\"label\": \"{letter}\", \"position\": 0}}").into_bytes()
                }
                "b/m.xmind" => mind_map("图", &letter.to_string()),
                _ => format!("https://e.org/{letter}").into_bytes(),
            };
            write(&folder.join(FILES[file]), &bytes);
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
        Edit::OwnTemplate(name, byte) => own_template(&folder.join("templates"), name, byte),
        Edit::Key(key) => toggle(&folder.join("notes.yaml"), KEYS[key]),
        Edit::Swap(one, other) => {
            let [one, other] = [one, other].map(|path| folder.join(PATHS[path]));
            swap(&one, &other);
        }
        Edit::Case(path) => {
            let path = folder.join(PATHS[path]);
            let name = path.file_name().unwrap().to_str().unwrap();
            let (stem, end) = name.rsplit_once('.').unwrap();
            swap(&path, &path.with_file_name(format!("{}.{end}", stem.to_uppercase())));
        }
        Edit::CaseOfFolder => swap(&folder.join("g"), &folder.join("G")),
        Edit::OldTime(path, text) => with_old_time(&folder.join(PATHS[path]), TEXTS[text]),
        Edit::Slowly(path, text) => slowly(&folder.join(PATHS[path]), TEXTS[text]),
        Edit::Commit(day) => commit(folder, day, &[]),
        Edit::Amend(day) => commit(folder, day, &["--amend"]),
        Edit::Nothing => {}
    }
}

/// Writes a template that shows a byte, or deletes it.
fn own_template(folder: &Path, name: usize, byte: Option<u8>) {
    let path = folder.join(OWN_TEMPLATES[name]);
    match byte {
        Some(byte) => {
            write(&path, format!("<p>{} {{{{ page.title }}}}</p>", byte as char).as_bytes());
        }
        None => drop(fs::remove_file(path)),
    }
}

/// Adds a line to the settings, or takes it and its like out.
fn toggle(path: &Path, line: &str) {
    let text = fs::read_to_string(path).unwrap_or_default();
    let key = line.split(':').next().unwrap();
    let mut lines: Vec<&str> =
        text.lines().filter(|one| one.split(':').next() != Some(key)).collect();
    if !text.lines().any(|one| one == line) {
        lines.push(line);
    }
    write(path, lines.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes());
}

/// Lets two files or folders take each other's place; there may be only one of them.
fn swap(one: &Path, other: &Path) {
    let beside = one.with_file_name(".beside");
    for (from, to) in [(one, &*beside), (other, one), (&beside, other)] {
        if from.exists() {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            // A folder that is not empty is not replaced.
            drop(fs::rename(from, to));
        }
    }
}

fn with_old_time(path: &Path, text: &str) {
    let time = fs::metadata(path).and_then(|metadata| metadata.modified());
    write(path, text.as_bytes());
    if let Ok(time) = time {
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }
}

/// Writes a text so slowly that others see it empty and in part, and longer than a clock's tick.
fn slowly(path: &Path, text: &str) {
    write(path, b"");
    sleep(Duration::from_millis(60));
    let mut file = fs::File::options().append(true).open(path).unwrap();
    let (begin, end) = text.as_bytes().split_at(text.len() / 2);
    file.write_all(begin).unwrap();
    sleep(Duration::from_millis(5));
    file.write_all(end).unwrap();
}

/// Commits everything, in a new repository if there is none.
fn commit(folder: &Path, day: u8, more: &[&str]) {
    let when = format!("2024-01-0{day}T00:00:00Z");
    if !folder.join(".git").exists() {
        repository::git(folder, "n", &when, &["init", "-q"]);
        repository::git(folder, "n", &when, &["commit", "-q", "--allow-empty", "-m", "x"]);
    }
    repository::git(folder, "n", &when, &["add", "-A"]);
    let arguments = [&["commit", "-q", "--allow-empty", "-m", "x"], more].concat();
    repository::git(folder, "n", &when, &arguments);
}
