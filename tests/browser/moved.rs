//! An address that a note had before → the note, at the heading that was asked for where scripts
//! run.

use notes::path::encode_path;
use serde_json::json;

use crate::driver::Driver;
use crate::server::Server;
use crate::site::Site;
use crate::window::Window;
use crate::without_scripts::assert_scripts_are_off;

const NOTES: [(&str, &str); 2] = [
    ("README.md", "# 首页\n\n见[新](新.md)。\n"),
    ("新.md", "---\naliases: [/旧 部/一/]\n---\n# 新\n\n文。\n\n## 小节\n\n文。\n"),
];

/// The final address of a browser that opens an address.
fn ends(window: &Window, url: &str) -> String {
    window.open(url);
    for _ in 0..50 {
        let place = window.run("return document.body.className + ' ' + location.href", &json!([]));
        let place = place.as_str().unwrap();
        if let Some((_, url)) = place.split_once(' ').filter(|(kind, _)| *kind == "note") {
            return url.to_owned();
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{url} leads nowhere");
}

#[test]
fn old_addresses_redirect_to_new_ones() {
    let driver = Driver::start();
    let site = Site::of_notes(&NOTES.map(|(path, text)| (path.to_owned(), text.to_owned())));
    let mut server = Server::bind();
    server.serve(&site.folder);
    let window = driver.window();
    let (old, new) = (encode_path("旧 部/一/"), encode_path("新.html"));
    for (base, old) in [(&site.url, format!("{old}index.html")), (&server.url, old)] {
        assert_eq!(
            ends(&window, &format!("{base}{old}#小节")),
            format!("{base}{new}#{}", encode_path("小节"))
        );
        assert_eq!(ends(&window, &format!("{base}{old}")), format!("{base}{new}"));
    }
    assert_scripts_are_off(&window);
    let old = format!("{}{}", server.url, encode_path("旧 部/一/"));
    assert_eq!(ends(&window, &old), format!("{}{new}", server.url));
}
