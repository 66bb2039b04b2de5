//! Pages and their folders or entries → [`Nav`]: the tree for the sidebar, the breadcrumbs and the
//! reading order. It follows the folders, or the entries of a navigation file with the missing
//! pages added.
//!
//! Must not know: the destinations of entries, routes, titles.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::path::{SourcePath, label_of, name_order};

/// A page of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageId(pub usize);

/// A node of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub usize);

/// The target of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NavTarget {
    /// A page of this site.
    Page(PageId),
    /// A heading of a page, by its number among those that the navigation file names.
    Section(PageId, usize),
    /// An address of another site.
    External(String),
    /// None: the entry is only the heading of the entries below it.
    Nothing,
}

/// An entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavNode {
    /// Label in the navigation file; `None` for the page's title.
    pub label: Option<String>,
    /// Its target.
    pub target: NavTarget,
    /// The entries below it, in order.
    pub children: Vec<NodeId>,
    /// The entry above it.
    pub parent: Option<NodeId>,
}

/// The navigation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Nav {
    nodes: Vec<NavNode>,
    /// The entries at the top: the parts.
    pub roots: Vec<NodeId>,
    by_page: BTreeMap<PageId, NodeId>,
    /// The only entry at the top that has others below it, if there is just one.
    pub sole_part: Option<NodeId>,
}

/// A folder of the tree with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavFolder {
    /// Its path.
    pub path: SourcePath,
    /// Its page.
    pub page: PageId,
    /// True if that page is a note; false, if it is a list that the program makes.
    pub has_note: bool,
    /// Notes, folders and links to other sites in it, in tree order.
    pub children: Vec<Child>,
}

/// A child of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Child {
    /// A note.
    Note {
        /// Its page.
        page: PageId,
        /// Its file name without extension.
        name: String,
    },
    /// A folder, by its index in the list of folders.
    Folder {
        /// Index in the list.
        index: usize,
        /// Its name.
        name: String,
    },
    /// A folder whose notes are on another site.
    External {
        /// Their address.
        url: String,
        /// The folder's name.
        name: String,
    },
}

impl Child {
    fn name(&self) -> &str {
        match self {
            Self::Note { name, .. } | Self::Folder { name, .. } | Self::External { name, .. } => {
                name
            }
        }
    }
}

/// An entry of a navigation file, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// Its depth; 0 at the top.
    pub depth: usize,
    /// Its label.
    pub label: String,
    /// Its target.
    pub target: NavTarget,
    /// True if entries below it belong to the one before it.
    pub is_further: bool,
}

/// Sorts the content of every folder in tree order; see [`name_order`].
pub fn sort(folders: &mut [NavFolder]) {
    for folder in folders {
        folder.children.sort_by(|a, b| name_order(a.name(), b.name()));
    }
}

impl Nav {
    /// The navigation that follows the folders; the first one is the root.
    #[must_use]
    pub fn from_tree(folders: &[NavFolder]) -> Self {
        let mut nav = Self::default();
        if !folders.is_empty() {
            nav.add_tree(folders, 0, None);
        }
        nav.sole_part = nav.find_sole_part();
        nav
    }

    /// The navigation that follows a file's entries, and the pages without an entry, which are
    /// added in tree order below the nearest folder that has one. An entry with the target of its
    /// parent is omitted.
    #[must_use]
    pub fn from_entries(entries: &[NavEntry], folders: &[NavFolder]) -> (Self, Vec<PageId>) {
        let mut nav = Self::default();
        // For each depth, the parent of entries that are one deeper.
        let mut path: Vec<NodeId> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            if !entry.is_further {
                path.truncate(entry.depth);
            }
            let parent = path[..entry.depth.min(path.len())].last().copied();
            let repeats = parent.is_some_and(|parent| nav.node(parent).target == entry.target);
            let has_children = !entry.is_further && has_children(entries, index);
            if repeats && entry.target != NavTarget::Nothing {
                if let Some(parent) = parent.filter(|_| has_children) {
                    path.push(parent);
                }
                continue;
            }
            if entry.target == NavTarget::Nothing && !has_children {
                continue;
            }
            let node = nav.add(parent, Some(entry.label.clone()), entry.target.clone());
            if path.len() <= entry.depth {
                path.resize(entry.depth + 1, node);
            }
        }
        nav.add_pages_of_sections();
        let listed: HashSet<PageId> = nav.by_page.keys().copied().collect();
        if !folders.is_empty() {
            let external = nav.nodes.iter().filter_map(|node| match &node.target {
                NavTarget::External(url) => Some(url.clone()),
                _ => None,
            });
            nav.add_missing(folders, 0, None, &external.collect());
        }
        let mut missed: Vec<_> =
            nav.by_page.keys().copied().filter(|page| !listed.contains(page)).collect();
        missed.sort_unstable();
        nav.sole_part = nav.find_sole_part();
        (nav, missed)
    }

    /// An entry.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &NavNode {
        &self.nodes[id.0]
    }

    /// The only entry at the top that has others below it, if there is just one.
    fn find_sole_part(&self) -> Option<NodeId> {
        let mut parts = self.roots.iter().filter(|&&root| !self.node(root).children.is_empty());
        parts.next().copied().filter(|_| parts.next().is_none())
    }

    /// The children of an entry's parent, itself among them.
    #[must_use]
    pub fn siblings(&self, id: NodeId) -> &[NodeId] {
        self.node(id).parent.map_or(&self.roots, |parent| &self.node(parent).children)
    }

    /// The page whose place in the reading order an entry is: that of its target, unless another
    /// entry is that page's.
    #[must_use]
    pub fn page_at(&self, node: NodeId) -> Option<PageId> {
        match self.node(node).target {
            NavTarget::Page(page) => Some(page),
            NavTarget::Section(page, _) => {
                Some(page).filter(|page| self.of_page(*page) == Some(node))
            }
            NavTarget::External(_) | NavTarget::Nothing => None,
        }
    }

    /// The entry of a page; `None` for a page without one.
    #[must_use]
    pub fn of_page(&self, page: PageId) -> Option<NodeId> {
        self.by_page.get(&page).copied()
    }

    /// The entries from the top down to this one, itself included.
    #[must_use]
    pub fn trail(&self, id: NodeId) -> Vec<NodeId> {
        let mut trail: Vec<_> =
            std::iter::successors(Some(id), |&id| self.node(id).parent).collect();
        trail.reverse();
        trail
    }

    /// The entries below an entry that its page lists: the outline has the headings of that page.
    pub fn listed_below(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let own = self.page_at(node);
        let is_own_heading = move |node: &NodeId| match self.node(*node).target {
            NavTarget::Section(page, _) => own == Some(page),
            _ => false,
        };
        self.node(node).children.iter().copied().filter(move |node| !is_own_heading(node))
    }

    /// The pages at an entry and below in reading order, each once.
    #[must_use]
    pub fn pages_from(&self, node: NodeId) -> Vec<PageId> {
        let mut pages = Vec::new();
        let mut seen = HashSet::new();
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            todo.extend(self.node(node).children.iter().rev());
            pages.extend(self.page_at(node).filter(|page| seen.insert(*page)));
        }
        pages
    }

    /// All entries in reading order.
    pub fn in_order(&self) -> impl Iterator<Item = NodeId> {
        let mut todo: Vec<NodeId> = self.roots.iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let next = todo.pop()?;
            todo.extend(self.node(next).children.iter().rev());
            Some(next)
        })
    }

    /// A page that has no entry but those of its headings is where the first of them is.
    fn add_pages_of_sections(&mut self) {
        let sections: Vec<(PageId, NodeId)> = self
            .in_order()
            .filter_map(|node| match self.node(node).target {
                NavTarget::Section(page, _) => Some((page, node)),
                _ => None,
            })
            .collect();
        for (page, node) in sections {
            self.by_page.entry(page).or_insert(node);
        }
    }

    fn add(&mut self, parent: Option<NodeId>, label: Option<String>, target: NavTarget) -> NodeId {
        let id = NodeId(self.nodes.len());
        if let NavTarget::Page(page) = target {
            self.by_page.entry(page).or_insert(id);
        }
        self.nodes.push(NavNode { label, target, children: Vec::new(), parent });
        match parent {
            Some(parent) => self.nodes[parent.0].children.push(id),
            None => self.roots.push(id),
        }
        id
    }

    /// Adds the content of a folder, in tree order.
    fn add_tree(&mut self, folders: &[NavFolder], index: usize, host: Option<NodeId>) {
        for child in &folders[index].children {
            match child {
                Child::Note { page, .. } => {
                    self.add(host, None, NavTarget::Page(*page));
                }
                Child::External { url, name } => {
                    self.add(host, Some(label_of(name)), NavTarget::External(url.clone()));
                }
                Child::Folder { index, .. } => {
                    let node = self.add(host, None, NavTarget::Page(folders[*index].page));
                    self.add_tree(folders, *index, Some(node));
                }
            }
        }
    }

    /// Adds the pages that have no entry yet: notes below the entry of their folder or the nearest
    /// one above it; a folder if it has a note of its own or a note without an entry. The root's
    /// page needs no entry.
    fn add_missing(
        &mut self,
        folders: &[NavFolder],
        index: usize,
        host: Option<NodeId>,
        external: &HashSet<String>,
    ) {
        let folder = &folders[index];
        let is_missing = |child: &Child| matches!(child, Child::Note { page, .. } if self.of_page(*page).is_none());
        let needs_entry = folder.has_note || folder.children.iter().any(is_missing);
        let mut node = self.of_page(folder.page);
        if node.is_none() && needs_entry && !folder.path.is_root() {
            node = Some(self.add(host, None, NavTarget::Page(folder.page)));
        }
        let host = node.filter(|_| !folder.path.is_root()).or(host);
        for child in &folder.children {
            match child {
                Child::Note { page, .. } if self.of_page(*page).is_none() => {
                    self.add(host, None, NavTarget::Page(*page));
                }
                Child::External { url, name } if !external.contains(url) => {
                    self.add(host, Some(label_of(name)), NavTarget::External(url.clone()));
                }
                Child::Folder { index, .. } => self.add_missing(folders, *index, host, external),
                Child::Note { .. } | Child::External { .. } => {}
            }
        }
    }
}

/// True if entries below this one follow, those beside it on its line left out.
fn has_children(entries: &[NavEntry], index: usize) -> bool {
    let next = entries[index + 1..].iter().find(|next| !next.is_further);
    next.is_some_and(|next| next.depth > entries[index].depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The root with page 0, note 1, folder a with page 2 and notes 3 and 4, and an external
    /// address.
    fn folders(has_note: bool) -> Vec<NavFolder> {
        let note = |page, name: &str| Child::Note { page: PageId(page), name: name.to_owned() };
        let mut folders = vec![
            NavFolder {
                path: SourcePath::root(),
                page: PageId(0),
                has_note: true,
                children: vec![
                    Child::Folder { index: 1, name: "02~a".to_owned() },
                    note(1, "10~n"),
                    Child::External { url: "https://e.org".to_owned(), name: "01~away".to_owned() },
                ],
            },
            NavFolder {
                path: SourcePath::new("02~a").unwrap(),
                page: PageId(2),
                has_note,
                children: vec![note(3, "b"), note(4, "c")],
            },
        ];
        sort(&mut folders);
        folders
    }

    fn shown(nav: &Nav) -> String {
        fn node(nav: &Nav, id: NodeId) -> String {
            let node_ = nav.node(id);
            let own = match &node_.target {
                NavTarget::Page(page) => page.0.to_string(),
                NavTarget::Section(page, number) => format!("{}#{number}", page.0),
                NavTarget::External(url) => url.clone(),
                NavTarget::Nothing => node_.label.clone().unwrap_or_default(),
            };
            let children: Vec<_> = node_.children.iter().map(|&child| node(nav, child)).collect();
            if children.is_empty() { own } else { format!("{own}({})", children.join(" ")) }
        }
        nav.roots.iter().map(|&root| node(nav, root)).collect::<Vec<_>>().join(" ")
    }

    fn entry(depth: usize, label: &str, page: Option<usize>) -> NavEntry {
        let target = page.map_or(NavTarget::Nothing, |page| NavTarget::Page(PageId(page)));
        NavEntry { depth, label: label.to_owned(), target, is_further: false }
    }

    fn section(depth: usize, page: usize, number: usize) -> NavEntry {
        let target = NavTarget::Section(PageId(page), number);
        NavEntry { target, ..entry(depth, "§", None) }
    }

    #[test]
    fn headings_are_entries_and_no_second_place_of_their_page() {
        for (entries, expected, place) in [
            (
                vec![entry(0, "n", Some(1)), section(1, 1, 0), section(1, 1, 1)],
                "1(1#0 1#1) https://e.org 2(3 4)",
                "1",
            ),
            // Before its page's own entry.
            (vec![section(0, 1, 0), entry(0, "n", Some(1))], "1#0 1 https://e.org 2(3 4)", "1"),
            // Without one: the first is the page's place.
            (vec![section(0, 1, 0), section(0, 1, 1)], "1#0 1#1 https://e.org 2(3 4)", "1#0"),
        ] {
            let (nav, missed) = Nav::from_entries(&entries, &folders(false));
            assert_eq!(shown(&nav), expected);
            assert!(!missed.contains(&PageId(1)), "{expected}");
            let places: Vec<_> =
                nav.in_order().filter(|&node| nav.page_at(node) == Some(PageId(1))).collect();
            let places = places.into_iter().map(|node| match nav.node(node).target {
                NavTarget::Section(page, number) => format!("{}#{number}", page.0),
                _ => "1".to_owned(),
            });
            assert_eq!(places.collect::<Vec<_>>(), [place], "{expected}");
        }
    }

    #[test]
    fn entries_below_a_line_belong_to_the_first_of_it() {
        let further = |page| NavEntry { is_further: true, ..entry(0, "beside", Some(page)) };
        for (entries, expected) in [
            (
                vec![entry(0, "a", Some(2)), further(1), entry(1, "b", Some(3))],
                "2(3 4) 1 https://e.org",
            ),
            (
                vec![entry(0, "label", None), further(1), entry(1, "b", Some(3))],
                "label(3) 1 https://e.org 2(4)",
            ),
        ] {
            assert_eq!(shown(&Nav::from_entries(&entries, &folders(false)).0), expected);
        }
    }

    #[test]
    fn the_tree_in_its_order() {
        assert_eq!(shown(&Nav::from_tree(&folders(false))), "https://e.org 2(3 4) 1");
    }

    #[test]
    fn entries_come_first_and_missing_pages_are_added() {
        for (entries, expected, missed) in [
            (
                vec![
                    entry(0, "a", Some(2)),
                    entry(1, "Introduction", Some(2)),
                    entry(1, "c", Some(4)),
                ],
                "2(4 3) https://e.org 1",
                vec![1, 3],
            ),
            (
                vec![entry(0, "Part", None), entry(1, "n", Some(1))],
                "Part(1) https://e.org 2(3 4)",
                vec![2, 3, 4],
            ),
            (
                vec![entry(0, "Empty", None), entry(0, "n", Some(1)), entry(0, "a", Some(2))],
                "1 2(3 4) https://e.org",
                vec![3, 4],
            ),
            (
                vec![
                    entry(0, "b", Some(3)),
                    entry(2, "skips a level", Some(4)),
                    entry(0, "n", Some(1)),
                ],
                "3(4) 1 https://e.org",
                vec![],
            ),
        ] {
            let (nav, found) = Nav::from_entries(&entries, &folders(false));
            assert_eq!(shown(&nav), expected);
            assert_eq!(found, missed.into_iter().map(PageId).collect::<Vec<_>>(), "{expected}");
        }
    }

    #[test]
    fn trails_siblings_and_order() {
        let nav = Nav::from_tree(&folders(true));
        let b = nav.of_page(PageId(3)).unwrap();
        assert_eq!(nav.trail(b).len(), 2);
        assert_eq!(nav.siblings(b).len(), 2);
        let order: Vec<_> = nav.in_order().map(|id| nav.node(id).target.clone()).collect();
        assert_eq!(order.len(), 5);
        assert_eq!(order[1..], [2, 3, 4, 1].map(|page| NavTarget::Page(PageId(page))));
    }
}
