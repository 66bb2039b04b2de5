//! A destination → the address of another site, or a refusal to link to it.
//!
//! Must not know: the paths of notes.

use std::borrow::Cow;

use super::Target;

/// Allowed schemes of links. Those that run code or show their own text as a page (`javascript:`,
/// `data:`, `vbscript:`) are not among them.
const SCHEMES: [&str; 13] = [
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "ssh", "git", "irc", "magnet",
    "geo",
];

/// Sites with pages about files, and what leads to the file itself in place of the first text.
const FILE_PAGES: [(&str, &str, &str); 3] = [
    ("https://github.com/", "/blob/", "/raw/"),
    ("https://gitee.com/", "/blob/", "/raw/"),
    ("https://gitlab.com/", "/-/blob/", "/-/raw/"),
];

/// The address of a picture, of which `url` may be that of a page about it: GitHub shows the
/// picture in place of such an address, any other page shows nothing.
#[must_use]
pub fn picture_url(url: &str) -> Cow<'_, str> {
    for (site, page, file) in FILE_PAGES {
        let secure = url.strip_prefix("http://").map(|rest| format!("https://{rest}"));
        let Some(path) = secure.as_deref().unwrap_or(url).strip_prefix(site) else { continue };
        let Some((repository, path)) = path.split_once(page) else { continue };
        // A folder of that name may come later; projects of GitLab are in groups of groups.
        if page.starts_with("/-/") || repository.matches('/').count() == 1 {
            return Cow::Owned(format!("{site}{repository}{file}{path}"));
        }
    }
    Cow::Borrowed(url)
}

/// The target of an address of another site, [`Target::Dead`] for one that must not be followed;
/// `None` for a path.
#[must_use]
pub fn external_target(destination: &str) -> Option<Target> {
    if destination.starts_with("//") {
        return Some(Target::External(format!("https:{destination}")));
    }
    if let Some((scheme, rest)) = destination.split_once(':')
        && scheme.len() >= 2
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    {
        let scheme = scheme.to_ascii_lowercase();
        let is_port = rest.starts_with(|c: char| c.is_ascii_digit());
        if SCHEMES.contains(&scheme.as_str()) {
            return Some(Target::External(format!("{scheme}:{rest}")));
        }
        if is_port && scheme.contains('.') {
            return Some(Target::External(format!("http://{destination}")));
        }
        let runs =
            ["javascript", "vbscript", "data", "file", "blob", "about"].contains(&scheme.as_str());
        return runs.then_some(Target::Dead);
    }
    let host = destination.split(['/', '?', '#']).next().unwrap_or_default();
    let (start, rest) = host.split_at_checked(4)?;
    if !start.eq_ignore_ascii_case("www.") || !rest.contains('.') {
        return None;
    }
    Some(Target::External(format!("http://{destination}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_about_pictures_lead_to_the_pictures() {
        for (url, expected) in [
            ("https://github.com/u/r/blob/main/p.png", "https://github.com/u/r/raw/main/p.png"),
            ("http://github.com/u/r/blob/a/b/p.png", "https://github.com/u/r/raw/a/b/p.png"),
            ("https://gitee.com/u/r/blob/master/p.png", "https://gitee.com/u/r/raw/master/p.png"),
            ("https://gitlab.com/g/s/r/-/blob/m/p.png", "https://gitlab.com/g/s/r/-/raw/m/p.png"),
            ("https://github.com/u/r/raw/m/blob/p.png", "https://github.com/u/r/raw/m/blob/p.png"),
            ("https://github.com/u/r/blob/m/blob/p.png", "https://github.com/u/r/raw/m/blob/p.png"),
            ("https://e.org/u/r/blob/m/p.png", "https://e.org/u/r/blob/m/p.png"),
        ] {
            assert_eq!(picture_url(url), expected);
        }
    }
}
