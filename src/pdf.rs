//! A book as one page → a PDF, by a program that is installed: WeasyPrint, or a browser of
//! Chromium's family.
//!
//! Must not know: notes, the command line.

use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::command::{self, CommandFailure, CommandLimits};
use crate::epub::PrintedBook;
use crate::phrase::{Phrase, phrase};
use crate::temporary::WorkFolder;

/// Limits of the program: WeasyPrint takes half a minute for 300 notes.
const LIMITS: CommandLimits = CommandLimits { time: Duration::from_hours(2), output: 1 << 20 };

const PAGE: &str = "book.html";
/// The sheet for `WeasyPrint` alone.
const SHEET: &str = "weasyprint.css";
const PDF: &str = "book.pdf";
/// Folder of the browser's own files.
const PROFILE: &str = "profile";

/// The end of the files that this program wrote: a comment (ISO 32000-1 §7.2.3).
const MARK: &[u8] = b"\n%notes\n";

const WEASYPRINT: &str = "weasyprint";
/// Browsers by the names of their programs, and by their places where those are in no search path.
const BROWSERS: [&str; 15] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "msedge",
    "brave-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// A printed book.
#[derive(Debug)]
pub struct PrintedPdf {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// The program that made it.
    pub program: String,
    /// True if its formulas are plain text, for the program knows none.
    pub lacks_formulas: bool,
}

/// The reason why there is no PDF.
#[derive(Debug)]
pub struct PdfFailure {
    /// The reason.
    pub message: Phrase,
    /// The next thing to do.
    pub help: Phrase,
}

/// A kind of program that prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PrinterKind {
    /// Knows page numbers in lists and running titles, and no formulas.
    WeasyPrint,
    /// Knows formulas, and of page numbers those in margins alone.
    Browser,
}

impl PrinterKind {
    /// The kind of a program.
    fn of(program: &str) -> Self {
        let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
        if name.to_lowercase().contains(WEASYPRINT) { Self::WeasyPrint } else { Self::Browser }
    }

    /// The words of the command that prints the page in a folder.
    fn words(self, program: &str, folder: &Path) -> Vec<String> {
        let path = |name: &str| folder.join(name).display().to_string();
        let mut words = vec![program.to_owned()];
        match self {
            Self::WeasyPrint => {
                words.extend(["-q", "-s"].map(str::to_owned));
                words.extend([SHEET, PAGE, PDF].map(path));
            }
            Self::Browser => {
                words.extend(["--headless", "--disable-gpu", "--no-first-run"].map(str::to_owned));
                // Every file of the page is beside it.
                words.push("--host-resolver-rules=MAP * ~NOTFOUND".to_owned());
                words.push("--no-pdf-header-footer".to_owned());
                words.push("--generate-pdf-document-outline".to_owned());
                if is_superuser() {
                    // Chromium refuses to run its sandbox as root.
                    words.push("--no-sandbox".to_owned());
                }
                words.push(format!("--user-data-dir={}", path(PROFILE)));
                words.push(format!("--print-to-pdf={}", path(PDF)));
                words.push(
                    url::Url::from_file_path(path(PAGE))
                        .map_or_else(|()| path(PAGE), |url| url.to_string()),
                );
            }
        }
        words
    }
}

#[cfg(unix)]
fn is_superuser() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_superuser() -> bool {
    false
}

/// True if a file is a PDF that this program wrote.
#[must_use]
pub fn is_ours(bytes: &[u8]) -> bool {
    bytes.ends_with(MARK)
}

/// Prints a book with a program, or else with the first that is installed: WeasyPrint, but for a
/// book with formulas a browser. Stops when `stop` is true.
///
/// # Errors
/// No program, or one that makes no PDF.
pub fn print(
    book: &PrintedBook,
    program: Option<&str>,
    stop: &AtomicBool,
) -> Result<PrintedPdf, PdfFailure> {
    let folder = filled(book).map_err(|error| PdfFailure {
        message: phrase!("a temporary file cannot be written: {error}", error),
        help: phrase!("free space on the disk, or name another folder with the variable `TMPDIR`"),
    })?;
    let known = || {
        let weasyprint = std::iter::once(WEASYPRINT);
        let (first, then): (Vec<&str>, Vec<&str>) = if book.has_formulas {
            (BROWSERS.to_vec(), weasyprint.collect())
        } else {
            (weasyprint.collect(), BROWSERS.to_vec())
        };
        first.into_iter().chain(then).collect()
    };
    // One that is named by a path is relative to the current folder, not to that of the page.
    let named = program.map(|program| match std::path::absolute(program) {
        Ok(path) if program.contains('/') => path.display().to_string(),
        _ => program.to_owned(),
    });
    let programs = named.as_deref().map_or_else(known, |program| vec![program]);
    for program in programs {
        let kind = PrinterKind::of(program);
        match command::run_until(
            &kind.words(program, folder.path()),
            folder.path(),
            "",
            LIMITS,
            stop,
        ) {
            Err(CommandFailure::NotInstalled) => {}
            Err(failure) => return Err(failed(program, &failure)),
            Ok(_) => return finished(&folder, program, book.has_formulas),
        }
    }
    Err(match program {
        Some(program) => failed(program, &CommandFailure::NotInstalled),
        None => PdfFailure {
            message: phrase!("no program that makes PDFs is installed"),
            help: phrase!(
                "install WeasyPrint or Chromium, or name another browser of its family with \
                 `--program`"
            ),
        },
    })
}

/// A temporary folder with the page and its pictures.
fn filled(book: &PrintedBook) -> io::Result<WorkFolder> {
    let folder = WorkFolder::new()?;
    folder.write(PAGE, book.html.as_bytes())?;
    folder.write(SHEET, book.for_weasyprint.as_bytes())?;
    for (name, bytes) in &book.pictures {
        folder.write(name, bytes)?;
    }
    Ok(folder)
}

/// The PDF that a program made.
fn finished(
    folder: &WorkFolder,
    program: &str,
    has_formulas: bool,
) -> Result<PrintedPdf, PdfFailure> {
    let made = folder.read(PDF).ok().filter(|bytes| bytes.starts_with(b"%PDF-"));
    let Some(mut bytes) = made else {
        let is_browser = BROWSERS.contains(&program);
        return Err(PdfFailure {
            message: phrase!("`{program}` made no PDF", program),
            help: if is_browser {
                phrase!(
                    "a browser in a sandbox of the system cannot read temporary files: name a \
                     folder in your home with the variable `TMPDIR`, or another program with \
                     `--program`"
                )
            } else {
                phrase!("name WeasyPrint or a browser of Chromium's family with `--program`")
            },
        });
    };
    bytes.extend_from_slice(MARK);
    let lacks_formulas = has_formulas && PrinterKind::of(program) == PrinterKind::WeasyPrint;
    Ok(PrintedPdf { bytes, program: program.to_owned(), lacks_formulas })
}

fn failed(program: &str, failure: &CommandFailure) -> PdfFailure {
    let message = match failure {
        CommandFailure::NotInstalled => {
            phrase!("the program `{program}` is not installed", program)
        }
        CommandFailure::NotStarted(reason) => {
            phrase!("`{program}` cannot be run: {reason}", program, reason)
        }
        CommandFailure::Slow => {
            let hours = LIMITS.time.as_secs() / 3600;
            phrase!("`{program}` took longer than {hours} h", program, hours)
        }
        CommandFailure::Stopped => phrase!("`{program}` was stopped", program),
        CommandFailure::Large => {
            let size = LIMITS.output >> 20;
            phrase!("`{program}` printed more than {size} MB", program, size)
        }
        CommandFailure::Failed { code, complaint } => {
            let reason = command::reason(complaint, *code);
            phrase!("`{program}` failed: {reason}", program, reason)
        }
    };
    let help = match failure {
        CommandFailure::NotInstalled => {
            phrase!("leave `--program` out to use one that is found")
        }
        CommandFailure::Slow => {
            phrase!("print a part with `--part`, or use another program with `--program`")
        }
        _ => phrase!("repair it, or use another program with `--program`"),
    };
    PdfFailure { message, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_their_names() {
        for (program, expected) in [
            ("weasyprint", PrinterKind::WeasyPrint),
            ("/opt/venv/bin/weasyprint", PrinterKind::WeasyPrint),
            (r"C:\Tools\WeasyPrint.exe", PrinterKind::WeasyPrint),
            ("/opt/weasyprint/chromium", PrinterKind::Browser),
            ("google-chrome", PrinterKind::Browser),
        ] {
            assert_eq!(PrinterKind::of(program), expected, "{program}");
        }
    }
}
