//! A hand-made assessment with every result, every basis and hostile names.

mod advice;
mod finding;

pub(crate) use finding::finding;

use jiff::civil::date;
use shr::catalogue::Catalogue;
use shr::controls::client_credentials::{Basis, FlowState, NetworkState, PrivilegeState};
use shr::model::*;
use shr::snapshot::{Locator, Place};
use shr::text::message::Message;

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
pub(crate) fn assessment(control: &Catalogue) -> Assessment {
    of(control, CASES.iter().enumerate().map(|(i, case)| finding(control, i, case)).collect())
}

/// An assessment of these findings, put together like a real one.
pub(crate) fn of(control: &Catalogue, mut findings: Vec<Finding>) -> Assessment {
    let evidence = register(&mut findings);
    let actions = advice::plan(&mut findings);
    let rights = shared(&mut findings);
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
        controls: Vec::new(),
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
        rights,
        actions,
        family: Vec::new(),
        strict: Vec::new(),
        deadlines: Vec::new(),
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
            touches_more: 0,
            more: 0,
        }],
        inputs: vec![InputRow {
            path: "data/User.json".into(),
            bytes: 1_234_567,
            sha256: "ab".repeat(32),
            kind: "User".into(),
            rows: Some(200),
            newest: None,
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
        dates: Vec::new(),
        limitations: vec![Message::new("limitation.no-login-history")],
        decisions: vec![Message::new("decision.one").with("name", "acme").with("marker", "sfdx-project.json")],
        given: shr::model::Given::default(),
        passed_over: vec![
            Message::new("passed-over.workbook").with("n", 1_usize).with("paths", vec!["User.xlsx".to_owned()]),
        ],
        baseline: None,
        redaction: None,
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
        missing: Vec::new(),
        unlisted: Vec::new(),
        doubts: Vec::new(),
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
            let steps = f.rights.grants.iter().flat_map(|g| g.paths.iter().flatten()).filter_map(|s| s.item.clone());
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
        let rights = std::sync::Arc::make_mut(&mut f.rights);
        for step in rights.grants.iter_mut().flat_map(|g| g.paths.iter_mut().flatten()) {
            step.evidence = step.item.as_ref().map(&id).unwrap_or_default();
        }
    }
    items.iter().map(|item| Evidence { id: id(item), item: item.clone() }).collect()
}

fn item(path: &str, line: u32, setting: &str, seen: Option<&str>) -> EvidenceItem {
    let at = Locator::new(&path.into(), Place::Line(line));
    match seen {
        Some(seen) => EvidenceItem::value(setting, &at, seen),
        None => EvidenceItem::withheld(setting, &at),
    }
}
