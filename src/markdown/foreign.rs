//! Lines as other generators have them → Markdown that says the same, in as many bytes: their links, pictures and code in
//! shortcodes become Markdown's, and what only arranges the text is blank. What is not known stays as it is.
//!
//! ```text
//! [a]({{< ref "b.md" >}})              → [a](<b.md>)          Hugo; relref too
//! {{< figure src="a.png" title="b" >}} → ![b](<a.png>)        Hugo
//! {{< highlight go "linenos=1" >}} …   → ```go …              Hugo; {% highlight go %} of Liquid too
//! {% embed url="…" %}                  → <…>                  GitBook
//! {% file src="a.pdf" %}               → [a.pdf](<a.pdf>)     GitBook
//! {% tabs %}, {% endtab %}, {% code %} → nothing              GitBook; {% raw %} of Liquid too
//! %%a%%, over several lines too        → nothing              Obsidian, where its links are read
//! [TOC], [[toc]], {:toc}               → nothing: the outline stands beside the text
//! ![a](b.png =300x), ![a](b.png){width=300} → ![a](b.png)     HackMD, Pandoc, MkDocs: pictures are as wide as there is room
//! ```
//!
//! Must not know: boxes and titles of tabs, which `callout` reads.

use std::borrow::Cow;

use super::prose::Prose;

/// Words of Liquid that arrange the text and say nothing themselves.
const ARRANGING: [&str; 19] = [
    "tabs",
    "endtabs",
    "endtab",
    "code",
    "endcode",
    "content-ref",
    "endcontent-ref",
    "stepper",
    "endstepper",
    "step",
    "endstep",
    "columns",
    "endcolumns",
    "column",
    "endcolumn",
    "endembed",
    "endfile",
    "raw",
    "endraw",
];

/// How programs ask for a list of the headings, in lower case.
const CONTENTS: [&str; 5] = ["[toc]", "[[toc]]", "[[_toc_]]", "{:toc}", "@[toc]"];

/// What Obsidian's remarks begin and end with.
const REMARK: &str = "%%";

/// A shortcode of a destination is no longer, in bytes.
const LONGEST_REFERENCE: usize = 512;

/// A text without remarks; lines are filled up behind what is left of them. What nothing ends is no remark, so that no
/// text is lost to two signs.
fn without_remarks(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let (mut prose, mut in_remark, mut at) = (Prose::default(), false, 0);
    // Where the last remark began, in the result and in the text.
    let mut begun = (0, 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\r', '\n']);
        if !in_remark && !prose.admits(content) {
            result.push_str(line);
            continue;
        }
        let (mut backticks, begin, mut place) = (0, result.len(), start);
        for (number, part) in content.split(REMARK).enumerate() {
            let is_mark = number > 0 && (in_remark || backticks % 2 == 0);
            if number > 0 && !is_mark {
                result.push_str(REMARK);
            }
            if is_mark && !in_remark {
                begun = (result.len(), place - REMARK.len());
            }
            place += part.len() + REMARK.len();
            in_remark ^= is_mark;
            if !in_remark {
                backticks += part.matches('`').count();
                // What stood before the remark is not to begin with a blank more.
                result.push_str(if result.len() == begin && is_mark {
                    part.trim_start()
                } else {
                    part
                });
            }
        }
        let room = content.len() - (result.len() - begin);
        let is_blank = result[begin..].trim().is_empty();
        // Blanks behind a text would break the line.
        match room.checked_sub("<!---->".len()).filter(|_| !is_blank) {
            Some(blanks) => result.extend(["<!--", &" ".repeat(blanks), "-->"]),
            None => result.extend(std::iter::repeat_n(' ', room)),
        }
        result.push_str(&line[content.len()..]);
    }
    if in_remark {
        result.truncate(begun.0);
        result.push_str(&text[begun.1..]);
    }
    result
}

/// Rewrites such lines; every line keeps its place and its length. `in_vault` says that the note is one of Obsidian's.
pub(super) fn rewrite(text: Cow<'_, str>, in_vault: bool) -> Cow<'_, str> {
    let has_remarks = in_vault && text.contains(REMARK);
    let text = if has_remarks { Cow::Owned(without_remarks(&text)) } else { text };
    let is_likely = ["{{<", "{{%", "{%", "[toc", "[TOC", "[[_", "{:toc}", " =", "){"]
        .iter()
        .any(|sign| text.contains(sign));
    if !is_likely {
        return text;
    }
    let mut rewriter = Rewriter {
        prose: Prose::default(),
        in_code: false,
        code_ends: text.lines().filter(|line| ends_code(line.trim())).count(),
        defines: defines_toc(&text),
    };
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        match rewriter.line(content).filter(|new| new.len() <= content.len()) {
            Some(new) => {
                result.push_str(&new);
                result.extend(std::iter::repeat_n(' ', content.len() - new.len()));
            }
            None => result.push_str(content),
        }
        result.push_str(&line[content.len()..]);
    }
    if result == *text { text } else { Cow::Owned(result) }
}

/// Whether `[toc]` is a link that the text defines.
fn defines_toc(text: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("[toc]:"))
    })
}

struct Rewriter {
    prose: Prose,
    in_code: bool,
    /// How many lines that end code are to come: code that nothing ends is none.
    code_ends: usize,
    defines: bool,
}

impl Rewriter {
    /// What stands in place of a line, if it is one of those.
    fn line(&mut self, line: &str) -> Option<String> {
        let content = line.trim();
        let indented =
            |new: &str| format!("{}{new}", &line[..line.len() - line.trim_start().len()]);
        let ends = ends_code(content);
        self.code_ends -= usize::from(ends);
        if self.in_code {
            self.in_code = !ends;
            return ends.then(|| indented("```"));
        }
        if !self.prose.admits(line) {
            return None;
        }
        if !self.defines && CONTENTS.iter().any(|word| content.eq_ignore_ascii_case(word)) {
            return Some(String::new());
        }
        if let Some(language) = begins_code(content).filter(|_| self.code_ends > 0) {
            self.in_code = true;
            return Some(indented(&format!("```{language}")));
        }
        if let Some(inner) = shortcode(content) {
            return figure(inner).map(|figure| indented(&figure));
        }
        if let Some(inner) = liquid(content) {
            return arranged(inner).map(|new| if new.is_empty() { new } else { indented(&new) });
        }
        let referred = references(line);
        sizes(referred.as_deref().unwrap_or(line)).or(referred)
    }
}

/// What stands in a shortcode of Hugo that is a line of its own.
fn shortcode(content: &str) -> Option<&str> {
    let inner = [("{{<", ">}}"), ("{{%", "%}}")]
        .into_iter()
        .find_map(|(open, close)| content.strip_prefix(open)?.strip_suffix(close))?;
    // Two on one line are no one.
    let is_one = !["{{<", "{{%", ">}}", "%}}"].iter().any(|sign| inner.contains(sign));
    is_one.then(|| inner.trim().trim_end_matches('/').trim_end())
}

/// What stands in a tag of Liquid that is a line of its own.
fn liquid(content: &str) -> Option<&str> {
    let inner = content.strip_prefix("{%")?.strip_suffix("%}")?;
    (!inner.contains("%}") && !inner.contains("{%")).then(|| inner.trim())
}

/// The language of the code that begins below a line.
fn begins_code(content: &str) -> Option<&str> {
    let arguments = shortcode(content).or_else(|| liquid(content))?.strip_prefix("highlight ")?;
    let language = arguments.split_whitespace().next()?.trim_matches('"');
    language.chars().all(|c| c.is_ascii_alphanumeric() || "+-#_".contains(c)).then_some(language)
}

fn ends_code(content: &str) -> bool {
    content.contains("highlight")
        && (shortcode(content)
            .is_some_and(|inner| inner.strip_prefix('/').map(str::trim) == Some("highlight"))
            || liquid(content) == Some("endhighlight"))
}

fn figure(inner: &str) -> Option<String> {
    let arguments = inner.strip_prefix("figure ")?;
    let source = argument(arguments, "src").filter(|source| is_path(source))?;
    let words = ["caption", "title", "alt"]
        .iter()
        .find_map(|key| argument(arguments, key))
        .unwrap_or_default();
    Some(format!("![{}](<{source}>)", words.replace(['[', ']'], "")))
}

/// What stands in place of a tag of Liquid.
fn arranged(inner: &str) -> Option<String> {
    let (word, arguments) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    match word {
        "embed" => {
            let url =
                argument(arguments, "url").filter(|url| url.contains("://") && is_path(url))?;
            let caption =
                argument(arguments, "caption").filter(|caption| !caption.contains(['[', ']']));
            Some(
                caption
                    .map_or_else(|| format!("<{url}>"), |caption| format!("[{caption}](<{url}>)")),
            )
        }
        "file" => {
            let source = argument(arguments, "src").filter(|source| is_path(source))?;
            let name = source.rsplit('/').next().unwrap_or(source);
            // The name may be too long to stand there twice.
            let short = format!("[{name}](<{source}>)");
            let room = inner.len() + "{%%}".len();
            Some(if short.len() <= room { short } else { format!("[↓](<{source}>)") })
        }
        // `{% code title="…" %}` has arguments; a sentence in such braces has not these words.
        word if ARRANGING.contains(&word) => Some(String::new()),
        _ => None,
    }
}

/// A line with the destinations that Hugo looks up as they are written: `({{< ref "a.md" >}})`.
fn references(line: &str) -> Option<String> {
    let mut result = String::new();
    let (mut copied, mut seen, mut backticks) = (0, 0, 0);
    for (before, _) in line.match_indices("]({{") {
        let open = before + "](".len();
        backticks += line[seen..open].matches('`').count();
        seen = open;
        if backticks % 2 == 1 {
            continue;
        }
        // Short, so that a line of brackets is not searched again and again.
        let window = &line.as_bytes()[open..line.len().min(open + LONGEST_REFERENCE)];
        let Some(length) = memchr::memmem::find(window, b"}})").filter(|_| open >= copied) else {
            continue;
        };
        let close = open + length + "}}".len();
        let path = shortcode(&line[open..close]).and_then(|inner| {
            let path = inner.strip_prefix("relref ").or_else(|| inner.strip_prefix("ref "))?;
            Some(path.trim().trim_matches(['"', '`', '\'']))
        });
        if let Some(path) = path.filter(|path| is_path(path)) {
            result.push_str(&line[copied..open]);
            result.extend(["<", path, ">"]);
            result.extend(std::iter::repeat_n(' ', close - open - path.len() - "<>".len()));
            copied = close;
        }
    }
    (copied > 0).then(|| result + &line[copied..])
}

/// A line without the sizes and attributes of its pictures and links: ` =300x200` before the bracket that ends one, and
/// `{…}` right behind it.
fn sizes(line: &str) -> Option<String> {
    let mut result: Option<String> = None;
    let (mut seen, mut backticks) = (0, 0);
    for (before, _) in line.match_indices("](") {
        let open = before + "](".len();
        backticks += line[seen..open].matches('`').count();
        seen = open;
        let window = &line.as_bytes()[open..line.len().min(open + LONGEST_REFERENCE)];
        let Some(close) = memchr::memchr(b')', window).map(|length| open + length) else {
            continue;
        };
        if backticks % 2 == 1 {
            continue;
        }
        let inner = &line[open..close];
        let kept = match inner.rfind(" =").filter(|at| is_size(&inner[at + " =".len()..])) {
            Some(at) => &inner[..at],
            None => inner,
        };
        let behind = attributes_length(&line[close + 1..]).unwrap_or(0);
        let end = close + 1 + behind;
        if kept.len() < inner.len() || behind > 0 {
            // What fills it up stands within the brackets: blanks at the end of a line would break it.
            let blanks = " ".repeat(end - open - kept.len() - 1);
            let new = format!("{kept}{blanks})");
            result.get_or_insert_with(|| line.to_owned()).replace_range(open..end, &new);
        }
    }
    result
}

/// `300`, `300x`, `x200`, `50%x*`.
fn is_size(text: &str) -> bool {
    let text = text.trim_end();
    text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, 'x' | '*' | '%' | 'p'))
}

/// How long the attributes are that a text begins with, `{ width="300" .class }`; `None` for other text in braces.
fn attributes_length(text: &str) -> Option<usize> {
    let window = &text.as_bytes()[..text.len().min(LONGEST_REFERENCE)];
    let end = memchr::memchr(b'}', window)?;
    let inner = text[..end].strip_prefix('{')?.trim_start_matches(':');
    let is_attribute = |word: &str| {
        let key = word.split('=').next().unwrap_or_default();
        let is_name = |name: &str| {
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        };
        match word.strip_prefix(['.', '#']) {
            Some(name) => is_name(name),
            None => word.contains('=') && is_name(key),
        }
    };
    let mut words = inner.split_whitespace().peekable();
    (words.peek().is_some() && words.all(is_attribute)).then_some(end + 1)
}

/// Whether a text can stand between the brackets of a destination.
fn is_path(text: &str) -> bool {
    !text.is_empty() && !text.contains(['<', '>', '\\'])
}

/// The value of `key="…"`.
pub(super) fn argument<'a>(arguments: &'a str, key: &str) -> Option<&'a str> {
    let at = arguments.match_indices(key).find_map(|(at, _)| {
        let begins = at == 0 || arguments.as_bytes()[at - 1].is_ascii_whitespace();
        let rest = arguments[at + key.len()..].strip_prefix('=')?;
        begins.then_some(rest)
    })?;
    match at.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split_once(at.chars().next()?).map(|(value, _)| value),
        None => at.split_whitespace().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{Options, to_html};

    #[test]
    fn lines_of_other_generators() {
        for (text, expected) in [
            (
                "[a]({{< ref \"b c.md\" >}}) [d]({{% relref \"e.md#f\" %}})",
                "<p><a href=\"b%20c.md\">a</a> <a href=\"e.md#f\">d</a></p>",
            ),
            (
                "{{< figure src=\"a.png\" title=\"甲\" >}}",
                "<figure><img src=\"a.png\" alt=\"甲\" /><figcaption>甲</figcaption></figure>",
            ),
            ("{{< figure src=a.png />}}", "<figure><img src=\"a.png\" alt=\"\" /></figure>"),
            (
                "{{< highlight go \"linenos=table\" >}}\nx\n{{ y }}\n{{< /highlight >}}\nz",
                "<figure class=\"code\" data-language=\"go\"><pre><code>x\n{{ y }}\n</code></pre></figure>\n<p>z</p>",
            ),
            (
                "{% embed url=\"https://example.org/a\" %}",
                "<p><a href=\"https://example.org/a\">https://example.org/a</a></p>",
            ),
            ("{% file src=\"../a/b.pdf\" %}", "<p><a href=\"../a/b.pdf\">b.pdf</a></p>"),
            (
                "{% tabs %}\n{% tab title=\"甲\" %}\na\n{% endtab %}\n{% endtabs %}\nb",
                "<p><strong>甲</strong></p>\n<p>a</p>\n<p>b</p>",
            ),
            (
                "{% code title=\"a.js\" %}\n```\nx\n```\n{% endcode %}",
                "<pre><code>x\n</code></pre>",
            ),
            ("[TOC]\n\n[[toc]]\n\na", "<p>a</p>"),
            ("[TOC]\n\n[toc]: a.md", "<p><a href=\"a.md\">TOC</a></p>"),
            (
                "{% highlight ruby %}\nx\n{% endhighlight %}",
                "<figure class=\"code\" data-language=\"ruby\"><pre><code>x\n</code></pre></figure>",
            ),
            (
                "{% embed url=\"https://e.org/\" caption=\"甲\" %}",
                "<p><a href=\"https://e.org/\">甲</a></p>",
            ),
            // No line breaks come of what fills them up.
            (
                "![a](b.png){width=300}\nc\n[d]({{< ref \"e.md\" >}})\nf",
                "<p><img src=\"b.png\" alt=\"a\" />\nc\n<a href=\"e.md\">d</a>\nf</p>",
            ),
            // No word beside them is lost.
            ("{% raw %}{{ x }} 要紧{% endraw %}", "<p>{% raw %}{{ x }} 要紧{% endraw %}</p>"),
            ("{% tabs %} 话 {% endtabs %}", "<p>{% tabs %} 话 {% endtabs %}</p>"),
            (
                "{{< figure src=\"a.png\" >}} 与 {{< figure src=\"b.png\" >}}",
                "<p>{{&lt; figure src=&quot;a.png&quot; &gt;}} 与 {{&lt; figure src=&quot;b.png&quot; &gt;}}</p>",
            ),
            (
                "{{< highlight go >}}x{{< /highlight >}}\n\ny",
                "<p>{{&lt; highlight go &gt;}}x{{&lt; /highlight &gt;}}</p>\n<p>y</p>",
            ),
            ("{{< highlight go >}}\nx", "<p>{{&lt; highlight go &gt;}}\nx</p>"),
            (
                "`[a]({{< ref \"b.md\" >}})`",
                "<p><code>[a]({{&lt; ref &quot;b.md&quot; &gt;}})</code></p>",
            ),
            (
                "![a](b.png =300x) ![c](<d e.png> \"t\" =x200)",
                "<p><img src=\"b.png\" alt=\"a\" /> <img src=\"d%20e.png\" alt=\"c\" title=\"t\" /></p>",
            ),
            (
                "![a](b.png){ width=\"300\" .x }",
                "<figure><img src=\"b.png\" alt=\"a\" /><figcaption>a</figcaption></figure>",
            ),
            ("[a](b.md){: .md-button} c", "<p><a href=\"b.md\">a</a> c</p>"),
            (
                "[a](b.md?x =y) [a](b.md){id} `![a](b =300x)`",
                "<p>[a](b.md?x =y) <a href=\"b.md\">a</a>{id} <code>![a](b =300x)</code></p>",
            ),
            // Text that only looks like it, and code.
            ("{{ .Name }} {% x %} {{< y >}}", "<p>{{ .Name }} {% x %} {{&lt; y &gt;}}</p>"),
            ("a {% tabs %} b", "<p>a {% tabs %} b</p>"),
            (
                "```\n[TOC]\n{% tabs %}\n[a]({{< ref \"b\" >}})\n```",
                "<pre><code>[TOC]\n{% tabs %}\n[a]({{&lt; ref &quot;b&quot; &gt;}})\n</code></pre>",
            ),
        ] {
            let html = to_html(text, Options::default());
            assert_eq!(html.trim(), expected, "{text}");
        }
    }

    #[test]
    fn remarks_in_a_vault_are_for_the_writer() {
        let options = Options { wiki_links: true, ..Options::default() };
        for (text, expected) in [
            ("%%私下的话%% 甲\n%%x%%\n乙", "<p>甲</p>\n<p>乙</p>"),
            ("甲 100%% 乙\n\n丙", "<p>甲 100%% 乙</p>\n<p>丙</p>"),
            ("甲 %%私下%% 乙 `%%码%%`", "<p>甲  乙 <code>%%码%%</code></p>"),
            ("甲\n\n%%\n- 私下\n\n```\n码\n```\n%%\n\n乙", "<p>甲</p>\n<p>乙</p>"),
            ("```\n%%\n```\n\n100%% 乙%%", "<pre><code>%%\n</code></pre>\n<p>100</p>"),
        ] {
            assert_eq!(to_html(text, options).trim(), expected, "{text}");
            assert!(to_html(text, Options::default()).contains("%%"));
            assert_eq!(rewrite(Cow::Borrowed(text), true).len(), text.len());
        }
    }

    #[test]
    fn everything_keeps_its_place() {
        for text in [
            "一 [二]({{< ref \"三.md\" >}}) 四\r\n{% tabs %}\r\n  {% file src=\"很长/很长的名字.pdf\" %}\n",
            "{{< figure src=\"图.png\" >}}\n[TOC]",
            "{{< highlight 中文 >}}\n{{< ref",
            "]({{< ref \"a\" >}}) ]({{< x }})",
        ] {
            let rewritten = rewrite(Cow::Borrowed(text), false);
            assert_eq!(rewritten.len(), text.len(), "{rewritten}");
            let ends = |text: &str| memchr::memchr_iter(b'\n', text.as_bytes()).collect::<Vec<_>>();
            assert_eq!(ends(&rewritten), ends(text));
        }
    }
}
