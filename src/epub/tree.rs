//! The HTML of a text → the tree that a browser would make of it, in one list of nodes.
//!
//! Must not know: what is allowed in a book.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::interface::{
    Attribute, ElementFlags, ExpandedName, NodeOrText, QualName, QuirksMode, TreeSink,
};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{LocalName, local_name, ns};

/// A node, by its place in the list.
pub(super) type Node = usize;

/// The root of a tree.
pub(super) const ROOT: Node = 0;

/// The content of a node.
#[derive(Debug)]
pub(super) enum NodeContent {
    /// The root, or a node of which nothing is shown.
    Nothing,
    Text(StrTendril),
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
}

/// A node of the tree.
#[derive(Debug)]
struct TreeNode {
    content: NodeContent,
    parent: Option<Node>,
    children: Vec<Node>,
}

/// A tree.
#[derive(Debug)]
pub(super) struct HtmlTree {
    nodes: Vec<TreeNode>,
}

fn html_element(name: &str) -> QualName {
    QualName::new(None, ns!(html), LocalName::from(name))
}

/// A tree while it is made.
struct GrowingTree(RefCell<HtmlTree>);

impl HtmlTree {
    /// The tree of a text in the body of a page.
    pub fn of(html: &str) -> Self {
        let body = QualName::new(None, ns!(html), local_name!("body"));
        let tree = RefCell::new(Self { nodes: Vec::new() });
        tree.borrow_mut().add(NodeContent::Nothing);
        let parser = html5ever::parse_fragment(
            GrowingTree(tree),
            html5ever::ParseOpts::default(),
            body,
            Vec::new(),
            false,
        );
        let mut tree = parser.one(html);
        // A fragment is within an element that stands for the page.
        let around = tree.nodes[ROOT].children.clone();
        let inside: Vec<Node> = around
            .iter()
            .flat_map(|page| std::mem::take(&mut tree.nodes[*page].children))
            .collect();
        for node in &inside {
            tree.nodes[*node].parent = Some(ROOT);
        }
        tree.nodes[ROOT].children = inside;
        tree
    }

    fn add(&mut self, content: NodeContent) -> Node {
        self.nodes.push(TreeNode { content, parent: None, children: Vec::new() });
        self.nodes.len() - 1
    }

    pub fn content(&self, node: Node) -> &NodeContent {
        &self.nodes[node].content
    }

    pub fn content_mut(&mut self, node: Node) -> &mut NodeContent {
        &mut self.nodes[node].content
    }

    pub fn children(&self, node: Node) -> &[Node] {
        &self.nodes[node].children
    }

    /// Gives a node other children. Those that it had before and has no more are nowhere.
    pub fn set_children(&mut self, node: Node, children: Vec<Node>) {
        for child in &children {
            self.nodes[*child].parent = Some(node);
        }
        self.nodes[node].children = children;
    }

    /// The name of an element of HTML; empty for everything else.
    pub fn html_name(&self, node: Node) -> &str {
        match &self.nodes[node].content {
            NodeContent::Element { name, .. } if name.ns == ns!(html) => &name.local,
            _ => "",
        }
    }

    /// The value of an attribute of an element.
    pub fn attribute(&self, node: Node, wanted: &str) -> Option<&str> {
        let NodeContent::Element { attributes, .. } = &self.nodes[node].content else {
            return None;
        };
        let found = attributes.iter().find(|attribute| *attribute.name.local == *wanted)?;
        Some(&found.value)
    }

    /// Gives an element of HTML another name.
    pub fn rename(&mut self, node: Node, name: &str) {
        if let NodeContent::Element { name: old, .. } = &mut self.nodes[node].content {
            *old = html_element(name);
        }
    }

    /// Makes a new element of HTML without attributes.
    pub fn new_element(&mut self, name: &str, children: Vec<Node>) -> Node {
        let node =
            self.add(NodeContent::Element { name: html_element(name), attributes: Vec::new() });
        self.set_children(node, children);
        node
    }

    fn detach(&mut self, node: Node) {
        if let Some(parent) = self.nodes[node].parent.take() {
            // Nearly always the last.
            let children = &mut self.nodes[parent].children;
            if let Some(place) = children.iter().rposition(|child| *child == node) {
                children.remove(place);
            }
        }
    }

    /// Puts a node or text into a parent: before the child at a place, or at the end.
    fn insert(&mut self, parent: Node, place: usize, child: NodeOrText<Node>) {
        let child = match child {
            NodeOrText::AppendNode(node) => {
                self.detach(node);
                node
            }
            NodeOrText::AppendText(text) => {
                let before = place.checked_sub(1).map(|before| self.nodes[parent].children[before]);
                if let Some(before) = before
                    && let NodeContent::Text(earlier) = &mut self.nodes[before].content
                {
                    earlier.push_tendril(&text);
                    return;
                }
                self.add(NodeContent::Text(text))
            }
        };
        self.nodes[child].parent = Some(parent);
        let place = place.min(self.nodes[parent].children.len());
        self.nodes[parent].children.insert(place, child);
    }
}

impl TreeSink for GrowingTree {
    type Handle = Node;
    type Output = HtmlTree;
    type ElemName<'a> = ExpandedOf<'a>;

    fn finish(self) -> HtmlTree {
        self.0.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Node {
        ROOT
    }

    fn elem_name<'a>(&'a self, node: &'a Node) -> ExpandedOf<'a> {
        ExpandedOf(Ref::map(self.0.borrow(), |tree| &tree.nodes[*node].content))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Node {
        self.0.borrow_mut().add(NodeContent::Element { name, attributes })
    }

    fn create_comment(&self, _: StrTendril) -> Node {
        self.0.borrow_mut().add(NodeContent::Nothing)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Node {
        self.0.borrow_mut().add(NodeContent::Nothing)
    }

    fn append(&self, parent: &Node, child: NodeOrText<Node>) {
        let mut tree = self.0.borrow_mut();
        let end = tree.nodes[*parent].children.len();
        tree.insert(*parent, end, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Node,
        previous: &Node,
        child: NodeOrText<Node>,
    ) {
        let has_parent = self.0.borrow().nodes[*element].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// A template holds its content like any other element.
    fn get_template_contents(&self, template: &Node) -> Node {
        *template
    }

    fn same_node(&self, one: &Node, other: &Node) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Node, child: NodeOrText<Node>) {
        let mut tree = self.0.borrow_mut();
        if let NodeOrText::AppendNode(node) = &child {
            tree.detach(*node);
        }
        let Some(parent) = tree.nodes[*sibling].parent else { return };
        let place = tree.nodes[parent].children.iter().rposition(|child| child == sibling);
        tree.insert(parent, place.unwrap_or_default(), child);
    }

    fn add_attrs_if_missing(&self, node: &Node, more: Vec<Attribute>) {
        let mut tree = self.0.borrow_mut();
        if let NodeContent::Element { attributes, .. } = &mut tree.nodes[*node].content {
            for attribute in more {
                if attributes.iter().all(|known| known.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, node: &Node) {
        self.0.borrow_mut().detach(*node);
    }

    fn reparent_children(&self, node: &Node, parent: &Node) {
        let mut tree = self.0.borrow_mut();
        let children = std::mem::take(&mut tree.nodes[*node].children);
        for child in &children {
            tree.nodes[*child].parent = Some(*parent);
        }
        tree.nodes[*parent].children.extend(children);
    }
}

/// The name of an element of a tree that is being made.
#[derive(Debug)]
pub(super) struct ExpandedOf<'a>(Ref<'a, NodeContent>);

impl ExpandedOf<'_> {
    fn name(&self) -> &QualName {
        match &*self.0 {
            NodeContent::Element { name, .. } => name,
            // The parser asks for the names of elements alone.
            NodeContent::Nothing | NodeContent::Text(_) => unreachable!("only elements have names"),
        }
    }
}

impl html5ever::interface::ElemName for ExpandedOf<'_> {
    fn ns(&self) -> &html5ever::Namespace {
        &self.name().ns
    }

    fn local_name(&self) -> &LocalName {
        &self.name().local
    }

    fn expanded(&self) -> ExpandedName<'_> {
        self.name().expanded()
    }
}
