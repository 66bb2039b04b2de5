//! Pictures of other sites → pictures kept beside the notes, and notes that show those.
//!
//! Must not know: how a host is asked, how a text is changed.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::fetch::{self, Missed, NotKept};
use super::format::{self, PictureFormat};
use super::plan::{ImagePlan, PictureProblem, PicturedChange, SitePlan, WrittenImages};
use super::record::PictureRecord;
use super::{PictureSite, PicturedNote, RemoteImages, RemotePicture, address, rewrite};
use crate::build::Progress;
use crate::cache::Downloads;
use crate::mend::Change;
use crate::path::SourcePath;
use crate::phrase::{Phrase, phrase, system_error};
use crate::source;

/// Pictures that were fetched, and the changes that keep them.
pub struct FetchedImages<'r> {
    images: &'r RemoteImages,
    downloads: Downloads,
    /// The names of the pictures that are at hand.
    names: BTreeMap<Url, String>,
    /// The changes.
    pub plan: ImagePlan,
}

/// The names of the pictures that were fetched, by their addresses.
type FetchedNames = BTreeMap<Url, Result<String, Missed>>;

impl RemoteImages {
    /// Fetches the pictures that are not kept yet, and says how the notes would change. Nothing is
    /// written but the cache.
    ///
    /// # Errors
    /// If there is no place for what is fetched.
    pub fn fetch(&self, progress: &impl Progress) -> Result<FetchedImages<'_>, Phrase> {
        let (folder, keeps) = (&self.options.folder, self.options.cache);
        let downloads = Downloads::open(folder, keeps, self.options.now)
            .map_err(|error| system_error(&error))?;
        let known: Vec<_> = self.sites.iter().map(|site| site.known(&site.record)).collect();
        let mut names = FetchedNames::new();
        let mut wanted = BTreeSet::new();
        for (site, known) in self.sites.iter().zip(&known) {
            for picture in site.notes.iter().flat_map(|note| &note.pictures) {
                if known.contains_key(&picture.url) || names.contains_key(&picture.url) {
                    continue;
                }
                match downloads.get(picture.url.as_str()).map(|bytes| name_of(&bytes)) {
                    Some(Ok(name)) => drop(names.insert(picture.url.clone(), Ok(name))),
                    _ => drop(wanted.insert(picture.url.clone())),
                }
            }
        }
        let keep = |url: &Url, bytes: Vec<u8>| {
            let name = name_of(&bytes).map_err(NotKept::Refused)?;
            let kept = downloads.put(url.as_str(), &bytes);
            kept.map_err(|error| NotKept::NoPlace(system_error(&error)))?;
            Ok(name)
        };
        names.extend(self.ask(&wanted, progress, |urls, manner| {
            fetch::fetch(urls, manner, &keep, &|| progress.step())
        })?);
        let mut plan = ImagePlan::default();
        for (site, known) in self.sites.iter().zip(known) {
            let planned = site.plan_keeping(&known, &names, &mut plan.problems);
            plan.sites.push(planned);
        }
        plan.problems.sort();
        let names = names.into_iter().filter_map(|(url, name)| Some((url, name.ok()?))).collect();
        Ok(FetchedImages { images: self, downloads, names, plan })
    }
}

/// The name of the file for a picture.
fn name_of(bytes: &[u8]) -> Result<String, Phrase> {
    PictureFormat::of(bytes).map(|format| format.name(bytes))
}

impl PictureSite {
    /// The names of the pictures of a record that are kept, by their addresses.
    fn known(&self, record: &PictureRecord) -> BTreeMap<Url, String> {
        let kept: BTreeSet<&str> = record.names().filter(|name| self.keeps(name)).collect();
        let addresses = record.addresses().filter(|(name, _)| kept.contains(name));
        let known = addresses.filter_map(|(name, address)| {
            Some((address::url_of_written(address)?, name.to_owned()))
        });
        known.collect()
    }

    /// The changes that keep the pictures of the notes.
    fn plan_keeping(
        &self,
        known: &BTreeMap<Url, String>,
        names: &FetchedNames,
        problems: &mut Vec<PictureProblem>,
    ) -> SitePlan {
        let mut plan = SitePlan {
            root: self.tree.root.clone(),
            changes: Vec::new(),
            pictures: BTreeSet::new(),
        };
        let at_hand = |url: &Url| match known.get(url) {
            Some(name) => Ok(name.as_str()),
            None => names.get(url).map_or(Err(None), |name| name.as_deref().map_err(Some)),
        };
        for note in &self.notes {
            plan.changes.extend(self.change(note, &at_hand, problems));
        }
        let shown = plan.changes.iter().flat_map(|note| note.kept.keys());
        plan.pictures = shown.filter(|name| !self.keeps(name)).cloned().collect();
        plan
    }

    /// The reason why the site would not publish a picture that is kept under this name.
    fn unpublished(&self, picture: &RemotePicture, name: &str) -> Option<PictureProblem> {
        let file = self.picture_file(name);
        let address = &picture.address;
        let (why, help) = if self.config.safe_html && format::is_svg(name) {
            let why = phrase!("it is an SVG, which `html: safe` does not publish");
            (why, phrase!("convert it to another format, and link to that"))
        } else if self.config.exclude.matches(&file) {
            let why = phrase!("`exclude` in notes.yaml excludes `{file}`", file = file.shown());
            (why, phrase!("choose another folder with `images: {{folder: …}}`"))
        } else {
            return None;
        };
        let message = phrase!("`{address}` is not kept: {why}", address, why);
        Some(PictureProblem { location: picture.location.clone(), message, help })
    }

    /// A note that shows the kept pictures, as far as they are at hand.
    fn change<'n>(
        &self,
        note: &PicturedNote,
        at_hand: &dyn Fn(&Url) -> Result<&'n str, Option<&'n Missed>>,
        problems: &mut Vec<PictureProblem>,
    ) -> Option<PicturedChange> {
        let PicturedNote { path, text, parsed, pictures } = note;
        let is_included = self.included.contains(path);
        let link = |name: &str| address::link_to(&self.picture_file(name), path, is_included);
        let (mut names, mut wanted) = (BTreeMap::new(), Vec::new());
        for picture in pictures {
            let name = match at_hand(&picture.url) {
                Ok(name) => name,
                Err(missed) => {
                    problems.extend(missed.map(|it| PictureProblem::of_missed(picture, it)));
                    continue;
                }
            };
            if let Some(problem) = self.unpublished(picture, name) {
                problems.push(problem);
                continue;
            }
            names.insert(picture.address.as_str(), name);
            wanted.push(picture);
        }
        let mut kept: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        let rewritten = text.as_ref().map(|text| {
            let parse = |text: &str| self.parse(path, text);
            rewrite::rewritten(text, parsed, parse, |written| {
                let Some(name) = names.get(written.destination) else {
                    let name = self.kept_at(written.destination, path)?;
                    kept.entry(name).or_default().push(None);
                    return None;
                };
                let (address, fragment) = address::split_fragment(written.written);
                kept.entry((*name).to_owned()).or_default().push(Some(address.to_owned()));
                Some(link(name) + fragment)
            })
        });
        kept.retain(|_, places| places.iter().any(Option::is_some));
        let is_changed = |picture: &RemotePicture| {
            rewritten.as_ref().is_some_and(|new| new.changed.contains(&picture.link))
        };
        for picture in wanted.into_iter().filter(|picture| !is_changed(picture)) {
            let link = link(names.get(picture.address.as_str())?);
            problems.push(unchanged_picture(picture, &link, text.is_some()));
        }
        let (before, rewritten) = (text.clone()?, rewritten?);
        if rewritten.count == 0 {
            return None;
        }
        let file = self.tree.shown(path);
        let change = Change { file, before, after: rewritten.text, count: rewritten.count };
        Some(PicturedChange { path: path.clone(), change, kept })
    }
}

/// That a picture was fetched and stays elsewhere.
fn unchanged_picture(picture: &RemotePicture, link: &str, is_utf8: bool) -> PictureProblem {
    let address = &picture.address;
    let message = phrase!("`{address}` was fetched, but its link stays", address);
    let help = if is_utf8 {
        phrase!(
            "its address is also that of a link, or written in an unusual way: write `{link}`",
            link
        )
    } else {
        phrase!("the note is not UTF-8: convert it first")
    };
    PictureProblem { location: picture.location.clone(), message, help }
}

impl FetchedImages<'_> {
    /// Writes the pictures, then their addresses, then the notes that show them, so that there is
    /// no moment in which a note shows a picture that does not exist.
    #[must_use]
    pub fn write(&self, progress: &impl Progress) -> WrittenImages {
        let mut written = WrittenImages::default();
        for (site, plan) in self.images.sites.iter().zip(&self.plan.sites) {
            if plan.changes.is_empty() {
                continue;
            }
            let _lock = site.lock(progress);
            if self.add_pictures(site, plan, &mut written) && record(site, plan, &mut written) {
                plan.write_notes(&mut written);
            }
        }
        if written.failures.is_empty() {
            self.forget_kept();
        }
        written
    }

    /// Forgets what was fetched and is kept now. A picture whose link stays is not: the next run
    /// needs it.
    fn forget_kept(&self) {
        let mut wanted: BTreeSet<&Url> = BTreeSet::new();
        for site in &self.images.sites {
            let known = site.read_record().map(|(record, _)| site.known(&record));
            let known = known.unwrap_or_default();
            let shown = site.notes.iter().flat_map(|note| &note.pictures);
            wanted.extend(shown.map(|picture| &picture.url).filter(|url| !known.contains_key(url)));
        }
        for url in self.names.keys().filter(|url| !wanted.contains(url)) {
            self.downloads.remove(url.as_str());
        }
    }

    /// Writes the pictures of a folder; false after the first that cannot be written.
    fn add_pictures(
        &self,
        site: &PictureSite,
        plan: &SitePlan,
        written: &mut WrittenImages,
    ) -> bool {
        let urls: BTreeMap<&str, &Url> =
            self.names.iter().map(|(url, name)| (name.as_str(), url)).collect();
        // Another run may have added some since this one began.
        for name in plan.pictures.iter().filter(|name| !site.keeps(name)) {
            let file = site.picture_file(name);
            let bytes = urls.get(name.as_str()).and_then(|url| self.downloads.get(url.as_str()));
            let failure = match bytes {
                // Another run may have kept it, and a third one removed it since.
                None => phrase!("the image is not at hand any more: run the command again"),
                Some(bytes) => match source::add_beside(&site.tree.root, file.as_str(), &bytes) {
                    Ok(is_new) => {
                        written.pictures += usize::from(is_new);
                        continue;
                    }
                    Err(error) => system_error(&error),
                },
            };
            written.failures.push((site.tree.shown(&file), failure));
            return false;
        }
        true
    }
}

/// Keeps the addresses of the pictures of a folder; false if that fails.
fn record(site: &PictureSite, plan: &SitePlan, written: &mut WrittenImages) -> bool {
    let mut by_picture: BTreeMap<&str, BTreeMap<&SourcePath, Vec<Option<&str>>>> = BTreeMap::new();
    for note in &plan.changes {
        for (name, places) in &note.kept {
            let places = places.iter().map(Option::as_deref).collect();
            by_picture.entry(name).or_default().insert(&note.path, places);
        }
    }
    site.change_record(written, |record| {
        let known: BTreeSet<&str> =
            record.names().filter(|name| by_picture.contains_key(name)).collect();
        let showing = site.showing(&known);
        for (name, notes) in &by_picture {
            let others = showing.get(*name).cloned().unwrap_or_default();
            record.add(name, notes, &others, |note| site.has(note));
        }
    })
}
