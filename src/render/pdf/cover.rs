//! The cover: logo and classification above, title and subtitle on a panel that bleeds to the edges of the page.

use super::flow::Setting;
use super::fonts::BOLD;
use super::page::{Band, Item, Outline, Paint, Slab, Whose};
use super::words::single;

/// Room of the logo: width and height.
const LOGO: [f32; 2] = [140.0, 42.0];
/// From the top margin to the panel.
const STRIP: f32 = 76.0;
/// Panel above the title, and below the subtitle.
const PANEL_PAD: [f32; 2] = [48.0, 30.0];

impl Setting<'_, '_> {
    /// What stands above the title, and the start of the panel.
    pub(super) fn cover_head(&mut self) {
        let mut items = self.brand();
        let client = self.client();
        let below = if client.is_some() { LOGO[1] + 6.0 } else { 0.0 };
        items.extend(client);
        items.extend(self.label().into_iter().map(|mut item| {
            item.shift(0.0, below);
            item
        }));
        self.push(Slab { height: STRIP, items, keep: true, ..Slab::default() });
        let (page_width, _) = self.theme.page.size.points();
        let (x, colour) = (-self.theme.page.margin_left, self.theme.colours.accent);
        self.panel = Some(Band { number: self.next_band(), x, width: page_width, colour });
        self.push(Slab { height: PANEL_PAD[0], keep: true, ..Slab::default() });
    }

    /// Ends the panel, if it is open.
    pub(super) fn end_cover_panel(&mut self) {
        if self.panel.is_some() {
            self.owed = 0.0;
            self.push(Slab { height: PANEL_PAD[1], ..Slab::default() });
            self.panel = None;
            self.owe(30.0);
        }
    }

    /// The logo, or the name of who prepared the report.
    fn brand(&mut self) -> Vec<Item> {
        if self.theme.logo.is_some() {
            return vec![Item { owner: None, paint: Paint::Logo(Whose::Firm, [0.0, 0.0, LOGO[0], LOGO[1]]) }];
        }
        let name = if self.theme.brand.is_empty() { &self.meta.author } else { &self.theme.brand };
        let (name, colour) = (name.clone(), self.theme.colours.accent);
        let (mut runs, _) = single(self.fonts, BOLD, 12.0, colour, &name, None);
        runs.iter_mut().for_each(|item| item.shift(0.0, 14.0));
        runs
    }

    /// The client's logo, at the right edge.
    fn client(&self) -> Option<Item> {
        let (w, h) = self.theme.client_logo.as_ref()?.size();
        let scale = (LOGO[0] / w.max(0.1)).min(LOGO[1] / h.max(0.1));
        let frame = [self.theme.text_width() - w * scale, 0.0, w * scale, h * scale];
        Some(Item { owner: None, paint: Paint::Logo(Whose::Client, frame) })
    }

    /// The classification in a frame; left out when it is too long for it.
    fn label(&mut self) -> Vec<Item> {
        let (width, colour) = (self.theme.text_width(), self.theme.colours.accent);
        let label = self.meta.header_right.clone();
        let (mut items, label_width) = single(self.fonts, BOLD, 9.0, colour, &label, None);
        if label.is_empty() || label_width >= width * 0.5 {
            return Vec::new();
        }
        let (x, w, h) = (width - label_width - 16.0, label_width + 16.0, 20.0);
        items.iter_mut().for_each(|item| item.shift(x + 8.0, 13.2));
        let points = vec![(x, 0.0, false), (x + w, 0.0, false), (x + w, h, false), (x, h, false)];
        let outline = Outline { points, closed: true, fill: None, stroke: Some((colour, 0.8)), dashed: false };
        items.push(Item { owner: None, paint: Paint::Outline(outline) });
        items
    }
}
