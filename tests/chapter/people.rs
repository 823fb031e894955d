//! What people leave out and state, certificates, and the subjects of the chapter.

use super::{Line, hold, org, set};
use shr::model::Outcome::{self, Fail, NotApplicable, NotEvaluable, NotTested, Pass, Review};

fn stated(control: &str, met: bool) -> String {
    format!(
        "[[attest]]\ncontrol = \"{control}\"\nmet = {met}\nstatement = \"Seen in Setup.\"\nby = \"Administrator\"\n\
         on = 2026-11-10\nexpires = 2027-05-10\n"
    )
}

/// What a statement makes of each outcome; contradictions and what does not apply stay.
#[test]
fn statements_answer_what_is_open() {
    let device = |value: &str| org().config(&set("isDeviceFlowEnabled", value));
    let id = "ca-device";
    let mut table: Vec<Line> = Vec::new();
    for control in [id, "sheet"] {
        let (met, not) = (stated(control, true), stated(control, false));
        table.extend([
            (id, device("what").says(&met), Pass, "attested.met"),
            (id, device("what").says(&not), Fail, "attested.not-met"),
            (id, device("true").says(&met), Review, "attested.contradicted"),
            (id, device("true").says(&not), Fail, "on"),
            (id, device("false").says(&met), Pass, "off"),
            (id, device("false").says(&not), Review, "attested.contradicted"),
            (id, device("true").copy("true", "false").says(&met), Review, "contradictory"),
            (id, device("true").copy("true", "false").says(&not), Review, "contradictory"),
        ]);
    }
    let saml = org().connected("<samlConfig/>").says(&stated("ca-oauth", false));
    table.extend([
        ("ca-oauth", saml, NotApplicable, "saml"),
        ("ca-creation", org().says(&stated("ca-creation", true)), Pass, "attested.met"),
        ("eca-usage", org().says(&stated("ca-creation", true)), NotEvaluable, "in-no-export"),
    ]);
    let expired = stated(id, true).replace("2027-05-10", "2026-11-23");
    table.push((id, device("what").says(&expired), NotEvaluable, "unknown"));
    let excluded = "[[exclude]]\ncontrol = \"ca-device\"\nkind = \"connected_app\"\napp = \"C\"\nby = \"Owner\"\nwhy = \"Retired.\"\n";
    table.push((id, device("true").says(excluded), NotTested, "excluded"));
    table.push((id, device("true").says(&excluded.replace("connected_app", "eca")), Fail, "on"));
    for (control, org, outcome, reason) in table {
        let row = org.row(control);
        let key = format!("family.{reason}");
        let own = format!("{control}.{reason}");
        assert!(
            row.outcome == outcome && [&key, &own].iter().any(|one| **one == row.because.key),
            "{control}: {row:?}"
        );
    }
}

/// A subject that there is not is proven, or it is not.
#[test]
fn without_a_subject_a_control_has_one_row() {
    let rows = |org: super::Org, control: &str| {
        let all = org.assess().family;
        let rows: Vec<_> = all.into_iter().filter(|row| *row.control == *control).collect();
        assert_eq!(rows.len(), 1, "{control}");
        (rows[0].outcome, rows[0].subject.to_string())
    };
    let none = |outcome: Outcome| (outcome, String::new());
    assert_eq!(rows(org(), "ca-pkce"), none(NotEvaluable));
    assert_eq!(rows(org(), "eca-pkce"), none(NotEvaluable));
    let listed = r#"{"records":[],"totalSize":0,"done":true}"#;
    assert_eq!(rows(org().file("ConnectedApplication.json", listed), "ca-pkce"), none(NotApplicable));
    let proven = org().file("ExternalClientApplication.json", listed);
    assert_eq!(rows(proven, "eca-pkce"), none(NotApplicable));
}

#[test]
fn a_record_is_the_app_of_its_name_or_label() {
    let records = "Id,Name,OptionsAllowAdminApprovedUsersOnly\n0H4000000000001AAA,courier app,true\n0H4000000000002AAA,Other,false\n";
    let file = "<ConnectedApp><label>Courier App</label><oauthConfig/></ConnectedApp>";
    let org =
        org().file("connectedApps/Courier%5FApp.connectedApp-meta.xml", file).file("ConnectedApplication.csv", records);
    let assessment = org.assess();
    let subjects: Vec<&str> =
        assessment.family.iter().filter(|row| &*row.control == "ca-profiles").map(|row| &*row.subject).collect();
    assert_eq!(subjects, ["Courier_App", "Other"]);
}

#[test]
fn facts_that_do_not_count_say_nothing() {
    let open = || org().config(&format!("{}{}", set("isConsumerSecretOptional", true), set("isPkceRequired", true)));
    let fact = "[[fact]]\napp = \"C\"\nclient = \"private\"\nby = \"Owner\"\non = 2026-11-01\nexpires = 2027-05-01\n";
    let id = "ca-secret-web";
    hold(vec![
        (id, open().says(fact), Fail, "private-without"),
        (id, open().says(&fact.replace("2027-05-01", "2026-11-23")), Review, "undeclared-bound"),
        (id, open().says(&fact.replace("2026-11-01", "2026-12-01")), Review, "undeclared-bound"),
        (id, open().says(&fact.replace("expires = 2027-05-01\n", "")), Review, "undeclared-bound"),
        (id, open().says(&fact.replace("\"C\"", "\"D\"")), Review, "undeclared-bound"),
        (id, open().says(&format!("{fact}kind = \"eca\"\n")), Review, "undeclared-bound"),
        (id, open().says(&format!("{fact}kind = \"connected_app\"\n")), Fail, "private-without"),
    ]);
}

/// Sheet controls end a run with their outcome only where the engagement says so, and not where somebody accepted.
#[test]
fn strict_controls_count_for_the_exit_code() {
    let quiet = || {
        let listed = r#"{"records":[],"totalSize":0,"done":true}"#;
        org().file("ExternalClientApplication.json", listed).config(&set("isDeviceFlowEnabled", true))
    };
    let code = |org: super::Org| shr::assess::exit_code(&org.assess());
    let plain = code(quiet());
    assert_ne!(plain, 1, "without a word of the engagement a sheet control changes nothing");
    let strict = "[family]\nstrict = [\"ca-device\"]\n";
    assert_eq!(code(quiet().says(strict)), 1);
    assert_eq!(code(quiet().says("[family]\nstrict = true\n")), 1);
    assert_eq!(code(quiet().says("[family]\nstrict = [\"ca-oauth\"]\n")), plain);
    let accepted = "[[disposition]]\ncontrol = \"ca-device\"\napp_kind = \"connected_app\"\napp = \"C\"\nkind = \"Accept Risk\"\n\
                    rationale = \"Retired in spring\"\napprover = \"Owner\"\non = 2026-11-01\nexpires = 2027-05-01\n";
    assert_eq!(code(quiet().says(strict).says(accepted)), plain);
    let expired = accepted.replace("2027-05-01", "2026-11-20");
    assert_eq!(code(quiet().says(strict).says(&expired)), 1);
    let another = accepted.replace("connected_app", "eca");
    assert_eq!(code(quiet().says(strict).says(&another)), 1);
    assert_eq!(code(org().says("[family]\nstrict = [\"ca-creation\"]\n")), 3);
}

/// The settings of the chapter with a good value each; a row of them that gets worse, or is gone, makes no pass.
#[test]
fn worse_or_missing_evidence_never_makes_a_pass() {
    type Setting = (&'static str, &'static str, &'static [&'static str]);
    const GLOBAL: &[Setting] = &[
        ("isClientCredentialsFlowEnabled", "false", &["true", "what"]),
        ("isCodeCredFlowEnabled", "true", &["false", "what"]),
        ("isConsumerSecretOptional", "false", &["true", "what"]),
        ("isPkceRequired", "true", &["false", "what"]),
        ("isRefreshTokenRotationEnabled", "true", &["false", "what"]),
        ("isSecretRequiredForRefreshToken", "true", &["false", "what"]),
    ];
    const CONFIG: &[Setting] = &[
        ("isAdminApproved", "true", &["false", "what"]),
        ("isClientCredentialEnabled", "false", &["true", "what"]),
        ("isCodeCredentialEnabled", "true", &["false", "what"]),
        ("isConsumerSecretOptional", "false", &["true", "what"]),
        ("isDeviceFlowEnabled", "false", &["true", "what"]),
        ("isPkceRequired", "true", &["false", "what"]),
        ("isRefreshTokenRotationEnabled", "true", &["false", "what"]),
        ("isSecretRequiredForRefreshToken", "true", &["false", "what"]),
    ];
    const OIDC: &[Setting] = &[
        ("blockOAuthUnPwFlow", "true", &["false", "what"]),
        ("blockOAuthUsrAgtFlow", "true", &["false", "what"]),
        ("isPkceRequired", "false", &["what"]),
        ("oAuthCdCrdtFlowEnable", "true", &["false", "what"]),
    ];
    /// A value for the setting at a place; none leaves it out.
    type Change = Option<(usize, usize, Option<&'static str>)>;
    let block = |number: usize, settings: &[Setting], change: Change| -> String {
        let said = settings.iter().enumerate().filter_map(|(at, (name, good, _))| match change {
            Some((block, place, value)) if (block, place) == (number, at) => value.map(|value| set(name, value)),
            _ => Some(set(name, good)),
        });
        said.collect()
    };
    let tables = [GLOBAL, CONFIG, OIDC];
    for client in ["private", "public", ""] {
        let rows = |change: Change| {
            let [global, config, oidc] = [0, 1, 2].map(|number| block(number, tables[number], change));
            let scopes = "<scopes>Api</scopes><scopes>RefreshToken</scopes>";
            let mut org =
                org().global(&global).scopes("Api, RefreshToken").policy("").config(&(config + scopes)).oidc(&oidc);
            if !client.is_empty() {
                org = org.client("A", client).client("C", client);
            }
            org.assess().family.into_iter().filter(|row| !row.is_deep()).collect::<Vec<_>>()
        };
        let before = rows(None);
        assert!(before.iter().filter(|row| row.outcome == Pass).count() > 10);
        for (number, settings) in tables.iter().enumerate() {
            for (at, (name, _, worse)) in settings.iter().enumerate() {
                let values = worse.iter().map(|value| Some(*value)).chain([None]);
                for value in values {
                    for (was, now) in before.iter().zip(rows(Some((number, at, value)))) {
                        let same = (&was.control, &was.subject) == (&now.control, &now.subject);
                        assert!(same, "{name}: the rows are the same ones");
                        // What a public client is not asked for is right for it.
                        let right = client == "public" && name.contains("Secret");
                        let better = was.outcome != Pass && now.outcome == Pass && !right;
                        assert!(!better, "{client} {name} {value:?}: {} was {}", now.control, was.outcome);
                    }
                }
            }
        }
    }
}

/// The page on API Only takes over what the criterion of the flow's own control found, of both kinds of apps.
#[test]
fn api_only_is_the_outcome_of_its_criterion() {
    let on = |name: &str, user: &str| format!("{}{}", set(name, true), set(user, "svc@client.example.com"));
    let flow = on("isClientCredentialsFlowEnabled", "clientCredentialsFlowUser");
    let both = org().global(&set("isClientCredentialsFlowEnabled", true)).policy(&flow);
    let both = both.config(&on("isClientCredentialEnabled", "oauthClientCredentialUser"));
    let off = org().global(&set("isClientCredentialsFlowEnabled", false)).policy("");
    let off = off.config(&set("isClientCredentialEnabled", false));
    for (org, outcome) in [(both, NotEvaluable), (off, NotApplicable)] {
        let assessment = org.assess();
        let rows: Vec<_> = assessment.family.iter().filter(|row| &*row.control == "api-only").collect();
        assert_eq!(rows.iter().map(|row| &*row.kind).collect::<Vec<_>>(), ["eca", "connected_app"]);
        for row in rows {
            let found = assessment.findings.iter().find(|finding| finding.subject.api_name == *row.subject).unwrap();
            let criterion = found.observations.iter().find(|one| one.criterion == "execution-user-api-only").unwrap();
            assert_eq!((row.outcome, &*row.because), (criterion.outcome(), &criterion.because), "{}", row.subject);
            assert_eq!(row.outcome, outcome, "{}", row.subject);
        }
    }
}
