//! A page, opened from disk or from a sub-path → which of its links and files lead to nothing.

use std::fs;

use serde_json::json;

use crate::driver::Driver;
use crate::quiet::noise;
use crate::report::Report;
use crate::server::Server;
use crate::site::{Page, Site};
use crate::window::Window;

/// All that a page refers to, as the browser resolves it. Where a page says it belongs is no
/// reference to follow.
const REFERENCES: &str = "\
    const references = document.querySelectorAll('[href]:not([rel=canonical], base), [src]'); \
    return [...references].map((element) => element.href || element.src);";

/// References of the open page to files that do not exist.
pub fn dead_references(window: &Window, site: &Site) -> Vec<String> {
    let references = window.list(REFERENCES, &json!([]));
    let dead = references.iter().filter_map(|url| Some(format!("{url} {}", why_dead(site, url)?)));
    dead.collect()
}

/// Why a URL leads to nothing, if it does. Nobody can tell of what is on other hosts.
fn why_dead(site: &Site, url: &str) -> Option<&'static str> {
    let Some((path, fragment)) = site.target(url) else {
        let is_elsewhere = url.starts_with("https://") || url.starts_with("mailto:");
        return (!is_elsewhere).then_some("is outside of the site");
    };
    // A server has an index for a folder; a disk has not.
    let is_folder = path.is_empty() || path.ends_with('/');
    let index = if is_folder && site.url.starts_with("http") { "index.html" } else { "" };
    let file = site.folder.join(path.clone() + index);
    // A server finds a page without its ending too.
    let page =
        if site.url.starts_with("http") { site.folder.join(path + ".html") } else { file.clone() };
    let Ok(text) = fs::read(file).or_else(|_| fs::read(page)) else { return Some("is not there") };
    let fragment = fragment.filter(|fragment| !fragment.is_empty())?;
    let text = String::from_utf8_lossy(&text);
    (!text.contains(&format!("id=\"{fragment}\""))).then_some("has no such place")
}

/// Opens every page and follows all that it refers to.
fn assert_all_lead_somewhere(window: &Window, site: &Site, pages: &[Page]) {
    let mut report = Report::default();
    for page in pages {
        report.add(&page.route, noise(window, &site.url, page));
        report.add(&page.route, dead_references(window, site));
    }
    report.assert_empty();
}

#[test]
fn everything_leads_somewhere_from_disk() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    assert_all_lead_somewhere(&driver.window(), &site, &site.pages());
}

#[test]
fn everything_leads_somewhere_from_a_sub_path() {
    let (mut server, driver) = (Server::bind(), Driver::start());
    let site = Site::at(&server.url);
    server.serve(&site.folder);
    assert_all_lead_somewhere(&driver.window(), &site, &site.pages());
}

/// Addresses as people shorten them: no `.html`, no slash at a folder's end.
#[test]
fn pages_are_found_without_their_ending() {
    let (mut server, driver) = (Server::bind(), Driver::start());
    let site = Site::at(&server.url);
    server.serve(&site.folder);
    let window = driver.window();
    let mut report = Report::default();
    for page in site.pages() {
        let short = page.url.strip_suffix("/index.html").or_else(|| page.url.strip_suffix(".html"));
        // Addresses above the site's folder are not its own.
        let is_other = page.route == "index.html" || page.route == "404.html";
        let Some(url) = short.filter(|_| !is_other) else { continue };
        let page = Page { route: page.route, url: url.to_owned() };
        report.add(&page.route, noise(&window, &site.url, &page));
        report.add(&page.route, dead_references(&window, &site));
    }
    report.assert_empty();
}

#[test]
fn a_page_that_is_not_there_leads_back() {
    let (mut server, driver) = (Server::bind(), Driver::start());
    let site = Site::at(&server.url);
    server.serve(&site.folder);
    let window = driver.window();
    let mut report = Report::default();
    for route in ["没有.html", "no/such/page.html"] {
        let page = Page { route: route.to_owned(), url: format!("{}{route}", site.url) };
        let mut wrongs = noise(&window, &site.url, &page);
        // The page itself is not there, and that is all that may be said.
        let len = wrongs.len();
        wrongs.retain(|wrong| !(wrong.contains("status 404") || wrong.contains("status of 404")));
        assert_eq!(len - wrongs.len(), 2, "{wrongs:?}");
        report.add(&page.route, wrongs);
        report.add(&page.route, dead_references(&window, &site));
    }
    report.assert_empty();
}
