//! A parsed text → facts about it that lists, feeds and other notes show.
//!
//! Must not know: the look of a page.

#[cfg(test)]
mod fixture;
pub(crate) mod hashtag;
pub mod length;
pub mod link_context;
pub(crate) mod lint;
pub(crate) mod lost;
pub(crate) mod near_miss;
pub mod summary;
pub mod terms;
