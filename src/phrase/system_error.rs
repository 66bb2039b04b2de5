//! Errors of the operating system → phrases: in the program's own words if it has some, else in the
//! system's, without their numbers.
//!
//! Must not know: the files and addresses that the errors are about.

use std::io::{Error, ErrorKind};

use super::Phrase;
use crate::phrase::phrase;

/// The reason for an error, to be put after a colon.
#[must_use]
pub fn system_error(error: &Error) -> Phrase {
    if let Some(phrase) = error.get_ref().and_then(|inner| inner.downcast_ref::<Phrase>()) {
        return phrase.clone();
    }
    match error.kind() {
        ErrorKind::NotFound => phrase!("no such file or folder"),
        ErrorKind::PermissionDenied => phrase!("permission denied"),
        ErrorKind::AlreadyExists => phrase!("it exists already"),
        ErrorKind::AddrInUse => phrase!("the address is in use"),
        ErrorKind::AddrNotAvailable => phrase!("this machine does not have the address"),
        ErrorKind::NotADirectory => phrase!("part of the path is not a folder"),
        ErrorKind::IsADirectory => phrase!("it is a folder"),
        ErrorKind::DirectoryNotEmpty => phrase!("the folder is not empty"),
        ErrorKind::ReadOnlyFilesystem => phrase!("the disk is read-only"),
        ErrorKind::StorageFull => phrase!("no space left on the disk"),
        ErrorKind::QuotaExceeded => phrase!("the quota of the disk is used up"),
        ErrorKind::FileTooLarge => phrase!("the file is too large"),
        ErrorKind::InvalidFilename => phrase!("the disk does not allow such a name"),
        ErrorKind::TimedOut => phrase!("no answer in time"),
        _ => Phrase::verbatim(without_number(&error.to_string())),
    }
}

/// `text file busy` for `Text file busy (os error 26) at path "…"`, as `tempfile` has it.
fn without_number(text: &str) -> String {
    let words = text.split(" (os error ").next().unwrap_or(text);
    let words = words.split(" at path \"").next().unwrap_or(words);
    let mut letters = words.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_no_numbers() {
        let outside = phrase!("it is outside the notes");
        for (error, expected) in [
            (Error::from(ErrorKind::PermissionDenied), "permission denied"),
            (Error::other("Broken (os error 5) at path \"/tmp/x\""), "broken"),
            (Error::other("broken"), "broken"),
            (Error::new(ErrorKind::PermissionDenied, outside), "it is outside the notes"),
        ] {
            assert_eq!(system_error(&error), expected);
        }
        #[cfg(unix)]
        assert_eq!(system_error(&Error::from_raw_os_error(13)), "permission denied");
    }
}
