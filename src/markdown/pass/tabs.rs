//! Tabs as their dialects have them → groups of tabs, each with a title: tabs without anything
//! between them belong together, a code block that is right within a group is a tab of its own.
//!
//! Must not know: the syntax of a tab; its look.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

use crate::markdown::code;
use crate::markdown::document::{NodeKind, TabPlace, TabState};
use crate::markdown::item::{Item, Spanned};

/// Makes the groups.
pub(crate) fn gather(items: Vec<Spanned<'_>>) -> Vec<Spanned<'_>> {
    let is_of_tabs =
        |(item, _): &Spanned<'_>| matches!(item, Item::Open(NodeKind::Tabs | NodeKind::Tab(..)));
    if !items.iter().any(is_of_tabs) {
        return items;
    }
    let mut gatherer =
        TabGatherer { result: Vec::with_capacity(items.len() + 8), open: Vec::new() };
    // The text itself.
    gatherer.open.push(OpenNode::new(Frame::Other));
    let mut items = items.into_iter().peekable();
    while let Some((item, range)) = items.next() {
        let next = items.peek().map(|(item, _)| item);
        let has_title = matches!(next, Some(Item::Open(NodeKind::TabTitle)));
        gatherer.take(item, range, has_title);
    }
    gatherer.end_group(0);
    gatherer.result
}

/// The kinds of an open element or node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Tabs as the dialect has them, whose node is made anew for each group.
    Tabs,
    /// A code block that is a tab.
    CodeTab,
    Other,
}

/// An open element or node, and the group that is open right within it.
struct OpenNode {
    frame: Frame,
    /// Number of tabs in that group; 0 if none is open.
    tabs: usize,
}

struct TabGatherer<'a> {
    result: Vec<Spanned<'a>>,
    open: Vec<OpenNode>,
}

impl<'a> TabGatherer<'a> {
    fn take(&mut self, item: Item<'a>, range: Range<usize>, has_title: bool) {
        match item {
            Item::Open(NodeKind::Tabs) => {
                self.end_group(range.start);
                self.open.push(OpenNode::new(Frame::Tabs));
            }
            Item::Open(NodeKind::Tab(place, state)) => self.tab(place, state, range, has_title),
            Item::Event(Event::Start(Tag::CodeBlock(kind))) if self.is_in(Frame::Tabs) => {
                self.code_tab(kind, range);
            }
            Item::Open(_) | Item::Event(Event::Start(_)) => {
                self.end_group(range.start);
                self.result.push((item, range));
                self.open.push(OpenNode::new(Frame::Other));
            }
            Item::Close | Item::Event(Event::End(_)) => self.close(item, range),
            // Line breaks between tabs.
            Item::RawText(text) | Item::Event(Event::Text(text))
                if self.has_group() && text.trim().is_empty() => {}
            item => {
                self.end_group(range.start);
                self.result.push((item, range));
            }
        }
    }

    fn is_in(&self, frame: Frame) -> bool {
        self.open.last().is_some_and(|node| node.frame == frame)
    }

    fn has_group(&self) -> bool {
        self.open.last().is_some_and(|node| node.tabs > 0)
    }

    /// Ends the group that is open at this place, if one is.
    fn end_group(&mut self, at: usize) {
        let Some(node) = self.open.last_mut() else { return };
        if std::mem::take(&mut node.tabs) > 0 {
            self.result.push((Item::Close, at..at));
        }
    }

    /// Begins a tab; gives its number in the group.
    fn begin_tab(&mut self, place: TabPlace, state: TabState, range: &Range<usize>) -> usize {
        if place == TabPlace::First {
            self.end_group(range.start);
        }
        let Some(node) = self.open.last_mut() else { return 1 };
        node.tabs += 1;
        let number = node.tabs;
        if number == 1 {
            self.result.push((Item::Open(NodeKind::Tabs), range.clone()));
        }
        self.result.push((Item::Open(NodeKind::Tab(place, state)), range.clone()));
        number
    }

    fn tab(&mut self, place: TabPlace, state: TabState, range: Range<usize>, has_title: bool) {
        let number = self.begin_tab(place, state, &range);
        if !has_title {
            self.title(number.to_string().into(), &range);
        }
        self.open.push(OpenNode::new(Frame::Other));
    }

    /// Makes a tab of a code block, with the title behind its language, or its file, or its
    /// language.
    fn code_tab(&mut self, kind: CodeBlockKind<'a>, range: Range<usize>) {
        let number = self.begin_tab(TabPlace::Next, TabState::Usual, &range);
        let (title, kind) = match kind {
            CodeBlockKind::Fenced(info) => {
                let (title, rest) = code::title_of(&info);
                (title, CodeBlockKind::Fenced(rest.into()))
            }
            CodeBlockKind::Indented => (None, CodeBlockKind::Indented),
        };
        self.title(title.unwrap_or_else(|| number.to_string()).into(), &range);
        self.result.push((Item::Event(Event::Start(Tag::CodeBlock(kind))), range));
        self.open.push(OpenNode::new(Frame::CodeTab));
    }

    fn title(&mut self, title: CowStr<'a>, range: &Range<usize>) {
        let items = [Item::Open(NodeKind::TabTitle), Item::Event(Event::Text(title)), Item::Close];
        self.result.extend(items.map(|item| (item, range.clone())));
    }

    fn close(&mut self, item: Item<'a>, range: Range<usize>) {
        self.end_group(range.end);
        let frame = match self.open.len() {
            // An end without a beginning.
            0 | 1 => Frame::Other,
            _ => self.open.pop().map_or(Frame::Other, |node| node.frame),
        };
        match frame {
            Frame::Tabs => {}
            Frame::CodeTab => {
                self.result.push((item, range.clone()));
                self.result.push((Item::Close, range));
            }
            Frame::Other => self.result.push((item, range)),
        }
    }
}

impl OpenNode {
    fn new(frame: Frame) -> Self {
        Self { frame, tabs: 0 }
    }
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Options, to_html};

    fn html(text: &str) -> String {
        to_html(text, Options::default()).trim().replace("\n\n", "\n")
    }

    /// The HTML of one group of tabs, each a title and its text.
    fn group(tabs: &[(&str, &str)]) -> String {
        let tab = |(title, text): &(&str, &str)| {
            // A tab that is shown first has a star here.
            let (title, chosen) = match title.strip_suffix('*') {
                Some(title) => (title, " data-chosen"),
                None => (*title, ""),
            };
            format!(
                "<div class=\"tab\"{chosen}>\n<p class=\"tab-title\"><strong>{title}</strong></p>\n{text}\n</div>\n"
            )
        };
        format!("<div class=\"tabs\">\n{}</div>", tabs.iter().map(tab).collect::<String>())
    }

    #[test]
    fn tabs_without_anything_between_them_belong_together() {
        let two = group(&[("甲", "<p>a</p>"), ("乙", "<p>b</p>")]);
        let second_chosen = group(&[("甲", "<p>a</p>"), ("乙*", "<p>b</p>")]);
        let first = group(&[("甲", "<p>a</p>")]);
        let second = group(&[("乙", "<p>b</p>")]);
        for (text, expected) in [
            ("=== \"甲\"\n\n    a\n\n=== \"乙\"\n\n    b", two.clone()),
            ("=== \"甲\"\n    a\n===+ \"乙\"\n    b", second_chosen.clone()),
            ("=== \"甲\"\n    a\n\nc\n\n=== \"乙\"\n    b", format!("{first}\n<p>c</p>\n{second}")),
            ("=== \"甲\"\n    a\n===! \"乙\"\n    b", format!("{first}\n{second}")),
            (
                "{% tabs %}\n{% tab title=\"甲\" %}\na\n{% endtab %}\n\n{% tab title=\"乙\" %}\nb\n{% endtab %}\n{% endtabs %}",
                two.clone(),
            ),
            (
                "{% tabs %}\n{% tab title=\"甲\" %}\na\n{% endtab %}\n{% endtabs %}\n\n{% tabs %}\n{% tab title=\"乙\" %}\nb\n{% endtab %}\n{% endtabs %}",
                format!("{first}\n{second}"),
            ),
            ("{% tab title=\"甲\" %}\na\n{% endtab %}", first.clone()),
            (
                "{{< tabs \"x\" >}}\n{{< tab \"甲\" >}}\na\n{{< /tab >}}\n{{% tab name=\"乙\" %}}\nb\n{{% /tab %}}\n{{< /tabs >}}",
                two.clone(),
            ),
            ("::: tabs\n@tab 甲\na\n\n@tab:active 乙#y\nb\n:::", second_chosen.clone()),
            (
                ":::: code-group\n::: code-group-item 甲\na\n:::\n::: code-group-item 乙:active\nb\n:::\n::::",
                second_chosen.clone(),
            ),
            (
                "{{< tabs items=\"甲, 乙\" defaultIndex=\"1\" >}}\n{{< tab >}}\na\n{{< /tab >}}\n{{< tab >}}\nb\n{{< /tab >}}\n{{< /tabs >}}",
                second_chosen.clone(),
            ),
            (
                "{{< tabs >}}\n{{< tab name=\"甲\" >}}\na\n{{< /tab >}}\n{{< tab name=\"乙\" selected=true >}}\nb\n{{< /tab >}}\n{{< /tabs >}}",
                second_chosen,
            ),
            ("::: tabs\n@tab C#\na\n:::", group(&[("C#", "<p>a</p>")])),
            (
                "=== \"甲\"\n    a\n===!+ \"乙\"\n    b",
                format!("{first}\n{}", group(&[("乙*", "<p>b</p>")])),
            ),
            ("::: code-tabs#z\n\n@tab 甲\n\na\n\n@tab 乙\n\nb\n\n:::", two.clone()),
            (":::: tabs\n::: tab 甲\na\n:::\n::: tab 乙\nb\n:::\n::::", two.clone()),
            (
                "<!-- tabs:start -->\n\n#### **甲**\n\na\n\n#### ** 乙 **\n\nb\n\n<!-- tabs:end -->",
                two.clone(),
            ),
            ("<!--tabs:start-->\n<!-- tab:甲 -->\na\n\n<!-- tab:乙 -->\nb\n\n<!--tabs:end-->", two),
            (
                "- c\n\n    === \"甲\"\n        a\n",
                format!("<ul>\n<li>\n<p>c</p>\n{first}\n</li>\n</ul>"),
            ),
            // Text before the first tab, and tabs within a tab.
            ("::: tabs\nc\n\n@tab 甲\na\n:::", format!("<p>c</p>\n{first}")),
            (
                "=== \"丙\"\n    === \"甲\"\n        a\n    === \"乙\"\n        b\n",
                group(&[("丙", &group(&[("甲", "<p>a</p>"), ("乙", "<p>b</p>")]))]),
            ),
            (
                ":::: tabs\n@tab 甲\n::: tip\na\n:::\n::::",
                group(&[(
                    "甲",
                    "<aside class=\"box box-tip\">\n<p class=\"box-title\">tip</p>\n<p>a</p>\n</aside>",
                )]),
            ),
            // Without a title, its number.
            (
                "{{< tabs items=\"b\" >}}\n{{< tab >}}\na\n{{< /tab >}}\n{{< tab >}}\nc\n{{< /tab >}}\n{{< /tabs >}}",
                group(&[("b", "<p>a</p>"), ("2", "<p>c</p>")]),
            ),
        ] {
            assert_eq!(html(text), expected, "{text}");
        }
    }

    #[test]
    fn code_in_a_group_is_a_tab() {
        let code = |language: &str, text: &str| {
            format!(
                "<figure class=\"code\" data-language=\"{language}\"><pre><code>{text}\n</code></pre></figure>"
            )
        };
        let plain = "<pre><code>d\n</code></pre>";
        let text = "::: code-group\n\n```js [a.js]\na\n```\n\n```sh\nb\n```\n\n```\nd\n```\n\n:::\n\n```js [x.js]\na\n```";
        let expected = group(&[("a.js", &code("js", "a")), ("sh", &code("sh", "b")), ("3", plain)]);
        assert!(html(text).starts_with(&expected), "{}", html(text));
    }

    #[test]
    fn a_file_that_is_the_title_of_a_tab_is_not_named_again() {
        for (info, title, has_caption) in [
            ("js title=\"src/a.js\"", "src/a.js", false),
            ("js {1} title='a b.js' x", "a b.js", false),
            ("js filename=a.js", "a.js", false),
            ("js:a.js {1}", "a.js", false),
            ("js title=\"src/a.js\" [甲]", "甲", true),
            ("js [1,2]", "js", false),
            ("js [ES6]", "ES6", false),
        ] {
            let html = html(&format!("::: code-group\n```{info}\nx\n```\n:::"));
            assert!(html.contains(&format!("<strong>{title}</strong>")), "{info}: {html}");
            assert!(html.contains("data-language=\"js\""), "{info}: {html}");
            assert_eq!(html.contains("figcaption"), has_caption, "{info}: {html}");
        }
    }

    #[test]
    fn lines_that_are_no_tabs_stay_text() {
        for text in [
            "@tab 甲",
            "::: tip\n@tab 甲\n:::",
            "{% tab title=\"甲\" %}\na",
            "#### **甲**",
            "<!-- tabs:start -->\n\n#### **甲**\n",
            "=== \"\"\n    a",
        ] {
            let html = html(text);
            assert!(!html.contains("class=\"tab"), "{text}: {html}");
            assert!(!html.contains('\u{1}'), "{html}");
        }
    }
}
