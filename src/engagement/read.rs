//! Reads `engagement.toml`: every fault with line and column, unknown keys with the nearest known one.

use super::table::{Faults, Fields, shown};
use super::{About, Attestation, DispositionEntry, Engagement, Exclusion, Fact, OrgFacts, Response, SHEET, Strict};
use crate::catalogue::Catalogue;
use crate::model::{DispositionKind, Document};
use crate::snapshot::{Kind, SfId};
use crate::text::nearest::suggest;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::DeTable;

const ENVIRONMENTS: [&str; 5] = ["production", "sandbox", "scratch", "developer", "unknown"];
/// Spellings of decisions, without case, blanks, hyphens and underscores.
const KINDS: [(&str, DispositionKind); 12] = [
    ("acceptrisk", DispositionKind::AcceptRisk),
    ("acceptedrisk", DispositionKind::AcceptRisk),
    ("riskaccepted", DispositionKind::AcceptRisk),
    ("accepted", DispositionKind::AcceptRisk),
    ("mitigatedbyalternativecontrol", DispositionKind::Mitigated),
    ("mitigatedbyalternativecontrols", DispositionKind::Mitigated),
    ("alternativecontrol", DispositionKind::Mitigated),
    ("mitigated", DispositionKind::Mitigated),
    ("notapplicable", DispositionKind::NotApplicable),
    ("na", DispositionKind::NotApplicable),
    ("n/a", DispositionKind::NotApplicable),
    ("falsepositive", DispositionKind::FalsePositive),
];

/// One fault of an engagement file. Shown as `PATH:LINE:COL: what is wrong`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}:{column}: {message}")]
pub struct EngagementError {
    /// File as the user named it, control characters shown.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong: one lower-case line.
    pub message: String,
    /// What to do about it; empty when there is nothing to say.
    pub hint: String,
}

impl Engagement {
    /// Reads an engagement file. `path` is used in messages only. Fails with all faults of the file in the order of their
    /// places; never with an empty list.
    pub fn parse(text: &str, path: &str, known: &Known) -> Result<Self, Vec<EngagementError>> {
        let faults = Faults::default();
        let lines = Lines::new(text);
        let (root, syntax) = DeTable::parse_recoverable(text.strip_prefix('\u{feff}').unwrap_or(text));
        for error in &syntax {
            let message = error.message().replace('\n', ", ");
            faults.add(error.span().unwrap_or_default(), shown(&message), String::new());
        }
        let mut engagement = Self::default();
        if syntax.is_empty() {
            engagement = File { known, lines: &lines, faults: &faults }.read(&root);
        }
        let further = faults.further();
        let mut faults = faults.into_sorted();
        if let Some(last) = faults.last_mut().filter(|_| further > 0) {
            last.message = format!("{}; {further} more faults are not listed", last.message);
        }
        if faults.is_empty() {
            return Ok(engagement);
        }
        let path = shown(path);
        Err(faults
            .into_iter()
            .map(|fault| {
                let (line, column) = lines.place(fault.at.start);
                EngagementError { path: path.clone(), line, column, message: fault.message, hint: fault.hint }
            })
            .collect())
    }
}

/// Lines of a text, to turn byte offsets into places.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Line and column, both from 1, the column in characters.
    fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }
}

/// The controls that an engagement file can name.
#[derive(Clone, Debug)]
pub struct Known {
    /// Those that judge to the bottom, with their ids in the file. The first is meant where an entry names none.
    pub deep: Vec<(String, Catalogue)>,
    /// Ids of the others.
    pub sheets: Vec<String>,
}

impl Known {
    /// The catalogue of a control that judges to the bottom.
    fn catalogue(&self, id: &str) -> Option<&Catalogue> {
        self.deep.iter().find(|(deep, _)| deep == id).map(|(_, catalogue)| catalogue)
    }

    /// Ids that an entry can name.
    fn ids(&self) -> Vec<&str> {
        let deep = self.deep.iter().map(|(id, _)| id.as_str());
        deep.chain([SHEET]).chain(self.sheets.iter().map(String::as_str)).collect()
    }
}

/// Kinds of subjects.
const SUBJECTS: [&str; 3] = ["org", "eca", "connected_app"];

/// The file while it is read.
struct File<'a> {
    known: &'a Known,
    lines: &'a Lines<'a>,
    faults: &'a Faults,
}

impl<'a> File<'a> {
    fn read(&self, root: &'a toml::Spanned<DeTable<'a>>) -> Engagement {
        Fields::read(self.faults, root.get_ref(), 0..0, "the engagement file", |root| Engagement {
            document: root.table("document", "[document]", document).unwrap_or_default(),
            orgs: self.orgs(root),
            exclusions: root.tables("exclude", "[[exclude]]", |entry| self.exclusion(entry)),
            attestations: root.tables("attest", "[[attest]]", |entry| self.attestation(entry)),
            dispositions: self.dispositions(root),
            facts: root.tables("fact", "[[fact]]", |entry| self.fact(entry)),
            strict: root.table("family", "[family]", |family| self.strict(family)).unwrap_or_default(),
            responses: root.tables("response", "[[response]]", |entry| self.response(entry)),
            thresholds: root.table("thresholds", "[thresholds]", |fields| self.thresholds(fields)).unwrap_or_default(),
            sensitive_objects: root.list("sensitive_objects"),
            redact_key: Some(root.text("redact_key")).filter(|key| !key.is_empty()).map(super::RedactKey),
            workpapers: root.flag("workpapers").unwrap_or_default(),
            theme: Some(root.text("theme")).filter(|theme| !theme.is_empty()),
        })
    }

    fn line(&self, at: Range<usize>) -> u32 {
        self.lines.place(at.start).0
    }

    fn orgs(&self, root: &Fields<'a>) -> BTreeMap<String, OrgFacts> {
        let mut lines = BTreeMap::new();
        root.tables("org", "[[org]]", |org| self.org(org, &mut lines)).into_iter().collect()
    }

    /// An org with its key; `lines` are those of the keys so far.
    fn org(&self, org: &Fields<'a>, lines: &mut BTreeMap<String, u32>) -> (String, OrgFacts) {
        let key = org.required("key");
        if !super::is_org_key(&key) {
            let hint = "use letters, digits, hyphen, underscore and dot; it names a folder".to_owned();
            org.fault("key", format!("`{}` cannot be an org key", shown(&key)), hint);
        }
        if let Some(line) = lines.insert(key.clone(), self.line(org.place("key"))) {
            let message = format!("org `{}` stands twice; the first time on line {line}", shown(&key));
            org.fault("key", message, "give each org a key of its own".to_owned());
        }
        let id = org.text("id");
        if !id.is_empty() && SfId::parse(&id).is_none_or(|id| !id.key().starts_with("00D")) {
            let hint = "an organisation id has 15 or 18 characters and starts with 00D".to_owned();
            org.fault("id", format!("`{}` is no organisation id", shown(&id)), hint);
        }
        let facts = OrgFacts {
            line: self.line(org.place("key")),
            name: org.text("name"),
            snapshot: org.text("snapshot"),
            id,
            environment: org.word("environment", &ENVIRONMENTS),
            snapshot_at: org.date("snapshot_at"),
            extracted_by: org.text("extracted_by"),
            request: org.text("request"),
            expected: org.table("expected", "[org.expected]", expected).unwrap_or_default(),
        };
        (key, facts)
    }

    fn exclusion(&self, entry: &Fields<'a>) -> Exclusion {
        let about = self.about(entry, "kind");
        let exclusion = Exclusion {
            line: self.line(entry.at()),
            org: entry.text("org"),
            app: entry.text("app"),
            criterion: self.criterion(entry, &about, false),
            by: entry.required("by"),
            why: entry.required("why"),
            about,
        };
        let named = !exclusion.app.is_empty() || !exclusion.criterion.is_empty();
        if !named && (self.is_deep(&exclusion.about) || exclusion.about.control == SHEET) {
            let hint = "name an app, a criterion or both; to leave an org out, do not pass its snapshot".to_owned();
            entry.fault("", "[[exclude]] names neither app nor criterion".to_owned(), hint);
        }
        exclusion
    }

    fn attestation(&self, entry: &Fields<'a>) -> Attestation {
        let about = self.about(entry, "kind");
        let criterion = self.criterion(entry, &about, true);
        let met = entry.flag("met");
        if entry.value("met").is_none() {
            let hint = "add met = true or met = false".to_owned();
            entry.fault("met", "[[attest]] needs `met`".to_owned(), hint);
        }
        let (on, expires) = period(entry);
        let details = entry.table("details", "[attest.details]", |fields| self.details(fields, &about, &criterion));
        Attestation {
            line: self.line(entry.at()),
            org: entry.text("org"),
            app: entry.text("app"),
            met: met.unwrap_or(false),
            statement: entry.required("statement"),
            by: entry.required("by"),
            on,
            evidence: entry.text("evidence"),
            expires,
            details: details.unwrap_or_default(),
            criterion,
            about,
        }
    }

    fn dispositions(&self, root: &Fields<'a>) -> Vec<DispositionEntry> {
        let all = root.tables("disposition", "[[disposition]]", |entry| {
            let about = self.about(entry, "app_kind");
            let (on, expires) = period(entry);
            Some(DispositionEntry {
                line: self.line(entry.at()),
                about,
                org: entry.text("org"),
                app: entry.required("app"),
                rationale: entry.text("rationale"),
                approver: entry.text("approver"),
                on,
                expires,
                // Last, so that an unknown kind does not hide the other faults of the entry.
                kind: kind(entry)?,
            })
        });
        all.into_iter().flatten().collect()
    }

    fn response(&self, entry: &Fields<'a>) -> Response {
        let response = Response {
            line: self.line(entry.at()),
            org: entry.text("org"),
            app: entry.required("app"),
            cause: entry.text("cause"),
            response: entry.text("response"),
            business_impact: entry.text("business_impact"),
            comment: entry.text("comment"),
        };
        let said = [&response.cause, &response.response, &response.business_impact, &response.comment];
        if said.iter().all(|text| text.is_empty()) {
            let hint = "add cause, response, business_impact or comment".to_owned();
            entry.fault("", "[[response]] says nothing".to_owned(), hint);
        }
        response
    }

    fn fact(&self, entry: &Fields<'a>) -> Fact {
        let (on, expires) = period(entry);
        let fact = Fact {
            line: self.line(entry.at()),
            org: entry.text("org"),
            app: entry.required("app"),
            kind: entry.word("kind", &SUBJECTS[1..]),
            run_as: entry.text("run_as"),
            client: entry.word("client", &["private", "public"]),
            by: entry.required("by"),
            on,
            evidence: entry.text("evidence"),
            expires,
        };
        if fact.run_as.is_empty() && fact.client.is_empty() {
            let hint = "add run_as = \"user name\", or client = \"private\" or \"public\"".to_owned();
            entry.fault("", "[[fact]] states nothing".to_owned(), hint);
        }
        fact
    }

    /// `strict = true`, or a list of the sheet controls that count.
    fn strict(&self, family: &Fields<'a>) -> Strict {
        match family.value("strict") {
            Some(value) if value.get_ref().is_array() => {
                let ids = family.list("strict");
                let known: Vec<&str> = self.known.sheets.iter().map(String::as_str).collect();
                for id in ids.iter().filter(|id| !known.contains(&id.as_str())) {
                    family.fault("strict", format!("unknown sheet control `{}`", shown(id)), suggest(id, &known));
                }
                Strict::Some(ids)
            }
            _ if family.flag("strict") == Some(true) => Strict::All,
            _ => Strict::No,
        }
    }

    /// The optional keys `control` and `kind`. Without the first an entry is about the first control that judges to the
    /// bottom, which is what every entry was about before there were others.
    fn about(&self, entry: &Fields<'a>, kind: &str) -> About {
        let id = entry.text("control");
        let deep = self.known.deep.iter().find(|(own, catalogue)| *own == id || catalogue.id == id);
        let deep = if id.is_empty() { self.known.deep.first() } else { deep };
        let control = deep.map_or(id, |(own, _)| own.clone());
        let known = self.known.ids();
        if !known.contains(&control.as_str()) {
            entry.fault("control", format!("unknown control `{}`", shown(&control)), suggest(&control, &known));
        }
        About { control, kind: entry.word(kind, &SUBJECTS) }
    }

    fn is_deep(&self, about: &About) -> bool {
        self.known.catalogue(&about.control).is_some()
    }

    fn thresholds(&self, fields: &Fields<'a>) -> BTreeMap<String, u64> {
        let Some((_, control)) = self.known.deep.first() else { return BTreeMap::new() };
        let own = control.thresholds.named().map(|(name, _)| name);
        let free = own.filter(|name| !control.fixed_thresholds.iter().any(|fixed| fixed == name));
        free.filter_map(|name| Some((name.to_owned(), fields.number(name, 1)?))).collect()
    }

    /// Typed answers of an attestation. Dates are checked and kept as `YYYY-MM-DD`.
    fn details(&self, fields: &Fields<'a>, about: &About, criterion: &str) -> BTreeMap<String, String> {
        let control = self.known.catalogue(&about.control);
        let criteria = control.map_or(&[][..], |control| &control.criteria);
        let known = criteria.iter().find(|one| one.id == criterion).map_or(&[][..], |one| &one.details);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let mut details = BTreeMap::new();
        for (key, _) in fields.keys() {
            if !known.contains(&key) {
                let message = format!("`{}` is no detail of `{}`", shown(key), shown(criterion));
                let detailed = criteria.iter().filter(|one| !one.details.is_empty());
                let detailed: Vec<&str> = detailed.map(|one| one.id.as_str()).collect();
                let hint = match known.is_empty() {
                    true if detailed.is_empty() => "this control has no details".to_owned(),
                    true => format!("only {} has details", detailed.join(", ")),
                    false => suggest(key, &known),
                };
                fields.fault(key, message, hint);
            } else if key.ends_with("_on") {
                details.extend(fields.date(key).map(|day| (key.to_owned(), day.to_string())));
            } else {
                details.insert(key.to_owned(), fields.text(key));
            }
        }
        details
    }

    /// A criterion's id; with `attest`, one that a person's word can answer. A sheet control has no criteria.
    fn criterion(&self, entry: &Fields<'a>, about: &About, attest: bool) -> String {
        let Some(control) = self.known.catalogue(&about.control) else {
            let id = entry.text("criterion");
            if !id.is_empty() {
                let message = format!("`{}` has no criteria", shown(&about.control));
                entry.fault("criterion", message, "leave `criterion` out; the entry is about the control".to_owned());
            }
            return String::new();
        };
        let id = if attest { entry.required("criterion") } else { entry.text("criterion") };
        if id.is_empty() {
            return id;
        }
        let open = control.criteria.iter().filter(|one| one.attestable || !attest);
        let ids: Vec<&str> = open.map(|one| one.id.as_str()).collect();
        match control.criterion(&id) {
            None => entry.fault("criterion", format!("unknown criterion `{}`", shown(&id)), suggest(&id, &ids)),
            Some(criterion) if attest && !criterion.attestable => entry.fault(
                "criterion",
                format!("`{id}` is judged on exports alone"),
                format!("a person can answer: {}", ids.join(", ")),
            ),
            Some(_) => {}
        }
        id
    }
}

fn document(document: &Fields<'_>) -> Document {
    Document {
        client: document.text("client"),
        title: document.text("title"),
        prepared_for: document.text("prepared_for"),
        prepared_by: document.text("prepared_by"),
        reviewer: document.text("reviewer"),
        approver: document.text("approver"),
        version: document.text("version"),
        is_final: document.flag("final").unwrap_or(false),
        classification: document.text("classification"),
    }
}

/// Declared counts by the name of an object or metadata type.
fn expected(counts: &Fields<'_>) -> BTreeMap<String, usize> {
    let mut known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).filter(|name| !name.contains(' ')).collect();
    known.sort_unstable();
    known.dedup();
    let mut expected = BTreeMap::new();
    for (key, at) in counts.keys() {
        if !known.contains(&key) {
            let message = format!("`{}` is no object or metadata type that is counted", shown(key));
            counts.fault_at(at, message, suggest(key, &known));
        }
        if let Some(count) = counts.number(key, 0) {
            expected.insert(key.to_owned(), count);
        }
    }
    expected
}

/// `on` and `expires` of an entry, in that order.
fn period(entry: &Fields<'_>) -> (Option<Date>, Option<Date>) {
    let (on, expires) = (entry.date("on"), entry.date("expires"));
    if let (Some(first), Some(last)) = (on, expires)
        && last < first
    {
        entry.fault("expires", format!("`expires` {last} lies before `on` {first}"), String::new());
    }
    (on, expires)
}

/// A decision in SHR's words, spelt with blanks, hyphens or underscores, in any case.
fn kind(entry: &Fields<'_>) -> Option<DispositionKind> {
    let text = entry.required("kind");
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect::<String>().to_lowercase();
    let found = KINDS.iter().find(|(spelling, _)| *spelling == plain).map(|(_, kind)| *kind);
    if found.is_none() && !text.is_empty() {
        let known = DispositionKind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>();
        entry.fault("kind", format!("unknown decision `{}`", shown(&text)), suggest(&text, &known));
    }
    found
}
