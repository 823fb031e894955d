//! Grants folded by path: each way from a container to the user stands once, and each grant names its ways by number.
//!
//! One container may be seen as a record and as a file. That is one way with the evidence of both.

use super::rights::{Grant, GrantStep};

/// A step of a way: what it is, its name, and every place that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayStep {
    /// `profile`, `permission_set`, `group`, `assignment`, `user`.
    pub what: String,
    /// Its name.
    pub name: String,
    /// Evidence ids, in order, each once.
    pub evidence: Vec<String>,
}

/// A distinct way: container → (group →) assignment → user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Its steps.
    pub steps: Vec<WayStep>,
}

/// A grant with what is its own.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// The grant.
    pub grant: &'a Grant,
    /// Evidence of the permission or right itself.
    pub evidence: Vec<String>,
    /// Numbers of its ways, from 1.
    pub ways: Vec<usize>,
    /// Permissions that come along with it and that no grant before it has named.
    pub brings: Vec<String>,
}

/// Grants and their ways.
#[derive(Clone, Debug, Default)]
pub struct Ways<'a> {
    /// The ways, numbered from 1 in this order.
    pub ways: Vec<Way>,
    /// The grants, in the order they came in.
    pub held: Vec<Held<'a>>,
}

impl<'a> Ways<'a> {
    /// Folds grants by path.
    #[must_use]
    pub fn of(grants: &'a [Grant]) -> Self {
        let mut folded = Self::default();
        let mut named: Vec<&str> = Vec::new();
        for grant in grants {
            let mut held = Held { grant, evidence: Vec::new(), ways: Vec::new(), brings: Vec::new() };
            for path in &grant.paths {
                let Some((own, rest)) = path.split_first() else { continue };
                add(&mut held.evidence, &own.evidence);
                if let Some(number) = folded.number(rest)
                    && !held.ways.contains(&number)
                {
                    held.ways.push(number);
                }
            }
            held.ways.sort_unstable();
            for implied in grant.implies.iter().filter(|name| !named.contains(&name.as_str())) {
                held.brings.push(implied.clone());
            }
            named.extend(grant.implies.iter().map(String::as_str));
            folded.held.push(held);
        }
        for way in &mut folded.ways {
            way.steps.iter_mut().for_each(|step| step.evidence.sort());
        }
        folded
    }

    /// Number of the way with these steps, which is new when none has them; `None` when there are none.
    fn number(&mut self, steps: &[GrantStep]) -> Option<usize> {
        if steps.is_empty() {
            return None;
        }
        let same = self.ways.iter().position(|way| {
            let mut pairs = way.steps.iter().zip(steps);
            way.steps.len() == steps.len() && pairs.all(|(a, b)| a.what == b.what && a.name == b.name)
        });
        let at = same.unwrap_or_else(|| {
            let steps = steps.iter();
            let new = steps.map(|s| WayStep { what: s.what.clone(), name: s.name.clone(), evidence: Vec::new() });
            self.ways.push(Way { steps: new.collect() });
            self.ways.len() - 1
        });
        for (known, step) in self.ways[at].steps.iter_mut().zip(steps) {
            add(&mut known.evidence, &step.evidence);
        }
        Some(at + 1)
    }

    /// Every evidence id that the ways and grants cite.
    pub fn cited(&self) -> impl Iterator<Item = &str> {
        let ways = self.ways.iter().flat_map(|way| &way.steps).flat_map(|step| &step.evidence);
        ways.chain(self.held.iter().flat_map(|held| &held.evidence)).map(String::as_str)
    }
}

fn add(list: &mut Vec<String>, id: &str) {
    if !id.is_empty() && !list.iter().any(|known| known == id) {
        list.push(id.to_owned());
    }
}
