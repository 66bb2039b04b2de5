//! A folder of notes written as one text, the site that the binary builds of it, and ways to look
//! at that.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;

/// A temporary folder of notes.
pub struct Folder {
    dir: Rc<tempfile::TempDir>,
}

/// The binary, which speaks English whoever runs the tests.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_notes"));
    program.env("LC_ALL", "C");
    program
}

/// The result of a build.
pub struct Built {
    /// Keeps the folder as long as its site is looked at.
    _dir: Rc<tempfile::TempDir>,
    /// The site's folder.
    pub site: PathBuf,
    /// Exit code.
    pub code: i32,
    /// The output of the program, messages and summary.
    pub printed: String,
}

impl Folder {
    /// Writes files given as `-- path` lines, each followed by its text. A text that begins on a
    /// line of its own may be indented with the code around it.
    pub fn new(files: &str) -> Self {
        let files = &outdented(files);
        let folder = Self { dir: Rc::new(tempfile::tempdir().unwrap()) };
        fs::create_dir(folder.path()).unwrap();
        let mut path = None;
        let mut text = String::new();
        for line in files.lines().chain(["-- "]) {
            if let Some(next) = line.strip_prefix("-- ") {
                if let Some(path) = path.replace(next.to_owned()) {
                    folder.write(&path, text.as_bytes());
                }
                text.clear();
            } else {
                text.push_str(line);
                text.push('\n');
            }
        }
        folder
    }

    /// Writes one file.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Its path.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("notes")
    }

    /// All files of the notes with their bytes, the program's own left out.
    pub fn read_all(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut todo = vec![self.path()];
        while let Some(dir) = todo.pop() {
            for entry in fs::read_dir(dir).unwrap().flatten() {
                if entry.file_name() == ".notes" || entry.file_name() == "site" {
                } else if entry.file_type().unwrap().is_dir() {
                    todo.push(entry.path());
                } else {
                    files.insert(entry.path(), fs::read(entry.path()).unwrap());
                }
            }
        }
        files
    }

    /// Builds with further arguments.
    pub fn build(&self, arguments: &[&str]) -> Built {
        let mut command = program();
        command.arg("build").arg(self.path()).args(arguments);
        self.ran(command.output().unwrap())
    }

    /// Asks the search.
    pub fn search(&self, words: &str) -> Built {
        let mut command = program();
        self.ran(command.arg("search").arg(words).arg(self.path()).output().unwrap())
    }

    /// Looks at what a command left.
    pub fn ran(&self, output: Output) -> Built {
        let printed =
            String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
        Built {
            _dir: self.dir.clone(),
            site: self.path().join("site"),
            code: output.status.code().unwrap_or(-1),
            printed,
        }
    }
}

/// The text of an article without what the home page adds to it: facts, buttons, the matrix.
fn without_cover(article: &str) -> String {
    let (mut text, mut rest) = (String::new(), article);
    for (start, end) in [
        ("<p class=\"facts\"", "</p>\n"),
        ("<p class=\"begin\"", "</p>\n"),
        ("<section class=\"chapters\"", "</section>\n"),
    ] {
        let Some((before, added)) = rest.split_once(start) else { continue };
        text.push_str(before);
        rest = added.split_once(end).unwrap().1;
    }
    text + rest
}

impl Built {
    /// The same build, its site in another folder.
    pub fn at(self, site: PathBuf) -> Self {
        Self { site, ..self }
    }

    /// A file of the site as text.
    pub fn file(&self, route: &str) -> String {
        fs::read_to_string(self.site.join(route))
            .unwrap_or_else(|error| panic!("{route}: {error}\n{}", self.printed))
    }

    /// The content of `<article>` without the title, and without what the home page adds to the
    /// text.
    pub fn text(&self, route: &str) -> String {
        let page = self.file(route);
        let article = page.split_once("</h1>\n").unwrap().1.split_once("</article>").unwrap().0;
        without_cover(article).trim().to_owned()
    }

    /// The content of `<article>` without what the home page adds to the text.
    pub fn article(&self, route: &str) -> String {
        let page = self.file(route);
        without_cover(page.split_once("<article").unwrap().1.split_once("</article>").unwrap().0)
    }

    /// The page's own title.
    pub fn title(&self, route: &str) -> String {
        let page = self.file(route);
        let head = page.split_once("<h1").unwrap().1.split_once("</h1>").unwrap().0;
        head.split_once('>').unwrap().1.to_owned()
    }

    /// All pages in the order of their names, without what every site has.
    pub fn pages(&self) -> Vec<String> {
        self.files()
            .into_keys()
            .filter(|route| {
                route.ends_with(".html")
                    && !OWN.contains(&route.as_str())
                    && !route.starts_with("print/")
            })
            .collect()
    }

    /// All files of the site but the manifest, with their bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut todo = vec![self.site.clone()];
        while let Some(dir) = todo.pop() {
            for entry in fs::read_dir(dir).unwrap().flatten() {
                if entry.file_type().unwrap().is_dir() {
                    todo.push(entry.path());
                } else {
                    let route =
                        entry.path().strip_prefix(&self.site).unwrap().to_str().unwrap().to_owned();
                    files.insert(route, fs::read(entry.path()).unwrap());
                }
            }
        }
        files.retain(|route, _| route != ".notes-manifest");
        files
    }

    /// The navigation of a page as lines: two blanks a level, the label, and `*` for the page
    /// itself.
    pub fn sidebar(&self, route: &str) -> Vec<String> {
        let page = self.file(route);
        let html = page
            .split_once("id=\"page:navigation\"")
            .unwrap()
            .1
            .split_once("</nav>")
            .unwrap()
            .0
            .to_owned();
        // The first link closes the drawer; the last ones are those of the top bar.
        let entries =
            html.split_once("</a>").unwrap().1.split_once("<p class=\"links\">").unwrap().0;
        list(entries)
    }

    /// The whole navigation as lines.
    pub fn contents(&self) -> Vec<String> {
        let page = self.file("contents.html");
        list(page.split_once("class=\"tree\"").unwrap().1.split_once("</div>").unwrap().0)
    }

    /// The pages from the first to the last by `rel="next"`.
    pub fn chain(&self) -> Vec<String> {
        let mut route = "index.html".to_owned();
        let mut chain = vec![route.clone()];
        while let Some(next) =
            self.file(&route).split_once("rel=\"next\" href=\"").map(|(_, rest)| rest.to_owned())
        {
            let href = next.split_once('"').unwrap().0;
            let folder = Path::new(&route).parent().unwrap().to_owned();
            let mut parts: Vec<String> =
                folder.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            for part in notes::path::percent_decode(href).split('/') {
                match part {
                    ".." => drop(parts.pop()),
                    part => parts.push(part.to_owned()),
                }
            }
            route = parts.join("/");
            chain.push(route.clone());
        }
        chain
    }
}

/// A text without the blanks that all its lines begin with, if it begins on a line of its own.
pub fn outdented(text: &str) -> String {
    let Some(text) = text.strip_prefix('\n') else { return text.to_owned() };
    let lines = || text.trim_end().lines();
    let blanks = |line: &str| line.len() - line.trim_start().len();
    let indentation = lines().filter(|line| !line.trim().is_empty()).map(blanks).min().unwrap_or(0);
    lines().map(|line| format!("{}\n", line.get(indentation..).unwrap_or_default())).collect()
}

#[test]
fn indentation_of_fixtures_is_taken_away() {
    for (text, expected) in [
        ("-- a.md\n    code\n", "-- a.md\n    code\n"),
        ("\n    -- a.md\n        code\n\n    x\n  ", "-- a.md\n    code\n\nx\n"),
        ("\n-- a.md\n", "-- a.md\n"),
    ] {
        assert_eq!(outdented(text), expected);
    }
}

/// Pages that every site has.
const OWN: [&str; 3] = ["404.html", "contents.html", "search.html"];

fn list(html: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut depth = 0_usize;
    for tag in html.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap();
        match tag.split(' ').next().unwrap() {
            "ul" => depth += 1,
            "/ul" => depth -= 1,
            "a" | "span" => {
                let here = if tag.contains("aria-current") { "*" } else { "" };
                lines.push(format!("{}{text}{here}", "  ".repeat(depth.saturating_sub(1))));
            }
            _ => {}
        }
    }
    lines
}
