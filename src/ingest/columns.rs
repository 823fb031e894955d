//! What the columns of a record export tell: of which object its rows are.

use crate::snapshot::Kind;

/// What columns tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// Rows of this kind.
    Kind(Kind),
    /// Rows that would be of this kind and lack these columns.
    Lacking(Kind, &'static str),
    /// They could be rows of several objects that are read.
    Ambiguous,
    /// Nothing that is read.
    Other,
}

/// Names of columns in lower case.
struct Names<'c>(&'c [&'c str]);

impl Names<'_> {
    fn has(&self, name: &str) -> bool {
        self.0.contains(&name)
    }

    /// Whether one begins so.
    fn begin(&self, lead: &str) -> bool {
        self.0.iter().any(|column| column.starts_with(lead))
    }
}

/// Tells rows by their columns, given in lower case.
pub(crate) fn by_columns(columns: &[&str]) -> Columns {
    let names = Names(columns);
    let grants = names.begin("permissions") && columns.iter().any(|c| c.starts_with("permissions") && !c.contains('.'));
    // The login history that Setup offers for download has headings with blanks, and users by name.
    let login_type = names.has("logintype") || names.has("login type");
    let kind = if names.has("logintime")
        || names.has("login time")
        || (login_type && (names.has("userid") || names.has("application")))
    {
        Kind::LoginRecords
    } else if names.has("event_type")
        || (names.has("client_ip") && (names.begin("connected_app") || names.begin("user_")))
    {
        Kind::EventRecords
    } else if (names.has("assigneeid") || names.begin("assignee.")) && names.begin("permissionset") {
        Kind::AssignmentRecords
    } else if names.has("sobjecttype") && (names.has("parentid") || names.begin("parent.") || grants) {
        Kind::ObjectPermissionRecords
    } else if names.has("isclientcredentialsflowenabled")
        || names.has("clientcredentialsflowuser")
        || names.has("iprelaxationpolicytype")
    {
        Kind::OauthPolicyRecords
    } else if names.has("oauthpluginstatus") {
        Kind::AppPolicyRecords
    } else if names.begin("optionsallowadminapproved") || names.begin("optionsrefreshtokenvalidity") {
        Kind::ConnectedAppRecords
    } else if names.begin("oauthscopes") {
        Kind::OauthSettingsRecords
    } else if names.has("isownedbyprofile") {
        Kind::PermissionSetRecords
    } else if names.has("orgscopedexternalapp") || (names.has("distributionstate") && names.has("developername")) {
        Kind::AppRecords
    } else if names.has("username") && lacks_of_a_user(columns).is_none() {
        Kind::UserRecords
    } else if names.has("permissionsetgroupid") && names.has("permissionsetid") {
        Kind::GroupComponentRecords
    } else if grants && names.has("developername") {
        Kind::MutingRecords
    } else if grants
        && names.has("name")
        && (names.has("label") || names.has("profileid") || names.has("permissionsetgroupid"))
    {
        Kind::PermissionSetRecords
    } else if names.has("name") && !names.has("email") && (names.has("userlicenseid") || names.has("userlicense.name"))
    {
        Kind::ProfileRecords
    } else if names.has("developername") && names.has("status") && !names.has("eventname") {
        Kind::GroupRecords
    } else if names.has("username") && (names.has("id") || names.has("isactive") || names.has("profileid")) {
        return Columns::Lacking(Kind::UserRecords, lacks_of_a_user(columns).unwrap_or_default());
    } else if (grants && (names.has("name") || names.has("id"))) || only_names(columns) {
        return Columns::Ambiguous;
    } else {
        return Columns::Other;
    };
    Columns::Kind(kind)
}

/// The columns without which rows are no export of users: many a list has user names.
pub(crate) fn lacks_of_a_user(columns: &[&str]) -> Option<&'static str> {
    let names = Names(columns);
    if !names.has("id") {
        Some("the column Id")
    } else if !names.has("isactive") && !names.has("profileid") && !names.has("profile.name") {
        Some("both IsActive and ProfileId")
    } else {
        None
    }
}

/// Whether there is an id and nothing but names, which many objects have.
fn only_names(columns: &[&str]) -> bool {
    const NAMES: &[&str] = &["id", "name", "developername", "masterlabel", "label"];
    columns.contains(&"id") && columns.iter().all(|column| NAMES.contains(column))
}
