//! Files that could not be read, by whom they may concern: a snapshot with thousands of them costs each app a look-up.

use crate::snapshot::{App, Kind, Place, Problem, ProblemCode, Snapshot};
use crate::text::message::Arg;
use std::collections::BTreeMap;

/// Paths of files whose content is not known, each once, in path order.
pub(crate) type Paths<'a> = Vec<&'a str>;

/// An index over the problems of a snapshot that mean that something was not read.
#[derive(Debug, Default)]
pub(crate) struct Lost<'a> {
    by_app: BTreeMap<Kind, BTreeMap<&'a str, Paths<'a>>>,
    unlinked: BTreeMap<Kind, Paths<'a>>,
    unlinked_by_stem: BTreeMap<(Kind, String), Paths<'a>>,
    whole: BTreeMap<Kind, Paths<'a>>,
}

impl<'a> Lost<'a> {
    /// Reads all problems once; they are in path order.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut lost = Self::default();
        for problem in snapshot.problems.iter().filter(|problem| is_lost(problem)) {
            let Some(kind) = problem.kind else { continue };
            let path = &*problem.at.path;
            for app in &problem.apps {
                add(lost.by_app.entry(kind).or_default().entry(app.as_str()).or_default(), path);
            }
            if problem.apps.is_empty() {
                add(lost.unlinked.entry(kind).or_default(), path);
                add(lost.unlinked_by_stem.entry((kind, stem(path))).or_default(), path);
            }
            if !matches!(problem.at.place, Place::Row(_)) {
                add(lost.whole.entry(kind).or_default(), path);
            }
        }
        lost
    }

    /// Files of these kinds that may belong to the app: by their link, or, without a readable link, because the app has
    /// no file of that kind, or one of the same name elsewhere, of which this is a copy.
    pub(crate) fn of_app(&self, app: &App, kinds: &[Kind]) -> Files<'_, 'a> {
        let mut files = Files::default();
        for kind in kinds {
            files.extend(self.by_app.get(kind).and_then(|apps| apps.get(app.name.as_str())));
            if app.has(*kind) {
                let mut stems: Vec<String> = app.places(*kind).map(|at| stem(&at.path)).collect();
                stems.sort();
                stems.dedup();
                stems.into_iter().for_each(|stem| files.extend(self.unlinked_by_stem.get(&(*kind, stem))));
            } else {
                files.extend(self.unlinked.get(kind));
            }
        }
        files
    }

    /// Exports or files of a kind that could not be read as a whole, whatever else there is of it.
    pub(crate) fn whole(&self, kind: Kind) -> Files<'_, 'a> {
        let mut files = Files::default();
        files.extend(self.whole.get(&kind));
        files
    }
}

/// Files that may concern somebody, in slices of the index.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files<'i, 'a>(Vec<&'i [&'a str]>);

impl<'i, 'a> Files<'i, 'a> {
    fn extend(&mut self, found: Option<&'i Paths<'a>>) {
        self.0.extend(found.map(Vec::as_slice));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These and those.
    pub(crate) fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().copied().flatten().copied()
    }

    /// The first of them by name, and how many more there are.
    pub(crate) fn named(&self) -> Arg {
        let total = self.0.iter().map(|paths| paths.len()).sum();
        let names = self.paths().map(str::to_owned);
        Arg::some_of(names, total, NAMED)
    }
}

/// Files that a sentence lists; the others are counted.
const NAMED: usize = 5;

fn add<'a>(paths: &mut Paths<'a>, path: &'a str) {
    if paths.last() != Some(&path) {
        paths.push(path);
    }
}

/// A file's name without folder and suffixes, in lower case.
fn stem(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file).to_lowercase()
}

/// Whether a problem means that a file's content is not known.
fn is_lost(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ProblemCode::Unreadable | ProblemCode::Malformed | ProblemCode::TooLarge | ProblemCode::Unlinked
    )
}
