//! The scoring model: base vector, five rules, interval. CVSS behind newtypes.
//!
//! The base never moves. Evidence writes modified metrics only, by the rules P, R, S, N, X in this order.
//! What is unknown writes nothing: it earns no reduction and costs nothing.

use crate::controls::client_credentials::{NetworkState, Rule};
use crate::cvss::{Vector31, Vector40};
use crate::model::{Confidence, Impact, Interval, Level, Score, Severity, Step, Tenths};
use crate::text::message::Message;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Whether something limits the number of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RateLimit {
    /// Confirmed.
    Present,
    /// Not in the snapshot, or a person has to read a condition.
    Unknown,
    /// Confirmed absent.
    Absent,
}

/// What the scopes reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeClass {
    /// Identity scopes only.
    Identity,
    /// No list.
    Unknown,
    /// At least one scope that reaches data.
    Data,
}

/// What the model looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScoreInputs {
    /// Base vector, CVSS 3.1.
    pub base31: String,
    /// Base vector, CVSS 4.0.
    pub base40: String,
    /// Upper end of the published range.
    pub range_high: Tenths,
    /// Impact of the grants that are proven.
    pub impact: Impact,
    /// Whether these are known to be all grants. Otherwise `impact` is a lower bound.
    pub complete: bool,
    /// Rate limit.
    pub rate: RateLimit,
    /// Scopes.
    pub scopes: ScopeClass,
    /// Network.
    pub network: NetworkState,
    /// The consumer secret is known to be exposed.
    pub secret_exposed: bool,
    /// The flow's state is unknown.
    pub flow_unknown: bool,
    /// The flow's state is unknown or contradictory: the score holds only if the flow is on.
    pub if_on: bool,
}

/// Impact of the six named privilege states.
pub const NAMED_STATES: [Impact; 6] = [
    Impact { c: Level::L, i: Level::N, a: Level::N },
    Impact { c: Level::L, i: Level::L, a: Level::N },
    Impact { c: Level::H, i: Level::N, a: Level::N },
    Impact { c: Level::H, i: Level::L, a: Level::N },
    Impact { c: Level::H, i: Level::H, a: Level::N },
    Impact { c: Level::H, i: Level::H, a: Level::H },
];

/// Impact that the base vector states.
const BASE_IMPACT: Impact = Impact { c: Level::H, i: Level::H, a: Level::N };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Modified {
    impact: Impact,
    narrow: bool,
    exposed: bool,
}

const UNMODIFIED: Modified = Modified { impact: BASE_IMPACT, narrow: false, exposed: false };

impl Modified {
    /// The metrics that differ from the base, in the order of the specification. `v` is `V` for CVSS 4.0.
    fn metrics(self, v: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        if self.narrow {
            parts.push("MAV:A".to_owned());
            parts.push("MAC:H".to_owned());
        }
        if self.exposed {
            parts.push("MPR:N".to_owned());
        }
        let levels = [
            ("C", self.impact.c, BASE_IMPACT.c),
            ("I", self.impact.i, BASE_IMPACT.i),
            ("A", self.impact.a, BASE_IMPACT.a),
        ];
        parts.extend(levels.iter().filter(|(_, now, base)| now != base).map(|(m, now, _)| format!("M{v}{m}:{now}")));
        parts.join("/")
    }

    fn vector(self, base: &str, v: &str) -> String {
        let metrics = self.metrics(v);
        if metrics.is_empty() { base.to_owned() } else { format!("{base}/{metrics}") }
    }

    fn score31(self, base: &str) -> Tenths {
        // A vector that cannot be read never looks harmless.
        Vector31::parse(&self.vector(base, "")).map_or(Tenths(100), |vector| vector.environmental())
    }

    fn score40(self, base: &str) -> Tenths {
        Vector40::parse(&self.vector(base, "V")).map_or(Tenths(100), |vector| vector.score())
    }
}

/// One way in which the evidence may stand: everything that the rules read.
#[derive(Clone, Copy)]
struct Facts {
    impact: Option<Impact>,
    rate: RateLimit,
    scopes: ScopeClass,
    network: NetworkState,
    exposed: bool,
}

fn apply(rule: Rule, facts: Facts, mut now: Modified) -> Option<Modified> {
    match rule {
        Rule::Privilege => now.impact = facts.impact?,
        Rule::RateLimit if facts.rate == RateLimit::Absent && facts.network != NetworkState::Narrow => {
            now.impact.a = now.impact.a.max(Level::L);
        }
        Rule::Scopes if facts.scopes == ScopeClass::Identity => {
            now.impact = now.impact.min(Impact { c: Level::L, i: Level::N, a: Level::N });
        }
        Rule::Network if facts.network == NetworkState::Narrow => now.narrow = true,
        Rule::Secret if facts.exposed => now.exposed = true,
        _ => return None,
    }
    Some(now)
}

fn settle(facts: Facts) -> Modified {
    Rule::ALL.iter().fold(UNMODIFIED, |now, rule| apply(*rule, facts, now).unwrap_or(now))
}

/// The residual score alone, in both versions.
#[must_use]
pub fn residual(inputs: &ScoreInputs) -> (Tenths, Tenths) {
    let now = settle(facts(inputs));
    (now.score31(&inputs.base31), now.score40(&inputs.base40))
}

/// Scores of one run: most apps of an org stand alike, and what stands alike has one score.
#[derive(Debug, Default)]
pub struct Scores(Mutex<BTreeMap<ScoreInputs, Arc<Score>>>);

impl Scores {
    /// As [`score`].
    #[must_use]
    pub fn of(&self, inputs: &ScoreInputs) -> Arc<Score> {
        // A thread that panicked left what it had found, and that holds.
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(inputs).cloned();
        known.unwrap_or_else(|| {
            let made = Arc::new(score(inputs));
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(inputs.clone()).or_insert(made).clone()
        })
    }
}

/// Scores one app: inherent, the five steps, residual, and the interval that the gaps still allow.
#[must_use]
pub fn score(inputs: &ScoreInputs) -> Score {
    let facts = facts(inputs);
    let mut now = UNMODIFIED;
    let mut steps = Vec::new();
    for rule in Rule::ALL {
        let next = apply(*rule, facts, now);
        let before = now;
        now = next.unwrap_or(now);
        steps.push(Step {
            rule: (*rule).into(),
            applied: next.is_some(),
            metrics: if before == now { String::new() } else { changed_metrics(before, now) },
            score31: now.score31(&inputs.base31),
            score40: now.score40(&inputs.base40),
            because: reason(*rule, inputs),
        });
    }
    let (residual31, residual40) = (now.score31(&inputs.base31), now.score40(&inputs.base40));
    let (interval31, interval40) = intervals(inputs);
    let (vector31, vector40) = (now.vector(&inputs.base31, ""), now.vector(&inputs.base40, "V"));
    Score {
        inherent31: (inputs.base31.clone(), UNMODIFIED.score31(&inputs.base31)),
        inherent40: (inputs.base40.clone(), UNMODIFIED.score40(&inputs.base40)),
        steps,
        arithmetic: Vector31::parse(&vector31).map(|vector| vector.arithmetic()).unwrap_or_default(),
        arithmetic40: Vector40::parse(&vector40).map(|vector| vector.arithmetic()).unwrap_or_default(),
        residual31: (vector31, residual31),
        residual40: (vector40, residual40),
        interval31,
        interval40,
        severity: Severity::of(residual31).max(Severity::of(residual40)),
        confidence: confidence(inputs),
        above_range: residual31 > inputs.range_high,
        if_on: inputs.if_on,
    }
}

fn facts(inputs: &ScoreInputs) -> Facts {
    Facts {
        impact: effective_impact(inputs),
        rate: inputs.rate,
        scopes: inputs.scopes,
        network: inputs.network,
        exposed: moves(inputs),
    }
}

/// Whether the secret moves the score: it is exposed, and the base does not assume so already.
fn moves(inputs: &ScoreInputs) -> bool {
    inputs.secret_exposed && !inputs.base31.contains(ANYBODY)
}

/// No privilege needed: whoever finds the secret has all that it takes.
const ANYBODY: &str = "/PR:N/";

/// The triple that rule P writes: what is known, or on incomplete evidence never less than the base.
fn effective_impact(inputs: &ScoreInputs) -> Option<Impact> {
    if inputs.complete {
        return Some(inputs.impact);
    }
    let at_least = inputs.impact.max(BASE_IMPACT);
    (at_least != BASE_IMPACT).then_some(at_least)
}

fn confidence(inputs: &ScoreInputs) -> Confidence {
    let worst = Impact { c: Level::H, i: Level::H, a: Level::H };
    let privilege = inputs.complete || inputs.impact == worst;
    let network = inputs.network != NetworkState::Unknown;
    match (inputs.flow_unknown, privilege, network) {
        (true, ..) | (_, false, false) => Confidence::Low,
        (false, true, true) => Confidence::High,
        _ => Confidence::Medium,
    }
}

/// Metrics that a step set, in CVSS 3.1 notation, also when it set them back to the base value.
fn changed_metrics(before: Modified, now: Modified) -> String {
    let mut parts = Vec::new();
    if now.narrow != before.narrow {
        parts.push("MAV:A/MAC:H".to_owned());
    }
    if now.exposed != before.exposed {
        parts.push("MPR:N".to_owned());
    }
    let levels = [
        ("MC", before.impact.c, now.impact.c),
        ("MI", before.impact.i, now.impact.i),
        ("MA", before.impact.a, now.impact.a),
    ];
    parts.extend(levels.iter().filter(|(_, old, new)| old != new).map(|(name, _, new)| format!("{name}:{new}")));
    parts.join("/")
}

/// Smallest and largest score over all ways to fill the gaps. An unknown secret is never filled as exposed.
fn intervals(inputs: &ScoreInputs) -> (Interval, Interval) {
    let impacts: Vec<Impact> = if inputs.complete {
        vec![inputs.impact]
    } else {
        NAMED_STATES.iter().map(|state| (*state).max(inputs.impact)).collect()
    };
    let rates = match inputs.rate {
        RateLimit::Unknown => vec![RateLimit::Present, RateLimit::Absent],
        known => vec![known],
    };
    let scopes = match inputs.scopes {
        ScopeClass::Unknown => vec![ScopeClass::Identity, ScopeClass::Data],
        known => vec![known],
    };
    let networks = match inputs.network {
        NetworkState::Unknown => vec![NetworkState::Narrow, NetworkState::None],
        known => vec![known],
    };
    let mut all31 = Vec::new();
    let mut all40 = Vec::new();
    for impact in &impacts {
        for rate in &rates {
            for scope in &scopes {
                for network in &networks {
                    let end = settle(Facts {
                        impact: Some(*impact),
                        rate: *rate,
                        scopes: *scope,
                        network: *network,
                        exposed: moves(inputs),
                    });
                    all31.push(end.score31(&inputs.base31));
                    all40.push(end.score40(&inputs.base40));
                }
            }
        }
    }
    (span(&all31), span(&all40))
}

fn span(scores: &[Tenths]) -> Interval {
    Interval {
        low: scores.iter().min().copied().unwrap_or(Tenths(0)),
        high: scores.iter().max().copied().unwrap_or(Tenths(100)),
    }
}

fn reason(rule: Rule, inputs: &ScoreInputs) -> Message {
    let key = match rule {
        Rule::Privilege => match (inputs.complete, effective_impact(inputs)) {
            (true, _) => "score.privilege.known",
            (false, Some(_)) => "score.privilege.at-least",
            (false, None) => "score.privilege.unknown",
        },
        Rule::RateLimit => match (inputs.rate, inputs.network) {
            (RateLimit::Absent, NetworkState::Narrow) => "score.rate.absent-narrow",
            (RateLimit::Absent, _) => "score.rate.absent",
            (RateLimit::Present, _) => "score.rate.present",
            (RateLimit::Unknown, _) => "score.rate.unknown",
        },
        Rule::Scopes => match inputs.scopes {
            ScopeClass::Identity => "score.scopes.identity",
            ScopeClass::Unknown => "score.scopes.unknown",
            ScopeClass::Data => "score.scopes.data",
        },
        Rule::Network => match inputs.network {
            NetworkState::Narrow => "score.network.narrow",
            NetworkState::Unknown => "score.network.unknown",
            NetworkState::Wide => "score.network.wide",
            NetworkState::None => "score.network.none",
        },
        Rule::Secret if inputs.base31.contains(ANYBODY) => "score.secret.in-base",
        Rule::Secret if inputs.secret_exposed => "score.secret.exposed",
        Rule::Secret => "score.secret.not-known",
    };
    Message::new(key)
}
