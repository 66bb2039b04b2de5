//! An SVG → whether it only shows something: nothing in it runs, and nothing is loaded from
//! elsewhere. In the `<img>` of a page nothing of it would run, but its file can be opened by
//! itself, and readers of e-books may open it as they like.
//!
//! Must not know: addresses, files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imagesize::ImageType;
use roxmltree::{Document, Node, NodeType, ParsingOptions};

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";
/// Elements that run something, load something or hold a page.
const ACTIVE: [&str; 10] = [
    "audio",
    "canvas",
    "embed",
    "foreignObject",
    "handler",
    "iframe",
    "listener",
    "object",
    "script",
    "video",
];
/// Elements that change attributes of others, `href` among them.
const ANIMATING: [&str; 4] = ["animate", "animateMotion", "animateTransform", "set"];
/// Most nodes of a file.
const MOST_NODES: u32 = 1_000_000;

/// True if the bytes begin as an SVG does: with its element, behind what XML allows before it.
#[must_use]
pub fn may_be_one(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut rest = text.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<!DOCTYPE svg") {
            // The entities of some editors are within brackets.
            let has_entities = rest.split('>').next().is_some_and(|head| head.contains('['));
            if has_entities { "]>" } else { ">" }
        } else {
            return rest.starts_with("<svg") || rest.starts_with("<svg:svg");
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
}

/// The use of an SVG, which decides what it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SvgUse {
    /// As a file of a site, where a link in it would be one of the site. A document type without
    /// entities is none of a browser's business.
    OnSite,
    /// In an e-book, where links lead to other sites, and readers could load what a document type
    /// names.
    InBook,
}

/// The reason why an SVG is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SvgMistake {
    /// It is none.
    Other,
    /// It is no XML, for this reason.
    Broken(String),
    /// It has a document type.
    DocumentType,
    /// Something in it runs, or is loaded from elsewhere.
    Active,
}

/// Checks that nothing in a file runs or is loaded from elsewhere.
///
/// # Errors
/// The reason not to use it.
pub fn check(bytes: &[u8], used: SvgUse) -> Result<(), SvgMistake> {
    let text = std::str::from_utf8(bytes).map_err(|_| SvgMistake::Other)?;
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let options = ParsingOptions {
        allow_dtd: used == SvgUse::OnSite,
        nodes_limit: MOST_NODES,
        ..Default::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => SvgMistake::DocumentType,
        _ if may_be_one(bytes) => SvgMistake::Broken(error.to_string()),
        _ => SvgMistake::Other,
    })?;
    if !document.root_element().has_tag_name((SVG, "svg")) {
        return Err(SvgMistake::Other);
    }
    let is_passive = document.descendants().all(|node| is_passive(&node, used));
    if is_passive { Ok(()) } else { Err(SvgMistake::Active) }
}

fn is_passive(node: &Node<'_, '_>, used: SvgUse) -> bool {
    match node.node_type() {
        // A style sheet: `<?xml-stylesheet …?>`.
        NodeType::PI => false,
        NodeType::Root | NodeType::Comment | NodeType::Text => true,
        NodeType::Element => is_passive_element(node, used),
    }
}

fn is_passive_element(node: &Node<'_, '_>, used: SvgUse) -> bool {
    let name = node.tag_name();
    // Facts that editors keep in namespaces of their own are nothing to a browser, but HTML is.
    // Other programs look at names alone.
    let is_page = name.namespace().is_none_or(|space| space.contains("w3.org/1999/xhtml"));
    let animates = ANIMATING.contains(&name.name())
        && node.attribute("attributeName").is_some_and(|name| name.ends_with("href"));
    if is_page || animates || ACTIVE.contains(&name.name()) {
        return false;
    }
    match name.name() {
        "a" => used == SvgUse::InBook && is_link_elsewhere(node),
        "style" => has_passive_attributes(node) && is_passive_style(&all_text(node)),
        _ => has_passive_attributes(node),
    }
}

/// The text in an element as one: a comment or an element may divide a word of it.
fn all_text(node: &Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|part| part.text()).collect()
}

/// True for a link to another site, or to a place in the file, that does nothing else.
fn is_link_elsewhere(node: &Node<'_, '_>) -> bool {
    let leads = |value: &str| {
        let value = value.trim().to_ascii_lowercase();
        ["#", "http://", "https://", "mailto:"].iter().any(|begin| value.starts_with(begin))
    };
    node.attributes().all(|attribute| match attribute.name().to_ascii_lowercase().as_str() {
        "href" => leads(attribute.value()),
        _ => is_passive_attribute(attribute.name(), attribute.value()),
    })
}

fn has_passive_attributes(node: &Node<'_, '_>) -> bool {
    node.attributes().all(|attribute| is_passive_attribute(attribute.name(), attribute.value()))
}

fn is_passive_attribute(name: &str, value: &str) -> bool {
    match name.to_ascii_lowercase().as_str() {
        "href" | "src" => is_passive_reference(value),
        // For links in the file, all of which are within it.
        "base" => false,
        name if name.starts_with("on") => false,
        _ => is_passive_style(value),
    }
}

/// True if a reference leads to a part of the file, or holds a picture.
fn is_passive_reference(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || value.starts_with('#') || is_raster(value)
}

/// True for an address that holds a picture of points. The type that it names does not count: some
/// programs draw what is in it, which may be an SVG.
fn is_raster(value: &str) -> bool {
    let Some(data) = value.strip_prefix("data:image/") else { return false };
    let Some((_, data)) = data.split_once(";base64,") else { return false };
    let data: String = data.split_ascii_whitespace().collect();
    let Ok(bytes) = STANDARD.decode(data) else { return false };
    let kinds = [ImageType::Png, ImageType::Jpeg, ImageType::Gif, ImageType::Webp];
    imagesize::image_type(&bytes).is_ok_and(|kind| kinds.contains(&kind))
}

/// True if a style, or a value that is none, loads nothing from elsewhere. A backslash may write
/// any letter in another way (CSS Syntax §4.3.7).
#[must_use]
pub fn is_passive_style(value: &str) -> bool {
    const URL: &str = "url(";
    let small = value.to_ascii_lowercase();
    // The letters of data have two cases.
    let is_own = |(at, _): (usize, &str)| {
        let address = value[at + URL.len()..].trim_start().trim_start_matches(['"', '\'']);
        is_passive_reference(address.split([')', '"', '\'']).next().unwrap_or_default())
    };
    let loads_nothing = small.match_indices(URL).all(is_own);
    let may_load = ["@import", "image-set(", "image(", "src(", "javascript:"];
    loads_nothing && !small.contains('\\') && !may_load.iter().any(|word| small.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_only_show_something() {
        for inside in [
            "",
            "<title>a</title><rect width='1' height='2' style='fill: url(#a)'/>",
            "<style>rect { fill: #fff; mask: url('#m') }</style>",
            "<defs><linearGradient id='a'/></defs><use xlink:href='#a'/>",
            "<image href='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'/>",
            "<rect style='fill: url(\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptV\")'/>",
            "<!-- <script/> --><text>onload=\"x\" url(http://e.org)</text>",
            "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>",
            "<animate attributeName='opacity' dur='1s'/>",
        ] {
            let text = svg(inside);
            for used in [SvgUse::OnSite, SvgUse::InBook] {
                assert_eq!(check(text.as_bytes(), used), Ok(()), "{inside}");
            }
        }
        let head = "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \
                    \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<!-- a -->\n";
        let text = format!("{head}{}", svg(""));
        assert!(may_be_one(text.as_bytes()));
        assert_eq!(check(text.as_bytes(), SvgUse::OnSite), Ok(()));
        assert_eq!(check(text.as_bytes(), SvgUse::InBook), Err(SvgMistake::DocumentType));
        let link = svg("<a xlink:href='https://e.org/'><rect/></a>");
        assert_eq!(check(link.as_bytes(), SvgUse::OnSite), Err(SvgMistake::Active));
        assert_eq!(check(link.as_bytes(), SvgUse::InBook), Ok(()));
    }

    #[test]
    fn pictures_that_could_run_or_load_something() {
        for inside in [
            "<script>x</script>",
            "<rect onload='x'/>",
            "<rect ONCLICK='x'/>",
            "<a href='javascript:x'><rect/></a>",
            "<foreignObject/>",
            "<x:div xmlns:x='http://www.w3.org/1999/xhtml'/>",
            "<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>",
            "<image href='https://e.org/a.png'/>",
            "<image xlink:href='//e.org/a.png'/>",
            "<image href='data:image/svg+xml;base64,AA'/>",
            // An SVG with the type of another picture; no picture.
            "<image href='data:image/png;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4='/>",
            "<image href='data:image/png;base64,AA'/>",
            "<image href='data:image/png,%89PNG'/>",
            "<x:image xmlns:x='urn:x' xlink:href='https://e.org/a.png'/>",
            "<x:script xmlns:x='urn:x'/>",
            "<style>@imp<!-- -->ort 'https://e.org/a.css';</style>",
            "<style>@imp<g>ort 'https://e.org/a.css';</g></style>",
            "<x:style xmlns:x='urn:x'>@import 'https://e.org/a.css';</x:style>",
            "<use href='other.svg#a'/>",
            "<style>@import 'https://e.org/a.css';</style>",
            "<style><![CDATA[rect { fill: url(https://e.org/a) }]]></style>",
            "<style>rect { fill: \\75rl(https://e.org/a) }</style>",
            "<rect style='fill: url( \"https://e.org/a\")'/>",
            "<rect fill='url(https://e.org/a#b)'/>",
            "<set attributeName='xlink:href' to='javascript:x'/>",
            "<g xml:base='https://e.org/'/>",
        ] {
            for used in [SvgUse::OnSite, SvgUse::InBook] {
                let result = check(svg(inside).as_bytes(), used);
                assert_eq!(result, Err(SvgMistake::Active), "{inside}");
            }
        }
        let deep = [svg(""), "<g>".repeat(300_000)].concat();
        assert!(check(deep.replace("</svg>", "").as_bytes(), SvgUse::OnSite).is_err());
        let deep = svg(&["<g>".repeat(100_000), "</g>".repeat(100_000)].concat());
        assert_eq!(check(deep.as_bytes(), SvgUse::OnSite), Ok(()));
        for text in [
            "<svg/>",
            "<html xmlns='http://www.w3.org/1999/xhtml'/>",
            "<svg xmlns='http://www.w3.org/2000/svg'>",
            "<?xml-stylesheet href='https://e.org/a.css'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            "<!DOCTYPE svg [<!ENTITY a '<script>x</script>'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
        ] {
            assert!(check(text.as_bytes(), SvgUse::OnSite).is_err(), "{text}");
        }
    }

    fn svg(inside: &str) -> String {
        format!("<svg xmlns='{SVG}' xmlns:xlink='http://www.w3.org/1999/xlink'>{inside}</svg>")
    }
}
