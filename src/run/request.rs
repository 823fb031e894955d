//! `shr request`: what somebody needs to produce a complete snapshot.

use crate::catalog::{Control, Request};

const PACKAGE: &str = include_str!("../../templates/request/package.xml");
const SCRIPT: &str = include_str!("../../templates/request/export.sh");
const CHECKLIST: &str = include_str!("../../templates/request/CHECKLIST.md");
const ENGAGEMENT: &str = include_str!("../../templates/engagement.toml");

/// The request whose query only lists files to download; its rows are no evidence.
const LISTING: &str = "event-log-file";

/// The files of a request, as path (with `/`) and content, in path order.
#[must_use]
pub fn files(control: &Control) -> Vec<(String, Vec<u8>)> {
    let queries = || control.requests.iter().filter(|request| !request.soql.is_empty());
    let mut files = vec![
        ("CHECKLIST.md".to_owned(), checklist(control).into_bytes()),
        ("engagement.toml".to_owned(), ENGAGEMENT.as_bytes().to_vec()),
        ("export.sh".to_owned(), script(control).into_bytes()),
        ("package.xml".to_owned(), PACKAGE.as_bytes().to_vec()),
    ];
    files.extend(queries().map(|request| {
        let path = format!("soql/{}.soql", request.file);
        (path, format!("{}\n", control.soql(request)).into_bytes())
    }));
    files.sort();
    files
}

/// Requests whose rows the snapshot holds, in catalogue order.
fn exported(control: &Control) -> impl Iterator<Item = &Request> {
    control.requests.iter().filter(|request| !request.soql.is_empty() && request.id != LISTING)
}

fn script(control: &Control) -> String {
    let stems: Vec<&str> = exported(control).map(|request| request.file.as_str()).collect();
    SCRIPT.replace("@QUERIES@", &stems.join(" "))
}

fn checklist(control: &Control) -> String {
    let row = |request: &Request| {
        let Request { object, file, why, .. } = request;
        format!("| [ ] | {object} | `soql/{file}.soql` | `{file}.csv` | {why} |")
    };
    CHECKLIST.replace("@TABLE@", &exported(control).map(row).collect::<Vec<_>>().join("\n"))
}
