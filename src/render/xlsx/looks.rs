//! How the cells of a workbook look.

use crate::drawing::Ink;
use crate::render::theme::{Colours, Rgb};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// Formats of the whole workbook.
pub(super) struct Looks {
    pub(super) title: Format,
    pub(super) quiet: Format,
    pub(super) count: Format,
    pub(super) head: Format,
    pub(super) human_head: Format,
    pub(super) machine: Format,
    /// Machine cells that stay on one line: ids, words, days.
    pub(super) key: Format,
    pub(super) human: Format,
    pub(super) link: Format,
    pub(super) number: Format,
    pub(super) day: Format,
    pub(super) words: [(&'static str, Format); 8],
}

/// Place of a style in the sample row of a sheet.
#[derive(Clone, Copy)]
pub(super) struct Style(pub(super) usize);

pub(super) const MACHINE: Style = Style(0);
pub(super) const HUMAN: Style = Style(1);
pub(super) const LINK: Style = Style(2);
pub(super) const NUMBER: Style = Style(3);
pub(super) const DAY: Style = Style(4);
pub(super) const KEY: Style = Style(5);
/// The first of the words that have a colour.
pub(super) const WORDS: usize = 6;

impl Looks {
    pub(super) fn new(colours: &Colours) -> Self {
        let (accent, rule, panel) = (colour(colours.accent), colour(colours.rule), colour(colours.panel));
        let cell = Format::new()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(rule);
        let key = cell.clone().set_background_color(panel);
        let machine = key.clone().set_text_wrap();
        let human = cell.set_unlocked().set_text_wrap();
        let head = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(accent)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        Self {
            title: Format::new().set_bold().set_font_size(18).set_font_color(accent),
            quiet: Format::new().set_font_color(colour(colours.muted)),
            count: Format::new()
                .set_num_format("#,##0")
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(rule),
            human_head: head.clone().set_background_color(colour(colours.pass)),
            head,
            link: key.clone().set_font_color(colour(colours.accent)).set_underline(FormatUnderline::Single),
            number: key.clone().set_num_format("General"),
            day: human.clone().set_num_format("yyyy-mm-dd"),
            words: [
                // Darker than `high`, which has the same colour.
                ("critical", filled(&key, colours.fail.over(Rgb(0, 0, 0), 0.78), colours.mixed(Ink::Fail, 0.3))),
                ("high", tinted(&key, colours, Ink::Fail)),
                ("medium", tinted(&key, colours, Ink::NotEvaluable)),
                ("low", tinted(&key, colours, Ink::Review)),
                ("fail", tinted(&key, colours, Ink::Fail)),
                ("not_evaluable", tinted(&key, colours, Ink::NotEvaluable)),
                ("review", tinted(&key, colours, Ink::Review)),
                ("pass", tinted(&key, colours, Ink::Pass)),
            ],
            machine,
            key,
            human,
        }
    }

    /// Styles in the order of their [`Style`].
    pub(super) fn inks(&self) -> impl Iterator<Item = &Format> {
        let plain = [&self.machine, &self.human, &self.link, &self.number, &self.day, &self.key];
        plain.into_iter().chain(self.words.iter().map(|(_, look)| look))
    }
}

pub(super) fn colour(Rgb(red, green, blue): Rgb) -> Color {
    Color::RGB(u32::from_be_bytes([0, red, green, blue]))
}

/// Dark ink on light paper, so that the word reads in print and for every eye; colour is a second sign.
fn tinted(cell: &Format, colours: &Colours, ink: Ink) -> Format {
    let (ink, tint) = (colours.of(ink), colours.mixed(ink, 0.14));
    filled(cell, ink, if ink.contrast(tint) < 4.5 { colours.panel } else { tint })
}

fn filled(cell: &Format, ink: Rgb, paper: Rgb) -> Format {
    cell.clone().set_bold().set_font_color(colour(ink)).set_background_color(colour(paper))
}
