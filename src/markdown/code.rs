//! stub
use std::ops::RangeInclusive;
use pulldown_cmark::{CodeBlockKind, Event, Tag};
use super::{Draft, Fill, Item, Placed, Rules, end_of, plain_text, link};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct CodeBlock { pub language: Option<String>, pub file: Option<String>, pub marked: Vec<RangeInclusive<u32>>, pub text: String }

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedCode { pub block: CodeBlock, pub line: u32 }
impl CodeBlock { pub fn html(&self) -> (String, Option<crate::diagnostic::Diagnostic>) { (super::text::escaped(&self.text), None) } }
/// Turns code blocks into holes and registers them.
pub(crate) fn punch<'a>(items: Vec<Placed<'a>>, draft: &mut Draft<'_>) -> Vec<Placed<'a>> {
    let mut result = Vec::with_capacity(items.len());
    let mut index = 0;
    while index < items.len() {
        let (Item::Event(Event::Start(Tag::CodeBlock(_))), _) = &items[index] else {
            result.push(items[index].clone());
            index += 1;
            continue;
        };
        let end = end_of(&items, index);
        let line = draft.lines.of(items[index].1.start); draft.parsed.codes.push(PlacedCode { line, block: CodeBlock { text: items[index+1..end].iter().map(|(i,_)| match i { Item::Event(Event::Text(t)) => t.to_string(), _ => String::new() }).collect(), ..CodeBlock::default() } });
        result.push(items[index].clone());
        result.push((Item::Hole(Fill::Code(draft.parsed.codes.len() - 1)), items[index].1.clone()));
        result.push(items[end].clone());
        index = end + 1;
    }
    result
}
