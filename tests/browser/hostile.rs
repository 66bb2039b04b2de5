//! Notes that try to run something in the browser of whoever reads them → pages and results of the
//! search in which nothing runs. An alert would end the test: the driver answers nothing until it
//! is closed.

use serde_json::json;

use crate::comfort::{becomes, open, value};
use crate::driver::Driver;
use crate::site::Site;

/// One to a line.
const WAYS: &str = include_str!("../site/filter-evasion.txt");
/// The names of the elements of the page's text, each once.
const NAMES: &str = "[...new Set([...document.querySelectorAll('main *')].map(element => \
     element.localName))].sort().join(' ')";
/// The number of results.
const RESULTS: &str = "document.querySelectorAll('main mark').length > 0";

#[test]
fn nothing_runs_in_a_page_or_among_the_results() {
    let mut notes =
        vec![("control.md".to_owned(), "# 对照\n\n一句平常的话\n\n## 节\n\n平常的话\n".to_owned())];
    for (number, way) in WAYS.lines().enumerate() {
        notes.push((
            format!("n{number}.md"),
            format!("# 题 {way}\n\n暗号 {way} 其后\n\n## {way}\n\n{way}\n\n暗号\n"),
        ));
    }
    let (site, driver) = (Site::of_notes(&notes), Driver::start());
    let window = open(&driver, &site, "control.html", 1440);
    let frame = value(&window, "document.scripts.length");
    for number in 0..WAYS.lines().count() {
        window.open(&format!("{}n{number}.html", site.url));
        assert_eq!(value(&window, "document.scripts.length"), frame, "{number}");
    }
    window.open(&format!("{}search.html?q=%E5%B9%B3%E5%B8%B8%E7%9A%84%E8%AF%9D", site.url));
    becomes(&window, RESULTS, &json!(true));
    let names = value(&window, NAMES);
    window.open(&format!("{}search.html?q=%E6%9A%97%E5%8F%B7", site.url));
    becomes(&window, RESULTS, &json!(true));
    assert_eq!(value(&window, NAMES), names);
    // The page that a result leads to, with the words marked.
    let marked = |page: &str, words: &str| {
        window.open(&format!("{}{page}?q={words}", site.url));
        becomes(&window, "document.querySelectorAll('mark.found').length > 0", &json!(true));
        value(&window, "document.scripts.length")
    };
    let frame = marked("control.html", "%E5%B9%B3%E5%B8%B8");
    assert_eq!(marked("n1.html", "%E6%9A%97%E5%8F%B7"), frame);
}
