//! The view model of one finding card.

use super::{DecisionView, EvidenceView, Fact, Mark};

views! {
    /// A finding card.
    FindingView {
        /// Number.
        number: usize,
        /// Anchor.
        anchor: String,
        /// Finding id.
        id: String,
        /// Label.
        label: String,
        /// API name.
        api_name: String,
        /// Result.
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
        /// Cause.
        cause: String,
        /// What this token can do.
        effect: Vec<String>,
        /// The execution user.
        user: Vec<Fact>,
        /// Ways by which the user comes to it, each once.
        ways: Vec<WayView>,
        /// What the user may do.
        grants: Vec<GrantView>,
        /// Broken conditions and gaps of the picture.
        privilege_notes: Vec<String>,
        /// Network in a sentence.
        network: String,
        /// Ranges.
        ranges: Vec<RangeView>,
        /// OAuth scopes in a sentence.
        scopes: String,
        /// Score.
        score: Option<ScoreView>,
        /// Phrases of the control, higher risk.
        higher: Vec<String>,
        /// Phrases of the control, low risk.
        lower: Vec<String>,
        /// Facts that do not count.
        does_not_count: Vec<String>,
        /// Notes.
        notes: Vec<String>,
        /// What to do.
        recommendation: Option<RecommendationView>,
        /// Change against the baseline; empty without one.
        delta: String,
        /// Decision of people.
        decision: Option<DecisionView>,
        /// Management's response, as supplied.
        response: String,
    }

    /// What only the control can word of a card.
    CardParts {
        /// The user that the subject acts as.
        user: Vec<Fact>,
        /// Broken conditions and gaps of what it may do.
        privilege_notes: Vec<String>,
        /// Network in a sentence.
        network: String,
        /// Ranges.
        ranges: Vec<RangeView>,
        /// Scopes in a sentence.
        scopes: String,
        /// What to do.
        recommendation: Option<RecommendationView>,
    }

    /// A criterion that is not met.
    ConditionView {
        /// Criterion's title.
        title: String,
        /// Outcome.
        outcome: Mark,
        /// Why.
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
        /// API name.
        name: String,
        /// Label in Setup.
        label: String,
        /// Tier.
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
        /// Steps.
        steps: Vec<StepView>,
    }

    /// A step on that way.
    StepView {
        /// What it is.
        what: String,
        /// Its name.
        name: String,
        /// Places that show it.
        evidence: Vec<CitationView>,
    }

    /// A reference to the evidence register.
    CitationView {
        /// Evidence id.
        id: String,
        /// Its anchor.
        anchor: String,
    }

    /// An object with its rights, today and afterwards.
    ObjectRow {
        /// API name.
        object: String,
        /// Rights today.
        now: String,
        /// Rights afterwards.
        then: String,
        /// Where today's stand.
        evidence: Vec<CitationView>,
    }

    /// An address range.
    RangeView {
        /// First.
        first: String,
        /// Last.
        last: String,
        /// Size.
        size: String,
        /// Note.
        note: String,
    }

    /// Inherent to residual.
    ScoreView {
        /// Steps, the first is the inherent score and the last the residual.
        steps: Vec<ScoreStep>,
        /// Vector 3.1.
        vector31: String,
        /// Vector 4.0.
        vector40: String,
        /// What the numbers mean together.
        sentences: Vec<String>,
        /// Arithmetic.
        arithmetic: Vec<String>,
    }

    /// A line of the waterfall.
    ScoreStep {
        /// Name.
        name: String,
        /// Why.
        because: String,
        /// Metrics set.
        metrics: String,
        /// 3.1.
        score31: String,
        /// 4.0.
        score40: String,
    }

    /// The way out.
    RecommendationView {
        /// Title.
        title: String,
        /// Why this one.
        why: String,
        /// Where the plan lists its actions; empty when it lists none.
        plan: String,
        /// To do at once.
        first: Vec<String>,
        /// Steps.
        steps: Vec<String>,
        /// Verification.
        verification: Vec<String>,
        /// Side effects.
        side_effects: Vec<String>,
        /// Effort.
        effort: String,
        /// Heading of the other ways.
        choices: String,
        /// Other ways.
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
        /// Aspect.
        name: String,
        /// As it is.
        now: String,
        /// As it should be.
        then: String,
    }

    /// Something to deploy or to run.
    SnippetView {
        /// What it is, in a sentence.
        title: String,
        /// Language of the code block.
        language: String,
        /// The text.
        text: String,
    }
}
