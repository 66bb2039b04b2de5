//! Incoming connections → each served by its own task, up to a limit: at the limit a new one
//! replaces the one that has been idle longest, so that idle clients cannot block others.
//!
//! Must not know: requests and answers.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::http::{self, ServedSite};

/// Most open connections: systems let a program open 256 files or more.
const MOST: usize = 160;
/// Longest time until the header of a request has arrived.
const HEADER_TIME_LIMIT: Duration = Duration::from_secs(10);
/// Pause after an error of accepting a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// The connections that are open.
#[derive(Clone, Default)]
struct OpenConnections(Arc<Mutex<Connections>>);

#[derive(Default)]
struct Connections {
    next: u64,
    all: HashMap<u64, Connection>,
}

struct Connection {
    /// The time when `is_answered` was last set.
    since: Instant,
    is_answered: bool,
    /// Set as soon as its task runs.
    task: Option<AbortHandle>,
}

impl OpenConnections {
    fn lock(&self) -> MutexGuard<'_, Connections> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a new connection, and gives its number.
    fn enter(&self) -> u64 {
        let mut open = self.lock();
        if open.all.len() >= MOST {
            let longest = open.all.iter().min_by_key(|(_, one)| (one.is_answered, one.since));
            let longest = longest.map(|(number, _)| *number);
            let gone = longest.and_then(|number| open.all.remove(&number));
            if let Some(task) = gone.and_then(|gone| gone.task) {
                task.abort();
            }
        }
        let number = open.next;
        open.next += 1;
        open.all
            .insert(number, Connection { since: Instant::now(), is_answered: false, task: None });
        number
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Connection)) {
        if let Some(one) = self.lock().all.get_mut(&number) {
            change(one);
        }
    }

    /// Marks a connection as idle or as being answered.
    fn mark(&self, number: u64, is_answered: bool) {
        self.change(number, |one| {
            one.is_answered = is_answered;
            one.since = Instant::now();
        });
    }

    fn leave(&self, number: u64) {
        self.lock().all.remove(&number);
    }
}

/// Serves all incoming connections, for ever.
pub(super) async fn accept(listener: TcpListener, site: ServedSite) {
    let open = OpenConnections::default();
    let router = http::router(site);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Most likely too many files are open in the system or the program.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Small answers are sent at once; if the option cannot be set, a little later.
        let _ = stream.set_nodelay(true);
        let number = open.enter();
        let task = tokio::spawn(connection(stream, router.clone(), open.clone(), number));
        open.change(number, |one| one.task = Some(task.abort_handle()));
    }
}

/// Serves one connection to its end.
async fn connection(stream: TcpStream, router: Router, open: OpenConnections, number: u64) {
    let service = TowerToHyperService::new(router.into_service());
    let answer = |request: Request<Incoming>| {
        open.mark(number, true);
        let is_lasting = http::is_lasting(request.uri());
        let answer = hyper::service::Service::call(&service, request.map(Body::new));
        let open = open.clone();
        async move {
            let answer: Result<Response, Infallible> = answer.await;
            if !is_lasting {
                open.mark(number, false);
            }
            answer
        }
    };
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME_LIMIT);
    // Errors are ignored: the browser opens a new connection.
    let _ = server.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
    open.leave(number);
}
