//! Connected apps.

use super::{Line, Org, hold, org, set};
use shr::model::Outcome::{Fail, NotApplicable, NotEvaluable, Pass, Review};

#[test]
fn oauth_settings() {
    let id = "ca-oauth";
    let record = org().file("ConnectedApplication.csv", "Id,Name\n0H4000000000001AAA,C\n");
    hold(vec![
        (id, org().config(""), Pass, "oauth"),
        (id, org().connected("<samlConfig/>"), NotApplicable, "saml"),
        (id, org().connected(""), Review, "neither"),
        (id, org().config("").copy("<oauthConfig></oauthConfig>", ""), Review, "contradictory"),
        (id, org().config("").torn(), NotEvaluable, "unread"),
        (id, record.clone(), NotEvaluable, "missing"),
        ("ca-pkce", record, NotEvaluable, "oauth-config-unknown"),
        ("ca-pkce", org().connected(""), NotApplicable, "oauth-config-closed"),
        ("ca-session-timeout", org().connected("<samlConfig/>"), NotApplicable, "oauth-config-closed"),
    ]);
}

#[test]
fn device_flow() {
    let id = "ca-device";
    let with = |on: &str| org().config(&set("isDeviceFlowEnabled", on));
    hold(vec![
        (id, with("false"), Pass, "off"),
        (id, with("true"), Fail, "on"),
        (id, with("what"), NotEvaluable, "unknown"),
        (id, org().config(""), NotEvaluable, "absent"),
        (id, with("true").copy("true", "false"), Review, "contradictory"),
    ]);
}

#[test]
fn session_timeouts() {
    let id = "ca-session-timeout";
    let with = |minutes: &str| {
        org().connected(&format!("<oauthConfig/><sessionPolicy>{}</sessionPolicy>", set("sessionTimeout", minutes)))
    };
    let security = |body: &str| {
        let settings = format!("<SecuritySettings><sessionSettings>{body}</sessionSettings></SecuritySettings>");
        org().config("").file("settings/Security.settings", settings)
    };
    hold(vec![
        (id, with("1"), Pass, "short"),
        (id, with("60"), Pass, "short"),
        (id, with("61"), Fail, "long"),
        (id, with("0"), NotEvaluable, "unknown"),
        (id, with("hour"), NotEvaluable, "unknown"),
        (id, security("<sessionTimeout>TwoHours</sessionTimeout>"), Review, "by-org"),
        (id, security(""), NotEvaluable, "absent"),
        (id, org().config(""), NotEvaluable, "absent"),
    ]);
}

#[test]
fn login_ranges() {
    let id = "ca-ip-relaxation";
    let with = |policy: &str, more: &str| {
        let policy = format!("<oauthPolicy>{}</oauthPolicy>", set("ipRelaxation", policy));
        org().connected(&format!("{more}{policy}"))
    };
    let named = "<oauthConfig/><profileName>Gate</profileName>";
    let profile = |org: Org, ranges: &str| {
        org.file("profiles/Gate.profile-meta.xml", format!("<Profile><custom>true</custom>{ranges}</Profile>"))
    };
    let range = |a: &str, b: &str| set("loginIpRanges", format!("{}{}", set("startAddress", a), set("endAddress", b)));
    let office = range("203.0.113.1", "203.0.113.9");
    let world = range("0.0.0.0", "255.255.255.255");
    let refresh = "<oauthConfig><scopes>RefreshToken</scopes></oauthConfig><profileName>Gate</profileName>";
    let plain = "<oauthConfig><scopes>Api</scopes></oauthConfig><profileName>Gate</profileName>";
    hold(vec![
        (id, with("BYPASS", named), Fail, "relaxed"),
        (id, with("BYPASS_2FACTOR", named), Fail, "relaxed"),
        (id, profile(with("ENFORCE", named), &office), Pass, "enforced"),
        (id, profile(with("enforce", named), &office), Pass, "enforced"),
        (id, profile(with("ENFORCE", named), &world), Review, "no-ranges"),
        (id, profile(with("ENFORCE", named), ""), Review, "no-ranges"),
        (id, with("ENFORCE", named), Review, "profiles-unknown"),
        (id, profile(with("ENFORCE", "<oauthConfig/>"), &office), Review, "profiles-unknown"),
        (id, profile(with("ENFORCE", named), &office).torn(), Review, "no-ranges"),
        (id, profile(with("ENFORCE_RELAXREFRESH", plain), &office), Pass, "enforced"),
        (id, profile(with("ENFORCE_RELAXREFRESH", refresh), &office), Fail, "relaxed-at-refresh"),
        (id, profile(with("ENFORCE_RELAXREFRESH", named), &office), Review, "relaxed-perhaps"),
        (id, with("SOMETHING", named), NotEvaluable, "ca-ip-relaxation.unknown"),
        (id, org().config(""), NotEvaluable, "text.all"),
        (id, with("ENFORCE", named).copy("ENFORCE", "BYPASS"), Review, "contradictory"),
    ]);
}

#[test]
fn who_may_use_an_app() {
    let id = "ca-profiles";
    let with = |approved: &str, more: &str| {
        org().connected(&format!("<oauthConfig>{}</oauthConfig>{more}", set("isAdminApproved", approved)))
    };
    let own = "<profileName>Courier Desk</profileName>";
    let record = |org: Org, value: &str| {
        let rows = format!("Id,Name,OptionsAllowAdminApprovedUsersOnly\n0H4000000000001AAA,C,{value}\n");
        org.file("ConnectedApplication.csv", rows)
    };
    hold(vec![
        (id, with("false", own), Fail, "anybody"),
        (id, with("true", own), Pass, "approved"),
        (id, with("true", "<permissionSetName>Courier_App</permissionSetName>"), Pass, "approved"),
        (id, with("true", ""), Review, "nobody"),
        (id, with("true", "<profileName>Admin</profileName>"), Review, "standard"),
        (id, with("true", "<profileName>System Administrator</profileName>"), Review, "standard"),
        (id, with("what", own), NotEvaluable, "unknown"),
        (id, org().config(""), NotEvaluable, "text.all"),
        (id, with("true", own).copy("true", "false"), Review, "contradictory"),
        (id, record(with("true", own), "true"), Pass, "approved"),
        (id, record(with("true", own), "false"), Review, "ca-profiles.contradictory"),
        (id, record(with("false", own), "true"), Review, "ca-profiles.contradictory"),
        (id, record(with("true", own), ""), NotEvaluable, "unknown-column"),
        (id, record(org().connected(&format!("<oauthConfig/>{own}")), "true"), Pass, "approved"),
        (id, record(org().connected("<oauthConfig/>"), "false"), Fail, "anybody"),
    ]);
}

#[test]
fn code_and_credentials() {
    const ON: &str = "<isCodeCredentialEnabled>true</isCodeCredentialEnabled>";
    let id = "ca-code-credentials";
    // W, S, the proof key, and the scopes.
    let with = |optional: &str, for_refresh: &str, pkce: &str, scopes: &str| {
        let told = [
            ("isConsumerSecretOptional", optional),
            ("isSecretRequiredForRefreshToken", for_refresh),
            ("isPkceRequired", pkce),
            ("scopes", scopes),
        ];
        let told = told.iter().filter(|(_, value)| *value != "-").map(|(name, value)| set(name, value));
        org().config(&format!("{ON}{}", told.collect::<String>())).oidc(&set("isPkceRequired", false))
    };
    let private = |org: Org| org.client("C", "private");
    let public = |org: Org| org.client("C", "public");
    let refresh = "RefreshToken";
    let table: Vec<Line> = vec![
        (id, org().config("<isCodeCredentialEnabled>false</isCodeCredentialEnabled>"), NotApplicable, "off"),
        (id, org().config(""), NotEvaluable, "text.all"),
        (id, private(with("false", "true", "-", refresh)), Pass, "private-right"),
        (id, private(with("true", "true", "-", refresh)), Fail, "private-wrong"),
        (id, private(with("false", "false", "-", refresh)), Fail, "private-wrong"),
        (id, private(with("false", "false", "-", "Api")), Pass, "private-right"),
        (id, private(with("false", "-", "-", "Api")), Pass, "private-right"),
        (id, private(with("false", "-", "-", refresh)), NotEvaluable, "text.all"),
        (id, private(with("-", "true", "-", refresh)), NotEvaluable, "text.all"),
        (id, private(with("false", "false", "-", "-")), NotEvaluable, "private-refresh-unknown"),
        (id, private(with("false", "true", "-", "-")), Pass, "private-right"),
        (id, public(with("true", "false", "true", refresh)), Pass, "public-right"),
        (id, public(with("false", "false", "true", refresh)), Fail, "public-wrong"),
        (id, public(with("true", "true", "true", refresh)), Fail, "public-wrong"),
        (id, public(with("true", "true", "true", "Api")), Pass, "public-right"),
        (id, public(with("true", "false", "false", refresh)), Fail, "public-unbound"),
        (id, public(with("true", "-", "false", refresh)), Fail, "public-unbound"),
        (id, public(with("true", "false", "-", refresh)), NotEvaluable, "public-unknown"),
        (id, public(with("true", "true", "true", "-")), NotEvaluable, "public-refresh-unknown"),
        (id, with("true", "false", "false", refresh), Fail, "nothing-binds"),
        (id, with("true", "true", "true", refresh), Review, "undeclared"),
        (id, with("false", "true", "true", refresh), Review, "undeclared"),
        (id, with("false", "true", "-", refresh), NotEvaluable, "undeclared-unknown"),
        (id, with("false", "-", "true", refresh), NotEvaluable, "text.all"),
    ];
    hold(table);
}
