//! Settings → the files that they publish, and the rows of the navigation matrix that they give.
//!
//! Must not know: how settings are written.

use std::collections::BTreeSet;

use crate::config::{self, Config, Cover};
use crate::diagnostic::{Diagnostic, Kind, Location};
use crate::links::{LinkResolver, Target, Unpublished};
use crate::path::SourcePath;
use crate::phrase::phrase;
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
    for (name, picture) in [("cover", &config.cover), ("logo", &config.logo)] {
        files.extend(shown(name, picture.as_ref(), tree, problems));
    }
    files.extend(config.icon.clone().filter(|icon| is_file(tree, icon)));
    files
}

/// Resolves links of the settings.
pub(super) struct Resolution<'a, 'r> {
    pub resolver: &'a LinkResolver<'r>,
    /// The files that are published because a link leads to them.
    pub files: &'a mut BTreeSet<SourcePath>,
    pub problems: &'a mut Vec<Diagnostic>,
}

impl Resolution<'_, '_> {
    fn target(
        &mut self,
        wanted: &config::MatrixTarget,
        location: impl FnOnce() -> Location,
    ) -> Target {
        let target = self.resolver.resolve(&SourcePath::root(), None, &wanted.to_string()).target;
        let problem = match &target {
            Target::File(path) => {
                self.files.insert(path.clone());
                None
            }
            Target::Unpublished(path, Unpublished::Active) => {
                unpublished(&wanted.to_string(), path, Unpublished::Active)
            }
            Target::Dead => {
                let problem =
                    Diagnostic::new(Kind::DeadLink, phrase!("`{wanted}` leads nowhere", wanted));
                Some(problem.help(phrase!("paths in notes.yaml go on from the notes' root")))
            }
            _ => None,
        };
        if let Some(problem) = problem {
            self.problems.push(Diagnostic { location: location(), ..problem });
        }
        target
    }
}

/// The links of the top bar with what they lead to.
pub(super) fn bar(config: &Config, resolution: &mut Resolution<'_, '_>) -> Vec<ConfiguredCell> {
    let link = |(index, link): (usize, &config::BarLink)| {
        let target = resolution.target(&link.target, || config.location_of_bar_link(index));
        ConfiguredCell { title: link.title.clone(), article: Some(target), code: None }
    };
    config.bar.iter().enumerate().map(link).collect()
}

/// The rows of the configuration with what their links lead to.
pub(super) fn matrix(config: &Config, resolution: &mut Resolution<'_, '_>) -> Vec<ConfiguredRow> {
    let mut target = |wanted: &config::MatrixTarget, row: usize, column: usize, key: &str| {
        resolution.target(wanted, || config.location_of_cell(row, column, key))
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

/// The file of the cover or the logo, if it is one beside the notes.
fn shown(
    name: &str,
    picture: Option<&Cover>,
    tree: &Tree,
    problems: &mut Vec<Diagnostic>,
) -> Option<SourcePath> {
    let Some(Cover::File(path)) = picture else { return None };
    if is_file(tree, path) {
        return Some(path.clone());
    }
    let message = phrase!("`{name}: {path}` is hidden, excluded or no image", name, path);
    let problem = Diagnostic::new(Kind::MissingImage, message).in_file("notes.yaml");
    problems.push(problem.help(phrase!("name an image that is published")));
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::site::fixture::NotesFixture;

    /// The settings of a folder with these files, and its tree with those that are not `away`.
    fn given(settings: &str, files: &[&str], away: &[&str]) -> (Config, Tree) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.yaml"), settings).unwrap();
        for file in files {
            fs::write(folder.path().join(file), "").unwrap();
        }
        let seen = files.iter().filter(|file| !away.contains(file)).map(|file| (*file, ""));
        let tree = NotesFixture::new(&seen.collect::<Vec<_>>()).tree;
        (config::load(folder.path()).unwrap().config, tree)
    }

    #[test]
    fn files_that_the_settings_name_are_published() {
        const FILES: [&str; 7] =
            ["CNAME", "a.pdf", "b.html", "c.svg", "d.png", "e.ico", "README.md"];
        for (settings, away, expected, message) in [
            ("{}", &[][..], &["CNAME"][..], None),
            ("assets: ['*.pdf', b.html]", &[], &["CNAME", "a.pdf", "b.html"], None),
            ("{cover: d.png, icon: e.ico}", &[], &["CNAME", "d.png", "e.ico"], None),
            // A note is a page, and no file.
            ("assets: ['*.md']", &[], &["CNAME"], None),
            ("{assets: [c.svg], html: safe}", &[], &["CNAME", "c.svg"], None),
            (
                "{assets: ['*.html', a.pdf], html: safe}",
                &[],
                &["CNAME", "a.pdf"],
                Some(Kind::ActiveFile),
            ),
            ("cover: d.png", &["d.png"], &["CNAME"], Some(Kind::MissingImage)),
            ("icon: e.ico", &["CNAME", "e.ico"], &[], None),
        ] {
            let (config, tree) = given(settings, &FILES, away);
            let mut problems = Vec::new();
            let found = files(&config, &tree, &mut problems);
            let names: Vec<&str> = found.iter().map(SourcePath::as_str).collect();
            assert_eq!(names, expected, "{settings}");
            let kinds: Vec<Kind> = problems.iter().map(|problem| problem.kind).collect();
            assert_eq!(kinds, Vec::from_iter(message), "{settings}");
        }
    }

    #[test]
    fn a_matrix_in_the_settings_has_targets_files_and_problems_with_their_places() {
        let settings = "\
matrix:
  rows:
    - label: 甲
      cells:
        - {link: a.md, code: a.rs}
        - {link: none.md}
";
        let (config, _) = given(settings, &["a.md", "a.rs"], &[]);
        let notes = NotesFixture::new(&[("README.md", "# 首页"), ("a.md", "# A"), ("a.rs", "")]);
        let site = notes.site(&config, None);
        let [row] = &site.matrix[..] else { panic!("{:?}", site.matrix) };
        assert!(matches!(row.cells[0].article, Some(Target::Page(..))), "{row:?}");
        assert!(matches!(row.cells[0].code, Some(Target::File(_))), "{row:?}");
        assert_eq!(row.cells[1].article, Some(Target::Dead));
        assert!(site.files.keys().any(|file| file.as_str() == "a.rs"), "{:?}", site.files);
        let dead = site.problems.iter().find(|problem| problem.kind == Kind::DeadLink).unwrap();
        assert_eq!(dead.message, "`none.md` leads nowhere");
        assert_eq!(
            (dead.location.file.as_deref(), dead.location.span.line),
            (Some("notes.yaml"), 6)
        );
    }
}
