//! Diagrams → SVG in the page, words in the search index, links, messages.

use crate::fixture::Folder;

#[test]
fn diagrams_are_part_of_their_page() {
    let folder = Folder::new(
        r#"
        -- README.md
        # 首页

        ## 写路径

        ```mermaid
        flowchart LR
            A[客户端] --> B[领导者]
            click A "a.md"
            click B "none.md"
        ```

        ![[a]]
        -- a.md
        # 甲

        ```mermaid title="图一"
        sequenceDiagram
            accTitle: 两阶段提交
            accDescr: 协调者问每个参与者
            甲->>乙: 准备
        ```

        ```markmap
        - 存储
          - [日志](README.md)
        ```
        -- plain.md
        # 乙

        文
        -- notes.yaml
        markdown: {wiki_links: true}
        "#,
    );
    let built = folder.build(&[]);
    let home = built.file("index.html");
    assert!(home.contains("<svg role=\"graphics-document\" aria-label=\"写路径\""), "{home}");
    assert!(home.contains("<a href=\"a.html\""), "{home}");
    assert!(home.contains("diagram.css"), "{home}");
    // The ids of the note that is embedded are others.
    let ids: Vec<&str> =
        home.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(ids.len(), distinct.len(), "{ids:?}");
    let page = built.file("a.html");
    assert!(page.contains("aria-label=\"两阶段提交\" aria-describedby="), "{page}");
    assert!(page.contains(">协调者问每个参与者</p>"), "{page}");
    assert!(page.contains("<a href=\"index.html\"><text"), "{page}");
    assert!(
        page.contains("<details><summary>图的源码</summary><pre><code>sequenceDiagram"),
        "{page}"
    );
    assert!(!page.contains("<style") && !page.contains("style="), "{page}");
    assert!(!built.file("plain.html").contains("diagram.css"));
    assert!(built.printed.contains("none.md"), "{}", built.printed);
}

#[test]
fn labels_are_found_and_the_language_of_diagrams_is_not() {
    let folder = Folder::new(
        "-- README.md\n# 首页\n-- a.md\n# 甲\n\n## 选举\n\n```mermaid\nflowchart LR\nA[随机退避] --> B\n```\n",
    );
    let found = folder.search("随机退避").printed;
    assert!(found.contains("a.md") && found.contains("选举"), "{found}");
    let found = folder.search("flowchart").printed;
    assert!(!found.contains("a.md"), "{found}");
}

#[test]
fn a_mistake_is_reported_at_its_line_and_shown_as_code() {
    let folder = Folder::new(
        r"
        -- a.md
        # 甲

        - 一

          ```mermaid
          flowchart TD
            A --> B
            C[未闭合 --> D
          ```
        ",
    );
    let built = folder.build(&[]);
    assert!(built.printed.contains("a.md:8"), "{}", built.printed);
    assert!(built.printed.contains("the diagram is shown as code: "), "{}", built.printed);
    assert!(built.file("a.html").contains("<figure class=\"code\" data-language=\"mermaid\">"));
}

#[test]
fn diagrams_can_be_turned_off() {
    let folder = Folder::new(
        "-- notes.yaml\nmarkdown: {diagrams: false}\n-- a.md\n# 甲\n\n```mermaid\ngraph TD; a-->b\n```\n",
    );
    let built = folder.build(&[]);
    assert!(built.file("a.html").contains("data-language=\"mermaid\""));
    assert!(!built.file("a.html").contains("<svg role"));
}

#[test]
fn a_diagram_brings_no_script_no_style_and_no_address_of_its_own() {
    let folder = Folder::new(
        r#"
        -- a.md
        # 甲

        ```mermaid
        %%{init: {"themeCSS": "</style><script>alert(1)</script>", "securityLevel": "loose", "htmlLabels": true}}%%
        flowchart TD
            A["<img src=x onerror=alert(1)>"] --> B["<script>alert(2)</script>"]
            C["</svg><h1>x</h1>"] --> D["&lt;iframe src=//evil.example&gt;"]
            click A "javascript:alert(3)"
            click B call alert(4)
            click C "data:text/html,x"
            style A fill:url(https://evil.example/x.svg#a)
        ```
        "#,
    );
    let page = folder.build(&[]).file("a.html");
    let drawing = page.split("<figure class=\"diagram\">").nth(1).unwrap_or_default();
    let drawing = drawing.split("<details>").next().unwrap_or_default();
    assert!(drawing.contains("<svg"), "{page}");
    for refused in [
        "<script",
        "<style",
        "<img",
        "<iframe",
        "<h1",
        "url(http",
        "href=\"javascript",
        "href=\"data",
    ] {
        assert!(!drawing.contains(refused), "{refused}: {drawing}");
    }
    let mut outside = drawing.split('"').step_by(2);
    assert!(outside.all(|part| !part.trim_end().ends_with("onerror=")), "{drawing}");
}
