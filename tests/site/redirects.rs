//! Addresses that notes had before: a page there leads to where they are now.

use crate::comparison::assert_same_files;
use crate::fixture::{Built, Folder};
use crate::repository::{commit, git};

/// The target of the redirect at an address, with scripts and without.
fn leads(built: &Built, route: &str) -> String {
    let page = built.file(route);
    let after = |mark: &str| page.split_once(mark).unwrap().1.split_once('"').unwrap().0.to_owned();
    let target = after("id=\"target\" href=\"");
    assert_eq!(after("http-equiv=\"refresh\" content=\"0; url="), target, "{route}");
    assert!(page.contains("name=\"robots\" content=\"noindex\""), "{route}");
    target
}

#[test]
fn aliases_in_front_matter_make_redirects() {
    let notes = r"
        -- notes.yaml
        base_url: https://example.org/n/
        -- README.md
        # 首页
        -- 系统/甲 a.md
        ---
        aliases: [/old/甲/, 旧 名.md, '/b.html', ../README.md, https://example.org/x]
        ---
        # 甲
        文
        -- 乙.md
        ---
        redirect_from: /b
        ---
        # 乙
        文
    ";
    let built = Folder::new(notes).build(&["--verbose"]);
    assert_eq!(leads(&built, "old/甲/index.html"), "../../%E7%B3%BB%E7%BB%9F/%E7%94%B2%20a.html");
    assert_eq!(leads(&built, "系统/旧 名.html"), "%E7%94%B2%20a.html");
    // The first to ask has it; pages go first.
    assert_eq!(leads(&built, "b.html"), "%E4%B9%99.html");
    assert!(!built.file("index.html").contains("http-equiv"));
    assert!(
        built.printed.contains("`/b.html` does not lead here, because it leads to another note"),
        "{}",
        built.printed
    );
    assert!(built.printed.contains("`../README.md` does not lead here"), "{}", built.printed);
    assert!(
        built.printed.contains("`https://example.org/x` is not an address on this site"),
        "{}",
        built.printed
    );
    let page = built.file("系统/旧 名.html");
    let canonical = "<link rel=\"canonical\" \
         href=\"https://example.org/n/%E7%B3%BB%E7%BB%9F/%E7%94%B2%20a.html\">";
    assert!(page.contains(canonical), "{page}");
    // They can be reached, and are no pages to be found.
    assert!(
        built
            .file("contents.html")
            .contains("<a href=\"old/%E7%94%B2/index.html\">old/甲/index.html</a>")
    );
    assert!(!built.file("sitemap.xml").contains("old/"));
}

#[test]
fn redirects_from_taken_addresses_are_reported_once() {
    let notes = r"
        -- README.md
        # 首页
        -- n.html
        x
        -- a.md
        ---
        aliases: [/a.html, /old/, /old/, /A.html]
        ---
        # 甲
        [n](n.html)
        -- b.md
        ---
        aliases: [/old/, /n.html, /INDEX.html, /.git/config.html]
        ---
        # 乙
        文
    ";
    let built = Folder::new(notes).build(&["--verbose"]);
    let told: Vec<_> = built.printed.lines().filter(|line| line.contains("address")).collect();
    let expected = [
        "`/.git/config.html` is not an address on this site",
        "`/old/` does not lead here, because it leads to another note",
        "`/n.html` does not lead here, because a page or file of the site is there",
        "`/INDEX.html` does not lead here, because a page or file of the site is there",
    ];
    for message in expected {
        assert_eq!(
            told.iter().filter(|line| line.contains(message)).count(),
            1,
            "{message}: {told:#?}"
        );
    }
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    assert_eq!((built.code, leads(&built, "old/index.html").as_str()), (0, "../a.html"));
}

#[test]
fn renames_in_git_make_redirects() {
    let folder = Folder::new(
        r"
        -- .gitignore
        site
        .notes
        -- notes.yaml
        redirects: git
        -- README.md
        # 首页
        -- 旧 部/README.md
        # 部
        一段足够长的文字，让改名认得出来。
        -- 旧 部/甲.md
        # 甲
        另一段足够长的文字，让改名认得出来。
        -- 图.txt
        三
    ",
    );
    let (path, day) = (folder.path(), "2024-01-02T03:04:05Z");
    git(&path, "甲君", day, &["init", "-q"]);
    commit(&folder, "甲君", day);
    git(&path, "甲君", day, &["mv", "旧 部", "新部"]);
    git(&path, "甲君", day, &["mv", "图.txt", "画.txt"]);
    commit(&folder, "甲君", day);
    git(&path, "甲君", day, &["mv", "新部/甲.md", "新部/乙.md"]);
    commit(&folder, "甲君", day);
    let built = folder.build(&[]);
    assert_eq!(leads(&built, "旧 部/index.html"), "../%E6%96%B0%E9%83%A8/index.html");
    assert_eq!(leads(&built, "旧 部/甲.html"), "../%E6%96%B0%E9%83%A8/%E4%B9%99.html");
    assert_eq!(leads(&built, "新部/甲.html"), "%E4%B9%99.html");
    assert!(!built.site.join("图.html").exists() && !built.site.join("图.txt").exists());
    // Another note takes the address, and a build after others leaves what a clean one does.
    folder.write("新部/甲.md", "# 新的甲\n文\n".as_bytes());
    let again = folder.build(&[]);
    assert!(again.file("新部/甲.html").contains("新的甲"));
    let clean = tempfile::tempdir().unwrap();
    let site = clean.path().join("site");
    let fresh = folder.build(&["--no-cache", "-o", site.to_str().unwrap()]).at(site.clone());
    assert_same_files(&again.files(), &fresh.files(), "a clean build");
    // Nobody asked for them.
    folder.write("notes.yaml", b"redirects: none\n");
    assert!(!folder.build(&[]).site.join("旧 部/甲.html").exists());
    folder.write("notes.yaml", b"redirects: true\n");
    assert!(folder.build(&[]).printed.contains("must be `git` or `none`"));
}
