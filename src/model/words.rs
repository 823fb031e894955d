//! The fixed vocabulary: the words that every output uses.

use serde::{Deserialize, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A word of a control's own vocabulary: its catalogue declares it, and outputs look its meaning up by it. A copy costs
/// nothing, since each finding names every criterion.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct Word(Text);

#[derive(Clone, Debug)]
enum Text {
    OfCode(&'static str),
    Read(Arc<str>),
}

impl Word {
    /// A word of the code.
    #[must_use]
    pub const fn new(word: &'static str) -> Self {
        Self(Text::OfCode(word))
    }

    /// Its letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self
    }
}

impl From<String> for Word {
    fn from(word: String) -> Self {
        Self(Text::Read(word.into()))
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Text::OfCode(word) => word,
            Text::Read(word) => word,
        }
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Word {}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialEq<String> for Word {
    fn eq(&self, other: &String) -> bool {
        **self == **other
    }
}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }
        impl $name {
            /// All values, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The value of a word; none when it is none of these.
            #[must_use]
            pub fn read(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
            /// The word as every output writes it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
        impl From<$name> for $crate::model::Word {
            fn from(value: $name) -> Self { Self::new(value.word()) }
        }
        impl PartialEq<$name> for $crate::model::Word {
            fn eq(&self, other: &$name) -> bool { **self == *other.word() }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.word()) }
        }
    };
}
pub(crate) use words;

words! {
    /// Outcome of a criterion and result of an app. The order is the roll-up's: worst first.
    Outcome {
        /// Evaluated; not met.
        Fail = "fail",
        /// Input missing, unreadable, truncated or of unknown value.
        NotEvaluable = "not_evaluable",
        /// Evidence is there; a person has to judge.
        Review = "review",
        /// Evaluated on evidence read in this run; met.
        Pass = "pass",
        /// Evidence shows that it cannot apply.
        NotApplicable = "not_applicable",
        /// A person excluded it.
        NotTested = "not_tested",
    }
}

impl Outcome {
    /// Whether it asks somebody to act.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Fail | Self::NotEvaluable | Self::Review)
    }

    /// Worst of several; `None` when there are none.
    pub fn worst(outcomes: impl IntoIterator<Item = Self>) -> Option<Self> {
        outcomes.into_iter().min()
    }
}

words! {
    /// Change against a baseline.
    Delta {
        /// Not in the baseline.
        New = "new",
        /// Same result on the same evidence.
        Unchanged = "unchanged",
        /// Same result, other evidence; or another result that is neither of the two below.
        Changed = "changed",
        /// Failed, passes now.
        Resolved = "resolved",
        /// Had been resolved, fails again.
        Reopened = "reopened",
        /// No longer in a population that is proven complete.
        Gone = "gone",
        /// Rule set, schema or scope differ, or one side is not evaluable.
        NotComparable = "not_comparable",
    }
}
