//! The portfolio's tables and those of other trackers: written row by row to a spill file and sorted at the end by a small index,
//! so that a thousand orgs take no more memory than their keys.

use super::Failure;
use super::folder::Staging;
use super::profiles::Output;
use super::settings::Settings;
use crate::model::{Assessment, Finding, Outcome, Tenths};
use crate::render::csv::{self, Dialect};
use crate::render::format::Format;
use crate::render::{defectdojo, xlsx};
use crate::table::profiles::Profile;
use crate::table::{Row, Table, evidence, profiles, rows};
use std::cmp::Reverse;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Order of the tracker: result, then score downwards, then org key, app name, id.
type Key = (Outcome, Reverse<Option<Tenths>>, String, String, String);

/// Rendered rows of one app in one table.
struct Piece {
    key: Key,
    table: usize,
    rows: usize,
    bytes: Vec<u8>,
}

/// What a table's files are called and how they are put together.
struct Sheet {
    /// Name of a part, counted from 0.
    file: Box<dyn Fn(usize) -> String + Send>,
    /// Rows of one part.
    most: usize,
    head: Vec<u8>,
    /// What stands between the rows of two apps.
    between: &'static [u8],
    tail: &'static [u8],
}

impl Sheet {
    fn csv(table: &Table<'_>, dialect: Dialect) -> Self {
        let name = table.name.clone();
        Self {
            file: Box::new(move |part| csv::file_name(&name, part)),
            most: csv::most_rows(dialect),
            head: csv::head(&table.header, dialect),
            between: b"",
            tail: b"",
        }
    }

    fn defectdojo() -> Self {
        Self {
            file: Box::new(|_| defectdojo::FILE.to_owned()),
            most: usize::MAX,
            head: defectdojo::head(),
            between: defectdojo::BETWEEN,
            tail: defectdojo::TAIL,
        }
    }
}

/// The tables of one org, rendered app by app.
#[derive(Default)]
pub(super) struct Tables {
    sheets: Vec<Sheet>,
    pieces: Vec<Piece>,
    plan: Vec<(Key, Row<'static>)>,
}

impl Tables {
    /// Renders the rows of one org, as far as tables are asked for.
    pub(super) fn of(assessment: &Assessment, settings: &Settings) -> Self {
        let (wording, all) = (&settings.wording, settings.all);
        let mut out = Self::default();
        if settings.wants(Format::Csv) {
            for table in rows::tables(&[assessment], wording, all) {
                if table.name == "family" {
                    out.whole(assessment, &table, settings.dialect);
                    continue;
                }
                let count = match table.name.as_str() {
                    "criteria" => |finding: &Finding, _| finding.observations.len(),
                    "findings" => |finding: &Finding, all| usize::from(all || finding.result != Outcome::Pass),
                    _ => |_: &Finding, _| 1,
                };
                let table = match &settings.columns {
                    Some(columns) if table.name == "findings" => columns.of(table),
                    _ => table,
                };
                out.add(assessment, &table, settings.dialect, |finding| count(finding, all));
            }
            out.whole(assessment, &evidence::table(&[assessment], &settings.control, wording), settings.dialect);
        }
        settings.profiles.iter().for_each(|profile| out.profile(assessment, *profile, settings));
        out
    }

    /// The rows of one org for a profile.
    fn profile(&mut self, org: &Assessment, profile: Profile, settings: &Settings) {
        let rows = profiles::rows(&[org], &settings.control, &settings.wording, profile);
        for output in super::profiles::outputs(profile) {
            match output {
                Output::Csv => {
                    let table = profiles::table(profile, &rows);
                    let dialect = settings.dialect.for_profile(profile);
                    self.add(org, &table, dialect, |finding| usize::from(finding.result.is_open()));
                }
                Output::Json => {
                    let sheet = self.sheets.len();
                    self.sheets.push(Sheet::defectdojo());
                    self.pieces.extend(open(org).zip(&rows).map(|(finding, row)| Piece {
                        key: key(&org.org.key, finding),
                        table: sheet,
                        rows: 1,
                        bytes: defectdojo::finding(row),
                    }));
                }
                Output::Workbook => {
                    let keyed = open(org).zip(&rows);
                    self.plan.extend(keyed.map(|(finding, row)| (key(&org.org.key, finding), row.clone())));
                }
                Output::View(..) => {}
            }
        }
    }

    /// A table that is no list of apps: all rows of the org stand together.
    fn whole(&mut self, org: &Assessment, table: &Table<'_>, dialect: Dialect) {
        let sheet = self.sheets.len();
        self.sheets.push(Sheet::csv(table, dialect));
        let key = (Outcome::Fail, Reverse(None), org.org.key.clone(), String::new(), String::new());
        let bytes = csv::body(&table.header, &table.rows, dialect);
        self.pieces.push(Piece { key, table: sheet, rows: table.rows.len(), bytes });
    }

    /// Whether no table is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.sheets.is_empty()
    }

    /// Cuts a table into the rows of its apps; `count` tells how many each has.
    fn add(&mut self, org: &Assessment, table: &Table<'_>, dialect: Dialect, count: impl Fn(&Finding) -> usize) {
        let sheet = self.sheets.len();
        self.sheets.push(Sheet::csv(table, dialect));
        let mut rest = table.rows.as_slice();
        for (_, finding) in rows::ordered(&[org], true) {
            let (own, others) = rest.split_at(count(finding).min(rest.len()));
            rest = others;
            if !own.is_empty() {
                let bytes = csv::body(&table.header, own, dialect);
                self.pieces.push(Piece { key: key(&org.org.key, finding), table: sheet, rows: own.len(), bytes });
            }
        }
    }
}

/// The open findings of an org, in the order of its profiles' rows.
fn open(org: &Assessment) -> impl Iterator<Item = &Finding> {
    rows::ordered(&[org], false).into_iter().map(|(_, finding)| finding).filter(|finding| finding.result.is_open())
}

fn key(org: &str, finding: &Finding) -> Key {
    let score = finding.score.as_ref().map(|score| score.residual31.1);
    (finding.result, Reverse(score), org.to_owned(), finding.subject.api_name.clone(), finding.id.clone())
}

/// Where one app's rows stand in the spill file.
struct Place {
    key: Key,
    table: usize,
    rows: usize,
    offset: u64,
    length: usize,
}

/// Rows of many orgs on disk.
pub(super) struct Spill {
    path: PathBuf,
    file: File,
    end: u64,
    sheets: Vec<Sheet>,
    places: Vec<Place>,
    /// Rows of the workbook that a profile has over all orgs, which is made in memory.
    plan: Vec<(Key, Row<'static>)>,
}

impl Spill {
    /// Opens a spill file beside the report being written.
    pub(super) fn open(stage: &Path) -> Result<Self, Failure> {
        let path = stage.join(".rows");
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|e| Failure::io(&path, &e, ""))?;
        Ok(Self { path, file, end: 0, sheets: Vec::new(), places: Vec::new(), plan: Vec::new() })
    }

    pub(super) fn add(&mut self, tables: Tables) -> Result<(), Failure> {
        self.sheets = tables.sheets;
        self.plan.extend(tables.plan);
        for Piece { key, table, rows, bytes } in tables.pieces {
            self.file.write_all(&bytes).map_err(|e| Failure::io(&self.path, &e, "check the free space"))?;
            self.places.push(Place { key, table, rows, offset: self.end, length: bytes.len() });
            self.end += bytes.len() as u64;
        }
        Ok(())
    }

    /// Writes the finished files one by one, sorted, and removes the spill file; gives their names. No more than one
    /// app's rows are in memory, but for a workbook.
    pub(super) fn finish(mut self, settings: &Settings, staging: &mut Staging) -> Result<Vec<String>, Failure> {
        self.places.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
        let mut names = Vec::new();
        let mut bytes = Vec::new();
        for (table, sheet) in self.sheets.iter().enumerate() {
            let (mut rows, mut parts) = (0, 1);
            names.push((sheet.file)(0));
            let mut out = staging.stream(&(sheet.file)(0))?;
            out.write(&sheet.head)?;
            for place in self.places.iter().filter(|place| place.table == table) {
                if rows + place.rows > sheet.most {
                    out.write(sheet.tail)?;
                    staging.close(out)?;
                    names.push((sheet.file)(parts));
                    out = staging.stream(&(sheet.file)(parts))?;
                    out.write(&sheet.head)?;
                    (parts, rows) = (parts + 1, 0);
                }
                if rows > 0 {
                    out.write(sheet.between)?;
                }
                rows += place.rows;
                bytes.resize(place.length, 0);
                self.file
                    .seek(SeekFrom::Start(place.offset))
                    .and_then(|_| self.file.read_exact(&mut bytes))
                    .map_err(|e| Failure::io(&self.path, &e, ""))?;
                out.write(&bytes)?;
            }
            out.write(sheet.tail)?;
            staging.close(out)?;
        }
        if settings.profiles.iter().any(|one| super::profiles::has_workbook(*one)) {
            self.plan.sort_by(|(a, _), (b, _)| a.cmp(b));
            let rows: Vec<Row<'_>> = self.plan.into_iter().map(|(_, row)| row).collect();
            let plan = super::profiles::workbook(&rows, "", &settings.title_page()?, settings)?;
            staging.write(xlsx::PLAN_FILE, &plan)?;
        }
        std::fs::remove_file(&self.path).map_err(|e| Failure::io(&self.path, &e, ""))?;
        Ok(names)
    }
}
