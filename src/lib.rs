//! placeholder
pub mod diagnostic;
pub mod markdown;
pub mod note;
pub mod links;
pub mod nav;
pub mod path;
pub mod summary;
pub mod source;
