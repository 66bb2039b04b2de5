//! The typed links of the top bar and the typed footer → [`BarLink`]s and [`FooterPiece`]s.
//!
//! Must not know: which notes exist, or the HTML of a page.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::matrix::{self, MatrixTarget};
use super::mistake::Mistake;
use super::problems::Problems;
use super::typed::TypedLink;
use super::url::Url;
use super::yaml::YamlStep::{Index, Key};
use crate::phrase::phrase;

/// A link in the top bar.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BarLink {
    /// Its text; if there is none, the title of its target is shown.
    pub title: Option<String>,
    /// Its target.
    pub target: MatrixTarget,
}

/// A piece of the writer's footer: text, perhaps a link.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FooterPiece {
    /// Its text.
    pub text: String,
    /// The address to which it leads.
    pub url: Option<Url>,
}

/// Reads `links`.
pub(super) fn links(typed: Vec<TypedLink>, problems: &mut Problems<'_>) -> Vec<BarLink> {
    let links = typed.into_iter().enumerate().filter_map(|(index, typed)| {
        let steps = [Key("links"), Index(index)];
        let Some(text) = typed.link else {
            problems.error(
                &steps,
                &Mistake::new(phrase!("has no `link`"), phrase!("add the path of a note or a URL")),
            );
            return None;
        };
        let target =
            problems.take(&[&steps[..], &[Key("link")]].concat(), matrix::target(&text))?;
        Some(BarLink { title: typed.title.filter(|title| !title.trim().is_empty()), target })
    });
    links.collect()
}

/// Reads `footer`: text with links as Markdown has them; the marks of other formatting are left
/// out. Links need a whole address, because a footer is shown on every page.
pub(super) fn footer(text: &str) -> Result<Vec<FooterPiece>, Mistake> {
    let mut pieces: Vec<FooterPiece> = Vec::new();
    let mut url = None;
    for event in Parser::new_ext(text, Options::empty()) {
        let added = match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                url = Some(Url::parse(&dest_url)?);
                continue;
            }
            Event::End(TagEnd::Link) => {
                url = None;
                continue;
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                text.into_string()
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => " ".to_owned(),
            _ => continue,
        };
        match pieces.last_mut().filter(|last| last.url == url) {
            Some(last) => last.text.push_str(&added),
            None => pieces.push(FooterPiece { text: added, url: url.clone() }),
        }
    }
    if let Some(last) = pieces.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    pieces.retain(|piece| !piece.text.is_empty());
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footer_is_text_with_links() {
        let shown = |text: &str| {
            let pieces = footer(text).unwrap();
            let pieces = pieces.iter().map(|piece| match &piece.url {
                Some(url) => format!("<{} {url}>", piece.text),
                None => piece.text.clone(),
            });
            pieces.collect::<String>()
        };
        for (text, expected) in [
            ("© 2024 王某", "© 2024 王某"),
            ("[京ICP备1号](https://beian.miit.gov.cn/)", "<京ICP备1号 https://beian.miit.gov.cn/>"),
            ("甲\n乙 **丙** <b>", "甲 乙 丙 <b>"),
            ("# 题\n\n- 甲\n- 乙", "题 甲 乙"),
            ("一\n\n[二](https://e.org/)三", "一 <二 https://e.org/>三"),
            ("  \n", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert!(footer("[关于](about.md)").is_err());
        assert!(footer("[x](javascript:alert(1))").is_err());
    }
}
