//! Display list to page operators with marked content. With `tag` the only place that knows a PDF crate.

mod logo;

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, Color, DictItem, FontId, Line, LineDashPattern, LinePoint, Op, PaintMode, ParsedFont, PdfDocument,
    PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rect, TextItem, TextMatrix,
    WindingOrder, XObjectId,
};
use subsetter::GlyphRemapper;

use super::PdfError;
use super::fonts::Fonts;
use super::page::{Item, NodeId, Outline, Paint, Role, Run, Tree};
use super::paginate::Pages;
use crate::render::logo::Logo;
use crate::render::theme::{Rgb, Theme};

/// Content that a structure element has: page and number of the marked content.
pub(super) type Contents = BTreeMap<NodeId, Vec<(usize, i64)>>;

/// What the pages became.
pub(super) struct Written {
    /// The document without structure.
    pub document: lopdf::Document,
    /// Marked content of each element.
    pub contents: Contents,
    /// Owner of each marked content, by page.
    pub owners: Vec<Vec<NodeId>>,
}

/// Writes the pages.
pub(super) fn write(
    pages: &Pages,
    tree: &Tree,
    fonts: &Fonts<'_>,
    theme: &Theme,
    title: &str,
) -> Result<Written, PdfError> {
    let mut writer = Writer {
        fonts: embed(pages, fonts)?,
        height: theme.page.size.points().1,
        contents: Contents::new(),
        owners: Vec::new(),
    };
    let mut document = PdfDocument::new(title);
    for (face, used) in &mut writer.fonts {
        if let Some(parsed) = used.parsed.take() {
            document.resources.fonts.map.insert(FontId(format!("F{face}")), PdfFont::new(parsed));
        }
    }
    if let Some(Logo::Pixels(pixels)) = &theme.logo {
        document.resources.xobjects.map.insert(XObjectId("Logo".into()), logo::image(pixels));
    }
    let (width, height) = theme.page.size.points();
    for (number, page) in pages.pages.iter().enumerate() {
        let ops = writer.page(number, &page.items, tree, fonts, theme.logo.as_ref());
        let area = Rect::from_wh(Pt(width), Pt(height));
        document.pages.push(PdfPage { media_box: area.clone(), trim_box: area.clone(), crop_box: area, ops });
    }
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    let mut warnings = Vec::new();
    let lopdf = document.to_lopdf_document(&options, &mut warnings);
    if let Some(warning) = warnings.iter().find(|w| w.severity == printpdf::PdfParseErrorSeverity::Error) {
        return Err(PdfError::Writer(warning.msg.clone()));
    }
    Ok(Written { document: lopdf, contents: writer.contents, owners: writer.owners })
}

struct Used {
    remap: GlyphRemapper,
    parsed: Option<ParsedFont>,
    upem: f32,
    /// Whether the font itself knows the text of a glyph.
    widths: BTreeMap<u16, u16>,
}

/// Subsets the faces to the glyphs that are on the pages.
fn embed(pages: &Pages, fonts: &Fonts<'_>) -> Result<BTreeMap<usize, Used>, PdfError> {
    let mut gids: Vec<std::collections::BTreeSet<u16>> = vec![std::collections::BTreeSet::new(); fonts.count()];
    for item in pages.pages.iter().flat_map(|page| &page.items) {
        if let Paint::Run(run) = &item.paint
            && let Some(gids) = gids.get_mut(run.face)
        {
            gids.extend(run.glyphs.iter().map(|glyph| glyph.gid));
        }
    }
    let mut used = BTreeMap::new();
    for (face, gids) in gids.into_iter().enumerate().filter(|(_, gids)| !gids.is_empty()) {
        let Some((name, data, number)) = fonts.file(face) else { continue };
        let mut remap = GlyphRemapper::new();
        for gid in &gids {
            remap.remap(*gid);
        }
        let bytes =
            subsetter::subset(data, number, &remap).map_err(|error| PdfError::Font(format!("{name}: {error}")))?;
        let mut warnings = Vec::new();
        let mut parsed = ParsedFont::from_bytes(&bytes, 0, &mut warnings)
            .ok_or_else(|| PdfError::Font(format!("{name}: its subset cannot be read")))?;
        parsed.font_name = Some(format!("SHRAA{}+{name}", char::from(b'A' + u8::try_from(face % 26).unwrap_or(0))));
        let upem = f32::from(parsed.units_per_em.max(16));
        let widths = parsed.glyph_widths.clone();
        used.insert(face, Used { remap, parsed: Some(parsed), upem, widths });
    }
    Ok(used)
}

struct Writer {
    fonts: BTreeMap<usize, Used>,
    height: f32,
    contents: Contents,
    owners: Vec<Vec<NodeId>>,
}

impl Writer {
    fn page(&mut self, number: usize, items: &[Item], tree: &Tree, fonts: &Fonts<'_>, logo: Option<&Logo>) -> Vec<Op> {
        let mut ops = Vec::with_capacity(items.len() * 7);
        let mut owners: Vec<NodeId> = Vec::new();
        let mut open: Option<Option<NodeId>> = None;
        let mut fill = None;
        for item in items {
            if open != Some(item.owner) {
                if open.is_some() {
                    ops.push(Op::EndMarkedContent);
                }
                open = Some(item.owner);
                ops.push(self.begin(number, item.owner, tree, &mut owners));
            }
            match &item.paint {
                Paint::Run(run) => self.run(&mut ops, run, fonts, &mut fill),
                Paint::Rect(rect, colour) => {
                    colour_fill(&mut ops, *colour, &mut fill);
                    let [x, y, w, h] = *rect;
                    let points = [(x, y, false), (x + w, y, false), (x + w, y + h, false), (x, y + h, false)];
                    ops.push(Op::DrawPolygon { polygon: self.polygon(&points, PaintMode::Fill) });
                }
                Paint::Outline(outline) => self.outline(&mut ops, outline, &mut fill),
                Paint::Pattern(clip, lines, colour, width) => {
                    ops.push(Op::SaveGraphicsState);
                    ops.push(Op::DrawPolygon { polygon: self.polygon(clip, PaintMode::Clip) });
                    ops.push(Op::SetOutlineColor { col: colour_of(*colour) });
                    ops.push(Op::SetOutlineThickness { pt: Pt(*width) });
                    for [x1, y1, x2, y2] in lines {
                        let points = vec![self.point(*x1, *y1, false), self.point(*x2, *y2, false)];
                        ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
                    }
                    ops.push(Op::RestoreGraphicsState);
                }
                Paint::Logo(frame) => {
                    if let Some(logo) = logo {
                        logo::paint(&mut ops, logo, *frame, self.height);
                    }
                }
            }
        }
        if open.is_some() {
            ops.push(Op::EndMarkedContent);
        }
        self.owners.push(owners);
        ops
    }

    fn begin(&mut self, page: usize, owner: Option<NodeId>, tree: &Tree, owners: &mut Vec<NodeId>) -> Op {
        let Some(owner) = owner else { return Op::BeginMarkedContent { tag: "Artifact".into() } };
        let mcid = i64::try_from(owners.len()).unwrap_or(i64::MAX);
        self.contents.entry(owner).or_default().push((page, mcid));
        let node = tree.nodes.get(owner);
        // A slot's content belongs to its parent.
        let element = match node {
            Some(node) if node.role == Role::Slot => node.parent.unwrap_or(0),
            _ => owner,
        };
        owners.push(element);
        let role = tree.nodes.get(element).map_or(Role::P, |node| node.role);
        let map = BTreeMap::from([("MCID".to_owned(), DictItem::Int(mcid))]);
        Op::BeginMarkedContentWithProperties { tag: super::tag::name(role).into(), properties: DictItem::Dict { map } }
    }

    fn run(&self, ops: &mut Vec<Op>, run: &Run, fonts: &Fonts<'_>, fill: &mut Option<Rgb>) {
        let Some(used) = self.fonts.get(&run.face) else { return };
        colour_fill(ops, run.colour, fill);
        ops.push(Op::StartTextSection);
        ops.push(Op::SetFont { font: PdfFontHandle::External(FontId(format!("F{}", run.face))), size: Pt(run.size) });
        let shift = run.glyphs.first().map_or(0.0, |glyph| glyph.dx) * run.size / 1000.0;
        let (x, y) = (run.x + shift, self.height - run.y);
        if run.angle == 0.0 {
            ops.push(Op::SetTextCursor { pos: Point { x: Pt(round(x)), y: Pt(round(y)) } });
        } else {
            let (sin, cos) = run.angle.to_radians().sin_cos();
            ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([cos, sin, -sin, cos, x, y]) });
        }
        let mut glyphs = Vec::with_capacity(run.glyphs.len());
        // Rounding is carried over, so that a long line does not drift.
        let mut owed = 0.0;
        for (n, glyph) in run.glyphs.iter().enumerate() {
            let gid = used.remap.get(glyph.gid).unwrap_or(0);
            let next = run.glyphs.get(n + 1).map_or(0.0, |next| next.dx);
            let units = f32::from(used.widths.get(&gid).copied().unwrap_or(0));
            let written = (units * 1000.0 / used.upem).floor();
            let exact = written - (glyph.advance - glyph.dx + next) + owed;
            let offset = if n + 1 == run.glyphs.len() || exact.abs() < 1.5 { 0.0 } else { exact.round() };
            owed = exact - offset;
            glyphs.push(Codepoint { gid, offset, cid: Some(fonts.text_of(run.face, glyph.gid).to_owned()) });
        }
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(glyphs)] });
        ops.push(Op::EndTextSection);
    }

    fn outline(&self, ops: &mut Vec<Op>, outline: &Outline, fill: &mut Option<Rgb>) {
        if let Some(colour) = outline.fill {
            colour_fill(ops, colour, fill);
        }
        if let Some((colour, width)) = outline.stroke {
            ops.push(Op::SetOutlineColor { col: colour_of(colour) });
            ops.push(Op::SetOutlineThickness { pt: Pt(width) });
            if outline.dashed {
                ops.push(Op::SetLineDashPattern { dash: dash(&[3.0, 2.5]) });
            }
        }
        if outline.closed {
            let mode = match (outline.fill.is_some(), outline.stroke.is_some()) {
                (true, true) => PaintMode::FillStroke,
                (true, false) => PaintMode::Fill,
                (false, _) => PaintMode::Stroke,
            };
            ops.push(Op::DrawPolygon { polygon: self.polygon(&outline.points, mode) });
        } else {
            let points = outline.points.iter().map(|(x, y, handle)| self.point(*x, *y, *handle)).collect();
            ops.push(Op::DrawLine { line: Line { points, is_closed: false } });
        }
        if outline.dashed {
            ops.push(Op::SetLineDashPattern { dash: dash(&[]) });
        }
    }

    fn polygon(&self, points: &[(f32, f32, bool)], mode: PaintMode) -> Polygon {
        let points = points.iter().map(|(x, y, handle)| self.point(*x, *y, *handle)).collect();
        Polygon { rings: vec![PolygonRing { points }], mode, winding_order: WindingOrder::NonZero }
    }

    fn point(&self, x: f32, y: f32, bezier: bool) -> LinePoint {
        LinePoint { p: Point { x: Pt(round(x)), y: Pt(round(self.height - y)) }, bezier }
    }
}

fn dash(pattern: &[f32]) -> LineDashPattern {
    LineDashPattern { offset: 0.0, pattern: pattern.iter().copied().collect() }
}

/// Hundredths of a point are finer than any printer.
fn round(value: f32) -> f32 {
    (value.clamp(-20_000.0, 20_000.0) * 100.0).round() / 100.0
}

fn colour_fill(ops: &mut Vec<Op>, colour: Rgb, now: &mut Option<Rgb>) {
    if *now != Some(colour) {
        *now = Some(colour);
        ops.push(Op::SetFillColor { col: colour_of(colour) });
    }
}

fn colour_of(colour: Rgb) -> Color {
    let part = |byte: u8| (f32::from(byte) / 255.0 * 1000.0).round() / 1000.0;
    Color::Rgb(printpdf::Rgb { r: part(colour.0), g: part(colour.1), b: part(colour.2), icc_profile: None })
}
