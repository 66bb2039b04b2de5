//! Bytes of a note → text, with a message when they are no UTF-8.
//!
//! Must not know: where the bytes come from.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS};

use crate::diagnostic::{Diagnostic, Kind};

/// Decodes UTF-8; else UTF-16 by its byte order mark; else, where every byte fits, Big5 or `Shift_JIS` if it looks like one
/// of them, or GB18030 (of which GBK and GB2312 are parts); else UTF-8 with what does not fit replaced.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<Diagnostic>) {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (text.to_owned(), None),
        Err(error) => error,
    };
    let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let (text, name) = match marked {
        Some(encoding) => (encoding.decode(bytes).0.into_owned(), encoding.name()),
        None => {
            let fits = |encoding: &'static Encoding| {
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
                Some((text.into_owned(), encoding.name()))
            };
            let fitting = guessed(bytes).and_then(fits).or_else(|| fits(GB18030));
            fitting.unwrap_or_else(|| (String::from_utf8_lossy(bytes).into_owned(), ""))
        }
    };
    let message = if name.is_empty() {
        "the text is not UTF-8; what does not fit is shown as �".to_owned()
    } else {
        format!("the text is not UTF-8; it was read as {name}")
    };
    let problem = Diagnostic::new(Kind::Encoding, message)
        .at_line(u32::try_from(line).unwrap_or(u32::MAX))
        .hint("save the file as UTF-8");
    (text, Some(problem))
}

/// The encoding that the bytes look like, if it is one that is told from GB18030 surely: of 315 Chinese notes in GB18030 none
/// was taken for these two, but 18 for EUC-JP or EUC-KR, which have much the same bytes.
fn guessed(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    [BIG5, SHIFT_JIS].into_iter().find(|encoding| *encoding == guess)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_other_encodings_are_read_and_reported() {
        let gbk = GB18030.encode("第一行\n一致性").0;
        let big5 = BIG5.encode("# 分散式系統\n資料庫的複製與一致性").0;
        let japanese = SHIFT_JIS.encode("# はじめに\n分散システムの合意").0;
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("一致".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, expected, line) in [
            ("一致".as_bytes(), "一致", None),
            (&gbk, "第一行\n一致性", Some(1)),
            (&utf16, "一致", Some(1)),
            (&big5, "# 分散式系統\n資料庫的複製與一致性", Some(1)),
            (&japanese, "# はじめに\n分散システムの合意", Some(1)),
            (b"a\nb\xFF\xFF", "a\nb\u{FFFD}\u{FFFD}", Some(2)),
        ] {
            let (text, problem) = decode(bytes);
            assert_eq!(text.trim_start_matches('\u{FEFF}'), expected);
            assert_eq!(problem.map(|problem| problem.place.span.line), line);
        }
    }
}
