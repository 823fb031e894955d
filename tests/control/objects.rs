//! Objects that event logs show to be used: what is told of them, what contradicts the exports, what has to stay.

use crate::spoiled::hostile::{Files, hardened};
use shr::controls::client_credentials::Stated;
use shr::engagement::Engagement;
use shr::model::{Assessment, Finding, Outcome, Right, UsedObject};
use shr::source::{Limits, Source};

const LEAST: &str = "execution-user-least-privilege";
const SET: &str = "main/default/permissionsets/Sync_Minimal.permissionset-meta.xml";

fn assessed(files: &Files, sensitive: &[&str]) -> Assessment {
    let source = Source::memory("acme", files.iter().map(|(path, bytes)| (path, bytes.clone())));
    let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
    let sensitive_objects = sensitive.iter().map(|name| (*name).to_owned()).collect();
    crate::hardened::judge_with(&snapshot, &Engagement { sensitive_objects, ..Engagement::default() })
}

fn of(assessment: &Assessment) -> &Finding {
    assessment.findings.iter().find(|finding| finding.subject.api_name == "Sync").unwrap()
}

/// An event log file: its columns, and rows of a call each. App, time and address are the same in all.
fn log(files: &mut Files, event: &str, columns: &str, rows: &[&str]) {
    let mut text = format!("EVENT_TYPE,TIMESTAMP_DERIVED,CLIENT_IP,CONNECTED_APP_NAME,{columns}\n");
    for row in rows {
        text.push_str(&format!("{event},2026-11-20T08:00:00.000Z,203.0.113.4,Sync,{row}\n"));
    }
    files.insert(format!("exports/{event}-2026-11-20.csv"), text.into_bytes());
}

/// `Account: read, edit` for each object, in the order of the finding.
fn in_short(used: &[UsedObject]) -> Vec<String> {
    let rights = |used: &UsedObject| used.rights.iter().map(|right| right.word()).collect::<Vec<_>>().join(", ");
    used.iter().map(|used| format!("{}: {} ({})", used.object, rights(used), used.calls)).collect()
}

#[test]
fn every_kind_of_log_names_objects_and_what_was_done() {
    type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);
    const REST: &str = "HTTP_METHOD,API_RESOURCE,ENTITY_NAME";
    let rows: &[Row] = &[
        ("ApiTotalUsage", REST, &["GET,/services/data/v65.0/query,Account"], &["Account: read (1)"]),
        ("ApiTotalUsage", REST, &["POST,/services/data/v65.0/jobs/query,Account"], &["Account: read (1)"]),
        ("ApiTotalUsage", REST, &["POST,/services/data/v65.0/sobjects/Account,Account"], &["Account: create (1)"]),
        ("ApiTotalUsage", REST, &["PATCH,/services/data/v65.0/sobjects/Account/001,Account"], &["Account: edit (1)"]),
        (
            "ApiTotalUsage",
            REST,
            &["PATCH,/services/data/v65.0/sobjects/Account/Ext__c/7,Account"],
            &["Account: create, edit (1)"],
        ),
        ("ApiTotalUsage", REST, &["DELETE,/services/data/v65.0/sobjects/A__c/a01,A__c"], &["A__c: delete (1)"]),
        ("ApiTotalUsage", REST, &["POST,/services/data/v65.0/composite,Dock__c"], &["Dock__c:  (1)"]),
        ("ApiTotalUsage", REST, &["POST,query,Account", "POST,upsert,Account"], &["Account: read, create, edit (2)"]),
        ("ApiTotalUsage", REST, &["GET,/services/data/v65.0/limits,"], &[]),
        (
            "RestApi",
            "METHOD,URI,ENTITY_NAME",
            &["GET,/query,\"Account, Contact\""],
            &["Account: read (1)", "Contact: read (1)"],
        ),
        ("API", "METHOD_NAME,ENTITY_NAME", &["retrieve,Case", "create,Case"], &["Case: read, create (2)"]),
        ("BulkApi", "OPERATION_TYPE,ENTITY_TYPE", &["hardDelete,Lead"], &["Lead: delete (1)"]),
        ("BulkApi2", "OPERATION_TYPE,ENTITY_TYPE,JOB_STATUS", &["queryAll,Lead,JobComplete"], &["Lead: read (1)"]),
        ("BulkApi2", "OPERATION_TYPE,ENTITY_TYPE,JOB_STATUS", &["insert,Lead,Failed"], &[]),
        ("ApiEvent", "QUERIED_ENTITIES", &["\"Account,Payroll__c\""], &["Account: read (1)", "Payroll__c: read (1)"]),
        (
            "RestApi",
            "METHOD,URI,ENTITY_NAME,STATUS_CODE",
            &["GET,/query,Account,200", "DELETE,/sobjects/Account/1,Account,403"],
            &["Account: read (1)"],
        ),
        ("RestApi", "METHOD,URI,ENTITY_NAME", &["GET,/query,N/A", "GET,/query,=HYPERLINK()"], &[]),
    ];
    for (event, columns, calls, expected) in rows {
        let mut files = hardened();
        log(&mut files, event, columns, calls);
        let assessment = assessed(&files, &[]);
        assert_eq!(in_short(&of(&assessment).used_objects), *expected, "{event} {columns} {calls:?}");
    }
}

#[test]
fn a_million_calls_are_few_kinds_and_every_object_is_counted() {
    let mut files = hardened();
    let rows: Vec<String> = (0..3000).map(|n| format!("GET,/query,Object{}__c", n % 3)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    log(&mut files, "RestApi", "METHOD,URI,ENTITY_NAME", &rows);
    let source = Source::memory("acme", files.clone());
    let snapshot = shr::ingest::read(&source, &Limits::default()).unwrap();
    assert_eq!(snapshot.activity.api_use.len(), 3, "one for each object");
    let used = in_short(&of(&assessed(&files, &[])).used_objects);
    assert_eq!(used, ["Object0__c: read (1000)", "Object1__c: read (1000)", "Object2__c: read (1000)"]);
}

#[test]
fn a_sensitive_object_comes_first_and_somebody_is_asked() {
    let mut files = hardened();
    log(&mut files, "RestApi", "METHOD,URI,ENTITY_NAME", &["GET,/query,Account", "GET,/query,payroll__c"]);
    let assessment = assessed(&files, &["Payroll__c"]);
    let finding = of(&assessment);
    assert_eq!(finding.used_objects[0].object, "payroll__c");
    assert!(finding.used_objects[0].sensitive && !finding.used_objects[1].sensitive);
    let places: Vec<&str> = finding.used_objects[0].evidence.iter().map(String::as_str).collect();
    let row = assessment.evidence.iter().find(|one| places == [one.id.as_str()]).unwrap();
    assert_eq!(row.item.place(), "exports/RestApi-2026-11-20.csv, row 2");
    let seen = finding.observations.iter().find(|one| one.criterion == "use-observed").unwrap();
    assert_eq!((seen.outcome(), &*seen.because.key), (Outcome::Review, "use-observed.sensitive"));
    for language in ["en", "de"] {
        let wording = shr::controls::wording(language).unwrap();
        let text = wording.say(&seen.because);
        assert!(text.contains("Account, payroll__c") || text.contains("payroll__c"), "{text}");
        assert!(!text.contains('⟨'), "{text}");
        assert!(finding.questions.iter().all(|one| !wording.say(&one.text).contains('⟨')));
    }
    let english = shr::controls::wording("en").unwrap().say(&seen.because);
    assert!(english.contains("On the list of sensitive objects: payroll__c."), "{english}");
    assert!(finding.questions.iter().any(|one| one.text.key == "gap.use-sensitive"));
}

fn least(finding: &Finding) -> Outcome {
    finding.observations.iter().find(|one| one.criterion == LEAST).unwrap().outcome()
}

#[test]
fn a_use_that_no_right_allows_contradicts_complete_exports() {
    // The hardened user may read Order__c and nothing else.
    let rows: &[(&str, &[&str], Outcome)] = &[
        ("allowed", &["GET,/query,Order__c"], Outcome::Pass),
        ("not allowed", &["DELETE,/sobjects/Order__c/001,Order__c"], Outcome::Review),
        ("what was done is not told", &["POST,/composite,Order__c"], Outcome::Pass),
        ("an object that no rights are about", &["GET,/query,User"], Outcome::Pass),
        ("a sensitive one", &["GET,/query,Payroll__c"], Outcome::Review),
        ("by another app", &[], Outcome::Pass),
    ];
    for (name, calls, expected) in rows {
        let mut files = hardened();
        log(&mut files, "RestApi", "METHOD,URI,ENTITY_NAME", calls);
        let assessment = assessed(&files, &["Payroll__c"]);
        let finding = of(&assessment);
        assert_eq!((least(finding), finding.result), (*expected, *expected), "{name}: {:?}", finding.privilege());
        let asked = finding.privilege().gaps.iter().any(|gap| gap.key == "gap.used-without-right");
        assert_eq!(asked, *expected == Outcome::Review, "{name}");
    }
}

#[test]
fn the_proposed_permission_set_holds_what_is_used() {
    let mut files = hardened();
    let set = String::from_utf8(files[SET].clone()).unwrap();
    let power = "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions></PermissionSet>";
    files.insert(SET.to_owned(), set.replace("</PermissionSet>", power).into_bytes());
    let calls = ["GET,/query,Payroll__c", "PATCH,/sobjects/Shipment__c/a01,Shipment__c"];
    log(&mut files, "RestApi", "METHOD,URI,ENTITY_NAME", &calls);
    let assessment = assessed(&files, &["Payroll__c"]);
    assert_eq!(of(&assessment).result, Outcome::Fail, "Modify All Data reaches them");
    assert!(of(&assessment).privilege().gaps.is_empty(), "and contradicts nothing");
    let wording = shr::controls::wording("en").unwrap();
    let report = shr::report::build(&assessment, &shr::controls::catalogue("en").unwrap(), &wording);
    let text = serde_json::to_string(&report).unwrap();
    for (object, edit) in [("Payroll__c", false), ("Shipment__c", true)] {
        let block =
            text.split("<objectPermissions>").find(|block| block.contains(&format!("<object>{object}</object>")));
        let block = block.unwrap_or_else(|| panic!("{object} is not in the proposed set"));
        assert!(block.contains("<allowRead>true</allowRead>"), "{block}");
        assert!(block.contains(&format!("<allowEdit>{edit}</allowEdit>")), "{block}");
        assert!(block.contains("<modifyAllRecords>false</modifyAllRecords>"), "{block}");
    }
    for part in ["Payroll__c (read; sensitive)", "no right on the object itself", "Event logs show the use of"] {
        assert!(text.contains(part), "{part} is not in the report");
    }
    let account = &of(&assessment).rights.object_rights[0];
    assert!(account.holds(Right::Read) && text.contains(&format!("<object>{}</object>", account.object)));
}
