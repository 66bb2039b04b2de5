//! A folder of notes → its study cards, as the text that Anki imports. Writes nothing.
//!
//! Must not know: the command line, the terminal.

mod find;
mod html;
mod text;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::SystemTime;

use crate::build::{CommandUse, LinkedSite, LinkedSites};
use crate::config::Url;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::markdown::{self, MacroTable};
use crate::nav::PageId;
use crate::note::Note;
use crate::page::label::Labels;
use crate::page::{Addresses, BookTargets};
use crate::project::{CacheUse, Collection, ProjectOptions};
use crate::site::Site;

use self::find::{CardRules, FoundCard};
use self::html::CardHtml;
use self::text::Card;

pub use self::text::HEADER;

/// The study cards of a folder.
#[derive(Debug, Default)]
pub struct Cards {
    /// Anki's text import.
    pub text: String,
    /// Number of cards.
    pub count: usize,
    /// Number of notes that have some.
    pub notes: usize,
    /// Number of pictures, sounds and films of which the words alone are on the cards.
    pub left_out: usize,
    /// True if the site has an address, so that links lead to it.
    pub has_address: bool,
}

/// The cards of all sites, while they are gathered.
#[derive(Default)]
struct CardList {
    cards: Cards,
    list: Vec<Card>,
    /// The number of times that a note asks a question, by the digest of both.
    asked: HashMap<Digest, u32>,
}

impl Cards {
    /// Reads the notes. `base_url` is the address of the site, if it is not that of the settings.
    ///
    /// # Errors
    /// A configuration with mistakes.
    pub fn of_folder(folder: &Path, base_url: Option<Url>) -> Result<Self, Vec<Diagnostic>> {
        let options = ProjectOptions {
            history: false,
            cache: CacheUse::Read,
            commands: CommandUse::Kept,
            base_url,
            ..ProjectOptions::new(SystemTime::now())
        };
        let collection = Collection::open(folder, &options)?;
        let sites = LinkedSites::new(&collection.home.sources, &collection.book_sources(), None);
        let mut list = CardList::default();
        for (linked, books) in sites.with_targets() {
            list.add_site(linked, books);
        }
        let CardList { mut cards, list, .. } = list;
        cards.count = list.len();
        cards.has_address = collection.home.sources.config.base_url.is_some();
        cards.text = text::write(&list);
        Ok(cards)
    }
}

impl CardList {
    fn add_site(&mut self, linked: &LinkedSite, books: &BookTargets) {
        let (site, config) = (linked.site(), &linked.sources().config);
        let labels = Labels::new(&site.language, &config.labels);
        let macros = MacroTable::new(&config.macros).0;
        for page in in_order(site) {
            let Some(index) = site.page(page).subject.note() else { continue };
            let Some(note) = linked.parsed_at(&site.page(page).route) else { continue };
            if note.meta.is_draft || note.meta.cards == Some(false) {
                continue;
            }
            let rules = CardRules {
                lines: config.card_lines || note.meta.cards == Some(true),
                terms: note.is_glossary(),
            };
            let found = find::cards(&note.parsed, rules);
            if found.is_empty() {
                continue;
            }
            self.cards.notes += 1;
            let formulas = &markdown::without_macros(&note.parsed.formulas, Some(&macros));
            let labels = &labels;
            let addresses = Addresses { site, config, books: Some(books) };
            let html = CardHtml { site, labels, addresses, note, formulas, index, page };
            let path = place_of(linked, note);
            for one in &found {
                let card = self.card(&html, &path, one);
                self.list.push(card);
            }
        }
    }

    fn card(&mut self, html: &CardHtml<'_>, path: &str, found: &FoundCard<'_>) -> Card {
        let question = find::plain(&html.note.parsed, &found.front);
        let asked = found.id.unwrap_or(&question);
        let kind = if found.id.is_some() { "id" } else { "text" };
        let same = Digest::of_parts(&[path.as_bytes(), kind.as_bytes(), asked.as_bytes()]);
        let times = self.asked.entry(same).or_default();
        *times += 1;
        let id = match *times {
            1 => same,
            again => Digest::of_parts(&[&same.to_bytes(), &again.to_be_bytes()]),
        };
        let front = html.render(&found.front);
        let mut back = html.render(&found.back);
        self.cards.left_out += front.left_out + back.left_out;
        back.html.push_str(&html.source(found.heading, found.id));
        Card {
            id: id.to_string(),
            deck: deck(html.site, html.page),
            front: front.html,
            back: back.html,
            tags: html.note.meta.keywords.clone(),
        }
    }
}

/// The pages in reading order, then those that are in no order.
fn in_order(site: &Site) -> Vec<PageId> {
    let ordered = site.reading_order();
    let known: HashSet<PageId> = ordered.iter().copied().collect();
    let others = (0..site.pages.len()).map(PageId).filter(|page| !known.contains(page));
    ordered.iter().copied().chain(others).collect()
}

/// The path of a note in the library.
fn place_of(linked: &LinkedSite, note: &Note) -> String {
    match linked.sources().place() {
        Some(place) => format!("{}/{}", place.as_str(), note.path.as_str()),
        None => note.path.as_str().to_owned(),
    }
}

/// The deck of the cards of a page: the title of the site and of the part that the page is in.
fn deck(site: &Site, page: PageId) -> String {
    let part = site.nav.of_page(page).map(|node| site.nav.trail(node)[0]);
    let part = part.filter(|_| page != site.home).map(|part| site.label(part));
    let names = std::iter::once(&*site.title).chain(part).map(text::deck_name);
    names.collect::<Vec<_>>().join("::")
}
