//! A request → its answer: a file of the site, a page with the live-reload script, or a stream of
//! updates.
//!
//! An address is looked up among the routes of the site; it never becomes a path on disk.
//!
//! Must not know: the build of the site.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
    IF_NONE_MATCH, LOCATION,
};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::stream;
use tokio::sync::watch;

use super::active::ActiveRequests;
use super::address::{Address, find};
use super::copied;
use super::guard::{self, Names, Policy};
use super::live::{self, Client, PageWithScript};
use super::snapshot::Snapshot;
use super::uncommitted;
use crate::digest::Digest;
use crate::output::File;
use crate::path::Route;
use crate::phrase::Language;

/// The beginning of the program's own addresses. No file of a site has such a name, because hidden
/// files are not published.
const OWN: &str = "/.notes/";
/// Longest wait for a rebuild that is in progress.
const REBUILD_TIME_LIMIT: Duration = Duration::from_secs(3);
/// Interval of the comments that keep an idle stream of updates open.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The site that is served, in its newest version.
#[derive(Clone)]
pub(super) struct ServedSite {
    snapshot: watch::Receiver<Arc<Snapshot>>,
    /// True if a change is not shown yet.
    is_busy: watch::Receiver<bool>,
    /// The requests that are being answered.
    requests: Arc<ActiveRequests>,
    names: Arc<Names>,
    follows: bool,
    language: Language,
}

impl ServedSite {
    pub fn new(
        snapshot: watch::Receiver<Arc<Snapshot>>,
        is_busy: watch::Receiver<bool>,
        requests: Arc<ActiveRequests>,
        names: Names,
        follows: bool,
        language: Language,
    ) -> Self {
        Self { snapshot, is_busy, requests, names: Arc::new(names), follows, language }
    }

    /// The policy of pages.
    fn policy(&self) -> Policy {
        policy_of(&self.snapshot.borrow())
    }

    /// The origins of the sites elsewhere that the search asks.
    fn searched(&self) -> Vec<String> {
        let snapshot = self.snapshot.borrow();
        let Some(site) = &snapshot.site else { return Vec::new() };
        site.home().sources().federation.iter().map(|site| site.origin.clone()).collect()
    }

    /// The current site, after waiting for a rebuild in progress.
    async fn now(&self) -> Arc<Snapshot> {
        let mut is_busy = self.is_busy.clone();
        // If the rebuild takes too long, the site before it is shown.
        let _ =
            tokio::time::timeout(REBUILD_TIME_LIMIT, is_busy.wait_for(|is_busy| !is_busy)).await;
        self.snapshot.borrow().clone()
    }
}

/// The handlers of all addresses.
pub(super) fn router(site: ServedSite) -> Router {
    Router::new()
        .route(&format!("{OWN}events"), any(events))
        .route(
            &format!("{OWN}live.js"),
            any(|| async { own_file("text/javascript; charset=utf-8", live::SCRIPT) }),
        )
        .route(
            &format!("{OWN}live.css"),
            any(|| async { own_file("text/css; charset=utf-8", live::STYLES) }),
        )
        .route(&format!("{OWN}uncommitted"), any(uncommitted))
        .fallback(file)
        .layer(middleware::from_fn_with_state(site.clone(), guarded))
        .with_state(site)
}

/// True if the answer at an address is a stream that lasts as long as the client is connected.
pub(super) fn is_lasting(uri: &Uri) -> bool {
    uri.path().strip_prefix(OWN) == Some("events")
}

/// Refuses requests that [`guard`] does not allow, and adds the security headers to every answer.
async fn guarded(State(site): State<ServedSite>, request: Request, next: Next) -> Response {
    let mut response = match guard::refusal(&request, &site.names) {
        Some((status, reason)) => {
            let mut response = (status, reason).into_response();
            if status == StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            response
        }
        None => next.run(request).await,
    };
    let policy = response.extensions().get().copied();
    let policy = policy.unwrap_or_else(|| site.policy());
    for (name, value) in guard::rules(policy, &site.searched()) {
        // All of them are ASCII; of a policy that were none, the strictest would be left.
        let strictest = HeaderValue::from_static("default-src 'none'");
        let value = HeaderValue::from_str(&value).unwrap_or(strictest);
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}

fn own_file(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind)], text).into_response()
}

/// A file of the site.
async fn file(
    State(site): State<ServedSite>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let request = site.requests.begin();
    let snapshot = site.now().await;
    let answer = move || {
        let answer = answer(&snapshot, &method, &uri, &headers);
        drop(request);
        answer
    };
    // Rendering a page takes too long for an asynchronous thread.
    match tokio::task::spawn_blocking(answer).await {
        Ok(answer) => answer,
        Err(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "the page could not be rendered\n").into_response()
        }
    }
}

fn answer(snapshot: &Snapshot, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    if snapshot.site.is_none() {
        let (bytes, digest) = live::waiting_page();
        let page = PageWithScript::new(&bytes, digest, false, snapshot);
        return page_answer(method, headers, StatusCode::SERVICE_UNAVAILABLE, page);
    }
    let (status, route) = match find(snapshot, uri.path()) {
        Address::File(route) => (StatusCode::OK, Some(route)),
        Address::Folder => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            // A location that begins with `//` would be on another host.
            let to = format!("/{}/{query}", uri.path().trim_start_matches('/'));
            return (StatusCode::FOUND, [(LOCATION, to)]).into_response();
        }
        Address::Nothing => (StatusCode::NOT_FOUND, snapshot.not_found()),
    };
    let Some((route, file)) = route.and_then(|route| Some((route.clone(), snapshot.file(&route)?)))
    else {
        return not_found();
    };
    match &file {
        File::Bytes(bytes, digest) if is_page(&route) => {
            let (bytes, is_there) = (Bytes::from_owner(bytes.clone()), status == StatusCode::OK);
            let page = PageWithScript::new(&bytes, *digest, is_there, snapshot);
            page_answer(method, headers, status, page)
        }
        File::Bytes(bytes, digest) => {
            let bytes = Bytes::from_owner(bytes.clone());
            let whole = Whole { kind: kind(&route), tag: tag(*digest), size: bytes.len() };
            whole.answer(method, headers, status, bytes)
        }
        File::Copy { .. } => {
            let Ok(file) = file.open_within(&snapshot.folder, SystemTime::now()) else {
                return not_found();
            };
            let is_of_notes = snapshot.site.as_ref().is_some_and(|site| site.is_beside(&route));
            if !is_of_notes {
                return copied::answer(method, headers, kind(&route), file);
            }
            // A template of the writer's may load a script that is among the notes.
            let kind = match policy_of(snapshot) {
                Policy::Open => kind(&route),
                _ => inert(kind(&route)),
            };
            let mut response = copied::answer(method, headers, kind, file);
            response.extensions_mut().insert(Policy::Sandboxed);
            response
        }
        File::OnDisk { .. } | File::Ahead { .. } => not_found(),
    }
}

/// The policy of a site's pages.
fn policy_of(snapshot: &Snapshot) -> Policy {
    let has_own_templates =
        snapshot.site.as_ref().is_some_and(|site| site.home().sources().theme.has_own_templates);
    if has_own_templates { Policy::Open } else { Policy::Closed }
}

pub(super) fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "not found\n").into_response()
}

fn is_page(route: &Route) -> bool {
    Path::new(route.as_str()).extension().is_some_and(|end| end == "html")
}

/// The answer with a page.
fn page_answer(
    method: &Method,
    headers: &HeaderMap,
    status: StatusCode,
    page: PageWithScript,
) -> Response {
    let kind = "text/html; charset=utf-8".to_owned();
    let whole = Whole { kind, tag: tag(page.digest), size: page.size() };
    let parts = stream::iter(page.parts.map(Ok::<_, Infallible>));
    whole.answer(method, headers, status, Body::from_stream(parts))
}

/// An entity tag (RFC 9110 §8.8.3).
pub(super) fn tag(digest: Digest) -> String {
    format!("\"{digest}\"")
}

/// The media type of a file, by its name.
fn kind(route: &Route) -> String {
    let kind = mime_guess::from_path(route.as_str()).first_or_octet_stream();
    let is_text =
        kind.type_() == "text" || matches!(kind.subtype().as_str(), "javascript" | "json" | "xml");
    if is_text { format!("{kind}; charset=utf-8") } else { kind.to_string() }
}

/// The media type of a file beside the notes: no type of a script, so that no page runs it.
fn inert(kind: String) -> String {
    let is_script = ["javascript", "ecmascript", "jscript", "livescript"];
    if is_script.iter().any(|script| kind.contains(script)) {
        return "text/plain; charset=utf-8".to_owned();
    }
    kind
}

/// True if the browser has a file with this tag already.
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag))
}

/// The headers of an answer with bytes that are in memory.
struct Whole {
    kind: String,
    tag: String,
    size: usize,
}

impl Whole {
    /// The answer with this body; without one if the browser has it already.
    fn answer(
        self,
        method: &Method,
        headers: &HeaderMap,
        status: StatusCode,
        body: impl Into<Body>,
    ) -> Response {
        if is_known(headers, &self.tag) && status == StatusCode::OK {
            return (StatusCode::NOT_MODIFIED, [(ETAG, self.tag)]).into_response();
        }
        let body = if method == Method::HEAD { Body::empty() } else { body.into() };
        let size = self.size.to_string();
        let headers = [(CONTENT_TYPE, self.kind), (ETAG, self.tag), (CONTENT_LENGTH, size)];
        (status, headers, body).into_response()
    }
}

/// The notes that are not committed.
async fn uncommitted(State(site): State<ServedSite>, headers: HeaderMap) -> Response {
    if !guard::is_from_here(&headers) {
        return (StatusCode::FORBIDDEN, "not a page of this server\n").into_response();
    }
    let snapshot = site.now().await;
    let addresses = tokio::task::spawn_blocking(move || uncommitted::addresses(&snapshot)).await;
    let json = addresses.unwrap_or_else(|_| "[]".to_owned());
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], json).into_response()
}

/// A stream of updates for one open page.
async fn events(State(site): State<ServedSite>, uri: Uri, headers: HeaderMap) -> Response {
    if !guard::is_from_here(&headers) {
        return (StatusCode::FORBIDDEN, "not a page of this server\n").into_response();
    }
    let path = uri.query().and_then(|query| query.strip_prefix("page="));
    let Some(path) = path
        .map(|path| percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned())
    else {
        return (StatusCode::BAD_REQUEST, "page= is missing\n").into_response();
    };
    let client = Client::new(path, site.follows, site.language);
    let updates = stream::unfold(
        (client, site.snapshot.clone(), false),
        |(mut client, mut snapshot, begun)| async move {
            let mut is_due = !begun;
            loop {
                if !is_due {
                    snapshot.changed().await.ok()?;
                }
                is_due = false;
                let now = snapshot.borrow_and_update().clone();
                // Rendering a page takes too long for an asynchronous thread.
                let (back, update) = tokio::task::spawn_blocking(move || {
                    let update = client.next_update(&now);
                    (client, update)
                })
                .await
                .ok()?;
                client = back;
                if let Some(update) = update {
                    return Some((
                        Ok::<_, Infallible>(Event::default().data(update)),
                        (client, snapshot, true),
                    ));
                }
            }
        },
    );
    Sse::new(updates).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("")).into_response()
}
