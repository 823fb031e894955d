//! Record exports: rows of a table by the object they are of; one function for each object.

mod access;
mod activity;
mod apps;
mod containers;
mod listing;
mod objects;
mod permissions;
mod unread;

use super::columns::{Columns, by_columns, lacks_of_a_user};
use super::file_facts::{ExportPage, FileFacts, Rows};
use super::keys::Collector;
use super::long_text;
use super::rows::{self, Fault, Reading, Table};
use super::values::{File, Record};
use crate::limits::{self, Limits};
use crate::snapshot::{Kind, Locator, Place, Problem, ProblemCode, SfId, Stamp, instant};
use crate::source::recognise::{self, Format, Guess};
use crate::text::visible::one_line;
use std::sync::Arc;

const HINT_TELL: &str =
    "name the file after its object, for example `User.json`, or export with `sf data query --json`";

/// Reads a file that may be an export. `None`: it is none.
pub(super) fn read(format: Format, path: &Arc<str>, bytes: &[u8], limits: &Limits) -> Option<(Kind, FileFacts)> {
    let named = recognise::by_stem(path);
    let decoded = match format {
        Format::Json => rows::json(bytes, limits),
        Format::JsonLines => rows::json_lines(bytes, limits),
        Format::Csv => rows::csv(bytes, limits),
        Format::Workbook | Format::Packed => return unread::read(format, path, bytes),
    };
    let table = match decoded {
        Reading::Table(table) => *table,
        Reading::Fault(fault) => {
            let kind = kind_of_fault(&fault, named)?;
            let place = if fault.line == 0 { Place::File } else { Place::Line(fault.line) };
            let problem = Problem::new(Locator::new(path, place), Some(kind), fault.code, fault.message, fault.hint);
            let problem = Problem { column: fault.column, ..problem };
            return Some((kind, FileFacts { problems: vec![problem], ..FileFacts::default() }));
        }
        // Its name says what it has to hold, so what it lacks is a problem.
        Reading::Other => {
            let (kind, at) = (named?, Locator::new(path, Place::File));
            let hint = "run the query again and keep its output as it is, or name the file otherwise";
            let problem = Problem::new(at, Some(kind), ProblemCode::Malformed, "holds no records", hint);
            return Some((kind, FileFacts { problems: vec![problem], ..FileFacts::default() }));
        }
    };
    let mut file = File::new(path, Kind::UnknownRecords);
    let mut part = FileFacts::default();
    match kind_of(format, path, &table, named) {
        Some(Ok(kind)) => {
            file.kind = kind;
            if is_whole(&mut file, &table) {
                rows_of(&mut file, kind, &table, &mut part);
                rows_of_children(&mut file, &table, &mut part);
            }
        }
        Some(Err(Untold { kind, message, hint })) => {
            file.kind = kind;
            file.problem(Locator::new(path, Place::File), ProblemCode::Ambiguous, message, hint);
        }
        None => return None,
    }
    for (column, long) in &table.long {
        let what = table.shown.get(*column).map_or("", String::as_str);
        let mut message = long_text::message(&one_line(what), long.characters, limits.text_length);
        if long.count > 1 {
            message += &format!("; {} cells of this column are as long", long.count);
        }
        let at = Locator::new(path, Place::Row(long.row));
        file.problem(at, ProblemCode::Mended, message, &long_text::hint(long.characters));
    }
    if let Some(note) = table.note {
        file.problem(Locator::new(path, Place::Line(note.line)), ProblemCode::Mended, note.message, note.hint);
    }
    part.problems.extend(file.problems);
    Some((file.kind, part))
}

/// The rows of sub-queries.
fn rows_of_children(file: &mut File<'_>, table: &Table, part: &mut FileFacts) {
    for (relationship, child) in table.children(&|name| recognise::by_relationship(name).map(|(_, link)| link)) {
        if let Some((kind, _)) = recognise::by_relationship(&relationship) {
            let outer = std::mem::replace(&mut file.kind, kind);
            if is_whole(file, &child) {
                rows_of(file, kind, &child, part);
            }
            file.kind = outer;
        }
    }
}

/// Whether a table is within its limits. One that is not could be used in part only, so nothing of it is.
fn is_whole(file: &mut File<'_>, table: &Table) -> bool {
    if let Some((name, limit)) = table.beyond {
        let hint = format!("export less, or pass {}", limits::option(name, limit.saturating_mul(2)));
        let at = Locator::new(file.path, Place::File);
        file.problem(at, ProblemCode::TooLarge, format!("has more than {limit} {name}"), &hint);
    }
    table.beyond.is_none()
}

/// Whether a file is a record export of a kind that is read, or would be one if its query had not failed.
pub(super) fn is_export(path: &str, bytes: &[u8]) -> bool {
    match recognise::by_path(path) {
        _ if recognise::by_stem(path).is_some() => true,
        Guess::Export(format) => read(format, &Arc::from(path), bytes, &Limits::default()).is_some(),
        Guess::Metadata(_) | Guess::Project | Guess::Other => false,
    }
}

/// What a file that cannot be read would be: by the object of its records, its name, its columns. `None`: of no kind
/// that is read, or no export at all.
fn kind_of_fault(fault: &Fault, named: Option<Kind>) -> Option<Kind> {
    if let Some(object) = &fault.object {
        return recognise::by_object(object);
    }
    let headings: Vec<&str> = fault.headings.iter().map(String::as_str).collect();
    match by_columns(&headings) {
        _ if named.is_some() => named,
        Columns::Kind(kind) => Some(kind),
        Columns::Lacking(kind, _) => fault.sure.then_some(kind),
        Columns::Other | Columns::Ambiguous => fault.sure.then_some(Kind::UnknownRecords),
    }
}

/// An export of which nothing tells the object, or that lacks what an export of its object has to have.
struct Untold {
    kind: Kind,
    message: String,
    hint: &'static str,
}

fn untold(message: &str) -> Untold {
    Untold { kind: Kind::UnknownRecords, message: message.to_owned(), hint: HINT_TELL }
}

fn lacking(kind: Kind, columns: &str) -> Untold {
    let message = format!("would be an export of {} and lacks {columns}, so it is not read", kind.name());
    Untold { kind, message, hint: "run the query of `shr request` and keep its output as it is" }
}

/// What the rows are of: what they say themselves, else the file's name, else their columns.
fn kind_of(format: Format, path: &str, table: &Table, named: Option<Kind>) -> Option<Result<Kind, Untold>> {
    let names = table.names();
    if table.listing {
        return listing::is_of_use(table, path).then_some(Ok(Kind::ListingRecords));
    }
    if let Some(object) = table.object.as_deref() {
        if object == "AggregateResult" {
            return match by_columns(&names) {
                Columns::Kind(Kind::LoginRecords) => Some(Ok(Kind::LoginRecords)),
                Columns::Other if named.is_none() => None,
                _ => Some(Err(untold("holds counts of a grouped query, not records"))),
            };
        }
        return recognise::by_object(object).map(Ok);
    }
    match (named, by_columns(&names)) {
        // Setup gives the login history that it offers a name of its own each time.
        (_, Columns::Kind(Kind::LoginRecords)) => Some(Ok(Kind::LoginRecords)),
        (Some(Kind::UserRecords), _) if !names.is_empty() => Some(match lacks_of_a_user(&names) {
            Some(columns) => Err(lacking(Kind::UserRecords, columns)),
            None => Ok(Kind::UserRecords),
        }),
        (Some(kind), _) | (None, Columns::Kind(kind)) => Some(Ok(kind)),
        // Many a table has little but an id and a name; records of an org have its ids.
        (None, Columns::Lacking(..) | Columns::Ambiguous) if has_other_ids(table) => None,
        (None, Columns::Lacking(kind, columns)) => Some(Err(lacking(kind, columns))),
        (None, Columns::Ambiguous) => {
            Some(Err(untold("holds records of an object that cannot be told from its columns")))
        }
        (None, Columns::Other) if format == Format::Json && table.rows.is_empty() && table.announced.is_some() => {
            Some(Err(untold("holds no records, and its name does not tell of which object")))
        }
        (None, Columns::Other) => None,
    }
}

/// Whether the first row has an id that is none of an org.
fn has_other_ids(table: &Table) -> bool {
    let id = table.rows.first().and_then(|row| table.cell(row, "id"));
    id.is_some_and(|id| SfId::parse(id).is_none())
}

/// Reads all rows of one kind.
fn rows_of(file: &mut File<'_>, kind: Kind, table: &Table, part: &mut FileFacts) {
    file.lost = Rows::default();
    for row in &table.ragged {
        let at = Locator::new(file.path, Place::Row(*row));
        file.lost.add(&at);
        let message = "has another number of cells than the header; the row is left out".to_owned();
        file.problem(at, ProblemCode::Malformed, message, "export again; do not edit the file in a spreadsheet");
    }
    part.rows.expect(kind, table.rows.len());
    let mut keys = Collector::new(table, kind);
    let mut aside = permissions::Aside::of(table);
    let containers = containers::Columns::of(table);
    let all: Vec<Record<'_>> = table.rows.iter().map(|row| Record { table, row, path: file.path }).collect();
    for record in &all {
        let lost = file.lost.count;
        match kind {
            Kind::UserRecords => access::user(file, record, part, &mut aside),
            Kind::AssignmentRecords => access::assignment(file, record, part, &mut aside),
            Kind::GroupComponentRecords => access::component(file, record, part, &mut aside),
            Kind::ObjectPermissionRecords => access::object(file, record, part, &mut aside),
            Kind::ProfileRecords => containers::profile(&containers, file, record, part),
            Kind::PermissionSetRecords => containers::permission_set(&containers, file, record, part, &mut aside),
            Kind::MutingRecords => containers::muting(&containers, file, record, part),
            Kind::GroupRecords => containers::group(file, record, part),
            Kind::AppRecords => apps::app(file, record, part),
            Kind::OauthPolicyRecords => apps::oauth_policy(file, record, part),
            Kind::AppPolicyRecords => apps::app_policy(file, record, part),
            Kind::OauthSettingsRecords => apps::oauth_settings(file, record, part),
            Kind::ConnectedAppRecords => apps::connected(file, record, part),
            Kind::LoginRecords => activity::login(file, record, part),
            Kind::EventRecords => activity::event(file, record, part),
            Kind::ListingRecords => listing::component(file, record, part),
            _ => {}
        }
        if file.lost.count == lost {
            keys.add(record.row);
        }
    }
    part.said.extend(aside.said());
    let rows = table.rows.len() + table.ragged.len();
    let (keys, again) = keys.finish();
    let mut repeated = Rows::default();
    again.into_iter().for_each(|row| repeated.add(&Locator::new(file.path, Place::Row(row))));
    if kind == Kind::ListingRecords {
        part.said.extend(listing::of_file(table, file.path));
    }
    if kind == Kind::EventRecords {
        part.said = activity::condense(std::mem::take(&mut part.said));
    }
    let (newest, span) = stamps(&all);
    part.newest = part.newest.take().max(newest);
    // The answer of the command that lists components carries no count, because nothing cuts it off.
    let announced = table.announced.or((table.listing && table.done == Some(true)).then_some(rows));
    let (path, lost, span) =
        (file.path.clone(), std::mem::take(&mut file.lost), span.filter(|_| kind == Kind::LoginRecords));
    part.pages.push(ExportPage { path, kind, rows, announced, done: table.done, keys, lost, repeated, span });
}

/// Columns with times at which something happened in the org before the export was taken. Days that lie ahead, such as
/// expiry dates, are not among them.
const STAMPS: &[&str] = &[
    "createddate",
    "lastmodifieddate",
    "systemmodstamp",
    "lastlogindate",
    "logintime",
    "timestamp_derived",
    "timestamp",
];

/// The latest time stamp of the rows, of equal ones the first; and the time between the first and the last of all.
fn stamps(records: &[Record<'_>]) -> (Option<Stamp>, Option<(jiff::Timestamp, jiff::Timestamp)>) {
    let mut oldest: Option<jiff::Timestamp> = None;
    let mut latest: Option<(jiff::Timestamp, &Record<'_>, &str)> = None;
    let columns = STAMPS.iter().filter(|name| records.first().is_some_and(|one| one.table.as_written(name).is_some()));
    let columns: Vec<&str> = columns.copied().collect();
    for record in records {
        for name in &columns {
            let Some(time) = record.cell(name).and_then(instant) else { continue };
            oldest = Some(oldest.map_or(time, |known| known.min(time)));
            if latest.is_none_or(|(known, ..)| known < time) {
                latest = Some((time, record, name));
            }
        }
    }
    let newest = latest.and_then(|(time, record, name)| {
        let (text, setting) = (record.text(name)?, record.table.as_written(name)?.to_owned());
        Some(Stamp { time, setting, raw: text.raw.into(), at: text.at })
    });
    let span = oldest.zip(newest.as_ref().map(|stamp| stamp.time));
    (newest, span)
}
