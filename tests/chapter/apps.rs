//! External Client Apps, and what both kinds of apps have.

use super::{Line, Org, hold, org, set};
use shr::model::Outcome::{Fail, NotApplicable, NotEvaluable, Pass, Review};

const OPTIONAL: &str = "isConsumerSecretOptional";
const FOR_REFRESH: &str = "isSecretRequiredForRefreshToken";
const PKCE: &str = "isPkceRequired";
const ROTATION: &str = "isRefreshTokenRotationEnabled";

/// A control, the app that its rows are about, and an org with that app and some settings.
type Twin = (&'static str, &'static str, fn(&str) -> Org);

/// The same for an app of each kind.
fn both(eca: &'static str, ca: &'static str) -> [Twin; 2] {
    [(eca, "A", |body| org().global(body)), (ca, "C", |body| org().config(body))]
}

/// The app with a list of scopes: in its own file, or among its settings.
fn scoped(app: &str, settings: &str, scopes: &str) -> Org {
    if app == "A" {
        return org().global(settings).scopes(scopes);
    }
    let list: String = scopes.split(", ").map(|scope| set("scopes", scope)).collect();
    org().config(&format!("{settings}{list}"))
}

#[test]
fn scopes_of_an_app() {
    let id = "eca-scopes";
    let with = |scopes: &str| org().eca().scopes(scopes);
    let rows = |columns: &str, cells: &str| {
        let text = format!(
            "Id,ExternalClientApplicationId,ExternalClientApplication.DeveloperName,ExternalClientApplication.NamespacePrefix{columns}\n1,0xI000000000001AAA,A,{cells}\n"
        );
        org().eca().file("ExtlClntAppOauthSettings.csv", text)
    };
    hold(vec![
        (id, with("Full, Api"), Fail, "full"),
        (id, with("full"), Fail, "full"),
        (id, with("Api, RefreshToken"), Review, "data"),
        (id, with("OpenID, Profile, Email, RefreshToken, OfflineAccess"), Pass, "identity"),
        (id, with(""), NotEvaluable, "no-list"),
        (id, org().eca(), NotEvaluable, "no-list"),
        (id, with("Api").copy("Api", "Full"), Review, "contradictory"),
        (id, with("Api").copy("Api", "Api, Web"), Review, "data"),
        (id, with("OpenID").torn(), NotEvaluable, "unread"),
        // The torn file of a connected app of the same name is another app's.
        (id, with("OpenID").file("connectedApps/A.connectedApp-meta.xml", "<ConnectedApp><label>"), Pass, "identity"),
        (id, rows(",OauthScopesApi,OauthScopesFull", ",true,true"), Fail, "full"),
        (id, rows(",OauthScopesApi,OauthScopesFull", ",true,false"), Review, "data"),
        (id, rows(",OauthScopesOpenID,OauthScopesFull", ",true,false"), NotEvaluable, "in-part"),
        (id, rows(",OauthScopesApi", ",false"), NotEvaluable, "no-list"),
        (id, org().eca().oauth("<commaSeparatedOauthScopes>OpenID</commaSeparatedOauthScopes><commaSeparatedCustomScopes>own</commaSeparatedCustomScopes>"), Pass, "identity"),
    ]);
}

#[test]
fn id_tokens() {
    let mut table: Vec<Line> = Vec::new();
    for (id, app, element) in
        [("eca-id-token", "A", "idTokenValidityInMinutes"), ("ca-id-token", "C", "idTokenValidity")]
    {
        let with = |minutes: &str, scopes: &str| {
            let config = if minutes == "-" { String::new() } else { set("idTokenConfig", set(element, minutes)) };
            scoped(app, &config, scopes)
        };
        table.extend([
            (id, with("1", "OpenID"), Pass, "short"),
            (id, with("2", "Full"), Pass, "short"),
            (id, with("3", "OpenID"), Fail, "long"),
            (id, with("720", "OpenID"), Fail, "long"),
            (id, with("721", "OpenID"), NotEvaluable, "unknown"),
            (id, with("0", "OpenID"), NotEvaluable, "unknown"),
            (id, with("two", "OpenID"), NotEvaluable, "unknown"),
            (id, with("-", "OpenID"), Review, "absent"),
            (id, with("720", "Api, RefreshToken"), NotApplicable, "id-token-closed"),
            (id, with("2", ""), Pass, "short"),
            (id, with("720", ""), NotEvaluable, "id-token-unknown"),
            (id, with("-", ""), NotEvaluable, "id-token-unknown"),
        ]);
    }
    let torn = org().scopes("OpenID").global(&set("idTokenConfig", set("idTokenValidityInMinutes", 2))).torn();
    table.extend([
        ("eca-id-token", org().eca().scopes("OpenID"), NotEvaluable, "missing"),
        ("eca-id-token", torn, NotEvaluable, "unread"),
        (
            "eca-id-token",
            org()
                .global(&set("idTokenConfig", set("idTokenValidityInMinutes", 9)))
                .scopes("OpenID")
                .copy("OpenID", "Api"),
            Review,
            "id-token-disputed",
        ),
        (
            "eca-id-token",
            org()
                .global(&set("idTokenConfig", set("idTokenValidityInMinutes", 1)))
                .scopes("OpenID")
                .copy("OpenID", "Api"),
            Pass,
            "short",
        ),
    ]);
    hold(table);
}

#[test]
fn code_and_credentials_of_external_apps() {
    let id = "eca-code-credentials";
    let with = |app: &str, of_org: &str| {
        let own = org().global(&set("isCodeCredFlowEnabled", app));
        if of_org == "-" { own } else { own.oidc(&set("oAuthCdCrdtFlowEnable", of_org)) }
    };
    hold(vec![
        (id, with("false", "true"), Review, "off"),
        (id, with("true", "true"), Pass, "on"),
        (id, with("true", "false"), Review, "off-in-org"),
        (id, with("true", "-"), NotEvaluable, "missing"),
        (id, with("true", "what"), NotEvaluable, "unknown"),
        (id, with("true", "true").copy("true", "false"), Review, "contradictory"),
        (id, with("what", "true"), NotEvaluable, "unknown"),
        (id, org().global(""), NotEvaluable, "text.all"),
        (id, org().eca(), NotEvaluable, "missing"),
    ]);
}

#[test]
fn proof_keys() {
    let mut table: Vec<Line> = Vec::new();
    for (id, _, make) in both("eca-pkce", "ca-pkce") {
        let with = |app: &str, of_org: &str| {
            let own = make(&if app == "-" { String::new() } else { set(PKCE, app) });
            if of_org == "-" { own } else { own.oidc(&set(PKCE, of_org)) }
        };
        table.extend([
            (id, with("true", "-"), Pass, "by-app"),
            (id, with("true", "false"), Pass, "by-app"),
            (id, with("false", "true"), Pass, "by-org"),
            (id, with("what", "true"), Pass, "by-org"),
            (id, with("-", "true"), Pass, "by-org"),
            (id, with("false", "false"), Fail, "off"),
            (id, with("false", "-"), NotEvaluable, "org-unknown"),
            (id, with("false", "what"), NotEvaluable, "org-unknown"),
            (id, with("false", "false").copy("false", "true"), Review, "contradictory"),
            (id, with("-", "false"), NotEvaluable, "text.all"),
            (id, with("what", "false"), NotEvaluable, "unknown"),
            (id, make(&set(PKCE, true)).copy("true", "false").oidc(&set(PKCE, false)), Review, "contradictory"),
            (id, make(&set(PKCE, true)).copy("true", "false"), NotEvaluable, "org-unknown"),
            (
                id,
                make(&set(PKCE, true)).torn().oidc(&set(PKCE, false)),
                NotEvaluable,
                if id == "ca-pkce" { "oauth-config-unknown" } else { "unread" },
            ),
        ]);
    }
    hold(table);
    let fail = org().global(&set(PKCE, false)).oidc(&set(PKCE, false));
    assert_eq!(fail.row("eca-pkce").root_cause.as_ref(), "pkce:org");
    assert_eq!(org().global(&set(PKCE, false)).row("eca-pkce").root_cause.as_ref(), "eca-pkce:A");
}

#[test]
fn rotation_of_refresh_tokens() {
    let mut table: Vec<Line> = Vec::new();
    for (id, app) in [("eca-rotation", "A"), ("ca-rotation", "C")] {
        let with =
            |on: &str, scopes: &str| scoped(app, &if on == "-" { String::new() } else { set(ROTATION, on) }, scopes);
        table.extend([
            (id, with("true", "Api, RefreshToken"), Pass, "on"),
            (id, with("false", "Api, RefreshToken"), Fail, "off"),
            (id, with("false", "OfflineAccess"), Fail, "off"),
            (id, with("-", "RefreshToken"), NotEvaluable, "absent-since"),
            (id, with("what", "RefreshToken"), NotEvaluable, "unknown"),
            (id, with("false", "Api"), NotApplicable, "refresh-closed"),
            (id, with("false", "Full"), NotApplicable, "refresh-closed"),
            (id, with("true", ""), Pass, "on"),
            (id, with("false", ""), NotEvaluable, "refresh-unknown"),
        ]);
    }
    let off = set(ROTATION, false);
    let zero = "<refreshTokenPolicyType>Zero</refreshTokenPolicyType>";
    let with_zero = |on: bool| org().global(&set(ROTATION, on)).scopes("Api, RefreshToken").policy(zero);
    table.extend([
        ("eca-rotation", with_zero(false), NotApplicable, "refresh-closed"),
        ("eca-rotation", with_zero(false).copy("Zero", "Infinite"), Review, "refresh-disputed"),
        ("eca-rotation", with_zero(true).copy("Zero", "Infinite"), Pass, "on"),
        ("eca-rotation", org().global(&off).scopes("RefreshToken").copy("RefreshToken", "Api"), Review, "refresh-disputed"),
        ("eca-rotation", org().global("").scopes("RefreshToken").copy("RefreshToken", "Api"), NotEvaluable, "absent-since"),
        ("eca-rotation", org().global(&off).scopes("RefreshToken").torn(), NotEvaluable, "refresh-unknown"),
        (
            "ca-rotation",
            org().connected(&format!("<oauthConfig>{off}<scopes>RefreshToken</scopes></oauthConfig><oauthPolicy><refreshTokenPolicy>zero</refreshTokenPolicy></oauthPolicy>")),
            NotApplicable,
            "refresh-closed",
        ),
        ("ca-rotation", org().connected("<samlConfig/>"), NotApplicable, "oauth-config-closed"),
        ("ca-rotation", org().config(&off).torn(), NotEvaluable, "oauth-config-unknown"),
    ]);
    hold(table);
}

#[test]
fn secrets_at_the_exchange_of_codes() {
    let mut table: Vec<Line> = Vec::new();
    for (id, app, make) in both("eca-secret-web", "ca-secret-web") {
        let with = |optional: bool, pkce: &str| {
            let pkce = if pkce == "-" { String::new() } else { set(PKCE, pkce) };
            make(&format!("{}{pkce}", set(OPTIONAL, optional)))
        };
        let strict = |org: Org| org.oidc(&set(PKCE, false));
        let disputed = |org: Org| org.oidc(&set(PKCE, false)).copy("false", "true");
        table.extend([
            (id, with(false, "-"), Pass, "required"),
            (id, with(true, "true").client(app, "private"), Fail, "private-without"),
            (id, with(true, "true").client(app, "public"), NotApplicable, "public-bound"),
            (id, strict(with(true, "false")).client(app, "public"), Fail, "public-unbound"),
            (id, disputed(with(true, "false")).client(app, "public"), Review, "public-disputed"),
            (id, with(true, "-").client(app, "public"), NotEvaluable, "public-unknown"),
            (id, with(true, "true"), Review, "undeclared-bound"),
            (id, disputed(with(true, "false")), Review, "undeclared-disputed"),
            (id, strict(with(true, "false")), Fail, "undeclared"),
            (id, with(true, "-"), Fail, "undeclared"),
            (id, make(""), NotEvaluable, "text.all"),
            (id, make(&set(OPTIONAL, "what")), NotEvaluable, "unknown"),
            (id, with(false, "true").copy(">false<", ">true<"), Review, "contradictory"),
            (id, with(true, "true").client(app, "public").client(app, "private"), Review, "undeclared-bound"),
        ]);
    }
    hold(table);
}

#[test]
fn secrets_at_refresh() {
    let mut table: Vec<Line> = Vec::new();
    for (id, app) in [("eca-secret-refresh", "A"), ("ca-secret-refresh", "C")] {
        let with = |required: bool, rotates: &str, scopes: &str| {
            let rotates = if rotates == "-" { String::new() } else { set(ROTATION, rotates) };
            scoped(app, &format!("{}{rotates}", set(FOR_REFRESH, required)), scopes)
        };
        table.extend([
            (id, with(true, "-", "RefreshToken"), Pass, "required"),
            (id, with(true, "-", ""), Pass, "required"),
            (id, with(false, "true", "Api"), NotApplicable, "refresh-closed"),
            (id, with(false, "true", ""), NotEvaluable, "refresh-unknown"),
            (id, with(false, "true", "RefreshToken").client(app, "private"), Fail, "private-without"),
            (id, with(false, "true", "RefreshToken").client(app, "public"), NotApplicable, "public-bound"),
            (id, with(false, "false", "RefreshToken").client(app, "public"), Fail, "public-unbound"),
            (id, with(false, "-", "RefreshToken").client(app, "public"), NotEvaluable, "public-unknown"),
            (id, with(false, "true", "RefreshToken"), Review, "undeclared-bound"),
            (id, with(false, "false", "RefreshToken"), Fail, "undeclared"),
            (id, with(false, "-", "RefreshToken"), Fail, "undeclared"),
            (id, scoped(app, "", "RefreshToken"), NotEvaluable, "text.all"),
        ]);
    }
    let disputed = |global: &str| org().scopes("RefreshToken").global(global).copy("Enabled>true", "Enabled>false");
    let both = format!("{}{}", set(FOR_REFRESH, false), set(ROTATION, true));
    table.extend([
        ("eca-secret-refresh", disputed(&both), Review, "undeclared-disputed"),
        ("eca-secret-refresh", disputed(&both).client("A", "public"), Review, "public-disputed"),
    ]);
    hold(table);
}

#[test]
fn attributes_and_scopes_of_the_org_s_own() {
    let attribute = "<customAttributes><key>k</key><formula>f</formula></customAttributes>";
    let scope = "<commaSeparatedCustomScopes>own</commaSeparatedCustomScopes>";
    let mut table: Vec<Line> = Vec::new();
    for (id, stated) in [("eca-custom-attributes", attribute), ("eca-custom-scopes", scope)] {
        table.extend([
            (id, org().eca().oauth(stated).policy(""), Review, "stated"),
            (id, org().eca().oauth("").policy(stated), Review, "stated"),
            (id, org().eca().policy(stated), Review, "stated"),
            (id, org().eca().oauth("").policy(""), NotApplicable, "none"),
            (id, org().eca().oauth(""), NotEvaluable, "missing"),
            (id, org().eca().policy(""), NotEvaluable, "missing"),
            (id, org().eca(), NotEvaluable, "missing"),
            (id, org().eca().oauth("").policy("").torn(), NotEvaluable, "unread"),
        ]);
    }
    hold(table);
}

#[test]
fn an_app_without_the_plug_in_has_no_row_but_not_applicable() {
    let rows = "Id,ExternalClientApplicationId,ExternalClientApplication.DeveloperName,ExternalClientApplication.NamespacePrefix,IsEnabled,OauthPluginStatus\n1,0xI000000000001AAA,A,,true,NotInstalled\n";
    let bare = org().eca().file("ExtlClntAppPlcyCnfg.csv", rows);
    hold(vec![
        ("eca-pkce", bare.clone(), NotApplicable, "plugin-closed"),
        ("eca-scopes", bare.clone(), NotApplicable, "plugin-closed"),
        ("eca-scopes", bare.clone().scopes("Full"), Fail, "full"),
        ("eca-pkce", bare.scopes("Full").torn(), NotEvaluable, "missing"),
    ]);
}
