//! The value of `srcset` → the addresses in it with their descriptors (WHATWG HTML §4.8.4.2.2).
//!
//! Must not know: elements, files.

/// No image has more candidates.
const MOST: usize = 50;

/// The candidates of an image; none that is part of the text itself, `data:…`.
pub(super) fn candidates(value: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = value;
    while found.len() < MOST {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, behind) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        // A comma right behind an address ends the candidate.
        let (descriptor, behind) = if bare.len() < address.len() {
            ("", behind)
        } else {
            behind.split_at(behind.find(',').unwrap_or(behind.len()))
        };
        rest = behind;
        let is_data = bare.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
        let descriptor = descriptor.trim();
        if !is_data && is_descriptor(descriptor) {
            found.push((bare, descriptor));
        }
    }
    found
}

/// `2x`, `1.5x`, `800w`, `800w 600h`, or nothing.
fn is_descriptor(text: &str) -> bool {
    text.split_ascii_whitespace().all(|word| {
        let number = word.strip_suffix(['x', 'w', 'h']);
        number.is_some_and(|number| number.parse::<f64>().is_ok_and(f64::is_finite))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_descriptors() {
        for (value, expected) in [
            ("a.png", vec![("a.png", "")]),
            (" a.png 1x, b.png 2x ", vec![("a.png", "1x"), ("b.png", "2x")]),
            ("a.png, b.png 1.5x", vec![("a.png", ""), ("b.png", "1.5x")]),
            ("a,b.png 800w,c.png\n600w 3h", vec![("a,b.png", "800w"), ("c.png", "600w 3h")]),
            ("data:image/png;base64,x 1x, b.png 2x", vec![("b.png", "2x")]),
            ("a.png wide, b.png 2x", vec![("b.png", "2x")]),
            (",, ,", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(candidates(value), expected, "{value}");
        }
    }
}
