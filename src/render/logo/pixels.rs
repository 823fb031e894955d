//! PNG bytes into pixels without transparency (PDF/A-2 allows it, printers do not always).

use super::LogoError;
use crate::limits::fixed::PNG_PIXELS;

/// Decoded pixels, 3 bytes each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// RGB rows from the top.
    pub rgb: Vec<u8>,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
}

impl Pixels {
    /// The pixels as a PNG of this program: nothing of the file that they came from is in it.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        let size = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, size(self.width), size(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        // Writing to memory does not fail, and there are as many pixels as width and height say.
        let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&self.rgb));
        if written.is_err() {
            out.clear();
        }
        out
    }
}

/// Decodes a PNG and lays it on white.
pub(super) fn decode(bytes: &[u8]) -> Result<Pixels, LogoError> {
    let refuse = LogoError::Png;
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|error| refuse(error.to_string()))?;
    let size = reader.output_buffer_size().filter(|size| *size <= PNG_PIXELS * 4);
    let mut buffer = vec![0; size.ok_or_else(|| refuse("too many pixels".to_owned()))?];
    let info = reader.next_frame(&mut buffer).map_err(|error| refuse(error.to_string()))?;
    buffer.truncate(info.buffer_size());
    let channels = info.color_type.samples();
    let mut pixels = Vec::with_capacity(buffer.len() / channels.max(1) * 3);
    for pixel in buffer.chunks_exact(channels.max(1)) {
        let (colour, alpha) = match *pixel {
            [grey] => ([grey; 3], 255),
            [grey, alpha] => ([grey; 3], alpha),
            [r, g, b] => ([r, g, b], 255),
            [r, g, b, alpha] => ([r, g, b], alpha),
            _ => ([255; 3], 255),
        };
        for value in colour {
            let mixed = (u32::from(value) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
            pixels.push(u8::try_from(mixed).unwrap_or(255));
        }
    }
    Ok(Pixels { rgb: pixels, width: info.width as usize, height: info.height as usize })
}
