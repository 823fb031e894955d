//! What the display list promises: nothing outside the page, nothing over something else, nothing lost.
#![allow(clippy::unwrap_used, clippy::panic)]

mod world;

use super::page::{Paint, Run};
use super::paginate::Pages;
use super::*;
use crate::render::blocks::blocks;

const REPORT: &str = include_str!("../../../tests/data/pdf/report.md");
const HOSTILE: &str = include_str!("../../../tests/data/pdf/hostile.md");

fn meta() -> Meta {
    Meta {
        title: "T".into(),
        author: "A".into(),
        subject: "S".into(),
        language: "en".into(),
        date: jiff::civil::date(2026, 5, 14),
        header_left: "left".into(),
        header_right: "right".into(),
        footer_left: "run".into(),
        page_of: "{page}/{pages}".into(),
        draft: None,
        contents_title: "Contents".into(),
        most_pages: u64::MAX,
    }
}

fn set(markdown: &str, check: impl Fn(&Pages, &fonts::Fonts<'_>, &page::Flow)) {
    let theme = Theme::default();
    let mut fonts = fonts::Fonts::new(&[]).unwrap();
    let mut flow = flow::flow(&blocks(markdown), &[], &theme, &meta(), &mut fonts);
    let mut pages = paginate::paginate(&mut flow, &theme);
    paginate::furnish(&mut pages, &flow, &theme, &meta(), &mut fonts);
    check(&pages, &fonts, &flow);
}

fn runs(page: &page::Page) -> impl Iterator<Item = (&Run, Option<usize>)> {
    page.items.iter().filter_map(|item| match &item.paint {
        Paint::Run(run) => Some((run, item.owner)),
        _ => None,
    })
}

fn wide_table() -> String {
    ["header_Name", "---", "Harbour_Billing"].map(|cell| format!("|{}\n", format!(" {cell} |").repeat(40))).concat()
}

#[test]
fn no_text_is_outside_the_margins() {
    let long = format!("# t\n\n{}\n\n{}", "x".repeat(10_000), wide_table());
    for markdown in [REPORT, HOSTILE, &long] {
        set(markdown, |pages, fonts, _| {
            let theme = Theme::default();
            let (width, height) = theme.page.size.points();
            for (number, page) in pages.pages.iter().enumerate() {
                for (run, _) in runs(page) {
                    let text: String = run.glyphs.iter().map(|g| fonts.text_of(run.face, g.gid)).collect();
                    let right = run.x + run.width;
                    assert!(run.x >= theme.page.margin_left - 0.6, "page {number}: {text} starts at {}", run.x);
                    assert!(right <= width - theme.page.margin_right + 0.6, "page {number}: {text} ends at {right}");
                    assert!(run.y > 20.0 && run.y < height - 20.0, "page {number}: {text} at {}", run.y);
                }
            }
        });
    }
}

#[test]
fn no_text_lies_over_other_text() {
    for markdown in [REPORT, HOSTILE] {
        set(markdown, |pages, fonts, _| {
            for (number, page) in pages.pages.iter().enumerate() {
                let shown = runs(page).map(|(run, _)| run).filter(|run| run.width > 0.5);
                let all: Vec<(&Run, String)> = shown
                    .map(|run| (run, run.glyphs.iter().map(|g| fonts.text_of(run.face, g.gid)).collect()))
                    .collect();
                for (n, (a, above)) in all.iter().enumerate() {
                    for (b, below) in all.iter().skip(n + 1) {
                        let across = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
                        // Raised marks share the place of their letters.
                        let apart = (a.y - b.y).abs();
                        let near = apart < 0.45 * a.size.min(b.size) && above.len().min(below.len()) > 2;
                        assert!(!(across > 0.6 && near), "page {number}: {above} over {below}");
                    }
                }
            }
        });
    }
}

#[test]
fn every_word_of_the_markdown_is_on_the_pages() {
    set(REPORT, |pages, fonts, flow| {
        // In reading order: by element, each element's runs in painting order.
        let mut content = std::collections::BTreeMap::<usize, String>::new();
        for page in &pages.pages {
            for (run, owner) in runs(page) {
                let Some(owner) = owner else { continue };
                let text = content.entry(owner).or_default();
                run.glyphs.iter().for_each(|glyph| text.push_str(fonts.text_of(run.face, glyph.gid)));
            }
        }
        assert!(flow.tree.nodes.len() > content.len());
        let all: String =
            content.values().flat_map(|text| text.chars()).filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
        let mut words = 0;
        for event in pulldown_cmark::Parser::new_ext(REPORT, pulldown_cmark::Options::ENABLE_TABLES) {
            if let pulldown_cmark::Event::Text(text) | pulldown_cmark::Event::Code(text) = event {
                for word in text.split_whitespace().filter(|word| !word.starts_with("Six")) {
                    words += 1;
                    assert!(all.contains(word), "{word} is lost");
                }
            }
        }
        assert!(words > 1500, "{words}");
    });
}

#[test]
fn a_long_table_repeats_its_header_as_artifact() {
    let rows: String = (0..150).map(|n| format!("| row{n} | v |\n")).collect();
    set(&format!("## t\n\n| Heading | B |\n|---|---|\n{rows}"), |pages, fonts, _| {
        assert!(pages.pages.len() >= 3);
        for (number, page) in pages.pages.iter().enumerate() {
            let heads: Vec<bool> = runs(page)
                .filter(|(run, _)| {
                    run.glyphs.iter().map(|g| fonts.text_of(run.face, g.gid)).collect::<String>() == "Heading"
                })
                .map(|(_, owner)| owner.is_some())
                .collect();
            assert_eq!(heads, [number == 0], "page {number}");
        }
    });
}

#[test]
fn a_heading_is_never_alone_at_the_bottom() {
    for lines in 1..60 {
        let filler = "text\n\n".repeat(lines);
        set(&format!("{filler}### Lonely\n\nnext paragraph\n"), |pages, fonts, _| {
            let found = pages.pages.iter().position(|page| {
                runs(page).any(|(run, _)| {
                    run.glyphs.iter().map(|g| fonts.text_of(run.face, g.gid)).collect::<String>() == "Lonely"
                })
            });
            let next = pages.pages.iter().position(|page| {
                runs(page).any(|(run, _)| {
                    let text: String = run.glyphs.iter().map(|g| fonts.text_of(run.face, g.gid)).collect();
                    text.starts_with("next")
                })
            });
            assert_eq!(found, next, "after {lines} paragraphs");
        });
    }
}

/// Lines of the first page, in the built-in faces.
fn lines_of(markdown: &str) -> Vec<String> {
    let lines = std::cell::RefCell::new(Vec::new());
    set(markdown, |pages, fonts, _| {
        let page = pages.pages.first().unwrap();
        for (run, _) in runs(page).filter(|(_, owner)| owner.is_some()) {
            let text: String = run.glyphs.iter().map(|g| fonts.text_of(run.face, g.gid)).collect();
            lines.borrow_mut().push(text.trim().to_owned());
        }
    });
    lines.into_inner()
}
