//! How record exports grow: twice the rows take twice the time, so the rows a second stay the same from line to line.
//! `cargo bench --bench rows`
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use divan::counter::ItemsCount;
use shr::ingest;
use shr::source::{Limits, Source};
use std::fmt::Write;

fn main() {
    divan::main();
}

/// Numbers of rows, each twice the one before.
const ROWS: [usize; 4] = [10_000, 20_000, 40_000, 80_000];

fn read(bencher: divan::Bencher<'_, '_>, rows: usize, path: &str, head: &str, row: impl Fn(&mut String, usize)) {
    let mut text = format!("{head}\n");
    (0..rows).for_each(|n| row(&mut text, n));
    let source = Source::memory("acme", [(path.to_owned(), text)]);
    bencher.counter(ItemsCount::new(rows)).bench_local(|| ingest::read(&source, &Limits::default()).unwrap());
}

/// Users with an id each.
#[divan::bench(args = ROWS)]
fn users(bencher: divan::Bencher<'_, '_>, rows: usize) {
    read(bencher, rows, "User.csv", "Id,Username,IsActive,ProfileId", |text, n| {
        writeln!(text, "005xx{n:010},u{n}@example.com,true,00exx{:010}", n % 40).unwrap();
    });
}

/// Rows of one user that all say something else.
#[divan::bench(args = ROWS)]
fn users_of_one_id(bencher: divan::Bencher<'_, '_>, rows: usize) {
    read(bencher, rows, "User.csv", "Id,Username,IsActive,LastLoginDate", |text, n| {
        writeln!(text, "005xx0000000009,u{n}@example.com,true,2026-11-01T00:00:00Z").unwrap();
    });
}

/// Users of one profile, which each row calls otherwise.
#[divan::bench(args = ROWS)]
fn names_of_one_profile(bencher: divan::Bencher<'_, '_>, rows: usize) {
    read(bencher, rows, "User.csv", "Id,Username,IsActive,ProfileId,Profile.Name", |text, n| {
        writeln!(text, "005xx{n:010},u{n}@example.com,true,00exx0000000001,Profile {n}").unwrap();
    });
}

/// Permission sets of which each fills one of a thousand columns.
#[divan::bench(args = ROWS)]
fn sparse_permission_sets(bencher: divan::Bencher<'_, '_>, rows: usize) {
    let mut text = String::new();
    for n in 0..rows {
        let id = format!("0PSxx{n:010}");
        writeln!(
            text,
            "{{\"attributes\":{{\"type\":\"PermissionSet\"}},\"Id\":\"{id}\",\"PermissionsX{}\":true}}",
            n % 1_000
        )
        .unwrap();
    }
    let source = Source::memory("acme", [("PermissionSet.jsonl", text)]);
    bencher.counter(ItemsCount::new(rows)).bench_local(|| ingest::read(&source, &Limits::default()).unwrap());
}

/// Assignments of one set to one user.
#[divan::bench(args = ROWS)]
fn assignments_of_one_user(bencher: divan::Bencher<'_, '_>, rows: usize) {
    let head = "Id,AssigneeId,PermissionSetId,PermissionSet.Name,PermissionSet.NamespacePrefix";
    read(bencher, rows, "PermissionSetAssignment.csv", head, |text, n| {
        writeln!(text, "0Paxx{n:010},005xx0000000009,0PSxx0000000001,One,").unwrap();
    });
}

/// Rights of one set on one object.
#[divan::bench(args = ROWS)]
fn rights_of_one_set(bencher: divan::Bencher<'_, '_>, rows: usize) {
    let head = "Id,ParentId,Parent.Name,Parent.NamespacePrefix,Parent.IsOwnedByProfile,SobjectType,PermissionsRead";
    read(bencher, rows, "ObjectPermissions.csv", head, |text, n| {
        writeln!(text, "110xx{n:010},0PSxx0000000001,One,,false,Account,true").unwrap();
    });
}

/// Files of apps that cannot be read.
#[divan::bench(args = ROWS)]
fn broken_files(bencher: divan::Bencher<'_, '_>, rows: usize) {
    let source = Source::memory("acme", (0..rows).map(|n| (format!("x/{n}.eca"), Vec::new())));
    bencher.counter(ItemsCount::new(rows)).bench_local(|| ingest::read(&source, &Limits::default()).unwrap());
}
