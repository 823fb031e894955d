//! The other sheets of the tool in a workbook that is updated in place.

use crate::common::{Ran, Scratch, shr};
use crate::samples::samples;
use calamine::{Data, Reader, Xlsx};
use shr::render::xlsx::patch::{Edits, Value, part_of, patched};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Cursor, Read};
use std::path::Path;

const TABLES: [&str; 3] = ["Criteria", "Population", "OAuth chapter"];

fn review(folder: &Scratch, orgs: &[&str], name: &str, day: &str, engagement: bool) {
    let mut args: Vec<OsString> = vec!["review".into()];
    args.extend(orgs.iter().map(|org| samples().join(org).into_os_string()));
    if engagement {
        args.extend(["--engagement".into(), samples().join("engagement.toml").into_os_string()]);
    }
    args.extend(["-o".into(), folder.join(name).into_os_string()]);
    let ran = shr(args.into_iter().chain(["--format", "xlsx,json", "--as-of", day].map(Into::into)));
    assert!([1, 3].contains(&ran.code), "{}", ran.err);
}

fn track(folder: &Scratch, old: &Path, from: &str, new: &str, day: &str) -> Ran {
    let path = |name: &str| folder.join(name).into_os_string();
    let args = ["track".into(), old.into(), "--from".into(), path(from), "-o".into(), path(new)];
    shr(args.into_iter().chain(["--as-of", day].map(OsString::from)))
}

fn cells(book: &[u8], sheet: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn part(book: &[u8], sheet: &str) -> String {
    let path = part_of(book, sheet).unwrap();
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(book)).unwrap().by_name(&path).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The results of the summary with their heading.
fn results(book: &[u8]) -> Vec<Vec<Data>> {
    let rows = cells(book, "Summary").into_iter();
    rows.skip_while(|row| row.first().is_none_or(|cell| *cell != "org_key")).collect()
}

#[test]
fn sheets_that_nobody_changed_show_the_run() {
    let folder = Scratch::new("sheets-current");
    review(&folder, &["halden-prod"], "one", "2026-11-24", false);
    review(&folder, &["halden-prod"], "two", "2026-11-25", true);
    let old = folder.join("one").join("findings.xlsx");
    let ran = track(&folder, &old, "two", "new.xlsx", "2026-11-25");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let (before, new, fresh) = (std::fs::read(&old).unwrap(), read("new.xlsx"), read("two/findings.xlsx"));
    for sheet in TABLES {
        assert_eq!(cells(&new, sheet), cells(&fresh, sheet), "{sheet}");
        // Looks, heights and links too are as in a workbook of the run itself; only its headers are another matter.
        let rows = |book: &[u8]| part(book, sheet).split_once("</sheetData>").unwrap().0.to_owned();
        assert!(rows(&new) == rows(&fresh), "{sheet}");
    }
    // Findings are those of the tracker, which has more than an unmerged one: what is no longer open stays.
    let by_id = |book: &[u8], sheet: &str| {
        let rows = cells(book, sheet).into_iter().skip(1);
        let at = cells(book, sheet)[0]
            .iter()
            .position(|head| ["finding_id", "Finding"].iter().any(|id| head == id))
            .unwrap();
        rows.map(|row| (row[at].to_string(), row)).collect::<BTreeMap<String, Vec<Data>>>()
    };
    let (found, of_run, work) = (by_id(&new, "Findings"), by_id(&fresh, "Findings"), by_id(&new, "Work"));
    assert!(found.keys().eq(work.keys()) && found.len() > of_run.len(), "{} findings", found.len());
    assert!(of_run.iter().all(|(id, row)| found.get(id) == Some(row)));
    assert_ne!(cells(&before, "Criteria"), cells(&new, "Criteria"), "the two runs differ");
    assert_eq!(results(&new), results(&fresh));
    assert_eq!(cells(&new, "Summary")[2], cells(&fresh, "Summary")[2], "the day");
    let again = track(&folder, &folder.join("new.xlsx"), "two", "again.xlsx", "2026-11-25");
    assert!(again.out.starts_with("Nothing changed.") && again.err.is_empty(), "{}{}", again.out, again.err);
    for sheet in TABLES.into_iter().chain(["Work", "Summary", "Findings"]) {
        assert_eq!(part(&read("again.xlsx"), sheet), part(&new, sheet), "{sheet}");
    }
}

#[test]
fn sheets_that_people_changed_stay_and_are_named() {
    let folder = Scratch::new("sheets-kept");
    review(&folder, &["halden-prod"], "one", "2026-11-24", false);
    review(&folder, &["halden-prod"], "two", "2026-11-25", true);
    let book = std::fs::read(folder.join("one").join("findings.xlsx")).unwrap();
    let changed = |sheet: &str, cells: Vec<(u32, u32, Value)>, reason: &str| {
        let edits = Edits { cells, head: 1, old_last: 1, new_last: 1 };
        let old = patched(&book, sheet, &edits).unwrap();
        std::fs::write(folder.join("old.xlsx"), &old).unwrap();
        let ran = track(&folder, &folder.join("old.xlsx"), "two", "new.xlsx", "2026-11-25");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains(sheet) && ran.err.contains(reason), "{sheet}: {}", ran.err);
        let new = std::fs::read(folder.join("new.xlsx")).unwrap();
        assert_eq!(part(&new, sheet), part(&old, sheet), "{sheet}");
        std::fs::remove_file(folder.join("new.xlsx")).unwrap();
    };
    let text = |text: &str| Value::Text(text.to_owned());
    changed("Criteria", vec![(1, 30, text("Ours"))], "headings");
    changed("Criteria", vec![(1, 2, text("App"))], "headings");
    changed("Criteria", vec![(4, 30, text("see Bea"))], "columns of people");
    changed("Criteria", vec![(999, 3, text("ask Bea"))], "rows of people");
    changed("Population", vec![(99, 0, text("our own app"))], "rows of people");
    changed("Population", vec![(3, 1, Value::Formula("1+1".to_owned()))], "formulas");
    let results = cells(&book, "Summary").iter().position(|row| row[0] == "org_key").unwrap();
    let org = u32::try_from(results).unwrap() + 2;
    changed("Summary", vec![(org, 0, text("another"))], "other orgs");
}

#[test]
fn sheets_of_several_orgs_stay_where_the_run_has_not_all_of_them() {
    let folder = Scratch::new("sheets-orgs");
    let both = ["halden-prod", "halden-uat"];
    review(&folder, &both, "both", "2026-11-24", true);
    review(&folder, &both[..1], "one", "2026-11-25", true);
    let old = folder.join("both").join("findings.xlsx");
    let ran = track(&folder, &old, "one", "new.xlsx", "2026-11-25");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("Criteria") && ran.err.contains("orgs that are not in the run"), "{}", ran.err);
    let (before, after) = (std::fs::read(&old).unwrap(), std::fs::read(folder.join("new.xlsx")).unwrap());
    assert_eq!(part(&before, "Criteria"), part(&after, "Criteria"));
}

/// A workbook in which one part is another text.
fn changed(book: &[u8], path: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        if name == path {
            bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut out, &bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// A workbook of a run whose sheets have other names.
fn renamed(book: &[u8], names: &[(&str, &str)]) -> Vec<u8> {
    changed(book, "xl/workbook.xml", |text| {
        let rename = |text: String, (old, new): &(&str, &str)| {
            text.replace(&format!("name=\"{old}\""), &format!("name=\"{new}\""))
        };
        names.iter().fold(text, rename)
    })
}

/// A run in a folder of its own, and its workbook.
fn reviewed(name: &str) -> (Scratch, Vec<u8>) {
    let folder = Scratch::new(name);
    review(&folder, &["halden-uat"], "one", "2026-11-24", false);
    let book = std::fs::read(folder.join("one").join("findings.xlsx")).unwrap();
    (folder, book)
}

/// Merges its workbook, the sheets renamed, with the run itself.
fn track_renamed(folder: &Scratch, book: &[u8], names: &[(&str, &str)], new: &str) -> Ran {
    let old = folder.join("old.xlsx");
    std::fs::write(&old, renamed(book, names)).unwrap();
    track(folder, &old, "one", new, "2026-11-24")
}

/// What is lost on the sheet of findings is told, and not taken for columns that somebody deleted.
#[test]
fn a_damaged_sheet_of_findings_is_told() {
    let (_folder, book) = reviewed("sheets-damaged");
    let path = part_of(&book, "Findings").unwrap();
    let rows = part(&book, "Findings").matches("<row ").count();
    assert!(rows > 2, "{rows}");
    let cut = |mark: &'static str, at: usize| {
        changed(&book, &path, move |text| {
            let place = text.match_indices(mark).nth(at).unwrap().0;
            format!("{}<odd", &text[..place])
        })
    };
    for (damaged, what) in [
        (cut("<sheetData", 0), "before its rows"),
        (cut("<c ", 2), "in its headings"),
        (cut("<row ", 1), "behind its headings"),
        (cut("<row ", rows - 1), "before its last row"),
    ] {
        let fault = shr::tracker::read(&damaged, None).unwrap_err().to_string();
        assert!(fault.contains("the workbook cannot be read"), "{what}: {fault}");
    }
}

/// Whatever people call the sheet that they work on, it is none of those that follow the run.
#[test]
fn the_sheet_to_work_on_may_have_the_name_of_another() {
    let (folder, book) = reviewed("sheets-named");
    let ran = track_renamed(&folder, &book, &[("Findings", "Before"), ("Work", "Findings")], "new.xlsx");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    let new = std::fs::read(folder.join("new.xlsx")).unwrap();
    assert_eq!(cells(&new, "Findings").len(), cells(&book, "Work").len());
}

/// A sheet of people that only has the name of the tool's is theirs: it is named where it does not come along.
#[test]
fn a_sheet_of_people_with_the_name_of_another_is_theirs() {
    let (folder, book) = reviewed("sheets-theirs");
    // What begins with other headings than ids: here the lists.
    let ran = track_renamed(&folder, &book, &[("Findings", "Before"), ("Lists", "Findings")], "new.csv");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("the sheets Before, Findings"), "{}", ran.err);
}
