//! One org, or a folder of orgs.

use shr::ingest;
use shr::ingest::{Discovery, discover};
use shr::source::{Limits, Source, SourceError};
use std::path::{Path, PathBuf};

struct Tree(PathBuf);

impl Tree {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let root = std::env::temp_dir().join(format!("shr-discover-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).unwrap();
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self(root)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_lies_in_a_folder_decides() {
    let one: &[&[(&str, &str)]] = &[
        &[("sfdx-project.json", "{}"), ("other/x.txt", "")],
        &[("package.xml", "<Package/>")],
        &[("force-app/main/x.txt", "")],
        &[("src/x.txt", "")],
        &[("unpackaged/x.txt", "")],
        &[("profiles/x.txt", "")],
        &[("Admin.profile", "<Profile/>"), ("a/x.txt", "")],
        &[("User.csv", ""), ("a/x.txt", "")],
        &[("u.json", "{\"records\":[{\"attributes\":{\"type\":\"User\",\"url\":\"/u\"}}]}"), ("a/x.txt", "")],
    ];
    for (n, files) in one.iter().enumerate() {
        let tree = Tree::new(&format!("one{n}"), files);
        let found = discover(tree.path(), &Limits::default()).unwrap();
        assert_eq!(found.roots.len(), 1, "{files:?}");
        assert_eq!(found.roots[0].path, tree.path(), "{files:?}");
        assert!(found.decision.contains("one org"), "{}", found.decision);
    }
    let files = [
        ("zeta/User.csv", ""),
        ("alpha/x.txt", ""),
        (".git/x", ""),
        ("node_modules/x", ""),
        ("notes.json", "{}"),
        ("readme.csv", "a,b\n"),
    ];
    let tree = Tree::new("many", &files);
    let found = discover(tree.path(), &Limits::default()).unwrap();
    assert_eq!(found.roots.iter().map(|root| root.name.as_str()).collect::<Vec<_>>(), ["zeta"]);
    assert_eq!(found.passed_over, ["alpha"]);
    assert!(found.decision.contains("1 in all"), "{}", found.decision);
}

#[test]
fn a_folder_and_a_zip_of_it_are_the_same_org() {
    let files = [
        ("org/force-app/profiles/Admin.profile-meta.xml", "<Profile><userLicense>Salesforce</userLicense></Profile>"),
        ("org/.hidden/Bad.profile", "<"),
        ("org/force-app/node_modules/Bad.profile", "<"),
        ("org/User.csv", "Id,Username,IsActive\n005xx0000000001,a@example.com,true\n"),
    ];
    let tree = Tree::new("zip", &files);
    let mut writer = zip::ZipWriter::new(std::fs::File::create(tree.path().join("packed.zip")).unwrap());
    for (path, text) in files {
        writer.start_file(path.trim_start_matches("org/"), zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    let read = |name: &str| {
        let found = discover(&tree.path().join(name), &Limits::default()).unwrap();
        let source = Source::open(&found.roots[0].path, &Limits::default()).unwrap();
        let mut s = ingest::read(&source, &Limits::default()).unwrap();
        assert_eq!(s.name, name.trim_end_matches(".zip"));
        assert_eq!((s.problems.len(), s.inputs.len(), s.ignored_files), (0, 2, 0), "{:?}", s.problems);
        s.name.clear();
        format!("{s:?}")
    };
    assert_eq!(read("org"), read("packed.zip"));
    let both = discover(tree.path(), &Limits::default()).unwrap();
    assert_eq!(both.roots.iter().map(|root| root.name.as_str()).collect::<Vec<_>>(), ["org", "packed"]);
}

#[test]
fn what_is_no_snapshot_is_refused() {
    let tree = Tree::new("none", &[("a.txt", "x"), ("empty/.keep", "")]);
    assert!(matches!(discover(&tree.path().join("a.txt"), &Limits::default()), Err(SourceError::NotASnapshot { .. })));
    assert!(matches!(discover(&tree.path().join("empty"), &Limits::default()), Err(SourceError::Empty { .. })));
    assert!(matches!(discover(&tree.path().join("gone"), &Limits::default()), Err(SourceError::Io { .. })));
    assert!(matches!(
        Source::open(&tree.path().join("a.txt"), &Limits::default()),
        Err(SourceError::NotASnapshot { .. })
    ));
}

const ECA: &str = "<ExternalClientApplication><label>Tide</label></ExternalClientApplication>";
const USERS: &str = "Id,Username,IsActive\n005xx0000000001,a@example.com,true\n";

/// Writes an archive into a tree.
fn pack(tree: &Tree, name: &str, files: &[(&str, &str)]) {
    let path = tree.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut writer = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (path, text) in files {
        writer.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
}

fn names(found: &Discovery) -> Vec<&str> {
    found.roots.iter().map(|root| root.name.as_str()).collect()
}

fn read(path: &Path) -> shr::snapshot::Snapshot {
    ingest::read(&Source::open(path, &Limits::default()).unwrap(), &Limits::default()).unwrap()
}

fn passed(s: &shr::snapshot::Snapshot) -> Vec<String> {
    s.passed_over.iter().map(|one| format!("{}: {}", one.what.word(), one.path)).collect()
}

#[test]
fn folders_without_a_known_file_are_no_orgs() {
    let files = [
        ("app/force-app/Tide.eca", ECA),
        ("docs/start.md", "# Start"),
        ("scripts/seed.json", "{\"rows\": 3}"),
        ("scripts/table.csv", "a,b\n1,2\n"),
    ];
    let tree = Tree::new("beside", &files);
    let found = discover(tree.path(), &Limits::default()).unwrap();
    assert_eq!((names(&found), found.passed_over.join(" ")), (vec!["app"], "docs scripts".to_owned()));
    let keys: Vec<_> = found.roots[0].decisions.iter().map(|said| &*said.key).collect();
    assert_eq!(keys, ["decision.child", "decision.passed-over"]);

    let tree = Tree::new("nothing", &[("notes/a.txt", "x"), ("logo.txt", "x"), ("data/a.csv", "a,b\n")]);
    let error = discover(tree.path(), &Limits::default()).unwrap_err();
    assert!(matches!(error, SourceError::Empty { .. }) && error.hint().contains("User.json"), "{error}");
}

#[test]
fn two_halves_of_an_export_are_one_org() {
    let zip: &[(&str, &str)] = &[("unpackaged/Tide.eca", ECA)];
    type Case = (&'static str, &'static [(&'static str, &'static str)], Option<&'static str>, usize);
    let cases: &[Case] = &[
        ("archive and folder", &[("records/User.csv", USERS)], Some("unpackaged.zip"), 1),
        ("archive and folder of any name", &[("acme/u.csv", USERS)], Some("acme.zip"), 1),
        (
            "archive and two folders called so",
            &[("records/User.csv", USERS), ("logs/LoginHistory.csv", "Id,UserId\n")],
            Some("m.zip"),
            1,
        ),
        ("two folders, one called so", &[("retrieved/Tide.eca", ECA), ("Exports/User.csv", USERS)], None, 1),
        ("two folders of two orgs", &[("acme/Tide.eca", ECA), ("beta/User.csv", USERS)], None, 2),
        (
            "an archive and two orgs' records",
            &[("beta/User.csv", USERS), ("gamma/User.csv", USERS)],
            Some("acme.zip"),
            3,
        ),
        ("metadata on both sides", &[("records/User.csv", USERS), ("records/Tide.eca", ECA)], Some("acme.zip"), 2),
    ];
    for (name, files, archive, orgs) in cases {
        let tree = Tree::new(&format!("halves-{}", name.replace([' ', ',', '\''], "-")), files);
        if let Some(archive) = archive {
            pack(&tree, archive, zip);
        }
        let found = discover(tree.path(), &Limits::default()).unwrap();
        assert_eq!(found.roots.len(), *orgs, "{name}: {found:?}");
        if *orgs == 1 {
            assert_eq!(found.roots[0].path, tree.path(), "{name}");
            let s = read(tree.path());
            assert_eq!((s.apps.len(), s.access.users.len()), (1, s.access.users.len().max(1)), "{name}");
            assert_eq!((s.problems.len(), passed(&s).len()), (0, 0), "{name}: {:?}", s.problems);
        }
    }
}

#[test]
fn one_archive_beside_exports_is_read_and_any_other_is_named() {
    let zip: &[(&str, &str)] = &[("unpackaged/Tide.eca", ECA), ("unpackaged/profiles/A.profile", "<Profile/>")];
    let tree = Tree::new("mounted", &[("User.csv", USERS), ("notes.txt", "x")]);
    pack(&tree, "in/unpackaged.zip", zip);
    pack(&tree, "pictures.zip", &[("a.png", "x")]);
    let s = read(tree.path());
    assert_eq!(
        (s.apps.len(), s.access.users.len(), passed(&s).len(), s.problems.len()),
        (1, 1, 0, 0),
        "{:?}",
        s.problems
    );
    assert_eq!(s.apps["Tide"].sources[0].at.path.as_ref(), "in/unpackaged.zip/unpackaged/Tide.eca");
    assert_eq!(s.decisions[0].key, "decision.mounted");

    let two = Tree::new("two-archives", &[("User.csv", USERS)]);
    pack(&two, "a.zip", zip);
    pack(&two, "b.zip", zip);
    assert_eq!(passed(&read(two.path())), ["archive: a.zip", "archive: b.zip"]);

    let beside = Tree::new("unpacked-too", &[("User.csv", USERS), ("main/Tide.eca", ECA)]);
    pack(&beside, "unpackaged.zip", zip);
    let s = read(beside.path());
    assert_eq!((passed(&s), s.apps["Tide"].sources.len()), (vec!["archive: unpackaged.zip".to_owned()], 1));

    let torn = Tree::new("torn-archive", &[("User.csv", USERS), ("unpackaged.zip", "PK\u{3}\u{4}torn")]);
    let s = read(torn.path());
    assert_eq!(s.problems.len(), 1, "what would have been read and cannot be is a problem");
}

#[test]
fn reports_of_this_tool_are_no_orgs_and_no_exports() {
    let manifest = "{\n  \"schema\": \"shr-manifest/1\",\n";
    let assessment = "{\n  \"schema\": \"shr-assessment/1\",\n";
    let report = [
        ("org/Tide.eca", ECA),
        ("shr-report/manifest.json", manifest),
        ("shr-report/User.csv", USERS),
        ("january/assessment.json", assessment),
        ("january/User.csv", USERS),
    ];
    let tree = Tree::new("reports", &report);
    let found = discover(tree.path(), &Limits::default()).unwrap();
    assert_eq!(names(&found), ["org"]);
    assert!(matches!(discover(&tree.path().join("shr-report"), &Limits::default()), Err(SourceError::Report { .. })));
    let tree = Tree::new("report-inside", &[report[0], ("User.csv", USERS), report[1], report[2]]);
    let s = read(tree.path());
    assert_eq!((s.access.users.len(), passed(&s)), (1, vec!["report: shr-report".to_owned()]));
}

#[test]
fn what_looks_like_evidence_is_named_and_the_rest_is_not() {
    let files = [
        ("org/Tide.eca", ECA),
        ("org/exports/User.csv", USERS),
        ("org/exports/logins.xlsx", "x"),
        ("org/exports/Profile.dat", "x"),
        ("org/exports/User.csv.bak", "x"),
        ("org/a/Tide.ecaPlcy-meta.xml.orig", "x"),
        ("org/records.7z", "x"),
        ("org/docs/plan.xlsx", "x"),
        ("org/README", "x"),
        ("org/classes/User.cls", "x"),
        ("org/package.json", "{}"),
    ];
    let tree = Tree::new("looks", &files);
    let expected = [
        "packed: records.7z",
        "workbook: exports/logins.xlsx",
        "ending: exports/Profile.dat",
        "copy: exports/User.csv.bak",
        "copy-of-app: a/Tide.ecaPlcy-meta.xml.orig",
    ];
    assert_eq!(passed(&read(&tree.path().join("org"))), expected);
}
