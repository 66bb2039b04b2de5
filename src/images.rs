//! A folder of notes → the pictures of other sites in them: listed by host, asked for, fetched and
//! kept beside the notes, and given back. A build does none of this.
//!
//! Must not know: the command line, the terminal.

mod address;
mod fetch;
mod format;
mod keep;
mod plan;
mod record;
mod rewrite;
mod undo;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use url::Url;

use crate::build::{Progress, Sources, Stage};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Kind, Location};
use crate::markdown::{MacroTable, Options, Parsed, has_includes};
use crate::note::{Note, Source};
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase};
use crate::project::{CacheUse, Collection, ProjectOptions};
use crate::source::{self, NoteText, Tree};
use crate::web::Reach;

use self::record::{PictureRecord, RECORD};

pub use self::fetch::{Described, FetchManner, Missed};
pub use self::keep::FetchedImages;
pub use self::plan::{ImagePlan, PictureProblem, WrittenImages};

/// Options of `notes images`.
#[derive(Debug, Clone)]
pub struct ImagesOptions {
    /// The folder of the notes, or one that holds them in `content`.
    pub folder: PathBuf,
    /// The hosts whose pictures are looked at, with all hosts below them; all hosts if there is
    /// none.
    pub hosts: Vec<String>,
    /// True to keep what is fetched for the next run.
    pub cache: bool,
    /// Options of fetching; the addresses that the settings exclude are added.
    pub fetch: FetchManner,
    /// The current time.
    pub now: SystemTime,
}

/// The pictures of other sites in a folder of notes.
pub struct RemoteImages {
    options: ImagesOptions,
    sites: Vec<PictureSite>,
}

/// A folder of notes, alone or as a book, with the pictures that are kept beside them.
struct PictureSite {
    tree: Arc<Tree>,
    config: Arc<Config>,
    macros: Option<MacroTable>,
    /// The addresses of the pictures that are kept.
    record: PictureRecord,
    notes: Vec<PicturedNote>,
    /// The notes that notes in other folders include.
    included: BTreeSet<SourcePath>,
}

/// A note with pictures of other sites.
struct PicturedNote {
    path: SourcePath,
    /// Its exact text; `None` if it is not UTF-8.
    text: Option<String>,
    parsed: Parsed,
    pictures: Vec<RemotePicture>,
}

/// A picture of another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemotePicture {
    /// Its link, by the index among those of its note.
    link: usize,
    /// The address that is asked for it.
    pub url: Url,
    /// The address as it is written in the note.
    pub address: String,
    /// Its place.
    pub location: Location,
}

impl RemoteImages {
    /// Finds the pictures.
    ///
    /// # Errors
    /// Mistakes in the settings, and a record of pictures that cannot be read.
    pub fn find(options: ImagesOptions) -> Result<Self, Vec<Diagnostic>> {
        let project = ProjectOptions {
            history: false,
            cache: CacheUse::Off,
            ..ProjectOptions::new(options.now)
        };
        let collection = Collection::open(&options.folder, &project)?;
        let opened: Vec<_> =
            collection.sources().map(|sources| PictureSite::open(sources, &options)).collect();
        let (mut sites, mut problems) = (Vec::new(), Vec::new());
        for site in opened {
            match site {
                Ok(site) => sites.push(site),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(Self { options, sites }) } else { Err(problems) }
    }

    /// The pictures in the order of the notes.
    pub fn pictures(&self) -> impl Iterator<Item = &RemotePicture> {
        self.sites.iter().flat_map(|site| &site.notes).flat_map(|note| &note.pictures)
    }

    /// Asks the hosts for the size of each picture, without fetching it.
    #[must_use]
    pub fn describe(&self, progress: &impl Progress) -> BTreeMap<Url, Described> {
        let urls = self.pictures().map(|picture| picture.url.clone()).collect();
        self.ask(&urls, progress, |urls, manner| fetch::describe(urls, manner, &|| progress.step()))
    }

    /// Problems with the pictures that are not at hand, of which `state` gives what is known.
    #[must_use]
    pub fn missed<'d>(&self, state: impl Fn(&Url) -> Option<&'d Described>) -> Vec<PictureProblem> {
        let missed = self.pictures().filter_map(|picture| match state(&picture.url)? {
            Err(missed) => Some(PictureProblem::of_missed(picture, missed)),
            Ok(_) => None,
        });
        missed.collect()
    }

    /// Asks the hosts for something.
    fn ask<T>(
        &self,
        urls: &BTreeSet<Url>,
        progress: &impl Progress,
        asked: impl FnOnce(Vec<Url>, &FetchManner) -> T,
    ) -> T {
        progress.begin(Stage::Ask);
        progress.expect(urls.len());
        let result = asked(urls.iter().cloned().collect(), &self.manner());
        progress.end(Stage::Ask);
        result
    }

    /// The options of fetching with those of the settings of the folder.
    fn manner(&self) -> FetchManner {
        let FetchManner { reach: Reach { local, exclude }, .. } = &self.options.fetch;
        let settings = self.sites.first().map(|site| &site.config.external);
        let reach = Reach {
            local: *local || settings.is_some_and(|settings| settings.local),
            exclude: settings
                .map(|settings| [&exclude[..], &settings.exclude].concat())
                .unwrap_or_default(),
        };
        FetchManner { reach, ..self.options.fetch.clone() }
    }
}

impl RemotePicture {
    /// The host that has it.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

impl PictureSite {
    /// Reads the notes of a folder.
    fn open(sources: &Sources, options: &ImagesOptions) -> Result<Self, Diagnostic> {
        let Sources { tree, config, .. } = sources;
        let mut site = Self {
            tree: tree.clone(),
            config: config.clone(),
            macros: (!config.macros.is_empty()).then(|| MacroTable::new(&config.macros).0),
            record: PictureRecord::default(),
            notes: Vec::new(),
            included: BTreeSet::new(),
        };
        site.record = site.read_record()?.0;
        let paths: Vec<_> = site.tree.notes().map(|(path, _)| path).collect();
        let read: Vec<_> =
            paths.into_par_iter().map(|path| site.read(path, &options.hosts)).collect();
        for (note, included) in read {
            site.notes.extend(note);
            site.included.extend(included);
        }
        Ok(site)
    }

    /// The addresses of the pictures that are kept now, and the text of the file that has them.
    fn read_record(&self) -> Result<(PictureRecord, Option<String>), Diagnostic> {
        let file = self.record_file();
        let refused = |why: Phrase| {
            Diagnostic::new(Kind::Unreadable, phrase!("cannot be read: {why}", why))
                .in_file(self.tree.shown(&file))
                .help(phrase!("correct the file, or take it from an earlier commit"))
        };
        let Some(bytes) = source::bytes_beside(&self.tree.root, file.as_str()) else {
            return Ok(Default::default());
        };
        let text = String::from_utf8(bytes).map_err(|_| refused(phrase!("it is not UTF-8")))?;
        let record = PictureRecord::parse(&text).map_err(refused)?;
        Ok((record, Some(text)))
    }

    /// The file with the addresses of the pictures that are kept.
    fn record_file(&self) -> SourcePath {
        self.config.images.folder.child(RECORD)
    }

    /// A note with pictures of other sites, and the notes in other folders that it includes.
    fn read(&self, path: &SourcePath, hosts: &[String]) -> (Option<PicturedNote>, Vec<SourcePath>) {
        let nothing = (None, Vec::new());
        let (text, is_exact) = match source::own_text(&self.tree.root, path.as_str()) {
            Some(NoteText::Exact(text)) => (text, true),
            Some(NoteText::Decoded(text)) => (text, false),
            // A link to another note has no text of its own.
            None => return nothing,
        };
        if !text.contains("//") && !has_includes(&text) {
            return nothing;
        }
        let included = RefCell::default();
        let parsed = self.parse_with(path, &text, &included);
        let folder = path.parent();
        let elsewhere = included.into_inner().into_iter().filter(|file| file.parent() != folder);
        let shown = Arc::<str>::from(self.tree.shown(path));
        let picture = |link: usize| {
            let found = &parsed.links[link];
            let url = address::url_of(&found.destination)?;
            let location = Location { file: Some(shown.clone()), span: found.place };
            let picture = RemotePicture { link, url, address: found.destination.clone(), location };
            address::is_at(&picture.url, hosts).then_some(picture)
        };
        let pictures: Vec<_> = rewrite::pictures(&parsed).into_iter().filter_map(picture).collect();
        let elsewhere = elsewhere.collect();
        if pictures.is_empty() {
            return (None, elsewhere);
        }
        let text = is_exact.then_some(text);
        (Some(PicturedNote { path: path.clone(), text, parsed, pictures }), elsewhere)
    }

    /// Parses a text as that of a note.
    fn parse(&self, path: &SourcePath, text: &str) -> Parsed {
        self.parse_with(path, text, &RefCell::default())
    }

    /// Parses a text as that of a note, without the texts that it includes: those that are notes
    /// have their own pictures. `included` gets their paths.
    fn parse_with(
        &self,
        path: &SourcePath,
        text: &str,
        included: &RefCell<Vec<SourcePath>>,
    ) -> Parsed {
        // A drawing has no picture of another site.
        let options = Options { diagrams: false, ..Options::from(&*self.config) };
        let source = Source {
            path,
            shown: "",
            text,
            is_home: false,
            names: None,
            macros: self.macros.as_ref(),
            drawings: None,
        };
        let include = |folder: &SourcePath, file: &str| {
            included.borrow_mut().extend(folder.join(file));
            Err(Phrase::verbatim(""))
        };
        Note::parse(source, options, include).parsed
    }

    /// The path of a kept picture.
    fn picture_file(&self, name: &str) -> SourcePath {
        self.config.images.folder.child(name)
    }

    /// The name of the kept picture that a destination in a note leads to.
    fn kept_at(&self, destination: &str, note: &SourcePath) -> Option<String> {
        let file = address::file_at(destination, note)?;
        let is_kept = file.parent() == self.config.images.folder;
        (is_kept && format::is_own_name(file.name())).then(|| file.name().to_owned())
    }

    /// True if there is such a note.
    fn has(&self, note: &SourcePath) -> bool {
        source::bytes_beside(&self.tree.root, note.as_str()).is_some()
    }

    /// The notes that name these kept pictures, by their names.
    fn showing(&self, names: &BTreeSet<&str>) -> BTreeMap<String, BTreeSet<SourcePath>> {
        let mut showing: BTreeMap<String, BTreeSet<SourcePath>> = BTreeMap::new();
        let Ok(searched) = AhoCorasick::new(names) else { return showing };
        if names.is_empty() {
            return showing;
        }
        for (path, _) in self.tree.notes() {
            let text = source::own_text(&self.tree.root, path.as_str());
            let Some(NoteText::Exact(text) | NoteText::Decoded(text)) = text else { continue };
            for found in searched.find_iter(&text) {
                showing.entry(text[found.range()].to_owned()).or_default().insert(path.clone());
            }
        }
        showing
    }

    /// True if the picture of this name is kept, as it was fetched.
    fn keeps(&self, name: &str) -> bool {
        let bytes = source::bytes_beside(&self.tree.root, self.picture_file(name).as_str());
        bytes.is_some_and(|bytes| format::are_of(&bytes, name))
    }
}
