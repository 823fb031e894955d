//! Markdown: the view model through Handlebars templates. PDF and HTML are set from the result.

mod helpers;
mod inclusion;
mod refusal;

use crate::report::{Portfolio, Report};
use crate::text::nearest::did_you_mean;
use crate::text::wording::{Wording, languages};
use crate::view::{KitIndexView, PackView, RunbookView};
use handlebars::{Handlebars, RenderError, RenderErrorReason};
use refusal::{Refusal, refusal};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Built-in templates by their path under the templates folder.
const BUILT_IN: &[(&str, &str)] = &[
    ("report.md.hbs", include_str!("../../templates/report.md.hbs")),
    ("workpapers.md.hbs", include_str!("../../templates/workpapers.md.hbs")),
    ("pack.md.hbs", include_str!("../../templates/pack.md.hbs")),
    ("runbook.md.hbs", include_str!("../../templates/runbook.md.hbs")),
    ("kit.md.hbs", include_str!("../../templates/kit.md.hbs")),
    ("portfolio.md.hbs", include_str!("../../templates/portfolio.md.hbs")),
    ("partials/facts.hbs", include_str!("../../templates/partials/facts.hbs")),
    ("partials/figure.hbs", include_str!("../../templates/partials/figure.hbs")),
    ("partials/figure-told.hbs", include_str!("../../templates/partials/figure-told.hbs")),
    ("partials/summary.hbs", include_str!("../../templates/partials/summary.hbs")),
    ("partials/criteria.hbs", include_str!("../../templates/partials/criteria.hbs")),
    ("partials/population.hbs", include_str!("../../templates/partials/population.hbs")),
    ("partials/parts.hbs", include_str!("../../templates/partials/parts.hbs")),
    ("partials/results.hbs", include_str!("../../templates/partials/results.hbs")),
    ("partials/card.hbs", include_str!("../../templates/partials/card.hbs")),
    ("partials/questions.hbs", include_str!("../../templates/partials/questions.hbs")),
    ("partials/decisions.hbs", include_str!("../../templates/partials/decisions.hbs")),
    ("partials/scope.hbs", include_str!("../../templates/partials/scope.hbs")),
    ("partials/plan-full.hbs", include_str!("../../templates/partials/plan-full.hbs")),
    ("partials/test.hbs", include_str!("../../templates/partials/test.hbs")),
    ("partials/results-full.hbs", include_str!("../../templates/partials/results-full.hbs")),
    ("partials/full.hbs", include_str!("../../templates/partials/full.hbs")),
    ("partials/score.hbs", include_str!("../../templates/partials/score.hbs")),
    ("partials/recommendation.hbs", include_str!("../../templates/partials/recommendation.hbs")),
    ("partials/steps.hbs", include_str!("../../templates/partials/steps.hbs")),
    ("partials/decision.hbs", include_str!("../../templates/partials/decision.hbs")),
    ("partials/chapter.hbs", include_str!("../../templates/partials/chapter.hbs")),
    ("partials/chapter-full.hbs", include_str!("../../templates/partials/chapter-full.hbs")),
    ("partials/plan.hbs", include_str!("../../templates/partials/plan.hbs")),
    ("partials/appendices.hbs", include_str!("../../templates/partials/appendices.hbs")),
];

/// Compiled templates, in every language that there is.
pub struct Templates {
    engines: BTreeMap<String, Handlebars<'static>>,
    sources: BTreeMap<String, String>,
}

/// What is wrong with a template, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{template}:{line}:{column}: {message}")]
pub struct TemplateError {
    /// Path under the templates folder (`partials/card.hbs`).
    pub template: String,
    /// Line, from 1; 0 when unknown.
    pub line: usize,
    /// Column, from 1; 0 when unknown.
    pub column: usize,
    /// What is wrong, one lower-case line.
    pub message: String,
    /// What to do; empty when there is nothing to add.
    pub hint: String,
    /// The template's line; empty when unknown.
    pub source_line: String,
}

impl Templates {
    /// The built-in templates. Fails when a template does not parse; tests keep the built-in ones from that.
    pub fn builtin() -> Result<Self, TemplateError> {
        Self::with_overrides(Vec::new())
    }

    /// The built-in templates with some replaced, or further partials added, by path (`partials/card.hbs`). Fails when
    /// a template does not parse.
    pub fn with_overrides(overrides: Vec<(String, String)>) -> Result<Self, TemplateError> {
        let wordings = languages().into_iter().filter_map(|language| crate::controls::wording(language).ok());
        Self::with(overrides, &wordings.collect::<Vec<_>>())
    }

    /// The same for some languages, in their words. Fails as [`Templates::with_overrides`].
    pub fn with(overrides: Vec<(String, String)>, wordings: &[Wording]) -> Result<Self, TemplateError> {
        let built_in = BUILT_IN.iter().map(|(name, text)| (stem(name).to_owned(), (*text).to_owned()));
        let mut sources: BTreeMap<String, String> = built_in.collect();
        sources.extend(overrides.into_iter().map(|(name, text)| (stem(&name).to_owned(), text.replace("\r\n", "\n"))));
        // Templates are parsed once; languages differ in what the helpers say.
        let parsed = compile(&sources)?;
        let mut engines = BTreeMap::new();
        for wording in wordings {
            let mut engine = parsed.clone();
            helpers::register(&mut engine, wording);
            engines.insert(wording.language.clone(), engine);
        }
        Ok(Self { engines, sources })
    }

    /// Paths of the built-in templates under the templates folder.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Paths and texts of the built-in templates, to write them out for editing.
    #[must_use]
    pub const fn builtin_files() -> &'static [(&'static str, &'static str)] {
        BUILT_IN
    }

    fn render(&self, name: &str, language: &str, model: &impl Serialize) -> Result<String, TemplateError> {
        let engine = self.engines.get(language);
        let engine = engine.ok_or_else(|| self.fault(name, format!("no language `{language}`")))?;
        let model = serde_json::to_value(model).map_err(|error| self.fault(name, lower(&error.to_string())))?;
        let text = engine.render(name, &model).map_err(|error| self.explain(name, &error, &model))?;
        Ok(tidy(&text))
    }

    fn fault(&self, name: &str, message: String) -> TemplateError {
        place(&self.sources, name, 0, 0, message, String::new())
    }

    fn explain(&self, name: &str, error: &RenderError, model: &Value) -> TemplateError {
        let template = error.template_name.as_deref().unwrap_or(name);
        let (line, column) = (error.line_no.unwrap_or(0), error.column_no.unwrap_or(0));
        let (message, hint) = match error.reason() {
            RenderErrorReason::MissingVariable(Some(path)) => {
                (format!("no field `{path}`"), nearest_field(path, model))
            }
            RenderErrorReason::MissingVariable(None) => ("no such field".to_owned(), String::new()),
            RenderErrorReason::HelperNotFound(helper) => {
                (format!("no field or helper `{helper}`"), nearest_field(helper, model))
            }
            RenderErrorReason::PartialNotFound(partial) => {
                (format!("no template `{partial}`"), self.nearest_name(partial))
            }
            other => (lower(&other.to_string()), String::new()),
        };
        place(&self.sources, template, line, column, message, hint)
    }

    fn nearest_name(&self, wanted: &str) -> String {
        did_you_mean(wanted, self.sources.keys().map(String::as_str)).unwrap_or_default()
    }
}

/// The report of one org. Fails when a template names a field, helper or partial that does not exist.
pub fn org(report: &Report, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("report.md", &report.language, report)
}

/// The workpapers of one org. Fails as [`org`].
pub fn workpapers(report: &Report, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("workpapers.md", &report.language, report)
}

/// The pack of one owner. Fails as [`org`].
pub fn pack(pack: &PackView, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("pack.md", &pack.language, pack)
}

/// A runbook of the kit. Fails as [`org`].
pub fn runbook(runbook: &RunbookView, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("runbook.md", &runbook.language, runbook)
}

/// The first page of the kit. Fails as [`org`].
pub fn kit(kit: &KitIndexView, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("kit.md", &kit.language, kit)
}

/// The portfolio report. Fails when a template names a field, helper or partial that does not exist.
pub fn portfolio(portfolio: &Portfolio, templates: &Templates) -> Result<String, TemplateError> {
    templates.render("portfolio.md", &portfolio.language, portfolio)
}

fn compile(sources: &BTreeMap<String, String>) -> Result<Handlebars<'static>, TemplateError> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    for (name, text) in sources {
        if let Some(Refusal { line, column, message, hint }) = refusal(text) {
            return Err(place(sources, name, line, column, message, hint.to_owned()));
        }
        engine.register_template_string(name, text).map_err(|error| {
            let (line, column) = error.pos().unwrap_or((0, 0));
            place(sources, name, line, column, lower(&error.reason().to_string()), String::new())
        })?;
    }
    Ok(engine)
}

fn place(
    sources: &BTreeMap<String, String>,
    template: &str,
    line: usize,
    column: usize,
    message: String,
    hint: String,
) -> TemplateError {
    let text = sources.get(template).map(String::as_str).unwrap_or_default();
    let source_line = line.checked_sub(1).and_then(|i| text.lines().nth(i)).unwrap_or_default().to_owned();
    TemplateError { template: format!("{template}.hbs"), line, column, message, hint, source_line }
}

/// `partials/card.hbs` → `partials/card`.
fn stem(name: &str) -> &str {
    name.strip_suffix(".hbs").unwrap_or(name)
}

fn lower(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut chars = line.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// The field name that a misspelt path may have meant.
fn nearest_field(path: &str, model: &Value) -> String {
    let mut names = BTreeSet::new();
    let mut queue = vec![model];
    while let Some(value) = queue.pop() {
        match value {
            Value::Object(fields) => {
                names.extend(fields.keys().map(String::as_str));
                queue.extend(fields.values());
            }
            Value::Array(list) => queue.extend(list.iter().take(20)),
            _ => {}
        }
    }
    did_you_mean(path.rsplit(['.', '/']).next().unwrap_or(path), names).unwrap_or_default()
}

/// At most one blank line in a row outside code, no white space at line ends, one newline at the end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut blank, mut fence) = (true, None::<String>);
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() && blank && fence.is_none() {
            continue;
        }
        blank = line.is_empty();
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            None if ticks.len() >= 3 => fence = Some(ticks),
            Some(open) if line == open => fence = None,
            _ => {}
        }
        out.push_str(line);
        out.push('\n');
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}
