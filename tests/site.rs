//! The program as its users meet it: the binary runs on small folders of notes, and what comes out is looked at.

#[path = "site/fixture.rs"]
mod fixture;

#[path = "site/bad_input.rs"]
mod bad_input;
#[path = "site/command.rs"]
mod command;
#[path = "site/mapping.rs"]
mod mapping;
#[path = "site/navigation.rs"]
mod navigation;
#[path = "site/pages.rs"]
mod pages;
