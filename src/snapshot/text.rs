//! Texts of exports, shared by all that hold them.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// A text that is cheap to hold several times: a row of an export says most things twice, as a value and as it stands
/// in the file, and an org has some millions of rows. Many texts share one buffer.
#[derive(Clone, Default)]
pub struct Text {
    /// `None` for an empty text.
    buffer: Option<Arc<String>>,
    from: u32,
    to: u32,
}

impl Text {
    /// The part of a buffer between two of its bytes. No buffer is larger than what a file may hold.
    #[must_use]
    pub fn part(buffer: &Arc<String>, from: u32, to: u32) -> Self {
        Self { buffer: Some(Arc::clone(buffer)), from, to }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let buffer = self.buffer.as_ref().and_then(|buffer| buffer.get(self.from as usize..self.to as usize));
        buffer.unwrap_or_default()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        let to = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self { buffer: (to > 0).then(|| Arc::new(text)), from: 0, to }
    }
}
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
impl From<&String> for Text {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}
impl From<&Text> for Text {
    fn from(text: &Text) -> Self {
        text.clone()
    }
}
impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}
impl From<&Text> for String {
    fn from(text: &Text) -> Self {
        text.as_str().to_owned()
    }
}
impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}
impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}
impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}
impl Eq for Text {}
impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}
impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}
impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}
impl PartialEq<Text> for String {
    fn eq(&self, other: &Text) -> bool {
        self == other.as_str()
    }
}
impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other)
    }
}
impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}
