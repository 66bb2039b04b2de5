//! Problems and their places → one message that names each problem once, with all its places.

use std::collections::BTreeMap;
use std::fmt::Display;

/// Wrongs with their places.
#[derive(Default)]
pub struct Report {
    wrongs: BTreeMap<String, Vec<String>>,
}

impl Report {
    /// Adds what is wrong at a place.
    pub fn add(&mut self, place: &impl Display, wrongs: Vec<String>) {
        for wrong in wrongs {
            let places = self.wrongs.entry(wrong).or_default();
            let place = place.to_string();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }

    /// Fails if there is anything.
    pub fn assert_empty(&self) {
        let lines = self
            .wrongs
            .iter()
            .map(|(wrong, places)| format!("{wrong}\n    at {}", places.join("; ")));
        let lines: Vec<_> = lines.collect();
        assert!(lines.is_empty(), "{} wrong:\n{}", lines.len(), lines.join("\n"));
    }
}
