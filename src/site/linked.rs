//! The notes, the navigation and the settings → what each of their links leads to.
//!
//! Must not know: routes, titles.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::links::{LinkResolver, PageAnchors};
use crate::nav::PageId;
use crate::note::Note;

use super::memo::Before;
use super::reference::{LinkProblem, References};
use super::structure::Structure;
use super::{ConfiguredCell, ConfiguredRow, Given, configured};

/// The links of a site, resolved.
pub(super) struct Linked {
    /// Those of the notes, and all files that are published.
    pub references: References,
    /// The problems with them.
    pub problems: Vec<LinkProblem>,
    /// The ids of the headings that entries of the navigation name.
    pub sections: Vec<Option<String>>,
    /// The rows of the matrix in the settings.
    pub matrix: Vec<ConfiguredRow>,
    /// The links of the top bar.
    pub bar: Vec<ConfiguredCell>,
}

impl Linked {
    pub fn new(
        notes: &[Arc<Note>],
        given: Given<'_>,
        structure: &Structure,
        before: &Before<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let Given { tree, config, books, book, .. } = given;
        let ids = |page: PageId| PageAnchors::of(&notes[page.0]);
        let resolver = LinkResolver::new(structure.paths.clone(), notes.len(), ids)
            .with_repository(config.own_repository.as_ref())
            .with_sources(config.source.is_some())
            .with_books(books, book);
        let mut references = References::of(notes, before, &resolver);
        let sections = structure.sections.ids(&resolver, problems);
        let files = &mut references.files;
        let mut resolution =
            configured::Resolution { resolver: &resolver, files, problems: &mut *problems };
        let matrix = configured::matrix(config, &mut resolution);
        let bar = configured::bar(config, &mut resolution);
        references.files.extend(configured::files(config, tree, problems));
        let of_links = references.problems(notes, &resolver);
        Self { references, problems: of_links, sections, matrix, bar }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::diagnostic::Kind;
    use crate::links::Target;
    use crate::path::SourcePath;
    use crate::site::fixture::NotesFixture;

    #[test]
    fn links_of_notes_and_of_the_navigation_are_resolved_together() {
        let notes = NotesFixture::new(&[
            ("README.md", "# 首页\n\n[a](a.md#二) [p](p.pdf) [none](none.md)\n"),
            ("a.md", "# 一\n\n## 二\n\n文\n"),
            ("p.pdf", ""),
            ("q.pdf", ""),
        ]);
        let summary = "- [首页](README.md)\n- [二](a.md#二)\n- [三](a.md#三)\n";
        let site = notes.site(&Config::default(), Some(summary));
        let [page, file, dead] = site.targets(0) else { panic!("{:?}", site.targets(0)) };
        assert!(matches!(page, Target::Page(_, Some(id)) if &**id == "二"), "{page:?}");
        assert!(matches!(file, Target::File(path) if path.as_str() == "p.pdf"), "{file:?}");
        assert_eq!(*dead, Target::Dead);
        // Files that nothing refers to are not published.
        let files: Vec<&str> = site.files.keys().map(SourcePath::as_str).collect();
        assert_eq!(files, ["p.pdf"]);
        assert_eq!(site.section_id(0), Some("二"));
        assert_eq!(site.section_id(1), None);
        assert_eq!(site.link_problems.len(), 1, "{:?}", site.link_problems);
        let of_navigation = |kind| site.problems.iter().filter(|one| one.kind == kind).count();
        assert_eq!(of_navigation(Kind::DeadAnchor), 1, "{:?}", site.problems);
    }
}
