//! The view model of the portfolio report.

use crate::view::{Count, Fact, FigureView, Mark, StatedView, views};

views! {
    /// Many orgs in one report.
    Portfolio {
        /// Language tag.
        language: String,
        /// Title.
        title: String,
        /// Line below the title.
        subtitle: String,
        /// Facts of the cover.
        cover: Vec<Fact>,
        /// The verdict: what, worst, next.
        verdict: Vec<String>,
        /// The six counts over all orgs.
        counts: Vec<Count>,
        /// Worst five apps.
        worst: Vec<PortfolioFinding>,
        /// Orgs of which nothing could be read.
        unread: Vec<Fact>,
        /// Orgs, worst first.
        orgs: Vec<OrgRow>,
        /// Names of the criteria.
        columns: Vec<String>,
        /// Heat map.
        heat: Vec<HeatRow>,
        /// Heat map as a figure.
        figure: Option<FigureView>,
        /// Headings of what is compared.
        drift_columns: Vec<String>,
        /// Apps whose policy differs between orgs.
        drift: Vec<DriftView>,
        /// What several orgs have in common.
        patterns: Vec<PatternView>,
        /// Acceptances that have expired or soon will, soonest first.
        acceptances: Vec<AcceptanceView>,
        /// Statements on age and comparability.
        freshness: Vec<String>,
        /// Every finding with its org.
        findings: Vec<PortfolioFinding>,
        /// Statements on limits.
        limitations: Vec<String>,
    }

    /// An org.
    OrgRow {
        /// Key.
        key: String,
        /// Name.
        name: String,
        /// Environment.
        environment: String,
        /// Day of the snapshot.
        snapshot_at: String,
        /// Age in days when judged; empty when unknown.
        age: String,
        /// Version of the rules.
        rules: String,
        /// Worst result.
        result: Mark,
        /// The six counts.
        counts: Vec<usize>,
        /// Whether the list of apps is whole.
        population: String,
    }

    /// An org in the heat map.
    HeatRow {
        /// Key.
        key: String,
        /// Name.
        name: String,
        /// Worst outcome of each criterion.
        cells: Vec<Mark>,
    }

    /// An app that differs between orgs.
    DriftView {
        /// API name.
        api_name: String,
        /// The app in each org.
        rows: Vec<DriftRow>,
    }

    /// The app in one org.
    DriftRow {
        /// Key.
        key: String,
        /// Org.
        org: String,
        /// Environment.
        environment: String,
        /// Result.
        result: Mark,
        /// What is compared.
        cells: Vec<StatedView>,
    }

    /// Something in common.
    PatternView {
        /// The sentence.
        text: String,
        /// Apps with their orgs.
        apps: Vec<String>,
        /// How many more there are; empty when all are listed.
        more: String,
    }

    /// An acceptance.
    AcceptanceView {
        /// Key.
        key: String,
        /// Org.
        org: String,
        /// App.
        app: String,
        /// State.
        state: String,
        /// Last day.
        expires: String,
    }

    /// A finding with its org.
    PortfolioFinding {
        /// Finding id.
        id: String,
        /// Anchor in the org's report.
        anchor: String,
        /// Key.
        key: String,
        /// Org.
        org: String,
        /// App.
        app: String,
        /// Result.
        result: Mark,
        /// Score; a dash when there is none.
        score: String,
        /// Severity word.
        severity: String,
        /// Why.
        because: String,
    }
}
