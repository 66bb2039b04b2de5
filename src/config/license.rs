//! The name of a license → a [`License`], with the address of its text if the name is well known.
//!
//! Must not know: the pages that show the license.

use super::mistake::Mistake;
use super::problems::Problems;
use super::typed;
use super::url::Url;
use super::yaml::YamlStep;
use crate::phrase::phrase;

/// The license of the notes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct License {
    /// Its name as the writer wrote it.
    pub name: String,
    /// The address of its text, if that is known.
    pub url: Option<Url>,
}

/// Licenses by their SPDX identifier (<https://spdx.org/licenses/>) as [`key`] writes it, and their
/// texts.
const KNOWN: [(&str, &str); 27] = [
    ("0BSD", "https://opensource.org/license/0bsd"),
    ("AGPL3.0", "https://www.gnu.org/licenses/agpl-3.0.html"),
    ("AGPL3.0ONLY", "https://www.gnu.org/licenses/agpl-3.0.html"),
    ("AGPL3.0ORLATER", "https://www.gnu.org/licenses/agpl-3.0.html"),
    ("APACHE2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    ("BSD2CLAUSE", "https://opensource.org/license/bsd-2-clause"),
    ("BSD3CLAUSE", "https://opensource.org/license/bsd-3-clause"),
    ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ("CC01.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ("GFDL1.3", "https://www.gnu.org/licenses/fdl-1.3.html"),
    ("GFDL1.3ONLY", "https://www.gnu.org/licenses/fdl-1.3.html"),
    ("GFDL1.3ORLATER", "https://www.gnu.org/licenses/fdl-1.3.html"),
    ("GPL2.0", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"),
    ("GPL2.0ONLY", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"),
    ("GPL2.0ORLATER", "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html"),
    ("GPL3.0", "https://www.gnu.org/licenses/gpl-3.0.html"),
    ("GPL3.0ONLY", "https://www.gnu.org/licenses/gpl-3.0.html"),
    ("GPL3.0ORLATER", "https://www.gnu.org/licenses/gpl-3.0.html"),
    ("ISC", "https://opensource.org/license/isc-license-txt"),
    ("LGPL3.0", "https://www.gnu.org/licenses/lgpl-3.0.html"),
    ("LGPL3.0ONLY", "https://www.gnu.org/licenses/lgpl-3.0.html"),
    ("LGPL3.0ORLATER", "https://www.gnu.org/licenses/lgpl-3.0.html"),
    ("MIT", "https://opensource.org/license/mit"),
    ("MIT0", "https://opensource.org/license/mit-0"),
    ("MPL2.0", "https://www.mozilla.org/MPL/2.0/"),
    ("UNLICENSE", "https://unlicense.org/"),
    ("WTFPL", "http://www.wtfpl.net/about/"),
];

/// The kinds of Creative Commons licenses, as [`key`] writes them and as their addresses do; the
/// longer ones first, because they are tried as prefixes.
const COMMONS: [(&str, &str); 6] = [
    ("BYNCSA", "by-nc-sa"),
    ("BYNCND", "by-nc-nd"),
    ("BYNC", "by-nc"),
    ("BYSA", "by-sa"),
    ("BYND", "by-nd"),
    ("BY", "by"),
];

/// Reads `license`.
pub(super) fn resolve(typed: typed::TypedLicense, problems: &mut Problems<'_>) -> License {
    let (name, url, steps) = match typed {
        typed::TypedLicense::Name(name) => (name, None, &[YamlStep::Key("license")][..]),
        typed::TypedLicense::Named(named) => {
            (named.name, named.url, &[YamlStep::Key("license"), YamlStep::Key("name")][..])
        }
    };
    let name = name.trim().to_owned();
    if name.is_empty() {
        problems.error(
            steps,
            &Mistake::new(
                phrase!("is empty"),
                phrase!("write the license's name, such as CC BY-SA 4.0"),
            ),
        );
    }
    let url = match url {
        Some(text) => {
            problems.take(&[YamlStep::Key("license"), YamlStep::Key("url")], Url::parse(&text))
        }
        None => text_of(&name),
    };
    License { name, url }
}

/// The address of the text of a well-known license.
fn text_of(name: &str) -> Option<Url> {
    let key = key(name);
    let known = KNOWN.iter().find(|(known, _)| *known == key).map(|(_, url)| (*url).to_owned());
    known.or_else(|| commons(&key)).and_then(|url| Url::parse(&url).ok())
}

/// The text of `CCBYNCSA4.0` and the like.
fn commons(key: &str) -> Option<String> {
    let rest = key.strip_prefix("CC")?;
    let (name, version) =
        COMMONS.iter().find_map(|(code, name)| Some((name, rest.strip_prefix(code)?)))?;
    let known = matches!(version, "1.0" | "2.0" | "2.5" | "3.0" | "4.0");
    known.then(|| format!("https://creativecommons.org/licenses/{name}/{version}/"))
}

/// A name in capitals, without the parts that people write in different ways: blanks, hyphens and
/// the word "license" at its end.
fn key(name: &str) -> String {
    let upper = name.trim().to_uppercase();
    let bare = upper.strip_suffix(" LICENSE").unwrap_or(&upper);
    bare.chars().filter(|c| c.is_alphanumeric() || *c == '.').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_names() {
        for (name, expected) in [
            ("CC BY-NC-SA 4.0", Some("https://creativecommons.org/licenses/by-nc-sa/4.0/")),
            ("CC-BY-4.0", Some("https://creativecommons.org/licenses/by/4.0/")),
            ("cc by-nd 3.0", Some("https://creativecommons.org/licenses/by-nd/3.0/")),
            ("CC0-1.0", Some("https://creativecommons.org/publicdomain/zero/1.0/")),
            ("MIT", Some("https://opensource.org/license/mit")),
            ("MIT License", Some("https://opensource.org/license/mit")),
            ("Unlicense", Some("https://unlicense.org/")),
            ("GPL-3.0-or-later", Some("https://www.gnu.org/licenses/gpl-3.0.html")),
            ("Apache-2.0", Some("https://www.apache.org/licenses/LICENSE-2.0")),
            ("CC BY", None),
            ("CC BY 9.0", None),
            ("All rights reserved", None),
        ] {
            assert_eq!(text_of(name).as_ref().map(Url::as_str), expected, "{name}");
        }
    }

    #[test]
    fn every_known_url_is_one() {
        for (name, url) in KNOWN {
            assert_eq!((key(name), Url::parse(url).unwrap().as_str()), (name.to_owned(), url));
        }
    }
}
