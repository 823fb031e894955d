//! External Client Apps and connected apps.

use super::{IpRange, Kind, Located, Locator, Seen, Setting, Settings, SfId, Switch};

/// What an app is to the org.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AppKind {
    /// An External Client App: what its developer offers and what the org's administrator allows stand in files of their
    /// own.
    #[default]
    External,
    /// A connected app: one file says both.
    Connected,
}

/// One app with everything that files and records say about it.
#[derive(Clone, Debug, Default)]
pub struct App {
    /// External Client App or connected app.
    pub kind: AppKind,
    /// API name with namespace prefix; an app that only a record id names carries that id, a connected app that only
    /// records show the name there.
    pub name: String,
    /// Record ids, when records named it.
    pub ids: Vec<SfId>,
    /// Label shown in Setup.
    pub label: Seen<String>,
    /// Namespace of a packaged app.
    pub namespace: Seen<String>,
    /// `Local`, `Packaged`, `Managed`, `AutoInstalled`, or what stands there.
    pub distribution_state: Seen<String>,
    /// Every file and record that named the app, in path order.
    pub sources: Vec<AppSource>,
    /// Admin side of the flow switch (policy, P). A connected app has none.
    pub policy_flow: Seen<Switch>,
    /// Developer side of the flow switch (setting, S).
    pub setting_flow: Seen<Switch>,
    /// Whether the app as a whole is enabled.
    pub enabled: Seen<Switch>,
    /// Whether its OAuth plug-in is enabled.
    pub oauth_plugin_enabled: Seen<Switch>,
    /// The user that tokens are issued for.
    pub execution_user: Seen<UserRef>,
    /// Copies of the policy that have a place for the user and name nobody there.
    pub names_nobody: Vec<Locator>,
    /// What the policy does with the profile's login ranges.
    pub ip_relaxation: Seen<IpRelaxation>,
    /// Permitted users policy: context only, it does not restrict this flow.
    pub permitted_users: Seen<String>,
    /// OAuth scopes as written, one entry for each list seen. An empty list is a list.
    pub scopes: Seen<Vec<String>>,
    /// Scopes that records tell, a column for each: they prove what they say, never that there are no others.
    pub scope_columns: Vec<ScopeColumn>,
    /// Custom OAuth scopes as written.
    pub custom_scopes: Seen<Vec<String>>,
    /// Presence of a consumer secret in each `.ecaGlblOauth` and copy of one, and every other place of a secret (the value
    /// is dropped while parsing).
    pub secret: Seen<SecretPresence>,
    /// Certificate for the JWT bearer flow, one entry for each copy.
    pub certificate: Seen<Certificate>,
    /// Trusted ranges of the app: they do not restrict this flow.
    pub trusted_ranges: Vec<IpRange>,
    /// Refresh token allow-list: it does not restrict this flow.
    pub token_ranges: Vec<IpRange>,
    /// Session timeout of the policy in minutes.
    pub session_timeout_minutes: Seen<u32>,
    /// Last change of the policy record, as written.
    pub policy_changed: Setting<String>,
    /// What the sibling controls read, by the names in `ingest`.
    pub settings: Settings,
}

impl App {
    /// Whether a file or record of this kind named the app.
    #[must_use]
    pub fn has(&self, kind: Kind) -> bool {
        self.sources.iter().any(|source| source.kind == kind)
    }

    /// The places of all files and records of this kind.
    pub fn places(&self, kind: Kind) -> impl Iterator<Item = &Locator> {
        self.sources.iter().filter(move |source| source.kind == kind).map(|source| &source.at)
    }
}

/// One scope in a column of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeColumn {
    /// The scope as metadata spells it, where that is known.
    pub scope: String,
    /// The column as written.
    pub column: String,
    /// What its cell says.
    pub granted: Located<Switch>,
}

/// A file or record that named an app.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AppSource {
    /// What it is.
    pub kind: Kind,
    /// Where it stands: the line that names the app.
    pub at: Locator,
    /// The text that names the app at that place (API name or id).
    pub raw: String,
}

/// How an app names its execution user.
#[derive(Clone, Debug)]
pub enum UserRef {
    /// A user name; compares without case.
    Username(String),
    /// A record id.
    Id(SfId),
    /// `__NAME__`, `$NAME`, `${NAME}`, `{{…}}`: a template, not an org.
    Placeholder(String),
}

impl PartialEq for UserRef {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Username(a), Self::Username(b)) => a.to_lowercase() == b.to_lowercase(),
            (Self::Id(a), Self::Id(b)) => a == b,
            (Self::Placeholder(a), Self::Placeholder(b)) => a == b,
            _ => false,
        }
    }
}
impl Eq for UserRef {}

/// `ipRelaxationPolicyType`, compared without case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IpRelaxation {
    /// The profile's login ranges hold.
    Enforce,
    /// They hold at login, not at refresh; this flow has no refresh token.
    EnforceRelaxRefresh,
    /// They do not hold.
    Bypass,
    /// Undefined for a flow without a person.
    Bypass2Factor,
    /// A value that this version does not know; the text is in [`Located::raw`].
    Unknown,
}

/// Whether a settings file holds a consumer secret. There is no place for the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretPresence {
    /// No element, or an empty one.
    Absent,
    /// Only `*`.
    Masked,
    /// `__NAME__`, `$NAME`, `${NAME}`, `{{…}}`: a template that some tool fills in.
    Placeholder,
    /// A secret stands there in clear text.
    ClearText,
}

/// What a certificate body says; the body itself is dropped while parsing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// A certificate that could be decoded.
    Read {
        /// SHA-256 of the DER form, lower-case hex.
        fingerprint: String,
        /// Last day of validity.
        not_after: jiff::civil::Date,
        /// First day of validity.
        not_before: jiff::civil::Date,
        /// Kind of public key.
        key: KeyKind,
    },
    /// The element is there, but its body is no certificate.
    Unreadable,
}

/// Public key of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// RSA with its modulus length in bits.
    Rsa(u32),
    /// An elliptic curve key.
    Ec,
    /// Anything else.
    Other,
}
