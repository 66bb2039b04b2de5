//! A page as it is built → the same with a script at its end, and the updates for that script: the
//! current state of the site, from which the script works out the changes of its page.
//!
//! Must not know: connections.

use std::sync::Arc;

use axum::body::Bytes;
use serde::Serialize;

use super::address::{Address, find};
use super::snapshot::{Edited, Snapshot};
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::Digest;
use crate::path::Route;
use crate::phrase::Language;

/// The live-reload script.
pub(super) const SCRIPT: &str = include_str!("live.js");
/// The style of the script's own elements.
pub(super) const STYLES: &str = include_str!("live.css");
/// Most messages of a severity that are sent.
const MOST_MESSAGES: usize = 50;
/// The page that is shown before the first site.
const WAITING: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
    content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
    <title>notes</title>\n</head>\n<body>\n</body>\n</html>\n";

/// The page that is shown before the first site, and its digest.
pub(super) fn waiting_page() -> (Bytes, Digest) {
    (Bytes::from_static(WAITING.as_bytes()), Digest::of(WAITING.as_bytes()))
}

/// A page with the script, in the parts in which it is sent. They are parts of the one page that
/// all answers share: a large page with a copy for each slow reader would fill the memory.
pub(super) struct PageWithScript {
    /// The page up to the end of its body, the script, the rest.
    pub parts: [Bytes; 3],
    /// The digest of the whole.
    pub digest: Digest,
}

impl PageWithScript {
    /// Adds the script to a page with this digest. `is_there` is false on the page for missing
    /// addresses.
    pub fn new(page: &Bytes, digest: Digest, is_there: bool, snapshot: &Snapshot) -> Self {
        let script = format!(
            "<script src=\"/.notes/live.js\" data-shown=\"{digest}\" data-there=\"{is_there}\" data-frame=\"{}\" \
             data-styles=\"{}\" data-site=\"{}\"></script>\n",
            snapshot.frame,
            snapshot.styles,
            site_digest(snapshot),
        );
        let at = memchr::memmem::rfind(page, b"</body>").unwrap_or(page.len());
        let digest = Digest::of_parts(&[&digest.to_bytes(), script.as_bytes()]);
        Self { parts: [page.slice(..at), script.into(), page.slice(at..)], digest }
    }

    /// Size in bytes.
    pub fn size(&self) -> usize {
        self.parts.iter().map(Bytes::len).sum()
    }
}

fn site_digest(snapshot: &Snapshot) -> Digest {
    snapshot.site.as_ref().map(|site| site.key()).unwrap_or_default()
}

/// The update that the script is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Update {
    /// The digest of the page at its address; if there is none, of the page for missing addresses.
    page: Option<String>,
    /// True if there is a page at its address.
    is_there: bool,
    /// The new address of the page, if it was renamed.
    moved: Option<String>,
    frame: String,
    styles: String,
    site: String,
    /// True if the folder of the notes is missing; the script has the words for it.
    is_away: bool,
    errors: Vec<UpdateMessage>,
    warnings: Vec<UpdateMessage>,
    /// Addresses of files that changed.
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
    /// The number of the edit.
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
    /// The language of messages, unless the site has one.
    language: Language,
    /// The last update.
    last: Option<Update>,
    /// The number of the first snapshot that it saw: it does not follow earlier edits.
    first: Option<u64>,
}

impl Client {
    /// A page at an address; `follows` is true if it goes to the page of the note that is edited.
    pub fn new(path: String, follows: bool, language: Language) -> Self {
        Self { path, follows, language, last: None, first: None }
    }

    /// The next update as JSON, if there is anything new for this page.
    pub fn next_update(&mut self, snapshot: &Snapshot) -> Option<String> {
        let update = self.now(snapshot);
        if self.last.as_ref() == Some(&update) {
            return None;
        }
        // Strings can always be written as JSON.
        let text = serde_json::to_string(&update).ok();
        // Changed files belong to one update only: an equal list in the next one is a new change.
        self.last = Some(Update { files: Vec::new(), ..update });
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
        let shown = match &page {
            _ if snapshot.site.is_none() => Some(waiting_page().1),
            Some(file) => file.digest(),
            None => None,
        };
        let name = route.as_ref().and_then(|route| snapshot.name_of_note(route));
        let first = *self.first.get_or_insert(snapshot.number);
        let is_new = |edited: &&Arc<Edited>| self.follows && edited.number > first;
        let edited = snapshot.edited.as_ref().filter(is_new);
        let language = snapshot.language().unwrap_or(self.language);
        let messages = |severity: Severity| {
            let messages = snapshot
                .problems
                .messages()
                .iter()
                .filter(move |problem| problem.severity == severity);
            let is_wanted = |problem: &&Diagnostic| {
                severity == Severity::Error || problem.location.file.as_deref() == name.as_deref()
            };
            let shown = messages.filter(is_wanted).take(MOST_MESSAGES);
            shown.map(|problem| UpdateMessage::new(problem, language)).collect()
        };
        Update {
            page: shown.map(|digest| digest.to_string()),
            is_there,
            moved: self.moved(snapshot).filter(|_| !is_there),
            frame: snapshot.frame.to_string(),
            styles: snapshot.styles.to_string(),
            site: site_digest(snapshot).to_string(),
            is_away: snapshot.is_away,
            errors: if snapshot.is_away { Vec::new() } else { messages(Severity::Error) },
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

    /// The new address of the page, if it was renamed.
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

impl UpdateMessage {
    fn new(problem: &Diagnostic, language: Language) -> Self {
        let mut place = problem.location.file.as_deref().unwrap_or_default().to_owned();
        for number in [problem.location.span.line, problem.location.span.column]
            .into_iter()
            .filter(|number| *number > 0)
        {
            place = format!("{place}:{number}");
        }
        let help = problem.help.as_ref().map(|help| help.text(language));
        Self { place, text: problem.message.text(language), help }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_script_comes_at_the_end_of_the_body_and_nothing_is_copied() {
        let snapshot = Snapshot::empty(Path::new("/notes"));
        for (text, end) in [("<body>a</body></html>\n", "</body></html>\n"), ("a", "")] {
            let page = Bytes::from(text.to_owned());
            let digest = Digest::of(&page);
            let with = PageWithScript::new(&page, digest, true, &snapshot);
            let [begin, script, rest] = &with.parts;
            assert_eq!(begin.as_ptr(), page.as_ptr());
            assert_eq!((rest, begin.len() + rest.len()), (&Bytes::from(end), page.len()));
            assert!(script.starts_with(b"<script src=\"/.notes/live.js\""));
            let missing = PageWithScript::new(&page, digest, false, &snapshot);
            assert_ne!(with.digest, missing.digest);
        }
    }
}
