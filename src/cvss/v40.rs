//! CVSS 4.0 through the crate `cvss`, whose lookup tables agree with exact arithmetic, and the steps to its score as the
//! specification describes them (<https://www.first.org/cvss/v4-0/specification-document>, section 8.2), so that a reader
//! can redo them with the published table.

use crate::model::Tenths;
use std::collections::BTreeMap;

/// A complete CVSS 4.0 vector.
#[derive(Clone, Debug)]
pub struct Vector40 {
    vector: cvss::v4::Vector,
    metrics: BTreeMap<String, String>,
}

/// The equivalence classes EQ1 to EQ6 of a vector: digits of its macrovector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Classes([usize; 6]);

impl Vector40 {
    /// Reads a vector; `None` when it is incomplete or malformed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let vector = text.parse().ok()?;
        let metrics = text.split('/').filter_map(|part| part.split_once(':'));
        Some(Self { vector, metrics: metrics.map(|(name, value)| (name.to_owned(), value.to_owned())).collect() })
    }

    /// The score with threat and environmental metrics.
    #[must_use]
    pub fn score(&self) -> Tenths {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a CVSS score lies between 0 and 10
        Tenths((self.vector.score().value() * 10.0).round().clamp(0.0, 100.0) as u8)
    }

    /// The value that counts for a base metric: the modified one, when it is set.
    fn get(&self, name: &str) -> &str {
        let modified = self.metrics.get(&format!("M{name}")).filter(|value| *value != "X");
        modified.or_else(|| self.metrics.get(name)).map_or("", String::as_str)
    }

    /// Sum of the severity steps of some metrics below their worst values.
    fn steps(&self, names: &[&str]) -> usize {
        names.iter().map(|name| step(name, self.get(name))).sum()
    }

    fn at_worst(&self, names: &[&str]) -> bool {
        self.steps(names) == 0
    }

    /// Whether a vector is of the kind that the model emits: no threat metric, no requirement, no subsequent system.
    fn plain(&self) -> bool {
        ["E", "CR", "IR", "AR"].iter().all(|name| self.metrics.get(*name).is_none_or(|value| value == "X"))
            && ["SC", "SI", "SA"].iter().all(|name| matches!(self.get(name), "N" | "L"))
    }

    fn classes(&self) -> Classes {
        let eq1 = match () {
            () if self.at_worst(&["AV", "PR", "UI"]) => 0,
            () if ["AV", "PR", "UI"].iter().any(|name| self.at_worst(&[name])) && self.get("AV") != "P" => 1,
            () => 2,
        };
        let eq2 = usize::from(!self.at_worst(&["AC", "AT"]));
        let eq3 = match () {
            () if self.at_worst(&["VC", "VI"]) => 0,
            () if ["VC", "VI", "VA"].iter().any(|name| self.at_worst(&[name])) => 1,
            () => 2,
        };
        // Exploit maturity that is not defined counts as attacked, requirements that are not defined as high.
        Classes([eq1, eq2, eq3, 2, 0, usize::from(eq3 == 2)])
    }

    /// Metrics with their values.
    fn named(&self, names: &[&str]) -> String {
        names.iter().map(|name| format!("{name}:{}", self.get(name))).collect::<Vec<_>>().join(" ")
    }

    /// The score with its intermediate values, one step a line, for vectors without threat metrics, requirements and
    /// impact on subsequent systems (the only ones that the model emits); empty for others.
    #[must_use]
    pub fn arithmetic(&self) -> Vec<String> {
        if !self.plain() {
            return Vec::new();
        }
        if ["VC", "VI", "VA", "SC", "SI", "SA"].iter().all(|name| self.get(name) == "N") {
            return vec![format!("Score = {} ({})", self.score(), self.named(&["VC", "VI", "VA", "SC", "SI", "SA"]))];
        }
        let [exploit, complexity, vulnerable, subsequent] =
            [&["AV", "PR", "UI"][..], &["AC", "AT"], &["VC", "VI", "VA"], &["SC", "SI", "SA"]]
                .map(|names| self.named(names));
        let classes = self.classes();
        let [eq1, eq2, eq3, eq4, eq5, eq6] = classes.0;
        let top = classes.lookup();
        let mut lines = vec![
            format!("EQ1 = {eq1} ({exploit}), EQ2 = {eq2} ({complexity})"),
            format!("EQ3 = {eq3} ({vulnerable}), EQ4 = {eq4} ({subsequent})"),
            format!("EQ5 = {eq5} (E:X = E:A), EQ6 = {eq6} (CR:X IR:X AR:X = CR:H IR:H AR:H)"),
            format!("Lookup({classes}) = {top}"),
        ];
        let mut parts = Vec::new();
        for (name, lower, distance, depth) in self.lower(classes) {
            let below = lower.lookup();
            let gap = f64::from(top.0.saturating_sub(below.0)) / 10.0;
            #[allow(clippy::cast_precision_loss)] // both are at most 10
            let part = gap * distance as f64 / depth as f64;
            lines.push(format!("{name}: ({top} - Lookup({lower}) {below}) x {distance} / {depth} = {part:.6}"));
            parts.push(part);
        }
        #[allow(clippy::cast_precision_loss)] // at most four
        let mean = if parts.is_empty() { 0.0 } else { parts.iter().sum::<f64>() / parts.len() as f64 };
        let sum = parts.iter().map(|part| format!("{part:.6}")).collect::<Vec<_>>().join(" + ");
        let exact = f64::from(top.0) / 10.0 - mean;
        lines.push(format!("Score = round({top} - ({sum}) / {}) = round({exact:.6}) = {}", parts.len(), self.score()));
        lines
    }

    /// For each set of classes with a next lower macrovector: that one, the distance of this vector from the highest one
    /// of its own macrovector, and the depth of the set.
    fn lower(&self, classes: Classes) -> Vec<(&'static str, Classes, usize, usize)> {
        let [eq1, eq2, eq3, ..] = classes.0;
        let mut out = Vec::new();
        if eq1 < 2 {
            out.push(("EQ1", classes.with(0, eq1 + 1), self.steps(&["AV", "PR", "UI"]) - eq1, [1, 4][eq1]));
        }
        if eq2 == 0 {
            out.push(("EQ2", classes.with(1, 1), self.steps(&["AC", "AT"]), 1));
        }
        let impact = self.steps(&["VC", "VI", "VA"]);
        match eq3 {
            0 => {
                let (left, right) = (classes.with(5, 1), classes.with(2, 1));
                let higher = if left.lookup() > right.lookup() { left } else { right };
                out.push(("EQ3+EQ6", higher, impact, 7));
            }
            1 => out.push(("EQ3+EQ6", classes.with(5, 1), impact - 1, 8)),
            _ => {}
        }
        out.push(("EQ5", classes.with(4, 1), 0, 1));
        out
    }
}

impl Classes {
    fn with(mut self, at: usize, value: usize) -> Self {
        self.0[at] = value;
        self
    }

    /// The value of the published table: the score of a highest vector of the macrovector, which lies at no distance.
    fn lookup(self) -> Tenths {
        let [eq1, eq2, eq3, _, eq5, eq6] = self.0;
        let (av, ac) = (["N", "A", "P"][eq1.min(2)], ["L", "H"][eq2.min(1)]);
        let (impact, needs) = match (eq3, eq6) {
            (0, 0) => ("VC:H/VI:H/VA:H", "CR:H/IR:H/AR:H"),
            (0, _) => ("VC:H/VI:H/VA:H", "CR:M/IR:M/AR:M"),
            (1, 0) => ("VC:L/VI:H/VA:H", "CR:H/IR:H/AR:H"),
            (1, _) => ("VC:L/VI:H/VA:H", "CR:H/IR:M/AR:M"),
            _ => ("VC:L/VI:L/VA:L", "CR:H/IR:H/AR:H"),
        };
        let e = ["A", "P", "U"][eq5.min(2)];
        let text = format!("CVSS:4.0/AV:{av}/AC:{ac}/AT:N/PR:N/UI:N/{impact}/SC:L/SI:L/SA:L/E:{e}/{needs}");
        // A vector that cannot be read never looks harmless.
        Vector40::parse(&text).map_or(Tenths(100), |vector| vector.score())
    }
}

impl std::fmt::Display for Classes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

/// Steps of severity below the worst value of a metric.
fn step(name: &str, value: &str) -> usize {
    let order: &[&str] = match name {
        "AV" => &["N", "A", "L", "P"],
        "PR" => &["N", "L", "H"],
        "UI" => &["N", "P", "A"],
        "AC" => &["L", "H"],
        "AT" => &["N", "P"],
        _ => &["H", "L", "N"],
    };
    order.iter().position(|known| *known == value).unwrap_or(0)
}
