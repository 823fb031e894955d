//! The catalogue holds what the control's evaluation needs, and refuses what does not fit together.

use shr::catalogue::{CatalogError, Catalogue};
use shr::model::{Impact, Level, Tenths, Weight};
use std::collections::{BTreeMap, BTreeSet};

const CONTROL: &str = include_str!("../src/controls/client_credentials/control.toml");
const PERMISSIONS: &str = include_str!("../src/controls/client_credentials/permissions.csv");

#[allow(clippy::panic)]
fn control() -> Catalogue {
    shr::controls::catalogue("en").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_criterion_is_there_with_its_weight_and_in_order() {
    let found: Vec<_> = control().criteria.iter().map(|c| (c.id.clone(), c.weight)).collect();
    let wanted = [
        ("flow-disabled", Weight::Gate),
        ("execution-user-least-privilege", Weight::Decisive),
        ("network-restricted", Weight::Decisive),
        ("secret-not-exposed", Weight::Decisive),
        ("execution-user-identified", Weight::Supporting),
        ("execution-user-api-only", Weight::Supporting),
        ("execution-user-dedicated", Weight::Supporting),
        ("request-rate-limited", Weight::Supporting),
        ("scopes-minimal", Weight::Supporting),
        ("certificate-alternative", Weight::Supporting),
        ("use-observed", Weight::Supporting),
        ("governance-recorded", Weight::Supporting),
    ];
    assert_eq!(found, wanted.map(|(id, weight)| (id.to_owned().into(), weight)));
}

#[test]
fn the_permission_table_is_whole() {
    let control = control();
    assert_eq!(control.permissions.len(), 137);
    let mut tiers: BTreeMap<&str, usize> = BTreeMap::new();
    for permission in control.permissions.values() {
        *tiers.entry(permission.tier.as_str()).or_default() += 1;
    }
    let wanted = [("critical", 18), ("high", 45), ("moderate", 33), ("low", 38), ("protective", 3)];
    assert_eq!(tiers, BTreeMap::from(wanted));
    for (name, impact) in [
        ("ModifyAllData", (Level::H, Level::H, Level::H)),
        ("ViewAllData", (Level::H, Level::N, Level::N)),
        ("ManageSharing", (Level::H, Level::H, Level::N)),
        ("BulkApiHardDelete", (Level::N, Level::H, Level::H)),
        ("ApiEnabled", (Level::L, Level::N, Level::N)),
        ("ApiUserOnly", (Level::N, Level::N, Level::N)),
    ] {
        let (c, i, a) = impact;
        assert_eq!(control.permissions[name].impact, Impact { c, i, a }, "{name}");
    }
    assert!(control.permissions["BulkApiHardDelete"].has_category("destroy"));
    assert!(!control.permissions["BulkApiHardDelete"].has_category("bulk"));
    assert_eq!(control.permissions_version, "2026.11");
}

#[test]
fn thresholds_are_those_of_the_method() {
    let control = control();
    let named: BTreeMap<_, _> = control.thresholds.named().collect();
    let wanted = [
        ("ipv4_range", 256),
        ("ipv4_total", 1024),
        ("ipv6_networks", 4),
        ("objects", 10),
        ("rotation_days", 90),
        ("rsa_bits", 2048),
    ];
    assert_eq!(named, BTreeMap::from(wanted));
}

#[test]
fn rules_state_the_thresholds_in_force() {
    let control = control();
    let thresholds = control.thresholds.clone().overridden([("objects", 3), ("ipv4_range", 16)]);
    let privilege = control.criterion("execution-user-least-privilege").unwrap().rule_text(&thresholds);
    assert!(privilege.contains("at most 3 objects"), "{privilege}");
    let network = control.criterion("network-restricted").unwrap().rule_text(&thresholds);
    assert!(network.contains("at most 16 addresses") && network.contains("at most 1024"), "{network}");
}

/// Facts of the published page, which nobody may reword.
#[test]
fn the_published_facts_are_those_of_the_page() {
    let control = control();
    assert_eq!(control.id, "shr_configure_oauth_policies_configure_client_credential_flow_policies");
    assert_eq!(
        control.name,
        "External Client Apps: Configure OAuth Policies: Configure Client Credential Flow Policies"
    );
    assert_eq!((control.range_word.as_str(), control.code.as_str()), ("High", "CCF"));
    assert_eq!(control.base31, "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N");
    assert_eq!(control.base40, "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N");
    assert_eq!((control.range_low, control.range_high), (Tenths(70), Tenths(89)));
}

#[test]
fn implications_are_closed() {
    let control = control();
    let implied = control.implied_by("ModifyAllData");
    // View Event Log Files comes with View All Data, which comes with Modify All Data.
    assert!(implied.contains("ViewAllData") && implied.contains("ViewEventLogFiles"));
    assert!(!implied.contains("ModifyAllData") && !implied.contains("ManageUsers"));
    assert!(control.implied_by("ApiEnabled").is_empty());
}

#[test]
fn queries_select_every_permission_column() {
    let control = control();
    for id in ["profile", "permission-set", "muting-permission-set"] {
        let soql = control.soql(control.request(id).unwrap());
        for name in control.permissions.keys() {
            assert!(soql.contains(&format!("Permissions{name},")) || soql.contains(&format!("Permissions{name} ")));
        }
        assert!(!soql.contains('{'), "{soql}");
    }
}

/// Each edit breaks one rule of the catalogue; the message has to name the culprit.
#[test]
fn a_catalogue_that_does_not_fit_together_is_refused() {
    let cases = [
        ("range_low = 70", "range_low = 60", "6.0 to 8.9"),
        ("shows = [\"flow-disabled\"]", "shows = [\"flow-off\"]", "unknown criterion `flow-off`"),
        ("serves = [\"secret-not-exposed\"]\nurgent", "serves = [\"secret\"]\nurgent", "action `rotate` names"),
        ("path = \"network.state\"", "path = \"\"", "fact `network` lacks its path"),
        ("fixed_thresholds = [\"rsa_bits\"]", "fixed_thresholds = [\"dsa_bits\"]", "`dsa_bits` is no threshold"),
        ("criterion = \"execution-user-api-only\"", "criterion = \"api\"", "token `api-only-user`"),
        ("title = \"Control Overview\"", "title = \"Overview\"", "twelve headings"),
        ("weight = \"gate\"", "weight = \"supporting\"", "one gate"),
        ("serves = [\"practice.lifecycle\"]", "serves = [\"practice.nothing\"]", "practice.nothing"),
        ("requests = [\"login-history\", ", "requests = [\"logins\", ", "unknown request `logins`"),
        ("id = \"use-observed\"", "id = \"scopes-minimal\"", "criterion `scopes-minimal` stands twice"),
        ("[\"ViewEventLogFiles\",", "[\"ViewEventLogs\",", "ViewEventLogs"),
        ("at most {objects} objects with", "at most {things} objects with", "placeholder"),
        ("ipv4_total = 1024", "ipv4_total = 0", "threshold is 0"),
        ("needs = [\"category:bulk-read\"", "needs = [\"category:bulk\"", "category:bulk"),
        ("file = \"Profile\"", "file = \"User\"", "request file `User` stands twice"),
        ("FROM LoginHistory", "FROM Logins", "does not query `LoginHistory`"),
        ("effort = \"high\"", "effort = \"huge\"", "huge"),
        ("relation = \"direct\"", "relation = \"exact\"", "exact"),
        ("retrieved = \"2026-", "retrieved = \"26-", "no date"),
    ];
    for (from, to, complaint) in cases {
        assert!(CONTROL.contains(from), "the case `{from}` no longer meets the catalogue");
        let text = CONTROL.replacen(from, to, 1);
        match Catalogue::parse(&text, PERMISSIONS) {
            Ok(_) => panic!("`{to}` was accepted"),
            Err(error) => assert!(error.to_string().contains(complaint), "`{to}`: {error}"),
        }
    }
}

#[test]
fn unknown_keys_and_bad_tables_are_refused() {
    let unknown = CONTROL.replacen("[thresholds]", "[thresholds]\nipv5 = 1", 1);
    assert!(matches!(Catalogue::parse(&unknown, PERMISSIONS), Err(CatalogError::Control(_))));
    let level = PERMISSIONS.replacen(",H,H,H,", ",X,H,H,", 1);
    assert!(matches!(Catalogue::parse(CONTROL, &level), Err(CatalogError::Permissions(_))));
    let unversioned = PERMISSIONS.replacen("# version", "# Version", 1);
    assert!(matches!(Catalogue::parse(CONTROL, &unversioned), Err(CatalogError::PermissionsVersion)));
    let tier = PERMISSIONS.replacen(",critical,", ",deadly,", 1);
    assert!(matches!(Catalogue::parse(CONTROL, &tier), Err(CatalogError::Lint(_))));
    let twice = format!("{PERMISSIONS}{}\n", PERMISSIONS.lines().last().unwrap());
    assert!(matches!(Catalogue::parse(CONTROL, &twice), Err(CatalogError::Lint(_))));
}

/// Names between braces in a text.
fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_threat_has_its_sentence_and_no_sentence_is_left_over() {
    let control = control();
    let wording = shr::controls::wording("en").unwrap();
    let ids: BTreeSet<String> = control.threats.iter().map(|threat| format!("threat.{}", threat.id)).collect();
    let keys: BTreeSet<String> = wording.keys().filter(|key| key.starts_with("threat.")).map(str::to_owned).collect();
    assert_eq!(ids, keys);
    for threat in &control.threats {
        let text = wording.raw(&format!("threat.{}", threat.id)).unwrap();
        let names = placeholders(text);
        assert!(names.iter().all(|name| ["permissions", "user", "app"].contains(name)), "{text}");
        // A circumstance (network, secret, sharing) comes without permissions to list.
        let circumstance = threat
            .needs
            .iter()
            .all(|need| ["network:", "secret:", "user:"].iter().any(|prefix| need.starts_with(prefix)));
        assert_eq!(names.contains(&"permissions"), !circumstance, "{text}");
    }
}

/// Whoever holds a permission that reads or writes more than a few records meets at least one scenario.
#[test]
fn every_critical_permission_leads_to_a_threat() {
    let control = control();
    for (name, permission) in control.permissions.iter().filter(|(_, permission)| permission.tier == "critical") {
        let met = control.threats.iter().any(|threat| {
            threat.needs.iter().any(|need| {
                need == name || need.strip_prefix("category:").is_some_and(|category| permission.has_category(category))
            })
        });
        assert!(met, "{name}");
    }
}

#[test]
fn remediations_say_for_which_app_and_can_be_checked() {
    for way in control().remediations {
        assert!(way.steps.len() >= 5, "{}", way.id);
        assert!(way.verification.iter().any(|text| text.contains("{app}")), "{}", way.id);
    }
    let harden = control().remediation("harden").unwrap().steps.join(" ");
    for name in ["app", "user", "profile", "permission_sets", "ranges"] {
        assert!(placeholders(&harden).contains(&name), "{name}");
    }
}

/// The reasons quote numbers; they have to stay those that decide.
#[test]
fn readings_quote_the_thresholds_that_decide() {
    let control = control();
    let readings = control.readings.join("\n");
    for quote in [
        "at most 256 IPv4 addresses",
        "at most 1,024 in all",
        "At most 10 objects",
        "within 90 days",
        "at least 2,048 bits",
    ] {
        assert!(readings.contains(quote), "{quote}");
    }
}

#[test]
fn texts_are_plain_prose() {
    let control = control();
    let mut texts: Vec<&String> = control.considerations.iter().chain(&control.readings).collect();
    texts.extend(control.sections.iter().map(|section| &section.text));
    texts.extend(control.criteria.iter().flat_map(|c| [&c.title, &c.safe_when, &c.rule, &c.expected]));
    texts.extend(control.phrases.iter().map(|phrase| &phrase.text));
    texts.extend(
        control.remediations.iter().flat_map(|way| way.steps.iter().chain(&way.verification).chain(&way.side_effects)),
    );
    for text in texts {
        assert!(!text.contains("  ") && text.trim() == text, "blanks in `{text}`");
        assert!(!text.contains(['<', '>', '`', '|', '\n']), "`{text}`");
    }
}

/// The report lists what comes along with a permission; a number in the table's own text would be another count of it.
#[test]
fn no_gain_counts_what_the_report_lists() {
    for language in ["en", "de"] {
        let control = shr::controls::catalogue(language).unwrap();
        for (name, permission) in &control.permissions {
            let words: Vec<&str> = permission.gain.split_whitespace().collect();
            let counts = |pair: &&[&str]| pair[0].parse::<u32>().is_ok() && ["further", "weitere"].contains(&pair[1]);
            assert!(!words.windows(2).any(|pair| counts(&pair)), "{language}: {name}: {}", permission.gain);
        }
    }
}
