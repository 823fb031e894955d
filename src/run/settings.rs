//! Everything that shapes outputs besides the snapshot: read and checked before any work.

use super::formats::{FORMATS, Writer};
use super::overrides::Overrides;
use super::pseudonyms::Redacting;
use super::{Failure, Surroundings, as_of, load_control_in, load_wording, read_text, unread};
use crate::catalogue::Catalogue;
use crate::cli::Rendering;
use crate::engagement::{Engagement, Strict};
use crate::limits::Limits;
use crate::manifest::{self, Manifest, Options};
use crate::model::{Document, Given, GivenFile, GivenOption};
use crate::render::csv::Dialect;
use crate::render::format::Format;
use crate::render::markdown::{self, Templates};
use crate::render::theme::{FontFile, Theme};
use crate::report::CARDS;
use crate::source::regular;
use crate::table::narrow::Columns;
use crate::table::profiles::Profile;
use crate::text::wording::Wording;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Everything that shapes outputs besides the snapshot, read and checked before any work.
pub(super) struct Settings {
    pub(super) control: Catalogue,
    pub(super) wording: Wording,
    pub(super) engagement: Engagement,
    pub(super) as_of: Date,
    pub(super) all: bool,
    /// Sheet controls count for the exit code, by option.
    strict: bool,
    /// Whether the workpapers are written beside the report.
    pub(super) workpapers: bool,
    /// Whether templates are only checked.
    pub(super) checking: bool,
    formats: BTreeSet<Format>,
    pub(super) dialect: Dialect,
    /// Columns of findings.csv, where they were chosen.
    pub(super) columns: Option<Columns>,
    /// Most cards of a report.
    pub(super) cards: usize,
    /// Other trackers whose headings the findings are also written in.
    pub(super) profiles: BTreeSet<Profile>,
    pub(super) theme: Theme,
    pub(super) templates: Templates,
    /// The style sheet of the HTML page, in the place of the built-in one.
    pub(super) style: Option<String>,
    /// Folder that the user's templates come from.
    edited: Option<PathBuf>,
    configuration: BTreeMap<String, String>,
    /// Options and files of this run, for the command that repeats it.
    pub(super) given: Given,
    /// The engagement file as it was named; empty when there is none.
    pub(super) engagement_file: String,
    /// What inputs may cost.
    pub(super) limits: Limits,
    /// Names are replaced by pseudonyms.
    pub(super) redacting: Option<Redacting>,
}

impl Settings {
    /// Reads theme, templates, fonts and engagement file.
    pub(super) fn load(
        rendering: &Rendering,
        engagement: Option<&Path>,
        surroundings: &Surroundings,
    ) -> Result<Self, Failure> {
        let limits = rendering.bounds.limits();
        let mut configuration = Supplied::default();
        let engagement_file = engagement.map(|path| path.display().to_string()).unwrap_or_default();
        let mut wording = load_wording(&rendering.lang)?;
        let control = load_control_in(&rendering.lang)?;
        let engagement_path = engagement;
        let mut engagement = match engagement {
            Some(path) => read_engagement(path, &limits, &mut configuration)?,
            None => Engagement::default(),
        };
        if rendering.strict {
            engagement.strict = Strict::All;
        }
        let edited = rendering.templates.as_deref();
        let overrides = edited.map(|folder| Overrides::read(folder, &rendering.lang, &limits, &mut configuration));
        let overrides = overrides.transpose()?.unwrap_or_default();
        overrides.word(&mut wording)?;
        let templates = Templates::with(overrides.templates, std::slice::from_ref(&wording));
        let templates = templates.map_err(|error| template_failure(&error, edited))?;
        let redacting = Redacting::load(rendering, &engagement, &limits)?;
        Ok(Self {
            redacting,
            limits,
            engagement_file,
            as_of: as_of(rendering.as_of, surroundings)?,
            all: rendering.all,
            strict: rendering.strict,
            workpapers: rendering.workpapers || engagement.workpapers,
            checking: false,
            formats: rendering.format.iter().copied().collect(),
            dialect: rendering.dialect,
            columns: rendering.columns.clone(),
            cards: rendering.cards.unwrap_or(CARDS),
            profiles: rendering.profile.iter().copied().collect(),
            theme: read_theme(rendering, overrides.theme, &limits, &mut configuration)?,
            templates,
            style: overrides.style,
            edited: rendering.templates.clone(),
            given: Given { options: options(rendering, engagement_path), files: configuration.files },
            wording,
            configuration: configuration.hashes,
            engagement,
            control,
        })
    }

    /// The same, with every template in use.
    pub(super) fn checking(self) -> Self {
        let formats = self.formats.into_iter().chain([Format::Md, Format::Html]).collect();
        Self { workpapers: true, formats, checking: true, ..self }
    }

    /// The manifest of a run with these settings; outputs are filled in when the folder is finished.
    pub(super) fn manifest(&self) -> Manifest {
        Manifest {
            schema: manifest::SCHEMA.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            ruleset_version: self.control.version.clone(),
            is_final: self.engagement.document.is_final,
            options: Options {
                format: words(self.formats.iter().map(|format| format.word())),
                all: self.all,
                strict: self.strict,
                workpapers: self.workpapers,
                as_of: self.as_of.to_string(),
                dialect: self.dialect.word().to_owned(),
                columns: self.columns.as_ref().map(ToString::to_string),
                cards: Some(self.cards).filter(|cards| *cards != CARDS),
                profile: words(self.profiles.iter().map(|profile| profile.word())),
                lang: self.wording.language.clone(),
                redact: self.redacting.as_ref().map(Redacting::word),
                limits: self.limits.changes().iter().map(|change| (change.name.to_owned(), change.value)).collect(),
            },
            orgs: BTreeMap::new(),
            failed: BTreeMap::new(),
            configuration: self.configuration.clone(),
            outputs: BTreeMap::new(),
        }
    }

    /// The key of an org as outputs show it: in a portfolio, a redacted run hides it.
    pub(super) fn shown_key(&self, key: &str, several: bool) -> String {
        match &self.redacting {
            Some(redacting) if several => redacting.org(key),
            _ => key.to_owned(),
        }
    }

    /// Title page of a portfolio: the engagement file's, redacted when asked for.
    pub(super) fn title_page(&self) -> Result<Document, Failure> {
        let document = &self.engagement.document;
        self.redacting.as_ref().map_or_else(|| Ok(document.clone()), |redacting| redacting.document(document))
    }

    pub(super) fn guard_map(&self, output: &Path, force: bool) -> Result<(), Failure> {
        self.redacting.as_ref().map_or(Ok(()), |redacting| redacting.guard_map(output, force))
    }

    pub(super) fn write_map(&self) -> Result<(), Failure> {
        self.redacting.as_ref().map_or(Ok(()), Redacting::write_map)
    }

    /// What writes the formats that were asked for.
    pub(super) fn writers(&self) -> impl Iterator<Item = &'static Writer> {
        FORMATS.iter().filter(|(format, _)| self.wants(*format)).map(|(_, writer)| writer)
    }

    /// Whether the kit is written: beside a report, which names its runbooks. Its files are those of the snapshot, in
    /// which pseudonyms have no place.
    pub(super) fn writes_kit(&self) -> bool {
        self.redacting.is_none() && self.writers().any(|writer| matches!(writer, Writer::Pages(_)))
    }

    pub(super) fn wants(&self, format: Format) -> bool {
        self.formats.contains(&format)
    }

    /// A template error, with the user's path when the template is the user's.
    pub(super) fn template_failure(&self, error: &markdown::TemplateError) -> Failure {
        let edited = self.edited.as_deref().filter(|folder| folder.join(&error.template).exists());
        template_failure(error, edited)
    }
}

/// Files besides the snapshot, for the manifest by key and for the report by name.
#[derive(Default)]
pub(super) struct Supplied {
    hashes: BTreeMap<String, String>,
    files: Vec<GivenFile>,
}

impl Supplied {
    pub(super) fn add(&mut self, key: String, what: &str, path: String, bytes: &[u8]) {
        let sha256 = manifest::sha256(bytes);
        self.hashes.insert(key, sha256.clone());
        self.files.push(GivenFile { what: what.to_owned(), path, bytes: bytes.len() as u64, sha256 });
    }
}

fn words(words: impl Iterator<Item = &'static str>) -> Vec<String> {
    words.map(str::to_owned).collect()
}

/// The options that differ from the defaults. Files are named without their folders, which are of one machine.
fn options(rendering: &Rendering, engagement: Option<&Path>) -> Vec<GivenOption> {
    const FORMATS: [Format; 4] = [Format::Md, Format::Pdf, Format::Csv, Format::Json];
    let mut given = Given::default();
    if let Some(path) = engagement {
        given.option("--engagement", file_name(path));
    }
    let formats: BTreeSet<Format> = rendering.format.iter().copied().collect();
    if formats != FORMATS.into_iter().collect() {
        given.option("--format", words(formats.iter().map(|format| format.word())).join(","));
    }
    if rendering.all {
        given.option("--all", "");
    }
    if rendering.strict {
        given.option("--strict", "");
    }
    if rendering.workpapers {
        given.option("--workpapers", "");
    }
    if rendering.dialect != Dialect::Excel {
        given.option("--dialect", rendering.dialect.word());
    }
    if let Some(columns) = &rendering.columns {
        given.option("--columns", columns.to_string());
    }
    if let Some(cards) = rendering.cards.filter(|cards| *cards != CARDS) {
        given.option("--cards", cards.to_string());
    }
    let profiles: BTreeSet<Profile> = rendering.profile.iter().copied().collect();
    if !profiles.is_empty() {
        given.option("--profile", words(profiles.iter().map(|profile| profile.word())).join(","));
    }
    if rendering.lang != "en" {
        given.option("--lang", rendering.lang.as_str());
    }
    for (option, path) in [("--theme", &rendering.theme), ("--templates", &rendering.templates)] {
        if let Some(path) = path {
            given.option(option, file_name(path));
        }
    }
    for font in &rendering.font {
        given.option("--font", file_name(font));
    }
    if let Some(key) = &rendering.redact_key {
        given.option("--redact-key", file_name(key));
    }
    for change in rendering.bounds.limits().changes() {
        given.option("--limit", change.to_string());
    }
    given.options
}

fn read_engagement(path: &Path, limits: &Limits, configuration: &mut Supplied) -> Result<Engagement, Failure> {
    let text = read_text(path, limits, "pass an existing file to --engagement; shr request writes a commented one")?;
    configuration.add("engagement".to_owned(), "engagement", file_name(path), text.as_bytes());
    Engagement::parse(&text, &path.display().to_string(), &crate::controls::known()).map_err(|errors| first_of(&errors))
}

/// All errors of the engagement file as one failure: the first as the message, the others below it.
fn first_of(errors: &[crate::engagement::EngagementError]) -> Failure {
    let mut lines = errors.iter().map(ToString::to_string);
    let first = lines.next().unwrap_or_default();
    Failure::new("", lines.fold(first, |all, line| format!("{all}\nshr: {line}")), "")
}

fn read_theme(
    rendering: &Rendering,
    beside_templates: Option<(PathBuf, String)>,
    limits: &Limits,
    configuration: &mut Supplied,
) -> Result<Theme, Failure> {
    let mut fonts = Vec::new();
    for path in &rendering.font {
        let text = path.to_string_lossy();
        let (name, face) = FontFile::place(&text);
        // A name that is not Unicode cannot be taken apart.
        let (path, face) = if path.to_str().is_some() { (Path::new(name), face) } else { (path.as_path(), 0) };
        let bytes = regular::read(path, limits.asset_bytes)
            .map_err(|e| unread(path, &e, "asset-bytes", "pass an existing font file to --font"))?;
        let face_name = if face == 0 { String::new() } else { format!("#{face}") };
        configuration.add(format!("font:{}{face_name}", file_name(path)), "font", file_name(path), &bytes);
        fonts.push(FontFile { bytes, face });
    }
    let named = rendering.theme.as_ref().map(|path| {
        let hint = "pass an existing file to --theme; shr templates writes one";
        read_text(path, limits, hint).map(|text| (path.clone(), text))
    });
    let mut theme = match named.transpose()?.or(beside_templates) {
        None => Theme::default(),
        Some((path, text)) => {
            let path = path.as_path();
            configuration.add("theme".to_owned(), "theme", file_name(path), text.as_bytes());
            let base = path.parent().filter(|base| !base.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Theme::parse(&text, |name| read_beside(base, name, limits))
                .map_err(|error| Failure::new(path.display(), error, ""))?
        }
    };
    theme.fonts.extend(fonts);
    Ok(theme)
}

/// A file that a theme names. A theme may come from anybody: what it names lies beside it, and no link leads elsewhere.
fn read_beside(base: &Path, name: &str, limits: &Limits) -> Result<Vec<u8>, String> {
    let name = name.strip_prefix("./").unwrap_or(name);
    regular::read_inside(base, name, limits.asset_bytes).map_err(|error| {
        let Failure { message, hint, .. } =
            unread(&base.join(name), &error, "asset-bytes", "it has to lie beside the theme");
        format!("{message}; {hint}")
    })
}

/// A template error with the user's path, if the template is the user's.
fn template_failure(error: &markdown::TemplateError, folder: Option<&Path>) -> Failure {
    let file = format!("{}:{}:{}", error.template, error.line, error.column);
    let place = folder.map_or(file.clone(), |folder| folder.join(file).display().to_string());
    let line = if error.source_line.is_empty() { String::new() } else { format!(" in `{}`", error.source_line.trim()) };
    Failure::new(place, format!("{}{line}", error.message), &error.hint)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
