//! Bytes → a whole file on disk, by a temporary file beside it and a rename; temporary files that a
//! crash left are removed later. Also turns the system's errors into messages.
//!
//! Must not know: routes, the manifest, or the meaning of the files.

use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;
use crate::stamp::Stamp;

/// The beginning of the name of every temporary file; the writing process's number and `-` follow.
const TEMPORARY: &str = ".notes-tmp-";

/// Age at which a temporary file counts as left behind even if its process cannot be looked up: no
/// write takes this long.
const STRAY_AGE: Duration = Duration::from_secs(60 * 60);

/// Replaces the file at `path` by the bytes that `fill` writes: a reader sees the old file or the
/// new one, never a part. If anything fails, the old file stays and no temporary file is left.
/// Gives the result of `fill`, and the file's stamp.
pub fn replace<T>(
    path: &Path,
    fill: impl FnOnce(&mut fs::File) -> io::Result<T>,
) -> io::Result<(T, Option<Stamp>)> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    let prefix = format!("{TEMPORARY}{}-", std::process::id());
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(public());
    let mut temporary = builder.tempfile_in(folder)?;
    let result = fill(temporary.as_file_mut())?;
    // Taken from the open file: another run may just have replaced the file at `path`.
    let file = temporary.persist(path)?;
    let stamp = file.metadata().ok().and_then(|metadata| Stamp::of_own(&metadata));
    Ok((result, stamp))
}

/// Opens `path` if it is a plain file: a symbolic link is not followed, and a pipe, which might
/// block, is not opened.
pub fn open(path: &Path) -> Option<fs::File> {
    let is_plain = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    is_plain.then(|| fs::File::open(path).ok())?
}

/// The digest of a file on disk.
pub fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path)?)?;
    Ok(Digest::from(&hasher))
}

/// The permissions of a published file: readable by all, less the process's umask.
#[cfg(unix)]
fn public() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}

/// True if this is the name of one of our temporary files.
pub fn is_temporary(name: &str) -> bool {
    writer_of(name).is_some()
}

/// The number of the process that writes the temporary file of this name; `None` for other names.
fn writer_of(name: &str) -> Option<u32> {
    let (process, random) = name.strip_prefix(TEMPORARY)?.split_once('-')?;
    let plain = !random.is_empty() && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    process.parse().ok().filter(|_| plain)
}

/// Removes the temporary files in `folder` whose process is gone. Errors are ignored: such a file
/// does no harm, and the next run tries again.
pub fn sweep(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let writer = entry.file_name().to_str().and_then(writer_of);
        if writer.is_some_and(|process| is_gone(process) || is_old(&entry)) {
            // A folder of that name is not ours, and `remove_file` leaves folders alone.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// True if the process has ended, according to Linux's `/proc` (proc(5)); `false` on other systems.
/// A killed process stays listed as a zombie until its parent waits for it, which in containers may
/// be never.
fn is_gone(process: u32) -> bool {
    let state = |process: &str| {
        let status = fs::read_to_string(Path::new("/proc").join(process).join("stat")).ok()?;
        // The name before the state is in parentheses, and may contain some.
        status.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next())
    };
    state("self").is_some() && matches!(state(&process.to_string()), None | Some('Z' | 'X'))
}

fn is_old(entry: &fs::DirEntry) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
    let age = modified.and_then(|time| SystemTime::now().duration_since(time).ok());
    age.is_some_and(|age| age > STRAY_AGE)
}

/// True if there is no space left, so that every further write would fail in the same way.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// The system's reason in words, without its number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    // `tempfile` appends the temporary file's name, which means nothing to a writer.
    let words = words.split(" at path \"").next().unwrap_or(words);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The message that `path` cannot be written or removed.
pub fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    use io::ErrorKind::{InvalidFilename, PermissionDenied, QuotaExceeded, StorageFull};
    let help = match error.kind() {
        PermissionDenied => "make the folder writable, or choose another folder with `-o`",
        StorageFull | QuotaExceeded => "free some space and build again",
        InvalidFilename => "shorten the names of the note and its folders",
        _ => "choose another folder with `-o`",
    };
    let message = format!("cannot be written: {}", reason(error));
    Diagnostic::new(Kind::Unwritable, message).in_file(path.display().to_string()).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.html");
        replace(&page, |file| file.write_all(b"old")).unwrap();
        let error = replace(&page, |file| {
            file.write_all(b"ha")?;
            Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(is_full(&error.unwrap_err()));
        assert_eq!(fs::read(&page).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["page.html"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_as_readable_as_the_umask_allows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (page, plain) = (folder.path().join("page.html"), folder.path().join("plain"));
        replace(&page, |file| file.write_all(b"x")).unwrap();
        fs::write(&plain, b"x").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&page), mode(&plain));
    }

    #[test]
    fn old_temporary_files_go_and_everything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let own = format!("{TEMPORARY}{}-abc123", std::process::id());
        let old = format!("{TEMPORARY}{}-old123", std::process::id());
        // Above Linux's largest process number (2²²).
        let dead = format!("{TEMPORARY}4194999-abc123");
        let foreign =
            [".notes-tmp-", ".notes-tmp-x-abc", ".notes-tmp-4194999-a.b", "notes-tmp-4194999-abc"];
        for name in foreign.into_iter().chain([own.as_str(), &old, &dead]) {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let long_ago = SystemTime::now() - 2 * STRAY_AGE;
        fs::File::options()
            .write(true)
            .open(folder.path().join(&old))
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
        sweep(folder.path());
        let mut expected: Vec<_> = foreign.map(str::to_owned).into_iter().chain([own]).collect();
        if !Path::new("/proc/self").exists() {
            expected.push(dead);
        }
        expected.sort();
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn reasons_are_words() {
        let error = fs::read("/no/such/file").unwrap_err();
        assert_eq!(reason(&error), "no such file or directory");
        let error = replace(Path::new("/no/such/file"), |_| Ok(())).unwrap_err();
        assert_eq!(reason(&error), "no such file or directory");
    }
}
