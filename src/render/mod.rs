//! Writers: each turns the report or the assessment into bytes of one format.

pub mod csv;
pub mod pdf;
pub mod xlsx;
