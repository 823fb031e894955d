//! The rest of the summary: tiles, alarms, the funnel, and what could not be assessed.

use super::pattern::{Holes, whole};
use super::printed::{Printed, plain, shown};
use super::verdict::{check_sentences, severity_of};
use super::{ACTIVE, Claim, FLOW, ON, SEVERITIES, equal, number};
use serde_json::Value;
use std::collections::BTreeSet;

const GAPS: &[Claim] = &[
    (
        "{#n} [apps|app]: the export does not tell whether the flow is on.",
        "{#n} [Apps|App]: Aus dem Export geht nicht hervor, ob der Flow eingeschaltet ist.",
        |p, h| equal(&number(h, "n"), &p.count(&[(FLOW, &["unknown"])])),
    ),
    (
        "{#n} [problems were|problem was] met when the files were read; [they are|it is] listed under Scope, method and limits.",
        "Beim Lesen der Dateien [traten|trat] {#n} [Probleme|Problem] auf; [sie stehen|es steht] unter „Umfang, Vorgehen und Grenzen“.",
        |p, h| equal(&number(h, "n"), &p.json["problems"].as_array().unwrap().len()),
    ),
    (
        "{apps}: the snapshot lacks {exports}. What settles it is listed under Open questions.",
        "{apps}: Im Snapshot fehlt: {exports}. Was es klärt, steht unter „Offene Fragen“.",
        not_evaluable,
    ),
    (
        "{apps}: evidence is missing, see the [cards|card].",
        "{apps}: Nachweise fehlen, siehe [die Feststellungen|die Feststellung].",
        not_evaluable,
    ),
];

/// The named apps and those counted behind them are the ones that cannot be evaluated.
fn not_evaluable(printed: &Printed, holes: &Holes) -> Option<String> {
    let open: Vec<String> =
        printed.apps().into_iter().filter(|app| app["result"] == "not_evaluable").map(shown).collect();
    let text = &holes["apps"];
    let named = open.iter().filter(|label| text.contains(label.as_str())).count();
    let more = ["and {#n} more", "und {#n} weitere"];
    let tail = |pattern: &str| {
        let at = text.rfind(if pattern.starts_with('a') { "and " } else { "und " })?;
        whole(pattern, &text[at..]).map(|holes| number(&holes, "n"))
    };
    let more = more.iter().find_map(|pattern| tail(pattern)).unwrap_or(0);
    equal(&(named + more), &open.len())
}

pub(super) fn summary(printed: &Printed, faults: &mut Vec<String>) {
    let section = printed.section("summary");
    let name = &printed.name;
    tiles(printed, faults);
    severities(printed, &section, faults);
    // Alarms: one for each app whose secret stands in clear text, and for no other.
    let alarm = [
        "> The consumer secret of {app} stands in clear text in the export. Treat it as known to others.",
        "> Das Consumer Secret von {app} steht im Klartext im Export. Es ist als kompromittiert zu behandeln.",
    ][usize::from(printed.german)];
    let alarms = section.iter().filter_map(|line| whole(alarm, &plain(line)));
    let named: BTreeSet<String> = alarms.map(|holes| holes["app"].clone()).collect();
    let exposed = printed.with("secret-not-exposed", "fail");
    let exposed: BTreeSet<String> = printed
        .apps()
        .into_iter()
        .filter(|app| exposed.contains(app["subject"]["api_name"].as_str().unwrap()))
        .map(shown)
        .collect();
    faults.extend(equal(&named, &exposed).map(|fault| format!("{name}: secrets: {fault}")));
    funnel(printed, &printed.paper("results"), faults);
    // What could not be assessed.
    let heads = ["### Could not be assessed", "### Nicht beurteilbar"];
    if let Some(last) = section.iter().position(|line| heads.contains(line)) {
        let whole_list = printed.json["population"]["conclusion"] == "complete";
        let items = section[last + 1..]
            .iter()
            .take_while(|line| !line.starts_with("### "))
            .filter_map(|line| line.strip_prefix("- "));
        // The first one says why the list of apps is not known to be whole.
        for item in items.skip(usize::from(!whole_list)) {
            check_sentences(printed, &plain(item), GAPS, faults);
        }
    }
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// Tiles: failing apps by severity, and what is not settled, in order, left out. Each app is in one of them.
fn tiles(printed: &Printed, faults: &mut Vec<String>) {
    let rows = printed.tiles();
    let apps = printed.apps();
    if apps.is_empty() {
        return;
    }
    let has = |results: &[&str]| apps.iter().filter(|app| results.iter().any(|one| app["result"] == **one)).count();
    let mut sum = 0;
    for (heading, n) in cells(rows[0]).into_iter().zip(cells(rows[2])) {
        let counted = match heading.as_str() {
            "not settled" | "ungeklärt" => has(&["not_evaluable", "review"]),
            "in order" | "in Ordnung" => has(&["pass", "not_applicable"]),
            "left out" | "ungeprüft" => has(&["not_tested"]),
            word => {
                let failing = apps.iter().filter(|app| app["result"] == "fail");
                failing.filter(|app| severity_of(printed, app) == word).count()
            }
        };
        sum += counted;
        if n != counted.to_string() {
            faults.push(format!("{}: tile {heading} says {n}, counted {counted}", printed.name));
        }
    }
    faults.extend(equal(&sum, &apps.len()).map(|fault| format!("{}: tiles: {fault}", printed.name)));
}

/// Findings by severity: open, accepted, not settled; none is in two rows, and all open apps are in one.
fn severities(printed: &Printed, section: &[&str], faults: &mut Vec<String>) {
    let open = printed
        .apps()
        .into_iter()
        .filter(|app| ["fail", "not_evaluable", "review"].iter().any(|r| app["result"] == *r));
    let open: Vec<&Value> = open.collect();
    let rows: Vec<Vec<String>> = section.iter().filter(|line| line.starts_with("| ")).map(|line| cells(line)).collect();
    if open.is_empty() {
        return;
    }
    let accepted = |app: &Value| app.pointer("/disposition/state").is_some_and(|state| state == "valid");
    let mut sum = 0;
    for row in &rows[1..] {
        let wanted: fn(&Value) -> bool = match row[0].as_str() {
            "Failing, open" | "Nicht erfüllt, offen" => |app| app["result"] == "fail",
            "Accepted by decision" | "Durch Entscheidung akzeptiert" => |_| true,
            _ => |app| app["result"] != "fail",
        };
        let of_decision = ["Accepted by decision", "Durch Entscheidung akzeptiert"].contains(&row[0].as_str());
        let these: Vec<&&Value> = open.iter().filter(|app| wanted(app) && accepted(app) == of_decision).collect();
        let column = |(en, de): &(&str, &str)| {
            let word = if printed.german { de } else { en };
            let scored = these.iter().filter(|app| app.get("score").is_some());
            scored.filter(|app| severity_of(printed, app) == *word).count()
        };
        let counted: Vec<String> = SEVERITIES.iter().map(column).chain([these.len()]).map(|n| n.to_string()).collect();
        sum += these.len();
        faults
            .extend(equal(&row[1..].to_vec(), &counted).map(|fault| format!("{}: {}: {fault}", printed.name, row[0])));
    }
    faults.extend(equal(&sum, &open.len()).map(|fault| format!("{}: severities: {fault}", printed.name)));
}

/// A step of the funnel in both languages, and how many apps are in it.
type Step = (&'static str, &'static str, fn(&Printed) -> usize);

const FUNNEL: &[Step] = &[
    ("External Client Apps", "External Client Apps", |p| p.apps().len()),
    ("not left out", "nicht ausgenommen", |p| p.looked_at().len()),
    ("flow not shown to be off", "Flow nicht nachweislich aus", |p| p.looked_at().len() - p.count(&[(FLOW, &["off"])])),
    ("flow on", "Flow ein", |p| p.count(&[ON])),
    ("execution user known and active", "Benutzer bekannt und aktiv", |p| p.count(&[ON, ACTIVE])),
    ("hardened", "gehärtet", |p| p.count(&[("/result", &["pass"]), ("/basis", &["hardened"])])),
];

fn funnel(printed: &Printed, section: &[&str], faults: &mut Vec<String>) {
    let Some(line) = section.iter().find(|line| line.starts_with("- External Client Apps: ")) else { return };
    let printed = &printed.of("external_client_app");
    for step in line[2..].trim_end_matches('.').split(" · ") {
        let (label, n) = step.rsplit_once(": ").unwrap();
        let known = FUNNEL.iter().find(|(en, de, _)| label == if printed.german { *de } else { *en });
        match known {
            Some((.., counted)) if n == counted(printed).to_string() => {}
            Some((.., counted)) => faults.push(format!("{}: {step}, counted {}", printed.name, counted(printed))),
            None => faults.push(format!("{}: no rule for `{step}`", printed.name)),
        }
    }
    let alt = section.iter().find(|line| line.contains("](figures/funnel.svg)")).unwrap();
    let steps = line[2..].trim_end_matches('.').replace(" · ", "; ");
    if !alt.contains(&steps) {
        faults.push(format!("{}: the funnel says `{alt}`, its text `{steps}`", printed.name));
    }
}
