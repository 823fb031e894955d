//! The volumes of a report: how long each may be, and that none needs the other to be read.

use crate::common::{Scratch, root, shr};
use lopdf::Document;
use std::path::{Path, PathBuf};

/// Samples with the most pages that their report may have.
const BUDGETS: &[(&str, usize)] = &[
    ("tarn-no-apps", 4),
    ("halden-prod", 24),
    ("halden-metadata-only", 16),
    ("halden-uat", 16),
    ("lumen-mdapi.zip", 16),
];

fn review(snapshot: &Path, out: &Path, more: &[&str]) {
    let samples = root().join("samples");
    let mut args: Vec<PathBuf> = vec!["review".into(), snapshot.to_owned(), "-o".into(), out.to_owned()];
    args.extend(["--engagement".into(), samples.join("engagement.toml"), "--format".into(), "md,pdf".into()]);
    args.extend(["--as-of", "2026-11-24"].iter().chain(more).map(PathBuf::from));
    let ran = shr(args);
    assert!(matches!(ran.code, 0 | 1 | 3), "{}: {}", snapshot.display(), ran.err);
}

fn pages(pdf: &Path) -> usize {
    Document::load(pdf).unwrap().get_pages().len()
}

#[test]
fn every_sample_keeps_its_page_budget_on_both_papers_in_both_languages() {
    let scratch = Scratch::new("budget");
    let letter = scratch.join("letter.toml");
    let theme = std::fs::read_to_string(root().join("templates/theme.toml")).unwrap();
    assert!(theme.contains("size = \"A4\""), "the theme names its paper");
    std::fs::write(&letter, theme.replace("size = \"A4\"", "size = \"Letter\"")).unwrap();
    let letter = letter.display().to_string();
    for (sample, most) in BUDGETS {
        for lang in ["en", "de"] {
            for theme in [&[][..], &["--theme", &letter]] {
                let out = scratch.join("out");
                review(&root().join("samples").join(sample), &out, &[&["--lang", lang, "--force"], theme].concat());
                let pages = pages(&out.join("report.pdf"));
                assert!(pages <= *most, "{sample} {lang} {theme:?}: {pages} pages, {most} are allowed");
            }
        }
    }
}

#[test]
fn workpapers_are_written_on_request_by_option_or_engagement_file() {
    let scratch = Scratch::new("volumes");
    let sample = root().join("samples/lumen-mdapi.zip");
    review(&sample, &scratch.join("without"), &[]);
    assert!(!scratch.join("without/workpapers.md").exists());
    review(&sample, &scratch.join("with"), &["--workpapers"]);
    let asked = std::fs::read_to_string(root().join("samples/engagement.toml")).unwrap();
    let engagement = scratch.join("engagement.toml");
    std::fs::write(&engagement, format!("workpapers = true\n{asked}")).unwrap();
    let mut args: Vec<PathBuf> = vec!["review".into(), sample, "-o".into(), scratch.join("asked")];
    args.extend(["--engagement".into(), engagement, "--format".into(), "md,pdf".into()]);
    args.extend(["--as-of", "2026-11-24"].map(PathBuf::from));
    shr(args);
    for folder in ["with", "asked"] {
        let papers = std::fs::read_to_string(scratch.join(folder).join("workpapers.md")).unwrap();
        assert!(papers.starts_with("# Workpapers: "), "{folder}");
        assert!(pages(&scratch.join(folder).join("workpapers.pdf")) > pages(&scratch.join(folder).join("report.pdf")));
    }
    let one = |folder: &str| std::fs::read_to_string(scratch.join(folder).join("report.md")).unwrap();
    // The command that repeats the run differs, and nothing else.
    let without: Vec<String> = one("without").lines().map(str::to_owned).collect();
    let with: Vec<String> = one("with").lines().map(str::to_owned).collect();
    let differing = without.iter().zip(&with).filter(|(a, b)| a != b).count();
    assert_eq!((without.len(), differing), (with.len(), 1));
}

/// What the report cites can be looked up without the workpapers: every id that it prints is a row of `evidence.csv`.
#[test]
fn every_id_that_the_report_cites_is_in_the_table_of_evidence() {
    for folder in ["halden-prod", "halden-metadata-only", "halden-uat", "lumen-mdapi"] {
        let folder = root().join("samples/expected").join(folder);
        let report = std::fs::read_to_string(folder.join("report.md")).unwrap();
        let table = std::fs::read_to_string(folder.join("evidence.csv")).unwrap();
        let cited: Vec<&str> = report.match_indices("EV-").map(|(at, _)| &report[at..at + 6]).collect();
        assert!(cited.len() > 3, "{}", folder.display());
        for id in cited {
            assert!(table.contains(&format!("\"{id}\"")), "{}: {id}", folder.display());
        }
        assert!(!table.contains("\"used\""), "no column of another table");
    }
}
