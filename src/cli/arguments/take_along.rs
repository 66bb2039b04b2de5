//! The arguments of the commands that write notes to take along: cards, books, PDFs.
//!
//! Must not know: the work of a command.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use crate::config::{self, Url};

#[derive(Debug, Args)]
pub(in crate::cli) struct CardsArguments {
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Output file; `-` for standard output [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The address of the site, for links and pictures.
    #[arg(long, value_name = "URL", value_parser = config::base_url)]
    pub base_url: Option<Url>,
    /// Replace a file that this program did not write.
    #[arg(long)]
    pub force: bool,
}

/// The arguments of all commands that write a book.
#[derive(Debug, Args)]
pub(in crate::cli) struct BookArguments {
    /// The folder of the notes, or one that contains them in `content`.
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// The part of the navigation: the label or folder of an entry at its top; in a library, a
    /// book, or `BOOK/PART`.
    #[arg(short, long, value_name = "PART")]
    pub part: Option<String>,
    /// Output file [default: the title of the site or part, in the current folder].
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The address of the site, for links to notes that are not in the book.
    #[arg(long, value_name = "URL", value_parser = config::base_url)]
    pub base_url: Option<Url>,
    /// Replace a file that this program did not write.
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct EpubArguments {
    #[command(flatten)]
    pub book: BookArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PdfArguments {
    #[command(flatten)]
    pub book: BookArguments,
    /// The size of the sheets: A4, A5, B5 (176 × 250 mm) or letter.
    #[arg(long, value_enum, default_value_t = Paper::A4)]
    pub paper: Paper,
    /// The program that prints: WeasyPrint, or a browser of Chromium's family [default: the first
    /// that is found].
    #[arg(long, value_name = "PROGRAM", value_parser = NonEmptyStringValueParser::new())]
    pub program: Option<String>,
}

/// The size of a sheet of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 148 × 210 mm.
    A5,
    /// 176 × 250 mm.
    B5,
    /// 8.5 × 11 in.
    Letter,
}

impl Paper {
    /// Its name in CSS (CSS Paged Media 3 §7.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::A4 => "A4",
            Self::A5 => "A5",
            Self::B5 => "B5",
            Self::Letter => "letter",
        }
    }
}
