//! Writers: each turns the report or the assessment into bytes of one format.

pub mod blocks;
pub mod pdf;
pub mod theme;
