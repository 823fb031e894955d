//! The formats of a report: a line of [`FORMATS`] each, and a function that writes it.

use super::Failure;
use super::settings::Settings;
use crate::drawing::Drawing;
use crate::limits;
use crate::model::{Assessment, Document, Outcome};
use crate::render::blocks::{Block, blocks};
use crate::render::exchange::Subject;
use crate::render::format::Format;
use crate::render::html::HtmlMeta;
use crate::render::meta::Meta;
use crate::render::pdf::PdfError;
use crate::render::xlsx::Options;
use crate::render::{self, csv, metadata, ocsf, oscal, sarif, svg};
use crate::table::{evidence, rows};
use std::cell::OnceCell;

/// Files of a report: path inside the folder, and bytes.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// Name of the workbook, beside the report of an org or of a portfolio.
const WORKBOOK: &str = "findings.xlsx";

/// What a format is made from, and what writes it.
pub(super) enum Writer {
    /// The Markdown and the figures of the report of one org or of a portfolio. Warnings are added to the list.
    Pages(fn(&Page<'_>, &Settings, &mut Vec<Failure>) -> Result<Files, Failure>),
    /// The assessment of one org, as rows.
    Rows(fn(&Assessment, &Settings) -> Result<Files, Failure>),
    /// The assessment of one org with what its report says of it.
    View(fn(&Subject<'_>) -> Files),
    /// The assessment itself: it may be too large for the memory, so the run writes it.
    Assessment,
}

pub(super) const FORMATS: &[(Format, Writer)] = &[
    (Format::Md, Writer::Pages(md)),
    (Format::Pdf, Writer::Pages(pdf)),
    (Format::Html, Writer::Pages(html)),
    (Format::Docx, Writer::Pages(docx)),
    (Format::Csv, Writer::Rows(csv)),
    (Format::Xlsx, Writer::Rows(xlsx)),
    (Format::Json, Writer::Assessment),
    (Format::Sarif, Writer::View(|subject| vec![(sarif::FILE.to_owned(), sarif::sarif(subject))])),
    (Format::Oscal, Writer::View(oscal)),
    (Format::Ocsf, Writer::View(|subject| vec![(ocsf::FILE.to_owned(), ocsf::ocsf(subject))])),
];

/// What a document with pages is set from.
pub(super) struct Page<'a> {
    /// `report` or `workpapers`: the stem of its files.
    pub(super) volume: &'static str,
    pub(super) text: &'a str,
    /// The text, parsed when the first format asks for it.
    pub(super) blocks: OnceCell<Vec<Block>>,
    pub(super) figures: &'a [Drawing],
    pub(super) title: &'a str,
    pub(super) author: &'a str,
    /// DRAFT behind the text.
    pub(super) draft: bool,
    pub(super) header_left: String,
    pub(super) header_right: &'a str,
    pub(super) run: String,
}

impl Page<'_> {
    fn blocks(&self) -> &[Block] {
        self.blocks.get_or_init(|| blocks(self.text))
    }
}

/// The documents of a report, as far as asked for, and what could not be shown in them.
pub(super) fn pages(page: &Page<'_>, settings: &Settings) -> Result<(Files, Vec<Failure>), Failure> {
    let (mut files, mut warnings) = (Files::new(), Vec::new());
    for writer in settings.writers() {
        if let Writer::Pages(write) = writer {
            files.extend(write(page, settings, &mut warnings)?);
        }
    }
    Ok((files, warnings))
}

fn md(page: &Page<'_>, settings: &Settings, _: &mut Vec<Failure>) -> Result<Files, Failure> {
    let mut files = vec![(format!("{}.md", page.volume), page.text.as_bytes().to_vec())];
    let shown = page.figures.iter().map(|figure| (format!("figures/{}.svg", figure.name), figure));
    let shown = shown.filter(|(path, _)| page.text.contains(&format!("]({path})")));
    files.extend(shown.map(|(path, figure)| (path, svg::svg(figure, &settings.theme.colours).into_bytes())));
    Ok(files)
}

fn pdf(page: &Page<'_>, settings: &Settings, warnings: &mut Vec<Failure>) -> Result<Files, Failure> {
    let meta = meta(page, settings);
    let written =
        render::pdf::pdf(page.blocks(), page.figures, &settings.theme, &meta).map_err(|e| no_pdf(page.volume, &e))?;
    let file = format!("{}.pdf", page.volume);
    if !written.missing.is_empty() {
        warnings.push(missing(&file, &written.missing));
    }
    Ok(vec![(file, written.bytes)])
}

/// A report of which a part is missing is none, so a limit leaves the whole of it unwritten, not its last pages.
fn no_pdf(volume: &str, error: &PdfError) -> Failure {
    let hint = match error {
        PdfError::TooLong(pages) => {
            let option = limits::option("pages", *pages);
            format!("pass {option}, or leave pdf out of --format")
        }
        PdfError::Font(_) | PdfError::Writer(_) => String::new(),
    };
    Failure::new(format!("{volume}.pdf"), error, hint)
}

fn missing(file: &str, characters: &[char]) -> Failure {
    let list: Vec<String> = characters.iter().take(20).map(|c| format!("U+{:04X}", u32::from(*c))).collect();
    let more = if characters.len() > 20 { " and more" } else { "" };
    let message = format!("no font covers {}{more}; shown as [U+…]", list.join(", "));
    Failure::new(file, message, "add a font that covers them with --font FILE")
}

fn html(page: &Page<'_>, settings: &Settings, _: &mut Vec<Failure>) -> Result<Files, Failure> {
    let meta = HtmlMeta {
        title: page.title.to_owned(),
        language: settings.wording.language.clone(),
        contents_title: settings.wording.word("contents.title"),
        skip: settings.wording.word("html.skip"),
        banner: banner(page, settings),
        style: settings.style.clone(),
        proof: settings.wording.word("report.column.evidence"),
        filter: ["html.filter", "html.all"].map(|key| settings.wording.word(key)),
        results: Outcome::ALL
            .iter()
            .map(|one| (*one, settings.wording.word(&format!("report.result.{one}"))))
            .collect(),
    };
    let html = render::html::html(page.blocks(), page.figures, &settings.theme, &meta);
    Ok(vec![(format!("{}.html", page.volume), html.into_bytes())])
}

fn docx(page: &Page<'_>, settings: &Settings, _: &mut Vec<Failure>) -> Result<Files, Failure> {
    let meta = meta(page, settings);
    let file = format!("{}.docx", page.volume);
    let written = render::docx::docx(page.blocks(), page.figures, &settings.theme, &meta);
    let bytes = written.map_err(|error| Failure::new(&file, error, ""))?;
    Ok(vec![(file, bytes)])
}

/// What the pages of a volume carry, as PDF and for Word.
fn meta(page: &Page<'_>, settings: &Settings) -> Meta {
    let wording = &settings.wording;
    Meta {
        title: page.title.to_owned(),
        author: page.author.to_owned(),
        subject: settings.control.name.clone(),
        language: wording.language.clone(),
        date: settings.as_of,
        header_left: page.header_left.clone(),
        header_right: page.header_right.to_owned(),
        footer_left: footer(page, settings),
        page_of: wording.raw("page.of").unwrap_or("{page} / {pages}").to_owned(),
        draft: page.draft.then(|| wording.word("report.cover.draft")),
        contents_title: wording.word("contents.title"),
        most_pages: settings.limits.pages,
    }
}

/// The theme's own line, then tool and run.
fn footer(page: &Page<'_>, settings: &Settings) -> String {
    let run = format!("shr {} · {}", env!("CARGO_PKG_VERSION"), page.run);
    if settings.theme.footer.is_empty() { run } else { format!("{} · {run}", settings.theme.footer) }
}

/// Status and classification of a page.
fn banner(page: &Page<'_>, settings: &Settings) -> String {
    let draft = page.draft.then(|| settings.wording.word("report.cover.draft"));
    let parts = draft.into_iter().chain([page.header_right.to_owned()]).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

fn csv(assessment: &Assessment, settings: &Settings) -> Result<Files, Failure> {
    let (orgs, wording, dialect) = (&[assessment], &settings.wording, settings.dialect);
    let mut tables = match &settings.columns {
        None => csv::findings(orgs, wording, dialect, settings.all),
        Some(columns) => csv::file(&columns.of(rows::findings_table(orgs, wording, settings.all)), dialect),
    };
    tables.extend(csv::beside_findings(orgs, wording, dialect));
    tables.extend(csv::file(&evidence::table(orgs, &settings.control, wording), dialect));
    let names: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
    let mut files = metadata::files(&names, settings.columns.as_ref(), settings.dialect, &settings.wording);
    files.extend(tables);
    Ok(files)
}

fn xlsx(assessment: &Assessment, settings: &Settings) -> Result<Files, Failure> {
    let report = if settings.wants(Format::Html) { "report.html" } else { "" };
    Ok(vec![(WORKBOOK.to_owned(), book(&[assessment], &assessment.document, report, settings)?)])
}

/// The workbook over all orgs, and its name. The cards that its rows are about stand in other reports, so it has no links.
pub(super) fn workbook(orgs: &[Assessment], settings: &Settings) -> Result<(&'static str, Vec<u8>), Failure> {
    let orgs: Vec<&Assessment> = orgs.iter().collect();
    Ok((WORKBOOK, book(&orgs, &settings.title_page()?, "", settings)?))
}

fn book(orgs: &[&Assessment], document: &Document, report: &str, settings: &Settings) -> Result<Vec<u8>, Failure> {
    let options = properties(document, report, settings);
    render::xlsx::workbook(orgs, &settings.wording, &options).map_err(|error| Failure::new(WORKBOOK, error, ""))
}

/// How a workbook of this run is written, and what it says of itself.
pub(super) fn properties<'a>(document: &'a Document, report: &'a str, settings: &'a Settings) -> Options<'a> {
    Options {
        created: settings.as_of,
        all: settings.all,
        report,
        colours: settings.theme.colours,
        title: if document.title.is_empty() { &settings.control.name } else { &document.title },
        author: &document.prepared_by,
        client: &document.client,
    }
}

fn oscal(subject: &Subject<'_>) -> Files {
    let mut files = vec![(oscal::RESULTS_FILE.to_owned(), oscal::results(subject))];
    files.extend(oscal::poam(subject).map(|plan| (oscal::POAM_FILE.to_owned(), plan)));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_one_writer() {
        let written: Vec<Format> = FORMATS.iter().map(|(format, _)| *format).collect();
        assert_eq!(written, Format::ALL);
    }
}
