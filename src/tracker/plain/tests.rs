//! What is read in two steps is what the workbook reader reads alone.

use super::texts;
use calamine::{Data, DataRef, Reader, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

type Cells = BTreeMap<(usize, usize), String>;

/// A workbook whose only sheet has these rows.
fn book(rows: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "shared").unwrap();
    let frame = book.save_to_buffer().unwrap();
    let mut archive = ZipArchive::new(Cursor::new(frame)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if name.ends_with("sheet1.xml") {
            let (head, rest) = text.split_once("<sheetData>").unwrap();
            let (_, tail) = rest.split_once("</sheetData>").unwrap();
            text = format!("{head}<sheetData>{rows}</sheetData>{tail}");
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn by_reader(book: &[u8], cells: &mut Cells) -> Result<(), String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).map_err(|error| error.to_string())?;
    let mut reader = book.worksheet_cells_reader("Sheet1").map_err(|error| error.to_string())?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|error| error.to_string())? {
        let text = match cell.value {
            DataRef::Empty => continue,
            DataRef::String(text) => text,
            other => Data::from(other).to_string(),
        };
        if !text.is_empty() {
            cells.insert((cell.pos.0 as usize + 1, cell.pos.1 as usize), text);
        }
    }
    Ok(())
}

/// Cells by the workbook reader alone and in two steps, and how many of the latter were plain.
fn both(rows: &str) -> (Result<Cells, String>, Result<Cells, String>, usize) {
    let book = book(rows);
    let mut alone = Cells::new();
    let expected = by_reader(&book, &mut alone).map(|()| alone);
    let mut cells = Cells::new();
    let Ok(rest) = texts::<Infallible>(
        &book,
        "Sheet1",
        |_| true,
        |row, column, text| {
            if !text.is_empty() {
                cells.insert((row, column), text.to_owned());
            }
            Ok(())
        },
    );
    let plain = cells.len();
    let found = match rest {
        Some(rest) => by_reader(&rest, &mut cells).map(|()| cells),
        None => expected.clone(),
    };
    (expected, found, plain)
}

/// Cells of a kind, some of them as no program writes them.
fn cell() -> impl Strategy<Value = String> {
    let text = proptest::string::string_regex("( |\n|\t|a|é|&amp;|&lt;|&#65;|_x0041_|\r|😀|_|>|\"|'){0,6}").unwrap();
    (0usize..12, text, 0..3u8).prop_map(|(kind, text, style)| {
        let inline = format!("t=\"inlineStr\"><is><t>{text}</t></is></c>");
        match kind {
            0..=3 => format!("s=\"{style}\" {inline}"),
            4 => format!("t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"),
            5 => "t=\"s\"><v>0</v></c>".to_owned(),
            6 => format!("s=\"{style}\"><v>46200.5</v></c>"),
            7 => "t=\"str\"><f>A1&amp;\"x\"</f><v>y</v></c>".to_owned(),
            8 => "t=\"b\"><v>1</v></c>".to_owned(),
            9 => format!("t=\"inlineStr\"><is><r><t>{text}</t></r><r><t>b</t></r></is></c>"),
            10 => "t=\"inlineStr\"><is><t><![CDATA[<c r=\"A1\">]]></t></is></c>".to_owned(),
            _ => "s=\"1\"/>".to_owned(),
        }
    })
}

prop_compose! {
    fn rows()(cells in prop::collection::vec((prop::collection::vec(cell(), 0..6), 0..20u8), 0..8)) -> String {
        let mut out = String::new();
        for ((row, odd), number) in cells.iter().zip(1..) {
            match odd {
                0 => out.push_str("<!-- <row r=\"9\"></row> --><row>"),
                1 => out.push_str("<row>"),
                _ => out.push_str(&format!("<row r=\"{number}\" spans=\"1:6\">")),
            }
            for (cell, letter) in row.iter().zip('A'..) {
                let place = if *odd == 1 { String::new() } else { format!("r=\"{letter}{number}\" ") };
                out.push_str(&format!("<c {place}{cell}"));
            }
            out.push_str("</row>");
        }
        out
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn two_steps_read_what_one_reads(rows in rows()) {
        let (expected, found, _) = both(&rows);
        prop_assert_eq!(found, expected, "{}", rows);
    }
}

#[test]
fn plain_texts_are_taken_without_the_reader() {
    let (expected, found, plain) = both(
        "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t> a &amp; b </t></is></c><c r=\"B1\"><v>5</v></c></row>\n\
         <row r=\"3\"><c r=\"C3\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> c</t></is></c></row>",
    );
    assert_eq!(plain, 2);
    assert_eq!(expected, found);
    let expected = expected.unwrap();
    assert_eq!(expected.into_values().collect::<Vec<_>>(), ["a & b", "5", " c"]);
}
