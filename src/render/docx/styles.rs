//! The styles: all of the look is here, so that a change to a style in Word changes the whole document.
//!
//! Names that Word knows are its own (Title, heading 1, List Bullet, caption …), so that its navigation, its lists and
//! its contents work.

use super::has_panel;
use super::units::{half_points, hex, twips, unsigned};
use crate::drawing::canvas::ink;
use crate::model::Outcome;
use crate::render::blocks::Quote;
use crate::render::theme::{Rgb, Theme};
use docx_rs::{
    BorderType, LineSpacing, LineSpacingType, ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, RunFonts,
    Shading, Style, StyleType, Styles, Tab, TabValueType, TableBorder, TableBorderPosition, TableBorders,
    TableCellMargins, TableProperty, WidthType,
};

pub(super) const NORMAL: &str = "Normal";
pub(super) const TITLE: &str = "Title";
pub(super) const SUBTITLE: &str = "Subtitle";
pub(super) const SMALL: &str = "SmallText";
pub(super) const CONTINUE: &str = "ListContinue";
pub(super) const CAPTION: &str = "Caption";
pub(super) const FIGURE: &str = "FigureText";
pub(super) const CODE: &str = "Code";
pub(super) const CODE_BLOCK: &str = "CodeBlock";
pub(super) const RULE: &str = "Rule";
pub(super) const GAP: &str = "Gap";
pub(super) const LINK: &str = "Hyperlink";
pub(super) const TOC_TITLE: &str = "TOCHeading";
pub(super) const HEADER: &str = "Header";
pub(super) const FOOTER: &str = "Footer";
pub(super) const BRAND: &str = "Brand";
pub(super) const TABLE: &str = "ReportTable";
pub(super) const TABLE_DENSE: &str = "ReportTableDense";
pub(super) const TILES: &str = "ReportTiles";
pub(super) const CELL: &str = "TableText";
pub(super) const CELL_SMALL: &str = "TableTextSmall";
pub(super) const CELL_DENSE: &str = "TableTextDense";
pub(super) const HEAD: &str = "TableHead";
pub(super) const HEAD_SMALL: &str = "TableHeadSmall";
pub(super) const HEAD_DENSE: &str = "TableHeadDense";
pub(super) const TILE: &str = "TileNumber";
pub(super) const TILE_NAME: &str = "TileName";

/// The faces: on every Windows and Mac, and LibreOffice has ones of the same widths.
const FACE: &str = "Arial";
const CODE_FACE: &str = "Courier New";

/// Style of a heading. The title of the document is none of Word's headings, so sections are of its first level.
pub(super) const fn heading(level: u8) -> &'static str {
    match level {
        0..=2 => "Heading1",
        3 => "Heading2",
        4 => "Heading3",
        _ => "Heading4",
    }
}

/// Style of a line of the contents.
pub(super) const fn toc(level: u8) -> &'static str {
    if level <= 2 { "TOC1" } else { "TOC2" }
}

/// Style of an item.
pub(super) const fn list(numbered: bool, small: bool) -> &'static str {
    match (numbered, small) {
        (false, false) => "ListBullet",
        (false, true) => "ListBulletSmall",
        (true, false) => "ListNumber",
        (true, true) => "ListNumberSmall",
    }
}

/// Style of a block quote.
pub(super) const fn quote(quote: Quote) -> &'static str {
    match quote {
        Quote::Plain => "Quote",
        Quote::Verdict => "Verdict",
        Quote::Warn => "Warning",
        Quote::Note => "Note",
    }
}

/// Style of the characters of a result.
pub(super) const fn result(result: Outcome) -> &'static str {
    match result {
        Outcome::Fail => "ResultFail",
        Outcome::NotEvaluable => "ResultNotEvaluable",
        Outcome::Review => "ResultReview",
        Outcome::Pass => "ResultPass",
        Outcome::NotApplicable => "ResultNotApplicable",
        Outcome::NotTested => "ResultNotTested",
    }
}

/// The styles of a theme.
pub(super) fn styles(theme: &Theme) -> Styles {
    let fonts = RunFonts::new().ascii(FACE).hi_ansi(FACE).cs(FACE).east_asia(FACE);
    let mut all = Styles::new().default_fonts(fonts).default_size(half_points(theme.sizes.body));
    let groups = [texts(theme), headings(theme), quotes(theme), lists(theme), cells(theme), furniture(theme)];
    for style in groups.into_iter().flatten().chain(characters(theme)).chain(tables(theme)) {
        all = all.add_style(style);
    }
    all
}

/// A paragraph style that stands on running text.
fn style(id: &str, name: &str) -> Style {
    Style::new(id, StyleType::Paragraph).name(name).based_on(NORMAL).next(NORMAL)
}

/// Space before and after, in points, and the least distance of lines.
fn spaced(style: Style, before: f32, after: f32, leading: f32) -> Style {
    let line = LineSpacing::new().before(unsigned(before)).after(unsigned(after));
    style.line_spacing(line.line_rule(LineSpacingType::AtLeast).line(twips(leading)))
}

/// A size of type, and a distance of lines that goes with it.
fn sized(style: Style, size: f32, before: f32, after: f32) -> Style {
    spaced(style.size(half_points(size)), before, after, size * 1.3)
}

fn kept(mut style: Style) -> Style {
    style.paragraph_property = style.paragraph_property.keep_next(true).keep_lines(true);
    style
}

/// A line beside, above or below paragraphs: eighths of a point wide.
fn lined(mut style: Style, at: ParagraphBorderPosition, width: usize, space: usize, colour: Rgb) -> Style {
    let border = ParagraphBorder::new(at).val(BorderType::Single).size(width).space(space).color(hex(colour));
    let borders = style.paragraph_property.borders.take().unwrap_or_else(ParagraphBorders::with_empty);
    style.paragraph_property.borders = Some(borders.set(border));
    style
}

fn shaded(mut style: Style, colour: Rgb) -> Style {
    style.paragraph_property.shading = Some(Shading::new().fill(hex(colour)));
    style
}

fn code_face() -> RunFonts {
    RunFonts::new().ascii(CODE_FACE).hi_ansi(CODE_FACE).cs(CODE_FACE)
}

fn texts(theme: &Theme) -> Vec<Style> {
    let (sizes, colours) = (&theme.sizes, &theme.colours);
    let normal = Style::new(NORMAL, StyleType::Paragraph).name("Normal").size(half_points(sizes.body));
    let normal = spaced(normal.color(hex(colours.text)), 0.0, sizes.leading * 0.55, sizes.leading);
    let code = sized(style(CODE_BLOCK, "Code Block"), sizes.code, 2.0, 8.0).fonts(code_face());
    let code = lined(shaded(code, colours.panel), ParagraphBorderPosition::Left, 4, 6, colours.rule);
    let rule = lined(style(RULE, "Rule"), ParagraphBorderPosition::Bottom, 4, 1, colours.rule);
    let mut gap = Style::new(GAP, StyleType::Paragraph).name("Gap").based_on(NORMAL).size(4);
    let exact = LineSpacing::new().before(0).after(0).line_rule(LineSpacingType::Exact).line(160);
    gap = gap.line_spacing(exact);
    vec![
        normal,
        sized(style(SMALL, "Small Text"), sizes.small, 0.0, sizes.leading * 0.4),
        code,
        rule,
        gap,
        sized(style(CAPTION, "caption"), sizes.small, 3.0, 10.0).color(hex(colours.muted)),
        sized(style(FIGURE, "Figure Text").based_on(CAPTION), sizes.small, 6.0, 3.0).color(hex(colours.text)),
    ]
}

fn headings(theme: &Theme) -> Vec<Style> {
    let (sizes, colours) = (&theme.sizes, &theme.colours);
    let (accent, text) = (hex(colours.accent), hex(colours.text));
    let title = kept(sized(style(TITLE, "Title").next(SUBTITLE), sizes.cover, 54.0, 8.0)).bold().color(accent.as_str());
    let subtitle = sized(style(SUBTITLE, "Subtitle"), sizes.subsection, 0.0, 24.0).color(hex(colours.muted));
    let levels = [
        ("Heading1", "heading 1", sizes.section, 26.0, 9.0, &accent),
        ("Heading2", "heading 2", sizes.subsection, 20.0, 5.0, &text),
        ("Heading3", "heading 3", sizes.part, 12.0, 3.0, &accent),
        ("Heading4", "heading 4", sizes.part, 10.0, 2.0, &text),
    ];
    let headings = levels.into_iter().enumerate().map(|(level, (id, name, size, before, after, colour))| {
        kept(sized(style(id, name), size, before, after)).bold().color(colour.as_str()).outline_lvl(level)
    });
    let below = |style| lined(style, ParagraphBorderPosition::Bottom, 6, 6, colours.accent);
    let mut all: Vec<Style> = headings.collect();
    if let Some(section) = all.first_mut() {
        *section = below(std::mem::take(section));
    }
    all.extend([title, below(subtitle)]);
    all
}

fn quotes(theme: &Theme) -> Vec<Style> {
    let (sizes, colours) = (&theme.sizes, &theme.colours);
    let kinds = [
        (Quote::Plain, "Quote", colours.rule, 18),
        (Quote::Verdict, "Verdict", colours.accent, 36),
        (Quote::Warn, "Warning", colours.not_evaluable, 24),
        (Quote::Note, "Note", colours.accent, 24),
    ];
    let all = kinds.into_iter().map(|(kind, name, bar, width)| {
        let size = if kind == Quote::Verdict { sizes.body * 1.2 } else { sizes.body };
        let mut one = spaced(style(quote(kind), name).size(half_points(size)), 0.0, 0.0, size * 1.42);
        one = one.indent(Some(240), None, None, None);
        one = lined(one, ParagraphBorderPosition::Left, width, 8, bar);
        if !has_panel(kind) {
            return one;
        }
        for edge in [ParagraphBorderPosition::Top, ParagraphBorderPosition::Bottom] {
            one = lined(one, edge, 4, 6, colours.panel);
        }
        shaded(one, colours.panel)
    });
    all.collect()
}

fn lists(theme: &Theme) -> Vec<Style> {
    let sizes = &theme.sizes;
    let kinds = [
        ("ListBullet", "List Bullet", sizes.body, sizes.leading),
        ("ListBulletSmall", "List Bullet Small", sizes.small, sizes.small * 1.35),
        ("ListNumber", "List Number", sizes.body, sizes.leading),
        ("ListNumberSmall", "List Number Small", sizes.small, sizes.small * 1.35),
        (CONTINUE, "List Continue", sizes.body, sizes.leading),
    ];
    let all = kinds.into_iter().map(|(id, name, size, leading)| {
        spaced(Style::new(id, StyleType::Paragraph).name(name).based_on(NORMAL), 0.0, 3.0, leading)
            .size(half_points(size))
    });
    all.collect()
}

fn cells(theme: &Theme) -> Vec<Style> {
    let (sizes, colours) = (&theme.sizes, &theme.colours);
    let small = sizes.small;
    let dense = small * 0.8;
    let kinds = [
        (CELL, "Table Text", HEAD, "Table Head", sizes.body * 0.95),
        (CELL_SMALL, "Table Text Small", HEAD_SMALL, "Table Head Small", small),
        (CELL_DENSE, "Table Text Dense", HEAD_DENSE, "Table Head Dense", dense),
    ];
    let mut all = Vec::new();
    for (text, text_name, head, head_name, size) in kinds {
        all.push(sized(Style::new(text, StyleType::Paragraph).name(text_name).based_on(NORMAL), size, 0.0, 0.0));
        let base = Style::new(head, StyleType::Paragraph).name(head_name).based_on(text);
        all.push(sized(base, size * 0.92, 0.0, 0.0).bold().color(hex(colours.muted)));
    }
    let number = sized(style(TILE, "Tile Number").based_on(CELL), sizes.section, 4.0, 0.0).bold();
    all.push(kept(number.color(hex(colours.text))));
    all.push(sized(style(TILE_NAME, "Tile Name").based_on(CELL), small, 0.0, 4.0).color(hex(colours.muted)));
    all
}

/// Header, footer, contents and the line above the title.
fn furniture(theme: &Theme) -> Vec<Style> {
    let (sizes, colours) = (&theme.sizes, &theme.colours);
    let right = |mut style: Style| {
        let end = usize::try_from(twips(theme.text_width())).unwrap_or(0);
        style.paragraph_property = style.paragraph_property.add_tab(Tab::new().val(TabValueType::Right).pos(end));
        style
    };
    let running = |id, name| right(sized(style(id, name), sizes.small, 0.0, 0.0).color(hex(colours.muted)));
    let contents = |id, name, left| {
        let one = spaced(style(id, name), 0.0, 2.0, sizes.leading);
        one.indent(Some(left), None, None, None)
    };
    let title = sized(style(TOC_TITLE, "TOC Heading"), sizes.part, 10.0, 4.0);
    vec![
        lined(running(HEADER, "header"), ParagraphBorderPosition::Bottom, 4, 4, colours.rule),
        lined(running(FOOTER, "footer"), ParagraphBorderPosition::Top, 4, 4, colours.rule),
        right(sized(style(BRAND, "Brand"), 12.0, 0.0, 0.0).bold().color(hex(colours.accent))),
        kept(title.bold().color(hex(colours.accent))),
        contents("TOC1", "toc 1", 0),
        contents("TOC2", "toc 2", 280),
    ]
}

fn characters(theme: &Theme) -> Vec<Style> {
    let colours = &theme.colours;
    let character = |id: &str, name: &str| Style::new(id, StyleType::Character).name(name);
    let mut all = vec![
        character(CODE, "Code").fonts(code_face()).size(half_points(theme.sizes.code)),
        character(LINK, "Hyperlink").color(hex(colours.accent)).underline("single"),
    ];
    for outcome in Outcome::ALL.iter().copied() {
        let id = result(outcome);
        let name: String = id.chars().flat_map(|c| c.is_uppercase().then_some(' ').into_iter().chain([c])).collect();
        all.push(character(id, name.trim()).color(hex(colours.of(ink(outcome)))));
    }
    all
}

fn tables(theme: &Theme) -> Vec<Style> {
    let colours = &theme.colours;
    let margins = |height, width| {
        TableCellMargins::new()
            .margin_top(height, WidthType::Dxa)
            .margin_bottom(height, WidthType::Dxa)
            .margin_left(width, WidthType::Dxa)
            .margin_right(width, WidthType::Dxa)
    };
    let line = |at| TableBorder::new(at).border_type(BorderType::Single).size(4).color(hex(colours.rule));
    let rules = TableBorders::with_empty().set(line(TableBorderPosition::Bottom));
    let rules = rules.set(line(TableBorderPosition::InsideH));
    let kinds = [
        (TABLE, "Report Table", rules.clone(), margins(54, 76)),
        (TABLE_DENSE, "Report Table Dense", rules, margins(44, 26)),
        (TILES, "Report Tiles", TableBorders::with_empty(), margins(54, 76)),
    ];
    let all = kinds.into_iter().map(|(id, name, borders, margins)| {
        let property = TableProperty::new().set_borders(borders).set_margins(margins);
        Style::new(id, StyleType::Table).name(name).table_property(property)
    });
    all.collect()
}
