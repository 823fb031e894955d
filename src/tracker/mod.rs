//! Trackers: the spreadsheets that people keep working in. Columns, rows, reading, merging, linting.

pub mod book;
pub mod changes;
pub mod columns;
pub mod dates;
mod grid;
mod judge;
pub mod lint;
pub mod meeting;
pub mod merge;
pub mod metadata;
pub mod profiles;
pub mod read;
pub mod rows;
pub mod table;

pub use book::{Fault, Faults, Line, Tracker};
pub use changes::{Change, What};
pub use columns::{Column, Kind, Owner};
pub use dates::DateOrder;
pub use lint::lint;
pub use meeting::{Due, Stats, due, stats};
pub use merge::{Merged, Options, merge};
pub use read::read;
pub use table::{Row, Table};
