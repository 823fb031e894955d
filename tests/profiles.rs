//! Files for other trackers, held to the rules of their readers.

use crate::common::{Scratch, files_below, root, shr};
use crate::tracker::build::{App, accepted, app, date, org};
use calamine::Reader;
use serde_json::Value;
use shr::model::*;
use shr::render::csv::{self, Dialect};
use shr::render::theme::Theme;
use shr::render::{defectdojo, xlsx};
use shr::table::Row;
use shr::table::profiles::{self, Profile};
use std::collections::BTreeSet;
use std::sync::Arc;

fn rows(orgs: &[&Assessment], profile: Profile, lang: &str) -> Vec<Row<'static>> {
    let (control, wording) = (shr::controls::catalogue(lang).unwrap(), shr::controls::wording(lang).unwrap());
    profiles::rows(orgs, &control, &wording, profile)
}

/// A profile's CSV file as its reader sees it, the headings first.
fn records(orgs: &[&Assessment], profile: Profile) -> Vec<Vec<String>> {
    let table = profiles::table(profile, &rows(orgs, profile, "en"));
    let (name, bytes) = csv::file(&table, Dialect::Rfc4180).remove(0);
    assert_eq!(name, format!("{}.csv", profile.word()));
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A cell of a row by its heading.
fn cell<'a>(records: &'a [Vec<String>], row: usize, heading: &str) -> &'a str {
    let at = records[0].iter().position(|name| name == heading).unwrap_or_else(|| panic!("no {heading}"));
    &records[row][at]
}

fn findings(orgs: &[&Assessment], lang: &str) -> Vec<Value> {
    let file = defectdojo::file(&rows(orgs, Profile::DefectDojo, lang));
    let file: Value = serde_json::from_slice(&file).unwrap();
    file["findings"].as_array().unwrap().clone()
}

fn one(finding: App) -> Assessment {
    org("prod", "2026-01-31", &[finding])
}

fn decided(kind: DispositionKind, state: DispositionState) -> App {
    let mut failing = app("Relay", Outcome::Fail);
    failing.disposition = Some(Disposition { kind, state, ..accepted("Relay", "2026-12-31") });
    failing
}

#[test]
fn headings_are_those_of_the_readers() {
    let org = one(app("Relay", Outcome::Fail));
    let cases = [
        (
            Profile::Poam,
            "POAM ID · Controls · Weakness Name · Weakness Description · Weakness Detector Source · Weakness Source \
             Identifier · Asset Identifier · Point of Contact · Resources Required · Overall Remediation Plan · Original \
             Detection Date · Scheduled Completion Date · Planned Milestones · Milestone Changes · Status Date · Vendor \
             Dependency · Last Vendor Check-in Date · Vendor Dependent Product Name · Original Risk Rating · Adjusted \
             Risk Rating · Risk Adjustment · False Positive · Operational Requirement · Deviation Rationale · Supporting \
             Documents · Comments · Auto-Approve · Binding Operational Directive 22-01 tracking · Binding Operational \
             Directive 22-01 Due Date · CVE · Service Name",
        ),
        // `MitigatedDate` is left out, because the reader takes an empty one for an error.
        (
            Profile::DefectDojo,
            "Date · Title · CweId · Url · Severity · Description · Mitigation · Impact · References · Active · Verified · \
             FalsePositive · Duplicate · IsMitigated · CVSSV3 · CVSSV4",
        ),
        (Profile::Jira, "Summary · Issue Type · Priority · Due Date · Description · Labels · Labels · Labels"),
    ];
    for (profile, wanted) in cases {
        assert_eq!(records(&[&org], profile)[0].join(" · "), wanted);
    }
    assert_eq!(records(&[&org], Profile::Poam)[0].len(), 31);
    for profile in [Profile::DefectDojo, Profile::Jira] {
        assert_eq!(Dialect::ExcelSemicolon.for_profile(profile), Dialect::Rfc4180, "their readers take a BOM for text");
    }
    assert_eq!(Dialect::ExcelSemicolon.for_profile(Profile::Poam), Dialect::ExcelSemicolon);
}

#[test]
fn only_what_is_open_is_listed() {
    let results = [
        Outcome::Fail,
        Outcome::Pass,
        Outcome::NotTested,
        Outcome::Review,
        Outcome::NotEvaluable,
        Outcome::NotApplicable,
    ];
    let apps: Vec<App> = results.iter().map(|result| app(result.word(), *result)).collect();
    let org = org("prod", "2026-01-31", &apps);
    for profile in [Profile::Poam, Profile::DefectDojo, Profile::Jira] {
        assert_eq!(records(&[&org], profile).len(), 4, "{}", profile.word());
    }
}

#[test]
fn a_deviation_is_pending_until_somebody_outside_approved_it() {
    use DispositionKind::{AcceptRisk, FalsePositive, Mitigated, NotApplicable};
    use DispositionState::{Expired, Incomplete, Valid};
    // False Positive, Operational Requirement.
    let cases = [
        (AcceptRisk, Valid, ["No", "Pending"]),
        (AcceptRisk, Incomplete, ["No", "Pending"]),
        (AcceptRisk, Expired, ["No", "No"]),
        (FalsePositive, Valid, ["Pending", "No"]),
        (FalsePositive, Expired, ["No", "No"]),
        (Mitigated, Valid, ["No", "No"]),
        (NotApplicable, Valid, ["No", "No"]),
    ];
    for (kind, state, wanted) in cases {
        let org = one(decided(kind, state));
        let poam = records(&[&org], Profile::Poam);
        let found = ["False Positive", "Operational Requirement"].map(|heading| cell(&poam, 1, heading));
        assert_eq!(found, wanted, "{kind:?} {state:?}");
        assert!(!poam[1].contains(&"Yes".to_owned()), "{kind:?} {state:?}");
        let told = cell(&poam, 1, "Comments");
        assert!(told.contains("2026-12-31") && told.contains(&org.findings[0].disposition.as_ref().unwrap().approver));
    }
}

#[test]
fn a_rating_that_nobody_approved_moves_no_date() {
    use Severity::{Critical, High, Low, Medium};
    // Inherent 3.1, headline; original, adjusted, Risk Adjustment, days.
    let cases = [
        (81, Medium, "High", "Moderate", "Pending", 30),
        (98, Low, "High", "Low", "Pending", 30),
        (81, High, "High", "N/A", "No", 30),
        (92, High, "High", "N/A", "No", 30),
        (55, Low, "Moderate", "Low", "Pending", 90),
        (55, Medium, "Moderate", "N/A", "No", 90),
        (30, Low, "Low", "N/A", "No", 180),
        // Rated higher than the base vector: that is the rating from the start.
        (55, Critical, "High", "N/A", "No", 30),
    ];
    for (inherent, severity, original, adjusted, adjustment, days) in cases {
        let mut org = one(app("Relay", Outcome::Fail));
        let score = Arc::make_mut(org.findings[0].score.as_mut().unwrap());
        (score.inherent31.1, score.inherent40.1, score.severity) = (Tenths(inherent), Tenths(inherent), severity);
        let poam = records(&[&org], Profile::Poam);
        let found =
            ["Original Risk Rating", "Adjusted Risk Rating", "Risk Adjustment"].map(|name| cell(&poam, 1, name));
        assert_eq!(found, [original, adjusted, adjustment], "{inherent} {severity:?}");
        let first = date(cell(&poam, 1, "Original Detection Date"));
        let due = date(cell(&poam, 1, "Scheduled Completion Date"));
        assert_eq!((due - first).get_days(), days, "{inherent} {severity:?}");
        assert_eq!(cell(&poam, 1, "Deviation Rationale").contains("Risk Adjustment :"), adjustment == "Pending");
        let plan = shr::table::cells::completion(&org.findings[0], first);
        assert_eq!(plan, Some(due), "the plan in OSCAL has the same day");
    }
}

#[test]
fn controls_are_separated_as_their_reader_splits_them() {
    let org = one(app("Relay", Outcome::Fail));
    assert_eq!(cell(&records(&[&org], Profile::Poam), 1, "Controls"), "AC-6, IA-5");
}

#[test]
fn a_finding_has_one_name_for_ever() {
    let lasting = ["title", "description", "service", "cwe", "unique_id_from_tool", "file_path", "line"];
    let told = |result: Outcome, day: &str, because: &str, lang: &str| -> Vec<Value> {
        let mut changed = app("Relay", result);
        changed.because = because.to_owned();
        changed.score = if lang == "de" { 40 } else { 88 };
        let org = org("prod", day, &[app("Another", Outcome::Fail), changed]);
        let all = findings(&[&org], lang);
        let one = all.iter().find(|one| one["component_name"] == "Relay").unwrap();
        lasting.map(|key| one[key].clone()).to_vec()
    };
    let first = told(Outcome::Fail, "2026-01-31", "a", "en");
    assert_eq!(told(Outcome::Review, "2026-02-28", "b", "en"), first);
    assert_eq!(told(Outcome::NotEvaluable, "2026-03-31", "", "de"), first, "also in another language");
    assert!(first[5].is_null() && first[6].is_null(), "a line moves with its file");

    // Names that are the same up to any limit, in one org and in two.
    let long = "x".repeat(600);
    let apps = [app(&format!("{long}a"), Outcome::Fail), app(&format!("{long}b"), Outcome::Fail)];
    let (north, south) = (org("north", "2026-01-31", &apps), org("south", "2026-01-31", &apps));
    for (profile, name, most) in
        [(Profile::DefectDojo, "Title", 511), (Profile::Jira, "Summary", 255), (Profile::Poam, "Weakness Name", 2_000)]
    {
        let records = records(&[&north, &south], profile);
        let names: BTreeSet<&str> = (1..records.len()).map(|row| cell(&records, row, name)).collect();
        assert_eq!(names.len(), 4, "{name}");
        assert!(names.iter().all(|name| name.chars().count() <= most), "{name}");
    }
}

#[test]
fn defectdojo_learns_what_was_seen_and_what_was_decided() {
    use DispositionKind::{AcceptRisk, FalsePositive, Mitigated, NotApplicable};
    use DispositionState::{Expired, Incomplete, Valid};
    // active, risk_accepted, false_p, out_of_scope
    let cases = [
        (AcceptRisk, Valid, [false, true, false, false]),
        (Mitigated, Valid, [false, true, false, false]),
        (FalsePositive, Valid, [false, false, true, false]),
        (NotApplicable, Valid, [false, false, false, true]),
        (AcceptRisk, Expired, [true, false, false, false]),
        (FalsePositive, Incomplete, [true, false, false, false]),
    ];
    for (kind, state, wanted) in cases {
        let org = one(decided(kind, state));
        let told = findings(&[&org], "en").remove(0);
        let found = ["active", "risk_accepted", "false_p", "out_of_scope"].map(|key| told[key].as_bool().unwrap());
        assert_eq!(found, wanted, "{kind:?} {state:?}");
        assert_eq!(cell(&records(&[&org], Profile::DefectDojo), 1, "Active"), found[0].to_string().to_uppercase());
    }
    let org = one(app("Relay", Outcome::Fail));
    let told = findings(&[&org], "en").remove(0);
    let impact = told["impact"].as_str().unwrap();
    assert!(impact.starts_with("result: fail\n") && impact.contains("Bypass"), "{impact}");
    assert_eq!((&told["service"], &told["static_finding"]), (&"prod".into(), &true.into()));
    let place = (told["sast_source_file_path"].as_str(), told["sast_source_line"].as_u64());
    let shown = org.evidence.iter().find(|one| one.item.line.is_some()).map(|one| &one.item).unwrap();
    assert_eq!(place, (Some(&*shown.path), shown.line.map(u64::from)));
}

/// What the JSON reader lets through; any other field, or one of another type, ends the whole import.
const TAKEN: [(&str, &str); 26] = [
    ("date", "text"),
    ("title", "text"),
    ("cwe", "number"),
    ("severity", "text"),
    ("description", "text"),
    ("mitigation", "text"),
    ("impact", "text"),
    ("references", "text"),
    ("active", "truth"),
    ("verified", "truth"),
    ("false_p", "truth"),
    ("is_mitigated", "truth"),
    ("cvssv3", "text"),
    ("cvssv4", "text"),
    ("cvssv3_score", "number"),
    ("cvssv4_score", "number"),
    ("risk_accepted", "truth"),
    ("out_of_scope", "truth"),
    ("unique_id_from_tool", "text"),
    ("vuln_id_from_tool", "text"),
    ("service", "text"),
    ("component_name", "text"),
    ("static_finding", "truth"),
    ("dynamic_finding", "truth"),
    ("planned_remediation_date", "text"),
    ("sast_source_file_path", "text"),
];

#[test]
fn both_files_for_defectdojo_say_the_same_in_the_types_of_their_reader() {
    let apps = [app("A", Outcome::Fail), app("B", Outcome::Review), app("C", Outcome::NotEvaluable)];
    let org = org("prod", "2026-01-31", &apps);
    let (json, csv) = (findings(&[&org], "en"), records(&[&org], Profile::DefectDojo));
    assert_eq!(json.len() + 1, csv.len());
    for (finding, row) in json.iter().zip(1..) {
        for (key, value) in finding.as_object().unwrap() {
            let kind = match value {
                Value::String(_) => "text",
                Value::Number(_) => "number",
                Value::Bool(_) => "truth",
                _ => "list",
            };
            let known = TAKEN.contains(&(key, kind));
            assert!(
                known || matches!((key.as_str(), kind), ("tags", "list") | ("sast_source_line", "number")),
                "{key}"
            );
        }
        for (key, heading) in
            [("title", "Title"), ("description", "Description"), ("impact", "Impact"), ("date", "Date")]
        {
            assert_eq!(finding[key], cell(&csv, row, heading), "{key}");
        }
    }
    assert!(findings(&[&one(app("Fine", Outcome::Pass))], "en").is_empty());
}

#[test]
fn no_field_is_longer_than_its_reader_takes() {
    let mut long = app("Relay", Outcome::Fail);
    // Every character becomes longer when it is escaped.
    long.relaxation = "[*]|\\".repeat(40_000);
    long.effect = vec!["w![]".repeat(60_000)];
    let org = one(long);
    let id = &org.findings[0].id;
    let units = |text: &str| text.encode_utf16().count();
    let jira = records(&[&org], Profile::Jira);
    let description = cell(&jira, 1, "Description");
    assert!((30_000..=32_767).contains(&units(description)), "{}", units(description));
    assert!(description.replace('\\', "").ends_with(&format!("… [cut, see {id}]")));
    let dojo = records(&[&org], Profile::DefectDojo);
    assert!(dojo[1].iter().all(|cell| units(cell) <= 131_072));
    let first: String = cell(&dojo, 1, "Mitigation").chars().take_while(|c| c.is_alphabetic()).collect();
    let second = description.lines().nth(1).unwrap_or_default();
    assert!(!first.is_empty() && second.starts_with(&first), "what to do stands first: {second:.80}");
    let impact = cell(&dojo, 1, "Impact");
    assert!(impact.contains(&format!("cut, see {id}")), "{}", units(impact));
    let vector = "CVSS:3.1/".to_owned() + &"X".repeat(200);
    let mut odd = org.clone();
    Arc::make_mut(odd.findings[0].score.as_mut().unwrap()).residual31.0 = vector;
    assert_eq!(cell(&records(&[&odd], Profile::DefectDojo), 1, "CVSSV3"), "", "a part of a vector is none");
}

#[test]
fn org_text_is_text_for_each_reader() {
    let hostile =
        "![x](http://a.example/p.png) <img src=http://a.example/p.png> !http://a.example/y.png! [~admin] {color:red}";
    let mut planted = app("Relay", Outcome::Fail);
    planted.relaxation = hostile.to_owned();
    planted.effect = vec![hostile.to_owned()];
    let mut org = one(planted);
    org.findings[0].observations[0].observed.push(hostile.to_owned());
    let bare = |text: &str, c: char| {
        let found = text.char_indices().filter(|(_, found)| *found == c);
        found.filter(|(at, _)| !text[..*at].ends_with('\\')).count()
    };
    let jira = records(&[&org], Profile::Jira);
    let description = cell(&jira, 1, "Description");
    assert!(description.contains("admin"), "{description}");
    for c in ['!', '[', ']', '{', '}', '*', '_', '|'] {
        assert_eq!(bare(description, c), 0, "{c} in {description}");
    }
    assert!(!description.contains("http://"), "{description}");
    let dojo = records(&[&org], Profile::DefectDojo);
    for heading in ["Description", "Mitigation", "Impact", "References"] {
        let text = cell(&dojo, 1, heading);
        for c in ['!', '[', ']', '{', '}', '*', '`'] {
            assert_eq!(bare(text, c), 0, "{c} in {text}");
        }
        assert!(!text.contains('<'), "{text}");
    }
}

#[test]
fn the_workbook_of_the_plan_is_its_csv_in_the_place_of_the_template() {
    let mut long = app("Long", Outcome::Fail);
    long.effect = vec!["x".repeat(40_000)];
    let org = org(
        "prod",
        "2026-01-31",
        &[long, app("=1+1", Outcome::Review), decided(DispositionKind::AcceptRisk, DispositionState::Valid)],
    );
    let options = xlsx::Options {
        created: date("2026-01-31"),
        all: false,
        report: "",
        colours: Theme::default().colours,
        title: "Plan",
        author: "",
        client: "Halden",
    };
    let rows = rows(&[&org], Profile::Poam, "en");
    let bytes = xlsx::plan(&rows, "Nordlicht", &options).unwrap();
    assert_eq!(bytes, xlsx::plan(&rows, "Nordlicht", &options).unwrap());
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("Open POA&M Items").unwrap();
    let text = |row: u32, column: usize| match sheet.get_value((row, u32::try_from(column).unwrap())) {
        Some(calamine::Data::DateTime(day)) => day.as_f64().to_string(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    assert_eq!([text(1, 0), text(2, 0), text(2, 1)], ["CSP", "Halden", "Nordlicht"]);
    let table = profiles::table(Profile::Poam, &rows);
    for (heading, at) in table.header.iter().zip(0..) {
        assert_eq!(text(4, at), heading.name);
        for (row, number) in table.rows.iter().zip(5..) {
            let (cell, found) = (row.cells[at].as_ref(), text(number, at));
            match cell.parse::<jiff::civil::Date>() {
                Ok(day) => assert_eq!(found, (day - date("1899-12-30")).get_days().to_string(), "{}", heading.name),
                Err(_) if cell.len() > 32_000 => assert!(found.ends_with(&format!("[cut, see {}]", row.see))),
                Err(_) => assert_eq!(csv::unguarded(&found), cell, "{}", heading.name),
            }
        }
    }
}

#[test]
fn several_orgs_have_one_file_over_all_and_github_has_none() {
    let scratch = Scratch::new("profiles-several");
    let (out, samples) = (scratch.join("report"), root().join("samples"));
    let mut args = vec!["review".into(), samples.join("halden-uat"), samples.join("halden-prod")];
    args.extend(["-o".into(), out.clone(), "--as-of=2026-11-24".into(), "--format=json".into()]);
    args.push("--profile=poam,defectdojo,jira,github".into());
    let ran = shr(args);
    assert_ne!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("github: written for each org under orgs/"), "{}", ran.err);
    let files: BTreeSet<String> = files_below(&out).into_iter().map(|(path, _)| path).collect();
    for name in ["poam.csv", "poam.xlsx", "defectdojo.csv", "defectdojo.json", "jira.csv"] {
        assert!(files.contains(name) && files.contains(&format!("orgs/halden-uat/{name}")), "{name}");
    }
    assert!(files.contains("orgs/halden-uat/github.sarif") && !files.contains("github.sarif"));
    let read = |path: &str| -> Vec<String> {
        let file: Value = serde_json::from_slice(&std::fs::read(out.join(path)).unwrap()).unwrap();
        let findings = file["findings"].as_array().unwrap().iter();
        findings.map(|one| one["unique_id_from_tool"].as_str().unwrap().to_owned()).collect()
    };
    let all = read("defectdojo.json");
    let mut each = read("orgs/halden-uat/defectdojo.json");
    each.extend(read("orgs/halden-prod/defectdojo.json"));
    let set: BTreeSet<&String> = all.iter().collect();
    assert_eq!((set.len(), set), (all.len(), each.iter().collect()));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(out.join("poam.xlsx")).unwrap();
    let sheet = book.worksheet_range("Open POA&M Items").unwrap();
    let ids: Vec<String> = (5..5 + all.len()).map(|row| sheet.get((row, 0)).unwrap().to_string()).collect();
    assert_eq!(ids, all, "the same order");
}
