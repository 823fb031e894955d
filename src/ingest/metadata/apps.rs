//! The five types of an External Client App and its security settings; connected apps.

use super::Item;
use crate::ingest::certificate;
use crate::ingest::file_facts::{AppFacts, Name, Said};
use crate::ingest::values::{File, list, secret, user_ref};
use crate::ingest::xml::{self, Element};
use crate::snapshot::{
    App, AppKind, AppSource, Certificate, Kind, Located, ProblemCode, SecretPresence, Setting, Settings, SfId, UserRef,
};
use crate::source::recognise::Metadata;
use sha2::{Digest, Sha256};

const LINK: &str = "externalClientApplication";
/// Elements that a file states once. One that stands twice leaves open which of both the org would use.
const ONCE: [&str; 12] = [
    LINK,
    "certificate",
    "clientCredentialsFlowUser",
    "commaSeparatedCustomScopes",
    "commaSeparatedOauthScopes",
    "consumerSecret",
    "ipRelaxationPolicyType",
    "isClientCredentialsFlowEnabled",
    "isEnabled",
    "isOauthPluginEnabled",
    "permittedUsersPolicyType",
    "sessionTimeoutInMinutes",
];

/// `.eca`: the app itself. Its name is the file's.
pub(super) fn header(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    let name = item.meta.name.clone();
    file.app = Some(name.clone());
    let mut app = App::default();
    app.label.extend(file.text(item.root, "label"));
    app.distribution_state.extend(file.text(item.root, "distributionState"));
    app.sources.push(AppSource { kind: Kind::AppFile, at: file.line(item.root.line), raw: String::new() });
    let mut said = Vec::new();
    if let Some(scoped) = file.text(item.root, "orgScopedExternalApp") {
        let (id, full) = scoped.value.split_once(':').unwrap_or((&scoped.value, ""));
        let own = full.strip_suffix(&name).and_then(|lead| lead.strip_suffix("__")).filter(|own| !own.is_empty());
        said.extend(own.map(|own| Said::Namespace(own.to_owned())));
        if let Some(id) = SfId::parse(id) {
            said.push(Said::OrgId(Located::new(id, scoped.raw, scoped.at)));
        }
    }
    said.push(Said::App(Box::new(AppFacts { name: Some(Name::Whole(name.into())), id: None, app })));
    said
}

/// `.ecaOauth`
pub(super) fn oauth_settings(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    child(file, item, |file, root, app| {
        for (scopes, name) in
            [(&mut app.scopes, "commaSeparatedOauthScopes"), (&mut app.custom_scopes, "commaSeparatedCustomScopes")]
        {
            scopes.extend(root.child(name).map(|element| list(file.located(element))));
        }
        settings(file, root, &["customAttributes"], &mut app.settings);
        let ranges = root.children("trustedIpRanges").map(|range| file.range(range, "startIpAddress", "endIpAddress"));
        app.trusted_ranges.extend(ranges);
    })
}

/// `.ecaGlblOauth`: holds secrets, of which only the presence is kept.
pub(super) fn global_oauth(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    child(file, item, |file, root, app| {
        app.setting_flow.extend(file.switch_in(root, "isClientCredentialsFlowEnabled"));
        let stated = root.child("consumerSecret");
        let at = file.line(stated.map_or(root.line, |element| element.line));
        app.secret.push(Located::new(secret(stated.map_or("", |element| &element.text)), String::new(), at));
        app.certificate.extend(certificate_in(file, root));
        settings(file, root, &GLOBAL, &mut app.settings);
        compared(file, root, &mut app.settings);
    })
}

/// `.ecaOauthPlcy`: the admin's side of the flow, its user and its network policy.
pub(super) fn oauth_policy(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    child(file, item, |file, root, app| {
        app.policy_flow.extend(file.switch_in(root, "isClientCredentialsFlowEnabled"));
        app.execution_user.extend(file.text(root, "clientCredentialsFlowUser").map(as_user));
        let empty = root.child("clientCredentialsFlowUser").filter(|element| element.text.is_empty());
        app.names_nobody.extend(empty.map(|element| file.line(element.line)));
        if let Some(policy) = root.child("ipRelaxationPolicyType") {
            app.ip_relaxation.push(file.relaxation("ipRelaxationPolicyType", file.located(policy)));
        }
        app.permitted_users.extend(file.text(root, "permittedUsersPolicyType"));
        settings(file, root, &POLICY, &mut app.settings);
        app.custom_scopes.extend(root.child("commaSeparatedCustomScopes").map(|e| list(file.located(e))));
        if let Some(minutes) = file.text(root, "sessionTimeoutInMinutes") {
            app.session_timeout_minutes.extend(file.number("sessionTimeoutInMinutes", minutes));
        }
    })
}

/// `.ecaPlcy`
pub(super) fn app_policy(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    child(file, item, |file, root, app| {
        app.enabled.extend(file.switch_in(root, "isEnabled"));
        app.oauth_plugin_enabled.extend(file.switch_in(root, "isOauthPluginEnabled"));
    })
}

/// `.ecaOauthSecurity`
pub(super) fn oauth_security(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    child(file, item, |file, root, app| {
        let ranges = root.children("tokenIpRanges").map(|range| file.range(range, "startIpAddress", "endIpAddress"));
        app.token_ranges.extend(ranges);
    })
}

/// A file of another feature: it only shows that the app exists.
pub(super) fn other(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    if item.root.child(LINK).is_none() {
        return Vec::new(); // not every file with such a suffix belongs to an app
    }
    child(file, item, |_, _, _| {})
}

/// A connected app: one file says what its developer offers and what the administrator allows. Its name is the file's.
pub(super) fn connected(file: &mut File<'_>, item: &Item<'_, '_>) -> Vec<Said> {
    file.app = Some(item.meta.name.clone());
    let mut app = connected_at(file, item.meta, item.root.line);
    app.label.extend(file.text(item.root, "label"));
    settings(file, item.root, &CONNECTED, &mut app.settings);
    if let Some(policy) = item.root.child("oauthPolicy").and_then(|policy| policy.child("ipRelaxation")) {
        app.ip_relaxation.push(file.relaxation("ipRelaxation", file.located(policy)));
    }
    let ranges = item.root.children("ipRanges").map(|range| file.range(range, "start", "end"));
    app.trusted_ranges.extend(ranges);
    for oauth in item.root.children("oauthConfig") {
        app.setting_flow.extend(file.switch_in(oauth, "isClientCredentialEnabled"));
        app.execution_user.extend(file.once_in(oauth, "oauthClientCredentialUser").map(as_user));
        app.certificate.extend(certificate_in(file, oauth));
        let scopes: Vec<_> = oauth.children("scopes").filter(|scope| !scope.text.is_empty()).collect();
        if let Some(first) = scopes.first() {
            let all: Vec<String> = scopes.iter().map(|scope| scope.text.clone()).collect();
            let raw = all.join(", ");
            app.scopes.push(Located::new(all, raw, file.line(first.line)));
        }
        let stated = oauth.child("consumerSecret");
        let at = file.line(stated.map_or(oauth.line, |element| element.line));
        app.secret.push(Located::new(secret(stated.map_or("", |element| &element.text)), String::new(), at));
        compared(file, oauth, &mut app.settings);
    }
    vec![Said::Connected(Box::new(app))]
}

/// What is read of a connected app by name. Of the first four only that they are there matters.
const CONNECTED: [&str; 19] = [
    "oauthConfig",
    "samlConfig",
    "mobileAppConfig",
    "attributes",
    "profileName",
    "permissionSetName",
    "oauthConfig.isAdminApproved",
    "oauthConfig.isCodeCredentialEnabled",
    "oauthConfig.isConsumerSecretOptional",
    "oauthConfig.isDeviceFlowEnabled",
    "oauthConfig.isPkceRequired",
    "oauthConfig.isRefreshTokenRotationEnabled",
    "oauthConfig.isSecretRequiredForRefreshToken",
    "oauthConfig.scopes",
    "oauthConfig.idTokenConfig.idTokenValidity",
    "oauthPolicy.ipRelaxation",
    "oauthPolicy.refreshTokenPolicy",
    "sessionPolicy.sessionLevel",
    "sessionPolicy.sessionTimeout",
];

/// What is read by name of the file for its developer.
const GLOBAL: [&str; 6] = [
    "idTokenConfig.idTokenValidityInMinutes",
    "isCodeCredFlowEnabled",
    "isConsumerSecretOptional",
    "isPkceRequired",
    "isRefreshTokenRotationEnabled",
    "isSecretRequiredForRefreshToken",
];

/// What is read by name of the policy.
const POLICY: [&str; 5] = [
    "customAttributes",
    "refreshTokenPolicyType",
    "refreshTokenValidityPeriod",
    "refreshTokenValidityUnit",
    "requiredSessionLevel",
];

/// Keeps the texts of all elements of these names, each by the last part of its path and, where that is ambiguous in a
/// file, by the path below the block it stands in.
fn settings(file: &File<'_>, root: &Element<'_>, names: &[&'static str], settings: &mut Settings) {
    for name in names {
        let mut found = vec![root];
        for part in name.split('.') {
            found = found.into_iter().flat_map(|element| element.children(part)).collect();
        }
        let own = name.strip_prefix("oauthConfig.").unwrap_or(name);
        found.into_iter().for_each(|element| settings.push(own, file.located(element)));
    }
}

/// Consumer keys and callbacks are compared and never shown: what is kept is their digest, and of a callback where it
/// leads.
fn compared(file: &File<'_>, parent: &Element<'_>, settings: &mut Settings) {
    let digest = |text: &str| certificate::hex(&Sha256::digest(text.as_bytes()));
    for key in parent.children("consumerKey").filter(|key| secret(&key.text) == SecretPresence::ClearText) {
        settings.push("consumerKey", Located::new(digest(&key.text), "", file.line(key.line)));
    }
    for stated in parent.children("callbackUrl") {
        for callback in stated.text.split_whitespace() {
            settings.push("callbackUrl", Located::new(digest(callback), leads_to(callback), file.line(stated.line)));
        }
    }
}

/// `https` for a server on the web, `localhost` for the machine of the user, `other` for what an app of a device
/// registers.
fn leads_to(callback: &str) -> &'static str {
    let text = callback.to_ascii_lowercase();
    let host = text.split_once("://").map_or("", |(_, rest)| rest);
    if ["localhost", "127.", "[::1]"].iter().any(|own| host.starts_with(own)) {
        "localhost"
    } else if text.starts_with("https://") {
        "https"
    } else {
        "other"
    }
}

fn connected_at(file: &File<'_>, meta: &Metadata, line: u32) -> App {
    let source = AppSource { kind: Kind::ConnectedAppFile, at: file.line(line), raw: String::new() };
    App { kind: AppKind::Connected, name: meta.name.clone(), sources: vec![source], ..App::default() }
}

/// The app that a file with a fault still names: by its own name (`.eca`) or by a link that was read.
pub(super) fn still_named(file: &mut File<'_>, meta: &Metadata, root: Option<&Element<'_>>) -> Option<Said> {
    if meta.kind == Kind::AppFile {
        let line = root.map_or(1, |root| root.line);
        let source = AppSource { kind: Kind::AppFile, at: file.line(line), raw: String::new() };
        return Some(named(file, meta.name.clone(), source));
    }
    if meta.kind == Kind::ConnectedAppFile {
        file.app = Some(meta.name.clone());
        return Some(Said::Connected(Box::new(connected_at(file, meta, root.map_or(1, |root| root.line)))));
    }
    let link = root.filter(|_| meta.kind.is_of_an_app()).and_then(|root| file.text(root, LINK))?;
    let source = AppSource { kind: meta.kind, at: link.at, raw: link.raw.into() };
    Some(named(file, link.value, source))
}

fn named(file: &mut File<'_>, name: String, source: AppSource) -> Said {
    file.app = Some(name.clone());
    let app = App { sources: vec![source], ..App::default() };
    Said::App(Box::new(AppFacts { name: Some(Name::Whole(name.into())), id: None, app }))
}

/// A file that belongs to the app which its link element names.
fn child(
    file: &mut File<'_>,
    item: &Item<'_, '_>,
    fill: impl FnOnce(&mut File<'_>, &Element<'_>, &mut App),
) -> Vec<Said> {
    let Some(link) = file.text(item.root, LINK) else {
        let message = format!("names no app in <{LINK}>");
        let at = file.line(item.root.line);
        file.problem(at, ProblemCode::Unlinked, message, "retrieve the file again; the element is required");
        return Vec::new();
    };
    file.app = Some(link.value.clone());
    let mut app = App::default();
    app.sources.push(AppSource { kind: item.meta.kind, at: link.at, raw: link.raw.into() });
    if let Some(second) = ONCE.iter().find_map(|name| item.root.children(name).nth(1)) {
        let message = format!("states <{}> more than once", second.name);
        let at = file.line(second.line);
        file.problem(at, ProblemCode::Malformed, message, "retrieve the file again; nothing in it is judged");
    } else {
        fill(file, item.root, &mut app);
    }
    vec![Said::App(Box::new(AppFacts { name: Some(Name::Whole(link.value.into())), id: None, app }))]
}

fn as_user(text: Located<String>) -> Located<UserRef> {
    Located::new(user_ref(&text.value), text.raw, text.at)
}

fn certificate_in(file: &File<'_>, parent: &Element<'_>) -> Setting<Certificate> {
    let element =
        parent.child("certificate").filter(|element| !element.text.is_empty() || !element.children.is_empty())?;
    Some(Located::new(certificate::read(&element.text), String::new(), file.line(element.line)))
}

/// The kind that the root element of a file says, for the kinds of apps.
pub(in crate::ingest) fn app_by_root(bytes: &[u8]) -> Option<Kind> {
    let root = xml::root_name(bytes)?;
    let mut kinds = Kind::ALL.iter().filter(|kind| kind.is_of_an_app() || **kind == Kind::ConnectedAppFile);
    let named = kinds.find(|kind| kind.name() == root).copied();
    named.or_else(|| root.starts_with("ExtlClnt").then_some(Kind::OtherAppFile))
}
