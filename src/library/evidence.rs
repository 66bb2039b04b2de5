//! Evidence of the type of a linked resource, and its reliability. Titles in `《》` and hosts of
//! videos are used for anything, so they are no evidence.
//!
//! Must not know: whether others say otherwise.

use serde::{Deserialize, Serialize};

use crate::markdown::{Heading, Link};

use super::address::WebAddress;

/// Type of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ResourceKind {
    /// A book.
    Book,
    /// A course.
    Course,
    /// A paper.
    Paper,
    /// A project, with its code.
    Project,
    /// A series of articles.
    Series,
    /// A video.
    Video,
}

/// Evidence of a type, the least reliable first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Evidence {
    /// The address is that of a repository.
    Repository,
    /// The heading above names nothing but the type.
    Heading,
    /// A picture in the link's text or before it.
    Sign,
    /// A tag in the link's text or behind it.
    Tag,
}

/// Words that are a type's name, as tags and headings have them.
const NAMES: [(ResourceKind, &[&str]); 6] = [
    (
        ResourceKind::Book,
        &["book", "books", "ebook", "ebooks", "e-books", "书", "书籍", "图书", "书单", "电子书"],
    ),
    (ResourceKind::Course, &["course", "courses", "课程", "公开课", "在线课程"]),
    (ResourceKind::Paper, &["paper", "papers", "论文", "重要论文"]),
    (ResourceKind::Project, &["project", "projects", "项目", "开源项目"]),
    (ResourceKind::Series, &["series", "系列", "系列文章", "专栏"]),
    (ResourceKind::Video, &["video", "videos", "talks", "视频", "演讲"]),
];
/// Emoji that mean a type.
const SIGNS: [(char, ResourceKind); 3] =
    [('📚', ResourceKind::Book), ('🎥', ResourceKind::Video), ('🗃', ResourceKind::Project)];

impl ResourceKind {
    /// Its name in scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Course => "course",
            Self::Paper => "paper",
            Self::Project => "project",
            Self::Series => "series",
            Self::Video => "video",
        }
    }

    /// The name of its word among the words of the site.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Book => "kind_book",
            Self::Course => "kind_course",
            Self::Paper => "kind_paper",
            Self::Project => "kind_project",
            Self::Series => "kind_series",
            Self::Video => "kind_video",
        }
    }
}

/// The type of what a link leads to.
pub(super) fn kind(
    link: &Link,
    heading: Option<&Heading>,
    address: &WebAddress,
) -> Option<(Evidence, ResourceKind)> {
    let tagged = || tag(&link.text).or_else(|| tag(&link.context.behind));
    let signed = || link.text.chars().chain(link.context.before.chars()).find_map(sign);
    let heading = || heading.and_then(|heading| named(&heading.text));
    let repository = || address.is_repository().then_some(ResourceKind::Project);
    let trusted = |evidence: Evidence| move |kind: ResourceKind| (evidence, kind);
    tagged()
        .map(trusted(Evidence::Tag))
        .or_else(|| signed().map(trusted(Evidence::Sign)))
        .or_else(|| heading().map(trusted(Evidence::Heading)))
        .or_else(|| repository().map(trusted(Evidence::Repository)))
}

/// The type that a tag names: `#Book#`.
fn tag(text: &str) -> Option<ResourceKind> {
    let (before, after) = (text.find('#')?, text.rfind('#')?);
    text.get(before + 1..after)?.split('#').find_map(of_name)
}

/// The text of a link without marks of its type.
pub(super) fn without_marks(text: &str) -> String {
    let mut pieces = text.split('#').peekable();
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    let mut after_tag = false;
    while let Some(piece) = pieces.next() {
        let is_tag = !after_tag && pieces.peek().is_some() && of_name(piece).is_some();
        if !is_tag {
            rest.push_str(if after_tag { " " } else { "#" });
            rest.push_str(piece);
        }
        after_tag = is_tag;
    }
    rest.retain(|c| sign(c).is_none() && c != '\u{FE0F}');
    rest
}

fn sign(c: char) -> Option<ResourceKind> {
    SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, kind)| *kind)
}

/// The type that a whole heading names, in one language or in two: `书籍 / Books`.
fn named(heading: &str) -> Option<ResourceKind> {
    let mut kinds = heading.split(['/', '|', '、']).map(|name| of_name(name.trim()));
    let kind = kinds.next()??;
    kinds.all(|other| other == Some(kind)).then_some(kind)
}

fn of_name(name: &str) -> Option<ResourceKind> {
    let name = name.to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::LinkContext;

    #[test]
    fn types_by_reliable_evidence_only() {
        let site = "https://e.org/x";
        for (text, before, behind, heading, url, expected) in [
            ("SICP #Book#", "", "", "", site, Some(ResourceKind::Book)),
            ("C# 与 F# 之书 #Book#", "", "", "", site, Some(ResourceKind::Book)),
            ("x", "", "#Series#", "", site, Some(ResourceKind::Series)),
            ("x", "", "#课程#", "", site, Some(ResourceKind::Course)),
            ("x", "", "#2#", "", site, None),
            ("x 🎥", "", "", "", site, Some(ResourceKind::Video)),
            ("x", "📚", "", "", site, Some(ResourceKind::Book)),
            ("x", "", "", "书籍/Books", site, Some(ResourceKind::Book)),
            ("x", "", "", "课程", site, Some(ResourceKind::Course)),
            ("x", "", "", "书籍 / Courses", site, None),
            ("x", "", "", "Books & Tools", site, None),
            ("x", "", "", "Books", "https://github.com/o/r", Some(ResourceKind::Book)),
            ("x", "", "", "链接", "https://github.com/o/r", Some(ResourceKind::Project)),
            ("《书》", "", "", "", site, None),
            ("x", "", "", "", "https://www.youtube.com/watch?v=x", None),
        ] {
            let context =
                LinkContext { before: before.to_owned(), behind: behind.to_owned(), heading: None };
            let link = Link { text: text.to_owned(), context, ..Link::default() };
            let heading = Heading {
                level: 1,
                anchor: String::new(),
                text: heading.to_owned(),
                is_html: false,
            };
            let address = WebAddress::parse(url).unwrap();
            let found = kind(&link, Some(&heading), &address).map(|(_, kind)| kind);
            assert_eq!(found, expected, "{text} {before} {behind} {url}");
        }
    }

    #[test]
    fn what_tells_a_type_is_no_part_of_a_title() {
        for (text, expected) in
            [("SICP #Book#", "SICP  "), ("🗃️ x", " x"), ("C# 与 F#", "C# 与 F#")]
        {
            assert_eq!(without_marks(text), expected);
        }
    }
}
