//! The list of the files this program wrote, kept at the site's root ↔ [`Manifest`].
//!
//! ```text
//! notes-manifest 1 3                                  version, number of lines that follow
//! 0f3c…32 hexadecimal digits… guide/raft.html         this file was written with these bytes
//! 77a0…32 hexadecimal digits… index.html
//! 91be…32 hexadecimal digits…+index.html              … or, if the run was killed, with these
//! ```
//!
//! Lines are in order of route. A `+` line is written before its file, so that after a crash a file
//! of ours is not taken for a foreign one. A list that breaks any rule is damaged as a whole and
//! ignored.
//!
//! Must not know: the files of the output, or the decision about a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Component, Path};

use super::disk;
use super::file::File;
use crate::digest::Digest;
use crate::path::Route;
use crate::temporary;

/// The manifest's name at the site's root.
pub const NAME: &str = ".notes-manifest";

/// The beginning of every manifest, in all versions.
pub const BEGIN: &str = "notes-manifest ";
const VERSION: &str = "notes-manifest 1";

/// The record of a file of ours.
///
/// A new file goes `Planned` → `Written`; a changed one `Written` → `Replacing` → `Written`. Only a
/// killed run leaves `Planned` and `Replacing` on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It was written with these bytes.
    Written(Digest),
    /// It did not exist, and was about to be written with these bytes.
    Planned(Digest),
    /// It was written with the `old` bytes and about to be written with the `new`.
    Replacing {
        /// The bytes before.
        old: Digest,
        /// The bytes after.
        new: Digest,
    },
}

impl Claim {
    /// The claim on a file that has the bytes `old`, if it exists, and will be written as `new`.
    pub fn to_write(old: Option<Digest>, new: Digest) -> Self {
        old.map_or(Self::Planned(new), |old| Self::Replacing { old, new })
    }

    /// True if a file with these bytes was not changed since this program wrote it.
    pub fn covers(self, digest: Digest) -> bool {
        match self {
            Self::Written(only) | Self::Planned(only) => only == digest,
            Self::Replacing { old, new } => old == digest || new == digest,
        }
    }

    /// The last known bytes of a file on disk, if it is ours to overwrite. A planned file is ours
    /// only if it has the planned bytes: otherwise it is a foreign file of the same name.
    pub fn owned(self, on_disk: impl FnOnce() -> Option<Digest>) -> Option<Digest> {
        match self {
            Self::Written(old) => Some(old),
            Self::Planned(new) => on_disk().filter(|digest| *digest == new),
            Self::Replacing { old, new } => {
                Some(on_disk().filter(|digest| *digest == new).unwrap_or(old))
            }
        }
    }

    /// Its lines of the list: the mark and the digest of each.
    fn lines(self) -> impl Iterator<Item = (char, Digest)> {
        let (written, planned) = match self {
            Self::Written(digest) => (Some(digest), None),
            Self::Planned(digest) => (None, Some(digest)),
            Self::Replacing { old, new } => (Some(old), Some(new)),
        };
        written.map(|digest| (' ', digest)).into_iter().chain(planned.map(|digest| ('+', digest)))
    }
}

/// The file at the site's root with the manifest's name.
#[derive(Debug, PartialEq, Eq)]
pub enum ManifestState {
    /// No file.
    Nothing,
    /// A manifest.
    Manifest(Manifest),
    /// Not a valid manifest: truncated, edited, of another version or of another program.
    Damaged,
}

/// Every file this program has a claim on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest(BTreeMap<Route, Claim>);

impl Manifest {
    /// Reads the manifest of `site`. A symbolic link is not followed.
    pub fn find(site: &Path) -> ManifestState {
        let path = site.join(NAME);
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => ManifestState::Nothing,
            Ok(metadata) if metadata.is_file() => {
                let text = fs::read_to_string(&path).ok();
                text.and_then(|text| Self::parse(&text))
                    .map_or(ManifestState::Damaged, ManifestState::Manifest)
            }
            _ => ManifestState::Damaged,
        }
    }

    /// Writes the manifest of `site`, unless the file has this content already.
    pub fn save(&self, site: &Path) -> io::Result<()> {
        let (path, text) = (site.join(NAME), File::from(self.text()));
        let (_, same) = text.compare(disk::open(&path))?;
        if same { Ok(()) } else { disk::replace(&path, |target| text.copy_to(target)).map(|_| ()) }
    }

    /// The claim on a file.
    pub fn get(&self, route: &Route) -> Option<Claim> {
        self.0.get(route).copied()
    }

    /// All claims in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Route, Claim)> {
        self.0.iter().map(|(route, claim)| (route, *claim))
    }

    fn text(&self) -> String {
        let (mut body, mut count) = (String::new(), 0);
        for (route, claim) in &self.0 {
            for (mark, digest) in claim.lines() {
                // Writing to a `String` cannot fail.
                let _ = writeln!(body, "{digest}{mark}{route}");
                count += 1;
            }
        }
        format!("{VERSION} {count}\n{body}")
    }

    /// The manifest of a text. `lines` accepts `\r\n` too: a checkout of the site on Windows may
    /// have changed the line ends.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let count: usize = lines.next()?.strip_prefix(VERSION)?.strip_prefix(' ')?.parse().ok()?;
        let mut claims: Vec<(Route, Claim)> = Vec::new();
        let mut seen = 0;
        for line in lines {
            let (digest, mark, route) = parse_line(line)?;
            seen += 1;
            match (claims.last_mut(), mark) {
                (Some((last, _)), _) if *last > route => return None,
                (Some((last, claim)), '+') if *last == route => {
                    let Claim::Written(old) = *claim else { return None };
                    *claim = Claim::Replacing { old, new: digest };
                }
                (Some((last, _)), _) if *last == route => return None,
                (_, ' ') => claims.push((route, Claim::Written(digest))),
                (_, '+') => claims.push((route, Claim::Planned(digest))),
                _ => return None,
            }
        }
        (seen == count && text.ends_with('\n')).then(|| claims.into_iter().collect())
    }
}

impl FromIterator<(Route, Claim)> for Manifest {
    fn from_iter<T: IntoIterator<Item = (Route, Claim)>>(claims: T) -> Self {
        Self(claims.into_iter().collect())
    }
}

fn parse_line(line: &str) -> Option<(Digest, char, Route)> {
    let (digest, rest) = line.split_at_checked(Digest::LENGTH)?;
    let mark = rest.chars().next()?;
    let name = &rest[mark.len_utf8()..];
    let route = Route::file(name);
    let is_route = route.as_str() == name && !is_reserved(&route);
    is_route.then(|| Digest::parse(digest).map(|digest| (digest, mark, route)))?
}

/// True if the site may have no file at `route`: it is the manifest, in git's own folder, a
/// temporary file, or not a plain name below the root on this system (`C:` on Windows).
pub fn is_reserved(route: &Route) -> bool {
    let is_plain = |name: &str| {
        let mut parts = Path::new(name).components();
        matches!(parts.next(), Some(Component::Normal(_))) && parts.next().is_none()
    };
    let mut names = route.as_str().split('/');
    if names.clone().any(|name| !is_plain(name)) {
        return true;
    }
    // Each reserved name begins with a dot, and few others do: to work out the keys of 13,100
    // routes takes 10 ms.
    if !names.any(|name| name.starts_with('.')) {
        return false;
    }
    let key = route.disk_key();
    let top = key.split('/').next().unwrap_or_default();
    matches!(top, NAME | ".git") || key.split('/').any(temporary::is_temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "00000000000000000000000000000001";
    const B: &str = "00000000000000000000000000000002";

    #[test]
    fn a_manifest_reads_back() {
        let (a, b) = (Digest::parse(A).unwrap(), Digest::parse(B).unwrap());
        let claims = [
            ("+ x.html", Claim::Planned(a)),
            ("a-b.html", Claim::Written(b)),
            ("a/ b.html", Claim::Replacing { old: a, new: b }),
            ("文/页.html", Claim::Written(a)),
        ];
        let manifest: Manifest =
            claims.map(|(name, claim)| (Route::file(name), claim)).into_iter().collect();
        let text = manifest.text();
        assert_eq!(Manifest::parse(&text).as_ref(), Some(&manifest), "{text}");
        assert_eq!(Manifest::parse(&text.replace('\n', "\r\n")), Some(manifest), "{text}");
        for cut in 0..text.len() {
            let part = text.get(..cut);
            assert_eq!(part.and_then(Manifest::parse), None, "cut at {cut}");
        }
    }

    #[test]
    fn a_list_that_breaks_a_rule_is_ignored() {
        let table = [
            (format!("notes-manifest 1 1\n{A} a.html\n"), true),
            ("notes-manifest 1 0\n".to_owned(), true),
            (String::new(), false),
            (format!("notes-manifest 2 1\n{A} a.html\n"), false),
            (format!("notes-manifest 1 1\n{A} a.html"), false),
            (format!("notes-manifest 1 2\n{A} a.html\n"), false),
            (format!("notes-manifest 1 2\n{A} b.html\n{A} a.html\n"), false),
            (format!("notes-manifest 1 2\n{A} a.html\n{B} a.html\n"), false),
            (format!("notes-manifest 1 2\n{A}+a.html\n{B} a.html\n"), false),
            (format!("notes-manifest 1 1\n{A}?a.html\n"), false),
            (format!("notes-manifest 1 1\n{A}\n"), false),
            (format!("notes-manifest 1 1\n{A} \n"), false),
            ("notes-manifest 1 1\nxyz a.html\n".to_owned(), false),
            ("<<<<<<< HEAD\n".to_owned(), false),
        ];
        for (text, valid) in table {
            assert_eq!(Manifest::parse(&text).is_some(), valid, "{text}");
        }
    }

    #[test]
    fn no_line_names_a_file_outside_the_site_or_a_reserved_one() {
        for name in [
            "../../etc/passwd",
            "/etc/passwd",
            "a/../../b",
            "a//b",
            "./a",
            "a/.",
            "a\u{0}b",
            ".git/config",
            ".GIT/config",
            NAME,
            "a/.notes-tmp-1-abc",
        ] {
            assert_eq!(
                Manifest::parse(&format!("notes-manifest 1 1\n{A} {name}\n")),
                None,
                "{name}"
            );
        }
    }

    #[test]
    fn only_a_plain_file_is_a_manifest() {
        let site = tempfile::tempdir().unwrap();
        let path = site.path().join(NAME);
        assert_eq!(Manifest::find(site.path()), ManifestState::Nothing);
        Manifest::default().save(site.path()).unwrap();
        assert_eq!(Manifest::find(site.path()), ManifestState::Manifest(Manifest::default()));
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert_eq!(Manifest::find(site.path()), ManifestState::Damaged);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(Manifest::find(site.path()), ManifestState::Damaged);
    }
}
