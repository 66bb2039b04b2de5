//! The name of a file or folder → its order prefix and its label; and the order of names.
//!
//! Must not know: the files that exist.

use std::cmp::Ordering;

use super::numeral::with_digits;
use super::without_control;

/// A name with its order prefix: `01~共识` has number 1 and label `共识`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPrefix<'a> {
    /// The numbers: `[1, 10]` for `1.10_x`; empty without a prefix.
    pub numbers: Vec<u64>,
    /// The name without the prefix; never empty.
    pub label: &'a str,
}

impl<'a> OrderPrefix<'a> {
    /// Parses `digits (. digits)* separator rest`, with a separator of `~ _ - .` or `、` and a rest
    /// that is not empty. After `-` and `.` the rest must not begin with a digit, so that dates and
    /// versions stay whole.
    #[must_use]
    pub fn of(name: &'a str) -> Self {
        Self::read(name).unwrap_or(Self { numbers: Vec::new(), label: name })
    }

    fn read(name: &'a str) -> Option<Self> {
        let head = name.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(name.len());
        let digits = name[..head].trim_end_matches('.');
        let numbers: Option<Vec<u64>> = digits.split('.').map(|part| part.parse().ok()).collect();
        let numbers = numbers.filter(|_| digits.len() <= 12)?;
        let rest = &name[digits.len()..];
        let separator =
            rest.chars().next().filter(|c| matches!(c, '~' | '_' | '-' | '.' | '、'))?;
        let label = rest[separator.len_utf8()..].trim_start();
        let ambiguous =
            matches!(separator, '-' | '.') && label.starts_with(|c: char| c.is_ascii_digit());
        (!label.is_empty() && !ambiguous).then_some(Self { numbers, label })
    }
}

/// The label of a file or folder name: without order prefix and control characters.
#[must_use]
pub fn label_of(name: &str) -> String {
    let clean = without_control(name);
    without_export_id(OrderPrefix::of(clean.trim()).label.trim()).to_owned()
}

/// A name without the 32 hexadecimal digits that Notion appends in an export.
fn without_export_id(name: &str) -> &str {
    let is_id = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match name.rsplit_once(' ') {
        Some((before, id)) if is_id(id) && !before.trim().is_empty() => before.trim_end(),
        _ => name,
    }
}

/// The order of names in a folder: by order prefix (2 before 10), then names without one, then
/// `99~…`, the usual prefix of references; equal numbers by [`natural_order`] of the rest.
#[must_use]
pub fn name_order(a: &str, b: &str) -> Ordering {
    let (arabic_a, arabic_b) = (with_digits(a), with_digits(b));
    let (left, right) = (OrderPrefix::of(&arabic_a), OrderPrefix::of(&arabic_b));
    let rank = |prefix: &OrderPrefix<'_>| match prefix.numbers.first() {
        None => 1,
        Some(99) => 2,
        Some(_) => 0,
    };
    rank(&left)
        .cmp(&rank(&right))
        .then_with(|| left.numbers.cmp(&right.numbers))
        .then_with(|| natural_order(left.label, right.label))
        .then_with(|| a.cmp(b))
}

/// Compares names in natural order: runs of digits by value, letters without case.
#[must_use]
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (x, y) = (digits(&mut left), digits(&mut right));
                let order = x.len().cmp(&y.len()).then_with(|| x.cmp(&y));
                if order != Ordering::Equal {
                    return order;
                }
            }
            (Some(x), Some(y)) => {
                let order = x.to_lowercase().cmp(y.to_lowercase());
                if order != Ordering::Equal {
                    return order;
                }
                left.next();
                right.next();
            }
        }
    }
}

/// Takes a run of digits, leading zeros dropped.
fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut run = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        run.push(digit);
    }
    run.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_prefixes() {
        for (name, numbers, label) in [
            ("01~共识", &[1][..], "共识"),
            ("01_x", &[1], "x"),
            ("01.Basics", &[1], "Basics"),
            ("01-intro", &[1], "intro"),
            ("1.10_x", &[1, 10], "x"),
            ("1、导论", &[1], "导论"),
            ("2024.1_x", &[2024, 1], "x"),
            ("2023~x", &[2023], "x"),
            ("99~参考资料", &[99], "参考资料"),
            ("2021~多颗糖~条分缕析 Raft", &[2021], "多颗糖~条分缕析 Raft"),
            ("2024-01-05", &[], "2024-01-05"),
            ("1.2", &[], "1.2"),
            ("2PC", &[], "2PC"),
            ("01~", &[], "01~"),
            ("Raft", &[], "Raft"),
        ] {
            let prefix = OrderPrefix::of(name);
            assert_eq!((&prefix.numbers[..], prefix.label), (numbers, label), "{name}");
        }
    }

    #[test]
    fn names_sort_by_number_and_references_last() {
        let mut names =
            ["99~参考资料", "Async", "10~b", "2~a", "第10章", "第2章", "async2", "1.10_x", "1.9_x"];
        names.sort_by(|a, b| name_order(a, b));
        assert_eq!(
            names,
            ["1.9_x", "1.10_x", "2~a", "10~b", "Async", "async2", "第2章", "第10章", "99~参考资料"]
        );
    }

    #[test]
    fn names_with_chinese_numbers_and_ids_of_exports() {
        let mut names =
            ["第十章", "第二章", "附录", "第一章", "第十一章", "二、锁", "一、进程", "十、终"];
        names.sort_by(|a, b| name_order(a, b));
        assert_eq!(
            names,
            ["一、进程", "二、锁", "十、终", "第一章", "第二章", "第十章", "第十一章", "附录"]
        );
        assert_eq!(label_of("一、进程"), "一、进程");
        assert_eq!(label_of("学习 笔记 0123456789abcdef0123456789abcdef"), "学习 笔记");
        assert_eq!(
            label_of("0123456789abcdef0123456789abcdef"),
            "0123456789abcdef0123456789abcdef"
        );
    }
}
