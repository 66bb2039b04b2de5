//! A page as it loads → what the console says, and which of its requests fail or go to another
//! host.

use crate::driver::Driver;
use crate::report::Report;
use crate::site::{Page, Place, Site};
use crate::window::{Look, SCHEMES, WIDTHS, Window};

/// Loads a page and tells what it should not have said or asked for.
pub fn noise(window: &Window, site: &str, page: &Page) -> Vec<String> {
    // Earlier entries are not of this page.
    let _ = (window.console(), window.requests());
    window.open(&page.url);
    let mut wrongs = window.console();
    let requests = window.requests();
    if !requests.iter().any(|request| request.url.starts_with(site)) {
        wrongs.push(format!("was not asked for: {requests:?}"));
    }
    for request in requests {
        if !request.url.starts_with(site) {
            wrongs.push(format!("asks for {}", request.url));
        }
        wrongs.extend(request.failure.map(|failure| format!("{}: {failure}", request.url)));
    }
    wrongs
}

#[test]
fn pages_make_no_foreign_requests_and_log_no_errors() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    let mut report = Report::default();
    for width in WIDTHS {
        for scheme in SCHEMES {
            let look = Look { width, scheme };
            window.look(look);
            for page in site.pages() {
                report.add(&Place(&page, look), noise(&window, &site.url, &page));
            }
        }
    }
    report.assert_empty();
}
