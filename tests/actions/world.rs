//! A small org that can be changed, and the files that an export of it has.

use crate::spoiled::hostile::Files;
use shr::assess::assess;
use shr::catalogue::Catalogue;
use shr::engagement::Engagement;
use shr::model::Assessment;
use shr::source::{Limits, Source};
use std::fmt::Write as _;
use std::sync::LazyLock;

static CONTROL: LazyLock<Catalogue> = LazyLock::new(|| shr::controls::catalogue("en").unwrap());

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ranges {
    None,
    Narrow,
    Wide,
    Everything,
}

/// How much of the User export there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Users {
    Complete,
    NotProven,
    Absent,
}

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) active: bool,
    pub(super) profile: usize,
    pub(super) sets: Vec<usize>,
    /// Signs in by browser.
    pub(super) person: bool,
    pub(super) license: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// API name, which its file has.
    pub(super) api: String,
    /// Name in Setup, which records have.
    pub(super) name: String,
    pub(super) custom: Option<bool>,
    pub(super) permissions: Vec<&'static str>,
    pub(super) ranges: Ranges,
}

/// Rights in the order of [`RIGHTS`].
pub(super) type Rights = [bool; 6];
pub(super) const RIGHTS: [&str; 6] = ["Read", "Create", "Edit", "Delete", "ViewAllRecords", "ModifyAllRecords"];

#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) permissions: Vec<&'static str>,
    pub(super) objects: Vec<(String, Rights)>,
}

#[derive(Clone, Debug)]
pub(super) struct App {
    pub(super) name: String,
    /// Whom it runs as: nobody, a user, or somebody whom no export holds.
    pub(super) user: Option<Option<usize>>,
    pub(super) policy: Option<bool>,
    pub(super) setting: Option<bool>,
    pub(super) relaxation: Option<&'static str>,
    pub(super) secret: bool,
    pub(super) scopes: &'static str,
    /// Has a certificate for JWT bearer.
    pub(super) certificate: bool,
}

#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) users: Vec<User>,
    pub(super) profiles: Vec<Profile>,
    pub(super) sets: Vec<Set>,
    pub(super) apps: Vec<App>,
    /// User of a connected app with the flow on.
    pub(super) connected: Option<usize>,
    pub(super) export: Users,
    pub(super) history: bool,
    /// Session setting: login ranges on every request.
    pub(super) session: bool,
}

fn xml(root: &str, body: &str) -> Vec<u8> {
    format!("<{root} xmlns=\"http://soap.sforce.com/2006/04/metadata\">{body}</{root}>").into_bytes()
}

fn element(name: &str, value: impl std::fmt::Display) -> String {
    format!("<{name}>{value}</{name}>")
}

fn granted(permissions: &[&str]) -> String {
    permissions.iter().fold(String::new(), |mut out, name| {
        let _ = write!(out, "<userPermissions><enabled>true</enabled><name>{name}</name></userPermissions>");
        out
    })
}

fn export(rows: &[String]) -> Vec<u8> {
    format!("{{\"records\":[{}],\"totalSize\":{},\"done\":true}}", rows.join(","), rows.len()).into_bytes()
}

fn attributes(object: &str) -> String {
    format!("\"attributes\":{{\"type\":\"{object}\"}}")
}

pub(super) fn user_id(n: usize) -> String {
    format!("005xx{n:010}AAA")
}

impl World {
    pub(super) fn assess(&self) -> Assessment {
        let files = self.files();
        let source = Source::memory("org", files);
        let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
        let problems: Vec<String> = snapshot.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, Vec::<String>::new(), "the files themselves are sound");
        assess(&snapshot, &CONTROL, &Engagement::default(), "org", jiff::civil::date(2026, 11, 24))
    }

    fn files(&self) -> Files {
        let mut files = Files::new();
        self.apps.iter().for_each(|app| self.app(app, &mut files));
        for profile in &self.profiles {
            let range = |first: &str, last: &str| {
                format!(
                    "<loginIpRanges>{}{}</loginIpRanges>",
                    element("endAddress", last),
                    element("startAddress", first)
                )
            };
            let ranges = match profile.ranges {
                Ranges::None => String::new(),
                Ranges::Narrow => range("203.0.113.1", "203.0.113.1"),
                Ranges::Wide => range("198.51.0.0", "198.51.255.255"),
                Ranges::Everything => range("0.0.0.0", "255.255.255.255"),
            };
            let custom = profile.custom.map(|custom| element("custom", custom)).unwrap_or_default();
            let body = format!("{custom}{ranges}{}", granted(&profile.permissions));
            files.insert(format!("main/profiles/{}.profile-meta.xml", profile.api), xml("Profile", &body));
        }
        for set in &self.sets {
            let body =
                element("hasActivationRequired", false) + &element("label", &set.name) + &granted(&set.permissions);
            files.insert(
                format!("main/permissionsets/{}.permissionset-meta.xml", set.name),
                xml("PermissionSet", &body),
            );
        }
        self.records(&mut files);
        if let Some(user) = self.connected.and_then(|at| self.users.get(at)) {
            let oauth = format!(
                "<oauthConfig><isClientCredentialEnabled>true</isClientCredentialEnabled><oauthClientCredentialUser>{}</oauthClientCredentialUser></oauthConfig>",
                user.name
            );
            let body = element("label", "Old Bridge") + &oauth;
            files.insert("main/connectedApps/Old_Bridge.connectedApp-meta.xml".into(), xml("ConnectedApp", &body));
        }
        let session = format!(
            "<sessionSettings><enforceIpRangesEveryRequest>{}</enforceIpRangesEveryRequest></sessionSettings>",
            self.session
        );
        files.insert("main/settings/Security.settings-meta.xml".into(), xml("SecuritySettings", &session));
        files
    }

    fn app(&self, app: &App, files: &mut Files) {
        let link = element("externalClientApplication", &app.name);
        let mut add = |suffix: &str, root: &str, body: String| {
            files.insert(format!("main/eca/{}.{suffix}-meta.xml", app.name), xml(root, &body));
        };
        add("eca", "ExternalClientApplication", element("label", app.name.replace('_', " ")));
        add("ecaOauth", "ExtlClntAppOauthSettings", element("commaSeparatedOauthScopes", app.scopes) + &link);
        let flow = |on: bool| element("isClientCredentialsFlowEnabled", on);
        if let Some(on) = app.setting {
            let secret = if app.secret { element("consumerSecret", "0123456789ABCDEF0123") } else { String::new() };
            let body =
                include_str!("../ingest/ec.pem").lines().filter(|line| !line.starts_with('-')).collect::<String>();
            let certificate = if app.certificate { element("certificate", body) } else { String::new() };
            add("ecaGlblOauth", "ExtlClntAppGlobalOauthSettings", certificate + &secret + &link + &flow(on));
        }
        if let Some(on) = app.policy {
            let user = match app.user {
                None => String::new(),
                Some(None) => element("clientCredentialsFlowUser", "ghost@example.com"),
                Some(Some(at)) => element("clientCredentialsFlowUser", &self.users[at].name),
            };
            let relaxation = app.relaxation.map(|value| element("ipRelaxationPolicyType", value)).unwrap_or_default();
            add("ecaOauthPlcy", "ExtlClntAppOauthConfigurablePolicies", user + &link + &relaxation + &flow(on));
        }
        let on = element("isEnabled", true) + &element("isOauthPluginEnabled", true);
        add("ecaPlcy", "ExtlClntAppConfigurablePolicies", link + &on);
    }

    fn records(&self, files: &mut Files) {
        let (mut users, mut assignments, mut logins) = (Vec::new(), Vec::new(), Vec::new());
        let mut csv = "Id,Username,IsActive,UserType,ProfileId,Profile.Name,Profile.UserLicense.Name\n".to_owned();
        for (n, user) in self.users.iter().enumerate() {
            let (id, profile) = (user_id(n), &self.profiles[user.profile]);
            users.push(format!(
                "{{{},\"Id\":\"{id}\",\"Username\":\"{}\",\"IsActive\":{},\"UserType\":\"Standard\",\"ProfileId\":\"00exx{:010}AAA\",\"Profile\":{{\"Name\":\"{}\",\"UserLicense\":{{\"Name\":\"{}\"}}}},\"LastLoginDate\":{}}}",
                attributes("User"), user.name, user.active, user.profile, profile.name, user.license,
                if user.person { "\"2026-11-16T07:41:55.000+0000\"" } else { "null" }
            ));
            let _ = writeln!(
                csv,
                "{id},{},{},Standard,00exx{:010}AAA,{},{}",
                user.name, user.active, user.profile, profile.name, user.license
            );
            let mut assign = |set: String, name: &str, owned: bool| {
                assignments.push(format!(
                    "{{{},\"Id\":\"0Paxx{:010}AAA\",\"AssigneeId\":\"{id}\",\"PermissionSetId\":\"{set}\",\"PermissionSet\":{{\"Name\":\"{name}\",\"NamespacePrefix\":null,\"IsOwnedByProfile\":{owned}}},\"PermissionSetGroupId\":null,\"PermissionSetGroup\":null,\"ExpirationDate\":null}}",
                    attributes("PermissionSetAssignment"),
                    assignments.len()
                ));
            };
            assign(format!("0PSxx1{:09}AAA", user.profile), &format!("X00ex{}", user.profile), true);
            user.sets.iter().for_each(|at| assign(format!("0PSxx{at:010}AAA"), &self.sets[*at].name, false));
            if user.person {
                logins.push(format!(
                    "{{{},\"Id\":\"0Yaxx{n:010}AAA\",\"UserId\":\"{id}\",\"LoginTime\":\"2026-11-16T07:41:55.000+0000\",\"LoginType\":\"Application\",\"LoginSubType\":null,\"Application\":\"Browser\",\"SourceIp\":\"192.0.2.18\",\"Status\":\"Success\"}}",
                    attributes("LoginHistory")
                ));
            }
        }
        let mut add = |name: &str, bytes: Vec<u8>| drop(files.insert(format!("exports/{name}"), bytes));
        match self.export {
            Users::Complete => add("User.json", export(&users)),
            Users::NotProven => add("User.csv", csv.into_bytes()),
            Users::Absent => {}
        }
        add("PermissionSetAssignment.json", export(&assignments));
        add("ObjectPermissions.json", export(&self.object_rows()));
        if self.history {
            add("LoginHistory.json", export(&logins));
        }
    }

    fn object_rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for (at, set) in self.sets.iter().enumerate() {
            for (object, rights) in &set.objects {
                let rights: Vec<String> =
                    RIGHTS.iter().zip(rights).map(|(name, on)| format!("\"Permissions{name}\":{on}")).collect();
                rows.push(format!(
                    "{{{},\"Id\":\"110xx{:010}AAA\",\"ParentId\":\"0PSxx{at:010}AAA\",\"Parent\":{{\"Name\":\"{}\",\"NamespacePrefix\":null}},\"SobjectType\":\"{object}\",{},\"PermissionsViewAllFields\":false}}",
                    attributes("ObjectPermissions"), rows.len(), set.name, rights.join(",")
                ));
            }
        }
        rows
    }
}

/// Draws a world from bytes; what is drawn last is the plainest.
pub(super) struct Draw<'a>(pub(super) std::slice::Iter<'a, u8>);

impl Draw<'_> {
    fn below(&mut self, most: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % most)
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn some<T: Copy>(&mut self, list: &[T], of: usize) -> Vec<T> {
        list.iter().copied().filter(|_| self.below(of) == 1).collect()
    }

    pub(super) fn world(&mut self) -> World {
        const POWERS: [&str; 5] =
            ["ModifyAllData", "ViewAllData", "ManageUsers", "CustomizeApplication", "ApiUserOnly"];
        let profiles = (0..1 + self.below(3)).map(|n| {
            let admin = n == 2;
            let mut permissions = vec!["ApiEnabled"];
            permissions.extend(self.some(&POWERS, 12));
            if self.below(4) != 1 && !permissions.contains(&"ApiUserOnly") {
                permissions.push("ApiUserOnly");
            }
            Profile {
                api: if admin { "Admin".to_owned() } else { format!("Robot {n}") },
                name: if admin { "System Administrator".to_owned() } else { format!("Robot {n}") },
                custom: if admin { Some(false) } else { self.one(&[Some(true), Some(true), Some(false), None]) },
                permissions,
                ranges: self.one(&[Ranges::None, Ranges::Narrow, Ranges::Wide, Ranges::Everything]),
            }
        });
        let profiles: Vec<Profile> = profiles.collect();
        let sets = (0..self.below(3)).map(|n| Set {
            name: format!("Set_{n}"),
            permissions: self.some(&POWERS, 3),
            objects: (0..self.below(3))
                .map(|o| (format!("Object_{o}__c"), std::array::from_fn(|_| self.below(2) == 1)))
                .collect(),
        });
        let sets: Vec<Set> = sets.collect();
        let users = (0..1 + self.below(3)).map(|n| User {
            name: format!("user{n}@example.com"),
            active: self.below(5) != 1,
            profile: if self.below(3) == 1 { self.below(profiles.len()) } else { n % profiles.len() },
            sets: (0..sets.len()).filter(|_| self.below(2) == 1).collect(),
            person: self.below(6) == 1,
            license: self.one(&["Salesforce Integration", "Salesforce"]),
        });
        let users: Vec<User> = users.collect();
        let apps = (0..1 + self.below(3)).map(|n| App {
            name: format!("App_{n}"),
            user: match self.below(8) {
                6 => None,
                7 => Some(None),
                at if at < 3 => Some(Some(at % users.len())),
                _ => Some(Some(n % users.len())),
            },
            policy: self.one(&[Some(true), Some(true), Some(true), Some(false), None]),
            setting: self.one(&[Some(true), Some(true), Some(false), None]),
            relaxation: self.one(&[Some("Enforce"), Some("Enforce"), Some("Bypass"), None]),
            secret: self.below(5) == 1,
            scopes: self.one(&["Api", "Api,RefreshToken", "Full"]),
            certificate: self.below(6) == 1,
        });
        let apps = apps.collect();
        World {
            connected: self.one(&[None, None, Some(0)]),
            export: self.one(&[Users::Complete, Users::Complete, Users::NotProven, Users::Absent]),
            history: self.below(3) != 1,
            session: self.below(2) == 1,
            users,
            profiles,
            sets,
            apps,
        }
    }
}
