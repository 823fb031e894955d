//! Does what a printed action says, to the files of a sample: metadata and record exports as the org would give them
//! once it is done. Shares nothing with what made the action.

use crate::samples;
use serde_json::Value;
use shr::controls::client_credentials::{ActionKind, Stated};
use shr::model::{Action, Finding};
use shr::text::message::Arg;
use std::collections::BTreeMap;

/// What one app gets of its own: ids and names that no sample has.
struct Own {
    set: [String; 2],
    owned: String,
    profile: [String; 2],
    user: [String; 2],
}

impl Own {
    fn of(app: &str) -> Self {
        // Digits that differ from app to app, so that ids do.
        let n = app.bytes().fold(0u32, |sum, byte| sum * 7 % 9_973 + u32::from(byte));
        let id = |start: &str, end: &str| format!("{start}xx000000{n:04}{end}");
        Self {
            set: [id("0PS", "GAA"), format!("Own_Minimal_{n}")],
            owned: id("0PS", "GAB"),
            profile: [id("00e", "AAA"), format!("Own Robot {n}")],
            user: [id("005", "AAA"), format!("own.robot.{n}@example.com")],
        }
    }
}

/// An app by its name, and whether it is a connected one.
#[derive(Clone, Copy)]
struct App<'a> {
    name: &'a str,
    connected: bool,
}

impl<'a> App<'a> {
    /// How each kind of app spells a thing.
    fn pick(self, external: &'a str, connected: &'a str) -> &'a str {
        if self.connected { connected } else { external }
    }
}

/// The user of the full sample after whom a new one is made.
const LIKE: &str = "svc.tracking@halden-freight.example.com";

/// A record export whose records can be left out and copied: each is one line of text, as JSON or CSV.
struct Export {
    path: String,
    head: String,
    records: Vec<String>,
}

impl Export {
    fn write(self, files: &mut Files) {
        let text = if self.path.ends_with(".csv") {
            self.head + "\n" + &self.records.join("\n") + "\n"
        } else {
            let (all, n) = (self.records.join(","), self.records.len());
            format!(r#"{{"status":0,"result":{{"records":[{all}],"totalSize":{n},"done":true}}}}"#)
        };
        files.0.insert(self.path, text.into_bytes());
    }

    /// Records that hold all of these texts.
    fn with(&self, texts: &[&str]) -> Vec<String> {
        self.records.iter().filter(|record| texts.iter().all(|text| record.contains(text))).cloned().collect()
    }

    /// Puts other texts in some records.
    fn change(&mut self, which: impl Fn(&str) -> bool, others: &[(&str, &str)]) {
        for record in self.records.iter_mut().filter(|record| which(record)) {
            *record = replaced(record, others);
        }
    }

    /// Adds every record that holds all of these texts once more, with other texts and an id of its own.
    fn copy(&mut self, texts: &[&str], others: &[(&str, &str)]) {
        for record in self.with(texts) {
            let id = record.find("0Paxx").or_else(|| record.find("110xx")).map(|at| record[at..at + 18].to_owned());
            let copy = replaced(&record, others);
            self.records.push(id.map_or(copy.clone(), |id| copy.replace(&id, &self.new_id())));
        }
    }

    fn new_id(&self) -> String {
        let start = if self.path.contains("Assignment") { "0Pa" } else { "110" };
        format!("{start}xx00000{:05}AAA", 90_000 + self.records.len())
    }
}

fn replaced(record: &str, others: &[(&str, &str)]) -> String {
    others.iter().fold(record.to_owned(), |record, (from, to)| record.replace(from, to))
}

/// The files of a sample, and its key.
#[derive(Clone)]
pub(super) struct Files(pub(super) BTreeMap<String, Vec<u8>>, pub(super) &'static str);

/// The ids by which a user holds its profile.
struct Held {
    user: String,
    profile: String,
    name: String,
    owned: String,
}

impl Files {
    /// The files after an action; `None` for what only finds out more.
    pub(super) fn applied(&self, findings: &[Finding], action: &Action) -> Option<Self> {
        let mut after = self.clone();
        for id in &action.findings {
            let finding = findings.iter().find(|finding| finding.id == *id).unwrap();
            after.one(finding, action)?;
        }
        Some(after)
    }

    fn one(&mut self, finding: &Finding, action: &Action) -> Option<()> {
        let app = App { name: &finding.subject.api_name, connected: finding.subject.kind == "connected_app" };
        let (user, own) = (finding.user_name(), Own::of(app.name));
        match ActionKind::read(&action.kind)? {
            ActionKind::Rotate => self.app(app, &|text| without(text, "consumerSecret")),
            ActionKind::Finish | ActionKind::Disable | ActionKind::Jwt => {
                self.app(app, &|text| {
                    element(text, app.pick("isClientCredentialsFlowEnabled", "isClientCredentialEnabled"), "false")
                });
                self.policy_row(app, "IsClientCredentialsFlowEnabled", Value::Bool(false));
            }
            ActionKind::Enforce => self.enforce(app),
            ActionKind::Ranges => {
                let path = self.profile(&action.target);
                self.edit(&path, narrow);
            }
            ActionKind::Rights => {
                let Some(Arg::List(taken)) = action.what.args.get("sets") else { panic!("{action:?}") };
                let id = self.held(user).user;
                let is_taken = |one: &str| one.contains(&id) && taken.iter().any(|set| one.contains(set));
                self.rows("PermissionSetAssignment", |rows| rows.records.retain(|one| !is_taken(one)));
                self.minimal(app.name, &own);
                self.assign(&id, &own);
            }
            ActionKind::OwnProfile => self.own_profile(user, &own),
            ActionKind::OwnUser => self.own_user(app, &own),
            ActionKind::Settle | ActionKind::Export | ActionKind::Answer | ActionKind::Tidy => return None,
        }
        if action.what.key.ends_with(".relaxed") {
            self.enforce(app);
        }
        Some(())
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.0[path].clone()).unwrap()
    }

    fn edit(&mut self, path: &str, change: impl Fn(&str) -> String) {
        let text = change(&self.text(path));
        self.0.insert(path.to_owned(), text.into_bytes());
    }

    /// Changes every metadata file that names an app as its own, or that is the file of a connected app.
    fn app(&mut self, app: App<'_>, change: &dyn Fn(&str) -> String) {
        let own = format!("<externalClientApplication>{}</externalClientApplication>", app.name).into_bytes();
        let file = format!("/{}.connectedApp-meta.xml", app.name);
        let holds = |path: &str, bytes: &Vec<u8>| match app.connected {
            true => path.ends_with(&file),
            false => bytes.windows(own.len()).any(|window| window == own),
        };
        let paths: Vec<String> =
            self.0.iter().filter(|(path, bytes)| holds(path, bytes)).map(|(path, _)| path.clone()).collect();
        assert!(!paths.is_empty() || self.export("ExtlClntAppOauthPlcyCnfg").is_some(), "{} has no file", app.name);
        paths.iter().for_each(|path| self.edit(path, change));
    }

    fn enforce(&mut self, app: App<'_>) {
        let (name, value) = (app.pick("ipRelaxationPolicyType", "ipRelaxation"), app.pick("Enforce", "ENFORCE"));
        self.app(app, &|text| element(text, name, value));
        self.policy_row(app, "IpRelaxationPolicyType", "Enforce".into());
    }

    /// Sets a field of the app's row in the export of policies, where there is one.
    fn policy_row(&mut self, app: App<'_>, field: &str, value: Value) {
        self.rows("ExtlClntAppOauthPlcyCnfg", |rows| {
            for record in &mut rows.records {
                let mut row: Value = serde_json::from_str(record).unwrap();
                if !app.connected && row["ExternalClientApplication"]["DeveloperName"] == app.name {
                    row[field] = value.clone();
                    *record = row.to_string();
                }
            }
        });
    }

    /// Changes a record export, where there is one.
    fn rows(&mut self, kind: &str, change: impl FnOnce(&mut Export)) {
        let Some(mut rows) = self.export(kind) else { return };
        change(&mut rows);
        rows.write(self);
    }

    fn export(&self, kind: &str) -> Option<Export> {
        let named = |path: &&String| ["csv", "json"].iter().any(|end| **path == format!("exports/{kind}.{end}"));
        let path = self.0.keys().find(named)?.clone();
        let text = self.text(&path);
        if path.ends_with(".csv") {
            let mut lines = text.lines().map(str::to_owned);
            return Some(Export { path, head: lines.next()?, records: lines.collect() });
        }
        let json: Value = serde_json::from_str(&text).unwrap();
        let body = json.get("result").unwrap_or(&json);
        let records = body.get("records").unwrap_or(body).as_array().unwrap();
        Some(Export { path, head: String::new(), records: records.iter().map(Value::to_string).collect() })
    }

    fn profile(&self, name: &str) -> String {
        let path = self.0.keys().find(|path| path.contains(&format!("/profiles/{name}.profile")));
        path.unwrap_or_else(|| panic!("no file of the profile {name}")).clone()
    }

    fn held(&self, user: &str) -> Held {
        let users = self.export("User").unwrap();
        let bytes = &self.0[&users.path];
        let rows = (1..).map_while(|n| samples::row(&users.path, bytes, n));
        let row = rows.into_iter().find(|row| row["username"] == user).unwrap();
        let (id, profile) = (row["id"].clone(), row["profileid"].clone());
        let sets = self.export("PermissionSet");
        let owned = sets.and_then(|sets| sets.with(&[&profile]).into_iter().next());
        let owned = owned.map(|set| serde_json::from_str::<Value>(&set).unwrap()["Id"].as_str().unwrap().to_owned());
        Held { user: id, profile, name: row["profile.name"].clone(), owned: owned.unwrap_or_default() }
    }

    /// A copy of a user's profile with one narrow range, and the user moved to it.
    fn own_profile(&mut self, user: &str, own: &Own) {
        let held = self.held(user);
        self.clone_profile(&held, own);
        let moved = [(held.profile.as_str(), &*own.profile[0]), (held.name.as_str(), &*own.profile[1])];
        let of_user = |record: &str| record.contains(&held.user);
        self.rows("User", |users| users.change(of_user, &moved));
        let owned = |record: &str| record.contains(&held.user) && record.contains(&held.owned);
        self.rows("PermissionSetAssignment", |rows| rows.change(owned, &[(&held.owned, &own.owned)]));
    }

    fn clone_profile(&mut self, held: &Held, own: &Own) {
        let path = self.profile(&held.name);
        let text = element(&narrow(&self.text(&path)), "custom", "true");
        self.0.insert(path.replace(&held.name, &own.profile[1]), text.into_bytes());
        let [id, name] = &own.profile;
        let moved = [(&*held.owned, &*own.owned), (&held.profile, id), (&held.name, name)];
        self.rows("PermissionSet", |sets| sets.copy(&[&held.owned], &moved));
        self.rows("ObjectPermissions", |objects| objects.copy(&[&held.owned], &moved));
    }

    /// A user of the app's own; whoever creates one exports users and rights, which the sample of metadata alone lacks.
    fn own_user(&mut self, app: App<'_>, own: &Own) {
        if self.export("User").is_none() {
            let full = samples::files(&samples::samples().join("halden-prod"));
            let kinds = ["User", "PermissionSet", "PermissionSetAssignment", "ObjectPermissions", "PermissionSetGroup"];
            let kinds = kinds.map(|kind| format!("exports/{kind}."));
            self.0.extend(full.into_iter().filter(|(path, _)| kinds.iter().any(|kind| path.starts_with(kind))));
        }
        let held = self.held(LIKE);
        self.clone_profile(&held, own);
        let ([user, name], [profile, label]) = (&own.user, &own.profile);
        let day = "2026-11-15T22:04:11.000+0000";
        let made = [(&*held.user, &**user), (LIKE, name), (&held.profile, profile), (&held.name, label), (day, "")];
        self.rows("User", |users| users.copy(&[&held.user], &made));
        let moved = [(&*held.user, &**user), (&held.owned, &own.owned)];
        self.rows("PermissionSetAssignment", |rows| rows.copy(&[&held.user, &held.owned], &moved));
        self.minimal(app.name, own);
        self.assign(user, own);
        let setting = app.pick("clientCredentialsFlowUser", "oauthClientCredentialUser");
        self.app(app, &|text| element(text, setting, name));
        self.policy_row(app, "ClientCredentialsFlowUser", name.as_str().into());
    }

    /// Assigns the permission set of its own to a user, in a row like another one.
    fn assign(&mut self, user: &str, own: &Own) {
        self.rows("PermissionSetAssignment", |assigned| {
            let like = ["Tracking_Sync_Minimal", "Forecast_Reader"].into_iter();
            let (set, row) = like.map(|set| (set, assigned.with(&[set]))).find(|(_, rows)| !rows.is_empty()).unwrap();
            let id = |start: &str| row[0][row[0].find(start).unwrap()..][..18].to_owned();
            let (holder, held) = (id("005xx"), id("0PSxx"));
            assigned.copy(&[set], &[(&holder, user), (&held, &own.set[0]), (set, &own.set[1])]);
        });
    }

    /// The permission set of the kit; where the exports do not tell what the app needs, one that opens the API alone.
    fn minimal(&mut self, app: &str, own: &Own) {
        let [id, set] = &own.set;
        let kit = format!("remediation/force-app/main/default/permissionsets/{app}_Proposed.permissionset-meta.xml");
        let kit = samples::samples().join("expected").join(self.1).join(kit);
        let text = std::fs::read_to_string(kit).unwrap_or_else(|_| {
            "<PermissionSet xmlns=\"http://soap.sforce.com/2006/04/metadata\"><label>Own</label><userPermissions>\
             <enabled>true</enabled><name>ApiEnabled</name></userPermissions></PermissionSet>"
                .to_owned()
        });
        for block in text.split("<objectPermissions>").skip(1) {
            let [object, create, edit, delete] =
                ["object", "allowCreate", "allowEdit", "allowDelete"].map(|name| value(block, name));
            assert!(!block.contains("<modifyAllRecords>true") && !block.contains("<viewAllRecords>true"), "{text}");
            self.rows("ObjectPermissions", |rows| {
                let row = format!("{id},{set},{object},true,{create},{edit},{delete},false,false,false");
                rows.records.push(format!("{},{row}", rows.new_id()));
            });
        }
        let path = self.0.keys().find(|path| path.contains("/permissionsets/")).unwrap().clone();
        let name = path.rsplit('/').next().unwrap().split('.').next().unwrap();
        self.0.insert(path.replace(name, set), text.clone().into_bytes());
        self.rows("PermissionSet", |sets| {
            let mut row: Value = serde_json::from_str(&sets.with(&["Tracking_Sync_Minimal"])[0]).unwrap();
            for (name, cell) in row.as_object_mut().unwrap() {
                if name.starts_with("Permissions") && cell.is_boolean() {
                    *cell = Value::Bool(text.contains(&name.replace("Permissions", "<name>")));
                }
            }
            (row["Id"], row["Name"], row["Label"]) = (id.as_str().into(), set.as_str().into(), "Own".into());
            sets.records.push(row.to_string());
        });
    }

    /// How many rows of this kind there are: what whoever exports again reads off the page of the job.
    pub(super) fn count(&self, kind: &str) -> Option<usize> {
        self.export(kind).map(|rows| rows.records.len())
    }
}

/// The first value of an element.
fn value<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap();
    rest.split_once('<').unwrap().0
}

/// A text without an element.
fn without(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let Some((before, rest)) = text.split_once(&open) else { return text.to_owned() };
    let (_, after) = rest.split_once(&close).unwrap();
    without(&format!("{before}{after}"), name)
}

/// A text with another value of an element, where it has one.
fn element(text: &str, name: &str, value: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let Some((before, rest)) = text.split_once(&open) else { return text.to_owned() };
    let (_, after) = rest.split_once(&close).unwrap();
    format!("{before}{open}{value}{close}{after}")
}

/// A profile that admits one address.
fn narrow(text: &str) -> String {
    let address = "192.0.2.7";
    let range = format!(
        "<loginIpRanges><endAddress>{address}</endAddress><startAddress>{address}</startAddress></loginIpRanges></Profile>"
    );
    without(text, "loginIpRanges").replace("</Profile>", &range)
}
