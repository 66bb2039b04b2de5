//! A folder → the rules that its generator has for the heads of notes: lines of keys without marks
//! around them, and the key that orders the navigation.
//!
//! Must not know: the notes.

use std::fs;
use std::path::Path;

use super::generator;

/// The rules of other generators for the heads of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct FrontMatterRules {
    /// True if a note may begin with lines `key: value` without marks around them.
    pub has_key_lines: bool,
    /// The key that says where in its folder a note comes.
    pub order_key: Option<&'static str>,
}

/// The key of Docusaurus.
pub const SIDEBAR_POSITION: &str = "sidebar_position";

/// Settings of Hugo, by its own name; by the older one they may be those of another program.
const HUGO: [&str; 4] = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"];
/// Settings of Jekyll, in which a theme is named.
const JEKYLL: [&str; 2] = ["_config.yml", "_config.yaml"];
const JUST_THE_DOCS: &str = "just-the-docs";
/// Larger settings are not read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The rules for the notes of a folder.
pub(super) fn front_matter(folder: &Path) -> FrontMatterRules {
    let is_hugo = HUGO.iter().any(|name| folder.join(name).is_file())
        || generator::hugo_settings(folder).is_some();
    let order_key = if generator::docusaurus_settings(folder).is_some() {
        Some(SIDEBAR_POSITION)
    } else if is_hugo {
        Some("weight")
    } else if JEKYLL.iter().any(|name| names_theme(&folder.join(name))) {
        Some("nav_order")
    } else {
        None
    };
    FrontMatterRules { has_key_lines: folder.join("mkdocs.yml").is_file(), order_key }
}

/// True if the settings of Jekyll name the theme that has an order of its own.
fn names_theme(settings: &Path) -> bool {
    let is_small =
        fs::metadata(settings).is_ok_and(|found| found.is_file() && found.len() <= LARGEST);
    is_small && fs::read_to_string(settings).is_ok_and(|text| text.contains(JUST_THE_DOCS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generators_by_their_files() {
        for (files, has_key_lines, order_key) in [
            (&[][..], false, None),
            (&[("mkdocs.yml", "")][..], true, None),
            (&[("docusaurus.config.ts", "")], false, Some(SIDEBAR_POSITION)),
            (&[("hugo.toml", "")], false, Some("weight")),
            (
                &[("config.toml", ""), ("content/a.md", ""), ("archetypes/a.md", "")],
                false,
                Some("weight"),
            ),
            (&[("config.toml", "")], false, None),
            (
                &[("_config.yml", "remote_theme: just-the-docs/just-the-docs\n")],
                false,
                Some("nav_order"),
            ),
            (&[("_config.yml", "theme: minima\n")], false, None),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in files {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            let expected = FrontMatterRules { has_key_lines, order_key };
            assert_eq!(front_matter(folder.path()), expected, "{files:?}");
        }
    }
}
