//! A folder of notes → its site in a browser with live reload: events → hints → a new snapshot of
//! the site → pages on request, and updates to open pages.
//!
//! Must not know: the command line, the terminal.

mod active;
mod address;
mod changed;
mod connections;
mod copied;
mod engine;
mod guard;
mod hints;
mod http;
mod live;
mod moved;
mod snapshot;
mod uncommitted;
mod watch;
mod watches;

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

use self::active::ActiveRequests;
use self::engine::{Engine, Rebuilt};
use self::hints::Hints;
use self::http::ServedSite;
use self::snapshot::Snapshot;
use self::watch::{Next, WatchMessage, Watcher};
use crate::build::{CommandUse, LinkedSites};
use crate::cache;
use crate::diagnostic::{Diagnostic, Report};
use crate::phrase::{Language, Phrase};
use crate::project;

/// Number of further ports that are tried if one is taken.
const PORTS: u16 = 50;

/// Most pages that are rendered at once.
const MAKERS: usize = 4;

/// Folders whose changes are no changes of the notes: this program writes them.
const OWN_FOLDERS: [&str; 2] = [project::SITE, cache::FOLDER];

/// Options of `notes serve`.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The folder of the notes, or one that contains them in `content`; an absolute path. Symbolic
    /// links in it may be led elsewhere while it is served.
    pub folder: PathBuf,
    /// The address or name to listen at.
    pub host: String,
    /// The port to listen at, or the first free one after it; 0 for any.
    pub port: u16,
    /// True if the files are polled instead of using events of the file system.
    pub poll: bool,
    /// True if drafts are shown too.
    pub drafts: bool,
    /// The use of the commands that draw blocks.
    pub commands: CommandUse,
    /// True if browsers go to the page of the note that is edited.
    pub follow: bool,
    /// The language of messages in pages, unless the settings name one.
    pub language: Language,
}

/// An event of the preview.
#[derive(Debug)]
pub enum ServeEvent<'a> {
    /// A port is taken; the next one is tried.
    Taken {
        /// The port.
        port: u16,
    },
    /// The site can be seen.
    Open {
        /// Its address.
        url: &'a str,
        /// True if other machines on the network can open it too.
        to_others: bool,
        /// The time until it could be seen.
        took: Duration,
        /// Number of notes.
        notes: usize,
        /// The diagnostics about them.
        report: &'a Report,
    },
    /// The system does not report changes, so the files are polled.
    Polling {
        /// The reason in words.
        reason: &'a Phrase,
    },
    /// Something changed.
    Rebuilt {
        /// The changes, in words.
        what: &'a [Phrase],
        /// Number of pages that were rendered.
        rendered: usize,
        /// The time since the first event of the change.
        took: Duration,
        /// The diagnostics about the notes.
        report: &'a Report,
        /// The diagnostics that are new.
        new: &'a [Diagnostic],
    },
}

/// The receiver of events.
pub type Observer = dyn Fn(&ServeEvent<'_>) + Send + Sync;

/// A message to the build thread that is not a change of files.
enum Inner {
    /// The pages of the first site were rendered, with these diagnostics.
    Ready(Vec<Diagnostic>),
}

/// Serves a folder until the program is asked to end.
///
/// # Errors
/// If no port can be opened.
pub fn serve(options: &ServeOptions, observer: Arc<Observer>) -> io::Result<()> {
    let threads = || tokio::runtime::Builder::new_multi_thread();
    // Pages are rendered and files are read on the blocking threads.
    let runtime = threads().worker_threads(2).max_blocking_threads(MAKERS).enable_all().build()?;
    let begun = Instant::now();
    let listener = runtime.block_on(listen(options, &*observer))?;
    let address = listener.local_addr()?;
    let engine = Engine::new(&options.folder, options.drafts, options.commands);
    let (shows, snapshot) = shared::channel(engine.snapshot());
    let (busy, is_busy) = shared::channel(true);
    let requests = Arc::new(ActiveRequests::default());
    let site = ServedSite::new(
        snapshot,
        is_busy,
        requests.clone(),
        guard::Names::new(&options.host, address),
        options.follow,
        options.language,
    );
    runtime.spawn(connections::accept(listener, site));
    let builder = BuildThread { options: options.clone(), engine, shows, busy, requests, observer };
    let at =
        SiteAddress { url: url(&options.host, address), to_others: !address.ip().is_loopback() };
    std::thread::Builder::new().name("notes".to_owned()).spawn(move || builder.work(&at, begun))?;
    runtime.block_on(asked_to_end());
    // Does not wait for open requests.
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
    // If signals cannot be caught, they end the process by themselves.
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

/// The state of the thread that builds.
struct BuildThread {
    options: ServeOptions,
    engine: Engine,
    shows: shared::Sender<Arc<Snapshot>>,
    /// True if a change is not shown yet.
    busy: shared::Sender<bool>,
    requests: Arc<ActiveRequests>,
    observer: Arc<Observer>,
}

impl BuildThread {
    fn work(mut self, at: &SiteAddress, begun: Instant) {
        let observer = self.observer.clone();
        let warn = |reason: &Phrase| observer(&ServeEvent::Polling { reason });
        let (sender, messages) = channel();
        let mut watcher = Watcher::new(
            self.engine.folders(),
            &OWN_FOLDERS,
            (sender.clone(), messages),
            self.options.poll,
            &warn,
        );
        let first = self.engine.rebuild(&Hints::everywhere());
        self.publish(&first);
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
        let background =
            Background { is_wanted: is_wanted.clone(), requests: self.requests.clone() };
        background.prepare(first.snapshot.site.clone(), sender.clone());
        watcher.watch(self.engine.folders(), &warn);
        // Finds changes between the first read and the first watch, also in new folders. A
        // reader who waits for the first page since the start has it before.
        self.requests.give_way();
        let mut took = self.look();
        self.watch_anew(&mut watcher, &warn);
        let busy = self.busy.clone();
        let notice = || {
            busy.send_replace(true);
        };
        while let Some(next) = watcher.next(took, &notice) {
            match next {
                Next::Changed(hints) => {
                    is_wanted.store(false, Ordering::Relaxed);
                    let begun = Instant::now();
                    let rebuilt = self.engine.rebuild(&hints);
                    self.publish(&rebuilt);
                    self.report(&rebuilt, begun.elapsed());
                    self.watch_anew(&mut watcher, &warn);
                }
                Next::Look => {
                    took = self.look();
                    self.watch_anew(&mut watcher, &warn);
                }
                Next::Other(Inner::Ready(problems)) => {
                    let rebuilt = self.engine.keep(problems);
                    self.publish(&rebuilt);
                }
            }
        }
    }

    /// Watches the current folders. New ones are read again, for files in them may have changed
    /// before they were watched.
    fn watch_anew(&mut self, watcher: &mut Watcher<Inner>, warn: &dyn Fn(&Phrase)) {
        loop {
            let new: BTreeSet<PathBuf> = watcher.watch(self.engine.folders(), warn);
            if new.is_empty() {
                return;
            }
            let begun = Instant::now();
            let rebuilt = self.engine.rebuild(&Hints::at_places(new));
            self.publish(&rebuilt);
            self.report(&rebuilt, begun.elapsed());
        }
    }

    /// Checks all files for changes; gives the time that it took.
    fn look(&mut self) -> Duration {
        let begun = Instant::now();
        let rebuilt = self.engine.rebuild(&Hints::everywhere());
        self.publish(&rebuilt);
        self.report(&rebuilt, begun.elapsed());
        begun.elapsed()
    }

    fn publish(&self, rebuilt: &Rebuilt) {
        if rebuilt.is_new {
            self.shows.send_replace(rebuilt.snapshot.clone());
        }
        self.busy.send_replace(false);
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

/// The work in the background, which gives way to requests and stops when the site is out of date.
struct Background {
    is_wanted: Arc<AtomicBool>,
    requests: Arc<ActiveRequests>,
}

impl Background {
    /// Prepares what a browser may request: the search index and, unless an earlier run has cached
    /// them, the highlighted code and all pages.
    fn prepare(self, site: Option<Arc<LinkedSites>>, sender: Sender<WatchMessage<Inner>>) {
        std::thread::spawn(move || {
            // Threads of its own, so that requests for pages do not wait for these.
            let problems = rayon::ThreadPoolBuilder::new().build().map(|threads| {
                threads.install(|| site.map(|site| self.warmed(&site)).unwrap_or_default())
            });
            // Fails if the program is ending.
            let _ = sender.send(WatchMessage::Other(Inner::Ready(problems.unwrap_or_default())));
        });
    }

    fn warmed(&self, site: &LinkedSites) -> Vec<Diagnostic> {
        let is_new = site.parsed() > 0 || site.home().sources().theme.has_own_templates;
        let mut problems = Vec::new();
        if is_new {
            let pages = site.pages();
            let wanted = pages.into_par_iter().filter(|_| self.goes_on());
            let made = wanted.filter_map(|route| Some(site.file(&route)?.1));
            problems = made.flatten_iter().collect();
        }
        if self.goes_on() {
            site.warm_index();
        }
        problems
    }

    /// True if the site is still wanted, once no request is being answered.
    fn goes_on(&self) -> bool {
        self.requests.give_way();
        self.is_wanted.load(Ordering::Relaxed)
    }
}
