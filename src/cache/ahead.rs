//! Parts of the state that are decoded before they are asked for, beside other work.
//!
//! Must not know: the file of the state, what a part is.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::state::StatePart;

/// The values of parts, each until it is taken.
#[derive(Debug, Default)]
pub(super) struct DecodedParts(Mutex<HashMap<String, DecodedPart>>);

/// A part with its value.
#[derive(Debug)]
struct DecodedPart {
    part: StatePart,
    value: Box<dyn Any + Send>,
}

impl DecodedParts {
    /// Keeps the value of a part until it is asked for.
    pub fn add<T: Any + Send>(&self, name: &str, part: StatePart, value: T) {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.insert(name.to_owned(), DecodedPart { part, value: Box::new(value) });
    }

    /// Takes the value of a part, if it is there and of this type.
    pub fn take<T: Any>(&self, name: &str, part: StatePart) -> Option<T> {
        let mut parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let decoded = parts.remove(name).filter(|decoded| decoded.part == part)?;
        decoded.value.downcast().ok().map(|value| *value)
    }
}
