//! The display list and the structure tree: what is on each page and what it means. No PDF crate is named here.
//!
//! Units are points, origin top left, `y` grows downwards.

use crate::render::logo::Logo;
use crate::render::theme::{Rgb, Theme};

/// Index of a [`Node`].
pub(super) type NodeId = usize;

/// Role of a structure element, by its name in PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The whole.
    Document,
    /// Heading of level 1 to 6.
    Heading(u8),
    P,
    /// List; true when numbered.
    L(bool),
    Li,
    /// Its mark.
    Lbl,
    LBody,
    Table,
    /// Header rows.
    THead,
    TBody,
    Tr,
    /// Header cell; true when it heads a row, else a column.
    Th(bool),
    Td,
    /// Quotation, callout or verdict.
    BlockQuote,
    Code,
    Figure,
    Toc,
    /// Its entry.
    Toci,
    /// Reference in an entry.
    Reference,
    Link,
    /// Not an element: a place in the parent's content that keeps text and links in reading order.
    Slot,
}

/// A structure element.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub role: Role,
    /// Its parent; the document has none.
    pub parent: Option<NodeId>,
    /// Children in reading order.
    pub kids: Vec<NodeId>,
    /// Alternative text of a figure, contents of a link, title of a heading.
    pub alt: String,
}

/// The structure tree; node 0 is the document.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
}

impl Tree {
    /// A tree with nothing but the document.
    pub(super) fn new() -> Self {
        let document = Node { role: Role::Document, parent: None, kids: Vec::new(), alt: String::new() };
        Self { nodes: vec![document] }
    }

    /// Adds an element as last child of `parent`.
    pub(super) fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        self.add_alt(parent, role, String::new())
    }

    /// Adds an element with alternative text.
    pub(super) fn add_alt(&mut self, parent: NodeId, role: Role, alt: String) -> NodeId {
        let id = self.nodes.len();
        self.nodes.push(Node { role, parent: Some(parent), kids: Vec::new(), alt });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.kids.push(id);
        }
        id
    }
}

/// A glyph of a run; lengths in thousandths of the type size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Glyph {
    pub gid: u16,
    pub advance: f32,
    /// Shift to the right.
    pub dx: f32,
    /// Shift upwards.
    pub dy: f32,
}

/// Glyphs of one face, size and colour on one baseline.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    /// Left end.
    pub x: f32,
    /// Baseline.
    pub y: f32,
    /// Width without trailing spaces.
    pub width: f32,
    pub face: usize,
    pub size: f32,
    pub colour: Rgb,
    /// Turned counter-clockwise, in degrees.
    pub angle: f32,
    pub glyphs: Vec<Glyph>,
}

/// A filled or stroked outline.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outline {
    /// Points; true marks the handles of Bézier curves.
    pub points: Vec<(f32, f32, bool)>,
    pub closed: bool,
    pub fill: Option<Rgb>,
    /// Stroke and its width.
    pub stroke: Option<(Rgb, f32)>,
    pub dashed: bool,
}

/// What is painted, without its owner.
/// Whose logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Of who prepared the report.
    Firm,
    /// Of the client.
    Client,
}

impl Whose {
    /// The logo in a theme.
    pub(super) const fn logo(self, theme: &Theme) -> Option<&Logo> {
        match self {
            Self::Firm => theme.logo.as_ref(),
            Self::Client => theme.client_logo.as_ref(),
        }
    }

    /// Its name among the pictures of the document.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Firm => "Logo",
            Self::Client => "ClientLogo",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Paint {
    Run(Run),
    Rect([f32; 4], Rgb),
    Outline(Outline),
    /// Lines inside a clipping outline: clip, lines, colour, width.
    Pattern(Vec<(f32, f32, bool)>, Vec<[f32; 4]>, Rgb, f32),
    /// A logo: left, top, width, height.
    Logo(Whose, [f32; 4]),
}

/// Something on a page. Without an owner it is an artifact.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// The element that it is content of.
    pub owner: Option<NodeId>,
    pub paint: Paint,
}

/// Something that is not painted.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A clickable area: left, top, width, height, target, element.
    Link([f32; 4], String, NodeId),
    /// An anchor and its top.
    Anchor(String, f32),
    /// A heading for outline and contents: its number in the document, and its top.
    Heading(usize, f32),
    /// The page number of a heading goes here: number of the heading, right end, baseline, left end of the leader, owner.
    PageOf(usize, f32, f32, f32, NodeId),
    /// The frame of a figure: element, left, top, width, height.
    Frame(NodeId, [f32; 4]),
}

impl Item {
    pub(super) fn shift(&mut self, dx: f32, dy: f32) {
        if let Paint::Pattern(_, lines, ..) = &mut self.paint {
            for line in lines {
                line[0] += dx;
                line[1] += dy;
                line[2] += dx;
                line[3] += dy;
            }
        }
        match &mut self.paint {
            Paint::Run(run) => {
                run.x += dx;
                run.y += dy;
            }
            Paint::Rect(rect, _) | Paint::Logo(_, rect) => {
                rect[0] += dx;
                rect[1] += dy;
            }
            Paint::Outline(Outline { points, .. }) | Paint::Pattern(points, ..) => {
                for point in points {
                    point.0 += dx;
                    point.1 += dy;
                }
            }
        }
    }
}

impl Mark {
    pub(super) fn shift(&mut self, dx: f32, dy: f32) {
        match self {
            Self::Link(rect, ..) | Self::Frame(_, rect) => {
                rect[0] += dx;
                rect[1] += dy;
            }
            Self::Anchor(_, y) | Self::Heading(_, y) => *y += dy,
            Self::PageOf(_, right, y, left, _) => {
                *right += dx;
                *left += dx;
                *y += dy;
            }
        }
    }
}

/// A background that spans neighbouring slabs on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Band {
    /// Slabs with the same number share it.
    pub number: usize,
    /// Left.
    pub x: f32,
    pub width: f32,
    pub colour: Rgb,
}

/// A slice of the flow that is never divided.
#[derive(Clone, Debug, Default)]
pub(super) struct Slab {
    /// Space before it, dropped at the top of a page.
    pub before: f32,
    pub height: f32,
    /// What is painted, `y` from its top, `x` from the left margin.
    pub items: Vec<Item>,
    /// Marks, likewise.
    pub marks: Vec<Mark>,
    pub bands: Vec<Band>,
    /// On the same page as the next slab if that is possible.
    pub keep: bool,
    /// Starts a page.
    pub page: bool,
    /// Header to repeat when this slab starts a page: index into [`Flow::headers`].
    pub header: Option<usize>,
}

/// A table header that later pages repeat.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub height: f32,
    /// Artifacts.
    pub items: Vec<Item>,
}

/// The document before it is cut into pages.
#[derive(Debug)]
pub(super) struct Flow {
    /// Slices in reading order.
    pub slabs: Vec<Slab>,
    pub headers: Vec<Header>,
    /// Headings: level, text.
    pub headings: Vec<(u8, String, NodeId)>,
    pub tree: Tree,
    /// The first page is a cover.
    pub cover: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// What is painted, in painting order.
    pub items: Vec<Item>,
    pub marks: Vec<Mark>,
    /// Backgrounds by number; they go below `items` when the page is done.
    pub bands: Vec<(usize, Item)>,
}
