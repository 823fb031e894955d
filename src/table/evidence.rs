//! `evidence.csv`: the evidence register, a row for each place that something was read from.

use super::cells::{join, listed, owned};
use super::columns::{Column, Kind, register};
use super::{Row, Table};
use crate::catalogue::Catalogue;
use crate::model::{Assessment, Evidence, Outcome};
use crate::text::visible::cell as shown;
use crate::text::wording::Wording;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Most findings that a row names.
const FINDINGS: usize = 40;

/// What a row is made from.
pub struct Case<'a, 'w> {
    org: &'a Assessment,
    one: &'a Evidence,
    used: Option<&'w Used<'a>>,
    wording: &'w Wording,
}

/// What a piece of evidence is used for: findings, and the criteria that cite it.
#[derive(Default)]
struct Used<'a> {
    findings: BTreeSet<&'a str>,
    criteria: BTreeSet<&'a str>,
}

impl<'a> Case<'a, '_> {
    fn value(&self) -> Cow<'a, str> {
        match (&self.one.item.seen, self.one.item.unseen) {
            (Some(seen), _) => shown(seen),
            (None, Some(why)) => owned(self.wording.word(&format!("report.unseen.{why}"))),
            (None, None) => "".into(),
        }
    }

    fn findings(&self) -> Cow<'a, str> {
        let Some(used) = self.used else { return "".into() };
        let more = used.findings.len().saturating_sub(FINDINGS);
        listed(join(used.findings.iter().copied().take(FINDINGS)), more, self.wording)
    }
}

/// Columns of `evidence.csv`.
pub const EVIDENCE: &[Column] = &[
    register("org_key", Kind::Id, 18, |case| shown(&case.org.org.key)),
    register("evidence_id", Kind::Id, 10, |case| shown(&case.one.id)),
    register("path", Kind::Text, 60, |case| shown(&case.one.item.path)),
    register("line", Kind::Number, 8, |case| number(case.one.item.line)),
    register("row", Kind::Number, 8, |case| number(case.one.item.row)),
    register("item", Kind::Text, 34, |case| shown(&case.one.item.setting)),
    register("value", Kind::Text, 40, |case| case.value()),
    register("value_state", Kind::Words(states), 12, |case| match (&case.one.item.seen, case.one.item.unseen) {
        (None, Some(why)) => why.word().into(),
        _ => STATES[0].into(),
    }),
    register("used_by_findings", Kind::Text, 44, |case| case.findings()),
    register("used_by_criteria", Kind::Text, 44, |case| {
        case.used.map_or_else(|| "".into(), |used| join(used.criteria.iter().copied()))
    }),
];

/// Words of `value_state`.
const STATES: [&str; 5] = ["seen", "absent", "empty", "unreadable", "withheld"];

fn states() -> Vec<&'static str> {
    STATES.to_vec()
}

fn number<'a>(place: Option<u32>) -> Cow<'a, str> {
    place.map_or_else(|| "".into(), |place| place.to_string().into())
}

/// The register of all orgs: org by org, in the order of the ids.
#[must_use]
pub fn table<'a>(assessments: &[&'a Assessment], control: &Catalogue, wording: &Wording) -> Table<'a> {
    let mut rows = Vec::new();
    for org in assessments {
        let used = used(org, control);
        rows.extend(org.evidence.iter().map(|one| {
            let case = Case { org, one, used: used.get(one.id.as_str()), wording };
            let cells = EVIDENCE.iter().map(|column| column.fill_register(&case)).collect();
            Row { cells, see: shown(&one.id) }
        }));
    }
    super::rows::table("evidence", EVIDENCE, rows)
}

/// Uses by id: what criteria cite, and what shows the rights of an execution user.
fn used<'a>(org: &'a Assessment, control: &Catalogue) -> BTreeMap<&'a str, Used<'a>> {
    let mut used: BTreeMap<&str, Used<'_>> = BTreeMap::new();
    let mut note = |id: &'a str, finding: &'a str, criterion: &'a str| {
        let one = used.entry(id).or_default();
        one.findings.insert(finding);
        one.criteria.insert(criterion);
    };
    for finding in org.findings.iter().filter(|finding| finding.result != Outcome::NotTested) {
        for seen in &finding.observations {
            seen.evidence.iter().for_each(|id| note(id, &finding.id, &seen.criterion));
            if control
                .judging(finding)
                .criteria
                .iter()
                .any(|criterion| criterion.in_rights && criterion.id == seen.criterion)
            {
                let steps = finding.rights.grants.iter().flat_map(|grant| grant.paths.iter().flatten());
                steps
                    .filter(|step| !step.evidence.is_empty())
                    .for_each(|step| note(&step.evidence, &finding.id, &seen.criterion));
            }
        }
    }
    used
}
