//! `report.html`: one file, closed tags, links that lead somewhere, and text that stays text.

use crate::common::{Scratch, root, shr};
use data_encoding::BASE64;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use shr::drawing::Ink;
use shr::render::blocks::blocks;
use shr::render::html::{HtmlMeta, html};
use shr::render::theme::Theme;
use shr::text::escape;
use shr::text::visible::visible;
use std::collections::BTreeSet;
use std::sync::OnceLock;

const VOID: &[&str] = &["meta", "br", "hr", "input"];

fn set(markdown: &str) -> String {
    let meta = HtmlMeta {
        title: "Title & <more>".into(),
        language: "en".into(),
        contents_title: "Contents".into(),
        skip: "Skip".into(),
        ..HtmlMeta::default()
    };
    html(&blocks(markdown), &[], &Theme::default(), &meta)
}

/// A page in pieces: tags with their attributes, in order, and the text between them.
#[derive(Default)]
struct Parsed {
    tags: Vec<String>,
    text: String,
}

impl Parsed {
    /// Reads strictly: every tag closed in order, every `&` a known entity, no stray `<` or `>`.
    fn of(page: &str) -> Result<Self, String> {
        let (mut parsed, mut open) = (Self::default(), Vec::<String>::new());
        let mut rest = page.strip_prefix("<!DOCTYPE html>\n").ok_or("no document type")?;
        while !rest.is_empty() {
            let Some(inside) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                let style = open.last().is_some_and(|name| name == "style");
                parsed.text.push_str(&if style { String::new() } else { unescape(&rest[..end])? });
                rest = &rest[end..];
                continue;
            };
            let end = tag_end(inside).ok_or("tag without end")?;
            let tag = &inside[..end];
            rest = &inside[end + 1..];
            parsed.tags.push(tag.to_owned());
            if let Some(name) = tag.strip_prefix('/') {
                let last = open.pop();
                if last.as_deref() != Some(name) {
                    return Err(format!("</{name}> closes {last:?}"));
                }
            } else if !tag.ends_with('/') {
                let name = tag.split_whitespace().next().ok_or("tag without name")?;
                if !VOID.contains(&name) {
                    open.push(name.to_owned());
                }
            }
        }
        if open.is_empty() { Ok(parsed) } else { Err(format!("open at the end: {open:?}")) }
    }

    fn values(&self, attribute: &str) -> Vec<&str> {
        let start = format!(" {attribute}=\"");
        self.tags.iter().filter_map(|tag| tag.split_once(&start)?.1.split('"').next()).collect()
    }

    /// Tags without what they say: names and classes only.
    fn skeleton(&self) -> Vec<&str> {
        self.tags.iter().map(|tag| tag.split_whitespace().next().unwrap_or_default()).collect()
    }
}

/// Where a tag ends; a `>` inside quotes does not end it.
fn tag_end(inside: &str) -> Option<usize> {
    let mut quoted = false;
    inside
        .char_indices()
        .find(|(_, c)| {
            quoted ^= *c == '"';
            *c == '>' && !quoted
        })
        .map(|found| found.0)
}

fn unescape(text: &str) -> Result<String, String> {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = [("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("amp;", '&')];
        let (name, c) = known.iter().find(|(name, _)| part.starts_with(name)).ok_or(format!("bare & before {part}"))?;
        out.push(*c);
        out.push_str(&part[name.len()..]);
    }
    Ok(out)
}

/// The HTML of every sample that gives a report.
fn pages() -> &'static [(String, String)] {
    static PAGES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    PAGES.get_or_init(made)
}

fn made() -> Vec<(String, String)> {
    let scratch = Scratch::new("html");
    let mut pages = Vec::new();
    for name in ["halden-prod", "halden-metadata-only", "halden-uat", "lumen-mdapi.zip", "ostra-prod", "tarn-no-apps"] {
        let out = scratch.join(name);
        let sample = root().join("samples").join(name);
        let ran = shr([
            "review".into(),
            sample,
            "--as-of".into(),
            "2026-11-24".into(),
            "--format".into(),
            "html".into(),
            "--workpapers".into(),
            "-o".into(),
            out.clone(),
        ]);
        for volume in ["report", "workpapers"] {
            let page = std::fs::read_to_string(out.join(format!("{volume}.html")));
            pages.push((format!("{name} {volume}"), page.unwrap_or_else(|_| panic!("{name}: {}", ran.err))));
        }
    }
    pages
}

#[test]
fn every_sample_gives_one_closed_page_whose_links_lead_somewhere() {
    for (name, page) in pages() {
        let parsed = Parsed::of(page).unwrap_or_else(|e| panic!("{name}: {e}"));
        let ids = parsed.values("id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: an id twice");
        let links = parsed.values("href");
        let least = if name.starts_with("tarn") { 4 } else { 20 };
        assert!(links.len() > least, "{name}: only {} links", links.len());
        for link in links {
            let led = link
                .strip_prefix('#')
                .map_or(link.starts_with("https://") || link.starts_with("mailto:"), |id| unique.contains(id));
            assert!(led, "{name}: {link} leads nowhere");
        }
        for reference in parsed.values("aria-labelledby") {
            assert!(unique.contains(reference), "{name}: no {reference}");
        }
        headings(name, &parsed);
        tables(name, &parsed);
        assert!(!page.contains("⟨"), "{name}: a wording is missing");
    }
}

fn headings(name: &str, parsed: &Parsed) {
    let level = |tag: &&String| {
        let rest = tag.strip_prefix('h')?;
        let digit = rest.chars().next()?.to_digit(10)?;
        rest.get(1..2).filter(|next| *next == " ").map(|_| digit)
    };
    let levels: Vec<u32> = parsed.tags.iter().filter_map(|tag| level(&tag)).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{name}");
    assert_eq!(levels.first(), Some(&1), "{name}");
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {levels:?}");
}

fn tables(name: &str, parsed: &Parsed) {
    let mut headed = true;
    for tag in &parsed.tags {
        match tag.split_whitespace().next().unwrap_or_default() {
            "table" => headed = false,
            "th" => {
                headed = true;
                assert!(tag.contains(" scope=\""), "{name}: <{tag}>");
            }
            "/table" => assert!(headed, "{name}: a table without header cells"),
            _ => {}
        }
    }
}

#[test]
fn findings_and_evidence_have_their_anchors_and_figures_are_inside() {
    let (_, page) = &pages()[0];
    assert!(page.contains("<dl class=\"tiles\">") && page.contains("<section class=\"card is-fail\">"));
    assert!(page.contains("<blockquote class=\"verdict\">"));
    let (_, page) = &pages()[1];
    let parsed = Parsed::of(page).unwrap();
    let ids = parsed.values("id");
    assert!(ids.iter().filter(|id| id.starts_with("shr-ccf-")).count() > 5, "{ids:?}");
    assert!(ids.contains(&"ev-001"));
    assert!(page.contains("<tr id=\"ev-001\">"));
    assert!(page.contains("fill=\"var(--fail)\"") && !page.contains("fill=\"#"), "figures follow the page's colours");
    assert!(page.contains("<figcaption>"));
    assert!(page.contains("<section class=\"card is-fail\">"));
}

#[test]
fn the_page_asks_for_nothing_and_its_policy_knows_its_style() {
    for (name, page) in pages() {
        let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash = BASE64.encode(&Sha256::digest(style.as_bytes()));
        let policy =
            format!("content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\"");
        assert!(page.contains(&policy), "{name}: {policy}");
        assert!(!style.contains("url(") && !style.contains("@import"), "{name}");
        let parsed = Parsed::of(page).unwrap();
        for tag in &parsed.tags {
            let names = tag.split_whitespace().next().unwrap_or_default();
            assert!(
                !["script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use"]
                    .contains(&names),
                "{name}: <{tag}>"
            );
            for attribute in [" style=\"", " src=\"", " srcset=\"", " xlink:", " onclick", " onload"] {
                assert!(!tag.contains(attribute), "{name}: <{tag}>");
            }
        }
    }
}

#[test]
fn tags_in_tight_lists_are_closed() {
    let page = set("# T\n\n## <a id=\"a\"></a>S\n\n- **✗ fail** x [y](#a) `z`\n  - *e* [gone](#nowhere)\n");
    Parsed::of(&page).unwrap();
    assert!(
        page.contains("<li><strong class=\"r-fail\">✗ fail</strong> x <a href=\"#a\">y</a> <code>z</code>"),
        "{page}"
    );
    assert!(page.contains("<h2 id=\"a\">S</h2>") && page.contains("<em>e</em> gone"));
}

#[test]
fn foreign_html_and_unsafe_links_are_shown_and_not_followed() {
    let page =
        set("# T\n\n<script>alert(1)</script>\n\na <img src=x onerror=y> [l](javascript:a) [m](http://example.com) \
                    [n](//example.com) [o](https://example.com/) [p](orgs/x/report.md) <a id=\"UP\"></a> </a>\n");
    let parsed = Parsed::of(&page).unwrap();
    assert_eq!(parsed.values("href"), ["#Main", "https://example.com/", "orgs/x/report.html"]);
    for text in ["<script>alert(1)</script>", "<img src=x onerror=y>", "<a id=\"UP\"></a> </a>"] {
        assert!(parsed.text.contains(text), "{text}");
    }
}

#[test]
fn a_name_given_twice_stays_with_its_first_place() {
    let page = set("# T\n\n## <a id=\"x\"></a>A\n\n## <a id=\"x\"></a>A\n\n## A\n\n<a id=\"x\"></a>\n\n#### Deep\n");
    let parsed = Parsed::of(&page).unwrap();
    assert_eq!(parsed.values("id"), ["H-t", "Main", "x", "H-a", "H-a-2", "H-deep"]);
    assert!(page.contains("<h3 id=\"H-deep\">"), "no level is left out");
}

#[test]
fn a_directive_keeps_its_effect_when_widths_follow_it() {
    let table = "| # | a |\n|---|---|\n| 1 | ● review |\n";
    let matrix = set(&format!("# T\n\n## S\n\n<!-- matrix -->\n\n<!-- widths: 1 2 -->\n\n{table}"));
    assert!(matrix.contains("<div class=\"table matrix\"") && matrix.contains("<th scope=\"row\">1</th>"), "{matrix}");
    let small = set(&format!("# T\n\n## S\n\n<!-- small -->\n\n<!-- widths: 1 2 -->\n\n{table}"));
    assert!(small.contains("<div class=\"table small\""), "{small}");
}

#[test]
fn only_a_symbol_with_its_word_is_a_result() {
    let page = set("# T\n\n## S\n\n| ✗ fail |\n|---|\n| ✗ evil |\n| `✗ fail` |\n| ✗ failure |\n\n**✓ pass** **✗ x**\n");
    assert_eq!(page.matches("class=\"r-").count(), 2, "{page}");
    assert!(page.contains("<th scope=\"col\" class=\"r-fail\">") && page.contains("<strong class=\"r-pass\">"));
}

#[test]
fn the_page_has_the_colours_of_its_theme_and_words_are_legible_in_light_and_in_the_dark() {
    let theme =
        Theme::parse("[colour]\nreview = \"#123456\"\n[dark]\nreview = \"#ABCDEF\"\n", |_| Err("none".into())).unwrap();
    let meta = HtmlMeta {
        title: "T".into(),
        language: "en".into(),
        contents_title: "C".into(),
        skip: "S".into(),
        ..HtmlMeta::default()
    };
    let page = html(&blocks("# T\n"), &[], &theme, &meta);
    let (light, dark) = page.split_once("prefers-color-scheme:dark").unwrap();
    assert!(light.contains("--review:#123456;") && dark.contains("--review:#abcdef;"));
    let pale = Theme::parse("[dark]\nfail = \"#333333\"\n", |_| Err("none".into())).unwrap_err();
    assert!(pale.to_string().starts_with("theme: dark.fail #333333 on #12171d has a contrast of "), "{pale}");
    let results = [Ink::Fail, Ink::NotEvaluable, Ink::Review, Ink::Pass, Ink::NotApplicable, Ink::NotTested];
    for colours in [Theme::default().colours, Theme::default().dark] {
        for ink in results {
            let ratio = colours.of(ink).contrast(colours.mixed(ink, 0.1));
            assert!(ratio >= 4.5, "{ink:?} on the tint of its cell: {ratio}");
        }
    }
}

fn piece() -> impl Strategy<Value = String> {
    let lines = [
        "<!-- card -->",
        "<!-- /card -->",
        "<!-- toc -->",
        "<!-- /toc -->",
        "<!-- tiles -->",
        "<!-- facts -->",
        "> <!-- card -->",
        "> quote",
        "> ## in a quote",
        "- item **b",
        "- **✓ pass**",
        "  - [deep](#x)",
        "1. one",
        "   > nested",
        "# T",
        "## S",
        "#### F",
        "| a | b |\n|---|--:|\n| <a id=\"x\"></a>1 | ✗ fail |",
        "<a id=\"x\"></a>",
        "a <a id=\"x\"></a> b </a>",
        "[a <a id=\"y\"></a>](#x)",
        "```sh\n<b>&\n```",
        "<div>",
        "![i](figures/x.svg)",
        "*all of it*",
        "***",
        "<!-- verdict -->",
        "<!--",
        "-->",
        "\\",
        "&copy; &lt;",
        "    code",
        "- <!-- toc -->",
        "- <!-- /card -->",
        "**a *b** c*",
    ];
    prop_oneof![4 => proptest::sample::select(lines.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,30}"]
}

proptest! {
    #[test]
    fn any_markdown_gives_a_closed_page(pieces in prop::collection::vec((piece(), prop::bool::ANY), 0..24)) {
        let markdown: String = pieces.iter().map(|(text, gap)| format!("{text}\n{}", if *gap { "\n" } else { "" })).collect();
        let parsed = Parsed::of(&set(&markdown)).map_err(|e| TestCaseError::fail(format!("{e}: {markdown}")))?;
        let ids = parsed.values("id");
        prop_assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn a_label_is_text_wherever_it_stands(label in "[\\PC<>&\"'`*_\\[\\]()#|!\\\\~:/-]{1,40}") {
        // Texts are trimmed as they are read, and an empty one is none.
        let label = label.trim();
        prop_assume!(!label.is_empty());
        let around = |label: &str| format!(
            "# T\n\n## <a id=\"a\"></a>{label} end\n\nA {label} b **c {label}**\n\n- {label} [{label}](#a)\n\n| a | b |\n|---|---|\n| x {label} | {label} |\n");
        let plain = Parsed::of(&set(&around("plain"))).map_err(TestCaseError::fail)?;
        let parsed = Parsed::of(&set(&around(&escape::markdown(label)))).map_err(TestCaseError::fail)?;
        prop_assert_eq!(parsed.skeleton(), plain.skeleton());
        prop_assert!(parsed.text.contains(&visible(label)), "{:?} not in the text", label);
    }
}

/// Draft and classification stand on top, findings can be chosen by result, and places that prove something are folded.
#[test]
fn the_page_says_what_it_is_and_shows_what_is_asked_for() {
    let scratch = Scratch::new("html-reader");
    let out = scratch.join("out");
    let samples = root().join("samples");
    let args = ["review".into(), samples.join("halden-prod"), "-o".into(), out.clone(), "--format=html".into()];
    let ran = shr(args.into_iter().chain(["--engagement".into(), samples.join("engagement.toml")]));
    assert_eq!(ran.code, 1, "{}", ran.err);
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("<aside class=\"banner\">DRAFT · TLP:AMBER</aside>"));
    let (fold, rest) = page.split_once("<main").unwrap();
    assert!(
        fold.contains("class=\"verdict\"") && fold.contains("class=\"tiles\""),
        "the verdict comes before the rest"
    );
    for result in ["fail", "not-evaluable", "review"] {
        assert!(rest.contains(&format!("id=\"Filter-{result}\"")), "{result} can be chosen");
        assert!(
            page.contains(&format!("#Filter-{result}:checked) .card:not(.is-{result})")),
            "{result} hides the others"
        );
        assert!(rest.contains(&format!("<section class=\"card is-{result}\">")), "{result} has a card");
    }
    assert_eq!(page.matches("id=\"Filter-").count(), 4, "and all of them");
    assert!(rest.matches("<details><summary>Evidence</summary>").count() > 10);
    assert!(page.contains("details::details-content{content-visibility:visible"), "print shows what is folded");
}
