//! `notes search`: the signs that keyboards type in several ways, and words that nobody wrote.

use crate::fixture::Folder;

#[test]
fn apostrophes_and_dashes_are_found_in_every_form() {
    let folder = Folder::new(
        r"
        -- README.md
        # T

        ## A

        It’s fine.

        ## B

        We don't. A two-phase commit.

        ## C

        Pages 10–20 and two phases.
    ",
    );
    for (query, expected) in [
        ("it's", "A"),
        ("it’s", "A"),
        ("don’t", "B"),
        ("don't", "B"),
        ("\"two phase\"", "B"),
        ("“two-phase”", "B"),
        ("two‐phase", "B"),
        ("10-20", "C"),
        ("\"10—20\"", "C"),
    ] {
        let printed = folder.search(query).printed;
        let is_found = printed.contains(&format!(": {expected}\n"));
        assert!(is_found && printed.contains("1 section on 1 page"), "{query}: {printed}");
    }
}

#[test]
fn alternative_texts_of_uploaders_are_no_text() {
    let folder = Folder::new(
        r"
        -- README.md
        # T

        ![default](a.png) ![image.png](a.png) ![image-20200101](a.png) ![架构图](a.png) 正文
        -- a.png
        x
    ",
    );
    for (query, count) in [("default", 0), ("image", 0), ("20200101", 0), ("架构图", 1)] {
        let printed = folder.search(query).printed;
        assert!(printed.contains(&format!("{count} section")), "{query}: {printed}");
    }
    let printed = folder.search("正文").printed;
    assert!(printed.contains("架构图 正文") && !printed.contains("default"), "{printed}");
}
