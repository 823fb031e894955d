//! SARIF, OSCAL and OCSF: official schemas accept what is written, refuse what is broken, and the fields say what the
//! assessment says.

use crate::common::{Scratch, files_below, root, shr};
use crate::report::fixture;
use crate::samples::MARKERS;
use serde_json::Value;
use shr::model::{Assessment, Delta, Disposition, DispositionKind, DispositionState, Outcome};
use shr::render::exchange::Subject;
use shr::render::{ocsf, oscal, sarif};
use std::collections::BTreeSet;
use std::path::Path;

const SARIF: &str = "sarif-schema-2.1.0.json";
const RESULTS: &str = "oscal_assessment-results_schema.json";
const POAM: &str = "oscal_poam_schema.json";
const OCSF: &str = "ocsf-1.5.0-compliance_finding.json";

/// A compiled official schema.
struct Official(boon::Schemas, boon::SchemaIndex);

impl Official {
    fn load(name: &str) -> Self {
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.enable_format_assertions();
        let path = root().join("tests/data/schemas").join(name);
        let schema: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        compiler.add_resource(name, schema).unwrap();
        let index = compiler.compile(name, &mut schemas).unwrap();
        Self(schemas, index)
    }

    fn refuses(&self, document: &Value) -> Option<String> {
        self.0.validate(document, self.1).err().map(|error| format!("{error:#}"))
    }

    fn accepts(&self, document: &Value, what: &str) {
        assert_eq!(self.refuses(document), None, "{what}");
    }
}

/// What one org is written as.
struct Written {
    sarif: Value,
    github: Value,
    results: Value,
    poam: Option<Value>,
    ocsf: Vec<Value>,
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn write(assessment: &Assessment) -> Written {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let report = shr::report::build(assessment, &control, &words);
    let subject = Subject::new(assessment, &report, &words);
    let json = |bytes: Vec<u8>| serde_json::from_slice(&bytes).unwrap();
    Written {
        sarif: json(sarif::sarif(&subject)),
        github: json(sarif::github(&subject)),
        results: json(oscal::results(&subject)),
        poam: oscal::poam(&subject).map(json),
        ocsf: lines(&ocsf::ocsf(&subject)),
    }
}

fn read(folder: &Path) -> Written {
    let bytes = |name: &str| std::fs::read(folder.join(name)).unwrap();
    Written {
        sarif: serde_json::from_slice(&bytes(sarif::FILE)).unwrap(),
        github: serde_json::from_slice(&bytes(sarif::GITHUB_FILE)).unwrap(),
        results: serde_json::from_slice(&bytes(oscal::RESULTS_FILE)).unwrap(),
        poam: std::fs::read(folder.join(oscal::POAM_FILE)).ok().map(|b| serde_json::from_slice(&b).unwrap()),
        ocsf: lines(&bytes(ocsf::FILE)),
    }
}

fn check(written: &Written, what: &str) {
    Official::load(SARIF).accepts(&written.sarif, what);
    Official::load(SARIF).accepts(&written.github, what);
    Official::load(RESULTS).accepts(&written.results, what);
    if let Some(poam) = &written.poam {
        Official::load(POAM).accepts(poam, what);
        joined(poam, what);
    }
    joined(&written.results, what);
    let event = Official::load(OCSF);
    written.ocsf.iter().for_each(|one| event.accepts(one, what));
}

/// Every identifier is given once, and every reference leads to one that is given.
fn joined(document: &Value, what: &str) {
    fn walk<'a>(value: &'a Value, given: &mut Vec<&'a str>, named: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match (name.as_str(), value.as_str()) {
                        ("uuid", Some(id)) => given.push(id),
                        (name, Some(id)) if name.ends_with("-uuid") => named.push(id),
                        ("href", Some(text)) => named.extend(text.strip_prefix('#')),
                        _ => walk(value, given, named),
                    }
                }
            }
            Value::Array(list) => list.iter().for_each(|value| walk(value, given, named)),
            _ => {}
        }
    }
    let (mut given, mut named) = (Vec::new(), Vec::new());
    walk(document, &mut given, &mut named);
    let known: BTreeSet<&str> = given.iter().copied().collect();
    assert_eq!(known.len(), given.len(), "{what}: an identifier is given twice");
    assert!(!named.is_empty(), "{what}: no references");
    assert_eq!(named.into_iter().find(|id| !known.contains(id)), None, "{what}: leads nowhere");
}

/// The hand-made assessment with hostile names, decisions and a baseline.
fn rich() -> Assessment {
    let mut a = fixture::assessment(&shr::controls::catalogue("en").unwrap());
    let states = [DispositionState::Valid, DispositionState::Expired, DispositionState::Incomplete];
    let open = a.findings.iter_mut().filter(|finding| finding.result == Outcome::Fail);
    for (finding, state) in open.zip(states) {
        finding.disposition = Some(Disposition {
            kind: DispositionKind::Mitigated,
            app: finding.subject.api_name.clone(),
            state,
            rationale: "watched [here](https://example.com)\u{202e} {0}\nand there".into(),
            approver: "C. Hief".into(),
            on: None,
            expires: None,
        });
    }
    for (finding, delta) in a.findings.iter_mut().zip([Delta::New, Delta::Unchanged, Delta::Changed, Delta::Resolved]) {
        finding.delta = Some(delta);
    }
    a
}

#[test]
fn official_schemas_accept_what_every_sample_gives() {
    let samples =
        ["halden-prod", "halden-metadata-only", "lumen-mdapi.zip", "halden-uat", "ostra-prod", "tarn-no-apps"];
    for sample in samples {
        let scratch = Scratch::new(&format!("formats-{sample}"));
        let folder = root().join("samples");
        let run = |out: &str, lang: &str| {
            let ran = shr([
                "review".into(),
                folder.join(sample),
                "--engagement".into(),
                folder.join("engagement.toml"),
                "-o".into(),
                scratch.join(out),
                "--format=json,sarif,oscal,ocsf".into(),
                "--profile=github".into(),
                format!("--lang={lang}").into(),
            ]);
            assert_ne!(ran.code, 2, "{}", ran.err);
        };
        run("first", "en");
        run("second", "en");
        run("german", "de");
        assert_eq!(files_below(&scratch.join("first")), files_below(&scratch.join("second")), "{sample}");
        check(&read(&scratch.join("german")), sample);
        let written = read(&scratch.join("first"));
        check(&written, sample);
        let bytes = std::fs::read(scratch.join("first").join("assessment.json")).unwrap();
        agrees(&serde_json::from_slice(&bytes).unwrap(), &written);
        for (path, bytes) in files_below(&scratch.join("first")) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(!text.contains('⟨'), "{sample}: {path} lacks a sentence");
            let secret = MARKERS.iter().find(|marker| text.contains(**marker));
            assert_eq!(secret, None, "{sample}: {path} shows a secret");
        }
    }
}

/// As many results, findings and events as the assessment has, each with its outcome.
fn agrees(a: &Assessment, written: &Written) {
    let results = written.sarif["runs"][0]["results"].as_array().unwrap();
    let judged = a.findings.iter().flat_map(|finding| finding.observations.iter().map(move |seen| (finding, seen)));
    let judged = judged.filter(|(finding, _)| finding.result != Outcome::NotTested);
    let words = [
        (Outcome::Pass, "pass"),
        (Outcome::Review, "review"),
        (Outcome::NotApplicable, "notApplicable"),
        (Outcome::NotEvaluable, "open"),
    ];
    let kinds = |kind: &str| results.iter().filter(|result| result["kind"] == kind).count();
    for (outcome, kind) in words {
        assert_eq!(kinds(kind), judged.clone().filter(|(_, seen)| seen.outcome() == outcome).count(), "{kind}");
    }
    let failing = judged.filter(|(_, seen)| seen.outcome() == Outcome::Fail);
    let open = failing.clone().filter(|(finding, _)| finding.result.is_open()).count();
    assert_eq!((kinds("fail"), kinds("informational")), (open, failing.count() - open));
    assert!(results.iter().all(|result| (result["kind"] == "fail") || result["level"] == "none"));
    for_github(written, open);
    let states = |state: &str| {
        let findings = written.results["assessment-results"]["results"][0]["findings"].as_array();
        findings.map_or(0, |all| all.iter().filter(|one| one["target"]["status"]["state"] == state).count())
    };
    assert_eq!(states("satisfied"), a.counts.pass);
    assert_eq!(states("not-satisfied"), a.counts.fail + a.counts.review);
    let items =
        written.poam.as_ref().map(|poam| poam["plan-of-action-and-milestones"]["poam-items"].as_array().unwrap());
    assert_eq!(items.map_or(0, Vec::len), a.counts.fail + a.counts.review + a.counts.not_evaluable);
    let events = |id: u8| written.ocsf.iter().filter(|one| one["compliance"]["status_id"] == id).count();
    assert_eq!(
        [events(1), events(2), events(3)],
        [a.counts.pass, a.counts.review + a.counts.not_evaluable, a.counts.fail]
    );
}

/// What code scanning asks of a file: failing results alone, each with a line, a fingerprint of its own and a rule that
/// has descriptions and help; addresses without a base.
fn for_github(written: &Written, failing: usize) {
    let run = &written.github["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), failing);
    let mut prints = BTreeSet::new();
    for result in results {
        assert_eq!(result["kind"], "fail");
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 0), "{place}");
        assert!(place["artifactLocation"].get("uriBaseId").is_none(), "{place}");
        let print = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
        let (hash, count) = print.split_once(':').unwrap();
        assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) && count == "1", "{print}");
        assert!(prints.insert(print), "{print} twice");
    }
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        assert!(rule["fullDescription"]["text"].as_str().unwrap().chars().count() <= 1_024);
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 20);
    }
    let all = written.sarif["runs"][0]["results"].as_array().unwrap();
    for result in all.iter().filter(|result| result["kind"] == "fail") {
        let line = &result["locations"][0]["physicalLocation"]["region"]["startLine"];
        assert!(line.as_u64().is_some_and(|line| line > 0), "{result}");
    }
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let prints = |a: &Assessment| -> Vec<Value> {
        let github = write(a).github;
        let results = github["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    let (a, mut moved) = (rich(), rich());
    for evidence in &mut moved.evidence {
        evidence.item.line = evidence.item.line.map(|line| line + 7);
    }
    assert!(!prints(&a).is_empty());
    assert_eq!(prints(&a), prints(&moved));
}

#[test]
fn an_app_that_passes_has_no_failing_result() {
    let mut a = rich();
    for finding in &mut a.findings {
        finding.result = Outcome::Pass;
    }
    let written = write(&a);
    let kinds = |log: &Value, kind: &str| {
        log["runs"][0]["results"].as_array().unwrap().iter().filter(|result| result["kind"] == kind).count()
    };
    assert_eq!((kinds(&written.sarif, "fail"), kinds(&written.github, "fail")), (0, 0));
    assert!(kinds(&written.sarif, "informational") > 0);
}

#[test]
fn hostile_names_and_decisions_stay_data() {
    let a = rich();
    let written = write(&a);
    check(&written, "fixture");
    agrees(&a, &written);
    for document in [&written.sarif, &written.results, written.poam.as_ref().unwrap()] {
        let text = document.to_string();
        assert!(!text.contains('\u{202e}') && text.contains("[U+202E]"), "hidden characters are shown");
    }
    for result in written.sarif["runs"][0]["results"].as_array().unwrap() {
        let message = result["message"]["text"].as_str().unwrap();
        assert!(!message.contains("]("), "{message}");
        assert!(!message.replace("{{", "").replace("}}", "").contains(['{', '}']), "{message}");
    }
    let oscal = written.results.to_string();
    assert!(oscal.contains("\\\\[here\\\\]("), "org text in markup is escaped");
}

#[test]
fn decisions_and_changes_are_told_in_each_format() {
    let a = rich();
    let written = write(&a);
    let results = written.sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["suppressions"].is_array()), "all of a run or none");
    let first = |id: &str, kind: &str| {
        results.iter().find(|result| result["properties"]["findingId"] == id && result["kind"] == kind).unwrap()
    };
    let risks = written.results["assessment-results"]["results"][0]["risks"].as_array().unwrap();
    let cases = [
        (DispositionState::Valid, Some("accepted"), "deviation-approved", 3),
        (DispositionState::Expired, None, "open", 1),
        (DispositionState::Incomplete, None, "deviation-requested", 1),
    ];
    for (state, suppressed, status, event) in cases {
        let decided = |finding: &&shr::model::Finding| finding.disposition.as_ref().is_some_and(|d| d.state == state);
        let finding = a.findings.iter().find(decided).unwrap();
        let result = first(&finding.id, "fail");
        assert_eq!(result["suppressions"].get(0).and_then(|one| one["status"].as_str()), suppressed);
        assert_eq!(result["properties"]["decision"]["state"], state.word(), "a decision is told in any case");
        let has_id =
            |risk: &&Value| risk["props"].as_array().unwrap().iter().any(|p| p["value"] == finding.id.as_str());
        let risk = risks.iter().find(has_id).unwrap();
        assert_eq!(risk["status"], status);
        assert_eq!(risk["mitigating-factors"].is_array(), state == DispositionState::Valid);
        let told = written.ocsf.iter().find(|one| one["finding_info"]["uid"] == finding.id.as_str()).unwrap();
        let resolved = finding.delta == Some(Delta::Resolved);
        assert_eq!(told["status_id"], if resolved { 4 } else { event });
    }
    let state = |at: usize| {
        let id = &a.findings[at].id;
        let one = results.iter().find(|result| result["properties"]["findingId"] == id.as_str());
        one.map(|result| result["baselineState"].as_str().unwrap_or_default())
    };
    assert_eq!([0, 1, 2, 3].map(state), [Some("new"), Some("unchanged"), Some("updated"), Some("updated")]);
}

#[test]
fn results_of_one_app_have_fingerprints_of_their_own() {
    let written = write(&rich());
    let results = written.sarif["runs"][0]["results"].as_array().unwrap();
    let print = |result: &Value| result["fingerprints"]["shrResult/v1"].as_str().unwrap().to_owned();
    let unique: BTreeSet<String> = results.iter().map(print).collect();
    assert_eq!(unique.len(), results.len());
    for result in results {
        let id = result["partialFingerprints"]["shrFindingId/v1"].as_str().unwrap();
        assert_eq!(print(result), format!("{id}/{}", result["ruleId"].as_str().unwrap()));
        assert_eq!(
            written.sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"],
            result["ruleId"]
        );
    }
}

/// Changes one place of a document.
fn broken(document: &Value, pointer: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut copy = document.clone();
    change(copy.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is not there")));
    copy
}

#[test]
fn official_schemas_refuse_what_is_broken() {
    let written = write(&rich());
    let results = written.sarif["runs"][0]["results"].as_array().unwrap();
    let suppressed = results.iter().position(|r| !r["suppressions"].as_array().unwrap().is_empty()).unwrap();
    let suppression = format!("/runs/0/results/{suppressed}/suppressions/0");
    let official = Official::load(SARIF);
    let cases = [
        // The trap: prose of the specification that circulates says `state`.
        broken(&written.sarif, &suppression, |s| s["state"] = s["status"].take()),
        broken(&written.sarif, "/runs/0/results/0", |r| r["kind"] = "passed".into()),
        broken(&written.sarif, "/runs/0/results/0", |r| r["baselineState"] = "gone".into()),
        broken(&written.sarif, "/runs/0/automationDetails", |d| d["guid"] = "4711".into()),
    ];
    for (at, case) in cases.iter().enumerate() {
        assert!(official.refuses(case).is_some(), "SARIF case {at}");
    }
    let official = Official::load(RESULTS);
    let result = "/assessment-results/results/0";
    let cases = [
        broken(&written.results, result, |r| r["uuid"] = "00000000-0000-1000-8000-000000000000".into()),
        broken(&written.results, &format!("{result}/findings/0/target/status"), |s| s["state"] = "pass".into()),
        broken(&written.results, &format!("{result}/observations/0"), |o| o["colour"] = "red".into()),
        broken(&written.results, &format!("{result}/observations/0"), |o| o["collected"] = "2026-11-18".into()),
    ];
    for (at, case) in cases.iter().enumerate() {
        assert!(official.refuses(case).is_some(), "OSCAL results case {at}");
    }
    let (official, poam) = (Official::load(POAM), written.poam.unwrap());
    let plan = "/plan-of-action-and-milestones";
    assert!(official.refuses(&broken(&poam, plan, |p| p["poam-items"] = Value::Array(Vec::new()))).is_some());
    assert!(official.refuses(&broken(&poam, &format!("{plan}/risks/0"), |r| r["title"] = "a\nb".into())).is_some());
    let official = Official::load(OCSF);
    let event = &written.ocsf[0];
    assert!(official.refuses(&broken(event, "/compliance", |c| c["status_id"] = 7.into())).is_some());
    assert!(official.refuses(&broken(event, "", |e| e["result"] = "fail".into())).is_some());
    assert!(official.refuses(&broken(event, "", |e| e["time"] = "2026-11-18".into())).is_some());
}

#[test]
fn several_orgs_have_their_files_each() {
    let scratch = Scratch::new("formats-several");
    let (out, samples) = (scratch.join("report"), root().join("samples"));
    let mut args = vec!["review".into(), samples.join("halden-uat"), samples.join("tarn-no-apps")];
    args.extend(["-o".into(), out.clone(), "--format=sarif,oscal,ocsf".into(), "--profile=github".into()]);
    let ran = shr(args);
    assert_ne!(ran.code, 2, "{}", ran.err);
    check(&read(&out.join("orgs/halden-uat")), "halden-uat");
    assert!(out.join("orgs/tarn-no-apps").join(sarif::FILE).exists());
    assert!(!out.join("orgs/tarn-no-apps").join(oscal::POAM_FILE).exists(), "a plan without items is not valid");
    assert!(!out.join(sarif::FILE).exists(), "a reader takes one org at a time");
}
