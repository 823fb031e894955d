//! Any text as an engagement file; what is accepted is used.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shr::engagement::Engagement;
use shr::source::{Limits, Source};

fuzz_target!(|text: &str| {
    let parsed = shr_fuzz::metered(text.len(), || Engagement::parse(text, "engagement.toml", &shr::controls::known()));
    let Ok(engagement) = parsed else { return };
    let source = Source::memory("acme", [("a/App.eca", "<ExternalClientApplication/>")]);
    let Ok(snapshot) = shr::ingest::read(&source, &Limits::default()) else { return };
    let control = &shr_fuzz::CONTROL;
    let judge = || shr::assess::assess(&snapshot, control, &engagement, "acme", shr_fuzz::today());
    shr_fuzz::check(&shr_fuzz::metered(text.len(), judge));
});
