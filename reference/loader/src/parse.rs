//! Phase `parse`: Manifest and Section_Index from bytes to typed values, each first as CBOR, then by its schema.

mod fields;
pub(crate) mod index;
pub(crate) mod manifest;

use fayger_cbor::Value;
use fayger_contracts::{FaygerError, Manifest, SectionEntry};

use crate::error;
use crate::limits::Limits;
use crate::read::Read;

/// A Manifest and a Section_Index that keep every rule of their own; not yet held against each other.
pub struct Parsed {
    pub(crate) read: Read,
    pub(crate) manifest: Manifest,
    pub(crate) entries: Vec<SectionEntry>,
}

//= ERR-MODEL-004
/// Decodes one item on its own, outside any artifact: offsets count from 0.
///
/// # Errors
/// `LDR_CBOR_MALFORMED`, `LDR_CBOR_NOT_DETERMINISTIC` or `LDR_LIMIT_EXCEEDED`, phase `parse`.
pub fn decode_cbor(bytes: &[u8]) -> Result<Value, FaygerError> {
    fayger_cbor::decode(bytes, 0, Limits::default().cbor).map_err(|broken| error::cbor(&broken))
}

impl Read {
    /// Decodes and shapes the Manifest, then the Section_Index.
    ///
    /// # Errors
    /// `LDR_CBOR_MALFORMED`, `LDR_CBOR_NOT_DETERMINISTIC`, `LDR_LIMIT_EXCEEDED`, `LDR_MANIFEST_INVALID`,
    /// `LDR_VERSION_INCOMPATIBLE` (schema_version) or `LDR_INDEX_INVALID`.
    //= LDR-PARSE-001
    pub fn parse(self) -> Result<Parsed, FaygerError> {
        let header = &self.header;
        let value = fayger_cbor::decode(&self.manifest_bytes, header.manifest_offset, self.limits.cbor)
            .map_err(|broken| error::cbor(&broken))?;
        let manifest = manifest::from_value(&value, &self.limits)?;
        let base = header.section_index_offset;
        let entries = index::from_bytes(&self.index_bytes, base, manifest.schema_version, &self.limits)?;
        Ok(Parsed { read: self, manifest, entries })
    }
}

impl Parsed {
    /// The phase before.
    pub fn read(&self) -> &Read {
        &self.read
    }

    /// The Manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The rows of the Section_Index.
    pub fn entries(&self) -> &[SectionEntry] {
        &self.entries
    }
}
