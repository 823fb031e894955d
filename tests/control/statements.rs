//! What people state: attestations and exclusions answer open questions and never overrule evidence.

use super::one;
use crate::hardened::{APP, judge_with, seen, snapshot};
use jiff::civil::{Date, date};
use shr::engagement::{Attestation, DispositionEntry, Engagement, Exclusion};
use shr::model::{DispositionKind, Finding, Outcome, Source};
use shr::snapshot::{Snapshot, Switch};
use std::collections::BTreeMap;

const RATE: &str = "request-rate-limited";
const GOVERNANCE: &str = "governance-recorded";

fn attest(criterion: &str, met: bool) -> Attestation {
    let details = [
        ("owner", "Order desk"),
        ("justification", "Nightly sync"),
        ("secret_storage", "Vault"),
        ("rotated_on", "2026-10-01"),
        ("reviewed_on", "2026-10-01"),
    ];
    Attestation {
        about: shr::engagement::About::all_of("eca-ccf-policies"),
        line: 1,
        org: "org".to_owned(),
        app: APP.to_owned(),
        criterion: criterion.to_owned(),
        met,
        statement: "The gateway allows 20 calls a second".to_owned(),
        by: "A. Person".to_owned(),
        on: Some(date(2026, 11, 1)),
        evidence: "T-1".to_owned(),
        expires: Some(date(2027, 1, 1)),
        details: details.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
    }
}

fn judged(s: &Snapshot, engagement: &Engagement) -> (Finding, Vec<String>) {
    let assessment = judge_with(s, engagement);
    let states = assessment.attestations.iter().map(|one| one.state.clone()).collect();
    (assessment.findings.into_iter().find(|finding| finding.subject.api_name == APP).unwrap(), states)
}

fn answer(s: &Snapshot, attestation: Attestation) -> (Outcome, Source, String) {
    let criterion = attestation.criterion.clone();
    let engagement = Engagement { attestations: vec![attestation], ..Engagement::default() };
    let (finding, states) = judged(s, &engagement);
    let observation = finding.observations.iter().find(|one| one.criterion == criterion).unwrap();
    let asked = finding.questions.iter().any(|question| question.criterion == criterion);
    let open = matches!(observation.outcome(), Outcome::Review | Outcome::NotEvaluable);
    assert_eq!(asked, open, "{}: {}", observation.outcome(), observation.because.key);
    (observation.outcome(), observation.source, states.concat())
}

#[test]
fn a_statement_answers_what_is_open() {
    let export = |outcome, state: &str| (outcome, Source::Export, state.to_owned());
    let attested = |outcome, state: &str| (outcome, Source::Attested, state.to_owned());
    let open = snapshot();
    let mut failing = snapshot();
    failing.org.transaction_policies_enabled = seen(Switch::Off, "false", "settings/Event.settings");
    let with = |change: fn(&mut Attestation)| {
        let mut attestation = attest(RATE, true);
        change(&mut attestation);
        attestation
    };
    use Outcome::{Fail, NotEvaluable, Pass, Review};
    assert_eq!(answer(&open, attest(RATE, true)), attested(Pass, "used"));
    assert_eq!(answer(&open, attest(RATE, false)), attested(Fail, "used"));
    assert_eq!(answer(&failing, attest(RATE, true)), attested(Review, "contradicted"), "evidence stands");
    assert_eq!(answer(&failing, attest(RATE, false)), export(Fail, "unused"));
    assert_eq!(
        answer(&open, with(|a| a.expires = Some(date(2026, 11, 24)))),
        attested(Pass, "used"),
        "through the day"
    );
    assert_eq!(answer(&open, with(|a| a.expires = Some(date(2026, 11, 23)))), export(NotEvaluable, "expired"));
    assert_eq!(answer(&open, with(|a| a.expires = None)), export(NotEvaluable, "unused"));
    assert_eq!(answer(&open, with(|a| a.on = None)), export(NotEvaluable, "unused"));
    assert_eq!(answer(&open, with(|a| a.on = Some(date(2026, 12, 1)))), export(NotEvaluable, "unused"), "of tomorrow");
    assert_eq!(answer(&open, with(|a| a.by = " ".to_owned())), export(NotEvaluable, "unused"));
    assert_eq!(answer(&open, with(|a| a.statement = String::new())), export(NotEvaluable, "unused"));
    assert_eq!(answer(&open, with(|a| a.org = "other".to_owned())), export(NotEvaluable, ""));
    assert_eq!(answer(&open, with(|a| a.app = "Other".to_owned())), export(NotEvaluable, "unknown_app"));
}

#[test]
fn only_attestable_criteria_take_statements() {
    let mut s = snapshot();
    s.access.assignments.clear();
    for criterion in ["flow-disabled", "execution-user-least-privilege", "network-restricted", "secret-not-exposed"] {
        let engagement = Engagement { attestations: vec![attest(criterion, true)], ..Engagement::default() };
        let (finding, _) = judged(&s, &engagement);
        assert_eq!(finding.result, Outcome::NotEvaluable, "{criterion}");
        assert!(finding.observations.iter().all(|one| one.source == Source::Export), "{criterion}");
    }
}

#[test]
fn a_statement_about_what_cannot_apply_is_unused() {
    let mut s = snapshot();
    one(&mut s).policy_flow = seen(Switch::Off, "false", "eca/policy");
    assert_eq!(answer(&s, attest(RATE, true)), (Outcome::NotApplicable, Source::Export, "unused".to_owned()));
}

#[test]
fn governance_is_what_is_on_record() {
    use Outcome::{Fail, Pass, Review};
    let rows: &[(&str, &str, Outcome)] = &[
        ("owner", "Order desk", Pass),
        ("owner", " ", Review),
        ("justification", "", Review),
        ("secret_storage", "", Review),
        ("reviewed_on", "", Review),
        ("reviewed_on", "2026-12-01", Review),
        ("rotated_on", "", Review),
        ("rotated_on", "soon", Review),
        ("rotated_on", "2026-12-01", Review),
        ("rotated_on", "2026-08-26", Pass), // 90 days before
        ("rotated_on", "2026-08-25", Fail),
    ];
    for (name, text, outcome) in rows {
        let mut attestation = attest(GOVERNANCE, true);
        attestation.details.insert((*name).to_owned(), (*text).to_owned());
        assert_eq!(answer(&snapshot(), attestation).0, *outcome, "{name} = {text}");
    }
    assert_eq!(answer(&snapshot(), attest(GOVERNANCE, false)).0, Fail);
    let bare = Attestation { details: BTreeMap::new(), ..attest(GOVERNANCE, true) };
    assert_eq!(answer(&snapshot(), bare).0, Review);
}

fn exclude(org: &str, app: &str, criterion: &str) -> Engagement {
    let text = |text: &str| text.to_owned();
    let one = Exclusion {
        about: shr::engagement::About::all_of("eca-ccf-policies"),
        line: 1,
        org: text(org),
        app: text(app),
        criterion: text(criterion),
        by: text("B"),
        why: text("W"),
    };
    Engagement { exclusions: vec![one], ..Engagement::default() }
}

#[test]
fn exclusions_are_not_tested_and_never_pass() {
    let s = snapshot();
    let (finding, _) = judged(&s, &exclude("org", APP, ""));
    assert_eq!((finding.result, finding.basis, finding.score.is_none()), (Outcome::NotTested, None, true));
    assert!(finding.observations.iter().all(|one| one.outcome() == Outcome::NotTested));
    assert_eq!(finding.because.key, "result.not-tested-on");
    let (elsewhere, _) = judged(&s, &exclude("other", APP, ""));
    assert_eq!(elsewhere.result, Outcome::Pass);
    for criterion in ["flow-disabled", "network-restricted", "execution-user-least-privilege", "secret-not-exposed"] {
        let (finding, _) = judged(&s, &exclude("org", APP, criterion));
        assert_eq!(finding.result, Outcome::Review, "{criterion}: nobody has shown that it holds");
    }
    let (supporting, _) = judged(&s, &exclude("org", APP, "scopes-minimal"));
    assert_eq!(supporting.result, Outcome::Pass);
}

fn accept(expires: Option<Date>) -> Engagement {
    let entry = DispositionEntry {
        about: shr::engagement::About::all_of("eca-ccf-policies"),
        line: 1,
        org: "org".to_owned(),
        app: APP.to_owned(),
        kind: DispositionKind::AcceptRisk,
        rationale: "Until the gateway moves".to_owned(),
        approver: "C".to_owned(),
        on: Some(date(2026, 11, 1)),
        expires,
    };
    Engagement { dispositions: vec![entry], ..Engagement::default() }
}

#[test]
fn a_disposition_never_changes_a_result() {
    let mut s = snapshot();
    one(&mut s).ip_relaxation = seen(shr::snapshot::IpRelaxation::Bypass, "Bypass", "eca/policy");
    for expires in [Some(date(2027, 1, 1)), Some(date(2026, 1, 1)), None] {
        let (finding, _) = judged(&s, &accept(expires));
        assert_eq!(finding.result, Outcome::Fail);
        assert!(finding.disposition.is_some());
        assert_eq!(finding.score, judged(&s, &Engagement::default()).0.score);
    }
}
