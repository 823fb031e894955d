//! The headline: counts as sentences, the same in the report of an org and in that of a portfolio.

use super::worded;
use crate::controls::client_credentials::claims::{
    CAN_LOG_IN, JUDGED, LEFT_OUT, LEFT_OUT_ON, of_flow, of_kind, of_network, of_power,
};
use crate::controls::client_credentials::{FlowState, NetworkState, PrivilegeState, Stated};
use crate::model::Finding;
use crate::snapshot::AppKind;
use crate::text::wording::Wording;
use crate::view::claims::Claims;
use crate::view::words::say;

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
pub(in super::super) fn headline(w: &Wording, kind: AppKind, claims: &Claims) -> Vec<String> {
    let of = |name: &str| claims.of(&of_kind(kind, name));
    let (on, looked_at) = (of(&of_flow(FlowState::On)), of(JUDGED));
    let mut out = Vec::new();
    if looked_at > 0 {
        out.push(say!(w, worded(kind, "report.verdict.on"), on = on, total = looked_at));
    }
    if on > 0 {
        let able = able(w, kind, on, of(CAN_LOG_IN));
        match out.last_mut() {
            Some(said) => said.extend([" ", &able]),
            None => out.push(able),
        }
        out.push(say!(w, worded(kind, "report.verdict.power"), parts = powers(w, &of)));
        out.push(say!(w, worded(kind, "report.verdict.network"), parts = networks(w, &of)));
    }
    let others = [FlowState::Dormant, FlowState::Contradictory, FlowState::Unknown].into_iter();
    let others = others.map(|state| (state, of(&of_flow(state)))).filter(|(_, n)| *n > 0);
    let others = others.map(|(state, n)| say!(w, worded(kind, &format!("report.verdict.flow.{state}")), n = n));
    let others: Vec<String> = others.chain(left_out(w, kind, claims)).collect();
    out.extend((!others.is_empty()).then(|| others.join(" ")));
    out
}

fn powers(w: &Wording, of: &dyn Fn(&str) -> usize) -> Vec<String> {
    let counted = POWERS.iter().map(|(key, states)| (key, states.iter().map(|one| of(&of_power(*one))).sum()));
    let some = counted.filter(|(_, n): &(_, usize)| *n > 0);
    some.map(|(key, n)| say!(w, format!("report.verdict.power.{key}"), n = n)).collect()
}

fn networks(w: &Wording, of: &dyn Fn(&str) -> usize) -> Vec<String> {
    let counted = NETWORKS.iter().map(|(key, state)| (*key, of(&of_network(*state))));
    let said = counted.filter(|(key, n)| *n > 0 || matches!(*key, "narrow" | "none"));
    said.map(|(key, n)| say!(w, format!("report.verdict.network.{key}"), n = n)).collect()
}

fn able(w: &Wording, kind: AppKind, on: usize, able: usize) -> String {
    let key = match able {
        0 => "report.verdict.able.none",
        all if all == on => "report.verdict.able.all",
        _ => "report.verdict.able.some",
    };
    say!(w, worded(kind, key), able = able, rest = on - able.min(on))
}

/// What whoever holds the secret can do: only where the flow is on and an active user is known.
pub(in super::super) fn worst_case(w: &Wording, f: &Finding) -> Option<String> {
    let known = f.can_log_in() && f.power() != PrivilegeState::Unknown;
    let power = known.then(|| w.word(&format!("report.worst-case.power.{}", f.power())))?;
    let from = w.word(&format!("report.worst-case.network.{}", f.network_state()));
    let key = if f.is_lower_bound() && f.power() != PrivilegeState::Broad {
        "report.worst-case.at-least"
    } else {
        "report.worst-case"
    };
    Some(say!(w, key, user = f.user_name(), power = power, from = from))
}

/// What a person left out, and whether it can be used.
pub(in super::super) fn left_out(w: &Wording, kind: AppKind, claims: &Claims) -> Option<String> {
    let (out, on) = (claims.of(&of_kind(kind, LEFT_OUT)), claims.of(&of_kind(kind, LEFT_OUT_ON)));
    let key = match (out, on) {
        (0, _) => return None,
        (_, 0) => "report.verdict.left-out",
        _ => "report.verdict.left-out-on",
    };
    Some(say!(w, worded(kind, key), n = out, on = on))
}
