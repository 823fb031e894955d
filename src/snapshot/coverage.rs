//! How much of each kind of input a snapshot holds, and what could not be read.

use super::{ContainerKind, Locator};
use std::fmt;

/// A kind of file or of record export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `.eca`
    AppFile,
    /// `.ecaOauth`
    OauthSettingsFile,
    /// `.ecaGlblOauth`
    GlobalOauthFile,
    /// `.ecaOauthPlcy`
    OauthPolicyFile,
    /// `.ecaPlcy`
    AppPolicyFile,
    /// `.ecaOauthSecurity`
    OauthSecurityFile,
    /// Any other `.eca…` child: it only makes its app part of the population.
    OtherAppFile,
    /// `.connectedApp`
    ConnectedAppFile,
    /// `.profile`
    ProfileFile,
    /// `.permissionset`, decomposed ones included
    PermissionSetFile,
    /// `.permissionsetgroup`
    GroupFile,
    /// `.mutingpermissionset`
    MutingFile,
    /// `.transactionSecurityPolicy`
    TransactionPolicyFile,
    /// `Event.settings`
    EventSettingsFile,
    /// `Security.settings`
    SecuritySettingsFile,
    /// `ExternalClientApp.settings`
    AppSettingsFile,
    /// `ConnectedApp.settings`
    ConnectedAppSettingsFile,
    /// `OauthOidc.settings`
    OauthOidcSettingsFile,
    /// A copy of an app's file (`.bak`, `~`, …): only secrets are looked for in it
    CopyFile,
    /// `package.xml`
    ManifestFile,
    /// `sfdx-project.json`, where it states the org's namespace
    ProjectFile,
    /// User rows
    UserRecords,
    /// Profile rows
    ProfileRecords,
    /// PermissionSet rows
    PermissionSetRecords,
    /// PermissionSetAssignment rows
    AssignmentRecords,
    /// PermissionSetGroup rows
    GroupRecords,
    /// PermissionSetGroupComponent rows
    GroupComponentRecords,
    /// MutingPermissionSet rows
    MutingRecords,
    /// ObjectPermissions rows
    ObjectPermissionRecords,
    /// ExternalClientApplication rows
    AppRecords,
    /// ExtlClntAppOauthPlcyCnfg rows
    OauthPolicyRecords,
    /// ExtlClntAppPlcyCnfg rows
    AppPolicyRecords,
    /// ExtlClntAppOauthSettings rows
    OauthSettingsRecords,
    /// ConnectedApplication rows
    ConnectedAppRecords,
    /// LoginHistory rows
    LoginRecords,
    /// Rows of event log files (ApiTotalUsage, RestApi, BulkApi2, Login)
    EventRecords,
    /// Rows of a list of components (`sf org list metadata`)
    ListingRecords,
    /// A record export of an object that cannot be told
    UnknownRecords,
}

impl Kind {
    /// All kinds that there can be enough of, in report order.
    pub const ALL: &'static [Self] = &[
        Self::AppFile,
        Self::OauthSettingsFile,
        Self::GlobalOauthFile,
        Self::OauthPolicyFile,
        Self::AppPolicyFile,
        Self::OauthSecurityFile,
        Self::OtherAppFile,
        Self::AppRecords,
        Self::OauthPolicyRecords,
        Self::AppPolicyRecords,
        Self::OauthSettingsRecords,
        Self::ConnectedAppFile,
        Self::ConnectedAppRecords,
        Self::ProfileFile,
        Self::PermissionSetFile,
        Self::GroupFile,
        Self::MutingFile,
        Self::UserRecords,
        Self::ProfileRecords,
        Self::PermissionSetRecords,
        Self::AssignmentRecords,
        Self::GroupRecords,
        Self::GroupComponentRecords,
        Self::MutingRecords,
        Self::ObjectPermissionRecords,
        Self::TransactionPolicyFile,
        Self::EventSettingsFile,
        Self::SecuritySettingsFile,
        Self::AppSettingsFile,
        Self::ConnectedAppSettingsFile,
        Self::OauthOidcSettingsFile,
        Self::ManifestFile,
        Self::ProjectFile,
        Self::LoginRecords,
        Self::EventRecords,
        Self::ListingRecords,
        Self::UnknownRecords,
    ];

    /// Whether it is a record export (rows) rather than a metadata file.
    #[must_use]
    pub fn is_records(self) -> bool {
        self >= Self::UserRecords
    }

    /// Whether a file of this kind belongs to one External Client App.
    #[must_use]
    pub fn is_of_an_app(self) -> bool {
        self <= Self::OtherAppFile
    }

    /// Whether the org can list the components of this metadata type, so that files can be compared with the list.
    #[must_use]
    pub fn is_listed(self) -> bool {
        self <= Self::TransactionPolicyFile && self != Self::OtherAppFile
    }

    /// The kind of container that metadata of this type describes.
    pub(crate) fn container(self) -> Option<ContainerKind> {
        match self {
            Self::ProfileFile => Some(ContainerKind::Profile),
            Self::PermissionSetFile => Some(ContainerKind::PermissionSet),
            Self::GroupFile => Some(ContainerKind::Group),
            Self::MutingFile => Some(ContainerKind::Muting),
            _ => None,
        }
    }

    /// The metadata type or object name, as Salesforce writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AppFile | Self::AppRecords => "ExternalClientApplication",
            Self::OauthSettingsFile | Self::OauthSettingsRecords => "ExtlClntAppOauthSettings",
            Self::GlobalOauthFile => "ExtlClntAppGlobalOauthSettings",
            Self::OauthPolicyFile => "ExtlClntAppOauthConfigurablePolicies",
            Self::AppPolicyFile => "ExtlClntAppConfigurablePolicies",
            Self::OauthSecurityFile => "ExtlClntAppOauthSecuritySettings",
            Self::OtherAppFile => "other External Client App settings",
            Self::ConnectedAppFile => "ConnectedApp",
            Self::ConnectedAppRecords => "ConnectedApplication",
            Self::ProfileFile | Self::ProfileRecords => "Profile",
            Self::PermissionSetFile | Self::PermissionSetRecords => "PermissionSet",
            Self::GroupFile | Self::GroupRecords => "PermissionSetGroup",
            Self::MutingFile | Self::MutingRecords => "MutingPermissionSet",
            Self::TransactionPolicyFile => "TransactionSecurityPolicy",
            Self::EventSettingsFile => "EventSettings",
            Self::SecuritySettingsFile => "SecuritySettings",
            Self::AppSettingsFile => "ExternalClientAppSettings",
            Self::ConnectedAppSettingsFile => "ConnectedAppSettings",
            Self::OauthOidcSettingsFile => "OauthOidcSettings",
            Self::CopyFile => "copy of an app's file",
            Self::ManifestFile => "Package",
            Self::ProjectFile => "sfdx-project.json",
            Self::UserRecords => "User",
            Self::AssignmentRecords => "PermissionSetAssignment",
            Self::GroupComponentRecords => "PermissionSetGroupComponent",
            Self::ObjectPermissionRecords => "ObjectPermissions",
            Self::OauthPolicyRecords => "ExtlClntAppOauthPlcyCnfg",
            Self::AppPolicyRecords => "ExtlClntAppPlcyCnfg",
            Self::LoginRecords => "LoginHistory",
            Self::EventRecords => "EventLogFile",
            Self::ListingRecords => "FileProperties",
            Self::UnknownRecords => "unknown records",
        }
    }
}

/// How much of one kind there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All of it, by its own count (`totalSize`), a manifest with `*`, or a declared count.
    Complete {
        /// Rows or files received.
        got: usize,
    },
    /// Cut off: fewer rows than the export says there are, or `done: false`.
    Truncated {
        /// Rows received.
        got: usize,
        /// Rows that the export says there are.
        of: usize,
    },
    /// Nothing of it in the snapshot.
    Absent,
    /// There, but nothing proves that it is all.
    NotProven {
        /// Rows or files received.
        got: usize,
    },
}

impl Coverage {
    /// Rows or files received.
    #[must_use]
    pub fn got(self) -> usize {
        match self {
            Self::Complete { got } | Self::Truncated { got, .. } | Self::NotProven { got } => got,
            Self::Absent => 0,
        }
    }
}

/// Why an export is not taken for all of its kind, whatever it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Files that could not be read, whatever they hold.
    Unread {
        /// How many.
        files: usize,
        /// The first of them.
        first: Locator,
    },
    /// Rows that could not be used: torn, naming nothing that they could belong to, or not understood.
    Lost {
        /// How many.
        rows: usize,
        /// The first of them.
        first: Locator,
    },
    /// Rows with an id that another row of the same file has: where pages overlap, another row is missing.
    Repeated {
        /// How many.
        rows: usize,
        /// The first of them.
        first: Locator,
    },
    /// Rows of other exports say that something is missing.
    Contradicted {
        /// What is missing.
        missing: Missing,
        /// Its names, the first of them only.
        names: Vec<String>,
        /// How many more there are.
        more: usize,
        /// The first row that says so.
        at: Locator,
    },
    /// As many rows as a usual limit of queries allows: an answer counts its rows after the limit.
    Limit {
        /// How many.
        rows: usize,
    },
}

/// What an export does not hold although another one shows that it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// Users that have assignments.
    Users,
    /// Permission sets that are assigned.
    PermissionSets,
    /// Groups that are assigned.
    Groups,
    /// Profiles that users have.
    Profiles,
    /// Last logins of users.
    LastLogins,
}

/// Something that could not be read. It never stops the rest; what depends on it is `not_evaluable`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Place: file and, for text, line.
    pub at: Locator,
    /// Column, counted from 1; 0 when it does not apply.
    pub column: u32,
    /// What kind of thing was being read, when that could be told.
    pub kind: Option<Kind>,
    /// The apps it belongs to, by name in order; none when the link could not be read.
    pub apps: Vec<String>,
    /// Class of the problem.
    pub code: ProblemCode,
    /// What is wrong: one lower-case line, control characters shown as `\u{…}`.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// Further places of the file with a fault of the same kind that this problem stands for; [`Problem::message`] says so.
    pub more: usize,
}

impl Problem {
    /// A problem of which only the place and the kind of thing are known.
    #[must_use]
    pub fn new(
        at: Locator,
        kind: Option<Kind>,
        code: ProblemCode,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { at, column: 0, kind, apps: Vec::new(), code, message: message.into(), hint: hint.into(), more: 0 }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            0 => write!(f, "{}: {}", self.at, self.message),
            column => write!(f, "{}:{column}: {}", self.at, self.message),
        }
    }
}

/// Classes of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemCode {
    /// The file could not be read or is not in an accepted encoding.
    Unreadable,
    /// Not well-formed, wrong root, DOCTYPE, too deep.
    Malformed,
    /// Larger than a limit.
    TooLarge,
    /// A record export of which the object cannot be told, or with columns that do not fit.
    Ambiguous,
    /// A query that failed, or an export that cannot be joined (`sf data export tree`).
    FailedExport,
    /// Fewer rows than announced.
    Truncated,
    /// A value that this version does not know.
    UnknownValue,
    /// Something odd in a file that was read nevertheless; nothing else of it is lost.
    Mended,
    /// A file or row that names no app although it has to.
    Unlinked,
    /// A secret in clear text that belongs to no app of the snapshot; nothing is lost by it.
    Exposed,
}
