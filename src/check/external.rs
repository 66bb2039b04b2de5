//! Addresses of other sites → the state of their pages, by asking: many sites at once, but one
//! request at a time to each with a pause between them. A site that gives no answer is not asked
//! for all its pages. Answers are valid for a while.
//!
//! Must not know: the links of notes, the storage of answers, the clock.

mod request;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use self::request::LinkClient;
use crate::phrase::Phrase;
use crate::web::Reach;

/// The time for which an answer is valid: for pages that exist, are gone, and gave no answer. A
/// page rarely goes, one that has gone may be back when its link has been looked at, and a silence
/// is often that of this machine's own network.
const LASTS: [Duration; 3] =
    [Duration::from_hours(7 * 24), Duration::from_hours(24), Duration::from_hours(1)];
/// Number of silences of an origin in a row after which its other pages are not asked for.
const SILENCES: usize = 2;

/// Options of the check of links to other sites.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Number of sites that are asked at once.
    pub sites: usize,
    /// Pause between two requests to one site.
    pub pause: Duration,
    /// Longest wait for an answer.
    pub time_limit: Duration,
    /// The waits before each further try after an error of a site.
    pub again: Vec<Duration>,
    /// The addresses that are asked.
    pub reach: Reach,
    /// True if earlier answers are not used.
    pub refresh: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            sites: 16,
            pause: Duration::from_millis(200),
            time_limit: Duration::from_secs(20),
            again: vec![Duration::from_secs(1), Duration::from_secs(4)],
            reach: Reach::default(),
            refresh: false,
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
    Gone(Phrase),
    /// It is unknown if it exists, for this reason.
    Silent(Phrase),
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

/// The result of asking.
#[derive(Debug, Clone, Default)]
pub struct AskedPages {
    /// The answers of now, and earlier ones that are still valid; to be kept.
    pub answers: Answers,
    /// The states of pages that were not asked for, because their site was silent before. They are
    /// no answers: the next run asks.
    pub assumed: BTreeMap<String, State>,
}

impl AskedPages {
    /// The state of the page at an address.
    #[must_use]
    pub fn state(&self, address: &str) -> Option<&State> {
        let answered = self.answers.get(address).map(|answer| &answer.state);
        answered.or_else(|| self.assumed.get(address))
    }
}

/// The address of the request for a link, without the part after `#`; `None` if it is not on
/// another site, or excluded.
#[must_use]
pub fn asked(address: &str, manner: &Manner) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    url.set_fragment(None);
    if manner.reach.refusal(address, &url).is_some() {
        return None;
    }
    Some(url.into())
}

/// The state of the pages at all addresses. `step` is called after each.
#[must_use]
pub fn ask(
    addresses: &BTreeSet<String>,
    known: &Answers,
    manner: &Manner,
    now: u64,
    step: &(dyn Fn() + Sync),
) -> AskedPages {
    let is_of_use = |(address, answer): &(&String, &Answer)| {
        !manner.refresh && addresses.contains(*address) && answer.is_valid(now)
    };
    let kept = known.iter().filter(is_of_use);
    let answers: Answers =
        kept.map(|(address, answer)| (address.clone(), answer.clone())).collect();
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
    let (client, next) = (LinkClient::new(manner), AtomicUsize::new(0));
    let found = Mutex::new(AskedPages { answers, assumed: BTreeMap::new() });
    let keep = |address: &String, state| {
        step();
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        match state {
            PageState::Asked(state) => {
                found.answers.insert(address.clone(), Answer { state, at: now });
            }
            PageState::Assumed(state) => {
                found.assumed.insert(address.clone(), state);
            }
        }
    };
    let work = || {
        while let Some(addresses) = sites.get(next.fetch_add(1, Ordering::Relaxed)) {
            visit(&client, addresses, &manner.again, &keep);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..manner.sites.min(sites.len()) {
            scope.spawn(work);
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The state of a page, as far as it was found out.
enum PageState {
    /// It was asked for.
    Asked(State),
    /// Its site was silent before.
    Assumed(State),
}

/// An origin that gave no answer to the last requests. The others of its host may: often only one
/// port is open.
struct SilentOrigin {
    /// Number of addresses in a row.
    times: usize,
    /// The state of the last one.
    state: State,
}

/// Asks a site for its pages, one after the other.
fn visit(
    client: &LinkClient,
    addresses: &[&String],
    again: &[Duration],
    keep: &dyn Fn(&String, PageState),
) {
    let mut silent: BTreeMap<String, SilentOrigin> = BTreeMap::new();
    for address in addresses {
        let origin = Url::parse(address).map(|url| url.origin().ascii_serialization());
        let origin = origin.unwrap_or_default();
        let times = silent.get(&origin).map_or(0, |silent| silent.times);
        if let Some(silent) = silent.get(&origin)
            && times >= SILENCES
        {
            keep(address, PageState::Assumed(silent.state.clone()));
            continue;
        }
        // One that was silent for all tries just now needs no more than one to be so again.
        let waits = if times == 0 { again } else { &[] };
        let attempt = client.ask(address, waits);
        if attempt.is_silence {
            let silence = SilentOrigin { times: times + 1, state: attempt.state.clone() };
            silent.insert(origin, silence);
        } else {
            silent.remove(&origin);
        }
        keep(address, PageState::Asked(attempt.state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_asked() {
        let exclude = vec!["https://no.org/x".to_owned()];
        let reach = Reach { local: false, exclude };
        let manner = Manner { reach: reach.clone(), ..Manner::default() };
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
            ("http://router/", None),
            ("http://[fec0::1]/", None),
            ("http://8.8.8.8/", Some("http://8.8.8.8/")),
            ("http:///", None),
        ] {
            assert_eq!(asked(address, &manner).as_deref(), expected, "{address}");
        }
        let manner = Manner { reach: Reach { local: true, ..reach }, ..manner };
        assert!(asked("http://127.0.0.1:1/", &manner).is_some());
    }

    #[test]
    fn answers_are_valid_for_a_while() {
        let answer = |state, at| Answer { state, at };
        let hour = 60 * 60;
        for (answer, now, is_valid) in [
            (answer(State::There, 0), 6 * 24 * hour, true),
            (answer(State::There, 0), 8 * 24 * hour, false),
            (answer(State::Gone(Phrase::verbatim("")), 0), 23 * hour, true),
            (answer(State::Gone(Phrase::verbatim("")), 0), 25 * hour, false),
            (answer(State::Silent(Phrase::verbatim("")), 0), hour - 1, true),
            (answer(State::Silent(Phrase::verbatim("")), 0), hour, false),
            (answer(State::There, 10), 9, false),
        ] {
            assert_eq!(answer.is_valid(now), is_valid, "{answer:?} {now}");
        }
    }
}
