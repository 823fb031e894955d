//! The PDF: conformance, determinism, nothing lost, nothing outside the page, any Markdown.
#![allow(clippy::unwrap_used)]

use crate::common::assert_conforms;
use proptest::prelude::*;
use shr::drawing::{Anchor, Drawing, Fill, Ink, Pattern, Shape};
use shr::render::blocks::blocks;
use shr::render::meta::Meta;
use shr::render::pdf::{Pdf, pdf};
use shr::render::theme::{Theme, ThemeError};

const REPORT: &str = include_str!("data/pdf/report.md");
const HOSTILE: &str = include_str!("data/pdf/hostile.md");

fn meta() -> Meta {
    Meta {
        title: "External Client Apps – Northwind Harbour".into(),
        author: "Example Assurance Ltd".into(),
        subject: "Client credentials flow".into(),
        language: "en".into(),
        date: jiff::civil::date(2026, 5, 14),
        header_left: "Northwind Harbour GmbH · External Client Apps".into(),
        header_right: "CONFIDENTIAL".into(),
        footer_left: "run 3f9a-11c2".into(),
        page_of: "Page {page} of {pages}".into(),
        draft: Some("DRAFT".into()),
        contents_title: "Contents".into(),
        most_pages: u64::MAX,
    }
}

fn results() -> Drawing {
    let inks = [Ink::Fail, Ink::NotEvaluable, Ink::Review, Ink::Pass, Ink::NotApplicable, Ink::NotTested];
    let patterns = [Pattern::Solid, Pattern::Hatch, Pattern::Cross, Pattern::Dots, Pattern::Hatch, Pattern::Solid];
    let counts: [u8; 6] = [4, 1, 2, 3, 1, 1];
    let mut shapes = Vec::new();
    let mut x = 0.0;
    for ((ink, pattern), count) in inks.into_iter().zip(patterns).zip(counts) {
        let w = f32::from(count) / 12.0 * 470.0;
        let tint = if pattern == Pattern::Solid { 1.0 } else { 0.35 };
        let fill = Some(Fill { ink, tint, pattern });
        shapes.push(Shape::Rect { x, y: 6.0, w: w - 2.0, h: 26.0, radius: 2.0, fill, stroke: Some((ink, 0.8)) });
        shapes.push(Shape::Text {
            x: x + w / 2.0,
            y: 46.0,
            size: 8.0,
            bold: true,
            anchor: Anchor::Middle,
            ink: Ink::Text,
            text: format!("{count} of twelve apps"),
            max_width: w - 4.0,
        });
        x += w;
    }
    shapes.push(Shape::Circle {
        centre: (460.0, 46.0),
        radius: 3.0,
        fill: Some(Fill::solid(Ink::Accent)),
        stroke: None,
    });
    let (from, to) = ((0.0, 54.0), (470.0, 54.0));
    shapes.push(Shape::Line { from, to, ink: Ink::Rule, width: 0.6, dashed: true });
    Drawing { name: "results".into(), width: 475.0, height: 60.0, alt: "Six results of twelve apps".into(), shapes }
}

fn set(markdown: &str) -> Pdf {
    pdf(&blocks(markdown), &[results()], &Theme::default(), &meta()).unwrap()
}

/// Set SHR_PDF_OUT to a folder to look at the results.
fn keep(name: &str, pdf: &Pdf) {
    if let Ok(folder) = std::env::var("SHR_PDF_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), &pdf.bytes).unwrap();
    }
}

#[test]
fn the_report_conforms_to_ua1_and_2a() {
    let pdf = set(REPORT);
    keep("report.pdf", &pdf);
    assert!(pdf.pages > 8, "{} pages", pdf.pages);
    assert_eq!(pdf.missing, Vec::<char>::new());
    assert_conforms("pdf", &pdf.bytes);
}

#[test]
fn hostile_labels_conform_and_missing_characters_are_said() {
    let pdf = set(HOSTILE);
    keep("hostile.pdf", &pdf);
    assert!(pdf.missing.contains(&'日') && pdf.missing.contains(&'\u{1f6a8}'), "{:?}", pdf.missing);
    assert_conforms("pdf", &pdf.bytes);
}

#[test]
fn two_runs_and_any_number_of_threads_give_the_same_bytes() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| set(REPORT).bytes)
    };
    let first = run(1);
    assert!(first == run(1), "two runs");
    assert!(first == run(2), "two threads");
}

#[test]
fn odd_documents_are_set_and_conform() {
    let deep_list: String = (0..200).map(|n| format!("{}- level {n}\n", "  ".repeat(n))).collect();
    let deep_quote = format!("{} deep\n", ">".repeat(200));
    let wide = format!("|{}\n|{}\n|{}\n", " head |".repeat(40), "---|".repeat(40), " Harbour_Billing |".repeat(40));
    let long_cell = format!("| a | b |\n|---|---|\n| {} | x |\n", "word ".repeat(3000));
    let cases = [
        ("empty", String::new()),
        ("directives", "<!-- toc -->\n\n<!-- page -->\n\n<!-- card -->\n\n<!-- tiles -->\n".into()),
        ("long word", "x".repeat(10_000)),
        ("wide table", wide),
        ("long cell", long_cell),
        ("no rows", "| a | b |\n|---|---|\n".into()),
        ("skipped levels", "### three\n\n# one\n\n###### six\n".into()),
        ("deep list", deep_list),
        ("deep quote", deep_quote),
        ("unknown link", "[a](#nowhere) [b](javascript:alert) <script>x</script>\n".into()),
        ("tiles without rows", "<!-- tiles -->\n\n| a |\n|---|\n".into()),
        ("unclosed card", "> <!-- card -->\n>\n> text\n\nafter\n".into()),
    ];
    for (name, markdown) in cases {
        let pdf = set(&markdown);
        keep(&format!("odd-{}.pdf", name.replace(' ', "-")), &pdf);
        assert!(pdf.pages >= 1, "{name}");
        assert_conforms(name, &pdf.bytes);
    }
}

#[test]
fn a_long_report_conforms_in_both_paper_sizes() {
    let (cover, body) = REPORT.split_once("<!-- page -->").unwrap();
    let markdown: String =
        std::iter::once(cover).chain(std::iter::repeat_n(body, 4)).collect::<Vec<_>>().join("<!-- page -->");
    for size in ["A4", "Letter"] {
        let theme = Theme::parse(&format!("[page]\nsize = \"{size}\"\n"), |_| Err("none".into())).unwrap();
        let pdf = pdf(&blocks(&markdown), &[results()], &theme, &meta()).unwrap();
        keep(&format!("long-{size}.pdf"), &pdf);
        assert!(pdf.pages >= 55, "{size}: {} pages", pdf.pages);
        assert_conforms("pdf", &pdf.bytes);
    }
}

#[test]
fn a_theme_without_contrast_is_refused_with_both_colours_and_the_ratio() {
    let refused = Theme::parse("[colour]\naccent = \"#9fc5cc\"\n", |_| Err("none".into())).unwrap_err();
    let said = refused.to_string();
    assert!(matches!(refused, ThemeError::Contrast { key: "accent", .. }), "{said}");
    assert!(said.contains("#9fc5cc") && said.contains("#ffffff") && said.contains("1.8"), "{said}");
    assert!(Theme::parse("[page]\nsize = \"A5\"\n", |_| Err("none".into())).is_err());
    assert!(Theme::parse("[colour]\nacent = \"#000000\"\n", |_| Err("none".into())).is_err());
    assert!(Theme::parse("", |_| Err("none".into())).is_ok(), "the built-in theme is good");
}

#[test]
fn a_logo_is_set_on_the_cover_and_a_file_that_is_none_is_refused() {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 2, 1);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&[200, 0, 0, 255, 0, 0, 200, 128]).unwrap();
    let theme = |bytes: &[u8]| Theme::parse("[brand]\nlogo = \"logo.png\"\n", |_| Ok(bytes.to_vec())).unwrap();
    let good = pdf(&blocks("# Title\n"), &[], &theme(&file), &meta()).unwrap();
    assert_conforms("pdf", &good.bytes);
    let without = set("# Title\n");
    assert!(good.bytes.windows(6).any(|w| w == b"/Image") && !without.bytes.windows(6).any(|w| w == b"/Image"));
    assert!(Theme::parse("[brand]\nlogo = \"logo.png\"\n", |_| Ok(b"no image".to_vec())).is_err());
}

#[test]
fn a_font_that_is_none_is_refused() {
    let theme = Theme::parse("[font]\nextra = [\"x.ttf\"]\n", |_| Ok(b"no font".to_vec())).unwrap();
    assert!(pdf(&blocks("text"), &[], &theme, &meta()).unwrap_err().to_string().contains("extra font 1"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_markdown_is_set(parts in prop::collection::vec(prop_oneof![
        Just("<!-- card -->\n\n".to_owned()), Just("<!-- /card -->\n\n".to_owned()), Just("<!-- tiles -->\n\n".to_owned()),
        Just("<!-- matrix -->\n\n".to_owned()), Just("<!-- toc -->\n\n".to_owned()), Just("<!-- page -->\n\n".to_owned()),
        Just("<!-- verdict -->\n\n".to_owned()), Just("<!-- widths: 1 0.5 -->\n\n".to_owned()),
        Just("| a | b |\n|---|:-:|\n| ✗ fail | x_y |\n\n".to_owned()), Just("# t\n\n".to_owned()), Just("> q\n\n".to_owned()),
        "[-#>*+`|\\[\\]()! a-z0-9\u{590}-\u{5ff}\u{600}-\u{6ff}]{0,40}\n{1,2}", "\\PC{0,60}\n{0,2}",
    ], 0..24)) {
        let pdf = pdf(&blocks(&parts.concat()), &[results()], &Theme::default(), &meta()).unwrap();
        prop_assert!(pdf.pages >= 1);
    }
}

#[test]
fn a_long_unbroken_text_is_set_in_its_length_and_not_in_its_square() {
    let long: String = (0..120_000_u32).map(|n| char::from(b'a' + u8::try_from(n * 7 % 26).unwrap())).collect();
    let started = std::time::Instant::now();
    let made = set(&format!("# Report\n\n<!-- toc -->\n\n<!-- /toc -->\n\n## {long}\n\nText with `{long}`.\n"));
    assert!(made.bytes.len() < 4_000_000, "{} bytes", made.bytes.len());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
