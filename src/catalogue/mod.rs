//! The catalogue of a control: its criteria, words and numbers, as data.
//!
//! Everything that is prose or number stands in the `control.toml` of the control's folder; [`Catalogue::parse`] reads it
//! strictly and refuses one with a reference that leads nowhere. [`Catalogue::worded`] lays the prose of another language
//! (`control.de.toml`) over it.

mod declared;
mod language;
mod lint;
mod load;
mod overlay;
mod query;
mod sheet;
mod thresholds;

pub use declared::{ActionKind, Basis, FactEntry, FactKind, Output, Token, Vocabulary};
pub use load::CatalogError;
pub use sheet::Entry;
pub use thresholds::Thresholds;

use crate::model::{Impact, Tenths, Weight, Word};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A control with everything that is prose or number.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Short id, as findings name their control (`eca-ccf-policies`).
    pub key: String,
    /// `shr_configure_oauth_policies_configure_client_credential_flow_policies`
    pub id: String,
    /// Letters in the ids of its findings (`CCF` in `SHR-CCF-XXXX-XXXX`).
    pub code: String,
    /// Exact published name.
    pub name: String,
    /// Published page.
    pub url: String,
    /// Day on which the page was read.
    pub retrieved: String,
    /// Version of this catalogue.
    pub version: String,
    /// Band word of the published range.
    pub range_word: String,
    /// Lower end.
    pub range_low: Tenths,
    /// Upper end.
    pub range_high: Tenths,
    /// Base vector, CVSS 3.1.
    pub base31: String,
    /// Base vector, CVSS 4.0.
    pub base40: String,
    /// Numbers of the weaknesses (CWE) that a finding is filed under.
    pub cwe: Vec<u32>,
    /// Controls of NIST SP 800-53 that a finding is filed under.
    pub nist: Vec<String>,
    /// SHR's twelve sections in our own words, in order.
    pub sections: Vec<Section>,
    /// Phrases of the control that evidence can match.
    pub phrases: Vec<Phrase>,
    /// Criteria in report order.
    pub criteria: Vec<Criterion>,
    /// Thresholds.
    pub thresholds: Thresholds,
    /// Thresholds that no engagement may set.
    pub fixed_thresholds: Vec<String>,
    /// Words that its texts may use and its code fills in or decides.
    pub vocabulary: Vocabulary,
    /// Why a subject can pass.
    pub bases: Vec<Basis>,
    /// What its findings state, and where it is shown.
    pub facts: Vec<FactEntry>,
    /// What its findings show that the pages of sheet controls name.
    pub tokens: Vec<Token>,
    /// What one change settles (`ccf:{subject}`): the root cause of its findings.
    pub cause: String,
    /// Kinds of actions; the order breaks ties between actions of equal risk and effort.
    pub actions: Vec<ActionKind>,
    /// Graded user permissions by API name.
    pub permissions: BTreeMap<String, Permission>,
    /// Version of the permission table.
    pub permissions_version: String,
    /// Permissions that come along with a permission.
    pub implications: BTreeMap<String, Vec<String>>,
    /// Standards mapping.
    pub standards: Vec<Standard>,
    /// Threat scenarios.
    pub threats: Vec<Threat>,
    /// Business and integration considerations.
    pub considerations: Vec<String>,
    /// The three ways out.
    pub remediations: Vec<Remediation>,
    /// Exports that supply evidence.
    pub requests: Vec<Request>,
    /// What this catalogue reads into the control, and why.
    pub readings: Vec<String>,
    /// Catalogues of the other controls that have findings, where this one is the first.
    pub siblings: Vec<Self>,
}

/// One of SHR's twelve sections.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Key (`control_overview`).
    pub id: String,
    /// SHR's heading.
    pub title: String,
    /// Our words.
    pub text: String,
}

/// A phrase of the control.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Key (`higher.broad-privilege`).
    pub id: String,
    /// `higher` and `low` (what evidence can match), `risk` and `practice` (what a criterion serves besides).
    pub side: String,
    /// Our words.
    pub text: String,
}

/// A criterion.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Id.
    pub id: Word,
    /// Weight.
    pub weight: Weight,
    /// Title.
    pub title: String,
    /// When it is safe.
    pub safe_when: String,
    /// The rule in plain words, for `explain`; numbers stand as `{name}` of a threshold, see [`Criterion::rule_text`].
    pub rule: String,
    /// Phrases that it serves.
    pub serves: Vec<String>,
    /// What would be seen when it is met.
    pub expected: String,
    /// Requests that feed it.
    pub requests: Vec<String>,
    /// Metadata types whose files it reads; one request supplies them all.
    pub reads: Vec<String>,
    /// Its evidence stands with the rights of the user, next to what each piece proves.
    #[serde(default)]
    pub in_rights: bool,
    /// Typed answers that an attestation of it may give.
    #[serde(default)]
    pub details: Vec<String>,
    /// Whether a person's attestation can answer it.
    pub attestable: bool,
}

/// A graded user permission.
#[derive(Clone, Debug)]
pub struct Permission {
    /// Label in Setup.
    pub label: String,
    /// Categories, separated by `;` (`secrets;persist`); [`Permission::has_category`] splits them.
    pub category: String,
    /// `critical`, `high`, `moderate`, `low`, `protective`.
    pub tier: String,
    /// Impact.
    pub impact: Impact,
    /// What a thief of the secret gains.
    pub gain: String,
}

/// An entry of the standards mapping.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Framework with version.
    pub framework: String,
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// `direct` or `related`.
    pub relation: String,
    /// Criteria that it concerns.
    pub criteria: Vec<String>,
    /// Where id and title were read.
    pub source: String,
}

/// A threat scenario, shown when the execution user holds what it needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// Id; its sentence is the message `threat.<id>` with `{permissions}`, `{user}`, `{app}`.
    pub id: String,
    /// Any of these permissions, categories (`category:bulk-read`) or object rights (`object:viewAllRecords`) triggers it.
    pub needs: Vec<String>,
    /// Ids of standards (MITRE ATT&CK, CWE) that name it.
    pub references: Vec<String>,
}

/// A way out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remediation {
    /// `disable`, `jwt`, `harden`.
    pub id: String,
    /// Title.
    pub title: String,
    /// When to choose it.
    pub when: String,
    /// Numbered steps; `{app}`, `{user}`, `{profile}`, `{permission_sets}` are filled in.
    pub steps: Vec<String>,
    /// When each step fits, one text a step: criteria that do not pass and words such as `user:new`, separated by spaces,
    /// all of which have to hold; empty for a step that always fits.
    #[serde(default)]
    pub conditions: Vec<String>,
    /// How to verify.
    pub verification: Vec<String>,
    /// Effort: `low`, `medium`, `high`.
    pub effort: String,
    /// Side effects to know.
    pub side_effects: Vec<String>,
}

/// An export that supplies evidence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Id (`user`).
    pub id: String,
    /// Object or `metadata`.
    pub object: String,
    /// File stem that the export should have.
    pub file: String,
    /// SOQL; empty for metadata. `{permission_columns}` stands for all permission columns of the catalogue.
    pub soql: String,
    /// Why it is needed.
    pub why: String,
    /// Sibling controls need it, and no criterion of this one.
    #[serde(default)]
    pub siblings: bool,
}
