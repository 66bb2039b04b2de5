//! A note → its Markdown, for programs and other tools: its title and text below a head with its
//! address and day. Links lead to the Markdown of other notes, those into other books of a library
//! to their pages: from the site's address if it is known, else from the file's own place.
//!
//! Must not know: how a document is written.

use crate::config::Url;
use crate::links::Target;
use crate::markdown::render::markdown::{self, LinkAddresses};
use crate::markdown::{Link, LinkKind, Options, Parsed};
use crate::note::Note;
use crate::path::Route;
use crate::site::Own;

use super::address::{TargetAddress, fragment, with_fragment};
use super::{IndexedNote, Renderer, part};

/// The sizes of the notes as Markdown in the order of the notes, in bytes; empty if notes are not
/// published as Markdown.
#[derive(Debug, Default, Hash)]
pub struct NoteSizes(pub Vec<u64>);

/// All that the site says of a file of Markdown: with the notes, all that it is made from.
#[derive(Hash)]
pub struct MarkdownInputs<'a> {
    notes: Vec<NoteInputs<'a>>,
}

/// All that the site says of a note in such a file.
#[derive(Hash)]
struct NoteInputs<'a> {
    title: &'a str,
    /// The whole address of its page, if that of the site is known.
    url: Option<String>,
    changed: Option<String>,
    /// The addresses of its links.
    addresses: Vec<Option<LinkAddress>>,
}

/// The address of a link's target.
#[derive(Hash)]
struct LinkAddress {
    address: String,
    kind: AddressKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum AddressKind {
    /// Of a page or its Markdown, which no picture is.
    Page,
    /// Of a file of the notes, of which a link may name a place.
    File,
    Elsewhere,
}

/// The addresses of the links of one note.
struct NoteAddresses<'a> {
    parsed: &'a Parsed,
    addresses: &'a [Option<LinkAddress>],
}

impl LinkAddresses for NoteAddresses<'_> {
    fn of(&self, link: usize) -> Option<String> {
        let LinkAddress { address, kind } = self.addresses.get(link)?.as_ref()?;
        let Link { kind: of_link, destination, .. } = self.parsed.links.get(link)?;
        let is_shown = matches!(of_link, LinkKind::Image | LinkKind::Media);
        match kind {
            AddressKind::Page if is_shown => None,
            AddressKind::File => Some(with_fragment(address, destination).into_owned()),
            AddressKind::Page | AddressKind::Elsewhere => Some(address.clone()),
        }
    }
}

impl<'a> Renderer<'a> {
    /// True if notes are published as Markdown.
    pub(super) fn has_markdown(&self) -> bool {
        self.config.machines
    }

    /// The route of a note as Markdown, if that is published.
    pub(super) fn markdown_route(&self, note: usize) -> Option<&'a Route> {
        self.site.own.all(Own::Markdown).get(note)
    }

    /// The Markdown of a note.
    #[must_use]
    pub fn markdown(&self, note: usize, route: &Route) -> MarkdownInputs<'_> {
        MarkdownInputs { notes: vec![self.note_inputs(note, route)] }
    }

    /// The Markdown of all notes of a part of the navigation, by its number.
    #[must_use]
    pub fn full_text(&self, number: usize, route: &Route) -> MarkdownInputs<'_> {
        let pages = part::notes(self.site, &self.site.own.texts[number]);
        let notes = pages.iter().filter_map(|&page| self.site.page(page).subject.note());
        MarkdownInputs { notes: notes.map(|note| self.note_inputs(note, route)).collect() }
    }

    fn note_inputs(&self, note: usize, here: &Route) -> NoteInputs<'_> {
        // Notes and their pages have one order.
        let page = &self.site.pages[note];
        let base = self.config.base_url.as_ref().map(Url::as_str);
        let address = |target: &Target| self.markdown_address(here, target);
        NoteInputs {
            title: &page.title,
            url: base.map(|base| format!("{base}{}", page.route.url_path())),
            changed: self.changed(page).map(str::to_owned),
            addresses: self.site.targets(note).iter().map(address).collect(),
        }
    }

    /// The address of a target in the Markdown at a route; `None` if it is dead.
    fn markdown_address(&self, here: &Route, target: &Target) -> Option<LinkAddress> {
        let addresses = self.addresses();
        let to = |route: &Route, id: Option<&str>| {
            let whole = addresses.whole_of(route, id);
            Some(whole.unwrap_or_else(|| here.href_to(route) + &fragment(id)))
        };
        let note = match target {
            Target::Page(page, _) => self.site.page(*page).subject.note(),
            _ => None,
        };
        let markdown = note.and_then(|note| self.markdown_route(note));
        if let (Target::Page(_, id), Some(route)) = (target, markdown) {
            let address = to(route, id.as_deref())?;
            return Some(LinkAddress { address, kind: AddressKind::Page });
        }
        let address = addresses.with(target, to)?;
        let kind = match address {
            TargetAddress { is_file: false, .. } => AddressKind::Page,
            TargetAddress { is_external: false, .. } => AddressKind::File,
            TargetAddress { .. } => AddressKind::Elsewhere,
        };
        Some(LinkAddress { address: address.href, kind })
    }

    /// Writes the notes one after the other.
    #[must_use]
    pub fn render_markdown(
        &self,
        inputs: &MarkdownInputs<'_>,
        notes: &[IndexedNote<'_>],
    ) -> Vec<u8> {
        let options = Options::from(self.config);
        let mut text = String::new();
        for (inputs, (_, note)) in inputs.notes.iter().zip(notes) {
            if !text.is_empty() {
                text.push('\n');
            }
            inputs.write(&mut text, note, options);
        }
        text.into_bytes()
    }
}

impl NoteInputs<'_> {
    fn write(&self, text: &mut String, note: &Note, options: Options) {
        let Self { title, url, changed, addresses } = self;
        if url.is_some() || changed.is_some() {
            text.push_str("---\n");
            let url = url.iter().map(|url| format!("url: {url}\n"));
            text.extend(url.chain(changed.iter().map(|day| format!("date: {day}\n"))));
            text.push_str("---\n\n");
        }
        let parsed = &note.parsed;
        let addresses = NoteAddresses { parsed, addresses };
        let takes_title = note.is_titled_by_heading(title);
        text.push_str(&markdown::render(parsed, options, &addresses, title, takes_title));
    }
}
