//! Writers: each turns the report or the assessment into bytes of one format.

pub mod blocks;
pub mod csv;
pub mod defectdojo;
pub mod docx;
pub mod exchange;
pub mod format;
pub mod html;
pub mod logo;
pub mod markdown;
pub mod meta;
pub mod metadata;
pub mod ocsf;
pub mod oscal;
pub mod pdf;
pub mod remediation;
pub mod sarif;
pub mod svg;
pub mod theme;
mod uuid;
pub mod xlsx;
