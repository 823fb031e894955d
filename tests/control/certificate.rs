//! The certificate that stands in for the flow.

use super::{Row, check, one, twice};
use crate::hardened::{app, judge, seen, snapshot};
use jiff::civil::{Date, date};
use shr::controls::client_credentials::Basis;
use shr::model::Outcome;
use shr::snapshot::{App, AppKind, Certificate, KeyKind, Kind, Seen, Snapshot, Switch};

const CERTIFICATE: &str = "certificate-alternative";

fn off() -> Seen<Switch> {
    seen(Switch::Off, "false", "eca/policy")
}

fn certified(s: &mut Snapshot, until: Date, key: KeyKind) {
    one(s).certificate = seen(read("aa", until, key), "", "eca/setting");
}

fn read(fingerprint: &str, not_after: Date, key: KeyKind) -> Certificate {
    Certificate::Read { fingerprint: fingerprint.to_owned(), not_before: date(2025, 1, 1), not_after, key }
}

const TODAY: Date = date(2026, 11, 24);
const LATER: Date = date(2028, 1, 1);

const ROWS: &[Row] = {
    use Outcome::{Fail, NotApplicable, NotEvaluable, Pass, Review};
    &[
        ("none, flow on", |_| {}, CERTIFICATE, Fail, "none"),
        ("none, flow off", |s| one(s).policy_flow = off(), CERTIFICATE, NotApplicable, "none-off"),
        (
            "none, its file is not in the export",
            |s| one(s).sources.retain(|source| source.kind != Kind::GlobalOauthFile),
            CERTIFICATE,
            NotEvaluable,
            "unknown",
        ),
        ("half migrated", |s| certified(s, LATER, KeyKind::Rsa(2048)), CERTIFICATE, Review, "half"),
        (
            "valid, flow off",
            |s| {
                certified(s, LATER, KeyKind::Rsa(2048));
                one(s).policy_flow = off();
            },
            CERTIFICATE,
            Pass,
            "pass",
        ),
        (
            "valid, flow off, and another app's certificate cannot be decoded",
            |s| {
                certified(s, LATER, KeyKind::Rsa(2048));
                one(s).policy_flow = off();
                let mut other = one(s).clone();
                other.name = "Other".to_owned();
                other.certificate = seen(Certificate::Unreadable, "", "eca/other");
                s.apps.insert(other.name.clone(), other);
            },
            CERTIFICATE,
            NotEvaluable,
            "own-untold",
        ),
        (
            "elliptic curve, flow off",
            |s| {
                certified(s, LATER, KeyKind::Ec);
                one(s).policy_flow = off();
            },
            CERTIFICATE,
            Pass,
            "pass",
        ),
        ("valid through today", |s| certified(s, TODAY, KeyKind::Rsa(2048)), CERTIFICATE, Review, "half"),
        ("expired yesterday", |s| certified(s, date(2026, 11, 23), KeyKind::Rsa(2048)), CERTIFICATE, Fail, "expired"),
        (
            "not valid yet",
            |s| {
                one(s).certificate = seen(
                    Certificate::Read {
                        fingerprint: "aa".to_owned(),
                        not_before: date(2027, 1, 1),
                        not_after: LATER,
                        key: KeyKind::Ec,
                    },
                    "",
                    "eca/setting",
                )
            },
            CERTIFICATE,
            Fail,
            "not-yet",
        ),
        ("weak", |s| certified(s, LATER, KeyKind::Rsa(2047)), CERTIFICATE, Fail, "weak"),
        ("another kind of key", |s| certified(s, LATER, KeyKind::Other), CERTIFICATE, Fail, "other-key"),
        (
            "shared with another app",
            |s| {
                certified(s, LATER, KeyKind::Ec);
                let mut other = app("Other");
                other.certificate = seen(read("aa", LATER, KeyKind::Ec), "", "eca/other");
                s.apps.insert("Other".to_owned(), other);
            },
            CERTIFICATE,
            Fail,
            "shared",
        ),
        (
            "shared with a connected app",
            |s| {
                certified(s, LATER, KeyKind::Ec);
                let old = App {
                    kind: AppKind::Connected,
                    name: "Old".to_owned(),
                    certificate: seen(read("aa", LATER, KeyKind::Ec), "", "connectedApps/Old.connectedApp"),
                    ..App::default()
                };
                s.connected.insert("Old".to_owned(), old);
            },
            CERTIFICATE,
            Fail,
            "shared",
        ),
        (
            "another app with another one",
            |s| {
                certified(s, LATER, KeyKind::Ec);
                let mut other = app("Other");
                other.certificate = seen(read("bb", LATER, KeyKind::Ec), "", "eca/other");
                s.apps.insert("Other".to_owned(), other);
            },
            CERTIFICATE,
            Review,
            "half",
        ),
        (
            "copies that disagree",
            |s| one(s).certificate = twice(read("aa", LATER, KeyKind::Ec), "", read("bb", LATER, KeyKind::Ec), ""),
            CERTIFICATE,
            Review,
            "contradictory",
        ),
        (
            "no certificate in its element",
            |s| one(s).certificate = seen(Certificate::Unreadable, "", "eca/setting"),
            CERTIFICATE,
            NotEvaluable,
            "unreadable",
        ),
    ]
};

#[test]
fn certificates() {
    check(ROWS);
}

#[test]
fn basis_needs_a_certificate_that_passes() {
    for (until, basis) in [(LATER, Basis::ReplacedByJwt), (date(2026, 1, 1), Basis::FlowOff)] {
        let mut s = snapshot();
        certified(&mut s, until, KeyKind::Ec);
        one(&mut s).policy_flow = off();
        let finding = judge(&s);
        assert_eq!((finding.result, finding.basis), (Outcome::Pass, Some(basis.into())));
    }
}
