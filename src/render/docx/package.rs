//! From the document to the bytes of its file.
//!
//! The crate writes XML of few spellings, and what it has no word for is added to them here: header rows that repeat, the
//! language of the text, which style is the one of plain paragraphs. Texts are escaped by then, so that no `<` of theirs
//! can be taken for one of these. The properties of the document are a part of their own.

use super::DocxError;
use crate::render::meta::Meta;
use crate::text::escape::xml;
use docx_rs::{Docx, HeightRule, TableRow};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// How the crate writes the height that marks a header row.
const HEADER_MARK: &str = r#"<w:trHeight w:val="1" w:hRule="auto" />"#;
const HEADER_ROW: &str = "<w:tblHeader />";
/// The bare style of plain paragraphs that the crate writes before all others; ours has a look.
const BARE: &str = r#"<w:style w:type="paragraph" w:styleId="Normal"><w:name w:val="Normal" /><w:rPr /><w:pPr><w:rPr /></w:pPr><w:qFormat /></w:style>"#;
const NORMAL: &str = r#"w:styleId="Normal""#;
/// Where the look of all text ends.
const LOOK_END: &str = "</w:rPr></w:rPrDefault>";

/// Makes a row one that repeats on every page. The crate has no word for it, so its row gets a height that no other has.
pub(super) fn repeated(row: TableRow) -> TableRow {
    row.row_height(1.0).height_rule(HeightRule::Auto)
}

/// The file. Entries have no time, so that the same document gives the same bytes.
pub(super) fn file(docx: Docx, meta: &Meta) -> Result<Vec<u8>, DocxError> {
    let mut parts = docx.build();
    parts.doc_props.core = properties(meta).into_bytes();
    parts.document = replaced(parts.document, HEADER_MARK, HEADER_ROW)?;
    let language = xml(locale(&meta.language));
    parts.styles = replaced(parts.styles, BARE, "")?;
    parts.styles = replaced(parts.styles, NORMAL, &format!("w:default=\"1\" {NORMAL}"))?;
    parts.styles = replaced(parts.styles, LOOK_END, &format!("<w:lang w:val=\"{language}\" />{LOOK_END}"))?;
    let mut stored = Cursor::new(Vec::new());
    parts.pack(&mut stored).map_err(DocxError::of)?;
    deflated(stored)
}

fn replaced(part: Vec<u8>, from: &str, to: &str) -> Result<Vec<u8>, DocxError> {
    Ok(String::from_utf8(part).map_err(DocxError::of)?.replace(from, to).into_bytes())
}

/// The crate stores its parts as they are, which is ten times as large.
fn deflated(stored: Cursor<Vec<u8>>) -> Result<Vec<u8>, DocxError> {
    let mut archive = ZipArchive::new(stored).map_err(DocxError::of)?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .unix_permissions(0o600)
        .last_modified_time(DateTime::default());
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(DocxError::of)?;
        if entry.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(DocxError::of)?;
        let name = entry.name().map_err(DocxError::of)?.into_owned();
        out.start_file(name, options).map_err(DocxError::of)?;
        out.write_all(&bytes).map_err(DocxError::of)?;
    }
    Ok(out.finish().map_err(DocxError::of)?.into_inner())
}

/// Word checks spelling by region; a language without one gets its first.
fn locale(language: &str) -> &str {
    match language {
        "en" => "en-GB",
        "de" => "de-DE",
        other => other,
    }
}

/// Title, author, subject and language: the crate keeps the fields of this part to itself.
fn properties(meta: &Meta) -> String {
    let [title, subject, author, language] =
        [&meta.title, &meta.subject, &meta.author, &meta.language].map(|text| xml(text));
    let date = meta.date;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{title}</dc:title><dc:subject>{subject}</dc:subject><dc:creator>{author}</dc:creator>\
         <cp:lastModifiedBy>{author}</cp:lastModifiedBy>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{date}T00:00:00Z</dcterms:created>\
         <dcterms:modified xsi:type=\"dcterms:W3CDTF\">{date}T00:00:00Z</dcterms:modified>\
         <dc:language>{language}</dc:language></cp:coreProperties>"
    )
}
