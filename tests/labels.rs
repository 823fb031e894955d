//! Labels that try something, through the whole of a run.

use crate::common::{Scratch, assert_conforms, files_below, root, shr};

#[test]
fn hostile_labels_are_text_in_every_format() {
    let scratch = Scratch::new("hostile-labels");
    let folder = scratch.join("halden-metadata-only");
    let labels = [
        ("Data Warehouse Loader", "=HYPERLINK(&quot;https://example.com/x&quot;,&quot;Data&quot;)"),
        ("Freight Quote Express", "Freight | Quote *Express* \u{202e}&lt;script&gt;gpj.exe"),
        ("Zollstatus-Übersicht Zürich", "Zollstatus | Zürich (عرض)"),
    ];
    for (path, bytes) in files_below(&root().join("samples/halden-metadata-only")) {
        let text = String::from_utf8(bytes).unwrap();
        let text = labels.iter().fold(text, |text, (label, hostile)| text.replace(label, hostile));
        std::fs::create_dir_all(folder.join(&path).parent().unwrap()).unwrap();
        std::fs::write(folder.join(&path), text).unwrap();
    }
    let out = scratch.join("out");
    let formats = "md,pdf,html,csv,json".to_owned();
    let ran = shr(["review", &folder.display().to_string(), "-o", &out.display().to_string(), "--format", &formats]);
    assert!(ran.err.contains("no font covers"), "{}", ran.err);
    let text = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    assert!(text("findings.csv").contains("\"'=HYPERLINK("), "a formula is guarded");
    assert!(!text("findings.csv").contains('\u{202e}') && text("findings.csv").contains("[U+202E]"));
    assert!(text("report.md").contains("Freight \\| Quote \\*Express\\* \\[U+202E\\]\\<script>gpj.exe"));
    assert!(!text("report.html").contains("<script") && text("report.html").contains("&lt;script&gt;gpj.exe"));
    let kit = text("remediation/README.md");
    assert!(kit.contains("\\|") && !kit.contains("<script>gpj") || kit.contains("\\<script>gpj"), "{kit}");
    assert_conforms("hostile labels", &std::fs::read(out.join("report.pdf")).unwrap());
}
