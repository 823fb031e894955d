//! The gate, the execution user, the secret, and what follows from them.

use super::{Row, check, observed, one, twice};
use crate::hardened::{APP, app, at, id, judge, seen, snapshot};
use shr::controls::client_credentials::Basis;
use shr::controls::client_credentials::Stated;
use shr::controls::client_credentials::{FlowState, NetworkState, UserState};
use shr::model::{Confidence, Outcome};
use shr::snapshot::{
    Coverage, IpRelaxation, Kind, Located, Problem, ProblemCode, SecretPresence, Seen, Snapshot, Switch, UserRef,
};

const GATE: &str = "flow-disabled";
const USER: &str = "execution-user-identified";
const SECRET: &str = "secret-not-exposed";
const NETWORK: &str = "network-restricted";

pub(super) fn problem(s: &mut Snapshot, kind: Kind, app: Option<&str>, code: ProblemCode) {
    let apps = app.map(str::to_owned).into_iter().collect();
    s.problems.push(Problem { apps, ..Problem::new(at("broken/file", 1), Some(kind), code, "is broken", "") });
}

fn lose(s: &mut Snapshot, kind: Kind) {
    one(s).sources.retain(|source| source.kind != kind);
}

fn user(s: &mut Snapshot) -> &mut shr::snapshot::User {
    &mut s.access.users[0]
}

fn unknown() -> Seen<Switch> {
    seen(Switch::NotTold, "maybe", "eca/policy")
}

const ROWS: &[Row] = {
    use Outcome::{Fail, NotApplicable, NotEvaluable, Pass, Review};
    &[
        ("both on", |_| {}, GATE, Review, "on"),
        ("an unknown word in the policy", |s| one(s).policy_flow = unknown(), GATE, NotEvaluable, "unknown-value"),
        (
            "an unknown word in the setting, policy absent",
            |s| {
                one(s).setting_flow = unknown();
                one(s).policy_flow = Seen::default();
            },
            GATE,
            NotEvaluable,
            "unknown-value",
        ),
        ("the setting withheld", |s| one(s).setting_flow = Seen::default(), GATE, Review, "on-setting-missing"),
        (
            "one switch away",
            |s| one(s).policy_flow = seen(Switch::Off, "false", "eca/policy"),
            GATE,
            Pass,
            "one-switch-away",
        ),
        (
            "contradictory setting, policy off",
            |s| {
                one(s).setting_flow = twice(Switch::On, "true", Switch::Off, "false");
                one(s).policy_flow = seen(Switch::Off, "false", "eca/policy");
            },
            GATE,
            Review,
            "copies-disagree",
        ),
        (
            "plug-in disabled",
            |s| one(s).oauth_plugin_enabled = seen(Switch::Off, "false", "eca/plcy"),
            GATE,
            Review,
            "plugin-disabled",
        ),
        (
            "enabled and disabled counts as enabled",
            |s| one(s).enabled = twice(Switch::On, "true", Switch::Off, "false"),
            GATE,
            Review,
            "on",
        ),
        (
            "enabled by an unknown word counts as enabled",
            |s| one(s).enabled = seen(Switch::NotTold, "maybe", "eca/plcy"),
            GATE,
            Review,
            "on",
        ),
        (
            "disabled, and another copy cannot be read",
            |s| {
                one(s).enabled = seen(Switch::Off, "false", "eca/plcy");
                problem(s, Kind::AppPolicyFile, Some(APP), ProblemCode::Malformed);
            },
            GATE,
            Review,
            "on",
        ),
        // ---- unreadable files
        (
            "off, and a policy of this app cannot be read",
            |s| {
                one(s).policy_flow = seen(Switch::Off, "false", "eca/policy");
                problem(s, Kind::OauthPolicyFile, Some(APP), ProblemCode::Malformed);
            },
            GATE,
            NotEvaluable,
            "unreadable",
        ),
        (
            "off, and a policy of another app cannot be read",
            |s| {
                one(s).policy_flow = seen(Switch::Off, "false", "eca/policy");
                problem(s, Kind::OauthPolicyFile, Some("Other"), ProblemCode::Malformed);
            },
            GATE,
            Pass,
            "one-switch-away",
        ),
        (
            "off, and a policy of nobody cannot be read, with a policy of its own",
            |s| {
                one(s).policy_flow = seen(Switch::Off, "false", "eca/policy");
                problem(s, Kind::OauthPolicyFile, None, ProblemCode::Unreadable);
            },
            GATE,
            Pass,
            "one-switch-away",
        ),
        (
            "off by the setting, and a policy of nobody cannot be read",
            |s| {
                one(s).setting_flow = seen(Switch::Off, "false", "eca/setting");
                one(s).policy_flow = Seen::default();
                lose(s, Kind::OauthPolicyFile);
                problem(s, Kind::OauthPolicyFile, None, ProblemCode::Unreadable);
            },
            GATE,
            NotEvaluable,
            "unreadable",
        ),
        // ---- execution user
        ("named and active", |_| {}, USER, Pass, "active"),
        (
            "inactive",
            |s| user(s).active = Some(Located::new(Switch::Off, "false", at("User.json", 1))),
            USER,
            Fail,
            "inactive",
        ),
        ("activity not selected", |s| user(s).active = None, USER, NotEvaluable, "not_exported"),
        (
            "activity unknown",
            |s| user(s).active = Some(Located::new(Switch::NotTold, "maybe", at("User.json", 1))),
            USER,
            NotEvaluable,
            "not_exported",
        ),
        ("nobody named", |s| one(s).execution_user = Seen::default(), USER, Fail, "unnamed"),
        (
            "no policy",
            |s| {
                one(s).execution_user = Seen::default();
                lose(s, Kind::OauthPolicyFile);
            },
            USER,
            NotEvaluable,
            "unknown",
        ),
        ("not in a complete export", |s| s.access.users.clear(), USER, Fail, "not_found"),
        (
            "not in an export without a count",
            |s| {
                s.access.users.clear();
                s.coverage.insert(Kind::UserRecords, Coverage::NotProven { got: 1 });
            },
            USER,
            NotEvaluable,
            "not_exported",
        ),
        (
            "not in a cut-off export",
            |s| {
                s.access.users.clear();
                s.coverage.insert(Kind::UserRecords, Coverage::Truncated { got: 1, of: 2 });
            },
            USER,
            NotEvaluable,
            "not_exported",
        ),
        (
            "no User export",
            |s| {
                s.access.users.clear();
                s.coverage.remove(&Kind::UserRecords);
            },
            USER,
            NotEvaluable,
            "not_exported",
        ),
        (
            "named by id",
            |s| one(s).execution_user = seen(UserRef::Id(id("005000000000001AAA")), "005000000000001AAA", "eca/policy"),
            USER,
            Pass,
            "active",
        ),
        (
            "named by id and by name",
            |s| {
                let both = UserRef::Id(id("005000000000001"));
                one(s).execution_user =
                    twice(UserRef::Username(crate::hardened::USER.to_uppercase()), "SVC", both, "005000000000001");
            },
            USER,
            Pass,
            "active",
        ),
        (
            "two users named",
            |s| {
                let other = UserRef::Username("other@example.com".to_owned());
                one(s).execution_user =
                    twice(UserRef::Username(crate::hardened::USER.to_owned()), "svc", other, "other");
            },
            USER,
            Review,
            "contradictory",
        ),
        (
            "two rows that disagree on activity",
            |s| {
                let mut row = user(s).clone();
                row.active = Some(Located::new(Switch::Off, "false", at("User2.json", 1)));
                s.access.users.push(row);
            },
            USER,
            Review,
            "contradictory",
        ),
        (
            "two rows that disagree on the profile",
            |s| {
                let mut row = user(s).clone();
                row.profile_name = Some(Located::new("Other".into(), "Other", at("User2.json", 1)));
                s.access.users.push(row);
            },
            USER,
            Review,
            "contradictory",
        ),
        (
            "flow off",
            |s| one(s).policy_flow = seen(Switch::Off, "false", "eca/policy"),
            USER,
            NotApplicable,
            "flow-off",
        ),
        // ---- secret
        ("masked", |_| {}, SECRET, Pass, "masked"),
        (
            "a file without one",
            |s| one(s).secret = seen(SecretPresence::Absent, "", "eca/setting"),
            SECRET,
            Pass,
            "absent",
        ),
        (
            "a placeholder",
            |s| one(s).secret = seen(SecretPresence::Placeholder, "", "eca/setting"),
            SECRET,
            Pass,
            "placeholder",
        ),
        ("no settings file", |s| one(s).secret = Seen::default(), SECRET, Pass, "no-settings"),
        (
            "no file at all, only rows",
            |s| {
                one(s).secret = Seen::default();
                one(s).sources.iter_mut().for_each(|source| source.kind = Kind::OauthPolicyRecords);
            },
            SECRET,
            Pass,
            "no-file",
        ),
        (
            "clear in one of two copies",
            |s| one(s).secret = twice(SecretPresence::Masked, "", SecretPresence::ClearText, ""),
            SECRET,
            Fail,
            "fail",
        ),
        (
            "flow off and in clear text",
            |s| {
                one(s).policy_flow = seen(Switch::Off, "false", "eca/policy");
                one(s).secret = seen(SecretPresence::ClearText, "", "eca/setting");
            },
            SECRET,
            Fail,
            "fail",
        ),
        (
            "its file cannot be read",
            |s| problem(s, Kind::GlobalOauthFile, Some(APP), ProblemCode::Malformed),
            SECRET,
            NotEvaluable,
            "unreadable",
        ),
        (
            "a settings file of nobody cannot be read, with one of its own",
            |s| problem(s, Kind::GlobalOauthFile, None, ProblemCode::Unlinked),
            SECRET,
            Pass,
            "masked",
        ),
        (
            "a settings file of nobody cannot be read, without one of its own",
            |s| {
                one(s).secret = Seen::default();
                lose(s, Kind::GlobalOauthFile);
                problem(s, Kind::GlobalOauthFile, None, ProblemCode::Unlinked);
            },
            SECRET,
            NotEvaluable,
            "unreadable",
        ),
    ]
};

#[test]
fn gate_user_and_secret() {
    check(ROWS);
}

#[test]
fn what_contradicts_is_cited_on_both_sides() {
    let mut s = snapshot();
    one(&mut s).policy_flow = twice(Switch::On, "true", Switch::Off, "false");
    one(&mut s).ip_relaxation = twice(IpRelaxation::Enforce, "Enforce", IpRelaxation::Bypass, "Bypass");
    let finding = judge(&s);
    assert_eq!((finding.flow_state(), finding.result), (FlowState::Contradictory, Outcome::Review));
    for criterion in [GATE, NETWORK] {
        let observation = finding.observations.iter().find(|one| one.criterion == criterion).unwrap();
        let paths: Vec<&str> = observation.items.iter().map(|item| &*item.path).collect();
        assert!(paths.contains(&"eca/a") && paths.contains(&"eca/b"), "{criterion}: {paths:?}");
        assert!(!observation.evidence.is_empty());
    }
    assert!(finding.score.unwrap().if_on);
}

/// The policy, and the complete export, are there: no export could answer, so none is asked for.
#[test]
fn who_is_not_named_or_not_in_a_complete_export_leaves_privilege_and_network_open() {
    type Change = fn(&mut Snapshot);
    let rows: [(UserState, Change); 2] = [
        (UserState::NotFound, |s| s.access.users.clear()),
        (UserState::Unnamed, |s| one(s).execution_user = Seen::default()),
    ];
    for (state, change) in rows {
        let mut s = snapshot();
        change(&mut s);
        let finding = judge(&s);
        assert_eq!(finding.execution_user().state, state);
        assert_eq!(observed(&finding, USER).0, Outcome::Fail, "{state}");
        for criterion in ["execution-user-least-privilege", NETWORK, "execution-user-api-only"] {
            assert_eq!(observed(&finding, criterion).0, Outcome::NotEvaluable, "{state}: {criterion}");
        }
        assert_eq!(finding.result, Outcome::NotEvaluable, "{state}");
        let requests: Vec<&str> = finding.questions.iter().flat_map(|one| &one.requests).map(|id| &**id).collect();
        assert!(!requests.iter().any(|id| ["user", "oauth-policy"].contains(id)), "{state}: {requests:?}");
    }
}

#[test]
fn dormant_apps_are_judged_all_the_same() {
    let mut s = snapshot();
    user(&mut s).active = Some(Located::new(Switch::Off, "false", at("User.json", 1)));
    s.access.containers[0].login_ranges = Seen::default();
    let finding = judge(&s);
    assert_eq!(
        (finding.result, finding.basis.clone(), finding.flow_state()),
        (Outcome::Pass, Some(Basis::Dormant.into()), FlowState::Dormant)
    );
    assert_eq!((finding.network().state, observed(&finding, NETWORK).0), (NetworkState::None, Outcome::Fail));
    assert!(finding.score.is_none());
}

#[test]
fn an_app_whose_flow_is_off_has_nothing_to_judge_but_its_secret_scopes_and_certificate() {
    let mut s = snapshot();
    one(&mut s).policy_flow = seen(Switch::Off, "false", "eca/policy");
    one(&mut s).secret = seen(SecretPresence::ClearText, "", "eca/setting");
    let finding = judge(&s);
    assert_eq!((finding.result, finding.basis), (Outcome::Pass, Some(Basis::FlowOff.into())));
    let judged = ["flow-disabled", SECRET, "scopes-minimal"];
    for observation in &finding.observations {
        let applies = judged.contains(&observation.criterion.as_str());
        assert_eq!(observation.outcome() != Outcome::NotApplicable, applies, "{}", observation.criterion);
    }
    assert!(finding.notes.iter().any(|note| note.key == "note.secret-exposed"));
    assert!(finding.notes.iter().any(|note| note.key == "note.one-switch-away"));
}

#[test]
fn confidence_follows_what_is_known_and_the_interval_holds_the_score() {
    type Change = fn(&mut Snapshot);
    let rows: [(&str, Change, Confidence, bool); 5] = [
        ("all known", |_| {}, Confidence::High, false),
        ("privilege open", |s| s.access.assignments.clear(), Confidence::Medium, false),
        ("network open", |s| one(s).ip_relaxation = Seen::default(), Confidence::Medium, false),
        ("both open", |s| s.access.users.clear(), Confidence::Low, false),
        ("flow unknown", |s| one(s).policy_flow = Seen::default(), Confidence::Low, true),
    ];
    for (name, change, confidence, if_on) in rows {
        let mut s = snapshot();
        change(&mut s);
        let score = judge(&s).score.unwrap();
        assert_eq!((score.confidence, score.if_on), (confidence, if_on), "{name}");
        assert!(score.interval31.low <= score.residual31.1 && score.residual31.1 <= score.interval31.high, "{name}");
        assert!(score.interval40.low <= score.residual40.1 && score.residual40.1 <= score.interval40.high, "{name}");
        let open = name.ends_with("open");
        assert_eq!(score.interval31.low < score.interval31.high, open, "{name}");
    }
}

#[test]
fn an_app_whose_flow_is_off_does_not_share_its_user() {
    for (switch, shares) in [(Switch::On, true), (Switch::Off, false), (Switch::NotTold, true)] {
        let mut s = snapshot();
        let mut other = app("Other");
        other.policy_flow = seen(switch, "value", "eca/other");
        s.apps.insert("Other".to_owned(), other);
        let finding = judge(&s);
        assert_eq!(!finding.execution_user().shared_with.is_empty(), shares, "{switch:?}");
        assert_eq!(observed(&finding, "execution-user-dedicated").1 == "execution-user-dedicated.shared", shares);
    }
}
