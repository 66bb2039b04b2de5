//! `images` → how pictures of other sites are loaded, and the folder for those that are fetched.
//!
//! Must not know: the pictures, other sites.

use super::disk;
use super::mistake::Mistake;
use super::problems::Problems;
use super::typed;
use super::yaml::YamlStep::Key;
use crate::path::SourcePath;
use crate::phrase::phrase;

/// The usual folder for pictures that are fetched.
const FOLDER: &str = "assets";

/// The settings of pictures of other sites.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageSettings {
    /// True if they are loaded over `https:` where a note says `http:`.
    pub https: bool,
    /// The folder for those that are fetched, below the notes' root.
    pub folder: SourcePath,
}

impl Default for ImageSettings {
    fn default() -> Self {
        Self { https: false, folder: SourcePath::root().child(FOLDER) }
    }
}

/// Reads the section.
pub(super) fn resolve(typed: typed::Images, problems: &mut Problems<'_>) -> ImageSettings {
    let usual = ImageSettings::default();
    let steps = [Key("images"), Key("folder")];
    let folder = typed.folder.and_then(|text| problems.take(&steps, folder(&text)));
    ImageSettings {
        https: typed.https.unwrap_or(usual.https),
        folder: folder.unwrap_or(usual.folder),
    }
}

/// Reads the path of a folder, which need not exist yet.
fn folder(text: &str) -> Result<SourcePath, Mistake> {
    let path = disk::inside(text)?;
    if path.is_root() {
        return Err(Mistake::new(
            phrase!("is the folder of the notes itself"),
            phrase!("write the path of a folder in it"),
        ));
    }
    if path.is_hidden() && !path.is_public() {
        return Err(Mistake::new(
            phrase!("is a hidden folder, of which nothing is published"),
            phrase!("write the path of another folder"),
        ));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_below_the_notes_and_published() {
        for (text, expected) in [
            ("assets", Some("assets")),
            ("图/远 程/", Some("图/远 程")),
            (".gitbook/assets", Some(".gitbook/assets")),
            (".", None),
            ("", None),
            ("../pics", None),
            ("/srv/pics", None),
            (".hidden", None),
            ("node_modules", None),
        ] {
            let found = folder(text).ok();
            assert_eq!(found.as_ref().map(SourcePath::as_str), expected, "{text}");
        }
    }
}
