//! The view model of the appendices.

use super::{Fact, Mark};

views! {
    /// An app in the inventory.
    InventoryView {
        number: usize,
        anchor: String,
        label: String,
        api_name: String,
        /// What it states, under the headings of the inventory.
        facts: Vec<StatedView>,
        result: Mark,
        sources: Vec<String>,
    }

    /// What an app states, in a cell.
    StatedView {
        /// The text; empty when nothing is known.
        text: String,
        /// It is a word or a name that stands as it is written.
        code: bool,
    }

    /// An evidence item.
    EvidenceView {
        id: String,
        anchor: String,
        /// `path:line`.
        place: String,
        setting: String,
        /// Text there; empty when there is none to show.
        seen: String,
        /// Why there is none: absent, empty or withheld.
        unseen: String,
    }

    /// Words explained.
    Definitions {
        title: String,
        rows: Vec<Fact>,
    }

    /// A standard.
    StandardView {
        framework: String,
        id: String,
        title: String,
        relation: String,
        criteria: String,
        /// Where read.
        source: String,
    }

    /// A file read.
    InputView {
        path: String,
        kind: String,
        bytes: String,
        /// Rows; empty for metadata.
        rows: String,
        sha256: String,
    }
}
