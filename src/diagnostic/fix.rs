//! Fixes: the changes that resolve a diagnostic without a decision.
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
        /// The replacement.
        new: String,
    },
    /// A line more in another file.
    Line {
        /// The file, as a person would name it.
        file: String,
        /// The line after which it belongs, from 1; 0 for the end of the file.
        after: u32,
        /// Its place among those that belong after the same line.
        order: u32,
        /// The line.
        line: String,
    },
}
