//! Blocks of the dialect into a tagged, archival PDF (PDF/UA-1 and PDF/A-2a).
//!
//! ```text
//! blocks ─flow, table, figure─▶ slabs ─paginate─▶ pages ─back─▶ bytes
//! ```
//!
//! Layout is free of any PDF crate; only `back` knows one. No clock and no file is read here.

mod back;
mod contents;
mod cover;
mod decorate;
mod figure;
mod flow;
mod fonts;
mod lines;
mod page;
mod paginate;
mod table;
mod words;

use crate::drawing::Drawing;
use crate::render::blocks::Block;
use crate::render::meta::Meta;
use crate::render::theme::Theme;

/// A finished PDF.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Number of pages.
    pub pages: usize,
    /// Characters that no font has a glyph for; the PDF shows them as `[U+XXXX]`.
    pub missing: Vec<char>,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font could not be used.
    #[error("font: {0}")]
    Font(String),
    /// The PDF could not be written.
    #[error("pdf: {0}")]
    Writer(String),
    /// It would have this many pages, which is more than its limit.
    #[error("would have {0} pages")]
    TooLong(u64),
}

/// Sets blocks as PDF. The same input gives the same bytes. Fails for a font of the theme that is no font, a document
/// that cannot be written or has too many pages.
pub fn pdf(blocks: &[Block], figures: &[Drawing], theme: &Theme, meta: &Meta) -> Result<Pdf, PdfError> {
    let mut fonts = fonts::Fonts::new(&theme.fonts)
        .map_err(|n| PdfError::Font(format!("extra font {} is not a font that can be read", n + 1)))?;
    let mut flow = flow::flow(blocks, figures, theme, meta, &mut fonts);
    let mut pages = paginate::paginate(&mut flow, theme);
    let count = pages.pages.len();
    if count as u64 > meta.most_pages {
        return Err(PdfError::TooLong(count as u64));
    }
    paginate::furnish(&mut pages, &flow, theme, meta, &mut fonts);
    let bytes = back::file(&mut pages, &flow, &fonts, theme, meta)?;
    Ok(Pdf { bytes, pages: count, missing: fonts.missing })
}

#[cfg(test)]
mod tests;
