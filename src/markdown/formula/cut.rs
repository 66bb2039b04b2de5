//! Texts as the parser gives them → the formulas in them, each an event of its own with its source.
//!
//! Must not know: the marks of formulas.

use std::ops::Range;

use pulldown_cmark::Event;

use super::source::FormulaSource;

/// An event with its range in the text.
type Placed<'a> = (Event<'a>, Range<usize>);

/// Cuts formulas out of the events of a text, which come in order.
pub(in crate::markdown) struct FormulaCutter<'s> {
    /// The formulas that are to come.
    formulas: &'s [Range<usize>],
    /// The formula that has begun, as far as it was read.
    open: Option<(Range<usize>, String)>,
}

impl<'s> FormulaCutter<'s> {
    /// For a text with these formulas, in order.
    pub fn new(formulas: &'s [Range<usize>]) -> Self {
        Self { formulas, open: None }
    }

    /// True if there are no more of them.
    pub fn is_done(&self) -> bool {
        self.formulas.is_empty() && self.open.is_none()
    }

    /// Adds an event, cut where formulas begin and end.
    pub fn add<'a>(&mut self, event: Event<'a>, range: Range<usize>, out: &mut Vec<Placed<'a>>) {
        match event {
            // A text that is not letter by letter that of its range holds a character reference.
            Event::Text(text) if text.len() == range.len() => self.text(&text, range, out),
            Event::SoftBreak | Event::HardBreak if self.goes_on_behind(range.end) => {
                if let Some((_, source)) = &mut self.open {
                    source.push('\n');
                }
            }
            event => {
                self.give_up(out);
                out.push((event, range));
            }
        }
    }

    fn goes_on_behind(&self, at: usize) -> bool {
        self.open.as_ref().is_some_and(|(formula, _)| at <= formula.end)
    }

    fn text(&mut self, text: &str, range: Range<usize>, out: &mut Vec<Placed<'_>>) {
        let mut from = range.start;
        let piece = |part: Range<usize>| &text[part.start - range.start..part.end - range.start];
        while from < range.end {
            if let Some((formula, mut source)) = self.open.take() {
                let end = formula.end.min(range.end);
                source.push_str(piece(from..end));
                from = end;
                if end < formula.end {
                    self.open = Some((formula, source));
                } else {
                    out.push((event_of(source), formula));
                }
                continue;
            }
            // Those before were not in a text.
            let passed = self.formulas.partition_point(|formula| formula.start < from);
            self.formulas = &self.formulas[passed..];
            let next = self.formulas.first().filter(|formula| formula.start < range.end);
            let end = next.map_or(range.end, |formula| formula.start);
            if from < end {
                out.push((Event::Text(piece(from..end).to_owned().into()), from..end));
            }
            from = end;
            if let Some(formula) = next {
                self.open = Some((formula.clone(), String::new()));
                self.formulas = &self.formulas[1..];
            }
        }
    }

    /// Makes text of a formula that something else comes into.
    fn give_up(&mut self, out: &mut Vec<Placed<'_>>) {
        if let Some((formula, source)) = self.open.take() {
            out.push((Event::Text(source.into()), formula));
        }
    }
}

fn event_of(source: String) -> Event<'static> {
    if FormulaSource::new(&source).is_display {
        Event::DisplayMath(source.into())
    } else {
        Event::InlineMath(source.into())
    }
}
