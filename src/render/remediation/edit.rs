//! Sets elements of a metadata file and leaves every other byte of it as it was.

use crate::text::spelling::means;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Why a file is not edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is not well-formed, or has no root.
    Unreadable,
    /// The element stands there more than once.
    Twice,
    /// It holds a secret, which no output shows.
    Secret,
    /// It is the policy of another app.
    Other,
}

/// Names the app whose policy a file is.
const LINK: &str = "externalClientApplication";

/// Elements of a connected app that speak of its secret and hold none.
const ABOUT_SECRETS: [&str; 3] =
    ["isconsumersecretoptional", "issecretrequiredforrefreshtoken", "issecretrequiredfortokenexchange"];

/// Where a child of the root stands: the whole element, and what is between its tags.
struct Child {
    name: String,
    /// Prefix of its namespace with the colon, when it has one.
    prefix: Option<String>,
    whole: (usize, usize),
    inner: Option<(usize, usize)>,
}

/// The policy of an app with children of its root set to texts, or children of those (`oauthConfig.certificate`). Refused
/// is what cannot be done without a guess.
pub fn edited(text: &str, app: &str, edits: &[(&str, &str)]) -> Result<String, Refused> {
    // A secret may stand in a comment, a description, a tag: a policy has no use for the word at all.
    let plain = ABOUT_SECRETS.iter().fold(text.to_ascii_lowercase(), |text, name| text.replace(name, ""));
    if plain.contains("secret") {
        return Err(Refused::Secret);
    }
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(text) => ("\u{feff}", text),
        None => ("", text),
    };
    let mut text = text.to_owned();
    if !belongs(&text, app)? {
        return Err(Refused::Other);
    }
    for (element, value) in edits {
        match element.split_once('.') {
            None => set(&mut text, element, value)?,
            Some((block, element)) => set_within(&mut text, block, element, value)?,
        }
    }
    // What was written is read again: a file that cannot be deployed is none.
    children(&text).map(|_| format!("{mark}{text}"))
}

/// Sets a child of the root.
fn set(text: &mut String, element: &str, value: &str) -> Result<(), Refused> {
    let (children, end) = children(text)?;
    let named: Vec<&Child> = children.iter().filter(|child| child.name == element).collect();
    match named.as_slice() {
        [Child { inner: Some((from, to)), .. }] => text.replace_range(*from..*to, value),
        [Child { whole: (from, to), prefix, .. }] => {
            let prefix = prefix.as_deref().unwrap_or_default();
            text.replace_range(*from..*to, &format!("<{prefix}{element}>{value}</{prefix}{element}>"));
        }
        [] => insert(text, &children, end, element, value),
        _ => return Err(Refused::Twice),
    }
    Ok(())
}

/// Sets a child of a block of the root. The block has to be there: what it holds besides nobody can guess.
fn set_within(text: &mut String, block: &str, element: &str, value: &str) -> Result<(), Refused> {
    let (children, _) = children(text)?;
    let named: Vec<&Child> = children.iter().filter(|child| child.name == block).collect();
    let [Child { whole, inner: Some(_), .. }] = named.as_slice() else {
        return Err(if named.len() > 1 { Refused::Twice } else { Refused::Unreadable });
    };
    let mut inside = text.get(whole.0..whole.1).ok_or(Refused::Unreadable)?.to_owned();
    set(&mut inside, element, value)?;
    text.replace_range(whole.0..whole.1, &inside);
    Ok(())
}

/// Whether a policy is that of an app, or names none.
fn belongs(text: &str, app: &str) -> Result<bool, Refused> {
    let (children, _) = children(text)?;
    let links = children.iter().filter(|child| child.name == LINK).filter_map(|child| child.inner);
    let mut links = links.filter_map(|(from, to)| text.get(from..to)).map(str::trim);
    Ok(links.all(|link| means(link, app)))
}

/// Puts a new element in its place: the children of these types stand in the order of their names.
fn insert(text: &mut String, children: &[Child], end: usize, element: &str, value: &str) {
    let next = children.iter().find(|child| child.name.as_str() > element);
    let (at, before) = match (next, children.last()) {
        (Some(next), _) => (next.whole.0, true),
        (None, Some(last)) => (last.whole.1, false),
        (None, None) => (end, true),
    };
    let indent = children.first().map_or("\n    ", |first| {
        let before = text.get(..first.whole.0).unwrap_or_default();
        before.rfind('>').and_then(|from| before.get(from + 1..)).filter(|gap| gap.trim().is_empty()).unwrap_or("")
    });
    let prefix = children.first().and_then(|first| first.prefix.as_deref()).unwrap_or_default();
    let new = format!("<{prefix}{element}>{value}</{prefix}{element}>");
    let new = if before { format!("{new}{indent}") } else { format!("{indent}{new}") };
    text.insert_str(at, &new);
}

fn child(tag: &BytesStart<'_>, whole: (usize, usize), inner: Option<(usize, usize)>) -> Child {
    let prefix = tag.name().prefix().map(|prefix| format!("{}:", prefix.as_ref()));
    Child { name: tag.local_name().as_ref().to_owned(), prefix, whole, inner }
}

/// The children of the root, and where the root's end tag starts.
fn children(text: &str) -> Result<(Vec<Child>, usize), Refused> {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut children, mut end) = (0_usize, Vec::<Child>::new(), None);
    let place = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    loop {
        let from = place(&reader);
        let event = reader.read_event().map_err(|_| Refused::Unreadable)?;
        let to = place(&reader);
        match event {
            Event::Start(tag) => {
                if depth == 1 {
                    children.push(child(&tag, (from, to), Some((to, to))));
                }
                depth += 1;
            }
            Event::Empty(tag) if depth == 1 => {
                children.push(child(&tag, (from, to), None));
            }
            Event::End(_) => {
                depth = depth.checked_sub(1).ok_or(Refused::Unreadable)?;
                match (depth, children.last_mut()) {
                    (1, Some(child)) => {
                        child.inner = child.inner.map(|(start, _)| (start, from));
                        child.whole.1 = to;
                    }
                    (0, _) => end = Some(from),
                    _ => {}
                }
            }
            // What a declaration of entities brings along is not in the file that a reader sees.
            Event::DocType(_) => return Err(Refused::Unreadable),
            Event::Eof => break,
            _ => {}
        }
    }
    let end = end.filter(|_| depth == 0).ok_or(Refused::Unreadable)?;
    Ok((children, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "<?xml version=\"1.0\"?>\n<P xmlns=\"u\">\n    <a>1</a>\n    <isOn>true</isOn>\n    <!-- isOn -->\n    <z><isOn>true</isOn></z>\n</P>\n";

    #[test]
    fn one_element_changes_and_every_other_byte_stays() {
        let off = edited(POLICY, "A", &[("isOn", "false")]).unwrap();
        assert_eq!(off, POLICY.replacen("<isOn>true", "<isOn>false", 1));
        assert_eq!(edited(&off, "A", &[("isOn", "true")]).unwrap(), POLICY, "and back");
    }

    #[test]
    fn an_element_of_a_block_changes_and_every_other_byte_stays() {
        let app = "<C>\n    <label>A</label>\n    <oauthConfig>\n        <isAdminApproved>true</isAdminApproved>\n        <isClientCredentialEnabled>true</isClientCredentialEnabled>\n        <isConsumerSecretOptional>false</isConsumerSecretOptional>\n    </oauthConfig>\n</C>\n";
        let off = edited(app, "A", &[("oauthConfig.isClientCredentialEnabled", "false")]).unwrap();
        assert_eq!(off, app.replacen("Enabled>true<", "Enabled>false<", 1));
        let added = edited(app, "A", &[("oauthConfig.scopes", "Api")]).unwrap();
        assert_eq!(
            added.replacen("<scopes>Api</scopes>", "", 1).split_whitespace().collect::<String>(),
            app.split_whitespace().collect::<String>()
        );
        assert_eq!(edited(app, "A", &[("oauthPolicy.ipRelaxation", "ENFORCE")]), Err(Refused::Unreadable));
        let secret = app.replacen("<label>A", "<label>A<!-- consumerSecret -->", 1);
        assert_eq!(edited(&secret, "A", &[("oauthConfig.scopes", "Api")]), Err(Refused::Secret));
    }

    #[test]
    fn a_missing_element_gets_the_place_of_its_name() {
        let set = edited(POLICY, "A", &[("mode", "Enforce")]).unwrap();
        assert_eq!(set.replacen("<mode>Enforce</mode>\n    ", "", 1), POLICY);
        assert!(set.find("<isOn>").unwrap() < set.find("<mode>").unwrap() && set.find("<mode>") < set.find("<z>"));
        let last = edited("<P>\n  <a>1</a>\n</P>", "A", &[("b", "2")]).unwrap();
        assert_eq!(last, "<P>\n  <a>1</a>\n  <b>2</b>\n</P>");
        assert_eq!(edited("<P></P>", "A", &[("b", "2")]).unwrap(), "<P><b>2</b>\n    </P>");
        assert_eq!(edited("<P><b/></P>", "A", &[("b", "2")]).unwrap(), "<P><b>2</b></P>");
    }

    #[test]
    fn what_would_be_a_guess_is_refused() {
        for (text, why) in [
            ("<P><b>1</b><b>2</b></P>", Refused::Twice),
            ("<P><b>1</b>", Refused::Unreadable),
            ("", Refused::Unreadable),
            ("<P><consumerSecret>x</consumerSecret></P>", Refused::Secret),
            ("<P><a><clientSecret>x</clientSecret></a></P>", Refused::Secret),
            ("<P><!-- consumerSecret: x --></P>", Refused::Secret),
            ("<P><a><![CDATA[<CONSUMERSECRET>]]></a></P>", Refused::Secret),
            ("<P><a>&lt;consumerSecret&gt;x</a></P>", Refused::Secret),
            ("<P><?x secret?></P>", Refused::Secret),
            ("<P><externalClientApplication>B</externalClientApplication></P>", Refused::Other),
        ] {
            assert_eq!(edited(text, "A", &[("b", "2")]), Err(why), "{text}");
        }
    }

    #[test]
    fn a_mark_a_prefix_and_a_namespace_are_kept() {
        let text = "\u{feff}<m:P xmlns:m=\"u\"><m:externalClientApplication>A</m:externalClientApplication></m:P>";
        let set = edited(text, "ns__A", &[("z", "1")]).unwrap();
        assert_eq!(set.replacen("<m:z>1</m:z>", "", 1), text);
    }
}
