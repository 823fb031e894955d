//! A report folder as text: the Markdown by section, the tables by row, and `assessment.json`.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) type Row = BTreeMap<String, String>;

/// What one run printed.
#[derive(Clone)]
pub(super) struct Printed {
    pub name: String,
    pub german: bool,
    pub markdown: String,
    pub workpapers: String,
    pub json: Value,
    pub population: Vec<Row>,
    pub criteria: Vec<Row>,
    pub findings: Vec<Row>,
}

fn table(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |record: csv::StringRecord| header.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn section<'t>(text: &'t str, anchor: &str) -> Vec<&'t str> {
    let Some(from) = text.find(&format!("## <a id=\"{anchor}\"></a>")) else { return Vec::new() };
    text[from..].lines().skip(1).take_while(|line| !line.starts_with("## ")).collect()
}

/// A result by the word that readers see.
pub(super) fn result_of(word: &str) -> &str {
    const WORDS: [(&str, &str, &str); 6] = [
        ("fail", "nicht erfüllt", "fail"),
        ("not evaluable", "nicht beurteilbar", "not_evaluable"),
        ("review", "zu entscheiden", "review"),
        ("pass", "erfüllt", "pass"),
        ("not applicable", "nicht anwendbar", "not_applicable"),
        ("not tested", "nicht geprüft", "not_tested"),
    ];
    WORDS.iter().find(|(en, de, _)| word == *en || word == *de).map_or(word, |(.., code)| code)
}

/// Markdown without its escapes.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        out.push(if escaped { chars.next().unwrap() } else { c });
    }
    out
}

impl Printed {
    pub(super) fn read(name: &str, german: bool, folder: &Path) -> Self {
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        let (population, criteria, findings) = ("population.csv", "criteria.csv", "findings.csv");
        Self {
            name: format!("{name} {}", if german { "de" } else { "en" }),
            german,
            markdown: text("report.md"),
            workpapers: text("workpapers.md"),
            json: serde_json::from_str(&text("assessment.json")).unwrap(),
            population: table(&folder.join(population)),
            criteria: table(&folder.join(criteria)),
            findings: table(&folder.join(findings)),
        }
    }

    /// The lines of a section of the report, by the name of its anchor; none when there is no such section.
    pub(super) fn section(&self, anchor: &str) -> Vec<&str> {
        section(&self.markdown, anchor)
    }

    /// The same of the workpapers.
    pub(super) fn paper(&self, anchor: &str) -> Vec<&str> {
        section(&self.workpapers, anchor)
    }

    /// The verdict on the cover.
    pub(super) fn cover(&self) -> &str {
        let quoted = self.markdown.lines().skip_while(|line| *line != "<!-- verdict -->");
        quoted.into_iter().find_map(|line| line.strip_prefix("> ")).unwrap()
    }

    /// The rows of the tiles on the cover: names, then numbers.
    pub(super) fn tiles(&self) -> Vec<&str> {
        let below = self.markdown.lines().skip_while(|line| *line != "<!-- tiles -->");
        below.filter(|line| line.starts_with("| ") || line.starts_with("|:")).take(3).collect()
    }

    /// Findings of `assessment.json`.
    pub(super) fn apps(&self) -> Vec<&Value> {
        self.json["findings"].as_array().unwrap().iter().collect()
    }

    /// The same run with the apps of one kind alone.
    pub(super) fn of(&self, kind: &str) -> Self {
        let mut own = self.clone();
        own.json["findings"].as_array_mut().unwrap().retain(|one| one["subject"]["kind"] == kind);
        own
    }

    /// Those that no person left out.
    pub(super) fn looked_at(&self) -> Vec<&Value> {
        self.apps().into_iter().filter(|one| one["result"] != "not_tested").collect()
    }

    /// How many of the apps that were looked at have these words at these places.
    pub(super) fn count(&self, wanted: &[(&str, &[&str])]) -> usize {
        let fits = |one: &&Value| {
            wanted.iter().all(|(at, words)| {
                let word = one.pointer(at).and_then(Value::as_str).unwrap_or_default();
                words.contains(&word)
            })
        };
        self.looked_at().into_iter().filter(fits).count()
    }

    /// Apps by the outcome of a criterion, from `criteria.csv`.
    pub(super) fn with(&self, criterion: &str, outcome: &str) -> BTreeSet<&str> {
        let rows = self.criteria.iter().filter(|row| row["criterion"] == criterion && row["outcome"] == outcome);
        rows.map(|row| row["app_api_name"].as_str()).collect()
    }

    /// The app that a reader sees under this name.
    pub(super) fn named(&self, label: &str) -> Option<&Value> {
        self.apps().into_iter().find(|one| shown(one) == label)
    }
}

/// The name of an app for readers.
pub(super) fn shown(app: &Value) -> String {
    let text = |name: &str| app["subject"][name].as_str().unwrap_or_default();
    let name = if text("label").is_empty() { text("api_name") } else { text("label") };
    let kind = if text("kind") == "connected_app" { " (connected app)" } else { "" };
    let name = format!("{name}{kind}");
    let name = name.replace('\u{202e}', "[U+202E]").replace('\u{200b}', "[U+200B]");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A score of `assessment.json`: tenths.
pub(super) fn score(app: &Value, at: &str) -> Option<f64> {
    app.pointer(at).and_then(Value::as_f64).map(|tenths| tenths / 10.0)
}
