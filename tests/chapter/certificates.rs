//! Certificates of both kinds of apps. What a body says is put into the snapshot, because a test has no key to sign with.

use super::{Org, org, set};
use jiff::civil::date;
use shr::model::Outcome::{self, Fail, NotApplicable, NotEvaluable, Pass, Review};
use shr::snapshot::{App, Certificate, KeyKind, Located, Locator, Place, Seen, Snapshot};

fn read(fingerprint: &str, key: KeyKind, from: i16, until: i16) -> Certificate {
    Certificate::Read {
        fingerprint: fingerprint.to_owned(),
        not_before: date(from, 1, 1),
        not_after: date(until, 1, 1),
        key,
    }
}

fn valid() -> Certificate {
    read("own", KeyKind::Rsa(2048), 2026, 2028)
}

fn seen(copies: &[Certificate]) -> Seen<Certificate> {
    let mut all = Seen::default();
    for (line, copy) in (1..).zip(copies) {
        all.push(Located::new(copy.clone(), "", Locator::new(&"apps/A.ecaGlblOauth".into(), Place::Line(line))));
    }
    all
}

/// The state of the flow in files: both switches, or the only one of a connected app.
fn with_flow(kind: &str, on: &str) -> Org {
    if kind == "eca" {
        let switch = set("isClientCredentialsFlowEnabled", on);
        let user = set("clientCredentialsFlowUser", "svc@client.example.com");
        return org().global(&switch).policy(&format!("{user}{switch}"));
    }
    org().config(&set("isClientCredentialEnabled", on))
}

fn subject<'a>(snapshot: &'a mut Snapshot, kind: &str) -> &'a mut App {
    match kind {
        "eca" => snapshot.apps.get_mut("A").unwrap(),
        _ => snapshot.connected.get_mut("C").unwrap(),
    }
}

#[test]
fn certificates_of_both_kinds() {
    type Case = (&'static str, Vec<Certificate>, Outcome, &'static str);
    let old = read("own", KeyKind::Rsa(2048), 2020, 2024);
    let early = read("own", KeyKind::Rsa(2048), 2027, 2029);
    let cases: Vec<Case> = vec![
        ("off", vec![valid()], Pass, "valid"),
        ("on", vec![read("own", KeyKind::Ec, 2026, 2028)], Pass, "valid"),
        ("off", vec![old], Fail, "expired"),
        ("off", vec![early], Fail, "not-yet"),
        ("off", vec![read("own", KeyKind::Rsa(1024), 2026, 2028)], Fail, "weak"),
        ("off", vec![read("own", KeyKind::Other, 2026, 2028)], Fail, "other-key"),
        ("off", vec![Certificate::Unreadable], NotEvaluable, "unreadable"),
        ("off", vec![valid(), read("other", KeyKind::Rsa(2048), 2026, 2028)], Review, "contradictory"),
        ("on", vec![], Fail, "none"),
        ("off", vec![], Review, "none-off"),
        ("unknown", vec![], NotEvaluable, "none-unknown"),
    ];
    for (kind, control) in [("eca", "eca-jwt-bearer"), ("connected_app", "ca-signatures")] {
        for (flow, copies, outcome, reason) in &cases {
            let on = match *flow {
                "on" => "true",
                "off" => "false",
                _ => "what",
            };
            let row = with_flow(kind, on).row_with(control, |s| subject(s, kind).certificate = seen(copies));
            let key = format!("{control}.{reason}");
            assert_eq!((row.outcome, &*row.because.key), (*outcome, key.as_str()), "{control} {flow}");
        }
        let blocked = with_flow(kind, "false").oidc("<blockOAuthUnPwFlow>true</blockOAuthUnPwFlow>");
        assert_eq!(blocked.row(control).outcome, NotApplicable, "{control}");
    }
}

#[test]
fn a_certificate_of_several_apps_is_nobody_s_own() {
    let both = || with_flow("eca", "false").config(&set("isClientCredentialEnabled", false));
    let shared = both().row_with("eca-jwt-bearer", |s| {
        subject(s, "eca").certificate = seen(&[valid()]);
        subject(s, "connected_app").certificate = seen(&[valid()]);
    });
    assert_eq!((shared.outcome, &*shared.because.key), (Fail, "eca-jwt-bearer.shared"));
    // What cannot be read elsewhere may be the same one.
    let untold = both().row_with("eca-jwt-bearer", |s| {
        subject(s, "eca").certificate = seen(&[valid()]);
        subject(s, "connected_app").certificate = seen(&[Certificate::Unreadable]);
    });
    assert_eq!((untold.outcome, &*untold.because.key), (NotEvaluable, "eca-jwt-bearer.own-untold"));
    let namesake = org().global("").policy("").file("connectedApps/A.connectedApp-meta.xml", "<ConnectedApp><label>");
    assert_eq!(namesake.row("eca-jwt-bearer").because.key, "eca-jwt-bearer.none-unknown");
    let torn = org().eca().policy("").global("").torn();
    assert_eq!(torn.row("eca-jwt-bearer").because.key, "eca-jwt-bearer.unread");
    assert_eq!(org().eca().row("eca-jwt-bearer").because.key, "eca-jwt-bearer.missing");
}

/// A last day is a deadline, also one that has passed; so are announced ends, and what people stated until a day.
#[test]
fn ends_are_deadlines() {
    let org = with_flow("eca", "false").config(&set("isDeviceFlowEnabled", true)).client("C", "public");
    let assessment = org.assess_with(|s| subject(s, "eca").certificate = seen(&[valid()]));
    let all: Vec<(Option<String>, &str, Vec<String>)> = assessment
        .deadlines
        .iter()
        .map(|one| (one.day.map(|day| day.to_string()), &*one.what.key, one.apps.clone()))
        .collect();
    let day = |day: &str| Some(day.to_owned());
    let app = |name: &str| vec![name.to_owned()];
    assert_eq!(
        all,
        [
            (day("2026-11-30"), "ca-device.deadline", app("C")),
            (day("2027-02-20"), "org-oauth-oidc.deadline", vec![]),
            (day("2027-05-01"), "deadline.statement", app("C")),
            (day("2028-01-01"), "deadline.certificate", app("A")),
            (None, "ca-oauth.deadline", app("C")),
        ]
    );
    let announced = assessment.deadlines.iter().filter(|one| one.what.key.ends_with(".deadline"));
    assert!(announced.into_iter().all(|one| !one.source.is_empty()));
    let cell = |control: &str| {
        let row = assessment.family.iter().find(|row| &*row.control == control).unwrap();
        &*row.details().deadline
    };
    assert_eq!(cell("eca-jwt-bearer"), "2028-01-01");
    assert_eq!((cell("ca-device"), cell("org-oauth-oidc")), ("2026-11-30", "2027-02-20"));
    assert_eq!((cell("ca-oauth"), cell("ca-pkce")), ("Summer '27", ""));
    let none = super::org().eca().assess().deadlines;
    assert!(none.iter().all(|one| one.what.key != "ca-oauth.deadline"), "no connected app, no end of one");
}
