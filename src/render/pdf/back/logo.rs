//! The logo as operators: a picture, or paths that are cut off at the edge of their sheet.

use printpdf::{
    CurTransMat, Line, LineCapStyle, LineJoinStyle, LinePoint, Op, PaintMode, Polygon, PolygonRing, Pt, WindingOrder,
    XObject, XObjectId,
};

use super::write::{colour_of, point};
use crate::render::logo::{Cap, Contour, Join, Logo, Pixels, Shape, Stroke, Vector};

pub(super) fn image(pixels: &Pixels) -> XObject {
    XObject::Image(printpdf::RawImage {
        pixels: printpdf::RawImageData::U8(pixels.rgb.clone()),
        width: pixels.width,
        height: pixels.height,
        data_format: printpdf::RawImageFormat::RGB8,
        tag: Vec::new(),
    })
}

/// The logo at the left top of its frame, as large as fits; `height` is that of the page.
pub(super) fn paint(ops: &mut Vec<Op>, (id, logo): (&str, &Logo), [x, y, w, h]: [f32; 4], height: f32) {
    let size = logo.size();
    let scale = (w / size.0.max(0.1)).min(h / size.1.max(0.1));
    ops.push(Op::SaveGraphicsState);
    match logo {
        Logo::Pixels(_) => {
            let (w, h) = (size.0 * scale, size.1 * scale);
            ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw([w, 0.0, 0.0, h, x, height - y - h]) });
            let transform = printpdf::XObjectTransform { no_auto_scale: true, ..Default::default() };
            ops.push(Op::UseXobject { id: XObjectId(id.to_owned()), transform });
        }
        Logo::Vector(vector) => {
            let matrix = CurTransMat::Raw([scale, 0.0, 0.0, -scale, x, height - y]);
            ops.push(Op::SetTransformationMatrix { matrix });
            shapes(ops, vector);
        }
    }
    ops.push(Op::RestoreGraphicsState);
}

fn shapes(ops: &mut Vec<Op>, vector: &Vector) {
    let (w, h) = (vector.width, vector.height);
    let sheet = vec![(0.0, 0.0, false), (w, 0.0, false), (w, h, false), (0.0, h, false)];
    let sheet = [Contour { corners: sheet, closed: true }];
    ops.push(polygon(&sheet, PaintMode::Clip, false));
    for Shape { contours, fill, even_odd, stroke } in &vector.shapes {
        if let Some(colour) = fill {
            ops.push(Op::SetFillColor { col: colour_of(*colour) });
            ops.push(polygon(contours, PaintMode::Fill, *even_odd));
        }
        if let Some(stroke) = stroke {
            pen(ops, stroke);
            ops.extend(contours.iter().map(|contour| {
                if contour.closed {
                    polygon(std::slice::from_ref(contour), PaintMode::Stroke, false)
                } else {
                    Op::DrawLine { line: Line { points: points(contour), is_closed: false } }
                }
            }));
        }
    }
}

fn pen(ops: &mut Vec<Op>, stroke: &Stroke) {
    let cap = match stroke.cap {
        Cap::Butt => LineCapStyle::Butt,
        Cap::Round => LineCapStyle::Round,
        Cap::Square => LineCapStyle::ProjectingSquare,
    };
    let join = match stroke.join {
        Join::Miter => LineJoinStyle::Miter,
        Join::Round => LineJoinStyle::Round,
        Join::Bevel => LineJoinStyle::Bevel,
    };
    ops.push(Op::SetOutlineColor { col: colour_of(stroke.colour) });
    ops.push(Op::SetOutlineThickness { pt: Pt(stroke.width) });
    ops.push(Op::SetLineCapStyle { cap });
    ops.push(Op::SetLineJoinStyle { join });
    ops.push(Op::SetMiterLimit { limit: Pt(stroke.miter) });
}

fn polygon(contours: &[Contour], mode: PaintMode, even_odd: bool) -> Op {
    let rings = contours.iter().map(|contour| PolygonRing { points: points(contour) }).collect();
    let winding_order = if even_odd { WindingOrder::EvenOdd } else { WindingOrder::NonZero };
    Op::DrawPolygon { polygon: Polygon { rings, mode, winding_order } }
}

fn points(contour: &Contour) -> Vec<LinePoint> {
    contour.corners.iter().map(|(x, y, bezier)| point(*x, *y, *bezier)).collect()
}
