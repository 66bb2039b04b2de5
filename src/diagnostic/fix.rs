//! What a program can do about a diagnostic without asking.
//!
//! Must not know: files, or how a change is made.

use serde::{Deserialize, Serialize};

/// A change that certainly mends it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fix {
    /// Other words in the place of those that the message is about.
    Replace {
        /// The words that stand there.
        old: String,
        /// What is written in their place.
        new: String,
    },
    /// An entry for a note at the end of a navigation file.
    Entry {
        /// The navigation file, as a person would name it.
        file: String,
        /// What the entry is called.
        label: String,
        /// Where it leads, from that file's folder.
        destination: String,
    },
}
