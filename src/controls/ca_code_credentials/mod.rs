//! Whether a connected app that uses the code and credentials flow asks for what its client can give: a secret of a
//! server, a proof key of an app on devices.

use crate::controls::{Judge, Sheet};
use crate::kit::client::gate::{Gate, Seen};
use crate::kit::client::secret::Holds;
use crate::kit::client::setting::{CODE_CREDENTIALS, SECRET_FOR_REFRESH, SECRET_OPTIONAL};
use crate::kit::client::{Answer, Client, Keeps, Value, unanswered};
use crate::model::{EvidenceItem, Outcome};

/// The control, or the controls of its twin pages.
pub(crate) static SHEET: Sheet =
    Sheet { entries: include_str!("control.toml"), german: include_str!("control.de.toml"), judge: Judge::App(answer) };

/// The settings that the page asks about.
struct Case<'a> {
    client: &'a Client<'a>,
    optional: Value<bool>,
    for_refresh: Value<bool>,
    refresh: Seen,
    bound: Holds,
}

fn answer(client: &Client<'_>) -> Answer {
    let on = client.switch(&CODE_CREDENTIALS);
    match on.known() {
        None => return on.answered(),
        Some(false) => return client.answer(Outcome::NotApplicable, "off", on.items),
        Some(true) => {}
    }
    let optional = client.switch(&SECRET_OPTIONAL);
    let for_refresh = client.switch(&SECRET_FOR_REFRESH);
    let case = Case { client, optional, for_refresh, refresh: client.refresh(), bound: client.has_pkce() };
    match client.keeps() {
        Keeps::Private => case.settings(false, true, "private"),
        Keeps::Public => case.public(),
        Keeps::Undeclared => case.undeclared(),
    }
}

impl Case<'_> {
    fn items(&self) -> Vec<EvidenceItem> {
        self.optional.items.iter().chain(&self.for_refresh.items).cloned().collect()
    }

    /// Both secrets as a kind of client needs them. Whether one is asked for at refresh matters only where the app can get
    /// refresh tokens; where that is not told, a wrong setting is not yet a fault.
    fn settings(&self, optional: bool, for_refresh: bool, client: &str) -> Answer {
        let say = |outcome, what: &str| self.client.answer(outcome, &format!("{client}-{what}"), self.items());
        let refresh = self.refresh.gate;
        let wrong = self.for_refresh.is(&!for_refresh) && refresh != Gate::Closed;
        if self.optional.is(&!optional) || wrong && refresh == Gate::Open {
            return say(Outcome::Fail, "wrong");
        }
        let asked = (refresh != Gate::Closed).then(|| self.for_refresh.open()).flatten();
        if let Some(answer) = unanswered(vec![self.optional.open(), asked], self.items()) {
            return answer;
        }
        match refresh {
            Gate::Unknown if wrong => say(Outcome::NotEvaluable, "refresh-unknown"),
            Gate::Disputed if wrong => say(Outcome::Review, "refresh-disputed").disputed(),
            _ => say(Outcome::Pass, "right"),
        }
    }

    /// A client that cannot keep a secret is not asked for one, and shows a proof key instead.
    fn public(&self) -> Answer {
        let settings = self.settings(true, false, "public");
        match self.bound {
            _ if settings.outcome == Outcome::Fail => settings,
            Holds::No => self.client.answer(Outcome::Fail, "public-unbound", self.items()),
            _ if settings.outcome != Outcome::Pass => settings,
            Holds::Yes => settings,
            Holds::Disputed => self.client.answer(Outcome::Review, "public-disputed", self.items()).disputed(),
            Holds::Unknown => self.client.answer(Outcome::NotEvaluable, "public-unknown", self.items()),
        }
    }

    /// Without a word on the client: neither a secret nor a proof key is wrong for every client.
    fn undeclared(&self) -> Answer {
        if self.optional.is(&true) && self.bound == Holds::No {
            return self.client.answer(Outcome::Fail, "nothing-binds", self.items());
        }
        let asked = (self.refresh.gate != Gate::Closed).then(|| self.for_refresh.open()).flatten();
        if let Some(answer) = unanswered(vec![self.optional.open(), asked], self.items()) {
            return answer;
        }
        if self.bound == Holds::Unknown {
            return self.client.answer(Outcome::NotEvaluable, "undeclared-unknown", self.items());
        }
        self.client.answer(Outcome::Review, "undeclared", self.items())
    }
}
