//! What stands above the title: who prepared the report, and for whom.

use super::units::emu;
use super::{Setting, inline, styles};
use crate::render::logo::Logo;
use docx_rs::{Paragraph, Pic, Run};

/// Room of a logo: width and height.
const LOGO: [f32; 2] = [140.0, 42.0];

impl Setting<'_> {
    /// The firm's logo or its name, and the client's logo at the right edge. Word takes pictures of pixels: a logo of
    /// outlines is left out, and the firm's name stands in its place.
    pub(super) fn cover_head(&mut self) {
        let theme = self.theme;
        let name = if theme.brand.is_empty() { &self.meta.author } else { &theme.brand };
        let paragraph = Paragraph::new().style(styles::BRAND);
        let firm = theme.logo.as_ref().and_then(|logo| picture(logo, "Logo1"));
        let mut paragraph = match firm {
            Some(picture) => paragraph.add_run(picture),
            None => inline::plain(paragraph, name),
        };
        if let Some(picture) = theme.client_logo.as_ref().and_then(|logo| picture(logo, "Logo2")) {
            paragraph = paragraph.add_run(Run::new().add_tab()).add_run(picture);
        }
        self.push(paragraph);
    }
}

fn picture(logo: &Logo, id: &str) -> Option<Run> {
    let Logo::Pixels(pixels) = logo else { return None };
    let (width, height) = logo.size();
    let scale = (LOGO[0] / width.max(1.0)).min(LOGO[1] / height.max(1.0));
    let [wide, high] = [pixels.width, pixels.height].map(|side| u32::try_from(side).unwrap_or(1));
    let picture = Pic::new_with_dimensions(pixels.png(), wide, high);
    Some(Run::new().add_image(picture.id(id).size(emu(width * scale), emu(height * scale))))
}
