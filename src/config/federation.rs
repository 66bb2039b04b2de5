//! `federation` → the sites elsewhere that are searched with this one.
//!
//! Must not know: the network, what a site publishes.

use super::foreign::non_empty;
use super::mistake::Mistake;
use super::problems::Problems;
use super::typed::{SiteMap, TypedSite};
use super::url::Url;
use super::yaml::YamlStep::{Index, Key};
use crate::phrase::phrase;

/// Most sites: a search asks each of them.
const MOST: usize = 100;

/// A site elsewhere, as the settings name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FederatedSettings {
    /// Its number in the list.
    pub number: usize,
    /// Its address; ends in `/`.
    pub url: Url,
    /// Its title, if it is another than its own.
    pub title: Option<String>,
}

/// Reads the list. The address of this site may be in it, so that several sites can have the same.
pub(super) fn resolve(
    typed: Vec<TypedSite>,
    problems: &mut Problems<'_>,
) -> Vec<FederatedSettings> {
    if typed.len() > MOST {
        let message = phrase!(
            "lists {typed} sites; a search asks at most {most}",
            typed = typed.len(),
            most = MOST
        );
        let help = phrase!("build several of them as one library with `books`");
        problems.error(&[Key("federation")], &Mistake::new(message, help));
        return Vec::new();
    }
    let mut sites: Vec<FederatedSettings> = Vec::with_capacity(typed.len());
    for (number, typed) in typed.into_iter().enumerate() {
        let steps = [Key("federation"), Index(number)];
        let map = match typed {
            TypedSite::Address(url) => SiteMap { url: Some(url), ..SiteMap::default() },
            TypedSite::Map(map) => map,
        };
        let Some(url) = problems.take(&steps, address(map.url)) else { continue };
        if let Some(other) = sites.iter().find(|other| other.url == url) {
            let message =
                phrase!("is the same site as `federation[{number}]`", number = other.number);
            problems.error(&steps, &Mistake::new(message, phrase!("remove one of the two")));
            continue;
        }
        sites.push(FederatedSettings { number, url, title: non_empty(map.title) });
    }
    sites
}

fn address(text: Option<String>) -> Result<Url, Mistake> {
    let Some(text) = non_empty(text) else {
        return Err(Mistake::new(
            phrase!("names no site"),
            phrase!("write the address of its home page"),
        ));
    };
    // In the form of browsers, for they compare the addresses of results with it.
    Url::parse_folder(&text)?.in_browsers()
}

impl FederatedSettings {
    /// True if the site is the one at this address.
    #[must_use]
    pub fn is_at(&self, base_url: &Url) -> bool {
        base_url.in_browsers().is_ok_and(|url| url == self.url)
    }

    /// True if pages at this address cannot load it: browsers load nothing over http into a page
    /// over https, but from their own machine.
    #[must_use]
    pub fn is_mixed_content(&self, base_url: &Url) -> bool {
        let is_secure = |url: &Url| url.as_str().starts_with("https:");
        is_secure(base_url) && !is_secure(&self.url) && !self.url.is_of_this_machine()
    }
}
