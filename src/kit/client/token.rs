//! What published pages name as making it worse or better, where the evidence shows it.

use super::gate::is_one_of;
use super::secret::{Holds, Keeps};
use super::setting::{FORCE_LOGOUT, REFRESH_POLICY, SECRET_OPTIONAL};
use super::{Client, certificate};
use crate::snapshot::{App, AppKind, IpRelaxation, Switch};

/// Words of `control.toml` that this module can show. Others stand for what no export holds.
pub(crate) const SHOWN: [&str; 16] = [
    "admin",
    "assurance",
    "cert",
    "endless",
    "full",
    "ip",
    "no-logout",
    "no-pkce",
    "no-rotation",
    "pkce",
    "public",
    "relaxed",
    "rotation",
    "secret",
    "self",
    "short",
];

impl Client<'_> {
    /// Whether the evidence shows what a word stands for. `false` where it does not, or does not tell.
    pub(crate) fn shows(&self, token: &str) -> bool {
        match token {
            "self" => self.self_authorizing(),
            "public" => self.is_public(),
            "endless" => self.refresh_policy().is_some_and(|(kind, _)| kind == "infinite"),
            "short" => self
                .refresh_policy()
                .is_some_and(|(kind, hours)| kind == "specific_lifetime" && hours.is_some_and(|hours| hours <= 24)),
            "rotation" => self.rotates() == Holds::Yes,
            "no-rotation" => self.rotates() == Holds::No,
            "pkce" => self.has_pkce() == Holds::Yes,
            "no-pkce" => self.has_pkce() == Holds::No,
            "secret" => self.switch(&SECRET_OPTIONAL).is(&false),
            "relaxed" => is_relaxed(self.app),
            "cert" => matches!(certificate::state(self.run, self.app), certificate::State::Valid(_)),
            "full" => has_full(self.app),
            "no-logout" => self.org().switch(&FORCE_LOGOUT).is(&false),
            "assurance" => self.has_high_assurance(),
            _ => false,
        }
    }

    fn self_authorizing(&self) -> bool {
        match self.app.kind {
            AppKind::External => {
                let agreed = self.app.permitted_users.agreed();
                agreed.is_some_and(|word| word.value.eq_ignore_ascii_case("AllSelfAuthorized"))
            }
            AppKind::Connected => {
                self.app.settings.of("isAdminApproved").any(|copy| Switch::parse(&copy.value) == Switch::Off)
            }
        }
    }

    /// An app on devices or in browsers: declared so, or by where it registers its callbacks.
    fn is_public(&self) -> bool {
        let elsewhere = self.app.settings.of("callbackUrl").any(|copy| copy.raw.as_str() != "https");
        match self.keeps() {
            Keeps::Public => true,
            Keeps::Private => false,
            Keeps::Undeclared => elsewhere || self.app.settings.of("mobileAppConfig").next().is_some(),
        }
    }

    fn has_high_assurance(&self) -> bool {
        let levels = ["requiredSessionLevel", "sessionPolicy.sessionLevel"];
        levels
            .iter()
            .any(|name| self.app.settings.of(name).any(|copy| copy.value.eq_ignore_ascii_case("HIGH_ASSURANCE")))
    }

    /// The refresh token policy in the words of connected apps, with the hours of a limit: `specific_lifetime`, 24.
    fn refresh_policy(&self) -> Option<(String, Option<u32>)> {
        let policy = self.word(REFRESH_POLICY.of(self.app.kind));
        let word = policy.known()?.clone();
        if self.app.kind == AppKind::Connected {
            let mut parts = word.split(':');
            let kind = parts.next().unwrap_or_default().to_owned();
            return Some((kind, hours(parts.next().unwrap_or_default(), parts.next().unwrap_or_default())));
        }
        let kind = match word.as_str() {
            "specificlifetime" => "specific_lifetime".to_owned(),
            "specificinactivity" => "specific_inactivity".to_owned(),
            other => other.to_owned(),
        };
        let one = |name: &str| self.app.settings.of(name).next().map(|copy| copy.value.clone()).unwrap_or_default();
        Some((kind, hours(&one("refreshTokenValidityPeriod"), &one("refreshTokenValidityUnit"))))
    }
}

/// A period in hours; a month has at least 28 days.
fn hours(period: &str, unit: &str) -> Option<u32> {
    let per = match unit.to_ascii_lowercase().as_str() {
        "hours" => 1,
        "days" => 24,
        "months" => 24 * 28,
        _ => return None,
    };
    period.trim().parse::<u32>().ok()?.checked_mul(per)
}

/// Whether a policy of the app sets login ranges aside.
pub(crate) fn is_relaxed(app: &App) -> bool {
    app.ip_relaxation.iter().any(|copy| matches!(copy.value, IpRelaxation::Bypass | IpRelaxation::Bypass2Factor))
}

/// Whether the app may ask for everything that its user may do.
pub(crate) fn has_full(app: &App) -> bool {
    let listed = app.scopes.iter().flat_map(|list| &list.value).any(|scope| is_one_of(scope, &["full"]));
    let columns = app.scope_columns.iter().filter(|column| column.granted.value == Switch::On);
    listed || columns.map(|column| &column.scope).any(|scope| is_one_of(scope, &["full"]))
}
