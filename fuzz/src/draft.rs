//! Any draft through the serialiser.

use std::sync::Arc;

use arbitrary::Arbitrary;
use bytes::Bytes;
use fayger_cbor::{Map, Value};
use fayger_contracts::{LoadStrategy, Phase};
use fayger_loader::{BufBuilder, Draft, DraftSection, MemorySource, load};

use crate::artifact::request;

/// A draft, in parts that are often good.
#[derive(Arbitrary, Debug)]
pub struct DraftInput {
    flags: u32,
    id: String,
    minor: u8,
    entry: u8,
    capabilities: u16,
    notice: Option<String>,
    extension: Option<(String, i64)>,
    sections: Vec<SectionInput>,
}

/// A section of a [`DraftInput`].
#[derive(Arbitrary, Debug)]
pub struct SectionInput {
    step: u8,
    kind: u16,
    visibility: u16,
    profiles: Option<Vec<String>>,
    format: bool,
    body: Vec<u8>,
}

/// What the serialiser writes, the loader takes: only selection and resolution may refuse it.
pub fn draft(input: &DraftInput) {
    let Ok(builder) = BufBuilder::new(to_draft(input)) else { return };
    let mut bytes = Vec::new();
    let written = builder.artifact().and_then(|artifact| artifact.write_to(&mut bytes));
    assert_eq!(written, Ok(bytes.len() as u64), "a good draft cannot be written");
    match load(Arc::new(MemorySource::new(bytes.clone())), &request(LoadStrategy::Eager), &()) {
        Ok(object) => {
            let mut again = Vec::new();
            assert_eq!(object.serialise(&mut again), written, "what was loaded cannot be written");
            assert_eq!(again, bytes, "an artifact has another form");
        }
        Err(error) => {
            let allowed = [Some(Phase::SelectSections), Some(Phase::Resolve)];
            assert!(allowed.contains(&error.phase), "what was written is refused: {} {error}", error.code.name());
        }
    }
}

/// A small artifact: one code section.
pub(crate) fn sample() -> Vec<u8> {
    let section =
        SectionInput { step: 1, kind: 1, visibility: 0, profiles: None, format: true, body: b"body".to_vec() };
    let input = DraftInput {
        flags: 0,
        id: String::new(),
        minor: 0,
        entry: 1,
        capabilities: 1,
        notice: None,
        extension: None,
        sections: vec![section],
    };
    let mut bytes = Vec::new();
    let written = BufBuilder::new(to_draft(&input)).and_then(|builder| builder.artifact()?.write_to(&mut bytes));
    assert!(written.is_ok(), "the sample cannot be written");
    bytes
}

fn to_draft(input: &DraftInput) -> Draft {
    let mut manifest: Map = [
        ("schema_version", Value::Text(format!("1.{}.0", input.minor))),
        ("id", Value::Text(format!("org.example{}", input.id))),
        ("version", Value::from("1.0.0")),
        ("runtime_interface_min", Value::from("1.0.0")),
    ]
    .into_iter()
    .collect();
    let entry: Map =
        [("section", Value::from(u64::from(input.entry))), ("start", Value::from("start"))].into_iter().collect();
    manifest.insert("entry", entry.into());
    let capabilities = fayger_contracts::CapabilitySet::from_bits(input.capabilities);
    let mut required: Vec<_> = capabilities.iter().map(|capability| capability.name()).collect();
    required.sort_by(|a, b| fayger_cbor::key_order(a, b));
    let required = Value::Array(required.into_iter().map(Value::from).collect());
    let declared: Map = [("required", required), ("optional", Value::Array(Vec::new()))].into_iter().collect();
    manifest.insert("capabilities", declared.into());
    if let Some(notice) = &input.notice {
        manifest.insert("deprecation_notice", Value::from(notice.as_str()));
    }
    if let Some((key, n)) = &input.extension
        && let Some(n) = Value::from_integer(i128::from(*n))
    {
        manifest.insert(format!("x-{key}"), n);
    }
    let (mut declarations, mut sections, mut section_id) = (Vec::new(), Vec::new(), 0_u32);
    for section in &input.sections {
        section_id = section_id.saturating_add(u32::from(section.step));
        let mut declaration: Map = [("id", Value::from(u64::from(section_id)))].into_iter().collect();
        if section.format {
            declaration.insert("format", Value::from("wasm-core-2"));
        }
        declarations.push(Value::Map(declaration));
        sections.push(to_section(section, section_id));
    }
    manifest.insert("sections", Value::Array(declarations));
    Draft { flags: input.flags, manifest, sections }
}

fn to_section(section: &SectionInput, section_id: u32) -> DraftSection {
    let profiles = section
        .profiles
        .as_ref()
        .map(|profiles| Value::Array(profiles.iter().map(|profile| Value::from(profile.as_str())).collect()));
    let constraints: Map = profiles.into_iter().map(|profiles| ("profiles", profiles)).collect();
    DraftSection {
        section_id,
        kind: section.kind.into(),
        visibility: section.visibility.into(),
        profile_constraints: constraints.into(),
        input: Box::new(Bytes::from(section.body.clone())),
    }
}
