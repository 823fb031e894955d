//! An app as the sibling controls of the OAuth chapter read it: settings by element, gates, and what several controls ask.

pub(crate) mod certificate;
pub(crate) mod gate;
pub(crate) mod secret;
pub(crate) mod setting;
pub(crate) mod token;

pub(crate) use secret::Keeps;
pub(crate) use setting::{Told, Value, unanswered};

use crate::engagement::Fact;
use crate::kit::Run;
use crate::kit::attest::fits;
use crate::model::{EvidenceItem, Finding, Observation, Outcome};
use crate::snapshot::{App, AppKind};
use crate::text::message::Message;
use jiff::civil::Date;
use setting::{Element, Pair};

/// What a sheet control says of a subject.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    pub(crate) because: Message,
    pub(crate) items: Vec<EvidenceItem>,
    /// Copies or switches contradict each other, which no statement of a person settles.
    pub(crate) disputed: bool,
    /// Last day of what it rests on.
    pub(crate) until: Option<Date>,
}

impl Answer {
    pub(crate) fn new(outcome: Outcome, because: Message, items: Vec<EvidenceItem>) -> Self {
        Self { outcome, because, items, disputed: false, until: None }
    }

    /// The same, because copies or switches contradict each other.
    pub(crate) fn disputed(mut self) -> Self {
        self.disputed = true;
        self
    }

    /// The outcome that counts: nothing passes without evidence.
    pub(crate) fn counts(&self) -> Outcome {
        match self.outcome {
            Outcome::Pass if self.items.is_empty() => Outcome::NotEvaluable,
            outcome => outcome,
        }
    }
}

/// The org under a sheet control.
#[derive(Clone, Copy)]
pub(crate) struct Org<'a> {
    /// Id of the control; the keys of what it says begin with it.
    pub(crate) control: &'a str,
    pub(crate) run: &'a Run<'a>,
}

impl Org<'_> {
    /// What the control says for a reason.
    pub(crate) fn say(&self, reason: &str) -> Message {
        Message::new(format!("{}.{reason}", self.control))
    }

    pub(crate) fn answer(&self, outcome: Outcome, reason: &str, items: Vec<EvidenceItem>) -> Answer {
        Answer::new(outcome, self.say(reason), items)
    }

    /// A switch of the org.
    pub(crate) fn switch(&self, element: &Element) -> Value<bool> {
        Value::of_org(self.run, element, setting::flag)
    }
}

/// An app under a sheet control.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    /// Id of the control; the keys of what it says begin with it.
    pub(crate) control: &'a str,
    pub(crate) run: &'a Run<'a>,
    pub(crate) app: &'a App,
    /// What the control found that judges the app's client credentials flow to the bottom.
    pub(crate) finding: Option<&'a Finding>,
    /// The name of the app of the other kind that is the same one, migrated.
    pub(crate) twin: Option<&'a str>,
}

impl<'a> Client<'a> {
    /// What the control says for a reason.
    pub(crate) fn say(&self, reason: &str) -> Message {
        Message::new(format!("{}.{reason}", self.control))
    }

    pub(crate) fn answer(&self, outcome: Outcome, reason: &str, items: Vec<EvidenceItem>) -> Answer {
        Answer::new(outcome, self.say(reason), items)
    }

    /// The org under the same control.
    pub(crate) fn org(&self) -> Org<'a> {
        Org { control: self.control, run: self.run }
    }

    /// A switch that both kinds of apps have.
    pub(crate) fn switch(&self, pair: &Pair) -> Value<bool> {
        self.switch_of(pair.of(self.app.kind))
    }

    /// A switch by its element.
    pub(crate) fn switch_of(&self, element: &Element) -> Value<bool> {
        Value::of_app(self.run, self.app, element, setting::flag)
    }

    /// A word by its element, in lower case.
    pub(crate) fn word(&self, element: &Element) -> Value<String> {
        Value::of_app(self.run, self.app, element, setting::word)
    }

    /// What that control found under the criterion that a token of its catalogue names.
    pub(crate) fn observed(&self, token: &str) -> Option<&'a Observation> {
        let token = self.run.control.tokens.iter().find(|one| one.id == token)?;
        let criterion = token.criterion.as_ref()?;
        self.finding?.observations.iter().find(|one| one.criterion == *criterion)
    }

    /// The kind as engagement files and tables spell it.
    pub(crate) fn kind(&self) -> &'static str {
        kind(self.app.kind)
    }

    /// Facts about the app that people stated and that count, in the order of the file.
    pub(crate) fn facts(&self) -> impl Iterator<Item = &'a Fact> {
        let (context, app, kind) = (self.run.context, self.app, self.kind());
        context.engagement.facts.iter().filter(move |fact| {
            let named = fits(&fact.org, context.org_key) && fact.app == app.name && fits(&fact.kind, kind);
            named && counts(fact, context.as_of)
        })
    }
}

/// A kind of app as engagement files and tables spell it.
pub(crate) fn kind(kind: AppKind) -> &'static str {
    match kind {
        AppKind::External => "eca",
        AppKind::Connected => "connected_app",
    }
}

/// Whether a fact counts on a day: it says who and when, and it has not run out.
fn counts(fact: &Fact, as_of: Date) -> bool {
    let begun = fact.on.is_some_and(|on| on <= as_of);
    begun && fact.expires.is_some_and(|last| last >= as_of) && !fact.by.trim().is_empty()
}
