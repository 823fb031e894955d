//! Any bytes as a zip archive.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shr::ingest;
use shr::source::{Limits, Source};

fuzz_target!(|data: &[u8]| {
    let path = std::env::temp_dir().join(format!("shr-fuzz-{}.zip", std::process::id()));
    if std::fs::write(&path, data).is_err() {
        return;
    }
    let limits = Limits { snapshot_bytes: 16 << 20, ..Limits::default() };
    shr_fuzz::metered(data.len() + (16 << 20), || {
        if let Ok(source) = Source::open(&path, &limits) {
            let _ = ingest::read(&source, &limits);
        }
    });
});
