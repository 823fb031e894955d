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
    ("ostra-prod", 16),
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

/// The theme on the other paper.
fn letter(scratch: &Scratch) -> String {
    let letter = scratch.join("letter.toml");
    let theme = std::fs::read_to_string(root().join("templates/theme.toml")).unwrap();
    assert!(theme.contains("size = \"A4\""), "the theme names its paper");
    std::fs::write(&letter, theme.replace("size = \"A4\"", "size = \"Letter\"")).unwrap();
    letter.display().to_string()
}

#[test]
fn every_sample_keeps_its_page_budget_on_both_papers_in_both_languages() {
    let scratch = Scratch::new("budget");
    let letter = letter(&scratch);
    for (sample, most) in BUDGETS {
        for lang in ["en", "de"] {
            for theme in [&[][..], &["--theme", &letter]] {
                let out = scratch.join("out");
                review(&root().join("samples").join(sample), &out, &[&["--lang", lang, "--force"], theme].concat());
                let pages = pages(&out.join("report.pdf"));
                assert!(pages <= *most, "{sample} {lang} {theme:?}: {pages} pages, {most} are allowed");
                let over = cards_over_a_page(&out);
                assert!(over.is_empty(), "{sample} {lang} {theme:?}: {over:?}");
            }
        }
    }
}

/// The chapter takes two pages at most, wherever on its first page it begins.
#[test]
fn the_chapter_of_every_sample_takes_two_pages() {
    let scratch = Scratch::new("chapter");
    for (sample, ..) in BUDGETS.iter().filter(|(sample, ..)| *sample != "tarn-no-apps") {
        let out = scratch.join("out");
        review(&root().join("samples").join(sample), &out, &["--force"]);
        let text = std::fs::read_to_string(out.join("report.md")).unwrap();
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
        let at = headings.iter().position(|line| line.contains("id=\"chapter\"")).unwrap();
        let title = |line: &str| letters(line.split("</a>").nth(1).unwrap());
        let pdf = Document::load(out.join("report.pdf")).unwrap();
        let pages: Vec<String> =
            (1..=pdf.get_pages().len()).map(|page| letters(&pdf.extract_text(&[page as u32]).unwrap())).collect();
        // The last page that shows a heading is its own; the contents show it before.
        let page = |line: &str| pages.iter().rposition(|page| page.contains(&title(line))).unwrap();
        let (from, to) = (page(headings[at]), page(headings[at + 1]));
        assert!(to - from <= 2, "{sample}: from page {} to {}", from + 1, to + 1);
    }
}

/// The letters and digits of a text: how the words of a page are spaced does not matter.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Titles of the cards that do not end on the page on which they begin.
fn cards_over_a_page(report: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(report.join("report.md")).unwrap();
    let pdf = Document::load(report.join("report.pdf")).unwrap();
    let pages = (1..=pdf.get_pages().len()).map(|page| letters(&pdf.extract_text(&[page as u32]).unwrap()));
    let pages: Vec<String> = pages.collect();
    let cards = text.split("<!-- card -->").skip(1).map(|card| card.split("<!-- /card -->").next().unwrap());
    let cards = cards.map(|card| {
        let title = card.split("</a>").nth(1).unwrap().lines().next().unwrap();
        let last = card.lines().rfind(|line| !line.trim().is_empty()).unwrap();
        let last = letters(last.rsplit(['|', '>']).find(|part| letters(part).len() > 3).unwrap());
        (title.to_owned(), last.get(last.len().saturating_sub(14)..).unwrap().to_owned())
    });
    let cards: Vec<(String, String)> = cards.collect();
    assert!(cards.iter().all(|(title, _)| pages.iter().any(|page| page.contains(&letters(title)))), "titles are found");
    let whole = |(title, last): &(String, String)| {
        pages.iter().any(|page| page.split_once(&letters(title)).is_some_and(|(_, below)| below.contains(last)))
    };
    cards.iter().filter(|card| !whole(card)).map(|(title, _)| title.clone()).collect()
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

/// Writes an org of many apps, no two of them with the same users, some of them failing.
fn many(folder: &Path, apps: usize) {
    let write = |path: String, text: String| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    const NS: &str = "xmlns=\"http://soap.sforce.com/2006/04/metadata\"";
    let mut users = Vec::new();
    for n in 0..apps {
        let name = format!("App_{n:04}");
        write(
            format!("main/externalClientApps/{name}.eca-meta.xml"),
            format!("<ExternalClientApplication {NS}>\n<label>App {n}</label>\n</ExternalClientApplication>\n"),
        );
        write(
            format!("main/extlClntAppOauthPolicies/{name}_plcy.ecaOauthPlcy-meta.xml"),
            format!(
                "<ExtlClntAppOauthConfigurablePolicies {NS}>\n\
                 <clientCredentialsFlowUser>svc.{n}@example.com</clientCredentialsFlowUser>\n\
                 <externalClientApplication>{name}</externalClientApplication>\n\
                 <ipRelaxationPolicyType>{}</ipRelaxationPolicyType>\n\
                 <isClientCredentialsFlowEnabled>{}</isClientCredentialsFlowEnabled>\n\
                 </ExtlClntAppOauthConfigurablePolicies>\n",
                if n % 3 == 0 { "Bypass" } else { "Enforce" },
                n % 7 != 0,
            ),
        );
        users.push(format!("005xx{n:010},svc.{n}@example.com,{},Robot {}", n % 11 != 0, n % 5));
    }
    let users = format!("Id,Username,IsActive,Profile.Name\n{}\n", users.join("\n"));
    write("exports/User.csv".to_owned(), users);
    write("sfdx-project.json".to_owned(), "{ \"packageDirectories\": [{ \"path\": \"main\" }] }".to_owned());
}

#[test]
fn large_orgs_and_portfolios_keep_their_page_budgets() {
    let scratch = Scratch::new("large");
    let letter = letter(&scratch);
    let orgs = scratch.join("orgs");
    for n in 0..50 {
        many(&orgs.join(format!("org-{n:02}")), 4 + n % 9);
    }
    for (apps, most) in [(300, 60), (1000, 80), (0, 30)] {
        let folder = if apps == 0 { orgs.clone() } else { scratch.join(&format!("org-{apps}")) };
        if apps > 0 {
            many(&folder, apps);
        }
        for lang in ["en", "de"] {
            for theme in [&[][..], &["--theme", &letter]] {
                let out = scratch.join("out");
                review(&folder, &out, &[&["--lang", lang, "--force"], theme].concat());
                let pages = pages(&out.join("report.pdf"));
                assert!(pages <= most, "{apps} apps {lang} {theme:?}: {pages} pages, {most} are allowed");
            }
        }
    }
    let text = std::fs::read_to_string(scratch.join("out/report.md")).unwrap();
    assert!(text.contains("](orgs/org-00/report.md)"), "links lead to the reports of the orgs");
}
