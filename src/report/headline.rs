//! The headline: counts as sentences, the same in the report of an org and in that of a portfolio.

use super::text::say;
use crate::controls::client_credentials::{Claims, FlowState, NetworkState, PrivilegeState};
use crate::text::wording::Wording;

/// Groups of powers, worst first, each with the last part of its key.
const POWERS: &[(&str, &[PrivilegeState])] = &[
    ("broad", &[PrivilegeState::Broad]),
    ("elevated", &[PrivilegeState::Elevated]),
    ("bulk", &[PrivilegeState::Moderate, PrivilegeState::BulkRead]),
    ("narrow", &[PrivilegeState::Narrow, PrivilegeState::NarrowReadOnly]),
    ("unknown", &[PrivilegeState::Unknown]),
];

/// What the network lets through. The first and the last are said even when there is none.
const NETWORKS: &[(&str, NetworkState)] = &[
    ("narrow", NetworkState::Narrow),
    ("wide", NetworkState::Wide),
    ("none", NetworkState::None),
    ("unknown", NetworkState::Unknown),
];

/// How many have the flow on, who can log in, how powerful they are, from where: short sentences with numbers.
pub(super) fn headline(w: &Wording, claims: &Claims) -> Vec<String> {
    let on = claims.on();
    let mut out = Vec::new();
    if claims.looked_at > 0 {
        out.push(say!(w, "report.verdict.on", on = on, total = claims.looked_at));
    }
    if on > 0 {
        out.push(able(w, on, claims.can_log_in));
        let part = |key: &str, n: usize| say!(w, format!("report.verdict.{key}"), n = n);
        let powers = POWERS.iter().map(|(key, states)| (key, claims.privilege.of(states))).filter(|(_, n)| *n > 0);
        let powers: Vec<String> = powers.map(|(key, n)| part(&format!("power.{key}"), n)).collect();
        out.push(say!(w, "report.verdict.power", parts = powers));
        let networks = NETWORKS.iter().map(|(key, state)| (*key, claims.network.of(&[*state])));
        let networks = networks.filter(|(key, n)| *n > 0 || matches!(*key, "narrow" | "none"));
        let networks: Vec<String> = networks.map(|(key, n)| part(&format!("network.{key}"), n)).collect();
        out.push(say!(w, "report.verdict.network", parts = networks));
    }
    let others = [FlowState::Dormant, FlowState::Contradictory, FlowState::Unknown];
    for (state, n) in others.map(|state| (state, claims.flow.of(&[state]))).into_iter().filter(|(_, n)| *n > 0) {
        out.push(say!(w, format!("report.verdict.flow.{state}"), n = n));
    }
    out.extend(left_out(w, claims));
    out
}

fn able(w: &Wording, on: usize, able: usize) -> String {
    let key = match able {
        0 => "report.verdict.able.none",
        all if all == on => "report.verdict.able.all",
        _ => "report.verdict.able.some",
    };
    say!(w, key, able = able, rest = on - able.min(on))
}

/// What a person left out, and whether it can be used.
pub(super) fn left_out(w: &Wording, claims: &Claims) -> Option<String> {
    let key = match (claims.left_out, claims.left_out_on) {
        (0, _) => return None,
        (_, 0) => "report.verdict.left-out",
        _ => "report.verdict.left-out-on",
    };
    Some(say!(w, key, n = claims.left_out, on = claims.left_out_on))
}
