//! A folder of notes → an e-book of all of them or of a part. Writes nothing.
//!
//! Must not know: the command line, the terminal, how a book is made.

use std::path::Path;
use std::time::SystemTime;

use crate::build::{CommandUse, LinkedSite, LinkedSites};
use crate::config::Url;
use crate::diagnostic::{Diagnostic, Kind};
use crate::epub::Ebook;
use crate::path::Route;
use crate::phrase::phrase;
use crate::project::{CacheUse, Collection, ProjectOptions};
use crate::site::Own;

/// A book of a folder's notes.
#[derive(Debug)]
pub struct FoundEbook {
    /// The name of its file, without the ending.
    pub name: String,
    /// The book.
    pub book: Ebook,
    /// Number of notes in it.
    pub notes: usize,
    /// Messages about its making.
    pub problems: Vec<Diagnostic>,
}

/// A book that could be made.
struct OfferedEbook<'a> {
    linked: &'a LinkedSite,
    route: &'a Route,
    /// The part of the navigation that it holds, as a person names it; `None` for all notes.
    part: Option<&'a str>,
    notes: usize,
}

impl OfferedEbook<'_> {
    /// The names by which it is asked for: the label or the folder of its part; in a library, that
    /// of the book before it.
    fn names(&self) -> Vec<String> {
        let place = self.linked.sources().place().map(crate::path::SourcePath::as_str);
        let of_part = self.part.into_iter().chain(self.part.map(|_| stem(self.route)));
        let mut names: Vec<String> = of_part
            .map(|name| place.map_or_else(|| name.to_owned(), |place| format!("{place}/{name}")))
            .collect();
        if self.part.is_none() {
            names.extend(place.map(str::to_owned));
        }
        names.dedup();
        names
    }
}

/// The name of a book's file without its ending.
fn stem(route: &Route) -> &str {
    let name = route.as_str().rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".epub").unwrap_or(name)
}

impl FoundEbook {
    /// Makes the book of a part of the navigation, or of all notes. `base_url` is the address of
    /// the site, if it is not that of the settings.
    ///
    /// # Errors
    /// A configuration with mistakes, a part that does not exist, or no notes.
    pub fn of_folder(
        folder: &Path,
        part: Option<&str>,
        base_url: Option<Url>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let options = ProjectOptions {
            cache: CacheUse::Read,
            commands: CommandUse::Kept,
            epub: true,
            base_url,
            ..ProjectOptions::new(SystemTime::now())
        };
        let collection = Collection::open(folder, &options)?;
        let sites = LinkedSites::new(&collection.home.sources, &collection.book_sources(), None);
        let offered: Vec<OfferedEbook<'_>> = sites.all().flat_map(offered).collect();
        let wanted = part.map(|part| part.trim_matches('/').to_lowercase());
        let is_wanted = |book: &&OfferedEbook<'_>| match &wanted {
            Some(part) => book.names().iter().any(|name| name.to_lowercase() == *part),
            None => book.part.is_none() && book.linked.sources().book.is_none(),
        };
        let Some(found) = offered.iter().find(is_wanted) else {
            return Err(vec![unknown(part.unwrap_or_default(), &offered)]);
        };
        let made = Some(found).filter(|found| found.notes > 0);
        let Some((book, problems)) = made.and_then(|found| sites.ebook(found.route)) else {
            let message = phrase!("there is no note to read");
            return Err(vec![Diagnostic::new(Kind::NoNotes, message)]);
        };
        Ok(Self { name: stem(found.route).to_owned(), book, notes: found.notes, problems })
    }
}

/// The books of a site.
fn offered(linked: &LinkedSite) -> impl Iterator<Item = OfferedEbook<'_>> {
    let site = linked.site();
    site.own.ebooks.iter().zip(site.own.all(Own::Ebook)).map(move |(part, route)| {
        let label = part.node.map(|node| site.label(node));
        let notes = part.pages.iter().filter(|page| !site.page(**page).is_stub).count();
        OfferedEbook { linked, route, part: label, notes }
    })
}

/// The message about a part that does not exist, with those that do.
fn unknown(part: &str, offered: &[OfferedEbook<'_>]) -> Diagnostic {
    let message = phrase!("the notes have no part `{part}`", part);
    let names: Vec<String> =
        offered.iter().filter_map(|book| book.names().into_iter().next()).collect();
    let problem = Diagnostic::new(Kind::NoNotes, message);
    if names.is_empty() {
        return problem.help(phrase!("leave `--part` out for a book of all notes"));
    }
    problem.help(phrase!("there are: {names}", names = names.join(", ")))
}
