//! What a card says of an app's user, its network and its scopes.

use super::{of, worded};
use crate::controls::client_credentials::{PrivilegeState, Stated};
use crate::model::{AddressBlock, Finding, NetworkRange};
use crate::view::words::{fact, first, say};
use crate::view::{CardParts, Desk, Fact, RangeView};

/// The parts of a card that are this control's; its table leaves so many rights out.
pub(in super::super) fn card(desk: &Desk<'_>, f: &Finding, left_out: usize) -> CardParts {
    let network = f.network();
    let recommendation = desk.recommendation(f).or_else(|| desk.to_tidy(f));
    // A reason that names nothing of the app stands in its runbook.
    let own = f.advice().is_some_and(|advice| !advice.because.args.is_empty());
    let reason = recommendation.as_ref().filter(|_| own).map(|way| way.why.clone()).unwrap_or_default();
    CardParts {
        user: desk.user(f),
        brief: desk.user_in_short(f),
        privilege_notes: desk.privilege_notes(f, left_out),
        network: desk.w.say(&network.because),
        ranges: desk.ranges(network.ranges),
        scopes: desk.scopes(f),
        recommendation,
        reason,
    }
}

/// A power without the word of the tables before its colon.
fn in_words(power: &str) -> &str {
    power.split_once(": ").map_or(power, |(_, words)| words)
}

/// The day of a moment as it is exported; the text itself when it does not begin with a day.
fn day(moment: &str) -> &str {
    moment.split_once('T').map_or(moment, |(day, _)| day)
}

/// A number to show; nothing for none.
fn count(n: usize) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}

impl Desk<'_> {
    fn user(&self, f: &Finding) -> Vec<Fact> {
        let (w, u) = (self.w, &f.execution_user());
        let facts = [
            fact(w, "report.user.name", &u.name),
            fact(w, "report.user.state", w.word(&worded(of(f), &format!("report.user-state.{}", u.state)))),
            fact(w, "report.user.profile", &u.profile),
            fact(w, "report.user.license", &u.license),
            fact(w, "report.user.last-login", &u.last_login),
            fact(w, "report.user.shared", self.w.join(&self.first_of(&u.shared_with))),
            fact(w, "report.user.connected", self.w.join(&u.connected_apps)),
            fact(w, "report.user.browser", count(u.browser_logins)),
            fact(w, "report.user.power", self.power(f)),
            fact(w, "report.user.objects", self.objects(f)),
            fact(w, "report.user.used", self.used(f)),
        ];
        facts.into_iter().flatten().collect()
    }

    /// User, power, network, scopes, last use: what matters of them.
    fn user_in_short(&self, f: &Finding) -> Vec<Fact> {
        let (w, u) = (self.w, &f.execution_user());
        let state = w.word(&worded(of(f), &format!("report.user-state.{}", u.state)));
        let name = match (u.name.is_empty(), day(&u.last_login)) {
            (true, _) => state,
            (false, "") => format!("{} ({state})", u.name),
            (false, day) => say!(w, "report.user.seen", user = &u.name, state = state, day = day),
        };
        // That nothing is known of its rights stands among what is not settled.
        let (unknown, power) = (f.power() == PrivilegeState::Unknown, self.power(f));
        let with_profile = say!(w, "report.user.with-profile", user = &name, profile = &u.profile);
        let network = w.word(&format!("report.network.{}", f.network_state()));
        let others = [u.shared_with.as_slice(), &u.connected_apps].concat();
        let facts = [
            fact(w, "report.user.name", if u.profile.is_empty() { name } else { with_profile }),
            fact(w, "report.user.power", if unknown { "" } else { in_words(&power) }),
            fact(w, "report.user.network", format!("{network}. {}", self.scopes(f))),
            fact(w, "report.user.shared", w.join(&self.some(&others))),
        ];
        facts.into_iter().flatten().collect()
    }

    /// `administers the org (broad), at least`
    pub(super) fn power(&self, f: &Finding) -> String {
        let word = self.w.word(&format!("report.privilege.{}", f.power()));
        if f.is_lower_bound() && f.power() != PrivilegeState::Unknown {
            say!(self.w, "report.privilege.at-least", power = word)
        } else {
            word
        }
    }

    fn objects(&self, f: &Finding) -> String {
        let (shown, more) = first(&f.rights.objects, 10);
        let n = shown.len() + more;
        let text = match (shown.is_empty(), more) {
            (true, _) => return String::new(),
            (_, 0) => say!(self.w, "report.objects", n = n, objects = shown),
            _ => say!(self.w, "report.objects.more", n = n, objects = shown, more = more),
        };
        if f.is_lower_bound() { say!(self.w, "report.privilege.at-least", power = text) } else { text }
    }

    /// Objects that event logs show to be used, with what was done.
    fn used(&self, f: &Finding) -> String {
        let used = f.used_objects.iter().map(|used| format!("{} ({})", used.object, self.use_words(used)));
        self.w.join(&self.first_of(&used.collect::<Vec<_>>()))
    }

    fn ranges(&self, ranges: Vec<NetworkRange>) -> Vec<RangeView> {
        let views = ranges.into_iter().map(|range| RangeView {
            first: range.first,
            last: range.last,
            size: range.size,
            note: match range.block {
                AddressBlock::Public => String::new(),
                other => say!(self.w, "report.range.aside", block = self.w.word(&format!("block.{other}"))),
            },
        });
        views.collect()
    }

    fn scopes(&self, f: &Finding) -> String {
        match f.scopes() {
            None => self.w.word("report.scopes.unknown"),
            Some(list) if list.is_empty() => self.w.word("report.scopes.none"),
            Some(list) => say!(self.w, "report.scopes", scopes = list),
        }
    }

    /// Broken conditions and gaps. What the table lists in full is not listed again in a sentence.
    pub(super) fn privilege_notes(&self, f: &Finding, left_out: usize) -> Vec<String> {
        let p = f.privilege();
        let listed = ["least.permissions", "least.all-records"];
        let broken = p.broken.iter().filter(|m| left_out > 0 || !listed.contains(&&*m.key));
        let notes = broken.chain(&p.gaps).map(|m| self.w.say(m));
        let more = (left_out > 0).then(|| say!(self.w, "report.more-grants", n = left_out, id = &f.id));
        more.into_iter().chain(notes).collect()
    }
}
