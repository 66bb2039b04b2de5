//! The program as its users meet it: the binary runs on small folders of notes, and what comes out is looked at.

#![allow(clippy::unwrap_used, reason = "what a test prepares has to work")]
#![allow(clippy::format_push_string, clippy::format_collect, reason = "fixtures are short")]
#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the program writes them in one case"
)]

#[path = "site/first_found.rs"]
mod first_found;
#[path = "site/fixture.rs"]
mod fixture;
#[path = "site/repository.rs"]
mod repository;
#[path = "site/request.rs"]
mod request;
#[path = "site/serving.rs"]
mod serving;

#[path = "site/again.rs"]
mod again;
#[path = "site/any_text.rs"]
mod any_text;
#[path = "site/asked.rs"]
mod asked;
#[path = "site/bad_input.rs"]
mod bad_input;
#[path = "site/checked.rs"]
mod checked;
#[path = "site/command.rs"]
mod command;
#[path = "site/drafts.rs"]
mod drafts;
#[path = "site/edits.rs"]
mod edits;
#[path = "site/faults.rs"]
mod faults;
#[path = "site/growth.rs"]
mod growth;
#[path = "site/guarded.rs"]
mod guarded;
#[path = "site/guards.rs"]
mod guards;
#[path = "site/guides.rs"]
mod guides;
#[path = "site/habits.rs"]
mod habits;
#[path = "site/history.rs"]
mod history;
#[path = "site/hostile_html.rs"]
mod hostile_html;
#[path = "site/hostile_text.rs"]
mod hostile_text;
#[path = "site/killed.rs"]
mod killed;
#[path = "site/library.rs"]
mod library;
#[path = "site/listed.rs"]
mod listed;
#[path = "site/look.rs"]
mod look;
#[path = "site/mapping.rs"]
mod mapping;
#[path = "site/navigation.rs"]
mod navigation;
#[path = "site/outside.rs"]
mod outside;
#[path = "site/pages.rs"]
mod pages;
#[path = "site/prepared.rs"]
mod prepared;
#[path = "site/redirects.rs"]
mod redirects;
#[path = "site/served.rs"]
mod served;
#[path = "site/whole.rs"]
mod whole;
