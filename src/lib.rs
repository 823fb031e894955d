//! `shr` turns exported Salesforce org configuration into the audit report that a client signs off.
//!
//! ```text
//! folder | zip ──source──▶ (path, bytes) ──ingest──▶ Snapshot
//!                                                      │
//! control.toml ─catalogue─▶ controls::ALL, over kit ──▶ findings with observations and evidence, rows, moves
//!                                                      │
//! engagement.toml ─────────────────────assess──▶ Assessment (assessment.json); with --redact its names replaced
//!                                                      │
//!                              report ──▶ Report (view) ──▶ Markdown ──▶ blocks ──▶ PDF, HTML
//!                                                └─▶ tables: CSV, XLSX · JSON, SARIF, OSCAL, OCSF
//! ```
//!
//! Stages are pure; input and output live in [`source`] and `run`, the clock in `main` alone.

pub mod assess;
pub mod catalogue;
pub mod cli;
pub mod controls;
pub mod cvss;
pub mod delta;
pub mod drawing;
pub mod engagement;
pub mod explain;
pub mod history;
pub mod ingest;
pub mod kit;
pub mod limits;
pub mod manifest;
pub mod model;
pub mod redact;
pub mod render;
pub mod report;
pub mod run;
pub mod snapshot;
pub mod source;
pub mod table;
pub mod text;
pub mod tracker;
pub mod view;
