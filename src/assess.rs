//! Roll-up, dispositions, evidence register: findings become an [`Assessment`].

mod evidence;
mod population;
mod statements;

use crate::assessment::{
    Assessment, ConnectedAppRow, ControlRef, CoverageRow, CoverageState, DispositionState, Finding, InputRow, Org,
    Outcome, ProblemRow, SCHEMA, Threshold,
};
use crate::catalog::{Control, Thresholds};
use crate::controls::ccf::{self, Context};
use crate::engagement::Engagement;
use crate::message::Message;
use crate::snapshot::{Coverage, Kind, Problem, Snapshot, Switch, UserRef};
use jiff::civil::Date;
use sha2::{Digest, Sha256};

/// Judges one org: every app, the roll-up, and what the judgement rests on.
#[must_use]
pub fn assess(
    snapshot: &Snapshot,
    control: &Control,
    engagement: &Engagement,
    org_key: &str,
    as_of: Date,
) -> Assessment {
    let thresholds = in_force(control, engagement);
    let context = Context { as_of, org_key, thresholds, engagement };
    let mut findings = ccf::evaluate(snapshot, control, &context);
    for finding in &mut findings {
        finding.id = finding_id(&control.id, org_key, &finding.app.api_name);
    }
    statements::dispose(&mut findings, engagement, org_key, as_of);
    let attestations = statements::uses(&findings, engagement, org_key, as_of);
    let evidence = evidence::register(&mut findings);
    let population = population::conclude(snapshot, &context, findings.len());
    let result = population::roll_up(&findings, &population);
    Assessment {
        schema: SCHEMA.to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ruleset_version: control.version.clone(),
        control: control_ref(control),
        as_of,
        document: engagement.document.clone(),
        org: org(snapshot, engagement, org_key),
        result,
        counts: crate::assessment::Counts::of(findings.iter().map(|finding| finding.result)),
        population,
        connected_apps: connected_apps(snapshot),
        coverage: coverage(snapshot, control, &context),
        problems: snapshot.problems.iter().map(|problem| problem_row(snapshot, problem)).collect(),
        inputs: snapshot.inputs.iter().map(input_row).collect(),
        evidence,
        thresholds: threshold_rows(control, engagement, &thresholds),
        attestations,
        limitations: limitations(snapshot, &findings),
        decisions: snapshot.decisions.clone(),
        baseline: None,
        findings,
    }
}

/// The exit code that a run's assessments call for: 1 when an app fails without a valid disposition, else 3 when
/// an app needs review or is not evaluable or a file could not be read, else 0.
#[must_use]
pub fn exit_code(assessments: &[Assessment]) -> u8 {
    let valid = |finding: &Finding| {
        finding.disposition.as_ref().is_some_and(|disposition| disposition.state == DispositionState::Valid)
    };
    let findings = || assessments.iter().flat_map(|assessment| &assessment.findings);
    let open = |outcome: Outcome| matches!(outcome, Outcome::Review | Outcome::NotEvaluable);
    if findings().any(|finding| finding.result == Outcome::Fail && !valid(finding)) {
        1
    } else if findings().any(|finding| open(finding.result) && !valid(finding))
        || assessments.iter().any(|assessment| {
            !assessment.problems.is_empty() || open(assessment.result) && assessment.findings.is_empty()
        })
    {
        3
    } else {
        0
    }
}

/// `SHR-CCF-XXXX-XXXX`: the first 40 bits of SHA-256 over control id, org key and API name of the app with its
/// namespace, in Crockford's base 32. The three parts are separated by one NUL byte, which none of them can hold.
#[must_use]
pub fn finding_id(control: &str, org_key: &str, app: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digest = Sha256::digest([control, org_key, app].join("\0").as_bytes());
    let bits = digest.iter().take(5).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let letter = |n: u32| ALPHABET.get((bits >> (35 - 5 * n) & 31) as usize).map_or('0', |byte| char::from(*byte));
    let text: String = (0..8).map(letter).collect();
    let (first, second) = text.split_at(4);
    format!("SHR-CCF-{first}-{second}")
}

/// Thresholds with the engagement's overrides.
fn in_force(control: &Control, engagement: &Engagement) -> Thresholds {
    let (own, more) = (control.thresholds, engagement.thresholds);
    Thresholds {
        ipv4_range: more.ipv4_range.unwrap_or(own.ipv4_range),
        ipv4_total: more.ipv4_total.unwrap_or(own.ipv4_total),
        ipv6_networks: more.ipv6_networks.unwrap_or(own.ipv6_networks),
        objects: more.objects.unwrap_or(own.objects),
        rotation_days: more.rotation_days.unwrap_or(own.rotation_days),
        rsa_bits: own.rsa_bits,
    }
}

fn threshold_rows(control: &Control, engagement: &Engagement, now: &Thresholds) -> Vec<Threshold> {
    let over = engagement.thresholds;
    let overridden = [
        over.ipv4_range.is_some(),
        over.ipv4_total.is_some(),
        over.ipv6_networks.is_some(),
        over.objects.is_some(),
        over.rotation_days.is_some(),
    ];
    let names = ["ipv4_range", "ipv4_total", "ipv6_networks", "objects", "rotation_days"];
    let _ = control;
    now.named()
        .iter()
        .map(|(name, value)| {
            let set = names.iter().position(|known| known == name).and_then(|at| overridden.get(at)).copied();
            let from = if set == Some(true) { "engagement" } else { "catalogue" };
            Threshold { name: (*name).to_owned(), value: value.to_string(), from: from.to_owned() }
        })
        .collect()
}

fn control_ref(control: &Control) -> ControlRef {
    ControlRef {
        id: control.id.clone(),
        name: control.name.clone(),
        url: control.url.clone(),
        published_range: format!("{} {}\u{2013}{}", control.range_word, control.range_low, control.range_high),
        range_low: control.range_low,
        range_high: control.range_high,
    }
}

fn org(snapshot: &Snapshot, engagement: &Engagement, key: &str) -> Org {
    let facts = engagement.orgs.get(key).cloned().unwrap_or_default();
    let or = |stated: String, otherwise: String| if stated.is_empty() { otherwise } else { stated };
    let seen = snapshot.org_ids.iter().map(|id| id.value.to_string()).min().unwrap_or_default();
    Org {
        key: key.to_owned(),
        name: or(facts.name, key.to_owned()),
        id: or(facts.id, seen),
        environment: facts.environment,
        snapshot_at: facts.snapshot_at,
        extracted_by: facts.extracted_by,
        request: facts.request,
        source: snapshot.name.clone(),
        digest: digest(snapshot),
    }
}

/// SHA-256 over `path NUL hash LF` of every file read, in path order.
fn digest(snapshot: &Snapshot) -> String {
    let mut lines: Vec<String> =
        snapshot.inputs.iter().map(|input| format!("{}\0{}\n", input.path, input.sha256)).collect();
    lines.sort();
    Sha256::digest(lines.concat().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn connected_apps(snapshot: &Snapshot) -> Vec<ConnectedAppRow> {
    let mut rows: Vec<ConnectedAppRow> = snapshot
        .connected_apps
        .iter()
        .map(|app| ConnectedAppRow {
            api_name: app.name.clone(),
            label: app.label.as_ref().map(|label| label.value.clone()).unwrap_or_default(),
            client_credentials: match app.switch().map(|switch| switch.value) {
                Some(Switch::On) => "true",
                Some(Switch::Off) => "false",
                Some(Switch::Unknown) | None => "unknown",
            }
            .to_owned(),
            execution_user: match app.execution_user.as_ref().map(|user| &user.value) {
                Some(UserRef::Username(name) | UserRef::Placeholder(name)) => name.clone(),
                Some(UserRef::Id(id)) => id.to_string(),
                None => String::new(),
            },
            place: app.at.to_string(),
        })
        .collect();
    rows.sort_by(|a, b| (&a.api_name, &a.place).cmp(&(&b.api_name, &b.place)));
    rows
}

fn coverage(snapshot: &Snapshot, control: &Control, context: &Context<'_>) -> Vec<CoverageRow> {
    let kinds = Kind::ALL.iter().filter(|kind| {
        !matches!(kind, Kind::UnknownRecords | Kind::OtherAppFile | Kind::ManifestFile)
            || snapshot.coverage_of(**kind).got() > 0
    });
    kinds
        .map(|kind| {
            let found = context.coverage(snapshot, *kind);
            let announced = match found {
                Coverage::Truncated { of, .. } => Some(of),
                Coverage::Complete { got } if kind.is_records() => Some(got),
                _ => None,
            };
            let request =
                control.request_for(kind.name(), kind.is_records()).map(|one| one.id.clone()).unwrap_or_default();
            let feeds = control.criteria.iter().filter(|criterion| criterion.requests.contains(&request));
            CoverageRow {
                kind: kind.name().to_owned(),
                records: kind.is_records(),
                state: match found {
                    Coverage::Complete { .. } => CoverageState::Complete,
                    Coverage::Truncated { .. } => CoverageState::Truncated,
                    Coverage::Absent => CoverageState::Absent,
                    Coverage::NotProven { .. } => CoverageState::NotProven,
                },
                received: found.got(),
                expected: if kind.is_records() { context.expected(*kind).or(announced) } else { announced },
                files: snapshot
                    .inputs
                    .iter()
                    .filter(|input| input.kind == *kind)
                    .map(|input| input.path.to_string())
                    .collect(),
                feeds: feeds.map(|criterion| criterion.id.clone()).collect(),
                request,
            }
        })
        .collect()
}

fn problem_row(snapshot: &Snapshot, problem: &Problem) -> ProblemRow {
    let touches = match (&problem.app, problem.kind) {
        (Some(app), _) => vec![app.clone()],
        (None, Some(kind)) if kind <= Kind::OtherAppFile => {
            snapshot.apps.values().filter(|app| !app.has(kind)).map(|app| app.name.clone()).collect()
        }
        _ => Vec::new(),
    };
    let place = match problem.column {
        0 => problem.at.to_string(),
        column => format!("{}:{column}", problem.at),
    };
    ProblemRow { place, message: problem.message.clone(), hint: problem.hint.clone(), touches }
}

fn input_row(input: &crate::snapshot::Input) -> InputRow {
    InputRow {
        path: input.path.to_string(),
        bytes: input.bytes,
        sha256: input.sha256.clone(),
        kind: input.kind.name().to_owned(),
        rows: input.rows,
    }
}

fn limitations(snapshot: &Snapshot, findings: &[Finding]) -> Vec<Message> {
    let mut limits = Vec::new();
    if !snapshot.problems.is_empty() {
        limits.push(Message::new("limitation.problems").with("count", snapshot.problems.len()));
    }
    if !findings.is_empty()
        && !snapshot.inputs.is_empty()
        && snapshot.inputs.iter().all(|input| !input.kind.is_records())
    {
        limits.push(Message::new("limitation.metadata-only"));
    }
    if snapshot.ignored_files > 0 {
        limits.push(Message::new("limitation.ignored-files").with("count", snapshot.ignored_files));
    }
    limits
}
