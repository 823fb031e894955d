//! Movement as lines of a terminal and as JSON.

use super::{History, median};
use crate::text::aligned::aligned;
use serde_json::{Value, json};

/// A line on the movement of an org, and a row for each run.
#[must_use]
pub fn text(org: &str, history: &History) -> String {
    let head = [
        "day",
        "open",
        "critical",
        "high",
        "medium",
        "low",
        "none",
        "unscored",
        "new",
        "fixed",
        "median_days",
        "reopened",
    ]
    .into_iter()
    .chain(["other", "accepted"])
    .map(str::to_owned);
    let rows = history.steps().map(|(run, other)| {
        let days = median(run.resolved.values().copied().collect());
        let mut cells = vec![run.day.to_string(), run.open.total().to_string()];
        cells.extend(run.open.counts().iter().map(|(_, count)| count.to_string()));
        cells.extend([run.new.to_string(), run.resolved.len().to_string(), or_dash(days)]);
        cells.extend([run.reopened.len().to_string(), or_dash(other), run.accepted.to_string()]);
        cells
    });
    let rows: Vec<Vec<String>> = std::iter::once(head.collect()).chain(rows).collect();
    format!("{}\n{}", headline(org, history), aligned(&rows, |column| column > 0))
}

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

fn headline(org: &str, history: &History) -> String {
    let Some(moved) = history.movement() else {
        return format!("movement   {org}: one run, nothing to compare");
    };
    let days = moved.median_days.map(|days| format!(" (median {days} days after the first sight)")).unwrap_or_default();
    let other = if moved.other == 0 { String::new() } else { format!(", {:+} otherwise", moved.other) };
    format!(
        "movement   {org}: {} runs from {} to {}, open {} to {}: {} new, {} fixed{days}, {} reopened{other}",
        moved.runs, moved.from, moved.to, moved.before, moved.open, moved.new, moved.resolved, moved.reopened
    )
}

/// The same for machines.
#[must_use]
pub fn value(org: &str, history: &History) -> Value {
    let runs = history.steps().map(|(run, other)| {
        json!({
            "day": run.day,
            "open": run.open.total(),
            "severities": run.open,
            "new": run.new,
            "resolved": run.resolved.len(),
            "median_days": median(run.resolved.values().copied().collect()),
            "reopened": run.reopened.len(),
            "other": other,
            "accepted": run.accepted,
            "ages": run.ages,
        })
    });
    json!({"org": org, "movement": history.movement(), "runs": runs.collect::<Vec<_>>()})
}
