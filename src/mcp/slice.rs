//! The text of an array or object of JSON → the texts of the values in it, as they were written. A
//! number that is read and written again may be another.
//!
//! Must not know: messages.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// The items of an array that is sound.
pub(super) fn items(array: &[u8]) -> Vec<&[u8]> {
    let mut items = Vec::new();
    let mut rest = behind(array, b'[');
    while let Some((item, after)) = rest.and_then(first_value) {
        items.push(item);
        rest = behind(after, b',');
    }
    items
}

/// The value with a name in an object that is sound; of several the last, as `serde_json` has it.
pub(super) fn member<'t>(object: &'t [u8], name: &str) -> Option<&'t [u8]> {
    let mut found = None;
    let mut rest = behind(object, b'{');
    while let Some((key, after)) = rest.and_then(first_value) {
        let (value, after) = first_value(behind(after, b':')?)?;
        if serde_json::from_slice::<String>(key).is_ok_and(|key| key == name) {
            found = Some(value);
        }
        rest = behind(after, b',');
    }
    found
}

/// The value at the beginning of a text, and the text behind it.
fn first_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.trim_ascii_start();
    let mut values = Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(text.split_at(values.byte_offset()))
}

/// The text behind a sign.
fn behind(text: &[u8], sign: u8) -> Option<&[u8]> {
    text.trim_ascii_start().strip_prefix(&[sign])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_as_they_were_written() {
        for (object, expected) in [
            (r#"{"id": 123456789012345678901234567890, "b": 1}"#, "123456789012345678901234567890"),
            (r#" { "a" : [ { "id" : 1 } ] , "id" : "x\u4e00\"}" } "#, r#""x\u4e00\"}""#),
            (r#"{"id":1,"\u0069d":2.50}"#, "2.50"),
            (r#"{"id":{"a":[1,2]},"b":"]"}"#, r#"{"a":[1,2]}"#),
        ] {
            assert_eq!(member(object.as_bytes(), "id"), Some(expected.as_bytes()), "{object}");
        }
        assert_eq!(member(br#"{"a":{"id":1}}"#, "id"), None);
        assert_eq!(member(b"[1]", "id"), None);
        assert_eq!(items(br#" [1, "]",{"a":[2]} ] "#), [&b"1"[..], br#""]""#, br#"{"a":[2]}"#]);
        assert!(items(b"[]").is_empty());
    }
}
