//! An address of another site → the state of its page, by asking: `HEAD` before `GET`, each
//! redirect looked at before it is followed, one request at a time to each host.
//!
//! Must not know: the other addresses, the storage of answers.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::ToSocketAddrs as _;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::typestate::WithoutBody;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, RequestBuilder};
use url::{Host, Url};

use super::local::{is_local, is_local_host};
use super::{Manner, State};
use crate::phrase::{Phrase, phrase, system_error};

/// Most redirects that are followed.
const MOST_MOVES: usize = 8;
/// Longest wait for the addresses of a host that a proxy asks. Behind many proxies a machine cannot
/// resolve names of the public network at all.
const LOOKUP: Duration = Duration::from_secs(2);
/// The reason why a host is not asked.
const REFUSED: Phrase = phrase!("the host is on this machine or its local network");

/// The result of asking for a page.
pub(super) struct Attempt {
    pub(super) state: State,
    /// True if asking again may help.
    pub(super) is_passing: bool,
    /// True if the host of the address itself gave no answer: its other pages give none either.
    pub(super) is_silence: bool,
}

impl Attempt {
    fn known(state: State) -> Self {
        Self { state, is_passing: false, is_silence: false }
    }
}

/// The reason why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotAsked {
    /// It is not of the web.
    Scheme,
    /// It is of this machine or its networks.
    Local,
    /// The settings exclude it.
    Excluded,
}

/// The reason not to ask for an address, which is `url` as it is written.
pub(super) fn refusal(address: &str, url: &Url, manner: &Manner) -> Option<NotAsked> {
    if !matches!(url.scheme(), "http" | "https") {
        return Some(NotAsked::Scheme);
    }
    if !manner.local && url.host().is_none_or(|host| is_local_host(&host)) {
        return Some(NotAsked::Local);
    }
    let is_excluded = |begin: &String| {
        address.starts_with(begin.as_str()) || url.as_str().starts_with(begin.as_str())
    };
    manner.exclude.iter().any(is_excluded).then_some(NotAsked::Excluded)
}

/// A host that is asked.
#[derive(Default)]
struct Turn {
    /// True after its first request.
    was_asked: bool,
}

/// The side of this program in all requests.
pub(super) struct LinkClient<'m> {
    agent: Agent,
    manner: &'m Manner,
    /// The proxy that asks the hosts, and resolves their names.
    proxy: Option<Uri>,
    turns: Mutex<BTreeMap<String, Arc<Mutex<Turn>>>>,
    /// The hosts that were looked up, and true for local ones; for a proxy only.
    looked_up: Mutex<BTreeMap<String, bool>>,
}

impl<'m> LinkClient<'m> {
    pub(super) fn new(manner: &'m Manner) -> Self {
        let name = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"), " (link check)");
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(manner.time_limit))
            .user_agent(name)
            .build();
        let proxy = config.proxy().map(|proxy| proxy.uri().clone());
        let system = DefaultResolver::default();
        let resolver = Guarded { is_open: manner.local, proxy: proxy.clone(), system };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        let (turns, looked_up) = (Mutex::default(), Mutex::default());
        Self { agent, manner, proxy, turns, looked_up }
    }

    /// Asks for a page, and again after each of the waits if that may help.
    pub(super) fn ask(&self, address: &str, waits: &[Duration]) -> Attempt {
        let mut attempt = self.follow(address);
        for wait in waits {
            if !attempt.is_passing {
                break;
            }
            std::thread::sleep(*wait);
            attempt = self.follow(address);
        }
        attempt
    }

    /// The state of a page after its redirects.
    fn follow(&self, address: &str) -> Attempt {
        let Ok(mut url) = Url::parse(address) else {
            return Attempt::known(State::Gone(phrase!("the address is not valid")));
        };
        let mut moved = None;
        let mut is_for_good = true;
        for hop in 0..=MOST_MOVES {
            if let Some(refusal) = self.refusal(&url) {
                return Attempt::known(refused(refusal, hop, moved));
            }
            let response = match self.question(&url) {
                Ok(response) => response,
                Err(error) => return self.fault(&error, hop),
            };
            let status = response.status();
            let Some(next) = redirect(&response, &url) else { return judged(status, moved) };
            is_for_good &= matches!(status.as_u16(), 301 | 308);
            url = next;
            if is_for_good {
                moved = Some(url.to_string());
            }
        }
        Attempt::known(State::Silent(phrase!("more than {most} redirects", most = MOST_MOVES)))
    }

    /// The reason not to ask for an address, which a redirect may have named.
    fn refusal(&self, url: &Url) -> Option<NotAsked> {
        let refusal = refusal(url.as_str(), url, self.manner);
        if refusal.is_some() || self.manner.local {
            return refusal;
        }
        let proxy = self.proxy.as_ref()?;
        if proxy.host() == url.host_str() {
            return Some(NotAsked::Local);
        }
        let Some(Host::Domain(name)) = url.host() else { return None };
        self.is_found_local(name).then_some(NotAsked::Local)
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

    /// Requests the head of a page, and the page if a site does not support that.
    fn question(&self, url: &Url) -> Result<Response<ureq::Body>, ureq::Error> {
        let response = self.request(url, self.agent.head(url.as_str()))?;
        let status = response.status();
        let has_answered = !status.is_client_error() && status != StatusCode::NOT_IMPLEMENTED;
        if has_answered || status == StatusCode::TOO_MANY_REQUESTS {
            return Ok(response);
        }
        self.request(url, self.agent.get(url.as_str()))
    }

    /// Sends a request when it is the host's turn: redirects lead to hosts that are just asked for
    /// pages of their own.
    fn request(
        &self,
        url: &Url,
        request: RequestBuilder<WithoutBody>,
    ) -> Result<Response<ureq::Body>, ureq::Error> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = turns.entry(host).or_default().clone();
        drop(turns);
        let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.was_asked {
            std::thread::sleep(self.manner.pause);
        }
        turn.was_asked = true;
        request.call()
    }

    /// The result of a failed request after some redirects.
    fn fault(&self, error: &ureq::Error, hop: usize) -> Attempt {
        let (state, is_passing) = fault(error);
        // Behind a proxy it is the proxy that was not found or refused the connection.
        let state = match state {
            State::Gone(why) if self.proxy.is_some() => {
                State::Silent(phrase!("the proxy: {why}", why))
            }
            state => state,
        };
        let is_refused = matches!(&state, State::Silent(why) if *why == REFUSED);
        Attempt { state, is_passing, is_silence: hop == 0 && !is_refused }
    }
}

/// The address to which an answer redirects.
fn redirect(response: &Response<ureq::Body>, url: &Url) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    let next = response.headers().get(header::LOCATION)?.to_str().ok()?;
    url.join(next).ok()
}

/// The state of a page that is not asked for, after some redirects.
fn refused(refusal: NotAsked, hop: usize, moved: Option<String>) -> State {
    match refusal {
        NotAsked::Local if hop == 0 => State::Silent(REFUSED),
        NotAsked::Local => {
            State::Silent(phrase!("a redirect leads to this machine or its local network"))
        }
        NotAsked::Scheme => {
            State::Silent(phrase!("a redirect leads to something other than a page"))
        }
        // The site has answered, and the writer does not want to know more.
        NotAsked::Excluded => moved.map_or(State::There, State::Moved),
    }
}

fn judged(status: StatusCode, moved: Option<String>) -> Attempt {
    let answer = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let said = phrase!("the server answers {answer}", answer = answer.trim_end());
    match status.as_u16() {
        200..=299 => Attempt::known(moved.map_or(State::There, State::Moved)),
        404 | 410 => Attempt::known(State::Gone(said)),
        429 | 500..=599 => Attempt { is_passing: true, ..Attempt::known(State::Silent(said)) },
        _ => Attempt::known(State::Silent(said)),
    }
}

/// The state after a failed request, and true if asking again may help.
fn fault(error: &ureq::Error) -> (State, bool) {
    match error {
        ureq::Error::HostNotFound => (State::Gone(phrase!("unknown host")), false),
        ureq::Error::Io(error) if is_unknown_host(error) => {
            (State::Gone(phrase!("unknown host")), false)
        }
        ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
            (State::Gone(phrase!("connection refused")), true)
        }
        ureq::Error::Io(error) if error.kind() == ErrorKind::PermissionDenied => {
            (State::Silent(system_error(error)), false)
        }
        ureq::Error::Timeout(_) => (State::Silent(phrase!("no answer in time")), true),
        other => (State::Silent(Phrase::verbatim(other.to_string())), true),
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
