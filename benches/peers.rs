//! The PDF step alone, as a process, for the comparison with other typesetters in `benches/peers.sh`.
#![allow(missing_docs, unreachable_pub)]

#[path = "common/report.rs"]
mod report;

use shr::render::blocks::blocks;
use shr::render::pdf::pdf;
use shr::render::theme::Theme;
use std::io::{self, Write as _};

const USAGE: &str = "markdown PAGES FILE  writes a report of about as many pages
pdf MARKDOWN FILE    sets it
inspect FILE         prints the number of pages, and whether the PDF is tagged
path                 prints where this program is
";

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc; // as in the binary

fn main() -> io::Result<()> {
    // cargo adds `--bench`
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout().lock();
    match arguments.as_slice() {
        ["markdown", pages, file] => {
            let pages = pages.parse().map_err(|_| io::Error::other(format!("not a number: {pages}")))?;
            std::fs::write(file, report::markdown(pages))
        }
        ["pdf", markdown, file] => {
            let text = std::fs::read_to_string(markdown)?;
            let set = pdf(&blocks(&text), &[], &Theme::default(), &report::meta()).map_err(io::Error::other)?;
            std::fs::write(file, set.bytes)
        }
        ["inspect", file] => {
            let document = lopdf::Document::load(file).map_err(io::Error::other)?;
            let catalog = document.catalog().map_err(io::Error::other)?;
            let tagged = catalog.has(b"StructTreeRoot");
            writeln!(out, "{} {}", document.get_pages().len(), if tagged { "yes" } else { "no" })
        }
        ["path"] => writeln!(out, "{}", std::env::current_exe()?.display()),
        _ => out.write_all(USAGE.as_bytes()),
    }
}
