//! `shr pack`: what one owner gets is a part of the report, in its words and numbers, and nothing of anybody else.

use crate::common::{Ran, Scratch, assert_conforms, files_below, root, shr};
use std::path::{Path, PathBuf};

/// A report of the sample, in which somebody typed owners.
fn report(scratch: &Scratch) -> PathBuf {
    let out = scratch.join("report");
    let samples = root().join("samples");
    let args = ["review".into(), samples.join("halden-prod"), "-o".into(), out.clone()];
    let ran = shr(args.into_iter().chain(["--engagement".into(), samples.join("engagement.toml")]));
    assert_eq!(ran.code, 1, "{}", ran.err);
    let text = std::fs::read_to_string(out.join("findings.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let mut writer = csv::Writer::from_path(scratch.join("typed.csv")).unwrap();
    writer.write_record(&header).unwrap();
    for row in reader.records().map(Result::unwrap) {
        let own = ["Claims_Intake", "Dock_Gateway"].contains(&&row[at("app_api_name")]);
        let cells = row.iter().enumerate().map(|(n, cell)| if own && n == at("owner") { "Amira Haddad" } else { cell });
        writer.write_record(cells).unwrap();
    }
    writer.flush().unwrap();
    out
}

fn pack(report: &Path, out: &Path, more: &[&str]) -> Ran {
    let args: Vec<PathBuf> = vec!["pack".into(), report.to_owned(), "-o".into(), out.to_owned(), "--force".into()];
    shr(args.into_iter().chain(more.iter().map(PathBuf::from)))
}

#[test]
fn an_owner_gets_their_cards_actions_questions_and_kit() {
    let scratch = Scratch::new("pack-owner");
    let (from, out) = (report(&scratch), scratch.join("pack"));
    let tracker = scratch.join("typed.csv").display().to_string();
    let ran = pack(&from, &out, &["--owner", "amira haddad", "--tracker", &tracker]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = std::fs::read_to_string(out.join("pack.md")).unwrap();
    let whole = std::fs::read_to_string(from.join("report.md")).unwrap();
    assert!(text.starts_with("# 2 findings for you\n"), "{text}");
    for part in ["5. Claims Intake", "8. Dock Gateway", "| Owner | amira haddad |", "Questions to answer"] {
        assert!(text.contains(part), "{part} is missing");
    }
    for foreign in ["Rate_Card_Publisher", "Rate Card", "Order Intake", "svc.warehouse", "Invoice Archive"] {
        assert!(!text.contains(foreign), "{foreign} is somebody else's");
    }
    // A card is that of the report, line for line; but no table of evidence lies beside it, so it has the places.
    let card = |text: &str| {
        text.split("5. Claims Intake\n").nth(1).unwrap().split("<!-- /card -->").next().unwrap().to_owned()
    };
    let mut places = 0;
    let without_place = |line: &str| match line.strip_prefix("  - ").and_then(|_| line.split_once(" · `")) {
        Some((seen, place)) => {
            places += 1;
            assert!(place.starts_with("force-app/") || place.starts_with("exports/"), "{line}");
            format!("{seen} [{}", place.split_once(" [").unwrap().1)
        }
        None => line.to_owned(),
    };
    let mine: Vec<String> = card(&text).lines().map(without_place).collect();
    assert_eq!(mine, card(&whole).lines().map(str::to_owned).collect::<Vec<_>>());
    assert!(places > 1, "{text}");
    assert_conforms("pack", &std::fs::read(out.join("pack.pdf")).unwrap());
    let names: Vec<String> = files_below(&out.join("remediation")).into_iter().map(|(name, _)| name).collect();
    assert!(
        names.contains(&"05-claims-intake.md".to_owned()) && names.contains(&"08-dock-gateway.md".to_owned()),
        "{names:?}"
    );
    assert!(!names.iter().any(|name| name.contains("Rate_Card") || name.contains("order-intake")), "{names:?}");
    for (name, bytes) in
        files_below(&out.join("remediation")).iter().filter(|(name, _)| name.ends_with(".ecaOauthPlcy-meta.xml"))
    {
        let own = std::fs::read(from.join("remediation").join(name)).unwrap();
        assert_eq!(*bytes, own, "{name} is the file of the report's kit");
    }
    assert_eq!(shr(["verify".into(), out]).code, 0);
}

#[test]
fn a_finding_is_packed_by_its_id_and_names_can_be_hidden() {
    let scratch = Scratch::new("pack-finding");
    let (from, out) = (report(&scratch), scratch.join("pack"));
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(from.join("assessment.json")).unwrap()).unwrap();
    let finding = json["findings"].as_array().unwrap().iter().find(|one| one["subject"]["api_name"] == "Order_Intake");
    let id = finding.unwrap()["id"].as_str().unwrap().to_lowercase();
    let ran = pack(&from, &out, &["--finding", &id, "--redact", "--format", "md"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = std::fs::read_to_string(out.join("pack.md")).unwrap();
    assert!(text.contains("4. Order Intake") && !text.contains("nora.lindqvist"), "{text}");
    assert!(!out.join("remediation").exists(), "files of the snapshot have names in them");
    let german = pack(&from, &out, &["--finding", &id, "--lang", "de", "--format", "md"]);
    assert_eq!(german.code, 0, "{}", german.err);
    assert!(std::fs::read_to_string(out.join("pack.md")).unwrap().starts_with("# 1 Feststellung für Sie\n"));
}

#[test]
fn what_is_not_there_is_said() {
    let scratch = Scratch::new("pack-none");
    let (from, out) = (report(&scratch), scratch.join("pack"));
    for (args, says) in [
        (&["--finding", "SHR-CCF-0000-0000"][..], "holds no open finding"),
        (&["--owner", "Nobody"], "the owner is what stands in the column `owner`"),
        (&["--owner", " "], "names nobody"),
        (&["--owner", "Nobody", "--finding", "SHR-CCF-0000-0000"], "cannot be used with"),
        (&["--finding", "SHR-CCF-0000-0000", "--format", "csv"], "as Markdown, HTML, Word or PDF only"),
        (&[], "--finding"),
    ] {
        let ran = pack(&from, &out, args);
        assert!(ran.code == 2 && ran.err.contains(says), "{args:?}: {}", ran.err);
        assert!(!out.exists());
    }
}

fn id_of(report: &Path, app: &str) -> String {
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(report.join("assessment.json")).unwrap()).unwrap();
    let finding = json["findings"].as_array().unwrap().iter().find(|one| one["subject"]["api_name"] == app);
    finding.unwrap()["id"].as_str().unwrap().to_owned()
}

/// The report is what the pack is made from: it is not replaced by it, not even with `--force`.
#[test]
fn a_report_is_not_replaced_by_a_part_of_it() {
    let scratch = Scratch::new("pack-itself");
    let from = report(&scratch);
    let before = files_below(&from);
    for to in [&from, scratch.path()] {
        let ran = pack(&from, to, &["--finding", &id_of(&from, "Dock_Gateway")]);
        assert!(ran.code == 2 && ran.err.contains("would be replaced"), "{}", ran.err);
        let ran = shr(["portfolio".into(), from.clone(), "-o".into(), to.to_owned(), "--force".into()]);
        assert!(ran.code == 2 && ran.err.contains("would be replaced"), "{}", ran.err);
    }
    let ran = pack(&from, &scratch.join("pack"), &["--finding", &id_of(&from, "Dock_Gateway"), "--finding", "SHR-X"]);
    assert!(ran.code == 2 && ran.err.contains("SHR-X"), "{}", ran.err);
    assert_eq!(files_below(&from), before);
}

/// Files of a report that somebody sent are handed on as they were written, or not at all.
#[test]
fn what_was_changed_in_a_report_or_is_linked_into_it_is_not_handed_on() {
    let scratch = Scratch::new("pack-foreign");
    let from = report(&scratch);
    let kit = from.join("remediation");
    let policy = "main/default/extlClntAppOauthPolicies/Customs_Declaration_oauthPlcy.ecaOauthPlcy-meta.xml";
    let finding = id_of(&from, "Customs_Declaration");
    let whole = scratch.join("whole");
    assert_eq!(pack(&from, &whole, &["--finding", &finding]).code, 0);
    assert!(whole.join("remediation/rollback").join(policy).exists(), "the unchanged one is there");
    let kept = kit.join("rollback").join(policy);
    let altered = std::fs::read_to_string(&kept).unwrap().replace("halden", "attacker");
    std::fs::write(&kept, altered).unwrap();
    std::fs::write(kit.join("extra.sh"), "echo").unwrap();
    let out = scratch.join("pack");
    assert_eq!(pack(&from, &out, &["--finding", &finding]).code, 0);
    assert!(!out.join("remediation/rollback").exists() && !out.join("remediation/after-move").exists());
    let runbook = std::fs::read_to_string(out.join("remediation/07-customs-declaration.md")).unwrap();
    assert!(runbook.contains("was not at hand as a file"), "{runbook}");
    let one = scratch.join("one");
    let ran = shr(["portfolio".into(), from.clone(), "-o".into(), one.clone()]);
    assert!(ran.err.contains("is not as shr wrote it"), "{}", ran.err);
    let copied = files_below(&one.join("orgs/halden-prod/remediation"));
    assert!(copied.iter().all(|(name, _)| name != "extra.sh" && !name.starts_with("rollback/")));
    // The same bytes, but elsewhere.
    std::fs::rename(&kit, scratch.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(scratch.join("elsewhere"), &kit).unwrap();
    std::fs::write(scratch.join("elsewhere/id_rsa"), "private").unwrap();
    let two = scratch.join("two");
    shr(["portfolio".into(), from, "-o".into(), two.clone()]);
    let copied = files_below(&two.join("orgs/halden-prod/remediation"));
    assert!(copied.iter().all(|(name, _)| name != "id_rsa" && !name.starts_with("rollback/")));
}
