//! Two folders, notes and the site that was built of them → what the site breaks of its promises, seen from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use percent_encoding::percent_decode_str;

use super::page::Page;

/// A promise that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    NoteWithoutPage,
    ControlCharacter,
    LongName,
    DeadLink,
    DeadAnchor,
    ForeignAsset,
    MissingAsset,
    Frame,
    InlineScript,
    ImageWithoutAlt,
    Ids,
    Unreachable,
    ReadingOrder,
}

/// What is broken, and where.
pub type Finding = (Broken, String);

/// Files that notes' generators keep for themselves.
const FRAME_FILES: [&str; 4] = ["SUMMARY.md", "_sidebar.md", "_navbar.md", "_coverpage.md"];
/// Names of the note that is its folder's page.
const INDEX_NAMES: [&str; 3] = ["readme", "index", "_index"];

/// Audits a site.
pub fn audit(notes: &Path, site: &Path) -> Vec<Finding> {
    let site = Site::read(site);
    let mut findings = Vec::new();
    site.check_names(&mut findings);
    site.check_notes(notes, &mut findings);
    for (path, page) in &site.pages {
        site.check_links(path, page, &mut findings);
        check_form(path, page, &mut findings);
    }
    site.check_reach(&mut findings);
    site.check_order(&mut findings);
    findings
}

struct Site {
    files: BTreeSet<String>,
    pages: BTreeMap<String, Page>,
    /// Pages that hold control characters.
    unclean: Vec<String>,
}

impl Site {
    fn read(root: &Path) -> Self {
        let files: BTreeSet<String> = walk(root, &|_| true).into_iter().collect();
        let mut pages = BTreeMap::new();
        let mut unclean = Vec::new();
        for path in files.iter().filter(|path| is_html(path)) {
            let html = fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            if html.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                unclean.push(path.clone());
            }
            pages.insert(path.clone(), Page::read(&html));
        }
        Self { files, pages, unclean }
    }

    fn check_names(&self, findings: &mut Vec<Finding>) {
        findings.extend(self.unclean.iter().map(|path| (Broken::ControlCharacter, path.clone())));
        for path in &self.files {
            if path.contains(char::is_control) {
                findings.push((Broken::ControlCharacter, format!("{path:?}")));
            }
            if path.split('/').any(|name| name.len() > 255) {
                findings.push((Broken::LongName, path.clone()));
            }
        }
    }

    /// Every note has a page at the promised place, or beside it when another note was there first.
    fn check_notes(&self, notes: &Path, findings: &mut Vec<Finding>) {
        let shown = |name: &str| !name.starts_with('.') && name != "site";
        for note in walk(notes, &shown) {
            let name = note.rsplit('/').next().unwrap_or_default();
            if !name.to_lowercase().ends_with(".md") || FRAME_FILES.contains(&name) {
                continue;
            }
            let wanted = promised(&note);
            let stem = wanted.strip_suffix(".html").unwrap_or(&wanted);
            let folder =
                stem.rsplit_once('/').filter(|(folder, name)| folder.rsplit('/').next() == Some(*name));
            let is_section =
                folder.is_some_and(|(folder, _)| self.pages.contains_key(&format!("{folder}/index.html")));
            let beside = format!("{stem}-");
            let is_beside = self.pages.keys().any(|page| page.starts_with(&beside));
            if !self.pages.contains_key(&wanted) && !is_section && !is_beside {
                findings.push((Broken::NoteWithoutPage, note));
            }
        }
    }

    fn check_links(&self, path: &str, page: &Page, findings: &mut Vec<Finding>) {
        if path.ends_with("404.html") {
            return;
        }
        for link in &page.links {
            let place = if link.in_text { "text" } else { "frame" };
            let Some((target, anchor)) = resolve(path, &link.href) else { continue };
            let ids = self.pages.get(&target).map(|page| &page.ids);
            if !self.files.contains(&target) {
                findings.push((Broken::DeadLink, format!("{path}, {place}: {}", link.href)));
            } else if !anchor.is_empty() && anchor != "top" && ids.is_some_and(|ids| !ids.contains(&anchor)) {
                findings.push((Broken::DeadAnchor, format!("{path}, {place}: {}", link.href)));
            }
        }
        for asset in &page.assets {
            match resolve(path, &asset.url) {
                None if !asset.is_image => {
                    findings.push((Broken::ForeignAsset, format!("{path}: {}", asset.url)));
                }
                Some((target, _)) if !self.files.contains(&target) => {
                    findings.push((Broken::MissingAsset, format!("{path}: {}", asset.url)));
                }
                _ => {}
            }
        }
    }

    /// Every page can be reached from the home page by links alone.
    fn check_reach(&self, findings: &mut Vec<Finding>) {
        let mut reached = BTreeSet::new();
        let mut waiting = vec!["index.html".to_owned()];
        while let Some(path) = waiting.pop() {
            if let Some(page) = self.pages.get(&path).filter(|_| !reached.contains(&path)) {
                let targets = page.links.iter().filter_map(|link| resolve(&path, &link.href));
                waiting.extend(targets.map(|(target, _)| target));
                reached.insert(path);
            }
        }
        let missed = self.pages.keys().filter(|path| !reached.contains(*path) && *path != "404.html");
        findings.extend(missed.map(|path| (Broken::Unreachable, path.clone())));
    }

    /// Previous and next make one chain.
    fn check_order(&self, findings: &mut Vec<Finding>) {
        let starts: Vec<_> =
            self.pages.iter().filter(|(_, page)| page.next.is_some() && page.previous.is_none()).collect();
        let [(start, _)] = starts[..] else {
            findings.push((Broken::ReadingOrder, format!("{} pages start it", starts.len())));
            return;
        };
        let follow = |from: &str, href: Option<&String>| Some(resolve(from, href?)?.0);
        let mut path = start.clone();
        let mut seen = BTreeSet::from([path.clone()]);
        while let Some(next) = follow(&path, self.pages.get(&path).and_then(|page| page.next.as_ref())) {
            let back = self.pages.get(&next).and_then(|page| follow(&next, page.previous.as_ref()));
            if back.as_ref() != Some(&path) || !seen.insert(next.clone()) {
                findings.push((
                    Broken::ReadingOrder,
                    format!("{path} leads to {next}, which leads back to {back:?}"),
                ));
                return;
            }
            path = next;
        }
    }
}

fn check_form(path: &str, page: &Page, findings: &mut Vec<Finding>) {
    let mut expect = |is_right: bool, broken, what: &str| {
        if !is_right {
            findings.push((broken, format!("{path}: {what}")));
        }
    };
    expect(!page.title.trim().is_empty(), Broken::Frame, "no title");
    expect(!page.language.is_empty(), Broken::Frame, "no language");
    expect(page.headings == 1, Broken::Frame, "not one <h1>");
    expect(page.mains == 1, Broken::Frame, "not one <main>");
    expect(page.navs > 0, Broken::Frame, "no <nav>");
    expect(page.inline_scripts == 0, Broken::InlineScript, "an inline script");
    expect(page.images_without_alt == 0, Broken::ImageWithoutAlt, "an image without alt");
    let mut seen = BTreeSet::new();
    for id in &page.ids {
        expect(!id.is_empty() && !id.contains(char::is_whitespace), Broken::Ids, "an empty or spaced id");
        expect(seen.insert(id), Broken::Ids, id);
    }
}

fn is_html(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "html")
}

/// `X.md` → `X.html`, `README.md` → `index.html`, without control characters.
fn promised(note: &str) -> String {
    let clean: String = note.chars().filter(|c| !c.is_control()).collect();
    let stem = &clean[..clean.len() - ".md".len()];
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| (folder, name));
    let name = if INDEX_NAMES.contains(&name.to_lowercase().as_str()) { "index" } else { name };
    if folder.is_empty() { format!("{name}.html") } else { format!("{folder}/{name}.html") }
}

/// The file and the anchor that an address leads to from a page; `None` for another site.
pub fn resolve(page: &str, href: &str) -> Option<(String, String)> {
    let (path, anchor) = href.split_once('#').unwrap_or((href, ""));
    let path = path.split('?').next().unwrap_or_default();
    let first = path.split('/').next().unwrap_or_default();
    if first.contains(':') || path.starts_with("//") {
        return None;
    }
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let anchor = decoded(anchor);
    if path.is_empty() {
        return Some((page.to_owned(), anchor));
    }
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut names: Vec<String> =
        if path.starts_with('/') { Vec::new() } else { folder.split('/').map(str::to_owned).collect() };
    for name in path.split('/') {
        match name {
            ".." => drop(names.pop()),
            "." => {}
            name => names.push(decoded(name)),
        }
    }
    names.retain(|name| !name.is_empty());
    if path.ends_with(['/', '.']) {
        names.push("index.html".to_owned());
    }
    Some((names.join("/"), anchor))
}

/// Files below a folder as paths from it; hidden ones where `enters` wants them.
fn walk(root: &Path, enters: &dyn Fn(&str) -> bool) -> Vec<String> {
    let entries = walkdir::WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|entry| enters(&entry.file_name().to_string_lossy()));
    let files = entries.map(|entry| entry.expect("an entry")).filter(|entry| entry.file_type().is_file());
    files
        .map(|file| file.path().strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/"))
        .collect()
}
