//! Which files look like evidence although nothing in them was read.
//!
//! Most files of a project are none, so names decide: a workbook or a packed file that is called after an object or lies
//! beside record exports, a copy of a file that would be read, a file with the name of an object and an ending that
//! tables and texts have.

use crate::snapshot::{Input, Kind, Passed, PassedOver};
use crate::source::family;
use crate::source::recognise::{self, Guess};
use std::collections::BTreeSet;

const WORKBOOKS: &[&str] = &["xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "numbers"];
const PACKED: &[&str] = &["7z", "rar", "tar", "tgz", "tbz", "txz", "gz", "bz2", "xz", "zst", "lz4", "zip"];
/// Endings of tables and texts that people give to exports.
const TABLES: &[&str] =
    &["txt", "text", "dat", "tab", "prn", "out", "psv", "asc", "htm", "html", "xml", "parquet", "pdf"];
/// Words around an object's name that do not change what a file is of.
const WORDS: &[&str] =
    &["export", "exports", "extract", "query", "queries", "soql", "result", "results", "all", "records"];

/// Everything of a snapshot that looks like evidence among the files that are no inputs, and copies among the inputs.
pub(super) fn find<'a>(paths: impl Iterator<Item = &'a str>, inputs: &[Input]) -> Vec<PassedOver> {
    let read: BTreeSet<&str> = inputs.iter().map(|input| input.path.as_ref()).collect();
    let exports: BTreeSet<&str> =
        inputs.iter().filter(|input| input.kind.is_records()).map(|input| folder(&input.path)).collect();
    let copies = inputs.iter().filter(|input| input.kind == Kind::CopyFile && !is_hidden(&input.path));
    let copies = copies.map(|input| PassedOver { what: Passed::CopyOfApp, path: input.path.to_string() });
    let others = paths.filter(|path| !is_hidden(path)).filter_map(|path| {
        let what = looks_like(path, &exports)?;
        (!read.contains(path)).then(|| PassedOver { what, path: path.to_owned() })
    });
    copies.chain(others).collect()
}

fn looks_like(path: &str, exports: &BTreeSet<&str>) -> Option<Passed> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let [workbook, packed, table] =
        [WORKBOOKS, PACKED, TABLES].map(|list| list.iter().any(|known| known.eq_ignore_ascii_case(ending)));
    let table = table || ending.is_empty();
    if !workbook && !packed && !table {
        let original = family::original(file)?;
        return (would_be_read(path, &original) && !recognise::is_content(path)).then_some(Passed::Copy);
    }
    if recognise::is_content(path) {
        return None;
    }
    let folder = folder(path);
    let near = exports.contains(folder) || recognise::is_records_folder(folder.rsplit('/').next().unwrap_or(folder));
    if workbook {
        (near || is_object(stem)).then_some(Passed::Workbook)
    } else if packed {
        let near = near || folder.is_empty();
        let is_known = near || would_be_read(path, stem) || is_object(stem.split('.').next().unwrap_or(stem));
        // A zip is looked into where it lies; one in an archive is not.
        (is_known && !ending.eq_ignore_ascii_case("zip")).then_some(Passed::Packed)
    } else {
        (is_object(stem) || (near && would_be_read(path, stem))).then_some(Passed::Ending)
    }
}

/// Whether a file of that name in the same folder would be read by its name.
fn would_be_read(path: &str, file: &str) -> bool {
    let beside = match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{file}"),
        None => file.to_owned(),
    };
    match recognise::by_path(&beside) {
        Guess::Metadata(_) => true,
        Guess::Export(_) => recognise::by_stem(&beside).is_some(),
        Guess::Project | Guess::Other => false,
    }
}

/// Whether a stem is an object's name, but for plural, day, number and words such as `export`.
fn is_object(stem: &str) -> bool {
    if recognise::by_object(stem).is_some() {
        return true;
    }
    let words = stem.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let mut words = words.filter(|word| !WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)));
    let (Some(word), None) = (words.next(), words.next()) else { return false };
    recognise::by_object(word).or_else(|| recognise::by_object(word.strip_suffix(['s', 'S'])?)).is_some()
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_hidden(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|file| file.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_looks_like_evidence() {
        let exports = BTreeSet::from(["e"]);
        let cases = [
            ("e/people.xlsx", Some(Passed::Workbook)),
            ("a/User.ods", Some(Passed::Workbook)),
            ("a/Users 2026-11.xls", Some(Passed::Workbook)),
            ("records/people.xlsb", Some(Passed::Workbook)),
            ("docs/plan.xlsx", None),
            ("docs/user guide.xlsx", None),
            ("a/User.csv.gz", Some(Passed::Packed)),
            ("a/Admin.profile.gz", Some(Passed::Packed)),
            ("metadata.7z", Some(Passed::Packed)),
            ("lib/tool.tar.gz", None),
            ("a/User.txt", Some(Passed::Ending)),
            ("a/LoginHistory", Some(Passed::Ending)),
            ("a/User.csv.txt", None),
            ("e/User.csv.txt", Some(Passed::Ending)),
            ("docs/README", None),
            ("a/User.cls", None),
            ("a/User.csv.bak", Some(Passed::Copy)),
            ("a/Admin.profile-meta.xml.orig", Some(Passed::Copy)),
            ("a/Admin.profile~", Some(Passed::Copy)),
            ("a/notes.txt", None),
            ("a/notes.md.bak", None),
            ("force-app/staticresources/User.xlsx", None),
        ];
        for (path, expected) in cases {
            assert_eq!(looks_like(path, &exports), expected, "{path}");
        }
    }
}
