//! Dispositions, attestations, responses: what people say stands beside the result.

use super::{AS_OF, Org, finding, said};
use jiff::civil::{Date, date};
use shr::assess::{assess, exit_code};
use shr::engagement::{Attestation, DispositionEntry, Engagement, Response};
use shr::model::{Assessment, AttestationUse, DispositionKind, DispositionState, Outcome, Source};

fn run(org: &Org, engagement: &Engagement) -> Assessment {
    assess(&org.snapshot(), &shr::controls::catalogue("en").unwrap(), engagement, "acme", AS_OF)
}

fn decision(line: u32, app: &str) -> DispositionEntry {
    DispositionEntry {
        about: shr::engagement::About::all_of("eca-ccf-policies"),
        line,
        org: String::new(),
        app: app.into(),
        kind: DispositionKind::AcceptRisk,
        rationale: "moves to another flow".into(),
        approver: "Grace Owner".into(),
        on: Some(date(2026, 11, 1)),
        expires: Some(date(2027, 3, 31)),
    }
}

fn decided(org: &Org, dispositions: Vec<DispositionEntry>) -> Assessment {
    run(org, &Engagement { dispositions, ..Engagement::default() })
}

#[test]
fn a_decision_holds_only_with_reason_approver_and_within_its_days() {
    use DispositionState::{Expired, Incomplete, Valid};
    type Edit = fn(&mut DispositionEntry);
    fn on(entry: &mut DispositionEntry, on: Option<Date>, expires: Option<Date>) {
        (entry.on, entry.expires) = (on, expires);
    }
    let cases: [(&str, Edit, DispositionState); 15] = [
        ("complete", |_| {}, Valid),
        ("last day", |d| on(d, d.on, Some(AS_OF)), Valid),
        ("the day after", |d| on(d, d.on, Some(date(2026, 11, 23))), Expired),
        (
            "expired and without reason",
            |d| {
                d.rationale.clear();
                on(d, d.on, Some(date(2026, 11, 23)));
            },
            Expired,
        ),
        ("without reason", |d| d.rationale = "  ".into(), Incomplete),
        ("without approver", |d| d.approver.clear(), Incomplete),
        ("without end", |d| on(d, d.on, None), Incomplete),
        ("366 days", |d| on(d, Some(date(2026, 11, 1)), Some(date(2027, 11, 2))), Valid),
        ("367 days", |d| on(d, Some(date(2026, 11, 1)), Some(date(2027, 11, 3))), Incomplete),
        ("taken on the day", |d| on(d, Some(AS_OF), d.expires), Valid),
        ("taken tomorrow", |d| on(d, Some(date(2026, 11, 25)), d.expires), Incomplete),
        ("without its day", |d| on(d, None, d.expires), Valid),
        ("without its day, too long", |d| on(d, None, Some(date(2027, 11, 26))), Incomplete),
        ("without its day, just long enough", |d| on(d, None, Some(date(2027, 11, 25))), Valid),
        ("for ever", |d| on(d, d.on, Some(Date::MAX)), Incomplete),
    ];
    let org = Org::new().exposed("B");
    for (name, edit, state) in cases {
        let mut entry = decision(1, "B");
        edit(&mut entry);
        let a = decided(&org, vec![entry]);
        let b = finding(&a, "B");
        assert_eq!((name, b.disposition.as_ref().map(|d| d.state)), (name, Some(state)));
        assert_eq!((name, b.result, a.result), (name, Outcome::Fail, Outcome::Fail));
        assert_eq!((name, exit_code(&a)), (name, u8::from(state != Valid)));
        assert_eq!(a.attestations, [], "{name}: it met its finding");
    }
}

#[test]
fn decisions_that_meet_no_open_finding_are_reported() {
    let exclude = "[[exclude]]\napp = \"X\"\nby = \"Ada\"\nwhy = \"w\"\n";
    let org = Org::new().exposed("B").off("P").on("N").contradictory("R").exposed("X");
    let mut engagement = super::parse(exclude);
    let mut late = decision(2, "P");
    late.expires = Some(date(2026, 1, 1));
    engagement.dispositions =
        vec![decision(1, "B"), late, decision(3, "N"), decision(4, "R"), decision(5, "X"), decision(6, "b")];
    let a = run(&org, &engagement);
    for (app, decided) in [("B", true), ("N", true), ("R", true), ("P", false), ("X", false)] {
        assert_eq!((app, finding(&a, app).disposition.is_some()), (app, decided));
    }
    let rest: Vec<(u32, &str, &str, DispositionState)> = a
        .attestations
        .iter()
        .map(|row| (row.line, row.app.as_str(), row.state.as_str(), row.disposition.as_ref().unwrap().state))
        .collect();
    assert_eq!(
        rest,
        [
            (2, "P", "unused", DispositionState::Unused),
            (5, "X", "unused", DispositionState::Unused),
            (6, "b", "unknown_app", DispositionState::UnknownApp),
        ]
    );
    let text = said(&a.attestations[0].statement);
    assert!(text.contains("Grace Owner") && text.contains("2026-01-01"), "{text}");
    assert!(text.starts_with("Accept Risk: \"moves to another flow\""), "{text}");
}

#[test]
fn of_two_decisions_the_later_line_counts_and_other_orgs_do_not() {
    let org = Org::new().exposed("B");
    let mut later = decision(9, "B");
    later.kind = DispositionKind::FalsePositive;
    for order in [[later.clone(), decision(3, "B")], [decision(3, "B"), later]] {
        let a = decided(&org, order.to_vec());
        assert_eq!(finding(&a, "B").disposition.as_ref().unwrap().kind, DispositionKind::FalsePositive);
        assert_eq!(
            a.attestations.iter().map(|row| (row.line, row.state.as_str())).collect::<Vec<_>>(),
            [(3, "unused")]
        );
    }
    for (key, counts) in [("", true), ("acme", true), ("other", false), ("Acme", false)] {
        let mut entry = decision(1, "B");
        entry.org = key.into();
        let a = decided(&org, vec![entry]);
        assert_eq!((key, finding(&a, "B").disposition.is_some()), (key, counts));
        assert_eq!(a.attestations, [], "a decision about another org is not of this report");
    }
}

fn attested(line: u32, app: &str, criterion: &str, met: bool) -> Attestation {
    Attestation {
        about: shr::engagement::About::all_of("eca-ccf-policies"),
        line,
        org: String::new(),
        app: app.into(),
        criterion: criterion.into(),
        met,
        statement: "The gateway allows 50 requests a minute".into(),
        by: "Grace Owner".into(),
        on: Some(date(2026, 11, 1)),
        evidence: "CHG-1".into(),
        expires: Some(date(2027, 3, 31)),
        details: [].into(),
    }
}

fn stated(org: &Org, attestations: Vec<Attestation>) -> Assessment {
    run(org, &Engagement { attestations, ..Engagement::default() })
}

fn states(a: &Assessment) -> Vec<(u32, &str)> {
    let row = |row: &'_ AttestationUse| row.line;
    a.attestations.iter().map(|one| (row(one), one.state.as_str())).collect()
}

const RATE: &str = "request-rate-limited";

#[test]
fn a_statement_is_used_expired_contradicted_unused_or_names_no_app() {
    let switched_off = "<EventSettings xmlns=\"http://soap.sforce.com/2006/04/metadata\">\
                        <enableTransactionSecurityPolicies>false</enableTransactionSecurityPolicies></EventSettings>";
    let org = Org::new().on("A").off("P");
    let evidence = org.clone().file("force-app/settings/Event.settings-meta.xml", switched_off);
    type Edit = fn(&mut Attestation);
    let cases: [(&str, &Org, Edit, &str, Outcome); 13] = [
        ("answers", &org, |_| {}, "used", Outcome::Pass),
        ("answers no", &org, |s| s.met = false, "used", Outcome::Fail),
        ("for every app", &org, |s| s.app.clear(), "used", Outcome::Pass),
        ("of this org", &org, |s| s.org = "acme".into(), "used", Outcome::Pass),
        ("last day", &org, |s| s.expires = Some(AS_OF), "used", Outcome::Pass),
        ("of the day", &org, |s| s.on = Some(AS_OF), "used", Outcome::Pass),
        ("too late", &org, |s| s.expires = Some(date(2026, 11, 23)), "expired", Outcome::NotEvaluable),
        ("without a last day", &org, |s| s.expires = None, "unused", Outcome::NotEvaluable),
        ("of tomorrow", &org, |s| s.on = Some(date(2026, 11, 25)), "unused", Outcome::NotEvaluable),
        ("of nobody", &org, |s| s.by = " ".into(), "unused", Outcome::NotEvaluable),
        ("flow off", &org, |s| s.app = "P".into(), "unused", Outcome::NotEvaluable),
        ("misspelt", &org, |s| s.app = "a".into(), "unknown_app", Outcome::NotEvaluable),
        ("against evidence", &evidence, |s| s.met = true, "contradicted", Outcome::Review),
    ];
    for (name, org, edit, state, outcome) in cases {
        let mut statement = attested(7, "A", RATE, true);
        edit(&mut statement);
        let a = stated(org, vec![statement]);
        assert_eq!((name, states(&a)), (name, vec![(7, state)]));
        let seen = finding(&a, "A").observations.iter().find(|seen| seen.criterion == RATE).unwrap();
        assert_eq!((name, seen.outcome()), (name, outcome));
        assert_eq!((name, seen.source == Source::Attested), (name, matches!(state, "used" | "contradicted")));
        let text = said(&a.attestations[0].statement);
        assert!(text.contains("50 requests a minute") && text.contains("CHG-1"), "{text}");
        let whole = !matches!(name, "without a last day" | "of tomorrow" | "of nobody");
        assert_eq!(text.contains("It does not count"), !whole, "{name}: {text}");
    }
}

#[test]
fn of_two_statements_the_first_that_counts_answers() {
    let org = Org::new().on("A").on("B");
    let mut old = attested(1, "A", RATE, false);
    old.expires = Some(date(2026, 11, 2));
    let list = vec![old, attested(2, "", RATE, true), attested(3, "A", RATE, false)];
    let a = stated(&org, list);
    assert_eq!(states(&a), [(1, "expired"), (2, "used"), (3, "unused")]);
    let mut other = attested(4, "A", RATE, true);
    other.org = "other".into();
    let both = vec![other.clone(), attested(5, "A", RATE, true)];
    assert_eq!(states(&stated(&org, both)), [(5, "used")], "one about another org does not come first");
    assert_eq!(states(&stated(&org, vec![other])), [], "a statement about another org is not of this report");
}

#[test]
fn what_becomes_of_statements_and_decisions_is_listed_by_line() {
    let org = Org::new().on("A").off("P");
    let engagement = Engagement {
        attestations: vec![attested(30, "A", RATE, true), attested(10, "A", "scopes-minimal", true)],
        dispositions: vec![decision(20, "P")],
        ..Engagement::default()
    };
    let a = run(&org, &engagement);
    assert_eq!(a.attestations.iter().map(|row| row.line).collect::<Vec<_>>(), [10, 20, 30]);
    assert!(a.attestations.iter().all(|row| row.criterion.is_empty() == row.disposition.is_some()));
}

#[test]
fn cause_and_response_are_the_last_ones_given() {
    let say = |org: &str, app: &str, cause: &str, response: &str| Response {
        line: 1,
        org: org.into(),
        app: app.into(),
        cause: cause.into(),
        response: response.into(),
        business_impact: String::new(),
        comment: String::new(),
    };
    let responses = vec![
        say("", "A", "first cause", "first response"),
        say("acme", "A", "second cause", ""),
        say("other", "A", "of another org", "of another org"),
        say("", "B", "", "only a response"),
    ];
    let org = Org::new().exposed("A").off("B").off("C");
    let a = run(&org, &Engagement { responses, ..Engagement::default() });
    let of = |app: &str| {
        let finding = finding(&a, app);
        (finding.cause.clone(), finding.management_response.clone())
    };
    assert_eq!(of("A"), (Some("second cause".into()), Some("first response".into())));
    assert_eq!(of("B"), (None, Some("only a response".into())));
    assert_eq!(of("C"), (None, None));
    assert_eq!(finding(&a, "A").result, Outcome::Fail, "words change no result");
}
