//! Random events in the past of a repository → the repository, made by `git fast-import`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;

/// Names of files: notes, files that become notes, names that have to be quoted, and folders that
/// are renamed. The last folder is not that of the notes.
const FOLDERS: [&str; 5] = ["notes/", "notes/甲 乙/", "notes/b/", "docs/", "old/notes/"];
const NAMES: [&str; 8] = ["a.md", "b.md", "c.markdown", "d.txt", "e\t\"'.md", "f", ".g.md", "h.MD"];
/// Modes of a file: usual, executable, symbolic link.
const MODES: [&str; 6] = ["100644", "100644", "100644", "100644", "100755", "120000"];
const AUTHORS: [&str; 3] = ["甲", "乙", "丙"];
/// Number of lines of a file.
const LINES: usize = 12;
/// Most branches.
const BRANCHES: usize = 3;

/// An event; the numbers choose among the files, names and branches that there are.
#[derive(Debug, Clone)]
pub enum PastEvent {
    Write {
        name: usize,
        text: usize,
        mode: usize,
    },
    Edit {
        file: usize,
        line: usize,
    },
    Rename {
        file: usize,
        name: usize,
        is_edited: bool,
    },
    RenameFolder {
        from: usize,
        to: usize,
        is_edited: bool,
    },
    Copy {
        file: usize,
        name: usize,
    },
    Delete {
        file: usize,
    },
    /// A file gets a text that it or another one had before.
    Revert {
        file: usize,
        text: usize,
    },
    Commit {
        branch: usize,
        who: usize,
        hours: i64,
    },
    /// One branch goes on from another.
    Fork {
        branch: usize,
        from: usize,
    },
    /// One branch takes the files of another that it lacks, or all, or none.
    Merge {
        branch: usize,
        other: usize,
        takes: usize,
        hours: i64,
    },
}

pub fn event() -> impl Strategy<Value = PastEvent> {
    let number = 0..1000_usize;
    let n = || number.clone();
    let hours = || prop_oneof![8 => 1..50_i64, 1 => Just(0), 1 => -60..0_i64];
    prop_oneof![
        4 => (n(), n(), n()).prop_map(|(name, text, mode)| PastEvent::Write { name, text, mode }),
        5 => (n(), n()).prop_map(|(file, line)| PastEvent::Edit { file, line }),
        5 => (n(), n(), any::<bool>())
            .prop_map(|(file, name, is_edited)| PastEvent::Rename { file, name, is_edited }),
        2 => (n(), n(), any::<bool>())
            .prop_map(|(from, to, is_edited)| PastEvent::RenameFolder { from, to, is_edited }),
        1 => (n(), n()).prop_map(|(file, name)| PastEvent::Copy { file, name }),
        1 => n().prop_map(|file| PastEvent::Delete { file }),
        2 => (n(), n()).prop_map(|(file, text)| PastEvent::Revert { file, text }),
        9 => (n(), n(), hours())
            .prop_map(|(branch, who, hours)| PastEvent::Commit { branch, who, hours }),
        1 => (n(), n()).prop_map(|(branch, from)| PastEvent::Fork { branch, from }),
        3 => (n(), n(), n(), hours())
            .prop_map(|(branch, other, takes, hours)| PastEvent::Merge { branch, other, takes, hours }),
    ]
}

/// Files by name, each with its mode and text.
type PastFiles = BTreeMap<String, (&'static str, String)>;

/// A branch: its last commit, the files there, and those that are not committed.
#[derive(Default, Clone)]
struct Branch {
    last: Option<usize>,
    files: PastFiles,
}

/// A stream for `git fast-import`.
struct Stream {
    bytes: Vec<u8>,
    commits: usize,
    time: i64,
    branches: Vec<Branch>,
    /// The number of the branch that files are changed on.
    now: usize,
    texts: Vec<String>,
}

/// Makes the repository, whose names of objects have a format; gives the last commits of its
/// branches, first of the one on which files were changed last, and all commits in their order.
pub fn make(folder: &Path, format: &str, events: &[PastEvent]) -> (Vec<String>, Vec<String>) {
    let mut stream = Stream {
        bytes: Vec::new(),
        commits: 0,
        time: 1_700_000_000,
        branches: vec![Branch::default(); BRANCHES],
        now: 0,
        texts: Vec::new(),
    };
    for event in events {
        stream.happen(event);
    }
    stream.commit(0, &[]);
    run(folder, &["init", "-q", &format!("--object-format={format}")], b"");
    let marks = folder.join("marks");
    let export = format!("--export-marks={}", marks.display());
    run(folder, &["fast-import", "--quiet", "--force", &export], &stream.bytes);
    let marks = std::fs::read_to_string(marks).unwrap();
    let mut commits: Vec<(usize, String)> = marks
        .lines()
        .filter_map(|line| {
            let (mark, name) = line.strip_prefix(':')?.split_once(' ')?;
            Some((mark.parse().ok()?, name.to_owned()))
        })
        .collect();
    commits.sort();
    let commits: Vec<String> = commits.into_iter().map(|(_, name)| name).collect();
    let order = std::iter::once(stream.now).chain((0..BRANCHES).filter(|n| *n != stream.now));
    let tips = order.filter_map(|branch| Some(commits[stream.branches[branch].last? - 1].clone()));
    (tips.collect(), commits)
}

/// Makes a commit the last one.
pub fn go_to(folder: &Path, commit: &str) {
    run(folder, &["update-ref", "--no-deref", "HEAD", commit], b"");
}

pub fn run(folder: &Path, arguments: &[&str], input: &[u8]) {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    let mut process = command.stdin(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    assert!(process.wait().unwrap().success(), "{arguments:?}");
}

fn text(number: usize) -> String {
    let lines = (0..LINES).map(|line| format!("text {number} has a line {line}"));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

impl Stream {
    fn files(&mut self) -> &mut PastFiles {
        &mut self.branches[self.now].files
    }

    fn file(&mut self, number: usize) -> Option<String> {
        let files = self.files();
        files.keys().nth(number % files.len().max(1)).cloned()
    }

    fn put(&mut self, name: &str, mode: &'static str, text: String) {
        self.texts.push(text.clone());
        self.files().insert(name.to_owned(), (mode, text));
    }

    fn edited(text: &str, line: usize) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let count = lines.len().max(1);
        lines.resize(count, String::new());
        lines[line % count] = format!("edited {line}");
        lines.join("\n") + "\n"
    }

    fn happen(&mut self, event: &PastEvent) {
        let name = |number: usize| {
            let folder = FOLDERS[number / NAMES.len() % FOLDERS.len()];
            format!("{folder}{}", NAMES[number % NAMES.len()])
        };
        match *event {
            PastEvent::Write { name: at, text: number, mode } => {
                let written = if number % 9 == 0 { String::new() } else { text(number % 6) };
                self.put(&name(at), MODES[mode % MODES.len()], written);
            }
            PastEvent::Edit { file, line } => {
                let Some(file) = self.file(file) else { return };
                let (mode, text) = self.files()[&file].clone();
                self.put(&file, mode, Self::edited(&text, line));
            }
            PastEvent::Rename { file, name: at, is_edited } => {
                let Some(file) = self.file(file) else { return };
                let Some((mode, text)) = self.files().remove(&file) else { return };
                let text = if is_edited { Self::edited(&text, at) } else { text };
                self.put(&name(at), mode, text);
            }
            PastEvent::RenameFolder { from, to, is_edited } => {
                let from = FOLDERS[from % FOLDERS.len()];
                let to = FOLDERS[to % FOLDERS.len()];
                let names: Vec<String> = self.files().keys().cloned().collect();
                for (number, name) in names.iter().enumerate() {
                    let Some(rest) = name.strip_prefix(from) else { continue };
                    let Some((mode, text)) = self.files().remove(name) else { continue };
                    let is_edited = is_edited && number % 2 == 0;
                    let text = if is_edited { Self::edited(&text, number) } else { text };
                    self.put(&format!("{to}{rest}"), mode, text);
                }
            }
            PastEvent::Copy { file, name: at } => {
                let Some(file) = self.file(file) else { return };
                let (mode, text) = self.files()[&file].clone();
                self.put(&name(at), mode, text);
            }
            PastEvent::Delete { file } => {
                let Some(file) = self.file(file) else { return };
                self.files().remove(&file);
            }
            PastEvent::Revert { file, text } => {
                let Some(file) = self.file(file) else { return };
                let Some(text) = self.texts.get(text % self.texts.len().max(1)).cloned() else {
                    return;
                };
                let mode = self.files()[&file].0;
                self.put(&file, mode, text);
            }
            PastEvent::Commit { branch, who, hours } => {
                self.time += hours * 3600;
                self.commit(who, &[]);
                self.change_to(branch % BRANCHES);
            }
            PastEvent::Fork { branch, from } => {
                let from = self.branches[from % BRANCHES].clone();
                if from.last.is_some() && branch % BRANCHES != self.now {
                    self.branches[branch % BRANCHES] = from;
                }
            }
            PastEvent::Merge { branch, other, takes, hours } => {
                self.time += hours * 3600;
                self.now = branch % BRANCHES;
                self.merge(other % BRANCHES, takes);
            }
        }
    }

    /// A branch without commits begins where the others are, if anything is there.
    fn change_to(&mut self, branch: usize) {
        self.now = branch;
        if self.branches[branch].last.is_none() {
            let begun = self.branches.iter().find(|branch| branch.last.is_some()).cloned();
            self.branches[branch] = begun.unwrap_or_default();
        }
    }

    fn merge(&mut self, other: usize, takes: usize) {
        let other = self.branches[other].clone();
        let Some(last) = other.last.filter(|last| Some(*last) != self.branches[self.now].last)
        else {
            return;
        };
        match takes % 4 {
            0 => {}
            1 => *self.files() = other.files,
            2 => self.files().extend(other.files),
            _ => {
                for (name, file) in other.files {
                    self.files().entry(name).or_insert(file);
                }
            }
        }
        self.commit(takes, &[last]);
    }

    /// Commits the files of the branch.
    fn commit(&mut self, who: usize, others: &[usize]) {
        self.commits += 1;
        let Branch { last, files } = &mut self.branches[self.now];
        let who = AUTHORS[who % AUTHORS.len()];
        let mut line = |text: String| self.bytes.extend(text.bytes());
        line(format!("commit refs/heads/b{}\nmark :{}\n", self.commits, self.commits));
        line(format!("committer {who} <{who}@e.org> {} +0800\ndata 1\nx\n", self.time));
        let parents =
            last.iter().chain(others).zip(["from"].into_iter().chain(std::iter::repeat("merge")));
        for (parent, word) in parents {
            line(format!("{word} :{parent}\n"));
        }
        line("deleteall\n".to_owned());
        // A name cannot be that of a file and of a folder.
        for (name, (mode, text)) in files.iter() {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"").replace('\t', "\\t");
            line(format!("M {mode} inline \"{quoted}\"\ndata {}\n{text}\n", text.len()));
        }
        *last = Some(self.commits);
    }
}
