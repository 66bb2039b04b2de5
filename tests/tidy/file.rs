//! The text files that git keeps → their lines, modules and imports, and a way to hold rules
//! against them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A text file of the project.
pub struct File {
    /// From the project's folder.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    pub fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|end| end == "rs")
    }

    /// The modules from the crate's root down to the file's own; `None` outside `src/`.
    pub fn modules(&self) -> Option<Vec<&str>> {
        let path = self.path.strip_prefix("src/")?.strip_suffix(".rs")?;
        Some(path.split('/').filter(|name| *name != "mod").collect())
    }

    /// The top module that a file of `src/` belongs to.
    pub fn module(&self) -> &str {
        self.modules().and_then(|modules| modules.first().copied()).unwrap_or_default()
    }

    /// Lines that are no comments, each with its number and the name of the module it stands in, if
    /// the file holds one inside. Formatted code begins and ends such a module at the left edge.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str, Option<&str>)> {
        let mut inner = None;
        let lines = self.text.lines().zip(1..).map(move |(line, number)| {
            match line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(" {")) {
                Some(name) => inner = Some(name),
                None if line == "}" => inner = None,
                None => {}
            }
            (number, line, inner)
        });
        lines.filter(|(_, line, _)| !line.trim_start().starts_with("//"))
    }

    /// Lines of the program itself, without its tests.
    pub fn program(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test = self.modules().is_none_or(|modules| modules.contains(&"tests"));
        let lines = self.code().filter(move |(_, _, inner)| !is_test && *inner != Some("tests"));
        lines.map(|(number, line, _)| (number, line))
    }

    /// The top modules that the file imports, each with the number of its line.
    pub fn imports(&self) -> Vec<(usize, String)> {
        self.imports_from("crate::", self.depth())
    }

    /// Its number of modules from the crate's root.
    fn depth(&self) -> usize {
        self.modules().map_or(0, |modules| modules.len())
    }

    /// The modules inside a top module that a file of that module imports.
    pub fn inner_imports(&self) -> Vec<(usize, String)> {
        let root = format!("crate::{}::", self.module());
        self.imports_from(&root, self.depth().saturating_sub(1))
    }

    /// The names after a path and after as many `super` as lead there.
    fn imports_from(&self, root: &str, depth: usize) -> Vec<(usize, String)> {
        let mut imports = Vec::new();
        for (number, line, inner) in self.code() {
            let mut add = |rest: &str| {
                let rest = if rest == "{" { self.group_at(number) } else { rest.to_owned() };
                imports
                    .extend(first_names(&rest).into_iter().map(|name| (number, name.to_owned())));
            };
            line.split(root).skip(1).for_each(&mut add);
            let up = "super::".repeat(depth + usize::from(inner.is_some()));
            if depth > 0 {
                line.split(up.as_str()).skip(1).filter(|rest| !rest.starts_with('*')).for_each(add);
            }
        }
        imports
    }

    /// The lines of a group in braces that a line opens.
    fn group_at(&self, number: usize) -> String {
        let lines =
            self.text.lines().skip(number).take_while(|line| !line.trim_start().starts_with("};"));
        format!("{{{}}}", lines.collect::<Vec<_>>().join(""))
    }
}

/// The first names of a path or of each path of a group in braces.
fn first_names(paths: &str) -> Vec<&str> {
    let name = |path: &str| -> usize {
        path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len())
    };
    let Some(group) = paths.strip_prefix('{') else { return vec![&paths[..name(paths)]] };
    let mut depth = 1_usize;
    let ends = |c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 || depth == 1 && c == ','
    };
    let paths = group.split(ends).map(str::trim).take_while(|path| !path.starts_with(';'));
    paths.map(|path| &path[..name(path)]).filter(|name| !name.is_empty()).collect()
}

/// True if a line has a word, and not as the end of a longer one. A method follows any word.
pub fn has_word(line: &str, word: &str) -> bool {
    let is_longer = |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| word.starts_with('.') || !is_longer(&line[..at]))
}

/// Findings in a file: the number of a line, and a message.
pub type Wrongs = Vec<(usize, String)>;

/// The text files that git keeps.
pub fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut git = Command::new("git");
    let listed = git.arg("-C").arg(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let listed = listed.output().expect("git runs");
    assert!(listed.status.success(), "git: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).expect("names in UTF-8");
    let read = |path: &str| Some(File::new(path, &fs::read_to_string(root.join(path)).ok()?));
    let files: Vec<_> = listed.split_terminator('\0').filter_map(read).collect();
    assert!(files.iter().filter(|file| file.is_rust()).count() > 20, "too few files to be true");
    files
}

/// Fails with all that a rule finds in the files that it is about.
pub fn assert_tidy(is_meant: impl Fn(&File) -> bool, rule: impl Fn(&File) -> Wrongs) {
    let mut report = Vec::new();
    for file in files().iter().filter(|file| is_meant(file)) {
        report.extend(
            rule(file).into_iter().map(|(line, what)| format!("{}:{line}: {what}", file.path)),
        );
    }
    assert!(report.is_empty(), "{} out of order:\n{}", report.len(), report.join("\n"));
}

/// Checks that a rule finds in a text what stands at these lines.
pub fn assert_found(rule: impl Fn(&File) -> Wrongs, path: &str, text: &str, expected: &[usize]) {
    let found = rule(&File::new(path, text));
    let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, expected, "{path}: {text}\n{found:?}");
}
