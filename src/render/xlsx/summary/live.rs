//! What is open, counted by formulas that follow what people type.

use crate::model::Severity;
use crate::render::xlsx::Sheet;
use crate::render::xlsx::looks::Looks;
use crate::text::wording::Wording;
use jiff::civil::Date;
use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

/// Owners that are listed.
const OWNERS: u32 = 12;
/// Results of which somebody has to settle something.
const OPEN: [&str; 3] = ["fail", "review", "not_evaluable"];

/// Ranges of the sheet to work on, by column; they reach beyond its rows, because more will come.
struct Ranges<'s> {
    sheet: &'s Sheet<'s>,
    name: String,
    last: usize,
}

impl Ranges<'_> {
    fn of(&self, column: &str) -> String {
        let at = self.sheet.fields.iter().position(|field| field.is(column));
        let letters = at.and_then(|at| self.sheet.letters.get(at)).map_or("A", String::as_str);
        format!("'{}'!${letters}$2:${letters}${}", self.name, self.last)
    }

    /// Open rows on which nobody has decided, with further conditions.
    fn open(&self, decided: bool, further: &str) -> String {
        let words = OPEN.map(|word| format!("\"{word}\"")).join(",");
        let (result, status, disposition) = (self.of("result"), self.of("status"), self.of("disposition"));
        let decision = if decided { "\"?*\"" } else { "\"\"" };
        format!("SUMPRODUCT(COUNTIFS({result},{{{words}}},{status},\"<>Fixed\",{disposition},{decision}{further}))")
    }

    fn overdue(&self) -> String {
        format!(",{},\"<\"&TODAY()", self.of("due_date"))
    }
}

/// Writes what is open by severity and by owner from a row on; gives the row behind it.
pub(super) fn write(
    sheet: &mut Worksheet,
    work: &Sheet<'_>,
    first: u32,
    wording: &Wording,
    looks: &Looks,
) -> Result<u32, XlsxError> {
    let name = wording.word("sheet.name.findings");
    let ranges = Ranges { sheet: work, name, last: (work.rows.len() * 2).clamp(2_000, 1_000_000) };
    head(sheet, first, "sheet.severity", wording, looks)?;
    let severities: Vec<&str> = Severity::ALL.iter().rev().map(|severity| severity.word()).collect();
    let mut row = first;
    for severity in severities.into_iter().filter(|word| *word != "none").chain([""]) {
        row += 1;
        let label = if severity.is_empty() { wording.word("sheet.unscored") } else { severity.to_owned() };
        sheet.write_string_with_format(row, 0, label, &looks.count)?;
        let of = format!(",{},\"{severity}\"", ranges.of("severity"));
        let formulas = [
            (ranges.open(false, &of), counted(work, severity, |row| row.open && !row.decided)),
            (ranges.open(false, &format!("{of}{}", ranges.overdue())), counted(work, severity, |row| row.overdue)),
            (ranges.open(true, &of), counted(work, severity, |row| row.open && row.decided)),
        ];
        write_row(sheet, row, formulas, looks)?;
    }
    row += 2;
    head(sheet, row, "sheet.owner", wording, looks)?;
    let list = row;
    let owner = ranges.of("owner");
    for _ in 0..OWNERS {
        row += 1;
        // The next name that is not listed above; rows of the sheet count from 1.
        let above = format!("$A${}:$A{row}", list + 1);
        let next = format!("IFERROR(INDEX({owner},MATCH(0,COUNTIF({above},{owner})+({owner}=\"\"),0)),\"\")");
        sheet.write_array_formula_with_format(row, 0, row, 0, Formula::new(next).set_result(" "), &looks.count)?;
        let of = format!(",{owner},$A{}", row + 1);
        for (formula, at) in
            [ranges.open(false, &of), ranges.open(false, &format!("{of}{}", ranges.overdue())), ranges.open(true, &of)]
                .into_iter()
                .zip(1u16..)
        {
            let formula = Formula::new(format!("IF($A{}=\"\",\"\",{formula})", row + 1)).set_result(" ");
            sheet.write_formula_with_format(row, at, formula, &looks.count)?;
        }
    }
    Ok(row + 1)
}

fn head(sheet: &mut Worksheet, row: u32, first: &str, wording: &Wording, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_row_height(row, 22)?;
    for (key, at) in [first, "sheet.open", "sheet.overdue", "sheet.decided"].iter().zip(0u16..) {
        sheet.write_string_with_format(row, at, wording.word(key), &looks.head)?;
    }
    Ok(())
}

fn write_row(sheet: &mut Worksheet, row: u32, formulas: [(String, usize); 3], looks: &Looks) -> Result<(), XlsxError> {
    for ((formula, result), at) in formulas.into_iter().zip(1u16..) {
        let formula = Formula::new(formula).set_result(result.to_string());
        sheet.write_formula_with_format(row, at, formula, &looks.count)?;
    }
    Ok(())
}

/// What the formulas look at, of one row.
struct Seen {
    open: bool,
    decided: bool,
    overdue: bool,
}

/// What a formula comes to on the day of the workbook, counted from the rows themselves.
fn counted(work: &Sheet<'_>, severity: &str, is_it: impl Fn(&Seen) -> bool) -> usize {
    let place = |name: &str| work.fields.iter().position(|field| field.is(name)).unwrap_or(usize::MAX);
    let columns = ["severity", "result", "status", "disposition", "due_date"].map(place);
    let seen = work.rows.iter().filter_map(|row| {
        let [own, result, status, disposition, due] = columns.map(|at| work.text(row, at));
        let open = OPEN.contains(&result) && status != "Fixed";
        let decided = !disposition.is_empty();
        let overdue = open && !decided && due.parse::<Date>().is_ok_and(|due| due < work.today);
        (own == severity).then_some(Seen { open, decided, overdue })
    });
    seen.filter(|row| is_it(row)).count()
}
