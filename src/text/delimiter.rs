//! The line by which a spreadsheet says what separates its cells.

/// Spreadsheets write `sep=;` on a line of its own: the delimiter, and what stands below it.
#[must_use]
pub fn named(text: &str) -> (Option<u8>, &str) {
    let Some((line, below)) = text.split_once('\n') else { return (None, text) };
    let line = line.trim_end_matches('\r').trim_matches('"');
    match (line.get(..4), line.get(4..).map(str::as_bytes)) {
        (Some(key), Some([mark])) if key.eq_ignore_ascii_case("sep=") => (Some(*mark), below),
        _ => (None, text),
    }
}
