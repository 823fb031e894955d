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
/// first), `11/23/2026` (ambiguous unless one part exceeds 12, both are equal, or `order` is given), with the name of a
/// month in English or German (`16-Nov-26`, `Nov 16, 2026`, `16. November 2026`). A year of two digits is of this century.
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
    if text.chars().any(char::is_alphabetic) && !is_moment(text) {
        return named(text).map_or(Day::Unreadable, Day::Known);
    }
    let first = text.split(['T', ' ']).next().unwrap_or(text);
    let Some(separator) = first.chars().find(|c| matches!(c, '-' | '/' | '.')) else { return Day::Unreadable };
    let parts: Vec<&str> = first.split(separator).collect();
    let [a, b, c] = parts.as_slice() else { return Day::Unreadable };
    if a.len() == 4 {
        return date(a, b, c).map_or(Day::Unreadable, Day::Known);
    }
    let order = if separator == '.' { Some(DateOrder::DayFirst) } else { order };
    let (day_first, month_first) = (date(c, b, a), date(c, a, b));
    match (order, day_first, month_first) {
        (Some(DateOrder::DayFirst), day, _) | (Some(DateOrder::MonthFirst), _, day) => {
            day.map_or(Day::Unreadable, Day::Known)
        }
        (None, Some(one), Some(other)) if one != other => Day::Ambiguous(one, other),
        (None, Some(one), _) | (None, None, Some(one)) => Day::Known(one),
        (None, None, None) => Day::Unreadable,
    }
}

/// Whether a text begins with an ISO day whose letters are those of a time behind it.
fn is_moment(text: &str) -> bool {
    text.get(..10).is_some_and(|day| iso(day).is_some())
}

/// A day with the name of its month: `16-Nov-26`, `16. November 2026`, `Nov 16, 2026`; a day of the week may precede it.
fn named(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(|c: char| matches!(c, '-' | '/' | '.' | ',') || c.is_whitespace()).collect();
    let mut parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if let [weekday, _, _, _] = parts.as_slice()
        && month(weekday).is_none()
        && weekday.chars().all(char::is_alphabetic)
    {
        parts.remove(0);
    }
    let [a, b, c] = parts.as_slice() else { return None };
    let (month, day) = match (month(a), month(b)) {
        (None, Some(month)) => (month, a),
        (Some(month), None) => (month, b),
        _ => return None,
    };
    date(c, &month.to_string(), day)
}

/// Number of a month by its name or the start of it, three letters at least, in English or German.
fn month(name: &str) -> Option<usize> {
    const NAMES: [&str; 12] = [
        "january januar jänner",
        "february februar",
        "march märz maerz mrz",
        "april",
        "may mai",
        "june juni",
        "july juli",
        "august",
        "september sept",
        "october oktober",
        "november",
        "december dezember",
    ];
    let name = name.to_lowercase();
    let is_it = |names: &str| name.chars().count() >= 3 && names.split(' ').any(|known| known.starts_with(&name));
    NAMES.iter().position(|names| is_it(names)).map(|at| at + 1)
}

/// `YYYY-MM-DD` and nothing else: what the tool itself writes in every row.
fn iso(text: &str) -> Option<Date> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = text.as_bytes() else { return None };
    text.parse().ok()
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    // A sign would be a number, too.
    let digits = [year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let century = match year.len() {
        2 => 2000,
        4 => 0,
        _ => return None,
    };
    let year: i16 = year.parse().ok().filter(|_| digits)?;
    Date::new(year + century, month.parse().ok()?, day.parse().ok()?).ok()
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
