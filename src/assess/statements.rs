//! What became of each attestation.

use super::Run;
use crate::controls;
use crate::engagement::Attestation;
use crate::kit::attest::{Standing, answering, fits, standing};
use crate::model::{AttestationUse, Finding, Outcome, Source};
use crate::text::message::Message;

/// What became of an attestation; the later variant outweighs the earlier where apps differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    UnknownApp,
    Unused,
    Expired,
    Used,
    Contradicted,
}

impl Fate {
    const fn word(self) -> &'static str {
        match self {
            Self::UnknownApp => "unknown_app",
            Self::Unused => "unused",
            Self::Expired => "expired",
            Self::Used => "used",
            Self::Contradicted => "contradicted",
        }
    }
}

/// One row for each attestation about this org.
pub(super) fn attestations(run: &Run<'_>, findings: &[Finding]) -> Vec<AttestationUse> {
    let deep = ours(run).filter(|one| controls::is_deep(&one.about.control));
    let rows = deep.map(|one| AttestationUse {
        line: one.line,
        app: one.app.clone(),
        criterion: one.criterion.clone(),
        state: fate(run, findings, one).word().to_owned(),
        statement: statement(run, one),
        disposition: None,
    });
    rows.collect()
}

fn ours<'a>(run: &Run<'a>) -> impl Iterator<Item = &'a Attestation> {
    run.engagement.attestations.iter().filter(|one| run.is_ours(&one.org))
}

fn fate(run: &Run<'_>, findings: &[Finding], one: &Attestation) -> Fate {
    let of_control = findings.iter().filter(|finding| *finding.control == *one.about.control);
    let named = of_control.filter(|finding| fits(&one.app, &finding.subject.api_name));
    let met = named.map(|finding| fate_for(run, finding, one)).max();
    met.unwrap_or(if one.app.is_empty() { Fate::Unused } else { Fate::UnknownApp })
}

/// The first statement that counts answers; later ones about the same criterion and app are not needed.
fn fate_for(run: &Run<'_>, finding: &Finding, one: &Attestation) -> Fate {
    if standing(one, run.context.as_of) == Standing::Expired {
        return Fate::Expired;
    }
    let answer = answering(&run.context, &finding.control, &finding.subject.api_name, &one.criterion);
    if !answer.is_some_and(|answer| std::ptr::eq(answer, one)) {
        return Fate::Unused;
    }
    let mut attested = finding.observations.iter().filter(|seen| seen.source == Source::Attested);
    match attested.find(|seen| seen.criterion == one.criterion) {
        Some(seen) if seen.outcome() == Outcome::Review && seen.because.key.ends_with(".contradicted") => {
            Fate::Contradicted
        }
        Some(_) => Fate::Used,
        None => Fate::Unused,
    }
}

/// The statement as given; one that lacks what it needs says so.
fn statement(run: &Run<'_>, one: &Attestation) -> Message {
    let key = match standing(one, run.context.as_of) {
        Standing::Incomplete => "assess.attestation.incomplete",
        Standing::Counts | Standing::Expired => "assess.attestation.statement",
    };
    let answer = if one.met { "assess.attestation.answer.met" } else { "assess.attestation.answer.not-met" };
    Message::new(key)
        .with("answer", Message::new(answer))
        .with("statement", one.statement.as_str())
        .with("by", one.by.as_str())
        .with("on", super::verdicts::day(one.on))
        .with("until", super::verdicts::day(one.expires))
        .with("evidence", reference(&one.evidence))
}

fn reference(evidence: &str) -> Message {
    if evidence.trim().is_empty() {
        return Message::new("assess.attestation.no-evidence");
    }
    Message::new("assess.attestation.evidence").with("evidence", evidence)
}
