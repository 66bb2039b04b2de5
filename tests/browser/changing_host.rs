//! A host that changes while browsers ask it: another publication, refusals, answers that are held
//! back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::server::{Manner, Server};
use crate::site::Site;

/// The answer for each path.
type Manners = Box<dyn Fn(&str) -> Manner + Send>;

/// A host whose ways a test changes while browsers ask it.
pub struct Host {
    server: Server,
    manner: Arc<Mutex<Manners>>,
    pub asked: Arc<Mutex<Vec<String>>>,
    /// True while answers that are held back stay so.
    is_holding: Arc<AtomicBool>,
}

impl Host {
    pub fn of(site: &Site) -> Self {
        let plain: Manners = Box::new(|_| Manner::Plain);
        let (manner, asked) = (Arc::new(Mutex::new(plain)), Arc::default());
        let is_holding = Arc::new(AtomicBool::new(false));
        let mut host = Self { server: Server::bind(), manner, asked, is_holding };
        let (manner, asked) = (Arc::clone(&host.manner), Arc::clone(&host.asked));
        host.server.serve_as(&site.folder, move |path| {
            asked.lock().unwrap().push(path.to_owned());
            (manner.lock().unwrap())(path)
        });
        host
    }

    pub fn url(&self) -> &str {
        &self.server.url
    }

    /// Answers so from now on.
    pub fn answer(&self, manner: impl Fn(&str) -> Manner + Send + 'static) {
        *self.manner.lock().unwrap() = Box::new(manner);
        self.asked.lock().unwrap().clear();
    }

    /// Refuses paths that end so.
    pub fn refuse(&self, end: &'static str, status: &'static str) {
        self.answer(
            move |path| {
                if path.ends_with(end) { Manner::Refusal(status) } else { Manner::Plain }
            },
        );
    }

    /// Holds back the answers for paths that end so.
    pub fn hold(&self, end: &'static str) {
        self.is_holding.store(true, Ordering::Relaxed);
        let is_holding = Arc::clone(&self.is_holding);
        self.answer(move |path| {
            if path.ends_with(end) { Manner::Held(Arc::clone(&is_holding)) } else { Manner::Plain }
        });
    }

    pub fn let_go(&self) {
        self.is_holding.store(false, Ordering::Relaxed);
    }

    /// True if somebody asked for a path that ends so.
    pub fn is_asked(&self, end: &str) -> bool {
        self.asked.lock().unwrap().iter().any(|path| path.ends_with(end))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.let_go();
    }
}
