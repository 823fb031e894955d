//! From an assessment to the files of a report: the same for one org, for each org of many, and for `verify`.

use super::Failure;
use super::batch::Org;
use super::folder::Staging;
use super::formats::{self, Files, Page, Writer};
use super::histories;
use super::profiles;
use super::settings::Settings;
use super::tables::{Spill, Tables};
use crate::assess;
use crate::drawing::Drawing;
use crate::history::History;
use crate::limits::{self, Limits};
use crate::manifest::{self, Hashing, OrgInputs};
use crate::model::Assessment;
use crate::render::exchange::Subject;
use crate::render::format::Format;
use crate::render::{markdown, metadata, remediation};
use crate::report::portfolio::Moved;
use crate::report::{self, OrgFailure, OrgSummary, Report};
use crate::text::visible::{json as shown_json, write_json};
use crate::view::KitAppView;
use serde_json::json;
use std::cell::OnceCell;
use std::io::BufWriter;

pub(super) const ASSESSMENT: &str = "assessment.json";
/// Folder of the kit.
pub(super) const KIT: &str = "remediation";

/// Gives the text of a file of the snapshot; none when it cannot be read as text.
pub(super) type Original<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The volumes of an org.
const REPORT: &str = "report";
const WORKPAPERS: &str = "workpapers";

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
        if assessment.findings.len() > MANY {
            let mut hash = BufWriter::with_capacity(1 << 16, Hashing::default());
            write_json(assessment, &mut hash).map_err(|error| Failure::new(ASSESSMENT, error, ""))?;
            let hash = hash.into_inner().map_err(|error| Failure::new(ASSESSMENT, error, ""))?;
            return Ok(Self::Large(hash.hex()));
        }
        let mut bytes = Vec::new();
        write_json(assessment, &mut bytes).map_err(|error| Failure::new(ASSESSMENT, error, ""))?;
        Ok(Self::Bytes(bytes))
    }

    fn sha256(&self) -> String {
        match self {
            Self::Bytes(bytes) => manifest::sha256(bytes),
            Self::Large(sha256) => sha256.clone(),
        }
    }
}

/// Renders one org. `several`: its tables also go into a portfolio's. `original` gives the text of a file of the
/// snapshot; a kit is made where there is one.
pub(super) fn org(
    assessment: Assessment,
    history: &History,
    settings: &Settings,
    several: bool,
    original: Option<Original<'_>>,
) -> Result<Org, Failure> {
    let mut org = rendered(&assessment, history, settings, several)?;
    if let Some(original) = original.filter(|_| settings.writes_kit()) {
        org.files.extend(kit(&assessment, settings, original)?);
    }
    org.large = settings.wants(Format::Json) && !org.files.iter().any(|(name, _)| name == ASSESSMENT);
    if org.large || (several && settings.wants(Format::Xlsx)) {
        org.assessment = Some(assessment);
    }
    Ok(org)
}

fn rendered(assessment: &Assessment, history: &History, settings: &Settings, several: bool) -> Result<Org, Failure> {
    let wording = &settings.wording;
    let (machine, documented) = rayon::join(|| Machine::of(assessment), || documented(assessment, history, settings));
    let (machine, documented) = (machine?, documented?);
    let (mut files, mut warnings) = (Files::new(), Vec::new());
    if let Some(Documented { view, volumes }) = &documented {
        let document = &assessment.document;
        let (drawings, run) = (view.figures.drawings(), machine.sha256().chars().take(12).collect::<String>());
        for (volume, text) in volumes {
            let page = Page {
                volume,
                text,
                blocks: OnceCell::new(),
                figures: &drawings,
                title: if *volume == WORKPAPERS { &view.workpapers_title } else { &view.title },
                author: &document.prepared_by,
                draft: !document.is_final,
                header_left: headed(assessment),
                header_right: &document.classification,
                run: run.clone(),
            };
            let (made, told) = formats::pages(&page, settings)?;
            warnings.extend(told);
            // A figure that stands in both volumes is one file.
            files.extend(
                made.into_iter().filter(|(path, _)| !files.iter().any(|(known, _)| known == path)).collect::<Files>(),
            );
        }
    }
    let view = documented.as_ref().map(|documented| Subject::new(assessment, &documented.view, wording));
    for writer in settings.writers() {
        match (writer, &view) {
            (Writer::Rows(write), _) => files.extend(write(assessment, settings)?),
            (Writer::View(write), Some(view)) => files.extend(write(view)),
            (Writer::Pages(_) | Writer::View(_) | Writer::Assessment, _) => {}
        }
    }
    files.extend(profiles::files(assessment, view.as_ref(), settings)?);
    if settings.wants(Format::Json) {
        let text = shown_json(history).map_err(|error| Failure::new(histories::FILE, error, ""))?;
        files.push((histories::FILE.to_owned(), text.into_bytes()));
        if let Machine::Bytes(bytes) = machine {
            files.push((ASSESSMENT.to_owned(), bytes));
        }
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
        summary: OrgSummary { moved: Moved::of(assessment, history), ..OrgSummary::of(assessment) },
        inputs,
        files,
        assessment: None,
        large: false,
        tables,
        warnings,
        code: assess::exit_code(assessment),
    })
}

/// What stands on the left above every page: client and org.
pub(super) fn headed(assessment: &Assessment) -> String {
    let parts = [assessment.document.client.as_str(), &assessment.org.name];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The kit, below its folder.
fn kit(assessment: &Assessment, settings: &Settings, original: Original<'_>) -> Result<Files, Failure> {
    let apps = report::kit(assessment, &settings.control, &settings.wording);
    kit_of(&apps, assessment, settings, original)
}

/// The kit of some apps, below its folder.
pub(super) fn kit_of(
    apps: &[KitAppView],
    assessment: &Assessment,
    settings: &Settings,
    original: Original<'_>,
) -> Result<Files, Failure> {
    let name = if assessment.org.name.is_empty() { &assessment.org.key } else { &assessment.org.name };
    let source = remediation::Source { apps, org: name, original };
    let files =
        remediation::kit(&source, &settings.wording, &settings.templates).map_err(|e| settings.template_failure(&e))?;
    Ok(files.into_iter().map(|(path, bytes)| (format!("{KIT}/{path}"), bytes)).collect())
}

/// What the console says of problems: the first ones, and how many more there are.
fn problems(assessment: &Assessment, limits: &Limits) -> Vec<Failure> {
    let (source, shown) = (&assessment.org.source, limits::count(limits.problems_printed));
    let first = assessment.problems.iter().take(shown);
    let mut lines: Vec<Failure> =
        first.map(|p| Failure::new(format!("{source}/{}", p.place), &p.message, &p.hint)).collect();
    let further: usize = assessment.problems.iter().skip(shown).map(|problem| 1 + problem.more).sum();
    if further > 0 {
        let problems = if further == 1 { "problem" } else { "problems" };
        let option = limits::option("problems-printed", assessment.problems.len() as u64);
        let hint = format!("assessment.json lists them; pass {option} to print more");
        lines.push(Failure::new(source, format!("{further} further {problems}"), hint));
    }
    lines
}

/// A report as data, and the Markdown of its volumes.
struct Documented {
    view: Report,
    volumes: Vec<(&'static str, String)>,
}

/// The report, and the Markdown of its volumes; each only when a format is made from it.
fn documented(assessment: &Assessment, history: &History, settings: &Settings) -> Result<Option<Documented>, Failure> {
    let pages = settings.writers().any(|writer| matches!(writer, Writer::Pages(_)));
    let viewed = settings.writers().any(|writer| matches!(writer, Writer::View(_)));
    if !pages && !viewed && !settings.profiles.iter().copied().any(profiles::has_view) {
        return Ok(None);
    }
    let build = if pages && settings.workpapers { report::build_with } else { report::build_report };
    let mut view = build(assessment, &settings.control, &settings.wording, settings.cards);
    report::add_movement(&mut view, assessment, history, &settings.wording);
    let mut volumes = Vec::new();
    if pages {
        let refused = |error| settings.template_failure(&error);
        volumes.push((REPORT, markdown::org(&view, &settings.templates).map_err(refused)?));
        if settings.workpapers {
            volumes.push((WORKPAPERS, markdown::workpapers(&view, &settings.templates).map_err(refused)?));
        }
    }
    Ok(Some(Documented { view, volumes }))
}

/// Renders the portfolio report over all orgs; its tables come from the spill.
pub(super) fn portfolio(
    summaries: &[OrgSummary],
    failures: &[OrgFailure],
    settings: &Settings,
) -> Result<(Files, Vec<Failure>), Failure> {
    let mut view = report::portfolio(summaries, failures, &settings.control, &settings.wording);
    let document = settings.title_page()?;
    for (line, name) in view.signatures.iter_mut().zip([&document.prepared_by, &document.reviewer, &document.approver])
    {
        line.value.clone_from(name);
    }
    let ageing = view.moved.as_ref().and_then(|moved| moved.ageing.as_ref());
    let drawings: Vec<Drawing> = ageing.map(|figure| figure.drawing.clone()).into_iter().collect();
    let text = markdown::portfolio(&view, &settings.templates).map_err(|e| settings.template_failure(&e))?;
    let index = index(summaries, failures)?;
    let page = Page {
        volume: REPORT,
        text: &text,
        blocks: OnceCell::new(),
        figures: &drawings,
        title: &view.title,
        author: &document.prepared_by,
        draft: !document.is_final,
        header_left: document.client.clone(),
        header_right: &document.classification,
        run: manifest::sha256(index.as_bytes()).chars().take(12).collect(),
    };
    let (mut files, warnings) = formats::pages(&page, settings)?;
    if settings.wants(Format::Json) {
        files.push((ASSESSMENT.to_owned(), index.into_bytes()));
    }
    Ok((files, warnings))
}

/// The sorted tables of the portfolio, with their descriptions.
pub(super) fn tables(spill: Spill, settings: &Settings, staging: &mut Staging) -> Result<(), Failure> {
    let names = spill.finish(settings, staging)?;
    if settings.wants(Format::Csv) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for (name, bytes) in metadata::files(&names, settings.columns.as_ref(), settings.dialect, &settings.wording) {
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
