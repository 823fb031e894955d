//! Moves of all apps as one plan: one action for what is one thing to do, the most pressing first, and what others rest
//! on before them.

use super::moves::Move;
use super::words::enumerated;
use crate::model::{Action, ActionKind, After, Finding, Missing, Outcome, Tenths, worst_first};
use crate::text::message::{Arg, Message};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most apps that a sentence names.
const NAMED: usize = 3;
/// Most components and exports that a sentence asks for; section 5 has them all.
const NEEDS: usize = 6;

/// An app with something that it calls for.
type Called<'a> = (&'a Finding, &'a Move);

/// Puts moves together. `moves` are those of each app, by API name.
pub(crate) fn plan(findings: &[Finding], moves: &BTreeMap<String, Vec<Move>>) -> Vec<Action> {
    let mut grouped: BTreeMap<(ActionKind, &str, &str), Vec<Called<'_>>> = BTreeMap::new();
    for finding in worst_first(findings).into_iter().filter(|finding| finding.result != Outcome::NotTested) {
        for one in moves.get(&finding.subject.api_name).into_iter().flatten() {
            grouped.entry((one.kind, &one.target, &one.what.key)).or_default().push((finding, one));
        }
    }
    let mut actions: Vec<Action> = grouped.values().filter_map(|group| action(group)).collect();
    actions.sort_by_cached_key(|one| (rank(one), one.target.clone()));
    rested(actions)
}

fn rank(one: &Action) -> (bool, Outcome, Reverse<Option<Tenths>>, u8, ActionKind) {
    (one.kind.finds_out(), one.result, Reverse(one.score), one.kind.effort(), one.kind)
}

/// A user of its own comes before everything else for its apps, but for a secret that is out.
fn rested(sorted: Vec<Action>) -> Vec<Action> {
    let (users, others): (Vec<Action>, Vec<Action>) =
        sorted.into_iter().partition(|one| one.kind == ActionKind::OwnUser);
    let mut waiting: Vec<Option<Action>> = users.into_iter().map(Some).collect();
    let mut owner: BTreeMap<String, usize> = BTreeMap::new();
    for (at, one) in waiting.iter().enumerate() {
        owner.extend(one.iter().flat_map(|one| one.apps.iter().map(move |app| (app.clone(), at))));
    }
    let mut plan = Vec::new();
    for one in others {
        if one.kind != ActionKind::Rotate {
            let first: BTreeSet<usize> = one.apps.iter().filter_map(|app| owner.get(app).copied()).collect();
            plan.extend(first.into_iter().filter_map(|at| waiting.get_mut(at).and_then(Option::take)));
            plan.extend(waiting.iter_mut().filter_map(|user| user.take_if(|user| rank(user) < rank(&one))));
        }
        plan.push(one);
    }
    plan.extend(waiting.into_iter().flatten());
    plan
}

fn action(group: &[Called<'_>]) -> Option<Action> {
    let (worst, first) = group.first()?;
    let labels: Vec<String> = group.iter().map(|(finding, _)| finding.label().to_owned()).collect();
    let after: Vec<After> = group.iter().filter_map(|(_, one)| one.after.clone()).collect();
    let gain = fill(&first.gain, &labels);
    Some(Action {
        kind: first.kind,
        target: first.target.clone(),
        apps: group.iter().map(|(finding, _)| finding.subject.api_name.clone()).collect(),
        preconditions: first.preconditions.iter().map(|word| (*word).to_owned()).collect(),
        what: match enumerated(&needs(group), NEEDS) {
            Some(needs) => fill(&first.what, &labels).with("exports", needs),
            None => fill(&first.what, &labels),
        },
        why: fill(&first.why, &labels),
        effect: match computed(group, &after) {
            Some(computed) => Message::new("text.and").with("first", gain).with("then", computed),
            None => gain,
        },
        after,
        result: Outcome::worst(group.iter().map(|(finding, _)| finding.result)).unwrap_or(worst.result),
        score: group.iter().filter_map(|(finding, _)| score(finding)).max(),
    })
}

fn fill(message: &Message, apps: &[String]) -> Message {
    message.clone().with("apps", Arg::some(apps.to_vec(), NAMED)).with("n", apps.len())
}

fn score(finding: &Finding) -> Option<Tenths> {
    finding.score.as_ref().map(|score| score.residual31.1)
}

/// Noun phrases for what is asked for: components and fields by name, then whole exports, each once.
fn needs(group: &[Called<'_>]) -> Vec<Message> {
    let mut needs = Missing::phrases(group.iter().flat_map(|(_, one)| &one.missing));
    let requests: BTreeSet<&str> = group.iter().flat_map(|(_, one)| &one.requests).map(|id| &**id).collect();
    // Files or records would do; records are the smaller request.
    let alone = requests.len() == 1 && needs.is_empty();
    for request in requests.into_iter().filter(|id| alone || *id != "metadata") {
        // The members of groups are asked for as the groups are.
        let name = request.strip_suffix("-component").unwrap_or(request);
        let name = Message::new(format!("report.need.{name}"));
        if !needs.contains(&name) {
            needs.push(name);
        }
    }
    needs
}

/// How many findings the action closes, and what becomes of the highest score of the others.
fn computed(group: &[Called<'_>], after: &[After]) -> Option<Message> {
    if after.is_empty() {
        return None;
    }
    let total = group.iter().filter(|(finding, _)| finding.result != Outcome::Pass).count();
    let (closed, left): (Vec<_>, Vec<_>) =
        group.iter().zip(after).partition(|(_, after)| after.result == Outcome::Pass);
    let closes = closed.iter().filter(|((finding, _), _)| finding.result != Outcome::Pass).count();
    let before = left.iter().filter_map(|((finding, _), _)| score(finding)).max();
    let then = left.iter().filter_map(|(_, after)| after.score).max();
    let lower = before.zip(then).filter(|(before, then)| then < before);
    let what = match lower {
        Some(_) if closes == 0 => "score",
        Some(_) => "closes-score",
        None if total == 0 => return None,
        None if closes == 0 => "part",
        None => "closes",
    };
    let effect = Message::new(format!("action.effect.{what}")).with("closes", closes).with("of", total);
    Some(match lower {
        Some((before, then)) => effect.with("before", before.to_string()).with("after", then.to_string()),
        None => effect,
    })
}
