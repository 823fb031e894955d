//! `report.docx`: well-formed parts that say what the Markdown says, with what Word needs to edit them.

use crate::common::{Scratch, root, shr};
use crate::samples::MARKERS;
use proptest::prelude::*;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use shr::render::blocks::{Block, TableKind, blocks, plain};
use shr::render::docx::docx;
use shr::render::logo::Pixels;
use shr::render::meta::Meta;
use shr::render::theme::Theme;
use shr::text::escape;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;

const SAMPLES: &[&str] =
    &["halden-prod", "halden-metadata-only", "halden-uat", "lumen-mdapi.zip", "ostra-prod", "tarn-no-apps"];

fn meta() -> Meta {
    Meta {
        title: "Title & <more>".into(),
        author: "Example Assurance Ltd".into(),
        subject: "Client credentials flow".into(),
        language: "en".into(),
        date: jiff::civil::date(2026, 5, 14),
        header_left: "Client <a> · report".into(),
        header_right: "CONFIDENTIAL".into(),
        footer_left: "shr run".into(),
        page_of: "Page {page} of {pages}".into(),
        draft: Some("DRAFT".into()),
        contents_title: "Contents".into(),
        most_pages: u64::MAX,
    }
}

fn set(markdown: &str) -> Vec<u8> {
    docx(&blocks(markdown), &[], &Theme::default(), &meta()).unwrap()
}

/// An element with its attributes, in the order of the file.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
}

impl Element {
    fn value(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }
}

/// A part: its elements, and the text of each paragraph with its style.
#[derive(Default)]
struct Part {
    elements: Vec<Element>,
    paragraphs: Vec<(String, String)>,
    /// Texts of cells in order; whether the row of each repeats.
    cells: Vec<(String, bool)>,
    tables: usize,
    in_cell: bool,
}

impl Part {
    /// Reads strictly: names match, attributes are given once, every character is one of XML's.
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
        if let Some(c) =
            text.chars().find(|c| c.is_control() && !"\t\n\r".contains(*c) || "\u{fffe}\u{ffff}".contains(*c))
        {
            return Err(format!("{c:?} is no character of XML"));
        }
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let (mut part, mut open, mut header) = (Self::default(), 0, false);
        loop {
            match reader.read_event().map_err(|e| e.to_string())? {
                Event::Start(start) => {
                    open += 1;
                    match start.name().as_ref() {
                        "w:p" => part.paragraphs.push(Default::default()),
                        "w:tbl" => part.tables += 1,
                        "w:tr" => header = false,
                        "w:tc" => {
                            part.cells.push((String::new(), header));
                            part.in_cell = true;
                        }
                        _ => {}
                    }
                    part.element(&start)?;
                }
                Event::Empty(start) => {
                    header |= start.name().as_ref() == "w:tblHeader";
                    part.element(&start)?;
                    let gap = match start.name().as_ref() {
                        "w:br" => "\n",
                        "w:tab" if part.paragraphs.last().is_some_and(|p| !p.1.is_empty()) => "\t",
                        _ => "",
                    };
                    part.text(gap);
                }
                Event::End(end) => {
                    open -= 1;
                    part.in_cell &= end.name().as_ref() != "w:tc";
                }
                Event::Text(text) => part.text(&text.xml_content(XmlVersion::Implicit1_0)),
                Event::GeneralRef(name) => {
                    let known = quick_xml::escape::resolve_predefined_entity(&name);
                    part.text(known.ok_or(format!("&{}; is unknown", &*name))?);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if open == 0 { Ok(part) } else { Err("elements are open at the end".to_owned()) }
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<(), String> {
        let mut attributes = BTreeMap::new();
        for attribute in start.attributes().with_checks(true) {
            let attribute = attribute.map_err(|e| e.to_string())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
            attributes.insert(attribute.key.as_ref().to_owned(), value.into_owned());
        }
        let name = start.name().as_ref().to_owned();
        if name == "w:pStyle"
            && let Some((style, _)) = self.paragraphs.last_mut()
        {
            style.clone_from(&attributes["w:val"]);
        }
        self.elements.push(Element { name, attributes });
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let field = self.elements.last().is_some_and(|last| last.name == "w:instrText");
        if field {
            return;
        }
        if let Some((_, all)) = self.paragraphs.last_mut() {
            all.push_str(text);
        }
        if let Some((all, _)) = self.cells.last_mut().filter(|_| self.in_cell) {
            all.push_str(text);
        }
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    fn styled(&self, style: &str) -> Vec<&str> {
        self.paragraphs.iter().filter(|(own, _)| own == style).map(|(_, text)| text.as_str()).collect()
    }

    fn says(&self) -> String {
        self.paragraphs.iter().map(|(_, text)| format!("{text}\n")).collect()
    }
}

/// Every part of a file, read strictly.
fn parts(file: &[u8]) -> Result<BTreeMap<String, Part>, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).map_err(|e| e.to_string())?;
    let mut parts = BTreeMap::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(|e| e.to_string())?;
        let name = entry.name().map_err(|e| e.to_string())?.into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|e| e.to_string())?;
        if !name.ends_with(".png") {
            parts.insert(name.clone(), Part::read(&bytes).map_err(|e| format!("{name}: {e}"))?);
        }
    }
    Ok(parts)
}

fn document(markdown: &str) -> Part {
    parts(&set(markdown)).unwrap().remove("word/document.xml").unwrap()
}

/// White space does not count: a symbol is glued to its word.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn review(sample: &str, language: &str, out: &Path) {
    let samples = root().join("samples");
    let ran = shr([
        "review".into(),
        samples.join(sample),
        "--engagement".into(),
        samples.join("engagement.toml"),
        "-o".into(),
        out.to_owned(),
        "--format=md,docx".into(),
        "--workpapers".into(),
        format!("--lang={language}").into(),
    ]);
    assert!(matches!(ran.code, 0 | 1 | 3), "{sample}: {}", ran.err);
}

/// Holds a document against the Markdown that it was set from.
fn agrees(name: &str, markdown: &str, part: &Part) {
    let source = blocks(markdown);
    let wanted: Vec<String> = source
        .iter()
        .filter_map(|block| match block {
            Block::Heading(_, spans) => Some(squeezed(&plain(spans))),
            _ => None,
        })
        .collect();
    let heading = |style: &str| style == "Title" || style.starts_with("Heading");
    let found: Vec<String> =
        part.paragraphs.iter().filter(|(style, _)| heading(style)).map(|(_, text)| squeezed(text)).collect();
    assert_eq!(found, wanted, "{name}: headings");
    let tables: Vec<_> = source
        .iter()
        .filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
        .collect();
    let (mut cells, mut heads) = (part.cells.iter(), 0);
    for table in &tables {
        let headed = !table.head.iter().all(|cell| plain(cell).trim().is_empty());
        let tiles = table.kind == TableKind::Tiles;
        let mut rows: Vec<_> = table.rows.iter().map(|row| (row, false)).collect();
        if tiles {
            rows.push((&table.head, false));
        } else if headed {
            rows.insert(0, (&table.head, true));
            heads += 1;
        }
        for (cell, header) in rows.iter().flat_map(|(row, header)| row.iter().map(move |cell| (cell, header))) {
            let (text, repeats) = cells.next().unwrap_or_else(|| panic!("{name}: no cell for {}", plain(cell)));
            assert_eq!(squeezed(text), squeezed(&plain(cell)), "{name}");
            assert_eq!(repeats, header, "{name}: {text}");
        }
    }
    assert_eq!(cells.next(), None, "{name}: a cell too many");
    assert_eq!(part.all("w:tblHeader").count(), heads, "{name}");
    assert_eq!(part.tables, tables.len(), "{name}");
    assert_eq!(part.all("w:cantSplit").count(), part.all("w:trPr").count(), "{name}: rows are not divided");
    let says = squeezed(&part.says());
    for block in &source {
        if let Block::Paragraph(spans, _) | Block::Line(spans) = block {
            assert!(says.contains(&squeezed(&plain(spans))), "{name}: {}", plain(spans));
        }
    }
}

/// Links lead to bookmarks, bookmarks have names and numbers of their own, styles exist.
fn joined(name: &str, parts: &BTreeMap<String, Part>) {
    let part = &parts["word/document.xml"];
    let marks: Vec<&str> = part.all("w:bookmarkStart").map(|mark| mark.value("w:name")).collect();
    let unique: BTreeSet<&str> = marks.iter().copied().collect();
    assert_eq!(marks.len(), unique.len(), "{name}: a bookmark twice");
    assert_eq!(
        part.all("w:bookmarkStart").map(|m| m.value("w:id")).collect::<BTreeSet<_>>().len(),
        marks.len(),
        "{name}"
    );
    for mark in &marks {
        assert!(mark.len() <= 40 && mark.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}: {mark}");
    }
    for anchor in part.all("w:hyperlink").map(|link| link.value("w:anchor")).filter(|anchor| !anchor.is_empty()) {
        assert!(unique.contains(anchor), "{name}: {anchor} leads nowhere");
    }
    let outside =
        parts["word/_rels/document.xml.rels"].all("Relationship").filter(|r| r.value("TargetMode") == "External");
    for target in outside.map(|relation| relation.value("Target")) {
        let known = ["https://", "mailto:", "orgs/"].iter().any(|start| target.starts_with(start));
        assert!(known, "{name}: {target}");
    }
    let known: BTreeSet<&str> = parts["word/styles.xml"].all("w:style").map(|style| style.value("w:styleId")).collect();
    assert_eq!(known.len(), parts["word/styles.xml"].all("w:style").count(), "{name}: a style twice");
    for part in parts.values() {
        let used = ["w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn"].into_iter().flat_map(|kind| part.all(kind));
        for style in used.map(|style| style.value("w:val")) {
            assert!(known.contains(style), "{name}: style {style}");
        }
    }
}

#[test]
fn every_sample_says_in_word_what_its_markdown_says() {
    for sample in SAMPLES {
        let scratch = Scratch::new(&format!("docx-{sample}"));
        for language in ["en", "de"] {
            let out = scratch.join(language);
            review(sample, language, &out);
            for volume in ["report", "workpapers"] {
                let name = format!("{sample} {language} {volume}");
                let markdown = std::fs::read_to_string(out.join(format!("{volume}.md"))).unwrap();
                let file = std::fs::read(out.join(format!("{volume}.docx"))).unwrap();
                let parts = parts(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
                agrees(&name, &markdown, &parts["word/document.xml"]);
                joined(&name, &parts);
                let all: String = parts.values().map(Part::says).collect();
                assert!(!all.contains('⟨'), "{name} lacks a sentence");
                assert_eq!(MARKERS.iter().find(|marker| all.contains(**marker)), None, "{name} shows a secret");
                let footer = &parts["word/footer1.xml"].says();
                assert!(
                    footer.contains(if language == "de" { "Seite 1 von" } else { "Page 1 of" }),
                    "{name}: {footer}"
                );
                let styles = &parts["word/styles.xml"];
                let proof = styles.all("w:lang").next().unwrap().value("w:val");
                assert_eq!(proof, if language == "de" { "de-DE" } else { "en-GB" }, "{name}");
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_was_set_before() {
    let markdown = "# T\n\nSub [x](https://example.com)\n\n## A\n\n1. a\n2. b\n\n| a |\n|---|\n| b |\n";
    let first = set(markdown);
    let _ = set("# Other\n\n[y](https://example.org)\n\n## B\n");
    assert!(first == set(markdown), "after another document");
    assert!(first == std::thread::spawn(move || set(markdown)).join().unwrap(), "in another thread");
    let mut archive = zip::ZipArchive::new(Cursor::new(&first)).unwrap();
    for at in 0..archive.len() {
        let entry = archive.by_index(at).unwrap();
        assert_eq!(entry.last_modified().map(|time| time.year()), Some(1980));
    }
}

#[test]
fn what_the_crate_has_no_word_for_is_there() {
    let parts = parts(&set("# T\n\n| a |\n|---|\n| b |\n\n<!-- signoff -->\n\n| c |\n|---|\n| d |\n")).unwrap();
    let text = &parts["word/document.xml"];
    assert_eq!(text.all("w:tblHeader").count(), 2);
    assert_eq!(text.all("w:trHeight").map(|height| height.value("w:val")).collect::<Vec<_>>(), ["720"]);
    let styles = &parts["word/styles.xml"];
    let normal: Vec<_> = styles.all("w:style").filter(|style| style.value("w:styleId") == "Normal").collect();
    assert_eq!(normal.len(), 1);
    assert_eq!(normal[0].value("w:default"), "1");
    let mut core = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(set("# T\n"))).unwrap();
    archive.by_name("docProps/core.xml").unwrap().read_to_string(&mut core).unwrap();
    for piece in [
        "<dc:title>Title &amp; &lt;more&gt;</dc:title>",
        "<dc:creator>Example Assurance Ltd</dc:creator>",
        "<dc:subject>Client credentials flow</dc:subject>",
        "<dc:language>en</dc:language>",
        ">2026-05-14T00:00:00Z</dcterms:created>",
    ] {
        assert!(core.contains(piece), "{piece}: {core}");
    }
}

#[test]
fn pages_have_a_header_a_footer_and_the_paper_of_the_theme() {
    for (size, width) in [("A4", "11906"), ("Letter", "12240")] {
        let theme = Theme::parse(&format!("[page]\nsize = \"{size}\"\n"), |_| Err(String::new())).unwrap();
        let file = docx(&blocks("# T\n\n## A\n"), &[], &theme, &meta()).unwrap();
        let parts = parts(&file).unwrap();
        assert_eq!(parts["word/document.xml"].all("w:pgSz").next().unwrap().value("w:w"), width);
        let headers = ["word/header1.xml", "word/header2.xml"].map(|name| parts[name].says());
        assert!(headers.iter().all(|header| header.contains("DRAFT · CONFIDENTIAL")), "{headers:?}");
        assert!(headers.iter().any(|header| header.contains("Client <a> · report")), "{headers:?}");
        assert!(parts["word/footer1.xml"].says().contains("shr run\tPage 1 of "));
    }
    let without = Meta { draft: None, ..meta() };
    let file = docx(&blocks("# T\n"), &[], &Theme::default(), &without).unwrap();
    assert!(!parts(&file).unwrap()["word/header1.xml"].says().contains("DRAFT"));
}

#[test]
fn blocks_have_the_styles_of_word() {
    let part = document(
        "# T\n\nSub\n\n<!-- toc:sections -->\n\n- [A](#a)\n\n<!-- /toc -->\n\n## <a id=\"a-b\"></a>A\n\n### B\n\n#### C\n\n##### D\n\n\
         P [l](#a-b) [m](#gone) `code`\n\n> q\n\n<!-- callout:warn -->\n\n> w\n\n3. n\n   - b\n   - c\n\n   more\n\n\
         ```sh\n  one\n\ttwo\n```\n\n<!-- page -->\n\n| a | b |\n|--:|---|\n| **✗ fail** | ✓ pass |\n",
    );
    for (style, text) in [
        ("Title", "T"),
        ("Subtitle", "Sub"),
        ("TOC1", "A"),
        ("Heading1", "A"),
        ("Heading2", "B"),
        ("Heading3", "C"),
        ("Heading4", "D"),
        ("Quote", "q"),
        ("Warning", "w"),
        ("ListNumber", "n"),
        ("ListContinue", "more"),
        ("CodeBlock", "  one\n\ttwo"),
    ] {
        assert_eq!(part.styled(style), [text], "{style}");
    }
    assert_eq!(part.styled("ListBullet"), ["b", "c"]);
    let runs: Vec<&str> = part.all("w:rStyle").map(|style| style.value("w:val")).collect();
    assert_eq!(runs, ["Hyperlink", "Code", "ResultFail", "ResultPass"]);
    let anchors: Vec<&str> = part.all("w:hyperlink").map(|link| link.value("w:anchor")).collect();
    assert_eq!(anchors, ["_Toc00000002", "a_a_b"]);
    assert_eq!(part.all("w:pageBreakBefore").count(), 2, "behind the cover, and where the directive says");
}

#[test]
fn lists_begin_where_the_markdown_says_and_each_anew() {
    let parts = parts(&set("# T\n\n3. a\n4. b\n\nx\n\n1. c\n   1. d\n")).unwrap();
    let starts: Vec<_> =
        parts["word/numbering.xml"].all("w:startOverride").map(|start| start.value("w:val").to_owned()).collect();
    assert_eq!(starts, ["3", "1", "1"]);
    let items: Vec<_> = parts["word/document.xml"].all("w:numId").map(|id| id.value("w:val").to_owned()).collect();
    assert_eq!(items, ["3", "3", "4", "5"]);
    let levels: Vec<_> =
        parts["word/document.xml"].all("w:ilvl").map(|level| level.value("w:val").to_owned()).collect();
    assert_eq!(levels, ["0", "0", "0", "1"]);
}

#[test]
fn widths_are_those_of_the_directive_and_wide_tables_are_set_in_parts() {
    let part = document("# T\n\n<!-- widths: 1 3 -->\n\n| a | b |\n|---|---|\n| c | d |\n");
    let widths: Vec<u32> = part.all("w:gridCol").map(|column| column.value("w:w").parse().unwrap()).collect();
    assert!(widths[0] * 3 - 2 <= widths[1] && widths[1] <= widths[0] * 3 + 2, "{widths:?}");
    let row = |cell: &str| format!("|{}\n", format!("{cell}|").repeat(70));
    let part = document(&format!("# T\n\n{}{}{}", row("h"), row("-"), row("c")));
    assert_eq!((part.tables, part.all("w:tblHeader").count()), (3, 3), "Word has 63 columns at most");
}

#[test]
fn logos_of_pixels_stand_on_the_cover_and_figures_are_told() {
    let pixels = Pixels { rgb: vec![120; 12], width: 2, height: 2 };
    let read = |_: &str| Ok(pixels.png());
    let theme = Theme::parse("[brand]\nlogo = \"a.png\"\nclient_logo = \"b.png\"\n", read).unwrap();
    let file = docx(&blocks("# T\n"), &[], &theme, &meta()).unwrap();
    let parts = parts(&file).unwrap();
    assert_eq!(parts["word/document.xml"].all("pic:pic").count(), 2);
    let part = document("# T\n\n![Bars: 3 fail.](figures/gone.svg)\n\n*What it shows.*\n");
    assert!(part.says().contains("Bars: 3 fail."));
    assert_eq!(part.styled("Caption"), ["What it shows."]);
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("# T".to_owned()),
        Just("## <a id=\"a\"></a>A".to_owned()),
        Just("<!-- page -->".to_owned()),
        Just("<!-- toc -->".to_owned()),
        Just("<!-- tiles -->".to_owned()),
        Just("<!-- facts -->".to_owned()),
        Just("<!-- matrix -->".to_owned()),
        Just("<!-- card -->".to_owned()),
        Just("<!-- /card -->".to_owned()),
        Just("<!-- widths: 0.01 1000 -->".to_owned()),
        Just("| a | b |\n|---|--:|\n| ✗ fail | <a id=\"b\"></a>c |".to_owned()),
        Just("|\n|-|\n".to_owned()),
        Just("> q\n> - a\n>   1. b".to_owned()),
        Just("999999999. x\n   - \n     - y".to_owned()),
        Just("[l](#a) [m](https://example.com/?a=1&b=\"2\") [n](orgs/x/report.md)".to_owned()),
        "\\PC{0,40}",
        "[\u{0}-\u{1f}<>&\"'\u{fffe}]{0,12}",
    ]
}

/// Labels as exports are read: without white space around them, and never empty.
fn label() -> impl Strategy<Value = String> {
    let any = "[\\PC<>&\"'`*_\\[\\]()#|!\\\\~:/-]{1,40}".prop_map(|label| label.trim().to_owned());
    any.prop_filter("a label is not empty", |label| !label.is_empty())
}

proptest! {
    #[test]
    fn any_markdown_gives_well_formed_parts(pieces in prop::collection::vec((piece(), prop::bool::ANY), 0..24)) {
        let markdown: String = pieces.iter().map(|(text, gap)| format!("{text}\n{}", if *gap { "\n" } else { "" })).collect();
        let parts = parts(&set(&markdown)).map_err(|e| TestCaseError::fail(format!("{e}: {markdown}")))?;
        joined("any", &parts);
    }

    #[test]
    fn a_label_is_text_wherever_it_stands(label in label()) {
        let around = |label: &str| format!(
            "# T\n\n## <a id=\"a\"></a>{label} end\n\nA {label} b **c {label}**\n\n- {label} [{label}](#a)\n\n| a | b |\n|---|---|\n| x {label} | {label} |\n");
        let names = |part: &Part| part.elements.iter().map(|element| element.name.clone()).collect::<Vec<_>>();
        let part = document(&around(&escape::markdown(&label)));
        prop_assert_eq!(names(&part), names(&document(&around("plain"))));
        prop_assert!(squeezed(&part.says()).contains(&squeezed(&shr::text::visible::visible(&label))), "{:?}", label);
    }
}
