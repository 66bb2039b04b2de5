//! The terms of the site → the page of all of them, and the links to them in the texts of pages: a
//! quiet one from the first place on a page.
//!
//! Must not know: which notes explain terms.

use std::collections::HashSet;
use std::ops::Range;

use super::view::{PageKind, TermView};
use super::{PageInputs, Renderer, letters};
use crate::digest::Digest;
use crate::escape::write_attribute;
use crate::mention::NoteNames;
use crate::nav::PageId;
use crate::path::{Route, encode_path};
use crate::site::{Own, Site, Term};

/// The names of all terms, ready to be found.
pub(super) struct TermNames {
    names: NoteNames,
    /// The digest of all that links to terms are made from.
    digest: Digest,
}

/// The terms that the text of a page may link to.
#[derive(Hash)]
pub(super) struct PageTerms {
    page: PageId,
    digest: Digest,
}

/// The links of one page to terms.
#[derive(Clone, Copy)]
pub(super) struct TermLinks<'a> {
    names: &'a NoteNames,
    site: &'a Site,
    page: PageId,
}

impl TermNames {
    pub fn new(site: &Site) -> Self {
        let named = site.terms.iter().enumerate();
        let place = |term: &Term| (term.clone(), site.page(term.page).route.clone());
        Self {
            names: NoteNames::of_terms(named.map(|(number, term)| (term.name.as_str(), number))),
            digest: Digest::of_value(&site.terms.iter().map(place).collect::<Vec<_>>()),
        }
    }
}

impl TermLinks<'_> {
    /// The terms in a text, by their numbers; none that the page itself explains.
    pub fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut found = self.names.find(text);
        found.retain(|(_, term)| self.site.terms[*term].page != self.page);
        found
    }

    /// Writes the start tag of the link to a term.
    pub fn start(&self, out: &mut String, term: usize) {
        let term = &self.site.terms[term];
        out.push_str("<a class=\"term\"");
        write_attribute(out, "href", &href(self.site, &self.site.page(self.page).route, term));
        write_attribute(out, "title", &term.definition);
        out.push('>');
    }
}

/// From a page to the place of a term.
fn href(site: &Site, from: &Route, term: &Term) -> String {
    let page = from.href_to(&site.page(term.page).route);
    if term.anchor.is_empty() { page } else { format!("{page}#{}", encode_path(&term.anchor)) }
}

impl Renderer<'_> {
    fn term_names(&self) -> &TermNames {
        self.term_names.get_or_init(|| TermNames::new(self.site))
    }

    /// The terms that the text of a page may link to; `None` if there are none.
    pub(super) fn page_terms(&self, page: PageId) -> Option<PageTerms> {
        let is_wanted = !self.site.terms.is_empty();
        is_wanted.then(|| PageTerms { page, digest: self.term_names().digest })
    }

    /// The links of a page to terms.
    pub(super) fn term_links(&self, terms: &PageTerms) -> TermLinks<'_> {
        TermLinks { names: &self.term_names().names, site: self.site, page: terms.page }
    }

    /// True if there is a page of all terms.
    #[must_use]
    pub fn has_terms(&self) -> bool {
        !self.site.terms.is_empty()
    }

    /// The page of all terms.
    #[must_use]
    pub fn terms<'r>(&'r self, route: &'r Route) -> PageInputs<'r> {
        let mut view = self.frame(route, None, self.labels.get("terms"));
        view.page.kind = PageKind::Terms;
        // Spellings that differ in case alone are one entry.
        let mut known = HashSet::new();
        let terms = self.site.terms.iter().filter(|term| known.insert(term.name.to_lowercase()));
        let terms = terms.map(|term| TermView {
            title: &term.name,
            href: href(self.site, route, term),
            definition: &term.definition,
        });
        view.terms = letters::by_letter(terms.collect(), |term| term.title);
        Self::plain("terms.html", view)
    }

    /// From a page to the page of all terms, if there is one.
    pub(super) fn href_of_terms(&self, route: &Route) -> Option<String> {
        let page = self.site.own.first(Own::Terms).filter(|_| self.has_terms())?;
        Some(route.href_to(page))
    }
}
