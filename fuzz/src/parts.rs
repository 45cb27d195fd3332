//! Any bytes as one part of an artifact whose other parts are good.

use std::sync::{Arc, LazyLock};

use fayger_cbor::{Limits as CborLimits, Value, decode, encode};
use fayger_contracts::SectionEntry;
use fayger_loader::{Limits, MemorySource, Parsed, Read};

use crate::artifact::artifact;
use crate::draft::sample;

static SAMPLE: LazyLock<Vec<u8>> = LazyLock::new(sample);

/// Any bytes at the front of a good artifact: as [`artifact`].
pub fn header(data: &[u8]) {
    let mut bytes = SAMPLE.clone();
    for (to, from) in bytes.iter_mut().zip(data.iter().take(48)) {
        *to = *from;
    }
    artifact(&bytes);
}

/// Any bytes as the Manifest: what parses encodes to itself.
pub fn manifest(data: &[u8]) {
    if let Ok(parsed) = parse(&container(data, &[0x80], &[])) {
        assert_eq!(encode(&Value::Map(parsed.manifest().to_map())), data, "a Manifest has another form");
    }
}

/// Any bytes as the Section_Index: what parses encodes to itself.
pub fn index(data: &[u8]) {
    if let Ok(parsed) = parse(&container(sample_manifest(), data, &[])) {
        let rows = parsed.entries().iter().map(row).collect();
        assert_eq!(encode(&Value::Array(rows)), data, "a Section_Index has another form");
    }
}

/// A container of these parts, with a Header that fits them and a Trailer of zeros.
pub(crate) fn container(manifest: &[u8], index: &[u8], bodies: &[u8]) -> Vec<u8> {
    let mut bytes = b"BUF\0\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    let index_offset = manifest.len().saturating_add(48);
    for field in [48, manifest.len(), index_offset, index.len()] {
        bytes.extend((field as u64).to_le_bytes());
    }
    [bytes.as_slice(), manifest, index, bodies, &[0; 44]].concat()
}

/// The Manifest of the sample.
fn sample_manifest() -> &'static [u8] {
    let length = SAMPLE.get(24..32).and_then(|field| field.try_into().ok()).map(u64::from_le_bytes).unwrap_or_default();
    let end = usize::try_from(length).unwrap_or_default().saturating_add(48);
    SAMPLE.get(48..end).unwrap_or_default()
}

fn parse(bytes: &[u8]) -> Result<Parsed, fayger_contracts::FaygerError> {
    Read::from_source(Arc::new(MemorySource::new(bytes.to_vec())), Limits::default()).and_then(Read::parse)
}

/// A row as a value again; written here once more, so that the serialiser is not its own judge.
fn row(entry: &SectionEntry) -> Value {
    Value::Array(vec![
        Value::from(u64::from(entry.section_id)),
        Value::from(u64::from(entry.kind.0)),
        Value::from(entry.offset),
        Value::from(entry.length),
        Value::Bytes(entry.digest.0.to_vec()),
        Value::from(u64::from(entry.visibility.0)),
        Value::Map(entry.profile_constraints.to_map()),
    ])
}

/// The value of a part, where it is one.
pub(crate) fn value(bytes: &[u8]) -> Option<Value> {
    decode(bytes, 0, CborLimits::default()).ok()
}
