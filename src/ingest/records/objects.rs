//! Which objects a call reached and what it did with them, by the columns that the kinds of event log files have.

use crate::ingest::values::Record;
use crate::snapshot::{ObjectGrant, Touched};

/// Columns with the names of objects: one, or several with commas or semicolons between them.
const NAMES: [(&str, &str); 3] =
    [("entity_name", "ENTITY_NAME"), ("entity_type", "ENTITY_TYPE"), ("queried_entities", "QUERIED_ENTITIES")];
/// Columns with what was done: the operation of a job, the method of SOAP, that of HTTP.
const VERBS: [&str; 5] = ["operation_type", "operation", "method_name", "http_method", "method"];
/// Columns with the address or, for SOAP, the method that was called.
const RESOURCES: [&str; 3] = ["api_resource", "uri", "url"];
/// Longest name of an object.
const LONGEST: usize = 80;

/// The objects of a row; `None` when it names none.
pub(super) fn touched(record: &Record<'_>) -> Option<Touched> {
    let (column, text) = NAMES.iter().find_map(|(name, column)| Some((*column, record.text(name)?)))?;
    let mut objects: Vec<String> = text.value.split([',', ';', ' ', '[', ']', '"']).map(str::to_owned).collect();
    objects.retain(|name| is_object(name));
    objects.sort();
    objects.dedup();
    let verb = VERBS.iter().find_map(|name| record.cell(name));
    let resource = RESOURCES.iter().find_map(|name| record.cell(name)).unwrap_or_default();
    let rights = match column {
        "QUERIED_ENTITIES" => vec![ObjectGrant::Read],
        _ => rights(verb.unwrap_or_default(), resource),
    };
    (!objects.is_empty()).then_some(Touched { column, text, objects, rights })
}

fn is_object(name: &str) -> bool {
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The rights that a call takes. What is not known to take one takes none that could be told.
fn rights(verb: &str, resource: &str) -> Vec<ObjectGrant> {
    use ObjectGrant::{Create, Delete, Edit, Read};
    // SOAP is posted, and names its method where REST has an address.
    let method = if resource.is_empty() || resource.contains('/') { verb } else { resource };
    let (method, resource) = (method.trim().to_ascii_lowercase(), resource.to_ascii_lowercase());
    match method.as_str() {
        "get" | "head" | "query" | "queryall" | "querymore" | "retrieve" | "search" => vec![Read],
        "getupdated" | "getdeleted" => vec![Read],
        describe if describe.starts_with("describe") => vec![Read],
        "create" | "insert" => vec![Create],
        "update" | "edit" | "put" => vec![Edit],
        // By an external id a record is made where there is none.
        "patch" if resource.split('/').skip_while(|part| *part != "sobjects").count() > 3 => vec![Create, Edit],
        "patch" => vec![Edit],
        "upsert" => vec![Create, Edit],
        "merge" => vec![Edit, Delete],
        "delete" | "harddelete" | "hard_delete" => vec![Delete],
        "post" if ["/query", "search", "/graphql"].iter().any(|part| resource.contains(part)) => vec![Read],
        "post" if resource.contains("/sobjects") || resource.contains("/tree/") => vec![Create],
        _ => Vec::new(),
    }
}
