//! Every number of the headline, counted again from `assessment.json` by other code than that which prints it.

use super::fixture;
use crate::samples::{AS_OF, SAMPLES, engagement, key, samples, snapshot};
use serde_json::Value;
use shr::assess::assess;
use shr::catalogue::Catalogue;
use shr::controls::client_credentials::{
    ExecutionUser, FlowState, Network, NetworkState, Privilege, PrivilegeState, Stated, UserState,
};
use shr::model::{Assessment, Counts, Outcome};
use shr::report::{self, OrgSummary, figures};

/// How many findings of an `assessment.json` have these words at these places.
fn count(findings: &[&Value], wanted: &[(&str, &[&str])]) -> usize {
    let has = |finding: &Value| {
        wanted.iter().all(|(at, words)| words.iter().any(|word| finding.pointer(at) == Some(&(*word).into())))
    };
    findings.iter().filter(|finding| has(finding)).count()
}

const FLOW: &str = "/facts/flow_state";
const POWER: &str = "/facts/privilege/state";
const NETWORK: &str = "/facts/network/state";

/// Whether a finding is on an External Client App; connected apps have sentences of their own.
fn is_own(finding: &Value) -> bool {
    finding["subject"]["kind"] == "external_client_app"
}

/// What the headline has to say about these apps; every `{n}` is counted here.
fn expected(json: &[Value]) -> Vec<String> {
    let all: Vec<&Value> =
        json.iter().flat_map(|one| one["findings"].as_array().unwrap()).filter(|one| is_own(one)).collect();
    let (out, looked): (Vec<&Value>, Vec<&Value>) = all.into_iter().partition(|one| one["result"] == "not_tested");
    let on = |more: &[(&str, &[&str])]| count(&looked, &[&[(FLOW, &["on"][..])], more].concat());
    let total = looked.len();
    let mut said = Vec::new();
    if total > 0 {
        let apps = if total == 1 { "App" } else { "Apps" };
        said.push(format!("switched on for {} of {total} External Client {apps}.", on(&[])));
    }
    let unknown = count(&looked, &[(FLOW, &["unknown"])]);
    if unknown > 0 {
        let apps = if unknown == 1 { "app" } else { "apps" };
        said.push(format!("For {unknown} {apps} the export does not tell whether the flow is on."));
    }
    if on(&[]) > 0 {
        let active = on(&[("/facts/execution_user/state", &["active"])]);
        match active {
            0 => said.push("No active execution user is known for".to_owned()),
            n if n == on(&[]) => said.push("can log in: the execution user is known and active.".to_owned()),
            n => said.push(format!(
                "{n} of them can log in: the execution user is known and active. For {} no",
                on(&[]) - n
            )),
        }
        for (words, phrase) in [
            (&["broad"][..], "administers the org for"),
            (&["elevated"][..], "writes in bulk or configures for"),
            (&["moderate", "bulk_read"][..], "reads in bulk for"),
        ] {
            let n = on(&[(POWER, words)]);
            said.extend((n > 0).then(|| format!("{phrase} {n}")));
        }
        said.push(format!("Network restriction: narrow for {}", on(&[(NETWORK, &["narrow"])])));
        said.push(format!("none for {}", on(&[(NETWORK, &["none"])])));
        for (state, phrase) in [("wide", "too wide for"), ("unknown", "unknown for")] {
            let n = on(&[(NETWORK, &[state])]);
            said.extend((n > 0).then(|| format!("{phrase} {n}")));
        }
    }
    if !out.is_empty() {
        said.push(format!("{} app{} left out", out.len(), if out.len() == 1 { " was" } else { "s were" }));
        let running = count(&out, &[(FLOW, &["on"])]);
        said.extend((running > 0).then(|| format!("with the flow switched on: {running}.")));
    }
    said
}

/// Orgs that differ in what is known and in what is left out.
fn orgs(control: &Catalogue) -> Vec<(String, Assessment)> {
    let mut all = vec![("fixture".to_owned(), fixture::assessment(control))];
    let engagement = engagement();
    for sample in SAMPLES {
        let assessed = assess(&snapshot(&samples().join(sample)), control, &engagement, key(sample), AS_OF);
        all.push((sample.to_owned(), assessed));
    }
    type Change = fn(usize, &mut shr::model::Finding);
    let changes: [(&str, Change); 5] = [
        ("nothing known", |_, f| {
            power(f, PrivilegeState::Unknown, NetworkState::Unknown);
            state(f, UserState::NotExported);
        }),
        ("users not found", |i, f| {
            state(f, if i % 2 == 0 { UserState::NotFound } else { UserState::Active });
        }),
        ("every third left out", |i, f| {
            if i % 3 == 0 {
                f.result = Outcome::NotTested;
            }
        }),
        ("all left out", |_, f| f.result = Outcome::NotTested),
        ("one on, the others not known", |i, f| {
            f.facts.set("flow_state", &if i == 0 { FlowState::On } else { FlowState::Unknown });
        }),
    ];
    for (name, change) in changes {
        let mut changed = fixture::assessment(control);
        changed.findings.iter_mut().enumerate().for_each(|(i, f)| change(i, f));
        changed.counts = Counts::of(changed.findings.iter().map(|f| f.result));
        all.push((name.to_owned(), changed));
    }
    all
}

fn missing(wanted: &[String], text: &str, place: &str) -> Vec<String> {
    let lost = wanted.iter().filter(|sentence| !text.contains(sentence.as_str()));
    lost.map(|sentence| format!("{place}: `{sentence}` is not in `{text}`")).collect()
}

#[test]
fn every_number_of_the_headline_is_that_of_the_assessment() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let orgs = orgs(&control);
    let mut faults = Vec::new();
    for (name, assessment) in &orgs {
        let json = serde_json::to_value(assessment).unwrap();
        let model = report::build(assessment, &control, &words);
        let (summary, cover) = (model.summary, model.verdict.join(" "));
        let verdict = format!("{} {cover}", summary.glance.join(" "));
        if !assessment.findings.is_empty() {
            faults.extend(missing(&expected(std::slice::from_ref(&json)), &verdict, name));
        }
        let tiles: usize = summary.counts.iter().map(|count| count.apps).sum();
        assert_eq!(tiles, assessment.findings.len(), "{name}: each app has one result");
        let funnel = figures::org(assessment, &words)
            .into_iter()
            .map(|drawn| drawn.drawing)
            .find(|drawing| drawing.name == "funnel");
        let findings: Vec<&Value> = json["findings"].as_array().unwrap().iter().collect();
        let looked: Vec<&Value> =
            findings.into_iter().filter(|one| is_own(one) && one["result"] != "not_tested").collect();
        let off = count(&looked, &[(FLOW, &["off"])]);
        let steps = [
            format!("flow not shown to be off: {}", looked.len() - off),
            format!("flow on: {}", count(&looked, &[(FLOW, &["on"])])),
            format!(
                "known and active: {}",
                count(&looked, &[(FLOW, &["on"]), ("/facts/execution_user/state", &["active"])])
            ),
            format!("hardened: {}", count(&looked, &[(FLOW, &["on"]), ("/basis", &["hardened"])])),
        ];
        faults.extend(funnel.iter().flat_map(|drawing| missing(&steps, &drawing.alt, name)));
    }
    let json: Vec<Value> = orgs.iter().map(|(_, one)| serde_json::to_value(one).unwrap()).collect();
    let summaries: Vec<OrgSummary> = orgs.iter().map(|(_, one)| OrgSummary::of(one)).collect();
    let portfolio = report::portfolio(&summaries, &[], &control, &words);
    let verdict = [portfolio.verdict, portfolio.glance].concat().join(" ");
    faults.extend(missing(&expected(&json), &verdict, "portfolio"));
    // Tiles: failing apps by severity, then what is not settled, then what is in order.
    let findings: Vec<&Value> = json.iter().flat_map(|one| one["findings"].as_array().unwrap()).collect();
    let failing = |word: &str| {
        let failing = findings.iter().filter(|one| one["result"] == "fail");
        failing.filter(|one| one["score"]["severity"] == word).count()
    };
    let of = |results: &[&str]| findings.iter().filter(|one| results.iter().any(|r| one["result"] == *r)).count();
    let mut counted: Vec<usize> = ["critical", "high", "medium", "low"].map(failing).into();
    counted.extend([of(&["not_evaluable", "review"]), of(&["pass", "not_applicable"])]);
    let tiles: Vec<usize> = portfolio.tiles.iter().map(|tile| tile.value.parse().unwrap()).collect();
    assert_eq!(tiles, counted);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is not known stands in rows and columns of its own.
#[test]
fn the_risk_matrix_keeps_the_unknown_apart() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let mut assessment = fixture::assessment(&control);
    let matrix = |assessment: &Assessment| {
        let drawn = figures::org(assessment, &words)
            .into_iter()
            .map(|drawn| drawn.drawing)
            .find(|drawing| drawing.name == "risk-matrix");
        drawn.expect("apps with scores").alt
    };
    for finding in &mut assessment.findings {
        power(finding, PrivilegeState::Unknown, NetworkState::Unknown);
    }
    let alt = matrix(&assessment);
    assert!(alt.contains("unknown, unknown network:"), "{alt}");
    assert!(!alt.contains("elevated") && !alt.contains("not narrow"), "{alt}");
    for finding in &mut assessment.findings {
        power(finding, PrivilegeState::Broad, NetworkState::None);
    }
    let alt = matrix(&assessment);
    assert!(alt.contains("administers the org, not narrow:") && !alt.contains("unknown"), "{alt}");
}

/// What is not shown to fail is not said to be bad: its score is what the gaps allow.
#[test]
fn without_a_failure_nothing_is_called_worst() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let mut assessment = fixture::assessment(&control);
    assessment.findings.retain(|finding| finding.result != Outcome::Fail);
    assessment.result = Outcome::NotEvaluable;
    assessment.counts = Counts::of(assessment.findings.iter().map(|finding| finding.result));
    let verdict = report::build(&assessment, &control, &words).verdict.join(" ");
    assert!(verdict.contains("No app is shown to fail"), "{verdict}");
    assert!(verdict.contains("Most pressing: # x, CVSS 3.7 to 8.8"), "{verdict}");
    assert!(!verdict.contains("Worst"), "{verdict}");
    let portfolio = report::portfolio(&[OrgSummary::of(&assessment)], &[], &control, &words).verdict.join(" ");
    assert!(!portfolio.contains("Worst"), "{portfolio}");
}

fn state(finding: &mut shr::model::Finding, state: UserState) {
    let user = ExecutionUser { state, ..finding.execution_user() };
    finding.facts.set("execution_user", &user);
}

fn power(finding: &mut shr::model::Finding, power: PrivilegeState, network: NetworkState) {
    finding.facts.set("privilege", &Privilege { state: power, ..finding.privilege() });
    finding.facts.set("network", &Network { state: network, ..finding.network() });
}
