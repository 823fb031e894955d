//! A hand-made assessment with every result, every basis and hostile names.

use jiff::civil::date;
use shr::assessment::*;
use shr::catalog::Control;
use shr::message::Message;
use shr::snapshot::{Locator, Place};

/// What sets one app apart from the others.
pub(crate) struct Case {
    pub(crate) api: &'static str,
    pub(crate) label: &'static str,
    pub(crate) result: Outcome,
    pub(crate) basis: Option<Basis>,
    pub(crate) flow: FlowState,
    pub(crate) power: PrivilegeState,
    pub(crate) network: NetworkState,
    pub(crate) user: &'static str,
    pub(crate) shared: &'static [&'static str],
    /// Criteria that are not as the result suggests.
    pub(crate) outcomes: &'static [(&'static str, Outcome)],
    pub(crate) score: Option<(u8, u8, u8, u8)>,
}

const PLAIN: Case = Case {
    api: "",
    label: "",
    result: Outcome::Pass,
    basis: None,
    flow: FlowState::On,
    power: PrivilegeState::Unknown,
    network: NetworkState::Unknown,
    user: "",
    shared: &[],
    outcomes: &[],
    score: None,
};

pub(crate) const CASES: &[Case] = &[
    Case {
        api: "Ledger_Sync",
        label: "Ledger Sync",
        result: Outcome::Fail,
        power: PrivilegeState::Broad,
        network: NetworkState::None,
        user: "erp-int@halden.example.com",
        shared: &["Crew_Portal"],
        outcomes: &[
            ("secret-not-exposed", Outcome::Fail),
            ("execution-user-least-privilege", Outcome::Fail),
            ("network-restricted", Outcome::Fail),
            ("execution-user-dedicated", Outcome::Fail),
            ("scopes-minimal", Outcome::Fail),
        ],
        score: Some((98, 98, 98, 93)),
        ..PLAIN
    },
    Case {
        api: "Crew_Portal",
        label: "Crew Portal",
        result: Outcome::Fail,
        power: PrivilegeState::Broad,
        network: NetworkState::Wide,
        user: "erp-int@halden.example.com",
        shared: &["Ledger_Sync"],
        outcomes: &[("execution-user-least-privilege", Outcome::Fail), ("network-restricted", Outcome::Fail)],
        score: Some((88, 88, 88, 87)),
        ..PLAIN
    },
    Case {
        api: "Freight_Quotes",
        label: "=cmd|'/c calc'!A1",
        result: Outcome::Fail,
        power: PrivilegeState::BulkRead,
        network: NetworkState::Narrow,
        user: "quotes@halden.example.com",
        outcomes: &[
            ("execution-user-least-privilege", Outcome::Fail),
            ("network-restricted", Outcome::Pass),
            ("certificate-alternative", Outcome::Review),
        ],
        score: Some((54, 54, 71, 59)),
        ..PLAIN
    },
    Case {
        api: "Dock_Scanner",
        label: "a|b",
        result: Outcome::NotEvaluable,
        user: "dock@halden.example.com",
        outcomes: &[
            ("execution-user-least-privilege", Outcome::NotEvaluable),
            ("network-restricted", Outcome::NotEvaluable),
        ],
        score: Some((81, 37, 88, 86)),
        ..PLAIN
    },
    Case {
        api: "ns__Tariff_Feed",
        label: "# x",
        result: Outcome::NotEvaluable,
        flow: FlowState::Unknown,
        outcomes: &[("flow-disabled", Outcome::NotEvaluable)],
        score: Some((81, 37, 88, 86)),
        ..PLAIN
    },
    Case {
        api: "Berth_Planner",
        label: "<b>Berth</b>",
        result: Outcome::Review,
        power: PrivilegeState::Narrow,
        network: NetworkState::Narrow,
        user: "berth@halden.example.com",
        outcomes: &[("execution-user-least-privilege", Outcome::Review), ("network-restricted", Outcome::Pass)],
        score: Some((37, 37, 54, 21)),
        ..PLAIN
    },
    Case {
        api: "Customs_Bridge",
        label: "{{x}} [l](https://example.com)",
        result: Outcome::Review,
        flow: FlowState::Contradictory,
        outcomes: &[("flow-disabled", Outcome::Review)],
        score: Some((81, 37, 88, 86)),
        ..PLAIN
    },
    Case { api: "Old_Website", label: "موقع قديم", basis: Some(Basis::FlowOff), flow: FlowState::Off, ..PLAIN },
    Case {
        api: "Payroll",
        label: "Payroll \u{202e}txt.exe",
        basis: Some(Basis::ReplacedByJwt),
        flow: FlowState::Off,
        outcomes: &[("certificate-alternative", Outcome::Pass)],
        ..PLAIN
    },
    Case {
        api: "Seasonal",
        label: "",
        basis: Some(Basis::Dormant),
        flow: FlowState::Dormant,
        user: "winter@halden.example.com",
        outcomes: &[("flow-disabled", Outcome::Review)],
        ..PLAIN
    },
    Case {
        api: "Weather",
        label: "Weather",
        basis: Some(Basis::Hardened),
        power: PrivilegeState::NarrowReadOnly,
        network: NetworkState::Narrow,
        user: "weather@halden.example.com",
        outcomes: &[("execution-user-least-privilege", Outcome::Pass), ("network-restricted", Outcome::Pass)],
        score: Some((31, 31, 31, 21)),
        ..PLAIN
    },
    Case { api: "Pilot", label: "Pilot `x` *y* _z_", result: Outcome::NotTested, flow: FlowState::On, ..PLAIN },
];

/// The rich assessment.
pub(crate) fn assessment(control: &Control) -> Assessment {
    of(control, CASES.iter().enumerate().map(|(i, case)| finding(control, i, case)).collect())
}

/// An assessment of these findings, put together like a real one.
pub(crate) fn of(control: &Control, mut findings: Vec<Finding>) -> Assessment {
    let evidence = register(&mut findings);
    let counts = Counts::of(findings.iter().map(|f| f.result));
    let received = findings.len();
    Assessment {
        schema: SCHEMA.into(),
        tool_version: "0.1.0".into(),
        ruleset_version: "2026.11".into(),
        control: ControlRef {
            id: control.id.clone(),
            name: control.name.clone(),
            url: control.url.clone(),
            published_range: "High 7.0 to 8.9".into(),
            range_low: Tenths(70),
            range_high: Tenths(89),
        },
        as_of: date(2026, 11, 20),
        document: Document {
            client: "Halden Freight".into(),
            prepared_for: "Halden Freight, IT Security".into(),
            prepared_by: "Example Consulting".into(),
            reviewer: "R. Viewer".into(),
            classification: "TLP:AMBER".into(),
            version: "0.3".into(),
            ..Document::default()
        },
        org: Org {
            key: "halden".into(),
            name: "Halden Freight".into(),
            id: "00Dxx0000001gPLEAY".into(),
            environment: "production".into(),
            snapshot_at: Some(date(2026, 11, 18)),
            extracted_by: "A. Admin".into(),
            request: "shr request 0.1.0".into(),
            source: "halden-2026-11-18".into(),
            digest: "4f".repeat(32),
        },
        result: Outcome::worst(findings.iter().map(|f| f.result)).unwrap_or(Outcome::NotEvaluable),
        counts,
        population: Population {
            conclusion: Conclusion::NotProven,
            because: Message::new("population.not-proven"),
            expected: None,
            received,
            evaluated: received.saturating_sub(2),
        },
        findings,
        connected_apps: vec![ConnectedAppRow {
            api_name: "Legacy_ETL".into(),
            label: "Legacy ETL".into(),
            client_credentials: "on".into(),
            execution_user: "etl@halden.example.com".into(),
            place: "force-app/main/default/connectedApps/Legacy_ETL.connectedApp-meta.xml:2".into(),
        }],
        coverage: vec![
            coverage(
                "ExternalClientApplication",
                false,
                CoverageState::NotProven,
                12,
                None,
                "metadata",
                &["flow-disabled"],
            ),
            coverage("User", true, CoverageState::Truncated, 200, Some(412), "user", &["execution-user-identified"]),
            coverage(
                "PermissionSetAssignment",
                true,
                CoverageState::Absent,
                0,
                None,
                "permission-set-assignment",
                &["execution-user-least-privilege"],
            ),
        ],
        problems: vec![ProblemRow {
            place: "force-app/main/default/profiles/Dock.profile-meta.xml:7:3".into(),
            message: "not well-formed: `<loginIpRanges>` is never closed".into(),
            hint: "retrieve the profile again".into(),
            touches: vec!["Dock_Scanner".into()],
        }],
        inputs: vec![InputRow {
            path: "data/User.json".into(),
            bytes: 1_234_567,
            sha256: "ab".repeat(32),
            kind: "User".into(),
            rows: Some(200),
        }],
        evidence,
        thresholds: vec![
            Threshold { name: "ipv4_range".into(), value: "256".into(), from: "catalogue".into() },
            Threshold { name: "objects".into(), value: "15".into(), from: "engagement".into() },
        ],
        attestations: vec![AttestationUse {
            line: 31,
            app: "Weather".into(),
            criterion: "governance-recorded".into(),
            state: "used".into(),
            statement: Message::new("attested").with("statement", "Owner is M. Met").with("by", "M. Met"),
            disposition: None,
        }],
        limitations: vec![Message::new("limitation.no-login-history")],
        decisions: vec!["one org: sfdx-project.json lies at the top".into()],
        baseline: None,
    }
}

fn coverage(
    kind: &str,
    records: bool,
    state: CoverageState,
    received: usize,
    expected: Option<usize>,
    request: &str,
    feeds: &[&str],
) -> CoverageRow {
    CoverageRow {
        kind: kind.into(),
        records,
        state,
        received,
        expected,
        files: if received > 0 { vec![format!("data/{kind}.json")] } else { Vec::new() },
        feeds: feeds.iter().map(|f| (*f).to_owned()).collect(),
        request: request.into(),
    }
}

/// Numbers the evidence of all observations and grant steps.
fn register(findings: &mut [Finding]) -> Vec<Evidence> {
    let mut items: Vec<EvidenceItem> = findings
        .iter()
        .flat_map(|f| {
            let steps = f.privilege.grants.iter().flat_map(|g| g.paths.iter().flatten()).filter_map(|s| s.item.clone());
            f.observations.iter().flat_map(|o| o.items.clone()).chain(steps)
        })
        .collect();
    items.sort();
    items.dedup();
    let id = |item: &EvidenceItem| format!("EV-{:03}", items.binary_search(item).unwrap() + 1);
    for f in findings {
        for o in &mut f.observations {
            o.evidence = o.items.iter().map(&id).collect();
        }
        for step in f.privilege.grants.iter_mut().flat_map(|g| g.paths.iter_mut().flatten()) {
            step.evidence = step.item.as_ref().map(&id).unwrap_or_default();
        }
    }
    items.iter().map(|item| Evidence { id: id(item), item: item.clone() }).collect()
}

fn item(path: &str, line: u32, setting: &str, seen: Option<&str>) -> EvidenceItem {
    let at = EvidenceItem::at(setting, &Locator::new(&path.into(), Place::Line(line)));
    EvidenceItem { seen: seen.map(str::to_owned), ..at }
}

/// One finding from its case.
pub(crate) fn finding(control: &Control, number: usize, case: &Case) -> Finding {
    let observations = control.criteria.iter().map(|c| observation(c, case)).collect();
    let powerful = case.power > PrivilegeState::Unknown;
    let questions = match case.result {
        Outcome::NotEvaluable => vec![Question {
            criterion: "execution-user-least-privilege".into(),
            settles: Settles::Export,
            text: Message::new("question.exports"),
            requests: vec!["user".into(), "permission-set-assignment".into(), "metadata".into()],
        }],
        Outcome::Review => vec![Question {
            criterion: "execution-user-least-privilege".into(),
            settles: Settles::Person,
            text: Message::new("question.confirm").with("app", case.label),
            requests: Vec::new(),
        }],
        _ => Vec::new(),
    };
    Finding {
        id: format!("SHR-CCF-{number:04}-TEST"),
        app: AppRow {
            api_name: case.api.into(),
            label: case.label.into(),
            namespace: case.api.split_once("__").map(|(ns, _)| ns).unwrap_or_default().into(),
            distribution_state: "Local".into(),
            sources: vec![format!("force-app/main/default/externalClientApps/{}.eca-meta.xml:2", case.api)],
        },
        flow_state: case.flow,
        result: case.result,
        basis: case.basis,
        because: Message::new(format!("result.{}", case.result)),
        effect: if powerful {
            vec![Message::new("threat.mass-export").with("permissions", "View All Data")]
        } else {
            Vec::new()
        },
        observations,
        execution_user: ExecutionUser {
            name: case.user.into(),
            state: if case.user.is_empty() { UserState::Unknown } else { UserState::Active },
            profile: if case.user.is_empty() { String::new() } else { "Integration | ERP".into() },
            license: "Salesforce".into(),
            shared_with: case.shared.iter().map(|s| (*s).to_owned()).collect(),
            last_login: String::new(),
        },
        privilege: Privilege {
            state: case.power,
            at_least: powerful,
            impact: None,
            grants: if powerful { grants(case) } else { Vec::new() },
            objects: vec!["Account".into(), "Shipment__c".into()],
            broken: Vec::new(),
            gaps: vec![Message::new("gap.assignments")],
            least: false,
        },
        network: Network {
            state: case.network,
            relaxation: if case.network == NetworkState::None { "Bypass".into() } else { "Enforce".into() },
            ranges: vec![NetworkRange {
                first: "203.0.113.16".into(),
                last: "203.0.113.31".into(),
                size: "16".into(),
                private: false,
            }],
            addresses: "16".into(),
            because: Message::new(format!("network-restricted.{}", case.network)),
        },
        scopes: Some(vec!["Api".into(), "RefreshToken".into()]),
        score: case.score.map(score),
        phrases: vec!["higher.broad-privilege".into(), "low.narrow".into()],
        questions,
        does_not_count: vec![Message::new("does-not-count.trusted-ranges")],
        notes: Vec::new(),
        disposition: (number == 1).then(|| Disposition {
            kind: DispositionKind::AcceptRisk,
            app: case.api.into(),
            state: DispositionState::Expired,
            rationale: "Replacement planned | for Q4".into(),
            approver: "C. Iso".into(),
            on: Some(date(2026, 1, 10)),
            expires: Some(date(2026, 10, 31)),
        }),
        cause: None,
        management_response: (number == 0).then(|| "We will rotate.\n# and replace".to_owned()),
        first_seen: None,
        delta: None,
        moved: Vec::new(),
    }
}

fn observation(c: &shr::catalog::Criterion, case: &Case) -> Observation {
    let path = format!("force-app/main/default/extlClntAppOauthPolicies/{}.ecaOauthPlcy-meta.xml", case.api);
    let setting =
        if c.id == "network-restricted" { "ipRelaxationPolicyType" } else { "isClientCredentialsFlowEnabled" };
    let evidence = item(&path, 4, setting, Some(if c.id == "network-restricted" { "Bypass" } else { "true" }));
    let off = case.flow == FlowState::Off;
    let usual = match (case.result, c.id.as_str()) {
        (Outcome::NotTested, _) => Outcome::NotTested,
        (_, "secret-not-exposed") => Outcome::Pass,
        (_, "flow-disabled") if off => Outcome::Pass,
        (_, "flow-disabled") => Outcome::Review,
        _ if off => Outcome::NotApplicable,
        (_, "use-observed" | "governance-recorded" | "request-rate-limited") => Outcome::NotEvaluable,
        (_, "certificate-alternative") => Outcome::Fail,
        _ => Outcome::Review,
    };
    let outcome = case.outcomes.iter().find(|(id, _)| *id == c.id).map_or(usual, |(_, o)| *o);
    let because = Message::new(format!("{}.{outcome}", c.id)).with("app", case.label);
    match outcome {
        Outcome::Pass => Observation::pass(&c.id, c.weight, because, evidence, Vec::new()),
        other => Observation::new(&c.id, c.weight, other, because, vec![evidence]),
    }
}

fn grants(case: &Case) -> Vec<Grant> {
    let high = Impact { c: Level::H, i: Level::H, a: Level::H };
    let step = |what: &str, name: &str, line: u32| GrantStep {
        what: what.into(),
        name: name.into(),
        evidence: String::new(),
        item: Some(item(
            "force-app/main/default/permissionsets/ERP_Sync.permissionset-meta.xml",
            line,
            name,
            Some("true"),
        )),
    };
    let grant = |name: &str, label: &str, tier: &str| Grant {
        name: name.into(),
        label: label.into(),
        tier: tier.into(),
        category: "admin".into(),
        impact: high,
        on_activation: false,
        implies: vec!["ViewAllData".into()],
        paths: vec![vec![
            step("permission", name, 41),
            step("permission_set", "ERP_Sync", 2),
            step("user", case.user, 9),
        ]],
    };
    match case.power {
        PrivilegeState::Broad => vec![
            grant("ModifyAllData", "Modify All Data", "critical"),
            grant("ManageUsers", "Manage Users", "critical"),
        ],
        PrivilegeState::BulkRead => vec![grant("Account: viewAllRecords", "Account: View All Records", "object")],
        _ => Vec::new(),
    }
}

/// A score with its residual, interval and CVSS 4.0 score, in tenths.
fn score((residual, low, high, v40): (u8, u8, u8, u8)) -> Score {
    let (base31, base40) = (
        "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N",
    );
    let step = |rule: Rule| Step {
        rule,
        applied: rule == Rule::Privilege,
        metrics: if rule == Rule::Privilege { "MC:H/MI:H/MA:H".into() } else { String::new() },
        score31: Tenths(residual),
        score40: Tenths(v40),
        because: Message::new(format!("rule.{rule}")),
    };
    Score {
        inherent31: (base31.into(), Tenths(81)),
        inherent40: (base40.into(), Tenths(86)),
        steps: Rule::ALL.iter().copied().map(step).collect(),
        residual31: (format!("{base31}/MA:H"), Tenths(residual)),
        residual40: (format!("{base40}/MVA:H"), Tenths(v40)),
        interval31: Interval { low: Tenths(low), high: Tenths(high) },
        interval40: Interval { low: Tenths(low), high: Tenths(high) },
        severity: Severity::of(Tenths(residual)).max(Severity::of(Tenths(v40))),
        confidence: if low == high { Confidence::High } else { Confidence::Low },
        above_range: residual > 89,
        if_on: false,
        arithmetic: vec!["ISS = 1 - (1 - 0.56)^3 = 0.914816".into()],
    }
}
