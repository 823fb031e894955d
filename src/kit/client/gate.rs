//! Gates: what an app does not do needs no protection.

use super::setting::REFRESH_POLICY;
use super::{Answer, Client, Told};
use crate::kit::app::places;
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{AppKind, Kind, Switch};
use crate::text::message::Message;

/// Whether an app does what a control protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// It does.
    Open,
    /// It does not.
    Closed,
    /// Copies disagree.
    Disputed,
    /// Nothing tells.
    Unknown,
}

/// A gate with what shows it.
pub(crate) struct Seen {
    pub(crate) gate: Gate,
    pub(crate) items: Vec<EvidenceItem>,
    /// Message keys begin with it (`family.refresh`).
    lead: &'static str,
}

impl Seen {
    fn new(lead: &'static str, gate: Gate, items: Vec<EvidenceItem>) -> Self {
        Self { gate, items, lead }
    }

    /// An answer behind this gate. Closed: the control does not apply. Unknown: a pass stays, and nothing else can be
    /// told. Disputed: what passes or cannot be told stays, and all else is for a person.
    pub(crate) fn guard(self, answer: Answer) -> Answer {
        let because = Message::new(format!("{}-{}", self.lead, word(self.gate)));
        let stays = match self.gate {
            Gate::Open => true,
            Gate::Closed => false,
            Gate::Unknown => answer.outcome == Outcome::Pass,
            Gate::Disputed => matches!(answer.outcome, Outcome::Pass | Outcome::NotEvaluable),
        };
        if stays {
            return answer;
        }
        let outcome = match self.gate {
            Gate::Closed => Outcome::NotApplicable,
            Gate::Disputed => Outcome::Review,
            Gate::Open | Gate::Unknown => Outcome::NotEvaluable,
        };
        let items = if self.items.is_empty() { answer.items } else { self.items };
        Answer { outcome, because, items, disputed: outcome == Outcome::Review, until: None }
    }
}

fn word(gate: Gate) -> &'static str {
    match gate {
        Gate::Open => "open",
        Gate::Closed => "closed",
        Gate::Disputed => "disputed",
        Gate::Unknown => "unknown",
    }
}

/// Files and records of an External Client App that show that it has OAuth settings.
const OAUTH: [Kind; 6] = [
    Kind::OauthSettingsFile,
    Kind::GlobalOauthFile,
    Kind::OauthPolicyFile,
    Kind::OauthSecurityFile,
    Kind::OauthPolicyRecords,
    Kind::OauthSettingsRecords,
];

impl Client<'_> {
    /// Whether the app has OAuth settings at all.
    pub(crate) fn oauth(&self) -> Seen {
        match self.app.kind {
            AppKind::External => self.plugin(),
            AppKind::Connected => self.oauth_config(),
        }
    }

    /// An External Client App whose OAuth plug-in is not installed has none, unless a file or record of such settings is
    /// there, or one that cannot be read may be.
    fn plugin(&self) -> Seen {
        let status = &self.app.oauth_plugin_enabled;
        let absent = status.iter().all(|copy| copy.raw.eq_ignore_ascii_case("NotInstalled")) && !status.is_empty();
        let shown = OAUTH.iter().any(|kind| self.app.has(*kind)) || !self.run.lost.of_app(self.app, &OAUTH).is_empty();
        let gate = if absent && !shown { Gate::Closed } else { Gate::Open };
        let items = status.iter().map(|copy| EvidenceItem::seen("OauthPluginStatus", copy)).collect();
        Seen::new("family.plugin", gate, items)
    }

    /// A connected app whose file has no `oauthConfig` has none. Without a file nothing tells.
    fn oauth_config(&self) -> Seen {
        const CONFIG: &str = "oauthConfig";
        let files: Vec<_> = self.app.places(Kind::ConnectedAppFile).collect();
        let with: Vec<_> = self.app.settings.of(CONFIG).map(|copy| &copy.at.path).collect();
        let without = files.iter().filter(|at| !with.contains(&&at.path)).count();
        let gate = if files.is_empty() || !self.run.lost.of_app(self.app, &[Kind::ConnectedAppFile]).is_empty() {
            Gate::Unknown
        } else if without == 0 {
            Gate::Open
        } else if with.is_empty() {
            Gate::Closed
        } else {
            Gate::Disputed
        };
        let items = files.iter().map(|at| EvidenceItem::missing(CONFIG, at)).collect();
        Seen::new("family.oauth-config", gate, items)
    }

    /// Whether the app can get refresh tokens: its scopes say so, unless its policy ends each at once.
    pub(crate) fn refresh(&self) -> Seen {
        const LEAD: &str = "family.refresh";
        let policy = self.word(REFRESH_POLICY.of(self.app.kind));
        let zero = |text: &str| text.eq_ignore_ascii_case("zero");
        match &policy.told {
            Told::Known(word) if zero(word) => return Seen::new(LEAD, Gate::Closed, policy.items),
            Told::Contradictory if self.app.settings.of(policy.element.name).any(|copy| zero(&copy.value)) => {
                return Seen::new(LEAD, Gate::Disputed, policy.items);
            }
            _ => {}
        }
        self.by_scope(LEAD, &["refreshtoken", "offlineaccess"])
    }

    /// Whether the app can get ID tokens.
    pub(crate) fn id_token(&self) -> Seen {
        self.by_scope("family.id-token", &["openid", "full"])
    }

    /// A gate that one of these scopes opens. A list tells of all; a column only of its own scope, and only where there is
    /// no list.
    fn by_scope(&self, lead: &'static str, scopes: &[&str]) -> Seen {
        let places = places(self.app.kind);
        let unread = !self.run.lost.of_app(self.app, places.settings).is_empty();
        let lists: Vec<_> = self.app.scopes.iter().filter(|list| !list.value.is_empty()).collect();
        let holds: Vec<bool> = lists.iter().map(|list| list.value.iter().any(|own| is_one_of(own, scopes))).collect();
        let on = self.app.scope_columns.iter().filter(|column| column.granted.value == Switch::On);
        let columns: Vec<_> = on.filter(|column| lists.is_empty() && is_one_of(&column.scope, scopes)).collect();
        let gate = match (holds.contains(&true), holds.contains(&false)) {
            _ if unread => Gate::Unknown,
            (true, true) => Gate::Disputed,
            (true, false) => Gate::Open,
            (false, true) => Gate::Closed,
            (false, false) if columns.is_empty() => Gate::Unknown,
            (false, false) => Gate::Open,
        };
        let mut items: Vec<EvidenceItem> = lists.iter().map(|list| EvidenceItem::seen(places.scopes, list)).collect();
        items.extend(columns.iter().map(|column| EvidenceItem::seen(&column.column, &column.granted)));
        Seen::new(lead, gate, items)
    }
}

/// Whether a scope is one of these, however it is spelt.
pub(crate) fn is_one_of(scope: &str, names: &[&str]) -> bool {
    let plain: String = scope.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    names.contains(&plain.as_str())
}
