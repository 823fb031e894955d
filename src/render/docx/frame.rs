//! What stands on every page: paper, header and footer.

use super::inline;
use super::styles;
use super::units::{twips, unsigned};
use crate::render::blocks::Span;
use crate::render::meta::Meta;
use crate::render::theme::Theme;
use docx_rs::{Docx, Footer, Header, NumPages, PageMargin, PageNum, Paragraph, Run};

/// Adds paper, header and footer. The cover's header has no title of the report, which stands below it.
pub(super) fn furnish(docx: Docx, theme: &Theme, meta: &Meta) -> Docx {
    let page = &theme.page;
    let (width, height) = page.size.points();
    let margin = PageMargin {
        top: twips(page.margin_top),
        right: twips(page.margin_right),
        bottom: twips(page.margin_bottom),
        left: twips(page.margin_left),
        header: twips(page.margin_top * 0.5),
        footer: twips(page.margin_bottom * 0.5),
        gutter: 0,
    };
    docx.page_size(unsigned(width), unsigned(height))
        .page_margin(margin)
        .header(Header::new().add_paragraph(header(&meta.header_left, meta)))
        .first_header(Header::new().add_paragraph(header("", meta)))
        .footer(Footer::new().add_paragraph(footer(meta)))
        .first_footer(Footer::new().add_paragraph(footer(meta)))
}

/// Client and title, then DRAFT and the classification at the right edge.
fn header(left: &str, meta: &Meta) -> Paragraph {
    let mut paragraph = inline::plain(Paragraph::new().style(styles::HEADER), left).add_run(Run::new().add_tab());
    if let Some(draft) = meta.draft.as_deref().filter(|draft| !draft.trim().is_empty()) {
        let gap = if meta.header_right.is_empty() { "" } else { " · " };
        let span = Span { text: draft.to_owned(), bold: true, ..Span::default() };
        paragraph = inline::plain(inline::spans(paragraph, &[span]), gap);
    }
    inline::plain(paragraph, &meta.header_right)
}

/// Tool and run, then the number of the page at the right edge.
fn footer(meta: &Meta) -> Paragraph {
    let paragraph = inline::plain(Paragraph::new().style(styles::FOOTER), &meta.footer_left);
    let mut paragraph = paragraph.add_run(Run::new().add_tab());
    let mut rest = meta.page_of.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        paragraph = inline::plain(paragraph, before);
        let (slot, after) = after.split_once('}').unwrap_or(("", after));
        paragraph = match slot {
            "page" => paragraph.add_page_num(PageNum::new()),
            "pages" => paragraph.add_num_pages(NumPages::new()),
            _ => paragraph,
        };
        rest = after;
    }
    inline::plain(paragraph, rest)
}
