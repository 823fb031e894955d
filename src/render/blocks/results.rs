//! Results in running text: recognised here and nowhere else, so that no writer looks at characters.

use super::{Span, Table, TableKind, plain};
use crate::model::Outcome;
use crate::report::symbol;
use crate::text::wording::{Wording, languages};
use std::sync::LazyLock;

/// The words of results, in every language.
static WORDS: LazyLock<Vec<(Outcome, String)>> = LazyLock::new(|| {
    let languages = languages().into_iter().filter_map(|language| Wording::load(language).ok());
    let words =
        languages.flat_map(|words| Outcome::ALL.iter().map(move |o| (*o, words.word(&format!("report.result.{o}")))));
    words.collect::<Vec<_>>()
});

/// Marks the results in the text of one block or cell. In a heading only those that begin a strong run give a colour.
pub(super) fn mark(spans: &mut [Span], heading: bool) {
    for (n, span) in spans.iter_mut().enumerate().filter(|(_, span)| !span.code) {
        for (at, _) in span.text.char_indices().filter(|(_, c)| !c.is_ascii()) {
            let Some(outcome) = span.text.get(at..).and_then(beginning) else { continue };
            span.symbols.push(at);
            if at == 0 && (span.bold || (n == 0 && !heading)) {
                span.result = Some(outcome);
            }
        }
    }
}

/// The result that a text begins with: its symbol, a blank and its word.
fn beginning(text: &str) -> Option<Outcome> {
    let outcome = Outcome::ALL.iter().copied().find(|outcome| text.starts_with(symbol(*outcome)))?;
    let rest = text.strip_prefix(symbol(outcome))?.strip_prefix(' ')?;
    let words = WORDS.iter().filter(|(of, _)| *of == outcome).filter_map(|(_, word)| rest.strip_prefix(word.as_str()));
    let mut ends = words.map(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
    ends.any(|ends| ends).then_some(outcome)
}

/// Marks the cells of a matrix that hold nothing but the symbol of a result.
pub(super) fn mark_cell(spans: &mut [Span]) {
    if let [span] = spans
        && !span.code
        && let Some(outcome) = Outcome::ALL.iter().copied().find(|outcome| span.text == symbol(*outcome))
    {
        span.symbols.push(0);
        span.result = Some(outcome);
    }
}

/// The first column of a waterfall in which every row has a number from 0 to 10.
pub(super) fn scores(table: &Table) -> Option<Vec<f32>> {
    if table.kind != TableKind::Waterfall {
        return None;
    }
    (1..table.head.len()).find_map(|column| table.rows.iter().map(|row| score(row.get(column)?)).collect())
}

fn score(cell: &[Span]) -> Option<f32> {
    let number = plain(cell).trim().replace(',', ".").parse().ok()?;
    (0.0..=10.0).contains(&number).then_some(number)
}
