//! Fixes: the changes that resolve a diagnostic without a decision.
//!
//! Must not know: files, the making of changes.

use serde::{Deserialize, Serialize};

/// A change that resolves a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fix {
    /// The replacement of the text at the diagnostic's location.
    Replace {
        /// The text at the location.
        old: String,
        /// The replacement.
        new: String,
    },
    /// A new line in another file.
    Line {
        /// The file, for messages.
        file: String,
        /// The line after which it is inserted, from 1; 0 for the end of the file.
        after: u32,
        /// Its order among new lines after the same line.
        order: u32,
        /// The new line.
        line: String,
    },
}
