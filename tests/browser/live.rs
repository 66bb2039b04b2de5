//! Pages that are open while their notes are written → what they take over, and what stays as it
//! was.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::comfort::{becomes, click, value};
use crate::driver::Driver;
use crate::serving::Serving;
use crate::window::{Look, Window};

const TEXT: &str = "((document.querySelector('article') || {}).textContent || '')";
const PANEL: &str = "[...document.querySelectorAll('.notes-live:not([hidden])')].map((one) => \
     one.textContent).join()";

/// A folder of notes, long enough to be scrolled.
struct Notes(tempfile::TempDir);

impl Notes {
    fn new() -> Self {
        let notes = Self(tempfile::tempdir().unwrap());
        notes.write("README.md", "# 首页\n\n[甲](a/甲.md)\n");
        notes.write("a/甲.md", &text(|_| ""));
        notes.write("a/乙.md", "# 乙\n\n短。\n");
        notes.write("b/丙.md", "# 丙\n\n![图](图.svg)\n");
        notes.write("b/图.svg", &picture(100));
        notes.write("b/丁/戊.md", "# 戊\n\n深。\n");
        notes
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.0.path().join(from), self.0.path().join(to)).unwrap();
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

/// A note of forty paragraphs in ten sections, with something more in some of them.
fn text(more: impl Fn(usize) -> &'static str) -> String {
    let mut text = "# 甲\n\n".to_owned();
    for number in 0..40 {
        if number % 4 == 0 {
            text = format!("{text}## 第 {} 节\n\n", number / 4);
        }
        text = format!("{text}第 {number} 段，有 *一些* 文字{}。\n\n", more(number));
        if number % 10 == 5 {
            text += "```rust\nfn main() {}\n```\n\n- 一\n- 二\n\n| 列 |\n| --- |\n| 格 |\n\n";
        }
    }
    text
}

fn picture(width: u32) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"10\"></svg>")
}

fn open<'d>(driver: &'d Driver, serving: &Serving, path: &str) -> Window<'d> {
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{}{path}", serving.url));
    // A mark that a page that was loaded anew has not.
    window.run("window.isSame = true", &json!([]));
    window
}

fn is_same(window: &Window) -> bool {
    value(window, "window.isSame === true") == json!(true)
}

fn shows(window: &Window, text: &str) {
    becomes(window, &format!("{TEXT}.includes({})", json!(text)), &json!(true));
}

/// The place in the window of the paragraph that begins like this.
fn top_of(window: &Window, begin: &str) -> f64 {
    let script = "return [...document.querySelectorAll('article p')]\
        .find((one) => one.textContent.startsWith(arguments[0])).getBoundingClientRect().top";
    window.run(script, &json!([begin])).as_f64().unwrap()
}

/// The open page has in its text, sidebar and outline what it has when it is loaded anew, beside
/// what scripts add.
fn is_as_loaded_anew(window: &Window) {
    let script = "const done = arguments[arguments.length - 1];\
        const cleaned = (page, selector) => [...page.querySelectorAll(selector)].map((node) => {\
          const copy = node.cloneNode(true);\
          for (const added of copy.querySelectorAll('.anchor, .code-tools, button, ul:has(> li > \
         a[href^=http])')) added.remove();\
          for (const name of ['tabindex', 'role', 'aria-label', 'aria-current', 'class', 'style', \
         'open']) {\
            for (const one of [copy, ...copy.querySelectorAll('*')]) one.removeAttribute(name);\
          }\
          return copy.outerHTML;\
        }).join();\
        fetch(location.href, {cache: 'no-store'}).then((answer) => answer.text()).then((text) => {\
          const page = new DOMParser().parseFromString(text, 'text/html');\
          const parts = ['title', 'main', 'nav.navigation > ul', 'details.outline ul', 'body > .bottom'];\
          done(parts.filter((part) => cleaned(document, part) !== cleaned(page, part))\
            .map((part) => [cleaned(document, part), cleaned(page, part)]));\
        });";
    assert_eq!(window.run_and_wait(script, &json!([])), json!([]));
}

#[test]
fn a_save_updates_the_page_and_keeps_its_state() {
    let (notes, driver) = (Notes::new(), Driver::start());
    let serving = Serving::start(notes.path(), &[]);
    let window = open(&driver, &serving, "a/甲.html");
    // A branch that the page itself does not hold is open, something is typed, selected and
    // scrolled to.
    click(&window, "nav.navigation li:has(> a[href*='b/']) > button");
    becomes(&window, "document.querySelectorAll('nav.navigation li > a').length", &json!(6));
    window.run(
        "const field = document.querySelector('form.search input'); field.focus(); field.value = \
         '丙';\
         const found = [...document.querySelectorAll('article p')].find((one) => \
         one.textContent.startsWith('第 21 段'));\
         found.scrollIntoView({block: 'center'});\
         getSelection().selectAllChildren(found);",
        &json!([]),
    );
    let scroll = value(&window, "scrollY").as_f64().unwrap();
    notes.write("a/甲.md", &text(|number| if number == 30 { "，改了" } else { "" }));
    shows(&window, "第 30 段，有 一些 文字，改了。");
    let unchanged = |window: &Window| {
        assert!(is_same(window));
        assert_eq!(
            value(window, "document.querySelectorAll('nav.navigation li > a').length"),
            json!(6)
        );
        assert_eq!(value(window, "document.querySelector('form.search input').value"), json!("丙"));
        assert_eq!(
            value(window, "String(getSelection()).trim()"),
            json!("第 21 段，有 一些 文字。")
        );
        is_as_loaded_anew(window);
    };
    assert!((value(&window, "scrollY").as_f64().unwrap() - scroll).abs() <= 2.0);
    unchanged(&window);
    // New text above moves the page, not the text that is being read.
    let top = top_of(&window, "第 21 段");
    notes.write(
        "a/甲.md",
        &text(|number| if number == 3 { "，改了\n\n多\n\n了\n\n几\n\n段" } else { "" }),
    );
    shows(&window, "几\n段");
    assert!(
        (top_of(&window, "第 21 段") - top).abs() <= 2.0,
        "{top} {}",
        top_of(&window, "第 21 段")
    );
    unchanged(&window);
    // Headings, code, lists and tables.
    let changes = [
        ("## 第 6 节", "## 第六节"),
        ("fn main() {}", "fn main() { run(); }"),
        ("- 二\n", "- 二\n- 三\n"),
        ("| 格 |", "| 格 |\n| 又 |"),
        ("第 39 段", "> 第 39 段"),
        ("第 0 段", "### 新的小节\n\n第 0 段"),
        ("## 第 1 节\n\n", ""),
    ];
    for (number, (from, to)) in changes.into_iter().enumerate() {
        let mark = format!("改动 {number} 到了");
        notes
            .write("a/甲.md", &format!("{}\n\n~~~\n{mark}\n~~~\n", text(|_| "").replace(from, to)));
        shows(&window, &mark);
        assert!(is_same(&window), "{from}");
        is_as_loaded_anew(&window);
    }
    // Additions of scripts to new elements.
    let tools = "document.querySelectorAll('.code-tools').length === \
         document.querySelectorAll('figure.code').length";
    assert_eq!(value(&window, tools), json!(true));
    let anchors = "[...document.querySelectorAll('article h2')].every((one) => \
         one.querySelectorAll('.anchor').length === 1)";
    assert_eq!(value(&window, anchors), json!(true));
    // An outline that goes and comes again.
    for (text, expected) in [("# 甲\n\n只有一段。\n", 0), (&*text(|_| ""), 1)] {
        notes.write("a/甲.md", text);
        becomes(
            &window,
            "document.querySelectorAll('details.outline, .columns[data-outline]').length",
            &json!(2 * expected),
        );
        assert!(is_same(&window), "{expected}");
        is_as_loaded_anew(&window);
    }
}

#[test]
fn titles_files_and_sheets_are_taken_over_and_templates_load_anew() {
    let (notes, driver) = (Notes::new(), Driver::start());
    let serving = Serving::start(notes.path(), &[]);
    let window = open(&driver, &serving, "b/丙.html");
    // The title of a neighbour: sidebar and the way to it.
    notes.write("b/丁/戊.md", "# 戊的新题\n\n深。\n");
    becomes(
        &window,
        "document.querySelector('.turn').textContent.includes('戊的新题')",
        &json!(true),
    );
    // A picture.
    becomes(&window, "document.querySelector('article img').naturalWidth", &json!(100));
    notes.write("b/图.svg", &picture(120));
    becomes(&window, "document.querySelector('article img').naturalWidth", &json!(120));
    // Style sheets that come and go load the page anew, their edits do not.
    let colour = "getComputedStyle(document.body).color";
    let before = value(&window, colour);
    for name in ["static/page.css", "static/own.css"] {
        notes.write(name, "body { color: rgb(1, 2, 3) }");
        becomes(&window, colour, &json!("rgb(1, 2, 3)"));
        window.run("window.isSame = true", &json!([]));
        notes.write(name, "body { color: rgb(4, 5, 6) }");
        becomes(&window, colour, &json!("rgb(4, 5, 6)"));
        assert!(is_same(&window), "{name}");
        fs::remove_file(notes.path().join(name)).unwrap();
        becomes(&window, colour, &before);
    }
    window.run("window.isSame = true", &json!([]));
    // A template.
    notes.write("templates/foot.html", "<p class=\"mine\">mine</p>");
    becomes(&window, "document.querySelectorAll('.mine').length", &json!(1));
    assert!(!is_same(&window));
}

#[test]
fn the_browser_follows_a_renamed_page_and_reports_a_deleted_one() {
    let (notes, driver) = (Notes::new(), Driver::start());
    let serving = Serving::start(notes.path(), &[]);
    let window = open(&driver, &serving, "a/甲.html");
    window.run("scrollTo({top: 900, behavior: 'instant'})", &json!([]));
    notes.rename("a/甲.md", "b/新甲.md");
    let path = "decodeURIComponent(location.pathname)";
    becomes(&window, path, &json!("/b/新甲.html"));
    becomes(
        &window,
        "(document.querySelector('nav.navigation [aria-current]') || {}).textContent",
        &json!("甲"),
    );
    assert!(is_same(&window));
    assert!((value(&window, "scrollY").as_f64().unwrap() - 900.0).abs() <= 2.0);
    is_as_loaded_anew(&window);
    // It goes on there, through the rename of the folder too.
    notes.rename("b", "c");
    becomes(&window, path, &json!("/c/新甲.html"));
    notes.write("c/新甲.md", "# 甲\n\n还在。\n");
    shows(&window, "还在。");
    fs::remove_file(notes.path().join("c/新甲.md")).unwrap();
    becomes(&window, &format!("{PANEL}.includes('已被删除')"), &json!(true));
    assert!(value(&window, TEXT).as_str().unwrap().contains("还在。"));
    notes.write("c/新甲.md", "# 甲\n\n又在。\n");
    shows(&window, "又在。");
    becomes(&window, PANEL, &json!(""));
    // An address that leads nowhere becomes a page when there is one.
    window.open(&format!("{}c/还没有.html", serving.url));
    notes.write("c/还没有.md", "# 还没有\n\n有了。\n");
    shows(&window, "有了。");
}

#[test]
fn problems_show_in_a_panel_until_fixed() {
    let (notes, driver) = (Notes::new(), Driver::start());
    let serving = Serving::start(notes.path(), &[]);
    let window = open(&driver, &serving, "a/乙.html");
    let tells =
        |text: &str| becomes(&window, &format!("{PANEL}.includes({})", json!(text)), &json!(true));
    for (path, broken, mended, told) in [
        ("notes.yaml", "title: [", "title: 好\n", "notes.yaml:2"),
        ("templates/foot.html", "{% if %}", "", "templates/foot.html:1"),
        ("a/乙.md", "# 乙\n\n短。[x](没有.md)\n", "# 乙\n\n短。\n", "a/乙.md:3"),
    ] {
        notes.write(path, broken);
        tells(told);
        shows(&window, "短。");
        notes.write(path, mended);
        becomes(&window, PANEL, &json!(""));
    }
    // Problems of another note are shown on its own page.
    notes.write("b/丙.md", "# 丙\n\n[x](没有.md)\n");
    notes.write("a/乙.md", "# 乙\n\n短，改了。\n");
    shows(&window, "短，改了。");
    assert_eq!(value(&window, PANEL), json!(""));
}

#[test]
fn a_page_says_that_the_folder_is_gone_until_it_is_back() {
    let (notes, driver) = (Notes::new(), Driver::start());
    let (path, away) = (notes.path().join("笔记"), notes.path().join("away"));
    for (language, words) in [("zh", "笔记的文件夹不见了"), ("en", "folder of the notes is gone")]
    {
        notes.write("笔记/notes.yaml", &format!("language: {language}\n"));
        notes.write("笔记/甲.md", "# 甲\n\n先。\n");
        let serving = Serving::start(&path, &[]);
        let window = open(&driver, &serving, "甲.html");
        fs::rename(&path, &away).unwrap();
        becomes(&window, &format!("{PANEL}.includes({})", json!(words)), &json!(true));
        assert!(value(&window, TEXT).as_str().unwrap().contains("先。"));
        fs::rename(&away, &path).unwrap();
        notes.write("笔记/甲.md", "# 甲\n\n后。\n");
        shows(&window, "后。");
        becomes(&window, PANEL, &json!(""));
        assert!(is_same(&window));
    }
}

#[test]
fn several_pages_and_a_server_that_comes_back() {
    let (notes, driver) = (Notes::new(), Driver::start());
    let serving = Serving::start(notes.path(), &[]);
    let (one, other) = (open(&driver, &serving, "a/乙.html"), open(&driver, &serving, "a/甲.html"));
    let same = open(&driver, &serving, "a/乙.html");
    notes.write("a/乙.md", "# 乙的题\n\n第一次。\n");
    shows(&one, "第一次。");
    shows(&same, "第一次。");
    becomes(
        &other,
        "document.querySelector('nav.navigation').textContent.includes('乙的题')",
        &json!(true),
    );
    let port = serving.url.trim_end_matches('/').rsplit(':').next().unwrap().to_owned();
    drop(serving);
    becomes(&one, &format!("{PANEL}.includes('预览已停止')"), &json!(true));
    // Written while nobody looked.
    notes.write("a/乙.md", "# 乙的题\n\n第二次。\n");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_notes"));
    command.env("LC_ALL", "C");
    command.arg("serve").arg(notes.path()).args(["--port", &port]);
    let _serving = Serving::run(command);
    shows(&one, "第二次。");
    shows(&same, "第二次。");
    becomes(&one, PANEL, &json!(""));
    assert!(is_same(&one) && is_same(&other) && is_same(&same));
    is_as_loaded_anew(&one);
}

#[test]
fn follow_opens_the_edited_section() {
    let (notes, driver) = (Notes::new(), Driver::start());
    let serving = Serving::start(notes.path(), &["--follow"]);
    let window = open(&driver, &serving, "index.html");
    notes.write("a/甲.md", &text(|number| if number == 30 { "，改了" } else { "" }));
    becomes(&window, "decodeURIComponent(location.pathname)", &json!("/a/甲.html"));
    becomes(&window, "decodeURIComponent(location.hash)", &json!("#第-7-节"));
    let is_seen = |window: &Window, begin: &str| {
        let top = top_of(window, begin);
        assert!((0.0..800.0).contains(&top), "{top}");
    };
    becomes(&window, "document.readyState", &json!("complete"));
    becomes(&window, "scrollY > 0", &json!(true));
    is_seen(&window, "第 30 段");
    // On the same page.
    notes.write("a/甲.md", &text(|number| if number == 2 { "，又改" } else { "" }));
    shows(&window, "第 2 段，有 一些 文字，又改。");
    becomes(
        &window,
        "document.querySelectorAll('article p')[2].getBoundingClientRect().top > 0",
        &Value::Bool(true),
    );
    is_seen(&window, "第 2 段");
}
