//! A text → a language tag written as BCP 47 (RFC 5646 §2.1.1) recommends: `zh_cn` is `zh-CN`.
//!
//! Must not know: the languages of the interface.

use super::mistake::{Mistake, shortened};
use crate::phrase::phrase;

/// Reads a language tag.
pub(super) fn parse(text: &str) -> Result<String, Mistake> {
    let text = text.trim().replace('_', "-");
    let subtag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let language = text.split('-').next().unwrap_or_default();
    let named =
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    if !named || !text.split('-').all(subtag) {
        return Err(Mistake::new(
            phrase!("must be a language tag, not “{text}”", text = shortened(&text)),
            phrase!("write a tag such as zh-CN or en"),
        ));
    }
    Ok(text
        .split('-')
        .enumerate()
        .map(|(index, part)| cased(index, part))
        .collect::<Vec<_>>()
        .join("-"))
}

/// A subtag in its recommended case: regions in capitals, scripts capitalized, the rest in lower
/// case.
fn cased(index: usize, part: &str) -> String {
    let small = part.to_ascii_lowercase();
    match (index, part.len()) {
        (1.., 2) => small.to_ascii_uppercase(),
        (1.., 4) => format!("{}{}", small[..1].to_ascii_uppercase(), &small[1..]),
        _ => small,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        for (text, expected) in [
            ("zh-CN", Some("zh-CN")),
            ("zh_cn", Some("zh-CN")),
            ("ZH-hans-cn", Some("zh-Hans-CN")),
            ("en", Some("en")),
            ("no", Some("no")),
            ("es-419", Some("es-419")),
            ("Chinese", None),
            ("中文", None),
            ("zh-", None),
            ("", None),
        ] {
            assert_eq!(parse(text).ok().as_deref(), expected, "{text}");
        }
    }
}
