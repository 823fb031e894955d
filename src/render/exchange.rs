//! What the exchange formats (SARIF, OSCAL, OCSF) share: one org's assessment, its wording, and places as addresses.

use crate::model::{Assessment, EvidenceItem, Finding, Observation, Outcome};
use crate::report::Report;
use crate::table::columns::{FINDINGS, position};
use crate::table::rows;
use crate::text::message::Message;
use crate::text::visible::visible;
use crate::text::wording::Wording;
use crate::view::{ControlView, CriterionView};
use jiff::civil::Date;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Everything but the unreserved characters of RFC 3986 and the slash.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// One org, ready to be told.
pub struct Subject<'a> {
    /// What is told.
    pub assessment: &'a Assessment,
    /// Titles of criteria, standards, names.
    pub report: &'a Report,
    /// The language.
    pub wording: &'a Wording,
    evidence: BTreeMap<&'a str, &'a EvidenceItem>,
}

impl<'a> Subject<'a> {
    /// An assessment with the report that was built from it.
    #[must_use]
    pub fn new(assessment: &'a Assessment, report: &'a Report, wording: &'a Wording) -> Self {
        let evidence = assessment.evidence.iter().map(|e| (e.id.as_str(), &e.item)).collect();
        Self { assessment, report, wording, evidence }
    }

    /// The day that the snapshot shows; the day of judgement when nobody declared one.
    pub(super) fn day(&self) -> Date {
        self.assessment.org.snapshot_at.unwrap_or(self.assessment.as_of)
    }

    /// A sentence on one line.
    pub(super) fn say(&self, message: &Message) -> String {
        visible(&self.wording.say(message))
    }

    /// Sentences one after another.
    pub(super) fn says(&self, messages: &[Message]) -> String {
        messages.iter().map(|message| self.say(message)).collect::<Vec<_>>().join(" ")
    }

    /// The control that a finding was judged by, as the report describes it.
    pub(super) fn control(&self, finding: &Finding) -> &'a ControlView {
        self.report.controls.iter().find(|one| *finding.control == one.key).unwrap_or(&self.report.control)
    }

    /// Title of a criterion; its id when the report does not describe it.
    pub(super) fn title(&self, control: &'a ControlView, criterion: &'a str) -> &'a str {
        criterion_of(control, criterion).map_or(criterion, |view| view.title.as_str())
    }

    /// What would be seen if a criterion were met.
    pub(super) fn expected(&self, control: &ControlView, criterion: &str) -> String {
        let own = self.wording.raw(&format!("expected.{}.{criterion}", control.key));
        visible(own.or_else(|| self.wording.raw(&format!("expected.{criterion}"))).unwrap_or_default())
    }

    /// What a criterion is called where those of all controls stand together: by its id alone if it is of the first one.
    pub(super) fn rule_id(&self, control: &ControlView, criterion: &str) -> String {
        match control.key == self.report.control.key {
            true => criterion.to_owned(),
            false => format!("{}/{criterion}", control.key),
        }
    }

    /// What the plan says on a criterion: the actions that serve it, in its words, cut with the number of the others.
    pub(super) fn advice(&self, control: &ControlView, criterion: &str) -> String {
        const MOST: usize = 3;
        let own = self.assessment.findings.iter().filter(|finding| *finding.control == control.key);
        let own: BTreeSet<&str> = own.map(|finding| finding.id.as_str()).collect();
        let of_control = self.assessment.actions.iter().filter(|one| one.findings.iter().any(|id| own.contains(&**id)));
        let all: Vec<_> = of_control.filter(|one| one.serves.iter().any(|served| served == criterion)).collect();
        let mut said: Vec<String> = all.iter().take(MOST).map(|action| self.say(&action.what)).collect();
        if all.len() > MOST {
            said.push(self.say(&Message::new("action.more").with("n", all.len() - MOST)));
        }
        said.join(" ")
    }

    /// The evidence of an observation, each place and setting once; lines of metadata files before the rest.
    pub(super) fn evidence(&self, seen: &Observation) -> Vec<&'a EvidenceItem> {
        let items = seen.evidence.iter().filter_map(|id| self.evidence.get(id.as_str()).copied());
        let mut known = BTreeSet::new();
        let mut items: Vec<&EvidenceItem> = items.filter(|item| known.insert(*item)).collect();
        items.sort_by_key(|item| item.line.is_none());
        items
    }

    /// The row of the tracker for a finding, so that these formats use the tracker's sentences.
    pub(super) fn row(&self, finding: &'a Finding) -> Cells<'a> {
        Cells(rows::finding(self.assessment, finding, self.wording))
    }

    /// Findings that were looked at, in the order of the assessment.
    pub(super) fn tested(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.assessment.findings.iter().filter(|finding| finding.result != Outcome::NotTested)
    }
}

/// A criterion of a control as the report describes it.
pub(super) fn criterion_of<'v>(control: &'v ControlView, id: &str) -> Option<&'v CriterionView> {
    control.criteria.iter().find(|view| view.id == id)
}

/// A row of `findings.csv`.
pub(super) struct Cells<'a>(crate::table::Row<'a>);

impl Cells<'_> {
    /// A cell by its column, on one line.
    pub(super) fn get(&self, column: &str) -> String {
        let cell = position(&FINDINGS, column).and_then(|at| self.0.cells.get(at));
        visible(cell.map_or("", |cell| cell.as_ref()))
    }
}

/// Label of an app, or its API name.
pub(super) fn name(finding: &Finding) -> String {
    visible(&finding.label())
}

/// An app below its org; a connected app below its kind, because an External Client App may have its name.
pub(super) fn path_of(org: &str, finding: &Finding) -> String {
    let app = visible(&finding.subject.api_name);
    if finding.subject.is_connected() { format!("{org}/connected_app/{app}") } else { format!("{org}/{app}") }
}

/// A path inside the snapshot as a relative reference.
pub(super) fn address(path: &str) -> String {
    utf8_percent_encode(path.trim_start_matches('/'), IN_PATH).to_string()
}

/// `setting = value` as it stands at a place, or `setting: absent`.
pub(super) fn observed(item: &EvidenceItem) -> String {
    visible(&item.observed().unwrap_or_else(|| item.setting.clone()))
}

/// A day as the moment that it begins: these formats want moments, and a run has no clock.
pub(super) fn midnight(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// An object without the fields that say nothing: null, empty texts, empty lists and objects.
pub(super) fn object(fields: Value) -> Value {
    let Value::Object(fields) = fields else { return fields };
    Value::Object(fields.into_iter().filter(|(_, value)| !says_nothing(value)).collect::<Map<_, _>>())
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A document as a file: two blanks per level, a line break at the end.
pub(super) fn file(document: &Value) -> Vec<u8> {
    format!("{document:#}\n").into_bytes()
}
