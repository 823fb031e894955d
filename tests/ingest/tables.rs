//! What a table has to look like to be read, and what is told of one that cannot be.

use super::snapshot;
use shr::ingest;
use shr::snapshot::*;
use shr::source::{Limits, Source};

/// A file, how many logins and users are read of it, and what is told: class and place.
type Table = (&'static str, &'static str, &'static str, (usize, usize), &'static [(ProblemCode, Place)]);

const LOGINS: &str = "Id,UserId,LoginTime,LoginType,Application,SourceIp,Status";
const LOGIN: &str = "0Yaxx0000000001,005xx0000000001,2026-11-20T00:00:00.000Z,Application,Browser,203.0.113.7,Success";

macro_rules! logins {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            "Id,UserId,LoginTime,LoginType,Application,SourceIp,Status",
            $tail,
            "\n0Yaxx0000000001,005xx0000000001,2026-11-20T00:00:00.000Z,Application,Browser,203.0.113.7,Success",
            $tail,
            "\n"
        )
    };
}

const TABLES: &[Table] = {
    use Place::{File, Line, Row};
    use ProblemCode::{Ambiguous, FailedExport, Malformed, Mended};
    &[
        ("as it is", "november.csv", logins!("", ""), (1, 0), &[]),
        ("one column without a name", "november.csv", logins!("", ","), (1, 0), &[]),
        ("many columns without a name", "november.csv", logins!("", ",,,,,,,,"), (1, 0), &[]),
        (
            "a cell under a column without a name",
            "november.csv",
            "UserId,LoginTime,,\n005xx0000000001,2026-11-20T00:00:00Z,,\n005xx0000000001,2026-11,20T00:00:00Z,\n",
            (1, 0),
            &[(Malformed, Row(2))],
        ),
        (
            "a column without a name in the middle",
            "november.csv",
            "UserId,,LoginTime\n005xx0000000001,,2026-11-20T00:00:00Z\n",
            (1, 0),
            &[],
        ),
        (
            "unnamed columns in the header alone",
            "november.csv",
            "UserId,LoginTime,,\n005xx0000000001,2026-11-20T00:00:00Z\n",
            (1, 0),
            &[],
        ),
        ("sep", "november.csv", "sep=;\nUserId;LoginTime\n005xx0000000001;2026-11-20T00:00:00Z\n", (1, 0), &[]),
        (
            "SEP behind a mark, in CRLF",
            "november.csv",
            "\u{feff}SEP=;\r\nUserId;LoginTime\r\n005xx0000000001;2026-11-20T00:00:00Z\r\n",
            (1, 0),
            &[],
        ),
        (
            "sep in quotation marks",
            "november.csv",
            "\"Sep=|\"\nUserId|LoginTime\n005xx0000000001|2026-11-20T00:00:00Z\n",
            (1, 0),
            &[],
        ),
        ("a title", "november.csv", logins!("Logins of November\n", ""), (1, 0), &[]),
        ("titles and a blank line", "november.csv", logins!("Logins, of all users\nTaken by Ada\n\n", ""), (1, 0), &[]),
        (
            "a title under the name of the object, with another delimiter",
            "LoginHistory.csv",
            "Logins, of November\nUserId;LoginTime;Status\n005xx0000000001;2026-11-20T00:00:00Z;Success\n",
            (1, 0),
            &[],
        ),
        (
            "the line above is as long as the header",
            "november.csv",
            "a,b\nUserId,LoginTime\n005xx0000000001,2026-11-20T00:00:00Z\n",
            (0, 0),
            &[],
        ),
        (
            "a mark inside a cell without marks",
            "november.csv",
            "UserId,LoginTime,Application\n005xx0000000001,2026-11-20T00:00:00Z,3.5\" Terminal\n",
            (1, 0),
            &[(Mended, Line(2))],
        ),
        (
            "a mark that is never closed",
            "november.csv",
            "UserId,LoginTime\n\"005xx0000000001,2026-11-20T00:00:00Z\n",
            (0, 0),
            &[(Malformed, Line(2))],
        ),
        (
            "two marks that swallow the rows between them",
            "november.csv",
            "UserId,LoginTime\n\"005xx0000000001,2026-11-20T00:00:00Z\n005xx0000000002,2026-11-20T00:00:00Z\n\"005xx0000000003,2026-11-20T00:00:00Z\n",
            (0, 0),
            &[(Malformed, Line(4))],
        ),
        (
            "doubled marks and line breaks in cells",
            "november.csv",
            "\"UserId\",\"LoginTime\",\"Application\"\n\"005xx0000000001\",\"2026-11-20T00:00:00Z\",\"The \"\"Terminal\"\",\nnew\"\n",
            (1, 0),
            &[],
        ),
        (
            "two columns of one name",
            "november.csv",
            "UserId,LoginTime,UserId\n005xx0000000001,2026-11-20T00:00:00Z,\n",
            (0, 0),
            &[(Malformed, File)],
        ),
        ("the same of something else", "prices.csv", "Item,Price,Price\nx,1,2\n", (0, 0), &[]),
        ("a stray mark in something else", "prices.csv", "Item,Price\n\"x,1\n", (0, 0), &[]),
        (
            "the login history of Setup",
            "LoginHistory1732.csv",
            "\"Username\",\"Login Time\",\"Source IP\",\"Location\",\"Login Type\",\"Status\",\"Browser\",\"Platform\",\"Application\",\"Login Subtype\"\n\"a@example.com\",\"11/22/2026 4:01:02 AM PST\",\"198.51.100.9\",\"Switzerland\",\"Application\",\"Success\",\"Chrome\",\"Mac\",\"Browser\",\"\"\n",
            (1, 0),
            &[],
        ),
        (
            "the login history of Setup, named after users",
            "User.csv",
            "Username,Login Time,Login Type\na@example.com,22.11.2026 04:01:02,Application\n",
            (1, 0),
            &[],
        ),
        (
            "users without an id, in a file of their name",
            "User.csv",
            "Username,Email\na@example.com,a@example.com\n",
            (0, 0),
            &[(Ambiguous, File)],
        ),
        (
            "users without an id, in any file",
            "people.csv",
            "Username,IsActive\na@example.com,true\n",
            (0, 0),
            &[(Ambiguous, File)],
        ),
        (
            "users of the org without more than their names",
            "people.json",
            r#"[{"Id":"005xx0000000001","Username":"a@example.com"}]"#,
            (0, 0),
            &[(Ambiguous, File)],
        ),
        ("people of something else", "people.json", r#"[{"id":1,"username":"ada"}]"#, (0, 0), &[]),
        ("a table of names of something else", "colours.json", r#"[{"id":"1","name":"red"}]"#, (0, 0), &[]),
        ("an error of something else", "demo/answers.json", r#"[{"message":"no","errorCode":"X"}]"#, (0, 0), &[]),
        ("a failed deployment", "log.json", r#"{"status":1,"name":"DeployFailed","exitCode":1}"#, (0, 0), &[]),
        (
            "a failed query",
            "people.json",
            r#"{"status":1,"name":"INVALID_FIELD","message":"no","context":"DataSoqlQueryCommand"}"#,
            (0, 0),
            &[(FailedExport, File)],
        ),
        ("comments in the settings of something else", "x.json", "{ // a \"result\"\n}", (0, 0), &[]),
        (
            "users cut off",
            "people.json",
            "{\"status\":0,\"result\":{\"records\":[{\"attributes\":{\"type\":\"User\"},\"Id\":\"005",
            (0, 0),
            &[(Malformed, Line(1))],
        ),
        (
            "accounts cut off",
            "accounts.json",
            "{\"status\":0,\"result\":{\"records\":[{\"attributes\":{\"type\":\"Account\"},\"Id\":\"001",
            (0, 0),
            &[],
        ),
        (
            "users without wrapper cut off",
            "people.json",
            "[{\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true},",
            (0, 0),
            &[(Malformed, Line(1))],
        ),
        (
            "a record on each line",
            "people.jsonl",
            "{\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true}\n{\"Id\":\"005xx0000000002\",\"Username\":\"b@example.com\",\"IsActive\":true}\n",
            (0, 2),
            &[],
        ),
        (
            "a record on each line of a .json",
            "User.json",
            "{\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true}\n{\"Id\":\"005xx0000000002\",\"Username\":\"b@example.com\",\"IsActive\":true}\n",
            (0, 2),
            &[],
        ),
        (
            "a torn line",
            "people.ndjson",
            "{\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true}\n{\"Id\":\"005xx00\n",
            (0, 0),
            &[(Malformed, Line(3))],
        ),
        ("lines of something else", "events.jsonl", "{\"a\":1}\n{\"a\":2}\n", (0, 0), &[]),
        (
            "half a character",
            "User.json",
            "[{\"Id\":\"005xx0000000001\",\"Username\":\"a@example.com\",\"IsActive\":true,\n\"Name\":\"A \\ud83d\"},\n{\"Id\":\"005xx0000000002\",\"Username\":\"b@example.com\",\"IsActive\":true,\"Name\":\"\\uDE00 B \\ud83d\\ude00 \\\\ud83d\"}]",
            (0, 2),
            &[(Mended, Line(2))],
        ),
    ]
};

#[test]
fn tables_are_read_or_told() {
    for (name, path, text, read, told) in TABLES {
        let s = snapshot(&[(path, text)]);
        let problems: Vec<_> = s.problems.iter().map(|p| (p.code, p.at.place)).collect();
        assert_eq!((s.activity.logins.len(), s.access.users.len()), *read, "{name}: {:?}", s.problems);
        assert_eq!(problems, *told, "{name}: {:?}", s.problems);
        let silent = *read == (0, 0) && told.is_empty();
        assert_eq!(s.ignored_files, usize::from(silent), "{name}: passed over with a count");
    }
}

#[test]
fn half_a_character_costs_that_character() {
    let (.., text, _, _) = TABLES.iter().find(|(name, ..)| *name == "half a character").unwrap();
    let s = snapshot(&[("User.json", text)]);
    let names: Vec<_> = s.access.users.iter().map(|user| user.full_name.as_ref().unwrap().value.as_str()).collect();
    assert_eq!(names, ["A \u{fffd}", "\u{fffd} B \u{1f600} \\ud83d"]);
    assert!(s.problems[0].message.contains("at 2 places"), "{}", s.problems[0].message);
}

#[test]
fn setup_names_users_in_its_login_history() {
    let text = "Username,Login Time,Source IP,Login Type,Application,Status,Login Subtype\n\
                a@example.com,11/22/2026 4:01:02 AM PST,198.51.100.9,Application,Browser,Success,x\n\
                ,11/22/2026 4:01:02 AM PST,198.51.100.9,Application,Browser,Success,\n";
    let s = snapshot(&[("any name.csv", text)]);
    let login = &s.activity.logins[0];
    let told = [&login.username, &login.time, &login.source_ip, &login.login_type, &login.application, &login.sub_type];
    let texts: Vec<_> = told.iter().map(|text| text.as_ref().unwrap().value.as_str()).collect();
    let expected = ["a@example.com", "11/22/2026 4:01:02 AM PST", "198.51.100.9", "Application", "Browser", "x"];
    assert_eq!(texts, expected);
    assert_eq!(s.coverage_of(Kind::LoginRecords), Coverage::Truncated { got: 1, of: 2 }, "one row names nobody");
    assert_eq!(s.coverage_of(Kind::UserRecords), Coverage::Absent);
}

#[test]
fn an_encoding_that_is_not_read_is_told_when_the_columns_say_what_the_file_is() {
    let latin = format!("{LOGINS}\n{LOGIN}\n").replace("Browser", "Br\u{fc}cke");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let unmarked: Vec<u8> = format!("{LOGINS}\n{LOGIN}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let json =
        "{\"records\":[{\"attributes\":{\"type\":\"User\"},\"Id\":\"005xx0000000001\",\"Username\":\"\u{fc}\"}]}";
    let json: Vec<u8> = json.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (path, bytes) in [("november.csv", latin), ("november.csv", unmarked), ("people.json", json)] {
        let s = ingest::read(&Source::memory("acme", [(path, bytes)]), &Limits::default()).unwrap();
        let told: Vec<_> = s.problems.iter().map(|p| (&*p.at.path, p.code)).collect();
        assert_eq!(told, [(path, ProblemCode::Unreadable)]);
    }
    for (path, bytes) in [("prices.csv", b"Item,Preis\nx,\xfc\n".to_vec()), ("x.json", b"{\"a\":\"\xfc\"}".to_vec())] {
        let s = ingest::read(&Source::memory("acme", [(path, bytes)]), &Limits::default()).unwrap();
        assert_eq!((s.problems.len(), s.ignored_files), (0, 1), "{path}");
    }
}

#[test]
fn json_in_utf_16_is_read() {
    let text = "\u{feff}{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"User\"},\"Id\":\"005xx0000000001\",\"Username\":\"zo\u{eb}@example.com\",\"IsActive\":true}]}";
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
        let s = ingest::read(&Source::memory("acme", [("people.json", bytes)]), &Limits::default()).unwrap();
        assert_eq!((s.problems.len(), s.coverage_of(Kind::UserRecords)), (0, Coverage::Complete { got: 1 }));
        assert_eq!(s.access.users[0].username.as_ref().unwrap().value, "zo\u{eb}@example.com");
    }
}

/// A workbook with these texts in its first row, in the form of either office.
fn workbook(part: &str, tag: &str, texts: &[&str]) -> Vec<u8> {
    let cells: String = texts.iter().map(|text| format!("<{tag}>{text}</{tag}>")).collect();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut writer, format!("<x>{cells}</x>").as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn records_in_a_workbook_or_packed_are_named() {
    let headings = ["Id", "UserId", "LoginTime", "Status", "0Yaxx0000000001"];
    let sheet = || workbook("xl/sharedStrings.xml", "t", &headings);
    let other = || workbook("xl/sharedStrings.xml", "t", &["Item", "Price"]);
    let cases: Vec<(&str, Vec<u8>, Option<Kind>)> = vec![
        ("november.xlsx", sheet(), Some(Kind::LoginRecords)),
        ("november.ods", workbook("content.xml", "text:p", &headings), Some(Kind::LoginRecords)),
        ("inline.xlsx", workbook("xl/worksheets/sheet1.xml", "t", &headings), Some(Kind::LoginRecords)),
        ("User.xlsx", other(), Some(Kind::UserRecords)),
        ("PermissionSetAssignment.xls", b"\xd0\xcf\x11\xe0".to_vec(), Some(Kind::AssignmentRecords)),
        ("ObjectPermissions.csv.gz", b"\x1f\x8b".to_vec(), Some(Kind::ObjectPermissionRecords)),
        ("prices.xlsx", other(), None),
        ("prices.ods", b"no archive".to_vec(), None),
        ("prices.csv.gz", b"\x1f\x8b".to_vec(), None),
        ("staticresources/User.xlsx", sheet(), None),
    ];
    for (path, bytes, kind) in cases {
        let s = ingest::read(&Source::memory("acme", [(path, bytes)]), &Limits::default()).unwrap();
        let told: Vec<_> = s.problems.iter().map(|p| (p.code, p.kind)).collect();
        assert_eq!(
            told,
            kind.map(|kind| (ProblemCode::Unreadable, Some(kind))).into_iter().collect::<Vec<_>>(),
            "{path}"
        );
        assert!(s.problems.iter().all(|p| !p.hint.is_empty()), "{path}");
    }
}
