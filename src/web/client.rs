//! A URL → the answer of its site: one request at a time to each host, redirects left to the
//! caller, and no connection to this machine or its networks.
//!
//! Must not know: the meaning of an answer.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::ToSocketAddrs as _;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::typestate::WithoutBody;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, RequestBuilder};
use url::{Host, Url};

use super::answer::WebAnswer;
use super::local::{is_local, is_local_host};
use super::{NotAsked, Reach, WebManner};
use crate::phrase::{Phrase, phrase, system_error};

/// Longest wait for the addresses of a host that a proxy asks. Behind many proxies a machine cannot
/// resolve names of the public network at all.
const LOOKUP: Duration = Duration::from_secs(2);
/// The reason why a host is not asked.
pub const REFUSED: Phrase = phrase!("the host is on this machine or its local network");

/// A request without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRequest {
    /// The reason.
    pub why: Phrase,
    /// True if there is nothing at the address, as far as can be known.
    pub is_gone: bool,
    /// True if asking again may help.
    pub is_passing: bool,
}

impl FailedRequest {
    /// True if this program refused to connect.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.why == REFUSED
    }
}

impl Reach {
    /// The reason not to ask for an address, which is `url` as it is written.
    #[must_use]
    pub fn refusal(&self, address: &str, url: &Url) -> Option<NotAsked> {
        if !matches!(url.scheme(), "http" | "https") {
            return Some(NotAsked::Scheme);
        }
        if !self.local && url.host().is_none_or(|host| is_local_host(&host)) {
            return Some(NotAsked::Local);
        }
        let is_excluded = |begin: &String| {
            address.starts_with(begin.as_str()) || url.as_str().starts_with(begin.as_str())
        };
        self.exclude.iter().any(is_excluded).then_some(NotAsked::Excluded)
    }
}

/// A host that is asked.
#[derive(Default)]
struct Turn {
    /// True after its first request.
    was_asked: bool,
}

/// The side of this program in all requests.
pub struct WebClient {
    agent: Agent,
    reach: Reach,
    pause: Duration,
    /// The proxy that asks the hosts, and resolves their names.
    proxy: Option<Uri>,
    turns: Mutex<BTreeMap<String, Arc<Mutex<Turn>>>>,
    /// The hosts that were looked up, and true for local ones; for a proxy only.
    looked_up: Mutex<BTreeMap<String, bool>>,
}

impl WebClient {
    /// A client; sites are given the name of this program and `purpose`.
    #[must_use]
    pub fn new(purpose: &str, manner: WebManner, reach: Reach) -> Self {
        let version = concat!(env!("CARGO_CRATE_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(manner.time_limit))
            .timeout_per_read(manner.idle_limit)
            .user_agent(format!("{version} ({purpose})"))
            .build();
        let proxy = config.proxy().map(|proxy| proxy.uri().clone());
        let system = DefaultResolver::default();
        let resolver = Guarded { is_open: reach.local, proxy: proxy.clone(), system };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        let (turns, looked_up) = (Mutex::default(), Mutex::default());
        Self { agent, reach, pause: manner.pause, proxy, turns, looked_up }
    }

    /// The reason not to ask for an address, which a redirect may have named.
    #[must_use]
    pub fn refusal(&self, url: &Url) -> Option<NotAsked> {
        let refusal = self.reach.refusal(url.as_str(), url);
        if refusal.is_some() || self.reach.local {
            return refusal;
        }
        let proxy = self.proxy.as_ref()?;
        if proxy.host() == url.host_str() {
            return Some(NotAsked::Local);
        }
        let Some(Host::Domain(name)) = url.host() else { return None };
        self.is_found_local(name).then_some(NotAsked::Local)
    }

    /// Asks for the head of a page.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn head(&self, url: &Url) -> Result<WebAnswer, FailedRequest> {
        self.send(url, self.agent.head(url.as_str()))
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn get(&self, url: &Url) -> Result<WebAnswer, FailedRequest> {
        self.send(url, self.agent.get(url.as_str()))
    }

    /// Asks for the head of a page, or for the page if a site does not support that.
    ///
    /// # Errors
    /// If there is no answer.
    pub fn head_or_get(&self, url: &Url) -> Result<WebAnswer, FailedRequest> {
        let answer = self.head(url)?;
        if answer.says_that_it_knows_heads() { Ok(answer) } else { self.get(url) }
    }

    /// True if a name that a proxy resolves is that of a local host, as far as this machine can
    /// tell: a proxy often is in the same network, and lets its clients in there.
    fn is_found_local(&self, name: &str) -> bool {
        let mut known = self.looked_up.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(is_local) = known.get(name) {
            return *is_local;
        }
        drop(known);
        let is_local = resolves_to_local(name.to_owned());
        known = self.looked_up.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.to_owned(), is_local);
        is_local
    }

    /// Sends a request when it is the host's turn: redirects lead to hosts that are just asked for
    /// pages of their own.
    fn send(
        &self,
        url: &Url,
        request: RequestBuilder<WithoutBody>,
    ) -> Result<WebAnswer, FailedRequest> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turns.entry(host).or_default().clone();
        drop(turns);
        let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.was_asked {
            std::thread::sleep(self.pause);
        }
        turn.was_asked = true;
        request.call().map(WebAnswer::new).map_err(|error| self.no_answer(&error))
    }

    /// The result of a failed request.
    fn no_answer(&self, error: &ureq::Error) -> FailedRequest {
        let failed = FailedRequest::of(error);
        // Behind a proxy it is the proxy that was not found or refused the connection.
        if failed.is_gone && self.proxy.is_some() {
            let why = phrase!("the proxy: {why}", why = failed.why);
            return FailedRequest { why, is_gone: false, ..failed };
        }
        failed
    }
}

impl FailedRequest {
    /// The result of a request that failed with this error.
    pub(super) fn of(error: &ureq::Error) -> Self {
        let gone = |why, is_passing| Self { why, is_gone: true, is_passing };
        let silent = |why, is_passing| Self { why, is_gone: false, is_passing };
        match error {
            ureq::Error::HostNotFound => gone(phrase!("unknown host"), false),
            ureq::Error::Io(error) if is_unknown_host(error) => {
                gone(phrase!("unknown host"), false)
            }
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                gone(phrase!("connection refused"), true)
            }
            ureq::Error::Io(error) if error.kind() == ErrorKind::PermissionDenied => {
                silent(system_error(error), false)
            }
            ureq::Error::Timeout(_) => silent(phrase!("no answer in time"), true),
            other => silent(Phrase::verbatim(other.to_string()), true),
        }
    }
}

/// True if there is no host of a name, which `std` reports in the text of the error only. A machine
/// without a network says that the failure is temporary: then nothing is known of the host.
fn is_unknown_host(error: &std::io::Error) -> bool {
    let said = error.to_string();
    let is_found_out = !said.contains("Temporary failure") && !said.contains("ry again");
    let words = ["failed to lookup address", "Name or service not known", "No such host"];
    is_found_out && words.iter().any(|words| said.contains(words))
}

/// True if this machine finds a local address for a name in time.
fn resolves_to_local(name: String) -> bool {
    let (sender, receiver) = mpsc::channel();
    // No thread waits for this one: the system has no lookup that can be interrupted.
    std::thread::spawn(move || {
        let addresses = (name.as_str(), 80).to_socket_addrs();
        let is_any = addresses.is_ok_and(|mut found| found.any(|found| is_local(found.ip())));
        let _ = sender.send(is_any);
    });
    receiver.recv_timeout(LOOKUP).unwrap_or(false)
}

/// Resolves hosts, but refuses addresses of this machine and its local network: an untrusted note
/// must not make the program send requests there, and anyone can give a name such an address.
#[derive(Debug)]
struct Guarded {
    /// True if nothing is refused.
    is_open: bool,
    /// The proxy, which is not refused: the notes did not name it.
    proxy: Option<Uri>,
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
        let is_proxy = self.proxy.as_ref() == Some(uri);
        if !self.is_open && !is_proxy && addresses.iter().any(|address| is_local(address.ip())) {
            return Err(ureq::Error::Io(std::io::Error::new(ErrorKind::PermissionDenied, REFUSED)));
        }
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_be_local_and_hosts_that_are_asked_without_it_may_not() {
        let proxy: Uri = "http://127.0.0.1:3128/".parse().unwrap();
        let resolver = |is_open| {
            let system = DefaultResolver::default();
            Guarded { is_open, proxy: Some(proxy.clone()), system }
        };
        let is_resolved = |is_open, url: &str| {
            let uri: Uri = url.parse().unwrap();
            resolver(is_open).resolve(&uri, &Config::default(), NextTimeout::default()).is_ok()
        };
        for (url, expected) in [
            ("http://127.0.0.1:3128/", true),
            ("http://127.0.0.1:3129/", false),
            ("https://127.0.0.1:3128/", false),
            ("http://10.0.0.1/", false),
            ("http://localhost/", false),
            ("http://8.8.8.8/", true),
        ] {
            assert_eq!(is_resolved(false, url), expected, "{url}");
            assert!(is_resolved(true, url), "{url}");
        }
    }

    #[test]
    fn without_a_network_no_host_is_unknown() {
        let lookup = "failed to lookup address information";
        for (said, expected) in [
            (format!("{lookup}: Name or service not known"), true),
            (format!("{lookup}: nodename nor servname provided, or not known"), true),
            ("No such host is known. (os error 11001)".to_owned(), true),
            (format!("{lookup}: Temporary failure in name resolution"), false),
            (format!("{lookup}: Try again"), false),
            ("Connection reset by peer".to_owned(), false),
        ] {
            assert_eq!(is_unknown_host(&std::io::Error::other(said.clone())), expected, "{said}");
        }
    }
}
