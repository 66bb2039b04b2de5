//! The program as its users meet it: the binary runs on small folders of notes, and what comes out
//! is looked at.

#![allow(clippy::unwrap_used, reason = "what a test prepares has to work")]
#![allow(clippy::format_push_string, clippy::format_collect, reason = "fixtures are short")]
#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the program writes them in one case"
)]

mod comparison;
mod cover;
mod first_found;
mod fixture;
mod host;
mod picture_host;
mod repository;
mod request;
mod serving;

mod again;
mod anchors;
mod any_text;
mod asked;
mod bad_input;
mod books;
mod books_changed;
mod books_files;
mod books_fixed;
mod books_left_out;
mod branch;
mod cards;
mod changes;
mod checked;
mod command;
mod commands;
mod damaged;
mod diagrams;
mod drafts;
mod ebooks;
mod edit;
mod edits;
mod faults;
mod federation;
mod fetched;
mod formula;
mod growth;
mod guarded;
mod guards;
mod guides;
mod habits;
mod heads;
mod history;
mod hostile_html;
mod hostile_text;
mod images;
mod killed;
mod kinds;
mod languages;
mod library;
mod library_init;
mod listed;
mod long_lists;
mod look;
mod mapping;
mod maps;
mod markdown_pages;
mod mcp;
mod mentions;
mod mind_maps;
mod navigation;
mod obsidian;
mod offline;
mod outside;
mod own_repository;
mod pages;
mod passive;
mod pdfs;
mod pictures;
mod prepared;
mod projects;
mod redirects;
mod replaced;
mod searched;
mod served;
mod tags;
mod terminal;
mod terms;
mod whole;
