//! A request → a refusal or none, and the security headers of the answer.
//!
//! A page of another site can make a browser send requests here, and can point its own host name to
//! this machine (DNS rebinding). But it cannot make the browser send one of our names as `Host`, or
//! omit its own name in `Origin`.
//!
//! Must not know: the site that is served.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use axum::http::header::{HOST, HeaderName, HeaderValue, ORIGIN};
use axum::http::{HeaderMap, Method, Request, StatusCode};

/// The names of this server.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// The name in the option `--host`.
    own: String,
    /// True if only this machine reaches it.
    is_local: bool,
}

impl Names {
    /// The names of a server that was started with `host` and listens at `address`.
    pub fn new(host: &str, address: SocketAddr) -> Self {
        Self {
            own: host.trim_matches(['[', ']']).to_ascii_lowercase(),
            is_local: address.ip().is_loopback(),
        }
    }

    /// True if a host, with or without a port, is one of them. An IP address is safe, for DNS
    /// cannot rebind it; a server for this machine alone still accepts loopback addresses only.
    fn know(&self, host: &str) -> bool {
        let Some(name) = without_port(host) else { return false };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if name == "localhost" || name.ends_with(".localhost") || name == self.own {
            return true;
        }
        name.parse::<IpAddr>().is_ok_and(|address| !self.is_local || address.is_loopback())
    }
}

/// A host without its port, an IPv6 address without brackets.
fn without_port(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (name, rest) = rest.split_once(']')?;
            (name, rest.strip_prefix(':').or_else(|| rest.is_empty().then_some("")))
        }
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, Some("")),
        },
    };
    port?.bytes().all(|byte| byte.is_ascii_digit()).then_some(name)
}

/// The status and message of the refusal of a request; `None` if it is allowed.
pub(super) fn refusal<B>(
    request: &Request<B>,
    names: &Names,
) -> Option<(StatusCode, &'static str)> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some((StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are allowed\n"));
    }
    let mut hosts = request.headers().get_all(HOST).iter().map(HeaderValue::to_str);
    let (host, more) = (hosts.next(), hosts.next());
    let Some(Ok(host)) = host.filter(|_| more.is_none()) else {
        return Some((StatusCode::BAD_REQUEST, "exactly one Host header is needed\n"));
    };
    let target = request.uri().authority().map(axum::http::uri::Authority::as_str);
    if !names.know(host) || target.is_some_and(|target| !names.know(target)) {
        let reason = "unknown host name; start the preview with `--host` and this name\n";
        return Some((StatusCode::MISDIRECTED_REQUEST, reason));
    }
    None
}

/// True if a request comes from a page of this server, or from no page.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let is_of_host = |origin: &str| {
        let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        host.is_some() && host == text(HOST)
    };
    text(ORIGIN).is_none_or(is_of_host)
        && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// The content security policy of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Of pages with the built-in templates: images and media from any site, scripts from this
    /// server only.
    Closed,
    /// Of pages with the writer's own templates, which may load anything, as on the published site.
    Open,
    /// Of files beside the notes: a linked HTML file or picture is shown without its scripts, for
    /// they could read all notes here. Chromium shows PDFs in a sandbox since its viewer is a frame
    /// of its own; before, it refused (its issue 271452).
    Sandboxed,
}

impl Policy {
    fn text(self) -> &'static str {
        match self {
            Self::Closed => {
                "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src * data: blob:; \
                 media-src * data: blob:; font-src * data:; frame-src http: https:; object-src 'none'; base-uri 'self'; \
                 form-action 'self'; frame-ancestors 'self'"
            }
            Self::Open => {
                "default-src * data: blob: 'unsafe-inline'; script-src 'self' http: https: 'unsafe-inline'; \
                 object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
            }
            Self::Sandboxed => {
                "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src * data: blob:; \
                 media-src * data: blob:; font-src * data:; frame-ancestors 'self'"
            }
        }
    }
}

/// The security headers of every answer. `searched` are the origins of the sites elsewhere that the
/// search asks.
pub(super) fn rules(policy: Policy, searched: &[String]) -> [(&'static str, Cow<'static, str>); 5] {
    let mut text = Cow::Borrowed(policy.text());
    if policy == Policy::Closed && !searched.is_empty() {
        text = format!("{text}; connect-src 'self' {}", searched.join(" ")).into();
    }
    [
        ("content-security-policy", text),
        ("x-content-type-options", "nosniff".into()),
        ("cross-origin-resource-policy", "same-origin".into()),
        ("cross-origin-opener-policy", "same-origin".into()),
        ("cache-control", "no-cache".into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_names_are_known() {
        let local = Names::new("127.0.0.1", "127.0.0.1:3000".parse().unwrap());
        let open = Names::new("0.0.0.0", "0.0.0.0:3000".parse().unwrap());
        let named = Names::new("Box.lan", "192.168.0.7:3000".parse().unwrap());
        for (host, expected) in [
            ("localhost:3000", [true, true, true]),
            ("LOCALHOST", [true, true, true]),
            ("a.localhost.:80", [true, true, true]),
            ("127.0.0.1:3000", [true, true, true]),
            ("[::1]:3000", [true, true, true]),
            ("[::1]", [true, true, true]),
            ("192.168.0.7:3000", [false, true, true]),
            ("box.lan:3000", [false, false, true]),
            ("evil.example:3000", [false, false, false]),
            ("localhost.evil.example", [false, false, false]),
            ("127.0.0.1.evil.example", [false, false, false]),
            ("localhost:3000@evil.example", [false, false, false]),
            ("[::1", [false, false, false]),
            ("[::1]x", [false, false, false]),
            ("", [false, false, false]),
        ] {
            assert_eq!([&local, &open, &named].map(|names| names.know(host)), expected, "{host}");
        }
    }

    #[test]
    fn pages_ask_the_sites_of_the_federation_alone() {
        let text = |policy, searched: &[String]| rules(policy, searched)[0].1.to_string();
        assert!(!text(Policy::Closed, &[]).contains("connect-src"));
        let searched = ["https://a.example".to_owned(), "http://b.example:81".to_owned()];
        let closed = text(Policy::Closed, &searched);
        assert!(closed.ends_with("; connect-src 'self' https://a.example http://b.example:81"));
        assert_eq!(text(Policy::Sandboxed, &searched), text(Policy::Sandboxed, &[]));
    }

    #[test]
    fn pages_of_other_sites_get_no_events() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            pairs.collect::<HeaderMap>()
        };
        for (pairs, expected) in [
            (&[("host", "localhost:3000")][..], true),
            (&[("host", "localhost:3000"), ("origin", "http://localhost:3000")], true),
            (&[("host", "localhost:3000"), ("sec-fetch-site", "same-origin")], true),
            (&[("host", "localhost:3000"), ("origin", "http://evil.example")], false),
            (&[("host", "localhost:3000"), ("origin", "http://localhost:4000")], false),
            (&[("host", "localhost:3000"), ("origin", "null")], false),
            (&[("host", "localhost:3000"), ("sec-fetch-site", "cross-site")], false),
            (&[("host", "localhost:3000"), ("sec-fetch-site", "same-site")], false),
        ] {
            assert_eq!(is_from_here(&headers(pairs)), expected, "{pairs:?}");
        }
    }
}
