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

const VERDICT: &[Claim] = &[
    (
        "The snapshot shows no External Client App. {rest}",
        "Der Snapshot zeigt keine External Client App. {rest}",
        |p, _| equal(&0, &p.apps().len()),
    ),
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
    (
        "No app is shown to fail. Most pressing: {app}, CVSS {#low} to {#high}.",
        "Keine App fällt nachweislich durch. Am dringendsten ist {app}, CVSS {#low} bis {#high}.",
        most_open,
    ),
    (
        "No app is shown to fail. Most pressing: {app}, CVSS {#low}.",
        "Keine App fällt nachweislich durch. Am dringendsten ist {app}, CVSS {#low}.",
        most_open,
    ),
    ("Worst: {app}, CVSS {#score} ({severity}).", "Am schwersten wiegt {app}, CVSS {#score} ({severity}).", worst),
    ("Most pressing: {app}.", "Am dringendsten ist {app}.", worst),
    ("Next step: {action}", "Nächster Schritt: {action}", |p, h| {
        let first = p.section("plan").into_iter().find_map(|line| line.strip_prefix("| 1 | ")).unwrap_or_default();
        let action = plain(first.split(" | ").next().unwrap_or_default());
        equal(&h["action"].as_str(), &action.as_str())
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

/// The verdict and what it has to say at least.
pub(super) fn verdict(printed: &Printed, faults: &mut Vec<String>) {
    let section = printed.section("summary");
    let quoted = section.iter().skip_while(|line| **line != "<!-- verdict -->").find(|line| line.starts_with("> "));
    let text = plain(&quoted.unwrap()[2..].replace("**", ""));
    let read = check_sentences(printed, &text, VERDICT, faults);
    // What is there to say is said: the flow, the user, power and network of those whose flow is on.
    let least = if printed.apps().is_empty() {
        1
    } else if printed.count(&[ON]) > 0 {
        4
    } else {
        1
    };
    if read < least {
        faults.push(format!("{}: only {read} sentences in `{text}`", printed.name));
    }
}
