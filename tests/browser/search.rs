//! The search of a site → what it does for a reader: with the keyboard, on a telephone, for a
//! screen reader, from disk and from a sub-path, with hostile words; and that nothing of it is
//! loaded before it is wanted.

use serde_json::{Value, json};

use crate::accessible::{axe, broken_rules};
use crate::comfort::{becomes, click, open, value};
use crate::driver::Driver;
use crate::narrow::too_wide;
use crate::report::Report;
use crate::server::Server;
use crate::site::Site;
use crate::window::{DOWN, ENTER, ESCAPE, Look, SCHEMES, UP, WIDTHS, Window};

const HOME: &str = "index.html";
const FIELD: &str = "document.querySelector('form.search input')";
/// The number of results in the list.
const COUNT: &str = "document.querySelectorAll('[role=listbox] [role=option]').length";
/// The text of the selected result.
const CHOSEN: &str = "(document.getElementById(document.activeElement.getAttribute('aria-activedescendant')) || {}).textContent";

/// Types into the search box of the open page.
fn look_for(window: &Window, typed: &str) {
    window.run(&format!("{FIELD}.focus(); {FIELD}.select()"), &json!([]));
    window.type_text(typed);
}

/// The count of results as the box shows it.
fn says(window: &Window, expected: &str) {
    becomes(
        window,
        "(document.querySelector('form.search .count') || {}).textContent",
        &json!(expected),
    );
}

fn walk_with_keys(window: &Window, site: &Site) {
    window.press(("/", 191, "/"));
    assert_eq!(value(window, &format!("document.activeElement === {FIELD}")), json!(true));
    assert_eq!(value(window, &format!("{FIELD}.value")), json!(""));
    window.type_text("强一致性");
    says(window, "找到 1 页");
    let attributes = |name: &str| value(window, &format!("{FIELD}.getAttribute('{name}')"));
    assert_eq!(attributes("role"), json!("combobox"));
    assert_eq!(attributes("aria-expanded"), json!("true"));
    let controlled = "document.getElementById(document.activeElement.getAttribute('aria-controls')).getAttribute('role')";
    assert_eq!(value(window, controlled), json!("listbox"));
    assert_eq!(
        value(window, "document.querySelector('form.search .count').getAttribute('role')"),
        json!("status")
    );
    assert_eq!(value(window, CHOSEN), Value::Null);
    window.press(DOWN);
    assert!(value(window, CHOSEN).as_str().unwrap().contains("强一致性"));
    assert_eq!(value(window, "document.querySelectorAll('[aria-selected=true]').length"), json!(1));
    window.press(UP);
    assert_eq!(value(window, CHOSEN), Value::Null);
    // Esc closes the list, then empties the field, then leaves it.
    window.press(ESCAPE);
    assert_eq!(attributes("aria-expanded"), json!("false"));
    assert_eq!(value(window, "document.querySelector('form.search .panel').hidden"), json!(true));
    window.press(DOWN);
    assert_eq!(attributes("aria-expanded"), json!("true"));
    window.press(ENTER);
    becomes(window, "document.querySelectorAll('mark.found').length", &json!(2));
    // The run that markup splits is marked across it.
    assert_eq!(
        value(
            window,
            "[...document.querySelectorAll('mark.found')].map((mark) => mark.textContent).join('')"
        ),
        json!("强一致性")
    );
    assert!(value(window, "location.href").as_str().unwrap().starts_with(&site.url));
    window.press(ESCAPE);
    assert_eq!(value(window, "document.querySelectorAll('mark').length"), json!(0));
    assert_eq!(value(window, "location.search"), json!(""));
}

#[test]
fn keys_alone_lead_to_a_result_from_disk() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    walk_with_keys(&open(&driver, &site, HOME, 1440), &site);
}

#[test]
fn keys_alone_lead_to_a_result_from_a_sub_path_on_a_telephone() {
    let (mut server, driver) = (Server::bind(), Driver::start());
    let site = Site::at(&server.url);
    server.serve(&site.folder);
    walk_with_keys(&open(&driver, &site, "English/index.html", 360), &site);
}

#[test]
fn the_keys_of_an_input_method_are_not_those_of_the_list() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, HOME, 1440);
    look_for(&window, "强一致性");
    says(&window, "找到 1 页");
    let listen = "document.querySelector('[role=option]').addEventListener('click', (event) => {\
        event.preventDefault(); window.isOpened = true; })";
    window.run(listen, &json!([]));
    let press = |key: &str, more: &str| {
        let event = format!("{{ key: '{key}', bubbles: true, cancelable: true, {more} }}");
        value(&window, &format!("{FIELD}.dispatchEvent(new KeyboardEvent('keydown', {event}))"))
    };
    let state = "[document.querySelectorAll('[aria-selected=true]').length,\
        document.querySelector('form.search .panel').hidden, Boolean(window.isOpened)]";
    press("ArrowDown", "");
    // The key that ends a composition: as most browsers send it, and as Safari does.
    for more in ["isComposing: true, keyCode: 229", "keyCode: 229"] {
        for key in ["ArrowDown", "Escape", "Enter"] {
            assert_eq!(press(key, more), json!(true), "{key}, {more}");
            assert_eq!(value(&window, state), json!([1, false, false]), "{key}, {more}");
        }
    }
    assert_eq!(press("Enter", "keyCode: 13"), json!(false));
    assert_eq!(value(&window, state)[2], json!(true));
}

#[test]
fn the_index_is_loaded_only_for_a_search() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, HOME, 1440);
    let asked = |window: &Window| {
        let requests = window.requests().into_iter().map(|request| request.url);
        requests
            .filter(|url| url.contains("search") && !url.ends_with("search.css"))
            .collect::<Vec<_>>()
    };
    assert_eq!(asked(&window), Vec::<String>::new());
    look_for(&window, "磁盘");
    becomes(&window, &format!("{COUNT} > 0"), &json!(true));
    let loaded = asked(&window);
    // Two scripts, the directory, and few pieces.
    assert!((5..=7).contains(&loaded.len()), "{loaded:?}");
    assert_eq!(window.console(), Vec::<String>::new());
}

#[test]
fn hostile_words_are_text() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, HOME, 1440);
    for typed in [
        "<script>alert('x')</script>",
        "<img src=x onerror=alert(1)>",
        "<b>",
        "&amp;",
        "a && b",
        "\"引号\"",
        "'",
        "\\",
        "%",
    ] {
        look_for(&window, typed);
        let shown = "document.querySelector('form.search .panel') && \
             document.querySelector('form.search .count').textContent !== ''";
        becomes(&window, shown, &json!(true));
        assert_eq!(
            value(&window, "document.querySelectorAll('.panel :is(script, img, b)').length"),
            json!(0),
            "{typed}"
        );
    }
    look_for(&window, "onerror");
    let first = "document.querySelector('[role=option] strong')?.textContent";
    becomes(&window, first, &json!("<img src=x onerror=alert(1)>"));
    // On the target page, the words are marked as text too.
    window.open(&format!("{}系统/符号.html?q=%3Cscript%3Ealert", site.url));
    becomes(&window, "document.querySelectorAll('mark.found').length", &json!(1));
    assert_eq!(
        value(&window, "document.querySelector('mark.found').textContent"),
        json!("<script>alert")
    );
}

#[test]
fn closed_details_open_for_a_search_result() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, "系统/符号.html?q=琥珀", 1440);
    becomes(&window, "(document.querySelector('mark.found') || {}).textContent", &json!("琥珀"));
    assert_eq!(value(&window, "document.querySelector('details').open"), json!(true));
}

#[test]
fn the_page_of_a_folder_is_found_from_disk() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, "English/index.html", 1440);
    look_for(&window, "这一章讲操作系统");
    becomes(&window, &format!("{COUNT} > 0"), &json!(true));
    window.press(DOWN);
    window.press(ENTER);
    becomes(&window, "document.querySelectorAll('mark.found').length", &json!(1));
    assert!(value(&window, "location.pathname").as_str().unwrap().ends_with("/index.html"));
}

#[test]
fn a_site_that_is_published_anew_is_searched_anew() {
    let (mut server, driver) = (Server::bind(), Driver::start());
    let site = Site::at(&server.url);
    server.serve(&site.folder);
    let window = open(&driver, &site, HOME, 1440);
    look_for(&window, "没有的词");
    says(&window, "没有找到");
    // The texts that the page knows of are gone.
    site.publish_anew("系统/符号.md", "# 符号\n\n现在是玛瑙，琥珀色的玛瑙，强一致性。\n");
    look_for(&window, "琥珀");
    says(&window, "找到 1 页");
    let first = "document.querySelector('[role=option]')?.textContent.includes('玛瑙')";
    becomes(&window, first, &json!(true));
}

#[test]
fn parts_and_links_narrow_it() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, HOME, 1440);
    look_for(&window, "note");
    becomes(&window, &format!("{COUNT} > 1"), &json!(true));
    let choose = "const select = document.querySelector('form.search select'); \
        select.value = [...select.options].find((option) => option.text === arguments[0]).value; \
        select.dispatchEvent(new Event('change'))";
    window.run(choose, &json!(["系统"]));
    says(&window, "没有找到");
    window.run(choose, &json!(["全部"]));
    becomes(&window, &format!("{COUNT} > 1"), &json!(true));
    look_for(&window, "example.org");
    click(&window, "form.search .kinds button:last-child");
    becomes(
        &window,
        "document.querySelector('[role=option]')?.getAttribute('rel')",
        &json!("external"),
    );
    assert!(
        value(&window, "document.querySelector('form.search .count').textContent")
            .as_str()
            .unwrap()
            .contains("链接")
    );
}

#[test]
fn the_page_of_results_can_be_linked_to() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = open(&driver, &site, "search.html?q=进程", 1440);
    becomes(
        &window,
        "document.getElementById('search:results').getAttribute('aria-busy')",
        &json!("false"),
    );
    assert_eq!(
        value(&window, "document.querySelector('main form.search input').value"),
        json!("进程")
    );
    let count =
        value(&window, "document.querySelectorAll('.results > ol > li').length").as_u64().unwrap();
    assert_eq!(
        value(&window, "Number(document.getElementById('search:results').dataset.total)"),
        json!(count)
    );
    assert!(count >= 1);
    // Every section, not only the first.
    assert!(
        value(&window, "document.querySelectorAll('.results a').length").as_u64().unwrap() > 30
    );
    look_for(&window, "符号");
    becomes(&window, "document.querySelector('main > .count').textContent", &json!("找到 2 页"));
    assert_eq!(value(&window, "document.querySelectorAll('.results > ol > li').length"), json!(2));
    assert!(value(&window, "location.search").as_str().unwrap().contains("q="));
    // The box on any page leads here.
    window.open(&format!("{}{HOME}", site.url));
    window.wait_until_drawn();
    look_for(&window, "调度");
    becomes(&window, &format!("{COUNT} > 0"), &json!(true));
    window.press(ENTER);
    becomes(
        &window,
        "(document.getElementById('search:results') || document.body).getAttribute('aria-busy')",
        &json!("false"),
    );
}

#[test]
fn one_result_is_singular_in_english() {
    let home = r"
# Home

A zebra, see <https://example.org/>.
";
    let notes = [("README.md", home), ("a.md", "Horse, horse."), ("b.md", "A horse.")];
    let notes = notes.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (site, driver) = (Site::of_notes(&notes), Driver::start());
    let window = open(&driver, &site, HOME, 1440);
    for (typed, count) in
        [("zebra", "1 page found"), ("horse", "2 pages found"), ("unicorn", "No results")]
    {
        look_for(&window, typed);
        says(&window, count);
    }
    look_for(&window, "example.org");
    click(&window, "form.search .kinds button:last-child");
    says(&window, "1 link");
    for (address, message) in [
        ("index.html?q=zebra", "1 match highlighted; press Esc to clear"),
        ("a.html?q=horse", "2 matches highlighted; press Esc to clear"),
    ] {
        window.open(&format!("{}{address}", site.url));
        becomes(&window, "document.querySelector('.status')?.textContent", &json!(message));
    }
}

#[test]
fn the_list_breaks_no_rule_and_no_width() {
    let (site, driver, axe) = (Site::on_disk(), Driver::start(), axe());
    let window = driver.window();
    let mut report = Report::default();
    // The list covers a part of the page; on this one it covers text, not the cells of a matrix.
    for (route, typed) in [("网络/index.html", "进程"), ("search.html", "notes")] {
        window.open(&format!("{}{route}", site.url));
        window.wait_until_drawn();
        look_for(&window, typed);
        becomes(
            &window,
            "document.querySelectorAll('form.search [role=option], .results a').length > 0",
            &json!(true),
        );
        for width in WIDTHS {
            for scheme in SCHEMES {
                window.look(Look { width, scheme });
                window.press(DOWN);
                let place = format!("{route} {width} {scheme}");
                report.add(&place, broken_rules(&window, &axe));
                report.add(&place, too_wide(&window, width));
            }
        }
    }
    report.assert_empty();
}

#[test]
fn without_scripts_the_page_leads_to_the_contents() {
    let (site, driver) = (Site::on_disk(), Driver::start());
    let window = driver.window();
    window.set_scripts(false);
    window.open(&format!("{}search.html?q=x", site.url));
    let text = value(&window, "document.querySelector('main').innerText");
    assert!(text.as_str().unwrap().contains("JavaScript"), "{text}");
    assert_eq!(value(&window, "document.querySelector('main noscript a') !== null"), json!(true));
}
