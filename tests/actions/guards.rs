//! What an action must never do, told from the org itself.

use super::apply::applied;
use super::world::{User, Users, World};
use shr::controls::client_credentials::ActionKind;
use shr::controls::client_credentials::FlowState;
use shr::controls::client_credentials::Stated;
use shr::model::{Action, Assessment, Finding, Outcome};
use shr::report::{self, Report};
use shr::text::message::Arg;
use std::collections::BTreeSet;

struct Org<'a> {
    world: &'a World,
    assessment: &'a Assessment,
    faults: Vec<String>,
}

/// Every guard that the plan or a card of an org breaks.
pub(super) fn broken(world: &World, assessment: &Assessment) -> Vec<String> {
    let mut org = Org { world, assessment, faults: Vec::new() };
    // Connected apps of this world have no policy of their own; `tests/connected.rs` has what is advised for them.
    let own = |action: &&Action| action.findings.iter().any(|id| id.starts_with("SHR-CCF-"));
    for (number, action) in (1..).zip(&assessment.actions).filter(|(_, action)| own(action)) {
        org.action(number, action);
        org.effect(number, action);
    }
    assessment.findings.iter().for_each(|finding| org.order(finding));
    for language in ["en", "de"] {
        let (control, words) = (shr::controls::catalogue(language).unwrap(), shr::controls::wording(language).unwrap());
        org.report(&report::build(assessment, &control, &words));
    }
    org.faults
}

impl Org<'_> {
    fn user_of(&self, app: &str) -> Option<usize> {
        self.world.apps.iter().find(|one| one.name == app)?.user.flatten()
    }

    /// Whether somebody else may depend on a user: a person, another app whose flow is not off, a connected app.
    fn serves_others(&self, at: usize, app: &str) -> bool {
        let off = |name: &str| {
            self.assessment.findings.iter().any(|f| f.subject.api_name == name && f.flow_state() == FlowState::Off)
        };
        let apps = self.world.apps.iter().filter(|one| one.name != app && one.policy.is_some() && !off(&one.name));
        let shared = apps.filter(|one| one.user == Some(Some(at))).count() > 0;
        (self.world.users[at].person && self.world.history) || shared || self.world.connected == Some(at)
    }

    fn holds(&self, user: &User, permission: &str) -> bool {
        let sets = user.sets.iter().flat_map(|set| &self.world.sets[*set].permissions);
        sets.chain(&self.world.profiles[user.profile].permissions).any(|held| *held == permission)
    }

    fn fault(&mut self, text: String) {
        self.faults.push(text);
    }

    fn action(&mut self, number: usize, action: &Action) {
        let what = format!("action {number} ({}, {})", action.kind, action.target);
        if action.apps.is_empty() {
            self.fault(format!("{what}: for no app"));
        }
        for app in &action.apps {
            let finding = self.assessment.findings.iter().find(|finding| finding.subject.api_name == *app).unwrap();
            if !finding.actions.contains(&number) {
                self.fault(format!("{what}: {app} does not refer to it"));
            }
            let user = self.user_of(app);
            match ActionKind::read(&action.kind).expect("a kind of the control") {
                ActionKind::Ranges | ActionKind::Rights | ActionKind::OwnProfile => {
                    let at = user.expect("an action on a user who is known");
                    if self.serves_others(at, app) {
                        self.fault(format!("{what}: others use {}", self.world.users[at].name));
                    }
                    self.on_user(&what, at, action);
                }
                ActionKind::Disable if user.is_some_and(|at| self.world.users[at].active) => {
                    self.fault(format!("{what}: {app} names an active user"));
                }
                _ => {}
            }
        }
    }

    fn on_user(&mut self, what: &str, at: usize, action: &Action) {
        let world = self.world;
        let user = &world.users[at];
        let profile = &world.profiles[user.profile];
        let with_it = world.users.iter().filter(|one| one.active && one.profile == user.profile).count();
        if action.kind == ActionKind::Ranges && (with_it > 1 || profile.custom != Some(true)) {
            self.fault(format!("{what}: {with_it} active users, custom {:?}", profile.custom));
        }
        if action.kind == ActionKind::Ranges && world.export != Users::Complete {
            self.fault(format!("{what}: who has the profile is not known"));
        }
        if action.kind == ActionKind::Rights {
            let administrators = world.users.iter().enumerate();
            let others =
                administrators.filter(|(n, one)| *n != at && one.active && world.profiles[one.profile].api == "Admin");
            if self.holds(user, "ManageUsers") && others.count() == 0 {
                self.fault(format!("{what}: the last administrator"));
            }
            let Some(Arg::List(sets)) = action.what.args.get("sets") else { return };
            let held: BTreeSet<&String> = user.sets.iter().map(|set| &world.sets[*set].name).collect();
            if let Some(other) = sets.iter().find(|set| !held.contains(set)) {
                self.fault(format!("{what}: {other} is no set of {}", user.name));
            }
        }
    }

    /// The printed effect is that of the org with the action done, and no action does nothing.
    fn effect(&mut self, number: usize, action: &Action) {
        let what = format!("action {number} ({}, {})", action.kind, action.target);
        let Some(world) = applied(self.world, self.assessment, action) else {
            if !action.after.is_empty() {
                self.fault(format!("{what}: an effect of finding out"));
            }
            return;
        };
        let after = world.assess();
        let of = |assessment: &Assessment, app: &str| {
            let finding = assessment.findings.iter().find(|finding| finding.subject.api_name == app).unwrap().clone();
            let score = finding.score.as_ref().map(|score| score.residual31.1);
            (finding.result, score, finding)
        };
        if action.after.iter().map(|one| &one.app).ne(&action.apps) {
            self.fault(format!("{what}: not every app was judged again"));
        }
        for promised in &action.after {
            let (result, score, now) = of(&after, &promised.app);
            if (promised.result, promised.score) != (result, score) {
                self.fault(format!(
                    "{what}: {} promised {} {:?}, is {result} {score:?}",
                    promised.app, promised.result, promised.score
                ));
            }
            let (_, _, before) = of(self.assessment, &promised.app);
            if facts(&before) == facts(&now) {
                self.fault(format!("{what}: changes nothing for {}", promised.app));
            }
            if action
                .effect
                .args
                .get("first")
                .is_some_and(|first| matches!(first, Arg::Message(gain) if gain.key == "action.rights.gain.least"))
                && !now.privilege().least
            {
                self.fault(format!("{what}: least privilege is promised, and does not hold"));
            }
        }
    }

    /// An app whose user serves others gets a user of its own before anything else is done about it.
    fn order(&mut self, finding: &Finding) {
        let open = matches!(finding.result, Outcome::Fail | Outcome::NotEvaluable | Outcome::Review);
        let Some(at) = self.user_of(&finding.subject.api_name) else { return };
        let known = self.world.users[at].active && self.world.export == Users::Complete;
        if !open
            || !known
            || finding.flow_state() != FlowState::On
            || !self.serves_others(at, &finding.subject.api_name)
        {
            return;
        }
        let mut first = finding.actions.iter().map(|number| &self.assessment.actions[number - 1]);
        let first = first.find(|action| action.kind != ActionKind::Rotate);
        if first.is_none_or(|action| action.kind != ActionKind::OwnUser) {
            self.fault(format!(
                "{}: its user serves others, and the plan begins with {first:?}",
                finding.subject.api_name
            ));
        }
    }

    fn report(&mut self, report: &Report) {
        for card in &report.findings {
            let Some(way) = &card.recommendation else {
                self.fault(format!("{}: no recommendation", card.api_name));
                continue;
            };
            let on = ["on", "ein"];
            if let Some(row) = way.target.iter().find(|row| on.contains(&row.then.as_str())) {
                self.fault(format!("{}: {} is to be {}", card.api_name, row.name, row.then));
            }
            let texts = way.steps.iter().chain(&way.first).chain(&way.side_effects).chain([&way.why]);
            let plan = report.plan.iter().flat_map(|line| [&line.what, &line.gain, &line.why]);
            for text in texts.chain(plan).filter(|text| text.contains(['{', '⟨'])) {
                self.fault(format!("{}: a hole in {text}", card.api_name));
            }
            if self.world.session && way.steps.iter().any(|step| step.contains("Session Settings")) {
                self.fault(format!("{}: a session setting that is on already", card.api_name));
            }
            self.profile_step(&card.api_name, &way.steps);
        }
    }

    /// Ranges go into a named profile only if nobody else has it.
    fn profile_step(&mut self, app: &str, steps: &[String]) {
        for profile in &self.world.profiles {
            let on_it = format!("Profiles, {}, Login IP Ranges", profile.name);
            let Some(at) = self.user_of(app).filter(|_| steps.iter().any(|step| step.contains(&on_it))) else {
                continue;
            };
            let own = self.world.profiles[self.world.users[at].profile].name == profile.name;
            let users = self.world.users.iter().filter(|one| one.active);
            let with_it = users.filter(|one| self.world.profiles[one.profile].name == profile.name).count();
            let known = self.world.export == Users::Complete && profile.custom == Some(true);
            if !own || with_it > 1 || !known || self.serves_others(at, app) {
                self.fault(format!("{app}: a step puts ranges on {}", profile.name));
            }
        }
    }
}

/// What an action can move.
fn facts(finding: &Finding) -> impl PartialEq + use<> {
    let outcomes: Vec<(String, Outcome)> =
        finding.observations.iter().map(|one| (one.criterion.to_string(), one.outcome())).collect();
    let score = finding.score.as_ref().map(|score| (score.residual31.1, score.residual40.1));
    (finding.result, finding.flow_state(), finding.privilege().state, finding.network().state, score, outcomes)
}
