//! The texts and destinations of inline links, as far as brackets show them (CommonMark 0.31 §6.3):
//! a formula is within one of them or around the whole link.
//!
//! Must not know: formulas.

use std::cmp::Reverse;
use std::ops::Range;

use crate::markdown::scan::Scan;

/// No destination is longer, in bytes, so that a line of brackets is not searched again and again.
const LONGEST: usize = 1024;

/// The places where texts and destinations of links begin and end.
#[derive(Debug, Default)]
pub(super) struct LinkParts {
    /// Each place with the number of the innermost part that goes on from it; zero is none.
    bounds: Vec<(usize, usize)>,
}

impl LinkParts {
    /// Finds the links in the prose of a text.
    pub fn new(text: &str, scan: &Scan) -> Self {
        if memchr::memmem::find(text.as_bytes(), b"](").is_none() {
            return Self::default();
        }
        let mut parts = parts(text, scan);
        parts.sort_unstable_by_key(|part| (part.start, Reverse(part.end)));
        let mut bounds = Vec::with_capacity(parts.len() * 2);
        // The open parts: their ends and numbers.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for (index, part) in parts.into_iter().enumerate() {
            close(&mut open, part.start, &mut bounds);
            bounds.push((part.start, index + 1));
            open.push((part.end, index + 1));
        }
        close(&mut open, text.len(), &mut bounds);
        Self { bounds }
    }

    /// The number of the innermost part that a place is in.
    pub fn at(&self, place: usize) -> usize {
        let after = self.bounds.partition_point(|&(start, _)| start <= place);
        after.checked_sub(1).map_or(0, |index| self.bounds[index].1)
    }
}

/// Closes the parts that end at a place or before it.
fn close(open: &mut Vec<(usize, usize)>, place: usize, bounds: &mut Vec<(usize, usize)>) {
    while let Some((end, _)) = open.pop_if(|&mut (end, _)| end <= place) {
        bounds.push((end, open.last().map_or(0, |&(_, number)| number)));
    }
}

fn parts(text: &str, scan: &Scan) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(sign) = memchr::memchr3(b'[', b']', b'\\', &bytes[at..]).map(|n| at + n) {
        if text[at..sign].contains("\n\n") {
            open.clear();
        }
        at = sign + 1;
        if scan.kind(sign).is_some() {
            continue;
        }
        match bytes[sign] {
            b'[' => open.push(sign),
            b']' => {
                let Some(start) = open.pop() else { continue };
                let Some(end) = destination_end(bytes, sign + 1) else { continue };
                parts.push(start + 1..sign);
                parts.push(sign + 2..end);
                at = end;
            }
            // The next sign is escaped.
            _ => at = (sign + 2).min(text.len()),
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    parts
}

/// The place of the parenthesis that ends a destination, with its title, which begins with a
/// parenthesis at a place.
fn destination_end(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start) != Some(&b'(') {
        return None;
    }
    let window = &bytes[..bytes.len().min(start + LONGEST)];
    let mut depth = 1_usize;
    let mut at = start + 1;
    // The sign that ends what is between quotes or angle brackets.
    let mut quote: Option<u8> = None;
    let mut has_title = false;
    while let Some(&byte) = window.get(at) {
        match (quote, byte) {
            (_, b'\n') => return None,
            (_, b'\\') => at += 1,
            (Some(end), byte) => quote = quote.filter(|_| byte != end),
            (None, b'<') if at == start + 1 => quote = Some(b'>'),
            (None, b'"' | b'\'') if matches!(window[at - 1], b' ' | b'\t') => {
                has_title = true;
                quote = Some(byte);
            }
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            (None, b' ' | b'\t') => {
                let rest = window[at..].trim_ascii_start();
                if !has_title && !matches!(rest.first(), Some(b'"' | b'\'' | b'(' | b')')) {
                    return None;
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}
