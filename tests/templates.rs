//! Templates: strict, free of raw output, and safe against any text from an org.

use crate::common::{Scratch, files_below, root, shr};
use crate::report::fixture;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use shr::catalogue::Catalogue;
use shr::controls::client_credentials::Stated;
use shr::model::Assessment;
use shr::render::markdown::{self, Templates};
use shr::text::escape;
use shr::text::message::Message;
use shr::text::visible::visible;
use shr::text::wording::Wording;

fn words() -> Wording {
    shr::controls::wording("en").unwrap()
}

fn rendered(overrides: &[(&str, &str)]) -> Result<String, markdown::TemplateError> {
    let (control, words) = (shr::controls::catalogue("en").unwrap(), words());
    let model = shr::report::build(&fixture::assessment(&control), &control, &words);
    let overrides = overrides.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
    markdown::org(&model, &Templates::with_overrides(overrides)?)
}

#[test]
fn built_in_templates_have_no_raw_output_and_no_sentences() {
    for (name, text) in Templates::builtin_files() {
        assert!(!text.contains("{{{") && !text.contains("{{&"), "{name} prints without escaping");
        // What stands outside tags and comments is structure: no two words in a row.
        let mut bare = String::new();
        let mut rest = *text;
        while let Some(open) = rest.find("{{").into_iter().chain(rest.find("<!--")).min() {
            bare.push_str(&rest[..open]);
            let end = if rest[open..].starts_with("{{") { "}}" } else { "-->" };
            rest = &rest[open + rest[open..].find(end).unwrap() + end.len()..];
            bare.push('\u{1}');
        }
        bare.push_str(rest);
        for line in bare.lines().filter(|line| !line.starts_with('|')) {
            let letters = |w: &&str| w.len() > 3 && w.chars().all(char::is_alphabetic);
            let prose: Vec<&str> = line.split_whitespace().filter(letters).collect();
            assert!(prose.len() < 2, "{name} holds a sentence: {line}");
        }
    }
}

#[test]
fn a_misspelt_field_is_an_error_everywhere() {
    for (template, line, says) in [
        ("{{summry.verdict}}", 1, "summry"),
        ("\n\n{{#if findngs}}x{{/if}}", 3, "findngs"),
        ("x\n{{#each findngs}}x{{/each}}", 2, "findngs"),
        ("{{#unless drft}}x{{/unless}}", 1, "drft"),
        ("{{#each findings}}{{code api_nam}}{{/each}}", 1, "api_nam"),
        ("{{t \"report.summary.title\" x=titel}}", 1, "titel"),
        ("{{block \"sh\" titel}}", 1, "titel"),
        ("{{#if (eq titel draft)}}x{{/if}}", 1, "titel"),
    ] {
        let error = rendered(&[("report.md", template)]).unwrap_err();
        assert_eq!((error.template.as_str(), error.line), ("report.md.hbs", line), "{template}: {error}");
        assert!(error.message.contains(says) && error.column > 0, "{template}: {error}");
    }
}

#[test]
fn an_error_names_the_nearest_field_template_or_text() {
    let hint = |name: &str, text: &str| rendered(&[(name, text)]).unwrap_err();
    assert_eq!(hint("report.md", "{{#if findngs}}x{{/if}}").hint, "did you mean `findings`?");
    assert_eq!(hint("report.md", "{{part \"partials/crad\"}}").hint, "did you mean `partials/card`?");
    let partial = hint("partials/card.hbs", "a\n{{card.labl}}");
    assert_eq!(
        (partial.template.as_str(), partial.line, partial.hint.as_str()),
        ("partials/card.hbs", 2, "did you mean `label`?")
    );
    assert_eq!(partial.source_line, "{{card.labl}}");
    assert!(hint("report.md", "{{t \"report.no-such\"}}").message.contains("report.no-such"));
    let broken = hint("report.md", "one\n{{#if title}}two\n");
    assert_eq!(broken.template, "report.md.hbs");
    assert!(broken.line > 0, "{broken}");
}

#[test]
fn an_override_replaces_one_part_and_keeps_the_rest() {
    let text = rendered(&[("partials/plan.hbs", "PLAN {{plan.length}}")]);
    assert!(text.is_err(), "there is no field `length`");
    let text = rendered(&[("partials/plan.hbs", "PLAN of {{org}}\n")]).unwrap();
    assert!(text.contains("PLAN of halden") && text.contains("6 In order"));
}

/// Reviews a small sample; `more` are further arguments.
fn review(scratch: &Scratch, out: &str, more: &[&str]) -> crate::common::Ran {
    let sample = root().join("samples/lumen-mdapi.zip");
    let mut args = vec!["review".into(), sample.into_os_string(), "-o".into(), scratch.join(out).into_os_string()];
    args.extend(["--format", "md"].map(Into::into));
    args.extend(more.iter().map(Into::into));
    shr(args)
}

#[test]
fn written_out_templates_give_the_same_report_and_are_never_overwritten() {
    let scratch = Scratch::new("templates-out");
    let folder = scratch.join("mine");
    let written = shr(["templates".into(), folder.clone()]);
    assert_eq!(written.code, 0, "{}", written.err);
    let files: Vec<String> = files_below(&folder).into_iter().map(|file| file.0).collect();
    for name in Templates::builtin_files().iter().map(|file| file.0).chain(["theme.toml"]) {
        assert!(files.contains(&name.to_owned()) && written.out.contains(name), "{name}: {files:?}");
    }
    let again = shr(["templates".into(), folder.clone()]);
    assert!(again.code == 2 && again.err.contains("exists already"), "{}", again.err);
    let edited = folder.to_str().unwrap();
    assert_eq!(review(&scratch, "own", &[]).code, 1);
    assert_eq!(review(&scratch, "edited", &["--templates", edited]).code, 1);
    // The command that repeats the run names the folder, and the inputs its files; nothing else differs.
    let report = |out: &str| {
        let text = std::fs::read_to_string(scratch.join(out).join("report.md")).unwrap();
        let of_the_run = |line: &&str| !line.contains("shr review ") && !line.starts_with("| theme | theme.toml");
        text.lines().filter(of_the_run).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(report("own") == report("edited"));
}

#[test]
fn a_fault_in_an_edited_template_is_said_with_path_line_column_and_nearest_name() {
    let scratch = Scratch::new("templates-fault");
    let folder = scratch.join("mine");
    std::fs::create_dir_all(folder.join("partials")).unwrap();
    let edited = folder.to_str().unwrap().to_owned();
    let arguments = ["--templates", &edited, "--check-templates"];
    for (file, text, place, says, hint) in [
        ("report.md.hbs", "# {{title}}\n\n{{subtitel}}\n", "report.md.hbs:3:", "subtitel", "did you mean `subtitle`?"),
        ("partials/plan.hbs", "{{#each plan}}\n{{/if}}\n", "partials/plan.hbs:2:", "", ""),
        ("partials/card.hbs", "\n\n  {{card.lable}}\n", "partials/card.hbs:3:", "lable", "did you mean `label`?"),
    ] {
        std::fs::write(folder.join(file), text).unwrap();
        for checked in [&arguments[..], &arguments[..2]] {
            let ran = review(&scratch, "out", checked);
            assert_eq!(ran.code, 2, "{file}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(&format!("{edited}/{place}")), "{file}: {}", ran.err);
            assert!(ran.err.contains(says) && ran.err.contains(hint), "{file}: {}", ran.err);
            assert!(!scratch.join("out").exists(), "{file}: nothing is written");
        }
        std::fs::remove_file(folder.join(file)).unwrap();
    }
    std::fs::write(folder.join("partials/plan.hbs"), "{{t \"report.plan.title\"}}\n").unwrap();
    let good = review(&scratch, "out", &arguments);
    assert!(good.code == 0 && good.out.contains("render for 1 org without error"), "{}{}", good.out, good.err);
    assert!(!scratch.join("out").exists(), "a check writes nothing");
    let empty = scratch.join("empty");
    std::fs::create_dir_all(&empty).unwrap();
    let none = review(&scratch, "out", &["--templates", empty.to_str().unwrap()]);
    assert!(none.code == 2 && none.err.contains("holds no template of shr"), "{}", none.err);
}

/// Kinds of events with link targets and code languages, all text left out.
fn skeleton(markdown: &str) -> Vec<String> {
    let kind = |event: Event<'_>| match event {
        Event::Text(_) | Event::SoftBreak => None,
        Event::Code(_) => Some("code".to_owned()),
        Event::Start(Tag::Link { dest_url, .. }) => Some(format!("link {dest_url}")),
        Event::Start(Tag::Image { dest_url, .. }) => Some(format!("image {dest_url}")),
        Event::Start(tag) => Some(format!("+{:?}", tag.to_end())),
        Event::End(tag) => Some(format!("-{tag:?}")),
        Event::InlineHtml(html) | Event::Html(html) => Some(format!("html {html}")),
        other => Some(format!("{other:?}")),
    };
    Parser::new_ext(markdown, Options::ENABLE_TABLES).filter_map(kind).collect()
}

/// All text, code included, in reading order.
fn text_of(markdown: &str) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::End(TagEnd::Paragraph | TagEnd::TableCell | TagEnd::Item | TagEnd::Heading(_)) => out.push('\n'),
            Event::SoftBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

/// The rich assessment with one text in every place that an org or a person fills.
fn poisoned(control: &Catalogue, text: &str) -> Assessment {
    let mut a = fixture::assessment(control);
    let t = || text.to_owned();
    for f in &mut a.findings {
        f.subject.label = t();
        f.subject.api_name = t();
        f.facts.set("distribution_state", &t());
        let mut user = f.execution_user();
        (user.profile, user.license) = (t(), t());
        if !user.name.is_empty() {
            user.name = t();
        }
        user.shared_with.iter_mut().for_each(|s| *s = t());
        f.facts.set("execution_user", &user);
        let rights = std::sync::Arc::make_mut(&mut f.rights);
        rights.objects = vec![t(), t()];
        f.facts.set("scopes", &[t()]);
        f.cause = Some(t());
        f.management_response = f.management_response.as_ref().map(|_| t());
        for step in rights.grants.iter_mut().flat_map(|g| g.paths.iter_mut().flatten()) {
            step.name = t();
        }
        if let Some(d) = &mut f.disposition {
            (d.rationale, d.approver, d.app) = (t(), t(), t());
        }
    }
    for e in &mut a.evidence {
        e.item.seen = Some(t());
        e.item.path = t().into();
    }
    for p in &mut a.problems {
        (p.place, p.message, p.hint) = (t(), t(), t());
    }
    for c in &mut a.connected_apps {
        (c.label, c.api_name, c.execution_user) = (t(), t(), t());
    }
    a.org.name = t();
    a.document.client = t();
    a.document.title = t();
    a.decisions = vec![Message::new("decision.one").with("name", t()).with("marker", t())];
    a.passed_over = vec![Message::new("passed-over.ending").with("n", 1_usize).with("paths", vec![t()])];
    a.inputs[0].path = t();
    a
}

/// Texts made to break out, and random ones.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "Z",
        "7",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "|",
        "\\",
        "`",
        "``",
        "*",
        "**",
        "_",
        "__",
        "~~",
        "#",
        "# ",
        "[",
        "]",
        "](",
        "(x)",
        "!",
        "![",
        "<",
        ">",
        "<b>",
        "<!--",
        "-->",
        "&",
        "&amp;",
        "&#35;",
        "{",
        "{{",
        "}}",
        "$",
        "^",
        "@",
        ":",
        "http://x.example",
        "www.x",
        "1.",
        "2)",
        "- ",
        "+ ",
        "=",
        "---",
        "===",
        "|---|",
        "> ",
        "<a id=\"x\"></a>",
        "{#id}",
        "\u{202e}",
        "\u{200b}",
        "é",
        "م",
        "漢",
        "🚢",
        "\u{0}",
        "\u{7f}",
        ".",
        "\u{a0}",
    ]);
    prop_oneof![prop::collection::vec(pieces, 1..12).prop_map(|v| v.concat()), any::<String>()]
        .prop_filter("blank texts are shown by the API name or not at all", |t| !visible(t).is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever an org calls its things, the report has the same structure.
    #[test]
    fn no_text_from_an_org_changes_the_structure(text in hostile()) {
        let (control, words) = (shr::controls::catalogue("en").unwrap(), words());
        let templates = Templates::builtin().unwrap();
        let write = |text: &str| {
            let model = shr::report::build(&poisoned(&control, text), &control, &words);
            markdown::org(&model, &templates).unwrap()
        };
        let (plain, odd) = (write("plain"), write(&text));
        let (plain, odd_events) = (skeleton(&plain), skeleton(&odd));
        let differ = plain.iter().zip(&odd_events).position(|(a, b)| a != b);
        prop_assert!(plain.len() == odd_events.len() && differ.is_none(), "{text:?} at {differ:?}");
        prop_assert!(text_of(&odd).contains(&visible(&text)), "{text:?} is lost");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each function alone, in every context that a template can put it in.
    #[test]
    fn escaped_text_survives_in_every_context(text in hostile()) {
        let shown = visible(&text);
        for (before, after) in [
            ("", ""), ("a ", " b"), ("a", "b"), ("# ", ""), ("### <a id=\"x\"></a>", ""), ("- ", ""), ("1. ", ""), ("> ", ""), ("- a\n  - ", ""),
            ("| a | b |\n|---|---|\n| ", " | c |"), ("**a** ", ""), ("[", "](#x)"), ("(", ")"), ("para\n", "\nmore"), ("", "[l](#x)"), ("see ", "[l](#x)"), ("![", "](figures/x.svg)"),
        ] {
            let wrapped = |t: &str| format!("{before}{t}{after}\n");
            let written = wrapped(&escape::markdown(&text));
            prop_assert_eq!(skeleton(&written), skeleton(&wrapped("plain")), "{:?}", written);
            prop_assert!(text_of(&written).contains(&shown), "{:?} in {:?}", shown, written);
        }
        for (before, after, write) in [
            ("a ", " b", escape::code as fn(&str) -> String), ("- ", "", escape::code), ("", "", escape::code),
            ("| a | b |\n|---|---|\n| ", " | c |", escape::cell_code),
        ] {
            let wrapped = |t: &str| format!("{before}{}{after}\n", write(t));
            let written = wrapped(&text);
            prop_assert_eq!(skeleton(&written), skeleton(&wrapped("plain")), "{:?}", written);
            prop_assert!(text_of(&written).contains(&shown), "{:?} in {:?}", shown, written);
        }
        let block = format!("a\n\n{}\n\nb\n", escape::block("sql", &text));
        prop_assert_eq!(skeleton(&block), skeleton(&format!("a\n\n{}\n\nb\n", escape::block("sql", "plain"))), "{:?}", block);
    }
}

#[test]
fn hidden_characters_are_shown_by_their_code_point() {
    assert_eq!(visible("pay\u{202e}txt\u{200b}\u{0}"), "pay[U+202E]txt[U+200B][U+0000]");
    assert_eq!(visible("  two\r\n lines\u{a0}"), "two lines");
    assert_eq!(escape::markdown("Shipment__c 2026.11 a_b"), "Shipment__c 2026.11 a_b");
    assert_eq!(escape::markdown("1. x"), "1\\. x");
}

#[test]
fn templates_that_include_each_other_in_a_circle_are_refused() {
    let circle = [
        ("partials/plan.hbs", "{{part \"partials/facts\" facts=cover}}"),
        ("partials/facts.hbs", "{{part \"partials/plan\"}}"),
    ];
    let error = rendered(&circle).unwrap_err();
    assert!(error.message.contains("a circle?"), "{error:?}");
    let error = rendered(&[("partials/plan.hbs", "text\n  {{> partials/plan}}")]).unwrap_err();
    assert_eq!((error.template.as_str(), error.line, error.column), ("partials/plan.hbs", 2, 3));
    assert_eq!(error.hint, "write {{part \"partials/name\"}}");
}

#[test]
fn a_part_passes_places_and_values() {
    let part =
        "{{#each findings}}{{#if @first}}{{part \"partials/mine\" facts=user at=@number word=\"w\"}}{{/if}}{{/each}}";
    let mine = "FIRST {{#each facts}}{{#if @first}}[{{name}}] {{../at}}{{/if}}{{/each}} {{label}} {{at}} {{word}}";
    let text = rendered(&[("partials/plan.hbs", part), ("partials/mine.hbs", mine)]).unwrap();
    let line = text.lines().find(|line| line.starts_with("FIRST")).unwrap();
    assert!(line.contains("[User]") && line.ends_with(" 1 w"), "{line}");
}
