//! Descriptions of the CSV files for machines: CSV on the Web (W3C, 2015) and Frictionless Data Package (v1).
//!
//! Both are made from the column table, so that they cannot disagree with the files.

use crate::render::csv::Dialect;
use crate::table::columns::{CRITERIA, Column, FINDINGS, Kind, POPULATION};
use crate::table::evidence::EVIDENCE;
use crate::table::family::FAMILY;
use crate::table::narrow::Columns;
use crate::text::wording::Wording;
use serde_json::{Value, json};

/// A file to describe: its name and its columns.
pub type Described<'a> = (&'a str, &'a [Column]);

/// Columns of the table that a file name belongs to (`findings.csv`, `findings-2.csv`, `criteria.csv`, …).
#[must_use]
pub fn columns_of(file: &str) -> Option<&'static [Column]> {
    let stem = file.strip_suffix(".csv")?;
    let table = match stem.rsplit_once('-') {
        Some((table, part)) if part.bytes().all(|byte| byte.is_ascii_digit()) => table,
        _ => stem,
    };
    match table {
        "findings" => Some(&FINDINGS),
        "criteria" => Some(CRITERIA),
        "population" => Some(&POPULATION),
        "family" => Some(FAMILY),
        "evidence" => Some(EVIDENCE),
        _ => None,
    }
}

/// `findings.csv-metadata.json` and its likes, and `datapackage.json`, for the files of a run.
#[must_use]
pub fn files(names: &[&str], chosen: Option<&Columns>, dialect: Dialect, wording: &Wording) -> Vec<(String, Vec<u8>)> {
    let narrow: Option<Vec<Column>> = chosen.map(|chosen| chosen.columns().copied().collect());
    let columns = |name: &str| match &narrow {
        Some(narrow) if name.starts_with("findings") => Some(narrow.as_slice()),
        _ => columns_of(name),
    };
    let described: Vec<Described<'_>> = names.iter().filter_map(|name| Some((*name, columns(name)?))).collect();
    let mut files: Vec<(String, Vec<u8>)> = described
        .iter()
        .map(|(name, columns)| (format!("{name}-metadata.json"), pretty(&csvw(name, columns, dialect, wording))))
        .collect();
    files.push(("datapackage.json".to_owned(), pretty(&package(&described, dialect, wording))));
    files
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// One file in the words of CSV on the Web.
#[must_use]
pub fn csvw(file: &str, columns: &[Column], dialect: Dialect, wording: &Wording) -> Value {
    let described = columns.iter().map(|column| {
        let datatype = match column.kind {
            Kind::Date => json!({"base": "date", "format": "yyyy-MM-dd"}),
            // Not `number`, for which readers pass over the sign.
            Kind::Number if dialect.decimal() == ',' => json!({"base": "decimal", "format": {"decimalChar": ","}}),
            Kind::Number => json!("number"),
            kind => match kind.words() {
                Some(words) => json!({"base": "string", "format": words.join("|")}),
                None => json!("string"),
            },
        };
        json!({
            "name": column.name,
            "titles": column.name,
            "dc:description": column.about(wording),
            "datatype": datatype,
            "required": is_key(column),
        })
    });
    let mut schema = json!({"columns": described.collect::<Vec<_>>()});
    if let Some(key) = key(columns) {
        schema["primaryKey"] = json!(key);
    }
    json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": file,
        "dc:language": wording.language,
        "dialect": {
            "encoding": "utf-8",
            "delimiter": dialect.separator(),
            "quoteChar": "\"",
            "doubleQuote": true,
            "header": true,
            "lineTerminators": ["\r\n"],
        },
        "tableSchema": schema,
    })
}

/// A column in the words of a Frictionless Data Package.
fn field(column: &Column, dialect: Dialect, wording: &Wording) -> Value {
    let mut constraints = json!({});
    if is_key(column) {
        constraints["required"] = json!(true);
    }
    if let Some(words) = column.kind.words() {
        constraints["enum"] = json!(words);
    }
    let kind = match column.kind {
        Kind::Date => "date",
        Kind::Number => "number",
        Kind::Id | Kind::Text | Kind::Words(_) | Kind::Declared(_) => "string",
    };
    let mut field = json!({
        "name": column.name,
        "type": kind,
        "description": column.about(wording),
        "constraints": constraints,
    });
    if kind == "number" && dialect.decimal() != '.' {
        field["decimalChar"] = json!(dialect.decimal().to_string());
    }
    field
}

/// All files in the words of a Frictionless Data Package.
#[must_use]
pub fn package(files: &[Described<'_>], dialect: Dialect, wording: &Wording) -> Value {
    let resources = files.iter().map(|(name, columns)| {
        let mut schema = json!({
            "fields": columns.iter().map(|column| field(column, dialect, wording)).collect::<Vec<_>>(),
            "missingValues": [""],
        });
        if let Some(key) = key(columns) {
            schema["primaryKey"] = json!(key);
        }
        json!({
            "name": name.trim_end_matches(".csv"),
            "path": name,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": if dialect == Dialect::Rfc4180 { "utf-8" } else { "utf-8-sig" },
            "dialect": {
                "delimiter": dialect.separator(),
                "quoteChar": "\"",
                "doubleQuote": true,
                "header": true,
                "lineTerminator": "\r\n",
            },
            "schema": schema,
        })
    });
    json!({
        "profile": "tabular-data-package",
        "name": "shr-findings",
        "resources": resources.collect::<Vec<_>>(),
    })
}

/// Columns that make a row unique.
fn key(columns: &[Column]) -> Option<Vec<&'static str>> {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    if names.contains(&"criterion") {
        Some(vec!["finding_id", "criterion"])
    } else if names.contains(&"subject_kind") {
        Some(vec!["org_key", "subject_kind", "subject", "control_id"])
    } else if names.contains(&"evidence_id") {
        Some(vec!["org_key", "evidence_id"])
    } else if names.contains(&"finding_id") {
        // A tracker holds rows of people, which have no id.
        None
    } else {
        // A connected app and the External Client App that it was migrated to may have one name.
        Some(vec!["org_key", "app_kind", "app_api_name"])
    }
}

/// Columns that the tool never leaves empty, in a table that people do not add rows to.
fn is_key(column: &Column) -> bool {
    matches!(column.name, "criterion" | "outcome") || column.is_always()
}
