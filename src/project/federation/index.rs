//! The search index of a site elsewhere: its directory and its postings, as it publishes them now.
//! Pieces that are known from the last time are not loaded again.
//!
//! Must not know: what is made of it.

use std::time::Instant;

use ureq::Agent;

use crate::federation::FederatedSite;
use crate::search::{PublishedDirectory, PublishedIndex};

/// Most bytes of a file.
const MOST_BYTES_OF_FILE: u64 = 1 << 20;
/// Most bytes of the postings of a site: those of 10,000 notes have 3 MB.
const MOST_BYTES: usize = 8 << 20;

/// The index of a site; with pieces missing if they are not there by the deadline: the next time,
/// only those are loaded. `None` if it has no index of this
/// version of the program.
pub(super) fn load(
    agent: &Agent,
    site: &FederatedSite,
    earlier: Option<PublishedIndex>,
    deadline: Instant,
) -> Option<PublishedIndex> {
    let folder = site.search();
    let text = |name: &str| {
        let left = deadline.saturating_duration_since(Instant::now());
        let request = agent.get(format!("{folder}{name}.js"));
        let mut response = request.config().timeout_global(Some(left)).build().call().ok()?;
        if !response.status().is_success() {
            return None;
        }
        let bytes = response.body_mut().with_config().limit(MOST_BYTES_OF_FILE).read_to_vec();
        String::from_utf8(bytes.ok()?).ok()
    };
    let mut index = PublishedIndex::new(PublishedDirectory::read(&text("index")?)?, earlier);
    for name in index.missing() {
        let Some(script) = text(&name) else { break };
        if !index.add(name, script) || index.size() > MOST_BYTES {
            break;
        }
    }
    Some(index)
}
