//! A folder with edited templates: every file of it that could shape a report is known, or refused by name.

use super::settings::Supplied;
use super::{Failure, unread};
use crate::controls;
use crate::limits::Limits;
use crate::render::html;
use crate::render::markdown::Templates;
use crate::source::regular;
use crate::text::fill::slots;
use crate::text::nearest::did_you_mean;
use crate::text::wording::{self, Wording};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The style sheet of the HTML page, in the folder.
pub(super) const STYLE: &str = "report.css";
/// The theme, unless `--theme` names another.
const THEME: &str = "theme.toml";

/// What a folder replaces.
#[derive(Default)]
pub(super) struct Overrides {
    /// Templates by path.
    pub(super) templates: Vec<(String, String)>,
    /// The style sheet.
    pub(super) style: Option<String>,
    /// The theme, with its path.
    pub(super) theme: Option<(PathBuf, String)>,
    /// Texts of a language by the path of their file.
    texts: Vec<(PathBuf, String)>,
}

/// Catalogues by their path in the folder, each with its text: those that all controls share, and those of each control.
pub(super) fn catalogues() -> Vec<(String, &'static str)> {
    let languages = wording::languages().into_iter();
    let files = languages.flat_map(|tag| {
        let own = controls::texts(tag).into_iter();
        wording::files(tag).into_iter().chain(own).map(move |(name, text)| (format!("lang/{tag}/{name}.toml"), text))
    });
    files.collect()
}

impl Overrides {
    /// Reads a folder for a run in a language. Fails for a file of a form that shapes reports whose name is not known.
    pub(super) fn read(
        folder: &Path,
        language: &str,
        limits: &Limits,
        configuration: &mut Supplied,
    ) -> Result<Self, Failure> {
        let catalogues = catalogues();
        let fixed = Templates::names().map(str::to_owned).chain([STYLE.to_owned(), THEME.to_owned()]);
        let known: Vec<String> = catalogues.into_iter().map(|(name, _)| name).chain(fixed).collect();
        let mut read = Self::default();
        for name in names(folder)? {
            if !known.contains(&name) {
                let hint = did_you_mean(&name, known.iter().map(String::as_str));
                let hint = hint.unwrap_or_else(|| "shr templates DIR writes all that there are".to_owned());
                return Err(Failure::new(folder.join(&name).display(), "is no file that shapes a report", hint));
            }
            let path = folder.join(&name);
            // A set of templates may come from anybody, so no link leads out of it.
            let text = regular::read_inside(folder, &name, limits.text_bytes).and_then(regular::as_text);
            let text =
                text.map_err(|error| unread(&path, &error, "text-bytes", "put the file itself into the folder"))?;
            if name == THEME {
                read.theme = Some((path, text));
                continue;
            }
            configuration.add(format!("template:{name}"), "template", name.clone(), text.as_bytes());
            match name.rsplit_once('.') {
                Some((_, "hbs")) => read.templates.push((name, text)),
                Some((_, "css")) => read.style = Some(styled(&path, text)?),
                _ if name.starts_with(&format!("lang/{language}/")) => read.texts.push((path, text)),
                _ => {}
            }
        }
        if read.templates.is_empty() && read.texts.is_empty() && read.style.is_none() && read.theme.is_none() {
            let hint = "shr templates DIR writes the built-in ones";
            return Err(Failure::new(folder.display(), "holds no template of shr", hint));
        }
        Ok(read)
    }

    /// Replaces texts, key by key. Fails for a key or a placeholder that the built-in text does not have.
    pub(super) fn word(&self, wording: &mut Wording) -> Result<(), Failure> {
        for (path, text) in &self.texts {
            let texts: BTreeMap<String, String> = toml::from_str(text).map_err(|error| {
                let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                let hint = "a line is \"key\" = \"text\", both in quotes, each key once";
                Failure::new(format!("{}:{line}", path.display()), error.message(), hint)
            })?;
            for (key, new) in &texts {
                let at = || {
                    let line = text.lines().position(|line| line.trim_start().starts_with(&format!("\"{key}\"")));
                    format!("{}:{}", path.display(), line.map_or(1, |line| line + 1))
                };
                let Some(old) = wording.raw(key) else {
                    let hint = did_you_mean(key, wording.keys()).unwrap_or_default();
                    return Err(Failure::new(at(), format!("no text has the key `{key}`"), hint));
                };
                let (have, want) = (slots(new), slots(old));
                if let Some(slot) = have.iter().find(|slot| !want.contains(slot)) {
                    let hint = format!("the built-in text has {}", listed(&want));
                    return Err(Failure::new(at(), format!("`{key}` has no placeholder `{{{slot}}}`"), hint));
                }
            }
            wording.extend(texts);
        }
        Ok(())
    }
}

fn listed(slots: &[&str]) -> String {
    if slots.is_empty() { "none".to_owned() } else { slots.join(", ") }
}

/// A style sheet that stays one, and asks for nothing.
fn styled(path: &Path, text: String) -> Result<String, Failure> {
    let lower = text.to_lowercase();
    match html::FORBIDDEN_IN_STYLE.iter().find(|part| lower.contains(**part)) {
        Some(part) => Err(Failure::new(path.display(), format!("holds `{part}`"), "the page loads nothing")),
        None => Ok(text),
    }
}

/// Files of the folder that have a form of ours, by path with `/`, in their order.
fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1).max_depth(3).sort_by_file_name() {
        let entry = entry.map_err(|error| Failure::new(folder.display(), error, "check the access rights"))?;
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        let name = path.to_string_lossy().replace('\\', "/");
        let ours = [".hbs", ".toml", ".css"].iter().any(|form| name.ends_with(form));
        if ours && !entry.file_type().is_dir() && !name.split('/').any(|part| part.starts_with('.')) {
            names.push(name);
        }
    }
    Ok(names)
}
