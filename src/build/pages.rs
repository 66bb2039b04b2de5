//! Site and notes → the pages, and the files that are made from the site like them: those that were made from the same
//! before and are at hand, and the others rendered now.
//!
//! Must not know: templates, where the pages go.

use rayon::prelude::*;

use super::colour::Coloured;
use super::notes::Notes;
use super::past::{Made, MadePages, Past};
use super::{Progress, Sources, Standing, Unwatched};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::nav::PageId;
use crate::note::Note;
use crate::output::File;
use crate::page::{Press, Slice, part};
use crate::path::Route;
use crate::site::Site;

/// What pages are made from.
pub(super) struct Pages<'a, S> {
    pub site: &'a Site,
    pub notes: &'a Notes,
    pub press: &'a Press<'a>,
    pub sources: &'a Sources,
    pub standing: &'a S,
    /// While it stays, every page's frame does.
    pub frames: Digest,
}

/// The pages.
#[derive(Default)]
pub(super) struct MadeNow {
    pub files: Vec<(Route, File)>,
    /// How many there are.
    pub count: usize,
    /// How many of them were rendered.
    pub rendered: usize,
    /// What the next build may take for made.
    pub made: MadePages,
    pub problems: Vec<Diagnostic>,
}

/// Which page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sheet {
    /// Of a note or a folder.
    Page(PageId),
    /// The whole navigation.
    Contents,
    /// The results of a search.
    Search,
    /// For paper, of the part with this number.
    Part(usize),
    /// The library's page with this number.
    Links(usize),
    /// For addresses that lead nowhere.
    NotFound,
    /// What leads from an address of before, by its number.
    Redirect(usize),
    /// The script with the whole navigation.
    Tree,
    /// The script with the words of the site.
    Words,
    /// The script with the library.
    Library,
    /// The list of pages for search engines.
    Sitemap,
    /// The feed of what changed last.
    Feed,
    /// The word to robots.
    Robots,
    /// The list of notes for language models.
    Llms,
    /// What browsers are told of the site as a whole.
    Manifest,
    /// The picture in browsers' tabs.
    Icon,
    /// The mark that says how GitHub Pages is to take the site.
    NoJekyll,
}

impl Sheet {
    /// Whether it is a page that a reader sees.
    pub fn is_page(self) -> bool {
        matches!(
            self,
            Self::Page(_)
                | Self::Contents
                | Self::Search
                | Self::NotFound
                | Self::Part(_)
                | Self::Links(_)
        )
    }
}

/// What a page is made from beside its note.
enum Material<'a> {
    /// What the site says of it.
    Slice(Box<Slice<'a>>),
    /// The whole site.
    Whole(fn(&Press<'a>) -> Vec<u8>),
}

/// A page that need not be rendered, or one that does.
enum Decided {
    Stands(Box<(File, Made)>),
    Wanted,
}

impl<'a, S: Standing> Pages<'a, S> {
    /// Makes all pages.
    pub fn make(&self, past: &Past, coloured: &mut Coloured, progress: &impl Progress) -> MadeNow {
        let sheets = self.sheets();
        let decided: Vec<Decided> =
            sheets.par_iter().map(|&(sheet, route)| self.decide(sheet, route, past)).collect();
        let mut made = MadeNow {
            count: sheets.iter().filter(|(sheet, _)| sheet.is_page()).count(),
            ..MadeNow::default()
        };
        let mut wanted = Vec::new();
        for (&(sheet, route), decided) in sheets.iter().zip(decided) {
            match decided {
                Decided::Stands(stands) => {
                    let (file, page) = *stands;
                    made.problems.extend(page.problem.clone());
                    made.files.push((route.clone(), file));
                    made.made.insert(route.clone(), page);
                }
                Decided::Wanted => wanted.push((sheet, route)),
            }
        }
        made.rendered = wanted.iter().filter(|(sheet, _)| sheet.is_page()).count();
        progress.expect(wanted.len());
        let mut notes: Vec<usize> =
            wanted.iter().flat_map(|&(sheet, _)| self.notes_of(sheet)).collect();
        notes.sort_unstable();
        notes.dedup();
        let notes: Vec<&Note> =
            notes.into_par_iter().map(|index| &**self.notes.get(index)).collect();
        coloured.add(&notes, &self.sources.cache, progress);
        let rendered: Vec<_> = wanted
            .into_par_iter()
            .map(|(sheet, route)| {
                let rendered = self.render(sheet, route, coloured);
                progress.step();
                (route, rendered)
            })
            .collect();
        for (route, (file, page, problem)) in rendered {
            made.problems.extend(problem);
            made.files.push((route.clone(), file));
            made.made.extend(page.map(|page| (route.clone(), page)));
        }
        made.problems.extend(coloured.problems(&notes, &self.sources.tree));
        made
    }

    /// All of them, with their routes.
    pub fn sheets(&self) -> Vec<(Sheet, &'a Route)> {
        let pages = (0..self.site.pages.len()).map(|index| Sheet::Page(PageId(index)));
        // The contents take as long as many other pages, so they come first.
        let own = [
            Sheet::Contents,
            Sheet::Search,
            Sheet::Tree,
            Sheet::Library,
            Sheet::Sitemap,
            Sheet::Feed,
            Sheet::Robots,
            Sheet::Llms,
            Sheet::Manifest,
            Sheet::Icon,
            Sheet::NoJekyll,
            Sheet::NotFound,
            Sheet::Words,
        ];
        let links = (0..self.site.own.links.len()).map(Sheet::Links);
        let parts = (0..self.site.own.parts.len()).map(Sheet::Part);
        let redirects = (0..self.site.redirects.len()).map(Sheet::Redirect);
        let sheets = own.into_iter().chain(links).chain(parts).chain(pages).chain(redirects);
        sheets.filter_map(|sheet| Some((sheet, self.route(sheet)?))).collect()
    }

    /// One page, made now, and the mistake in the writer's template that it was rendered without.
    pub fn one(
        &self,
        sheet: Sheet,
        route: &Route,
        coloured: &mut Coloured,
    ) -> (File, Vec<Diagnostic>) {
        let notes = self.notes_of(sheet);
        let notes: Vec<&Note> = notes.into_iter().map(|index| &**self.notes.get(index)).collect();
        coloured.add(&notes, &self.sources.cache, &Unwatched);
        let (file, _, problem) = self.render(sheet, route, coloured);
        let problems = problem.into_iter().chain(coloured.problems(&notes, &self.sources.tree));
        (file, problems.collect())
    }

    fn route(&self, sheet: Sheet) -> Option<&'a Route> {
        match sheet {
            Sheet::Page(page) => Some(&self.site.page(page).route),
            Sheet::Contents => Some(&self.site.own.contents),
            Sheet::Search => Some(&self.site.own.search),
            Sheet::Part(number) => Some(&self.site.own.parts[number].1),
            Sheet::Links(number) => self.site.own.links.get(number),
            Sheet::NotFound => self.site.own.not_found.as_ref(),
            Sheet::Redirect(number) => Some(&self.site.redirects[number].route),
            Sheet::Tree => Some(&self.site.own.tree),
            Sheet::Words => Some(&self.site.own.words),
            Sheet::Library => (!self.site.own.links.is_empty()).then_some(&self.site.own.library),
            Sheet::Sitemap => self.site.own.sitemap.as_ref().filter(|_| self.press.has_sitemap()),
            Sheet::Feed => self.site.own.feed.as_ref().filter(|_| self.press.has_feed),
            Sheet::Robots => self.site.own.robots.as_ref().filter(|_| self.press.has_sitemap()),
            Sheet::Llms => self.site.own.llms.as_ref().filter(|_| self.press.has_sitemap()),
            Sheet::Manifest => self.site.own.manifest.as_ref().filter(|_| self.press.has_sitemap()),
            Sheet::Icon => Some(&self.site.own.icon),
            Sheet::NoJekyll => self.site.own.no_jekyll.as_ref(),
        }
    }

    /// The notes that a page shows.
    pub fn notes_of(&self, sheet: Sheet) -> Vec<usize> {
        match sheet {
            Sheet::Page(page) => self.site.page(page).subject.note().into_iter().collect(),
            Sheet::Part(number) => {
                let pages = part::notes(self.site, self.site.own.parts[number].0);
                pages.iter().filter_map(|&page| self.site.page(page).subject.note()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The digest of all that these notes are made from.
    fn key_of(&self, notes: &[usize]) -> Digest {
        let keys: Vec<Digest> = notes.iter().map(|&note| self.notes.known_of(note).key).collect();
        Digest::of_value(&keys)
    }

    fn material<'s>(&'s self, sheet: Sheet, route: &'s Route) -> Material<'s> {
        match sheet {
            Sheet::Page(page) => Material::Slice(Box::new(self.press.page(page))),
            Sheet::Part(number) => Material::Slice(Box::new(self.press.part(number))),
            Sheet::Contents => Material::Slice(Box::new(self.press.contents())),
            Sheet::Search => Material::Slice(Box::new(self.press.search())),
            Sheet::Links(number) => Material::Slice(Box::new(self.press.links(number))),
            Sheet::NotFound => Material::Slice(Box::new(self.press.not_found(route))),
            Sheet::Redirect(number) => Material::Slice(Box::new(self.press.redirect(number))),
            Sheet::Tree => Material::Whole(Press::tree_script),
            Sheet::Words => Material::Whole(Press::words_script),
            Sheet::Library => Material::Whole(Press::library_script),
            Sheet::Sitemap => Material::Whole(Press::sitemap),
            Sheet::Feed => Material::Whole(Press::feed),
            Sheet::Robots => Material::Whole(Press::robots),
            Sheet::Llms => Material::Whole(Press::llms),
            Sheet::Manifest => Material::Whole(Press::manifest),
            Sheet::Icon => Material::Whole(Press::icon),
            Sheet::NoJekyll => Material::Whole(|_| Vec::new()),
        }
    }

    fn frame(&self, material: &Material<'_>) -> Digest {
        match material {
            Material::Slice(slice) => {
                Digest::of_value(&(slice.digest(), self.sources.theme.digest))
            }
            Material::Whole(_) => self.frames,
        }
    }

    /// Whether a page was made from the same before, and is at hand.
    fn decide(&self, sheet: Sheet, route: &Route, past: &Past) -> Decided {
        let made =
            past.pages.get(route).filter(|made| made.notes == self.key_of(&self.notes_of(sheet)));
        let at_hand = made.and_then(|made| Some((made, self.standing.file(route, made.file)?)));
        let is_same = |made: &Made| {
            past.frames == self.frames || self.frame(&self.material(sheet, route)) == made.frame
        };
        match at_hand {
            Some((made, file)) if is_same(made) => Decided::Stands(Box::new((file, made.clone()))),
            _ => Decided::Wanted,
        }
    }

    /// Renders a page. One with code that lacks its colours is not taken for made.
    fn render(
        &self,
        sheet: Sheet,
        route: &Route,
        coloured: &Coloured,
    ) -> (File, Option<Made>, Option<Diagnostic>) {
        let indices = self.notes_of(sheet);
        let notes: Vec<&Note> = indices.iter().map(|&index| &**self.notes.get(index)).collect();
        let material = self.material(sheet, route);
        let frame = self.sources.cache.keeps().then(|| self.frame(&material));
        let colours = &coloured.colours;
        let (bytes, problem) = match (material, sheet) {
            (Material::Slice(slice), Sheet::Part(_)) => {
                self.press.print_part(*slice, &notes, colours)
            }
            (Material::Slice(slice), _) => {
                self.press.print(*slice, notes.first().map(|&note| (note, colours)))
            }
            (Material::Whole(write), _) => (write(self.press), None),
        };
        let is_whole = notes.iter().all(|note| coloured.is_whole(note));
        let file = File::from(bytes);
        let made = frame.filter(|_| is_whole).zip(file.digest());
        let made = made.map(|(frame, file)| {
            let notes = self.key_of(&indices);
            Made { frame, notes, file, problem: problem.clone() }
        });
        (file, made, problem)
    }
}
