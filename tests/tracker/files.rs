//! The commands over files: track, check, due, stats, diff.

use super::build::{app, date, org};
use super::english;
use shr::assessment::{Assessment, Outcome};
use shr::render::csv::{self, Dialect};
use shr::run::diff::diff;
use shr::run::track::{Track, TrackError, check, due, load, stats, track};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("track-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn run(&self, name: &str, orgs: &[&Assessment]) -> PathBuf {
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

fn text(run: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    run(&mut out);
    String::from_utf8(out).unwrap()
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
        let args = Track {
            tracker: &tracker,
            from: &february,
            baseline: Some(&january),
            output: &output,
            dialect: Dialect::ExcelSemicolon,
            order: None,
            as_of: None,
            all: false,
        };
        let told = text(|out| drop(track(&args, &wording, out).unwrap()));
        for line in ["2 new findings", "1 resolved", "ERP_Sync: failed before, passes now", name] {
            assert!(told.contains(line), "{line} in {told}");
        }
        assert!(!told.contains("⟨change") && !told.contains("⟨note"), "{told}");
        let merged = load(&output, None).unwrap();
        assert_eq!(merged.rows.len(), 4);
        assert_eq!(fs::read(&tracker).unwrap(), bytes, "the input is never modified");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&output).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let same = Track { output: &tracker, ..args.clone() };
        assert!(matches!(track(&same, &wording, &mut Vec::new()), Err(TrackError::SameFile(_))));
    }
    let left: Vec<String> =
        fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(left.iter().all(|name| !name.ends_with(".part")), "{left:?}");
}

#[test]
fn faults_name_the_file_and_nothing_is_written() {
    let folder = Folder::new("faults");
    let wording = english();
    let run = org("prod", "2026-02-28", &[app("ERP_Sync", Outcome::Fail)]);
    let from = folder.run("run", &[&run]);
    let (tracker, output) = (folder.0.join("tracker.csv"), folder.0.join("new.csv"));
    let args = Track {
        tracker: &tracker,
        from: &from,
        baseline: None,
        output: &output,
        dialect: Dialect::Excel,
        order: None,
        as_of: None,
        all: false,
    };
    for (content, expected) in [
        ("finding_id,due_date\nSHR-CCF-0000-0000,3/4/2026\n", "tracker.csv:2: column due_date: `3/4/2026` may be"),
        (
            "finding_id,org_key,app_api_name\nSHR-CCF-0000-0000,prod,ERP_Sync\n",
            "column finding_id: SHR-CCF-0000-0000 is unknown: the app of this row has SHR-CCF-",
        ),
        ("finding_id\nSHR-CCF-0000-0000\n", "is unknown, and the row names no app"),
    ] {
        fs::write(&tracker, content).unwrap();
        let error = track(&args, &wording, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(error.contains("\nhint: "), "{error}");
        assert!(!output.exists());
    }
    let nothing = Track { from: &folder.0, ..args };
    fs::write(&tracker, "finding_id\n").unwrap();
    assert!(matches!(track(&nothing, &wording, &mut Vec::new()), Err(TrackError::Nothing(_))));
}

#[test]
fn check_due_and_stats_speak_of_the_file() {
    let folder = Folder::new("check");
    let wording = english();
    let run = org("prod", "2026-01-31", &[app("ERP_Sync", Outcome::Fail)]);
    let tracker = folder.0.join("tracker.csv");
    fs::write(&tracker, &csv::findings(&[&run], &wording, Dialect::Excel, false)[0].1).unwrap();
    let day = date("2026-02-28");
    let mut remarks = 0;
    let checked = text(|out| remarks = check(&tracker, None, day, out).unwrap());
    assert_eq!(remarks, 2, "{checked}");
    assert!(checked.contains("tracker.csv:2: column due_date: an open finding without due date"), "{checked}");
    assert!(checked.contains("hint: proposed is 2026-03-02"), "{checked}");
    let soon = text(|out| due(&tracker, None, day, 14, out).unwrap());
    assert!(soon.starts_with("2026-03-02     2 days  proposed") && soon.contains("no owner"), "{soon}");
    assert!(text(|out| due(&tracker, None, day, 1, out).unwrap()).is_empty());
    let counted = text(|out| stats(&tracker, None, day, out).unwrap());
    assert!(counted.contains("result     fail 1") && counted.contains("severity   high 1"), "{counted}");
}

#[test]
fn diff_compares_org_by_org() {
    let folder = Folder::new("diff");
    let wording = english();
    let a = org("prod", "2026-01-31", &[app("ERP_Sync", Outcome::Fail)]);
    let b = org("prod", "2026-02-28", &[app("ERP_Sync", Outcome::Pass)]);
    let c = org("test", "2026-02-28", &[app("ERP_Sync", Outcome::Fail)]);
    let (one, two, both) = (folder.run("one", &[&a]), folder.run("two", &[&b]), folder.run("both", &[&b, &c]));
    let compare = |old: &Path, new: &Path| {
        let mut differs = false;
        let told = text(|out| differs = diff(old, new, &wording, out).unwrap());
        (differs, told)
    };
    let (differs, told) = compare(&one, &two);
    assert!(differs && told.contains("resolved 1"), "{told}");
    let (differs, told) = compare(&one, &one);
    assert!(!differs && told.contains("unchanged 1"), "{told}");
    let (differs, told) = compare(&one, &both);
    assert!(differs && told.contains("test: only in"), "{told}");
}
