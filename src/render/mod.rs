//! Writers: each turns the report or the assessment into bytes of one format.

pub mod escape;
mod helpers;
pub mod markdown;
pub mod pdf;
pub mod svg;
