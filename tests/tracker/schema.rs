//! `assessment.json` against its published schema.

use super::build::{accepted, app, date, org};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};
use shr::controls::client_credentials::{
    ActionKind, Advice, Basis, FlowState, NetworkState, PrivilegeState, Rule, UserState, WayOut,
};
use shr::model::*;
use shr::text::message::Message;

fn schema() -> (Schemas, SchemaIndex) {
    let text = include_str!("../../docs/assessment.schema.json");
    let mut compiler = Compiler::new();
    compiler.add_resource("urn:shr:assessment:2", serde_json::from_str(text).unwrap()).unwrap();
    let mut schemas = Schemas::new();
    let index = compiler.compile("urn:shr:assessment:2", &mut schemas).unwrap();
    (schemas, index)
}

/// An assessment in which every optional part is present.
fn full() -> Assessment {
    let mut failing = app("ERP_Sync", Outcome::Fail);
    failing.disposition = Some(accepted("ERP_Sync", "2026-06-30"));
    let others = [Outcome::Pass, Outcome::NotTested, Outcome::Review, Outcome::NotEvaluable, Outcome::NotApplicable];
    let others = others.map(|outcome| app(&format!("App_{outcome}"), outcome));
    let apps: Vec<_> = std::iter::once(failing).chain(others).collect();
    let old = org("prod", "2026-01-31", &apps[..2]);
    let mut full = org("prod", "2026-02-28", &apps);
    shr::delta::compare(&old, &mut full);
    let finding = &mut full.findings[0];
    finding.cause = Some("Historic".to_owned());
    finding.management_response = Some("Will be replaced".to_owned());
    finding.moved = vec!["privilege: narrow → broad".to_owned()];
    let advice = Advice {
        way: Some(WayOut::Jwt),
        because: Message::new("advice.jwt"),
        holds: vec!["user:kept".to_owned()],
        reasons: vec![Message::new("advice.reason.api-only")],
        bound: Some(Message::new("advice.bound.standard").with("profile", "Minimum Access")),
        outside: Some(Message::new("advice.outside").with("addresses", vec!["192.0.2.1".to_owned()])),
        sets: vec!["All_Orders".to_owned()],
    };
    finding.facts.set("advice", &advice);
    finding
        .notes
        .push(Message::new("n").with("a", 3usize).with("b", vec!["x".to_owned()]).with("c", Message::new("inner")));
    full.attestations.push(AttestationUse {
        line: 4,
        app: "ERP_Sync".to_owned(),
        criterion: String::new(),
        state: "unused".to_owned(),
        statement: Message::new("s").with("by", "Ana"),
        disposition: Some(Disposition { expires: None, ..accepted("X", "2026-01-01") }),
    });
    full
}

#[test]
fn what_is_written_is_valid_and_is_read_back() {
    let (schemas, index) = schema();
    for assessment in [full(), org("empty", "2026-01-31", &[])] {
        let value = serde_json::to_value(&assessment).unwrap();
        if let Err(error) = schemas.validate(&value, index) {
            panic!("{error:#}");
        }
        let back: Assessment = serde_json::from_value(value).unwrap();
        assert_eq!(back.findings.len(), assessment.findings.len());
        assert_eq!(back.baseline, assessment.baseline);
    }
}

#[test]
fn what_the_schema_must_refuse() {
    let (schemas, index) = schema();
    let good = serde_json::to_value(full()).unwrap();
    type Break = fn(&mut Value);
    let broken: [(&str, Break); 10] = [
        ("another version", |v| v["schema"] = json!("shr-assessment/3")),
        ("an unknown member", |v| v["findings"][0]["secret"] = json!("x")),
        ("a missing member", |v| drop(v["org"].as_object_mut().unwrap().remove("digest"))),
        ("an unknown word", |v| v["findings"][0]["result"] = json!("ok")),
        ("a malformed id", |v| v["findings"][0]["id"] = json!("SHR-CCF-ILOU-0000")),
        ("a score that is no score", |v| v["findings"][0]["score"]["residual31"][1] = json!(101)),
        ("a pass without basis", |v| drop(v["findings"][1].as_object_mut().unwrap().remove("basis"))),
        ("a pass without evidence", |v| v["findings"][1]["observations"][1]["evidence"] = json!([])),
        ("two kinds of argument", |v| v["findings"][0]["notes"][0]["args"]["a"] = json!({"number": 1, "text": "x"})),
        ("no day", |v| v["as_of"] = json!("28.02.2026")),
    ];
    assert!(schemas.validate(&good, index).is_ok());
    for (what, break_it) in broken {
        let mut value = good.clone();
        break_it(&mut value);
        assert!(schemas.validate(&value, index).is_err(), "{what}");
    }
    assert_eq!(full().as_of, date("2026-02-28"));
}

/// Every word of the vocabulary, against the lists that the schema writes out.
#[test]
fn the_schema_knows_every_word() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/assessment.schema.json")).unwrap();
    let words = |pointer: &str| -> Vec<String> {
        let list = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
        list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    macro_rules! same {
        ($($pointer:literal $kind:ident),+ $(,)?) => {$(
            let ours: Vec<String> = $kind::ALL.iter().map(|word| word.word().to_owned()).collect();
            assert_eq!(words(concat!("/$defs/", $pointer, "/enum")), ours);
        )+};
    }
    same! {
        "outcome" Outcome, "basis" Basis, "flowState" FlowState, "delta" Delta, "severity" Severity,
        "confidence" Confidence, "level" Level, "step/properties/rule" Rule,
        "executionUser/properties/state" UserState, "privilege/properties/state" PrivilegeState,
        "network/properties/state" NetworkState, "question/properties/settles" Settles,
        "disposition/properties/kind" DispositionKind, "disposition/properties/state" DispositionState,
        "observation/properties/weight" Weight, "observation/properties/source" Source,
        "action/properties/kind" ActionKind, "advice/properties/way" WayOut,
        "population/properties/conclusion" Conclusion, "coverage/properties/state" CoverageState,
    }
}
