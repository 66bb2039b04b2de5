//! Site and notes → every output that is made of them: those that an earlier build made from the
//! same are taken from it, and the others are rendered.
//!
//! Must not know: which outputs there are, templates, where the outputs go.

use std::collections::HashMap;

use rayon::prelude::*;

use super::highlight::HighlightedBlocks;
use super::notes::Notes;
use super::state::{BuildState, RenderedArtifact, RenderedArtifacts};
use super::{NoProgress, PreviousOutput, Progress, Sources};
use crate::diagnostic::{Diagnostic, Kind};
use crate::digest::Digest;
use crate::epub::Ebook;
use crate::mention::PageMentions;
use crate::nav::PageId;
use crate::note::Note;
use crate::output::File;
use crate::page::artifact::{Artifact, Inputs};
use crate::page::{EbookInputs, IndexedNote, NoteSizes, RenderedPage, Renderer};
use crate::path::{Route, SourcePath};
use crate::phrase::phrase;
use crate::site::{LinkProblem, Own, Site};
use crate::source::Entry;
use crate::stamp::Stamp;

/// Largest picture of a book, in bytes.
const LARGEST_PICTURE: u64 = 20 << 20;

/// The values that outputs are made from.
pub(super) struct ArtifactBuilder<'a, P> {
    pub site: &'a Site,
    pub notes: &'a Notes,
    pub renderer: &'a Renderer<'a>,
    pub sources: &'a Sources,
    pub previous: &'a P,
    /// The digest of everything but the notes' texts. Inputs are compared only if it changed:
    /// working them out for 9,937 pages takes as long as rendering a third of them.
    pub frames: Digest,
}

/// All outputs.
#[derive(Default)]
pub(super) struct BuiltArtifacts {
    pub files: Vec<(Route, File)>,
    /// Number of pages.
    pub pages: usize,
    /// Number of pages that were rendered.
    pub rendered: usize,
    /// For the next build.
    pub state: RenderedArtifacts,
    pub problems: Vec<Diagnostic>,
    /// The sizes of notes as Markdown.
    sizes: HashMap<usize, u64>,
}

/// The decision about one output.
enum Decision {
    /// It was made from the same before, and its file is there.
    Reuse(Box<(File, RenderedArtifact)>),
    Render,
}

/// An output that was rendered.
struct FreshArtifact {
    file: File,
    /// For the next build; `None` if it is to be rendered again.
    state: Option<RenderedArtifact>,
    /// The mistake in the writer's template that it was rendered without, and the embeds that are
    /// links.
    problems: Vec<Diagnostic>,
}

impl<P: PreviousOutput> ArtifactBuilder<'_, P> {
    /// Makes all outputs.
    pub fn build(
        &self,
        last: &BuildState,
        code: &mut HighlightedBlocks,
        progress: &impl Progress,
    ) -> BuiltArtifacts {
        let artifacts = Artifact::all(self.renderer);
        let (sized, first): (Vec<Artifact>, Vec<Artifact>) =
            artifacts.into_iter().partition(|artifact| artifact.needs_sizes());
        let mut built = BuiltArtifacts {
            pages: first.iter().filter(|artifact| artifact.is_page()).count(),
            ..BuiltArtifacts::default()
        };
        self.add(&mut built, first, &NoteSizes::default(), (last, code), progress);
        let sizes = self.sizes(|note| built.sizes.get(note).copied());
        self.add(&mut built, sized, &sizes, (last, code), progress);
        built
    }

    /// Makes some outputs.
    fn add(
        &self,
        built: &mut BuiltArtifacts,
        artifacts: Vec<Artifact>,
        sizes: &NoteSizes,
        (last, code): (&BuildState, &mut HighlightedBlocks),
        progress: &impl Progress,
    ) {
        let decisions: Vec<Decision> =
            artifacts.par_iter().map(|artifact| self.decide(*artifact, last, sizes)).collect();
        let mut wanted = Vec::new();
        for (artifact, decision) in artifacts.into_iter().zip(decisions) {
            match decision {
                Decision::Render => wanted.push(artifact),
                Decision::Reuse(reused) => {
                    let (file, state) = *reused;
                    let route = artifact.route(self.site);
                    built.problems.extend(state.problems.iter().cloned());
                    built.sizes.extend(artifact.as_markdown_of().map(|note| (note, state.size)));
                    built.files.push((route.clone(), file));
                    built.state.insert(route.clone(), state);
                }
            }
        }
        built.rendered += wanted.iter().filter(|artifact| artifact.is_page()).count();
        progress.expect(wanted.len());
        let notes = self.notes_of_all(&wanted);
        code.add(&notes, &self.sources.cache, progress);
        let render = |artifact: Artifact| {
            let rendered = self.render(artifact, code, sizes);
            progress.step();
            (artifact, rendered)
        };
        // A book holds all its pictures while it is made, so only one is made at a time.
        let (large, small): (Vec<Artifact>, Vec<Artifact>) =
            wanted.into_iter().partition(|artifact| artifact.holds_files());
        let mut rendered: Vec<(Artifact, FreshArtifact)> =
            small.into_par_iter().map(render).collect();
        rendered.extend(large.into_iter().map(render));
        for (artifact, FreshArtifact { file, state, problems }) in rendered {
            let route = artifact.route(self.site);
            built.problems.extend(problems);
            built.sizes.extend(artifact.as_markdown_of().map(|note| (note, file.size())));
            built.files.push((route.clone(), file));
            built.state.extend(state.map(|state| (route.clone(), state)));
        }
        built.problems.extend(code.problems(&notes, &self.sources.tree));
    }

    /// The sizes of the notes as Markdown: those that are known, and the others by making it.
    fn sizes(&self, known: impl Fn(&usize) -> Option<u64> + Sync) -> NoteSizes {
        let notes = 0..self.site.own.all(Own::Markdown).len();
        let size = |note: usize| {
            known(&note).or_else(|| {
                let code = HighlightedBlocks::default();
                let markdown = Artifact::markdown_of(note)?;
                Some(self.render(markdown, &code, &NoteSizes::default()).file.size())
            })
        };
        NoteSizes(notes.into_par_iter().map(|note| size(note).unwrap_or_default()).collect())
    }

    /// Makes one output, and gives the diagnostics about it.
    pub fn one(&self, artifact: Artifact) -> (File, Vec<Diagnostic>) {
        let (code, problems) = self.code_of(artifact);
        let sizes =
            if artifact.needs_sizes() { self.sizes(|_| None) } else { NoteSizes::default() };
        let FreshArtifact { file, problems: own, .. } = self.render(artifact, &code, &sizes);
        (file, own.into_iter().chain(problems).collect())
    }

    /// Makes a book, and gives the diagnostics about it; `None` for other outputs.
    pub fn ebook(&self, artifact: Artifact) -> Option<(Ebook, Vec<Diagnostic>)> {
        let route = artifact.route(self.site);
        let Inputs::Ebook(inputs) = artifact.inputs(self.renderer, route) else { return None };
        let (code, problems) = self.code_of(artifact);
        let (book, refused) = self.book_of(*inputs, &self.indexed(artifact), &code);
        Some((book, refused.into_iter().chain(problems).collect()))
    }

    /// Makes a book, and tells which images it does not hold.
    fn book_of(
        &self,
        inputs: EbookInputs<'_>,
        notes: &[IndexedNote<'_>],
        code: &HighlightedBlocks,
    ) -> (Ebook, Vec<Diagnostic>) {
        let paths: Vec<SourcePath> = inputs.pictures().cloned().collect();
        let picture = |path: &SourcePath| {
            self.sources.tree.bytes_of(path, LARGEST_PICTURE).map(|read| read.bytes)
        };
        let book = self.renderer.render_ebook(inputs, notes, &code.blocks, picture);
        let refused = book.pictures.iter().zip(paths).filter_map(|(picture, path)| {
            let reason = picture.refused()?.clone();
            let message = phrase!("the image is left out of books: {reason}", reason);
            Some(Diagnostic::new(Kind::EbookImage, message).in_file(path.as_str()))
        });
        let refused = refused.collect();
        (book, refused)
    }

    /// The code of the notes that one output shows, and the diagnostics about it.
    fn code_of(&self, artifact: Artifact) -> (HighlightedBlocks, Vec<Diagnostic>) {
        let mut code = HighlightedBlocks::default();
        let notes = self.notes_of_all(&[artifact]);
        code.add(&notes, &self.sources.cache, &NoProgress);
        let problems = code.problems(&notes, &self.sources.tree).into_iter().collect();
        (code, problems)
    }

    /// The notes that an output shows, in its order.
    fn indexed(&self, artifact: Artifact) -> Vec<IndexedNote<'_>> {
        let notes = artifact.notes(self.site).into_iter();
        notes.map(|index| (index, &**self.notes.get(index))).collect()
    }

    /// The notes that some outputs show, each once.
    fn notes_of_all(&self, artifacts: &[Artifact]) -> Vec<&Note> {
        let mut notes: Vec<usize> =
            artifacts.iter().flat_map(|artifact| artifact.notes(self.site)).collect();
        notes.sort_unstable();
        notes.dedup();
        notes.into_par_iter().map(|index| &**self.notes.get(index)).collect()
    }

    /// The digest of everything that the notes of an output are made from, and of what it shows of
    /// the texts of others.
    fn key_of(&self, artifact: Artifact, sizes: &NoteSizes) -> Digest {
        let notes = artifact.notes(self.site);
        let keys: Vec<Digest> = notes.iter().map(|&note| self.notes.record_of(note).key).collect();
        let mentions = artifact.page().and_then(|page| self.renderer.mentions_of(page));
        let mentions = mentions.map(|mentions| self.key_of_mentions(mentions));
        Digest::of_value(&(keys, mentions, artifact.needs_sizes().then_some(sizes)))
    }

    /// The digest of mentions. A page has another number when notes come or go.
    fn key_of_mentions(&self, mentions: &PageMentions) -> Digest {
        let route = |page: PageId| &self.site.page(page).route;
        let PageMentions { links, named, more_links, more_named, only_name } = mentions;
        let links: Vec<&Route> = links.iter().map(|page| route(*page)).collect();
        let named: Vec<_> = named.iter().map(|named| (route(named.page), &named.place)).collect();
        Digest::of_value(&(links, more_links, named, more_named, only_name))
    }

    /// The size and fingerprint of a file beside the notes, if it has one that tells changes.
    fn stamp(&self, path: &SourcePath) -> Option<(u64, Stamp)> {
        match self.sources.tree.entries.get(path)? {
            Entry::File { size, stamp } => Some((*size, (*stamp)?)),
            _ => None,
        }
    }

    /// The digest of everything that an output is made from, apart from its notes.
    fn frame(&self, inputs: &Inputs<'_>) -> Digest {
        match inputs {
            Inputs::Page(page) => Digest::of_value(&(page.digest(), self.sources.theme.digest)),
            Inputs::Markdown(inputs) => Digest::of_value(&(inputs, self.sources.config.markdown)),
            Inputs::Ebook(inputs) => {
                let files: Vec<_> = inputs.pictures().map(|path| self.stamp(path)).collect();
                let Sources { config, theme, .. } = self.sources;
                Digest::of_value(&(inputs, files, &config.markdown, theme.digest))
            }
            Inputs::Site(_) | Inputs::Numbered(..) | Inputs::Sized(_) => self.frames,
        }
    }

    fn decide(&self, artifact: Artifact, last: &BuildState, sizes: &NoteSizes) -> Decision {
        let route = artifact.route(self.site);
        let Some(state) = last.artifacts.get(route) else { return Decision::Render };
        if state.notes != self.key_of(artifact, sizes) {
            return Decision::Render;
        }
        let Some(file) = self.previous.file(route, state.file) else { return Decision::Render };
        let is_same = (last.frames == self.frames && !artifact.holds_files())
            || self.frame(&artifact.inputs(self.renderer, route)) == state.frame;
        if is_same { Decision::Reuse(Box::new((file, state.clone()))) } else { Decision::Render }
    }

    fn render(
        &self,
        artifact: Artifact,
        code: &HighlightedBlocks,
        sizes: &NoteSizes,
    ) -> FreshArtifact {
        let route = artifact.route(self.site);
        let notes = self.indexed(artifact);
        let inputs = artifact.inputs(self.renderer, route);
        let frame = if self.sources.cache.keeps() { Some(self.frame(&inputs)) } else { None };
        // Of a file that was just written a change may leave the fingerprint the same.
        let mut is_settled = true;
        let (bytes, problems) = match inputs {
            Inputs::Page(page) => self.located(self.renderer.render(*page, &notes, &code.blocks)),
            Inputs::Markdown(inputs) => {
                (self.renderer.render_markdown(&inputs, &notes), Vec::new())
            }
            Inputs::Ebook(inputs) => {
                is_settled = inputs.pictures().all(|path| self.stamp(path).is_some());
                let (book, refused) = self.book_of(*inputs, &notes, code);
                (book.into_bytes(), refused)
            }
            Inputs::Site(make) => (make(self.renderer), Vec::new()),
            Inputs::Numbered(make, number) => (make(self.renderer, number), Vec::new()),
            Inputs::Sized(make) => (make(self.renderer, sizes), Vec::new()),
        };
        let size = bytes.len() as u64;
        let file = self.previous.made(route, bytes);
        let is_whole = is_settled && notes.iter().all(|(_, note)| code.is_whole(note));
        let state = match (frame, file.digest()) {
            (Some(frame), Some(file)) if is_whole => {
                let (notes, problems) = (self.key_of(artifact, sizes), problems.clone());
                Some(RenderedArtifact { frame, notes, file, size, problems })
            }
            _ => None,
        };
        FreshArtifact { file, state, problems }
    }

    /// The bytes of a page, and its diagnostics with their places.
    fn located(&self, page: RenderedPage) -> (Vec<u8>, Vec<Diagnostic>) {
        let embeds = page.embeds.into_iter().map(|LinkProblem { note, link, problem }| {
            Diagnostic { location: self.notes.location_of_link(note, link), ..problem }
        });
        (page.bytes, page.problem.into_iter().chain(embeds).collect())
    }
}
