//! A folder of notes → its site in a browser, following what is written: events → hints → the site
//! as it is now → pages on request, and word to those that are open.
//!
//! Must not know: the command line, the terminal.

mod address;
mod connections;
mod engine;
mod guard;
mod http;
mod live;
mod moved;
mod snapshot;
mod watch;

use std::collections::BTreeSet;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use tokio::net::TcpListener;
use tokio::sync::watch as shared;

use self::engine::{Engine, Rebuilt};
use self::http::ServedSite;
use self::snapshot::Snapshot;
use self::watch::{Hints, Next, WatchMessage, Watcher};
use crate::build::LinkedSite;
use crate::cache;
use crate::diagnostic::{Diagnostic, Report};
use crate::project;

/// When a port is taken, so many after it are tried.
const PORTS: u16 = 50;

/// So many pages are made at once.
const MAKERS: usize = 4;

/// Options of `notes serve`.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The folder of the notes, or one that holds them in `content`; an absolute path without
    /// symbolic links.
    pub folder: PathBuf,
    /// The address or name to listen at.
    pub host: String,
    /// The port to listen at, or the first free one after it; 0 for any.
    pub port: u16,
    /// True if to look at the files now and then instead of being told of changes.
    pub poll: bool,
    /// True if notes that are not to be published yet are shown too.
    pub drafts: bool,
    /// True if browsers follow to the page that is written in.
    pub follow: bool,
}

/// An event of the preview.
#[derive(Debug)]
pub enum ServeEvent<'a> {
    /// A port is taken; another will do.
    Taken {
        /// The port.
        port: u16,
    },
    /// The site can be seen.
    Open {
        /// Its address.
        url: &'a str,
        /// True if others on the network see it too.
        to_others: bool,
        /// The time that it took.
        took: Duration,
        /// Number of notes.
        notes: usize,
        /// The diagnostics about them.
        report: &'a Report,
    },
    /// The system does not tell of changes, so the files are looked at now and then.
    Polling {
        /// Why.
        why: &'a str,
    },
    /// Something changed.
    Rebuilt {
        /// The changes, in words.
        what: &'a [String],
        /// Number of pages that were rendered.
        rendered: usize,
        /// The time since the first sign of the change.
        took: Duration,
        /// The diagnostics about the notes.
        report: &'a Report,
        /// The diagnostics that are new.
        new: &'a [Diagnostic],
    },
}

/// To whom news are told.
pub type Observer = dyn Fn(&ServeEvent<'_>) + Send + Sync;

/// A message to the thread that builds, beside changes.
enum Inner {
    /// The first site was made ready as far as it could be; what was wrong with its pages.
    Ready(Vec<Diagnostic>),
}

/// Serves a folder until the program is asked to end.
///
/// # Errors
/// When there is no address to listen at.
pub fn serve(options: &ServeOptions, observer: Arc<Observer>) -> io::Result<()> {
    let threads = || tokio::runtime::Builder::new_multi_thread();
    // Pages are made, and files read, on threads of which there need not be more than do so at
    // once.
    let runtime = threads().worker_threads(2).max_blocking_threads(MAKERS).enable_all().build()?;
    let begun = Instant::now();
    let listener = runtime.block_on(listen(options, &*observer))?;
    let address = listener.local_addr()?;
    let engine = Engine::new(&options.folder, options.drafts);
    let (shows, snapshot) = shared::channel(engine.snapshot());
    let (turns, is_busy) = shared::channel(true);
    let site = ServedSite::new(
        snapshot,
        is_busy,
        guard::Names::new(&options.host, address),
        options.follow,
    );
    runtime.spawn(connections::accept(listener, site));
    let builder = BuildThread { options: options.clone(), engine, shows, turns, observer };
    let at =
        SiteAddress { url: url(&options.host, address), to_others: !address.ip().is_loopback() };
    std::thread::Builder::new().name("notes".to_owned()).spawn(move || builder.work(&at, begun))?;
    runtime.block_on(asked_to_end());
    // Requests that are still open are not waited for.
    runtime.shutdown_background();
    Ok(())
}

/// Listens at the wanted port or the next one that is free.
async fn listen(options: &ServeOptions, observer: &Observer) -> io::Result<TcpListener> {
    let mut port = options.port;
    loop {
        let addresses: Vec<SocketAddr> = (options.host.as_str(), port).to_socket_addrs()?.collect();
        match TcpListener::bind(&addresses[..]).await {
            Err(error)
                if error.kind() == io::ErrorKind::AddrInUse && port - options.port < PORTS =>
            {
                observer(&ServeEvent::Taken { port });
                port = port.checked_add(1).ok_or(error)?;
            }
            bound => return bound,
        }
    }
}

/// Resolves when the terminal or the system asks the program to end.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ends) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = ends.recv() => {}
            }
            return;
        }
    }
    // Without a signal the program ends with its process.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The address of the site.
struct SiteAddress {
    url: String,
    to_others: bool,
}

/// The address to type into a browser on this machine.
fn url(host: &str, address: SocketAddr) -> String {
    let port = address.port();
    match address {
        _ if address.ip().is_unspecified() => format!("http://localhost:{port}/"),
        SocketAddr::V6(v6) if host.contains(':') => format!("http://[{}]:{port}/", v6.ip()),
        _ => format!("http://{host}:{port}/"),
    }
}

/// The thread that builds.
struct BuildThread {
    options: ServeOptions,
    engine: Engine,
    shows: shared::Sender<Arc<Snapshot>>,
    /// True if something changed and is not shown yet.
    turns: shared::Sender<bool>,
    observer: Arc<Observer>,
}

impl BuildThread {
    fn work(mut self, at: &SiteAddress, begun: Instant) {
        let observer = self.observer.clone();
        let say = |why: &str| observer(&ServeEvent::Polling { why });
        let (sender, messages) = channel();
        let own = [project::SITE, cache::FOLDER].map(|name| self.options.folder.join(name));
        let mut watcher = Watcher::new(
            &self.options.folder,
            own.to_vec(),
            (sender.clone(), messages),
            self.options.poll,
            &say,
        );
        let first = self.engine.rebuild(&Hints::everywhere());
        self.show(&first);
        let (took, report) = (begun.elapsed(), &first.snapshot.problems);
        let notes = first.snapshot.site.as_ref().map_or(0, |site| site.note_count());
        (self.observer)(&ServeEvent::Open {
            url: &at.url,
            to_others: at.to_others,
            took,
            notes,
            report,
        });
        let is_wanted = Arc::new(AtomicBool::new(true));
        make_ready(first.snapshot.site.clone(), &is_wanted, sender.clone());
        watcher.watch(&self.engine.folders(), &say);
        // Changes between the first reading and the first watch.
        let mut took = self.look();
        let noticed = self.turns.clone();
        let notice = || {
            noticed.send_replace(true);
        };
        while let Some(next) = watcher.next(took, &notice) {
            match next {
                Next::Changed(hints) => {
                    is_wanted.store(false, Ordering::Relaxed);
                    let begun = Instant::now();
                    let rebuilt = self.engine.rebuild(&hints);
                    self.show(&rebuilt);
                    self.report(&rebuilt, begun.elapsed());
                    self.watch_anew(&mut watcher, &say);
                }
                Next::Look => {
                    took = self.look();
                    self.watch_anew(&mut watcher, &say);
                }
                Next::Other(Inner::Ready(problems)) => {
                    let rebuilt = self.engine.keep(problems);
                    self.show(&rebuilt);
                }
            }
        }
    }

    /// Watches the folders that there are now. In one that is new something may have happened
    /// before it was watched.
    fn watch_anew(&mut self, watcher: &mut Watcher<Inner>, say: &dyn Fn(&str)) {
        loop {
            let new: BTreeSet<PathBuf> = watcher.watch(&self.engine.folders(), say);
            if new.is_empty() {
                return;
            }
            let begun = Instant::now();
            let rebuilt = self.engine.rebuild(&Hints::at_places(new));
            self.show(&rebuilt);
            self.report(&rebuilt, begun.elapsed());
        }
    }

    /// Looks at everything; gives how long it took.
    fn look(&mut self) -> Duration {
        let begun = Instant::now();
        let rebuilt = self.engine.rebuild(&Hints::everywhere());
        self.show(&rebuilt);
        self.report(&rebuilt, begun.elapsed());
        begun.elapsed()
    }

    fn show(&self, rebuilt: &Rebuilt) {
        if rebuilt.is_new {
            self.shows.send_replace(rebuilt.snapshot.clone());
        }
        self.turns.send_replace(false);
    }

    fn report(&self, rebuilt: &Rebuilt, took: Duration) {
        if rebuilt.is_new && (!rebuilt.what.is_empty() || !rebuilt.problems.is_empty()) {
            let Rebuilt { what, rendered, problems, snapshot, .. } = rebuilt;
            let report = &snapshot.problems;
            (self.observer)(&ServeEvent::Rebuilt {
                what,
                rendered: *rendered,
                took,
                report,
                new: problems,
            });
        }
    }
}

/// Makes beside everything else what somebody may ask for: the search index, and the colours of all
/// code where an earlier run has not kept them. It stops when nobody wants it any more.
fn make_ready(
    site: Option<Arc<LinkedSite>>,
    is_wanted: &Arc<AtomicBool>,
    sender: Sender<WatchMessage<Inner>>,
) {
    let is_wanted = is_wanted.clone();
    std::thread::spawn(move || {
        // Threads of its own: whoever asks for a page need not wait for these.
        let problems = rayon::ThreadPoolBuilder::new().build().map(|threads| {
            threads.install(|| site.map(|site| warmed(&site, &is_wanted)).unwrap_or_default())
        });
        // Nobody waits any more when the program ends.
        let _ = sender.send(WatchMessage::Other(Inner::Ready(problems.unwrap_or_default())));
    });
}

fn warmed(site: &LinkedSite, is_wanted: &AtomicBool) -> Vec<Diagnostic> {
    let is_new = site.parsed() > 0 || site.sources().theme.has_own_templates;
    let mut problems = Vec::new();
    if is_new {
        let pages: Vec<_> = site.pages().collect();
        let wanted = pages.into_par_iter().filter(|_| is_wanted.load(Ordering::Relaxed));
        let made = wanted.filter_map(|route| Some(site.file(route)?.1));
        problems = made.flatten_iter().collect();
    }
    if is_wanted.load(Ordering::Relaxed) {
        site.warm_index();
    }
    problems
}
