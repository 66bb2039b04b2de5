//! The notes of a part of the navigation, or all → a book: a chapter for each note, links from note
//! to note within it, the pictures that the notes show.
//!
//! Must not know: how a book is written, the disk.

use std::collections::{BTreeMap, HashMap};

use crate::config::Cover;
use crate::epub::{ContentsEntry, Ebook, EbookChapter, EbookPicture, chapter_file};
use crate::escape::{escape_into, write_attribute};
use crate::history::NoteHistory;
use crate::links::Target;
use crate::nav::{NavTarget, NodeId, PageId};
use crate::path::{Route, SourcePath};
use crate::phrase::Phrase;
use crate::site::{EbookPart, Own, Site};

use super::address::{TargetAddress, fragment};
use super::body::{Body, ResolvedHref};
use super::embed::{EmbeddedNote, Embeds};
use super::part::{self, Chapter};
use super::{CodeHtml, IndexedNote, Renderer, shown};

/// Endings of the names of files that may be pictures of a book.
const PICTURES: [&str; 6] = ["gif", "jpeg", "jpg", "png", "svg", "webp"];

/// Most authors that a book names: of more, those of most notes.
const MOST_AUTHORS: usize = 12;

/// All that the site says of a book: with the notes and the pictures, all that it is made from.
#[derive(Hash)]
pub struct EbookInputs<'a> {
    title: String,
    language: &'a str,
    authors: Vec<String>,
    description: Option<&'a str>,
    license: Option<(String, Option<String>)>,
    address: Option<String>,
    identity: String,
    changed: Option<&'a str>,
    cover: Option<String>,
    /// The words of the site.
    words: &'a BTreeMap<&'static str, String>,
    chapters: Vec<Chapter<'a>>,
    /// The notes that those of the chapters embed.
    embedded: Vec<EmbeddedNote<'a>>,
    contents: Vec<ContentsEntry>,
    /// The files that its chapters show, each with its name in the book and its address.
    pictures: Vec<EbookFileInput<'a>>,
    /// True if images of other sites are asked for over `https:`.
    https_images: bool,
}

/// A file that may be a picture of a book.
#[derive(Hash)]
struct EbookFileInput<'a> {
    name: String,
    path: &'a SourcePath,
    /// Its address on the web, if it has one.
    address: Option<String>,
}

impl EbookInputs<'_> {
    /// The files that its chapters show.
    pub fn pictures(&self) -> impl Iterator<Item = &SourcePath> {
        self.pictures.iter().map(|picture| picture.path)
    }
}

/// The place of each note and picture in a book.
struct EbookPlaces<'r, 'a> {
    renderer: &'r Renderer<'a>,
    chapters: HashMap<PageId, usize>,
    pictures: BTreeMap<&'a SourcePath, String>,
}

/// The pages of a book's notes, those with nothing to read left out.
fn pages(site: &Site, part: &EbookPart) -> Vec<PageId> {
    part.pages.iter().copied().filter(|page| !site.page(*page).is_stub).collect()
}

/// The notes that a book shows, each once: those of its chapters first, then those that are
/// embedded in them.
pub(super) fn notes(site: &Site, part: &EbookPart) -> Vec<usize> {
    let pages = pages(site, part);
    let notes = pages.iter().filter_map(|page| site.page(*page).subject.note());
    notes.chain(part::embedded(site, &pages)).collect()
}

impl<'a> Renderer<'a> {
    /// A book of the site, by its number.
    #[must_use]
    pub fn ebook(&self, number: usize) -> EbookInputs<'_> {
        let part = &self.site.own.ebooks[number];
        let (pages, notes) = (pages(self.site, part), notes(self.site, part));
        let places = EbookPlaces {
            renderer: self,
            chapters: pages.iter().enumerate().map(|(place, page)| (*page, place)).collect(),
            pictures: self.pictures_of(&notes),
        };
        let chapters = pages.iter().filter_map(|page| {
            let note = self.site.page(*page).subject.note()?;
            let title = &self.site.page(*page).title;
            Some(Chapter { note, title, hrefs: places.hrefs(note) })
        });
        let embedded = part::embedded(self.site, &pages).into_iter().map(|other| {
            let shown = self.site.page(PageId(other));
            let address =
                places.address(&Target::Page(PageId(other), None)).map(|address| address.href);
            EmbeddedNote {
                title: &shown.title,
                hrefs: places.hrefs(other),
                address: address.unwrap_or_default(),
            }
        });
        let site_title = &*self.site.title;
        let title = match part.node {
            Some(node) if self.site.label(node) != site_title => {
                format!("{site_title} · {}", self.site.label(node))
            }
            _ => site_title.to_owned(),
        };
        let route = &self.site.own.all(Own::Ebook)[number];
        let roots = match part.node {
            Some(node) => vec![node],
            None => self.site.nav.roots.clone(),
        };
        let mut contents: Vec<ContentsEntry> =
            roots.iter().map(|root| self.contents_entry(*root, &places)).collect();
        if part.node.is_none() && self.site.nav.of_page(self.site.home).is_none() {
            contents.insert(0, places.home_entry());
        }
        EbookInputs {
            language: &self.site.language,
            authors: self.authors_of(&pages),
            description: self.config.description.as_deref(),
            license: self.config.license.as_ref().map(|license| {
                let url = license.url.as_ref().map(|url| url.as_str().to_owned());
                (license.name.clone(), url)
            }),
            address: self.base().map(str::to_owned),
            // Of a book that is renamed readers keep their marks, if the site has an address.
            identity: match self.base() {
                Some(base) => format!("{base}{}", part.node.map_or("", |_| route.as_str())),
                None => format!("{site_title}\n{}", part.node.map_or("", |_| route.as_str())),
            },
            changed: pages.iter().filter_map(|page| self.changed(self.site.page(*page))).max(),
            cover: match &self.config.cover {
                Some(Cover::File(path)) => places.pictures.get(path).cloned(),
                _ => None,
            },
            words: self.labels.all(),
            chapters: chapters.collect(),
            embedded: embedded.collect(),
            contents,
            pictures: places.files(),
            https_images: self.config.images.https,
            title,
        }
    }

    /// The book of the part whose first page this is; for the home page, that of all notes.
    pub(super) fn ebook_of(&self, page: PageId) -> Option<&Route> {
        let node = if page == self.site.home { None } else { Some(self.site.nav.of_page(page)?) };
        let number = self.site.own.ebooks.iter().position(|part| part.node == node)?;
        self.site.own.all(Own::Ebook).get(number)
    }

    /// The files that notes name and that may be pictures, each with its name in the book.
    fn pictures_of(&self, notes: &[usize]) -> BTreeMap<&'a SourcePath, String> {
        let mut pictures = BTreeMap::new();
        let named = notes.iter().flat_map(|note| self.site.targets(*note));
        let files = named.filter_map(|target| match target {
            Target::File(path) => Some(path),
            _ => None,
        });
        let cover = match &self.config.cover {
            Some(Cover::File(path)) => Some(path),
            _ => None,
        };
        for path in cover.into_iter().chain(files) {
            let ending = path.name().rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
            let is_picture = ending.is_some_and(|ending| PICTURES.contains(&&*ending));
            if is_picture && self.site.files.contains_key(path) {
                let name = format!("p{}", pictures.len() + 1);
                pictures.entry(path).or_insert(name);
            }
        }
        pictures
    }

    /// The author that the settings name, or those that git knows, of most notes first.
    fn authors_of(&self, pages: &[PageId]) -> Vec<String> {
        if let Some(author) = &self.config.author {
            return vec![author.clone()];
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for past in pages.iter().filter_map(|page| self.past(self.site.page(*page))) {
            let NoteHistory { authors, .. } = past;
            for author in authors {
                *counts.entry(author).or_default() += 1;
            }
        }
        let mut authors: Vec<(&str, usize)> = counts.into_iter().collect();
        authors.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        authors.into_iter().take(MOST_AUTHORS).map(|(name, _)| name.to_owned()).collect()
    }

    /// An entry of the navigation with those below it. One that leads to another site is none.
    fn contents_entry(&self, node: NodeId, places: &EbookPlaces<'_, '_>) -> ContentsEntry {
        let entry = self.site.nav.node(node);
        let place = match entry.target {
            NavTarget::Page(page) => places.chapters.get(&page).map(|place| (*place, None)),
            NavTarget::Section(page, section) => places
                .chapters
                .get(&page)
                .map(|place| (*place, self.site.section_id(section).map(str::to_owned))),
            NavTarget::External(_) | NavTarget::Nothing => None,
        };
        let children = entry.children.iter().map(|child| self.contents_entry(*child, places));
        ContentsEntry {
            title: self.site.label(node).to_owned(),
            place,
            children: children.collect(),
        }
    }

    /// Makes a book of notes, in the order of its artifact. `picture` gives the bytes of a file, or
    /// the reason why there are none.
    #[must_use]
    pub fn render_ebook(
        &self,
        inputs: EbookInputs<'_>,
        notes: &[IndexedNote<'_>],
        code: &CodeHtml,
        picture: impl Fn(&SourcePath) -> Result<Vec<u8>, Phrase>,
    ) -> Ebook {
        let (own, others) = notes.split_at(inputs.chapters.len().min(notes.len()));
        let embeds = Embeds::new(self.site, shown(&inputs.embedded, others));
        let chapters = inputs.chapters.iter().zip(own).map(|(chapter, (index, note))| {
            embeds.begin(*index, note, "");
            let body = Body {
                https_images: inputs.https_images,
                ..self.chapter_body(code, (*index, note), chapter, &embeds)
            };
            let body = body.render();
            let mut html = String::from("<h1");
            if let Some((title, id)) = &body.title {
                write_attribute(&mut html, "id", id);
                html.push('>');
                html.push_str(title);
            } else {
                html.push('>');
                escape_into(&mut html, chapter.title);
            }
            html.push_str("</h1>\n");
            html.push_str(&body.lead);
            html.push_str(&body.html);
            EbookChapter {
                title: chapter.title.to_owned(),
                language: note.language_in(&self.site.language).map(str::to_owned),
                is_right_to_left: note.is_right_to_left(),
                html,
            }
        });
        let chapters: Vec<EbookChapter> = chapters.collect();
        let right_to_left = chapters.iter().filter(|chapter| chapter.is_right_to_left).count();
        let pictures = inputs.pictures.into_iter().map(|EbookFileInput { name, path, address }| {
            EbookPicture::new(name, address, picture(path))
        });
        Ebook {
            pictures: pictures.collect(),
            title: inputs.title,
            language: inputs.language.to_owned(),
            is_right_to_left: right_to_left * 2 > chapters.len(),
            authors: inputs.authors,
            description: inputs.description.map(str::to_owned),
            license: inputs.license,
            address: inputs.address,
            identity: inputs.identity,
            changed: inputs.changed.map(str::to_owned),
            cover: inputs.cover,
            contents_title: self.labels.get("contents").to_owned(),
            chapters,
            contents: inputs.contents,
        }
    }
}

impl<'a> EbookPlaces<'_, 'a> {
    fn hrefs(&self, note: usize) -> Vec<ResolvedHref> {
        let targets = self.renderer.site.targets(note).iter();
        targets.map(|target| ResolvedHref::of(self.address(target), target)).collect()
    }

    /// The files that the chapters show.
    fn files(&self) -> Vec<EbookFileInput<'a>> {
        let file = |(path, name): (&&'a SourcePath, &String)| EbookFileInput {
            name: name.clone(),
            path,
            address: self
                .renderer
                .site
                .files
                .get(*path)
                .and_then(|route| self.renderer.addresses().whole_of(route, None)),
        };
        self.pictures.iter().map(file).collect()
    }

    /// The entry of a home page that the navigation does not have.
    fn home_entry(&self) -> ContentsEntry {
        let site = self.renderer.site;
        let place = self.chapters.get(&site.home).map(|place| (*place, None));
        ContentsEntry { title: site.page(site.home).title.to_string(), place, ..Default::default() }
    }

    /// The address of a place in a chapter.
    fn in_book(&self, page: PageId, id: Option<&str>) -> Option<TargetAddress> {
        let chapter = chapter_file(*self.chapters.get(&page)?);
        Some(TargetAddress::of_page(chapter + &fragment(id)))
    }

    /// The address of a target as seen from any chapter; `None` if it is neither in the book nor on
    /// the web.
    fn address(&self, target: &Target) -> Option<TargetAddress> {
        let within = match target {
            Target::Page(page, id) => self.in_book(*page, id.as_deref()),
            Target::File(path) => self.pictures.get(path).cloned().map(TargetAddress::of_file),
            _ => None,
        };
        within.or_else(|| self.renderer.addresses().whole(target))
    }
}
