//! The file: objects packed into streams, and a table of where each of them is (ISO 32000-1, 7.5.7 and 7.5.8).
//!
//! lopdf saves documents too, but it copies every object and writes each three times, on one core.

use std::io::Write as _;

use data_encoding::HEXUPPER;
use lopdf::{Dictionary, Document, Object, Stream, StringFormat, dictionary};
use rayon::prelude::*;

/// Objects that share a stream.
const PACKED: usize = 500;
/// Bytes of a row of the table: kind, place, number in its stream.
const ROW: usize = 7;

/// Where an object is.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    /// So many bytes from the start of the file.
    At(usize),
    /// In this stream, the so many-th.
    In(u32, usize),
}

/// The bytes of a document whose streams are compressed already.
pub(super) fn file(document: &Document) -> Vec<u8> {
    let mut out = format!("%PDF-{}\n", document.version).into_bytes();
    // Four bytes beyond ASCII tell programs that copy files that this one is not text.
    out.extend_from_slice(b"%\xe2\xe3\xcf\xd3\n");
    let mut places = vec![Place::Nowhere; document.max_id as usize + 1];
    let mut plain = Vec::new();
    for (&(number, _), object) in &document.objects {
        match object {
            Object::Stream(stream) => put(&mut out, &mut places, number, stream),
            object => plain.push((number, object)),
        }
    }
    let packed: Vec<Stream> = plain.par_chunks(PACKED).map(pack).collect();
    for (stream, objects) in packed.iter().zip(plain.chunks(PACKED)) {
        let number = u32::try_from(places.len()).unwrap_or(u32::MAX);
        places.push(Place::Nowhere);
        put(&mut out, &mut places, number, stream);
        for (at, (object, _)) in objects.iter().enumerate() {
            if let Some(place) = places.get_mut(*object as usize) {
                *place = Place::In(number, at);
            }
        }
    }
    let start = out.len();
    let table = table(&mut places, start, &document.trailer);
    indirect(&mut out, places.len() - 1, &table);
    out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    out
}

fn put(out: &mut Vec<u8>, places: &mut [Place], number: u32, stream: &Stream) {
    if let Some(place) = places.get_mut(number as usize) {
        *place = Place::At(out.len());
    }
    indirect(out, number as usize, stream);
}

fn indirect(out: &mut Vec<u8>, number: usize, stream: &Stream) {
    digits(out, number as u64);
    out.extend_from_slice(b" 0 obj\n");
    dictionary_of(out, &stream.dict);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(&stream.content);
    out.extend_from_slice(b"\nendstream\nendobj\n");
}

/// A stream of objects: number and offset of each, then the objects.
fn pack(objects: &[(u32, &Object)]) -> Stream {
    let (mut offsets, mut bodies) = (Vec::new(), Vec::new());
    for (number, object) in objects {
        digits(&mut offsets, u64::from(*number));
        offsets.push(b' ');
        digits(&mut offsets, bodies.len() as u64);
        offsets.push(b' ');
        object_of(&mut bodies, object);
        bodies.push(b' ');
    }
    let first = integer(offsets.len());
    offsets.append(&mut bodies);
    let dict = dictionary! { "Type" => "ObjStm", "N" => integer(objects.len()), "First" => first };
    let mut stream = Stream::new(dict, offsets);
    compress(&mut stream);
    stream
}

/// The table of places as the last object of the file. Rows are written as the difference to the one before.
fn table(places: &mut Vec<Place>, start: usize, trailer: &Dictionary) -> Stream {
    places.push(Place::At(start));
    let packed = loop {
        let mut rows = Vec::with_capacity(places.len() * (ROW + 1));
        let mut above = [0; ROW];
        for place in places.iter() {
            let row = row(*place);
            rows.push(2);
            rows.extend(row.iter().zip(above).map(|(now, above)| now.wrapping_sub(above)));
            above = row;
        }
        match deflate(&rows) {
            // See `compress`; an object more that is nowhere changes the last byte.
            Some(packed) if packed.ends_with(b"\r") => {
                let last = places.len() - 1;
                places.insert(last, Place::Nowhere);
            }
            packed => break packed.unwrap_or_default(),
        }
    };
    let mut dict = dictionary! {
        "Type" => "XRef", "Size" => integer(places.len()), "W" => vec![1.into(), 4.into(), 2.into()],
        "Filter" => "FlateDecode", "DecodeParms" => dictionary! { "Predictor" => 12, "Columns" => integer(ROW) },
    };
    for key in ["Root", "Info", "ID"] {
        if let Ok(value) = trailer.get(key.as_bytes()) {
            dict.set(key, value.clone());
        }
    }
    Stream::new(dict, packed)
}

fn row(place: Place) -> [u8; ROW] {
    let (kind, place, within) = match place {
        // Free, and never to be used again.
        Place::Nowhere => (0, 0, u16::MAX),
        Place::At(offset) => (1, u32::try_from(offset).unwrap_or(u32::MAX), 0),
        Place::In(stream, at) => (2, stream, u16::try_from(at).unwrap_or(u16::MAX)),
    };
    let ([a, b, c, d], [e, f]) = (place.to_be_bytes(), within.to_be_bytes());
    [kind, a, b, c, d, e, f]
}

/// Packs a stream. A carriage return as its last byte, with the line feed before `endstream` behind it, reads like an end of
/// line, and strict checkers then find the stream one byte too long; with a line feed more inside, the last byte is another.
pub(super) fn compress(stream: &mut Stream) {
    if stream.dict.has(b"Filter") || is_metadata(stream) {
        return;
    }
    let Some(mut packed) = deflate(&stream.content) else { return };
    // Programs of pages and fonts, objects and tables of characters may be longer than they need; a colour profile may not.
    if packed.ends_with(b"\r") && !is_profile(stream) {
        stream.content.push(b'\n');
        let Some(longer) = deflate(&stream.content) else { return };
        packed = longer;
        if stream.dict.has(b"Length1") {
            stream.dict.set("Length1", integer(stream.content.len()));
        }
    }
    stream.set_content(packed);
    stream.dict.set("Filter", "FlateDecode");
}

/// Whether it is a document's description of itself, which stays legible.
pub(super) fn is_metadata(stream: &Stream) -> bool {
    stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"Metadata")
}

fn is_profile(stream: &Stream) -> bool {
    stream.dict.has(b"N") && !stream.dict.has(b"Type")
}

fn deflate(content: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(content).ok()?;
    encoder.finish().ok()
}

fn object_of(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(number) => {
            if *number < 0 {
                out.push(b'-');
            }
            digits(out, number.unsigned_abs());
        }
        Object::Real(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Object::Name(name) => name_of(out, name),
        Object::String(text, format) => string(out, text, format),
        Object::Array(list) => {
            out.push(b'[');
            for (at, one) in list.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                object_of(out, one);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => dictionary_of(out, dictionary),
        Object::Stream(stream) => dictionary_of(out, &stream.dict),
        Object::Reference((number, generation)) => {
            digits(out, u64::from(*number));
            out.push(b' ');
            digits(out, u64::from(*generation));
            out.extend_from_slice(b" R");
        }
    }
}

fn dictionary_of(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        name_of(out, key);
        let starts_itself =
            matches!(value, Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_));
        if !starts_itself {
            out.push(b' ');
        }
        object_of(out, value);
    }
    out.extend_from_slice(b">>");
}

fn name_of(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte) {
            out.push(*byte);
        } else {
            out.push(b'#');
            out.extend_from_slice(HEXUPPER.encode(&[*byte]).as_bytes());
        }
    }
}

fn string(out: &mut Vec<u8>, text: &[u8], format: &StringFormat) {
    if *format == StringFormat::Hexadecimal {
        out.push(b'<');
        out.extend_from_slice(HEXUPPER.encode(text).as_bytes());
        out.push(b'>');
        return;
    }
    out.push(b'(');
    for byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            // Any end of line in a string is read as a line feed.
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(*byte),
        }
    }
    out.push(b')');
}

fn digits(out: &mut Vec<u8>, mut number: u64) {
    let mut text = [b'0'; 20];
    let mut from = text.len();
    for (at, digit) in text.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        from = at;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
}

/// A count as an object.
pub(super) fn integer(value: usize) -> Object {
    Object::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn objects() -> impl Strategy<Value = Object> {
        let leaf = prop_oneof![
            Just(Object::Null),
            any::<bool>().prop_map(Object::Boolean),
            any::<i64>().prop_map(Object::Integer),
            (-9999..9999).prop_map(|n| Object::Real(n as f32 / 8.0 + 0.0625)),
            proptest::collection::vec(1..=u8::MAX, 1..8).prop_map(Object::Name),
            (proptest::collection::vec(any::<u8>(), 0..12), any::<bool>()).prop_map(|(text, hex)| {
                Object::String(text, if hex { StringFormat::Hexadecimal } else { StringFormat::Literal })
            }),
            (1..9_u32).prop_map(|number| Object::Reference((number, 0))),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let entries = proptest::collection::vec(("[A-Z][a-z]{1,6}", inner.clone()), 0..4);
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(Object::Array),
                entries.prop_map(|entries| Object::Dictionary(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
        /// Enough of them to fill several streams, one of them a stream of its own.
        #[test]
        fn a_file_reads_back_as_its_objects(some in proptest::collection::vec(objects(), 1..40), content: Vec<u8>) {
            let mut document = Document::with_version("1.7");
            let catalog = document.add_object(dictionary! { "Type" => "Catalog" });
            document.trailer.set("Root", catalog);
            for object in some.iter().cycle().take(PACKED + some.len()) {
                document.add_object(vec![object.clone()]);
            }
            document.add_object(Stream::new(dictionary! { "Kind" => "Bytes" }, content));
            let read = Document::load_mem(&file(&document)).unwrap();
            for (id, object) in &document.objects {
                let back = read.get_object(*id).unwrap();
                match (object, back) {
                    (Object::Stream(a), Object::Stream(b)) => prop_assert_eq!(&a.content, &b.content),
                    // The reader calls every string by the form that it prefers.
                    (a, b) => {
                        let (mut one, mut other) = (Vec::new(), Vec::new());
                        object_of(&mut one, a);
                        object_of(&mut other, b);
                        prop_assert_eq!(String::from_utf8_lossy(&one), String::from_utf8_lossy(&other));
                    }
                }
            }
        }
    }

    #[test]
    fn no_stream_ends_like_a_line() {
        for length in 0..3000_usize {
            let text: Vec<u8> = (0..length).map(|n| (n * n % 251) as u8).collect();
            let mut stream = Stream::new(Dictionary::new(), text.clone());
            compress(&mut stream);
            assert!(!stream.content.ends_with(b"\r"));
            assert_eq!(stream.decompressed_content().unwrap().get(..length), Some(text.as_slice()));
        }
    }
}
