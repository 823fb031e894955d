//! What speaks against an export being whole, in sentences.

use crate::snapshot::{Coverage, Doubt, Kind, Missing, Snapshot};
use crate::text::message::Message;

/// Whether something other than a usual row limit speaks against the exports of a kind: no declared count settles it.
pub(crate) fn is_grave(snapshot: &Snapshot, kind: Kind) -> bool {
    snapshot.doubts_of(kind).iter().any(|doubt| !matches!(doubt, Doubt::Limit { .. }))
}

/// Whether rows or files of a kind could not be used: they may say anything about anything of it.
pub(crate) fn has_lost_rows(snapshot: &Snapshot, kind: Kind) -> bool {
    snapshot.doubts_of(kind).iter().any(|doubt| matches!(doubt, Doubt::Lost { .. } | Doubt::Unread { .. }))
}

/// One sentence for each doubt that the coverage leaves.
pub(crate) fn sentences(snapshot: &Snapshot, kind: Kind, coverage: Coverage) -> Vec<Message> {
    match coverage {
        Coverage::Complete { .. } => Vec::new(),
        _ => snapshot.doubts_of(kind).iter().map(sentence).collect(),
    }
}

fn sentence(doubt: &Doubt) -> Message {
    match doubt {
        Doubt::Unread { files, first } => {
            Message::new("doubt.unread").with("files", *files).with("at", first.to_string())
        }
        Doubt::Lost { rows, first } => rows_of("doubt.lost", *rows).with("at", first.to_string()),
        Doubt::Repeated { rows, first } => rows_of("doubt.repeated", *rows).with("at", first.to_string()),
        Doubt::Limit { rows } => rows_of("doubt.limit", *rows),
        Doubt::Contradicted { missing, names, more, at } => {
            let key = match missing {
                Missing::Users => "doubt.lacks-users",
                Missing::PermissionSets => "doubt.lacks-sets",
                Missing::Groups => "doubt.lacks-groups",
                Missing::Profiles => "doubt.lacks-profiles",
                Missing::LastLogins => "doubt.lacks-last-logins",
            };
            let message = Message::new(key).with("n", names.len() + more).with("at", at.to_string());
            match more {
                0 => message.with("names", names.clone()),
                more => {
                    let cut = Message::new("text.and-more").with("names", names.clone()).with("more", *more);
                    message.with("names", cut)
                }
            }
        }
    }
}

fn rows_of(key: &'static str, rows: usize) -> Message {
    Message::new(key).with("rows", rows)
}
