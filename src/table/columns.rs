//! The columns of every table: one definition from which header, cells, metadata, sheets and merging are made.

use super::Heading;
use super::cells::{self, Case, DISPOSITIONS, STATUSES, Seen, day, join, listed, owned};
use crate::catalogue::{FactEntry, FactKind, Output};
use crate::controls;
use crate::model::{Confidence, Delta, Outcome, Severity, Source, Weight};
use crate::text::visible::cell as shown;
use crate::text::wording::Wording;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Who writes a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The tool, once: identity of the row.
    Once,
    /// The tool, in every run.
    Machine,
    /// The tool, from the older row and the new one.
    Merge,
    /// People. The tool never writes it after it created the row.
    Human,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// An identifier: text that must never be read as a number.
    Id,
    /// Text.
    Text,
    /// `YYYY-MM-DD`, or empty.
    Date,
    /// A decimal number with a point, or empty.
    Number,
    /// One of these words, or empty.
    Words(fn() -> Vec<&'static str>),
    /// One of the words that a control declares, or empty.
    Declared(&'static [String]),
}

impl Kind {
    /// The words that a cell can have besides being empty; none where it can have any text.
    #[must_use]
    pub fn words(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Words(words) => Some(words()),
            Self::Declared(words) => Some(words.iter().map(String::as_str).collect()),
            _ => None,
        }
    }
}

/// What another text in a column means when two runs are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing of its own: it follows from other columns.
    Follows,
    /// The evidence shows something else.
    Evidence,
    /// When, by what or against what the row was written: it moves with every run.
    Stamp,
}

type FromFinding = for<'a> fn(&Case<'a, '_>) -> Cow<'a, str>;
type FromFamily = for<'a> fn(&super::family::Case<'a, '_>) -> Cow<'a, str>;
type FromEvidence = for<'a> fn(&super::evidence::Case<'a, '_>) -> Cow<'a, str>;
type FromCriterion = for<'a> fn(&Case<'a, '_>, &Seen<'a, '_>) -> Cow<'a, str>;

#[derive(Clone, Copy)]
enum Cell {
    Finding(FromFinding),
    /// In `criteria.csv` alone.
    Criterion(FromCriterion),
    /// What a control states.
    Fact(&'static FactEntry),
    /// In `family.csv` alone.
    Family(FromFamily),
    /// In `evidence.csv` alone.
    Evidence(FromEvidence),
}

/// One column.
#[derive(Clone, Copy)]
pub struct Column {
    /// Header.
    pub name: &'static str,
    /// Who writes it.
    pub owner: Owner,
    /// What stands in it.
    pub kind: Kind,
    /// Width in a workbook, in characters.
    pub width: u8,
    /// What another text means.
    pub news: News,
    cell: Cell,
}

impl Column {
    /// Whether a control states it of every subject.
    #[must_use]
    pub fn is_always(&self) -> bool {
        matches!(self.cell, Cell::Fact(fact) if fact.always)
    }

    /// What the column holds, in the language of the run.
    #[must_use]
    pub fn about(&self, wording: &Wording) -> String {
        let of_family = format!("column.family.{}", self.name);
        match (self.cell, wording.raw(&of_family)) {
            (Cell::Family(_), Some(text)) => text.to_owned(),
            _ => wording.word(&format!("column.{}", self.name)),
        }
    }

    /// Its heading.
    #[must_use]
    pub fn heading(&self) -> Heading {
        let number = matches!(self.kind, Kind::Number);
        Heading { name: self.name.to_owned(), human: self.owner == Owner::Human, number }
    }

    /// Its cell in the row of an app or, with `seen`, of a criterion.
    pub(super) fn fill<'a>(&self, case: &Case<'a, '_>, seen: Option<&Seen<'a, '_>>) -> Cow<'a, str> {
        match (self.cell, seen) {
            (Cell::Finding(cell), _) => cell(case),
            (Cell::Criterion(cell), Some(seen)) => cell(case, seen),
            (Cell::Criterion(_), None) | (Cell::Family(_) | Cell::Evidence(_), _) => "".into(),
            (Cell::Fact(fact), _) => cells::fact(fact, case),
        }
    }

    /// Its cell in the row of a sheet control.
    pub(super) fn fill_family<'a>(&self, case: &super::family::Case<'a, '_>) -> Cow<'a, str> {
        if let Cell::Family(cell) = self.cell { cell(case) } else { "".into() }
    }

    /// Its cell in the row of a piece of evidence.
    pub(super) fn fill_register<'a>(&self, case: &super::evidence::Case<'a, '_>) -> Cow<'a, str> {
        if let Cell::Evidence(cell) = self.cell { cell(case) } else { "".into() }
    }

    const fn owned_by(self, owner: Owner) -> Self {
        Self { owner, ..self }
    }

    const fn tells(self, news: News) -> Self {
        Self { news, ..self }
    }
}

/// Place of a column by name.
#[must_use]
pub fn position(columns: &[Column], name: &str) -> Option<usize> {
    columns.iter().position(|column| column.name == name)
}

const fn machine(name: &'static str, kind: Kind, width: u8, cell: FromFinding) -> Column {
    Column { name, owner: Owner::Machine, kind, width, news: News::Follows, cell: Cell::Finding(cell) }
}
const fn evidence(name: &'static str, kind: Kind, width: u8, cell: FromFinding) -> Column {
    machine(name, kind, width, cell).tells(News::Evidence)
}
const fn stamp(name: &'static str, kind: Kind, width: u8, cell: FromFinding) -> Column {
    machine(name, kind, width, cell).tells(News::Stamp)
}
const fn merge(name: &'static str, kind: Kind, width: u8, cell: FromFinding) -> Column {
    machine(name, kind, width, cell).owned_by(Owner::Merge)
}
const fn human(name: &'static str, kind: Kind, width: u8, cell: FromFinding) -> Column {
    machine(name, kind, width, cell).owned_by(Owner::Human)
}
const fn criterion(name: &'static str, kind: Kind, width: u8, cell: FromCriterion) -> Column {
    Column { name, owner: Owner::Machine, kind, width, news: News::Follows, cell: Cell::Criterion(cell) }
}

pub(super) const fn family(name: &'static str, kind: Kind, width: u8, cell: FromFamily) -> Column {
    Column { name, owner: Owner::Machine, kind, width, news: News::Follows, cell: Cell::Family(cell) }
}

pub(super) const fn register(name: &'static str, kind: Kind, width: u8, cell: FromEvidence) -> Column {
    Column { name, owner: Owner::Machine, kind, width, news: News::Follows, cell: Cell::Evidence(cell) }
}

macro_rules! word_list {
    ($($name:ident = $from:ident),+ $(,)?) => {
        $(pub(super) fn $name() -> Vec<&'static str> { $from::ALL.iter().map(|word| word.word()).collect() })+
    };
}
word_list! {
    outcomes = Outcome, severities = Severity, confidences = Confidence, deltas = Delta, weights = Weight,
    sources = Source,
}

fn bases() -> Vec<&'static str> {
    controls::bases().collect()
}

const ENVIRONMENTS: [&str; 5] = ["production", "sandbox", "scratch", "developer", "unknown"];

fn app_kinds() -> Vec<&'static str> {
    vec!["eca", "connected_app"]
}

fn statuses() -> Vec<&'static str> {
    STATUSES.to_vec()
}
fn dispositions() -> Vec<&'static str> {
    DISPOSITIONS.to_vec()
}
fn environments() -> Vec<&'static str> {
    ENVIRONMENTS.to_vec()
}

fn empty<'a>(_: &Case<'a, '_>) -> Cow<'a, str> {
    "".into()
}

// Columns of several tables.
const FINDING_ID: Column = machine("finding_id", Kind::Id, 20, |case| shown(&case.finding.id)).owned_by(Owner::Once);
const ORG_KEY: Column = machine("org_key", Kind::Id, 18, |case| shown(&case.org.org.key)).owned_by(Owner::Once);
const APP: Column =
    machine("app_api_name", Kind::Id, 28, |case| shown(&case.finding.subject.api_name)).owned_by(Owner::Once);
const APP_LABEL: Column = machine("app_label", Kind::Text, 28, |case| shown(&case.finding.subject.label));
const RESULT: Column = evidence("result", Kind::Words(outcomes), 14, |case| case.finding.result.word().into());

const APP_KIND: Column = machine("app_kind", Kind::Words(app_kinds), 14, |case| case.finding.subject.app_kind().into());

/// Columns of what controls state in a table: news where a comparison of two runs lists them.
fn stated(output: Output, news: News) -> impl Iterator<Item = Column> {
    let facts = controls::facts().filter(move |fact| fact.shown.contains(&output));
    facts.map(move |fact| Column {
        name: &fact.name,
        owner: Owner::Machine,
        kind: if fact.kind == FactKind::Word { Kind::Declared(&fact.words) } else { Kind::Text },
        width: fact.width,
        news,
        cell: Cell::Fact(fact),
    })
}

/// Columns of `findings.csv`, the tracker: one row per app.
pub static FINDINGS: LazyLock<Vec<Column>> = LazyLock::new(|| {
    FIRST.iter().copied().chain(stated(Output::Findings, News::Evidence)).chain(LAST.iter().copied()).collect()
});

/// Before what the control states.
const FIRST: &[Column] = &[
    FINDING_ID,
    ORG_KEY,
    machine("org_id", Kind::Id, 20, |case| shown(&case.org.org.id)),
    machine("environment", Kind::Words(environments), 13, |case| shown(&case.org.org.environment)),
    machine("control_id", Kind::Id, 24, |case| shown(&case.org.control_of(case.finding).id)),
    machine("control_name", Kind::Text, 30, |case| shown(&case.org.control_of(case.finding).name)),
    APP,
    APP_LABEL,
    machine("title", Kind::Text, 50, cells::title),
    RESULT,
    evidence("basis", Kind::Words(bases), 16, |case| case.finding.basis.as_deref().unwrap_or_default().into()),
    evidence("severity", Kind::Words(severities), 10, |case| case.of_score(|score| score.severity.word().into())),
    evidence("cvss31_score", Kind::Number, 8, |case| case.of_score(|score| score.residual31.1.text().into())),
    evidence("cvss31_vector", Kind::Text, 30, |case| case.of_score(|score| shown(&score.residual31.0))),
    evidence("cvss40_score", Kind::Number, 8, |case| case.of_score(|score| score.residual40.1.text().into())),
    evidence("cvss40_vector", Kind::Text, 30, |case| case.of_score(|score| shown(&score.residual40.0))),
    evidence("cvss_interval", Kind::Text, 13, |case| case.of_score(|score| score.interval31.text().into())),
    machine("published_range", Kind::Text, 17, |case| shown(&case.org.control_of(case.finding).published_range)),
    evidence("confidence", Kind::Words(confidences), 11, |case| {
        case.finding.confidence.map_or("", |confidence| confidence.word()).into()
    }),
    evidence("failed_criteria", Kind::Text, 34, cells::failed_criteria),
    // A sentence that is made from the evidence; a better sentence is no news of the org.
    machine("condition", Kind::Text, 60, cells::condition),
];

/// After it.
const LAST: &[Column] = &[
    machine("effect", Kind::Text, 60, cells::effect),
    machine("recommendation", Kind::Text, 60, cells::recommendation),
    machine("missing_evidence", Kind::Text, 40, cells::missing_evidence),
    stamp("evidence_refs", Kind::Text, 24, cells::evidence_refs),
    merge("first_seen", Kind::Date, 12, |case| day(Some(case.first_seen()))),
    stamp("last_seen", Kind::Date, 12, |case| day(Some(case.seen_on()))),
    stamp("snapshot_at", Kind::Date, 12, |case| day(case.org.org.snapshot_at)),
    merge("delta", Kind::Words(deltas), 15, |case| case.finding.delta.map_or("", |delta| delta.word()).into()),
    merge("baseline_run", Kind::Text, 25, cells::baseline_run).tells(News::Stamp),
    human("status", Kind::Words(statuses), 13, empty),
    human("disposition", Kind::Words(dispositions), 30, |case| {
        case.of_decision(|decided| cells::disposition_word(decided.kind).into())
    }),
    human("owner", Kind::Text, 20, empty),
    human("due_date", Kind::Date, 12, empty),
    human("remediation_plan", Kind::Text, 40, empty),
    human("management_response", Kind::Text, 40, |case| {
        shown(case.finding.management_response.as_deref().unwrap_or_default())
    }),
    human("accepted_by", Kind::Text, 20, |case| case.of_decision(|decided| shown(&decided.approver))),
    human("accepted_until", Kind::Date, 14, |case| case.of_decision(|decided| day(decided.expires))),
    human("rationale", Kind::Text, 40, |case| case.of_decision(|decided| shown(&decided.rationale))),
    human("ticket", Kind::Text, 16, empty),
    human("cause", Kind::Text, 30, |case| shown(case.finding.cause.as_deref().unwrap_or_default())),
    human("comments", Kind::Text, 40, |case| shown(case.finding.comment.as_deref().unwrap_or_default())),
    human("status_date", Kind::Date, 12, empty),
    merge("proposed_status", Kind::Words(statuses), 15, cells::proposed_status),
    merge("proposed_due_date", Kind::Date, 17, cells::proposed_due),
    merge("overdue_days", Kind::Number, 12, empty).tells(News::Stamp),
    merge("merge_note", Kind::Text, 40, cells::merge_note),
    // With a letter before it, because spreadsheets make 2026.1 of 2026.10.
    stamp("ruleset_version", Kind::Id, 15, |case| owned(["r", &case.org.ruleset_version].concat())),
    stamp("tool_version", Kind::Id, 12, |case| shown(&case.org.tool_version)),
    APP_KIND,
];

/// Columns of `criteria.csv`: one row per app and criterion.
pub const CRITERIA: &[Column] = &[
    FINDING_ID,
    ORG_KEY,
    APP,
    criterion("criterion", Kind::Id, 30, |_, seen| shown(&seen.observation.criterion)),
    criterion("weight", Kind::Words(weights), 11, |_, seen| seen.observation.weight.word().into()),
    criterion("outcome", Kind::Words(outcomes), 14, |_, seen| seen.observation.outcome().word().into()),
    criterion("because", Kind::Text, 60, |case, seen| owned(case.wording.say(&seen.observation.because))),
    criterion("observed", Kind::Text, 50, |case, seen| {
        listed(join(seen.observation.observed.iter().map(String::as_str)), seen.observation.further, case.wording)
    }),
    criterion("expected", Kind::Text, 50, |case, seen| {
        let own = format!("expected.{}.{}", case.finding.control, seen.observation.criterion);
        let key = format!("expected.{}", seen.observation.criterion);
        case.wording.raw(&own).or_else(|| case.wording.raw(&key)).unwrap_or_default().to_owned().into()
    }),
    criterion("evidence", Kind::Text, 60, cells::evidence),
    criterion("source", Kind::Words(sources), 10, |_, seen| seen.observation.source.word().into()),
    APP_KIND,
];

/// Columns of `population.csv`: one row per app read.
pub static POPULATION: LazyLock<Vec<Column>> = LazyLock::new(|| {
    let namespace = machine("namespace", Kind::Id, 14, |case| shown(&case.finding.subject.namespace));
    let sources =
        machine("sources", Kind::Text, 70, |case| join(case.finding.subject.sources.iter().map(String::as_str)));
    let first = [ORG_KEY, APP, APP_LABEL, namespace];
    first.into_iter().chain(stated(Output::Population, News::Follows)).chain([RESULT, sources, APP_KIND]).collect()
});
macro_rules! places {
    ($($name:ident),+ $(,)?) => {
        /// Places of the columns of [`FINDINGS`] that reading, merging and linting name.
        #[allow(missing_docs)]
        pub struct Places { $(pub $name: usize),+ }

        /// The places, found by name once. A name that no column has stands past the end; a test says so.
        pub static AT: LazyLock<Places> =
            LazyLock::new(|| Places { $($name: position(&FINDINGS, stringify!($name)).unwrap_or(usize::MAX)),+ });

        #[cfg(test)]
        #[test]
        fn every_place_is_that_of_a_column() {
            $(assert!(AT.$name < FINDINGS.len(), stringify!($name));)+
        }
    };
}
places! {
    finding_id, org_key, app_api_name, title, result, severity, evidence_refs, first_seen, last_seen, delta, baseline_run, status,
    disposition, owner, due_date, accepted_by, accepted_until, rationale, proposed_status, proposed_due_date,
    overdue_days, merge_note, ruleset_version,
}
