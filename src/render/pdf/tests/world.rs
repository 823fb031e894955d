//! Scripts of the world, with a few glyphs of real fonts (`tests/data/fonts`).

use super::{meta, runs};
use crate::render::blocks::blocks;
use crate::render::pdf::fonts::{Fonts, REGULAR, Shaped};
use crate::render::pdf::{Pdf, flow, page, paginate, pdf};
use crate::render::theme::{FontFile, Theme};

const ARABIC: &[u8] = include_bytes!("../../../../tests/data/fonts/NotoSansArabic-test.ttf");
const HEBREW: &[u8] = include_bytes!("../../../../tests/data/fonts/NotoSansHebrew-test.ttf");
const DEVANAGARI: &[u8] = include_bytes!("../../../../tests/data/fonts/NotoSansDevanagari-test.ttf");
const CJK: &[u8] = include_bytes!("../../../../tests/data/fonts/NotoSansCJK-test.otf");
const PAIR: &[u8] = include_bytes!("../../../../tests/data/fonts/pair.ttc");

fn files() -> Vec<FontFile> {
    [ARABIC, HEBREW, DEVANAGARI, CJK].map(|bytes| FontFile { bytes: bytes.to_vec(), face: 0 }).into()
}

fn shaped(text: &str, rtl: bool) -> (Vec<u16>, f32) {
    let files = files();
    let mut fonts = Fonts::new(&files).unwrap();
    assert_eq!(fonts.cover(text), text, "the fonts have it");
    let shaped: &Shaped = &fonts.shape(REGULAR, rtl, text);
    (shaped.parts.iter().flat_map(|part| &part.glyphs).map(|glyph| glyph.gid).collect(), shaped.width)
}

fn set(markdown: &str) -> Pdf {
    pdf(&blocks(markdown), &[], &Theme { fonts: files(), ..Theme::default() }, &meta()).unwrap()
}

/// Holds a PDF to the rules of PDF/UA-1 and PDF/A-2a.
///
/// One complaint is set aside: the checker takes each width in a CFF font for 0. veraPDF reads them and finds none wrong.
fn assert_conforms(pdf: &Pdf) {
    const CFF: &str = "width 0.000 in its embedded CIDFontType0C program";
    for profile in ["ua1", "2a"] {
        let options = page_validation::ValidationOptions::default()
            .profile(profile.parse::<page_validation::ValidationProfile>().unwrap());
        let report = page_validation::validate_pdf_bytes(&pdf.bytes, &options).unwrap();
        let faults = report.failures.iter().filter(|fault| !fault.message.contains(CFF));
        let faults: Vec<_> = faults.take(3).collect();
        assert!(faults.is_empty(), "{profile}: {faults:#?}");
    }
}

/// Set SHR_PDF_OUT to a folder to look at the results.
fn keep(name: &str, pdf: &Pdf) {
    if let Ok(folder) = std::env::var("SHR_PDF_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), &pdf.bytes).unwrap();
    }
}

/// Text of each line of a page, glyph by glyph from left to right.
fn lines(markdown: &str) -> Vec<String> {
    let (theme, files) = (Theme::default(), files());
    let mut fonts = Fonts::new(&files).unwrap();
    let mut flow = flow::flow(&blocks(markdown), &[], &theme, &meta(), &mut fonts);
    let pages = paginate::paginate(&mut flow, &theme);
    let page: &page::Page = pages.pages.first().unwrap();
    let mut lines: Vec<(f32, Vec<(f32, String)>)> = Vec::new();
    for (run, _) in runs(page).filter(|(_, owner)| owner.is_some()) {
        let text: String = run.glyphs.iter().map(|glyph| fonts.text_of(run.face, glyph.gid)).collect();
        match lines.iter_mut().find(|(y, _)| (*y - run.y).abs() < 3.0) {
            Some((_, parts)) => parts.push((run.x, text)),
            None => lines.push((run.y, vec![(run.x, text)])),
        }
    }
    for (_, parts) in &mut lines {
        parts.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    lines.into_iter().map(|(_, parts)| parts.into_iter().map(|part| part.1).collect()).collect()
}

#[test]
fn pairs_of_letters_are_kerned_and_marks_take_no_room() {
    let [av, a, v, marked, x] = ["AV", "A", "V", "x\u{301}", "x"].map(|text| shaped(text, false).1);
    assert!(av < a + v - 10.0, "kerning");
    let (one, composed) = (shaped("e\u{301}", false), shaped("é", false));
    assert_eq!(one, composed, "a letter and its mark are one letter");
    assert!((marked - x).abs() < 1.0, "a mark stands over its letter");
}

#[test]
fn arabic_letters_join_and_stand_from_right_to_left() {
    let (joined, _) = shaped("سلام", true);
    let alone: Vec<u16> = "مالس".chars().flat_map(|c| shaped(&c.to_string(), true).0).collect();
    assert!(joined.len() == 3, "lam and alef are one glyph: {joined:?}");
    assert!(joined.iter().all(|gid| !alone.contains(gid) || *gid == shaped("م", true).0[0]), "{joined:?} {alone:?}");
    assert_eq!(joined.first(), shaped("م", true).0.first(), "the last letter stands on the left");
    let (marked, width) = shaped("لُ", true);
    assert!(marked.len() == 2 && (width - shaped("ل", true).1).abs() < 1.0, "vowels take no room");
}

#[test]
fn devanagari_is_reordered_and_conjuncts_are_one_glyph() {
    let vowel = shaped("ि", false).0;
    let (word, _) = shaped("हि", false);
    assert_eq!(word.len(), 2);
    assert_ne!(word[0], shaped("ह", false).0[0], "the vowel is written before its letter: {word:?} {vowel:?}");
    assert_eq!(word[1], shaped("ह", false).0[0]);
    assert_eq!(shaped("क्ष", false).0.len(), 1, "ka, virama and sha are one shape");
}

#[test]
fn mixed_directions_stand_in_visual_order() {
    let written = lines("abc שלום עולם 123 def\n");
    assert_eq!(written.len(), 1, "{written:?}");
    let line = written[0].trim();
    // The words go from right to left, and so do their letters; the number among them does not.
    assert_eq!(line, "abc 123 םלוע םולש def");
    let base = lines("שלום abc 42\n");
    assert_eq!(base[0].trim(), "abc 42 םולש", "a line that begins with Hebrew goes from right to left");
}

#[test]
fn chinese_and_japanese_break_between_characters_but_not_before_a_full_stop() {
    let text = "日本語中文漢字東京港湾会社。".repeat(12);
    let written = lines(&format!("{text}\n"));
    assert!(written.len() > 2, "{} lines", written.len());
    assert_eq!(written.concat().replace(' ', ""), text);
    for line in &written {
        assert!(!line.trim_start().starts_with(['。', '、', '」']) && !line.trim_end().ends_with('「'), "{line}");
    }
}

#[test]
fn every_script_is_in_a_pdf_that_conforms() {
    let text = "# سلام عليكم\n\nשלום עולם, नमस्ते हिन्दी क्षत्रिय, 日本語「漢字」、カタカナ。\n\n\
                | مرحبا | שלום |\n|---|---|\n| 東京 | a לְ b |\n\n- **سلام** `漢字` e\u{301}x\u{301}\n";
    let written = set(text);
    keep("world.pdf", &written);
    assert_eq!(written.missing, ['\u{5b0}'], "the subset has no sheva");
    assert_conforms(&written);
}

#[test]
fn hostile_labels_conform_in_fonts_that_have_them() {
    let hostile = include_str!("../../../../tests/data/pdf/hostile.md");
    let written = set(hostile);
    keep("hostile-fonts.pdf", &written);
    let without = pdf(&blocks(hostile), &[], &Theme::default(), &meta()).unwrap();
    assert!(written.missing.len() < without.missing.len(), "{:?} {:?}", written.missing, without.missing);
    assert_conforms(&written);
}

#[test]
fn a_face_of_a_collection_is_chosen_by_its_number() {
    let [hebrew, arabic, none] = [0, 1, 2].map(|face| {
        let theme = Theme { fonts: vec![FontFile { bytes: PAIR.to_vec(), face }], ..Theme::default() };
        pdf(&blocks("שלום سلام\n"), &[], &theme, &meta())
    });
    let (hebrew, arabic, none) = (hebrew.unwrap().missing, arabic.unwrap().missing, none.unwrap_err());
    assert!(hebrew.contains(&'س') && !hebrew.contains(&'ש'));
    assert!(arabic.contains(&'ש') && !arabic.contains(&'س'));
    assert!(none.to_string().contains("extra font 1"), "{none}");
    assert_eq!(FontFile::place("a/b.ttc#12"), ("a/b.ttc", 12));
    assert_eq!(FontFile::place("a/b#c.ttc"), ("a/b#c.ttc", 0));
    assert_eq!(FontFile::place("#3"), ("#3", 0));
}

#[test]
fn what_no_font_has_is_shown_by_its_code_and_listed_once() {
    let written =
        pdf(&blocks("日本 日\n\n## 日 `\u{1f6a8}`\n\n| ي |\n|---|\n"), &[], &Theme::default(), &meta()).unwrap();
    assert_eq!(written.missing, ['日', '本', '\u{1f6a8}', 'ي']);
    assert_eq!(super::lines_of("日本\n"), ["[U+65E5][U+672C]"]);
}
