//! `notes check --fix` in a library: wrong links from book to book are corrected in the folders of
//! the books.

use std::collections::BTreeMap;
use std::fs;

use crate::fixture::Folder;

/// The files with links.
const LINKING: [&str; 3] = ["README.md", "inner/README.md", "../A/README.md"];

fn library() -> Folder {
    Folder::new(
        r"
        -- notes.yaml
        title: L
        images: {https: true}
        books:
          - {path: ../A, at: a}
          - {path: ../B, at: b, repository: 'https://github.com/me/B', was: ['https://b.org/x/']}
          - {path: ../c-here, at: c, repository: 'https://gitlab.com/me/Cc'}
          - inner
        -- README.md
        # L

        文
        -- inner/README.md
        # I

        文
        -- ../A/README.md
        # A

        文
        -- ../A/own_note.md
        # Own

        文
        -- ../B/README.md
        # B

        文
        -- ../B/01~基础/README.md
        # 基础

        文
        -- ../B/01~基础/时钟_顺序.md
        # 时钟

        ## A & B

        文

        ## Words {#own-id}

        文
        -- ../c-here/notes.yaml
        content: docs
        -- ../c-here/docs/README.md
        # C

        文
        -- ../c-here/docs/x_y.md
        # X

        ## A & B

        文
    ",
    )
}

/// The text of a note with these destinations.
fn note(destinations: &[&str]) -> String {
    let links = destinations.iter().map(|destination| format!("[x](<{destination}>)\r\n\r\n"));
    format!("# T\r\n\r\n{}", links.collect::<String>())
}

fn texts(folder: &Folder) -> BTreeMap<&'static str, String> {
    let text = |file| (file, fs::read_to_string(folder.path().join(file)).unwrap());
    LINKING.into_iter().map(text).collect()
}

#[test]
fn what_leads_to_one_place_loosely_is_written_as_it_leads_there() {
    let clock = "../B/01~基础/时钟_顺序.md";
    let clock_b = format!("{clock}#a--b");
    let own_id = format!("{clock}#own-id");
    let on_github = "https://github.com/me/B/blob/main/01~基础/时钟_顺序.md#a--b";
    let cases = [
        ("../B/01~基础/时钟-顺序.md", clock),
        ("../B/基础/时钟_顺序.md#a--b", &clock_b),
        ("../B/时钟 顺序#A & B", &clock_b),
        ("../B/%E5%9F%BA%E7%A1%80/%E6%97%B6%E9%92%9F-%E9%A1%BA%E5%BA%8F.md", clock),
        ("../B/基础/", "../B/01~基础/README.md"),
        ("../B/01~基础/时钟_顺序.md#A & B", &clock_b),
        ("../B/01~基础/时钟_顺序.md#Words", &own_id),
        ("../B/x/../基础/时钟-顺序.md", "../B/x/../01~基础/时钟_顺序.md"),
        // A name that only a checkout beside this one has.
        ("../Cc/docs/x-y.md#a-b", "../Cc/docs/x_y.md#a--b"),
        ("https://github.com/me/B/blob/main/01~基础/时钟_顺序.md#a-b", on_github),
        ("own-note.md", "own_note.md"),
    ];
    let folder = library();
    let (old, new): (Vec<&str>, Vec<&str>) = cases.into_iter().unzip();
    folder.write("../A/README.md", note(&old).as_bytes());
    folder.write("README.md", note(&old[..10]).as_bytes());
    folder.write("inner/README.md", note(&["../../B/基础/时钟_顺序.md"]).as_bytes());
    let before = folder.build(&[]);
    let shown = folder.check(&["--fix"]);
    assert!(shown.printed.contains("+[x](<../B/01~基础/README.md>)"), "{}", shown.printed);
    assert_eq!(texts(&folder)["../A/README.md"], note(&old), "{}", shown.printed);
    let fixed = folder.check(&["--fix", "--yes"]);
    for told in ["../A/README.md: 11 fixed", "inner/README.md: 1 fixed", "22 fixed in 3 files"] {
        assert!(fixed.printed.contains(told), "{told}\n{}", fixed.printed);
    }
    let after = texts(&folder);
    assert_eq!(after["../A/README.md"], note(&new));
    assert_eq!(after["README.md"], note(&new[..10]));
    assert_eq!(after["inner/README.md"], note(&["../../B/01~基础/时钟_顺序.md"]));
    let built = folder.build(&[]);
    for page in ["index.html", "a/index.html", "inner/index.html"] {
        assert_eq!(built.text(page), before.text(page), "{page}");
    }
    let again = folder.check(&["--fix", "--yes"]);
    assert!(again.printed.contains("nothing can be fixed automatically"), "{}", again.printed);
    assert!(!again.printed.contains("loose-link"), "{}", again.printed);
}

#[test]
fn what_is_right_elsewhere_or_leads_nowhere_stays() {
    let folder = library();
    let links = note(&[
        "../B/01~基础/时钟_顺序.md",
        "../B/01~基础/时钟_顺序",
        "../B/gone.md",
        "../B/01~基础/时钟_顺序.md#gone",
        // A former site may have left out the number, and another host makes other ids.
        "https://b.org/x/基础",
        "https://b.org/x/01~基础/时钟_顺序#a-b",
        "https://gitlab.com/me/Cc/-/blob/main/docs/x_y.md#a-b",
        // The file may be there on the branch; on GitHub the heading has the id of its words.
        "https://github.com/me/B/blob/main/01~基础/时钟-顺序.md",
        "https://github.com/me/B/blob/main/01~基础/时钟_顺序.md#Words",
        // Another note has a similar name.
        "../B/LICENSE",
        "../B/scripts/",
        "../B/new/draft.md",
        "../B/left-out/plan.md",
    ]);
    for (path, text) in [
        ("notes.yaml", "exclude: [left-out]\n"),
        ("LICENSE", "MIT\n"),
        ("doc/License.md", "# License\n\nText\n"),
        ("scripts/run.sh", "true\n"),
        ("guide/Scripts.md", "# Scripts\n\nText\n"),
        ("new/draft.md", "---\ndraft: true\n---\n\n# Draft\n"),
        ("old/Draft.md", "# Old\n\nText\n"),
        ("left-out/plan.md", "# Plan\n"),
        ("old/Plan.md", "# Plan\n\nText\n"),
    ] {
        folder.write(&format!("../B/{path}"), text.as_bytes());
    }
    let image = "![图](http://e.org/a.png)\r\n";
    folder.write("../A/README.md", format!("{links}{image}").as_bytes());
    let told = folder.check(&["--fix", "--yes"]);
    assert!(told.printed.contains("nothing can be fixed automatically"), "{}", told.printed);
    assert_eq!(texts(&folder)["../A/README.md"], format!("{links}{image}"));
    for wrong in ["has no note or file `gone.md`", "has no heading `gone`"] {
        assert!(told.printed.contains(wrong), "{wrong}\n{}", told.printed);
    }
    // Each folder has its own settings.
    folder.write("../A/notes.yaml", b"images: {https: true}\n");
    folder.check(&["--fix", "--yes"]);
    let secure = image.replace("http:", "https:");
    assert_eq!(texts(&folder)["../A/README.md"], format!("{links}{secure}"));
}

#[test]
fn the_navigation_file_of_a_book_is_completed_in_its_folder() {
    let folder = library();
    folder.write("../A/SUMMARY.md", b"- [A](README.md)\n");
    let fixed = folder.check(&["--fix", "--yes"]);
    assert!(fixed.printed.contains("../A/SUMMARY.md: 1 fixed"), "{}", fixed.printed);
    let text = fs::read_to_string(folder.path().join("../A/SUMMARY.md")).unwrap();
    assert_eq!(text, "- [A](README.md)\n- [own_note](own_note.md)\n");
}
