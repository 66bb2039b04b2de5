//! PDFs: the page that a program prints, the program that is chosen, what happens if it fails or is
//! stopped. That real programs print it, `tests/check-paper.sh` tries.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::fixture::{Built, Folder, program};

/// A program that prints: it keeps the page, and writes a PDF of two words.
const PRINTS: &str = "for last; do :; done\n\
    case $last in file:*) page=${last#file://}; pdf=${page%html}pdf ;; *) page=$4 pdf=$5 ;; esac\n\
    cp -r \"$(dirname \"$page\")\" \"$(dirname \"$0\")/kept\"\n\
    printf '%s\\n' \"$@\" > \"$(dirname \"$0\")/kept/words\"\n\
    printf '%%PDF-1.7 %s' \"$(basename \"$0\")\" > \"$pdf\"\n";

const NOTES: &str = "-- notes.yaml\ntitle: 我的笔记\nauthor: 王 & 李\n\
    -- README.md\n# Home\n\n[Lock](a/lock.md#how) [gone](https://e.org/)\n\
    -- a/lock.md\n# Lock\n\n## How\n\n[Home](../README.md) [again](#how) ![p](p.gif)[^1]\n\n[^1]: Note\n\
    -- b/README.md\n# B\n\n## How\n\nText\n\
    -- b/c/d.md\n---\nlang: ja\n---\n\n# D\n\nText\n";

/// A folder with notes and, in its `bin`, programs of these names, which print.
fn folder(files: &str, programs: &[&str]) -> Folder {
    let folder = Folder::new(files);
    folder.write("a/p.gif", GIF);
    fs::create_dir_all(bin(&folder)).unwrap();
    for name in programs {
        install(&folder, name, PRINTS);
    }
    folder
}

/// A picture of one pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// The folder of the programs, beside the notes.
fn bin(folder: &Folder) -> PathBuf {
    folder.path().join(".bin")
}

fn install(folder: &Folder, name: &str, script: &str) {
    let path = bin(folder).join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The command, with no programs but those of the folder and of the shell, and with a folder of its
/// own for temporary files.
fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let temporary = bin(folder).join("temporary");
    fs::create_dir_all(&temporary).unwrap();
    for tool in ["cp", "dirname", "basename", "sleep"] {
        let there = ["/usr/bin", "/bin"].map(|place| Path::new(place).join(tool));
        let there = there.into_iter().find(|path| path.exists()).unwrap();
        let _ = std::os::unix::fs::symlink(there, bin(folder).join(tool));
    }
    let mut command = program();
    command.arg("pdf").arg(folder.path());
    if !arguments.contains(&"-o") {
        command.arg("-o").arg(folder.path().join("book.pdf"));
    }
    command.args(arguments).env("PATH", bin(folder)).env("TMPDIR", temporary);
    command
}

fn run(folder: &Folder, arguments: &[&str]) -> Built {
    let built = folder.ran(command(folder, arguments).output().unwrap());
    let left = fs::read_dir(bin(folder).join("temporary")).unwrap().count();
    assert_eq!(left, 0, "temporary files are left");
    built
}

/// The page that was printed.
fn page(folder: &Folder) -> String {
    fs::read_to_string(bin(folder).join("kept/book.html")).unwrap()
}

fn pdf(folder: &Folder) -> String {
    fs::read_to_string(folder.path().join("book.pdf")).unwrap()
}

#[test]
fn the_page_has_all_notes_in_their_order_and_links_between_them() {
    let folder = folder(NOTES, &["weasyprint"]);
    let built = run(&folder, &[]);
    assert_eq!(built.code, 0, "{}", built.printed);
    assert!(built.printed.contains("4 notes in"), "{}", built.printed);
    assert!(built.printed.contains("printed by weasyprint"), "{}", built.printed);
    let page = page(&folder);
    let (head, body) = page.split_once("<body>\n").unwrap();
    assert!(head.contains("<meta name=\"author\" content=\"王 &amp; 李\">"), "{head}");
    assert!(head.contains("@page { size: A4; }"), "{head}");
    let (_, chapters) = body.split_once("<nav class=\"contents\">").unwrap();
    assert_eq!(
        chapters,
        "\n<h1>Contents</h1>\n<ol>\n<li><a href=\"#n1\">Home</a></li>\n\
         <li><span>a</span><ol>\n<li><a href=\"#n2\">Lock</a></li>\n</ol>\n</li>\n\
         <li><a href=\"#n3\">B</a><ol>\n\
         <li><span>c</span><ol>\n<li><a href=\"#n4\">D</a></li>\n</ol>\n</li>\n</ol>\n</li>\n\
         </ol>\n</nav>\n\
         <section class=\"chapter level-1\" id=\"n1\">\n<h1 id=\"n1-home\">Home</h1>\n\
         <p><a href=\"#n2-how\">Lock</a> <a href=\"https://e.org/\">gone</a></p>\n</section>\n\
         <section class=\"chapter level-2\" id=\"n2\">\n<p class=\"part level-1\">a</p>\n\
         <h1 id=\"n2-lock\">Lock</h1>\n<h2 id=\"n2-how\">How</h2>\n\
         <p><a href=\"#n1\">Home</a> <a href=\"#n2-how\">again</a> <img src=\"p1.gif\" alt=\"p\" />\
         <sup class=\"footnote-reference\"><a id=\"n2-fnref-1\" href=\"#n2-fn-1\" \
         epub:type=\"noteref\">1</a></sup></p>\n<section class=\"footnotes\">\n<aside \
         epub:type=\"footnote\" class=\"footnote\" id=\"n2-fn-1\"><div><span class=\"number\">1\
         </span> \n<p>Note <a href=\"#n2-fnref-1\" class=\"footnote-back\">↩</a></p>\n</div></aside>\n\
         </section>\n</section>\n\
         <section class=\"chapter level-1\" id=\"n3\">\n<h1 id=\"n3-b\">B</h1>\n\
         <h2 id=\"n3-how\">How</h2>\n<p>Text</p>\n</section>\n\
         <section class=\"chapter level-3\" id=\"n4\" lang=\"ja\">\n<p class=\"part level-2\">c</p>\n\
         <h1 id=\"n4-d\">D</h1>\n<p>Text</p>\n</section>\n</body>\n</html>\n"
    );
    assert_eq!(fs::read(bin(&folder).join("kept/p1.gif")).unwrap(), GIF);
    assert!(bin(&folder).join("kept/cover.svg").exists());
    assert_eq!(pdf(&folder), "%PDF-1.7 weasyprint\n%notes\n");
}

#[test]
fn a_part_on_other_sheets() {
    let folder = folder(NOTES, &["weasyprint"]);
    let built = run(&folder, &["--part", "b", "--paper", "letter"]);
    assert_eq!(built.code, 0, "{}", built.printed);
    let page = page(&folder);
    assert!(page.contains("@page { size: letter; }"));
    assert_eq!(page.matches("<section class=\"chapter").count(), 2, "{page}");
}

/// Ids in drawings belong to their chapters too.
#[test]
fn drawings_keep_their_arrows() {
    let drawing = "```mermaid\ngraph LR\nA --> B\n```\n";
    let files = format!("-- README.md\n# A\n\n{drawing}-- b.md\n# B\n\n{drawing}");
    let folder = folder(&files, &["weasyprint"]);
    assert_eq!(run(&folder, &[]).code, 0);
    let page = page(&folder);
    let mut named = 0;
    for (at, before) in page.match_indices("url(#") {
        let id = page[at + before.len()..].split(')').next().unwrap();
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        named += 1;
    }
    assert!(named > 1, "{page}");
}

#[test]
fn the_program_is_one_that_is_installed() {
    let formula = NOTES.replace("Text\n", "$$x^2$$\n");
    for (has_formula, installed, arguments, expected) in [
        (false, &["weasyprint", "chromium"][..], &[][..], "weasyprint"),
        (false, &["msedge", "google-chrome"], &[], "google-chrome"),
        (true, &["weasyprint", "chromium"], &[], "chromium"),
        (true, &["weasyprint"], &[], "weasyprint"),
        (false, &["weasyprint", "chromium"], &["--program", "chromium"], "chromium"),
    ] {
        let folder = folder(if has_formula { &formula } else { NOTES }, installed);
        let built = run(&folder, arguments);
        assert_eq!(built.code, 0, "{}", built.printed);
        assert_eq!(pdf(&folder), format!("%PDF-1.7 {expected}\n%notes\n"));
        let is_told = built.printed.contains("formulas are shown as LaTeX");
        assert_eq!(is_told, has_formula && expected == "weasyprint", "{}", built.printed);
    }
}

#[test]
fn a_program_is_named_by_its_path_too() {
    let folder = folder(NOTES, &["weasyprint"]);
    let mut command = command(&folder, &["--program", "./weasyprint"]);
    let built = folder.ran(command.current_dir(bin(&folder)).output().unwrap());
    assert_eq!(built.code, 0, "{}", built.printed);
}

#[test]
fn a_program_that_makes_no_pdf_is_told_of() {
    for (name, script, expected) in [
        ("other", "", "no program that makes PDFs is installed"),
        ("chromium", "exit 0", "`chromium` made no PDF"),
        ("weasyprint", "echo text > \"$5\"", "`weasyprint` made no PDF"),
        ("weasyprint", "echo 'no space left' >&2; exit 3", "`weasyprint` failed: no space left"),
    ] {
        let folder = folder(NOTES, &[]);
        install(&folder, name, script);
        let built = run(&folder, &[]);
        assert_eq!(built.code, 1, "{}", built.printed);
        assert!(built.printed.contains(expected), "{expected}: {}", built.printed);
        assert!(!folder.path().join("book.pdf").exists());
    }
    let folder = folder(NOTES, &["weasyprint"]);
    let built = run(&folder, &["--program", "no-such-program"]);
    assert_eq!(built.code, 1);
    assert!(built.printed.contains("`no-such-program` is not installed"), "{}", built.printed);
}

#[test]
fn a_file_of_another_program_stays() {
    let folder = folder(NOTES, &["weasyprint"]);
    folder.write("book.pdf", b"%PDF-1.4 of another program");
    let refused = run(&folder, &[]);
    assert_eq!(refused.code, 1);
    assert!(refused.printed.contains("this program did not write the file"), "{}", refused.printed);
    assert!(!bin(&folder).join("kept").exists(), "nothing was printed");
    assert_eq!(pdf(&folder), "%PDF-1.4 of another program");
    assert_eq!(run(&folder, &["--force"]).code, 0);
    assert_eq!(run(&folder, &[]).code, 0, "its own it replaces");
}

/// A place that cannot be written to is known before the program runs.
#[test]
fn a_place_that_cannot_be_written_to_is_refused_first() {
    let folder = folder(NOTES, &["weasyprint"]);
    for place in ["b", "no/folder/x.pdf"] {
        let built = run(&folder, &["-o", folder.path().join(place).to_str().unwrap()]);
        assert_eq!(built.code, 1, "{}", built.printed);
        assert!(built.printed.contains("cannot be written"), "{}", built.printed);
        assert!(!bin(&folder).join("kept").exists(), "nothing was printed");
    }
}

#[test]
fn a_program_without_its_interpreter_is_told_of() {
    let folder = folder(NOTES, &["chromium"]);
    install(&folder, "weasyprint", "");
    fs::write(bin(&folder).join("weasyprint"), "#!/no/such/python\n").unwrap();
    let path = bin(&folder).join("weasyprint").to_str().unwrap().to_owned();
    for arguments in [&[][..], &["--program", &path]] {
        let built = run(&folder, arguments);
        assert_eq!(built.code, 1, "{}", built.printed);
        assert!(built.printed.contains("the interpreter"), "{}", built.printed);
    }
}

/// A browser has a folder of its own, writes bookmarks, asks no host, and runs nothing.
#[test]
fn a_browser_is_kept_off_the_network() {
    let folder = folder(NOTES, &["chromium"]);
    assert_eq!(run(&folder, &[]).code, 0);
    let words = fs::read_to_string(bin(&folder).join("kept/words")).unwrap();
    let words: Vec<&str> = words.lines().filter(|word| *word != "--no-sandbox").collect();
    let [options @ .., own, pdf, page] = &words[..] else { unreachable!("{words:?}") };
    assert_eq!(
        options,
        [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ]
    );
    assert!(own.starts_with("--user-data-dir=/") && own.ends_with("/profile"), "{own}");
    assert!(pdf.starts_with("--print-to-pdf=/") && pdf.ends_with("/book.pdf"), "{pdf}");
    assert!(page.starts_with("file:///") && page.ends_with("/book.html"), "{page}");
    let policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
                  img-src file:; style-src 'unsafe-inline'\">";
    assert!(self::page(&folder).contains(policy));
}

#[test]
fn formulas_have_their_source_for_programs_that_draw_none() {
    let folder = folder("-- README.md\n# T\n\n$\\frac{a}{b}$ `x`\n", &["weasyprint"]);
    assert_eq!(run(&folder, &[]).code, 0);
    let page = page(&folder);
    let formula = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" alttext=\"\\frac{a}{b}\">";
    assert!(page.contains(formula), "{page}");
    let sheet = fs::read_to_string(bin(&folder).join("kept/weasyprint.css")).unwrap();
    assert!(sheet.contains("math::before { content: attr(alttext)"), "{sheet}");
    let words = fs::read_to_string(bin(&folder).join("kept/words")).unwrap();
    assert!(words.starts_with("-q\n-s\n/"), "{words}");
}

#[test]
fn code_keeps_its_first_line() {
    let folder = folder("-- README.md\n# T\n\n<pre>\n\na\n</pre>\n", &["weasyprint"]);
    assert_eq!(run(&folder, &[]).code, 0);
    assert!(page(&folder).contains("<pre>\n\na\n</pre>"), "{}", page(&folder));
}

/// Work folders of killed runs are removed, those of others stay.
#[test]
fn work_folders_of_killed_runs_are_removed() {
    let folder = folder(NOTES, &["weasyprint"]);
    let mut command = command(&folder, &[]);
    let temporary = bin(&folder).join("temporary");
    let own = format!("notes-tmp-{}-abc", std::process::id());
    for name in ["notes-tmp-4000000-abc", &own, "notes-tmp-x", "other"] {
        fs::create_dir_all(temporary.join(name)).unwrap();
        fs::write(temporary.join(name).join("book.html"), "").unwrap();
    }
    let built = folder.ran(command.output().unwrap());
    assert_eq!(built.code, 0, "{}", built.printed);
    let mut left: Vec<String> = fs::read_dir(&temporary)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, [own.as_str(), "notes-tmp-x", "other"]);
}

/// The program that prints ends too, and no temporary file is left.
#[test]
fn signals_stop_it() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = folder(NOTES, &[]);
        let script = "echo $$ > \"$(dirname \"$0\")/started\"\nexec sleep 1000";
        install(&folder, "weasyprint", script);
        let mut child = command(&folder, &[]).stdout(Stdio::null()).spawn().unwrap();
        let started = bin(&folder).join("started");
        let number = loop {
            match fs::read_to_string(&started) {
                Ok(number) if number.ends_with('\n') => break number.trim().to_owned(),
                _ => sleep(Duration::from_millis(10)),
            }
            assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        };
        let mut kill = Command::new("kill");
        kill.args([format!("-{signal}"), child.id().to_string()]);
        assert!(kill.status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        let state = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        assert!(!state.contains("(sleep) S"), "{state}");
        assert_eq!(fs::read_dir(bin(&folder).join("temporary")).unwrap().count(), 0);
        assert!(!folder.path().join("book.pdf").exists());
    }
}
