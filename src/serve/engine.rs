//! A folder of notes and hints about changes in it → the current site, or the last good one with
//! the errors of the current one. It is the site of a build: the same stages make it, each of which
//! reuses its earlier results.
//!
//! Must not know: the source of the hints, HTTP.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::changed::{changes, has_any, what, written_files};
use super::hints::Hints;
use super::moved::{self, SiteChanges};
use super::snapshot::{Edited, Snapshot};
use super::watches::WatchedFolders;
use crate::build::{self, CommandUse, LinkedSites};
use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, Kind, Report, Severity};
use crate::digest::Digest;
use crate::path::Route;
use crate::phrase::{Phrase, phrase};
use crate::project::{Collection, FederationUse, FolderChanges, Project, ProjectOptions};
use crate::site::Own;
use crate::source::{Entry, FolderIdentity, git_log, real_folder};
use crate::theme::{OWN_STYLE, Theme};

/// Size in bytes of the values that are cached in memory while serving.
const KEPT: usize = 1 << 20;
/// Most pages that are rendered at once when their notes change; the others are rendered when they
/// are requested.
pub(super) const AT_ONCE: usize = 8;
/// Number of pages beside the home page on which new templates are tried before they are used.
const TRIED: usize = 6;

/// Longest wait for the sites in `federation`, before the first page is shown.
const FEDERATION_TIME_LIMIT: Duration = Duration::from_secs(2);

/// The way out of a mistake in a template that is not used because of it.
const REJECTED: Phrase =
    phrase!("correct or remove the template; until then the last good one is used");

/// The way out if the folder of the notes is gone.
const AWAY: Phrase = phrase!("the preview shows the last site until the folder is back");

/// Builds the site of a folder again and again.
pub(super) struct Engine {
    /// The folder as it was named: symbolic links may lead to it.
    named: PathBuf,
    /// The folder that the name leads to.
    folder: PathBuf,
    /// The folders that were read last, or `None` for one that was missing.
    identities: [Option<FolderIdentity>; 2],
    /// True if drafts are shown.
    drafts: bool,
    /// The use of the commands that draw blocks.
    commands: CommandUse,
    /// The project as it was when the site of the snapshot was built; `None` before the first.
    project: Option<Collection>,
    snapshot: Arc<Snapshot>,
    /// True if the last rebuild failed.
    has_failed: bool,
    /// True if values are cached in memory only, because those of the first build are on disk.
    keeps_in_memory: bool,
}

/// The result of a rebuild.
pub(super) struct Rebuilt {
    /// The site as it is now.
    pub snapshot: Arc<Snapshot>,
    /// The changes for the writer: names of files, or numbers of them.
    pub what: Vec<Phrase>,
    /// The number of pages that were rendered.
    pub rendered: usize,
    /// The diagnostics that are new.
    pub problems: Vec<Diagnostic>,
    /// True if anything changed that a browser can show.
    pub is_new: bool,
}

impl Engine {
    /// An engine for the notes in a folder, with or without drafts; nothing is read yet.
    pub fn new(named: &Path, drafts: bool, commands: CommandUse) -> Self {
        let folder = real_folder(named).unwrap_or_else(|| named.to_owned());
        Self {
            named: named.to_owned(),
            snapshot: Arc::new(Snapshot::empty(&folder)),
            folder,
            identities: [None; 2],
            drafts,
            commands,
            project: None,
            has_failed: false,
            keeps_in_memory: false,
        }
    }

    /// The site as it is now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.clone()
    }

    /// The folders of all files from which the site is made.
    pub fn folders(&self) -> WatchedFolders {
        let mut roots = vec![self.folder.clone()];
        let mut all = BTreeSet::from([self.folder.clone()]);
        let mut logs: Vec<PathBuf> = Vec::new();
        for site in self.snapshot.site.iter().flat_map(|sites| sites.all()) {
            let tree = &site.sources().tree;
            logs.extend(git_log(&tree.root));
            let below = tree.entries.iter().filter(|(_, entry)| matches!(entry, Entry::Folder));
            all.extend(below.map(|(path, _)| tree.on_disk(path)));
            // Those between the project's folder and the notes, too: one may be replaced.
            let between = tree.root.ancestors().skip(1);
            let between = between.take_while(|above| above.starts_with(&tree.project));
            all.extend(between.map(Path::to_owned));
            for folder in [&tree.project, &tree.root] {
                all.insert(folder.clone());
                if !roots.contains(folder) {
                    roots.push(folder.clone());
                }
            }
        }
        all.extend(Theme::folders(&self.folder));
        // Also those of books that are left out: what is wrong with them may be mended there.
        let listed = self.project.iter().flat_map(Collection::listed_folders);
        for folder in listed {
            if real_folder(&folder).is_some() {
                all.insert(folder.clone());
            }
            if !roots.contains(&folder) {
                roots.push(folder);
            }
        }
        if logs.is_empty() {
            logs.extend(git_log(&self.folder));
        }
        WatchedFolders { named: self.named.clone(), roots, all, logs }
    }

    /// Brings the site up to date with the changes that the hints name.
    pub fn rebuild(&mut self, hints: &Hints) -> Rebuilt {
        let is_replaced = self.find_folder();
        if self.identities[0].is_none() {
            return self.fail_without(&self.named.clone());
        }
        let everywhere = Hints::everywhere();
        let hints = if is_replaced { &everywhere } else { hints };
        let mut project = match self.read(hints) {
            Ok(project) => project,
            Err(problems) => return self.fail(problems, false),
        };
        let root = root(&project.home);
        if self.snapshot.site.is_some() && real_folder(&root).is_none() {
            return self.fail_without(&root);
        }
        let earlier = self.snapshot.site.clone();
        let link = |project: &Collection, earlier: Option<&LinkedSites>| {
            LinkedSites::new(&project.home.sources, &project.book_sources(), earlier)
        };
        let mut site = link(&project, earlier.as_deref());
        if let (Some(known), Some(earlier)) = (&self.project, &earlier)
            && known.home.sources.theme.digest != project.home.sources.theme.digest
        {
            let mistakes = mistakes_in_theme(&site);
            if !mistakes.is_empty() {
                project = project.with_theme_of(known, mistakes);
                site = link(&project, Some(earlier));
            }
        }
        if site.note_count() == 0 {
            return self.fail(site.problems().to_vec(), false);
        }
        let mut problems: Vec<Diagnostic> = project.notices().collect();
        problems.extend(project.home.rejected.iter().map(|mistake| mistake.clone().help(REJECTED)));
        problems.extend_from_slice(site.problems());
        self.project = Some(project);
        self.make_current(&Arc::new(site), problems, hints)
    }

    /// Finds the folders at their paths; true if they are no longer the ones that were read last.
    fn find_folder(&mut self) -> bool {
        if let Some(folder) = real_folder(&self.named)
            && folder != self.folder
        {
            // Everything is read from there, for nothing known of the other folder is true of it.
            self.folder = folder;
            self.project = None;
        }
        let root = self.project.as_ref().map(|project| root(&project.home));
        let now = [Some(&self.named), root.as_ref()];
        let now = now.map(|folder| FolderIdentity::of(folder?));
        std::mem::replace(&mut self.identities, now) != now
    }

    fn read(&self, hints: &Hints) -> Result<Collection, Vec<Diagnostic>> {
        let now = SystemTime::now();
        if let Some(project) = &self.project {
            let changed = hints.at().map_or(FolderChanges::Anything, FolderChanges::Paths);
            return project.refresh(changed, now);
        }
        let options = ProjectOptions {
            drafts: self.drafts,
            is_preview: true,
            commands: self.commands,
            federation: FederationUse::Ask(FEDERATION_TIME_LIMIT),
            // A library may have thousands of diagnostics of severity `hint`, and the terminal
            // shows none of them.
            least: Severity::Warning,
            ..ProjectOptions::new(now)
        };
        // A cache that is in memory later has its own values.
        let is_kept_on_disk = !self.keeps_in_memory;
        let load = |cache: &Cache, _: &Path| {
            if is_kept_on_disk {
                build::load_ahead(cache);
            }
        };
        let (project, ()) = Collection::open_with(&self.folder, &options, load)?;
        Ok(if self.keeps_in_memory { project.with_memory_caches(KEPT) } else { project })
    }

    /// Remembers mistakes in templates that were found while rendering pages: they are reported as
    /// long as the theme is the same.
    fn reject(&mut self, found: &[Diagnostic]) {
        let Some(project) = self.project.as_mut().map(|project| &mut project.home) else { return };
        let is_known = |mistake: &Diagnostic| {
            project.sources.theme.problems.contains(mistake) || project.rejected.contains(mistake)
        };
        let mistakes = found.iter().filter(|problem| problem.kind == Kind::Template);
        let new: Vec<Diagnostic> = mistakes.filter(|mistake| !is_known(mistake)).cloned().collect();
        project.rejected.extend(new);
    }

    /// Makes a site the current one.
    fn make_current(
        &mut self,
        site: &Arc<LinkedSites>,
        problems: Vec<Diagnostic>,
        hints: &Hints,
    ) -> Rebuilt {
        let before = self.snapshot.clone();
        let earlier = before.site.as_deref();
        let changes = earlier.map(|earlier| changes(earlier, site, hints)).unwrap_or_default();
        let theme = &site.home().sources().theme;
        let styles = theme.digest_of_files(|name| has_ending(name, "css"));
        let scripts = theme.digest_of_files(|name| has_ending(name, "js"));
        let has_own_style = theme.files.contains_key(OWN_STYLE);
        let mut next = Snapshot {
            problems: Report::new(problems.clone()),
            styles,
            frame: Digest::of_value(&(theme.digest, scripts, &theme.page_files, has_own_style)),
            moved: moved::remembered(&before.moved, &changes, |route| site.has(route)),
            written: written_files(&changes, site, hints),
            folder: self.folder.clone(),
            is_away: false,
            site: Some(site.clone()),
            ..(*before).clone()
        };
        let has_recovered = std::mem::take(&mut self.has_failed);
        // A page that was made while a file changed may be of neither text, also when the file is
        // as it was by now.
        let has_raced = earlier.is_some_and(|earlier| !earlier.is_sound());
        let is_new = has_recovered || has_raced || has_any(&changes) || next.differs_from(&before);
        if is_new {
            next.begin_anew();
        }
        let mut rendered = 0;
        if earlier.is_some() {
            let found;
            (rendered, found) = self.render_changed(&mut next, &changes);
            self.reject(&found);
            next.problems = Report::new([problems, found].concat());
        }
        let what = what(&changes, &next, hints, has_recovered);
        let problems = new_problems(&next.problems, &before.problems);
        self.snapshot = Arc::new(next);
        Rebuilt { snapshot: self.snapshot(), what, rendered, problems, is_new }
    }

    /// Renders the pages of the notes that changed, because they are likely to be requested next,
    /// and to report their problems.
    fn render_changed(
        &self,
        next: &mut Snapshot,
        changes: &[SiteChanges<'_>],
    ) -> (usize, Vec<Diagnostic>) {
        let routes = changes.iter().flat_map(SiteChanges::changed_routes);
        let routes: Vec<Route> = routes.cloned().collect();
        let mut problems = Vec::new();
        for route in routes.iter().take(AT_ONCE) {
            problems.extend(next.made(route).map(|(_, problems)| problems).unwrap_or_default());
        }
        if let [route] = &routes[..] {
            let section = section_of_change(&self.snapshot, next, route);
            next.edited =
                Some(Arc::new(Edited { number: next.number, route: route.clone(), section }));
        }
        (routes.len().min(AT_ONCE), problems)
    }

    /// Keeps the last good site, with the errors of the current one.
    fn fail(&mut self, problems: Vec<Diagnostic>, is_away: bool) -> Rebuilt {
        let before = self.snapshot.clone();
        let mut next = Snapshot {
            problems: Report::new(problems),
            is_away,
            edited: None,
            written: Vec::new(),
            ..(*before).clone()
        };
        let is_new = !self.has_failed || next.problems != before.problems;
        next.number += u64::from(is_new);
        self.has_failed = true;
        let problems = new_problems(&next.problems, &before.problems);
        self.snapshot = Arc::new(next);
        Rebuilt { snapshot: self.snapshot(), what: Vec::new(), rendered: 0, problems, is_new }
    }

    /// The same while a folder of the notes is missing.
    fn fail_without(&mut self, folder: &Path) -> Rebuilt {
        let message = phrase!("the folder `{folder}` is gone", folder = folder.display());
        self.fail(vec![Diagnostic::new(Kind::Unreadable, message).help(AWAY)], true)
    }

    /// Saves the cached values of the first build for the next run, and caches in memory only from
    /// then on; adds the diagnostics that were found on pages in the meantime.
    pub fn keep(&mut self, found: Vec<Diagnostic>) -> Rebuilt {
        if let Some(site) = self.snapshot.site.as_ref().filter(|site| site.parsed() > 0) {
            site.save_state();
        }
        if let Some(project) = self.project.take() {
            project.save_caches();
            self.project = Some(project.with_memory_caches(KEPT));
        }
        for site in self.snapshot.site.iter().flat_map(|sites| sites.all()) {
            // The site goes on using the cache of the first build.
            site.sources().cache.close_files();
        }
        self.keeps_in_memory = true;
        self.reject(&found);
        let mut next = (*self.snapshot).clone();
        next.problems = Report::new([next.problems.messages(), &found].concat());
        let is_new = next.problems != self.snapshot.problems;
        if is_new {
            next.number += 1;
            self.snapshot = Arc::new(next);
        }
        Rebuilt {
            snapshot: self.snapshot(),
            what: Vec::new(),
            rendered: 0,
            problems: found,
            is_new,
        }
    }
}

/// The folder of the notes, as the settings name it.
fn root(project: &Project) -> PathBuf {
    project.folder.join(project.sources.config.content.as_str())
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == ending)
}

/// The mistakes in templates that are found by rendering the home page and some others, one of each
/// kind.
fn mistakes_in_theme(sites: &LinkedSites) -> Vec<Diagnostic> {
    let site = sites.home().site();
    let own = &site.own;
    let home = site.page(site.home);
    let notes = sites.all().flat_map(|site| &site.site().pages);
    let notes = notes.map(|page| &page.route).filter(|route| **route != home.route);
    let others =
        [Own::Contents, Own::Changes, Own::Search, Own::NotFound, Own::LibraryPage, Own::Part];
    let others = others.into_iter().filter_map(|other| own.first(other));
    let tried = std::iter::once(&home.route).chain(others).chain(notes).take(TRIED + 1);
    let mut mistakes: Vec<Diagnostic> =
        tried.filter_map(|route| sites.file(route)).flat_map(|(_, problems)| problems).collect();
    mistakes.retain(|mistake| mistake.kind == Kind::Template);
    mistakes
}

/// The id of the heading above the first difference between a page's note and its earlier version.
fn section_of_change(before: &Snapshot, now: &Snapshot, route: &Route) -> Option<String> {
    let before = before.site.as_ref()?.site_at(route).parsed_at(route)?;
    let now = now.site.as_ref()?.site_at(route).parsed_at(route)?;
    now.parsed.section_of_change(&before.parsed).map(str::to_owned)
}

/// The diagnostics of a report that are not in an earlier one.
fn new_problems(report: &Report, before: &Report) -> Vec<Diagnostic> {
    let before: HashSet<&Diagnostic> = before.messages().iter().collect();
    let messages = report.messages().iter().filter(|message| message.severity != Severity::Hint);
    messages.filter(|message| !before.contains(message)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;
    use crate::output::File;

    fn home(engine: &Engine) -> String {
        let File::Bytes(bytes, _) = engine.snapshot().file(&Route::file("index.html")).unwrap()
        else {
            panic!("no page")
        };
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn a_page_made_while_its_file_changed_and_changed_back_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let write = |text: &str| fs::write(folder.join("README.md"), text).unwrap();
        write("# A\n\nfirst\n");
        // The record of a file that was just written is not kept.
        sleep(Duration::from_millis(100));
        let mut engine = Engine::new(folder, false, CommandUse::Refuse);
        engine.rebuild(&Hints::everywhere());
        engine.keep(Vec::new());
        let mut engine = Engine::new(folder, false, CommandUse::Refuse);
        engine.rebuild(&Hints::everywhere());
        fs::remove_dir_all(folder.join(".notes")).unwrap();
        engine.snapshot().site.as_ref().unwrap().home().sources().cache.close_files();
        write("# A\n\nsecond\n");
        assert!(home(&engine).contains("second"));
        write("# A\n\nfirst\n");
        assert!(engine.rebuild(&Hints::everywhere()).is_new);
        assert!(home(&engine).contains("first"));
    }
}
