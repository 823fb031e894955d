//! The controls on the client credentials flow: of External Client Apps, and of connected apps.
//!
//! Population → flow → execution user → privilege and network → criteria → one finding per app. One judge serves both; where
//! the two pages differ, the catalogue says so, or the kind of the app does.

mod advice;
pub(crate) mod attest;
mod case;
mod claims;
mod connected;
mod criteria;
mod dedicated;
pub(crate) mod earlier;
mod facts;
mod finding;
mod missing;
mod network;
mod notes;
mod objects;
mod pairs;
mod report;
pub mod score;
mod supporting;
mod usage;
mod user;
mod words;

pub use facts::{Advice, ExecutionUser, Network, NetworkState, Stated, StatedFacts, WayOut};
pub use words::{ActionKind, Basis, Rule};

pub use crate::kit::access::{Privilege, PrivilegeState, UserState};
pub use crate::kit::app::FlowState;

use crate::catalogue::{CatalogError, Catalogue};
use crate::controls::{Control, Explained, Judged};
use crate::kit::Run;
use crate::kit::access::{self, Resolved};
use crate::kit::app::{self, Pairs, flow};
use crate::model::{Facts, Finding};
use crate::snapshot::{App, AppKind, Locator};
use crate::text::wording::Wording;
use crate::view::claims::Claims;
use crate::view::{CardParts, Desk, Drawn, KitParts};
use case::{Caller, Case};
use dedicated::Browser;
use rayon::prelude::*;
use score::Scores;
use std::collections::BTreeMap;
use std::sync::Arc;

const CATALOGUE: &str = include_str!("control.toml");
const CONNECTED: &str = include_str!("connected.toml");
const GERMAN: &str = include_str!("control.de.toml");
const CONNECTED_GERMAN: &str = include_str!("connected.de.toml");
const PERMISSIONS: &str = include_str!("permissions.csv");

/// The control on one kind of app.
pub(crate) struct ClientCredentials(pub(crate) AppKind);

impl Control for ClientCredentials {
    fn id(&self) -> &'static str {
        match self.0 {
            AppKind::External => "eca-ccf-policies",
            AppKind::Connected => "ca-ccf",
        }
    }

    fn kind(&self) -> AppKind {
        self.0
    }

    fn catalogue(&self, language: &str) -> Result<Catalogue, CatalogError> {
        let catalogue = match self.0 {
            AppKind::External => Catalogue::parse(CATALOGUE, PERMISSIONS)?,
            AppKind::Connected => Catalogue::parse_over(CATALOGUE, CONNECTED, PERMISSIONS)?,
        };
        match (language, self.0) {
            ("en", _) => Ok(catalogue),
            ("de", AppKind::External) => catalogue.worded(language, GERMAN),
            ("de", AppKind::Connected) => catalogue.worded_over(language, GERMAN, CONNECTED_GERMAN),
            (other, _) => Err(CatalogError::UnknownLanguage(other.to_owned())),
        }
    }

    fn texts(&self, language: &str) -> Option<&'static str> {
        match (language, self.0) {
            ("en", AppKind::External) => Some(include_str!("text.en.toml")),
            ("de", AppKind::External) => Some(include_str!("text.de.toml")),
            ("en", AppKind::Connected) => Some(include_str!("connected.text.en.toml")),
            ("de", AppKind::Connected) => Some(include_str!("connected.text.de.toml")),
            _ => None,
        }
    }

    fn judge(&self, run: &Run<'_>) -> Judged {
        judge(*run, self.0)
    }

    fn pair(&self, run: &Run<'_>, findings: &mut [Finding]) {
        // Said once, of both sides.
        if self.0 == AppKind::Connected {
            pairs::say(run, findings);
        }
    }

    fn check(&self, facts: &Facts) -> Result<(), String> {
        facts::check(facts)
    }

    fn upgraded(&self, bytes: &[u8]) -> Option<serde_json::Value> {
        match self.0 {
            AppKind::External => earlier::upgraded(bytes, &self.catalogue("en").ok()?),
            AppKind::Connected => None,
        }
    }

    fn is_evaluated(&self, finding: &Finding) -> bool {
        finding.flow_state() != FlowState::Unknown
    }

    fn count(&self, finding: &Finding, claims: &mut Claims) {
        claims::count(self.0, finding, claims);
    }

    fn headline(&self, w: &Wording, claims: &Claims) -> Vec<String> {
        report::headline(w, self.0, claims)
    }

    fn worst_case(&self, w: &Wording, finding: &Finding) -> Option<String> {
        report::worst_case(w, finding)
    }

    fn kit(&self, desk: &Desk<'_>, finding: &Finding) -> Option<KitParts> {
        report::kit(desk, finding)
    }

    fn left_out(&self, w: &Wording, claims: &Claims) -> Option<String> {
        report::left_out(w, self.0, claims)
    }

    fn alarms(&self, w: &Wording, order: &[&Finding]) -> Vec<String> {
        report::alarms(w, order)
    }

    fn card(&self, desk: &Desk<'_>, finding: &Finding, left_out: usize) -> CardParts {
        report::card(desk, finding, left_out)
    }

    fn figures(&self, order: &[&Finding], w: &Wording) -> Vec<Drawn> {
        report::figures(self.0, order, w)
    }

    fn common(&self, finding: &Finding) -> Vec<(&'static str, Vec<String>)> {
        report::common(finding)
    }

    fn explained(&self, finding: &Finding) -> Explained {
        report::explained(finding)
    }
}

/// Ids of the criteria that this module can judge, in the order of its table.
pub fn criteria() -> impl Iterator<Item = &'static str> {
    criteria::TABLE.iter().map(|(id, _)| *id)
}

/// What one evaluation shares between its apps.
struct Bench<'a> {
    run: Run<'a>,
    running: user::Running<'a>,
    pairs: Pairs<'a>,
    scores: Scores,
    alike: facts::Alike,
}

/// Judges every app of a kind: one finding each, and what each app calls for.
fn judge(run: Run<'_>, kind: AppKind) -> Judged {
    let bench = Bench {
        run,
        running: user::Running::of(&run),
        pairs: Pairs::of(run.snapshot),
        scores: Scores::default(),
        alike: facts::Alike::default(),
    };
    let Users { shared, apart } = Users::of(run, kind);
    // Straight into their place: an org may have thousands of apps of which nothing tells the user.
    let (mut findings, mut moves) = (Vec::new(), Vec::new());
    let alone = apart.par_iter().map(|(app, user)| bench.judge(app, user, &Arc::new(access::reach(&run, user))));
    alone.unzip_into_vecs(&mut findings, &mut moves);
    let together = shared.par_iter().flat_map(|apps| {
        // Apart from the first all have the same, and what one user holds is gone before the next one's is held.
        let Some((_, user)) = apps.first() else { return Vec::new() };
        let reach = Arc::new(access::reach(&run, user));
        apps.par_iter().map(|(app, user)| bench.judge(app, user, &reach)).collect::<Vec<_>>()
    });
    for (finding, calls) in together.collect::<Vec<_>>() {
        findings.push(finding);
        moves.push(calls);
    }
    Judged { findings, calls: moves }
}

/// The apps with their users. Of a user who is not known nothing reaches two apps.
struct Users<'a> {
    /// Those together that run as one user.
    shared: Vec<Vec<(&'a App, Resolved<'a>)>>,
    apart: Vec<(&'a App, Resolved<'a>)>,
}

impl<'a> Users<'a> {
    fn of(run: Run<'a>, kind: AppKind) -> Self {
        let mut known: BTreeMap<(&Locator, String), Vec<(&App, Resolved<'_>)>> = BTreeMap::new();
        let mut apart = Vec::new();
        let population = match kind {
            AppKind::External => &run.snapshot.apps,
            AppKind::Connected => &run.snapshot.connected,
        };
        for app in population.values() {
            let user = app::resolve(&run, app);
            match user.record {
                Some(record) => known.entry((&record.at, user.name.clone())).or_default().push((app, user)),
                None => apart.push((app, user)),
            }
        }
        Self { shared: known.into_values().collect(), apart }
    }
}

impl<'a> Bench<'a> {
    fn judge(&self, app: &'a App, user: &Resolved<'a>, reach: &Arc<access::Reach>) -> (Finding, Vec<crate::kit::Move>) {
        let case = self.case(app, user.clone(), reach);
        let mut finding = finding::of(&case);
        let (advice, mut moves) = advice::on(&case, &finding);
        if let Some(advice) = advice {
            finding.facts.set("advice", &advice);
        }
        if app.kind == AppKind::Connected {
            connected::word(&mut finding, &mut moves);
        }
        finding.facts = self.alike.shared(std::mem::take(&mut finding.facts));
        (finding, moves)
    }

    fn case(&'a self, app: &'a App, user: Resolved<'a>, reach: &Arc<access::Reach>) -> Case<'a> {
        let run = self.run;
        let mut flow = flow::read(&run, app);
        flow::dormant(&run, &mut flow, app, user.state, &user.items);
        let pair = self.pairs.other(app);
        let others = self.running.beside(&run, app, pair);
        let caller = Caller { run, app, user: &user, others: &others };
        let (used, browser) = match flow.state {
            FlowState::Off => (Vec::new(), Browser::default()),
            _ => (objects::used(&caller), Browser::of(&caller)),
        };
        let privilege = access::judge(&run, &user, reach, &used);
        let network = network::judge(&run, app, &user);
        Case { run, scores: &self.scores, app, pair, flow, user, others, used, browser, privilege, network }
    }
}
