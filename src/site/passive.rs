//! Files beside the notes → those that may be published where the notes are not trusted: files that
//! no browser runs, and no server with its usual settings.
//!
//! Must not know: links, the content of files.

use crate::config::{Config, Cover};
use crate::path::SourcePath;

/// The extensions of files that are only shown, played or saved. A list of those that run would
/// never be complete: servers give some hundred types that end in `+xml` (`.rs` has one), in each
/// of which a browser runs scripts, and some servers run files themselves (`.php`).
///
/// SVG is not in it, even for an image: a browser runs no script of an `<img>`, but the file has an
/// address of its own, and runs there as a page of the site. A link to that address need not be in
/// the notes.
///
/// Source texts such as `.py` and `.sh` are in it, for study notes link to many: as CGI, a server
/// runs only files that may be executed (RFC 3875 leaves it to the system), and no file of the site
/// may. Types that servers read and run themselves (`.php`) are not.
const PASSIVE: &[&[&str]] = &[
    &["apng", "avif", "bmp", "eps", "gif", "heic", "heif", "ico", "jfif", "jpe", "jpeg", "jpg"],
    &["jxl", "png", "ps", "psd", "tif", "tiff", "webp"],
    &["aac", "aif", "aiff", "flac", "m4a", "mid", "midi", "mp3", "oga", "ogg", "opus", "wav"],
    &["3gp", "avi", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "ogv", "webm", "wmv"],
    &["srt", "vtt", "otf", "ttf", "woff", "woff2"],
    &["azw3", "djvu", "doc", "docx", "epub", "mobi", "odg", "odp", "ods", "odt", "pdf", "pps"],
    &["ppsx", "ppt", "pptx", "rtf", "xls", "xlsx", "xmind"],
    &["bib", "csv", "diff", "ics", "log", "patch", "tex", "text", "tsv", "txt", "vcf"],
    &["7z", "bz2", "gz", "jar", "rar", "tar", "tgz", "xz", "zip", "zst"],
    &["apk", "deb", "dmg", "exe", "iso", "msi", "rpm", "torrent"],
    &["bash", "c", "cc", "cfg", "conf", "cpp", "cs", "cxx", "go", "gradle", "h", "hpp", "hs"],
    &["ini", "ipynb", "java", "jl", "json", "jsonl", "kt", "lua", "properties", "proto", "py"],
    &["r", "scala", "sh", "sql", "swift", "toml", "yaml", "yml"],
];

/// Extensions that count anywhere in a name: to some servers `a.html.gz` is a packed page, and
/// `a.php.txt` a program.
const ANYWHERE: [&str; 25] = [
    "asp", "aspx", "cgi", "htm", "html", "js", "jsp", "mjs", "phar", "php", "php3", "php4", "php5",
    "php7", "php8", "pht", "phtml", "pl", "shtml", "svg", "xht", "xhtml", "xml", "xsl", "xslt",
];

/// Extensions of one packed file, which a server may name by the type of that file, and browsers
/// unpack (RFC 9110 §8.4).
const PACKED: [&str; 5] = ["br", "bz2", "gz", "xz", "zst"];

/// True if a file may be published: one that is only shown, one that the settings name themselves,
/// or any if the notes are trusted.
pub(super) fn may_be_published(path: &SourcePath, config: &Config) -> bool {
    !config.safe_html || is_passive(path.name()) || is_named(path, config)
}

/// True if the settings name a file, and not just its folder or a pattern. The settings are the
/// owner's, like templates.
fn is_named(path: &SourcePath, config: &Config) -> bool {
    let shown = [&config.cover, &config.logo];
    let is_picture =
        |shown: &&Option<Cover>| matches!(shown, Some(Cover::File(file)) if file == path);
    shown.iter().any(is_picture) || config.icon.as_ref() == Some(path) || config.assets.names(path)
}

/// True if a file with this name is only shown, played or saved.
fn is_passive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let parts: Vec<&str> = name.split('.').collect();
    let [_, middle @ .., last] = &parts[..] else { return false };
    let is_of = |part: &str| PASSIVE.iter().any(|group| group.contains(&part));
    let is_packed_other =
        PACKED.contains(last) && middle.last().is_some_and(|packed| !is_of(packed));
    let is_known = is_of(last) && !is_packed_other;
    is_known && !middle.iter().any(|part| ANYWHERE.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_no_browser_runs() {
        for (name, expected) in [
            ("a.png", true),
            ("A.JPEG", true),
            ("幻灯片.pdf", true),
            ("a.b.tar.gz", true),
            ("a.gz", true),
            ("feed.rss.gz", false),
            ("m.atom.bz2", false),
            ("p.pht.png", false),
            ("q.php7.txt", false),
            ("film.webm", true),
            ("main.py", true),
            ("a.html", false),
            ("a.HTM", false),
            ("a.xhtml", false),
            ("a.xht", false),
            ("a.shtml", false),
            ("a.mhtml", false),
            ("a.xml", false),
            ("a.xsl", false),
            ("a.rss", false),
            ("a.svg", false),
            ("a.Svgz", false),
            ("a.mml", false),
            ("a.kml", false),
            ("main.rs", false),
            ("a.js", false),
            ("a.mjs", false),
            ("a.swf", false),
            ("a.php", false),
            ("a.php.txt", false),
            ("a.html.gz", false),
            ("a.svg.gz", false),
            ("web.config", false),
            ("_redirects", false),
            ("html", false),
            ("a.", false),
            ("a.png ", false),
            ("a.html\u{200b}", false),
        ] {
            assert_eq!(is_passive(name), expected, "{name}");
        }
    }
}
