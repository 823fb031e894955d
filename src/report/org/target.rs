//! What to reach for one app: the state to come to, metadata to deploy, queries that show it.

use super::front::shell;
use super::{Desk, label, say};
use crate::assessment::{Finding, NetworkState, Outcome, UserState};
use crate::report::model::{SnippetView, TargetRow};
use crate::report::text::first;
use std::fmt::Write as _;

/// Most objects that a proposed permission set names; the catalogue calls more than ten objects too many.
const OBJECTS: usize = 10;

impl Desk<'_> {
    /// Today and afterwards, by aspect.
    pub(super) fn target(&self, f: &Finding, way: &str) -> Vec<TargetRow> {
        let w = self.w;
        let row = |aspect: &str, now: String, then: String| TargetRow {
            name: w.word(&format!("report.target.{aspect}")),
            now,
            then,
        };
        let flow = w.word(&format!("report.flow.{}", f.flow_state));
        let keep = way == "harden";
        let mut rows = vec![row("flow", flow, w.word(if keep { "report.flow.on" } else { "report.flow.off" }))];
        if way == "disable" {
            return rows;
        }
        if !passes(f, "execution-user-least-privilege") && !f.privilege.objects.is_empty() {
            let held: Vec<String> = f.privilege.grants.iter().map(|g| g.name.clone()).collect();
            let now = if held.is_empty() { w.word("report.target.rights.none") } else { w.join(&self.some(&held)) };
            rows.push(row("rights", now, w.word("report.target.rights.then")));
            let (objects, more) = first(&f.privilege.objects, OBJECTS);
            let then = if more > 0 {
                say!(w, "report.target.objects.too-many", n = OBJECTS)
            } else {
                say!(w, "report.target.objects.then", objects = objects)
            };
            rows.push(row("objects", say!(w, "report.target.objects.now", n = f.privilege.objects.len()), then));
        }
        if f.network.state != NetworkState::Narrow {
            let now = w.word(&format!("report.target.network.{}", f.network.state));
            rows.push(row("network", now, w.word("report.target.network.then")));
        }
        rows
    }

    /// Metadata to deploy: the permission set, the policy.
    pub(super) fn snippets(&self, f: &Finding, way: &str) -> Vec<SnippetView> {
        let mut out = Vec::new();
        let few = !f.privilege.objects.is_empty() && f.privilege.objects.len() <= OBJECTS;
        if way != "disable" && few && !passes(f, "execution-user-least-privilege") {
            let file = format!("permissionsets/{}_Minimal.permissionset-meta.xml", stem(&f.app.api_name));
            out.push(SnippetView {
                title: say!(self.w, "report.snippet.permission-set", file = file),
                language: "xml".to_owned(),
                text: permission_set(f),
            });
        }
        let bypass = !f.network.relaxation.is_empty() && !f.network.relaxation.eq_ignore_ascii_case("enforce");
        if way != "harden" || bypass {
            let key = if way == "jwt" { "report.snippet.policy.jwt" } else { "report.snippet.policy" };
            out.push(SnippetView {
                title: say!(self.w, key, app = label(f), file = policy_file(f)),
                language: "xml".to_owned(),
                text: policy(f, way != "harden", bypass),
            });
        }
        out
    }

    /// Queries and commands that show the new state.
    pub(super) fn checks(&self, f: &Finding, snippets: &[SnippetView]) -> Vec<SnippetView> {
        let user = &f.execution_user;
        let named = matches!(user.state, UserState::Active | UserState::NotExported) && !user.name.is_empty();
        let mut out = Vec::new();
        if named {
            let key = if user.name.contains('@') { "Assignee.Username" } else { "AssigneeId" };
            let name = soql_text(&user.name);
            let mut add = |title: &str, text: String| {
                out.push(SnippetView { title: self.w.word(title), language: "sql".to_owned(), text });
            };
            add(
                "report.check.assignments",
                format!(
                    "SELECT PermissionSet.Name, PermissionSet.Profile.Name, PermissionSetGroup.DeveloperName \
                     FROM PermissionSetAssignment WHERE {key} = '{name}'"
                ),
            );
            add(
                "report.check.objects",
                format!(
                    "SELECT Parent.Name, SobjectType FROM ObjectPermissions WHERE ParentId IN (SELECT PermissionSetId \
                     FROM PermissionSetAssignment WHERE {key} = '{name}') AND (PermissionsModifyAllRecords = true OR \
                     PermissionsViewAllRecords = true)"
                ),
            );
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
}

fn passes(f: &Finding, criterion: &str) -> bool {
    f.observations.iter().any(|o| o.criterion == criterion && o.outcome() == Outcome::Pass)
}

/// File of the app's OAuth policy when the evidence names one.
fn policy_file(f: &Finding) -> String {
    let file = |source: &&String| source.contains("/extlClntAppOauthPolicies/");
    match f.app.sources.iter().find(file) {
        Some(source) => source.rsplit_once(':').map_or(source.as_str(), |(path, _)| path).to_owned(),
        None => format!("extlClntAppOauthPolicies/{}_oauthPlcy.ecaOauthPlcy-meta.xml", stem(&f.app.api_name)),
    }
}

/// A developer name: what is not a letter, a digit or an underscore is left out.
fn stem(api_name: &str) -> String {
    api_name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";

/// Reading the objects that were seen, and nothing else: use is not in the export, so writing is for the owner to add.
fn permission_set(f: &Finding) -> String {
    let mut out = format!("<PermissionSet xmlns=\"{NAMESPACE}\">\n");
    let _ = writeln!(out, "    <label>{}</label>", xml(&label(f).chars().take(70).collect::<String>()));
    for object in &f.privilege.objects {
        out.push_str("    <objectPermissions>\n");
        for (right, on) in [("Create", false), ("Delete", false), ("Edit", false), ("Read", true)] {
            let _ = writeln!(out, "        <allow{right}>{on}</allow{right}>");
        }
        let _ = writeln!(out, "        <modifyAllRecords>false</modifyAllRecords>");
        let _ = writeln!(out, "        <object>{}</object>", xml(object));
        out.push_str("        <viewAllRecords>false</viewAllRecords>\n    </objectPermissions>\n");
    }
    for name in ["ApiEnabled", "ApiUserOnly"] {
        let _ = writeln!(
            out,
            "    <userPermissions>\n        <enabled>true</enabled>\n        <name>{name}</name>\n    </userPermissions>"
        );
    }
    out.push_str("</PermissionSet>");
    out
}

fn policy(f: &Finding, off: bool, enforce: bool) -> String {
    let root = "ExtlClntAppOauthConfigurablePolicies";
    let mut out = format!("<{root} xmlns=\"{NAMESPACE}\">\n");
    let _ = writeln!(out, "    <externalClientApplication>{}</externalClientApplication>", xml(&f.app.api_name));
    if enforce {
        out.push_str("    <ipRelaxationPolicyType>Enforce</ipRelaxationPolicyType>\n");
    }
    if off {
        out.push_str("    <isClientCredentialsFlowEnabled>false</isClientCredentialsFlowEnabled>\n");
    }
    let _ = write!(out, "</{root}>");
    out
}

/// Text as XML character data; control characters, which XML cannot hold, become spaces.
fn xml(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text between single quotes of a query.
fn soql_text(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.replace('\\', r"\\").replace('\'', r"\'")
}
