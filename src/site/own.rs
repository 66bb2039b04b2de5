//! The program's own outputs, beside the pages of notes and folders: their names and the rule by
//! which each gets its route.
//!
//! Must not know: the content of an output.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::nav::{NodeId, PageId};
use crate::path::{Route, SourcePath};

use super::split::{EbookPart, ListPart, PaperPart};

/// An output of the program's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Own {
    /// A page for paper of each part of the navigation that has more than one page.
    Part,
    /// The further pages of lists that are too long for one.
    ListPart,
    /// The page with the whole navigation.
    Contents,
    /// The page with the notes that were changed last, by day.
    Changes,
    /// The page of all tags; none if no note has one.
    Tags,
    /// The pages of the tags.
    Tag,
    /// The page of all terms.
    Terms,
    /// The page of search results.
    Search,
    /// The pages of the library; none if the notes link to nothing that belongs there.
    LibraryPage,
    /// The page for addresses that lead nowhere.
    NotFound,
    /// The list of pages for search engines.
    Sitemap,
    /// The feed of the last changes.
    Feed,
    /// The feeds of the parts of the navigation.
    PartFeed,
    /// The rules for robots.
    Robots,
    /// The list of notes for language models.
    Llms,
    /// The list of the texts of parts.
    LlmsFull,
    /// The Markdown of all notes of a part of the navigation, in one file.
    FullText,
    /// The Markdown of each note, in the order of the notes.
    Markdown,
    /// The e-books of all notes and of each part of the navigation.
    Ebook,
    /// The title and parts of the site, for sites that are read together with it.
    Book,
    /// The web app manifest.
    Manifest,
    /// The worker that keeps pages in the browser, for readers without a network.
    Worker,
    /// The list of the files that the worker keeps of the whole site.
    OfflineSite,
    /// The lists of those that it keeps of a part of the navigation.
    OfflinePart,
    /// The mark that keeps GitHub Pages from leaving out files whose names begin with `_`.
    NoJekyll,
    /// The script with the whole navigation.
    Tree,
    /// The script with the words of the interface.
    Words,
    /// The script with the library.
    LibraryScript,
    /// The icon in browsers' tabs, where the writer has none.
    Icon,
}

/// The rule by which an output gets its route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// At the site's root under this name, or the name with a number if it is taken.
    Root(&'static str),
    /// At the site's root under this name or nowhere, for others look for it there. A file of the
    /// writer's comes first.
    RootOnly(&'static str),
    /// In the folder of static files.
    Static(&'static str),
    /// As many routes as there are names, wherever those want to be.
    Several,
}

/// All of them, in the order in which they get their routes.
pub(super) const OWN: [(Own, Placement); 29] = [
    (Own::Tree, Placement::Static("tree.js")),
    (Own::Words, Placement::Static("words.js")),
    (Own::LibraryScript, Placement::Static("library.js")),
    (Own::Icon, Placement::Static("icon.svg")),
    (Own::OfflineSite, Placement::Static("offline.json")),
    (Own::Part, Placement::Several),
    (Own::ListPart, Placement::Several),
    (Own::Contents, Placement::Root("contents.html")),
    (Own::Search, Placement::Root("search.html")),
    (Own::Changes, Placement::Root("changes.html")),
    (Own::Terms, Placement::Root("terms.html")),
    (Own::LibraryPage, Placement::Several),
    (Own::Tags, Placement::Several),
    (Own::Tag, Placement::Several),
    (Own::NotFound, Placement::RootOnly("404.html")),
    (Own::Sitemap, Placement::RootOnly("sitemap.xml")),
    (Own::Feed, Placement::RootOnly("feed.xml")),
    (Own::PartFeed, Placement::Several),
    (Own::Robots, Placement::RootOnly("robots.txt")),
    (Own::Llms, Placement::RootOnly("llms.txt")),
    (Own::LlmsFull, Placement::RootOnly("llms-full.txt")),
    (Own::Book, Placement::RootOnly("book.json")),
    (Own::Manifest, Placement::RootOnly("manifest.webmanifest")),
    (Own::Worker, Placement::RootOnly("offline.js")),
    (Own::OfflinePart, Placement::Several),
    (Own::NoJekyll, Placement::RootOnly(".nojekyll")),
    (Own::FullText, Placement::Several),
    (Own::Markdown, Placement::Several),
    (Own::Ebook, Placement::Several),
];

/// All outputs of the program's own.
pub fn own_outputs() -> impl Iterator<Item = Own> {
    OWN.iter().map(|(own, _)| *own)
}

/// The names of those in the folder of static files.
pub(super) fn static_names() -> impl Iterator<Item = &'static str> {
    OWN.iter().filter_map(|(_, placement)| match placement {
        Placement::Static(name) => Some(*name),
        _ => None,
    })
}

/// The routes of the program's own outputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRoutes {
    /// The folder of the theme's files.
    pub static_folder: Route,
    /// The pages for paper of parts of the navigation, in the order of those.
    pub parts: Vec<PaperPart>,
    /// The parts of the navigation that have a feed of their own and a list of files for readers
    /// without a network, in the order of those.
    pub fed: Vec<NodeId>,
    /// The parts of the navigation whose notes are in one file each, in the order of those.
    pub texts: Vec<PaperPart>,
    /// The e-books, in the order of their files.
    pub ebooks: Vec<EbookPart>,
    /// The further pages of long lists, in the order of the pages to which they belong.
    pub lists: Vec<ListPart>,
    /// For each output its routes: none, one, or several.
    pub(super) routes: BTreeMap<Own, Vec<Route>>,
}

impl OwnRoutes {
    /// The same routes in the folder of a book.
    pub(super) fn below(self, place: &SourcePath) -> Self {
        let below = |routes: Vec<Route>| routes.iter().map(|route| route.below(place)).collect();
        Self {
            static_folder: self.static_folder.below(place),
            routes: self.routes.into_iter().map(|(own, routes)| (own, below(routes))).collect(),
            ..self
        }
    }

    /// The digest of all of them.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let routes: Vec<(&Own, &Vec<Route>)> = self.routes.iter().collect();
        Digest::of_value(&(&self.static_folder, routes))
    }

    /// The routes of an output.
    #[must_use]
    pub fn all(&self, own: Own) -> &[Route] {
        self.routes.get(&own).map(Vec::as_slice).unwrap_or_default()
    }

    /// The numbers of the pages for paper of a part of the navigation.
    #[must_use]
    pub fn parts_of(&self, node: NodeId) -> Range<usize> {
        // Parts are numbered in their order.
        let from = self.parts.partition_point(|part| part.node < node);
        from..self.parts.partition_point(|part| part.node <= node)
    }

    /// The number of the feed and of the list of files of a part of the navigation, if it has some.
    #[must_use]
    pub fn feed_of(&self, node: NodeId) -> Option<usize> {
        self.fed.binary_search(&node).ok()
    }

    /// The numbers of the further pages of the list on a page.
    #[must_use]
    pub fn lists_of(&self, page: PageId) -> Range<usize> {
        let from = self.lists.partition_point(|list| list.page < page);
        from..self.lists.partition_point(|list| list.page <= page)
    }

    /// The first route of an output, if it has one.
    #[must_use]
    pub fn first(&self, own: Own) -> Option<&Route> {
        self.all(own).first()
    }

    /// The page with the whole navigation, which every site has.
    #[must_use]
    pub fn contents(&self) -> &Route {
        self.first(Own::Contents).unwrap_or(&self.static_folder)
    }

    /// The folder of the search index, with a slash at its end.
    #[must_use]
    pub fn search_folder(&self) -> String {
        format!("{}/search/", self.static_folder)
    }

    /// A piece of the search index.
    #[must_use]
    pub fn search_piece(&self, name: &str) -> Route {
        Route::file(&format!("{}{name}.js", self.search_folder()))
    }

    /// The directory of the search index.
    #[must_use]
    pub fn search_index(&self) -> Route {
        self.search_piece("index")
    }
}
