//! Files of External Client Apps and connected apps that their suffix does not give away.
//!
//! A file under a suffix that nobody expects says by its root element what it is. A copy that an editor, a merge or a
//! person left (`.bak`, `.orig`, `~`, ` copy`, `(1)`) is not what the org holds today; only secrets are looked for in it.
//! Names decide what is opened at all, so that the many other files of a project cost nothing.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A file to look into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Its name up to the suffix, percent-decoded.
    pub stem: String,
    /// Whether it is a copy of another file.
    pub copy: bool,
    /// Whether its name shows that it is of an app. Otherwise its root element has to.
    pub sure: bool,
}

/// Endings that programs and people give to a file that they keep beside the real one.
const ENDINGS: &[&str] = &[
    "bak", "backup", "orig", "old", "rej", "save", "sav", "tmp", "temp", "swp", "swo", "copy", "prev", "previous",
    "mine", "theirs", "ours", "disabled",
];
/// What they put behind the name itself.
const TAILS: &[&str] = &["copy", "kopie", "copie", "bak", "backup", "old", "orig", "local", "base", "remote"];
/// Beginnings of suffixes that only the two kinds of apps have, in lower case.
const SUFFIXES: &[&str] =
    &["ecaoauth", "ecaglb", "ecaglob", "ecaplcy", "ecapolicy", "connectedapp", "extlclnt", "externalclientapp"];
/// Words in other suffixes that make a look worth it, in lower case.
const WORDS: &[&str] = &["oauth", "client", "connected"];

/// Whether and how to look into a file of which the path alone does not tell what it is.
pub(crate) fn look(path: &str) -> Option<Look> {
    let mut folders = path.rsplit('/');
    let file = folders.next().unwrap_or(path);
    if file.starts_with("._") {
        return None; // what a file manager keeps about a file, not the file
    }
    let name = file.strip_prefix('.').unwrap_or(file);
    if let Some(stem) = before_suffix(name) {
        let rest = name.get(stem.len()..).unwrap_or_default();
        let suffix = rest.strip_suffix("-meta.xml").or_else(|| rest.strip_suffix(".xml")).unwrap_or(rest);
        let plain = suffix.get(1..).is_some_and(|word| word.bytes().all(|b| b.is_ascii_alphanumeric()));
        return Some(found(stem, !plain || name != file, true));
    }
    if name != file {
        return None;
    }
    let lower = file.to_ascii_lowercase();
    let worth_it = match lower.strip_suffix("-meta.xml") {
        Some(bare) => bare.rsplit_once('.').is_some_and(|(_, suffix)| WORDS.iter().any(|word| suffix.contains(word))),
        None => lower.ends_with(".xml") || original(&lower).is_some_and(|under| under.ends_with(".xml")),
    };
    let at_home = folders.next().is_some_and(is_home) && !lower.ends_with(".json") && !lower.ends_with(".csv");
    if !worth_it && !at_home {
        return None;
    }
    let stem = file.split('.').next().unwrap_or(file);
    Some(found(stem, original(file).is_some(), false))
}

fn found(stem: &str, copy: bool, sure: bool) -> Look {
    Look { stem: percent_decode_str(stem).decode_utf8_lossy().into_owned(), copy, sure }
}

/// The folders in which a retrieval puts files of apps.
fn is_home(folder: &str) -> bool {
    let folder = folder.to_ascii_lowercase();
    folder.starts_with("externalclientapp") || folder.starts_with("extlclnt") || folder == "connectedapps"
}

/// The part of a name before the first suffix that only files of apps have.
fn before_suffix(name: &str) -> Option<&str> {
    let dots = name.match_indices('.').map(|(at, _)| at);
    dots.filter(|at| *at > 0)
        .find(|at| is_of_an_app(name.get(at + 1..).unwrap_or_default()))
        .and_then(|at| name.get(..at))
}

/// Whether a text begins with such a suffix.
fn is_of_an_app(text: &str) -> bool {
    if SUFFIXES.iter().any(|word| starts_with(text, word)) {
        return true;
    }
    let next = text.as_bytes().get(3);
    starts_with(text, "eca") && next.is_none_or(|b| !b.is_ascii_lowercase() && !b.is_ascii_digit())
}

/// Whether a text starts so, without case.
pub(super) fn starts_with(text: &str, lead: &str) -> bool {
    text.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead))
}

/// The name of the file that a copy is of, if its name is that of a copy.
pub(crate) fn original(file: &str) -> Option<Cow<'_, str>> {
    if let Some(under) = file.strip_suffix('~').filter(|under| !under.is_empty()) {
        return Some(under.trim_end_matches('~').into());
    }
    let (stem, ending) = file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?;
    let word = ending.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_'));
    let numbered = !ending.is_empty() && ending.bytes().all(|b| b.is_ascii_digit());
    if numbered || ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        return Some(stem.into());
    }
    let under = without_tail(stem)?;
    Some(format!("{under}.{ending}").into())
}

/// The stem before ` copy`, ` - Copy (2)`, `(1)`, `_old` or `_BACKUP_4711`.
fn without_tail(stem: &str) -> Option<&str> {
    let numbered = stem.strip_suffix(')').and_then(|rest| {
        let (under, number) = rest.rsplit_once('(')?;
        (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then(|| under.trim_end())
    });
    let bare = numbered.unwrap_or(stem);
    let digits = bare.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches([' ', '_']);
    let tail = TAILS.iter().find_map(|tail| {
        let (before, end) = digits.split_at_checked(digits.len().checked_sub(tail.len())?)?;
        let before = end.eq_ignore_ascii_case(tail).then_some(before)?;
        let cut = before.trim_end_matches([' ', '-', '_', '.']);
        (cut.len() < before.len() && !cut.is_empty()).then_some(cut.len())
    });
    tail.and_then(|length| stem.get(..length)).or(numbered).filter(|under| !under.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(stem: &str, copy: bool) -> Option<Look> {
        Some(Look { stem: stem.to_owned(), copy, sure: true })
    }

    fn maybe(stem: &str, copy: bool) -> Option<Look> {
        Some(Look { stem: stem.to_owned(), copy, sure: false })
    }

    #[test]
    fn names_tell_what_to_look_into() {
        let names = [
            ("main/Tide.ecaGlblOauth-meta.xml.bak", sure("Tide", true)),
            ("main/Tide.ecaGlblOauth-meta.xml~", sure("Tide", true)),
            ("main/Tide.ecaGlblOauth-meta (1).xml", sure("Tide", true)),
            ("main/Tide.ecaGlblOauth-meta copy.xml", sure("Tide", true)),
            ("main/Tide.ecaGlblOauth_BACKUP_12.xml", sure("Tide", true)),
            ("main/Tide.connectedApp.rej", sure("Tide", true)),
            ("main/.Tide.ecaGlblOauth-meta.xml.swp", sure("Tide", true)),
            ("main/Tide.eca.orig", sure("Tide", true)),
            ("main/Tide.ecaGlblOauth.xml", sure("Tide", false)),
            ("main/Tide.extlClntAppGlobalOauthSettings-meta.xml", sure("Tide", false)),
            ("main/Tide%20One.xml", maybe("Tide One", false)),
            ("main/Tide.xml.orig", maybe("Tide", true)),
            ("main/Tide (1).xml", maybe("Tide (1)", true)),
            ("main/Tide.globalOauth-meta.xml", maybe("Tide", false)),
            ("extlClntAppGlobalOauthSets/Tide.settings", maybe("Tide", false)),
            ("extlClntAppGlobalOauthSets/Tide.old", maybe("Tide", true)),
            ("classes/Tide.cls", None),
            ("classes/Tide.cls-meta.xml", None),
            ("objects/Deca.object", None),
            ("a/Tide.ecad", None),
            ("a/.hidden.xml", None),
        ];
        for (path, expected) in names {
            assert_eq!(look(path), expected, "{path}");
        }
    }

    #[test]
    fn names_of_copies_tell_the_original() {
        let copies = [
            ("a.profile~", "a.profile"),
            ("a.profile-meta.xml.bak", "a.profile-meta.xml"),
            ("a.csv.bak2", "a.csv"),
            ("a.csv.1", "a.csv"),
            ("a copy.csv", "a.csv"),
            ("a copy 2.csv", "a.csv"),
            ("a - Copy.csv", "a.csv"),
            ("a - Kopie (3).csv", "a.csv"),
            ("a (1).csv", "a.csv"),
            ("a_old.csv", "a.csv"),
            ("a_REMOTE_4711.csv", "a.csv"),
        ];
        for (copy, under) in copies {
            assert_eq!(original(copy).as_deref(), Some(under), "{copy}");
        }
        for name in ["a.csv", "copy.csv", "Threshold.csv", "a.b", "~", "x (y).csv", "Event_2026.csv", "(1).csv"] {
            assert_eq!(original(name), None, "{name}");
        }
    }
}
