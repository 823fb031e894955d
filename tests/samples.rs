//! The samples as the reader sees them, and what other tests need to look at them without the tool.

use jiff::civil::{Date, date};
use shr::engagement::Engagement;
use shr::snapshot::{App, Container, Coverage, Index, Kind, Located, Locator, Place, Seen, Snapshot, Switch, UserRef};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

pub(crate) const AS_OF: Date = date(2026, 11, 24);
pub(crate) const SAMPLES: [&str; 6] =
    ["halden-prod", "halden-metadata-only", "halden-uat", "lumen-mdapi.zip", "ostra-prod", "tarn-no-apps"];
/// Texts that stand in the samples and must not stand in any output.
pub(crate) const MARKERS: [&str; 4] = ["SAMPLE-SECRET", "SAMPLE-CONSUMER-KEY", "DO-NOT-USE", ":888xx"];

pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

pub(crate) fn key(sample: &str) -> &str {
    sample.trim_end_matches(".zip")
}

pub(crate) fn engagement() -> Engagement {
    let path = samples().join("engagement.toml");
    Engagement::parse(&fs::read_to_string(path).unwrap(), "engagement.toml", &shr::controls::known())
        .expect("the sample engagement file is valid")
}

pub(crate) fn snapshot(path: &Path) -> Snapshot {
    let limits = shr::source::Limits::default();
    let source = shr::source::Source::open(path, &limits).unwrap();
    shr::ingest::read(&source, &limits).unwrap()
}

/// The files of a sample, read without the tool.
pub(crate) fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    if path.is_dir() {
        let walk = walkdir::WalkDir::new(path).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file());
        return walk
            .map(|entry| {
                let inside = entry.path().strip_prefix(path).unwrap().to_str().unwrap().to_owned();
                (inside, fs::read(entry.path()).unwrap())
            })
            .collect();
    }
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The cells of row `n` (from 1) of a record export, dotted names in lower case.
pub(crate) fn row(path: &str, bytes: &[u8], n: u32) -> Option<BTreeMap<String, String>> {
    let at = usize::try_from(n).unwrap().checked_sub(1)?;
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    if path.ends_with(".json") {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        let body = json.get("result").unwrap_or(&json);
        let rows = body.get("records").unwrap_or(body).as_array().unwrap();
        let mut cells = BTreeMap::new();
        flatten("", rows.get(at)?, &mut cells);
        return Some(cells);
    }
    let delimiter = if text.lines().next()?.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_lowercase).collect();
    let record = reader.records().nth(at)?.unwrap();
    Some(header.into_iter().zip(record.iter().map(str::to_owned)).collect())
}

fn flatten(prefix: &str, value: &serde_json::Value, into: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if prefix.is_empty() { "" } else { "." };
                flatten(&format!("{prefix}{dot}{}", name.to_lowercase()), value, into);
            }
        }
        serde_json::Value::String(text) => drop(into.insert(prefix.to_owned(), text.clone())),
        other => drop(into.insert(prefix.to_owned(), other.to_string())),
    }
}

/// What is wrong with a text at a place; `None` when it stands there. The place's path and lines are checked as written.
pub(crate) fn misplaced(raw: &str, at: &Locator, files: &BTreeMap<String, Vec<u8>>) -> Option<String> {
    let Some(bytes) = files.get(&*at.path) else { return Some(format!("{at}: no such file")) };
    match at.place {
        Place::File => None,
        Place::Line(n) => {
            let text = String::from_utf8_lossy(bytes);
            let line = text.lines().nth(usize::try_from(n).unwrap().wrapping_sub(1)).unwrap_or_default();
            let plain = quick_xml::escape::unescape(line).map_or_else(|_| line.into(), |t| t.into_owned());
            (!line.contains(raw) && !plain.contains(raw)).then(|| format!("{at}: `{raw}` is not in `{}`", line.trim()))
        }
        Place::Row(n) => {
            let cells = row(&at.path, bytes, n);
            let found = cells.as_ref().is_some_and(|cells| cells.values().any(|cell| cell.trim() == raw));
            (!found).then(|| format!("{at}: `{raw}` is in no cell"))
        }
    }
}

struct Walk<'a> {
    files: &'a BTreeMap<String, Vec<u8>>,
    faults: String,
    walked: usize,
}

impl Walk<'_> {
    fn text(&mut self, raw: &str, at: &Locator) {
        self.walked += 1;
        if let Some(fault) = misplaced(raw, at, self.files) {
            let _ = writeln!(self.faults, "{fault}");
        }
    }

    fn one<T>(&mut self, setting: Option<&Located<T>>) {
        if let Some(located) = setting {
            self.text(&located.raw, &located.at);
        }
    }

    fn seen<T>(&mut self, seen: &Seen<T>) {
        seen.iter().for_each(|located| self.text(&located.raw, &located.at));
    }

    fn app(&mut self, app: &App) {
        app.sources.iter().filter(|s| s.at.place != Place::File).for_each(|s| self.text(&s.raw, &s.at));
        self.seen(&app.label);
        self.seen(&app.distribution_state);
        self.seen(&app.policy_flow);
        self.seen(&app.setting_flow);
        self.seen(&app.enabled);
        self.seen(&app.oauth_plugin_enabled);
        self.seen(&app.execution_user);
        self.seen(&app.ip_relaxation);
        self.seen(&app.permitted_users);
        self.seen(&app.scopes);
        self.seen(&app.session_timeout_minutes);
        self.one(app.policy_changed.as_ref());
        for range in app.trusted_ranges.iter().chain(&app.token_ranges) {
            self.one(Some(&range.start));
            self.one(Some(&range.end));
        }
    }

    fn container(&mut self, container: &Container) {
        for grant in container.permissions.values().flatten() {
            self.text(&grant.raw, &grant.at);
        }
        for range in container.login_ranges.iter().flat_map(|copy| &copy.value) {
            self.one(Some(&range.start));
            self.one(Some(&range.end));
        }
        container.members.iter().chain(&container.mutings).for_each(|member| self.text(&member.raw, &member.at));
        self.seen(&container.activation_required);
        self.seen(&container.license);
        self.seen(&container.status);
    }
}

#[test]
fn whatever_is_read_stands_where_it_was_read() {
    for sample in SAMPLES {
        let path = samples().join(sample);
        let files = files(&path);
        let snapshot = snapshot(&path);
        let mut walk = Walk { files: &files, faults: String::new(), walked: 0 };
        snapshot.apps.values().for_each(|app| walk.app(app));
        snapshot.access.containers.iter().for_each(|container| walk.container(container));
        for user in &snapshot.access.users {
            walk.one(user.id.as_ref());
            walk.one(user.username.as_ref());
            walk.one(user.active.as_ref());
            walk.one(user.profile_id.as_ref());
            walk.one(user.profile_name.as_ref());
            walk.one(user.license.as_ref());
            walk.one(user.last_login.as_ref());
        }
        for assignment in &snapshot.access.assignments {
            walk.one(assignment.assignee.as_ref());
            assignment.permission_set.iter().chain(&assignment.group).for_each(|set| walk.text(&set.raw, &set.at));
            walk.one(assignment.owned_by_profile.as_ref());
            walk.one(assignment.expires.as_ref());
        }
        for login in &snapshot.activity.logins {
            walk.one(login.user.as_ref());
            walk.one(login.application.as_ref());
            walk.one(login.source_ip.as_ref());
        }
        for call in &snapshot.activity.api_use {
            walk.one(call.app_id.as_ref());
            walk.one(call.app.as_ref());
            walk.one(call.username.as_ref());
            walk.one(call.source_ip.as_ref());
            walk.one(call.time.as_ref());
        }
        for listing in snapshot.listings.values() {
            listing.components.iter().for_each(|(name, rows)| rows.iter().for_each(|at| walk.text(name, at)));
        }
        assert!(walk.faults.is_empty(), "{sample}:\n{}", walk.faults);
        assert!(walk.walked > 0, "{sample}: nothing read");
    }
}

#[test]
fn the_samples_are_read_without_a_problem() {
    for sample in SAMPLES {
        let snapshot = snapshot(&samples().join(sample));
        let problems: Vec<String> = snapshot
            .problems
            .iter()
            .filter(|p| p.code != shr::snapshot::ProblemCode::Truncated)
            .map(ToString::to_string)
            .collect();
        assert!(problems.is_empty(), "{sample}:\n{}", problems.join("\n"));
    }
}

#[test]
fn the_samples_cover_what_they_are_for() {
    let prod = snapshot(&samples().join("halden-prod"));
    assert_eq!(prod.apps.len(), 17);
    assert!(prod.apps.contains_key("hldpkg__Route_Optimizer"), "namespaced: {:?}", prod.apps.keys());
    let lookup = &prod.apps["Partner_Lookup"];
    assert!(lookup.sources.iter().all(|source| source.kind.is_records()), "known by records only");
    let flow: Vec<Switch> = prod.apps["Freight_Quote"].policy_flow.iter().map(|copy| copy.value).collect();
    assert!(flow.contains(&Switch::On) && flow.contains(&Switch::Off), "both copies are kept");
    assert_eq!(prod.coverage_of(Kind::UserRecords), Coverage::Complete { got: 15 });
    assert_eq!(prod.coverage_of(Kind::ObjectPermissionRecords), Coverage::NotProven { got: 28 });
    assert_eq!(
        prod.listings["PermissionSet"].missing,
        ["hldpkg__Runtime"],
        "listed, but packaged sets do not come along"
    );
    assert_eq!(prod.listings["ExternalClientApplication"].missing, ["Partner_Lookup"], "known by records only");
    assert!(prod.listings.values().all(|listing| listing.whole && listing.unlisted.is_empty()));
    let calls = &prod.activity.api_use;
    let tracking =
        calls.iter().filter(|call| call.app.as_ref().is_some_and(|app| app.value == "Carrier Tracking Sync"));
    assert_eq!((calls.len(), tracking.count()), (6, 2));
    assert_eq!(prod.connected.len(), 2);
    assert_eq!(prod.transaction_policies.len(), 3);

    let lumen = snapshot(&samples().join("lumen-mdapi.zip"));
    let garden = lumen.apps["Garden_Sync"].execution_user.agreed().map(|user| user.value.clone());
    assert_eq!(garden, Some(UserRef::Placeholder("__INTEGRATION_USER__".into())));
    assert_eq!(lumen.coverage_of(Kind::LoginRecords), Coverage::Truncated { got: 1, of: 4200 });
    assert_eq!(lumen.coverage_of(Kind::UserRecords), Coverage::NotProven { got: 2 });
    let umlauts = Index::new(&lumen.access).users_named("CROP.FORECAST@lumen-orchards.example.com")[0];
    assert_eq!(umlauts.profile_name.as_ref().unwrap().value, "Obst & Gemüse: Prognose");
    let ranges = lumen.access.containers.iter().find(|c| c.name == "Obst & Gemüse: Prognose").unwrap();
    assert_eq!(ranges.login_ranges.iter().count(), 1, "the percent-encoded file name is the profile of that name");
}

#[test]
fn the_engagement_file_of_the_samples_names_every_sample() {
    let engagement = engagement();
    for sample in SAMPLES {
        assert!(engagement.orgs.contains_key(key(sample)), "{sample}");
    }
    assert_eq!((engagement.exclusions.len(), engagement.attestations.len()), (1, 5));
    assert_eq!((engagement.dispositions.len(), engagement.responses.len()), (3, 1));
}

#[test]
fn everything_in_the_samples_is_invented() {
    for sample in SAMPLES {
        for (path, bytes) in files(&samples().join(sample)) {
            let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{sample}/{path}: not UTF-8"));
            let end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
            for after in text.split(['@', '/']).skip(1) {
                let host = after.split(end).next().unwrap_or_default();
                let is_host = [".com", ".org", ".net", ".io", ".de", ".ch"].iter().any(|tld| host.ends_with(tld));
                let known = host.ends_with("example.com") || host == "soap.sforce.com";
                assert!(!is_host || known, "{sample}/{path}: {host}");
            }
        }
    }
}

#[allow(dead_code)]
#[path = "../benches/common/mod.rs"]
mod generated;

#[test]
fn generated_orgs_are_read_without_a_problem() {
    let dir = std::env::temp_dir().join(format!("shr-generated-{}", std::process::id()));
    generated::orgs(&dir, 2, generated::Size::small(16)).unwrap();
    let bytes = files(&dir);
    generated::orgs(&dir, 2, generated::Size::small(16)).unwrap();
    assert!(files(&dir) == bytes, "the same bytes on every run");
    for org in ["org-0000", "org-0001"] {
        let read = snapshot(&dir.join(org));
        assert_eq!(read.problems, [], "{org}");
        assert_eq!(read.apps.len(), 16, "{org}");
        assert_eq!(read.coverage_of(Kind::UserRecords), Coverage::Complete { got: 26 }, "{org}");
        assert!(read.access.users.iter().all(|user| user.profile_name.is_some()), "{org}");
    }
    fs::remove_dir_all(&dir).unwrap();
}
