//! The navigation matrix in a note: runs of header-only tables whose cells are links, or on the
//! home page three or more lines `- label：[a](…)、[b](…)`, become one table of labelled rows.
//!
//! A run goes on over bullets, paragraphs and images, and ends at a heading or any other block. The
//! nearest bullet or paragraph above a table moves into it as the label of its row.
//!
//! Must not know: where the links lead; counts are added when the page is made.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::escape::escape_into;
use crate::markdown::Draft;
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

/// Writes one row of HTML cells.
pub fn write_row(out: &mut String, label: &str, cells: &[String]) {
    out.push_str("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
    escape_into(out, label);
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

struct Gatherer<'a> {
    result: Vec<Spanned<'a>>,
    /// The rows of the run at hand.
    rows: Vec<RowItems<'a>>,
    /// The index in the result at which its matrix goes.
    at: usize,
    /// The index in the result behind the last block that cannot be a label.
    ended: usize,
}

impl<'a> Gatherer<'a> {
    fn block(&mut self, block: &[Spanned<'a>], draft: &mut Draft<'_>) {
        if let Some(cells) = link_table(block) {
            let since = if self.rows.is_empty() { self.ended } else { self.at };
            let label = self.take_label(since);
            if self.rows.is_empty() {
                self.at = self.result.len();
            }
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

    /// Takes the nearest bullet or paragraph with text out of what came since the last row. Only
    /// blocks right above count: nothing but images and empty bullets may be in between.
    fn take_label(&mut self, since: usize) -> Vec<Spanned<'a>> {
        let mut blocks: Vec<Range<usize>> = Vec::new();
        let mut index = since;
        while index < self.result.len() {
            let end = end_of_block(&self.result, index);
            blocks.push(index..end + 1);
            index = end + 1;
        }
        for block in blocks.into_iter().rev() {
            let items = &self.result[block.clone()];
            match &items[0].0 {
                Item::Event(Event::Start(Tag::Paragraph)) if !plain_text(items).is_empty() => {
                    let label = items[1..items.len() - 1].to_vec();
                    self.result.drain(block);
                    return label;
                }
                Item::Event(Event::Start(Tag::List(_))) => return self.take_bullet(block),
                Item::Event(Event::Start(Tag::Paragraph)) => {}
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }

    /// Takes the last bullet with text out of a list; a list that has nothing left goes.
    fn take_bullet(&mut self, list: Range<usize>) -> Vec<Spanned<'a>> {
        let mut bullets: Vec<Range<usize>> = Vec::new();
        let mut index = list.start + 1;
        while index + 1 < list.end {
            let end = end_of_block(&self.result, index);
            bullets.push(index..end + 1);
            index = end + 1;
        }
        let has_text = |bullet: &Range<usize>| !plain_text(&self.result[bullet.clone()]).is_empty();
        let Some(chosen) = bullets.iter().rposition(has_text) else {
            self.result.drain(list);
            return Vec::new();
        };
        let bullet = bullets[chosen].clone();
        let inner = &self.result[bullet.start + 1..bullet.end - 1];
        let paragraph =
            matches!(inner.first(), Some((Item::Event(Event::Start(Tag::Paragraph)), _)))
                && end_of(inner, 0) == inner.len() - 1;
        let label = if paragraph { inner[1..inner.len() - 1].to_vec() } else { inner.to_vec() };
        let others_have_text = bullets[..chosen].iter().any(has_text);
        let end = bullets.last().map_or(bullet.end, |last| last.end);
        self.result.drain(if others_have_text { bullet.start..end } else { list });
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

/// The cells of a table without a body, at least four in five of its cells being links.
fn link_table<'a>(block: &[Spanned<'a>]) -> Option<Vec<Vec<Spanned<'a>>>> {
    let is = |wanted: fn(&Tag<'_>) -> bool| {
        block.iter().any(|(item, _)| matches!(item, Item::Event(Event::Start(tag)) if wanted(tag)))
    };
    if !matches!(block[0].0, Item::Event(Event::Start(Tag::Table(_))))
        || is(|tag| matches!(tag, Tag::TableRow))
    {
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
    let is_link = |cell: &&Vec<Spanned<'_>>| {
        cell.iter().any(|(item, _)| matches!(item, Item::Event(Event::Start(Tag::Link { .. }))))
    };
    let links = cells.iter().filter(is_link).count();
    (links > 0 && links * 5 >= cells.len() * 4).then_some(cells)
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
        for text in ["| [a](x) | b | c |\n|---|---|---|\n", "| [a](x) |\n|---|\n| [b](y) |\n"] {
            assert!(!shown(text).contains("<matrix>"), "{text}");
        }
    }
}
