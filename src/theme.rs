//! Templates and static files: those built into the program, each replaceable by a file of the same
//! name in the writer's folder `templates` or `static`.
//!
//! Must not know: the content of pages.

mod bundle;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use tera::{Context, ErrorKind, Tera};
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;

pub use self::bundle::{PageFiles, without_lines};
use crate::phrase::{Phrase, phrase};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The picture in browsers' tabs, drawn from the site's name unless the writer has one.
const ICON: &str = "icon.svg";

/// The writer's own style sheet, which comes after the built-in ones.
pub const OWN_STYLE: &str = "own.css";

/// The look of a site.
pub struct Theme {
    /// The writer's templates, and the built-in ones for the rest.
    own: Tera,
    /// The built-in templates alone, used if one of the writer's cannot be rendered.
    built_in: Tera,
    /// Static files by their path below the folder of static files.
    pub files: BTreeMap<String, StaticFile>,
    /// Mistakes in the writer's templates.
    pub problems: Vec<Diagnostic>,
    /// The digest of all templates.
    pub digest: Digest,
    /// The names of those that every page loads.
    pub page_files: PageFiles,
    /// True if any template is the writer's.
    pub has_own_templates: bool,
}

/// A static file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaticFile {
    /// A file of the program.
    BuiltIn(&'static [u8]),
    /// A file that is put together of others.
    Made(Arc<[u8]>),
    /// A file of the writer.
    Own {
        /// Its path.
        path: PathBuf,
        /// Its size in bytes.
        size: u64,
    },
}

impl Theme {
    /// Loads the theme for `folder`. `all_static` is true if every file in the writer's folder
    /// `static` is published; false, if only those are that replace built-in ones, because that
    /// folder is one of the notes. `colours` are the rules of CSS for the colours in the settings.
    #[must_use]
    pub fn load(folder: &Path, all_static: bool, colours: &str) -> Self {
        let built_in = built_in();
        let mut theme = Self {
            own: built_in.clone(),
            built_in,
            files: BTreeMap::new(),
            problems: Vec::new(),
            digest: Digest::default(),
            page_files: PageFiles::default(),
            has_own_templates: false,
        };
        theme.replace_templates(folder);
        for (name, bytes) in files(&STATIC) {
            theme.files.insert(name.to_owned(), StaticFile::BuiltIn(bytes));
        }
        for (name, path) in theme.own_files(folder, "static") {
            if all_static
                || theme.files.contains_key(&name)
                || [ICON, OWN_STYLE].contains(&name.as_str())
            {
                let size = path.metadata().map_or(0, |metadata| metadata.len());
                if !theme.is_built_in(&name, &path, size) {
                    theme.files.insert(name, StaticFile::Own { path, size });
                }
            }
        }
        theme.page_files = bundle::put_together(&mut theme.files, colours, theme.has_own_templates);
        theme
    }

    /// True if the writer's file is a copy of the built-in one, which replaces nothing.
    fn is_built_in(&self, name: &str, path: &Path, size: u64) -> bool {
        let Some(StaticFile::BuiltIn(bytes)) = self.files.get(name) else { return false };
        bytes.len() as u64 == size && fs::read(path).is_ok_and(|own| own == *bytes)
    }

    /// Renders a page. If the writer's template has a mistake, the built-in one is used, and the
    /// mistake is returned too.
    #[must_use]
    pub fn render(&self, template: &str, context: &Context) -> (Vec<u8>, Option<Diagnostic>) {
        let mut page = Vec::with_capacity(16 << 10);
        let Err(error) = self.own.render_to(template, context, &mut page) else {
            return (page, None);
        };
        let mut page = Vec::new();
        // The built-in templates are correct, as every test shows, so this does not fail.
        let _ = self.built_in.render_to(template, context, &mut page);
        (page, Some(problem(&error, template)))
    }

    /// The existing folders of the writer's templates and static files.
    #[must_use]
    pub fn folders(folder: &Path) -> Vec<PathBuf> {
        let below = ["templates", "static"].map(|name| WalkDir::new(folder.join(name)));
        let entries = below.into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.file_type().is_dir())
            .map(walkdir::DirEntry::into_path)
            .collect()
    }

    /// The same static files with the templates of another theme.
    #[must_use]
    pub fn with_templates_of(self, other: &Self) -> Self {
        let (own, digest) = (other.own.clone(), other.digest);
        Self {
            own,
            digest,
            has_own_templates: other.has_own_templates,
            problems: other.problems.clone(),
            ..self
        }
    }

    /// The digest of some static files, chosen by name.
    #[must_use]
    pub fn digest_of_files(&self, is_wanted: impl Fn(&str) -> bool) -> Digest {
        let wanted = self.files.iter().filter(|(name, _)| is_wanted(name));
        let digests = wanted.map(|(name, file)| {
            let digest = match file {
                StaticFile::BuiltIn(bytes) => Digest::of(bytes),
                StaticFile::Made(bytes) => Digest::of(bytes),
                StaticFile::Own { path, .. } => {
                    fs::read(path).map_or(Digest::default(), |bytes| Digest::of(&bytes))
                }
            };
            (name, digest.to_bytes())
        });
        let digests: Vec<_> = digests.collect();
        // Not that of a value: it stands in pages, which every build of the program makes alike.
        let parts = digests.iter().flat_map(|(name, digest)| [name.as_bytes(), &digest[..]]);
        Digest::of_parts(&parts.collect::<Vec<_>>())
    }

    /// The names of the files that draw and drive the pages: all but those that the writer adds for
    /// other purposes.
    pub fn frame_names(&self) -> impl Iterator<Item = &str> {
        let is_frame = |(name, file): &(&String, &StaticFile)| {
            !matches!(file, StaticFile::Own { .. })
                || *name == OWN_STYLE
                || STATIC.get_file(name).is_some()
        };
        self.files.iter().filter(is_frame).map(|(name, _)| name.as_str())
    }

    /// The writer's files in an optional folder; none, if it is a symbolic link to a folder outside
    /// the one that is built.
    fn own_files(&mut self, built: &Path, name: &str) -> Vec<(String, PathBuf)> {
        let (Ok(root), Ok(folder)) = (built.canonicalize(), built.join(name).canonicalize()) else {
            return Vec::new();
        };
        if folder.starts_with(root) {
            return files_below(&folder);
        }
        let message =
            phrase!("symbolic link not followed: its target is outside the folder of the notes");
        let problem = Diagnostic::new(Kind::Symlink, message).in_file(name);
        self.problems.push(problem.help(phrase!("copy the files into the folder to use them")));
        Vec::new()
    }

    /// Replaces built-in templates by the writer's, and adds those that they refer to.
    fn replace_templates(&mut self, folder: &Path) {
        let mut waiting: Vec<(String, String)> = Vec::new();
        for (name, path) in self.own_files(folder, "templates") {
            let is_template = is_template(&path);
            match fs::read_to_string(&path) {
                Ok(text) if is_template => waiting.push((name, text)),
                Err(error) if is_template => {
                    let message =
                        phrase!("cannot be read: {error}; the built-in template is used", error);
                    self.problems.push(
                        Diagnostic::new(Kind::Template, message)
                            .in_file(format!("templates/{name}")),
                    );
                }
                _ => {}
            }
        }
        let built_in: BTreeMap<_, _> = files(&TEMPLATES).collect();
        // A copy replaces nothing.
        waiting.retain(|(name, text)| built_in.get(&**name) != Some(&text.as_bytes()));
        self.has_own_templates = !waiting.is_empty();
        self.digest = Digest::of_value(&(built_in, &waiting));
        // First all at once, because they may refer to each other. If that fails, each is added
        // alone to find the ones with a mistake.
        let all = self.own.add_raw_templates(waiting.iter().map(|(name, text)| (name, text)));
        if all.is_ok() {
            return;
        }
        // A template can be added only after those to which it refers, so this is repeated until no
        // more can be added; those with a mistake are left.
        loop {
            let before = waiting.len();
            waiting.retain(|(name, text)| self.own.add_raw_template(name, text).is_err());
            if waiting.len() == before {
                break;
            }
        }
        for (name, text) in &waiting {
            let mistake = self.own.add_raw_template(name, text).err();
            self.problems.extend(mistake.map(|error| problem(&error, name)));
        }
    }
}

fn built_in() -> Tera {
    let mut tera = Tera::default();
    let templates = files(&TEMPLATES).filter(|(name, _)| is_template(Path::new(name)));
    let templates =
        templates.filter_map(|(name, bytes)| Some((name, std::str::from_utf8(bytes).ok()?)));
    if let Err(error) = tera.add_raw_templates(templates) {
        // Only a mistake in the program itself can lead here, and every test would show it.
        panic!("built-in templates: {error}");
    }
    tera
}

fn is_template(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "html" || end == "xml")
}

fn files(dir: &'static Dir<'_>) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let mut todo = vec![dir];
    std::iter::from_fn(move || {
        let dir = todo.pop()?;
        todo.extend(dir.dirs());
        Some(dir.files().filter_map(|file| Some((file.path().to_str()?, file.contents()))))
    })
    .flatten()
}

/// All files below a folder but hidden ones, in the order of their names.
fn files_below(folder: &Path) -> Vec<(String, PathBuf)> {
    let is_shown = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let entries =
        WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_shown).flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    let named = files.filter_map(|entry| {
        let name = entry
            .path()
            .strip_prefix(folder)
            .ok()?
            .to_str()?
            .replace(std::path::MAIN_SEPARATOR, "/");
        Some((name, entry.path().to_owned()))
    });
    named.collect()
}

/// A mistake in a template, with its location.
fn problem(error: &tera::Error, template: &str) -> Diagnostic {
    let help = phrase!("correct or remove the template; the built-in one is used instead");
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            Diagnostic::new(Kind::Template, Phrase::verbatim(report.message()))
                .in_file(format!("templates/{}", report.filename()))
                .at_line(u32::try_from(span.start_line).unwrap_or(0))
                .at_column(u32::try_from(span.start_col + 1).unwrap_or(0))
                .help(help)
        }
        other => {
            let message = other.to_string();
            let first = message.lines().next().unwrap_or_default();
            Diagnostic::new(Kind::Template, Phrase::verbatim(first))
                .in_file(format!("templates/{template}"))
                .help(help)
        }
    }
}
