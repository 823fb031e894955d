//! `shr request`: what somebody needs to produce a complete snapshot.

use crate::catalogue::{Catalogue, Request};
use crate::snapshot::Kind;

const PACKAGE: &str = include_str!("../../templates/request/package.xml");
const SCRIPT: &str = include_str!("../../templates/request/export.sh");
const CHECKLIST: &str = include_str!("../../templates/request/CHECKLIST.md");
const ENGAGEMENT: &str = include_str!("../../templates/engagement.toml");

/// The request whose query only lists files to download; its rows are no evidence.
const LISTING: &str = "event-log-file";

/// The files of a request, as path (with `/`) and content, in path order.
#[must_use]
pub fn files(control: &Catalogue) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("CHECKLIST.md".to_owned(), checklist(control).into_bytes()),
        ("engagement.toml".to_owned(), ENGAGEMENT.as_bytes().to_vec()),
        ("export.sh".to_owned(), script(control).into_bytes()),
        ("package.xml".to_owned(), PACKAGE.as_bytes().to_vec()),
    ];
    files.extend(control.requests.iter().filter(|request| !request.soql.is_empty()).map(|request| {
        let path = format!("soql/{}.soql", request.file);
        (path, format!("{}\n", control.soql(request)).into_bytes())
    }));
    files.sort();
    files
}

/// Requests whose rows the snapshot holds, in catalogue order.
fn exported(control: &Catalogue) -> impl Iterator<Item = &Request> {
    control.requests.iter().filter(|request| !request.soql.is_empty() && request.id != LISTING)
}

/// Metadata types whose components the org is asked to list.
fn listed() -> Vec<&'static str> {
    Kind::ALL.iter().filter(|kind| kind.is_listed()).map(|kind| kind.name()).collect()
}

fn script(control: &Catalogue) -> String {
    let stems: Vec<&str> = exported(control).map(|request| request.file.as_str()).collect();
    SCRIPT.replace("@QUERIES@", &stems.join(" ")).replace("@TYPES@", &listed().join(" "))
}

fn checklist(control: &Catalogue) -> String {
    let mut table = Vec::new();
    for Request { object, file, why, .. } in exported(control) {
        table.push(format!("| [ ] | {object} | `soql/{file}.soql` | `{file}.csv` | {why} |"));
    }
    let mut commands = Vec::new();
    for name in listed() {
        commands
            .push(format!("sf org list metadata --metadata-type {name} --target-org ORG --json > lists/{name}.json"));
    }
    CHECKLIST.replace("@TABLE@", &table.join("\n")).replace("@LISTS@", &commands.join("\n"))
}
