//! The view model of what only the report shows: short cards, rows for the rest, what is asked, what is in order.

use super::{DecisionView, EvidenceView, Fact, LinkView, Mark};

views! {
    /// A card: one finding, or several of one cause and one remedy.
    CardView {
        anchor: String,
        /// `3`, or `3 to 14`.
        numbers: String,
        /// The app, or how many there are.
        label: String,
        /// API name and id; empty for several.
        api_name: String,
        id: String,
        result: Mark,
        /// Severity and scores in a line; empty without a score.
        rating: String,
        /// Heading of what is wrong, or not settled.
        heading: String,
        wrong: Vec<AdverseView>,
        /// Supporting criteria that are not met, or not settled, by name.
        also: String,
        /// Heading of the worst of what a thief could do.
        effect: String,
        scenarios: Vec<String>,
        /// The way out; empty where nothing is advised.
        way: String,
        effort: String,
        why: String,
        /// The actions of the plan, in its words.
        steps: Vec<String>,
        /// Where the steps are given in full.
        runbook: String,
        facts: Vec<Fact>,
        /// The apps, where there are several.
        apps: Vec<CardAppView>,
        delta: String,
        decision: Option<DecisionView>,
    }

    /// What is wrong, or what nobody can tell.
    AdverseView {
        /// The criterion, as a noun.
        label: String,
        outcome: Mark,
        because: String,
        evidence: Vec<EvidenceView>,
        /// Further evidence, in words.
        more: String,
    }

    /// One of the apps of a card.
    CardAppView {
        number: usize,
        anchor: String,
        label: String,
        api_name: String,
        id: String,
        rating: String,
    }

    /// Findings of one cause that have no card.
    FurtherView {
        numbers: String,
        apps: Vec<LinkView>,
        cause: String,
        rating: String,
        actions: String,
    }

    /// A question that a person answers.
    AskedView {
        number: usize,
        text: String,
        apps: String,
    }

    /// An app in order, or left out.
    SettledView {
        anchor: String,
        label: String,
        id: String,
        /// Severity and scores; empty without a score.
        rating: String,
        result: Mark,
        basis: String,
        because: String,
        /// Ids of the evidence of the basis.
        cited: String,
    }

    /// Some findings for one owner.
    PackView {
        language: String,
        title: String,
        subtitle: String,
        front: Vec<Fact>,
        cards: Vec<CardView>,
        plan: Vec<super::ActionView>,
        asked: Vec<AskedView>,
        /// That it is a part, and of which run.
        limits: String,
    }

    /// Findings by severity.
    SeverityRow {
        name: String,
        cells: Vec<String>,
    }

    /// The test of one criterion over all apps.
    TestView {
        number: usize,
        anchor: String,
        title: String,
        /// Objective, procedure, population, exceptions, conclusion.
        facts: Vec<Fact>,
        rows: Vec<TestRow>,
    }

    /// One app in a test.
    TestRow {
        label: String,
        /// Of its card.
        anchor: String,
        outcome: Mark,
        because: String,
        evidence: Vec<super::CitationView>,
        /// Further evidence, in words.
        more: String,
    }
}
