//! Formulas in whole sites: macros of the settings, feeds, embedded notes and print pages.

use crate::fixture::Folder;

#[test]
fn macros_of_the_settings_are_drawn_and_a_change_of_one_is_seen() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        markdown:
          math:
            macros:
              RR: '\mathbb{R}'
              \norm: '\lVert #1 \rVert'
              Rn: '\RR^{#1}'
              bad: '\mathbb{R'
              worse: '\nosuch{x}'
              endless: '\endless\endless'
        -- README.md
        # 首页
        设 $\norm{x}$，$x \in \Rn{n}$。
    ",
    );
    let built = folder.build(&[]);
    let page = built.text("index.html");
    assert!(page.contains(">‖</mo><mi>x</mi><mo"), "{page}");
    assert!(page.contains("<msup><mi>ℝ</mi><mi>n</mi></msup>"), "{page}");
    for message in [
        "notes.yaml:7:12: the macro `bad` of `markdown.math.macros` is not used: a `{` is not closed",
        "notes.yaml:8:14: the macro `worse` of",
        "notes.yaml:9:16: the macro `endless` of",
        "its macros take too many steps",
    ] {
        assert!(built.printed.contains(message), "{message}\n{}", built.printed);
    }
    let settings = r"markdown: {math: {macros: {norm: '|#1|', Rn: '\mathbb{C}^{#1}'}}}";
    folder.write("notes.yaml", settings.as_bytes());
    let page = folder.build(&[]).text("index.html");
    assert!(page.contains("<mi>ℂ</mi>") && !page.contains("ℝ"), "{page}");
}

#[test]
fn labels_of_one_name_in_embedded_notes_and_on_print_pages_are_apart() {
    let folder = Folder::new(
        r"
        -- notes.yaml
        base_url: https://example.org/
        print: true
        -- README.md
        # 首页

        ![[部/甲]]

        $$x \label{eq:a}$$ 见 $\eqref{eq:a}$。
        -- 部/甲.md
        ---
        date: 2026-01-02
        ---
        # 甲

        质能 $$E = mc^2 \label{eq:a}$$ 见 $\eqref{eq:a}$。
        -- 部/乙.md
        # 乙

        力 $$F = ma \label{eq:a}$$ 见 $\ref{eq:a}$。
    ",
    );
    let built = folder.build(&[]);
    for (page, ids) in [("index.html", 2), ("print/部.html", 2)] {
        let html = built.file(page);
        let attributes = |name: &str| -> Vec<String> {
            let parts = html.split(name).skip(1).filter_map(|rest| rest.split('"').next());
            parts.filter(|id| id.contains("formula:")).map(str::to_owned).collect()
        };
        let found = attributes(" id=\"");
        let mut distinct = found.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!((found.len(), distinct.len()), (ids, ids), "{page}: {found:?}");
        let references = attributes(" href=\"#");
        assert_eq!(references.len(), ids, "{page}: {references:?}");
        assert!(references.iter().all(|id| found.contains(id)), "{page}: {references:?}");
    }
    let feed = built.file("feed.xml");
    assert!(feed.contains("<summary>质能 E = mc^2 见"), "{feed}");
}
