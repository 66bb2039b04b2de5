//! The sites elsewhere that the settings name → what each publishes, about itself and for a search:
//! asked now, or as it was the last time that it answered.
//!
//! Must not know: what is made of it.

mod index;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::http::header;

use crate::cache::Cache;
use crate::config::{Config, FederatedSettings};
use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;
use crate::federation::{FederatedSite, NotPublished, PublishedSite};
use crate::phrase::{Phrase, phrase};
use crate::search::PublishedIndex;

/// The part of the cache's state that has what the sites published. It has no inputs: it is what
/// they said.
const STATE: &str = "federation";
/// The part that has their search indexes.
const STATE_OF_INDEXES: &str = "federation-index";
/// The file that a site publishes.
const FILE: &str = "book.json";
/// Most bytes of that file.
const MOST_BYTES: u64 = 1 << 20;

/// The use of the sites in `federation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FederationUse {
    /// They are asked, all at once, for at most this time; of one that gives no answer, the last is
    /// used.
    Ask(Duration),
    /// Their last answers are used.
    #[default]
    Kept,
}

/// The answers of sites by their addresses, for the next run.
#[derive(Debug, Default, Serialize, Deserialize)]
struct KeptAnswers(BTreeMap<String, PublishedSite>);

/// The search indexes of sites by their addresses, for the next run.
#[derive(Debug, Default, Serialize, Deserialize)]
struct KeptIndexes(BTreeMap<String, Arc<PublishedIndex>>);

/// The answer of a site.
struct SiteAnswer {
    published: PublishedSite,
    /// Its search index, as far as it is known.
    index: Option<Arc<PublishedIndex>>,
}

/// The sites, and warnings about those that gave no answer. `earlier` is what this run knew before.
pub(super) fn sites(
    config: &Config,
    cache: &Cache,
    used: FederationUse,
    earlier: &[FederatedSite],
) -> (Arc<Vec<FederatedSite>>, Vec<Diagnostic>) {
    // Several sites may have one list.
    let base_url = config.base_url.as_ref();
    let is_other =
        |settings: &&FederatedSettings| base_url.is_none_or(|base_url| !settings.is_at(base_url));
    let listed: Vec<&FederatedSettings> = config.federation.iter().filter(is_other).collect();
    if listed.is_empty() {
        return Default::default();
    }
    let last = LastAnswers {
        of_this_run: earlier,
        kept: cache.load_state(STATE, Digest::default()).unwrap_or_default(),
        indexes: cache.load_state(STATE_OF_INDEXES, Digest::default()).unwrap_or_default(),
    };
    let answers: Vec<Result<SiteAnswer, NoAnswer>> = match used {
        FederationUse::Kept => {
            listed.iter().map(|settings| last.of(settings).ok_or(NoAnswer::Unasked)).collect()
        }
        FederationUse::Ask(time_limit) => ask_all(&listed, &last, time_limit),
    };
    let mut problems: Vec<Diagnostic> =
        listed.iter().filter_map(|settings| mixed_content(settings, config)).collect();
    let mut sites = Vec::with_capacity(listed.len());
    let (mut answered, mut indexes) = (KeptAnswers::default(), KeptIndexes::default());
    for (settings, answer) in listed.iter().zip(answers) {
        let answer = match answer {
            Ok(answer) => Some(answer),
            Err(reason) => {
                let last = last.of(settings);
                problems.extend(reason.problem(settings, last.is_some(), config));
                last
            }
        };
        let Some(SiteAnswer { published, index }) = answer else {
            sites.push(FederatedSite::new(settings, None));
            continue;
        };
        let url = settings.url.to_string();
        indexes.0.extend(index.clone().map(|index| (url.clone(), index)));
        answered.0.insert(url, published.clone());
        sites.push(FederatedSite::new(settings, Some(published)).with_index(index));
    }
    cache.save_state(STATE, Digest::default(), &answered);
    cache.save_state(STATE_OF_INDEXES, Digest::default(), &indexes);
    (Arc::new(sites), config.levels.apply(problems))
}

/// The last answers of the sites: those that this run knew before, else those of earlier runs.
struct LastAnswers<'a> {
    of_this_run: &'a [FederatedSite],
    kept: KeptAnswers,
    indexes: KeptIndexes,
}

impl LastAnswers<'_> {
    fn of(&self, settings: &FederatedSettings) -> Option<SiteAnswer> {
        let url = settings.url.as_str();
        let of_this_run = self.of_this_run.iter().find(|site| site.url == settings.url);
        let of_this_run = of_this_run.and_then(|site| {
            Some(SiteAnswer { published: site.published.clone()?, index: site.index.clone() })
        });
        of_this_run.or_else(|| {
            let index = self.indexes.0.get(url).cloned();
            Some(SiteAnswer { published: self.kept.0.get(url)?.clone(), index })
        })
    }
}

/// The warning about a site that no search from here can ask.
fn mixed_content(settings: &FederatedSettings, config: &Config) -> Option<Diagnostic> {
    let base_url = config.base_url.as_ref();
    base_url.filter(|base_url| settings.is_mixed_content(base_url))?;
    let message = phrase!("{url} cannot be searched from a site over https:", url = settings.url);
    let help =
        phrase!("write its https:// address; browsers load nothing over http: into such a page");
    let location = config.location_of_site(settings.number);
    Some(Diagnostic { location, ..Diagnostic::new(Kind::Federation, message).help(help) })
}

/// The reason why nothing new is known of a site.
enum NoAnswer {
    /// It was not asked.
    Unasked,
    /// The request failed, or the server said that there is no such file.
    Failed(Phrase),
    /// The address redirects to another.
    Moved(Phrase),
    /// It sent another file.
    Other(NotPublished),
}

impl NoAnswer {
    /// The warning about it. `is_known` is true if an earlier answer is used.
    fn problem(
        self,
        settings: &FederatedSettings,
        is_known: bool,
        config: &Config,
    ) -> Option<Diagnostic> {
        let url = &settings.url;
        let (reason, help) = match self {
            Self::Unasked => return None,
            Self::Failed(why) => (
                phrase!("{url}{file} cannot be loaded: {why}", url, file = FILE, why),
                phrase!(
                    "correct the address, publish the site with this program, or build again later"
                ),
            ),
            Self::Moved(to) => (
                phrase!("{url} has moved to {to}", url, to),
                phrase!("write that address; the search follows no redirect"),
            ),
            Self::Other(NotPublished::Format(_)) => (
                phrase!("{url} was built by another version of the program", url),
                phrase!("publish the site with this version of the program"),
            ),
            Self::Other(NotPublished::Other) => (
                phrase!("{url}{file} is not a file of this program", url, file = FILE),
                phrase!("correct the address, or publish the site with this program"),
            ),
        };
        let message = if is_known {
            phrase!("{reason}; the home page shows what it published before", reason)
        } else {
            phrase!("{reason}; the home page shows its address alone", reason)
        };
        let location = config.location_of_site(settings.number);
        let problem = Diagnostic::new(Kind::Federation, message).help(help);
        Some(Diagnostic { location, ..problem })
    }
}

/// Asks all sites at once: they are a hundred at most.
fn ask_all(
    listed: &[&FederatedSettings],
    last: &LastAnswers<'_>,
    time_limit: Duration,
) -> Vec<Result<SiteAnswer, NoAnswer>> {
    let name = concat!(env!("CARGO_CRATE_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(time_limit))
        .user_agent(name)
        .build()
        .into();
    let deadline = Instant::now() + time_limit;
    let ask = |settings: &FederatedSettings| {
        let published = ask(&agent, settings)?;
        let site = FederatedSite::new(settings, Some(published.clone()));
        let earlier = last.of(settings).and_then(|answer| answer.index);
        let earlier = earlier.map(|index| (*index).clone());
        let index = index::load(&agent, &site, earlier, deadline).map(Arc::new);
        Ok(SiteAnswer { published, index })
    };
    std::thread::scope(|scope| {
        let asked: Vec<_> = listed.iter().map(|site| scope.spawn(|| ask(site))).collect();
        let answers = asked.into_iter().map(|answer| {
            answer.join().unwrap_or_else(|_| Err(NoAnswer::Failed(phrase!("no answer"))))
        });
        answers.collect()
    })
}

fn ask(agent: &Agent, settings: &FederatedSettings) -> Result<PublishedSite, NoAnswer> {
    let url = &settings.url;
    let failed = |error: ureq::Error| {
        NoAnswer::Failed(match error {
            ureq::Error::Timeout(_) => phrase!("no answer in time"),
            other => Phrase::verbatim(other.to_string()),
        })
    };
    let mut response = agent.get(format!("{url}{FILE}")).call().map_err(failed)?;
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
        let root = url::Url::parse(url.as_str()).ok();
        let to = root.zip(to).and_then(|(root, to)| root.join(to).ok());
        let to = to.map_or_else(
            || phrase!("another address"),
            |to| Phrase::verbatim(to.as_str().strip_suffix(FILE).unwrap_or(to.as_str())),
        );
        return Err(NoAnswer::Moved(to));
    }
    if !status.is_success() {
        return Err(NoAnswer::Failed(phrase!(
            "the server answers {status}",
            status = status.to_string()
        )));
    }
    let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(failed)?;
    PublishedSite::read(&body, url).map_err(NoAnswer::Other)
}
