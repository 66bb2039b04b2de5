//! The colours of drawings: readers of books often know no variables, so the values of the book's
//! style sheet are written in their place.
//!
//! Must not know: elements.

use std::borrow::Cow;
use std::collections::HashMap;

/// The values of the variables of a style sheet.
#[derive(Debug)]
pub(super) struct Colours(HashMap<&'static str, &'static str>);

impl Colours {
    /// Those of a sheet: `--name: value;`, each on a line.
    pub fn of(sheet: &'static str) -> Self {
        let declared = sheet.lines().filter_map(|line| {
            let (name, value) = line.trim().strip_suffix(';')?.split_once(':')?;
            name.starts_with("--").then(|| (name, value.trim()))
        });
        Self(declared.collect())
    }

    /// A value of an attribute with the colours that it names.
    pub fn in_value<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let Some(first) = value.find("var(") else { return Cow::Borrowed(value) };
        let (mut written, mut rest) = (value[..first].to_owned(), &value[first..]);
        while let Some((before, behind)) = rest.split_once("var(") {
            written.push_str(before);
            let Some((name, end)) = behind.split_once(')') else {
                written.push_str("var(");
                rest = behind;
                break;
            };
            let name = name.split(',').next().unwrap_or_default().trim();
            written.push_str(self.0.get(name).copied().unwrap_or("currentColor"));
            rest = end;
        }
        written.push_str(rest);
        Cow::Owned(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_their_values() {
        let colours = Colours::of(":root {\n  --a: #fff;\n  --b-c: red;\n}\np { margin: 0; }\n");
        for (value, expected) in [
            ("none", "none"),
            ("var(--a)", "#fff"),
            ("fill: var(--a); stroke: var(--b-c)", "fill: #fff; stroke: red"),
            ("var(--x)", "currentColor"),
            ("var(--a", "var(--a"),
        ] {
            assert_eq!(colours.in_value(value), expected);
        }
    }
}
