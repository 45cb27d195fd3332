//! Phase `hand_off`: one object, whole; nothing half-loaded is ever visible.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use fayger_contracts::{
    BufObject, BufSource, Event, FaygerError, FormatVersion, Header, Manifest, Observer, Reader, SectionEntry,
    SignatureStatus,
};

use crate::bodies::Bodies;
use crate::error;
use crate::read_sections::{BodiesRead, pass_over, read_body};
use crate::serialise::{Artifact, Body};

/// The BuF_Object that the chain ends with.
pub struct LoadedBuf {
    source: Arc<dyn BufSource>,
    header: Header,
    manifest: Manifest,
    entries: Vec<SectionEntry>,
    signature: SignatureStatus,
    selected: BTreeSet<u32>,
    bodies: Bodies,
    body_base: u64,
}

impl BodiesRead {
    /// Ends the chain, and tells whoever watches where the artifact asks not to be used any more.
    //= LDR-HANDOFF-001
    pub fn hand_off(self, observer: &dyn Observer) -> LoadedBuf {
        let BodiesRead { resolved, bodies } = self;
        let selected = resolved.selected.selected.iter().map(|entry| entry.section_id).collect();
        let trusted = resolved.selected.negotiated.trusted;
        let parsed = trusted.intact.structured.parsed;
        if let Some(notice) = &parsed.manifest.deprecation_notice {
            //= LDR-HANDOFF-002
            observer.observe(Event::ArtifactDeprecated { id: parsed.manifest.id.clone(), notice: notice.clone() });
        }
        LoadedBuf {
            body_base: parsed.read.body_base(),
            source: parsed.read.source,
            header: parsed.read.header,
            manifest: parsed.manifest,
            entries: parsed.entries,
            signature: trusted.signature,
            selected,
            bodies,
        }
    }
}

impl BufObject for LoadedBuf {
    fn format_version(&self) -> FormatVersion {
        self.header.format_version
    }

    fn flags(&self) -> u32 {
        self.header.flags
    }

    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn sections(&self) -> &[SectionEntry] {
        &self.entries
    }

    fn is_selected(&self, section_id: u32) -> bool {
        self.selected.contains(&section_id)
    }

    fn signature(&self) -> &SignatureStatus {
        &self.signature
    }

    //= LDR-HANDOFF-003
    fn body(&self, section_id: u32, reader: Reader) -> Result<Option<Bytes>, FaygerError> {
        let Some(entry) = self.entry(section_id) else { return Ok(None) };
        if !self.is_selected(section_id) || !entry.visibility.admits(reader) {
            return Ok(None);
        }
        self.bodies.get(section_id, || read_body(self.source.as_ref(), self.body_base, entry)).map(Some)
    }
}

impl LoadedBuf {
    fn entry(&self, section_id: u32) -> Option<&SectionEntry> {
        let position = self.entries.binary_search_by_key(&section_id, |entry| entry.section_id).ok()?;
        self.entries.get(position)
    }

    /// Writes the object back: the same bytes that it was loaded from, encoded anew from its values. A body that is
    /// not in memory is read from the source and verified first.
    ///
    /// # Errors
    /// `LDR_IO` or `LDR_DIGEST_MISMATCH` (phase `read_sections`) for such a body, `SER_IO` where `output` fails.
    //= SER-WRITE-003
    pub fn serialise(&self, output: &mut dyn Write) -> Result<u64, FaygerError> {
        let bodies = self.entries.iter().map(|entry| -> Box<dyn Body + '_> {
            match self.bodies.held(entry.section_id) {
                Some(body) => Box::new(body),
                None => Box::new(BodyInSource { source: self.source.as_ref(), base: self.body_base }),
            }
        });
        let bodies = bodies.collect();
        Artifact::lay_out(self.header.format_version, self.header.flags, &self.manifest, &self.entries, bodies)?
            .write_to(output)
    }
}

/// A body that is read, verified, when it is written.
pub(crate) struct BodyInSource<'a> {
    pub(crate) source: &'a dyn BufSource,
    pub(crate) base: u64,
}

impl Body for BodyInSource<'_> {
    fn write(&self, entry: &SectionEntry, output: &mut dyn Write) -> Result<(), FaygerError> {
        // Verified before the first byte is written, and once more while they are: the source may change. Nothing is held in memory.
        pass_over(self.source, self.base, entry, |_piece| Ok(()))?;
        pass_over(self.source, self.base, entry, |piece| {
            output.write_all(piece).map_err(|failure| error::ser_io("output", &failure))
        })
    }
}
