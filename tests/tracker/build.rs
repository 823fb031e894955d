//! Assessments made by hand, for tests of what is written from them.

use jiff::civil::Date;
use shr::controls::client_credentials::{ActionKind, Basis, Rule};
use shr::controls::client_credentials::{
    ExecutionUser, FlowState, Network, NetworkState, Privilege, PrivilegeState, StatedFacts, UserState,
};
use shr::model::NetworkRange;
use shr::model::*;
use shr::text::message::Message;
use std::collections::BTreeMap;

/// An app of an invented org.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) result: Outcome,
    pub(crate) score: u8,
    pub(crate) relaxation: String,
    pub(crate) because: String,
    pub(crate) effect: Vec<String>,
    pub(crate) disposition: Option<Disposition>,
}

pub(crate) fn app(name: &str, result: Outcome) -> App {
    let label = name.replace('_', " ");
    let score = if result == Outcome::Fail { 88 } else { 81 };
    App {
        name: name.to_owned(),
        label,
        result,
        score,
        relaxation: if result == Outcome::Pass { "Enforce" } else { "Bypass" }.to_owned(),
        because: "{because}".to_owned(),
        effect: vec!["what-a-thief-can-do".to_owned()],
        disposition: None,
    }
}

/// Crockford base 32 of a number, in the form of a finding id.
pub(crate) fn id(org: &str, app: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in org.bytes().chain([0]).chain(app.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 29;
    let digits = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let code: Vec<char> = (0..8).map(|at| char::from(digits[(hash >> (5 * at)) as usize & 31])).collect();
    let text = |part: &[char]| part.iter().collect::<String>();
    format!("SHR-CCF-{}-{}", text(&code[..4]), text(&code[4..]))
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// An org on a day, with a population that is proven complete.
pub(crate) fn org(key: &str, day: &str, apps: &[App]) -> Assessment {
    let day = date(day);
    let mut evidence = Vec::new();
    let mut findings: Vec<Finding> =
        apps.iter().map(|app| finding(key, app, format!("EV-{:03}", evidence.len() + 1), &mut evidence)).collect();
    let counts = Counts::of(findings.iter().map(|finding| finding.result));
    Assessment {
        schema: SCHEMA.to_owned(),
        tool_version: "0.1.0".to_owned(),
        ruleset_version: "1.0.0".to_owned(),
        control: control(),
        as_of: day,
        document: Document::default(),
        controls: Vec::new(),
        org: Org {
            key: key.to_owned(),
            name: format!("Nordlicht {key}"),
            id: "00D5g00000ABCDEEA1".to_owned(),
            environment: "production".to_owned(),
            snapshot_at: Some(day),
            extracted_by: "Jörg Müller".to_owned(),
            request: "package.xml".to_owned(),
            source: key.to_owned(),
            digest: format!("{:x}", day.day_of_year()).repeat(12),
        },
        result: Outcome::worst(findings.iter().map(|finding| finding.result)).unwrap_or(Outcome::NotApplicable),
        counts,
        population: Population {
            conclusion: Conclusion::Complete,
            because: Message::new("population.complete"),
            expected: Some(findings.len()),
            received: findings.len(),
            evaluated: findings.len(),
        },
        actions: vec![ranges(&findings)],
        rights: shared(&mut findings),
        findings,
        family: Vec::new(),
        strict: Vec::new(),
        deadlines: Vec::new(),
        connected_apps: vec![ConnectedAppRow {
            api_name: "Old_Sync".to_owned(),
            label: "Old sync".to_owned(),
            client_credentials: "unknown".to_owned(),
            execution_user: String::new(),
            place: "connectedApps/Old_Sync.connectedApp-meta.xml:1".to_owned(),
        }],
        coverage: vec![CoverageRow {
            kind: "User".to_owned(),
            records: true,
            state: CoverageState::NotProven,
            received: 3,
            expected: None,
            missing: Vec::new(),
            unlisted: Vec::new(),
            doubts: Vec::new(),
            files: vec!["User.csv".to_owned()],
            feeds: vec!["execution-user-identified".to_owned()],
            request: "user".to_owned(),
        }],
        problems: vec![ProblemRow {
            place: "profiles/Broken.profile-meta.xml:3:1".to_owned(),
            message: "the file ends inside an element".to_owned(),
            hint: "retrieve it again".to_owned(),
            touches: vec!["ERP_Sync".to_owned()],
            touches_more: 0,
            more: 0,
        }],
        inputs: vec![InputRow {
            path: "User.csv".to_owned(),
            bytes: 812,
            sha256: "ab".repeat(32),
            kind: "User".to_owned(),
            rows: Some(3),
            newest: None,
        }],
        evidence,
        thresholds: vec![Threshold {
            name: "objects".to_owned(),
            value: "10".to_owned(),
            from: "catalogue".to_owned(),
        }],
        attestations: Vec::new(),
        dates: Vec::new(),
        limitations: vec![Message::new("limitation.point-in-time")],
        decisions: Vec::new(),
        given: shr::model::Given::default(),
        passed_over: Vec::new(),
        baseline: None,
        redaction: None,
    }
}

fn control() -> ControlRef {
    ControlRef {
        id: "shr_configure_oauth_policies_configure_client_credential_flow_policies".to_owned(),
        name: "External Client Apps: Configure OAuth Policies: Configure Client Credential Flow Policies".to_owned(),
        url: "https://example.com/control".to_owned(),
        published_range: "High 7.0 to 8.9".to_owned(),
        range_low: Tenths(70),
        range_high: Tenths(89),
    }
}

/// The one action: login ranges for what fails.
fn ranges(findings: &[Finding]) -> Action {
    let failing: Vec<&Finding> = findings.iter().filter(|finding| finding.result == Outcome::Fail).collect();
    let what = Message::new("action.ranges").with("profile", "Minimum Access").with("user", "integration@example.com");
    Action {
        kind: ActionKind::Ranges.into(),
        effort: shr::model::Effort::Medium,
        serves: vec!["network-restricted".to_owned()],
        settles: false,
        of_one: None,
        target: "Minimum Access".to_owned(),
        apps: failing.iter().map(|finding| finding.subject.api_name.clone()).collect(),
        findings: failing.iter().map(|finding| finding.id.clone()).collect(),
        preconditions: vec!["user:kept".to_owned(), "profile:own".to_owned()],
        what,
        why: Message::new("advice.bound.standard").with("profile", "Minimum Access"),
        effect: Message::new("action.ranges.gain"),
        after: failing
            .iter()
            .map(|finding| After {
                app: finding.subject.api_name.clone(),
                finding: finding.id.clone(),
                result: Outcome::Pass,
                score: Some(Tenths(54)),
            })
            .collect(),
        result: Outcome::Fail,
        score: Some(Tenths(88)),
    }
}

fn finding(org: &str, app: &App, evidence_id: String, register: &mut Vec<Evidence>) -> Finding {
    let item = EvidenceItem {
        path: format!("extlClntAppOauthPolicies/{}.ecaOauthPlcy-meta.xml", app.name).into(),
        line: Some(9),
        row: None,
        setting: "ipRelaxationPolicyType".to_owned(),
        seen: Some(app.relaxation.clone()),
        unseen: None,
    };
    register.push(Evidence { id: evidence_id.clone(), item: item.clone() });
    let because = Message::new(app.because.clone());
    let observe = |criterion: &str, weight: Weight, outcome: Outcome| {
        let mut seen = match outcome {
            Outcome::Pass => {
                Observation::pass(&criterion.to_owned().into(), weight, because.clone(), item.clone(), Vec::new())
            }
            outcome => {
                Observation::new(&criterion.to_owned().into(), weight, outcome, because.clone(), vec![item.clone()])
            }
        };
        seen.evidence = vec![evidence_id.clone()];
        seen.items.clear();
        seen
    };
    let impact = Impact { c: Level::H, i: Level::H, a: Level::L };
    Finding {
        id: id(org, &app.name),
        control: shr::model::Word::new("eca-ccf-policies"),
        subject: Subject {
            kind: "external_client_app".into(),
            api_name: app.name.clone(),
            label: app.label.clone(),
            namespace: String::new(),
            sources: vec![format!("externalClientApps/{}.eca-meta.xml:1", app.name)],
        },
        result: app.result,
        basis: (app.result == Outcome::Pass).then_some(Basis::Hardened.into()),
        because: because.clone(),
        effect: app.effect.iter().cloned().map(Message::new).collect(),
        observations: vec![
            observe("flow-disabled", Weight::Gate, Outcome::Review),
            observe("network-restricted", Weight::Decisive, app.result),
        ],
        facts: Facts::of(&StatedFacts {
            flow_state: FlowState::On,
            distribution_state: "Local".to_owned(),
            paired_with: String::new(),
            execution_user: ExecutionUser {
                name: "integration@example.com".to_owned(),
                state: UserState::Active,
                profile: "Minimum Access".to_owned(),
                license: "Salesforce Integration".to_owned(),
                shared_with: Vec::new(),
                connected_apps: Vec::new(),
                browser_logins: 0,
                last_login: "2026-01-02T03:04:05Z".to_owned(),
                profile_shared_by: None,
                profile_users: Vec::new(),
            },
            privilege: Privilege {
                state: if app.result == Outcome::Pass { PrivilegeState::Narrow } else { PrivilegeState::Elevated },
                at_least: false,
                impact: Some(impact),
                rights: std::sync::Arc::default(),
                broken: Vec::new(),
                gaps: Vec::new(),
                least: false,
            },
            network: Network {
                state: if app.result == Outcome::Pass { NetworkState::Narrow } else { NetworkState::None },
                relaxation: app.relaxation.clone(),
                ranges: vec![NetworkRange {
                    first: "192.0.2.0".to_owned(),
                    last: "192.0.2.255".to_owned(),
                    size: "256".to_owned(),
                    block: shr::model::AddressBlock::Public,
                }],
                addresses: "256".to_owned(),
                because,
            },
            scopes: Some(vec!["Api".to_owned(), "RefreshToken".to_owned()]),
            advice: None,
        }),
        rights_number: None,
        rights: std::sync::Arc::new(Rights {
            // Each app has a user of its own; what one user holds is compared with what it was seen to hold before.
            user: app.name.clone(),
            grants: vec![Grant {
                name: "ModifyAllData".to_owned(),
                label: "Modify All Data".to_owned(),
                tier: "critical".to_owned(),
                category: "data".to_owned(),
                impact,
                on_activation: false,
                implies: vec!["ViewAllData".to_owned()],
                paths: vec![vec![GrantStep {
                    what: "permission".to_owned(),
                    name: "ModifyAllData".to_owned(),
                    evidence: evidence_id,
                    item: None,
                }]],
            }],
            objects: vec!["Account".to_owned()],
            object_rights: Vec::new(),
        }),
        score: (app.result != Outcome::NotTested).then(|| std::sync::Arc::new(score(app.score))),
        phrases: vec!["higher.broad-privilege".to_owned()],
        questions: vec![Question {
            criterion: shr::model::Word::new("request-rate-limited"),
            settles: Settles::Export,
            text: Message::new("question.rate"),
            requests: vec!["metadata".into()],
            missing: Vec::new(),
        }],
        confidence: Some(Confidence::High),
        used_objects: Vec::new(),
        does_not_count: Vec::new(),
        notes: Vec::new(),
        disposition: app.disposition.clone(),
        cause: None,
        management_response: None,
        business_impact: None,
        comment: None,
        first_seen: None,
        delta: None,
        moved: Vec::new(),
        actions: if app.result == Outcome::Fail { vec![1] } else { Vec::new() },
    }
}

fn score(tenths: u8) -> Score {
    let (base31, base40) = ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N", "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N");
    Score {
        inherent31: (base31.to_owned(), Tenths(81)),
        inherent40: (base40.to_owned(), Tenths(86)),
        steps: vec![Step {
            rule: Rule::Privilege.into(),
            applied: true,
            metrics: "MC:H/MI:H/MA:L".to_owned(),
            score31: Tenths(tenths),
            score40: Tenths(tenths),
            because: Message::new("rule.privilege"),
        }],
        residual31: (format!("{base31}/MA:L"), Tenths(tenths)),
        residual40: (base40.to_owned(), Tenths(tenths)),
        interval31: Interval { low: Tenths(tenths - 10), high: Tenths(tenths) },
        interval40: Interval { low: Tenths(tenths - 10), high: Tenths(tenths) },
        severity: Severity::of(Tenths(tenths)),
        confidence: Confidence::High,
        above_range: false,
        if_on: false,
        arithmetic40: Vec::new(),
        arithmetic: vec!["1 - 0.44".to_owned()],
    }
}

/// A decision that holds until a day.
pub(crate) fn accepted(app: &str, until: &str) -> Disposition {
    Disposition {
        kind: DispositionKind::AcceptRisk,
        app: app.to_owned(),
        state: DispositionState::Valid,
        rationale: "Replacement is under way".to_owned(),
        approver: "Head of IT".to_owned(),
        on: Some(date("2026-01-01")),
        expires: Some(date(until)),
    }
}

/// Cells of a row by column.
pub(crate) fn cells(row: &shr::table::Row<'_>) -> BTreeMap<&'static str, String> {
    let columns = shr::table::columns::FINDINGS.iter().map(|column| column.name);
    columns.zip(row.cells.iter().map(|cell| cell.to_string())).collect()
}
