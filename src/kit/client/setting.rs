//! Settings that are told by one element each: known, or why not.

use super::Answer;
use crate::kit::lost::Files;
use crate::kit::{Run, together};
use crate::model::{EvidenceItem, Outcome};
use crate::snapshot::{App, AppKind, Kind, Located, Locator, Place, Switch};
use crate::text::message::{Arg, Message};
use std::collections::BTreeSet;

/// An element, with what is documented of it: Metadata API Developer Guide, pages of the types that hold it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    /// Its name as it is written.
    pub(crate) name: &'static str,
    /// The files and records that hold it.
    pub(crate) held_by: &'static [Kind],
    /// API version from which exports hold it; 0 where none is documented.
    pub(crate) since: u32,
    /// What the documentation says that its absence means; empty where it says nothing. Never evidence.
    pub(crate) default: &'static str,
}

/// One setting of both kinds of apps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) external: Element,
    pub(crate) connected: Element,
}

impl Pair {
    pub(crate) fn of(&self, kind: AppKind) -> &Element {
        match kind {
            AppKind::External => &self.external,
            AppKind::Connected => &self.connected,
        }
    }
}

const GLOBAL: &[Kind] = &[Kind::GlobalOauthFile];
const POLICY: &[Kind] = &[Kind::OauthPolicyFile, Kind::OauthPolicyRecords];
const CONNECTED: &[Kind] = &[Kind::ConnectedAppFile];
const OIDC: &[Kind] = &[Kind::OauthOidcSettingsFile];

const fn global(name: &'static str, since: u32, default: &'static str) -> Element {
    Element { name, held_by: GLOBAL, since, default }
}

const fn connected(name: &'static str, since: u32, default: &'static str) -> Element {
    Element { name, held_by: CONNECTED, since, default }
}

pub(crate) const SECRET_OPTIONAL: Pair = Pair {
    external: global("isConsumerSecretOptional", 0, "false"),
    connected: connected("isConsumerSecretOptional", 0, "false"),
};
pub(crate) const SECRET_FOR_REFRESH: Pair = Pair {
    external: global("isSecretRequiredForRefreshToken", 0, "true"),
    connected: connected("isSecretRequiredForRefreshToken", 0, "true"),
};
pub(crate) const PKCE: Pair =
    Pair { external: global("isPkceRequired", 0, "true"), connected: connected("isPkceRequired", 59, "false") };
pub(crate) const ROTATION: Pair = Pair {
    external: global("isRefreshTokenRotationEnabled", 60, ""),
    connected: connected("isRefreshTokenRotationEnabled", 60, ""),
};
pub(crate) const CODE_CREDENTIALS: Pair = Pair {
    external: global("isCodeCredFlowEnabled", 61, "false"),
    connected: connected("isCodeCredentialEnabled", 0, "false"),
};
pub(crate) const ID_TOKEN: Pair = Pair {
    external: global("idTokenConfig.idTokenValidityInMinutes", 0, "2"),
    connected: connected("idTokenConfig.idTokenValidity", 0, "2"),
};
pub(crate) const REFRESH_POLICY: Pair = Pair {
    external: Element { name: "refreshTokenPolicyType", held_by: POLICY, since: 0, default: "" },
    connected: connected("oauthPolicy.refreshTokenPolicy", 0, "infinite"),
};
pub(crate) const IP_RELAXATION: Element = connected("oauthPolicy.ipRelaxation", 0, "ENFORCE");
pub(crate) const ADMIN_APPROVED: Element = connected("isAdminApproved", 0, "false");
pub(crate) const DEVICE: Element = connected("isDeviceFlowEnabled", 0, "");
pub(crate) const SESSION_TIMEOUT: Element = connected("sessionPolicy.sessionTimeout", 0, "");

const APP_SETTINGS: &[Kind] = &[Kind::AppSettingsFile];
/// Deprecated by its documentation, and still what Setup shows.
pub(crate) const SECRET_IN_METADATA: Element =
    Element { name: "enableConsumerSecretApiAccess", held_by: APP_SETTINGS, since: 0, default: "" };
pub(crate) const SECRET_IN_REST: Element =
    Element { name: "enableClientSecretInRestApiAccess", held_by: APP_SETTINGS, since: 62, default: "" };

const fn oidc(name: &'static str) -> Element {
    Element { name, held_by: OIDC, since: 0, default: "false" }
}

pub(crate) const BLOCK_PASSWORD: Element = oidc("blockOAuthUnPwFlow");
pub(crate) const BLOCK_USER_AGENT: Element = oidc("blockOAuthUsrAgtFlow");
pub(crate) const ORG_PKCE: Element = oidc("isPkceRequired");
pub(crate) const ORG_CODE_CREDENTIALS: Element = oidc("oAuthCdCrdtFlowEnable");
pub(crate) const ORG_TIMEOUT: Element =
    Element { name: "sessionTimeout", held_by: &[Kind::SecuritySettingsFile], since: 0, default: "" };
pub(crate) const FORCE_LOGOUT: Element =
    Element { name: "forceLogoutOnSessionTimeout", held_by: &[Kind::SecuritySettingsFile], since: 0, default: "" };

/// What a setting says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told<T> {
    /// No file or record that would hold it is there.
    Missing,
    /// Files that may hold it could not be read.
    Unread(Arg),
    /// What would hold it is there, without it.
    Absent,
    /// A copy has a value that is not documented.
    Unknown(String),
    /// Copies say different things.
    Contradictory,
    /// It says this.
    Known(T),
}

/// A setting with the evidence of what it says.
#[derive(Clone, Debug)]
pub(crate) struct Value<T> {
    pub(crate) element: Element,
    pub(crate) told: Told<T>,
    pub(crate) items: Vec<EvidenceItem>,
}

impl<T: Clone + PartialEq> Value<T> {
    /// A setting of an app.
    pub(crate) fn of_app(run: &Run<'_>, app: &App, element: &Element, parse: impl Fn(&str) -> Option<T>) -> Self {
        let places: Vec<&Locator> = element.held_by.iter().flat_map(|kind| app.places(*kind)).collect();
        let unread = run.lost.of_app(app, element.held_by);
        Self::read(element, app.settings.of(element.name), &places, &unread, parse)
    }

    /// A setting of the org.
    pub(crate) fn of_org(run: &Run<'_>, element: &Element, parse: impl Fn(&str) -> Option<T>) -> Self {
        let inputs = element.held_by.iter().flat_map(|kind| run.index.files_of(*kind));
        let files: Vec<Locator> = inputs.map(|input| Locator::new(&input.path, Place::File)).collect();
        let unread = element.held_by.iter().fold(Files::default(), |all, kind| all.and(run.lost.whole(*kind)));
        Self::read(
            element,
            run.snapshot.org.settings.of(element.name),
            &files.iter().collect::<Vec<_>>(),
            &unread,
            parse,
        )
    }

    fn read<'a>(
        element: &Element,
        copies: impl Iterator<Item = &'a Located<String>>,
        places: &[&Locator],
        unread: &Files<'_, '_>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Self {
        let copies: Vec<&Located<String>> = copies.collect();
        let mut items: Vec<EvidenceItem> = copies.iter().map(|copy| EvidenceItem::seen(element.name, copy)).collect();
        if copies.is_empty() {
            let paths: BTreeSet<&Locator> = places.iter().copied().collect();
            items.extend(paths.into_iter().map(|at| EvidenceItem::missing(element.name, at)));
        }
        let values: Vec<Option<T>> = copies.iter().map(|copy| parse(copy.value.trim())).collect();
        let unknown = copies.iter().zip(&values).find(|(_, value)| value.is_none());
        let told = if !unread.is_empty() {
            Told::Unread(unread.named())
        } else if let Some((copy, _)) = unknown {
            Told::Unknown(copy.raw.as_str().to_owned())
        } else {
            match values.split_first() {
                None if places.is_empty() => Told::Missing,
                None => Told::Absent,
                Some((Some(first), rest)) if rest.iter().all(|value| value.as_ref() == Some(first)) => {
                    Told::Known(first.clone())
                }
                Some(_) => Told::Contradictory,
            }
        };
        Self { element: *element, told, items }
    }

    /// What it says, where that is known.
    pub(crate) fn known(&self) -> Option<&T> {
        if let Told::Known(value) = &self.told { Some(value) } else { None }
    }

    /// Whether it is known to say this.
    pub(crate) fn is(&self, value: &T) -> bool {
        self.known() == Some(value)
    }

    /// The outcome where it is not known: one that somebody has to look at where copies differ, else none.
    pub(crate) fn open(&self) -> Option<(Outcome, Message)> {
        let setting = |key: &'static str| Message::new(key).with("setting", self.element.name);
        let holder = self.element.held_by.first().map_or("", |kind| kind.name());
        let because = match &self.told {
            Told::Known(_) => return None,
            Told::Contradictory => return Some((Outcome::Review, setting("family.contradictory"))),
            Told::Missing => setting("family.missing").with("type", holder),
            Told::Unread(files) => setting("family.unread").with("files", files.clone()),
            Told::Unknown(value) => setting("family.unknown").with("value", value.as_str()),
            Told::Absent => {
                let absent = match self.element.since {
                    0 => setting("family.absent"),
                    since => setting("family.absent-since").with("since", since),
                };
                let default = self.element.default;
                let said = (!default.is_empty()).then(|| setting("family.default").with("value", default));
                let sentences = [Some(absent.with("type", holder)), said].into_iter().flatten().collect();
                return together(sentences).map(|because| (Outcome::NotEvaluable, because));
            }
        };
        Some((Outcome::NotEvaluable, because))
    }

    /// The answer where it is not known. One that is known has none: it would have to be judged.
    pub(crate) fn answered(self) -> Answer {
        let (outcome, because) = self.open().unwrap_or((Outcome::NotEvaluable, Message::default()));
        Answer { outcome, because, items: self.items, disputed: outcome == Outcome::Review, until: None }
    }
}

/// The answer where settings that decide together are not all known: not evaluable if one cannot be told at all, a review
/// where copies differ.
pub(crate) fn unanswered(open: Vec<Option<(Outcome, Message)>>, items: Vec<EvidenceItem>) -> Option<Answer> {
    let open: Vec<(Outcome, Message)> = open.into_iter().flatten().collect();
    let untold = open.iter().any(|(outcome, _)| *outcome == Outcome::NotEvaluable);
    let outcome = if untold { Outcome::NotEvaluable } else { Outcome::Review };
    let sentences = open.into_iter().filter(|(own, _)| *own == outcome).map(|(_, because)| because);
    let because = together(sentences.collect())?;
    Some(Answer { outcome, because, items, disputed: outcome == Outcome::Review, until: None })
}

/// `true` or `false` in any spelling that a switch has.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match Switch::parse(text) {
        Switch::On => Some(true),
        Switch::Off => Some(false),
        Switch::NotTold => None,
    }
}

/// A text that is not empty, in lower case.
pub(crate) fn word(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_lowercase())
}
