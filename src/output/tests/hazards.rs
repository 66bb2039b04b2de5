//! Accidents while or before a site is written to a folder → the state of the folder afterwards.

use super::*;

/// A site of ours with `a/b.html`, whose folder `a` was then replaced by a link to `elsewhere`,
/// which holds a file of the same name and bytes.
#[cfg(unix)]
fn with_link() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempdir().unwrap();
    let (site, elsewhere) = (folder.path().join("site"), folder.path().join("elsewhere"));
    assert_eq!(
        counts(&write(&site, &output(&[("a/b.html", "1"), ("a/e/c.html", "1"), ("top", "1")]))),
        (3, 0, 0)
    );
    fs::remove_dir_all(site.join("a")).unwrap();
    put(&elsewhere, "b.html", "1");
    fs::create_dir(elsewhere.join("e")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, site.join("a")).unwrap();
    (folder, site, elsewhere)
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_site() {
    let outside = files(&[("b.html", "1"), ("e/", "")]);
    let reason = "`a` is a symbolic link, which is not followed";
    for second in [&[("a/b.html", "2"), ("a/new/x.html", "1")][..], &[("a/b.html", "1")], &[]] {
        let (_folder, site, elsewhere) = with_link();
        let written = write(&site, &output(second));
        assert_eq!(on_disk(&elsewhere), outside);
        assert!(fs::symlink_metadata(site.join("a")).unwrap().is_symlink());
        let messages = messages(&written, &site);
        assert!(
            messages.len() >= 2 && messages.iter().all(|message| message.contains(reason)),
            "{messages:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_page_is_neither_followed_nor_replaced() {
    let folder = tempdir().unwrap();
    let site = folder.path().join("site");
    assert_eq!(counts(&write(&site, &output(&[("a.html", "1"), ("b.html", "1")]))), (2, 0, 0));
    put(folder.path(), "precious", "1");
    for name in ["a.html", "b.html"] {
        fs::remove_file(site.join(name)).unwrap();
        std::os::unix::fs::symlink(folder.path().join("precious"), site.join(name)).unwrap();
    }
    let written = write(&site, &output(&[("a.html", "2")]));
    assert_eq!(counts(&written), (0, 0, 0));
    assert_eq!(fs::read_to_string(folder.path().join("precious")).unwrap(), "1");
    assert_eq!(on_disk(&site), files(&[("a.html", "→"), ("b.html", "→")]));
    assert_eq!(
        messages(&written, &site),
        [
            "ForeignFile b.html: no longer part of the site, but left alone: a folder or link with this name has replaced it",
            "Unwritable a.html: not written: a symbolic link with this name exists",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let site = tempdir().unwrap();
    let made = std::process::Command::new("mkfifo").arg(site.path().join("a.html")).status();
    if made.is_ok_and(|status| status.success()) {
        let written = write(site.path(), &output(&[("a.html", "")]));
        let expected =
            "Unwritable a.html: not written: a pipe, socket or device with this name exists";
        assert_eq!(messages(&written, site.path()), [expected]);
    }
}

#[test]
fn a_manifest_from_elsewhere_deletes_nothing_outside() {
    for name in ["../precious", "/precious", "a/../../precious", "./../precious"] {
        let folder = tempdir().unwrap();
        let site = folder.path().join("site");
        put(folder.path(), "precious", "x");
        let digest = &blake3::hash(b"x").to_hex()[..32];
        put(&site, manifest::NAME, &format!("notes-manifest 1 1\n{digest} {name}\n"));
        let written = write(&site, &output(&[("a.html", "1")]));
        assert_eq!(counts(&written), (1, 0, 0), "{name}");
        assert!(folder.path().join("precious").exists(), "{name}");
    }
}

#[test]
fn the_next_run_completes_a_killed_one() {
    let first = output(&[("a.html", "1"), ("b/c.html", "1"), ("d/e.html", "1")]);
    let second = output(&[("a.html", "2"), ("b/c.html", "2"), ("f/g.html", "2"), ("h.html", "2")]);
    for survived in 0..4 {
        for (third, kept) in [(&first, 3), (&second, 4), (&Output::default(), 0)] {
            let site = tempdir().unwrap();
            assert_eq!(write(site.path(), &first).diagnostics, []);
            write_and_kill(site.path(), &second, survived);
            let expected: Files = third
                .iter()
                .map(|(route, file)| {
                    (route.to_string(), io::read_to_string(file.open().unwrap()).unwrap())
                })
                .collect();
            // A process number above Linux's largest, so of none that runs.
            let stray = site.path().join("f/.notes-tmp-4194999-abc123");
            if Path::new("/proc/self").exists() && stray.parent().unwrap().exists() {
                fs::write(stray, "half a pa").unwrap();
            }
            let written = write(site.path(), third);
            assert_eq!(written.diagnostics, [], "{survived} {kept}");
            assert_eq!(on_disk(site.path()), expected, "{survived} {kept}");
            assert_eq!(Manifest::find(site.path()), fresh_manifest(third));
        }
    }
}

/// The manifest that `output` gets in an empty folder.
fn fresh_manifest(output: &Output) -> ManifestState {
    let site = tempdir().unwrap();
    let _ = write(site.path(), output);
    Manifest::find(site.path())
}

#[test]
fn a_foreign_file_where_a_killed_run_was_about_to_write_stays() {
    let site = tempdir().unwrap();
    write_and_kill(site.path(), &output(&[("a.html", "1")]), 0);
    put(site.path(), "a.html", "mine");
    let written = write(site.path(), &output(&[("a.html", "1")]));
    assert_eq!(written.diagnostics.len(), 1);
    write_and_kill(site.path(), &output(&[("b.html", "1")]), 0);
    put(site.path(), "b.html", "mine");
    assert_eq!(write(site.path(), &output(&[])).diagnostics, []);
    write_and_kill(site.path(), &output(&[("c", "1")]), 0);
    put(site.path(), "c/d", "mine");
    assert_eq!(write(site.path(), &output(&[])).diagnostics, []);
    assert_eq!(
        on_disk(site.path()),
        files(&[("a.html", "mine"), ("b.html", "mine"), ("c/d", "mine")])
    );
}

#[test]
fn a_full_disk_is_reported_once_and_leaves_whole_files() {
    let site = tempdir().unwrap();
    let names: Vec<String> = (100..300).map(|number| format!("{number}.html")).collect();
    let all = |text: &str| {
        names
            .iter()
            .map(|name| (Route::file(name), File::from(text.to_owned())))
            .collect::<Output>()
    };
    assert_eq!(counts(&write(site.path(), &all("old"))), (200, 0, 0));
    let (space, tries) = (AtomicUsize::new(20), AtomicUsize::new(0));
    let put = |path: &Path, file: &File| {
        tries.fetch_add(1, Ordering::SeqCst);
        disk::replace(path, |target| {
            let enough = space
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                .is_ok();
            if enough { file.copy_to(target) } else { Err(io::ErrorKind::StorageFull.into()) }
        })
    };
    let written = write_with(site.path(), &all("new"), &put);
    assert_eq!(counts(&written), (20, 0, 0));
    assert!(tries.into_inner() < 20 + 2 * rayon::current_num_threads() + 2);
    let messages = messages(&written, site.path());
    assert_eq!(messages.len(), 1);
    assert!(messages[0].ends_with("; 180 files not written"), "{messages:?}");
    let whole = on_disk(site.path());
    assert_eq!(whole.len(), 200);
    assert_eq!(whole.values().filter(|text| *text == "new").count(), 20);
    assert_eq!(whole.values().filter(|text| *text == "old").count(), 180);
    assert_eq!(counts(&write(site.path(), &all("new"))), (180, 20, 0));
}

#[test]
fn files_that_were_written_before_the_disk_was_full_are_moved_to_their_places() {
    let site = tempdir().unwrap();
    let record = OutputRecord::default();
    let ahead = FilesAhead::new(site.path(), &record);
    let file = |number: usize| {
        let route = Route::file(&format!("{number:02}.html"));
        let bytes = format!("page {number}").into_bytes();
        let file = if number < 30 { bytes.into() } else { ahead.file(&route, bytes) };
        (route, file)
    };
    let output: Output = (0..60).map(file).collect();
    let written = write_with(site.path(), &output, &|path, file| match file {
        File::Ahead { from, size, .. } => Ok((*size, disk::move_to(from, path)?)),
        _ => Err(io::ErrorKind::StorageFull.into()),
    });
    assert_eq!(counts(&written), (30, 0, 0));
    let messages = messages(&written, site.path());
    assert!(messages.len() == 1 && messages[0].ends_with("; 30 files not written"), "{messages:?}");
    drop(ahead);
    let expected = (30..60).map(|number| (format!("{number}.html"), format!("page {number}")));
    assert_eq!(on_disk(site.path()), expected.collect());
}

#[test]
fn a_folder_that_cannot_be_created_is_reported_once() {
    let site = tempdir().unwrap();
    let deep = format!("{}/", "x".repeat(250)).repeat(20);
    let names = ["a.html", "b.html", "c/d.html"].map(|name| format!("{deep}{name}"));
    let pages = names.iter().map(|name| (Route::file(name), File::from("1".to_owned())));
    let written = write(
        site.path(),
        &pages.chain([(Route::file("top"), File::from("1".to_owned()))]).collect(),
    );
    assert_eq!(counts(&written), (1, 0, 0));
    let kinds: BTreeSet<Kind> = written.diagnostics.iter().map(|message| message.kind).collect();
    assert_eq!(kinds, BTreeSet::from([Kind::Unwritable]));
}

#[test]
fn two_builds_at_once_do_not_break_each_other() {
    let pages = |text: &str| {
        let page = |number| {
            (
                Route::file(&format!("{}/{number}.html", number % 7)),
                File::from(format!("{text}{number}")),
            )
        };
        (0..200).map(page).collect::<Output>()
    };
    let (folder, first, second) = (tempdir().unwrap(), pages("1"), pages("2"));
    let site = folder.path().join("site");
    for output in [&first, &second, &first] {
        std::thread::scope(|scope| {
            let builds = [0, 1].map(|_| scope.spawn(|| write(&site, output)));
            for build in builds {
                assert_eq!(build.join().unwrap().diagnostics, []);
            }
        });
        let written = write(&site, output);
        assert_eq!((counts(&written), written.diagnostics), ((0, 200, 0), vec![]));
        assert_eq!(Manifest::find(&site), fresh_manifest(output));
    }
}
