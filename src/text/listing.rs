//! Lists inside sentences, before any language is chosen.

use super::message::Message;

/// Parts of a sentence as one list, cut after `most` with the number of those left out.
pub(crate) fn enumerated(parts: &[Message], most: usize) -> Option<Message> {
    let more = parts.len().saturating_sub(most);
    if more == 0 {
        return listed(parts);
    }
    let shown = parts.iter().take(most).cloned();
    let shown = shown.reduce(|first, then| Message::new("text.list").with("first", first).with("then", then))?;
    Some(Message::new("list.more").with("list", shown).with("n", more))
}

/// Sentences' parts as one list: `a, b and c`.
pub(crate) fn listed(parts: &[Message]) -> Option<Message> {
    let (last, init) = parts.split_last()?;
    let init = init.iter().cloned();
    let start = init.reduce(|first, then| Message::new("text.list").with("first", first).with("then", then));
    Some(match start {
        Some(start) => Message::new("text.last").with("first", start).with("then", last.clone()),
        None => last.clone(),
    })
}
