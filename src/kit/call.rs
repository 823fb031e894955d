//! What one subject calls for.

use crate::model::{After, Missing, Word};
use crate::text::message::Message;
use std::borrow::Cow;

/// One thing to do for one app. Moves of one kind on one target are one action.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    pub(crate) kind: Word,
    pub(crate) target: String,
    /// What to do; the apps are filled in when moves are put together.
    pub(crate) what: Message,
    pub(crate) why: Message,
    /// What the action achieves besides results and scores.
    pub(crate) gain: Message,
    pub(crate) after: Option<After>,
    pub(crate) preconditions: &'static [&'static str],
    /// Components and fields that it asks for.
    pub(crate) missing: Vec<Missing>,
    /// Ids of whole exports that it asks for.
    pub(crate) requests: Vec<Cow<'static, str>>,
}

impl Move {
    /// Of a kind that the control's catalogue declares; its sentences are those of the kind.
    pub(crate) fn new(kind: impl Into<Word>, target: impl Into<String>) -> Self {
        let kind = kind.into();
        Self {
            target: target.into(),
            what: Message::new(format!("action.{kind}")),
            why: Message::new(format!("action.{kind}.why")),
            gain: Message::new(format!("action.{kind}.gain")),
            after: None,
            preconditions: &[],
            missing: Vec::new(),
            requests: Vec::new(),
            kind,
        }
    }
}
