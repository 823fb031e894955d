//! The control's prose in other languages: a file laid over `control.toml`, which stays the source of every number,
//! id, heading, name and standard.

use super::lint::placeholders;
use super::{CatalogError, Catalogue, overlay};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The prose of a control. What stands here is what a language has to supply; SHR's headings stay as published.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prose {
    considerations: Vec<String>,
    readings: Vec<String>,
    section: Vec<Text>,
    phrase: Vec<Text>,
    criterion: Vec<CriterionText>,
    remediation: Vec<RemediationText>,
    request: Vec<RequestText>,
    /// What a thief gains, by permission.
    gains: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    id: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionText {
    id: String,
    title: String,
    safe_when: String,
    rule: String,
    expected: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemediationText {
    id: String,
    title: String,
    when: String,
    steps: Vec<String>,
    verification: Vec<String>,
    side_effects: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestText {
    id: String,
    why: String,
}

impl Catalogue {
    /// This control with its prose replaced by that of a language file; `language` is named in errors. Fails when the
    /// language's prose does not match the control: a text is missing, too many, empty, or has other `{placeholders}`.
    pub fn worded(self, language: &str, prose: &str) -> Result<Self, CatalogError> {
        self.prose(language, toml::from_str(prose))
    }

    /// The same with prose that states what differs from another laid over it. Fails as [`Catalogue::worded`] does.
    pub fn worded_over(self, language: &str, prose: &str, over: &str) -> Result<Self, CatalogError> {
        self.prose(language, overlay::overlaid(prose, over).and_then(toml::Table::try_into))
    }

    fn prose(mut self, language: &str, prose: Result<Prose, toml::de::Error>) -> Result<Self, CatalogError> {
        let prose: Prose =
            prose.map_err(|error| CatalogError::Prose { language: language.to_owned(), message: error.to_string() })?;
        let mut desk = Desk { language, faults: Vec::new() };
        desk.lay(&mut self, &prose);
        if desk.faults.is_empty() { Ok(self) } else { Err(CatalogError::Lint(desk.faults)) }
    }
}

/// Replaces texts and notes what does not fit.
struct Desk<'a> {
    language: &'a str,
    faults: Vec<String>,
}

impl Desk<'_> {
    fn lay(&mut self, control: &mut Catalogue, prose: &Prose) {
        self.list("considerations", &mut control.considerations, &prose.considerations);
        self.list("readings", &mut control.readings, &prose.readings);
        self.same_ids("section", control.sections.iter().map(|s| &s.id), prose.section.iter().map(|s| &s.id));
        for (own, new) in control.sections.iter_mut().zip(&prose.section) {
            self.text(&own.id, &mut own.text, &new.text);
        }
        self.same_ids("phrase", control.phrases.iter().map(|p| &p.id), prose.phrase.iter().map(|p| &p.id));
        for (own, new) in control.phrases.iter_mut().zip(&prose.phrase) {
            self.text(&own.id, &mut own.text, &new.text);
        }
        self.same_ids("criterion", control.criteria.iter().map(|c| &c.id), prose.criterion.iter().map(|c| &c.id));
        for (own, new) in control.criteria.iter_mut().zip(&prose.criterion) {
            self.text(&own.id, &mut own.title, &new.title);
            self.text(&own.id, &mut own.safe_when, &new.safe_when);
            self.text(&own.id, &mut own.rule, &new.rule);
            self.text(&own.id, &mut own.expected, &new.expected);
        }
        let ids = prose.remediation.iter().map(|r| &r.id);
        self.same_ids("remediation", control.remediations.iter().map(|r| &r.id), ids);
        for (own, new) in control.remediations.iter_mut().zip(&prose.remediation) {
            self.text(&own.id, &mut own.title, &new.title);
            self.text(&own.id, &mut own.when, &new.when);
            self.list(&own.id, &mut own.steps, &new.steps);
            self.list(&own.id, &mut own.verification, &new.verification);
            self.list(&own.id, &mut own.side_effects, &new.side_effects);
        }
        self.same_ids("request", control.requests.iter().map(|r| &r.id), prose.request.iter().map(|r| &r.id));
        for (own, new) in control.requests.iter_mut().zip(&prose.request) {
            self.text(&own.id, &mut own.why, &new.why);
        }
        if !control.permissions.keys().eq(prose.gains.keys()) {
            self.faults.push(format!("{}: [gains] does not name the permissions of the table", self.language));
        }
        for (permission, gain) in &prose.gains {
            if let Some(own) = control.permissions.get_mut(permission) {
                self.text(permission, &mut own.gain, gain);
            }
        }
    }

    fn same_ids<'t, I: PartialEq<String> + 't>(
        &mut self,
        kind: &str,
        own: impl Iterator<Item = &'t I>,
        new: impl Iterator<Item = &'t String>,
    ) {
        if !own.eq(new) {
            self.faults
                .push(format!("{}: the ids of [[{kind}]] are not those of the control, in its order", self.language));
        }
    }

    fn list(&mut self, place: &str, own: &mut [String], new: &[String]) {
        if own.len() != new.len() {
            let language = self.language;
            self.faults.push(format!("{language}: {place} has {} texts instead of {}", new.len(), own.len()));
        }
        for (own, new) in own.iter_mut().zip(new) {
            self.text(place, own, new);
        }
    }

    fn text(&mut self, place: &str, own: &mut String, new: &str) {
        if new.trim().is_empty() {
            self.faults.push(format!("{}: a text of {place} is empty", self.language));
        }
        let [before, after] = [own, new].map(|text| placeholders(text).collect::<BTreeSet<_>>());
        if before != after {
            self.faults.push(format!("{}: a text of {place} has other placeholders: {new}", self.language));
        }
        new.clone_into(own);
    }
}
