//! Cuts the column into pages and adds what every page carries.

use std::collections::BTreeMap;

use super::fonts::{BOLD, Fonts, REGULAR};
use super::page::{Band, Flow, Item, Mark, Page, Paint, Slab};
use super::words::single;
use crate::render::meta::Meta;
use crate::render::theme::{Rgb, Theme};

/// Pages, and where headings and anchors are.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pub pages: Vec<Page>,
    /// Page and top of each heading.
    pub headings: BTreeMap<usize, (usize, f32)>,
    /// Page and top of each anchor.
    pub anchors: BTreeMap<String, (usize, f32)>,
}

/// Cuts the slabs of `flow` into pages; its structure and headings stay.
pub(super) fn paginate(flow: &mut Flow, theme: &Theme) -> Pages {
    let slabs = std::mem::take(&mut flow.slabs);
    let mut cutter = Cutter { theme, flow, pages: Vec::new(), y: 0.0, bands: Vec::new(), used: false };
    cutter.new_page();
    let limit = theme.text_height();
    let chains = chains(&slabs);
    for (mut slab, chain) in slabs.into_iter().zip(chains) {
        let before = if cutter.used { slab.before } else { 0.0 };
        let fits = cutter.y + before + slab.height <= limit + 0.01;
        let chain_fits = cutter.y + before + chain <= limit + 0.01 || chain > limit;
        if cutter.used && (slab.page || !fits || !chain_fits) {
            cutter.new_page();
            if let Some(header) = slab.header {
                cutter.repeat(header);
            }
        }
        if cutter.used {
            cutter.y += slab.before;
        }
        cutter.place(&mut slab);
    }
    cutter.finish_bands();
    let pages = cutter.pages;
    let mut result = Pages { pages, ..Pages::default() };
    for (number, page) in result.pages.iter().enumerate() {
        for mark in &page.marks {
            match mark {
                Mark::Heading(heading, y) => drop(result.headings.insert(*heading, (number, *y))),
                Mark::Anchor(id, y) => drop(result.anchors.entry(id.clone()).or_insert((number, *y))),
                _ => {}
            }
        }
    }
    result
}

/// Height from each slab to the end of the chain that is kept together; 0 inside a chain that began earlier.
fn chains(slabs: &[Slab]) -> Vec<f32> {
    let mut heights = vec![0.0; slabs.len()];
    let mut start = 0;
    while start < slabs.len() {
        let mut height = 0.0;
        let mut end = start;
        while let Some(slab) = slabs.get(end) {
            height += slab.height + if end > start { slab.before } else { 0.0 };
            end += 1;
            if !slab.keep || slabs.get(end).is_some_and(|next| next.page) {
                break;
            }
        }
        if let Some(first) = heights.get_mut(start) {
            *first = height;
        }
        start = end.max(start + 1);
    }
    heights
}

struct Cutter<'a> {
    theme: &'a Theme,
    flow: &'a Flow,
    pages: Vec<Page>,
    /// From the top of the text block.
    y: f32,
    /// Bands that go on: band, top, bottom, the place in the page's items.
    bands: Vec<(Band, f32, f32)>,
    used: bool,
}

impl Cutter<'_> {
    fn new_page(&mut self) {
        self.finish_bands();
        self.pages.push(Page::default());
        self.y = 0.0;
        self.used = false;
    }

    fn finish_bands(&mut self) {
        for (band, top, bottom) in std::mem::take(&mut self.bands) {
            self.paint_band(band, top, bottom);
        }
    }

    /// Bands lie below everything else of the page; outer ones, which end last, below inner ones.
    fn paint_band(&mut self, band: Band, top: f32, bottom: f32) {
        let page = &self.theme.page;
        let rect = [page.margin_left + band.x, page.margin_top + top, band.width, bottom - top];
        if let Some(page) = self.pages.last_mut() {
            page.bands.push((band.number, Item { owner: None, paint: Paint::Rect(rect, band.colour) }));
        }
    }

    fn repeat(&mut self, header: usize) {
        let Some(header) = self.flow.headers.get(header) else { return };
        if header.height > self.theme.text_height() * 0.3 {
            return;
        }
        let mut slab = Slab { height: header.height, items: header.items.clone(), ..Slab::default() };
        self.place(&mut slab);
    }

    fn place(&mut self, slab: &mut Slab) {
        let (dx, dy) = (self.theme.page.margin_left, self.theme.page.margin_top + self.y);
        let bottom = self.y + slab.height;
        let mut going = Vec::with_capacity(slab.bands.len());
        let mut ended = Vec::new();
        for (band, top, end) in std::mem::take(&mut self.bands) {
            if slab.bands.iter().any(|b| b.number == band.number) {
                going.push((band, top, bottom));
            } else {
                ended.push((band, top, end));
            }
        }
        for (band, top, end) in ended {
            self.paint_band(band, top, end);
        }
        for band in &slab.bands {
            if !going.iter().any(|(b, ..)| b.number == band.number) {
                going.push((*band, self.y, bottom));
            }
        }
        self.bands = going;
        if let Some(page) = self.pages.last_mut() {
            for mut item in slab.items.drain(..) {
                item.shift(dx, dy);
                page.items.push(item);
            }
            for mut mark in slab.marks.drain(..) {
                mark.shift(dx, dy);
                page.marks.push(mark);
            }
        }
        self.y = bottom;
        self.used = true;
    }
}

/// Adds running header and footer, page numbers in the contents, and the watermark.
pub(super) fn furnish(pages: &mut Pages, flow: &Flow, theme: &Theme, meta: &Meta, fonts: &mut Fonts<'_>) {
    let count = pages.pages.len();
    let headings = &pages.headings;
    for (number, page) in pages.pages.iter_mut().enumerate() {
        number_contents(page, headings, theme, fonts);
        if number > 0 || !flow.cover {
            running(page, number + 1, count, theme, meta, fonts);
        }
        let mut below = Vec::new();
        if let Some(word) = meta.draft.as_deref().filter(|word| !word.trim().is_empty()) {
            below = watermark(word, theme, fonts);
        }
        page.bands.sort_by_key(|(number, _)| *number);
        // Below all: panels, then the watermark over them but behind the text. The cover's panel carries white text,
        // so there the watermark lies below it.
        let mut items: Vec<Item> = std::mem::take(&mut page.bands).into_iter().map(|(_, item)| item).collect();
        if number == 0 && flow.cover {
            below.append(&mut items);
            items = below;
        } else {
            items.append(&mut below);
        }
        items.append(&mut page.items);
        page.items = items;
    }
}

fn number_contents(page: &mut Page, headings: &BTreeMap<usize, (usize, f32)>, theme: &Theme, fonts: &mut Fonts<'_>) {
    let size = theme.sizes.body;
    let mut added = Vec::new();
    for mark in &page.marks {
        let Mark::PageOf(heading, right, y, left, owner) = mark else { continue };
        let number = headings.get(heading).map_or(0, |(page, _)| page + 1).to_string();
        let (items, width) = single(fonts, REGULAR, size, theme.colours.text, &number, Some(*owner));
        added.extend(items.into_iter().map(|item| moved(item, right - width, *y)));
        // Dots on one raster, so that they stand below one another.
        let (dots, dot) = single(fonts, REGULAR, size, theme.colours.rule, ".", None);
        let step = dot + 2.2;
        let mut x = right - 26.0;
        while x > *left && step > 0.5 {
            added.extend(dots.iter().cloned().map(|item| moved(item, x, *y)));
            x -= step;
        }
    }
    page.items.append(&mut added);
}

fn moved(mut item: Item, x: f32, y: f32) -> Item {
    item.shift(x, y);
    item
}

fn running(page: &mut Page, number: usize, count: usize, theme: &Theme, meta: &Meta, fonts: &mut Fonts<'_>) {
    let (width, height) = theme.page.size.points();
    let (left, right) = (theme.page.margin_left, width - theme.page.margin_right);
    let size = theme.sizes.small * 0.97;
    let muted = theme.colours.muted;
    let of = meta.page_of.replace("{page}", &number.to_string()).replace("{pages}", &count.to_string());
    let top = theme.page.margin_top * 0.5;
    let bottom = height - theme.page.margin_bottom * 0.5;
    let room = (right - left) * 0.68;
    for (text, face, y, colour, at_right) in [
        (&meta.header_left, REGULAR, top, muted, false),
        (&meta.header_right, BOLD, top, theme.colours.accent, true),
        (&meta.footer_left, REGULAR, bottom, muted, false),
        (&of, REGULAR, bottom, muted, true),
    ] {
        let limit = if at_right { right - left - room - 8.0 } else { room };
        let (items, used) = cut(fonts, face, size, colour, text, limit);
        let x = if at_right { right - used } else { left };
        page.items.extend(items.into_iter().map(|item| moved(item, x, y)));
    }
    for y in [top + 7.0, bottom - 14.0] {
        let paint = Paint::Rect([left, y, right - left, 0.45], theme.colours.rule);
        page.items.push(Item { owner: None, paint });
    }
}

fn cut(fonts: &mut Fonts<'_>, face: usize, size: f32, colour: Rgb, text: &str, limit: f32) -> (Vec<Item>, f32) {
    let mut chars: Vec<char> = text.chars().take(200).collect();
    let mut shortened = text.chars().nth(200).is_some();
    loop {
        let cut: String = chars.iter().collect();
        let cut = if shortened { format!("{}…", cut.trim_end()) } else { cut };
        let (items, used) = single(fonts, face, size, colour, &cut, None);
        if used <= limit || chars.is_empty() {
            return (items, used);
        }
        chars.truncate(chars.len() * 9 / 10);
        shortened = true;
    }
}

fn watermark(word: &str, theme: &Theme, fonts: &mut Fonts<'_>) -> Vec<Item> {
    let (width, height) = theme.page.size.points();
    let colour = theme.colours.rule.over(theme.colours.paper, 0.2);
    let (_, one) = single(fonts, BOLD, 100.0, colour, word, None);
    let size = (100.0 * width * 0.62 / one.max(1.0)).min(130.0);
    let (items, long) = single(fonts, BOLD, size, colour, word, None);
    let turn = std::f32::consts::FRAC_1_SQRT_2;
    items
        .into_iter()
        .map(|mut item| {
            if let Paint::Run(run) = &mut item.paint {
                let along = run.x - long / 2.0;
                run.angle = 45.0;
                run.x = width / 2.0 + along * turn + size * 0.24;
                run.y = height / 2.0 - along * turn + size * 0.24;
            }
            item
        })
        .collect()
}
