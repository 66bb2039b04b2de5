//! A page as it is built → the same with a script at its end, and the word that the script is sent:
//! what there is now, of which it finds out by itself what that changes for its page.
//!
//! Must not know: connections.

use serde::Serialize;

use super::address::{Address, find};
use super::snapshot::Snapshot;
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::output::File;
use crate::path::Route;

/// The script that keeps a page as the notes are.
pub(super) const SCRIPT: &str = include_str!("live.js");
/// The style of the script's own elements.
pub(super) const STYLES: &str = include_str!("live.css");
/// Of each kind so many messages are sent.
const MOST_MESSAGES: usize = 50;
/// The page before the first site.
const WAITING: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
    content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
    <title>notes</title>\n</head>\n<body>\n</body>\n</html>\n";

/// The page that is shown as long as there is no site.
pub(super) fn waiting_page() -> &'static [u8] {
    WAITING.as_bytes()
}

/// A page with the script at the end of its body. `is_there`: whether it is the page that was asked
/// for.
pub(super) fn with_script(page: &[u8], is_there: bool, snapshot: &Snapshot) -> Vec<u8> {
    let script = format!(
        "<script src=\"/.notes/live.js\" data-shown=\"{}\" data-there=\"{is_there}\" data-frame=\"{}\" data-styles=\"{}\" \
         data-site=\"{}\"></script>\n",
        Digest::of(page),
        snapshot.frame,
        snapshot.styles,
        site_digest(snapshot),
    );
    let at = memchr::memmem::rfind(page, b"</body>").unwrap_or(page.len());
    [&page[..at], script.as_bytes(), &page[at..]].concat()
}

fn site_digest(snapshot: &Snapshot) -> Digest {
    snapshot.site.as_ref().map(|site| site.key()).unwrap_or_default()
}

/// The update that the script is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Update {
    /// The digest of the page at its address; of the page for addresses that lead nowhere, if there
    /// is none.
    page: Option<String>,
    /// True if there is a page at its address.
    is_there: bool,
    /// The address to which the page went.
    moved: Option<String>,
    frame: String,
    styles: String,
    site: String,
    errors: Vec<UpdateMessage>,
    warnings: Vec<UpdateMessage>,
    /// Files that changed, by their addresses.
    files: Vec<String>,
    edited: Option<EditPlace>,
}

/// A diagnostic for the writer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct UpdateMessage {
    place: String,
    text: String,
    help: Option<String>,
}

/// The place of an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct EditPlace {
    /// Counts the edits.
    number: u64,
    /// True if it is on this page.
    is_here: bool,
    url: String,
    section: Option<String>,
}

/// A page that is open in a browser.
pub(super) struct Client {
    /// The path of its address.
    path: String,
    follows: bool,
    /// The last update.
    last: Option<Update>,
    /// The moment when it came.
    came: Option<u64>,
}

impl Client {
    /// A page at an address; `follows` whether it goes where somebody writes.
    pub fn new(path: String, follows: bool) -> Self {
        Self { path, follows, last: None, came: None }
    }

    /// The next update, if there is anything new for this page.
    pub fn word(&mut self, snapshot: &Snapshot) -> Option<String> {
        let word = self.now(snapshot);
        if self.last.as_ref() == Some(&word) {
            return None;
        }
        // Strings can always be written as JSON.
        let text = serde_json::to_string(&word).ok();
        // A file that changed once has not changed again when something else does.
        self.last = Some(Update { files: Vec::new(), ..word });
        text
    }

    fn now(&mut self, snapshot: &Snapshot) -> Update {
        let found = find(snapshot, &self.path);
        let route = match found {
            Address::File(route) => Some(route),
            Address::Folder | Address::Nothing => None,
        };
        let is_there = route.is_some();
        let page =
            route.clone().or_else(|| snapshot.not_found()).and_then(|route| snapshot.file(&route));
        let bytes = match &page {
            _ if snapshot.site.is_none() => Some(waiting_page()),
            Some(File::Bytes(bytes, _)) => Some(&**bytes),
            _ => None,
        };
        let name = route.as_ref().and_then(|route| snapshot.name_of_note(route));
        let came = *self.came.get_or_insert(snapshot.number);
        let edited = snapshot.edited.as_ref().filter(|edited| self.follows && edited.number > came);
        let messages = |severity: Severity| {
            let messages =
                snapshot.problems.messages().iter().filter(move |told| told.severity == severity);
            let is_wanted = |told: &&Diagnostic| {
                severity == Severity::Error || told.location.file.as_deref() == name.as_deref()
            };
            messages.filter(is_wanted).take(MOST_MESSAGES).map(UpdateMessage::from).collect()
        };
        Update {
            page: bytes.map(|bytes| Digest::of(bytes).to_string()),
            is_there,
            moved: self.moved(snapshot).filter(|_| !is_there),
            frame: snapshot.frame.to_string(),
            styles: snapshot.styles.to_string(),
            site: site_digest(snapshot).to_string(),
            errors: messages(Severity::Error),
            warnings: if name.is_some() { messages(Severity::Warning) } else { Vec::new() },
            files: snapshot.written.iter().map(|route| format!("/{}", route.url_path())).collect(),
            edited: edited.map(|edited| EditPlace {
                number: edited.number,
                is_here: route.as_ref() == Some(&edited.route),
                url: format!("/{}", edited.route.url_path()),
                section: edited.section.clone(),
            }),
        }
    }

    /// The address to which the page went.
    fn moved(&self, snapshot: &Snapshot) -> Option<String> {
        let path = percent_encoding::percent_decode_str(self.path.trim_start_matches('/'))
            .decode_utf8()
            .ok()?;
        let names = [
            path.to_string(),
            format!("{path}.html"),
            format!("{path}/index.html"),
            format!("{path}index.html"),
        ];
        let to = names.iter().find_map(|name| snapshot.moved.get(&Route::file(name)))?;
        Some(format!("/{}", to.url_path()))
    }
}

impl From<&Diagnostic> for UpdateMessage {
    fn from(told: &Diagnostic) -> Self {
        let mut place = told.location.file.as_deref().unwrap_or_default().to_owned();
        for number in [told.location.span.line, told.location.span.column]
            .into_iter()
            .filter(|number| *number > 0)
        {
            place = format!("{place}:{number}");
        }
        Self { place, text: told.message.clone(), help: told.help.clone() }
    }
}
