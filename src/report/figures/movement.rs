//! Figure 9: open findings by severity, run by run.

use super::bars::{self, Row};
use crate::drawing::{Fill, Ink, Pattern};
use crate::history::{Entry, History};
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::say;

/// Runs that are drawn: the last ones, a year of months.
const SHOWN: usize = 12;

/// Looks of the severities, worst first, and of findings without a score: told apart by patterns, too.
const LOOKS: [Fill; 6] = [
    Fill { ink: Ink::Fail, tint: 1.0, pattern: Pattern::Solid },
    Fill { ink: Ink::Fail, tint: 0.75, pattern: Pattern::Cross },
    Fill { ink: Ink::NotEvaluable, tint: 0.75, pattern: Pattern::Hatch },
    Fill { ink: Ink::Review, tint: 0.6, pattern: Pattern::Dots },
    Fill { ink: Ink::Pass, tint: 0.3, pattern: Pattern::Solid },
    Fill { ink: Ink::NotTested, tint: 0.15, pattern: Pattern::Solid },
];

/// A bar for each run; none when there is one run, or when all are alike.
pub(in crate::report) fn by_run(history: &History, w: &Wording) -> Option<Drawn> {
    if !history.runs.windows(2).any(|pair| matches!(pair, [a, b] if a.open != b.open)) {
        return None;
    }
    let left_out = history.runs.len().saturating_sub(SHOWN);
    let runs: Vec<&Entry> = history.runs.iter().skip(left_out).collect();
    let names = runs.last()?.open.counts().map(|(word, _)| w.word(&format!("report.severity.{word}")));
    // A severity that no run has is neither in the bars nor in the legend.
    let used: Vec<usize> = (0..LOOKS.len()).filter(|at| runs.iter().any(|run| count(run, *at) > 0)).collect();
    let row = |run: &&Entry| Row {
        label: run.day.to_string(),
        counts: used.iter().map(|at| usize::try_from(count(run, *at)).unwrap_or(usize::MAX)).collect(),
    };
    let rows: Vec<Row> = runs.iter().map(row).collect();
    let legend: Vec<(String, Fill)> = names
        .iter()
        .zip(LOOKS)
        .enumerate()
        .filter(|(at, _)| used.contains(at))
        .map(|(_, (name, look))| (name.clone(), look))
        .collect();
    let mut twin: Vec<String> = runs.iter().map(|run| told(run, &names, w)).collect();
    let (mut canvas, height) = bars::stacked(&rows, &legend);
    let more = (left_out > 0).then(|| say!(w, "figure.movement.more", n = left_out));
    let height = canvas.more((0.0, height), more, &mut twin);
    let alt = say!(w, "figure.movement.alt", runs = twin.join(" "));
    Some(Drawn { drawing: canvas.finish("movement", height, alt), twin })
}

fn count(run: &Entry, at: usize) -> u32 {
    run.open.counts().get(at).map_or(0, |(_, count)| *count)
}

fn told(run: &Entry, names: &[String], w: &Wording) -> String {
    let counted = run.open.counts().into_iter().zip(names).filter(|((_, n), _)| *n > 0);
    let parts: Vec<String> = counted.map(|((_, n), name)| format!("{n} {name}")).collect();
    match parts.is_empty() {
        true => say!(w, "figure.movement.empty", day = run.day.to_string()),
        false => say!(w, "figure.movement.twin", day = run.day.to_string(), parts = parts),
    }
}
