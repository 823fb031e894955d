//! External Client Apps and their policies as records.

use crate::ingest::file_facts::{AppFacts, FileFacts, Name, Said};
use crate::ingest::values::{File, Record, user_ref, with_namespace};
use crate::snapshot::{App, AppKind, AppSource, Located, ScopeColumn, SfId, Switch};

/// An `ExternalClientApplication` row, or the app in a list of components (`fullName`).
pub(super) fn app(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    let text = record.owned("fullname").or_else(|| record.owned("developername"));
    let id = record.id(file, "id");
    let namespace = record.owned("namespaceprefix");
    let Some(text) = text.or_else(|| id.clone().map(|id| Located::new(String::new(), id.raw, id.at))) else {
        return unlinked(file, record);
    };
    let prefix = namespace.as_ref().map(|ns| ns.value.as_str());
    let full = with_namespace(&text.value, prefix);
    // The name of a component in a list has its namespace, and an app of this org's own has no other one.
    let local = record.cell("distributionstate").is_some_and(|state| state.eq_ignore_ascii_case("Local"));
    let whole = record.has("fullname") || record.has("namespaceprefix") || local;
    let name =
        (!text.value.is_empty()).then_some(if whole { Name::Whole(full.into()) } else { Name::Bare(full.into()) });
    if let (true, Some(own)) = (local, &namespace) {
        part.said.push(Said::Namespace(own.value.clone()));
    }
    let mut app = App::default();
    app.sources.push(AppSource { kind: file.kind, at: text.at, raw: text.raw.into() });
    for (seen, column) in [(&mut app.label, "masterlabel"), (&mut app.distribution_state, "distributionstate")] {
        seen.extend(record.owned(column));
    }
    app.namespace.extend(namespace);
    if let Some(scoped) = record.owned("orgscopedexternalapp")
        && let Some(id) = scoped.value.split(':').next().and_then(SfId::parse)
    {
        part.said.push(Said::OrgId(Located::new(id, scoped.raw, scoped.at)));
    }
    part.said.push(Said::App(Box::new(AppFacts { name, id: id.map(|id| id.value), app })));
}

/// An `ExtlClntAppOauthPlcyCnfg` row.
pub(super) fn oauth_policy(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    child(file, record, part, |file, app| {
        app.policy_flow.extend(record.switch(file, "isclientcredentialsflowenabled"));
        match record.owned("clientcredentialsflowuser") {
            Some(user) => app.execution_user.push(Located::new(user_ref(&user.value), user.raw, user.at)),
            None if record.has("clientcredentialsflowuser") => app.names_nobody.push(record.at()),
            None => {}
        }
        if record.has("iprelaxationpolicytype") {
            let policy = record.located(record.cell("iprelaxationpolicytype").unwrap_or_default());
            app.ip_relaxation.push(file.relaxation("IpRelaxationPolicyType", policy));
        }
        app.permitted_users.extend(record.owned("permitteduserspolicytype"));
        let timeout = record.owned("sessiontimeoutinminutes");
        app.session_timeout_minutes.extend(timeout.and_then(|text| file.number("SessionTimeoutInMinutes", text)));
        app.policy_changed = record.owned("lastmodifieddate");
        for (column, name) in POLICY {
            if let Some(cell) = record.owned(column) {
                app.settings.push(name, cell);
            }
        }
    });
}

/// Columns of a policy that other controls read, with the elements that say the same.
const POLICY: [(&str, &str); 4] = [
    ("refreshtokenpolicytype", "refreshTokenPolicyType"),
    ("refreshtokenvalidityperiod", "refreshTokenValidityPeriod"),
    ("refreshtokenvalidityunit", "refreshTokenValidityUnit"),
    ("requiredsessionlevel", "requiredSessionLevel"),
];

/// An `ExtlClntAppPlcyCnfg` row.
pub(super) fn app_policy(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    child(file, record, part, |file, app| {
        app.enabled.extend(record.switch(file, "isenabled"));
        if record.has("oauthpluginstatus") {
            let status = record.located(record.cell("oauthpluginstatus").unwrap_or_default());
            app.oauth_plugin_enabled.push(plugin(file, status));
        }
    });
}

fn plugin(file: &mut File<'_>, status: Located<String>) -> Located<Switch> {
    match status.value.to_ascii_lowercase().as_str() {
        "enabled" => Located::new(Switch::On, status.raw, status.at),
        "disabled" | "notinstalled" => Located::new(Switch::Off, status.raw, status.at),
        _ => file.switch("OauthPluginStatus", status),
    }
}

/// An `ExtlClntAppOauthSettings` row: a boolean column for each scope that the query selected.
pub(super) fn oauth_settings(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    child(file, record, part, |file, app| {
        for (_, shown, name) in record.table.starting(LEAD) {
            let Some(granted) = record.switch(file, name) else { continue };
            let scope = scope(shown.get(LEAD.len()..).unwrap_or_default());
            app.scope_columns.push(ScopeColumn { scope, column: shown.to_owned(), granted });
        }
    });
}

/// A `ConnectedApplication` row: that the app is there, and who may use it. It tells nothing of its flows.
pub(super) fn connected(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts) {
    let Some(name) = record.owned("name") else {
        return file.unlinked(record.at(), "names no app", "select Name");
    };
    let source = AppSource { kind: file.kind, at: record.at(), raw: name.raw.into() };
    let mut app = App { kind: AppKind::Connected, name: name.value, sources: vec![source], ..App::default() };
    app.ids.extend(record.id(file, "id").map(|id| id.value));
    const APPROVED: &str = "OptionsAllowAdminApprovedUsersOnly";
    if record.has("optionsallowadminapprovedusersonly") {
        let cell = record.cell("optionsallowadminapprovedusersonly").unwrap_or_default();
        app.settings.push(APPROVED, record.located(cell));
    }
    part.said.push(Said::Connected(Box::new(app)));
}

/// How the name of a column of a scope starts.
const LEAD: &str = "oauthscopes";

/// Scopes whose column is spelled unlike the value that metadata has.
const SCOPES: &[&str] = &[
    "Basic",
    "Api",
    "Web",
    "Full",
    "Chatter",
    "CustomApplications",
    "RefreshToken",
    "OpenID",
    "Profile",
    "Email",
    "Address",
    "Phone",
    "OfflineAccess",
    "CustomPermissions",
    "Wave",
    "Eclair",
    "Pardot",
    "Lightning",
    "Content",
    "CDPIngest",
    "CDPProfile",
    "CDPQuery",
    "Chatbot",
    "SFApiPlatform",
    "Interaction",
    "EinsteinGPT",
    "PwdlessLogin",
    "ForgotPassword",
    "UserRegistration",
    "MCP",
    "SCRT",
    "A2A",
];

fn scope(column: &str) -> String {
    SCOPES.iter().find(|scope| scope.eq_ignore_ascii_case(column)).map_or(column, |scope| scope).to_owned()
}

/// A row that belongs to the app which it names by id, by name, or by both.
fn child(file: &mut File<'_>, record: &Record<'_>, part: &mut FileFacts, fill: impl FnOnce(&mut File<'_>, &mut App)) {
    let id = record.id(file, "externalclientapplicationid");
    let named = record.owned("externalclientapplication.developername");
    let name = record.api_name("externalclientapplication.developername", "externalclientapplication.namespaceprefix");
    let raw = named.map(|text| text.raw).or_else(|| id.as_ref().map(|id| id.raw.clone()));
    let Some(raw) = raw else { return unlinked(file, record) };
    let id = id.map(|id| id.value);
    let whole = name.as_ref().and_then(Name::whole).map(str::to_owned);
    let told = whole.or_else(|| id.as_ref().map(SfId::long));
    file.app = told.or_else(|| name.as_ref().map(|name| name.text().to_owned()));
    let mut app = App::default();
    app.sources.push(AppSource { kind: file.kind, at: record.at(), raw: raw.into() });
    fill(file, &mut app);
    file.app = None;
    part.said.push(Said::App(Box::new(AppFacts { name, id, app })));
}

fn unlinked(file: &mut File<'_>, record: &Record<'_>) {
    let hint = "select ExternalClientApplicationId or ExternalClientApplication.DeveloperName";
    file.unlinked(record.at(), "names no app", hint);
}
