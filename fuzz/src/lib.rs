//! What the fuzz targets share: a small org, judged, and the invariants that hold for any input.

use jiff::civil::{Date, date};
use shr::assess;
use shr::model::{Assessment, Outcome};
use shr::catalogue::Catalogue;
use shr::engagement::Engagement;
use shr::ingest;
use shr::source::{Limits, Source};
use cpu_time::ProcessTime;
use peak_alloc::PeakAlloc;
use std::sync::LazyLock;
use std::time::Duration;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Most bytes of memory that an input of no length may cost, and each of its bytes besides.
const MEMORY_AT_LEAST: usize = 64 << 20;
const MEMORY_PER_BYTE: usize = 400;
/// Most processor time that an input of no length may cost, and each of its bytes besides: the build is instrumented.
const TIME_AT_LEAST: Duration = Duration::from_secs(1);
const TIME_PER_BYTE: Duration = Duration::from_micros(4);

/// Runs something on an input of so many bytes and watches what it costs.
///
/// # Panics
/// When it costs more than an input of this length may.
pub fn metered<T>(bytes: usize, run: impl FnOnce() -> T) -> T {
    let (start, before) = (ProcessTime::now(), MEMORY.current_usage());
    MEMORY.reset_peak_usage();
    let result = run();
    let (time, memory) = (start.elapsed(), MEMORY.peak_usage().saturating_sub(before));
    let most = TIME_AT_LEAST + TIME_PER_BYTE * u32::try_from(bytes).unwrap_or(u32::MAX);
    assert!(time <= most, "{bytes} bytes cost {time:?} of processor time");
    assert!(memory <= MEMORY_AT_LEAST + MEMORY_PER_BYTE * bytes, "{bytes} bytes cost {memory} bytes of memory");
    result
}

/// The built-in control.
pub static CONTROL: LazyLock<Catalogue> = LazyLock::new(|| shr::controls::catalogue("en").expect("the built-in catalogue"));

/// The day of every run.
#[must_use]
pub fn today() -> Date {
    date(2026, 11, 24)
}

const POLICY: &str = "<ExtlClntAppOauthConfigurablePolicies><externalClientApplication>Good</externalClientApplication>\
<isClientCredentialsFlowEnabled>true</isClientCredentialsFlowEnabled>\
<clientCredentialsFlowUser>svc@example.com</clientCredentialsFlowUser></ExtlClntAppOauthConfigurablePolicies>";

/// Judges an org of one app beside the given file. The app's flow is on and nothing shows its privilege, so whatever
/// the file holds, the org never passes as a whole unless the file itself says something about the app.
#[must_use]
pub fn judged(path: &str, bytes: &[u8]) -> Assessment {
    let files = vec![("a/Good.ecaOauthPlcy".to_owned(), POLICY.as_bytes().to_vec()), (path.to_owned(), bytes.to_vec())];
    let limits = Limits::default();
    let snapshot = ingest::read(&Source::memory("acme", files), &limits).expect("memory can be read");
    assess::assess(&snapshot, &CONTROL, &Engagement::default(), "acme", today())
}

/// No pass without evidence, and a score that is one.
///
/// # Panics
/// When an invariant is broken: that is what the fuzzer looks for.
pub fn check(assessment: &Assessment) {
    for finding in &assessment.findings {
        for observation in &finding.observations {
            assert!(
                observation.outcome() != Outcome::Pass || !observation.evidence.is_empty(),
                "a pass without evidence"
            );
        }
    }
}
