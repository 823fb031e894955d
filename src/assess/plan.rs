//! Moves of all apps as one plan: one action for what is one thing to do, the most pressing first, and what others rest
//! on before them.

use crate::catalogue::{ActionKind, Catalogue};
use crate::kit::Move;
use crate::model::{Action, After, Effort, Finding, Missing, Outcome, Tenths, worst_first};
use crate::text::listing::enumerated;
use crate::text::message::{Arg, Message};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most apps that a sentence names.
const NAMED: usize = 3;
/// Most components and exports that a sentence asks for; the report's open questions have them all.
const NEEDS: usize = 6;

/// An app with something that it calls for.
type Called<'a> = (&'a Finding, &'a Move);

/// A kind of action with its place in the catalogue, which breaks ties.
type Kind<'a> = (usize, &'a ActionKind);

/// Puts moves together, those of each control apart; but questions of all of them are one thing to do. `moves` are those of each finding, by its id; a kind that its
/// catalogue does not declare has no place in a plan, and a test says that there is none.
pub(super) fn plan(control: &Catalogue, findings: &[Finding], moves: &BTreeMap<String, Vec<Move>>) -> Vec<Action> {
    let mut grouped: BTreeMap<(usize, &str, &str, &str), Vec<Called<'_>>> = BTreeMap::new();
    for finding in worst_first(findings).into_iter().filter(|finding| finding.result != Outcome::NotTested) {
        let declared = &control.judging(finding).actions;
        for one in moves.get(&finding.id).into_iter().flatten() {
            let Some(at) = declared.iter().position(|kind| *kind.id == *one.kind) else { continue };
            let control = match declared.get(at).is_some_and(|kind| kind.settles) {
                true => "",
                false => &finding.control,
            };
            grouped.entry((at, control, &one.target, &one.what.key)).or_default().push((finding, one));
        }
    }
    let groups = grouped.iter().filter_map(|((at, ..), group)| {
        let (finding, _) = group.first()?;
        Some(((*at, control.judging(finding).actions.get(*at)?), group))
    });
    let mut actions: Vec<_> = groups.filter_map(|(kind, group)| Some((kind, action(kind.1, group)?))).collect();
    actions.sort_by_cached_key(|(kind, one)| (rank(*kind, one), one.target.clone()));
    rested(actions)
}

fn rank((at, kind): Kind<'_>, one: &Action) -> (bool, Outcome, Reverse<Option<Tenths>>, Effort, usize) {
    (kind.later, one.result, Reverse(one.score), kind.effort, at)
}

/// What comes first (a user of its own) comes before everything else for its apps, but for what is urgent.
fn rested(sorted: Vec<(Kind<'_>, Action)>) -> Vec<Action> {
    let (first, others): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|((_, kind), _)| kind.first);
    let mut waiting: Vec<Option<(Kind<'_>, Action)>> = first.into_iter().map(Some).collect();
    let mut owner: BTreeMap<String, usize> = BTreeMap::new();
    for (at, waits) in waiting.iter().enumerate() {
        owner.extend(waits.iter().flat_map(|(_, one)| one.findings.iter().map(move |id| (id.clone(), at))));
    }
    let mut plan = Vec::new();
    for (kind, one) in others {
        if !kind.1.urgent {
            let first: BTreeSet<usize> = one.findings.iter().filter_map(|id| owner.get(id).copied()).collect();
            plan.extend(first.into_iter().filter_map(|at| waiting.get_mut(at).and_then(Option::take)));
            let mine = rank(kind, &one);
            plan.extend(waiting.iter_mut().filter_map(|waits| waits.take_if(|(k, w)| rank(*k, w) < mine)));
        }
        plan.push((kind, one));
    }
    plan.extend(waiting.into_iter().flatten());
    plan.into_iter().map(|(_, action)| action).collect()
}

fn action(kind: &ActionKind, group: &[Called<'_>]) -> Option<Action> {
    let (worst, first) = group.first()?;
    let labels: Vec<String> = group.iter().map(|(finding, _)| finding.label().into_owned()).collect();
    let after = group.iter().filter_map(|(finding, one)| {
        let after = one.after.clone()?;
        Some(After { finding: finding.id.clone(), ..after })
    });
    let after: Vec<After> = after.collect();
    let gain = filled(&first.gain, &labels);
    let what = filled(&first.what, &labels);
    Some(Action {
        kind: first.kind.clone(),
        effort: kind.effort,
        serves: kind.serves.clone(),
        settles: kind.settles,
        target: first.target.clone(),
        apps: group.iter().map(|(finding, _)| finding.subject.api_name.clone()).collect(),
        findings: group.iter().map(|(finding, _)| finding.id.clone()).collect(),
        preconditions: first.preconditions.iter().map(|word| (*word).to_owned()).collect(),
        what: match enumerated(&needs(group), NEEDS) {
            Some(needs) => what.with("exports", needs),
            None => what,
        },
        of_one: kind.of_one.as_ref().filter(|_| group.len() > 1).cloned().map(Message::new),
        why: filled(&first.why, &labels),
        effect: match computed(group, &after) {
            Some(computed) => Message::new("text.and").with("first", gain).with("then", computed),
            None => gain,
        },
        after,
        result: Outcome::worst(group.iter().map(|(finding, _)| finding.result)).unwrap_or(worst.result),
        score: group.iter().filter_map(|(finding, _)| score(finding)).max(),
    })
}

/// A sentence with the apps that it is about.
fn filled(message: &Message, labels: &[String]) -> Message {
    message.clone().with("apps", Arg::some(labels.to_vec(), NAMED)).with("n", labels.len())
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
