//! Values that have a word: in an option of the command line and the manifest that repeats it, in keys, in a format.

/// An enum with the word of each value. The line of documentation is also the help of an option's value.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $(#[doc = $about:literal] $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $(#[doc = $about] $variant),+ }
        impl $name {
            /// All values, in this order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What it is, in a line.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about),+ }.trim()
            }

            /// The value of a word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}
pub(crate) use choices;
