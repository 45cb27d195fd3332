//! Phase `read_sections`: the selected bodies, by ascending id, each held against its digest before anyone sees it.

use std::collections::BTreeMap;

use bytes::Bytes;
use fayger_contracts::{BufSource, FaygerError, Phase, SectionEntry};

use crate::digest::Hasher;
use crate::error;
use crate::resolve::Resolved;

//= ART-LIMIT-003
/// Bytes of one read. A body grows by as much as has arrived, never by what its row claims.
const PIECE: u64 = 64 << 10;

/// An artifact with every selected body in memory, verified.
pub struct BodiesRead {
    pub(crate) resolved: Resolved,
    pub(crate) bodies: BTreeMap<u32, Bytes>,
}

impl Resolved {
    /// Reads and verifies every selected body.
    ///
    /// # Errors
    /// `LDR_IO` or `LDR_DIGEST_MISMATCH` (subject `section`).
    //= LDR-BODIES-001
    //= LDR-BODIES-003
    pub fn read_sections(self) -> Result<BodiesRead, FaygerError> {
        let read = &self.selected.negotiated.trusted.intact.structured.parsed.read;
        let base = read.body_base();
        let bodies = self
            .selected
            .selected
            .iter()
            .map(|entry| Ok((entry.section_id, read_body(read.source.as_ref(), base, entry)?)));
        let bodies = bodies.collect::<Result<_, FaygerError>>()?;
        Ok(BodiesRead { resolved: self, bodies })
    }
}

impl crate::read::Read {
    /// Where the first body begins: `offset` in a row counts from here.
    pub(crate) fn body_base(&self) -> u64 {
        self.header.section_index_offset.saturating_add(self.header.section_index_length)
    }
}

/// One body, whole and verified.
//= LDR-BODIES-002
pub(crate) fn read_body(source: &dyn BufSource, base: u64, entry: &SectionEntry) -> Result<Bytes, FaygerError> {
    let mut body = Vec::new();
    let mut hasher = Hasher::default();
    let mut remaining = entry.length;
    let mut offset = base.saturating_add(entry.offset);
    //= ART-INDEX-011
    while remaining > 0 {
        let piece = remaining.min(PIECE);
        let start = body.len();
        body.resize(start.saturating_add(usize::try_from(piece).unwrap_or(usize::MAX)), 0);
        let buffer = body.get_mut(start..).unwrap_or_default();
        source.read_at(offset, buffer).map_err(|failure| error::io(Phase::ReadSections, &failure, Some(offset)))?;
        hasher.update(buffer);
        remaining = remaining.saturating_sub(piece);
        offset = offset.saturating_add(piece);
    }
    let actual = hasher.finish();
    if actual != entry.digest {
        return Err(
            error::digest(Phase::ReadSections, "section", entry.digest, actual).with("section_id", entry.section_id)
        );
    }
    Ok(body.into())
}
