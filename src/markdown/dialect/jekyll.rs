//! Tags of Jekyll, in the language of its templates, Liquid.
//!
//! ```text
//! {% highlight go %} … {% endhighlight %}  → ```go …
//! {% raw %}, {% endraw %}                  → nothing
//! ```
//!
//! Must not know: tags of `GitBook`, which look the same.

use super::boxes::BoxMark;
use super::hugo;
use super::shortcode::{self, NewLine};
use crate::markdown::source_text::{Edits, SourceText};

pub(super) fn code_blocks(source: &SourceText<'_>, _: &mut Vec<BoxMark>) -> Edits {
    shortcode::code_blocks(source, begins_code, ends_code)
}

fn begins_code(line: &str) -> Option<&str> {
    hugo::language(shortcode::liquid(line)?.1)
}

fn ends_code(line: &str) -> bool {
    shortcode::liquid(line).is_some_and(|(_, inner)| inner == "endhighlight")
}

pub(super) fn without_raw(source: &SourceText<'_>) -> Edits {
    shortcode::edit_lines(source, |line| {
        let (_, inner) = shortcode::liquid(line)?;
        let word = inner.split_whitespace().next()?;
        matches!(word, "raw" | "endraw").then(NewLine::empty)
    })
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    #[test]
    fn tags_of_jekyll() {
        for (text, expected) in [
            (
                "{% highlight ruby %}\nx\n{% endhighlight %}",
                "<figure class=\"code\" data-language=\"ruby\"><pre><code>x\n\
                 </code></pre></figure>",
            ),
            // No word beside them is lost.
            ("{% raw %}{{ x }} 要紧{% endraw %}", "<p>{% raw %}{{ x }} 要紧{% endraw %}</p>"),
        ] {
            assert_eq!(to_html(text, Options::default()).trim(), expected, "{text}");
        }
    }
}
