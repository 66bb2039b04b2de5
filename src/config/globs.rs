//! A list of patterns → [`Globs`], one matcher for paths below the notes' root.
//!
//! The patterns are those of a `.gitignore`: without a `/` inside they match a name in any folder,
//! with one they start at the root; `*` and `?` stay in one segment, `**` crosses them; a folder
//! matches with all its files.
//!
//! Must not know: the file system, or the purpose of the list.

use std::hash::{Hash, Hasher};

use globset::{Glob, GlobBuilder, GlobSet};

use super::mistake::Mistake;
use super::problems::Problems;
use super::yaml::YamlStep;
use crate::path::SourcePath;
use crate::phrase::phrase;

/// Patterns of paths.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    patterns: Vec<String>,
    set: GlobSet,
}

impl Globs {
    /// True if one of the patterns matches the path or a folder it is in.
    #[must_use]
    pub fn matches(&self, path: &SourcePath) -> bool {
        self.set.is_match(path.as_str())
    }

    /// True if one of them is the path itself and not a pattern.
    #[must_use]
    pub fn names(&self, path: &SourcePath) -> bool {
        let is_pattern = path.as_str().contains(['*', '?', '[', '{', '\\']);
        let is_path = |pattern: &String| {
            pattern.trim_start_matches("./").trim_start_matches('/') == path.as_str()
        };
        !is_pattern && self.patterns.iter().any(is_path)
    }
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for Globs {}

impl Hash for Globs {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.patterns.hash(state);
    }
}

/// Reads the list under `key`.
pub(super) fn resolve(
    key: &str,
    patterns: Option<Vec<String>>,
    problems: &mut Problems<'_>,
) -> Globs {
    let patterns = patterns.unwrap_or_default();
    let mut builder = GlobSet::builder();
    for (index, pattern) in patterns.iter().enumerate() {
        let globs = problems.take(&[YamlStep::Key(key), YamlStep::Index(index)], globs(pattern));
        for glob in globs.into_iter().flatten() {
            builder.add(glob);
        }
    }
    let whole = builder.build().map_err(|error| too_large(&error));
    let set = problems.take(&[YamlStep::Key(key)], whole).unwrap_or_default();
    Globs { patterns, set }
}

/// A pattern for the path itself and one for all below it.
fn globs(pattern: &str) -> Result<[Glob; 2], Mistake> {
    if pattern.starts_with('!') {
        return Err(Mistake::new(
            phrase!("starts with `!`, but patterns cannot be negated"),
            phrase!("list only the paths that are meant, without `!`"),
        ));
    }
    let below = pattern.trim_start_matches("./");
    let bare = below.trim_matches('/');
    if bare.is_empty() {
        return Err(Mistake::new(
            phrase!("is empty"),
            phrase!("write a name or a pattern such as *.tmp, or delete the line"),
        ));
    }
    let anchored = below.trim_end_matches('/').contains('/');
    let start = if anchored { "" } else { "**/" };
    Ok([glob(&format!("{start}{bare}"))?, glob(&format!("{start}{bare}/**"))?])
}

fn glob(pattern: &str) -> Result<Glob, Mistake> {
    GlobBuilder::new(pattern).literal_separator(true).backslash_escape(true).build().map_err(
        |error| {
            Mistake::new(
                phrase!("is not a valid pattern: {kind}", kind = error.kind().to_string()),
                phrase!("write \\ before a literal [ or {{"),
            )
        },
    )
}

fn too_large(error: &globset::Error) -> Mistake {
    Mistake::new(
        phrase!("is too large: {kind}", kind = error.kind().to_string()),
        phrase!("write fewer or shorter patterns"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_a_gitignore() {
        for (pattern, path, expected) in [
            ("drafts", "drafts/a.md", true),
            ("drafts", "x/drafts/y/a.md", true),
            ("drafts/", "x/drafts/a.md", true),
            ("/drafts", "drafts/a.md", true),
            ("/drafts", "x/drafts/a.md", false),
            ("./drafts/a.md", "drafts/a.md", true),
            ("*.tmp", "a/b.tmp", true),
            ("a/*.md", "a/b.md", true),
            ("a/*.md", "a/b/c.md", false),
            ("a/**/*.md", "a/b/c.md", true),
            ("草稿/**", "草稿/a.md", true),
            ("drafts", "drafts2/a.md", false),
            ("{a,b}.md", "x/b.md", true),
        ] {
            let mut problems = Problems::new(None);
            let found = resolve("exclude", Some(vec![pattern.to_owned()]), &mut problems);
            assert_eq!(
                found.matches(&SourcePath::new(path).unwrap()),
                expected,
                "{pattern} on {path}"
            );
            assert!(problems.finish().is_ok());
        }
    }
}
