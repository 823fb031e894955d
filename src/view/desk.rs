//! What the parts of a report share: the assessment, its catalogue and its words, and what they all look up.

use super::words::{anchor, column, first, say, worst_first};
use super::{CitationView, EvidenceView};
use crate::catalogue::Catalogue;
use crate::model::{Assessment, Evidence, Finding, Missing, Question, Right, Settles, UsedObject, Weight};
use crate::text::message::Message;
use crate::text::wording::Wording;
use std::collections::{BTreeMap, BTreeSet};

/// What the parts of the report share.
pub(crate) struct Desk<'a> {
    pub(crate) a: &'a Assessment,
    pub(crate) control: &'a Catalogue,
    pub(crate) w: &'a Wording,
    /// Worst first; a finding's number is its place here, from 1.
    pub(crate) order: Vec<&'a Finding>,
    pub(crate) evidence: BTreeMap<&'a str, &'a Evidence>,
    /// Findings by id.
    pub(crate) findings: BTreeMap<&'a str, &'a Finding>,
    /// Most cards of the report.
    pub(crate) cards: usize,
}

/// Most findings that have a card in a report, where nobody says another number.
pub const CARDS: usize = 20;

impl<'a> Desk<'a> {
    pub(crate) fn new(assessment: &'a Assessment, control: &'a Catalogue, wording: &'a Wording) -> Self {
        Self {
            a: assessment,
            control,
            w: wording,
            order: worst_first(&assessment.findings),
            evidence: assessment.evidence.iter().map(|e| (e.id.as_str(), e)).collect(),
            findings: assessment.findings.iter().map(|f| (f.id.as_str(), f)).collect(),
            cards: CARDS,
        }
    }

    /// The same with another number of cards.
    pub(crate) fn with_cards(self, cards: usize) -> Self {
        Self { cards, ..self }
    }

    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &'a Finding)> + '_ {
        self.order.iter().enumerate().map(|(i, f)| (i + 1, *f))
    }

    /// Title of a criterion; its id when the catalogue lacks it.
    pub(crate) fn criterion(&self, id: &str) -> String {
        let found = self.control.all().find_map(|control| control.criterion(id));
        found.map_or_else(|| id.to_owned(), |criterion| criterion.title.clone())
    }

    /// The catalogues that something was judged by: the first, and those of other controls that have findings.
    pub(crate) fn judging(&self) -> impl Iterator<Item = &'a Catalogue> + '_ {
        self.control.all().filter(|one| one.key == self.control.key || self.has_findings(one))
    }

    /// Whether a control has findings.
    pub(crate) fn has_findings(&self, control: &Catalogue) -> bool {
        self.order.iter().any(|finding| *finding.control == control.key)
    }

    /// Whether connected apps are among the findings.
    pub(crate) fn has_connected(&self) -> bool {
        self.order.iter().any(|finding| finding.subject.is_connected())
    }

    /// The key of a sentence about all apps: another one where connected apps are among them, if there is one.
    pub(crate) fn of_all(&self, key: &str) -> String {
        let all = format!("{key}.all");
        if self.has_connected() && self.w.raw(&all).is_some() { all } else { key.to_owned() }
    }

    pub(crate) fn criteria(&self, ids: &[String]) -> String {
        self.w.join(&ids.iter().map(|id| self.criterion(id)).collect::<Vec<_>>())
    }

    /// An evidence item for readers.
    pub(crate) fn evidence(&self, id: &str) -> Option<EvidenceView> {
        let item = &self.evidence.get(id)?.item;
        Some(EvidenceView {
            id: id.to_owned(),
            anchor: anchor(id),
            place: item.place(),
            setting: item.setting.clone(),
            seen: item.seen.clone().unwrap_or_default(),
            unseen: item.unseen.map(|why| self.w.word(&format!("report.unseen.{why}"))).unwrap_or_default(),
        })
    }

    /// What questions lack: the components and fields that they name, then whole exports, each once.
    pub(crate) fn lacking<'q>(&self, questions: impl Iterator<Item = &'q Question>) -> Vec<String> {
        let (named, whole): (Vec<&Question>, Vec<&Question>) = questions.partition(|q| !q.missing.is_empty());
        let mut names = self.said(&Missing::phrases(named.iter().flat_map(|q| &q.missing)));
        let wanted: BTreeSet<&str> = whole.iter().flat_map(|q| q.requests.iter().map(|id| &**id)).collect();
        for request in self.control.requests.iter().filter(|r| wanted.contains(r.id.as_str())) {
            let name = self.w.raw(&format!("report.need.{}", request.id)).unwrap_or(&request.object).to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// A few names of a list, and how many more there are.
    pub(crate) fn some(&self, names: &[String]) -> Vec<String> {
        self.up_to(3, names)
    }

    /// Short names of the criteria that questions belong to, each once.
    pub(crate) fn settled<'q>(&self, questions: impl Iterator<Item = &'q Question>) -> String {
        let names: BTreeSet<&str> = questions.map(|q| column(self.w, &q.criterion)).collect();
        self.w.join(&names.into_iter().map(str::to_owned).collect::<Vec<_>>())
    }

    /// The first names of a list, and how many more there are.
    pub(crate) fn first_of(&self, names: &[String]) -> Vec<String> {
        self.up_to(10, names)
    }

    fn up_to(&self, most: usize, names: &[String]) -> Vec<String> {
        let (mut shown, more) = first(names, most);
        shown.extend(self.more(more));
        shown
    }

    /// How many more there are; nothing when that is all.
    pub(crate) fn more(&self, n: usize) -> Option<String> {
        (n > 0).then(|| say!(self.w, "report.more", n = n))
    }

    pub(crate) fn said(&self, sentences: &[Message]) -> Vec<String> {
        sentences.iter().map(|sentence| self.w.say(sentence)).collect()
    }

    pub(crate) fn right_words(&self, rights: &[Right]) -> Vec<String> {
        rights.iter().map(|right| self.w.word(&format!("report.right-word.{right}"))).collect()
    }

    /// `read, edit; sensitive`
    pub(crate) fn use_words(&self, used: &UsedObject) -> String {
        let words = match used.rights.is_empty() {
            true => self.w.word("report.use.untold"),
            false => self.right_words(&used.rights).join(", "),
        };
        if used.sensitive { format!("{words}; {}", self.w.word("report.use.sensitive")) } else { words }
    }

    /// Label of a permission; its API name when the catalogue lacks it.
    pub(crate) fn permission(&self, name: &str) -> String {
        self.control.permissions.get(name).map_or_else(|| name.to_owned(), |p| p.label.clone())
    }
}

/// Open questions for an export on the gate or a decisive criterion.
pub(crate) fn decisive(f: &Finding) -> impl Iterator<Item = &Question> {
    let open = f.questions.iter().filter(|q| q.settles == Settles::Export);
    open.filter(move |q| f.observations.iter().any(|o| o.criterion == q.criterion && o.weight != Weight::Supporting))
}

/// A reference to the evidence register.
pub(crate) fn link(id: impl AsRef<str>) -> CitationView {
    let id = id.as_ref();
    CitationView { id: id.to_owned(), anchor: anchor(id) }
}
