//! `shr explain`: everything that matters about control, criterion and finding is said, and org text stays text.

use shr::explain;
use shr::model::{Assessment, Finding};
use shr::text::wording::Wording;
use std::sync::Arc;

fn words() -> Wording {
    shr::controls::wording("en").unwrap()
}

/// An assessment with one failing finding, as `assessment.json` holds it.
fn assessment() -> Assessment {
    shr::controls::read(ASSESSMENT.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

const ASSESSMENT: &str = r#"{
  "schema": "shr-assessment/1", "tool_version": "0.1.0", "ruleset_version": "2026.11",
  "control": {"id": "c", "name": "n", "url": "https://example.com", "published_range": "High 7.0 to 8.9", "range_low": 70, "range_high": 89},
  "as_of": "2026-11-24", "document": {},
  "org": {"key": "k", "name": "n", "id": "", "environment": "production", "snapshot_at": null, "extracted_by": "", "request": "", "source": "s", "digest": ""},
  "result": "fail",
  "counts": {"fail": 1, "not_evaluable": 0, "review": 0, "pass": 0, "not_applicable": 0, "not_tested": 0},
  "population": {"conclusion": "complete", "because": {"key": "k"}, "expected": 1, "received": 1, "evaluated": 1},
  "findings": [{
    "id": "SHR-CCF-AAAA-BBBB",
    "app": {"api_name": "Order_Sync", "label": "Orders\u001b[31m\n# Not a heading", "namespace": "", "distribution_state": "Local", "sources": []},
    "flow_state": "on", "result": "fail", "because": {"key": "list.last"}, "effect": [],
    "observations": [
      {"criterion": "flow-disabled", "weight": "gate", "outcome": "review", "because": {"key": "list.last"}, "observed": [], "evidence": ["EV-001"], "source": "export"},
      {"criterion": "execution-user-least-privilege", "weight": "decisive", "outcome": "fail", "because": {"key": "list.last"}, "observed": [], "evidence": ["EV-002"], "source": "export"},
      {"criterion": "network-restricted", "weight": "decisive", "outcome": "pass", "because": {"key": "list.last"}, "observed": [], "evidence": [], "source": "export"},
      {"criterion": "governance-recorded", "weight": "supporting", "outcome": "pass", "because": {"key": "list.last"}, "observed": [], "evidence": [], "source": "attested"}],
    "execution_user": {"name": "u@example.com", "state": "active", "profile": "p", "license": "", "shared_with": [], "last_login": ""},
    "privilege": {"state": "broad", "at_least": true, "impact": {"c": "H", "i": "H", "a": "H"},
      "grants": [{"name": "ModifyAllData", "label": "Modify All Data", "tier": "critical", "category": "admin", "impact": {"c": "H", "i": "H", "a": "H"}, "on_activation": true, "implies": [],
        "paths": [[{"what": "permission", "name": "ModifyAllData", "evidence": "EV-002"}, {"what": "profile", "name": "Admin", "evidence": ""}, {"what": "user", "name": "u@example.com", "evidence": "EV-003"}]]}],
      "objects": [], "broken": [], "gaps": [], "least": false},
    "network": {"state": "narrow", "relaxation": "Enforce", "ranges": [], "addresses": "1", "because": {"key": "list.last"}},
    "scopes": null,
    "score": {"inherent31": ["CVSS:3.1/BASE", 81], "inherent40": ["CVSS:4.0/BASE", 86],
      "steps": [{"rule": "P", "applied": true, "metrics": "MC:H/MI:H/MA:H", "score31": 88, "score40": 87, "because": {"key": "list.last"}},
                {"rule": "X", "applied": false, "metrics": "", "score31": 88, "score40": 87, "because": {"key": "list.last"}}],
      "residual31": ["CVSS:3.1/REST", 90], "residual40": ["CVSS:4.0/REST", 87],
      "interval31": {"low": 88, "high": 90}, "interval40": {"low": 87, "high": 87},
      "severity": "critical", "confidence": "medium", "above_range": true, "if_on": false, "arithmetic": ["ISS = 0.92"]},
    "phrases": [],
    "questions": [{"criterion": "execution-user-least-privilege", "settles": "export", "text": {"key": "list.separator"}, "requests": ["user", "profile"]}],
    "does_not_count": [], "notes": [],
    "disposition": {"kind": "accept_risk", "app": "Order_Sync", "state": "expired", "rationale": "r", "approver": "a", "on": null, "expires": null},
    "delta": "new"}],
  "connected_apps": [], "coverage": [], "problems": [], "inputs": [],
  "evidence": [
    {"id": "EV-001", "path": "p/Order_Sync.ecaOauthPlcy", "line": 7, "setting": "isClientCredentialsFlowEnabled", "seen": "true"},
    {"id": "EV-002", "path": "profiles/Admin.profile", "line": 12, "setting": "ModifyAllData", "seen": "true"}],
  "thresholds": [{"name": "objects", "value": "5", "from": "engagement"}], "attestations": [], "limitations": [], "decisions": []
}"#;

fn explained(change: impl FnOnce(&mut Finding)) -> String {
    let mut assessment = assessment();
    let mut finding = assessment.findings.remove(0);
    change(&mut finding);
    explain::finding(&assessment, &finding, &shr::controls::catalogue("en").unwrap(), &words())
}

#[test]
fn nothing_that_is_printed_lacks_its_words() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), words());
    let mut texts = vec![explain::handbook(&control, &words), explain::list(&control, &words), explained(|_| {})];
    texts.extend(control.criteria.iter().map(|criterion| explain::criterion(&control, criterion, &words)));
    for text in texts {
        assert!(!text.contains('⟨'), "{}", text.lines().find(|line| line.contains('⟨')).unwrap_or_default());
        assert!(!text.contains("\n\n\n") && text.ends_with('\n'));
    }
}

#[test]
fn no_sentence_is_left_over() {
    let sources = [
        include_str!("../src/explain/mod.rs"),
        include_str!("../src/explain/finding.rs"),
        include_str!("../src/explain/page.rs"),
        include_str!("../src/explain/sheet.rs"),
        include_str!("../src/controls/client_credentials/report/mod.rs"),
    ];
    // Built from parts: `explain.side.…`, `explain.rule.…`, `explain.threshold.…`.
    let built = |key: &str| {
        ["side", "rule", "threshold", "sheet"].iter().any(|part| key.starts_with(&format!("explain.{part}.")))
    };
    for key in words().keys().filter(|key| key.starts_with("explain.") && !built(key)) {
        assert!(sources.iter().any(|source| source.contains(&format!("\"{key}\""))), "{key}");
    }
}

#[test]
fn a_criterion_tells_rule_numbers_and_exports() {
    let control = shr::controls::catalogue("en").unwrap();
    let criterion = control.criterion("network-restricted").unwrap();
    let text = explain::criterion(&control, criterion, &words());
    for part in
        ["weight: decisive", "at most 256 addresses", "oauth-policy (ExtlClntAppOauthPlcyCnfg)", "SC-7", "low risk: "]
    {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn a_finding_tells_evidence_path_arithmetic_and_ways_out() {
    let text = explained(|_| {});
    for part in [
        "result: fail; flow: on",
        "accept_risk, expired",
        "against the baseline: new",
        "EV-002 at profiles/Admin.profile:12: ModifyAllData = true",
        "attested in the engagement file",
        "at least broad",
        "ModifyAllData (Modify All Data, critical, impact H/H/H): EV-002, by way 1",
        "only after activation",
        "Way 1: profile Admin > user u@example.com [EV-003]",
        "1 place, listed with the ways and rights below",
        "inherent: 8.1 (CVSS:3.1/BASE) and 8.6 (CVSS:4.0/BASE)",
        "sets MC:H/MI:H/MA:H: 8.8 and 8.7",
        "residual: 9.0 (CVSS:3.1/REST)",
        "8.8 to 9.0 (CVSS 3.1)",
        "above the published range of High 7.0 to 8.9",
        "- ISS = 0.92",
        "execution-user-least-privilege passes with: ApiUserOnly, at most 5 objects",
        "supplied by: user, profile",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains("network-restricted passes with"), "what passes needs no change");
}

#[test]
fn org_text_stays_on_its_line_and_never_reaches_the_terminal_as_a_command() {
    let text = explained(|finding| {
        Arc::make_mut(&mut finding.rights).grants[0].label = "\u{202e}evil\u{7}".to_owned();
    });
    assert!(text.starts_with("# SHR-CCF-AAAA-BBBB: Orders\\u{1b}[31m\\u{a}# Not a heading (Order_Sync)\n"), "{text}");
    assert!(text.contains("\\u{202e}evil\\u{7}"));
    assert!(!text.chars().any(|c| c != '\n' && c.is_control()));
}

#[test]
fn a_pass_has_nothing_to_change_and_no_score() {
    let text = explained(|finding| {
        finding.result = shr::model::Outcome::Pass;
        finding.basis = Some(shr::controls::client_credentials::Basis::FlowOff.into());
        finding.facts.set("flow_state", &shr::controls::client_credentials::FlowState::Off);
        finding.score = None;
    });
    assert!(
        text.contains("basis: flow_off")
            && text.contains("No score: flow_off.")
            && text.contains("Nothing has to change.")
    );
    assert!(!text.contains("ModifyAllData (Modify"), "an app whose flow is off does not run as its user");
}

/// `docs/control.md` is what the catalogue says. `SHR_BLESS=1 cargo test explain` writes it anew.
#[test]
fn the_documented_control_is_the_catalogue() {
    let text = explain::handbook(&shr::controls::catalogue("en").unwrap(), &words());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/control.md");
    let text =
        format!("<!-- Generated from src/controls/client_credentials: SHR_BLESS=1 cargo test explain -->\n\n{text}");
    if std::env::var_os("SHR_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), text, "docs/control.md is out of date");
}
