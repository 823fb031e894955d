//! Whether a container tells everything it grants, and what its export leaves open.

use super::collect::Effective;
use crate::kit::{Gap, Run};
use crate::model::EvidenceItem;
use crate::snapshot::{Container, ContainerKind, Lack, Located, ObjectRight, Open, Place, Seen, Switch};
use crate::text::message::Arg;

/// Whether a set or group has to be activated before it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// It counts at once.
    Not,
    Needed,
    /// The export does not tell.
    NotTold,
}

impl Activation {
    pub(crate) fn of(container: &Container) -> Self {
        let copies: &Seen<Switch> = &container.activation_required;
        if copies.iter().any(|copy| copy.value == Switch::On) {
            Self::Needed
        } else if copies.is_empty() || copies.iter().any(|copy| copy.value == Switch::NotTold) {
            Self::NotTold
        } else {
            Self::Not
        }
    }

    /// Of a set inside a group: both have to count.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Needed, _) | (_, Self::Needed) => Self::Needed,
            (Self::NotTold, _) | (_, Self::NotTold) => Self::NotTold,
            (Self::Not, Self::Not) => Self::Not,
        }
    }
}

/// Names that a gap lists; the others are counted.
const NAMED: usize = 5;
/// Permission columns that no row of the container tells.
fn untold_columns(run: &Run<'_>, container: &Container) -> Vec<String> {
    let names = run.control.permissions.keys().filter(|name| !container.record_columns.contains(name.as_str()));
    let mut columns: Vec<String> = names.map(|name| format!("Permissions{name}")).collect();
    if container.kind == ContainerKind::PermissionSet && Activation::of(container) == Activation::NotTold {
        columns.push("HasActivationRequired".to_owned());
    }
    columns
}

/// Whether a file lists its user permissions. Each real profile has some; the file of one without any was stored
/// without them.
fn listed_in_file(container: &Container) -> bool {
    let mut granted = container.permissions.values().flatten().filter(|place| place.value == Switch::On);
    container.from_file
        && !container.in_pieces
        && (container.kind != ContainerKind::Profile || granted.any(|place| !matches!(place.at.place, Place::Row(_))))
}

/// Whether the record of a group tells what the group grants after muting.
pub(crate) fn is_calculated(run: &Run<'_>, group: &Container) -> bool {
    group.calculated && untold_columns(run, group).is_empty()
}

/// What the container leaves open goes to the gaps, with its places as evidence.
pub(crate) fn note_gaps(run: &Run<'_>, container: &Container, found: &mut Effective) {
    if !listed_in_file(container) {
        found.gaps.extend(columns_gap(run, container));
    }
    note_untold(container, found);
}

fn columns_gap(run: &Run<'_>, container: &Container) -> Option<Gap> {
    let columns = untold_columns(run, container);
    let requests = &["permission-set", "metadata"];
    let gap = if columns.is_empty() {
        return None;
    } else if container.in_pieces {
        Gap::person("gap.container-pieces")
    } else if container.from_file {
        Gap::export("gap.profile-without-permissions", requests)
    } else if container.record_columns.is_empty() {
        Gap::export("gap.container-whole", requests)
    } else {
        Gap::export("gap.container-columns", requests).with("columns", Arg::some(columns, NAMED))
    };
    Some(gap.with("container", container.name.as_str()))
}

/// What stands in a file or row of the container and cannot be read as on or off, and files that cannot be read.
pub(crate) fn note_untold(container: &Container, found: &mut Effective) {
    let mut gaps = Vec::new();
    if !container.unread.is_empty() {
        let files: Vec<String> = container.unread.iter().map(ToString::to_string).collect();
        gaps.push(Gap::export("gap.container-unread", &["metadata"]).with("files", Arg::some(files, NAMED)));
        found.items.extend(container.unread.iter().map(|at| EvidenceItem::unreadable("userPermissions", at)));
    }
    let (columns, open): (Vec<_>, Vec<_>) = container
        .untold
        .iter()
        .partition(|(what, at)| matches!(what, Open::Right(_, None)) || at.value == Lack::NotSelected);
    let (rights, others): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|(what, _)| matches!(what, Open::Right(..) | Open::Object));
    if !others.is_empty() {
        gaps.push(not_told(&others));
    }
    if !rights.is_empty() {
        gaps.push(not_told(&rights).of_rights());
    }
    if let Some((_, place)) = columns.first() {
        let names = columns.iter().filter_map(|(what, _)| column_of(what)).map(str::to_owned).collect::<Vec<_>>();
        let gap = Gap::export("gap.rights-columns", &["object-permissions"]).with("columns", names);
        gaps.push(gap.with("place", place.at.to_string()).of_rights());
    }
    found.gaps.extend(gaps.into_iter().map(|gap| gap.with("container", container.name.as_str())));
    let cited = others.iter().chain(&rights).chain(&columns).take(NAMED);
    found.items.extend(cited.map(|(what, at)| evidence(what, at)));
}

fn not_told(entries: &[(&Open, &Located<Lack>)]) -> Gap {
    let settings: Vec<String> = entries.iter().map(|(what, at)| with_place(what, at)).collect();
    Gap::export("gap.not-told", &["permission-set", "metadata"]).with("settings", Arg::some(settings, NAMED))
}

fn column_of(what: &Open) -> Option<&'static str> {
    let Open::Right(right, _) = what else { return None };
    ObjectRight::ALL.iter().find(|known| known.grant == *right).map(|known| known.column)
}

/// The name of what is open, as the export spells it.
fn name_of(what: &Open, in_row: bool) -> String {
    match what {
        Open::Permission(Some(name)) if in_row => format!("Permissions{name}"),
        Open::Permission(Some(name)) => name.clone(),
        Open::Permission(None) => "userPermissions: name".to_owned(),
        Open::Right(right, Some(object)) => format!("{object}: {}", right.element()),
        Open::Right(right, None) => right.element().to_owned(),
        Open::Object if in_row => "SobjectType".to_owned(),
        Open::Object => "objectPermissions: object".to_owned(),
        Open::Member => "permissionSets".to_owned(),
    }
}

fn is_row(at: &Located<Lack>) -> bool {
    matches!(at.at.place, Place::Row(_))
}

fn with_place(what: &Open, at: &Located<Lack>) -> String {
    let name = name_of(what, is_row(at));
    match at.value {
        Lack::Unknown => format!("{name} = {} ({})", at.raw, at.at),
        _ => format!("{name} ({})", at.at),
    }
}

fn evidence(what: &Open, at: &Located<Lack>) -> EvidenceItem {
    let name = name_of(what, is_row(at));
    match at.value {
        Lack::Unknown | Lack::Twice | Lack::Empty => EvidenceItem::seen(&name, at),
        Lack::Missing | Lack::NotSelected => EvidenceItem::missing(&name, &at.at),
    }
}
