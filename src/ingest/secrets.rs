//! Consumer secrets in clear text, wherever they stand in a file of an app: in the element, in a comment, in CDATA, before
//! the place where a file is torn, in a copy that an editor left. Of a secret only its place is kept.

use super::file_facts::{FileFacts, Mention, Said};
use super::values::{File, secret};
use crate::snapshot::{App, Kind, Located, Locator, Place, Problem, ProblemCode, SecretPresence};
use crate::source::recognise::Metadata;
use crate::text::spelling::means;
use memchr::{memchr_iter, memchr2_iter};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

const NAME: &str = "consumerSecret";
const LINK: &str = "externalClientApplication";
/// Longest tag, attributes included, that is looked through for its end.
const LONGEST_TAG: usize = 400;
/// A text after `consumerSecret:` or `consumerSecret=` that is shorter is a word, not a secret.
const SHORTEST: usize = 12;

/// Adds what the text of a file shows beyond its elements. A file that its app cannot be told of becomes a mention.
pub(super) fn add(file: &File<'_>, meta: &Metadata, bytes: &[u8], said: &mut Vec<Said>) {
    if !meta.kind.is_of_an_app() && meta.kind != Kind::ConnectedAppFile {
        return;
    }
    let seen = seen(bytes);
    let own = said.iter_mut().find_map(|one| match one {
        Said::App(part) => Some(part),
        _ => None,
    });
    if let Some(part) = own {
        for (line, presence) in seen {
            let at = file.line(line);
            // The element itself may hold no text and still hold the secret, in another element.
            if !part.app.secret.iter().any(|known| known.at == at && known.value != SecretPresence::Absent) {
                part.app.secret.push(Located::new(presence, String::new(), at));
            }
        }
        return;
    }
    for (line, presence) in seen.into_iter().filter(|(_, presence)| *presence == SecretPresence::ClearText) {
        let (stem, kind) = (meta.name.clone(), meta.kind);
        said.push(Said::Secret(Box::new(Mention { link: None, stem, kind, presence, at: file.line(line) })));
    }
}

/// A copy of an app's file: it is not what the org holds today, but a secret in it is exposed all the same.
pub(super) fn of_copy(path: &Arc<str>, stem: &str, bytes: &[u8]) -> FileFacts {
    let text = text(bytes);
    let link = element(&text, LINK);
    let mut places: Vec<(Place, SecretPresence)> = seen(bytes)
        .into_iter()
        .filter(|(_, presence)| *presence == SecretPresence::ClearText)
        .map(|(line, presence)| (Place::Line(line), presence))
        .collect();
    if places.is_empty() {
        places.push((Place::File, SecretPresence::Absent));
    }
    let mentions = places.into_iter().map(|(place, presence)| {
        let (link, stem, at) = (link.clone(), stem.to_owned(), Locator::new(path, place));
        Said::Secret(Box::new(Mention { link, stem, kind: Kind::CopyFile, presence, at }))
    });
    FileFacts { said: mentions.collect(), ..FileFacts::default() }
}

/// Gives each mention to its app: the one that the file names, else the one whose name the file's begins with. A secret
/// of no app that the snapshot shows is a problem of its own.
pub(super) fn attach(apps: &mut BTreeMap<String, App>, mentions: Vec<Mention>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for mention in mentions {
        if let Some(app) = owner(apps, &mention) {
            app.secret.push(Located::new(mention.presence, String::new(), mention.at));
        } else if mention.presence == SecretPresence::ClearText {
            let told = "holds a consumer secret in clear text, of no External Client App that the snapshot shows";
            let hint = "rotate the secret, and remove it from every copy";
            problems.push(Problem::new(mention.at, Some(mention.kind), ProblemCode::Exposed, told, hint));
        }
    }
    problems
}

/// Takes labels that hold a secret out of the snapshot: outputs show labels. The secret counts as any other.
pub(super) fn take_from_labels(apps: &mut BTreeMap<String, App>) {
    for app in apps.values_mut() {
        let holds = |label: &Located<String>| {
            seen(label.value.as_bytes()).iter().any(|(_, found)| *found == SecretPresence::ClearText)
        };
        let (exposed, shown): (Vec<_>, Vec<_>) = std::mem::take(&mut app.label).into_iter().partition(holds);
        app.label.extend(shown);
        for label in exposed {
            if !app.secret.iter().any(|known| known.at == label.at && known.value == SecretPresence::ClearText) {
                app.secret.push(Located::new(SecretPresence::ClearText, String::new(), label.at));
            }
        }
    }
}

fn owner<'a>(apps: &'a mut BTreeMap<String, App>, mention: &Mention) -> Option<&'a mut App> {
    let name = if let Some(link) = &mention.link {
        apps.keys().find(|name| means(link, name))
    } else {
        let stem = mention.stem.to_lowercase();
        let whole = mention.kind == Kind::ConnectedAppFile;
        let named = apps.keys().filter(|name| match stem.strip_prefix(&name.to_lowercase()) {
            Some("") => true,
            Some(rest) => !whole && !rest.starts_with(char::is_alphanumeric),
            None => false,
        });
        named.max_by_key(|name| name.len())
    };
    let name = name?.clone();
    apps.get_mut(&name)
}

/// Every place where the text names a secret with a value, and what the value is.
fn seen(bytes: &[u8]) -> Vec<(u32, SecretPresence)> {
    let text = text(bytes);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut line, mut counted) = (1_u32, 0);
    for at in memchr2_iter(b'c', b'C', bytes) {
        let end = at + NAME.len();
        if !bytes.get(at..end).is_some_and(|word| word.eq_ignore_ascii_case(NAME.as_bytes())) {
            continue;
        }
        let Some(from) = tagged(bytes, at, end).or_else(|| assigned(bytes, end)) else { continue };
        let from = from + bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_whitespace()).count();
        let presence = secret(value(&text, from));
        if presence != SecretPresence::Absent {
            let newlines = memchr_iter(b'\n', bytes.get(counted..from).unwrap_or_default()).count();
            line = line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
            counted = from;
            found.push((line, presence));
        }
    }
    found
}

/// The text of a file in whatever encoding it came; what cannot be decoded matters to nobody here.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(bytes),
    };
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into()
}

/// Where the content of a tag begins whose name ends at `end`, escaped tags included; `None` for an end tag or no tag.
fn tagged(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let before = bytes.get(..at)?;
    let opens = before.ends_with(b"<") || before.ends_with(b"&lt;") || before.ends_with(b":");
    let rest = bytes.get(end..)?;
    let rest = rest.get(..LONGEST_TAG).unwrap_or(rest);
    let close = rest.iter().position(|b| matches!(b, b'>' | b'<')).unwrap_or(rest.len());
    let escaped = memchr::memmem::find(rest, b"&gt;").map(|at| (at, at + 4));
    let (close, behind) = match escaped {
        Some((at, behind)) if at < close => (at, behind),
        _ if rest.get(close) == Some(&b'>') => (close, close + 1),
        _ => return None,
    };
    let inner = rest.get(..close)?;
    let is_tag = inner.is_empty() || inner.first().is_some_and(|b| b.is_ascii_whitespace() || *b == b'/');
    (opens && is_tag && !inner.ends_with(b"/") && !inner.ends_with(b"--")).then_some(end + behind)
}

/// Where a value begins that is assigned as in `consumerSecret: …`, `consumerSecret = "…"` or JSON.
fn assigned(bytes: &[u8], end: usize) -> Option<usize> {
    let at = behind(bytes, behind(bytes, end, b"\"'"), b" \t");
    if !bytes.get(at).is_some_and(|b| matches!(b, b':' | b'=')) {
        return None;
    }
    let at = behind(bytes, at + 1, b" \t");
    let quoted = bytes.get(at).is_some_and(|b| matches!(b, b'"' | b'\''));
    let from = if quoted { at + 1 } else { at };
    let word = bytes.get(from..)?.split(|b| b.is_ascii_whitespace() || b"\"'<&,;".contains(b)).next()?;
    let like_a_secret = word.len() >= SHORTEST && !word.iter().all(u8::is_ascii_lowercase);
    (quoted || like_a_secret).then_some(from)
}

/// The first place from `at` on where none of these bytes stands.
fn behind(bytes: &[u8], at: usize, skipped: &[u8]) -> usize {
    at + bytes.get(at..).unwrap_or_default().iter().take_while(|byte| skipped.contains(byte)).count()
}

/// The value that begins at an offset: up to the next tag, or what a comment or CDATA at that place holds.
fn value(text: &str, from: usize) -> &str {
    let rest = text.get(from..).unwrap_or_default();
    let mut inner = rest.trim_start();
    while inner.starts_with('<') && !["</", "<!", "<?"].iter().any(|other| inner.starts_with(other)) {
        // Another element inside: what stands in it is the value.
        inner = inner.split_once('>').map_or("", |(_, content)| content).trim_start();
    }
    for (open, close) in [("<![CDATA[", "]]>"), ("<!--", "-->")] {
        if let Some(inside) = inner.strip_prefix(open) {
            return inside.split(close).next().unwrap_or_default().trim();
        }
    }
    let end = inner.find(['<', '"', '\'']).unwrap_or(inner.len());
    let value = inner.get(..end).unwrap_or_default();
    ["&lt;", "-->", "]]>"].iter().fold(value, |value, stop| value.split(stop).next().unwrap_or_default()).trim()
}

/// The text of the first element of a name, as far as a copy that may be torn shows it.
fn element(text: &str, name: &str) -> Option<String> {
    let start = memchr::memmem::find(text.as_bytes(), format!("<{name}>").as_bytes())? + name.len() + 2;
    let value = text.get(start..)?.split('<').next()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form_and_nothing_else_is() {
        use SecretPresence::{ClearText, Masked, Placeholder};
        let forms: &[(&str, &[(u32, SecretPresence)])] = &[
            ("<a>\n<consumerSecret>S-1</consumerSecret></a>", &[(2, ClearText)]),
            ("<consumerSecret>\n\n  S-1\n</consumerSecret>", &[(3, ClearText)]),
            ("<!-- <consumerSecret>S-1</consumerSecret> -->", &[(1, ClearText)]),
            ("<consumerSecret><![CDATA[S-1]]></consumerSecret>", &[(1, ClearText)]),
            ("<consumerSecret><!-- S-1 --></consumerSecret>", &[(1, ClearText)]),
            ("<![CDATA[<ConsumerSecret>S-1</ConsumerSecret>]]>", &[(1, ClearText)]),
            ("&lt;consumerSecret&gt;S-1&lt;/consumerSecret&gt;", &[(1, ClearText)]),
            ("<ns:consumerSecret a=\"b\">S-1</ns:consumerSecret>", &[(1, ClearText)]),
            ("<consumerSecret>S-1", &[(1, ClearText)]),
            ("<consumerSecret><value>S-1</value></consumerSecret>", &[(1, ClearText)]),
            ("<!-- consumerSecret: ABCDEF0123456789 -->", &[(1, ClearText)]),
            ("{\"consumerSecret\": \"S-1\"}", &[(1, ClearText)]),
            (
                "+    <consumerSecret>S-1</consumerSecret>\n-<consumerSecret>S-2</consumerSecret>",
                &[(1, ClearText), (2, ClearText)],
            ),
            ("<consumerSecret>****</consumerSecret>", &[(1, Masked)]),
            ("<consumerSecret>__SECRET__</consumerSecret>", &[(1, Placeholder)]),
            ("<consumerSecret>$SECRET</consumerSecret>", &[(1, Placeholder)]),
            ("<consumerSecret>${SECRET}</consumerSecret>", &[(1, Placeholder)]),
            ("<consumerSecret>{{ vault.secret }}</consumerSecret>", &[(1, Placeholder)]),
            ("<consumerSecret></consumerSecret>", &[]),
            ("<consumerSecret/>", &[]),
            ("<consumerSecret xsi:nil=\"true\"/>", &[]),
            ("<!-- consumerSecret --><label>Tide</label>", &[]),
            ("<!-- the consumerSecret: rotated in March -->", &[]),
            ("<description>the consumerSecret is in the vault</description>", &[]),
            ("<consumerSecretRotation>S-1</consumerSecretRotation>", &[]),
            ("<consumerKey>K-1</consumerKey>", &[]),
        ];
        for (text, expected) in forms {
            assert_eq!(seen(text.as_bytes()), *expected, "{text}");
        }
        let mut apps = BTreeMap::from([("A".to_owned(), App::default())]);
        let at = Locator::new(&"a.eca".into(), Place::Line(3));
        let label = |text: &str| Located::new(text.to_owned(), String::new(), at.clone());
        let app = apps.get_mut("A").unwrap();
        app.label.extend([label("Lab consumerSecret=Zx9ABCDEF012345"), label("the consumerSecret is in the vault")]);
        take_from_labels(&mut apps);
        let app = &apps["A"];
        assert_eq!(
            app.label.iter().map(|label| label.value.as_str()).collect::<Vec<_>>(),
            ["the consumerSecret is in the vault"]
        );
        assert_eq!(app.secret.iter().map(|found| found.value).collect::<Vec<_>>(), [ClearText]);
        let wide: Vec<u8> = "\u{feff}<consumerSecret>S-1<".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(seen(&wide), [(1, ClearText)]);
    }
}
