//! German says everything that English says: the same keys, the same arguments, the same structure.

use crate::common::{Scratch, files_below, root, shr};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Words that German shares with English: names, codes and loanwords.
const SAME: &[&str] = &[
    "0.0",
    "Accept Risk",
    "ApiUserOnly = true",
    "App",
    "Apps",
    "CVSS 3.1",
    "CVSS 4.0",
    "Export",
    "In {orgs}.",
    "{app}: {because}",
    "{severity} · CVSS 3.1 {v31} · CVSS 4.0 {v40}",
    "Bytes",
    "External Client Apps",
    "False Positive",
    "Flow",
    "Form",
    "Governance",
    "Id",
    "Mitigated by Alternative Control",
    "Name",
    "Not Applicable",
    "Org",
    "Orgs",
    "Scopes",
    "Secret",
    "Snapshot",
    "Standards",
    "isClientCredentialsFlowEnabled = false",
];

fn catalogue(language: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let folder = root().join("templates/lang").join(language);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let texts = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            (path.file_name().unwrap().to_string_lossy().into_owned(), texts)
        })
        .collect()
}

/// Names of the arguments in a text; of `{name|one|many}` the name alone.
fn slots(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split(['}', '|']).next()).collect()
}

/// Whether a text has words of its own besides arguments, marks and spaces.
fn is_prose(text: &str) -> bool {
    text.split('{').map(|part| part.rsplit('}').next().unwrap_or(part)).any(|part| part.contains(char::is_alphabetic))
}

#[test]
fn the_languages_are_the_folders() {
    let folders = std::fs::read_dir(root().join("templates/lang")).unwrap();
    let folders: BTreeSet<String> = folders.map(|f| f.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let tags = shr::text::wording::languages();
    assert_eq!(tags.iter().map(ToString::to_string).collect::<BTreeSet<_>>(), folders);
    for tag in tags {
        assert!(shr::controls::wording(tag).is_ok() && shr::controls::catalogue(tag).is_ok(), "{tag}");
    }
}

#[test]
fn every_text_has_a_twin_with_the_same_arguments() {
    let (english, german) = (catalogue("en"), catalogue("de"));
    assert!(english.keys().eq(german.keys()), "{:?} {:?}", english.keys(), german.keys());
    let mut faults = Vec::new();
    for (file, texts) in &english {
        let twins = &german[file];
        for key in texts.keys().chain(twins.keys()).collect::<BTreeSet<_>>() {
            match (texts.get(key), twins.get(key)) {
                (Some(en), Some(de)) if slots(en) != slots(de) => faults.push(format!("{file} {key}: other arguments")),
                (Some(_), Some(de)) if de.trim().is_empty() => faults.push(format!("{file} {key}: empty")),
                (Some(en), Some(de)) if en == de && is_prose(en) && !SAME.contains(&en.as_str()) => {
                    faults.push(format!("{file} {key}: not translated"));
                }
                (Some(_), Some(_)) => (),
                (None, _) => faults.push(format!("{file} {key}: German alone has it")),
                (_, None) => faults.push(format!("{file} {key}: missing in German")),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn plural_slots_offer_one_and_many() {
    for (file, texts) in catalogue("de") {
        for (key, text) in texts {
            for slot in text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(slot, _)| slot)) {
                let parts = slot.split('|').count();
                assert!(parts == 1 || parts == 3, "{file} {key}: {{{slot}}}");
            }
        }
    }
}

#[test]
fn both_languages_load_and_others_are_refused_with_the_nearest() {
    let (english, german) = (shr::controls::wording("en").unwrap(), shr::controls::wording("de").unwrap());
    assert_eq!((english.language.as_str(), german.language.as_str()), ("en", "de"));
    assert!(english.keys().eq(german.keys()));
    for (wanted, nearest) in
        [("de-CH", "`de`?"), ("DE", "`de`?"), ("dd", "`de`?"), ("eng", "`en`?"), ("", ": en, de"), ("xx", ": en, de")]
    {
        let message = shr::controls::wording(wanted).unwrap_err().to_string();
        assert!(message.contains(nearest), "{wanted}: {message}");
    }
    assert!(shr::controls::catalogue("xx").is_err());
}

#[test]
fn the_german_control_differs_in_its_prose_alone() {
    let (en, de) = (shr::controls::catalogue("en").unwrap(), shr::controls::catalogue("de").unwrap());
    assert_eq!((&en.id, &en.name, &en.version, en.thresholds), (&de.id, &de.name, &de.version, de.thresholds));
    assert_eq!((&en.base31, &en.base40, &en.range_word), (&de.base31, &de.base40, &de.range_word));
    for (a, b) in en.sections.iter().zip(&de.sections) {
        assert_eq!((&a.id, &a.title), (&b.id, &b.title));
        assert_ne!(a.text, b.text, "{}", a.id);
    }
    for (a, b) in en.criteria.iter().zip(&de.criteria) {
        assert_eq!((&a.id, a.weight, &a.requests), (&b.id, b.weight, &b.requests));
        assert!(a.title != b.title && a.safe_when != b.safe_when && a.rule != b.rule, "{}", a.id);
    }
    for (a, b) in en.remediations.iter().zip(&de.remediations) {
        assert_eq!((&a.id, &a.effort), (&b.id, &b.effort));
        let texts = |r: &shr::catalogue::Remediation| {
            [r.steps.clone(), r.verification.clone(), r.side_effects.clone()].concat()
        };
        assert!(texts(a).iter().zip(texts(b)).all(|(a, b)| *a != b), "{}", a.id);
    }
    assert!(en.phrases.iter().zip(&de.phrases).all(|(a, b)| a.id == b.id && a.side == b.side && a.text != b.text));
    assert!(en.considerations.iter().zip(&de.considerations).all(|(a, b)| a != b));
    assert!(en.readings.iter().zip(&de.readings).all(|(a, b)| a != b));
    assert!(en.requests.iter().zip(&de.requests).all(|(a, b)| a.soql == b.soql && a.why != b.why));
    for (name, a) in &en.permissions {
        let b = &de.permissions[name];
        assert_eq!((&a.label, &a.tier, &a.category), (&b.label, &b.tier, &b.category));
        assert_ne!(a.gain, b.gain, "{name}");
    }
    assert!(en.standards.iter().zip(&de.standards).all(|(a, b)| a.id == b.id && a.title == b.title));
}

#[test]
fn german_prose_that_does_not_fit_the_control_is_refused() {
    let prose = std::fs::read_to_string(root().join("src/controls/client_credentials/control.de.toml")).unwrap();
    let refused = |from: &str, to: &str| {
        assert!(prose.contains(from), "{from}");
        shr::controls::catalogue("en").unwrap().worded("de", &prose.replace(from, to)).unwrap_err().to_string()
    };
    assert!(refused("höchstens {objects} Objekte, keine", "höchstens zehn Objekte, keine").contains("placeholders"));
    assert!(refused("id = \"risk.static-secret\"", "id = \"risk.other\"").contains("[[phrase]]"));
    assert!(refused("title = \"Den Flow ausschalten\"", "title = \" \"").contains("empty"));
    assert!(
        refused("    \"Die Integration steht bei ihrer nächsten Token-Anfrage still.\",\n", "").contains("instead of")
    );
    assert!(refused("ForceTwoFactor = ", "ForceTwo = ").contains("[gains]"));
    assert!(refused("[gains]", "gains = ").contains("control.de.toml"));
}

/// The folder that a review writes in a language.
fn review(sample: &str, language: &str) -> Scratch {
    let scratch = Scratch::new(&format!("language-{sample}-{language}"));
    let samples = root().join("samples");
    let mut args: Vec<PathBuf> = vec!["review".into(), samples.join(sample)];
    args.extend(["--engagement".into(), samples.join("engagement.toml"), "-o".into(), scratch.join("out")]);
    args.extend(["--as-of", "2026-11-24", "--format", "md,csv", "--lang", language].map(PathBuf::from));
    let ran = shr(args);
    assert!(ran.code <= 1, "{sample} {language}: {}", ran.err);
    scratch
}

/// The text of the one file of a name.
fn file(scratch: &Scratch, name: &str) -> String {
    let files = files_below(&scratch.join("out"));
    let (_, bytes) = files.iter().find(|(path, _)| path.rsplit('/').next() == Some(name)).unwrap();
    String::from_utf8(bytes.clone()).unwrap()
}

/// Levels of the headings, and widths of the tables, in order.
fn structure(markdown: &str) -> Vec<String> {
    let marks = |line: &str| line.chars().take_while(|c| *c == '#').collect::<String>();
    markdown
        .lines()
        .filter_map(|line| match line {
            _ if line.starts_with('#') => Some(marks(line)),
            _ if line.starts_with("| -") || line.starts_with("|-") || line.starts_with("| :") => {
                Some(format!("table {}", line.matches('|').count()))
            }
            _ => None,
        })
        .collect()
}

/// Columns of findings.csv that hold codes, ids and numbers.
const CODES: &[&str] = &[
    "finding_id",
    "org_key",
    "control_id",
    "app_api_name",
    "result",
    "basis",
    "severity",
    "cvss31_score",
    "cvss31_vector",
    "cvss40_score",
    "cvss40_vector",
    "cvss_interval",
    "confidence",
    "failed_criteria",
    "privilege",
    "network",
    "delta",
    "status",
    "disposition",
    "proposed_status",
];

fn codes(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let places: Vec<usize> = CODES.iter().map(|code| header.iter().position(|h| h == *code).unwrap()).collect();
    reader.records().map(|row| places.iter().map(|i| row.as_ref().unwrap()[*i].to_owned()).collect()).collect()
}

#[test]
fn samples_say_the_same_in_german() {
    for sample in ["halden-prod", "halden-metadata-only", "lumen-mdapi.zip", "halden-uat", "ostra-prod", "tarn-no-apps"]
    {
        let (english, german) = (review(sample, "en"), review(sample, "de"));
        for (path, bytes) in files_below(&german.join("out")) {
            assert!(!String::from_utf8_lossy(&bytes).contains('⟨'), "{sample}: {path}");
        }
        let (en, de) = (file(&english, "report.md"), file(&german, "report.md"));
        assert_eq!(structure(&en), structure(&de), "{sample}");
        assert!(structure(&en).iter().any(|part| part.starts_with("table")), "{sample}");
        assert!(de.contains("1 Zusammenfassung") && !de.contains("1 Summary"), "{sample}");
        let (en, de) = (file(&english, "findings.csv"), file(&german, "findings.csv"));
        assert_eq!(codes(&en), codes(&de), "{sample}");
        assert_eq!(en == de, codes(&en).is_empty(), "{sample}: prose of the findings");
    }
}
