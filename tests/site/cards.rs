//! `notes cards`: what becomes a card, how its sides look, which id it has, where it is written.
//! That Anki reads the file, `tests/import-cards.sh` tries.

use std::fs;
use std::process::Output;

use crate::comparison::assert_same_files;
use crate::fixture::{Folder, program};

/// The fields of the cards of a folder, and what is said about them.
struct Printed {
    cards: Vec<[String; 5]>,
    told: String,
    code: Option<i32>,
}

fn run(folder: &Folder, arguments: &[&str]) -> Output {
    program().arg("cards").arg(folder.path()).args(arguments).output().unwrap()
}

fn cards(folder: &Folder, arguments: &[&str]) -> Printed {
    let output = run(folder, arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let unquoted = |field: &str| match field.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => field.to_owned(),
    };
    let fields = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(unquoted).collect();
        fields.try_into().unwrap_or_else(|fields| panic!("{fields:?}"))
    };
    Printed {
        cards: lines.map(fields).collect(),
        told: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// The sides of the cards of one note.
fn sides(files: &str) -> Vec<(String, String)> {
    let found = cards(&Folder::new(files), &[]).cards;
    found.into_iter().map(|[_, _, front, back, _]| (front, back)).collect()
}

/// The fronts of the cards of one note.
fn fronts(files: &str) -> Vec<String> {
    sides(files).into_iter().map(|(front, _)| front).collect()
}

#[test]
fn folding_questions_are_cards() {
    let found = sides(
        "-- README.md\n# T\n\n> [!question]- Why *so*?\n> Because.\n\n> [!FAQ]- A?\n> b\n\n\
         > [!help]- C?\n>\n> - d\n\n??? question \"E?\"\n    f\n\n\
         > [!question] Open?\n> no\n\n> [!note]- Folded\n> no\n\n> [!question]-\n> no\n\n\
         > [!question]- Without answer?\n",
    );
    let expected = [
        ("Why <em>so</em>?", "<p>Because.</p>"),
        ("A?", "<p>b</p>"),
        ("C?", "<ul> <li>d</li> </ul>"),
        ("E?", "<p>f</p>"),
    ];
    assert_eq!(found, expected.map(|(front, back)| (front.to_owned(), back.to_owned())));
}

#[test]
fn pages_show_questions_as_before() {
    let text = |word: &str| format!("-- README.md\n# T\n\n> [!{word}]- Why?\n> Because.\n");
    let [question, other] =
        ["question", "example"].map(|word| Folder::new(&text(word)).build(&[]).text("index.html"));
    assert!(question.starts_with("<details class=\"box box-details\">"), "{question}");
    assert_eq!(question, other);
}

#[test]
fn lines_are_cards_where_they_are_wanted() {
    let text = "# T\n\na :: b :: c\n\n- *d* e :: **f**\n- `g :: h`\n- i::j\n- two :: lines\n  k\n- :: l\n\
                - m :: \n- n :: o\n  - p :: q\n\n$r :: s$ :: t\n\n    u :: v\n";
    let wanted = ["a", "<em>d</em> e", "p", r"\(r :: s\)"];
    for (settings, front_matter, expected) in [
        ("", "", &[][..]),
        ("cards: true\n", "", &wanted),
        ("", "---\ncards: true\n---\n", &wanted),
        ("cards: true\n", "---\ncards: false\n---\n", &[]),
    ] {
        let files = format!("-- notes.yaml\n{settings}-- README.md\n{front_matter}{text}");
        assert_eq!(fronts(&files), expected, "{settings}{front_matter}");
    }
}

#[test]
fn terms_of_a_glossary_are_cards() {
    let text = "Leader\n: one node\n: or more\n\nQuorum\n: most\n";
    let expected = [("Leader", "one node or more"), ("Quorum", "most")];
    let expected = expected.map(|(front, back)| (front.to_owned(), back.to_owned()));
    for (path, front_matter, are_cards) in [
        ("a.md", "", false),
        ("a.md", "---\nterm: true\n---\n", true),
        ("Glossary.md", "", true),
        ("术语表.md", "", true),
        ("x/术语/a.md", "", true),
        ("术语补充.md", "", false),
    ] {
        let settings = "markdown: {definition_lists: true}";
        let found = sides(&format!(
            "-- notes.yaml\n{settings}\n-- README.md\n# T\n-- {path}\n{front_matter}# A\n\n{text}"
        ));
        assert_eq!(found, if are_cards { &expected[..] } else { &[] }, "{path}{front_matter}");
    }
}

const RICH: &str = r##"
    -- README.md
    # T
    -- part/a.md
    ---
    tags: [two phase, "#b"]
    ---
    # A

    ## S

    > [!question]- Why $x < 1$ & "so"?
    > [here](b.md#s), [there](https://example.org/?a=1&b=2), [dead](none.md), note[^1].
    >
    > ![drawing](a.png)
    >
    > ```c
    > if (a < b)
    > 	return "b";
    > ```
    >
    > \[ \sum_i x_i \]

    [^1]: Footnote.
    -- part/b.md
    # B

    ## S
    -- part/a.png
    x
"##;

#[test]
fn sides_need_nothing_of_the_site() {
    let folder = Folder::new(RICH);
    let Printed { cards: without, told, code } = cards(&folder, &[]);
    let [_, deck, front, back, tags] = &without[0];
    assert_eq!((&**deck, &**tags, code), ("T::part", "two_phase b", Some(0)), "{told}");
    assert_eq!(front, r"Why \(x &lt; 1\) &amp; &quot;so&quot;?");
    assert_eq!(
        back,
        "<p>here, <a href=\"https://example.org/?a=1&amp;b=2\">there</a>, dead, note.</p> \
         <figure><figcaption>drawing</figcaption></figure> <pre><code>if (a &lt; b)<br>&#9;return &quot;b&quot;;</code></pre> \
         <div class=\"formula\">\\[\\sum_i x_i\\]</div>"
    );
    assert!(told.contains("1 card in 1 note") && told.contains("of 1 file"), "{told}");

    let Printed { cards: with, told, .. } = cards(&folder, &["--base-url", "https://e.org/n/"]);
    let [id, _, _, back, _] = &with[0];
    assert_eq!(*id, without[0][0]);
    for piece in [
        "<a href=\"https://e.org/n/part/b.html#s\">here</a>",
        "<img src=\"https://e.org/n/part/a.png\" alt=\"drawing\">",
        "href=\"https://e.org/n/part/a.html#fn-1\">1</a>",
        "<p><a href=\"https://e.org/n/part/a.html#s\">A › S</a></p>",
    ] {
        assert!(back.contains(piece), "{piece}: {back}");
    }
    assert!(!told.contains("warning"), "{told}");
}

#[test]
fn formulas_have_no_macros() {
    let found = sides(
        "-- notes.yaml\nmarkdown: {math: {macros: {RR: '\\mathbb{R}', abs: '|#1|'}}}\n\
         -- README.md\n# T\n\n$$\n\\newcommand{\\N}{\\mathbb{N}}\n$$\n\n\
         > [!question]- Is $\\abs{x}$ in $\\RR$?\n> Not in $\\N$. $5 and $6\n",
    );
    let (front, back) = &found[0];
    assert_eq!(front, r"Is \(|x|\) in \(\mathbb{R}\)?");
    assert_eq!(back, r"<p>Not in \(\mathbb{N}\). $5 and $6</p>");
}

#[test]
fn scripts_are_on_no_card() {
    let found = sides(
        "-- README.md\n# T\n\n> [!question]- <b onclick=\"x()\">A</b><script>x()</script>?\n\
         > <img src=\"javascript:x()\" onerror=\"x()\"> [b](javascript:x()) <iframe src=\"x\"></iframe>\n",
    );
    let (front, back) = &found[0];
    for word in ["script", "onclick", "onerror", "<iframe"] {
        assert!(!front.contains(&format!("<{word}")) && !back.contains(word), "{front}{back}");
    }
    assert!(!front.contains("onclick"), "{front}");
}

#[test]
fn ids_stay_while_the_question_does() {
    let ids = |text: &str| -> Vec<String> {
        let folder = Folder::new(&format!("-- notes.yaml\ncards: true\n-- README.md\n{text}"));
        cards(&folder, &[]).cards.into_iter().map(|[id, ..]| id).collect()
    };
    let before = ids("# T\n\n> [!question]- A?\n> b\n\nC :: d\n\nE :: f ^abc123\n");
    assert_eq!(before.len(), 3);
    // The answers, the order, the title and the emphasis are others.
    let after = ids("# U\n\n*C* :: y\n\nX :: z ^abc123\n\n> [!question]- **A?**\n> x\n");
    assert_eq!(after, [&*before[1], &before[2], &before[0]]);
    let named = ids("# T\n\n> [!question]- A? {#a}\n> b\n\n> [!faq]- C?\n> d\n");
    let renamed = ids("# T\n\n> [!question]- X? {#a}\n> b\n\n> [!faq]- E?\n> d\n");
    assert!(named[0] == renamed[0] && named[1] != renamed[1] && named[0] != before[0]);
    let other = ids("# T\n\n> [!question]- B?\n> b\n");
    assert!(!before.contains(&other[0]));
    let twice = ids("# T\n\nA :: b\n\nA :: c\n");
    assert_ne!(twice[0], twice[1]);
}

#[test]
fn drafts_have_no_cards_and_books_have_decks() {
    let text = "> [!question]- A?\n> b\n";
    let folder = Folder::new(&format!(
        "-- notes.yaml\ntitle: Library\nbase_url: https://e.org/\nbooks: [one, two]\n\
         -- README.md\n# Library\n\n{text}\n-- one/README.md\n# One\n-- one/p/a.md\n# Part A\n\n{text}\n\
         -- one/p/d.md\n---\ndraft: true\n---\n# D\n\n{text}\n-- two/README.md\n# Two: a::b\n\n{text}\n"
    ));
    let found = cards(&folder, &[]).cards;
    let decks: Vec<_> = found.iter().map(|[_, deck, ..]| deck.as_str()).collect();
    assert_eq!(decks, ["Library", "One::p", "Two: a:b"]);
    assert!(found[1][3].contains("https://e.org/one/p/a.html"), "{}", found[1][3]);
    let mut ids: Vec<_> = found.iter().map(|[id, ..]| id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn files_of_others_are_kept() {
    let folder = Folder::new(
        "-- README.md\n# T\n\n> [!question]- A?\n> b\n-- own.txt\n#separator:tab\nmine\n-- empty.txt\n",
    );
    let empty = folder.path().join("empty.txt");
    fs::write(&empty, "").unwrap();
    let before = folder.read_all();
    let expected = run(&folder, &["-o", "-"]).stdout;
    assert_eq!(run(&folder, &[]).stdout, expected);
    assert_same_files(&folder.read_all(), &before, "nothing is written");
    let [own, new] = ["own.txt", "new.txt"].map(|name| folder.path().join(name));
    let write = |path: &std::path::Path, more: &[&str]| {
        let arguments = [&["-o", path.to_str().unwrap()], more].concat();
        let output = run(&folder, &arguments);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = write(&own, &[]);
    assert!(code == Some(1) && told.contains("did not write the file"), "{told}");
    assert_eq!(fs::read(&own).unwrap(), b"#separator:tab\nmine\n");
    // Its own file is replaced, whole.
    for path in [&new, &new, &empty] {
        assert_eq!(write(path, &[]).0, Some(0));
        assert_eq!(fs::read(path).unwrap(), expected);
    }
    assert_eq!(write(&own, &["--force"]).0, Some(0));
    assert_eq!(fs::read(&own).unwrap(), expected);
    let (code, told) = write(&folder.path().join("none/cards.txt"), &[]);
    assert!(code == Some(1) && told.contains("cannot be written"), "{told}");
}

#[test]
fn notes_without_cards_are_told() {
    let Printed { told, code, cards } = cards(&Folder::new("-- README.md\n# T\n"), &[]);
    assert!(code == Some(1) && cards.is_empty() && told.contains("no cards"), "{told}");
    let missing = program().args(["cards", "/nowhere/at/all"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
}
