//! The search of a page, limited to the notes with a tag.

use serde_json::json;

use crate::comfort::{becomes, value};
use crate::driver::Driver;
use crate::server::Server;
use crate::site::Site;

const FOUND: &str = "[...document.querySelectorAll('main .results a, main form ~ * a')]\
     .map((link) => new URL(link.href).pathname.split('/').pop()).filter((name) => /^[a-z]\\.html/.test(name)).join(' ')";

#[test]
fn the_search_is_limited_to_a_tag() {
    let notes = [
        ("README.md", "# 首页\n\n文\n"),
        ("a.md", "---\ntags: [Linux, 数据 库/MySQL]\n---\n# 甲\n\n同样的文字\n"),
        ("b.md", "---\ntags: [数据 库]\n---\n# 乙\n\n同样的文字\n"),
        ("c.md", "# 丙\n\n同样的文字 #linux\n"),
    ];
    let notes: Vec<(String, String)> =
        notes.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let site = Site::of_notes(&notes);
    let (mut server, driver) = (Server::bind(), Driver::start());
    server.serve(&site.folder);
    let window = driver.window();
    window.open(&format!("{}search.html?q=%E6%96%87%E5%AD%97", server.url));
    becomes(&window, FOUND, &json!("a.html b.html c.html"));
    let options = "[...document.querySelectorAll('form.search select')]\
         .map((select) => [...select.options].map((option) => option.value)).pop()";
    assert_eq!(value(&window, options), json!(["", "Linux", "数据 库", "数据 库/MySQL"]));
    for (tag, expected) in [
        ("Linux", "a.html"),
        ("数据 库", "a.html b.html"),
        ("数据 库/MySQL", "a.html"),
        ("", "a.html b.html c.html"),
    ] {
        let choose = "const select = [...document.querySelectorAll('form.search select')].pop();\
             select.value = arguments[0]; select.dispatchEvent(new Event('change'));";
        window.run(choose, &json!([tag]));
        becomes(&window, FOUND, &json!(expected));
    }
    // The address has it, so that the page can be shown again.
    window.open(&format!("{}search.html?q=%E6%96%87%E5%AD%97&tag=Linux", server.url));
    becomes(&window, FOUND, &json!("a.html"));
}
