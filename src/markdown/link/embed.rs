//! `![…](…)` and `![[…]]` → the element that shows what is embedded: an image, a player, or a link
//! to what no page shows.
//!
//! Must not know: what is at a destination.

use std::ops::Range;

use super::{Link, LinkKind};
use crate::markdown::Draft;
use crate::markdown::document::{Attribute, Element, NodeKind, offset};
use crate::markdown::item::{Item, Spanned};

/// Endings of sound (Obsidian Help, "Accepted file formats").
const SOUND: [&str; 9] = ["aac", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav", "weba"];
/// Endings of film.
const FILM: [&str; 6] = ["m4v", "mkv", "mov", "mp4", "ogv", "webm"];
/// Endings of files that browsers show as pictures.
const PICTURES: [&str; 14] = [
    "apng", "avif", "bmp", "gif", "ico", "jfif", "jpeg", "jpg", "pjp", "pjpeg", "png", "svg",
    "tif", "webp",
];
/// Endings of files that no `<img>` shows.
const DOCUMENTS: [&str; 9] =
    ["canvas", "docx", "epub", "html", "pdf", "pptx", "xlsx", "xmind", "zip"];

/// The kinds of things that a note embeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Embedded {
    Picture,
    Sound,
    Film,
    Note,
    /// A file that no page shows.
    File,
}

impl Embedded {
    /// The kind of what is at a destination, by its ending. What an image of Markdown names is a
    /// picture unless its ending says otherwise: many addresses of pictures have none. What
    /// `![[…]]` names is a note.
    pub fn of(destination: &str, is_wiki: bool) -> Self {
        let otherwise = if is_wiki { Self::Note } else { Self::Picture };
        let Some(ending) = ending(destination) else { return otherwise };
        let is_among =
            |endings: &[&str]| endings.iter().any(|one| ending.eq_ignore_ascii_case(one));
        if is_among(&PICTURES) {
            Self::Picture
        } else if is_among(&SOUND) {
            Self::Sound
        } else if is_among(&FILM) {
            Self::Film
        } else if is_among(&DOCUMENTS) || (ending == "md" && !is_wiki) {
            Self::File
        } else {
            otherwise
        }
    }

    /// The name of the element that plays it.
    fn player(self) -> Option<&'static str> {
        match self {
            Self::Sound => Some("audio"),
            Self::Film => Some("video"),
            Self::Picture | Self::Note | Self::File => None,
        }
    }
}

/// The ending of the name at the end of a destination's path.
pub(super) fn ending(destination: &str) -> Option<&str> {
    let path = destination.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let (_, ending) = name.rsplit_once('.')?;
    (!path.starts_with("data:")).then_some(ending)
}

/// The player of a registered sound or film; `None` for what has none.
pub(super) fn player(
    link: usize,
    place: &Range<usize>,
    draft: &mut Draft<'_>,
) -> Option<[Spanned<'static>; 2]> {
    let Link { kind: LinkKind::Media, destination, text, is_wiki, attributes: size, .. } =
        &draft.parsed.links[link]
    else {
        return None;
    };
    let name = Embedded::of(destination, *is_wiki).player()?;
    let mut attributes = vec![Attribute::new("controls", "")];
    // A player of sound has no size.
    if name == "video" {
        attributes.extend_from_slice(size);
    }
    if !text.is_empty() {
        attributes.push(Attribute::new("aria-label", &text.replace('&', "&amp;")));
    }
    let media = Some(offset(link));
    let element = Element { attributes, media, is_void: false, ..Element::without_content(name) };
    let element = draft.parsed.document.add_element(element);
    Some([(Item::Open(NodeKind::Element(element)), place.clone()), (Item::Close, place.clone())])
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn files_are_embedded_by_their_endings() {
        let options = Options { wiki_links: true, ..Options::default() };
        for (text, expected) in [
            (
                "![[a/clip.MP3]]",
                "<p><audio controls=\"\" aria-label=\"a/clip.MP3\" src=\"a/clip.MP3\"></audio></p>",
            ),
            (
                "![[film.mp4|640x360]]",
                "<p><video controls=\"\" width=\"640\" height=\"360\" src=\"film.mp4\"></video></p>",
            ),
            (
                "![演示 \"1\"](film.webm)",
                "<p><video controls=\"\" aria-label=\"演示 &quot;1&quot;\" src=\"film.webm\"></video></p>",
            ),
            (
                "![](https://e.org/a.mp4?raw=true#t=3) 文",
                "<p><video controls=\"\" src=\"https://e.org/a.mp4?raw=true#t=3\"></video> 文</p>",
            ),
            ("![[doc.pdf]]", "<p><a href=\"doc.pdf\">doc.pdf</a></p>"),
            ("![[doc.pdf#page=3|文]]", "<p><a href=\"doc.pdf#page=3\">文</a></p>"),
            ("![文](doc.pdf)", "<p><a href=\"doc.pdf\">文</a></p>"),
            ("![[a.drawio]]", "<p><a href=\"a.drawio\">a.drawio</a></p>"),
            ("![](a.php?x=1.mp4)", "<figure><img src=\"a.php?x=1.mp4\" alt=\"\" /></figure>"),
            ("![](badge)", "<figure><img src=\"badge\" alt=\"\" /></figure>"),
            ("![](a/Note.md#x)", "<p><a href=\"a/Note.md#x\">Note.md</a></p>"),
            ("![x](Note.md)", "<p><a href=\"Note.md\">x</a></p>"),
            ("![[Note]]", "<p><a href=\"Note\">Note</a></p>"),
            (
                "a\n![[Note#节|文]]\nb",
                "<p>a</p>\n<p><a href=\"Note#%E8%8A%82\">文</a></p>\n<p>b</p>",
            ),
            ("**![[v1.2 Note]]**", "<p><strong><a href=\"v1.2%20Note\">v1.2 Note</a></strong></p>"),
            ("- ![[Note]]", "<ul>\n<li>\n<p><a href=\"Note\">Note</a></p>\n</li>\n</ul>"),
            ("## ![[Note]]", "<h2 id=\"note\"><a href=\"Note\">Note</a></h2>"),
            (
                "| a |\n|---|\n| ![[c.ogg]] |",
                "<div class=\"table\">\n<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><audio controls=\"\" aria-label=\"c.ogg\" src=\"c.ogg\"></audio></td>\n</tr>\n</tbody>\n</table>\n</div>",
            ),
        ] {
            assert_eq!(to_html(text, options).trim(), expected, "{text}");
        }
    }
}
