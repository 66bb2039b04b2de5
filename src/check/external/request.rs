//! An address of another site → the state of its page, by asking: `HEAD` before `GET`, each
//! redirect looked at before it is followed.
//!
//! Must not know: the other addresses, the storage of answers.

use std::time::Duration;

use url::Url;

use super::{Manner, State};
use crate::phrase::phrase;
use crate::web::{FailedRequest, NotAsked, REFUSED, WebAnswer, WebClient, WebManner};

/// Most redirects that are followed.
const MOST_MOVES: usize = 8;

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

/// The side of this program in all requests for pages.
pub(super) struct LinkClient {
    web: WebClient,
}

impl LinkClient {
    pub(super) fn new(manner: &Manner) -> Self {
        let Manner { pause, time_limit, .. } = *manner;
        let pace = WebManner { pause, time_limit, idle_limit: None };
        Self { web: WebClient::new("link check", pace, manner.reach.clone()) }
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
            if let Some(refusal) = self.web.refusal(&url) {
                return Attempt::known(refused(refusal, hop, moved));
            }
            let answer = match self.web.head_or_get(&url) {
                Ok(answer) => answer,
                Err(failed) => return fault(failed, hop),
            };
            let Some(next) = answer.redirect(&url) else { return judged(&answer, moved) };
            is_for_good &= matches!(answer.status(), 301 | 308);
            url = next;
            if is_for_good {
                moved = Some(url.to_string());
            }
        }
        Attempt::known(State::Silent(phrase!("more than {most} redirects", most = MOST_MOVES)))
    }
}

/// The result of a failed request after some redirects.
fn fault(failed: FailedRequest, hop: usize) -> Attempt {
    let is_silence = hop == 0 && !failed.is_refusal();
    let FailedRequest { why, is_gone, is_passing } = failed;
    let state = if is_gone { State::Gone(why) } else { State::Silent(why) };
    Attempt { state, is_passing, is_silence }
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

fn judged(answer: &WebAnswer, moved: Option<String>) -> Attempt {
    match answer.status() {
        200..=299 => Attempt::known(moved.map_or(State::There, State::Moved)),
        404 | 410 => Attempt::known(State::Gone(answer.said())),
        429 | 500..=599 => {
            Attempt { is_passing: true, ..Attempt::known(State::Silent(answer.said())) }
        }
        _ => Attempt::known(State::Silent(answer.said())),
    }
}
