//! Many problems of one kind in one file are told by their first places and a number.

use crate::snapshot::{Kind, Problem, ProblemCode};
use std::collections::{BTreeMap, BTreeSet};

/// Problems of one kind that are told one by one.
const SHOWN: usize = 3;

/// What makes problems of one file the same kind. The hint is, in words, what a person does about it.
type Class = (Option<Kind>, ProblemCode, String);

/// Problems beyond the third of their kind.
struct Rest {
    first: Problem,
    more: usize,
    apps: BTreeSet<String>,
}

/// Sums up the problems of one file: of each kind the first three as they are, and one for all others, at the place of
/// the first of them.
pub(super) fn summed_up(problems: Vec<Problem>) -> Vec<Problem> {
    if problems.len() <= SHOWN {
        return problems;
    }
    let mut seen: BTreeMap<Class, usize> = BTreeMap::new();
    let mut rests: BTreeMap<Class, Rest> = BTreeMap::new();
    let mut told = Vec::new();
    for problem in problems {
        let class = (problem.kind, problem.code, problem.hint.clone());
        let count = seen.entry(class.clone()).or_default();
        *count += 1;
        if *count <= SHOWN {
            told.push(problem);
        } else if let Some(rest) = rests.get_mut(&class) {
            rest.more += 1;
            rest.apps.extend(problem.apps);
        } else {
            let apps = problem.apps.iter().cloned().collect();
            rests.insert(class, Rest { first: problem, more: 0, apps });
        }
    }
    told.extend(rests.into_values().map(Rest::told));
    told
}

impl Rest {
    fn told(self) -> Problem {
        let Self { first, more, apps } = self;
        let places = if more == 1 { "place" } else { "places" };
        let message = match more {
            0 => first.message,
            _ => format!("{}; this file has faults of the same kind at {more} further {places}", first.message),
        };
        Problem { message, more, apps: apps.into_iter().collect(), ..first }
    }
}
