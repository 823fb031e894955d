//! CVSS 4.0 through the crate `cvss`, whose lookup tables agree with exact arithmetic.

use crate::assessment::Tenths;

/// A complete CVSS 4.0 vector.
#[derive(Clone, Debug)]
pub struct Vector40(cvss::v4::Vector);

impl Vector40 {
    /// Reads a vector; `None` when it is incomplete or malformed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// The score with threat and environmental metrics.
    #[must_use]
    pub fn score(&self) -> Tenths {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a CVSS score lies between 0 and 10
        Tenths((self.0.score().value() * 10.0).round().clamp(0.0, 100.0) as u8)
    }
}
