//! Blocks → lines, each with the signs of the blocks around it: `> `, the blanks of a list's item.
//!
//! Must not know: the words of a paragraph.

use super::escape;

/// Blocks around a line that are kept, as many as the parser keeps of lists and quotes. The text of
/// each is before every line, so that with raw HTML, which has no limit, a text of 90 kB became one
/// of 72 MB.
const DEEPEST: usize = 100;

/// A block with others in it.
#[derive(Debug, Clone, Copy)]
pub(super) enum ContainerKind {
    Quote,
    /// A list, and the number of its first item, if it has numbers.
    List {
        first: Option<u32>,
        /// True if there is an empty line between its items.
        is_loose: bool,
    },
    /// An item of the list around it.
    Item,
    /// A definition: an item of a list of its own.
    Definition,
    Footnote(usize),
}

/// The last block in a container, as far as the next one depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum LastBlock {
    #[default]
    Nothing,
    /// A list with this sign before or behind the number of its items.
    List(char),
    Paragraph,
    Other,
}

/// An open block.
#[derive(Debug, Default)]
struct OpenContainer {
    /// Text before its first line, until that is written.
    first: Option<String>,
    /// Text before its other lines.
    rest: String,
    last: LastBlock,
    /// The sign of a list, and the number of its next item.
    list: Option<(char, Option<u32>)>,
    /// True for a list, and its items, without empty lines between these.
    is_tight: bool,
    /// True if no empty line comes before the next block.
    joins: Joins,
    /// The length of the text before it, and the block above it.
    before: (usize, LastBlock),
}

/// The blocks before which there is no empty line, although another is above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Joins {
    #[default]
    None,
    Paragraph,
    /// A list that a paragraph of an item ends at.
    TightList,
    All,
}

/// Writes blocks.
#[derive(Debug)]
pub(super) struct BlockWriter {
    out: String,
    open: Vec<OpenContainer>,
    /// Number of blocks that are too deep, whose words are in the last one that is not.
    too_deep: usize,
}

impl BlockWriter {
    pub fn new(size: usize) -> Self {
        Self { out: String::with_capacity(size), open: vec![OpenContainer::default()], too_deep: 0 }
    }

    pub fn finish(self) -> String {
        self.out
    }

    /// A paragraph right behind the last block belongs to it.
    pub fn joins_next(&mut self) {
        self.top().joins = Joins::Paragraph;
    }

    /// The next block is right behind the last one.
    pub fn joins(&mut self) {
        self.top().joins = Joins::All;
    }

    /// True within a block that is too deep to be one.
    pub fn is_too_deep(&self) -> bool {
        self.too_deep > 0
    }

    pub fn open(&mut self, kind: ContainerKind) {
        // A list has its items, or their words would be one paragraph.
        let is_item = matches!(kind, ContainerKind::Item) && self.top().list.is_some();
        if self.is_too_deep() || (self.open.len() > DEEPEST && !is_item) {
            self.too_deep += 1;
            return;
        }
        let before = (self.out.len(), self.top().last);
        let container = match kind {
            ContainerKind::Quote => {
                self.begin(LastBlock::Other);
                OpenContainer { rest: "> ".to_owned(), ..OpenContainer::default() }
            }
            ContainerKind::List { first, is_loose } => {
                let last = self.top().last;
                let sign = match (first, last) {
                    (None, LastBlock::List('-')) => '*',
                    (None, _) => '-',
                    (Some(_), LastBlock::List('.')) => ')',
                    (Some(_), _) => '.',
                };
                // Another list cannot end a paragraph (CommonMark 0.31 §5.3).
                let can_end = first.is_none_or(|number| number == 1);
                let joins = &mut self.top().joins;
                if *joins == Joins::None && can_end {
                    *joins = Joins::TightList;
                }
                self.begin(LastBlock::List(sign));
                let list = Some((sign, first));
                OpenContainer { list, is_tight: !is_loose, ..OpenContainer::default() }
            }
            ContainerKind::Item => self.item(),
            ContainerKind::Definition => {
                self.begin(LastBlock::Other);
                OpenContainer {
                    first: Some("- ".to_owned()),
                    rest: "  ".to_owned(),
                    ..OpenContainer::default()
                }
            }
            ContainerKind::Footnote(number) => {
                self.begin(LastBlock::Other);
                let first = Some(format!("[^{number}]: "));
                OpenContainer { first, rest: "    ".to_owned(), ..OpenContainer::default() }
            }
        };
        self.open.push(OpenContainer { before, ..container });
    }

    /// An item, which takes its number from the list around it.
    fn item(&mut self) -> OpenContainer {
        self.begin(LastBlock::Other);
        let top = self.top();
        let first = match &mut top.list {
            Some((sign, Some(number))) => {
                let first = format!("{number}{sign} ");
                // CommonMark 0.31 §5.2: no number has more than nine digits.
                *number = (*number + 1).min(999_999_999);
                first
            }
            Some((sign, None)) => format!("{sign} "),
            None => "- ".to_owned(),
        };
        let is_tight = top.is_tight && top.list.is_some();
        let rest = " ".repeat(first.len());
        OpenContainer { first: Some(first), rest, is_tight, ..OpenContainer::default() }
    }

    pub fn close(&mut self) {
        if self.is_too_deep() {
            self.too_deep -= 1;
            return;
        }
        // An item without words is its sign.
        let has_sign = self.top().first.is_some();
        if has_sign {
            self.line("");
        }
        let Some(closed) = self.open.pop() else { return };
        if self.open.is_empty() {
            self.open.push(closed);
        } else if closed.last == LastBlock::Nothing && !has_sign {
            // A quote without words is none.
            let (length, last) = closed.before;
            self.out.truncate(length);
            self.top().last = last;
        }
    }

    pub fn paragraph(&mut self, text: &str) {
        self.begin(LastBlock::Paragraph);
        text.split('\n').for_each(|line| self.line(line));
    }

    /// Writes a block that is ready, line by line.
    pub fn lines(&mut self, text: &str) {
        self.begin(LastBlock::Other);
        text.split('\n').for_each(|line| self.line(line));
    }

    /// Writes a block of code between fences that none of its lines ends.
    pub fn fenced(&mut self, text: &str, info: &str) {
        self.begin(LastBlock::Other);
        let sign = if info.contains('`') { '~' } else { '`' };
        let fence = sign.to_string().repeat(escape::longest_run(text, sign).max(2) + 1);
        self.line(&format!("{fence}{}", escape::info(info)));
        text.lines().for_each(|line| self.line(line));
        self.line(&fence);
    }

    fn top(&mut self) -> &mut OpenContainer {
        let last = self.open.len() - 1;
        &mut self.open[last]
    }

    /// Begins a block: with an empty line if one is above it that it could be part of.
    fn begin(&mut self, next: LastBlock) {
        let top = self.top();
        let joins = std::mem::take(&mut top.joins);
        let is_joined = match (top.last, next) {
            (LastBlock::Nothing, _) => true,
            _ if joins == Joins::All => true,
            (_, LastBlock::Paragraph) if joins == Joins::Paragraph => true,
            _ if top.list.is_some() => top.is_tight,
            (LastBlock::Paragraph, LastBlock::List(_)) if joins == Joins::TightList => top.is_tight,
            _ => false,
        };
        top.last = next;
        if !is_joined {
            self.empty_line();
        }
    }

    fn empty_line(&mut self) {
        let start = self.out.len();
        for container in &self.open {
            self.out.push_str(&container.rest);
        }
        let end = self.out[start..].trim_end().len();
        self.out.truncate(start + end);
        self.out.push('\n');
    }

    fn line(&mut self, text: &str) {
        let start = self.out.len();
        for container in &mut self.open {
            match container.first.take() {
                Some(first) => self.out.push_str(&first),
                None => self.out.push_str(&container.rest),
            }
        }
        if text.is_empty() {
            let end = self.out[start..].trim_end().len();
            self.out.truncate(start + end);
        }
        self.out.push_str(text);
        self.out.push('\n');
    }
}
