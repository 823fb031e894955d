//! Input that means harm, or that is merely broken: it becomes a problem, and never a panic, a hang or a silent gap.

use proptest::prelude::*;
use shr::ingest;
use shr::snapshot::*;
use shr::source::{Limits, Source, SourceError};
use std::io::{Cursor, Write};
use std::path::PathBuf;
use zip::write::SimpleFileOptions;

fn read(files: Vec<(&str, Vec<u8>)>) -> Snapshot {
    ingest::read(&Source::memory("acme", files), &Limits::default()).unwrap()
}

/// The one problem of a snapshot that also holds a good policy, which has to be read all the same.
fn only_problem(path: &str, bytes: Vec<u8>) -> Problem {
    let good = b"<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>Good</externalClientApplication><isClientCredentialsFlowEnabled>false</isClientCredentialsFlowEnabled></ExtlClntAppOauthConfigurablePolicies>".to_vec();
    let s = read(vec![("a/good.ecaOauthPlcy", good), (path, bytes)]);
    assert_eq!(s.apps["Good"].policy_flow.agreed().unwrap().value, Switch::Off, "the rest has to be read");
    assert_eq!(s.problems.len(), 1, "{:?}", s.problems);
    let problem = s.problems[0].clone();
    assert_eq!(&*problem.at.path, path);
    problem
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const GRANT: &str = "<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions>";

#[test]
fn broken_files_are_problems_with_a_place() {
    let utf16: Vec<u8> = "<Profile/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> = [vec![0xff, 0xfe], utf16.clone()].concat();
    let bomb =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<Profile><label>&b;</label></Profile>";
    let deep = format!("<Profile><layoutAssignments>{}", "<a>".repeat(200_000));
    let kept_deep = format!("<Profile><userPermissions>{}", "<a>".repeat(200_000));
    let closed_deep = format!("<Profile><x>{}{}</x></Profile>", "<a>".repeat(80), "</a>".repeat(80));
    let latin = b"<Profile>\n<label>M\xfcller</label></Profile>".to_vec();
    type Case = (&'static str, &'static str, Vec<u8>, ProblemCode, Place, &'static str);
    let cases: Vec<Case> = vec![
        ("doctype", "p.profile", format!("{HEAD}{bomb}").into(), ProblemCode::Malformed, Place::Line(2), "DOCTYPE"),
        (
            "cut off",
            "p.profile",
            format!("<Profile>\n{GRANT}\n").into(),
            ProblemCode::Malformed,
            Place::Line(3),
            "cut off",
        ),
        (
            "cut tag",
            "p.profile",
            format!("<Profile>\n{GRANT}\n<user").into(),
            ProblemCode::Malformed,
            Place::Line(3),
            "closed",
        ),
        (
            "cut skipped",
            "p.profile",
            b"<Profile>\n<fieldPermissions><field>A".to_vec(),
            ProblemCode::Malformed,
            Place::Line(2),
            "cut off",
        ),
        (
            "crossed",
            "p.profile",
            b"<Profile>\n<fieldPermissions><a></b></fieldPermissions></Profile>".to_vec(),
            ProblemCode::Malformed,
            Place::Line(2),
            "end tag",
        ),
        ("deep skipped", "p.profile", deep.into(), ProblemCode::Malformed, Place::Line(1), "deeper than the limit"),
        ("deep kept", "p.profile", kept_deep.into(), ProblemCode::Malformed, Place::Line(1), "deeper than the limit"),
        (
            "deep closed",
            "p.profile",
            closed_deep.into(),
            ProblemCode::Malformed,
            Place::Line(1),
            "deeper than the limit",
        ),
        (
            "poses",
            "p.permissionset",
            format!("{HEAD}<Profile>{GRANT}</Profile>").into(),
            ProblemCode::Malformed,
            Place::Line(2),
            "<Profile>, expected <PermissionSet>",
        ),
        ("utf-16", "p.profile", marked, ProblemCode::Unreadable, Place::Line(1), "UTF-16"),
        ("utf-16 unmarked", "p.profile", utf16, ProblemCode::Unreadable, Place::Line(1), "NUL"),
        ("latin-1", "p.profile", latin, ProblemCode::Unreadable, Place::Line(2), "UTF-8"),
        (
            "declared",
            "p.profile",
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Profile/>".to_vec(),
            ProblemCode::Unreadable,
            Place::Line(1),
            "encoding",
        ),
        (
            "nul",
            "p.profile",
            b"<Profile>\n\n<label>a\0</label></Profile>".to_vec(),
            ProblemCode::Unreadable,
            Place::Line(3),
            "NUL",
        ),
        ("empty", "p.profile", Vec::new(), ProblemCode::Malformed, Place::Line(1), "no element"),
        ("blank", "p.profile", b"  \n".to_vec(), ProblemCode::Malformed, Place::Line(2), "no element"),
        (
            "two roots",
            "p.profile",
            b"<Profile/>\n<Profile/>".to_vec(),
            ProblemCode::Malformed,
            Place::Line(2),
            "second root",
        ),
        ("tail", "p.profile", b"<Profile/>\nxx".to_vec(), ProblemCode::Malformed, Place::Line(2), "outside"),
        (
            "entity",
            "p.profile",
            b"<Profile><userLicense>&evil;</userLicense></Profile>".to_vec(),
            ProblemCode::Malformed,
            Place::Line(1),
            "entity",
        ),
        ("no json", "User.json", b"{\"records\":[\n{]}".to_vec(), ProblemCode::Malformed, Place::Line(2), "not valid"),
        (
            "cut json",
            "User.json",
            b"{\"records\":[\n{\"Id\":\"0".to_vec(),
            ProblemCode::Malformed,
            Place::Line(2),
            "cut off",
        ),
        ("empty json", "User.json", Vec::new(), ProblemCode::Malformed, Place::Line(1), "cut off"),
        ("deep json", "User.json", "[".repeat(100_000).into(), ProblemCode::Malformed, Place::Line(1), "too deep"),
        (
            "deep object",
            "User.json",
            "{\"a\":".repeat(100_000).into(),
            ProblemCode::Malformed,
            Place::Line(1),
            "too deep",
        ),
        (
            "twice",
            "User.json",
            b"{\"records\":[{\"Id\":\"a\",\"Id\":\"b\"}]}".to_vec(),
            ProblemCode::Malformed,
            Place::Line(1),
            "twice",
        ),
        (
            "json utf-16",
            "User.json",
            [b"\xff\xfe".to_vec(), b"[\0]\0\xd8".to_vec()].concat(),
            ProblemCode::Unreadable,
            Place::File,
            "UTF-16",
        ),
        (
            "open quote",
            "User.csv",
            b"Id,Username\n\"005,a\n005,b\n".to_vec(),
            ProblemCode::Malformed,
            Place::Line(2),
            "never closed",
        ),
        (
            "ragged",
            "User.csv",
            b"Id,Username,IsActive\n005xx0000000001,a@example.com,true\n005xx0000000002,b\n".to_vec(),
            ProblemCode::Malformed,
            Place::Row(2),
            "number of cells",
        ),
        ("latin csv", "User.csv", b"Id,Username\n1,\xfc\n".to_vec(), ProblemCode::Unreadable, Place::File, "UTF-8"),
        ("two columns", "User.csv", b"Id,ID\n1,2\n".to_vec(), ProblemCode::Malformed, Place::File, "two columns"),
        (
            "failed",
            "User.json",
            b"{\"name\":\"INVALID_TYPE\",\"message\":\"no\",\"exitCode\":1,\"status\":1}".to_vec(),
            ProblemCode::FailedExport,
            Place::File,
            "INVALID_TYPE",
        ),
        (
            "rest failed",
            "User.json",
            b"[{\"message\":\"no\",\"errorCode\":\"INVALID_FIELD\"}]".to_vec(),
            ProblemCode::FailedExport,
            Place::File,
            "INVALID_FIELD",
        ),
        (
            "tree",
            "x.json",
            b"{\"records\":[{\"attributes\":{\"type\":\"User\",\"referenceId\":\"UserRef1\"},\"Username\":\"a\"}]}"
                .to_vec(),
            ProblemCode::FailedExport,
            Place::File,
            "tree",
        ),
        (
            "no link",
            "p.ecaOauthPlcy",
            b"<ExtlClntAppOauthConfigurablePolicies>\n</ExtlClntAppOauthConfigurablePolicies>".to_vec(),
            ProblemCode::Unlinked,
            Place::Line(1),
            "names no app",
        ),
    ];
    for (case, path, bytes, code, place, words) in cases {
        let problem = only_problem(path, bytes);
        assert_eq!((problem.code, problem.at.place), (code, place), "{case}: {problem}");
        assert!(problem.message.contains(words), "{case}: {problem}");
        assert!(problem.message.lines().count() == 1 && !problem.hint.is_empty(), "{case}");
        assert!(problem.kind.is_some() || path == "x.json", "{case}");
    }
}

#[test]
fn a_broken_profile_is_never_a_short_one() {
    let whole = format!("<Profile>\n{GRANT}\n<fieldPermissions>\n<field>A.B</field>\n</fieldPermissions>\n</Profile>");
    for cut in 0..whole.len() {
        let s = read(vec![("Admin.profile", whole.as_bytes()[..cut].to_vec())]);
        let [torn] = s.access.containers.as_slice() else { panic!("cut at {cut}: {:?}", s.access.containers) };
        assert_eq!((torn.permissions.len(), torn.unread.len(), torn.from_file), (0, 1, false), "cut at {cut}");
        assert_eq!(s.problems.len(), 1, "cut at {cut}");
        assert_eq!(s.problems[0].kind, Some(Kind::ProfileFile));
    }
    assert_eq!(read(vec![("Admin.profile", whole.into_bytes())]).access.containers.len(), 1);
}

#[test]
fn a_broken_child_still_names_its_app() {
    let text = "<ExtlClntAppGlobalOauthSettings>\n<externalClientApplication>Sync</externalClientApplication>\n<consumerSecret>x";
    let s = read(vec![("a.ecaGlblOauth", text.into()), ("Lone.eca", b"<Exter".to_vec())]);
    assert_eq!(s.apps.keys().collect::<Vec<_>>(), ["Lone", "Sync"]);
    let secret: Vec<_> = s.apps["Sync"].secret.iter().map(|copy| (copy.value, copy.at.place)).collect();
    assert_eq!(
        secret,
        [(SecretPresence::ClearText, Place::Line(3))],
        "it stands before the place where the file is torn"
    );
    assert!(s.apps["Sync"].setting_flow.is_empty());
    let named: Vec<_> = s.problems.iter().map(|p| p.apps.first().map(String::as_str)).collect();
    assert_eq!(named, [Some("Lone"), Some("Sync")]);
}

#[test]
fn secrets_go_nowhere() {
    const MARK: &str = "MARKER5ecret";
    let global = format!(
        "<ExtlClntAppGlobalOauthSettings>\n<callbackUrl>https://{MARK}.example.com</callbackUrl><certificate>{MARK}</certificate><consumerKey>{MARK}</consumerKey>\n<consumerSecret>{MARK}</consumerSecret><externalClientApplication>Sync</externalClientApplication></ExtlClntAppGlobalOauthSettings>"
    );
    let oauth = format!(
        "<ExtlClntAppOauthSettings><externalClientApplication>Sync</externalClientApplication><oauthLink>00D:{MARK}</oauthLink></ExtlClntAppOauthSettings>"
    );
    let connected = format!(
        "<ConnectedApp><label>Old</label><oauthConfig><certificate>{MARK}</certificate><consumerKey>{MARK}</consumerKey><consumerSecret>{MARK}</consumerSecret></oauthConfig></ConnectedApp>"
    );
    let records = format!(
        "Id,ExternalClientApplicationId,ConsumerKey,ConsumerSecret,OauthScopesApi\n1,0xIxx0000000001,{MARK},{MARK},true\n"
    );
    let torn = global.replace("</consumerSecret>", &format!("<{MARK}></consumerSecret>"));
    let ends = global.replace("</consumerSecret>", &format!("</{MARK}>"));
    let entity = global.replace("</consumerSecret>", &format!("&{MARK};</consumerSecret>"));
    let json = format!("{{\"records\":[{{\"{MARK}\":1,\"{MARK}\":\"{MARK}");
    let s = read(vec![
        ("a.ecaGlblOauth", global.into()),
        ("b.ecaGlblOauth", torn.into()),
        ("c.ecaGlblOauth", ends.into()),
        ("d.ecaGlblOauth", entity.into()),
        ("a.ecaOauth", oauth.into()),
        ("Old.connectedApp", connected.into()),
        ("ExtlClntAppOauthSettings.csv", records.into()),
        ("User.json", json.into()),
    ]);
    let exposed = s.problems.iter().filter(|one| one.code == ProblemCode::Exposed).count();
    assert_eq!((s.problems.len(), exposed), (8, 4), "{:?}", s.problems);
    let secret = s.apps["Sync"].secret.iter().next().unwrap();
    assert_eq!((secret.value, secret.at.place, secret.raw.as_str()), (SecretPresence::ClearText, Place::Line(3), ""));
    let all = format!("{s:?}");
    assert!(!all.contains(MARK), "{all}");
    for problem in &s.problems {
        assert!(!format!("{problem} {}", problem.hint).contains(MARK));
    }
}

#[test]
fn a_giant_cell_is_read_or_refused_but_never_fatal() {
    let cell = "x".repeat(5_000_000);
    let s = read(vec![(
        "User.csv",
        format!("Id,Username,IsActive,Name\n005xx0000000001,a@example.com,true,\"{cell}\"\n").into(),
    )]);
    assert_eq!((s.access.users.len(), s.problems.len()), (1, 1), "it is cut, and that is said");
    let limits = Limits { file_bytes: 1_000_000, ..Limits::default() };
    let source = Source::memory("acme", [("User.csv", cell.clone()), ("Admin.profile", cell)]);
    let s = ingest::read(&source, &limits).unwrap();
    let codes: Vec<_> = s.problems.iter().map(|p| (p.code, p.kind)).collect();
    assert_eq!(
        codes,
        [(ProblemCode::TooLarge, Some(Kind::ProfileFile)), (ProblemCode::TooLarge, Some(Kind::UserRecords))]
    );
}

#[test]
fn a_snapshot_beyond_its_limits_is_refused() {
    let source = Source::memory("acme", (0..5).map(|n| (format!("{n}.profile"), "<Profile/>")));
    for limits in [Limits { snapshot_bytes: 49, ..Limits::default() }, Limits { entries: 4, ..Limits::default() }] {
        assert!(matches!(ingest::read(&source, &limits), Err(SourceError::TooLarge { .. })));
    }
    let enough = Limits { snapshot_bytes: 50, entries: 5, ..Limits::default() };
    assert_eq!(ingest::read(&source, &enough).unwrap().access.containers.len(), 5);
}

fn temporary(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("shr-hostile-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Replaces a name inside a finished archive by one of the same length that its writer would not write.
fn renamed(archive: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut out = archive;
    for at in 0..out.len() - from.len() {
        if &out[at..at + from.len()] == from.as_bytes() {
            out[at..at + to.len()].copy_from_slice(to.as_bytes());
        }
    }
    out
}

#[test]
fn hostile_archives_are_refused_as_a_whole() {
    let dir = temporary("zip");
    let two = || zip_of(&[("aa/b.profile", b"<Profile/>"), ("cc/d.profile", b"<Profile/>")]);
    let mut link = zip::ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("x.profile", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let cases = [
        ("climbs", renamed(two(), "aa/b", "../b"), "`..`"),
        ("absolute", renamed(two(), "aa/b", "/a/b"), "absolute"),
        ("drive", renamed(two(), "aa/b", "C:/b"), "absolute"),
        ("backslash", renamed(two(), "aa/b", "aa\\b"), "backslash"),
        ("twice", renamed(two(), "cc/d", "aa/b"), "twice"),
        ("case", renamed(two(), "cc/d", "AA/B"), "twice"),
        ("link", link.finish().unwrap().into_inner(), "link"),
        ("damaged", two()[..two().len() - 9].to_vec(), "damaged"),
    ];
    for (case, bytes, words) in cases {
        let path = dir.join(format!("{case}.zip"));
        std::fs::write(&path, bytes).unwrap();
        match Source::open(&path, &Limits::default()) {
            Err(error @ SourceError::Archive { .. }) => assert!(error.to_string().contains(words), "{case}: {error}"),
            other => panic!("{case}: {other:?}"),
        }
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_zip_bomb_costs_one_file() {
    let dir = temporary("bomb");
    let bomb = [b"<Profile><label>".to_vec(), vec![b' '; 30_000_000]].concat();
    let path = dir.join("acme.zip");
    std::fs::write(&path, zip_of(&[("Bomb.profile", &bomb), ("Good.profile", b"<Profile/>")])).unwrap();
    let source = Source::open(&path, &Limits::default()).unwrap();
    let s = ingest::read(&source, &Limits::default()).unwrap();
    assert_eq!(s.name, "acme");
    let containers = s.access.containers.iter().map(|c| (c.name.as_str(), c.unread.len()));
    assert_eq!(containers.collect::<Vec<_>>(), [("Bomb", 1), ("Good", 0)]);
    assert_eq!(s.problems.len(), 1);
    assert_eq!((s.problems[0].code, &*s.problems[0].at.path), (ProblemCode::TooLarge, "Bomb.profile"));
    std::fs::remove_dir_all(dir).unwrap();
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_are_not_followed() {
    let dir = temporary("link");
    std::fs::create_dir_all(dir.join("org/profiles")).unwrap();
    std::fs::write(dir.join("outside.profile"), "<Profile/>").unwrap();
    std::fs::write(dir.join("org/profiles/Admin.profile"), "<Profile/>").unwrap();
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, dir.join("org/profiles").join(from)).unwrap();
    link("../../outside.profile", "Outside.profile");
    link("Admin.profile", "Inside.profile");
    link("..", "loop");
    link("nowhere", "Gone.profile");
    let source = Source::open(&dir.join("org"), &Limits::default()).unwrap();
    let s = ingest::read(&source, &Limits::default()).unwrap();
    assert_eq!(s.access.containers.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Admin", "Inside"]);
    let places: Vec<&str> = s.problems.iter().map(|p| &*p.at.path).collect();
    assert_eq!(places, ["profiles/Gone.profile", "profiles/Outside.profile"]);
    std::fs::remove_dir_all(dir).unwrap();
}

const SUFFIXES: &[&str] = &[
    "x.eca",
    "x.ecaOauth",
    "x.ecaGlblOauth",
    "x.ecaOauthPlcy",
    "x.ecaPlcy",
    "x.ecaOauthSecurity",
    "x.ecaMobile",
    "x.connectedApp",
    "x.profile",
    "x.permissionset",
    "x.permissionsetgroup",
    "x.mutingpermissionset",
    "x.transactionSecurityPolicy",
    "Event.settings",
    "Security.settings",
    "ExternalClientApp.settings",
    "package.xml",
    "permissionsets/S/x.userPermission-meta.xml",
    "User.json",
    "Profile.csv",
    "PermissionSet.json",
    "x.json",
    "x.csv",
    "ExtlClntAppOauthPlcyCnfg.csv",
    "LoginHistory.json",
    "ObjectPermissions.csv",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let s = read(SUFFIXES.iter().map(|path| (*path, bytes.clone())).collect());
        prop_assert!(s.inputs.len() + s.ignored_files <= SUFFIXES.len());
    }

    #[test]
    fn no_pieces_of_markup_make_it_panic(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<Profile>", "</Profile>", "<userPermissions>", "</userPermissions>", "<name>", "</name>", "&amp;", "&#0;",
                "&", "<![CDATA[", "]]>", "<!--", "-->", "<?xml", "?>", "<", ">", "\"", "ü", "\r\n", "{", "}", "[", "]",
                "\"records\":", "\"attributes\":", "null", "Id", ",", ";", "1", "true", "<a/>", "<:>", "</>", "\u{feff}",
            ]),
            0..40,
        )
    ) {
        let text = pieces.concat();
        let s = read(SUFFIXES.iter().map(|path| (*path, text.clone().into_bytes())).collect());
        prop_assert!(s.inputs.len() + s.ignored_files <= SUFFIXES.len());
    }

    /// Skipped and kept blocks are held to the same rules of nesting.
    #[test]
    fn skipping_and_keeping_agree_on_what_is_well_formed(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<a>", "</a>", "<b c=\"d>\">", "</b >", "<a/>", "<b c='x'/>", "<!-- <a> -->", "<![CDATA[</b>]]>", "<?x y?>",
                "text", " ", "\n", "</x>", "<x>", "<", ">",
            ]),
            0..12,
        )
    ) {
        let body = pieces.concat();
        let skipped = read(vec![("x.profile", format!("<Profile><x>{body}</x><y>{body}</y></Profile>").into())]);
        let kept = read(vec![("x.ecaMobile", format!("<Profile><x>{body}</x><y>{body}</y></Profile>").into())]);
        prop_assert_eq!(skipped.problems.is_empty(), kept.problems.is_empty(), "{}", body);
    }
}
