//! The way from the home page to a page, as search engines read it: a `BreadcrumbList` of
//! schema.org in JSON-LD.
//!
//! Must not know: templates.

use serde::Serialize;

use crate::nav::PageId;

use super::Renderer;
use super::trail::ShownTrail;

#[derive(Serialize)]
struct BreadcrumbList<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<ListItem<'a>>,
}

#[derive(Serialize)]
struct ListItem<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: &'a str,
    item: String,
}

impl Renderer<'_> {
    /// The way to a page as the text of a script element; `None` on the home page, or when the
    /// site's address is not known. Entries that lead to no page of the site are left out, for each
    /// must have an address, and those that the breadcrumbs leave out.
    pub(super) fn breadcrumb_json(&self, id: PageId) -> Option<String> {
        let base = self.config.base_url.as_ref()?;
        if id == self.site.home {
            return None;
        }
        let library = self.around.filter(|around| around.here.is_some()).map(|around| around.home);
        let node = self.site.nav.of_page(id);
        let above = node.map(|node| ShownTrail::above(&self.site.nav, node));
        let above = above.map(|above| [above.first, above.last].concat()).unwrap_or_default();
        let pages = above.into_iter().filter_map(|node| self.site.nav.page_at(node));
        let pages = pages.filter(|page| *page != id && *page != self.site.home);
        let way = std::iter::once(self.site.home).chain(pages).chain([id]);
        let way = library
            .map(|home| home.page(home.home))
            .into_iter()
            .chain(way.map(|page| self.site.page(page)));
        let items = way.enumerate().map(|(place, page)| {
            let item = format!("{base}{}", page.route.url_path());
            ListItem { kind: "ListItem", position: place + 1, name: &page.title, item }
        });
        let list = BreadcrumbList {
            context: "https://schema.org",
            kind: "BreadcrumbList",
            items: items.collect(),
        };
        // Texts can always be written as JSON. A script element must not hold `</script` or `<!--`.
        Some(serde_json::to_string(&list).unwrap_or_default().replace('<', "\\u003c"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Config, base_url};
    use crate::history::History;
    use crate::site::fixture::NotesFixture;
    use crate::theme::Theme;

    #[test]
    fn the_way_to_a_page() {
        let folder = NotesFixture::new(&[
            ("README.md", "# 首页\n\n文"),
            ("a/README.md", "# `</script>`\n\n文"),
            ("a/b.md", "# 乙\n\n文"),
        ]);
        let mut config = Config::default();
        let theme = Theme::load(Path::new(""), false, "");
        let history = History::default();
        let json = |config: &Config, page| {
            let site = folder.site(config, None);
            Renderer::new(&site, config, &theme, &history).breadcrumb_json(PageId(page))
        };
        assert_eq!(json(&config, 2), None);
        config.base_url = Some(base_url("https://e.org/x/").unwrap());
        assert_eq!(json(&config, 0), None);
        let expected = "{\"@context\":\"https://schema.org\",\"@type\":\"BreadcrumbList\",\"itemListElement\":[\
            {\"@type\":\"ListItem\",\"position\":1,\"name\":\"首页\",\"item\":\"https://e.org/x/\"},\
            {\"@type\":\"ListItem\",\"position\":2,\"name\":\"\\u003c/script>\",\"item\":\"https://e.org/x/a/\"},\
            {\"@type\":\"ListItem\",\"position\":3,\"name\":\"乙\",\"item\":\"https://e.org/x/a/b.html\"}]}";
        assert_eq!(json(&config, 2).as_deref(), Some(expected));
    }
}
