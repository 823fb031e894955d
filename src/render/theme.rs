//! The theme: page, type scale, fonts and logo of the PDF, and the colours of every format.
//!
//! Colours are checked when the theme is read, so that no report is ever written that people cannot read.

use serde::Deserialize;

use super::logo::{Logo, LogoError};
use crate::drawing::Ink;

/// A colour, 0 to 255 per channel, sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb`; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let value = u32::from_str_radix(hex, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// Mixes `self` over `under`: 1 gives `self`, 0 gives `under`.
    #[must_use]
    pub fn over(self, under: Self, opacity: f32) -> Self {
        let opacity = if opacity.is_finite() { opacity.clamp(0.0, 1.0) } else { 1.0 };
        Self(mix(self.0, under.0, opacity), mix(self.1, under.1, opacity), mix(self.2, under.2, opacity))
    }

    /// Contrast ratio from 1 to 21 as WCAG 2 defines it.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the mix lies between two bytes")]
fn mix(over: u8, under: u8, opacity: f32) -> u8 {
    f32::from(over).mul_add(opacity, f32::from(under) * (1.0 - opacity)).round() as u8
}

/// Light that a channel gives, from 0 to 1.
fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// Paper size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum PageSize {
    /// 210 × 297 mm.
    A4,
    /// 8.5 × 11 in.
    Letter,
}

impl PageSize {
    /// Width and height in points.
    #[must_use]
    pub const fn points(self) -> (f32, f32) {
        match self {
            Self::A4 => (595.28, 841.89),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// Paper and margins in points.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Paper.
    pub size: PageSize,
    /// Left margin.
    pub margin_left: f32,
    /// Right margin.
    pub margin_right: f32,
    /// Top margin; the running header stands in it.
    pub margin_top: f32,
    /// Bottom margin; the running footer stands in it.
    pub margin_bottom: f32,
}

/// Type sizes in points.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeScale {
    /// Running text.
    pub body: f32,
    /// Distance of its baselines.
    pub leading: f32,
    /// Registers and tables.
    pub small: f32,
    /// Code.
    pub code: f32,
    /// Title on the cover.
    pub cover: f32,
    /// `##`.
    pub section: f32,
    /// `###`.
    pub subsection: f32,
    /// `####` and deeper.
    pub part: f32,
}

/// A font file: TTF, OTF, or one face of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// Which face of a collection, from 0.
    pub face: u32,
}

impl FontFile {
    /// Takes `FILE#2` apart: path and number of the face, which is 0 when it is not said.
    #[must_use]
    pub fn place(text: &str) -> (&str, u32) {
        let numbered = text.rsplit_once('#').and_then(|(path, face)| Some((path, face.parse().ok()?)));
        numbered.filter(|(path, _)| !path.is_empty()).unwrap_or((text, 0))
    }
}

/// What the theme looks like, checked.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Paper and margins.
    pub page: Page,
    /// Type sizes.
    pub sizes: TypeScale,
    /// Colours by role, on paper and on a light screen.
    pub colours: Colours,
    /// Colours by role on a dark screen.
    pub dark: Colours,
    /// Extra fonts in the order they are tried.
    pub fonts: Vec<FontFile>,
    /// Logo.
    pub logo: Option<Logo>,
    /// The client's logo.
    pub client_logo: Option<Logo>,
    /// Who prepared the report, shown on the cover; empty for nobody.
    pub brand: String,
    /// A line in the footer of every page; empty when there is none.
    pub footer: String,
}

/// Colours by role: their keys in a theme, which with hyphens are the names of the page's variables.
macro_rules! colours {
    ($($(#[$doc:meta])* $key:ident = $ink:ident),+ $(,)?) => {
        /// Colours by role.
        #[derive(Clone, Copy, Debug)]
        pub struct Colours { $($(#[$doc])* pub $key: Rgb),+ }

        impl Colours {
            /// Every role with its key.
            pub const KEYS: &[(Ink, &'static str)] = &[$((Ink::$ink, stringify!($key))),+];

            /// The colour of a role.
            #[must_use]
            pub const fn of(&self, ink: Ink) -> Rgb {
                match ink { $(Ink::$ink => self.$key),+ }
            }

            fn read(section: &'static str, raw: &RawColours) -> Result<Self, ThemeError> {
                Ok(Self { $($key: colour(section, stringify!($key), &raw.$key)?),+ })
            }
        }

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct RawColours { $($key: String),+ }
    };
}

colours! {
    /// Running text.
    text = Text,
    /// Secondary text.
    muted = Muted,
    /// Hairlines.
    rule = Rule,
    /// Page.
    paper = Paper,
    /// Light panel.
    panel = Panel,
    /// The one accent colour.
    accent = Accent,
    /// Result `fail`.
    fail = Fail,
    /// Result `not_evaluable`.
    not_evaluable = NotEvaluable,
    /// Result `review`.
    review = Review,
    /// Result `pass`.
    pass = Pass,
    /// Result `not_applicable`.
    not_applicable = NotApplicable,
    /// Result `not_tested`.
    not_tested = NotTested,
}

fn colour(section: &'static str, key: &'static str, text: &str) -> Result<Rgb, ThemeError> {
    Rgb::parse(text).ok_or(ThemeError::Colour { section, key })
}

impl Colours {
    /// The colour of a role mixed with the page.
    #[must_use]
    pub fn mixed(&self, ink: Ink, tint: f32) -> Rgb {
        self.of(ink).over(self.paper, tint)
    }

    /// The name of a role among the variables of an HTML page.
    #[must_use]
    pub fn variable(ink: Ink) -> String {
        let key = Self::KEYS.iter().find(|(known, _)| *known == ink).map_or("text", |(_, key)| key);
        format!("--{}", key.replace('_', "-"))
    }

    fn check_contrast(&self, section: &'static str) -> Result<(), ThemeError> {
        for (ink, key) in Self::KEYS.iter().copied() {
            if matches!(ink, Ink::Rule | Ink::Paper | Ink::Panel) {
                continue;
            }
            let colour = self.of(ink);
            for ground in [self.paper, self.panel] {
                // These colours write words, so the bar for text covers the one of 3:1 for graphics.
                let (ratio, needed) = (colour.contrast(ground), 4.5);
                if ratio < needed {
                    return Err(ThemeError::Contrast { section, key, colour, ground, ratio, needed });
                }
            }
        }
        Ok(())
    }
}

/// Why a theme was refused.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// Not TOML, or a key that a theme does not have.
    #[error("theme: {0}")]
    Syntax(String),
    /// Not `#rrggbb`.
    #[error("theme: {section}.{key} is not a colour like \"#0b5563\"")]
    Colour {
        /// `colour` or `dark`.
        section: &'static str,
        /// Key in it.
        key: &'static str,
    },
    /// Hard to read.
    #[error("theme: {section}.{key} {colour} on {ground} has a contrast of {ratio:.2}:1, it needs {needed}:1")]
    Contrast {
        /// `colour` or `dark`.
        section: &'static str,
        /// Key in it.
        key: &'static str,
        /// The colour.
        colour: Rgb,
        /// What it stands on.
        ground: Rgb,
        /// Ratio found.
        ratio: f64,
        /// Ratio needed.
        needed: f64,
    },
    /// A number that no page can be set with.
    #[error("theme: {key} is {value}, expected {expected}")]
    Number {
        /// Key.
        key: &'static str,
        /// Value found.
        value: f32,
        /// What is allowed.
        expected: &'static str,
    },
    /// A logo that is not painted.
    #[error("theme: brand.logo {path}: {reason}")]
    Logo {
        /// Path as the theme has it.
        path: String,
        /// Why.
        reason: LogoError,
    },
    /// A file that the theme names could not be read.
    #[error("theme: cannot read {path}: {reason}")]
    File {
        /// Path as the theme has it.
        path: String,
        /// What the reader said.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    page: Page,
    #[serde(rename = "type")]
    sizes: TypeScale,
    colour: RawColours,
    dark: RawColours,
    font: RawFont,
    brand: RawBrand,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFont {
    extra: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBrand {
    name: String,
    footer: String,
    logo: String,
    client_logo: String,
}

/// The built-in theme as text, to write it out for editing.
pub const BUILTIN: &str = include_str!("../../templates/theme.toml");

impl Default for Theme {
    /// The built-in theme. (A test holds it to parse; the fallback keeps this total.)
    fn default() -> Self {
        Self::parse("", |_| Err("no file".to_owned())).unwrap_or_else(|_| Self::plain())
    }
}

impl Theme {
    /// Reads a theme: `text` is TOML laid over the built-in theme, `read` gives the bytes of a file that it names.
    /// Fails for syntax, unknown keys, colours without enough contrast, impossible sizes, unreadable files.
    pub fn parse(text: &str, read: impl Fn(&str) -> Result<Vec<u8>, String>) -> Result<Self, ThemeError> {
        let mut base: toml::Table = toml::from_str(BUILTIN).map_err(|error| syntax(&error))?;
        let over: toml::Table = toml::from_str(text).map_err(|error| syntax(&error))?;
        for (section, value) in over {
            match (base.get_mut(&section), value) {
                (Some(toml::Value::Table(under)), toml::Value::Table(over)) => under.extend(over),
                (_, value) => drop(base.insert(section, value)),
            }
        }
        let raw: Raw = base.try_into().map_err(|error| syntax(&error))?;
        let mut fonts = Vec::new();
        for (path, face) in raw.font.extra.iter().map(|text| FontFile::place(text)) {
            fonts.push(FontFile { bytes: file(&read, path)?, face });
        }
        let logo = |path: String| -> Result<Option<Logo>, ThemeError> {
            if path.is_empty() {
                return Ok(None);
            }
            let bytes = file(&read, &path)?;
            Logo::read(&bytes).map(Some).map_err(|reason| ThemeError::Logo { path, reason })
        };
        let theme = Self {
            colours: Colours::read("colour", &raw.colour)?,
            dark: Colours::read("dark", &raw.dark)?,
            fonts,
            logo: logo(raw.brand.logo)?,
            client_logo: logo(raw.brand.client_logo)?,
            brand: raw.brand.name,
            footer: raw.brand.footer,
            page: raw.page,
            sizes: raw.sizes,
        };
        theme.check_numbers()?;
        theme.colours.check_contrast("colour")?;
        theme.dark.check_contrast("dark")?;
        Ok(theme)
    }

    /// Width of the text block in points.
    #[must_use]
    pub fn text_width(&self) -> f32 {
        self.page.size.points().0 - self.page.margin_left - self.page.margin_right
    }

    /// Height of the text block in points.
    #[must_use]
    pub fn text_height(&self) -> f32 {
        self.page.size.points().1 - self.page.margin_top - self.page.margin_bottom
    }

    fn check_numbers(&self) -> Result<(), ThemeError> {
        let page = &self.page;
        for (key, value) in [
            ("page.margin_left", page.margin_left),
            ("page.margin_right", page.margin_right),
            ("page.margin_top", page.margin_top),
            ("page.margin_bottom", page.margin_bottom),
        ] {
            if !(28.0..=180.0).contains(&value) {
                return Err(ThemeError::Number { key, value, expected: "28 to 180 points" });
            }
        }
        let sizes = &self.sizes;
        for (key, value) in [
            ("type.body", sizes.body),
            ("type.small", sizes.small),
            ("type.code", sizes.code),
            ("type.cover", sizes.cover),
            ("type.section", sizes.section),
            ("type.subsection", sizes.subsection),
            ("type.part", sizes.part),
        ] {
            if !(5.0..=48.0).contains(&value) {
                return Err(ThemeError::Number { key, value, expected: "5 to 48 points" });
            }
        }
        if !(sizes.body * 1.1..=sizes.body * 2.5).contains(&sizes.leading) {
            return Err(ThemeError::Number {
                key: "type.leading",
                value: sizes.leading,
                expected: "1.1 to 2.5 times type.body",
            });
        }
        Ok(())
    }

    fn plain() -> Self {
        let (black, white) = (Rgb(0, 0, 0), Rgb(255, 255, 255));
        let colours = Colours {
            text: black,
            muted: black,
            rule: black,
            paper: white,
            panel: white,
            accent: black,
            fail: black,
            not_evaluable: black,
            review: black,
            pass: black,
            not_applicable: black,
            not_tested: black,
        };
        let page =
            Page { size: PageSize::A4, margin_left: 54.0, margin_right: 54.0, margin_top: 64.0, margin_bottom: 60.0 };
        let sizes = TypeScale {
            body: 9.5,
            leading: 13.0,
            small: 8.0,
            code: 8.2,
            cover: 28.0,
            section: 18.0,
            subsection: 12.5,
            part: 10.0,
        };
        Self {
            page,
            sizes,
            dark: colours,
            colours,
            fonts: Vec::new(),
            logo: None,
            client_logo: None,
            brand: String::new(),
            footer: String::new(),
        }
    }
}

fn syntax(error: &toml::de::Error) -> ThemeError {
    ThemeError::Syntax(error.message().replace(['\n', '\r'], " "))
}

fn file(read: &impl Fn(&str) -> Result<Vec<u8>, String>, path: &str) -> Result<Vec<u8>, ThemeError> {
    read(path).map_err(|reason| ThemeError::File { path: path.to_owned(), reason })
}
