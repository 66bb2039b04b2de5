//! Numbers and levels ↔ characters that need no escaping in a string of a script.
//!
//! Sixteen characters end a number and give its level; the others are digits, the highest first,
//! none for zero.
//!
//! Must not know: the meaning of the numbers.

/// Number of levels.
pub(super) const LEVELS: u8 = 16;
/// Number of digits.
pub(super) const BASE: u32 = 76;

/// The character with a number: printable ones of ASCII, without `"` and `\`.
fn character(number: u32) -> char {
    let code = b'!' + u8::try_from(number).unwrap_or(0);
    char::from(code + u8::from(code >= b'"') + u8::from(code >= b'\\' - 1))
}

/// Writes a number and the level after it.
pub(super) fn write(out: &mut String, number: u32, level: u8) {
    let mut weight = BASE * BASE * BASE * BASE;
    while weight > 0 {
        if number >= weight {
            out.push(character(u32::from(LEVELS) + number / weight % BASE));
        }
        weight /= BASE;
    }
    out.push(character(level.min(LEVELS - 1).into()));
}

/// The digit for a number below 76.
pub(super) fn digit(number: usize) -> char {
    character(u32::from(LEVELS) + u32::try_from(number).unwrap_or(0).min(BASE - 1))
}

/// The number of a digit.
pub(super) fn digit_of(digit: char) -> Option<usize> {
    value(digit)?.checked_sub(LEVELS.into()).map(|number| number as usize)
}

/// Reads pages with their levels: each number is that of the pages between a page and the one
/// before.
pub(super) fn read<T: FromIterator<(u32, u8)>>(codes: &str) -> Option<T> {
    let mut pages = Vec::new();
    let (mut next, mut number) = (0_u32, 0_u32);
    for c in codes.chars() {
        let value = value(c)?;
        if let Some(digit) = value.checked_sub(LEVELS.into()) {
            number = number.checked_mul(BASE)?.checked_add(digit)?;
        } else {
            let page = next.checked_add(number)?;
            pages.push((page, u8::try_from(value).ok()?));
            (next, number) = (page.checked_add(1)?, 0);
        }
    }
    Some(pages.into_iter().collect())
}

/// Its number among the characters.
fn value(c: char) -> Option<u32> {
    let code = u8::try_from(c)
        .ok()
        .filter(|code| (b'!'..=b'~').contains(code) && !matches!(code, b'"' | b'\\'))?;
    Some(u32::from(code - b'!' - u8::from(code > b'"') - u8::from(code > b'\\')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_differ_and_need_no_escaping() {
        let all: String = (0..u32::from(LEVELS) + BASE).map(character).collect();
        let expected: String = ('!'..='~').filter(|c| !matches!(c, '"' | '\\')).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn numbers_have_as_many_digits_as_they_need() {
        for (number, digits) in [
            (0, 0),
            (1, 1),
            (75, 1),
            (76, 2),
            (5_775, 2),
            (5_776, 3),
            (33_362_175, 4),
            (33_362_176, 5),
        ] {
            let mut written = String::new();
            write(&mut written, number, 3);
            assert_eq!(written.len(), digits + 1, "{number}");
            assert_eq!(read::<Vec<_>>(&written), Some(vec![(number, 3)]));
        }
    }
}
