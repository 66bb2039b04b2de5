//! A repository → the changes of all its commits, asked for while git lists those of the notes: to
//! list them takes about as long as to compare their folders.
//!
//! Must not know: the commits that are listed, or kept.

use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::change::unpack;
use super::diffs::{
    AT_ONCE, KnownChanges, Likeness, WITHOUT_RENAMES, WantedFiles, begin, comparing_options,
    explained, lines,
};
use super::git::{self, Refusal};
use super::raw;

/// Most files of a commit whose texts are compared before it is known that this is needed.
const FEW_FILES: usize = 32;

/// A commit in which texts are compared, and its changes as far as they are known.
type OpenCommit = (String, Vec<u8>);

/// The changes of all commits up to one.
///
/// # Errors
/// If git cannot list the commits, or read one.
pub(super) fn all_changes(
    folder: &Path,
    last: &str,
    likeness: Likeness,
    files: &WantedFiles,
) -> Result<KnownChanges, Refusal> {
    let names = git::ask(folder, &["rev-list", last])?;
    let names = String::from_utf8_lossy(&names);
    let names: Vec<&str> = names.lines().collect();
    let mut known = KnownChanges::with_capacity(names.len());
    let mut process = begin(folder, &[WITHOUT_RENAMES])?;
    // Git compares the next commits while an answer is read: two questions are open at a time, and
    // together no longer than others are.
    let parts: Vec<&[&str]> = names.chunks(AT_ONCE / 2).collect();
    let mut questions = parts.iter();
    for part in questions.by_ref().take(2) {
        process.put(lines(part).as_bytes())?;
    }
    thread::scope(|scope| {
        let (found, open) = mpsc::channel();
        let comparing = scope.spawn(move || compared(folder, likeness, &open));
        for part in &parts {
            let answer = process.answer()?;
            if let Some(next) = questions.next() {
                process.put(lines(next).as_bytes())?;
            }
            let answer = raw::read(&answer);
            let mut packed = files.packed(&answer, likeness);
            for (name, files) in &answer {
                let changes = packed.get(name).map(Vec::as_slice).unwrap_or_default();
                let is_open =
                    files.len() <= FEW_FILES && unpack(changes).iter().any(|change| change.is_open);
                if is_open {
                    let name = String::from_utf8_lossy(name).into_owned();
                    // It ends before this only after git failed.
                    let _ = found.send((name, changes.to_owned()));
                }
            }
            known.extend(part.iter().map(|name| {
                let changes = packed.remove(name.as_bytes()).unwrap_or_default();
                ((*name).to_owned(), changes)
            }));
        }
        drop(found);
        known.extend(comparing.join().ok().flatten().unwrap_or_default());
        Ok(known)
    })
}

/// The changes of open commits, of as many in one question as are waiting. `None` if git cannot
/// compare some: then each is asked for when it is needed.
fn compared(
    folder: &Path,
    likeness: Likeness,
    open: &Receiver<OpenCommit>,
) -> Option<KnownChanges> {
    let options = comparing_options(likeness);
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut process = None;
    let mut known = KnownChanges::new();
    while let Ok(first) = open.recv() {
        let commits: Vec<OpenCommit> =
            std::iter::once(first).chain(open.try_iter()).take(AT_ONCE).collect();
        let process = match &mut process {
            Some(process) => process,
            None => process.insert(begin(folder, &options).ok()?),
        };
        let names: Vec<&str> = commits.iter().map(|(name, _)| name.as_str()).collect();
        let answer = process.ask(lines(&names).as_bytes()).ok()?;
        let mut answer: HashMap<_, _> = raw::read(&answer).into_iter().collect();
        for (name, changes) in &commits {
            let files = answer.remove(name.as_bytes()).unwrap_or_default();
            known.insert(name.clone(), explained(unpack(changes), &files));
        }
    }
    Some(known)
}
