//! Trackers: the spreadsheets that people keep working in. Columns, rows, reading, merging, linting.

pub mod columns;
pub mod rows;
pub mod table;

pub use columns::{Column, Kind, Owner};
pub use table::{Row, Table};
