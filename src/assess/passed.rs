//! What lies in the snapshot, looks like evidence and was not read: one line for each sort of it.

use crate::snapshot::{Passed, Snapshot};
use crate::text::message::{Arg, Message};
use std::collections::BTreeMap;

/// Paths that a line names.
const SHOWN: usize = 10;

pub(super) fn lines(snapshot: &Snapshot) -> Vec<Message> {
    let mut sorts: BTreeMap<Passed, Vec<String>> = BTreeMap::new();
    for one in &snapshot.passed_over {
        sorts.entry(one.what).or_default().push(one.path.clone());
    }
    let lines = sorts.into_iter().map(|(what, paths)| {
        let line = Message::new(format!("passed-over.{}", what.word())).with("n", paths.len());
        line.with("paths", some(paths))
    });
    lines.collect()
}

/// The first of a list, and how many more there are.
fn some(mut paths: Vec<String>) -> Arg {
    let more = paths.len().saturating_sub(SHOWN);
    if more == 0 {
        return paths.into();
    }
    paths.truncate(SHOWN);
    Message::new("text.and-more").with("names", paths).with("more", more).into()
}
