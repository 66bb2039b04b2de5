//! A tree of topics → a mind map: the root at the left, each level to the right of the one above,
//! one colour for each branch.
//!
//! Must not know: the text that the topics come from.

use std::fmt::Write as _;

use super::svg::{is_cjk, write_number};
use super::{Diagram, DiagramMistake, Hole, HoleKind, palette, width};
use crate::escape::escape_into;
use crate::phrase::phrase;

/// A tree with more topics is refused: browsers are slow to show it.
const MOST_TOPICS: usize = 4_000;

/// Size of the letters, in pixels, as all lengths below.
const FONT_SIZE: f64 = 14.0;
/// Lines of a label are no wider.
const WIDEST: f64 = 300.0;
/// From one line of a label to the next.
const LINE: f64 = 20.0;
/// Between a label and its line, and between two topics.
const GAP: f64 = 8.0;
/// Between two levels.
const INDENT: f64 = 44.0;
/// Around the map.
const MARGIN: f64 = 8.0;

/// A topic with those below it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topic {
    /// Its words.
    pub label: String,
    /// The destination of its link.
    pub link: Option<String>,
    /// The topics below it.
    pub below: Vec<Topic>,
}

/// A topic in its place.
struct Placed<'t> {
    topic: &'t Topic,
    lines: Vec<String>,
    width: f64,
    depth: usize,
    /// The topic above, by its index.
    above: Option<usize>,
    /// The colour of its branch.
    series: usize,
    /// The middle of its line, from the top.
    y: f64,
}

/// Draws a mind map.
///
/// # Errors
/// It has no topics, or too many.
pub(super) fn draw(root: &Topic) -> Result<Diagram, DiagramMistake> {
    let mut placed = flat(root)?;
    let height = place(&mut placed);
    let columns = columns(&placed);
    let width = columns.last().copied().unwrap_or_default() + MARGIN;
    let mut map = Diagram::default();
    map.svg.push_str(" viewBox=\"0 0 ");
    write_number(&mut map.svg, width);
    map.svg.push(' ');
    write_number(&mut map.svg, height);
    // Writing to a String cannot fail.
    let _ = write!(
        map.svg,
        "\" width=\"{}\" height=\"{}\" fill=\"var(--diagram-text)\" font-size=\"{FONT_SIZE}\">",
        width.ceil(),
        height.ceil()
    );
    for topic in &placed {
        write_topic(&mut map, topic, &placed, &columns);
    }
    map.svg.push_str("</svg>");
    Ok(map)
}

/// The topics, each before those below it.
fn flat(root: &Topic) -> Result<Vec<Placed<'_>>, DiagramMistake> {
    let mut placed: Vec<Placed<'_>> = Vec::new();
    let mut open: Vec<(&Topic, Option<usize>, usize)> = vec![(root, None, 0)];
    while let Some((topic, above, series)) = open.pop() {
        if placed.len() == MOST_TOPICS {
            return Err(DiagramMistake::new(phrase!(
                "it has more than {most_topics} topics",
                most_topics = MOST_TOPICS
            )));
        }
        let depth = above.map_or(0, |above| placed[above].depth + 1);
        let (lines, width) = wrapped(&topic.label);
        let index = placed.len();
        placed.push(Placed { topic, lines, width, depth, above, series, y: 0.0 });
        for (number, below) in topic.below.iter().enumerate().rev() {
            let series = if above.is_none() { number % palette::SERIES.len() } else { series };
            open.push((below, Some(index), series));
        }
    }
    Ok(placed)
}

/// Gives each topic its height, and the map its own: topics without others are one below the other,
/// the rest in the middle of those below them.
fn place(placed: &mut [Placed<'_>]) -> f64 {
    let mut bottom = MARGIN;
    for topic in placed.iter_mut().filter(|topic| topic.topic.below.is_empty()) {
        let lines = f64::from(u32::try_from(topic.lines.len()).unwrap_or(1));
        bottom += lines * LINE;
        topic.y = bottom;
        bottom += GAP;
    }
    let mut extents: Vec<Option<(f64, f64)>> = vec![None; placed.len()];
    for index in (0..placed.len()).rev() {
        if let Some((first, last)) = extents[index] {
            placed[index].y = f64::midpoint(first, last);
        }
        let y = placed[index].y;
        if let Some(above) = placed[index].above {
            let extent = extents[above].get_or_insert((y, y));
            extent.0 = y;
        }
    }
    // Long labels of topics with others may need room above the first.
    let top = |topic: &Placed<'_>| {
        topic.y - LINE * f64::from(u32::try_from(topic.lines.len()).unwrap_or(1))
    };
    let missing = placed.iter().map(|topic| MARGIN - top(topic)).fold(0.0, f64::max);
    for topic in placed.iter_mut() {
        topic.y += missing;
    }
    bottom + missing + MARGIN
}

/// The left end of each level, and the right end of the last.
fn columns(placed: &[Placed<'_>]) -> Vec<f64> {
    let deepest = placed.iter().map(|topic| topic.depth).max().unwrap_or_default();
    let mut widths = vec![0.0_f64; deepest + 1];
    for topic in placed {
        widths[topic.depth] = widths[topic.depth].max(topic.width);
    }
    let mut columns = vec![MARGIN];
    let mut left = MARGIN;
    for (level, width) in widths.iter().enumerate() {
        left += width + GAP + if level < deepest { INDENT } else { 0.0 };
        columns.push(left);
    }
    columns
}

/// Writes a topic: the curve to it, the line below it, its label.
fn write_topic(map: &mut Diagram, topic: &Placed<'_>, placed: &[Placed<'_>], columns: &[f64]) {
    let left = columns[topic.depth];
    let right = left + topic.width + GAP;
    let colour = match topic.above {
        Some(_) => format!("var(--diagram-series-{}-line)", topic.series + 1),
        None => "var(--diagram-line)".to_owned(),
    };
    map.svg.push_str("<path d=\"");
    if let Some(above) = topic.above {
        let from = columns[topic.depth - 1] + placed[above].width + GAP;
        let middle = f64::midpoint(left - INDENT, left);
        numbers(&mut map.svg, &[("M", from), (",", placed[above].y)]);
        // The line of a short label goes on to the end of its level.
        numbers(&mut map.svg, &[("H", left - INDENT), ("C", middle), (",", placed[above].y)]);
        numbers(&mut map.svg, &[(" ", middle), (",", topic.y), (" ", left), (",", topic.y)]);
    } else {
        numbers(&mut map.svg, &[("M", left), (",", topic.y)]);
    }
    numbers(&mut map.svg, &[("H", right)]);
    let width = if topic.depth < 2 { "2" } else { "1.5" };
    map.svg.extend(["\" fill=\"none\" stroke=\"", &colour, "\" stroke-width=\"", width, "\"/>"]);
    write_label(map, topic, left + GAP / 2.0);
}

fn write_label(map: &mut Diagram, topic: &Placed<'_>, left: f64) {
    if topic.lines.is_empty() {
        return;
    }
    if let Some(link) = &topic.topic.link {
        map.svg.push_str("<a");
        let number = u32::try_from(map.links.len()).unwrap_or(u32::MAX);
        let at = u32::try_from(map.svg.len()).unwrap_or(u32::MAX);
        map.holes.push(Hole { at, kind: HoleKind::Link(number) });
        map.links.push(link.clone());
        map.svg.push('>');
    }
    let last = f64::from(u32::try_from(topic.lines.len() - 1).unwrap_or_default());
    numbers(&mut map.svg, &[("<text y=\"", topic.y - 6.0 - last * LINE), ("\" x=\"", left)]);
    map.svg.push('"');
    if topic.depth == 0 {
        map.svg.push_str(" font-weight=\"bold\"");
    }
    map.svg.push('>');
    for (number, line) in topic.lines.iter().enumerate() {
        if number == 0 {
            escape_into(&mut map.svg, line);
        } else {
            numbers(&mut map.svg, &[("<tspan x=\"", left), ("\" dy=\"", LINE)]);
            map.svg.push_str("\">");
            escape_into(&mut map.svg, line);
            map.svg.push_str("</tspan>");
        }
    }
    map.svg.push_str("</text>");
    if topic.topic.link.is_some() {
        map.svg.push_str("</a>");
    }
    map.words.push_str(topic.topic.label.trim());
    map.words.push('\n');
}

/// Appends numbers, each behind a text.
fn numbers(out: &mut String, numbers: &[(&str, f64)]) {
    for (before, number) in numbers {
        out.push_str(before);
        write_number(out, *number);
    }
}

/// The lines of a label, and the width of the widest.
fn wrapped(label: &str) -> (Vec<String>, f64) {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut width = 0.0;
    for piece in pieces(label.trim()) {
        let of_piece = width_of(piece);
        if width + of_piece > WIDEST && !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            width = 0.0;
        }
        line.push_str(piece);
        width += of_piece;
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    let widest = lines.iter().map(|line| width_of(line)).fold(0.0, f64::max);
    (lines, widest)
}

/// The pieces of a text that a line may end behind: words with the blanks behind them, and
/// characters of scripts without blanks.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let Some((_, next)) = chars.peek() else { break };
        let is_closing = "，。、；：！？）》」』”’,.;:!?)]}".contains(*next);
        let ends_word = c == ' ' && *next != ' ';
        let ends_sign = is_cjk(c) || is_cjk(*next);
        if (ends_word || ends_sign) && !is_closing {
            pieces.push(&text[from..end]);
            from = end;
        }
    }
    pieces.push(&text[from..]);
    pieces
}

fn width_of(text: &str) -> f64 {
    width::of(text, FONT_SIZE, false)
}
