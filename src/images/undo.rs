//! Notes with kept pictures → the same notes with the addresses that the pictures had; and the
//! removal of pictures that no note shows any more.
//!
//! Must not know: other sites, how a text is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::plan::{ImagePlan, PictureProblem, PicturedChange, SitePlan, WrittenImages};
use super::record::RECORD;
use super::{PictureSite, RemoteImages, address, rewrite};
use crate::build::Progress;
use crate::diagnostic::Location;
use crate::mend::Change;
use crate::path::SourcePath;
use crate::phrase::{phrase, system_error};
use crate::source::{self, NoteText};

impl RemoteImages {
    /// Says how the notes would change if the addresses of the pictures were given back.
    #[must_use]
    pub fn plan_undo(&self) -> ImagePlan {
        let hosts = &self.options.hosts;
        let names: Vec<_> = self.sites.iter().map(|site| site.names_at(hosts)).collect();
        let mut problems = Vec::new();
        let mut given_back = |(site, names): (&PictureSite, &BTreeSet<String>)| {
            problems.extend(site.other_records());
            let showing = site.showing(&names.iter().map(String::as_str).collect());
            let notes: BTreeSet<&SourcePath> = showing.values().flatten().collect();
            let change = |path| site.given_back(path, names, hosts, &mut problems);
            let changes = notes.into_iter().filter_map(change).collect();
            SitePlan { root: site.tree.root.clone(), changes, pictures: BTreeSet::new() }
        };
        let mut sites: Vec<SitePlan> = self.sites.iter().zip(&names).map(&mut given_back).collect();
        problems.sort();
        // A note of one book may show a picture of another.
        let changed = self.sites.iter().zip(&sites);
        let changed = changed.flat_map(|(site, plan)| site.changed_texts(plan)).collect();
        let unused =
            self.sites.iter().zip(&names).map(|(site, names)| site.unused(names, &changed));
        let unused: Vec<_> = unused.collect();
        for (plan, unused) in sites.iter_mut().zip(unused) {
            plan.pictures = unused;
        }
        ImagePlan { sites, problems }
    }

    /// Writes the notes of a plan, then removes the pictures that are not used any more, and their
    /// addresses.
    #[must_use]
    pub fn undo(&self, plan: &ImagePlan, progress: &impl Progress) -> WrittenImages {
        let mut written = WrittenImages::default();
        let write = |(site, plan): (&PictureSite, &SitePlan)| {
            let _lock = site.lock(progress);
            plan.write_notes(&mut written)
        };
        let all = self.sites.iter().zip(&plan.sites);
        let are_written: Vec<bool> = all.clone().map(write).collect();
        for ((site, plan), is_written) in all.zip(are_written) {
            // A note that was not written still shows its pictures.
            if is_written && !plan.pictures.is_empty() {
                let _lock = site.lock(progress);
                site.remove_unused(&plan.pictures, &mut written);
            }
        }
        written
    }
}

impl PictureSite {
    /// The texts of the changed notes, with their files.
    fn changed_texts<'p>(
        &'p self,
        plan: &'p SitePlan,
    ) -> impl Iterator<Item = (PathBuf, &'p str)> + 'p {
        plan.changes.iter().map(|note| (self.tree.on_disk(&note.path), note.change.after.as_str()))
    }

    /// The names of the kept pictures that came from these hosts.
    fn names_at(&self, hosts: &[String]) -> BTreeSet<String> {
        let found = self.record.addresses().filter(|(_, address)| is_written_at(address, hosts));
        found.map(|(name, _)| name.to_owned()).collect()
    }

    /// Problems with the addresses of pictures that are kept in other folders: the settings may
    /// have had another one when they were fetched.
    fn other_records(&self) -> impl Iterator<Item = PictureProblem> {
        let own = self.record_file();
        let is_other = move |file: &&SourcePath| file.name() == RECORD && **file != own;
        self.tree.entries.keys().filter(is_other).map(|file| {
            let folder = file.parent();
            let message = phrase!("the images of this folder are not given back");
            let help = phrase!(
                "set `images: {{folder: {folder}}}` in notes.yaml, and run it again",
                folder = folder.shown()
            );
            let shown = Arc::<str>::from(self.tree.shown(file));
            let location = Location { file: Some(shown), ..Location::default() };
            PictureProblem { location, message, help }
        })
    }

    /// A note with the addresses of its pictures, as far as it shows some of these and their
    /// addresses are at these hosts.
    fn given_back(
        &self,
        path: &SourcePath,
        names: &BTreeSet<String>,
        hosts: &[String],
        problems: &mut Vec<PictureProblem>,
    ) -> Option<PicturedChange> {
        let (before, is_exact) = match source::own_text(&self.tree.root, path.as_str())? {
            NoteText::Exact(text) => (text, true),
            NoteText::Decoded(text) => (text, false),
        };
        let parsed = self.parse(path, &before);
        let kept_at =
            |destination: &str| self.kept_at(destination, path).filter(|name| names.contains(name));
        // The destinations that stay because of `--host`.
        let mut elsewhere = BTreeSet::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let rewritten = is_exact.then(|| {
            let parse = |text: &str| self.parse(path, text);
            rewrite::rewritten(&before, &parsed, parse, |written| {
                let name = kept_at(written.destination)?;
                let place = places.entry(name.clone()).or_default();
                *place += 1;
                let address = self.record.address(&name, path, *place, |note| self.has(note))?;
                if !is_written_at(address, hosts) {
                    elsewhere.insert(written.destination.to_owned());
                    return None;
                }
                Some(format!("{address}{}", address::split_fragment(written.written).1))
            })
        });
        for index in rewrite::pictures(&parsed) {
            let link = &parsed.links[index];
            let is_changed = rewritten.as_ref().is_some_and(|new| new.changed.contains(&index));
            if let Some(name) = kept_at(&link.destination)
                && !is_changed
                && !elsewhere.contains(&link.destination)
            {
                let location =
                    Location { file: Some(self.tree.shown(path).into()), span: link.place };
                problems.push(self.staying(&name, location, is_exact));
            }
        }
        let rewritten = rewritten.filter(|new| new.count > 0)?;
        let (file, count) = (self.tree.shown(path), rewritten.count);
        let change = Change { file, before, after: rewritten.text, count };
        Some(PicturedChange { path: path.clone(), change, kept: BTreeMap::new() })
    }

    /// That the link to a kept picture stays.
    fn staying(&self, name: &str, location: Location, is_utf8: bool) -> PictureProblem {
        let addresses = self.record.addresses().filter(|(other, _)| *other == name);
        let addresses: Vec<&str> = addresses.map(|(_, address)| address).collect();
        let help = match addresses.as_slice() {
            _ if !is_utf8 => phrase!("the note is not UTF-8: convert it first"),
            [link] => phrase!(
                "its address is also that of a link, or written in an unusual way: write `{link}`",
                link
            ),
            _ => phrase!(
                "it had several addresses: write the right one of those in {file}",
                file = self.tree.shown(&self.record_file())
            ),
        };
        let message = phrase!("the link to the kept image `{image}` stays", image = name);
        PictureProblem { location, message, help }
    }

    /// Removes the pictures of these that are as they were fetched and that no file names now. One
    /// that was changed since stays, and is only forgotten.
    fn remove_unused(&self, names: &BTreeSet<String>, written: &mut WrittenImages) {
        let unused = self.unused(names, &BTreeMap::new());
        for name in unused.iter().filter(|name| self.keeps(name)) {
            let file = self.picture_file(name);
            match source::remove_beside(&self.tree.root, file.as_str()) {
                Ok(()) => written.pictures += 1,
                Err(error) => {
                    written.failures.push((self.tree.shown(&file), system_error(&error)));
                    return;
                }
            }
        }
        // Last: if this run is interrupted, the next one finds the pictures that are left.
        self.change_record(written, |record| {
            for name in &unused {
                record.remove(name);
            }
        });
    }
}

/// True if an address as it was written in a note is at one of these hosts, or there are none.
fn is_written_at(address: &str, hosts: &[String]) -> bool {
    hosts.is_empty()
        || address::url_of_written(address).is_some_and(|url| address::is_at(&url, hosts))
}
