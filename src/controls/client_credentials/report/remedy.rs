//! The way out of one finding: steps with this app's names, what changes for others, how to check it.
//!
//! Which way, which steps fit and what others are bound by is the assessment's advice; here it gets words.

use crate::catalogue::Remediation;
use crate::controls::client_credentials::{ActionKind, Advice, Stated, WayOut};
use crate::model::{Action, Finding, Outcome};
use crate::text::fill::fill;
use crate::text::message::Arg;
use crate::view::desk::decisive;
use crate::view::words::{SHOWN, label, outcome, say};
use crate::view::{Desk, RecommendationView};
use std::collections::BTreeMap;

/// An app with its advice.
#[derive(Clone, Copy)]
pub(super) struct Advised<'a> {
    pub(super) f: &'a Finding,
    pub(super) advice: &'a Advice,
    /// What stands in the slots of its texts.
    names: &'a Names,
}

/// Texts by slot: `app`, `user`, `profile` and the others of the catalogue.
type Names = BTreeMap<&'static str, String>;

impl Advised<'_> {
    pub(super) fn new_user(&self) -> bool {
        self.advice.holds("user:new")
    }

    pub(super) fn kept_user(&self) -> bool {
        self.advice.holds("user:kept")
    }

    /// Whether a step fits: every one of its conditions holds. A criterion stands for its not being met.
    fn fits(&self, conditions: &str) -> bool {
        conditions.split_whitespace().all(|word| match word.contains(':') {
            true => self.advice.holds(word),
            false => outcome(self.f, word) != Some(Outcome::Pass),
        })
    }
}

impl Desk<'_> {
    /// The way out that the evidence speaks for, with the app's names filled in; what to find out as long as there is none.
    pub(super) fn recommendation(&self, f: &Finding) -> Option<RecommendationView> {
        let advice = f.advice()?;
        let names = self.names(f, &advice);
        let app = Advised { f, advice: &advice, names: &names };
        let Some(way) = app.advice.way else { return Some(self.to_settle(app)) };
        let chosen = self.control.judging(f).remediations.iter().find(|r| r.id == way.word())?;
        // A step without a condition always fits.
        let conditions = chosen.conditions.iter().map(String::as_str).chain(std::iter::repeat(""));
        let steps = chosen.steps.iter().zip(conditions).filter(|(_, when)| app.fits(when));
        let snippets = self.snippets(app, way);
        let objects = self.object_rows(f, way);
        Some(RecommendationView {
            target: self.target(app, way),
            object_notes: self.object_notes(f, &objects),
            objects,
            checks: self.checks(app, way, &snippets),
            snippets,
            title: chosen.title.clone(),
            why: self.why_this_way(app),
            plan: self.in_the_plan(f),
            first: self.at_once(f),
            steps: steps.map(|(text, _)| fill_names(text, app)).collect(),
            verification: chosen.verification.iter().map(|text| fill_names(text, app)).collect(),
            side_effects: self.side_effects(chosen, way, app),
            effort: self.w.word(&format!("report.effort.{}", chosen.effort)),
            choices: self.w.word("report.card.alternatives"),
            alternatives: self.ways_out(app, |id| id != way.word()),
        })
    }

    /// What is to do with an app that is open although its flow cannot be used today: no way has to be chosen.
    pub(super) fn to_tidy(&self, f: &Finding) -> Option<RecommendationView> {
        let steps = self.words_of(f, |_| true);
        (f.result.is_open() && !steps.is_empty()).then(|| RecommendationView {
            title: self.w.word("report.recommendation.tidy"),
            why: self.w.say(&f.because),
            plan: self.in_the_plan(f),
            steps,
            effort: self.w.word("report.effort.low"),
            choices: self.w.word("report.card.choices"),
            ..RecommendationView::default()
        })
    }

    /// What has to be found out before a way can be recommended, and the ways that then come into question.
    fn to_settle(&self, app: Advised<'_>) -> RecommendationView {
        let all = self.a.actions_of(app.f).into_iter().map(|(_, action)| action);
        let mut actions: Vec<&Action> = all.filter(|action| action.settles).collect();
        let kinds = &self.control.judging(app.f).actions;
        actions.sort_by_key(|action| kinds.iter().position(|kind| *kind.id == *action.kind));
        RecommendationView {
            title: self.w.word("report.recommendation.settle"),
            why: self.why_this_way(app),
            plan: self.in_the_plan(app.f),
            first: self.words_of(app.f, |action| !action.settles),
            steps: actions.iter().map(|action| self.w.say(&action.for_app(&label(app.f)))).collect(),
            checks: vec![self.policy_check(app.f, "settle")],
            effort: self.w.word("report.effort.low"),
            choices: self.w.word("report.card.choices"),
            alternatives: self.ways_out(app, |_| true),
            ..RecommendationView::default()
        }
    }

    fn ways_out(&self, app: Advised<'_>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let ways = self.control.judging(app.f).remediations.iter().filter(|r| wanted(&r.id));
        let ways = ways.map(|r| (&r.title, fill_names(&r.when, app)));
        ways.map(|(title, when)| say!(self.w, "report.alternative", title = title, when = when)).collect()
    }

    /// Why this way, and for a packaged app who can go it.
    fn why_this_way(&self, app: Advised<'_>) -> String {
        let why = self.w.say(&app.advice.because);
        let packaged = app.f.notes.iter().any(|note| matches!(&*note.key, "note.packaged" | "note.managed"));
        if packaged { format!("{why} {}", self.w.word("report.recommendation.packaged")) } else { why }
    }

    /// Where the plan lists what this card details.
    fn in_the_plan(&self, f: &Finding) -> String {
        let numbers: Vec<String> = f.actions.iter().map(ToString::to_string).collect();
        if numbers.is_empty() { String::new() } else { say!(self.w, "report.card.in-plan", actions = numbers) }
    }

    fn words_of(&self, f: &Finding, wanted: impl Fn(&Action) -> bool) -> Vec<String> {
        let actions = self.a.actions_of(f).into_iter().filter(|(_, action)| wanted(action));
        actions.map(|(_, action)| self.w.say(&action.for_app(&label(f)))).collect()
    }

    fn at_once(&self, f: &Finding) -> Vec<String> {
        let mut out = self.words_of(f, |action| action.kind == ActionKind::Rotate);
        let missing = self.lacking(decisive(f).filter(|q| !q.requests.is_empty()));
        if f.is_lower_bound() && !missing.is_empty() {
            out.push(say!(self.w, "report.action.export-first", exports = missing));
        }
        out
    }

    /// What changes for others: those who share the user or the profile.
    fn side_effects(&self, chosen: &Remediation, way: WayOut, app: Advised<'_>) -> Vec<String> {
        let (w, user) = (self.w, &app.f.execution_user());
        let mut out: Vec<String> = chosen.side_effects.iter().map(|text| fill_names(text, app)).collect();
        let off = way == WayOut::Disable;
        let others: Vec<String> = user.shared_with.iter().chain(&user.connected_apps).cloned().collect();
        if !others.is_empty() && (off || app.new_user()) {
            out.push(say!(w, "report.side-effect.shared.stays", user = &user.name, apps = Arg::some(others, 10)));
        }
        if off || user.name.is_empty() {
            return out;
        }
        let profile = if user.profile.is_empty() { w.word("report.name.profile") } else { user.profile.clone() };
        if app.new_user() {
            out.push(say!(w, "report.side-effect.ownership", user = &user.name));
            if !app.advice.holds("user:alone") {
                let key = if user.profile.is_empty() {
                    "report.side-effect.stays.unknown"
                } else {
                    "report.side-effect.stays"
                };
                out.push(say!(w, key, user = &user.name, profile = profile));
            }
        } else if app.advice.holds("ranges:here") {
            out.push(say!(w, "report.side-effect.profile.alone", profile = profile, user = &user.name));
        } else if !app.kept_user() {
            out.push(say!(w, "report.side-effect.profile.unknown", profile = profile));
        }
        out
    }

    /// What `{app}`, `{user}`, `{profile}` and the other slots stand for; what is unknown is said in words.
    fn names(&self, f: &Finding, advice: &Advice) -> Names {
        let (w, network) = (self.w, f.network());
        let (shown, more) = (network.ranges.iter().take(SHOWN), network.ranges.len().saturating_sub(SHOWN));
        let ranges = shown.map(|r| say!(w, "report.name.range", first = &r.first, last = &r.last));
        let ranges: Vec<String> = ranges.chain(self.more(more)).collect();
        let (user, profile) = (self.name_or(f.user_name(), "user"), self.name_or(f.user_profile(), "profile"));
        let (own_user, own_profile) = match () {
            () if advice.holds("user:new") => (w.word("report.name.new-user"), w.word("report.name.new-profile")),
            () if advice.holds("profile:copy") => (user.clone(), w.word("report.name.clone")),
            () if advice.holds("user:kept") => (user.clone(), profile.clone()),
            () => (w.word("report.name.own-user"), w.word("report.name.own-profile")),
        };
        let scopes = match &f.scopes() {
            Some(list) if !list.is_empty() => w.join(list),
            Some(_) => w.word("report.name.none"),
            None => w.word("report.name.unknown"),
        };
        BTreeMap::from([
            ("app", label(f)),
            ("user", user),
            ("profile", profile),
            ("permission_sets", self.name_or(&w.join(&advice.sets), "permission-sets")),
            ("ranges", self.name_or(&w.join(&ranges), "ranges")),
            ("integration_user", own_user),
            ("integration_profile", own_profile),
            ("bound", advice.bound.as_ref().map(|bound| w.say(bound)).unwrap_or_default()),
            ("outside", advice.outside.as_ref().map(|outside| w.say(outside)).unwrap_or_default()),
            ("reasons", w.join(&self.said(&advice.reasons))),
            ("scopes", scopes),
            ("relaxation", self.name_or(&network.relaxation, "unknown")),
        ])
    }

    /// A name; the words that stand in for one that is unknown.
    fn name_or(&self, name: &str, what: &str) -> String {
        if name.is_empty() { self.w.word(&format!("report.name.{what}")) } else { name.to_owned() }
    }
}

/// A text of the catalogue with the app's names filled in.
fn fill_names(text: &str, app: Advised<'_>) -> String {
    fill(text, |slot| app.names.get(slot)).trim_end().to_owned()
}
