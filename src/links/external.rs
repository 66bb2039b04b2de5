//! A destination → the address of another site, or a refusal to link to it.
//!
//! Must not know: the paths of notes.

use super::Target;

/// Allowed schemes of links. Those that run code or show their own text as a page (`javascript:`,
/// `data:`, `vbscript:`) are not among them.
const SCHEMES: [&str; 13] = [
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "ssh", "git", "irc", "magnet",
    "geo",
];

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
