//! Site and notes → the pages: those that were made from the same before and are at hand, and the others rendered now.
//!
//! Must not know: templates, where the pages go.

use rayon::prelude::*;

use super::colour::Coloured;
use super::notes::Notes;
use super::past::{Made, MadePages, Past};
use super::{Progress, Standing};
use crate::cache::Cache;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::nav::PageId;
use crate::note::Note;
use crate::output::File;
use crate::page::{Press, Slice};
use crate::path::Route;
use crate::site::Site;
use crate::source::Tree;
use crate::theme::Theme;

/// What pages are made from.
pub(super) struct Pages<'a, S> {
    pub site: &'a Site,
    pub notes: &'a Notes<'a>,
    pub press: &'a Press<'a>,
    pub tree: &'a Tree,
    pub theme: &'a Theme,
    pub cache: &'a Cache,
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
#[derive(Clone, Copy)]
enum Sheet {
    /// Of a note or a folder.
    Page(PageId),
    /// The whole navigation.
    Contents,
    /// For addresses that lead nowhere.
    NotFound,
}

/// A page that need not be rendered, or one that does.
enum Decided {
    Stands(File, Made),
    Wanted,
}

impl<'a, S: Standing> Pages<'a, S> {
    /// Makes all pages.
    pub fn make(&self, past: &Past, coloured: &mut Coloured, progress: &impl Progress) -> MadeNow {
        let pages = (0..self.site.pages.len()).map(|index| Sheet::Page(PageId(index)));
        // The contents take as long as many other pages, so they come first.
        let sheets = [Sheet::Contents, Sheet::NotFound].into_iter().chain(pages);
        let sheets: Vec<(Sheet, &Route)> =
            sheets.filter_map(|sheet| Some((sheet, self.route(sheet)?))).collect();
        let decided: Vec<Decided> =
            sheets.par_iter().map(|&(sheet, route)| self.decide(sheet, route, past)).collect();
        let mut made = MadeNow { count: sheets.len(), ..MadeNow::default() };
        let mut wanted = Vec::new();
        for (&(sheet, route), decided) in sheets.iter().zip(decided) {
            match decided {
                Decided::Stands(file, page) => {
                    made.problems.extend(page.problem.clone());
                    made.files.push((route.clone(), file));
                    made.made.insert(route.clone(), page);
                }
                Decided::Wanted => wanted.push((sheet, route)),
            }
        }
        progress.expect(wanted.len());
        let notes: Vec<usize> = wanted.iter().filter_map(|&(sheet, _)| self.note(sheet)).collect();
        let notes: Vec<&Note> = notes.into_par_iter().map(|index| &**self.notes.get(index)).collect();
        coloured.add(&notes, self.cache, progress);
        let rendered: Vec<_> = wanted
            .into_par_iter()
            .map(|(sheet, route)| {
                let rendered = self.render(sheet, route, coloured);
                progress.step();
                (route, rendered)
            })
            .collect();
        made.rendered = rendered.len();
        for (route, (file, page, problem)) in rendered {
            made.problems.extend(problem);
            made.files.push((route.clone(), file));
            made.made.extend(page.map(|page| (route.clone(), page)));
        }
        made.problems.extend(coloured.problems(&notes, self.tree));
        made
    }

    fn route(&self, sheet: Sheet) -> Option<&'a Route> {
        match sheet {
            Sheet::Page(page) => Some(&self.site.page(page).route),
            Sheet::Contents => Some(&self.site.own.contents),
            Sheet::NotFound => self.site.own.not_found.as_ref(),
        }
    }

    /// The note that a page shows.
    fn note(&self, sheet: Sheet) -> Option<usize> {
        match sheet {
            Sheet::Page(page) => self.site.page(page).subject.note(),
            Sheet::Contents | Sheet::NotFound => None,
        }
    }

    fn slice<'s>(&'s self, sheet: Sheet, route: &'s Route) -> Slice<'s> {
        match sheet {
            Sheet::Page(page) => self.press.page(page),
            Sheet::Contents => self.press.contents(),
            Sheet::NotFound => self.press.not_found(route),
        }
    }

    fn frame(&self, slice: &Slice<'_>) -> Digest {
        Digest::of_value(&(slice.digest(), self.theme.digest))
    }

    /// Whether a page was made from the same before, and is at hand.
    fn decide(&self, sheet: Sheet, route: &Route, past: &Past) -> Decided {
        let note = self.note(sheet).map(|index| self.notes.known_of(index).key);
        let made = past.pages.get(route).filter(|made| made.note == note);
        let at_hand = made.and_then(|made| Some((made, self.standing.file(route, made.file)?)));
        let is_same =
            |made: &Made| past.frames == self.frames || self.frame(&self.slice(sheet, route)) == made.frame;
        match at_hand {
            Some((made, file)) if is_same(made) => Decided::Stands(file, made.clone()),
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
        let index = self.note(sheet);
        let note = index.map(|index| &**self.notes.get(index));
        let slice = self.slice(sheet, route);
        let frame = self.cache.keeps().then(|| self.frame(&slice));
        let (bytes, problem) = self.press.print(slice, note.map(|note| (note, &coloured.colours)));
        let is_whole = note.is_none_or(|note| coloured.is_whole(note));
        let file = File::from(bytes);
        let note = index.map(|index| self.notes.known_of(index).key);
        let made = frame.filter(|_| is_whole).zip(file.digest());
        let made = made.map(|(frame, file)| Made { frame, note, file, problem: problem.clone() });
        (file, made, problem)
    }
}
