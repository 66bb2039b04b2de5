//! Bytes of a note → text, with a diagnostic if they are not UTF-8.
//!
//! Must not know: files.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

use crate::diagnostic::{Diagnostic, Kind};
use crate::phrase::phrase;

/// Decodes, in this order: UTF-8; UTF-16 with a byte order mark; UTF-8 with few invalid bytes,
/// which are replaced; the guessed one of Big5, `Shift_JIS` and Windows-1252, or GB18030 (which
/// includes GBK and GB2312), if all bytes are valid in it; UTF-8 with all invalid bytes replaced.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<Diagnostic>) {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (text.to_owned(), None),
        Err(error) => error,
    };
    let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
    let (text, name) =
        read(bytes).unwrap_or_else(|| (String::from_utf8_lossy(bytes).into_owned(), ""));
    let message = if name.is_empty() {
        phrase!("the text is not UTF-8; invalid bytes are shown as �")
    } else {
        phrase!("the text is not UTF-8; it was read as {name}", name)
    };
    let problem = Diagnostic::new(Kind::Encoding, message)
        .at_line(u32::try_from(line).unwrap_or(u32::MAX))
        .help(phrase!("save the file as UTF-8"));
    (text, Some(problem))
}

/// The text in its probable encoding and that encoding's name; `None` if the bytes are not valid in
/// any candidate.
fn read(bytes: &[u8]) -> Option<(String, &'static str)> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some((encoding.decode(bytes).0.into_owned(), encoding.name()));
    }
    if is_little_broken(&String::from_utf8_lossy(bytes)) {
        return None;
    }
    let fits = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        Some((text.into_owned(), if encoding == GB18030 { "GB18030" } else { encoding.name() }))
    };
    guessed(bytes).and_then(fits).or_else(|| fits(GB18030))
}

/// True if the text is UTF-8 with few errors: characters of three bytes and more, which random
/// bytes hardly form, are at least four times as many as invalid sequences.
fn is_little_broken(lossy: &str) -> bool {
    let broken = lossy.matches(char::REPLACEMENT_CHARACTER).count();
    let whole = lossy.chars().filter(|c| c.len_utf8() > 2).count() - broken;
    whole > 0 && whole >= 4 * broken
}

/// Fewest bytes beyond ASCII that the detector needs for a reliable guess; with fewer the text is
/// taken for GB18030.
const ENOUGH: usize = 8;

/// The detector's guess, if it is an encoding that it reliably tells apart from GB18030: of 315
/// Chinese notes in GB18030 none was taken for Big5 or `Shift_JIS`, but 18 for EUC-JP or EUC-KR,
/// whose bytes are much the same. Windows-1252 is believed only if no two bytes beyond ASCII are
/// adjacent: accented letters are usually single, and Chinese text comes in pairs of bytes.
fn guessed(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let are_single = bytes.windows(2).all(|pair| pair[0].is_ascii() || pair[1].is_ascii());
    if guess == WINDOWS_1252 && are_single {
        return Some(guess);
    }
    let is_enough = bytes.iter().filter(|byte| !byte.is_ascii()).count() >= ENOUGH;
    [BIG5, SHIFT_JIS].into_iter().find(|encoding| *encoding == guess && is_enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_other_encodings_are_read_and_reported() {
        let gbk = GB18030.encode("第一行\n一致性").0;
        let big5 = BIG5.encode("# 分散式系統\n資料庫的複製與一致性").0;
        let japanese = SHIFT_JIS.encode("# はじめに\n分散システムの合意").0;
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("一致".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for (bytes, expected, line) in [
            ("一致".as_bytes(), "一致", None),
            (&gbk, "第一行\n一致性", Some(1)),
            (&utf16, "一致", Some(1)),
            (&big5, "# 分散式系統\n資料庫的複製與一致性", Some(1)),
            (&japanese, "# はじめに\n分散システムの合意", Some(1)),
            (&"# 笔记\n一致性与共识".as_bytes()[..25], "# 笔记\n一致性与共\u{FFFD}", Some(2)),
            (b"M\xFCller na\xEFve caf\xE9", "Müller naïve café", Some(1)),
            (b"# a\n\xd2\xbb\xd6\xc2 \n", "# a\n一致 \n", Some(2)),
            (b"a\nb\xFF\xFF", "a\nb\u{FFFD}\u{FFFD}", Some(2)),
        ] {
            let (text, problem) = decode(bytes);
            assert_eq!(text.trim_start_matches('\u{FEFF}'), expected);
            assert_eq!(problem.map(|problem| problem.location.span.line), line);
        }
    }
}
