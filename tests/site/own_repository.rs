//! Links to the repository that holds the notes, and to pictures in others.

use crate::fixture::{Folder, program};
use crate::repository::git;

const NOTES: &str = r"
    -- README.md
    # Notes

    [note](https://github.com/me/notes/blob/master/dir/My%20Note.md)
    [part](https://github.com/me/notes/blob/any/branch/dir/My%20Note.md#part)
    [folder](https://github.com/me/notes/tree/main/dir)
    [code](https://github.com/me/notes/blob/main/x.rs)
    [gone](https://github.com/me/notes/blob/main/dir/Gone.md)
    [other](https://github.com/me/notes2/blob/main/dir/My%20Note.md)

    ![own](https://github.com/me/notes/blob/main/dir/p.png)
    ![raw](https://raw.githubusercontent.com/me/notes/main/dir/p.png)
    ![theirs](https://github.com/u/r/blob/main/p.png)
    -- dir/My Note.md
    # Note

    ## Part

    text
    -- dir/p.png
    x
    -- x.rs
    fn
";

/// The addresses of links and images on the home page that do not begin on another site, and those
/// that do.
fn addresses(folder: &Folder) -> (Vec<String>, Vec<String>) {
    let text = folder.build(&[]).text("index.html");
    let parts = text.split([' ', '\n']).filter_map(|part| {
        let address = part.strip_prefix("href=\"").or(part.strip_prefix("src=\""))?;
        Some(address.split('"').next()?.to_owned())
    });
    parts.partition(|address| !address.starts_with("https://"))
}

const OWN: [&str; 5] =
    ["dir/My%20Note.html", "dir/My%20Note.html#part", "dir/index.html", "dir/p.png", "dir/p.png"];
const ELSEWHERE: [&str; 4] = [
    "https://github.com/me/notes/blob/main/x.rs",
    "https://github.com/me/notes/blob/main/dir/Gone.md",
    "https://github.com/me/notes2/blob/main/dir/My%20Note.md",
    "https://github.com/u/r/raw/main/p.png",
];

#[test]
fn addresses_of_the_repository_in_the_settings_lead_to_pages() {
    let folder = Folder::new(NOTES);
    folder.write("notes.yaml", b"repository: https://github.com/me/notes\n");
    let (own, elsewhere) = addresses(&folder);
    assert_eq!(
        (own, elsewhere),
        (OWN.map(str::to_owned).to_vec(), ELSEWHERE.map(str::to_owned).to_vec())
    );
}

#[test]
fn without_settings_git_names_the_repository() {
    let folder = Folder::new(NOTES);
    let run = |arguments: &[&str]| git(&folder.path(), "A", "2024-01-01T00:00:00Z", arguments);
    run(&["init", "-q"]);
    assert_eq!(addresses(&folder).0, [""; 0]);
    run(&["remote", "add", "origin", "git@github.com:me/notes.git"]);
    assert_eq!(addresses(&folder).0, OWN);
    // The settings come first.
    folder.write("notes.yaml", b"repository: https://github.com/me/other\n");
    assert_eq!(addresses(&folder).0, [""; 0]);
}

#[test]
fn notes_may_be_a_folder_of_the_repository() {
    let folder = Folder::new(
        r"
        -- docs/notes.yaml
        repository: https://github.com/me/notes
        -- docs/README.md
        [a](https://github.com/me/notes/blob/main/docs/a.md) [b](https://github.com/me/notes/blob/main/a.md)
        -- docs/a.md
        # A

        text
    ",
    );
    git(&folder.path(), "A", "2024-01-01T00:00:00Z", &["init", "-q"]);
    let origin = ["remote", "add", "origin", "https://github.com/me/notes"];
    git(&folder.path(), "A", "2024-01-01T00:00:00Z", &origin);
    let mut command = program();
    let built = folder.ran(command.arg("build").arg(folder.path().join("docs")).output().unwrap());
    let page = built.at(folder.path().join("docs/site")).file("index.html");
    assert!(page.contains("<a href=\"a.html\">a</a>"), "{page}");
    assert!(page.contains("https://github.com/me/notes/blob/main/a.md"), "{page}");
}

#[test]
fn folders_and_excluded_files_are_read_in_the_repository() {
    let notes = r"
        -- README.md
        # A

        [c](code) [b](b.md)
        -- b.md
        # B
        -- code/x.rs
        x
    ";
    for (settings, told) in [
        ("repository: https://github.com/me/x\nexclude: [b.md]\n", false),
        ("exclude: [b.md]\n", true),
    ] {
        let folder = Folder::new(notes);
        folder.write("notes.yaml", settings.as_bytes());
        let built = folder.build(&[]);
        assert_eq!(built.printed.contains("not-published"), told, "{}", built.printed);
        let article = built.article("index.html");
        let address = "href=\"https://github.com/me/x/blob/main/code\"";
        assert_eq!(article.contains(address), !told, "{article}");
    }
}
