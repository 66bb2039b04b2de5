//! The entries from the top of the navigation down to a page → those that the page shows: of a deep
//! way its first and its last few, so that a page grows with its depth and not with the square.
//!
//! Must not know: HTML, templates.

use crate::nav::{Nav, NodeId};

/// Entries at the end of a way that are shown.
const MOST_LAST: usize = 6;
/// Text of the link to the entries that are not shown.
pub(super) const GAP: &str = "…";

/// The entries of a way that are shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownTrail {
    /// The first ones.
    pub first: Vec<NodeId>,
    /// The lowest entry that is not shown; its page shows those above it.
    pub hidden: Option<NodeId>,
    /// The last ones, if some between are not shown.
    pub last: Vec<NodeId>,
}

impl ShownTrail {
    /// A whole way down to an entry, itself included.
    pub fn down_to(nav: &Nav, node: NodeId) -> Self {
        Self::of(nav.trail(node))
    }

    /// A whole way down to an entry, without that.
    pub fn above(nav: &Nav, node: NodeId) -> Self {
        let mut trail = nav.trail(node);
        trail.pop();
        Self::of(trail)
    }

    /// True if an entry is the last one of the way.
    pub fn ends_in(&self, node: NodeId) -> bool {
        self.last.last().or(self.first.last()) == Some(&node)
    }

    fn of(mut trail: Vec<NodeId>) -> Self {
        // A gap in place of one entry would save nothing.
        if trail.len() <= MOST_LAST + 2 {
            return Self { first: trail, hidden: None, last: Vec::new() };
        }
        let last = trail.split_off(trail.len() - MOST_LAST);
        let hidden = trail.last().copied();
        trail.truncate(1);
        Self { first: trail, hidden, last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_deep_way_the_ends_are_shown() {
        let trail = |depth: usize| (0..depth).map(NodeId).collect::<Vec<_>>();
        for depth in [0, 1, 8] {
            let shown = ShownTrail { first: trail(depth), hidden: None, last: Vec::new() };
            assert_eq!(ShownTrail::of(trail(depth)), shown);
        }
        let last = (294..300).map(NodeId).collect();
        let shown = ShownTrail { first: vec![NodeId(0)], hidden: Some(NodeId(293)), last };
        assert_eq!(ShownTrail::of(trail(300)), shown);
    }
}
