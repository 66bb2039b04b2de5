//! A file on disk → the answer with it, or with the part of it that is requested.
//!
//! Must not know: the site, addresses.

use std::io::Read;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::http;
use crate::digest::Digest;
use crate::output::Opened;

/// Size of the pieces in which a file is read, in bytes.
const CHUNK: usize = 64 << 10;

/// The answer with a file on disk, or with the requested part of it: browsers load videos in parts.
pub(super) fn answer(method: &Method, headers: &HeaderMap, kind: String, file: Opened) -> Response {
    let size = file.size;
    let tag = file.stamp.map(|stamp| http::tag(Digest::of_value(&stamp)));
    if let Some(tag) = tag.as_deref().filter(|tag| http::is_known(headers, tag)) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    let (status, from, length) = match wanted(headers, tag.as_deref(), size) {
        None => (StatusCode::OK, 0, size),
        Some(Wanted::Part(from, to)) => (StatusCode::PARTIAL_CONTENT, from, to - from + 1),
        Some(Wanted::Nothing) => {
            let range = [(CONTENT_RANGE, format!("bytes */{size}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, range).into_response();
        }
    };
    let body = match file.part(from, length) {
        Ok(_) if method == Method::HEAD => Body::empty(),
        Ok(part) => read(part),
        Err(_) => return http::not_found(),
    };
    let mut response = (
        status,
        [
            (CONTENT_TYPE, kind),
            (CONTENT_LENGTH, length.to_string()),
            (ACCEPT_RANGES, "bytes".to_owned()),
        ],
        body,
    )
        .into_response();
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(range) = format!("bytes {from}-{}/{size}", from + length - 1).parse()
    {
        response.headers_mut().insert(CONTENT_RANGE, range);
    }
    if let Some(tag) = tag.and_then(|tag| tag.parse().ok()) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// The requested part of a file that has this tag now; `None` if the whole file is to be sent. With
/// `If-Range` a part is only of use if it is of the same file as those that the browser has
/// (RFC 9110 §13.1.5). A date there is never sure enough: a file may change twice in a second.
fn wanted(headers: &HeaderMap, tag: Option<&str>, size: u64) -> Option<Wanted> {
    let range = headers.get(RANGE)?.to_str().ok()?;
    if let Some(condition) = headers.get(IF_RANGE)
        && condition.to_str().ok() != Some(tag?)
    {
        return None;
    }
    one_range(range, size)
}

/// The part of a file that is requested.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// From the first of these bytes to the last, inclusive.
    Part(u64, u64),
    /// A part outside the file.
    Nothing,
}

/// The requested range (RFC 9110 §14.1.2); `None` if the whole file is to be sent, as also for
/// several ranges.
fn one_range(text: &str, size: u64) -> Option<Wanted> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.parse::<u64>().ok();
    let (first, last) = (first.trim(), last.trim());
    let (from, to) = if first.is_empty() {
        (size.saturating_sub(number(last)?), size.checked_sub(1))
    } else {
        let end = if last.is_empty() { u64::MAX } else { number(last)? };
        (number(first)?, size.checked_sub(1).map(|most| most.min(end)))
    };
    Some(to.filter(|to| from <= *to).map_or(Wanted::Nothing, |to| Wanted::Part(from, to)))
}

/// A body that reads a part of a file, one chunk when the one before is sent, so that a slow client
/// does not occupy a thread.
fn read(file: impl Read + Send + 'static) -> Body {
    Body::from_stream(stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let chunk = move || {
            let mut chunk = vec![0; CHUNK];
            let read = file.read(&mut chunk);
            (read, chunk, file)
        };
        let (read, mut chunk, file) = tokio::task::spawn_blocking(chunk).await.ok()?;
        match read {
            Ok(0) => None,
            Ok(length) => {
                chunk.truncate(length);
                Some((Ok(Bytes::from(chunk)), Some(file)))
            }
            // The error ends the stream.
            Err(error) => Some((Err(error), None)),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_sent_only_of_the_file_that_the_browser_has() {
        for (condition, tag, expected) in [
            (None, Some("\"a\""), Some(Wanted::Part(2, 4))),
            (None, None, Some(Wanted::Part(2, 4))),
            (Some("\"a\""), Some("\"a\""), Some(Wanted::Part(2, 4))),
            (Some("\"b\""), Some("\"a\""), None),
            (Some("\"a\""), None, None),
            (Some("W/\"a\""), Some("\"a\""), None),
            (Some("Sat, 28 Nov 2026 12:00:00 GMT"), Some("\"a\""), None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, "bytes=2-4".parse().unwrap());
            if let Some(condition) = condition {
                headers.insert(IF_RANGE, condition.parse().unwrap());
            }
            assert_eq!(wanted(&headers, tag, 10), expected, "{condition:?} {tag:?}");
        }
    }

    #[test]
    fn one_part_of_a_file_can_be_requested() {
        for (text, expected) in [
            ("bytes=0-", Some(Wanted::Part(0, 99))),
            ("bytes=10-19", Some(Wanted::Part(10, 19))),
            ("bytes=90-200", Some(Wanted::Part(90, 99))),
            ("bytes=-10", Some(Wanted::Part(90, 99))),
            ("bytes=-200", Some(Wanted::Part(0, 99))),
            ("bytes=100-", Some(Wanted::Nothing)),
            ("bytes=20-10", Some(Wanted::Nothing)),
            ("bytes=-0", Some(Wanted::Nothing)),
            ("bytes=0-1,5-6", None),
            ("lines=0-1", None),
            ("bytes=a-b", None),
        ] {
            assert_eq!(one_range(text, 100), expected, "{text}");
        }
        assert_eq!(one_range("bytes=0-", 0), Some(Wanted::Nothing));
    }
}
