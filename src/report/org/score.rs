//! The score: waterfall, vectors, interval, arithmetic, and how it relates to the published range.

use super::{Desk, fact, say};
use crate::model::{Finding, Score, Severity};
use crate::view::{Fact, ScoreStep, ScoreView};

impl Desk<'_> {
    pub(super) fn score(&self, finding: &Finding) -> Option<ScoreView> {
        let score = finding.score.as_ref()?;
        let mut steps = vec![self.line("inherent", &score.inherent31.1, &score.inherent40.1)];
        steps.extend(score.steps.iter().map(|step| ScoreStep {
            name: self.w.word(&format!("report.rule.{}", step.rule)),
            because: self.w.say(&step.because),
            metrics: step.metrics.clone(),
            score31: step.score31.to_string(),
            score40: step.score40.to_string(),
        }));
        steps.push(self.line("residual", &score.residual31.1, &score.residual40.1));
        Some(ScoreView {
            steps,
            vector31: score.residual31.0.clone(),
            vector40: score.residual40.0.clone(),
            sentences: self.sentences(finding, score),
            arithmetic: score.arithmetic.clone(),
        })
    }

    fn line(&self, key: &str, score31: &crate::model::Tenths, score40: &crate::model::Tenths) -> ScoreStep {
        ScoreStep {
            name: self.w.word(&format!("report.rule.{key}")),
            because: self.w.word(&format!("report.rule.{key}.because")),
            metrics: String::new(),
            score31: score31.to_string(),
            score40: score40.to_string(),
        }
    }

    fn sentences(&self, f: &Finding, score: &Score) -> Vec<String> {
        let w = self.w;
        let (s31, s40) = (score.residual31.1, score.residual40.1);
        let moved = score.steps.iter().filter(|step| step.applied && !step.metrics.is_empty());
        let moved: Vec<String> = moved.map(|step| w.word(&format!("report.rule.{}", step.rule))).collect();
        let relation = match (s31 < self.a.control_of(f).range_low, score.above_range) {
            (_, true) => "report.range.above",
            (true, _) => "report.range.below",
            _ => "report.range.within",
        };
        let mut out = vec![say!(
            w,
            relation,
            range = self.range(self.control.judging(f)),
            score = s31.to_string(),
            rules = moved
        )];
        let (low, high) = (score.interval31.low.to_string(), score.interval31.high.to_string());
        out.push(match low == high {
            true => w.word("report.score.settled"),
            false => say!(w, "report.score.interval", low = low, high = high),
        });
        if Severity::of(s31) != Severity::of(s40) {
            let (a, b) = (self.severity(Severity::of(s31)), self.severity(Severity::of(s40)));
            out.push(say!(w, "report.score.bands", a = a, b = b));
        }
        if score.if_on {
            out.push(w.word("report.score.if-on"));
        }
        out
    }

    /// A severity word of the report's language.
    pub(super) fn severity(&self, severity: Severity) -> String {
        self.w.word(&format!("report.severity.{severity}"))
    }

    /// What the head of a card shows of the score.
    pub(super) fn rating(&self, finding: &Finding) -> Vec<Fact> {
        let Some(score) = &finding.score else { return Vec::new() };
        let w = self.w;
        let (low, high) = (score.interval31.low.to_string(), score.interval31.high.to_string());
        let interval = if low == high { low } else { say!(w, "report.rating.range", low = low, high = high) };
        let (v31, v40) = match score.if_on {
            true => ("report.rating.v31-if-on", "report.rating.v40-if-on"),
            false => ("report.rating.v31", "report.rating.v40"),
        };
        let facts = [
            fact(w, v31, score.residual31.1.to_string()),
            fact(w, v40, score.residual40.1.to_string()),
            fact(w, "report.rating.severity", self.severity(score.severity)),
            fact(w, "report.rating.interval", interval),
            fact(w, "report.rating.confidence", w.word(&format!("report.confidence.{}", score.confidence))),
        ];
        facts.into_iter().flatten().collect()
    }
}
