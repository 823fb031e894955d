//! The formats that a report is written in. What makes each is a line of `FORMATS` in `src/run/formats.rs`.

use crate::text::choice::choices;

choices! {
    /// An output format: its word of `--format`, and the files that it writes.
    Format {
        /// report.md and figures
        Md = "md",
        /// report.pdf
        Pdf = "pdf",
        /// report.html
        Html = "html",
        /// report.docx
        Docx = "docx",
        /// findings.csv, criteria.csv, population.csv
        Csv = "csv",
        /// findings.xlsx
        Xlsx = "xlsx",
        /// assessment.json
        Json = "json",
        /// findings.sarif (SARIF 2.1.0)
        Sarif = "sarif",
        /// oscal-assessment-results.json, oscal-poam.json
        Oscal = "oscal",
        /// findings.ocsf.ndjson (OCSF compliance findings, one per line)
        Ocsf = "ocsf",
    }
}
