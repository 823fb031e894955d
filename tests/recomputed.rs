//! Every count and claim of summary, verdict and results, and the tables, computed again from what was printed beside
//! them. Nothing here is shared with what printed it: the sentences are read as text, in English and in German, and a
//! sentence that no rule here knows is a fault.

mod generated;
mod pattern;
mod printed;

use crate::common::{Scratch, shr};
use crate::samples::{SAMPLES, key, samples};
use pattern::{Holes, beginning, listed, whole};
use printed::{Printed, plain, score, shown};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Reports an org in one language.
fn reported(name: &str, snapshot: &Path, engagement: Option<&Path>, german: bool) -> Printed {
    let scratch = Scratch::new(&format!("recomputed-{name}-{german}"));
    let out = scratch.join("out");
    let mut args: Vec<PathBuf> = vec!["review".into(), snapshot.to_owned(), "-o".into(), out.clone()];
    args.extend(["--as-of", "2026-11-24", "--all", "--format", "md,csv,json", "--lang"].map(PathBuf::from));
    args.push(if german { "de" } else { "en" }.into());
    if let Some(engagement) = engagement {
        args.extend(["--engagement".into(), engagement.to_owned()]);
    }
    let ran = shr(args);
    assert!(matches!(ran.code, 0 | 1 | 3), "{name}: {}: {}", ran.code, ran.err);
    Printed::read(name, german, &out)
}

/// All samples and the generated orgs, in both languages.
fn all() -> Vec<Printed> {
    let scratch = Scratch::new("recomputed-orgs");
    let mut orgs: Vec<(String, PathBuf, Option<PathBuf>)> = SAMPLES
        .iter()
        .map(|name| (key(name).to_owned(), samples().join(name), Some(samples().join("engagement.toml"))))
        .collect();
    orgs.extend(generated::write(scratch.path()).into_iter().map(|(name, path)| (name, path, None)));
    let runs: Vec<_> = orgs.iter().flat_map(|org| [(org, false), (org, true)]).collect();
    let report = |((name, path, engagement), german): &(&(String, PathBuf, Option<PathBuf>), bool)| {
        reported(name, path, engagement.as_deref(), *german)
    };
    runs.par_iter().map(report).collect()
}

/// A sentence in both languages, and what has to be so for it to be true.
type Claim = (&'static str, &'static str, fn(&Printed, &Holes) -> Option<String>);

/// `None` when they are equal, else both.
fn equal<T: PartialEq + std::fmt::Debug>(said: &T, counted: &T) -> Option<String> {
    (said != counted).then(|| format!("says {said:?}, counted {counted:?}"))
}

fn number(holes: &Holes, name: &str) -> usize {
    holes[name].parse().unwrap()
}

const FLOW: &str = "/flow_state";
const ON: (&str, &[&str]) = (FLOW, &["on"]);
const ACTIVE: (&str, &[&str]) = ("/execution_user/state", &["active"]);

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

/// Results from the worst to the best.
const RESULTS: [&str; 6] = ["fail", "not_evaluable", "review", "pass", "not_applicable", "not_tested"];

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
        "{#on} of {#total} External Client [Apps|App] [have|has] the client credentials flow switched on.",
        "Bei {#on} von {#total} External Client [Apps|App] ist der Client-Credentials-Flow eingeschaltet.",
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
        parts(p, h, "/privilege/state", POWER)
    }),
    ("Network restriction: {parts}.", "Netzbeschränkung: {parts}.", |p, h| parts(p, h, "/network/state", NETWORK)),
    (
        "{#n} [apps were|app was] left out by decision of a person and [are|is] not counted here; with the flow switched on: {#on}.",
        "{#n} [Apps wurden|App wurde] durch Entscheidung eines Menschen ausgenommen und [sind|ist] hier nicht mitgezählt; mit eingeschaltetem Flow: {#on}.",
        |p, h| {
            let out: Vec<&Value> = p.apps().into_iter().filter(|app| app["result"] == "not_tested").collect();
            let on = out.iter().filter(|app| app["flow_state"] == "on").count();
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
fn check_sentences(printed: &Printed, text: &str, claims: &[Claim], faults: &mut Vec<String>) -> usize {
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

fn verdict(printed: &Printed, faults: &mut Vec<String>) {
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

/// Everything that is wrong in a report.
fn faults(printed: &Printed) -> Vec<String> {
    let mut faults = Vec::new();
    verdict(printed, &mut faults);
    summary(printed, &mut faults);
    results(printed, &mut faults);
    tables(printed, &mut faults);
    faults
}

#[test]
fn every_claim_is_that_of_the_assessment() {
    let all = all();
    assert!(all.len() >= 20);
    let faults: Vec<String> = all.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Where a number starts and ends, in the lines that hold claims.
fn numbers(markdown: &str) -> Vec<(usize, usize)> {
    let section = markdown.find("<!-- verdict -->").unwrap();
    let end = section + markdown[section..].find("### ").unwrap();
    let mut all = Vec::new();
    let mut at = section;
    for line in markdown[section..end].split_inclusive('\n') {
        let claims = line.starts_with("> ") || line.starts_with("| ") || line.starts_with("- ");
        for (from, _) in line.match_indices(|c: char| c.is_ascii_digit()).filter(|_| claims) {
            let digit = |at: usize| line.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
            if from == 0 || !digit(from - 1) {
                let length = (0..).take_while(|n| digit(from + n)).count();
                all.push((at + from, at + from + length));
            }
        }
        at += line.len();
    }
    all
}

#[test]
fn a_changed_number_is_noticed() {
    let engagement = samples().join("engagement.toml");
    for german in [false, true] {
        let mut printed = reported("noticed", &samples().join("halden-prod"), Some(&engagement), german);
        let whole = printed.markdown.clone();
        let numbers = numbers(&whole);
        assert!(numbers.len() > 25, "{numbers:?}");
        for (from, to) in numbers {
            let other = whole[from..to].parse::<u64>().unwrap() + 1;
            printed.markdown = format!("{}{other}{}", &whole[..from], &whole[to..]);
            assert!(!faults(&printed).is_empty(), "`{}` became {other}", &whole[from.saturating_sub(40)..to]);
        }
    }
}

/// How many apps have this result, by `population.csv`.
fn with_result(printed: &Printed, result: &str) -> usize {
    printed.population.iter().filter(|row| row["result"] == result).count()
}

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

fn summary(printed: &Printed, faults: &mut Vec<String>) {
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
        .filter(|app| exposed.contains(app["app"]["api_name"].as_str().unwrap()))
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

const FUNNEL: &[(&str, &str, fn(&Printed) -> usize)] = &[
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

/// The matrix of apps and criteria against `criteria.csv` and `population.csv`.
fn results(printed: &Printed, faults: &mut Vec<String>) {
    let section = printed.section("results");
    let order: Vec<&str> = {
        let first = printed.criteria.first().map(|row| row["finding_id"].as_str());
        let rows = printed.criteria.iter().filter(|row| Some(row["finding_id"].as_str()) == first);
        rows.map(|row| row["criterion"].as_str()).collect()
    };
    let mut seen = 0;
    for line in section.iter().filter(|line| line.contains("](#shr-")) {
        let id = line.split("](#").nth(1).unwrap().split(')').next().unwrap().to_uppercase();
        let tail = line.split(&format!("](#{})", id.to_lowercase())).nth(1).unwrap();
        let cells: Vec<&str> = tail.trim_matches([' ', '|']).split(" | ").collect();
        let word = |cell: &str| cell.rsplit(' ').next().unwrap().to_owned();
        let result = printed.apps().into_iter().find(|app| app["id"] == id.as_str()).map(|app| &app["result"]);
        if result != Some(&Value::from(word(cells[0]))) {
            faults.push(format!("{}: {id} is {result:?}, the matrix says {}", printed.name, cells[0]));
        }
        for (criterion, cell) in order.iter().zip(&cells[1..]) {
            let row = printed.criteria.iter().find(|row| row["finding_id"] == id && row["criterion"] == **criterion);
            if row.map(|row| row["outcome"].clone()) != Some(word(cell)) {
                faults.push(format!("{}: {id} {criterion}: the matrix says {cell}", printed.name));
            }
        }
        seen += 1;
    }
    if seen != printed.apps().len() {
        faults.push(format!("{}: the matrix has {seen} rows for {} apps", printed.name, printed.apps().len()));
    }
    let bar = section.iter().find(|line| line.contains("](figures/results.svg)"));
    for result in RESULTS.iter().filter(|result| bar.is_some() && with_result(printed, result) > 0) {
        let part = format!("{} {result}", with_result(printed, result));
        if !bar.unwrap().contains(&part) {
            faults.push(format!("{}: `{part}` is not in {}", printed.name, bar.unwrap()));
        }
    }
}

/// The three tables against `assessment.json`.
fn tables(printed: &Printed, faults: &mut Vec<String>) {
    let name = &printed.name;
    let apps = printed.apps();
    for (table, rows) in [("population", &printed.population), ("findings", &printed.findings)] {
        faults.extend(equal(&rows.len(), &apps.len()).map(|fault| format!("{name}: {table}.csv: {fault}")));
    }
    for app in apps {
        let text = |at: &str| app.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
        let api_name = text("/app/api_name");
        let of = |rows: &'_ [printed::Row]| rows.iter().find(|row| row["app_api_name"] == api_name).cloned();
        let (Some(listed), Some(found)) = (of(&printed.population), of(&printed.findings)) else {
            faults.push(format!("{name}: {api_name} is missing in a table"));
            continue;
        };
        let tenths = |at: &str| score(app, at).map_or_else(String::new, |score| format!("{score:.1}"));
        let fails = |row: &&printed::Row| row["app_api_name"] == api_name && row["outcome"] == "fail";
        let failed: Vec<&str> = printed.criteria.iter().filter(fails).map(|row| row["criterion"].as_str()).collect();
        let said: Vec<&str> = found["failed_criteria"].split("; ").filter(|id| !id.is_empty()).collect();
        let pairs = [
            (&listed["result"], text("/result")),
            (&listed["flow_state"], text("/flow_state")),
            (&listed["execution_user_state"], text("/execution_user/state")),
            (&found["result"], text("/result")),
            (&found["basis"], text("/basis")),
            (&found["cvss31_score"], tenths("/score/residual31/1")),
            (&found["cvss40_score"], tenths("/score/residual40/1")),
        ];
        for (said, is) in pairs {
            faults.extend(equal(said, &is).map(|fault| format!("{name}: {api_name}: {fault}")));
        }
        let (said, failed): (BTreeSet<&str>, BTreeSet<&str>) =
            (said.into_iter().collect(), failed.into_iter().collect());
        faults.extend(equal(&said, &failed).map(|fault| format!("{name}: {api_name}: failed: {fault}")));
    }
}
