//! A folder of edited templates: texts key by key, the style sheet, and every name that is not known.

use crate::common::{Ran, Scratch, root, shr};
use std::path::Path;

/// Reviews a sample with a folder of overrides; gives what was said.
fn review(folder: &Path, out: &Path, more: &[&str]) -> Ran {
    let sample = root().join("samples/lumen-mdapi.zip");
    let args = ["review".into(), sample, "-o".into(), out.to_owned(), "--templates".into(), folder.to_owned()];
    shr(args
        .into_iter()
        .chain(["--format".into(), "md,html".into(), "--force".into()])
        .chain(more.iter().map(Into::into)))
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn a_text_is_replaced_by_its_key_and_the_others_stay() {
    let scratch = Scratch::new("overrides-texts");
    let (folder, out) = (scratch.join("mine"), scratch.join("out"));
    write(&folder, "lang/en/report.toml", "\"report.summary.title\" = \"At a glance\"\n");
    write(&folder, "lang/en/eca-ccf-policies.toml", "\"report.criterion.network-restricted\" = \"Origin\"\n");
    write(&folder, "lang/de/report.toml", "\"report.summary.title\" = \"Auf einen Blick\"\n");
    write(&folder, "report.css", "main{color:rebeccapurple}\n");
    let ran = review(&folder, &out, &[]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let text = std::fs::read_to_string(out.join("report.md")).unwrap();
    assert!(text.contains("1 At a glance") && text.contains("2 Results") && text.contains("| Origin |"), "{text}");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("main{color:rebeccapurple}") && !page.contains("text-size-adjust"));
    assert_eq!(review(&folder, &out, &["--lang", "de"]).code, 1);
    assert!(std::fs::read_to_string(out.join("report.md")).unwrap().contains("1 Auf einen Blick"));
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    assert!(manifest.contains("template:lang/de/report.toml"), "what shaped the report is in the manifest");
}

#[test]
fn what_is_misspelt_is_named_with_its_line_and_the_nearest_name() {
    let cases = [
        ("partials/crad.hbs", "x", "crad.hbs: is no file that shapes a report", "did you mean `partials/card.hbs`?"),
        ("lang/en/raport.toml", "", "raport.toml: is no file", "did you mean `lang/en/report.toml`?"),
        (
            "lang/en/report.toml",
            "\n\"report.sumary.title\" = \"x\"\n",
            "report.toml:2: no text has the key `report.sumary.title`",
            "did you mean `report.summary.title`?",
        ),
        (
            "lang/en/report.toml",
            "\"report.more\" = \"{m} more\"\n",
            "report.toml:1: `report.more` has no placeholder `{m}`",
            "the built-in text has n",
        ),
        ("lang/en/report.toml", "\"report.more\" = \n", "report.toml:1: ", "each key once"),
        ("report.css", "a{background:url(x)}", "report.css: holds `url(`", "the page loads nothing"),
        ("report.css", "</style><p>", "report.css: holds `</`", "the page loads nothing"),
        (
            "partials/plan.hbs",
            "a\n<!-- tilse -->\nb\n",
            "partials/plan.hbs:2:1: no directive `tilse`",
            "docs/markdown.md",
        ),
    ];
    for (name, text, says, hint) in cases {
        let scratch = Scratch::new("overrides-misspelt");
        let folder = scratch.join("mine");
        write(&folder, name, text);
        let ran = review(&folder, &scratch.join("out"), &[]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.err);
        assert!(ran.err.contains(says) && ran.err.contains(hint), "{name}: {}", ran.err);
        assert!(!scratch.join("out").exists(), "{name}: nothing is written");
    }
}

#[test]
fn templates_are_checked_without_a_snapshot() {
    let scratch = Scratch::new("overrides-check");
    let folder = scratch.join("mine");
    assert_eq!(shr(["templates".into(), folder.clone()]).code, 0);
    let check =
        |folder: &Path| shr(["review".into(), "--check-templates".into(), "--templates".into(), folder.to_owned()]);
    let ran = check(&folder);
    assert_eq!((ran.code, ran.out.as_str()), (0, "the templates render for 1 org without error\n"), "{}", ran.err);
    // Every volume and the kit are rendered, so that a fault in any of them is found.
    let volumes =
        ["workpapers.md.hbs", "runbook.md.hbs", "kit.md.hbs", "pack.md.hbs"].map(|name| (name, "{{nothing}}"));
    // What only people state, too: no sample has it all.
    let stated = ["partials/decision.hbs", "partials/full.hbs"].map(|name| (name, "{{nothing}}"));
    for (name, fault) in volumes.into_iter().chain(stated) {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        write(&folder, name, &format!("{text}{fault}\n"));
        let ran = check(&folder);
        assert!(ran.code == 2 && ran.err.contains(name), "{name}: {} {}", ran.code, ran.err);
        write(&folder, name, &text);
    }
    assert_eq!(shr(["review"]).code, 2, "without the check a snapshot is needed");
}

#[test]
fn impact_comment_and_footer_have_their_places() {
    let scratch = Scratch::new("overrides-places");
    let out = scratch.join("out");
    let theme = scratch.join("theme.toml");
    std::fs::write(&theme, "[brand]\nfooter = \"Marlow & Quist, confidential\"\n").unwrap();
    let samples = root().join("samples");
    let args = ["review".into(), samples.join("halden-prod"), "-o".into(), out.clone(), "--theme".into(), theme];
    let ran = shr(args.into_iter().chain(["--engagement".into(), samples.join("engagement.toml")]));
    assert_eq!(ran.code, 1, "{}", ran.err);
    let text = std::fs::read_to_string(out.join("report.md")).unwrap();
    let card = text.split("3. Data Warehouse Loader").nth(1).unwrap().split("<!-- /card -->").next().unwrap();
    assert!(card.contains("| Impact (stated) | The warehouse holds every invoice"), "{card}");
    assert!(card.contains("| Comment | Discussed with the data platform"), "{card}");
    let pages = lopdf::Document::load(out.join("report.pdf")).unwrap();
    assert!(
        pages.extract_text(&[2]).is_ok_and(|text| text.contains("confidential")),
        "the footer is on the second page"
    );
    let json = std::fs::read_to_string(out.join("assessment.json")).unwrap();
    assert!(json.contains("\"business_impact\"") && json.contains("\"comment\""));
}

#[test]
fn the_theme_of_the_folder_counts_unless_another_is_named() {
    let scratch = Scratch::new("overrides-theme");
    let folder = scratch.join("mine");
    write(&folder, "theme.toml", "[brand]\nname = \"Kestrel Audit\"\n");
    let other = scratch.join("other.toml");
    std::fs::write(&other, "[brand]\nname = \"Osprey Audit\"\n").unwrap();
    let page = |name: &str, more: &[std::path::PathBuf]| {
        let out = scratch.join(name);
        let args = ["review".into(), root().join("samples/tarn-no-apps"), "-o".into(), out.clone()];
        let fixed = ["--format".into(), "html".into(), "--templates".into(), folder.clone()];
        let ran = shr(args.into_iter().chain(fixed).chain(more.iter().cloned()));
        (ran, std::fs::read_to_string(out.join("report.html")).unwrap_or_default())
    };
    assert!(page("own", &[]).1.contains("Kestrel Audit"));
    let named = page("named", &["--theme".into(), other]).1;
    assert!(named.contains("Osprey Audit") && !named.contains("Kestrel"));
    write(&folder, "theme.toml", "[brand\n");
    let (ran, _) = page("broken", &[]);
    assert!(ran.code == 2 && ran.err.contains("theme.toml"), "{}", ran.err);
    write(&folder, "theme.toml", "");
    write(&folder, "lang/en/kit.toml", "\n\"kit.title\" = 5\n");
    let (ran, _) = page("text", &[]);
    assert!(ran.code == 2 && ran.err.contains("lang/en/kit.toml:2: "), "{}", ran.err);
}
