//! What one file says, before files and records are joined.

use super::keys::Keys;
use crate::snapshot::{
    ApiUse, App, Assignment, Container, ContainerKind, ContainerRef, Input, Kind, Lack, Located, Locator, Login,
    ObjectGrant, OrgSettings, Problem, SecretPresence, SfId, Stamp, Text, TransactionPolicy, User,
};
use std::collections::BTreeSet;

/// One file, read.
#[derive(Debug, Default)]
pub(super) struct FileFacts {
    /// The file itself; `None` when it is of no kind that is read.
    pub input: Option<Input>,
    /// What it says.
    pub said: Vec<Said>,
    pub rows: ManyRows,
    /// Ids and names that stand in one row.
    pub aliases: BTreeSet<Alias>,
    pub problems: Vec<Problem>,
    /// How complete its records are, for each kind in it.
    pub pages: Vec<ExportPage>,
    /// The latest time stamp in its records.
    pub newest: Option<Stamp>,
}

/// A kind of container, an id and a name of it.
pub(super) type Alias = (ContainerKind, SfId, Name);

/// The rows of which large orgs have millions, without a box for each of them.
#[derive(Debug, Default)]
pub(super) struct ManyRows {
    pub users: Vec<User>,
    pub assignments: Vec<Assignment>,
    pub objects: Vec<ObjectRow>,
    pub logins: Vec<Login>,
}

impl ManyRows {
    /// Makes room for all rows of a table at once: room that grows is twice what is needed.
    pub(super) fn expect(&mut self, kind: Kind, rows: usize) {
        match kind {
            Kind::UserRecords => self.users.reserve_exact(rows),
            Kind::AssignmentRecords => self.assignments.reserve_exact(rows),
            Kind::ObjectPermissionRecords => self.objects.reserve_exact(rows),
            Kind::LoginRecords => self.logins.reserve_exact(rows),
            _ => {}
        }
    }
}

impl FileFacts {
    /// Adds an id and a name that stand in one row.
    pub(super) fn alias(&mut self, kind: ContainerKind, id: SfId, name: &Name) {
        let alias = (kind, id, name.clone());
        if !self.aliases.contains(&alias) {
            self.aliases.insert(alias);
        }
    }
}

/// Records of one kind in one file.
#[derive(Clone, Debug)]
pub(super) struct ExportPage {
    pub path: std::sync::Arc<str>,
    pub kind: Kind,
    /// Rows in the file, those that could not be used among them.
    pub rows: usize,
    /// Rows that the export says there are.
    pub announced: Option<usize>,
    /// Whether the export says that it is finished.
    pub done: Option<bool>,
    /// What tells the used rows apart.
    pub keys: Keys,
    /// Rows that could not be used.
    pub lost: Rows,
    /// Rows that are there twice.
    pub repeated: Rows,
    /// From when to when its events are, where it is a history of them.
    pub span: Option<(jiff::Timestamp, jiff::Timestamp)>,
}

/// Some rows: how many, and the first of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub count: usize,
    pub first: Option<Locator>,
}

impl Rows {
    /// Adds a row; rows are added in the order of their places.
    pub(super) fn add(&mut self, at: &Locator) {
        self.count += 1;
        self.first.get_or_insert_with(|| at.clone());
    }
}

/// One statement of a file.
#[derive(Debug)]
pub(super) enum Said {
    /// Something about an app.
    App(Box<AppFacts>),
    /// Something about a connected app.
    Connected(Box<App>),
    Container(Box<ContainerFacts>),
    /// A piece of a component that is stored in several files.
    Piece(Box<Piece>),
    /// Members of a group by records.
    Member(Box<Member>),
    Org(Box<OrgSettings>),
    TransactionPolicy(Box<TransactionPolicy>),
    /// A metadata type that a manifest requests with `*`.
    Whole(Wanted),
    OrgId(Located<SfId>),
    /// A namespace that is the org's own.
    Namespace(String),
    /// A component that the org lists.
    Listed(Box<Listed>),
    /// A consumer secret in a file that is not the app's own, or names no app.
    Secret(Box<Mention>),
    ApiUse(Box<ApiUse>),
}

/// What a file says about a secret without being the app's own file.
#[derive(Debug)]
pub(super) struct Mention {
    /// The app that the file names.
    pub link: Option<String>,
    /// Name of the file up to its suffix; files of an app begin with the app's name.
    pub stem: String,
    pub kind: Kind,
    pub presence: SecretPresence,
    pub at: Locator,
}

/// A metadata type that a manifest requests with `*`.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Name of the type.
    pub of: String,
    /// API version of the request, without its minor part; `None` where it states none.
    pub version: Option<u32>,
    pub at: Locator,
}

/// A name that a file or row gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// The name that metadata has, with the namespace if there is one.
    Whole(Text),
    /// A name of which the namespace was not told; of a profile the name in Setup. Others may have it, too.
    Bare(Text),
}

impl Name {
    pub(super) fn written(&self) -> &Text {
        match self {
            Self::Whole(name) | Self::Bare(name) => name,
        }
    }

    pub(super) fn text(&self) -> &str {
        self.written()
    }

    pub(super) fn whole(&self) -> Option<&str> {
        match self {
            Self::Whole(name) => Some(name),
            Self::Bare(_) => None,
        }
    }
}

/// What one file or row says about an app.
#[derive(Debug)]
pub(super) struct AppFacts {
    pub name: Option<Name>,
    pub id: Option<SfId>,
    /// What it says; its `name` and `ids` are not used.
    pub app: App,
}

/// What one file or row says about a container.
#[derive(Debug)]
pub(super) struct ContainerFacts {
    /// API name (profiles: API or Setup name); `None` when only ids name it.
    pub name: Option<Name>,
    /// What it says; its `name` is not used.
    pub container: Container,
}

/// What a piece says of a component that is stored in several files.
#[derive(Debug)]
pub(super) struct Piece {
    /// The kind of component, where the root element tells it.
    pub kind: Option<ContainerKind>,
    /// What it says; its `kind` and `name` are not used.
    pub container: Container,
}

/// A row that makes a permission set a member of a group.
#[derive(Debug)]
pub(super) struct Member {
    pub group_name: Option<Name>,
    pub group_id: Option<SfId>,
    pub members: Vec<Located<ContainerRef>>,
    pub muting: bool,
    pub at: Locator,
}

/// A component of a list, or the list itself.
#[derive(Debug)]
pub(super) struct Listed {
    /// Metadata type.
    pub of: &'static str,
    /// Full name, percent-decoded; `None` for the list as such.
    pub name: Option<String>,
    pub at: Locator,
    /// Whether the list is a command's answer as it stands.
    pub whole: bool,
}

/// A row of object permissions.
#[derive(Debug)]
pub(super) struct ObjectRow {
    pub kind: ContainerKind,
    pub parent_id: Option<SfId>,
    pub parent_name: Option<Name>,
    /// The profile whose own set the parent is, where the row gives its id.
    pub owner: Option<SfId>,
    /// Whether the row tells of what kind the parent is: a set of its own, or one of a profile.
    pub is_told: bool,
    /// `None` when the row does not name it.
    pub object: Option<Text>,
    pub grants: Vec<ObjectGrant>,
    /// Rights of which the row does not tell whether it grants them.
    pub untold: Vec<(ObjectGrant, Located<Lack>)>,
    pub at: Locator,
}
