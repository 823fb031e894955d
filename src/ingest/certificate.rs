//! What a certificate says. Its body is dropped here.
//!
//! Real files hold bare base64 of the DER form broken into lines, PEM text, or base64 of the whole PEM text.

use crate::snapshot::{Certificate, KeyKind};
use data_encoding::BASE64;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use x509_parser::public_key::PublicKey;

/// Decodes the text of a certificate element.
pub(super) fn read(text: &str) -> Certificate {
    der(text).and_then(|der| describe(&der)).unwrap_or(Certificate::Unreadable)
}

fn der(text: &str) -> Option<Vec<u8>> {
    let bytes = decode(pem_body(text).unwrap_or(text))?;
    match std::str::from_utf8(&bytes).ok().and_then(pem_body) {
        Some(body) => decode(body),
        None => Some(bytes),
    }
}

/// What stands between the lines of a PEM text.
fn pem_body(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("-----BEGIN CERTIFICATE-----")?;
    rest.split_once("-----END").map(|(body, _)| body)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    while !packed.len().is_multiple_of(4) {
        packed.push(b'=');
    }
    BASE64.decode(&packed).ok().filter(|bytes| !bytes.is_empty())
}

fn describe(der: &[u8]) -> Option<Certificate> {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
    let day = |seconds| Some(TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).ok()?).date());
    let key = match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => KeyKind::Rsa(bits(key.modulus)),
        Ok(PublicKey::EC(_)) => KeyKind::Ec,
        _ => KeyKind::Other,
    };
    Some(Certificate::Read {
        fingerprint: hex(&Sha256::digest(der)),
        not_after: day(certificate.validity().not_after.timestamp())?,
        not_before: day(certificate.validity().not_before.timestamp())?,
        key,
    })
}

/// Length of a big-endian number in bits.
fn bits(modulus: &[u8]) -> u32 {
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let significant = modulus.get(zeros..).unwrap_or_default();
    let lead = significant.first().map_or(0, |byte| byte.leading_zeros());
    u32::try_from(significant.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(lead)
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
