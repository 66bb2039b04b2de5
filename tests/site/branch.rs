//! A change of branch while its folder is served → one change of the preview, with all notes in its
//! lines.

use std::thread;
use std::time::Duration;

use crate::fixture::Folder;
use crate::request::{becomes, holds};
use crate::served::{git, is_as_built};
use crate::serving::Serving;

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
    thread::sleep(Duration::from_millis(1_500));
    let printed = serving.printed()[before..].to_vec();
    let lines: Vec<_> = printed.iter().filter(|line| line.contains(" rendered")).collect();
    // A few where the machine is busy: git removes a file before it writes it anew.
    assert!((1..=5).contains(&lines.len()), "{printed:#?}");
    let changed = lines.iter().map(|line| changed_or_new(line)).sum::<usize>();
    assert!((1_400..=1_600).contains(&changed), "{printed:#?}");
    assert!(lines.iter().any(|line| line.contains("deleted")), "{lines:#?}");
    is_as_built(&folder, &serving);
}
