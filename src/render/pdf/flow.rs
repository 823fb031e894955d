//! Blocks into slabs: the document as one long column.

use super::figure;
use super::fonts::Fonts;
use super::lines::{Align, Line, Style, baseline, prepare};
use super::page::{Band, Flow, Header, Item, Mark, NodeId, Outline, Paint, Role, Slab, Tree};
use super::words::single;
use crate::drawing::Drawing;
use crate::render::blocks::{Block, Container, Quote, Span};
use crate::render::meta::Meta;
use crate::render::theme::Theme;

/// Lists and quotes deeper than this are not indented further.
const DEEPEST: usize = 8;
/// The part of a page that the start of a long card needs.
const CARD_START: f32 = 0.4;
/// Containers deeper than this are set like the others but have no elements of their own: readers limit nesting.
const DEEPEST_ELEMENT: usize = 32;

/// A container that is open.
struct Frame {
    container: Container,
    node: NodeId,
    small: bool,
    indent: f32,
    band: Option<[Band; 2]>,
    /// First slab of it.
    first: usize,
    next_number: u64,
    /// The mark of a list item that waits for its first line.
    mark: Option<(String, NodeId)>,
}

/// Sets blocks.
pub(super) struct Setting<'a, 'f> {
    pub fonts: &'a mut Fonts<'f>,
    pub theme: &'a Theme,
    pub flow: Flow,
    pub meta: &'a Meta,
    figures: &'a [Drawing],
    frames: Vec<Frame>,
    bands: usize,
    /// The cover's panel while title and subtitle go onto it.
    pub(super) panel: Option<Band>,
    level: u8,
    on_cover: bool,
    subtitle: bool,
    /// Space owed before the next slab.
    pub(super) owed: f32,
    break_next: bool,
    pub(super) contents: Option<usize>,
    /// A table follows: what introduces it stays with it.
    leads: bool,
    /// How many sections there are.
    pub(super) sections: usize,
    /// Level of the lowest headings in the contents.
    pub(super) deepest: u8,
}

/// Sets a document as one column.
pub(super) fn flow(blocks: &[Block], figures: &[Drawing], theme: &Theme, meta: &Meta, fonts: &mut Fonts<'_>) -> Flow {
    let flow = Flow { slabs: Vec::new(), headers: Vec::new(), headings: Vec::new(), tree: Tree::new(), cover: false };
    let mut setting = Setting {
        fonts,
        theme,
        flow,
        meta,
        figures,
        frames: Vec::new(),
        bands: 0,
        panel: None,
        level: 0,
        on_cover: false,
        subtitle: false,
        owed: 0.0,
        break_next: false,
        contents: None,
        leads: false,
        sections: blocks.iter().filter(|block| matches!(block, Block::Heading(2, _))).count(),
        deepest: 3,
    };
    for (n, block) in blocks.iter().enumerate() {
        setting.leads = matches!(blocks.get(n + 1), Some(Block::Table(_)));
        setting.block(block);
    }
    setting.finish()
}

impl Setting<'_, '_> {
    fn block(&mut self, block: &Block) {
        if self.on_cover && matches!(block, Block::Heading(2.., _) | Block::Contents(3..) | Block::Page) {
            self.on_cover = false;
            self.break_next = true;
        }
        if !matches!(block, Block::Paragraph(..) | Block::Line(_)) || !self.subtitle {
            self.end_cover_panel();
        }
        match block {
            Block::Heading(level, spans) => self.heading(*level, spans),
            Block::Paragraph(spans, small) => self.paragraph(spans, *small),
            Block::Line(spans) => self.paragraph(spans, false),
            Block::Code(_, code) => self.code(code),
            Block::Rule => self.rule(),
            Block::Figure(name, alt) => self.figure(name, alt),
            Block::Table(table) => self.table(table),
            Block::Open(container, small) => self.open(*container, *small),
            Block::Close => self.close(),
            Block::Page => self.break_next = true,
            Block::Contents(deepest) => self.contents(*deepest),
        }
    }

    /// The element that blocks go into.
    pub(super) fn parent(&self) -> NodeId {
        self.frames.last().map_or(0, |frame| frame.node)
    }

    /// How far blocks are indented, and how wide they are.
    pub(super) fn measure(&self) -> (f32, f32) {
        let indent = self.frames.last().map_or(0.0, |frame| frame.indent);
        let right = if self.frames.iter().any(|f| f.band.is_some()) { 12.0 } else { 0.0 };
        (indent, self.theme.text_width() - indent - right)
    }

    /// Running text here.
    pub(super) fn body(&self, small: bool) -> Style {
        let small = small || self.frames.iter().any(|frame| frame.small);
        let sizes = &self.theme.sizes;
        let verdict = self.frames.iter().any(|f| f.container == Container::Quote(Quote::Verdict));
        let (size, leading) = match (small, verdict) {
            (true, _) => (sizes.small, sizes.small * 1.35),
            (false, true) => (sizes.body * 1.26, sizes.leading * 1.26),
            (false, false) => (sizes.body, sizes.leading),
        };
        Style { size, leading, colour: self.theme.colours.text, bold: false }
    }

    /// Sets prepared text as lines of its own.
    pub(super) fn text(&mut self, spans: &[Span], style: Style, parent: NodeId) -> Vec<Line> {
        let (_, width) = self.measure();
        let text = prepare(self.fonts, &mut self.flow.tree, &self.theme.colours, spans, style, Some(parent));
        let lines = text.lines(self.fonts, width, Align::Start);
        let title = matches!(self.flow.tree.nodes.get(parent).map(|node| node.role), Some(Role::Heading(_)));
        if title && lines.len() > 1 {
            // A title's last line shall not be a single word if the same number of lines can be filled evenly.
            let even = text.lines(self.fonts, width * 0.72, Align::Start);
            if even.len() == lines.len() {
                return even;
            }
        }
        lines
    }

    /// Appends a slab: bands, list marks and owed space are added here.
    pub(super) fn push(&mut self, mut slab: Slab) {
        slab.before += std::mem::take(&mut self.owed);
        slab.page = std::mem::take(&mut self.break_next);
        let theme = self.theme;
        let style = self.body(false);
        slab.bands.extend(self.panel);
        for frame in &mut self.frames {
            if let Some(bands) = frame.band {
                slab.bands.extend(bands);
            }
            if let Some((mark, node)) = frame.mark.take() {
                let colour = theme.colours.muted;
                let (items, width) = single(self.fonts, 0, style.size, colour, &mark, Some(node));
                for mut item in items {
                    item.shift(frame.indent - width - 5.0, baseline(style));
                    slab.items.push(item);
                }
            }
        }
        self.flow.slabs.push(slab);
    }

    /// Appends lines with widows and orphans of at least two.
    pub(super) fn push_lines(&mut self, lines: Vec<Line>, leading: f32, before: f32, keep_last: bool) {
        let (indent, _) = self.measure();
        let count = lines.len();
        self.owe(before);
        for (n, mut line) in lines.into_iter().enumerate() {
            line.items.iter_mut().for_each(|item| item.shift(indent, 0.0));
            line.marks.iter_mut().for_each(|mark| mark.shift(indent, 0.0));
            let keep = if n + 1 == count { keep_last } else { n == 0 || n + 2 == count || keep_last };
            self.push(Slab { height: leading, items: line.items, marks: line.marks, keep, ..Slab::default() });
        }
    }

    /// A number for a background of its own.
    pub(super) fn next_band(&mut self) -> usize {
        self.bands += 1;
        self.bands
    }

    /// Asks for at least this much space before the next slab.
    pub(super) fn owe(&mut self, space: f32) {
        self.owed = self.owed.max(space);
    }

    fn heading(&mut self, level: u8, spans: &[Span]) {
        let colours = &self.theme.colours;
        let sizes = self.theme.sizes.clone();
        let first = level == 1 && self.flow.headings.is_empty() && self.flow.slabs.is_empty();
        if first {
            self.on_cover = true;
            self.subtitle = true;
            self.flow.cover = true;
            self.cover_head();
        }
        let (size, colour, before, after) = match level {
            1 if first => (sizes.cover, colours.paper, 0.0, 12.0),
            1 | 2 => (sizes.section, colours.accent, 30.0, 9.0),
            3 => (sizes.subsection, colours.text, 17.0, 4.0),
            _ => (sizes.part, colours.accent, 9.0, 2.0),
        };
        // A level is never skipped, whatever the source does.
        self.level = level.min(self.level + 1).max(1);
        let parent = self.parent();
        let title: String = spans.iter().map(|span| span.text.as_str()).collect::<String>().replace('\n', " ");
        let node = self.flow.tree.add_alt(parent, Role::Heading(self.level), title.clone());
        let style = Style { size, leading: (size * 1.24).max(sizes.leading), colour, bold: true };
        let mut lines = self.text(spans, style, node);
        if lines.is_empty() {
            lines.push(Line::default());
        }
        if let Some(line) = lines.first_mut() {
            line.marks.push(Mark::Heading(self.flow.headings.len(), 0.0));
        }
        self.flow.headings.push((level, title, node));
        self.push_lines(lines, style.leading, before, true);
        if level == 2 {
            let rect = [0.0, 4.0, 36.0, 1.6];
            let items = vec![Item { owner: None, paint: Paint::Rect(rect, self.theme.colours.accent) }];
            self.push(Slab { height: 6.0, items, keep: true, ..Slab::default() });
        }
        self.owe(after);
    }

    fn paragraph(&mut self, spans: &[Span], small: bool) {
        let mut style = self.body(small);
        if self.on_cover && std::mem::take(&mut self.subtitle) {
            style.size = self.theme.sizes.subsection * 1.05;
            style.leading = style.size * 1.35;
            style.colour = self.theme.colours.paper;
        }
        let node = self.flow.tree.add(self.parent(), Role::P);
        let lines = self.text(spans, style, node);
        let keep = self.leads && !self.on_cover;
        self.push_lines(lines, style.leading, 0.0, keep);
        let in_item = matches!(self.frames.last(), Some(Frame { container: Container::Item, .. }));
        self.owe(match (self.on_cover, in_item) {
            (true, _) => 26.0,
            (false, true) => 3.0,
            (false, false) => style.leading * 0.55,
        });
    }

    fn code(&mut self, code: &str) {
        let node = self.flow.tree.add(self.parent(), Role::P);
        let node = self.flow.tree.add(node, Role::Code);
        let size = self.theme.sizes.code;
        let colours = &self.theme.colours;
        let style = Style { size: size / 0.92, leading: size * 1.4, colour: colours.text, bold: false };
        let (indent, width) = self.measure();
        let (panel, muted) = (colours.panel, colours.muted);
        let band = Band { number: self.next_band(), x: indent, width, colour: panel };
        self.pad(&[band], 6.0, true);
        for line in code.trim_end_matches('\n').split('\n') {
            // Spaces that lead are kept as they are: a no-break space is not a place to break or to trim.
            let text = line.replace('\t', "    ");
            let spaces = text.len() - text.trim_start_matches(' ').len();
            let text = format!("{}{}", "\u{a0}".repeat(spaces.min(60)), text.get(spaces..).unwrap_or_default());
            let span = Span { text, code: true, ..Span::default() };
            let text = prepare(self.fonts, &mut self.flow.tree, &self.theme.colours, &[span], style, Some(node));
            let mut lines = text.lines(self.fonts, width - 30.0, Align::Start);
            if lines.is_empty() {
                lines.push(Line::default());
            }
            for (n, mut line) in lines.into_iter().enumerate() {
                line.items.iter_mut().for_each(|item| item.shift(indent + 18.0, 0.0));
                if n > 0 {
                    // A hook in the margin says that the line goes on; it is drawn, so nobody copies it.
                    let (x, y) = (indent + 7.0, baseline(style) - 2.5);
                    let points = vec![(x, y - 4.0, false), (x, y, false), (x + 6.0, y, false)];
                    let stroke = Some((muted, 0.7));
                    let hook = Outline { points, closed: false, fill: None, stroke, dashed: false };
                    line.items.push(Item { owner: None, paint: Paint::Outline(hook) });
                }
                self.push(Slab { height: style.leading, items: line.items, bands: vec![band], ..Slab::default() });
            }
        }
        self.pad(&[band], 6.0, false);
        self.owe(self.theme.sizes.leading * 0.7);
    }

    /// An empty slab inside a panel.
    fn pad(&mut self, bands: &[Band], height: f32, keep: bool) {
        if !keep && let Some(last) = self.flow.slabs.last_mut() {
            last.keep = true;
        }
        self.push(Slab { height, bands: bands.to_vec(), keep, ..Slab::default() });
    }

    fn rule(&mut self) {
        let (indent, width) = self.measure();
        let items = vec![Item { owner: None, paint: Paint::Rect([indent, 6.0, width, 0.6], self.theme.colours.rule) }];
        self.push(Slab { height: 13.0, items, ..Slab::default() });
    }

    fn figure(&mut self, name: &str, alt: &str) {
        let Some(drawing) = self.figures.iter().find(|drawing| drawing.name == name) else {
            let span = Span { text: alt.to_owned(), italic: true, ..Span::default() };
            self.paragraph(&[span], false);
            return;
        };
        let (indent, width) = self.measure();
        let tallest = self.theme.text_height() * 0.9;
        let scale = [1.0, width / drawing.width.max(1.0), tallest / drawing.height.max(1.0)];
        let scale = scale.into_iter().filter(|s| s.is_finite() && *s > 0.0).fold(1.0, f32::min);
        let parent = self.parent();
        let alt = if drawing.alt.is_empty() { alt } else { &drawing.alt };
        let node = self.flow.tree.add_alt(parent, Role::Figure, alt.to_owned());
        let mut items = figure::paint(drawing, scale, node, self.theme, self.fonts);
        items.iter_mut().for_each(|item| item.shift(indent, 0.0));
        let frame = [indent, 0.0, drawing.width * scale, drawing.height * scale];
        let marks = vec![Mark::Frame(node, frame)];
        self.owe(8.0);
        self.push(Slab { height: frame[3], items, marks, ..Slab::default() });
        self.owe(10.0);
    }

    fn open(&mut self, container: Container, small: bool) {
        let (indent, _) = self.measure();
        let parent = self.parent();
        let step = if self.frames.len() < DEEPEST { 1.0 } else { 0.0 };
        let tree = &mut self.flow.tree;
        let mut frame = Frame {
            container,
            node: parent,
            small,
            indent,
            band: None,
            first: self.flow.slabs.len(),
            next_number: 1,
            mark: None,
        };
        match container {
            Container::Quote(quote) => {
                if self.frames.len() < DEEPEST_ELEMENT {
                    frame.node = tree.add(parent, Role::BlockQuote);
                }
                frame.indent += 15.0 * step;
                self.bands += 1;
                let colours = &self.theme.colours;
                let bar = match quote {
                    Quote::Plain => colours.rule,
                    Quote::Verdict | Quote::Note => colours.accent,
                    Quote::Warn => colours.not_evaluable,
                };
                let ground = if quote == Quote::Plain { colours.paper } else { colours.panel };
                let right = if self.frames.iter().any(|f| f.band.is_some()) { 12.0 } else { 0.0 };
                let width = self.theme.text_width() - indent - right;
                let panel = Band { number: self.bands, x: indent, width, colour: ground };
                self.bands += 1;
                let bar_width = if quote == Quote::Verdict { 4.0 } else { 2.5 };
                frame.band = Some([panel, Band { number: self.bands, x: indent, width: bar_width, colour: bar }]);
            }
            Container::List(first) => {
                if self.frames.len() < DEEPEST_ELEMENT {
                    frame.node = tree.add(parent, Role::L(first.is_some()));
                }
                frame.next_number = first.unwrap_or(1);
            }
            Container::Item => {
                let listed = matches!(tree.nodes.get(parent).map(|node| node.role), Some(Role::L(_)));
                frame.indent += 17.0 * step;
                let list = self.frames.last_mut();
                let mark = match list {
                    Some(Frame { container: Container::List(Some(_)), next_number, .. }) => {
                        let mark = format!("{next_number}.");
                        *next_number = next_number.saturating_add(1);
                        mark
                    }
                    _ => "•".to_owned(),
                };
                let label = if listed {
                    let item = tree.add(parent, Role::Li);
                    let label = tree.add(item, Role::Lbl);
                    frame.node = tree.add(item, Role::LBody);
                    label
                } else {
                    tree.add(parent, Role::Slot)
                };
                frame.mark = Some((mark, label));
            }
            Container::Card => self.owe(10.0),
        }
        let padded = frame.band.is_some();
        self.frames.push(frame);
        if padded {
            self.owe(4.0);
            self.pad(&[], 7.0, true);
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        if frame.mark.is_some() {
            // An empty item still shows its mark.
            let height = self.body(false).leading;
            self.push(Slab { height, ..Slab::default() });
        }
        let Some(frame) = self.frames.last() else { return };
        match frame.container {
            Container::Quote(_) => {
                self.owed = 0.0;
                self.pad(&[], 7.0, false);
                self.owe(10.0);
            }
            Container::Item => self.owed = self.owed.min(3.0),
            Container::List(_) => self.owe(self.theme.sizes.leading * 0.55),
            Container::Card => self.close_card(),
        }
        self.frames.pop();
    }

    fn close_card(&mut self) {
        let first = self.frames.last().map_or(0, |frame| frame.first);
        let slabs = self.flow.slabs.get_mut(first..).unwrap_or_default();
        let height: f32 = slabs.iter().map(|slab| slab.before + slab.height).sum();
        // A card that needs more than a page does not start in the last lines of one.
        let whole = height <= self.theme.text_height();
        let together = if whole { height } else { self.theme.text_height() * CARD_START };
        let mut used = 0.0;
        let last = slabs.len().saturating_sub(1);
        for slab in slabs.iter_mut().take(last) {
            used += slab.before + slab.height;
            if used > together {
                break;
            }
            slab.keep = true;
        }
        self.owe(16.0);
    }

    fn finish(mut self) -> Flow {
        while !self.frames.is_empty() {
            self.close();
        }
        if let Some(at) = self.contents {
            let tail = self.flow.slabs.split_off(at.min(self.flow.slabs.len()));
            self.owed = if self.deepest > 2 { 14.0 } else { 10.0 };
            self.break_next = false;
            self.contents_entries();
            self.flow.slabs.extend(tail);
        }
        self.flow
    }

    /// Registers a header for repetition.
    pub(super) fn add_header(&mut self, height: f32, items: Vec<Item>) -> usize {
        self.flow.headers.push(Header { height, items });
        self.flow.headers.len() - 1
    }
}
