//! The PDF crates behind one function: laid-out pages, structure, fonts and metadata in, the bytes of the file out.
//!
//! ```text
//! pages ─write─▶ operators ─tag─▶ objects ─file─▶ bytes
//! ```
//!
//! Nothing outside this folder names printpdf or lopdf, so that a change of either, or another crate, stays in here.
//!
//! * printpdf writes operators, fonts and pictures. It has no structure tree, links without the text that PDF/UA asks
//!   for, a flat outline whose `/PageMode` is invalid, and no XMP that PDF/A accepts; its own subsetting needs a layout
//!   engine that doubles the build. So faces are subset before they reach it (`write`), and one pass over the lopdf
//!   document that it gives adds what is missing (`tag`, `xmp`).
//! * lopdf saves documents too, but copies every object and writes each three times, on one core. A tagged report of
//!   30 pages has some 3,700 objects: packed into object streams they take less than half the space (`file`).

mod file;
mod logo;
mod tag;
mod write;
mod xmp;

use super::PdfError;
use super::fonts::Fonts;
use super::page::Flow;
use super::paginate::Pages;
use crate::render::meta::Meta;
use crate::render::theme::Theme;

fn failed(error: lopdf::Error) -> PdfError {
    PdfError::Writer(error.to_string())
}

/// The file of the pages, whose items it takes away. The same input gives the same bytes on any number of threads.
pub(super) fn file(
    pages: &mut Pages,
    flow: &Flow,
    fonts: &Fonts<'_>,
    theme: &Theme,
    meta: &Meta,
) -> Result<Vec<u8>, PdfError> {
    let written = write::write(pages, &flow.tree, fonts, theme, &meta.title)?;
    tag::tag(written, pages, flow, theme, meta)
}
