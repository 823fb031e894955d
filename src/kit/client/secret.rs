//! What binds a code or a refresh token to the client: its secret, a proof key, rotation.

use super::setting::{ORG_PKCE, PKCE, ROTATION};
use super::{Answer, Client, Told};
use crate::model::Outcome;

/// Whether a client can keep a secret. Exports do not tell; a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// A server.
    Private,
    /// An app on devices or in browsers.
    Public,
    /// Nobody says.
    Undeclared,
}

/// Whether something holds, as far as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Yes,
    No,
    Disputed,
    Unknown,
}

impl Holds {
    /// The answer of a control as an answer to whether its setting holds.
    fn by(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Yes,
            Outcome::Fail => Self::No,
            Outcome::Review => Self::Disputed,
            Outcome::NotEvaluable | Outcome::NotApplicable | Outcome::NotTested => Self::Unknown,
        }
    }
}

impl Client<'_> {
    /// Whether the client can keep a secret. Statements that differ leave it undeclared.
    pub(crate) fn keeps(&self) -> Keeps {
        let stated: Vec<&str> = self.facts().map(|fact| fact.client.as_str()).filter(|word| !word.is_empty()).collect();
        match stated.split_first() {
            Some((first, rest)) if rest.iter().all(|word| word == first) => match *first {
                "private" => Keeps::Private,
                _ => Keeps::Public,
            },
            _ => Keeps::Undeclared,
        }
    }

    /// Whether codes are bound to the client by a proof key: the org may require it of all apps, else the app must.
    pub(crate) fn pkce(&self) -> Answer {
        let (app, org) = (self.switch(&PKCE), self.org().switch(&ORG_PKCE));
        if org.is(&true) {
            return self.answer(Outcome::Pass, "by-org", org.items);
        }
        let mut items = app.items.clone();
        items.extend(org.items.iter().cloned());
        match (&app.told, &org.told) {
            (Told::Known(true), _) => self.answer(Outcome::Pass, "by-app", app.items),
            (Told::Known(false), Told::Known(false)) => self.answer(Outcome::Fail, "off", items),
            (Told::Known(false), Told::Contradictory)
            | (Told::Contradictory, Told::Known(false) | Told::Contradictory) => {
                self.answer(Outcome::Review, "contradictory", items).disputed()
            }
            (Told::Known(false) | Told::Contradictory, _) => self.answer(Outcome::NotEvaluable, "org-unknown", items),
            _ => app.answered(),
        }
    }

    /// Whether each refresh token can be used once, whatever the app's scopes.
    pub(crate) fn rotation(&self) -> Answer {
        let on = self.switch(&ROTATION);
        match on.known() {
            Some(true) => self.answer(Outcome::Pass, "on", on.items),
            Some(false) => self.answer(Outcome::Fail, "off", on.items),
            None => on.answered(),
        }
    }

    pub(crate) fn has_pkce(&self) -> Holds {
        Holds::by(self.pkce().outcome)
    }

    pub(crate) fn rotates(&self) -> Holds {
        Holds::by(self.rotation().outcome)
    }

    /// The answer where an app does not ask for the secret at a step: one that can keep a secret has to be asked for it; of
    /// one that cannot, another means has to bind what it carries.
    pub(crate) fn without_secret(&self, bound: Holds, items: Vec<crate::model::EvidenceItem>) -> Answer {
        match (self.keeps(), bound) {
            (Keeps::Private, _) => self.answer(Outcome::Fail, "private-without", items),
            (Keeps::Public, Holds::Yes) => self.answer(Outcome::NotApplicable, "public-bound", items),
            (Keeps::Public, Holds::No) => self.answer(Outcome::Fail, "public-unbound", items),
            (Keeps::Public, Holds::Disputed) => self.answer(Outcome::Review, "public-disputed", items).disputed(),
            (Keeps::Public, Holds::Unknown) => self.answer(Outcome::NotEvaluable, "public-unknown", items),
            (Keeps::Undeclared, Holds::Yes) => self.answer(Outcome::Review, "undeclared-bound", items),
            (Keeps::Undeclared, Holds::Disputed) => {
                self.answer(Outcome::Review, "undeclared-disputed", items).disputed()
            }
            (Keeps::Undeclared, Holds::No | Holds::Unknown) => self.answer(Outcome::Fail, "undeclared", items),
        }
    }
}
