//! Links to notes and sections → the preview that the pointer or the focus opens, from a disk and
//! from a server.

use serde_json::{Value, json};

use crate::comfort::{becomes, open, value};
use crate::driver::Driver;
use crate::server::Server;
use crate::site::Site;
use crate::window::{ESCAPE, Look, TAB, Window};

const NOTES: [(&str, &str); 4] = [
    ("README.md", "# 首页\n\n文\n"),
    (
        "a.md",
        "# 甲\n\n[乙](b.md)、[节](b.md#第二节)、[本页](#尾)、[外](https://e.org/)、[无](c.md)。脚注[^1]。\n\n\
         ## 尾\n\n尾上的话。\n\n[^1]: 脚注的话。\n",
    ),
    (
        "b.md",
        "# 乙\n\n乙的第一段 <b>重</b>。\n\n## 第一节\n\n别的。\n\n## 第二节\n\n第二节的话。\n\n- 一\n- 二\n",
    ),
    ("c.md", "# 丙\n\n丙的话 &lt;img&gt;。\n"),
];
const SHOWN: &str = "(document.querySelector('.preview:not([hidden])') || {innerText: ''})\
     .innerText.replace(/\\s+/g, ' ').trim()";

fn notes() -> Vec<(String, String)> {
    NOTES.map(|(path, text)| (path.to_owned(), text.to_owned())).into()
}

/// The middle of a link of the text, by its words.
fn place(window: &Window, words: &str) -> (f64, f64) {
    let script = "const link = [...document.querySelectorAll('article a, .preview')]\
        .find((one) => one.textContent === arguments[0] || one.className === arguments[0]);\
        const box = link.getBoundingClientRect();\
        return [box.left + box.width / 2, box.top + box.height / 2];";
    let place = window.run(script, &json!([words]));
    (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
}

fn shows(window: &Window, words: &str, expected: &Value) {
    window.point((3.0, 300.0));
    becomes(window, SHOWN, &json!(""));
    window.point(place(window, words));
    becomes(window, SHOWN, expected);
}

fn all_links_show(window: &Window) {
    let requests = "performance.getEntriesByType('resource').filter((one) => \
         /b\\.html|preview\\.js/.test(one.name)).length";
    assert_eq!(value(window, requests), json!(0));
    shows(window, "乙", &json!("乙 乙的第一段 重。"));
    shows(window, "节", &json!("第二节 第二节的话。 一 二"));
    shows(window, "本页", &json!("尾 尾上的话。"));
    shows(window, "1", &json!("脚注的话。"));
    shows(window, "无", &json!("丙 丙的话 <img>。"));
    let described =
        "document.querySelector('article a[aria-describedby=\"page:preview\"]').textContent";
    assert_eq!(value(window, described), json!("无"));
    // The pointer may enter it, and it closes with Esc.
    window.point(place(window, "preview"));
    window.point(place(window, "preview"));
    window.run_and_wait("setTimeout(arguments[0], 600)", &json!([]));
    assert_eq!(value(window, SHOWN), json!("丙 丙的话 <img>。"));
    window.press(ESCAPE);
    becomes(window, SHOWN, &json!(""));
    // A link to another site has none: the next one is shown, and nothing before.
    window.run(
        "window.seen = []; const box = document.querySelector('.preview');\
         new MutationObserver(() => { if (!box.hidden) seen.push(box.innerText); })\
         .observe(box, {attributes: true, childList: true});",
        &json!([]),
    );
    window.point(place(window, "外"));
    window.run_and_wait("setTimeout(arguments[0], 600)", &json!([]));
    window.point(place(window, "本页"));
    becomes(window, SHOWN, &json!("尾 尾上的话。"));
    assert_eq!(value(window, "seen.every((text) => text.startsWith('尾'))"), json!(true));
    // Scrolling takes it away.
    window.run("document.querySelector('article').dispatchEvent(new Event('scroll'))", &json!([]));
    becomes(window, SHOWN, &json!(""));
    // The focus of the keyboard opens it as well.
    window.run("document.querySelector('main').focus()", &json!([]));
    for _ in 0..20 {
        window.press(TAB);
        if value(window, "document.activeElement.textContent") == json!("乙") {
            break;
        }
    }
    becomes(window, SHOWN, &json!("乙 乙的第一段 重。"));
    window.press(TAB);
    becomes(window, SHOWN, &json!("第二节 第二节的话。 一 二"));
    window.run("document.activeElement.blur()", &json!([]));
    becomes(window, SHOWN, &json!(""));
    assert_eq!(window.console(), [""; 0]);
}

#[test]
fn links_show_the_beginning_of_their_note_from_a_disk() {
    let (site, driver) = (Site::of_notes(&notes()), Driver::start());
    let window = open(&driver, &site, "a.html", 1440);
    let kept = "Object.keys(localStorage).map((key) => localStorage[key]).join()";
    let before = value(&window, kept);
    all_links_show(&window);
    // The pages that were looked at are not those that were read.
    assert_eq!(value(&window, kept), before);
}

#[test]
fn links_show_the_beginning_of_their_note_from_a_server() {
    let (site, driver) = (Site::of_notes(&notes()), Driver::start());
    let mut server = Server::bind();
    server.serve(&site.folder);
    let window = driver.window();
    window.look(Look { width: 1440, scheme: "light" });
    window.open(&format!("{}a.html", server.url));
    window.wait_until_drawn();
    all_links_show(&window);
}
