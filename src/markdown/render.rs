//! A [`Document`](super::document::Document) → a text of some kind, one walk each.
//!
//! Must not know: how a document was made.

pub mod as_written;
pub mod html;
pub mod markdown;
pub mod plain;
