//! Builds that are killed at any moment, or run at once → the next one makes all good, and nothing
//! of the writer's is touched.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::comparison::assert_same_files;
use crate::fixture::{Folder, program};

/// The number of builds that are killed; `NOTES_KILLS` asks for another number.
fn kills() -> u32 {
    std::env::var("NOTES_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(25)
}

/// Notes that take some time, different for each version.
fn write_notes(folder: &Folder, version: u32) {
    for number in 0..40 {
        // Some come and go, so that files are deleted as well.
        let path = format!(
            "{}/n{number}-{}.md",
            number % 5,
            if number % 4 == 0 { version % 2 } else { 0 }
        );
        let text = format!(
            "# n{number}\n\n版本 {version}\n\n```rust\nfn f{number}() {{ {version} }}\n```\n"
        );
        if number % 4 == 0 {
            let _ = fs::remove_file(folder.path().join(format!(
                "{}/n{number}-{}.md",
                number % 5,
                1 - version % 2
            )));
        }
        folder.write(&path, text.as_bytes());
    }
}

#[test]
fn the_build_after_a_killed_one_repairs_everything() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    folder.write("site/CNAME", b"e.org\n");
    write_notes(&folder, 0);
    let started = Instant::now();
    folder.build(&["--quiet"]);
    let whole = started.elapsed();
    folder.write("site/own.txt", b"the writer's own\n");
    for kill in 1..=kills() {
        write_notes(&folder, kill);
        let mut command = program();
        let command =
            command.arg("build").arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut build = command.spawn().unwrap();
        // At moments spread over a whole build.
        sleep(whole * (kill * 7919 % 100) / 100);
        build.kill().unwrap();
        build.wait().unwrap();
        if kill % 5 > 0 {
            // Sometimes several in a row.
            continue;
        }
        let mended = folder.build(&[]);
        let elsewhere = folder.path().join("elsewhere");
        let clean =
            folder.build(&["--no-cache", "-o", elsewhere.to_str().unwrap()]).at(elsewhere.clone());
        let mut files = mended.files();
        assert_eq!(files.remove("CNAME").as_deref(), Some(&b"e.org\n"[..]));
        assert_eq!(files.remove("own.txt").as_deref(), Some(&b"the writer's own\n"[..]));
        assert_same_files(&files, &clean.files(), format!("{kill}: {}", mended.printed));
        fs::remove_dir_all(elsewhere).unwrap();
        let left = fs::read_dir(folder.path().join(".notes")).unwrap().flatten();
        let stray = left
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(".notes-tmp-"))
            .count();
        assert!(stray == 0, "{kill}: {stray} files that were being written");
    }
}

#[test]
fn builds_at_once_leave_what_one_leaves() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    for version in 0..6 {
        write_notes(&folder, version);
        let builds: Vec<_> = (0..4)
            .map(|_| {
                let mut command = program();
                let command = command.arg("build").arg(folder.path());
                command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
            })
            .collect();
        for mut build in builds {
            build.wait().unwrap();
        }
        let settled = folder.build(&[]);
        let elsewhere = folder.path().join("elsewhere");
        let clean =
            folder.build(&["--no-cache", "-o", elsewhere.to_str().unwrap()]).at(elsewhere.clone());
        let context = format!("{version}: {}", settled.printed);
        assert_same_files(&settled.files(), &clean.files(), context);
        fs::remove_dir_all(elsewhere).unwrap();
    }
}

/// The number of pairs of builds; `NOTES_PAIRS` asks for another number.
fn pairs() -> u32 {
    std::env::var("NOTES_PAIRS").ok().and_then(|number| number.parse().ok()).unwrap_or(12)
}

/// Starts a build of [`program`].
fn begin_build(folder: &Folder, arguments: &[&str]) -> Child {
    let mut command = Command::new(program_name());
    command.arg("build").arg(folder.path()).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The program; `NOTES_PROGRAM` names another version, to compare with.
fn program_name() -> String {
    std::env::var("NOTES_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_notes").to_owned())
}

/// As `flock site notes build .` does (flock(1)): the build has the folder and its lock, as a
/// descriptor that it knows nothing of.
#[cfg(target_os = "linux")]
#[test]
fn a_build_does_not_wait_for_the_lock_of_the_program_that_started_it() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    folder.build(&[]);
    let site = fs::File::open(folder.path().join("site")).unwrap();
    site.lock().unwrap();
    let mut build = Command::new(program_name())
        .args(["build", folder.path().to_str().unwrap()])
        .stdin(site)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while build.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_mins(1) {
            build.kill().unwrap();
            panic!("it waits");
        }
        sleep(Duration::from_millis(10));
    }
    let built = folder.ran(build.wait_with_output().unwrap());
    assert!(built.code == 0 && !built.printed.contains("waiting"), "{}", built.printed);
}

#[test]
fn of_two_builds_at_once_the_second_waits_and_nothing_is_left_of_either() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    let elsewhere = folder.path().parent().unwrap().join("elsewhere");
    // Sites with another address have other files: without one there is no `sitemap.xml`.
    let addresses: [&[&str]; 3] =
        [&[], &["--base-url=https://a.example/"], &["--base-url=https://b.example/x/"]];
    let (mut wrong, mut failed, mut waited) = (Vec::new(), 0, 0);
    for round in 0..pairs() {
        write_notes(&folder, round);
        let which = (round % 3) as usize;
        let first = begin_build(&folder, addresses[which]);
        sleep(Duration::from_millis(u64::from(round * 7919 % 31)));
        let second = begin_build(&folder, addresses[(which + 1) % 3]);
        for build in [first, second] {
            let output = build.wait_with_output().unwrap();
            failed += u32::from(!output.status.success());
            let printed = String::from_utf8(output.stderr).unwrap();
            waited += u32::from(printed.contains("waiting for another build that writes to "));
        }
        let settled = folder.ran(begin_build(&folder, &[]).wait_with_output().unwrap());
        let arguments = ["--no-cache", "-o", elsewhere.to_str().unwrap()];
        let clean = folder.ran(begin_build(&folder, &arguments).wait_with_output().unwrap());
        let is_same = settled.files() == clean.at(elsewhere.clone()).files();
        if !is_same || settled.code != 0 {
            wrong.push(round);
            fs::remove_dir_all(&settled.site).unwrap();
        }
        fs::remove_dir_all(&elsewhere).unwrap();
    }
    assert_eq!((wrong.as_slice(), failed), (&[][..], 0), "rounds, builds ({waited} waited)");
    assert!(waited > 0, "no build met another");
}
