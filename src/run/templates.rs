//! `shr templates`: the built-in templates and theme, written out for editing.

use super::{Console, Failure, exit, folder};
use crate::render::markdown::Templates;
use crate::render::theme;
use std::path::Path;

pub(super) fn templates(dir: &Path, console: &mut Console<'_>) -> Result<u8, Failure> {
    let files = Templates::builtin_files().iter().copied().chain([("theme.toml", theme::BUILTIN)]);
    for (name, text) in files {
        let path = dir.join(name);
        if path.exists() {
            return Err(Failure::new(path.display(), "exists already", "choose a new folder, so that no edit is lost"));
        }
        folder::write_private(&path, text.as_bytes())?;
        console.print(&format!("{}\n", path.display()))?;
    }
    Ok(exit::CLEAN)
}
