//! The names that stand in the inputs, collected without the tool, and where they are found again.

use crate::common::{files_below, root};
use crate::samples;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::process::Command;

/// Fields of an engagement file that name persons or firms, with what they are beside it.
const PERSON_FIELDS: [&str; 7] = ["prepared_for", "prepared_by", "reviewer", "approver", "extracted_by", "by", "owner"];
/// Columns and settings whose value is a user name or the name of a user.
const USER_FIELDS: [&str; 5] =
    ["username", "user_name", "clientcredentialsflowuser", "assignee.username", "assignee.name"];
/// Parts of person fields that tell what somebody is, not who. A report without them would not say who answers for it.
const ROLES: [&str; 4] = ["Head of Platform", "Platform desk", "Platform team", "Chief Information Officer"];
/// Words of names that say nothing by themselves: of a firm, and of users that are called like their integration.
const COMMON_WORDS: [&str; 1] = ["assurance"];
/// Fewest letters of a word that is looked for alone: `T`, `C` and the like stand everywhere.
const SHORTEST: usize = 4;

/// Names, and those left out with the reason.
#[derive(Default)]
pub(super) struct Canaries {
    pub(super) names: BTreeSet<String>,
    pub(super) skipped: BTreeSet<String>,
}

impl Canaries {
    /// Users of the samples and persons of the engagement file; with `clients` client and orgs, too.
    pub(super) fn collect(engagement: &toml::Value, clients: bool) -> Self {
        let mut all = Self::default();
        let organisations = organisations(engagement);
        let mut apps = BTreeSet::new();
        for sample in samples::SAMPLES {
            for (path, bytes) in samples::files(&samples::samples().join(sample)) {
                all.users(&path, &bytes);
                apps.extend(path.contains("externalClientApps/").then(|| normal(&stem(&path).replace('_', " "))));
            }
        }
        // The name of an app is no secret of a person, and stands in every output.
        let (called, names): (BTreeSet<_>, _) = all.names.into_iter().partition(|name| apps.contains(&normal(name)));
        all.names = names;
        called.iter().for_each(|name| all.skip(name, "is the name of an app"));
        let persons: Vec<String> = all.names.iter().filter(|name| is_person(name, &apps)).cloned().collect();
        all.names.extend(persons.iter().flat_map(|name| words(name)).filter(|word| word.chars().count() >= SHORTEST));
        all.people(engagement, &organisations);
        if clients {
            all.names.extend(organisations);
        }
        all
    }

    /// Every address of a file, and what its rows and settings call a user.
    fn users(&mut self, path: &str, bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let address = |c: char| c.is_alphanumeric() || "._-+@".contains(c);
        text.split(|c| !address(c)).for_each(|word| self.address(word));
        for tag in ["clientCredentialsFlowUser", "oauthClientCredentialUser"] {
            for rest in text.split(&format!("<{tag}>")).skip(1) {
                self.user(rest.split('<').next().unwrap_or_default());
            }
        }
        if !path.contains("exports/") {
            return;
        }
        for row in (1..).map_while(|n| samples::row(path, bytes, n)) {
            USER_FIELDS.iter().filter_map(|field| row.get(*field)).for_each(|name| self.user(name));
            if stem(path) == "User" {
                self.names.extend(row.get("name").cloned());
            }
        }
    }

    fn user(&mut self, name: &str) {
        if name.contains('@') {
            self.address(name);
        } else if !matches!(name, "" | "null") {
            self.skip(name, "is no user name");
        }
    }

    /// An address, its domain, and what stands before the `@` when that has two words.
    fn address(&mut self, word: &str) {
        let word = word.trim_matches('.');
        let Some((local, domain)) =
            word.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty())
        else {
            return;
        };
        self.names.insert(word.to_owned());
        self.names.insert(domain.to_owned());
        match normal(local).split_whitespace().count() {
            1 => self.skip(local, "is a single common word before an `@`"),
            _ => self.names.extend([local.to_owned()]),
        }
    }

    fn people(&mut self, engagement: &toml::Value, organisations: &BTreeSet<String>) {
        let mut fields = Vec::new();
        person_fields(engagement, &mut fields);
        assert!(fields.len() > 15, "{fields:?}");
        let taken: BTreeSet<String> = organisations.iter().flat_map(|name| words(name)).collect();
        for part in fields.iter().flat_map(|field| field.split(", ")) {
            if ROLES.contains(&part) {
                self.skip(part, "is a role");
            } else if organisations.contains(part) {
                self.skip(part, "is client or org: hidden in a portfolio only");
            } else {
                self.names.insert(part.to_owned());
                for word in words(part) {
                    if word.chars().count() < SHORTEST {
                        self.skip(&word, "is too short");
                    } else if COMMON_WORDS.contains(&word.as_str()) {
                        self.skip(&word, "is a common word");
                    } else if taken.contains(&word) {
                        self.skip(&word, "is a word of an org's name");
                    } else {
                        self.names.insert(word);
                    }
                }
            }
        }
    }

    fn skip(&mut self, name: &str, why: &str) {
        self.skipped.insert(format!("{name} {why}"));
    }

    /// `path: name` for every file below a folder that shows a name; paths are looked at as well.
    pub(super) fn in_files(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for (path, bytes) in files_below(folder) {
            let mut all = texts(&path, &bytes);
            if path.ends_with(".pdf") {
                all.extend(page_text(&folder.join(&path)));
            }
            all.push(path.clone());
            found.extend(self.in_texts(&all).into_iter().map(|name| format!("{path}: {name}")));
        }
        found
    }

    /// The names that texts show: as they are, in any case, and however their words are joined.
    pub(super) fn in_texts(&self, texts: &[String]) -> BTreeSet<&str> {
        let forms: Vec<_> = self.names.iter().map(|name| (name, name.to_lowercase(), words(name))).collect();
        let mut found = BTreeSet::new();
        for text in texts {
            let lower = text.to_lowercase();
            // A single word counts where it stands alone, `quist` and not `linguistic`.
            let raw = forms.iter().filter(|(_, whole, words)| words.len() > 1 && lower.contains(whole));
            found.extend(raw.map(|(name, ..)| name.as_str()));
            // Bytes of pictures, fonts and archives have no words.
            if text.contains(char::REPLACEMENT_CHARACTER) {
                continue;
            }
            let normal = format!(" {} ", normal(&plain(text)));
            let known: HashSet<&str> = normal.split(' ').collect();
            let alone = forms.iter().filter(|(_, _, words)| {
                words.iter().all(|word| known.contains(word.as_str()))
                    && normal.contains(&format!(" {} ", words.join(" ")))
            });
            found.extend(alone.map(|(name, ..)| name.as_str()));
        }
        found
    }
}

/// Whether a user is called like a person, and not after an app or a system.
fn is_person(name: &str, apps: &BTreeSet<String>) -> bool {
    let of_app = |word: &String| apps.iter().any(|app| app.split(' ').any(|own| own == word));
    let letters = name.chars().all(|c| c.is_alphabetic() || c == ' ');
    letters && name.contains(' ') && name.starts_with(char::is_uppercase) && !words(name).iter().any(of_app)
}

/// Client and orgs of the engagement file and the samples.
fn organisations(engagement: &toml::Value) -> BTreeSet<String> {
    let client = engagement["document"]["client"].as_str().unwrap();
    let mut names = BTreeSet::from([client.to_owned(), client.trim_end_matches(" AG").to_owned()]);
    for org in engagement["org"].as_array().unwrap() {
        names.extend(["key", "name", "id"].iter().filter_map(|field| Some(org.get(field)?.as_str()?.to_owned())));
    }
    names.extend(samples::SAMPLES.iter().map(|sample| samples::key(sample).to_owned()));
    names
}

/// Name of a file up to its first dot.
fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or_default();
    file.split('.').next().unwrap_or_default()
}

fn person_fields(value: &toml::Value, into: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, inner) in table {
                match inner.as_str().filter(|_| PERSON_FIELDS.contains(&key.as_str())) {
                    Some(text) => into.push(text.to_owned()),
                    None => person_fields(inner, into),
                }
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| person_fields(item, into)),
        _ => {}
    }
}

fn words(text: &str) -> Vec<String> {
    normal(text).split_whitespace().map(str::to_owned).collect()
}

/// Words in lower case with single spaces between them.
fn normal(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// A text without the ways in which formats write characters.
fn plain(text: &str) -> String {
    let text = percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    [("&amp;", "&"), ("&#38;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("\\n", "\n"), ("\u{ad}", "")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

/// Text of a file, unpacked where it is packed.
fn texts(path: &str, bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    // The end of a row and the start of the next are no words of one name.
    let mut out: Vec<String> =
        if path.ends_with(".csv") { text.split("\r\n").map(str::to_owned).collect() } else { vec![text] };
    if path.ends_with(".xlsx") || path.ends_with(".docx") {
        let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        for at in 0..book.len() {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut book.by_index(at).unwrap(), &mut text).unwrap();
            out.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    if path.ends_with(".pdf") {
        let pdf = lopdf::Document::load_mem(bytes).unwrap();
        for object in pdf.objects.values() {
            strings(object, &mut out);
            if let Ok(stream) = object.as_stream() {
                let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                out.push(String::from_utf8_lossy(&content).into_owned());
            }
        }
    }
    out
}

/// Titles, bookmarks, alternative texts and properties of a PDF.
fn strings(object: &lopdf::Object, out: &mut Vec<String>) {
    match object {
        lopdf::Object::String(..) => out.extend(lopdf::decode_text_string(object)),
        lopdf::Object::Array(items) => items.iter().for_each(|item| strings(item, out)),
        lopdf::Object::Dictionary(entries) => entries.iter().for_each(|(_, item)| strings(item, out)),
        lopdf::Object::Stream(stream) => stream.dict.iter().for_each(|(_, item)| strings(item, out)),
        _ => {}
    }
}

/// Text of the pages as another program reads it; nothing, and a line that says so, where there is none.
#[allow(clippy::print_stderr)]
fn page_text(pdf: &Path) -> Option<String> {
    match Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output() {
        Ok(ran) => {
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            Some(String::from_utf8(ran.stdout).unwrap())
        }
        Err(error) => {
            eprintln!("SKIPPED: text of the pages of {}: pdftotext: {error}", pdf.display());
            None
        }
    }
}

/// The engagement file of the samples, with names in what people typed.
pub(super) fn engagement() -> String {
    let text = std::fs::read_to_string(root().join("samples/engagement.toml")).unwrap();
    let typed = BTreeMap::from([
        (
            "Accepted before the move",
            "Nora Lindqvist told Solheim, and integrations@halden-freight.example.com: before the move",
        ),
        ("HF-1011, gateway", "HF-1011 of NORA.LINDQVIST@Halden-Freight.example.com, gateway"),
        ("Mail of 2025-06-30", "Mail of Jörg_Bäcker to Ingrid  Solheim"),
        ("(owner: data platform)", "(Haddad; Amira Haddad; T. Quist; Marlow & Quist Assurance)"),
        ("reviewed with the decommissioning", "reviewed by Wrede for Halden Freight with the decommissioning"),
    ]);
    typed.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "the engagement file lacks `{from}`");
        text.replace(from, to)
    })
}
