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
//! A stage is a function from immutable values to a new type. The core never touches disk, clock,
//! terminal or process; what is wrong with a note is a [`diagnostic::Diagnostic`] kept with it,
//! never a stop.
//!
//! | layer | module | in one line |
//! | --- | --- | --- |
//! | 14 | [`cli`] | arguments → a command, its report, its exit code |
//! | 13 | [`mcp`] | messages of assistants → sections, notes and what speaks of them: `notes mcp` |
//! | 12 | [`publish`], [`serve`], [`lookup`], [`cards`], [`ebook`], [`check`], [`images`], [`init`] | `notes build` · `notes serve` · `notes search` · `notes cards` · `notes epub`, `notes pdf` · `notes check` · `notes images` · `notes init` |
//! | 11 | [`project`] | a folder of notes, opened: settings, files, theme, history, cache |
//! | 10 | [`build`] | the stages in order, and the state that the next build reuses |
//! | 9 | [`page`] | the table of outputs; (subject, `Site`, `Theme`) → a page |
//! | 8 | [`site`] | all notes together: pages, routes, titles, navigation, reading order, targets of links |
//! | 7 | [`library`] | the books, papers and sites that the notes link to |
//! | 6 | [`federation`] | sites that are built apart and read together |
//! | 6 | [`links`], [`matrix`] | a destination → its target · the HTML of a navigation matrix |
//! | 6 | [`mention`] | the names of notes, and their texts → the sentences that name a note |
//! | 5 | [`nav`], [`summary`], [`search`] | the tree of the navigation · navigation files · pages as passages → the search index |
//! | 4 | [`note`] | a file's text → `Note` |
//! | 4 | [`pdf`] | a book as one page → a PDF, by an installed program |
//! | 3 | [`markdown`] | text → a tree of blocks and inlines |
//! | 3 | [`epub`] | chapters in HTML and pictures → a book as EPUB, or as one page for printers |
//! | 3 | [`books`] | the books of a library, and the addresses that lead into them |
//! | 2 | [`source`], [`theme`], [`output`], [`config`], [`cache`], [`history`] | the only users of the file system, and of git |
//! | 2 | [`web`] | pages and files of other sites, by asking |
//! | 2 | [`mend`] | fixes, and the texts of their files → the texts with the fixes applied |
//! | 2 | [`diagram`], [`command`] | the text of a diagram → a drawing · the only user of other programs but git |
//! | 1 | [`path`], [`diagnostic`], [`digest`], [`stamp`], [`escape`], [`temporary`], [`collation`], [`svg`] | paths, routes, anchors · messages to the writer · content hashes · fingerprints of files, to detect changes without reading · text as HTML · files on their way to disk · words in the order of an index · an SVG → whether it runs or loads something |
//! | 0 | [`phrase`] | templates with arguments → text in English or Chinese |
//!
//! A file imports from lower layers and its own module only; `tests/tidy/` holds that.

pub mod books;
pub mod build;
pub mod cache;
pub mod cards;
pub mod check;
pub mod cli;
pub mod collation;
pub mod command;
pub mod config;
pub mod diagnostic;
pub mod diagram;
pub mod digest;
pub mod ebook;
pub mod epub;
pub mod escape;
pub mod federation;
pub mod history;
pub mod images;
pub mod init;
pub mod library;
pub mod links;
pub mod lookup;
pub mod markdown;
pub mod matrix;
pub mod mcp;
pub mod mend;
pub mod mention;
pub mod nav;
pub mod note;
pub mod output;
pub mod page;
pub mod path;
pub mod pdf;
pub mod phrase;
pub mod project;
pub mod publish;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod stamp;
pub mod summary;
pub mod svg;
pub mod temporary;
pub mod theme;
pub mod web;
