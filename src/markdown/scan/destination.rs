//! Destinations of links and images in prose, found by their brackets.
//!
//! Must not know: whether the parser will see a link.

use std::ops::Range;

use super::Scan;

/// No destination is longer, in bytes, so that a line of brackets is not searched again and again.
const LONGEST: usize = 1024;

impl Scan {
    /// The text between each `](` in prose and the next `)` of its line.
    pub fn destinations<'s>(&'s self, text: &'s str) -> impl Iterator<Item = Range<usize>> + 's {
        memchr::memmem::find_iter(text.as_bytes(), b"](").filter_map(|at| {
            let start = at + "](".len();
            let window = &text.as_bytes()[start..text.len().min(start + LONGEST)];
            let end = memchr::memchr2(b')', b'\n', window).map(|length| start + length)?;
            (text.as_bytes()[end] == b')' && self.is_prose(at)).then_some(start..end)
        })
    }
}
