//! Quotation marks of a CSV file that stand where none may stand.

use crate::ingest::rows::number;

/// A quotation mark that does not belong where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stray {
    /// Inside a cell that does not begin with one: it can only be meant as it stands. How many, and the first line.
    Literal { count: usize, line: u32 },
    /// Behind the end of a quoted cell: where cells end is anybody's guess from here on.
    Behind { line: u32 },
    /// It opens a cell that never ends.
    Open { line: u32 },
}

fn ends_cell(bytes: &[u8], delimiter: u8, at: usize) -> bool {
    bytes.get(at).is_none_or(|byte| matches!(byte, b'\r' | b'\n') || *byte == delimiter)
}

/// Looks at each quotation mark once. A fault that makes cells uncertain goes before marks that are read as they stand.
pub(super) fn stray(text: &str, delimiter: u8) -> Option<Stray> {
    let bytes = text.as_bytes();
    let mut literal: Option<(usize, usize)> = None;
    let mut opened: Option<usize> = None;
    let mut done = 0;
    for at in memchr::memchr_iter(b'"', bytes) {
        if at < done {
            continue; // the second half of a doubled mark
        }
        match opened {
            None if at == 0 || ends_cell(bytes, delimiter, at - 1) => opened = Some(at),
            None => literal = Some(literal.map_or((1, at), |(count, first)| (count + 1, first))),
            Some(_) if bytes.get(at + 1) == Some(&b'"') => done = at + 2,
            Some(_) => {
                let blanks =
                    bytes.get(at + 1..).map_or(0, |rest| rest.iter().take_while(|byte| **byte == b' ').count());
                if !ends_cell(bytes, delimiter, at + 1 + blanks) {
                    return Some(Stray::Behind { line: line(bytes, at) });
                }
                opened = None;
            }
        }
    }
    match (opened, literal) {
        (Some(at), _) => Some(Stray::Open { line: line(bytes, at) }),
        (None, Some((count, at))) => Some(Stray::Literal { count, line: line(bytes, at) }),
        (None, None) => None,
    }
}

/// The line on which a byte stands.
fn line(bytes: &[u8], at: usize) -> u32 {
    number(bytes.get(..at).map_or(0, |before| memchr::memchr_iter(b'\n', before).count()))
}
