//! The action plan: whom an action names, whom it helps, and what it says that it changes.

use super::pattern::{Holes, beginning, listed, whole};
use super::printed::{Printed, plain, score, shown};
use super::{equal, number};
use serde_json::Value;
use std::collections::BTreeMap;

/// An action in both languages, and what has to be so of every app that it helps.
type Action = (&'static str, &'static str, fn(&Value, &Holes) -> bool);

fn text<'v>(app: &'v Value, at: &str) -> &'v str {
    app.pointer(at).and_then(Value::as_str).unwrap_or_default()
}

fn outcome<'v>(app: &'v Value, criterion: &str) -> &'v str {
    let all = app["observations"].as_array().unwrap();
    let one = all.iter().find(|one| one["criterion"] == criterion);
    one.map_or("", |one| text(one, "/outcome"))
}

fn is_user(app: &Value, holes: &Holes) -> bool {
    holes.get("user").is_none_or(|user| user == text(app, "/facts/execution_user/name"))
}

/// The profile is the user's, by its API name or by its name in Setup.
fn is_profile(app: &Value, holes: &Holes) -> bool {
    let named = [text(app, "/facts/execution_user/profile"), text(app, "/facts/execution_user/profile_label")];
    holes.get("profile").is_none_or(|profile| named.contains(&profile.as_str()))
}

fn is_open(app: &Value) -> bool {
    ["fail", "not_evaluable", "review"].contains(&text(app, "/result"))
}

fn asks(app: &Value, whom: &str) -> bool {
    app["questions"].as_array().unwrap().iter().any(|one| one["settles"] == whom)
}

const ACTIONS: &[Action] = &[
    (
        "Rotate the consumer secret of {apps}, giving the client the new one at the same moment, and delete every copy of the export that holds the old one.",
        "Das Consumer Secret erneuern, dem Client im selben Zug das neue geben und jede Kopie des Exports löschen, die das alte enthält: {apps}.",
        |app, _| outcome(app, "secret-not-exposed") == "fail",
    ),
    (
        "Give {apps} a dedicated user[ each|]: {what}. Then set IP relaxation of {more} to Enforce IP restrictions. {user} stays unchanged.",
        "[Einen|Für jede App einen] eigenen Benutzer einrichten, und zwar für {apps}: {what}. Danach die IP-Lockerung von {more} auf Enforce IP restrictions stellen. {user} bleibt unverändert.",
        |app, holes| {
            is_open(app) && is_user(app, holes) && !text(app, "/facts/network/relaxation").starts_with("Enforce")
        },
    ),
    (
        "Give {apps} a dedicated user[ each|]: {what}. {user} stays unchanged.",
        "[Einen|Für jede App einen] eigenen Benutzer einrichten, und zwar für {apps}: {what}. {user} bleibt unverändert.",
        |app, holes| is_open(app) && is_user(app, holes),
    ),
    (
        "Assign {user} a permission set with only what {apps} needs; once it works, take {sets} ({permissions}) away from {again}.",
        "Einen Berechtigungssatz mit nur dem, was {apps} braucht, an {user} zuweisen; sobald alles damit läuft, {sets} ({permissions}) entziehen.",
        |app, holes| {
            let again = holes.get("again").is_none_or(|again| again == &holes["user"]);
            is_user(app, holes) && again && outcome(app, "execution-user-least-privilege") != "pass"
        },
    ),
    (
        "Clone the profile {profile} for {user} alone; the clone then admits only the caller's addresses (Login IP Ranges).[| Set IP relaxation of ]{rest}",
        "Das Profil {profile} für {user} allein klonen; der Klon lässt dann nur die Adressen des Aufrufers zu (Login IP Ranges).[| Die IP-Lockerung von ]{rest}",
        |app, holes| is_user(app, holes) && is_profile(app, holes) && outcome(app, "network-restricted") != "pass",
    ),
    (
        "Admit only the caller's addresses in the login IP ranges of the profile {profile}, which no other active user has.{rest}",
        "In den Anmelde-IP-Bereichen des Profils {profile}, das kein anderer aktiver Benutzer hat, nur die Adressen des Aufrufers zulassen.{rest}",
        |app, holes| {
            let alone = app.pointer("/facts/execution_user/profile_shared_by") == Some(&0.into());
            alone && is_profile(app, holes) && outcome(app, "network-restricted") != "pass"
        },
    ),
    (
        "Set IP relaxation of {apps} to Enforce IP restrictions{why} the login [ranges of the profile|ranges of the profile] {profile}[ hold|, which hold then].",
        "Die IP-Lockerung von {apps} auf Enforce IP restrictions stellen, {why}Anmeldebereiche des Profils {profile}[ gelten|, die dann gelten].",
        |app, holes| is_profile(app, holes) && !text(app, "/facts/network/relaxation").starts_with("Enforce"),
    ),
    (
        "Finish the move of {apps} to JWT bearer: once the client signs in with the certificate, switch the client credentials flow off.",
        "Den Wechsel zu JWT Bearer abschließen ({apps}): sobald sich der Client mit dem Zertifikat anmeldet, den Client-Credentials-Flow ausschalten.",
        |app, _| outcome(app, "certificate-alternative") == "review" && text(app, "/facts/flow_state") == "on",
    ),
    (
        "Once the owner confirms that nothing is about to be set up, switch the client credentials flow of {apps} off: the policy names no user that it could run as.",
        "Den Client-Credentials-Flow von {apps} ausschalten, sobald die Verantwortlichen bestätigen, dass nichts erst eingerichtet wird: Die Richtlinie nennt keinen Benutzer, unter dem er laufen könnte.",
        |app, _| text(app, "/facts/execution_user/state") == "unnamed" && text(app, "/facts/flow_state") == "on",
    ),
    (
        "Replace the flow of {apps} by JWT bearer with a certificate [of its own|for each app].",
        "Den Flow von {apps} durch JWT Bearer mit einem [eigenen Zertifikat|Zertifikat je App] ersetzen.",
        |app, _| is_open(app) && text(app, "/facts/flow_state") == "on",
    ),
    (
        "Replace the flow of {apps} by JWT bearer with a certificate [of its own|for each app], and switch it off; where nobody needs the integration, switch it off without a replacement.",
        "Den Flow von {apps} durch JWT Bearer mit [eigenem Zertifikat|je einem Zertifikat] ersetzen und ausschalten; wo niemand die Integration braucht, ihn ohne Ersatz ausschalten.",
        |app, _| text(app, "/subject/kind") == "connected_app" && text(app, "/facts/flow_state") == "on",
    ),
    (
        "Export the OAuth policy of {apps}: it shows whether the flow is on, and whom it runs as.",
        "Die OAuth-Richtlinie von {apps} exportieren: Sie zeigt, ob der Flow eingeschaltet ist und unter wem er läuft.",
        |app, _| text(app, "/facts/flow_state") == "unknown",
    ),
    (
        "Find out in Setup whether the flow of {apps} is on: the snapshot contradicts itself. Switch nothing off before.",
        "Im Setup klären, ob der Flow von {apps} eingeschaltet ist: Der Snapshot widerspricht sich. Vorher nichts ausschalten.",
        |app, _| text(app, "/facts/flow_state") == "contradictory",
    ),
    (
        "Look up in Setup whom {apps} [runs|run] as: the complete User export does not hold {user}.",
        "Im Setup nachsehen, unter wem {apps} [läuft|laufen]: Der vollständige User-Export enthält {user} nicht.",
        |app, holes| is_user(app, holes) && text(app, "/facts/execution_user/state") == "not_found",
    ),
    (
        "Retrieve the OAuth policy of {apps} from the org itself: what is there names no user of the org.",
        "Die OAuth-Richtlinie von {apps} aus der Org selbst abrufen: Was vorliegt, nennt keinen Benutzer der Org.",
        |app, _| text(app, "/facts/execution_user/state") == "placeholder",
    ),
    (
        "Find out whom {apps} [runs|run] as: copies of the policy or of the user's record disagree.",
        "Klären, unter wem {apps} [läuft|laufen]: Kopien der Richtlinie oder des Benutzerdatensatzes widersprechen sich.",
        |app, _| text(app, "/facts/execution_user/state") == "contradictory",
    ),
    (
        "Export again what names or describes the execution user of {apps}: a file of it cannot be read.",
        "Erneut exportieren, was den Ausführungsbenutzer von {apps} nennt oder beschreibt: Eine Datei davon ist nicht lesbar.",
        |app, _| !["active", "inactive"].contains(&text(app, "/facts/execution_user/state")),
    ),
    (
        "Supply {exports} for {apps}, and run the review again.",
        "Für {apps} das Folgende nachreichen und die Prüfung wiederholen: {exports}.",
        |app, _| asks(app, "export"),
    ),
    (
        "Supply the exports that are listed for {apps} under Open questions, and run the review again.",
        "Die Exporte nachreichen, die unter „Offene Fragen“ für {apps} stehen, und die Prüfung wiederholen.",
        |app, _| asks(app, "export"),
    ),
    ("Answer the open questions about {apps}.", "Die offenen Fragen zu {apps} beantworten.", |app, _| {
        asks(app, "person")
    }),
    (
        "Once [its owner confirms that it is|their owners confirm that they are] not needed again, switch the flow of {apps} off for good.",
        "Den Flow von {apps} endgültig ausschalten, sobald die Verantwortlichen bestätigen, dass [er nicht mehr|keiner davon mehr] gebraucht wird.",
        |app, _| text(app, "/basis") == "dormant",
    ),
];

/// What an action changes, in both languages; `None` when the sentence says nothing that can be counted.
const EFFECTS: &[(&str, &str)] = &[
    ("Closes {#closes} of {#of} [findings|finding].", "Schließt {#closes} von {#of} [Feststellungen|Feststellung]."),
    (
        "Closes {#closes} of {#of} findings; highest score of the others {#before} → {#after}.",
        "Schließt {#closes} von {#of} Feststellungen; höchste Punktzahl der übrigen {#before} → {#after}.",
    ),
    ("[Score|Highest score] {#before} → {#after}.", "[Punktzahl|Höchste Punktzahl] {#before} → {#after}."),
    ("Closes no finding by itself.", "Schließt für sich allein keine Feststellung."),
];

/// What the named apps and those counted behind them amount to; `None` when a name is of another app.
fn amount(printed: &Printed, text: &str, apps: &[String]) -> Option<usize> {
    let (head, more) = match printed.german {
        false => (" and {#n} more", text.rfind(" and ")),
        true => (" und {#n} weitere", text.rfind(" und ")),
    };
    let tail = more.and_then(|at| Some((at, number(&whole(head, &text[at..])?, "n"))));
    let named = tail.map_or(text, |(at, _)| &text[..at]);
    let known = apps.iter().filter(|app| named.contains(app.as_str())).count();
    let all = apps.iter().fold(named.to_owned(), |text, app| text.replacen(app.as_str(), "", 1));
    let rest = listed(&all).into_iter().any(|part| !part.trim().is_empty());
    (!rest).then_some(known + tail.map_or(0, |(_, n)| n))
}

/// One line of the plan.
struct Line {
    number: usize,
    what: String,
    apps: Vec<String>,
    effort: String,
    effect: String,
}

fn lines(printed: &Printed) -> Vec<Line> {
    let rows = printed.section("plan").into_iter().filter(|line| line.contains("](#shr-"));
    let line = |row: &str| {
        let cells: Vec<&str> = row.trim_start_matches("| ").split(" | ").collect();
        let ids = cells[2].split("](#").skip(1).map(|part| part.split(')').next().unwrap().to_uppercase());
        let labels: Vec<String> =
            ids.filter_map(|id| printed.apps().into_iter().find(|app| app["id"] == id.as_str()).map(shown)).collect();
        assert_eq!(labels.len(), cells[2].matches("](#").count(), "{}: {row}", printed.name);
        Line {
            number: cells[0].parse().unwrap(),
            what: plain(cells[1]),
            apps: labels,
            effort: cells[3].to_owned(),
            effect: plain(cells[4]),
        }
    };
    rows.filter(|row| row.starts_with("| ")).map(line).collect()
}

/// What the effect says against what judging again gave.
fn effect(printed: &Printed, line: &Line, action: &Value) -> Option<String> {
    let after: Vec<(&Value, &Value)> = action["after"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| {
            let app = printed.apps().into_iter().find(|app| app["id"] == one["finding"]);
            app.map(|app| (app, one))
        })
        .collect();
    let found = EFFECTS.iter().find_map(|(en, de)| {
        let pattern = if printed.german { de } else { en };
        let start = pattern.split(['{', '[']).find(|part| !part.is_empty()).unwrap();
        let start = start.split('|').next().unwrap();
        let words =
            pattern.strip_prefix('[').map_or(vec![start], |rest| rest.split(']').next().unwrap().split('|').collect());
        words.iter().find_map(|word| whole(pattern, &line.effect[line.effect.rfind(word)?..]))
    });
    let Some(holes) = found else {
        return (!after.is_empty()).then(|| format!("nothing computed in `{}`", line.effect));
    };
    let closed = |one: &Value| !is_open(one);
    let others = || after.iter().filter(|(_, one)| !closed(one));
    let highest = |scores: Vec<Option<f64>>| scores.into_iter().flatten().fold(0.0, f64::max);
    let of_self = |one: &Value| one.get("score").and_then(Value::as_f64).map(|tenths| tenths / 10.0);
    let before = highest(others().map(|(app, _)| score(app, "/score/residual31/1")).collect());
    let now = highest(others().map(|(_, one)| of_self(one)).collect());
    let said = |name: &str| holes.get(name).map(|text| text.parse::<f64>().unwrap());
    let counts = (said("closes"), said("of"));
    let closes = after.iter().filter(|(_, one)| closed(one)).count();
    if let (Some(said_closes), Some(said_of)) = counts {
        let counted = (closes as f64, after.len() as f64);
        return equal(&(said_closes, said_of), &counted)
            .or_else(|| {
                said("before").and_then(|_| equal(&(said("before"), said("after")), &(Some(before), Some(now))))
            })
            .or_else(|| equal(&line.apps.len(), &after.len()));
    }
    match said("before") {
        Some(_) => equal(&(said("before"), said("after")), &(Some(before), Some(now))),
        None => equal(&0, &closes),
    }
}

/// Everything that is wrong in the plan.
pub(super) fn check(printed: &Printed, faults: &mut Vec<String>) {
    let lines = lines(printed);
    let actions = printed.json["actions"].as_array().cloned().unwrap_or_default();
    let name = &printed.name;
    faults.extend(equal(&lines.len(), &actions.len()).map(|fault| format!("{name}: plan: {fault}")));
    for (at, (line, action)) in lines.iter().zip(&actions).enumerate() {
        let mut wrong =
            |fault: String| faults.push(format!("{name}: action {}: `{}`: {fault}", line.number, line.what));
        if line.number != at + 1 {
            wrong(format!("has number {}", line.number));
        }
        let ids: Vec<&str> = action["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let is_of = |app: &&Value| ids.contains(&text(app, "/id"));
        let helped: Vec<&Value> = printed.apps().into_iter().filter(is_of).collect();
        if helped.len() != line.apps.len() || !helped.iter().all(|app| line.apps.contains(&shown(app))) {
            wrong(format!("helps {ids:?}, links {:?}", line.apps));
        }
        let known = ACTIONS.iter().find_map(|(en, de, check)| {
            let pattern = if printed.german { de } else { en };
            let open = pattern.strip_suffix("{rest}").unwrap_or(pattern);
            let holes =
                if open == *pattern { whole(pattern, &line.what) } else { beginning(open, &line.what).map(|(h, _)| h) };
            Some((holes?, check))
        });
        match known {
            None => wrong("no rule for it".to_owned()),
            Some((holes, check)) => {
                for app in helped.iter().filter(|app| !check(app, &holes)) {
                    wrong(format!("is not so for {}", shown(app)));
                }
                if let Some(apps) =
                    holes.get("apps").filter(|apps| amount(printed, apps, &line.apps) != Some(line.apps.len()))
                {
                    wrong(format!("names {apps}, helps {:?}", line.apps));
                }
            }
        }
        if let Some(fault) = effect(printed, line, action) {
            wrong(fault);
        }
    }
    do_first(printed, &lines, &actions, faults);
    figure(printed, &lines, &actions, faults);
}

/// *Do first* has lines of the plan, at most three, in their words, and they are those that weigh most for their effort.
fn do_first(printed: &Printed, lines: &[Line], actions: &[Value], faults: &mut Vec<String>) {
    let items = printed.section("summary").into_iter().filter(|line| line.contains(". **"));
    let mut said = Vec::new();
    for item in items {
        let what = plain(item.split("**").nth(1).unwrap());
        let Some(line) = lines.iter().find(|line| line.what == what) else {
            faults.push(format!("{}: `{what}` is not in the plan", printed.name));
            continue;
        };
        let place = match printed.german {
            false => format!("{} (Action {}, effort {}.)", line.effect, line.number, line.effort),
            true => format!("{} (Maßnahme {}, Aufwand {}.)", line.effect, line.number, line.effort),
        };
        if !plain(item).ends_with(&place) {
            faults.push(format!("{}: {what}: does not end with `{place}`", printed.name));
        }
        said.push(line.number);
    }
    faults.extend(equal(&said, &best(printed, actions)).map(|fault| format!("{}: do first: {fault}", printed.name)));
}

/// The three actions to begin with, by number: a leaked secret, then most open risk for the effort, a dedicated user first.
fn best(printed: &Printed, actions: &[Value]) -> Vec<usize> {
    let kind = |at: usize| actions[at]["kind"].as_str().unwrap_or_default();
    let tenths = |app: &Value, at: &str| app.pointer(at).and_then(Value::as_f64).unwrap_or_default();
    let mut risk: BTreeMap<String, f64> = printed
        .apps()
        .into_iter()
        .filter(|app| is_open(app))
        .map(|app| (text(app, "/subject/api_name").to_owned(), tenths(app, "/score/residual31/1")))
        .collect();
    let left = |at: usize| -> Vec<(String, f64)> {
        let after = actions[at]["after"].as_array().into_iter().flatten();
        after
            .map(|one| (text(one, "/app").to_owned(), if is_open(one) { tenths(one, "/score") } else { 0.0 }))
            .collect()
    };
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < 3 {
        let mut candidates: Vec<(bool, f64, usize)> = (0..actions.len())
            .filter(|at| !chosen.contains(at))
            .map(|at| {
                let gained: f64 =
                    left(at).iter().filter_map(|(app, left)| Some((risk.get(app)? - left).max(0.0))).sum();
                let effort = [("low", 1.0), ("medium", 2.0), ("high", 4.0)];
                let weight = effort.iter().find(|(word, _)| actions[at]["effort"] == *word).unwrap().1;
                (kind(at) == "rotate", (gained / weight * 1000.0).round(), at)
            })
            .filter(|(_, worth, _)| *worth > 0.0)
            .collect();
        candidates.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let Some((urgent, _, best)) = candidates.first().copied() else { break };
        let apps = |at: usize| actions[at]["apps"].as_array().unwrap().clone();
        let before = (0..actions.len()).find(|at| {
            kind(*at) == "own_user"
                && *at != best
                && !chosen.contains(at)
                && apps(*at).iter().any(|app| apps(best).contains(app))
        });
        let next = if urgent { best } else { before.unwrap_or(best) };
        for (app, left) in left(next) {
            risk.entry(app).and_modify(|risk| *risk = risk.min(left));
        }
        chosen.push(next);
    }
    // Where nothing changes a result, the plan's own order stands.
    let chosen = if chosen.is_empty() { (0..actions.len().min(3)).collect() } else { chosen };
    chosen.into_iter().map(|at| at + 1).collect()
}

/// The figure's text: effort and score of each action.
fn figure(printed: &Printed, lines: &[Line], actions: &[Value], faults: &mut Vec<String>) {
    let alt = printed.paper("results").into_iter().find(|line| line.contains("](figures/effort-risk.svg)"));
    let Some(alt) = alt else { return };
    for (line, action) in lines.iter().zip(actions) {
        let ids: Vec<&str> = action["findings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let helped = printed.apps().into_iter().filter(|app| ids.contains(&text(app, "/id")));
        let highest = helped
            .filter_map(|app| score(app, "/score/residual31/1"))
            .fold(None, |most: Option<f64>, one| Some(most.map_or(one, |most| most.max(one))));
        let said = match printed.german {
            false => format!("Action {}: effort {}, score", line.number, line.effort),
            true => format!("Maßnahme {}: Aufwand {}, Punktzahl", line.number, line.effort),
        };
        match highest {
            Some(highest) if !alt.contains(&format!("{said} {highest:.1}.")) => {
                faults.push(format!("{}: the figure lacks `{said} {highest:.1}.`", printed.name));
            }
            None if alt.contains(&said) => faults.push(format!("{}: `{said}` without a score", printed.name)),
            _ => {}
        }
    }
}
