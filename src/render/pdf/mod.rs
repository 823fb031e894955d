//! The PDF: Markdown to pages to a tagged file.
