//! Who is who: the id of a finding, the org, and the digest of its snapshot.

use super::Run;
use crate::catalogue::Catalogue;
use crate::engagement::OrgFacts;
use crate::model::Org;
use crate::snapshot::{SfId, Snapshot};
use crate::text::base32::CROCKFORD;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Id of the finding on one app: `SHR-CCF-XXXX-XXXX`, the letters those of the control.
///
/// The input is the UTF-8 text of the control id, a NUL byte, the org key, a NUL byte, and the app's API name with
/// namespace. The eight characters are the first 40 bits of its SHA-256, highest bits first, in Crockford's base 32
/// (`0123456789ABCDEFGHJKMNPQRSTVWXYZ`). Result, wording, order and version are not part of it, so that an app keeps
/// its id from run to run.
#[must_use]
pub fn finding_id(control: &Catalogue, org_key: &str, app_api_name: &str) -> String {
    let digest = Sha256::digest([control.id.as_str(), org_key, app_api_name].join("\0"));
    let code = CROCKFORD.encode(digest.get(..5).unwrap_or_default());
    let (first, second) = code.split_at(code.len() / 2);
    format!("SHR-{}-{first}-{second}", control.code)
}

/// What somebody declared about the org of this run.
pub(super) fn facts<'a>(run: &Run<'a>) -> Option<&'a OrgFacts> {
    run.engagement.orgs.get(run.context.org_key)
}

/// The org as declared and as read.
pub(super) fn org(run: &Run<'_>) -> Org {
    let facts = facts(run).cloned().unwrap_or_default();
    Org {
        key: run.context.org_key.to_owned(),
        name: facts.name,
        id: org_id(run),
        environment: if facts.environment.is_empty() { "unknown".to_owned() } else { facts.environment },
        snapshot_at: facts.snapshot_at,
        extracted_by: facts.extracted_by,
        request: facts.request,
        source: run.snapshot.name.clone(),
        digest: digest(run.snapshot),
    }
}

/// The different organisation ids of the snapshot, by their first 15 characters.
pub(super) fn seen_ids(snapshot: &Snapshot) -> BTreeSet<&SfId> {
    snapshot.org_ids.iter().map(|id| &id.value).collect()
}

/// The declared organisation id, if it is one.
pub(super) fn declared_id(run: &Run<'_>) -> Option<SfId> {
    facts(run).and_then(|facts| SfId::parse(&facts.id))
}

/// The id that the snapshot shows; where it shows none or several, the declared one; else nothing.
fn org_id(run: &Run<'_>) -> String {
    let seen = seen_ids(run.snapshot);
    let only = seen.first().filter(|_| seen.len() == 1).map(|id| id.long());
    only.or_else(|| declared_id(run).map(|id| id.long())).unwrap_or_default()
}

/// SHA-256 over one line for each file read, in path order: its SHA-256, two blanks, its path, a line feed. That is
/// what `sha256sum` prints, so a reader can compute the digest without this tool.
fn digest(snapshot: &Snapshot) -> String {
    let mut lines: Vec<(&str, &str)> =
        snapshot.inputs.iter().map(|input| (input.path.as_ref(), input.sha256.as_str())).collect();
    lines.sort_unstable();
    let mut hash = Sha256::new();
    for (path, sha256) in lines {
        hash.update(sha256);
        hash.update("  ");
        hash.update(path);
        hash.update("\n");
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}
