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

    /// The chapter in short.
    ChapterView {
        lead: String,
        /// Symbols of outcomes, and what they say.
        columns: Vec<String>,
        legend: String,
        /// Rows by kind of subject, then all of them.
        groups: Vec<ChapterGroup>,
        /// Controls whose setting stands wherever it applies; empty when there is none.
        stands: String,
        /// Controls of which nothing can be told wherever they apply; empty when there is none.
        untold: String,
        /// Controls that apply to nothing; empty when there is none.
        elsewhere: String,
        causes: Vec<CauseView>,
        asked: Vec<AskedView>,
        /// That there are more; empty when there are not.
        asked_more: String,
        /// What would tell what is not evaluable.
        exports: Vec<String>,
        deadlines: Vec<DeadlineView>,
        /// That some controls are known and not judged.
        known: String,
    }

    /// The controls of a kind of subject.
    ChapterGroup {
        name: String,
        cells: Vec<String>,
        /// Those whose rows differ, or of which one fails or needs a decision.
        lines: Vec<ChapterLine>,
    }

    /// A control of the chapter.
    ChapterLine {
        name: String,
        band: String,
        cells: Vec<String>,
    }

    /// What one change settles.
    CauseView {
        what: String,
        settles: String,
        apps: String,
    }

    /// A day that forces a decision.
    DeadlineView {
        day: String,
        what: String,
        apps: String,
        source: String,
    }

    /// A control of the chapter with all its rows.
    ChapterControl {
        number: usize,
        id: String,
        name: String,
        about: String,
        /// What a person is asked; empty when nobody is.
        question: String,
        rows: Vec<ChapterRow>,
    }

    /// A subject under a control.
    ChapterRow {
        label: String,
        outcome: Mark,
        because: String,
        observed: String,
        places: String,
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
