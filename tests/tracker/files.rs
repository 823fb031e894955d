//! The commands over files: track, check, due, stats, diff.

use super::build::{app, org};
use super::english;
use crate::common::{Ran, shr};
use shr::model::{Assessment, Outcome};
use shr::render::csv::{self, Dialect};
use shr::table::columns::FINDINGS;
use shr::tracker::read;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that goes away with the test.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("track-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn run(&self, name: &str, orgs: &[&Assessment]) -> PathBuf {
        let folder = self.0.join(name);
        for org in orgs {
            let place = if orgs.len() == 1 { folder.clone() } else { folder.join("orgs").join(&org.org.key) };
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join("assessment.json"), serde_json::to_vec(org).unwrap()).unwrap();
        }
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

pub(super) fn run(args: &[&str]) -> Ran {
    shr(args.iter().copied())
}

pub(super) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn tracking_leaves_the_old_file_alone_and_tells_what_it_did() {
    let folder = Folder::new("whole");
    let wording = english();
    let (fail, pass) = (app("ERP_Sync", Outcome::Fail), app("ERP_Sync", Outcome::Pass));
    let old = org("prod", "2026-01-31", &[fail, app("Billing", Outcome::Fail)]);
    let now = org("prod", "2026-02-28", &[pass, app("Billing", Outcome::Fail), app("Chat", Outcome::Fail)]);
    let other = org("test", "2026-02-28", &[app("Chat", Outcome::Review)]);
    let (january, february) = (folder.run("january", &[&old]), folder.run("february", &[&now, &other]));
    let tracker = folder.0.join("tracker.csv");
    let bytes = csv::findings(&[&old], &wording, Dialect::Excel, false).remove(0).1;
    fs::write(&tracker, &bytes).unwrap();
    for name in ["new.csv", "new.xlsx"] {
        let output = folder.0.join(name);
        let (from, baseline) = (["--from", path(&february)], ["--baseline", path(&january)]);
        let mut args = vec!["track", path(&tracker), "-o", path(&output), "--dialect", "excel-semicolon"];
        args.extend(from.iter().chain(&baseline));
        let ran = run(&args);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for line in ["2 new findings", "1 resolved", "ERP_Sync: failed before, passes now", name] {
            assert!(ran.out.contains(line), "{line} in {}", ran.out);
        }
        assert!(!ran.out.contains('⟨'), "{}", ran.out);
        assert_eq!(read::read(&fs::read(&output).unwrap(), None).unwrap().rows.len(), 4);
        assert_eq!(fs::read(&tracker).unwrap(), bytes, "the input is never modified");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&output).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(run(&args).code, 2, "an existing tracker is not overwritten");
    }
    let same = run(&["track", path(&tracker), "--from", path(&february), "-o", path(&tracker), "--force"]);
    assert_eq!((same.code, fs::read(&tracker).unwrap()), (2, bytes), "{}", same.err);
    let left: Vec<String> =
        fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.ends_with(".part")), "{left:?}");
}

#[test]
fn faults_name_the_file_and_nothing_is_written() {
    let folder = Folder::new("faults");
    let from = folder.run("run", &[&org("prod", "2026-02-28", &[app("ERP_Sync", Outcome::Fail)])]);
    let (tracker, output) = (folder.0.join("tracker.csv"), folder.0.join("new.csv"));
    let args = ["track", path(&tracker), "--from", path(&from), "-o", path(&output)];
    for (content, expected) in [
        ("finding_id,due_date\nSHR-CCF-0000-0000,3/4/2026\n", "tracker.csv:2: column due_date: `3/4/2026` may be"),
        (
            "finding_id,org_key,app_api_name\nSHR-CCF-0000-0000,prod,ERP_Sync\n",
            "column finding_id: SHR-CCF-0000-0000 is unknown: the app of this row has SHR-CCF-",
        ),
        ("finding_id\nSHR-CCF-0000-0000\n", "is unknown, and the row names no app"),
    ] {
        fs::write(&tracker, content).unwrap();
        let ran = run(&args);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(expected) && ran.err.contains("\nhint: "), "{}", ran.err);
        assert!(!output.exists());
    }
    fs::write(&tracker, "finding_id\n").unwrap();
    let nothing = run(&["track", path(&tracker), "--from", path(&folder.0), "-o", path(&output)]);
    assert!(nothing.code == 2 && nothing.err.contains("assessment.json"), "{}", nothing.err);
}

#[test]
fn check_due_and_stats_speak_of_the_file() {
    let folder = Folder::new("check");
    let wording = english();
    let finding = org("prod", "2026-01-31", &[app("ERP_Sync", Outcome::Fail)]);
    let tracker = folder.0.join("tracker.csv");
    fs::write(&tracker, &csv::findings(&[&finding], &wording, Dialect::Excel, false)[0].1).unwrap();
    let of = |what: &[&str]| {
        let mut args = vec!["track", path(&tracker), "--as-of", "2026-02-28"];
        args.extend(what);
        run(&args)
    };
    let checked = of(&["--check"]);
    assert_eq!(checked.code, 3, "{}", checked.out);
    assert!(
        checked.out.contains("tracker.csv:2: column due_date: an open finding without due date"),
        "{}",
        checked.out
    );
    assert!(checked.out.contains("hint: proposed is 2026-03-02"), "{}", checked.out);
    let soon = of(&["--due", "14"]).out;
    let lines: Vec<&str> = soon.lines().collect();
    assert!(lines[0].starts_with("day         days  what            severity  owner"), "{soon}");
    assert!(lines[1].starts_with("2026-03-02     2  due (proposed)  high      no owner  prod  ERP_Sync"), "{soon}");
    assert_eq!(lines.len(), 2, "{soon}");
    let json: serde_json::Value = serde_json::from_str(&of(&["--due", "14", "--stats", "--json"]).out).unwrap();
    assert_eq!((json["as_of"].as_str(), json["due"][0]["days_left"].as_i64()), (Some("2026-02-28"), Some(2)));
    assert_eq!(json["due"][0]["severity"], "high");
    assert_eq!((json["stats"]["owners"][""].as_u64(), json["stats"]["ages"][0].as_u64()), (Some(1), Some(1)));
    assert!(of(&["--due", "1"]).out.is_empty());
    let counted = of(&["--stats"]).out;
    for line in ["result     fail 1\n", "severity   high 1\n", "status     none 1\n", "owner      no owner 1\n"] {
        assert!(counted.contains(line), "{counted}");
    }
}

#[test]
fn diff_compares_org_by_org() {
    let folder = Folder::new("diff");
    let a = org("prod", "2026-01-31", &[app("ERP_Sync", Outcome::Fail)]);
    let b = org("prod", "2026-02-28", &[app("ERP_Sync", Outcome::Pass)]);
    let c = org("test", "2026-02-28", &[app("ERP_Sync", Outcome::Fail)]);
    let (one, two, both) = (folder.run("one", &[&a]), folder.run("two", &[&b]), folder.run("both", &[&b, &c]));
    let compare = |old: &Path, new: &Path| run(&["diff", path(old), path(new)]).out;
    assert!(compare(&one, &two).contains("resolved 1"), "{}", compare(&one, &two));
    assert!(compare(&one, &one).contains("unchanged 1"));
    assert!(compare(&one, &both).contains("test: only in"));
    assert!(compare(&both, &one).contains("test: only in"), "an org that is not reviewed any more is named");
    let json: serde_json::Value = serde_json::from_str(&run(&["diff", path(&one), path(&both), "--json"]).out).unwrap();
    assert_eq!(json["schema"], "shr-diff/1");
    let prod = &json["orgs"][0];
    assert_eq!((prod["days"].as_u64(), prod["counts"]["resolved"].as_u64()), (Some(28), Some(1)));
    assert_eq!(prod["findings"][0]["delta"], "resolved");
    assert_eq!(prod["findings"][0]["moved"][0], "result: fail → pass");
    assert_eq!(json["orgs"][1], serde_json::json!({"org": "test", "only_in": "new"}));
}

/// A file with few columns is merged as the whole one is, and stays narrow where that is asked for.
#[test]
fn a_narrow_file_merges_as_well() {
    let folder = crate::common::Scratch::new("narrow");
    let sample = crate::samples::samples().join("halden-uat");
    let run = |out: &str, more: &[&str]| {
        let path = folder.join(out);
        let args = ["review", sample.to_str().unwrap(), "-o", path.to_str().unwrap(), "--format", "csv,json,md"];
        let args = args.iter().chain(more).chain(&["--as-of", "2026-11-24"]).map(ToString::to_string);
        crate::common::shr(args.collect::<Vec<_>>());
        path
    };
    let head = |path: &std::path::Path| {
        let text = fs::read_to_string(path).unwrap();
        text.trim_start_matches('\u{feff}').lines().next().unwrap().replace('"', "")
    };
    let whole = run("whole", &[]);
    let narrow = run("narrow", &["--columns", "work"]);
    assert_eq!(head(&narrow.join("findings.csv")).split(',').count(), 22);
    let named = run("named", &["--columns", "owner,status,result"]);
    assert_eq!(head(&named.join("findings.csv")), "finding_id,org_key,app_api_name,owner,status,result");
    let meta = fs::read_to_string(named.join("findings.csv-metadata.json")).unwrap();
    assert!(meta.contains("\"owner\"") && !meta.contains("\"ticket\""), "{meta}");
    let verified = crate::common::shr(["verify".into(), named.clone().into_os_string()]);
    assert_eq!(verified.code, 0, "{}", verified.out);

    let track = |old: &std::path::Path, out: &str, more: &[&str]| {
        let (old, from, out) = (old.to_str().unwrap(), whole.to_str().unwrap(), folder.join(out));
        let args = ["track", old, "--from", from, "-o", out.to_str().unwrap(), "--as-of", "2026-11-24"];
        (crate::common::shr(args.iter().chain(more).map(ToString::to_string).collect::<Vec<_>>()), out)
    };
    let (said, out) = track(&narrow.join("findings.csv"), "still-narrow.csv", &["--columns", "work"]);
    assert!(said.out.starts_with("Nothing changed."), "{}", said.out);
    assert_eq!(fs::read(out).unwrap(), fs::read(narrow.join("findings.csv")).unwrap());
    let (said, out) = track(&named.join("findings.csv"), "wide.csv", &[]);
    assert!(said.out.contains("missing columns added"), "{}", said.out);
    let (wide, full) = (fs::read(out).unwrap(), fs::read(whole.join("findings.csv")).unwrap());
    let (wide, full) = (read(&wide, None).unwrap(), read(&full, None).unwrap());
    for line in &full.rows {
        let other = wide.find(full.named(line, "finding_id")).unwrap();
        // Without its last day the file does not tell that it is of this run, so the rows are compared with it.
        let compared = ["delta", "baseline_run"];
        for column in FINDINGS.iter().filter(|column| !compared.contains(&column.name)) {
            assert_eq!(wide.named(other, column.name), full.named(line, column.name), "{}", column.name);
        }
    }
    let unknown = run("unknown", &["--columns", "ownr"]);
    assert!(!unknown.exists(), "a misspelt column is refused");
}

/// Findings beyond the last card are rows by cause; none is lost.
#[test]
fn cards_are_as_many_as_are_asked_for() {
    let folder = crate::common::Scratch::new("cards");
    let sample = crate::samples::samples().join("halden-prod");
    for (cards, shown) in [("0", 0), ("3", 3), ("40", 14)] {
        let path = folder.join(cards);
        let args =
            ["review", sample.to_str().unwrap(), "-o", path.to_str().unwrap(), "--format", "md", "--cards", cards];
        crate::common::shr(args.iter().chain(&["--as-of", "2026-11-24"]).map(ToString::to_string).collect::<Vec<_>>());
        let report = fs::read_to_string(path.join("report.md")).unwrap();
        assert_eq!(report.matches("<!-- card").count(), shown, "--cards {cards}");
        for app in ["Rate Card Publisher", "Dock Gateway", "Invoice Archive", "Warehouse Portal"] {
            assert!(report.split("4 Findings").nth(1).unwrap().contains(app), "--cards {cards}: {app}");
        }
    }
}

/// A folder that is called after its month is the org that the tracker knows by its id.
#[test]
fn an_org_under_a_new_key_is_known_by_its_id() {
    let folder = Folder::new("renamed");
    let mut old = org("tide", "2026-01-31", &[app("A", Outcome::Fail)]);
    let mut new = org("tide-02", "2026-02-28", &[app("A", Outcome::Fail), app("B", Outcome::Fail)]);
    let control = shr::controls::catalogue("en").unwrap();
    for run in [&mut old, &mut new] {
        run.control.id.clone_from(&control.id);
        for finding in &mut run.findings {
            finding.id = shr::assess::finding_id(&control, &run.org.key, &finding.subject.api_name);
        }
    }
    let tracker = folder.0.join("old.csv");
    fs::write(&tracker, &csv::findings(&[&old], &english(), Dialect::Excel, false)[0].1).unwrap();
    let (from, out) = (folder.run("run", &[&new]), folder.0.join("new.csv"));
    let args =
        ["track".as_ref(), tracker.as_os_str(), "--from".as_ref(), from.as_os_str(), "-o".as_ref(), out.as_os_str()];
    let said = shr(args.into_iter().chain(["--as-of".as_ref(), "2026-02-28".as_ref()]).map(ToOwned::to_owned));
    assert!(said.err.contains("is `tide` in the tracker and `tide-02` in the run"), "{}", said.err);
    let merged = read(&fs::read(out).unwrap(), None).unwrap();
    let rows: Vec<[&str; 4]> = merged
        .rows
        .iter()
        .map(|row| ["app_api_name", "org_key", "delta", "first_seen"].map(|name| merged.named(row, name)))
        .collect();
    assert_eq!(rows, [["A", "tide", "unchanged", "2026-01-31"], ["B", "tide", "new", "2026-02-28"]]);
}

/// Merging a run with its own tracker says that nothing changed and writes the same bytes, whatever the language, the
/// dialect, and the decisions that stand, have expired or lack something.
#[test]
fn a_run_changes_nothing_in_its_own_tracker() {
    let samples = crate::samples::samples();
    let engagement = samples.join("engagement.toml");
    let runs = ["halden-prod", "halden-uat", "lumen-mdapi.zip"].iter().flat_map(|sample| {
        ["en", "de"]
            .iter()
            .flat_map(move |language| Dialect::ALL.iter().map(move |dialect| (sample, language, dialect)))
    });
    for (sample, language, dialect) in runs {
        let folder = crate::common::Scratch::new(&format!("own-{sample}-{language}-{}", dialect.word()));
        let words = |parts: &[&str]| parts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (from, out) = (folder.join("r"), folder.join("new.csv"));
        let (from, out) = (from.to_str().unwrap(), out.to_str().unwrap());
        let sample = samples.join(sample);
        let mut args = words(&["review", sample.to_str().unwrap(), "--engagement", engagement.to_str().unwrap()]);
        args.extend(words(&["-o", from, "--format", "csv,json", "--lang", language, "--dialect", dialect.word()]));
        shr(args.into_iter().chain(words(&["--as-of", "2026-11-24"])));
        let old = format!("{from}/findings.csv");
        let args = ["track", &old, "--from", from, "-o", out, "--dialect", dialect.word(), "--as-of", "2026-11-24"];
        let said = shr(words(&args));
        assert!(said.out.starts_with("Nothing changed."), "{args:?}: {}{}", said.out, said.err);
        assert!(fs::read(&old).unwrap() == fs::read(out).unwrap(), "{args:?}");
    }
}
