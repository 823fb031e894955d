//! The engagement file: what is read, and how faults are told.

use jiff::civil::date;
use shr::engagement::{Engagement, EngagementError};
use shr::model::DispositionKind;
use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("../templates/engagement.toml");

#[allow(clippy::panic)]
fn read(text: &str) -> Engagement {
    Engagement::parse(text, "e.toml", &shr::controls::known()).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[allow(clippy::panic)]
fn faults(text: &str) -> Vec<EngagementError> {
    match Engagement::parse(text, "e.toml", &shr::controls::known()) {
        Ok(_) => panic!("accepted: {text}"),
        Err(faults) => faults,
    }
}

/// The template with its examples switched on.
fn uncommented() -> String {
    let example = |line: &str| {
        line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', '#']) && !rest.is_empty()).map(str::to_owned)
    };
    TEMPLATE.lines().map(|line| example(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

#[test]
fn the_template_as_written_says_nothing() {
    let engagement = read(TEMPLATE);
    assert!(engagement.orgs.is_empty() && engagement.attestations.is_empty() && engagement.dispositions.is_empty());
    assert_eq!(engagement.document, shr::model::Document::default());
    assert!(engagement.thresholds.is_empty());
}

#[test]
#[allow(clippy::panic)]
fn every_example_of_the_template_is_read() {
    let engagement = read(&uncommented());
    assert_eq!(engagement.sensitive_objects, ["Payroll__c", "Contract__c"]);
    assert_eq!(engagement.theme.as_deref(), Some("theme.toml"));

    let document = &engagement.document;
    let texts = [
        &document.client,
        &document.title,
        &document.prepared_for,
        &document.prepared_by,
        &document.reviewer,
        &document.approver,
        &document.version,
        &document.classification,
    ];
    assert!(texts.iter().all(|text| !text.is_empty()), "{document:?}");

    let org = &engagement.orgs["example-production"];
    assert_eq!((org.id.as_str(), org.snapshot.as_str()), ("00Dxx0000000001EAA", "example-2026-11-20"));
    assert_eq!(org.snapshot_at, Some(date(2026, 11, 20)));
    assert_eq!(org.expected.get("ObjectPermissions"), Some(&20_411));
    assert_eq!(org.expected.len(), 3);

    let exclusion = &engagement.exclusions[0];
    assert_eq!((exclusion.app.as_str(), exclusion.criterion.as_str()), ("Retired_App", "use-observed"));
    assert!(uncommented().lines().nth(exclusion.line as usize - 1).unwrap().starts_with("[[exclude]]"));

    let [rate, watched, governance, of_sheet] = engagement.attestations.as_slice() else {
        panic!("{:?}", engagement.attestations)
    };
    assert!(rate.met && rate.details.is_empty());
    assert_eq!((rate.on, rate.expires), (Some(date(2026, 11, 10)), Some(date(2027, 5, 10))));
    assert_eq!((watched.about.control.as_str(), watched.criterion.as_str()), ("ca-ccf", "api-monitored"));
    assert_eq!(engagement.facts[0].run_as, "svc.orders@client.example.com");
    assert_eq!(governance.details.len(), 5);
    assert_eq!(governance.details["rotated_on"], "2026-10-01");

    assert_eq!((of_sheet.about.control.as_str(), of_sheet.about.kind.as_str()), ("ca-creation", "org"));
    assert_eq!(engagement.exclusions[1].about.control, "eca-id-token");
    assert_eq!(engagement.facts[0].kind, "connected_app");
    assert_eq!(engagement.strict, shr::engagement::Strict::Some(vec!["org-oauth-oidc".into(), "eca-pkce".into()]));

    let disposition = &engagement.dispositions[0];
    assert_eq!(disposition.kind, DispositionKind::AcceptRisk);
    assert_eq!(disposition.expires, Some(date(2027, 3, 31)));
    assert!(uncommented().lines().nth(disposition.line as usize - 1).unwrap().starts_with("[[disposition]]"));

    let response = &engagement.responses[0];
    assert!(!response.cause.is_empty() && !response.response.is_empty());

    let control = shr::controls::catalogue("en").unwrap();
    let free = control.thresholds.named().filter(|(name, _)| !control.fixed_thresholds.iter().any(|one| one == name));
    let wanted: BTreeMap<String, u64> = free.map(|(name, value)| (name.to_owned(), value)).collect();
    assert_eq!(engagement.thresholds, wanted, "the template shows the catalogue's own numbers");
}

#[test]
fn entries_name_controls_by_either_id_and_mean_the_first_without_one() {
    let page = shr::controls::catalogue("en").unwrap().id;
    let text = format!(
        "[[disposition]]\napp = \"A\"\nkind = \"na\"\n[[disposition]]\napp = \"A\"\nkind = \"na\"\ncontrol = \"{page}\"\napp_kind = \"eca\"\n\
         [[exclude]]\ncontrol = \"eca-ccf\"\nby = \"b\"\nwhy = \"w\"\n[family]\nstrict = true\n\
         [[fact]]\napp = \"C\"\nkind = \"connected_app\"\nrun_as = \"svc@client.example.com\"\nby = \"b\"\n"
    );
    let engagement = read(&text);
    let about: Vec<_> = engagement.dispositions.iter().map(|one| &one.about).collect();
    assert!(about.iter().all(|about| about.is_of("eca-ccf-policies", "eca")), "{about:?}");
    assert_eq!((about[0].kind.as_str(), about[1].kind.as_str()), ("", "eca"));
    assert!(engagement.exclusions[0].about.is_of_sheet("eca-ccf", "eca"));
    assert!(!engagement.exclusions[0].about.is_of_sheet("eca-pkce", "eca"));
    assert_eq!(engagement.strict, shr::engagement::Strict::All);
    assert_eq!(engagement.facts[0].run_as, "svc@client.example.com");
    assert_eq!(read("[family]\nstrict = []\n").strict, shr::engagement::Strict::Some(Vec::new()));
}

#[test]
fn the_template_names_every_criterion_that_a_person_can_answer() {
    for criterion in shr::controls::catalogue("en").unwrap().criteria.iter().filter(|criterion| criterion.attestable) {
        assert!(TEMPLATE.contains(criterion.id.as_str()), "{}", criterion.id);
    }
}

/// Text, line, column, part of the message, part of the hint.
const BAD: &[(&str, u32, u32, &str, &str)] = &[
    ("[document]\nclint = \"A\"\n", 2, 1, "unknown key `clint` in [document]", "`client`"),
    ("[[orgs]]\nkey = \"a\"\n", 1, 3, "unknown key `orgs`", "`org`"),
    ("zzzzzz = 1\n", 1, 1, "unknown key `zzzzzz`", "known are: document"),
    ("[[org]]\nname = \"A\"\n", 1, 1, "[[org]] needs `key`", "add key"),
    ("[[org]]\nkey = \"../a\"\n", 2, 7, "cannot be an org key", "folder"),
    ("[[org]]\nkey = \".hidden\"\n", 2, 7, "cannot be an org key", "folder"),
    ("[[org]]\nkey = \"a\"\n[[org]]\nkey = \"a\"\n", 4, 7, "stands twice; the first time on line 2", "of its own"),
    ("[[org]]\nkey = \"a\"\nid = \"005xx0000000001\"\n", 3, 6, "no organisation id", "00D"),
    ("[[org]]\nkey = \"a\"\nenvironment = \"prod\"\n", 3, 15, "unknown environment `prod`", "production"),
    ("[[org]]\nkey = \"a\"\nenvironment = \"sanbox\"\n", 3, 15, "unknown environment `sanbox`", "`sandbox`"),
    ("[[org]]\nkey = \"a\"\nsnapshot_at = \"03/04/2026\"\n", 3, 15, "no calendar day: `03/04/2026`", "2026-11-30"),
    ("[[org]]\nkey = \"a\"\nsnapshot_at = 2026-11-20T10:00:00Z\n", 3, 15, "no calendar day", "2026-11-30"),
    ("[[org]]\nkey = \"a\"\nsnapshot_at = \"2026-02-30\"\n", 3, 15, "no calendar day", "2026-11-30"),
    ("[[org]]\nkey = \"a\"\nexpected = { Users = 3 }\n", 3, 14, "`Users` is no object", "`User`"),
    ("[[org]]\nkey = \"a\"\nexpected = { User = -3 }\n", 3, 21, "out of range", "at least 0"),
    (
        "[[org]]\nkey = \"a\"\nexpected = { User = \"3\" }\n",
        3,
        21,
        "`User` in [org.expected] is of type string",
        "whole number",
    ),
    ("[[exclude]]\napp = \"A\"\nby = \"B\"\n", 1, 1, "[[exclude]] needs `why`", "add why"),
    ("[[exclude]]\nby = \"B\"\nwhy = \"C\"\n", 1, 1, "names neither app nor criterion", "name an app"),
    (
        "[[exclude]]\ncriterion = \"use-observd\"\nby = \"B\"\nwhy = \"C\"\n",
        2,
        13,
        "unknown criterion `use-observd`",
        "`use-observed`",
    ),
    (
        "[[attest]]\ncriterion = \"flow-disabled\"\nmet = true\nstatement = \"s\"\nby = \"b\"\n",
        2,
        13,
        "judged on exports alone",
        "governance-recorded",
    ),
    ("[[attest]]\ncriterion = \"scopes-minimal\"\nstatement = \"s\"\nby = \"b\"\n", 1, 1, "needs `met`", "met = true"),
    (
        "[[attest]]\ncriterion = \"scopes-minimal\"\nmet = \"yes\"\nstatement = \"s\"\nby = \"b\"\n",
        3,
        7,
        "of type string",
        "true or false",
    ),
    (
        "[[attest]]\ncriterion = \"scopes-minimal\"\nmet = true\nstatement = \"s\"\nby = \"b\"\n[attest.details]\nowner = \"o\"\n",
        7,
        9,
        "`owner` is no detail of `scopes-minimal`",
        "only governance-recorded",
    ),
    (
        "[[attest]]\ncriterion = \"governance-recorded\"\nmet = true\nstatement = \"s\"\nby = \"b\"\ndetails = { rotated = \"o\" }\n",
        6,
        23,
        "`rotated` is no detail",
        "rotated_on",
    ),
    (
        "[[attest]]\ncriterion = \"governance-recorded\"\nmet = true\nstatement = \"s\"\nby = \"b\"\ndetails = { rotated_on = \"May\" }\n",
        6,
        26,
        "no calendar day: `May`",
        "2026-11-30",
    ),
    ("[[disposition]]\napp = \"A\"\nkind = \"accept risc\"\n", 3, 8, "unknown decision `accept risc`", "`accept_risk`"),
    ("[[disposition]]\nkind = \"accept risk\"\n", 1, 1, "[[disposition]] needs `app`", "add app"),
    (
        "[[disposition]]\napp = \"A\"\nkind = \"na\"\non = 2026-05-01\nexpires = 2026-04-30\n",
        5,
        11,
        "lies before `on` 2026-05-01",
        "",
    ),
    (
        "[[disposition]]\napp = \"A\"\nkind = \"na\"\ncontrol = \"shr_x\"\n",
        4,
        11,
        "unknown control `shr_x`",
        "eca-ccf-policies",
    ),
    ("[[exclude]]\ncontrol = \"sheet\"\nby = \"b\"\nwhy = \"w\"\n", 1, 1, "neither app nor criterion", "name an app"),
    (
        "[[attest]]\ncontrol = \"eca-ccf\"\ncriterion = \"x\"\nmet = true\nstatement = \"s\"\nby = \"b\"\n",
        3,
        13,
        "`eca-ccf` has no criteria",
        "leave `criterion` out",
    ),
    (
        "[[attest]]\ncontrol = \"eca-ccf\"\nkind = \"app\"\nmet = true\nstatement = \"s\"\nby = \"b\"\n",
        3,
        8,
        "unknown kind `app`",
        "eca",
    ),
    ("[[fact]]\napp = \"A\"\nby = \"b\"\n", 1, 1, "[[fact]] states nothing", "run_as"),
    ("[[fact]]\napp = \"A\"\nby = \"b\"\nclient = \"secret\"\n", 4, 10, "unknown client `secret`", "private"),
    (
        "[[fact]]\napp = \"A\"\nkind = \"org\"\nby = \"b\"\nclient = \"public\"\n",
        3,
        8,
        "unknown kind `org`",
        "connected_app",
    ),
    ("[family]\nstrict = [\"eca-cff\"]\n", 2, 10, "unknown sheet control `eca-cff`", "`eca-ccf`"),
    ("[family]\nstrict = 1\n", 2, 10, "of type integer", "true or false"),
    ("[[response]]\napp = \"A\"\n", 1, 1, "says nothing", "cause"),
    ("[thresholds]\nobjects = 0\n", 2, 11, "`objects` in [thresholds] is out of range", "at least 1"),
    ("[thresholds]\nrotation_days = -1\n", 2, 17, "out of range", "at least 1"),
    ("[thresholds]\nrsa_bits = 1024\n", 2, 1, "unknown key `rsa_bits`", "ipv4_range"),
    ("sensitive_objects = \"Payroll__c\"\n", 1, 21, "of type string", "a list"),
    ("sensitive_objects = [\"A\", 3]\n", 1, 27, "no name", "in quotes"),
    ("document = 3\n", 1, 12, "of type integer", "[document]"),
    ("org = { key = \"a\" }\n", 1, 7, "of type table", "[[org]] above each entry"),
    ("[document]\nclient = \"Ä\", oops\n", 2, 13, "", ""),
    ("\u{feff}[document]\nclint = \"A\"\n", 2, 1, "unknown key `clint`", "`client`"),
    ("[document]\n\"cl\\u001bient\" = \"A\"\n", 2, 1, "unknown key `cl\\u{1b}ient`", "`client`"),
];

#[test]
fn faults_have_a_place_and_a_hint() {
    for (text, line, column, message, hint) in BAD {
        let faults = faults(text);
        let found = faults.iter().any(|fault| {
            (fault.line, fault.column) == (*line, *column)
                && fault.message.contains(message)
                && fault.hint.contains(hint)
        });
        assert!(found, "{text}\nwanted {line}:{column} {message} ({hint})\nfound {faults:#?}");
        for fault in &faults {
            let shown = fault.to_string();
            assert!(shown.starts_with("e.toml:") && !shown.chars().any(char::is_control), "{shown}");
        }
    }
}

#[test]
fn all_faults_are_told_at_once_in_order() {
    let text =
        "[document]\nclint = 1\nfinal = \"no\"\n\n[[disposition]]\napp = \"A\"\nkind = \"maybe\"\nexpires = \"soon\"\n";
    let lines: Vec<_> = faults(text).iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3, 7, 8]);
}

#[test]
fn columns_count_characters() {
    let [fault] = faults("document = { client = \"Ümläut\", tytle = \"x\" }\n").try_into().unwrap();
    assert_eq!((fault.line, fault.column), (1, 33));
    assert_eq!(fault.to_string(), "e.toml:1:33: unknown key `tytle` in [document]");
}

#[test]
fn decisions_may_be_spelt_in_several_ways() {
    let spellings = [
        ("accept risk", DispositionKind::AcceptRisk),
        ("Accept Risk", DispositionKind::AcceptRisk),
        ("accept_risk", DispositionKind::AcceptRisk),
        ("risk-accepted", DispositionKind::AcceptRisk),
        ("Mitigated by Alternative Control", DispositionKind::Mitigated),
        ("mitigated", DispositionKind::Mitigated),
        ("N/A", DispositionKind::NotApplicable),
        ("not applicable", DispositionKind::NotApplicable),
        ("False Positive", DispositionKind::FalsePositive),
    ];
    for (spelling, kind) in spellings {
        let engagement = read(&format!("[[disposition]]\napp = \"A\"\nkind = \"{spelling}\"\n"));
        assert_eq!(engagement.dispositions[0].kind, kind, "{spelling}");
    }
    for kind in DispositionKind::ALL {
        let engagement = read(&format!("[[disposition]]\napp = \"A\"\nkind = \"{}\"\n", kind.word()));
        assert_eq!(engagement.dispositions[0].kind, *kind);
    }
}

#[test]
fn an_acceptance_that_lacks_something_is_read_all_the_same() {
    let engagement = read("[[disposition]]\napp = \"A\"\nkind = \"accept risk\"\n");
    let entry = &engagement.dispositions[0];
    assert!(entry.rationale.is_empty() && entry.approver.is_empty() && entry.expires.is_none());
}

#[test]
fn toml_spellings_of_numbers_are_understood() {
    let thresholds = read("[thresholds]\nipv4_total = 65_536\nipv4_range = 0x100\n").thresholds;
    assert_eq!((thresholds["ipv4_total"], thresholds["ipv4_range"]), (65_536, 256));
}

#[test]
fn an_empty_file_is_an_empty_engagement() {
    for text in ["", "\n", "# nothing\n", "\u{feff}"] {
        assert!(read(text).orgs.is_empty());
    }
}

#[test]
fn hostile_files_give_faults_and_no_panic() {
    let deep = format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let hostile =
        [deep.as_str(), "= = =", "[", "[[org]", "\u{0}", "a = \"\u{202e}\"", "[org]\nkey = 1", "org = [1, \"x\", {}]"];
    for text in hostile {
        assert!(!faults(text).is_empty());
    }
}

mod random {
    use super::{Engagement, uncommented};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Whatever is cut out of the file or put into it: an answer or faults inside the file, never a panic.
        #[test]
        fn damaged_files_are_refused_or_read(cuts in prop::collection::vec((0.0..1.0f64, 0usize..40, ".{0,6}"), 1..5)) {
            let mut chars: Vec<char> = uncommented().chars().collect();
            for (at, length, put) in cuts {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
                let start = (chars.len() as f64 * at) as usize;
                let end = (start + length).min(chars.len());
                chars.splice(start..end, put.chars());
            }
            let text: String = chars.into_iter().collect();
            if let Err(faults) = Engagement::parse(&text, "e.toml", &shr::controls::known()) {
                prop_assert!(!faults.is_empty());
                let lines = text.split('\n').count();
                for fault in faults {
                    prop_assert!(fault.line >= 1 && fault.line as usize <= lines && fault.column >= 1);
                    prop_assert!(!fault.to_string().chars().any(char::is_control), "{}", fault);
                }
            }
        }
    }
}
