//! Pages and files of other sites, asked for one at a time from each host. A note of a stranger may
//! name any address, so nothing of this machine and its networks is asked for unless the settings
//! allow it: by the name of a host, by the addresses that it has when the connection is made, and
//! again at each redirect.
//!
//! Must not know: notes, what is asked for, the storage of answers.

mod answer;
mod client;
mod local;

use std::time::Duration;

pub use self::answer::{NoBody, WebAnswer};
pub use self::client::{FailedRequest, REFUSED, WebClient};

/// The addresses that are asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Reach {
    /// True if this machine and its local network are asked too.
    pub local: bool,
    /// Addresses that begin with one of these are not asked.
    pub exclude: Vec<String>,
}

/// The pace of requests.
#[derive(Debug, Clone, Copy)]
pub struct WebManner {
    /// Pause between two requests to one host.
    pub pause: Duration,
    /// Longest time from a request to the end of its answer.
    pub time_limit: Duration,
    /// Longest time in which nothing comes, if it is shorter than the whole.
    pub idle_limit: Option<Duration>,
}

/// The reason why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// It is not of the web.
    Scheme,
    /// It is of this machine or its networks.
    Local,
    /// The settings exclude it.
    Excluded,
}
