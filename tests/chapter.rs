//! The sheet controls of the chapter: every row of their truth tables, from files to outcomes.

mod apps;
mod certificates;
mod connected;
mod org;
mod people;

use crate::assess::parse;
use jiff::civil::date;
use shr::assess::assess;
use shr::limits::Limits;
use shr::model::{Assessment, FamilyRow, Outcome};
use shr::snapshot::Snapshot;
use shr::source::Source;

/// An org as it is put together for one row of a table.
#[derive(Clone, Default)]
pub(crate) struct Org {
    files: Vec<(String, String)>,
    engagement: String,
}

impl Org {
    pub(crate) fn file(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.push((path.to_owned(), text.into()));
        self
    }

    /// A part of the External Client App `A`; `part` is the suffix, `root` the type.
    fn part(self, part: &str, root: &str, body: &str) -> Self {
        let path = format!("apps/A.{part}-meta.xml");
        self.file(&path, format!("<{root}><externalClientApplication>A</externalClientApplication>{body}</{root}>"))
    }

    pub(crate) fn eca(self) -> Self {
        self.file("apps/A.eca-meta.xml", "<ExternalClientApplication><label>A</label></ExternalClientApplication>")
    }

    /// Settings for the developer.
    pub(crate) fn global(self, body: &str) -> Self {
        self.eca().part("ecaGlblOauth", "ExtlClntAppGlobalOauthSettings", body)
    }

    pub(crate) fn scopes(self, scopes: &str) -> Self {
        let body = format!("<commaSeparatedOauthScopes>{scopes}</commaSeparatedOauthScopes>");
        self.part("ecaOauth", "ExtlClntAppOauthSettings", &body)
    }

    pub(crate) fn oauth(self, body: &str) -> Self {
        self.part("ecaOauth", "ExtlClntAppOauthSettings", body)
    }

    pub(crate) fn policy(self, body: &str) -> Self {
        self.part("ecaOauthPlcy", "ExtlClntAppOauthConfigurablePolicies", body)
    }

    /// The connected app `C`.
    pub(crate) fn connected(self, body: &str) -> Self {
        self.file(
            "connectedApps/C.connectedApp-meta.xml",
            format!("<ConnectedApp><label>C</label>{body}</ConnectedApp>"),
        )
    }

    /// The connected app `C` with OAuth settings.
    pub(crate) fn config(self, body: &str) -> Self {
        self.connected(&format!("<oauthConfig>{body}</oauthConfig>"))
    }

    /// Another copy of the file that was added last.
    pub(crate) fn copy(mut self, from: &str, to: &str) -> Self {
        let (path, text) = self.files.last().unwrap().clone();
        let name = path.rsplit('/').next().unwrap();
        self.files.push((format!("copies/{name}"), text.replace(from, to)));
        self
    }

    /// What was added last cannot be read.
    pub(crate) fn torn(mut self) -> Self {
        let (_, text) = self.files.last_mut().unwrap();
        text.truncate(text.len() - 8);
        self
    }

    pub(crate) fn oidc(self, body: &str) -> Self {
        self.file("settings/OauthOidc.settings-meta.xml", format!("<OauthOidcSettings>{body}</OauthOidcSettings>"))
    }

    pub(crate) fn says(mut self, engagement: &str) -> Self {
        self.engagement += engagement;
        self
    }

    /// Somebody declares what the client of an app is.
    pub(crate) fn client(self, app: &str, client: &str) -> Self {
        self.says(&format!(
            "[[fact]]\napp = \"{app}\"\nclient = \"{client}\"\nby = \"Owner\"\non = 2026-11-01\nexpires = 2027-05-01\n"
        ))
    }

    pub(crate) fn assess(&self) -> Assessment {
        self.assess_with(|_| {})
    }

    /// The same after a change of what was read.
    pub(crate) fn assess_with(&self, change: impl FnOnce(&mut Snapshot)) -> Assessment {
        let files = self.files.iter().map(|(path, text)| (path.as_str(), text.as_bytes()));
        let mut snapshot = shr::ingest::read(&Source::memory("acme", files), &Limits::default()).unwrap();
        change(&mut snapshot);
        let catalogue = shr::controls::catalogue("en").unwrap();
        assess(&snapshot, &catalogue, &parse(&self.engagement), "acme", date(2026, 11, 24))
    }

    /// The row of a control about its only subject.
    pub(crate) fn row(&self, control: &str) -> FamilyRow {
        self.row_with(control, |_| {})
    }

    pub(crate) fn row_with(&self, control: &str, change: impl FnOnce(&mut Snapshot)) -> FamilyRow {
        let all = self.assess_with(change).family;
        let mut rows = all.into_iter().filter(|row| *row.control == *control);
        let row = rows.find(|row| !row.subject.is_empty() || &*row.kind == "org");
        row.unwrap_or_else(|| panic!("no row of {control}"))
    }
}

pub(crate) fn org() -> Org {
    Org::default()
}

/// An element with a text.
pub(crate) fn set(name: &str, value: impl std::fmt::Display) -> String {
    format!("<{name}>{value}</{name}>")
}

/// A row of a table: control, org, outcome, and the reason or the general reason that it gives.
pub(crate) type Line = (&'static str, Org, Outcome, &'static str);

/// Every row of a table has the outcome and gives the reason.
pub(crate) fn hold(table: Vec<Line>) {
    let mut wrong = Vec::new();
    for (number, (control, org, outcome, reason)) in table.into_iter().enumerate() {
        let row = org.row(control);
        let key = &row.because.key;
        let said = shr::controls::wording("en").unwrap().say(&row.because);
        let whole = key == &format!("{control}.{reason}") || key == &format!("family.{reason}") || key == reason;
        if row.outcome != outcome || !whole || said.contains('⟨') {
            wrong.push(format!("{number}: {control} is {} by {key}, not {outcome} by {reason}: {said}", row.outcome));
        }
        if row.outcome == Outcome::Pass {
            assert!(
                !row.details().observed.is_empty() && !row.details().places.is_empty(),
                "{control}: a pass without evidence"
            );
        }
        if row.outcome.is_open() {
            assert!(!row.root_cause.is_empty(), "{control}: an open row without a cause");
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
