//! Grants folded by path, rights on objects, and steps that fit the app.

use super::{fixture, written};
use crate::samples::{AS_OF, engagement, key, samples, snapshot};
use shr::model::{Assessment, Grant, GrantStep, HeldRight, Impact, ObjectRights, Right, Ways};
use std::collections::BTreeSet;

fn grant(name: &str, implies: &[&str], paths: &[&[(&str, &str, &str)]]) -> Grant {
    let step = |(what, name, evidence): &(&str, &str, &str)| GrantStep {
        what: (*what).into(),
        name: (*name).into(),
        evidence: (*evidence).into(),
        item: None,
    };
    Grant {
        name: name.into(),
        label: name.into(),
        tier: "critical".into(),
        category: String::new(),
        impact: Impact::NONE,
        on_activation: false,
        implies: implies.iter().map(|i| (*i).to_owned()).collect(),
        paths: paths.iter().map(|path| path.iter().map(step).collect()).collect(),
    }
}

#[test]
fn copies_of_a_container_are_one_way_with_both_places() {
    let grants = [
        grant(
            "A",
            &["X", "Y"],
            &[
                &[("permission", "A", "EV-9"), ("profile", "P", "EV-2"), ("user", "u", "EV-7")],
                &[("permission", "A", "EV-8"), ("profile", "P", "EV-1"), ("user", "u", "EV-7")],
            ],
        ),
        grant("B", &["Y", "Z"], &[&[("permission", "B", "EV-6"), ("group", "G", "EV-3"), ("user", "u", "EV-7")]]),
        grant("C", &[], &[&[("permission", "C", "EV-5"), ("profile", "P", ""), ("user", "u", "")], &[]]),
    ];
    let folded = Ways::of(&grants);
    let evidence = |way: usize, step: usize| folded.ways[way].steps[step].evidence.clone();
    assert_eq!(folded.ways.len(), 2);
    assert_eq!(evidence(0, 0), ["EV-1", "EV-2"]);
    assert_eq!(evidence(0, 1), ["EV-7"]);
    let held: Vec<(&[usize], Vec<&str>)> =
        folded.held.iter().map(|h| (h.ways.as_slice(), h.brings.iter().map(String::as_str).collect())).collect();
    assert_eq!(held, [(&[1][..], vec!["X", "Y"]), (&[2][..], vec!["Z"]), (&[1][..], vec![])]);
    assert_eq!(folded.held[0].evidence, ["EV-9", "EV-8"]);
    assert_eq!(folded.cited().collect::<BTreeSet<_>>().len(), 8);
}

fn assessed(sample: &str) -> Assessment {
    let control = shr::controls::catalogue("en").unwrap();
    shr::assess::assess(&snapshot(&samples().join(sample)), &control, &engagement(), key(sample), AS_OF)
}

#[test]
fn every_place_of_a_grant_is_in_the_ways_and_in_the_register() {
    let assessment = assessed("halden-prod");
    let known: BTreeSet<&str> = assessment.evidence.iter().map(|e| e.id.as_str()).collect();
    for finding in &assessment.findings {
        let folded = Ways::of(&finding.rights.grants);
        let cited: BTreeSet<&str> = folded.cited().collect();
        let steps = finding.rights.grants.iter().flat_map(|g| g.paths.iter().flatten());
        let all: BTreeSet<&str> = steps.map(|s| s.evidence.as_str()).collect();
        assert_eq!(cited, all, "{}", finding.subject.api_name);
        let rights = finding.rights.object_rights.iter().flat_map(|o| &o.rights);
        let places: Vec<&String> = rights.flat_map(|held| &held.evidence).collect();
        assert!(places.iter().all(|id| known.contains(id.as_str())), "{}", finding.subject.api_name);
        let named: Vec<&String> = finding.rights.object_rights.iter().map(|o| &o.object).collect();
        assert_eq!(named, finding.rights.objects.iter().collect::<Vec<_>>());
        assert!(finding.rights.object_rights.iter().all(|o| o.rights.iter().all(|r| !r.evidence.is_empty())));
    }
}

#[test]
fn the_proposed_set_grants_what_is_held_less_what_ignores_sharing() {
    let control = shr::controls::catalogue("en").unwrap();
    let held = |right: Right| HeldRight { right, on_activation: false, evidence: vec![], items: vec![] };
    for (rights, create, edit, delete) in [
        (&[Right::Read] as &[Right], false, false, false),
        (&[Right::Read, Right::Create], true, false, false),
        (&[Right::Read, Right::Edit, Right::ViewAll], false, true, false),
        (&[Right::Delete], false, true, false),
        (&[Right::ModifyAll], false, true, false),
        (&[Right::ViewAllFields], false, false, false),
    ] {
        let mut assessment = fixture::assessment(&control);
        let finding = assessment.findings.iter_mut().find(|f| f.subject.api_name == "Ledger_Sync").unwrap();
        let rights = rights.iter().copied().map(held).collect();
        std::sync::Arc::make_mut(&mut finding.rights).object_rights =
            vec![ObjectRights { object: "Crew__c".into(), rights }];
        let text = written(&assessment);
        let snippet = text.split("<objectPermissions>").nth(1).unwrap().split("</objectPermissions>").next().unwrap();
        for (flag, on) in [
            ("allowCreate", create),
            ("allowEdit", edit),
            ("allowDelete", delete),
            ("allowRead", true),
            ("modifyAllRecords", false),
            ("viewAllRecords", false),
        ] {
            assert!(snippet.contains(&format!("<{flag}>{on}</{flag}>")), "{flag} {on}: {snippet}");
        }
        assert!(snippet.contains("<object>Crew__c</object>"));
        assert!(text.contains("The export is incomplete: the user holds at least these rights."));
    }
}

#[test]
fn steps_fit_the_app_in_both_languages() {
    let assessment = assessed("halden-prod");
    for (language, shared, unchanged) in
        [("en", "it also serves Order_Intake", "reach"), ("de", "das Konto dient auch Order_Intake", "erreicht")]
    {
        let (control, words) = (shr::controls::catalogue(language).unwrap(), shr::controls::wording(language).unwrap());
        let model = shr::report::build(&assessment, &control, &words);
        let way =
            |api: &str| model.findings.iter().find(|f| f.api_name == api).unwrap().recommendation.clone().unwrap();
        let admin = way("Rate_Card_Publisher");
        assert!(admin.steps[0].contains(shared), "{}", admin.steps[0]);
        assert!(admin.object_notes[0].contains(unchanged), "{:?}", admin.object_notes);
        // Two apps with users of their own: no new user is asked for.
        let loader = way("Data_Warehouse_Loader");
        assert!(loader.steps.iter().any(|step| step.contains("svc.warehouse@")), "{:#?}", loader.steps);
        assert!(!loader.steps.iter().any(|step| step.contains(shared)));
        for finding in &model.findings {
            let Some(way) = &finding.recommendation else { continue };
            let texts = way.steps.iter().chain(&way.side_effects).chain(&way.verification);
            for text in texts {
                assert!(!text.contains(['{', '⟨']), "{}: {text}", finding.api_name);
            }
        }
    }
}
