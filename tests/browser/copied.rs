//! Files beside the notes in the preview → shown, and their scripts do not run.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::comfort::{becomes, value};
use crate::driver::Driver;
use crate::serving::Serving;

/// Marks every place that a script can reach.
const SCRIPT: &str = "document.title = 'ran'; document.documentElement.dataset.ran = 'yes'; \
     try { localStorage.ran = 'yes' } catch {}";

/// A PDF of one page without text, as short as viewers accept.
const PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
     2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
     3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n\
     trailer<</Root 1 0 R>>\n%%EOF\n";

fn write(folder: &Path) {
    let namespace = "xmlns='http://www.w3.org/2000/svg'";
    let page = format!(
        "<!DOCTYPE html><title>slides</title><p>Slides</p><script src='x.js'></script>\
         <script>{SCRIPT}</script><img src=x onerror=\"{SCRIPT}\">"
    );
    for (path, text) in [
        (
            "README.md",
            "# 首页\n\n[s](slides.html) [x](x.js) [h](a.xhtml) [p](p.pdf) ![图](d.svg)\n",
        ),
        ("slides.html", &page),
        (
            "a.xhtml",
            &format!("<html xmlns='http://www.w3.org/1999/xhtml'><script>{SCRIPT}</script></html>"),
        ),
        ("x.js", SCRIPT),
        (
            "d.svg",
            &format!("<svg {namespace} width='60' height='30'><script>{SCRIPT}</script></svg>"),
        ),
        ("p.pdf", PDF),
    ] {
        fs::write(folder.join(path), text).unwrap();
    }
}

#[test]
fn scripts_of_linked_files_do_not_run_and_pictures_show() {
    let (notes, driver) = (tempfile::tempdir().unwrap(), Driver::start());
    write(notes.path());
    let serving = Serving::start(notes.path(), &[]);
    let window = driver.window();
    let home = || window.open(&serving.url);
    home();
    becomes(&window, "document.querySelector('article img').naturalWidth", &json!(60));
    let ran = "document.title === 'ran' || document.documentElement.dataset.ran === 'yes'";
    for path in ["slides.html", "a.xhtml", "d.svg", "x.js"] {
        window.open(&format!("{}{path}", serving.url));
        becomes(&window, "document.readyState", &json!("complete"));
        assert_eq!(value(&window, ran), json!(false), "{path}");
    }
    home();
    assert_eq!(value(&window, "localStorage.ran"), json!(null));
    // Nor does a page of the preview run them, if anything brings it to.
    let script = "const done = arguments[arguments.length - 1];\
        const script = document.createElement('script');\
        script.onload = () => done('ran'); script.onerror = () => done('refused');\
        script.src = '/x.js'; document.head.append(script);";
    assert_eq!(window.run_and_wait(script, &json!([])), json!("refused"));
}

#[test]
fn a_linked_pdf_is_shown() {
    let (notes, driver) = (tempfile::tempdir().unwrap(), Driver::start());
    write(notes.path());
    let serving = Serving::start(notes.path(), &[]);
    let window = driver.window();
    window.open(&format!("{}p.pdf", serving.url));
    // A viewer that refuses is an error page of the browser.
    becomes(&window, "document.contentType", &json!("application/pdf"));
    let address = format!("{}p.pdf", serving.url);
    assert_eq!(value(&window, "location.href"), json!(address));
}

#[test]
fn a_note_is_copied_as_markdown_or_shown_where_scripts_cannot_read_it() {
    let (notes, driver) = (tempfile::tempdir().unwrap(), Driver::start());
    fs::write(notes.path().join("notes.yaml"), "machines: true\n").unwrap();
    fs::write(notes.path().join("README.md"), "# 首页\n\n{% hint %}\n字\n{% endhint %}\n").unwrap();
    let serving = Serving::start(notes.path(), &[]);
    let window = driver.window();
    window.open(&serving.url);
    let keep = "navigator.clipboard.writeText = async (text) => { window.copied = text; };";
    let click = "document.querySelector('.origin button').click();";
    window.run(&format!("{keep} {click}"), &json!([]));
    becomes(&window, "window.copied", &json!("# 首页\n\n> [!NOTE]\n> 字\n"));

    let site = notes.path().join("out");
    crate::site::build(notes.path(), &site, &[]);
    window.open(&format!("file://{}", site.join("index.html").display()));
    window.run(click, &json!([]));
    becomes(&window, "location.pathname.endsWith('/index.md')", &json!(true));

    window.set_scripts(false);
    window.open(&serving.url);
    assert_eq!(value(&window, "document.querySelectorAll('.origin button').length"), json!(0));
    assert_eq!(value(&window, "document.querySelectorAll('.origin a').length"), json!(1));
    window.set_scripts(true);
}
