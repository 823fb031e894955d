//! The view model of the portfolio report.

use crate::view::{Count, Fact, FigureView, Mark, StatedView, views};

views! {
    /// Many orgs in one report.
    Portfolio {
        language: String,
        title: String,
        /// Line below the title.
        subtitle: String,
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
        /// The six results, as headings.
        results: Vec<String>,
        columns: Vec<String>,
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
        freshness: Vec<String>,
        /// Every finding with its org.
        findings: Vec<PortfolioFinding>,
        limitations: Vec<String>,
    }

    /// An org.
    OrgRow {
        key: String,
        name: String,
        environment: String,
        /// Day of the snapshot.
        snapshot_at: String,
        /// Age in days when judged; empty when unknown.
        age: String,
        rules: String,
        /// Worst result.
        result: Mark,
        counts: Vec<usize>,
        /// Whether the list of apps is whole.
        population: String,
    }

    /// An org in the heat map.
    HeatRow {
        key: String,
        name: String,
        /// Worst outcome of each criterion.
        cells: Vec<Mark>,
    }

    /// An app that differs between orgs.
    DriftView {
        api_name: String,
        rows: Vec<DriftRow>,
    }

    /// The app in one org.
    DriftRow {
        key: String,
        org: String,
        environment: String,
        result: Mark,
        cells: Vec<StatedView>,
    }

    /// Something in common.
    PatternView {
        text: String,
        /// Apps with their orgs.
        apps: Vec<String>,
        /// How many more there are; empty when all are listed.
        more: String,
    }

    /// An acceptance.
    AcceptanceView {
        key: String,
        org: String,
        app: String,
        state: String,
        /// Last day.
        expires: String,
    }

    /// A finding with its org.
    PortfolioFinding {
        id: String,
        /// Anchor in the org's report.
        anchor: String,
        key: String,
        org: String,
        app: String,
        result: Mark,
        /// Score; a dash when there is none.
        score: String,
        severity: String,
        because: String,
    }
}
