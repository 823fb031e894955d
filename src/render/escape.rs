//! Text from an org as data: nothing in it can become Markdown, HTML, a link or an invisible character.

/// Whether a character is shown by its code point because it is invisible or changes the order of others.
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// One line of plain text: white space collapsed and trimmed, hidden characters shown as `[U+202E]`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{85}' {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        if is_hidden(c) {
            out.push_str(&format!("[U+{:04X}]", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Plain text as Markdown that shows exactly this text, wherever a template puts it.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let after = rest.peek().map_or('\0', |(_, next)| *next);
        let escape = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '$' | '#' | '{' | '}' | '@' | '^' => true,
            '_' => !inside_word(&text, at),
            '&' => after == '#' || after.is_ascii_alphanumeric() || after == '\0',
            '!' => after == '\0' || after == '[',
            '+' | '-' | '=' | '>' => at == 0,
            ':' => at == 0 || ends_with_scheme(&text[..at]),
            '.' | ')' => {
                let numbered = at > 0 && text[..at].bytes().all(|b| b.is_ascii_digit());
                (numbered && matches!(after, ' ' | '\0')) || ends_with_www(&text[..at], c)
            }
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether the run of underscores around `at` has letters or digits on both sides: then it is no emphasis.
fn inside_word(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let wordy = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    wordy(before.trim_end_matches('_').chars().next_back()) && wordy(after.trim_start_matches('_').chars().next())
}

fn ends_with_scheme(before: &str) -> bool {
    ["http", "https", "ftp", "mailto", "xmpp"].iter().any(|scheme| ends_with(before, scheme))
}

fn ends_with_www(before: &str, c: char) -> bool {
    c == '.' && ends_with(before, "www")
}

fn ends_with(text: &str, tail: &str) -> bool {
    let (text, tail) = (text.as_bytes(), tail.as_bytes());
    text.len() >= tail.len() && text[text.len() - tail.len()..].eq_ignore_ascii_case(tail)
}

/// Plain text as a code span; safe inside a table cell as well.
#[must_use]
pub fn code(text: &str) -> String {
    let text = visible(text);
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A code span for a table cell: a pipe would end the cell.
#[must_use]
pub fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Lines as a fenced code block of a language; the fence is longer than any run of back-ticks in it.
#[must_use]
pub fn block(language: &str, text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible_line).collect();
    let text = lines.join("\n");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

fn visible_line(line: &str) -> String {
    let shown = line.chars().map(|c| if is_hidden(c) { format!("[U+{:04X}]", u32::from(c)) } else { c.to_string() });
    shown.collect()
}
