//! The typed matrix → [`Matrix`], the table of articles and code on the home page, its links parsed
//! into paths and URLs.
//!
//! Must not know: which notes exist, or the HTML of the table.

use std::fmt;

use super::disk;
use super::mistake::Mistake;
use super::problems::Problems;
use super::typed;
use super::url::{Url, looks_like_url};
use super::yaml::YamlStep::{self, Index, Key};
use crate::path::{SourcePath, encode_path};
use crate::phrase::{Argument, ToArgument, phrase};

/// The table on the home page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Matrix {
    /// True if it replaces the home note's own first table; else its rows are added to it.
    pub replace: bool,
    /// Its rows from the top.
    pub rows: Vec<Row>,
}

/// A row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// Its heading.
    pub label: String,
    /// Its cells from the left.
    pub cells: Vec<Cell>,
}

/// A cell of the matrix: an article, its code, or both.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Its text; if there is none, the article's own title is shown.
    pub title: Option<String>,
    /// The targets of its links.
    pub links: Links,
}

/// The links of a cell; at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Links {
    /// To an article.
    Article(MatrixTarget),
    /// To code.
    Code(MatrixTarget),
    /// To both.
    Both {
        /// The article.
        article: MatrixTarget,
        /// Its code.
        code: MatrixTarget,
    },
}

/// The target of a link of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MatrixTarget {
    /// A note, a folder or another file below the notes' root; not looked up yet.
    Path {
        /// Its path.
        path: SourcePath,
        /// The text behind `#`, if there is any.
        anchor: Option<String>,
    },
    /// A page of another site.
    Url(Url),
}

impl Links {
    /// The article and the code.
    #[must_use]
    pub fn parts(&self) -> (Option<&MatrixTarget>, Option<&MatrixTarget>) {
        match self {
            Self::Article(article) => (Some(article), None),
            Self::Code(code) => (None, Some(code)),
            Self::Both { article, code } => (Some(article), Some(code)),
        }
    }
}

impl ToArgument for MatrixTarget {
    fn to_argument(&self) -> Argument {
        self.to_string().to_argument()
    }
}

impl fmt::Display for MatrixTarget {
    /// As a link in a note at the notes' root would have it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path { path, anchor: None } => formatter.write_str(&encode_path(path.as_str())),
            Self::Path { path, anchor: Some(anchor) } => {
                write!(formatter, "{}#{anchor}", encode_path(path.as_str()))
            }
            Self::Url(url) => url.fmt(formatter),
        }
    }
}

/// Reads `matrix`.
pub(super) fn resolve(typed: typed::TypedMatrix, problems: &mut Problems<'_>) -> Matrix {
    let rows = typed.rows.unwrap_or_default().into_iter().enumerate();
    let rows = rows.map(|(index, typed)| row(index, typed, problems)).collect();
    Matrix { replace: typed.replace.unwrap_or_default(), rows }
}

fn row(row: usize, typed: typed::TypedRow, problems: &mut Problems<'_>) -> Row {
    let cells = typed.cells.unwrap_or_default().into_iter().enumerate();
    let steps = |index| [Key("matrix"), Key("rows"), Index(row), Key("cells"), Index(index)];
    let cells = cells.filter_map(|(index, typed)| cell(&steps(index), typed, problems)).collect();
    Row { label: typed.label, cells }
}

fn cell(
    steps: &[YamlStep<'_>],
    typed: typed::TypedCell,
    problems: &mut Problems<'_>,
) -> Option<Cell> {
    let mut read = |key, text: Option<String>| {
        let steps_of_key = [steps, &[Key(key)]].concat();
        text.map(|text| problems.take(&steps_of_key, target(&text)))
    };
    let links = match (read("link", typed.link), read("code", typed.code)) {
        (Some(article), Some(code)) => Links::Both { article: article?, code: code? },
        (Some(article), None) => Links::Article(article?),
        (None, Some(code)) => Links::Code(code?),
        (None, None) => {
            problems.error(
                steps,
                &Mistake::new(phrase!("has no link"), phrase!("add `link`, `code` or both")),
            );
            return None;
        }
    };
    Some(Cell { title: typed.title.filter(|title| !title.trim().is_empty()), links })
}

/// A URL, or a path with perhaps an anchor.
pub(super) fn target(text: &str) -> Result<MatrixTarget, Mistake> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Mistake::new(
            phrase!("is empty"),
            phrase!("write a path or a URL, or delete the line"),
        ));
    }
    if looks_like_url(text) {
        return Url::parse(text).map(MatrixTarget::Url);
    }
    let (path, anchor) = split_anchor(text);
    let anchor = anchor.map(str::to_owned);
    Ok(MatrixTarget::Path { path: disk::inside(path)?, anchor })
}

/// Cuts at the `#` after a note or a folder; a file's name may contain one (`C#.md`).
fn split_anchor(text: &str) -> (&str, Option<&str>) {
    let names_page =
        |path: &str| path.ends_with('/') || SourcePath::new(path).is_some_and(|p| p.is_markdown());
    let cuts = text.match_indices('#').map(|(at, _)| text.split_at(at));
    cuts.filter(|(path, _)| names_page(path))
        .map(|(path, rest)| (path, Some(&rest[1..])))
        .next()
        .unwrap_or((text, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        for (text, path, anchor) in [
            ("a/b.md", "a/b.md", None),
            ("./a/b.md#节", "a/b.md", Some("节")),
            ("C#.md", "C#.md", None),
            ("C#.md#intro", "C#.md", Some("intro")),
            ("01~x/#a", "01~x", Some("a")),
            ("code/main.go", "code/main.go", None),
        ] {
            let expected = MatrixTarget::Path {
                path: SourcePath::new(path).unwrap(),
                anchor: anchor.map(str::to_owned),
            };
            assert_eq!(target(text), Ok(expected), "{text}");
        }
        let url = Url::parse("https://x.org/a#b").unwrap();
        assert_eq!(target("https://x.org/a#b"), Ok(MatrixTarget::Url(url)));
        for (text, message) in [
            ("../a.md", "points outside the folder: “../a.md”"),
            ("", "is empty"),
            ("ftp://x.org", "must begin with https:// or http://"),
        ] {
            assert_eq!(
                target(text).map_err(|said| said.message.to_string()),
                Err(message.to_owned()),
                "{text}"
            );
        }
    }
}
