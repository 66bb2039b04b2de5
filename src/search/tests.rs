//! The rules here and those of `static/search.js`, which must be the same.
//!
//! Must not know: the work of either.

use std::collections::BTreeSet;

use super::FORMAT;
use super::digits::{BASE, LEVELS};
use super::fold::{CharacterClass, kind, sign};
use super::found::{BEFORE, LENGTH, MOST_PLACES};
use super::rank::{EARLY, LONG, PREFIX_PENALTY, SHORT};
use super::term::LONGEST;
use crate::markdown::render::plain::is_unseen;

const SCRIPT: &str = include_str!("../../static/search.js");

/// The characters of the class that follows a text in the script.
fn class(before: &str) -> BTreeSet<char> {
    let (_, class) = SCRIPT.split_once(before).unwrap();
    let class = class[..class.find([']', ';']).unwrap()].replace(['"', '+', ' ', '\n'], "");
    let class = class.replace("\\\\", "\\");
    let mut set = BTreeSet::new();
    let mut first: Option<char> = None;
    for escape in class.split("\\u").skip(1) {
        let hexadecimal = escape.trim_end_matches('-').trim_matches(['{', '}']);
        let c = char::from_u32(u32::from_str_radix(hexadecimal, 16).unwrap()).unwrap();
        set.extend(first.take().unwrap_or(c)..=c);
        first = escape.ends_with('-').then_some(c);
    }
    set
}

fn all(is_meant: impl Fn(char) -> bool) -> BTreeSet<char> {
    ('\0'..=char::MAX).filter(|&c| is_meant(c)).collect()
}

#[test]
fn the_index_has_one_version() {
    let federation = include_str!("../../static/federation.js");
    assert!(federation.contains(&format!("const format = {FORMAT};")));
}

#[test]
fn numbers_are_the_same() {
    let list =
        |numbers: &[usize]| numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    for part in [
        format!("const goesOnCosts = {PREFIX_PENALTY};"),
        format!("[{}].filter((most) => text.length > most)", list(&SHORT)),
        format!("text.length >= {LONG} ? 1 : 0"),
        format!("8 + 2 * late(at, [{}]) + long", list(&EARLY)),
        format!("14 + late(at, [{}])", list(&EARLY[1..])),
        format!("count++ < {MOST_PLACES}"),
        format!("letters.slice(0, {LONGEST})"),
        format!("letters.length > {LONGEST},"),
        format!("at - {BEFORE})"),
        format!("from + {LENGTH})"),
        format!("section.text.slice(0, {LENGTH})"),
        format!("value >= {LEVELS}"),
        format!("number * {BASE} + value - {LEVELS}"),
    ] {
        assert!(SCRIPT.contains(&part), "static/search.js lacks `{part}`");
    }
}

#[test]
fn classes_of_characters_are_the_same() {
    let written = |ascii| all(|c| c != ascii && sign(c) == ascii);
    assert_eq!(class("const apostrophes = /["), written('\''));
    assert_eq!(class("const dashes = /["), written('-'));
    assert_eq!(class("typed.replace(/["), all(is_unseen));
    assert_eq!(class("const ranges = "), all(|c| kind(c) == CharacterClass::Han));
}
