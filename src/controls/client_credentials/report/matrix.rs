//! Figure 3: impact by exposure.

use crate::controls::client_credentials::{NetworkState, PrivilegeState, Stated};
use crate::drawing::canvas::{Canvas, Look, WIDTH, tint};
use crate::drawing::{Anchor, Ink};
use crate::model::Finding;
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::{label, say};

/// Rows: what a token may do, worst on top. Columns: from where a stolen secret works. What is not known stands apart,
/// at the end of both.
pub(super) fn matrix(order: &[&Finding], w: &Wording) -> Option<Drawn> {
    const ROWS: [&str; 5] = ["broad", "elevated", "bulk", "narrow", "unknown"];
    const COLUMNS: [&str; 4] = ["narrow", "open", "exposed", "unknown"];
    let apps: Vec<(usize, _)> = (1..).zip(order).filter(|(_, f)| f.score.is_some()).collect();
    if apps.len() < 2 {
        return None;
    }
    let rows = if apps.iter().any(|(_, f)| place(f).0 == 4) { 5 } else { 4 };
    let columns = if apps.iter().any(|(_, f)| place(f).1 == 3) { 4 } else { 3 };
    let (left, top, cell_w) = (104.0, 22.0, (WIDTH - 104.0) / columns as f32);
    let mut c = Canvas::default();
    let mut twin = Vec::new();
    let mut y = top;
    for (column, key) in COLUMNS.iter().enumerate().take(columns) {
        let x = left + cell_w * (column as f32 + 0.5);
        c.caps((x, 13.0), &w.word(&format!("figure.matrix.column.{key}")), Anchor::Middle);
    }
    for (row, row_key) in ROWS.iter().enumerate().take(rows) {
        // A row without an app says so by being there; it need not be high.
        let cell_h = if apps.iter().any(|(_, f)| place(f).0 == row) { 44.0 } else { 20.0 };
        let name = w.word(&format!("figure.matrix.row.{row_key}"));
        c.text((left - 8.0, y + cell_h / 2.0 + 3.0), &name, Look::default().at(Anchor::End).within(left - 10.0));
        for (column, column_key) in COLUMNS.iter().enumerate().take(columns) {
            let here: Vec<_> = apps.iter().filter(|(_, f)| place(f) == (row, column)).collect();
            let x = left + cell_w * column as f32;
            // Darker towards the upper right: more power, more exposure.
            let weight = if row == 4 || column == 3 { 0.0 } else { (3 - row + column) as f32 };
            c.rect((x + 1.5, y + 1.5), (cell_w - 3.0, cell_h - 3.0), 2.0, tint(Ink::Muted, 0.05 + 0.055 * weight));
            dots(&mut c, (x, y), (cell_w, cell_h), &here);
            if !here.is_empty() {
                let names: Vec<String> = here.iter().map(|(n, f)| format!("{n} {}", label(f))).collect();
                let column = w.word(&format!("figure.matrix.column.{column_key}"));
                twin.push(say!(w, "figure.matrix.twin", row = name.clone(), column = column, apps = names));
            }
        }
        y += cell_h;
    }
    c.text((left, y + 12.0), &w.word("figure.matrix.axis"), Look::muted().sized(7.5));
    let alt = say!(w, "figure.matrix.alt", cells = twin.join(" "));
    Some(Drawn { drawing: c.finish("risk-matrix", y + 18.0, alt), twin })
}

/// Row and column of an app.
fn place(f: &Finding) -> (usize, usize) {
    let row = match f.power() {
        PrivilegeState::Broad => 0,
        PrivilegeState::Elevated => 1,
        PrivilegeState::Moderate | PrivilegeState::BulkRead => 2,
        PrivilegeState::Narrow | PrivilegeState::NarrowReadOnly => 3,
        PrivilegeState::Unknown => 4,
    };
    let exposed = super::exposed(f);
    let column = match f.network_state() {
        _ if exposed => 2,
        NetworkState::Narrow => 0,
        NetworkState::Wide | NetworkState::None => 1,
        NetworkState::Unknown => 3,
    };
    (row, column)
}

/// Numbered dots in rows inside a cell; what does not fit is counted.
fn dots(c: &mut Canvas, (x, y): (f32, f32), (w, h): (f32, f32), apps: &[&(usize, &&Finding)]) {
    let per_row = ((w - 12.0) / 18.0) as usize;
    let most = per_row * 2;
    let shown = if apps.len() > most { most - 1 } else { apps.len() };
    let lines = if apps.len() > per_row { 2.0 } else { 1.0 };
    for (i, (number, f)) in apps.iter().take(shown).enumerate() {
        let (column, line) = ((i % per_row) as f32, (i / per_row) as f32);
        let centre = (x + 16.0 + column * 18.0, y + h / 2.0 + (line - (lines - 1.0) / 2.0) * 18.0);
        c.dot(centre, 7.5, f.result, &number.to_string());
    }
    if shown < apps.len() {
        let at = (x + 16.0 + ((shown % per_row) as f32) * 18.0, y + h / 2.0 + 12.0);
        c.text(at, &format!("+{}", apps.len() - shown), Look::bold().at(Anchor::Middle));
    }
}
