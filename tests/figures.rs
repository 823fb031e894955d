//! Figures: drawn from the data, inside their sheet, omitted when there is nothing to compare.

use crate::report::fixture;
use shr::drawing::measure;
use shr::drawing::{Drawing, Fill, Ink, Pattern, Shape};
use shr::model::*;
use shr::render::svg;
use shr::render::theme::{Rgb, Theme};
use shr::report::figures;
use shr::text::wording::Wording;

fn all() -> Vec<Drawing> {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let drawn = figures::org(&fixture::assessment(&control), &words);
    let mut aged = fixture::assessment(&control);
    for (days, finding) in (0..).step_by(40).zip(&mut aged.findings) {
        finding.first_seen = Some(aged.as_of - jiff::Span::new().days(days));
    }
    let aged = figures::org(&aged, &words).into_iter().filter(|d| d.drawing.name == "ageing");
    drawn.into_iter().chain(aged).map(|drawn| drawn.drawing).collect()
}

fn texts(drawing: &Drawing) -> Vec<&str> {
    drawing
        .shapes
        .iter()
        .filter_map(|s| if let Shape::Text { text, .. } = s { Some(text.as_str()) } else { None })
        .collect()
}

#[test]
fn every_figure_is_there_and_says_its_data_in_words() {
    let (control, drawings) = (shr::controls::catalogue("en").unwrap(), all());
    let names: Vec<&str> = drawings.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(
        names,
        ["funnel", "risk-matrix", "execution-users", "results", "score-intervals", "effort-risk", "ageing"]
    );
    let says = |name: &str, text: &str| {
        let drawing = drawings.iter().find(|d| d.name == name).unwrap();
        assert!(drawing.alt.contains(text), "{name}: {}", drawing.alt);
    };
    says("funnel", "not left out: 11; flow not shown to be off: 9; flow on: 6");
    says("results", "3 fail, 2 not evaluable, 2 review, 4 pass and 1 not tested");
    says("risk-matrix", "administers the org, secret exposed: 1 Ledger Sync.");
    says("score-intervals", "1 Ledger Sync: 9.8.");
    says("score-intervals", "a|b: 8.1, possible 3.7 to 8.8.");
    says(
        "execution-users",
        "1 Ledger Sync and 2 Crew Portal log in as erp-int@halden.example.com: administers the org.",
    );
    says("effort-risk", "Action 1: effort low, score 9.8.");
    let markdown = crate::report::written(&fixture::assessment(&control));
    for name in names.iter().filter(|name| **name != "ageing") {
        assert!(markdown.contains(&format!("](figures/{name}.svg)")), "the workpapers lack {name}");
    }
}

#[test]
fn shapes_stay_on_the_sheet_and_numbers_are_finite() {
    for drawing in all() {
        let inside = |x: f32, y: f32| {
            let ok = x.is_finite()
                && y.is_finite()
                && (-0.1..=drawing.width + 0.1).contains(&x)
                && (-0.1..=drawing.height + 0.1).contains(&y);
            assert!(ok, "{}: {x}, {y} outside {} × {}", drawing.name, drawing.width, drawing.height);
        };
        for shape in &drawing.shapes {
            match shape {
                Shape::Rect { x, y, w, h, .. } => {
                    inside(*x, *y);
                    inside(x + w, y + h);
                }
                Shape::Line { from, to, .. } => {
                    inside(from.0, from.1);
                    inside(to.0, to.1);
                }
                Shape::Polygon { points, .. } => points.iter().for_each(|(x, y)| inside(*x, *y)),
                Shape::Circle { centre, radius, .. } => {
                    inside(centre.0 - radius, centre.1 - radius);
                    inside(centre.0 + radius, centre.1 + radius);
                }
                Shape::Text { x, y, size, bold, anchor, text, max_width, .. } => {
                    let shown = measure::fit(text, *size, *bold, *max_width);
                    let width = measure::width(&shown, *size, *bold);
                    let left = match anchor {
                        shr::drawing::Anchor::Start => *x,
                        shr::drawing::Anchor::Middle => x - width / 2.0,
                        shr::drawing::Anchor::End => x - width,
                    };
                    inside(left, *y);
                    inside(left + width, *y);
                }
            }
        }
    }
}

#[test]
fn a_figure_with_one_value_is_left_out() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let names = |a: &Assessment| figures::org(a, &words).into_iter().map(|d| d.drawing.name).collect::<Vec<_>>();
    assert!(names(&fixture::of(&control, Vec::new())).is_empty());
    let one = fixture::of(&control, vec![fixture::finding(&control, 0, &fixture::CASES[0])]);
    let drawn = names(&one);
    for absent in ["results", "risk-matrix", "score-intervals", "execution-users"] {
        assert!(!drawn.contains(&absent.to_owned()), "{absent} shows one value");
    }
}

#[test]
fn many_apps_keep_figures_on_a_page() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let findings =
        (0..300).map(|i| fixture::finding(&control, i + 10, &fixture::CASES[i % fixture::CASES.len()])).collect();
    for figures::Drawn { drawing, .. } in figures::org(&fixture::of(&control, findings), &words) {
        assert!(drawing.height < 700.0, "{} is {} points high", drawing.name, drawing.height);
    }
}

/// Fills of the bar that shows all six results.
fn six(words: &Wording) -> Drawing {
    let control = shr::controls::catalogue("en").unwrap();
    let mut assessment = fixture::assessment(&control);
    assessment.counts = Counts { fail: 3, not_evaluable: 2, review: 2, pass: 4, not_applicable: 2, not_tested: 1 };
    figures::org(&assessment, words).into_iter().map(|d| d.drawing).find(|d| d.name == "results").unwrap()
}

#[test]
fn results_are_told_apart_in_grey_print() {
    let bar = six(&shr::controls::wording("en").unwrap());
    let looks: Vec<Fill> = bar
        .shapes
        .iter()
        .filter_map(|s| if let Shape::Rect { fill, h, .. } = s { (*h > 20.0).then_some(*fill)? } else { None })
        .collect();
    assert_eq!(looks.len(), 6);
    let colours = Theme::default().colours;
    let grey = |fill: &Fill| {
        let Rgb(r, g, b) = colours.mixed(fill.ink, fill.tint);
        0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b)
    };
    for (i, a) in looks.iter().enumerate() {
        for b in &looks[i + 1..] {
            let (pattern, lightness) = (a.pattern != b.pattern, (grey(a) - grey(b)).abs());
            assert!(pattern || lightness > 25.0, "{a:?} and {b:?} look alike in grey");
        }
    }
    assert!(texts(&bar).iter().any(|t| t.contains("✗ fail 3")), "{:?}", texts(&bar));
}

#[test]
fn no_figure_says_something_by_colour_alone() {
    for drawing in all() {
        let words = texts(&drawing).join(" ");
        match drawing.name.as_str() {
            // Each cell holds its symbol.
            "ageing" | "results" => assert!(words.contains("✗ fail"), "{words}"),
            // What is shared is also said.
            "execution-users" => assert!(words.contains("SHARED BY 2 APPS"), "{words}"),
            // Each result has a shape of its own.
            "score-intervals" => {
                let polygons =
                    |n| drawing.shapes.iter().any(|s| matches!(s, Shape::Polygon { points, .. } if points.len() == n));
                assert!(polygons(3) && polygons(4) && drawing.shapes.iter().any(|s| matches!(s, Shape::Circle { .. })));
            }
            "funnel" | "risk-matrix" | "effort-risk" => assert!(words.chars().any(|c| c.is_ascii_digit()), "{words}"),
            name => panic!("{name} is new: how does it look in grey?"),
        }
    }
}

#[test]
fn the_age_of_open_findings_is_shown_when_there_is_more_than_one() {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), shr::controls::wording("en").unwrap());
    let mut assessment = fixture::assessment(&control);
    let ageing = |a: &Assessment| figures::org(a, &words).into_iter().map(|d| d.drawing).find(|d| d.name == "ageing");
    let day = assessment.org.snapshot_at.unwrap();
    for finding in &mut assessment.findings {
        finding.first_seen = Some(day);
    }
    assert!(ageing(&assessment).is_none(), "one age");
    let fails: Vec<usize> =
        (0..assessment.findings.len()).filter(|i| assessment.findings[*i].result == Outcome::Fail).collect();
    for (at, days) in fails.iter().zip([31, 400, 30]) {
        assessment.findings[*at].first_seen = Some(day - jiff::Span::new().days(days));
    }
    let drawing = ageing(&assessment).unwrap();
    for says in
        ["up to 30 days: 1 fail, 2 not evaluable and 2 review.", "31 to 90 days: 1 fail.", "more than a year: 1 fail."]
    {
        assert!(drawing.alt.contains(says), "{}", drawing.alt);
    }
    assert!(!drawing.alt.contains("181"), "an empty age is not said: {}", drawing.alt);
    let markdown = crate::report::written(&assessment);
    let section = markdown.split("id=\"changes\"").nth(1).unwrap().split("id=\"limitations\"").next().unwrap();
    assert!(section.contains("](figures/ageing.svg)") && section.contains("- 31 to 90 days: 1 fail."), "{section}");
}

#[test]
fn every_figure_has_its_twin_below_it() {
    let control = shr::controls::catalogue("en").unwrap();
    let markdown = crate::report::written(&fixture::assessment(&control));
    let mut count = 0;
    for part in markdown.split("](figures/").skip(1) {
        let name = part.split('.').next().unwrap();
        let mut blocks = part.split("\n\n").skip(1);
        let (caption, twin) = (blocks.next().unwrap(), blocks.next().unwrap());
        assert!(caption.starts_with('*') && caption.ends_with('*'), "{name}: {caption}");
        assert!(twin.trim_start().starts_with("- "), "{name} has no twin: {twin}");
        count += 1;
    }
    assert_eq!(count, 6);
    for says in ["- Settled: 1 Ledger Sync 9.8", "- Still open: ", "8.1 (3.7 to 8.8)", "- Effort low: action"] {
        assert!(markdown.contains(says), "{says} is not in the report");
    }
}

#[test]
fn svg_is_well_formed_without_scripts_and_holds_hostile_text_as_text() {
    for drawing in all() {
        let text = svg::svg(&drawing, &Theme::default().colours);
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut titles = 0;
        loop {
            match reader.read_event().unwrap_or_else(|e| panic!("{}: {e}\n{text}", drawing.name)) {
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    titles += usize::from(name == "title");
                    assert!(
                        ["svg", "title", "defs", "pattern", "rect", "line", "circle", "polygon", "path", "text"]
                            .contains(&name.as_str()),
                        "{name}"
                    );
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(titles, 1);
        assert!(!text.contains("NaN") && !text.contains('\u{202e}') && !text.contains("href"));
    }
    let graph = all().into_iter().find(|d| d.name == "execution-users").unwrap();
    assert!(svg::svg(&graph, &Theme::default().colours).contains("&lt;b&gt;Berth&lt;/b&gt;"));
}

#[test]
fn a_text_is_cut_with_an_ellipsis_only_when_it_is_too_wide() {
    let wide = measure::width("Execution user", 10.0, false);
    assert!((55.0..75.0).contains(&wide), "{wide}");
    assert_eq!(measure::fit("Execution user", 10.0, false, wide), "Execution user");
    assert_eq!(measure::fit("Execution user", 10.0, false, 0.0), "Execution user");
    let cut = measure::fit("Execution user", 10.0, false, wide - 5.0);
    assert!(cut.ends_with('…') && measure::width(&cut, 10.0, false) <= wide - 5.0, "{cut}");
}

#[test]
fn tints_are_mixed_with_paper() {
    let colours = Theme::default().colours;
    assert_eq!(colours.mixed(Ink::Fail, 1.0), colours.fail);
    assert_eq!(colours.mixed(Ink::Fail, 0.0), colours.paper);
    let hatched = Drawing {
        name: "x".into(),
        width: 10.0,
        height: 10.0,
        alt: "a < b".into(),
        shapes: vec![Shape::Rect {
            x: 0.0,
            y: 0.0,
            w: 5.0,
            h: 5.0,
            radius: 0.0,
            fill: Some(Fill { ink: Ink::Fail, tint: 0.5, pattern: Pattern::Hatch }),
            stroke: None,
        }],
    };
    let text = svg::svg(&hatched, &colours);
    let inline = svg::inline(&hatched);
    assert!(inline.contains("color-mix(in srgb, var(--fail) 50%, var(--paper))") && !inline.contains("style="));
    assert!(text.contains("<pattern id=\"x-p0\"") && text.contains("url(#x-p0)") && text.contains("a &lt; b"));
}
