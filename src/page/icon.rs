//! The site as others show it: its icon and manifest for browsers, its cover for links that are
//! shared.
//!
//! Must not know: templates.

use serde::Serialize;

use crate::config::Cover;
use crate::escape::escaped;
use crate::path::{Route, encode_path};

use crate::site::Own;

use super::Renderer;

/// Most characters of the short name (Chrome cuts after 12).
const SHORT: usize = 12;

/// A web application manifest (W3C); addresses are relative to it, at the site's root.
#[derive(Serialize)]
struct WebManifest<'a> {
    name: &'a str,
    short_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    lang: &'a str,
    start_url: &'static str,
    scope: &'static str,
    display: &'static str,
    icons: [ManifestIcon; 1],
}

#[derive(Serialize)]
struct ManifestIcon {
    src: String,
    /// Drawings have any; of others the browser asks the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    sizes: Option<&'static str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
}

impl Renderer<'_> {
    /// The picture in browsers' tabs, and what kind it is.
    pub(super) fn site_icon(&self) -> (&Route, Option<&'static str>) {
        let own = self.config.icon.as_ref().and_then(|path| self.site.files.get(path));
        let route = own.or(self.shared().own.first(Own::Icon)).unwrap_or(self.site.own.contents());
        let kind = match route
            .as_str()
            .rsplit_once('.')
            .map(|(_, end)| end.to_ascii_lowercase())
            .as_deref()
        {
            Some("svg") => Some("image/svg+xml"),
            Some("png") => Some("image/png"),
            Some("jpg" | "jpeg") => Some("image/jpeg"),
            Some("webp") => Some("image/webp"),
            Some("ico") => Some("image/x-icon"),
            _ => None,
        };
        (route, kind)
    }

    /// The address of the cover, as other sites need it; none of those that show a picture beside a
    /// link draws SVG.
    pub(super) fn shared_picture(&self) -> Option<String> {
        let address = match self.config.cover.as_ref()? {
            Cover::Url(url) => url.as_str().to_owned(),
            Cover::File(path) => {
                let base = self.config.base_url.as_ref()?;
                format!("{base}{}", self.site.files.get(path)?.url_path())
            }
        };
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let end = path.rsplit('.').next().unwrap_or_default();
        (!end.eq_ignore_ascii_case("svg")).then_some(address)
    }

    /// True if the cover fills a card that is twice as wide as high without losing much.
    pub(super) fn is_cover_wide(&self) -> bool {
        self.config
            .cover_size
            .is_some_and(|(width, height)| width >= 300 && 2 * width >= 3 * height)
    }

    /// `icon.svg`: the site's initials.
    #[must_use]
    pub fn icon(&self) -> Vec<u8> {
        let initials = initials(&self.site.title);
        let size = if initials.chars().count() > 1 { 15 } else { 20 };
        let initials = escaped(&initials);
        let (shape, font) =
            ("width=\"32\" height=\"32\" rx=\"7\" fill=\"#0f766e\"", "system-ui,sans-serif");
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect {shape}/><text x=\"16\" y=\"16\" \
             dy=\".36em\" text-anchor=\"middle\" font-family=\"{font}\" font-size=\"{size}\" font-weight=\"600\" \
             fill=\"#fff\">{initials}</text></svg>\n"
        )
        .into_bytes()
    }

    /// `manifest.webmanifest`, with which a browser can put the site among its applications.
    #[must_use]
    pub fn manifest(&self) -> Vec<u8> {
        let (icon, kind) = self.site_icon();
        let is_drawing = icon.as_str().to_ascii_lowercase().ends_with(".svg");
        let short_name =
            self.site.title.chars().take(SHORT).collect::<String>().trim_end().to_owned();
        let manifest = WebManifest {
            name: &self.site.title,
            short_name,
            description: self.config.description.as_deref(),
            lang: &self.site.language,
            start_url: "./",
            scope: "./",
            display: "browser",
            icons: [ManifestIcon {
                src: encode_path(icon.as_str()),
                sizes: is_drawing.then_some("any"),
                kind,
            }],
        };
        // Texts can always be written as JSON.
        serde_json::to_vec_pretty(&manifest).unwrap_or_default()
    }
}

/// One character of a Chinese name, the first letters of two words of another.
fn initials(title: &str) -> String {
    let mut words =
        title.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    let Some(first) = words.next() else { return title.chars().take(1).collect() };
    let second =
        words.next().filter(|_| first.is_ascii_alphabetic()).filter(char::is_ascii_alphabetic);
    [Some(first), second].into_iter().flatten().flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names() {
        for (title, expected) in [
            ("深入浅出分布式基础架构", "深"),
            ("《深入浅出》", "深"),
            ("study notes on Linux", "SN"),
            ("notes", "N"),
            ("K8s 笔记", "K"),
            ("🦀", "🦀"),
            ("", ""),
        ] {
            assert_eq!(initials(title), expected, "{title}");
        }
    }
}
