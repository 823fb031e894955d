//! Settings of the org.

use super::{Line, Org, hold, org, set};
use shr::model::Outcome::{Fail, NotEvaluable, Pass, Review};

fn app_settings(body: &str) -> Org {
    org().file(
        "settings/ExternalClientApp.settings",
        format!("<ExternalClientAppSettings>{body}</ExternalClientAppSettings>"),
    )
}

#[test]
fn secrets_of_the_org() {
    let mut table: Vec<Line> = Vec::new();
    for (control, element) in [
        ("org-secret-metadata", "enableConsumerSecretApiAccess"),
        ("org-secret-rest", "enableClientSecretInRestApiAccess"),
    ] {
        let with = |value: &str| app_settings(&set(element, value));
        let since = if control == "org-secret-rest" { "absent-since" } else { "absent" };
        table.extend([
            (control, with("false"), Pass, "off"),
            (control, with("true"), Fail, "on"),
            (control, with("perhaps"), NotEvaluable, "unknown"),
            (control, with(""), NotEvaluable, "unknown"),
            (control, app_settings(""), NotEvaluable, since),
            (control, org(), NotEvaluable, "missing"),
            (control, with("true").copy("true", "false"), Review, "contradictory"),
            (control, with("true").copy("true", "perhaps"), NotEvaluable, "unknown"),
            (control, with("false").torn(), NotEvaluable, "unread"),
        ]);
    }
    hold(table);
}

#[test]
fn flows_and_proof_keys_of_the_org() {
    let with = |password: &str, agent: &str, pkce: &str| {
        let all = [("blockOAuthUnPwFlow", password), ("blockOAuthUsrAgtFlow", agent), ("isPkceRequired", pkce)];
        let told = all.iter().filter(|(_, value)| *value != "-");
        org().oidc(&told.map(|(name, value)| set(name, value)).collect::<String>())
    };
    let id = "org-oauth-oidc";
    hold(vec![
        (id, with("true", "true", "true"), Pass, "strict"),
        (id, with("true", "true", "false"), Review, "pkce-per-app"),
        (id, with("false", "true", "true"), Fail, "open"),
        (id, with("true", "false", "true"), Fail, "open"),
        (id, with("false", "-", "-"), Fail, "open"),
        (id, with("true", "-", "true"), NotEvaluable, "text.all"),
        (id, with("true", "what", "true"), NotEvaluable, "unknown"),
        (id, with("true", "true", "-"), NotEvaluable, "text.all"),
        (id, with("true", "true", "what"), NotEvaluable, "unknown"),
        (id, org(), NotEvaluable, "text.all"),
        (id, with("true", "true", "true").copy("UnPwFlow>true", "UnPwFlow>false"), Review, "contradictory"),
        (id, with("true", "-", "true").copy("UnPwFlow>true", "UnPwFlow>false"), NotEvaluable, "text.all"),
        (id, with("true", "true", "true").copy("isPkceRequired>true", "isPkceRequired>false"), Review, "contradictory"),
    ]);
    assert_eq!(with("true", "true", "false").row(id).root_cause.as_ref(), "pkce:org");
    assert_eq!(with("false", "true", "false").row(id).root_cause.as_ref(), id);
}

#[test]
fn what_no_export_tells_is_for_people() {
    hold(vec![
        ("ca-creation", org(), NotEvaluable, "in-no-export"),
        ("eca-usage", org(), NotEvaluable, "in-no-export"),
    ]);
}
