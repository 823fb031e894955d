//! All outputs of a sample say the same: ids, labels and scores of the assessment are found in each of them.

#![allow(clippy::print_stdout)] // a skipped check says so

use crate::common::{Scratch, assert_conforms, files_below, root, shr};
use shr::model::Assessment;
use std::path::Path;
use std::process::Command;

const SAMPLES: &[&str] =
    &["halden-prod", "halden-metadata-only", "lumen-mdapi.zip", "halden-uat", "ostra-prod", "tarn-no-apps"];

fn review(sample: &str, out: &Path) -> Assessment {
    let samples = root().join("samples");
    let ran = shr([
        "review".into(),
        samples.join(sample),
        "--engagement".into(),
        samples.join("engagement.toml"),
        "-o".into(),
        out.to_owned(),
        "--format=md,pdf,html,docx,csv,xlsx,json".into(),
        "--all".into(),
    ]);
    assert_ne!(ran.code, 2, "{}", ran.err);
    serde_json::from_slice(&std::fs::read(out.join("assessment.json")).unwrap()).unwrap()
}

/// Without white space: lines break where they like.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text of a PDF, or `None` (with a word) where no extractor is installed.
fn pdf_text(path: &Path) -> Option<String> {
    let Ok(output) = Command::new("pdftotext").arg(path).arg("-").output() else {
        println!("skipped: pdftotext is not installed");
        return None;
    };
    Some(squeezed(&String::from_utf8_lossy(&output.stdout)))
}

#[test]
fn every_output_holds_every_finding_id_and_score() {
    for sample in SAMPLES {
        let scratch = Scratch::new(&format!("outputs-{sample}"));
        let out = scratch.join("report");
        let assessment = review(sample, &out);
        let read = |name: &str| squeezed(&std::fs::read_to_string(out.join(name)).unwrap());
        let mut texts = vec![("md", read("report.md")), ("html", read("report.html")), ("csv", read("findings.csv"))];
        texts.extend(pdf_text(&out.join("report.pdf")).map(|text| ("pdf", text)));
        for finding in &assessment.findings {
            for (name, text) in &texts {
                let upper = text.to_uppercase();
                assert!(upper.contains(&finding.id), "{sample}: {} is not in {name}", finding.id);
                if let Some(score) = &finding.score {
                    let value = score.residual31.1.to_string();
                    assert!(text.contains(&value), "{sample}: score {value} of {} is not in {name}", finding.id);
                }
                let label: String =
                    finding.subject.label.chars().take_while(|c| c.is_alphanumeric() || *c == ' ').collect();
                assert!(text.contains(&squeezed(&label)), "{sample}: label {label} is not in {name}");
            }
        }
    }
}

#[test]
fn finished_pdfs_are_sound() {
    let scratch = Scratch::new("qpdf");
    let out = scratch.join("report");
    review("halden-uat", &out);
    match Command::new("qpdf").arg("--check").arg(out.join("report.pdf")).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(_) => println!("skipped: qpdf is not installed"),
    }
}

#[test]
fn every_golden_pdf_conforms_to_ua1_and_2a() {
    let files = files_below(&root().join("samples/expected"));
    let pdfs: Vec<_> = files.iter().filter(|(path, _)| path.ends_with(".pdf")).collect();
    assert!(pdfs.len() >= 9, "{}", pdfs.len());
    for (path, bytes) in pdfs {
        assert_conforms(path, bytes);
    }
}

#[test]
fn one_and_two_threads_write_the_same_bytes_into_two_folders() {
    let samples = root().join("samples");
    let run = |threads: usize| {
        let scratch = Scratch::new(&format!("threads-{threads}"));
        let out = scratch.join(&format!("report-{threads}"));
        let args = [
            "review".into(),
            samples.join("halden-uat"),
            samples.join("lumen-mdapi.zip"),
            "--engagement".into(),
            samples.join("engagement.toml"),
            "-o".into(),
            out.clone(),
            "--format=md,pdf,html,csv,xlsx,json".into(),
        ];
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let ran = pool.install(|| shr(args));
        assert_ne!(ran.code, 2, "{}", ran.err);
        files_below(&out)
    };
    let (one, two) = (run(1), run(2));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|file| file.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&two));
    for ending in ["report.pdf", "report.html", "findings.xlsx", "findings.csv", "assessment.json", ".svg"] {
        assert!(one.iter().any(|(path, _)| path.ends_with(ending)), "no {ending}");
    }
    for ((path, a), (_, b)) in one.iter().zip(&two) {
        assert!(a == b, "{path} differs");
    }
}

#[test]
fn every_written_assessment_fits_the_published_schema() {
    let schema = root().join("docs/assessment.schema.json");
    let mut schemas = boon::Schemas::new();
    let index = boon::Compiler::new().compile(schema.to_str().unwrap(), &mut schemas).unwrap();
    for sample in SAMPLES {
        let scratch = Scratch::new(&format!("schema-{sample}"));
        let out = scratch.join("report");
        review(sample, &out);
        let value: serde_json::Value =
            serde_json::from_slice(&std::fs::read(out.join("assessment.json")).unwrap()).unwrap();
        if let Err(error) = schemas.validate(&value, index) {
            panic!("{sample}: {error:#}");
        }
    }
}

#[test]
fn no_output_shows_a_key_that_the_language_lacks() {
    for sample in SAMPLES {
        let scratch = Scratch::new(&format!("keys-{sample}"));
        let out = scratch.join("report");
        review(sample, &out);
        for (path, bytes) in
            files_below(&out).iter().filter(|(path, _)| !path.ends_with(".pdf") && !path.ends_with(".xlsx"))
        {
            let text = String::from_utf8_lossy(bytes);
            let at = text.find('⟨').map(|at| text[at..].chars().take(60).collect::<String>());
            assert_eq!(at, None, "{sample}: {path}");
        }
    }
}
