//! A page at some width → whether it scrolls sideways, and what sticks out of it.

use serde_json::json;

use crate::driver::Driver;
use crate::report::Report;
use crate::site::{Page, Site, for_every_look};
use crate::window::Window;

/// Elements of the open page that are too wide.
pub fn too_wide(window: &Window, width: u32) -> Vec<String> {
    window.list(include_str!("narrow.js"), &json!([width]))
}

#[test]
fn pages_do_not_scroll_sideways() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    let mut report = Report::default();
    let mut pages = site.pages();
    pages.extend(site.pages().iter().map(Page::with_drawer));
    for_every_look(&window, &pages, |place| report.add(place, too_wide(&window, place.1.width)));
    report.assert_empty();
}
