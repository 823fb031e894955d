//! What is printed of a list of evidence: something of everything, and how much is left out; and for a pass the evidence
//! of its basis.

use crate::hardened::{APP, at, judge_with, seen, snapshot};
use crate::samples::{AS_OF, SAMPLES, engagement, key, samples};
use jiff::civil::date;
use shr::assess::assess;
use shr::controls::client_credentials::Basis;
use shr::engagement::Engagement;
use shr::model::{Assessment, Evidence, Outcome};
use shr::report::{self, Report};
use shr::snapshot::{Certificate, KeyKind, Snapshot, Switch, TransactionPolicy};
use std::collections::{BTreeMap, BTreeSet};

fn built(assessment: &Assessment) -> Report {
    report::build(assessment, &shr::controls::catalogue("en").unwrap(), &shr::controls::wording("en").unwrap())
}

fn all() -> Vec<(String, Assessment)> {
    let control = shr::controls::catalogue("en").unwrap();
    let mut all: Vec<(String, Assessment)> = SAMPLES
        .iter()
        .map(|sample| {
            let snapshot = crate::samples::snapshot(&samples().join(sample));
            ((*sample).to_owned(), assess(&snapshot, &control, &engagement(), key(sample), AS_OF))
        })
        .collect();
    let mut many = snapshot();
    many.transaction_policies = (0..40).map(policy).collect();
    all.push(("forty policies".to_owned(), judge_with(&many, &Engagement::default())));
    all
}

/// A policy of a file of its own that does not block.
fn policy(number: u32) -> TransactionPolicy {
    let path = format!("policies/Notify_{number:02}.transactionSecurityPolicy");
    TransactionPolicy {
        name: format!("Notify_{number:02}"),
        at: at(&path, 2),
        event: seen("ApiEvent".to_owned(), "ApiEvent", &path),
        active: seen(Switch::On, "true", &path),
        blocks: seen(Switch::Off, "false", &path),
        kind: shr::snapshot::Seen::default(),
    }
}

/// The number before `more`.
fn left_out(more: &str) -> usize {
    let words: Vec<&str> = more.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "more").unwrap_or_else(|| panic!("`{more}` counts nothing"));
    words[at - 1].parse().unwrap()
}

#[test]
fn a_list_that_is_cut_shows_something_of_every_file_and_counts_the_rest() {
    let mut faults = Vec::new();
    let mut cut = 0;
    let control = shr::controls::catalogue("en").unwrap();
    for (name, assessment) in all() {
        let places: BTreeMap<&str, &Evidence> = assessment.evidence.iter().map(|e| (e.id.as_str(), e)).collect();
        for card in built(&assessment).findings {
            let finding = assessment.findings.iter().find(|finding| finding.id == card.id).unwrap();
            for observation in
                finding.observations.iter().filter(|one| one.criterion != "execution-user-least-privilege")
            {
                let title = control.judging(finding).criterion(&observation.criterion).unwrap().title.clone();
                let mut views = card.conditions.iter().chain(&card.supporting);
                let Some(view) = views.find(|view| view.title == title) else { continue };
                let shown: BTreeSet<&str> = view.evidence.iter().map(|one| one.id.as_str()).collect();
                let all: BTreeSet<&str> = observation.evidence.iter().map(String::as_str).collect();
                let rest = if view.more.is_empty() { 0 } else { left_out(&view.more) };
                cut += usize::from(rest > 0);
                let place = format!("{name}: {}: {title}", card.label);
                if shown.len() + rest != all.len() {
                    faults.push(format!("{place}: {} shown, {rest} left out of {}", shown.len(), all.len()));
                }
                let files = |ids: &BTreeSet<&str>| ids.iter().map(|id| &*places[id].item.path).collect::<BTreeSet<_>>();
                let lost = files(&all).len() - files(&shown).len();
                if lost > 0 && (rest == 0 || shown.len() < 12) {
                    faults.push(format!("{place}: {lost} files have no place"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(cut > 5, "only {cut} lists are cut");
}

fn jwt(snapshot: &mut Snapshot) {
    let app = snapshot.apps.get_mut(APP).unwrap();
    app.policy_flow = seen(Switch::Off, "false", "eca/policy");
    let fingerprint = "ab".repeat(32);
    let read = Certificate::Read {
        fingerprint,
        not_before: date(2026, 3, 1),
        not_after: date(2028, 3, 1),
        key: KeyKind::Rsa(2048),
    };
    app.certificate = seen(read, "", "eca/setting");
}

/// A change, the basis that it leads to, and what the evidence of the pass has to show.
type Row = (fn(&mut Snapshot), Basis, &'static [(&'static str, &'static str)]);

#[test]
fn a_pass_shows_the_evidence_of_its_basis() {
    let rows: &[Row] = &[
        (
            |_| {},
            Basis::Hardened,
            &[
                ("loginIpRanges", "203.0.113.7 to 203.0.113.7"),
                ("ipRelaxationPolicyType", "Enforce"),
                ("ApiUserOnly", "true"),
                ("Order: allowRead", "true"),
                ("consumerSecret", "withheld"),
            ],
        ),
        (
            jwt,
            Basis::ReplacedByJwt,
            &[("certificate", "notAfter 2028-03-01"), ("isClientCredentialsFlowEnabled", "false")],
        ),
        (
            |s| s.apps.get_mut(APP).unwrap().policy_flow = seen(Switch::Off, "false", "eca/policy"),
            Basis::FlowOff,
            &[("isClientCredentialsFlowEnabled", "false")],
        ),
        (
            |s| s.apps.get_mut(APP).unwrap().enabled = seen(Switch::Off, "false", "eca/plcy"),
            Basis::Dormant,
            &[("isEnabled", "false")],
        ),
        (|s| s.access.users[0].active.as_mut().unwrap().value = Switch::Off, Basis::Dormant, &[("IsActive", "true")]),
    ];
    let mut faults = Vec::new();
    for (change, basis, wanted) in rows {
        let mut snapshot = snapshot();
        change(&mut snapshot);
        let assessment = judge_with(&snapshot, &Engagement::default());
        assert_eq!(assessment.findings[0].basis, Some((*basis).into()));
        let pass = built(&assessment).in_order.remove(0);
        for (setting, value) in *wanted {
            let shows = |one: &shr::view::EvidenceView| {
                one.setting == *setting && format!("{}{}", one.seen, one.unseen).starts_with(value)
            };
            if !pass.evidence.iter().any(shows) {
                let shown: Vec<&str> = pass.evidence.iter().map(|one| one.setting.as_str()).collect();
                faults.push(format!("{basis}: {setting} is not among {shown:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What the sentence of a pass says is that of its basis: ranges for a hardened app, the last day of a certificate.
#[test]
fn the_sentence_of_a_pass_names_what_it_rests_on() {
    let words = shr::controls::wording("en").unwrap();
    let said = |snapshot: &Snapshot| words.say(&judge_with(snapshot, &Engagement::default()).findings[0].because);
    let mut replaced = snapshot();
    jwt(&mut replaced);
    assert!(said(&replaced).contains("2028-03-01"), "{}", said(&replaced));
    assert!(said(&snapshot()).contains("203.0.113.7 to 203.0.113.7"), "{}", said(&snapshot()));
}

/// A sentence that names the worst of many permissions says how many there are besides.
#[test]
fn a_sentence_that_is_cut_says_how_many_more_there_are() {
    let words = [shr::controls::wording("en").unwrap(), shr::controls::wording("de").unwrap()];
    let control = shr::controls::catalogue("en").unwrap();
    let mut snapshot = snapshot();
    let powerful = control.permissions.iter().filter(|(_, one)| one.tier == "critical");
    for (name, _) in powerful.filter(|(name, _)| control.implied_by(name).len() < 2) {
        let granted = shr::snapshot::Located::new(Switch::On, "true", at("profiles/Sync.profile", 30));
        snapshot.access.containers[0].permissions.insert(name.clone(), vec![granted]);
    }
    let finding = judge_with(&snapshot, &Engagement::default()).findings.remove(0);
    assert!(finding.rights.grants.len() > 7, "{}", finding.rights.grants.len());
    let because = &finding.observations.iter().find(|one| one.outcome() == Outcome::Fail).unwrap().because;
    let rest = finding.rights.grants.len() - 5;
    for (words, more) in words.iter().zip([format!("and {rest} more"), format!("und {rest} weitere")]) {
        assert!(words.say(because).contains(&more), "`{more}` is not in `{}`", words.say(because));
    }
}
