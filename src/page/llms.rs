//! The site as language models read it: `llms.txt` lists the notes (llmstxt.org) and the files with
//! all notes of each part of the navigation, `llms-full.txt` these files alone.
//!
//! The texts of all notes in one file would be 100 MB for 10,000 of them, so there is a file for
//! each part, and further ones for a part that would be more than a thick book on paper.
//!
//! Must not know: templates, the texts of the notes.

use std::fmt::Write as _;

use crate::nav::NodeId;
use crate::path::Route;
use crate::site::{Own, Page, PaperPart, Site, Subject};

use super::{DatedSite, NoteSizes, Renderer, part};

/// A text on one line that is no Markdown.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace(['[', ']'], "")
}

/// A size in words, in units of a thousand bytes.
fn in_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Notes of a part, and their size.
#[derive(Default)]
struct PartSize {
    notes: usize,
    bytes: u64,
}

impl NoteSizes {
    fn of<'p>(&self, pages: impl Iterator<Item = &'p Page>) -> PartSize {
        let mut sum = PartSize::default();
        for note in pages.filter_map(|page| page.subject.note()) {
            sum.notes += 1;
            sum.bytes += self.0.get(note).copied().unwrap_or_default();
        }
        sum
    }
}

impl Renderer<'_> {
    /// True if the site has a list for language models. A book has one of its own if its notes are
    /// published as Markdown; else those of a library have one together.
    pub(super) fn has_llms(&self) -> bool {
        self.has_sitemap() && (!self.is_book() || self.has_markdown())
    }

    /// `llms.txt`: the site as a list of links in Markdown, part by part.
    #[must_use]
    pub fn llms(&self, sizes: &NoteSizes) -> Vec<u8> {
        let mut text = self.head();
        if let Some(home) = home_alone(self.site).filter(|_| self.has_markdown()) {
            text.push('\n');
            self.entry(&mut text, home);
        }
        for &part in &self.site.nav.roots {
            let listed = listed(self.site, part);
            let label = plain(self.site.label(part));
            let size = if self.has_markdown() && !listed.is_empty() {
                self.size(&sizes.of(listed.iter().copied()))
            } else {
                String::new()
            };
            let _ = write!(text, "\n## {label}{size}\n\n");
            for (of_part, route) in self.full_texts().filter(|(of_part, _)| of_part.node == part) {
                let words = numbered(self.labels.get("full_text"), of_part.number);
                self.full_text_entry(&mut text, &words, (of_part, route), sizes);
            }
            for page in listed {
                self.entry(&mut text, page);
            }
        }
        for DatedSite { site, .. } in self.sites().skip(1) {
            let _ = write!(text, "\n## {}\n\n", plain(&site.title));
            if self.has_markdown() {
                self.book(&mut text, site, Own::Llms);
                continue;
            }
            for page in site.nav.roots.iter().flat_map(|&part| listed(site, part)) {
                self.entry(&mut text, page);
            }
        }
        if let Some(full) = self.site.own.first(Own::LlmsFull).filter(|_| self.has_markdown()) {
            // The name of the section for what may be skipped is part of the format.
            text.push_str("\n## Optional\n\n");
            self.link(&mut text, self.labels.get("full_text"), full);
            text.push('\n');
        }
        text.into_bytes()
    }

    /// `llms-full.txt`: the files with the texts of all notes of each part.
    #[must_use]
    pub fn llms_full(&self, sizes: &NoteSizes) -> Vec<u8> {
        let mut text = self.head();
        text.push('\n');
        if let Some(home) = home_alone(self.site) {
            self.entry(&mut text, home);
        }
        for (of_part, route) in self.full_texts() {
            let words = numbered(self.site.label(of_part.node), of_part.number);
            self.full_text_entry(&mut text, &words, (of_part, route), sizes);
        }
        for DatedSite { site, .. } in self.sites().skip(1) {
            self.book(&mut text, site, Own::LlmsFull);
        }
        text.into_bytes()
    }

    /// The files with the texts of parts, and their routes.
    fn full_texts(&self) -> impl Iterator<Item = (&PaperPart, &Route)> {
        self.site.own.texts.iter().zip(self.site.own.all(Own::FullText))
    }

    fn full_text_entry(
        &self,
        text: &mut String,
        words: &str,
        (of_part, route): (&PaperPart, &Route),
        sizes: &NoteSizes,
    ) {
        let pages = part::notes(self.site, of_part);
        let size = sizes.of(pages.iter().map(|page| self.site.page(*page)));
        self.link(text, words, route);
        let _ = writeln!(text, "{}", self.size(&size));
    }

    fn head(&self) -> String {
        let mut text = format!("# {}\n", plain(&self.site.title));
        if let Some(description) = &self.config.description {
            let _ = write!(text, "\n> {}\n", plain(description));
        }
        text
    }

    /// The list of a book.
    fn book(&self, text: &mut String, site: &Site, list: Own) {
        let Some(route) = site.own.first(list) else { return };
        let notes = site.pages.iter().filter(|page| page.subject.note().is_some()).count();
        self.link(text, &site.title, route);
        let _ = writeln!(text, " ({})", self.labels.notes(notes));
    }

    fn size(&self, size: &PartSize) -> String {
        format!(" ({}, {})", self.labels.notes(size.notes), in_words(size.bytes))
    }

    fn link(&self, text: &mut String, words: &str, route: &Route) {
        let base = self.base().unwrap_or_default();
        // In a destination of Markdown brackets have to be pairs.
        let path = route.url_path().replace('(', "%28").replace(')', "%29");
        let _ = write!(text, "- [{}]({base}{path})", plain(words));
    }

    fn entry(&self, text: &mut String, page: &Page) {
        let markdown = page.subject.note().and_then(|note| self.markdown_route(note));
        self.link(text, &page.title, markdown.unwrap_or(&page.route));
        if !page.summary.is_empty() {
            let _ = write!(text, ": {}", plain(&page.summary));
        }
        text.push('\n');
    }
}

/// The home page of a site, if it has a note and no entry of the navigation leads there.
fn home_alone(site: &Site) -> Option<&Page> {
    let home = site.page(site.home);
    let is_listed = site.nav.of_page(site.home).is_some();
    (home.subject.note().is_some() && !is_listed).then_some(home)
}

/// A label with the number of its file behind the first, as pages for paper have it.
fn numbered(label: &str, number: usize) -> String {
    if number == 1 { label.to_owned() } else { format!("{label} {number}") }
}

/// The notes at an entry and below with something to read.
fn listed(site: &Site, top: NodeId) -> Vec<&Page> {
    let mut listed = Vec::new();
    let mut todo = vec![top];
    while let Some(node) = todo.pop() {
        let entry = site.nav.node(node);
        todo.extend(entry.children.iter().rev());
        let Some(page) = site.nav.page_at(node) else { continue };
        let page = site.page(page);
        if !(page.is_stub || matches!(page.subject, Subject::Folder(_))) {
            listed.push(page);
        }
    }
    listed
}
