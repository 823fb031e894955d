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

/// Tells rows by their columns, given in lower case.
pub(crate) fn by_columns(columns: &[&str]) -> Columns {
    let has = |name: &str| columns.contains(&name);
    let starts = |lead: &str| columns.iter().any(|column| column.starts_with(lead));
    let grants = starts("permissions") && columns.iter().any(|c| c.starts_with("permissions") && !c.contains('.'));
    // The login history that Setup offers for download has headings with blanks, and users by name.
    let login_type = has("logintype") || has("login type");
    let kind = if has("logintime") || has("login time") || (login_type && (has("userid") || has("application"))) {
        Kind::LoginRecords
    } else if has("event_type") || (has("client_ip") && (starts("connected_app") || starts("user_"))) {
        Kind::EventRecords
    } else if (has("assigneeid") || starts("assignee.")) && starts("permissionset") {
        Kind::AssignmentRecords
    } else if has("sobjecttype") && (has("parentid") || starts("parent.") || grants) {
        Kind::ObjectPermissionRecords
    } else if has("isclientcredentialsflowenabled") || has("clientcredentialsflowuser") || has("iprelaxationpolicytype")
    {
        Kind::OauthPolicyRecords
    } else if has("oauthpluginstatus") {
        Kind::AppPolicyRecords
    } else if starts("oauthscopes") {
        Kind::OauthSettingsRecords
    } else if has("isownedbyprofile") {
        Kind::PermissionSetRecords
    } else if has("orgscopedexternalapp") || (has("distributionstate") && has("developername")) {
        Kind::AppRecords
    } else if has("username") && lacks_of_a_user(columns).is_none() {
        Kind::UserRecords
    } else if has("permissionsetgroupid") && has("permissionsetid") {
        Kind::GroupComponentRecords
    } else if grants && has("developername") {
        Kind::MutingRecords
    } else if grants && has("name") && (has("label") || has("profileid") || has("permissionsetgroupid")) {
        Kind::PermissionSetRecords
    } else if has("name") && !has("email") && (has("userlicenseid") || has("userlicense.name")) {
        Kind::ProfileRecords
    } else if has("developername") && has("status") && !has("eventname") {
        Kind::GroupRecords
    } else if has("username") && (has("id") || has("isactive") || has("profileid")) {
        return Columns::Lacking(Kind::UserRecords, lacks_of_a_user(columns).unwrap_or_default());
    } else if (grants && (has("name") || has("id"))) || only_names(columns) {
        return Columns::Ambiguous;
    } else {
        return Columns::Other;
    };
    Columns::Kind(kind)
}

/// The columns without which rows are no export of users: many a list has user names.
pub(crate) fn lacks_of_a_user(columns: &[&str]) -> Option<&'static str> {
    let has = |name: &str| columns.contains(&name);
    if !has("id") {
        Some("the column Id")
    } else if !has("isactive") && !has("profileid") && !has("profile.name") {
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
