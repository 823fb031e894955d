//! `shr` turns exported Salesforce org configuration into the audit report that a client signs off.
//!
//! ```text
//! folder | zip ──source──▶ (path, bytes) ──ingest──▶ Snapshot
//!                                                      │
//! control.toml ──catalog──▶ Control ──controls──▶ findings with observations and evidence
//!                                                      │
//! engagement.toml ─────────────────────assess──▶ Assessment (assessment.json); with --redact its names replaced
//!                                                      │
//!                              report ──▶ Report ──▶ Markdown ──▶ PDF, HTML
//!                                                └─▶ CSV, XLSX, JSON, SARIF, OSCAL, OCSF
//! ```
//!
//! Stages are pure; input and output live in [`source`] and `run`, the clock in `main` alone.

pub mod assess;
pub mod assessment;
pub mod catalog;
pub mod cli;
pub mod controls;
pub mod delta;
pub mod engagement;
pub mod explain;
pub mod ingest;
pub mod limits;
pub mod manifest;
pub mod message;
pub mod redact;
pub mod render;
pub mod report;
pub mod run;
pub mod scoring;
pub mod snapshot;
pub mod source;
pub mod tracker;
pub mod visible;
pub mod wording;
