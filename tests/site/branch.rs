//! A change of branch while its folder is served → one change of the preview, with all notes in its
//! lines.

use std::thread;
use std::time::{Duration, Instant};

use crate::fixture::Folder;
use crate::request::{becomes, holds};
use crate::served::{git, is_as_built};
use crate::serving::{PATIENCE, Serving};

/// The number of notes that a line of the preview reports as changed or new, by name or in numbers.
fn changed_or_new(line: &str) -> usize {
    let changes = line.split(": ").next().unwrap_or_default();
    let mut sum = 0;
    for change in changes.split(", ").filter(|change| !change.ends_with(" deleted")) {
        let number = change.split(' ').next().and_then(|word| word.parse::<usize>().ok());
        sum += number.unwrap_or(1);
    }
    sum
}

#[test]
fn lines_of_the_preview_are_counted() {
    for (line, expected) in [
        ("1500 notes changed, 1 note deleted: 8 pages rendered, 5 ms", 1500),
        ("1496 notes changed, 1 note new, 1 note deleted: 8 pages rendered", 1497),
        ("0/0.md, 0/2.md, 0/3.md, 0/4.md deleted: 3 pages rendered, 8 ms", 3),
        ("a.md new: 1 page rendered", 1),
    ] {
        assert_eq!(changed_or_new(line), expected, "{line}");
    }
}

#[test]
fn a_change_of_branch_is_one_change() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    let write = |text: &str| {
        for number in 0..1_500 {
            folder.write(
                &format!("{}/{number}.md", number % 30),
                format!("# {number}\n\n{text}\n").as_bytes(),
            );
        }
    };
    write("主干");
    git(&folder.path(), &["init", "-q", "-b", "main"]);
    git(&folder.path(), &["add", "."]);
    git(&folder.path(), &["commit", "-qm", "一"]);
    git(&folder.path(), &["checkout", "-qb", "other"]);
    write("旁支");
    folder.write("new/note.md", "# 新\n\n旁支\n".as_bytes());
    git(&folder.path(), &["add", "."]);
    git(&folder.path(), &["commit", "-qm", "二"]);
    let serving = Serving::start(&folder.path(), &[]);
    holds(&serving, "/new/note.html", "旁支");
    let before = serving.printed().len();
    git(&folder.path(), &["checkout", "-q", "main"]);
    holds(&serving, "/7/37.html", "主干");
    becomes(&serving, "/new/note.html", |answer| answer.status == 404);
    holds(&serving, "/29/1499.html", "主干");
    let rendered = || {
        let lines = serving.printed().into_iter().skip(before);
        lines.filter(|line| line.contains(" rendered")).collect::<Vec<_>>()
    };
    let changed = |lines: &[String]| lines.iter().map(|line| changed_or_new(line)).sum::<usize>();
    let has_all = |lines: &[String]| {
        changed(lines) >= 1_500 && lines.iter().any(|line| line.contains("deleted"))
    };
    // A page is shown before the line about it is printed, and the last notes may come later.
    let begun = Instant::now();
    while !has_all(&rendered()) && begun.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(5));
    }
    let lines = rendered();
    assert!(has_all(&lines) && changed(&lines) <= 1_600, "{lines:#?}");
    // A few where the machine is busy: git removes a file before it writes it anew.
    assert!(lines.len() <= 5, "{lines:#?}");
    is_as_built(&folder, &serving);
}
