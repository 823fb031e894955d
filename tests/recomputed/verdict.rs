//! The verdict: sentence after sentence.

use super::pattern::{Holes, beginning, listed, whole};
use super::printed::{Printed, plain, score, shown};
use super::{ACTIVE, Claim, FLOW, ON, RESULTS, equal, number};
use serde_json::Value;
use std::collections::BTreeSet;

fn able(printed: &Printed) -> (usize, usize) {
    let able = printed.count(&[ON, ACTIVE]);
    (able, printed.count(&[ON]) - able)
}

/// Parts such as `narrow for 3`: each counts what it names, nothing is named twice, and together they are all.
fn parts(printed: &Printed, holes: &Holes, at: &str, phrases: &[(&[&str], &[&str])]) -> Option<String> {
    let (mut sum, mut seen) = (0, BTreeSet::new());
    for part in listed(&holes["parts"]) {
        let (phrase, n) = part.rsplit_once(' ')?;
        let Some((words, _)) = phrases.iter().find(|(_, known)| known.contains(&phrase)) else {
            return Some(format!("unknown part `{part}`"));
        };
        if !seen.insert(*words) {
            return Some(format!("`{part}` a second time"));
        }
        let counted = printed.count(&[ON, (at, words)]);
        if n != counted.to_string() {
            return Some(format!("`{part}`, counted {counted}"));
        }
        sum += counted;
    }
    equal(&sum, &printed.count(&[ON]))
}

const POWER: &[(&[&str], &[&str])] = &[
    (&["broad"], &["administers the org for", "verwaltet die Org bei"]),
    (&["elevated"], &["writes in bulk or configures for", "schreibt massenhaft oder konfiguriert bei"]),
    (&["moderate", "bulk_read"], &["reads in bulk for", "liest massenhaft bei"]),
    (&["narrow", "narrow_read_only"], &["narrow for", "eng begrenzt bei"]),
    (&["unknown"], &["unknown for", "unbekannt bei"]),
];
const NETWORK: &[(&[&str], &[&str])] = &[
    (&["narrow"], &["narrow for", "eng bei"]),
    (&["wide"], &["too wide for", "zu weit bei"]),
    (&["none"], &["none for", "keine bei"]),
    (&["unknown"], &["unknown for", "unbekannt bei"]),
];

fn rank(app: &Value) -> usize {
    RESULTS.iter().position(|result| app["result"] == **result).unwrap()
}

/// Whether no other app has a worse result, or the same and a higher score.
fn is_worst(printed: &Printed, app: &Value) -> Option<String> {
    let key = |app: &Value| (rank(app), -score(app, "/score/residual31/1").unwrap_or(-1.0));
    let worse = printed.apps().into_iter().find(|other| key(other) < key(app));
    worse.map(|other| format!("{} is worse", shown(other)))
}

fn severity(app: &Value, german: bool) -> &'static str {
    let scores = ["/score/residual31/1", "/score/residual40/1"];
    let highest = scores.iter().filter_map(|at| score(app, at)).fold(0.0, f64::max);
    let (en, de) = match highest {
        s if s >= 9.0 => ("critical", "kritisch"),
        s if s >= 7.0 => ("high", "hoch"),
        s if s >= 4.0 => ("medium", "mittel"),
        s if s >= 0.1 => ("low", "gering"),
        _ => ("none", "keine"),
    };
    if german { de } else { en }
}

fn worst(printed: &Printed, holes: &Holes) -> Option<String> {
    let Some(app) = printed.named(&holes["app"]) else { return Some("no such app".to_owned()) };
    let said = holes.get("score").map(|said| said.parse::<f64>().unwrap());
    let word = holes.get("severity").map_or("", String::as_str);
    is_worst(printed, app)
        .or_else(|| equal(&said, &score(app, "/score/residual31/1")))
        .or_else(|| said.and_then(|_| equal(&word, &severity(app, printed.german))))
}

/// Nothing fails; the app is open, and the score may lie between these.
fn most_open(printed: &Printed, holes: &Holes) -> Option<String> {
    let Some(app) = printed.named(&holes["app"]) else { return Some("no such app".to_owned()) };
    let said = |name: &str| holes.get(name).map(|text| text.parse::<f64>().unwrap());
    let (low, high) = (said("low"), said("high").or(said("low")));
    let possible = (score(app, "/score/interval31/low"), score(app, "/score/interval31/high"));
    let fails = printed.count(&[("/result", &["fail"])]);
    equal(&0, &fails).or_else(|| is_worst(printed, app)).or_else(|| equal(&(low, high), &possible))
}

/// How many apps that were looked at have this result.
fn results(printed: &Printed, result: &'static str) -> usize {
    printed.count(&[("/result", &[result])])
}

/// What whoever holds the secret of the worst app can do: the app's own user, power and network.
fn worst_case(printed: &Printed, holes: &Holes, at_least: bool) -> Option<String> {
    const POWERS: [(&str, &str, &str); 6] = [
        ("broad", "administer the org", "die Org verwalten"),
        (
            "elevated",
            "write in bulk or change the configuration",
            "in großem Umfang schreiben oder die Konfiguration ändern",
        ),
        ("moderate", "read in bulk and write a little", "in großem Umfang lesen und in geringem schreiben"),
        ("bulk_read", "read whole objects or all data", "ganze Objekte oder alle Daten lesen"),
        ("narrow", "read and write a few objects", "wenige Objekte lesen und schreiben"),
        ("narrow_read_only", "read a few objects", "wenige Objekte lesen"),
    ];
    const FROM: [(&str, &str, &str); 4] = [
        ("narrow", "from its own addresses only", "nur von den eigenen Adressen aus"),
        ("wide", "from a wide range of addresses", "aus einem weiten Adressbereich"),
        ("none", "from any address", "von jeder Adresse aus"),
        ("unknown", "from addresses that are not known", "von Adressen aus, die nicht bekannt sind"),
    ];
    let word = |list: &[(&'static str, &str, &str)], said: &str| {
        list.iter().find(|(_, en, de)| said == if printed.german { *de } else { *en }).map(|(word, ..)| *word)
    };
    let named = plain(printed.cover());
    let app = printed.looked_at().into_iter().find(|app| {
        let key = if printed.german { "Am schwersten wiegt " } else { "Worst: " };
        let pressing = if printed.german { "Am dringendsten: " } else { "Most pressing: " };
        [key, pressing].iter().any(|lead| {
            named.contains(&format!("{lead}{}:", shown(app))) || named.contains(&format!("{lead}{},", shown(app)))
        })
    });
    let Some(app) = app else { return Some("of no app that is named".to_owned()) };
    let text = |at: &str| app.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let said = (Some(holes["user"].as_str()), word(&POWERS, &holes["power"]), word(&FROM, &holes["from"]));
    let is = (
        Some(text("/facts/execution_user/name")),
        Some(text("/facts/privilege/state")),
        Some(text("/facts/network/state")),
    );
    let able = text(FLOW) == "on" && text("/facts/execution_user/state") == "active";
    let bound = app.pointer("/facts/privilege/at_least").and_then(Value::as_bool).unwrap_or_default()
        && text("/facts/privilege/state") != "broad";
    equal(&said, &is).or_else(|| equal(&able, &true)).or_else(|| equal(&at_least, &bound))
}

const COVER: &[Claim] = &[
    ("The snapshot shows no External Client App.", "Der Snapshot zeigt keine External Client App.", |p, _| {
        equal(&0, &p.apps().len())
    }),
    (
        "{#fail} of {#total} External Client [Apps|App] [fails|fail] the control.",
        "{#fail} von {#total} External Client [Apps|App] [erfüllt|erfüllen] die Kontrolle nicht.",
        |p, h| {
            equal(
                &(number(h, "fail"), number(h, "total"), 0),
                &(results(p, "fail"), p.looked_at().len(), results(p, "not_evaluable")),
            )
        },
    ),
    (
        "{#fail} of {#total} External Client [Apps|App] [fails|fail] the control; {#open} cannot be judged on the evidence of this snapshot.",
        "{#fail} von {#total} External Client [Apps|App] [erfüllt|erfüllen] die Kontrolle nicht; {#open} [ist|sind] anhand dieses Snapshots nicht beurteilbar.",
        |p, h| {
            equal(
                &(number(h, "fail"), number(h, "total"), number(h, "open")),
                &(results(p, "fail"), p.looked_at().len(), results(p, "not_evaluable")),
            )
        },
    ),
    (
        "{#fail} of {#total} apps [fails|fail] the control for their kind.",
        "{#fail} von {#total} Apps [erfüllt|erfüllen] die Kontrolle für ihre Art nicht.",
        |p, h| {
            equal(
                &(number(h, "fail"), number(h, "total"), 0),
                &(results(p, "fail"), p.looked_at().len(), results(p, "not_evaluable")),
            )
        },
    ),
    (
        "{#fail} of {#total} apps [fails|fail] the control for their kind; {#open} cannot be judged on the evidence of this snapshot.",
        "{#fail} von {#total} Apps [erfüllt|erfüllen] die Kontrolle für ihre Art nicht; {#open} [ist|sind] anhand dieses Snapshots nicht beurteilbar.",
        |p, h| {
            equal(
                &(number(h, "fail"), number(h, "total"), number(h, "open")),
                &(results(p, "fail"), p.looked_at().len(), results(p, "not_evaluable")),
            )
        },
    ),
    (
        "{#pass} of {#total} apps [passes|pass] the control for their kind, and none fails.",
        "{#pass} von {#total} Apps [erfüllt|erfüllen] die Kontrolle für ihre Art; bei keiner ist ein Mangel festgestellt.",
        |p, h| equal(&(number(h, "pass"), number(h, "total")), &(results(p, "pass"), p.looked_at().len())),
    ),
    (
        "No app is shown to fail, but {#open} of {#total} cannot be judged on the evidence of this snapshot.",
        "Bei keiner App ist ein Mangel nachgewiesen, doch {#open} von {#total} [ist|sind] anhand dieses Snapshots nicht beurteilbar.",
        |p, h| {
            equal(
                &(0, number(h, "open"), number(h, "total")),
                &(results(p, "fail"), results(p, "not_evaluable"), p.looked_at().len()),
            )
        },
    ),
    (
        "No app is shown to fail; {#asked} of {#total} [needs|need] a person's judgement.",
        "Bei keiner App ist ein Mangel nachgewiesen; {#asked} von {#total} [erfordert|erfordern] die Entscheidung eines Menschen.",
        |p, h| {
            equal(
                &(0, number(h, "asked"), number(h, "total")),
                &(results(p, "fail") + results(p, "not_evaluable"), results(p, "review"), p.looked_at().len()),
            )
        },
    ),
    (
        "{#pass} of {#total} External Client [Apps|App] [passes|pass] the control, and none fails.",
        "{#pass} von {#total} External Client [Apps|App] [erfüllt|erfüllen] die Kontrolle; bei keiner ist ein Mangel festgestellt.",
        |p, h| equal(&(number(h, "pass"), number(h, "total")), &(results(p, "pass"), p.looked_at().len())),
    ),
    (
        "Most pressing: {app}, CVSS {#low} to {#high}, depending on what is missing.",
        "Am dringendsten: {app}, CVSS {#low} bis {#high}, je nachdem, was fehlt.",
        most_open,
    ),
    ("Most pressing: {app}, CVSS {#low}.", "Am dringendsten: {app}, CVSS {#low}.", most_open),
    ("Worst: {app}, {severity}, CVSS {#score}.", "Am schwersten wiegt {app}: {severity}, CVSS {#score}.", worst),
    ("Most pressing: {app}.", "Am dringendsten ist {app}.", worst),
    (
        "Whoever holds its consumer secret acts as {user} and can at least {power}, {from}.",
        "Wer das Consumer Secret besitzt, handelt als {user} und kann mindestens {power}, und zwar {from}.",
        |p, h| worst_case(p, h, true),
    ),
    (
        "Whoever holds its consumer secret acts as {user} and can {power}, {from}.",
        "Wer das Consumer Secret besitzt, handelt als {user} und kann {power}, und zwar {from}.",
        |p, h| worst_case(p, h, false),
    ),
];

const VERDICT: &[Claim] = &[
    (
        "The client credentials flow is switched on for {#on} of {#total} External Client [Apps|App].",
        "Der Client-Credentials-Flow ist bei {#on} von {#total} External Client [Apps|App] eingeschaltet.",
        |p, h| equal(&(number(h, "on"), number(h, "total")), &(p.count(&[ON]), p.looked_at().len())),
    ),
    (
        "{#n} more [apps have|app has] the flow switched on, but it cannot be used today.",
        "Bei {#n} [weiteren Apps|weiteren App] ist der Flow eingeschaltet, aber zurzeit nicht nutzbar.",
        |p, h| equal(&number(h, "n"), &p.count(&[(FLOW, &["dormant"])])),
    ),
    (
        "For {#n} [apps|app] the copies of the switch contradict each other.",
        "Bei {#n} [Apps|App] widersprechen sich die Kopien des Schalters.",
        |p, h| equal(&number(h, "n"), &p.count(&[(FLOW, &["contradictory"])])),
    ),
    (
        "For {#n} [apps|app] the export does not tell whether the flow is on.",
        "Bei {#n} [Apps|App] sagt der Export nicht, ob der Flow eingeschaltet ist.",
        |p, h| equal(&number(h, "n"), &p.count(&[(FLOW, &["unknown"])])),
    ),
    (
        "[It|All of them] can log in: the execution user is known and active.",
        "[Sie kann|Alle davon können] sich anmelden: Der Ausführungsbenutzer ist bekannt und aktiv.",
        |p, _| equal(&able(p).1, &0),
    ),
    (
        "{#able} of them can log in: the execution user is known and active. For {#rest} no active execution user is known.",
        "{#able} davon [können|kann] sich anmelden: Der Ausführungsbenutzer ist bekannt und aktiv. Bei {#rest} ist kein aktiver Ausführungsbenutzer bekannt.",
        |p, h| equal(&(number(h, "able"), number(h, "rest")), &able(p)),
    ),
    (
        "No active execution user is known for [it|any of them].",
        "Ein aktiver Ausführungsbenutzer ist [dafür nicht bekannt|für keine davon bekannt].",
        |p, _| equal(&able(p).0, &0),
    ),
    ("Power of the execution user: {parts}.", "Rechte des Ausführungsbenutzers: {parts}.", |p, h| {
        parts(p, h, "/facts/privilege/state", POWER)
    }),
    ("Network restriction: {parts}.", "Netzbeschränkung: {parts}.", |p, h| {
        parts(p, h, "/facts/network/state", NETWORK)
    }),
    (
        "{#n} [apps were|app was] left out by decision of a person and [are|is] not counted here; with the flow switched on: {#on}.",
        "{#n} [Apps wurden|App wurde] durch Entscheidung eines Menschen ausgenommen und [sind|ist] hier nicht mitgezählt; mit eingeschaltetem Flow: {#on}.",
        |p, h| {
            let out: Vec<&Value> = p.apps().into_iter().filter(|app| app["result"] == "not_tested").collect();
            let on = out.iter().filter(|app| app["facts"]["flow_state"] == "on").count();
            equal(&(number(h, "n"), number(h, "on")), &(out.len(), on))
        },
    ),
    (
        "{#n} [apps were|app was] left out by decision of a person and [are|is] not counted here.",
        "{#n} [Apps wurden|App wurde] durch Entscheidung eines Menschen ausgenommen und [sind|ist] hier nicht mitgezählt.",
        |p, h| equal(&number(h, "n"), &(p.apps().len() - p.looked_at().len())),
    ),
];

/// What is said of connected apps in other words; all else is said as of External Client Apps.
const CONNECTED: &[Claim] = &[
    (
        "The client credentials flow is switched on for {#on} of {#total} connected [apps|app].",
        "Der Client-Credentials-Flow ist bei {#on} von {#total} Connected [Apps|App] eingeschaltet.",
        |p, h| equal(&(number(h, "on"), number(h, "total")), &(p.count(&[ON]), p.looked_at().len())),
    ),
    (
        "[It|All of them] can log in: the run-as user is known and active.",
        "[Sie|Alle] [kann|können] sich anmelden: Der Ausführungsbenutzer ist bekannt und aktiv.",
        |p, _| equal(&able(p).1, &0),
    ),
    (
        "Which active user [it runs|they run] as is not known.",
        "Unter welchem aktiven Benutzer [sie läuft|sie laufen], ist nicht bekannt.",
        |p, _| equal(&able(p).0, &0),
    ),
    ("Power of the run-as user: {parts}.", "Rechte des Ausführungsbenutzers der Connected Apps: {parts}.", |p, h| {
        parts(p, h, "/facts/privilege/state", POWER)
    }),
    ("Network restriction: {parts}.", "Netzbeschränkung: {parts}.", |p, h| {
        parts(p, h, "/facts/network/state", NETWORK)
    }),
];

/// Reads sentence after sentence; one that no claim knows, or that is not true, is a fault.
pub(super) fn check_sentences(printed: &Printed, text: &str, claims: &[Claim], faults: &mut Vec<String>) -> usize {
    let (mut rest, mut read) = (text.trim(), 0);
    while !rest.is_empty() {
        let known = claims.iter().find_map(|(en, de, check)| {
            let pattern = if printed.german { de } else { en };
            let last = pattern.ends_with('}');
            let (holes, after) = match last {
                true => (whole(pattern, rest)?, ""),
                false => beginning(pattern, rest).filter(|(_, after)| after.is_empty() || after.starts_with(' '))?,
            };
            Some((holes, after, check, pattern))
        });
        let Some((holes, after, check, pattern)) = known else {
            faults.push(format!("{}: no rule for `{rest}`", printed.name));
            return read;
        };
        faults.extend(check(printed, &holes).map(|fault| format!("{}: `{pattern}` {fault}", printed.name)));
        (rest, read) = (after.trim_start(), read + 1);
    }
    read
}

/// The list of who can log in, with what power, from where. It has no heading where the summary has nothing else.
pub(super) fn glance(printed: &Printed) -> Vec<&str> {
    let heads = ["### Who can log in", "### Wer sich anmelden kann"];
    let all = printed.section("summary");
    let head = all.iter().position(|line| heads.iter().any(|head| line.starts_with(head)));
    // Without an app the list tells of the population.
    let from = head.map_or(if printed.apps().is_empty() { all.len() } else { 0 }, |head| head + 1);
    let below = all.into_iter().skip(from);
    below.take_while(|line| !line.starts_with("### ")).filter_map(|line| line.strip_prefix("- ")).collect()
}

/// The verdict and what it has to say at least.
pub(super) fn verdict(printed: &Printed, faults: &mut Vec<String>) {
    let text = plain(&printed.cover().replace("**", ""));
    let said = check_sentences(printed, &text, COVER, faults);
    let open = printed.apps().iter().any(|app| rank(app) < 3);
    if said < 1 + usize::from(open) {
        faults.push(format!("{}: only {said} sentences in `{text}`", printed.name));
    }
    let lines = glance(printed);
    let of_connected = |line: &&str| ["connected app", "Connected App"].iter().any(|name| line.contains(name));
    let (own, connected) = lines.split_at(lines.iter().position(of_connected).unwrap_or(lines.len()));
    check_sentences(&printed.of("connected_app"), &plain(&connected.join(" ")), CONNECTED, faults);
    let printed = &printed.of("external_client_app");
    let text = plain(&own.join(" "));
    let read = check_sentences(printed, &text, VERDICT, faults);
    // What is there to say is said: the flow, the user, power and network of those whose flow is on.
    let least = match printed.count(&[ON]) {
        0 => usize::from(!printed.looked_at().is_empty()),
        _ => 4,
    };
    if read < least {
        faults.push(format!("{}: only {read} sentences in `{text}`", printed.name));
    }
}

/// The word of the severity of an app.
pub(super) fn severity_of(printed: &Printed, app: &Value) -> &'static str {
    severity(app, printed.german)
}
