//! All tests in one binary: one link, one run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod assess;
mod catalog;
mod cli;
mod control;
mod csv;
mod engagement;
mod evidence;
mod explain;
mod figures;
mod golden;
mod hostile;
mod html;
mod ingest;
mod pdf;
mod properties;
mod report;
mod request;
mod scoring;
mod templates;
mod tidy;
mod tracker;
mod xlsx;
