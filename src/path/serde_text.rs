//! Paths and routes ↔ stored text. A text that was damaged or forged is refused, so that a path
//! from a cache is as safe as a new one.
//!
//! Must not know: the storage.

use super::{Route, SourcePath};

impl From<SourcePath> for String {
    fn from(path: SourcePath) -> Self {
        path.as_str().to_owned()
    }
}

impl TryFrom<String> for SourcePath {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_plain =
            text.is_empty() || text.split('/').all(|name| !matches!(name, "" | "." | ".."));
        if is_plain { Ok(Self(text.into())) } else { Err("not a path below the notes' root") }
    }
}

impl From<Route> for String {
    fn from(route: Route) -> Self {
        route.as_str().to_owned()
    }
}

impl TryFrom<String> for Route {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let route = Self::file(&text);
        if *route.0 == *text { Ok(route) } else { Err("not a route below the site's root") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_paths_outside_the_root_are_refused() {
        for text in ["../a", "a/../b", "/a", "a//b", "a/", "."] {
            assert!(SourcePath::try_from(text.to_owned()).is_err(), "{text}");
            assert!(Route::try_from(text.to_owned()).is_err(), "{text}");
        }
        for text in ["", "a", "01~共识/a b.md", "a/..b/c"] {
            assert_eq!(String::from(SourcePath::try_from(text.to_owned()).unwrap()), text);
        }
        assert_eq!(String::from(Route::try_from("a/文.html".to_owned()).unwrap()), "a/文.html");
    }
}
