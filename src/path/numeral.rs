//! A name with Chinese numbers → the same with Arabic ones, for sorting: `第十二章` is `第12章`,
//! `一、概述` is `1、概述`. Numerals are a number only after `第`, or at the head of a name before a
//! separator or counter: `一致性` and `三角形` are words.
//!
//! Must not know: the order of names.

use std::borrow::Cow;

/// Characters that may precede a number at the head of a name, and those that may follow it.
const OPENING: [char; 5] = ['(', '（', '[', '【', '「'];
const ENDING: [char; 17] = [
    '、', '.', '．', ')', '）', ']', '】', '」', '~', '章', '节', '回', '讲', '课', '篇', '部',
    '卷',
];

/// The name with Arabic numbers, for sorting.
pub(super) fn with_digits(name: &str) -> Cow<'_, str> {
    if !name.contains(is_numeral) {
        return Cow::Borrowed(name);
    }
    let mut result = String::with_capacity(name.len());
    let mut rest = name;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let run = &rest[..rest.find(|c| !is_numeral(c)).unwrap_or(rest.len())];
        if run.is_empty() {
            result.push(first);
            before = Some((first, before.is_none()));
            rest = &rest[first.len_utf8()..];
            continue;
        }
        rest = &rest[run.len()..];
        let is_counted = matches!(before, Some(('第', _)));
        let at_head = before.is_none_or(|(sign, is_first)| is_first && OPENING.contains(&sign));
        match value(run).filter(|_| is_counted || at_head && rest.starts_with(ENDING)) {
            Some(value) => result.push_str(&value.to_string()),
            None => result.push_str(run),
        }
        before = run.chars().next_back().map(|last| (last, false));
    }
    Cow::Owned(result)
}

fn is_numeral(c: char) -> bool {
    digit(c).is_some() || unit(c).is_some()
}

fn digit(c: char) -> Option<u32> {
    "〇一二三四五六七八九"
        .chars()
        .position(|numeral| numeral == c)
        .and_then(|at| u32::try_from(at).ok())
        .or(match c {
            '零' => Some(0),
            '两' => Some(2),
            _ => None,
        })
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

/// `二十一` is 21, `一百零三` 103, `二〇二四` 2024; `None` for longer ones.
fn value(run: &str) -> Option<u32> {
    if run.chars().all(|c| digit(c).is_some()) {
        return run
            .chars()
            .try_fold(0_u32, |value, c| value.checked_mul(10)?.checked_add(digit(c)?));
    }
    let (mut sum, mut count) = (0_u32, None);
    for c in run.chars() {
        if let Some(unit) = unit(c) {
            sum = sum.checked_add(count.take().unwrap_or(1) * unit)?;
        } else {
            count = digit(c);
        }
    }
    sum.checked_add(count.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_that_are_numbers() {
        for (name, expected) in [
            ("第一章 进程", "第1章 进程"),
            ("第十二讲", "第12讲"),
            ("第一百零三回", "第103回"),
            ("第二十一节~x", "第21节~x"),
            ("一、概述", "1、概述"),
            ("（十）锁", "（10）锁"),
            ("二〇二四、总结", "2024、总结"),
            ("一致性", "一致性"),
            ("三角形与四叉树", "三角形与四叉树"),
            ("十大排序", "十大排序"),
            ("论第三者", "论第3者"),
            ("a 一、b", "a 一、b"),
            ("一一一一一一一一一一一一、x", "一一一一一一一一一一一一、x"),
            ("README", "README"),
        ] {
            assert_eq!(with_digits(name), expected, "{name}");
        }
    }
}
