//! Rows that are taken as they stand become the same bytes as those that go through a parser.

use super::sheet::{alone, rewrite};
use super::{Edits, Value};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn cell() -> impl Strategy<Value = String> {
    let kinds = prop::sample::select(vec![
        " s=\"2\" t=\"inlineStr\"><is><t>a &amp; b</t></is></c>",
        " s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> &#10; é</t></is></c>",
        " t=\"s\" s=\"3\"><v>17</v></c>",
        "><v>5.4</v></c>",
        " s=\"1\"><f>A1+1</f><v>2</v></c>",
        "><f t=\"shared\" ref=\"A1:A9\" si=\"0\">B1</f><v>1</v></c>",
        " s=\"4\"/>",
        " s=\"4\" />",
        " t=\"inlineStr\"><is><r><rPr><b/></rPr><t>bold</t></r></is></c>",
        " t=\"inlineStr\"><is><t><![CDATA[<c r=\"A1\"/></row>]]></t></is></c>",
        " s='5'><v>1</v></c>",
    ]);
    // What programs write comes up most.
    prop_oneof![6 => kinds.clone().prop_filter("", |kind| !kind.contains("<r>") && !kind.contains("CDATA")), 1 => kinds]
        .prop_map(str::to_owned)
}

prop_compose! {
    fn sheet()(
        rows in prop::collection::vec((prop::collection::vec((cell(), 0..3u32), 0..5), 0..16u8), 0..7),
        prefix in prop::sample::select(vec!["", "", "", "x:"]),
    ) -> String {
        let mut out = "<?xml version=\"1.0\"?>\n<worksheet><dimension ref=\"A1:C5\"/><cols><col min=\"1\" max=\"9\" \
            style=\"7\"/></cols><sheetData>".to_owned();
        for ((cells, odd), number) in rows.iter().zip(1u32..) {
            let number = number * 2;
            match odd {
                0 => out.push_str("<!-- <row r=\"9\"></row> -->"),
                1 => out.push_str(" \n "),
                2 => out.push_str(&format!("<row r=\"{}\"/>", number - 1)),
                _ => {}
            }
            out.push_str(&format!("<row r=\"{number}\"  spans=\"1:9\" ht=\"15\">"));
            let mut column = 0u8;
            for (cell, gap) in cells {
                let letter = char::from(b'A' + column + u8::try_from(*gap).unwrap());
                column += u8::try_from(*gap).unwrap() + 1;
                out.push_str(&format!("<c r=\"{letter}{number}\"{cell}"));
            }
            out.push_str(if *odd == 3 { "\n</row>" } else { "</row>" });
        }
        out.push_str("</sheetData><autoFilter ref=\"A1:C5\"/></worksheet>");
        if prefix.is_empty() { out } else { out.replace("</", "<//").replace('<', "<x:").replace("<x://", "</x:") }
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Empty),
        Just(Value::Number("5.4".to_owned())),
        Just(Value::Day(46_200, "2026-06-27".to_owned())),
        Just(Value::Formula("A1<B1".to_owned())),
        "[ a<&_x0-9]{0,8}".prop_map(Value::Text),
    ]
}

fn edits() -> impl Strategy<Value = Edits> {
    prop::collection::btree_map((1..18u32, 0..16u32), value(), 0..20).prop_map(|cells| Edits {
        cells: cells.into_iter().map(|((row, column), value)| (row, column, value)).collect(),
        head: 1,
        old_last: 5,
        new_last: 9,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn rows_as_they_stand_and_events_give_the_same_bytes(sheet in sheet(), edits in edits()) {
        let days = BTreeSet::from(["2".to_owned()]);
        let (mut one, mut other) = (Vec::new(), Vec::new());
        let first = rewrite(sheet.as_bytes(), &mut one, &edits, &days).map_err(|error| error.to_string());
        let second = alone(sheet.as_bytes(), &mut other, &edits, &days).map_err(|error| error.to_string());
        prop_assert_eq!(&first, &second, "{}", sheet);
        if first.is_ok() {
            prop_assert_eq!(String::from_utf8_lossy(&one), String::from_utf8_lossy(&other), "{}", sheet);
        }
    }
}
