//! Notes and the site built of them → every promise that is broken, seen from outside: where pages
//! are, that links lead somewhere, that each page is whole, and that all of them can be read one
//! after the other.

use std::collections::BTreeSet;

use super::address::Address;
use super::finding::Finding;
use super::page::Page;
use super::site::Site;

/// Names of the note that is its folder's page.
const INDEX_NAMES: [&str; 3] = ["readme", "index", "_index"];
const HOME: &str = "index.html";
/// The page for addresses that lead nowhere: shown at any of them, reached by none.
const NOT_FOUND: &str = "404.html";
/// Bytes that a name may have on usual file systems.
const LONGEST_NAME: usize = 255;

/// The promises that a site of these notes breaks.
pub fn check(notes: &[String], site: &Site) -> Vec<Finding> {
    let mut findings = Vec::new();
    let found = &mut findings;
    check_notes(notes, site, found);
    check_files(site, found);
    for (path, page) in &site.pages {
        check_form(path, page, found);
        if path != NOT_FOUND {
            check_links(path, page, site, found);
            check_assets(path, page, site, found);
        }
    }
    check_reach(site, found);
    check_order(site, found);
    findings
}

/// Every note has its page where it is promised, as its folder's page, or beside that with a number
/// when another note was there first.
fn check_notes(notes: &[String], site: &Site, found: &mut Vec<Finding>) {
    for note in notes {
        let wanted = promised(note);
        let stem = wanted.strip_suffix(".html").unwrap_or(&wanted);
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let is_folders = folder.rsplit('/').next() == Some(name)
            && site.pages.contains_key(&format!("{folder}/{HOME}"));
        let beside = format!("{stem}-");
        let is_beside = site.pages.keys().any(|page| page.starts_with(&beside));
        if !site.pages.contains_key(&wanted) && !is_folders && !is_beside {
            found.push(Finding::NoteWithoutPage { note: note.clone(), wanted });
        }
    }
}

/// `X.md` → `X.html`, `README.md` → `index.html`, without control characters.
fn promised(note: &str) -> String {
    let clean: String = note.chars().filter(|c| !c.is_control()).collect();
    let stem = &clean[..clean.len() - ".md".len()];
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let name = if INDEX_NAMES.contains(&name.to_lowercase().as_str()) { "index" } else { name };
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}{name}.html")
}

fn check_files(site: &Site, found: &mut Vec<Finding>) {
    found.extend(site.not_utf8.iter().map(|page| Finding::NotUtf8 { page: page.clone() }));
    found.extend(
        site.with_controls.iter().map(|page| Finding::ControlCharacter { page: page.clone() }),
    );
    for file in &site.files {
        if file.contains(char::is_control) {
            found.push(Finding::ControlCharacterInName { file: file.clone() });
        }
        if file.split('/').any(|name| name.len() > LONGEST_NAME) {
            found.push(Finding::NameTooLong { file: file.clone() });
        }
    }
}

fn check_links(path: &str, page: &Page, site: &Site, found: &mut Vec<Finding>) {
    for link in &page.links {
        let (page, href, part) = (path.to_owned(), link.href.clone(), link.part);
        if href.trim().is_empty() {
            found.push(Finding::EmptyLink { page, part });
            continue;
        }
        match Address::resolve(path, &href) {
            Address::Local { path: target, anchor } => {
                let lacks_anchor = |page: &Page| !page.ids.contains(&anchor);
                // `#` and `#top` lead to the top of any page (WHATWG HTML §7.4.6.4).
                let is_top = anchor.is_empty() || anchor == "top";
                if !site.files.contains(&target) {
                    found.push(Finding::DeadLink { page, href, part });
                } else if !is_top && site.pages.get(&target).is_some_and(lacks_anchor) {
                    found.push(Finding::DeadAnchor { page, href, part });
                }
            }
            Address::FromRoot => found.push(Finding::FromRoot { page, address: href }),
            Address::Host | Address::Other => {}
        }
    }
}

fn check_assets(path: &str, page: &Page, site: &Site, found: &mut Vec<Finding>) {
    for asset in &page.assets {
        let (page, address) = (path.to_owned(), asset.address.clone());
        match Address::resolve(path, &address) {
            Address::Local { path: target, .. } if !site.files.contains(&target) => {
                found.push(Finding::MissingAsset { page, address });
            }
            Address::Host if !asset.is_image => {
                found.push(Finding::FromElsewhere { page, address });
            }
            Address::FromRoot => found.push(Finding::FromRoot { page, address }),
            Address::Local { .. } | Address::Host | Address::Other => {}
        }
    }
}

/// Each page is whole in itself.
fn check_form(path: &str, page: &Page, found: &mut Vec<Finding>) {
    let here = || path.to_owned();
    if page.title.trim().is_empty() {
        found.push(Finding::NoTitle { page: here() });
    }
    if page.language.as_deref().is_none_or(str::is_empty) {
        found.push(Finding::NoLanguage { page: here() });
    }
    if page.headings != 1 {
        found.push(Finding::Headings { page: here(), count: page.headings });
    }
    if page.mains != 1 {
        found.push(Finding::Mains { page: here(), count: page.mains });
    }
    if page.navigations == 0 && path != NOT_FOUND {
        found.push(Finding::NoNavigation { page: here() });
    }
    found.extend(
        page.inline_scripts
            .iter()
            .map(|what| Finding::InlineScript { page: here(), what: what.clone() }),
    );
    found.extend(
        page.errors.iter().map(|error| Finding::ParseError { page: here(), error: error.clone() }),
    );
    if page.images_without_alt > 0 {
        found.push(Finding::NoAlternative { page: here(), count: page.images_without_alt });
    }
    let mut seen = BTreeSet::new();
    for id in &page.ids {
        if id.is_empty() || id.contains(char::is_whitespace) {
            found.push(Finding::UnusableId { page: here(), id: id.clone() });
        }
        if !seen.insert(id) {
            found.push(Finding::RepeatedId { page: here(), id: id.clone() });
        }
    }
}

/// Every page can be reached from the home page by links alone.
fn check_reach(site: &Site, found: &mut Vec<Finding>) {
    if !site.pages.contains_key(HOME) {
        found.push(Finding::NoHomePage);
        return;
    }
    let mut reached = BTreeSet::new();
    let mut waiting = vec![HOME.to_owned()];
    while let Some(path) = waiting.pop() {
        let Some(page) = site.pages.get(&path) else { continue };
        if reached.contains(&path) {
            continue;
        }
        let targets = page.links.iter().map(|link| Address::resolve(&path, &link.href));
        waiting.extend(targets.filter_map(Address::into_path));
        reached.insert(path);
    }
    let missed = site.pages.keys().filter(|path| !reached.contains(*path) && *path != NOT_FOUND);
    found.extend(missed.map(|page| Finding::Unreachable { page: page.clone() }));
}

/// Previous and next make one chain that holds every page with either, except pages that stand
/// beside it: they lead to two neighbours, which lead to one another.
fn check_order(site: &Site, found: &mut Vec<Finding>) {
    let step =
        |from: &str, href: &Option<String>| Address::resolve(from, href.as_ref()?).into_path();
    let previous = |path: &str| site.pages.get(path).and_then(|page| step(path, &page.previous));
    let next = |path: &str| site.pages.get(path).and_then(|page| step(path, &page.next));
    let stands_beside = |path: &str| {
        let (before, after) = (previous(path), next(path));
        before.as_deref().is_none_or(|before| next(before) == after)
            && after.as_deref().is_none_or(|after| previous(after) == before)
    };
    let ordered: Vec<_> = site
        .pages
        .iter()
        .filter(|(_, page)| page.next.is_some() || page.previous.is_some())
        .map(|(path, _)| path)
        .filter(|path| !stands_beside(path))
        .collect();
    let starts: Vec<_> =
        ordered.iter().copied().filter(|path| site.pages[*path].previous.is_none()).collect();
    let [start] = starts[..] else {
        found.push(Finding::Starts { pages: starts.into_iter().cloned().collect() });
        return;
    };
    let mut seen = BTreeSet::new();
    let mut here = Some(start.clone());
    while let Some(path) = here.take_if(|path| !seen.contains(path)) {
        let after = next(&path);
        seen.insert(path.clone());
        if let Some(after) = &after
            && previous(after).as_ref() != Some(&path)
        {
            found.push(Finding::NotInverse { page: path, next: after.clone() });
        }
        here = after;
    }
    let outside = ordered.into_iter().filter(|path| !seen.contains(*path));
    found.extend(outside.map(|page| Finding::OutsideReadingOrder { page: page.clone() }));
}
