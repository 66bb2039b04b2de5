//! `aliases` and `redirect_from` → other names of a note, and the addresses at which it was before.
//!
//! Must not know: which of the addresses are free.

use super::on_one_line;

/// The ends of addresses of pages.
const PAGE_ENDINGS: [&str; 4] = [".html", ".htm", ".md", "/"];

/// The other names of a note, which Obsidian's `aliases` are, and former addresses of Hugo's are
/// not.
pub(super) fn other_names(aliases: &[String]) -> Vec<String> {
    aliases.iter().filter(|text| !is_address(text)).filter_map(|text| on_one_line(text)).collect()
}

/// Former addresses. Obsidian's `aliases` are other names of a note, so only those that look like
/// an address count.
pub(super) fn aliases(aliases: Vec<String>, redirects: Vec<String>) -> Vec<String> {
    let mut addresses: Vec<String> =
        aliases.into_iter().filter(|text| is_address(text)).chain(redirects).collect();
    addresses.retain(|text| !text.trim().is_empty());
    addresses
}

fn is_address(text: &str) -> bool {
    text.starts_with(['/', '.'])
        || text.contains("://")
        || PAGE_ENDINGS.iter().any(|end| text.trim_end().ends_with(end))
}
