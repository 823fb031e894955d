//! What to reach for one app: the state to come to, metadata to deploy, queries that show it.

use super::remedy::Advised;
use super::{of, worded};
use crate::controls::client_credentials::{NetworkState, Stated, UserState, WayOut};
use crate::model::{Finding, Outcome, Proposed, Right, proposed};
use crate::snapshot::AppKind;
use crate::text::escape::{shell, xml};
use crate::view::desk::link;
use crate::view::words::{label, outcome, say};
use crate::view::{Desk, ObjectRow, SnippetView, TargetRow};
use quick_xml::escape::partial_escape;
use std::fmt::Write as _;

/// Permissions that open every object, whatever the rights on it.
const EVERY_OBJECT: &[&str] = &["ModifyAllData", "ViewAllData"];

/// The objects of the proposed permission set.
fn set_of(f: &Finding) -> Vec<Proposed<'_>> {
    proposed(&f.rights.object_rights, &f.used_objects)
}

impl Desk<'_> {
    /// Most objects that a proposed permission set names: the threshold that was in force.
    fn most_objects(&self) -> usize {
        let set = self.a.thresholds.iter().find(|t| t.name == "objects").and_then(|t| t.value.parse().ok());
        set.unwrap_or_else(|| usize::try_from(self.control.thresholds.get("objects")).unwrap_or(usize::MAX))
    }

    /// Today and afterwards, by aspect.
    pub(super) fn target(&self, app: Advised<'_>, way: WayOut) -> Vec<TargetRow> {
        let (w, f) = (self.w, app.f);
        let mut rows = Vec::new();
        // A flow that stays is no state to come to.
        if way != WayOut::Harden {
            let now = w.word(&format!("report.flow.{}", f.flow_state()));
            rows.push(self.aspect("flow", now, w.word("report.flow.off")));
        }
        if way == WayOut::Disable {
            return rows;
        }
        if app.new_user() {
            rows.push(self.aspect("user", f.user_name().to_owned(), w.word("report.target.user.then")));
        }
        let any = !f.rights.objects.is_empty() || !f.used_objects.is_empty();
        if !passes(f, "execution-user-least-privilege") && any {
            let held: Vec<String> = f.rights.grants.iter().map(|g| g.label.clone()).collect();
            let now = if held.is_empty() { w.word("report.target.rights.none") } else { w.join(&self.some(&held)) };
            rows.push(self.aspect("rights", now, w.word("report.target.rights.then")));
            rows.push(self.aspect("objects", self.objects_now(f), self.objects_then(f)));
        }
        if f.network_state() != NetworkState::Narrow {
            let now = w.word(&format!("report.target.network.{}", f.network_state()));
            rows.push(self.aspect("network", now, w.word("report.target.network.then")));
        }
        rows
    }

    fn aspect(&self, key: &str, now: String, then: String) -> TargetRow {
        TargetRow { name: self.w.word(&format!("report.target.{key}")), now, then }
    }

    fn objects_now(&self, f: &Finding) -> String {
        let key = if f.is_lower_bound() { "report.target.objects.at-least" } else { "report.target.objects.now" };
        say!(self.w, key, n = f.rights.objects.len())
    }

    fn objects_then(&self, f: &Finding) -> String {
        let most = self.most_objects();
        match set_of(f).len() > most {
            true => say!(self.w, "report.target.objects.too-many", n = most),
            false => self.w.word("report.target.objects.then"),
        }
    }

    /// Rights on each object, today and afterwards: what event logs show to be used and what today's rights support, less
    /// what ignores sharing and fields.
    pub(super) fn object_rows(&self, f: &Finding, way: WayOut) -> Vec<ObjectRow> {
        if way == WayOut::Disable || passes(f, "execution-user-least-privilege") {
            return Vec::new();
        }
        set_of(f).iter().take(self.most_objects()).map(|object| self.object_row(object)).collect()
    }

    fn object_row(&self, object: &Proposed<'_>) -> ObjectRow {
        let w = self.w;
        let held = object.held.map(|o| o.rights.as_slice()).unwrap_or_default();
        let mut evidence: Vec<&String> = held.iter().flat_map(|right| &right.evidence).collect();
        evidence.extend(object.used.iter().flat_map(|used| &used.evidence));
        evidence.sort();
        evidence.dedup();
        let rights: Vec<Right> = held.iter().map(|right| right.right).collect();
        let now = w.join(&self.right_words(&rights));
        let now = match held {
            [] => w.word("report.target.objects.no-own"),
            held if held.iter().all(|h| h.on_activation) => say!(w, "report.rights.on-activation", rights = now),
            _ => now,
        };
        let then = w.join(&self.right_words(&object.rights));
        let then = match object.used {
            Some(used) => say!(w, "report.target.objects.used", rights = then, use = self.use_words(used)),
            None => then,
        };
        ObjectRow { object: object.object.to_owned(), now, then, evidence: evidence.into_iter().map(link).collect() }
    }

    /// What the table of objects does not show.
    pub(super) fn object_notes(&self, f: &Finding, rows: &[ObjectRow]) -> Vec<String> {
        let w = self.w;
        if rows.is_empty() {
            return Vec::new();
        }
        let mut notes = Vec::new();
        let more = set_of(f).len().saturating_sub(rows.len());
        notes.extend((more > 0).then(|| say!(w, "report.target.objects.more", n = more)));
        let held = f.rights.grants.iter().flat_map(|g| g.implies.iter().chain([&g.name]));
        let held: Vec<&str> = held.map(String::as_str).collect();
        let reach = EVERY_OBJECT.iter().filter(|name| held.contains(name));
        let reach: Vec<String> = reach.map(|name| self.permission(name)).collect();
        if !reach.is_empty() {
            let used: Vec<String> = f.used_objects.iter().map(|used| used.object.clone()).collect();
            notes.push(match used.is_empty() {
                true => say!(w, "report.target.objects.every", permissions = reach),
                false => say!(w, "report.target.objects.every-used", permissions = reach, objects = self.some(&used)),
            });
        }
        if f.is_lower_bound() {
            notes.push(w.word("report.target.objects.incomplete"));
        }
        notes
    }

    /// File of the proposed permission set.
    pub(super) fn set_file(&self, f: &Finding) -> String {
        format!("permissionsets/{}_Proposed.permissionset-meta.xml", set_name(f))
    }

    /// Metadata to deploy: the permission set, the policy.
    pub(super) fn snippets(&self, app: Advised<'_>, way: WayOut) -> Vec<SnippetView> {
        let f = app.f;
        let mut out = Vec::new();
        let objects = set_of(f);
        let few = !objects.is_empty() && objects.len() <= self.most_objects();
        if way != WayOut::Disable && few && !passes(f, "execution-user-least-privilege") {
            let file = self.set_file(f);
            out.push(SnippetView {
                title: say!(self.w, "report.snippet.permission-set", file = file),
                language: "xml".to_owned(),
                text: permission_set(f, &objects),
            });
        }
        let keep = way == WayOut::Harden;
        let enforce = keep && !f.relaxation().is_empty() && app.advice.holds("policy:relaxed");
        if !keep || enforce {
            let key = if way == WayOut::Jwt { "report.snippet.policy.jwt" } else { "report.snippet.policy" };
            out.push(SnippetView {
                title: say!(self.w, worded(of(f), key), app = label(f), file = policy_file(f)),
                language: "xml".to_owned(),
                text: policy_text(f, !keep, enforce),
            });
        }
        out
    }

    /// Queries and commands that show the new state.
    pub(super) fn checks(&self, app: Advised<'_>, way: WayOut, snippets: &[SnippetView]) -> Vec<SnippetView> {
        let mut out = vec![self.policy_check(app.f, way.word())];
        let user = app.f.user_name();
        let named = matches!(app.f.user_state(), UserState::Active | UserState::NotExported) && !user.is_empty();
        if named && way != WayOut::Disable && (app.new_user() || app.kept_user()) {
            let (name, key) = match app.new_user() {
                true => ("NEW_USER".to_owned(), "Assignee.Username"),
                false if is_record_id(user) => (soql_text(user), "AssigneeId"),
                // A pseudonym stands for a user name, although it has no `@`.
                false => (soql_text(user), "Assignee.Username"),
            };
            let title = if app.new_user() { "report.check.assignments.new" } else { "report.check.assignments" };
            out.push(self.sql(title, assignments_query(key, &name)));
            out.push(self.sql("report.check.objects", all_records_query(key, &name)));
        }
        if !snippets.is_empty() {
            let source = if self.a.org.source.is_empty() { "SNAPSHOT" } else { &self.a.org.source };
            out.push(SnippetView {
                title: self.w.word("report.check.deploy"),
                language: "sh".to_owned(),
                text: format!(
                    "sf project deploy start --source-dir force-app --dry-run --target-org ORG\n\
                     sf project retrieve start --manifest package.xml --target-org ORG\n\
                     shr review {} -o shr-report",
                    shell(source)
                ),
            });
        }
        out
    }

    /// The query that shows the app's policy, and what to look for in the answer.
    pub(super) fn policy_check(&self, f: &Finding, what: &str) -> SnippetView {
        let title = worded(of(f), &format!("report.check.policy.{what}"));
        match of(f) {
            AppKind::External => self.sql(&title, policy_query(f)),
            // No query shows the switch of a connected app.
            AppKind::Connected => SnippetView {
                title: self.w.word(&title),
                language: "sh".to_owned(),
                text: format!(
                    "sf project retrieve start --metadata {} --target-org ORG",
                    shell(&format!("ConnectedApp:{}", f.subject.api_name))
                ),
            },
        }
    }

    fn sql(&self, title: &str, text: String) -> SnippetView {
        SnippetView { title: self.w.word(title), language: "sql".to_owned(), text }
    }
}

fn policy_query(f: &Finding) -> String {
    let name = f.subject.api_name.as_str();
    let own = name.strip_prefix(&format!("{}__", f.subject.namespace)).filter(|_| !f.subject.namespace.is_empty());
    let namespace =
        own.map(|_| format!(" AND ExternalClientApplication.NamespacePrefix = '{}'", soql_text(&f.subject.namespace)));
    format!(
        "SELECT IsClientCredentialsFlowEnabled, ClientCredentialsFlowUser, IpRelaxationPolicyType FROM \
         ExtlClntAppOauthPlcyCnfg WHERE ExternalClientApplication.DeveloperName = '{}'{}",
        soql_text(own.unwrap_or(name)),
        namespace.unwrap_or_default()
    )
}

/// Whether a text is the id of a record: 15 or 18 letters and digits.
fn is_record_id(name: &str) -> bool {
    matches!(name.len(), 15 | 18) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn assignments_query(key: &str, name: &str) -> String {
    format!(
        "SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName \
         FROM PermissionSetAssignment WHERE {key} = '{name}'"
    )
}

fn all_records_query(key: &str, name: &str) -> String {
    format!(
        "SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId \
         FROM PermissionSetAssignment WHERE {key} = '{name}') AND (PermissionsModifyAllRecords = true OR \
         PermissionsViewAllRecords = true)"
    )
}

fn passes(f: &Finding, criterion: &str) -> bool {
    outcome(f, criterion) == Some(Outcome::Pass)
}

/// Files of the app's OAuth policy that the snapshot holds.
pub(super) fn policy_files(f: &Finding) -> Vec<String> {
    let paths =
        f.subject.sources.iter().map(|source| source.rsplit_once(':').map_or(source.as_str(), |(path, _)| path));
    let mut files: Vec<String> = paths.filter(|path| is_policy(of(f), path)).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    files
}

fn is_policy(kind: AppKind, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix("-meta.xml").unwrap_or(name);
    match kind {
        AppKind::External => name.ends_with(".ecaOauthPlcy"),
        AppKind::Connected => name.to_ascii_lowercase().ends_with(".connectedapp"),
    }
}

/// The app's OAuth policy: its file in the snapshot, else the name that the platform gives it.
pub(super) fn policy_file(f: &Finding) -> String {
    match policy_files(f).into_iter().next() {
        Some(file) => file,
        None if of(f) == AppKind::Connected => {
            format!("connectedApps/{}.connectedApp-meta.xml", stem(&f.subject.api_name))
        }
        None => format!("extlClntAppOauthPolicies/{}_oauthPlcy.ecaOauthPlcy-meta.xml", stem(&f.subject.api_name)),
    }
}

/// A developer name: what is not a letter, a digit or an underscore is left out.
fn stem(api_name: &str) -> String {
    api_name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// Longest part of a permission set's name that is taken from the app; the platform allows 80 characters in all.
const LONGEST: usize = 60;

/// A name that the platform accepts (letters, digits, single underscores, a letter first) and that no other app has: the
/// app's, else the one of its finding.
fn set_name(f: &Finding) -> String {
    let name = &f.subject.api_name;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let fits = name.len() <= LONGEST && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if plain && fits && !name.contains("__") && !name.ends_with('_') { name.clone() } else { f.id.replace('-', "_") }
}

const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";

/// What use and today's rights support, and nothing that ignores sharing. The Metadata API wants all six flags of an object.
fn permission_set(f: &Finding, objects: &[Proposed<'_>]) -> String {
    let mut out = format!("<PermissionSet xmlns=\"{NAMESPACE}\">\n");
    let _ = writeln!(
        out,
        "    <description>Proposed from what event logs show to be used and from the rights of the snapshot, without \
         delete unless it was seen; take out what the integration does not need</description>"
    );
    let _ = writeln!(out, "    <label>{}</label>", xml(&label(f).chars().take(70).collect::<String>()));
    for object in objects {
        let flags = [Right::Create, Right::Delete, Right::Edit, Right::Read];
        let [create, delete, edit, read] = flags.map(|right| object.rights.contains(&right));
        let _ = writeln!(
            out,
            "    <objectPermissions>\n        <allowCreate>{create}</allowCreate>\
             <allowDelete>{delete}</allowDelete>\n        \
             <allowEdit>{edit}</allowEdit><allowRead>{read}</allowRead>\n        \
             <modifyAllRecords>false</modifyAllRecords>\n        <object>{}</object>\n        \
             <viewAllRecords>false</viewAllRecords>\n    </objectPermissions>",
            partial_escape(object.object)
        );
    }
    for name in ["ApiEnabled", "ApiUserOnly"] {
        let _ = writeln!(
            out,
            "    <userPermissions>\n        <enabled>true</enabled><name>{name}</name>\n    </userPermissions>"
        );
    }
    out.push_str("</PermissionSet>");
    out
}

/// Elements to set in the file that holds the app's policy.
fn policy_text(f: &Finding, off: bool, enforce: bool) -> String {
    match of(f) {
        AppKind::External => policy(f, off, enforce),
        AppKind::Connected => connected(off, enforce),
    }
}

fn connected(off: bool, enforce: bool) -> String {
    let mut out = format!("<ConnectedApp xmlns=\"{NAMESPACE}\">\n");
    if off {
        out.push_str("    <oauthConfig>\n        <isClientCredentialEnabled>false</isClientCredentialEnabled>\n    </oauthConfig>\n");
    }
    if enforce {
        out.push_str("    <oauthPolicy>\n        <ipRelaxation>ENFORCE</ipRelaxation>\n    </oauthPolicy>\n");
    }
    out.push_str("</ConnectedApp>");
    out
}

fn policy(f: &Finding, off: bool, enforce: bool) -> String {
    let root = "ExtlClntAppOauthConfigurablePolicies";
    let mut out = format!("<{root} xmlns=\"{NAMESPACE}\">\n");
    let app = partial_escape(&f.subject.api_name);
    let _ = writeln!(out, "    <externalClientApplication>{app}</externalClientApplication>");
    if enforce {
        out.push_str("    <ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>\n");
    }
    if off {
        out.push_str("    <isClientCredentialsFlowEnabled>false</isClientCredentialsFlowEnabled>\n");
    }
    let _ = write!(out, "</{root}>");
    out
}

/// Text between single quotes of a query.
fn soql_text(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.replace('\\', r"\\").replace('\'', r"\'")
}
