//! One pass over the written document: structure tree, links, outline, page labels, metadata, output intent.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use rayon::iter::{IntoParallelRefMutIterator as _, ParallelIterator as _};
use sha2::{Digest as _, Sha256};

use super::file::{self, compress, integer, is_metadata};
use super::write::{Contents, Written};
use super::{failed, xmp};
use crate::render::meta::Meta;
use crate::render::pdf::PdfError;
use crate::render::pdf::page::{Flow, Mark, NodeId, Role};
use crate::render::pdf::paginate::Pages;
use crate::render::theme::Theme;

/// The colour profile of the output intent; where it is from is said beside it.
const SRGB: &[u8] = include_bytes!("sRGB-v2-magic.icc");

pub(super) const fn name(role: Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Heading(1) => "H1",
        Role::Heading(2) => "H2",
        Role::Heading(3) => "H3",
        Role::Heading(4) => "H4",
        Role::Heading(5) => "H5",
        Role::Heading(_) => "H6",
        Role::P => "P",
        Role::L(_) => "L",
        Role::Li => "LI",
        Role::Lbl => "Lbl",
        Role::LBody => "LBody",
        Role::Table => "Table",
        Role::THead => "THead",
        Role::TBody => "TBody",
        Role::Tr => "TR",
        Role::Th(_) => "TH",
        Role::Td => "TD",
        Role::BlockQuote => "BlockQuote",
        Role::Code => "Code",
        Role::Figure => "Figure",
        Role::Toc => "TOC",
        Role::Toci => "TOCI",
        Role::Reference => "Reference",
        Role::Link => "Link",
        Role::Slot => "Span",
    }
}

pub(super) fn tag(
    written: Written,
    pages: &Pages,
    flow: &Flow,
    theme: &Theme,
    meta: &Meta,
) -> Result<Vec<u8>, PdfError> {
    let mut document = written.document;
    let page_ids: Vec<ObjectId> = document.get_pages().into_values().collect();
    let height = theme.page.size.points().1;
    let mut tagger = Tagger {
        document: &mut document,
        pages,
        flow,
        page_ids,
        height,
        elements: vec![None; flow.tree.nodes.len()],
        slugs: slugs(flow),
        annotations: BTreeMap::new(),
        parents: Vec::new(),
    };
    tagger.name_elements(&written.contents);
    tagger.links()?;
    let root = tagger.structure(&written.contents, &written.owners);
    let outlines = tagger.outline();
    finish(&mut document, root, outlines, meta)?;
    Ok(save(document, meta))
}

struct Tagger<'a> {
    document: &'a mut Document,
    pages: &'a Pages,
    flow: &'a Flow,
    page_ids: Vec<ObjectId>,
    height: f32,
    /// Object of each element that is written.
    elements: Vec<Option<ObjectId>>,
    /// Headings by the anchor that they have without being given one, the first of each.
    slugs: BTreeMap<String, usize>,
    /// Annotations of each link, with their page.
    annotations: BTreeMap<NodeId, Vec<(ObjectId, ObjectId)>>,
    /// Link element by its key in the parent tree.
    parents: Vec<ObjectId>,
}

impl Tagger<'_> {
    /// Gives an object to every element that has content, and to cells, which must be there even when empty.
    fn name_elements(&mut self, contents: &Contents) {
        let nodes = &self.flow.tree.nodes;
        let mut alive = vec![false; nodes.len()];
        for (id, node) in nodes.iter().enumerate().rev() {
            let always = matches!(node.role, Role::Document | Role::Td | Role::Th(_) | Role::LBody);
            let kid = node.kids.iter().any(|kid| alive.get(*kid).copied().unwrap_or(false));
            if let Some(alive) = alive.get_mut(id) {
                *alive = always || kid || contents.contains_key(&id);
            }
        }
        for (id, node) in nodes.iter().enumerate() {
            if alive.get(id).copied().unwrap_or(false) && node.role != Role::Slot {
                let object = self.document.new_object_id();
                if let Some(element) = self.elements.get_mut(id) {
                    *element = Some(object);
                }
            }
        }
    }

    fn object(&self, id: NodeId) -> Option<ObjectId> {
        self.elements.get(id).copied().flatten()
    }

    fn page(&self, number: usize) -> Object {
        self.page_ids.get(number).map_or(Object::Null, |id| Object::Reference(*id))
    }

    /// Where a link inside the document goes.
    fn destination(&self, target: &str) -> Option<Object> {
        let place = match target.strip_prefix(':') {
            Some(number) => self.pages.headings.get(&number.parse().ok()?),
            None => self.pages.anchors.get(target).or_else(|| self.pages.headings.get(self.slugs.get(target)?)),
        };
        place.map(|(page, y)| self.top_of(*page, *y))
    }

    fn top_of(&self, page: usize, y: f32) -> Object {
        let top = (self.height - y + 8.0).min(self.height);
        Object::Array(vec![self.page(page), "XYZ".into(), 0.into(), top.round().into(), Object::Null])
    }

    fn links(&mut self) -> Result<(), PdfError> {
        for (number, page) in self.pages.pages.iter().enumerate() {
            let mut annots = Vec::new();
            for mark in &page.marks {
                let Mark::Link([x, y, w, h], target, node) = mark else { continue };
                let Some(element) = self.object(*node) else { continue };
                let mut annotation = dictionary! {
                    "Type" => "Annot", "Subtype" => "Link", "F" => 4, "P" => self.page(number),
                    "Rect" => vec![(*x).into(), (self.height - y - h).into(), (x + w).into(), (self.height - y).into()],
                    "Border" => vec![0.into(), 0.into(), 0.into()],
                    "Contents" => text(&self.flow.tree.nodes.get(*node).map_or(String::new(), |n| spoken(&n.alt))),
                };
                match target.strip_prefix('#') {
                    Some(anchor) => match self.destination(anchor) {
                        Some(destination) => annotation.set("Dest", destination),
                        None => continue,
                    },
                    None => {
                        let uri = Object::String(
                            target.bytes().filter(u8::is_ascii_graphic).collect(),
                            StringFormat::Literal,
                        );
                        annotation.set("A", dictionary! { "S" => "URI", "URI" => uri });
                    }
                }
                let key = self.pages.pages.len() + self.parents.len();
                annotation.set("StructParent", integer(key));
                self.parents.push(element);
                let id = self.document.add_object(annotation);
                annots.push(Object::Reference(id));
                let Some(page_id) = self.page_ids.get(number).copied() else { continue };
                self.annotations.entry(*node).or_default().push((id, page_id));
            }
            let Some(id) = self.page_ids.get(number).copied() else { continue };
            let page = self.document.get_dictionary_mut(id).map_err(failed)?;
            page.remove(b"Annots");
            if !annots.is_empty() {
                page.set("Annots", annots);
            }
            page.set("StructParents", integer(number));
            page.set("Tabs", "S");
        }
        Ok(())
    }

    fn structure(&mut self, contents: &Contents, owners: &[Vec<NodeId>]) -> ObjectId {
        let root = self.document.new_object_id();
        for id in 0..self.elements.len() {
            let Some(object) = self.object(id) else { continue };
            let element = self.element(id, root, contents);
            self.document.objects.insert(object, Object::Dictionary(element));
        }
        let mut nums = Vec::new();
        for (number, owners) in owners.iter().enumerate() {
            let elements = owners.iter().map(|id| self.object(*id).map_or(Object::Null, Object::Reference));
            let array = self.document.add_object(Object::Array(elements.collect()));
            nums.extend([integer(number), Object::Reference(array)]);
        }
        for (n, element) in self.parents.iter().enumerate() {
            nums.extend([integer(owners.len() + n), Object::Reference(*element)]);
        }
        let tree = self.document.add_object(dictionary! { "Nums" => nums });
        let kids = self.object(0).map(Object::Reference);
        let dictionary = dictionary! {
            "Type" => "StructTreeRoot", "K" => kids.into_iter().collect::<Vec<_>>(), "ParentTree" => tree,
            "ParentTreeNextKey" => integer(owners.len() + self.parents.len()),
        };
        self.document.objects.insert(root, Object::Dictionary(dictionary));
        root
    }

    fn element(&self, id: NodeId, root: ObjectId, contents: &Contents) -> Dictionary {
        let Some(node) = self.flow.tree.nodes.get(id) else { return Dictionary::new() };
        let annotations = self.annotations.get(&id);
        // A link that leads nowhere is text.
        let role = if node.role == Role::Link && annotations.is_none() { Role::Slot } else { node.role };
        let parent = node.parent.and_then(|parent| self.object(parent)).unwrap_or(root);
        let mut element = dictionary! { "Type" => "StructElem", "S" => name(role), "P" => parent };
        let mut kids = Vec::new();
        // Content on the page of the first needs no more than its number.
        let mut home = None;
        for place in std::iter::once(&id).chain(&node.kids) {
            if let Some(object) = self.object(*place).filter(|_| *place != id) {
                kids.push(Object::Reference(object));
                continue;
            }
            for (page, mcid) in contents.get(place).into_iter().flatten() {
                kids.push(if *home.get_or_insert(*page) == *page {
                    Object::Integer(*mcid)
                } else {
                    Object::Dictionary(dictionary! { "Type" => "MCR", "Pg" => self.page(*page), "MCID" => *mcid })
                });
            }
        }
        for (annotation, page) in annotations.into_iter().flatten() {
            kids.push(Object::Dictionary(dictionary! { "Type" => "OBJR", "Obj" => *annotation, "Pg" => *page }));
        }
        if let Some(page) = home {
            element.set("Pg", self.page(page));
        }
        if kids.len() == 1 {
            element.set("K", kids.remove(0));
        } else if !kids.is_empty() {
            element.set("K", kids);
        }
        self.attributes(node.role, id, &mut element);
        element
    }

    fn attributes(&self, role: Role, id: NodeId, element: &mut Dictionary) {
        let alt = self.flow.tree.nodes.get(id).map_or("", |node| node.alt.as_str());
        match role {
            Role::Heading(_) if !alt.is_empty() => element.set("T", text(alt)),
            Role::Th(row) => {
                let scope = if row { "Row" } else { "Column" };
                element.set("A", dictionary! { "O" => "Table", "Scope" => scope });
            }
            Role::L(numbered) => {
                let numbering = if numbered { "Decimal" } else { "Disc" };
                element.set("A", dictionary! { "O" => "List", "ListNumbering" => numbering });
            }
            Role::Figure => {
                element.set("Alt", text(if alt.trim().is_empty() { "–" } else { alt }));
                let frame = self.pages.pages.iter().flat_map(|page| &page.marks).find_map(|mark| match mark {
                    Mark::Frame(node, frame) if *node == id => Some(*frame),
                    _ => None,
                });
                if let Some([x, y, w, h]) = frame {
                    let bbox = vec![x.into(), (self.height - y - h).into(), (x + w).into(), (self.height - y).into()];
                    element.set("A", dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => bbox });
                }
            }
            _ => {}
        }
    }

    /// The nested outline; none without headings.
    fn outline(&mut self) -> Option<ObjectId> {
        let headings: Vec<(u8, &str, Object)> = self
            .flow
            .headings
            .iter()
            .enumerate()
            .filter_map(|(n, (level, title, _))| {
                let (page, y) = self.pages.headings.get(&n)?;
                Some((*level, title.as_str(), self.top_of(*page, *y)))
            })
            .filter(|(level, title, _)| *level <= 3 && !title.trim().is_empty())
            .collect();
        if headings.is_empty() {
            return None;
        }
        let root = self.document.new_object_id();
        let mut entries: Vec<Entry> = vec![Entry { id: root, level: 0, parent: 0, kids: Vec::new() }];
        let mut path = vec![0_usize];
        for (level, ..) in &headings {
            while path.len() > 1 && path.last().and_then(|at| entries.get(*at)).is_some_and(|e| e.level >= *level) {
                path.pop();
            }
            let parent = path.last().copied().unwrap_or(0);
            let at = entries.len();
            entries.push(Entry { id: self.document.new_object_id(), level: *level, parent, kids: Vec::new() });
            if let Some(parent) = entries.get_mut(parent) {
                parent.kids.push(at);
            }
            path.push(at);
        }
        for (at, entry) in entries.iter().enumerate() {
            let mut item = Dictionary::new();
            if let (Some(first), Some(last)) = (id_of(&entries, entry.kids.first()), id_of(&entries, entry.kids.last()))
            {
                item.set("First", first);
                item.set("Last", last);
                let count = i64::try_from(entry.kids.len()).unwrap_or(i64::MAX);
                // The title and its sections are open, what is below them is folded.
                item.set("Count", if entry.level <= 1 { count } else { -count });
            }
            if let Some((_, title, destination)) = at.checked_sub(1).and_then(|n| headings.get(n)) {
                item.set("Title", text(title));
                item.set("Dest", destination.clone());
                item.set("Parent", id_of(&entries, Some(&entry.parent)).unwrap_or(root));
                let brothers = entries.get(entry.parent).map_or(&[][..], |parent| parent.kids.as_slice());
                let place = brothers.binary_search(&at).unwrap_or(0);
                if let Some(before) = id_of(&entries, place.checked_sub(1).and_then(|n| brothers.get(n))) {
                    item.set("Prev", before);
                }
                if let Some(after) = id_of(&entries, brothers.get(place + 1)) {
                    item.set("Next", after);
                }
            } else {
                item.set("Type", "Outlines");
            }
            self.document.objects.insert(entry.id, Object::Dictionary(item));
        }
        Some(root)
    }
}

struct Entry {
    id: ObjectId,
    level: u8,
    parent: usize,
    kids: Vec<usize>,
}

fn id_of(entries: &[Entry], at: Option<&usize>) -> Option<ObjectId> {
    at.and_then(|at| entries.get(*at)).map(|entry| entry.id)
}

fn finish(document: &mut Document, root: ObjectId, outlines: Option<ObjectId>, meta: &Meta) -> Result<(), PdfError> {
    document.version = "1.7".to_owned();
    let packet = xmp::packet(meta).into_bytes();
    let metadata =
        Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, packet).with_compression(false);
    let metadata = document.add_object(metadata);
    let profile = document.add_object(Stream::new(dictionary! { "N" => 3 }, SRGB.to_vec()));
    let intent = document.add_object(dictionary! {
        "Type" => "OutputIntent", "S" => "GTS_PDFA1", "OutputConditionIdentifier" => text("sRGB"),
        "Info" => text("sRGB IEC61966-2.1"), "DestOutputProfile" => profile,
    });
    let labels = dictionary! { "Nums" => vec![0.into(), Object::Dictionary(dictionary! { "S" => "D" })] };
    let catalog = document.catalog_mut().map_err(failed)?;
    catalog.remove(b"PageMode");
    catalog.remove(b"Outlines");
    catalog.set("StructTreeRoot", root);
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("Lang", text(&meta.language));
    catalog.set("Metadata", metadata);
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set("OutputIntents", vec![Object::Reference(intent)]);
    catalog.set("PageLabels", labels);
    if let Some(outlines) = outlines {
        catalog.set("Outlines", outlines);
        catalog.set("PageMode", "UseOutlines");
    }
    let date = Object::string_literal(format!(
        "D:{:04}{:02}{:02}000000Z",
        meta.date.year(),
        meta.date.month(),
        meta.date.day()
    ));
    let info = document.add_object(dictionary! {
        "Title" => text(&meta.title), "Author" => text(&meta.author), "Subject" => text(&meta.subject),
        "Creator" => text(xmp::PRODUCER), "Producer" => text(xmp::PRODUCER), "CreationDate" => date.clone(), "ModDate" => date,
    });
    document.trailer.set("Info", info);
    Ok(())
}

fn save(mut document: Document, meta: &Meta) -> Vec<u8> {
    // What printpdf wrote and this pass replaced stays behind as a few unreferenced bytes: walking every object to drop
    // them costs more than writing the file.
    // Streams are compressed side by side; each gives the same bytes on any number of threads.
    let mut streams: Vec<&mut Stream> = document
        .objects
        .values_mut()
        .filter_map(|object| match object {
            Object::Stream(stream) if stream.allows_compression || !is_metadata(stream) => Some(stream),
            _ => None,
        })
        .collect();
    streams.par_iter_mut().for_each(|stream| compress(stream));
    let mut hash = Sha256::new();
    hash.update(meta.title.as_bytes());
    for object in document.objects.values() {
        if let Object::Stream(stream) = object {
            hash.update(&stream.content);
        }
    }
    let id: Vec<u8> = hash.finalize().iter().take(16).copied().collect();
    let id = Object::String(id, StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    file::file(&document)
}

/// What a link says. Each line of a long one is an annotation of its own, so all of it would be its square.
fn spoken(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A text string: as it is when ASCII, else UTF-16 with its mark.
fn text(text: &str) -> Object {
    if text.is_ascii() && !text.bytes().any(|b| b < b' ') {
        return Object::string_literal(text);
    }
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn slugs(flow: &Flow) -> BTreeMap<String, usize> {
    let mut slugs = BTreeMap::new();
    for (at, (_, title, _)) in flow.headings.iter().enumerate() {
        slugs.entry(slug(title)).or_insert(at);
    }
    slugs
}

/// The anchor that Markdown viewers give a heading.
fn slug(title: &str) -> String {
    title
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c => c.is_alphanumeric().then_some(c),
        })
        .collect()
}
