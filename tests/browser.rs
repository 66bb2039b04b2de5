//! The sites that the binary builds → what a browser makes of them: every page at several widths, in both colour schemes,
//! with and without scripts, from disk and from a server's sub-path.
//!
//! `tests/all.sh` installs the browser, `tests/fetch-axe.sh` brings the rules for accessibility.

#![allow(clippy::unwrap_used, reason = "what a test prepares has to work")]

#[path = "browser/driver.rs"]
mod driver;
#[path = "browser/report.rs"]
mod report;
#[path = "browser/server.rs"]
mod server;
#[path = "site/serving.rs"]
mod serving;
#[path = "browser/site.rs"]
mod site;
#[path = "browser/texts.rs"]
mod texts;
#[path = "browser/window.rs"]
mod window;

#[path = "browser/accessible.rs"]
mod accessible;
#[path = "browser/addresses.rs"]
mod addresses;
#[path = "browser/broken.rs"]
mod broken;
#[path = "browser/comfort.rs"]
mod comfort;
#[path = "browser/exact.rs"]
mod exact;
#[path = "browser/hostile.rs"]
mod hostile;
#[path = "browser/keyboard.rs"]
mod keyboard;
#[path = "browser/live.rs"]
mod live;
#[path = "browser/moved.rs"]
mod moved;
#[path = "browser/narrow.rs"]
mod narrow;
#[path = "browser/quiet.rs"]
mod quiet;
#[path = "browser/search.rs"]
mod search;
#[path = "browser/without_scripts.rs"]
mod without_scripts;
