//! Pictures of other sites, fetched from a server of the tests' own: what is kept, what the notes
//! say then, and what is given back.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use notes::build::NoProgress;
use notes::digest::Digest;
use notes::images::RemoteImages;
use serde_json::Value;

use crate::picture_host::{
    GIF, command, folder, images, options, picture_host, pictures, png, text,
};

const NOTES: &str = r#"
    -- README.md
    # 首页

    ![甲](HOST/a.png "题") [![乙](HOST/b.png#center)](HOST/b.png)

    `![甲](HOST/a.png)` HOST/a.png

    ![丙][r] <img src="HOST/a%20b(1).png?x=1&amp;y=2" alt="">

    [r]: <HOST/moved.png>
    -- 一 & 部/c#d/甲.md
    # 甲

    ![甲](HOST/a.png)
    ![丁](HOST/gif-as-text)
"#;

#[test]
fn the_list_needs_no_network() {
    let host = picture_host();
    let folder = folder(&host, NOTES);
    let listed = images(&folder, &["--verbose"]);
    assert_eq!(listed.code, 0, "{}", listed.printed);
    for expected in [
        "     5  127.0.0.1",
        "in 2 notes",
        "5 images of 1 host in 2 notes",
        &format!("README.md:3:6: {}/a.png", host.address),
        &format!("一 & 部/c#d/甲.md:3:6: {}/a.png", host.address),
    ] {
        assert!(listed.printed.contains(expected), "{expected}: {}", listed.printed);
    }
    let json: Value = serde_json::from_str(&images(&folder, &["--json"]).printed).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 5);
    let first = &json[1];
    assert_eq!(first["url"], format!("{}/a.png", host.address));
    assert_eq!((&first["places"][0]["line"], &first["places"][1]["line"]), (&3.into(), &3.into()));
    assert_eq!(first.get("state"), None);
    assert!(images(&folder, &["--host", "e.org"]).printed.contains("0 images"));
    assert_eq!(host.asked(), [""; 0]);
    assert!(!folder.path().join(".notes").exists());
    for arguments in [&["--write"][..], &["--fetch", "--undo"], &["--fetch", "--json"]] {
        assert_eq!(images(&folder, arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn hosts_are_asked_without_fetching() {
    let host = picture_host();
    let folder = folder(
        &host,
        "
        -- a.md
        # 甲

        ![甲](HOST/a.png) ![乙](HOST/gone.png)
    ",
    );
    let asked = images(&folder, &["--ask"]);
    assert_eq!(asked.code, 0);
    let column = 18 + "/a.png".len() + host.address.len();
    for expected in [
        "in 1 note, 0 kB, 1 missing",
        &format!("a.md:3:{}: `{}/gone.png` is not there: the server", column - 5, host.address),
        &format!("https://web.archive.org/web/*/{}/gone.png", host.address),
    ] {
        assert!(asked.printed.contains(expected), "{expected}: {}", asked.printed);
    }
    assert_eq!(images(&folder, &["--ask", "--strict"]).code, 1);
    let json: Value = serde_json::from_str(&images(&folder, &["--ask", "--json"]).printed).unwrap();
    assert_eq!((&json[0]["state"], &json[0]["size"]), (&"there".into(), &png(1).len().into()));
    assert_eq!(json[1]["state"], "missing");
    assert!(host.asked().iter().all(|asked| asked != "GET /a.png"), "{:?}", host.asked());
}

#[test]
fn pictures_are_kept_and_given_back() {
    let host = picture_host();
    let folder = folder(&host, NOTES);
    let before = folder.read_all();
    let shown = images(&folder, &["--fetch"]);
    assert_eq!((shown.code, folder.read_all() == before), (0, true), "{}", shown.printed);
    assert!(shown.printed.contains("6 links in 2 notes would change, 3 images would be added"));
    assert!(shown.printed.contains(&format!("-![甲]({}/a.png)", host.address)));
    let asked = host.asked();
    assert_eq!(asked.len(), 6, "{asked:?}");
    let kept = images(&folder, &["--fetch", "--write"]);
    assert_eq!(kept.code, 0, "{}", kept.printed);
    assert!(kept.printed.contains("6 links in 2 notes changed, 3 images added"));
    assert_eq!(host.asked(), asked, "it was fetched again");
    let names = pictures(&folder);
    let name_of = |bytes: &[u8]| {
        let found = names
            .iter()
            .find(|name| fs::read(folder.path().join("assets").join(name)).unwrap() == bytes);
        found.unwrap().clone()
    };
    let (a, b, gif) = (name_of(&png(1)), name_of(&png(2)), name_of(GIF));
    assert_eq!((names.len(), a.ends_with(".png"), gif.ends_with(".gif")), (3, true, true));
    let at = &host.address;
    assert_eq!(
        text(&folder, "README.md"),
        format!(
            "# 首页\n\n![甲](assets/{a} \"题\") [![乙](assets/{b}#center)]({at}/b.png)\n\n\
             `![甲]({at}/a.png)` {at}/a.png\n\n![丙][r] <img src=\"assets/{a}\" alt=\"\">\n\n\
             [r]: <assets/{a}>\n"
        )
    );
    assert_eq!(
        text(&folder, "一 & 部/c#d/甲.md"),
        format!("# 甲\n\n![甲](../../assets/{a})\n![丁](../../assets/{gif})\n")
    );
    let record = text(&folder, "assets/remote-images.yaml");
    assert!(record.contains(&format!("- {{image: {b}, address: \"{at}/b.png\"}}\n")), "{record}");
    let built = folder.build(&["--strict"]);
    assert_eq!(built.code, 0, "{}", built.printed);
    assert!(built.site.join("assets").join(&gif).exists());
    assert!(built.file("一 & 部/c#d/甲.html").contains(&format!("src=\"../../assets/{a}\"")));
    assert!(images(&folder, &[]).printed.contains("0 images"));
    let kept = folder.read_all();
    assert!(images(&folder, &["--undo"]).printed.contains("6 links in 2 notes would change, 3 im"));
    assert_eq!(folder.read_all(), kept);
    let undone = images(&folder, &["--undo", "--write"]);
    assert_eq!(undone.code, 0, "{}", undone.printed);
    // Each place has its own address back, also where one picture was at several.
    assert_eq!(folder.read_all(), before);
    assert_eq!(host.asked(), asked, "only `--fetch` asks");
}

#[test]
fn a_note_that_changed_meanwhile_stays_and_the_next_run_fetches_nothing() {
    let host = picture_host();
    let folder = folder(
        &host,
        "
        -- a.md
        # 甲
        ![x](HOST/a.png)
        -- b.md
        # 乙
        ![x](HOST/b.png)
    ",
    );
    let images = RemoteImages::find(options(&folder)).unwrap();
    let fetched = images.fetch(&NoProgress).unwrap();
    let saved = text(&folder, "a.md") + "保存\n";
    folder.write("a.md", saved.as_bytes());
    let written = fetched.write(&NoProgress);
    assert_eq!(written.notes, [("b.md".to_owned(), 1)]);
    let (file, why) = &written.failures[0];
    assert_eq!((file.as_str(), why.to_string()), ("a.md", "it was changed in the meantime".into()));
    assert_eq!(text(&folder, "a.md"), saved);
    // Both pictures are there, with their addresses.
    assert_eq!(pictures(&folder).len(), 2);
    let asked = host.asked();
    fs::remove_dir_all(folder.path().join(".notes")).unwrap();
    let again = RemoteImages::find(options(&folder)).unwrap();
    let written = again.fetch(&NoProgress).unwrap().write(&NoProgress);
    assert_eq!((written.notes.len(), written.pictures, written.failures.len()), (1, 0, 0));
    assert_eq!(host.asked(), asked);
}

#[test]
fn what_cannot_be_written_leaves_the_notes_as_they_are() {
    let host = picture_host();
    let folder = folder(&host, "-- a.md\n# 甲\n![x](HOST/a.png)\n");
    folder.write("assets", b"a file in the way");
    let before = folder.read_all();
    let failed = images(&folder, &["--fetch", "--write"]);
    assert_eq!(failed.code, 1, "{}", failed.printed);
    assert!(failed.printed.contains("error: cannot write assets/"), "{}", failed.printed);
    assert_eq!(folder.read_all(), before);
    fs::remove_file(folder.path().join("assets")).unwrap();
    // No place in the cache either.
    fs::remove_dir_all(folder.path().join(".notes")).unwrap();
    let download = Digest::of(format!("{}/a.png", host.address).as_bytes());
    folder.write(&format!(".notes/downloads/{download}/x"), b"");
    let failed = images(&folder, &["--fetch"]);
    assert_eq!(failed.code, 1, "{}", failed.printed);
    assert!(failed.printed.contains("error: there is no place for the images"));
    folder.write("assets/remote-images.yaml", b"<<<<<<< HEAD\n");
    let failed = images(&folder, &[]);
    assert_eq!(failed.code, 1);
    assert!(
        failed.printed.contains("assets/remote-images.yaml: cannot be read"),
        "{}",
        failed.printed
    );
}

/// A note whose picture has a definition that a link needs too.
const TWICE_NAMED: &str = "
        -- a.md
        # 甲

        ![x][a] [y][a] ![z](HOST/b.png)

        [a]: HOST/a.png
    ";

#[test]
fn links_that_cannot_change_are_reported() {
    let host = picture_host();
    let folder = folder(&host, TWICE_NAMED);
    folder.write(
        "notes.yaml",
        format!("check: {{external: {{local: true, exclude: ['{}/b']}}}}\n", host.address)
            .as_bytes(),
    );
    let gbk = [
        b"# \xbc\xd7\xb1\xca\xbc\xc7\n\n![\xbc\xd7](".to_vec(),
        format!("{}/a.png)\n", host.address).into_bytes(),
    ]
    .concat();
    folder.write("gbk.md", &gbk);
    let before = folder.read_all();
    let fetched = images(&folder, &["--fetch", "--write"]);
    for expected in [
        "a.png` was fetched, but its link stays",
        "help: its address is also that of a link, or written in an unusual way: write `assets/",
        "help: the note is not UTF-8: convert it first",
        "b.png` is not at hand: `check: {external: {exclude: […]}}` in notes.yaml excludes the address",
        "nothing written",
    ] {
        assert!(fetched.printed.contains(expected), "{expected}: {}", fetched.printed);
    }
    assert_eq!((folder.read_all(), host.asked()), (before, vec!["GET /a.png".to_owned()]));
}

#[test]
fn two_runs_at_once_keep_everything() {
    let host = picture_host();
    let notes: String = (0..6)
        .map(|number| format!("-- {number}.md\n# {number}\n\n![x](HOST/many/{number})\n"))
        .collect();
    let folder = folder(&host, &notes);
    let before = folder.read_all();
    let start = || {
        let mut command = command(&folder, &["--fetch", "--write"]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    for run in [start(), start()] {
        let output = run.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{told}");
    }
    assert_eq!(pictures(&folder).len(), 6);
    assert!(images(&folder, &[]).printed.contains("0 images"));
    assert_eq!(images(&folder, &["--undo", "--write"]).code, 0);
    assert_eq!(folder.read_all(), before);
}

#[test]
fn a_note_that_others_include_names_its_pictures_from_the_root() {
    let host = picture_host();
    let folder = folder(
        &host,
        "
        -- README.md
        # 首页

        {{#include a/b/part.md}}
        -- a/b/part.md
        # 部分

        ![x](HOST/a.png)
    ",
    );
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    let name = &pictures(&folder)[0];
    assert_eq!(text(&folder, "a/b/part.md"), format!("# 部分\n\n![x](/assets/{name})\n"));
    let built = folder.build(&["--strict"]);
    assert_eq!(built.code, 0, "{}", built.printed);
    assert!(built.file("index.html").contains(&format!("src=\"assets/{name}\"")));
    assert_eq!(images(&folder, &["--undo", "--write"]).code, 0);
    assert!(text(&folder, "a/b/part.md").contains(&host.address));
}

#[test]
fn each_book_keeps_its_own_pictures() {
    let host = picture_host();
    let folder = folder(
        &host,
        "
        -- README.md
        # 书库

        ![x](HOST/a.png)
        -- A/sub/a.md
        # 甲

        ![x](HOST/a.png) ![x](HOST/gone.png)
        -- B/notes.yaml
        content: docs
        -- B/docs/b.md
        # 乙

        ![x](HOST/b.png)
    ",
    );
    let settings = "books: [A, B]\ncheck: {external: {local: true}}\n";
    folder.write("notes.yaml", settings.as_bytes());
    let before = folder.read_all();
    let fetched = images(&folder, &["--fetch", "--write"]);
    assert!(fetched.printed.contains("3 links in 3 notes changed, 3 images added"));
    assert!(fetched.printed.contains("A/sub/a.md:3:"), "{}", fetched.printed);
    assert!(text(&folder, "A/sub/a.md").contains("![x](../assets/"));
    assert!(folder.path().join("B/docs/assets/remote-images.yaml").exists());
    assert!(images(&folder, &["--undo"]).printed.contains("3 images would be removed"));
    assert_eq!(images(&folder, &["--undo", "--write", "--strict"]).code, 0);
    assert_eq!(folder.read_all(), before);
}

#[test]
fn pictures_that_are_used_or_changed_stay_when_addresses_are_given_back() {
    let host = picture_host();
    let folder = folder(
        &host,
        "
        -- a.md
        # 甲
        ![x](HOST/a.png) ![x](HOST/b.png) ![x](HOST/gif-as-text)
    ",
    );
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    let names = pictures(&folder);
    let by_bytes: BTreeMap<Vec<u8>, PathBuf> = names
        .iter()
        .map(|name| folder.path().join("assets").join(name))
        .map(|path| (fs::read(&path).unwrap(), path))
        .collect();
    // A file that is no note names one, and another was changed.
    let used = by_bytes[&png(1)].file_name().unwrap().to_str().unwrap();
    folder.write("drawing.html", format!("<img src='assets/{used}'>").as_bytes());
    fs::write(&by_bytes[&png(2)], png(9)).unwrap();
    assert_eq!(images(&folder, &["--undo", "--write"]).code, 0);
    assert!(by_bytes[&png(1)].exists() && by_bytes[&png(2)].exists());
    assert!(!by_bytes[GIF].exists());
    assert!(text(&folder, "assets/remote-images.yaml").contains(used));
    assert_eq!(text(&folder, "a.md").matches(&host.address).count(), 3);
}

#[test]
fn a_picture_that_a_note_in_another_encoding_shows_stays() {
    let host = picture_host();
    let folder = folder(&host, "-- a.md\n# 甲\n![x](HOST/a.png)\n![x](HOST/b.png)\n");
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    let marked = format!("\u{FEFF}{}", text(&folder, "a.md"));
    let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("a.md", &utf16);
    let kept = folder.read_all();
    let undone = images(&folder, &["--undo", "--write"]);
    for expected in [
        "a.md:2:6: the link to the kept image `",
        "help: the note is not UTF-8: convert it first",
        "nothing written",
    ] {
        assert!(undone.printed.contains(expected), "{expected}: {}", undone.printed);
    }
    assert_eq!(folder.read_all(), kept);
    assert_eq!(images(&folder, &["--undo", "--strict"]).code, 1);
}

#[test]
fn a_second_fetch_keeps_the_addresses_of_the_first() {
    let host = picture_host();
    let folder = folder(&host, "-- a.md\n# 甲\n\n![a](HOST/a.png)\n");
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    let more = format!("![b]({0}/same.png)\n{1}", host.address, text(&folder, "a.md"));
    folder.write("a.md", more.as_bytes());
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    assert_eq!(pictures(&folder).len(), 1);
    assert_eq!(images(&folder, &["--undo", "--write"]).code, 0);
    let expected = format!("![b]({0}/same.png)\n# 甲\n\n![a]({0}/a.png)\n", host.address);
    assert_eq!(text(&folder, "a.md"), expected);
}

#[test]
fn a_renamed_note_gets_its_own_addresses_back_or_none() {
    let host = picture_host();
    let notes = "-- a.md\n# 甲\n![x](HOST/a.png)\n-- b.md\n# 乙\n![x](HOST/same.png)\n";
    let folder = folder(&host, notes);
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    let rename = |from: &str, to: &str| {
        fs::rename(folder.path().join(from), folder.path().join(to)).unwrap();
    };
    rename("a.md", "c.md");
    let shown = images(&folder, &["--undo"]).printed;
    assert!(shown.contains(&format!("+![x]({}/a.png)", host.address)), "{shown}");
    rename("b.md", "d.md");
    let kept = folder.read_all();
    let undone = images(&folder, &["--undo", "--write"]);
    for expected in [
        "c.md:2:6: the link to the kept image `",
        "d.md:2:6: the link to the kept image `",
        "write the right one of those in assets/remote-images.yaml",
        "nothing written",
    ] {
        assert!(undone.printed.contains(expected), "{expected}: {}", undone.printed);
    }
    assert_eq!(folder.read_all(), kept);
}

#[test]
fn only_addresses_of_the_hosts_are_given_back() {
    let host = picture_host();
    let local = host.address.replace("127.0.0.1", "localhost");
    let folder = folder(&host, &format!("-- a.md\n# 甲\n![x](HOST/a.png) ![x]({local}/a.png)\n"));
    let before = text(&folder, "a.md");
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    assert_eq!(pictures(&folder).len(), 1);
    let undone = images(&folder, &["--undo", "--write", "--host", "localhost"]);
    assert!(undone.printed.contains("1 link in 1 note changed, 0 images removed"));
    assert!(!undone.printed.contains("stays"), "{}", undone.printed);
    let name = &pictures(&folder)[0];
    assert_eq!(text(&folder, "a.md"), format!("# 甲\n![x](assets/{name}) ![x]({local}/a.png)\n"));
    assert_eq!(images(&folder, &["--undo", "--write"]).code, 0);
    assert_eq!(text(&folder, "a.md"), before);
}

#[test]
fn pictures_in_an_earlier_folder_are_reported() {
    let host = picture_host();
    let folder = folder(&host, "-- a.md\n# 甲\n![x](HOST/a.png)\n");
    assert_eq!(images(&folder, &["--fetch", "--write"]).code, 0);
    folder.write("notes.yaml", b"images: {folder: pictures}\n");
    let undone = images(&folder, &["--undo", "--write"]).printed;
    for expected in [
        "assets/remote-images.yaml: the images of this folder are not given back",
        "help: set `images: {folder: assets}` in notes.yaml",
        "nothing written",
    ] {
        assert!(undone.contains(expected), "{expected}: {undone}");
    }
}

#[test]
fn a_picture_whose_link_stays_is_not_fetched_again() {
    let host = picture_host();
    let folder = folder(&host, TWICE_NAMED);
    assert!(images(&folder, &["--fetch", "--write"]).printed.contains("1 image added"));
    folder.write("a.md", text(&folder, "a.md").replace(" [y][a]", "").as_bytes());
    assert!(images(&folder, &["--fetch", "--write"]).printed.contains("1 image added"));
    assert_eq!((host.times("/a.png"), host.times("/b.png")), (1, 1));
}
