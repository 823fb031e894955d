//! How fast profile XML becomes the model. `cargo bench --bench ingest`
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use divan::counter::BytesCount;
use sha2::{Digest, Sha256};
use shr::ingest;
use shr::source::{Limits, Source};
use std::fmt::Write;

fn main() {
    divan::main();
}

/// A profile of about 2 MB with the shares of real ones: 60 % field permissions, 28 % class accesses.
fn profile() -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Profile xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n",
    );
    for n in 0..5_200 {
        let (app, class) = (n % 37, n * 7 % 5_200);
        write!(xml, "    <classAccesses>\n        <apexClass>Billing{app}_Service{class}_Controller</apexClass>\n        <enabled>true</enabled>\n    </classAccesses>\n").unwrap();
    }
    for n in 0..9_000 {
        let (object, field) = (n % 211, n * 13 % 9_000);
        write!(xml, "    <fieldPermissions>\n        <editable>false</editable>\n        <field>Object{object}__c.Field_{field}__c</field>\n        <readable>true</readable>\n    </fieldPermissions>\n").unwrap();
    }
    for n in 0..3 {
        write!(xml, "    <loginIpRanges>\n        <endAddress>192.0.2.{n}</endAddress>\n        <startAddress>192.0.2.{n}</startAddress>\n    </loginIpRanges>\n").unwrap();
    }
    for n in 0..90 {
        write!(xml, "    <objectPermissions>\n        <allowCreate>true</allowCreate>\n        <allowDelete>false</allowDelete>\n        <allowEdit>true</allowEdit>\n        <allowRead>true</allowRead>\n        <modifyAllRecords>false</modifyAllRecords>\n        <object>Object{n}__c</object>\n        <viewAllRecords>false</viewAllRecords>\n    </objectPermissions>\n").unwrap();
    }
    for n in 0..2_000 {
        write!(xml, "    <tabVisibilities>\n        <tab>standard-Tab{n}</tab>\n        <visibility>DefaultOn</visibility>\n    </tabVisibilities>\n").unwrap();
    }
    for n in 0..60 {
        write!(xml, "    <userPermissions>\n        <enabled>true</enabled>\n        <name>Permission{n}</name>\n    </userPermissions>\n").unwrap();
    }
    xml.push_str("</Profile>\n");
    xml
}

fn on_threads(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

/// One profile, hash included.
#[divan::bench]
fn one_profile(bencher: divan::Bencher<'_, '_>) {
    let xml = profile();
    let bytes = BytesCount::new(xml.len());
    let source = Source::memory("acme", [("profiles/Sales.profile", xml)]);
    let pool = on_threads(1);
    bencher.counter(bytes).bench(|| pool.install(|| ingest::read(&source, &Limits::default()).unwrap()));
}

/// Forty profiles on one and on two threads.
#[divan::bench(args = [1, 2])]
fn forty_profiles(bencher: divan::Bencher<'_, '_>, threads: usize) {
    let xml = profile();
    let bytes = BytesCount::new(xml.len() * 40);
    let source = Source::memory("acme", (0..40).map(|n| (format!("profiles/P{n}.profile"), xml.clone())));
    let pool = on_threads(threads);
    bencher.counter(bytes).bench(|| pool.install(|| ingest::read(&source, &Limits::default()).unwrap()));
}

/// The hash of the same bytes: the floor, because every file read is hashed.
#[divan::bench]
fn sha256_alone(bencher: divan::Bencher<'_, '_>) {
    let xml = profile();
    bencher.counter(BytesCount::new(xml.len())).bench(|| Sha256::digest(xml.as_bytes()));
}
