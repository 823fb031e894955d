//! The names that must not be seen, and where each may stand.

use super::pseudonym::{Kind, is_pseudonym};
use super::text;
use crate::controls;
use crate::engagement::Engagement;
use crate::model::Assessment;
use crate::snapshot::{SfId, Snapshot, UserRef};
use std::collections::{BTreeMap, BTreeSet};

/// Settings whose value is a user name.
const USER_SETTINGS: [&str; 3] = ["clientCredentialsFlowUser", "oauthClientCredentialUser", "Username"];
/// Words that say no more than that somebody has a title.
const TITLES: [&str; 10] = ["dr", "prof", "mr", "mrs", "ms", "mx", "herr", "frau", "dipl", "ing"];
/// Legal forms, left away at the end of a client's name.
const LEGAL_FORMS: [&str; 24] = [
    "ag",
    "gmbh",
    "kg",
    "se",
    "inc",
    "incorporated",
    "ltd",
    "limited",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "sa",
    "sarl",
    "sas",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "spa",
];

/// In which strings a name is looked for. A single word is too common to be replaced wherever it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// What people typed.
    Prose,
    /// That, and values as the org states them.
    Values,
    /// Every string.
    Everywhere,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Known {
    /// Its words in lower case.
    pub(super) words: Vec<String>,
    /// Whose it is.
    pub(super) kind: Kind,
    /// What its pseudonym is made of; several spellings share one.
    pub(super) canonical: String,
    /// As it is written.
    pub(super) shown: String,
    /// Where it is looked for.
    pub(super) reach: Reach,
}

/// All names that one org's outputs must not show.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_first: BTreeMap<String, Vec<Known>>,
    /// Persons by each of their names: a surname alone is theirs, unless two share it.
    alone: BTreeMap<String, BTreeSet<(String, String)>>,
    /// Client and orgs, which are no persons although person fields name them.
    no_person: BTreeSet<String>,
}

impl Names {
    /// The names of an engagement file; those of client and orgs only with `clients`.
    #[must_use]
    pub fn of(engagement: &Engagement, clients: bool) -> Self {
        let mut names = Self::default();
        names.client(&engagement.document.client, clients);
        for (key, facts) in &engagement.orgs {
            names.org(key, &[&facts.name, &facts.snapshot], clients);
        }
        let document = &engagement.document;
        let mut people: Vec<&str> =
            vec![&document.prepared_for, &document.prepared_by, &document.reviewer, &document.approver];
        people.extend(engagement.orgs.values().map(|facts| facts.extracted_by.as_str()));
        people.extend(engagement.exclusions.iter().map(|one| one.by.as_str()));
        people.extend(engagement.attestations.iter().map(|one| one.by.as_str()));
        people.extend(engagement.attestations.iter().filter_map(|one| one.details.get("owner").map(String::as_str)));
        people.extend(engagement.dispositions.iter().map(|one| one.approver.as_str()));
        people.extend(engagement.facts.iter().map(|one| one.by.as_str()));
        people.into_iter().for_each(|field| names.people(field));
        engagement.facts.iter().map(|one| one.run_as.as_str()).for_each(|user| names.user(user));
        names
    }

    /// Adds the users of a snapshot. A user that is called like an app keeps the app's name, and one that is called
    /// after an app has no surname.
    pub fn add_snapshot(&mut self, snapshot: &Snapshot) {
        let apps: BTreeSet<Vec<String>> = snapshot
            .apps
            .values()
            .flat_map(|app| app.label.iter().map(|label| words(&label.value)).chain([words(&app.name)]))
            .collect();
        let of_apps: BTreeSet<&String> = apps.iter().flatten().collect();
        for user in &snapshot.access.users {
            user.username.iter().for_each(|name| self.user(&name.value));
            let called = user.full_name.iter().map(|name| &name.value);
            for name in called.filter(|name| !apps.contains(&words(name)) && words(name).len() > 1) {
                self.add(Kind::Person, &person(name), name, Reach::Everywhere);
                let alone = names_alone(name);
                if !alone.iter().any(|word| of_apps.contains(word)) {
                    self.stand_alone(alone, &person(name), name);
                }
            }
        }
        for name in snapshot.activity.api_use.iter().filter_map(|row| row.username.as_ref()) {
            self.user(&name.value);
        }
        let apps = snapshot.apps.values().chain(snapshot.connected.values());
        for user in apps.flat_map(|app| app.execution_user.iter()) {
            if let UserRef::Username(name) = &user.value {
                self.user(name);
            }
        }
    }

    /// Adds what an assessment tells by itself; persons are added field by field.
    pub(super) fn add_assessment(&mut self, a: &Assessment, clients: bool) {
        self.client(&a.document.client, clients);
        self.org(&a.org.key, &[&a.org.name, &a.org.source, &a.org.id], clients);
        for facts in a.findings.iter().map(|finding| &finding.facts) {
            for fact in controls::facts() {
                // What stands where a name should be is no name.
                if let Some((path, word)) = &fact.user_unless
                    && facts.text(path) != word
                {
                    self.user(facts.text(&fact.path));
                }
            }
        }
        a.connected_apps.iter().for_each(|app| self.user(&app.execution_user));
        let cited = a.evidence.iter().filter(|evidence| USER_SETTINGS.contains(&evidence.item.setting.as_str()));
        cited.filter_map(|evidence| evidence.item.seen.as_ref()).for_each(|name| self.user(name));
    }

    /// Adds the persons of a field such as `prepared_for`.
    pub(super) fn people(&mut self, field: &str) {
        for part in text::parts(field) {
            if !self.is_person(part) {
                continue;
            }
            let (words, canonical) = (words(part), person(part));
            let reach = if words.len() > 1 { Reach::Everywhere } else { Reach::Prose };
            self.add(Kind::Person, &canonical, part, reach);
            self.stand_alone(names_alone(part), &canonical, part);
        }
    }

    fn stand_alone(&mut self, names: Vec<String>, canonical: &str, shown: &str) {
        for name in names {
            let persons = self.alone.entry(name).or_default();
            if !persons.iter().any(|(known, _)| known == canonical) {
                persons.insert((canonical.to_owned(), shown.to_owned()));
            }
        }
    }

    /// Whether a part of a person field names a person (or a firm), rather than a role, the client or a pseudonym.
    pub(super) fn is_person(&self, part: &str) -> bool {
        let words = words(part);
        !words.is_empty()
            && !part.contains('@')
            && !is_pseudonym(part)
            && !words.iter().all(|word| is_role(word))
            && !self.no_person.contains(&client(part))
    }

    /// A user name without `@`; those with one are recognised by their form.
    fn user(&mut self, name: &str) {
        let placeholder = name.starts_with(['$', '{', '_']);
        if name.contains('@') || placeholder || SfId::parse(name).is_some() || is_pseudonym(name) {
            return;
        }
        let reach = if words(name).len() > 1 { Reach::Everywhere } else { Reach::Values };
        self.add(Kind::User, &user(name), name, reach);
    }

    fn client(&mut self, name: &str, replaced: bool) {
        let canonical = client(name);
        if canonical.is_empty() || is_pseudonym(name) {
            return;
        }
        if replaced {
            self.add(Kind::Client, &canonical, name, Reach::Everywhere);
            self.spelling(Kind::Client, &canonical, name, words(&canonical), Reach::Everywhere);
        }
        self.no_person.insert(canonical);
    }

    /// All names of an org share the pseudonym of its key. The first of the others is its name for readers.
    fn org(&mut self, key: &str, others: &[&str], replaced: bool) {
        self.no_person.extend(others.first().map(|name| client(name)).filter(|name| !name.is_empty()));
        if is_pseudonym(key) || !replaced {
            return;
        }
        for name in others.iter().copied().chain([key]) {
            let words = words(name);
            let long = words.len() > 1 || SfId::parse(name).is_some();
            let reach = if long { Reach::Everywhere } else { Reach::Prose };
            self.spelling(Kind::Org, key, key, words, reach);
        }
    }

    fn add(&mut self, kind: Kind, canonical: &str, shown: &str, reach: Reach) {
        self.spelling(kind, canonical, shown, words(shown), reach);
    }

    fn spelling(&mut self, kind: Kind, canonical: &str, shown: &str, words: Vec<String>, reach: Reach) {
        let Some(first) = words.first().cloned() else { return };
        let known = Known { words, kind, canonical: canonical.to_owned(), shown: shown.trim().to_owned(), reach };
        let list = self.by_first.entry(first).or_default();
        // The first that claims a spelling keeps it: clients and orgs before persons, persons before users.
        if !list.iter().any(|other| other.words == known.words && other.reach >= known.reach) {
            list.push(known);
            list.sort_by_key(|known| std::cmp::Reverse(known.words.len()));
        }
    }

    /// Names that begin with a word, the longest first.
    pub(super) fn beginning_with(&self, word: &str) -> &[Known] {
        self.by_first.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whose given name or surname a word is: canonical form and spelling.
    pub(super) fn alone(&self, word: &str) -> Option<(String, String)> {
        let persons = self.alone.get(word)?;
        let only = persons.first().filter(|_| persons.len() == 1).cloned();
        Some(only.unwrap_or_else(|| (word.to_owned(), word.to_owned())))
    }
}

/// The words of a name: runs of letters and digits, in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// A person's name, spelling and titles left away.
pub(super) fn person(name: &str) -> String {
    let all = words(name);
    let rest: Vec<String> = all.iter().filter(|word| !TITLES.contains(&word.as_str())).cloned().collect();
    if rest.is_empty() { all } else { rest }.join(" ")
}

/// A user name or an e-mail address; both compare without case.
pub(super) fn user(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A client's name without its legal form.
pub(super) fn client(name: &str) -> String {
    let mut all = words(name);
    while all.len() > 1 && all.last().is_some_and(|word| LEGAL_FORMS.contains(&word.as_str())) {
        all.pop();
    }
    all.join(" ")
}

/// Given name and surname of what looks like a person's name.
fn names_alone(part: &str) -> Vec<String> {
    let all: Vec<&str> = part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let lower: Vec<String> = all.iter().map(|word| word.to_lowercase()).collect();
    let looks = (2..=4).contains(&all.len())
        && all.iter().all(|word| word.starts_with(char::is_uppercase))
        && !part.contains('&');
    if !looks || lower.iter().any(|word| is_role(word)) {
        return Vec::new();
    }
    let ends = [lower.first(), lower.last()].into_iter().flatten();
    ends.filter(|word| word.chars().count() > 2 && !TITLES.contains(&word.as_str())).cloned().collect()
}

fn is_role(word: &str) -> bool {
    const WORDS: &str = include_str!("role_words.txt");
    WORDS.lines().filter(|line| !line.starts_with('#')).any(|line| line.split(' ').any(|known| known == word))
}
