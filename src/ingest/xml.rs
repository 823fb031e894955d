//! XML through streaming events, with positions.
//!
//! Checked for every byte of a file, skipped blocks included: UTF-8 without NUL bytes, no DOCTYPE, start and end tags
//! that match, one root, nothing but white space outside it, no text between elements (a failed merge leaves some),
//! nesting within the limit, an end of the root. Attributes
//! are not looked at, and of entities only the five predefined ones and numeric ones are accepted, in text that is kept.
//! Messages never hold text of the file, because it may be a secret; only names of elements are told.

use super::long_text;
use super::skip;
use crate::limits::{Limits, count, option};
use crate::snapshot::ProblemCode;
use crate::text::spelling::composed;
use crate::text::visible::one_line;
use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::Event;
use std::borrow::Cow;

/// An element with what is in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Element<'a> {
    /// Name without namespace prefix.
    pub name: &'a str,
    /// Text with entities resolved, trimmed; empty for an element with children.
    pub text: String,
    /// The same text as it is written in the file, white space collapsed.
    pub raw: String,
    /// Line where the text starts, or the tag when there is none.
    pub line: u32,
    pub children: Vec<Element<'a>>,
}

impl<'a> Element<'a> {
    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn children<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Element<'a>> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// What makes a file unusable, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub line: u32,
    pub column: u32,
    pub code: ProblemCode,
    pub message: String,
    pub hint: Cow<'static, str>,
}

/// What could be read of a file. With a fault, the elements before it are there, but nothing proves that they are all.
#[derive(Clone, Debug, Default)]
pub(super) struct Document<'a> {
    /// The root with the wanted elements; `None` when not even its start could be read.
    pub root: Option<Element<'a>>,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// Texts of which only the beginning is there.
    pub cut: Vec<Cut<'a>>,
}

/// A text that was cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut<'a> {
    pub name: &'a str,
    pub line: u32,
    pub characters: usize,
}

/// Elements with texts for people. Any other one that is too long makes its file unusable: what was cut of it could be
/// what matters.
const SHOWN: &[&str] = &["label", "masterLabel", "description"];

/// Reads a file.
///
/// `roots` are the names that its root may have (none: any); `wanted` tells which children of the root are kept.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    roots: &[&str],
    wanted: &dyn Fn(&str) -> bool,
) -> Document<'a> {
    let source = match decode(bytes) {
        Ok(source) => source,
        Err(fault) => return Document { fault: Some(fault), ..Document::default() },
    };
    let mut walk = Walk {
        source,
        lines: Lines::new(source),
        roots,
        wanted,
        limits,
        most: count(limits.xml_depth),
        open: Vec::new(),
        texts: Vec::new(),
        root: None,
        cut: Vec::new(),
        kept: 0,
    };
    let fault = walk.run().err();
    let cut = std::mem::take(&mut walk.cut);
    Document { root: walk.finish(), fault, cut }
}

/// The name of the root element without its prefix, if the file begins as XML does.
pub(super) fn root_name(bytes: &[u8]) -> Option<&str> {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    for (open, close) in std::iter::repeat([(&b"<?"[..], &b"?>"[..]), (b"<!--", b"-->")]).flatten() {
        if rest.starts_with(open) {
            let end = memchr::memmem::find(rest, close)?;
            rest = rest.get(end + close.len()..)?.trim_ascii_start();
        } else if !rest.starts_with(b"<?") && !rest.starts_with(b"<!--") {
            break;
        }
    }
    let (name, ..) = rest.starts_with(b"<").then(|| skip::start_tag(rest, 0).ok()).flatten()?;
    std::str::from_utf8(name).ok().map(without_prefix)
}

const HINT_ENCODING: &str = "save the file as UTF-8, or retrieve it again";
const HINT_RETRIEVE: &str = "retrieve the file again; it is damaged or was edited by hand";

fn wrong_encoding(line: u32, column: u32, message: &str) -> Fault {
    Fault { line, column, code: ProblemCode::Unreadable, message: message.to_owned(), hint: HINT_ENCODING.into() }
}

fn decode(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(wrong_encoding(1, 1, "is encoded in UTF-16; only UTF-8 is accepted"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let source = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default();
        let (line, column) = position(valid, valid.len());
        wrong_encoding(line, column, "is not encoded in UTF-8")
    })?;
    if let Some(at) = memchr::memchr(0, bytes) {
        let (line, column) = position(source, at);
        return Err(wrong_encoding(line, column, "holds a NUL byte"));
    }
    Ok(source)
}

/// Line and column, counted from 1, of a byte offset.
fn position(source: &str, offset: usize) -> (u32, u32) {
    let before = source.as_bytes().get(..offset).unwrap_or(source.as_bytes());
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let column = before.get(start..).map_or(0, |b| String::from_utf8_lossy(b).chars().count()) + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// Line numbers of ascending offsets: newlines are counted only between the places that are asked for.
struct Lines<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn new(source: &'a str) -> Self {
        Self { bytes: source.as_bytes(), offset: 0, line: 1 }
    }

    fn at(&mut self, offset: usize) -> u32 {
        if let Some(between) = self.bytes.get(self.offset..offset) {
            let newlines = memchr::memchr_iter(b'\n', between).count();
            self.line = self.line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
            self.offset = offset;
        }
        self.line
    }
}

/// Text of an open element: its name with prefix, where its content starts, and what has been read of it.
struct OpenText<'a> {
    name: &'a str,
    from: usize,
    text: String,
}

struct Walk<'a, 'w> {
    source: &'a str,
    lines: Lines<'a>,
    roots: &'w [&'w str],
    wanted: &'w dyn Fn(&str) -> bool,
    limits: &'w Limits,
    most: usize,
    /// Kept elements that are open, the root first.
    open: Vec<Element<'a>>,
    texts: Vec<OpenText<'a>>,
    root: Option<Element<'a>>,
    cut: Vec<Cut<'a>>,
    kept: u64,
}

impl<'a> Walk<'a, '_> {
    /// Reads what is kept by events, and what is not by [`skip::blocks`]; after each skipped run the events go on behind it.
    fn run(&mut self) -> Result<(), Fault> {
        let mut base = 0;
        while let Some(next) = self.events(base)? {
            base = skip::blocks(self.source, next, self.most, self.wanted).map_err(|(at, complaint)| {
                if complaint == skip::TOO_DEEP { self.too_deep(at) } else { self.malformed(at, complaint) }
            })?;
        }
        Ok(())
    }

    /// Reads events from `base` on. Gives the offset of a block to skip, or `None` at the end.
    fn events(&mut self, base: usize) -> Result<Option<usize>, Fault> {
        let mut reader = Reader::from_str(self.source.get(base..).unwrap_or_default());
        let config = reader.config_mut();
        config.allow_dangling_amp = true; // entities are judged where text is kept
        config.check_end_names = false; // `end` compares them, because a reader starts anew behind each skipped block
        config.allow_unmatched_ends = true;
        loop {
            let from = offset(base, reader.buffer_position());
            let event = reader
                .read_event()
                .map_err(|error| self.malformed(offset(base, reader.error_position()), complaint(&error)))?;
            let to = offset(base, reader.buffer_position());
            if matches!(event, Event::Start(_) | Event::Empty(_)) {
                // Kept and skipped tags are held to the same rules.
                skip::start_tag(self.source.as_bytes(), from)
                    .map_err(|(at, complaint)| self.malformed(at, complaint))?;
            }
            match event {
                Event::Start(_) if self.is_unwanted(from) => return Ok(Some(from)),
                Event::Empty(_) if self.is_unwanted(from) => {}
                Event::Start(_) => self.start(from, to)?,
                Event::Empty(_) => {
                    self.start(from, to)?;
                    self.close(to);
                }
                Event::End(_) => self.end(from, to)?,
                Event::Text(text) => self.text(&text.into_inner(), from)?,
                Event::CData(_) if self.open.is_empty() => {
                    return Err(self.malformed(from, "text stands outside the root element"));
                }
                Event::CData(data) => self.text(&data.into_inner(), from)?,
                Event::GeneralRef(name) => self.entity(&name.into_inner(), from)?,
                Event::Decl(decl) => {
                    if let Some(Ok(encoding)) = decl.encoding()
                        && !encoding.eq_ignore_ascii_case("utf-8")
                    {
                        let mut fault = self.malformed(from, "declares an encoding other than UTF-8");
                        (fault.code, fault.hint) = (ProblemCode::Unreadable, HINT_ENCODING.into());
                        return Err(fault);
                    }
                }
                Event::DocType(_) => return Err(self.malformed(from, "has a DOCTYPE, which no export has")),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return self.at_end().map(|()| None),
            }
        }
    }

    fn at_end(&self) -> Result<(), Fault> {
        match (self.open.is_empty(), self.root.is_some()) {
            (true, true) => Ok(()),
            (true, false) => Err(self.malformed(self.source.len(), "holds no element")),
            _ => Err(self.malformed(self.source.len(), skip::CUT_OFF)),
        }
    }

    /// Whether the tag at `from` is a child of the root that is not kept.
    fn is_unwanted(&self, from: usize) -> bool {
        self.open.len() == 1 && !(self.wanted)(local_name(self.source, from))
    }

    /// Checks an end tag and closes its element.
    fn end(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        let name = self.source.get(from + 2..to.saturating_sub(1)).unwrap_or_default().trim_ascii_end();
        match self.texts.last() {
            Some(open) if open.name == name => {
                self.within_length()?;
                self.close(from);
            }
            Some(_) => return Err(self.malformed(from, skip::MISMATCHED)),
            None => return Err(self.malformed(from, "an end tag has no start tag")),
        }
        Ok(())
    }

    fn start(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        // The event reader takes `<<a/>` for an element; kept and skipped blocks are held to one rule.
        skip::start_tag(self.source.as_bytes(), from).map_err(|(at, complaint)| self.malformed(at, complaint))?;
        let name = local_name(self.source, from);
        if self.open.is_empty() {
            if self.root.is_some() {
                return Err(self.malformed(from, "has a second root element"));
            }
            if !self.roots.is_empty() && !self.roots.contains(&name) {
                let wanted = self.roots.join("> or <");
                let message = format!("its root element is <{}>, expected <{wanted}>", short(name));
                return Err(self.malformed(from, &message));
            }
        }
        if self.open.len() >= self.most {
            return Err(self.too_deep(from));
        }
        self.kept += 1;
        if self.kept > self.limits.xml_elements {
            let message = format!("holds more than {} settings", self.limits.xml_elements);
            return Err(self.too_large(from, &message, "xml-elements", self.limits.xml_elements));
        }
        if let Some(parent) = self.texts.last().filter(|parent| !parent.text.trim().is_empty()) {
            return Err(self.malformed(parent.from, skip::TEXT_BETWEEN));
        }
        let line = self.lines.at(from);
        self.open.push(Element { name, line, ..Element::default() });
        self.texts.push(OpenText { name: tag_name(self.source, from), from: to, text: String::new() });
        Ok(())
    }

    /// Refuses a text that is too long. One that people read, and nothing rests on, is cut when it is closed.
    fn within_length(&self) -> Result<(), Fault> {
        let (Some(element), Some(open)) = (self.open.last(), self.texts.last()) else { return Ok(()) };
        let most = self.limits.text_length;
        if open.text.len() as u64 <= most || SHOWN.contains(&element.name) {
            return Ok(());
        }
        let characters = open.text.trim().chars().count();
        if characters as u64 <= most {
            return Ok(());
        }
        let message = format!("`{}` has {characters} characters, more than {most}", short(element.name));
        let hint = long_text::hint(characters).into();
        Err(Fault { code: ProblemCode::TooLarge, hint, ..self.malformed(open.from, &message) })
    }

    /// Closes the innermost kept element; its content ends at `to`.
    fn close(&mut self, to: usize) {
        let (Some(mut element), Some(open)) = (self.open.pop(), self.texts.pop()) else { return };
        if element.children.is_empty() {
            let content = self.source.get(open.from..to).unwrap_or_default();
            let lead = content.len() - content.trim_start().len();
            if lead < content.len() {
                element.line = self.lines.at(open.from + lead);
                element.raw = collapse(content);
                element.text = composed(open.text.trim()).into_owned();
                if let Some(cut) = long_text::cut(&element.text, self.limits.text_length) {
                    self.cut.push(Cut {
                        name: element.name,
                        line: element.line,
                        characters: element.text.chars().count(),
                    });
                    element.raw.clone_from(&cut);
                    element.text = cut;
                }
            }
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    /// Whether the innermost open element is one that holds elements, not text: the root is one.
    fn holds_elements(&self) -> bool {
        self.open.len() == 1 || self.open.last().is_some_and(|open| !open.children.is_empty())
    }

    fn text(&mut self, text: &str, from: usize) -> Result<(), Fault> {
        let lead = text.len() - text.trim_start().len();
        if self.holds_elements() {
            // White space between elements is not kept: there is as much of it as there are elements.
            return if lead < text.len() { Err(self.malformed(from + lead, skip::TEXT_BETWEEN)) } else { Ok(()) };
        }
        match self.texts.last_mut() {
            Some(open) => open.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => {
                return Err(self.malformed(from + lead, "text stands outside the root element"));
            }
        }
        Ok(())
    }

    fn entity(&mut self, name: &str, from: usize) -> Result<(), Fault> {
        let meant = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(|number| {
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                };
                code.and_then(char::from_u32).filter(|c| *c != '\0')
            }),
        };
        if meant.is_some() && self.holds_elements() {
            return Err(self.malformed(from, skip::TEXT_BETWEEN));
        }
        match (meant, self.texts.last_mut()) {
            (Some(meant), Some(open)) => {
                open.text.push(meant);
                Ok(())
            }
            _ => Err(self.malformed(from, "has an entity that XML does not predefine")),
        }
    }

    fn malformed(&self, at: usize, message: &str) -> Fault {
        let (line, column) = position(self.source, at);
        let hint = HINT_RETRIEVE.into();
        Fault { line, column, code: ProblemCode::Malformed, message: message.to_owned(), hint }
    }

    fn too_large(&self, at: usize, message: &str, name: &'static str, limit: u64) -> Fault {
        let hint = format!("retrieve the file again, or pass {}", option(name, limit.saturating_mul(2))).into();
        Fault { code: ProblemCode::TooLarge, hint, ..self.malformed(at, message) }
    }

    fn too_deep(&self, at: usize) -> Fault {
        let hint = self.too_large(at, skip::TOO_DEEP, "xml-depth", self.limits.xml_depth).hint;
        Fault { hint, ..self.malformed(at, skip::TOO_DEEP) }
    }

    /// Gives the root, and closes what a fault left open.
    fn finish(mut self) -> Option<Element<'a>> {
        while self.open.len() > 1 {
            self.open.pop(); // incomplete: not even its children prove anything
        }
        self.open.pop().or(self.root)
    }
}

/// Says what is not well-formed without quoting the file.
fn complaint(error: &Error) -> &'static str {
    match error {
        Error::Syntax(_) => skip::UNCLOSED,
        _ => "is not well-formed",
    }
}

/// The name of the tag that starts at `from`.
fn tag_name(source: &str, from: usize) -> &str {
    let rest = source.get(from + 1..).unwrap_or_default();
    let end = rest.bytes().position(|b| b.is_ascii_whitespace() || b == b'>' || b == b'/').unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// The same without prefix.
fn local_name(source: &str, from: usize) -> &str {
    without_prefix(tag_name(source, from))
}

/// A name without its namespace prefix.
pub(super) fn without_prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A position of a reader that started behind `base` bytes.
fn offset(base: usize, position: u64) -> usize {
    base.saturating_add(usize::try_from(position).unwrap_or(usize::MAX))
}

/// A name of the file for a message: one line, not endless.
fn short(name: &str) -> String {
    one_line(&name.chars().take(60).collect::<String>())
}

/// Trims, and makes runs of white space that hold a line end one blank, so that a text on one line stays as it is.
pub(super) fn collapse(text: &str) -> String {
    let text = text.trim();
    if text.contains(['\n', '\r', '\t']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}
