//! What became of people's statements: dispositions, responses, attestations.

use crate::assessment::{
    AttestationUse, Disposition, DispositionKind, DispositionState, Finding, Observation, Outcome, Source,
};
use crate::controls::ccf::attest;
use crate::engagement::{Attestation, DispositionEntry, Engagement};
use crate::message::Message;
use jiff::civil::Date;

fn fits(own: &str, wanted: &str) -> bool {
    own.is_empty() || own == wanted
}

/// Writes dispositions, causes and responses into the findings. The first valid disposition wins.
pub(super) fn dispose(findings: &mut [Finding], engagement: &Engagement, org: &str, as_of: Date) {
    for finding in findings {
        let ours = engagement.dispositions.iter().filter(|one| fits(&one.org, org) && one.app == finding.app.api_name);
        let mut stated: Vec<Disposition> = ours.map(|entry| stated(entry, finding.result, as_of)).collect();
        stated.sort_by_key(|one| one.state);
        finding.disposition = stated.into_iter().next();
        let response = engagement.responses.iter().find(|one| fits(&one.org, org) && one.app == finding.app.api_name);
        if let Some(response) = response {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            finding.cause = text(&response.cause);
            finding.management_response = text(&response.response);
        }
    }
}

fn stated(entry: &DispositionEntry, result: Outcome, as_of: Date) -> Disposition {
    let needs_end = matches!(entry.kind, DispositionKind::AcceptRisk | DispositionKind::Mitigated);
    let blank = entry.rationale.trim().is_empty() || entry.approver.trim().is_empty();
    let state = if blank || (needs_end && entry.expires.is_none()) || entry.on.is_some_and(|on| on > as_of) {
        DispositionState::Incomplete
    } else if entry.expires.is_some_and(|day| day < as_of) {
        DispositionState::Expired
    } else if matches!(result, Outcome::Pass | Outcome::NotApplicable | Outcome::NotTested) {
        DispositionState::Unused
    } else {
        DispositionState::Valid
    };
    Disposition {
        kind: entry.kind,
        app: entry.app.clone(),
        state,
        rationale: entry.rationale.clone(),
        approver: entry.approver.clone(),
        on: entry.on,
        expires: entry.expires,
    }
}

/// The state of every attestation of this org, and the dispositions that no finding carries.
pub(super) fn uses(findings: &[Finding], engagement: &Engagement, org: &str, as_of: Date) -> Vec<AttestationUse> {
    let mut uses: Vec<AttestationUse> = Vec::new();
    for attestation in engagement.attestations.iter().filter(|one| fits(&one.org, org)) {
        uses.push(use_of(attestation, findings, as_of));
    }
    for entry in engagement.dispositions.iter().filter(|one| fits(&one.org, org)) {
        let finding = findings.iter().find(|finding| finding.app.api_name == entry.app);
        let mut disposition = stated(entry, finding.map_or(Outcome::NotTested, |finding| finding.result), as_of);
        if finding.is_none() {
            disposition.state = DispositionState::UnknownApp;
        }
        if disposition.state != DispositionState::Valid {
            uses.push(AttestationUse {
                line: entry.line,
                app: entry.app.clone(),
                criterion: String::new(),
                state: disposition.state.word().to_owned(),
                statement: Message::new("statement.words").with("words", entry.rationale.as_str()),
                disposition: Some(disposition),
            });
        }
    }
    uses.sort_by_key(|one| one.line);
    uses
}

fn use_of(attestation: &Attestation, findings: &[Finding], as_of: Date) -> AttestationUse {
    let ours: Vec<&Finding> = findings.iter().filter(|finding| fits(&attestation.app, &finding.app.api_name)).collect();
    let observed: Vec<&Observation> = ours
        .iter()
        .flat_map(|finding| &finding.observations)
        .filter(|one| one.criterion == attestation.criterion && one.source == Source::Attested)
        .collect();
    let state = if ours.is_empty() {
        "unknown_app"
    } else if let Some(void) = attest::void(attestation, as_of) {
        void
    } else if observed.iter().any(|one| one.because.key == "attested.contradicted") {
        "contradicted"
    } else if observed.is_empty() {
        "unused"
    } else {
        "valid"
    };
    AttestationUse {
        line: attestation.line,
        app: attestation.app.clone(),
        criterion: attestation.criterion.clone(),
        state: state.to_owned(),
        statement: Message::new("statement.words").with("words", attestation.statement.as_str()),
        disposition: None,
    }
}
