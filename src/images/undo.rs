//! Notes with kept pictures → the same notes with the addresses that the pictures had; and the
//! removal of pictures that no note shows any more.
//!
//! Must not know: other sites, how a text is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::plan::{ImagePlan, PicturedChange, SitePlan, WrittenImages};
use super::{PictureSite, RemoteImages, address, rewrite};
use crate::build::Progress;
use crate::mend::Change;
use crate::path::SourcePath;
use crate::phrase::system_error;
use crate::source::{self, NoteText};

impl RemoteImages {
    /// Says how the notes would change if the addresses of the pictures were given back.
    #[must_use]
    pub fn plan_undo(&self) -> ImagePlan {
        let hosts = &self.options.hosts;
        let names: Vec<_> = self.sites.iter().map(|site| site.names_at(hosts)).collect();
        let given_back = |(site, names): (&PictureSite, &BTreeSet<String>)| {
            let notes = site.tree.notes().map(|(path, _)| path);
            let changes = notes.filter_map(|path| site.given_back(path, names)).collect();
            SitePlan { root: site.tree.root.clone(), changes, pictures: BTreeSet::new() }
        };
        let mut sites: Vec<SitePlan> = self.sites.iter().zip(&names).map(given_back).collect();
        // A note of one book may show a picture of another.
        let changed = self.sites.iter().zip(&sites);
        let changed = changed.flat_map(|(site, plan)| site.changed_texts(plan)).collect();
        let unused =
            self.sites.iter().zip(&names).map(|(site, names)| site.unused(names, &changed));
        let unused: Vec<_> = unused.collect();
        for (plan, unused) in sites.iter_mut().zip(unused) {
            plan.pictures = unused;
        }
        ImagePlan { sites, problems: Vec::new() }
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
        let is_at = |address: &str| {
            let url = address::url_of_written(address);
            hosts.is_empty() || url.is_some_and(|url| address::is_at(&url, hosts))
        };
        let found = self.record.addresses().filter(|(_, address)| is_at(address));
        found.map(|(name, _)| name.to_owned()).collect()
    }

    /// A note with the addresses of its pictures, if it shows one of these.
    fn given_back(&self, path: &SourcePath, names: &BTreeSet<String>) -> Option<PicturedChange> {
        let Some(NoteText::Exact(before)) = source::own_text(&self.tree.root, path.as_str()) else {
            return None;
        };
        if !names.iter().any(|name| before.contains(name.as_str())) {
            return None;
        }
        let parsed = self.parse(path, &before);
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let rewritten = rewrite::rewritten(
            &before,
            &parsed,
            |text| self.parse(path, text),
            |written| {
                let file = address::file_at(written.destination, path)?;
                let is_kept = file.parent() == self.config.images.folder;
                let name = names.get(file.name()).filter(|_| is_kept)?;
                let place = places.entry(name).or_default();
                *place += 1;
                let address = self.record.address(name, path, *place)?;
                Some(format!("{address}{}", address::split_fragment(written.written).1))
            },
        );
        if rewritten.count == 0 {
            return None;
        }
        let (file, count) = (self.tree.shown(path), rewritten.count);
        let change = Change { file, before, after: rewritten.text, count };
        Some(PicturedChange { path: path.clone(), change, kept: BTreeMap::new() })
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
