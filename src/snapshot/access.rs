//! Who may do what: users, permission containers, assignments.

use super::{IpRange, Located, Locator, Seen, Setting, Switch, Text, Untold};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Longest form of a record id.
const LONG: usize = 18;
/// Characters of an id that identify the record.
const KEY: usize = 15;

/// A Salesforce record id. Ids of 15 and 18 characters of one record are equal: the first 15 count, with case.
///
/// Exports of a large org hold some millions of them, so the characters stand in place.
#[derive(Clone, Copy)]
pub struct SfId {
    /// ASCII letters and digits; zero where an id of 15 characters has no more.
    written: [u8; LONG],
}

impl SfId {
    /// Takes 15 or 18 ASCII letters and digits; anything else is no id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.trim().as_bytes();
        let shaped = matches!(bytes.len(), KEY | LONG) && bytes.iter().all(u8::is_ascii_alphanumeric);
        let mut written = [0; LONG];
        written.get_mut(..bytes.len()).filter(|_| shaped)?.copy_from_slice(bytes);
        Some(Self { written })
    }

    /// The characters as they were read.
    fn text(&self) -> &str {
        let end = if self.written[KEY] == 0 { KEY } else { LONG };
        std::str::from_utf8(&self.written[..end]).unwrap_or_default()
    }

    /// The 15 characters that identify the record.
    #[must_use]
    pub fn key(&self) -> &str {
        std::str::from_utf8(self.identifying()).unwrap_or_default()
    }

    fn identifying(&self) -> &[u8] {
        &self.written[..KEY]
    }

    /// The same characters as a number of 120 bits.
    #[must_use]
    pub fn number(&self) -> u128 {
        self.identifying().iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    /// The 18-character form, its suffix computed when the id was read with 15.
    #[must_use]
    pub fn long(&self) -> String {
        if self.text().len() == LONG {
            return self.text().to_owned();
        }
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
        let suffix = self.identifying().chunks(5).map(|chunk| {
            let bits = chunk.iter().enumerate().filter(|(_, b)| b.is_ascii_uppercase()).fold(0, |n, (i, _)| n | 1 << i);
            char::from(ALPHABET[bits])
        });
        self.key().chars().chain(suffix).collect()
    }
}

impl PartialEq for SfId {
    fn eq(&self, other: &Self) -> bool {
        self.identifying() == other.identifying()
    }
}
impl Eq for SfId {}
impl PartialOrd for SfId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for SfId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.identifying().cmp(other.identifying())
    }
}
impl Hash for SfId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identifying().hash(state);
    }
}
impl fmt::Debug for SfId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SfId").field(&self.text()).finish()
    }
}
impl fmt::Display for SfId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.long())
    }
}

/// Everything about permissions.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// User records.
    pub users: Vec<User>,
    /// Profiles, permission sets, groups and muting sets; files and records of one container are one entry.
    pub containers: Vec<Container>,
    /// Assignment records.
    pub assignments: Vec<Assignment>,
}

/// A row of the User export.
#[derive(Clone, Debug)]
pub struct User {
    /// Its row.
    pub at: Locator,
    /// Record id.
    pub id: Setting<SfId>,
    /// User name (login name).
    pub username: Setting<Text>,
    /// What people call the user, where selected; read so that it can be kept out of outputs.
    pub full_name: Setting<Text>,
    /// Whether the user can log in.
    pub active: Setting<Switch>,
    /// Profile by id.
    pub profile_id: Setting<SfId>,
    /// Profile by the name that Setup shows.
    pub profile_name: Setting<Text>,
    /// `Standard`, `Guest`, …
    pub user_type: Setting<Text>,
    /// License name.
    pub license: Setting<Text>,
    /// Last login, as written.
    pub last_login: Setting<Text>,
}

/// What kind of permission container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContainerKind {
    /// A profile (a permission set record with `IsOwnedByProfile` is its profile).
    Profile,
    /// A permission set.
    PermissionSet,
    /// A permission set group.
    Group,
    /// A muting permission set: what it grants is taken away inside its group.
    Muting,
}

/// A reference to a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContainerRef {
    /// By API name (profiles: API or Setup name).
    Name(Text),
    /// By record id.
    Id(SfId),
    /// By a name of which the namespace is not told: it proves nothing.
    Bare(Text),
}

impl ContainerRef {
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) | Self::Bare(name) => Some(name.as_str()),
            Self::Id(_) => None,
        }
    }

    pub(crate) fn id(&self) -> Option<&SfId> {
        if let Self::Id(id) = self { Some(id) } else { None }
    }
}

/// Something that grants permissions.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its kind.
    pub kind: ContainerKind,
    /// API name, percent-decoded, with namespace prefix. Profiles: the API name (`Admin`).
    pub name: String,
    /// Other names: label, name in Setup (`System Administrator`).
    pub other_names: BTreeSet<String>,
    /// Record ids that mean it (a profile has its own and that of its owned permission set).
    pub ids: Vec<SfId>,
    /// Every file or row that describes it; the line of the root element or the row.
    pub sources: Vec<Locator>,
    /// Whether a metadata file describes its permissions.
    pub from_file: bool,
    /// Whether only pieces describe it, stored in several files. A piece that is missing leaves no trace.
    pub in_pieces: bool,
    /// Places of files of it that could not be read: whatever they hold, it is not known.
    pub unread: Vec<Locator>,
    /// Permission columns (without `Permissions` prefix) of which a row of it tells on or off; empty without a record.
    pub record_columns: BTreeSet<Arc<str>>,
    /// User permissions by API name, with all places that state them. Rows add only what is on.
    pub permissions: BTreeMap<String, Vec<Located<Switch>>>,
    /// Object access by object API name.
    pub objects: BTreeMap<String, ObjectAccess>,
    /// What its files and rows leave open about permissions, rights and members.
    pub untold: Untold,
    /// Login ranges of a profile, one entry for each file that states any. A file without the element says nothing.
    pub login_ranges: Seen<Vec<IpRange>>,
    /// Whether no file states its ranges as a whole: others may lie in files that are missing.
    pub ranges_in_pieces: bool,
    /// Whether its permissions need an activation (session-based).
    pub activation_required: Seen<Switch>,
    /// Whether a profile is a custom one; standard profiles cannot be edited freely.
    pub custom: Seen<Switch>,
    /// License it is bound to.
    pub license: Seen<String>,
    /// Status of a group.
    pub status: Seen<GroupStatus>,
    /// Members of a group.
    pub members: Vec<Located<ContainerRef>>,
    /// Muting sets of a group.
    pub mutings: Vec<Located<ContainerRef>>,
    /// For a group: whether a record of type `Group` carries its calculated permissions (after muting).
    pub calculated: bool,
}

impl Container {
    /// An empty container.
    #[must_use]
    pub fn new(kind: ContainerKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            other_names: BTreeSet::new(),
            ids: Vec::new(),
            sources: Vec::new(),
            from_file: false,
            in_pieces: false,
            unread: Vec::new(),
            record_columns: BTreeSet::new(),
            permissions: BTreeMap::new(),
            objects: BTreeMap::new(),
            untold: Untold::default(),
            login_ranges: Seen::default(),
            ranges_in_pieces: false,
            activation_required: Seen::default(),
            custom: Seen::default(),
            license: Seen::default(),
            status: Seen::default(),
            members: Vec::new(),
            mutings: Vec::new(),
            calculated: false,
        }
    }

    /// The name that Setup shows: a standard profile's API name (`Admin`) differs from it.
    #[must_use]
    pub fn setup_name(&self) -> &str {
        let other = (self.kind == ContainerKind::Profile).then(|| self.other_names.first()).flatten();
        other.unwrap_or(&self.name)
    }
}

/// `status` of a permission set group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupStatus {
    /// The calculated result is current.
    Updated,
    /// `Outdated`, `Updating`, `Failed` or a text that this version does not know.
    NotCurrent,
}

/// The name of an object of which an export has rights, but not the name. A right on some object is a right.
pub const UNNAMED_OBJECT: &str = "?";

/// Access to one object.
#[derive(Clone, Debug, Default)]
pub struct ObjectAccess {
    /// What is granted, each with all places that grant it.
    pub grants: BTreeMap<ObjectGrant, Vec<Locator>>,
}

/// One right on an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectGrant {
    /// Read records.
    Read,
    /// Create records.
    Create,
    /// Edit records.
    Edit,
    /// Delete records.
    Delete,
    /// Read all records, sharing ignored.
    ViewAllRecords,
    /// Change and delete all records, sharing ignored.
    ModifyAllRecords,
    /// See all fields, field security ignored.
    ViewAllFields,
}

/// How exports write a right on an object.
#[derive(Clone, Copy, Debug)]
pub struct ObjectRight {
    /// The right.
    pub grant: ObjectGrant,
    /// The element of metadata.
    pub element: &'static str,
    /// The column of records.
    pub column: &'static str,
    /// The same in lower case, because columns are looked up without case.
    pub key: &'static str,
}

impl ObjectRight {
    /// All rights.
    pub const ALL: [Self; 7] = [
        Self::new(ObjectGrant::Read, "allowRead", "PermissionsRead", "permissionsread"),
        Self::new(ObjectGrant::Create, "allowCreate", "PermissionsCreate", "permissionscreate"),
        Self::new(ObjectGrant::Edit, "allowEdit", "PermissionsEdit", "permissionsedit"),
        Self::new(ObjectGrant::Delete, "allowDelete", "PermissionsDelete", "permissionsdelete"),
        Self::new(
            ObjectGrant::ViewAllRecords,
            "viewAllRecords",
            "PermissionsViewAllRecords",
            "permissionsviewallrecords",
        ),
        Self::new(
            ObjectGrant::ModifyAllRecords,
            "modifyAllRecords",
            "PermissionsModifyAllRecords",
            "permissionsmodifyallrecords",
        ),
        Self::new(ObjectGrant::ViewAllFields, "viewAllFields", "PermissionsViewAllFields", "permissionsviewallfields"),
    ];

    const fn new(grant: ObjectGrant, element: &'static str, column: &'static str, key: &'static str) -> Self {
        Self { grant, element, column, key }
    }

    /// Older API versions do not write it, so that nothing follows from its absence.
    #[must_use]
    pub fn is_recent(self) -> bool {
        self.grant == ObjectGrant::ViewAllFields
    }
}

impl ObjectGrant {
    /// The right as metadata spells it.
    #[must_use]
    pub fn element(self) -> &'static str {
        ObjectRight::ALL.iter().find(|right| right.grant == self).map_or("", |right| right.element)
    }
}

/// A row of the PermissionSetAssignment export.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Its row.
    pub at: Locator,
    /// Who has it.
    pub assignee: Setting<SfId>,
    /// The permission set, by id and by name where selected.
    pub permission_set: Vec<Located<ContainerRef>>,
    /// The group through which it comes, by id and by name where selected.
    pub group: Vec<Located<ContainerRef>>,
    /// Whether the permission set is the one that a profile owns.
    pub owned_by_profile: Setting<Switch>,
    /// Last day on which it counts.
    pub expires: Setting<jiff::civil::Date>,
    /// `IsActive`: session-based sets that are not activated are inactive; context only.
    pub active: Setting<Switch>,
}
