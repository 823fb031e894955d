//! What `docs/security.md` says is there: the tests that it names, the table of limits, and what no other module shows.

use crate::common::{Scratch, root, shr};
use shr::limits::{Limits, TABLE};
use shr::source::{Source, SourceError};
use std::fs;
use std::io::Write;
use std::path::PathBuf;

fn document() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

#[test]
fn every_named_test_is_one() {
    let text = document();
    let named: Vec<(&str, &str)> =
        text.split('`').filter(|part| part.starts_with("tests/")).filter_map(|part| part.split_once("::")).collect();
    assert!(named.len() > 30, "{}", named.len());
    for (file, name) in named {
        let source = fs::read_to_string(root().join(file)).unwrap_or_default();
        let at = source.find(&format!("fn {name}(")).unwrap_or_else(|| panic!("{file}::{name} is not there"));
        let before = source[..at].trim_end();
        assert!(before.ends_with("#[test]"), "{file}::{name} is no test");
    }
}

#[test]
fn the_table_of_limits_is_that_of_the_code() {
    let rows: String = TABLE
        .iter()
        .map(|limit| format!("| `{}` | {} | {} |\n", limit.name, limit.shown(), limit.says.trim()))
        .collect();
    let table = format!("<!-- limits -->\n\n| name | default | bounds |\n|---|---|---|\n{rows}\n<!-- /limits -->");
    let text = document();
    if std::env::var_os("SHR_BLESS").is_some() && !text.contains(&table) {
        let (before, rest) = text.split_once("<!-- limits -->").unwrap();
        let (_, after) = rest.split_once("<!-- /limits -->").unwrap();
        fs::write(root().join("docs/security.md"), format!("{before}{table}{after}")).unwrap();
        return;
    }
    assert!(text.contains(&table), "docs/security.md has another table of limits than:\n{table}");
    let help = shr(["review", "--help"]).out;
    for limit in TABLE {
        assert!(help.contains(limit.name), "--help lacks {}", limit.name);
    }
}

#[test]
fn small_entries_count_towards_the_ratio_of_their_archive() {
    let scratch = Scratch::new("security-archive");
    let path = scratch.join("acme.zip");
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for n in 0..20 {
        archive.start_file(format!("{n}.profile"), options).unwrap();
        archive.write_all(&[b"<Profile>".to_vec(), vec![b' '; 1_000_000], b"</Profile>".to_vec()].concat()).unwrap();
    }
    archive.finish().unwrap();
    match Source::open(&path, &Limits::default()) {
        Err(error @ SourceError::TooLarge { .. }) => {
            assert!(error.to_string().contains("200 times"), "{error}");
            assert!(error.hint().contains("--limit archive-ratio=500"), "{}", error.hint());
        }
        other => panic!("{other:?}"),
    }
    let enough = Limits { archive_ratio: 2_000, ..Limits::default() };
    assert_eq!(Source::open(&path, &enough).unwrap().entries().len(), 20);
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let scratch = Scratch::new("security-workbook");
    let path = scratch.join("tracker.xlsx");
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut book = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    book.start_file("xl/sharedStrings.xml", options).unwrap();
    book.write_all(&vec![b' '; 30_000_000]).unwrap();
    book.finish().unwrap();
    for (limit, option) in
        [("archive-ratio=200", "--limit archive-ratio=500"), ("workbook-bytes=900kB", "--limit workbook-bytes=2MB")]
    {
        let ran = shr(["track", path.to_str().unwrap(), "--check", "--limit", limit]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(option), "{limit}: {}", ran.err);
    }
}

#[test]
fn an_org_key_of_an_engagement_file_names_no_other_folder() {
    let scratch = Scratch::new("security-key");
    let file = scratch.join("engagement.toml");
    for key in ["..", ".", "../x", "/abs", "a/b", "a\\\\b", "a\\u202eb", ""] {
        fs::write(&file, format!("[[org]]\nkey = \"{key}\"\n")).unwrap();
        let args = ["review".into(), root().join("samples/tarn-no-apps"), "-o".into(), scratch.join("r/s")];
        let ran = shr(args.into_iter().chain(["--engagement".into(), file.clone()]));
        assert_eq!(ran.code, 2, "{key}");
        assert!(ran.err.contains("cannot be an org key"), "{key}: {}", ran.err);
        assert!(!scratch.join("r").exists(), "{key}");
    }
}

#[test]
fn hidden_characters_are_escapes_in_json_and_on_the_console() {
    let scratch = Scratch::new("security-hidden");
    let folder = scratch.join("acme");
    fs::create_dir_all(&folder).unwrap();
    let label = "a\u{202e}b\u{200b}c\u{9b}d\u{7f}e";
    let app = format!("<ExternalClientApplication><label>{label}</label></ExternalClientApplication>");
    fs::write(folder.join("Relay.eca-meta.xml"), app).unwrap();
    let mut names = vec![folder.clone()];
    if cfg!(unix) {
        fs::write(folder.join("P\u{202e}\u{1b}[31m.ecaOauthPlcy-meta.xml"), "<Extl").unwrap();
        names.push(scratch.join("no\u{1b}[31m\u{202e}such"));
    }
    let hidden =
        |text: &str| text.chars().any(|c| (c.is_control() && c != '\n' && c != '\r') || "\u{202e}\u{200b}".contains(c));
    for name in names {
        let report = scratch.join("r");
        let args = ["review".into(), name, "-o".into(), report, "--force".into(), "--verbose".into()];
        let formats = ["--format", "json,sarif,oscal,ocsf,md,html"].map(PathBuf::from);
        let ran = shr(args.into_iter().chain(formats));
        assert!(!hidden(&ran.err) && !hidden(&ran.out), "{:?}", ran.err);
    }
    for entry in fs::read_dir(scratch.join("r")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            assert!(!hidden(&fs::read_to_string(&path).unwrap()), "{}", path.display());
        }
    }
    let read: serde_json::Value =
        serde_json::from_slice(&fs::read(scratch.join("r/assessment.json")).unwrap()).unwrap();
    assert_eq!(read["findings"][0]["subject"]["label"], label, "the data are the same");
}
