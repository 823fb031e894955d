//! What a certificate says. Its body is dropped here.
//!
//! Real files hold bare base64 of the DER form broken into lines, PEM text, or base64 of the whole PEM text.

use crate::snapshot::{Certificate, KeyKind};
use data_encoding::BASE64;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use x509_cert::certificate::{CertificateInner, Raw};
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::time::Time;

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

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Reads one certificate; what follows it is left alone. The profile of RFC 5280 is not enforced: the platform decides
/// which certificates it takes.
fn describe(der: &[u8]) -> Option<Certificate> {
    let certificate = CertificateInner::<Raw>::decode(&mut SliceReader::new(der).ok()?).ok()?;
    let told = certificate.tbs_certificate();
    let public = told.subject_public_key_info();
    let key = match public.algorithm.oid {
        RSA => public.subject_public_key.as_bytes().and_then(modulus_bits).map_or(KeyKind::Other, KeyKind::Rsa),
        EC => KeyKind::Ec,
        _ => KeyKind::Other,
    };
    Some(Certificate::Read {
        fingerprint: hex(&Sha256::digest(der)),
        not_after: day(&told.validity().not_after)?,
        not_before: day(&told.validity().not_before)?,
        key,
    })
}

fn day(time: &Time) -> Option<Date> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Some(TimeZone::UTC.to_datetime(Timestamp::from_second(seconds).ok()?).date())
}

/// Length in bits of the modulus of an RSA public key (RFC 8017, A.1.1).
fn modulus_bits(key: &[u8]) -> Option<u32> {
    let bytes = SliceReader::new(key).ok()?.sequence(|fields| -> x509_cert::der::Result<Vec<u8>> {
        let modulus = UintRef::decode(fields)?;
        UintRef::decode(fields)?; // the exponent
        Ok(modulus.as_bytes().to_vec())
    });
    bytes.ok().map(|bytes| bits(&bytes))
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
