//! What is taken away, emptied, doubled or garbled never makes a pass that the untouched value contradicts.
//!
//! Two ways to say it. *What matters matters when it is missing*: where another value would spoil a pass, no value may
//! not keep it. *A planted fault stays*: whatever is hidden of an org with a fault, nothing that is open comes out as
//! pass. A run takes a share of the changes by a seed; `SHR_SEED` sets it and `SHR_MUTATIONS=all` takes every change.
#![allow(clippy::print_stdout)]

use super::exempt;
use super::fixtures::{Fixture, PASSING};
use super::hide::{Hide, Site, hidden, hides};
use super::plants::{PLANTS, Plant};
use super::{Org, large, none};
use crate::spoiled::hostile::{Files, hardened};
use rayon::prelude::*;
use shr::model::{Assessment, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// Outcomes by app and criterion, results by app, and the result of the org.
pub(super) type Outcomes = BTreeMap<String, Outcome>;

const ORG: &str = "the org";

pub(super) fn outcomes(assessment: &Assessment) -> Outcomes {
    // That there is no app is as good as a pass.
    let org = if assessment.result == Outcome::NotApplicable { Outcome::Pass } else { assessment.result };
    let mut all = Outcomes::from([(ORG.to_owned(), org)]);
    for finding in &assessment.findings {
        let app = &finding.subject.api_name;
        all.insert(format!("{app}: result"), finding.result);
        let each = finding.observations.iter().map(|one| (format!("{app}: {}", one.criterion), one.outcome()));
        all.extend(each);
    }
    all
}

/// Which of these come out as pass. With a file that could not be read no run says that the org passes.
fn passing<'n>(org: &Org, files: &Files, names: &'n BTreeSet<String>) -> impl Iterator<Item = &'n String> {
    let assessment = org.assess(files);
    let now = outcomes(&assessment);
    let told = move |name: &str| name != ORG || assessment.problems.is_empty();
    names.iter().filter(move |name| now.get(*name) == Some(&Outcome::Pass) && told(name))
}

/// Random numbers that a seed repeats (splitmix64).
#[derive(Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn seeded(salt: &str) -> Self {
        let seed = std::env::var("SHR_SEED").map_or(20_261_124, |text| text.parse().expect("SHR_SEED is a number"));
        let salt = salt.bytes().fold(seed, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        println!("SHR_SEED={seed}");
        Self(salt)
    }

    /// Another one, for another thread.
    pub(super) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// At most so many of them, in their order; all when every change is wanted.
    fn share<T>(&mut self, all: Vec<T>, most: usize) -> Vec<T> {
        if all.len() <= most || std::env::var("SHR_MUTATIONS").is_ok_and(|text| text == "all") {
            return all;
        }
        let total = all.len();
        all.into_iter().filter(|_| self.below(total) < most).collect()
    }
}

/// Texts of which each would spoil something somewhere.
const OTHERS: &[&str] = &[
    "ModifyAllData",
    "Bypass",
    "0.0.0.0",
    "255.255.255.255",
    "Outdated",
    "Other",
    "svc.other@acme.example.com",
    "005xx0000000077AAA",
    "0PSxx0000000077AAA",
    "00exx0000000077AAA",
    "Application",
    "Browser",
    "198.51.100.7",
    "Full",
    "99",
];

/// Values that a place could have instead.
fn others(value: &str) -> &'static [&'static str] {
    match value {
        "true" => &["false"],
        "false" => &["true"],
        "null" | "" => &["0PGxx0000000077AAA", "gale"],
        number if number.parse::<u32>().is_ok() => &["99"],
        _ => OTHERS,
    }
}

/// Changes of one place.
fn by_site(files: &Files, wanted: impl Fn(&str) -> bool) -> Vec<Vec<Hide>> {
    let mut sites: Vec<Vec<Hide>> = Vec::new();
    for hide in files.iter().filter(|(path, _)| wanted(path)).flat_map(|(path, bytes)| hides(path, bytes)) {
        match sites.last_mut() {
            Some(site) if site[0].path == hide.path && site[0].site == hide.site => site.push(hide),
            _ => sites.push(vec![hide]),
        }
    }
    sites
}

/// What an org of its own form has that the first one has not.
fn own_files(files: &Files) -> impl Fn(&str) -> bool {
    let common = hardened();
    move |path| common == *files || common.get(path) != files.get(path)
}

/// What passes and would not with another value at the place.
fn at_stake(org: &Org, was: &Outcomes, site: &Hide) -> BTreeSet<String> {
    let mut spoilt = BTreeSet::new();
    for value in others(&site.value) {
        let Some(files) = hidden(&org.files, &Hide { act: format!("= {value}"), ..site.clone() }) else { continue };
        let now = outcomes(&org.assess(&files));
        let open = |name: &str| now.get(name).is_some_and(|outcome| *outcome < Outcome::Pass);
        spoilt.extend(
            was.iter().filter(|(name, was)| **was == Outcome::Pass && open(name)).map(|(name, _)| name.clone()),
        );
    }
    spoilt
}

/// What comes out as pass although it may not, after one change.
fn still_passes(org: &Org, open: &BTreeSet<String>, hide: &Hide) -> Vec<String> {
    let Some(files) = hidden(&org.files, hide) else { return Vec::new() };
    passing(org, &files, open).filter(|name| !exempt::is_exempt(hide, name)).cloned().collect()
}

fn said(what: &str, hide: &Hide, passes: &[String]) -> String {
    format!("{what}: {hide}: still pass: {}", passes.join(", "))
}

/// A column matters where one of its cells does.
fn of_columns(sites: &[Vec<Hide>], stake: &[BTreeSet<String>]) -> Vec<(Hide, BTreeSet<String>)> {
    let column = |hide: &Hide| match &hide.site {
        Site::Column(pointer) => Some(pointer.clone()),
        Site::Cell(0, at) => Some(at.to_string()),
        _ => None,
    };
    let cell_of = |hide: &Hide, column: &str| match &hide.site {
        Site::Member(pointer) => {
            let inside = pointer.rsplit_once("/records/").map_or(pointer.as_str(), |(_, inside)| inside);
            inside.trim_start_matches(|c: char| c.is_ascii_digit()) == column
        }
        Site::Cell(row, at) => *row > 0 && at.to_string() == column,
        _ => false,
    };
    let columns = sites.iter().filter_map(|site| column(&site[0]).map(|name| (site, name)));
    columns
        .flat_map(|(site, name)| {
            let cells = sites.iter().zip(stake);
            let cells = cells.filter(|(cell, _)| cell[0].path == site[0].path && cell_of(&cell[0], &name));
            let all: BTreeSet<String> = cells.flat_map(|(_, stake)| stake.iter().cloned()).collect();
            site.iter().map(move |hide| (hide.clone(), all.clone()))
        })
        .filter(|(_, stake)| !stake.is_empty())
        .collect()
}

#[test]
fn what_matters_matters_when_it_is_missing() {
    let mut dice = Dice::seeded("matters");
    let (mut places, mut changes, mut faults) = (0, 0, Vec::new());
    for fixture in PASSING {
        let org = fixture.org();
        let was = outcomes(&org.assess(&org.files));
        assert!(was.values().any(|outcome| *outcome == Outcome::Pass), "{}: nothing passes", fixture.name);
        let sites = dice.share(by_site(&org.files, own_files(&org.files)), 80);
        let stake = |site: &Vec<Hide>| match site[0].site {
            Site::Element(_) | Site::Member(_) | Site::Cell(1.., _) => at_stake(&org, &was, &site[0]),
            Site::File | Site::Row(_) | Site::Column(_) | Site::Cell(0, _) => BTreeSet::new(),
        };
        let stake: Vec<BTreeSet<String>> = sites.par_iter().map(stake).collect();
        places += stake.iter().filter(|stake| !stake.is_empty()).count();
        let single = sites.iter().zip(&stake).filter(|(_, stake)| !stake.is_empty());
        let mut all: Vec<(Hide, BTreeSet<String>)> =
            single.flat_map(|(site, stake)| site.iter().map(|hide| (hide.clone(), stake.clone()))).collect();
        all.extend(of_columns(&sites, &stake));
        changes += all.len();
        let check = |(hide, stake): &(Hide, BTreeSet<String>)| {
            let passes = still_passes(&org, stake, hide);
            (!passes.is_empty()).then(|| said(fixture.name, hide, &passes))
        };
        faults.par_extend(all.par_iter().filter_map(check));
    }
    none(&faults);
    assert!(places > 100 && changes > 1000, "only {places} places with {changes} changes");
}

fn open(outcomes: &Outcomes) -> BTreeSet<String> {
    let open = outcomes.iter().filter(|(_, outcome)| **outcome < Outcome::Pass);
    open.map(|(name, _)| name.clone()).collect()
}

#[test]
fn a_planted_fault_never_passes_whatever_is_hidden() {
    let mut dice = Dice::seeded("planted");
    let (mut changes, mut faults) = (0, Vec::new());
    for plant in PLANTS {
        let org = plant.org();
        let was = outcomes(&org.assess(&org.files));
        let healthy = Fixture { name: plant.name, make: plant.into, declared: plant.before() }.org();
        let passed = outcomes(&healthy.assess(&healthy.files));
        let broken =
            |(name, outcome): (&String, &Outcome)| *outcome < Outcome::Pass && passed.get(name) == Some(&Outcome::Pass);
        if !was.iter().any(broken) {
            faults.push(format!("{}: breaks nothing", plant.name));
        }
        let open = open(&was);
        // Every place of what the fault touches, and some of all the others.
        let touched = |path: &str| healthy.files.get(path) != org.files.get(path);
        let (near, far): (Vec<_>, Vec<_>) =
            by_site(&org.files, |_| true).into_iter().partition(|s| touched(&s[0].path));
        let (near, far): (Vec<Hide>, Vec<Hide>) =
            (near.into_iter().flatten().collect(), far.into_iter().flatten().collect());
        let mut all = dice.share(near, 220);
        all.extend(dice.share(far, 30));
        changes += all.len();
        let check = |hide: &Hide| {
            let passes = still_passes(&org, &open, hide);
            (!passes.is_empty()).then(|| said(plant.name, hide, &passes))
        };
        faults.par_extend(all.par_iter().filter_map(check));
    }
    none(&faults);
    assert!(changes > 5000, "only {changes} changes");
}

/// Changes one after the other; those that apply no more are left out.
fn after(org: &Org, changes: &[Hide]) -> Files {
    changes.iter().fold(org.files.clone(), |files, hide| hidden(&files, hide).unwrap_or(files))
}

/// What is open and passes after several changes, of which none is allowed to make it pass.
fn pass_together(org: &Org, open: &BTreeSet<String>, changes: &[Hide]) -> Vec<String> {
    let free = |name: &str| changes.iter().any(|hide| exempt::is_exempt(hide, name));
    passing(org, &after(org, changes), open).filter(|name| !free(name)).cloned().collect()
}

fn some_changes(org: &Org, dice: &mut Dice) -> Vec<Hide> {
    let mut files = org.files.clone();
    let mut changes = Vec::new();
    for _ in 0..2 + dice.below(3) {
        let Some(path) = files.keys().nth(dice.below(files.len())).cloned() else { break };
        let mut all = hides(&path, &files[&path]);
        let hide = all.swap_remove(dice.below(all.len()));
        if let Some(changed) = hidden(&files, &hide) {
            files = changed;
            changes.push(hide);
        }
    }
    changes
}

#[test]
fn several_changes_at_once_never_hide_a_planted_fault() {
    let mut dice = Dice::seeded("several");
    let rounds: Vec<(usize, Dice)> = (0..1500).map(|_| (dice.below(PLANTS.len()), dice.fork())).collect();
    let orgs: Vec<Org> = PLANTS.iter().map(Plant::org).collect();
    let open: Vec<BTreeSet<String>> = orgs.iter().map(|org| open(&outcomes(&org.assess(&org.files)))).collect();
    let check = |(at, dice): &(usize, Dice)| {
        let (org, open) = (&orgs[*at], &open[*at]);
        let mut changes = some_changes(org, &mut dice.clone());
        if pass_together(org, open, &changes).is_empty() {
            return None;
        }
        // What is not needed for the fault is not shown.
        for at in (0..changes.len()).rev() {
            let fewer = [&changes[..at], &changes[at + 1..]].concat();
            if !pass_together(org, open, &fewer).is_empty() {
                changes = fewer;
            }
        }
        let passes = pass_together(org, open, &changes).join(", ");
        let shown: Vec<String> = changes.iter().map(ToString::to_string).collect();
        Some(format!("{}: {}: still pass: {passes}", PLANTS[*at].name, shown.join(" + ")))
    };
    let faults: BTreeSet<String> = rounds.par_iter().filter_map(check).collect();
    none(&faults.into_iter().collect::<Vec<_>>());
}

#[test]
fn hiding_something_in_the_samples_never_makes_a_pass() {
    for org in &large() {
        let mut dice = Dice::seeded(&org.key);
        let open = open(&outcomes(&org.assess(&org.files)));
        let all: Vec<Hide> = org.files.iter().flat_map(|(path, bytes)| hides(path, bytes)).collect();
        let all = dice.share(all, 160);
        assert!(all.len() > 100, "only {} changes", all.len());
        let check = |hide: &Hide| {
            let passes = still_passes(org, &open, hide);
            (!passes.is_empty()).then(|| said(&org.key, hide, &passes))
        };
        none(&all.par_iter().filter_map(check).collect::<Vec<_>>());
    }
}
