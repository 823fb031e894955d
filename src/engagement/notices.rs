//! What in an engagement file meets nothing, lacks something or contradicts itself: one line each for who wrote it.
//!
//! Nothing here changes a result. The report says the same where it matters; these lines stand where the person looks.

use super::table::shown;
use super::{DispositionEntry, Engagement};
use crate::model::Assessment;
use crate::text::message::{Arg, Message};
use crate::text::nearest::did_you_mean;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Most lines of one run.
const MOST: usize = 30;

/// One line about an engagement file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Line of the file, from 1.
    pub line: u32,
    /// What is wrong: one lower-case line.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// What a run saw of one org, as far as an engagement file can name it.
#[derive(Clone, Debug, Default)]
pub struct SeenOrg {
    /// Organisation id; empty when unknown.
    pub id: String,
    /// API names of its apps.
    pub apps: BTreeSet<String>,
    /// Rows or files by object or metadata type; a type that comes as rows and as files has two counts.
    pub received: BTreeSet<(String, usize)>,
    /// Day of its latest time stamp, if that lies after the day as of which it was judged.
    pub later: Option<String>,
}

impl SeenOrg {
    /// What an assessment says of its org.
    #[must_use]
    pub fn of(a: &Assessment) -> Self {
        let apps = ("ExternalClientApplication".to_owned(), a.population.received);
        Self {
            id: a.org.id.clone(),
            apps: a.findings.iter().map(|finding| finding.subject.api_name.clone()).collect(),
            later: a.limitations.iter().find(|one| one.key == "assess.limitation.later-than-judged").and_then(taken),
            received: a.coverage.iter().map(|row| (row.kind.clone(), row.received)).chain([apps]).collect(),
        }
    }
}

fn taken(message: &Message) -> Option<String> {
    match message.args.get("taken") {
        Some(Arg::Text(day)) => Some(day.clone()),
        _ => None,
    }
}

/// All lines, by their place in the file. `orgs` are the orgs of the run by key; `whole` tells that every snapshot of
/// the run could be read, so that a name which none of them shows is in none.
#[must_use]
pub fn notices(engagement: &Engagement, orgs: &BTreeMap<String, SeenOrg>, whole: bool, as_of: Date) -> Vec<Notice> {
    let run = Run { engagement, orgs, whole, as_of };
    let mut all = run.unknown_orgs();
    all.extend(
        run.entries().into_iter().flat_map(|entry| [run.unknown_org(&entry), run.unknown_app(&entry)]).flatten(),
    );
    all.extend(run.counts());
    all.extend(run.later());
    all.extend(run.incomplete());
    all.extend(run.contradictions());
    all.sort();
    all.dedup();
    let more = all.len().saturating_sub(MOST);
    if more > 0 {
        all.truncate(MOST);
        let line = all.last().map_or(1, |last| last.line);
        all.push(Notice { line, message: format!("and {more} more of this kind"), hint: String::new() });
    }
    all
}

/// An entry that names org and app.
struct Entry<'a> {
    line: u32,
    table: &'static str,
    org: &'a str,
    app: &'a str,
}

struct Run<'a> {
    engagement: &'a Engagement,
    orgs: &'a BTreeMap<String, SeenOrg>,
    whole: bool,
    as_of: Date,
}

impl<'a> Run<'a> {
    fn entries(&self) -> Vec<Entry<'a>> {
        let e = self.engagement;
        let mut all: Vec<(&str, u32, &String, &String)> = Vec::new();
        all.extend(e.exclusions.iter().map(|one| ("[[exclude]]", one.line, &one.org, &one.app)));
        all.extend(e.attestations.iter().map(|one| ("[[attest]]", one.line, &one.org, &one.app)));
        all.extend(e.dispositions.iter().map(|one| ("[[disposition]]", one.line, &one.org, &one.app)));
        all.extend(e.facts.iter().map(|one| ("[[fact]]", one.line, &one.org, &one.app)));
        all.extend(e.responses.iter().map(|one| ("[[response]]", one.line, &one.org, &one.app)));
        all.into_iter().map(|(table, line, org, app)| Entry { line, table, org, app }).collect()
    }

    /// Whether an entry of this org is about an org of the run.
    fn is_here(&self, org: &str) -> bool {
        org.is_empty() || self.orgs.contains_key(org)
    }

    /// Declared orgs that no snapshot is of, while a snapshot is of no declared org. Without such a snapshot the others
    /// are simply not part of this run.
    fn unknown_orgs(&self) -> Vec<Notice> {
        let declared = &self.engagement.orgs;
        let strangers: Vec<&str> =
            self.orgs.keys().map(String::as_str).filter(|key| !declared.contains_key(*key)).collect();
        if strangers.is_empty() {
            return Vec::new();
        }
        let unmet = declared.iter().filter(|(key, _)| !self.orgs.contains_key(*key));
        let notices = unmet.map(|(key, facts)| {
            let hint = did_you_mean(key, strangers.iter().copied()).unwrap_or_else(|| {
                let needed = "key, snapshot (the folder's name) or id has to be that of the snapshot";
                format!("no entry is about {}: {needed}", list(&strangers))
            });
            let message = format!("org `{}` is none of this run, so nothing of this entry is used", shown(key));
            Notice { line: facts.line, message, hint }
        });
        notices.collect()
    }

    fn unknown_org(&self, entry: &Entry<'_>) -> Option<Notice> {
        let known: BTreeSet<&str> = self.engagement.orgs.keys().chain(self.orgs.keys()).map(String::as_str).collect();
        if self.is_here(entry.org) || known.contains(entry.org) {
            return None;
        }
        let known: Vec<&str> = known.into_iter().collect();
        let hint = did_you_mean(entry.org, known.iter().copied());
        let hint = hint.unwrap_or_else(|| format!("known are: {}", list(&known)));
        let message = format!("{} is about the org `{}`, which nothing else names", entry.table, shown(entry.org));
        Some(Notice { line: entry.line, message, hint })
    }

    fn unknown_app(&self, entry: &Entry<'_>) -> Option<Notice> {
        if entry.app.is_empty() || !self.is_here(entry.org) || (entry.org.is_empty() && !self.whole) {
            return None;
        }
        let meant = self.orgs.iter().filter(|(key, _)| entry.org.is_empty() || *key == entry.org);
        let apps: BTreeSet<&str> = meant.flat_map(|(_, seen)| &seen.apps).map(String::as_str).collect();
        if apps.contains(entry.app) {
            return None;
        }
        let hint = did_you_mean(entry.app, apps);
        let hint = hint.unwrap_or_else(|| "population.csv lists the API names of the apps".to_owned());
        let message = format!("{} names the app `{}`, which no snapshot shows", entry.table, shown(entry.app));
        Some(Notice { line: entry.line, message, hint })
    }

    fn counts(&self) -> Vec<Notice> {
        let mut all = Vec::new();
        for (key, seen) in self.orgs {
            let Some(facts) = self.engagement.orgs.get(key) else { continue };
            for (kind, declared) in &facts.expected {
                let mut counts = seen.received.iter().filter(|(of, _)| of == kind).map(|(_, count)| *count).peekable();
                let most = counts.clone().max().unwrap_or_default();
                if counts.any(|count| count == *declared) {
                    continue;
                }
                let message = format!("declares {declared} of {kind} for `{key}`, and {most} could be used");
                let hint = "export it again, or correct the number if it was counted on another day".to_owned();
                all.push(Notice { line: facts.line, message, hint });
            }
        }
        all
    }

    fn later(&self) -> Vec<Notice> {
        let facts = self.orgs.keys().filter_map(|key| Some((key, self.engagement.orgs.get(key)?)));
        let later = facts.filter_map(|(key, facts)| {
            let taken = facts.snapshot_at.filter(|day| *day > self.as_of)?;
            let message = format!(
                "the snapshot of `{key}` is dated {taken}, after {}, the day as of which it is judged: nothing in it counts as complete",
                self.as_of
            );
            Some(Notice { line: facts.line, message, hint: "correct snapshot_at, or pass --as-of".to_owned() })
        });
        later.collect()
    }

    /// Decisions and statements that do not count because something is missing.
    fn incomplete(&self) -> Vec<Notice> {
        let mut all = Vec::new();
        for one in self.engagement.dispositions.iter().filter(|one| self.is_here(&one.org)) {
            let lacks = [
                ("rationale", one.rationale.trim().is_empty()),
                ("approver", one.approver.trim().is_empty()),
                ("expires", one.expires.is_none()),
            ];
            all.extend(lacking(one.line, &format!("the decision {} on `{}`", one.kind, shown(&one.app)), &lacks));
        }
        for one in self.engagement.attestations.iter().filter(|one| self.is_here(&one.org)) {
            let lacks = [("on", one.on.is_none()), ("expires", one.expires.is_none())];
            all.extend(lacking(one.line, &format!("the statement on {}", one.criterion), &lacks));
        }
        all
    }

    /// Two that say different things about one app. Of decisions the later line counts, of statements the earlier.
    fn contradictions(&self) -> Vec<Notice> {
        let mut all = Vec::new();
        let mut decisions: BTreeMap<&str, Vec<&DispositionEntry>> = BTreeMap::new();
        for one in self.engagement.dispositions.iter().filter(|one| self.is_here(&one.org)) {
            if one.expires.is_none_or(|last| last >= self.as_of) {
                decisions.entry(&one.app).or_default().push(one);
            }
        }
        for (app, entries) in decisions {
            for pair in entries.windows(2).filter(|pair| meet(&pair[0].org, &pair[1].org)) {
                if pair[0].kind != pair[1].kind {
                    let message = format!(
                        "decides {} on `{}`, and line {} decides {}: the later line counts, the other does not",
                        pair[1].kind,
                        shown(app),
                        pair[0].line,
                        pair[0].kind
                    );
                    all.push(Notice { line: pair[1].line, message, hint: "leave one of the two out".to_owned() });
                }
            }
        }
        let mut statements: BTreeMap<(&str, &str), Vec<&super::Attestation>> = BTreeMap::new();
        for one in self.engagement.attestations.iter().filter(|one| self.is_here(&one.org)) {
            statements.entry((&one.criterion, &one.app)).or_default().push(one);
        }
        for ((criterion, _), entries) in statements {
            for pair in entries.windows(2).filter(|pair| meet(&pair[0].org, &pair[1].org)) {
                if pair[0].met != pair[1].met {
                    let message = format!("contradicts the statement of line {} on {criterion}", pair[0].line);
                    all.push(Notice { line: pair[1].line, message, hint: "leave one of the two out".to_owned() });
                }
            }
        }
        all
    }
}

/// Says what is missing for it to count, if anything is.
fn lacking(line: u32, what: &str, lacks: &[(&str, bool)]) -> Option<Notice> {
    let missing: Vec<&str> = lacks.iter().filter(|(_, lacks)| *lacks).map(|(name, _)| *name).collect();
    let missing = Some(missing.join(" and ")).filter(|missing| !missing.is_empty())?;
    let message = format!("{what} lacks {missing}: it does not count");
    Some(Notice { line, message, hint: format!("add {missing}") })
}

/// Whether two entries can be about one org; without an org an entry is about all.
fn meet(a: &str, b: &str) -> bool {
    a == b || a.is_empty() || b.is_empty()
}

fn list(names: &[&str]) -> String {
    let some: Vec<String> = names.iter().take(5).map(|name| format!("`{}`", shown(name))).collect();
    match names.len().saturating_sub(5) {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}
