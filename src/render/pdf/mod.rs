//! The PDF: Markdown to pages to a tagged file.

use crate::render::theme::Theme;
use crate::report::drawing::Drawing;

/// Meta
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct PdfMeta {
    pub title: String,
    pub author: String,
    pub subject: String,
    pub language: String,
    pub date: jiff::civil::Date,
    pub header_left: String,
    pub header_right: String,
    pub footer_left: String,
    pub page_of: String,
    pub watermark: Option<String>,
    pub contents_title: String,
}
/// Pdf
#[allow(missing_docs)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
    pub missing: Vec<char>,
}
/// E
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct PdfError;
/// S
pub fn pdf(_m: &str, _f: &[Drawing], _t: &Theme, _meta: &PdfMeta) -> Result<Pdf, PdfError> {
    Ok(Pdf { bytes: vec![], pages: 0, missing: vec![] })
}
