//! XMP metadata and the colour profile of the output intent.

use crate::render::pdf::PdfMeta;

/// The XMP packet: what the document is and which standards it keeps.
pub(super) fn packet(meta: &PdfMeta) -> String {
    let date = format!("{}T00:00:00Z", meta.date);
    let (title, author, subject) = (escape(&meta.title), escape(&meta.author), escape(&meta.subject));
    let language = escape(&meta.language);
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of PDF/UA that the document keeps</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}',
        producer = PRODUCER,
    )
}

/// What wrote the file.
pub(super) const PRODUCER: &str = "shr";

/// XML text; characters that XML does not allow become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A version 2 display profile with the primaries, white point and curve of sRGB (IEC 61966-2-1), adapted to D50.
pub(super) fn srgb() -> Vec<u8> {
    let text = |text: &str| {
        let mut data = b"text\0\0\0\0".to_vec();
        data.extend(text.as_bytes());
        data.push(0);
        data
    };
    let xyz = |values: [u32; 3]| {
        let mut data = b"XYZ \0\0\0\0".to_vec();
        values.iter().for_each(|value| data.extend(value.to_be_bytes()));
        data
    };
    // 15.16 fixed point numbers.
    let tags: Vec<([u8; 4], Vec<u8>)> = vec![
        (*b"desc", description("sRGB")),
        (*b"cprt", text("CC0")),
        (*b"wtpt", xyz([0x0000_f6d6, 0x0001_0000, 0x0000_d32d])),
        (*b"rXYZ", xyz([0x0000_6fa2, 0x0000_38f5, 0x0000_0390])),
        (*b"gXYZ", xyz([0x0000_6299, 0x0000_b785, 0x0000_18da])),
        (*b"bXYZ", xyz([0x0000_24a0, 0x0000_0f84, 0x0000_b6cf])),
        (*b"rTRC", curve()),
        (*b"gTRC", Vec::new()),
        (*b"bTRC", Vec::new()),
    ];
    let start = 128 + 4 + 12 * tags.len();
    let (mut table, mut data) = (Vec::new(), Vec::new());
    table.extend(number(tags.len()));
    let mut place = (0, 0);
    for (name, bytes) in &tags {
        // Green and blue share the curve of red.
        if !bytes.is_empty() {
            place = (start + data.len(), bytes.len());
            data.extend(bytes);
            data.resize(data.len().next_multiple_of(4), 0);
        }
        table.extend(name);
        table.extend(number(place.0));
        table.extend(number(place.1));
    }
    let mut profile = Vec::new();
    profile.extend(number(start + data.len()));
    profile.extend(*b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    profile.extend([0x07, 0xe8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]); // a fixed date: 2024-01-01
    profile.extend(*b"acsp");
    profile.resize(68, 0);
    profile.extend([0x0000_f6d6_u32, 0x0001_0000, 0x0000_d32d].iter().flat_map(|value| value.to_be_bytes()));
    profile.resize(128, 0);
    profile.extend(table);
    profile.extend(data);
    profile
}

fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

fn description(text: &str) -> Vec<u8> {
    let mut data = b"desc\0\0\0\0".to_vec();
    data.extend(number(text.len() + 1));
    data.extend(text.as_bytes());
    data.push(0);
    // No Unicode and no script name.
    data.extend([0; 4 + 4 + 2 + 1 + 67]);
    data
}

/// The sRGB transfer curve at 256 points.
fn curve() -> Vec<u8> {
    let mut data = b"curv\0\0\0\0".to_vec();
    data.extend(number(256));
    for step in 0..=255_u8 {
        let c = f64::from(step) / 255.0;
        let linear = if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 65535")]
        let value = (linear * 65535.0).round() as u16;
        data.extend(value.to_be_bytes());
    }
    data
}
