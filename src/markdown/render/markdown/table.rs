//! The cells of a table → the lines of GFM's. A table without a head has an empty one.
//!
//! Must not know: the words in a cell.

use crate::markdown::document::Alignment;

/// A table, cell by cell.
#[derive(Debug, Default)]
pub(super) struct TableCells {
    rows: Vec<Vec<String>>,
    alignments: Vec<Alignment>,
    has_head: bool,
    pub is_in_cell: bool,
    /// Rows to come for which the label of an earlier one stands.
    labelled: u32,
}

impl TableCells {
    /// A table whose first row is its head.
    pub fn with_head() -> Self {
        Self { has_head: true, ..Self::default() }
    }

    pub fn row(&mut self) {
        self.rows.push(Vec::new());
        if self.labelled > 0 {
            self.labelled -= 1;
            self.cell(String::new());
        }
    }

    /// The next cell of the first row has an alignment, and with it those below.
    pub fn align(&mut self, alignment: Alignment) {
        if self.rows.len() == 1 {
            self.alignments.push(alignment);
        }
    }

    pub fn cell(&mut self, text: String) {
        if self.rows.is_empty() {
            self.row();
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(text);
        }
    }

    /// The last label stands for so many rows.
    pub fn repeat_label(&mut self, rows: u32) {
        self.labelled = rows.saturating_sub(1);
    }

    /// The lines; `None` for a table without words.
    pub fn write(self) -> Option<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        if self.rows.iter().flatten().all(String::is_empty) {
            return None;
        }
        let mut lines = String::new();
        let mut rows = self.rows.iter();
        let empty = Vec::new();
        let head = if self.has_head { rows.next().unwrap_or(&empty) } else { &empty };
        write_row(&mut lines, head, columns);
        lines.push('|');
        for column in 0..columns {
            lines.push_str(match self.alignments.get(column) {
                Some(Alignment::Left) => " :--- |",
                Some(Alignment::Center) => " :---: |",
                Some(Alignment::Right) => " ---: |",
                Some(Alignment::None) | None => " --- |",
            });
        }
        lines.push('\n');
        for row in rows {
            write_row(&mut lines, row, columns);
        }
        lines.truncate(lines.len() - 1);
        Some(lines)
    }
}

fn write_row(lines: &mut String, row: &[String], columns: usize) {
    lines.push('|');
    for column in 0..columns {
        lines.push(' ');
        if let Some(cell) = row.get(column).filter(|cell| !cell.is_empty()) {
            lines.push_str(cell);
            lines.push(' ');
        }
        lines.push('|');
    }
    lines.push('\n');
}
