//! Faults of the machine during a build: each gives a message and an exit code, nothing of the
//! writer's is lost, no half file stays, and the build after it is that of a folder to which
//! nothing happened.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use notes::build::{CommandUse, NoProgress};
use notes::diagnostic::Kind;
use notes::project::FederationUse;
use notes::publish::{BuildOptions, publish};

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder, program};

const NOTES: &str = r"
    -- README.md
    # 首页

    见 [甲](甲/a.md)。
    -- 甲/a.md
    # 甲

    文
    -- 甲/b.md
    # 乙

    文
";

/// A file of the writer's in the output folder.
const OWN: &str = "the writer's own\n";

/// A folder that was built before and holds something of the writer's in its site.
fn built_before() -> Folder {
    let folder = Folder::new(NOTES);
    assert_eq!(folder.build(&[]).code, 0);
    folder.write("site/own.txt", OWN.as_bytes());
    folder
}

/// Runs the program in a shell, where `$NOTES` is the program and `$1` the folder.
fn in_shell(folder: &Folder, script: &str) -> Output {
    let mut command = Command::new("bash");
    command.env("NOTES", env!("CARGO_BIN_EXE_notes"));
    command.args(["-c", script, "bash"]).arg(folder.path()).output().unwrap()
}

/// The same where file systems can be mounted that nobody else sees; `None` on a machine that has
/// no such place.
fn with_mounts(folder: &Folder, script: &str) -> Option<Output> {
    let unshared = |command: &[&str]| {
        let mut unshared = Command::new("unshare");
        unshared.args(["--user", "--map-root-user", "--mount"]).args(command);
        unshared.env("NOTES", env!("CARGO_BIN_EXE_notes"));
        unshared
    };
    let can = unshared(&["true"]).output().is_ok_and(|output| output.status.success());
    can.then(|| unshared(&["bash", "-c", script, "bash"]).arg(folder.path()).output().unwrap())
}

/// Runs the program as somebody whom permissions hold for.
fn as_nobody(folder: &Folder, arguments: &[&str]) -> Built {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = dir.path().join("notes");
    fs::copy(env!("CARGO_BIN_EXE_notes"), &program).unwrap();
    let locked = dir.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser may do everything.
    let is_superuser = fs::read_dir(&locked).is_ok();
    let mut command = Command::new(if is_superuser { Path::new("setpriv") } else { &program });
    if is_superuser {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
    }
    folder.ran(command.arg("build").arg(folder.path()).args(arguments).output().unwrap())
}

/// Gives everybody all rights, or takes the right to write from all.
fn set_mode(top: &Path, mode: u32) {
    let mut todo = vec![top.to_owned()];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        }
        let executable = if path.is_dir() { 0o111 } else { 0 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode | executable)).unwrap();
    }
}

/// The build after a fault: right to the byte, and what the writer keeps is there.
fn all_is_well_after(fault: &str, folder: &Folder) {
    let built = folder.build(&[]);
    assert_eq!(built.code, 0, "{fault}: {}", built.printed);
    let clean = tempfile::tempdir().unwrap();
    let site = clean.path().join("site");
    let fresh = folder.build(&["--no-cache", "-o", site.to_str().unwrap()]).at(site.clone());
    let mut files = built.files();
    if let Some(own) = files.remove("own.txt") {
        assert_eq!(String::from_utf8(own).unwrap(), OWN, "{fault}");
    }
    assert_same_files(&files, &fresh.files(), fault);
    assert!(
        files.keys().all(|name| !name.contains("writing") && !name.contains(".tmp")),
        "{fault}"
    );
}

#[test]
fn an_output_folder_that_cannot_be_written() {
    let folder = built_before();
    set_mode(folder.path().parent().unwrap(), 0o666);
    set_mode(&folder.path().join("site"), 0o444);
    let before = folder.build(&["--no-cache", "-o", "/dev/null/x"]);
    assert_eq!(before.code, 1, "{}", before.printed);
    folder.write("甲/a.md", "# 甲\n\n新的文字\n".as_bytes());
    set_mode(&folder.path().join("甲"), 0o666);
    let built = as_nobody(&folder, &[]);
    assert_eq!(built.code, 1, "{}", built.printed);
    assert!(built.printed.contains("error[unwritable]"), "{}", built.printed);
    assert!(built.printed.contains("cannot be written: permission denied"), "{}", built.printed);
    assert!(built.text("甲/a.html").contains("文"));
    set_mode(&folder.path().join("site"), 0o666);
    all_is_well_after("read-only output", &folder);
}

#[test]
fn a_disk_that_is_full() {
    let folder = Folder::new(NOTES);
    folder.write("large.md", "一段文字。\n\n".repeat(50_000).as_bytes());
    fs::create_dir(folder.path().join("site")).unwrap();
    let script = "mount -t tmpfs -o size=700k tmpfs \"$1/site\" && \"$NOTES\" build \"$1\"; echo \
         \"code $?\"
        find \"$1/site\" -type f -printf 'kept %P %s\\n'
        mount -o remount,size=50m \"$1/site\"; \"$NOTES\" build \"$1\"; echo \"code $?\"; wc -c < \
         \"$1/site/large.html\"";
    let Some(output) = with_mounts(&folder, script) else { return };
    let printed = String::from_utf8(output.stdout).unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("error[unwritable]") && told.contains("no space left on the disk"),
        "{told}"
    );
    let (first, second) =
        printed.split_once("code 1\n").unwrap_or_else(|| panic!("{printed}\n{told}"));
    assert!(first.contains(" error"), "{first}");
    let (kept, second) =
        second.split_once("code 0\n").unwrap_or_else(|| panic!("{printed}\n{told}"));
    let kept: Vec<&str> = kept.lines().filter_map(|line| line.strip_prefix("kept ")).collect();
    // Whole files only: none is empty, none is on its way.
    let is_whole = |file: &&str| {
        !file.contains("large.html")
            && !file.contains(".tmp")
            && (!file.ends_with(" 0") || *file == ".nojekyll 0")
    };
    assert!(!kept.is_empty() && kept.iter().all(is_whole), "{kept:?}");
    assert!(second.trim().parse::<u64>().unwrap() > 800_000, "{second}");
}

#[test]
fn a_cache_that_cannot_be_written() {
    let folder = Folder::new(NOTES);
    fs::create_dir(folder.path().join(".notes")).unwrap();
    let script = "mount -t tmpfs -o size=4k tmpfs \"$1/.notes\" && \"$NOTES\" build \"$1\"";
    let Some(output) = with_mounts(&folder, script) else { return };
    let built = folder.ran(output);
    assert_eq!(built.code, 0, "{}", built.printed);
    all_is_well_after("full disk under the cache", &folder);
}

#[test]
fn a_note_that_goes_between_the_walk_and_the_reading() {
    let folder = Folder::new(NOTES);
    let read = || {
        notes::source::Tree::read(
            &folder.path(),
            String::new(),
            notes::source::Skip {
                output: Path::new("none"),
                own: ".notes",
                output_mark: ("none", ""),
                excluded: &|_| false,
            },
            SystemTime::now(),
        )
    };
    for fault in ["gone", "a folder"] {
        let tree = read();
        let path = folder.path().join("甲/b.md");
        fs::remove_file(&path).unwrap();
        if fault == "a folder" {
            fs::create_dir(&path).unwrap();
        }
        let sources = notes::build::Sources::new(
            tree,
            notes::config::Config::default(),
            notes::theme::Theme::load(Path::new("none"), true, ""),
            notes::cache::Cache::none(),
        );
        let built = notes::build::build(&sources, &notes::build::NoPreviousOutput, &NoProgress);
        let problems: Vec<_> = built
            .report
            .messages()
            .iter()
            .filter(|message| message.kind == Kind::Unreadable)
            .collect();
        let files: Vec<_> =
            problems.iter().filter_map(|problem| problem.location.file.as_deref()).collect();
        assert_eq!(files, ["甲/b.md"], "{fault}");
        assert_eq!(built.counts.notes, 2, "{fault}");
        if path.is_dir() {
            fs::remove_dir(&path).unwrap();
        }
        folder.write("甲/b.md", "# 乙\n\n文\n".as_bytes());
    }
    all_is_well_after("vanished note", &folder);
}

#[test]
fn notes_that_vanish_while_they_are_read() {
    let folder = Folder::new(NOTES);
    for number in 0..200 {
        folder.write(&format!("乙/{number}.md"), format!("# {number}\n\n文\n").as_bytes());
    }
    for round in 0..8 {
        let moved = folder.path().join(format!("away{round}"));
        let from = folder.path().join("乙");
        let building = {
            let mut command = program();
            command
                .arg("build")
                .arg(folder.path())
                .arg("--no-cache")
                .stderr(std::process::Stdio::null())
                .stdout(std::process::Stdio::null());
            command.spawn().unwrap()
        };
        std::thread::sleep(Duration::from_millis(5 * round));
        fs::rename(&from, &moved).unwrap();
        let code = { building }.wait().unwrap().code();
        assert!(matches!(code, Some(0 | 1)), "{code:?}");
        fs::rename(&moved, &from).unwrap();
    }
    all_is_well_after("vanishing notes", &folder);
}

#[test]
fn a_folder_that_becomes_a_file() {
    let folder = built_before();
    // Of the notes …
    fs::rename(folder.path().join("甲"), folder.path().join("乙")).unwrap();
    folder.write("甲", b"x");
    let built = folder.build(&[]);
    assert!(built.code == 0 && !built.site.join("甲").exists(), "{}", built.printed);
    assert!(built.printed.contains("1 hint"), "{}", built.printed);
    all_is_well_after("folder of notes replaced", &folder);
    // … and of the site.
    fs::remove_dir_all(folder.path().join("site/乙")).unwrap();
    folder.write("site/乙", b"mine");
    let built = folder.build(&[]);
    assert_eq!(built.code, 1, "{}", built.printed);
    assert!(built.printed.contains("乙"), "{}", built.printed);
    assert_eq!(fs::read_to_string(folder.path().join("site/乙")).unwrap(), "mine");
    fs::remove_file(folder.path().join("site/乙")).unwrap();
    all_is_well_after("folder of the site replaced", &folder);
}

#[test]
fn a_note_that_may_not_be_read() {
    let folder = built_before();
    set_mode(folder.path().parent().unwrap(), 0o666);
    let note = folder.path().join("甲/b.md");
    fs::set_permissions(&note, fs::Permissions::from_mode(0o000)).unwrap();
    let built = as_nobody(&folder, &["--no-cache"]);
    assert_eq!(built.code, 1, "{}", built.printed);
    assert!(
        built.printed.contains("甲/b.md: cannot be read: permission denied"),
        "{}",
        built.printed
    );
    // Its page is not deleted for that.
    assert!(built.text("甲/b.html").contains("文"));
    fs::set_permissions(&note, fs::Permissions::from_mode(0o666)).unwrap();
    all_is_well_after("unreadable note", &folder);
}

#[test]
fn a_clock_that_goes_backwards() {
    let folder = Folder::new(NOTES);
    let now = SystemTime::now();
    let earlier = now - Duration::from_hours(1);
    let path = folder.path().join("甲/a.md");
    let write = |text: &str, at: SystemTime| {
        fs::write(&path, format!("# 甲\n\n{text}\n")).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
    };
    let shown = |now: SystemTime| {
        let options = BuildOptions {
            folder: folder.path(),
            output: None,
            base_url: None,
            drafts: false,
            force: false,
            cache: true,
            commands: CommandUse::Refuse,
            federation: FederationUse::Kept,
            now,
        };
        publish(&options, &NoProgress).unwrap();
        fs::read_to_string(folder.path().join("site/甲/a.html")).unwrap()
    };
    for (text, written, built) in [
        ("第一次", now, now),
        ("第二次", earlier, earlier),
        // Within one tick of the clock, of one length: only the reading tells.
        ("第三次", earlier, earlier),
        // Written before the clock went back.
        ("第四次", now, earlier),
        ("第五次", now, earlier),
        ("第六次", earlier, now),
    ] {
        write(text, written);
        assert!(shown(built).contains(text), "{text}");
    }
    all_is_well_after("clock", &folder);
}

#[test]
fn few_open_files_and_many_notes() {
    let folder = Folder::new(NOTES);
    for number in 0..4_000 {
        folder.write(
            &format!("乙/{}/{number}.md", number % 50),
            format!("# {number}\n\n文 [甲](../../甲/a.md)\n").as_bytes(),
        );
    }
    let built = folder.ran(in_shell(&folder, "ulimit -n 64; exec \"$NOTES\" build \"$1\" --quiet"));
    assert_eq!((built.code, built.printed.as_str()), (0, ""));
    let built = folder.ran(in_shell(&folder, "ulimit -n 64; exec \"$NOTES\" check \"$1\" --quiet"));
    assert_eq!((built.code, built.printed.as_str()), (0, ""));
    assert!(built.text("乙/7/3957.html").contains("文"));
}

#[test]
fn paths_at_the_limit_of_the_system() {
    let folder = built_before();
    // A name of 255 bytes whose page's name would be longer, and a path that is only just one.
    let name = format!("{}.md", "长".repeat(84));
    folder.write(&name, "# 长名\n\n文\n".as_bytes());
    let mut deep = PathBuf::new();
    while folder.path().join(&deep).as_os_str().len() < 3_700 {
        deep.push("深".repeat(60));
    }
    let deep = deep.join("a.md");
    folder.write(deep.to_str().unwrap(), "# 深处\n\n文\n".as_bytes());
    let output = tempfile::tempdir().unwrap();
    // The site's own place is longer than the notes', so that its path is none any more.
    let site = output.path().join("站".repeat(80)).join("点".repeat(80));
    let built = folder.build(&["-o", site.to_str().unwrap()]).at(site.clone());
    assert_eq!(built.code, 1, "{}", built.printed);
    assert!(built.printed.contains("error[unwritable]"), "{}", built.printed);
    assert!(built.text("甲/a.html").contains("文"));
    assert!(built.pages().iter().any(|page| page.starts_with("长长")), "{:?}", built.pages());
    fs::remove_dir_all(folder.path().join("深".repeat(60))).unwrap();
    all_is_well_after("long paths", &folder);
}
