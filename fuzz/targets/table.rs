//! Tables of records that look real: columns of the objects that are read, cells of the words that they hold, rows many
//! times over, written as CSV, JSON or JSON lines.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use std::fmt::Write as _;

const OBJECTS: [&str; 10] = [
    "User",
    "PermissionSetAssignment",
    "PermissionSet",
    "ObjectPermissions",
    "PermissionSetGroup",
    "PermissionSetGroupComponent",
    "ExternalClientApplication",
    "ExtlClntAppOauthPlcyCnfg",
    "LoginHistory",
    "Profile",
];

const COLUMNS: [&str; 40] = [
    "Id",
    "Username",
    "Name",
    "IsActive",
    "UserType",
    "ProfileId",
    "Profile.Name",
    "LastLoginDate",
    "AssigneeId",
    "PermissionSetId",
    "PermissionSet.Name",
    "PermissionSet.NamespacePrefix",
    "PermissionSet.IsOwnedByProfile",
    "PermissionSetGroupId",
    "ExpirationDate",
    "ParentId",
    "Parent.Name",
    "Parent.NamespacePrefix",
    "SobjectType",
    "PermissionsRead",
    "PermissionsModifyAllRecords",
    "PermissionsModifyAllData",
    "PermissionsViewAllFields",
    "Label",
    "Type",
    "NamespacePrefix",
    "DeveloperName",
    "ExternalClientApplicationId",
    "ExternalClientApplication.DeveloperName",
    "IsClientCredentialsFlowEnabled",
    "ClientCredentialsFlowUser",
    "IpRelaxationPolicyType",
    "UserId",
    "LoginTime",
    "LoginType",
    "LoginSubType",
    "Application",
    "SourceIp",
    "Status",
    "id",
];

const CELLS: [&str; 24] = [
    "",
    "true",
    "false",
    "WAHR",
    "1.0",
    "null",
    "005xx0000000001AAA",
    "005xx0000000001",
    "005xx0000000002AAA",
    "0PSxx0000000001AAA",
    "0PSxx0000000002AAA",
    "0PGxx0000000001AAA",
    "00exx0000000001AAA",
    "svc@example.com",
    "SVC@EXAMPLE.COM",
    "Good",
    "gale",
    "Order__c",
    "2026-11-20T10:00:00.000+0000",
    "OauthClientCredentials",
    "Remote Access 2.0",
    "203.0.113.4",
    "Bypass",
    "a,b;\"c\"\nd",
];

#[derive(Arbitrary, Debug)]
struct Row {
    cells: Vec<u8>,
    /// How often it stands there, as a power of two.
    times: u8,
    /// Gives each copy an id of its own.
    distinct: bool,
}

#[derive(Arbitrary, Debug)]
struct Table {
    object: u8,
    format: u8,
    separator: u8,
    columns: Vec<u8>,
    rows: Vec<Row>,
    total: Option<u16>,
    named: bool,
}

fn pick<'a>(of: &[&'a str], at: u8) -> &'a str {
    of[usize::from(at) % of.len()]
}

impl Table {
    /// The rows, copies included, as names and cells.
    fn rows(&self) -> Vec<Vec<(&'static str, String)>> {
        let mut rows = Vec::new();
        for row in self.rows.iter().take(16) {
            for copy in 0..1_u32 << (row.times % 13) {
                let cell = |(column, cell): (&u8, &u8)| {
                    let (name, text) = (pick(&COLUMNS, *column), pick(&CELLS, *cell));
                    let own = row.distinct && name.eq_ignore_ascii_case("Id") && text.len() == 18;
                    (name, if own { format!("{}{copy:010}AAA", &text[..5]) } else { text.to_owned() })
                };
                rows.push(self.columns.iter().take(40).zip(&row.cells).map(cell).collect());
                if rows.len() > 20_000 {
                    return rows;
                }
            }
        }
        rows
    }

    fn object(&self) -> &'static str {
        pick(&OBJECTS, self.object)
    }

    fn json(&self, lines: bool) -> String {
        let mut out = String::new();
        let rows = self.rows();
        if !lines {
            let total = self.total.map_or(rows.len(), usize::from);
            let _ = write!(out, "{{\"totalSize\":{total},\"done\":true,\"records\":[");
        }
        for (n, row) in rows.iter().enumerate() {
            let _ = write!(out, "{}{{\"attributes\":{{\"type\":\"{}\"}}", if n > 0 && !lines { "," } else { "" }, self.object());
            for (name, text) in row {
                let text = text.replace('"', "'").replace('\n', " ");
                let _ = match text.as_str() {
                    "true" | "false" | "null" | "1.0" => write!(out, ",\"{name}\":{text}"),
                    text => write!(out, ",\"{name}\":\"{text}\""),
                };
            }
            out.push_str(if lines { "}\n" } else { "}" });
        }
        if !lines {
            out.push_str("]}");
        }
        out
    }

    fn csv(&self) -> String {
        let separator = [",", ";", "\t"][usize::from(self.separator) % 3];
        let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let line = |cells: &mut dyn Iterator<Item = String>| cells.collect::<Vec<_>>().join(separator) + "\n";
        let mut out = line(&mut self.columns.iter().take(40).map(|column| quote(pick(&COLUMNS, *column))));
        for row in self.rows() {
            out.push_str(&line(&mut row.iter().map(|(_, text)| quote(text))));
        }
        out
    }
}

fuzz_target!(|table: Table| {
    let stem = if table.named { table.object() } else { "export" };
    let (path, text) = match table.format % 3 {
        0 => (format!("{stem}.csv"), table.csv()),
        1 => (format!("{stem}.json"), table.json(false)),
        _ => (format!("{stem}.jsonl"), table.json(true)),
    };
    shr_fuzz::check(&shr_fuzz::metered(text.len(), || shr_fuzz::judged(&path, text.as_bytes())));
});
