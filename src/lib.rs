//! `notes` turns a folder of Markdown study notes, as it is, into a navigable Gitbook-style site.
//!
//! # The map
//!
//! ```text
//!  Tree ──parse──▶ Note* ──link──▶ Site ──render──▶ Page* ──gather──▶ Output ──▶ disk
//!  read   parallel       whole            parallel
//!         per file       site             per page
//! ```
//!
//! A stage is a function from immutable values to a new type. The core never touches disk, clock, terminal or
//! process; what is wrong with a note is a [`diagnostic::Diagnostic`] kept with it, never a stop.
//!
//! | layer | module | in one line |
//! | --- | --- | --- |
//! | 9 | [`cli`] | arguments → a command, its report, its exit code |
//! | 8 | [`publish`], [`serve`], [`lookup`], [`check`], [`init`] | a folder of notes → its site in the output folder · → in a browser, as it is written · → what a query finds in it · → what is wrong with it · → the settings and the workflow that publish it |
//! | 7 | [`build`] | the stages in order |
//! | 6 | [`page`] | (subject, `Site`, `Theme`) → a page |
//! | 5 | [`site`] | all notes together: pages, routes, titles, navigation, reading order, targets of links |
//! | 4 | [`nav`], [`summary`], [`links`], [`matrix`], [`library`], [`search`] | the navigation's tree · navigation files · what a destination leads to · the navigation matrix · what the notes name elsewhere · pages as passages → the search index |
//! | 3 | [`note`] | a file's text → `Note` |
//! | 2 | [`markdown`] | text → a tree of blocks and inlines |
//! | 1 | [`source`], [`theme`], [`output`], [`config`], [`cache`], [`history`] | the only users of the file system, and of git |
//! | 0 | [`path`], [`diagnostic`], [`digest`], [`stamp`], [`escape`] | names and places · messages to the writer · what bytes are known by · what an unread file is known by · text as HTML |
//!
//! A file imports from lower layers and its own module only; `tests/tidy.rs` holds the few exceptions.

pub mod build;
pub mod cache;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod digest;
pub mod escape;
pub mod history;
pub mod init;
pub mod library;
pub mod links;
pub mod lookup;
pub mod markdown;
pub mod matrix;
pub mod nav;
pub mod note;
pub mod output;
pub mod page;
pub mod path;
pub mod publish;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod stamp;
pub mod summary;
pub mod theme;
