//! Display list to page operators with marked content.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::{Document, Object, Stream};
use printpdf::{
    Codepoint, Color, DictItem, FontId, Line, LineDashPattern, LinePoint, Op, PaintMode, ParsedFont, PdfDocument,
    PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rect, TextItem, TextMatrix,
    WindingOrder, XObjectId,
};
use rayon::prelude::*;
use subsetter::GlyphRemapper;

use super::{failed, file, logo, tag};
use crate::render::logo::Logo;
use crate::render::pdf::PdfError;
use crate::render::pdf::fonts::Fonts;
use crate::render::pdf::page::{Item, NodeId, Outline, Page, Paint, Role, Run, Tree, Whose};
use crate::render::pdf::paginate::Pages;
use crate::render::theme::{Rgb, Theme};

/// Content that a structure element has: page and number of the marked content.
pub(super) type Contents = BTreeMap<NodeId, Vec<(usize, i64)>>;

pub(super) struct Written {
    pub document: Document,
    /// Marked content of each element.
    pub contents: Contents,
    /// Owner of each marked content, by page.
    pub owners: Vec<Vec<NodeId>>,
}

/// Pages that are written at a time: operators take many times the memory of what they become.
const CHUNK: usize = 8;

#[derive(Default)]
struct Part {
    programs: Vec<Stream>,
    contents: Contents,
    owners: Vec<Vec<NodeId>>,
}

/// Writes the pages, and takes their items away.
pub(super) fn write(
    pages: &mut Pages,
    tree: &Tree,
    fonts: &Fonts<'_>,
    theme: &Theme,
    title: &str,
) -> Result<Written, PdfError> {
    let faces = embed(pages, fonts)?;
    let parts: Result<Vec<Part>, PdfError> = pages
        .pages
        .par_chunks_mut(CHUNK)
        .enumerate()
        .map(|(n, chunk)| part(n * CHUNK, chunk, &faces, tree, theme))
        .collect();
    let mut written = Written {
        document: serialise(title, &faces, true, theme, vec![sheet(&faces)])?,
        contents: Contents::new(),
        owners: Vec::new(),
    };
    let mut programs = Vec::new();
    for part in parts? {
        for (node, places) in part.contents {
            written.contents.entry(node).or_default().extend(places);
        }
        written.owners.extend(part.owners);
        programs.extend(part.programs);
    }
    bind(&mut written.document, programs)?;
    Ok(written)
}

fn part(
    first: usize,
    pages: &mut [Page],
    faces: &BTreeMap<usize, Used>,
    tree: &Tree,
    theme: &Theme,
) -> Result<Part, PdfError> {
    let height = theme.page.size.points().1;
    let mut writer = Writer { faces, height, contents: Contents::new(), owners: Vec::new() };
    let mut all = Vec::with_capacity(pages.len());
    for (n, page) in pages.iter_mut().enumerate() {
        all.push(writer.page(first + n, &std::mem::take(&mut page.items), tree, theme));
    }
    // Only the cover shows logos.
    let logos = first == 0;
    // Its pages name the faces; only the whole document has them.
    let mut document = serialise("", &BTreeMap::new(), logos, theme, all)?;
    let mut programs = Vec::with_capacity(pages.len());
    for page in document.get_pages().into_values() {
        let program = document.get_dictionary(page).and_then(|page| page.get(b"Contents")?.as_reference());
        let program = program.ok().and_then(|id| document.objects.remove(&id));
        let Some(Object::Stream(mut program)) = program else {
            return Err(PdfError::Writer("a page has no content".to_owned()));
        };
        file::compress(&mut program);
        programs.push(program);
    }
    Ok(Part { programs, contents: writer.contents, owners: writer.owners })
}

/// Every glyph of every face once: what the document says of its fonts is made from the page that this is on.
fn sheet(faces: &BTreeMap<usize, Used>) -> Vec<Op> {
    let mut ops = vec![Op::StartTextSection];
    for (face, used) in faces {
        let glyphs = used.glyphs.values();
        let glyphs = glyphs.map(|(gid, text)| Codepoint { gid: *gid, offset: 0.0, cid: Some(text.clone()) });
        ops.push(Op::SetFont { font: PdfFontHandle::External(FontId(format!("F{face}"))), size: Pt(1.0) });
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(glyphs.collect())] });
    }
    ops.push(Op::EndTextSection);
    ops
}

fn serialise(
    title: &str,
    faces: &BTreeMap<usize, Used>,
    logos: bool,
    theme: &Theme,
    pages: Vec<Vec<Op>>,
) -> Result<Document, PdfError> {
    let mut document = PdfDocument::new(title);
    for (face, used) in faces {
        document.resources.fonts.map.insert(FontId(format!("F{face}")), PdfFont::new(used.parsed.clone()));
    }
    for whose in [Whose::Firm, Whose::Client].into_iter().filter(|_| logos) {
        if let Some(Logo::Pixels(pixels)) = whose.logo(theme) {
            document.resources.xobjects.map.insert(XObjectId(whose.id().to_owned()), logo::image(pixels));
        }
    }
    let (width, height) = theme.page.size.points();
    let area = Rect::from_wh(Pt(width), Pt(height));
    document.pages = pages
        .into_iter()
        .map(|ops| PdfPage { media_box: area.clone(), trim_box: area.clone(), crop_box: area.clone(), ops })
        .collect();
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: false, image_optimization: None };
    let mut warnings = Vec::new();
    let written = document.to_lopdf_document(&options, &mut warnings);
    match warnings.iter().find(|w| w.severity == printpdf::PdfParseErrorSeverity::Error) {
        Some(warning) => Err(PdfError::Writer(warning.msg.clone())),
        None => Ok(written),
    }
}

/// Puts pages with these programs in the place of the document's only page.
fn bind(document: &mut Document, programs: Vec<Stream>) -> Result<(), PdfError> {
    let sheet = document.get_pages().into_values().next();
    let sheet = sheet.ok_or_else(|| PdfError::Writer("no page was written".to_owned()))?;
    let mut model = document.get_dictionary(sheet).map_err(failed)?.clone();
    let tree = model.get(b"Parent").and_then(Object::as_reference).map_err(failed)?;
    if let Ok(program) = model.get(b"Contents").and_then(Object::as_reference) {
        document.objects.remove(&program);
    }
    document.objects.remove(&sheet);
    let mut kids: Vec<Object> = Vec::with_capacity(programs.len());
    for program in programs {
        let program = document.add_object(program);
        model.set("Contents", program);
        kids.push(document.add_object(model.clone()).into());
    }
    let pages = document.get_object_mut(tree).and_then(Object::as_dict_mut).map_err(failed)?;
    pages.set("Count", i64::try_from(kids.len()).unwrap_or(i64::MAX));
    pages.set("Kids", kids);
    Ok(())
}

struct Used {
    /// For each glyph of the whole face that is used: its number in the subset, and its text.
    glyphs: BTreeMap<u16, (u16, String)>,
    parsed: ParsedFont,
    upem: f32,
    /// Width of each glyph of the subset in font units.
    widths: BTreeMap<u16, u16>,
}

/// Subsets the faces to the glyphs that are on the pages.
fn embed(pages: &Pages, fonts: &Fonts<'_>) -> Result<BTreeMap<usize, Used>, PdfError> {
    let mut gids: Vec<BTreeSet<u16>> = vec![BTreeSet::new(); fonts.count()];
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
        let glyphs = gids
            .iter()
            .map(|gid| (*gid, (remap.get(*gid).unwrap_or(0), fonts.text_of(face, *gid).to_owned())))
            .collect();
        used.insert(face, Used { glyphs, parsed, upem, widths });
    }
    Ok(used)
}

struct Writer<'a> {
    faces: &'a BTreeMap<usize, Used>,
    height: f32,
    contents: Contents,
    owners: Vec<Vec<NodeId>>,
}

impl Writer<'_> {
    fn page(&mut self, number: usize, items: &[Item], tree: &Tree, theme: &Theme) -> Vec<Op> {
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
                Paint::Run(run) => self.run(&mut ops, run, &mut fill),
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
                Paint::Logo(whose, frame) => {
                    if let Some(logo) = whose.logo(theme) {
                        logo::paint(&mut ops, (whose.id(), logo), *frame, self.height);
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
        Op::BeginMarkedContentWithProperties { tag: tag::name(role).into(), properties: DictItem::Dict { map } }
    }

    fn run(&self, ops: &mut Vec<Op>, run: &Run, fill: &mut Option<Rgb>) {
        let Some(used) = self.faces.get(&run.face) else { return };
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
        let mut shown: Vec<DictItem> = Vec::new();
        let mut codes: Vec<u8> = Vec::with_capacity(run.glyphs.len() * 2);
        // Rounding is carried over, so that a long line does not drift.
        let mut owed = 0.0;
        for (n, glyph) in run.glyphs.iter().enumerate() {
            let Some((gid, _)) = used.glyphs.get(&glyph.gid) else { continue };
            let next = run.glyphs.get(n + 1).map_or(0.0, |next| next.dx);
            let units = f32::from(used.widths.get(gid).copied().unwrap_or(0));
            let written = (units * 1000.0 / used.upem).floor();
            let exact = written - (glyph.advance - glyph.dx + next) + owed;
            let offset = if n + 1 == run.glyphs.len() || exact.abs() < 1.5 { 0.0 } else { exact.round() };
            owed = exact - offset;
            codes.extend_from_slice(&gid.to_be_bytes());
            if offset != 0.0 {
                shown.push(DictItem::String { data: std::mem::take(&mut codes), literal: true });
                shown.push(DictItem::Real(offset));
            }
        }
        if !codes.is_empty() {
            shown.push(DictItem::String { data: codes, literal: true });
        }
        // One string for as many glyphs as stand where their widths put them; `ShowText` would write each by itself.
        ops.push(Op::Unknown { key: "TJ".to_owned(), value: vec![DictItem::Array(shown)] });
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
        point(x, self.height - y, bezier)
    }
}

pub(super) fn point(x: f32, y: f32, bezier: bool) -> LinePoint {
    LinePoint { p: Point { x: Pt(round(x)), y: Pt(round(y)) }, bezier }
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

pub(super) fn colour_of(colour: Rgb) -> Color {
    let [r, g, b] = [colour.0, colour.1, colour.2].map(|byte| (f32::from(byte) / 255.0 * 1000.0).round() / 1000.0);
    Color::Rgb(printpdf::Rgb { r, g, b, icc_profile: None })
}
