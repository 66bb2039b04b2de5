//! The history of files as one call of `git log` tells it, which compares all texts: slow, and
//! simple enough to be compared with.
//!
//! It shares with the code under test, and so does not test, the paths that are asked for
//! (`places`), the reading of a tree's list (`tree`), the form of times (`moment`) and the choice
//! of the committer's time. Settings, people with several names, shallow clones and repositories
//! that lack objects are not compared either.

use std::collections::{BTreeMap, HashMap};

use super::super::*;

/// The options: children before their parents, for a merge the files that differ from all parents
/// with their names in each, and names without quoting.
const QUESTION: [&str; 11] = [
    "log",
    "-z",
    "--date-order",
    "--date=raw",
    "--format=%x01%cd %aN",
    "--raw",
    "--no-abbrev",
    "-c",
    "--combined-all-paths",
    "--full-diff",
    "--no-rename-empty",
];

/// A file's name and the name of its content.
type LoggedFile = (Vec<u8>, Vec<u8>);

/// A file that is followed.
#[derive(Default)]
struct Trace {
    changes: Vec<(String, String)>,
    renamed: Option<(String, Vec<u8>)>,
}

/// Dates, authors, first dates and renames of files, and the names that lead to them.
pub type Told = (BTreeMap<String, String>, BTreeMap<SourcePath, SourcePath>);

/// The same of a history.
pub fn told(history: &History) -> Told {
    let file = |(path, past): (&SourcePath, &NoteHistory)| {
        let NoteHistory { changed, authors, written, renamed } = past;
        let renamed = renamed.as_ref().map(|renamed| format!("{} {}", renamed.when, renamed.from));
        (path.to_string(), format!("{changed} {written} {authors:?} {renamed:?}"))
    };
    (history.files.iter().map(file).collect(), history.renamed.clone())
}

/// The history up to a commit.
pub fn told_by_log(head: &Head) -> Told {
    let likeness = if head.beside.is_partial { "-M100%" } else { "-M" };
    let tree = ask(&head.root, &["ls-tree", "-r", "-z", "--full-name", &head.commit, "."]).unwrap();
    let mut further: Vec<String> = Vec::new();
    loop {
        let paths: Vec<String> = further.iter().map(places::pathspec).collect();
        let question = QUESTION.into_iter().chain([likeness, &head.commit, "--", "."]);
        let question: Vec<&str> = question.chain(paths.iter().map(String::as_str)).collect();
        let log = ask(&head.root, &question).unwrap();
        let (renames, told) = follow(&log, &tree, &head.prefix);
        let renames: Vec<(&[u8], &[u8])> = renames.iter().map(|(a, b)| (&**a, &**b)).collect();
        let found = places::beyond(&renames, &head.prefix, &further);
        if found.is_empty() {
            return told;
        }
        further.extend(found);
    }
}

fn follow(log: &[u8], tree: &[u8], prefix: &[u8]) -> (Vec<LoggedFile>, Told) {
    let notes = tree::listed(tree).filter_map(|(name, object)| {
        let path = tree::below(name, prefix)?;
        let is_note = path.is_markdown() && !path.is_hidden();
        is_note.then(|| (path, (name.to_vec(), object.to_vec())))
    });
    let notes: Vec<(SourcePath, LoggedFile)> = notes.collect();
    let mut traces: Vec<Trace> = notes.iter().map(|_| Trace::default()).collect();
    let mut states: HashMap<LoggedFile, Vec<usize>> = HashMap::new();
    for (number, (_, state)) in notes.iter().enumerate() {
        states.entry(state.clone()).or_default().push(number);
    }
    let mut renames = Vec::new();
    let mut leads: BTreeMap<SourcePath, SourcePath> = BTreeMap::new();
    let (mut when, mut who) = (String::new(), String::new());
    let mut met: Vec<(LoggedFile, Vec<LoggedFile>, Vec<usize>)> = Vec::new();
    let mut fields = log.split(|byte| *byte == 0).peekable();
    loop {
        let field = fields.next().map(|field| field.strip_prefix(b"\n").unwrap_or(field));
        if let Some(line) = field.filter(|field| field.starts_with(b":")) {
            let parents = line.iter().take_while(|byte| **byte == b':').count();
            let line = String::from_utf8(line.to_vec()).unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            let count =
                if parents > 1 || words.last().unwrap().starts_with('R') { parents + 1 } else { 1 };
            let names: Vec<Vec<u8>> = (0..count).map(|_| fields.next().unwrap().to_vec()).collect();
            let objects = &words[parents + 1..2 * parents + 2];
            let after = (names[count - 1].clone(), objects[parents].as_bytes().to_vec());
            let before = (0..parents).filter(|at| objects[*at].bytes().any(|digit| digit != b'0'));
            let before = before.map(|at| (names[at.min(count - 1)].clone(), objects[at].into()));
            let before = before.collect();
            if let Some(numbers) = states.remove(&after) {
                met.push((after, before, numbers));
            }
            continue;
        }
        for (after, before, numbers) in std::mem::take(&mut met) {
            let same: Vec<_> = before.iter().filter(|state| state.1 == after.1).cloned().collect();
            let is_change = same.is_empty();
            for number in numbers {
                if is_change {
                    traces[number].changes.push((when.clone(), who.clone()));
                }
                for state in if is_change { &before } else { &same } {
                    if state.0 != after.0 {
                        renames.push((state.0.clone(), after.0.clone()));
                        if let Some(old) = tree::below(&state.0, prefix) {
                            leads.entry(old).or_insert_with(|| notes[number].0.clone());
                        }
                        traces[number].renamed.get_or_insert((when.clone(), state.0.clone()));
                    }
                    let numbers = states.entry(state.clone()).or_default();
                    if !numbers.contains(&number) {
                        numbers.push(number);
                    }
                }
            }
        }
        match field {
            None => break,
            Some([1, line @ ..]) => {
                let line = String::from_utf8(line.to_vec()).unwrap();
                let words: Vec<&str> = line.splitn(3, ' ').collect();
                when = moment::moment(&words[..2].join(" ")).unwrap();
                words[2].clone_into(&mut who);
            }
            Some(_) => {}
        }
    }
    leads.retain(|old, _| notes.iter().all(|(path, _)| path != old));
    let files = notes.iter().zip(&traces);
    let files =
        files.filter_map(|((path, _), trace)| Some((path.to_string(), trace.told(prefix)?)));
    (renames, (files.collect(), leads))
}

impl Trace {
    fn told(&self, prefix: &[u8]) -> Option<String> {
        let ((changed, _), (written, _)) = (self.changes.first()?, self.changes.last()?);
        let mut authors: Vec<Arc<str>> = Vec::new();
        for (_, who) in &self.changes {
            if authors.iter().all(|author| **author != **who) {
                authors.push(who.as_str().into());
            }
        }
        let renamed = self.renamed.as_ref();
        let renamed =
            renamed.and_then(|(when, from)| Some(format!("{when} {}", tree::below(from, prefix)?)));
        Some(format!("{changed} {written} {authors:?} {renamed:?}"))
    }
}
