//! A draft judged by the code that parses artifacts, with what it says turned into places in the draft.

use fayger_cbor::{Map, Value};
use fayger_contracts::artifact::SCHEMA_MAJOR;
use fayger_contracts::{Context, ContextValue, ErrorCode, FaygerError, InterfaceVersion, Manifest, SectionEntry};

use crate::error;
use crate::limits::Limits;
use crate::parse::{index, manifest as schema};

/// The rows that `index` encodes, under the schema that the Manifest's draft declares.
pub(super) fn entries(index: &[u8], manifest: &Map) -> Result<Vec<SectionEntry>, FaygerError> {
    let limits = Limits::default();
    let declared = match manifest.get("schema_version") {
        Some(Value::Text(text)) => InterfaceVersion::parse(text).ok(),
        _ => None,
    };
    // Where there is no usable schema_version, the Manifest's own judgement will say so.
    let declared = declared.unwrap_or(InterfaceVersion::new(SCHEMA_MAJOR, 0, 0));
    if index.len() as u64 > limits.section_index_length {
        return Err(error::draft("/sections", "limit"));
    }
    index::from_bytes(index, 0, declared, &limits).map_err(|refusal| place(&refusal))
}

/// The Manifest that `map` is, in agreement with the rows; the caller has seen that it declares as many.
pub(super) fn manifest(map: &Map, entries: &[SectionEntry]) -> Result<Manifest, FaygerError> {
    let limits = Limits::default();
    let value = Value::Map(map.clone());
    let manifest = schema::from_value(&value, &limits).map_err(|refusal| place(&refusal))?;
    let bytes = fayger_cbor::encode(&value);
    if bytes.len() as u64 > limits.manifest_length || fayger_cbor::validate(&bytes, 0, limits.cbor).is_err() {
        return Err(error::draft("/manifest", "limit"));
    }
    let disagrees = manifest.sections.iter().zip(entries).position(|(section, entry)| section.id != entry.section_id);
    if let Some(position) = disagrees {
        return Err(error::draft(format!("/manifest/sections/{position}/id"), "agreement"));
    }
    if !entries.iter().any(|entry| entry.section_id == manifest.entry.section) {
        return Err(error::draft("/manifest/entry/section", "entry_unknown"));
    }
    Ok(manifest)
}

/// A parser's refusal as a place in the draft.
fn place(refusal: &FaygerError) -> FaygerError {
    let context = &refusal.context;
    let reason = text(context, "reason").unwrap_or_default();
    let (field, reason) = match refusal.code {
        ErrorCode::LdrIndexInvalid => {
            let section = context.get("section").map(ToString::to_string).unwrap_or_default();
            (format!("/sections/{section}/{}", text(context, "field").unwrap_or_default()), reason)
        }
        ErrorCode::LdrVersionIncompatible => ("/manifest/schema_version".to_owned(), "unsupported".to_owned()),
        ErrorCode::LdrLimitExceeded => ("/sections".to_owned(), "limit".to_owned()),
        _ => match (first(context, "missing_fields"), first(context, "unknown_fields")) {
            (Some(field), _) => (format!("/manifest{field}"), "missing".to_owned()),
            (None, Some(field)) => (format!("/manifest{field}"), "unknown".to_owned()),
            (None, None) => (format!("/manifest{}", text(context, "field").unwrap_or_default()), reason),
        },
    };
    error::draft(field, reason)
}

fn text(context: &Context, key: &str) -> Option<String> {
    match context.get(key) {
        Some(ContextValue::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn first(context: &Context, key: &str) -> Option<String> {
    match context.get(key) {
        Some(ContextValue::Names(names)) => names.first().cloned(),
        _ => None,
    }
}
