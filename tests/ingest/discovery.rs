//! One org, or a folder of orgs.

use shr::ingest;
use shr::source::{Limits, Source, SourceError, discover};
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
        let found = discover(tree.path()).unwrap();
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
    let found = discover(tree.path()).unwrap();
    assert_eq!(found.roots.iter().map(|root| root.name.as_str()).collect::<Vec<_>>(), ["alpha", "zeta"]);
    assert!(found.decision.contains("2 in all"), "{}", found.decision);
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
        let found = discover(&tree.path().join(name)).unwrap();
        let source = Source::open(&found.roots[0].path, &Limits::default()).unwrap();
        let mut s = ingest::read(&source, &Limits::default()).unwrap();
        assert_eq!(s.name, name.trim_end_matches(".zip"));
        assert_eq!((s.problems.len(), s.inputs.len(), s.ignored_files), (0, 2, 0), "{:?}", s.problems);
        s.name.clear();
        format!("{s:?}")
    };
    assert_eq!(read("org"), read("packed.zip"));
    let both = discover(tree.path()).unwrap();
    assert_eq!(both.roots.iter().map(|root| root.name.as_str()).collect::<Vec<_>>(), ["org", "packed"]);
}

#[test]
fn what_is_no_snapshot_is_refused() {
    let tree = Tree::new("none", &[("a.txt", "x"), ("empty/.keep", "")]);
    assert!(matches!(discover(&tree.path().join("a.txt")), Err(SourceError::NotASnapshot { .. })));
    assert!(matches!(discover(&tree.path().join("empty")), Err(SourceError::Empty { .. })));
    assert!(matches!(discover(&tree.path().join("gone")), Err(SourceError::Io { .. })));
    assert!(matches!(
        Source::open(&tree.path().join("a.txt"), &Limits::default()),
        Err(SourceError::NotASnapshot { .. })
    ));
}
