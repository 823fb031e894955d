//! The logo of a theme: painted in full or refused with the line; never run, loaded or linked.

use crate::common::assert_conforms;
use proptest::prelude::*;
use shr::render::blocks::blocks;
use shr::render::html::{HtmlMeta, html};
use shr::render::logo::{Cap, Join, Logo, LogoError, Shape, Vector};
use shr::render::meta::Meta;
use shr::render::pdf::pdf;
use shr::render::theme::{Rgb, Theme, ThemeError};

const GOOD: &str = include_str!("data/logo/lantern.svg");
const OPEN: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\">";

fn read(inside: &str) -> Result<Vector, LogoError> {
    match Logo::read(format!("{OPEN}{inside}</svg>").as_bytes())? {
        Logo::Vector(vector) => Ok(vector),
        Logo::Pixels(_) => unreachable!("an SVG has no pixels"),
    }
}

fn shape(inside: &str) -> Shape {
    let mut shapes = read(inside).unwrap().shapes;
    assert_eq!(shapes.len(), 1, "{inside}");
    shapes.remove(0)
}

fn refused(file: &str) -> String {
    Logo::read(file.as_bytes()).unwrap_err().to_string()
}

/// Corners with the sheet's factor of ten taken out.
fn corners(shape: &Shape) -> Vec<(i32, i32)> {
    let all = shape.contours.iter().flat_map(|contour| &contour.corners);
    all.map(|(x, y, _)| ((x / 10.0).round() as i32, (y / 10.0).round() as i32)).collect()
}

fn meta() -> Meta {
    Meta {
        title: "Report".into(),
        author: "Example Assurance Ltd".into(),
        subject: "Client credentials flow".into(),
        language: "en".into(),
        date: jiff::civil::date(2026, 5, 14),
        header_left: "left".into(),
        header_right: "CONFIDENTIAL".into(),
        footer_left: "run".into(),
        page_of: "{page}/{pages}".into(),
        draft: None,
        contents_title: "Contents".into(),
        most_pages: u64::MAX,
    }
}

fn theme(svg: &str) -> Theme {
    Theme::parse("[brand]\nlogo = \"logo.svg\"\n", |_| Ok(svg.as_bytes().to_vec())).unwrap()
}

#[test]
fn shapes_become_outlines() {
    assert_eq!(corners(&shape("<rect x='10' y='5' width='20' height='10'/>")), [(10, 5), (30, 5), (30, 15), (10, 15)]);
    assert_eq!(corners(&shape("<path d='m10 10h20v20H10z'/>")), [(10, 10), (30, 10), (30, 30), (10, 30)]);
    assert_eq!(corners(&shape("<polygon points='1,2 3-4,5 6'/>")), [(1, 2), (3, -4), (5, 6)]);
    let line = shape("<polyline points='0 0 10 10' fill='none' stroke='#123456' stroke-width='2'/>");
    assert!(!line.contours[0].closed && line.fill.is_none());
    let stroke = line.stroke.unwrap();
    assert_eq!(
        (stroke.colour, stroke.width, stroke.cap, stroke.join),
        (Rgb(0x12, 0x34, 0x56), 20.0, Cap::Butt, Join::Miter)
    );
    let circle = shape("<circle cx='50' cy='25' r='20'/>");
    assert_eq!(circle.contours[0].corners.iter().filter(|corner| corner.2).count(), 8, "four quarter curves");
    let (xs, ys): (Vec<f32>, Vec<f32>) = circle.contours[0].corners.iter().map(|c| (c.0, c.1)).unzip();
    let range = |v: &[f32]| (v.iter().copied().fold(f32::MAX, f32::min), v.iter().copied().fold(0.0, f32::max));
    assert_eq!((range(&xs), range(&ys)), ((300.0, 700.0), (50.0, 450.0)));
    assert_eq!(shape("<path d='M0 0A5 5 0 0 1 10 0' fill='red'/>").fill, Some(Rgb(255, 0, 0)));
    let hole = shape("<path fill-rule='evenodd' d='M0 0h9v9H0zM3 3h3v3H3z'/>");
    assert!(hole.even_odd && hole.contours.len() == 2);
}

#[test]
fn groups_hand_down_look_and_transform() {
    let group = "<g fill='#00f' stroke='black' transform='translate(10 0)'><g transform='scale(2)'>\
                 <rect width='5' height='5' style='fill:#0f0; stroke-linecap:round' fill='#f00'><title>x</title></rect></g></g>";
    let rect = shape(group);
    assert_eq!(rect.fill, Some(Rgb(0, 255, 0)), "style outweighs the attribute");
    assert_eq!(corners(&rect), [(10, 0), (20, 0), (20, 10), (10, 10)]);
    let stroke = rect.stroke.unwrap();
    assert_eq!((stroke.width, stroke.cap), (20.0, Cap::Round), "a line grows with its shape");
    let moved = read("<g transform='rotate(90 50 25)'><rect x='50' y='25' width='10' height='5'/></g>").unwrap();
    assert_eq!(corners(&moved.shapes[0]), [(50, 25), (50, 35), (45, 35), (45, 25)]);
}

#[test]
fn the_sheet_comes_from_the_view_box_or_the_size() {
    let sheet = |file: &str| match Logo::read(file.as_bytes()).unwrap() {
        Logo::Vector(vector) => ((vector.width, vector.height), corners(&vector.shapes[0])[0]),
        Logo::Pixels(_) => unreachable!(),
    };
    let rect = "<rect x='-10' y='20' width='1' height='1'/></svg>";
    let head =
        "<?xml version='1.0' encoding='UTF-8'?>\n<!-- made by hand -->\n<svg xmlns='http://www.w3.org/2000/svg' ";
    assert_eq!(sheet(&format!("{head} viewBox='-10 20 100 50' width='10cm'>{rect}")), ((1000.0, 500.0), (0, 0)));
    assert_eq!(sheet(&format!("\u{feff}{head} width='50px' height='100'>{rect}")), ((500.0, 1000.0), (-10, 20)));
}

#[test]
fn what_is_not_painted_is_refused_with_element_and_line() {
    for (inside, says) in [
        ("\n<image href='x.png'/>", "line 2: <image> is not painted; a logo may hold g, path, rect"),
        ("\n\n<script>alert(1)</script>", "line 3: <script> is not painted"),
        ("<text>a</text>", "<text> is not painted"),
        ("<style>.a{fill:red}</style>", "<style> is not painted"),
        ("<use href='#a'/>", "<use> is not painted"),
        ("<foreignObject/>", "<foreignObject> is not painted"),
        ("<a href='https://example.com/'><rect/></a>", "<a> is not painted"),
        ("<animate/>", "<animate> is not painted"),
        ("<svg/>", "<svg> is not painted"),
        ("<defs><linearGradient id='g'/></defs>", "<defs> is not painted"),
        ("<x:rect width='1' height='1'/>", "<x:rect> is not painted"),
        ("<rect width='1' height='1' onload='x()'/>", "<rect> has `onload`"),
        ("<path d='M0 0h1' xlink:href='https://example.com/'/>", "<path> has `xlink:href`"),
        ("<rect width='1' height='1' fill='url(#g)'/>", "fill is `url(#g)`; only plain colours"),
        ("<rect width='1' height='1' fill='url(https://example.com/x)'/>", "only plain colours"),
        ("<rect width='1' height='1' fill='rgba(1,2,3,0.5)'/>", "only opaque colours"),
        ("<rect width='1' height='1' opacity='.5'/>", "opacity is `.5`; only 1 is painted"),
        ("<rect width='1' height='1' style='filter:url(x)'/>", "style `filter` is not painted"),
        ("<rect width='1' height='1' style='background:url(x)'/>", "style `background` is not painted"),
        ("<rect width='1' height='1' clip-path='url(#c)'/>", "has `clip-path`"),
        ("<rect width='1' height='1' mask='url(#c)'/>", "has `mask`"),
        ("<rect width='50%' height='1'/>", "width is `50%`, expected a number"),
        ("<rect width='-1' height='1'/>", "negative width"),
        ("<rect width='NaN' height='1'/>", "width is `NaN`"),
        ("<rect width='1e300' height='1'/>", "too far away"),
        ("<path d='M0 0L1e30 0'/>", "too far away"),
        ("<path d='M0 0 L 1 x'/>", "<path> d: "),
        ("<polygon points='1 2 3'/>", "odd count"),
        ("<rect width='1' height='1' transform='spin(3)'/>", "transform: "),
        ("<g transform='scale(1 3)'><path d='M0 0h1' stroke='red'/></g>", "under a transform that stretches"),
        ("<rect width='1' height='1'><rect/></rect>", "<rect> is inside a shape"),
        ("plain words", "text between elements"),
        ("<rect width='1' height='1'/>&x;", "text is not painted"),
        ("<rect width='&x;' height='1'/>", "<rect>: "),
        ("<rect width='1' width='2'/>", "<rect>: "),
        ("<g><rect width='1' height='1'/>", "not XML"),
        ("", "nothing is painted"),
        ("<g/>", "nothing is painted"),
        ("<rect width='1' height='1' a\u{202e}b='1'/>", "a[U+202E]b"),
    ] {
        let said = read(inside).map_or_else(|error| error.to_string(), |vector| format!("{vector:?}"));
        assert!(said.contains(says), "{inside}: {said}");
    }
}

#[test]
fn files_that_are_no_plain_svg_are_refused() {
    let bomb = "<!DOCTYPE svg [<!ENTITY a \"&b;&b;\">]>\n<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>";
    assert!(refused(bomb).contains("line 1: a DOCTYPE is refused"), "{}", refused(bomb));
    assert!(refused("<?xml-stylesheet href='x.css'?><svg/>").contains("processing instruction"));
    assert!(refused("<svg viewBox='0 0 1 1'><path d='M0 0h1'/></svg>").contains("needs xmlns="));
    assert!(refused("<html xmlns='http://www.w3.org/2000/svg'/>").contains("outside the one <svg>"));
    let two = format!("{OPEN}<path d='M0 0h1v1z'/></svg>{OPEN}</svg>");
    assert!(refused(&two).contains("outside the one <svg>"), "{}", refused(&two));
    assert!(refused("<svg xmlns='http://www.w3.org/2000/svg'/>").contains("needs a viewBox"));
    for frame in ["0 0 0 1", "0 0 1", "0 0 1e9 1", "0 0 -5 5", "0 0 nan 1"] {
        let said = refused(&format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='{frame}'/>"));
        assert!(said.contains("line 1: <svg>"), "{frame}: {said}");
    }
    assert!(refused("not a picture").contains("neither a PNG nor an SVG"));
    assert!(Logo::read(b"\x1f\x8b\x08").is_err() && Logo::read(b"").is_err() && Logo::read(b"<\xff").is_err());
    assert!(refused(&format!("{OPEN}{}</svg>", " ".repeat(1_000_001))).contains("more than 1 MB"));
    assert!(refused(&format!("{OPEN}{}", "<g>".repeat(100))).contains("nested more than 64 deep"));
    assert!(
        refused(&format!("{OPEN}{}</svg>", "<path d='M0 0h1'/>".repeat(10_001))).contains("more than 10000 shapes")
    );
    assert!(
        refused(&format!("{OPEN}<path d='M0 0{}'/></svg>", "h1h-1".repeat(50_001))).contains("more than 100000 points")
    );
}

#[test]
fn a_theme_names_the_file_and_the_line() {
    let file = format!("{OPEN}\n<image/></svg>");
    let refused = Theme::parse("[brand]\nlogo = \"brand/mark.svg\"\n", |_| Ok(file.clone().into_bytes())).unwrap_err();
    assert!(matches!(refused, ThemeError::Logo { .. }));
    assert!(refused.to_string().starts_with("theme: brand.logo brand/mark.svg: line 2: <image>"), "{refused}");
    let refused = Theme::parse("[brand]\nlogo = \"x.png\"\n", |_| Ok(b"\x89PNG broken".to_vec())).unwrap_err();
    assert!(refused.to_string().contains("x.png: not a PNG that can be read"), "{refused}");
}

#[test]
fn an_svg_stands_in_the_pdf_as_paths_and_conforms() {
    for size in ["A4", "Letter"] {
        let read = |_: &str| Ok(GOOD.as_bytes().to_vec());
        let theme = Theme::parse(&format!("[page]\nsize = \"{size}\"\n[brand]\nlogo = \"logo.svg\"\n"), read).unwrap();
        let written = pdf(&blocks("# Title\n\nText.\n"), &[], &theme, &meta()).unwrap();
        assert!(!written.bytes.windows(6).any(|window| window == b"/Image"), "no picture");
        assert_conforms(size, &written.bytes);
        let document = lopdf::Document::load_mem(&written.bytes).unwrap();
        let page = document.get_pages()[&1];
        let operations = document.get_and_decode_page_content(page).unwrap().operations;
        let count = |operator: &str| operations.iter().filter(|o| o.operator == operator).count();
        assert!(count("f") >= 2 && count("f*") >= 1 && count("c") >= 8, "fills and curves");
        assert_eq!((count("W"), count("q")), (1, count("Q")), "cut off at its sheet");
        if let Ok(folder) = std::env::var("SHR_PDF_OUT") {
            std::fs::write(std::path::Path::new(&folder).join(format!("logo-{size}.pdf")), &written.bytes).unwrap();
        }
    }
}

#[test]
fn html_holds_an_svg_as_paths_alone_and_a_png_as_its_pixels() {
    let page = |theme: &Theme| {
        let meta = HtmlMeta {
            title: "T".into(),
            language: "en".into(),
            contents_title: "C".into(),
            skip: "S".into(),
            ..HtmlMeta::default()
        };
        html(&blocks("# Title\n"), &[], theme, &meta)
    };
    let with = page(&theme(GOOD));
    let svg = with.split_once("<svg").unwrap().1.split_once("</svg>").unwrap().0;
    let names: std::collections::BTreeSet<&str> =
        svg.split('<').skip(1).filter_map(|tag| tag.split([' ', '>']).next()).collect();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["path"], "{svg}");
    assert!(!svg.contains("href") && !svg.contains("style=") && !svg.contains("Lantern Assurance"), "{svg}");
    assert!(with.contains("default-src 'none'; style-src 'sha256-") && !with.contains("img-src"));
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 1, 1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[1, 2, 3]).unwrap();
    let theme = Theme::parse("[brand]\nname = \"Lantern <Ltd>\"\nlogo = \"x.png\"\n", |_| Ok(png.clone())).unwrap();
    let with = page(&theme);
    assert!(with.contains("<img alt=\"Lantern &lt;Ltd&gt;\"") && with.contains("img-src data:; "), "{with}");
    let data = with.split("base64,").nth(1).unwrap().split('"').next().unwrap();
    let bytes = data_encoding::BASE64.decode(data.as_bytes()).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = [0; 3];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, [1, 2, 3], "the pixels, and nothing else of the file");
}

#[test]
fn the_client_s_logo_stands_on_the_other_side() {
    let text = "[brand]\nname = \"Lantern\"\nlogo = \"a.svg\"\nclient_logo = \"b.png\"\n";
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 4, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header().unwrap().write_image_data(&[9; 24]).unwrap();
    let read = |name: &str| Ok(if name == "b.png" { png.clone() } else { GOOD.as_bytes().to_vec() });
    let theme = Theme::parse(text, read).unwrap();
    let written = pdf(&blocks("# Title\n\nText.\n"), &[], &theme, &meta()).unwrap();
    assert_conforms("two logos", &written.bytes);
    let document = lopdf::Document::load_mem(&written.bytes).unwrap();
    let page = document.get_and_decode_page_content(document.get_pages()[&1]).unwrap();
    let placed = page.operations.iter().position(|o| o.operator == "Do").expect("the client's picture is painted");
    let before = page.operations[..placed].iter().filter(|o| o.operator == "cm");
    let right = before.filter_map(|o| o.operands[4].as_float().ok()).fold(0.0, f32::max);
    assert!(right > 300.0, "at the right edge: {right}");
    let meta = HtmlMeta { title: "T".into(), language: "en".into(), ..HtmlMeta::default() };
    let page = html(&blocks("# Title\n"), &[], &theme, &meta);
    assert!(page.contains("<svg") && page.contains("<span><img alt=\"\""), "{page}");
}

fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "<g>",
        "</g>",
        "<path d='",
        "M0 0",
        "L5 5",
        "C1 2 3 4 5 6",
        "A1 1 0 0 1 9 9",
        "z'/>",
        "'/>",
        "<rect width='5' height='5' ",
        "fill='red' ",
        "stroke='#000' ",
        "transform='scale(0)' ",
        "transform='skewX(45)' ",
        "stroke-width='1e9' ",
        "/>",
        "<circle r='",
        "1e38",
        "-1",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&#0;",
        "<title>",
        "</title>",
        "<defs/>",
        "style='fill:#fff;",
        "\u{0}",
        "é",
    ];
    prop_oneof![6 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_file_is_painted_or_refused(pieces in prop::collection::vec(piece(), 0..30)) {
        if let Ok(vector) = read(&pieces.concat()) {
            let numbers = vector.shapes.iter().flat_map(|shape| &shape.contours).flat_map(|contour| &contour.corners);
            prop_assert!(numbers.copied().all(|(x, y, _)| x.abs() <= 20_000.0 && y.abs() <= 20_000.0));
            let written = pdf(&blocks("# T\n"), &[], &Theme { logo: Some(Logo::Vector(vector)), ..Theme::default() }, &meta());
            prop_assert!(written.is_ok());
        }
    }

    #[test]
    fn any_bytes_are_painted_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Logo::read(&bytes).is_err());
    }
}
