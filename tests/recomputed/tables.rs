//! The matrix of results and the CSV tables.

use super::printed::{self, Printed, result_of, score};
use super::{RESULTS, equal, with_result};
use serde_json::Value;
use std::collections::BTreeSet;

/// The columns of a matrix: the criteria of the app that has the most. The others have a dash for what is not asked of them.
fn columns(printed: &Printed) -> Vec<&str> {
    let of = |id: &str| -> Vec<&str> {
        let rows = printed.criteria.iter().filter(|row| row["finding_id"] == id);
        rows.map(|row| row["criterion"].as_str()).collect()
    };
    let ids: BTreeSet<&str> = printed.criteria.iter().map(|row| row["finding_id"].as_str()).collect();
    ids.into_iter().map(of).max_by_key(Vec::len).unwrap_or_default()
}

/// The matrix of apps and criteria against `criteria.csv` and `population.csv`.
pub(super) fn results(printed: &Printed, faults: &mut Vec<String>) {
    let section = printed.paper("results");
    let order = columns(printed);
    let mut seen = 0;
    for line in section.iter().filter(|line| line.contains("](#shr-")) {
        let id = line.split("](#").nth(1).unwrap().split(')').next().unwrap().to_uppercase();
        let tail = line.split(&format!("](#{})", id.to_lowercase())).nth(1).unwrap();
        let cells: Vec<&str> = tail.trim_matches([' ', '|']).split(" | ").collect();
        let word = |cell: &str| result_of(cell.split_once(' ').map_or(cell, |(_, word)| word)).to_owned();
        let result = printed.apps().into_iter().find(|app| app["id"] == id.as_str()).map(|app| &app["result"]);
        if result != Some(&Value::from(word(cells[0]))) {
            faults.push(format!("{}: {id} is {result:?}, the matrix says {}", printed.name, cells[0]));
        }
        for (criterion, cell) in order.iter().zip(&cells[1..]) {
            let row = printed.criteria.iter().find(|row| row["finding_id"] == id && row["criterion"] == **criterion);
            let is_same = row.map_or(cell.trim() == "–", |row| row["outcome"] == word(cell));
            if !is_same {
                faults.push(format!("{}: {id} {criterion}: the matrix says {cell}", printed.name));
            }
        }
        seen += 1;
    }
    if seen != printed.apps().len() {
        faults.push(format!("{}: the matrix has {seen} rows for {} apps", printed.name, printed.apps().len()));
    }
    let bar = section.iter().find(|line| line.contains("](figures/results.svg)"));
    for result in RESULTS.iter().filter(|result| bar.is_some() && with_result(printed, result) > 0) {
        let part = with_result(printed, result);
        let said = bar.unwrap().replace(" and ", ", ").replace(" und ", ", ").replace(": ", ", ");
        let mut parts = said.split(", ").filter_map(|part| part.trim_end_matches(['.', ']']).split_once(' '));
        if !parts.any(|(n, word)| n == part.to_string() && result_of(word.split(".](").next().unwrap()) == *result) {
            faults.push(format!("{}: `{part}` is not in {}", printed.name, bar.unwrap()));
        }
    }
}

/// The matrix of the report: a symbol for each outcome, the worst apps first, and how many more there are.
pub(super) fn symbols(printed: &Printed, faults: &mut Vec<String>) {
    const SYMBOLS: [(&str, &str); 6] = [
        ("✗", "fail"),
        ("▲", "not_evaluable"),
        ("●", "review"),
        ("✓", "pass"),
        ("■", "not_applicable"),
        ("□", "not_tested"),
    ];
    let section = printed.section("results");
    let order = columns(printed);
    let rows: Vec<&&str> = section.iter().filter(|line| line.starts_with("| ") && line.contains("](#shr-")).collect();
    for line in &rows {
        let id = line.split("](#").nth(1).unwrap().split(')').next().unwrap().to_uppercase();
        let tail = line.split(&format!("](#{})", id.to_lowercase())).nth(1).unwrap();
        let said: Vec<&str> = tail.trim_matches([' ', '|']).split(" | ").collect();
        let outcome = |criterion: &&str| {
            let row = printed.criteria.iter().find(|row| row["finding_id"] == id && row["criterion"] == **criterion);
            SYMBOLS.iter().find(|(_, word)| row.is_some_and(|row| row["outcome"] == *word)).map_or("–", |one| one.0)
        };
        let own: Vec<&str> = order.iter().map(outcome).collect();
        faults.extend(equal(&said, &own).map(|fault| format!("{}: {id}: {fault}", printed.name)));
    }
    let all = printed.apps().len();
    faults.extend(equal(&rows.len(), &all.min(30)).map(|fault| format!("{}: matrix: {fault}", printed.name)));
    let more = section.iter().any(|line| {
        line.starts_with(&format!("{} more", all - rows.len()))
            || line.starts_with(&format!("{} weitere", all - rows.len()))
    });
    faults.extend(equal(&more, &(all > rows.len())).map(|fault| format!("{}: matrix, more: {fault}", printed.name)));
}

/// The three tables against `assessment.json`.
pub(super) fn tables(printed: &Printed, faults: &mut Vec<String>) {
    let name = &printed.name;
    let apps = printed.apps();
    for (table, rows) in [("population", &printed.population), ("findings", &printed.findings)] {
        faults.extend(equal(&rows.len(), &apps.len()).map(|fault| format!("{name}: {table}.csv: {fault}")));
    }
    for app in apps {
        let text = |at: &str| app.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        let api_name = text("/subject/api_name");
        // An External Client App and a connected app may have one name.
        let kind = if text("/subject/kind") == "connected_app" { "connected_app" } else { "eca" };
        let is_own = |row: &printed::Row| row["app_api_name"] == api_name && row["app_kind"] == kind;
        let of = |rows: &'_ [printed::Row]| rows.iter().find(|row| is_own(row)).cloned();
        let (Some(listed), Some(found)) = (of(&printed.population), of(&printed.findings)) else {
            faults.push(format!("{name}: {api_name} is missing in a table"));
            continue;
        };
        let tenths = |at: &str| score(app, at).map_or_else(String::new, |score| format!("{score:.1}"));
        let fails = |row: &&printed::Row| is_own(row) && row["outcome"] == "fail";
        let failed: Vec<&str> = printed.criteria.iter().filter(fails).map(|row| row["criterion"].as_str()).collect();
        let said: Vec<&str> = found["failed_criteria"].split("; ").filter(|id| !id.is_empty()).collect();
        let pairs = [
            (&listed["result"], text("/result")),
            (&listed["flow_state"], text("/facts/flow_state")),
            (&listed["execution_user_state"], text("/facts/execution_user/state")),
            (&found["result"], text("/result")),
            (&found["basis"], text("/basis")),
            (&found["cvss31_score"], tenths("/score/residual31/1")),
            (&found["cvss40_score"], tenths("/score/residual40/1")),
        ];
        for (said, is) in pairs {
            faults.extend(equal(said, &is).map(|fault| format!("{name}: {api_name}: {fault}")));
        }
        let (said, failed): (BTreeSet<&str>, BTreeSet<&str>) =
            (said.into_iter().collect(), failed.into_iter().collect());
        faults.extend(equal(&said, &failed).map(|fault| format!("{name}: {api_name}: failed: {fault}")));
    }
}
