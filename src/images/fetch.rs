//! Addresses of pictures → what their hosts give: many hosts at once, one request at a time to each
//! with a pause between them. A host that gives no answer, or asks to be left alone, is not asked
//! for the rest.
//!
//! Must not know: notes, the storage of pictures, their formats.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use url::Url;

use crate::phrase::{Phrase, phrase};
use crate::web::{
    FailedRequest, NoBody, NotAsked, REFUSED, Reach, WebAnswer, WebClient, WebManner,
};

/// Number of pictures of a host in a row without an answer after which it is not asked for others.
const SILENCES: usize = 2;

/// Options of fetching.
#[derive(Debug, Clone)]
pub struct FetchManner {
    /// Number of hosts that are asked at once.
    pub hosts: usize,
    /// The pace of requests.
    pub pace: WebManner,
    /// The waits before each further try after an error that may pass.
    pub again: Vec<Duration>,
    /// Longest wait that a host may ask for; one that asks for more is not asked again.
    pub longest_wait: Duration,
    /// Most redirects that are followed.
    pub most_moves: usize,
    /// Most bytes of a picture.
    pub most_bytes: u64,
    /// The addresses that are asked.
    pub reach: Reach,
}

impl Default for FetchManner {
    fn default() -> Self {
        Self {
            hosts: 8,
            pace: WebManner {
                pause: Duration::from_millis(200),
                time_limit: Duration::from_mins(3),
                idle_limit: Some(Duration::from_secs(20)),
            },
            again: vec![Duration::from_secs(1), Duration::from_secs(4)],
            longest_wait: Duration::from_secs(30),
            most_moves: 5,
            most_bytes: 20 << 20,
            reach: Reach::default(),
        }
    }
}

/// A picture that is not at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The reason.
    pub why: Phrase,
    /// True if it does not exist any more, as far as can be known.
    pub is_gone: bool,
}

/// A picture as its host describes it, or not at hand.
pub type Described = Result<Option<u64>, Missed>;

/// Keeps the bytes of a picture, and gives what they are known by then.
pub type Keep<'k, K> = dyn Fn(&Url, Vec<u8>) -> Result<K, NotKept> + Sync + 'k;

/// The reason why bytes are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotKept {
    /// They are no picture that can be kept.
    Refused(Phrase),
    /// There is no place for them, nor for others.
    NoPlace(Phrase),
}

/// A try to get something.
struct PictureAttempt<T> {
    result: Result<T, Missed>,
    /// True if asking again may help.
    is_passing: bool,
    /// True if the host of the address itself gave no answer: it gives none for others either.
    is_silence: bool,
    /// The wish of the host, if it is asked too much.
    limit: Option<RateLimit>,
}

/// The wish of a host that is asked too much.
#[derive(Debug, Clone, Copy)]
enum RateLimit {
    /// To wait for this time.
    Wait(Duration),
    /// To be asked less, without a time.
    Less,
}

impl RateLimit {
    fn of(answer: &WebAnswer) -> Self {
        answer.retry_after().map_or(Self::Less, Self::Wait)
    }

    /// The reason why the host is not asked any more.
    fn why(self) -> Phrase {
        match self {
            Self::Wait(wait) => phrase!(
                "not asked for: the host asks to wait for {seconds:second}",
                seconds = wait.as_secs()
            ),
            Self::Less => phrase!("not asked for: the host asks for fewer requests"),
        }
    }
}

impl<T> PictureAttempt<T> {
    fn known(result: Result<T, Missed>) -> Self {
        Self { result, is_passing: false, is_silence: false, limit: None }
    }

    fn missed(why: Phrase, is_gone: bool) -> Self {
        Self::known(Err(Missed { why, is_gone }))
    }

    fn failed(failed: FailedRequest, is_silence: bool) -> Self {
        let FailedRequest { why, is_gone, is_passing } = failed;
        Self { is_passing, is_silence, ..Self::missed(why, is_gone) }
    }
}

/// The side of this program in all requests for pictures.
struct PictureClient<'m> {
    web: WebClient,
    manner: &'m FetchManner,
    /// True if nothing more is asked for.
    is_over: AtomicBool,
}

/// The bytes of the pictures at all addresses, each given to `keep` once; `step` is called after
/// each address.
///
/// # Errors
/// If there is no place for them; then the rest is not asked for.
pub fn fetch<K: Send>(
    urls: Vec<Url>,
    manner: &FetchManner,
    keep: &Keep<'_, K>,
    step: &(dyn Fn() + Sync),
) -> Result<BTreeMap<Url, Result<K, Missed>>, Phrase> {
    let no_place = OnceLock::new();
    let kept = |client: &PictureClient<'_>, url: &Url, bytes: Vec<u8>| match keep(url, bytes) {
        Ok(kept) => PictureAttempt::known(Ok(kept)),
        Err(NotKept::Refused(why)) => PictureAttempt::missed(why, false),
        Err(NotKept::NoPlace(why)) => {
            client.is_over.store(true, Ordering::Relaxed);
            PictureAttempt::missed(no_place.get_or_init(|| why).clone(), false)
        }
    };
    let found = visit_all(urls, manner, step, &|client: &PictureClient<'_>, url: &Url| {
        client.follow(url, WebClient::get, |answer| match answer.body(manner.most_bytes) {
            Ok(bytes) => kept(client, url, bytes),
            Err(NoBody::Large) => PictureAttempt::missed(
                phrase!("it is larger than {limit} MB", limit = manner.most_bytes >> 20),
                false,
            ),
            Err(NoBody::Cut(failed)) => PictureAttempt::failed(failed, false),
        })
    });
    no_place.into_inner().map_or(Ok(found), Err)
}

/// The number of bytes of the pictures at all addresses, as far as their hosts say, without the
/// pictures; `step` is called after each address.
pub fn describe(
    urls: Vec<Url>,
    manner: &FetchManner,
    step: &(dyn Fn() + Sync),
) -> BTreeMap<Url, Described> {
    visit_all(urls, manner, step, &|client: &PictureClient<'_>, url: &Url| {
        client.follow(url, WebClient::head_or_get, |answer| {
            PictureAttempt::known(Ok(answer.length()))
        })
    })
}

/// Asks all hosts, several at once.
fn visit_all<T: Send>(
    urls: Vec<Url>,
    manner: &FetchManner,
    step: &(dyn Fn() + Sync),
    attempt: &(dyn Fn(&PictureClient<'_>, &Url) -> PictureAttempt<T> + Sync),
) -> BTreeMap<Url, Result<T, Missed>> {
    let web = WebClient::new("images", manner.pace, manner.reach.clone());
    let client = PictureClient { web, manner, is_over: AtomicBool::new(false) };
    let mut by_host: BTreeMap<String, Vec<Url>> = BTreeMap::new();
    for url in urls {
        by_host.entry(url.host_str().unwrap_or_default().to_owned()).or_default().push(url);
    }
    // Hosts with the most pictures first, because they take longest.
    let mut hosts: Vec<Vec<Url>> = by_host.into_values().collect();
    hosts.sort_by_key(|urls| std::cmp::Reverse(urls.len()));
    let (next, found) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some(urls) = hosts.get(next.fetch_add(1, Ordering::Relaxed)) {
            visit(&client, urls, attempt, |url, result| {
                step();
                found.lock().unwrap_or_else(PoisonError::into_inner).insert(url.clone(), result);
            });
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..manner.hosts.min(hosts.len()) {
            scope.spawn(work);
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Asks a host for its pictures, one after the other.
fn visit<T>(
    client: &PictureClient<'_>,
    urls: &[Url],
    attempt: &(dyn Fn(&PictureClient<'_>, &Url) -> PictureAttempt<T> + Sync),
    mut keep: impl FnMut(&Url, Result<T, Missed>),
) {
    let (mut silences, mut given_up) = (0, None::<Phrase>);
    for url in urls {
        if client.is_over.load(Ordering::Relaxed) {
            return;
        }
        if let Some(why) = &given_up {
            keep(url, Err(Missed { why: why.clone(), is_gone: false }));
            continue;
        }
        // One that was silent for all tries just now needs no more than one to be so again.
        let again = if silences == 0 { &client.manner.again[..] } else { &[] };
        let found = client.persist(url, again, attempt);
        silences = if found.is_silence { silences + 1 } else { 0 };
        if let Some(limit) = found.limit {
            given_up = Some(limit.why());
        } else if silences >= SILENCES {
            given_up = Some(phrase!("not asked for: the host gave no answer before"));
        }
        keep(url, found.result);
    }
}

impl PictureClient<'_> {
    /// Asks for a picture, and again after each of the waits if that may help. A host that asks for
    /// a wait gets it.
    fn persist<T>(
        &self,
        url: &Url,
        again: &[Duration],
        attempt: &(dyn Fn(&Self, &Url) -> PictureAttempt<T> + Sync),
    ) -> PictureAttempt<T> {
        let mut found = attempt(self, url);
        for usual in again {
            if !found.is_passing {
                break;
            }
            let wait = match found.limit {
                Some(RateLimit::Wait(wait)) => wait,
                Some(RateLimit::Less) | None => *usual,
            };
            if wait > self.manner.longest_wait {
                break;
            }
            std::thread::sleep(wait);
            found = attempt(self, url);
        }
        found
    }

    /// Follows the redirects from an address, and takes what is wanted from the last answer.
    fn follow<T>(
        &self,
        url: &Url,
        request: impl Fn(&WebClient, &Url) -> Result<WebAnswer, FailedRequest>,
        take: impl FnOnce(WebAnswer) -> PictureAttempt<T>,
    ) -> PictureAttempt<T> {
        let mut url = url.clone();
        for hop in 0..=self.manner.most_moves {
            if let Some(refusal) = self.web.refusal(&url) {
                return PictureAttempt::missed(refused(refusal, hop), false);
            }
            let answer = match request(&self.web, &url) {
                Ok(answer) => answer,
                Err(failed) => {
                    let is_silence = hop == 0 && !failed.is_refusal();
                    return PictureAttempt::failed(failed, is_silence);
                }
            };
            let Some(next) = answer.redirect(&url) else { return judged(answer, take) };
            url = next;
        }
        let most = self.manner.most_moves;
        PictureAttempt::missed(phrase!("more than {most} redirects", most), false)
    }
}

/// Takes what is wanted from an answer that has it.
fn judged<T>(
    answer: WebAnswer,
    take: impl FnOnce(WebAnswer) -> PictureAttempt<T>,
) -> PictureAttempt<T> {
    let missed = |is_gone| PictureAttempt::missed(answer.said(), is_gone);
    match answer.status() {
        200 | 203 => take(answer),
        404 | 410 => missed(true),
        429 => PictureAttempt {
            is_passing: true,
            limit: Some(RateLimit::of(&answer)),
            ..missed(false)
        },
        503 if answer.retry_after().is_some() => PictureAttempt {
            is_passing: true,
            limit: Some(RateLimit::of(&answer)),
            ..missed(false)
        },
        500..=599 => PictureAttempt { is_passing: true, ..missed(false) },
        _ => missed(false),
    }
}

/// The reason why an address is not asked, after some redirects.
fn refused(refusal: NotAsked, hop: usize) -> Phrase {
    match refusal {
        NotAsked::Local if hop == 0 => REFUSED,
        NotAsked::Local => phrase!("a redirect leads to this machine or its local network"),
        NotAsked::Scheme => phrase!("a redirect leads to something other than a page"),
        NotAsked::Excluded => {
            phrase!("`check: {{external: {{exclude: […]}}}}` in notes.yaml excludes the address")
        }
    }
}
