//! Controls: each a folder with its catalogue, its criteria and what only it can word. A line of `ALL` registers one.

mod api_only;
mod ca_code_credentials;
mod ca_creation;
mod ca_device;
mod ca_ip_relaxation;
mod ca_oauth;
mod ca_profiles;
mod ca_session;
pub mod client_credentials;
mod custom;
mod eca_ccf;
mod eca_code_credentials;
mod eca_scopes;
mod eca_usage;
mod id_token;
mod org_oauth;
mod org_secrets;
mod pkce;
mod rotation;
mod secret_refresh;
mod secret_web;
mod sheet;
mod signatures;

pub(crate) use crate::kit::client::token::SHOWN;
pub(crate) use sheet::{Judge, KNOWN, Registered, Sheet, entry, sheets};

use crate::catalogue::{CatalogError, Catalogue, Entry, FactEntry};
use crate::engagement::Known;
use crate::kit::{Move, Run};
use crate::model::{Assessment, Facts, Finding, Word};
use crate::snapshot::AppKind;
use crate::text::message::Message;
use crate::text::wording::{Wording, WordingError};
use crate::view::claims::Claims;
use crate::view::{CardParts, Desk, Drawn, KitParts};
use serde::de::Error as _;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A control that judges subjects to the bottom: criteria, score, actions.
pub(crate) trait Control: Sync {
    /// Its id in findings and family tables (`eca-ccf-policies`).
    fn id(&self) -> &'static str;

    /// The kind of apps that it judges.
    fn kind(&self) -> AppKind;

    /// What stands in its TOML, with the prose of a language.
    ///
    /// # Errors
    /// When there is no such language, or the files contradict each other.
    fn catalogue(&self, language: &str) -> Result<Catalogue, CatalogError>;

    /// What only it says, in a language; none when it has no such language.
    fn texts(&self, language: &str) -> Option<&'static str>;

    /// Its population, judged. Ids of findings and of evidence are filled in when the assessment is put together.
    fn judge(&self, run: &Run<'_>) -> Judged;

    /// Says of findings, its own and those of other controls, what they have to do with each other.
    fn pair(&self, run: &Run<'_>, findings: &mut [Finding]);

    /// Whether facts are its own: what it cannot read back would count as not stated.
    ///
    /// # Errors
    /// The fact that is of another form.
    fn check(&self, facts: &Facts) -> Result<(), String>;

    /// An assessment of an earlier form in the present one; none when it is not of such a form.
    fn upgraded(&self, bytes: &[u8]) -> Option<serde_json::Value>;

    /// Whether the evidence tells what the subject is judged by.
    fn is_evaluated(&self, finding: &Finding) -> bool;

    /// Counts a subject.
    fn count(&self, finding: &Finding, claims: &mut Claims);

    /// The counts as short sentences.
    fn headline(&self, w: &Wording, claims: &Claims) -> Vec<String>;

    /// What whoever holds the secret of a subject can do, in a sentence; none where nobody is known to be able to log in.
    fn worst_case(&self, w: &Wording, finding: &Finding) -> Option<String>;

    /// What repairs a subject; none where nothing is to do.
    fn kit(&self, desk: &Desk<'_>, finding: &Finding) -> Option<KitParts>;

    /// What people left out, and whether it can be used; none when they left nothing out.
    fn left_out(&self, w: &Wording, claims: &Claims) -> Option<String>;

    /// What cannot wait, whatever the result.
    fn alarms(&self, w: &Wording, order: &[&Finding]) -> Vec<String>;

    /// Its part of a card, of which the table leaves so many rights out.
    fn card(&self, desk: &Desk<'_>, finding: &Finding, left_out: usize) -> CardParts;

    /// Its figures that have something to show, of all findings in the order of the report.
    fn figures(&self, order: &[&Finding], w: &Wording) -> Vec<Drawn>;

    /// What a subject can have in common with those of other orgs: the key of the sentence, and the value.
    fn common(&self, finding: &Finding) -> Vec<(&'static str, Vec<String>)>;

    /// How it comes to what it states.
    fn explained(&self, finding: &Finding) -> Explained;
}

/// What a control says of a finding where its reasoning is printed.
pub(crate) struct Explained {
    /// The state that the gate found, in a word.
    pub(crate) state: Word,
    /// How powerful the user is; none where no rights matter, because nobody can log in.
    pub(crate) power: Option<Message>,
    /// Conditions that do not hold, and gaps.
    pub(crate) conditions: Vec<Message>,
    /// From where.
    pub(crate) network: Message,
    /// Why the way out, or what decides; none without advice.
    pub(crate) way: Option<Message>,
    /// What else would settle it; none where it is so already.
    pub(crate) instead: Option<Message>,
}

/// What a control found.
pub(crate) struct Judged {
    /// One for each subject.
    pub(crate) findings: Vec<Finding>,
    /// What each subject calls for, in the order of the findings.
    pub(crate) calls: Vec<Vec<Move>>,
}

/// A registered control.
pub(crate) enum Class {
    /// Judged to the bottom: findings, scores, actions.
    Deep(&'static dyn Control),
    /// One row a subject, without a score.
    Sheet(&'static Sheet),
}

/// Every control, in the order of the report.
pub(crate) static ALL: &[Class] = &[
    Class::Deep(&client_credentials::ClientCredentials(AppKind::External)),
    Class::Deep(&client_credentials::ClientCredentials(AppKind::Connected)),
    Class::Sheet(&org_secrets::SHEET),
    Class::Sheet(&org_oauth::SHEET),
    Class::Sheet(&ca_creation::SHEET),
    Class::Sheet(&eca_usage::SHEET),
    Class::Sheet(&eca_ccf::SHEET),
    Class::Sheet(&eca_scopes::SHEET),
    Class::Sheet(&id_token::SHEET),
    Class::Sheet(&eca_code_credentials::SHEET),
    Class::Sheet(&ca_code_credentials::SHEET),
    Class::Sheet(&signatures::SHEET),
    Class::Sheet(&secret_web::SHEET),
    Class::Sheet(&secret_refresh::SHEET),
    Class::Sheet(&pkce::SHEET),
    Class::Sheet(&rotation::SHEET),
    Class::Sheet(&custom::SHEET),
    Class::Sheet(&ca_oauth::SHEET),
    Class::Sheet(&ca_device::SHEET),
    Class::Sheet(&ca_session::SHEET),
    Class::Sheet(&ca_ip_relaxation::SHEET),
    Class::Sheet(&ca_profiles::SHEET),
    Class::Sheet(&api_only::SHEET),
];

impl Class {
    fn deep(&self) -> Option<&'static dyn Control> {
        if let Self::Deep(control) = self { Some(*control) } else { None }
    }

    fn sheet(&self) -> Option<&'static Sheet> {
        if let Self::Sheet(control) = self { Some(*control) } else { None }
    }
}

/// The controls that judge to the bottom.
pub(crate) fn deep() -> impl Iterator<Item = &'static dyn Control> {
    ALL.iter().filter_map(Class::deep)
}

/// Whether a control of this id judges to the bottom.
pub(crate) fn is_deep(id: &str) -> bool {
    deep().any(|control| control.id() == id)
}

/// The control that judged a finding; none when this version has no such control.
pub(crate) fn of(finding: &Finding) -> Option<&'static dyn Control> {
    deep().find(|control| *finding.control == *control.id())
}

/// Each control with its own among findings, in their order; one that has none is left out.
pub(crate) fn with_findings<'a>(order: &[&'a Finding]) -> Vec<(&'static dyn Control, Vec<&'a Finding>)> {
    let mut with = Vec::new();
    for control in deep() {
        let own: Vec<&Finding> = order.iter().filter(|one| *one.control == *control.id()).copied().collect();
        if !own.is_empty() {
            with.push((control, own));
        }
    }
    with
}

/// Findings counted by their controls.
pub(crate) fn claims<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Claims {
    let mut claims = Claims::default();
    for finding in findings {
        if let Some(control) = of(finding) {
            control.count(finding, &mut claims);
        }
    }
    claims
}

/// The counts as short sentences, control by control.
pub(crate) fn headline(w: &Wording, claims: &Claims) -> Vec<String> {
    let all = deep().map(|control| control.headline(w, claims)).filter(|said| !said.is_empty());
    // What is said of the first in a list is said of each further one in a line: a summary has one page.
    let mut lines = Vec::new();
    for (number, said) in all.enumerate() {
        match number {
            0 => lines = said,
            _ => lines.push(said.join(" ")),
        }
    }
    lines
}

/// The catalogues as written, for what code that knows no control has to be told.
static CATALOGUES: LazyLock<Vec<Catalogue>> = LazyLock::new(|| {
    // One that cannot be read ends every run before anything is asked of it here.
    deep().filter_map(|control| control.catalogue("en").ok()).collect()
});

/// What one change settles, for a finding. Of a migrated app the name of the External Client App counts for both.
pub(crate) fn cause_of(finding: &Finding) -> String {
    let catalogue = || deep().zip(CATALOGUES.iter()).find(|(control, _)| *control.id() == *finding.control);
    let (own, external) = (&finding.subject.api_name, finding.facts.text("paired_with"));
    let subject = match finding.subject.is_connected() {
        false => own.clone(),
        true if external.is_empty() => format!("ca:{own}"),
        true => external.to_owned(),
    };
    catalogue().map_or_else(String::new, |(_, own)| own.cause.replace("{subject}", &subject))
}

/// What is published of a control: name, page, band, and how the page is known.
pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) page: String,
    pub(crate) band: String,
    pub(crate) mark: String,
}

/// What is published of a control of either class.
pub(crate) fn published(id: &str) -> Option<Published> {
    if let Some(Entry { name, page, band, mark, .. }) = entry(id).cloned() {
        return Some(Published { name, page, band, mark });
    }
    let (_, own) = deep().zip(CATALOGUES.iter()).find(|(control, _)| control.id() == id)?;
    let band = format!("{} {} to {}", own.range_word, own.range_low, own.range_high);
    Some(Published { name: own.name.clone(), page: own.id.clone(), band, mark: "R".to_owned() })
}

/// The controls that an engagement file can name.
#[must_use]
pub fn known() -> Known {
    let deep = deep().map(|control| control.id().to_owned()).zip(CATALOGUES.iter().cloned()).collect();
    Known { deep, sheets: sheets().map(|sheet| sheet.entry.id.clone()).collect() }
}

/// What findings of all controls state, each once: controls on one weakness share most of it.
pub(crate) fn facts() -> impl Iterator<Item = &'static FactEntry> {
    let mut known = BTreeSet::new();
    let all = CATALOGUES.iter().flat_map(|catalogue| &catalogue.facts);
    all.filter(move |fact| known.insert(fact.name.as_str()))
}

/// Why subjects pass, in the words of all controls, each once.
pub(crate) fn bases() -> impl Iterator<Item = &'static str> {
    let mut known = BTreeSet::new();
    let all = CATALOGUES.iter().flat_map(|catalogue| &catalogue.bases).map(|basis| basis.id.as_str());
    all.filter(move |id| known.insert(*id))
}

/// The letters in the ids of findings.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    CATALOGUES.iter().map(|catalogue| catalogue.code.as_str())
}

/// The catalogue of the first control with its prose in a language, the others as its siblings.
///
/// # Errors
/// As [`Catalogue::parse`] and [`Catalogue::worded`].
pub fn catalogue(language: &str) -> Result<Catalogue, CatalogError> {
    let mut all = deep().map(|control| control.catalogue(language));
    let first = all.next().ok_or_else(|| CatalogError::UnknownLanguage(language.to_owned()))??;
    Ok(Catalogue { siblings: all.collect::<Result<_, _>>()?, ..first })
}

/// The words of a language, with those of the controls.
///
/// # Errors
/// When there is no such language, or a file is malformed.
pub fn wording(language: &str) -> Result<Wording, WordsError> {
    let mut words = Wording::load(language)?;
    for control in deep() {
        let unknown = || CatalogError::UnknownLanguage(language.to_owned());
        words.read(control.texts(language).ok_or_else(unknown)?)?;
    }
    sheet::word(language, &mut words)?;
    Ok(words)
}

/// What each control says in a language, by its id.
#[must_use]
pub fn texts(language: &str) -> Vec<(&'static str, &'static str)> {
    deep().filter_map(|control| Some((control.id(), control.texts(language)?))).collect()
}

/// Words of a language that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// Those that all share.
    #[error(transparent)]
    Shared(#[from] WordingError),
    /// Those of a control.
    #[error(transparent)]
    Control(#[from] CatalogError),
}

/// Reads an assessment, also one of an earlier form.
///
/// # Errors
/// What is no assessment, refers to what is not there, or states facts that its control cannot read.
pub fn read(bytes: &[u8]) -> Result<Assessment, serde_json::Error> {
    let assessment: Assessment = match serde_json::from_slice(bytes) {
        Ok(assessment) => assessment,
        Err(error) => match deep().find_map(|control| control.upgraded(bytes)) {
            Some(earlier) => serde_json::from_value(earlier)?,
            None => return Err(error),
        },
    };
    for finding in &assessment.findings {
        let said = of(finding)
            .map_or_else(|| Err(format!("no control `{}`", finding.control)), |one| one.check(&finding.facts));
        said.map_err(|fault| serde_json::Error::custom(format!("{}: {fault}", finding.id)))?;
    }
    Ok(assessment)
}
