//! What the path of a file tells of it: metadata by the suffix of its name; a record export only as a possibility.

use super::family::{look, starts_with};
use crate::snapshot::Kind;
use crate::text::spelling::component_name;

/// What the path of a file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// Metadata of a kind.
    Metadata(Metadata),
    /// May be a record export.
    Export(Format),
    /// The file of a source-format project.
    Project,
    /// Nothing that is read.
    Other,
}

/// Metadata, with the name that its path gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub kind: Kind,
    /// Name of the component, percent-decoded.
    pub name: String,
    /// A piece of a component that is stored in several files; its path does not give the component's name.
    pub piece: bool,
}

/// Form of a record export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    /// One record on each line.
    JsonLines,
    Csv,
    /// A workbook, which is not read.
    Workbook,
    /// A single packed file, which is not read.
    Packed,
}

/// Folders of metadata types; one of them at the top of a folder makes it an org.
const FOLDERS: &[&str] = &[
    "externalClientApps",
    "extlClntAppOauthSettings",
    "extlClntAppGlobalOauthSets",
    "extlClntAppOauthPolicies",
    "extlClntAppOauthSecuritySettings",
    "extlClntAppPolicies",
    "connectedApps",
    "profiles",
    "permissionsets",
    "permissionsetgroups",
    "mutingpermissionsets",
    "transactionSecurityPolicies",
    "settings",
];

/// Folders of a project whose files are content, not exports.
const CONTENT_FOLDERS: &[&str] = &[
    "staticresources",
    "lwc",
    "aura",
    "classes",
    "experiences",
    "documents",
    "waveTemplates",
    "site",
    "uiBundles",
    "digitalExperiences",
    "email",
    "objectTranslations",
];

/// Names that people give to folders of record exports, in lower case.
const RECORDS_FOLDERS: &[&str] = &[
    "records",
    "record",
    "exports",
    "export",
    "data",
    "csv",
    "json",
    "queries",
    "query",
    "soql",
    "logs",
    "eventlogs",
    "extracts",
    "extract",
    "reports",
    "evidence",
];

/// Whether a folder is called as folders of record exports are.
pub(crate) fn is_records_folder(name: &str) -> bool {
    RECORDS_FOLDERS.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a path lies in a folder of a project whose files are content.
pub(crate) fn is_content(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|folder| CONTENT_FOLDERS.contains(&folder))
}

/// Whether a folder has the name of a metadata type that is read.
pub(crate) fn is_metadata_folder(name: &str) -> bool {
    FOLDERS.iter().any(|folder| folder.eq_ignore_ascii_case(name))
}

/// Whether a file of this path is opened for what it says.
pub(crate) fn is_read(path: &str) -> bool {
    !matches!(by_path(path), Guess::Other | Guess::Project) || look(path).is_some_and(|look| look.sure)
}

/// Tells by the path alone. The suffix decides, not the folder; `-meta.xml` may follow or not.
pub(crate) fn by_path(path: &str) -> Guess {
    let file = path.rsplit('/').next().unwrap_or(path);
    if file.starts_with('.') {
        return Guess::Other; // droppings of file managers, also `._Name.profile`
    }
    if file.eq_ignore_ascii_case("package.xml") {
        return metadata(Kind::ManifestFile, "package", false);
    }
    if file.eq_ignore_ascii_case("sfdx-project.json") {
        return Guess::Project;
    }
    let cut = file.len().saturating_sub("-meta.xml".len());
    let bare = match (file.get(..cut), file.get(cut..)) {
        (Some(bare), Some(end)) if end.eq_ignore_ascii_case("-meta.xml") => bare,
        _ => file,
    };
    // Copied by hand, many a file has lost the `-meta` of its ending.
    let plain = file.get(file.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case(".xml"));
    if bare == file && plain {
        let inner = path.get(..path.len() - 4).unwrap_or_default();
        if let guess @ Guess::Metadata(_) = by_path(inner) {
            return guess;
        }
    }
    let Some((stem, written)) = bare.rsplit_once('.') else { return Guess::Other };
    if stem.is_empty() {
        return Guess::Other;
    }
    let suffix = written.to_ascii_lowercase();
    let of_an_app = bare != file || written.as_bytes().get(3).is_some_and(u8::is_ascii_uppercase);
    let kind = match suffix.as_str() {
        "eca" => Kind::AppFile,
        "ecaoauth" => Kind::OauthSettingsFile,
        "ecaglbloauth" => Kind::GlobalOauthFile,
        "ecaoauthplcy" => Kind::OauthPolicyFile,
        "ecaplcy" => Kind::AppPolicyFile,
        "ecaoauthsecurity" => Kind::OauthSecurityFile,
        other if other.starts_with("eca") && of_an_app => Kind::OtherAppFile,
        "connectedapp" => Kind::ConnectedAppFile,
        "profile" => Kind::ProfileFile,
        "permissionset" => Kind::PermissionSetFile,
        "permissionsetgroup" => Kind::GroupFile,
        "mutingpermissionset" => Kind::MutingFile,
        "transactionsecuritypolicy" => Kind::TransactionPolicyFile,
        _ if tells_rights(&suffix) => return piece(path),
        "xml"
            if bare == file
                && path.rsplit('/').take(2).any(|name| tells_rights(name.split('.').next().unwrap_or(name))) =>
        {
            return piece(path);
        }
        "settings" => match stem.to_ascii_lowercase().as_str() {
            "event" => Kind::EventSettingsFile,
            "security" => Kind::SecuritySettingsFile,
            "externalclientapp" => Kind::AppSettingsFile,
            "connectedapp" => Kind::ConnectedAppSettingsFile,
            "oauthoidc" => Kind::OauthOidcSettingsFile,
            _ => return Guess::Other,
        },
        "json" if bare == file && may_be_export(path, file) => return Guess::Export(Format::Json),
        "jsonl" | "ndjson" if bare == file && may_be_export(path, file) => return Guess::Export(Format::JsonLines),
        "csv" | "tsv" if bare == file && may_be_export(path, file) => return Guess::Export(Format::Csv),
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "numbers" if bare == file && may_be_export(path, file) => {
            return Guess::Export(Format::Workbook);
        }
        "gz" | "bz2" | "xz" | "zst" | "7z" | "rar" if by_stem(path).is_some() => return Guess::Export(Format::Packed),
        "txt" if by_stem(path).is_some() && may_be_export(path, file) => return Guess::Export(Format::Csv),
        _ => return Guess::Other,
    };
    metadata(kind, stem, false)
}

fn metadata(kind: Kind, stem: &str, piece: bool) -> Guess {
    Guess::Metadata(Metadata { kind, name: component_name(stem), piece })
}

/// Elements that profiles, permission sets and muting sets repeat, and that are therefore stored in files and folders of
/// their own. `customPermissions` is none of them, because a project has a folder of that name for another type.
const PARTS: &[&str] = &[
    "agentAccesses",
    "applicationVisibilities",
    "categoryGroupVisibilities",
    "classAccesses",
    "customMetadataTypeAccesses",
    "customSettingAccesses",
    "emailRoutingAddressAccesses",
    "externalCredentialPrincipalAccesses",
    "externalDataSourceAccesses",
    "fieldPermissions",
    "flowAccesses",
    "layoutAssignments",
    "loginFlows",
    "loginHours",
    "loginIpRanges",
    "objectPermissions",
    "objectSettings",
    "pageAccesses",
    "profileActionOverrides",
    "recordTypeVisibilities",
    "servicePresenceStatusAccesses",
    "tabSettings",
    "tabVisibilities",
    "userPermissions",
];
/// Those that say something about rights and login ranges.
const RIGHTS: &[&str] = &["loginIpRanges", "objectPermissions", "objectSettings", "userPermissions"];

/// Whether a name is that of an element, in its plural or singular, without case.
fn is_of(names: &[&str], written: &str) -> bool {
    // Every path of a snapshot is asked for, and hardly any begins like one of them.
    let first = written.as_bytes().first().map(u8::to_ascii_lowercase);
    names.iter().filter(|name| name.as_bytes().first().copied() == first).any(|plural| {
        let singular = match plural.strip_suffix("ies") {
            Some(stem) => {
                written.len() == stem.len() + 1 && starts_with(written, stem) && written.ends_with(['y', 'Y'])
            }
            None => {
                let ending = if plural.ends_with("sses") { "es" } else { "s" };
                plural.strip_suffix(ending).is_some_and(|singular| singular.eq_ignore_ascii_case(written))
            }
        };
        singular || plural.eq_ignore_ascii_case(written)
    })
}

fn tells_rights(name: &str) -> bool {
    is_of(RIGHTS, name)
}

/// Whether a folder is that of one part of a component.
pub(crate) fn is_part(folder: &str) -> bool {
    is_of(PARTS, folder)
}

/// Whether a path is that of a piece of a component, in whatever format: the file, or a folder above it, has the name
/// of a part.
pub(crate) fn is_of_a_part(path: &str) -> bool {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    folders.split('/').any(is_part)
        || file.split('.').any(|name| is_part(name) || name.rsplit_once('-').is_some_and(|(lead, _)| is_part(lead)))
}

/// The kind of files for which a folder is meant.
pub(crate) fn type_of_folder(name: &str) -> Option<Kind> {
    let types = [
        ("profiles", Kind::ProfileFile),
        ("permissionsets", Kind::PermissionSetFile),
        ("mutingpermissionsets", Kind::MutingFile),
    ];
    types.iter().find(|(folder, _)| folder.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
}

/// A piece of a component; which one, its neighbours tell.
fn piece(path: &str) -> Guess {
    let kind = path.split('/').filter_map(type_of_folder).next_back().unwrap_or(Kind::PermissionSetFile);
    metadata(kind, "", true)
}

/// Whether a piece has a name that other files have, too, so that only its root element shows what it is.
pub(crate) fn is_doubtful(path: &str, meta: &Metadata) -> bool {
    meta.piece && !path.to_ascii_lowercase().ends_with("-meta.xml") && path.to_ascii_lowercase().ends_with(".xml")
}

fn may_be_export(path: &str, file: &str) -> bool {
    const PROJECT_FILES: &[&str] = &["package.json", "package-lock.json", "tsconfig.json", "jsconfig.json"];
    !is_content(path) && !PROJECT_FILES.iter().any(|name| name.eq_ignore_ascii_case(file))
}

/// Objects whose records are read.
const OBJECTS: &[(&str, Kind)] = &[
    ("User", Kind::UserRecords),
    ("Profile", Kind::ProfileRecords),
    ("PermissionSet", Kind::PermissionSetRecords),
    ("PermissionSetAssignment", Kind::AssignmentRecords),
    ("PermissionSetGroup", Kind::GroupRecords),
    ("PermissionSetGroupComponent", Kind::GroupComponentRecords),
    ("MutingPermissionSet", Kind::MutingRecords),
    ("ObjectPermissions", Kind::ObjectPermissionRecords),
    ("ExternalClientApplication", Kind::AppRecords),
    ("ExtlClntAppOauthPlcyCnfg", Kind::OauthPolicyRecords),
    ("ExtlClntAppPlcyCnfg", Kind::AppPolicyRecords),
    ("ExtlClntAppOauthSettings", Kind::OauthSettingsRecords),
    ("ConnectedApplication", Kind::ConnectedAppRecords),
    ("LoginHistory", Kind::LoginRecords),
    ("ApiTotalUsage", Kind::EventRecords),
    ("RestApi", Kind::EventRecords),
    ("BulkApi2", Kind::EventRecords),
    ("EventLogFile", Kind::EventRecords),
];

/// The kind of an object's records, by the object's name without case.
pub(crate) fn by_object(name: &str) -> Option<Kind> {
    OBJECTS.iter().find(|(object, _)| object.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
}

/// The kind of the rows of a sub-query, by the name of the child relationship.
pub(crate) fn by_relationship(name: &str) -> Option<(Kind, &'static str)> {
    match name.to_ascii_lowercase().as_str() {
        "permissionsetassignments" => Some((Kind::AssignmentRecords, "assigneeid")),
        "assignments" => Some((Kind::AssignmentRecords, "permissionsetid")),
        "objectperms" => Some((Kind::ObjectPermissionRecords, "parentid")),
        "permissionsetgroupcomponents" => Some((Kind::GroupComponentRecords, "permissionsetgroupid")),
        _ => None,
    }
}

/// The metadata type whose files a list of components can be compared with, by its name with case.
pub(crate) fn listed_type(name: &str) -> Option<Kind> {
    Kind::ALL.iter().find(|kind| kind.is_listed() && kind.name() == name).copied()
}

/// The metadata type that the end of a file's name says: `Profile.json`, `list-Profile.json`.
pub(crate) fn listed_by_stem(path: &str) -> Option<Kind> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    listed_type(stem.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or(stem))
}

/// The kind that the stem of a file's name says: `User.csv`, `User.csv.gz`.
pub(crate) fn by_stem(path: &str) -> Option<Kind> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let packed = stem.rsplit_once('.').filter(|(_, inner)| ["csv", "json", "jsonl", "tsv"].contains(inner));
    by_object(packed.map_or(stem, |(stem, _)| stem))
}
