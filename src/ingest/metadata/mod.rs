//! Metadata files: one small function for each type.

mod access;
mod apps;
mod org;

pub(super) use access::group_status;
pub(super) use apps::app_by_root;

use super::file_facts::{FileFacts, Said};
use super::long_text;
use super::secrets;
use super::values::File;
use super::xml::{self, Element};
use crate::limits::Limits;
use crate::snapshot::{Kind, Locator, ObjectRight, Place, Problem, ProblemCode};
use crate::source::recognise::Metadata;
use std::sync::Arc;

pub(super) fn read(meta: &Metadata, path: &Arc<str>, bytes: &[u8], limits: &Limits) -> FileFacts {
    let document = xml::read(bytes, limits, &roots(meta), &|name| wanted(meta, name));
    let mut file = File::new(path, meta.kind);
    let mut said = Vec::new();
    match (&document.root, document.fault) {
        (Some(root), None) => {
            said = of_kind(&mut file, &Item { meta, root });
        }
        (root, fault) => {
            said.extend(apps::still_named(&mut file, meta, root.as_ref()));
            if let Some(fault) = fault {
                let at = Locator::new(path, if fault.line == 0 { Place::File } else { Place::Line(fault.line) });
                said.extend(access::unread(&file, meta, at.clone()));
                let apps = file.app.iter().cloned().collect();
                let problem = Problem::new(at, Some(meta.kind), fault.code, fault.message, fault.hint);
                file.problems.push(Problem { column: fault.column, apps, ..problem });
            }
        }
    }
    for cut in document.cut {
        let message = long_text::message(cut.name, cut.characters, limits.text_length);
        file.problem(file.line(cut.line), ProblemCode::Mended, message, &long_text::hint(cut.characters));
    }
    secrets::add(&file, meta, bytes, &mut said);
    FileFacts { said, problems: file.problems, ..FileFacts::default() }
}

/// What the mere presence of a file says when its bytes cannot be had.
pub(super) fn unreadable(meta: &Metadata, path: &Arc<str>) -> FileFacts {
    let mut file = File::new(path, meta.kind);
    let app = apps::still_named(&mut file, meta, None);
    let container = access::unread(&file, meta, Locator::new(path, Place::File));
    FileFacts { said: app.into_iter().chain(container).collect(), ..FileFacts::default() }
}

/// A readable file.
struct Item<'m, 'a> {
    meta: &'m Metadata,
    root: &'m Element<'a>,
}

/// Root elements of pieces: that of the whole component, or the repeated element itself.
const PIECES: &[&str] = &[
    "PermissionSet",
    "Profile",
    "MutingPermissionSet",
    "UserPermission",
    "UserPermissions",
    "userPermissions",
    "ObjectPermission",
    "ObjectPermissions",
    "objectPermissions",
    "ObjectSettings",
    "objectSettings",
    "LoginIpRange",
    "LoginIpRanges",
    "loginIpRanges",
];

/// Whether a file is a piece of a component, by its root element.
pub(super) fn is_piece(bytes: &[u8]) -> bool {
    xml::root_name(bytes).is_some_and(|name| PIECES.contains(&name))
}

/// The names that the root of a file may have; none where it may have any.
fn roots(meta: &Metadata) -> Vec<&'static str> {
    match meta.kind {
        _ if meta.piece => PIECES.to_vec(),
        // Each feature of an app has a root of its own.
        Kind::OtherAppFile => Vec::new(),
        kind => vec![kind.name()],
    }
}

/// Children of the root that are kept. Of profiles and permission sets nine tenths are about fields and classes.
fn wanted(meta: &Metadata, name: &str) -> bool {
    match meta.kind {
        Kind::ProfileFile | Kind::PermissionSetFile | Kind::MutingFile => match name {
            "userPermissions"
            | "objectPermissions"
            | "loginIpRanges"
            | "userLicense"
            | "custom"
            | "license"
            | "label"
            | "hasActivationRequired"
            | "enabled"
            | "name"
            | "object"
            | "startAddress"
            | "endAddress" => true,
            other => ObjectRight::ALL.iter().any(|right| right.element == other),
        },
        _ => true,
    }
}

fn of_kind(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    match item.meta.kind {
        Kind::AppFile => apps::header(file, item),
        Kind::OauthSettingsFile => apps::oauth_settings(file, item),
        Kind::GlobalOauthFile => apps::global_oauth(file, item),
        Kind::OauthPolicyFile => apps::oauth_policy(file, item),
        Kind::AppPolicyFile => apps::app_policy(file, item),
        Kind::OauthSecurityFile => apps::oauth_security(file, item),
        Kind::OtherAppFile => apps::other(file, item),
        Kind::ConnectedAppFile => apps::connected(file, item),
        Kind::ProfileFile | Kind::PermissionSetFile | Kind::MutingFile => access::container(file, item),
        Kind::GroupFile => access::group(file, item),
        Kind::TransactionPolicyFile => org::transaction_policy(file, item),
        Kind::EventSettingsFile => org::event_settings(file, item),
        Kind::SecuritySettingsFile => org::security_settings(file, item),
        Kind::AppSettingsFile => org::app_settings(file, item),
        Kind::OauthOidcSettingsFile => org::oauth_settings(file, item),
        Kind::ManifestFile => org::manifest(file, item),
        _ => Vec::new(),
    }
}
