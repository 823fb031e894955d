//! Certificates in every form that files hold them in. The two here were made for this test.

use super::snapshot;
use data_encoding::BASE64;
use shr::snapshot::*;

const RSA: &str = include_str!("rsa.pem");
const EC: &str = include_str!("ec.pem");

fn read(text: &str) -> Located<Certificate> {
    let file = format!(
        "<ExtlClntAppGlobalOauthSettings>\n<certificate>{text}</certificate>\n<externalClientApplication>A</externalClientApplication></ExtlClntAppGlobalOauthSettings>"
    );
    let s = snapshot(&[("a.ecaGlblOauth", &file)]);
    assert_eq!(s.problems, []);
    s.apps["A"].certificate.agreed().unwrap().clone()
}

fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_form_gives_the_same_certificate() {
    let expected = Certificate::Read {
        fingerprint: "2c7f4898c440bc951f40bc9d5f92ff7157972be6507131eb613170c8697728de".to_owned(),
        not_after: "2027-11-24".parse().unwrap(),
        not_before: "2026-11-24".parse().unwrap(),
        key: KeyKind::Rsa(2048),
    };
    let forms = [
        RSA.to_owned(),
        body(RSA),
        body(RSA).replace('\n', ""),
        body(RSA).replace('\n', "\r\n   "),
        BASE64.encode(RSA.as_bytes()),
        BASE64.encode(RSA.replace('\n', "\r\n").as_bytes()),
    ];
    for form in forms {
        let read = read(&form);
        assert_eq!(read.value, expected, "{form}");
        assert_eq!((read.raw.as_str(), read.at.place), ("", Place::Line(2)));
    }
}

#[test]
fn other_keys_and_other_texts() {
    assert!(matches!(read(EC).value, Certificate::Read { key: KeyKind::Ec, .. }));
    let cut = body(RSA);
    for text in ["x", "bm90IGEgY2VydGlmaWNhdGU=", "-----BEGIN CERTIFICATE-----", &cut[..cut.len() / 2]] {
        assert_eq!(read(text).value, Certificate::Unreadable, "{text}");
    }
}
