//! Trackers: columns, merging, a year of one tracker's life.

pub(crate) mod build;
mod delta;
mod files;
mod fixpoint;
mod history;
mod inplace;
mod reading;
mod schema;
mod sheets;
mod spoilt;
mod year;

use build::{app, cells, org};
use shr::model::Outcome;
use shr::table::columns::{self, CRITERIA, FINDINGS, POPULATION};
use shr::table::rows;
use shr::text::wording::Wording;
use std::collections::BTreeSet;

fn english() -> Wording {
    shr::controls::wording("en").unwrap()
}

#[test]
fn columns_are_those_of_the_published_order() {
    let names: Vec<&str> = FINDINGS.iter().map(|column| column.name).collect();
    assert_eq!(
        names.join(" "),
        "finding_id org_key org_id environment control_id control_name app_api_name app_label title result basis \
         severity cvss31_score cvss31_vector cvss40_score cvss40_vector cvss_interval published_range confidence \
         failed_criteria condition execution_user execution_user_state privilege privileges network network_limits scopes effect \
         recommendation missing_evidence evidence_refs first_seen last_seen snapshot_at delta baseline_run status \
         disposition owner due_date remediation_plan management_response accepted_by accepted_until rationale ticket \
         cause comments status_date proposed_status proposed_due_date overdue_days merge_note ruleset_version \
         tool_version app_kind"
    );
    for table in [&FINDINGS, CRITERIA, &POPULATION] {
        let unique: BTreeSet<&str> = table.iter().map(|column| column.name).collect();
        assert_eq!(unique.len(), table.len());
        for column in table {
            assert!(!column.about(&english()).starts_with('⟨'), "no description of {}", column.name);
        }
    }
}

#[test]
fn rows_have_as_many_cells_as_columns_and_words_of_their_lists() {
    let org = org("prod", "2026-01-31", &every_result());
    let wording = english();
    let tables = rows::tables(&[&org], &wording, true);
    for (table, columns) in tables.iter().zip([&FINDINGS, CRITERIA, &POPULATION]) {
        assert!(!table.rows.is_empty());
        for row in &table.rows {
            assert_eq!(row.cells.len(), columns.len());
            for (cell, column) in row.cells.iter().zip(columns) {
                if let (columns::Kind::Words(words), false) = (column.kind, cell.is_empty()) {
                    assert!(words().contains(&cell.as_ref()), "{} = {cell}", column.name);
                }
            }
        }
    }
}

#[test]
fn findings_come_worst_first_and_passes_only_when_asked_for() {
    let mut low = app("B_low", Outcome::Fail);
    low.score = 50;
    let apps = [
        app("Pass", Outcome::Pass),
        app("Review", Outcome::Review),
        low,
        app("Z_high", Outcome::Fail),
        app("A_high", Outcome::Fail),
        app("Unknown", Outcome::NotEvaluable),
        app("Left_out", Outcome::NotTested),
    ];
    let (prod, test) = (org("prod", "2026-01-31", &apps), org("dev", "2026-01-31", &[app("Z_high", Outcome::Fail)]));
    let wording = english();
    let named = |all| -> Vec<String> {
        let rows = rows::findings(&[&prod, &test], &wording, all);
        rows.iter().map(|row| format!("{}/{}", cells(row)["org_key"], cells(row)["app_api_name"])).collect()
    };
    let worst_first =
        ["dev/Z_high", "prod/A_high", "prod/Z_high", "prod/B_low", "prod/Unknown", "prod/Review", "prod/Left_out"];
    assert_eq!(named(false), worst_first);
    assert_eq!(named(true).len(), 8);
    assert_eq!(named(true)[6], "prod/Pass");
}

#[test]
fn a_row_says_what_the_assessment_says() {
    let mut failing = app("ERP_Sync", Outcome::Fail);
    failing.disposition = Some(build::accepted("ERP_Sync", "2026-06-30"));
    let org = org("prod", "2026-01-31", &[failing]);
    let wording = english();
    let row = &rows::findings(&[&org], &wording, false)[0];
    let cells = cells(row);
    for (column, expected) in [
        ("org_id", "00D5g00000ABCDEEA1"),
        ("title", "ERP_Sync: client credentials flow is switched on and not safe"),
        ("result", "fail"),
        ("cvss31_score", "8.8"),
        ("cvss_interval", "7.8 to 8.8"),
        ("published_range", "High 7.0 to 8.9"),
        ("failed_criteria", "network-restricted"),
        ("privilege", "elevated"),
        ("privileges", "Modify All Data"),
        ("network", "none"),
        ("network_limits", "192.0.2.0 to 192.0.2.255"),
        ("scopes", "Api; RefreshToken"),
        ("evidence_refs", "EV-001"),
        ("first_seen", "2026-01-31"),
        ("status", ""),
        ("disposition", "Accept Risk"),
        ("accepted_until", "2026-06-30"),
        ("proposed_due_date", ""),
    ] {
        assert_eq!(cells[column], expected, "{column}");
    }
    assert!(cells["condition"].contains("ipRelaxationPolicyType = Bypass"), "{}", cells["condition"]);
    assert!(cells["recommendation"].contains("login IP ranges"), "{}", cells["recommendation"]);
    let criteria = rows::criteria_table(&[&org], &wording).rows;
    assert_eq!(criteria[1].cells[9], "extlClntAppOauthPolicies/ERP_Sync.ecaOauthPlcy-meta.xml:9");
}

#[test]
fn text_that_cannot_be_seen_is_shown() {
    let mut spoof = app("Spoof", Outcome::Fail);
    spoof.label = "Pay\u{202e}lor\u{200b}\u{0}X\u{feff}".to_owned();
    let org = org("prod", "2026-01-31", &[spoof]);
    let wording = english();
    let rows = rows::findings(&[&org], &wording, false);
    assert_eq!(cells(&rows[0])["app_label"], "Pay[U+202E]lor[U+200B][U+0000]X[U+FEFF]");
}

fn every_result() -> Vec<build::App> {
    Outcome::ALL.iter().map(|outcome| app(&format!("App_{outcome}"), *outcome)).collect()
}

/// A cell of several values holds items, not sentences one after the other.
#[test]
fn items_of_missing_evidence_have_no_full_stop() {
    use crate::samples::{AS_OF, SAMPLES, engagement, key, samples, snapshot};
    let control = shr::controls::catalogue("en").unwrap();
    let at = columns::position(&FINDINGS, "missing_evidence").unwrap();
    let mut several = 0;
    for sample in SAMPLES {
        let snapshot = snapshot(&samples().join(sample));
        let assessment = shr::assess::assess(&snapshot, &control, &engagement(), key(sample), AS_OF);
        for language in ["en", "de"] {
            let words = shr::controls::wording(language).unwrap();
            for row in rows::findings(&[&assessment], &words, true) {
                let items: Vec<&str> = row.cells[at].split("; ").collect();
                several += usize::from(items.len() > 1);
                assert!(items.iter().all(|item| !item.ends_with('.')), "{sample}: {}", row.cells[at]);
            }
        }
    }
    assert!(several > 10, "only {several} cells have several items");
}
