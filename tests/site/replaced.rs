//! A served folder that is deleted, replaced, led elsewhere or unmounted → the preview shows the
//! folder that is at its path, and every later edit there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::edits::is_served_as_built;
use crate::fixture::Folder;
use crate::request::{becomes, get, holds};
use crate::serving::{PATIENCE, Serving};

const NOTES: &str = "\
-- README.md
# 首页
-- a/甲.md
# 甲
-- a/b/乙.md
# 乙
";

/// Writes the notes into a folder that is there or not.
fn fill(folder: &Path, text: &str) {
    for (path, title) in [("README.md", "首页"), ("a/甲.md", "甲"), ("a/b/乙.md", "乙")] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("# {title}\n\n{text}\n")).unwrap();
    }
}

/// The notes in a folder are shown, and so is an edit in each of its folders.
fn is_heard(serving: &Serving, folder: &Path, text: &str) {
    let pages = [("README.md", "/"), ("a/甲.md", "/a/甲.html"), ("a/b/乙.md", "/a/b/乙.html")];
    for (_, page) in pages {
        holds(serving, &notes::path::encode_path(page), text);
    }
    for (path, page) in pages {
        for round in 0..2 {
            let edit = format!("{text}，{path} 第 {round} 次");
            fs::write(folder.join(path), format!("# 题\n\n{edit}\n")).unwrap();
            holds(serving, &notes::path::encode_path(page), &edit);
        }
    }
}

/// True for the message about a folder that is missing; the settings say it of one they name.
fn says_gone(line: &str) -> bool {
    line.contains("is gone") || line.contains("a folder that does not exist")
}

/// The open files of a process below a folder.
#[cfg(target_os = "linux")]
fn open_files(serving: &Serving, folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(format!("/proc/{}/fd", serving.id())).unwrap().flatten();
    let paths = files.filter_map(|file| fs::read_link(file.path()).ok());
    paths.filter(|path| path.starts_with(folder)).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn no_file_of_the_notes_is_held_open() {
    let folder = Folder::new(NOTES);
    folder.write("a/code.md", b"# Code\n\n```rust\nfn main() {}\n```\n");
    assert_eq!(folder.build(&[]).code, 0);
    for round in 0..2 {
        let serving = Serving::start(&folder.path(), &[]);
        let wait = |what: &str| {
            for _ in 0..2_000 {
                if open_files(&serving, &folder.path()).is_empty() {
                    return;
                }
                thread::sleep(Duration::from_millis(10));
            }
            panic!("round {round}, {what}: {:?}", open_files(&serving, &folder.path()));
        };
        wait("after the start");
        folder.write("a/code.md", format!("# Code\n\n```c\nint {round};\n```\n").as_bytes());
        holds(&serving, "/a/code.html", "int");
        wait("after an edit");
    }
}

#[test]
fn a_folder_that_is_deleted_and_made_again_is_heard() {
    let folder = Folder::new(NOTES);
    let path = folder.path();
    let serving = Serving::start(&path, &[]);
    for (round, pause) in [0, 0, 1, 20, 400, 900].into_iter().enumerate() {
        // As a program does that has its place or an open file there.
        let _open = fs::File::open(if round % 2 == 0 { path.clone() } else { path.join("a") });
        fs::remove_dir_all(&path).unwrap();
        thread::sleep(Duration::from_millis(pause));
        fill(&path, &format!("第 {round} 轮"));
        is_heard(&serving, &path, &format!("第 {round} 轮"));
    }
}

#[test]
fn a_folder_that_is_replaced_is_heard() {
    let folder = Folder::new(NOTES);
    let (path, all) = (folder.path(), folder.path().parent().unwrap().to_owned());
    let serving = Serving::start(&path, &[]);
    for round in 0..6 {
        let (next, text) = (all.join("next"), format!("第 {round} 轮"));
        fill(&next, &text);
        // The whole folder, or one in it with others below.
        let (old, new) = if round % 2 == 0 {
            (path.clone(), next)
        } else {
            fill(&path, &text);
            (path.join("a"), next.join("a"))
        };
        fs::rename(&old, all.join(format!("old {round}"))).unwrap();
        fs::rename(new, old).unwrap();
        is_heard(&serving, &path, &text);
        let _ = fs::remove_dir_all(all.join("next"));
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_is_led_elsewhere_is_followed() {
    let folder = Folder::new("-- notes.yaml\ncontent: notes\n");
    let (path, all) = (folder.path(), folder.path().parent().unwrap().to_owned());
    // The link is what is served, or the folder `content`, which has to be in the project.
    for (served, link) in [(all.join("link"), all.join("link")), (path.clone(), path.join("notes"))]
    {
        let target = |name: &str| link.with_file_name(name);
        let lead = |name: &str| {
            let beside = target("beside");
            std::os::unix::fs::symlink(target(name), &beside).unwrap();
            fs::rename(beside, &link).unwrap();
        };
        for name in ["one", "two"] {
            fill(&target(name), name);
        }
        lead("one");
        let serving = Serving::start(&served, &[]);
        is_heard(&serving, &target("one"), "one");
        lead("two");
        is_heard(&serving, &target("two"), "two");
        fs::remove_file(&link).unwrap();
        serving.says(says_gone);
        lead("one");
        fill(&target("one"), "又一");
        is_heard(&serving, &link, "又一");
    }
}

#[test]
fn a_missing_folder_of_the_notes_is_reported_and_comes_back() {
    for content in ["", "content", "deep/notes"] {
        let folder = Folder::new(&format!("-- notes.yaml\ncontent: {content}\n"));
        if content.is_empty() {
            folder.write("notes.yaml", b"");
        }
        let (path, root) = (folder.path(), folder.path().join(content));
        fill(&root, "先");
        let serving = Serving::start(&path, &[]);
        is_heard(&serving, &root, "先");
        let top = path.join(content.split('/').next().unwrap_or_default());
        // At once, so that no site without some of the notes is shown.
        fs::rename(&top, path.with_file_name("away")).unwrap();
        serving.says(says_gone);
        // The last site stays.
        assert_eq!(get(&serving, "/a/b/%E4%B9%99.html").status, 200, "{content}");
        fill(&root, "后");
        if !content.is_empty() {
            folder.write("notes.yaml", format!("content: {content}\n").as_bytes());
        }
        is_heard(&serving, &root, "后");
        if !content.is_empty() {
            // Renamed together with its name in the settings.
            fs::rename(&root, path.join("new")).unwrap();
            folder.write("notes.yaml", b"content: new\n");
            fill(&path.join("new"), "新");
            is_heard(&serving, &path.join("new"), "新");
        }
    }
}

/// Runs a command as the process that serves sees the files.
#[cfg(target_os = "linux")]
fn inside(serving: &Serving, script: &str) -> Result<(), String> {
    let mut command = Command::new("nsenter");
    command.args(["--preserve-credentials", "-U", "-m", "-t", &serving.id().to_string()]);
    let output = command.args(["sh", "-ec", script]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(format!("{script}: {said}")) }
}

/// Some containers allow no namespaces; there the tests above have to do.
#[cfg(target_os = "linux")]
#[test]
fn a_volume_can_be_unmounted_and_mounted_again() {
    let folder = Folder::new(NOTES);
    let path = folder.path();
    let path = path.to_str().unwrap();
    let unshared = |command: &[&str]| {
        let mut unshared = Command::new("unshare");
        unshared.args(["--user", "--map-root-user", "--mount"]).args(command);
        unshared
    };
    let mount = format!("mount -t tmpfs none '{path}'");
    if !unshared(&["sh", "-c", &mount]).output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let fill = |text: &str| {
        format!(
            "mkdir -p '{path}/a'; for f in README a/b; do echo '# {text}' > '{path}'/$f.md; done"
        )
    };
    let begin = format!("{mount} && {} && exec \"$@\"", fill("volume 0"));
    let program = env!("CARGO_BIN_EXE_notes");
    let serving =
        Serving::run(unshared(&["sh", "-c", &begin, "sh", program, "serve", path, "--port", "0"]));
    holds(&serving, "/a/b.html", "volume 0");
    for round in 1..4 {
        // Nothing of it is in use.
        let begun = Instant::now();
        while let Err(why) = inside(&serving, &format!("umount '{path}'")) {
            assert!(begun.elapsed() < PATIENCE, "{why}");
            thread::sleep(Duration::from_millis(50));
        }
        // The folder below the volume.
        becomes(&serving, "/a/%E7%94%B2.html", |answer| answer.status == 200);
        let text = format!("volume {round}");
        inside(&serving, &format!("{mount}; {}", fill(&text))).unwrap();
        holds(&serving, "/a/b.html", &text);
        for edit in 0..3 {
            let text = format!("edit {edit} of {round}");
            inside(&serving, &fill(&text)).unwrap();
            holds(&serving, "/a/b.html", &text);
        }
    }
}

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end
    }
}

/// Takes a folder away in one of the usual ways, puts notes at its path, and edits them.
fn replace_and_edit(folder: &Path, text: &str, numbers: &mut Numbers) {
    let place = if numbers.below(3) == 0 { folder.join("a") } else { folder.to_owned() };
    let beside = folder.with_file_name("beside");
    let _ = fs::remove_dir_all(&beside);
    // As a program does that has its place or an open file there.
    let _open = (numbers.below(2) == 0).then(|| fs::File::open(&place));
    let pause = [0, 0, 0, 1, 4, 30, 200, 800][usize::try_from(numbers.below(8)).unwrap()];
    if numbers.below(2) == 0 {
        fs::remove_dir_all(&place).unwrap();
        thread::sleep(Duration::from_millis(pause));
    } else {
        fs::rename(&place, &beside).unwrap();
        thread::sleep(Duration::from_millis(pause));
        if numbers.below(3) == 0 {
            fs::rename(&beside, &place).unwrap();
        }
    }
    fill(folder, text);
    for edit in 0..numbers.below(4) {
        thread::sleep(Duration::from_millis(numbers.below(3) * 20));
        let path = ["README.md", "a/甲.md", "a/b/乙.md", "c/新.md"];
        let path = folder.join(path[usize::try_from(numbers.below(4)).unwrap()]);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("# 题 {edit}\n\n{text}\n")).unwrap();
    }
}

/// `NOTES_ROUNDS` asks for another number of rounds.
#[test]
fn a_folder_that_is_replaced_again_and_again_is_served_as_it_is_built() {
    let rounds = std::env::var("NOTES_ROUNDS").ok().and_then(|number| number.parse().ok());
    let folder = Folder::new(NOTES);
    let serving = Serving::start(&folder.path(), &[]);
    let mut numbers = Numbers(7);
    for round in 0..rounds.unwrap_or(12_u32) {
        replace_and_edit(&folder.path(), &format!("第 {round} 轮"), &mut numbers);
        let built = folder.path().with_file_name("built");
        let _ = fs::remove_dir_all(&built);
        let served = is_served_as_built(&serving, &folder.path(), &built, &[]);
        assert!(served.is_ok(), "round {round}: {}", served.unwrap_err());
    }
}
