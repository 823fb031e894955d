//! The view model of the portfolio report.

use crate::view::{Content, Fact, FigureView, Mark, views};

views! {
    /// Many orgs in one report.
    Portfolio {
        language: String,
        title: String,
        /// Line below the title.
        subtitle: String,
        cover: Vec<Fact>,
        /// How many orgs fail, and the worst app.
        verdict: Vec<String>,
        /// Failing apps by severity, and what is not settled, in order or left out.
        tiles: Vec<Fact>,
        /// Who can log in, with what power, from where.
        glance: Vec<String>,
        /// What moved over the runs of the orgs; none when no org has an earlier one.
        moved: Option<MovedView>,
        /// Headings of the counts of an org.
        counted: Vec<String>,
        /// Kinds of actions over all orgs.
        plan: Vec<PlanRow>,
        /// Worst five apps.
        worst: Vec<PortfolioFinding>,
        /// Orgs of which nothing could be read.
        unread: Vec<Fact>,
        /// Orgs, worst first.
        orgs: Vec<OrgRow>,
        columns: Vec<String>,
        heat: Vec<HeatRow>,
        /// What the symbols say.
        legend: String,
        /// Headings of what is compared.
        drift_columns: Vec<String>,
        /// Apps whose policy differs between orgs.
        drift: Vec<DriftView>,
        /// What several orgs have in common.
        patterns: Vec<PatternView>,
        /// Acceptances that have expired or soon will, soonest first.
        acceptances: Vec<AcceptanceView>,
        freshness: Vec<String>,
        /// How many more apps differ, and patterns there are; empty when all are listed.
        more_drift: String,
        more_patterns: String,
        /// The worst findings with their orgs.
        findings: Vec<PortfolioFinding>,
        /// How many more there are; empty when all are listed.
        more_findings: String,
        limitations: Vec<String>,
        /// Who signs.
        signatures: Vec<Fact>,
        /// Sections in order.
        contents: Vec<Content>,
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
        /// Failing apps by severity, not settled, in order.
        counts: Vec<String>,
        /// Whether the list of apps is whole.
        population: String,
    }

    /// What moved over the runs of the orgs.
    MovedView {
        /// All of them together.
        said: Vec<String>,
        rows: Vec<MovedRow>,
        /// Open findings by age, org by org.
        ageing: Option<FigureView>,
    }

    /// What moved in an org.
    MovedRow {
        key: String,
        name: String,
        /// First and last day.
        days: String,
        /// Runs; open before and now; new, fixed, median of the days to the fix, reopened, otherwise.
        cells: Vec<String>,
    }

    /// An org in the heat map.
    HeatRow {
        key: String,
        name: String,
        /// Worst outcome of each criterion.
        cells: Vec<Mark>,
    }

    /// An app that differs between orgs: what it states in how many of them.
    DriftView {
        api_name: String,
        cells: Vec<String>,
    }

    /// An action over all orgs.
    PlanRow {
        number: usize,
        what: String,
        orgs: usize,
        apps: usize,
        effort: String,
        effect: String,
    }

    /// Something in common.
    PatternView {
        text: String,
        /// Orgs, in words.
        orgs: String,
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
