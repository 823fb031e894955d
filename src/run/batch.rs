//! Many orgs in one run: what each leaves behind, and the portfolio over all of them.

use super::folder::Staging;
use super::formats::{self, Files};
use super::outputs;
use super::profiles;
use super::settings::Settings;
use super::tables::{Spill, Tables};
use super::{Console, Failure, exit};
use crate::engagement::{self, SeenOrg};
use crate::manifest::{Manifest, OrgInputs};
use crate::model::{Assessment, Outcome};
use crate::render::format::Format;
use crate::report::{OrgFailure, OrgSummary};
use std::collections::BTreeMap;
use std::path::Path;

/// Formats that tell of one org, so that a portfolio has none of its own.
const PER_ORG: [Format; 3] = [Format::Sarif, Format::Oscal, Format::Ocsf];

/// One org, read, judged and rendered.
pub(super) struct Org {
    /// A few kilobytes that the portfolio needs; everything else goes to disk at once.
    pub(super) summary: OrgSummary,
    /// Folder or archive name, digest and number of files.
    pub(super) inputs: OrgInputs,
    /// Its report.
    pub(super) files: Files,
    /// Its assessment, when that is too large to be among the files, or a workbook over all orgs is made.
    pub(super) assessment: Option<Assessment>,
    /// Whether the assessment is still to be written.
    pub(super) large: bool,
    /// Its part of the portfolio's tables.
    pub(super) tables: Tables,
    /// What could not be read, and what could not be shown.
    pub(super) warnings: Vec<Failure>,
    /// Its exit code, were it alone.
    pub(super) code: u8,
}

/// The orgs of one run.
pub(super) struct Batch<'a> {
    settings: &'a Settings,
    summaries: Vec<OrgSummary>,
    inputs: BTreeMap<String, OrgInputs>,
    failures: BTreeMap<String, Failure>,
    /// Rows of all orgs, once there are several.
    spill: Option<Spill>,
    /// The orgs of the workbook over all of them; none when none is asked for.
    assessments: Vec<Assessment>,
    codes: Vec<u8>,
    /// By key, as read, whatever the outputs call them.
    seen: BTreeMap<String, SeenOrg>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            summaries: Vec::new(),
            inputs: BTreeMap::new(),
            failures: BTreeMap::new(),
            spill: None,
            assessments: Vec::new(),
            codes: Vec::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Snapshots that could not be read so far.
    pub(super) fn failed(&self) -> usize {
        self.failures.len()
    }

    /// Whether no org could be read.
    pub(super) fn is_empty(&self) -> bool {
        self.summaries.is_empty()
    }

    /// Notes a snapshot that could not be read as a whole.
    pub(super) fn fail(&mut self, name: &str, path: &Path, failure: Failure, console: &mut Console<'_>) {
        console.error(&failure);
        let (name, failure) = match &self.settings.redacting {
            // Who started the run sees which path it was; the outputs do not.
            Some(redacting) => {
                let message = redacting.unread(name, path, &failure.message);
                (redacting.org(name), Failure { message, ..failure })
            }
            None => (name.to_owned(), failure),
        };
        self.failures.insert(name, failure);
    }

    /// Notes what an org showed that the engagement file may name.
    pub(super) fn saw(&mut self, key: &str, org: SeenOrg) {
        self.seen.insert(key.to_owned(), org);
    }

    /// Tells who started the run what in the engagement file meets nothing or contradicts itself, and which snapshots
    /// are of one org.
    pub(super) fn tell_mistakes(&self, console: &mut Console<'_>) {
        let settings = self.settings;
        let whole = self.failures.is_empty();
        for notice in engagement::notices(&settings.engagement, &self.seen, whole, settings.as_of) {
            let place = format!("{}:{}", settings.engagement_file, notice.line);
            console.warn(&Failure::new(place, self.told(&notice.message), self.told(&notice.hint)));
        }
        for (key, org) in &self.seen {
            let declared = settings.engagement.orgs.get(key).and_then(|facts| facts.snapshot_at);
            let Some(day) = org.later.as_ref().filter(|_| declared.is_none_or(|day| day <= settings.as_of)) else {
                continue;
            };
            let message = format!(
                "has records of {day}, after {}, the day as of which it is judged: nothing in it counts as complete",
                settings.as_of
            );
            console.warn(&Failure::new(settings.shown_key(key, true), message, "pass a later --as-of"));
        }
        let mut keys: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, org) in self.seen.iter().filter(|(_, org)| !org.id.is_empty()) {
            keys.entry(&org.id).or_default().push(key);
        }
        for (id, keys) in keys.into_iter().filter(|(_, keys)| keys.len() > 1) {
            let shown: Vec<String> = keys.iter().map(|key| settings.shown_key(key, true)).collect();
            let id = if settings.redacting.is_some() { String::new() } else { format!(", {id}") };
            let message = format!("are snapshots of one org{id}: its apps are counted twice");
            let hint = "leave one of them out, or compare them with --baseline";
            console.warn(&Failure::new(shown.join(", "), message, hint));
        }
    }

    /// A text with the names that a redacted run hides replaced.
    fn told(&self, text: &str) -> String {
        let Some(redacting) = &self.settings.redacting else { return text.to_owned() };
        let keys = self.seen.keys();
        keys.fold(redacting.told(text), |text, key| {
            text.replace(&format!("`{key}`"), &format!("`{}`", redacting.org(key)))
        })
    }

    /// Writes an org's report and keeps its summary.
    pub(super) fn add(
        &mut self,
        org: Org,
        several: bool,
        staging: &mut Staging,
        console: &mut Console<'_>,
    ) -> Result<(), Failure> {
        let folder = if several { format!("orgs/{}/", org.summary.key) } else { String::new() };
        for (path, bytes) in &org.files {
            staging.write(&format!("{folder}{path}"), bytes)?;
        }
        if let Some(assessment) = org.assessment.as_ref().filter(|_| org.large) {
            let mut stream = staging.stream(&format!("{folder}{}", outputs::ASSESSMENT))?;
            stream.json(assessment)?;
            staging.close(stream)?;
        }
        org.warnings.iter().for_each(|warning| console.warn(warning));
        console.tell(&in_short(&org.summary));
        if several && !org.tables.is_empty() {
            let spill = match &mut self.spill {
                Some(spill) => spill,
                none => none.insert(Spill::open(staging.folder())?),
            };
            spill.add(org.tables)?;
        }
        if several && self.settings.wants(Format::Xlsx) {
            self.assessments.extend(org.assessment);
        }
        self.inputs.insert(org.summary.key.clone(), org.inputs);
        self.summaries.push(org.summary);
        self.codes.push(org.code);
        Ok(())
    }

    /// Writes the portfolio when there are several; gives manifest and exit code.
    pub(super) fn finish(
        mut self,
        several: bool,
        staging: &mut Staging,
        console: &mut Console<'_>,
    ) -> Result<(Manifest, u8), Failure> {
        let code = self.code();
        if several {
            let failures: Vec<OrgFailure> = self.failures.iter().map(|(name, failure)| failed(name, failure)).collect();
            let (files, warnings) = outputs::portfolio(&self.summaries, &failures, self.settings)?;
            warnings.iter().for_each(|warning| console.warn(warning));
            for (path, bytes) in &files {
                staging.write(path, bytes)?;
            }
            if !self.assessments.is_empty() {
                let (name, bytes) = formats::workbook(&self.assessments, self.settings)?;
                staging.write(name, &bytes)?;
            }
            let formats = PER_ORG.iter().filter(|one| self.settings.wants(**one)).map(|one| one.word());
            let profiles = self.settings.profiles.iter().filter(|one| profiles::is_per_org(**one));
            let single: Vec<&str> = formats.chain(profiles.map(|one| one.word())).collect();
            if !single.is_empty() {
                let formats = single.join(", ");
                console.tell(&format!("{formats}: written for each org under orgs/, not over all of them"));
            }
        }
        if let Some(spill) = self.spill.take() {
            outputs::tables(spill, self.settings, staging)?;
        }
        let mut manifest = self.settings.manifest();
        manifest.orgs = self.inputs;
        manifest.failed = self.failures.iter().map(|(name, failure)| (name.clone(), failure.message.clone())).collect();
        Ok((manifest, code))
    }

    /// Precedence: 2, then 1, then 3, then 0.
    fn code(&self) -> u8 {
        if !self.failures.is_empty() {
            return exit::ERROR;
        }
        [exit::ERROR, exit::FAILING, exit::OPEN]
            .into_iter()
            .find(|code| self.codes.contains(code))
            .unwrap_or(exit::CLEAN)
    }
}

/// `halden-prod: 17 apps: 7 fail, 2 review, 8 pass`
fn in_short(summary: &OrgSummary) -> String {
    let counts = Outcome::ALL.iter().map(|outcome| (summary.counts.get(*outcome), outcome.word()));
    let shown: Vec<String> = counts.filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    match summary.counts.total() {
        0 => format!("{}: no apps, {}", summary.key, summary.result),
        1 => format!("{}: 1 app: {}", summary.key, shown.join(", ")),
        apps => format!("{}: {apps} apps: {}", summary.key, shown.join(", ")),
    }
}

fn failed(name: &str, failure: &Failure) -> OrgFailure {
    OrgFailure { name: name.to_owned(), message: failure.message.clone() }
}
