//! Speed of the PDF: a report of 30 pages and one of 300.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used)]

#[path = "common/report.rs"]
mod report;

use divan::Bencher;
use shr::render::blocks::blocks;
use shr::render::pdf::pdf;
use shr::render::theme::Theme;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc; // as in the binary

fn main() {
    divan::main();
}

#[divan::bench(args = [30, 300], sample_count = 10)]
fn tagged(bencher: Bencher<'_, '_>, pages: usize) {
    let (markdown, meta, theme) = (report::markdown(pages), report::meta(), Theme::default());
    bencher.bench(|| pdf(&blocks(&markdown), &[], &theme, &meta).unwrap().pages);
}
