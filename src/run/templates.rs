//! `shr templates`: the built-in templates and theme, written out for editing.

use super::{Console, Failure, folder};
use crate::render::markdown::Templates;
use crate::render::theme;
use std::path::Path;

pub(super) fn templates(dir: &Path, console: &mut Console<'_>) -> Result<u8, Failure> {
    let files: Vec<(&str, &str)> =
        Templates::builtin_files().iter().copied().chain([("theme.toml", theme::BUILTIN)]).collect();
    folder::write_new(dir, &files, "choose a new folder, so that no edit is lost", console)
}
