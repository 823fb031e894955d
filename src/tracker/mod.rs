//! Trackers: the spreadsheets that people keep working in. Reading, merging, linting.

pub mod book;
pub mod changes;
pub mod dates;
mod grid;
pub mod inplace;
mod judge;
pub mod language;
mod lines;
pub mod lint;
pub mod meeting;
pub mod merge;
mod plain;
pub mod read;
pub mod sheets;
mod stated;
mod unpacked;
mod whole;
mod workbook;

pub use book::{Fault, Faults, Line, Tracker};
pub use changes::{Change, What};
pub use dates::DateOrder;
pub use lint::lint;
pub use meeting::{Due, Stats, due, stats};
pub use merge::{Merged, Options, merge};
pub use read::read;
