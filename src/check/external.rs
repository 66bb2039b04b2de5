//! Addresses of other sites → whether their pages are there, by asking: many sites at once, each
//! one question at a time with a pause between them, without their content where a site answers so.
//! Answers hold for a while.
//!
//! Must not know: which note links where, or where answers are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::config::Config;
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use url::Url;

/// An answer is believed for so long, by what it is.
const LASTS: [Duration; 3] = [
    Duration::from_secs(7 * 24 * 60 * 60),
    Duration::from_secs(24 * 60 * 60),
    Duration::from_secs(60 * 60),
];
/// So many signposts are followed.
const MOST_MOVES: usize = 8;

/// Options of asking other sites.
#[derive(Debug, Clone)]
pub struct Manner {
    /// So many sites at once.
    pub sites: usize,
    /// Between two questions to one site.
    pub pause: Duration,
    /// So long is waited for an answer.
    pub patience: Duration,
    /// The waits before a site that had a fault is asked again: one try for each.
    pub again: Vec<Duration>,
    /// True if this machine and its own network are asked too.
    pub local: bool,
    /// Addresses that begin so are not asked.
    pub exclude: Vec<String>,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            sites: 16,
            pause: Duration::from_millis(200),
            patience: Duration::from_secs(20),
            again: vec![Duration::from_secs(1), Duration::from_secs(4)],
            local: false,
            exclude: Vec::new(),
        }
    }
}

/// True if a page is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It is.
    There,
    /// It is, for good, at another address.
    Moved(String),
    /// It is not, and why.
    Gone(String),
    /// Nobody knows, and why.
    Silent(String),
}

/// An answer and its time, in seconds from the beginning of 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The answer.
    pub state: State,
    /// When.
    pub at: u64,
}

impl Answer {
    /// True if it still holds. One from the future does not.
    fn holds(&self, now: u64) -> bool {
        let lasts = match self.state {
            State::There | State::Moved(_) => LASTS[0],
            State::Gone(_) => LASTS[1],
            State::Silent(_) => LASTS[2],
        };
        self.at <= now && now - self.at < lasts.as_secs()
    }
}

/// Answers by address, without what stands after `#`.
pub type Answers = BTreeMap<String, Answer>;

/// The address that is asked for another: without what stands after `#`; `None` for one that is no
/// page of another site or is not asked.
#[must_use]
pub fn asked(address: &str, manner: &Manner) -> Option<String> {
    let mut url =
        Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    let is_excluded = |begin: &String| {
        address.starts_with(begin.as_str()) || url.as_str().starts_with(begin.as_str())
    };
    let is_local = url.host_str().is_none_or(is_local_name) && !manner.local;
    (!is_local && !manner.exclude.iter().any(is_excluded)).then(|| url.into())
}

/// Asks for all addresses to which no answer of before holds, and gives the answers to all. `step`
/// is called after each.
#[must_use]
pub fn ask(
    addresses: &BTreeSet<String>,
    known: &Answers,
    manner: &Manner,
    now: u64,
    step: &(dyn Fn() + Sync),
) -> Answers {
    let mut answers: Answers = known
        .iter()
        .filter(|(address, answer)| addresses.contains(*address) && answer.holds(now))
        .map(|(address, answer)| (address.clone(), answer.clone()))
        .collect();
    let mut by_site: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for address in addresses {
        if answers.contains_key(address) {
            step();
            continue;
        }
        let site = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
        by_site.entry(site.unwrap_or_default()).or_default().push(address);
    }
    // Those with the most to ask first, for they take longest.
    let mut sites: Vec<Vec<&String>> = by_site.into_values().collect();
    sites.sort_by_key(|addresses| std::cmp::Reverse(addresses.len()));
    let (agent, next, found) = (agent(manner), AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(addresses) = sites.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (number, address) in addresses.iter().enumerate() {
                if number > 0 {
                    std::thread::sleep(manner.pause);
                }
                let state = patiently(&agent, address, manner);
                step();
                if let Ok(mut found) = found.lock() {
                    found.push(((*address).clone(), Answer { state, at: now }));
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..manner.sites.min(sites.len()) {
            scope.spawn(work);
        }
    });
    answers.extend(found.into_inner().unwrap_or_default());
    answers
}

fn agent(manner: &Manner) -> Agent {
    let name = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"), " (link check)");
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(manner.patience))
        .user_agent(name)
        .build();
    let guarded = !manner.local && config.proxy().is_none();
    Agent::with_parts(
        config,
        DefaultConnector::default(),
        Guarded { guarded, system: DefaultResolver::default() },
    )
}

/// Asks, and again after a while if the site had a fault.
fn patiently(agent: &Agent, address: &str, manner: &Manner) -> State {
    let mut state = State::Silent(String::new());
    for wait in std::iter::once(Duration::ZERO).chain(manner.again.iter().copied()) {
        std::thread::sleep(wait);
        let (found, wants_again) = follow(agent, address);
        state = found;
        if !wants_again {
            break;
        }
    }
    state
}

/// Follows signposts to the page; whether asking again could help.
fn follow(agent: &Agent, address: &str) -> (State, bool) {
    let Ok(mut url) = Url::parse(address) else {
        return (State::Gone("it is no address".to_owned()), false);
    };
    let mut moved = None;
    let mut is_for_good = true;
    for _ in 0..=MOST_MOVES {
        let response = match question(agent, &url) {
            Ok(response) => response,
            Err(error) => return fault(&error),
        };
        let status = response.status();
        let next = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        let next = next.filter(|_| status.is_redirection()).and_then(|next| url.join(next).ok());
        let Some(next) = next else { return judged(status, moved) };
        is_for_good &= matches!(status.as_u16(), 301 | 308);
        url = next;
        if is_for_good {
            moved = Some(url.to_string());
        }
    }
    (State::Silent(format!("it leads from one address to the next, {MOST_MOVES} times")), false)
}

/// Asks for the head of a page, and for the page when a site does not answer that.
fn question(agent: &Agent, url: &Url) -> Result<Response<ureq::Body>, ureq::Error> {
    let response = agent.head(url.as_str()).call()?;
    let status = response.status();
    let has_answered = !status.is_client_error() && status != StatusCode::NOT_IMPLEMENTED;
    if has_answered || status == StatusCode::TOO_MANY_REQUESTS {
        return Ok(response);
    }
    agent.get(url.as_str()).call()
}

fn judged(status: StatusCode, moved: Option<String>) -> (State, bool) {
    let said =
        format!("it answers {} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let said = said.trim_end().to_owned();
    match status.as_u16() {
        200..=299 => (moved.map_or(State::There, State::Moved), false),
        404 | 410 => (State::Gone(said), false),
        429 | 500..=599 => (State::Silent(said), true),
        _ => (State::Silent(said), false),
    }
}

/// The message for a request that was not answered.
fn fault(error: &ureq::Error) -> (State, bool) {
    match error {
        ureq::Error::HostNotFound => (State::Gone("there is no such host".to_owned()), false),
        ureq::Error::Io(error) if is_unknown_host(error) => {
            (State::Gone("there is no such host".to_owned()), false)
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            (State::Gone("nobody listens there".to_owned()), true)
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            (State::Silent(error.to_string()), false)
        }
        ureq::Error::Timeout(_) => (State::Silent("it does not answer in time".to_owned()), true),
        other => (State::Silent(other.to_string()), true),
    }
}

/// The system says so in words only.
fn is_unknown_host(error: &std::io::Error) -> bool {
    let said = error.to_string();
    ["failed to lookup address", "Name or service not known", "No such host"]
        .iter()
        .any(|words| said.contains(words))
}

/// Finds the addresses of hosts, and keeps those of this machine and its network to itself: a note
/// of a stranger must not make the program ask there.
#[derive(Debug)]
struct Guarded {
    guarded: bool,
    system: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = self.system.resolve(uri, config, timeout)?;
        if self.guarded && addresses.iter().any(|address| is_local(address.ip())) {
            let refused = "it leads to this machine or its own network";
            return Err(ureq::Error::Io(std::io::Error::new(
                std::io::ErrorKind::PermissionDenied,
                refused,
            )));
        }
        Ok(addresses)
    }
}

/// True if a name means this machine or its own network.
fn is_local_name(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches([']', '.']);
    let name = host.to_ascii_lowercase();
    let is_own = |end: &&str| name == **end || name.ends_with(&format!(".{end}"));
    host.parse::<IpAddr>().map_or_else(
        |_| ["localhost", "local", "internal", "test", "example"].iter().any(is_own),
        is_local,
    )
}

/// True if an address is this machine's or its own network's (RFC 6890).
fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_multicast()
                || first == 0
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => {
            if let Some(mapped) = address.to_ipv4_mapped() {
                return is_local(IpAddr::V4(mapped));
            }
            let first = address.segments()[0];
            address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || (first & 0xFE00) == 0xFC00
                || (first & 0xFFC0) == 0xFE80
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked() {
        let manner = Manner { exclude: vec!["https://no.org/x".to_owned()], ..Manner::default() };
        for (address, expected) in [
            ("https://e.org/a b?c#d", Some("https://e.org/a%20b?c")),
            ("http://例子.中国/页", Some("http://xn--fsqu00a.xn--fiqs8s/%E9%A1%B5")),
            ("https://no.org/x/y", None),
            ("https://no.org/z", Some("https://no.org/z")),
            ("mailto:a@b.org", None),
            ("http://localhost:8080/", None),
            ("http://127.1/", None),
            ("http://[::1]/", None),
            ("http://192.168.1.1/", None),
            ("http://169.254.169.254/latest", None),
            ("http://[::ffff:10.0.0.1]/", None),
            ("http://printer.local/", None),
            ("http://8.8.8.8/", Some("http://8.8.8.8/")),
            ("http:///", None),
        ] {
            assert_eq!(asked(address, &manner).as_deref(), expected, "{address}");
        }
        assert!(asked("http://127.0.0.1:1/", &Manner { local: true, ..manner }).is_some());
    }

    #[test]
    fn answers_hold_for_a_while() {
        let answer = |state, at| Answer { state, at };
        let hour = 60 * 60;
        for (answer, now, holds) in [
            (answer(State::There, 0), 6 * 24 * hour, true),
            (answer(State::There, 0), 8 * 24 * hour, false),
            (answer(State::Gone(String::new()), 0), 23 * hour, true),
            (answer(State::Gone(String::new()), 0), 25 * hour, false),
            (answer(State::Silent(String::new()), 0), hour - 1, true),
            (answer(State::Silent(String::new()), 0), hour, false),
            (answer(State::There, 10), 9, false),
        ] {
            assert_eq!(answer.holds(now), holds, "{answer:?} {now}");
        }
    }
}
