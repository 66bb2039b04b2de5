//! The navigation matrix in a note: runs of header-only tables whose cells are links, or on the
//! home page three or more lines `- label：[a](…)、[b](…)`, become one table of labelled rows.
//!
//! A run goes on over bullets, paragraphs and images, and ends at a heading or any other block. The
//! nearest bullet or paragraph above a table moves into it as the label of its row; a paragraph
//! only if it is short and no sentence. A cell is a link if it holds hardly anything else; a run
//! begins with a table of two such cells: a table around a hint in an article is none.
//!
//! Must not know: where the links lead; counts are added when the page is made.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::Draft;
use crate::markdown::cjk::columns;
use crate::markdown::document::{NodeKind, offset};
use crate::markdown::item::{Item, Spanned, end_of, plain_text};

/// The start of a matrix. Roles are named because style sheets lay the cells out as cards, and
/// browsers then forget that it is a table.
pub const START: &str = "<table class=\"matrix\" role=\"table\"><tbody role=\"rowgroup\">\n";
/// The end of a matrix.
pub const END: &str = "</tbody></table>\n";
pub(crate) const CELL: &str = "<td role=\"cell\">";

/// Lines that make a matrix of a list.
const FEWEST_LINES: usize = 3;
/// Cells that make the first row of a matrix of a table.
const FEWEST_CELLS: usize = 2;
/// Longest paragraph that is the label of a row, in columns, of which a Han character takes two.
const LONGEST_LABEL: usize = 60;

/// Writes one row: its label and its cells in HTML.
pub fn write_row(out: &mut String, label: &str, cells: &[String]) {
    out.push_str("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
    out.push_str(label);
    out.push_str("</th>");
    for cell in cells {
        out.push_str(CELL);
        out.push_str(cell);
        out.push_str("</td>");
    }
    out.push_str("</tr>\n");
}

/// A row to be: items of its label and of each cell.
struct RowItems<'a> {
    label: Vec<Spanned<'a>>,
    cells: Vec<Vec<Spanned<'a>>>,
}

/// The block above a table of links, by its items in the result.
enum Above {
    /// None that is read with the table.
    Nothing,
    /// A list of empty bullets, which goes.
    EmptyList(Range<usize>),
    /// A paragraph that is the label of the row.
    Label(Range<usize>),
    /// A bullet that is, and the items that go with it.
    Bullet { bullet: Range<usize>, removed: Range<usize> },
    /// A text that is no label.
    Text,
}

/// Finds the matrices of a text.
pub(crate) fn gather<'a>(items: Vec<Spanned<'a>>, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let is_candidate = |item: &Item<'_>| match item {
        Item::Event(Event::Start(Tag::Table(_))) => true,
        Item::Event(Event::Start(Tag::List(_))) => draft.is_home,
        _ => false,
    };
    if !items.iter().any(|(item, _)| is_candidate(item)) {
        return items;
    }
    let mut gatherer =
        Gatherer { result: Vec::with_capacity(items.len()), rows: Vec::new(), at: 0, ended: 0 };
    let mut index = 0;
    while index < items.len() {
        let end = end_of_block(&items, index);
        gatherer.block(&items[index..=end], draft);
        index = end + 1;
    }
    gatherer.finish(draft);
    gatherer.result
}

fn end_of_block(items: &[Spanned<'_>], index: usize) -> usize {
    if matches!(items[index].0, Item::Event(Event::Start(_))) {
        end_of(items, index)
    } else {
        index
    }
}

fn is_table(block: &[Spanned<'_>]) -> bool {
    matches!(block[0].0, Item::Event(Event::Start(Tag::Table(_))))
}

struct Gatherer<'a> {
    result: Vec<Spanned<'a>>,
    /// The rows of the run at hand.
    rows: Vec<RowItems<'a>>,
    /// The index in the result at which its matrix goes.
    at: usize,
    /// The index in the result behind the last block that cannot be the label of the next row.
    ended: usize,
}

impl<'a> Gatherer<'a> {
    fn block(&mut self, block: &[Spanned<'a>], draft: &mut Draft<'_>) {
        let above = if is_table(block) { self.above() } else { Above::Nothing };
        if matches!(above, Above::Text) {
            // It is read between the tables, so they are not rows of one matrix.
            self.finish(draft);
            self.ended = self.result.len();
        }
        let fewest = if self.rows.is_empty() { FEWEST_CELLS } else { 1 };
        if let Some(cells) = link_table(block, fewest) {
            let label = self.take(above);
            if self.rows.is_empty() {
                self.at = self.result.len();
            }
            self.ended = self.result.len();
            self.rows.push(RowItems { label, cells });
            return;
        }
        if let Some(rows) = labelled_lines(block).filter(|_| draft.is_home) {
            if self.rows.is_empty() {
                self.at = self.result.len();
            }
            self.rows.extend(rows);
            return;
        }
        let goes_on = matches!(
            block[0].0,
            Item::Event(
                Event::Start(Tag::Paragraph | Tag::List(_) | Tag::HtmlBlock) | Event::Html(_)
            )
        );
        if !goes_on {
            self.finish(draft);
        }
        self.result.extend_from_slice(block);
        if !goes_on {
            self.ended = self.result.len();
        }
    }

    /// The nearest bullet or paragraph with text among what came since the last row. Only blocks
    /// right above count: nothing but images and empty bullets may be in between.
    fn above(&self) -> Above {
        let mut blocks: Vec<Range<usize>> = Vec::new();
        let mut index = self.ended;
        while index < self.result.len() {
            let end = end_of_block(&self.result, index);
            blocks.push(index..end + 1);
            index = end + 1;
        }
        for block in blocks.into_iter().rev() {
            let items = &self.result[block.clone()];
            match &items[0].0 {
                Item::Event(Event::Start(Tag::Paragraph)) => {
                    let text = plain_text(items);
                    if !text.is_empty() {
                        return if is_label(&text) { Above::Label(block) } else { Above::Text };
                    }
                }
                Item::Event(Event::Start(Tag::List(_))) => return self.in_list(block),
                _ => return Above::Nothing,
            }
        }
        Above::Nothing
    }

    /// The last bullet with text of a list.
    fn in_list(&self, list: Range<usize>) -> Above {
        let mut bullets: Vec<Range<usize>> = Vec::new();
        let mut index = list.start + 1;
        while index + 1 < list.end {
            let end = end_of_block(&self.result, index);
            bullets.push(index..end + 1);
            index = end + 1;
        }
        let text = |bullet: &Range<usize>| plain_text(&self.result[bullet.clone()]);
        let Some(chosen) = bullets.iter().rposition(|bullet| !text(bullet).is_empty()) else {
            return Above::EmptyList(list);
        };
        let bullet = bullets[chosen].clone();
        let is_only = bullets[..chosen].iter().all(|bullet| text(bullet).is_empty());
        let end = bullets.last().map_or(bullet.end, |last| last.end);
        let removed = if is_only { list } else { bullet.start..end };
        Above::Bullet { bullet, removed }
    }

    /// Takes a label out of the result.
    fn take(&mut self, above: Above) -> Vec<Spanned<'a>> {
        let (label, removed) = match above {
            Above::Nothing | Above::Text => return Vec::new(),
            Above::EmptyList(list) => (Vec::new(), list),
            Above::Label(paragraph) => {
                let inner = paragraph.start + 1..paragraph.end - 1;
                (self.result[inner].to_vec(), paragraph)
            }
            Above::Bullet { bullet, removed } => {
                let inner = &self.result[bullet.start + 1..bullet.end - 1];
                let is_paragraph =
                    matches!(inner.first(), Some((Item::Event(Event::Start(Tag::Paragraph)), _)))
                        && end_of(inner, 0) == inner.len() - 1;
                let inner = if is_paragraph { &inner[1..inner.len() - 1] } else { inner };
                (inner.to_vec(), removed)
            }
        };
        self.result.drain(removed);
        label
    }

    /// Ends the run: its rows become one table where its first table stood.
    fn finish(&mut self, draft: &mut Draft<'_>) {
        if self.rows.is_empty() {
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        let is_first = !std::mem::replace(&mut draft.parsed.has_matrix, true);
        let matrix = table(&rows, is_first, draft);
        self.result.splice(self.at..self.at, matrix);
        self.at = 0;
    }
}

/// True if a paragraph is short enough for the label of a row, and no sentence.
fn is_label(text: &str) -> bool {
    columns(text, LONGEST_LABEL + 1) <= LONGEST_LABEL
        && !text.trim_end().ends_with(['。', '.', '!', '！', '?', '？'])
}

/// The cells of a table without a body, at least four in five of its cells, and no fewer than
/// `fewest`, being links.
fn link_table<'a>(block: &[Spanned<'a>], fewest: usize) -> Option<Vec<Vec<Spanned<'a>>>> {
    let is = |wanted: fn(&Tag<'_>) -> bool| {
        block.iter().any(|(item, _)| matches!(item, Item::Event(Event::Start(tag)) if wanted(tag)))
    };
    if !is_table(block) || is(|tag| matches!(tag, Tag::TableRow)) {
        return None;
    }
    let mut cells = Vec::new();
    for (index, (item, _)) in block.iter().enumerate() {
        if matches!(item, Item::Event(Event::Start(Tag::TableCell))) {
            let cell = block[index + 1..end_of(block, index)].to_vec();
            if !cell.is_empty() {
                cells.push(cell);
            }
        }
    }
    let links = cells.iter().filter(|cell| is_link(cell)).count();
    (links >= fewest && links * 5 >= cells.len() * 4).then_some(cells)
}

/// True if the words of a cell are those of links, but for half as many.
fn is_link(cell: &[Spanned<'_>]) -> bool {
    let (mut linked, mut other, mut depth) = (0_usize, 0_usize, 0_usize);
    let mut has_link = false;
    for (item, _) in cell {
        match item {
            Item::Event(Event::Start(Tag::Link { .. })) => {
                has_link = true;
                depth += 1;
            }
            Item::Event(Event::End(TagEnd::Link)) => depth = depth.saturating_sub(1),
            Item::Event(Event::Text(text) | Event::Code(text) | Event::InlineMath(text)) => {
                let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
                *(if depth > 0 { &mut linked } else { &mut other }) += letters;
            }
            _ => {}
        }
    }
    has_link && other * 2 <= linked
}

/// The rows of a list all of whose bullets read `label：link、link`.
fn labelled_lines<'a>(block: &[Spanned<'a>]) -> Option<Vec<RowItems<'a>>> {
    if !matches!(block[0].0, Item::Event(Event::Start(Tag::List(_)))) {
        return None;
    }
    let mut rows = Vec::new();
    let mut index = 1;
    while index + 1 < block.len() {
        let end = end_of_block(block, index);
        let bullet = &block[index..=end];
        let inline = bullet.iter().filter(|(item, _)| {
            !matches!(
                item,
                Item::Event(
                    Event::Start(Tag::Paragraph | Tag::Item)
                        | Event::End(TagEnd::Paragraph | TagEnd::Item)
                )
            )
        });
        rows.push(labelled_line(&inline.cloned().collect::<Vec<_>>())?);
        index = end + 1;
    }
    (rows.len() >= FEWEST_LINES).then_some(rows)
}

fn labelled_line<'a>(inline: &[Spanned<'a>]) -> Option<RowItems<'a>> {
    let (Item::Event(Event::Text(label)), place) = inline.first()? else { return None };
    let label = label.trim_end().strip_suffix(['：', ':'])?.to_owned();
    let mut cells = Vec::new();
    let mut index = 1;
    while index < inline.len() {
        match &inline[index].0 {
            Item::Event(Event::Start(Tag::Link { .. })) => {
                let end = end_of(inline, index);
                cells.push(inline[index..=end].to_vec());
                index = end;
            }
            Item::Event(Event::Text(between)) if between.chars().all(is_separator) => {}
            Item::Event(Event::SoftBreak) => {}
            _ => return None,
        }
        index += 1;
    }
    let label = vec![(Item::Event(Event::Text(label.into())), place.clone())];
    (!cells.is_empty()).then_some(RowItems { label, cells })
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '、' | '，' | ',' | ';' | '；' | '|' | '/' | '·' | '。' | '.' | '等')
}

/// The rows as a table. Rows without a label of their own share the one above.
fn table<'a>(rows: &[RowItems<'a>], is_first: bool, draft: &mut Draft<'_>) -> Vec<Spanned<'a>> {
    let place = rows
        .first()
        .and_then(|row| row.cells.first()?.first())
        .map_or(0..0, |(_, range)| range.clone());
    let open = |kind: NodeKind| (Item::Open(kind), place.clone());
    let close = || (Item::Close, place.clone());
    let mut result = vec![open(NodeKind::Matrix(is_first))];
    for (index, row) in rows.iter().enumerate() {
        result.push(open(NodeKind::MatrixRow));
        if !row.label.is_empty() {
            let below = rows[index + 1..].iter().take_while(|next| next.label.is_empty());
            result.push(open(NodeKind::MatrixLabel(offset(1 + below.count()))));
            result.extend_from_slice(&row.label);
            result.push(close());
        }
        for cell in &row.cells {
            draft.cells.extend(cell.iter().map(|(_, range)| range.start));
            result.push(open(NodeKind::MatrixCell));
            result.extend_from_slice(cell);
            result.push(close());
        }
        result.push(close());
    }
    result.push(close());
    result
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Context, parse};

    fn shown(text: &str) -> String {
        let context = Context { is_home: true, ..Context::default() };
        let html = parse(text, &context).to_html();
        let html = html
            .replace(" role=\"row\"", "")
            .replace(" role=\"cell\"", "")
            .replace(" role=\"rowheader\"", "");
        let html = html
            .replace(super::START, "<matrix>")
            .replace(super::END, "</matrix>")
            .replace('\n', "");
        ["x", "y", "z"].iter().fold(html.replace("</a>", ">"), |html, link| {
            html.replace(&format!("<a href=\"{link}\">"), "<")
        })
    }

    #[test]
    fn header_only_tables_of_links_become_one_matrix() {
        let table = |name: &str| format!("| [{name}](x) | [乙](y) |\n| --- | --- |\n\n");
        let text = format!(
            "- 甲组：\n\n{}{}- 另见 [丁](z)\n\n![](i)\n\n- 乙组\n-\n\n{}文\n",
            table("一"),
            table("二"),
            table("三")
        );
        assert_eq!(
            shown(&text),
            "<matrix><tr><th scope=\"rowgroup\" rowspan=\"2\">甲组：</th><td><一></td><td><乙></td></tr>\
             <tr><td><二></td><td><乙></td></tr><tr><th scope=\"row\">乙组</th><td><三></td><td><乙></td></tr></matrix>\
             <ul><li>另见 <丁></li></ul><figure><img src=\"i\" alt=\"\" /></figure><p>文</p>"
        );
    }

    #[test]
    fn labelled_lines_are_a_matrix_on_the_home_page_only() {
        let text = "- 知识体系：[《A》](a)、[《B》](b)\n- 语言：[C](c)\n- 架构：[D](d)\n";
        assert_eq!(shown(text).matches("<tr>").count(), 3);
        assert_eq!(shown(text).matches("<td>").count(), 4);
        assert!(!parse(text, &Context::default()).has_matrix);
        assert!(!shown("- 甲：[A](a) 说明\n- 乙：[B](b)\n- 丙：[C](c)\n").contains("<matrix>"));
    }

    #[test]
    fn other_tables_stay_tables() {
        for text in [
            "| [a](x) | b | c |\n|---|---|---|\n",
            "| [a](x) |\n|---|\n| [b](y) |\n",
            "| | If the [a](x) is there, use it. | See [b](y) for more about it. |\n|---|---|---|\n",
            "| 💡 | See [the other one](x). |\n|---|---|\n",
            "| | 参见[甲](x)。 |\n|---|---|\n",
        ] {
            assert!(!shown(text).contains("<matrix>"), "{text}");
        }
    }

    #[test]
    fn hints_in_tables_keep_their_place_in_an_article() {
        let text = "First paragraph of the article, a normal sentence.\n\n\
                    |  | If the [file is optional](x), use `a` as a prefix. |\n|---|---|\n\n\
                    Second paragraph.\n\n|  | See [more](y) about it. |\n|---|---|\n\nEnd.\n";
        let html = shown(text);
        let places: Vec<_> = ["First", "If the", "Second", "See", "End"]
            .iter()
            .map(|word| html.find(word))
            .collect();
        assert!(places.is_sorted() && places[0] == Some(3), "{html}");
        assert_eq!(html.matches("<table>").count(), 2, "{html}");
    }

    #[test]
    fn a_label_is_short_and_right_above_its_row() {
        let row = "| [a](x) | **[b](y)** ★ |\n|---|---|\n\n";
        let long = "一段很长的文字".repeat(5);
        for (text, expected) in [
            (format!("甲\n\n{row}"), "<matrix><tr><th scope=\"row\">甲</th>"),
            (format!("一句话。\n\n{row}"), "<p>一句话。</p><matrix><tr><td>"),
            (format!("- 一句话！\n\n{row}"), "<matrix><tr><th scope=\"row\">一句话！</th>"),
            (format!("- {long}\n\n{row}"), "<matrix><tr><th scope=\"row\">一段"),
            (format!("{long}\n\n{row}"), "<p>一段"),
            // A bullet before a row is no label of the row after it.
            (
                format!("- 甲\n- 乙\n\n{row}{row}"),
                "<ul><li>甲</li></ul><matrix><tr><th scope=\"rowgroup\" rowspan=\"2\">乙",
            ),
            // A sentence between two rows is read between them.
            (
                format!("{row}一句话。\n\n{row}"),
                "<matrix><tr><td><a></td><td><strong><b></strong> ★</td></tr></matrix><p>一句话。</p><matrix>",
            ),
            // A row of one link goes on with a run.
            (
                format!("{row}| [c](z) |\n|---|\n"),
                "<matrix><tr><td><a></td><td><strong><b></strong> ★</td></tr><tr><td><c>",
            ),
        ] {
            let html = shown(&text);
            assert!(html.starts_with(expected), "{text}: {html}");
        }
    }
}
