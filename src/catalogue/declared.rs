//! What a control declares so that code that knows no control can show, compare and sort what it says.

use crate::model::Effort;
use serde::Deserialize;

/// Words that the texts of a control may use.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// What a step's condition can be made of, besides criteria that do not pass.
    pub conditions: Vec<String>,
    /// What the texts of a way out may have filled in.
    pub slots: Vec<String>,
    /// Facts other than permissions that a threat can need.
    pub circumstances: Vec<String>,
}

/// Why a subject passes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Word (`flow_off`).
    pub id: String,
    /// Criteria whose evidence shows it, the weightiest first.
    pub shows: Vec<String>,
}

/// What stands in a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactKind {
    /// Text of the org.
    Text,
    /// A word of a fixed list.
    Word,
    /// Texts.
    List,
    /// Address ranges.
    Ranges,
    /// What the user of the subject holds; the finding has it besides its facts.
    Rights,
}

/// An output that shows facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Output {
    /// `findings.csv`.
    Findings,
    /// `population.csv`.
    Population,
    /// OSCAL components.
    Oscal,
    /// OCSF resources.
    Ocsf,
    /// The report's inventory.
    Inventory,
    /// The portfolio's comparison of apps of one name.
    Drift,
}

/// Something that findings state.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactEntry {
    /// Name: the heading of its column.
    pub name: String,
    /// Where it stands among the facts of a finding (`execution_user.name`); empty for rights.
    #[serde(default)]
    pub path: String,
    /// What it is.
    pub kind: FactKind,
    /// Outputs that show it.
    pub shown: Vec<Output>,
    /// Width of its column in a workbook, in characters.
    pub width: u8,
    /// The words that it can have.
    #[serde(default)]
    pub words: Vec<String>,
    /// It is stated of every subject.
    #[serde(default)]
    pub always: bool,
    /// Key of its heading in reports.
    #[serde(default)]
    pub heading: String,
    /// Key that a word of it is put behind where a report shows it in people's words; empty where the word stands itself.
    #[serde(default)]
    pub worded: String,
    /// Reports set it as code.
    #[serde(default)]
    pub code: bool,
    /// The word that tells nothing: between orgs it is no difference.
    #[serde(default)]
    pub untold: Option<String>,
    /// The report explains its words.
    #[serde(default)]
    pub defined: bool,
    /// Its place among the facts that a comparison of two runs lists, from 1; none for one that it does not list.
    #[serde(default)]
    pub moves: Option<u8>,
    /// It names a user, who gets a pseudonym, but for a finding that has another fact at one of these words
    /// (`execution_user.state = placeholder`).
    #[serde(default)]
    pub user_unless: Option<(String, String)>,
    /// The word of a subject that is in use, in the terms of exchange formats.
    #[serde(default)]
    pub operational: Option<String>,
}

/// Something that the pages of sheet controls name as making it worse or better, where a finding shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Its name (`admin`).
    pub id: String,
    /// The fact that shows it; empty where a criterion does.
    #[serde(default)]
    pub path: String,
    /// The criterion that shows it.
    #[serde(default)]
    pub criterion: Option<String>,
    /// Words of the fact, or reasons of the criterion, that show it; none where only the criterion is meant.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A kind of action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionKind {
    /// Word (`rotate`).
    pub id: String,
    /// What it takes to do it.
    pub effort: Effort,
    /// Criteria that it serves; none for what only finds out more.
    pub serves: Vec<String>,
    /// It comes after what is known to be wrong.
    #[serde(default)]
    pub later: bool,
    /// It settles questions before a way out can be recommended.
    #[serde(default)]
    pub settles: bool,
    /// It comes before everything else for its apps, but for what is urgent.
    #[serde(default)]
    pub first: bool,
    /// It rests on nothing.
    #[serde(default)]
    pub urgent: bool,
    /// Message for one of several apps, where what all of them lack is not what each of them lacks.
    #[serde(default)]
    pub of_one: Option<String>,
}
