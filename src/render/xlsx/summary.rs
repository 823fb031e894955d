//! The first sheet: what it is about, the six counts, a chart.

mod live;

use super::frame::A4;
use super::looks::{Looks, colour};
use crate::drawing::canvas::ink;
use crate::model::{Assessment, Counts, Outcome};
use crate::render::csv::guarded;
use crate::render::theme::Colours;
use crate::text::visible::{cell as shown, printable};
use crate::text::wording::Wording;
use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartPatternFill, ChartPatternFillType,
    ChartSolidFill, ChartType, Color, Format, Worksheet, XlsxError,
};

/// Orgs in the chart; the table lists all.
const MOST_BARS: usize = 20;
/// The row on which the tables begin.
const FIRST: u32 = 6;

/// Writes the summary. What is open is counted by formulas over the sheet to work on (`work`), so that it follows what
/// people type; the results are those of the run.
pub(super) fn write(
    sheet: &mut Worksheet,
    assessments: &[&Assessment],
    work: Option<&super::Sheet<'_>>,
    wording: &Wording,
    looks: &Looks,
    colours: &Colours,
) -> Result<(), XlsxError> {
    sheet.set_name(wording.word("sheet.name.summary"))?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&L&A&R&P / &N").set_screen_gridlines(false);
    sheet.set_column_width(0, 34)?;
    for column in 1..=7 {
        sheet.set_column_width(column, 15)?;
    }
    sheet.write_string_with_format(0, 0, wording.word("sheet.title"), &looks.title)?;
    if let Some(first) = assessments.first() {
        sheet.write_string(1, 0, cell(&first.control.name))?;
        let range = crate::text::message::Message::new("sheet.range")
            .with("range", shown(&first.control.published_range).into_owned())
            .with("day", first.as_of.to_string());
        sheet.write_string(2, 0, cell(&wording.say(&range)))?;
    }
    sheet.set_row_height(0, 30)?;
    sheet.write_string_with_format(3, 0, wording.word("sheet.legend"), &looks.quiet)?;
    sheet.write_string_with_format(4, 0, wording.word("sheet.protection"), &looks.quiet)?;
    let table = match work {
        Some(work) => live::write(sheet, work, FIRST, wording, looks)? + 1,
        None => FIRST,
    };
    results(sheet, table, assessments, wording, looks, colours)
}

/// The results of the run, and their chart.
fn results(
    sheet: &mut Worksheet,
    table: u32,
    assessments: &[&Assessment],
    wording: &Wording,
    looks: &Looks,
    colours: &Colours,
) -> Result<(), XlsxError> {
    sheet.set_row_height(table, 22)?;
    let heads = std::iter::once("org_key").chain(Outcome::ALL.iter().map(|outcome| outcome.word()));
    for (head, at) in heads.zip(0u16..) {
        sheet.write_string_with_format(table, at, head, &looks.head)?;
    }
    let mut total = Counts::default();
    let mut row = table;
    for org in assessments {
        total = total.plus(org.counts);
        row += 1;
        counts(sheet, row, &cell(&org.org.key), org.counts, &looks.count)?;
    }
    if assessments.len() > 1 {
        row += 1;
        counts(sheet, row, &wording.word("sheet.total"), total, &looks.count.clone().set_bold())?;
    }
    let bars = u32::try_from(assessments.len().min(MOST_BARS)).unwrap_or(u32::MAX);
    if bars > 0 && total.total() > 0 {
        sheet.insert_chart(row + 2, 0, &chart(table, bars, total, wording, colours))?;
    }
    Ok(())
}

fn counts(sheet: &mut Worksheet, row: u32, name: &str, counts: Counts, look: &Format) -> Result<(), XlsxError> {
    sheet.set_row_height(row, 18)?;
    sheet.write_string_with_format(row, 0, name, look)?;
    for (outcome, at) in Outcome::ALL.iter().zip(1u16..) {
        // Counts of apps are far below 2^53, where a cell's number would lose precision.
        sheet.write_number_with_format(row, at, counts.get(*outcome) as f64, look)?;
    }
    Ok(())
}

fn cell(text: &str) -> String {
    guarded(printable(&shown(text))).into_owned()
}

/// The fill of a result: a pattern tells it from its neighbours where there is no colour.
fn filled(outcome: Outcome, ink: Color) -> ChartFormat {
    let pattern = match outcome {
        Outcome::Fail => None,
        Outcome::NotEvaluable => Some(ChartPatternFillType::DiagonalStripesWideUpwards),
        Outcome::Review => Some(ChartPatternFillType::Dotted50Percent),
        Outcome::Pass => Some(ChartPatternFillType::HorizontalStripesLight),
        Outcome::NotApplicable => Some(ChartPatternFillType::SmallGrid),
        Outcome::NotTested => Some(ChartPatternFillType::VerticalStripesLight),
    };
    let mut format = ChartFormat::new();
    match pattern {
        None => format.set_solid_fill(ChartSolidFill::new().set_color(ink)),
        Some(pattern) => format.set_pattern_fill(
            ChartPatternFill::new().set_pattern(pattern).set_foreground_color(ink).set_background_color(Color::White),
        ),
    };
    format.set_border(ChartLine::new().set_color(ink));
    format
}

/// One stacked bar per org, in the order of the table; the legend names the results.
fn chart(table: u32, bars: u32, total: Counts, wording: &Wording, colours: &Colours) -> Chart {
    let mut chart = Chart::new(ChartType::BarStacked);
    let name = wording.word("sheet.name.summary");
    for (at, outcome) in (1u16..).zip(Outcome::ALL) {
        // A bar has no pattern, and a theme may give the two last results one colour.
        let tint = if *outcome == Outcome::NotTested { 0.5 } else { 1.0 };
        let ink = colour(colours.mixed(ink(*outcome), tint));
        chart
            .add_series()
            .set_name((name.as_str(), table, at))
            .set_categories((name.as_str(), table + 1, 0, table + bars, 0))
            .set_values((name.as_str(), table + 1, at, table + bars, at))
            .set_format(&mut filled(*outcome, ink))
            .set_gap(60);
    }
    chart.title().set_name(&wording.word("sheet.chart")).set_font(ChartFont::new().set_size(12));
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.y_axis().set_reverse();
    chart.x_axis().set_num_format("0");
    chart.set_width(920).set_height(160 + 28 * bars);
    let alt: Vec<String> = Outcome::ALL.iter().map(|outcome| format!("{outcome} {}", total.get(*outcome))).collect();
    chart.set_alt_text(alt.join(", "));
    chart
}
