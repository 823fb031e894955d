//! The view model of an org report: everything that a template may print, worded, ordered and formatted.
//!
//! Texts are plain: markup and escaping belong to the writers. An empty text means "nothing to say".

macro_rules! views {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $kind:ty),+ $(,)? })+) => {
        $($(#[$doc])* #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        #[allow(missing_docs)] // a field has a comment where its name does not say enough
        pub struct $name { $($(#[$fdoc])* pub $field: $kind),+ })+
    };
}

pub(crate) use views;

use crate::drawing::Drawing;

mod brief;
mod card;
pub(crate) mod claims;
pub(crate) mod desk;
mod figure;
mod kit;
mod registers;
pub(crate) mod words;

pub use desk::CARDS;
pub(crate) use desk::Desk;
pub use figure::Drawn;
pub use words::symbol;

pub use brief::{
    AdverseView, AskedView, CardAppView, CardView, CauseView, ChapterControl, ChapterGroup, ChapterLine, ChapterRow,
    ChapterView, DeadlineView, FurtherView, PackView, SettledView, SeverityRow, TestRow, TestView,
};
pub use card::{
    CardParts, CitationView, ConditionView, FindingView, GrantView, ObjectRow, RangeView, RecommendationView,
    ScoreStep, ScoreView, SnippetView, StepView, TargetRow, WayView,
};

pub use kit::{EditView, KitAppView, KitIndexView, KitParts, KitRowView, RunbookView};
pub use registers::{Definitions, EvidenceView, InputView, InventoryView, StandardView, StatedView};

views! {
    /// One org's report.
    Report {
        language: String,
        title: String,
        /// Line below the title.
        subtitle: String,
        draft: bool,
        /// Classification label; empty when none.
        classification: String,
        /// Org key.
        org: String,
        /// Title of the workpapers.
        workpapers_title: String,
        /// The verdict on the cover.
        verdict: Vec<String>,
        /// Findings by severity, and what is not settled or in order, as tiles.
        tiles: Vec<Fact>,
        /// What the cover says of client, org and day.
        front: Vec<Fact>,
        /// Document control.
        cover: Vec<Fact>,
        /// Of it, what neither the cover nor the scope of the report shows.
        closing: Vec<Fact>,
        /// Headings of the table of findings by severity.
        severity_columns: Vec<String>,
        /// Findings by severity: open, accepted, not settled.
        severities: Vec<SeverityRow>,
        /// Cards, worst first.
        cards: Vec<CardView>,
        /// Findings beyond the cards, by cause.
        rest: Vec<FurtherView>,
        /// What happens if nothing is done; empty without a plan.
        otherwise: String,
        /// Exports that would settle something.
        exports: Vec<GapView>,
        /// What people have to answer.
        asked: Vec<AskedView>,
        /// Apps in order, or left out.
        settled: Vec<SettledView>,
        /// How many more there are; empty when that is all.
        settled_more: String,
        /// What could not be read, in short.
        unread: Vec<String>,
        /// A test for each criterion.
        tests: Vec<TestView>,
        summary: Summary,
        /// Figures that have something to show.
        figures: Figures,
        scope: Scope,
        control: ControlView,
        /// All controls that something was judged by, the first one included.
        controls: Vec<ControlView>,
        /// What each of them comes to, where there are several.
        parts: Vec<PartView>,
        method: Method,
        population: PopulationView,
        results: Matrix,
        findings: Vec<FindingView>,
        questions: Vec<QuestionView>,
        in_order: Vec<PassView>,
        /// The sibling controls in short; none where an assessment of an earlier version holds no rows.
        chapter: Option<ChapterView>,
        /// The same in full, for the workpapers.
        chapter_full: Vec<ChapterControl>,
        /// Published controls that are known and not judged.
        known: Vec<String>,
        /// Published controls that contradict each other, and how each was read.
        contradictions: Vec<String>,
        decisions: Vec<DecisionView>,
        attestations: Vec<AttestationView>,
        plan: Vec<ActionView>,
        /// As many lines of it as the report shows, and what the others are; empty when that is all.
        plan_shown: Vec<ActionView>,
        plan_more: String,
        changes: Changes,
        limitations: Vec<String>,
        conclusion: Vec<String>,
        signatures: Vec<Fact>,
        /// Appendix A: headings of what apps state.
        inventory_columns: Vec<String>,
        /// Appendix A.
        inventory: Vec<InventoryView>,
        /// Appendix B.
        evidence: Vec<EvidenceView>,
        /// Appendix C.
        definitions: Vec<Definitions>,
        /// Appendix D.
        standards: Vec<StandardView>,
        /// Appendix E.
        inputs: Vec<InputView>,
        /// Sections of the report in order.
        contents: Vec<Content>,
        /// Sections of the workpapers in order.
        workpapers: Vec<Content>,
    }

    /// A name and its value.
    Fact {
        name: String,
        value: String,
    }

    /// A line of the table of contents.
    Content {
        anchor: String,
        /// Heading as it stands above the section.
        heading: String,
    }

    /// A result: symbol and word.
    Mark {
        symbol: String,
        word: String,
    }

    /// The page for people who read one page.
    Summary {
        /// How many can log in, with what power, from where.
        glance: Vec<String>,
        counts: Vec<Count>,
        /// Secrets in clear text, each a line.
        alarms: Vec<String>,
        /// The three actions that matter most.
        actions: Vec<ActionView>,
        /// What changed; empty without a baseline.
        change: String,
        gaps: Vec<String>,
    }

    /// One of the six counts.
    Count {
        mark: Mark,
        apps: usize,
    }

    /// Figures by their place; absent when there is nothing to show.
    Figures {
        /// Figure 1.
        funnel: Option<FigureView>,
        /// Figure 2.
        results: Option<FigureView>,
        /// Figure 3.
        matrix: Option<FigureView>,
        /// Figure 4.
        intervals: Option<FigureView>,
        /// Figure 5.
        graph: Option<FigureView>,
        /// Figure 6.
        quadrant: Option<FigureView>,
        /// Figure 8.
        ageing: Option<FigureView>,
        /// Figure 9.
        movement: Option<FigureView>,
    }

    /// A figure and its twin in words.
    FigureView {
        /// File stem.
        name: String,
        alt: String,
        caption: String,
        /// The same in sentences.
        twin: Vec<String>,
        #[serde(skip)]
        drawing: Drawing,
    }

    /// What was looked at.
    Scope {
        facts: Vec<Fact>,
        exclusions: Vec<String>,
    }

    /// The control.
    ControlView {
        /// Short id.
        key: String,
        name: String,
        /// Facts: name, page, range.
        facts: Vec<Fact>,
        url: String,
        /// Numbers of the weaknesses (CWE) that it is filed under.
        cwe: Vec<u32>,
        /// Controls of NIST SP 800-53 that a finding is filed under.
        nist: Vec<String>,
        /// The control's headings in our words.
        sections: Vec<TextView>,
        criteria: Vec<CriterionView>,
        /// What this catalogue reads into the control.
        readings: Vec<String>,
        considerations: Vec<String>,
        /// Thresholds in force.
        thresholds: Vec<ThresholdView>,
    }

    /// What a control comes to.
    PartView {
        name: String,
        range: String,
        result: Mark,
        /// Apps by result, in the order of results.
        counts: Vec<String>,
        /// Whether the list of its apps is whole.
        population: String,
    }

    /// A heading and a text.
    TextView {
        title: String,
        text: String,
    }

    /// A criterion.
    CriterionView {
        id: String,
        /// Short name.
        label: String,
        title: String,
        weight: String,
        safe_when: String,
    }

    /// A threshold.
    ThresholdView {
        name: String,
        value: String,
        /// Whose.
        from: String,
    }

    /// How it was done.
    Method {
        /// Decisions while reading.
        decisions: Vec<String>,
        /// Commands that reproduce the report.
        commands: Vec<String>,
        /// Versions and digests.
        facts: Vec<Fact>,
    }

    /// Population and completeness.
    PopulationView {
        /// Conclusion in a sentence.
        conclusion: String,
        /// Who extracted what, when.
        facts: Vec<Fact>,
        rows: Vec<CoverageView>,
        /// What is missing, with the request that supplies it.
        gaps: Vec<GapView>,
        /// What could not be read.
        problems: Vec<ProblemView>,
        /// What looks like evidence and was not read.
        passed_over: Vec<String>,
        /// What the org lists and the snapshot lacks.
        missing: Vec<String>,
        /// What speaks against an export being whole.
        doubts: Vec<String>,
        /// The latest date of each export.
        newest: Vec<String>,
        /// What the dates show against each other.
        dates: Vec<String>,
    }

    /// Received against expected for one kind.
    CoverageView {
        /// Type or object.
        kind: String,
        /// Files or query.
        form: String,
        state: String,
        received: usize,
        /// Expected; a dash when unknown.
        expected: String,
        files: Vec<String>,
        /// How many more files there are.
        more: String,
        feeds: String,
    }

    /// A missing export.
    GapView {
        title: String,
        why: String,
        feeds: String,
        /// Query; empty for metadata.
        soql: String,
        command: String,
    }

    /// Something unreadable.
    ProblemView {
        place: String,
        message: String,
        hint: String,
        touches: Vec<String>,
    }

    /// Apps by criteria.
    Matrix {
        columns: Vec<String>,
        /// The worst, as many as a page holds.
        rows: Vec<MatrixRow>,
        /// How many more there are; empty when that is all.
        more: String,
        all: Vec<MatrixRow>,
        /// What the symbols say.
        legend: String,
    }

    /// An app in the matrix.
    MatrixRow {
        /// Number in this report.
        number: usize,
        /// Anchor of its card or line.
        anchor: String,
        label: String,
        result: Mark,
        /// One per criterion.
        cells: Vec<Mark>,
    }

    /// A question.
    QuestionView {
        number: usize,
        text: String,
        apps: Vec<LinkView>,
        criterion: String,
        /// Who or what settles it.
        settles: String,
        /// A person answers it.
        person: bool,
    }

    /// A link inside the report.
    LinkView {
        label: String,
        anchor: String,
    }

    /// An app in order, or left out.
    PassView {
        number: usize,
        anchor: String,
        id: String,
        label: String,
        api_name: String,
        result: Mark,
        basis: String,
        because: String,
        /// Evidence of the basis.
        evidence: Vec<EvidenceView>,
        /// Further evidence that the register holds.
        more: String,
        /// Notes and supporting criteria that are not met.
        notes: Vec<String>,
    }

    /// A decision of people.
    DecisionView {
        app: String,
        /// Kind in words.
        kind: String,
        /// State in words.
        state: String,
        valid: bool,
        rationale: String,
        approver: String,
        on: String,
        expires: String,
        /// Days left or past, in words.
        left: String,
    }

    /// An attestation.
    AttestationView {
        app: String,
        criterion: String,
        /// What became of it.
        state: String,
        statement: String,
        /// Line of the engagement file.
        line: u32,
    }

    /// Something to do.
    ActionView {
        number: usize,
        what: String,
        why: String,
        apps: Vec<LinkView>,
        /// Their findings, by number.
        numbers: Vec<LinkView>,
        /// How many more there are, in words; empty when none.
        more: String,
        effort: String,
        /// What it changes.
        gain: String,
    }

    /// Change since the baseline.
    Changes {
        /// Baseline in a sentence.
        sentence: String,
        rows: Vec<ChangeRow>,
    }

    /// An app that changed.
    ChangeRow {
        label: String,
        delta: String,
        moved: String,
        result: String,
    }
}

impl Figures {
    /// What is drawn, in the order of the report.
    #[must_use]
    pub fn drawings(&self) -> Vec<Drawing> {
        let Self { funnel, results, matrix, intervals, graph, quadrant, ageing, movement } = self;
        let views = [funnel, results, matrix, intervals, graph, quadrant, ageing, movement];
        views.into_iter().flatten().map(|view| view.drawing.clone()).collect()
    }
}
