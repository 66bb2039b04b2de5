//! Numbers of an SVG → shorter ones: two decimals are finer than any screen.
//!
//! Must not know: what they measure.

use std::fmt::Write as _;

/// Appends a text with its numbers rounded to two decimals.
pub(super) fn write_rounded(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '.') {
        out.push_str(&rest[..start]);
        let digits = &rest[start..];
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let fraction = digits[end..].strip_prefix('.').map_or(0, |fraction| {
            1 + fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len())
        });
        let (number, after) = digits.split_at(end + fraction);
        rest = after;
        // An exponent goes with its number.
        let has_exponent = rest.starts_with(['e', 'E']);
        match number.parse::<f64>() {
            Ok(value) if fraction > 3 && !has_exponent => write_number(out, value),
            _ => out.push_str(number),
        }
    }
    out.push_str(rest);
}

/// Appends a number with at most two decimals.
pub(in crate::diagram) fn write_number(out: &mut String, value: f64) {
    let from = out.len();
    // Writing to a String cannot fail.
    let _ = write!(out, "{value:.2}");
    let written = &out[from..];
    let kept = written.trim_end_matches('0').trim_end_matches('.').len();
    out.truncate(from + kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_get_two_decimals() {
        for (text, expected) in [
            ("M372.124,74.6L372.12371396454506,78.767", "M372.12,74.6L372.12,78.77"),
            ("translate(224,570.6948558581803)", "translate(224,570.69)"),
            ("0.000001 -0.1005 .5 10.000 1e-7 1.23456e-7", "0 -0.1 .5 10 1e-7 1.23456e-7"),
            ("-0.001", "-0"),
            ("", ""),
            ("1.2.3", "1.2.3"),
        ] {
            let mut out = String::new();
            write_rounded(&mut out, text);
            assert_eq!(out, expected, "{text}");
        }
    }
}
