//! What the fuzz targets share: a small org, judged, and the invariants that hold for any input.

use jiff::civil::{Date, date};
use shr::assess;
use shr::assessment::{Assessment, Outcome};
use shr::catalog::Control;
use shr::engagement::Engagement;
use shr::ingest;
use shr::source::{Limits, Source};
use std::sync::LazyLock;

/// The built-in control.
pub static CONTROL: LazyLock<Control> = LazyLock::new(|| Control::load().expect("the built-in catalogue"));

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
