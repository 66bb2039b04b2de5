//! The whole navigation → a script with all its entries, which the sidebar of a page loads when the
//! reader opens a branch that the page does not hold.
//!
//! ```text
//! notes.tree([["label", "address", kind, [children], "whole label"], …])
//! ```
//! An address starts at the site's root, or is that of another site; it is empty when the entry
//! leads nowhere. The whole label is there if it is longer. The kind is 0 for a page, 1 for one
//! with nothing to read, 2 for another site.
//!
//! Must not know: how a branch is shown.

use serde::Serialize;

use crate::matrix::Href;
use crate::nav::NodeId;

use super::sidebar::Sidebar;

/// An entry: label, address, kind, children, and the whole label if it is shown in short.
#[derive(Serialize)]
#[serde(untagged)]
enum TreeRow<'a> {
    Whole(&'a str, String, u8, Vec<TreeRow<'a>>),
    Short(&'a str, String, u8, Vec<TreeRow<'a>>, &'a str),
}

/// The script.
pub(super) fn script(sidebar: &Sidebar<'_>) -> Vec<u8> {
    let entries = entries(sidebar, &sidebar.site.nav.roots);
    // Texts and numbers can always be written as JSON.
    let json = serde_json::to_string(&entries).unwrap_or_default();
    format!("\"use strict\";\nnotes.tree({json});\n").into_bytes()
}

fn entries<'a>(sidebar: &Sidebar<'a>, nodes: &[NodeId]) -> Vec<TreeRow<'a>> {
    let entry = |&node: &NodeId| {
        let Href { href, is_external } = sidebar.href(node).unwrap_or_default();
        let kind = if is_external { 2 } else { u8::from(sidebar.site.is_stub(node)) };
        let children = entries(sidebar, &sidebar.site.nav.node(node).children);
        let (label, short) = (sidebar.site.label(node), sidebar.site.short_label(node));
        if short.len() < label.len() {
            TreeRow::Short(short, href, kind, children, label)
        } else {
            TreeRow::Whole(label, href, kind, children)
        }
    };
    nodes.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::page::label::Labels;
    use crate::path::Route;
    use crate::site::fixture::NotesFixture;

    #[test]
    fn entries_have_label_address_kind_and_children() {
        let folder = NotesFixture::new(&[
            ("README.md", "# 首页\n\n文"),
            ("a/README.md", "# 甲\n\n文"),
            ("a/b.md", "# 乙\n"),
        ]);
        let summary = "- [甲](a/README.md)\n  - [乙](a/b.md)\n- [别处](https://e.org)\n";
        let site = folder.site(&Config::default(), Some(summary));
        let labels = Labels::new("zh-CN", &std::collections::BTreeMap::new());
        let root = Route::file("index.html");
        let sidebar = Sidebar { site: &site, labels: &labels, here: &root, page: None };
        let expected = "\"use strict\";\n\
            notes.tree([[\"甲\",\"a/index.html\",0,[[\"乙\",\"a/b.html\",1,[]]]],[\"别处\",\"https://e.org\",2,[]]]);\n";
        assert_eq!(String::from_utf8(script(&sidebar)).unwrap(), expected);
    }
}
