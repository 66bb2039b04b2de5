//! A linked site and a route → the file there, made now.
//!
//! Must not know: requests.

use std::collections::HashMap;
use std::sync::Arc;

use super::{LinkedSite, RouteTarget, SiteContext};
use crate::build::NoPreviousOutput;
use crate::build::files::{beside, frame_file, static_route};
use crate::build::silences::told;
use crate::diagnostic::Diagnostic;
use crate::epub::Ebook;
use crate::output::File;
use crate::page::artifact::Artifact;
use crate::path::Route;

impl LinkedSite {
    /// The file at a route, made now, with what is wrong with it; `None` when the site has no such
    /// file.
    #[must_use]
    pub(in crate::build) fn file(
        &self,
        route: &Route,
        around: &SiteContext<'_>,
    ) -> Option<(File, Vec<Diagnostic>)> {
        match self.places(around).get(route)? {
            RouteTarget::Artifact(artifact) => {
                let renderer = self.renderer(around);
                let builder = self.artifact_builder(&renderer, &NoPreviousOutput, around);
                let (file, mut problems) = builder.one(*artifact);
                problems.extend(self.notes.take_read_problems());
                Some((file, told(problems, &self.notes, &self.sources.config)))
            }
            RouteTarget::Beside(path) => Some((beside(&self.sources.tree, path)?, Vec::new())),
            RouteTarget::Frame(name) => {
                Some((frame_file(self.sources.theme.files.get(name)?), Vec::new()))
            }
        }
    }

    /// The book whose file has a route, made now, with what is wrong with it; `None` when the site
    /// has no such book.
    #[must_use]
    pub(in crate::build) fn ebook(
        &self,
        route: &Route,
        around: &SiteContext<'_>,
    ) -> Option<(Ebook, Vec<Diagnostic>)> {
        let RouteTarget::Artifact(artifact) = self.places(around).get(route)? else { return None };
        let renderer = self.renderer(around);
        let builder = self.artifact_builder(&renderer, &NoPreviousOutput, around);
        let (book, mut problems) = builder.ebook(*artifact)?;
        problems.extend(self.notes.take_read_problems());
        Some((book, told(problems, &self.notes, &self.sources.config)))
    }

    /// True if there is a file at a route, those of the search index left out.
    #[must_use]
    pub(in crate::build) fn has(&self, route: &Route, around: &SiteContext<'_>) -> bool {
        self.places(around).contains_key(route)
    }

    /// True if the file at a route is one beside the notes, not one of the theme or made here.
    #[must_use]
    pub(in crate::build) fn is_beside(&self, route: &Route, around: &SiteContext<'_>) -> bool {
        matches!(self.places(around).get(route), Some(RouteTarget::Beside(_)))
    }

    /// The routes of all pages.
    pub(in crate::build) fn pages(&self, around: &SiteContext<'_>) -> Vec<Route> {
        let pages = self.places(around).iter();
        let pages = pages.filter_map(|(route, place)| {
            matches!(place, RouteTarget::Artifact(_)).then_some(route)
        });
        pages.cloned().collect()
    }

    fn places(&self, around: &SiteContext<'_>) -> &HashMap<Route, RouteTarget> {
        self.places.get_or_init(|| {
            let renderer = self.renderer(around);
            let artifacts = Artifact::all(&renderer).into_iter().map(|artifact| {
                (artifact.route(&self.site).clone(), RouteTarget::Artifact(artifact))
            });
            let beside = self.site.files.iter();
            let beside =
                beside.map(|(path, route)| (route.clone(), RouteTarget::Beside(path.clone())));
            let frame = self.frame_names();
            let frame = frame
                .map(|name| (static_route(&self.site, name), RouteTarget::Frame(name.clone())));
            // In the order in which a build puts them one over the other.
            Arc::new(artifacts.chain(beside).chain(frame).collect())
        })
    }
}
