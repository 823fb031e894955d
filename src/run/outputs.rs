//! From an assessment to the files of a report: the same for one org, for each org of many, and for `verify`.

use super::Failure;
use super::batch::Org;
use super::folder::Staging;
use super::settings::Settings;
use super::tables::{Spill, Tables};
use crate::assess;
use crate::cli::Format;
use crate::drawing::Drawing;
use crate::limits::{self, Limits};
use crate::manifest::{self, Hashing, OrgInputs};
use crate::model::{Assessment, ProblemRow};
use crate::render::html::HtmlMeta;
use crate::render::pdf::{PdfError, PdfMeta};
use crate::render::subject::Subject;
use crate::render::{csv, html, markdown, metadata, ocsf, oscal, pdf, sarif, svg, xlsx};
use crate::report::{self, OrgFailure, OrgSummary, Report};
use crate::table::profiles;
use crate::text::visible::{json as shown_json, write_json};
use serde_json::json;
use std::io::BufWriter;

pub(super) const ASSESSMENT: &str = "assessment.json";

/// Files of a report: path inside the folder, and bytes.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// What a page-based document needs besides its Markdown.
struct Page<'a> {
    title: String,
    author: &'a str,
    header_left: String,
    header_right: &'a str,
    run: String,
}

/// The assessment of one org as a file.
enum Machine {
    Bytes(Vec<u8>),
    /// It has too many findings to be held as text besides: it is written piece by piece.
    Large(String),
}

/// Findings beyond which an assessment is written piece by piece. Up to there text and report are made side by side.
const MANY: usize = 2_000;

impl Machine {
    fn of(assessment: &Assessment) -> Result<Self, Failure> {
        let failed = |error: serde_json::Error| Failure::new(ASSESSMENT, error, "");
        if assessment.findings.len() > MANY {
            let mut hash = BufWriter::with_capacity(1 << 16, Hashing::default());
            write_json(assessment, &mut hash).map_err(failed)?;
            let hash = hash.into_inner().map_err(|error| Failure::new(ASSESSMENT, error, ""))?;
            return Ok(Self::Large(hash.hex()));
        }
        let mut bytes = Vec::new();
        write_json(assessment, &mut bytes).map_err(failed)?;
        Ok(Self::Bytes(bytes))
    }

    fn sha256(&self) -> String {
        match self {
            Self::Bytes(bytes) => manifest::sha256(bytes),
            Self::Large(sha256) => sha256.clone(),
        }
    }
}

/// Renders one org. `several`: its tables also go into a portfolio's.
pub(super) fn org(assessment: Assessment, settings: &Settings, several: bool) -> Result<Org, Failure> {
    let mut org = rendered(&assessment, settings, several)?;
    if settings.wants(Format::Json) && !org.files.iter().any(|(name, _)| name == ASSESSMENT) {
        org.large = Some(assessment);
    }
    Ok(org)
}

fn rendered(assessment: &Assessment, settings: &Settings, several: bool) -> Result<Org, Failure> {
    let wording = &settings.wording;
    let (machine, written) = rayon::join(|| Machine::of(assessment), || documented(assessment, settings));
    let (machine, written) = (machine?, written?);
    let (mut files, mut warnings) = (Files::new(), Vec::new());
    if let Some((model, text, figures)) = &written {
        let document = &assessment.document;
        let parts = [document.client.as_str(), &assessment.org.name];
        let page = Page {
            title: model.title.clone(),
            author: &document.prepared_by,
            header_left: parts.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · "),
            header_right: &document.classification,
            run: machine.sha256().chars().take(12).collect(),
        };
        (files, warnings) = documents(text, figures, &page, settings)?;
    }
    if settings.wants(Format::Csv) {
        let tables = csv::files(&[assessment], wording, settings.csv(), settings.all);
        let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
        files.extend(metadata::files(&names, settings.csv(), wording));
        files.extend(tables);
    }
    for profile in settings.profiles() {
        let table = profiles::table(&[assessment], &settings.control, wording, profile);
        files.extend(csv::file(&table, settings.csv().of(profile)));
    }
    if settings.wants(Format::Xlsx) {
        files.push(("findings.xlsx".to_owned(), workbook(&[assessment], settings)?));
    }
    if let (true, Machine::Bytes(bytes)) = (settings.wants(Format::Json), machine) {
        files.push((ASSESSMENT.to_owned(), bytes));
    }
    if let Some((model, ..)) = &written {
        files.extend(exchange(&Subject::new(assessment, model, wording), settings));
    }
    warnings.extend(problems(assessment, &settings.limits));
    let passed = assessment.passed_over.iter().map(|message| wording.say(message));
    warnings.extend(passed.map(|said| Failure::new(&assessment.org.source, said, "")));
    let tables = if several { Tables::of(assessment, settings) } else { Tables::default() };
    let inputs = OrgInputs {
        source: assessment.org.source.clone(),
        digest: assessment.org.digest.clone(),
        files: assessment.inputs.len(),
    };
    Ok(Org {
        summary: OrgSummary::of(assessment),
        inputs,
        files,
        large: None,
        tables,
        warnings,
        code: assess::exit_code(assessment),
    })
}

/// What the console says of problems: the first ones, and how many more there are.
fn problems(assessment: &Assessment, limits: &Limits) -> Vec<Failure> {
    let (source, shown) = (&assessment.org.source, limits::count(limits.problems_printed));
    let told = |p: &ProblemRow| Failure::new(format!("{source}/{}", p.place), &p.message, &p.hint);
    let mut lines: Vec<Failure> = assessment.problems.iter().take(shown).map(told).collect();
    let further: usize = assessment.problems.iter().skip(shown).map(|problem| 1 + problem.more).sum();
    if further > 0 {
        let problems = if further == 1 { "problem" } else { "problems" };
        let option = limits::option("problems-printed", assessment.problems.len() as u64);
        let hint = format!("section 5 of the report lists them; pass {option} to print more");
        lines.push(Failure::new(source, format!("{further} further {problems}"), hint));
    }
    lines
}

/// The formats of other tools, as far as asked for.
fn exchange(subject: &Subject<'_>, settings: &Settings) -> Files {
    let mut files = Files::new();
    if settings.wants(Format::Sarif) {
        files.push((sarif::FILE.to_owned(), sarif::sarif(subject)));
    }
    if settings.wants(Format::Oscal) {
        files.push((oscal::RESULTS_FILE.to_owned(), oscal::results(subject)));
        files.extend(oscal::poam(subject).map(|plan| (oscal::POAM_FILE.to_owned(), plan)));
    }
    if settings.wants(Format::Ocsf) {
        files.push((ocsf::FILE.to_owned(), ocsf::ocsf(subject)));
    }
    files
}

/// The report, its Markdown and its figures; each only when a format is made from it.
fn documented(assessment: &Assessment, settings: &Settings) -> Result<Option<(Report, String, Vec<Drawing>)>, Failure> {
    let wants = |formats: &[Format]| formats.iter().any(|format| settings.wants(*format));
    let set = wants(&[Format::Md, Format::Pdf, Format::Html]);
    if !set && !wants(&[Format::Sarif, Format::Oscal, Format::Ocsf]) {
        return Ok(None);
    }
    let model = report::build(assessment, &settings.control, &settings.wording);
    if !set {
        return Ok(Some((model, String::new(), Vec::new())));
    }
    let text = markdown::org(&model, &settings.templates).map_err(|e| settings.template_failure(&e))?;
    Ok(Some((model, text, report::figures::org(assessment, &settings.wording))))
}

/// Renders the portfolio report over all orgs; its tables come from the spill.
pub(super) fn portfolio(
    summaries: &[OrgSummary],
    failures: &[OrgFailure],
    settings: &Settings,
) -> Result<(Files, Vec<Failure>), Failure> {
    let model = report::portfolio(summaries, failures, &settings.control, &settings.wording);
    let text = markdown::portfolio(&model, &settings.templates).map_err(|e| settings.template_failure(&e))?;
    let figures = report::figures::portfolio(summaries, &settings.control, &settings.wording);
    let document = settings.title_page()?;
    let index = index(summaries, failures)?;
    let page = Page {
        title: model.title.clone(),
        author: &document.prepared_by,
        header_left: document.client.clone(),
        header_right: &document.classification,
        run: manifest::sha256(index.as_bytes()).chars().take(12).collect(),
    };
    let (mut files, warnings) = documents(&text, &figures, &page, settings)?;
    if settings.wants(Format::Json) {
        files.push((ASSESSMENT.to_owned(), index.into_bytes()));
    }
    Ok((files, warnings))
}

/// The sorted tables of the portfolio, with their descriptions.
pub(super) fn tables(spill: Spill, settings: &Settings, staging: &mut Staging) -> Result<(), Failure> {
    let names = spill.finish(staging)?;
    if settings.wants(Format::Csv) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for (name, bytes) in metadata::files(&names, settings.csv(), &settings.wording) {
            staging.write(&name, &bytes)?;
        }
    }
    Ok(())
}

/// Where the assessments of a portfolio are, and what they say in short.
fn index(summaries: &[OrgSummary], failures: &[OrgFailure]) -> Result<String, Failure> {
    let orgs: Vec<_> = summaries
        .iter()
        .map(|org| json!({"key": org.key, "result": org.result, "counts": org.counts, "assessment": format!("orgs/{}/assessment.json", org.key)}))
        .collect();
    let unread: Vec<_> = failures.iter().map(|f| json!({"name": f.name, "message": f.message})).collect();
    let index = json!({"schema": "shr-portfolio/1", "orgs": orgs, "not_read": unread});
    shown_json(&index).map_err(|e| Failure::new(ASSESSMENT, e, ""))
}

/// Markdown, figures, PDF and HTML of one report, as far as asked for.
fn documents(
    text: &str,
    figures: &[Drawing],
    page: &Page<'_>,
    settings: &Settings,
) -> Result<(Files, Vec<Failure>), Failure> {
    let wording = &settings.wording;
    let mut files = Files::new();
    let mut warnings = Vec::new();
    if settings.wants(Format::Md) {
        files.push(("report.md".to_owned(), text.as_bytes().to_vec()));
        files.extend(figures.iter().map(|f| (format!("figures/{}.svg", f.name), svg::svg(f, None).into_bytes())));
    }
    if settings.wants(Format::Pdf) {
        let document = &settings.engagement.document;
        let meta = PdfMeta {
            title: page.title.clone(),
            author: page.author.to_owned(),
            subject: settings.control.name.clone(),
            language: wording.language.clone(),
            date: settings.as_of,
            header_left: page.header_left.clone(),
            header_right: page.header_right.to_owned(),
            footer_left: format!("shr {} · {}", env!("CARGO_PKG_VERSION"), page.run),
            page_of: wording.raw("page.of").unwrap_or("{page} / {pages}").to_owned(),
            watermark: (!document.is_final).then(|| wording.word("report.cover.draft")),
            contents_title: wording.word("contents.title"),
            most_pages: settings.limits.pages,
        };
        let written = pdf::pdf(text, figures, &settings.theme, &meta).map_err(|e| no_pdf(&e))?;
        if !written.missing.is_empty() {
            warnings.push(missing(&written.missing));
        }
        files.push(("report.pdf".to_owned(), written.bytes));
    }
    if settings.wants(Format::Html) {
        let meta = HtmlMeta {
            title: page.title.clone(),
            language: wording.language.clone(),
            contents_title: wording.word("contents.title"),
            skip: wording.word("html.skip"),
            logo: settings.theme.logo.clone(),
            brand: settings.theme.brand.clone(),
        };
        files.push(("report.html".to_owned(), html::html(text, figures, &meta).into_bytes()));
    }
    Ok((files, warnings))
}

/// A report of which a part is missing is none, so a limit leaves the whole of it unwritten, not its last pages.
fn no_pdf(error: &PdfError) -> Failure {
    let hint = match error {
        PdfError::TooLong(pages) => {
            let option = limits::option("pages", *pages);
            format!("pass {option}, or leave pdf out of --format")
        }
        PdfError::Font(_) | PdfError::Writer(_) => String::new(),
    };
    Failure::new("report.pdf", error, hint)
}

fn missing(characters: &[char]) -> Failure {
    let list: Vec<String> = characters.iter().take(20).map(|c| format!("U+{:04X}", u32::from(*c))).collect();
    let more = if characters.len() > 20 { " and more" } else { "" };
    let message = format!("no font covers {}{more}; shown as [U+…]", list.join(", "));
    Failure::new("report.pdf", message, "add a font that covers them with --font FILE")
}

fn workbook(assessments: &[&Assessment], settings: &Settings) -> Result<Vec<u8>, Failure> {
    let report = if settings.wants(Format::Html) { "report.html" } else { "" };
    let options = xlsx::Options { created: settings.as_of, all: settings.all, report };
    xlsx::workbook(assessments, &settings.wording, &options).map_err(|e| Failure::new("findings.xlsx", e, ""))
}
