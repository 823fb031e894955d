//! What PDF and documents for Word say about themselves.

/// What the document says about itself and what every page carries.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Document title.
    pub title: String,
    /// Author.
    pub author: String,
    /// Subject.
    pub subject: String,
    /// Language tag like `en`.
    pub language: String,
    /// Creation date; there is no clock here.
    pub date: jiff::civil::Date,
    /// Running header, left: client and title.
    pub header_left: String,
    /// Running header, right: classification; also the label on the cover.
    pub header_right: String,
    /// Running footer, left: run id.
    pub footer_left: String,
    /// Running footer, right, with `{page}` and `{pages}`.
    pub page_of: String,
    /// Word that marks every page of a draft.
    pub draft: Option<String>,
    /// Title of the table of contents.
    pub contents_title: String,
    /// Pages beyond which no PDF is written; a document for Word has none before it is opened.
    pub most_pages: u64,
}
