//! The rows of the chapter: each subject under each control of its kind.

use crate::catalogue::Entry;
use crate::controls::{self, Judge, Registered};
use crate::engagement::{Attestation, DispositionEntry, Engagement, Exclusion, Strict};
use crate::kit::Run;
use crate::kit::app::Pairs;
use crate::kit::attest::{Standing, combine, fits, standing};
use crate::kit::client::{Answer, Client, Org, kind};
use crate::model::{Conclusion, Details, DispositionState, EvidenceItem, FamilyRow, Finding, Outcome, Source, Word};
use crate::snapshot::{App, AppKind};
use crate::text::message::Message;
use jiff::civil::Date;
use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const ORG: &str = "org";

/// One row for each subject and control, org first, then apps of each kind by name; a control without subjects has one of
/// its own. Of each kind of app it is told whether all of them are known.
pub(super) fn rows(run: &Run<'_>, findings: &[Finding], [external, connected]: [Conclusion; 2]) -> Vec<FamilyRow> {
    let (findings, pairs) = (by_subject(findings), Pairs::of(run.snapshot));
    let chapter = Chapter { run, findings, pairs, reasons: Shared::default(), texts: Shared::default() };
    let mut rows: Vec<FamilyRow> = controls::sheets().filter_map(|sheet| chapter.of_org(sheet)).collect();
    for (apps, kind, conclusion) in
        [(&run.snapshot.apps, AppKind::External, external), (&run.snapshot.connected, AppKind::Connected, connected)]
    {
        let kind = self::kind(kind);
        // Of a large org the rows are the largest list there is, and one that grows is there twice while it does.
        rows.reserve_exact(apps.len() * (1 + controls::sheets().filter(|sheet| sheet.entry.is_about(kind)).count()));
        rows.extend(apps.values().flat_map(|app| chapter.of_app(app)));
        if apps.is_empty() {
            rows.extend(without_subjects(kind, conclusion));
        }
    }
    rows
}

/// Values that many rows have, each held once.
struct Shared<T: ?Sized>(RefCell<BTreeSet<Arc<T>>>);

impl<T: ?Sized> Default for Shared<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: ?Sized + Ord> Shared<T> {
    fn one<V: Borrow<T> + Into<Arc<T>>>(&self, value: V) -> Arc<T> {
        let mut known = self.0.borrow_mut();
        if let Some(one) = known.get(value.borrow()) {
            return Arc::clone(one);
        }
        let new = value.into();
        known.insert(Arc::clone(&new));
        new
    }
}

type Subjects<'a> = BTreeMap<(&'a str, &'a str), &'a Finding>;

/// Findings by the kind and name of their app.
fn by_subject(findings: &[Finding]) -> Subjects<'_> {
    let by = findings.iter().map(|one| ((one.subject.app_kind(), one.subject.api_name.as_str()), one));
    by.collect()
}

struct Chapter<'a> {
    run: &'a Run<'a>,
    findings: Subjects<'a>,
    pairs: Pairs<'a>,
    /// Reasons and texts of the rows before.
    reasons: Shared<Message>,
    texts: Shared<str>,
}

impl Chapter<'_> {
    /// The row of the org under a control.
    fn of_org(&self, sheet: &'static Registered) -> Option<FamilyRow> {
        let Judge::Org(judge) = sheet.judge else { return None };
        let org = Org { control: &sheet.entry.id, run: self.run };
        let row = self.row(&sheet.entry, ORG, "", judge(&org));
        // Tokens of an org are those of any of its apps.
        let apps = self.run.snapshot.apps.values().chain(self.run.snapshot.connected.values());
        let clients: Vec<Client<'_>> = apps.map(|app| self.client(&sheet.entry, app)).collect();
        let shows = |token: &str| clients.iter().any(|client| client.shows(token));
        Some(with_modifiers(row, &sheet.entry, Arc::default(), shows))
    }

    /// The rows of an app, those of controls that judge to the bottom first.
    fn of_app(&self, app: &App) -> Vec<FamilyRow> {
        let subject = kind(app.kind);
        let mut rows: Vec<FamilyRow> = Vec::new();
        let finding = self.findings.get(&(subject, app.name.as_str())).copied();
        rows.extend(finding.map(|finding| self.deep(finding)));
        for sheet in controls::sheets().filter(|sheet| sheet.entry.is_about(subject)) {
            let Judge::App(judge) = sheet.judge else { continue };
            let entry = &sheet.entry;
            let client = self.client(entry, app);
            let answer = match entry.without_oauth {
                true => judge(&client),
                false => client.oauth().guard(judge(&client)),
            };
            let row = self.row(entry, subject, &app.name, answer);
            let shows = |token: &str| client.shows(token) || finding.is_some_and(|one| self.is_shown(token, one));
            let label = app.label.iter().next().map(|label| self.texts.one(label.value.as_str()));
            rows.push(with_modifiers(row, entry, label.unwrap_or_default(), shows));
        }
        rows
    }

    fn client<'a>(&'a self, entry: &'a Entry, app: &'a App) -> Client<'a> {
        let finding = self.findings.get(&(kind(app.kind), app.name.as_str())).copied();
        let twin = self.pairs.other(app);
        Client { control: &entry.id, run: self.run, app, finding, twin }
    }

    /// Whether a finding shows what a token of its catalogue stands for.
    fn is_shown(&self, token: &str, finding: &Finding) -> bool {
        self.run.control.judging(finding).tokens.iter().any(|one| {
            one.id == token
                && match &one.criterion {
                    Some(_) => false,
                    None => one.words.iter().any(|word| word == finding.facts.text(&one.path)),
                }
        })
    }

    /// An answer as a row, after what people left out or stated.
    fn row(&self, entry: &'static Entry, kind: &'static str, subject: &str, answer: Answer) -> FamilyRow {
        let (items, until) = (answer.items.clone(), answer.until);
        let Stated { outcome, because, source, until: stated } = self.stated(entry, kind, subject, answer);
        let open = outcome.is_open();
        let decision = self.decision(entry, kind, subject).filter(|_| open);
        let ends = [until, stated, decision.and_then(|one| one.expires)];
        let row = FamilyRow {
            subject: self.texts.one(subject),
            outcome,
            because: self.reasons.one(because),
            source,
            root_cause: if open { self.cause(entry, kind, subject, outcome).into() } else { Arc::default() },
            accepted: decision.is_some(),
            ..FamilyRow::new(Word::new(&entry.id), Word::new(kind))
        };
        row.with(Details { deadline: self.texts.one(deadline(entry, outcome, &ends)), ..self.seen(&items) })
    }

    /// Texts in their order, each once: a setting that several copies state is one thing seen.
    fn once(&self, texts: impl Iterator<Item = String>) -> Box<[Arc<str>]> {
        let mut known = BTreeSet::new();
        texts.map(|text| self.texts.one(text)).filter(|text| known.insert(Arc::clone(text))).collect()
    }

    /// Settings and values with their places.
    fn seen(&self, items: &[EvidenceItem]) -> Details {
        let observed = self.once(items.iter().filter_map(EvidenceItem::observed));
        Details { observed, places: self.once(items.iter().map(EvidenceItem::place)), ..Details::default() }
    }

    /// The row of a finding.
    fn deep(&self, finding: &Finding) -> FamilyRow {
        let gate = finding.observations.first();
        let items = gate.map_or(&[][..], |seen| &seen.items);
        let cause = finding.result.is_open().then(|| controls::cause_of(finding));
        let row = FamilyRow {
            subject: self.texts.one(finding.subject.api_name.as_str()),
            outcome: finding.result,
            because: self.reasons.one(finding.because.clone()),
            root_cause: cause.map(Arc::from).unwrap_or_default(),
            ..FamilyRow::new(finding.control.clone(), Word::new(finding.subject.app_kind()))
        };
        let label = self.texts.one(finding.subject.label.as_str());
        row.with(Details { label, finding: finding.id.as_str().into(), ..self.seen(items) })
    }

    /// What one change settles: as the control says for the outcome, else the control and its subject. Of a migrated app
    /// the name of the External Client App counts for both.
    fn cause(&self, entry: &Entry, kind: &str, subject: &str, outcome: Outcome) -> String {
        let Some(shared) = entry.cause.get(outcome.word()) else {
            return match subject {
                "" => entry.id.clone(),
                subject => format!("{}:{subject}", entry.id),
            };
        };
        let external = match kind == self::kind(AppKind::Connected) {
            true => self.pairs.of_name(AppKind::Connected, subject),
            false => Some(subject),
        };
        shared.replace("{subject}", &external.map_or_else(|| format!("ca:{subject}"), str::to_owned))
    }

    /// The decision about the subject that holds. The org is named by its key.
    fn decision(&self, entry: &Entry, kind: &str, subject: &str) -> Option<&DispositionEntry> {
        let context = self.run.context;
        let name = if subject.is_empty() { context.org_key } else { subject };
        let is_meant = |one: &&DispositionEntry| {
            one.about.is_of_sheet(&entry.id, kind) && fits(&one.org, context.org_key) && one.app == name
        };
        // Of several decisions the last one in the file counts.
        let last = context.engagement.dispositions.iter().filter(is_meant).max_by_key(|one| one.line);
        last.filter(|one| super::verdicts::state(one, context.as_of) == DispositionState::Valid)
    }

    /// What counts when people left the subject out, or stated whether the setting is met. What contradicts itself stays
    /// what it is, and so does a control that does not apply.
    fn stated(&self, entry: &Entry, kind: &str, subject: &str, answer: Answer) -> Stated {
        let context = self.run.context;
        let is_meant = |org: &str, app: &str| fits(org, context.org_key) && fits(app, subject);
        let left_out = |one: &&Exclusion| one.about.is_of_sheet(&entry.id, kind) && is_meant(&one.org, &one.app);
        if let Some(one) = context.engagement.exclusions.iter().find(left_out) {
            let because = Message::new("family.excluded").with("by", one.by.as_str()).with("why", one.why.as_str());
            return Stated::by_export(Outcome::NotTested, because);
        }
        let found = answer.counts();
        let answers = |one: &&Attestation| {
            one.about.is_of_sheet(&entry.id, kind)
                && is_meant(&one.org, &one.app)
                && standing(one, context.as_of) == Standing::Counts
        };
        let Some(one) = context.engagement.attestations.iter().find(answers).filter(|_| !answer.disputed) else {
            return Stated::by_export(found, answer.because);
        };
        let (outcome, contradicted) = combine(found, one.met);
        if outcome == found && !contradicted {
            return Stated::by_export(found, answer.because);
        }
        let key = match (contradicted, one.met) {
            (true, _) => "family.attested.contradicted",
            (false, true) => "family.attested.met",
            (false, false) => "family.attested.not-met",
        };
        let because = Message::new(key)
            .with("by", one.by.as_str())
            .with("on", one.on.map(|on| on.to_string()).unwrap_or_default())
            .with("statement", one.statement.as_str())
            .with("evidence", answer.because);
        Stated { outcome, because, source: Source::Attested, until: one.expires }
    }
}

/// Ids of the sheet controls that count for the exit code.
pub(super) fn strict(engagement: &Engagement) -> Vec<Word> {
    let ids = controls::sheets().map(|sheet| &sheet.entry.id);
    let counting = ids.filter(|id| match &engagement.strict {
        Strict::No => false,
        Strict::All => true,
        Strict::Some(named) => named.contains(id),
    });
    counting.map(|id| Word::from(id.clone())).collect()
}

/// What counts of a row.
struct Stated {
    outcome: Outcome,
    because: Message,
    source: Source,
    /// Last day of the statement that it rests on.
    until: Option<Date>,
}

impl Stated {
    fn by_export(outcome: Outcome, because: Message) -> Self {
        Self { outcome, because, source: Source::Export, until: None }
    }
}

/// What forces a decision about a row first: of several days the first, and a release only where there is no day.
fn deadline(entry: &Entry, outcome: Outcome, ends: &[Option<Date>]) -> String {
    let announced = entry.deadline.as_ref().filter(|end| end.outcomes.iter().any(|word| word == outcome.word()));
    let day = announced.and_then(|end| end.day.parse().ok());
    match ends.iter().copied().chain([day]).flatten().min() {
        Some(day) => day.to_string(),
        None => announced.map(|end| end.release.clone()).unwrap_or_default(),
    }
}

/// A row with what the page names and the evidence shows, and the label of its subject.
fn with_modifiers(row: FamilyRow, entry: &Entry, label: Arc<str>, shows: impl Fn(&str) -> bool) -> FamilyRow {
    let named = entry.higher.iter().chain(&entry.lower).filter(|token| shows(token));
    let modifiers = named.map(|name| Word::from(name.clone())).collect();
    let details = Details { modifiers, label, ..row.details().clone() };
    row.with(details)
}

/// The rows of controls that have no subject of a kind: proven, or not.
fn without_subjects(kind: &'static str, conclusion: Conclusion) -> Vec<FamilyRow> {
    let (outcome, key) = match conclusion {
        Conclusion::Complete => (Outcome::NotApplicable, "family.no-subject"),
        _ => (Outcome::NotEvaluable, "family.no-subject-proven"),
    };
    let sheets = controls::sheets().filter(|sheet| sheet.entry.is_about(kind));
    let rows = sheets.map(|sheet| FamilyRow {
        outcome,
        because: Arc::new(Message::new(key)),
        ..FamilyRow::new(Word::new(&sheet.entry.id), Word::new(kind))
    });
    rows.collect()
}
