//! All tests in one binary: one link, one run.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

mod actions;
mod assess;
mod catalog;
mod cli;
mod control;
mod csv;
mod engagement;
mod evidence;
mod explain;
mod exposed;
mod figures;
mod folders;
mod foreign;
mod formats;
mod golden;
mod hardened;
mod hostile;
mod html;
mod ingest;
mod labels;
mod language;
mod limits;
mod logo;
mod mistakes;
mod outputs;
mod pdf;
mod properties;
mod reading;
mod recomputed;
mod redact;
mod redone;
mod remediation;
mod report;
mod request;
mod samples;
mod scoring;
mod security;
mod spoiled;
mod templates;
mod tidy;
mod tracker;
mod volumes;
mod xlsx;
