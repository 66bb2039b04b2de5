//! The whole navigation → a script with all its entries, which the sidebar of a page loads when the reader
//! opens a branch that the page does not hold.
//!
//! ```text
//! notes.tree([["label", "address", kind, [children]], …])
//! ```
//! An address starts at the site's root, or is that of another site; it is empty when the entry leads nowhere. The kind is
//! 0 for a page, 1 for one with nothing to read, 2 for another site.
//!
//! Must not know: how a branch is shown.

use serde::Serialize;

use crate::matrix::Href;
use crate::nav::NodeId;

use super::sidebar::Sidebar;

/// An entry: label, address, kind, children.
#[derive(Serialize)]
struct TreeRow<'a>(&'a str, String, u8, Vec<TreeRow<'a>>);

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
        TreeRow(sidebar.site.label(node), href, kind, children)
    };
    nodes.iter().map(entry).collect()
}
