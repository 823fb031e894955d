//! The view model of one finding card.

use super::{DecisionView, EvidenceView, Fact, Mark};

views! {
    /// A finding card.
    FindingView {
        number: usize,
        anchor: String,
        id: String,
        label: String,
        api_name: String,
        result: Mark,
        /// Scores, severity, interval, confidence; empty without a score.
        rating: Vec<Fact>,
        /// Why, in a sentence.
        because: String,
        /// Gate and decisive criteria that are not met, or that nobody can tell yet.
        conditions: Vec<ConditionView>,
        /// The same of supporting criteria.
        supporting: Vec<ConditionView>,
        /// Number of criteria that are met.
        met: String,
        cause: String,
        /// What this token can do.
        effect: Vec<String>,
        user: Vec<Fact>,
        /// Ways by which the user comes to it, each once.
        ways: Vec<WayView>,
        grants: Vec<GrantView>,
        /// Broken conditions and gaps of the picture.
        privilege_notes: Vec<String>,
        /// Network in a sentence.
        network: String,
        ranges: Vec<RangeView>,
        /// OAuth scopes in a sentence.
        scopes: String,
        score: Option<ScoreView>,
        /// Phrases of the control, higher risk.
        higher: Vec<String>,
        /// Phrases of the control, low risk.
        lower: Vec<String>,
        does_not_count: Vec<String>,
        notes: Vec<String>,
        recommendation: Option<RecommendationView>,
        /// Change against the baseline; empty without one.
        delta: String,
        decision: Option<DecisionView>,
        /// Management's response, as supplied.
        response: String,
        /// What it means for the business, and a comment, as people state them.
        impact: String,
        comment: String,
    }

    /// What only the control can word of a card.
    CardParts {
        /// The user that the subject acts as.
        user: Vec<Fact>,
        /// What matters of it, in a few words.
        brief: Vec<Fact>,
        /// Broken conditions and gaps of what it may do.
        privilege_notes: Vec<String>,
        /// Network in a sentence.
        network: String,
        ranges: Vec<RangeView>,
        /// Scopes in a sentence.
        scopes: String,
        recommendation: Option<RecommendationView>,
        /// Why this way, where the reason is not that of every app.
        reason: String,
    }

    /// A criterion that is not met.
    ConditionView {
        title: String,
        outcome: Mark,
        because: String,
        /// Attested rather than read.
        attested: bool,
        /// What was seen.
        evidence: Vec<EvidenceView>,
        /// Further evidence that the register holds.
        more: String,
        /// What would be seen when it is met.
        expected: String,
    }

    /// A permission, or a right on objects, that the user holds.
    GrantView {
        name: String,
        /// Label in Setup.
        label: String,
        tier: String,
        /// What it gives, when it is held, what comes with it.
        gain: String,
        /// Evidence of the permission itself.
        evidence: Vec<CitationView>,
        /// Further evidence that the register holds.
        more: String,
        /// Numbers of its ways.
        ways: String,
    }

    /// A way from what grants to the user.
    WayView {
        /// Number, from 1.
        number: usize,
        steps: Vec<StepView>,
    }

    /// A step on that way.
    StepView {
        /// What it is.
        what: String,
        name: String,
        /// Places that show it.
        evidence: Vec<CitationView>,
    }

    /// A reference to the evidence register.
    CitationView {
        id: String,
        anchor: String,
    }

    /// An object with its rights, today and afterwards.
    ObjectRow {
        object: String,
        now: String,
        then: String,
        /// Where today's stand.
        evidence: Vec<CitationView>,
    }

    /// An address range.
    RangeView {
        first: String,
        last: String,
        size: String,
        note: String,
    }

    /// Inherent to residual.
    ScoreView {
        /// Steps, the first is the inherent score and the last the residual.
        steps: Vec<ScoreStep>,
        vector31: String,
        vector40: String,
        /// What the numbers mean together.
        sentences: Vec<String>,
        arithmetic: Vec<String>,
    }

    /// A line of the waterfall.
    ScoreStep {
        name: String,
        because: String,
        metrics: String,
        score31: String,
        score40: String,
    }

    /// The way out.
    RecommendationView {
        title: String,
        why: String,
        /// Where the plan lists its actions; empty when it lists none.
        plan: String,
        /// To do at once.
        first: Vec<String>,
        steps: Vec<String>,
        verification: Vec<String>,
        side_effects: Vec<String>,
        effort: String,
        /// Heading of the other ways.
        choices: String,
        alternatives: Vec<String>,
        /// The state to come to.
        target: Vec<TargetRow>,
        /// Rights on objects, today and afterwards.
        objects: Vec<ObjectRow>,
        /// What the table of objects leaves open.
        object_notes: Vec<String>,
        /// Metadata to deploy.
        snippets: Vec<SnippetView>,
        /// Queries and commands that show the new state.
        checks: Vec<SnippetView>,
    }

    /// An aspect of the state to come to.
    TargetRow {
        name: String,
        now: String,
        then: String,
    }

    /// Something to deploy or to run.
    SnippetView {
        /// What it is, in a sentence.
        title: String,
        language: String,
        text: String,
    }
}
