//! A [`Tree`] and some paths that may have changed → the current tree, without a walk over all of
//! it.
//!
//! Must not know: the watcher that names the paths.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::{Entry, Skip, Tree};
use crate::path::SourcePath;

impl Tree {
    /// The path below the root of a path on disk, or of the nearest folder above whose name is
    /// UTF-8; `None` if it is outside the root.
    #[must_use]
    pub fn place_of(&self, path: &Path) -> Option<SourcePath> {
        let below = path.strip_prefix(&self.root).ok()?;
        let named = below.ancestors().find_map(Path::to_str)?;
        SourcePath::new(&named.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// Reads these paths and all below them again.
    pub fn look_again(&mut self, paths: &BTreeSet<SourcePath>, skip: Skip<'_>, now: SystemTime) {
        let starts: BTreeSet<SourcePath> =
            paths.iter().filter_map(|path| self.start(path)).collect();
        let mut above: Option<&SourcePath> = None;
        for start in &starts {
            // A folder that was read again was read with all below it.
            if above.is_some_and(|above| is_below(above, start)) {
                continue;
            }
            above = Some(start);
            self.forget(start);
            if fs::symlink_metadata(self.on_disk(start)).is_ok() {
                self.read_below(start, skip, now);
            }
        }
    }

    /// The path to read again for a changed path: itself, or the topmost folder above it that is
    /// new; `None` below a folder that is not read.
    fn start(&self, path: &SourcePath) -> Option<SourcePath> {
        let mut folders: Vec<SourcePath> =
            path.ancestors().filter(|folder| !folder.is_root()).collect();
        folders.reverse();
        for folder in folders {
            match self.entries.get(&folder) {
                Some(Entry::Folder) => {}
                Some(Entry::Hidden) => return None,
                _ => return Some(folder),
            }
        }
        Some(path.clone())
    }

    /// Removes the entries and problems of a path and of all below.
    fn forget(&mut self, start: &SourcePath) {
        let entries = self.entries.range(start.clone()..).map(|(path, _)| path);
        let same_begin = entries.take_while(|path| path.as_str().starts_with(start.as_str()));
        let gone: Vec<SourcePath> =
            same_begin.filter(|path| is_below(start, path)).cloned().collect();
        for path in gone {
            self.entries.remove(&path);
        }
        let shown = self.shown(start);
        self.problems.retain(|problem| {
            let file = problem.location.file.as_deref().unwrap_or_default();
            let rest = file.strip_prefix(&*shown);
            !(start.is_root() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        });
    }
}

/// True if `path` is `above` or below it.
fn is_below(above: &SourcePath, path: &SourcePath) -> bool {
    let rest = path.as_str().strip_prefix(above.as_str());
    above.is_root() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skip() -> Skip<'static> {
        Skip {
            output: Path::new("/nowhere"),
            own: ".notes",
            output_mark: ("mark", "mark"),
            excluded: &|path| path.name() == "excluded",
        }
    }

    /// Reads a folder, changes it, and reads the changed paths again; the result must be that of
    /// reading the whole folder again.
    fn is_as_read_anew(change: impl FnOnce(&Path), paths: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["a", "a/b", "a b", "excluded"] {
            fs::create_dir(root.join(name)).unwrap();
            fs::write(root.join(name).join("note.md"), name).unwrap();
        }
        fs::write(root.join("a/picture.png"), [0; 2000]).unwrap();
        fs::write(root.join("a.md"), "a").unwrap();
        let now = SystemTime::now();
        let mut tree = Tree::read(root, String::new(), skip(), now);
        change(root);
        tree.look_again(
            &paths.iter().filter_map(|path| SourcePath::new(path)).collect(),
            skip(),
            now,
        );
        let anew = Tree::read(root, String::new(), skip(), now);
        assert_eq!((&tree.entries, &tree.problems), (&anew.entries, &anew.problems), "{paths:?}");
    }

    #[test]
    fn changes_are_seen_as_by_reading_everything_again() {
        let write =
            |name: &'static str| move |root: &Path| fs::write(root.join(name), "new").unwrap();
        is_as_read_anew(|_| (), &[]);
        is_as_read_anew(write("a/new.md"), &["a/new.md"]);
        is_as_read_anew(write("a/picture.png"), &["a/picture.png", "a/picture.png.tmp"]);
        is_as_read_anew(write("excluded/new.md"), &["excluded/new.md"]);
        is_as_read_anew(|root| fs::remove_dir_all(root.join("a")).unwrap(), &["a"]);
        is_as_read_anew(|root| fs::remove_file(root.join("a/note.md")).unwrap(), &["a/note.md"]);
        is_as_read_anew(|root| fs::rename(root.join("a"), root.join("c")).unwrap(), &["a", "c"]);
        is_as_read_anew(
            |root| fs::rename(root.join("a/b"), root.join("excluded/b")).unwrap(),
            &["a/b"],
        );
        let deep = |root: &Path| {
            fs::create_dir_all(root.join("new/deep/er")).unwrap();
            fs::write(root.join("new/deep/er/note.md"), "x").unwrap();
        };
        is_as_read_anew(deep, &["new/deep/er/note.md"]);
        is_as_read_anew(deep, &["new"]);
        is_as_read_anew(deep, &[""]);
        let file_for_folder = |root: &Path| {
            fs::remove_dir_all(root.join("a")).unwrap();
            fs::write(root.join("a"), "file").unwrap();
        };
        is_as_read_anew(file_for_folder, &["a"]);
        let marked = |root: &Path| fs::write(root.join("a/mark"), "mark").unwrap();
        is_as_read_anew(marked, &["a"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_looked_at_as_links() {
        let link = |to: &'static str, name: &'static str| {
            move |root: &Path| std::os::unix::fs::symlink(root.join(to), root.join(name)).unwrap()
        };
        is_as_read_anew(link("a/note.md", "link.md"), &["link.md"]);
        is_as_read_anew(link("a", "link"), &["link"]);
        is_as_read_anew(link("nowhere", "link.md"), &["link.md"]);
        is_as_read_anew(
            |root| {
                link("nowhere", "a/link.md")(root);
                fs::remove_file(root.join("a/link.md")).unwrap();
            },
            &["a/link.md"],
        );
    }

    #[test]
    fn paths_on_disk_become_paths_of_notes() {
        let tree = Tree { root: "/notes".into(), ..Tree::default() };
        let place =
            |path: &str| tree.place_of(Path::new(path)).map(|path| path.as_str().to_owned());
        assert_eq!(place("/notes/a/b.md").as_deref(), Some("a/b.md"));
        assert_eq!(place("/notes").as_deref(), Some(""));
        assert_eq!(place("/other/b.md"), None);
    }
}
