//! Days as spreadsheets write them.

use crate::text::choice::choices;
use jiff::ToSpan;
use jiff::civil::Date;

choices! {
    /// Order of day and month where a date can be read in two ways.
    DateOrder {
        /// 03/04 is 3 April
        DayFirst = "dmy",
        /// 03/04 is 4 March
        MonthFirst = "mdy",
    }
}

/// What a cell of a date column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// Nothing.
    Empty,
    /// A day.
    Known(Date),
    /// Two days fit: as day first, as month first.
    Ambiguous(Date, Date),
    /// No day.
    Unreadable,
}

/// Reads a day: ISO (a time behind it is dropped), a serial number of Excel (1900 system), `23.11.2026` (always day
/// first), `11/23/2026` (ambiguous unless one part exceeds 12, both are equal, or `order` is given).
#[must_use]
pub fn day(text: &str, order: Option<DateOrder>) -> Day {
    if let Some(date) = iso(text) {
        return Day::Known(date);
    }
    let text = text.trim();
    if text.is_empty() {
        return Day::Empty;
    }
    let number = text.strip_suffix(".0").unwrap_or(text);
    if let Ok(serial) = number.parse::<i32>() {
        return serial_day(serial).map_or(Day::Unreadable, Day::Known);
    }
    let first = text.split(['T', ' ']).next().unwrap_or(text);
    let Some(separator) = first.chars().find(|c| matches!(c, '-' | '/' | '.')) else { return Day::Unreadable };
    let parts: Vec<&str> = first.split(separator).collect();
    let [a, b, c] = parts.as_slice() else { return Day::Unreadable };
    if a.len() == 4 {
        return date(a, b, c).map_or(Day::Unreadable, Day::Known);
    }
    if c.len() != 4 {
        return Day::Unreadable;
    }
    let (day_first, month_first) = (date(c, b, a), date(c, a, b));
    let order = if separator == '.' { Some(DateOrder::DayFirst) } else { order };
    match (order, day_first, month_first) {
        (Some(DateOrder::DayFirst), day, _) | (Some(DateOrder::MonthFirst), _, day) => {
            day.map_or(Day::Unreadable, Day::Known)
        }
        (None, Some(one), Some(other)) if one != other => Day::Ambiguous(one, other),
        (None, Some(one), _) | (None, None, Some(one)) => Day::Known(one),
        (None, None, None) => Day::Unreadable,
    }
}

/// `YYYY-MM-DD` and nothing else: what the tool itself writes in every row.
fn iso(text: &str) -> Option<Date> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = text.as_bytes() else { return None };
    text.parse().ok()
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    // A sign would be a number, too.
    let digits = [year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    Date::new(year.parse().ok().filter(|_| digits)?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Day of an Excel serial number. Numbers that are no plausible day of a tracker (before 1954, after 2173) are none:
/// a bare `2026` in a date column is a year, not a day of 1905.
fn serial_day(serial: i32) -> Option<Date> {
    if !(20_000..100_000).contains(&serial) {
        return None;
    }
    // Day 0 is 1899-12-30: Excel counts a 29 February 1900 that never was.
    Date::new(1899, 12, 30).ok()?.checked_add(serial.days()).ok()
}
