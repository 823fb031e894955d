//! Any bytes as the history beside an assessment: what is read is written and read back, counts add up, and a later run
//! goes on from it.
#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use shr::history::{History, MOST, text};
use shr::model::Assessment;
use std::sync::LazyLock;

static RUN: LazyLock<Assessment> = LazyLock::new(|| shr_fuzz::judged("a/Other.eca", b"<ExternalClientApplication/>"));
static LATER: LazyLock<Assessment> = LazyLock::new(|| Assessment { as_of: date(2026, 12, 24), ..RUN.clone() });

fuzz_target!(|data: &[u8]| {
    let Ok(history) = shr_fuzz::metered(data.len(), || History::read(data, &RUN)) else { return };
    again(&history, &RUN);
    let _ = (text::text("org", &history), text::value("org", &history));
    if let Some(moved) = history.movement() {
        let signed = |n: u64| i64::try_from(n).expect("counts are of 32 bits");
        let came = signed(moved.before) + signed(moved.new) + signed(moved.reopened) - signed(moved.resolved);
        assert_eq!(came + moved.other, signed(moved.open), "the movement does not add up");
        assert!(history.steps().skip(1).all(|(_, other)| other.is_some()));
    }
    let next = History::of(Some(&history), Some(&RUN), &LATER);
    assert!(next.runs.len() <= MOST && next.runs.len() > history.runs.len().min(MOST - 1));
    again(&next, &LATER);
});

fn again(history: &History, run: &Assessment) {
    let bytes = serde_json::to_vec(history).expect("a history can be written");
    assert_eq!(&History::read(&bytes, run).expect("what was written can be read"), history);
}
