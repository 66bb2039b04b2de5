//! Formulas, in which Markdown does not count: `$a_1 * b_2$` has no emphasis, `\\` is no escape,
//! and a line of `$$ … $$` begins no list.
//!
//! A formula between single signs is one line, with no blank inside its signs, and holds no Han or
//! full-width character, quote or backtick: `$1，$2` and `$\_POST` are none. Between double signs it
//! has no empty line; it may hold Han where the first signs are alone on their line. `\(…\)` and
//! `\[…\]` are formulas where they hold a command, an index or a power, for `\[1\]` is also how
//! brackets are escaped; mdBook doubles their backslashes. Both signs of a formula are in the text
//! of a link, in its destination, or outside: no formula takes a link apart.
//!
//! Must not know: the meaning of a formula.

pub(super) mod cut;
mod definition;
mod link_part;
pub mod macros;
pub(super) mod nesting;
pub mod source;
mod token;

use std::ops::Range;

use self::link_part::LinkParts;
use super::cjk::{is_cjk_letter, is_cjk_punctuation};
use super::scan::Scan;

/// A formula is no longer, in bytes, so that a text of many signs is not searched again and again.
const LONGEST: usize = 4096;

/// The formulas of a text with their signs; `scan` knows code, comments and tags.
pub(super) fn find(text: &str, scan: &Scan) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut link_parts: Option<LinkParts> = None;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..)
        && let Some(length) = memchr::memchr2(b'$', b'\\', rest)
    {
        let open = at + length;
        // A sign behind a backslash begins nothing.
        at = open + if bytes[open] == b'\\' { 2 } else { 1 };
        if scan.kind(open).is_some() {
            continue;
        }
        let Some(end) = end_of_formula(text, open) else { continue };
        let parts = link_parts.get_or_insert_with(|| LinkParts::new(text, scan));
        if parts.at(open) == parts.at(end - 1) {
            at = end;
            found.push(open..end);
        } else if bytes[open..].starts_with(b"$$") {
            at = open + 2;
        }
    }
    found
}

/// The end of the formula whose signs begin at a place.
fn end_of_formula(text: &str, open: usize) -> Option<usize> {
    let rest = &text[open..];
    if rest.starts_with('\\') {
        return bracketed(text, open);
    }
    if !may_begin(text, open) {
        return None;
    }
    let width = if rest.starts_with("$$") { 2 } else { 1 };
    let begin = open + width;
    let body = if width == 2 { display(text, begin) } else { inline(text, begin) }?;
    Some(body.end + width)
}

/// The end of `\(…\)`, `\[…\]` or mdBook's with two backslashes.
fn bracketed(text: &str, open: usize) -> Option<usize> {
    let rest = &text[open..];
    let backslashes = if rest.starts_with(r"\\") { 2 } else { 1 };
    let is_inline = match rest.as_bytes().get(backslashes)? {
        b'(' => true,
        b'[' => false,
        _ => return None,
    };
    let end = format!("{}{}", &rest[..backslashes], if is_inline { ')' } else { ']' });
    let begin = open + backslashes + 1;
    let window = &text.as_bytes()[begin..text.len().min(begin + LONGEST)];
    let length = memchr::memmem::find(window, end.as_bytes())?;
    let body = &text[begin..begin + length];
    let is_formula = !body.contains(is_of_prose) && is_mathematical(body);
    let fits = if is_inline {
        !body.contains('\n')
    } else {
        let before = text[..open].trim_end_matches(['>', ' ', '\t']);
        let is_alone = before.is_empty() || before.ends_with('\n');
        is_alone && !body.trim().lines().any(|line| line.trim().is_empty())
    };
    (is_formula && fits).then_some(begin + length + end.len())
}

/// True if the character before a sign lets a formula begin with the sign.
fn may_begin(text: &str, open: usize) -> bool {
    let before = text[..open].chars().next_back();
    before.is_none_or(|c| is_cjk_letter(c) || !(c.is_alphanumeric() || matches!(c, '\\' | '$')))
}

/// The formula whose text begins at a place, up to a single sign in its line.
fn inline(text: &str, begin: usize) -> Option<Range<usize>> {
    let window = &text.as_bytes()[begin..text.len().min(begin + LONGEST)];
    let length = memchr::memchr2(b'$', b'\n', window).filter(|&length| window[length] == b'$')?;
    let (body, rest) = (&text[begin..begin + length], &text[begin + length + 1..]);
    let is_tight = !body.is_empty()
        && !body.starts_with(char::is_whitespace)
        && !body.ends_with([' ', '\t', '\\']);
    let goes_on =
        rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '{' | '(' | '_' | '$'));
    let is_formula = is_tight && !goes_on && !body.contains(is_of_prose) && !is_prose(body);
    is_formula.then(|| begin..begin + length)
}

/// True for a text in brackets with a command of `LaTeX`, or with an index or a power of something
/// that is no word: `\[my\_file\]`, `\[^1\]` and `\(snake_case\)` are none.
fn is_mathematical(body: &str) -> bool {
    let mut bare = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            bare.push(c);
        } else if chars.next().is_some_and(|next| next.is_ascii_alphabetic()) {
            return true;
        }
    }
    let words = bare.split(|c: char| !c.is_ascii_alphabetic());
    bare.contains(['^', '_']) && !bare.starts_with('^') && words.map(str::len).all(|long| long < 3)
}

/// True for words between two sums of money or two variables: `$100) or (100$`. Formulas with a
/// command, an index or a power are none.
fn is_prose(body: &str) -> bool {
    if body.contains(['\\', '^', '_']) {
        return false;
    }
    let closes_first = match (body.find([')', ']', '}']), body.find(['(', '[', '{'])) {
        (Some(close), Some(open)) => close < open,
        (close, _) => close.is_some(),
    };
    let is_word =
        |word: &str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let has_words = body.contains(' ') && body.split(' ').any(is_word);
    closes_first || has_words || body.contains("://")
}

/// The formula whose text begins at a place, up to double signs.
fn display(text: &str, begin: usize) -> Option<Range<usize>> {
    let window = &text.as_bytes()[begin..text.len().min(begin + LONGEST)];
    let length = memchr::memmem::find(window, b"$$")?;
    let body = &text[begin..begin + length];
    let is_block = body.starts_with(['\n', '\r']);
    let has_empty_line = body.trim().lines().any(|line| line.trim().is_empty());
    let is_formula = !body.trim().is_empty() && !has_empty_line && !body.contains('`');
    // `$$PWD and $$HOME` of a Makefile.
    let behind = &text[begin + length + 2..];
    let goes_on = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '{' | '('));
    let fits = is_block || !(goes_on || body.contains(is_of_prose));
    (is_formula && fits).then(|| begin..begin + length)
}

/// True for characters of prose, which no formula holds.
fn is_of_prose(c: char) -> bool {
    is_cjk_letter(c) || is_cjk_punctuation(c) || matches!(c, '"' | '`' | '“' | '”' | '‘' | '’')
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    fn html(text: &str, formulas: bool) -> String {
        let html = to_html(text, Options { formulas, ..Options::default() });
        html.trim().to_owned()
    }

    #[test]
    fn formulas_are_shown_letter_for_letter_where_they_are_off() {
        for (text, expected) in [
            ("设 $a_1 * b_2 * c$，则 $\\{x\\}$", "<p>设 $a_1 * b_2 * c$，则 $\\{x\\}$</p>"),
            ("$x*y*z$ 与 $O(n \\log n)$", "<p>$x*y*z$ 与 $O(n \\log n)$</p>"),
            ("$a<b$ & **粗**", "<p>$a&lt;b$ &amp; <strong>粗</strong></p>"),
            (
                "$$\nx\n=\ny \\\\\n- c\n# d\n$$\n\n文",
                "<p>$$\nx\n=\ny \\\\\n- c\n# d\n$$</p>\n<p>文</p>",
            ),
            ("$$\n\\text{写*者*} < 1\n$$", "<p>$$\n\\text{写*者*} &lt; 1\n$$</p>"),
            ("行内 $$a_1*b_2*$$ 后", "<p>行内 $$a_1*b_2*$$ 后</p>"),
            ("a\\$*b*\\$", "<p>a$<em>b</em>$</p>"),
            // None takes a link apart.
            ("[($)](x.md)-[($)](y.md)", "<p><a href=\"x.md\">($)</a>-<a href=\"y.md\">($)</a></p>"),
            ("[a](b$(c).md)$ d", "<p><a href=\"b$(c).md\">a</a>$ d</p>"),
            ("$(5) [a$](b.md)", "<p>$(5) <a href=\"b.md\">a$</a></p>"),
            (
                "![($)](x \"t\")+[($)](<y z>)",
                "<p><img src=\"x\" alt=\"($)\" title=\"t\" />+<a href=\"y%20z\">($)</a></p>",
            ),
            (
                "[![($)](x)-y](z)-($)",
                "<p><a href=\"z\"><img src=\"x\" alt=\"($)\" />-y</a>-($)</p>",
            ),
            ("[$f*(x)*$](y)", "<p><a href=\"y\">$f*(x)*$</a></p>"),
            ("$[0,1)$ [a*](b) $(0,1]$*", "<p>$[0,1)$ <a href=\"b\">a*</a> $(0,1]$*</p>"),
            ("$A[i](t)*B*$ 与", "<p>$A[i](t)*B*$ 与</p>"),
            ("```\n$a$\n```", "<pre><code>$a$\n</code></pre>"),
        ] {
            assert_eq!(html(text, false), expected, "{text}");
        }
    }

    #[test]
    fn dollars_that_are_no_formulas() {
        for text in [
            "$1，$2",
            "$_POST 与 $_GET",
            "costs $5 and 6 $7",
            "$HOME/x:$PATH",
            "$slice ，$unwind",
            "$gt、$lt",
            "$USER，$HOST",
            "$relname :=.Release.Name。现在在 with 块内部，$",
            "$50（约…$",
            "from $5 to $10",
            "US$5, A$6 and HK$7",
            "($100) or (100$)",
            "$http://a.b/$c",
            "echo $? $$ $!",
            "$x and y$",
            "\\$x$ y\\$",
            "$ a$",
            "{{ $a }} {{ $b }}",
            "$(pwd)/$(date)",
            "100$-200$",
            "$('#a').on('x', $('#b'))",
            "CC=$(CC) LD=$(LD)",
            "awk '{print $1, $2}'",
            "sed 's/a$/b$/'",
            "^a$|^b$",
            "${HOME}/x:${PATH}",
            "$foo->bar($baz)",
            "@click=\"$emit('x')\" $t('y')",
            "{{ .Values.a | default $x }} $y",
            "$$PWD and $$HOME",
            "pay $3,000 or $4,000",
            "A$ and B$ and C$",
            "$env:PATH; $env:HOME",
            "$NF 与 $NR",
            "cost: $5/月，$6/年",
            "$? 和 $! 与 $#",
            "`$a` $b `c$`",
            "EUR 5 = $6 = £4 = $7",
            "$scope.$apply()",
            "\\$x^2\\$",
        ] {
            let html = html(text, true);
            assert!(!html.contains("<math"), "{text}: {html}");
        }
        for text in [
            "\\[1\\]",
            "\\(见下\\)",
            "见 \\[x = 1\\] 处",
            "`$a$`",
            "[a](b$x$c)",
            "`\\(a^2\\)`",
            "a\\",
            "$",
            "\\[^1\\]: see",
            "\\[my\\_file\\]",
            "\\[TODO: rename my_function\\]",
            "foo \\(v1.0 \\& up\\)",
            "\\(see \\*.md files\\)",
            "\\(key=value\\)",
            "USD$`5`$x",
            "$`$y$`$",
        ] {
            let html = html(text, true);
            assert!(!html.contains("<math"), "{text}: {html}");
        }
    }

    /// The beginning of a table.
    const TABLE: &str = "<div class=\"table\">\n<table>\n<thead>\n<tr>\n";

    #[test]
    fn formulas_in_every_syntax() {
        let x2 = "<msup><mi>x</mi><mn>2</mn></msup></math>";
        let inline = format!("<math alttext=\"x^2\">{x2}");
        let block = format!("<math alttext=\"x^2\" display=\"block\">{x2}");
        let alone = format!("<div class=\"formula\">{block}</div>");
        for (text, expected) in [
            ("设$x^2$。", format!("<p>设{inline}。</p>")),
            ("a \\(x^2\\) b", format!("<p>a {inline} b</p>")),
            ("a \\\\(x^2\\\\) b", format!("<p>a {inline} b</p>")),
            ("a $`x^2`$ b", format!("<p>a {inline} b</p>")),
            ("$$x^2$$", alone.clone()),
            ("$$\nx^2\n$$", alone.clone()),
            ("\\[\nx^2\n\\]", alone.clone()),
            ("\\\\[ x^2 \\\\]", alone.clone()),
            ("```math\nx^2\n```", alone.clone()),
            (
                "> 引：\n> $$\n> x^2\n> $$\n> 后",
                format!("<blockquote>\n<p>引：</p>\n{alone}\n<p>后</p>\n</blockquote>"),
            ),
            ("[a\n$$x^2$$\nb](y) c", format!("<p><a href=\"y\">a\n{block}\nb</a> c</p>")),
            ("**a\n$$x^2$$\nb** c", format!("<p><strong>a\n{block}\nb</strong> c</p>")),
            ("a <b>x\n$$x^2$$\nz</b> y", format!("<p>a <b>x\n{block}\nz</b> y</p>")),
            ("- a\n  $$x^2$$\n  b", format!("<ul>\n<li>a\n{alone}\nb</li>\n</ul>")),
            (
                "| $$x^2$$ |\n| - |",
                format!("{TABLE}<th>{block}</th>\n</tr>\n</thead>\n</table>\n</div>"),
            ),
            ("> $$\n> x^2\n> $$", format!("<blockquote>\n{alone}\n</blockquote>")),
            ("a $$x^2$$ b", format!("<p>a {block} b</p>")),
            ("**粗$x^2$**", format!("<p><strong>粗{inline}</strong></p>")),
            ("[$x^2$](y)", format!("<p><a href=\"y\">{inline}</a></p>")),
            ("- $$x^2$$\n\n  b", format!("<ul>\n<li>\n{alone}\n<p>b</p>\n</li>\n</ul>")),
        ] {
            assert_eq!(html(text, true), expected, "{text}");
        }
        let heading = html("## 值 $O(n \\log n)$", true);
        assert!(heading.starts_with("<h2 id=\"值-on-log-n\">值 <math alttext"), "{heading}");
        // A block of LaTeX that is no formula is shown.
        for text in ["```latex\n\\documentclass{a}\n```", "```tex\nx^2\n```"] {
            assert!(!html(text, true).contains("<math"), "{text}");
        }
        assert!(html("```latex\n\\begin{aligned}\nx\n\\end{aligned}\n```", true).contains("<math"));
    }

    #[test]
    fn a_formula_that_cannot_be_drawn_stays_and_is_reported() {
        use crate::markdown::{Context, parse};
        let options = Options { formulas: true, ..Options::default() };
        for (source, reason) in [
            ("$\\frac{1}$", "reached end of input"),
            ("$\\foo<b$", "unknown command"),
            ("$$\n\\begin{nope} < *a*\n$$", "nope"),
            ("$\\href{javascript:a}{x}$", "`\\href` is not allowed"),
            ("$$\n\\alhpa\n$$", "unknown command `\\alhpa`"),
            ("$\\def\\a{\\a\\a}\\a$", "too many steps"),
        ] {
            let context = Context { options, ..Context::default() };
            let parsed = parse(format!("文\n\n{source}\n").as_str(), &context);
            let [problem] = &parsed.problems[..] else { panic!("{:?}", parsed.problems) };
            assert!(problem.message.to_string().contains(reason), "{}", problem.message);
            let html = to_html(source, options);
            let shown = source.replace('<', "&lt;");
            assert_eq!(html.trim(), format!("<p>{shown}</p>"), "{html}");
        }
    }

    #[test]
    fn the_place_of_a_mistake() {
        use crate::markdown::{Context, parse};
        let options = Options { formulas: true, ..Options::default() };
        for (text, place) in [
            ("文 $x + \\foo$", (1, 8, 4)),
            ("$\\newcommand{\\a}{\\foo}$\n\n设 $x + \\a$", (3, 8, 2)),
            ("$$\nx\n+ \\foo y\n$$", (3, 3, 6)),
            ("> 引：\n> $$\n> x\n> x \\foo\n> $$", (4, 5, 4)),
            ("- a\n  ```math\n  h\n    \\foo\n  ```", (4, 5, 4)),
            ("\\[ a \\foo \\]", (1, 6, 4)),
            ("$$\nx \\label{a} \\foo\n$$", (2, 13, 4)),
        ] {
            let parsed = parse(text, &Context { options, ..Context::default() });
            let [problem] = &parsed.problems[..] else { panic!("{text} {:?}", parsed.problems) };
            let span = problem.location.span;
            assert_eq!((span.line, span.column, span.width), place, "{text}");
        }
    }

    #[test]
    fn a_fraction_in_a_row_of_a_table_is_in_its_cell() {
        let options = Options { formulas: true, ..Options::default() };
        let html = to_html("$$\n\\begin{matrix}0&1\\over2\\\\4&5\\end{matrix}\n$$", options);
        let cell = "<mfrac><mn>1</mn><mn>2</mn></mfrac>";
        assert!(html.contains(cell) && html.matches("<mtd").count() == 4, "{html}");
    }

    #[test]
    fn macros_of_a_note() {
        let options = Options { formulas: true, ..Options::default() };
        let html = to_html("$$\n\\newcommand{\\R}{x^2}\n$$\n\n文 $\\R$", options);
        let drawn = "<msup><mi>x</mi><mn>2</mn></msup></math>";
        assert_eq!(html, format!("<p>文 <math alttext=\"\\R\">{drawn}</p>\n"));
    }

    #[test]
    fn numbers_and_references() {
        let options = Options { formulas: true, ..Options::default() };
        let tagged = to_html("$$\nx \\tag{3*}\n$$", options);
        assert!(
            tagged.contains("</math><span class=\"formula-tag\">(3*)</span></div>"),
            "{tagged}"
        );
        let text = r"# 式

见 $\eqref{eq:a}$、$\ref{eq:b}$、$\eqref{c}$。

$$
\begin{equation}
x \label{eq:a}
\end{equation}
$$

$$ y \label{eq:b} $$

$$ \substack{a\\b} \label{c} $$

$$ z \label{d} $$ $\eqref{d}$";
        let html = to_html(text, options);
        for part in [
            "<a href=\"#formula:eq:a\">(1)</a>",
            "<a href=\"#formula:eq:b\">2</a>",
            "<a href=\"#formula:c\">(3)</a>",
            "id=\"formula:eq:a\"",
            "id=\"formula:eq:b\"",
            "<span class=\"formula-tag\">(3)</span>",
            "<a href=\"#formula:d\">(4)</a>",
        ] {
            assert!(html.contains(part), "{part}\n{html}");
        }
    }

    #[test]
    fn labels_that_are_wrong() {
        use crate::markdown::{Context, parse};
        let options = Options { formulas: true, ..Options::default() };
        for (text, message, column) in [
            ("$x + \\eqref{no}$", "no formula has the label `no`", 6),
            ("$$x \\label{a}$$ $$y \\label{a}$$", "the label `a` is used twice", 21),
        ] {
            let parsed = parse(text, &Context { options, ..Context::default() });
            let [problem] = &parsed.problems[..] else { panic!("{text} {:?}", parsed.problems) };
            assert!(problem.message.to_string().starts_with(message), "{}", problem.message);
            assert_eq!(problem.location.span.column, column, "{text}");
        }
    }

    #[test]
    fn no_source_becomes_markup() {
        let options = Options { formulas: true, ..Options::default() };
        for tex in [
            "\\text{<script>alert(1)</script>}",
            "\\href{javascript:alert(1)}{a}",
            "\\includegraphics{http://e.org/a.png}",
            "\\class{x\" onclick=\"y}{a}",
            "\\style{position:fixed}{a}",
            "\\text{' onmouseover=x <img src=y onerror=z>}",
            "\\color{red\" onclick=\"a}{b}",
            "a\\label{\"><b>}",
        ] {
            for text in [format!("${tex}$"), format!("$$\n{tex}\n$$")] {
                let html = to_html(&text, options);
                for tag in ["<script", "<img", "<a ", "onclick=\"", "<b>"] {
                    assert!(!html.contains(tag), "{text}: {html}");
                }
            }
        }
    }
}
