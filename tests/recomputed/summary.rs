//! The rest of the summary: tiles, alarms, the funnel, and what could not be assessed.

use super::pattern::{Holes, whole};
use super::printed::{Printed, plain, shown};
use super::verdict::check_sentences;
use super::{ACTIVE, Claim, FLOW, ON, RESULTS, equal, number, with_result};
use std::collections::BTreeSet;

const GAPS: &[Claim] = &[
    (
        "{#n} [apps|app]: the export does not tell whether the flow is on.",
        "{#n} [Apps|App]: Aus dem Export geht nicht hervor, ob der Flow eingeschaltet ist.",
        |p, h| equal(&number(h, "n"), &p.count(&[(FLOW, &["unknown"])])),
    ),
    (
        "{#n} [problems were|problem was] met when the files were read; section 5 lists [them|it].",
        "Beim Lesen der Dateien [traten|trat] {#n} [Probleme|Problem] auf; Abschnitt 5 führt [sie|es] auf.",
        |p, h| equal(&number(h, "n"), &p.json["problems"].as_array().unwrap().len()),
    ),
    (
        "{apps}: the snapshot lacks {exports}. Section 5 has the requests.",
        "{apps}: Im Snapshot fehlt: {exports}. Abschnitt 5 enthält die Abfragen.",
        not_evaluable,
    ),
    (
        "{apps}: evidence is missing, see the [cards|card] in section 7.",
        "{apps}: Nachweise fehlen, siehe [die Feststellungen|die Feststellung] in Abschnitt 7.",
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
    // Tiles.
    let at = section.iter().position(|line| *line == "<!-- tiles -->").unwrap();
    let cells =
        |line: &str| -> Vec<String> { line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect() };
    let tiles = cells(section[at + 2]).into_iter().zip(cells(section[at + 4]));
    let mut shown_results = BTreeSet::new();
    for (heading, n) in tiles {
        let result = heading.rsplit(' ').next().unwrap().to_owned();
        let counted = with_result(printed, &result);
        if n != counted.to_string() {
            faults.push(format!("{name}: tile {result} says {n}, counted {counted}"));
        }
        shown_results.insert(result);
    }
    if shown_results.len() != RESULTS.len() {
        faults.push(format!("{name}: tiles show {shown_results:?}"));
    }
    // Alarms: one for each app whose secret stands in clear text, and for no other.
    let alarm = [
        "> The consumer secret of {app} stands in clear text in the export. Treat it as known to others.",
        "> Das Consumer Secret von {app} steht im Klartext im Export. Es gilt als Dritten bekannt.",
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
    funnel(printed, &section, faults);
    // What could not be assessed: the list below the last heading.
    let last = section.iter().rposition(|line| line.starts_with("### ")).unwrap_or(section.len());
    let heading = section.get(last).copied().unwrap_or_default();
    if ["Could not be assessed", "Nicht beurteilbar"].iter().any(|title| heading.ends_with(title)) {
        let whole_list = printed.json["population"]["conclusion"] == "complete";
        let items = section[last..].iter().filter_map(|line| line.strip_prefix("- "));
        // The first one says why the list of apps is not known to be whole.
        for item in items.skip(usize::from(!whole_list)) {
            check_sentences(printed, &plain(item), GAPS, faults);
        }
    }
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
