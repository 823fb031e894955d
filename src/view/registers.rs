//! The view model of the appendices.

use super::{Fact, Mark};

views! {
    /// An app in the inventory.
    InventoryView {
        /// Number.
        number: usize,
        /// Anchor.
        anchor: String,
        /// Label.
        label: String,
        /// API name.
        api_name: String,
        /// What it states, under the headings of the inventory.
        facts: Vec<StatedView>,
        /// Result.
        result: Mark,
        /// Places.
        sources: Vec<String>,
    }

    /// What an app states, in a cell.
    StatedView {
        /// The text; empty when nothing is known.
        text: String,
        /// It is a word or a name that stands as it is written.
        code: bool,
    }

    /// A connected app.
    ConnectedView {
        /// Label.
        label: String,
        /// API name.
        api_name: String,
        /// Flow.
        flow: String,
        /// User.
        user: String,
        /// Place.
        place: String,
    }

    /// An evidence item.
    EvidenceView {
        /// Id.
        id: String,
        /// Anchor.
        anchor: String,
        /// `path:line`.
        place: String,
        /// Setting.
        setting: String,
        /// Text there; empty when there is none to show.
        seen: String,
        /// Why there is none: absent, empty or withheld.
        unseen: String,
    }

    /// Words explained.
    Definitions {
        /// Heading.
        title: String,
        /// Words.
        rows: Vec<Fact>,
    }

    /// A standard.
    StandardView {
        /// Framework.
        framework: String,
        /// Id.
        id: String,
        /// Title.
        title: String,
        /// Relation.
        relation: String,
        /// Criteria.
        criteria: String,
        /// Where read.
        source: String,
    }

    /// A file read.
    InputView {
        /// Path.
        path: String,
        /// Kind.
        kind: String,
        /// Bytes.
        bytes: String,
        /// Rows; empty for metadata.
        rows: String,
        /// Hash.
        sha256: String,
    }
}
