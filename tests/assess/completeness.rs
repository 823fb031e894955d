//! Received against expected: the list of apps, the kinds of input, and what could not be read.

use super::{AS_OF, Org, finding, said};
use shr::assess::{assess, exit_code};
use shr::engagement::Engagement;
use shr::model::{Assessment, Conclusion, CoverageRow, CoverageState, Outcome};
use shr::snapshot::{Kind, Locator, Place, Problem, ProblemCode, Snapshot};

fn expected(counts: &str) -> String {
    format!("[[org]]\nkey = \"acme\"\n[org.expected]\n{counts}\n")
}

#[test]
fn the_list_of_apps_is_whole_only_when_something_shows_it() {
    use Conclusion::{Complete, Incomplete, NotProven};
    let two = Org::new().off("A").off("B");
    let broken = "<ExternalClientApplication>";
    let declared = |n: usize| expected(&format!("ExternalClientApplication = {n}"));
    let rows = |names: &[&str], total| two.clone().app_rows(names, total);
    let csv = "Id,DeveloperName\n0xI000000000000AAA,A\n0xI000000000001AAA,B\n";
    let csv_org = two.clone().file("ExternalClientApplication.csv", csv);
    let cases = [
        ("files alone", two.clone(), String::new(), NotProven, "not-proven"),
        ("a CSV has no count", csv_org.clone(), String::new(), NotProven, "not-proven"),
        ("an export with the same apps", rows(&["A", "B"], 2), String::new(), Complete, "export"),
        ("an export that lacks an app", rows(&["A"], 1), String::new(), NotProven, "export-differs"),
        ("an export with an app of its own", rows(&["A", "B", "C"], 3), String::new(), Complete, "export"),
        ("an export cut off", rows(&["A", "B"], 9), String::new(), Incomplete, "truncated"),
        ("a manifest", two.clone().manifest(), String::new(), Complete, "manifest"),
        (
            "a manifest and an app that could not be read",
            two.clone().manifest().file("force-app/C.eca-meta.xml", broken),
            String::new(),
            NotProven,
            "not-proven",
        ),
        (
            "a manifest and an export that lacks an app",
            rows(&["A"], 1).manifest(),
            String::new(),
            NotProven,
            "export-differs",
        ),
        ("a manifest and an export cut off", rows(&["A"], 2).manifest(), String::new(), Incomplete, "truncated"),
        ("declared", two.clone(), declared(2), Complete, "declared"),
        ("declared more", two.clone(), declared(3), Incomplete, "declared-differs"),
        ("declared fewer", two.clone(), declared(1), Incomplete, "declared-differs"),
        ("declared against an export", rows(&["A", "B"], 2), declared(3), Incomplete, "declared-differs"),
        ("declared and an export", rows(&["A", "B"], 2), declared(2), Complete, "export"),
        ("declared, and an export that lacks an app", rows(&["A"], 1), declared(2), Complete, "declared"),
        ("declared, but cut off", rows(&["A", "B"], 9), declared(2), Incomplete, "truncated"),
        ("declared for another org", two.clone(), declared(2).replace("acme", "other"), NotProven, "not-proven"),
        ("the same rows as CSV and JSON", csv_org.app_rows(&["A", "B"], 2), declared(2), Complete, "export"),
    ];
    for (name, org, engagement, conclusion, key) in cases {
        let p = org.assess(&engagement).population;
        assert_eq!((name, p.conclusion), (name, conclusion));
        assert_eq!((name, &*p.because.key), (name, format!("assess.population.{key}").as_str()));
        assert!(said(&p.because).contains(&p.received.to_string()) || key == "truncated", "{}", said(&p.because));
    }
}

#[test]
fn the_list_of_apps_counts_what_was_declared_found_and_judged() {
    let exclude = "[[exclude]]\napp = \"B\"\nby = \"Ada\"\nwhy = \"w\"\n";
    let org = Org::new().off("A").off("B").app_rows(&["A", "B", "Unknown"], 3);
    let a = org.assess(&format!("{}{exclude}", expected("ExternalClientApplication = 4")));
    assert_eq!((a.population.expected, a.population.received), (Some(4), 3));
    assert_eq!(finding(&a, "Unknown").result, Outcome::NotEvaluable);
    assert_eq!(a.population.evaluated, 1, "B is excluded, the flow of the third is unknown");
}

#[test]
fn no_apps_is_an_answer_only_when_it_is_proven() {
    let link = "force-app/X.ecaOauthPlcy-meta.xml";
    let cases = [
        (Org::new().manifest(), "", Outcome::NotApplicable),
        (Org::new().app_rows(&[], 0), "", Outcome::NotApplicable),
        (Org::new().file("a.txt", ""), "ExternalClientApplication = 0", Outcome::NotApplicable),
        (Org::new().manifest(), "ExternalClientApplication = 1", Outcome::NotEvaluable),
        (Org::new().app_rows(&[], 3), "", Outcome::NotEvaluable),
        (Org::new().file(link, "<broken"), "", Outcome::NotEvaluable),
        (Org::new().file("ExternalClientApplication.csv", "Id,DeveloperName\n"), "", Outcome::NotEvaluable),
    ];
    for (n, (org, counts, result)) in cases.iter().enumerate() {
        let a = org.assess(&if counts.is_empty() { String::new() } else { expected(counts) });
        assert_eq!((n, a.findings.len(), a.result), (n, 0, *result));
        assert_eq!((n, exit_code(&a)), (n, if *result == Outcome::NotApplicable { 0 } else { 3 }));
    }
}

fn row<'a>(a: &'a Assessment, kind: &str, records: bool) -> &'a CoverageRow {
    a.coverage.iter().find(|row| row.kind == kind && row.records == records).unwrap()
}

#[test]
fn every_kind_that_feeds_a_criterion_has_a_row_even_when_it_is_absent() {
    let control = shr::controls::catalogue("en").unwrap();
    let a = Org::new().off("A").assess("");
    for request in control.requests.iter().filter(|request| request.id != "metadata" && !request.siblings) {
        let row = row(&a, &request.object, true);
        assert_eq!((row.state, row.received, row.expected), (CoverageState::Absent, 0, None), "{}", request.id);
        assert_eq!(row.request, request.id);
        let feeds: Vec<&str> =
            control.criteria.iter().filter(|c| c.requests.contains(&request.id)).map(|c| c.id.as_str()).collect();
        assert_eq!(row.feeds, feeds);
    }
    assert!(a.coverage.iter().all(|row| !row.feeds.is_empty()), "nothing here that no criterion reads");
    let of_files = |id: &str| a.coverage.iter().any(|row| !row.records && row.feeds.iter().any(|feed| feed == id));
    for criterion in control.criteria.iter().filter(|c| c.requests.iter().any(|id| id == "metadata")) {
        assert!(of_files(&criterion.id), "no metadata feeds {}", criterion.id);
    }
    let policies = row(&a, "ExtlClntAppOauthConfigurablePolicies", false);
    assert_eq!(policies.files, ["force-app/A.ecaOauthPlcy-meta.xml"]);
    assert_eq!((policies.state, policies.received), (CoverageState::NotProven, 1));
    assert_eq!(policies.request, "metadata");
    let secret = row(&a, "ExtlClntAppGlobalOauthSettings", false);
    assert!(!secret.feeds.iter().any(|feed| feed == "network-restricted"), "settings say nothing of the network");
}

#[test]
fn a_kind_that_no_criterion_reads_is_listed_when_it_is_there() {
    let kinds = |org: Org| -> Vec<String> { org.assess("").coverage.into_iter().map(|row| row.kind).collect() };
    assert!(!kinds(Org::new().off("A")).iter().any(|kind| kind == Kind::ManifestFile.name()));
    assert!(kinds(Org::new().off("A").manifest()).iter().any(|kind| kind == Kind::ManifestFile.name()));
}

#[test]
fn expected_counts_come_from_the_export_or_from_people() {
    use CoverageState::{Absent, Complete, NotProven, Truncated};
    let users = "Id,Username,IsActive,ProfileId\n005xx0000000001AAA,a@example.com,true,00exx0000000001AAA\n";
    let csv = Org::new().off("A").file("User.csv", users);
    let json = |rows: usize, total: usize| {
        let row = "{\"attributes\":{\"type\":\"User\"},\"Id\":\"005xx0000000001AAA\",\"Username\":\"a@example.com\"}";
        let text = format!("{{\"records\":[{}],\"totalSize\":{total},\"done\":true}}", vec![row; rows].join(","));
        Org::new().off("A").file("User.json", text)
    };
    let cases = [
        (csv.clone(), None, NotProven, 1, None),
        (csv.clone(), Some(1), Complete, 1, Some(1)),
        (csv.clone(), Some(5), Truncated, 1, Some(5)),
        (csv, Some(0), NotProven, 1, Some(0)),
        (json(1, 1), None, Complete, 1, Some(1)),
        (json(1, 1), Some(0), Complete, 1, Some(0)),
        (json(1, 1), Some(3), Truncated, 1, Some(3)),
        (json(1, 7), None, Truncated, 1, Some(7)),
        (Org::new().off("A"), Some(3), Absent, 0, Some(3)),
    ];
    for (n, (org, declared, state, received, wanted)) in cases.iter().enumerate() {
        let engagement = declared.map(|n| expected(&format!("User = {n}"))).unwrap_or_default();
        let a = org.assess(&engagement);
        let row = row(&a, "User", true);
        assert_eq!((n, row.state, row.received, row.expected), (n, *state, *received, *wanted));
    }
}

#[test]
fn a_declared_count_is_about_the_form_that_is_there() {
    let profile = "<Profile xmlns=\"http://soap.sforce.com/2006/04/metadata\"/>";
    let files = Org::new().off("A").file("force-app/Bot.profile-meta.xml", profile);
    let a = files.assess(&expected("Profile = 1"));
    assert_eq!(
        (row(&a, "Profile", false).expected, row(&a, "Profile", false).state),
        (Some(1), CoverageState::Complete)
    );
    assert_eq!(row(&a, "Profile", true).expected, None, "nobody expects rows where the files are there");
    let rows = "{\"records\":[{\"attributes\":{\"type\":\"Profile\"},\"Id\":\"00exx0000000001AAA\",\"Name\":\"Bot\"},\
                {\"attributes\":{\"type\":\"Profile\"},\"Id\":\"00exx0000000002AAA\",\"Name\":\"Man\"}],\
                \"totalSize\":2,\"done\":true}";
    let both = files.file("Profile.json", rows);
    for (count, file, rows) in [(1, Some(1), Some(2)), (2, None, Some(2)), (3, Some(3), Some(3))] {
        let a = both.assess(&expected(&format!("Profile = {count}")));
        let seen = [row(&a, "Profile", false).expected, row(&a, "Profile", true).expected];
        assert_eq!((count, seen), (count, [file, rows]));
        assert!(a.limitations.iter().all(|limit| limit.key != "assess.limitation.more-than-declared"));
    }
}

#[test]
fn a_problem_touches_the_apps_that_the_lost_text_may_be_about() {
    let linked = "<ExtlClntAppConfigurablePolicies><externalClientApplication>B</externalClientApplication>\
                  <isEnabled>perhaps</isEnabled></ExtlClntAppConfigurablePolicies>";
    let base = Org::new().off("A").off("B").app_rows(&["A", "B", "C"], 3);
    let all: &[&str] = &["A", "B", "C"];
    let cases: [(&str, &str, &[&str]); 8] = [
        ("force-app/x.ecaOauthPlcy-meta.xml", "<broken", &["C"]),
        ("force-app/x.ecaGlblOauth-meta.xml", "<broken", all),
        ("force-app/x.ecaPlcy-meta.xml", linked, &["B"]),
        ("force-app/x.profile-meta.xml", "<broken", all),
        ("force-app/x.permissionset-meta.xml", "<broken", all),
        ("force-app/x.connectedApp-meta.xml", "<broken", &["x"]),
        ("unpackaged/package.xml", "<broken", &[]),
        ("User.csv", "Id,Username,Oops\n\"unclosed", all),
    ];
    assert_eq!(base.assess("").problems, []);
    for (path, text, touches) in cases {
        let a = base.clone().file(path, text).assess("");
        assert!(!a.problems.is_empty(), "{path}: no problem");
        for problem in &a.problems {
            assert!(problem.place.starts_with(path), "{}", problem.place);
            assert_eq!(
                (path, &problem.touches[..]),
                (path, &touches.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()[..])
            );
            assert!(!problem.message.is_empty() && !problem.hint.is_empty(), "{path}");
        }
        assert_eq!(exit_code(&a), 3, "{path}");
    }
}

#[test]
fn a_problem_names_line_and_column_once() {
    let text = "<ExtlClntAppConfigurablePolicies>\n<externalClientApplication>B</externalClientApplication>\n\
                <isEnabled>perhaps</isEnabled>\n</ExtlClntAppConfigurablePolicies>";
    let a = Org::new().off("A").file("force-app/x.ecaPlcy-meta.xml", text).assess("");
    let place = &a.problems[0].place;
    assert!(place.starts_with("force-app/x.ecaPlcy-meta.xml:3"), "{place}");
    for (spot, column, wanted) in [
        (Place::Line(7), 0, "x.xml:7"),
        (Place::Line(7), 1, "x.xml:7:1"),
        (Place::Line(7), 12, "x.xml:7:12"),
        (Place::Row(3), 0, "x.xml, row 3"),
        (Place::File, 0, "x.xml"),
    ] {
        let mut snapshot = Org::new().off("A").snapshot();
        let at = Locator { path: "x.xml".into(), place: spot };
        snapshot.problems.push(Problem { column, ..problem(None, ProblemCode::Malformed, at) });
        assert_eq!(judged(&snapshot).problems[0].place, wanted);
    }
}

fn problem(kind: Option<Kind>, code: ProblemCode, at: Locator) -> Problem {
    Problem::new(at, kind, code, "m", "h")
}

fn judged(snapshot: &Snapshot) -> Assessment {
    assess(snapshot, &shr::controls::catalogue("en").unwrap(), &Engagement::default(), "acme", AS_OF)
}

#[test]
fn what_was_not_read_may_have_been_an_app() {
    use ProblemCode::{Ambiguous, Malformed, TooLarge, UnknownValue, Unlinked, Unreadable};
    let manifest = Org::new().off("A").manifest();
    let export = Org::new().off("A").app_rows(&["A"], 1);
    let cases = [
        (&manifest, None, Unreadable, Conclusion::NotProven),
        (&manifest, None, Ambiguous, Conclusion::Complete),
        (&manifest, Some(Kind::AppFile), Malformed, Conclusion::NotProven),
        (&manifest, Some(Kind::AppFile), TooLarge, Conclusion::NotProven),
        (&manifest, Some(Kind::AppFile), UnknownValue, Conclusion::Complete),
        (&manifest, Some(Kind::ProfileFile), Malformed, Conclusion::Complete),
        (&export, Some(Kind::AppRecords), Unlinked, Conclusion::NotProven),
        (&export, Some(Kind::AppRecords), UnknownValue, Conclusion::Complete),
        (&export, Some(Kind::UserRecords), Malformed, Conclusion::Complete),
    ];
    for (n, (org, kind, code, conclusion)) in cases.into_iter().enumerate() {
        let mut snapshot = org.snapshot();
        let at = Locator { path: "x".into(), place: Place::File };
        snapshot.problems.push(problem(kind, code, at));
        assert_eq!((n, judged(&snapshot).population.conclusion), (n, conclusion));
    }
}

#[test]
fn the_same_export_twice_is_one_list() {
    let org = Org::new().app_rows(&["A", "B"], 2);
    let text = org.text("ExternalClientApplication.json");
    let a = org.file("again/ExternalClientApplication.json", text).assess("");
    assert_eq!((a.population.received, a.population.conclusion), (2, Conclusion::Complete));
}

#[test]
fn connected_apps_are_judged_by_a_control_of_their_own() {
    let app = |oauth: &str| {
        let xmlns = "http://soap.sforce.com/2006/04/metadata";
        format!("<ConnectedApp xmlns=\"{xmlns}\"><label>L</label><oauthConfig>{oauth}</oauthConfig></ConnectedApp>")
    };
    let switch = |value: &str| {
        let user = "<oauthClientCredentialUser>bot@example.com</oauthClientCredentialUser>";
        format!("<isClientCredentialEnabled>{value}</isClientCredentialEnabled>{user}")
    };
    let org = Org::new()
        .off("A")
        .file("app/z.connectedApp-meta.xml", app(&switch("true")))
        .file("force-app/m.connectedApp-meta.xml", app(&switch("false")))
        .file("force-app/k.connectedApp-meta.xml", app(""));
    let a = org.assess("");
    let seen: Vec<(&str, Outcome)> =
        a.findings.iter().map(|finding| (finding.subject.api_name.as_str(), finding.result)).collect();
    let judged = [("A", Outcome::Pass), ("k", Outcome::NotEvaluable), ("m", Outcome::Pass), ("z", Outcome::Fail)];
    assert_eq!(seen, judged);
    assert_eq!((a.counts.total(), a.result), (4, Outcome::Fail));
    let [own, connected] = &a.controls[..] else { panic!("{:?}", a.controls) };
    assert_eq!((own.counts.total(), own.result, own.population.received), (1, Outcome::Pass, 1));
    assert_eq!((connected.counts.total(), connected.result, connected.population.received), (3, Outcome::Fail, 3));
    assert_eq!(a.population, own.population);
    assert!(a.findings[3].subject.sources[0].starts_with("app/z.connectedApp-meta.xml"));
}
