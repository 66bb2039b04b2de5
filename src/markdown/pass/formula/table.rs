//! The attributes of tables in `MathML` 3 → classes of their cells, for browsers ignore them.
//!
//! Must not know: formulas.

use katex::mathml_tree::MathNode;

use super::katex::attribute;

/// The look of a table's cells, in attributes of `MathML` 3.
pub(super) struct TableLook<'t> {
    alignments: Vec<&'t str>,
    column_lines: Vec<&'t str>,
    row_lines: Vec<&'t str>,
    /// True for the columns of `align`, which touch in pairs.
    is_tight: bool,
    /// True if all columns touch, as those of `alignedat`.
    is_packed: bool,
    /// True for lines that are close to each other.
    is_flat: bool,
}

impl<'t> TableLook<'t> {
    pub fn of(table: &'t MathNode) -> Self {
        let words = |name: &str| -> Vec<&'t str> {
            attribute(table, name).unwrap_or_default().split_ascii_whitespace().collect()
        };
        Self {
            alignments: words("columnalign"),
            column_lines: words("columnlines"),
            row_lines: words("rowlines"),
            is_tight: words("columnspacing").first() == Some(&"0em"),
            is_packed: words("columnspacing") == ["0em"],
            is_flat: words("rowspacing").first() == Some(&"0.1em"),
        }
    }

    pub fn classes(&self, row: usize, column: usize, cell: &MathNode) -> String {
        let mut classes: Vec<&str> = Vec::new();
        match self.alignments.get(column).or(self.alignments.last()).copied() {
            Some("left") => classes.extend(["m-left"].into_iter().chain(self.tight("m-pl0"))),
            Some("right") => classes.extend(["m-right"].into_iter().chain(self.tight("m-pr0"))),
            _ => {}
        }
        if self.is_packed {
            classes.retain(|class| !class.starts_with("m-p"));
            classes.push("m-packed");
        }
        classes.extend(line_class(&self.column_lines, column, "m-br", "m-dr"));
        if let Some(above) = row.checked_sub(1) {
            classes.extend(line_class(&self.row_lines, above, "m-bt", "m-dt"));
        }
        if self.is_flat {
            classes.push("m-flat");
        }
        if attribute(cell, "width") == Some("50%") {
            classes.push("m-half");
        }
        classes.join(" ")
    }

    fn tight(&self, class: &'static str) -> Option<&'static str> {
        self.is_tight.then_some(class)
    }
}

fn line_class(
    lines: &[&str],
    index: usize,
    solid: &'static str,
    dashed: &'static str,
) -> Option<&'static str> {
    match lines.get(index).copied() {
        Some("solid") => Some(solid),
        Some("dashed") => Some(dashed),
        _ => None,
    }
}
