//! Time of each stage of a build, at 371, 1,105 and 9,937 notes; `benches/README.md` says
//! how to run them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use notes::books::Books;
use notes::build::{NoPreviousOutput, NoProgress, Sources, build};
use notes::cache::Cache;
use notes::config::Config;
use notes::history::History;
use notes::links::{LinkResolver, PageAnchors, PathEntry, PathIndex};
use notes::markdown::{CodeBlock, Options};
use notes::nav::PageId;
use notes::note::{Note, Source};
use notes::output::{self, Gone, OutputRecord};
use notes::page::{CodeHtml, IndexedNote, Renderer};
use notes::path::SourcePath;
use notes::search::{self, Postings, Texts};
use notes::site::{Category, Given, Site};
use notes::source::{Entry, Text, Tree};
use notes::theme::Theme;

/// As many notes as the repositories the program was made for have, three times and twenty-seven
/// times as many.
const SIZES: [usize; 3] = [371, 1_105, 9_937];

fn main() {
    notes::markdown::load_grammars();
    divan::main();
}

/// The Markdown files below a folder, by path.
fn notes_in(folder: &Path) -> Vec<(String, String)> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let notes = entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "md"));
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).ok()?.to_str()?.to_owned();
        Some((path, fs::read_to_string(entry.path()).ok()?))
    };
    notes.filter_map(read).filter(|(path, _)| path != "SUMMARY.md").collect()
}

/// So many notes: copies of the project's own, or of those in the folder that `NOTES_BENCH` names,
/// each of them marked so that no two copies share a paragraph or a code block.
fn tree(count: usize) -> Tree {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let folder = std::env::var_os("NOTES_BENCH").map_or(own, Into::into);
    let notes = notes_in(&folder);
    assert!(!notes.is_empty(), "{} holds no notes", folder.display());
    let mut entries = BTreeMap::new();
    for (number, (path, text)) in notes.iter().cycle().take(count).enumerate() {
        let volume = number / notes.len();
        let path = SourcePath::new(&format!("vol-{volume:04}/{path}")).expect("a path");
        for above in path.ancestors().filter(|above| !above.is_root()) {
            entries.insert(above, Entry::Folder);
        }
        let marked = text
            .replace("\n```\n", &format!("\n# {volume}\n```\n"))
            .replace("。\n", &format!("。{volume}\n"));
        entries.insert(path, Entry::Note(Text::from(marked)));
    }
    Tree { entries, ..Tree::default() }
}

fn parsed(tree: &Tree) -> Vec<Arc<Note>> {
    let parse = |(path, text): (&SourcePath, &Text)| {
        let (text, _) = tree.text(path, text).expect("a text");
        let source = Source {
            path,
            shown: path.as_str(),
            text: &text,
            is_home: false,
            names: None,
            macros: None,
            drawings: None,
        };
        Arc::new(Note::parse(source, Options::default(), |_, _| {
            Err(notes::phrase::Phrase::verbatim(""))
        }))
    };
    tree.notes().map(parse).collect()
}

fn blocks(notes: &[Arc<Note>]) -> Vec<CodeBlock> {
    let codes = notes.iter().flat_map(|note| &note.parsed.codes);
    codes.map(|code| code.block.clone()).filter(CodeBlock::has_colours).collect()
}

fn theme() -> Theme {
    Theme::load(Path::new(env!("CARGO_MANIFEST_DIR")), false, "")
}

fn sources(count: usize, cache: Cache) -> Sources {
    Sources::new(tree(count), Config::default(), theme(), cache)
}

/// Text to HTML with holes, outline, links and code, on one core.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn parse(bencher: Bencher, count: usize) {
    let tree = tree(count);
    bencher.bench(|| parsed(black_box(&tree)));
}

/// Code to HTML with colours, on one core.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn highlight(bencher: Bencher, count: usize) {
    let blocks = blocks(&parsed(&tree(count)));
    bencher.bench(|| {
        blocks.iter().map(|block| black_box(block).highlight().html.len()).sum::<usize>()
    });
}

/// Titles and anchors of all notes, on one core.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn outline(bencher: Bencher, count: usize) {
    let notes = parsed(&tree(count));
    let title =
        |note: &Arc<Note>| note.title(note.path.stem(), None).len() + note.parsed.outline.len();
    bencher.bench(|| black_box(&notes).iter().map(title).sum::<usize>());
}

/// The targets of all links, on one core, with the index of targets at hand.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn resolve(bencher: Bencher, count: usize) {
    let notes = parsed(&tree(count));
    let mut places = PathIndex::default();
    for (index, note) in notes.iter().enumerate() {
        places.insert(note.path.clone(), PathEntry::Page(PageId(index)));
    }
    let ids = |page: PageId| PageAnchors::of(&notes[page.0]);
    let resolver = LinkResolver::new(places.into(), notes.len(), ids);
    let repaired = |(index, note): (usize, &Arc<Note>)| {
        let folder = note.path.parent();
        let links = note.parsed.links.iter();
        links
            .filter(|link| {
                resolver.resolve(&folder, Some(PageId(index)), &link.destination).repaired
            })
            .count()
    };
    bencher.bench(|| black_box(&notes).iter().enumerate().map(repaired).sum::<usize>());
}

/// The inputs of a site beside the notes.
fn given<'a>(tree: &'a Tree, config: &'a Config) -> Given<'a> {
    static NOTHING: BTreeMap<SourcePath, SourcePath> = BTreeMap::new();
    static NO_BOOKS: LazyLock<Books> = LazyLock::new(Books::default);
    static NO_CATEGORIES: BTreeMap<SourcePath, Category> = BTreeMap::new();
    Given {
        tree,
        config,
        navigation: None,
        static_files: &["page.css"],
        renamed: &NOTHING,
        categories: &NO_CATEGORIES,
        books: &NO_BOOKS,
        book: None,
    }
}

/// All notes put together: sections, navigation, routes, and what every link leads to.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn link(bencher: Bencher, count: usize) {
    let tree = tree(count);
    let notes = parsed(&tree);
    bencher.bench(|| Site::new(black_box(&notes), given(&tree, &Config::default())));
}

/// All pages, on one core, code left out.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn render(bencher: Bencher, count: usize) {
    let (tree, theme, config, code) =
        (tree(count), theme(), Config::default(), CodeHtml::default());
    let notes = parsed(&tree);
    let site = Site::new(&notes, given(&tree, &config));
    let history = History::default();
    let renderer = Renderer::new(&site, &config, &theme, &history);
    let page = |page: usize| {
        let note = site.pages[page].subject.note();
        let shown: Vec<IndexedNote<'_>> =
            note.map(|note| (note, &*notes[note])).into_iter().collect();
        renderer.render(renderer.page(black_box(PageId(page))), &shown, &code).bytes.len()
    };
    bencher.bench(|| (0..site.pages.len()).map(page).sum::<usize>());
}

/// The search index of all notes, on one core.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn index(bencher: Bencher, count: usize) {
    let notes = parsed(&tree(count));
    let size = search::piece_size(count);
    bencher.bench(|| {
        let page = |note: &Arc<Note>| {
            search::SearchPage::new(note, "", note.path.as_str().to_owned(), Vec::new())
        };
        let mut texts = Vec::with_capacity(count);
        let postings = Postings::of(
            0,
            notes.iter().map(|note| {
                let page = page(black_box(note));
                texts.push(Texts::of(&page));
                page
            }),
        );
        let pieces = postings.cut(size).into_iter().map(|range| postings.piece(range).script.len());
        let groups = search::groups(
            notes.iter().zip(&texts).map(|(note, texts)| (note.path.as_str(), texts.len())),
            size,
        );
        let texts = groups
            .into_iter()
            .map(|range| Texts::piece(&texts[range].iter().collect::<Vec<_>>()).script.len());
        pieces.sum::<usize>() + texts.sum::<usize>()
    });
}

/// A site to an empty folder.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn write(bencher: Bencher, count: usize) {
    let built = build(&sources(count, Cache::none()), &NoPreviousOutput, &NoProgress);
    bencher.with_inputs(|| tempfile::tempdir().expect("a folder")).bench_values(|folder| {
        assert_eq!(
            output::write(folder.path(), &built.output, &OutputRecord::default(), Gone::Delete)
                .diagnostics,
            []
        );
        folder
    });
}

/// From notes in memory to a site in memory, on all cores.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn whole(bencher: Bencher, count: usize) {
    let sources = sources(count, Cache::none());
    bencher.bench(|| build(black_box(&sources), &NoPreviousOutput, &NoProgress).output.len());
}

/// The same when an earlier build kept all that it could.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn again(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let sources = sources(count, Cache::open(folder.path()));
    black_box(build(&sources, &NoPreviousOutput, &NoProgress));
    sources.cache.save().expect("a cache");
    bencher.bench(|| {
        let sources = Sources { cache: Cache::open(folder.path()).into(), ..sources.clone() };
        build(black_box(&sources), &NoPreviousOutput, &NoProgress).counts.parsed
    });
}
