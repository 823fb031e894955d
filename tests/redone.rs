//! `shr explain FINDING` with pencil and paper: for every finding of all samples the scores are redone from the printed
//! text, with this file's own arithmetic and FIRST's published table.
#![allow(clippy::cast_precision_loss)] // steps and depths are at most ten

use crate::common::{Scratch, shr};
use crate::samples::{SAMPLES, samples};
use std::collections::BTreeMap;

/// FIRST's scores of the macrovectors with EQ4 = 2 and EQ5 at most 1, as published with CVSS 4.0.
const PUBLISHED: &str = "000200 9.3 000201 9.0 000210 8.9 000211 8.0 001200 8.8 001201 8.0 001210 7.8 001211 7.0 \
    002201 6.9 002211 5.5 010200 9.2 010201 8.1 010210 8.2 010211 7.1 011200 8.4 011201 7.0 011210 7.1 011211 5.2 \
    012201 6.3 012211 2.9 100200 8.7 100201 7.5 100210 7.4 100211 6.3 101200 7.2 101201 5.7 101210 5.7 101211 5.2 \
    102201 5.3 102211 2.1 110200 7.7 110201 6.6 110210 6.8 110211 5.9 111200 6.1 111201 5.2 111210 5.7 111211 2.9 \
    112201 2.3 112211 1.3 200200 7.0 200201 5.4 200210 5.2 200211 4.0 201200 5.3 201201 3.6 201210 3.4 201211 1.9 \
    202201 2.4 202211 0.9 210200 5.4 210201 4.3 210210 4.5 210211 2.2 211200 4.6 \
    211201 1.8 211210 1.7 211211 0.7 212201 1.0 212211 0.3";

fn published(macrovector: &str) -> f64 {
    let words: Vec<&str> = PUBLISHED.split_whitespace().collect();
    let entry = words.chunks(2).find(|pair| pair[0] == macrovector);
    entry.unwrap_or_else(|| panic!("{macrovector} is not in the table"))[1].parse().unwrap()
}

/// Lines as they were before they were wrapped: what is indented and no item of its own belongs to the line above.
fn unwrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if line.starts_with("  ") && !line.trim_start().starts_with("- ") => {
                last.push(' ');
                last.push_str(line.trim_start());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// The metrics that count: modified ones over base ones.
fn metrics(vector: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (name, value) in vector.split('/').skip(1).filter_map(|part| part.split_once(':')) {
        all.insert(name.strip_prefix('M').unwrap_or(name).to_owned(), value.to_owned());
    }
    all
}

/// CVSS 3.1 for unchanged scope, straight from the specification.
fn score31(vector: &str) -> f64 {
    let m = metrics(vector);
    let weight = |name: &str, values: &[(&str, f64)]| values.iter().find(|(value, _)| m[name] == *value).unwrap().1;
    let impact = |name: &str| 1.0 - weight(name, &[("H", 0.56), ("L", 0.22), ("N", 0.0)]);
    let miss = f64::min(1.0 - impact("C") * impact("I") * impact("A"), 0.915);
    let ease = 8.22
        * weight("AV", &[("N", 0.85), ("A", 0.62)])
        * weight("AC", &[("L", 0.77), ("H", 0.44)])
        * weight("PR", &[("N", 0.85), ("L", 0.62)])
        * 0.85;
    if miss <= 0.0 { 0.0 } else { ((6.42 * miss + ease).min(10.0) * 10.0 - 1e-6).ceil() / 10.0 }
}

/// CVSS 4.0 by the published table, from the specification's steps.
fn score40(vector: &str) -> f64 {
    let m = metrics(vector);
    let rank = |name: &str| "HLN".find(m[name].as_str()).unwrap();
    let (far, some) = (usize::from(m["AV"] == "A"), usize::from(m["PR"] == "L"));
    let (hard, impact) = (usize::from(m["AC"] == "H"), rank("VC") + rank("VI") + rank("VA"));
    if impact == 6 {
        return 0.0;
    }
    let eq1 = usize::from(far + some > 0);
    let high = ["VC", "VI", "VA"].iter().any(|name| rank(name) == 0);
    let eq3 = if rank("VC") + rank("VI") == 0 {
        0
    } else if high {
        1
    } else {
        2
    };
    let eq6 = usize::from(!high);
    let name = |eq1: usize, eq2: usize, eq3: usize, eq5: usize, eq6: usize| format!("{eq1}{eq2}{eq3}2{eq5}{eq6}");
    let top = published(&name(eq1, hard, eq3, 0, eq6));
    let below = |name: String| top - published(&name);
    let mut parts = vec![below(name(eq1 + 1, hard, eq3, 0, eq6)) * (far + some - eq1) as f64 / [1.0, 4.0][eq1], 0.0];
    if hard == 0 {
        parts.push(0.0);
    }
    match eq3 {
        0 => {
            let gap = below(name(eq1, hard, 0, 0, 1)).min(below(name(eq1, hard, 1, 0, 0)));
            parts.push(gap * impact as f64 / 7.0);
        }
        1 => parts.push(below(name(eq1, hard, 1, 0, 1)) * (impact - 1) as f64 / 8.0),
        _ => {}
    }
    ((top - parts.iter().sum::<f64>() / parts.len() as f64) * 10.0).round() / 10.0
}

fn number(text: &str) -> f64 {
    text.trim().trim_end_matches(')').parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

/// `+`, `-`, `x`, `/`, brackets, `min(a, b)`, `round…(a)` and `Lookup(macrovector) value`, by recursive descent.
struct Sum<'a>(&'a str);

impl Sum<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let rest = self.0.trim_start();
        self.0 = rest.strip_prefix(token).unwrap_or(rest);
        self.0.len() < rest.len()
    }

    fn terms(&mut self) -> f64 {
        let mut value = self.factors();
        loop {
            if self.eat("+ ") {
                value += self.factors();
            } else if self.eat("- ") {
                value -= self.factors();
            } else {
                return value;
            }
        }
    }

    fn factors(&mut self) -> f64 {
        let mut value = self.atom();
        loop {
            if self.eat("x ") {
                value *= self.atom();
            } else if self.eat("/ ") {
                value /= self.atom();
            } else {
                return value;
            }
        }
    }

    fn atom(&mut self) -> f64 {
        if self.eat("min(") {
            let first = self.terms();
            assert!(self.eat(","), "{}", self.0);
            let second = self.terms();
            assert!(self.eat(")"), "{}", self.0);
            return first.min(second);
        }
        if self.eat("Lookup(") {
            let (macrovector, rest) = self.0.split_once(')').unwrap();
            let wanted = published(macrovector);
            self.0 = rest;
            let said = self.atom();
            assert!((said - wanted).abs() < 1e-9, "{macrovector}: {said}, published {wanted}");
            return said;
        }
        let up = self.eat("roundup(");
        let nearest = !up && self.eat("round(");
        if up || nearest || self.eat("(") {
            let value = self.terms();
            assert!(self.eat(")"), "{}", self.0);
            return match (up, nearest) {
                (true, _) => (value * 10.0 - 1e-6).ceil() / 10.0,
                (_, true) => (value * 10.0).round() / 10.0,
                _ => value,
            };
        }
        let rest = self.0.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        self.0 = &rest[end..];
        number(&rest[..end])
    }
}

fn value(text: &str) -> f64 {
    let mut sum = Sum(text);
    let value = sum.terms();
    assert!(sum.0.trim().is_empty(), "`{text}`: left over `{}`", sum.0);
    value
}

/// Redoes `name = a = b = c`: all sides are equal.
fn redo(line: &str) -> f64 {
    let sides: Vec<&str> = line.split(" = ").skip(1).collect();
    let values: Vec<f64> = sides.iter().map(|side| value(side)).collect();
    let last = *values.last().unwrap();
    assert!(values.iter().all(|v| (v - last).abs() < 2e-6), "{line}: {values:?}");
    last
}

/// What follows a heading, up to the next one.
fn part<'a>(lines: &'a [String], heading: &str) -> Vec<&'a str> {
    let from = lines.iter().position(|line| line.trim_start_matches('#').trim() == heading);
    let rest = from.map_or(&[] as &[String], |at| &lines[at + 1..]);
    let until = rest.iter().take_while(|line| !line.starts_with('#'));
    until.filter_map(|line| line.strip_prefix("- ")).collect()
}

/// Score and vector, twice: `residual: 9.8 (CVSS:3.1/…) and 9.3 (CVSS:4.0/…), …`.
fn pair(lines: &[String], word: &str) -> [(f64, String); 2] {
    let line = lines.iter().find_map(|line| line.strip_prefix(&format!("- {word}: "))).unwrap();
    let one = |version: &str| {
        let (before, after) = line.split_once(&format!(" (CVSS:{version}/")).unwrap();
        let score = number(before.rsplit(' ').next().unwrap());
        (score, format!("CVSS:{version}/{}", after.split(')').next().unwrap()))
    };
    [one("3.1"), one("4.0")]
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Redoes all scores of a printed finding.
fn redo_finding(id: &str, text: &str) {
    let lines = unwrapped(text);
    let [inherent31, inherent40] = pair(&lines, "inherent");
    let [residual31, residual40] = pair(&lines, "residual");
    for (score, vector) in [&inherent31, &residual31] {
        assert!(close(*score, score31(vector)), "{id}: {score} for {vector}");
    }
    for (score, vector) in [&inherent40, &residual40] {
        assert!(close(*score, score40(vector)), "{id}: {score} for {vector}");
    }
    // The rules, one after the other: their metrics laid over the base.
    let (mut now31, mut now40) = (inherent31.1, inherent40.1);
    let steps =
        lines.iter().filter(|line| ["- P,", "- R,", "- S,", "- N,", "- X,"].iter().any(|r| line.starts_with(r)));
    for line in steps {
        if let Some((_, rest)) = line.rsplit_once("; sets ") {
            let set = rest.split(": ").next().unwrap();
            now31 = format!("{now31}/{set}");
            let v4 = |metric: &str| ["MC", "MI", "MA"].contains(&metric.split(':').next().unwrap());
            let lifted = set.split('/').map(|m| if v4(m) { m.replacen('M', "MV", 1) } else { m.to_owned() });
            now40 = format!("{now40}/{}", lifted.collect::<Vec<_>>().join("/"));
        }
        let (a, b) = line.rsplit_once(": ").unwrap().1.split_once(" and ").unwrap();
        assert!(close(number(a), score31(&now31)) && close(number(b), score40(&now40)), "{id}: {line}");
    }
    assert!(close(score31(&now31), residual31.0) && close(score40(&now40), residual40.0), "{id}: {now31} {now40}");
    // Every line is redone, not the last alone.
    let redone: Vec<f64> = part(&lines, "Arithmetic, CVSS 3.1").into_iter().map(redo).collect();
    assert!(close(*redone.last().unwrap(), residual31.0), "{id}: {redone:?}");
    let classes = |line: &&str| !line.starts_with("EQ1 =") && !line.starts_with("EQ3 =") && !line.starts_with("EQ5 =");
    let mut last = 0.0;
    for line in part(&lines, "Arithmetic, CVSS 4.0").into_iter().filter(classes) {
        last = match line.strip_prefix("Lookup(") {
            Some(rest) => {
                let (macrovector, said) = rest.split_once(") = ").unwrap();
                assert!(close(published(macrovector), number(said)), "{id}: {line}");
                number(said)
            }
            None => redo(&line.replace(": (", " = (")),
        };
    }
    assert!(close(last, residual40.0), "{id}: {last}");
}

/// A finding with what its user holds in it instead of the number.
fn alone(assessment: &serde_json::Value, finding: &serde_json::Value) -> serde_json::Value {
    let mut finding = finding.clone();
    if let Some(number) = finding.get("rights").and_then(|number| number.as_u64()) {
        finding["rights"] = assessment["rights"][usize::try_from(number).unwrap() - 1].clone();
    }
    finding
}

#[test]
fn every_score_of_the_samples_can_be_redone_from_what_is_printed() {
    let mut redone = 0;
    for sample in SAMPLES {
        let scratch = Scratch::new(&format!("redone-{sample}"));
        let (snapshot, engagement) = (samples().join(sample), samples().join("engagement.toml"));
        let words = ["--as-of", "2026-11-24", "--format", "json"];
        let mut args = vec!["review".into(), snapshot, "--engagement".into(), engagement];
        args.extend(["-o".into(), scratch.join("out")]);
        args.extend(words.map(std::path::PathBuf::from));
        shr(args);
        let from = scratch.join("out").display().to_string();
        let text = std::fs::read_to_string(scratch.join("out/assessment.json")).unwrap();
        let assessment: serde_json::Value = serde_json::from_str(&text).unwrap();
        for finding in assessment["findings"].as_array().unwrap() {
            let id = finding["id"].as_str().unwrap();
            let printed = shr(["explain", id, "--from", &from]);
            assert_eq!(printed.code, 0, "{}", printed.err);
            if finding["score"].is_null() {
                assert!(printed.out.contains("No score: "), "{id}");
                continue;
            }
            redo_finding(id, &printed.out);
            redone += 1;
            let json: serde_json::Value =
                serde_json::from_str(&shr(["explain", id, "--json", "--from", &from]).out).unwrap();
            assert_eq!(json["finding"], alone(&assessment, finding), "{id}");
            let known = json["evidence"].as_array().unwrap().len();
            assert!(known > 0, "{id}");
        }
    }
    assert!(redone >= 20, "{redone} findings with a score");
}

#[test]
fn what_is_printed_fits_eighty_columns_and_has_a_twin_in_json_and_german() {
    for args in [&["controls"] as &[&str], &["explain"], &["explain", "network-restricted"]] {
        for lang in ["en", "de"] {
            let printed = shr(args.iter().copied().chain(["--lang", lang]));
            assert_eq!((printed.code, printed.err.as_str()), (0, ""));
            let wide = printed.out.lines().filter(|line| !line.starts_with('#') && line.trim().contains(' '));
            let text = |line: &&str| line.chars().count() > 80 && line.trim_start_matches("- ").trim().contains(' ');
            let wide: Vec<&str> = wide.filter(text).collect();
            assert!(wide.is_empty(), "{wide:#?}");
            let json = shr(args.iter().copied().chain(["--lang", lang, "--json"]));
            let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
            assert_eq!(json["schema"], "shr-explain/2");
            assert!(json["control"]["id"].as_str().unwrap().starts_with("shr_configure"));
        }
    }
    let refused = shr(["controls", "--lang", "fr"]);
    assert_eq!(refused.code, 2);
}

#[test]
fn long_lines_break_below_their_text_and_long_words_stay_whole() {
    let word = "x".repeat(30);
    for (line, wrapped) in [
        ("- one two three four", "- one two\n  three four\n"),
        ("  - one two three four", "  - one\n    two\n    three\n    four\n"),
        ("10. one two three", "10. one two\n    three\n"),
        ("# a heading that is long", "# a heading that is long\n"),
        (&format!("a {word} b"), &format!("a\n{word}\nb\n")),
    ] {
        assert_eq!(shr::explain::wrapped(line, if line.starts_with("  -") { 8 } else { 12 }), *wrapped, "{line}");
    }
}
