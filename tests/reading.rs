//! What a screen reader gets: the golden PDFs, read along their structure trees, say what the Markdown says, in its order.

use crate::common::root;
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

/// Marked text by page and number of the marked content.
type Marked = BTreeMap<(ObjectId, i64), String>;

/// Text of each two-byte code of a font.
fn codes(document: &Document, font: &Dictionary) -> BTreeMap<u16, String> {
    let stream = font.get_deref(b"ToUnicode", document).unwrap().as_stream().unwrap();
    let text = String::from_utf8(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone())).unwrap();
    let hex = |token: &str| -> Vec<u16> {
        let digits: Vec<u8> = token.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits.chunks(4).map(|c| u16::from_str_radix(std::str::from_utf8(c).unwrap(), 16).unwrap()).collect()
    };
    let mut codes = BTreeMap::new();
    for part in text.split("beginbfchar").skip(1) {
        let inside = part.split("endbfchar").next().unwrap();
        let tokens: Vec<Vec<u16>> = inside.split('<').skip(1).map(|t| hex(t.split('>').next().unwrap())).collect();
        for pair in tokens.chunks(2) {
            codes.insert(pair[0][0], String::from_utf16(&pair[1]).unwrap());
        }
    }
    assert!(!text.contains("beginbfrange"), "a form that this reader does not know");
    codes
}

/// Text of the marked content of every page.
fn marked(document: &Document) -> Marked {
    let mut marked = Marked::new();
    for page in document.get_pages().into_values() {
        let fonts: BTreeMap<Vec<u8>, BTreeMap<u16, String>> = document
            .get_page_fonts(page)
            .unwrap()
            .into_iter()
            .map(|(name, font)| (name, codes(document, font)))
            .collect();
        let content = Content::decode(&document.get_page_content(page)).unwrap();
        let (mut open, mut font) = (None, None);
        for operation in content.operations {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "BDC" => open = operands[1].as_dict().ok().and_then(|d| d.get(b"MCID").ok()?.as_i64().ok()),
                "BMC" | "EMC" => open = None,
                "Tf" => font = fonts.get(operands[0].as_name().unwrap()),
                "Tj" | "TJ" => {
                    let Some(id) = open else { continue };
                    let strings = match &operands[0] {
                        Object::Array(parts) => parts.iter().filter_map(|part| part.as_str().ok()).collect(),
                        one => vec![one.as_str().unwrap()],
                    };
                    let text: &mut String = marked.entry((page, id)).or_default();
                    for code in strings.concat().chunks(2) {
                        text.push_str(&font.unwrap()[&u16::from_be_bytes([code[0], code[1]])]);
                    }
                }
                _ => {}
            }
        }
    }
    marked
}

/// Text below an element; figures say their alternative text, marks of lists and the contents nothing.
fn below(document: &Document, marked: &Marked, id: ObjectId, home: Option<ObjectId>, out: &mut String) {
    let element = document.get_dictionary(id).unwrap();
    let home = element.get(b"Pg").and_then(Object::as_reference).ok().or(home);
    match element.get(b"S").unwrap().as_name().unwrap() {
        b"TOC" | b"Lbl" => return,
        b"Figure" => {
            out.push_str(&lopdf::decode_text_string(element.get(b"Alt").unwrap()).unwrap());
            return;
        }
        _ => {}
    }
    let kids = match element.get(b"K") {
        Ok(Object::Array(kids)) => kids.iter().collect(),
        Ok(kid) => vec![kid],
        Err(_) => Vec::new(),
    };
    let text = |page: Option<ObjectId>, mcid: i64| marked.get(&(page.unwrap(), mcid)).map_or("", String::as_str);
    for kid in kids {
        match kid {
            Object::Integer(mcid) => out.push_str(text(home, *mcid)),
            Object::Dictionary(part) if part.has_type(b"MCR") => {
                let page = part.get(b"Pg").and_then(Object::as_reference).ok();
                out.push_str(text(page, part.get(b"MCID").unwrap().as_i64().unwrap()));
            }
            Object::Reference(kid) => below(document, marked, *kid, home, out),
            _ => {}
        }
        out.push(' ');
    }
}

/// The text of a PDF in the order of its structure tree.
fn read(bytes: &[u8]) -> String {
    let document = Document::load_mem(bytes).unwrap();
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", &document).unwrap().as_dict().unwrap();
    let mut out = String::new();
    let kid = match root.get(b"K").unwrap() {
        Object::Array(kids) => kids[0].as_reference().unwrap(),
        kid => kid.as_reference().unwrap(),
    };
    below(&document, &marked(&document), kid, None, &mut out);
    out
}

/// The text of Markdown, alternative texts included; of the contents the title alone, which the PDF puts there.
fn said(markdown: &str) -> String {
    let contents = markdown.find("<!-- toc").zip(markdown.find("<!-- /toc -->"));
    let (before, after) = contents.map_or((markdown, ""), |(from, to)| (&markdown[..from], &markdown[to..]));
    let title = if contents.is_some() { "Contents\n\n" } else { "" };
    let mut out = String::new();
    for event in [before, title, after].into_iter().flat_map(|part| Parser::new_ext(part, Options::ENABLE_TABLES)) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Paragraph | TagEnd::TableCell | TagEnd::Item) => {
                out.push(' ')
            }
            _ => {}
        }
    }
    out
}

/// Words, however lines break them; a character that is shown by its code counts as itself.
fn squeezed(text: &str) -> Vec<char> {
    let mut parts = text.split("[U+");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let shown = part
            .split_once(']')
            .and_then(|(code, rest)| Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, rest)));
        match shown {
            Some((c, rest)) => text.extend([c.to_string().as_str(), rest]),
            None => text.extend(["[U+", part]),
        }
    }
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{ad}' | '\u{200b}')).collect()
}

#[test]
fn golden_pdfs_read_aloud_are_the_markdown() {
    for name in ["halden-prod", "halden-metadata-only", "lumen-mdapi", "halden-uat", "portfolio"] {
        let folder = root().join("samples/expected").join(name);
        let pdf = squeezed(&read(&std::fs::read(folder.join("report.pdf")).unwrap()));
        let markdown = squeezed(&said(&std::fs::read_to_string(folder.join("report.md")).unwrap()));
        assert!(markdown.len() > 5000, "{name}: {}", markdown.len());
        let differ = pdf.iter().zip(&markdown).position(|(a, b)| a != b).or((pdf.len() != markdown.len()).then_some(0));
        if let Some(at) = differ {
            let around = |text: &[char]| {
                text[at.saturating_sub(60).min(text.len())..(at + 60).min(text.len())].iter().collect::<String>()
            };
            panic!("{name} at {at}:\nPDF      {}\nMarkdown {}", around(&pdf), around(&markdown));
        }
    }
}
