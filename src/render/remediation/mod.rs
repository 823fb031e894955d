//! The kit: a Salesforce DX project that repairs what the report finds, with a runbook for each app.
//!
//! Nothing in its first deployment takes anything away; what switches a flow off or restricts a login lies in a second
//! one, for after the client has moved. Files of the snapshot are copied whole, with just the named elements changed.

mod edit;

pub use edit::{Refused, edited};

use crate::render::markdown::{self, TemplateError, Templates};
use crate::text::escape::{shell, xml};
use crate::text::wording::Wording;
use crate::view::words::say;
use crate::view::{EditView, Fact, KitAppView, KitIndexView, KitRowView, RunbookView};
use std::collections::{BTreeMap, BTreeSet};

/// Files by path below the kit's folder, in the order of their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Version of the Metadata API that the manifests ask for; that of the request for exports.
const API_VERSION: &str = "66.0";
/// What can be deployed at once, what comes after the move, and how it was before.
const FIRST: &str = "force-app";
const SECOND: &str = "after-move";
const BEFORE: &str = "rollback";

/// What the kit is made of.
pub struct Source<'a> {
    /// The apps, in the order of the report.
    pub apps: &'a [KitAppView],
    /// The org, for readers.
    pub org: &'a str,
    /// The text of a file of the snapshot; none when it cannot be read as text.
    pub original: &'a dyn Fn(&str) -> Option<String>,
}

/// A component of a manifest: type and member.
type Component = (&'static str, String);

#[derive(Default)]
struct Kit {
    files: Files,
    first: BTreeSet<Component>,
    second: BTreeSet<Component>,
}

/// The files of the kit; none when no app needs repair. Fails when a template names what does not exist.
pub fn kit(source: &Source<'_>, w: &Wording, templates: &Templates) -> Result<Files, TemplateError> {
    let mut kit = Kit::default();
    let mut rows = Vec::new();
    for app in source.apps {
        let runbook = kit.app(app, source, w);
        let [first, second] = [FIRST, SECOND].map(|folder| names(&runbook.files, folder));
        rows.push(KitRowView {
            number: app.number.clone(),
            label: app.label.clone(),
            runbook: app.runbook.clone(),
            way: app.parts.way.title.clone(),
            effort: app.parts.way.effort.clone(),
            first,
            second,
        });
        kit.files.insert(app.runbook.clone(), markdown::runbook(&runbook, templates)?.into_bytes());
    }
    if rows.is_empty() {
        return Ok(kit.files);
    }
    let index = KitIndexView {
        language: w.language.clone(),
        org: source.org.to_owned(),
        apps: rows,
        first: !kit.first.is_empty(),
        second: !kit.second.is_empty(),
    };
    kit.files.insert("README.md".to_owned(), markdown::kit(&index, templates)?.into_bytes());
    kit.files.insert("verify.sh".to_owned(), verification(source.apps).into_bytes());
    kit.project();
    Ok(kit.files)
}

impl Kit {
    /// The files of one app, and its runbook.
    fn app(&mut self, app: &KitAppView, source: &Source<'_>, w: &Wording) -> RunbookView {
        let (mut files, mut lacking) = (Vec::new(), Vec::new());
        if let Some(added) = &app.parts.added {
            let path = format!("{FIRST}/main/default/{}", added.title);
            let name = member(&path);
            self.files.insert(path.clone(), format!("{DECLARATION}{}\n", added.text).into_bytes());
            self.first.insert(("PermissionSet", name));
            files.push(Fact { name: path, value: w.word("kit.file.added") });
        }
        let file = app.parts.policy.as_str();
        if !app.parts.by_hand.is_empty() {
            let settings = said(&app.parts.by_hand);
            let component = format!("{}:{}", kind_of(file), member(file));
            lacking.push(say!(w, "kit.by-hand", file = file, settings = settings, component = component));
        }
        if !app.parts.edits.is_empty() {
            let settings = said(&app.parts.edits);
            match self.prepared(app, source) {
                Ok((was, after)) => files.extend(self.policy(file, was, after, &settings, w)),
                Err(Lacking::File) => lacking.push(say!(w, "kit.no-file", file = file, settings = settings)),
                Err(why) => {
                    let why = w.word(&format!("kit.refused.{}", why.word()));
                    lacking.push(say!(w, "kit.refused", file = file, why = why, settings = settings));
                }
            }
        }
        let deploy = files.iter().filter(|file| !file.name.starts_with(BEFORE)).map(|file| file.name.clone()).collect();
        let undo = files.iter().filter(|file| file.name.starts_with(BEFORE)).map(|file| file.name.clone()).collect();
        RunbookView { language: w.language.clone(), app: app.clone(), files, deploy, undo, lacking }
    }

    /// An app's policy as it was and as it shall be.
    fn prepared(&self, app: &KitAppView, source: &Source<'_>) -> Result<(String, String), Lacking> {
        let path = match app.parts.policies.as_slice() {
            [path] => path,
            [] => return Err(Lacking::File),
            _ => return Err(Lacking::Copies),
        };
        let then = policy(SECOND, path);
        if !is_member(&member(&then)) {
            return Err(Lacking::Name);
        }
        // Names that differ in case alone are one file on many machines.
        if self.files.keys().any(|known| known.eq_ignore_ascii_case(&then)) {
            return Err(Lacking::Taken);
        }
        let was = (source.original)(path).ok_or(Lacking::File)?;
        let edits: Vec<(&str, &str)> =
            app.parts.edits.iter().map(|edit| (edit.element.as_str(), edit.value.as_str())).collect();
        let after = edited(&was, &app.api_name, &edits).map_err(Lacking::Refused)?;
        Ok((was, after))
    }

    /// An app's policy as it shall be, and as it was.
    fn policy(&mut self, path: &str, was: String, after: String, said: &[String], w: &Wording) -> [Fact; 2] {
        let [then, before] = [SECOND, BEFORE].map(|folder| policy(folder, path));
        self.second.insert((kind_of(path), member(&then)));
        self.files.insert(then.clone(), after.into_bytes());
        self.files.insert(before.clone(), was.into_bytes());
        let changed = say!(w, "kit.file.changed", settings = said.to_vec());
        [Fact { name: then, value: changed }, Fact { name: before, value: w.word("kit.file.before") }]
    }

    /// Project file and manifests, each of exactly what lies in its folder.
    fn project(&mut self) {
        let mut folders = Vec::new();
        for (folder, manifest, components) in
            [(FIRST, "manifest/package.xml", &self.first), (SECOND, "manifest/after-move.xml", &self.second)]
        {
            if !components.is_empty() {
                let default = if folders.is_empty() { ", \"default\": true" } else { "" };
                folders.push(format!("    {{ \"path\": \"{folder}\"{default} }}"));
                self.files.insert(manifest.to_owned(), package(components).into_bytes());
            }
        }
        if !folders.is_empty() {
            let project = format!(
                "{{\n  \"packageDirectories\": [\n{}\n  ],\n  \"sourceApiVersion\": \"{API_VERSION}\"\n}}\n",
                folders.join(",\n")
            );
            self.files.insert("sfdx-project.json".to_owned(), project.into_bytes());
        }
    }
}

/// Why a policy is not prepared.
enum Lacking {
    /// It is not at hand.
    File,
    /// The snapshot holds it more than once.
    Copies,
    /// Its file has a name that no manifest can hold.
    Name,
    /// Another app's has the same file name.
    Taken,
    Refused(Refused),
}

impl Lacking {
    fn word(&self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Copies => "copies",
            Self::Name => "name",
            Self::Taken => "taken",
            Self::Refused(Refused::Unreadable) => "unreadable",
            Self::Refused(Refused::Twice) => "twice",
            Self::Refused(Refused::Secret) => "secret",
            Self::Refused(Refused::Other) => "other",
        }
    }
}

/// Settings in words: `element = value`.
fn said(edits: &[EditView]) -> Vec<String> {
    edits.iter().map(|edit| format!("{} = {}", edit.element, edit.value)).collect()
}

/// Whether a manifest can name it: no pattern, no path, nothing that is not visible.
fn is_member(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.% ".contains(c))
}

/// Where the kit keeps a policy of the snapshot as it was.
#[must_use]
pub fn kept(path: &str) -> String {
    policy(BEFORE, path)
}

/// Where the policy of a path in the snapshot stands in a folder of the project.
fn policy(folder: &str, path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let suffix = if file.ends_with("-meta.xml") { "" } else { "-meta.xml" };
    let place = if is_connected(path) { "connectedApps" } else { "extlClntAppOauthPolicies" };
    format!("{folder}/main/default/{place}/{file}{suffix}")
}

/// Whether a file is that of a connected app, which holds its policy, too.
fn is_connected(path: &str) -> bool {
    let name = path.strip_suffix("-meta.xml").unwrap_or(path);
    name.to_ascii_lowercase().ends_with(".connectedapp")
}

/// The metadata type of a file that holds a policy.
fn kind_of(path: &str) -> &'static str {
    if is_connected(path) { "ConnectedApp" } else { "ExtlClntAppOauthConfigurablePolicies" }
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// File names of a folder among those of a runbook.
fn names(files: &[Fact], folder: &str) -> String {
    let these = files.iter().filter(|file| file.name.starts_with(&format!("{folder}/")));
    these.map(|file| member(&file.name)).collect::<Vec<_>>().join(", ")
}

/// The name of the component that a file of a project holds.
fn member(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.strip_suffix("-meta.xml").unwrap_or(file);
    stem.rsplit_once('.').map_or(stem, |(name, _)| name).to_owned()
}

fn package(components: &BTreeSet<Component>) -> String {
    let mut out = format!("{DECLARATION}<Package xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n");
    let kinds: BTreeSet<&str> = components.iter().map(|(kind, _)| *kind).collect();
    for kind in kinds {
        out.push_str("    <types>\n");
        for (_, name) in components.iter().filter(|(other, _)| *other == kind) {
            out.push_str(&format!("        <members>{}</members>\n", xml(name)));
        }
        out.push_str(&format!("        <name>{kind}</name>\n    </types>\n"));
    }
    out.push_str(&format!("    <version>{API_VERSION}</version>\n</Package>\n"));
    out
}

/// A script that asks the org whether each app is as it should be.
fn verification(apps: &[KitAppView]) -> String {
    let mut out = "#!/bin/sh\n# Usage: sh verify.sh ORG\n# Queries about a user that is still to be created need its name: NEW_USER_01=name sh verify.sh ORG\n\
                   set -eu\norg=${1:?name the alias of the org}\nopen=0\n"
        .to_owned();
    for app in apps {
        let queries = app.parts.way.checks.iter().filter(|check| check.language == "sql");
        for check in queries {
            let said = format!("{} {}: {}", app.number, app.label, check.title);
            out.push_str(&format!("\nprintf '%s\\n' {}\n", shell(&said)));
            out.push_str(&asked(&check.text, &app.number));
        }
    }
    out.push_str("\nexit \"$open\"\n");
    out
}

/// A query, or that it was not asked: a placeholder would find nothing, and nothing is what many queries should find.
fn asked(query: &str, number: &str) -> String {
    const NEW_USER: &str = "NEW_USER";
    let Some((before, after)) = query.split_once(NEW_USER) else {
        return format!("sf data query --target-org \"$org\" --query {} || open=1\n", shell(query));
    };
    let name = format!("NEW_USER_{number}");
    format!(
        "if [ -n \"${{{name}:-}}\" ]; then\n  sf data query --target-org \"$org\" --query {}\"${name}\"{} || open=1\n\
         else\n  echo 'not asked: set {name} to the user name of the new user'\n  open=1\nfi\n",
        shell(before),
        shell(after)
    )
}
