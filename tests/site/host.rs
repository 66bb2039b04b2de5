//! A server of a test's own, which remembers what it was asked.

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The server. It ends with the tests.
pub struct Host {
    /// Its address, without a slash at the end.
    pub address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Host {
    /// One that answers each request in a thread of its own; `answer` adds what it was asked to the
    /// list.
    pub fn new(answer: impl Fn(&TcpStream, &Mutex<Vec<String>>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (remembered, answer) = (asked.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (remembered, answer) = (remembered.clone(), answer.clone());
                std::thread::spawn(move || answer(&stream, &remembered));
            }
        });
        Self { address, asked }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Everything it was asked, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The number of times that it was asked for a path.
    pub fn times(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.ends_with(path)).count()
    }

    /// Everything it was asked since the last call.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}
