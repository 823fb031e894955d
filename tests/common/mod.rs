//! What several test modules share: running the tool, and throw-away folders.

use shr::run::{Console, Surroundings};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A folder that goes away with the test.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// A fresh folder named after the test.
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("shr-test-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a command left behind.
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs a command line inside this process, on a fixed day.
pub(crate) fn shr<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let surroundings =
        Surroundings { today: Some(jiff::civil::date(2026, 11, 24)), source_date_epoch: None, progress: false };
    let code = {
        let mut console = Console::new(Box::new(&mut out), Box::new(&mut err));
        let args = std::iter::once("shr".into()).chain(args.into_iter().map(Into::into));
        shr::run::run(args, &surroundings, &mut console)
    };
    Ran { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

/// Holds a PDF to the rules of PDF/UA-1 and PDF/A-2a.
pub(crate) fn assert_conforms(name: &str, bytes: &[u8]) {
    for profile in ["ua1", "2a"] {
        let options = page_validation::ValidationOptions::default()
            .profile(profile.parse::<page_validation::ValidationProfile>().unwrap());
        let report = page_validation::validate_pdf_bytes(bytes, &options).unwrap();
        let faults: Vec<_> = report.failures.iter().take(3).collect();
        assert!(report.is_compliant, "{name} {profile}: {faults:#?}");
    }
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder: path with `/`, and bytes, in path order.
pub(crate) fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let relative = entry.path().strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            (relative, std::fs::read(entry.path()).unwrap())
        })
        .collect()
}
