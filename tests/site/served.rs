//! The preview serves the same as a build writes, after any change of the files.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use notes::path::{Route, encode_path};

use crate::fixture::{Folder, program};
use crate::repository;
use crate::request::{becomes, get, holds};
use crate::serving::Serving;

const NOTES: &str = "\
-- notes.yaml
title: 笔记
-- README.md
# 首页

[甲](a/甲.md) ![图](a/图.png)
-- a/甲.md
# 甲

文字。

## 一节

```rust
fn main() {}
```
-- a/b/乙.md
# 乙

{{#include ../片.txt}}
-- a/片.txt
一片
-- c/丙.md
# 丙

[甲](../a/甲.md#一节)
-- templates/foot.html
<p>foot</p>
-- static/page.css
body { color: red }
-- a/图.png
png";

/// Every file that a build writes is served with the same bytes, and the pages that it does not
/// write are not.
pub fn is_as_built(folder: &Folder, serving: &Serving) {
    let site = folder.path().parent().unwrap().join("built");
    let built = folder.build(&["-o", site.to_str().unwrap(), "--no-cache"]).at(site);
    let mut files = built.files();
    files.retain(|route, _| route != "CACHEDIR.TAG");
    assert!(files.len() > 20, "{}", files.len());
    for (route, bytes) in files {
        let answer = get(serving, &format!("/{}", encode_path(&route)));
        let served =
            if route.ends_with(".html") { answer.page().into_bytes() } else { answer.body.clone() };
        let status = if route == "404.html" { 200 } else { answer.status };
        assert_eq!((status, served == bytes), (200, true), "{route}");
    }
}

fn page(path: &str) -> String {
    format!("/{}", Route::file(path).url_path())
}

/// Puts a file in another's place, as editors do.
fn put(folder: &Folder, path: &str, text: &str) {
    let path = folder.path().join(path);
    let beside = path.with_file_name(".writing.swp");
    fs::write(&beside, text).unwrap();
    fs::rename(beside, path).unwrap();
}

#[test]
#[expect(clippy::too_many_lines, reason = "one preview through many changes")]
fn the_preview_after_each_change_equals_a_build() {
    let folder = Folder::new(NOTES);
    let serving = Serving::start(&folder.path(), &[]);
    is_as_built(&folder, &serving);
    assert!(!folder.path().join("site").exists());
    let at = |path: &str| folder.path().join(path);
    let steps: [(&str, &dyn Fn(), &str, &str); 17] = [
        (
            "written in",
            &|| folder.write("a/甲.md", "# 甲\n\n别的。\n".as_bytes()),
            "a/甲.html",
            "别的。",
        ),
        (
            "saved atomically",
            &|| put(&folder, "a/甲.md", "# 甲二\n\n又一次。\n"),
            "a/甲.html",
            "又一次。",
        ),
        (
            "a title elsewhere",
            &|| put(&folder, "a/甲.md", "# 甲三\n\n## 一节\n"),
            "a/b/乙.html",
            "甲三",
        ),
        (
            "a new note",
            &|| folder.write("a/丁.md", "# 丁\n\n新。\n".as_bytes()),
            "a/丁.html",
            "新。",
        ),
        (
            "a new folder",
            &|| folder.write("d/e/f/戊.md", "# 戊\n\n深。\n".as_bytes()),
            "d/e/f/戊.html",
            "深。",
        ),
        (
            "in the new folder",
            &|| folder.write("d/e/f/己.md", "# 己\n\n也深。\n".as_bytes()),
            "d/e/f/己.html",
            "也深。",
        ),
        (
            "a note renamed",
            &|| fs::rename(at("a/丁.md"), at("a/庚.md")).unwrap(),
            "a/庚.html",
            "新。",
        ),
        (
            "a folder renamed",
            &|| fs::rename(at("d/e"), at("d/g")).unwrap(),
            "d/g/f/戊.html",
            "深。",
        ),
        (
            "in the renamed folder",
            &|| folder.write("d/g/f/戊.md", "# 戊\n\n更深。\n".as_bytes()),
            "d/g/f/戊.html",
            "更深。",
        ),
        ("a note deleted", &|| fs::remove_file(at("a/庚.md")).unwrap(), "index.html", "首页"),
        ("a folder deleted", &|| fs::remove_dir_all(at("d")).unwrap(), "index.html", "首页"),
        ("what is included", &|| put(&folder, "a/片.txt", "两片"), "a/b/乙.html", "两片"),
        (
            "the configuration",
            &|| put(&folder, "notes.yaml", "title: 别名\n"),
            "index.html",
            "别名",
        ),
        (
            "the navigation",
            &|| put(&folder, "SUMMARY.md", "- [首页](README.md)\n- [丙丙](c/丙.md)\n"),
            "c/丙.html",
            "丙丙",
        ),
        (
            "a template",
            &|| put(&folder, "templates/foot.html", "<p>other foot</p>"),
            "c/丙.html",
            "other foot",
        ),
        (
            "a style sheet",
            &|| put(&folder, "static/page.css", "body { color: blue }"),
            "static/page.css",
            "blue",
        ),
        ("a picture", &|| put(&folder, "a/图.png", "other png"), "a/图.png", "other png"),
    ];
    for (what, step, route, text) in steps {
        step();
        holds(&serving, &page(route), text);
        if what.contains("deleted") {
            becomes(&serving, &page("a/庚.html"), |answer| answer.status == 404);
            becomes(&serving, &page("d/g/f/戊.html"), |answer| {
                answer.status == 404 || what.contains("note")
            });
        }
        is_as_built(&folder, &serving);
    }
}

pub fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=n", "-c", "user.email=n@example.org"])
        .args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn two_hundred_notes_at_once_and_saves_during_a_rebuild() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    let serving = Serving::start(&folder.path(), &[]);
    for number in 0..200 {
        folder.write(&format!("{number}.md"), format!("# {number}\n\n一\n").as_bytes());
    }
    holds(&serving, "/199.html", "一");
    // Saves that come faster than they can be shown: the last one is, always.
    for round in 0..20 {
        for save in 0..30 {
            let text = format!("# 题 {round}\n\n第 {save} 次，第 {round} 轮\n");
            if save % 2 == 0 {
                put(&folder, "7.md", &text);
            } else {
                folder.write("7.md", text.as_bytes());
            }
            thread::sleep(Duration::from_micros(400 * (save % 7)));
        }
        holds(&serving, "/7.html", &format!("第 29 次，第 {round} 轮"));
        holds(&serving, "/8.html", &format!("题 {round}"));
    }
    is_as_built(&folder, &serving);
}

#[test]
fn polling_finds_changes() {
    let folder = Folder::new(NOTES);
    let serving = Serving::start(&folder.path(), &["--poll"]);
    folder.write("a/甲.md", "# 甲\n\n轮询。\n".as_bytes());
    holds(&serving, &page("a/甲.html"), "轮询。");
    fs::rename(folder.path().join("a/甲.md"), folder.path().join("c/甲.md")).unwrap();
    holds(&serving, &page("c/甲.html"), "轮询。");
    is_as_built(&folder, &serving);
}

/// The system lets a process watch so few folders in a namespace of its own. Where none can be
/// made, as in some containers, the test of the watcher itself has to do.
#[cfg(target_os = "linux")]
#[test]
fn polling_takes_over_when_watches_run_out() {
    let folder = Folder::new(NOTES);
    let limited = "echo 2 > /proc/sys/user/max_inotify_watches && exec \"$@\"";
    let unshared = |command: &[&str]| {
        let mut unshared = Command::new("unshare");
        unshared.args(["--user", "--map-root-user", "sh", "-c", limited, "sh"]).args(command);
        unshared
    };
    if !unshared(&["true"]).output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let path = folder.path();
    let serve = [env!("CARGO_BIN_EXE_notes"), "serve", path.to_str().unwrap(), "--port", "0"];
    let serving = Serving::run(unshared(&serve));
    serving.says(|line| line.contains("limit of watched folders is reached; polling for changes"));
    folder.write("c/丙.md", "# 丙\n\n看到了。\n".as_bytes());
    holds(&serving, &page("c/丙.html"), "看到了。");
}

#[test]
fn a_port_that_is_taken_gives_way_to_the_next() {
    let folder = Folder::new("-- README.md\n# 首页\n");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut command = program();
    command.arg("serve").arg(folder.path()).args(["--port", &port.to_string()]);
    let serving = Serving::run(command);
    assert!(serving.printed().contains(&format!("port {port} is taken")));
    assert!(!serving.url.contains(&port.to_string()));
    holds(&serving, "/", "首页");
}

#[test]
fn errors_keep_the_last_good_site() {
    let folder = Folder::new(NOTES);
    let serving = Serving::start(&folder.path(), &[]);
    for (path, broken, mended, told) in [
        ("notes.yaml", "title: [", "title: 好\n", "notes.yaml:2"),
        ("templates/foot.html", "{% if %}", "<p>foot</p>", "templates/foot.html:1"),
        (
            "templates/foot.html",
            "{{ page.nothing.at.all }}",
            "<p>foot</p>",
            "templates/foot.html:1",
        ),
        ("static/page.css", "", "body { color: red }", ""),
    ] {
        put(&folder, path, broken);
        if !told.is_empty() {
            serving.says(|line| line.contains(told));
        }
        holds(&serving, &page("c/丙.html"), "<p>foot</p>");
        put(&folder, "c/丙.md", &format!("# 丙\n\n{path} 坏了。\n"));
        put(&folder, path, mended);
        holds(&serving, &page("c/丙.html"), &format!("{path} 坏了。"));
        is_as_built(&folder, &serving);
    }
    // All notes gone, and back.
    let away = folder.path().parent().unwrap().join("away");
    fs::create_dir(&away).unwrap();
    for name in ["README.md", "a", "c"] {
        fs::rename(folder.path().join(name), away.join(name)).unwrap();
    }
    serving.says(|line| line.contains("no Markdown file"));
    holds(&serving, &page("c/丙.html"), "page.css 坏了。");
    for name in ["README.md", "a", "c"] {
        fs::rename(away.join(name), folder.path().join(name)).unwrap();
    }
    put(&folder, "c/丙.md", "# 丙\n\n又在。\n");
    holds(&serving, &page("c/丙.html"), "又在。");
    is_as_built(&folder, &serving);
}

#[test]
fn folders_that_go_and_come_back_are_watched_again() {
    let folder = Folder::new(NOTES);
    let serving = Serving::start(&folder.path(), &[]);
    let fill = |text: &str| {
        folder.write("README.md", "# 首页\n".as_bytes());
        folder.write("c/丙.md", format!("# 丙\n\n{text}\n").as_bytes());
    };
    for round in 0..10 {
        // At once, and after it was noticed.
        let (at_once, later) = (format!("立刻 {round}"), format!("后来 {round}"));
        if round % 2 == 0 {
            fs::remove_dir_all(folder.path().join("c")).unwrap();
        } else {
            fs::remove_dir_all(folder.path()).unwrap();
        }
        if round % 3 == 0 {
            thread::sleep(Duration::from_millis(300));
        }
        fill(&at_once);
        holds(&serving, &page("c/丙.html"), &at_once);
        folder.write("c/丙.md", format!("# 丙\n\n{later}\n").as_bytes());
        holds(&serving, &page("c/丙.html"), &later);
    }
}

#[test]
fn an_empty_folder_waits_for_its_first_note() {
    let folder = Folder::new("-- notes.yaml\ntitle: [\n");
    let serving = Serving::start(&folder.path(), &[]);
    let waiting = get(&serving, "/");
    assert_eq!(waiting.status, 503);
    assert!(String::from_utf8_lossy(&waiting.body).contains("/.notes/live.js"));
    put(&folder, "notes.yaml", "title: 好\n");
    folder.write("README.md", "# 首页\n\n来了\n".as_bytes());
    holds(&serving, "/", "来了");
    is_as_built(&folder, &serving);
}

#[test]
fn a_commit_updates_the_preview() {
    let folder = Folder::new(
        r"
        -- .gitignore
        site
        .notes
        -- one/README.md
        # 首页
        -- one/a.md
        # 甲

        文
        -- two/a.md
        # 乙

        文
    ",
    );
    let path = folder.path();
    let commit = |day: &str| {
        let when = format!("2024-01-{day}T00:00:00Z");
        repository::commit(&folder, "n", &when);
    };
    folder.write("notes.yaml", b"content: one\n");
    let serving = Serving::start(&path, &[]);
    let dated =
        |page: &str, day: &str| holds(&serving, page, &format!("datetime=\"2024-01-{day}\""));
    // AssumeUpToDate happens in the repository, a look at everything follows on a save.
    let mut saves = 0;
    let mut save = || {
        saves += 1;
        put(&folder, "one/README.md", &format!("# 首页\n\n{saves}\n"));
    };
    let undated = get(&serving, "/a.html").page();
    assert!(!undated.contains("datetime="), "{undated}");
    // A repository where there was none, and its first commit.
    git(&path, &["init", "-q", "-b", "main"]);
    save();
    holds(&serving, "/index.html", "<p>1</p>");
    commit("02");
    save();
    dated("/a.html", "02");
    // Without a log of what HEAD was; the files that tell of HEAD are as they were.
    git(&path, &["config", "core.logAllRefUpdates", "false"]);
    folder.write("two/a.md", "# 乙\n\n改过\n".as_bytes());
    folder.write("one/a.md", "# 甲\n\n改过\n".as_bytes());
    holds(&serving, "/a.html", "改过");
    commit("03");
    save();
    dated("/a.html", "03");
    // Other names of authors.
    folder.write("one/a.md", "# 甲\n\n再改\n".as_bytes());
    git(&path, &["add", "."]);
    repository::git(&path, "m", "2024-01-04T00:00:00Z", &["commit", "-qm", "x"]);
    save();
    holds(&serving, "/a.html", "<span>m、n</span>");
    folder.write(".mailmap", "某人 <x@example.org> m <x@example.org>\n".as_bytes());
    save();
    holds(&serving, "/a.html", "<span>某人、n</span>");
    // Other notes.
    put(&folder, "notes.yaml", "content: two\n");
    dated("/a.html", "03");
    is_as_built(&folder, &serving);
    // A clone that is shallow no more.
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", path.display());
    git(clone.path(), &["clone", "-q", "--depth", "1", &url, "notes"]);
    let clone = clone.path().join("notes");
    let serving = Serving::start(&clone, &[]);
    assert!(!get(&serving, "/a.html").page().contains("datetime="));
    git(&clone, &["fetch", "-q", "--unshallow"]);
    fs::write(clone.join("one/new.md"), "# 新\n").unwrap();
    holds(&serving, "/a.html", "datetime=\"2024-01-04\"");
}

#[test]
fn a_folder_that_appears_during_the_first_build_is_watched() {
    let folder = Folder::new(NOTES);
    for number in 0..300 {
        folder.write(&format!("{number}.md"), b"# A\n\n```rust\nfn a() {}\n```\n");
    }
    let new = folder.path().join("new");
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        fs::create_dir(new).unwrap();
    });
    let serving = Serving::start(&folder.path(), &[]);
    // Until all files are checked after the first build.
    thread::sleep(Duration::from_secs(1));
    folder.write("new/a.md", "# 新\n".as_bytes());
    holds(&serving, "/new/a.html", "新");
}
