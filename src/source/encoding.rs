//! Bytes of a note → text, with a message when they are no UTF-8.
//!
//! Must not know: where the bytes come from.

use encoding_rs::{Encoding, GB18030};

use crate::diagnostic::{Diagnostic, Kind};

/// Decodes UTF-8; else UTF-16 by its byte order mark; else GB18030 (of which GBK and GB2312 are parts) where
/// every byte fits it; else UTF-8 with what does not fit replaced.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<Diagnostic>) {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return (text.to_owned(), None),
        Err(error) => error,
    };
    let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count() + 1;
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let (text, name) = match marked {
        Some(encoding) => (encoding.decode(bytes).0.into_owned(), encoding.name()),
        None => match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => (text.into_owned(), "GB18030"),
            None => (String::from_utf8_lossy(bytes).into_owned(), ""),
        },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_other_encodings_are_read_and_reported() {
        let gbk = GB18030.encode("第一行\n一致性").0;
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("一致".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, expected, line) in [
            ("一致".as_bytes(), "一致", None),
            (&gbk, "第一行\n一致性", Some(1)),
            (&utf16, "一致", Some(1)),
            (b"a\nb\xFF\xFF", "a\nb\u{FFFD}\u{FFFD}", Some(2)),
        ] {
            let (text, problem) = decode(bytes);
            assert_eq!(text.trim_start_matches('\u{FEFF}'), expected);
            assert_eq!(problem.map(|problem| problem.place.span.line), line);
        }
    }
}
