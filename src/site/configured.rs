//! Settings → the files that they publish, and the rows of the navigation matrix that they give.
//!
//! Must not know: how settings are written.

use std::collections::BTreeSet;

use crate::config::{self, Config, Cover};
use crate::diagnostic::{Diagnostic, Kind};
use crate::links::{LinkResolver, Target, Unpublished};
use crate::path::SourcePath;
use crate::source::{Entry, Tree};

use super::passive::may_be_published;
use super::reference::unpublished;
use super::{ConfiguredCell, ConfiguredRow};

/// Files that the settings publish, whether or not a note refers to them.
pub(super) fn files(
    config: &Config,
    tree: &Tree,
    problems: &mut Vec<Diagnostic>,
) -> Vec<SourcePath> {
    let (mut files, refused): (Vec<SourcePath>, Vec<SourcePath>) = published(tree, config)
        .into_iter()
        .partition(|path| path.as_str() == DOMAIN || may_be_published(path, config));
    problems.extend(refused.iter().filter_map(|path| {
        let problem = unpublished(path.as_str(), path, Unpublished::Active)?;
        Some(problem.in_file(path.as_str()))
    }));
    files.extend(cover(config, tree, problems));
    files.extend(config.icon.clone().filter(|icon| is_file(tree, icon)));
    files
}

/// The rows of the configuration with what their links lead to.
pub(super) fn matrix(
    config: &Config,
    resolver: &LinkResolver,
    files: &mut BTreeSet<SourcePath>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<ConfiguredRow> {
    let mut target = |wanted: &config::MatrixTarget, row: usize, column: usize, key: &str| {
        let target = resolver.resolve(&SourcePath::root(), None, &wanted.to_string()).target;
        match &target {
            Target::File(path) => {
                files.insert(path.clone());
            }
            Target::Unpublished(path, Unpublished::Active) => {
                let problem = unpublished(&wanted.to_string(), path, Unpublished::Active);
                let location = config.location_of_cell(row, column, key);
                problems.extend(problem.map(|problem| Diagnostic { location, ..problem }));
            }
            Target::Dead => {
                let problem = Diagnostic::new(Kind::DeadLink, format!("`{wanted}` leads nowhere"));
                let problem = problem.help("paths in the matrix go on from the notes' root");
                let location = config.location_of_cell(row, column, key);
                problems.push(Diagnostic { location, ..problem });
            }
            _ => {}
        }
        target
    };
    let mut cell = |row: usize, column: usize, cell: &config::Cell| {
        let (article, code) = cell.links.parts();
        ConfiguredCell {
            title: cell.title.clone(),
            article: article.map(|article| target(article, row, column, "link")),
            code: code.map(|code| target(code, row, column, "code")),
        }
    };
    let rows = config.matrix.rows.iter().enumerate().map(|(index, row)| ConfiguredRow {
        label: row.label.clone(),
        cells: row
            .cells
            .iter()
            .enumerate()
            .map(|(column, typed)| cell(index, column, typed))
            .collect(),
    });
    rows.collect()
}

/// The file of the cover, if it is one beside the notes.
fn cover(config: &Config, tree: &Tree, problems: &mut Vec<Diagnostic>) -> Option<SourcePath> {
    let Some(Cover::File(path)) = &config.cover else { return None };
    if is_file(tree, path) {
        return Some(path.clone());
    }
    let message = format!("the cover `{path}` is hidden, excluded or no image");
    let problem = Diagnostic::new(Kind::MissingImage, message).in_file("notes.yaml");
    problems.push(problem.help("name an image that is published"));
    None
}

/// True if there is a file that may be published.
fn is_file(tree: &Tree, path: &SourcePath) -> bool {
    matches!(tree.entries.get(path), Some(Entry::File { .. }))
}

/// The file in which GitHub Pages looks for a site's own domain, where a site is published from a
/// branch.
const DOMAIN: &str = "CNAME";

/// Files that the configuration publishes whether or not a note refers to them, and the site's
/// domain; never hidden ones.
fn published(tree: &Tree, config: &Config) -> Vec<SourcePath> {
    let is_named = |path: &SourcePath| {
        (config.assets.matches(path) && !path.is_hidden()) || path.as_str() == DOMAIN
    };
    let files = tree
        .entries
        .iter()
        .filter(|(path, entry)| matches!(entry, Entry::File { .. }) && is_named(path));
    files.map(|(path, _)| path.clone()).collect()
}
