//! What comes from somebody else stays foreign, and what a run leaves behind is nothing: names in manifests and
//! assessments, links, pipes, folders of other runs, signals.

use crate::common::{Scratch, files_below, root, shr};
use std::fs;
use std::path::{Path, PathBuf};

fn review(snapshot: &str, output: &Path, format: &str) -> crate::common::Ran {
    let snapshot = root().join("samples").join(snapshot);
    shr(["review".into(), snapshot, "-o".into(), output.to_owned(), "--format".into(), format.into()]
        .into_iter()
        .chain(["--as-of", "2026-11-24"].map(PathBuf::from)))
}

/// Names in a folder, hidden ones included.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn manifest_with(report: &Path, name: &str) {
    let path = report.join("manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["outputs"][name] = "0".repeat(64).into();
    fs::write(path, manifest.to_string()).unwrap();
}

#[test]
fn names_of_a_manifest_lead_nowhere_else() {
    let scratch = Scratch::new("foreign-manifest");
    fs::write(scratch.join("outside.txt"), "outside").unwrap();
    for (n, name) in ["../outside.txt", "/dev/zero", "/etc/hostname", "a/../../outside.txt", "x\u{1b}[31m", "", "."]
        .into_iter()
        .enumerate()
    {
        let report = scratch.join(&format!("r{n}"));
        assert_eq!(review("tarn-no-apps", &report, "csv").code, 0);
        manifest_with(&report, name);
        let ran = shr(["verify".into(), report]);
        assert_eq!(ran.code, 4, "{name:?}: {}", ran.out);
        assert!(ran.out.contains("is no file of this folder; not read"), "{name:?}: {}", ran.out);
        assert!(!ran.out.contains('\u{1b}'), "{name:?} drives the terminal");
    }
}

#[cfg(unix)]
#[test]
fn links_of_a_report_are_not_followed_out_of_it() {
    let scratch = Scratch::new("foreign-links");
    let report = scratch.join("report");
    assert_eq!(review("tarn-no-apps", &report, "csv").code, 0);
    fs::rename(report.join("population.csv"), scratch.join("elsewhere.csv")).unwrap();
    std::os::unix::fs::symlink(scratch.join("elsewhere.csv"), report.join("population.csv")).unwrap();
    let ran = shr(["verify".into(), report]);
    assert!(ran.code == 4 && ran.out.contains("population.csv: is no file of this folder"), "{}", ran.out);
}

#[test]
fn the_org_key_of_an_assessment_is_checked_before_it_names_a_folder() {
    let scratch = Scratch::new("foreign-key");
    let (one, two) = (scratch.join("one"), scratch.join("two"));
    assert_eq!(review("tarn-no-apps", &one, "json").code, 0);
    assert_eq!(review("lumen-mdapi.zip", &two, "json").code, 1);
    let path = one.join("assessment.json");
    let written: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    for key in ["../../taken", "/taken", ".hidden", "", "a/b", "a\\b", "a\u{202e}b", "a b"] {
        let mut foreign = written.clone();
        foreign["org"]["key"] = key.into();
        fs::write(&path, foreign.to_string()).unwrap();
        let output = scratch.join("deep/portfolio");
        let ran = shr(["portfolio".into(), one.clone(), two.clone(), "-o".into(), output.clone()]);
        assert!(ran.code == 2 && ran.err.contains("cannot be an org key"), "{key:?}: {} {}", ran.code, ran.err);
        assert!(!output.exists() && !scratch.join("taken").exists(), "{key:?}");
    }
    assert_eq!(names(scratch.path()), ["one", "two"], "nothing is written");
}

#[cfg(unix)]
#[test]
fn what_a_person_put_into_a_report_is_carried_over() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("foreign-carried");
    let report = scratch.join("report");
    assert_eq!(review("lumen-mdapi.zip", &report, "md,csv").code, 1);
    fs::create_dir_all(report.join("empty/inside")).unwrap();
    fs::create_dir_all(report.join("figures/mine")).unwrap();
    fs::write(report.join("figures/mine/note.txt"), "mine").unwrap();
    std::os::unix::fs::symlink("/nowhere", report.join("link")).unwrap();
    std::os::unix::fs::symlink(scratch.path(), report.join("folder-link")).unwrap();
    fs::set_permissions(&report, fs::Permissions::from_mode(0o750)).unwrap();
    assert_eq!(review("lumen-mdapi.zip", &report, "csv").code, 1);
    assert!(report.join("empty/inside").is_dir());
    assert_eq!(fs::read(report.join("figures/mine/note.txt")).unwrap(), b"mine");
    assert_eq!(fs::read_link(report.join("link")).unwrap(), Path::new("/nowhere"));
    assert_eq!(fs::read_link(report.join("folder-link")).unwrap(), scratch.path());
    assert!(!report.join("report.md").exists(), "what the last run wrote is replaced");
    assert_eq!(fs::metadata(&report).unwrap().permissions().mode() & 0o777, 0o750, "whom a person let in stays in");
    assert_eq!(names(scratch.path()), ["report"]);
}

#[cfg(unix)]
#[test]
fn folders_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("foreign-mode");
    let report = scratch.join("report");
    assert_eq!(review("lumen-mdapi.zip", &report, "md").code, 1);
    for folder in [report.clone(), report.join("figures")] {
        assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700, "{}", folder.display());
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_carried_over_is_refused_before_any_work() {
    let scratch = Scratch::new("foreign-pipe");
    let report = scratch.join("report");
    assert_eq!(review("tarn-no-apps", &report, "csv").code, 0);
    let made = std::process::Command::new("mkfifo").arg(report.join("pipe")).status().unwrap();
    assert!(made.success());
    let before = names(&report);
    for force in [false, true] {
        let mut args: Vec<PathBuf> = vec!["review".into(), root().join("samples/tarn-no-apps"), "-o".into()];
        args.push(report.clone());
        args.extend(force.then(|| "--force".into()));
        let ran = shr(args);
        assert!(ran.code == 2 && ran.err.contains("pipe, socket or device"), "{}", ran.err);
    }
    assert_eq!(names(&report), before);
}

#[cfg(unix)]
#[test]
fn a_target_that_is_a_link_stays_one() {
    let scratch = Scratch::new("foreign-target");
    fs::create_dir_all(scratch.join("volume/report")).unwrap();
    let link = scratch.join("report");
    std::os::unix::fs::symlink("volume/report", &link).unwrap();
    for _ in 0..2 {
        assert_eq!(review("tarn-no-apps", &link, "csv").code, 0);
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert!(scratch.join("volume/report/population.csv").is_file());
        assert_eq!(names(&scratch.join("volume")), ["report"]);
    }
    fs::remove_dir_all(scratch.join("volume")).unwrap();
    let ran = review("tarn-no-apps", &link, "csv");
    assert!(ran.code == 2 && ran.err.contains("make the folder that the link names"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn stages_of_dead_runs_go_and_those_of_others_stay() {
    let scratch = Scratch::new("foreign-stages");
    for name in [".report.shr-7", ".report.shr-AbC123", ".other.shr-7", ".report.shr-a b"] {
        fs::create_dir_all(scratch.join(name)).unwrap();
        fs::write(scratch.join(name).join("findings.csv"), "x").unwrap();
    }
    let alive = scratch.join(".report.shr-alive");
    fs::create_dir_all(&alive).unwrap();
    let lock = fs::File::open(&alive).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let report = scratch.join("report");
    assert_eq!(review("tarn-no-apps", &report, "csv").code, 0);
    assert_eq!(names(scratch.path()), [".other.shr-7", ".report.shr-a b", ".report.shr-alive", "report"]);
    drop(lock);
    assert_eq!(review("tarn-no-apps", &report, "csv").code, 0);
    assert_eq!(names(scratch.path()), [".other.shr-7", ".report.shr-a b", "report"]);
}

#[cfg(unix)]
#[test]
fn an_old_report_that_a_killed_run_put_aside_comes_back() {
    let scratch = Scratch::new("foreign-aside");
    let report = scratch.join("report");
    assert_eq!(review("tarn-no-apps", &report, "csv").code, 0);
    fs::write(report.join("mine.txt"), "mine").unwrap();
    fs::rename(&report, scratch.join(".report.shr-AbC-old")).unwrap();
    fs::create_dir_all(scratch.join(".report.shr-AbC")).unwrap();
    assert_eq!(review("tarn-no-apps", &report, "csv").code, 0);
    assert_eq!(names(scratch.path()), ["report"]);
    assert_eq!(fs::read(report.join("mine.txt")).unwrap(), b"mine");
}

/// Ends the binary after each of these times; afterwards the target is as it was, or whole, and a later run leaves
/// nothing else beside it.
#[cfg(unix)]
fn end_with(signal: &str, microseconds: impl IntoIterator<Item = u64>) {
    let scratch = Scratch::new(&format!("foreign-{signal}"));
    let report = scratch.join("report");
    assert_eq!(review("lumen-mdapi.zip", &report, "md,csv,json").code, 1);
    let old = files_below(&report);
    for time in microseconds {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_shr"))
            .args(["review", "lumen-mdapi.zip", "--format", "md,csv,json", "--as-of", "2026-11-24", "-o"])
            .arg(&report)
            .current_dir(root().join("samples"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_micros(time));
        let sent = std::process::Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).output();
        sent.unwrap();
        child.wait().unwrap();
        assert!(files_below(&report) == old, "{signal} after {time} µs: the target is neither old nor new");
        if signal != "KILL" {
            assert_eq!(names(scratch.path()), ["report"], "{signal} after {time} µs");
        }
    }
    assert_eq!(review("lumen-mdapi.zip", &report, "md,csv,json").code, 1);
    assert_eq!(names(scratch.path()), ["report"], "the next run clears up after {signal}");
}

#[cfg(unix)]
#[test]
fn an_ended_run_leaves_old_or_new_and_nothing_else() {
    for (signal, shift) in [("INT", 0), ("TERM", 700), ("HUP", 1400), ("KILL", 2100)] {
        end_with(signal, (0..8).map(|n| 3000 + shift + n * 9000));
    }
}

#[cfg(unix)]
#[test]
fn pipes_in_and_beside_snapshots_are_named_and_never_opened() {
    let scratch = Scratch::new("foreign-pipes");
    let snapshot = scratch.join("orgs/tarn");
    fs::create_dir_all(snapshot.join("unpackaged")).unwrap();
    fs::copy(root().join("samples/tarn-no-apps/unpackaged/package.xml"), snapshot.join("unpackaged/package.xml"))
        .unwrap();
    for pipe in [snapshot.join("User.json"), scratch.join("orgs/pipe"), snapshot.join("unpackaged/User.csv")] {
        assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    }
    for argument in [snapshot, scratch.join("orgs")] {
        let ran = shr(["review".into(), argument, "-o".into(), scratch.join("report")]);
        assert!(ran.code == 3 && ran.err.contains("User.json"), "{} {}", ran.code, ran.err);
    }
}

#[cfg(unix)]
#[test]
fn themes_and_templates_bring_no_file_from_elsewhere() {
    use std::os::unix::fs::symlink;
    let scratch = Scratch::new("foreign-assets");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9'/></svg>";
    fs::write(scratch.join("outside.svg"), svg).unwrap();
    let folder = scratch.join("brand");
    fs::create_dir_all(folder.join("parts")).unwrap();
    fs::write(folder.join("parts/logo.svg"), svg).unwrap();
    symlink("parts/logo.svg", folder.join("inside.svg")).unwrap();
    symlink(scratch.join("outside.svg"), folder.join("link.svg")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(folder.join("pipe.svg")).status().unwrap().success());
    let sample = root().join("samples/tarn-no-apps");
    let run = |option: &str, path: &Path| {
        let (out, day) = (scratch.join("r"), "2026-11-24".into());
        let args = ["review".into(), sample.clone(), "-o".into(), out, "--force".into(), "--as-of".into(), day];
        shr(args.into_iter().chain(["--format".into(), "md,html".into(), option.into(), path.to_owned()]))
    };
    let outside = scratch.join("outside.svg").display().to_string();
    for name in ["parts/logo.svg", "./parts/logo.svg", "inside.svg", "link.svg", "../outside.svg", &outside, "pipe.svg"]
    {
        let theme = folder.join("theme.toml");
        fs::write(&theme, format!("[brand]\nlogo = \"{name}\"\n")).unwrap();
        let (ran, inside) = (run("--theme", &theme), name.contains("logo") || name == "inside.svg");
        assert_eq!(ran.code, if inside { 0 } else { 2 }, "{name}: {}", ran.err);
        assert!(inside || ran.err.contains("theme.toml: theme: "), "{name}: {}", ran.err);
    }
    let templates = scratch.join("templates");
    assert_eq!(shr(["templates".into(), templates.clone()]).code, 0);
    let part = templates.join("partials/score.hbs");
    fs::rename(&part, scratch.join("score.hbs")).unwrap();
    symlink(scratch.join("score.hbs"), &part).unwrap();
    let ran = run("--templates", &templates);
    assert!(ran.code == 2 && ran.err.contains("score.hbs: leads out of the folder"), "{}", ran.err);
    fs::remove_file(&part).unwrap();
    symlink("card.hbs", &part).unwrap();
    assert!(!run("--templates", &templates).err.contains("leads out"));
}

#[test]
fn an_assessment_that_is_written_piece_by_piece_is_whole() {
    let scratch = Scratch::new("foreign-many");
    let apps = scratch.join("many/externalClientApps");
    fs::create_dir_all(&apps).unwrap();
    for n in 0..2_001 {
        fs::write(apps.join(format!("App_{n}.eca")), "").unwrap();
    }
    let report = scratch.join("report");
    let run = |format: &str| {
        let arguments = ["review".into(), scratch.join("many"), "-o".into(), report.clone(), "--format".into()];
        shr(arguments.into_iter().chain([format, "--as-of", "2026-11-24"].map(PathBuf::from)))
    };
    assert_eq!(run("json").code, 3);
    let text = fs::read_to_string(report.join("assessment.json")).unwrap();
    let read: shr::model::Assessment = serde_json::from_str(&text).unwrap();
    assert_eq!((read.findings.len(), read.population.received), (2_001, 2_001));
    // Written from what was read, and in one piece, it is the same text; and its sum is that of the file.
    assert_eq!(shr::text::visible::json(&read).unwrap(), text);
    assert_eq!(shr(["verify".into(), report.clone()]).code, 0);
}
