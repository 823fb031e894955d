//! Any bytes as a tracker: reading and merging never fail badly, and merging twice is merging once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shr::table::rows;
use shr::tracker::{DateOrder, Options, lint, merge, read};
use shr::text::wording::Wording;
use std::sync::LazyLock;

static WORDING: LazyLock<Wording> = LazyLock::new(|| shr::controls::wording("en").expect("English"));
static RUN: LazyLock<shr::model::Assessment> =
    LazyLock::new(|| shr_fuzz::judged("a/Other.eca", b"<ExternalClientApplication/>"));

fuzz_target!(|data: &[u8]| {
    // A workbook is an archive, of which a byte may hold a thousand.
    let cost = if data.starts_with(b"PK") { data.len() + (16 << 20) } else { data.len() * 4 };
    let Ok(tracker) = shr_fuzz::metered(cost, || read(data, Some(DateOrder::DayFirst))) else { return };
    let _ = lint(&tracker, shr_fuzz::today());
    let new = rows::findings(&[&*RUN], &WORDING, true);
    let options = Options::of(&[&*RUN], shr_fuzz::today(), &WORDING);
    let Ok(once) = shr_fuzz::metered(cost, || merge(tracker, &new, &options)) else { return };
    let twice = merge(once.tracker.clone(), &new, &options).expect("what was merged can be merged");
    assert_eq!(once.tracker, twice.tracker, "merging again changes something");
});
