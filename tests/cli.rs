//! The command line from outside: messages, exit codes, folders, and what survives.

use crate::common::{Scratch, files_below, root, shr};
use std::io::Write;
use std::process::{Command, Stdio};

fn sample(name: &str) -> String {
    root().join("samples").join(name).display().to_string()
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shr"));
    command.env_clear().env("SOURCE_DATE_EPOCH", "1795478400");
    command
}

#[test]
fn help_names_every_command_and_exit_code() {
    let ran = shr(["--help"]);
    assert_eq!(ran.code, 0);
    for word in ["review", "request", "explain", "controls", "track", "portfolio", "diff", "verify", "templates", "man"]
    {
        assert!(ran.out.contains(word), "--help lacks {word}");
    }
    for code in ["0  reports", "1  at least", "2  usage", "3  no failure", "4  `verify`"] {
        assert!(ran.out.contains(code), "--help lacks exit code {code}");
    }
}

#[test]
fn the_readme_tells_the_exit_codes_of_help() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let help = shr(["--help"]).out;
    for line in help.lines().skip_while(|l| !l.starts_with("Exit codes")).skip(1).take(5) {
        let text = line.trim().trim_start_matches(char::is_numeric).trim();
        assert!(readme.contains(text), "README lacks: {text}");
    }
}

#[test]
fn an_unknown_option_suggests_the_nearest() {
    let ran = shr(["review", "x", "--engagment", "y"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--engagement"), "{}", ran.err);
}

#[test]
fn a_missing_snapshot_is_exit_2_and_writes_nothing() {
    let scratch = Scratch::new("missing");
    let out = scratch.join("report");
    let ran = shr(["review", "no-such-folder", "-o", &out.display().to_string()]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("shr: no-such-folder: "), "{}", ran.err);
    assert!(ran.err.contains("\nhint: "), "{}", ran.err);
    assert!(!out.exists());
    assert_eq!(files_below(scratch.path()).len(), 0, "a stage was left behind");
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = binary().arg("controls").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn one_corrupt_org_is_named_and_the_others_are_whole() {
    let scratch = Scratch::new("batch");
    let broken = scratch.join("broken.zip");
    std::fs::File::create(&broken).unwrap().write_all(b"PK\x03\x04 this is no archive").unwrap();
    let out = scratch.join("report");
    let (uat, prod) = (sample("halden-uat"), sample("halden-prod"));
    let broken = broken.display().to_string();
    let ran = shr(["review", &uat, &broken, &prod, "-o", &out.display().to_string()]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("broken.zip"), "{}", ran.err);
    let report = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(report.contains("broken"), "the portfolio does not name the corrupt org");
    for key in ["halden-uat", "halden-prod"] {
        for file in ["report.md", "report.pdf", "findings.csv", "criteria.csv", "population.csv", "assessment.json"] {
            assert!(out.join("orgs").join(key).join(file).exists(), "orgs/{key}/{file}");
        }
    }
}

#[test]
fn several_orgs_can_be_one_folder() {
    let scratch = Scratch::new("folder");
    let out = scratch.join("report").display().to_string();
    let orgs = scratch.join("orgs");
    for name in ["a", "b"] {
        for (path, bytes) in files_below(&root().join("samples/halden-uat")) {
            let target = orgs.join(name).join(path);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, bytes).unwrap();
        }
    }
    let ran = shr(["review", &orgs.display().to_string(), "-o", &out, "--format", "json,csv"]);
    assert_ne!(ran.code, 2, "{}", ran.err);
    assert!(scratch.join("report/orgs/a/assessment.json").exists());
    assert!(scratch.join("report/orgs/b/assessment.json").exists());
}

#[test]
fn an_edited_report_is_not_overwritten() {
    let scratch = Scratch::new("edited");
    let out = scratch.join("report");
    let args =
        ["review".to_owned(), sample("halden-uat"), "-o".into(), out.display().to_string(), "--format=csv".into()];
    assert_ne!(shr(&args).code, 2);
    assert_ne!(shr(&args).code, 2, "an untouched report is replaced");
    let findings = out.join("findings.csv");
    let mut text = std::fs::read(&findings).unwrap();
    text.extend_from_slice(b"typed for hours");
    std::fs::write(&findings, &text).unwrap();
    std::fs::write(out.join("notes.txt"), "mine").unwrap();
    let ran = shr(&args);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("findings.csv: was edited"), "{}", ran.err);
    assert_eq!(std::fs::read(&findings).unwrap(), text);
    let forced: Vec<String> = args.iter().cloned().chain(["--force".into()]).collect();
    assert_ne!(shr(&forced).code, 2);
    assert_eq!(std::fs::read_to_string(out.join("notes.txt")).unwrap(), "mine", "a foreign file was lost");
}

#[test]
fn verify_finds_a_changed_byte_and_reproduces_the_rest() {
    let scratch = Scratch::new("verify");
    let out = scratch.join("report").display().to_string();
    let (snapshot, engagement) = (sample("halden-uat"), sample("engagement.toml"));
    assert_ne!(shr(["review", &snapshot, "--engagement", &engagement, "-o", &out]).code, 2);
    let again = shr(["verify", &out, "--engagement", &engagement, "--reproduce", &snapshot]);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    let report = scratch.join("report/report.md");
    let text = std::fs::read_to_string(&report).unwrap().replacen("fail", "pass", 1);
    std::fs::write(&report, text).unwrap();
    let ran = shr(["verify", &out]);
    assert_eq!(ran.code, 4);
    assert!(ran.out.contains("report.md: differs"), "{}", ran.out);
}

#[test]
#[cfg(unix)]
fn reports_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("private");
    let out = scratch.join("report");
    shr(["review", &sample("halden-uat"), "-o", &out.display().to_string(), "--format", "md,csv,json"]);
    for (path, _) in files_below(&out) {
        let mode = std::fs::metadata(out.join(&path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{path}");
    }
}

#[test]
fn the_portfolio_of_written_assessments_equals_the_one_of_one_run() {
    let scratch = Scratch::new("portfolio");
    let (uat, prod) = (sample("halden-uat"), sample("halden-prod"));
    let path = |name: &str| scratch.join(name).display().to_string();
    let common = [
        "--as-of",
        "2026-11-24",
        "--format",
        "md,csv,xlsx,json",
        "--profile",
        "poam,defectdojo,jira,github",
        "--dialect",
        "excel-semicolon",
        "--all",
    ];
    let run = |args: &[&str]| shr(args.iter().chain(&common).map(|a| (*a).to_owned()));
    run(&["review", &uat, &prod, "-o", &path("both")]);
    run(&["review", &uat, "-o", &path("uat")]);
    run(&["review", &prod, "-o", &path("prod")]);
    run(&["portfolio", &path("prod"), &path("uat"), "-o", &path("combined")]);
    let (one, combined) = (files_below(&scratch.join("both")), files_below(&scratch.join("combined")));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&combined));
    for (a, b) in one.iter().zip(&combined) {
        assert!(a.1 == b.1, "{} differs", a.0);
    }
    // The tables over all orgs hold the rows of each, and no other; worst first.
    let lines = |folder: &str, name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(scratch.join(folder).join(name)).unwrap();
        text.split("\r\n").filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    for name in ["findings.csv", "criteria.csv", "population.csv", "poam.csv", "defectdojo.csv", "jira.csv"] {
        let (all, mut each) = (lines("both", name), lines("prod", name));
        each.extend(lines("uat", name).into_iter().skip(1));
        assert_eq!(all[0], each[0], "{name}");
        let sorted = |lines: &[String]| {
            let mut lines = lines.to_vec();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&all), sorted(&each), "{name}");
    }
    assert!(!lines("both", "defectdojo.csv")[0].starts_with('\u{feff}'));
    // The workbook over all orgs has the rows of the table over all orgs, the most severe first.
    let rows = |name: &str| {
        let bytes = std::fs::read(scratch.join("both").join(name)).unwrap();
        let tracker = shr::tracker::read::read(&bytes, None).unwrap();
        let named = ["finding_id", "org_key", "title", "result", "severity", "condition"];
        let row = |line| named.map(|column| tracker.named(line, column).to_owned());
        tracker.rows.iter().map(row).collect::<Vec<_>>()
    };
    let (book, mut table) = (rows("findings.xlsx"), rows("findings.csv"));
    let bands = ["critical", "high", "medium", "low", ""];
    let severity = |row: &[String; 6]| bands.iter().position(|band| *band == row[4]).expect("a band");
    assert!(book.is_sorted_by_key(severity), "{:?}", book.iter().map(severity).collect::<Vec<_>>());
    let mut sorted = book.clone();
    sorted.sort();
    table.sort();
    assert_eq!(sorted, table);
    assert!(book.len() > 20);
}

#[test]
fn completions_and_manual_come_from_the_same_definitions() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = shr(["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("engagement"), "{shell}");
    }
    assert!(shr(["man"]).out.starts_with(".ie"));
}

#[test]
fn the_binary_runs_without_environment() {
    let output = binary().arg("--version").output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("shr {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn findings_also_come_in_the_headings_of_other_trackers() {
    let scratch = Scratch::new("profiles");
    let out = scratch.join("report");
    let (snapshot, output) = (sample("halden-uat"), out.display().to_string());
    let ran = shr(["review", &snapshot, "-o", &output, "--format", "json", "--profile", "poam,defectdojo,jira,github"]);
    assert_ne!(ran.code, 2, "{}", ran.err);
    for (file, heading) in [("poam.csv", "POAM ID"), ("defectdojo.csv", "Severity"), ("jira.csv", "Summary")] {
        let text = std::fs::read_to_string(out.join(file)).unwrap();
        assert!(text.lines().next().unwrap().contains(heading), "{file}");
        assert!(text.lines().count() > 1, "{file} has no findings");
    }
}
