//! Figure 7: orgs by criteria.

use crate::catalogue::Catalogue;
use crate::drawing::canvas::{CAPS, Canvas, Look, WIDTH, fill};
use crate::drawing::{Anchor, Ink};
use crate::model::Outcome;
use crate::report::portfolio::{OrgSummary, worst_of};
use crate::text::wording::Wording;
use crate::view::Drawn;
use crate::view::words::{column, first, say, symbol};

/// Most orgs that the figure shows; the table beside it has all.
const LISTED: usize = 40;
/// Most orgs that a sentence names.
const NAMED: usize = 12;

/// The figure of a portfolio, if it has something to show.
#[must_use]
pub fn portfolio(orgs: &[&OrgSummary], control: &Catalogue, w: &Wording) -> Option<Drawn> {
    let all: Vec<_> = orgs.iter().filter(|org| !org.apps.is_empty()).collect();
    let (orgs, more) = first(&all, LISTED);
    if orgs.len() < 2 || control.criteria.is_empty() {
        return None;
    }
    let (left, top, row) = (112.0, 34.0, 15.0);
    let cell = (WIDTH - left) / control.criteria.len() as f32;
    let mut c = Canvas::default();
    for (i, criterion) in control.criteria.iter().enumerate() {
        let name = column(w, &criterion.id);
        let x = left + cell * (i as f32 + 0.5);
        // Two lines at most: columns are narrow.
        let (upper, lower) = name.split_once(' ').unwrap_or(("", name));
        for (line, text) in [upper, lower].iter().enumerate() {
            let look = Look::muted().sized(CAPS).at(Anchor::Middle).within(cell - 1.0);
            c.text((x, top - 13.0 + 8.0 * line as f32), text, look);
        }
    }
    let mut twin = Vec::new();
    for (i, org) in orgs.iter().enumerate() {
        let y = top + row * i as f32;
        c.text((left - 8.0, y + 10.5), &org.name, Look::default().at(Anchor::End).within(left - 10.0));
        let mut failing = Vec::new();
        for (j, criterion) in control.criteria.iter().enumerate() {
            let Some(outcome) = worst_of(org, &criterion.id) else { continue };
            let x = left + cell * j as f32;
            c.rect((x + 0.8, y + 0.8), (cell - 1.6, row - 1.6), 1.5, fill(outcome));
            let ink = if matches!(outcome, Outcome::Fail) { Ink::Paper } else { Ink::Text };
            let look = Look::bold().sized(8.0).at(Anchor::Middle).in_ink(ink);
            c.text((x + cell / 2.0, y + 10.3), symbol(outcome), look);
            if outcome == Outcome::Fail {
                failing.push(criterion.title.clone());
            }
        }
        let key = if failing.is_empty() { "figure.heat.twin.none" } else { "figure.heat.twin" };
        twin.push(say!(w, key, org = &org.name, criteria = failing));
    }
    let left_out = (more > 0).then(|| say!(w, "figure.more.orgs", n = more));
    let end = c.more((0.0, top + row * orgs.len() as f32 + 4.0), left_out.clone(), &mut twin);
    let alt = say!(w, "figure.heat.alt", orgs = twin.join(" "));
    // The visible twin goes the other way, by criterion: by org, the table below the figure has it all.
    let failing = control.criteria.iter().filter_map(|criterion| {
        let failing = all.iter().filter(|org| worst_of(org, &criterion.id) == Some(Outcome::Fail));
        let (mut names, more) = first(&failing.map(|org| org.name.clone()).collect::<Vec<_>>(), NAMED);
        let n = names.len() + more;
        names.extend((more > 0).then(|| say!(w, "portfolio.more", n = more)));
        let title = &criterion.title;
        (n > 0).then(|| say!(w, "figure.heat.criterion", criterion = title, n = n, total = all.len(), orgs = names))
    });
    let failing = failing.chain(left_out).collect();
    Some(Drawn { drawing: c.finish("heat-map", end + 2.0, alt), twin: failing })
}
