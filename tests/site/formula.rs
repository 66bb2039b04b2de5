//! Formulas in whole sites: the macros of the settings.

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
