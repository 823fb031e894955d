//! Text as data in the markup of other trackers: shown as it is, never a link, an image, a mention or a heading.

use super::escape::inside_word;
use super::visible::visible;

/// Lines of plain text as Markdown for DefectDojo, whose renderer is Python-Markdown: it takes a backslash before fewer
/// characters than `CommonMark` does, and lets HTML through.
#[must_use]
pub fn dojo(text: &str) -> String {
    by_line(text, |line, at, c, _| match c {
        '<' => Shown::As("&lt;"),
        '|' => Shown::As("&#124;"),
        '&' if is_entity(&line[at + 1..]) => Shown::As("&amp;"),
        '=' if at == 0 => Shown::As("&#61;"),
        '~' if at == 0 => Shown::As("&#126;"),
        '\\' | '`' | '*' | '{' | '}' | '[' | ']' | '!' => Shown::Escaped,
        '_' if !inside_word(line, at) => Shown::Escaped,
        '#' | '+' | '-' | '>' if at == 0 => Shown::Escaped,
        '.' if at > 0 && line[..at].bytes().all(|b| b.is_ascii_digit()) => Shown::Escaped,
        _ => Shown::Plain,
    })
}

/// Lines of plain text as Jira's wiki markup, in which a doubled backslash is a line break.
#[must_use]
pub fn jira(text: &str) -> String {
    by_line(text, |line, at, c, after| match c {
        '\\' => Shown::As("&#92;"),
        '!' | '[' | ']' | '{' | '}' | '*' | '_' | '|' => Shown::Escaped,
        '&' if is_entity(&line[at + 1..]) => Shown::Escaped,
        '+' | '^' | '~' if !is_between_letters(line, at) => Shown::Escaped,
        '-' if !is_between_letters(line, at) || is_issue_key(&line[..at], after) => Shown::Escaped,
        '?' if after == '?' || line[..at].ends_with('?') => Shown::Escaped,
        '#' if at == 0 => Shown::Escaped,
        '.' if matches!(&line[..at], "bq" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") => Shown::Escaped,
        // Addresses, and faces such as `:)`.
        ':' if matches!(after, '/' | ')' | '(' | 'D' | 'P' | 'p') || is_mail(&line[..at]) => Shown::Escaped,
        ';' if after == ')' => Shown::Escaped,
        '(' if line[at..].chars().skip(1).take(4).any(|c| c == ')') => Shown::Escaped,
        _ => Shown::Plain,
    })
}

/// How a character is written.
enum Shown {
    Plain,
    /// With a backslash before it.
    Escaped,
    As(&'static str),
}

/// Each line on its own, because white space decides where a block begins; `shown` is given the line, the place of the
/// character, the character, and the one behind it (NUL at the end).
fn by_line(text: &str, shown: impl Fn(&str, usize, char, char) -> Shown) -> String {
    let lines = text.split('\n').map(|line| {
        let line = visible(line);
        let mut out = String::with_capacity(line.len() + line.len() / 8);
        let mut rest = line.char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            let after = rest.peek().map_or('\0', |(_, next)| *next);
            match shown(&line, at, c, after) {
                Shown::Plain => out.push(c),
                Shown::Escaped => out.extend(['\\', c]),
                Shown::As(text) => out.push_str(text),
            }
        }
        out
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether an ampersand before this text begins an entity.
fn is_entity(after: &str) -> bool {
    let name = after.strip_prefix('#').unwrap_or(after);
    let rest = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    rest.len() < name.len() && rest.starts_with(';')
}

/// Whether an ASCII character has letters or digits on both sides: then it opens and closes nothing.
fn is_between_letters(line: &str, at: usize) -> bool {
    line[..at].ends_with(char::is_alphanumeric) && line[at + 1..].starts_with(char::is_alphanumeric)
}

/// Whether a hyphen stands in what Jira takes for the key of an issue: capitals, then digits.
fn is_issue_key(before: &str, after: char) -> bool {
    before.ends_with(|c: char| c.is_ascii_uppercase()) && after.is_ascii_digit()
}

fn is_mail(before: &str) -> bool {
    before.len() >= 6 && before.as_bytes()[before.len() - 6..].eq_ignore_ascii_case(b"mailto")
}

#[cfg(test)]
mod tests {
    use super::{dojo, jira};

    #[test]
    fn org_text_is_no_markup_in_defectdojo() {
        let cases = [
            ("![x](http://a.example/p.png)", "\\!\\[x\\](http://a.example/p.png)"),
            ("<img src=x> a < b &amp; R&D & c", "&lt;img src=x> a &lt; b &amp;amp; R&D & c"),
            ("# a\n1. b\n  - c\n> d\n=== e", "\\# a\n1\\. b\n\\- c\n\\> d\n&#61;== e"),
            ("*a* `b` Tide_Relay _c_ a\\b {d} a|b", "\\*a\\* \\`b\\` Tide_Relay \\_c\\_ a\\\\b \\{d\\} a&#124;b"),
            ("~~~\n2026-11-24, a - b, 1.5", "&#126;~~\n2026-11-24, a - b, 1.5"),
            ("\u{202e}a", "\\[U+202E\\]a"),
        ];
        for (text, wanted) in cases {
            assert_eq!(dojo(text), wanted);
        }
    }

    #[test]
    fn org_text_is_no_markup_in_jira() {
        let cases = [
            ("!http://a.example/p.png!", "\\!http\\://a.example/p.png\\!"),
            ("[~admin] [a|http://b] {color:red}", "\\[\\~admin\\] \\[a\\|http\\://b\\] \\{color:red\\}"),
            (
                "*a* _b_ Tide_Relay -c- +d+ ^e^ ~f~ ??g??",
                "\\*a\\* \\_b\\_ Tide\\_Relay \\-c\\- \\+d\\+ \\^e\\^ \\~f\\~ \\?\\?g\\?\\?",
            ),
            ("h1. a\nbq. b\n# c\n* d\n---- e", "h1\\. a\nbq\\. b\n\\# c\n\\* d\n\\-\\-\\-\\- e"),
            ("ABC-12 2026-11-24 SHR-CCF-EANJ a\\\\b", "ABC\\-12 2026-11-24 SHR-CCF-EANJ a&#92;&#92;b"),
            (
                "(x) (on) :) ;) (a longer remark) mailto:a &#33;",
                "\\(x) \\(on) \\:) \\;) (a longer remark) mailto\\:a \\&#33;",
            ),
        ];
        for (text, wanted) in cases {
            assert_eq!(jira(text), wanted);
        }
    }
}
