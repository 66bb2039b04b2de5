//! The answer of a site: its status and the address that it redirects to.
//!
//! Must not know: the request, the meaning of a body.

use ureq::http::{HeaderName, Response, StatusCode, header};
use url::Url;

use crate::phrase::{Phrase, phrase};

/// The answer of a site.
#[derive(Debug)]
pub struct WebAnswer {
    response: Response<ureq::Body>,
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

    fn header(&self, name: HeaderName) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }
}
