//! Assessments of the first form, in which a finding had the fields of this control: baselines of last month are read.

use crate::catalogue::Catalogue;
use crate::text::message::Message;
use serde_json::{Map, Value, json};

/// Schema of that form.
pub(crate) const SCHEMA: &str = "shr-assessment/1";
/// Fields that are facts now, in the order in which facts are written. The second one was a field of the app.
const FACTS: [&str; 7] =
    ["flow_state", "distribution_state", "execution_user", "privilege", "network", "scopes", "advice"];
/// What stood in the privilege of a finding before it had a list of its own.
const RIGHTS: [&str; 3] = ["grants", "objects", "object_rights"];

/// The same assessment in the present form; none when it is not of that form.
pub(crate) fn upgraded(bytes: &[u8], catalogue: &Catalogue) -> Option<Value> {
    let mut assessment: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
    if assessment.get("schema")?.as_str()? != SCHEMA {
        return None;
    }
    assessment.insert("schema".to_owned(), json!(crate::model::SCHEMA));
    let mut rights = match assessment.shift_remove("rights") {
        Some(Value::Array(rights)) => rights,
        _ => Vec::new(),
    };
    let actions = assessment.get_mut("actions").and_then(Value::as_array_mut);
    for action in actions.into_iter().flatten().filter_map(Value::as_object_mut) {
        declare(action, catalogue);
    }
    let findings = assessment.get_mut("findings").and_then(Value::as_array_mut);
    for finding in findings.into_iter().flatten().filter_map(Value::as_object_mut) {
        upgrade(finding, &mut rights, catalogue);
    }
    assessment.insert("rights".to_owned(), Value::Array(rights));
    Some(Value::Object(assessment))
}

/// Gives an action what its kind declares, which stood in the code of its writer.
fn declare(action: &mut Map<String, Value>, catalogue: &Catalogue) {
    let Some(kind) = action.get("kind").and_then(Value::as_str).and_then(|id| catalogue.action(id)) else { return };
    let several = action.get("apps").and_then(Value::as_array).is_some_and(|apps| apps.len() > 1);
    let declared = [("effort", json!(kind.effort)), ("serves", json!(kind.serves)), ("settles", json!(kind.settles))];
    action.extend(declared.map(|(key, value)| (key.to_owned(), value)));
    if let Some(message) = kind.of_one.as_ref().filter(|_| several) {
        action.insert("of_one".to_owned(), json!(Message::new(message.clone())));
    }
}

fn upgrade(finding: &mut Map<String, Value>, rights: &mut Vec<Value>, catalogue: &Catalogue) {
    finding.insert("control".to_owned(), json!(catalogue.key));
    if let Some(Value::Object(mut subject)) = finding.shift_remove("app") {
        finding.extend(subject.shift_remove_entry("distribution_state"));
        subject.insert("kind".to_owned(), json!("external_client_app"));
        finding.insert("subject".to_owned(), Value::Object(subject));
    }
    let mut facts: Map<String, Value> = FACTS.iter().filter_map(|key| finding.shift_remove_entry(*key)).collect();
    let user = facts.get("execution_user").and_then(|user| user.get("name")).cloned().unwrap_or_default();
    if let Some(privilege) = facts.get_mut("privilege").and_then(Value::as_object_mut) {
        let mut held = Map::from_iter([("user".to_owned(), user)]);
        for key in RIGHTS {
            held.extend(privilege.shift_remove(key).map(|value| (key.to_owned(), value)));
        }
        if let Some(number) = privilege.shift_remove("rights") {
            finding.insert("rights".to_owned(), number);
        } else if RIGHTS.iter().any(|key| held.get(*key).and_then(Value::as_array).is_some_and(|list| !list.is_empty()))
        {
            rights.push(Value::Object(held));
            finding.insert("rights".to_owned(), json!(rights.len()));
        }
    }
    finding.insert("facts".to_owned(), Value::Object(facts));
}
