//! The sites that the binary builds → what a browser makes of them: every page at several widths,
//! in both colour schemes, with and without scripts, from disk and from a server's sub-path.
//!
//! `tests/all.sh` installs the browser, `tests/fetch-axe.sh` brings the rules for accessibility.

#![allow(clippy::unwrap_used, reason = "what a test prepares has to work")]

mod changing_host;
mod driver;
mod report;
mod server;
/// Shared with the tests of `tests/site/`, which is another crate.
#[path = "../site/serving.rs"]
mod serving;
mod site;
mod tags;
mod texts;
mod window;

mod accessible;
mod addresses;
mod books;
mod broken;
mod comfort;
mod copied;
mod diagram;
mod engines;
mod exact;
mod federation;
mod formula;
mod hostile;
mod kept;
mod keyboard;
mod live;
mod moved;
mod narrow;
mod offline;
mod preview;
mod quiet;
mod search;
mod storage;
mod tabs;
mod without_scripts;
