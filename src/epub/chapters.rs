//! The chapters of a book → their bodies, with links to places that exist.
//!
//! Must not know: the file or page that a body becomes a part of.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::address::{ChapterPlaces, chapter_file};
use super::body::{ChapterBody, body};
use super::{Ebook, EbookPicture};

/// The bodies of the chapters, in their order.
pub(super) fn bodies(book: &Ebook, places: ChapterPlaces) -> Vec<ChapterBody> {
    let pictures = book.pictures.iter().map(|picture| (&*picture.name, picture)).collect();
    let chapters = book.chapters.par_iter().enumerate();
    let bodies: Vec<ChapterBody> = chapters
        .map(|(number, chapter)| body(&chapter.html, (places, number), &pictures))
        .collect();
    let ids: HashMap<String, &HashSet<String>> =
        (0..).map(chapter_file).zip(bodies.iter().map(|body| &body.ids)).collect();
    let texts: Vec<String> = bodies
        .par_iter()
        .enumerate()
        .map(|(number, body)| {
            let here = chapter_file(number);
            let exists = |file: &str, id: &str| {
                let file = if file.is_empty() { &*here } else { file };
                ids.get(file).is_some_and(|ids| ids.contains(id))
            };
            with_places(body, &here, places, exists)
        })
        .collect();
    bodies.into_iter().zip(texts).map(|(body, xhtml)| ChapterBody { xhtml, ..body }).collect()
}

/// The XHTML of a body without the names of places that do not exist.
fn with_places(
    body: &ChapterBody,
    here: &str,
    places: ChapterPlaces,
    exists: impl Fn(&str, &str) -> bool,
) -> String {
    let mut text = String::with_capacity(body.xhtml.len());
    let mut from = 0;
    for reference in &body.references {
        if !exists(&reference.file, &reference.id) {
            text.push_str(&body.xhtml[from..reference.written.start]);
            // The address of a place in the chapter's own file is not empty without it.
            if reference.file.is_empty() && places == ChapterPlaces::Files {
                text.push_str(here);
            }
            from = reference.written.end;
        }
    }
    text.push_str(&body.xhtml[from..]);
    text
}

/// The pictures of a book, each once: the cover, those that its chapters name, those that stood in
/// the chapters themselves.
pub(super) fn pictures(
    cover: EbookPicture,
    named: Vec<EbookPicture>,
    bodies: Vec<ChapterBody>,
) -> impl Iterator<Item = EbookPicture> {
    let mut seen = HashSet::new();
    let inner = bodies.into_iter().flat_map(|body| body.pictures);
    let held = named.into_iter().filter(EbookPicture::is_held);
    let all = std::iter::once(cover).chain(held).chain(inner);
    all.filter(move |picture| seen.insert(picture.file.clone()))
}
