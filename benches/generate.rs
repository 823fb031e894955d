//! Writes synthetic orgs for measurements: `cargo bench --bench generate -- whole-org DIR`.

mod common;

use common::Size;
use std::io::{self, Write as _};
use std::path::Path;

const USAGE: &str = "whole-org DIR        40 profiles of 1.8 MB, 150 permission sets, 5 apps, 20,000 other files
apps N DIR           one org of N apps
orgs N APPS DIR      N orgs of APPS apps each, as children of DIR
";

fn main() -> io::Result<()> {
    // cargo adds `--bench`
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().map_err(|_| io::Error::other(format!("not a number: {text}")));
    match arguments.as_slice() {
        ["whole-org", dir] => common::org(Path::new(dir), 0, Size::WHOLE_ORG),
        ["apps", n, dir] => common::org(Path::new(dir), 0, Size::apps(number(n)?)),
        ["orgs", n, apps, dir] => common::orgs(Path::new(dir), number(n)?, Size::small(number(apps)?)),
        _ => io::stdout().write_all(USAGE.as_bytes()),
    }
}
