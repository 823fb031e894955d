//! `shr templates`: the built-in templates and theme, written out for editing.

use super::{Console, Failure, exit, folder};
use crate::render::markdown::Templates;
use crate::render::theme;
use std::path::Path;

pub(super) fn templates(dir: &Path, console: &mut Console<'_>) -> Result<u8, Failure> {
    let files: Vec<(&str, &str)> =
        Templates::builtin_files().iter().copied().chain([("theme.toml", theme::BUILTIN)]).collect();
    if let Some((name, _)) = files.iter().find(|(name, _)| dir.join(name).exists()) {
        let hint = "choose a new folder, so that no edit is lost";
        return Err(Failure::new(dir.join(name).display(), "exists already", hint));
    }
    for (name, text) in files {
        let path = dir.join(name);
        folder::write_private(&path, text.as_bytes())?;
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(exit::CLEAN)
}
