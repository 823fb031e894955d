//! What a finished report keeps beside an assessment: only what its manifest lists, and only as it was written.

use super::folder::read_manifest;
use super::outputs::KIT;
use crate::limits::Limits;
use crate::manifest::{Manifest, sha256};
use crate::source::regular;
use std::path::{Path, PathBuf};

/// The report that an assessment lies in.
pub(super) struct Kept {
    root: PathBuf,
    /// Where the org's files are below the root: empty, or `orgs/KEY/`.
    below: String,
    manifest: Manifest,
}

impl Kept {
    /// None when no manifest stands beside the assessment, nor above its `orgs/KEY`.
    pub(super) fn beside(assessment: &Path, limits: &Limits) -> Option<Self> {
        let folder = assessment.parent()?;
        [Some(folder), folder.parent().and_then(Path::parent)].into_iter().flatten().find_map(|root| {
            let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
            let manifest = read_manifest(root, limits)?;
            let inside = assessment.strip_prefix(root).unwrap_or(assessment).parent()?;
            let mut below = inside.to_str()?.replace('\\', "/");
            if !below.is_empty() {
                below.push('/');
            }
            let listed = manifest.outputs.contains_key(&format!("{below}{}", super::outputs::ASSESSMENT));
            listed.then(|| Self { root: root.to_owned(), below, manifest })
        })
    }

    /// Names of the kit's files, from the org's folder on.
    pub(super) fn kit(&self) -> Vec<&str> {
        let start = format!("{}{KIT}/", self.below);
        let listed = self.manifest.outputs.keys().filter(|name| name.starts_with(&start));
        listed.filter_map(|name| name.strip_prefix(&self.below)).collect()
    }

    /// A file as the report was written. None when it is not listed, was changed since, or leads out of the folder.
    pub(super) fn read(&self, name: &str, limits: &Limits) -> Option<Vec<u8>> {
        let name = format!("{}{name}", self.below);
        let hash = self.manifest.outputs.get(&name)?;
        let bytes = regular::read_inside(&self.root, &name, limits.asset_bytes).ok()?;
        (sha256(&bytes) == *hash).then_some(bytes)
    }
}
