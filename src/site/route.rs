//! Who gets which route: the first to ask, the others the same with a number, so that no two files of the site
//! are one, on a disk that ignores case or Unicode form either.
//!
//! Must not know: what the files hold.

use std::collections::HashSet;

use crate::path::Route;

/// The routes that are given out.
#[derive(Debug, Default)]
pub(super) struct Claims {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl Claims {
    /// Knows beforehand which folders there will be, so that no file takes the place of one.
    pub fn expecting<'r>(routes: impl Iterator<Item = &'r Route>) -> Self {
        let mut claims = Self::default();
        for route in routes {
            for folder in route.folder_keys() {
                if !claims.folders.insert(folder) {
                    // The folders above it are known too.
                    break;
                }
            }
        }
        claims
    }

    /// Gives out `wanted`, or the first `wanted-2`, `wanted-3` … that is free.
    pub fn claim(&mut self, wanted: &Route) -> Route {
        let mut route = wanted.clone();
        let mut number = 2;
        while !self.is_free(&route) {
            route = wanted.numbered(number);
            number += 1;
        }
        self.files.insert(route.disk_key());
        self.folders.extend(route.folder_keys());
        route
    }

    fn is_free(&self, route: &Route) -> bool {
        let key = route.disk_key();
        !self.files.contains(&key)
            && !self.folders.contains(&key)
            && !route.folder_keys().iter().any(|folder| self.files.contains(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_files_are_one_on_any_disk() {
        let wanted = ["Async.html", "async.html", "a/b.html", "a", "é.html", "e\u{301}.html", "a.html/x.html", "a.html"];
        let wanted: Vec<_> = wanted.iter().map(|path| Route::file(path)).collect();
        let mut claims = Claims::expecting(wanted.iter());
        let given: Vec<_> = wanted.iter().map(|route| claims.claim(route).to_string()).collect();
        assert_eq!(
            given,
            ["Async.html", "async-2.html", "a/b.html", "a-2", "é.html", "e\u{301}-2.html", "a.html/x.html", "a-2.html"]
        );
    }
}
