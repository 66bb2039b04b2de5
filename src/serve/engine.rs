//! A folder of notes and hints at what changed in it → the site as it is now, or the last one that was good with what
//! keeps the folder from being one. The site is the one that a build writes: the same stages make it, each from what it
//! made before.
//!
//! Must not know: who gives the hints, who looks at the site.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::moved::{self, Changes};
use super::shown::{Edited, Shown};
use super::watch::Hints;
use crate::build::{Linked, Sources};
use crate::cache::Cache;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Kind, Report, Severity};
use crate::digest::Digest;
use crate::history::{Head, History, Unknown};
use crate::path::{Route, SourcePath};
use crate::publish;
use crate::source::{Entry, Tree};
use crate::theme::Theme;

/// What is made while serving is kept in memory, so many bytes of it.
const KEPT: usize = 1 << 20;
/// Pages that are made at once when their notes change; of more the others are made when somebody asks.
const AT_ONCE: usize = 8;
/// Templates are tried on so many pages before they are used.
const TRIED: usize = 6;

/// The way out of a mistake in a template that is not used because of it.
const REFUSED: &str = "correct the template or remove it; until then the last good one is used";

/// Builds the site of a folder again and again.
pub(super) struct Engine {
    folder: PathBuf,
    /// Whether notes that are not to be published yet are shown.
    drafts: bool,
    /// Where a build would write, which is no part of the notes.
    output: PathBuf,
    cache: Arc<Cache>,
    shown: Arc<Shown>,
    /// Versions of the theme in use.
    styles: Digest,
    scripts: Digest,
    moved: Arc<HashMap<Route, Route>>,
    /// Whether what is in the folder is not what is shown.
    is_stuck: bool,
    history: Option<Remembered>,
}

/// What git knew of the notes.
struct Remembered {
    /// In which folder.
    root: PathBuf,
    /// At which commit.
    head: Result<Option<Head>, Unknown>,
    history: Arc<History>,
    /// What there is to tell if it knew nothing.
    unknown: Option<Diagnostic>,
}

/// What became of some hints.
pub(super) struct Rebuilt {
    /// The site as it is now.
    pub shown: Arc<Shown>,
    /// What changed, in words a writer knows: names of files, or how many of which.
    pub what: Vec<String>,
    /// How many pages were rendered.
    pub rendered: usize,
    /// What there is to tell that was not told before.
    pub problems: Vec<Diagnostic>,
    /// Whether anything changed that somebody may see.
    pub is_new: bool,
}

/// What a site is built from, as it was found, and what there is to tell of that.
struct Found {
    sources: Sources,
    notices: Vec<Diagnostic>,
    /// Mistakes of a theme that is not used because of them.
    refused: Vec<Diagnostic>,
}

impl Engine {
    /// For the notes in a folder, `drafts` among them or not; nothing is read yet.
    pub fn new(folder: &Path, drafts: bool) -> Self {
        let shown = Shown {
            number: 0,
            site: None,
            problems: Report::default(),
            styles: Digest::default(),
            frame: Digest::default(),
            folder: folder.to_owned(),
            moved: Arc::default(),
            edited: None,
            written: Vec::new(),
            made: Arc::default(),
        };
        Self {
            folder: folder.to_owned(),
            drafts,
            output: folder.join(publish::SITE),
            cache: Arc::new(Cache::open(folder)),
            shown: Arc::new(shown),
            styles: Digest::default(),
            scripts: Digest::default(),
            moved: Arc::default(),
            is_stuck: false,
            history: None,
        }
    }

    /// What is shown now.
    pub fn shown(&self) -> Arc<Shown> {
        self.shown.clone()
    }

    /// The folders that hold what the site is made from.
    pub fn folders(&self) -> BTreeSet<PathBuf> {
        let mut folders = BTreeSet::from([self.folder.clone()]);
        if let Some(site) = &self.shown.site {
            let tree = &site.sources().tree;
            let below = tree.entries.iter().filter(|(_, entry)| matches!(entry, Entry::Folder));
            folders.extend(below.map(|(path, _)| tree.on_disk(path)));
            folders.insert(tree.root.clone());
        }
        folders.extend(Theme::folders(&self.folder));
        folders
    }

    /// Builds what the hints make necessary.
    pub fn rebuild(&mut self, hints: &Hints) -> Rebuilt {
        let found = match self.find(hints) {
            Ok(found) => found,
            Err(problems) => return self.stuck(problems),
        };
        let earlier = self.shown.site.clone();
        let mut refused = found.refused;
        let mut site = Linked::new(&found.sources, earlier.as_deref());
        if let Some(earlier) = &earlier
            && earlier.sources().theme.digest != found.sources.theme.digest
        {
            let mistakes = mistakes_in_theme(&site);
            if !mistakes.is_empty() {
                refused.extend(mistakes);
                let theme = earlier.sources().theme.clone();
                site = Linked::new(&Sources { theme, ..found.sources }, Some(earlier));
            }
        }
        if site.note_count() == 0 {
            return self.stuck(site.problems().to_vec());
        }
        let refused: Vec<Diagnostic> =
            refused.into_iter().map(|mistake| mistake.hint(REFUSED)).collect();
        let problems = [&found.notices[..], &refused, site.problems()].concat();
        self.show(Arc::new(site), problems, hints)
    }

    /// Finds what the site is built from. What no hint concerns is as it was.
    fn find(&mut self, hints: &Hints) -> Result<Found, Vec<Diagnostic>> {
        let now = SystemTime::now();
        let (mut config, notices) = publish::configured(&self.folder)?;
        config.drafts |= self.drafts;
        let earlier = self.shown.site.as_ref().map(|site| site.sources());
        let config = match earlier {
            Some(earlier) if *earlier.config == config => earlier.config.clone(),
            _ => Arc::new(config),
        };
        let same_root = earlier.filter(|earlier| earlier.config.content == config.content);
        let same_notes = same_root.filter(|earlier| earlier.config.exclude == config.exclude);
        let tree = if let (Some(earlier), Some(hinted)) = (same_notes, hints.at()) {
            self.look_again(&earlier.tree, &config, hinted, now)
        } else {
            let root = self.folder.join(config.content.as_str());
            Arc::new(publish::read(&root, &self.output, &config, now))
        };
        let is_theme = |path: &Path| {
            ["templates", "static"].iter().any(|name| path.starts_with(self.folder.join(name)))
        };
        let same_theme = same_root.filter(|_| !hints.concern(is_theme));
        let mut refused = Vec::new();
        let theme = if let Some(earlier) = same_theme {
            // Mistakes of a theme that is not used are told as long as it is there.
            refused = self
                .shown
                .problems
                .messages()
                .iter()
                .filter(|told| told.kind == Kind::Template)
                .cloned()
                .collect();
            refused.retain(|told| !earlier.theme.problems.contains(told));
            earlier.theme.clone()
        } else {
            let theme = Theme::load(&self.folder, !config.content.is_root());
            let ends = |name: &str, end: &str| {
                Path::new(name).extension().is_some_and(|found| found == end)
            };
            self.styles = theme.digest_of_files(|name| ends(name, "css"));
            self.scripts = theme.digest_of_files(|name| ends(name, "js"));
            match earlier {
                Some(earlier)
                    if theme.problems.iter().any(|problem| problem.kind == Kind::Template) =>
                {
                    refused.clone_from(&theme.problems);
                    Arc::new(theme.with_templates_of(&earlier.theme))
                }
                _ => Arc::new(theme),
            }
        };
        let (history, unknown) = self.history(&tree.root, hints);
        let notices = config.levels.apply(notices.into_iter().chain(unknown));
        let (cache, least) = (self.cache.clone(), Severity::Warning);
        let sources = Sources { tree, config, theme, cache, history, least };
        Ok(Found { sources, notices, refused })
    }

    /// What git knows of the notes; read again after a commit. Git is not asked while somebody waits to see what was
    /// written: a look at everything comes soon after.
    fn history(&mut self, root: &Path, hints: &Hints) -> (Arc<History>, Option<Diagnostic>) {
        let is_save = hints.at().is_some_and(|places| places.len() <= AT_ONCE);
        let known = self.history.take().filter(|known| known.root == root);
        let known = match known {
            Some(known) if is_save => known,
            known => {
                let head = Head::of(root);
                known.filter(|known| known.head == head).unwrap_or_else(|| {
                    let (history, unknown) = publish::history(&head, &self.cache);
                    Remembered { root: root.to_owned(), head, history, unknown }
                })
            }
        };
        let told = (known.history.clone(), known.unknown.clone());
        self.history = Some(known);
        told
    }

    fn look_again(
        &self,
        tree: &Arc<Tree>,
        config: &Config,
        hinted: &BTreeSet<PathBuf>,
        now: SystemTime,
    ) -> Arc<Tree> {
        let places: BTreeSet<SourcePath> =
            hinted.iter().filter_map(|path| tree.place_of(path)).collect();
        let mut again = (**tree).clone();
        publish::look_again(&mut again, &places, &self.output, config, now);
        if again.entries == tree.entries && again.problems == tree.problems {
            return tree.clone();
        }
        Arc::new(again)
    }

    /// Shows a site.
    fn show(&mut self, site: Arc<Linked>, problems: Vec<Diagnostic>, hints: &Hints) -> Rebuilt {
        let earlier = self.shown.site.clone();
        let renames = renames(&site, hints);
        let changes = earlier.as_deref().map(|earlier| Changes::between(earlier, &site, &renames));
        let changes = changes.unwrap_or_default();
        if let Some(earlier) =
            earlier.as_deref().filter(|_| !changes.renamed.is_empty() || !renames.is_empty())
        {
            let mut moved = (*self.moved).clone();
            moved::remember(&mut moved, &changes, &renames, earlier, &site);
            self.moved = Arc::new(moved);
        }
        let frame = Digest::of_value(&(site.sources().theme.digest, self.scripts));
        let written = written_files(&site, earlier.as_deref(), hints);
        let is_new = self.is_stuck
            || earlier.is_none()
            || !changes.is_empty()
            || !written.is_empty()
            || earlier.as_ref().is_some_and(|earlier| earlier.key() != site.key())
            || earlier.as_ref().is_some_and(|earlier| has_other_history(earlier, &site))
            || (self.shown.styles, self.shown.frame) != (self.styles, frame)
            || self.shown.problems != Report::new(problems.clone());
        let was_stuck = std::mem::take(&mut self.is_stuck);
        let mut shown = Shown {
            number: self.shown.number + u64::from(is_new),
            problems: Report::new(Vec::new()),
            styles: self.styles,
            frame,
            folder: self.folder.clone(),
            moved: self.moved.clone(),
            edited: self.shown.edited.clone(),
            written,
            made: if is_new { Arc::default() } else { self.shown.made.clone() },
            site: Some(site),
        };
        let (rendered, found) =
            if earlier.is_some() { self.at_once(&mut shown, &changes) } else { (0, Vec::new()) };
        shown.problems = Report::new([problems, found].concat());
        let what = what(&changes, &shown, hints, was_stuck);
        let problems = untold(&shown.problems, &self.shown.problems);
        self.shown = Arc::new(shown);
        Rebuilt { shown: self.shown(), what, rendered, problems, is_new }
    }

    /// Makes the pages of the notes that changed: they are likely to be looked at, and what is wrong with them is told.
    fn at_once(&self, shown: &mut Shown, changes: &Changes) -> (usize, Vec<Diagnostic>) {
        let renamed = changes.renamed.iter().map(|(_, to)| to);
        let notes = changes.written.iter().chain(&changes.added).chain(renamed);
        let routes: Vec<Route> = notes.filter_map(|path| shown.route_of(path)).cloned().collect();
        let mut problems = Vec::new();
        for route in routes.iter().take(AT_ONCE) {
            problems.extend(shown.made(route).map(|(_, problems)| problems).unwrap_or_default());
        }
        if let [route] = &routes[..] {
            let section = section_of_change(&self.shown, shown, route);
            shown.edited =
                Some(Arc::new(Edited { number: shown.number, route: route.clone(), section }));
        }
        (routes.len().min(AT_ONCE), problems)
    }

    /// What is shown stays, with what keeps the folder from being shown.
    fn stuck(&mut self, problems: Vec<Diagnostic>) -> Rebuilt {
        let problems = Report::new(problems);
        let is_new = !self.is_stuck || problems != self.shown.problems;
        self.is_stuck = true;
        let shown = Shown {
            number: self.shown.number + u64::from(is_new),
            site: self.shown.site.clone(),
            problems,
            styles: self.shown.styles,
            frame: self.shown.frame,
            folder: self.folder.clone(),
            moved: self.moved.clone(),
            edited: None,
            written: Vec::new(),
            made: self.shown.made.clone(),
        };
        let problems = untold(&shown.problems, &self.shown.problems);
        self.shown = Arc::new(shown);
        Rebuilt { shown: self.shown(), what: Vec::new(), rendered: 0, problems, is_new }
    }

    /// Keeps what was learnt of the notes for the next run, in the folder, and from then on in memory only; enters what was
    /// found wrong with pages meanwhile.
    pub fn keep(&mut self, found: Vec<Diagnostic>) -> Rebuilt {
        if let Some(site) = self.shown.site.as_ref().filter(|site| site.parsed() > 0) {
            site.leave();
        }
        // Without it the next run has more to do, and nothing else.
        let _ = self.cache.save();
        self.cache = Arc::new(Cache::open(&self.folder).keeping_recent(KEPT));
        let problems = Report::new([self.shown.problems.messages(), &found].concat());
        let is_new = problems != self.shown.problems;
        if is_new {
            let number = self.shown.number + 1;
            self.shown = Arc::new(Shown { number, problems, ..(*self.shown).clone() });
        }
        Rebuilt { shown: self.shown(), what: Vec::new(), rendered: 0, problems: found, is_new }
    }
}

/// Whether git knows more than it did, or less.
fn has_other_history(earlier: &Linked, site: &Linked) -> bool {
    earlier.sources().history.digest() != site.sources().history.digest()
}

/// The renames below the notes' root that the system told of.
fn renames(site: &Linked, hints: &Hints) -> Vec<(SourcePath, SourcePath)> {
    let tree = &site.sources().tree;
    let place = |path: &Path| tree.place_of(path);
    let renames = hints.renames().iter();
    renames.filter_map(|(from, to)| Some((place(from)?, place(to)?))).collect()
}

/// The mistakes that come to light when pages are rendered: of the home page, of a note, and of some others.
fn mistakes_in_theme(site: &Linked) -> Vec<Diagnostic> {
    let own = &site.site().own;
    let home = site.site().page(site.site().home);
    let notes =
        site.site().pages.iter().map(|page| &page.route).filter(|route| **route != home.route);
    let others =
        [Some(&own.contents), Some(&own.search), own.not_found.as_ref(), own.links.first()];
    let others = others.into_iter().flatten().chain(own.parts.first().map(|(_, route)| route));
    let tried = std::iter::once(&home.route).chain(others).chain(notes).take(TRIED + 1);
    let mut mistakes: Vec<Diagnostic> =
        tried.filter_map(|route| site.file(route)).flat_map(|(_, problems)| problems).collect();
    mistakes.retain(|mistake| mistake.kind == Kind::Template);
    mistakes
}

/// The files beside the notes that were written and are published.
fn written_files(site: &Linked, earlier: Option<&Linked>, hints: &Hints) -> Vec<Route> {
    let Some(earlier) = earlier else { return Vec::new() };
    let stamped = |site: &Linked, path: &SourcePath| match site.sources().tree.entries.get(path) {
        Some(Entry::File { size, stamp }) => Some((*size, *stamp)),
        _ => None,
    };
    let is_hinted = |path: &SourcePath| {
        let place = site.sources().tree.on_disk(path);
        hints.at().is_some_and(|hinted| hinted.contains(&place))
    };
    let is_written = |path: &SourcePath| match (stamped(earlier, path), stamped(site, path)) {
        (Some((before, _)), Some((now, _))) if before != now => true,
        (Some((_, Some(before))), Some((_, now))) => now != Some(before),
        // Written just now, and perhaps just before too.
        (Some((_, None)), Some((_, None))) => is_hinted(path),
        _ => false,
    };
    site.site()
        .files
        .iter()
        .filter(|(path, _)| is_written(path))
        .map(|(_, route)| route.clone())
        .collect()
}

/// What changed, in words.
fn what(changes: &Changes, shown: &Shown, hints: &Hints, was_stuck: bool) -> Vec<String> {
    let Some(site) = &shown.site else { return Vec::new() };
    let tree = &site.sources().tree;
    if changes.count() > AT_ONCE {
        let counts = [
            (changes.written.len(), "written"),
            (changes.added.len(), "new"),
            (changes.renamed.len(), "renamed"),
            (changes.removed.len(), "gone"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        return counts.map(|(count, what)| format!("{count} notes {what}")).collect();
    }
    let mut what: Vec<String> = changes.written.iter().map(|path| tree.shown(path)).collect();
    what.extend(changes.added.iter().map(|path| format!("{} new", tree.shown(path))));
    what.extend(
        changes
            .renamed
            .iter()
            .map(|(from, to)| format!("{} now {}", tree.shown(from), tree.shown(to))),
    );
    what.extend(changes.removed.iter().map(|path| format!("{} gone", tree.shown(path))));
    if what.is_empty()
        && let Some(hinted) = hints.at()
    {
        let names = hinted.iter().filter_map(|path| path.strip_prefix(&shown.folder).ok());
        what.extend(names.take(AT_ONCE).map(|name| name.display().to_string()));
    }
    if was_stuck {
        what.push("mended".to_owned());
    }
    what
}

/// The id of the heading below which the note of a page begins to differ from the one that was shown.
fn section_of_change(before: &Shown, now: &Shown, route: &Route) -> Option<String> {
    let before = before.site.as_ref()?.parsed_at(route)?;
    let now = now.site.as_ref()?.parsed_at(route)?;
    now.parsed.section_of_change(&before.parsed).map(str::to_owned)
}

/// What of a report stood in none before.
fn untold(report: &Report, before: &Report) -> Vec<Diagnostic> {
    let before: HashSet<&Diagnostic> = before.messages().iter().collect();
    let messages = report.messages().iter().filter(|message| message.severity != Severity::Advice);
    messages.filter(|message| !before.contains(message)).cloned().collect()
}
