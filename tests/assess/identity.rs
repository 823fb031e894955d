//! Finding ids, the org, the digest of the snapshot.

use super::{AS_OF, Org, keys, said};
use sha2::{Digest, Sha256};
use shr::assess::{assess, finding_id};
use shr::catalogue::Catalogue;
use shr::engagement::Engagement;
use std::collections::BTreeSet;

#[test]
fn finding_ids_are_the_documented_hash() {
    // Computed with another program from the definition.
    let control = shr::controls::catalogue("en").unwrap();
    let cases = [
        ("acme", "Sync", "SHR-CCF-RCTH-3J28"),
        ("acme", "ns__Sync", "SHR-CCF-1FX3-FW8F"),
        ("acme", "sync", "SHR-CCF-D0VK-3MDC"),
        ("northwind-production", "Order_Sync", "SHR-CCF-Q9A6-QA3V"),
        ("acme", "Größe", "SHR-CCF-73AC-X4TW"),
    ];
    for (org, app, id) in cases {
        assert_eq!(finding_id(&control, org, app), id, "{org} {app}");
    }
    let a = Org::new().off("Sync").assess("");
    assert_eq!(a.findings[0].id, finding_id(&control, "acme", "Sync"));
}

#[test]
fn each_part_of_a_finding_id_counts_and_none_runs_into_the_next() {
    let mut ids = BTreeSet::new();
    for id in ["", "c", "co"] {
        let control = Catalogue { id: id.to_owned(), ..shr::controls::catalogue("en").unwrap() };
        for org in ["", "o", "or", "g"] {
            for app in ["", "g", "app", "App", "ns__App"] {
                let id = finding_id(&control, org, app);
                let shape: Vec<&str> = id.split('-').collect();
                assert!(matches!(shape[..], ["SHR", "CCF", a, b] if a.len() == 4 && b.len() == 4), "{id}");
                assert!(id[8..].chars().all(|c| c == '-' || "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(c)), "{id}");
                ids.insert(id);
            }
        }
    }
    assert_eq!(ids.len(), 3 * 4 * 5);
}

fn scoped(name: &str, id: &str) -> (String, String) {
    let xmlns = "http://soap.sforce.com/2006/04/metadata";
    let scoped = format!("<orgScopedExternalApp>{id}:{name}</orgScopedExternalApp>");
    (
        format!("force-app/{name}.eca-meta.xml"),
        format!("<ExternalClientApplication xmlns=\"{xmlns}\">{scoped}</ExternalClientApplication>"),
    )
}

#[test]
fn the_org_id_is_the_one_that_the_snapshot_shows() {
    const ONE: &str = "00Dxx0000001gPf";
    const LONG: &str = "00Dxx0000001gPfEAI";
    const TWO: &str = "00Dxx0000001gPgEAI";
    let differs = "assess.limitation.org-id-differs";
    let several = "assess.limitation.several-org-ids";
    type Case<'a> = (&'a [&'a str], &'a str, &'a str, &'a [&'a str]);
    let cases: &[Case<'_>] = &[
        (&[], "", "", &[]),
        (&[], ONE, LONG, &[]),
        (&[ONE], "", LONG, &[]),
        (&[ONE, LONG], "", LONG, &[]),
        (&[ONE], LONG, LONG, &[]),
        (&[ONE], TWO, LONG, &[differs]),
        (&[ONE, TWO], "", "", &[several]),
        (&[ONE, TWO], TWO, TWO, &[several]),
        (&[ONE, TWO], "00Dxx0000001gPhEAI", "00Dxx0000001gPhEAI", &[differs, several]),
    ];
    for (n, (seen, declared, id, limits)) in cases.iter().enumerate() {
        let mut org = Org::new();
        for (i, seen) in seen.iter().enumerate() {
            let (path, text) = scoped(&format!("App{i}"), seen);
            org = org.file(&path, text);
        }
        let engagement =
            if declared.is_empty() { String::new() } else { format!("[[org]]\nkey = \"acme\"\nid = \"{declared}\"\n") };
        let a = org.assess(&engagement);
        assert_eq!((n, a.org.id.as_str()), (n, *id));
        let said_keys: Vec<&str> = keys(&a.limitations).into_iter().filter(|key| key.contains("org-id")).collect();
        assert_eq!((n, said_keys), (n, limits.to_vec()));
        for message in a.limitations.iter().filter(|message| message.key == several) {
            assert!(said(message).contains(LONG) && said(message).contains(TWO), "{}", said(message));
        }
    }
}

#[test]
fn facts_about_the_org_are_the_declared_ones() {
    let undeclared = Org::new().off("A").assess("").org;
    assert_eq!((&*undeclared.key, undeclared.source.as_str()), ("acme", "acme-folder"));
    assert_eq!((undeclared.environment.as_str(), undeclared.snapshot_at), ("unknown", None));
    let other = "[[org]]\nkey = \"other\"\nname = \"Other\"\nenvironment = \"sandbox\"\n";
    assert_eq!(Org::new().off("A").assess(other).org, undeclared, "facts of another org");
    let facts = "[[org]]\nkey = \"acme\"\nname = \"Acme Ltd\"\nenvironment = \"sandbox\"\n\
                 snapshot_at = 2026-11-20\nextracted_by = \"Ada\"\nrequest = \"R-1\"\n";
    let org = Org::new().off("A").assess(facts).org;
    assert_eq!((org.name.as_str(), org.environment.as_str()), ("Acme Ltd", "sandbox"));
    assert_eq!((org.extracted_by.as_str(), org.request.as_str()), ("Ada", "R-1"));
    assert_eq!(org.snapshot_at, Some(jiff::civil::date(2026, 11, 20)));
    assert_eq!(org.digest, undeclared.digest, "what people say is not part of the snapshot");
}

#[test]
fn the_digest_is_that_of_the_lines_that_sha256sum_prints() {
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
    let org = Org::new().off("B").off("A").manifest().file("ignored.txt", "not read");
    let a = org.assess("");
    let lines: String = a.inputs.iter().map(|input| format!("{}  {}\n", input.sha256, input.path)).collect();
    assert_eq!(a.org.digest, hex(lines.as_bytes()));
    let mut shuffled = org.snapshot();
    shuffled.inputs.reverse();
    let b = assess(&shuffled, &shr::controls::catalogue("en").unwrap(), &Engagement::default(), "acme", AS_OF);
    assert_eq!((b.org.digest, b.inputs), (a.org.digest.clone(), a.inputs.clone()), "in path order, come what may");
    let paths: Vec<&str> = a.inputs.iter().map(|input| input.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "force-app/A.ecaOauthPlcy-meta.xml",
            "force-app/B.ecaOauthPlcy-meta.xml",
            "package.xml",
            "profiles/Beside.profile"
        ]
    );
    assert_ne!(org.clone().on("A").assess("").org.digest, a.org.digest, "one other byte");
    assert_eq!(org.file("ignored.txt", "other").assess("").org.digest, a.org.digest, "files that are not read");
}
