//! The answer of a site: its status, the address that it redirects to, its body as far as that is
//! read.
//!
//! Must not know: the request, the meaning of a body.

use std::io::Read as _;
use std::time::Duration;

use ureq::http::{HeaderName, Response, StatusCode, header};
use url::Url;

use super::client::FailedRequest;
use crate::phrase::{Phrase, phrase};

/// The answer of a site.
#[derive(Debug)]
pub struct WebAnswer {
    response: Response<ureq::Body>,
}

/// The reason why a body is not at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoBody {
    /// It has more bytes than are wanted.
    Large,
    /// It ended early, or did not come in time.
    Cut(FailedRequest),
}

impl WebAnswer {
    pub(super) fn new(response: Response<ureq::Body>) -> Self {
        Self { response }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The status in words.
    #[must_use]
    pub fn said(&self) -> Phrase {
        let status = self.response.status();
        let reason = status.canonical_reason().unwrap_or_default();
        let answer = format!("{} {reason}", status.as_u16());
        phrase!("the server answers {answer}", answer = answer.trim_end())
    }

    /// True if the site answered a request for the head of a page as it would one for the page.
    pub(super) fn says_that_it_knows_heads(&self) -> bool {
        let status = self.response.status();
        let has_answered = !status.is_client_error() && status != StatusCode::NOT_IMPLEMENTED;
        has_answered || status == StatusCode::TOO_MANY_REQUESTS
    }

    /// The address to which the answer for a URL redirects.
    #[must_use]
    pub fn redirect(&self, url: &Url) -> Option<Url> {
        if !self.response.status().is_redirection() {
            return None;
        }
        url.join(self.header(header::LOCATION)?).ok()
    }

    /// The time to wait that the site asks for, if it says so in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.header(header::RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs)
    }

    /// The number of bytes of the body, as far as the site says.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.header(header::CONTENT_LENGTH)?.trim().parse().ok()
    }

    fn header(&self, name: HeaderName) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// The body, if it has at most so many bytes and is whole.
    ///
    /// # Errors
    /// If it is larger, or ends before the length that the site gave.
    pub fn body(mut self, most: u64) -> Result<Vec<u8>, NoBody> {
        let promised = self.length();
        if promised.is_some_and(|length| length > most) {
            return Err(NoBody::Large);
        }
        let mut bytes = Vec::new();
        let reader = self.response.body_mut().as_reader();
        reader
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| NoBody::Cut(FailedRequest::of(&ureq::Error::from(error))))?;
        let length = bytes.len() as u64;
        if length > most {
            return Err(NoBody::Large);
        }
        if promised.is_some_and(|promised| length < promised) {
            let why = phrase!("the answer ends early");
            return Err(NoBody::Cut(FailedRequest { why, is_gone: false, is_passing: true }));
        }
        Ok(bytes)
    }
}
