//! Addresses of other sites → the state of their pages, by asking: many sites at once, but one
//! request at a time to each with a pause between them, and `HEAD` before `GET`. Answers are valid
//! for a while.
//!
//! Must not know: the links of notes, the storage of answers.

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

/// The time for which an answer is valid: for pages that exist, are gone, and gave no answer.
const LASTS: [Duration; 3] = [
    Duration::from_secs(7 * 24 * 60 * 60),
    Duration::from_secs(24 * 60 * 60),
    Duration::from_secs(60 * 60),
];
/// Most redirects that are followed.
const MOST_MOVES: usize = 8;

/// Options of the check of links to other sites.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Number of sites that are asked at once.
    pub sites: usize,
    /// Pause between two requests to one site.
    pub pause: Duration,
    /// Longest wait for an answer.
    pub patience: Duration,
    /// The waits before each further try after an error of a site.
    pub again: Vec<Duration>,
    /// True if this machine and its local network are asked too.
    pub local: bool,
    /// Addresses that begin with one of these are not asked.
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

/// The state of a page of another site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It exists.
    There,
    /// It has moved permanently to another address.
    Moved(String),
    /// It does not exist, for this reason.
    Gone(String),
    /// It is unknown if it exists, for this reason.
    Silent(String),
}

/// An answer and its time, in seconds from the beginning of 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The state of the page.
    pub state: State,
    /// The time of the answer.
    pub at: u64,
}

impl Answer {
    /// True if it is still valid. One from the future is not: a clock was wrong.
    fn is_valid(&self, now: u64) -> bool {
        let lasts = match self.state {
            State::There | State::Moved(_) => LASTS[0],
            State::Gone(_) => LASTS[1],
            State::Silent(_) => LASTS[2],
        };
        self.at <= now && now - self.at < lasts.as_secs()
    }
}

/// Answers by address, without the part after `#`.
pub type Answers = BTreeMap<String, Answer>;

/// The address of the request for a link, without the part after `#`; `None` if it is not on
/// another site, or excluded.
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

/// The answers for all addresses: earlier ones that are still valid, and new ones. `step` is called
/// after each.
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
        .filter(|(address, answer)| addresses.contains(*address) && answer.is_valid(now))
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
    // Sites with the most addresses first, because they take longest.
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

/// Asks for a page, and again after a while if that may help.
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

/// The state of a page after its redirects, and true if asking again may help.
fn follow(agent: &Agent, address: &str) -> (State, bool) {
    let Ok(mut url) = Url::parse(address) else {
        return (State::Gone("the address is not valid".to_owned()), false);
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
    (State::Silent(format!("more than {MOST_MOVES} redirects")), false)
}

/// Requests the head of a page, and the page if a site does not support that.
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
    let said = format!(
        "the server answers {} {}",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default()
    );
    let said = said.trim_end().to_owned();
    match status.as_u16() {
        200..=299 => (moved.map_or(State::There, State::Moved), false),
        404 | 410 => (State::Gone(said), false),
        429 | 500..=599 => (State::Silent(said), true),
        _ => (State::Silent(said), false),
    }
}

/// The state after a failed request, and true if asking again may help.
fn fault(error: &ureq::Error) -> (State, bool) {
    match error {
        ureq::Error::HostNotFound => (State::Gone("unknown host".to_owned()), false),
        ureq::Error::Io(error) if is_unknown_host(error) => {
            (State::Gone("unknown host".to_owned()), false)
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            (State::Gone("connection refused".to_owned()), true)
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            (State::Silent(error.to_string()), false)
        }
        ureq::Error::Timeout(_) => (State::Silent("no answer in time".to_owned()), true),
        other => (State::Silent(other.to_string()), true),
    }
}

/// True if the system did not find a host, which `std` reports in the text of the error only.
fn is_unknown_host(error: &std::io::Error) -> bool {
    let said = error.to_string();
    ["failed to lookup address", "Name or service not known", "No such host"]
        .iter()
        .any(|words| said.contains(words))
}

/// Resolves hosts, but refuses addresses of this machine and its local network: an untrusted note
/// must not make the program send requests there.
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
            let refused = "the host is on this machine or its local network";
            return Err(ureq::Error::Io(std::io::Error::new(
                std::io::ErrorKind::PermissionDenied,
                refused,
            )));
        }
        Ok(addresses)
    }
}

/// True if a name is that of this machine or of its local network.
fn is_local_name(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches([']', '.']);
    let name = host.to_ascii_lowercase();
    let is_own = |end: &&str| name == **end || name.ends_with(&format!(".{end}"));
    host.parse::<IpAddr>().map_or_else(
        |_| ["localhost", "local", "internal", "test", "example"].iter().any(is_own),
        is_local,
    )
}

/// True if an address is that of this machine or of its local network (RFC 6890).
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
    fn addresses_that_are_asked() {
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
    fn answers_are_valid_for_a_while() {
        let answer = |state, at| Answer { state, at };
        let hour = 60 * 60;
        for (answer, now, is_valid) in [
            (answer(State::There, 0), 6 * 24 * hour, true),
            (answer(State::There, 0), 8 * 24 * hour, false),
            (answer(State::Gone(String::new()), 0), 23 * hour, true),
            (answer(State::Gone(String::new()), 0), 25 * hour, false),
            (answer(State::Silent(String::new()), 0), hour - 1, true),
            (answer(State::Silent(String::new()), 0), hour, false),
            (answer(State::There, 10), 9, false),
        ] {
            assert_eq!(answer.is_valid(now), is_valid, "{answer:?} {now}");
        }
    }
}
