//! Destinations of pictures → the addresses that are asked, or the kept pictures that they lead to;
//! and back to the text of a link.
//!
//! Must not know: the disk, the parser.

use url::Url;

use crate::links::{self, Target};
use crate::markdown::decode_entities;
use crate::path::{SourcePath, encode_destination, percent_decode};

/// The address that is asked for the picture at a destination, if another site has it.
pub(super) fn url_of(destination: &str) -> Option<Url> {
    let Some(Target::External(address)) = links::external_target(destination.trim()) else {
        return None;
    };
    let mut url = Url::parse(&links::picture_url(&address)).ok()?;
    url.set_fragment(None);
    let is_of_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_of_web.then_some(url)
}

/// The address that is asked for one as it was written in a note.
pub(super) fn url_of_written(written: &str) -> Option<Url> {
    url_of(&unescaped(&decode_entities(written)))
}

/// A text without the backslashes before punctuation (CommonMark 0.31 §2.4).
fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let is_escape = sign == '\\' && signs.peek().is_some_and(char::is_ascii_punctuation);
        if !is_escape {
            result.push(sign);
        }
    }
    result
}

/// True if a URL is at one of these hosts or below one, or if there are none.
pub(super) fn is_at(url: &Url, hosts: &[String]) -> bool {
    let Some(found) = url.host_str() else { return false };
    let is_below = |host: &String| {
        let host = host.trim_matches('.').to_lowercase();
        let above = found.strip_suffix(host.as_str());
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    hosts.is_empty() || hosts.iter().any(is_below)
}

/// An address as it is written, and its fragment with the `#`: style sheets look at that.
pub(super) fn split_fragment(written: &str) -> (&str, &str) {
    // Not that of a character reference such as `&#38;`.
    let at = written.match_indices('#').map(|(at, _)| at);
    let mut at = at.filter(|at| !written[..*at].ends_with('&'));
    written.split_at(at.next().unwrap_or(written.len()))
}

/// The destination of a kept picture in a note. A note that is included elsewhere names it from the
/// root, for it has to be found from other folders too.
pub(super) fn link_to(picture: &SourcePath, note: &SourcePath, is_included: bool) -> String {
    if is_included {
        return format!("/{}", encode_destination(picture.as_str()));
    }
    encode_destination(&picture.relative_to(&note.parent()))
}

/// The file that a destination in a note leads to.
pub(super) fn file_at(destination: &str, note: &SourcePath) -> Option<SourcePath> {
    let path = destination.split(['?', '#']).next().unwrap_or_default();
    note.parent().join(&percent_decode(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_asked() {
        for (destination, expected) in [
            ("https://e.org/a b.png?x#c", Some("https://e.org/a%20b.png?x")),
            ("HTTP://E.org/图.png", Some("http://e.org/%E5%9B%BE.png")),
            ("//e.org/a.png", Some("https://e.org/a.png")),
            (
                "https://github.com/o/r/blob/main/a.png",
                Some("https://github.com/o/r/raw/main/a.png"),
            ),
            ("a.png", None),
            ("/a.png", None),
            ("data:image/png;base64,AA", None),
            ("ftp://e.org/a.png", None),
            ("mailto:a@e.org", None),
            ("https:///", None),
        ] {
            assert_eq!(url_of(destination).as_ref().map(Url::as_str), expected, "{destination}");
        }
        let written = url_of_written(r"https://e.org/a\_b.png?x=1&amp;y=2").unwrap();
        assert_eq!(written.as_str(), "https://e.org/a_b.png?x=1&y=2");
    }

    #[test]
    fn hosts_with_those_below() {
        let url = Url::parse("https://wx1.sinaimg.cn/a.jpg").unwrap();
        for (hosts, expected) in [
            (vec![], true),
            (vec!["sinaimg.cn"], true),
            (vec!["WX1.sinaimg.cn"], true),
            (vec!["imgur.com", ".sinaimg.cn"], true),
            (vec!["img.cn"], false),
            (vec!["x.wx1.sinaimg.cn"], false),
        ] {
            let hosts: Vec<String> = hosts.into_iter().map(str::to_owned).collect();
            assert_eq!(is_at(&url, &hosts), expected, "{hosts:?}");
        }
    }

    #[test]
    fn links_lead_from_every_folder_and_back() {
        let picture = SourcePath::new("assets/图 1/a.png").unwrap();
        for (note, is_included, expected) in [
            ("a.md", false, "assets/%E5%9B%BE%201/a.png"),
            ("A & B/c#d/甲.md", false, "../../assets/%E5%9B%BE%201/a.png"),
            ("assets/b.md", false, "%E5%9B%BE%201/a.png"),
            ("parts/b.md", true, "/assets/%E5%9B%BE%201/a.png"),
        ] {
            let note = SourcePath::new(note).unwrap();
            let link = link_to(&picture, &note, is_included);
            // Chinese may stay as it is.
            assert_eq!(percent_decode(&link), percent_decode(expected), "{note:?}");
            assert!(!link.contains(' '));
            let with_fragment = format!("{link}?x#y");
            assert_eq!(file_at(&with_fragment, &note).as_ref(), Some(&picture), "{note:?}");
        }
    }

    #[test]
    fn fragments_stay_with_their_links() {
        for (written, expected) in [
            ("https://e.org/a.png", ("https://e.org/a.png", "")),
            ("https://e.org/a.png#c", ("https://e.org/a.png", "#c")),
            ("https://e.org/a?x&#38;y#z#", ("https://e.org/a?x&#38;y", "#z#")),
        ] {
            assert_eq!(split_fragment(written), expected);
        }
    }
}
