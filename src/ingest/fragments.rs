//! Profiles, permission sets and muting sets that are stored in several files.
//!
//! The command line's presets and the plug-ins that decompose metadata put elements of one name into a file or folder
//! of that name, beside or below the component's main file: `X/userPermissions/Y.userPermission-meta.xml`,
//! `X/X.userPermissions-meta.xml`, `X/objectSettings/Account.objectSettings-meta.xml`, `X/userPermissions.xml`, or the
//! same as JSON or YAML. Here each piece is joined to its main file, before anything else is joined. A piece that is
//! missing leaves no trace, so what is stored in pieces never tells that it is all.

use super::file_facts::{ContainerFacts, FileFacts, Name, Piece, Said};
use super::link::merge_container;
use crate::snapshot::{Container, ContainerKind, Kind, Problem, ProblemCode};
use crate::source::Entry;
use crate::source::recognise::{self, Guess};
use crate::text::spelling::component_name;
use std::collections::BTreeMap;

/// A component's main file.
struct Main {
    entry: usize,
    kind: ContainerKind,
    name: String,
}

impl Main {
    /// Whether a piece of that kind can be of it; some pieces do not tell their kind.
    fn fits(&self, kind: Option<ContainerKind>) -> bool {
        kind.is_none_or(|kind| kind == self.kind)
    }
}

/// The main files of one folder.
#[derive(Default)]
struct Here {
    all: Vec<Main>,
    /// Which of them have a name, without case.
    by_name: BTreeMap<String, Vec<usize>>,
}

impl Here {
    fn named<'m>(&'m self, name: &str) -> impl Iterator<Item = &'m Main> {
        self.by_name.get(&folded(name)).into_iter().flatten().filter_map(|at| self.all.get(*at))
    }
}

/// Main files by their folder.
type Mains<'e> = BTreeMap<&'e str, Here>;

/// To whom a piece belongs.
enum Owner<'m> {
    One(&'m Main),
    /// Main files beside it, of which it names none.
    Any(Vec<&'m Main>),
    /// There is no main file: the folder's name is the component's.
    Folder(&'m str),
}

/// Joins pieces to their main files, and marks these as being in pieces.
pub(super) fn join(entries: &[Entry], parts: &mut [FileFacts]) {
    let mains = main_files(entries);
    for (folder, here) in &mains {
        here.all.iter().filter(|main| is_own_folder(folder, main)).for_each(|main| mark(parts, main));
    }
    for (at, entry) in entries.iter().enumerate() {
        if !recognise::is_of_a_part(&entry.path) || parts.get(at).is_none_or(is_export) {
            continue;
        }
        match owner(&entry.path, None, &mains) {
            Owner::One(main) => mark(parts, main),
            Owner::Any(mains) => mains.into_iter().for_each(|main| mark(parts, main)),
            Owner::Folder(_) => {}
        }
        let Some(part) = parts.get_mut(at) else { continue };
        for said in std::mem::take(&mut part.said) {
            match said {
                Said::Piece(piece) => {
                    let owner = owner(&entry.path, piece.kind, &mains);
                    place(parts, at, *piece, owner, &entry.path);
                }
                other => keep(parts, at, other),
            }
        }
    }
}

/// Exports of records bear the names of parts, too (`ObjectPermissions.csv`).
fn is_export(part: &FileFacts) -> bool {
    part.input.as_ref().is_some_and(|input| input.kind.is_records())
}

fn main_files(entries: &[Entry]) -> Mains<'_> {
    let mut mains = Mains::new();
    for (at, entry) in entries.iter().enumerate() {
        let Guess::Metadata(meta) = recognise::by_path(&entry.path) else { continue };
        if let (false, Some(kind)) = (meta.piece, kind_of(meta.kind)) {
            let here = mains.entry(folder(&entry.path)).or_default();
            here.by_name.entry(folded(&meta.name)).or_default().push(here.all.len());
            here.all.push(Main { entry: at, kind, name: meta.name });
        }
    }
    mains
}

/// The kind of component that files of this kind describe, if it may be stored in several of them: groups never are.
fn kind_of(kind: Kind) -> Option<ContainerKind> {
    kind.container().filter(|container| *container != ContainerKind::Group)
}

fn file_kind(kind: ContainerKind) -> Kind {
    match kind {
        ContainerKind::Profile => Kind::ProfileFile,
        ContainerKind::Muting => Kind::MutingFile,
        ContainerKind::PermissionSet | ContainerKind::Group => Kind::PermissionSetFile,
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a main file lies in a folder of its own name below the folder of its type, as that of a decomposed one does
/// even when no piece is there.
fn is_own_folder(folder: &str, main: &Main) -> bool {
    let (above, own) = folder.rsplit_once('/').unwrap_or(("", folder));
    folded(own) == folded(&main.name) && above.split('/').any(|name| recognise::type_of_folder(name).is_some())
}

/// A name as names are compared here: not all file systems keep case.
fn folded(written: &str) -> String {
    component_name(written).to_lowercase()
}

/// Finds the main file in the nearest folder above a piece. On the way there, a folder has to be of the main file's
/// name, or of a part of a component.
fn owner<'m>(path: &'m str, kind: Option<ContainerKind>, mains: &'m Mains<'_>) -> Owner<'m> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.split('.').next().unwrap_or(file);
    let mut names: Vec<&str> = Vec::new();
    let mut at = folder(path);
    loop {
        let found = mains.get(at).and_then(|here| match names.as_slice() {
            [] => beside(here, stem, kind),
            names => {
                let named = names.iter().flat_map(|name| here.named(name));
                several(named.filter(|main| main.fits(kind)).collect())
            }
        });
        if let Some(owner) = found {
            return owner;
        }
        let Some((above, name)) = at.rsplit_once('/').or((!at.is_empty()).then_some(("", at))) else { break };
        if !recognise::is_part(name) {
            names.push(name);
        }
        at = above;
    }
    let nearest = names.first().copied().filter(|name| recognise::type_of_folder(name).is_none());
    Owner::Folder(nearest.unwrap_or(stem))
}

/// The owner among the main files beside a piece: the only one, else the one that its name begins with.
fn beside<'m>(here: &'m Here, stem: &str, kind: Option<ContainerKind>) -> Option<Owner<'m>> {
    let all: Vec<&Main> = here.all.iter().filter(|main| main.fits(kind)).collect();
    if all.len() == 1 {
        return several(all);
    }
    several(here.named(stem).filter(|main| main.fits(kind)).collect()).or_else(|| several(all))
}

fn several(mains: Vec<&Main>) -> Option<Owner<'_>> {
    match mains.as_slice() {
        [] => None,
        [one] => Some(Owner::One(one)),
        _ => Some(Owner::Any(mains)),
    }
}

fn containers(part: &mut FileFacts) -> impl Iterator<Item = &mut Container> {
    part.said.iter_mut().filter_map(|said| match said {
        Said::Container(held) => Some(&mut held.container),
        _ => None,
    })
}

fn mark(parts: &mut [FileFacts], main: &Main) {
    let held = parts.get_mut(main.entry).into_iter().flat_map(containers);
    held.for_each(|container| container.in_pieces = true);
}

/// Puts what a piece says where it belongs.
fn place(parts: &mut [FileFacts], at: usize, piece: Piece, owner: Owner<'_>, path: &str) {
    let Some(part) = parts.get_mut(at) else { return };
    match owner {
        Owner::One(main) => {
            set_kind(part, main.kind);
            match parts.get_mut(main.entry).and_then(|part| containers(part).next()) {
                Some(container) => unite(container, piece.container),
                None => stand_alone(parts, at, main.kind, &main.name, piece),
            }
        }
        Owner::Folder(name) => {
            let hint = path.split('/').filter_map(recognise::type_of_folder).next_back().and_then(kind_of);
            let kind = piece.kind.or(hint).unwrap_or(ContainerKind::PermissionSet);
            set_kind(part, kind);
            stand_alone(parts, at, kind, &component_name(name), piece);
        }
        Owner::Any(mains) => {
            let names: Vec<&str> = mains.iter().map(|main| main.name.as_str()).collect();
            let message = format!("is a piece of one of several components: {}", names.join(", "));
            let kind = part.input.as_ref().map(|input| input.kind);
            let place = piece.container.sources.into_iter().next();
            part.problems.extend(place.map(|at| Problem::new(at, kind, ProblemCode::Unlinked, message, HINT)));
        }
    }
}

fn set_kind(part: &mut FileFacts, kind: ContainerKind) {
    if let Some(input) = &mut part.input {
        input.kind = file_kind(kind);
    }
}

/// A component of which the main file says nothing, or is not there.
fn stand_alone(parts: &mut [FileFacts], at: usize, kind: ContainerKind, name: &str, piece: Piece) {
    let container = Container { kind, name: name.to_owned(), in_pieces: true, ..piece.container };
    let part = ContainerFacts { name: Some(Name::Whole(name.into())), container };
    keep(parts, at, Said::Container(Box::new(part)));
}

fn keep(parts: &mut [FileFacts], at: usize, said: Said) {
    if let Some(part) = parts.get_mut(at) {
        part.said.push(said);
    }
}

/// Adds a piece to what the main file says. Their ranges are those of one copy of the component.
fn unite(main: &mut Container, mut piece: Container) {
    for ranges in std::mem::take(&mut piece.login_ranges) {
        main.login_ranges.extend_first(ranges);
    }
    merge_container(main, piece);
    main.in_pieces = true;
}

const HINT: &str = "keep the pieces of a component in a folder of its own, as the decomposing command does";
