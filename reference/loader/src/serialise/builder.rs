//! A draft into an artifact, signed or not.

use std::io::{self, Read as _, Write};

use fayger_cbor::{Map, Value};
use fayger_contracts::artifact::{CRITICAL_FLAGS, FORMAT_MAJOR};
use fayger_contracts::manifest::Signature;
use fayger_contracts::{Digest, FaygerError, FormatVersion, Manifest, SectionEntry};

use super::draft::{Draft, DraftSection, SectionInput};
use super::judge;
use super::layout::{Artifact, Body};
use crate::digest::{Hasher, sha256};
use crate::error;
use crate::hand_off::BodyInSource;
use crate::limits::Limits;
use crate::verify_digest::Intact;
use crate::verify_signature::signed_bytes;

/// Bytes that are read of an input at a time.
const PIECE: usize = 64 << 10;

/// A draft that was judged and whose inputs were hashed; or an artifact that is to be signed anew.
pub struct BufBuilder {
    format_version: FormatVersion,
    flags: u32,
    manifest: Manifest,
    entries: Vec<SectionEntry>,
    bodies: Bodies,
}

type Inputs = Vec<Box<dyn SectionInput>>;

/// Where the bodies come from when they are written.
enum Bodies {
    Inputs(Inputs),
    Artifact(Box<Intact>),
}

impl BufBuilder {
    /// Reads every input once, fills in what is computed, and judges the result as a loader would.
    ///
    /// # Errors
    /// `SER_DRAFT_INVALID` with the JSON Pointer of the field in the draft (`/manifest/…`, `/sections/…`, `/flags`) and the
    /// reason; `SER_IO` where an input cannot be read.
    //= SER-DRAFT-001
    pub fn new(draft: Draft) -> Result<Self, FaygerError> {
        let Draft { flags, mut manifest, sections } = draft;
        if flags & CRITICAL_FLAGS != 0 {
            return Err(error::draft("/flags", "unknown"));
        }
        let (rows, inputs) = hash_inputs(sections)?;
        let index = fayger_cbor::encode(&Value::Array(rows));
        let entries = judge::entries(&index, &manifest)?;
        fill_in(&mut manifest, &index, &entries)?;
        let manifest = judge::manifest(&manifest, &entries)?;
        Ok(Self {
            format_version: FormatVersion { major: FORMAT_MAJOR, minor: 0 },
            flags,
            manifest,
            entries,
            bodies: Bodies::Inputs(inputs),
        })
    }

    /// The artifact again, without its signature: to be signed anew. Everything else stays.
    pub fn from_artifact(intact: Intact) -> Self {
        let parsed = &intact.structured.parsed;
        Self {
            format_version: parsed.read.header.format_version,
            flags: parsed.read.header.flags,
            manifest: Manifest { signature: None, ..parsed.manifest.clone() },
            entries: parsed.entries.clone(),
            bodies: Bodies::Artifact(Box::new(intact)),
        }
    }

    /// The artifact, to be written: signed where [`ToSign::attach`] made this builder, else unsigned.
    ///
    /// # Errors
    /// `SER_DRAFT_INVALID` where all parts together are longer than 2^64 − 1 bytes.
    pub fn artifact(&self) -> Result<Artifact<'_>, FaygerError> {
        let bodies = match &self.bodies {
            Bodies::Inputs(inputs) => {
                inputs.iter().map(|input| -> Box<dyn Body + '_> { Box::new(input.as_ref()) }).collect()
            }
            Bodies::Artifact(intact) => {
                let read = &intact.structured.parsed.read;
                let (source, base) = (read.source.as_ref(), read.body_base());
                let body = || -> Box<dyn Body + '_> { Box::new(BodyInSource { source, base }) };
                self.entries.iter().map(|_| body()).collect()
            }
        };
        Artifact::lay_out(self.format_version, self.flags, &self.manifest, &self.entries, bodies)
    }

    /// Makes room for a signature of `value_length` bytes, so that the Header which is signed is the final one.
    ///
    /// # Errors
    /// `SER_DRAFT_INVALID` where the Manifest with its signature is longer than a loader accepts.
    //= SER-SIGN-001
    pub fn to_sign(mut self, algorithm: &str, key_id: Digest, value_length: usize) -> Result<ToSign, FaygerError> {
        if value_length as u64 > Limits::default().manifest_length {
            return Err(error::draft("/signature/value", "limit"));
        }
        let signature = Signature { algorithm: algorithm.to_owned(), key_id, value: vec![0; value_length] };
        self.manifest.signature = Some(signature);
        self.manifest = judge::manifest(&self.manifest.to_map(), &self.entries)?;
        Ok(ToSign { builder: self })
    }
}

/// An artifact that waits for its signature, so that the key can live elsewhere.
pub struct ToSign {
    builder: BufBuilder,
}

impl ToSign {
    /// The bytes to sign: Header ‖ Manifest without its signature ‖ Section_Index.
    ///
    /// # Errors
    /// As [`BufBuilder::artifact`].
    pub fn signing_payload(&self) -> Result<Vec<u8>, FaygerError> {
        let artifact = self.builder.artifact()?;
        Ok(signed_bytes(&artifact.header, &self.builder.manifest, &artifact.index))
    }

    //= SER-SIGN-002
    /// Puts the signature's value in and gives the builder back, now of a signed artifact.
    ///
    /// # Errors
    /// `SER_DRAFT_INVALID` where the value has another length than there is room for.
    pub fn attach(mut self, value: &[u8]) -> Result<BufBuilder, FaygerError> {
        if let Some(signature) = &mut self.builder.manifest.signature {
            if signature.value.len() != value.len() {
                return Err(error::draft("/signature/value", "range"));
            }
            signature.value = value.to_vec();
        }
        Ok(self.builder)
    }
}

/// The rows, not yet judged, with lengths and digests from a first pass over the inputs.
fn hash_inputs(sections: Vec<DraftSection>) -> Result<(Vec<Value>, Inputs), FaygerError> {
    let (mut rows, mut inputs) = (Vec::new(), Vec::new());
    let mut offset = 0_u64;
    for (position, section) in sections.into_iter().enumerate() {
        let (length, digest) = copy(section.input.as_ref(), &mut io::sink())?;
        rows.push(Value::Array(vec![
            Value::from(u64::from(section.section_id)),
            Value::from(u64::from(section.kind)),
            Value::from(offset),
            Value::from(length),
            Value::Bytes(digest.0.to_vec()),
            Value::from(u64::from(section.visibility)),
            section.profile_constraints,
        ]));
        offset =
            offset.checked_add(length).ok_or_else(|| error::draft(format!("/sections/{position}/body"), "overflow"))?;
        inputs.push(section.input);
    }
    Ok((rows, inputs))
}

/// Puts the computed fields into the Manifest's draft, which may not have them yet.
fn fill_in(manifest: &mut Map, index: &[u8], entries: &[SectionEntry]) -> Result<(), FaygerError> {
    for computed in ["index_digest", "signature"] {
        if manifest.get(computed).is_some() {
            return Err(error::draft(format!("/manifest/{computed}"), "computed"));
        }
    }
    manifest.insert("index_digest", Value::Bytes(sha256(index).0.to_vec()));
    let Some(Value::Array(mut declarations)) = manifest.get("sections").cloned() else {
        // Not an array: for the Manifest's schema to refuse, as is an element that is not a map.
        return Ok(());
    };
    if declarations.len() != entries.len() {
        return Err(error::draft("/manifest/sections", "agreement"));
    }
    for (position, (declaration, entry)) in declarations.iter_mut().zip(entries).enumerate() {
        let Value::Map(declaration) = declaration else { continue };
        if declaration.insert("digest", Value::Bytes(entry.digest.0.to_vec())).is_some() {
            return Err(error::draft(format!("/manifest/sections/{position}/digest"), "computed"));
        }
    }
    manifest.insert("sections", Value::Array(declarations));
    Ok(())
}

/// An input's bytes are hashed as they are written, and must be the ones that were hashed before.
//= SER-WRITE-002
impl Body for &dyn SectionInput {
    fn write(&self, entry: &SectionEntry, output: &mut dyn Write) -> Result<(), FaygerError> {
        let (length, digest) = copy(*self, output)?;
        if length != entry.length || digest != entry.digest {
            return Err(error::input_changed(entry.section_id));
        }
        Ok(())
    }
}

/// Copies an input to `output`, and says how long it was and what its digest is.
fn copy(input: &dyn SectionInput, output: &mut dyn Write) -> Result<(u64, Digest), FaygerError> {
    let failed = |failure: &io::Error| error::ser_io("input", failure);
    let mut reader = input.open().map_err(|failure| failed(&failure))?;
    let mut buffer = vec![0; PIECE];
    let mut hasher = Hasher::for_length(0);
    let mut length = 0_u64;
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return Ok((length, hasher.finish())),
            Ok(count) => count,
            Err(failure) if failure.kind() == io::ErrorKind::Interrupted => continue,
            Err(failure) => return Err(failed(&failure)),
        };
        let piece = buffer.get(..count).unwrap_or_default();
        hasher.update(piece);
        output.write_all(piece).map_err(|failure| error::ser_io("output", &failure))?;
        length = length.saturating_add(count as u64);
    }
}
