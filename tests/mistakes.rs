//! What a person got wrong in an engagement file is said on standard error, with file and line and the nearest name.

use crate::common::{Ran, Scratch, shr};
use crate::spoiled::hostile::{Files, hardened};
use std::path::Path;

const ID: &str = "00Dxx0000000007";

/// The hardened org, of which the app's file names the organisation.
fn files() -> Files {
    let mut files = hardened();
    let header = files.get_mut("main/default/Sync.eca-meta.xml").unwrap();
    let text = String::from_utf8(header.clone()).unwrap();
    let scoped = format!("<orgScopedExternalApp>{ID}:Sync</orgScopedExternalApp>\n<label>");
    *header = text.replacen("<label>", &scoped, 1).into_bytes();
    files
}

fn lay(folder: &Path) {
    for (path, bytes) in files() {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(folder.join("sfdx-project.json"), "{}").unwrap();
}

fn review(scratch: &Scratch, folders: &[&str], engagement: &str, into: &str) -> Ran {
    folders.iter().for_each(|folder| lay(&scratch.join(folder)));
    review_of_laid(scratch, folders, engagement, into)
}

fn review_of_laid(scratch: &Scratch, folders: &[&str], engagement: &str, into: &str) -> Ran {
    std::fs::write(scratch.join("e.toml"), engagement).unwrap();
    let mut args: Vec<std::ffi::OsString> = vec!["review".into()];
    for folder in folders {
        args.push(scratch.join(folder).into());
    }
    args.extend(["--engagement".into(), scratch.join("e.toml").into(), "-o".into(), scratch.join(into).into()]);
    args.extend(["--as-of", "2026-11-24", "--format", "md,csv,json", "--force"].map(Into::into));
    shr(args)
}

fn ids(scratch: &Scratch, report: &str) -> Vec<String> {
    let text = std::fs::read_to_string(scratch.join(report).join("assessment.json")).unwrap();
    let assessment: shr::model::Assessment = serde_json::from_str(&text).unwrap();
    assessment.findings.into_iter().map(|finding| finding.id).collect()
}

#[test]
fn each_mistake_has_a_line_with_its_place() {
    let decision = "[[disposition]]\norg = \"acme\"\napp = \"Sync\"\nkind = \"accept_risk\"\nrationale = \"r\"\napprover = \"A\"\non = 2026-11-01\nexpires = 2027-03-31\n";
    let other = decision.replace("accept_risk", "false_positive");
    let statement = "[[attest]]\norg = \"acme\"\napp = \"Sync\"\ncriterion = \"request-rate-limited\"\nmet = true\nstatement = \"s\"\nby = \"B\"\non = 2026-11-01\nexpires = 2027-03-31\n";
    let cases: &[(String, &[&str])] = &[
        ("[[org]]\nkey = \"acmee\"\n".into(), &["e.toml:2: org `acmee`", "did you mean `acme`?"]),
        ("\n[[org]]\nkey = \"production\"\n".into(), &["e.toml:3: org `production`", "`acme`"]),
        (decision.replace("Sync", "Sycn"), &["e.toml:1: [[disposition]] names the app `Sycn`", "did you mean `Sync`?"]),
        (statement.replace("Sync", "Snyc"), &["e.toml:1: [[attest]] names the app `Snyc`", "did you mean `Sync`?"]),
        (
            "[[exclude]]\napp = \"Sinc\"\nby = \"B\"\nwhy = \"w\"\n".into(),
            &["e.toml:1: [[exclude]] names the app `Sinc`", "did you mean `Sync`?"],
        ),
        (
            "[[response]]\napp = \"Synk\"\ncause = \"c\"\n".into(),
            &["e.toml:1: [[response]] names the app `Synk`", "did you mean `Sync`?"],
        ),
        (decision.replace("\"acme\"", "\"amce\""), &["e.toml:1: [[disposition]] is about the org `amce`", "`acme`?"]),
        (decision.replace("approver = \"A\"\n", ""), &["e.toml:1: the decision accept_risk on `Sync` lacks approver"]),
        (
            decision.replace("expires = 2027-03-31\n", ""),
            &["e.toml:1: the decision accept_risk on `Sync` lacks expires"],
        ),
        (
            statement.replace("expires = 2027-03-31\n", ""),
            &["e.toml:1: the statement on request-rate-limited lacks expires"],
        ),
        (format!("{decision}{other}"), &["e.toml:9: decides false_positive on `Sync`, and line 1 decides accept_risk"]),
        (
            format!("{statement}{}", statement.replace("true", "false")),
            &["e.toml:10: contradicts the statement of line 1 on request-rate-limited"],
        ),
        (
            "[[org]]\nkey = \"acme\"\n[org.expected]\nUser = 3\n".into(),
            &["e.toml:2: declares 3 of User for `acme`, and 1 could be used"],
        ),
        ("[[org]]\nkey = \"acme\"\nsnapshot_at = 2027-11-16\n".into(), &["e.toml:2:", "2027-11-16", "2026-11-24"]),
    ];
    let scratch = Scratch::new("mistakes");
    for (engagement, expected) in cases {
        let ran = review(&scratch, &["acme"], engagement, "r");
        for text in *expected {
            assert!(ran.err.contains(text), "{engagement}\nlacks {text}:\n{}", ran.err);
        }
    }
}

#[test]
fn what_is_right_has_no_line() {
    let scratch = Scratch::new("no-mistakes");
    let engagement = "[[org]]\nkey = \"acme\"\nsnapshot_at = 2026-11-16\n[org.expected]\nUser = 1\n[[org]]\nkey = \"not-of-this-run\"\n[[disposition]]\norg = \"not-of-this-run\"\napp = \"Elsewhere\"\nkind = \"accept_risk\"\n[[disposition]]\napp = \"Sync\"\nkind = \"false_positive\"\nrationale = \"r\"\napprover = \"A\"\non = 2025-11-01\nexpires = 2026-01-31\n[[disposition]]\napp = \"Sync\"\nkind = \"accept_risk\"\nrationale = \"r\"\napprover = \"A\"\non = 2026-11-01\nexpires = 2027-03-31\n";
    let ran = review(&scratch, &["acme"], engagement, "r");
    assert!(!ran.err.contains("e.toml"), "{}", ran.err);
}

#[test]
fn a_snapshot_of_a_later_day_proves_nothing_complete() {
    let scratch = Scratch::new("later");
    let dated = |day: &str| format!("[[org]]\nkey = \"acme\"\nsnapshot_at = {day}\n");
    assert_eq!(review(&scratch, &["acme"], &dated("2026-11-24"), "r").code, 0);
    let ran = review(&scratch, &["acme"], &dated("2026-11-25"), "r");
    assert_eq!(ran.code, 3, "{}", ran.err);
    let text = std::fs::read_to_string(scratch.join("r/assessment.json")).unwrap();
    let a: shr::model::Assessment = serde_json::from_str(&text).unwrap();
    assert!(a.coverage.iter().all(|row| row.state != shr::model::CoverageState::Complete), "{:?}", a.coverage);
    assert!(a.limitations.iter().any(|one| one.key == "assess.limitation.later-than-judged"));
}

#[test]
fn an_org_is_known_by_its_id_whatever_its_folder_is_called() {
    let scratch = Scratch::new("by-id");
    let engagement = format!("[[org]]\nkey = \"acme\"\nid = \"{ID}\"\n");
    for folder in ["acme", "acme-2026-02", "Export (3)"] {
        let report = format!("report of {folder}");
        let ran = review(&scratch, &[folder], &engagement, &report);
        assert!(!ran.err.contains("e.toml"), "{}", ran.err);
        assert_eq!(ids(&scratch, &report), ids(&scratch, "report of acme"), "{folder}");
    }
    // Without the id the folder's name is all there is.
    let ran = review(&scratch, &["acme-2026-02"], "[[org]]\nkey = \"acme\"\n", "other");
    assert!(ran.err.contains("no entry is about `acme-2026-02`"), "{}", ran.err);
    assert_ne!(ids(&scratch, "other"), ids(&scratch, "report of acme"));
}

#[test]
fn the_id_weighs_more_than_the_name_and_both_are_said() {
    let scratch = Scratch::new("id-first");
    let engagement =
        format!("[[org]]\nkey = \"acme\"\nid = \"{ID}\"\n[[org]]\nkey = \"beta\"\nid = \"00Dxx0000000009\"\n");
    let ran = review(&scratch, &["beta"], &engagement, "r");
    assert!(ran.err.contains("`beta`") && ran.err.contains("`acme`: read as that"), "{}", ran.err);
}

#[test]
fn two_snapshots_of_one_org_are_told() {
    let scratch = Scratch::new("one-org-twice");
    let engagement = format!("[[org]]\nkey = \"acme\"\nid = \"{ID}\"\n");
    for engagement in [engagement.as_str(), ""] {
        let ran = review(&scratch, &["acme", "acme-2026-02"], engagement, "r");
        assert!(ran.err.contains("acme, acme-2026-02: are snapshots of one org, 00Dxx0000000007"), "{}", ran.err);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let report = std::fs::read_to_string(scratch.join("r/report.md")).unwrap();
        assert!(report.contains("are snapshots of one org: its apps are counted once for each of them."), "{report}");
    }
}

#[test]
fn records_after_the_day_of_judgement_are_told_and_prove_nothing_whole() {
    let scratch = Scratch::new("stamped-later");
    lay(&scratch.join("acme"));
    let path = scratch.join("acme/exports/User.json");
    let users = std::fs::read_to_string(&path).unwrap();
    for (time, code, told) in [("2026-11-25T11:00:00.000+0000", 0, false), ("2026-11-25T13:00:00.000+0000", 3, true)] {
        let dated = users.replace("\"LastLoginDate\":null", &format!("\"LastLoginDate\":\"{time}\""));
        assert_ne!(dated, users);
        std::fs::write(&path, dated).unwrap();
        let ran = review_of_laid(&scratch, &["acme"], "", "r");
        assert_eq!(
            (ran.code, ran.err.contains("acme: has records of 2026-11-25")),
            (code, told),
            "{time}: {}",
            ran.err
        );
    }
}

#[test]
fn an_app_left_out_says_that_its_flow_is_on() {
    let scratch = Scratch::new("left-out");
    let engagement = "[[exclude]]\napp = \"Sync\"\nby = \"B\"\nwhy = \"Retired next month\"\n";
    let ran = review(&scratch, &["acme"], engagement, "r");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = std::fs::read_to_string(scratch.join("r/assessment.json")).unwrap();
    let a: shr::model::Assessment = serde_json::from_str(&text).unwrap();
    let said = shr::controls::wording("en").unwrap().say(&a.findings[0].because);
    assert!(said.contains("its flow is on today") && said.contains("svc.sync@acme.example.com"), "{said}");
}
