//! The rows of the chapter: each subject under each control of its kind.

use crate::catalogue::Entry;
use crate::controls::{self, Judge, Registered};
use crate::engagement::{Attestation, DispositionEntry, Engagement, Exclusion, Strict};
use crate::kit::Run;
use crate::kit::app::Pairs;
use crate::kit::attest::{Standing, combine, fits, standing};
use crate::kit::client::{Answer, Client, Org, kind};
use crate::model::{Conclusion, DispositionState, EvidenceItem, FamilyRow, Finding, Outcome, Source, Word};
use crate::snapshot::{App, AppKind};
use crate::text::message::Message;
use jiff::civil::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const ORG: &str = "org";

/// One row for each subject and control, org first, then apps of each kind by name; a control without subjects has one of
/// its own. Of each kind of app it is told whether all of them are known.
pub(super) fn rows(run: &Run<'_>, findings: &[Finding], [external, connected]: [Conclusion; 2]) -> Vec<FamilyRow> {
    let (findings, pairs) = (by_subject(findings), Pairs::of(run.snapshot));
    let chapter = Chapter { run, findings, pairs, reasons: RefCell::default() };
    let mut rows: Vec<FamilyRow> = controls::sheets().filter_map(|sheet| chapter.of_org(sheet)).collect();
    for (apps, kind, conclusion) in
        [(&run.snapshot.apps, AppKind::External, external), (&run.snapshot.connected, AppKind::Connected, connected)]
    {
        rows.extend(apps.values().flat_map(|app| chapter.of_app(app)));
        if apps.is_empty() {
            rows.extend(without_subjects(self::kind(kind), conclusion));
        }
    }
    rows
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
    /// Reasons that rows gave before.
    reasons: RefCell<BTreeSet<Arc<Message>>>,
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
        Some(FamilyRow { modifiers: modifiers(&sheet.entry, shows), ..row })
    }

    /// The rows of an app, those of controls that judge to the bottom first.
    fn of_app(&self, app: &App) -> Vec<FamilyRow> {
        let subject = kind(app.kind);
        let mut rows: Vec<FamilyRow> = Vec::new();
        let finding = self.findings.get(&(subject, app.name.as_str())).copied();
        rows.extend(finding.map(deep));
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
            rows.push(FamilyRow {
                label: app.label.iter().next().map(|label| label.value.as_str().into()).unwrap_or_default(),
                modifiers: modifiers(entry, shows),
                ..row
            });
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
        FamilyRow {
            deadline: deadline(entry, outcome, &ends),
            subject: subject.into(),
            outcome,
            because: self.shared(because),
            observed: once(items.iter().filter_map(EvidenceItem::observed)),
            places: once(items.iter().map(EvidenceItem::place)),
            source,
            root_cause: if open { self.cause(entry, kind, subject, outcome).into() } else { Box::default() },
            accepted: decision.is_some(),
            ..blank(Word::new(&entry.id), kind)
        }
    }

    /// A reason, the same one for all rows that give it.
    fn shared(&self, because: Message) -> Arc<Message> {
        let mut reasons = self.reasons.borrow_mut();
        if let Some(known) = reasons.get(&because) {
            return Arc::clone(known);
        }
        let new = Arc::new(because);
        reasons.insert(Arc::clone(&new));
        new
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
fn deadline(entry: &Entry, outcome: Outcome, ends: &[Option<Date>]) -> Box<str> {
    let announced = entry.deadline.as_ref().filter(|end| end.outcomes.iter().any(|word| word == outcome.word()));
    let day = announced.and_then(|end| end.day.parse().ok());
    match ends.iter().copied().chain([day]).flatten().min() {
        Some(day) => day.to_string().into(),
        None => announced.map(|end| end.release.as_str().into()).unwrap_or_default(),
    }
}

/// Texts in their order, each once: a setting that several copies state is one thing seen.
fn once(texts: impl Iterator<Item = String>) -> Box<[String]> {
    let mut known = BTreeSet::new();
    texts.filter(|text| known.insert(text.clone())).collect()
}

/// What the page names and the evidence shows.
fn modifiers(entry: &Entry, shows: impl Fn(&str) -> bool) -> Box<[Word]> {
    let named = entry.higher.iter().chain(&entry.lower).filter(|token| shows(token));
    named.map(|name| Word::from(name.clone())).collect()
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
        ..blank(Word::new(&sheet.entry.id), kind)
    });
    rows.collect()
}

/// The row of a finding.
fn deep(finding: &Finding) -> FamilyRow {
    let gate = finding.observations.first();
    let items = gate.map_or(&[][..], |seen| &seen.items);
    FamilyRow {
        subject: finding.subject.api_name.as_str().into(),
        label: finding.subject.label.as_str().into(),
        outcome: finding.result,
        because: Arc::new(finding.because.clone()),
        observed: once(items.iter().filter_map(EvidenceItem::observed)),
        places: once(items.iter().map(EvidenceItem::place)),
        root_cause: if finding.result.is_open() { controls::cause_of(finding).into() } else { Box::default() },
        finding: finding.id.as_str().into(),
        ..blank(finding.control.clone(), finding.subject.app_kind())
    }
}

fn blank(control: Word, kind: &'static str) -> FamilyRow {
    FamilyRow {
        control,
        kind: Word::new(kind),
        subject: Box::default(),
        label: Box::default(),
        outcome: Outcome::NotEvaluable,
        because: Arc::default(),
        observed: Box::default(),
        places: Box::default(),
        source: Source::Export,
        modifiers: Box::default(),
        root_cause: Box::default(),
        accepted: false,
        deadline: Box::default(),
        finding: Box::default(),
    }
}
