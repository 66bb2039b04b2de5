//! The tree of a note → the same with the elements of books, each where it may be: links within no
//! links, blocks within no lines of text, list items within lists.
//!
//! Must not know: the addresses of pictures and chapters, how a tree is written.

use std::collections::HashSet;

use super::element::{self, Treatment};
use super::tree::{HtmlTree, Node, NodeContent, ROOT};
use html5ever::{LocalName, QualName, ns};

/// The part of a node's surroundings that decides what it may be.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
struct NodeSurroundings {
    link: bool,
    /// A cell at the head of a row or column, or a term.
    head: bool,
    /// A formula or a drawing.
    foreign: bool,
    definition: bool,
}

/// Brings a tree into order. `leads` says if the address of a link leads somewhere.
pub(super) fn bring_into_order(tree: &mut HtmlTree, leads: impl Fn(&str) -> bool) {
    let order = surroundings(tree);
    let mut sorter = TreeSorter { tree, leads, dissolved: Vec::new(), open_blocks: HashSet::new() };
    for (node, within) in order.into_iter().rev() {
        sorter.settle(node, within);
    }
}

/// All nodes, each before those within it, and what they are within.
fn surroundings(tree: &HtmlTree) -> Vec<(Node, NodeSurroundings)> {
    let mut order = Vec::new();
    let mut todo = vec![(ROOT, NodeSurroundings::default())];
    while let Some((node, within)) = todo.pop() {
        order.push((node, within));
        let name = tree.html_name(node);
        let is_foreign =
            matches!(tree.content(node), NodeContent::Element { name, .. } if name.ns != ns!(html));
        let inner = NodeSurroundings {
            link: within.link || name == "a",
            head: within.head || matches!(name, "th" | "dt"),
            foreign: within.foreign || is_foreign,
            definition: within.definition || name == "dfn",
        };
        todo.extend(tree.children(node).iter().rev().map(|child| (*child, inner)));
    }
    order
}

struct TreeSorter<'t, L> {
    tree: &'t mut HtmlTree,
    leads: L,
    /// The nodes whose content stands in their place, by node.
    dissolved: Vec<bool>,
    /// The links and changes that hold blocks.
    open_blocks: HashSet<Node>,
}

impl<L: Fn(&str) -> bool> TreeSorter<'_, L> {
    /// Settles a node whose children are settled.
    fn settle(&mut self, node: Node, within: NodeSurroundings) {
        self.take_in_dissolved(node);
        let NodeContent::Element { name, .. } = self.tree.content(node) else {
            if node == ROOT {
                self.fit_children(node);
            }
            return;
        };
        if name.ns != ns!(html) {
            let is_math = name.ns == ns!(mathml);
            if !element::is_foreign(&name.local, is_math) {
                self.set_dissolved(node);
                return;
            }
            let is_formula = name.local == *"math";
            // Only a program writes formulas; what a person puts into the element is text.
            if is_formula
                && !self.tree.children(node).iter().all(|child| self.is_of_formula(*child))
            {
                self.tree.rename(node, "span");
                self.fit(node, within);
            }
            return;
        }
        let name = name.local.to_string();
        // A text in a formula or drawing is text alone.
        if within.foreign {
            self.set_dissolved(node);
            return;
        }
        match element::treatment(&name) {
            Treatment::Nothing => self.remove(node, &name),
            Treatment::Content => self.dissolve(node),
            Treatment::As(wanted) => {
                self.name(node, &name, wanted);
                self.fit(node, within);
            }
        }
    }

    /// Puts the content of dissolved children in their place.
    fn take_in_dissolved(&mut self, node: Node) {
        let is_dissolved = |child: &Node| self.dissolved.get(*child).copied().unwrap_or_default();
        if !self.tree.children(node).iter().any(is_dissolved) {
            return;
        }
        let mut children = Vec::new();
        for child in self.tree.children(node) {
            if is_dissolved(child) {
                children.extend_from_slice(self.tree.children(*child));
            } else {
                children.push(*child);
            }
        }
        self.tree.set_children(node, children);
    }

    fn dissolve(&mut self, node: Node) {
        // A place that something leads to stays.
        if self.tree.attribute(node, "id").is_some() {
            let has_block = self.has_block(node);
            self.tree.rename(node, if has_block { "div" } else { "span" });
            self.fit_children(node);
            return;
        }
        self.set_dissolved(node);
    }

    fn set_dissolved(&mut self, node: Node) {
        if self.dissolved.len() <= node {
            self.dissolved.resize(node + 1, false);
        }
        self.dissolved[node] = true;
    }

    /// Takes an element out. The sign of a task stays, as a character.
    fn remove(&mut self, node: Node, name: &str) {
        let is_task = name == "input" && self.tree.attribute(node, "type") == Some("checkbox");
        let sign = if self.tree.attribute(node, "checked").is_some() { "☑" } else { "☐" };
        self.tree.set_children(node, Vec::new());
        *self.tree.content_mut(node) =
            if is_task { NodeContent::Text(sign.into()) } else { NodeContent::Nothing };
    }

    /// Gives an element its name, and the class that says what it was.
    fn name(&mut self, node: Node, name: &str, wanted: &str) {
        self.tree.rename(node, wanted);
        match name {
            "summary" => self.add_class(node, "box-title"),
            "center" => self.add_class(node, "center"),
            _ => {}
        }
    }

    fn add_class(&mut self, node: Node, class: &str) {
        let NodeContent::Element { attributes, .. } = self.tree.content_mut(node) else { return };
        match attributes.iter_mut().find(|attribute| *attribute.name.local == *"class") {
            Some(attribute) => attribute.value = format!("{} {class}", attribute.value).into(),
            None => attributes.push(html5ever::Attribute {
                name: QualName::new(None, ns!(), LocalName::from("class")),
                value: class.into(),
            }),
        }
    }

    /// Makes an element fit into its surroundings, and its children into it.
    fn fit(&mut self, node: Node, within: NodeSurroundings) {
        self.fit_children(node);
        match self.tree.html_name(node) {
            "a" => {
                let leads =
                    self.tree.attribute(node, "href").is_some_and(|href| (self.leads)(href));
                if within.link || !leads {
                    self.dissolve(node);
                }
            }
            "ul" | "ol" => self.put_into(node, "li", &["li"]),
            "tr" => self.put_into(node, "td", &["td", "th"]),
            "dl" => self.definitions(node),
            "table" => self.table(node),
            "figure" => self.caption(node),
            "ruby" => self.ruby(node),
            name if within.head && element::is_heading(name) => {
                self.tree.rename(node, if self.has_block(node) { "div" } else { "p" });
            }
            "article" | "aside" | "section" if within.head => self.tree.rename(node, "div"),
            _ => {}
        }
        let name = self.tree.html_name(node);
        // These hold what may be around them.
        let is_open = matches!(name, "a" | "ins" | "del");
        if element::holds_text(name) && self.has_block(node) {
            if is_open {
                self.open_blocks.insert(node);
            } else {
                self.tree.rename(node, "div");
            }
        } else if (name == "bdo" && !self.has_direction(node))
            || (name == "dfn" && within.definition)
        {
            self.tree.rename(node, "span");
        }
    }

    fn has_direction(&self, node: Node) -> bool {
        matches!(self.tree.attribute(node, "dir"), Some("ltr" | "rtl" | "auto"))
    }

    /// True for what a formula may hold.
    fn is_of_formula(&self, node: Node) -> bool {
        match self.tree.content(node) {
            NodeContent::Element { name, .. } => name.ns == ns!(mathml) && name.local != *"math",
            NodeContent::Nothing | NodeContent::Text(_) => self.is_blank(node),
        }
    }

    /// A ruby text is one if each of its readings has a text before it, and the text a reading;
    /// else it is text.
    fn ruby(&mut self, ruby: Node) {
        let children: Vec<Node> = self.not_blank(ruby);
        let names: Vec<&str> = children.iter().map(|child| self.tree.html_name(*child)).collect();
        let is_reading = |name: &&str| matches!(*name, "rt" | "rp");
        let signs = |at: usize| names.get(at).is_some_and(|name| *name == "rp");
        let mut is_sound = names.last().is_some_and(is_reading) && !self.has_block(ruby);
        for (at, name) in names.iter().enumerate() {
            let (before, behind) = (at.checked_sub(1), at + 1);
            is_sound &= match *name {
                "rt" => {
                    let first = if before.is_some_and(signs) { at.checked_sub(2) } else { before };
                    first.is_some_and(|first| !is_reading(&names[first]))
                        && before.is_some_and(signs) == signs(behind)
                }
                "rp" => {
                    let is_beside = |at: usize| names.get(at).is_some_and(|name| *name == "rt");
                    before.is_some_and(is_beside) != is_beside(behind)
                }
                _ => true,
            };
        }
        if !is_sound {
            for child in &children {
                if is_reading(&self.tree.html_name(*child)) {
                    self.tree.rename(*child, "span");
                }
            }
            self.tree.rename(ruby, "span");
        }
    }

    fn not_blank(&self, node: Node) -> Vec<Node> {
        self.tree.children(node).iter().copied().filter(|child| !self.is_blank(*child)).collect()
    }

    fn has_block(&self, node: Node) -> bool {
        self.tree.children(node).iter().any(|child| self.is_block(*child))
    }

    fn is_block(&self, node: Node) -> bool {
        match self.tree.html_name(node) {
            "a" | "ins" | "del" => self.open_blocks.contains(&node),
            name => element::is_block(name),
        }
    }

    fn is_blank(&self, node: Node) -> bool {
        match self.tree.content(node) {
            NodeContent::Nothing => true,
            NodeContent::Text(text) => text.chars().all(|c| c.is_ascii_whitespace()),
            NodeContent::Element { .. } => false,
        }
    }

    /// Renames children that need another parent.
    fn fit_children(&mut self, node: Node) {
        let parent = self.tree.html_name(node).to_owned();
        for child in self.tree.children(node).to_vec() {
            let wanted = match (self.tree.html_name(child), &*parent) {
                ("li", "ul" | "ol")
                | ("dt" | "dd", "dl")
                | ("figcaption", "figure")
                | ("rt" | "rp", "ruby") => continue,
                ("li" | "dt" | "dd" | "figcaption", _) => "div",
                ("rt" | "rp", _) => "span",
                _ => continue,
            };
            self.tree.rename(child, wanted);
        }
    }

    /// Puts each child that is not of a kind into one that is: text into an item of a list.
    fn put_into(&mut self, node: Node, wanted: &str, kinds: &[&str]) {
        let mut children = Vec::new();
        for child in self.not_blank(node) {
            if kinds.contains(&self.tree.html_name(child)) {
                children.push(child);
            } else {
                children.push(self.tree.new_element(wanted, vec![child]));
            }
        }
        self.tree.set_children(node, children);
    }

    /// A list of terms is one if each term has a definition behind it; else it is text.
    fn definitions(&mut self, list: Node) {
        let children = self.not_blank(list);
        let names: Vec<&str> = children.iter().map(|child| self.tree.html_name(*child)).collect();
        let begins = names.first() == Some(&"dt") && names.last() == Some(&"dd");
        let is_list = begins && names.iter().all(|name| matches!(*name, "dt" | "dd"));
        if !is_list {
            for child in &children {
                if matches!(self.tree.html_name(*child), "dt" | "dd") {
                    self.tree.rename(*child, "div");
                }
            }
            self.tree.rename(list, "div");
        }
        self.tree.set_children(list, children);
    }

    /// The parts of a table in their order: one caption, columns, one head, rows.
    fn table(&mut self, table: Node) {
        let mut children = self.not_blank(table);
        children.sort_by_key(|child| element::rank_in_table(self.tree.html_name(*child)));
        let mut captions = Vec::new();
        let mut has_head = false;
        let mut parts = Vec::new();
        for child in children {
            match self.tree.html_name(child) {
                "caption" => captions.push(child),
                "thead" if has_head => {
                    self.tree.rename(child, "tbody");
                    parts.push(child);
                }
                "tfoot" => {
                    self.tree.rename(child, "tbody");
                    parts.push(child);
                }
                name @ ("colgroup" | "thead" | "tbody") => {
                    has_head |= name == "thead";
                    parts.push(child);
                }
                // A form, which readers of HTML let be here.
                _ if self.tree.children(child).is_empty() => {}
                _ => {
                    let cell = self.tree.new_element("td", vec![child]);
                    let row = self.tree.new_element("tr", vec![cell]);
                    parts.push(self.tree.new_element("tbody", vec![row]));
                }
            }
        }
        if let [first, others @ ..] = &captions[..] {
            let mut words = self.tree.children(*first).to_vec();
            words.extend(others.iter().flat_map(|other| self.tree.children(*other).to_vec()));
            self.tree.set_children(*first, words);
            parts.insert(0, *first);
        }
        self.tree.set_children(table, parts);
    }

    /// A figure has one caption, before or behind everything else.
    fn caption(&mut self, figure: Node) {
        let children = self.not_blank(figure);
        // The source of a drawing is for pages, where it is behind a button.
        let is_drawing = self.tree.attribute(figure, "class") == Some("diagram");
        let children: Vec<Node> = children
            .into_iter()
            .filter(|child| !is_drawing || !matches!(self.tree.html_name(*child), "div" | "p"))
            .collect();
        let is_caption = |child: &Node| self.tree.html_name(*child) == "figcaption";
        let count = children.iter().filter(|child| is_caption(child)).count();
        let at_end =
            children.first().is_some_and(is_caption) || children.last().is_some_and(is_caption);
        if count > 1 || (count == 1 && !at_end) {
            for child in &children {
                if self.tree.html_name(*child) == "figcaption" {
                    self.tree.rename(*child, "div");
                }
            }
        }
        self.tree.set_children(figure, children);
    }
}
