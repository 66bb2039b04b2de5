//! The names that writers give languages → the grammars that there are.
//!
//! Must not know: code.

use std::sync::LazyLock;

use syntect::parsing::{SyntaxReference, SyntaxSet};

use crate::diagnostic;

/// All grammars: syntect's own and two-face's.
pub(super) static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Names that no grammar goes by, with one that it does.
const ALIASES: [(&str, &str); 60] = [
    ("s", "sh"),
    ("shell", "sh"),
    ("console", "sh"),
    ("terminal", "sh"),
    ("sh-session", "sh"),
    ("shellsession", "sh"),
    ("bash-session", "sh"),
    ("shell-session", "sh"),
    ("ksh", "sh"),
    ("cmd", "bat"),
    ("dos", "bat"),
    ("powershell", "ps1"),
    ("pwsh", "ps1"),
    ("yml", "yaml"),
    ("py", "python"),
    ("py3", "python"),
    ("python3", "python"),
    ("pycon", "python"),
    ("dockerfile", "dockerfile"),
    ("docker", "dockerfile"),
    ("cnf", "ini"),
    ("conf", "ini"),
    ("cfg", "ini"),
    ("config", "ini"),
    ("dosini", "ini"),
    ("jsonc", "json"),
    ("json5", "json"),
    ("jsonl", "json"),
    ("csharp", "cs"),
    ("c#", "cs"),
    ("dotnet", "cs"),
    ("objc", "objective-c"),
    ("objectivec", "objective-c"),
    ("golang", "go"),
    ("node", "js"),
    ("nodejs", "js"),
    ("mjs", "js"),
    ("mysql", "sql"),
    ("plsql", "sql"),
    ("pgsql", "sql"),
    ("postgresql", "sql"),
    ("postgres", "sql"),
    ("hql", "sql"),
    ("hive", "sql"),
    ("sqlite", "sql"),
    ("flink", "sql"),
    ("proto3", "proto"),
    ("hcl", "tf"),
    ("terraform", "tf"),
    ("wxml", "html"),
    ("kt", "kotlin"),
    ("asm", "nasm"),
    ("docker-compose", "yaml"),
    ("compose", "yaml"),
    ("systemd", "ini"),
    ("service", "ini"),
    ("scheme", "lisp"),
    ("elisp", "lisp"),
    ("fsharp", "fs"),
    ("f#", "fs"),
];

/// The names that languages go by, as far as they are single words.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of_grammar = |syntax: &SyntaxReference| {
        let own = syntax.name.to_lowercase();
        syntax.file_extensions.iter().cloned().chain([own]).collect::<Vec<_>>()
    };
    let aliases = ALIASES.iter().map(|(alias, _)| (*alias).to_owned());
    let names = GRAMMARS.syntaxes().iter().flat_map(of_grammar).chain(aliases);
    let is_word = |name: &String| {
        !name.contains(|c: char| c.is_whitespace() || c.is_ascii_uppercase() || c == '.')
    };
    names.filter(is_word).collect()
});

/// The name of a language that is most like a word, if one is like it.
pub(super) fn nearest(word: &str) -> Option<&'static str> {
    diagnostic::nearest(word, NAMES.iter().map(String::as_str))
}

/// The grammar for a name in lower case; `None` for what is or becomes plain text.
pub(super) fn syntax_of(name: &str) -> Option<&'static SyntaxReference> {
    if name.is_empty() {
        return None;
    }
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, token)| token);
    let syntax = GRAMMARS.find_syntax_by_token(alias)?;
    (syntax.name != GRAMMARS.find_syntax_plain_text().name).then_some(syntax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_names_a_grammar() {
        for (alias, token) in ALIASES {
            assert!(GRAMMARS.find_syntax_by_token(token).is_some(), "{alias} → {token}");
        }
    }

    #[test]
    fn names_that_writers_use() {
        for (name, grammar) in [
            ("s", Some("Bourne Again Shell (bash)")),
            ("yml", Some("YAML")),
            ("cnf", Some("INI")),
            ("dockerfile", Some("Dockerfile")),
            ("c++", Some("C++")),
            ("typescript", Some("TypeScript")),
            ("plaintext", None),
            ("text", None),
            ("txt", None),
            ("mermaid", None),
            ("没有", None),
            ("", None),
        ] {
            assert_eq!(syntax_of(name).map(|syntax| syntax.name.as_str()), grammar, "{name}");
        }
    }
}
