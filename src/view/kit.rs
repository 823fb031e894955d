//! The view model of the kit: what repairs an app, and in which order.

use super::{Fact, Mark, RecommendationView, SnippetView};

views! {
    /// What only the control knows of the repair of a subject.
    KitParts {
        /// The way out, without the files that stand beside it.
        way: RecommendationView,
        /// A new file that changes nothing until it is assigned: path below the package folder, and text.
        added: Option<SnippetView>,
        /// The policy of the subject: its files in the snapshot, and what it is called when there is none.
        policies: Vec<String>,
        policy: String,
        /// Elements to set in it once the client has moved.
        edits: Vec<EditView>,
        /// The same, where steps in Setup change the file before: a copy from the snapshot would undo them.
        by_hand: Vec<EditView>,
    }

    /// An element to set in a policy.
    EditView {
        element: String,
        value: String,
    }

    /// One app of the kit.
    KitAppView {
        /// `01`, in the order of the report.
        number: String,
        /// Runbook, below the kit's folder.
        runbook: String,
        label: String,
        api_name: String,
        id: String,
        result: Mark,
        rating: String,
        parts: KitParts,
    }

    /// A runbook.
    RunbookView {
        language: String,
        app: KitAppView,
        /// Files of the first deployment, of the second one, and as they were.
        files: Vec<Fact>,
        /// Those to deploy, and those to go back to.
        deploy: Vec<String>,
        undo: Vec<String>,
        /// What could not be prepared, and why.
        lacking: Vec<String>,
    }

    /// The first page of the kit.
    KitIndexView {
        language: String,
        org: String,
        apps: Vec<KitRowView>,
        /// Whether anything is in the first deployment, and in the second.
        first: bool,
        second: bool,
    }

    /// An app on that page.
    KitRowView {
        number: String,
        label: String,
        runbook: String,
        way: String,
        effort: String,
        /// What is deployed first, and what after the move.
        first: String,
        second: String,
    }
}
