//! `shr templates`: the built-in templates, texts, style sheet and theme, written out for editing.

use super::{Console, Failure, folder, overrides};
use crate::render::html;
use crate::render::markdown::Templates;
use crate::render::theme;
use std::path::Path;

pub(super) fn templates(dir: &Path, console: &mut Console<'_>) -> Result<u8, Failure> {
    let catalogues = overrides::catalogues();
    let texts = catalogues.iter().map(|(name, text)| (name.as_str(), *text));
    let looks = [("theme.toml", theme::BUILTIN), (overrides::STYLE, html::STYLE)];
    let files: Vec<(&str, &str)> = Templates::builtin_files().iter().copied().chain(looks).chain(texts).collect();
    folder::write_new(dir, &files, "choose a new folder, so that no edit is lost", console)
}
