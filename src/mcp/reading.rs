//! Arguments of a tool → the text that it gives: Markdown, of which no piece is longer than an
//! assistant can take.
//!
//! Must not know: messages.

use std::fmt::Write as _;

use serde_json::Value;

use super::opened::{FoundNote, OpenedNotes, place, shown};
use crate::build::LinkedSite;
use crate::links::{Target, Unpublished};
use crate::markdown::render::markdown::{self, LinkAddresses};
use crate::markdown::{LinkKind, Options};
use crate::mention::MentionSource as _;
use crate::nav::{NavTarget, NodeId, PageId};
use crate::path::SourcePath;
use crate::site::{Subject, language_name};

/// Most notes that a search gives.
pub(super) const MOST_PAGES: usize = 50;
const USUAL_PAGES: usize = 10;
/// Sections of one note that a search gives.
const MOST_SECTIONS: usize = 5;
/// As on pages, whose frame leads to those notes.
const NO_MENTIONS: &str = "No note links here or names it. The home note and the notes above this \
                           one in the navigation are not counted.";
/// Longest piece of a text, in bytes.
const LONGEST: usize = 40_000;

fn text<'v>(arguments: &'v Value, name: &str) -> Result<Option<&'v str>, String> {
    match arguments.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` must be a string")),
    }
}

fn needed<'v>(arguments: &'v Value, name: &str) -> Result<&'v str, String> {
    text(arguments, name)?.ok_or_else(|| format!("`{name}` is missing"))
}

/// A whole number, which some clients write as a float.
fn number(arguments: &Value, name: &str, least: usize) -> Result<Option<usize>, String> {
    let given = match arguments.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(given) => given,
    };
    let written = given.as_number().map(ToString::to_string).unwrap_or_default();
    let number = written.strip_suffix(".0").unwrap_or(&written).parse().ok();
    let number = number.filter(|number| *number >= least);
    number.map(Some).ok_or_else(|| format!("`{name}` must be a whole number from {least}"))
}

/// The piece of a text that begins at an offset.
fn piece(whole: &str, offset: Option<usize>) -> Result<String, String> {
    let from = offset.unwrap_or(0);
    let Some(rest) = whole.get(from..) else {
        return Err(format!("There is no text at {from}: it has {} bytes.", whole.len()));
    };
    if rest.len() <= LONGEST {
        return Ok(rest.to_owned());
    }
    let end = rest.floor_char_boundary(LONGEST);
    let line_end = rest[..end].rfind('\n').map(|at| at + 1);
    // A line may be longer than a piece.
    let end = line_end.filter(|line_end| *line_end > LONGEST / 2).unwrap_or(end);
    let next = from + end;
    Ok(format!("{}\n[{next} of {} bytes; read on with offset {next}]\n", &rest[..end], whole.len()))
}

pub(super) fn search(notes: &OpenedNotes, arguments: &Value) -> Result<String, String> {
    let query = needed(arguments, "query")?;
    let limit = number(arguments, "limit", 1)?.unwrap_or(USUAL_PAGES).min(MOST_PAGES);
    let found = notes.searched.look_up(query, text(arguments, "tag")?);
    if found.is_empty() {
        return Ok("Nothing was found.".to_owned());
    }
    let mut list = String::new();
    for page in found.iter().take(limit) {
        let trail = page.trail.join(" › ");
        let apart = if trail.is_empty() { "" } else { " › " };
        let _ = writeln!(list, "- {trail}{apart}{}: `{}`", page.title, page.file);
        for section in page.sections.iter().take(MOST_SECTIONS) {
            let snippet = section.snippet.split_whitespace().collect::<Vec<_>>().join(" ");
            let (file, line) = (&page.file, section.line);
            if section.anchor.is_empty() {
                let _ = writeln!(list, "  - line {line}: {snippet}");
            } else {
                let (heading, anchor) = (&section.heading, &section.anchor);
                let _ = writeln!(list, "  - {heading}: `{file}#{anchor}`, line {line}: {snippet}");
            }
        }
    }
    if found.len() > limit {
        let _ = writeln!(list, "\n{} of {} notes", limit, found.len());
    }
    Ok(list)
}

pub(super) fn read(notes: &OpenedNotes, arguments: &Value) -> Result<String, String> {
    let path = needed(arguments, "path")?;
    let section = text(arguments, "section")?;
    // A name may have the sign that parts it from an anchor.
    let (found, section) = match (notes.find(path), section, path.rsplit_once('#')) {
        (Ok(found), section, _) => (found, section),
        (Err(_), None, Some((path, section))) => (notes.find(path)?, Some(section)),
        (Err(problem), ..) => return Err(problem),
    };
    let options = Options::from(&*found.linked.sources().config);
    let paths = NotePaths { notes, found };
    let parsed = &found.note.parsed;
    let whole = match section.filter(|section| !section.is_empty()) {
        None => {
            let title = &found.page().title;
            let takes_title = found.note.is_titled_by_heading(title);
            markdown::render(parsed, options, &paths, title, takes_title)
        }
        Some(section) => {
            let words = section.trim().trim_start_matches('#').trim();
            let named = parsed.outline.iter().find(|heading| heading.text.trim() == words);
            let nodes = parsed
                .part_named(section)
                .or_else(|| parsed.part_named(&crate::path::percent_decode(section)))
                .or_else(|| parsed.part_named(&named?.anchor));
            let nodes = nodes.ok_or_else(|| {
                format!("The note has no section `{section}`; `outline` gives its headings.")
            })?;
            markdown::render_part(parsed, options, &paths, nodes)
        }
    };
    piece(&whole, number(arguments, "offset", 0)?)
}

/// Links lead to notes by the paths by which `read` knows them.
struct NotePaths<'a> {
    notes: &'a OpenedNotes,
    found: FoundNote<'a>,
}

impl LinkAddresses for NotePaths<'_> {
    fn of(&self, link: usize) -> Option<String> {
        let FoundNote { linked, targets, page, note } = self.found;
        let site = linked.site();
        let index = site.page(page).subject.note()?;
        let kind = note.parsed.links.get(link)?.kind;
        match site.targets(index).get(link)? {
            Target::Page(..) if matches!(kind, LinkKind::Image | LinkKind::Media) => None,
            Target::Page(page, id) => Some(place(linked, *page, id.as_deref())),
            Target::File(path) | Target::Unpublished(path, Unpublished::Navigation) => {
                Some(linked.sources().tree.shown(path))
            }
            Target::External(url) => Some(url.clone()),
            Target::Book(link, elsewhere) => {
                let target = targets.0.get(link);
                target
                    .and_then(|target| self.notes.address_in_book(target))
                    .or_else(|| elsewhere.clone())
            }
            Target::Unpublished(path, why) if *why != Unpublished::Draft => {
                linked.sources().config.source.as_ref().map(|pattern| pattern.url(path))
            }
            Target::Unpublished(..) | Target::Dead => None,
        }
    }
}

pub(super) fn outline(notes: &OpenedNotes, arguments: &Value) -> Result<String, String> {
    let depth = number(arguments, "depth", 1)?.unwrap_or(usize::MAX);
    let offset = number(arguments, "offset", 0)?;
    let mut list = String::new();
    let path = text(arguments, "path")?.map(|path| path.trim().trim_matches('/'));
    let Some(path) = path.filter(|path| !matches!(*path, "" | ".")) else {
        let is_library = notes.sites().nth(1).is_some();
        for linked in notes.sites() {
            if is_library {
                let _ = writeln!(list, "\n# {}\n", linked.site().title);
            }
            contents(&mut list, linked, depth);
        }
        return piece(list.trim_start(), offset);
    };
    for linked in notes.sites() {
        if is_at(linked, &SourcePath::root(), path) {
            contents(&mut list, linked, depth);
            return piece(&list, offset);
        }
        if let Some(node) = folder_at(linked, path) {
            entries(&mut list, linked, node, depth);
            return piece(&list, offset);
        }
    }
    let found = notes.find(path)?;
    let _ = writeln!(list, "# {}\n", found.page().title);
    for heading in &found.note.parsed.outline {
        let level = usize::from(heading.level.saturating_sub(1));
        let (text, anchor) = (heading.text.trim(), &heading.anchor);
        let _ = writeln!(list, "{}- {text} `#{anchor}`", "  ".repeat(level));
    }
    piece(&list, offset)
}

/// True if results name a folder by a path.
fn is_at(linked: &LinkedSite, folder: &SourcePath, path: &str) -> bool {
    linked.sources().tree.shown(folder).trim_end_matches('/') == path
}

/// The entry of the folder with a path.
fn folder_at(linked: &LinkedSite, path: &str) -> Option<NodeId> {
    let site = linked.site();
    (0..site.pages.len()).map(PageId).find_map(|page| {
        let folder = match &site.page(page).subject {
            Subject::Note { folder, .. } => folder.as_ref()?,
            Subject::Folder(folder) => folder,
        };
        site.nav.of_page(page).filter(|_| is_at(linked, folder, path))
    })
}

/// Writes all notes of a site: the home note, which no entry may lead to, and the entries.
fn contents(list: &mut String, linked: &LinkedSite, depth: usize) {
    let site = linked.site();
    let home = site.page(site.home);
    if home.subject.note().is_some() && site.nav.of_page(site.home).is_none() {
        let _ = write!(list, "- {}", home.title);
        paths(list, linked, site.home);
        list.push('\n');
    }
    for &root in &site.nav.roots {
        entries(list, linked, root, depth);
    }
}

/// Writes the path of the note of a page, and those of its translations, which have no entries.
fn paths(list: &mut String, linked: &LinkedSite, page: PageId) {
    let _ = write!(list, ": `{}`", shown(linked, page));
    let translations = &linked.site().translations;
    let others = translations.of(page).filter(|(original, _)| *original == page);
    for other in others.into_iter().flat_map(|(_, others)| others) {
        let path = shown(linked, other.page);
        let _ = write!(list, ", {}: `{path}`", language_name(&other.language));
    }
}

/// Writes an entry of the navigation and those below it.
fn entries(list: &mut String, linked: &LinkedSite, top: NodeId, depth: usize) {
    let site = linked.site();
    let mut todo = vec![(top, 0)];
    while let Some((node, level)) = todo.pop() {
        let entry = site.nav.node(node);
        let blanks = "  ".repeat(level);
        let _ = write!(list, "{blanks}- {}", site.label(node));
        match &entry.target {
            NavTarget::External(url) => _ = write!(list, ": <{url}>"),
            NavTarget::Section(page, number) => {
                let id = site.section_id(*number).unwrap_or_default();
                let _ = write!(list, ": `{}`", place(linked, *page, Some(id)));
            }
            NavTarget::Page(page) => paths(list, linked, *page),
            NavTarget::Nothing => {}
        }
        if level + 1 < depth {
            todo.extend(entry.children.iter().rev().map(|&child| (child, level + 1)));
        } else if !entry.children.is_empty() {
            let count = site.count(node);
            let _ = write!(list, " ({count} {})", if count == 1 { "note" } else { "notes" });
        }
        list.push('\n');
    }
}

pub(super) fn mentions(notes: &OpenedNotes, arguments: &Value) -> Result<String, String> {
    let FoundNote { linked, page, .. } = notes.find(needed(arguments, "path")?)?;
    let Some(found) = linked.mentions_of(page) else {
        return Ok(NO_MENTIONS.to_owned());
    };
    let title = |page| &linked.site().page(page).title;
    let mut list = String::new();
    if !found.links.is_empty() {
        list.push_str("Notes that link here:\n\n");
        for &page in &found.links {
            let _ = writeln!(list, "- {}: `{}`", title(page), shown(linked, page));
        }
    }
    if !found.named.is_empty() {
        list.push_str("\nNotes that name it:\n\n");
        for named in &found.named {
            let (page, place) = (named.page, &named.place.sentence);
            let _ = writeln!(list, "- {}: `{}`: {place}", title(page), shown(linked, page));
        }
    }
    let more = found.more_links + found.more_named;
    if more > 0 {
        let _ = writeln!(list, "\nAnd {more} more, which `search` finds.");
    }
    if list.is_empty() {
        list.push_str(NO_MENTIONS);
    }
    Ok(list.trim_start().to_owned())
}
