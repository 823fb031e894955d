//! CVSS 3.1 by the specification's own formulas (<https://www.first.org/cvss/v3-1/specification-document>, section 7),
//! with the intermediate values that a reader needs to redo it on paper.

use crate::model::Tenths;
use std::collections::BTreeMap;

/// Metrics that a vector has to name.
const BASE: &[&str] = &["AV", "AC", "PR", "UI", "S", "C", "I", "A"];

/// Metrics and the values they may take.
const VALUES: &[(&str, &str)] = &[
    ("AV", "NALP"),
    ("AC", "LH"),
    ("PR", "NLH"),
    ("UI", "NR"),
    ("S", "UC"),
    ("C", "HLN"),
    ("I", "HLN"),
    ("A", "HLN"),
    ("E", "XUPFH"),
    ("RL", "XOTWU"),
    ("RC", "XURC"),
    ("CR", "XLMH"),
    ("IR", "XLMH"),
    ("AR", "XLMH"),
    ("MAV", "XNALP"),
    ("MAC", "XLH"),
    ("MPR", "XNLH"),
    ("MUI", "XNR"),
    ("MS", "XUC"),
    ("MC", "XHLN"),
    ("MI", "XHLN"),
    ("MA", "XHLN"),
];

/// A complete CVSS 3.1 vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector31(BTreeMap<String, char>);

/// The parts of the environmental equation.
struct Environmental {
    miss: f64,
    impact: f64,
    exploitability: f64,
    changed: bool,
}

impl Vector31 {
    /// Reads a vector. `None` when a base metric is missing, a metric is named twice, or a name or value is unknown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut metrics = BTreeMap::new();
        for part in text.strip_prefix("CVSS:3.1/")?.split('/') {
            let (name, value) = part.split_once(':')?;
            let mut letters = value.chars();
            let letter = letters.next()?;
            let (_, allowed) = VALUES.iter().find(|(known, _)| *known == name)?;
            if letters.next().is_some() || !allowed.contains(letter) {
                return None;
            }
            if metrics.insert(name.to_owned(), letter).is_some() {
                return None;
            }
        }
        BASE.iter().all(|name| metrics.contains_key(*name)).then_some(Self(metrics))
    }

    fn get(&self, name: &str) -> char {
        self.0.get(name).copied().unwrap_or('X')
    }

    /// A modified metric, or the base metric when it is not defined.
    fn modified(&self, name: &str) -> char {
        match self.0.get(&format!("M{name}")) {
            None | Some('X') => self.get(name),
            Some(value) => *value,
        }
    }

    /// Base score.
    #[must_use]
    pub fn base(&self) -> Tenths {
        let changed = self.get("S") == 'C';
        let iss = 1.0 - (1.0 - impact(self.get("C"))) * (1.0 - impact(self.get("I"))) * (1.0 - impact(self.get("A")));
        let effect = if changed { 7.52 * (iss - 0.029) - 3.25 * (iss - 0.02).powi(15) } else { 6.42 * iss };
        let ease = 8.22
            * vector(self.get("AV"))
            * complexity(self.get("AC"))
            * privileges(self.get("PR"), changed)
            * interaction(self.get("UI"));
        if effect <= 0.0 {
            return Tenths(0);
        }
        let factor = if changed { 1.08 } else { 1.0 };
        tenths(roundup((factor * (effect + ease)).min(10.0)))
    }

    fn threat(&self) -> f64 {
        let maturity = match self.get("E") {
            'U' => 0.91,
            'P' => 0.94,
            'F' => 0.97,
            _ => 1.0,
        };
        let remediation = match self.get("RL") {
            'O' => 0.95,
            'T' => 0.96,
            'W' => 0.97,
            _ => 1.0,
        };
        let confidence = match self.get("RC") {
            'U' => 0.92,
            'R' => 0.96,
            _ => 1.0,
        };
        maturity * remediation * confidence
    }

    /// Temporal score.
    #[must_use]
    pub fn temporal(&self) -> Tenths {
        tenths(roundup(f64::from(self.base().0) / 10.0 * self.threat()))
    }

    fn parts(&self) -> Environmental {
        let changed = self.modified("S") == 'C';
        let [c, i, a] = [("CR", "C"), ("IR", "I"), ("AR", "A")]
            .map(|(need, name)| 1.0 - requirement(self.get(need)) * impact(self.modified(name)));
        let miss = (1.0 - c * i * a).min(0.915);
        let effect = if changed { 7.52 * (miss - 0.029) - 3.25 * (miss * 0.9731 - 0.02).powi(13) } else { 6.42 * miss };
        let exploitability = 8.22
            * vector(self.modified("AV"))
            * complexity(self.modified("AC"))
            * privileges(self.modified("PR"), changed)
            * interaction(self.modified("UI"));
        Environmental { miss, impact: effect, exploitability, changed }
    }

    /// Environmental score.
    #[must_use]
    pub fn environmental(&self) -> Tenths {
        let parts = self.parts();
        if parts.impact <= 0.0 {
            return Tenths(0);
        }
        let factor = if parts.changed { 1.08 } else { 1.0 };
        tenths(roundup(roundup((factor * (parts.impact + parts.exploitability)).min(10.0)) * self.threat()))
    }

    /// The environmental equation with its numbers, one step a line, for vectors of unchanged scope without
    /// temporal metrics and requirements (the only ones that the model emits).
    #[must_use]
    pub fn arithmetic(&self) -> Vec<String> {
        let parts = self.parts();
        let (c, i, a) = (impact(self.modified("C")), impact(self.modified("I")), impact(self.modified("A")));
        let (av, ac) = (vector(self.modified("AV")), complexity(self.modified("AC")));
        let (pr, ui) = (privileges(self.modified("PR"), parts.changed), interaction(self.modified("UI")));
        let sum = parts.impact + parts.exploitability;
        vec![
            format!("MISS = min(1 - (1 - {c}) x (1 - {i}) x (1 - {a}), 0.915) = {:.6}", parts.miss),
            format!("Modified impact = 6.42 x {:.6} = {:.6}", parts.miss, parts.impact),
            format!("Modified exploitability = 8.22 x {av} x {ac} x {pr} x {ui} = {:.6}", parts.exploitability),
            format!(
                "Environmental score = roundup(min({:.6} + {:.6}, 10)) = roundup({:.6}) = {}",
                parts.impact,
                parts.exploitability,
                sum.min(10.0),
                self.environmental()
            ),
        ]
    }
}

fn impact(value: char) -> f64 {
    match value {
        'H' => 0.56,
        'L' => 0.22,
        _ => 0.0,
    }
}

fn requirement(value: char) -> f64 {
    match value {
        'H' => 1.5,
        'L' => 0.5,
        _ => 1.0,
    }
}

fn vector(value: char) -> f64 {
    match value {
        'N' => 0.85,
        'A' => 0.62,
        'L' => 0.55,
        _ => 0.2,
    }
}

fn complexity(value: char) -> f64 {
    if value == 'L' { 0.77 } else { 0.44 }
}

fn privileges(value: char, changed: bool) -> f64 {
    match (value, changed) {
        ('N', _) => 0.85,
        ('L', false) => 0.62,
        ('L', true) => 0.68,
        (_, false) => 0.27,
        (_, true) => 0.5,
    }
}

fn interaction(value: char) -> f64 {
    if value == 'N' { 0.85 } else { 0.62 }
}

/// The specification's Roundup: the smallest tenth that is not below the value, blind to noise beyond five decimals.
fn roundup(value: f64) -> f64 {
    let scaled = (value * 100_000.0).round();
    if scaled % 10_000.0 == 0.0 { scaled / 100_000.0 } else { ((scaled / 10_000.0).floor() + 1.0) / 10.0 }
}

fn tenths(score: f64) -> Tenths {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a CVSS score lies between 0 and 10
    Tenths((score * 10.0).round().clamp(0.0, 100.0) as u8)
}
