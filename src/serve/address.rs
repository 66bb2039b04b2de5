//! The path of a request → the file of the site that it names.
//!
//! Must not know: HTTP.

use super::snapshot::Snapshot;
use crate::path::Route;

/// The answer for an address of the site.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A file.
    File(Route),
    /// A folder, whose address ends in `/`.
    Folder,
    /// No file.
    Nothing,
}

/// Looks up the path of an address, which is still percent-encoded.
pub(super) fn find(snapshot: &Snapshot, path: &str) -> Address {
    let found = find_below(snapshot, path);
    let base = || {
        snapshot
            .site
            .as_ref()?
            .home()
            .sources()
            .config
            .base_url
            .as_ref()
            .map(|url| url.path().to_owned())
    };
    match found {
        // The page for missing addresses has links below the path of `base_url`, as on the
        // published site; the preview is at the root.
        Address::Nothing => match base().as_deref().and_then(|base| path.strip_prefix(base)) {
            Some(below) => find_below(snapshot, &format!("/{below}")),
            None => Address::Nothing,
        },
        found => found,
    }
}

fn find_below(snapshot: &Snapshot, path: &str) -> Address {
    let Some(path) = path.strip_prefix('/').and_then(decoded) else { return Address::Nothing };
    let file = |path: &str| {
        let route = Route::file(path);
        // Only the normal form of a route is an address.
        (route.as_str() == path && snapshot.has(&route)).then_some(route)
    };
    if path.is_empty() || path.ends_with('/') {
        return file(&format!("{path}index.html")).map_or(Address::Nothing, Address::File);
    }
    if let Some(route) = file(&path).or_else(|| file(&format!("{path}.html"))) {
        return Address::File(route);
    }
    if file(&format!("{path}/index.html")).is_some() { Address::Folder } else { Address::Nothing }
}

/// A path without percent-encoding; `None` if a decoded name is not UTF-8 or contains `/` or NUL.
fn decoded(path: &str) -> Option<String> {
    let names = path.split('/').map(|name| {
        let name = percent_encoding::percent_decode_str(name).decode_utf8().ok()?;
        (!name.contains(['/', '\0'])).then_some(name)
    });
    Some(names.collect::<Option<Vec<_>>>()?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded_one_by_one() {
        for (path, expected) in [
            ("a/%E4%B8%AD.html", Some("a/中.html")),
            ("a%20b", Some("a b")),
            ("a%2Fb", None),
            ("a%00", None),
            ("%ff", None),
            ("..%2f..", None),
            ("%2e%2e/a", Some("../a")),
        ] {
            assert_eq!(decoded(path).as_deref(), expected, "{path}");
        }
    }
}
