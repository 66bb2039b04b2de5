//! placeholder
pub mod build;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod markdown;
pub mod note;
pub mod links;
pub mod matrix;
pub mod nav;
pub mod output;
pub mod page;
pub mod path;
pub mod site;
pub mod summary;
pub mod theme;
pub mod source;
